/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/engine/slip_search.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "policy/engine/bait_words.h"
#include "policy/engine/slip.h"
#include "policy/name/glyph.h"

/*
 * The four letters that a text is known by: its first three and one more, or its first and three
 * more. An octet each; five bits are the letter, so that the kind has room in the first.
 */
enum key_kind {
	KEY_FRONT,    /* letters 0 to 3 */
	KEY_SKIPPING, /* 0, 1, 2 and 4 */
	KEY_MIDDLE,   /* 0, and three on end */
	KEY_BACKWARD, /* + one of these: from the end of the text */
	KEY_EDGE = 6, /* of a bait word, four letters or all three; + 1: from its end */
};
#define KIND_SHIFT 5

/* Two bits of a word for each hash of a key; most look-ups end there. */
#define WORD_BITS 11
#define BUCKET_BITS 12

/* Shorter labels are not looked at: eight letters are read at once. Longer ones, neither: letters
 * of other scripts may be read as several. */
#define LABEL_LEN_MIN 8
#define LABEL_LEN_MAX 128

/* Keys of one text at the most, from one end. */
#define KEYS_MAX 8

/* Entries that are looked at for one name; a policy whose texts all begin alike has more. */
#define ENTRIES_MAX 96

/* Labels before the last that may be the registered one, or what somebody has of a host's: those
 * of x.com, x.com.vn and x.webflow.io. */
#define LABELS_SEARCHED 2

/* With what leaves out most, side by side. */
struct entry {
	uint32_t key;
	uint32_t letters; /* of the token */
	uint32_t token;   /* the first of those that have the text */
	uint32_t len;     /* its fine letters */
};

struct keys {
	uint64_t seen[1U << WORD_BITS];
	uint32_t bucket[(1U << BUCKET_BITS) + 1]; /* where its entries begin */
	struct entry *entries;                    /* by hash, key and token */
	size_t entry_count;
};

struct slip_table {
	const struct token_table *tokens;
	struct keys glued;
	struct keys whole; /* and the bait words' edges */
};

static inline uint32_t make_key(unsigned kind, unsigned a, unsigned b, unsigned c, unsigned d)
{
	return a | kind << KIND_SHIFT | b << 8 | c << 16 | d << 24;
}

static inline uint32_t hash_of(uint32_t key)
{
	return key * 0x9e3779b1U;
}

/* The word of `seen` that a hash has its bits in, and those. */
static inline size_t word_of(uint32_t hash)
{
	return hash >> (32 - WORD_BITS);
}

static inline uint64_t bits_of(uint32_t hash)
{
	return UINT64_C(1) << (hash >> (26 - WORD_BITS) & 63) |
	       UINT64_C(1) << (hash >> (20 - WORD_BITS) & 63);
}

static inline bool may_have(const struct keys *keys, uint32_t key)
{
	const uint32_t hash = hash_of(key);

	return (keys->seen[word_of(hash)] & bits_of(hash)) == bits_of(hash);
}

static void note(struct keys *keys, uint32_t key)
{
	const uint32_t hash = hash_of(key);

	keys->seen[word_of(hash)] |= bits_of(hash);
}

static void put(struct keys *keys, const struct entry *token, uint32_t key)
{
	struct entry *entry = &keys->entries[keys->entry_count++];

	*entry = *token;
	entry->key = key;
	note(keys, key);
}

/* Puts the keys of a text, its letters being read from one end. */
static void put_keys(struct keys *keys, const struct entry *token, const uint8_t *s, unsigned end)
{
	put(keys, token, make_key(end + KEY_FRONT, s[0], s[1], s[2], s[3]));
	/* the fourth left out, or swapped with the fifth */
	put(keys, token, make_key(end + KEY_FRONT, s[0], s[1], s[2], s[4]));
	if (token->len > GLUED_SLIP_LEN_MIN) {
		put(keys, token, make_key(end + KEY_MIDDLE, s[0], s[4], s[5], s[6]));
		return;
	}
	/* Of six letters the second half is too close to the middle: each other slip by itself. */
	put(keys, token, make_key(end + KEY_MIDDLE, s[0], s[3], s[4], s[5]));
	put(keys, token, make_key(end + KEY_SKIPPING, s[0], s[1], s[2], s[4]));
	put(keys, token, make_key(end + KEY_FRONT, s[0], s[2], s[3], s[4]));
	put(keys, token, make_key(end + KEY_FRONT, s[0], s[1], s[3], s[4]));
	put(keys, token, make_key(end + KEY_FRONT, s[0], s[1], s[3], s[2]));
}

