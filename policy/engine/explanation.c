/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/engine/explanation.h"

#include <stdio.h>
#include <string.h>
#include <unicode/utf8.h>

/* Parts of a name that a reader need not see whole. */
#define SHOWN_MAX 60

/* Most things that a phrase has put in. */
#define GAPS_MAX 3

struct phrase {
	const struct wording *wording;
	char *text; /* FINDING_WHY_SIZE octets, always with NUL */
	size_t len;
	bool full;
};

/* Adds a stretch of UTF-8; what has no room is cut between two characters. */
static void put(struct phrase *phrase, const char *text, size_t len)
{
	size_t room = FINDING_WHY_SIZE - 1 - phrase->len;

	if (phrase->full) {
		return;
	}
	if (len > room) {
		phrase->full = true;
		len = room;
		/* text[len] is at the most its NUL */
		/* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult) */
		while (len > 0 && U8_IS_TRAIL(text[len])) {
			len--;
		}
	}
	memcpy(phrase->text + phrase->len, text, len);
	phrase->len += len;
	phrase->text[phrase->len] = '\0';
}

/* Adds a phrase of the wording with its gaps filled. */
static void say(struct phrase *phrase, const char *wording, const char *const gaps[GAPS_MAX])
{
	while (*wording != '\0') {
		size_t plain = strcspn(wording, "$");

		put(phrase, wording, plain);
		wording += plain;
		if (*wording == '$') {
			const char *gap = gaps[wording[1] - '1'];

			put(phrase, gap, strlen(gap));
			wording += 2;
		}
	}
}

static void say_one(struct phrase *phrase, const char *wording, const char *gap)
{
	say(phrase, wording, (const char *const[GAPS_MAX]){gap, "", ""});
}

/* Puts a character in UTF-8 and a NUL at text, which has room. \returns the octets but the NUL. */
static size_t put_character(char *text, uint32_t character)
{
	uint8_t octets[U8_MAX_LENGTH];
	size_t len = 0;

	U8_APPEND_UNSAFE(octets, len, character);
	memcpy(text, octets, len);
	text[len] = '\0';
	return len;
}

/* Room for a token in UTF-8. */
#define SHOWN_TOKEN_SIZE (TOKEN_LEN_MAX * U8_MAX_LENGTH + 1)

/* A token with the characters that are like no letter of ASCII. */
static void show_token(const struct token *token, char out[SHOWN_TOKEN_SIZE])
{
	const uint32_t *non_latin = token->non_latin;
	size_t len = 0;

	out[0] = '\0';
	for (const char *c = token->text; *c != '\0'; c++) {
		len += put_character(out + len, *c == '?' ? *non_latin++ : (uint32_t)*c);
	}
}

/* Room for the letters of one edit: two of ASCII, or a character with its number. */
#define SHOWN_LETTERS_SIZE 24

/* An edit's letters count without hyphens, while the texts that they stand in have them. */
static void show_letters(const char *text, size_t count, char out[SHOWN_LETTERS_SIZE])
{
	size_t len = 0;

	for (; *text != '\0' && len < count && len < SHOWN_LETTERS_SIZE - 1; text++) {
		if (*text != '-') {
			out[len++] = *text;
		}
	}
	out[len] = '\0';
}

/* Letters that were seen; a character that is not ASCII with its number. */
static void show_seen(const struct name *name, const struct edit *edit,
		      char out[SHOWN_LETTERS_SIZE])
{
	uint32_t origin = name->origin[edit->seen];

	if (origin >= 0x80) {
		size_t len = put_character(out, origin);

		snprintf(out + len, SHOWN_LETTERS_SIZE - len, " (U+%04X)", (unsigned)origin);
		return;
	}
	/* the elements end in no NUL, and those of an edit are there */
	char letters[SHOWN_LETTERS_SIZE * 2];
	size_t left = name->element_count - edit->seen;

	snprintf(letters, sizeof(letters), "%.*s", left < 64 ? (int)left : 64,
		 name->base + edit->seen);
	show_letters(letters, edit->seen_len, out);
}

static void say_edit(struct phrase *phrase, const struct name *name, const char *token,
		     const struct edit *edit)
{
	char seen[SHOWN_LETTERS_SIZE] = "", meant[SHOWN_LETTERS_SIZE] = "", second[2] = "";
	const char *gaps[GAPS_MAX] = {seen, meant, ""};

	show_seen(name, edit, seen);
	show_letters(token + edit->meant, edit->meant_len, meant);
	if (edit->kind == EDIT_TRANSPOSITION) {
		second[0] = meant[1];
		meant[1] = '\0';
		gaps[0] = meant;
		gaps[1] = second;
	}
	say(phrase, phrase->wording->edits[edit->kind], gaps);
}

static bool same_edit(const struct name *name, const struct edit *a, const struct edit *b)
{
	return a->kind == b->kind && a->seen_len == b->seen_len &&
	       name->origin[a->seen] == name->origin[b->seen];
}

