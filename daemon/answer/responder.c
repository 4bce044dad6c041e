/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/answer/responder.h"

#include <netinet/in.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/answer/reply_packet.h"

#define DEFAULT_CONNECTIONS 256
#define NONE UINT32_MAX
/* RFC 6298 begins with a second; a device is one hop away. Doubled with each repetition. */
#define REPEAT_AFTER_MS 300
#define REPEATS_MAX 4
/* Of these, before the device has acknowledged an octet. Two do: the first may be taken for a late
 * copy, where the request came out of order and so carried an old timestamp (RFC 7323 section 5),
 * and the device says so. */
#define REPEATS_UNPROVEN_MAX 2
#define DUPLICATE_ACKS 3 /* RFC 5681 section 3.2 */
/* A closed connection is kept so long, for a FIN that is repeated. */
#define LINGER_MS 2000

/* Octets about the one awaited that a device's number may be away from it. */
#define WINDOW UINT32_C(65535)
/* Octets of a segment's headers at most: IPv6, TCP, timestamps. */
#define HEADERS_SIZE (REPLY_PACKET_SIZE - REPLY_SEGMENT_DATA)

/* What a connection is found by: version, addresses, ports. */
#define KEY_SIZE (1 + 16 + 16 + 2 + 2)

struct connection {
	uint8_t key[KEY_SIZE];
	struct endpoints ends;
	uint32_t ifindex;                 /* of the device */
	struct tcp_timestamps timestamps; /* the newest of the device's */
	uint32_t next;                    /* in its hash chain or in the free list; or NONE */
	bool used;
	bool is_refused;      /* resets instead of an answer */
	bool device_closed;   /* its FIN came */
	uint8_t duplicates;   /* acknowledgements of `acked` in a row */
	uint8_t repeats;      /* by the clock, since `acked` last grew */
	uint32_t device_next; /* sequence number awaited from the device (RCV.NXT) */
	uint32_t first_seq;   /* of the answer's first octet */
	uint32_t acked;       /* octets of answer and FIN that are acknowledged */
	uint32_t answer_len;
	uint32_t credit; /* octets heard from the device since anything was repeated */
	uint64_t heard_ms;
	uint64_t sent_ms;
	uint8_t answer[RESPONDER_ANSWER_SIZE];
};

struct responder {
	uint8_t hash_key[crypto_shorthash_KEYBYTES];
	uint32_t size; /* a power of two; of chains as well */
	uint32_t count;
	uint32_t free_first;
	uint32_t *chains;
	struct connection *connections;
	responder_send_fn *send;
	void *send_ctx;
	struct responder_stats stats;
};

static uint32_t round_up_power(uint32_t value)
{
	uint32_t power = 1;

	while (power < value && power < UINT32_C(1) << 20) {
		power <<= 1;
	}
	return power;
}

struct responder *responder_new(uint32_t connections, responder_send_fn *send, void *ctx)
{
	struct responder *t = calloc(1, sizeof(*t));

	if (t == NULL || sodium_init() < 0) {
		goto fail;
	}
	t->send = send;
	t->send_ctx = ctx;
	t->size = round_up_power(connections == 0 ? DEFAULT_CONNECTIONS : connections);
	t->chains = malloc(t->size * sizeof(*t->chains));
	t->connections = calloc(t->size, sizeof(*t->connections));
	if (t->chains == NULL || t->connections == NULL) {
		goto fail;
	}
	randombytes_buf(t->hash_key, sizeof(t->hash_key));
	for (uint32_t i = 0; i < t->size; i++) {
		t->chains[i] = NONE;
		t->connections[i].next = i + 1 < t->size ? i + 1 : NONE;
	}
	return t;

fail:
	responder_free(t);
	return NULL;
}

void responder_free(struct responder *responder)
{
	if (responder == NULL) {
		return;
	}
	free(responder->chains);
	free(responder->connections);
	free(responder);
}

uint32_t responder_count(const struct responder *responder)
{
	return responder->count;
}

const struct responder_stats *responder_stats(const struct responder *responder)
{
	return &responder->stats;
}

static void write_key(const struct endpoints *ends, uint8_t key[KEY_SIZE])
{
	*key++ = ends->ip_version;
	memcpy(key, ends->device, 16);
	memcpy(key + 16, ends->server, 16);
	memcpy(key + 32, &ends->device_port, 2);
	memcpy(key + 34, &ends->server_port, 2);
}