/* Likewise where a label is the text as a whole, but for two slips: the middle is moved by two. */
static void put_whole_keys(struct keys *keys, const struct entry *token, const uint8_t *s,
			   const uint8_t *backward)
{
	put(keys, token, make_key(KEY_FRONT, s[0], s[1], s[2], s[3]));
	put(keys, token, make_key(KEY_MIDDLE, s[0], s[4], s[5], s[6]));
	/* both are before these */
	put(keys, token,
	    make_key(KEY_BACKWARD + KEY_MIDDLE, backward[0], backward[4], backward[5],
		     backward[6]));
}

static int compare(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	const uint32_t x_hash = hash_of(x->key), y_hash = hash_of(y->key);

	if (x_hash != y_hash) {
		return x_hash < y_hash ? -1 : 1;
	}
	if (x->key != y->key) {
		return x->key < y->key ? -1 : 1;
	}
	return (x->token > y->token) - (x->token < y->token);
}

static inline uint32_t bucket_of(uint32_t key)
{
	return hash_of(key) >> (32 - BUCKET_BITS);
}

static void sort_keys(struct keys *keys)
{
	size_t entry = 0;

	qsort(keys->entries, keys->entry_count, sizeof(*keys->entries), compare);
	for (uint32_t bucket = 0; bucket <= 1U << BUCKET_BITS; bucket++) {
		while (entry < keys->entry_count && bucket_of(keys->entries[entry].key) < bucket) {
			entry++;
		}
		keys->bucket[bucket] = (uint32_t)entry;
	}
}

static void reverse(const uint8_t *letters, size_t len, uint8_t *out)
{
	for (size_t i = 0; i < len; i++) {
		out[i] = letters[len - 1 - i];
	}
}

static void add_token(struct slip_table *table, size_t i)
{
	const struct token *token = &table->tokens->items[i];
	const struct entry entry = {
	    .letters = token->letters, .token = (uint32_t)i, .len = token->fine_len};
	uint8_t backward[TOKEN_LEN_MAX];

	if (token->fine_len < GLUED_SLIP_LEN_MIN || token->is_half || token->non_latin != NULL ||
	    (i > 0 && strcmp(token[-1].text, token->text) == 0)) {
		return;
	}
	reverse(token->fine, token->fine_len, backward);
	put_keys(&table->glued, &entry, token->fine, 0);
	/* "icloud" behind something is any other's cloud */
	if (!token->ends_in_word) {
		put_keys(&table->glued, &entry, backward, KEY_BACKWARD);
	}
	if (token->fine_len >= SLIP_AND_LOOKALIKE_LEN_MIN) {
		put_whole_keys(&table->whole, &entry, token->fine, backward);
	}
}

static void note_edge(struct slip_table *table, const uint8_t *letters, size_t len, unsigned end)
{
	note(&table->whole, make_key(KEY_EDGE + end, letters[0], letters[1], letters[2],
				     len == 3 ? NO_LETTER : letters[3]));
}

/* Two letters are at the edge of too many labels. */
static void note_bait_words(struct slip_table *table)
{
	const char *word;

	for (size_t i = 0; (word = bait_word(i)) != NULL; i++) {
		uint8_t letters[LABEL_OCTETS_MAX], backward[LABEL_OCTETS_MAX];
		const size_t len = glyph_fold(word, letters, sizeof(letters));

		if (len < 3) {
			continue;
		}
		reverse(letters, len, backward);
		note_edge(table, letters, len, 0);
		note_edge(table, backward, len, 1);
	}
}

struct slip_table *slip_table_new(const struct token_table *tokens)
{
	struct slip_table *table = calloc(1, sizeof(*table));
	const size_t entries = (tokens->count + 1) * 2 * KEYS_MAX;

	if (table == NULL) {
		return NULL;
	}
	table->tokens = tokens;
	table->glued.entries = calloc(entries, sizeof(*table->glued.entries));
	table->whole.entries = calloc(entries, sizeof(*table->whole.entries));
	if (table->glued.entries == NULL || table->whole.entries == NULL) {
		slip_table_free(table);
		return NULL;
	}
	for (size_t i = 0; i < tokens->count; i++) {
		add_token(table, i);
	}
	sort_keys(&table->glued);
	sort_keys(&table->whole);
	note_bait_words(table);
	return table;
}

