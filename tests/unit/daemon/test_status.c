/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `truegate status` reads of the kernel, the rules and the daemon, and what it makes of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/status/status_report.h"
#include "daemon/store/status_file.h"

static void test_queue_table(void **state)
{
	(void)state;
	/* As Linux 6.1 writes it. */
	static char text[] = "   99   4711     1 2 65531     1     1        1  1\n"
			     "  100   4711     3 2 65531     7     2     1000  1\n"
			     "something else\n"
			     "  101  22222     0 2 65531     0     0       34  1\n"
			     "  102   4711     1 2 65531     1     1        1  1\n";
	FILE *from = fmemopen(text, sizeof(text) - 1, "r");
	struct queue_table table;

	queue_table_read(from, 100, 2, &table);
	fclose(from);
	assert_int_equal(table.served, 2);
	assert_int_equal(table.waiting, 3);
	assert_int_equal(table.dropped, 7);
	assert_int_equal(table.user_dropped, 2);
	assert_int_equal(table.packets, 1034);
}

static void test_rules(void **state)
{
	(void)state;
	struct rules_state rules;

	rules_state_parse(
	    "table inet truegate {\n\tchain office {\n"
	    "\t\tiifname { \"eth1\", \"eth1.30\" } meta l4proto { tcp, udp } queue\n"
	    "\t\tiifname { \"eth1\", \"eth1.30\" } meta l4proto tcp ct state invalid\n",
	    &rules);
	assert_string_equal(rules.backend, "nftables");
	assert_string_equal(rules.interfaces, "eth1, eth1.30");
	rules_state_parse("table inet truegate {\n\t\tiifname \"lan\" queue\n", &rules);
	assert_string_equal(rules.interfaces, "lan");
	rules_state_parse(
	    "# iptables\n-A TRUEGATE -i lan -p udp -j NFQUEUE\n# ip6tables\n-A TRUEGATE "
	    "-i lan -p udp -j NFQUEUE\n",
	    &rules);
	assert_string_equal(rules.backend, "iptables, ip6tables");
	assert_string_equal(rules.interfaces, "lan");
	rules_state_parse("iifname {\niifname \"\x1b[2J\"\n -i \n", &rules);
	assert_string_equal(rules.interfaces, "");
	rules_state_ask("echo off; exit 1", &rules);
	assert_int_equal(rules.rules, RULES_OFF);
	rules_state_ask("echo '# iptables'", &rules);
	assert_int_equal(rules.rules, RULES_ON);
	rules_state_ask("exit 2", &rules);
	assert_int_equal(rules.rules, RULES_UNKNOWN);
	rules_state_ask("/nowhere/truegate-rules 2>/dev/null", &rules);
	assert_int_equal(rules.rules, RULES_UNKNOWN);
}

static struct daemon_state a_state(void)
{
	return (struct daemon_state){
	    .started_s = 1795392000,
	    .workers = 2,
	    .packets = 1000,
	    .names = {[VIA_DNS] = 75, [VIA_HTTP] = 25},
	    .seen = {[VIA_DNS] = 70, [VIA_HTTP] = 20},
	    .hidden = {[HIDDEN_DOH] = 7, [HIDDEN_VPN] = 2, [HIDDEN_NAMELESS] = 1},
	    .other = 5,
	    .flows = 200,
	    .flows_released = 20,
	    .sites = 39,
	    .signer = "RWQ0123: office",
	};
}

static void test_state(void **state)
{
	(void)state;
	struct daemon_state in = a_state();
	struct daemon_state out;
	char *text = daemon_state_write(&in);

	assert_non_null(text);
	assert_null(strchr(text, '\n'));
	assert_true(daemon_state_read(text, &out));
	assert_memory_equal(&in, &out, sizeof(in));
	for (size_t len = 0; len < strlen(text); len++) {
		char cut[1024];

		(void)snprintf(cut, sizeof(cut), "%.*s", (int)len, text);
		assert_false(daemon_state_read(cut, &out));
	}
	free(text);
	assert_false(daemon_state_read("{\"signer\":\"\",\"workers\":-1}", &out));
}

