#include "dpi/inspector.h"

#include <stdio.h>
#include <stdlib.h>

#include "packets.h"
#include "recorder.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct talk dns_talk = {false, 0x0105, 0x0808, 40000, 53};
static const struct talk http_talk = {false, 0x0105, 0x0909, 40001, 80};

static const char simple_request[] = "GET /index.html HTTP/1.1\r\nHost: www.Example.com\r\n\r\n";

static void test_dns_udp(void **state)
{
	struct watch *watch = *state;
	uint8_t query[64];
	uint8_t packet[128];
	size_t query_len = put_query(query, 7, "Www.vietc0mbank.TOP");
	size_t len = put_udp(packet, &dns_talk, true, query, query_len);
	assert_int_equal(watch_packet(watch, packet, len), INSPECTOR_WATCH);
	assert_string_equal(watch->hosts, "dns www.vietc0mbank.top\n");
	assert_int_equal(watch->last.dns_message_len, query_len);
	assert_memory_equal(watch->last_message, query, query_len);
	assert_int_equal(inspector_stats(watch->inspector)->dns_messages, 1);

	query[2] |= 0x80; /* the answer */
	len = put_udp(packet, &dns_talk, false, query, query_len);
	assert_int_equal(watch_packet(watch, packet, len), INSPECTOR_WATCH);
	assert_int_equal(inspector_stats(watch->inspector)->observations, 1);
	assert_int_equal(inspector_stats(watch->inspector)->flows, 1);
}

static void test_http_simple(void **state)
{
	struct watch *watch = *state;
	watch_handshake(watch, &http_talk, 1000);
	assert_int_equal(
	    watch_data(watch, &http_talk, 1001, simple_request, sizeof(simple_request) - 1),
	    INSPECTOR_WATCH);
	assert_string_equal(watch->hosts, "http www.example.com\n");
	assert_int_equal(watch->last.request_end_seq, 1001 + sizeof(simple_request) - 1);
	assert_int_equal(watch->last.request_index, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_dns_udp, watch_begin, watch_end),
	    cmocka_unit_test_setup_teardown(test_http_simple, watch_begin, watch_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
