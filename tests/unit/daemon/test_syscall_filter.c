/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the daemon can and cannot do once it serves. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/process/sanitizer.h"
#include "daemon/service/syscall_filter.h"

#if !WITH_SANITIZER
static unsigned fails_after; /* allocations until one fails; 0: none does */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);

static bool fails(void)
{
	return fails_after > 0 && --fails_after == 0;
}

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *block, size_t size)
{
	return fails() ? NULL : __libc_realloc(block, size);
}
#endif

typedef int attempt_fn(void); /* 0, or errno */

/* Tries it in a process of its own. \returns what it gave; -1 when the filter did not come on. */
static int attempt(attempt_fn *try, bool filtered)
{
	const pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		char error[256];
		if (filtered && !syscall_filter_apply(error, sizeof error)) {
			_exit(255);
		}
		_exit(try());
	}
	int status = 0;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status) == 255 ? -1 : WEXITSTATUS(status);
}

static int start_program(void)
{
	char *const arguments[] = {NULL};
	return execve("/nonexistent", arguments, arguments) == 0 ? 0 : errno;
}

static int start_process(void)
{
	const pid_t child = fork();
	if (child == 0) {
		_exit(0);
	}
	return child > 0 ? 0 : errno;
}

static int watch_process(void)
{
	return ptrace(PTRACE_ATTACH, 0, NULL, NULL) == 0 ? 0 : errno;
}

static int make_socket(int family, int type)
{
	const int fd = socket(family, type, 0);
	if (fd < 0) {
		return errno;
	}
	close(fd);
	return 0;
}

static int make_inet(void)
{
	return make_socket(AF_INET, SOCK_STREAM);
}

static int make_inet6(void)
{
	return make_socket(AF_INET6, SOCK_DGRAM);
}

static int make_netlink(void)
{
	return make_socket(AF_NETLINK, SOCK_RAW);
}

static int make_unix(void)
{
	return make_socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC);
}

static int connect_somewhere(void)
{
	struct sockaddr_un nobody = {.sun_family = AF_UNIX, .sun_path = "/nonexistent"};
	const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	return connect(fd, (struct sockaddr *)&nobody, sizeof nobody) == 0 ? 0 : errno;
}

static int read_file(void)
{
	char octets[16];
	const int fd = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
	return fd >= 0 && read(fd, octets, sizeof octets) > 0 && close(fd) == 0 ? 0 : errno;
}

static int take_memory(void)
{
	void *memory = mmap(NULL, 1 << 16, PROT_READ | PROT_WRITE | PROT_EXEC,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return memory != MAP_FAILED && munmap(memory, 1 << 16) == 0 ? 0 : errno;
}

static const struct {
	const char *what;
	attempt_fn *try;
	int without; /* what it gives when there is no filter */
	bool spared; /* the sanitizers need it */
} forbidden[] = {
    {"start a program", start_program, ENOENT, false},
    {"start a process", start_process, 0, true},
    {"watch a process", watch_process, ESRCH, true},
    {"make an IPv4 socket", make_inet, 0, false},
    {"make an IPv6 socket", make_inet6, 0, false},
    {"make a netlink socket", make_netlink, 0, false},
    {"connect", connect_somewhere, ENOENT, false},
};

static void test_forbidden(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof forbidden / sizeof forbidden[0]; i++) {
		print_message("%s\n", forbidden[i].what);
		assert_int_equal(attempt(forbidden[i].try, false), forbidden[i].without);
#if WITH_SANITIZER
		if (forbidden[i].spared) {
			continue;
		}
#endif
		assert_int_equal(attempt(forbidden[i].try, true), EPERM);
	}
}

static void test_allowed(void **state)
{
	(void)state;
	assert_int_equal(attempt(read_file, true), 0);
	assert_int_equal(attempt(take_memory, true), 0);
	assert_int_equal(attempt(make_unix, true), 0);
}

struct other {
	sem_t filtered;
	int result;
};

static void *try_later(void *argument)
{
	struct other *other = argument;
	sem_wait(&other->filtered);
	other->result = make_inet();
	return NULL;
}

static int other_thread(void)
{
	struct other other = {.result = -1};
	pthread_t thread;
	char error[256];
	sem_init(&other.filtered, 0, 0);
	if (pthread_create(&thread, NULL, try_later, &other) != 0 ||
	    !syscall_filter_apply(error, sizeof error)) {
		return 255;
	}
	sem_post(&other.filtered);
	pthread_join(thread, NULL);
	return other.result;
}

/* A thread that ran before the filter came is bound as well. */
static void test_threads(void **state)
{
	(void)state;
	assert_int_equal(attempt(other_thread, false), EPERM);
}

#if !WITH_SANITIZER
enum outcome { REFUSED = 1, WHOLE, LACKING, NOTHING_FAILED };

/* What becomes of the filter when one allocation fails. */
static enum outcome filter_with_short_memory(unsigned number)
{
	char error[256];
	fails_after = number;
	const bool applied = syscall_filter_apply(error, sizeof error);
	if (fails_after > 0) {
		return NOTHING_FAILED;
	}
	if (!applied) {
		return REFUSED;
	}
	/* Of each kind one; without a right descriptor they do nothing. */
	(void)!write(-1, "", 0);
	bool whole = errno == EBADF;
	recvmmsg(-1, NULL, 0, 0, NULL);
	whole = whole && errno == EBADF;
	sendmsg(-1, NULL, 0);
	whole = whole && errno == EBADF;
	accept4(-1, NULL, NULL, 0);
	whole = whole && errno == EBADF;
	return whole && read_file() == 0 && take_memory() == 0 && make_unix() == 0 &&
		       make_inet() == EPERM
		   ? WHOLE
		   : LACKING;
}
#endif

/* libseccomp does not always look whether it got memory. That it crashes then, or goes round for
 * ever, cannot be helped; that a filter comes on which lacks a part must not be. */
static void test_short_memory(void **state)
{
	(void)state;
#if !WITH_SANITIZER
	int outcomes[NOTHING_FAILED + 1] = {0};
	/* Every third is enough to meet each part of it. */
	for (unsigned number = 1; outcomes[NOTHING_FAILED] == 0; number += 3) {
		assert_true(number < 100000);
		const pid_t child = fork();
		assert_true(child >= 0);
		if (child == 0) {
			const struct itimerval limit = {.it_value = {.tv_usec = 50000}};
			setitimer(ITIMER_PROF, &limit, NULL);
			signal(SIGSEGV, SIG_DFL); /* cmocka would go on with the other tests */
			_exit((int)filter_with_short_memory(number));
		}
		int status = 0;
		assert_int_equal(waitpid(child, &status, 0), child);
		if (WIFEXITED(status)) {
			assert_in_range(WEXITSTATUS(status), REFUSED, NOTHING_FAILED);
			outcomes[WEXITSTATUS(status)]++;
		}
	}
	print_message("%d whole, %d refused, %d lacking\n", outcomes[WHOLE], outcomes[REFUSED],
		      outcomes[LACKING]);
	assert_int_equal(outcomes[LACKING], 0);
	assert_true(outcomes[REFUSED] > 0);
#else
	print_message("SKIPPED: a sanitizer's heap does not fail\n");
	skip();
#endif
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_forbidden),
	    cmocka_unit_test(test_allowed),
	    cmocka_unit_test(test_threads),
	    cmocka_unit_test(test_short_memory),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
