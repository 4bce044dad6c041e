/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/answer/proceed.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/answer/url_host.h"

#define DEFAULT_GRANTS 4096
#define PLACES 8 /* of an entry, by its hash */
#define TOKEN_OCTETS ((PROCEED_TOKEN_SIZE - 1) / 2)
/* An IPv4 address is a link-layer address's for so long after it was seen with it. */
#define NEIGHBOUR_SECONDS 3600

struct grant {
	uint64_t hash;   /* over (device, name) */
	uint64_t ends_s; /* 0: the place is free */
};

/* Which link-layer address an address was seen with. */
struct neighbour {
	uint64_t address;
	uint64_t link;
	uint64_t seen_s; /* 0: the place is free */
};

/* The IPv4 address that a link-layer address was seen with. */
struct link {
	uint64_t link;
	uint64_t ipv4; /* 0: none yet */
	uint64_t seen_s;
	bool is_shared; /* by several devices */
};

struct proceed {
	uint32_t mask; /* of groups of PLACES, in each table */
	uint8_t token_key[crypto_generichash_KEYBYTES];
	uint8_t hash_key[crypto_shorthash_KEYBYTES];
	pthread_mutex_t lock; /* of the tables */
	struct grant *grants;
	struct neighbour *neighbours;
	struct link *links;
};

struct proceed *proceed_new(uint32_t grants)
{
	uint32_t wanted = grants != 0 ? grants : DEFAULT_GRANTS;
	uint32_t groups = 1;

	if (sodium_init() < 0) {
		errno = EIO;
		return NULL;
	}
	while (groups * PLACES < wanted && groups < UINT32_C(1) << 24) {
		groups <<= 1;
	}

	struct proceed *p = calloc(1, sizeof(*p));

	if (p == NULL) {
		return NULL;
	}
	p->mask = groups - 1;
	p->grants = calloc((size_t)groups * PLACES, sizeof(*p->grants));
	p->neighbours = calloc((size_t)groups * PLACES, sizeof(*p->neighbours));
	p->links = calloc((size_t)groups * PLACES, sizeof(*p->links));
	if (p->grants == NULL || p->neighbours == NULL || p->links == NULL) {
		free(p->grants);
		free(p->neighbours);
		free(p->links);
		free(p);
		errno = ENOMEM;
		return NULL;
	}
	randombytes_buf(p->token_key, sizeof(p->token_key));
	randombytes_buf(p->hash_key, sizeof(p->hash_key));
	pthread_mutex_init(&p->lock, NULL);
	return p;
}

void proceed_free(struct proceed *proceed)
{
	if (proceed == NULL) {
		return;
	}
	pthread_mutex_destroy(&proceed->lock);
	free(proceed->grants);
	free(proceed->neighbours);
	free(proceed->links);
	sodium_memzero(proceed, sizeof(*proceed));
	free(proceed);
}

/* What a hash is of: the same octets must not mean two things. */
enum subject { SUBJECT_ADDRESS, SUBJECT_LINK, SUBJECT_GRANT };

static uint64_t hash_of(const struct proceed *p, enum subject subject, const void *octets,
			size_t len)
{
	uint8_t input[1 + sizeof(uint64_t) + HOST_NAME_MAX_LEN] = {(uint8_t)subject};
	uint64_t hash;

	assert(len < sizeof(input));
	memcpy(input + 1, octets, len);
	crypto_shorthash((unsigned char *)&hash, input, 1 + len, p->hash_key);
	return hash | 1; /* never 0 */
}

static size_t group_of(const struct proceed *p, uint64_t hash)
{
	return (size_t)((uint32_t)(hash >> 32) & p->mask) * PLACES;
}

/* The neighbour's place, or the one to put it in: free, or seen longest ago. */
static struct neighbour *neighbour_place(const struct proceed *p, uint64_t address)
{
	struct neighbour *group = &p->neighbours[group_of(p, address)];
	struct neighbour *place = group;

	for (size_t i = 0; i < PLACES; i++) {
		if (group[i].address == address) {
			return &group[i];
		}
		if (group[i].seen_s < place->seen_s) {
			place = &group[i];
		}
	}
	return place;
}

static struct link *link_place(const struct proceed *p, uint64_t link)
{
	struct link *group = &p->links[group_of(p, link)];
	struct link *place = group;

	for (size_t i = 0; i < PLACES; i++) {
		if (group[i].link == link) {
			return &group[i];
		}
		if (group[i].seen_s < place->seen_s) {
			place = &group[i];
		}
	}
	return place;
}

void proceed_note_neighbour(struct proceed *proceed, struct device_address device,
			    const uint8_t link_address[LINK_ADDRESS_SIZE], uint64_t now_s)
{
	uint64_t address = hash_of(proceed, SUBJECT_ADDRESS, device.octets, device.len);
	uint64_t hash = hash_of(proceed, SUBJECT_LINK, link_address, LINK_ADDRESS_SIZE);

	pthread_mutex_lock(&proceed->lock);

	struct neighbour *neighbour = neighbour_place(proceed, address);
	struct link *link = link_place(proceed, hash);

	*neighbour = (struct neighbour){.address = address, .link = hash, .seen_s = now_s + 1};
	if (link->link != hash || link->seen_s + NEIGHBOUR_SECONDS < now_s) {
		*link = (struct link){.link = hash};
	}
	if (device.len == 4) {
		link->is_shared = link->is_shared || (link->ipv4 != 0 && link->ipv4 != address);
		link->ipv4 = address;
	}
	link->seen_s = now_s + 1;
	pthread_mutex_unlock(&proceed->lock);
}

