/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Prints every host name that dpi/ reads from a capture: packet's number from 1, "dns" or "http",
 * and the name's octets in hexadecimal. A tool of the tests: truegate itself never shows a name
 * that is no finding.
 */
#include <stdio.h>
#include <stdlib.h>

#include "dpi/capture.h"
#include "dpi/inspector.h"

static void observe(void *ctx, const struct sighting *sighting)
{
	const unsigned long *packet = ctx;
	const struct observation *seen = &sighting->observation;
	printf("%lu %s ", *packet, via_text(seen->via));
	for (size_t i = 0; i < seen->host_len; i++) {
		printf("%02x", (unsigned char)seen->host[i]);
	}
	putchar('\n');
}

int main(int argc, char **argv)
{
	char error[256];
	struct capture *capture = argc == 2 ? capture_open(argv[1], error, sizeof error) : NULL;
	struct inspector *inspector = inspector_new(NULL);
	if (capture == NULL || inspector == NULL) {
		fputs("usage: observations CAPTURE\n", stderr);
		return 2;
	}
	unsigned long packet = 0;
	struct capture_packet read;
	enum capture_result result;
	while ((result = capture_next(capture, &read)) == CAPTURE_PACKET ||
	       result == CAPTURE_SKIPPED) {
		packet++;
		if (result == CAPTURE_PACKET) {
			inspector_packet(inspector, read.octets, read.len, read.time_us, observe,
					 &packet);
		}
	}
	inspector_free(inspector);
	capture_close(capture);
	return result == CAPTURE_END ? 0 : 2;
}
