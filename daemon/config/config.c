/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/config/config.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/config/address.h"
#include "daemon/config/site_address.h"
#include "policy/file/policy_files.h"
#include "policy/settings/config_file.h"
#include "policy/settings/config_reader.h"
#include "policy/settings/text_file.h"

/* Longer than any sensible configuration: a wrong path is noticed before memory is. */
#define FILE_SIZE_MAX ((size_t)1 << 20)

enum kind { TEXT, NUMBER, BIT, SWITCH };

struct option_spec {
	const char *name; /* with its group: "queue.first" */
	size_t offset;    /* in struct config */
	const char *text; /* default of a TEXT */
	enum kind kind;
	uint32_t number; /* default of the others */
	uint32_t least, most;
};

#define AT(field) offsetof(struct config, field)

static const struct option_spec settings[] = {
    {"policy", AT(policy), "/etc/truegate/policy.conf", TEXT, 0, 0, 0},
    {"policy_key", AT(policy_key), "/etc/truegate/policy.pub", TEXT, 0, 0, 0},
    {"policy_local", AT(policy_local), "/etc/truegate/local.conf", TEXT, 0, 0, 0},
    {"established", AT(established), LIVE_CONFIG_ESTABLISHED, TEXT, 0, 0, 0},
    {"catalogue", AT(catalogue), POLICY_CATALOGUE_FOLDER, TEXT, 0, 0, 0},
    {"policy_store", AT(policy_store), LIVE_CONFIG_POLICY_STORE, TEXT, 0, 0, 0},
    {"policy_url", AT(policy_url), "", TEXT, 0, 0, 0},
    {"status", AT(status), "/run/truegate/status", TEXT, 0, 0, 0},
    {"events", AT(events), "/var/log/truegate/events.jsonl", TEXT, 0, 0, 0},
    {"observed", AT(observed), "/var/lib/truegate/observed.json", TEXT, 0, 0, 0},
    {"user", AT(user), "truegate", TEXT, 0, 0, 0},
    {"metrics.listen", AT(metrics), "", TEXT, 0, 0, 0},
    {"queue.first", AT(queue.first), NULL, NUMBER, 100, 0, UINT16_MAX},
    {"queue.count", AT(queue.count), NULL, NUMBER, 0, 0, LIVE_QUEUES_MAX},
    {"queue.receive_octets", AT(queue.receive_octets), NULL, NUMBER, 8 << 20, 1 << 16, 1 << 30},
    {"mark.released", AT(mark.released), NULL, BIT, 0x10000000, 0, 0},
    {"mark.answer", AT(mark.answer), NULL, BIT, 0x20000000, 0, 0},
    {"site.address", AT(site.address), SITE_DEFAULT_IPV4, TEXT, 0, 0, 0},
    {"site.address6", AT(site.address6), SITE_DEFAULT_IPV6, TEXT, 0, 0, 0},
    {"site.port", AT(site.port), NULL, NUMBER, 8053, 1, UINT16_MAX},
    {"dns.canary", AT(dns.canary), NULL, SWITCH, 0, 0, 0},
    {"proceed.grants", AT(proceed.grants), NULL, NUMBER, 4096, 8, 1 << 20},
    {"limits.flows", AT(limits.flows.flows), NULL, NUMBER, 65536, 64, 1 << 24},
    {"limits.streams", AT(limits.flows.streams), NULL, NUMBER, 4096, 16, 1 << 20},
    {"limits.stream_octets", AT(limits.flows.stream_octets), NULL, NUMBER, 17408, 1024, 1 << 20},
    {"limits.idle_seconds", AT(limits.flows.idle_ms), NULL, NUMBER, 120, 1, 86400},
    {"limits.answered", AT(limits.answered), NULL, NUMBER, 256, 8, 1 << 16},
    {"limits.event_slots", AT(limits.event_slots), NULL, NUMBER, 1024, 16, 1 << 20},
    {"limits.event_fakes", AT(limits.event_fakes), NULL, NUMBER, 4096, 16, 1 << 20},
};
#define SETTING_COUNT (sizeof settings / sizeof settings[0])

struct config_reading {
	struct config_reader reader;
	struct config *out;
};

static char **text_at(struct config *config, const struct option_spec *setting)
{
	return (char **)((char *)config + setting->offset);
}

static uint32_t *number_at(struct config *config, const struct option_spec *setting)
{
	return (uint32_t *)((char *)config + setting->offset);
}

/* Whether a setting is a member of this group ("" for the file itself). \returns its own name. */
static const char *member_name(const struct option_spec *setting, const char *group)
{
	const size_t len = strlen(group);
	const char *dot = strchr(setting->name, '.');
	if (len == 0) {
		return dot == NULL ? setting->name : NULL;
	}
	return dot == setting->name + len && strncmp(setting->name, group, len) == 0 ? dot + 1
										     : NULL;
}

