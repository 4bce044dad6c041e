/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/reassembly.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define STREAMS 3
#define WINDOW 64

static uint32_t given_up[16];
static size_t given_up_count;

static void on_given_up(void *ctx, uint32_t owner)
{
	assert_ptr_equal(ctx, given_up);
	given_up[given_up_count++] = owner;
}

static int begin(void **state)
{
	given_up_count = 0;
	*state = reassembly_new(STREAMS, WINDOW, on_given_up, given_up);
	return *state == NULL ? -1 : 0;
}

static int end(void **state)
{
	reassembly_free(*state);
	return 0;
}

static size_t insert(struct reassembly *pool, uint32_t number, size_t offset, const char *text)
{
	return stream_insert(pool, number, offset, (const uint8_t *)text, strlen(text));
}

static void assert_ready(struct reassembly *pool, uint32_t number, const char *text)
{
	const uint8_t *octets = NULL;
	assert_int_equal(stream_ready(pool, number, &octets), strlen(text));
	assert_memory_equal(octets, text, strlen(text));
}

static void test_out_of_order(void **state)
{
	struct reassembly *pool = *state;
	uint32_t stream = stream_take(pool, 1);
	assert_ready(pool, stream, "");
	assert_int_equal(insert(pool, stream, 6, "ghi"), 3);
	assert_ready(pool, stream, "");
	assert_int_equal(insert(pool, stream, 0, "abc"), 3);
	assert_ready(pool, stream, "abc");
	assert_int_equal(insert(pool, stream, 3, "def"), 3);
	assert_ready(pool, stream, "abcdefghi");
	assert_int_equal(stream_held(pool, stream), 9);
}

static void test_first_octets_win(void **state)
{
	struct reassembly *pool = *state;
	uint32_t stream = stream_take(pool, 1);
	insert(pool, stream, 2, "CD");
	insert(pool, stream, 6, "GH");
	assert_int_equal(insert(pool, stream, 0, "abxxefyyij"), 6);
	assert_ready(pool, stream, "abCDefGHij");
	assert_int_equal(insert(pool, stream, 0, "zzzzzzzzzz"), 0);
	assert_ready(pool, stream, "abCDefGHij");
}

static void test_window(void **state)
{
	struct reassembly *pool = *state;
	uint32_t stream = stream_take(pool, 1);
	uint8_t octets[2 * WINDOW];
	memset(octets, 'x', sizeof(octets));
	assert_int_equal(stream_insert(pool, stream, WINDOW, octets, 1), 0);
	assert_int_equal(stream_insert(pool, stream, SIZE_MAX, octets, 1), 0);
	assert_int_equal(stream_insert(pool, stream, WINDOW - 2, octets, 10), 2);
	assert_int_equal(stream_insert(pool, stream, 0, octets, sizeof(octets)), WINDOW - 2);
	assert_int_equal(stream_held(pool, stream), WINDOW);
}

static void test_advance(void **state)
{
	struct reassembly *pool = *state;
	uint32_t stream = stream_take(pool, 1);
	insert(pool, stream, 0, "abcdef");
	insert(pool, stream, 10, "klm");
	*stream_searched(pool, stream) = 5;
	stream_advance(pool, stream, 4);
	assert_int_equal(*stream_searched(pool, stream), 0);
	assert_ready(pool, stream, "ef");
	stream_advance(pool, stream, 7); /* past a hole, into the next run */
	assert_ready(pool, stream, "lm");
	stream_advance(pool, stream, 1000);
	assert_ready(pool, stream, "");
	assert_int_equal(stream_held(pool, stream), 0);
}

/* What was read or given up stands nowhere in the window any more. */
static void test_wiped(void **state)
{
	struct reassembly *pool = *state;
	const uint8_t *octets = NULL;
	uint32_t stream = stream_take(pool, 1);
	stream_ready(pool, stream, &octets);
	insert(pool, stream, 0, "secret");
	insert(pool, stream, 20, "secret");
	stream_advance(pool, stream, 6);
	assert_memory_equal(octets + 14, "secret", 6);
	stream_drop(pool, stream);
	for (size_t i = 0; i < WINDOW; i++) {
		assert_int_equal(octets[i], 0);
	}
}

