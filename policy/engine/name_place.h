/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which labels of a name are registered, and by whom. Internal to policy/. */
#ifndef POLICY_ENGINE_NAME_PLACE_H
#define POLICY_ENGINE_NAME_PLACE_H

#include <stdbool.h>

#include "policy/engine/surroundings.h"

/*
 * Fills in what takes the Public Suffix List.
 * \returns false when the name is a public suffix itself.
 */
bool name_place_find(struct name_context *context);

#endif
