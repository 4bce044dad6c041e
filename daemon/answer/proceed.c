/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/answer/proceed.h"

#include <errno.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/answer/url_host.h"

#define DEFAULT_GRANTS 4096
#define PLACES 8 /* of a grant, by its hash */
#define LONGEST_SUFFIX 100

/* Parts of the label: proof, seal of the address, address. Five octets make eight characters. */
#define PROOF_OCTETS 10
#define PROOF_CHARS 16
#define SEAL_OCTETS 5
#define SEAL_CHARS 8
#define ADDRESS_CHARS_MAX 32
#define LABEL_CHARS_MAX (PROOF_CHARS + SEAL_CHARS + ADDRESS_CHARS_MAX)

_Static_assert(LABEL_CHARS_MAX <= 63, "a DNS label holds 63 octets, RFC 1035 section 2.3.4");
_Static_assert(sizeof(((struct proceed_request *)0)->proof) == PROOF_CHARS + 1, "room for a proof");

struct grant {
	uint64_t hash;   /* over (device, name) */
	uint64_t ends_s; /* 0: the place is free */
};

struct proceed {
	char suffix[LONGEST_SUFFIX + 1];
	size_t suffix_len;
	uint32_t mask; /* of groups of PLACES */
	uint8_t link_key[crypto_generichash_KEYBYTES];
	uint8_t grant_key[crypto_shorthash_KEYBYTES];
	pthread_mutex_t lock; /* of grants */
	struct grant *grants;
};

static bool suffix_is_usable(const char *suffix)
{
	char ascii[HOST_NAME_MAX_LEN + 1];
	size_t len = strlen(suffix);

	return len > 0 && len <= LONGEST_SUFFIX && url_host(suffix, len, ascii) &&
	       strcmp(ascii, suffix) == 0;
}

struct proceed *proceed_new(const struct proceed_config *config)
{
	const struct proceed_config defaults = {0};
	const struct proceed_config *c = config != NULL ? config : &defaults;
	const char *suffix = c->suffix != NULL ? c->suffix : PROCEED_DEFAULT_SUFFIX;
	uint32_t wanted = c->grants != 0 ? c->grants : DEFAULT_GRANTS;
	uint32_t groups = 1;

	if (!suffix_is_usable(suffix)) {
		errno = EINVAL;
		return NULL;
	}
	if (sodium_init() < 0) {
		errno = EIO;
		return NULL;
	}
	while (groups * PLACES < wanted && groups < UINT32_C(1) << 24) {
		groups <<= 1;
	}

	struct proceed *w = calloc(1, sizeof(*w));

	if (w == NULL) {
		return NULL;
	}
	w->grants = calloc((size_t)groups * PLACES, sizeof(*w->grants));
	if (w->grants == NULL) {
		free(w);
		return NULL;
	}
	w->mask = groups - 1;
	w->suffix_len = strlen(suffix);
	memcpy(w->suffix, suffix, w->suffix_len + 1);
	randombytes_buf(w->link_key, sizeof(w->link_key));
	randombytes_buf(w->grant_key, sizeof(w->grant_key));
	pthread_mutex_init(&w->lock, NULL);
	return w;
}

void proceed_free(struct proceed *proceed)
{
	if (proceed == NULL) {
		return;
	}
	pthread_mutex_destroy(&proceed->lock);
	sodium_memzero(proceed->link_key, sizeof(proceed->link_key));
	sodium_memzero(proceed->grant_key, sizeof(proceed->grant_key));
	free(proceed->grants);
	free(proceed);
}

/* Base32 (RFC 4648) in lower case, of whole groups of five octets; writes no NUL. */
static void base32(const uint8_t *octets, size_t len, char *out)
{
	static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";

	for (; len >= 5; octets += 5, len -= 5, out += 8) {
		uint64_t group = 0;

		for (size_t i = 0; i < 5; i++) {
			group = group << 8U | octets[i];
		}
		for (size_t i = 0; i < 8; i++) {
			out[i] = alphabet[group >> (35U - 5U * i) & 31U];
		}
	}
}

