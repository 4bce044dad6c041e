/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/invented.h"

#include <ctype.h>
#include <err.h>
#include <idn2.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "tests/bench/words.h"

#define PICK(random, list) (list)[seeded_below(random, sizeof(list) / sizeof((list)[0]))]

static const uint64_t sites_seed = 2024;

/* Text that grows in a caller's buffer; what does not fit is cut. */
struct text {
	char *octets;
	size_t size;
	size_t len;
};

static void append(struct text *text, const char *more)
{
	size_t room = text->size - 1 - text->len;
	size_t len = strlen(more);
	if (len > room) {
		len = room;
	}
	memcpy(text->octets + text->len, more, len);
	text->len += len;
	text->octets[text->len] = '\0';
}

static void append_letter(struct text *text, char letter)
{
	append(text, (char[]){letter, '\0'});
}

static struct text text_in(char *octets, size_t size)
{
	octets[0] = '\0';
	return (struct text){octets, size, 0};
}

static void append_invented_word(struct text *text, struct seeded *random, uint32_t syllables)
{
	for (uint32_t i = 0; i < syllables; i++) {
		append(text, PICK(random, onsets));
		append(text, PICK(random, nuclei));
		append(text, PICK(random, codas));
	}
}

/*
 * Words at even places of the list begin a site's compound, words at odd places make honest names,
 * so that an honest compound is not a protected site under another suffix.
 */
static const char *word_at(struct seeded *random, uint32_t odd)
{
	uint32_t pairs = sizeof(english_words) / sizeof(english_words[0]) / 2;
	return english_words[seeded_below(random, pairs) * 2 + odd];
}

static void append_label(struct text *text, struct seeded *random)
{
	uint32_t kind = seeded_below(random, 100);
	if (kind < 45) {
		append_invented_word(text, random, 2 + seeded_below(random, 3));
	} else if (kind < 53) {
		append(text, word_at(random, 0));
		append(text, PICK(random, english_words));
	} else if (kind < 65) {
		append(text, word_at(random, 0));
		append_invented_word(text, random, 1);
	} else if (kind < 80) {
		append_invented_word(text, random, 1 + seeded_below(random, 2));
		append(text, PICK(random, brand_endings));
	} else {
		uint32_t syllables = 2 + seeded_below(random, 2);
		for (uint32_t i = 0; i < syllables; i++) {
			append(text, PICK(random, vietnamese_syllables));
		}
		if (seeded_percent(random, 20)) {
			append(text, "bank");
		}
	}
}

/* A set of the labels and tokens given so far; a 64-bit hash stands for each. */
struct seen {
	uint64_t *slots;
	size_t mask;
};

static bool add_unseen(struct seen *seen, const char *text)
{
	uint64_t hash = XXH3_64bits(text, strlen(text)) | 1;
	for (size_t i = hash >> 20;; i++) {
		uint64_t *slot = &seen->slots[i & seen->mask];
		if (*slot == hash) {
			return false;
		}
		if (*slot == 0) {
			*slot = hash;
			return true;
		}
	}
}

/* The label's first letter and, in order, some of those after it; "" when it is already taken. */
static void make_token(struct invented_site *site, struct seeded *random, struct seen *seen)
{
	size_t wanted = 3 + seeded_below(random, 3);
	size_t len = strlen(site->label);
	if (wanted >= len || !seeded_percent(random, 10)) {
		return;
	}
	size_t at = 0;
	size_t step = (len - 1) / (wanted - 1);
	for (size_t i = 0; i < wanted; i++, at += step) {
		site->token[i] = site->label[at];
	}
	if (!add_unseen(seen, site->token)) {
		memset(site->token, 0, sizeof(site->token));
	}
}

struct invented_sites invented_sites_make(size_t count)
{
	struct seen seen = {.mask = 1023};
	while (seen.mask < count * 4) {
		seen.mask = seen.mask * 2 + 1;
	}
	seen.slots = calloc(seen.mask + 1, sizeof(*seen.slots));
	struct invented_sites sites = {calloc(count, sizeof(*sites.items)), count};
	if (seen.slots == NULL || sites.items == NULL) {
		err(2, "%zu sites", count);
	}

	struct seeded random = {sites_seed};
	for (size_t i = 0; i < count;) {
		struct invented_site *site = &sites.items[i];
		struct text label = text_in(site->label, sizeof(site->label));
		append_label(&label, &random);
		if (label.len < 4 || label.len > 14 || !add_unseen(&seen, site->label)) {
			continue;
		}
		struct text domain = text_in(site->domain, sizeof(site->domain));
		append(&domain, site->label);
		append(&domain, ".");
		append(&domain, PICK(&random, site_suffixes));
		make_token(site, &random, &seen);
		site->any_suffix = seeded_percent(&random, 5);
		i++;
	}
	free(seen.slots);
	return sites;
}

