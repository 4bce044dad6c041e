/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/answer/own_name.h"

#include <string.h>

struct owned {
	const char *name;
	enum own_name kind;
	bool canary;
};

static const struct owned names[] = {
    {OWN_NAME, OWN_NAME_PAGE, false},           {"use-application-dns.net", OWN_NAME_ABSENT, true},
    {"mask.icloud.com", OWN_NAME_ABSENT, true}, {"mask-h2.icloud.com", OWN_NAME_ABSENT, true},
    {"resolver.arpa", OWN_NAME_NO_DATA, true},
};

static bool is_under(const char *host, size_t host_len, const char *name)
{
	size_t len = strlen(name);

	return host_len >= len && memcmp(host + host_len - len, name, len) == 0 &&
	       (host_len == len || host[host_len - len - 1] == '.');
}

enum own_name own_name_of(const char *host, size_t host_len, bool canary)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if ((canary || !names[i].canary) && is_under(host, host_len, names[i].name)) {
			return names[i].kind;
		}
	}
	return OWN_NAME_NONE;
}
