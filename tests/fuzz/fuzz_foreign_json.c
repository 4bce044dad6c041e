/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON that others wrote: RDAP servers, and a daemon that was taken over. What is read of it goes
 * into a mail's head and to root's terminal. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "daemon/report/rdap_reader.h"
#include "daemon/status/daemon_state.h"
#include "daemon/status/rules_state.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size);

static void check_mail(const char *mail)
{
	if (strpbrk(mail, " \r\n\t,;<>\"\\") != NULL || strchr(mail, '@') == NULL ||
	    strlen(mail) >= RDAP_MAIL_SIZE) {
		abort();
	}
}

static void check_shown(const char *text)
{
	for (; *text != '\0'; text++) {
		if ((unsigned char)*text < ' ' || *text == 0x7f) {
			abort();
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size)
{
	char *text = calloc(1, size + 1);
	char mail[RDAP_MAIL_SIZE];
	char base[RDAP_URL_SIZE];
	struct daemon_state state;
	struct rules_state rules;

	if (text == NULL) {
		return 0;
	}
	if (size > 0) {
		memcpy(text, octets, size);
	}
	if (rdap_abuse_mail(text, mail)) {
		check_mail(mail);
	}
	if (rdap_server_of(text, "top", base) && strncasecmp(base, "https://", 8) != 0) {
		abort();
	}
	if (daemon_state_read(text, &state)) {
		check_shown(state.signer);
	}
	rules_state_parse(text, &rules);
	check_shown(rules.interfaces);
	check_shown(rules.backend);
	free(text);
	return 0;
}
