/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/command/command.h"
#include "daemon/command/options.h"
#include "daemon/command/output.h"
#include "daemon/config/config.h"
#include "daemon/event/event_table.h"
#include "daemon/event/observed.h"
#include "policy/policy.h"

static const char help[] =
    "usage: truegate suggest [--apply] [--config FILE]\n"
    "\n"
    "Lists the domains that resemble a protected site, that the daemon only observed, and\n"
    "that devices here ask for again and again: mostly honest ones. Look at each before\n"
    "you except it; a fake that was sent to everybody is asked for by many, too.\n"
    "\n"
    "  --apply         ask for each whether to write it into the office's own file, as\n"
    "                  'truegate exempt' does\n"
    "  --config FILE   the daemon's configuration (default " LIVE_CONFIG_PATH ")\n"
    "\n"
    "Exits with 0 when there is nothing to suggest, or after --apply, with 1 when there is,\n"
    "with 2 on errors.\n";

struct suggest_options {
	bool apply;
	const char *config;
};

struct suggesting {
	const struct suggest_options *options;
	struct config config;
	struct observed *observed;
	struct policy *policy;
	struct judge *judge;
	const char *taken[OBSERVED_DOMAINS_MAX]; /* to be excepted */
	size_t taken_count;
};

static enum options_result parse(int argc, char **argv, struct suggest_options *out)
{
	static const struct option options[] = {
	    {"apply", no_argument, NULL, 'a'},
	    {"config", required_argument, NULL, 'c'},
	    {0},
	};
	const struct command_line line = {
	    .program = "truegate suggest",
	    .help = help,
	    .options = options,
	    .wrong_operands = "takes no arguments",
	};
	enum options_result result;

	*out = (struct suggest_options){0};
	for (int option; (option = options_next(&line, argc, argv, &result)) != 0;) {
		if (option == 'a') {
			out->apply = true;
		} else {
			out->config = optarg;
		}
	}
	return result;
}

/* The policy in force, with the office's own file: what it excepts by now is not suggested. */
static bool open_policy(struct suggesting *suggesting)
{
	const struct config *config = &suggesting->config;
	const struct policy_source source = {.path = config->policy,
					     .key = config->policy_key,
					     .local = config->policy_local,
					     .established = config->established,
					     .catalogue = config->catalogue};
	struct diagnostics diagnostics = {0};

	suggesting->policy = policy_load_from(&source, &diagnostics);
	diagnostics_print(&diagnostics, stderr);
	suggesting->judge = suggesting->policy != NULL ? judge_new(suggesting->policy) : NULL;
	if (suggesting->policy != NULL && suggesting->judge == NULL) {
		fputs("truegate suggest: out of memory\n", stderr);
	}
	return suggesting->judge != NULL;
}

static bool open_observed(struct suggesting *suggesting)
{
	suggesting->observed = observed_new();
	if (suggesting->observed == NULL) {
		fputs("truegate suggest: out of memory\n", stderr);
		return false;
	}
	if (!observed_load(suggesting->observed, suggesting->config.observed)) {
		fprintf(stderr, "truegate suggest: cannot read %s: %s\n",
			suggesting->config.observed,
			errno == EBADMSG ? "it is not what the daemon writes" : strerror(errno));
		return false;
	}
	return true;
}

/* "asked for by 10+ devices, on 9 of 10 days; resembles ..." */
static void print_domain(const struct suggesting *suggesting, const struct observed_domain *domain,
			 enum action action)
{
	printf("%s\n    asked for by %s devices, on %" PRIu32 " of %" PRIu32 " days\n",
	       domain->name, event_device_band(domain->devices), domain->days,
	       observed_days(suggesting->observed));
	if (domain->technique == TECHNIQUE_TLD_SWAP) {
		printf("    looks like a sister domain of %s (%s): %s\n"
		       "    if it has the same owner, it belongs into `own` of that site in the "
		       "policy\n",
		       domain->imitates, domain->site, domain->why);
	} else {
		printf("    resembles %s (%s): %s\n", domain->imitates, domain->site, domain->why);
	}
	if (action != ACTION_OBSERVE) {
		printf("    without --dry-run the policy would %s it\n", action_text(action));
	}
}

/* Asks on the terminal, or of a pipe. \returns whether the answer is yes. */
static bool ask(const char *name)
{
	char answer[64];

	printf("    never flag %s and what lies under it? [y/N] ", name);
	fflush(stdout);
	if (fgets(answer, sizeof(answer), stdin) == NULL) {
		putchar('\n');
		return false;
	}
	return answer[0] == 'y' || answer[0] == 'Y';
}

