/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/status/daemon_state.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#include "daemon/text/safe_text.h"

/* Numbers beyond this cannot be told apart in JSON (RFC 8259 section 6). */
#define NUMBER_MAX 9007199254740991.0

struct field {
	const char *key;
	size_t offset; /* of a uint64_t in struct daemon_state */
};

#define FIELD(name) {#name, offsetof(struct daemon_state, name)}

static const struct field fields[] = {
    FIELD(started_s), FIELD(written_s),  FIELD(workers), FIELD(workers_silent),
    FIELD(packets),   FIELD(missed),     FIELD(flows),   FIELD(flows_released),
    FIELD(sites),     FIELD(reloaded_s), FIELD(other),
};
#define FIELD_COUNT (sizeof(fields) / sizeof(fields[0]))

static bool add_names(cJSON *object, const struct daemon_state *state)
{
	cJSON *names = cJSON_AddObjectToObject(object, "names");
	bool added = names != NULL;

	for (size_t i = 0; added && i < VIA_COUNT; i++) {
		added = cJSON_AddNumberToObject(names, via_text((enum via)i),
						(double)state->names[i]) != NULL;
	}

	cJSON *seen = cJSON_AddObjectToObject(object, "seen");

	for (size_t i = 0; added && i < VIA_COUNT; i++) {
		added = cJSON_AddNumberToObject(seen, via_text((enum via)i),
						(double)state->seen[i]) != NULL;
	}

	cJSON *hidden = cJSON_AddObjectToObject(object, "hidden");

	for (size_t i = 0; added && i < HIDDEN_COUNT; i++) {
		added = cJSON_AddNumberToObject(hidden, hidden_text((enum hidden)i),
						(double)state->hidden[i]) != NULL;
	}
	return added;
}

char *daemon_state_write(const struct daemon_state *state)
{
	cJSON *object = cJSON_CreateObject();
	bool whole = cJSON_AddStringToObject(object, "signer", state->signer) != NULL &&
		     cJSON_AddBoolToObject(object, "dry_run", state->dry_run) != NULL &&
		     add_names(object, state);

	for (size_t i = 0; whole && i < FIELD_COUNT; i++) {
		uint64_t number;

		memcpy(&number, (const char *)state + fields[i].offset, sizeof(number));
		whole = cJSON_AddNumberToObject(object, fields[i].key, (double)number) != NULL;
	}

	char *text = whole ? cJSON_PrintUnformatted(object) : NULL;

	cJSON_Delete(object);
	return text;
}

static bool read_number(const cJSON *object, const char *key, uint64_t *out)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);

	if (!cJSON_IsNumber(item) || !(item->valuedouble >= 0 && item->valuedouble <= NUMBER_MAX)) {
		return false;
	}
	*out = (uint64_t)item->valuedouble;
	return true;
}

static bool read_fields(const cJSON *object, struct daemon_state *out)
{
	const cJSON *names = cJSON_GetObjectItemCaseSensitive(object, "names");
	const cJSON *seen = cJSON_GetObjectItemCaseSensitive(object, "seen");
	const cJSON *hidden = cJSON_GetObjectItemCaseSensitive(object, "hidden");

	for (size_t i = 0; i < FIELD_COUNT; i++) {
		uint64_t number;

		if (!read_number(object, fields[i].key, &number)) {
			return false;
		}
		memcpy((char *)out + fields[i].offset, &number, sizeof(number));
	}
	for (size_t i = 0; i < VIA_COUNT; i++) {
		if (!read_number(names, via_text((enum via)i), &out->names[i]) ||
		    !read_number(seen, via_text((enum via)i), &out->seen[i])) {
			return false;
		}
	}
	for (size_t i = 0; i < HIDDEN_COUNT; i++) {
		if (!read_number(hidden, hidden_text((enum hidden)i), &out->hidden[i])) {
			return false;
		}
	}
	return true;
}

bool daemon_state_read(const char *text, struct daemon_state *out)
{
	cJSON *object = cJSON_Parse(text);
	const char *signer =
	    cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, "signer"));

	*out = (struct daemon_state){0};

	bool read = signer != NULL && read_fields(object, out);

	if (read) {
		safe_text(signer, strlen(signer), out->signer, sizeof(out->signer));
		out->dry_run = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(object, "dry_run"));
	}
	cJSON_Delete(object);
	return read;
}
