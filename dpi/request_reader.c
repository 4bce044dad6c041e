/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/request_reader.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "dpi/classifier.h"
#include "dpi/host_name.h"
#include "dpi/proxy_header.h"
#include "dpi/reassembly.h"
#include "dpi/request_line.h"
#include "dpi/tls_hello.h"
#include "dpi/wire.h"

/* RFC 1035 section 4.2.2 */
#define DNS_LENGTH 2

/* RFC 8446 section 5.1: the first octet of a record that is part of the handshake */
#define TLS_HANDSHAKE 22

/* DNS messages in a row that cannot be read, before it is given up to read a stream as DNS. */
#define MALFORMED_MAX 16

/* A body beyond this is not waited for: sequence numbers are compared within 2^31. */
#define SKIP_MAX ((uint64_t)1 << 30)

/* Longest chunk-size line with its extensions (RFC 9112 section 7.1.1). */
#define CHUNK_LINE_MAX 1024
#define CHUNK_DIGITS_MAX 8

void request_count_via(const struct request_reader *reader, struct flow *flow, enum via via)
{
	if (!flow->is_counted) {
		reader->stats->flows_by_via[via]++;
	}
	flow->is_counted = true;
}

void request_count_kind(const struct request_reader *reader, struct flow *flow, enum flow_kind kind)
{
	struct inspector_stats *stats = reader->stats;
	if (flow->is_counted) {
		return;
	}
	flow->is_counted = true;
	switch (kind) {
	case FLOW_KIND_DOH:
		stats->flows_hidden[HIDDEN_DOH]++;
		break;
	case FLOW_KIND_DOT:
		stats->flows_hidden[HIDDEN_DOT]++;
		break;
	case FLOW_KIND_VPN:
		stats->flows_hidden[HIDDEN_VPN]++;
		break;
	case FLOW_KIND_WEB:
	case FLOW_KIND_OTHER:
		stats->flows_other++;
		break;
	}
}

void request_count_hello(const struct request_reader *reader, struct flow *flow, enum via via,
			 const struct client_hello *hello, bool has_name)
{
	const enum flow_kind kind =
	    flow_kind_of_hello(reader->kinds, has_name ? hello->host : NULL,
			       has_name ? hello->host_len : 0, flow->is_dot_port || hello->is_dot);
	if (kind != FLOW_KIND_WEB) {
		request_count_kind(reader, flow, kind);
	} else if (has_name) {
		request_count_via(reader, flow, via);
	} else if (!flow->is_counted) {
		flow->is_counted = true;
		reader->stats->flows_hidden[HIDDEN_NAMELESS]++;
	}
}

enum dns_result request_read_dns(const struct request_reader *reader, struct inspection *inspection,
				 const struct flow *flow, const uint8_t *message, size_t len,
				 uint32_t end_seq)
{
	struct dns_question question;
	enum dns_result result = dns_question_read(message, len, &question);
	if (result == DNS_MALFORMED) {
		reader->stats->dns_malformed++;
	}
	if (result != DNS_QUESTION) {
		return result;
	}
	reader->stats->dns_messages++;
	if (question.host_len == 0 || host_name_is_literal(question.host, question.host_len)) {
		return result;
	}

	/* What is held back is overwritten once it was read. */
	if (flow->stream != NO_STREAM) {
		message = inspection_keep(inspection, message, len);
	}
	struct sighting *sighting =
	    inspection_add(inspection, VIA_DNS, question.host, question.host_len);
	sighting->dns_message = message;
	sighting->dns_message_len = len;
	sighting->request_end_seq = end_seq;
	sighting->handshake_seen = flow->handshake == HANDSHAKE_SEEN;
	reader->stats->observations++;
	return result;
}

/* Each step below reads what begins at octets. It returns how many octets are done with, or 0 when
 * more of them are needed, the inspection has no more room, or the flow was released. */

