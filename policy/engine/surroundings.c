/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/engine/surroundings.h"

#include <string.h>

#include "policy/engine/bait_words.h"
#include "policy/name/words.h"

/* Letters beside a token, up to which they are taken for a whim rather than a word. */
#define STRANGE_SHORT_MAX 3

/* Shorter than this, letters of any language look like a Vietnamese syllable. */
#define VIETNAMESE_LEN_MIN 4

/* Pieces longer than this are no decoration of anything. */
#define PIECE_LEN_MAX 40

static bool all_digits(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9') {
			return false;
		}
	}
	return len > 0;
}

/* Digits at the edges of a piece are a number put there, as in "vip99". */
static void strip_digits(const char **text, size_t *len)
{
	while (*len > 0 && (*text)[0] >= '0' && (*text)[0] <= '9') {
		(*text)++;
		(*len)--;
	}
	while (*len > 0 && (*text)[*len - 1] >= '0' && (*text)[*len - 1] <= '9') {
		(*len)--;
	}
}

/* The whole piece is one or two known words, or Vietnamese where that is to be expected. */
static bool is_words(const char *text, size_t len, bool vietnamese)
{
	if (word_is_known(text, len) || word_is_of_addresses(text, len)) {
		return true;
	}
	for (uint32_t first = len < WORD_LEN_MIN ? 0 : words_common_from(text, len - WORD_LEN_MIN);
	     first != 0; first &= first - 1) {
		const size_t i = (size_t)__builtin_ctz(first);

		if (word_is_common(text + i, len - i)) {
			return true;
		}
	}
	return vietnamese && len >= VIETNAMESE_LEN_MIN && word_is_vietnamese(text, len);
}

/* "com", "vn", "comvn", "com-vn" of a site under com.vn. */
static bool is_own_suffix(const char *text, size_t len, const char *suffix)
{
	const char *last = strrchr(suffix, '.');
	size_t i = 0, j = 0;

	if (last != NULL) {
		size_t first_len = (size_t)(last - suffix);

		if (len == first_len && memcmp(text, suffix, len) == 0) {
			return true;
		}
		if (len == strlen(last + 1) && memcmp(text, last + 1, len) == 0) {
			return true;
		}
	}
	while (i < len && suffix[j] != '\0') {
		if (text[i] == '-' && i > 0) {
			i++;
		} else if (suffix[j] == '.') {
			j++;
		} else if (text[i] != suffix[j]) {
			return false;
		} else {
			i++;
			j++;
		}
	}
	return i == len && suffix[j] == '\0' && len > 0;
}

/* Words set apart by hyphens, each of them known. */
static bool is_hyphenated_words(const char *text, size_t len, bool vietnamese)
{
	size_t start = 0;

	for (size_t i = 0; i <= len; i++) {
		if (i < len && text[i] != '-') {
			continue;
		}
		if (i > start) {
			const char *part = text + start;
			size_t part_len = i - start;

			strip_digits(&part, &part_len);
			if (part_len > 0 && !is_words(part, part_len, vietnamese)) {
				return false;
			}
		}
		start = i + 1;
	}
	return true;
}

static bool ends_in_vn(const char *suffix)
{
	size_t len = strlen(suffix);

	return len >= 2 && strcmp(suffix + len - 2, "vn") == 0;
}

/* The name or the site is under .vn. */
static bool is_in_vietnam(const struct name_context *setting, const struct token *token)
{
	return ends_in_vn(token->suffix) || strcmp(setting->top_level, "vn") == 0;
}

/* Plain words of this length on that are English, brands add for things of their own: "mobile". */
#define PLAIN_WORD_LONG 5

/* A lure is some part between hyphens, or begins or ends one. */
static bool has_lure(const char *text, size_t len)
{
	size_t start = 0;

	for (size_t i = 0; i <= len; i++) {
		if (i < len && text[i] != '-') {
			continue;
		}
		if (is_edged_by_lure(text + start, i - start) ||
		    bait_of(text + start, i - start) == BAIT_LURE) {
			return true;
		}
		start = i + 1;
	}
	return false;
}

