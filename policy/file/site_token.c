/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/file/site_token.h"

#include <stdio.h>
#include <string.h>

#include "policy/name/domain_name.h"

/* Room for any displayed name, so that none is cut to something that is not the name. */
#define FOLDED_NAME_SIZE 1024

/* Letters of a word of the displayed name that can be a token: shorter ones are in any name. */
#define NAME_WORD_LEAST 4

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* A label as tokens are held against it: an A-label stands for what people read in it. */
static void readable_label(const char *label, struct ascii_folder *folder, char out[TOKEN_SIZE])
{
	if (strncmp(label, "xn--", 4) != 0) {
		snprintf(out, TOKEN_SIZE, "%s", label);
		return;
	}
	char shown[4 * TOKEN_SIZE];
	host_label_shown(label, shown, sizeof(shown));
	ascii_fold(folder, shown, out, TOKEN_SIZE);
}

bool token_shortens(const char *token, const char *label)
{
	if (token[0] != label[0] || strlen(token) < 2 || strlen(token) >= strlen(label)) {
		return false;
	}
	for (; *token != '\0'; token++) {
		if (!is_plain(*token)) {
			return false;
		}
		label = strchr(label, *token);
		if (label == NULL) {
			return false;
		}
		label++;
	}
	return true;
}

/* Whether a token is a word of the displayed name, in ASCII, of four letters or more. */
static bool is_name_word(const char *token, const char *name, struct ascii_folder *folder)
{
	char word[FOLDED_NAME_SIZE];
	char folded[FOLDED_NAME_SIZE];
	while (*name != '\0') {
		const size_t len = strcspn(name, " .-&'()+");
		if (len > 0 && len < sizeof(word)) {
			memcpy(word, name, len);
			word[len] = '\0';
			ascii_fold(folder, word, folded, sizeof(folded));
			if (strcmp(token, folded) == 0 && strlen(token) >= NAME_WORD_LEAST) {
				return true;
			}
		}
		name += len;
		name += strspn(name, " .-&'()+");
	}
	return false;
}

static const char *character_fault(const char *written)
{
	for (const char *c = written; *c != '\0'; c++) {
		char lower = (char)(*c >= 'A' && *c <= 'Z' ? *c - 'A' + 'a' : *c);
		if ((unsigned char)*c >= 0x80) {
			return "has a letter that is not ASCII; write it without marks";
		}
		if (!is_plain(lower) && lower != '-') {
			return "has a character other than letters, digits and hyphens";
		}
	}
	return NULL;
}

/* Says which tokens this site could have, with its first label as the example. */
static void explain(const struct site *site, struct ascii_folder *folder, const char *folded,
		    char *why, size_t why_size)
{
	char label[TOKEN_SIZE];
	readable_label(site->domains[0].label, folder, label);
	size_t label_len = strlen(label);

	char name_form[TOKEN_SIZE + 64] = "";
	if (strlen(folded) >= NAME_WORD_LEAST && strlen(folded) < TOKEN_SIZE &&
	    strcmp(folded, label) != 0) {
		snprintf(name_form, sizeof(name_form),
			 ", its name or a longer word of that in ASCII (\"%s\")", folded);
	}
	char short_form[160] = "";
	if (label_len > 2) {
		char middle = label[label_len / 2];
		snprintf(short_form, sizeof(short_form),
			 ", or a shortening that starts with the label's first letter and keeps "
			 "the label's order (\"%c%.*s%c\")",
			 label[0], label_len > 3 && is_plain(middle) ? 1 : 0, &middle,
			 label[label_len - 1]);
	}
	snprintf(why, why_size, "is not this site's own; write a label of its domains (\"%s\")%s%s",
		 label, name_form, short_form);
}

bool site_token_read(const char *written, const struct site *site, struct ascii_folder *folder,
		     char out[TOKEN_SIZE], bool *own, char *why, size_t why_size)
{
	size_t len = strlen(written);
	if (len < 2 || len >= TOKEN_SIZE) {
		snprintf(why, why_size, "has %zu characters; write a token of 2 to %d", len,
			 TOKEN_SIZE - 1);
		return false;
	}
	const char *fault = character_fault(written);
	if (fault != NULL) {
		snprintf(why, why_size, "%s", fault);
		return false;
	}
	for (size_t i = 0; i <= len; i++) {
		char c = written[i];
		out[i] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
	}
	*own = false;
	bool shortening = false;
	for (size_t i = 0; i < site->domain_count; i++) {
		char label[TOKEN_SIZE];
		readable_label(site->domains[i].label, folder, label);
		*own = *own || strcmp(out, site->domains[i].label) == 0;
		shortening = shortening || token_shortens(out, label) || strcmp(out, label) == 0;
	}
	char folded[FOLDED_NAME_SIZE];
	ascii_fold(folder, site->name, folded, sizeof(folded));
	/* Vietnamese writes one word as several syllables, so the name as a whole is one, too. */
	const bool is_whole_name = strlen(out) >= NAME_WORD_LEAST && strcmp(out, folded) == 0;
	if (!*own && !shortening && !is_whole_name && !is_name_word(out, site->name, folder)) {
		explain(site, folder, folded, why, why_size);
		return false;
	}
	return true;
}