static size_t read_dns_stream(const struct request_reader *reader, struct inspection *inspection,
			      struct flow *flow, const uint8_t *octets, size_t len, uint32_t seq)
{
	if (len < DNS_LENGTH) {
		return 0;
	}
	assert(flow->state == FLOW_DNS);
	size_t message_len = wire_u16(octets);
	size_t whole = DNS_LENGTH + message_len;
	if (whole > reader->message_max) {
		reader->stats->dns_malformed++;
		return whole;
	}
	if (len < whole) {
		return 0;
	}
	if (flow->stream != NO_STREAM && message_len > inspection_room(inspection)) {
		inspection->more = true;
		return 0;
	}

	enum dns_result result = request_read_dns(reader, inspection, flow, octets + DNS_LENGTH,
						  message_len, seq + (uint32_t)whole);
	if (result == DNS_QUESTION) {
		request_count_via(reader, flow, VIA_DNS);
		flow->grace_packets = MALFORMED_MAX;
	}
	if (result == DNS_MALFORMED && --flow->grace_packets == 0) {
		flow->state = FLOW_RELEASED;
	}
	return whole;
}

/* Length of the head that ends in an empty line, 0 when that is not there yet. */
static size_t find_head_end(const uint8_t *octets, size_t len, size_t *searched)
{
	size_t at = *searched;
	for (;;) {
		const uint8_t *newline = memchr(octets + at, '\n', len - at);
		if (newline == NULL) {
			*searched = len;
			return 0;
		}
		size_t line = (size_t)(newline - octets) + 1;
		if (line < len && octets[line] == '\n') {
			return line + 1;
		}
		if (line + 1 < len && octets[line] == '\r' && octets[line + 1] == '\n') {
			return line + 2;
		}
		if (line + 1 >= len) { /* the next octets may complete the empty line */
			*searched = line - 1;
			return 0;
		}
		at = line;
	}
}

/* Length of the lines that stand whole in octets. */
static size_t whole_lines(const uint8_t *octets, size_t len)
{
	const uint8_t *newline = memrchr(octets, '\n', len);
	return newline == NULL ? 0 : (size_t)(newline - octets) + 1;
}

/* It cannot be told where the next request begins. */
static void wait_for_next(const struct request_reader *reader, struct flow *flow)
{
	reader->stats->http_opaque++;
	flow->state = FLOW_MIDWAY;
}

/* What the flow waits for after a head. */
static size_t step_past_head(const struct request_reader *reader, struct flow *flow,
			     const struct http_host *host, size_t head_len)
{
	if (host->follows == HTTP_FOLLOWS_CHUNKED) {
		flow->state = FLOW_HTTP_CHUNK;
		return head_len;
	}
	if (host->follows == HTTP_FOLLOWS_BODY && host->body_len <= SKIP_MAX) {
		flow->state = FLOW_HTTP_HEAD;
		return head_len + (size_t)host->body_len;
	}
	wait_for_next(reader, flow);
	return head_len;
}

/* Whether just the request line is longer than there is room for, and names no host: it is not
 * waited for to know a request by it. */
static bool is_long_target(const uint8_t *octets, size_t len, size_t message_max)
{
	return len >= message_max && memchr(octets, '\n', message_max) == NULL &&
	       request_line_is_origin_form(octets, len);
}

/* Steps over a target up to the LF that ends its line; the last octets before that are waited for
 * together, as they tell whether it is a request line at all. */
static size_t skip_target(const struct request_reader *reader, struct flow *flow,
			  const uint8_t *octets, size_t len)
{
	const uint8_t *newline = memchr(octets, '\n', len);
	if (newline == NULL) {
		return len > REQUEST_LINE_END ? len - REQUEST_LINE_END : 0;
	}
	size_t line = (size_t)(newline - octets);
	size_t end = line < REQUEST_LINE_END ? line : REQUEST_LINE_END;
	if (request_line_ends(newline - end, end)) {
		flow->state = FLOW_HTTP_FIELDS;
		return line;
	}
	reader->stats->http_malformed++;
	flow->state = FLOW_RELEASED;
	return 0;
}

