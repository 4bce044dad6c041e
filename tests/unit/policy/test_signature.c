/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signatures as Debian's minisign 0.11 makes them. tests/data/signature was made by it: two key
 * pairs by `minisign -G -W`, whose secret keys were thrown away; policy.conf signed with the key of
 * test.pub, by `minisign -S` (prehashed.minisig) and `minisign -S -l` (legacy.minisig).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/file/signature.h"

struct text {
	char *octets;
	size_t len;
};

static const char *const kinds[] = {"prehashed.minisig", "legacy.minisig"};
#define KINDS (sizeof(kinds) / sizeof(*kinds))

static struct text policy;
static struct signature_key key;

static struct text read_data(const char *name)
{
	char path[512];
	struct text text = {0};
	size_t room = 0;

	snprintf(path, sizeof(path), "%s/signature/%s", TEST_DATA, name);
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	ssize_t len = getdelim(&text.octets, &room, '\0', file);
	assert_true(len > 0);
	text.len = (size_t)len;
	fclose(file);
	return text;
}

/* In an allocation of just its size, so that a read past the end is noticed. */
static struct text copy(const char *octets, size_t len)
{
	struct text text = {malloc(len > 0 ? len : 1), len};
	assert_non_null(text.octets);
	memcpy(text.octets, octets, len);
	return text;
}

static bool verify(struct text file, struct text signature, struct signature_fault *fault)
{
	memset(fault, 0, sizeof(*fault));
	bool good =
	    signature_verify(&key, file.octets, file.len, signature.octets, signature.len, fault);
	assert_true(good == (fault->text[0] == '\0'));
	return good;
}

static void test_good(void **state)
{
	(void)state;
	struct signature_fault fault;

	for (size_t i = 0; i < KINDS; i++) {
		struct text signature = read_data(kinds[i]);
		assert_true(verify(policy, signature, &fault));
		free(signature.octets);
	}
}

static void test_carriage_returns(void **state)
{
	(void)state;
	struct signature_fault fault;
	struct text signature = read_data(kinds[0]);
	struct text wide = {malloc(2 * signature.len), 0};

	assert_non_null(wide.octets);
	for (size_t i = 0; i < signature.len; i++) {
		if (signature.octets[i] == '\n') {
			wide.octets[wide.len++] = '\r';
		}
		wide.octets[wide.len++] = signature.octets[i];
	}
	assert_true(verify(policy, wide, &fault));
	free(wide.octets);
	free(signature.octets);
}

static void test_tampered_file(void **state)
{
	(void)state;
	struct signature_fault fault;

	for (size_t i = 0; i < KINDS; i++) {
		struct text signature = read_data(kinds[i]);
		for (size_t bit = 0; bit < 8 * policy.len; bit += 7) {
			policy.octets[bit / 8] ^= (char)(1 << bit % 8);
			assert_false(verify(policy, signature, &fault));
			assert_int_equal(fault.line, 2);
			policy.octets[bit / 8] ^= (char)(1 << bit % 8);
		}
		struct text part = policy;
		for (part.len = 0; part.len < policy.len; part.len++) {
			assert_false(verify(part, signature, &fault));
		}
		free(signature.octets);
	}
}

/* After its first line, which says of itself that it is not to be trusted, no bit can change. */
static void test_tampered_signature(void **state)
{
	(void)state;
	struct signature_fault fault;

	for (size_t i = 0; i < KINDS; i++) {
		struct text signature = read_data(kinds[i]);
		size_t start = (size_t)(strchr(signature.octets, '\n') - signature.octets) + 1;
		assert_int_equal(signature.octets[signature.len - 1], '\n');
		for (size_t bit = 8 * start; bit < 8 * (signature.len - 1); bit++) {
			signature.octets[bit / 8] ^= (char)(1 << bit % 8);
			assert_false(verify(policy, signature, &fault));
			assert_in_range(fault.line, 2, 5);
			signature.octets[bit / 8] ^= (char)(1 << bit % 8);
		}
		free(signature.octets);
	}
}

static void test_cut_signature(void **state)
{
	(void)state;
	struct signature_fault fault;

	for (size_t i = 0; i < KINDS; i++) {
		struct text signature = read_data(kinds[i]);
		for (size_t len = 0; len < signature.len - 1; len++) {
			struct text cut = copy(signature.octets, len);
			assert_false(verify(policy, cut, &fault));
			assert_in_range(fault.line, 1, 4);
			free(cut.octets);
		}
		free(signature.octets);
	}
}

static void test_more_than_a_signature(void **state)
{
	(void)state;
	struct signature_fault fault;
	struct text signature = read_data(kinds[0]);
	char more[1024];
	int len = snprintf(more, sizeof(more), "%smore\n", signature.octets);

	assert_false(verify(policy, (struct text){more, (size_t)len}, &fault));
	assert_int_equal(fault.line, 5);
	free(signature.octets);
}