/* Likewise of the policy's own decorations, but for words that honest names have, too. */
static bool has_decoration(const struct name_context *setting, const char *text, size_t len)
{
	static const enum pattern_place places[] = {PATTERN_AT_START, PATTERN_AT_END};

	for (size_t i = 0; i < 2; i++) {
		size_t start, end;

		if (len <= PIECE_LEN_MAX &&
		    decorations_find(setting->decorations, setting->scratch, text, len, places[i],
				     &start, &end) &&
		    end - start >= LURE_EDGE_MIN &&
		    bait_of(text + start, end - start) != BAIT_PLAIN) {
			return true;
		}
	}
	return false;
}

/* What a piece without hyphens at its ends is; len is 1 or more. */
static enum piece classify_text(const struct name_context *setting,
				const struct decorations *decorations, const struct token *token,
				const char *text, size_t len)
{
	size_t digits_len;
	enum bait bait;

	if (all_digits(text, len)) {
		return PIECE_DIGITS;
	}
	if (decorations != NULL && !is_machine_words(text, len) &&
	    (has_lure(text, len) || has_decoration(setting, text, len))) {
		return PIECE_DECORATION;
	}
	if (len > PIECE_LEN_MAX) {
		return PIECE_OTHER;
	}
	if (is_own_suffix(text, len, token->suffix)) {
		return PIECE_OWN_SUFFIX;
	}
	bait = bait_of(text, len);
	if (decorations != NULL &&
	    (bait == BAIT_LURE ||
	     (bait == BAIT_NONE && decorations_fill(decorations, setting->scratch, text, len)))) {
		return PIECE_DECORATION;
	}
	if (bait != BAIT_NONE) {
		return len >= PLAIN_WORD_LONG && word_is_common(text, len) ? PIECE_WORDS
									   : PIECE_PLAIN;
	}
	if (is_machine_words(text, len)) {
		return PIECE_MACHINE;
	}
	digits_len = len;
	strip_digits(&text, &len);
	digits_len -= len;
	if (is_own_suffix(text, len, token->suffix)) {
		return PIECE_OWN_SUFFIX;
	}
	if (is_hyphenated_words(text, len, is_in_vietnam(setting, token))) {
		return PIECE_WORDS;
	}
	if (digits_len > 0 && token->len > SHORT_TOKEN_MAX) {
		return PIECE_DIGITS;
	}
	return len <= STRANGE_SHORT_MAX ? PIECE_OTHER_SHORT : PIECE_OTHER;
}

/* What classify_text() said of the same text for a token with the same suffix; NULL when it is not
 * known. */
static const enum piece *known_piece(const struct known_pieces *known, bool with_decorations,
				     const struct token *token, const char *text, size_t len)
{
	for (size_t i = 0; i < PIECES_KNOWN; i++) {
		if (known->items[i].len == len &&
		    known->items[i].with_decorations == with_decorations &&
		    strcmp(known->items[i].token->suffix, token->suffix) == 0 &&
		    (known->items[i].token->len > SHORT_TOKEN_MAX) ==
			(token->len > SHORT_TOKEN_MAX) &&
		    memcmp(known->items[i].text, text, len) == 0) {
			return &known->items[i].piece;
		}
	}
	return NULL;
}

/*
 * What elements from up to but not including to are; there may be none.
 * \param decorations  NULL to ask what a piece is without the policy's.
 */
static enum piece classify(const struct name_context *setting,
			   const struct decorations *decorations, const struct token *token,
			   size_t from, size_t to)
{
	struct known_pieces *known = setting->pieces;
	const char *text = setting->name->base + from;
	size_t len = to - from;

	while (len > 0 && text[0] == '-') {
		text++;
		len--;
	}
	while (len > 0 && text[len - 1] == '-') {
		len--;
	}
	if (len == 0) {
		return PIECE_NONE;
	}
	const enum piece *said = known_piece(known, decorations != NULL, token, text, len);

	if (said != NULL) {
		return *said;
	}
	const enum piece piece = classify_text(setting, decorations, token, text, len);

	known->items[known->next].text = text;
	known->items[known->next].len = len;
	known->items[known->next].token = token;
	known->items[known->next].with_decorations = decorations != NULL;
	known->items[known->next].piece = piece;
	known->next = (known->next + 1) % PIECES_KNOWN;
	return piece;
}