/* What a device is known by. The lock is held. */
static uint64_t device_of(const struct proceed *p, struct device_address device)
{
	uint64_t address = hash_of(p, SUBJECT_ADDRESS, device.octets, device.len);
	const struct neighbour *neighbour = neighbour_place(p, address);

	if (neighbour->address != address) {
		return address;
	}

	const struct link *link = link_place(p, neighbour->link);

	return link->link == neighbour->link && !link->is_shared ? link->link : address;
}

static void write_token(struct proceed *p, struct device_address device, const char *name,
			enum proceed_step step, uint64_t period, char out[PROCEED_TOKEN_SIZE])
{
	uint8_t hash[crypto_generichash_BYTES];
	uint8_t step_octet = (uint8_t)step;
	crypto_generichash_state state;

	pthread_mutex_lock(&p->lock);

	uint64_t who = device_of(p, device);

	pthread_mutex_unlock(&p->lock);
	crypto_generichash_init(&state, p->token_key, sizeof(p->token_key), sizeof(hash));
	crypto_generichash_update(&state, &step_octet, sizeof(step_octet));
	crypto_generichash_update(&state, (const unsigned char *)&who, sizeof(who));
	crypto_generichash_update(&state, (const unsigned char *)&period, sizeof(period));
	crypto_generichash_update(&state, (const unsigned char *)name, strlen(name));
	crypto_generichash_final(&state, hash, sizeof(hash));
	sodium_bin2hex(out, PROCEED_TOKEN_SIZE, hash, TOKEN_OCTETS);
}

bool proceed_token(struct proceed *proceed, struct device_address device, const char *name,
		   size_t name_len, enum proceed_step step, uint64_t now_s,
		   char out[PROCEED_TOKEN_SIZE])
{
	char ascii[HOST_NAME_MAX_LEN + 1];

	if (!url_host(name, name_len, ascii)) {
		return false;
	}
	write_token(proceed, device, ascii, step, now_s / PROCEED_SECONDS, out);
	return true;
}

bool proceed_token_ok(struct proceed *proceed, struct device_address device, const char *name,
		      size_t name_len, enum proceed_step step, const char *token, uint64_t now_s)
{
	uint64_t period = now_s / PROCEED_SECONDS;
	char ascii[HOST_NAME_MAX_LEN + 1], current[PROCEED_TOKEN_SIZE], last[PROCEED_TOKEN_SIZE];

	if (!url_host(name, name_len, ascii) || strlen(token) != PROCEED_TOKEN_SIZE - 1) {
		return false;
	}
	write_token(proceed, device, ascii, step, period, current);
	write_token(proceed, device, ascii, step, period - 1, last);
	return sodium_memcmp(current, token, PROCEED_TOKEN_SIZE - 1) == 0 ||
	       sodium_memcmp(last, token, PROCEED_TOKEN_SIZE - 1) == 0;
}

static uint64_t grant_hash(const struct proceed *p, uint64_t device, const char *name)
{
	uint8_t input[sizeof(device) + HOST_NAME_MAX_LEN];
	size_t len = strlen(name);

	memcpy(input, &device, sizeof(device));
	memcpy(input + sizeof(device), name, len);
	return hash_of(p, SUBJECT_GRANT, input, sizeof(device) + len);
}

bool proceed_grant_device(struct proceed *proceed, struct device_address device, const char *name,
			  size_t name_len, uint64_t now_s)
{
	char ascii[HOST_NAME_MAX_LEN + 1];

	if (!url_host(name, name_len, ascii)) {
		return false;
	}
	pthread_mutex_lock(&proceed->lock);

	uint64_t hash = grant_hash(proceed, device_of(proceed, device), ascii);
	struct grant *group = &proceed->grants[group_of(proceed, hash)];
	struct grant *place = group;

	for (size_t i = 0; i < PLACES; i++) {
		if (group[i].hash == hash) {
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

/* The lock is held. */
static bool has_grant(const struct proceed *p, uint64_t hash, uint64_t now_s)
{
	const struct grant *group = &p->grants[group_of(p, hash)];

	for (size_t i = 0; i < PLACES; i++) {
		if (group[i].hash == hash && group[i].ends_s > now_s) {
			return true;
		}
	}
	return false;
}

bool proceed_granted(struct proceed *proceed, struct device_address device, const char *name,
		     size_t name_len, uint64_t now_s)
{
	char ascii[HOST_NAME_MAX_LEN + 1];
	bool found = false;

	if (!url_host(name, name_len, ascii)) {
		return false;
	}
	pthread_mutex_lock(&proceed->lock);

	uint64_t who = device_of(proceed, device);

	for (const char *part = ascii; part != NULL && !found;) {
		found = has_grant(proceed, grant_hash(proceed, who, part), now_s);
		part = strchr(part, '.');
		if (part != NULL) {
			part++;
		}
	}
	pthread_mutex_unlock(&proceed->lock);
	return found;
}
