/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/capture.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "dpi/link_layer.h"

#define US_PER_S 1000000U

struct capture {
	pcap_t *pcap;
	FILE *file; /* closed by pcap_close(), but for standard input */
	int link_type;
	uint64_t size; /* octets; 0 when unknown */
	uint64_t skipped;
	uint64_t cut;
	enum capture_result over; /* CAPTURE_PACKET as long as it is not */
	char error[PCAP_ERRBUF_SIZE + 128];
};

/* First octets of compressed files, which no capture begins with. */
static const char *compression_of(int first_octet)
{
	switch (first_octet) {
	case 0x1f:
		return "gzip";
	case 0x28:
		return "zstd";
	case 0xfd:
		return "xz";
	default:
		return NULL;
	}
}

/* Says early and in plain words what libpcap would only call an unknown file format. */
static bool looks_like_capture(FILE *file, const char *path, char *error, size_t error_size)
{
	int first = getc(file);

	if (first == EOF && ferror(file)) {
		snprintf(error, error_size, "%s: cannot be read: %s", path, strerror(errno));
		return false;
	}
	if (first == EOF) {
		snprintf(error, error_size, "%s: is empty; give a pcap or pcapng file", path);
		return false;
	}
	const char *compression = compression_of(first);
	if (compression != NULL) {
		snprintf(error, error_size,
			 "%s: is compressed with %s; unpack it first, or pipe it in as in "
			 "'%s -dc FILE | truegate replay -'",
			 path, compression, compression);
		return false;
	}
	ungetc(first, file);
	return true;
}

static uint64_t size_of(FILE *file)
{
	struct stat status;

	if (fstat(fileno(file), &status) != 0 || !S_ISREG(status.st_mode) || status.st_size < 0) {
		return 0;
	}
	return (uint64_t)status.st_size;
}

/* Takes the file: it is closed on failure. */
static pcap_t *open_pcap(FILE *file, const char *path, char *error, size_t error_size)
{
	char reason[PCAP_ERRBUF_SIZE] = "";
	pcap_t *pcap = NULL;

	if (looks_like_capture(file, path, error, error_size)) {
		pcap = pcap_fopen_offline(file, reason);
		if (pcap == NULL) {
			snprintf(error, error_size, "%s: cannot be read as pcap or pcapng: %s",
				 path, reason);
		}
	}
	if (pcap == NULL) {
		if (file != stdin) {
			fclose(file);
		}
		return NULL;
	}

	int type = pcap_datalink(pcap);
	if (link_layer_known(type)) {
		return pcap;
	}
	const char *name = pcap_datalink_val_to_name(type);
	snprintf(error, error_size,
		 "%s: its link layer (%s) is not supported; capture on an Ethernet or loopback "
		 "interface, or on 'any'",
		 path, name != NULL ? name : "unknown");
	pcap_close(pcap);
	return NULL;
}

struct capture *capture_open(const char *path, char *error, size_t error_size)
{
	bool is_stdin = strcmp(path, "-") == 0;
	const char *shown = is_stdin ? "standard input" : path;
	struct capture *capture = calloc(1, sizeof(*capture));

	if (capture == NULL) {
		snprintf(error, error_size, "%s: not enough memory to read it", shown);
		return NULL;
	}
	capture->file = is_stdin ? stdin : fopen(path, "rb");
	if (capture->file == NULL) {
		snprintf(error, error_size, "%s: cannot be opened: %s", shown, strerror(errno));
		free(capture);
		return NULL;
	}
	capture->size = size_of(capture->file);
	capture->pcap = open_pcap(capture->file, shown, error, error_size);
	if (capture->pcap == NULL) {
		free(capture);
		return NULL;
	}
	capture->link_type = pcap_datalink(capture->pcap);
	return capture;
}

void capture_close(struct capture *capture)
{
	if (capture == NULL) {
		return;
	}
	pcap_close(capture->pcap);
	free(capture);
}

/* libpcap tells a file that ends too early from a broken one only by its message. */
static enum capture_result stop(struct capture *capture)
{
	const char *reason = pcap_geterr(capture->pcap);

	if (strncmp(reason, "truncated", strlen("truncated")) == 0) {
		capture->over = CAPTURE_TRUNCATED;
		return capture->over;
	}
	capture->over = CAPTURE_UNREADABLE;
	if (strstr(reason, "different from") != NULL) {
		snprintf(capture->error, sizeof(capture->error),
			 "its interfaces differ in link layer or snap length, which libpcap does "
			 "not read (%s); capture one interface a file",
			 reason);
	} else {
		snprintf(capture->error, sizeof(capture->error), "it is damaged (%s)", reason);
	}
	return capture->over;
}

enum capture_result capture_next(struct capture *capture, struct capture_packet *out)
{
	struct pcap_pkthdr *header;
	const u_char *frame;
	size_t offset;

	if (capture->over != CAPTURE_PACKET) {
		return capture->over;
	}

	int result = pcap_next_ex(capture->pcap, &header, &frame);
	if (result == PCAP_ERROR_BREAK) {
		capture->over = CAPTURE_END;
		return capture->over;
	}
	if (result != 1) {
		return stop(capture);
	}

	if (header->caplen < header->len) {
		capture->cut++;
	}
	if (!link_layer_find_ip(capture->link_type, frame, header->caplen, &offset)) {
		capture->skipped++;
		return CAPTURE_SKIPPED;
	}
	out->octets = frame + offset;
	out->len = header->caplen - offset;
	out->time_us = (uint64_t)header->ts.tv_sec * US_PER_S + (uint64_t)header->ts.tv_usec;
	return CAPTURE_PACKET;
}

const char *capture_error(const struct capture *capture)
{
	return capture->error;
}

void capture_progress(const struct capture *capture, uint64_t *done, uint64_t *total)
{
	off_t at = capture->size > 0 ? ftello(capture->file) : 0;

	*done = at > 0 ? (uint64_t)at : 0;
	*total = capture->size;
}

uint64_t capture_skipped(const struct capture *capture)
{
	return capture->skipped;
}

uint64_t capture_cut(const struct capture *capture)
{
	return capture->cut;
}
