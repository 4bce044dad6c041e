/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/command/command.h"
#include "daemon/command/line_reader.h"
#include "daemon/command/options.h"
#include "daemon/command/output.h"
#include "daemon/config/config.h"
#include "daemon/report/event_summary.h"
#include "daemon/report/rdap.h"
#include "daemon/report/report_html.h"
#include "daemon/report/report_text.h"
#include "daemon/report/takedown.h"
#include "daemon/report/time_arg.h"
#include "daemon/text/name_text.h"

/* Logs that can be named at once. */
#define LOGS_MAX 64

/* Rotated logs that are looked for. */
#define ROTATED_MAX 520

static const char help[] =
    "usage: truegate report [--since T] [--until T] [--html FILE] [--log FILE] ...\n"
    "       truegate report --takedown NAME [--language en|vi] [--rdap] [--log FILE] ...\n"
    "\n"
    "Lists the fakes in the event log.\n"
    "\n"
    "  --since T        from this day on: 2026-11-23, or so long before today: 7d, 4w\n"
    "  --until T        before this day\n"
    "  --html FILE      write one page with charts by day, site and technique; it needs\n"
    "                   nothing from elsewhere\n"
    "  --log FILE       an event log, compressed by gzip or not, '-' for standard input;\n"
    "                   may be given more than once (default: the one that the daemon's\n"
    "                   configuration names, and those rotated from it)\n"
    "  --config FILE    that configuration (default " LIVE_CONFIG_PATH ")\n"
    "  --takedown NAME  write a mail about this fake only, to be filled in and sent to its\n"
    "                   registrar, host or a CERT; nothing is sent\n"
    "  --rdap           ask the name's registry for the abuse contact (RDAP, HTTPS); this\n"
    "                   tells it, and IANA, that you ask for this name\n"
    "  --rdap-server URL  ask this server instead of the one in IANA's list\n"
    "  --rdap-ca FILE   trust these certificates instead of the machine's\n"
    "  --language L     the mail's language: en or vi (default: both in one mail)\n"
    "\n"
    "Exits with 0 when there is no fake, with 1 when there is, with 2 on errors.\n";

struct report_options {
	time_t since, until;
	const char *config;
	const char *takedown;
	const char *html;
	const char *language; /* NULL: both */
	bool rdap;            /* ask for the abuse contact */
	struct rdap_config rdap_config;
	const char *logs[LOGS_MAX];
	size_t log_count;
};

struct event_reading {
	const struct report_options *options;
	struct event_summary *summary;
	struct logged_event event;
	char wanted[NAME_TEXT_SIZE]; /* the one fake; empty: all */
	uint64_t events, skipped, left_out;
};

static bool read_moment(const char *option, const char *text, time_t *out)
{
	if (time_arg_read(text, date_of(time(NULL)), out)) {
		return true;
	}
	fprintf(stderr, "truegate report: --%s: '%s' is not a date; use 2026-11-23, 7d or 4w\n",
		option, text);
	return false;
}

static bool add_log(struct report_options *options, const char *path)
{
	if (options->log_count == LOGS_MAX) {
		fprintf(stderr, "truegate report: more than %d logs; concatenate some of them\n",
			LOGS_MAX);
		return false;
	}
	options->logs[options->log_count++] = path;
	return true;
}

static bool read_server(const char *url, struct report_options *out)
{
	out->rdap_config.server = url;
	if (strncmp(url, "https://", strlen("https://")) == 0 && strlen(url) + 2 < RDAP_URL_SIZE) {
		return true;
	}
	fprintf(stderr,
		"truegate report: --rdap-server: '%s' is not an https:// URL of less than %d "
		"octets\n",
		url, RDAP_URL_SIZE - 2);
	return false;
}

static bool read_language(const char *text, struct report_options *out)
{
	out->language = text;
	if (strcmp(text, "en") == 0 || strcmp(text, "vi") == 0) {
		return true;
	}
	fprintf(stderr, "truegate report: unknown language '%s'; use en or vi\n", text);
	return false;
}

