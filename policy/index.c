#include "policy/index.h"

#include <stdlib.h>
#include <string.h>

#include "policy/glyph.h"

/*
 * Every question the index answers is "which tokens have this key?", a key being the hash of some
 * form of a text together with what kind of form it is.
 */
enum key_kind {
	KEY_HEAD,          /* the first letters of a token, spelled out; + length class */
	KEY_NEAR = 16,     /* a long token with at most one letter taken out */
	KEY_NEAR_SUFFIX,   /* a short token likewise, with its suffix */
	KEY_COARSE,        /* a long token's coarse form */
	KEY_COARSE_SUFFIX, /* a short one's, with its suffix */
	KEY_TINY,          /* a token of two or three letters */
};

/* Letters of a token, spelled out, by which it is found within a text. */
#define HEAD_MIN 4
#define HEAD_MAX 8

/* Coarse forms shorter than this are too common to look up without the suffix. */
#define COARSE_LONG 5

#define TINY_LEN_MIN 2
#define TINY_LEN_MAX 3

/* Shortest token whose typos are looked for. */
#define NEAR_LEN_MIN 3

struct slot {
	uint32_t check; /* upper half of the key */
	uint32_t token;
};

struct index {
	size_t token_count;
	uint32_t bucket_mask;
	uint32_t *bucket_start; /* bucket_mask + 2 of them */
	struct slot *slots;
	size_t slot_count;
	uint64_t *filter; /* Bloom filter over all keys: most look-ups end here */
	uint64_t filter_mask;
	uint64_t *gram_seen; /* a bit for each four spelled letters that begin a token */
	uint8_t **head_text; /* tokens of HEAD_MIN letters and more, spelled out */
	uint8_t *head_len;
	size_t near_len_max; /* longest token */
	uint8_t *head_pool;
};

#define GRAM_BITS 20

/* Odd multiplier of the polynomial hashes, and its powers. */
static const uint64_t multiplier = 0x9e3779b97f4a7c15u;
static uint64_t powers[NAME_OCTETS_MAX * 6 + 1];

static uint64_t mix(uint64_t hash, uint32_t kind)
{
	hash ^= (uint64_t)(kind + 1) * 0xd6e8feb86659fd93u;
	hash ^= hash >> 32;
	hash *= 0xd6e8feb86659fd93u;
	hash ^= hash >> 29;
	hash *= 0xbf58476d1ce4e5b9u;
	return hash ^ (hash >> 32);
}

static uint64_t hash_step(uint64_t hash, uint8_t letter)
{
	return hash * multiplier + letter + 1;
}

static uint64_t hash_range(const uint64_t *prefix, size_t start, size_t end)
{
	return prefix[end] - prefix[start] * powers[end - start];
}

static uint64_t hash_without(const uint64_t *prefix, size_t start, size_t end, size_t gone)
{
	return hash_range(prefix, start, gone) * powers[end - gone - 1] +
	       hash_range(prefix, gone + 1, end);
}

static uint64_t hash_text(const char *text, size_t len)
{
	uint64_t hash = 0;

	for (size_t i = 0; i < len; i++)
		hash = hash_step(hash, (uint8_t)text[i]);
	return hash;
}

static size_t spell(const uint8_t *fine, size_t len, uint8_t *out)
{
	size_t count = 0;

	for (size_t i = 0; i < len; i++)
		count += glyph_spell(fine[i], out + count);
	return count;
}

/* Hash of the coarse form of a text; *letters gets its length. */
static uint64_t coarse_hash(const uint8_t *fine, size_t len, size_t *letters)
{
	uint64_t hash = 0;
	uint8_t last = GLYPH_SKIP;

	*letters = 0;
	for (size_t i = 0; i < len; i++) {
		bool collapses;
		uint8_t coarse = glyph_coarse(fine[i], &collapses);

		if (coarse == GLYPH_SKIP || (collapses && coarse == last))
			continue;
		last = coarse;
		hash = hash_step(hash, coarse);
		(*letters)++;
	}
	return hash;
}

static uint32_t gram_of(const uint8_t *spelled)
{
	return ((uint32_t)spelled[0] << 15 | (uint32_t)spelled[1] << 10 |
		(uint32_t)spelled[2] << 5 | spelled[3]);
}

/* ---- compiling ---- */

struct key {
	uint64_t hash;
	uint32_t token;
};

struct keys {
	struct key *items;
	size_t count, size;
	bool failed;
};