static void test_longest_taken_is_given_up(void **state)
{
	struct reassembly *pool = *state;
	uint32_t streams[STREAMS];
	for (uint32_t i = 0; i < STREAMS; i++) {
		streams[i] = stream_take(pool, 100 + i);
	}
	stream_drop(pool, streams[1]);
	uint32_t again = stream_take(pool, 103);
	assert_int_equal(again, streams[1]);
	insert(pool, streams[0], 0, "abc");
	assert_int_equal(given_up_count, 0);
	uint32_t next = stream_take(pool, 104);
	assert_int_equal(next, streams[0]);
	assert_ready(pool, next, "");
	stream_take(pool, 105);
	stream_take(pool, 106);
	assert_int_equal(given_up_count, 3);
	assert_int_equal(given_up[0], 100);
	assert_int_equal(given_up[1], 102);
	assert_int_equal(given_up[2], 103);
}

static void test_too_many_holes(void **state)
{
	struct reassembly *pool = reassembly_new(1, 4 * STREAM_RUNS_MAX, on_given_up, given_up);
	assert_non_null(pool);
	(void)state;
	uint32_t stream = stream_take(pool, 1);
	for (size_t i = 0; i < STREAM_RUNS_MAX; i++) {
		assert_int_equal(insert(pool, stream, 2 * i + 1, "x"), 1);
	}
	assert_int_equal(insert(pool, stream, 3 * STREAM_RUNS_MAX, "x"), 0);
	/* what closes a hole is welcome still */
	assert_int_equal(insert(pool, stream, 2, "x"), 1);
	assert_int_equal(insert(pool, stream, 3 * STREAM_RUNS_MAX, "x"), 1);
	reassembly_free(pool);
}

/* Against a stream that keeps one flag an octet. */
static void test_model(void **state)
{
	struct reassembly *pool = *state;
	uint32_t stream = stream_take(pool, 1);
	uint8_t model[4 * WINDOW] = {0};
	bool held[4 * WINDOW] = {0};
	srandom(6);
	for (int round = 0; round < 100000; round++) {
		uint8_t octets[WINDOW];
		size_t offset = (size_t)random() % (WINDOW + 4);
		size_t len = (size_t)random() % 20;
		size_t added = 0;
		for (size_t i = 0; i < len; i++) {
			octets[i] = (uint8_t)(random() % 255 + 1);
			if (offset + i < WINDOW && !held[offset + i]) {
				held[offset + i] = true;
				model[offset + i] = octets[i];
				added++;
			}
		}
		assert_int_equal(stream_insert(pool, stream, offset, octets, len), added);

		const uint8_t *window = NULL;
		size_t ready = 0;
		while (held[ready]) {
			ready++;
		}
		assert_int_equal(stream_ready(pool, stream, &window), ready);
		assert_memory_equal(window, model, WINDOW);

		if (random() % 3 != 0) {
			continue;
		}
		size_t step = (size_t)random() % 24;
		memmove(model, model + step, sizeof(model) - step);
		memmove(held, held + step, sizeof(held) - step);
		stream_advance(pool, stream, step);
		assert_memory_equal(window, model, WINDOW);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_out_of_order, begin, end),
	    cmocka_unit_test_setup_teardown(test_first_octets_win, begin, end),
	    cmocka_unit_test_setup_teardown(test_window, begin, end),
	    cmocka_unit_test_setup_teardown(test_advance, begin, end),
	    cmocka_unit_test_setup_teardown(test_wiped, begin, end),
	    cmocka_unit_test_setup_teardown(test_longest_taken_is_given_up, begin, end),
	    cmocka_unit_test(test_too_many_holes),
	    cmocka_unit_test_setup_teardown(test_model, begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
