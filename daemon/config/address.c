/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/config/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define UNIX_PREFIX "unix:"
#define UNIX_MODE 0660

/* Scrapes that wait to be taken. */
#define BACKLOG 8

/* Longest host, such as "[::1]" or an IPv4 address, with the NUL. */
#define HOST_SIZE 48

static bool read_unix(const char *path, struct metrics_address *out)
{
	struct sockaddr_un *address = (struct sockaddr_un *)&out->socket;
	const size_t len = strlen(path);
	if (path[0] != '/' || len >= sizeof address->sun_path) {
		return false;
	}
	address->sun_family = AF_UNIX;
	memcpy(address->sun_path, path, len + 1);
	out->size = sizeof *address;
	return true;
}

static bool read_port(const char *text, in_port_t *out)
{
	uint32_t number = 0;
	if (text[0] < '1' || text[0] > '9') {
		return false;
	}
	for (; *text >= '0' && *text <= '9' && number <= UINT16_MAX; text++) {
		number = 10 * number + (uint32_t)(*text - '0');
	}
	*out = htons((uint16_t)number);
	return *text == '\0' && number <= UINT16_MAX;
}

static bool read_ipv4(const char *host, in_port_t port, struct metrics_address *out)
{
	struct sockaddr_in *address = (struct sockaddr_in *)&out->socket;
	address->sin_family = AF_INET;
	address->sin_port = port;
	out->size = sizeof *address;
	return inet_pton(AF_INET, host, &address->sin_addr) == 1 &&
	       ntohl(address->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
}

/* \param host  in brackets. */
static bool read_ipv6(char *host, in_port_t port, struct metrics_address *out)
{
	struct sockaddr_in6 *address = (struct sockaddr_in6 *)&out->socket;
	const size_t len = strlen(host);
	if (len < 3 || host[len - 1] != ']') {
		return false;
	}
	host[len - 1] = '\0';
	address->sin6_family = AF_INET6;
	address->sin6_port = port;
	out->size = sizeof *address;
	return inet_pton(AF_INET6, host + 1, &address->sin6_addr) == 1 &&
	       IN6_IS_ADDR_LOOPBACK(&address->sin6_addr);
}

bool metrics_address_read(const char *text, struct metrics_address *out)
{
	*out = (struct metrics_address){0};
	if (strncmp(text, UNIX_PREFIX, strlen(UNIX_PREFIX)) == 0) {
		return read_unix(text + strlen(UNIX_PREFIX), out);
	}
	char host[HOST_SIZE];
	const char *colon = strrchr(text, ':');
	in_port_t port = 0;
	if (colon == NULL || (size_t)(colon - text) >= sizeof host ||
	    !read_port(colon + 1, &port)) {
		return false;
	}
	memcpy(host, text, (size_t)(colon - text));
	host[colon - text] = '\0';
	return host[0] == '[' ? read_ipv6(host, port, out) : read_ipv4(host, port, out);
}

/* Whether nobody listens at a UNIX socket that is there. */
static bool is_left_behind(const struct metrics_address *address)
{
	const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (descriptor < 0) {
		return false;
	}
	const bool refused =
	    connect(descriptor, (const struct sockaddr *)&address->socket, address->size) != 0 &&
	    errno == ECONNREFUSED;
	close(descriptor);
	return refused;
}

static const char *unix_path(const struct metrics_address *address)
{
	return address->socket.ss_family == AF_UNIX
		   ? ((const struct sockaddr_un *)&address->socket)->sun_path
		   : NULL;
}

static bool bind_to(int descriptor, const struct metrics_address *address)
{
	const struct sockaddr *name = (const struct sockaddr *)&address->socket;
	const char *path = unix_path(address);
	if (path == NULL) {
		const int yes = 1;
		return setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
		       bind(descriptor, name, address->size) == 0;
	}
	bool bound = bind(descriptor, name, address->size) == 0;
	if (!bound && errno == EADDRINUSE) {
		if (!is_left_behind(address)) {
			errno = EADDRINUSE;
			return false;
		}
		bound = unlink(path) == 0 && bind(descriptor, name, address->size) == 0;
	}
	return bound && chmod(path, UNIX_MODE) == 0;
}

int metrics_address_listen(const struct metrics_address *address)
{
	const int descriptor =
	    socket(address->socket.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (descriptor < 0) {
		return -1;
	}
	if (!bind_to(descriptor, address) || listen(descriptor, BACKLOG) != 0) {
		const int reason = errno;
		close(descriptor);
		errno = reason;
		return -1;
	}
	return descriptor;
}

void metrics_address_close(const struct metrics_address *address, int descriptor)
{
	const char *path = unix_path(address);
	if (path != NULL) {
		unlink(path);
	}
	close(descriptor);
}
