/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a request to the gateway's page may be. All texts are from the network. Pure.
 */
#ifndef DAEMON_SITE_SITE_REQUEST_H
#define DAEMON_SITE_SITE_REQUEST_H

#include <stdbool.h>
#include <sys/socket.h>

#include "daemon/answer/proceed.h"
#include "daemon/config/site_address.h"
#include "dpi/observation.h"

/*
 * Whether a Host field (RFC 9110 section 7.2) is one of the page's own: truegate.internal, a name
 * under it, or one of the virtual addresses; of port 80. Another name that somebody had resolved to
 * the page's address (DNS rebinding) is not, so no script of that name's origin reads the page.
 *
 * \param host  NULL when the request had none.
 */
bool site_host_ok(const char *host, const struct site_address *address);

/*
 * Whether a request that changes something comes from the page itself: its Origin field (RFC 6454
 * section 7) is "http://" and the Host, or there is none; Sec-Fetch-Site, where there is one, is
 * "same-origin".
 */
bool site_origin_ok(const char *origin, const char *fetch_site, const char *host);

enum site_form { SITE_FORM_PAGE, SITE_FORM_JSON };

/*
 * Reads the name of a path such as "/vietc0mbank.top" or "/vietc0mbank.top.json", or of what a
 * person typed or pasted ("https://vietc0mbank.top/login").
 *
 * \returns false when that is not a name that can stand in a URL.
 */
bool site_path_name(const char *path, char name[HOST_NAME_MAX_LEN + 1], enum site_form *form);
bool site_typed_name(const char *typed, char name[HOST_NAME_MAX_LEN + 1]);

/* The last `labels` labels of a name: what a grant is for. */
const char *site_name_tail(const char *name, unsigned labels);

/* The device of a socket's address; an IPv4 address mapped into IPv6 (RFC 4291 section 2.5.5.2) is
 * the IPv4 address. A view of it. \returns false for another family. */
bool site_device(const struct sockaddr *address, struct device_address *out);

#endif
