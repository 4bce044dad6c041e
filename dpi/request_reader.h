/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The requests in what a client sends: DNS questions, and HTTP request heads one after the other
 * with whatever lies between them stepped over. Internal to dpi/.
 */
#ifndef DPI_REQUEST_READER_H
#define DPI_REQUEST_READER_H

#include <stddef.h>
#include <stdint.h>

#include "dpi/client_hello.h"
#include "dpi/dns_question.h"
#include "dpi/flow_kind.h"
#include "dpi/flow_table.h"
#include "dpi/http2_host.h"
#include "dpi/http_host.h"
#include "dpi/inspection.h"
#include "dpi/inspector.h"

/* All are borrowed. */
struct request_reader {
	struct http_host_reader *http;
	struct http2_reader *http2;
	struct flow_kinds *kinds;
	struct inspector_stats *stats;
	size_t message_max; /* a longer message or head is given up; of a head, what
			       stands in so many octets is read */
};

/*
 * Reads one DNS message. The inspection must not be full.
 *
 * \param flow     the message's; when it holds octets back (flow->stream), the message is copied.
 * \param end_seq  for struct sighting; 0 with UDP.
 */
enum dns_result request_read_dns(const struct request_reader *reader, struct inspection *inspection,
				 const struct flow *flow, const uint8_t *message, size_t len,
				 uint32_t end_seq);

/* Counts a flow by what was read of it, the first time only. */
void request_count_via(const struct request_reader *reader, struct flow *flow, enum via via);

/* The same of a flow that was not recognised, or hides what it asks for. FLOW_KIND_WEB is not one
 * of them. */
void request_count_kind(const struct request_reader *reader, struct flow *flow,
			enum flow_kind kind);

/* The same by a ClientHello, with a name or without. */
void request_count_hello(const struct request_reader *reader, struct flow *flow, enum via via,
			 const struct client_hello *hello, bool has_name);

/*
 * Reads all that stands complete in a TCP client's next octets, the first of which has the sequence
 * number flow->next; moves flow->state along, to FLOW_RELEASED when nothing more can come of it, to
 * FLOW_MIDWAY where it cannot be told how the stream goes on.
 * flow->next is left to the caller. Stops where the inspection has no more room, and sets `more`.
 *
 * \param searched  0, or what the last call left there when it took nothing of the same octets, of
 *                  which there are more now.
 * \returns how many octets are done with: up to 1 GiB more than len when a body is to be skipped,
 * fewer when a message is not complete.
 */
size_t request_read_stream(const struct request_reader *reader, struct inspection *inspection,
			   struct flow *flow, const uint8_t *octets, size_t len, size_t *searched);

#endif
