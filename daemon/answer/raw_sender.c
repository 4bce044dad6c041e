/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/answer/raw_sender.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SIDES 2

struct raw_sender {
	int ipv4[SIDES]; /* by enum direction */
	int ipv6[SIDES]; /* -1 on a host without IPv6 */
	_Atomic uint64_t sent;
	_Atomic uint64_t failed;
};

/* A socket that takes packets with their IP header (raw(7), ipv6(7)); -1 with errno on failure. */
static int open_socket(int family, uint32_t mark)
{
	int fd = socket(family, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_RAW);

	if (fd < 0) {
		return -1;
	}
	if (mark != 0 && setsockopt(fd, SOL_SOCKET, SO_MARK, &mark, sizeof(mark)) != 0) {
		int saved = errno;

		close(fd);
		errno = saved;
		return -1;
	}
	return fd;
}

struct raw_sender *raw_sender_open(uint32_t device_mark, uint32_t server_mark, char *error,
				   size_t error_size)
{
	const uint32_t marks[SIDES] = {[SIDE_DEVICE] = device_mark, [SIDE_SERVER] = server_mark};
	struct raw_sender *sender = calloc(1, sizeof(*sender));

	if (sender == NULL) {
		(void)snprintf(error, error_size, "out of memory for the answer sockets");
		return NULL;
	}
	for (size_t i = 0; i < SIDES; i++) {
		sender->ipv4[i] = sender->ipv6[i] = -1;
	}
	for (size_t i = 0; i < SIDES; i++) {
		sender->ipv4[i] = open_socket(AF_INET, marks[i]);
		if (sender->ipv4[i] < 0) {
			goto fail;
		}
		sender->ipv6[i] = open_socket(AF_INET6, marks[i]);
		if (sender->ipv6[i] < 0 && errno != EAFNOSUPPORT) {
			goto fail;
		}
	}
	return sender;

fail:
	(void)snprintf(error, error_size,
		       "cannot open a raw socket for answers: %s; start as root, or with the "
		       "capabilities CAP_NET_RAW and CAP_NET_ADMIN",
		       strerror(errno));
	raw_sender_close(sender);
	return NULL;
}

void raw_sender_close(struct raw_sender *sender)
{
	if (sender == NULL) {
		return;
	}
	for (size_t i = 0; i < SIDES; i++) {
		if (sender->ipv4[i] >= 0) {
			close(sender->ipv4[i]);
		}
		if (sender->ipv6[i] >= 0) {
			close(sender->ipv6[i]);
		}
	}
	free(sender);
}

/* \returns whether the whole packet was sent; a signal in between is not a reason not to. */
static bool send_to(int fd, const uint8_t *packet, size_t len, const void *to, socklen_t to_size)
{
	ssize_t sent = -1;

	do {
		sent = sendto(fd, packet, len, MSG_NOSIGNAL, to, to_size);
	} while (sent < 0 && errno == EINTR);
	return sent == (ssize_t)len;
}

static bool send_ipv4(int fd, const uint8_t *packet, size_t len)
{
	struct sockaddr_in to = {.sin_family = AF_INET};

	if (len < sizeof(struct iphdr)) {
		return false;
	}
	memcpy(&to.sin_addr, packet + offsetof(struct iphdr, daddr), sizeof(to.sin_addr));
	return send_to(fd, packet, len, &to, sizeof(to));
}

static bool send_ipv6(int fd, uint32_t ifindex, const uint8_t *packet, size_t len)
{
	struct sockaddr_in6 to = {.sin6_family = AF_INET6};

	if (fd < 0 || len < sizeof(struct ip6_hdr)) {
		return false;
	}
	memcpy(&to.sin6_addr, packet + offsetof(struct ip6_hdr, ip6_dst), sizeof(to.sin6_addr));
	if (IN6_IS_ADDR_LINKLOCAL(&to.sin6_addr)) {
		to.sin6_scope_id = ifindex;
	}
	return send_to(fd, packet, len, &to, sizeof(to));
}

bool raw_sender_send(struct raw_sender *sender, enum direction direction, uint32_t ifindex,
		     const uint8_t *packet, size_t len)
{
	bool sent = len > 0 && (packet[0] >> 4 == 4
				    ? send_ipv4(sender->ipv4[direction], packet, len)
				    : send_ipv6(sender->ipv6[direction], ifindex, packet, len));

	atomic_fetch_add_explicit(sent ? &sender->sent : &sender->failed, 1, memory_order_relaxed);
	return sent;
}

void raw_sender_stats(const struct raw_sender *sender, uint64_t *sent, uint64_t *failed)
{
	*sent = atomic_load_explicit(&sender->sent, memory_order_relaxed);
	*failed = atomic_load_explicit(&sender->failed, memory_order_relaxed);
}