static void test_too_large(void **state)
{
	(void)state;
	struct signature_fault fault;
	struct text large = {calloc(1, SIGNATURE_TEXT_MAX + 1), SIGNATURE_TEXT_MAX + 1};

	assert_non_null(large.octets);
	assert_false(verify(policy, large, &fault));
	assert_int_equal(fault.line, 0);
	large.len--;
	assert_false(verify(policy, large, &fault));
	assert_int_equal(fault.line, 1);
	free(large.octets);
}

/* A comment as long as it can be: the room for what it is signed with holds it. */
static void test_long_comment(void **state)
{
	(void)state;
	struct signature_fault fault;
	struct text signature = read_data(kinds[0]);
	char *comment = strstr(signature.octets, "\ntrusted comment: ") + 18;
	char *global = strchr(comment, '\n');
	size_t before = (size_t)(comment - signature.octets);
	size_t after = signature.len - (size_t)(global - signature.octets);
	struct text large = {malloc(SIGNATURE_TEXT_MAX), SIGNATURE_TEXT_MAX};

	assert_non_null(large.octets);
	memset(large.octets, 'a', large.len);
	memcpy(large.octets, signature.octets, before);
	memcpy(large.octets + large.len - after, global, after);
	assert_false(verify(policy, large, &fault));
	assert_int_equal(fault.line, 3);
	free(large.octets);
	free(signature.octets);
}

static void read_key(const char *name, struct signature_key *out)
{
	struct signature_fault fault = {0};
	struct text text = read_data(name);
	struct text exact = copy(text.octets, text.len);

	assert_true(signature_key_read(exact.octets, exact.len, out, &fault));
	free(exact.octets);
	free(text.octets);
}

static void test_wrong_key(void **state)
{
	(void)state;
	struct signature_fault fault;
	struct signature_key right = key;
	struct signature_key other;

	read_key("other.pub", &other);
	for (size_t i = 0; i < KINDS; i++) {
		struct text signature = read_data(kinds[i]);
		key = other;
		assert_false(verify(policy, signature, &fault));
		assert_non_null(strstr(fault.text, "C6A60B2EE52DB288")); /* as test.pub names it */
		assert_non_null(strstr(fault.text, "619433E9D50C367B"));
		/* An id is no proof. */
		memcpy(key.id, right.id, sizeof(key.id));
		assert_false(verify(policy, signature, &fault));
		/* A key of small order would let anyone sign. */
		memset(key.octets, 0, sizeof(key.octets));
		assert_false(verify(policy, signature, &fault));
		key = right;
		free(signature.octets);
	}
}

/* The two signatures are of one file by one key; their comments cannot be exchanged. */
static void test_exchanged_comment(void **state)
{
	(void)state;
	struct signature_fault fault;
	struct text one = read_data(kinds[0]);
	struct text other = read_data(kinds[1]);
	const char *tail = strstr(other.octets, "\ntrusted comment: ");
	const char *cut = strstr(one.octets, "\ntrusted comment: ");
	char mixed[1024];
	int len =
	    snprintf(mixed, sizeof(mixed), "%.*s%s", (int)(cut - one.octets), one.octets, tail);

	assert_false(verify(policy, (struct text){mixed, (size_t)len}, &fault));
	assert_int_equal(fault.line, 3);
	free(one.octets);
	free(other.octets);
}

static void test_key_name(void **state)
{
	(void)state;
	char name[SIGNATURE_KEY_NAME_SIZE];

	signature_key_name(&key, name);
	assert_string_equal(name, "C6A60B2EE52DB288");
}

static void test_no_key(void **state)
{
	(void)state;
	struct text text = read_data("test.pub");
	struct signature_fault fault;
	struct signature_key out;

	for (size_t len = 0; len < text.len - 1; len++) {
		struct text cut = copy(text.octets, len);
		memset(&fault, 0, sizeof(fault));
		assert_false(signature_key_read(cut.octets, cut.len, &out, &fault));
		assert_in_range(fault.line, 1, 2);
		assert_string_not_equal(fault.text, "");
		free(cut.octets);
	}
	struct text signature = read_data(kinds[0]);
	assert_false(signature_key_read(signature.octets, signature.len, &out, &fault));
	free(signature.octets);
	free(text.octets);
}

static int set_up(void **state)
{
	(void)state;
	policy = read_data("policy.conf");
	read_key("test.pub", &key);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	free(policy.octets);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_good),          cmocka_unit_test(test_carriage_returns),
	    cmocka_unit_test(test_tampered_file), cmocka_unit_test(test_tampered_signature),
	    cmocka_unit_test(test_cut_signature), cmocka_unit_test(test_more_than_a_signature),
	    cmocka_unit_test(test_too_large),     cmocka_unit_test(test_long_comment),
	    cmocka_unit_test(test_wrong_key),     cmocka_unit_test(test_exchanged_comment),
	    cmocka_unit_test(test_key_name),      cmocka_unit_test(test_no_key),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
