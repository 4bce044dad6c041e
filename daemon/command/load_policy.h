/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Loads a policy for a command that a person runs.
 */
#ifndef DAEMON_COMMAND_LOAD_POLICY_H
#define DAEMON_COMMAND_LOAD_POLICY_H

#include <stdbool.h>

#include "policy/policy.h"

/*
 * \param established  set of established names; NULL: none. One that this user may not read is left
 * out, which is said.
 * \param catalogue  folder of the package's catalogue; NULL: where it is installed.
 * \param is_trial  names are only judged by it.
 * \returns NULL after messages on standard error; else free it with policy_free().
 */
struct policy *command_open_policy(const char *path, const char *established, const char *catalogue,
				   bool is_trial);

#endif
