/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Preloaded into a program, lets one of its allocations fail. Which one stands in a file that the
 * test maps as well (FAIL_CONTROL): three numbers of 64 bits, how many there were so far, which one
 * is to fail (0: none), and a round. A failed allocation returns NULL with ENOMEM, once.
 *
 * Of allocations that are asked for in the same way, by the same calls, the first of a round alone
 * counts: a table of 100,000 entries is one thing that can fail.
 */
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

#define CALLS 10    /* that tell two allocations apart */
#define SITES 16384 /* a power of two; when they are full, each further one counts */

struct control {
	_Atomic uint64_t count;
	_Atomic uint64_t fails;
	_Atomic uint64_t round;
};

static struct control *control;
static atomic_flag lock = ATOMIC_FLAG_INIT;
static uint64_t sites[SITES]; /* hashes of this round */
static uint64_t round_of_sites;
static _Thread_local bool inside; /* what backtrace() itself takes does not count */

__attribute__((constructor)) static void begin(void)
{
	/* It loads what it needs on its first call, and seccomp may forbid that later. */
	void *calls[CALLS];
	inside = true;
	backtrace(calls, CALLS);
	inside = false;
	const char *path = getenv("FAIL_CONTROL");
	const int file = path != NULL ? open(path, O_RDWR | O_CLOEXEC) : -1;
	if (file < 0) {
		return;
	}
	void *mapped = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	close(file);
	if (mapped != MAP_FAILED) {
		control = mapped;
	}
}

/* \returns whether no allocation of this round was asked for by the same calls. */
static bool is_new(void)
{
	void *calls[CALLS];
	inside = true;
	const int depth = backtrace(calls, CALLS);
	inside = false;
	uint64_t hash = 1469598103934665603U; /* FNV-1a's basis and prime, over addresses */
	for (int i = 0; i < depth; i++) {
		hash = (hash ^ (uintptr_t)calls[i]) * 1099511628211U;
	}
	hash |= 1; /* 0 is an empty place */

	while (atomic_flag_test_and_set_explicit(&lock, memory_order_acquire)) {
	}
	if (round_of_sites != control->round) {
		round_of_sites = control->round;
		for (size_t i = 0; i < SITES; i++) {
			sites[i] = 0;
		}
	}
	size_t place = (hash >> 20) % SITES;
	size_t tried = 0;
	while (tried < SITES && sites[place] != 0 && sites[place] != hash) {
		place = (place + 1) % SITES;
		tried++;
	}
	const bool known = tried < SITES && sites[place] == hash;
	if (tried < SITES) {
		sites[place] = hash;
	}
	atomic_flag_clear_explicit(&lock, memory_order_release);
	return !known;
}

static bool fails(void)
{
	if (control == NULL || inside || !is_new() ||
	    atomic_fetch_add(&control->count, 1) + 1 != control->fails) {
		return false;
	}
	errno = ENOMEM;
	return true;
}

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return fails() ? NULL : __libc_realloc(old, size);
}

void *reallocarray(void *old, size_t count, size_t size)
{
	size_t octets = 0;
	if (__builtin_mul_overflow(count, size, &octets)) {
		errno = ENOMEM;
		return NULL;
	}
	return realloc(old, octets);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return fails() ? NULL : __libc_memalign(alignment, size);
}

void *memalign(size_t alignment, size_t size)
{
	return aligned_alloc(alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
	void *memory = aligned_alloc(alignment, size);
	if (memory == NULL) {
		return ENOMEM;
	}
	*out = memory;
	return 0;
}
