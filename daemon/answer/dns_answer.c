/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/answer/dns_answer.h"

#include <assert.h>
#include <libknot/libknot.h>
#include <stdalign.h>
#include <string.h>

#include "daemon/answer/extended_error.h"

#define TCP_LENGTH_SIZE 2
#define UDP_LEAST_SIZE 512      /* RFC 1035 section 4.2.1 */
#define OPT_SIZE 11             /* without options, RFC 6891 section 6.1.2 */
#define RECORD_FIXED_SIZE 10    /* type, class, TTL, RDLENGTH: RFC 1035 section 3.2.1 */
#define COMPRESSED_OWNER_SIZE 2 /* RFC 1035 section 4.1.4 */
#define EDE_BLOCKED 15          /* RFC 8914 section 5.2 */
#define EDE_CODE_SIZE 2
#define BADVERS_UPPER_BITS 1 /* RCODE 16, RFC 6891 section 9 */

/* Memory for libknot, on the stack of one call; what it frees is not used again. */
struct arena {
	alignas(max_align_t) unsigned char octets[8192];
	size_t used;
};

static void *arena_alloc(void *ctx, size_t size)
{
	struct arena *arena = ctx;
	size_t rounded = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);

	if (rounded < size || rounded > sizeof(arena->octets) - arena->used) {
		return NULL;
	}
	void *taken = arena->octets + arena->used;
	arena->used += rounded;
	return taken;
}

/* How the answer is carried. */
struct carriage {
	bool tcp;
	size_t excess; /* octets by which an answer by UDP may be larger than its question */
};

/* An answer being written, with the question it is for. */
struct exchange {
	struct arena arena;
	knot_mm_t mm;
	knot_pkt_t *query;
	knot_pkt_t *answer;
	uint8_t *out;
	struct carriage carriage;
};

static bool is_answerable(const knot_pkt_t *query)
{
	const uint8_t *wire = query->wire;
	uint16_t class = knot_pkt_qclass(query);

	if (knot_wire_get_qr(wire) || knot_wire_get_opcode(wire) != KNOT_OPCODE_QUERY ||
	    knot_wire_get_qdcount(wire) != 1) {
		return false;
	}
	if (class != KNOT_CLASS_IN && class != KNOT_CLASS_ANY) {
		return false;
	}
	return knot_pkt_wire_qname(query)[0] != 0;
}

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Octets that the answer may have. */
static size_t size_limit(const knot_pkt_t *query, size_t query_len, const struct carriage *carriage)
{
	if (carriage->tcp) {
		return DNS_ANSWER_SIZE - TCP_LENGTH_SIZE;
	}

	size_t payload =
	    knot_pkt_has_edns(query) ? knot_edns_get_payload(query->opt_rr) : UDP_LEAST_SIZE;

	if (payload < UDP_LEAST_SIZE) {
		payload = UDP_LEAST_SIZE;
	}
	return smaller(query_len + carriage->excess, smaller(payload, DNS_ANSWER_SIZE));
}

/* Parses the question and begins the answer: header, flags, question. */
static bool exchange_begin(struct exchange *x, const uint8_t *query, size_t query_len,
			   struct carriage carriage, uint8_t *out, size_t out_size)
{
	x->arena.used = 0;
	x->mm = (knot_mm_t){.ctx = &x->arena, .alloc = arena_alloc, .free = NULL};
	x->out = out;
	x->carriage = carriage;
	if (query_len < KNOT_WIRE_HEADER_SIZE || query_len > KNOT_WIRE_MAX_PKTSIZE) {
		return false;
	}

	/* With KNOT_PF_KEEPWIRE the message is only read. */
	x->query = knot_pkt_new((void *)query, (uint16_t)query_len, &x->mm);
	if (x->query != NULL && knot_pkt_parse(x->query, KNOT_PF_KEEPWIRE) != KNOT_EOK) {
		x->query = knot_pkt_new((void *)query, (uint16_t)query_len, &x->mm);
		if (x->query != NULL && knot_pkt_parse_question(x->query) != KNOT_EOK) {
			return false;
		}
	}
	if (x->query == NULL || !is_answerable(x->query)) {
		return false;
	}

	size_t prefix = carriage.tcp ? TCP_LENGTH_SIZE : 0;

	if (out_size < prefix) {
		return false;
	}

	size_t limit = smaller(size_limit(x->query, query_len, &carriage), out_size - prefix);

	x->answer = knot_pkt_new(out + prefix, (uint16_t)limit, &x->mm);
	if (x->answer == NULL || knot_pkt_init_response(x->answer, x->query) != KNOT_EOK) {
		return false;
	}

	uint8_t *wire = x->answer->wire;

