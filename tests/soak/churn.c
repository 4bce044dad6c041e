/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * People of an office: each flow is a socket of its own, which asks a name by DNS, or one to three
 * by pipelined HTTP requests, waits for the answers and looks whether they are right: an honest
 * name is answered by its server, a fake is not.
 *
 * churn FLOWS-A-SECOND SECONDS FAKE-EVERY DNS-ADDRESS WEB-ADDRESS FIRST-ADDRESS HTTP-EVERY
 *
 * FIRST-ADDRESS is the first of 200 that the device has. Every FAKE-EVERY-th flow asks for fakes
 * (0: none), every HTTP-EVERY-th is HTTP. Prints, one a line: flows, fakes asked for, flows without
 * a right answer in 5 seconds, median and 99th percentile of the time to an answer in microseconds
 * for DNS and for HTTP.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "packets.h"
#include "tests/soak/latencies.h"

#define FLOWS_MAX 8192
#define PEOPLE 200
#define PATIENCE_US 5000000
#define PAGE_MARK "HTTP/1.1 "

struct flow {
	int socket;
	bool http;
	bool fake;
	bool sent;
	unsigned requests; /* whose answers are waited for */
	unsigned answers;
	uint64_t begun_us;
	size_t matched; /* octets of the marker that stand at the end of what was read */
	char name[64];
};

struct churn {
	int epoll;
	struct sockaddr_in dns, web;
	struct sockaddr_in people; /* the first of PEOPLE addresses */
	struct flow flows[FLOWS_MAX];
	unsigned unused[FLOWS_MAX];
	unsigned unused_count;
	uint64_t begun, fakes, failed;
	struct latencies dns_latencies, http_latencies;
};

static uint64_t now_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static void end_flow(struct churn *churn, unsigned number, bool right)
{
	struct flow *flow = &churn->flows[number];
	close(flow->socket);
	flow->socket = -1;
	churn->unused[churn->unused_count++] = number;
	if (!right) {
		churn->failed++;
		if (churn->failed <= 3) {
			fprintf(stderr, "churn: %s %s: %u of %u answers after %" PRIu64 " ms\n",
				flow->http ? "HTTP" : "DNS", flow->name, flow->answers,
				flow->requests, (now_us() - flow->begun_us) / 1000);
		}
		return;
	}
	latencies_add(flow->http ? &churn->http_latencies : &churn->dns_latencies,
		      now_us() - flow->begun_us);
}

static bool send_request(struct flow *flow)
{
	if (flow->http) {
		char text[512];
		size_t len = 0;
		for (unsigned i = 0; i < flow->requests; i++) {
			len += (size_t)snprintf(text + len, sizeof text - len,
						"GET / HTTP/1.1\r\nHost: %s\r\n\r\n", flow->name);
		}
		return send(flow->socket, text, len, MSG_NOSIGNAL) == (ssize_t)len;
	}
	uint8_t message[128];
	const size_t len = put_query(message, (uint16_t)flow->begun_us, flow->name);
	return send(flow->socket, message, len, 0) == (ssize_t)len;
}

