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
#include <unistd.h>

#include <cmocka.h>

#include "daemon/delivery/status_file.h"

static char path[64];

/* A daemon that answers each SIGHUP as told, until it is ended. \returns its number. */
static pid_t start_daemon(uint32_t version, const char *refusal, bool answers)
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
		if (answers) {
			status_file_write(file, version, refusal);
		}
	}
}

static void end_daemon(pid_t daemon)
{
	kill(daemon, SIGKILL);
	assert_int_equal(waitpid(daemon, NULL, 0), daemon);
}

static enum reload ask(uint32_t *version, char why[256])
{
	*version = 0;
	why[0] = '\0';
	return reload_daemon(path, 1, version, why, 256);
}

static void test_no_daemon(void **state)
{
	(void)state;
	uint32_t version;
	char why[256];
	unlink(path);
	assert_int_equal(ask(&version, why), RELOAD_NO_DAEMON);
	const pid_t daemon = start_daemon(7, NULL, true);
	end_daemon(daemon);
	assert_int_equal(ask(&version, why), RELOAD_NO_DAEMON); /* the file is there still */
}

static void test_loaded(void **state)
{
	(void)state;
	uint32_t version;
	char why[256];
	const pid_t daemon = start_daemon(7, NULL, true);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(ask(&version, why), RELOAD_DONE);
		assert_int_equal(version, 7);
	}
	end_daemon(daemon);
}

static void test_refused(void **state)
{
	(void)state;
	uint32_t version;
	char why[256];
	char lengthy[4096];
	memset(lengthy, 'x', sizeof lengthy - 1);
	lengthy[sizeof lengthy - 1] = '\0';
	pid_t daemon = start_daemon(6, "policy.conf:3: no such thing", true);
	assert_int_equal(ask(&version, why), RELOAD_REFUSED);
	assert_int_equal(version, 6);
	assert_string_equal(why, "policy.conf:3: no such thing");
	end_daemon(daemon);
	daemon = start_daemon(6, lengthy, true);
	assert_int_equal(ask(&version, why), RELOAD_REFUSED);
	assert_int_equal(strlen(why), 255);
	end_daemon(daemon);
}

static void test_silent(void **state)
{
	(void)state;
	uint32_t version;
	char why[256];
	const pid_t daemon = start_daemon(6, NULL, false);
	assert_int_equal(ask(&version, why), RELOAD_SILENT);
	assert_string_equal(why, "it said nothing for 1 seconds");
	end_daemon(daemon);
}

static void test_rubbish(void **state)
{
	(void)state;
	uint32_t version;
	char why[256];
	char octets[4096];
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	memset(octets, 0xff, sizeof octets);
	assert_int_equal(fwrite(octets, 1, sizeof octets, file), sizeof octets);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(ask(&version, why), RELOAD_NO_DAEMON);
	const pid_t daemon = start_daemon(7, NULL, true);
	assert_int_equal(ask(&version, why), RELOAD_DONE);
	end_daemon(daemon);
}

static void test_held(void **state)
{
	(void)state;
	char error[256] = "";
	const pid_t daemon = start_daemon(7, NULL, true);
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
	    cmocka_unit_test(test_no_daemon), cmocka_unit_test(test_loaded),
	    cmocka_unit_test(test_refused),   cmocka_unit_test(test_silent),
	    cmocka_unit_test(test_rubbish),   cmocka_unit_test(test_held),
	};
	snprintf(path, sizeof path, "/tmp/truegate-status.%d", (int)getpid());
	const int failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	return failed;
}
