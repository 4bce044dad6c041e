/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/site/site_request.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "daemon/answer/own_name.h"
#include "daemon/answer/url_host.h"

#define JSON_SUFFIX ".json"
/* Of a Host field: a name or a bracketed address, without port. */
#define HOST_SIZE (HOST_NAME_MAX_LEN + 2)

static bool is_own_name(const char *host, size_t len)
{
	const size_t own_len = strlen(OWN_NAME);

	if (len > 0 && host[len - 1] == '.') {
		len--;
	}
	return len >= own_len && strncasecmp(host + len - own_len, OWN_NAME, own_len) == 0 &&
	       (len == own_len || host[len - own_len - 1] == '.');
}

static bool is_own_address(const char *host, const struct site_address *address)
{
	uint8_t octets[sizeof address->ipv6];
	char bare[INET6_ADDRSTRLEN];
	const size_t len = strlen(host);

	if (inet_pton(AF_INET, host, octets) == 1) {
		return memcmp(octets, address->ipv4, sizeof address->ipv4) == 0;
	}
	if (len < 3 || len - 2 >= sizeof bare || host[0] != '[' || host[len - 1] != ']') {
		return false;
	}
	memcpy(bare, host + 1, len - 2);
	bare[len - 2] = '\0';
	return inet_pton(AF_INET6, bare, octets) == 1 &&
	       memcmp(octets, address->ipv6, sizeof address->ipv6) == 0;
}

bool site_host_ok(const char *host, const struct site_address *address)
{
	static const char port[] = ":80";
	char bare[HOST_SIZE];

	if (host == NULL) {
		return false;
	}

	size_t len = strlen(host);

	if (len > strlen(port) && strcmp(host + len - strlen(port), port) == 0) {
		len -= strlen(port);
	}
	if (len >= sizeof bare) {
		return false;
	}
	memcpy(bare, host, len);
	bare[len] = '\0';
	return is_own_name(bare, len) || is_own_address(bare, address);
}

bool site_origin_ok(const char *origin, const char *fetch_site, const char *host)
{
	static const char scheme[] = "http://";

	if (fetch_site != NULL && strcmp(fetch_site, "same-origin") != 0) {
		return false;
	}
	return origin == NULL || (strncmp(origin, scheme, strlen(scheme)) == 0 &&
				  strcasecmp(origin + strlen(scheme), host) == 0);
}

bool site_path_name(const char *path, char name[HOST_NAME_MAX_LEN + 1], enum site_form *form)
{
	const char *start = path[0] == '/' ? path + 1 : path;
	size_t len = strlen(start);

	*form = SITE_FORM_PAGE;
	if (len > strlen(JSON_SUFFIX) &&
	    strcmp(start + len - strlen(JSON_SUFFIX), JSON_SUFFIX) == 0) {
		*form = SITE_FORM_JSON;
		len -= strlen(JSON_SUFFIX);
	}
	return url_host(start, len, name);
}

bool site_typed_name(const char *typed, char name[HOST_NAME_MAX_LEN + 1])
{
	const char *start = typed + strspn(typed, " \t");
	const char *scheme = strstr(start, "://");

	if (scheme != NULL) {
		start = scheme + 3;
	}
	return url_host(start, strcspn(start, "/?#: \t"), name);
}

const char *site_name_tail(const char *name, unsigned labels)
{
	const char *at = name + strlen(name);

	while (at > name) {
		if (at[-1] == '.' && --labels == 0) {
			break;
		}
		at--;
	}
	return at;
}

bool site_device(const struct sockaddr *address, struct device_address *out)
{
	if (address->sa_family == AF_INET) {
		const struct sockaddr_in *ipv4 = (const struct sockaddr_in *)address;

		*out = (struct device_address){(const uint8_t *)&ipv4->sin_addr, 4};
		return true;
	}
	if (address->sa_family != AF_INET6) {
		return false;
	}

	const struct sockaddr_in6 *ipv6 = (const struct sockaddr_in6 *)address;
	const uint8_t *octets = ipv6->sin6_addr.s6_addr;

	*out = IN6_IS_ADDR_V4MAPPED(&ipv6->sin6_addr) ? (struct device_address){octets + 12, 4}
						      : (struct device_address){octets, 16};
	return true;
}
