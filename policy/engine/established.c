/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/engine/established.h"

#include <assert.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium/crypto_shorthash.h>

static_assert(ESTABLISHED_KEY_LEN == crypto_shorthash_KEYBYTES, "the key is one of SipHash");
static_assert(ESTABLISHED_HASH_LEN == crypto_shorthash_BYTES, "the hash is one of SipHash");

#define MENDED "import the list again, or remove the file"

struct established {
	unsigned char key[ESTABLISHED_KEY_LEN];
	size_t count;
	uint64_t hashes[]; /* ascending */
};

uint64_t established_hash(const unsigned char key[ESTABLISHED_KEY_LEN], const char *domain,
			  size_t len)
{
	uint64_t hash;

	crypto_shorthash((unsigned char *)&hash, (const unsigned char *)domain, len, key);
	return le64toh(hash);
}

/* \returns false with errno set, 0 for a file that ends too early. */
static bool read_whole(int file, void *out, size_t len)
{
	size_t got = 0;

	while (got < len) {
		const ssize_t more = read(file, (char *)out + got, len - got);

		if (more < 0 && errno == EINTR) {
			continue;
		}
		if (more <= 0) {
			errno = more == 0 ? 0 : errno;
			return false;
		}
		got += (size_t)more;
	}
	return true;
}

/* Reads the head. \returns the count of names, 0 when it is not a head or does not fit the file. */
static size_t read_head(int file, uint64_t file_len, unsigned char key[ESTABLISHED_KEY_LEN])
{
	unsigned char head[ESTABLISHED_HEAD_LEN];
	uint32_t numbers[2];

	if (!read_whole(file, head, sizeof head) ||
	    memcmp(head, ESTABLISHED_MAGIC, ESTABLISHED_MAGIC_LEN) != 0) {
		return 0;
	}
	memcpy(numbers, head + ESTABLISHED_MAGIC_LEN, sizeof numbers);
	memcpy(key, head + ESTABLISHED_MAGIC_LEN + sizeof numbers, ESTABLISHED_KEY_LEN);
	const uint32_t count = le32toh(numbers[0]);
	const bool fits = numbers[1] == 0 && count <= ESTABLISHED_MAX &&
			  file_len == ESTABLISHED_HEAD_LEN + (uint64_t)count * ESTABLISHED_HASH_LEN;
	return fits ? count : 0;
}

/* Puts the hashes in the machine's order. \returns whether they ascend. */
static bool take_hashes(struct established *established)
{
	for (size_t i = 0; i < established->count; i++) {
		established->hashes[i] = le64toh(established->hashes[i]);
		if (i > 0 && established->hashes[i] <= established->hashes[i - 1]) {
			return false;
		}
	}
	return true;
}

static struct established *read_file(int file, const char *path, struct diagnostics *diagnostics)
{
	unsigned char key[ESTABLISHED_KEY_LEN];
	struct stat status;

	if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
		diagnostics_add(diagnostics, path, 0, 0, "is not a file; " MENDED);
		return NULL;
	}
	errno = 0;
	const size_t count = read_head(file, (uint64_t)status.st_size, key);
	if (count == 0) {
		diagnostics_add(diagnostics, path, 0, 0,
				"is not a file of established names, or is damaged; " MENDED);
		return NULL;
	}
	struct established *made = malloc(sizeof(*made) + count * sizeof(made->hashes[0]));
	if (made == NULL) {
		diagnostics_add(diagnostics, path, 0, 0, "out of memory");
		return NULL;
	}
	memcpy(made->key, key, sizeof made->key);
	made->count = count;
	if (!read_whole(file, made->hashes, count * sizeof(made->hashes[0])) ||
	    !take_hashes(made)) {
		diagnostics_add(diagnostics, path, 0, 0,
				"the established names in it are damaged; " MENDED);
		free(made);
		return NULL;
	}
	return made;
}

struct established *established_load(const char *path, struct diagnostics *diagnostics)
{
	/* A pipe that nobody writes to would be waited for. */
	const int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (file < 0) {
		diagnostics_add(diagnostics, path, 0, 0, "cannot read the established names: %s",
				strerror(errno));
		return NULL;
	}
	struct established *made = read_file(file, path, diagnostics);
	close(file);
	return made;
}

void established_free(struct established *established)
{
	free(established);
}

bool established_has(const struct established *established, const char *domain, size_t len)
{
	const uint64_t wanted = established_hash(established->key, domain, len);
	size_t low = 0;
	size_t high = established->count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (established->hashes[middle] == wanted) {
			return true;
		}
		if (established->hashes[middle] < wanted) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return false;
}

size_t established_count(const struct established *established)
{
	return established->count;
}

size_t established_memory(const struct established *established)
{
	return sizeof(*established) + established->count * sizeof(established->hashes[0]);
}
