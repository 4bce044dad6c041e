/*
 * Preloaded into a program, lets one of its allocations fail. Which one stands in a file that the
 * test maps as well (FAIL_CONTROL): two numbers of 64 bits, how many there were so far and which
 * one is to fail (0: none). A failed allocation returns NULL with ENOMEM, once.
 */
#include <errno.h>
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

struct control {
	_Atomic uint64_t count;
	_Atomic uint64_t fails;
};

static struct control *control;

__attribute__((constructor)) static void begin(void)
{
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

static bool fails(void)
{
	if (control == NULL || atomic_fetch_add(&control->count, 1) + 1 != control->fails) {
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
