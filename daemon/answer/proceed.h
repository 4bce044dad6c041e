/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The way on from a warning: how a person says "open it all the same", for 15 minutes, on the
 * device that was warned.
 *
 * Of HTTP the gateway reads the Host alone, so the wish has to stand in a host name. The page's
 * button sends a form to
 *
 *     http://LABEL.FAKE.SUFFIX/        (the port of the warned request is kept)
 *
 * FAKE is the name that was warned of, SUFFIX a name that belongs to nobody ("truegate.internal";
 * ICANN keeps .internal for private use, so no certificate exists and no browser insists on HTTPS).
 * LABEL holds, in 56 characters at most:
 *   - 16 characters, base32: a keyed hash over (device, fake, quarter of an hour). It proves that
 * the page was read on this device not long ago; another site can link to the fake but cannot guess
 *     this, so only the button opens the way.
 *   - 8 characters, base32: a keyed hash over (address, fake), so that the gateway answers no
 *     question for addresses of somebody else's choice (DNS rebinding).
 *   - 8 or 32 characters, hexadecimal: the address of the server that the warned request went to.
 * The browser asks the DNS for that name; the gateway answers with the address in it, so the
 * connection's handshake is with a server that listens. The request's Host is recognised, dropped,
 * and answered with a redirect to the fake; the grant is remembered. Nothing else is stored: after
 * a restart of the daemon old pages lead to "no such name", and to a new warning when loaded again.
 *
 * It works for devices whose DNS questions pass the gateway in plain; others are warned without a
 * way on that resolves.
 *
 * The keys are random and die with the process. Functions are thread-safe where they say so.
 */
#ifndef DAEMON_ANSWER_PROCEED_H
#define DAEMON_ANSWER_PROCEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dpi/observation.h"
#include "dpi/packet.h"

#define PROCEED_DEFAULT_SUFFIX "truegate.internal"
/* How long a grant lasts. A page's button is good for as long, and twice that at most. */
#define PROCEED_MINUTES 15
#define PROCEED_SECONDS (UINT64_C(60) * PROCEED_MINUTES)
/* "http://" host ":65535/" and a NUL */
#define PROCEED_URL_SIZE (7 + HOST_NAME_MAX_LEN + 7 + 1)

struct proceed;

struct proceed_config {
	const char *suffix; /* host name, lower case, no dots at its ends; NULL: the default */
	uint32_t grants;    /* kept at once; 0: 4096; rounded up to a power of two. Each has one of
			       eight places by its hash; when those are taken, the grant that would
			       end first goes */
};

/*
 * Takes its memory once.
 * \param config  NULL for the defaults.
 * \returns NULL with errno set: EINVAL when the suffix is no host name or longer than 100 octets,
 * ENOMEM, or EIO when libsodium does not start. Free with proceed_free().
 */
struct proceed *proceed_new(const struct proceed_config *config);
void proceed_free(struct proceed *proceed);

/*
 * Writes the URL that a page shown in answer to `packet` offers. Thread-safe.
 *
 * \param packet  the HTTP request that is warned of: its source is the device.
 * \param fake    the host it asked for, as struct observation has it.
 * \param now_s   CLOCK_MONOTONIC, seconds.
 * \returns false when the name cannot be carried (longer than some 180 octets, no IDNA): the page
 * then has no way on.
 */
bool proceed_url(const struct proceed *proceed, const struct packet *packet, const char *fake,
		 size_t fake_len, uint64_t now_s, char out[PROCEED_URL_SIZE]);

enum proceed_result {
	PROCEED_NONE,    /* an ordinary name: go on and judge it */
	PROCEED_FOUND,   /* out is filled. VIA_DNS: answer with the address. VIA_HTTP: call
			   proceed_grant() and answer with the redirect to out->fake, whatever it
			   returned (a page too old leads to a new warning that way) */
	PROCEED_INVALID, /* under the suffix, but nothing we made: answer a DNS question with
			   dns_answer_nxdomain(), let HTTP pass; do not judge it */
};

struct proceed_request {
	char fake[HOST_NAME_MAX_LEN + 1]; /* A-labels, lower case */
	uint8_t address[16];              /* of the server, network order */
	size_t address_len;               /* 4 or 16 */
	char proof[17];                   /* for proceed_grant() */
};

/* Reads a host name that was asked for, by DNS or HTTP. Thread-safe. */
enum proceed_result proceed_read(const struct proceed *proceed, const char *host, size_t host_len,
				 struct proceed_request *out);

/*
 * Grants the way on for the device that sent `packet`, when the proof is this device's and not too
 * old. Thread-safe.
 * \returns whether it was granted.
 */
bool proceed_grant(struct proceed *proceed, const struct packet *packet,
		   const struct proceed_request *request, uint64_t now_s);

/*
 * Whether the device that sent `packet` may go on to a host of this name: it was granted for the
 * name or for one that it stands under (parts of one site). To be asked for ACTION_WARN alone.
 * Thread-safe.
 */
bool proceed_granted(struct proceed *proceed, const struct packet *packet, const char *host,
		     size_t host_len, uint64_t now_s);

#endif
