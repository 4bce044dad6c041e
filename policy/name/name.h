/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A host name taken apart for judging: labels, and for each character the ASCII letter it is read
 * as. Internal to policy/.
 */
#ifndef POLICY_NAME_NAME_H
#define POLICY_NAME_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Longest name in octets of presentation form (RFC 1035 section 3.1), label in octets, most labels.
 */
#define NAME_OCTETS_MAX 253
#define LABEL_OCTETS_MAX 63
#define LABELS_MAX 127

/*
 * Elements: what a name looks like, a letter, digit or hyphen each, labels side by side without the
 * dots. A character that is read as several letters (U+FB01 as "fi") has as many elements.
 */
struct name {
	char text[NAME_OCTETS_MAX + 1]; /* A-labels in lower case, no trailing dot, with NUL */
	size_t text_len;
	size_t label_count;
	uint16_t text_label[LABELS_MAX + 1]; /* offset of each label in text; last: text_len + 1 */
	uint16_t label[LABELS_MAX + 1];      /* first element of each label; last: element_count */

	size_t element_count;
	char base[NAME_OCTETS_MAX * 3]; /* 'a'-'z', '0'-'9', '-', or '?' for like no such letter */
	uint32_t origin[NAME_OCTETS_MAX * 3]; /* the code point it stands for; 0 when it shares the
						 one of the element before */
	uint8_t kind[NAME_OCTETS_MAX * 3];    /* enum confusable_kind */
};

/*
 * Takes a name apart. Letters are put in lower case, one trailing dot is dropped, U-labels in UTF-8
 * are mapped (NFKC_Casefold, as UTS 46 does, non-transitional) and turned into A-labels. For the
 * elements, A-labels are decoded; one that is not Punycode is read as the ASCII it is.
 *
 * \returns false when it is not a host name: empty or too long, an empty label, an IP address, a
 * character that no host name has.
 */
bool name_parse(const char *host, size_t host_len, struct name *out);

/* The label that element i belongs to. */
size_t name_label_of(const struct name *name, size_t i);

#endif
