/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A finding as one JSON object: the line that check, replay and the event log write.
 */
#ifndef DAEMON_TEXT_FINDING_JSON_H
#define DAEMON_TEXT_FINDING_JSON_H

#include <cjson/cJSON.h>
#include <stddef.h>

#include "dpi/observation.h"
#include "policy/finding.h"

/*
 * Makes the object with the keys name, imitates, site, technique, confidence, action, why and via,
 * in that order. An event is this object with its own keys added behind. The name is written as
 * name_text() says.
 *
 * \param via  NULL leaves the key out.
 * \returns NULL without memory; the caller frees it with cJSON_Delete().
 */
cJSON *finding_json(const char *host, size_t host_len, const struct finding *finding,
		    const enum via *via);

/* Likewise with a name that is already written so. */
cJSON *finding_json_named(const char *name, const struct finding *finding, const enum via *via);

#endif
