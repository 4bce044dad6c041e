/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Neither GnuTLS's walk of the extensions nor Nettle's ciphers may take memory for a packet. Where
 * a sanitizer has the heap nothing is counted, and the test only reads.
 */
#include <errno.h>
#include <stdlib.h>

#include "dpi/quic_initial.h"
#include "dpi/tls_hello.h"

#include "hellos.h"
#include "quic_packets.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static size_t taken; /* blocks */

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define COUNTS 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define COUNTS 0
#endif
#endif
#ifndef COUNTS
#define COUNTS 1

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size)
{
	taken++;
	return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	taken++;
	return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size)
{
	taken++;
	return __libc_realloc(block, size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
	taken++;
	*out = __libc_memalign(alignment, size);
	return *out == NULL ? ENOMEM : 0;
}

void *aligned_alloc(size_t alignment, size_t size)
{
	taken++;
	return __libc_memalign(alignment, size);
}
#endif

static uint8_t message[4096];
static uint8_t octets[8192];
static struct client_hello found;

static size_t put_message(void)
{
	const struct hello_form form = {.before = 900, .after = 281};
	return put_hello(message, "www.a-bank.example", form);
}

/* That this test can fail. */
static void test_counts(void **state)
{
	(void)state;
	taken = 0;
	void *volatile block = malloc(1);
	free(block);
	assert_int_equal(taken, COUNTS);
}

static void test_tls(void **state)
{
	(void)state;
	const size_t len = put_message();
	const size_t whole = put_records(octets, message, len, 300);
	taken = 0;
	for (size_t there = 0; there < whole; there++) {
		assert_int_equal(tls_hello_read(octets, there, &found), HELLO_INCOMPLETE);
	}
	assert_int_equal(tls_hello_read(octets, whole, &found), HELLO_FOUND);
	octets[6] = 0xff;
	assert_int_equal(tls_hello_read(octets, whole, &found), HELLO_NONE);
	assert_int_equal(taken, 0);
}

static void test_quic(void **state)
{
	(void)state;
	static struct quic_hello hello;
	static uint8_t payload[4096];
	static const uint8_t dcid[8] = {7};
	struct quic_form form = {
	    .version = QUIC_VERSION_2, .dcid = dcid, .dcid_len = sizeof(dcid), .number_len = 2};
	const size_t len = put_message();
	taken = 0;
	quic_hello_init(&hello);
	size_t used = put_initial(octets, &form, payload, put_crypto(payload, 0, message, len / 2));
	octets[used - 1] ^= 1;
	assert_int_equal(quic_hello_datagram(&hello, octets, used, &found), HELLO_INCOMPLETE);
	octets[used - 1] ^= 1;
	assert_int_equal(quic_hello_datagram(&hello, octets, used, &found), HELLO_INCOMPLETE);
	form.number++;
	used = put_initial(octets, &form, payload,
			   put_crypto(payload, len / 2, message + len / 2, len - len / 2));
	assert_int_equal(quic_hello_datagram(&hello, octets, used, &found), HELLO_FOUND);
	assert_int_equal(taken, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_counts),
	    cmocka_unit_test(test_tls),
	    cmocka_unit_test(test_quic),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
