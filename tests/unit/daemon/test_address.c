/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where metrics may be asked for, and where not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

#include "daemon/config/address.h"

static void test_this_machine(void **state)
{
	(void)state;
	struct metrics_address address;
	assert_true(metrics_address_read("127.0.0.1:9469", &address));
	const struct sockaddr_in *ipv4 = (const struct sockaddr_in *)&address.socket;
	assert_int_equal(ipv4->sin_family, AF_INET);
	assert_int_equal(ntohs(ipv4->sin_port), 9469);
	assert_int_equal(ntohl(ipv4->sin_addr.s_addr), INADDR_LOOPBACK);
	assert_true(metrics_address_read("127.255.0.9:1", &address));
	assert_true(metrics_address_read("[::1]:65535", &address));
	const struct sockaddr_in6 *ipv6 = (const struct sockaddr_in6 *)&address.socket;
	assert_int_equal(ipv6->sin6_family, AF_INET6);
	assert_int_equal(ntohs(ipv6->sin6_port), 65535);
	assert_true(metrics_address_read("unix:/run/x", &address));
	assert_string_equal(((const struct sockaddr_un *)&address.socket)->sun_path, "/run/x");
}

static void test_others(void **state)
{
	(void)state;
	static const char *const refused[] = {
	    "",
	    ":",
	    "127.0.0.1",
	    "127.0.0.1:",
	    "127.0.0.1:0",
	    "127.0.0.1:65536",
	    "127.0.0.1:-1",
	    "127.0.0.1:4294967297",
	    "127.0.0.1:80x",
	    "0.0.0.0:80",
	    "128.0.0.1:80",
	    "10.0.0.1:80",
	    "localhost:80",
	    "::1:80",
	    "[::1]",
	    "[::]:80",
	    "[::2]:80",
	    "[2001:db8::1]:80",
	    "[::ffff:127.0.0.1]:80",
	    "[::1:80",
	    "[]:80",
	    "[:80",
	    "127.0.0.1 :80",
	    "unix:",
	    "unix:relative",
	    "9469",
	    "http://127.0.0.1:80",
	    "127.0.0.1.and.a.host.that.is.longer.than.any.address.is:80",
	};
	struct metrics_address address;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		if (metrics_address_read(refused[i], &address)) {
			fail_msg("%s was taken", refused[i]);
		}
	}
	char path[200] = "unix:/";
	memset(path + 6, 'a', sizeof path - 7);
	path[sizeof path - 1] = '\0';
	assert_false(metrics_address_read(path, &address));
	/* The longest that fits. */
	path[5 + sizeof((struct sockaddr_un *)0)->sun_path - 1] = '\0';
	assert_true(metrics_address_read(path, &address));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_this_machine),
	    cmocka_unit_test(test_others),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