static enum options_result parse(int argc, char **argv, struct report_options *out)
{
	static const struct option options[] = {
	    {"since", required_argument, NULL, 's'},
	    {"until", required_argument, NULL, 'u'},
	    {"log", required_argument, NULL, 'l'},
	    {"config", required_argument, NULL, 'c'},
	    {"html", required_argument, NULL, 'm'},
	    {"takedown", required_argument, NULL, 't'},
	    {"language", required_argument, NULL, 'g'},
	    {"rdap", no_argument, NULL, 'r'},
	    {"rdap-server", required_argument, NULL, 'R'},
	    {"rdap-ca", required_argument, NULL, 'C'},
	    {0},
	};
	const struct command_line line = {
	    .program = "truegate report",
	    .help = help,
	    .options = options,
	    .wrong_operands = "takes no arguments",
	};
	enum options_result result = OPTIONS_READ;
	bool good = true;
	*out = (struct report_options){.until = (time_t)INT64_MAX};
	for (int option; good && (option = options_next(&line, argc, argv, &result)) != 0;) {
		switch (option) {
		case 's':
			good = read_moment("since", optarg, &out->since);
			break;
		case 'u':
			good = read_moment("until", optarg, &out->until);
			break;
		case 'l':
			good = optarg != NULL && add_log(out, optarg);
			break;
		case 'c':
			out->config = optarg;
			break;
		case 'm':
			out->html = optarg;
			break;
		case 't':
			out->takedown = optarg;
			break;
		case 'r':
			out->rdap = true;
			break;
		case 'R':
			out->rdap = true;
			good = read_server(optarg, out);
			break;
		case 'C':
			out->rdap_config.ca = optarg;
			break;
		case 'g':
			good = read_language(optarg, out);
			break;
		default:
			break;
		}
	}
	if (result != OPTIONS_READ) {
		return result;
	}
	if (good && out->html != NULL && out->takedown != NULL) {
		fputs("truegate report: give --html or --takedown, not both\n", stderr);
		good = false;
	}
	return good ? OPTIONS_READ : OPTIONS_WRONG;
}

static bool read_line(void *ctx, uint64_t number, const char *line, size_t len)
{
	struct event_reading *reading = ctx;
	struct logged_event *event = &reading->event;
	(void)number;
	if (line != NULL && len == 0) {
		return true;
	}
	struct logged_coverage coverage;
	if (line != NULL && coverage_read(line, len, &coverage)) {
		reading->events++;
		if (coverage.date >= reading->options->since &&
		    coverage.date < reading->options->until) {
			event_summary_cover(reading->summary, &coverage);
		}
		return true;
	}
	if (line == NULL || !event_read(line, len, event)) {
		reading->skipped++;
		return true;
	}
	reading->events++;
	if (event->date < reading->options->since || event->date >= reading->options->until ||
	    (reading->wanted[0] != '\0' && strcmp(reading->wanted, event->name) != 0)) {
		return true;
	}
	if (!event_summary_add(reading->summary, event)) {
		reading->left_out++;
	}
	return true;
}

static bool read_log(struct event_reading *reading, const char *path)
{
	return line_reader_each_unpacked(path, "truegate report", read_line, reading);
}

/* Path of the n-th rotated log, as logrotate names it: with ".gz" behind, or without. \returns
 * false when there is none; else the caller frees it. */
static bool find_rotated(const char *log, unsigned number, char **path)
{
	if (asprintf(path, "%s.%u", log, number) < 0) {
		*path = NULL;
		return false;
	}
	if (access(*path, F_OK) == 0) {
		return true;
	}
	free(*path);
	if (asprintf(path, "%s.%u.gz", log, number) < 0) {
		*path = NULL;
		return false;
	}
	if (access(*path, F_OK) == 0) {
		return true;
	}
	free(*path);
	*path = NULL;
	return false;
}

/* Those that were rotated, the oldest first, then the one that the daemon writes. */
static bool read_with_rotated(struct event_reading *reading, const char *log)
{
	char *paths[ROTATED_MAX];
	unsigned count = 0;
	while (count < ROTATED_MAX && find_rotated(log, count + 1, &paths[count])) {
		count++;
	}
	bool read = true;
	for (unsigned i = count; i > 0; i--) {
		read = read && read_log(reading, paths[i - 1]);
		free(paths[i - 1]);
	}
	return read && read_log(reading, log);
}

/* The logs of the daemon. */
static bool read_usual_logs(struct event_reading *reading)
{
	struct diagnostics diagnostics = {0};
	struct config config;
	const bool loaded = config_load_usual(reading->options->config, &config, &diagnostics);
	diagnostics_print(&diagnostics, stderr);
	if (!loaded) {
		return false;
	}
	const bool read = read_with_rotated(reading, config.events);
	config_release(&config);
	return read;
}

static bool read_logs(struct event_reading *reading)
{
	const struct report_options *options = reading->options;
	bool read = true;
	for (size_t i = 0; read && i < options->log_count; i++) {
		read = read_log(reading, options->logs[i]);
	}
	if (options->log_count == 0) {
		read = read_usual_logs(reading);
	}
	if (reading->skipped > 0) {
		fprintf(stderr, "truegate report: %" PRIu64 " lines skipped: not events\n",
			reading->skipped);
	}
	if (read && reading->skipped > 0 && reading->events == 0) {
		fputs("truegate report: this is not an event log\n", stderr);
		return false;
	}
	if (reading->left_out > 0) {
		fprintf(stderr,
			"truegate report: %" PRIu64 " events left out: more than %d fakes or %d "
			"days, or out of memory; narrow it with --since and --until\n",
			reading->left_out, SUMMARY_FAKES_MAX, SUMMARY_DAYS_MAX);
	}
	return read;
}