void invented_policy_write(const struct invented_sites *sites, FILE *out)
{
	fputs("version = 1;\ncontact = \"it@office.example\";\ndecorations = [", out);
	for (size_t i = 0; i < sizeof(decoration_words) / sizeof(decoration_words[0]); i++) {
		fprintf(out, "%s\"%s\"", i == 0 ? "" : ", ", decoration_words[i]);
	}
	fputs(
	    "];\nexceptions = [\"office.example\", \"(intra|extra)net\\\\.example\"];\nsites = (\n",
	    out);
	for (size_t i = 0; i < sites->count; i++) {
		const struct invented_site *site = &sites->items[i];
		fprintf(out, "%s{ name = \"%c%s\"; domains = [\"%s\"", i == 0 ? "" : ",\n",
			toupper((unsigned char)site->label[0]), site->label + 1, site->domain);
		if (site->any_suffix) {
			fprintf(out, ", \"%s.*\"", site->label);
		}
		fputs("];", out);
		if (site->token[0] != '\0') {
			fprintf(out, " tokens = [\"%s\"];", site->token);
		}
		fputs(" }", out);
	}
	fputs("\n);\n", out);
}

static void append_hex(struct text *text, struct seeded *random, size_t digits)
{
	for (size_t i = 0; i < digits; i++) {
		append_letter(text, "0123456789abcdef"[seeded_below(random, 16)]);
	}
}

static void append_compound(struct text *text, struct seeded *random)
{
	append(text, word_at(random, 1));
	if (seeded_percent(random, 20)) {
		append(text, "-");
	}
	append(text, word_at(random, 1));
	if (seeded_percent(random, 15)) {
		append(text, word_at(random, 1));
	}
}

static void append_suffix(struct text *text, struct seeded *random)
{
	append(text, ".");
	append(text, PICK(random, name_suffixes));
}

static void append_number(struct text *text, uint32_t number)
{
	char digits[16];
	snprintf(digits, sizeof(digits), "%u", number);
	append(text, digits);
}

/* Replaces the name by its A-labels. Leaves one that libidn2 refuses as it is. */
static void to_a_labels(struct text *name)
{
	char *ascii = NULL;
	if (idn2_to_ascii_8z(name->octets, &ascii, IDN2_NONTRANSITIONAL) != IDN2_OK) {
		return;
	}
	*name = text_in(name->octets, name->size);
	append(name, ascii);
	idn2_free(ascii);
}

static void append_cdn_name(struct text *name, struct seeded *random)
{
	append_letter(name, "degrx"[seeded_below(random, 5)]);
	append_hex(name, random, 6 + seeded_below(random, 14));
	append(name, ".");
	if (seeded_percent(random, 50)) {
		append(name, PICK(random, service_labels));
		append(name, "-");
		append_number(name, seeded_below(random, 40));
		append(name, ".");
	}
	append(name, word_at(random, 1));
	append(name, PICK(random, brand_endings));
	append(name, seeded_percent(random, 70) ? ".net" : ".com");
}

static void append_infrastructure_name(struct text *name, struct seeded *random)
{
	if (seeded_percent(random, 60)) {
		for (int i = 0; i < 4; i++) {
			append_number(name, seeded_below(random, 256));
			append(name, ".");
		}
		append(name, "in-addr.arpa");
	} else {
		append(name, seeded_percent(random, 50) ? "_ldap._tcp.dc." : "printer-");
		append_number(name, seeded_below(random, 100));
		append(name, ".office.example");
	}
}

static void append_own_site(struct text *name, struct seeded *random,
			    const struct invented_sites *sites)
{
	uint32_t first = sites->count < 10 ? (uint32_t)sites->count : 10;
	if (seeded_percent(random, 70)) {
		append(name, PICK(random, service_labels));
		append(name, ".");
	}
	append(name, sites->items[seeded_below(random, first)].domain);
}