static size_t device_size(const struct packet *packet)
{
	return packet->ip_version == 4 ? 4 : 16;
}

/* What tells the two hashes of a label apart. */
enum purpose { PURPOSE_PROOF, PURPOSE_SEAL };

static void keyed_hash(const struct proceed *w, enum purpose purpose, const uint8_t *address,
		       size_t address_len, uint64_t period, const char *fake, uint8_t *out,
		       size_t out_len)
{
	const uint8_t head[2] = {(uint8_t)purpose, (uint8_t)address_len};
	uint8_t full[crypto_generichash_BYTES];
	crypto_generichash_state state;

	crypto_generichash_init(&state, w->link_key, sizeof(w->link_key), sizeof(full));
	crypto_generichash_update(&state, head, sizeof(head));
	crypto_generichash_update(&state, address, address_len);
	crypto_generichash_update(&state, (const unsigned char *)&period, sizeof(period));
	crypto_generichash_update(&state, (const unsigned char *)fake, strlen(fake));
	crypto_generichash_final(&state, full, sizeof(full));
	memcpy(out, full, out_len);
}

static void write_proof(const struct proceed *w, const struct packet *packet, const char *fake,
			uint64_t period, char *out)
{
	uint8_t hash[PROOF_OCTETS];

	keyed_hash(w, PURPOSE_PROOF, packet->source, device_size(packet), period, fake, hash,
		   sizeof(hash));
	base32(hash, sizeof(hash), out);
}

static void write_seal(const struct proceed *w, const uint8_t *address, size_t address_len,
		       const char *fake, char *out)
{
	uint8_t hash[SEAL_OCTETS];

	keyed_hash(w, PURPOSE_SEAL, address, address_len, 0, fake, hash, sizeof(hash));
	base32(hash, sizeof(hash), out);
}

bool proceed_url(const struct proceed *proceed, const struct packet *packet, const char *fake,
		 size_t fake_len, uint64_t now_s, char out[PROCEED_URL_SIZE])
{
	size_t address_len = device_size(packet);
	char ascii[HOST_NAME_MAX_LEN + 1];
	char label[LABEL_CHARS_MAX + 1];
	char port[sizeof(":65535")] = "";

	if (!url_host(fake, fake_len, ascii)) {
		return false;
	}

	size_t label_len = PROOF_CHARS + SEAL_CHARS + 2 * address_len;

	if (label_len + 1 + strlen(ascii) + 1 + proceed->suffix_len > HOST_NAME_MAX_LEN) {
		return false;
	}
	write_proof(proceed, packet, ascii, now_s / PROCEED_SECONDS, label);
	write_seal(proceed, packet->dest, address_len, ascii, label + PROOF_CHARS);
	sodium_bin2hex(&label[PROOF_CHARS + SEAL_CHARS], 2 * address_len + 1, packet->dest,
		       address_len);
	if (packet->dest_port != 80) {
		(void)snprintf(port, sizeof(port), ":%u", packet->dest_port);
	}

	int len = snprintf(out, PROCEED_URL_SIZE, "http://%s.%s.%s%s/", label, ascii,
			   proceed->suffix, port);

	return len > 0 && len < PROCEED_URL_SIZE;
}

/* Whether host is the suffix or stands under it; *before gets the octets in front of the dot. */
static bool is_under_suffix(const struct proceed *w, const char *host, size_t host_len,
			    size_t *before)
{
	*before = 0;
	if (host_len < w->suffix_len ||
	    memcmp(host + host_len - w->suffix_len, w->suffix, w->suffix_len) != 0) {
		return false;
	}
	if (host_len == w->suffix_len) {
		return true;
	}
	*before = host_len - w->suffix_len - 1;
	return host[*before] == '.';
}

enum proceed_result proceed_read(const struct proceed *proceed, const char *host, size_t host_len,
				 struct proceed_request *out)
{
	const size_t fixed = PROOF_CHARS + SEAL_CHARS;
	char seal[SEAL_CHARS];
	size_t before, decoded;

