/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/event/event_text.h"

#include <arpa/inet.h>
#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "daemon/text/finding_json.h"

#define SECONDS_A_DAY 86400

static struct finding finding_of(const struct fake_sighting *sighting)
{
	struct finding finding = {
	    .imitates = sighting->imitates,
	    .site = sighting->site,
	    .technique = sighting->technique,
	    .confidence = sighting->confidence,
	    .action = sighting->action,
	};

	memcpy(finding.why, sighting->why, sizeof(finding.why));
	return finding;
}

void event_date(int64_t day, char out[EVENT_DATE_SIZE])
{
	time_t seconds = (time_t)(day * SECONDS_A_DAY);
	struct tm parts;

	if (gmtime_r(&seconds, &parts) == NULL ||
	    strftime(out, EVENT_DATE_SIZE, "%F", &parts) == 0) {
		memcpy(out, "?", sizeof("?"));
	}
}

static bool add_date(cJSON *object, int64_t day)
{
	char text[EVENT_DATE_SIZE];

	event_date(day, text);
	return cJSON_AddStringToObject(object, "date", text) != NULL;
}

/* How many: a band of devices, and a count only where many devices stand behind it. */
static bool add_numbers(cJSON *object, const struct event *event)
{
	if (cJSON_AddStringToObject(object, "devices", event_device_band(event->device_count)) ==
	    NULL) {
		return false;
	}
	return event->device_count < EVENT_DEVICES_MANY || event->count < EVENT_DEVICES_MANY ||
	       cJSON_AddNumberToObject(object, "count", (double)event->count) != NULL;
}

static bool add_examples(cJSON *object, const struct event *event)
{
	cJSON *array = cJSON_AddArrayToObject(object, "examples");

	if (array == NULL) {
		return false;
	}
	for (uint32_t i = 0; i < event->example_count; i++) {
		if (!cJSON_AddItemToArray(array, cJSON_CreateString(event->examples[i]))) {
			return false;
		}
	}
	return true;
}

static bool add_addresses(cJSON *object, const struct event *event)
{
	cJSON *array = cJSON_AddArrayToObject(object, "addresses");

	if (array == NULL) {
		return false;
	}
	for (uint32_t i = 0; i < event->address_count; i++) {
		const struct address *address = &event->addresses[i];
		char text[INET6_ADDRSTRLEN];

		if (inet_ntop(address->len == 4 ? AF_INET : AF_INET6, address->octets, text,
			      sizeof(text)) == NULL ||
		    !cJSON_AddItemToArray(array, cJSON_CreateString(text))) {
			return false;
		}
	}
	return true;
}

/* The NUL's place is taken by the newline: whoever has a length needs no NUL. */
static char *end_line(char *line, size_t *len)
{
	if (line != NULL) {
		*len = strlen(line) + 1;
		line[*len - 1] = '\n';
	}
	return line;
}

char *event_line(const struct event *event, size_t *len)
{
	struct finding finding = finding_of(&event->strongest);
	cJSON *object = finding_json_named(event->name, &finding, &event->via);
	char *line = NULL;

	if (object != NULL && add_date(object, event->day) && add_numbers(object, event) &&
	    add_examples(object, event) && add_addresses(object, event)) {
		line = cJSON_PrintUnformatted(object);
	}
	cJSON_Delete(object);
	return end_line(line, len);
}

char *coverage_line(int64_t day, const unsigned shares[COVERAGE_PARTS], size_t *len)
{
	cJSON *object = cJSON_CreateObject();
	char *line = NULL;

	if (object != NULL && add_date(object, day)) {
		cJSON *parts = cJSON_AddObjectToObject(object, "coverage");
		bool added = parts != NULL;

		for (unsigned i = 0; added && i < COVERAGE_PARTS; i++) {
			added = cJSON_AddNumberToObject(parts, coverage_text(i), shares[i]) != NULL;
		}
		line = added ? cJSON_PrintUnformatted(object) : NULL;
	}
	cJSON_Delete(object);
	return end_line(line, len);
}
