/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/command/delivery.h"

#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/command/established_check.h"
#include "daemon/store/reload_request.h"
#include "policy/difference.h"

/* How long the daemon may take to say what it makes of a policy. */
#define RELOAD_SECONDS 20

static bool load_config(const char *named, struct config *out)
{
	struct diagnostics diagnostics = {0};
	const bool loaded = config_load_usual(named, out, &diagnostics);
	diagnostics_print(&diagnostics, stderr);
	return loaded;
}

/* Says on standard error why it fails, and keeps that. */
__attribute__((format(printf, 2, 3))) static void say(struct delivery *delivery, const char *format,
						      ...)
{
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(delivery->why, sizeof delivery->why, format, arguments);
	va_end(arguments);
	fprintf(stderr, "%s: %s\n", delivery->program, delivery->why);
}

bool delivery_configure(struct delivery *delivery, const char *program, const char *config)
{
	delivery->program = program;
	return load_config(config, &delivery->config);
}

bool delivery_open(struct delivery *delivery)
{
	char error[512];
	delivery->store = store_open(delivery->config.policy_store, error, sizeof error);
	if (delivery->store == NULL) {
		say(delivery, "%s", error);
	}
	return delivery->store != NULL;
}

void delivery_end(struct delivery *delivery)
{
	store_close(delivery->store);
	config_release(&delivery->config);
}

/* Whether the daemon's configuration names what is installed here. */
static bool is_read_by_daemon(const struct delivery *delivery)
{
	char *here = realpath(delivery->config.policy, NULL);
	char path[PATH_MAX];
	store_policy_path(delivery->store, store_current(delivery->store), path, sizeof path);
	char *installed = realpath(path, NULL);
	const bool same = here != NULL && installed != NULL && strcmp(here, installed) == 0;
	free(here);
	free(installed);
	return same;
}

bool delivery_tell_daemon(struct delivery *delivery, uint32_t version)
{
	if (!is_read_by_daemon(delivery)) {
		printf("The daemon uses a different policy: its configuration says\n"
		       "  policy = \"%s\";\n"
		       "Set this and restart the daemon:\n"
		       "  policy = \"%s/current/" STORE_POLICY_NAME "\";\n",
		       delivery->config.policy, delivery->config.policy_store);
		return true;
	}
	char why[1024] = "";
	switch (reload_request(delivery->config.status, RELOAD_SECONDS, version, why, sizeof why)) {
	case RELOAD_NO_DAEMON:
		puts("No daemon is running; it will load it when it starts.");
		return true;
	case RELOAD_DONE:
		printf("The daemon has loaded version %" PRIu32 ".\n", version);
		return true;
	case RELOAD_REFUSED:
		break;
	case RELOAD_SILENT:
		say(delivery,
		    "version %" PRIu32 " is installed, but the daemon has not confirmed it: %s; "
		    "see its journal",
		    version, why);
		return true;
	}
	say(delivery, "the daemon refused version %" PRIu32 ": %s", version, why);
	return false;
}

/* Whether the version may be installed. \returns false after a message. */
static bool may_install(struct delivery *delivery, const char *path, uint32_t version)
{
	const uint32_t current = store_current(delivery->store);
	uint32_t newest = 0;
	char error[512];
	if (!store_newest(delivery->store, &newest, error, sizeof error)) {
		say(delivery, "%s", error);
		return false;
	}
	if (version > newest || (delivery->is_older && version != current)) {
		return true;
	}
	if (version == current) {
		say(delivery,
		    "%s: version %" PRIu32 " was installed before with other contents; raise "
		    "`version` and sign it again",
		    path, version);
	} else if (version == newest) {
		say(delivery,
		    "%s: version %" PRIu32 " was installed before; raise `version` and sign it "
		    "again, or use 'truegate policy install --older'",
		    path, version);
	} else {
		say(delivery,
		    "%s: version %" PRIu32 " is older than %" PRIu32
		    ", the newest that was installed; 'truegate policy rollback' goes back, and "
		    "--older leaves a version that was signed far ahead",
		    path, version, newest);
	}
	return false;
}

static void print_line(void *ctx, const char *line)
{
	(void)ctx;
	printf("  %s\n", line);
}

/* Prints a change and keeps it, as far as there is room. */
static void print_change(void *ctx, const char *line)
{
	struct delivery *delivery = ctx;
	const size_t len = strlen(delivery->changes);
	const size_t room = sizeof delivery->changes - len;
	print_line(NULL, line);
	if (strlen(line) + 1 < room) {
		snprintf(delivery->changes + len, room, "%s\n", line);
	} else {
		delivery->changes_left_out++;
	}
}

/* The policy that the daemon reads now, as far as it can be had, for comparing; else NULL. */
static struct policy *load_before(const struct delivery *delivery)
{
	struct diagnostics ignored = {0};
	char path[PATH_MAX];
	store_policy_path(delivery->store, store_current(delivery->store), path, sizeof path);
	const struct policy_source source = {
	    .path = store_current(delivery->store) != 0 ? path : delivery->config.policy,
	    .catalogue = delivery->config.catalogue,
	};
	return policy_load_from(&source, &ignored);
}

