/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/observation.h"

#include <assert.h>

const char *via_text(enum via via)
{
	static const char *const texts[VIA_COUNT] = {"dns", "http", "tls", "quic"};
	assert((unsigned)via < VIA_COUNT);
	return texts[via];
}