size_t invented_honest_name(struct seeded *random, const struct invented_sites *sites,
			    char out[INVENTED_NAME_SIZE])
{
	struct text name = text_in(out, INVENTED_NAME_SIZE);
	uint32_t kind = seeded_below(random, 100);
	if (kind < 25) {
		if (seeded_percent(random, 50)) {
			append(&name, "www.");
		}
		append_invented_word(&name, random, 2 + seeded_below(random, 3));
		append_suffix(&name, random);
	} else if (kind < 50) {
		if (seeded_percent(random, 40)) {
			append(&name, "www.");
		}
		append_compound(&name, random);
		append_suffix(&name, random);
	} else if (kind < 70) {
		for (uint32_t levels = 1 + seeded_below(random, 3); levels > 0; levels--) {
			append(&name, PICK(random, service_labels));
			if (seeded_percent(random, 30)) {
				append_number(&name, seeded_below(random, 20));
			}
			append(&name, ".");
		}
		append_compound(&name, random);
		append_suffix(&name, random);
	} else if (kind < 82) {
		append_cdn_name(&name, random);
	} else if (kind < 87) {
		append(&name, PICK(random, marked_words));
		append(&name, PICK(random, marked_words));
		append_suffix(&name, random);
		to_a_labels(&name);
	} else if (kind < 92) {
		append_infrastructure_name(&name, random);
	} else if (kind < 95) {
		for (uint32_t words = 2 + seeded_below(random, 4); words > 0; words--) {
			append(&name, word_at(random, 1));
			append(&name, words > 1 ? "-" : ".");
		}
		append_compound(&name, random);
		append_suffix(&name, random);
	} else {
		append_own_site(&name, random, sites);
	}
	return name.len;
}

/* The label with one letter replaced by another text; the first letter when none fits. */
static void append_replaced(struct text *name, const char *label, char letter, const char *by)
{
	const char *place = strchr(label, letter);
	if (place == NULL) {
		place = label;
	}
	for (const char *c = label; *c != '\0'; c++) {
		if (c == place) {
			append(name, by);
		} else {
			append_letter(name, *c);
		}
	}
}

static void append_typo(struct text *name, struct seeded *random, const char *label)
{
	size_t at = 1 + seeded_below(random, (uint32_t)strlen(label) - 2);
	uint32_t kind = seeded_below(random, 4);
	for (size_t i = 0; label[i] != '\0'; i++) {
		if (i != at) {
			append_letter(name, label[i]);
		} else if (kind == 1) { /* repetition */
			append_letter(name, label[i]);
			append_letter(name, label[i]);
		} else if (kind == 2) { /* transposition */
			append_letter(name, label[i + 1]);
			append_letter(name, label[i]);
			i++;
		} else if (kind == 3) { /* replacement */
			append_letter(name, (char)('a' + seeded_below(random, 26)));
		} /* else omission */
	}
}

static void append_look_alike(struct text *name, struct seeded *random, const char *label)
{
	static const struct {
		char letter;
		const char *by;
	} look_alikes[] = {
	    {'o', "0"}, {'m', "rn"}, {'l', "1"}, {'i', "l"}, {'a', "á"}, {'e', "ẹ"}, {'o', "о"},
	};
	size_t count = sizeof(look_alikes) / sizeof(look_alikes[0]);
	size_t first = seeded_below(random, (uint32_t)count);
	for (size_t i = 0; i < count; i++) {
		size_t pick = (first + i) % count;
		if (strchr(label, look_alikes[pick].letter) != NULL) {
			append_replaced(name, label, look_alikes[pick].letter,
					look_alikes[pick].by);
			return;
		}
	}
	append_replaced(name, label, 'u', "ư");
}

size_t invented_imitation(struct seeded *random, const struct invented_sites *sites,
			  char out[INVENTED_NAME_SIZE])
{
	const struct invented_site *site =
	    &sites->items[seeded_below(random, (uint32_t)sites->count)];
	struct text name = text_in(out, INVENTED_NAME_SIZE);
	uint32_t kind = seeded_below(random, 6);
	if (kind == 4 && site->any_suffix) { /* its label under any suffix is its own */
		kind = 3;
	}
	switch (kind) {
	case 0:
		append_look_alike(&name, random, site->label);
		append(&name, strchr(site->domain, '.'));
		to_a_labels(&name);
		break;
	case 1:
		append_typo(&name, random, site->label);
		append(&name, strchr(site->domain, '.'));
		break;
	case 2: /* hyphenation */
		append_letter(&name, site->label[0]);
		append_letter(&name, site->label[1]);
		append(&name, "-");
		append(&name, site->label + 2);
		append(&name, strchr(site->domain, '.'));
		break;
	case 3: /* combosquat */
		append(&name, site->label);
		append(&name, "-");
		append(&name, PICK(random, decoration_words));
		append_suffix(&name, random);
		break;
	case 4: /* tld-swap */
		append(&name, site->label);
		append(&name, ".");
		append(&name, seeded_percent(random, 50) ? "top" : "xyz");
		break;
	default: /* subdomain */
		append(&name, "www.");
		append(&name, site->domain);
		append(&name, ".");
		append(&name, PICK(random, decoration_words));
		append(&name, "-id.top");
		break;
	}
	return name.len;
}
