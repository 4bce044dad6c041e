/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/name/name.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "policy/name/confusables.h"
#include "policy/name/punycode.h"

/* Octets that a name in UTF-8 may have: each character of a U-label takes up to four. */
#define INPUT_OCTETS_MAX ((size_t)NAME_OCTETS_MAX * 4)

/* Likewise of one label, and code units of UTF-16. */
#define LABEL_INPUT_MAX (LABEL_OCTETS_MAX * 4)

/* An ASCII octet in lower case; 0 when no host name has it. Underscores occur in service labels. */
static char lower_ascii(unsigned char c)
{
	/* A table, since each octet of each name is asked for. */
	static const char lower[256] =
	    "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
	    "\0\0\0\0\0\0\0\0\0\0\0\0\0-\0\0"
	    "0123456789\0\0\0\0\0\0"
	    "\0abcdefghijklmnopqrstuvwxyz\0\0\0\0_"
	    "\0abcdefghijklmnopqrstuvwxyz";

	return lower[c];
}

/* ---- the text: A-labels ---- */

/*
 * Characters that the mapping would fold away though names are registered with them (UTS 46 section
 * 6, "deviation characters"): sharp s, final sigma, and joiners where they can be valid, which is
 * never behind a letter of ASCII (RFC 5892 appendix A.1, A.2).
 */
static bool is_deviation(const UChar *text, int32_t i)
{
	return text[i] == 0xdf || text[i] == 0x3c2 ||
	       ((text[i] == 0x200c || text[i] == 0x200d) && i > 0 && text[i - 1] >= 0x80);
}

/* Maps what stands between deviation characters. \returns code units, -1 when it does not fit. */
static int32_t map_text(const UChar *source, int32_t len, UChar mapped[LABEL_INPUT_MAX])
{
	UErrorCode error = U_ZERO_ERROR;
	const UNormalizer2 *mapping = unorm2_getNFKCCasefoldInstance(&error);
	int32_t used = 0;

	for (int32_t at = 0; at < len; at++) {
		int32_t end = at;

		while (end < len && !is_deviation(source, end)) {
			end++;
		}
		used += unorm2_normalize(mapping, source + at, end - at, mapped + used,
					 LABEL_INPUT_MAX - used, &error);
		if (U_FAILURE(error) || used == LABEL_INPUT_MAX) {
			return -1;
		}
		if (end < len) {
			mapped[used++] = source[end];
		}
		at = end;
	}
	return used;
}

/* Reads UTF-8 as mapped code points. \returns how many; 0 when it is not UTF-8 or too long. */
static size_t map_u_label(const char *label, size_t len, UChar32 out[LABEL_OCTETS_MAX])
{
	UErrorCode error = U_ZERO_ERROR;
	UChar source[LABEL_INPUT_MAX], mapped[LABEL_INPUT_MAX];
	int32_t source_len, mapped_len, count;

	if (len > (size_t)LABEL_INPUT_MAX) {
		return 0;
	}
	u_strFromUTF8(source, LABEL_INPUT_MAX, &source_len, label, (int32_t)len, &error);
	if (U_FAILURE(error)) {
		return 0;
	}
	mapped_len = map_text(source, source_len, mapped);
	if (mapped_len < 0) {
		return 0;
	}
	u_strToUTF32(out, LABEL_OCTETS_MAX, &count, mapped, mapped_len, &error);
	return U_SUCCESS(error) && count <= LABEL_OCTETS_MAX ? (size_t)count : 0;
}

/* Appends ASCII in lower case. What cannot be appended changes nothing. */
static bool append_ascii(struct name *name, const char *label, size_t len)
{
	char *out = name->text + name->text_len;

	if (len == 0 || len > LABEL_OCTETS_MAX || len > NAME_OCTETS_MAX - name->text_len) {
		return false;
	}
	for (size_t i = 0; i < len; i++) {
		char lower = lower_ascii((unsigned char)label[i]);

		if (lower == 0) {
			return false;
		}
		out[i] = lower;
	}
	name->text_len += len;
	return true;
}