static const char *text_example(const struct option_spec *setting, char out[128])
{
	if (setting->offset == offsetof(struct config, policy_url)) {
		return "\"https://policies.example/policy.conf\"";
	}
	if (setting->text[0] == '\0') {
		return METRICS_ADDRESS_EXAMPLE; /* the other without a default */
	}
	snprintf(out, 128, "\"%s\"", setting->text);
	return out;
}

static void read_text(struct config_reading *reading, const struct setting *from,
		      const struct option_spec *setting)
{
	char example[128];
	const char *text = setting_text(from);
	if (text == NULL || text[0] == '\0') {
		config_reader_error(&reading->reader, from,
				    "'%s' must be a quoted string, such as %s", setting->name,
				    text_example(setting, example));
		return;
	}
	char **place = text_at(reading->out, setting);
	char *copy = strdup(text);
	if (copy == NULL) {
		config_reader_no_memory(&reading->reader);
		return;
	}
	free(*place);
	*place = copy;
}

/* A whole number that fits. */
static bool is_number(const struct setting *from, uint32_t *out)
{
	*out = from->kind == SETTING_NUMBER ? (uint32_t)from->number : 0;
	return from->kind == SETTING_NUMBER && from->number <= UINT32_MAX;
}

static void read_number(struct config_reading *reading, const struct setting *from,
			const struct option_spec *setting)
{
	uint32_t number = 0;
	if (!is_number(from, &number) || number < setting->least || number > setting->most) {
		config_reader_error(&reading->reader, from,
				    "'%s' must be a number from %" PRIu32 " to %" PRIu32,
				    setting->name, setting->least, setting->most);
		return;
	}
	*number_at(reading->out, setting) = number;
}

static void read_bit(struct config_reading *reading, const struct setting *from,
		     const struct option_spec *setting)
{
	uint32_t number = 0;
	if (!is_number(from, &number) || number == 0 || (number & (number - 1)) != 0) {
		config_reader_error(&reading->reader, from,
				    "'%s' must be a single bit of the packet mark, such as "
				    "0x%" PRIx32,
				    setting->name, setting->number);
		return;
	}
	*number_at(reading->out, setting) = number;
}

static void read_switch(struct config_reading *reading, const struct setting *from,
			const struct option_spec *setting)
{
	if (from->kind != SETTING_BOOLEAN) {
		config_reader_error(&reading->reader, from, "'%s' must be true or false",
				    setting->name);
		return;
	}
	*number_at(reading->out, setting) = (uint32_t)from->number;
}

static void read_setting(struct config_reading *reading, const struct setting *from,
			 const struct option_spec *setting)
{
	switch (setting->kind) {
	case TEXT:
		read_text(reading, from, setting);
		return;
	case NUMBER:
		read_number(reading, from, setting);
		return;
	case BIT:
		read_bit(reading, from, setting);
		return;
	case SWITCH:
		read_switch(reading, from, setting);
		return;
	}
}

/* Groups of settings; the first is the file itself. */
static const char *const groups[] = {"",     "metrics", "queue",   "mark",
				     "site", "dns",     "proceed", "limits"};
#define GROUP_COUNT (sizeof groups / sizeof groups[0])

/* Reads what stands in a group, and refuses what is not a setting there. */
static void read_group(struct config_reading *reading, const struct setting *group,
		       const char *name)
{
	const char *known[SETTING_COUNT + GROUP_COUNT + 1];
	size_t count = 0;
	for (size_t i = 0; i < SETTING_COUNT; i++) {
		const char *member = member_name(&settings[i], name);
		const struct setting *from = member != NULL ? setting_member(group, member) : NULL;
		if (member != NULL) {
			known[count++] = member;
		}
		if (from != NULL) {
			read_setting(reading, from, &settings[i]);
		}
	}
	for (size_t i = 1; i < GROUP_COUNT && name[0] == '\0'; i++) {
		known[count++] = groups[i];
	}
	known[count] = NULL;
	config_reader_refuse_unknown(&reading->reader, group, known, "see truegate.conf(5)");
}

static void read_groups(struct config_reading *reading, const struct setting *root)
{
	read_group(reading, root, "");
	for (size_t i = 1; i < GROUP_COUNT; i++) {
		const struct setting *group = setting_member(root, groups[i]);
		if (group == NULL) {
			continue;
		}
		if (group->kind == SETTING_GROUP) {
			read_group(reading, group, groups[i]);
		} else {
			config_reader_error(&reading->reader, group,
					    "%s must be in braces, such as %s = { ... };",
					    groups[i], groups[i]);
		}
	}
}

