/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/config/config.h"

#include <errno.h>
#include <inttypes.h>
#include <libconfig.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/config/address.h"
#include "daemon/config/site_address.h"
#include "policy/file/policy_files.h"
#include "policy/settings/config_location.h"
#include "policy/settings/config_syntax.h"
#include "policy/settings/config_token.h"
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
    {"catalogue", AT(catalogue), POLICY_CATALOGUE_FOLDER, TEXT, 0, 0, 0},
    {"policy_store", AT(policy_store), LIVE_CONFIG_POLICY_STORE, TEXT, 0, 0, 0},
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
	const char *text;
	const char *name;
	struct config *out;
	struct diagnostics *diagnostics;
	bool failed;
};

static char **text_at(struct config *config, const struct option_spec *setting)
{
	return (char **)((char *)config + setting->offset);
}

static uint32_t *number_at(struct config *config, const struct option_spec *setting)
{
	return (uint32_t *)((char *)config + setting->offset);
}

/* place: in the text, or NULL for the file as a whole. */
static void complain_at(struct config_reading *reading, const char *place, const char *text)
{
	unsigned line = 0;
	unsigned column = 0;
	if (place != NULL) {
		config_location_line_column(reading->text, place, &line, &column);
	}
	diagnostics_add(reading->diagnostics, reading->name, line, column, "%s", text);
	reading->failed = true;
}

__attribute__((format(printf, 3, 4))) static void
complain(struct config_reading *reading, const config_setting_t *at, const char *format, ...)
{
	char text[sizeof reading->diagnostics->items[0].text];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	complain_at(reading, config_location_of(at), text);
}

static const struct option_spec *find_setting(const char *name)
{
	for (size_t i = 0; i < SETTING_COUNT; i++) {
		if (strcmp(settings[i].name, name) == 0) {
			return &settings[i];
		}
	}
	return NULL;
}

static bool is_group(const char *name)
{
	const size_t len = strlen(name);
	for (size_t i = 0; i < SETTING_COUNT; i++) {
		if (strncmp(settings[i].name, name, len) == 0 && settings[i].name[len] == '.') {
			return true;
		}
	}
	return false;
}

static const char *text_example(const struct option_spec *setting, char out[128])
{
	if (setting->text[0] == '\0') {
		return METRICS_ADDRESS_EXAMPLE; /* the one without a default */
	}
	snprintf(out, 128, "\"%s\"", setting->text);
	return out;
}

static void read_text(struct config_reading *reading, const config_setting_t *from,
		      const struct option_spec *setting)
{
	char example[128];
	const char *text = config_setting_get_string(from);
	if (text == NULL || text[0] == '\0') {
		complain(reading, from, "'%s' has to be a text in quotes, as %s", setting->name,
			 text_example(setting, example));
		return;
	}
	char **place = text_at(reading->out, setting);
	char *copy = strdup(text);
	if (copy == NULL) {
		complain(reading, from, "memory is short");
		return;
	}
	free(*place);
	*place = copy;
}

/*
 * The number that stands after a setting's name, read from the text since libconfig cuts one that
 * is too large without a word. \returns false when there is none, or it does not fit.
 */
static bool written_number(const config_setting_t *from, uint32_t *out)
{
	const int type = config_setting_type(from);
	const char *name = config_location_of(from);
	if ((type != CONFIG_TYPE_INT && type != CONFIG_TYPE_INT64) || name == NULL) {
		return false;
	}
	struct config_token token = config_token_next(name);
	token = config_token_next(token.end); /* the "=" */
	token = config_token_next(token.end);
	const bool hexadecimal = token.start[0] == '0' && (token.start[1] | 0x20) == 'x';
	errno = 0;
	const unsigned long long number = strtoull(token.start, NULL, hexadecimal ? 16 : 10);
	*out = (uint32_t)number;
	return token.start[0] != '-' && errno == 0 && number <= UINT32_MAX;
}

static void read_number(struct config_reading *reading, const config_setting_t *from,
			const struct option_spec *setting)
{
	uint32_t number = 0;
	if (!written_number(from, &number) || number < setting->least || number > setting->most) {
		complain(reading, from, "'%s' has to be a number from %" PRIu32 " to %" PRIu32,
			 setting->name, setting->least, setting->most);
		return;
	}
	*number_at(reading->out, setting) = number;
}