static uint32_t chain_of(const struct responder *t, const uint8_t key[KEY_SIZE])
{
	uint64_t hash;

	crypto_shorthash((unsigned char *)&hash, key, KEY_SIZE, t->hash_key);
	return (uint32_t)hash & (t->size - 1);
}

static struct connection *find(struct responder *t, const uint8_t key[KEY_SIZE])
{
	uint32_t i = t->chains[chain_of(t, key)];

	while (i != NONE && memcmp(t->connections[i].key, key, KEY_SIZE) != 0) {
		i = t->connections[i].next;
	}
	return i == NONE ? NULL : &t->connections[i];
}

static void remove_connection(struct responder *t, struct connection *c)
{
	uint32_t index = (uint32_t)(c - t->connections);
	uint32_t *link = &t->chains[chain_of(t, c->key)];

	while (*link != index) {
		link = &t->connections[*link].next;
	}
	*link = c->next;
	c->used = false;
	c->next = t->free_first;
	t->free_first = index;
	t->count--;
}

static struct connection *longest_silent(struct responder *t)
{
	struct connection *oldest = &t->connections[0];

	for (uint32_t i = 1; i < t->size; i++) {
		if (t->connections[i].heard_ms < oldest->heard_ms) {
			oldest = &t->connections[i];
		}
	}
	return oldest;
}

static struct connection *add_connection(struct responder *t, const struct endpoints *ends)
{
	uint8_t key[KEY_SIZE];

	write_key(ends, key);

	struct connection *c = find(t, key);

	if (c != NULL) {
		remove_connection(t, c);
	} else if (t->free_first == NONE) {
		remove_connection(t, longest_silent(t));
		t->stats.evicted++;
	}

	uint32_t index = t->free_first;
	uint32_t *head = &t->chains[chain_of(t, key)];

	c = &t->connections[index];
	t->free_first = c->next;
	c->next = *head;
	*head = index;
	c->used = true;
	c->ends = *ends;
	memcpy(c->key, key, KEY_SIZE);
	t->count++;
	return c;
}

static bool everything_acked(const struct connection *c)
{
	return c->acked == c->answer_len + 1; /* one for the FIN */
}

static bool send_segment(const struct responder *t, const struct connection *c, uint32_t offset,
			 uint8_t flags, size_t len)
{
	uint8_t packet[REPLY_PACKET_SIZE];
	struct segment segment = {
	    .seq = c->first_seq + offset,
	    .ack = c->device_next,
	    .flags = flags,
	    .data = len > 0 ? c->answer + offset : NULL,
	    .data_len = len,
	};
	size_t packet_len = reply_tcp(&c->ends, &c->timestamps, &segment, packet, sizeof(packet));

	return t->send(t->send_ctx, SIDE_DEVICE, c->ifindex, packet, packet_len);
}

/* Sends what is not acknowledged; the last segment carries the FIN. \returns false when not even
 * the first of its segments can be sent; a later one that is lost is repeated. */
static bool send_rest(const struct responder *t, struct connection *c, uint64_t now_ms)
{
	uint32_t offset = c->acked;

	c->sent_ms = now_ms;
	do {
		uint32_t left = c->answer_len > offset ? c->answer_len - offset : 0;
		uint32_t len = left < REPLY_SEGMENT_DATA ? left : REPLY_SEGMENT_DATA;
		bool is_last = len == left;
		uint8_t flags = is_last ? TCP_ACK | TCP_PSH | TCP_FIN : TCP_ACK;

		if (!send_segment(t, c, offset, flags, len) && offset == c->acked) {
			return false;
		}
		offset += len;
		if (is_last) {
			return true;
		}
	} while (true);
}

static void send_ack(const struct responder *t, const struct connection *c)
{
	(void)send_segment(t, c, c->answer_len + 1, TCP_ACK, 0);
}

/* seq: what the device acknowledges. Its server may have sent something that was under way when the
 * device was refused; a reset from before that is not taken (RFC 5961 section 3.2). */
static bool reset_device(const struct responder *t, const struct connection *c, uint32_t seq)
{
	uint8_t reset[REPLY_PACKET_SIZE];
	size_t len = reply_reset_device(&c->ends, seq, c->device_next, reset, sizeof(reset));

	return t->send(t->send_ctx, SIDE_DEVICE, c->ifindex, reset, len);
}

