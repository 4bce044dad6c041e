/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * With malloc_count.c a shared object to preload: when the program ends it writes the count to the
 * file that MALLOC_COUNT_FILE names.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/bench/malloc_count.h"

__attribute__((destructor)) static void report(void)
{
	const char *path = getenv("MALLOC_COUNT_FILE");
	if (path == NULL) {
		return;
	}
	int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (file < 0) {
		return;
	}
	dprintf(file, "%llu\n", (unsigned long long)malloc_count());
	close(file);
}
