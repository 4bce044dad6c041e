/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/report/takedown.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <sodium.h>

#include "daemon/report/time_arg.h"
#include "daemon/text/name_text.h"

#define BOUNDARY "truegate-report"
#define DATE_SIZE 64

/* Hours that the text lists; the last part has all. */
#define HOURS_LISTED 48

/* Longest line of a mail that is written, in octets; RFC 5322 section 2.1.1 has 998. */
#define LINE_MAX_OCTETS 900
#define BASE64_LINE 76

/* A name longer than any host name's text is cut in the subject. */
#define SUBJECT_NAME_MAX 253

/* "http://", a name whose octets are all escaped, "/", and the NUL. */
#define URL_SIZE (EVENT_NAME_SIZE + 16)

/* RFC 5322 section 3.3. */
static void mail_date(time_t moment, char out[DATE_SIZE])
{
	struct tm parts;
	if (gmtime_r(&moment, &parts) == NULL ||
	    strftime(out, DATE_SIZE, "%a, %d %b %Y %H:%M:%S +0000", &parts) == 0) {
		out[0] = '\0';
	}
}

/* The name's URL: octets that the log escapes as \DDD (RFC 1035 section 5.1) as %XX. */
static void write_url(const char *name, char out[URL_SIZE])
{
	char *end = stpcpy(out, "http://");
	while (*name != '\0') {
		if (name[0] == '\\' && strspn(name + 1, "0123456789") >= 3) {
			const char digits[] = {name[1], name[2], name[3], '\0'};
			end += sprintf(end, "%%%02lX", strtoul(digits, NULL, 10) & 0xff);
			name += 4;
		} else {
			*end++ = *name++;
		}
	}
	stpcpy(end, "/");
}

/* A name in a line of its own, or in several: one that long has escapes alone. */
static void write_name(const char *name, FILE *out)
{
	do {
		fprintf(out, "    %.*s\n", LINE_MAX_OCTETS, name);
		name += strnlen(name, LINE_MAX_OCTETS);
	} while (*name != '\0');
}

static void write_head(const struct fake *fake, time_t now, FILE *out)
{
	char date[DATE_SIZE];
	mail_date(now, date);
	fprintf(out,
		"From: FILL-IN-YOUR-ADDRESS@office.example\n"
		"To: FILL-IN-THE-ABUSE-ADDRESS@registrar-or-host.example\n"
		"Date: %s\n"
		"Subject: %.*s%s\n imitates %s\n"
		"MIME-Version: 1.0\n"
		"Content-Type: multipart/report; report-type=feedback-report;\n"
		"\tboundary=\"" BOUNDARY "\"\n\n",
		date, SUBJECT_NAME_MAX, fake->name,
		strlen(fake->name) > SUBJECT_NAME_MAX ? "..." : "", fake->imitates);
}

static void write_text(const struct fake *fake, const struct hour *hours, size_t hour_count,
		       FILE *out)
{
	char shown[NAME_UNICODE_SIZE];
	char moment[MOMENT_SIZE];
	fprintf(out, "--" BOUNDARY "\n"
		     "Content-Type: text/plain; charset=utf-8\n"
		     "Content-Transfer-Encoding: 8bit\n\n"
		     "The host name\n\n");
	write_name(fake->name, out);
	if (name_unicode(fake->name, shown)) {
		fprintf(out, "    (reads %s)\n", shown);
	}
	fprintf(out,
		"\nimitates %s, a site of %s (%s: %s).\n"
		"We ask you to look into it and, where you find the same, to take it down.\n\n",
		fake->imitates, fake->site, technique_text(fake->technique), fake->why);
	if (fake->address_count > 0) {
		fputs("It was reached over HTTP at:\n\n", out);
		for (size_t i = 0; i < fake->address_count; i++) {
			fprintf(out, "    %s\n", fake->addresses[i]);
		}
	} else {
		fputs("It was seen in DNS questions alone, so we know no address of it.\n", out);
	}
	fputs("\nIt was asked for in these hours (UTC):\n\n", out);
	for (size_t i = 0; i < hour_count && i < HOURS_LISTED; i++) {
		time_arg_text(hours[i].begin, moment);
		fprintf(out, "    %s  %" PRIu64 " times\n", moment, hours[i].count);
	}
	if (hour_count > HOURS_LISTED) {
		fprintf(out, "    and %zu hours more, in the last part\n",
			hour_count - HOURS_LISTED);
	}
	fputs("\nWhat the site shows was not looked at.\n\n", out);
}

