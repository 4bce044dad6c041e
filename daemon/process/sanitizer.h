/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether the program is built with AddressSanitizer or ThreadSanitizer, which bring a heap, system
 * calls and last words of their own: WITH_SANITIZER is 1 or 0. GCC and Clang say it differently.
 */
#ifndef DAEMON_PROCESS_SANITIZER_H
#define DAEMON_PROCESS_SANITIZER_H

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define WITH_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define WITH_SANITIZER 1
#endif
#endif
#ifndef WITH_SANITIZER
#define WITH_SANITIZER 0
#endif

#endif
