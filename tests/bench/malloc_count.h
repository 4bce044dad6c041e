/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counts what a program takes from the heap. Linked into a program (or preloaded), malloc_count.c
 * stands in for malloc and its kin, on top of the C library's own. Under a sanitizer, which
 * does the same, nothing is counted.
 */
#ifndef BENCH_MALLOC_COUNT_H
#define BENCH_MALLOC_COUNT_H

#include <stdint.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MALLOC_COUNTED 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define MALLOC_COUNTED 0
#endif
#endif
#ifndef MALLOC_COUNTED
#define MALLOC_COUNTED 1
#endif

#if MALLOC_COUNTED
/* Calls so far that asked for memory: malloc, calloc, realloc, aligned_alloc, posix_memalign. */
uint64_t malloc_count(void);
#else
static inline uint64_t malloc_count(void)
{
	return 0;
}
#endif

#endif
