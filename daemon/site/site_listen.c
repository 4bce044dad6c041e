/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/site/site_listen.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Of linux/netfilter_ipv4.h and linux/netfilter_ipv6/ip6_tables.h, which clash with libc's
 * headers. */
#define SO_ORIGINAL_DST 80
#define IP6T_SO_ORIGINAL_DST 80

/* Connections that wait to be taken. */
#define BACKLOG 64

static bool bind_ipv6(int descriptor, uint16_t port)
{
	const int no = 0;
	const struct sockaddr_in6 any = {
	    .sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = IN6ADDR_ANY_INIT};

	return setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no) == 0 &&
	       bind(descriptor, (const struct sockaddr *)&any, sizeof any) == 0;
}

static bool bind_ipv4(int descriptor, uint16_t port)
{
	const struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons(port)};

	return bind(descriptor, (const struct sockaddr *)&any, sizeof any) == 0;
}

static int listen_over(int family, uint16_t port)
{
	const int yes = 1;
	const int descriptor = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (descriptor < 0) {
		return -1;
	}
	if (setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
	    !(family == AF_INET6 ? bind_ipv6 : bind_ipv4)(descriptor, port) ||
	    listen(descriptor, BACKLOG) != 0) {
		const int reason = errno;

		close(descriptor);
		errno = reason;
		return -1;
	}
	return descriptor;
}

int site_listen(uint16_t port)
{
	const int descriptor = listen_over(AF_INET6, port);

	return descriptor < 0 && (errno == EAFNOSUPPORT || errno == EADDRNOTAVAIL)
		   ? listen_over(AF_INET, port)
		   : descriptor;
}

bool site_was_redirected(int descriptor, const struct site_address *address)
{
	struct sockaddr_in ipv4;
	struct sockaddr_in6 ipv6;
	socklen_t len = sizeof ipv4;

	/* An IPv4 connection to an IPv6 socket is asked about over IPv4. */
	if (getsockopt(descriptor, SOL_IP, SO_ORIGINAL_DST, &ipv4, &len) == 0) {
		return memcmp(&ipv4.sin_addr, address->ipv4, sizeof address->ipv4) == 0;
	}
	len = sizeof ipv6;
	return getsockopt(descriptor, SOL_IPV6, IP6T_SO_ORIGINAL_DST, &ipv6, &len) == 0 &&
	       memcmp(&ipv6.sin6_addr, address->ipv6, sizeof address->ipv6) == 0;
}