void slip_table_free(struct slip_table *table)
{
	if (table == NULL) {
		return;
	}
	free(table->glued.entries);
	free(table->whole.entries);
	free(table);
}

size_t slip_table_memory(const struct slip_table *table)
{
	return sizeof(*table) +
	       (table->tokens->count + 1) * 4 * KEYS_MAX * sizeof(*table->glued.entries);
}

/* The label that is searched, and what is left of the bounds. */
struct label {
	const struct token_table *tokens;
	struct search *search;
	const uint8_t *letters; /* fine, hyphens left out */
	size_t start, len;      /* in search->fine */
	uint32_t set;           /* slip_letters(); 0 until it is asked for */
	size_t entries_left;
	size_t candidates_max;
};

static void add(const struct label *label, uint32_t token, size_t start, size_t len)
{
	struct search *search = label->search;
	const struct candidate found = {
	    .token = token,
	    .start = search->element[label->start + start],
	    .end = (uint16_t)(search->element[label->start + start + len - 1] + 1),
	};

	search_add(search, found, label->candidates_max);
}

/* Adds the token where the label begins or, backward, ends with it but for one slip. */
static void compare_glued(struct label *label, const struct entry *entry, bool backward)
{
	const struct token *token = &label->tokens->items[entry->token];
	const uint8_t *letters = label->letters, *meant = token->fine;
	uint8_t label_backward[LABEL_LEN_MAX], token_backward[TOKEN_LEN_MAX];

	if (entry->len >= label->len ||
	    !slip_letters_at_most(entry->letters & ~label->set, SLIP_LETTERS_LACKING_MAX)) {
		return;
	}
	if (backward) {
		reverse(label->letters, label->len, label_backward);
		reverse(token->fine, token->fine_len, token_backward);
		letters = label_backward;
		meant = token_backward;
	}
	const unsigned lengths = slip_in_front(letters, label->len, meant, token->fine_len);

	/* what explains most comes first: a few of one text are weighed */
	for (unsigned i = 3; i-- > 0;) {
		const size_t len = token->fine_len + i - 1U;
		const size_t start = backward ? label->len - len : 0;

		/* a whole piece is the index's to find; and a token's first letter stays */
		if ((lengths >> i & 1) != 0 && len < label->len &&
		    label->letters[start] == token->fine[0]) {
			add(label, entry->token, start, len);
		}
	}
}

/* Adds the token that the label is but for two slips, or one and look-alikes. */
static void compare_whole(struct label *label, const struct entry *entry)
{
	const struct token *token = &label->tokens->items[entry->token];

	if (label->len + 2 >= entry->len && label->len <= entry->len + 2U &&
	    label->len + 1 >= TWO_SLIPS_LEN_MIN &&
	    slip_letters_at_most(label->set ^ entry->letters, SLIP_LETTERS_OFF_MAX) &&
	    label->letters[0] == token->fine[0] &&
	    slip_whole(label->letters, label->len, token->fine, token->fine_len,
		       token_changes_max(entry->len, false))) {
		add(label, entry->token, 0, label->len);
	}
}

static void compare_tokens(const struct slip_table *table, const struct keys *keys,
			   struct label *label, uint32_t key)
{
	const uint32_t bucket = bucket_of(key);

	if (label->set == 0) {
		label->set = slip_letters(label->letters, label->len);
	}
	for (uint32_t i = keys->bucket[bucket];
	     i < keys->bucket[bucket + 1] && label->entries_left > 0; i++) {
		const struct entry *entry = &keys->entries[i];

		if (entry->key != key) {
			continue;
		}
		label->entries_left--;
		if (keys == &table->whole) {
			compare_whole(label, entry);
		} else {
			compare_glued(label, entry, (key & 0xff) >> KIND_SHIFT >= KEY_BACKWARD);
		}
	}
}

static inline void look_up(const struct slip_table *table, const struct keys *keys,
			   struct label *label, uint32_t key)
{
	if (may_have(keys, key)) {
		compare_tokens(table, keys, label, key);
	}
}

/* The first of eight letters and three on end. */
static inline uint32_t middle_key(uint64_t letters, unsigned at, unsigned end)
{
	return ((uint32_t)letters & 0xffU) | (end + KEY_MIDDLE) << KIND_SHIFT |
	       ((uint32_t)(letters >> 8 * (at - 1)) & 0xffffff00U);
}

