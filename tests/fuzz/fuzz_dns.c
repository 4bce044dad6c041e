/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any octets as a DNS message: what is read must hold to what dns_question.h promises. */
#include <stdlib.h>
#include <string.h>

#include "dpi/dns_question.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dns_question question;

	if (dns_question_read(data, size, &question) != DNS_QUESTION) {
		return 0;
	}
	if (question.host_len > HOST_NAME_MAX_LEN || strlen(question.host) != question.host_len) {
		abort();
	}
	for (size_t i = 0; i < question.host_len; i++) {
		unsigned char octet = (unsigned char)question.host[i];
		if (octet <= ' ' || octet == 0x7f || (octet >= 'A' && octet <= 'Z')) {
			abort();
		}
	}
	return 0;
}
