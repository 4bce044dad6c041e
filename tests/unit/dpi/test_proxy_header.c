/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/proxy_header.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define TEXT(literal) (literal), (sizeof(literal) - 1)

static const char binary[] = "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c"
			     "\xc0\0\x02\x01\xc0\0\x02\x02\x04\x00\0\x50";

static enum proxy_header_result read_text(const char *text, size_t len, size_t *header_len)
{
	return proxy_header_read((const uint8_t *)text, len, header_len);
}

static void assert_whole(const char *text, size_t len)
{
	char octets[256];
	size_t header_len = 0;
	memcpy(octets, text, len);
	memcpy(octets + len, "GET / HTTP/1.1\r\n", 16);
	assert_int_equal(read_text(octets, len + 16, &header_len), PROXY_HEADER_WHOLE);
	assert_int_equal(header_len, len);
}

static void test_headers(void **state)
{
	(void)state;
	assert_whole(TEXT("PROXY TCP4 192.0.2.1 192.0.2.2 1024 80\r\n"));
	assert_whole(TEXT("PROXY TCP6 2001:db8::1 2001:db8::2 1024 80\r\n"));
	assert_whole(TEXT("PROXY UNKNOWN\r\n"));
	assert_whole(TEXT(binary));
}

static void test_cut(void **state)
{
	(void)state;
	static const char line[] = "PROXY TCP4 192.0.2.1 192.0.2.2 1024 80\r\n";
	size_t header_len = 0;
	for (size_t len = 1; len < sizeof(line) - 1; len++) {
		assert_int_equal(read_text(line, len, &header_len), PROXY_HEADER_CUT);
	}
	for (size_t len = 1; len < 16; len++) {
		assert_int_equal(read_text(binary, len, &header_len), PROXY_HEADER_CUT);
	}
}

static void test_others(void **state)
{
	(void)state;
	size_t header_len = 0;
	char endless[200];
	memset(endless, 'x', sizeof(endless));
	memcpy(endless, TEXT("PROXY TCP4 "));
	assert_int_equal(read_text(endless, sizeof(endless), &header_len), PROXY_HEADER_NONE);
	assert_int_equal(read_text(TEXT("PROXY / HTTP/1.1\r\nHost: a\r\n"), &header_len),
			 PROXY_HEADER_NONE);
	assert_int_equal(read_text(TEXT("GET / HTTP/1.1\r\n"), &header_len), PROXY_HEADER_NONE);
	assert_int_equal(read_text(TEXT("\r\nGET / HTTP/1.1\r\n"), &header_len), PROXY_HEADER_NONE);
	assert_int_equal(read_text(TEXT("\x16\x03\x01"), &header_len), PROXY_HEADER_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_headers),
	    cmocka_unit_test(test_cut),
	    cmocka_unit_test(test_others),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
