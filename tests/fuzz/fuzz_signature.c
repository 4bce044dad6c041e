/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A signature, or a public key, that anyone may have written. */
#include <stdlib.h>
#include <string.h>

#include "policy/file/signature.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size);

static void expect_fault(const struct signature_fault *fault)
{
	if (memchr(fault->text, '\0', sizeof fault->text) == NULL || fault->text[0] == '\0') {
		abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size)
{
	static const char signed_text[] = "version = 1;";
	struct signature_key key = {.id = {1}, .octets = {2}};
	struct signature_fault fault = {0};
	const char *text = (const char *)octets;

	/* No one has a secret key for this public one, so nothing may be taken for signed. */
	if (signature_verify(&key, signed_text, sizeof signed_text - 1, text, size, &fault)) {
		abort();
	}
	expect_fault(&fault);
	fault.text[0] = '\0';
	if (signature_key_read(text, size, &key, &fault)) {
		char name[SIGNATURE_KEY_NAME_SIZE];
		signature_key_name(&key, name);
		if (strlen(name) != SIGNATURE_KEY_NAME_SIZE - 1) {
			abort();
		}
	} else {
		expect_fault(&fault);
	}
	return 0;
}
