/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/frames.h"

#include <err.h>
#include <netinet/in.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#define MICROSECONDS_APART 300

struct frames {
	pcap_t *pcap;
	pcap_dumper_t *dumper;
	uint64_t written;
};

struct frames *frames_create(const char *path)
{
	struct frames *frames = calloc(1, sizeof(*frames));
	if (frames == NULL) {
		err(2, "frames");
	}
	frames->pcap = pcap_open_dead(DLT_EN10MB, 65535);
	if (frames->pcap == NULL) {
		err(2, "frames");
	}
	frames->dumper = pcap_dump_open(frames->pcap, path);
	if (frames->dumper == NULL) {
		errx(2, "%s", pcap_geterr(frames->pcap));
	}
	return frames;
}

static void set16(uint8_t *place, size_t value)
{
	place[0] = (uint8_t)(value >> 8);
	place[1] = (uint8_t)value;
}

static void set32(uint8_t *place, uint32_t value)
{
	set16(place, value >> 16);
	set16(place + 2, value & 0xffff);
}

/* Adds octets to an Internet checksum's sum (RFC 1071); an odd last one is padded with zero. */
static uint64_t sum16(uint64_t sum, const uint8_t *octets, size_t len)
{
	size_t i = 0;
	for (; i + 1 < len; i += 2) {
		sum += (uint64_t)octets[i] << 8 | octets[i + 1];
	}
	if (i < len) {
		sum += (uint64_t)octets[i] << 8;
	}
	return sum;
}

static uint16_t fold(uint64_t sum)
{
	while (sum >> 16 != 0) {
		sum = (sum & 0xffff) + (sum >> 16);
	}
	return (uint16_t)~sum;
}

/* \returns the length of the IP header */
static size_t write_ip(uint8_t *ip, const struct segment *segment, size_t carried)
{
	uint8_t protocol = segment->tcp ? IPPROTO_TCP : IPPROTO_UDP;
	if (segment->v6) {
		ip[0] = 0x60;
		set16(ip + 4, carried);
		ip[6] = protocol;
		ip[7] = 64;
		memcpy(ip + 8, segment->from->address, 16);
		memcpy(ip + 24, segment->to->address, 16);
		return 40;
	}
	ip[0] = 0x45;
	set16(ip + 2, carried + 20);
	set16(ip + 6, 0x4000); /* DF */
	ip[8] = 64;
	ip[9] = protocol;
	memcpy(ip + 12, segment->from->address, 4);
	memcpy(ip + 16, segment->to->address, 4);
	set16(ip + 10, fold(sum16(0, ip, 20)));
	return 20;
}

/* Everything but the checksum. */
static void write_transport(uint8_t *l4, const struct segment *segment)
{
	set16(l4, segment->from->port);
	set16(l4 + 2, segment->to->port);
	if (segment->tcp) {
		set32(l4 + 4, segment->seq);
		set32(l4 + 8, segment->ack);
		l4[12] = 0x50;
		l4[13] = segment->tcp_flags;
		set16(l4 + 14, 64240);
	} else {
		set16(l4 + 4, segment->payload_len + 8);
	}
}

void frames_write(struct frames *frames, const struct segment *segment)
{
	uint8_t frame[14 + 40 + 20 + 1400] = {0x02, 0, 0, 0, 0, 0x01, 0x02, 0, 0, 0, 0, 0x02};
	set16(frame + 12, segment->v6 ? 0x86dd : 0x0800);

	size_t l4_len = segment->tcp ? 20 : 8;
	size_t carried = l4_len + segment->payload_len;
	uint8_t *ip = frame + 14;
	uint8_t *l4 = ip + write_ip(ip, segment, carried);
	write_transport(l4, segment);
	memcpy(l4 + l4_len, segment->payload, segment->payload_len);

	size_t address_len = segment->v6 ? 16 : 4;
	uint64_t sum = carried + (segment->tcp ? IPPROTO_TCP : IPPROTO_UDP);
	sum = sum16(sum, segment->from->address, address_len);
	sum = sum16(sum, segment->to->address, address_len);
	uint16_t checksum = fold(sum16(sum, l4, carried));
	if (checksum == 0 && !segment->tcp) {
		checksum = 0xffff; /* RFC 768: zero means none */
	}
	set16(l4 + (segment->tcp ? 16 : 6), checksum);

	uint64_t now = UINT64_C(1700000000000000) + frames->written * MICROSECONDS_APART;
	bpf_u_int32 len = (bpf_u_int32)((size_t)(l4 - frame) + carried);
	struct pcap_pkthdr header = {
	    .ts = {.tv_sec = (time_t)(now / 1000000), .tv_usec = (suseconds_t)(now % 1000000)},
	    .caplen = len,
	    .len = len,
	};
	pcap_dump((u_char *)frames->dumper, &header, frame);
	frames->written++;
}

uint64_t frames_written(const struct frames *frames)
{
	return frames->written;
}

void frames_close(struct frames *frames)
{
	if (pcap_dump_flush(frames->dumper) != 0) {
		err(2, "the capture cannot be written");
	}
	pcap_dump_close(frames->dumper);
	pcap_close(frames->pcap);
	free(frames);
}
