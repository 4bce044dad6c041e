/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/command/policy_fetch.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "daemon/command/delivery.h"
#include "daemon/command/options.h"
#include "daemon/https/https_get.h"
#include "daemon/store/fetched.h"

#define SCHEME "https://"

/* How long the policy and its signature may take, each. */
#define FETCH_S 120L

/* minisign writes some 300 octets, and comments of 8 KiB at most. */
#define SIGNATURE_OCTETS_MAX ((size_t)16 << 10)

#define JITTER_MAX_S 86400

static const char program[] = "truegate policy fetch";

static const char help[] =
    "usage: truegate policy fetch [--config FILE] [--ca FILE] [--jitter SECONDS] [URL]\n"
    "\n"
    "Gets the policy at URL and its signature at URL.minisig over HTTPS, and puts it in\n"
    "force as 'truegate policy install' does, without asking. Its version must be newer\n"
    "than any before. What the server says is unchanged since the last time is not sent\n"
    "again. After any error the policy before stays in force. 'truegate status' shows how\n"
    "it ended. Needs root.\n"
    "\n"
    "  --jitter SECONDS  first wait a random time up to this, so that many gateways do not\n"
    "                    ask at once\n"
    "  --ca FILE         certificates to trust for the server, in place of the machine's\n"
    "  --config FILE     the daemon's configuration (default " LIVE_CONFIG_PATH ");\n"
    "                    says where key, policies and daemon are, and policy_url, which is\n"
    "                    asked without URL\n"
    "\n"
    "Exits with 0 when the policy is unchanged or installed, with 2 on errors.\n";

struct fetch {
	struct delivery delivery;
	const char *ca; /* NULL: the machine's */
	const char *url;
	unsigned jitter_s;
	struct https_document policy, signature;
};

/* Reads seconds. \returns false for anything else. */
static bool read_seconds(const char *text, unsigned *out)
{
	char *end = NULL;
	const unsigned long seconds = strtoul(text, &end, 10);
	if (text[0] < '0' || text[0] > '9' || *end != '\0' || seconds > JITTER_MAX_S) {
		return false;
	}
	*out = (unsigned)seconds;
	return true;
}

static enum options_result read_options(int argc, char **argv, struct fetch *out,
					const char **config)
{
	static const struct option options[] = {
	    {"config", required_argument, NULL, 'c'},
	    {"ca", required_argument, NULL, 'a'},
	    {"jitter", required_argument, NULL, 'j'},
	    {0},
	};
	static const struct command_line line = {
	    .program = program,
	    .help = help,
	    .options = options,
	    .operands_max = 1,
	    .wrong_operands = "give one URL",
	};
	enum options_result result;
	for (int option; (option = options_next(&line, argc, argv, &result)) != 0;) {
		if (option == 'c') {
			*config = optarg;
		} else if (option == 'a') {
			out->ca = optarg;
		} else if (!read_seconds(optarg, &out->jitter_s)) {
			fprintf(stderr, "%s: --jitter needs seconds, %d at most, such as 3600\n",
				program, JITTER_MAX_S);
			return OPTIONS_WRONG;
		}
	}
	return result;
}

/* What is wrong with a URL; NULL when nothing is. */
static const char *url_fault(const char *url)
{
	if (strncmp(url, SCHEME, sizeof SCHEME - 1) != 0) {
		return "must begin with " SCHEME;
	}
	const char *host = url + sizeof SCHEME - 1;
	if (memchr(host, '@', strcspn(host, "/")) != NULL) {
		return "must not have a user or a password: everybody here could read it";
	}
	/* The signature is at the same URL with a suffix. */
	if (strpbrk(host, "?#") != NULL || host[strcspn(host, "/")] == '\0') {
		return "must be the address of a file, such as " SCHEME
		       "policies.example/policy.conf";
	}
	if (strlen(url) + sizeof SIGNATURE_SUFFIX > FETCHED_URL_SIZE) {
		return "is too long";
	}
	for (const char *octet = url; *octet != '\0'; octet++) {
		if (*octet <= ' ' || *octet > '~') {
			return "must be ASCII without spaces";
		}
	}
	return NULL;
}

/* Takes the URL that was given, or the configuration's. \returns false after a message. */
static bool choose_url(struct fetch *fetch, const char *given)
{
	fetch->url = given != NULL ? given : fetch->delivery.config.policy_url;
	if (fetch->url[0] == '\0') {
		fprintf(stderr, "%s: give a URL, or set policy_url in the configuration\n",
			program);
		return false;
	}
	const char *fault = url_fault(fetch->url);
	if (fault != NULL) {
		fprintf(stderr, "%s: the URL %s\n", program, fault);
	}
	return fault == NULL;
}

static void wait_a_while(unsigned max_s)
{
	uint32_t random = 0;
	if (max_s == 0 || getrandom(&random, sizeof random, 0) != sizeof random) {
		return;
	}
	struct timespec left = {.tv_sec = (time_t)(random % (max_s + 1))};
	while (nanosleep(&left, &left) != 0 && errno == EINTR) {
	}
}

