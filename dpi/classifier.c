/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/classifier.h"

#include <ndpi/ndpi_api.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dpi/request_line.h"

#define IP_HEADER 20
#define TCP_HEADER 20
#define UDP_HEADER 8
#define DNS_HEADER 12
#define DNS_LENGTH 2
#define DNS_PORT 53
/* The root's A record: the shortest question there is. RFC 1035 section 4.1.2 */
static const uint8_t root_question[] = {0, 0, 1, 0, 1};

#define FLAGS_QR_OPCODE 0xf8 /* first octet of the flags: QR, OPCODE */

struct classifier {
	struct ndpi_detection_module_struct *module;
	struct ndpi_flow_struct *flow;
	size_t flow_size;
	uint8_t packet[IP_HEADER + TCP_HEADER + 64];
};

/* nDPI's beginning and end may not run in two threads at once: they share counters. */
static pthread_mutex_t module_lock = PTHREAD_MUTEX_INITIALIZER;

/* nDPI does not look whether it got what it asked for, so that is done here: better an end with a
 * word than a crash. It asks for memory when it starts, and no more with packets. */
static void *allocate(size_t size)
{
	static const char text[] =
	    "truegate: memory is short: nDPI cannot start; give it more, or lower queue.count\n";
	void *memory = malloc(size);
	if (memory == NULL) {
		(void)!write(STDERR_FILENO, text, sizeof(text) - 1);
		_exit(2);
	}
	return memory;
}

static struct ndpi_detection_module_struct *start_module(void)
{
	set_ndpi_malloc(allocate);
	struct ndpi_detection_module_struct *module =
	    ndpi_init_detection_module(ndpi_dont_load_tor_hosts | ndpi_dont_init_libgcrypt);
	if (module == NULL) {
		return NULL;
	}

	NDPI_PROTOCOL_BITMASK wanted;
	NDPI_BITMASK_RESET(wanted);
	NDPI_BITMASK_ADD(wanted, NDPI_PROTOCOL_DNS);
	NDPI_BITMASK_ADD(wanted, NDPI_PROTOCOL_HTTP);
	ndpi_set_protocol_detection_bitmask2(module, &wanted);
	ndpi_finalize_initialization(module);
	return module;
}

struct classifier *classifier_new(void)
{
	struct classifier *classifier = calloc(1, sizeof(*classifier));
	if (classifier == NULL) {
		return NULL;
	}
	pthread_mutex_lock(&module_lock);
	classifier->module = start_module();
	pthread_mutex_unlock(&module_lock);
	classifier->flow_size = ndpi_detection_get_sizeof_ndpi_flow_struct();
	classifier->flow = calloc(1, classifier->flow_size);
	if (classifier->module == NULL || classifier->flow == NULL) {
		classifier_free(classifier);
		return NULL;
	}
	return classifier;
}

void classifier_free(struct classifier *classifier)
{
	if (classifier == NULL) {
		return;
	}
	pthread_mutex_lock(&module_lock);
	if (classifier->module != NULL) {
		ndpi_exit_detection_module(classifier->module);
	}
	pthread_mutex_unlock(&module_lock);
	free(classifier->flow);
	free(classifier);
}

static void write16(uint8_t *p, size_t value)
{
	p[0] = (uint8_t)(value >> 8);
	p[1] = (uint8_t)value;
}

/* Writes the headers of a packet between documentation addresses. \returns where its payload goes.
 */
static uint8_t *begin_packet(struct classifier *classifier, uint8_t protocol, uint16_t port,
			     size_t payload_len)
{
	uint8_t *ip = classifier->packet;
	size_t l4_len = protocol == IPPROTO_TCP ? TCP_HEADER : UDP_HEADER;
	memset(ip, 0, sizeof(classifier->packet));
	ip[0] = 0x45; /* version 4, 5 words */
	write16(ip + 2, IP_HEADER + l4_len + payload_len);
	ip[8] = 64; /* TTL */
	ip[9] = protocol;
	memcpy(ip + 12, (const uint8_t[]){192, 0, 2, 1}, 4); /* RFC 5737 */
	memcpy(ip + 16, (const uint8_t[]){192, 0, 2, 2}, 4);

	uint8_t *l4 = ip + IP_HEADER;
	write16(l4, 49152); /* first of the dynamic ports, RFC 6335 section 6 */
	write16(l4 + 2, port);
	if (protocol == IPPROTO_UDP) {
		write16(l4 + 4, UDP_HEADER + payload_len);
		return l4 + l4_len;
	}
	l4[7] = 1;     /* sequence number */
	l4[11] = 1;    /* acknowledgement */
	l4[12] = 0x50; /* 5 words */
	l4[13] = 0x18; /* PSH, ACK */
	l4[14] = 0x10; /* window */
	return l4 + l4_len;
}