/* The first two different edits, and how many more. */
static void say_edits(struct phrase *phrase, const struct name *name, const struct assessment *a)
{
	const struct edit *edits = a->alignment.edits, *first = &edits[0], *second = NULL;
	size_t more = 0;

	say_edit(phrase, name, a->token->text, first);
	for (size_t i = 1; i < a->alignment.edit_count; i++) {
		if (same_edit(name, first, &edits[i]) ||
		    (second != NULL && same_edit(name, second, &edits[i]))) {
			continue;
		}
		if (second == NULL) {
			second = &edits[i];
		} else {
			more++;
		}
	}
	if (second != NULL) {
		say_one(phrase, phrase->wording->next, "");
		say_edit(phrase, name, a->token->text, second);
	}
	if (more > 0) {
		char number[24];

		snprintf(number, sizeof(number), "%zu", more);
		say_one(phrase, phrase->wording->more, number);
	}
}

/* Elements of one label, as many as are shown. */
static void say_piece(struct phrase *phrase, const char *wording, const char *text, size_t len)
{
	char piece[SHOWN_MAX + 1];

	snprintf(piece, sizeof(piece), "%.*s", (int)(len < SHOWN_MAX ? len : SHOWN_MAX), text);
	say_one(phrase, wording, piece);
}

/* What stands beside the token in its label. */
static void say_beside(struct phrase *phrase, const struct name *name, const struct assessment *a)
{
	size_t low = name->label[a->surroundings.first_label];
	size_t high = name->label[a->surroundings.last_label + 1];
	size_t left = a->start, right = a->end;
	const char *with = phrase->wording->with;

	while (left > low && name->base[left - 1] == '-') {
		left--;
	}
	while (right < high && name->base[right] == '-') {
		right++;
	}
	if (left > low) {
		say_piece(phrase, with, name->base + low, left - low);
		with = phrase->wording->and_with;
	}
	if (right < high) {
		say_piece(phrase, with, name->base + right, high - right);
	}
}

/* Domains that are shown need not be seen whole. */
static void show_domain(const char *domain, char out[SHOWN_MAX + 1])
{
	snprintf(out, SHOWN_MAX + 1, "%.*s", SHOWN_MAX, domain);
}

static void say_in_front(struct phrase *phrase, const struct name_context *context,
			 const struct assessment *a, const char *token)
{
	const struct name *name = context->name;
	bool domain = a->surroundings.domain_in_front;
	char front[SHOWN_TOKEN_SIZE + NAME_OCTETS_MAX + 2], behind[SHOWN_MAX + 1];

	snprintf(front, sizeof(front), "%s%s%s", token, domain ? "." : "",
		 domain ? a->token->suffix : "");
	show_domain(name->text + name->text_label[context->registrable], behind);
	say(phrase, phrase->wording->in_front, (const char *const[GAPS_MAX]){front, behind, ""});
}

static void say_place(struct phrase *phrase, const struct name_context *context,
		      const struct assessment *a)
{
	const struct wording *wording = phrase->wording;
	const struct name *name = context->name;
	char token[SHOWN_TOKEN_SIZE], suffix[SHOWN_MAX + 1];

	show_token(a->token, token);
	if (a->technique == TECHNIQUE_HYPHENATION) {
		say_one(phrase, wording->hyphen_splits, token);
		say_beside(phrase, name, a);
	} else if (a->technique == TECHNIQUE_TLD_SWAP && a->surroundings.whole) {
		show_domain(name->text + name->text_label[context->suffix], suffix);
		say(phrase, wording->other_suffix,
		    (const char *const[GAPS_MAX]){token, suffix, a->token->suffix});
	} else if (a->technique == TECHNIQUE_SUBDOMAIN &&
		   a->surroundings.first_label != a->surroundings.last_label) {
		say_one(phrase, wording->dot_splits, token);
	} else if (a->technique == TECHNIQUE_SUBDOMAIN) {
		say_in_front(phrase, context, a, token);
	} else {
		put(phrase, token, strlen(token));
		say_beside(phrase, name, a);
		if (a->technique == TECHNIQUE_TLD_SWAP) {
			say_one(phrase, wording->own_suffix, "");
		}
	}
}

void explain(const struct name_context *context, const struct assessment *assessment,
	     const struct wording *wording, char why[FINDING_WHY_SIZE])
{
	struct phrase phrase = {.wording = wording, .text = why};
	char token[SHOWN_TOKEN_SIZE];

	why[0] = '\0';
	if (assessment->alignment.edit_count == 0) {
		say_place(&phrase, context, assessment);
		return;
	}
	say_edits(&phrase, context->name, assessment);
	if (!assessment->surroundings.whole) {
		show_token(assessment->token, token);
		say_one(&phrase, wording->of_token, token);
		say_beside(&phrase, context->name, assessment);
	}
}
