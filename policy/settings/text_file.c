/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/settings/text_file.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* \returns how many octets were read, one more than `most` at the most; SIZE_MAX with errno set. */
static size_t read_some(const char *path, size_t most, char *out)
{
	FILE *file = fopen(path, "re");
	if (file == NULL) {
		return SIZE_MAX;
	}
	errno = 0;
	size_t len = fread(out, 1, most + 1, file);
	if (ferror(file) != 0) {
		len = SIZE_MAX;
	}
	const int reason = errno;
	fclose(file);
	errno = reason;
	return len;
}

/* Gives back what is not needed, where that can be done. */
static char *fit(char *text, size_t size)
{
	char *fitted = realloc(text, size);
	if (fitted == NULL) {
		return text;
	}
	return fitted;
}

char *text_file_read(const char *path, size_t most, const char *what, size_t *len,
		     struct diagnostics *diagnostics)
{
	char *text = malloc(most + 2);
	if (text == NULL) {
		diagnostics_add(diagnostics, path, 0, 0, "out of memory");
		return NULL;
	}
	const size_t got = read_some(path, most, text);
	if (got == SIZE_MAX) {
		diagnostics_add(diagnostics, path, 0, 0, "cannot read the %s: %s", what,
				strerror(errno));
	} else if (got > most) {
		diagnostics_add(diagnostics, path, 0, 0, "larger than %zu octets, which no %s is",
				most, what);
	} else if (memchr(text, '\0', got) != NULL) {
		diagnostics_add(diagnostics, path, 0, 0, "has a NUL octet: a %s is a text file",
				what);
	} else {
		text[got] = '\0';
		if (len != NULL) {
			*len = got;
		}
		return fit(text, got + 1);
	}
	free(text);
	return NULL;
}
