/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/flow_kind.h"

#include <assert.h>
#include <ndpi/ndpi_api.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "dpi/observation.h"

#define IP_HEADER 20
#define TCP_HEADER 20
#define UDP_HEADER 8
/* Longer payloads are shown cut: a packet over Ethernet has no more. */
#define PAYLOAD_MAX 1460

/* What nDPI 4.2 takes when it starts with the dissectors below, with room for other releases. */
#define ARENA_OCTETS ((size_t)8 << 20)
#define ARENA_ALIGN 16

/* nDPI does not look whether it got the memory it asked for when it starts. So that memory is
 * taken here first, in one piece, and a start without it fails instead of crashing. */
struct arena {
	uint8_t *octets;
	size_t used;
	bool is_open; /* nDPI starts */
};

struct place {
	uint64_t tag;
	uint8_t shown; /* packets; 0: free */
};

struct flow_kinds {
	struct ndpi_detection_module_struct *module;
	struct arena arena;
	size_t flow_size;
	uint8_t *flows; /* FLOW_KIND_PLACES and one more, for a packet of TCP */
	uint16_t next;
	struct place places[FLOW_KIND_PLACES];
	uint64_t packet_number;
	uint8_t packet[IP_HEADER + TCP_HEADER + PAYLOAD_MAX];
};

/* nDPI's functions for memory are told nothing of the module they work for. */
static _Thread_local struct arena *in_use;

/* nDPI's beginning and end must not run in two threads at once: they share counters. */
static pthread_mutex_t module_lock = PTHREAD_MUTEX_INITIALIZER;

