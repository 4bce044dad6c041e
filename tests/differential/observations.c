/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Prints every host name that dpi/ reads from a capture: packet's number from 1, its `via`,
 * and the name's octets in hexadecimal. A tool of the tests: truegate itself never shows a name
 * that is no finding.
 */
#include <stdio.h>
#include <stdlib.h>

#include "dpi/capture.h"
#include "dpi/inspector.h"

static void print(unsigned long packet, const struct observation *seen)
{
	printf("%lu %s ", packet, via_text(seen->via));
	for (size_t i = 0; i < seen->host_len; i++) {
		printf("%02x", (unsigned char)seen->host[i]);
	}
	putchar('\n');
}

static void inspect(struct inspector *inspector, const struct capture_packet *read,
		    unsigned long number)
{
	static struct inspection inspection;
	struct packet packet;
	enum packet_result result = packet_parse(read->octets, read->len, &packet);
	if (result != PACKET_OK) {
		(void)inspector_unparsed(inspector, result);
		return;
	}
	do {
		inspector_packet(inspector, &packet, read->time_us, &inspection);
		for (size_t i = 0; i < inspection.count; i++) {
			print(number, &inspection.sightings[i].observation);
		}
	} while (inspection.more);
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
			inspect(inspector, &read, packet);
		}
	}
	inspector_free(inspector);
	capture_close(capture);
	return result == CAPTURE_END ? 0 : 2;
}