static void reset_server(const struct responder *t, const struct connection *c, uint32_t seq)
{
	uint8_t reset[REPLY_PACKET_SIZE];
	size_t len = reply_reset_server(&c->ends, seq, reset, sizeof(reset));

	(void)t->send(t->send_ctx, SIDE_SERVER, c->ifindex, reset, len);
}

/* Whether a comes before b in sequence space, RFC 9293 section 3.4. */
static bool seq_before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

static bool is_tcp_with_ack(const struct packet *packet)
{
	return packet->protocol == IPPROTO_TCP &&
	       (packet->tcp_flags & (TCP_ACK | TCP_SYN | TCP_RST)) == TCP_ACK;
}

static uint32_t end_of(const struct packet *packet)
{
	uint32_t fin = (packet->tcp_flags & TCP_FIN) ? 1 : 0;

	return packet->seq + (uint32_t)packet->payload_len + fin;
}

/* Enters the connection of a device's packet, with all that both kinds of answer need. */
static struct connection *take_over(struct responder *t, const struct packet *packet,
				    uint32_t ifindex, uint64_t now_ms)
{
	struct endpoints ends;

	endpoints_of(packet, &ends);

	struct connection *c = add_connection(t, &ends);

	c->ifindex = ifindex;
	tcp_timestamps_of(packet, &c->timestamps);
	c->is_refused = false;
	c->device_next = end_of(packet);
	c->device_closed = (packet->tcp_flags & TCP_FIN) != 0;
	c->first_seq = packet->ack;
	c->acked = 0;
	c->duplicates = 0;
	c->repeats = 0;
	c->credit = 0;
	c->heard_ms = now_ms;
	c->answer_len = 0;
	return c;
}

bool responder_answer(struct responder *responder, const struct packet *packet, uint32_t ifindex,
		      uint32_t request_end_seq, const uint8_t *answer, size_t answer_len,
		      uint64_t now_ms)
{
	if (answer_len == 0 || answer_len > RESPONDER_ANSWER_SIZE || !is_tcp_with_ack(packet)) {
		return false;
	}

	struct connection *c = take_over(responder, packet, ifindex, now_ms);

	if (seq_before(c->device_next, request_end_seq)) {
		c->device_next = request_end_seq;
		c->device_closed = false;
	}
	c->answer_len = (uint32_t)answer_len;
	memcpy(c->answer, answer, answer_len);
	if (!send_rest(responder, c, now_ms)) {
		remove_connection(responder, c);
		return false;
	}
	responder->stats.answered++;
	reset_server(responder, c, packet->seq);
	return true;
}

bool responder_refuse(struct responder *responder, const struct packet *packet, uint32_t ifindex,
		      uint64_t now_ms)
{
	if (!is_tcp_with_ack(packet)) {
		return false;
	}

	struct connection *c = take_over(responder, packet, ifindex, now_ms);

	c->is_refused = true;
	if (!reset_device(responder, c, packet->ack)) {
		remove_connection(responder, c);
		return false;
	}
	responder->stats.answered++;
	reset_server(responder, c, packet->seq);
	return true;
}

/* Takes in what the device acknowledges. \returns whether the rest is to be sent again. */
static bool take_ack(struct connection *c, const struct packet *packet)
{
	uint32_t acked = packet->ack - c->first_seq;

	if (acked > c->answer_len + 1 || acked < c->acked) {
		return false;
	}
	if (acked > c->acked) {
		c->acked = acked;
		c->duplicates = 0;
		c->repeats = 0;
		return false;
	}
	if (everything_acked(c) || end_of(packet) != packet->seq) {
		return false;
	}
	c->duplicates++;
	return c->duplicates == DUPLICATE_ACKS;
}

/* Takes in what the device sends. \returns whether it is something it sent before. */
static bool take_data(struct connection *c, const struct packet *packet)
{
	uint32_t end = end_of(packet);

	if (!seq_before(c->device_next, end)) {
		return true;
	}
	if (seq_before(c->device_next, packet->seq)) {
		return false; /* after a gap: the acknowledgement says what is missing */
	}
	c->device_next = end;
	if (packet->tcp_flags & TCP_FIN) {
		c->device_closed = true;
	}
	return false;
}