static void *take(size_t size)
{
	if (in_use == NULL || !in_use->is_open || size > ARENA_OCTETS - in_use->used) {
		return malloc(size);
	}
	/* A multiple of ARENA_ALIGN, as ARENA_OCTETS is. */
	const size_t whole = (size + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
	void *block = in_use->octets + in_use->used;
	in_use->used += whole;
	return block;
}

static void give_back(void *block)
{
	const uintptr_t address = (uintptr_t)block;
	if (in_use != NULL && address >= (uintptr_t)in_use->octets &&
	    address - (uintptr_t)in_use->octets < ARENA_OCTETS) {
		return;
	}
	free(block);
}

/* Only what hides names: nDPI has dissectors for some 280 protocols, and each costs time. */
static struct ndpi_detection_module_struct *start_module(void)
{
	set_ndpi_malloc(take);
	set_ndpi_free(give_back);
	struct ndpi_detection_module_struct *module =
	    ndpi_init_detection_module(ndpi_dont_load_tor_hosts | ndpi_dont_init_libgcrypt);
	if (module == NULL) {
		return NULL;
	}
	NDPI_PROTOCOL_BITMASK wanted;
	NDPI_BITMASK_RESET(wanted);
	NDPI_BITMASK_ADD(wanted, NDPI_PROTOCOL_WIREGUARD);
	NDPI_BITMASK_ADD(wanted, NDPI_PROTOCOL_OPENVPN);
	NDPI_BITMASK_ADD(wanted, NDPI_PROTOCOL_IP_IPSEC);
	NDPI_BITMASK_ADD(wanted, NDPI_PROTOCOL_PPTP);
	NDPI_BITMASK_ADD(wanted, NDPI_PROTOCOL_CISCOVPN);
	ndpi_set_protocol_detection_bitmask2(module, &wanted);
	ndpi_finalize_initialization(module);
	return module;
}

struct flow_kinds *flow_kinds_new(void)
{
	struct flow_kinds *kinds = calloc(1, sizeof(*kinds));
	if (kinds == NULL) {
		return NULL;
	}
	kinds->flow_size = ndpi_detection_get_sizeof_ndpi_flow_struct();
	kinds->flows = calloc(FLOW_KIND_PLACES + 1, kinds->flow_size);
	kinds->arena.octets = malloc(ARENA_OCTETS);
	if (kinds->flows == NULL || kinds->arena.octets == NULL) {
		flow_kinds_free(kinds);
		return NULL;
	}

	pthread_mutex_lock(&module_lock);
	kinds->arena.is_open = true;
	in_use = &kinds->arena;
	kinds->module = start_module();
	in_use = NULL;
	kinds->arena.is_open = false;
	pthread_mutex_unlock(&module_lock);
	if (kinds->module == NULL) {
		flow_kinds_free(kinds);
		return NULL;
	}
	return kinds;
}

static struct ndpi_flow_struct *flow_at(const struct flow_kinds *kinds, size_t number)
{
	return (struct ndpi_flow_struct *)(void *)(kinds->flows + number * kinds->flow_size);
}

static void clear_flow(struct flow_kinds *kinds, size_t number)
{
	struct ndpi_flow_struct *flow = flow_at(kinds, number);
	in_use = &kinds->arena;
	ndpi_free_flow_data(flow);
	in_use = NULL;
	memset(flow, 0, kinds->flow_size);
}

void flow_kinds_free(struct flow_kinds *kinds)
{
	if (kinds == NULL) {
		return;
	}
	for (size_t i = 0; kinds->module != NULL && i <= FLOW_KIND_PLACES; i++) {
		clear_flow(kinds, i);
	}
	if (kinds->module != NULL) {
		pthread_mutex_lock(&module_lock);
		in_use = &kinds->arena;
		ndpi_exit_detection_module(kinds->module);
		in_use = NULL;
		pthread_mutex_unlock(&module_lock);
	}
	free(kinds->arena.octets);
	free(kinds->flows);
	free(kinds);
}

size_t flow_kinds_memory(void)
{
	return sizeof(struct flow_kinds) + ARENA_OCTETS +
	       (FLOW_KIND_PLACES + 1) * (size_t)ndpi_detection_get_sizeof_ndpi_flow_struct();
}

enum flow_kind flow_kind_of_hello(struct flow_kinds *kinds, const char *host, size_t host_len,
				  bool is_dot)
{
	if (is_dot) {
		return FLOW_KIND_DOT;
	}
	if (host == NULL || kinds == NULL) {
		return FLOW_KIND_WEB;
	}
	assert(host_len <= HOST_NAME_MAX_LEN);
	char name[HOST_NAME_MAX_LEN + 1]; /* nDPI's argument is not const */
	memcpy(name, host, host_len);
	name[host_len] = '\0';
	ndpi_protocol_match_result match = {0};
	in_use = &kinds->arena;
	const int protocol =
	    ndpi_match_string_subprotocol(kinds->module, name, (u_int)host_len, &match);
	in_use = NULL;
	return protocol == NDPI_PROTOCOL_DOH_DOT ? FLOW_KIND_DOH : FLOW_KIND_WEB;
}

static void write16(uint8_t *p, size_t value)
{
	p[0] = (uint8_t)(value >> 8);
	p[1] = (uint8_t)value;
}

/* Writes the packet that nDPI is shown. \returns its length. */
static size_t write_packet(struct flow_kinds *kinds, const struct packet *packet, bool from_client)
{
	static const uint8_t client[] = {192, 0, 2, 1}; /* RFC 5737 */
	static const uint8_t server[] = {192, 0, 2, 2};
	const bool is_tcp = packet->protocol == IPPROTO_TCP;
	const size_t l4_len = is_tcp ? TCP_HEADER : UDP_HEADER;
	const size_t payload_len =
	    packet->payload_len < PAYLOAD_MAX ? packet->payload_len : PAYLOAD_MAX;
	const size_t len = IP_HEADER + l4_len + payload_len;
	uint8_t *ip = kinds->packet;
	uint8_t *l4 = ip + IP_HEADER;
	memset(ip, 0, IP_HEADER + l4_len);
	ip[0] = 0x45; /* version 4, 5 words */
	write16(ip + 2, len);
	ip[8] = 64; /* TTL */
	ip[9] = packet->protocol;
	memcpy(ip + 12, from_client ? client : server, sizeof(client));
	memcpy(ip + 16, from_client ? server : client, sizeof(server));
	write16(l4, packet->source_port);
	write16(l4 + 2, packet->dest_port);
	if (is_tcp) {
		l4[7] = 1;     /* sequence number */
		l4[11] = 1;    /* acknowledgement */
		l4[12] = 0x50; /* 5 words */
		l4[13] = TCP_PSH | TCP_ACK;
		l4[14] = 0x10; /* window */
	} else {
		write16(l4 + 4, UDP_HEADER + payload_len);
	}
	if (payload_len > 0) {
		memcpy(l4 + l4_len, packet->payload, payload_len);
	}
	return len;
}

static enum flow_kind ask_ndpi(struct flow_kinds *kinds, size_t number, const struct packet *packet,
			       bool from_client)
{
	struct ndpi_flow_struct *flow = flow_at(kinds, number);
	const size_t len = write_packet(kinds, packet, from_client);
	in_use = &kinds->arena;
	const ndpi_protocol found = ndpi_detection_process_packet(
	    kinds->module, flow, kinds->packet, (uint16_t)len, ++kinds->packet_number);
	in_use = NULL;
	/* A guess by a port says nothing, but for IPsec, which has no other mark (RFC 3948). */
	const bool is_dissected =
	    flow->confidence == NDPI_CONFIDENCE_DPI &&
	    ndpi_get_proto_category(kinds->module, found) == NDPI_PROTOCOL_CATEGORY_VPN;
	const bool is_ipsec =
	    packet->protocol == IPPROTO_UDP && flow->guessed_protocol_id == NDPI_PROTOCOL_IP_IPSEC;
	return is_dissected || is_ipsec ? FLOW_KIND_VPN : FLOW_KIND_OTHER;
}

static bool holds(const struct flow_kinds *kinds, uint64_t tag, uint16_t place)
{
	return kinds != NULL && place != FLOW_KIND_NO_PLACE && kinds->places[place - 1].shown > 0 &&
	       kinds->places[place - 1].tag == tag;
}

enum flow_kind flow_kind_of_packet(struct flow_kinds *kinds, uint64_t tag, uint16_t *place,
				   const struct packet *packet, bool from_client)
{
	if (kinds == NULL || packet->payload_len == 0) {
		return FLOW_KIND_OTHER;
	}
	if (packet->protocol == IPPROTO_TCP) {
		const enum flow_kind kind = ask_ndpi(kinds, FLOW_KIND_PLACES, packet, from_client);
		clear_flow(kinds, FLOW_KIND_PLACES);
		return kind;
	}

	if (*place == FLOW_KIND_NO_PLACE) {
		const uint16_t number = kinds->next;
		kinds->next = (uint16_t)((number + 1) % FLOW_KIND_PLACES);
		if (kinds->places[number].shown > 0) {
			clear_flow(kinds, number);
		}
		kinds->places[number] = (struct place){.tag = tag};
		*place = (uint16_t)(number + 1);
	} else if (!holds(kinds, tag, *place)) { /* it had to make room */
		return FLOW_KIND_OTHER;
	}
	struct place *held = &kinds->places[*place - 1];
	if (held->shown == FLOW_KIND_SHOWN_MAX) {
		return FLOW_KIND_OTHER;
	}
	held->shown++;
	return ask_ndpi(kinds, (size_t)*place - 1, packet, from_client);
}

void flow_kind_forget(struct flow_kinds *kinds, uint64_t tag, uint16_t *place)
{
	if (holds(kinds, tag, *place)) {
		clear_flow(kinds, (size_t)*place - 1);
		kinds->places[*place - 1] = (struct place){0};
	}
	*place = FLOW_KIND_NO_PLACE;
}
