/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/malloc_count.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

/* The C library's names for its own, which is why they and their parameters are named so. */
/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

static atomic_uint_fast64_t calls;

static void count(void)
{
	atomic_fetch_add_explicit(&calls, 1, memory_order_relaxed);
}

uint64_t malloc_count(void)
{
	return atomic_load_explicit(&calls, memory_order_relaxed);
}

/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): stdlib.h's begin with __ */
void *malloc(size_t size)
{
	count();
	return __libc_malloc(size);
}

void *calloc(size_t items, size_t size)
{
	count();
	return __libc_calloc(items, size);
}

void *realloc(void *old, size_t size)
{
	count();
	return __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	count();
	return __libc_memalign(alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
	count();
	void *octets = __libc_memalign(alignment, size);
	if (octets == NULL) {
		return ENOMEM;
	}
	*out = octets;
	return 0;
}
/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
