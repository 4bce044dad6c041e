/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The `why` of a finding. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unicode/utf8.h>

#include "policy/engine/assessment.h"

/* Parts of a name that a reader need not see whole. */
#define SHOWN_MAX 60

struct phrase {
	char *text;
	size_t len;
};

__attribute__((format(printf, 2, 3))) static void say(struct phrase *phrase, const char *format,
						      ...)
{
	va_list arguments;
	size_t left = FINDING_WHY_SIZE - phrase->len;
	int written;

	va_start(arguments, format);
	written = vsnprintf(phrase->text + phrase->len, left, format, arguments);
	va_end(arguments);
	if (written > 0) {
		phrase->len += (size_t)written < left ? (size_t)written : left - 1;
	}
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

/* A character that was seen: itself, with its number when it is not ASCII. */
static void say_seen(struct phrase *phrase, const struct name *name, const struct edit *edit)
{
	uint32_t origin = name->origin[edit->seen];
	char text[U8_MAX_LENGTH + 1];

	if (origin < 0x80) {
		say(phrase, "%.*s", (int)edit->seen_len, name->base + edit->seen);
		return;
	}
	put_character(text, origin);
	say(phrase, "%s (U+%04X)", text, origin);
}

static void say_edit(struct phrase *phrase, const struct name *name, const char *token,
		     const struct edit *edit)
{
	char meant = edit->meant < strlen(token) ? token[edit->meant] : '\0';

	switch ((enum edit_kind)edit->kind) {
	case EDIT_OMISSION:
		say(phrase, "%c is left out", meant);
		break;
	case EDIT_REPETITION:
		say_seen(phrase, name, edit);
		say(phrase, " is doubled");
		break;
	case EDIT_TRANSPOSITION:
		say(phrase, "%c and %c are swapped", meant, token[edit->meant + 1]);
		break;
	case EDIT_NEIGHBOUR_KEY:
		say_seen(phrase, name, edit);
		say(phrase, ", the key beside it, stands for %c", meant);
		break;
	case EDIT_EXTRA_KEY:
		say_seen(phrase, name, edit);
		say(phrase, ", a key beside it, is typed too");
		break;
	case EDIT_VOWEL:
		say_seen(phrase, name, edit);
		say(phrase, " stands for %c, another vowel", meant);
		break;
	case EDIT_APPENDED:
		say_seen(phrase, name, edit);
		say(phrase, " is added at the end");
		break;
	case EDIT_BIT:
		say(phrase, "one flipped bit makes ");
		say_seen(phrase, name, edit);
		say(phrase, " of %c", meant);
		break;
	case EDIT_INSERTION:
		say_seen(phrase, name, edit);
		say(phrase, " is put in");
		break;
	case EDIT_VIETNAMESE:
	case EDIT_SCRIPT:
	case EDIT_DIGIT:
	case EDIT_LETTER:
	case EDIT_WEAK_LOOKALIKE:
	case EDIT_SUBSTITUTION:
		say_seen(phrase, name, edit);
		say(phrase, " stands for %.*s", (int)edit->meant_len, token + edit->meant);
		break;
	}
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
		say(phrase, ", ");
		say_edit(phrase, name, a->token->text, second);
	}
	if (more > 0) {
		say(phrase, ", %zu more", more);
	}
}

/* What stands beside the token in its label. */
static void say_beside(struct phrase *phrase, const struct name *name, const struct assessment *a)
{
	size_t low = name->label[a->surroundings.first_label];
	size_t high = name->label[a->surroundings.last_label + 1];
	size_t left = a->start, right = a->end;
	const char *word = " with ";

	while (left > low && name->base[left - 1] == '-') {
		left--;
	}
	while (right < high && name->base[right] == '-') {
		right++;
	}
	if (left > low) {
		say(phrase, "%s%.*s", word, (int)(left - low > SHOWN_MAX ? SHOWN_MAX : left - low),
		    name->base + low);
		word = " and ";
	}
	if (right < high) {
		say(phrase, "%s%.*s", word,
		    (int)(high - right > SHOWN_MAX ? SHOWN_MAX : high - right), name->base + right);
	}
}

static void say_place(struct phrase *phrase, const struct name_context *setting,
		      const struct assessment *a)
{
	const struct name *name = setting->name;
	const char *suffix = name->text + name->text_label[setting->suffix];
	char token[SHOWN_TOKEN_SIZE];

	show_token(a->token, token);
	switch (a->technique) {
	case TECHNIQUE_HYPHENATION:
		say(phrase, "a hyphen splits %s", token);
		say_beside(phrase, name, a);
		break;
	case TECHNIQUE_TLD_SWAP:
		if (a->surroundings.whole) {
			say(phrase, "%s under %.*s instead of %s", token, SHOWN_MAX, suffix,
			    a->token->suffix);
		} else {
			say(phrase, "%s", token);
			say_beside(phrase, name, a);
			say(phrase, " from its own suffix");
		}
		break;
	case TECHNIQUE_SUBDOMAIN:
		if (a->surroundings.first_label != a->surroundings.last_label) {
			say(phrase, "a dot splits %s", token);
		} else {
			say(phrase, "%s%s%s stands in front of %.*s", token,
			    a->surroundings.domain_in_front ? "." : "",
			    a->surroundings.domain_in_front ? a->token->suffix : "", SHOWN_MAX,
			    name->text + name->text_label[setting->registrable]);
		}
		break;
	default:
		say(phrase, "%s", token);
		say_beside(phrase, name, a);
		break;
	}
}

void assessment_explain(const struct name_context *setting, const struct assessment *assessment,
			char why[FINDING_WHY_SIZE])
{
	struct phrase phrase = {.text = why};
	char token[SHOWN_TOKEN_SIZE];

	why[0] = '\0';
	if (assessment->alignment.edit_count > 0) {
		say_edits(&phrase, setting->name, assessment);
		if (!assessment->surroundings.whole) {
			show_token(assessment->token, token);
			say(&phrase, ", in %s", token);
			say_beside(&phrase, setting->name, assessment);
		}
	} else {
		say_place(&phrase, setting, assessment);
	}
}