static void read_bit(struct config_reading *reading, const config_setting_t *from,
		     const struct option_spec *setting)
{
	uint32_t number = 0;
	if (!written_number(from, &number) || number == 0 || (number & (number - 1)) != 0) {
		complain(reading, from, "'%s' has to be one bit of the packet mark, as 0x%" PRIx32,
			 setting->name, setting->number);
		return;
	}
	*number_at(reading->out, setting) = number;
}

static void read_switch(struct config_reading *reading, const config_setting_t *from,
			const struct option_spec *setting)
{
	if (config_setting_type(from) != CONFIG_TYPE_BOOL) {
		complain(reading, from, "'%s' must be true or false", setting->name);
		return;
	}
	*number_at(reading->out, setting) = config_setting_get_bool(from) != 0;
}

static void read_setting(struct config_reading *reading, const config_setting_t *from,
			 const char *group)
{
	char name[128];
	snprintf(name, sizeof name, "%s%s%s", group, group[0] == '\0' ? "" : ".",
		 config_setting_name(from));
	const struct option_spec *setting = find_setting(name);
	if (setting == NULL) {
		complain(reading, from,
			 "unknown setting '%s'; truegate.conf(5) lists those there are", name);
		return;
	}
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

static void read_group(struct config_reading *reading, const config_setting_t *group,
		       const char *name)
{
	for (unsigned i = 0; i < (unsigned)config_setting_length(group); i++) {
		const config_setting_t *child = config_setting_get_elem(group, i);
		if (name[0] == '\0' && config_setting_is_group(child) &&
		    is_group(config_setting_name(child))) {
			read_group(reading, child, config_setting_name(child));
		} else {
			read_setting(reading, child, name);
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
static void finish(struct config_reading *reading, const config_setting_t *root)
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
		complain(reading, config_setting_get_member(root, "queue"),
			 "queues %u to %u: the last number there is is %u; lower queue.first",
			 out->queue.first, out->queue.first + out->queue.count - 1, UINT16_MAX);
	}
	struct metrics_address address;
	if (out->metrics[0] != '\0' && !metrics_address_read(out->metrics, &address)) {
		const config_setting_t *group = config_setting_get_member(root, "metrics");
		complain(reading, config_setting_get_member(group, "listen"),
			 "metrics are for this machine alone: write " METRICS_ADDRESS_EXAMPLE);
	}
	struct site_address site;
	if (!site_address_read(out->site.address, out->site.address6, &site)) {
		complain(reading, config_setting_get_member(root, "site"),
			 "site.address must be an IPv4 address and site.address6 an IPv6 address, "
			 "which nothing else uses; e.g. \"" SITE_DEFAULT_IPV4
			 "\" and \"" SITE_DEFAULT_IPV6 "\"");
	}
	if (out->mark.released == out->mark.answer) {
		complain(reading, config_setting_get_member(root, "mark"),
			 "mark.released and mark.answer have to be two different bits");
	}
}

/* Reads reading->text into reading->out, which holds the defaults. */
static void read_all(struct config_reading *reading)
{
	const char *why = NULL;
	const char *fault = config_syntax_fault(reading->text, &why);
	if (fault != NULL) {
		complain_at(reading, fault, why);
		return;
	}
	config_t file;
	config_init(&file);
	if (config_read_string(&file, reading->text) == CONFIG_FALSE) {
		diagnostics_add(reading->diagnostics, reading->name,
				(unsigned)config_error_line(&file), 0,
				"%s; look here and on the line before", config_error_text(&file));
		reading->failed = true;
	} else {
		config_location_assign(&file, reading->text);
		read_group(reading, config_root_setting(&file), "");
		if (!reading->failed) {
			finish(reading, config_root_setting(&file));
		}
	}
	config_destroy(&file);
}

bool config_load_text(const char *text, const char *name, struct config *out,
		      struct diagnostics *diagnostics)
{
	char *lines = NULL;
	if (!set_defaults(out) || asprintf(&lines, "%s\n", text) < 0) {
		diagnostics_add(diagnostics, name, 0, 0, "memory is short");
		config_release(out);
		return false;
	}
	struct config_reading reading = {lines, name, out, diagnostics, false};
	read_all(&reading);
	free(lines);
	if (reading.failed) {
		config_release(out);
	}
	return !reading.failed;
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
