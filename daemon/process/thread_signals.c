/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/process/thread_signals.h"

#include <stddef.h>

/* Those that crash_message.c handles. */
static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

void thread_signals_hold(sigset_t *before)
{
	sigset_t held;

	sigfillset(&held);
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		sigdelset(&held, faults[i]);
	}
	pthread_sigmask(SIG_SETMASK, &held, before);
}

void thread_signals_restore(const sigset_t *before)
{
	pthread_sigmask(SIG_SETMASK, before, NULL);
}