/* RFC 5965 sections 3.1 and 3.2; Source-IP may stand once. The type is that of X-ARF. */
static void write_fields(const struct fake *fake, FILE *out)
{
	char date[DATE_SIZE];
	char url[URL_SIZE];
	write_url(fake->name, url);
	mail_date(fake->last, date);
	fprintf(out,
		"--" BOUNDARY "\n"
		"Content-Type: message/feedback-report\n\n"
		"Feedback-Type: xarf\n"
		"User-Agent: Truegate/" TRUEGATE_VERSION "\n"
		"Version: 1\n"
		"Arrival-Date: %s\n"
		"Incidents: %" PRIu64 "\n",
		date, fake->count);
	if (strlen(fake->name) < LINE_MAX_OCTETS) {
		fprintf(out, "Reported-Domain: %s\n", fake->name);
	}
	if (fake->via_http && strlen(url) < LINE_MAX_OCTETS) {
		fprintf(out, "Reported-URI: %s\n", url);
	}
	if (fake->address_count > 0) {
		fprintf(out, "Source-IP: %s\n", fake->addresses[0]);
	}
	putc('\n', out);
}

/* \returns the hours as CSV (RFC 4180), which the caller frees. */
static char *hours_csv(const struct hour *hours, size_t hour_count)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	if (out == NULL) {
		return NULL;
	}
	fputs("hour (UTC),sightings\r\n", out);
	for (size_t i = 0; i < hour_count; i++) {
		char moment[MOMENT_SIZE];
		time_arg_text(hours[i].begin, moment);
		fprintf(out, "%s,%" PRIu64 "\r\n", moment, hours[i].count);
	}
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	return text;
}

/* What adds returns false when memory is short; to an object that could not be made, too. */
static bool add(cJSON *object, const char *key, const char *text)
{
	return cJSON_AddStringToObject(object, key, text) != NULL;
}

static bool add_hours(cJSON *report, const struct hour *hours, size_t hour_count)
{
	cJSON *samples = cJSON_AddArrayToObject(report, "Samples");
	cJSON *sample = cJSON_CreateObject();
	if (!cJSON_AddItemToArray(samples, sample)) {
		cJSON_Delete(sample);
		return false;
	}
	char *csv = hours_csv(hours, hour_count);
	const bool added = csv != NULL && add(sample, "ContentType", "text/csv") &&
			   add(sample, "Description", "when it was asked for") &&
			   add(sample, "Payload", csv);
	free(csv);
	return added;
}

/* What X-ARF has no field for. */
static bool add_custom(cJSON *report, const struct fake *fake)
{
	char addresses[LEDGER_ADDRESSES_MAX * EVENT_ADDRESS_SIZE] = "";
	char shown[NAME_UNICODE_SIZE];
	size_t len = 0;
	for (size_t i = 0; i < fake->address_count; i++) {
		len += (size_t)snprintf(addresses + len, sizeof addresses - len, "%s%s",
					i > 0 ? " " : "", fake->addresses[i]);
	}
	cJSON *custom = cJSON_AddObjectToObject(report, "Custom");
	return add(custom, "Name", fake->name) &&
	       (!name_unicode(fake->name, shown) || add(custom, "NameReads", shown)) &&
	       add(custom, "Imitates", fake->imitates) && add(custom, "Site", fake->site) &&
	       add(custom, "Technique", technique_text(fake->technique)) &&
	       add(custom, "Why", fake->why) &&
	       cJSON_AddNumberToObject(custom, "Sightings", (double)fake->count) != NULL &&
	       add(custom, "Addresses", addresses);
}