static bool append_u_label(struct name *name, const char *label, size_t len)
{
	UChar32 mapped[LABEL_OCTETS_MAX];
	size_t count = map_u_label(label, len, mapped), encoded;
	char text[LABEL_OCTETS_MAX] = "xn--";
	bool ascii = true;

	for (size_t i = 0; i < count; i++) {
		ascii = ascii && mapped[i] < 0x80;
	}
	if (count == 0) {
		return false;
	}
	if (ascii) {
		for (size_t i = 0; i < count; i++) {
			text[i] = (char)mapped[i];
		}
		return append_ascii(name, text, count);
	}
	for (size_t i = 0; i < count; i++) {
		if (mapped[i] < 0x80 && lower_ascii((unsigned char)mapped[i]) == 0) {
			return false;
		}
	}
	encoded = punycode_encode((const uint32_t *)mapped, count, text + 4, sizeof(text) - 4);
	return encoded > 0 && append_ascii(name, text, encoded + 4);
}

static bool append_label(struct name *name, const char *label, size_t len)
{
	if (name->label_count == LABELS_MAX) {
		return false;
	}
	if (name->label_count > 0) {
		if (name->text_len == NAME_OCTETS_MAX) {
			return false;
		}
		name->text[name->text_len++] = '.';
	}
	name->text_label[name->label_count++] = (uint16_t)name->text_len;
	if (append_ascii(name, label, len)) {
		return true;
	}
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)label[i] >= 0x80) {
			return append_u_label(name, label, len);
		}
	}
	return false;
}

/* Octets of the dot at text, 0 when there is none. IDEOGRAPHIC FULL STOP and its width variants
 * count (RFC 3490 section 3.1). */
static size_t dot_at(const char *text, size_t left)
{
	if (text[0] == '.') {
		return 1;
	}
	if ((unsigned char)text[0] >= 0x80 && left >= 3 &&
	    (memcmp(text, "\xe3\x80\x82", 3) == 0 || memcmp(text, "\xef\xbc\x8e", 3) == 0 ||
	     memcmp(text, "\xef\xbd\xa1", 3) == 0)) {
		return 3;
	}
	return 0;
}

static bool read_text(const char *host, size_t host_len, struct name *name)
{
	size_t start = 0, i = 0;

	name->text_len = 0;
	name->label_count = 0;
	while (i < host_len) {
		size_t dot = dot_at(host + i, host_len - i);

		if (dot == 0) {
			i++;
			continue;
		}
		if (!append_label(name, host + start, i - start)) {
			return false;
		}
		i += dot;
		start = i;
	}
	if (start < host_len && !append_label(name, host + start, host_len - start)) {
		return false;
	}
	return name->label_count > 0;
}

/* Four labels of digits only: an IPv4 address, or something that looks like one. */
static bool is_ipv4(const struct name *name)
{
	const char last = name->text[name->text_len - 1];

	return last >= '0' && last <= '9' && name->label_count == 4 &&
	       strspn(name->text, "0123456789.") == name->text_len;
}

/* ---- the elements: what it looks like ---- */

static void push(struct name *name, char base, uint32_t origin, uint8_t kind)
{
	size_t i = name->element_count++;

	name->base[i] = base;
	name->origin[i] = origin;
	name->kind[i] = kind;
}

/* A mark (general category M) on a letter that is like none of ASCII makes another letter of it, as
 * vowels of Indic scripts do; on others it is dropped. */
static bool is_mark_on_non_latin(const struct name *name, size_t first, uint32_t c)
{
	size_t count = name->element_count;

	return count > first && name->base[count - 1] == '?' &&
	       (U_MASK(u_charType((UChar32)c)) & U_GC_M_MASK) != 0;
}

/* Adds the elements that one character stands for, at most three; first is its label's. */
static void push_character(struct name *name, size_t first, uint32_t c)
{
	struct confusable folded;

	if (c < 0x80) {
		char lower = lower_ascii((unsigned char)c);

		push(name,
		     (char)(lower == '_' ? '-'
			    : lower != 0 ? lower
					 : '?'),
		     c, CONFUSABLE_SELF);
		return;
	}
	folded = confusable_of(c);
	if (folded.kind == CONFUSABLE_NONE ||
	    (folded.kind == CONFUSABLE_INVISIBLE && is_mark_on_non_latin(name, first, c))) {
		push(name, '?', c, CONFUSABLE_NONE);
	}
	for (size_t i = 0; i < sizeof(folded.ascii) && folded.ascii[i] != '\0'; i++) {
		push(name, folded.ascii[i], i == 0 ? c : 0, folded.kind);
	}
}

