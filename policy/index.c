#include "policy/index.h"

#include <pthread.h>
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

#define SUFFIX_LEN_MAX 64

/* Two or three fine letters of five bits, the third plus one. */
#define TINY_CODES (33 * 1024)

#define TINY_LEN_MIN 2
#define TINY_LEN_MAX 3

/* Shortest token whose typos are looked for. */
#define NEAR_LEN_MIN 3

/* Words of the set of suffixes: a few hundred suffixes are as many as there are in practice. */
#define SUFFIX_WORDS 256

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
	uint64_t *filter; /* Bloom filter over all keys, a word a key: most look-ups end here */
	uint64_t filter_mask;
	uint64_t near_lens;       /* a bit for each length that a long token or its typo has */
	uint64_t near_short_lens; /* likewise of short ones */
	uint64_t *gram_seen;      /* a bit for each four spelled letters that begin a token */
	uint64_t tiny_seen[TINY_CODES / 64]; /* a bit for each token of two or three letters */
	uint64_t suffix_seen[SUFFIX_WORDS];  /* a bit for each suffix's hash */
	uint8_t **fine_text;                 /* each token's fine letters, */
	uint8_t *fine_len;
	uint8_t **head_text; /* and those spelled out */
	uint8_t *head_len;
	uint8_t *pool; /* of those texts */
};

#define GRAM_BITS 20

/* Odd multiplier of the polynomial hashes, and its powers. */
static const uint64_t multiplier = 0x9e3779b97f4a7c15u;
static uint64_t powers[NAME_OCTETS_MAX * 6 + 1];
static pthread_once_t powers_once = PTHREAD_ONCE_INIT;

static uint64_t mix(uint64_t hash, uint32_t kind)
{
	hash = (hash + kind) * 0xd6e8feb86659fd93u;
	return hash ^ hash >> 32;
}