static void suggest_one(struct suggesting *suggesting, const struct observed_domain *domain)
{
	struct finding finding;

	print_domain(suggesting, domain,
		     judge_name(suggesting->judge, domain->name, strlen(domain->name), &finding) ==
			     JUDGE_FOUND
			 ? finding.action
			 : ACTION_OBSERVE);
	if (!suggesting->options->apply) {
		printf("    if you know it: truegate exempt %s\n", domain->name);
	} else if (ask(domain->name)) {
		suggesting->taken[suggesting->taken_count++] = domain->name;
	}
}

/* Whether the policy, with the office's file, has nothing against it or anything under it by now. A
 * name may have been found by what stood in front of the registered domain, so that proves nothing.
 */
static bool is_excepted(const struct suggesting *suggesting, const char *name)
{
	for (size_t i = 0; i < policy_local_exception_count(suggesting->policy); i++) {
		if (strcmp(policy_local_exception_at(suggesting->policy, i), name) == 0) {
			return true;
		}
	}
	for (size_t i = 0; i < policy_exception_count(suggesting->policy); i++) {
		if (strcmp(policy_exception_at(suggesting->policy, i), name) == 0) {
			return true;
		}
	}
	return false;
}

static int compare_days(const void *a, const void *b)
{
	const struct observed_domain *first = *(const struct observed_domain *const *)a;
	const struct observed_domain *second = *(const struct observed_domain *const *)b;

	if (first->days != second->days) {
		return first->days > second->days ? -1 : 1;
	}
	if (first->devices != second->devices) {
		return first->devices > second->devices ? -1 : 1;
	}
	return strcmp(first->name, second->name);
}

/* \returns how many were suggested. */
static size_t suggest_all(struct suggesting *suggesting)
{
	static const struct observed_domain *order[OBSERVED_DOMAINS_MAX];
	const struct observed_domain *domains = NULL;
	size_t count = observed_domains(suggesting->observed, &domains);
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		if (!is_excepted(suggesting, domains[i].name)) {
			order[kept++] = &domains[i];
		}
	}
	qsort(order, kept, sizeof(const struct observed_domain *), compare_days);
	for (size_t i = 0; i < kept; i++) {
		suggest_one(suggesting, order[i]);
	}
	return kept;
}

/* Writes what was taken as `truegate exempt` does, which also says so. */
static enum status apply(struct suggesting *suggesting)
{
	char **arguments = calloc(suggesting->taken_count + 5, sizeof(char *));
	static char exempt[] = "exempt", config[] = "--config", ends[] = "--";
	int count = 0;

	if (arguments == NULL) {
		fputs("truegate suggest: out of memory\n", stderr);
		return STATUS_ERROR;
	}
	arguments[count++] = exempt;
	if (suggesting->options->config != NULL) {
		arguments[count++] = config;
		arguments[count++] = (char *)(uintptr_t)suggesting->options->config;
	}
	arguments[count++] = ends;
	for (size_t i = 0; i < suggesting->taken_count; i++) {
		arguments[count++] = (char *)(uintptr_t)suggesting->taken[i];
	}
	optind = 0; /* getopt_long(3) begins again */

	enum status status = exempt_command(count, arguments);

	free(arguments);
	return status;
}

static enum status suggest(struct suggesting *suggesting)
{
	if (!open_observed(suggesting) || !open_policy(suggesting)) {
		return STATUS_ERROR;
	}

	size_t count = suggest_all(suggesting);

	if (count == 0) {
		fputs("truegate suggest: nothing; domains are listed once they were asked for on "
		      "3 days, or by 5 devices on one\n",
		      stderr);
	}
	if (!suggesting->options->apply) {
		return !output_flush() ? STATUS_ERROR : count > 0 ? STATUS_FOUND : STATUS_NOTHING;
	}
	return suggesting->taken_count == 0 ? STATUS_NOTHING : apply(suggesting);
}

enum status suggest_command(int argc, char **argv)
{
	enum status status;
	struct suggest_options options;
	struct diagnostics diagnostics = {0};
	static struct suggesting suggesting;

	if (!options_go_on(parse(argc, argv, &options), &status)) {
		return status;
	}
	suggesting = (struct suggesting){.options = &options};
	if (!config_load_usual(options.config, &suggesting.config, &diagnostics)) {
		diagnostics_print(&diagnostics, stderr);
		return STATUS_ERROR;
	}
	status = suggest(&suggesting);
	judge_free(suggesting.judge);
	policy_free(suggesting.policy);
	observed_free(suggesting.observed);
	config_release(&suggesting.config);
	return status;
}
