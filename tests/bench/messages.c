/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/messages.h"

#include <err.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void put(struct message *out, const void *octets, size_t len)
{
	if (len > MESSAGE_SIZE - out->len) {
		errx(2, "a message is longer than %d octets", MESSAGE_SIZE);
	}
	memcpy(out->octets + out->len, octets, len);
	out->len += len;
}

static void put8(struct message *out, unsigned value)
{
	uint8_t octet = (uint8_t)value;
	put(out, &octet, 1);
}

static void put16(struct message *out, size_t value)
{
	put(out, (uint8_t[]){(uint8_t)(value >> 8), (uint8_t)value}, 2);
}

static void put_random(struct message *out, struct seeded *random, size_t len)
{
	while (len > 0) {
		uint64_t octets = seeded_next(random);
		size_t part = len < sizeof(octets) ? len : sizeof(octets);
		put(out, &octets, part);
		len -= part;
	}
}

__attribute__((format(printf, 2, 3))) static void put_text(struct message *out, const char *format,
							   ...)
{
	char text[MESSAGE_SIZE];
	va_list values;
	va_start(values, format);
	int len = vsnprintf(text, sizeof(text), format, values);
	va_end(values);
	if (len < 0 || (size_t)len >= sizeof(text)) {
		errx(2, "a message is longer than %d octets", MESSAGE_SIZE);
	}
	put(out, text, (size_t)len);
}

/* Fills in a two-octet length once what it counts, from place + 2 on, is written. */
static void set_length16(struct message *out, size_t place)
{
	size_t len = out->len - place - 2;
	out->octets[place] = (uint8_t)(len >> 8);
	out->octets[place + 1] = (uint8_t)len;
}

static void put_dns_name(struct message *out, const char *name)
{
	while (*name != '\0') {
		size_t label = strcspn(name, ".");
		put8(out, (unsigned)label);
		put(out, name, label);
		name += label + (name[label] == '.');
	}
	put8(out, 0);
}

void message_dns_query(struct message *out, struct seeded *random, const char *name)
{
	out->len = 0;
	put_random(out, random, 2);
	put16(out, 0x0100); /* RD */
	put16(out, 1);
	put16(out, 0);
	put16(out, 0);
	put16(out, 1);
	put_dns_name(out, name);
	put16(out, seeded_percent(random, 60) ? 1 : 28);
	put16(out, 1);
	put(out, "\0\0\x29\x04\xd0\0\0\0\0\0\0", 11); /* OPT, 1232 octets */
}

void message_dns_answer(struct message *out, struct seeded *random, const struct message *query)
{
	size_t question = query->len - 12 - 11;
	bool v6 = query->octets[query->len - 11 - 3] == 28;
	size_t answers = 1 + seeded_below(random, 2);
	out->len = 0;
	put(out, query->octets, 2);
	put16(out, 0x8180); /* QR RD RA */
	put16(out, 1);
	put16(out, answers);
	put16(out, 0);
	put16(out, 0);
	put(out, query->octets + 12, question);
	for (size_t i = 0; i < answers; i++) {
		put16(out, 0xc00c);
		put16(out, v6 ? 28 : 1);
		put16(out, 1);
		put(out, "\0\0\x01\x2c", 4);
		put16(out, v6 ? 16 : 4);
		put(out, v6 ? "\x20\x01\x0d\xb8\0\x02\0\0\0\0\0\0\0\0\0" : "\xcb\0\x71",
		    v6 ? 15 : 3);
		put8(out, seeded_below(random, 256));
	}
}

void message_prefix_length(struct message *message)
{
	size_t len = message->len;
	uint8_t plain[MESSAGE_SIZE];
	memcpy(plain, message->octets, len);
	message->len = 0;
	put16(message, len);
	put(message, plain, len);
}

void message_http_request(struct message *out, struct seeded *random, const char *host)
{
	out->len = 0;
	put_text(out, "GET /assets/%08x/%u.html?v=%u HTTP/1.1\r\n", (unsigned)seeded_next(random),
		 seeded_below(random, 9999), seeded_below(random, 99));
	put_text(out, "Host: %s\r\nConnection: keep-alive\r\n", host);
	put_text(out, "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like "
		      "Gecko) Chrome/120.0.0.0 Safari/537.36\r\n");
	put_text(out, "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n"
		      "Accept-Encoding: gzip, deflate\r\nAccept-Language: vi,en;q=0.9\r\n");
	put_text(out, "Cookie: session=");
	for (uint32_t words = 2 + seeded_below(random, 16); words > 0; words--) {
		put_text(out, "%016llx", (unsigned long long)seeded_next(random));
	}
	put_text(out, "\r\n\r\n");
}

