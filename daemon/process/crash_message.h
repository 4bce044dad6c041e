/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is said when the program ends before its time: by a fault, of its own or of a library that
 * does not look whether it got the memory it asked for, or by a library that calls exit() then.
 */
#ifndef DAEMON_PROCESS_CRASH_MESSAGE_H
#define DAEMON_PROCESS_CRASH_MESSAGE_H

/*
 * From now on SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT and SIGALRM write one line on standard error
 * before they end the program as they would have; so does exit(). The line is fixed text: nothing
 * of what the program held is in it. Under a sanitizer, which has more to say, nothing is done.
 */
void crash_message_prepare(void);

/* The program ends as it means to: exit() says nothing any more. */
void crash_message_disarm(void);

#endif