/* Adds a label that stands for itself. */
static void push_ascii(struct name *name, const char *label, size_t len)
{
	size_t first = name->element_count;

	for (size_t i = 0; i < len; i++) {
		name->base[first + i] = (char)(label[i] == '_' ? '-' : label[i]);
		name->origin[first + i] = (uint32_t)label[i];
	}
	memset(name->kind + first, CONFUSABLE_SELF, len);
	name->element_count = first + len;
}

static void push_label(struct name *name, const char *label, size_t len)
{
	uint32_t decoded[LABEL_OCTETS_MAX];
	size_t count = 0, first = name->element_count;

	if (len > 4 && memcmp(label, "xn--", 4) == 0) {
		count = punycode_decode(label + 4, len - 4, decoded, LABEL_OCTETS_MAX);
	}
	for (size_t i = 0; i < count; i++) {
		push_character(name, first, decoded[i]);
	}
	if (count == 0) {
		push_ascii(name, label, len);
	}
}

/* Ends the text and the table of where labels begin in it. */
static void end_text(struct name *name)
{
	name->text[name->text_len] = '\0';
	name->text_label[name->label_count] = (uint16_t)(name->text_len + 1);
}

static void push_labels(struct name *name)
{
	name->element_count = 0;
	for (size_t i = 0; i < name->label_count; i++) {
		const size_t start = name->text_label[i];

		name->label[i] = (uint16_t)name->element_count;
		push_label(name, name->text + start, (size_t)name->text_label[i + 1] - 1 - start);
	}
	name->label[name->label_count] = (uint16_t)name->element_count;
}

/* ---- both, of what nearly all names are ---- */

/* Notes a label whose text and elements end here. \returns false when it needs another look. */
static bool note_plain_label(struct name *name, size_t start, size_t end)
{
	const size_t len = end - start;

	if (len == 0 || len > LABEL_OCTETS_MAX || name->label_count == LABELS_MAX ||
	    (len > 4 && memcmp(name->text + start, "xn--", 4) == 0)) {
		return false;
	}
	name->label[name->label_count] = (uint16_t)(name->element_count - len);
	name->text_label[name->label_count++] = (uint16_t)start;
	return true;
}

/*
 * Reads a name of letters, digits and hyphens of ASCII that stand for themselves, in one pass.
 * \returns false when it is something else, or not a name.
 */
static bool read_plain(const char *host, size_t host_len, struct name *name)
{
	size_t start = 0, elements = 0;

	if (host_len > NAME_OCTETS_MAX) {
		return false;
	}
	name->label_count = 0;
	for (size_t i = 0; i < host_len; i++) {
		const char lower = lower_ascii((unsigned char)host[i]);

		if (lower != 0) {
			name->text[i] = lower;
			name->base[elements] = (char)(lower == '_' ? '-' : lower);
			name->origin[elements++] = (uint32_t)lower;
			continue;
		}
		name->text[i] = '.';
		name->element_count = elements;
		if (host[i] != '.' || !note_plain_label(name, start, i)) {
			return false;
		}
		start = i + 1;
	}
	name->element_count = elements;
	if (start < host_len) {
		if (!note_plain_label(name, start, host_len)) {
			return false;
		}
		start = host_len + 1;
	}
	memset(name->kind, CONFUSABLE_SELF, elements);
	name->label[name->label_count] = (uint16_t)elements;
	name->text_len = start - 1; /* without the dot of the root */
	end_text(name);
	return true;
}

bool name_parse(const char *host, size_t host_len, struct name *out)
{
	if (host_len == 0 || host_len > INPUT_OCTETS_MAX) {
		return false;
	}
	if (!read_plain(host, host_len, out)) {
		if (!read_text(host, host_len, out)) {
			return false;
		}
		end_text(out);
		push_labels(out);
	}
	return !is_ipv4(out);
}

size_t name_label_of(const struct name *name, size_t i)
{
	size_t label = 0;

	while (label + 1 < name->label_count && name->label[label + 1] <= i) {
		label++;
	}
	return label;
}
