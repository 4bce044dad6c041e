/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/settings/text_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* \returns how many octets were read, one more than `most` at the most; SIZE_MAX with errno set. */
static size_t read_some(const char *path, size_t most, char *out)
{
	/* A pipe that nobody writes to would be waited for. */
	const int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat status;
	if (descriptor < 0) {
		return SIZE_MAX;
	}
	if (fstat(descriptor, &status) == 0 && !S_ISREG(status.st_mode)) {
		close(descriptor);
		errno = S_ISDIR(status.st_mode) ? EISDIR : ENODEV;
		return SIZE_MAX;
	}
	FILE *file = fdopen(descriptor, "r");
	if (file == NULL) {
		close(descriptor);
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

char *text_file_read(const char *path, const char *shown, size_t most, const char *what,
		     size_t *len, struct diagnostics *diagnostics)
{
	char *text = malloc(most + 2);
	if (text == NULL) {
		diagnostics_add(diagnostics, shown, 0, 0, "out of memory");
		return NULL;
	}
	const size_t got = read_some(path, most, text);
	if (got == SIZE_MAX && errno == ENODEV) {
		diagnostics_add(diagnostics, shown, 0, 0,
				"is a pipe or a device; put a file in its place");
	} else if (got == SIZE_MAX) {
		diagnostics_add(diagnostics, shown, 0, 0, "cannot read the %s: %s", what,
				strerror(errno));
	} else if (got > most) {
		diagnostics_add(diagnostics, shown, 0, 0,
				"is too large for a %s (limit %zu octets)", what, most);
	} else if (memchr(text, '\0', got) != NULL) {
		diagnostics_add(diagnostics, shown, 0, 0, "has a NUL octet; a %s is a text file",
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
