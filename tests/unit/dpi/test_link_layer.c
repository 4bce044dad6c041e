/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/link_layer.h"

#include <pcap/dlt.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* The frames' addresses are zeros; behind each header one octet stands for an IP packet. */
struct frame {
	int type;
	size_t header;
	uint8_t octets[40];
};

#define MACS 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
#define TEN 0, 0, 0, 0, 0, 0, 0, 0, 0, 0

static const struct frame frames[] = {
    {DLT_EN10MB, 14, {MACS, 8, 0, 0x45}},
    {DLT_EN10MB, 14, {MACS, 0x86, 0xdd, 0x60}},
    {DLT_EN10MB, 18, {MACS, 0x81, 0, 0, 7, 8, 0, 0x45}},
    {DLT_EN10MB, 22, {MACS, 0x88, 0xa8, 0, 7, 0x81, 0, 0, 8, 0x86, 0xdd, 0x60}},
    {DLT_EN10MB, 22, {MACS, 0x91, 0, 0, 7, 0x81, 0, 0, 8, 8, 0, 0x45}},
    {DLT_EN10MB, 22, {MACS, 0x88, 0x64, 0x11, 0, 0, 7, 0, 3, 0, 0x21, 0x45}},
    {DLT_EN10MB, 26, {MACS, 0x81, 0, 0, 7, 0x88, 0x64, 0x11, 0, 0, 7, 0, 3, 0, 0x57, 0x60}},
    {DLT_LINUX_SLL, 16, {TEN, 0, 0, 0, 0, 8, 0, 0x45}},
    {DLT_LINUX_SLL, 20, {TEN, 0, 0, 0, 0, 0x81, 0, 0, 7, 8, 0, 0x45}},
    {DLT_LINUX_SLL2, 20, {0x86, 0xdd, TEN, 0, 0, 0, 0, 0, 0, 0, 0, 0x60}},
    {DLT_NULL, 4, {2, 0, 0, 0, 0x45}},
    {DLT_NULL, 4, {0, 0, 0, 30, 0x60}},
    {DLT_LOOP, 4, {0, 0, 0, 24, 0x60}},
    {DLT_RAW, 0, {0x45}},
    {DLT_IPV4, 0, {0x45}},
    {DLT_IPV6, 0, {0x60}},
    {DLT_PPP, 2, {0, 0x21, 0x45}},
    {DLT_PPP, 1, {0x57, 0x60}},
    {DLT_PPP, 4, {0xff, 3, 0, 0x57, 0x60}},
    {DLT_PPP_SERIAL, 4, {0xff, 3, 0, 0x21, 0x45}},
    {DLT_PPP_SERIAL, 4, {0x0f, 0, 8, 0, 0x45}},
    {DLT_C_HDLC, 4, {0x0f, 0, 0x86, 0xdd, 0x60}},
    {DLT_PPI, 8 + 14, {0, 0, 8, 0, DLT_EN10MB, 0, 0, 0, MACS, 8, 0, 0x45}},
    {DLT_PPI, 12, {0, 0, 12, 0, DLT_RAW, 0, 0, 0, 1, 2, 3, 4, 0x45}},
};

/* On a copy that ends where its memory does. */
static bool find_in_copy(const struct frame *frame, size_t len, size_t *offset)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);
	assert_non_null(copy);
	memcpy(copy, frame->octets, len);
	bool found = link_layer_find_ip(frame->type, copy, len, offset);
	free(copy);
	return found;
}

static void test_every_layer(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
		size_t offset = SIZE_MAX;
		assert_true(link_layer_known(frames[i].type));
		assert_true(find_in_copy(&frames[i], frames[i].header + 1, &offset));
		assert_int_equal(offset, frames[i].header);
		for (size_t cut = 0; cut <= frames[i].header; cut++) {
			assert_false(find_in_copy(&frames[i], cut, &offset));
		}
	}
}

static void test_no_ip(void **state)
{
	(void)state;
	static const struct frame others[] = {
	    {DLT_EN10MB, 14, {MACS, 8, 6, 0x45}},          /* ARP */
	    {DLT_EN10MB, 14, {MACS, 0x88, 0x63, 0x11, 9}}, /* PPPoE discovery */
	    {DLT_EN10MB, 22, {MACS, 0x88, 0x64, 0x11, 0, 0, 7, 0, 3, 0xc0, 0x21}}, /* PPP's own */
	    {DLT_EN10MB, 18, {MACS, 0x81, 0, 0, 7, 8, 6}},
	    {DLT_LINUX_SLL2, 20, {8, 6}},
	    {DLT_NULL, 4, {1, 0, 0, 0, 0x45}},
	    {DLT_RAW, 0, {0x50}},
	    {DLT_PPP, 2, {0xc0, 0x21, 0x45}},
	    {DLT_C_HDLC, 4, {0x0f, 0, 8, 6, 0x45}},
	    {DLT_PPI, 8, {0, 0, 8, 0, (uint8_t)DLT_PPI, 0, 0, 0, 0x45}},
	    {DLT_PPI, 0, {0, 0, 7, 0, DLT_RAW, 0, 0, 0, 0x45}},
	};
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		size_t offset = 0;
		assert_false(find_in_copy(&others[i], sizeof(others[i].octets), &offset));
	}
	assert_false(link_layer_known(DLT_IEEE802_11));
}

/* Tags without end. */
static void test_tags_alone(void **state)
{
	(void)state;
	struct frame frame = {.type = DLT_EN10MB};
	size_t offset = 0;
	for (size_t at = 12; at < sizeof(frame.octets); at += 2) {
		frame.octets[at] = 0x81;
	}
	for (size_t len = 0; len <= sizeof(frame.octets); len++) {
		assert_false(find_in_copy(&frame, len, &offset));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_every_layer),
	    cmocka_unit_test(test_no_ip),
	    cmocka_unit_test(test_tags_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
