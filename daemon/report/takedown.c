/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/report/takedown.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <sodium.h>

#include "daemon/report/takedown_text.h"
#include "daemon/report/time_arg.h"
#include "daemon/text/name_text.h"

#define BOUNDARY "truegate-report"
#define DATE_SIZE 64

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

static void write_head(const struct takedown *takedown, FILE *out)
{
	const struct fake *fake = takedown->fake;
	char date[DATE_SIZE];
	mail_date(takedown->now, date);
	fprintf(out,
		"From: FILL-IN-YOUR-ADDRESS@office.example\n"
		"To: %s\n"
		"Date: %s\n"
		"Subject: %.*s%s\n imitates %s\n"
		"MIME-Version: 1.0\n"
		"Content-Type: multipart/report; report-type=feedback-report;\n"
		"\tboundary=\"" BOUNDARY "\"\n\n",
		takedown->to != NULL ? takedown->to
				     : "FILL-IN-THE-ABUSE-ADDRESS@registrar-or-host.example",
		date, SUBJECT_NAME_MAX, fake->name,
		strlen(fake->name) > SUBJECT_NAME_MAX ? "..." : "", fake->imitates);
	fputs("--" BOUNDARY "\n"
	      "Content-Type: text/plain; charset=utf-8\n"
	      "Content-Transfer-Encoding: 8bit\n\n",
	      out);
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
		"Arrival-Date: %s\n",
		date);
	if (fake->count > 0) {
		fprintf(out, "Incidents: %" PRIu64 "\n", fake->count);
	}
	if (strlen(fake->name) < TAKEDOWN_LINE_MAX) {
		fprintf(out, "Reported-Domain: %s\n", fake->name);
	}
	if (fake->via_web && strlen(url) < TAKEDOWN_LINE_MAX) {
		fprintf(out, "Reported-URI: %s\n", url);
	}
	if (fake->address_count > 0) {
		fprintf(out, "Source-IP: %s\n", fake->addresses[0]);
	}
	putc('\n', out);
}

/* \returns the days as CSV (RFC 4180), which the caller frees. */
static char *days_csv(const struct takedown *takedown)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	if (out == NULL) {
		return NULL;
	}
	fputs("date\r\n", out);
	for (size_t i = 0; i < takedown->day_count; i++) {
		char date[DATE_TEXT_SIZE];
		date_text(takedown->days[i].date, date);
		fprintf(out, "%s\r\n", date);
	}
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	return text;
}

/* What adds returns false when out of memory, also for an object that could not be made. */
static bool add(cJSON *object, const char *key, const char *text)
{
	return cJSON_AddStringToObject(object, key, text) != NULL;
}

static bool add_days(cJSON *report, const struct takedown *takedown)
{
	cJSON *samples = cJSON_AddArrayToObject(report, "Samples");
	cJSON *sample = cJSON_CreateObject();
	if (!cJSON_AddItemToArray(samples, sample)) {
		cJSON_Delete(sample);
		return false;
	}
	char *csv = days_csv(takedown);
	const bool added = csv != NULL && add(sample, "ContentType", "text/csv") &&
			   add(sample, "Description", "when it was asked for") &&
			   add(sample, "Payload", csv);
	free(csv);
	return added;
}

/* What X-ARF has no field for. */
static bool add_custom(cJSON *report, const struct fake *fake)
{
	char addresses[SUMMARY_ADDRESSES_MAX * EVENT_ADDRESS_SIZE] = "";
	char shown[NAME_UNICODE_SIZE];
	size_t len = 0;
	for (size_t i = 0; i < fake->address_count; i++) {
		len += (size_t)snprintf(addresses + len, sizeof addresses - len, "%s%s",
					i > 0 ? " " : "", fake->addresses[i]);
	}
	cJSON *custom = cJSON_AddObjectToObject(report, "Custom");
	return add(custom, "Name", fake->name) &&
	       (!name_unicode(fake->name, shown) || add(custom, "NameDisplaysAs", shown)) &&
	       add(custom, "Imitates", fake->imitates) && add(custom, "Site", fake->site) &&
	       add(custom, "Technique", technique_text(fake->technique)) &&
	       add(custom, "Why", fake->why) &&
	       cJSON_AddNumberToObject(custom, "Days", (double)fake->days) != NULL &&
	       (fake->count == 0 ||
		cJSON_AddNumberToObject(custom, "Sightings", (double)fake->count) != NULL) &&
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

static bool add_report(cJSON *object, const struct takedown *takedown)
{
	const struct fake *fake = takedown->fake;
	char url[URL_SIZE];
	write_url(fake->name, url);
	cJSON *report = cJSON_AddObjectToObject(object, "Report");
	return add(report, "ReportClass", "Content") && add(report, "ReportType", "Phishing") &&
	       add_moment(report, "Date", fake->last) &&
	       add_moment(report, "FirstSeen", fake->first) && add(report, "SourceUrl", url) &&
	       (fake->address_count == 0 || add(report, "SourceIp", fake->addresses[0])) &&
	       add(report, "ReporterNotes",
		   "The host name imitates a protected site. The site's contents were not looked "
		   "at.") &&
	       add_custom(report, fake) && add_days(report, takedown);
}

static bool add_reporter(cJSON *object)
{
	cJSON *reporter = cJSON_AddObjectToObject(object, "ReporterInfo");
	return add(reporter, "ReporterOrg", "FILL-IN-YOUR-ORGANISATION") &&
	       add(reporter, "ReporterOrgDomain", "FILL-IN-YOUR-DOMAIN.example") &&
	       add(reporter, "ReporterOrgEmail", "FILL-IN-YOUR-ADDRESS@office.example");
}

/* X-ARF version 3, type Phishing (https://github.com/abusix/xarf, schemas/3). \returns NULL without
 * memory. */
static char *xarf_json(const struct takedown *takedown)
{
	cJSON *object = cJSON_CreateObject();
	const bool whole = add(object, "Version", "3") &&
			   cJSON_AddBoolToObject(object, "Disclosure", true) != NULL &&
			   add_reporter(object) && add_report(object, takedown);
	char *text = whole ? cJSON_Print(object) : NULL;
	cJSON_Delete(object);
	return text;
}

/* In lines of 76 (RFC 2045 section 6.8). \returns false when out of memory. */
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

bool takedown_write(const struct takedown *takedown, FILE *out)
{
	char *report = xarf_json(takedown);
	if (report == NULL) {
		return false;
	}
	write_head(takedown, out);
	takedown_text(takedown, out);
	write_fields(takedown->fake, out);
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