	if (!is_under_suffix(proceed, host, host_len, &before)) {
		return PROCEED_NONE;
	}

	const char *dot = memchr(host, '.', before);
	size_t label_len = dot != NULL ? (size_t)(dot - host) : 0;

	if (label_len != fixed + 8 && label_len != fixed + ADDRESS_CHARS_MAX) {
		return PROCEED_INVALID;
	}
	if (sodium_hex2bin(out->address, sizeof(out->address), host + fixed, label_len - fixed,
			   NULL, &decoded, NULL) != 0 ||
	    decoded * 2 != label_len - fixed) {
		return PROCEED_INVALID;
	}
	out->address_len = decoded;

	size_t fake_len = before - label_len - 1;

	memcpy(out->fake, dot + 1, fake_len);
	out->fake[fake_len] = '\0';
	memcpy(out->proof, host, PROOF_CHARS);
	out->proof[PROOF_CHARS] = '\0';
	write_seal(proceed, out->address, out->address_len, out->fake, seal);
	if (sodium_memcmp(seal, host + PROOF_CHARS, SEAL_CHARS) != 0) {
		return PROCEED_INVALID;
	}
	return PROCEED_FOUND;
}

static uint64_t grant_hash(const struct proceed *w, const struct packet *packet, const char *name,
			   size_t name_len)
{
	uint8_t input[16 + HOST_NAME_MAX_LEN];
	size_t size = device_size(packet);
	uint64_t hash;

	memcpy(input, packet->source, size);
	memcpy(input + size, name, name_len);
	crypto_shorthash((unsigned char *)&hash, input, size + name_len, w->grant_key);
	return hash;
}

static struct grant *group_of(const struct proceed *w, uint64_t hash)
{
	return &w->grants[(size_t)((uint32_t)hash & w->mask) * PLACES];
}

bool proceed_grant(struct proceed *proceed, const struct packet *packet,
		   const struct proceed_request *request, uint64_t now_s)
{
	uint64_t period = now_s / PROCEED_SECONDS;
	char current[PROOF_CHARS], last[PROOF_CHARS];

	write_proof(proceed, packet, request->fake, period, current);
	write_proof(proceed, packet, request->fake, period - 1, last);
	if (sodium_memcmp(current, request->proof, PROOF_CHARS) != 0 &&
	    sodium_memcmp(last, request->proof, PROOF_CHARS) != 0) {
		return false;
	}

	uint64_t hash = grant_hash(proceed, packet, request->fake, strlen(request->fake));
	struct grant *group = group_of(proceed, hash);
	struct grant *place = &group[0];

	pthread_mutex_lock(&proceed->lock);
	for (size_t i = 0; i < PLACES; i++) {
		if (group[i].hash == hash && group[i].ends_s != 0) {
			place = &group[i];
			break;
		}
		if (group[i].ends_s < place->ends_s) {
			place = &group[i];
		}
	}
	*place = (struct grant){.hash = hash, .ends_s = now_s + PROCEED_SECONDS};
	pthread_mutex_unlock(&proceed->lock);
	return true;
}

static bool has_grant(struct proceed *w, uint64_t hash, uint64_t now_s)
{
	const struct grant *group = group_of(w, hash);
	bool found = false;

	pthread_mutex_lock(&w->lock);
	for (size_t i = 0; i < PLACES; i++) {
		found = found || (group[i].hash == hash && group[i].ends_s > now_s);
	}
	pthread_mutex_unlock(&w->lock);
	return found;
}

bool proceed_granted(struct proceed *proceed, const struct packet *packet, const char *host,
		     size_t host_len, uint64_t now_s)
{
	char ascii[HOST_NAME_MAX_LEN + 1];

	if (!url_host(host, host_len, ascii)) {
		return false;
	}
	for (const char *name = ascii; name != NULL;) {
		if (has_grant(proceed, grant_hash(proceed, packet, name, strlen(name)), now_s)) {
			return true;
		}
		name = strchr(name, '.');
		if (name != NULL) {
			name++;
		}
	}
	return false;
}