/* Writes the page into a file of its own, to the disk. \returns false with errno set. */
static bool fill_page(struct event_summary *summary, int fd)
{
	FILE *page = fdopen(fd, "w");
	if (page == NULL) {
		const int reason = errno;
		close(fd);
		errno = reason;
		return false;
	}
	errno = ENOMEM; /* what a page that is not whole without a failed write is short of */
	const bool written = report_html(summary, date_of(time(NULL)), page) && fflush(page) == 0 &&
			     ferror(page) == 0 && fchmod(fd, 0640) == 0 && fsync(fd) == 0;
	const int reason = errno;
	const bool closed = fclose(page) == 0;
	if (!written) {
		errno = reason;
	}
	return written && closed;
}

/* Writes the page beside its place, then puts it there: a reader sees the old one or the new. */
static bool write_page(struct event_summary *summary, const char *path)
{
	char *beside = NULL;
	if (asprintf(&beside, "%s.XXXXXX", path) < 0) {
		fputs("truegate report: out of memory\n", stderr);
		return false;
	}
	const int fd = mkostemp(beside, O_CLOEXEC);
	const bool written = fd >= 0 && fill_page(summary, fd) && rename(beside, path) == 0;
	if (!written) {
		fprintf(stderr, "truegate report: cannot write %s: %s\n", path, strerror(errno));
		if (fd >= 0) {
			unlink(beside);
		}
	}
	free(beside);
	return written;
}

static bool write_takedown(const struct report_options *options, const struct fake *fake,
			   const struct day *days, size_t day_count)
{
	const char *language = options->language;
	char mail[RDAP_MAIL_SIZE] = "";
	char error[512];
	if (options->rdap) {
		if (rdap_lookup(&options->rdap_config, fake->name, mail, error, sizeof error)) {
			fprintf(stderr, "truegate report: the abuse contact of %s is %s\n",
				fake->name, mail);
		} else {
			fprintf(stderr, "truegate report: no abuse contact of %s found: %s\n",
				fake->name, error);
		}
	}
	const struct takedown takedown = {
	    .fake = fake,
	    .days = days,
	    .day_count = day_count,
	    .now = time(NULL),
	    .to = mail[0] != '\0' ? mail : NULL,
	    .english = language == NULL || strcmp(language, "en") == 0,
	    .vietnamese = language == NULL || strcmp(language, "vi") == 0,
	};
	return takedown_write(&takedown, stdout);
}

static enum status show(struct event_reading *reading)
{
	size_t fake_count = 0;
	size_t day_count = 0;
	const struct fake *const *fakes = event_summary_fakes(reading->summary, &fake_count);
	const struct day *days = event_summary_days(reading->summary, &day_count);
	if (fakes == NULL || days == NULL) {
		fputs("truegate report: out of memory\n", stderr);
		return STATUS_ERROR;
	}
	if (fake_count == 0 && reading->wanted[0] != '\0') {
		fprintf(stderr,
			"truegate report: %s is not in this log for this period; run 'truegate "
			"report' for the list\n",
			reading->wanted);
		return STATUS_ERROR;
	}
	if (fake_count == 0) {
		fputs("truegate report: no fakes in this period\n", stderr);
		return STATUS_NOTHING;
	}
	if (reading->options->html != NULL) {
		return write_page(reading->summary, reading->options->html) ? STATUS_FOUND
									    : STATUS_ERROR;
	}
	const bool whole = reading->wanted[0] != '\0'
			       ? write_takedown(reading->options, fakes[0], days, day_count)
			       : report_text(reading->summary, stdout);
	if (!whole) {
		fputs("truegate report: out of memory; what was written is incomplete\n", stderr);
	}
	return whole && output_flush() ? STATUS_FOUND : STATUS_ERROR;
}

/* Which fake a takedown is about. One with octets that are not printable ASCII is named as the
 * table shows it. \returns false after a message: without a name, all would be written. */
static bool read_wanted(struct event_reading *reading)
{
	const char *name = reading->options->takedown;
	if (name == NULL) {
		return true;
	}
	if (strchr(name, '\\') != NULL) {
		snprintf(reading->wanted, sizeof reading->wanted, "%s", name);
	} else {
		name_text(name, strlen(name), reading->wanted);
	}
	if (reading->wanted[0] == '\0') {
		fputs("truegate report: --takedown needs a name from the report\n", stderr);
	}
	return reading->wanted[0] != '\0';
}

enum status report_command(int argc, char **argv)
{
	enum status status;
	struct report_options options;
	if (!options_go_on(parse(argc, argv, &options), &status)) {
		return status;
	}
	struct event_reading *reading = calloc(1, sizeof *reading);
	if (reading != NULL) {
		reading->summary = event_summary_new();
	}
	if (reading == NULL || reading->summary == NULL) {
		fputs("truegate report: out of memory\n", stderr);
	} else {
		reading->options = &options;
		if (read_wanted(reading) && read_logs(reading)) {
			status = show(reading);
		}
		event_summary_free(reading->summary);
	}
	free(reading);
	return status;
}
