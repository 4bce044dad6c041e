/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who chose to go on: after a warning a person may open the fake all the same, on the device that
 * was warned, for PROCEED_SECONDS. The gateway's page asks for it and calls proceed_grant(); the
 * verdict path asks proceed_granted() about each finding, by whatever way the name was seen.
 *
 * The page stands in an origin of its own, which no script of the fake can read. Its form carries a
 * token, a keyed hash over device, name, step and quarter of an hour, so that no page of another
 * site can send the form: it cannot know the token. Only a page read on this device not long ago
 * has one.
 *
 * A device is known by its address. One with several (IPv4 and IPv6, temporary addresses of RFC
 * 8981) reads the page by one of them and opens the fake by another, so proceed_note_neighbour()
 * tells which link-layer address an address was last seen with, and addresses of the same one are
 * one device. A link-layer address that two IPv4 addresses were seen with inside an hour may be a
 * router or an extender for several devices: there each address stands for itself.
 *
 * Everything is kept in memory only, as keyed hashes of which the keys are random and die with the
 * process. Nothing is allocated after proceed_new(). All functions are thread-safe.
 */
#ifndef DAEMON_ANSWER_PROCEED_H
#define DAEMON_ANSWER_PROCEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How long a grant lasts. A token is good for as long, and twice that at most. */
#define PROCEED_MINUTES 15
#define PROCEED_SECONDS (UINT64_C(60) * PROCEED_MINUTES)
/* 80 bits in hexadecimal and a NUL. */
#define PROCEED_TOKEN_SIZE 21
#define LINK_ADDRESS_SIZE 6

struct proceed;

/* An address of a device, in network order; a view of the caller's octets. */
struct device_address {
	const uint8_t *octets;
	size_t len; /* 4 or 16 */
};

/* What a token was made for: the first question of a page, or the second one of `block`. */
enum proceed_step { PROCEED_ASK, PROCEED_CONFIRM };

/*
 * \param grants  kept at once; 0: 4096; rounded up to a power of two. Each has one of eight places
 *                by its hash; when those are taken, the one that would end first goes. As many
 *                addresses are kept with their link-layer address.
 * \returns NULL with errno set: ENOMEM, or EIO when libsodium does not start. Free with
 * proceed_free().
 */
struct proceed *proceed_new(uint32_t grants);
void proceed_free(struct proceed *proceed);

/* Notes that an address was seen with a link-layer address, of a packet that no router forwarded.
 * \param now_s  CLOCK_MONOTONIC, seconds; so below. */
void proceed_note_neighbour(struct proceed *proceed, struct device_address device,
			    const uint8_t link_address[LINK_ADDRESS_SIZE], uint64_t now_s);

/*
 * Writes the token that a form for this device and name carries.
 *
 * \param name  host name as it was asked for, name_len octets.
 * \returns false when the name cannot stand in a URL (url_host()): no way on can be offered.
 */
bool proceed_token(struct proceed *proceed, struct device_address device, const char *name,
		   size_t name_len, enum proceed_step step, uint64_t now_s,
		   char out[PROCEED_TOKEN_SIZE]);

/* Whether a token (a string from the network) is this device's for that name and step, and not too
 * old. */
bool proceed_token_ok(struct proceed *proceed, struct device_address device, const char *name,
		      size_t name_len, enum proceed_step step, const char *token, uint64_t now_s);

/* Lets the device go on to the name and all that stands under it. \returns false when the name
 * cannot stand in a URL. The caller has checked a token. */
bool proceed_grant_device(struct proceed *proceed, struct device_address device, const char *name,
			  size_t name_len, uint64_t now_s);

/* Whether the device may go on to this name: it was granted for the name or for one that it stands
 * under. */
bool proceed_granted(struct proceed *proceed, struct device_address device, const char *name,
		     size_t name_len, uint64_t now_s);

#endif
