/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any octets as a capture file: every packet handed out can be read, and the file ends. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "dpi/capture.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Keeps the reads from being optimised away. */
static volatile uint64_t checksum;

static uint64_t sum(const struct capture_packet *packet)
{
	uint64_t total = 0;

	for (size_t i = 0; i < packet->len; i++) {
		total += packet->octets[i];
	}
	return total;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int file = memfd_create("capture", MFD_CLOEXEC);
	char path[64], error[512];

	if (file < 0 || write(file, data, size) != (ssize_t)size) {
		abort();
	}
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);

	struct capture *capture = capture_open(path, error, sizeof(error));
	if (capture != NULL) {
		struct capture_packet packet;
		enum capture_result result;

		do {
			result = capture_next(capture, &packet);
			if (result == CAPTURE_PACKET) {
				checksum += sum(&packet);
			}
		} while (result == CAPTURE_PACKET || result == CAPTURE_SKIPPED);
		if (capture_next(capture, &packet) != result) {
			abort();
		}
		capture_close(capture);
	}
	close(file);
	return 0;
}