/* First element from `from` down to `low` that has a hyphen before it. */
static size_t hyphen_before(const struct name *name, size_t from, size_t low)
{
	while (from > low && name->base[from - 1] != '-') {
		from--;
	}
	return from;
}

static size_t hyphen_behind(const struct name *name, size_t from, size_t high)
{
	while (from < high && name->base[from] != '-') {
		from++;
	}
	return from;
}

/* A piece is at most two words, so its letters fit the octet of a cover. */
_Static_assert(2 * WORD_LEN_MAX <= UINT8_MAX, "letters of a cover");

static struct cover cover_piece(const char *text, size_t len)
{
	struct cover cover = {0};

	strip_digits(&text, &len);
	if (len > 0 && len <= 2 * (size_t)WORD_LEN_MAX && is_words(text, len, false)) {
		cover.letters = (uint8_t)len;
		cover.words = word_is_known(text, len) ? 1 : 2;
	}
	return cover;
}

enum stretch_known { KNOWN_WORDS = 1, KNOWN_BEFORE = 2, KNOWN_BEHIND = 4 };

static void stretch_begin(struct stretch *stretch, const char *text, size_t len)
{
	if (stretch->text != text || stretch->len != len) {
		stretch->text = text;
		stretch->len = len;
		memset(stretch->known, 0, len + 1);
	}
}

static uint32_t words_from(struct stretch *stretch, size_t from)
{
	if ((stretch->known[from] & KNOWN_WORDS) == 0) {
		stretch->known[from] |= KNOWN_WORDS;
		stretch->words[from] = words_known_from(stretch->text + from, stretch->len - from) &
				       ~(((uint32_t)2 << WORD_LEN_MIN) - 1);
	}
	return stretch->words[from];
}

static struct cover cover_before(struct stretch *stretch, size_t end)
{
	if ((stretch->known[end] & KNOWN_BEFORE) == 0) {
		stretch->known[end] |= KNOWN_BEFORE;
		stretch->before[end] = cover_piece(stretch->text, end);
	}
	return stretch->before[end];
}

static struct cover cover_behind(struct stretch *stretch, size_t start)
{
	if ((stretch->known[start] & KNOWN_BEHIND) == 0) {
		stretch->known[start] |= KNOWN_BEHIND;
		stretch->behind[start] = cover_piece(stretch->text + start, stretch->len - start);
	}
	return stretch->behind[start];
}

/* A reading of a whole stretch. */
struct reading {
	size_t letters;
	size_t words;
};

static bool better(struct reading a, struct reading b)
{
	return a.letters > b.letters || (a.letters == b.letters && a.words < b.words);
}

static struct reading with_word(struct stretch *stretch, size_t start, size_t end)
{
	const struct cover left = cover_before(stretch, start), right = cover_behind(stretch, end);

	return (struct reading){.letters = (size_t)left.letters + right.letters + (end - start),
				.words = (size_t)left.words + right.words + 1};
}

static bool is_swallowed(struct stretch *stretch, size_t start, size_t end)
{
	struct reading as_token = with_word(stretch, start, end);
	const bool has_plural = end < stretch->len && stretch->text[end] == 's';

	if (has_plural) {
		const struct reading plural = with_word(stretch, start, end + 1);

		as_token = better(plural, as_token) ? plural : as_token;
	}
	for (size_t from = 0; from < end; from++) {
		/* what ends in front of the token, or lies within it, is not another word */
		const size_t len_min = (from < start ? start + 1 : end + 1) - from;
		uint32_t words;

		if (len_min > WORD_LEN_MAX) {
			continue;
		}
		words = words_from(stretch, from) >> len_min << len_min;
		if (from == start && has_plural && len_min <= WORD_LEN_MAX) {
			words &= ~((uint32_t)1 << (end + 1 - from)); /* the token's own plural */
		}
		for (size_t len = len_min; words >> len != 0; len++) {
			if ((words >> len & 1) != 0 &&
			    better(with_word(stretch, from, from + len), as_token)) {
				return true;
			}
		}
	}
	return false;
}

