/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who talks in the tests of the inspector, and what is said. Header-only, as packets.h is.
 */
#ifndef TESTS_UNIT_DPI_CONVERSATION_H
#define TESTS_UNIT_DPI_CONVERSATION_H

#include "packets.h"
#include "recorder.h"

static const struct talk dns_talk = {false, 0x0105, 0x0808, 40000, 53};
static const struct talk dns_high = {true, 0x0105, 0x0808, 40000, 5300};
static const struct talk web = {false, 0x0105, 0x0909, 40001, 80};
static const struct talk web_high = {true, 0x0105, 0x0909, 40001, 8081};

static const char request_a[] = "GET /a HTTP/1.1\r\nHost: a.example\r\n\r\n";
static const char request_b[] = "GET /b HTTP/1.1\r\nHost: b.example\r\n\r\n";

#define ISN 1000

/* The text of a string literal and its length. */
#define TEXT(literal) (literal), (sizeof(literal) - 1)

static inline const struct inspector_stats *stats_of(const struct watch *watch)
{
	return inspector_stats(watch->inspector);
}

/* A connection whose client says text. */
static inline enum inspector_outcome say(struct watch *watch, const struct talk *talk,
					 const char *text, size_t len)
{
	watch_handshake(watch, talk, ISN);
	return watch_data(watch, talk, ISN + 1, text, len);
}

static inline size_t put_framed_query(uint8_t *out, uint16_t id, const char *name)
{
	size_t len = put_query(out + 2, id, name);
	put16(out, (uint32_t)len);
	return len + 2;
}

#endif
