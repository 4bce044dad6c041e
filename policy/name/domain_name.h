/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Host names as people write them in a policy. Internal to policy/; for loading only.
 */
#ifndef POLICY_NAME_DOMAIN_NAME_H
#define POLICY_NAME_DOMAIN_NAME_H

#include <stddef.h>

/* Longest host name with its NUL (RFC 1035 section 3.1), and longest label (section 2.3.4). */
#define HOST_NAME_SIZE 254
#define HOST_LABEL_MAX 63

/*
 * Turns a host name in U-labels or A-labels (RFC 5890) of any case into lower-case A-labels.
 *
 * \param out  gets the name, HOST_NAME_SIZE octets.
 * \returns NULL, or what is wrong and what to write instead, as a phrase to follow the name.
 */
const char *domain_name_normalise(const char *written, char out[HOST_NAME_SIZE]);

/* A label as people read it, in UTF-8; the label itself when it is not an A-label. */
void host_label_shown(const char *label, char *out, size_t size);

#endif
