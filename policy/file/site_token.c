/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/file/site_token.h"

#include <stdio.h>
#include <string.h>

#include "policy/name/domain_name.h"

/* Room for any displayed name, so that none is cut to something that is not the name. */
#define FOLDED_NAME_SIZE 1024

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

	char name_form[TOKEN_SIZE + 32] = "";
	if (strlen(folded) >= 2 && strlen(folded) < TOKEN_SIZE && strcmp(folded, label) != 0) {
		snprintf(name_form, sizeof(name_form), ", its name in ASCII (\"%s\")", folded);
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
	if (!*own && !shortening && strcmp(out, folded) != 0) {
		explain(site, folder, folded, why, why_size);
		return false;
	}
	return true;
}
