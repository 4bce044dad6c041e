/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/flow_table.h"

#include <sodium.h>
#include <stdlib.h>

#include "packets.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define CAPACITY 8
#define IDLE_MS 1000

static uint64_t gone_tags[64];
static size_t gone_count;

static void on_gone(void *ctx, struct flow *flow)
{
	assert_ptr_equal(ctx, gone_tags);
	gone_tags[gone_count++] = flow->tag;
}

static int begin(void **state)
{
	gone_count = 0;
	*state = flow_table_new(CAPACITY, IDLE_MS, on_gone, gone_tags);
	return *state == NULL ? -1 : 0;
}

static int end(void **state)
{
	flow_table_free(*state);
	return 0;
}

static uint64_t tag_of(const struct flow_table *table, const struct talk *talk, bool from_client,
		       enum flow_direction direction)
{
	uint8_t octets[128];
	struct packet packet;
	size_t len = put_udp(octets, talk, from_client, "x", 1);
	assert_int_equal(packet_parse(octets, len, &packet), PACKET_OK);
	return flow_table_tag(table, &packet, direction);
}

static void test_directions(void **state)
{
	const struct talk talks[] = {
	    {false, 5, 9, 1000, 53}, {false, 9, 5, 1000, 53}, {false, 5, 5, 1000, 53},
	    {true, 5, 9, 1000, 53},  {true, 9, 5, 53, 1000},
	};
	for (size_t i = 0; i < sizeof(talks) / sizeof(talks[0]); i++) {
		uint64_t there = tag_of(*state, &talks[i], true, FLOW_FORWARD);
		uint64_t back = tag_of(*state, &talks[i], true, FLOW_REVERSE);
		assert_true(there != back);
		assert_true(tag_of(*state, &talks[i], false, FLOW_FORWARD) == back);
		assert_true(tag_of(*state, &talks[i], false, FLOW_REVERSE) == there);
	}
}

static void test_tags_differ(void **state)
{
	const struct talk talks[] = {
	    {false, 5, 9, 1000, 53}, {true, 5, 9, 1000, 53},   {false, 5, 9, 1001, 53},
	    {false, 5, 9, 53, 1000}, {false, 5, 10, 1000, 53}, {false, 6, 9, 1000, 53},
	};
	for (size_t i = 0; i < sizeof(talks) / sizeof(talks[0]); i++) {
		for (size_t k = 0; k < i; k++) {
			assert_true(tag_of(*state, &talks[i], true, FLOW_FORWARD) !=
				    tag_of(*state, &talks[k], true, FLOW_FORWARD));
		}
	}
}

/* The key is drawn anew for each table: no peer can know which flows share a bucket. */
static void test_key_is_random(void **state)
{
	struct flow_table *other = flow_table_new(CAPACITY, IDLE_MS, on_gone, gone_tags);
	assert_non_null(other);
	const struct talk talk = {false, 5, 9, 1000, 53};
	assert_true(tag_of(*state, &talk, true, FLOW_FORWARD) !=
		    tag_of(other, &talk, true, FLOW_FORWARD));
	flow_table_free(other);
}

static void test_least_recently_seen_goes(void **state)
{
	struct flow_table *table = *state;
	enum flow_room room = FLOW_ROOM_EVICTED;
	/* all in one bucket */
	for (uint64_t tag = 0; tag < CAPACITY; tag++) {
		struct flow *flow = flow_table_begin(table, tag * 1024, 1, &room);
		assert_int_equal(room, FLOW_ROOM_FREE);
		flow->isn = (uint32_t)tag;
	}
	assert_non_null(flow_table_find(table, 0, 2));
	struct flow *flow = flow_table_begin(table, 77, 3, &room);
	assert_int_equal(room, FLOW_ROOM_EVICTED);
	assert_int_equal(flow->isn, 0);
	assert_int_equal(gone_count, 1);
	assert_true(gone_tags[0] == 1024);
	assert_null(flow_table_find(table, 1024, 3));
	for (uint64_t tag = 2; tag < CAPACITY; tag++) {
		assert_int_equal(flow_table_find(table, tag * 1024, 3)->isn, tag);
	}
}

static void test_idle(void **state)
{
	struct flow_table *table = *state;
	enum flow_room room = FLOW_ROOM_FREE;
	uint32_t start = UINT32_MAX - 400; /* milliseconds wrap */
	flow_table_begin(table, 1, start, &room);
	flow_table_begin(table, 2, start, &room);
	flow_table_begin(table, 3, start + 600, &room);
	flow_table_expire(table, start + IDLE_MS - 1, 8);
	assert_int_equal(gone_count, 0);
	flow_table_expire(table, start + IDLE_MS, 1);
	assert_int_equal(gone_count, 1);
	flow_table_expire(table, start + IDLE_MS, 8);
	assert_int_equal(gone_count, 2);
	assert_non_null(flow_table_find(table, 3, start + IDLE_MS));
	flow_table_expire(table, start, 8); /* a time before the last one */
	assert_int_equal(gone_count, 2);
}

static void test_remove(void **state)
{
	struct flow_table *table = *state;
	enum flow_room room = FLOW_ROOM_FREE;
	for (uint64_t tag = 0; tag < CAPACITY; tag++) {
		flow_table_begin(table, tag, 1, &room);
	}
	flow_table_remove(table, flow_table_find(table, 3, 1));
	assert_null(flow_table_find(table, 3, 1));
	assert_int_equal(gone_count, 0);
	struct flow *flow = flow_table_begin(table, 99, 1, &room);
	assert_int_equal(room, FLOW_ROOM_FREE);
	assert_ptr_equal(flow_table_at(table, flow_table_number(table, flow)), flow);
}

/* Against a plain list that does the same. */
static void test_model(void **state)
{
	struct flow_table *table = *state;
	uint64_t model[CAPACITY]; /* most recent first */
	size_t used = 0;
	srandom(5);
	for (int round = 0; round < 20000; round++) {
		gone_count = 0;
		uint64_t tag = (uint64_t)random() % 24;
		size_t at = 0;
		while (at < used && model[at] != tag) {
			at++;
		}
		struct flow *flow = flow_table_find(table, tag, 1);
		assert_int_equal(flow != NULL, at < used);
		if (flow != NULL && random() % 4 == 0) {
			flow_table_remove(table, flow);
			memmove(model + at, model + at + 1, (used - at - 1) * sizeof(model[0]));
			used--;
			continue;
		}
		if (flow == NULL) {
			enum flow_room room = FLOW_ROOM_FREE;
			flow_table_begin(table, tag, 1, &room);
			assert_int_equal(room == FLOW_ROOM_EVICTED, used == CAPACITY);
			if (used == CAPACITY) {
				assert_true(gone_count == 1 && gone_tags[0] == model[used - 1]);
			}
			at = used < CAPACITY ? used++ : used - 1;
		}
		memmove(model + 1, model, at * sizeof(model[0]));
		model[0] = tag;
	}
}

int main(void)
{
	if (sodium_init() < 0) {
		return 1;
	}
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_directions, begin, end),
	    cmocka_unit_test_setup_teardown(test_tags_differ, begin, end),
	    cmocka_unit_test_setup_teardown(test_key_is_random, begin, end),
	    cmocka_unit_test_setup_teardown(test_least_recently_seen_goes, begin, end),
	    cmocka_unit_test_setup_teardown(test_idle, begin, end),
	    cmocka_unit_test_setup_teardown(test_remove, begin, end),
	    cmocka_unit_test_setup_teardown(test_model, begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
