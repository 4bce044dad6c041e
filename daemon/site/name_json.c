/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <cjson/cJSON.h>
#include <stdlib.h>

#include "daemon/answer/proceed.h"
#include "daemon/site/name_page.h"
#include "daemon/text/finding_json.h"

static bool add(cJSON *object, const struct name_page *page)
{
	if (cJSON_AddBoolToObject(object, "flagged", page->finding != NULL) == NULL) {
		return false;
	}
	if (page->finding == NULL) {
		return true;
	}
	return cJSON_AddStringToObject(object, "why_vi", page->finding->why_vi) != NULL &&
	       cJSON_AddNumberToObject(object, "go_on_minutes", PROCEED_MINUTES) != NULL &&
	       (page->contact == NULL || page->contact[0] == '\0' ||
		cJSON_AddStringToObject(object, "contact", page->contact) != NULL);
}

static cJSON *make(const struct name_page *page)
{
	if (page->finding != NULL) {
		return finding_json_named(page->name, page->finding, NULL);
	}

	cJSON *object = cJSON_CreateObject();

	if (object != NULL && cJSON_AddStringToObject(object, "name", page->name) == NULL) {
		cJSON_Delete(object);
		return NULL;
	}
	return object;
}

char *name_json(const struct name_page *page)
{
	cJSON *object = make(page);
	char *text = object != NULL && add(object, page) ? cJSON_PrintUnformatted(object) : NULL;

	cJSON_Delete(object);
	return text;
}