	knot_wire_clear_ad(wire);
	if (knot_wire_get_rd(wire)) {
		knot_wire_set_ra(wire);
		knot_wire_clear_aa(wire);
	} else {
		knot_wire_clear_ra(wire);
		knot_wire_set_aa(wire);
	}
	return true;
}

/* Octets that records may still take; the OPT record has its own. */
static size_t room_left(const struct exchange *x)
{
	size_t taken = x->answer->size + (knot_pkt_has_edns(x->query) ? OPT_SIZE : 0);

	return taken < x->answer->max_size ? x->answer->max_size - taken : 0;
}

/* Says that the answer is not whole: who asked repeats the question over TCP (RFC 1035 section
 * 4.2.1, RFC 7766 section 5). */
static void truncate(struct exchange *x)
{
	knot_wire_set_tc(x->answer->wire);
}

static bool put_record(struct exchange *x, const knot_dname_t *owner, uint16_t type, uint32_t ttl,
		       const uint8_t *rdata, uint16_t rdata_len, uint16_t compression)
{
	knot_rrset_t record;

	knot_rrset_init(&record, (knot_dname_t *)owner, type, KNOT_CLASS_IN, ttl);
	return knot_rrset_add_rdata(&record, rdata, rdata_len, &x->mm) == KNOT_EOK &&
	       knot_pkt_put(x->answer, compression, &record, 0) == KNOT_EOK;
}

/* The SOA that says how long "no" may be kept (RFC 2308 section 5: the lesser of TTL and MINIMUM).
 * Where it has no room, who asked does not keep the answer, or a few seconds only. */
static bool put_negative_soa(struct exchange *x)
{
	static const uint8_t rdata[] = {
	    0,                                     /* MNAME: the root, no server to name */
	    0,                                     /* RNAME */
	    0, 0,    0,    1,                      /* SERIAL */
	    0, 0,    0x0e, 0x10,                   /* REFRESH, one hour */
	    0, 0,    0x02, 0x58,                   /* RETRY, ten minutes */
	    0, 0x01, 0x51, 0x80,                   /* EXPIRE, one day */
	    0, 0,    0,    DNS_ANSWER_NEGATIVE_TTL /* MINIMUM */
	};
	const knot_dname_t *name = knot_pkt_wire_qname(x->query);
	assert(name != NULL && "the query has a question");
	const knot_dname_t *parent = name + 1 + name[0]; /* a question's name is not compressed */
	/* Where the parent stands in the question: its owner becomes a pointer there. */
	uint16_t position = (uint16_t)(KNOT_WIRE_HEADER_SIZE + (parent - name));

	size_t owner_size = parent[0] == 0 ? 1 : COMPRESSED_OWNER_SIZE;

	if (owner_size + RECORD_FIXED_SIZE + sizeof(rdata) > room_left(x)) {
		return !x->carriage.tcp;
	}
	return knot_pkt_begin(x->answer, KNOT_AUTHORITY) == KNOT_EOK &&
	       put_record(x, parent, KNOT_RRTYPE_SOA, DNS_ANSWER_NEGATIVE_TTL, rdata, sizeof(rdata),
			  parent[0] == 0 ? KNOT_COMPR_HINT_NONE : position);
}

/* What an Extended DNS Error tells. */
struct error {
	const struct finding *finding;
	const char *contact;
};

/* Whether the question asks for structured errors: an EDE option with INFO-CODE 0, as the draft had
 * it before it got an option of its own, whose code is not assigned yet. */
static bool asks_for_structure(const knot_pkt_t *query)
{
	uint8_t *option = knot_pkt_edns_option(query, KNOT_EDNS_OPTION_EDE);

	return option != NULL && knot_edns_opt_get_length(option) >= EDE_CODE_SIZE &&
	       knot_wire_read_u16(knot_edns_opt_get_data(option)) == 0;
}

/* Adds an Extended DNS Error to opt. By UDP its text is whole or left out; who asked for structured
 * errors, and has no room for one, is sent to TCP. */
static bool add_error(struct exchange *x, knot_rrset_t *opt, const struct error *error)
{
	uint8_t data[EDE_CODE_SIZE + DNS_ANSWER_SIZE];
	char *text = (char *)data + EDE_CODE_SIZE;
	size_t fixed = KNOT_EDNS_OPTION_HDRLEN + EDE_CODE_SIZE;
	size_t room = room_left(x);
	bool structured = asks_for_structure(x->query);

	if (room < fixed && !structured) {
		return true; /* the answer is good without it */
	}

	/* One octet for the NUL. */
	size_t text_size = x->carriage.tcp ? room - fixed + 1 : DNS_ANSWER_SIZE;
	size_t len =
	    structured ? extended_error_structured(error->finding, error->contact, text, text_size)
		       : extended_error_plain(error->finding, error->contact, text, text_size);

	if (fixed + len > room) {
		if (structured) {
			truncate(x);
			return true;
		}
		len = 0;
	}
	knot_wire_write_u16(data, EDE_BLOCKED);
	return knot_edns_add_option(opt, KNOT_EDNS_OPTION_EDE, (uint16_t)(EDE_CODE_SIZE + len),
				    data, &x->mm) == KNOT_EOK;
}

