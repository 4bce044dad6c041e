/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file by which the daemon says what is in force: what one side writes, and what else may be in
 * it. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/store/status_file.h"

#include "daemon/store/reload_request.h"

static char path[64];

/* What a daemon that is told to load anew says. */
struct answer {
	uint32_t before; /* says first that this version was loaded; 0: no */
	uint32_t version;
	const char *refusal;
	bool silent;
};

/* A daemon that answers each SIGHUP so, until it is ended. \returns its number. */
static pid_t start_daemon(struct answer answer)
{
	int ready[2];
	assert_int_equal(pipe(ready), 0);
	const pid_t child = fork();
	assert_true(child >= 0);
	if (child > 0) {
		char octet;
		close(ready[1]);
		assert_int_equal(read(ready[0], &octet, 1), 1);
		close(ready[0]);
		return child;
	}
	char error[256];
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigset_t signals;
	int number;
	sigemptyset(&signals);
	sigaddset(&signals, SIGHUP);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	struct status_file *file = status_file_open(path, error, sizeof error);
	if (file == NULL || write(ready[1], "", 1) != 1) {
		_exit(1);
	}
	for (;;) {
		sigwait(&signals, &number);
		if (answer.before > 0) {
			status_file_write(file, answer.before, NULL);
			nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
		}
		if (!answer.silent) {
			status_file_write(file, answer.version, answer.refusal);
		}
	}
}

static void end_daemon(pid_t daemon)
{
	kill(daemon, SIGKILL);
	assert_int_equal(waitpid(daemon, NULL, 0), daemon);
}

/* Tells it to load version 7. */
static enum reload ask(char why[256])
{
	why[0] = '\0';
	return reload_request(path, 1, 7, why, 256);
}

static void test_no_daemon(void **state)
{
	(void)state;
	char why[256];
	unlink(path);
	assert_int_equal(ask(why), RELOAD_NO_DAEMON);
	const pid_t daemon = start_daemon((struct answer){.version = 7});
	end_daemon(daemon);
	assert_int_equal(ask(why), RELOAD_NO_DAEMON); /* the file is there still */
}

static void test_loaded(void **state)
{
	(void)state;
	char why[256];
	const pid_t daemon = start_daemon((struct answer){.version = 7});
	for (int i = 0; i < 3; i++) {
		assert_int_equal(ask(why), RELOAD_DONE);
	}
	end_daemon(daemon);
}

static void test_refused(void **state)
{
	(void)state;
	char why[256];
	char lengthy[4096];
	memset(lengthy, 'x', sizeof lengthy - 1);
	lengthy[sizeof lengthy - 1] = '\0';
	pid_t daemon =
	    start_daemon((struct answer){.version = 6, .refusal = "policy.conf:3: no such thing"});
	assert_int_equal(ask(why), RELOAD_REFUSED);
	assert_string_equal(why, "policy.conf:3: no such thing");
	end_daemon(daemon);
	daemon = start_daemon((struct answer){.version = 6, .refusal = lengthy});
	assert_int_equal(ask(why), RELOAD_REFUSED);
	assert_int_equal(strlen(why), 255);
	end_daemon(daemon);
}

static void test_silent(void **state)
{
	(void)state;
	char why[256];
	const pid_t daemon = start_daemon((struct answer){.silent = true});
	assert_int_equal(ask(why), RELOAD_SILENT);
	assert_string_equal(why, "it said nothing for 1 seconds");
	end_daemon(daemon);
}

/* A daemon that was loading already, as logrotate has it do, first says what came of that. */
static void test_loading_already(void **state)
{
	(void)state;
	char why[256];
	pid_t daemon = start_daemon((struct answer){.before = 6, .version = 7});
	assert_int_equal(ask(why), RELOAD_DONE);
	end_daemon(daemon);
	daemon = start_daemon((struct answer){.before = 6, .silent = true});
	assert_int_equal(ask(why), RELOAD_REFUSED);
	assert_string_equal(why, "it has loaded version 6 instead");
	end_daemon(daemon);
}

static void test_rubbish(void **state)
{
	(void)state;
	char why[256];
	char octets[4096];
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	memset(octets, 0xff, sizeof octets);
	assert_int_equal(fwrite(octets, 1, sizeof octets, file), sizeof octets);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(ask(why), RELOAD_NO_DAEMON);
	const pid_t daemon = start_daemon((struct answer){.version = 7});
	assert_int_equal(ask(why), RELOAD_DONE);
	end_daemon(daemon);
}

static void test_held(void **state)
{
	(void)state;
	char error[256] = "";
	const pid_t daemon = start_daemon((struct answer){.version = 7});
	assert_null(status_file_open(path, error, sizeof error));
	assert_non_null(strstr(error, "another truegate holds it"));
	end_daemon(daemon);
	assert_null(status_file_open("/nonexistent/status", error, sizeof error));
	assert_non_null(strstr(error, "No such file"));
	status_file_write(NULL, 1, NULL);
	status_file_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_no_daemon),       cmocka_unit_test(test_loaded),
	    cmocka_unit_test(test_refused),         cmocka_unit_test(test_silent),
	    cmocka_unit_test(test_rubbish),         cmocka_unit_test(test_held),
	    cmocka_unit_test(test_loading_already),
	};
	snprintf(path, sizeof path, "/tmp/truegate-status.%d", (int)getpid());
	const int failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	return failed;
}
