/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/observation.h"

const char *via_text(enum via via)
{
	return via == VIA_DNS ? "dns" : "http";
}