/*
 * Of a request line that is longer than there is room for, as one to a proxy may be, the host that
 * its target names is read. Where the request ends is not known then.
 *
 * \returns false when it does not name one; else the flow waits for the next request.
 */
static bool read_long_target(const struct request_reader *reader, struct inspection *inspection,
			     struct flow *flow, const uint8_t *octets, size_t len, uint32_t seq)
{
	struct http_host host;
	const size_t looked_at = len < reader->message_max ? len : reader->message_max;
	if (memchr(octets, '\n', looked_at) != NULL ||
	    http_host_read_target(reader->http, octets, looked_at, &host) != HTTP_HOST_NAME) {
		return false;
	}
	struct sighting *sighting = inspection_add(inspection, VIA_HTTP, host.host, host.host_len);
	sighting->request_end_seq = seq + (uint32_t)looked_at;
	sighting->handshake_seen = flow->handshake == HANDSHAKE_SEEN;
	reader->stats->observations++;
	reader->stats->streams_given_up++;
	request_count_via(reader, flow, VIA_HTTP);
	flow->requests++;
	wait_for_next(reader, flow);
	return true;
}

/*
 * Of a head that is longer than there is room for, the request line is left behind when it names no
 * host, and of the fields those are read that stand whole in message_max octets: the same however
 * the stream is cut. Host is the first field of browsers, but whoever serves a fake chooses how
 * long a path goes before it, and can have cookies without end sent behind it.
 */
static size_t read_head(const struct request_reader *reader, struct inspection *inspection,
			struct flow *flow, const uint8_t *octets, size_t len, uint32_t seq,
			size_t *searched)
{
	bool is_fields = flow->state == FLOW_HTTP_FIELDS;
	if (!is_fields && request_line_begins(octets, len) == REQUEST_LINE_NO) {
		reader->stats->http_malformed++;
		wait_for_next(reader, flow);
		return 0;
	}
	size_t head_len = find_head_end(octets, len, searched);
	bool is_whole = head_len > 0 && head_len <= reader->message_max;
	if (!is_whole && len < reader->message_max) {
		return 0;
	}
	if (!is_whole && !is_fields &&
	    read_long_target(reader, inspection, flow, octets, len, seq)) {
		return 0;
	}
	if (!is_whole && !is_fields && request_line_is_origin_form(octets, len)) {
		flow->state = FLOW_HTTP_TARGET;
		return 1;
	}
	size_t end = is_whole ? head_len : reader->message_max;
	if (!is_whole) {
		head_len = whole_lines(octets, end);
	}

	struct http_host host;
	enum http_host_result result =
	    is_fields ? http_host_read_fields(reader->http, octets + 1, head_len - 1, &host)
		      : http_host_read(reader->http, octets, head_len, &host);
	if (is_whole) {
		reader->stats->http_requests++;
	}
	if (is_whole && result == HTTP_HOST_NONE) {
		reader->stats->http_malformed++;
	}
	if (result == HTTP_HOST_NAME) {
		struct sighting *sighting =
		    inspection_add(inspection, VIA_HTTP, host.host, host.host_len);
		sighting->request_end_seq = seq + (uint32_t)end;
		sighting->is_head = host.is_head;
		sighting->handshake_seen = flow->handshake == HANDSHAKE_SEEN;
		reader->stats->observations++;
	}
	if (is_whole || result == HTTP_HOST_NAME) {
		request_count_via(reader, flow, VIA_HTTP);
	}
	flow->requests++;
	if (is_whole) {
		return step_past_head(reader, flow, &host, head_len);
	}
	reader->stats->streams_given_up++;
	flow->state = FLOW_RELEASED;
	return 0;
}

static int hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9') {
		return c - '0';
	}
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool ends_chunk_size(uint8_t c)
{
	return c == '\r' || c == '\n' || c == ';' || c == ' ' || c == '\t';
}