/* Writes the OPT record, when the question had one, and the length octets of TCP. */
static size_t exchange_end(struct exchange *x, uint8_t upper_rcode, const struct error *error)
{
	if (knot_pkt_has_edns(x->query)) {
		knot_rrset_t opt;

		if (knot_edns_init(&opt, DNS_ANSWER_SIZE, upper_rcode, KNOT_EDNS_VERSION, &x->mm) !=
		    KNOT_EOK) {
			return 0;
		}
		if (knot_edns_do(x->query->opt_rr)) {
			knot_edns_set_do(&opt);
		}
		if (error != NULL && !add_error(x, &opt, error)) {
			return 0;
		}
		if (knot_pkt_begin(x->answer, KNOT_ADDITIONAL) != KNOT_EOK ||
		    knot_pkt_put(x->answer, KNOT_COMPR_HINT_NONE, &opt, 0) != KNOT_EOK) {
			return 0;
		}
	}
	if (!x->carriage.tcp) {
		return x->answer->size;
	}
	knot_wire_write_u16(x->out, (uint16_t)x->answer->size);
	return TCP_LENGTH_SIZE + x->answer->size;
}

static bool has_later_edns_version(const struct exchange *x)
{
	return knot_pkt_has_edns(x->query) &&
	       knot_edns_get_version(x->query->opt_rr) > KNOT_EDNS_VERSION;
}

uint16_t dns_answer_type(const uint8_t *query, size_t query_len)
{
	if (query_len < KNOT_WIRE_HEADER_SIZE) {
		return 0;
	}

	const uint8_t *name = query + KNOT_WIRE_HEADER_SIZE;
	int name_len = knot_dname_wire_check(name, query + query_len, NULL);

	if (name_len <= 0 || query_len - KNOT_WIRE_HEADER_SIZE < (size_t)name_len + 2) {
		return 0;
	}
	return knot_wire_read_u16(name + name_len);
}

size_t dns_answer_refused(const uint8_t *query, size_t query_len, bool tcp,
			  enum dns_refusal refusal, const struct finding *finding,
			  const char *contact, uint8_t *out, size_t out_size)
{
	const struct error error = {finding, contact};
	struct exchange x;

	if (!exchange_begin(&x, query, query_len, (struct carriage){tcp, 0}, out, out_size)) {
		return 0;
	}
	if (has_later_edns_version(&x)) {
		return exchange_end(&x, BADVERS_UPPER_BITS, NULL);
	}
	if (refusal == DNS_NO_SUCH_NAME) {
		knot_wire_set_rcode(x.answer->wire, KNOT_RCODE_NXDOMAIN);
	}
	if (!put_negative_soa(&x)) {
		return 0;
	}
	return exchange_end(&x, 0, finding != NULL ? &error : NULL);
}

/* Writes the address, or that only TCP has room for it. */
static bool put_address(struct exchange *x, const uint8_t *address, size_t address_len)
{
	uint16_t type = address_len == 4 ? KNOT_RRTYPE_A : KNOT_RRTYPE_AAAA;

	if (knot_pkt_qtype(x->query) != type) {
		return put_negative_soa(x);
	}
	if (COMPRESSED_OWNER_SIZE + RECORD_FIXED_SIZE + address_len > room_left(x)) {
		truncate(x);
		return !x->carriage.tcp;
	}
	return knot_pkt_begin(x->answer, KNOT_ANSWER) == KNOT_EOK &&
	       put_record(x, knot_pkt_wire_qname(x->query), type, DNS_ANSWER_ADDRESS_TTL, address,
			  (uint16_t)address_len, KNOT_COMPR_HINT_QNAME);
}

size_t dns_answer_address(const uint8_t *query, size_t query_len, bool tcp, bool may_exceed,
			  const uint8_t *address, size_t address_len, uint8_t *out, size_t out_size)
{
	const struct carriage carriage = {tcp, may_exceed ? DNS_ANSWER_ADDRESS_EXCESS : 0};
	struct exchange x;

	if (!exchange_begin(&x, query, query_len, carriage, out, out_size)) {
		return 0;
	}
	if (has_later_edns_version(&x)) {
		return exchange_end(&x, BADVERS_UPPER_BITS, NULL);
	}
	return put_address(&x, address, address_len) ? exchange_end(&x, 0, NULL) : 0;
}
