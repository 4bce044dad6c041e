/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One settings file, of a policy or a daemon's configuration, as a tree of settings.
 */
#ifndef POLICY_SETTINGS_CONFIG_FILE_H
#define POLICY_SETTINGS_CONFIG_FILE_H

#include <stdbool.h>

#include "policy/settings/config_reader.h"
#include "policy/settings/setting.h"

struct config_file {
	struct config_reader_file file;
	struct setting *root; /* NULL when it cannot be parsed */
};

/*
 * Parses a file's text. What is wrong with its syntax becomes a message.
 *
 * \param tree    its file's name and number are set; it stays where it is until
 * config_file_close().
 * \param text    NUL-terminated; need not outlive the call.
 * \returns false after a message; config_file_close() is due either way.
 */
bool config_file_open(struct config_file *tree, struct config_reader *reader, const char *text);
void config_file_close(struct config_file *tree);

#endif
