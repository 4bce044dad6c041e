/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/name/domain_name.h"

#include <idn2.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool is_letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static const char *label_fault(const char *label, size_t len)
{
	if (len == 0) {
		return "has an empty label; check its dots";
	}
	if (len > HOST_LABEL_MAX) {
		return "has a label of more than 63 characters";
	}
	for (size_t i = 0; i < len; i++) {
		if (!is_letter_or_digit(label[i]) && label[i] != '-') {
			return "contains a character that host names cannot have; use only "
			       "letters, "
			       "digits, hyphens and dots, without scheme, port or path";
		}
	}
	if (label[0] == '-' || label[len - 1] == '-') {
		return "has a label that begins or ends with a hyphen";
	}
	return NULL;
}

/* Whether a name's last label is what only an IPv4 address has there (WHATWG URL, "ends in a
 * number"). */
static bool ends_in_number(const char *name)
{
	const char *dot = strrchr(name, '.');
	const char *last = dot != NULL ? dot + 1 : name;
	if (last[0] == '0' && last[1] == 'x') {
		return strspn(last + 2, "0123456789abcdef") == strlen(last + 2);
	}
	return *last != '\0' && strspn(last, "0123456789") == strlen(last);
}

static const char *name_fault(const char *name)
{
	const char *label = name;
	for (;;) {
		size_t len = strcspn(label, ".");
		const char *fault = label_fault(label, len);
		if (fault != NULL) {
			return fault;
		}
		if (label[len] == '\0') {
			break;
		}
		label += len + 1;
	}
	if (ends_in_number(name)) {
		return "is an IP address or ends in a number; only host names can be protected";
	}
	return NULL;
}

/* IDNA 2008 with the mapping of UTS #46, non-transitional. */
static const char *to_a_labels(char name[HOST_NAME_SIZE], bool ascii_only)
{
	static const char invalid[] = "is not an internationalised name that can be registered "
				      "(IDNA 2008); check its spelling";
	const int flags = IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT | IDN2_USE_STD3_ASCII_RULES;
	char *unicode = NULL;
	char *ascii = NULL;
	/* By way of Unicode, so that an A-label that stands for nothing is found out. */
	int result = idn2_to_unicode_8z8z(name, &unicode, 0);
	if (result == IDN2_OK) {
		result = idn2_to_ascii_8z(unicode, &ascii, flags);
	}
	idn2_free(unicode);
	if (result != IDN2_OK) {
		return invalid;
	}
	const char *fault = NULL;
	size_t len = strlen(ascii);
	if (len >= HOST_NAME_SIZE) {
		fault = "is longer than a host name can be";
	} else if (ascii_only && strcmp(ascii, name) != 0) {
		fault = invalid;
	} else {
		memcpy(name, ascii, len + 1);
	}
	idn2_free(ascii);
	return fault;
}

const char *domain_name_normalise(const char *written, char out[HOST_NAME_SIZE])
{
	/* In UTF-8 a name may be somewhat longer than in A-labels; no real one is. */
	size_t len = strlen(written);
	if (len == 0) {
		return "is empty; write a host name";
	}
	if (len >= HOST_NAME_SIZE) {
		return "is longer than a host name can be";
	}
	if (written[len - 1] == '.') {
		return "ends in a dot; leave it out";
	}
	bool ascii_only = true;
	for (size_t i = 0; i <= len; i++) {
		char c = written[i];
		out[i] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
		ascii_only = ascii_only && (unsigned char)c < 0x80;
	}
	if (!ascii_only || strncmp(out, "xn--", 4) == 0 || strstr(out, ".xn--") != NULL) {
		const char *fault = to_a_labels(out, ascii_only);
		if (fault != NULL) {
			return fault;
		}
	}
	return name_fault(out);
}

void host_label_shown(const char *label, char *out, size_t size)
{
	char *unicode = NULL;
	if (strncmp(label, "xn--", 4) == 0 && idn2_to_unicode_8z8z(label, &unicode, 0) == IDN2_OK &&
	    *unicode != '\0') {
		snprintf(out, size, "%s", unicode);
	} else {
		snprintf(out, size, "%s", label);
	}
	idn2_free(unicode);
}
