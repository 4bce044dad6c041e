/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The heap of a test program, watched: how much is taken, and whether any block holds, or held when
 * it was freed, octets that must not be there. Include it in one source file of the program: it
 * defines malloc and its kin. HEAP_WATCHED is 0 in sanitizer builds, which have a heap of their
 * own.
 */
#ifndef TESTS_UNIT_DPI_HEAP_H
#define TESTS_UNIT_DPI_HEAP_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HEAP_WATCHED 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HEAP_WATCHED 0
#endif
#endif
#ifndef HEAP_WATCHED
#define HEAP_WATCHED 1
#endif

#if HEAP_WATCHED

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *block);

#define HEAP_SLOTS ((size_t)1 << 20) /* more than any test holds */

static struct {
	struct {
		void *block; /* NULL: never used; heap_gone: freed */
		size_t size;
	} slots[HEAP_SLOTS];
	size_t slots_used; /* freed ones too */
	uint64_t taken;    /* calls that took a block */
	size_t octets;     /* in blocks now */
	const char *const *secrets;
	size_t secret_count;
	uint64_t leaks; /* freed blocks that held a secret */
} heap;

static char heap_gone;

static size_t heap_slot(const void *block)
{
	size_t slot = (uintptr_t)block / 16 * 0x9e3779b97f4a7c15U >> 44;
	while (heap.slots[slot].block != NULL && heap.slots[slot].block != block) {
		slot = (slot + 1) % HEAP_SLOTS;
	}
	return slot;
}

static void *heap_note(void *block, size_t size)
{
	if (block == NULL) {
		return NULL;
	}
	/* A slot of this very address may be there from before it was freed. */
	size_t slot = (uintptr_t)block / 16 * 0x9e3779b97f4a7c15U >> 44;
	while (heap.slots[slot].block != NULL && heap.slots[slot].block != &heap_gone) {
		slot = (slot + 1) % HEAP_SLOTS;
	}
	if (heap.slots[slot].block == NULL && ++heap.slots_used > HEAP_SLOTS / 8 * 7) {
		abort();
	}
	heap.slots[slot].block = block;
	heap.slots[slot].size = size;
	heap.taken++;
	heap.octets += size;
	return block;
}

static bool heap_block_has_secret(const void *block, size_t size)
{
	for (size_t i = 0; i < heap.secret_count; i++) {
		if (memmem(block, size, heap.secrets[i], strlen(heap.secrets[i])) != NULL) {
			return true;
		}
	}
	return false;
}

void *malloc(size_t size)
{
	return heap_note(__libc_malloc(size), size);
}

void *calloc(size_t count, size_t size)
{
	return heap_note(__libc_calloc(count, size), count * size);
}

void free(void *block)
{
	if (block == NULL) {
		return;
	}
	size_t slot = heap_slot(block);
	if (heap.slots[slot].block == block) {
		heap.leaks += heap_block_has_secret(block, heap.slots[slot].size);
		heap.octets -= heap.slots[slot].size;
		heap.slots[slot].block = &heap_gone;
	}
	__libc_free(block);
}

void *realloc(void *block, size_t size)
{
	void *moved = malloc(size);
	if (moved == NULL || block == NULL) {
		return moved;
	}
	size_t slot = heap_slot(block);
	if (heap.slots[slot].block != block) {
		abort();
	}
	size_t old = heap.slots[slot].size;
	memcpy(moved, block, old < size ? old : size);
	free(block);
	return moved;
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return heap_note(__libc_memalign(alignment, size), size);
}

int posix_memalign(void **block, size_t alignment, size_t size)
{
	*block = heap_note(__libc_memalign(alignment, size), size);
	return *block == NULL ? ENOMEM : 0;
}

/* Blocks that hold a secret now. */
static inline size_t heap_secrets_held(void)
{
	size_t held = 0;
	for (size_t i = 0; i < HEAP_SLOTS; i++) {
		if (heap.slots[i].block != NULL && heap.slots[i].block != &heap_gone) {
			held += heap_block_has_secret(heap.slots[i].block, heap.slots[i].size);
		}
	}
	return held;
}

#endif
#endif
