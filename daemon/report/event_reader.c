/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/report/event_reader.h"

#include <arpa/inet.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "daemon/text/safe_text.h"

/* Sightings of a day: more than any gateway sees, and few enough for all lines' sum. */
#define COUNT_MAX 1e9

const char *const event_bands[EVENT_BANDS] = {"1-4", "5-9", "10+"};

static const char *text_of(const cJSON *object, const char *key)
{
	return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));
}

static bool copy_ascii(const char *text, char *out, size_t size)
{
	if (text == NULL || text[0] == '\0' || strlen(text) >= size) {
		return false;
	}
	for (const char *c = text; *c != '\0'; c++) {
		if (*c <= ' ' || *c > '~') {
			return false;
		}
	}
	memcpy(out, text, strlen(text) + 1);
	return true;
}

static bool read_ascii(const cJSON *object, const char *key, char *out, size_t size)
{
	return copy_ascii(text_of(object, key), out, size);
}

static bool read_shown(const cJSON *object, const char *key, char *out, size_t size)
{
	const char *text = text_of(object, key);
	if (text == NULL || strlen(text) >= size) {
		return false;
	}
	safe_text(text, strlen(text), out, size);
	return true;
}

/* Which of the words a key has. \returns `count` for none of them. */
static size_t word_of(const cJSON *object, const char *key, const char *(*word)(size_t),
		      size_t count)
{
	const char *text = text_of(object, key);
	size_t i = 0;
	while (i < count && (text == NULL || strcmp(text, word(i)) != 0)) {
		i++;
	}
	return i;
}

static const char *technique_word(size_t i)
{
	return technique_text((enum technique)i);
}

static const char *confidence_word(size_t i)
{
	return confidence_text((enum confidence)i);
}

static const char *action_word(size_t i)
{
	return action_text((enum action)i);
}

static const char *band_word(size_t i)
{
	return event_bands[i];
}

static const char *via_word(size_t i)
{
	return via_text((enum via)i);
}

static bool read_words(const cJSON *object, struct logged_event *out)
{
	const size_t technique = word_of(object, "technique", technique_word, TECHNIQUE_COUNT);
	const size_t confidence = word_of(object, "confidence", confidence_word, CONFIDENCE_COUNT);
	const size_t action = word_of(object, "action", action_word, ACTION_COUNT);
	const size_t via = word_of(object, "via", via_word, VIA_COUNT);
	out->devices = word_of(object, "devices", band_word, EVENT_BANDS);
	if (technique == TECHNIQUE_COUNT || confidence == CONFIDENCE_COUNT ||
	    action == ACTION_COUNT || via == VIA_COUNT || out->devices == EVENT_BANDS) {
		return false;
	}
	out->technique = (enum technique)technique;
	out->confidence = (enum confidence)confidence;
	out->action = (enum action)action;
	out->via = (enum via)via;
	return true;
}

static bool read_date(const cJSON *object, time_t *out)
{
	const char *text = text_of(object, "date");
	struct tm parts = {0};
	const char *end = text == NULL ? NULL : strptime(text, "%Y-%m-%d", &parts);
	if (end == NULL || *end != '\0' || strlen(text) != strlen("2026-11-23")) {
		return false;
	}
	const int day = parts.tm_mday; /* 31 February would become 3 March */
	*out = timegm(&parts);
	return *out >= 0 && parts.tm_mday == day;
}

/* Only what many devices saw has a count. */
static bool read_count(const cJSON *object, uint64_t *out)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, "count");
	*out = 0;
	if (item == NULL) {
		return true;
	}
	if (!cJSON_IsNumber(item) || !(item->valuedouble >= 1 && item->valuedouble <= COUNT_MAX)) {
		return false;
	}
	*out = (uint64_t)item->valuedouble;
	return (double)*out == item->valuedouble;
}

static bool read_examples(const cJSON *object, struct logged_event *out)
{
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(object, "examples");
	const cJSON *item = NULL;
	out->example_count = 0;
	if (!cJSON_IsArray(list)) {
		return false;
	}
	cJSON_ArrayForEach(item, list)
	{
		if (out->example_count == EVENT_EXAMPLES ||
		    !copy_ascii(cJSON_GetStringValue(item), out->examples[out->example_count++],
				EVENT_NAME_SIZE)) {
			return false;
		}
	}
	return true;
}

/* Addresses are rewritten from what they mean, so that each has one form. */
static bool read_addresses(const cJSON *object, struct logged_event *out)
{
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(object, "addresses");
	const cJSON *item = NULL;
	out->address_count = 0;
	if (!cJSON_IsArray(list)) {
		return false;
	}
	cJSON_ArrayForEach(item, list)
	{
		const char *text = cJSON_GetStringValue(item);
		struct in6_addr address;
		if (text == NULL || out->address_count == EVENT_ADDRESSES_MAX) {
			return false;
		}
		const int family = strchr(text, ':') != NULL ? AF_INET6 : AF_INET;
		if (inet_pton(family, text, &address) != 1) {
			return false;
		}
		inet_ntop(family, &address, out->addresses[out->address_count++],
			  EVENT_ADDRESS_SIZE);
	}
	return true;
}

bool event_read(const char *line, size_t len, struct logged_event *out)
{
	cJSON *object = memchr(line, '\0', len) == NULL ? cJSON_ParseWithLength(line, len) : NULL;
	const bool is_event =
	    cJSON_IsObject(object) && read_ascii(object, "name", out->name, sizeof out->name) &&
	    read_ascii(object, "imitates", out->imitates, sizeof out->imitates) &&
	    read_shown(object, "site", out->site, sizeof out->site) &&
	    read_shown(object, "why", out->why, sizeof out->why) && read_words(object, out) &&
	    read_date(object, &out->date) && read_count(object, &out->count) &&
	    read_addresses(object, out) && read_examples(object, out);
	cJSON_Delete(object);
	return is_event;
}

bool coverage_read(const char *line, size_t len, struct logged_coverage *out)
{
	cJSON *object = memchr(line, '\0', len) == NULL ? cJSON_ParseWithLength(line, len) : NULL;
	const cJSON *parts = cJSON_GetObjectItemCaseSensitive(object, "coverage");
	bool is_coverage = cJSON_IsObject(parts) && read_date(object, &out->date);
	for (unsigned i = 0; is_coverage && i < COVERAGE_PARTS; i++) {
		const cJSON *share = cJSON_GetObjectItemCaseSensitive(parts, coverage_text(i));
		is_coverage =
		    cJSON_IsNumber(share) && share->valuedouble >= 0 && share->valuedouble <= 100;
		out->shares[i] = is_coverage ? (unsigned)share->valuedouble : 0;
	}
	cJSON_Delete(object);
	return is_coverage;
}
