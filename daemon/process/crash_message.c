/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/process/crash_message.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/process/sanitizer.h"

#if WITH_SANITIZER

void crash_message_prepare(void)
{
}

void crash_message_disarm(void)
{
}

#else

struct ending {
	int number;
	const char *text;
};

#define ADVICE                                                                                     \
	". If the machine ran out of memory, give it more, or lower `limits` in truegate.conf; "   \
	"otherwise this is a bug of Truegate, please report it\n"
#define ENDED(NAME) "truegate: crashed (" NAME ")" ADVICE

static const struct ending endings[] = {
    {SIGSEGV, ENDED("SIGSEGV")}, {SIGBUS, ENDED("SIGBUS")},   {SIGFPE, ENDED("SIGFPE")},
    {SIGILL, ENDED("SIGILL")},   {SIGABRT, ENDED("SIGABRT")}, {SIGALRM, ENDED("SIGALRM")},
};
#define ENDINGS (sizeof endings / sizeof endings[0])

/* Calls only what is async-signal-safe (signal-safety(7)). The signal has its default action
 * again: raised once more, for it may have been sent, it ends the program when this returns. */
static void tell(int number)
{
	for (size_t i = 0; i < ENDINGS; i++) {
		if (endings[i].number == number) {
			(void)!write(STDERR_FILENO, endings[i].text, strlen(endings[i].text));
		}
	}
	raise(number);
}

static bool is_spared;

static void tell_of_exit(void)
{
	static const char text[] = "truegate: ended by a library, which may have said why" ADVICE;
	if (!is_spared) {
		(void)!write(STDERR_FILENO, text, strlen(text));
	}
}

void crash_message_disarm(void)
{
	is_spared = true;
}

void crash_message_prepare(void)
{
	atexit(tell_of_exit);
	/* The main thread's own stack may be what is full. */
	static char stack[16384];
	const stack_t other = {.ss_sp = stack, .ss_size = sizeof stack};
	sigaltstack(&other, NULL);
	struct sigaction action = {.sa_handler = tell,
				   .sa_flags = (int)(SA_RESETHAND | SA_ONSTACK)};
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < ENDINGS; i++) {
		sigaction(endings[i].number, &action, NULL);
	}
}

#endif