/* A daemon that was taken over may write what it likes. */
static void test_a_state_cannot_steer_the_terminal(void **state)
{
	(void)state;
	struct daemon_state in = a_state();
	struct daemon_state out;

	(void)snprintf(in.signer, sizeof(in.signer), "\x1b]0;OWNED\x07");
	char *text = daemon_state_write(&in);

	assert_true(daemon_state_read(text, &out));
	assert_null(strpbrk(out.signer, "\x1b\x07"));
	free(text);
}

static void test_status_file(void **state)
{
	(void)state;
	char path[64];
	char error[256];
	struct status_look look;
	int pipe_ends[2];

	(void)snprintf(path, sizeof(path), "/tmp/test_status.%d", (int)getpid());
	assert_false(status_file_look(path, &look));
	assert_int_equal(pipe(pipe_ends), 0);
	/* The lock is told to others only. */
	pid_t child = fork();

	if (child == 0) {
		struct status_file *file = status_file_open(path, error, sizeof(error));
		char unused;

		status_file_write(file, 7, "policy.conf:1:1: no");
		status_file_put_state(file, "{\"a\":1}");
		close(pipe_ends[1]);
		(void)!read(pipe_ends[0], &unused, 1);
		_exit(0);
	}
	close(pipe_ends[0]);
	for (int i = 0; i < 500 && (!status_file_look(path, &look) || look.state[0] == '\0'); i++) {
		usleep(10000);
	}
	assert_true(status_file_look(path, &look));
	assert_int_equal(look.pid, child);
	assert_int_equal(look.version, 7);
	assert_string_equal(look.refusal, "policy.conf:1:1: no");
	assert_memory_equal(look.state, "{\"a\":1} ", 8);
	close(pipe_ends[1]);
	for (int i = 0; i < 500 && status_file_look(path, &look); i++) {
		usleep(10000);
	}
	assert_false(status_file_look(path, &look));
	unlink(path);
}

static void test_health(void **state)
{
	(void)state;
	struct gateway good = {
	    .running = true,
	    .has_state = true,
	    .state = a_state(),
	    .queues_wanted = 2,
	    .has_queues = true,
	    .queues = {.served = 2, .packets = 10000, .dropped = 1},
	    .rules.rules = RULES_ON,
	    .forwards_ipv4 = 1,
	};
	struct problems problems;
	struct gateway bad;

	assert_int_equal(status_judge(&good, &problems), HEALTH_GOOD);
	assert_int_equal(problems.count, 0);
	bad = good;
	bad.running = false;
	assert_int_equal(status_judge(&bad, &problems), HEALTH_DOWN);
	bad = good;
	snprintf(bad.fetched.error, sizeof(bad.fetched.error), "no such server");
	assert_int_equal(status_judge(&bad, &problems), HEALTH_DEGRADED);
	assert_string_equal(problems.texts[0], "the last fetch of a policy failed: no such server");
	bad = good;
	bad.age_s = STATE_AGE_MAX_S + 1;
	assert_int_equal(status_judge(&bad, &problems), HEALTH_DEGRADED);
	bad = good;
	bad.state.workers_silent = 1;
	assert_int_equal(status_judge(&bad, &problems), HEALTH_DEGRADED);
	bad = good;
	bad.queues.served = 1;
	assert_int_equal(status_judge(&bad, &problems), HEALTH_DEGRADED);
	bad = good;
	bad.queues.dropped = 11;
	assert_int_equal(status_judge(&bad, &problems), HEALTH_DEGRADED);
	bad = good;
	bad.rules.rules = RULES_OFF;
	assert_int_equal(status_judge(&bad, &problems), HEALTH_DEGRADED);
	bad = good;
	bad.forwards_ipv4 = 0;
	assert_int_equal(status_judge(&bad, &problems), HEALTH_DEGRADED);
	bad = good;
	strcpy(bad.refusal, "policy.conf:1:1: no");
	assert_int_equal(status_judge(&bad, &problems), HEALTH_DEGRADED);
	assert_string_equal(problems.texts[0], "the last policy was refused: policy.conf:1:1: no");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_queue_table),
	    cmocka_unit_test(test_rules),
	    cmocka_unit_test(test_state),
	    cmocka_unit_test(test_a_state_cannot_steer_the_terminal),
	    cmocka_unit_test(test_status_file),
	    cmocka_unit_test(test_health),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