static size_t read_chunk(const struct request_reader *reader, struct flow *flow,
			 const uint8_t *octets, size_t len)
{
	const uint8_t *newline = memchr(octets, '\n', len < CHUNK_LINE_MAX ? len : CHUNK_LINE_MAX);
	if (newline == NULL && len < CHUNK_LINE_MAX) {
		return 0;
	}

	uint64_t size = 0;
	size_t digits = 0;
	while (digits < len && digits <= CHUNK_DIGITS_MAX && hex_digit(octets[digits]) >= 0) {
		size = size << 4 | (uint64_t)hex_digit(octets[digits++]);
	}
	if (newline == NULL || digits == 0 || digits > CHUNK_DIGITS_MAX || size > SKIP_MAX ||
	    !ends_chunk_size(octets[digits])) {
		reader->stats->http_malformed++;
		wait_for_next(reader, flow);
		return 0;
	}

	size_t line = (size_t)(newline - octets) + 1;
	if (size == 0) {
		flow->state = FLOW_HTTP_TRAILERS;
		return line;
	}
	return line + (size_t)size + 2; /* CRLF ends the chunk */
}

static size_t read_trailer(struct flow *flow, const uint8_t *octets, size_t len)
{
	const uint8_t *newline = memchr(octets, '\n', len);
	if (newline == NULL) {
		return 0;
	}
	if (newline == octets || (newline == octets + 1 && octets[0] == '\r')) {
		flow->state = FLOW_HTTP_HEAD;
	}
	return (size_t)(newline - octets) + 1;
}

/*
 * Reads the ClientHello that a flow begins with; nothing after it can be read.
 *
 * \returns false when it is none. Else the flow was released, or more octets are waited for.
 */
static bool read_client_hello(const struct request_reader *reader, struct inspection *inspection,
			      struct flow *flow, const uint8_t *octets, size_t len, uint32_t seq)
{
	struct client_hello hello;
	switch (tls_hello_read(octets, len, &hello)) {
	case HELLO_NONE:
		return false;
	case HELLO_INCOMPLETE:
		return true;
	case HELLO_NO_NAME:
		request_count_hello(reader, flow, VIA_TLS, &hello, false);
		reader->stats->tls_nameless++;
		break;
	case HELLO_FOUND: {
		request_count_hello(reader, flow, VIA_TLS, &hello, true);
		struct sighting *sighting =
		    inspection_add(inspection, VIA_TLS, hello.host, hello.host_len);
		sighting->request_end_seq = seq + (uint32_t)len;
		sighting->handshake_seen = flow->handshake == HANDSHAKE_SEEN;
		reader->stats->observations++;
		break;
	}
	}
	reader->stats->tls_hellos++;
	flow->state = FLOW_RELEASED;
	return true;
}

/* Reads a frame of HTTP/2. Behind the first request a block without a host is no fault: most name
 * the host as the one before did, and there are trailers. */
static size_t read_http2(const struct request_reader *reader, struct inspection *inspection,
			 struct flow *flow, const uint8_t *octets, size_t len, uint32_t seq)
{
	struct http2_host host;
	const enum http2_result result =
	    http2_frame_read(reader->http2, octets, len, reader->message_max, &host);
	switch (result) {
	case HTTP2_CUT:
		return 0;
	case HTTP2_SKIP:
		return host.skip;
	case HTTP2_NO_NAME:
		reader->stats->http_malformed += flow->requests == 0;
		break;
	case HTTP2_NAME: {
		struct sighting *sighting =
		    inspection_add(inspection, VIA_HTTP, host.host, host.host_len);
		sighting->request_end_seq = seq + (uint32_t)len;
		sighting->is_http2 = true;
		sighting->handshake_seen = flow->handshake == HANDSHAKE_SEEN;
		reader->stats->observations++;
		break;
	}
	}
	if (result == HTTP2_NAME || flow->requests == 0) {
		reader->stats->http_requests++;
		request_count_via(reader, flow, VIA_HTTP);
		flow->requests++;
	}
	if (host.skip == 0) {
		flow->state = FLOW_RELEASED;
	}
	return host.skip;
}

