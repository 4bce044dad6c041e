/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Delivery networks and other shared infrastructure that stands behind other people's names by
 * construction: "www.amazon.com.edgekey.net" is how a delivery network names amazon.com. The list,
 * with the source of each entry, is infrastructure.txt, which the build compiles in. Internal to
 * policy/.
 */
#ifndef POLICY_ENGINE_INFRASTRUCTURE_H
#define POLICY_ENGINE_INFRASTRUCTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum infrastructure_kind {
	INFRASTRUCTURE_NONE,
	INFRASTRUCTURE_DELIVERY, /* a customer's domain or name stands in front */
	INFRASTRUCTURE_MAIL,     /* mail for the customer whose domain stands in front */
	INFRASTRUCTURE_PROXY,    /* shows the site whose domain stands in front */
	INFRASTRUCTURE_LOOKUP,   /* the domain in front is only asked about, never visited */
	INFRASTRUCTURE_OWN,      /* of the company whose name it bears, beside its site */
};

struct infrastructure {
	enum infrastructure_kind kind;
	bool open;     /* anyone who opens an account can have a label of their choice there */
	size_t offset; /* of the infrastructure's domain in the name; 0: it is the name */
};

/*
 * Finds the longest domain of infrastructure.txt that the name is or ends in, at a label's
 * boundary. Reads at most as many octets from the end as the longest entry
 * has, and looks one hash up for each of their labels.
 *
 * \param name  len octets: A-labels in lower case, no trailing dot.
 * \returns kind INFRASTRUCTURE_NONE when there is none.
 */
struct infrastructure infrastructure_behind(const char *name, size_t len);

/*
 * Whether what stands behind is such infrastructure, and nobody can have a name of their choice in
 * front of it: then a protected label or domain there, whole and undisguised, is not a sign of a
 * fake. It excuses no disguise: a customer's own domain may be one.
 */
bool infrastructure_stands_behind(const char *name, size_t len);

/* FNV-1a over the octets from the last to the first: shared by the table's maker and its reader. */
#define INFRASTRUCTURE_HASH_START 2166136261U

static inline uint32_t infrastructure_hash_step(uint32_t hash, char octet)
{
	return (hash ^ (unsigned char)octet) * 16777619U;
}

/* What make_infrastructure writes. */
struct infrastructure_entry {
	const char *domain; /* NULL: an empty place */
	uint8_t kind;       /* enum infrastructure_kind */
	bool open;
};

#endif
