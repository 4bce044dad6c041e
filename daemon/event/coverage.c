/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/event/coverage.h"

const char *coverage_text(unsigned part)
{
	return part < VIA_COUNT ? via_text((enum via)part)
				: hidden_text((enum hidden)(part - COVERAGE_HIDDEN));
}

bool coverage_shares(const struct coverage *now, const struct coverage *before,
		     unsigned shares[COVERAGE_PARTS])
{
	uint64_t total = 0;

	for (unsigned i = 0; i < COVERAGE_PARTS; i++) {
		total += now->parts[i] - before->parts[i];
	}
	if (total < COVERAGE_LEAST) {
		return false;
	}
	for (unsigned i = 0; i < COVERAGE_PARTS; i++) {
		uint64_t part = now->parts[i] - before->parts[i];

		shares[i] = (unsigned)((200 * part + total) / (2 * total)); /* rounded */
	}
	return true;
}