static size_t read_step(const struct request_reader *reader, struct inspection *inspection,
			struct flow *flow, const uint8_t *octets, size_t len, uint32_t seq,
			size_t *searched)
{
	if (flow->at_first_octet) {
		size_t header_len = 0;
		switch (proxy_header_read(octets, len, &header_len)) {
		case PROXY_HEADER_CUT:
			return 0;
		case PROXY_HEADER_WHOLE:
			flow->at_first_octet = false;
			return header_len;
		case PROXY_HEADER_NONE:
			flow->at_first_octet = false;
			break;
		}
	}

	/* Empty lines before a request line are overlooked: RFC 9112 section 2.2. */
	if ((flow->state == FLOW_START || flow->state == FLOW_HTTP_HEAD) &&
	    (octets[0] == '\r' || octets[0] == '\n')) {
		return 1;
	}

	if (flow->state == FLOW_START && octets[0] == TLS_HANDSHAKE &&
	    read_client_hello(reader, inspection, flow, octets, len, seq)) {
		return 0;
	}
	if (flow->state == FLOW_START) {
		switch (http2_preface_read(octets, len)) {
		case HTTP2_PREFACE_CUT:
			return 0;
		case HTTP2_PREFACE_WHOLE:
			flow->state = FLOW_HTTP2;
			return HTTP2_PREFACE_LEN;
		case HTTP2_PREFACE_NONE:
			break;
		}
	}
	if (flow->state == FLOW_START && len >= reader->message_max &&
	    read_long_target(reader, inspection, flow, octets, len, seq)) {
		return 0;
	}
	if (flow->state == FLOW_START && is_long_target(octets, len, reader->message_max)) {
		flow->state = FLOW_HTTP_HEAD;
	}
	if (flow->state == FLOW_START) {
		enum application application = classifier_stream(octets, len);
		/* There, a first message that is malformed does not hide those behind it. */
		if (application == APPLICATION_OTHER && flow->is_dns_port) {
			application = APPLICATION_DNS;
			flow->grace_packets = MALFORMED_MAX;
		}
		switch (application) {
		case APPLICATION_UNDECIDED:
			return 0;
		case APPLICATION_DNS:
			flow->state = FLOW_DNS;
			break;
		case APPLICATION_HTTP:
			flow->state = FLOW_HTTP_HEAD;
			break;
		case APPLICATION_OTHER:
			flow->state = FLOW_RELEASED;
			return 0;
		}
	}

	switch (flow->state) {
	case FLOW_DNS:
		return read_dns_stream(reader, inspection, flow, octets, len, seq);
	case FLOW_HTTP2:
		return read_http2(reader, inspection, flow, octets, len, seq);
	case FLOW_HTTP_TARGET:
		return skip_target(reader, flow, octets, len);
	case FLOW_HTTP_HEAD:
	case FLOW_HTTP_FIELDS:
		return read_head(reader, inspection, flow, octets, len, seq, searched);
	case FLOW_HTTP_CHUNK:
		return read_chunk(reader, flow, octets, len);
	case FLOW_HTTP_TRAILERS:
		return read_trailer(flow, octets, len);
	default:
		return 0;
	}
}

size_t request_read_stream(const struct request_reader *reader, struct inspection *inspection,
			   struct flow *flow, const uint8_t *octets, size_t len, size_t *searched)
{
	size_t done = 0;
	while (done < len && flow->state != FLOW_RELEASED && flow->state != FLOW_MIDWAY) {
		if (inspection_is_full(inspection)) {
			inspection->more = true;
			return done;
		}
		size_t step = read_step(reader, inspection, flow, octets + done, len - done,
					flow->next + (uint32_t)done, searched);
		if (step == 0) {
			break;
		}
		done += step;
		*searched = 0;
	}
	if (flow->state != FLOW_RELEASED && flow->state != FLOW_MIDWAY && !inspection->more &&
	    done < len && len - done >= reader->message_max) {
		reader->stats->streams_given_up++;
		flow->state = FLOW_RELEASED;
	}
	return done;
}
