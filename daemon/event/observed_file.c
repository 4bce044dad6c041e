/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <cjson/cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/event/event_table.h"
#include "daemon/event/observed_table.h"
#include "daemon/process/write_all.h"
#include "daemon/text/safe_text.h"

/* A full table takes less. */
#define FILE_SIZE_MAX ((size_t)2 << 20)
#define FILE_MODE (S_IRUSR | S_IWUSR | S_IRGRP)

/* The least number of devices of each band that event_device_band() has. */
static const uint32_t bands[] = {1, EVENT_DEVICES_MANY, EVENT_DEVICES_MAX};

static char *read_whole(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat status;
	char *text = NULL;

	if (fd < 0) {
		return NULL;
	}
	errno = EBADMSG;
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
	    (uint64_t)status.st_size <= FILE_SIZE_MAX) {
		text = calloc(1, (size_t)status.st_size + 1);
	}
	if (text != NULL && read(fd, text, (size_t)status.st_size) != status.st_size) {
		free(text);
		text = NULL;
		errno = EBADMSG;
	}
	close(fd);
	return text;
}

/* A number from 1 to OBSERVED_DAYS_MAX, or 0. */
static uint32_t read_days(const cJSON *object)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, "days");
	double number = cJSON_IsNumber(item) ? item->valuedouble : 0;

	return number >= 1 && number <= OBSERVED_DAYS_MAX ? (uint32_t)number : 0;
}

static uint32_t read_devices(const cJSON *object)
{
	const char *text =
	    cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, "devices"));

	for (size_t i = 0; text != NULL && i < sizeof(bands) / sizeof(bands[0]); i++) {
		if (strcmp(text, event_device_band(bands[i])) == 0) {
			return bands[i];
		}
	}
	return 0;
}

static bool is_name(const char *text)
{
	size_t len = strlen(text);

	return len > 0 && len < OBSERVED_TEXT_SIZE &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-_.\\") == len;
}

static void read_text(const cJSON *object, const char *key, char out[OBSERVED_TEXT_SIZE])
{
	const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));

	safe_text(text == NULL ? "" : text, text == NULL ? 0 : strlen(text), out,
		  OBSERVED_TEXT_SIZE);
}

static bool read_technique(const cJSON *object, enum technique *out)
{
	const char *text =
	    cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, "technique"));

	for (unsigned i = 0; text != NULL && i < TECHNIQUE_COUNT; i++) {
		if (strcmp(text, technique_text((enum technique)i)) == 0) {
			*out = (enum technique)i;
			return true;
		}
	}
	return false;
}

static void read_domain(struct observed *observed, const cJSON *object)
{
	const char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, "name"));
	uint32_t days = read_days(object);
	uint32_t devices = read_devices(object);
	enum technique technique;

	if (!read_technique(object, &technique) || name == NULL || !is_name(name) || days == 0 ||
	    devices == 0 || observed->count == OBSERVED_DOMAINS_MAX) {
		return;
	}

	struct observed_domain *domain = &observed_entry(observed, name)->domain;

	domain->technique = technique;
	domain->days = days;
	domain->devices = devices;
	read_text(object, "imitates", domain->imitates);
	read_text(object, "site", domain->site);
	read_text(object, "why", domain->why);
}

bool observed_load(struct observed *observed, const char *path)
{
	char *text = read_whole(path);

	if (text == NULL) {
		return errno == ENOENT;
	}

	cJSON *object = cJSON_Parse(text);
	const cJSON *domains = cJSON_GetObjectItemCaseSensitive(object, "domains");
	const cJSON *domain = NULL;
	uint32_t days = read_days(object);
	bool is_ours = days > 0 && cJSON_IsArray(domains);

	if (is_ours) {
		observed->days = days;
		cJSON_ArrayForEach(domain, domains)
		{
			read_domain(observed, domain);
		}
	} else {
		errno = EBADMSG;
	}
	cJSON_Delete(object);
	free(text);
	return is_ours;
}

static bool add_domain(cJSON *domains, const struct observed_domain *domain)
{
	cJSON *object = cJSON_CreateObject();

	if (!cJSON_AddItemToArray(domains, object)) {
		cJSON_Delete(object);
		return false;
	}
	return cJSON_AddStringToObject(object, "name", domain->name) != NULL &&
	       cJSON_AddStringToObject(object, "imitates", domain->imitates) != NULL &&
	       cJSON_AddStringToObject(object, "site", domain->site) != NULL &&
	       cJSON_AddStringToObject(object, "why", domain->why) != NULL &&
	       cJSON_AddStringToObject(object, "technique", technique_text(domain->technique)) !=
		   NULL &&
	       cJSON_AddNumberToObject(object, "days", domain->days) != NULL &&
	       cJSON_AddStringToObject(object, "devices", event_device_band(domain->devices)) !=
		   NULL;
}

/* \returns NULL without memory; else the caller frees it. */
static char *file_text(struct observed *observed)
{
	const struct observed_domain *domains = NULL;
	size_t count = observed_domains(observed, &domains);
	cJSON *object = cJSON_CreateObject();
	cJSON *array = NULL;
	bool whole = cJSON_AddNumberToObject(object, "days", observed->days) != NULL &&
		     (array = cJSON_AddArrayToObject(object, "domains")) != NULL;

	for (size_t i = 0; whole && i < count; i++) {
		if (domains[i].days >= OBSERVED_DAYS_WRITTEN ||
		    domains[i].devices >= OBSERVED_DEVICES_WRITTEN) {
			whole = add_domain(array, &domains[i]);
		}
	}

	char *text = whole ? cJSON_Print(object) : NULL;

	cJSON_Delete(object);
	return text;
}

static bool write_whole(const char *path, const char *text)
{
	int fd =
	    open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, FILE_MODE);

	if (fd < 0) {
		return false;
	}

	size_t len = strlen(text);
	bool written = write_all(fd, text, len) == len && fsync(fd) == 0;
	int reason = errno;

	close(fd);
	errno = reason;
	return written;
}

bool observed_save(struct observed *observed, const char *path)
{
	char *beside = NULL;
	char *text = file_text(observed);
	bool saved = false;

	if (text == NULL || asprintf(&beside, "%s.new", path) < 0) {
		free(text);
		errno = ENOMEM;
		return false;
	}
	saved = write_whole(beside, text) && rename(beside, path) == 0;
	if (!saved) {
		int reason = errno;

		unlink(beside);
		errno = reason;
	}
	free(beside);
	free(text);
	return saved;
}