static void add_key(struct keys *keys, uint64_t hash, uint32_t token)
{
	if (keys->failed)
		return;
	if (keys->count == keys->size) {
		size_t size = keys->size == 0 ? 1024 : keys->size * 2;
		struct key *items = realloc(keys->items, size * sizeof(*items));

		if (items == NULL) {
			keys->failed = true;
			return;
		}
		keys->items = items;
		keys->size = size;
	}
	keys->items[keys->count++] = (struct key){.hash = hash, .token = token};
}

/* Letters of a token without its hyphens. */
static size_t fold_token(const char *text, uint8_t fine[TOKEN_LEN_MAX])
{
	size_t len = 0;

	for (; *text != '\0' && len < TOKEN_LEN_MAX; text++) {
		if (*text != '-')
			fine[len++] = glyph_fine(*text);
	}
	return len;
}

static void add_near_keys(struct keys *keys, const struct index_entry *entry, const uint8_t *fine,
			  size_t len, uint32_t token)
{
	uint64_t prefix[TOKEN_LEN_MAX + 1] = {0};
	uint64_t suffix = hash_text(entry->suffix, strlen(entry->suffix));
	bool is_short = len <= TOKEN_SHORT_MAX;
	uint32_t kind = is_short ? KEY_NEAR_SUFFIX : KEY_NEAR;
	size_t letters;
	uint64_t coarse = coarse_hash(fine, len, &letters);

	for (size_t i = 0; i < len; i++)
		prefix[i + 1] = hash_step(prefix[i], fine[i]);
	if (!is_short)
		suffix = 0;
	add_key(keys, mix(prefix[len] ^ suffix, kind), token);
	for (size_t i = 0; i < len; i++) {
		if (i == 0 || fine[i] != fine[i - 1])
			add_key(keys, mix(hash_without(prefix, 0, len, i) ^ suffix, kind), token);
	}
	if (letters >= COARSE_LONG)
		add_key(keys, mix(coarse, KEY_COARSE), token);
	else if (letters >= 2)
		add_key(keys,
			mix(coarse ^ hash_text(entry->suffix, strlen(entry->suffix)),
			    KEY_COARSE_SUFFIX),
			token);
}

static void add_head_keys(struct index *index, struct keys *keys, const uint8_t *fine, size_t len,
			  uint32_t token, uint8_t *pool)
{
	size_t spelled_len = spell(fine, len, pool);
	size_t head = spelled_len < HEAD_MAX ? spelled_len : HEAD_MAX;
	uint64_t hash = 0;
	uint32_t gram;

	index->head_text[token] = pool;
	index->head_len[token] = (uint8_t)spelled_len;
	if (head < HEAD_MIN || len <= TINY_LEN_MAX)
		return;
	gram = gram_of(pool);
	index->gram_seen[gram / 64] |= 1ull << (gram % 64);
	for (size_t i = 0; i < head; i++)
		hash = hash_step(hash, pool[i]);
	add_key(keys, mix(hash, KEY_HEAD + (uint32_t)head), token);
}

static bool fill_slots(struct index *index, const struct keys *keys)
{
	uint32_t buckets = 64, filter_words = 64;

	while (buckets < keys->count)
		buckets *= 2;
	while ((uint64_t)filter_words * 64 < (uint64_t)keys->count * 16)
		filter_words *= 2;
	index->bucket_mask = buckets - 1;
	index->bucket_start = calloc((size_t)buckets + 1, sizeof(*index->bucket_start));
	index->slots = calloc(keys->count + 1, sizeof(*index->slots));
	index->filter = calloc(filter_words, sizeof(*index->filter));
	if (index->bucket_start == NULL || index->slots == NULL || index->filter == NULL)
		return false;
	index->slot_count = keys->count;
	index->filter_mask = (uint64_t)filter_words * 64 - 1;
	for (size_t i = 0; i < keys->count; i++) {
		uint64_t hash = keys->items[i].hash;
		uint64_t first = hash & index->filter_mask;
		uint64_t second = (hash >> 21) & index->filter_mask;

		index->filter[first / 64] |= 1ull << (first % 64);
		index->filter[second / 64] |= 1ull << (second % 64);
		index->bucket_start[(hash & index->bucket_mask) + 1]++;
	}
	for (uint32_t i = 0; i < buckets; i++)
		index->bucket_start[i + 1] += index->bucket_start[i];
	/* Placed from the last to the first, so that a bucket's slots stand in order of their
	 * tokens. */
	for (size_t i = keys->count; i-- > 0;) {
		uint64_t hash = keys->items[i].hash;
		uint32_t place = --index->bucket_start[(hash & index->bucket_mask) + 1];

		index->slots[place] =
		    (struct slot){.check = (uint32_t)(hash >> 32), .token = keys->items[i].token};
	}
	/* Each start was counted down to its own bucket's start, one place to the right of it. */
	memmove(index->bucket_start, index->bucket_start + 1,
		buckets * sizeof(*index->bucket_start));
	index->bucket_start[buckets] = (uint32_t)keys->count;
	return true;
}

