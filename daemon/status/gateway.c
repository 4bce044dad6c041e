/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/status/gateway.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "daemon/store/status_file.h"
#include "daemon/text/safe_text.h"

/* Reads a sysctl that is 0 or 1. */
static int read_switch(const char *path)
{
	FILE *file = fopen(path, "re");
	if (file == NULL) {
		return -1;
	}
	const int first = fgetc(file);

	fclose(file);
	return first == '0' || first == '1' ? first - '0' : -1;
}

static void look_at_daemon(const char *path, struct gateway *out)
{
	struct status_look look;
	struct timespec now;

	if (!status_file_look(path, &look)) {
		return;
	}
	out->running = true;
	out->pid = look.pid;
	out->version = look.version;
	safe_text(look.refusal, strlen(look.refusal), out->refusal, sizeof(out->refusal));
	out->has_state = daemon_state_read(look.state, &out->state);
	clock_gettime(CLOCK_BOOTTIME, &now);
	if (out->has_state && (uint64_t)now.tv_sec > out->state.written_s) {
		out->age_s = (uint64_t)now.tv_sec - out->state.written_s;
	}
}

/* Makes a text fit to show, in place; its lines stay lines. */
static void make_safe(char *text, size_t size)
{
	char *copy = strdup(text);
	size_t len = 0;

	text[0] = '\0';
	if (copy == NULL) {
		return;
	}
	for (char *rest = copy, *line; len + 1 < size && (line = strsep(&rest, "\n")) != NULL;) {
		len += safe_text(line, strlen(line), text + len, size - len);
		if (rest != NULL && len + 1 < size) {
			text[len++] = '\n';
			text[len] = '\0';
		}
	}
	free(copy);
}

static void look_at_fetched(const char *store, struct fetched *out)
{
	if (fetched_read(store, out)) {
		make_safe(out->url, sizeof(out->url));
		make_safe(out->error, sizeof(out->error));
		make_safe(out->changes, sizeof(out->changes));
	}
}

void gateway_look(const struct config *config, const char *rules_command, struct gateway *out)
{
	FILE *queues = fopen(QUEUE_TABLE_PATH, "re");

	*out = (struct gateway){.queues_wanted = config->queue.count};
	look_at_daemon(config->status, out);
	look_at_fetched(config->policy_store, &out->fetched);
	if (queues != NULL) {
		queue_table_read(queues, config->queue.first, config->queue.count, &out->queues);
		out->has_queues = true;
		fclose(queues);
	}
	rules_state_ask(rules_command, &out->rules);
	out->forwards_ipv4 = read_switch("/proc/sys/net/ipv4/ip_forward");
	out->forwards_ipv6 = read_switch("/proc/sys/net/ipv6/conf/all/forwarding");
}