/*
 * Whether a SYN is a late copy of the one that opened the connection, rather than a new connection
 * of the same ports: RFC 6191 section 2, by the timestamps (RFC 7323 section 5.3) or, where a side
 * has none or they are equal, by the sequence numbers.
 */
static bool is_late_copy(const struct connection *c, const struct packet *syn)
{
	struct tcp_timestamps timestamps;

	tcp_timestamps_of(syn, &timestamps);
	if (timestamps.present && c->timestamps.present &&
	    timestamps.value != c->timestamps.value) {
		return seq_before(timestamps.value, c->timestamps.value);
	}
	return seq_before(syn->seq, c->device_next);
}

/* Keeps the newest timestamps: echoing older ones, an answer would be taken for a late copy. */
static void take_timestamps(struct connection *c, const struct packet *packet)
{
	struct tcp_timestamps timestamps;

	tcp_timestamps_of(packet, &timestamps);
	if (!timestamps.present || seq_before(timestamps.value, c->timestamps.value) ||
	    seq_before(timestamps.echo, c->timestamps.echo)) {
		return;
	}
	c->timestamps = timestamps;
}

/* Whether a number of the device's is one that it may use now: near the one awaited. */
static bool is_in_window(const struct connection *c, uint32_t seq)
{
	return seq + WINDOW - c->device_next <= 2 * WINDOW;
}

/* Whether the rest of the answer may be sent again: the device has shown that it gets the answer,
 * or has sent as much as that would bring. */
static bool may_repeat(const struct connection *c)
{
	uint32_t segments = c->answer_len / REPLY_SEGMENT_DATA + 1;

	return c->acked > 0 || c->credit >= c->answer_len + segments * HEADERS_SIZE;
}

bool responder_packet(struct responder *responder, const struct packet *packet, uint64_t now_ms)
{
	struct endpoints ends;
	uint8_t key[KEY_SIZE];

	if (responder->count == 0 || packet->protocol != IPPROTO_TCP) {
		return false;
	}
	endpoints_of(packet, &ends);
	write_key(&ends, key);

	struct connection *c = find(responder, key);

	if (c == NULL) {
		return false;
	}
	if ((packet->tcp_flags & (TCP_SYN | TCP_RST)) == TCP_SYN && is_late_copy(c, packet)) {
		return true;
	}
	if (packet->tcp_flags & TCP_SYN) {
		remove_connection(responder, c);
		return false;
	}
	if (packet->tcp_flags & TCP_RST) {
		if (is_in_window(c, packet->seq)) {
			remove_connection(responder, c);
		}
		return true;
	}
	if (!is_tcp_with_ack(packet) || !is_in_window(c, packet->seq)) {
		return true;
	}
	c->heard_ms = now_ms;
	if (c->is_refused) {
		(void)reset_device(responder, c, packet->ack);
		return true;
	}
	take_timestamps(c, packet);
	c->credit += (uint32_t)packet->ip_len;

	bool is_missing = take_ack(c, packet);

	if (end_of(packet) != packet->seq) {
		bool is_repeated = take_data(c, packet);

		/* Before that, it would only keep the device from repeating its request. */
		if (c->acked > 0) {
			send_ack(responder, c);
		}
		is_missing = is_missing || (is_repeated && !everything_acked(c));
	}
	if (is_missing && may_repeat(c)) {
		c->credit = 0;
		responder->stats.repeated++;
		(void)send_rest(responder, c, now_ms);
	}
	return true;
}

void responder_tick(struct responder *responder, uint64_t now_ms)
{
	if (responder->count == 0) {
		return;
	}
	for (uint32_t i = 0; i < responder->size; i++) {
		struct connection *c = &responder->connections[i];
		bool is_over = c->used && c->device_closed && everything_acked(c);

		if (!c->used) {
			continue;
		}
		if (now_ms - c->heard_ms >= (is_over ? LINGER_MS : RESPONDER_IDLE_MS)) {
			remove_connection(responder, c);
			continue;
		}
		if (!c->is_refused && !everything_acked(c) &&
		    c->repeats < (c->acked > 0 ? REPEATS_MAX : REPEATS_UNPROVEN_MAX) &&
		    now_ms - c->sent_ms >= (uint64_t)REPEAT_AFTER_MS << c->repeats) {
			c->repeats++;
			responder->stats.repeated++;
			(void)send_rest(responder, c, now_ms);
		}
	}
}
