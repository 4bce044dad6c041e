/* What the daemon can and cannot do once it serves. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/live/syscall_filter.h"
#include "daemon/sanitizer.h"

typedef int attempt_fn(void); /* 0, or errno */

/* Tries it in a process of its own. \returns what it gave; -1 when the filter did not come on. */
static int attempt(attempt_fn *try, bool filtered)
{
	const pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		char error[256];
		if (filtered && !syscall_filter_apply(false, error, sizeof error)) {
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
	    !syscall_filter_apply(false, error, sizeof error)) {
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

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_forbidden),
	    cmocka_unit_test(test_allowed),
	    cmocka_unit_test(test_threads),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
