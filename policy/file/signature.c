/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/file/signature.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define COMMENT_PREFIX "untrusted comment:"
#define TRUSTED_PREFIX "trusted comment: "

/* The first two octets of a key and of a signature say how it is made. */
#define ALGORITHM_SIZE 2
#define ALGORITHM_WHOLE "Ed"
#define ALGORITHM_HASHED "ED"

#define KEY_SIZE                                                                                   \
	(ALGORITHM_SIZE + sizeof((struct signature_key *)0)->id + crypto_sign_PUBLICKEYBYTES)
#define SIGNATURE_SIZE (ALGORITHM_SIZE + sizeof((struct signature_key *)0)->id + crypto_sign_BYTES)

struct lines {
	const char *at;
	const char *end;
	unsigned number; /* of the line taken last */
};

struct line {
	const char *start;
	size_t len; /* without LF or CR LF */
};

__attribute__((format(printf, 3, 4))) static bool fail(struct signature_fault *fault, unsigned line,
						       const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(fault->text, sizeof(fault->text), format, args);
	va_end(args);
	fault->line = line;
	return false;
}

/* A line that ends with the file counts as empty when nothing is left: what is cut off is missed
 * by who reads its contents. */
static struct line next_line(struct lines *lines)
{
	struct line line = {lines->at, 0};
	const size_t left = (size_t)(lines->end - lines->at);
	const char *feed = left > 0 ? memchr(lines->at, '\n', left) : NULL;
	line.len = feed != NULL ? (size_t)(feed - lines->at) : left;
	lines->at = feed != NULL ? feed + 1 : lines->end;
	lines->number++;
	if (line.len > 0 && line.start[line.len - 1] == '\r') {
		line.len--;
	}
	return line;
}

static bool begins(const struct line *line, const char *prefix)
{
	const size_t len = strlen(prefix);
	return line->len >= len && memcmp(line->start, prefix, len) == 0;
}

/* Reads exactly size octets. \returns false when the line is anything else. */
static bool read_base64(const struct line *line, uint8_t *out, size_t size)
{
	size_t len = 0;
	/* libsodium 1.0.18 takes the octet 0xaf for "/". */
	for (size_t i = 0; i < line->len; i++) {
		if ((unsigned char)line->start[i] > 0x7f) {
			return false;
		}
	}
	return sodium_base642bin(out, size, line->start, line->len, NULL, &len, NULL,
				 sodium_base64_VARIANT_ORIGINAL) == 0 &&
	       len == size;
}

static bool read_comment(struct lines *lines, const char *what, struct signature_fault *fault)
{
	const struct line line = next_line(lines);
	return begins(&line, COMMENT_PREFIX) ||
	       fail(fault, lines->number, "not a minisign %s: it must begin with \"%s\"", what,
		    COMMENT_PREFIX);
}

static bool read_end(struct lines *lines, const char *what, struct signature_fault *fault)
{
	const struct line line = next_line(lines);
	return (line.len == 0 && lines->at == lines->end) ||
	       fail(fault, lines->number, "extra text after the %s; remove it", what);
}

static bool begin(struct lines *lines, const char *text, size_t len, const char *what,
		  struct signature_fault *fault)
{
	if (sodium_init() < 0) {
		return fail(fault, 0, "libsodium cannot be started");
	}
	if (len > SIGNATURE_TEXT_MAX) {
		return fail(fault, 0, "too large for a %s (limit %d octets)", what,
			    SIGNATURE_TEXT_MAX);
	}
	*lines = (struct lines){.at = text, .end = text + len};
	return true;
}

bool signature_key_read(const char *text, size_t len, struct signature_key *out,
			struct signature_fault *fault)
{
	static const char what[] = "public key";
	struct lines lines = {0};
	uint8_t octets[KEY_SIZE];
	if (!begin(&lines, text, len, what, fault) || !read_comment(&lines, what, fault)) {
		return false;
	}
	const struct line line = next_line(&lines);
	if (!read_base64(&line, octets, sizeof(octets)) ||
	    memcmp(octets, ALGORITHM_WHOLE, ALGORITHM_SIZE) != 0) {
		return fail(fault, lines.number,
			    "not a minisign public key, or truncated; copy the file again");
	}
	if (!read_end(&lines, what, fault)) {
		return false;
	}
	memcpy(out->id, octets + ALGORITHM_SIZE, sizeof(out->id));
	memcpy(out->octets, octets + ALGORITHM_SIZE + sizeof(out->id), sizeof(out->octets));
	return true;
}

/* minisign takes the id for a number whose least octet comes first. */
static void name_id(const uint8_t id[8], char out[SIGNATURE_KEY_NAME_SIZE])
{
	uint64_t number = 0;
	for (size_t i = 8; i-- > 0;) {
		number = number << 8 | id[i];
	}
	snprintf(out, SIGNATURE_KEY_NAME_SIZE, "%016" PRIX64, number);
}

