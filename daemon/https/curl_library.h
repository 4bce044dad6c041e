/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * libcurl, loaded by dlopen(3). Internal to daemon/https/.
 */
#ifndef DAEMON_HTTPS_CURL_LIBRARY_H
#define DAEMON_HTTPS_CURL_LIBRARY_H

#include <curl/curl.h>

struct curl_library {
	__typeof__(curl_easy_init) *easy_init;
	__typeof__(curl_easy_cleanup) *easy_cleanup;
	__typeof__(curl_easy_setopt) *easy_setopt;
	__typeof__(curl_easy_perform) *easy_perform;
	__typeof__(curl_easy_getinfo) *easy_getinfo;
	__typeof__(curl_easy_header) *easy_header;
	__typeof__(curl_easy_strerror) *easy_strerror;
	__typeof__(curl_slist_append) *slist_append;
	__typeof__(curl_slist_free_all) *slist_free_all;
};

/* Loads it once, for good. \returns NULL when the machine has none. For one thread. */
const struct curl_library *curl_library_load(void);

#endif