/* Looks up eight letters from one end of the label, the first in the lowest octet. */
static void search_glued(const struct slip_table *table, struct label *label, uint64_t letters,
			 unsigned end)
{
	const struct keys *keys = &table->glued;

	look_up(table, keys, label, (uint32_t)letters | (end + KEY_FRONT) << KIND_SHIFT);
	look_up(table, keys, label,
		((uint32_t)letters & 0xffffffU) | ((uint32_t)(letters >> 8) & 0xff000000U) |
		    (end + KEY_SKIPPING) << KIND_SHIFT);
	for (unsigned at = 3; at <= 5; at++) {
		look_up(table, keys, label, middle_key(letters, at, end));
	}
}

static void search_whole(const struct slip_table *table, struct label *label, uint64_t front,
			 uint64_t behind)
{
	const struct keys *keys = &table->whole;

	look_up(table, keys, label, (uint32_t)front | KEY_FRONT << KIND_SHIFT);
	for (unsigned at = 2; at <= 5; at++) {
		look_up(table, keys, label, middle_key(front, at, 0));
	}
	look_up(table, keys, label, middle_key(behind, 4, KEY_BACKWARD));
}

/* Whether a bait word may be at this end of the label. */
static inline bool may_be_bait(const struct slip_table *table, uint64_t letters, unsigned end)
{
	const uint32_t key = (uint32_t)letters | (KEY_EDGE + end) << KIND_SHIFT;

	return may_have(&table->whole, key) ||
	       may_have(&table->whole, key | (uint32_t)NO_LETTER << 24);
}

static bool ends_in_digit(const struct name *name, const struct label *label)
{
	const char last = name->base[label->search->element[label->start + label->len - 1]];

	return last >= '0' && last <= '9';
}

/* Reads eight letters from either end, the first in the lowest octet. */
static inline uint64_t read_front(const struct label *label)
{
	uint64_t letters;

	memcpy(&letters, label->letters, sizeof(letters));
	return le64toh(letters);
}

static inline uint64_t read_behind(const struct label *label)
{
	uint64_t letters;

	memcpy(&letters, label->letters + label->len - sizeof(letters), sizeof(letters));
	return be64toh(letters);
}

/* Narrows the label to a piece of it, and searches that where a bait word may be at its edge. */
static void search_piece(const struct slip_table *table, const struct name *name,
			 struct label *label, size_t start, size_t end, bool made_up)
{
	if (end - start < LABEL_LEN_MIN) {
		return;
	}
	label->letters += start - label->start;
	label->start = start;
	label->len = end - start;
	label->set = 0;
	const uint64_t front = read_front(label), behind = read_behind(label);

	search_whole(table, label, front, behind);
	if (!made_up && (may_be_bait(table, behind, 1) || ends_in_digit(name, label))) {
		search_glued(table, label, front, 0);
	}
	if (may_be_bait(table, front, 0)) {
		search_glued(table, label, behind, KEY_BACKWARD);
	}
}

static void search_label(const struct slip_table *table, const struct name *name, size_t at,
			 size_t candidates_max, bool made_up, struct search *search)
{
	const uint16_t *element = search->element;
	const size_t start = search->label_fine[at], end = search->label_fine[at + 1];
	struct label label = {.tokens = table->tokens,
			      .search = search,
			      .letters = search->fine + start,
			      .start = start,
			      .len = end - start,
			      .entries_left = ENTRIES_MAX,
			      .candidates_max = candidates_max};

	if (label.len < LABEL_LEN_MIN || label.len > LABEL_LEN_MAX) {
		return;
	}
	if (element[end - 1] == element[start] + label.len - 1) {
		search_piece(table, name, &label, start, end, made_up);
		return;
	}
	search_whole(table, &label, read_front(&label), read_behind(&label));
	for (size_t from = start, to = from + 1; to <= end; to++) {
		if (to == end || element[to] != element[to - 1] + 1) {
			search_piece(table, name, &label, from, to, made_up);
			from = to;
		}
	}
}

void slip_search(const struct slip_table *table, const struct name *name, bool made_up,
		 struct search *search)
{
	const size_t candidates_max = search->candidate_count + SLIP_CANDIDATES_MAX;

	for (size_t i = 1; i <= LABELS_SEARCHED && i < name->label_count; i++) {
		search_label(table, name, name->label_count - 1 - i, candidates_max, made_up,
			     search);
	}
}
