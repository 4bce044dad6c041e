/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/answer/raw_sender.h"
#include "daemon/answer/reply_packet.h"

/* Raw sockets need a capability: without it there is nothing to test. */
static bool may_open_raw_sockets(void)
{
	int fd = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);

	if (fd < 0) {
		print_message("SKIPPED: no raw sockets here (run as root)\n");
		return false;
	}
	close(fd);
	return true;
}

/* A UDP socket on loopback that gives up after a second; its port goes to *port. */
static int listen_on(int family, uint16_t *port)
{
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct sockaddr *address = family == AF_INET ? (void *)&v4 : (void *)&v6;
	socklen_t size = family == AF_INET ? sizeof(v4) : sizeof(v6);
	const struct timeval second = {.tv_sec = 1};
	int fd = socket(family, SOCK_DGRAM, 0);

	if (fd < 0 || bind(fd, address, size) != 0 || getsockname(fd, address, &size) != 0) {
		if (fd >= 0) {
			close(fd);
		}
		return -1;
	}
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof(second));
	*port = ntohs(family == AF_INET ? v4.sin_port : v6.sin6_port);
	return fd;
}

static void check_family(struct raw_sender *sender, int family, int fd, uint16_t port)
{
	struct endpoints ends = {
	    .ip_version = family == AF_INET ? 4 : 6, .device_port = port, .server_port = 53};
	uint8_t packet[REPLY_PACKET_SIZE];
	char received[64];

	if (family == AF_INET) {
		memcpy(ends.device, "\177\0\0\1", 4);
		memcpy(ends.server, "\177\0\0\65", 4);
	} else {
		ends.device[15] = ends.server[15] = 1;
	}
	size_t len = reply_udp(&ends, (const uint8_t *)"answer", 6, packet, sizeof(packet));

	for (int direction = SIDE_DEVICE; direction <= SIDE_SERVER; direction++) {
		struct sockaddr_storage from;
		socklen_t from_len = sizeof(from);

		assert_true(raw_sender_send(sender, (enum direction)direction, 0, packet, len));
		assert_int_equal(recvfrom(fd, received, sizeof(received), 0,
					  (struct sockaddr *)&from, &from_len),
				 6);
		assert_memory_equal(received, "answer", 6);
		if (family == AF_INET) {
			const struct sockaddr_in *v4 = (const struct sockaddr_in *)&from;

			assert_int_equal(ntohs(v4->sin_port), 53);
			assert_int_equal(ntohl(v4->sin_addr.s_addr), 0x7f000035);
		}
	}
}

static void test_packets_arrive_as_built(void **state)
{
	(void)state;
	static const int families[] = {AF_INET, AF_INET6};
	char error[256] = "";
	uint64_t sent, failed, expected = 0;

	if (!may_open_raw_sockets()) {
		skip();
	}
	struct raw_sender *sender = raw_sender_open(0x20000000, 0, error, sizeof(error));

	assert_non_null(sender);
	for (size_t i = 0; i < 2; i++) {
		uint16_t port;
		int fd = listen_on(families[i], &port);

		if (fd < 0) {
			assert_int_equal(families[i], AF_INET6);
			print_message("SKIPPED: no IPv6 here\n");
			continue;
		}
		check_family(sender, families[i], fd, port);
		expected += 2;
		close(fd);
	}
	raw_sender_stats(sender, &sent, &failed);
	assert_int_equal(sent, expected);
	assert_int_equal(failed, 0);
	raw_sender_close(sender);
}

static void test_what_is_no_packet_is_counted(void **state)
{
	(void)state;
	char error[256] = "";
	uint64_t sent, failed;
	static const uint8_t bad[64] = {0x45};

	if (!may_open_raw_sockets()) {
		skip();
	}
	struct raw_sender *sender = raw_sender_open(0, 0, error, sizeof(error));

	assert_non_null(sender);
	assert_false(raw_sender_send(sender, SIDE_DEVICE, 0, bad, 0));
	assert_false(raw_sender_send(sender, SIDE_DEVICE, 0, bad, 19));
	assert_false(raw_sender_send(sender, SIDE_DEVICE, 0, bad + 1, 39));
	raw_sender_stats(sender, &sent, &failed);
	assert_int_equal(sent, 0);
	assert_int_equal(failed, 3);
	raw_sender_close(sender);
}

static void test_error_says_what_to_do(void **state)
{
	(void)state;
	char error[256] = "";

	if (!may_open_raw_sockets()) {
		skip();
	}
	/* Without privileges for good: the last test of this program. */
	if (setresuid(65534, 65534, 65534) != 0) {
		skip();
	}
	assert_null(raw_sender_open(0, 0, error, sizeof(error)));
	assert_non_null(strstr(error, "Operation not permitted"));
	assert_non_null(strstr(error, "CAP_NET_RAW"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_packets_arrive_as_built),
	    cmocka_unit_test(test_what_is_no_packet_is_counted),
	    cmocka_unit_test(test_error_says_what_to_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