/* Shows nDPI the packet that was made, as a flow of its own. */
static bool is_detected(struct classifier *classifier, size_t len, uint16_t protocol)
{
	struct ndpi_flow_struct *flow = classifier->flow;
	ndpi_detection_process_packet(classifier->module, flow, classifier->packet, (uint16_t)len,
				      1);
	bool detected = flow->confidence == NDPI_CONFIDENCE_DPI &&
			(flow->detected_protocol_stack[0] == protocol ||
			 flow->detected_protocol_stack[1] == protocol);
	ndpi_free_flow_data(flow);
	memset(flow, 0, classifier->flow_size);
	return detected;
}

/*
 * nDPI's DNS dissector looks only at the ports registered for DNS. The header alone tells it on any
 * port when it is shown as if to port 53; whoever reads the question afterwards is strict about it.
 */
static enum application judge_dns(struct classifier *classifier, uint8_t protocol,
				  const uint8_t *header)
{
	size_t prefix = protocol == IPPROTO_TCP ? DNS_LENGTH : 0;
	size_t message = DNS_HEADER + sizeof(root_question);
	uint8_t *payload = begin_packet(classifier, protocol, DNS_PORT, prefix + message);
	if (prefix > 0) {
		write16(payload, message);
	}
	memcpy(payload + prefix, header, DNS_HEADER);
	memcpy(payload + prefix + DNS_HEADER, root_question, sizeof(root_question));
	size_t len = (size_t)(payload - classifier->packet) + prefix + message;
	return is_detected(classifier, len, NDPI_PROTOCOL_DNS) ? APPLICATION_DNS
							       : APPLICATION_OTHER;
}

/* nDPI knows methods and versions; neither depends on the target or on any field. */
static enum application judge_http(struct classifier *classifier, const struct request_line *line)
{
	char text[METHOD_MAX_LEN + sizeof(" / HTTP/1.1\r\n\r\n")];
	int text_len = snprintf(text, sizeof(text), "%.*s / %.*s\r\n\r\n", (int)line->method_len,
				line->method, (int)line->version_len, line->version);
	uint8_t *payload = begin_packet(classifier, IPPROTO_TCP, 80, (size_t)text_len);
	memcpy(payload, text, (size_t)text_len);
	size_t len = (size_t)(payload - classifier->packet) + (size_t)text_len;
	return is_detected(classifier, len, NDPI_PROTOCOL_HTTP) ? APPLICATION_HTTP
								: APPLICATION_OTHER;
}

/*
 * Whether octets may be the header of a DNS query: with one question and no answers, as far as
 * there are octets to tell by. nDPI alone takes NTP's zeros and, one in some 10,000, random octets
 * for one.
 */
static bool may_be_query(const uint8_t *octets, size_t len)
{
	static const struct {
		uint8_t at, mask, value;
	} fixed[] = {
	    {2, FLAGS_QR_OPCODE, 0}, /* a question */
	    {4, 0xff, 0},
	    {5, 0xff, 1}, /* QDCOUNT 1 */
	    {6, 0xff, 0},
	    {7, 0xff, 0}, /* ANCOUNT 0 */
	    {8, 0xff, 0},
	    {9, 0xff, 0}, /* NSCOUNT 0 */
	};
	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++) {
		if (fixed[i].at < len && (octets[fixed[i].at] & fixed[i].mask) != fixed[i].value) {
			return false;
		}
	}
	return true;
}

/* The same of a stream, where the message's length comes first (RFC 7766 section 8). */
static bool may_begin_query(const uint8_t *octets, size_t len)
{
	if (len < DNS_LENGTH) {
		return true;
	}
	return (size_t)(octets[0] << 8 | octets[1]) >= DNS_HEADER + sizeof(root_question) &&
	       may_be_query(octets + DNS_LENGTH, len - DNS_LENGTH);
}

enum application classifier_datagram(struct classifier *classifier, const uint8_t *octets,
				     size_t len)
{
	if (len < DNS_HEADER + sizeof(root_question) || !may_be_query(octets, len)) {
		return APPLICATION_OTHER;
	}
	return judge_dns(classifier, IPPROTO_UDP, octets);
}

enum application classifier_glance(const uint8_t *octets, size_t len)
{
	if (request_line_begins(octets, len) == REQUEST_LINE_YES) {
		return APPLICATION_UNDECIDED;
	}
	if (len >= DNS_LENGTH + DNS_HEADER && may_begin_query(octets, len)) {
		return APPLICATION_UNDECIDED;
	}
	return APPLICATION_OTHER;
}

enum application classifier_stream(struct classifier *classifier, const uint8_t *octets, size_t len)
{
	struct request_line line;
	switch (request_line_read(octets, len, &line)) {
	case REQUEST_LINE_YES:
		return judge_http(classifier, &line);
	case REQUEST_LINE_CUT:
		return APPLICATION_UNDECIDED;
	case REQUEST_LINE_NO:
		break;
	}

	if (!may_begin_query(octets, len)) {
		return APPLICATION_OTHER;
	}
	if (len < DNS_LENGTH + DNS_HEADER) {
		return APPLICATION_UNDECIDED;
	}
	return judge_dns(classifier, IPPROTO_TCP, octets + DNS_LENGTH);
}
