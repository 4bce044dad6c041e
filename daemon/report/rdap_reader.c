/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/report/rdap_reader.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <cjson/cJSON.h>

/* Entities within entities that are looked into. */
#define DEPTH_MAX 4

static bool has_text(const cJSON *array, const char *text)
{
	const cJSON *item = NULL;
	cJSON_ArrayForEach(item, array)
	{
		const char *value = cJSON_GetStringValue(item);
		if (value != NULL && strcasecmp(value, text) == 0) {
			return true;
		}
	}
	return false;
}

/* Takes the first URL by HTTPS. */
static bool take_base(const cJSON *urls, char base[RDAP_URL_SIZE])
{
	const cJSON *item = NULL;
	cJSON_ArrayForEach(item, urls)
	{
		const char *url = cJSON_GetStringValue(item);
		const size_t len = url == NULL ? 0 : strlen(url);
		if (len > strlen("https://") && len + 2 <= RDAP_URL_SIZE &&
		    strncasecmp(url, "https://", strlen("https://")) == 0) {
			snprintf(base, RDAP_URL_SIZE, "%s%s", url, url[len - 1] == '/' ? "" : "/");
			return true;
		}
	}
	return false;
}

bool rdap_server_of(const char *json, const char *top_level, char base[RDAP_URL_SIZE])
{
	cJSON *list = cJSON_Parse(json);
	const cJSON *service = NULL;
	bool found = false;
	cJSON_ArrayForEach(service, cJSON_GetObjectItemCaseSensitive(list, "services"))
	{
		found = has_text(cJSON_GetArrayItem(service, 0), top_level) &&
			take_base(cJSON_GetArrayItem(service, 1), base);
		if (found) {
			break;
		}
	}
	cJSON_Delete(list);
	return found;
}

/* A plain mail address: nothing else could end a header's line or name a second receiver. */
static bool is_plain_mail(const char *text)
{
	static const char letters[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	const size_t local = strcspn(text, "@");
	if (local == 0 || text[local] != '@' || strlen(text) >= RDAP_MAIL_SIZE) {
		return false;
	}
	const char *domain = text + local + 1;
	for (size_t i = 0; i < local; i++) {
		if (strchr(letters, text[i]) == NULL && strchr("._+-", text[i]) == NULL) {
			return false;
		}
	}
	for (const char *c = domain; *c != '\0'; c++) {
		if (strchr(letters, *c) == NULL && *c != '.' && *c != '-') {
			return false;
		}
	}
	return strchr(domain, '.') != NULL && domain[0] != '.';
}

/* The "email" of a jCard (RFC 7095): ["vcard", [["email", {}, "text", "abuse@registrar.example"]]].
 */
static bool card_mail(const cJSON *entity, char mail[RDAP_MAIL_SIZE])
{
	const cJSON *card = cJSON_GetObjectItemCaseSensitive(entity, "vcardArray");
	const cJSON *property = NULL;
	cJSON_ArrayForEach(property, cJSON_GetArrayItem(card, 1))
	{
		const char *name = cJSON_GetStringValue(cJSON_GetArrayItem(property, 0));
		const char *value = cJSON_GetStringValue(cJSON_GetArrayItem(property, 3));
		if (name != NULL && value != NULL && strcasecmp(name, "email") == 0 &&
		    is_plain_mail(value)) {
			snprintf(mail, RDAP_MAIL_SIZE, "%s", value);
			return true;
		}
	}
	return false;
}

// NOLINTNEXTLINE(misc-no-recursion): at most DEPTH_MAX deep
static bool find_abuse(const cJSON *object, unsigned depth, char mail[RDAP_MAIL_SIZE])
{
	const cJSON *entity = NULL;
	cJSON_ArrayForEach(entity, cJSON_GetObjectItemCaseSensitive(object, "entities"))
	{
		const cJSON *roles = cJSON_GetObjectItemCaseSensitive(entity, "roles");
		if ((has_text(roles, "abuse") && card_mail(entity, mail)) ||
		    (depth < DEPTH_MAX && find_abuse(entity, depth + 1, mail))) {
			return true;
		}
	}
	return false;
}

bool rdap_abuse_mail(const char *json, char mail[RDAP_MAIL_SIZE])
{
	cJSON *answer = cJSON_Parse(json);
	const bool found = find_abuse(answer, 1, mail);
	cJSON_Delete(answer);
	return found;
}