static void make_powers(void)
{
	uint64_t power = 1;

	for (size_t i = 0; i < sizeof(powers) / sizeof(powers[0]); i++) {
		powers[i] = power;
		power *= multiplier;
	}
}

static bool compile(struct index *index, const struct index_entry *entries, struct keys *keys)
{
	uint8_t *pool = index->head_pool;

	for (uint32_t token = 0; token < index->token_count; token++) {
		uint8_t fine[TOKEN_LEN_MAX];
		size_t len = fold_token(entries[token].text, fine);

		if (len > index->near_len_max)
			index->near_len_max = len;
		if (len >= TINY_LEN_MIN && len <= TINY_LEN_MAX) {
			uint64_t hash = 0;

			for (size_t i = 0; i < len; i++)
				hash = hash_step(hash, fine[i]);
			add_key(keys, mix(hash, KEY_TINY), token);
		}
		add_head_keys(index, keys, fine, len, token, pool);
		if (len >= NEAR_LEN_MIN)
			add_near_keys(keys, &entries[token], fine, len, token);
		pool += index->head_len[token];
	}
	return !keys->failed && fill_slots(index, keys);
}

struct index *index_new(const struct index_entry *entries, size_t count)
{
	struct index *index = calloc(1, sizeof(*index));
	struct keys keys = {0};
	size_t pool_size = 0;
	bool ok;

	if (index == NULL)
		return NULL;
	make_powers();
	for (size_t i = 0; i < count; i++)
		pool_size += 2 * strlen(entries[i].text);
	index->token_count = count;
	index->gram_seen = calloc((1u << GRAM_BITS) / 64, sizeof(*index->gram_seen));
	index->head_text = calloc(count + 1, sizeof(*index->head_text));
	index->head_len = calloc(count + 1, sizeof(*index->head_len));
	index->head_pool = malloc(pool_size + 1);
	ok = index->gram_seen != NULL && index->head_text != NULL && index->head_len != NULL &&
	     index->head_pool != NULL && compile(index, entries, &keys);
	free(keys.items);
	if (!ok) {
		index_free(index);
		return NULL;
	}
	return index;
}

void index_free(struct index *index)
{
	if (index == NULL)
		return;
	free(index->bucket_start);
	free(index->slots);
	free(index->filter);
	free(index->gram_seen);
	free(index->head_text);
	free(index->head_len);
	free(index->head_pool);
	free(index);
}

size_t index_memory(const struct index *index)
{
	size_t pool = 0;

	for (size_t i = 0; i < index->token_count; i++)
		pool += index->head_len[i];
	return sizeof(*index) + ((size_t)index->bucket_mask + 2) * sizeof(uint32_t) +
	       index->slot_count * sizeof(struct slot) + (index->filter_mask + 1) / 8 +
	       (1u << GRAM_BITS) / 8 + index->token_count * (sizeof(uint8_t *) + 1) + pool;
}

/* ---- searching ---- */

static void add_candidate(struct search *search, uint32_t token, size_t start, size_t end)
{
	struct candidate found = {.token = token, .start = (uint16_t)start, .end = (uint16_t)end};

	for (size_t i = 0; i < search->candidate_count; i++) {
		const struct candidate *known = &search->candidates[i];

		if (known->token == token && known->start == found.start && known->end == found.end)
			return;
	}
	if (search->candidate_count < CANDIDATES_MAX)
		search->candidates[search->candidate_count++] = found;
}

/* The slots that a key may be in; *end is where to stop. NULL when the filter knows there are none.
 */
