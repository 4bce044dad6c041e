/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/command/output.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/text/finding_json.h"
#include "daemon/text/finding_text.h"

#define BLOCK_SIZE (1 << 16)

bool output_format_parse(const char *word, enum output_format *out)
{
	if (strcmp(word, "text") == 0) {
		*out = OUTPUT_TEXT;
	} else if (strcmp(word, "jsonl") == 0) {
		*out = OUTPUT_JSONL;
	} else {
		return false;
	}
	return true;
}

void output_open(struct output *output, enum output_format format)
{
	static char block[BLOCK_SIZE]; /* without one, glibc takes its own size */
	bool terminal = isatty(STDOUT_FILENO) == 1;
	const char *no_colour = getenv("NO_COLOR");

	output->format = format;
	output->colour = terminal && (no_colour == NULL || *no_colour == '\0');
	setvbuf(stdout, block, terminal ? _IOLBF : _IOFBF, sizeof(block));
}

static void report_failed_write(void)
{
	if (errno != EPIPE) {
		fprintf(stderr, "truegate: standard output cannot be written: %s\n",
			strerror(errno));
	}
}

/* \returns false when memory is short. */
static bool write_json(const char *host, size_t host_len, const struct finding *finding,
		       const enum via *via)
{
	cJSON *object = finding_json(host, host_len, finding, via);
	char *line = object != NULL ? cJSON_PrintUnformatted(object) : NULL;

	cJSON_Delete(object);
	if (line == NULL) {
		return false;
	}
	puts(line);
	cJSON_free(line);
	return true;
}

bool output_finding(const struct output *output, const char *host, size_t host_len,
		    const struct finding *finding, const enum via *via)
{
	if (output->format == OUTPUT_TEXT) {
		finding_text(stdout, host, host_len, finding, via, output->colour);
	} else if (!write_json(host, host_len, finding, via)) {
		fputs("truegate: not enough memory to write a finding\n", stderr);
		return false;
	}
	if (!ferror(stdout)) {
		return true;
	}
	report_failed_write();
	return false;
}

bool output_flush(void)
{
	if (ferror(stdout)) {
		return false;
	}
	if (fflush(stdout) == 0) {
		return true;
	}
	report_failed_write();
	return false;
}
