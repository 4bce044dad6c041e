/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/status/rules_state.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

/* More than the rules of any gateway take; what is beyond is not read. */
#define OUTPUT_SIZE 65536

static bool is_of_interface(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c != '\0' && strchr("_.:@-", c) != NULL);
}

/* Adds a word to a list, unless it is there or does not fit. */
static void add_word(char list[RULES_TEXT_SIZE], const char *word, size_t len)
{
	size_t used = strlen(list);

	for (const char *at = list; (at = strstr(at, word)) != NULL && len > 0; at += len) {
		bool begins = at == list || at[-1] == ' ';

		if (strncmp(at, word, len) == 0 && begins && (at[len] == ',' || at[len] == '\0')) {
			return;
		}
	}
	if (used + len + 3 <= RULES_TEXT_SIZE) {
		(void)snprintf(list + used, RULES_TEXT_SIZE - used, "%s%.*s", used > 0 ? ", " : "",
			       (int)len, word);
	}
}

static void add_interface(char list[RULES_TEXT_SIZE], const char *name)
{
	char word[32];
	size_t len = 0;

	while (len < sizeof(word) - 1 && is_of_interface(name[len])) {
		word[len] = name[len];
		len++;
	}
	word[len] = '\0';
	if (len > 0) {
		add_word(list, word, len);
	}
}

/* The names in an nft set: { "eth1", "eth2" }. */
static void read_set(const char *set, char list[RULES_TEXT_SIZE])
{
	const char *end = strpbrk(set, "}\n");

	for (const char *at = set; (at = strchr(at, '"')) != NULL && at < end;) {
		add_interface(list, at + 1);
		at = strchr(at + 1, '"');
		if (at == NULL) {
			return;
		}
		at++;
	}
}

void rules_state_parse(const char *text, struct rules_state *out)
{
	out->backend[0] = out->interfaces[0] = '\0';
	if (strstr(text, "table inet truegate") != NULL) {
		add_word(out->backend, "nftables", strlen("nftables"));
	}
	if (strstr(text, "# iptables") != NULL) {
		add_word(out->backend, "iptables", strlen("iptables"));
	}
	if (strstr(text, "# ip6tables") != NULL) {
		add_word(out->backend, "ip6tables", strlen("ip6tables"));
	}
	for (const char *at = text; (at = strstr(at, "iifname ")) != NULL; at++) {
		const char *value = at + strlen("iifname ");

		if (*value == '{') {
			read_set(value, out->interfaces);
		} else if (*value == '"') {
			add_interface(out->interfaces, value + 1);
		}
	}
	for (const char *at = text; (at = strstr(at, " -i ")) != NULL; at++) {
		add_interface(out->interfaces, at + strlen(" -i "));
	}
}

void rules_state_ask(const char *command, struct rules_state *out)
{
	static char output[OUTPUT_SIZE];
	FILE *from;

	*out = (struct rules_state){0};
	fflush(NULL);
	from = popen(command, "re"); // NOLINT(cert-env33-c): the administrator's own command
	if (from == NULL) {
		return;
	}
	output[fread(output, 1, sizeof(output) - 1, from)] = '\0';
	while (fgetc(from) != EOF) {
	}

	int status = pclose(from);

	if (status >= 0 && WIFEXITED(status) && WEXITSTATUS(status) <= 1) {
		out->rules = WEXITSTATUS(status) == 0 ? RULES_ON : RULES_OFF;
	}
	rules_state_parse(output, out);
}
