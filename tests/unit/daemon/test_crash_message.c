/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said of a fault, whichever thread it befalls. */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/process/crash_message.h"
#include "daemon/process/sanitizer.h"
#include "daemon/process/thread_signals.h"

#if WITH_SANITIZER

static void test_faults(void **state)
{
	(void)state;
	print_message("SKIPPED: a sanitizer has the last word\n");
	skip();
}

static void test_exits(void **state)
{
	test_faults(state);
}

#else

static int *volatile nowhere;

static void *touch_nowhere(void *unused)
{
	(void)unused;
	*(volatile int *)nowhere = 1;
	return NULL;
}

static void fault(void)
{
	(void)touch_nowhere(NULL);
}

static void fault_in_a_thread(void)
{
	sigset_t before;
	pthread_t thread;

	thread_signals_hold(&before);
	if (pthread_create(&thread, NULL, touch_nowhere, NULL) == 0) {
		pthread_join(thread, NULL);
	}
}

__attribute__((noinline)) static uint32_t go_deeper(uint32_t depth)
{
	volatile uint8_t room[4096];

	room[depth % sizeof(room)] = (uint8_t)depth;
	return depth == UINT32_MAX ? room[0] : go_deeper(depth + 1) + room[depth % sizeof(room)];
}

static void fill_the_stack(void)
{
	const struct rlimit small = {1 << 20, 1 << 20};

	setrlimit(RLIMIT_STACK, &small);
	_exit((int)go_deeper(0) == 1);
}

static void leave_as_a_library(void)
{
	exit(2);
}

static void leave(void)
{
	crash_message_disarm();
	exit(0);
}

/* Lets a process of its own end so. \returns the signal that ended it, 0 for none. */
static int end_of(void (*end)(void), char *said, size_t said_size)
{
	int pipe_ends[2];

	assert_int_equal(pipe(pipe_ends), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		const struct rlimit none = {0, 0};

		setrlimit(RLIMIT_CORE, &none);
		dup2(pipe_ends[1], STDERR_FILENO);
		crash_message_prepare();
		end();
		_exit(0);
	}
	close(pipe_ends[1]);

	size_t len = 0;
	ssize_t got = 0;

	while ((got = read(pipe_ends[0], said + len, said_size - 1 - len)) > 0) {
		len += (size_t)got;
	}
	said[len] = '\0';
	close(pipe_ends[0]);

	int status = 0;

	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void test_faults(void **state)
{
	(void)state;
	static void (*const ends[])(void) = {fault, fault_in_a_thread, fill_the_stack};
	char said[1024];

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		assert_int_equal(end_of(ends[i], said, sizeof(said)), SIGSEGV);
		assert_non_null(strstr(said, "truegate: crashed (SIGSEGV)"));
		assert_ptr_equal(strchr(said, '\n'), said + strlen(said) - 1);
	}
}

static void test_exits(void **state)
{
	(void)state;
	char said[1024];

	assert_int_equal(end_of(leave_as_a_library, said, sizeof(said)), 0);
	assert_non_null(strstr(said, "truegate: ended by a library"));
	assert_int_equal(end_of(leave, said, sizeof(said)), 0);
	assert_string_equal(said, "");
}

#endif

/* Those that ask the daemon for something stay with the main thread. */
static void test_held_signals(void **state)
{
	(void)state;
	static const int held[] = {SIGHUP, SIGTERM, SIGINT, SIGUSR1, SIGCHLD, SIGALRM};
	static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
	sigset_t before, during, after;

	thread_signals_hold(&before);
	pthread_sigmask(SIG_BLOCK, NULL, &during);
	thread_signals_restore(&before);
	pthread_sigmask(SIG_BLOCK, NULL, &after);
	for (size_t i = 0; i < sizeof(held) / sizeof(held[0]); i++) {
		assert_true(sigismember(&during, held[i]));
		assert_false(sigismember(&after, held[i]));
	}
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		assert_false(sigismember(&during, faults[i]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_faults),
	    cmocka_unit_test(test_exits),
	    cmocka_unit_test(test_held_signals),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