static const struct slot *slots_of(const struct index *index, uint64_t key, const struct slot **end)
{
	uint64_t first = key & index->filter_mask, second = (key >> 21) & index->filter_mask;
	uint64_t bucket = key & index->bucket_mask;

	if ((index->filter[first / 64] >> (first % 64) & 1) == 0 ||
	    (index->filter[second / 64] >> (second % 64) & 1) == 0)
		return NULL;
	*end = index->slots + index->bucket_start[bucket + 1];
	return index->slots + index->bucket_start[bucket];
}

/* Every token with this key becomes a candidate for elements start to end. */
static void look_up(const struct index *index, struct search *search, uint64_t key, size_t start,
		    size_t end)
{
	const struct slot *stop, *slot = slots_of(index, key, &stop);

	for (; slot != NULL && slot < stop; slot++) {
		if (slot->check == (uint32_t)(key >> 32))
			add_candidate(search, slot->token, start, end);
	}
}

static void fold_name(const struct name *name, size_t element_end, struct search *search)
{
	size_t fine = 0, spelled = 0;

	search->fine_hash[0] = search->spelled_hash[0] = 0;
	for (size_t i = 0; i < element_end; i++) {
		uint8_t letters[2];
		size_t count;

		if (name->base[i] == '-')
			continue;
		search->fine[fine] = glyph_fine(name->base[i]);
		search->element[fine] = (uint16_t)i;
		search->fine_hash[fine + 1] =
		    hash_step(search->fine_hash[fine], search->fine[fine]);
		count = glyph_spell(search->fine[fine], letters);
		for (size_t j = 0; j < count; j++) {
			search->spelled[spelled] = letters[j];
			search->spelled_from[spelled] = (uint16_t)fine;
			search->spelled_inside[spelled] = j > 0;
			search->spelled_hash[spelled + 1] =
			    hash_step(search->spelled_hash[spelled], letters[j]);
			spelled++;
		}
		fine++;
	}
	search->length = fine;
	search->element[fine] = (uint16_t)element_end;
	search->spelled_from[spelled] = (uint16_t)fine;
	search->spelled_inside[spelled] = false;
}

/* Tokens that stand, spelled out, at this place of the name. */
static void search_heads_at(const struct index *index, struct search *search, size_t at, size_t len)
{
	size_t head_max = len - at < HEAD_MAX ? len - at : HEAD_MAX;

	for (size_t head = HEAD_MIN; head <= head_max; head++) {
		uint64_t key =
		    mix(hash_range(search->spelled_hash, at, at + head), KEY_HEAD + (uint32_t)head);
		const struct slot *stop, *slot = slots_of(index, key, &stop);

		for (; slot != NULL && slot < stop; slot++) {
			size_t token_len = index->head_len[slot->token];

			if (slot->check != (uint32_t)(key >> 32) || token_len > len - at ||
			    search->spelled_inside[at + token_len] ||
			    memcmp(search->spelled + at, index->head_text[slot->token],
				   token_len) != 0)
				continue;
			add_candidate(
			    search, slot->token, search->element[search->spelled_from[at]],
			    (size_t)search->element[search->spelled_from[at + token_len] - 1] + 1);
		}
	}
}

static void search_heads(const struct index *index, struct search *search)
{
	size_t len = 0;

	/* spelled_from ends with search->length: find the end of the spelled text */
	while (search->spelled_from[len] < search->length)
		len++;
	for (size_t at = 0; at + HEAD_MIN <= len; at++) {
		uint32_t gram = gram_of(search->spelled + at);

		if (!search->spelled_inside[at] &&
		    (index->gram_seen[gram / 64] >> (gram % 64) & 1) != 0)
			search_heads_at(index, search, at, len);
	}
}

/* A stretch of fine letters that might be a token as a whole. */
struct unit {
	size_t start, end;  /* in fine */
	bool has_rest;      /* it is a whole label, */
	uint64_t rest_hash; /* and this is the hash of what follows the label's dot */
};

