#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <pcap/dlt.h>

#include "dpi/link_layer.h"

#define ADDRESSES "\x02\x00\x00\x00\x00\x01\x02\x00\x00\x00\x00\x02"
#define SLL "\x00\x00\x00\x01\x00\x06\x02\x00\x00\x00\x00\x01\x00\x00"
#define SLL2_REST                                                                                  \
	"\x00\x00\x00\x00\x00\x02\x00\x01\x00\x06\x02\x00\x00\x00\x00\x01"                         \
	"\x00\x00"

/* Looks at a copy of just that size, so that the address sanitizer sees any read beyond it. */
static bool find(int type, const char *frame, size_t len, size_t *offset)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);

	assert_non_null(copy);
	memcpy(copy, frame, len);
	bool found = link_layer_find_ip(type, copy, len, offset);
	free(copy);
	return found;
}

/* The frame's last octet stands for the IP packet: with it the packet is found, cut anywhere not.
 */
static void assert_found(int type, const char *frame, size_t len)
{
	size_t offset = 0;

	assert_true(find(type, frame, len, &offset));
	assert_int_equal(offset, len - 1);
	for (size_t cut = 0; cut < len; cut++)
		assert_false(find(type, frame, cut, &offset));
}

#define FOUND(type, literal) assert_found(type, literal, sizeof(literal) - 1)

static void assert_not_found(int type, const char *frame, size_t len)
{
	size_t offset;

	assert_false(find(type, frame, len, &offset));
}

#define NOT_FOUND(type, literal) assert_not_found(type, literal, sizeof(literal) - 1)

static void knows_what_is_promised(void **state)
{
	(void)state;
	const int known[] = {DLT_EN10MB, DLT_LINUX_SLL, DLT_LINUX_SLL2, DLT_NULL,
			     DLT_LOOP,   DLT_RAW,       DLT_IPV4,       DLT_IPV6};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		assert_true(link_layer_known(known[i]));
	assert_false(link_layer_known(DLT_IEEE802_11_RADIO));
	assert_false(link_layer_known(-1));
}

static void finds_ip_in_ethernet(void **state)
{
	(void)state;
	FOUND(DLT_EN10MB, ADDRESSES "\x08\x00\x45");
	FOUND(DLT_EN10MB, ADDRESSES "\x86\xdd\x60");
	NOT_FOUND(DLT_EN10MB, ADDRESSES "\x08\x06\x45");     /* ARP */
	NOT_FOUND(DLT_EN10MB, ADDRESSES "\x00\x26\x42\x42"); /* 802.3 length, LLC */
	NOT_FOUND(DLT_EN10MB, ADDRESSES "\x88\x64\x11\x00"); /* PPPoE */
}

static void goes_behind_vlan_tags(void **state)
{
	(void)state;
	FOUND(DLT_EN10MB, ADDRESSES "\x81\x00\x00\x0a\x08\x00\x45");
	FOUND(DLT_EN10MB, ADDRESSES "\x88\xa8\x00\x0a\x81\x00\x00\x0b\x86\xdd\x60");
	FOUND(DLT_EN10MB, ADDRESSES "\x91\x00\x00\x0a\x81\x00\x00\x0b\x08\x00\x45");
	FOUND(DLT_LINUX_SLL, SLL "\x81\x00\x00\x0a\x08\x00\x45");
	NOT_FOUND(DLT_EN10MB, ADDRESSES "\x81\x00\x00\x0a\x08\x06\x45");
}

static void ends_on_a_frame_of_tags_alone(void **state)
{
	(void)state;
	char frame[9000];
	size_t offset;

	for (size_t i = 0; i + 4 <= sizeof(frame); i += 4)
		memcpy(frame + i, "\x81\x00\x81\x00", 4);
	assert_false(find(DLT_EN10MB, frame, sizeof(frame), &offset));
}

static void finds_ip_in_linux_cooked(void **state)
{
	(void)state;
	FOUND(DLT_LINUX_SLL, SLL "\x08\x00\x45");
	FOUND(DLT_LINUX_SLL, SLL "\x86\xdd\x60");
	NOT_FOUND(DLT_LINUX_SLL, SLL "\x08\x06\x45");
	FOUND(DLT_LINUX_SLL2, "\x08\x00" SLL2_REST "\x45");
	FOUND(DLT_LINUX_SLL2, "\x86\xdd" SLL2_REST "\x60");
	NOT_FOUND(DLT_LINUX_SLL2, "\x08\x06" SLL2_REST "\x45");
}

static void finds_ip_in_bsd_loopback_of_either_byte_order(void **state)
{
	(void)state;
	FOUND(DLT_NULL, "\x02\x00\x00\x00\x45");
	FOUND(DLT_NULL, "\x00\x00\x00\x02\x45");
	FOUND(DLT_NULL, "\x1e\x00\x00\x00\x60");
	FOUND(DLT_NULL, "\x00\x00\x00\x0a\x60");
	FOUND(DLT_LOOP, "\x00\x00\x00\x18\x60");
	FOUND(DLT_LOOP, "\x00\x00\x00\x1c\x60");
	NOT_FOUND(DLT_NULL, "\x10\x00\x00\x00\x45"); /* AppleTalk */
}

static void finds_raw_ip(void **state)
{
	(void)state;
	FOUND(DLT_RAW, "\x45");
	FOUND(DLT_IPV4, "\x45");
	FOUND(DLT_IPV6, "\x60");
	NOT_FOUND(DLT_RAW, "\x00");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(knows_what_is_promised),
	    cmocka_unit_test(finds_ip_in_ethernet),
	    cmocka_unit_test(goes_behind_vlan_tags),
	    cmocka_unit_test(ends_on_a_frame_of_tags_alone),
	    cmocka_unit_test(finds_ip_in_linux_cooked),
	    cmocka_unit_test(finds_ip_in_bsd_loopback_of_either_byte_order),
	    cmocka_unit_test(finds_raw_ip),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
