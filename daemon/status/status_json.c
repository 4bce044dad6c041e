/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <cjson/cJSON.h>
#include <stdlib.h>

#include "daemon/status/status_report.h"

static bool add_number(cJSON *object, const char *key, uint64_t number)
{
	return cJSON_AddNumberToObject(object, key, (double)number) != NULL;
}

static bool add_text(cJSON *object, const char *key, const char *text)
{
	return cJSON_AddStringToObject(object, key, text) != NULL;
}

/* true, false, or null when it is not known. */
static bool add_switch(cJSON *object, const char *key, int value)
{
	return (value < 0 ? cJSON_AddNullToObject(object, key)
			  : cJSON_AddBoolToObject(object, key, value)) != NULL;
}

static bool add_state(cJSON *object, const struct gateway *gateway)
{
	const struct daemon_state *state = &gateway->state;
	cJSON *names = cJSON_AddObjectToObject(object, "names");
	bool added = names != NULL;

	for (size_t i = 0; added && i < VIA_COUNT; i++) {
		added = add_number(names, via_text((enum via)i), state->names[i]);
	}

	cJSON *seen = cJSON_AddObjectToObject(object, "seen");

	for (size_t i = 0; added && i < VIA_COUNT; i++) {
		added = add_number(seen, via_text((enum via)i), state->seen[i]);
	}

	cJSON *hidden = cJSON_AddObjectToObject(object, "hidden");

	for (size_t i = 0; added && i < HIDDEN_COUNT; i++) {
		added = add_number(hidden, hidden_text((enum hidden)i), state->hidden[i]);
	}
	return added && add_number(object, "other", state->other) &&
	       add_number(object, "started", state->started_s) &&
	       add_number(object, "age", gateway->age_s) &&
	       add_number(object, "workers", state->workers) &&
	       add_number(object, "workers_silent", state->workers_silent) &&
	       add_number(object, "missed", state->missed) &&
	       add_number(object, "flows", state->flows) &&
	       add_number(object, "flows_released", state->flows_released) &&
	       add_number(object, "sites", state->sites) &&
	       add_text(object, "signer", state->signer) &&
	       add_number(object, "reloaded", state->reloaded_s) &&
	       add_switch(object, "dry_run", state->dry_run);
}

static bool add_daemon(cJSON *root, const struct gateway *gateway)
{
	cJSON *object = cJSON_AddObjectToObject(root, "daemon");

	return object != NULL && add_switch(object, "running", gateway->running) &&
	       (!gateway->running || (add_number(object, "pid", (uint64_t)gateway->pid) &&
				      add_number(object, "policy_version", gateway->version) &&
				      add_text(object, "refusal", gateway->refusal))) &&
	       (!gateway->has_state || add_state(object, gateway));
}

static bool add_queues(cJSON *root, const struct gateway *gateway)
{
	const struct queue_table *queues = &gateway->queues;
	cJSON *object = cJSON_AddObjectToObject(root, "queues");

	return object != NULL && add_number(object, "wanted", gateway->queues_wanted) &&
	       (!gateway->has_queues || (add_number(object, "served", queues->served) &&
					 add_number(object, "packets", queues->packets) &&
					 add_number(object, "waiting", queues->waiting) &&
					 add_number(object, "dropped", queues->dropped) &&
					 add_number(object, "user_dropped", queues->user_dropped)));
}

static bool add_rules(cJSON *root, const struct gateway *gateway)
{
	const struct rules_state *rules = &gateway->rules;
	cJSON *object = cJSON_AddObjectToObject(root, "rules");
	cJSON *forwarding = cJSON_AddObjectToObject(root, "forwarding");

	return object != NULL && forwarding != NULL &&
	       add_switch(object, "on",
			  rules->rules == RULES_UNKNOWN ? -1 : rules->rules == RULES_ON) &&
	       add_text(object, "backend", rules->backend) &&
	       add_text(object, "interfaces", rules->interfaces) &&
	       add_switch(forwarding, "ipv4", gateway->forwards_ipv4) &&
	       add_switch(forwarding, "ipv6", gateway->forwards_ipv6);
}

/* null when nothing was ever fetched. */
static bool add_fetched(cJSON *root, const struct fetched *fetched)
{
	cJSON *object;

	if (fetched->url[0] == '\0') {
		return cJSON_AddNullToObject(root, "fetch") != NULL;
	}
	object = cJSON_AddObjectToObject(root, "fetch");
	return object != NULL && add_text(object, "url", fetched->url) &&
	       add_number(object, "version", fetched->version) &&
	       add_number(object, "installed", fetched->installed_s) &&
	       add_number(object, "confirmed", fetched->confirmed_s) &&
	       add_number(object, "failed", fetched->failed_s) &&
	       add_text(object, "error", fetched->error) &&
	       add_text(object, "changes", fetched->changes);
}

static bool add_problems(cJSON *root, const struct problems *problems)
{
	cJSON *array = cJSON_AddArrayToObject(root, "problems");
	bool added = array != NULL;

	for (size_t i = 0; added && i < problems->count; i++) {
		added = cJSON_AddItemToArray(array, cJSON_CreateString(problems->texts[i]));
	}
	return added;
}

bool status_json(const struct gateway *gateway, enum health health, const struct problems *problems,
		 FILE *out)
{
	cJSON *root = cJSON_CreateObject();
	bool whole = add_text(root, "health", health_text(health)) && add_daemon(root, gateway) &&
		     add_queues(root, gateway) && add_rules(root, gateway) &&
		     add_fetched(root, &gateway->fetched) && add_problems(root, problems);
	char *text = whole ? cJSON_Print(root) : NULL;

	if (text != NULL) {
		fprintf(out, "%s\n", text);
	}
	cJSON_Delete(root);
	cJSON_free(text);
	return text != NULL;
}