size_t message_http_response(struct message *out, struct seeded *random, size_t body_len)
{
	out->len = 0;
	put_text(
	    out,
	    "HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: text/html; charset=utf-8\r\n"
	    "Content-Length: %zu\r\nCache-Control: max-age=60\r\nConnection: keep-alive\r\n\r\n",
	    body_len);
	size_t room = MESSAGE_SIZE - out->len;
	size_t part = body_len < room ? body_len : room;
	put_random(out, random, part);
	return body_len - part;
}

/* Begins a handshake record and message. \returns the place of the record's length. */
static size_t begin_handshake(struct message *out, unsigned type)
{
	out->len = 0;
	put(out, "\x16\x03\x01", 3);
	put16(out, 0);
	put8(out, type);
	put8(out, 0);
	put16(out, 0);
	put16(out, 0x0303);
	return 3;
}

static void end_handshake(struct message *out, size_t record)
{
	set_length16(out, record);
	set_length16(out, record + 4);
}

void message_tls_client_hello(struct message *out, struct seeded *random, const char *name)
{
	size_t name_len = strlen(name);
	size_t record = begin_handshake(out, 1);
	put_random(out, random, 32);
	put8(out, 32);
	put_random(out, random, 32);
	put(out, "\0\x10\x13\x01\x13\x02\x13\x03\xc0\x2b\xc0\x2f\xc0\x2c\xc0\x30\xcc\xa9\x01\0",
	    20);
	size_t extensions = out->len;
	put16(out, 0);
	put16(out, 0); /* server_name */
	put16(out, name_len + 5);
	put16(out, name_len + 3);
	put8(out, 0);
	put16(out, name_len);
	put(out, name, name_len);
	put(out, "\0\x0a\0\x08\0\x06\0\x1d\0\x17\0\x18", 12);       /* supported_groups */
	put(out, "\0\x0b\0\x02\x01\0", 6);                          /* ec_point_formats */
	put(out, "\0\x0d\0\x08\0\x06\x04\x03\x08\x04\x04\x01", 12); /* signature_algorithms */
	put(out, "\0\x10\0\x0e\0\x0c\x02h2\x08http/1.1", 18);       /* ALPN */
	put(out, "\0\x2b\0\x05\x04\x03\x04\x03\x03", 9);            /* supported_versions */
	put(out, "\0\x33\0\x26\0\x24\0\x1d\0\x20", 10);             /* key_share, x25519 */
	put_random(out, random, 32);
	set_length16(out, extensions);
	end_handshake(out, record);
}

void message_tls_server_hello(struct message *out, struct seeded *random)
{
	size_t record = begin_handshake(out, 2);
	put_random(out, random, 32);
	put8(out, 32);
	put_random(out, random, 32);
	put(out, "\x13\x01\0", 3);
	size_t extensions = out->len;
	put16(out, 0);
	put(out, "\0\x2b\0\x02\x03\x04", 6);
	put(out, "\0\x33\0\x24\0\x1d\0\x20", 8);
	put_random(out, random, 32);
	set_length16(out, extensions);
	end_handshake(out, record);
	/* the rest of the flight: certificate and so on, encrypted in TLS 1.3 */
	put(out, "\x17\x03\x03", 3);
	put16(out, 1000);
	put_random(out, random, 1000);
}

void message_tls_data(struct message *out, struct seeded *random, size_t len)
{
	out->len = 0;
	put(out, "\x17\x03\x03", 3);
	put16(out, len - 5);
	put_random(out, random, len - 5);
}

void message_quic_initial(struct message *out, struct seeded *random)
{
	out->len = 0;
	put(out, "\xc3\0\0\0\x01\x08", 6); /* version 1, connection ID of 8 octets */
	put_random(out, random, 8);
	put8(out, 0);
	put8(out, 0);
	put16(out, 0x4000 | (1200 - out->len - 2));
	put_random(out, random, 1200 - out->len);
}

void message_quic_data(struct message *out, struct seeded *random, size_t len)
{
	out->len = 0;
	put8(out, 0x40 | seeded_below(random, 32));
	put_random(out, random, len - 1);
}

void message_random(struct message *out, struct seeded *random, size_t len)
{
	out->len = 0;
	put_random(out, random, len);
}