static void search_near(const struct index *index, struct search *search, const struct unit *unit)
{
	size_t len = unit->end - unit->start;
	size_t start = search->element[unit->start];
	size_t end = (size_t)search->element[unit->end - 1] + 1;
	uint64_t whole = hash_range(search->fine_hash, unit->start, unit->end);
	bool is_short = unit->has_rest && len <= TOKEN_SHORT_MAX + 1;
	bool is_long = len >= TOKEN_SHORT_MAX;

	if (len > index->near_len_max + 1)
		return;
	if (is_long)
		look_up(index, search, mix(whole, KEY_NEAR), start, end);
	if (is_short)
		look_up(index, search, mix(whole ^ unit->rest_hash, KEY_NEAR_SUFFIX), start, end);
	for (size_t gone = unit->start; gone < unit->end; gone++) {
		uint64_t hash;

		if (gone > unit->start && search->fine[gone] == search->fine[gone - 1])
			continue;
		hash = hash_without(search->fine_hash, unit->start, unit->end, gone);
		if (is_long)
			look_up(index, search, mix(hash, KEY_NEAR), start, end);
		if (is_short)
			look_up(index, search, mix(hash ^ unit->rest_hash, KEY_NEAR_SUFFIX), start,
				end);
	}
}

static void search_coarse(const struct index *index, struct search *search, const struct unit *unit)
{
	size_t start = search->element[unit->start];
	size_t end = (size_t)search->element[unit->end - 1] + 1;
	size_t letters;
	uint64_t hash = coarse_hash(search->fine + unit->start, unit->end - unit->start, &letters);

	if (letters >= COARSE_LONG)
		look_up(index, search, mix(hash, KEY_COARSE), start, end);
	else if (letters >= 2 && unit->has_rest)
		look_up(index, search, mix(hash ^ unit->rest_hash, KEY_COARSE_SUFFIX), start, end);
}

/* Tokens of two or three letters: the whole unit, or the first or last letters of it. */
static void search_tiny(const struct index *index, struct search *search, const struct unit *unit)
{
	for (size_t len = TINY_LEN_MIN; len <= TINY_LEN_MAX && len <= unit->end - unit->start;
	     len++) {
		size_t last = unit->end - len;

		look_up(
		    index, search,
		    mix(hash_range(search->fine_hash, unit->start, unit->start + len), KEY_TINY),
		    search->element[unit->start],
		    (size_t)search->element[unit->start + len - 1] + 1);
		if (last != unit->start)
			look_up(index, search,
				mix(hash_range(search->fine_hash, last, unit->end), KEY_TINY),
				search->element[last], (size_t)search->element[unit->end - 1] + 1);
	}
}

static void search_unit(const struct index *index, struct search *search, const struct unit *unit)
{
	if (unit->end - unit->start < TINY_LEN_MIN)
		return;
	search_tiny(index, search, unit);
	search_near(index, search, unit);
	search_coarse(index, search, unit);
}

static bool is_digit_at(const struct name *name, const struct search *search, size_t fine)
{
	char base = name->base[search->element[fine]];

	return base >= '0' && base <= '9';
}

/* Looks at a unit, and at what is left of it without digits at its edges. */
static void search_stripped(const struct index *index, const struct name *name,
			    struct search *search, struct unit unit)
{
	size_t start = unit.start, end = unit.end;

	search_unit(index, search, &unit);
	while (start < end && is_digit_at(name, search, start))
		start++;
	while (end > start && is_digit_at(name, search, end - 1))
		end--;
	if (end - start == unit.end - unit.start)
		return;
	unit.start = start;
	unit.end = end;
	unit.has_rest = false;
	search_unit(index, search, &unit);
}

/* Units of one label: all of it, and what stands between its hyphens. */
static void search_label(const struct index *index, const struct name *name, struct search *search,
			 size_t label, size_t *fine)
{
	size_t element_end = name->label[label + 1];
	size_t rest = name->text_label[label + 1];
	struct unit whole = {.start = *fine, .has_rest = true};
	struct unit part = {.start = *fine};

	whole.rest_hash = hash_text(name->text + rest, name->text_len - rest);
	while (*fine < search->length && search->element[*fine] < element_end) {
		(*fine)++;
		if (*fine < search->length && search->element[*fine] < element_end &&
		    search->element[*fine] != search->element[*fine - 1] + 1) {
			part.end = *fine;
			search_stripped(index, name, search, part);
			part.start = *fine;
		}
	}
	whole.end = part.end = *fine;
	search_stripped(index, name, search, whole);
	if (part.start != whole.start)
		search_stripped(index, name, search, part);
}

void index_search(const struct index *index, const struct name *name, struct search *search)
{
	size_t fine = 0;

	search->candidate_count = 0;
	if (name->label_count < 2)
		return;
	fold_name(name, name->label[name->label_count - 1], search);
	search_heads(index, search);
	for (size_t label = 0; label + 1 < name->label_count; label++)
		search_label(index, name, search, label, &fine);
}
