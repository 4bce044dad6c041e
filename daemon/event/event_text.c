/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/event/event_text.h"

#include <arpa/inet.h>
#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "daemon/text/finding_json.h"
#include "daemon/text/name_text.h"
#include "daemon/text/safe_text.h"

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

static bool add_hour(cJSON *object, uint64_t hour)
{
	time_t seconds = (time_t)(hour * SECONDS_AN_HOUR);
	struct tm utc;
	char text[sizeof("2026-11-23T22:00Z") + 8];

	if (gmtime_r(&seconds, &utc) == NULL ||
	    strftime(text, sizeof(text), "%FT%H:00Z", &utc) == 0) {
		return false;
	}
	return cJSON_AddStringToObject(object, "hour", text) != NULL;
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

char *event_line(const struct event *event, size_t *len)
{
	const struct fake_sighting *latest = &event->latest;
	struct finding finding = finding_of(latest);
	cJSON *object = finding_json(latest->host, latest->host_len, &finding, &latest->via);
	char *line = NULL;

	if (object != NULL && add_hour(object, event->hour) &&
	    cJSON_AddNumberToObject(object, "count", (double)event->count) != NULL &&
	    cJSON_AddStringToObject(object, "devices", event_device_band(event->device_count)) !=
		NULL &&
	    add_addresses(object, event)) {
		line = cJSON_PrintUnformatted(object);
	}
	cJSON_Delete(object);
	if (line == NULL) {
		return NULL;
	}

	/* The NUL's place is taken by the newline: whoever has a length needs no NUL. */
	*len = strlen(line) + 1;
	line[*len - 1] = '\n';
	return line;
}

void event_notice(const struct fake_sighting *sighting, char out[EVENT_NOTICE_SIZE])
{
	char name[NAME_TEXT_SIZE], why[SAFE_TEXT_SIZE(FINDING_WHY_SIZE)];

	name_text(sighting->host, sighting->host_len, name);
	safe_text(sighting->why, strlen(sighting->why), why, sizeof(why));
	(void)snprintf(out, EVENT_NOTICE_SIZE, "%s imitates %s (%s): %s, %s, %s: %s", name,
		       sighting->imitates, sighting->site, technique_text(sighting->technique),
		       confidence_text(sighting->confidence), action_text(sighting->action), why);
}
