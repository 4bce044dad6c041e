/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which part of a name somebody registered, and can be asked to take down.
 */
#ifndef POLICY_REGISTRATION_H
#define POLICY_REGISTRATION_H

#include <stddef.h>

/*
 * Finds where that part begins: the registrable domain by the Public Suffix List's ICANN section
 * ("login-id.top" of "www.vietcombank.com.vn.login-id.top"), or, under a host of other people's
 * sites, the site there ("vietcombank.weebly.com").
 *
 * \param name  lower case, A-labels, no trailing dot.
 * \returns an offset in name; 0 when the whole name is that part, or is a suffix.
 */
size_t registration_offset(const char *name);

#endif