static bool set_defaults(struct config *config)
{
	*config = (struct config){0};
	for (size_t i = 0; i < SETTING_COUNT; i++) {
		if (settings[i].kind != TEXT) {
			*number_at(config, &settings[i]) = settings[i].number;
			continue;
		}
		char *copy = strdup(settings[i].text);
		if (copy == NULL) {
			return false;
		}
		*text_at(config, &settings[i]) = copy;
	}
	return true;
}

/* What no setting by itself can be blamed for, and values that are derived. */
static void finish(struct config_reading *reading, const struct setting *root)
{
	struct config *out = reading->out;
	if (out->queue.count == 0) {
		const long cpus = sysconf(_SC_NPROCESSORS_ONLN);
		out->queue.count = cpus < 1                 ? 1
				   : cpus > LIVE_QUEUES_MAX ? LIVE_QUEUES_MAX
							    : (uint32_t)cpus;
	}
	out->limits.flows.idle_ms *= 1000;
	if (out->queue.first + out->queue.count - 1 > UINT16_MAX) {
		config_reader_error(&reading->reader, setting_member(root, "queue"),
				    "queues %u to %u: the last number is %u; lower queue.first",
				    out->queue.first, out->queue.first + out->queue.count - 1,
				    UINT16_MAX);
	}
	struct metrics_address address;
	if (out->metrics[0] != '\0' && !metrics_address_read(out->metrics, &address)) {
		const struct setting *group = setting_member(root, "metrics");
		config_reader_error(&reading->reader, setting_member(group, "listen"),
				    "metrics can only be served on a loopback address, such "
				    "as " METRICS_ADDRESS_EXAMPLE);
	}
	struct site_address site;
	if (!site_address_read(out->site.address, out->site.address6, &site)) {
		config_reader_error(
		    &reading->reader, setting_member(root, "site"),
		    "site.address must be an IPv4 address and site.address6 an IPv6 address, "
		    "which nothing else uses; e.g. \"" SITE_DEFAULT_IPV4
		    "\" and \"" SITE_DEFAULT_IPV6 "\"");
	}
	if (out->mark.released == out->mark.answer) {
		config_reader_error(&reading->reader, setting_member(root, "mark"),
				    "mark.released and mark.answer must be two different bits");
	}
}

static int compare_places(const void *a, const void *b)
{
	const struct diagnostic *left = a;
	const struct diagnostic *right = b;
	if (left->line != right->line) {
		return left->line < right->line ? -1 : 1;
	}
	return (left->column > right->column) - (left->column < right->column);
}

bool config_load_text(const char *text, const char *name, struct config *out,
		      struct diagnostics *diagnostics)
{
	if (!set_defaults(out)) {
		diagnostics_add(diagnostics, name, 0, 0, "out of memory");
		config_release(out);
		return false;
	}
	const size_t before = diagnostics->count;
	struct config_reading reading = {.reader = {.diagnostics = diagnostics}, .out = out};
	struct config_file tree = {.file = {.name = name}};
	if (config_file_open(&tree, &reading.reader, text)) {
		read_groups(&reading, tree.root);
		if (!reading.reader.failed) {
			finish(&reading, tree.root);
		}
	}
	config_file_close(&tree);
	if (reading.reader.failed) {
		/* In the order of the file, whatever was looked at first. */
		qsort(diagnostics->items + before, diagnostics->count - before,
		      sizeof(*diagnostics->items), compare_places);
		config_release(out);
	}
	return !reading.reader.failed;
}

bool config_load(const char *path, struct config *out, struct diagnostics *diagnostics)
{
	*out = (struct config){0};
	char *text = text_file_read(path, path, FILE_SIZE_MAX, "configuration", NULL, diagnostics);
	if (text == NULL) {
		return false;
	}
	const bool loaded = config_load_text(text, path, out, diagnostics);
	free(text);
	return loaded;
}

bool config_load_usual(const char *named, struct config *out, struct diagnostics *diagnostics)
{
	if (named == NULL && access(LIVE_CONFIG_PATH, F_OK) != 0) {
		return config_load_text("", LIVE_CONFIG_PATH, out, diagnostics);
	}
	return config_load(named == NULL ? LIVE_CONFIG_PATH : named, out, diagnostics);
}

void config_release(struct config *config)
{
	for (size_t i = 0; i < SETTING_COUNT; i++) {
		if (settings[i].kind == TEXT) {
			free(*text_at(config, &settings[i]));
		}
	}
	*config = (struct config){0};
}
