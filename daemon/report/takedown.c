#include "daemon/report/takedown.h"

#include <inttypes.h>
#include <stdlib.h>

#include <cjson/cJSON.h>

#include "daemon/name_text.h"
#include "daemon/report/moment.h"

#define BOUNDARY "truegate-report"
#define DATE_SIZE 64

/* Hours that the text lists; the JSON has all. */
#define HOURS_LISTED 48

/* RFC 5322 section 3.3. */
static void mail_date(time_t moment, char out[DATE_SIZE])
{
	struct tm parts;
	if (gmtime_r(&moment, &parts) == NULL ||
	    strftime(out, DATE_SIZE, "%a, %d %b %Y %H:%M:%S +0000", &parts) == 0) {
		out[0] = '\0';
	}
}

static void write_head(const struct fake *fake, time_t now, FILE *out)
{
	char date[DATE_SIZE];
	mail_date(now, date);
	fprintf(out,
		"From: FILL-IN-YOUR-ADDRESS@office.example\n"
		"To: FILL-IN-THE-ABUSE-ADDRESS@registrar-or-host.example\n"
		"Date: %s\n"
		"Subject: %s imitates %s\n"
		"MIME-Version: 1.0\n"
		"Content-Type: multipart/report; report-type=feedback-report;\n"
		"\tboundary=\"" BOUNDARY "\"\n\n",
		date, fake->name, fake->imitates);
}

static void write_text(const struct fake *fake, const struct hour *hours, size_t hour_count,
		       FILE *out)
{
	char shown[NAME_UNICODE_SIZE];
	char moment[MOMENT_SIZE];
	fprintf(out,
		"--" BOUNDARY "\n"
		"Content-Type: text/plain; charset=utf-8\n"
		"Content-Transfer-Encoding: 8bit\n\n"
		"The host name\n\n    %s\n",
		fake->name);
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
		moment_text(hours[i].begin, moment);
		fprintf(out, "    %s  %" PRIu64 " times\n", moment, hours[i].count);
	}
	if (hour_count > HOURS_LISTED) {
		fprintf(out, "    and %zu hours more, in the last part\n",
			hour_count - HOURS_LISTED);
	}
	fputs("\nWhat the site shows was not looked at.\n\n", out);
}

/* RFC 5965 sections 3.1 and 3.2; Source-IP may stand once. */
static void write_fields(const struct fake *fake, FILE *out)
{
	char date[DATE_SIZE];
	mail_date(fake->last, date);
	fprintf(out,
		"--" BOUNDARY "\n"
		"Content-Type: message/feedback-report\n\n"
		"Feedback-Type: fraud\n"
		"User-Agent: Truegate/" TRUEGATE_VERSION "\n"
		"Version: 1\n"
		"Arrival-Date: %s\n"
		"Incidents: %" PRIu64 "\n"
		"Reported-Domain: %s\n",
		date, fake->count, fake->name);
	if (fake->via_http) {
		fprintf(out, "Reported-URI: http://%s/\n", fake->name);
	}
	if (fake->address_count > 0) {
		fprintf(out, "Source-IP: %s\n", fake->addresses[0]);
	}
	putc('\n', out);
}

static cJSON *hours_json(const struct hour *hours, size_t hour_count)
{
	cJSON *list = cJSON_CreateArray();
	for (size_t i = 0; i < hour_count; i++) {
		char moment[MOMENT_SIZE];
		cJSON *hour = cJSON_CreateObject();
		moment_text(hours[i].begin, moment);
		cJSON_AddStringToObject(hour, "hour", moment);
		cJSON_AddNumberToObject(hour, "count", (double)hours[i].count);
		cJSON_AddItemToArray(list, hour);
	}
	return list;
}

static char *evidence_json(const struct fake *fake, const struct hour *hours, size_t hour_count)
{
	cJSON *object = cJSON_CreateObject();
	cJSON_AddStringToObject(object, "name", fake->name);
	cJSON_AddStringToObject(object, "imitates", fake->imitates);
	cJSON_AddStringToObject(object, "site", fake->site);
	cJSON_AddStringToObject(object, "technique", technique_text(fake->technique));
	cJSON_AddStringToObject(object, "confidence", confidence_text(fake->confidence));
	cJSON_AddStringToObject(object, "why", fake->why);
	cJSON_AddItemToObject(object, "addresses",
			      cJSON_CreateStringArray(fake->addresses, (int)fake->address_count));
	cJSON_AddItemToObject(object, "hours", hours_json(hours, hour_count));
	char *text = cJSON_Print(object);
	cJSON_Delete(object);
	return text;
}

void takedown_write(const struct fake *fake, const struct hour *hours, size_t hour_count,
		    time_t now, FILE *out)
{
	write_head(fake, now, out);
	write_text(fake, hours, hour_count, out);
	write_fields(fake, out);
	char *evidence = evidence_json(fake, hours, hour_count);
	fprintf(out,
		"--" BOUNDARY "\n"
		"Content-Type: application/json\n"
		"Content-Transfer-Encoding: 8bit\n"
		"Content-Disposition: attachment; filename=\"evidence.json\"\n\n"
		"%s\n\n--" BOUNDARY "--\n",
		evidence == NULL ? "{}" : evidence);
	cJSON_free(evidence);
}