bool surroundings_suffix_follows(const struct name *name, const struct token *token, size_t end,
				 const struct surroundings *surroundings)
{
	size_t label = surroundings->last_label, len = strlen(token->suffix);
	size_t at = name->text_label[label + 1];

	return !surroundings->glued_left && end == name->label[label + 1] &&
	       at + len < name->text_len && memcmp(name->text + at, token->suffix, len) == 0 &&
	       (name->text[at + len] == '.' || name->text[at + len] == '-');
}

static bool is_decorated(const struct name_context *setting, size_t label)
{
	const struct name *name = setting->name;
	size_t start = name->label[label], len = name->label[label + 1] - start;
	size_t from, to;

	return len > 0 && len <= PIECE_LEN_MAX &&
	       (has_lure(name->base + start, len) ||
		(decorations_find(setting->decorations, setting->scratch, name->base + start, len,
				  PATTERN_ANYWHERE, &from, &to) &&
		 bait_of(name->base + start + from, to - from) != BAIT_PLAIN));
}

/* Once a name: to ask for each of its candidates would take the square of its labels. */
void surroundings_find_decorations(struct name_context *setting)
{
	size_t first = 0, last = setting->suffix;

	while (first < setting->suffix && !is_decorated(setting, first)) {
		first++;
	}
	while (last > first + 1 && !is_decorated(setting, last - 1)) {
		last--;
	}
	setting->decorated_first = first;
	setting->decorated_last = first < setting->suffix ? last - 1 : 0;
}

void surroundings_locate(const struct name *name, size_t start, size_t end,
			 struct surroundings *out)
{
	size_t low, high, left, right;

	memset(out, 0, sizeof(*out));
	out->first_label = name_label_of(name, start);
	out->last_label = name_label_of(name, end - 1);
	low = out->low = name->label[out->first_label];
	high = out->high = name->label[out->last_label + 1];
	left = out->left_edge = hyphen_before(name, start, low);
	right = out->right_edge = hyphen_behind(name, end, high);
	out->whole = start == low && end == high;
	out->glued_left = left < start;
	out->glued_right = right > end;
	out->letters_left = out->glued_left && !all_digits(name->base + left, start - left);
	out->letters_right = out->glued_right && !all_digits(name->base + end, right - end);
	out->hyphens_inside = memchr(name->base + start, '-', end - start) != NULL;
}

void surroundings_read(const struct name_context *setting, const struct token *token, size_t start,
		       size_t end, struct surroundings *out)
{
	const size_t from[PIECES_MAX] = {out->left_edge, end, out->low, out->right_edge};
	const size_t to[PIECES_MAX] = {start, out->right_edge, out->left_edge, out->high};
	enum piece pieces[PIECES_MAX];
	size_t decorated = 0;

	for (size_t i = 0; i < PIECES_MAX; i++) {
		pieces[i] = classify(setting, setting->decorations, token, from[i], to[i]);
		decorated += pieces[i] == PIECE_DECORATION;
	}
	for (size_t i = 0; decorated > 1 && i < PIECES_MAX; i++) {
		if (pieces[i] == PIECE_DECORATION) {
			out->besides[i] = classify(setting, NULL, token, from[i], to[i]);
		}
	}
	out->left = pieces[0];
	out->right = pieces[1];
	out->left_rest = pieces[2];
	out->right_rest = pieces[3];
}

void surroundings_place(const struct name_context *setting, const struct token *token, size_t end,
			struct surroundings *out)
{
	const struct name *name = setting->name;

	out->domain_in_front = out->last_label < setting->registrable &&
			       surroundings_suffix_follows(name, token, end, out);
	out->decoration_elsewhere = setting->decorated_first < out->first_label;
	out->decoration_behind = setting->decorated_last > out->last_label;
	out->same_suffix =
	    strcmp(name->text + name->text_label[setting->suffix], token->suffix) == 0;
}

bool explained_by_other_word(const struct name_context *setting, size_t start, size_t end,
			     const struct surroundings *surroundings)
{
	const size_t left = surroundings->left_edge;
	const size_t len = surroundings->right_edge - left;

	if (surroundings->first_label != surroundings->last_label || surroundings->hyphens_inside ||
	    (!surroundings->glued_left && !surroundings->glued_right) || len > STRETCH_LEN_MAX) {
		return false;
	}
	stretch_begin(setting->stretch, setting->name->base + left, len);
	return is_swallowed(setting->stretch, start - left, end - left);
}