void signature_key_name(const struct signature_key *key, char out[SIGNATURE_KEY_NAME_SIZE])
{
	name_id(key->id, out);
}

/* The parts of a .minisig file. */
struct parts {
	uint8_t made[SIGNATURE_SIZE]; /* algorithm, key id, signature of the file */
	uint8_t global[crypto_sign_BYTES];
	struct line comment; /* trusted, without its prefix */
	unsigned comment_line;
	unsigned made_line;
};

static bool read_parts(const char *text, size_t len, struct parts *out,
		       struct signature_fault *fault)
{
	static const char what[] = "signature";
	struct lines lines = {0};
	if (!begin(&lines, text, len, what, fault) || !read_comment(&lines, what, fault)) {
		return false;
	}
	struct line line = next_line(&lines);
	out->made_line = lines.number;
	if (!read_base64(&line, out->made, sizeof(out->made)) ||
	    (memcmp(out->made, ALGORITHM_WHOLE, ALGORITHM_SIZE) != 0 &&
	     memcmp(out->made, ALGORITHM_HASHED, ALGORITHM_SIZE) != 0)) {
		return fail(fault, lines.number,
			    "not a minisign signature, or truncated; copy the file again");
	}
	out->comment = next_line(&lines);
	out->comment_line = lines.number;
	if (!begins(&out->comment, TRUSTED_PREFIX)) {
		return fail(fault, lines.number,
			    "the trusted comment is missing; copy the file again");
	}
	out->comment.start += strlen(TRUSTED_PREFIX);
	out->comment.len -= strlen(TRUSTED_PREFIX);
	line = next_line(&lines);
	if (!read_base64(&line, out->global, sizeof(out->global))) {
		return fail(fault, lines.number,
			    "not a signature of the trusted comment, or truncated; copy "
			    "the file again");
	}
	return read_end(&lines, what, fault);
}

static bool verify_file(const struct signature_key *key, const struct parts *parts,
			const void *file, size_t file_len)
{
	const uint8_t *made = parts->made + SIGNATURE_SIZE - crypto_sign_BYTES;
	if (memcmp(parts->made, ALGORITHM_WHOLE, ALGORITHM_SIZE) == 0) {
		return crypto_sign_verify_detached(made, file, file_len, key->octets) == 0;
	}
	uint8_t hash[crypto_generichash_BYTES_MAX];
	return crypto_generichash(hash, sizeof(hash), file, file_len, NULL, 0) == 0 &&
	       crypto_sign_verify_detached(made, hash, sizeof(hash), key->octets) == 0;
}

/* minisign signs the file's signature and the comment together. */
static bool verify_comment(const struct signature_key *key, const struct parts *parts)
{
	uint8_t both[crypto_sign_BYTES + SIGNATURE_TEXT_MAX];
	memcpy(both, parts->made + SIGNATURE_SIZE - crypto_sign_BYTES, crypto_sign_BYTES);
	memcpy(both + crypto_sign_BYTES, parts->comment.start, parts->comment.len);
	return crypto_sign_verify_detached(
		   parts->global, both, crypto_sign_BYTES + parts->comment.len, key->octets) == 0;
}

bool signature_verify(const struct signature_key *key, const void *file, size_t file_len,
		      const char *signature, size_t signature_len, struct signature_fault *fault)
{
	struct parts parts;
	if (!read_parts(signature, signature_len, &parts, fault)) {
		return false;
	}
	const uint8_t *id = parts.made + ALGORITHM_SIZE;
	if (memcmp(id, key->id, sizeof(key->id)) != 0) {
		char made_by[SIGNATURE_KEY_NAME_SIZE];
		char wanted[SIGNATURE_KEY_NAME_SIZE];
		name_id(id, made_by);
		name_id(key->id, wanted);
		return fail(fault, parts.made_line,
			    "signed with key %s, but key %s is trusted here", made_by, wanted);
	}
	if (!verify_file(key, &parts, file, file_len)) {
		return fail(fault, parts.made_line,
			    "the signature does not fit the file: one of them was changed, or the "
			    "trusted key did not sign it; sign the file again");
	}
	if (!verify_comment(key, &parts)) {
		return fail(fault, parts.comment_line,
			    "the trusted comment was changed after it was signed; sign the file "
			    "again");
	}
	return true;
}

const char *signature_comment(const char *signature, size_t signature_len, size_t *len)
{
	struct parts parts;
	struct signature_fault fault;
	if (!read_parts(signature, signature_len, &parts, &fault)) {
		return NULL;
	}
	*len = parts.comment.len;
	return parts.comment.start;
}
