/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signals are the main thread's: those that ask something of the daemon are waited for there. A
 * thread that is started beside it begins with them held back.
 */
#ifndef DAEMON_PROCESS_THREAD_SIGNALS_H
#define DAEMON_PROCESS_THREAD_SIGNALS_H

#include <signal.h>

/*
 * Around pthread_create(), which hands the caller's mask down: holds every signal back but those of
 * a fault. A fault that finds its signal held back ends the program at once, without its last words
 * (crash_message.h).
 *
 * \param before  gets what thread_signals_restore() restores.
 */
void thread_signals_hold(sigset_t *before);
void thread_signals_restore(const sigset_t *before);

#endif
