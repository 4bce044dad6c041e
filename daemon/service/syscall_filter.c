/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/service/syscall_filter.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "daemon/process/sanitizer.h"

/* Making the filter takes milliseconds. */
#define MAKING_SECONDS 5

/* By the names of all machines: libseccomp leaves out what the one at hand does not have. */
static const int allowed[] = {
    /* packets and verdicts; answers; systemd */
    SCMP_SYS(recvmmsg),
    SCMP_SYS(recvmsg),
    SCMP_SYS(recvfrom),
    SCMP_SYS(sendto),
    SCMP_SYS(sendmsg),
    SCMP_SYS(sendmmsg),
    SCMP_SYS(getsockopt),
    SCMP_SYS(setsockopt),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    /* the gateway's page, metrics */
    SCMP_SYS(accept),
    SCMP_SYS(accept4),
    SCMP_SYS(shutdown),
    /* memory, and the machine code of a new policy's patterns */
    SCMP_SYS(brk),
    SCMP_SYS(mmap),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(mprotect),
    SCMP_SYS(madvise),
    /* files: a new policy, the event log */
    SCMP_SYS(open),
    SCMP_SYS(openat),
    SCMP_SYS(close),
    SCMP_SYS(read),
    SCMP_SYS(pread64),
    SCMP_SYS(pwrite64),
    SCMP_SYS(readv),
    SCMP_SYS(write),
    SCMP_SYS(writev),
    SCMP_SYS(lseek),
    SCMP_SYS(stat),
    SCMP_SYS(fstat),
    SCMP_SYS(lstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(statx),
    SCMP_SYS(access),
    SCMP_SYS(faccessat),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(getdents64),
    SCMP_SYS(fcntl),
    SCMP_SYS(ioctl),
    SCMP_SYS(fsync),
    SCMP_SYS(fdatasync),
    SCMP_SYS(ftruncate),
    SCMP_SYS(rename),
    SCMP_SYS(renameat),
    SCMP_SYS(renameat2),
    SCMP_SYS(unlink),
    SCMP_SYS(unlinkat),
    /* threads, signals, time, chance */
    SCMP_SYS(futex),
    SCMP_SYS(sched_yield),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(rt_sigtimedwait),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(nanosleep),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(getrandom),
    /* who am I; the end */
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(getuid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),
    SCMP_SYS(getegid),
    SCMP_SYS(tgkill),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    /* what machines of 32 bits have in the place of some of these */
    SCMP_SYS(recvmmsg_time64),
    SCMP_SYS(ppoll_time64),
    SCMP_SYS(mmap2),
    SCMP_SYS(_llseek),
    SCMP_SYS(stat64),
    SCMP_SYS(fstat64),
    SCMP_SYS(lstat64),
    SCMP_SYS(fstatat64),
    SCMP_SYS(fcntl64),
    SCMP_SYS(ftruncate64),
    SCMP_SYS(futex_time64),
    SCMP_SYS(sigreturn),
    SCMP_SYS(rt_sigtimedwait_time64),
    SCMP_SYS(clock_gettime64),
    SCMP_SYS(clock_nanosleep_time64),
    SCMP_SYS(getuid32),
    SCMP_SYS(geteuid32),
    SCMP_SYS(getgid32),
    SCMP_SYS(getegid32),
    /* where machine code that was just written must be made known */
    SCMP_SYS(cacheflush),
    SCMP_SYS(riscv_flush_icache),
#if WITH_SANITIZER
    /* the sanitizers' own, which look for leaks at the end */
    SCMP_SYS(clone),
    SCMP_SYS(prctl),
    SCMP_SYS(prlimit64),
    SCMP_SYS(ptrace),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(wait4),
#endif
};

/* \returns 0, or a negative errno. */
static int allow(scmp_filter_ctx filter, const int *calls, size_t count)
{
	int result = 0;
	for (size_t i = 0; result == 0 && i < count; i++) {
		result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
	}
	return result;
}

/* Calls that are allowed with one first argument only. */
static const struct {
	int call;
	scmp_datum_t argument;
} allowed_with[] = {
    {SCMP_SYS(socket), AF_UNIX},
    /* libmicrohttpd's thread, by the kernel's call since version 1.0 */
    {SCMP_SYS(prctl), PR_SET_NAME},
};

/* \returns 0, or a negative errno. */
static int add_rules(scmp_filter_ctx filter)
{
	int result = allow(filter, allowed, sizeof allowed / sizeof allowed[0]);
	for (size_t i = 0; result == 0 && i < sizeof allowed_with / sizeof allowed_with[0]; i++) {
		const struct scmp_arg_cmp is_it = {
		    .arg = 0, .op = SCMP_CMP_EQ, .datum_a = allowed_with[i].argument};
		result =
		    seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, allowed_with[i].call, 1, &is_it);
	}
	return result;
}

/* What the kernel runs for each call. */
struct program {
	struct sock_filter code[BPF_MAXINSNS];
	size_t octets;
};

/* \returns 0, or a negative errno. */
static int write_program(scmp_filter_ctx filter, int file, struct program *out)
{
	const int result = add_rules(filter);
	if (result != 0) {
		return result;
	}
	const int exported = seccomp_export_bpf(filter, file);
	if (exported != 0) {
		return exported;
	}
	const ssize_t octets = pread(file, out->code, sizeof out->code, 0);
	if (octets < 0) {
		return -errno;
	}
	out->octets = (size_t)octets;
	return 0;
}

/* \returns 0, or a negative errno. */
static int make_program(struct program *out)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	if (filter == NULL) {
		return -ENOMEM;
	}
	const int file = memfd_create("truegate-filter", MFD_CLOEXEC);
	const int result = file < 0 ? -errno : write_program(filter, file, out);
	if (file >= 0) {
		close(file);
	}
	seccomp_release(filter);
	return result;
}

static bool is_same(const struct program *a, const struct program *b)
{
	return a->octets == b->octets && memcmp(a->code, b->code, a->octets) == 0;
}

/* \returns 0, or a negative errno. */
static int bind_threads(struct program *program)
{
	const struct sock_fprog whole = {
	    .len = (unsigned short)(program->octets / sizeof program->code[0]),
	    .filter = program->code,
	};
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
		return -errno;
	}
	const long result =
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &whole);
	/* Of a thread that cannot be bound it tells the number. */
	return result < 0 ? -errno : result > 0 ? -ESRCH : 0;
}

/*
 * libseccomp (2.5) does not always look whether it got memory: it then makes a program that lacks
 * calls, and a daemon without recvmmsg() or write() holds up the traffic without a word. So the
 * program is made twice, and put in force when both came out alike. Or it goes round for ever: an
 * alarm ends the daemon then, with its last words.
 */
static int apply(void)
{
	static struct program program, again;
	alarm(MAKING_SECONDS);
	int result = make_program(&program);
	if (result == 0) {
		result = make_program(&again);
	}
	alarm(0);
	if (result == 0 && !is_same(&program, &again)) {
		result = -ENOMEM;
	}
	return result == 0 ? bind_threads(&program) : result;
}

bool syscall_filter_apply(char *error, size_t error_size)
{
	const int result = apply();
	if (result != 0) {
		snprintf(error, error_size,
			 "cannot restrict system calls: %s; the kernel needs "
			 "CONFIG_SECCOMP_FILTER",
			 strerror(-result));
	}
	return result == 0;
}
