/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "daemon/status/status_report.h"

static void put_moment(const char *what, uint64_t moment_s, FILE *out)
{
	time_t moment = (time_t)moment_s;
	struct tm parts;
	char text[32];

	if (moment_s > 0 && localtime_r(&moment, &parts) != NULL &&
	    strftime(text, sizeof(text), "%Y-%m-%d %H:%M", &parts) > 0) {
		fprintf(out, "%s%s", what, text);
	}
}

static void put_daemon(const struct gateway *gateway, FILE *out)
{
	if (!gateway->running) {
		fputs("daemon      not running\n", out);
		return;
	}
	fprintf(out, "daemon      running, pid %d", (int)gateway->pid);
	if (gateway->has_state) {
		put_moment(", since ", gateway->state.started_s, out);
		fprintf(out, "%s\nworkers     %" PRIu64 ", %" PRIu64 " silent",
			gateway->state.dry_run ? "; dry run: warns nobody" : "",
			gateway->state.workers, gateway->state.workers_silent);
	}
	putc('\n', out);
}

static void put_queues(const struct gateway *gateway, FILE *out)
{
	const struct queue_table *queues = &gateway->queues;

	if (gateway->has_queues) {
		fprintf(out,
			"queues      %" PRIu32 " of %" PRIu32 " served, %" PRIu64
			" packets, %" PRIu64 " waiting, %" PRIu64 " dropped, %" PRIu64
			" not handed over\n",
			queues->served, gateway->queues_wanted, queues->packets, queues->waiting,
			queues->dropped, queues->user_dropped);
	}
}

static const char *yes_or_no(int value)
{
	return value < 0 ? "unknown" : value == 0 ? "off" : "on";
}

static void put_rules(const struct gateway *gateway, FILE *out)
{
	const struct rules_state *rules = &gateway->rules;

	fprintf(out, "rules       %s",
		rules->rules == RULES_ON    ? "on"
		: rules->rules == RULES_OFF ? "off"
					    : "unknown");
	if (rules->rules == RULES_ON) {
		fprintf(out, ", %s, from %s", rules->backend,
			rules->interfaces[0] != '\0' ? rules->interfaces : "all interfaces");
	}
	fprintf(out, "\nforwarding  IPv4 %s, IPv6 %s\n", yes_or_no(gateway->forwards_ipv4),
		yes_or_no(gateway->forwards_ipv6));
}

static void put_policy(const struct gateway *gateway, FILE *out)
{
	if (!gateway->running) {
		return;
	}
	fprintf(out, "policy      version %" PRIu32, gateway->version);
	if (gateway->has_state) {
		fprintf(out, ", %" PRIu64 " sites, %s%s", gateway->state.sites,
			gateway->state.signer[0] != '\0' ? "signed by " : "not signed",
			gateway->state.signer);
		put_moment("\nreload      last at ", gateway->state.reloaded_s, out);
		fputs(gateway->state.reloaded_s > 0
			  ? gateway->refusal[0] != '\0' ? ", refused" : ", in force"
			  : "",
		      out);
	}
	putc('\n', out);
}

/* What `truegate policy fetch` last did. */
static void put_fetched(const struct fetched *fetched, FILE *out)
{
	const char *line = fetched->changes;

	if (fetched->url[0] == '\0') {
		return;
	}
	fprintf(out, "fetch       ");
	if (fetched->version == 0) {
		fputs("nothing came yet", out);
	} else {
		fprintf(out, "version %" PRIu32, fetched->version);
		put_moment(", fetched ", fetched->installed_s, out);
		put_moment(", confirmed ", fetched->confirmed_s, out);
	}
	fprintf(out, ", from %s\n", fetched->url);
	if (fetched->changes[0] != '\0') {
		fputs("            differs from the version before by:\n", out);
	}
	while (*line != '\0') {
		size_t len = strcspn(line, "\n");

		fprintf(out, "              %.*s\n", (int)len, line);
		line += len + (line[len] == '\n');
	}
}

static void put_names(const struct daemon_state *state, FILE *out)
{
	uint64_t all = 0;

	for (size_t i = 0; i < VIA_COUNT; i++) {
		all += state->names[i];
	}
	fprintf(out, "names       %" PRIu64 " read", all);
	for (size_t i = 0; i < VIA_COUNT; i++) {
		double share = all == 0 ? 0 : 100 * (double)state->names[i] / (double)all;

		fprintf(out, "%s %s %.1f%%", i == 0 ? ":" : ",", via_text((enum via)i), share);
	}
	fprintf(out, "\nflows       %" PRIu64 ", of which %" PRIu64 " released (%.1f%%)\n",
		state->flows, state->flows_released,
		state->flows == 0 ? 0 : 100 * (double)state->flows_released / (double)state->flows);
}

/* What share of the flows that ask for names shows them. */
static void put_coverage(const struct daemon_state *state, FILE *out)
{
	uint64_t seen = 0;
	uint64_t all = 0;

	for (size_t i = 0; i < VIA_COUNT; i++) {
		seen += state->seen[i];
	}
	all = seen;
	for (size_t i = 0; i < HIDDEN_COUNT; i++) {
		all += state->hidden[i];
	}
	if (all == 0) {
		return;
	}
	fprintf(out, "coverage    %.1f%% of flows show their names; hidden by",
		100 * (double)seen / (double)all);
	for (size_t i = 0; i < HIDDEN_COUNT; i++) {
		fprintf(out, "%s %s %.1f%%", i == 0 ? "" : ",", hidden_text((enum hidden)i),
			100 * (double)state->hidden[i] / (double)all);
	}
	fprintf(out, "; %" PRIu64 " other flows\n", state->other);
}

void status_text(const struct gateway *gateway, enum health health, const struct problems *problems,
		 FILE *out)
{
	put_daemon(gateway, out);
	put_queues(gateway, out);
	put_rules(gateway, out);
	put_policy(gateway, out);
	put_fetched(&gateway->fetched, out);
	if (gateway->has_state) {
		put_names(&gateway->state, out);
		put_coverage(&gateway->state, out);
	}
	fprintf(out, "health      %s\n", health_text(health));
	for (size_t i = 0; i < problems->count; i++) {
		fprintf(out, "  - %s\n", problems->texts[i]);
	}
}
