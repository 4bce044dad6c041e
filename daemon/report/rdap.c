/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/report/rdap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/https/https_get.h"

#define ANSWER_MAX ((size_t)4 << 20)
#define REQUEST_S 20L

/* Names that are asked for: the fake's own, then those above it. */
#define NAMES_MAX 3

static long get(const struct rdap_config *config, const char *url, char **document, char *error,
		size_t error_size)
{
	const struct https_request request = {
	    .url = url,
	    .accept = "application/rdap+json, application/json",
	    .ca = config->ca,
	    .seconds = REQUEST_S,
	    .octets_max = ANSWER_MAX,
	};
	struct https_document answer;
	const long status = https_get(&request, &answer, error, error_size);
	*document = answer.text;
	return status;
}

static bool find_server(const struct rdap_config *config, const char *name,
			char base[RDAP_URL_SIZE], char *error, size_t error_size)
{
	const char *dot = strrchr(name, '.');
	char *list = NULL;
	char why[256];
	if (config->server != NULL) {
		const size_t len = strlen(config->server);
		snprintf(base, RDAP_URL_SIZE, "%s%s", config->server,
			 len > 0 && config->server[len - 1] == '/' ? "" : "/");
		return true;
	}
	if (get(config, RDAP_BOOTSTRAP, &list, why, sizeof why) != 200 || list == NULL) {
		snprintf(error, error_size, "%s: %s", RDAP_BOOTSTRAP, why);
		return false;
	}
	const bool found = dot != NULL && rdap_server_of(list, dot + 1, base);
	if (!found) {
		snprintf(error, error_size,
			 "its top-level domain has no RDAP server; look it up with whois");
	}
	free(list);
	return found;
}

/* Asks for one name. \returns the HTTP status. */
static long ask(const struct rdap_config *config, const char *base, const char *name,
		char mail[RDAP_MAIL_SIZE], char *error, size_t error_size)
{
	char url[RDAP_URL_SIZE + 1024];
	char why[256];
	char *answer = NULL;
	snprintf(url, sizeof url, "%sdomain/%s", base, name);
	const long status = get(config, url, &answer, why, sizeof why);
	mail[0] = '\0';
	if (status != 200) {
		snprintf(error, error_size, "%s: %s", base, why);
		return status;
	}
	if (answer == NULL || !rdap_abuse_mail(answer, mail)) {
		snprintf(error, error_size, "%s: the answer has no abuse contact", base);
	}
	free(answer);
	return status;
}

bool rdap_lookup(const struct rdap_config *config, const char *name, char mail[RDAP_MAIL_SIZE],
		 char *error, size_t error_size)
{
	char base[RDAP_URL_SIZE];
	long status = 0;
	mail[0] = '\0';
	if (name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_.")] != '\0') {
		snprintf(error, error_size, "it is not a name that anybody can register");
		return false;
	}
	if (!find_server(config, name, base, error, error_size)) {
		return false;
	}
	for (unsigned i = 0; i < NAMES_MAX && name != NULL && strchr(name, '.') != NULL; i++) {
		status = ask(config, base, name, mail, error, error_size);
		if (status != 404) {
			break;
		}
		name = strchr(name, '.') + 1;
	}
	return mail[0] != '\0';
}