/* Says what changes, and what the office's own file has to say. */
static void tell_changes(struct delivery *delivery, const struct policy *policy)
{
	size_t count = 0;
	struct policy *before = load_before(delivery);
	printf("Version %" PRIu32 ": %zu protected sites, signed with key %s (%s).\n",
	       policy_version(policy), policy_site_count(policy), policy_signer(policy),
	       policy_signed_comment(policy));
	if (before == NULL) {
		puts("There is no policy in force to compare it with.");
	} else {
		puts("What changes:");
		if (!policy_difference(before, policy, print_change, delivery, &count)) {
			puts("  out of memory; this is not all");
		} else if (count == 0) {
			puts("  nothing");
		}
	}
	policy_free(before);
	size_t local = 0;
	printf("What %s overrides:\n", delivery->config.policy_local);
	policy_local_words(policy, print_line, NULL, &local);
	if (local == 0) {
		puts("  nothing");
	}
}

/* Whether it leaves the established names alone. \returns false after a message. */
static bool spares_established(struct delivery *delivery, const struct policy *policy)
{
	struct established_share share;
	const bool good =
	    established_check(policy, delivery->config.established, delivery->program, &share);
	if (!good) {
		say(delivery, "%s", share.why);
	}
	return good;
}

/* Asks whether to install. \returns false after a message. */
static bool is_agreed(const struct delivery *delivery, uint32_t version)
{
	if (delivery->is_unattended || delivery->yes == version) {
		return true;
	}
	if (delivery->yes != 0) {
		fprintf(stderr, "%s: this is version %" PRIu32 ", not %" PRIu32 "\n",
			delivery->program, version, delivery->yes);
		return false;
	}
	if (isatty(STDIN_FILENO) == 0) {
		fprintf(stderr, "%s: there is no terminal to ask on; use --yes %" PRIu32 "\n",
			delivery->program, version);
		return false;
	}
	char answer[16] = "";
	printf("Install version %" PRIu32 "? [y/N] ", version);
	fflush(stdout);
	if (fgets(answer, sizeof answer, stdin) != NULL && (answer[0] == 'y' || answer[0] == 'Y')) {
		return true;
	}
	fprintf(stderr, "%s: not installed\n", delivery->program);
	return false;
}

static enum status install_file(struct delivery *delivery, const char *path,
				const struct signed_policy *file)
{
	const uint32_t before = store_current(delivery->store);
	const uint32_t version = policy_version(file->policy);
	char error[512];
	if (version == before && store_has(delivery->store, version, &file->files)) {
		printf("Version %" PRIu32 " is installed already.\n", version);
		return delivery_tell_daemon(delivery, version) ? STATUS_NOTHING : STATUS_ERROR;
	}
	if (!may_install(delivery, path, version) || !spares_established(delivery, file->policy)) {
		return STATUS_ERROR;
	}
	tell_changes(delivery, file->policy);
	if (!is_agreed(delivery, version)) {
		return STATUS_ERROR;
	}
	if (!store_install(delivery->store, version, &file->files, delivery->is_older, error,
			   sizeof error)) {
		say(delivery, "%s", error);
		return STATUS_ERROR;
	}
	if (!delivery_tell_daemon(delivery, version)) {
		if (!store_undo(delivery->store, before, error, sizeof error)) {
			say(delivery, "%s", error);
		}
		return STATUS_ERROR;
	}
	printf("Version %" PRIu32 " is installed: %zu protected sites.\n", version,
	       policy_site_count(file->policy));
	return STATUS_NOTHING;
}

bool delivery_read(const struct delivery *delivery, const char *path, struct signed_policy *out,
		   struct diagnostics *diagnostics)
{
	const struct policy_source source = {
	    .path = path,
	    .key = delivery->config.policy_key,
	    .local = delivery->config.policy_local,
	    .catalogue = delivery->config.catalogue,
	};
	return signed_policy_read(&source, out, diagnostics);
}

enum status delivery_install(struct delivery *delivery, const char *path)
{
	struct diagnostics diagnostics = {0};
	struct signed_policy file = {0};
	enum status status = STATUS_ERROR;
	if (delivery_read(delivery, path, &file, &diagnostics)) {
		status = install_file(delivery, path, &file);
	}
	diagnostics_print(&diagnostics, stderr);
	signed_policy_clear(&file);
	if (status != STATUS_NOTHING) {
		if (delivery->why[0] == '\0' && diagnostics.count > 0) {
			diagnostic_text(&diagnostics.items[0], delivery->why);
		}
		store_count_refusal(delivery->store);
	}
	return status;
}

void delivery_tell_what_stays(const struct delivery *delivery)
{
	const uint32_t stays = store_current(delivery->store);
	fprintf(stderr,
		stays == 0 ? "%s: nothing is installed\n"
			   : "%s: nothing was changed; version %" PRIu32 " stays\n",
		delivery->program, stays);
}
