/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/text/finding_json.h"

#include <stdbool.h>
#include <string.h>

#include "daemon/text/name_text.h"
#include "daemon/text/safe_text.h"

static bool add(cJSON *object, const char *key, const char *value)
{
	return cJSON_AddStringToObject(object, key, value) != NULL;
}

static bool add_keys(cJSON *object, const char *name, const struct finding *finding,
		     const enum via *via)
{
	char why[SAFE_TEXT_SIZE(FINDING_WHY_SIZE)];

	safe_text(finding->why, strlen(finding->why), why, sizeof(why));
	return add(object, "name", name) && add(object, "imitates", finding->imitates) &&
	       add(object, "site", finding->site) &&
	       add(object, "technique", technique_text(finding->technique)) &&
	       add(object, "confidence", confidence_text(finding->confidence)) &&
	       add(object, "action", action_text(finding->action)) && add(object, "why", why) &&
	       (via == NULL || add(object, "via", via_text(*via)));
}

cJSON *finding_json_named(const char *name, const struct finding *finding, const enum via *via)
{
	cJSON *object = cJSON_CreateObject();

	if (object != NULL && !add_keys(object, name, finding, via)) {
		cJSON_Delete(object);
		return NULL;
	}
	return object;
}

cJSON *finding_json(const char *host, size_t host_len, const struct finding *finding,
		    const enum via *via)
{
	char name[NAME_TEXT_SIZE];

	name_text(host, host_len, name);
	return finding_json_named(name, finding, via);
}