static bool add_moment(cJSON *report, const char *key, time_t moment)
{
	struct tm parts;
	char text[DATE_SIZE] = "";
	if (gmtime_r(&moment, &parts) != NULL) {
		strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts); /* RFC 3339 */
	}
	return add(report, key, text);
}

static bool add_report(cJSON *object, const struct fake *fake, const struct hour *hours,
		       size_t hour_count)
{
	char url[URL_SIZE];
	write_url(fake->name, url);
	cJSON *report = cJSON_AddObjectToObject(object, "Report");
	return add(report, "ReportClass", "Content") && add(report, "ReportType", "Phishing") &&
	       add_moment(report, "Date", fake->last) &&
	       add_moment(report, "FirstSeen", fake->first) && add(report, "SourceUrl", url) &&
	       (fake->address_count == 0 || add(report, "SourceIp", fake->addresses[0])) &&
	       add(report, "ReporterNotes",
		   "The host name imitates a protected site. What the site shows was not looked "
		   "at.") &&
	       add_custom(report, fake) && add_hours(report, hours, hour_count);
}

static bool add_reporter(cJSON *object)
{
	cJSON *reporter = cJSON_AddObjectToObject(object, "ReporterInfo");
	return add(reporter, "ReporterOrg", "FILL-IN-YOUR-ORGANISATION") &&
	       add(reporter, "ReporterOrgDomain", "FILL-IN-YOUR-DOMAIN.example") &&
	       add(reporter, "ReporterOrgEmail", "FILL-IN-YOUR-ADDRESS@office.example");
}

/* X-ARF version 3, type Phishing (https://github.com/abusix/xarf, schemas/3). \returns NULL when
 * memory is short. */
static char *xarf_json(const struct fake *fake, const struct hour *hours, size_t hour_count)
{
	cJSON *object = cJSON_CreateObject();
	const bool whole = add(object, "Version", "3") &&
			   cJSON_AddBoolToObject(object, "Disclosure", true) != NULL &&
			   add_reporter(object) && add_report(object, fake, hours, hour_count);
	char *text = whole ? cJSON_Print(object) : NULL;
	cJSON_Delete(object);
	return text;
}

/* In lines of 76 (RFC 2045 section 6.8). \returns false when memory is short. */
static bool write_base64(const char *text, FILE *out)
{
	const size_t size = sodium_base64_encoded_len(strlen(text), sodium_base64_VARIANT_ORIGINAL);
	char *encoded = malloc(size);
	if (encoded == NULL) {
		return false;
	}
	sodium_bin2base64(encoded, size, (const unsigned char *)text, strlen(text),
			  sodium_base64_VARIANT_ORIGINAL);
	for (const char *line = encoded; *line != '\0'; line += strnlen(line, BASE64_LINE)) {
		fprintf(out, "%.*s\n", BASE64_LINE, line);
	}
	free(encoded);
	return true;
}

bool takedown_write(const struct fake *fake, const struct hour *hours, size_t hour_count,
		    time_t now, FILE *out)
{
	char *report = xarf_json(fake, hours, hour_count);
	if (report == NULL) {
		return false;
	}
	write_head(fake, now, out);
	write_text(fake, hours, hour_count, out);
	write_fields(fake, out);
	fputs("--" BOUNDARY "\n"
	      "Content-Type: application/json; name=xarf.json\n"
	      "Content-Transfer-Encoding: base64\n"
	      "Content-Disposition: attachment; filename=xarf.json\n\n",
	      out);
	const bool whole = write_base64(report, out);
	fputs("\n--" BOUNDARY "--\n", out);
	cJSON_free(report);
	return whole;
}