/* The bits that a key sets in its word of the filter. */
static uint64_t filter_bits(uint64_t key)
{
	return 1ull << (key >> 58) | 1ull << (key >> 52 & 63) | 1ull << (key >> 46 & 63);
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

static uint32_t tiny_code(const uint8_t *fine, size_t len)
{
	return (uint32_t)(fine[0] | fine[1] << 5 | (len < 3 ? 0 : fine[2] + 1) << 10);
}

/* Hash of the coarse form of a text; *letters gets its length. */
static uint64_t coarse_hash(const uint8_t *fine, size_t len, size_t *letters)
{
	uint64_t hash = 0;
	uint8_t last = GLYPH_SKIP;

	*letters = 0;
	for (size_t i = 0; i < len; i++) {
		uint8_t coarse = glyph_coarse[fine[i]];

		if (coarse == GLYPH_SKIP ||
		    (coarse == last && (coarse == GLYPH_ARCH || coarse == GLYPH_NOTCH)))
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

static void suffix_bit(uint64_t hash, size_t *word, uint64_t *bit)
{
	hash = mix(hash, KEY_TINY);
	*word = hash % SUFFIX_WORDS;
	*bit = 1ull << (hash >> 58);
}

/* Whether a text with this hash may be the suffix of some token. */
static bool is_suffix(const struct index *index, uint64_t hash)
{
	size_t word;
	uint64_t bit;

	suffix_bit(hash, &word, &bit);
	return (index->suffix_seen[word] & bit) != 0;
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
	index->filter_mask = filter_words - 1;
	for (size_t i = 0; i < keys->count; i++) {
		uint64_t hash = keys->items[i].hash;

		index->filter[hash >> 16 & index->filter_mask] |= filter_bits(hash);
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

/* Lengths that a typo of a token of this length can have. */
static void note_lengths(struct index *index, size_t len)
{
	uint64_t *lens = len <= TOKEN_SHORT_MAX ? &index->near_short_lens : &index->near_lens;

	for (size_t near = len - 1; near <= len + 1 && near < 64; near++)
		*lens |= 1ull << near;
}

static void note_suffix(struct index *index, const char *suffix)
{
	size_t word;
	uint64_t bit;

	suffix_bit(hash_text(suffix, strlen(suffix)), &word, &bit);
	index->suffix_seen[word] |= bit;
}

static bool compile(struct index *index, const struct index_entry *entries, struct keys *keys)
{
	uint8_t *pool = index->pool;

	for (uint32_t token = 0; token < index->token_count; token++) {
		uint8_t fine[TOKEN_LEN_MAX];
		size_t len = fold_token(entries[token].text, fine);

		note_lengths(index, len);
		note_suffix(index, entries[token].suffix);
		if (len >= TINY_LEN_MIN && len <= TINY_LEN_MAX) {
			uint64_t hash = 0;

			for (size_t i = 0; i < len; i++)
				hash = hash_step(hash, fine[i]);
			add_key(keys, mix(hash, KEY_TINY), token);
			index->tiny_seen[tiny_code(fine, len) / 64] |=
			    1ull << (tiny_code(fine, len) % 64);
		}
		memcpy(pool, fine, len);
		index->fine_text[token] = pool;
		index->fine_len[token] = (uint8_t)len;
		pool += len;
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
	if (pthread_once(&powers_once, make_powers) != 0) {
		free(index);
		return NULL;
	}
	for (size_t i = 0; i < count; i++)
		pool_size +=
		    3 * strlen(entries[i].text); /* fine, and spelled out at most twice that */
	index->token_count = count;
	index->gram_seen = calloc((1u << GRAM_BITS) / 64, sizeof(*index->gram_seen));
	index->fine_text = calloc(count + 1, sizeof(*index->fine_text));
	index->fine_len = calloc(count + 1, sizeof(*index->fine_len));
	index->head_text = calloc(count + 1, sizeof(*index->head_text));
	index->head_len = calloc(count + 1, sizeof(*index->head_len));
	index->pool = malloc(pool_size + 1);
	ok = index->gram_seen != NULL && index->fine_text != NULL && index->fine_len != NULL &&
	     index->head_text != NULL && index->head_len != NULL && index->pool != NULL &&
	     compile(index, entries, &keys);
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
	free(index->fine_text);
	free(index->fine_len);
	free(index->head_text);
	free(index->head_len);
	free(index->pool);
	free(index);
}

size_t index_memory(const struct index *index)
{
	size_t pool = 0;

	for (size_t i = 0; i < index->token_count; i++)
		pool += (size_t)index->fine_len[i] + index->head_len[i];
	return sizeof(*index) + ((size_t)index->bucket_mask + 2) * sizeof(uint32_t) +
	       index->slot_count * sizeof(struct slot) +
	       (index->filter_mask + 1) * sizeof(uint64_t) + (1u << GRAM_BITS) / 8 +
	       2 * index->token_count * (sizeof(uint8_t *) + 1) + pool;
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

/* Whether any token may have this key; most have none, and are known here. */
static inline bool may_have(const struct index *index, uint64_t key)
{
	uint64_t bits = filter_bits(key);

	return (index->filter[key >> 16 & index->filter_mask] & bits) == bits;
}

/* The slots that a key may be in; *end is where to stop. */
static inline const struct slot *slots_of(const struct index *index, uint64_t key,
					  const struct slot **end)
{
	uint64_t bucket = key & index->bucket_mask;

	*end = index->slots + index->bucket_start[bucket + 1];
	return index->slots + index->bucket_start[bucket];
}

/* A stretch of fine letters that might be a token as a whole. */
struct unit {
	size_t start, end;  /* in fine */
	bool under_suffix;  /* it is a whole label, and some token's suffix is what follows its dot;
			     */
	uint64_t rest_hash; /* this is the hash of what follows */
};

/* Every token with this key becomes a candidate for elements start to end. */
static void look_up(const struct index *index, struct search *search, uint64_t key, size_t start,
		    size_t end)
{
	const struct slot *stop, *slot;

	if (!may_have(index, key))
		return;
	slot = slots_of(index, key, &stop);
	for (; slot < stop; slot++) {
		if (slot->check == (uint32_t)(key >> 32))
			add_candidate(search, slot->token, start, end);
	}
}

/*
 * Whether fine letters are a token's with at most one put in, left out or changed, or two
 * neighbours swapped. To share a form with one letter taken out says a little less than that.
 */
static bool one_slip_apart(const uint8_t *seen, size_t len, const uint8_t *token, size_t token_len)
{
	size_t shorter = len < token_len ? len : token_len,
	       longer = len > token_len ? len : token_len;
	size_t same = 0, same_behind = 0;

	while (same < shorter && seen[same] == token[same])
		same++;
	while (same_behind < shorter - same &&
	       seen[len - 1 - same_behind] == token[token_len - 1 - same_behind])
		same_behind++;
	longer -= same + same_behind;
	return longer <= 1 || (longer == 2 && len == token_len && seen[same] == token[same + 1] &&
			       seen[same + 1] == token[same]);
}

/* Every token with this key that is one slip away becomes a candidate for the unit. */
static void look_up_near(const struct index *index, struct search *search, uint64_t key,
			 const struct unit *unit)
{
	const struct slot *stop, *slot;

	if (!may_have(index, key))
		return;
	slot = slots_of(index, key, &stop);
	for (; slot < stop; slot++) {
		if (slot->check == (uint32_t)(key >> 32) &&
		    one_slip_apart(search->fine + unit->start, unit->end - unit->start,
				   index->fine_text[slot->token], index->fine_len[slot->token]))
			add_candidate(search, slot->token, search->element[unit->start],
				      (size_t)search->element[unit->end - 1] + 1);
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
	search->spelled_length = spelled;
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
		const struct slot *stop, *slot;

		if (!may_have(index, key))
			continue;
		slot = slots_of(index, key, &stop);
		for (; slot < stop; slot++) {
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
	size_t len = search->spelled_length;

	for (size_t at = 0; at + HEAD_MIN <= len; at++) {
		uint32_t gram = gram_of(search->spelled + at);

		if (!search->spelled_inside[at] &&
		    (index->gram_seen[gram / 64] >> (gram % 64) & 1) != 0)
			search_heads_at(index, search, at, len);
	}
}

static bool has_length(uint64_t lens, size_t len)
{
	return len < 64 && (lens >> len & 1) != 0;
}

static void search_near(const struct index *index, struct search *search, const struct unit *unit)
{
	size_t len = unit->end - unit->start;
	uint64_t whole = hash_range(search->fine_hash, unit->start, unit->end);
	bool is_short = unit->under_suffix && has_length(index->near_short_lens, len);
	bool is_long = has_length(index->near_lens, len);

	if (is_long)
		look_up_near(index, search, mix(whole, KEY_NEAR), unit);
	if (is_short)
		look_up_near(index, search, mix(whole ^ unit->rest_hash, KEY_NEAR_SUFFIX), unit);
	for (size_t gone = unit->start; (is_long || is_short) && gone < unit->end; gone++) {
		uint64_t hash;

		if (gone > unit->start && search->fine[gone] == search->fine[gone - 1])
			continue;
		hash = hash_without(search->fine_hash, unit->start, unit->end, gone);
		if (is_long)
			look_up_near(index, search, mix(hash, KEY_NEAR), unit);
		if (is_short)
			look_up_near(index, search, mix(hash ^ unit->rest_hash, KEY_NEAR_SUFFIX),
				     unit);
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
	else if (letters >= 2 && unit->under_suffix)
		look_up(index, search, mix(hash ^ unit->rest_hash, KEY_COARSE_SUFFIX), start, end);
}

/* A token of two or three letters from here on. */
static void search_tiny_at(const struct index *index, struct search *search, size_t at, size_t len)
{
	uint32_t code = tiny_code(search->fine + at, len);

	if ((index->tiny_seen[code / 64] >> (code % 64) & 1) != 0)
		look_up(index, search, mix(hash_range(search->fine_hash, at, at + len), KEY_TINY),
			search->element[at], (size_t)search->element[at + len - 1] + 1);
}

/* Tokens of two or three letters: the whole unit, or the first or last letters of it. */
static void search_tiny(const struct index *index, struct search *search, const struct unit *unit)
{
	for (size_t len = TINY_LEN_MIN; len <= TINY_LEN_MAX && len <= unit->end - unit->start;
	     len++) {
		search_tiny_at(index, search, unit->start, len);
		if (unit->end - len != unit->start)
			search_tiny_at(index, search, unit->end - len, len);
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
	unit.under_suffix = false;
	search_unit(index, search, &unit);
}

/* Units of one label: all of it, and what stands between its hyphens. */
static void search_label(const struct index *index, const struct name *name, struct search *search,
			 size_t label, size_t *fine)
{
	size_t element_end = name->label[label + 1];
	size_t rest = name->text_label[label + 1];
	struct unit whole = {.start = *fine};
	struct unit part = {.start = *fine};

	/* no public suffix is that long */
	if (name->text_len - rest <= SUFFIX_LEN_MAX) {
		whole.rest_hash = hash_text(name->text + rest, name->text_len - rest);
		whole.under_suffix = is_suffix(index, whole.rest_hash);
	}
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