static void begin_flow(struct churn *churn, bool http, bool fake)
{
	if (churn->unused_count == 0) {
		churn->failed++; /* too many wait already */
		return;
	}
	const unsigned number = churn->unused[--churn->unused_count];
	struct flow *flow = &churn->flows[number];
	*flow = (struct flow){.http = http, .fake = fake, .begun_us = now_us()};
	flow->requests = http && !fake ? 1 + (unsigned)churn->begun % 3 : 1;
	snprintf(flow->name, sizeof flow->name,
		 fake ? "www%" PRIu64 ".vietc0mbank.top" : "h%" PRIu64 ".honest-name.example",
		 fake ? churn->begun % 100 : churn->begun);
	churn->begun++;
	churn->fakes += fake ? 1 : 0;
	flow->socket =
	    socket(AF_INET, (http ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	/* Many people: as many addresses as the device has for them, so that few flows are alike.
	 */
	struct sockaddr_in from = churn->people;
	from.sin_addr.s_addr =
	    htonl(ntohl(from.sin_addr.s_addr) + (uint32_t)(churn->begun % PEOPLE));
	if (bind(flow->socket, (const struct sockaddr *)&from, sizeof from) != 0) {
		end_flow(churn, number, false);
		return;
	}
	/* Ports of connections that ended are to be free at once. */
	const struct linger none = {.l_onoff = 1};
	if (http) {
		setsockopt(flow->socket, SOL_SOCKET, SO_LINGER, &none, sizeof none);
	}
	const struct sockaddr_in *to = http ? &churn->web : &churn->dns;
	const int connected = connect(flow->socket, (const struct sockaddr *)to, sizeof *to);
	struct epoll_event event = {.events = http ? EPOLLOUT : EPOLLIN, .data.u32 = number};
	if ((connected != 0 && errno != EINPROGRESS) ||
	    epoll_ctl(churn->epoll, EPOLL_CTL_ADD, flow->socket, &event) != 0 ||
	    (!http && !send_request(flow))) {
		end_flow(churn, number, false);
	}
}

/* Counts status lines; \returns whether every one of them is what the name is due. */
static bool read_pages(struct flow *flow, const char *octets, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (flow->matched == strlen(PAGE_MARK)) {
			flow->answers++;
			flow->matched = 0;
			if (octets[i] != (flow->fake ? '3' : '2')) {
				return false;
			}
		} else if (octets[i] == PAGE_MARK[flow->matched]) {
			flow->matched++;
		} else {
			flow->matched = octets[i] == PAGE_MARK[0] ? 1 : 0;
		}
	}
	return true;
}

static void serve(struct churn *churn, unsigned number)
{
	struct flow *flow = &churn->flows[number];
	if (flow->http && !flow->sent) {
		struct epoll_event event = {.events = EPOLLIN, .data.u32 = number};
		flow->sent = true;
		epoll_ctl(churn->epoll, EPOLL_CTL_MOD, flow->socket, &event);
		if (!send_request(flow)) {
			end_flow(churn, number, false);
		}
		return;
	}
	char octets[4096];
	const ssize_t len = recv(flow->socket, octets, sizeof octets, 0);
	if (len < 0 && (errno == EAGAIN || errno == EINTR)) {
		return;
	}
	if (!flow->http) {
		/* NXDOMAIN for a fake, an address for the others */
		flow->answers = len >= 12 ? 1 : 0;
		end_flow(churn, number, len >= 12 && (octets[3] & 0x0f) == (flow->fake ? 3 : 0));
		return;
	}
	const bool right = len > 0 && read_pages(flow, octets, (size_t)len);
	if (!right || flow->answers >= flow->requests) {
		end_flow(churn, number, right);
	}
}

static void give_up_old(struct churn *churn)
{
	const uint64_t now = now_us();
	for (unsigned i = 0; i < FLOWS_MAX; i++) {
		if (churn->flows[i].socket >= 0 && now - churn->flows[i].begun_us > PATIENCE_US) {
			end_flow(churn, i, false);
		}
	}
}

static void run(struct churn *churn, uint64_t rate, uint64_t seconds, uint64_t fake_every,
		uint64_t http_every)
{
	const uint64_t begun_us = now_us();
	const uint64_t end_us = begun_us + seconds * 1000000;
	uint64_t looked_us = begun_us;
	for (;;) {
		const uint64_t now = now_us();
		const uint64_t due =
		    (now < end_us ? now - begun_us : seconds * 1000000) * rate / 1000000;
		/* What the machine did not come to is not made up for in one go. */
		for (unsigned burst = 0; churn->begun < due && burst < 64; burst++) {
			const uint64_t number = churn->begun;
			begin_flow(churn, number % http_every == 0,
				   fake_every > 0 && number % fake_every < 2);
		}
		if (now >= end_us && (churn->unused_count == FLOWS_MAX || churn->begun < due)) {
			if (churn->unused_count == FLOWS_MAX) {
				return;
			}
		}
		struct epoll_event events[256];
		const int count = epoll_wait(churn->epoll, events, 256, 1);
		for (int i = 0; i < count; i++) {
			serve(churn, events[i].data.u32);
		}
		if (now - looked_us > 200000) {
			give_up_old(churn);
			looked_us = now;
		}
	}
}

static struct sockaddr_in address(const char *text, uint16_t port)
{
	struct sockaddr_in out = {.sin_family = AF_INET, .sin_port = htons(port)};
	if (inet_pton(AF_INET, text, &out.sin_addr) != 1) {
		fprintf(stderr, "churn: '%s' is no IPv4 address\n", text);
		exit(2);
	}
	return out;
}

int main(int argc, char **argv)
{
	static struct churn churn;
	if (argc != 8) {
		fputs("usage: churn FLOWS-A-SECOND SECONDS FAKE-EVERY DNS-ADDRESS WEB-ADDRESS "
		      "FIRST-ADDRESS HTTP-EVERY\n",
		      stderr);
		return 2;
	}
	churn.epoll = epoll_create1(EPOLL_CLOEXEC);
	churn.dns = address(argv[4], 53);
	churn.web = address(argv[5], 80);
	churn.people = address(argv[6], 0);
	for (unsigned i = 0; i < FLOWS_MAX; i++) {
		churn.flows[i].socket = -1;
		churn.unused[churn.unused_count++] = i;
	}
	run(&churn, strtoull(argv[1], NULL, 10), strtoull(argv[2], NULL, 10),
	    strtoull(argv[3], NULL, 10), strtoull(argv[7], NULL, 10));
	printf("flows %" PRIu64 "\nfakes %" PRIu64 "\nfailed %" PRIu64 "\n", churn.begun,
	       churn.fakes, churn.failed);
	printf("dns_median_us %" PRIu64 "\ndns_p99_us %" PRIu64 "\n",
	       latencies_at(&churn.dns_latencies, 0.5), latencies_at(&churn.dns_latencies, 0.99));
	printf("http_median_us %" PRIu64 "\nhttp_p99_us %" PRIu64 "\n",
	       latencies_at(&churn.http_latencies, 0.5), latencies_at(&churn.http_latencies, 0.99));
	return 0;
}