/* Gets one document. \returns the HTTP status; one that is neither 200 nor 304 after a message. */
static long get(struct fetch *fetch, const char *url, const char *etag, size_t octets_max,
		struct https_document *out)
{
	const struct https_request request = {
	    .url = url,
	    .accept = "*/*",
	    .ca = fetch->ca,
	    .etag = etag,
	    .seconds = FETCH_S,
	    .octets_max = octets_max,
	};
	char error[256];
	const long status = https_get(&request, out, error, sizeof error);
	if (status != 200 && (status != 304 || etag == NULL)) {
		snprintf(fetch->delivery.why, sizeof fetch->delivery.why, "%.400s: %s", url, error);
		fprintf(stderr, "%s: %s\n", program, fetch->delivery.why);
		return 0;
	}
	return status;
}

static long get_signature(struct fetch *fetch)
{
	char url[FETCHED_URL_SIZE];
	snprintf(url, sizeof url, "%s" SIGNATURE_SUFFIX, fetch->url);
	return get(fetch, url, NULL, SIGNATURE_OCTETS_MAX, &fetch->signature);
}

/* Installs what came, and takes down what that changes. */
static enum status install(struct fetch *fetch, struct fetched *record, uint64_t now_s)
{
	struct delivery *delivery = &fetch->delivery;
	const char *folder = delivery->config.policy_store;
	const uint32_t before = store_current(delivery->store);
	char path[PATH_MAX];
	if (!fetched_keep(folder, fetch->policy.text, fetch->policy.len, fetch->signature.text,
			  fetch->signature.len, path, sizeof path)) {
		snprintf(delivery->why, sizeof delivery->why, "cannot keep what came in %.400s: %s",
			 folder, strerror(errno));
		fprintf(stderr, "%s: %s\n", program, delivery->why);
		return STATUS_ERROR;
	}
	if (delivery_install(delivery, path) != STATUS_NOTHING) {
		return STATUS_ERROR;
	}
	fetched_forget(folder);
	record->version = store_current(delivery->store);
	memcpy(record->etag, fetch->policy.etag, sizeof fetch->policy.etag);
	if (record->version != before) {
		record->installed_s = now_s;
		snprintf(record->changes, sizeof record->changes, "%s", delivery->changes);
		if (delivery->changes_left_out > 0) {
			const size_t len = strlen(record->changes);
			snprintf(record->changes + len, sizeof record->changes - len,
				 "and %zu more\n", delivery->changes_left_out);
		}
	}
	return STATUS_NOTHING;
}

/* Ends a fetch: installs what came, if anything did, and writes the record. */
static enum status conclude(struct fetch *fetch, struct fetched *record, long status)
{
	const uint64_t now_s = (uint64_t)time(NULL);
	const char *folder = fetch->delivery.config.policy_store;
	enum status result = STATUS_ERROR;
	if (!delivery_open(&fetch->delivery)) {
		return STATUS_ERROR;
	}
	if (status == 200) {
		result = install(fetch, record, now_s);
	} else if (status == 304) {
		printf("Version %" PRIu32 " is unchanged.\n", record->version);
		result = STATUS_NOTHING;
	}
	snprintf(record->url, sizeof record->url, "%s", fetch->url);
	if (result == STATUS_NOTHING) {
		record->confirmed_s = now_s;
		record->failed_s = 0;
		record->error[0] = '\0';
	} else {
		delivery_tell_what_stays(&fetch->delivery);
		record->failed_s = now_s;
		snprintf(record->error, sizeof record->error, "%s",
			 fetch->delivery.why[0] != '\0' ? fetch->delivery.why : "see its journal");
	}
	if (!fetched_write(folder, record)) {
		fprintf(stderr, "%s: cannot write how it ended to %s: %s\n", program, folder,
			strerror(errno));
		return STATUS_ERROR;
	}
	return result;
}

static enum status run(struct fetch *fetch)
{
	const char *folder = fetch->delivery.config.policy_store;
	struct fetched record;
	wait_a_while(fetch->jitter_s);
	(void)fetched_read(folder, &record);
	if (strcmp(record.url, fetch->url) != 0) {
		/* Another server's tag means nothing to this one. */
		record.etag[0] = '\0';
	}
	const bool has_it = record.etag[0] != '\0' && fetched_is_kept(folder, record.version);
	long status =
	    get(fetch, fetch->url, has_it ? record.etag : NULL, POLICY_OCTETS_MAX, &fetch->policy);
	if (status == 200) {
		status = get_signature(fetch);
	}
	const enum status result = conclude(fetch, &record, status);
	free(fetch->policy.text);
	free(fetch->signature.text);
	return result;
}

enum status policy_fetch_command(int argc, char **argv)
{
	enum status status;
	const char *config = NULL;
	struct fetch fetch = {.delivery.is_unattended = true};
	if (!options_go_on(read_options(argc, argv, &fetch, &config), &status)) {
		return status;
	}
	status = STATUS_ERROR;
	if (delivery_configure(&fetch.delivery, program, config) &&
	    choose_url(&fetch, optind < argc ? argv[optind] : NULL)) {
		status = run(&fetch);
	}
	delivery_end(&fetch.delivery);
	return status;
}
