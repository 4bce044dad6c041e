/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One file of a policy as a tree of settings, each of which knows where it stands. Internal to
 * policy/; for loading only.
 */
#ifndef POLICY_SETTINGS_CONFIG_FILE_H
#define POLICY_SETTINGS_CONFIG_FILE_H

#include <libconfig.h>
#include <stdbool.h>

#include "policy/settings/config_reader.h"

struct config_file {
	struct config_reader_file file;
	config_t config;
};

/*
 * Parses a file's text. What is no libconfig becomes a message.
 *
 * \param tree    its file's name and number are set; it stays where it is until
 * config_file_close().
 * \param text    NUL-terminated; need not outlive the call.
 * \returns false after a message; config_file_close() is due either way.
 */
bool config_file_open(struct config_file *tree, struct config_reader *reader, const char *text);
void config_file_close(struct config_file *tree);

#endif
