/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/https/curl_library.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Debian's names for it: of libcurl3-gnutls (12) and libcurl3t64-gnutls (13), and of the others. */
static const char *const names[] = {"libcurl-gnutls.so.4", "libcurl.so.4"};

struct symbol {
	const char *name;
	size_t offset;
};

#define SYMBOL(name) {"curl_" #name, offsetof(struct curl_library, name)}

static const struct symbol symbols[] = {
    SYMBOL(easy_init),     SYMBOL(easy_cleanup), SYMBOL(easy_setopt),
    SYMBOL(easy_perform),  SYMBOL(easy_getinfo), SYMBOL(easy_header),
    SYMBOL(easy_strerror), SYMBOL(slist_append), SYMBOL(slist_free_all),
};

static bool find_symbols(void *handle, struct curl_library *out)
{
	for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++) {
		void *symbol = dlsym(handle, symbols[i].name);

		if (symbol == NULL) {
			return false;
		}
		/* POSIX has a function's address fit a void *. */
		memcpy((char *)out + symbols[i].offset, &symbol, sizeof(symbol));
	}
	return true;
}

const struct curl_library *curl_library_load(void)
{
	static struct curl_library library;
	static bool loaded;

	for (size_t i = 0; !loaded && i < sizeof(names) / sizeof(names[0]); i++) {
		void *handle = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);

		loaded = handle != NULL && find_symbols(handle, &library);
	}
	return loaded ? &library : NULL;
}
