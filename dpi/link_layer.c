/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/link_layer.h"

#include <arpa/inet.h>
#include <limits.h>
#include <net/ethernet.h>
#include <pcap/dlt.h>
#include <string.h>

#include "dpi/wire.h"

#define ETHERTYPE_QINQ 0x88a8     /* 802.1ad service tag */
#define ETHERTYPE_OLD_QINQ 0x9100 /* service tag before 802.1ad */
#define VLAN_TAG_LEN 4            /* tag control information and the next type */

/* RFC 2516 section 4, then the protocol's number in PPP (RFC 1661 section 2) */
#define ETHERTYPE_PPPOE_SESSION 0x8864
#define PPPOE_HEADER_LEN 8
#define PPPOE_PROTOCOL_AT 6
#define PPP_IPV4 0x0021
#define PPP_IPV6 0x0057

/* Header lengths and where the protocol stands: libpcap's LINKTYPE_ descriptions. */
#define SLL_HEADER_LEN 16
#define SLL_PROTOCOL_AT 14
#define SLL2_HEADER_LEN 20
#define SLL2_PROTOCOL_AT 0
#define LOOPBACK_HEADER_LEN 4
#define HDLC_HEADER_LEN 4
#define HDLC_PROTOCOL_AT 2
#define PPI_HEADER_LEN 8

static bool is_vlan_tag(uint16_t type)
{
	return type == ETHERTYPE_VLAN || type == ETHERTYPE_QINQ || type == ETHERTYPE_OLD_QINQ;
}

static bool find_behind_ethertype(const uint8_t *frame, size_t len, size_t type_at,
				  size_t header_len, size_t *offset)
{
	size_t at = header_len;

	if (len <= at) {
		return false;
	}
	uint16_t type = wire_u16(frame + type_at);
	while (is_vlan_tag(type)) {
		if (len - at <= VLAN_TAG_LEN) {
			return false;
		}
		type = wire_u16(frame + at + 2);
		at += VLAN_TAG_LEN;
	}
	if (type == ETHERTYPE_PPPOE_SESSION) {
		if (len - at <= PPPOE_HEADER_LEN) {
			return false;
		}
		*offset = at + PPPOE_HEADER_LEN;
		uint16_t protocol = wire_u16(frame + at + PPPOE_PROTOCOL_AT);
		return protocol == PPP_IPV4 || protocol == PPP_IPV6;
	}
	*offset = at;
	return type == ETHERTYPE_IP || type == ETHERTYPE_IPV6;
}

/* AF_INET is 2 everywhere; AF_INET6 is 10, 24, 28 or 30, by the system that captured. */
static bool is_ip_family(uint32_t family)
{
	return family == 2 || family == 10 || family == 24 || family == 28 || family == 30;
}

/* The family is in the byte order of the system that captured (NULL) or the network's (LOOP). */
static bool find_behind_family(const uint8_t *frame, size_t len, size_t *offset)
{
	uint32_t family;

	if (len <= LOOPBACK_HEADER_LEN) {
		return false;
	}
	memcpy(&family, frame, sizeof(family));
	*offset = LOOPBACK_HEADER_LEN;
	return is_ip_family(family) || is_ip_family(__builtin_bswap32(family));
}

/* PPP (RFC 1661 section 2), with or without the address and control of RFC 1662. */
static bool find_behind_ppp(const uint8_t *frame, size_t len, size_t *offset)
{
	size_t at = len >= 2 && frame[0] == 0xff && frame[1] == 0x03 ? 2 : 0;
	if (len <= at) {
		return false;
	}
	/* A protocol's number may be in one octet, then an odd one (section 6.5). */
	size_t size = (frame[at] & 1) != 0 ? 1 : 2;
	if (len <= at + size) {
		return false;
	}
	uint16_t protocol = size == 1 ? frame[at] : wire_u16(frame + at);
	*offset = at + size;
	return protocol == PPP_IPV4 || protocol == PPP_IPV6;
}

/* Cisco's HDLC: address, control, EtherType; or PPP, by its address. */
static bool find_behind_hdlc(const uint8_t *frame, size_t len, size_t *offset)
{
	if (len > 0 && frame[0] == 0xff) {
		return find_behind_ppp(frame, len, offset);
	}
	return find_behind_ethertype(frame, len, HDLC_PROTOCOL_AT, HDLC_HEADER_LEN, offset);
}

/* Per-packet information, little-endian: version, flags, length, link layer; then its frame. */
static bool find_behind_ppi(const uint8_t *frame, size_t len, size_t *offset)
{
	if (len < PPI_HEADER_LEN) {
		return false;
	}
	size_t header = (size_t)(frame[2] | frame[3] << 8);
	uint32_t type = (uint32_t)frame[4] | (uint32_t)frame[5] << 8 | (uint32_t)frame[6] << 16 |
			(uint32_t)frame[7] << 24;
	if (header < PPI_HEADER_LEN || header >= len || type == DLT_PPI || type > INT_MAX ||
	    !link_layer_find_ip((int)type, frame + header, len - header, offset)) {
		return false;
	}
	*offset += header;
	return true;
}

static bool find_raw(const uint8_t *frame, size_t len, size_t *offset)
{
	*offset = 0;
	return len > 0 && (frame[0] >> 4 == 4 || frame[0] >> 4 == 6);
}

bool link_layer_known(int type)
{
	switch (type) {
	case DLT_EN10MB:
	case DLT_LINUX_SLL:
	case DLT_LINUX_SLL2:
	case DLT_NULL:
	case DLT_LOOP:
	case DLT_RAW:
	case DLT_IPV4:
	case DLT_IPV6:
	case DLT_PPP:
	case DLT_PPP_SERIAL:
	case DLT_C_HDLC:
	case DLT_PPI:
		return true;
	default:
		return false;
	}
}

bool link_layer_find_ip(int type, const uint8_t *frame, size_t len, size_t *offset)
{
	switch (type) {
	case DLT_EN10MB:
		return find_behind_ethertype(frame, len, ETHER_ADDR_LEN * 2, ETHER_HDR_LEN, offset);
	case DLT_LINUX_SLL:
		return find_behind_ethertype(frame, len, SLL_PROTOCOL_AT, SLL_HEADER_LEN, offset);
	case DLT_LINUX_SLL2:
		return find_behind_ethertype(frame, len, SLL2_PROTOCOL_AT, SLL2_HEADER_LEN, offset);
	case DLT_NULL:
	case DLT_LOOP:
		return find_behind_family(frame, len, offset);
	case DLT_PPP:
		return find_behind_ppp(frame, len, offset);
	case DLT_PPP_SERIAL:
	case DLT_C_HDLC:
		return find_behind_hdlc(frame, len, offset);
	case DLT_PPI:
		return find_behind_ppi(frame, len, offset);
	default:
		return find_raw(frame, len, offset);
	}
}
