/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bounds of what a policy says and what is shown or written of it, for all who hold a copy: a
 * reader that is narrower than the writer would cut or refuse what was allowed.
 */
#ifndef POLICY_LIMITS_H
#define POLICY_LIMITS_H

/* A site's displayed name: characters, and room for it in UTF-8 with the NUL. */
#define SITE_NAME_CHARACTERS_MAX 40
#define SITE_NAME_SIZE 160

/* Whom a warned person can ask: likewise. */
#define CONTACT_CHARACTERS_MAX 64
#define CONTACT_SIZE 160

/* Different labels that a policy can protect, over all its sites. */
#define PROTECTED_LABELS_MAX 1024

/* Addresses of a fake that an event has at most. */
#define EVENT_ADDRESSES_MAX 8

#endif
