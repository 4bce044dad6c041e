/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Letters that are said alike, in English or in Vietnamese, so that who hears a name may write it
 * with either. Internal to policy/.
 */
#ifndef POLICY_NAME_SOUND_H
#define POLICY_NAME_SOUND_H

#include <stdbool.h>
#include <stddef.h>

#define SOUNDS_MAX 32
#define SOUND_LETTERS_MAX 3

/* One to SOUND_LETTERS_MAX lower case letters each. */
struct sound {
	const char *seen, *meant;
};

/* All of them, SOUNDS_MAX at the most, each in both directions. */
const struct sound *sounds(size_t *count);

/* Whether some sound begins with these characters; most pairs begin none. */
bool sound_begins(char seen, char meant);

#endif
