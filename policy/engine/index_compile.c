/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "policy/engine/index_keys.h"
#include "policy/engine/slip.h"
#include "policy/name/sound.h"

/* Shortest token whose typos are looked for. */
#define DELETION_LEN_MIN 3

struct key {
	uint64_t hash;
	uint32_t token;
};

struct keys {
	bool is_repeat; /* the token has the text of the one before it */
	struct key *items;
	size_t count, size;
	bool failed;
};

static void add_key(struct keys *keys, uint64_t hash, uint32_t token)
{
	if (keys->failed) {
		return;
	}
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

static size_t spell(const uint8_t *fine, size_t len, uint8_t *out)
{
	size_t count = 0;

	for (size_t i = 0; i < len; i++) {
		count += glyph_spell(fine[i], out + count);
	}
	return count;
}

/* A key of the text without its suffix: once for all tokens with that text. */
static void add_text_key(struct keys *keys, uint64_t key, uint32_t token)
{
	if (!keys->is_repeat) {
		add_key(keys, key, token);
	}
}

static void add_deletion_keys(struct keys *keys, uint64_t suffix, const uint8_t *fine, size_t len,
			      uint32_t token)
{
	bool is_short = len <= TOKEN_SHORT_MAX;
	uint32_t kind = is_short ? KEY_DELETION_SUFFIX : KEY_DELETION;
	uint64_t under = is_short ? suffix : 0, deletion;

	if (!is_short && keys->is_repeat) {
		return;
	}

	add_key(keys, index_key(hash_letters(fine, len) ^ under, kind), token);
	deletion = hash_letters(fine + 1, len - 1);
	add_key(keys, index_key(deletion ^ under, kind), token);
	for (size_t gone = 1; gone < len; gone++) {
		deletion = hash_deletion_next(deletion, fine, gone - 1, len);
		if (fine[gone] != fine[gone - 1]) {
			add_key(keys, index_key(deletion ^ under, kind), token);
		}
	}
}

static void add_skeleton_key(struct index *index, struct keys *keys, uint64_t suffix,
			     const uint8_t *fine, size_t len, uint32_t token)
{
	struct skeleton skeleton = {0};

	skeleton_read(&skeleton, fine, len, SKELETON_HEAD);
	if (skeleton.letters == SKELETON_HEAD) {
		bit_set_add(index->skeleton_seen, skeleton_place(&skeleton));
	}
	skeleton_read(&skeleton, fine, len, SIZE_MAX);
	if (skeleton.letters >= SKELETON_LONG) {
		add_text_key(keys, index_key(skeleton.hash, KEY_SKELETON), token);
	} else if (skeleton.letters >= SKELETON_MIN) {
		add_key(keys, index_key(skeleton.hash ^ suffix, KEY_SKELETON_SUFFIX), token);
	}
}

static void add_head_keys(struct index *index, struct keys *keys, const uint8_t *fine, size_t len,
			  uint32_t token, uint8_t *pool)
{
	size_t spelled_len = spell(fine, len, pool);
	size_t head = spelled_len < HEAD_MAX ? spelled_len : HEAD_MAX;

	index->head_text[token] = pool;
	index->head_len[token] = (uint8_t)spelled_len;
	if (head < HEAD_MIN || len <= TINY_LEN_MAX) {
		return;
	}
	bit_set_add(index->gram_seen, gram_place(index, pool));
	add_text_key(keys, index_key(hash_letters(pool, head), KEY_HEAD + (uint32_t)head), token);
}

static bool fill_slots(struct index *index, const struct keys *keys)
{
	uint32_t buckets = 64, filter_words = 64;

	while (buckets < keys->count) {
		buckets *= 2;
	}
	while ((uint64_t)filter_words * 64 < (uint64_t)keys->count * 16) {
		filter_words *= 2;
	}
	index->bucket_mask = buckets - 1;
	index->bucket_start = calloc((size_t)buckets + 1, sizeof(*index->bucket_start));
	index->slots = calloc(keys->count + 1, sizeof(*index->slots));
	index->filter = calloc(filter_words, sizeof(*index->filter));
	if (index->bucket_start == NULL || index->slots == NULL || index->filter == NULL) {
		return false;
	}
	index->slot_count = keys->count;
	index->filter_mask = filter_words - 1;
	for (size_t i = 0; i < keys->count; i++) {
		uint64_t hash = keys->items[i].hash;

		index->filter[hash >> 16 & index->filter_mask] |= filter_bits(hash);
		index->bucket_start[(hash & index->bucket_mask) + 1]++;
	}
	for (uint32_t i = 0; i < buckets; i++) {
		index->bucket_start[i + 1] += index->bucket_start[i];
	}
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

/* Lengths that a typo of a token of this length can have. */
static void note_lengths(struct index *index, size_t len)
{
	uint64_t *lens =
	    len <= TOKEN_SHORT_MAX ? &index->deletion_short_lens : &index->deletion_lens;

	for (size_t typo_len = len - 1; typo_len <= len + 1 && typo_len < 64; typo_len++) {
		*lens |= 1ULL << typo_len;
	}
}

static void note_suffix(struct index *index, uint64_t hash, size_t len)
{
	size_t word;
	uint64_t bit = suffix_bit(hash, &word);

	index->suffix_seen[word] |= bit;
	index->suffix_len_max = len > index->suffix_len_max ? len : index->suffix_len_max;
}

static void add_tiny_key(struct index *index, struct keys *keys, const uint8_t *fine, size_t len,
			 uint32_t token)
{
	add_text_key(keys, index_key(hash_letters(fine, len), KEY_TINY), token);
	index->tiny_seen[tiny_word(fine)] |= tiny_bit(fine, len);
}

static void add_end_key(struct index *index, struct keys *keys, uint32_t form, bool is_long,
			uint32_t token)
{
	bit_set_add(index->end_seen, end_place(form));
	if (is_long) {
		add_text_key(keys, index_key(form, KEY_END), token);
	}
}

/* What a typo of the token begins or ends with. */
static void add_end_keys(struct index *index, struct keys *keys, const uint8_t *fine, size_t len,
			 uint32_t token)
{
	const bool is_long = len > TOKEN_SHORT_MAX;

	for (size_t typo_len = len - 1; typo_len <= len + 1; typo_len++) {
		if (typo_len < END_SHORT_MIN) {
			continue;
		}
		add_end_key(index, keys, end_form(fine, typo_len, false), is_long, token);
		add_end_key(index, keys,
			    end_form(fine + len - end_letters(typo_len), typo_len, true), is_long,
			    token);
	}
}

/* A sound's letters, folded as tokens are. */
struct folded_sound {
	uint8_t seen[SOUND_LETTERS_MAX], meant[SOUND_LETTERS_MAX];
	size_t seen_len, meant_len;
};

/* A letter for a letter is a slip, and found as one: those sounds are left out. */
static size_t fold_sounds(struct folded_sound out[SOUNDS_MAX])
{
	size_t count, kept = 0;
	const struct sound *all = sounds(&count);

	for (size_t i = 0; i < count; i++) {
		struct folded_sound *sound = &out[kept];

		sound->seen_len = glyph_fold(all[i].seen, sound->seen, sizeof(sound->seen));
		sound->meant_len = glyph_fold(all[i].meant, sound->meant, sizeof(sound->meant));
		kept += sound->seen_len > 1 || sound->meant_len > 1;
	}
	return kept;
}

/* Puts the sound's meant letters at `at` out, its seen ones in. \returns the new length; 0 when
 * they do not stand there. */
static size_t put_sound(const struct folded_sound *sound, const uint8_t *fine, size_t len,
			size_t at, uint8_t out[TOKEN_LEN_MAX + SOUND_LETTERS_MAX])
{
	const size_t behind = at + sound->meant_len;

	if (behind > len || memcmp(fine + at, sound->meant, sound->meant_len) != 0) {
		return 0;
	}
	memcpy(out, fine, at);
	memcpy(out + at, sound->seen, sound->seen_len);
	memcpy(out + at + sound->seen_len, fine + behind, len - behind);
	return len - sound->meant_len + sound->seen_len;
}

static void add_sound_keys(struct index *index, struct keys *keys, const struct folded_sound *sound,
			   const uint8_t *fine, size_t len, uint32_t token)
{
	for (size_t at = 0; at < len; at++) {
		uint8_t heard[TOKEN_LEN_MAX + SOUND_LETTERS_MAX];
		const size_t heard_len =
		    fine[at] == sound->meant[0] ? put_sound(sound, fine, len, at, heard) : 0;

		if (heard_len > 0) {
			bit_set_add(index->end_seen, end_place(sound_form(heard, heard_len)));
			add_text_key(keys, index_key(hash_letters(heard, heard_len), KEY_SOUND),
				     token);
		}
	}
}

static bool compile(struct index *index, const struct index_entry *entries, struct keys *keys)
{
	uint8_t *pool = index->pool;
	struct folded_sound said[SOUNDS_MAX];
	const size_t said_count = fold_sounds(said);

	for (uint32_t token = 0; token < index->token_count; token++) {
		const char *suffix_text = entries[token].suffix;
		uint64_t suffix = hash_letters((const uint8_t *)suffix_text, strlen(suffix_text));
		uint8_t fine[TOKEN_LEN_MAX];
		size_t len = glyph_fold(entries[token].text, fine, sizeof(fine));

		index->first_of_text[token] =
		    token > 0 && strcmp(entries[token].text, entries[token - 1].text) == 0
			? index->first_of_text[token - 1]
			: token;
		keys->is_repeat = index->first_of_text[token] != token;
		note_lengths(index, len);
		note_suffix(index, suffix, strlen(suffix_text));
		if (len >= TINY_LEN_MIN && len <= TINY_LEN_MAX) {
			add_tiny_key(index, keys, fine, len, token);
		}
		memcpy(pool, fine, len);
		index->fine[token] = (struct fine_token){
		    .text = pool, .letters = slip_letters(fine, len), .len = (uint8_t)len};
		pool += len;
		add_head_keys(index, keys, fine, len, token, pool);
		pool += index->head_len[token];
		if (len >= DELETION_LEN_MIN) {
			add_end_keys(index, keys, fine, len, token);
			add_deletion_keys(keys, suffix, fine, len, token);
			add_skeleton_key(index, keys, suffix, fine, len, token);
		}
		for (size_t i = 0; i < said_count && len >= SOUND_LEN_MIN; i++) {
			add_sound_keys(index, keys, &said[i], fine, len, token);
		}
	}
	return !keys->failed && fill_slots(index, keys);
}

static uint32_t gram_bits_for(size_t tokens)
{
	uint32_t bits = 10;

	while (bits < GRAM_BITS && (1U << bits) < tokens * GRAM_PLACES) {
		bits++;
	}
	return bits;
}

struct index *index_new(const struct index_entry *entries, size_t count)
{
	struct index *index = calloc(1, sizeof(*index));
	struct keys keys = {0};
	size_t pool_size = 0;
	uint32_t gram_bits;
	bool ok;

	if (index == NULL) {
		return NULL;
	}
	if (!index_keys_ready()) {
		free(index);
		return NULL;
	}
	for (size_t i = 0; i < count; i++) {
		pool_size +=
		    3 * strlen(entries[i].text); /* fine, and spelled out at most twice that */
	}
	index->token_count = count;
	gram_bits = gram_bits_for(count);
	index->gram_shift = 32 - gram_bits;
	index->gram_seen = calloc(BIT_SET_WORDS(1U << gram_bits), sizeof(*index->gram_seen));
	index->fine = calloc(count + 1, sizeof(*index->fine));
	index->head_text = calloc(count + 1, sizeof(*index->head_text));
	index->head_len = calloc(count + 1, sizeof(*index->head_len));
	index->pool = malloc(pool_size + 1);
	index->first_of_text = calloc(count + 1, sizeof(*index->first_of_text));
	ok = index->gram_seen != NULL && index->fine != NULL && index->head_text != NULL &&
	     index->head_len != NULL && index->pool != NULL && index->first_of_text != NULL &&
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
	if (index == NULL) {
		return;
	}
	free(index->bucket_start);
	free(index->slots);
	free(index->filter);
	free(index->gram_seen);
	free(index->fine);
	free(index->head_text);
	free(index->head_len);
	free(index->pool);
	free(index->first_of_text);
	free(index);
}

size_t index_memory(const struct index *index)
{
	size_t pool = 0;

	for (size_t i = 0; i < index->token_count; i++) {
		pool += (size_t)index->fine[i].len + index->head_len[i];
	}
	return sizeof(*index) + ((size_t)index->bucket_mask + 2) * sizeof(uint32_t) +
	       index->slot_count * sizeof(struct slot) +
	       (index->filter_mask + 1) * sizeof(uint64_t) + (1U << (32 - index->gram_shift)) / 8 +
	       index->token_count * (sizeof(struct fine_token) + sizeof(uint8_t *) + 1) +
	       index->token_count * sizeof(uint32_t) + pool;
}
