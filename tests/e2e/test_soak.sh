#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Seconds of what tests/soak/run does for minutes.
if [[ ! -e $(dirname "$TRUEGATE")/../tests/faults/libfail_nth.so ]]; then
	echo "SKIP test_soak.sh: memory and time of a sanitizer are its own: the release is what is tested"
	exit 77
fi
exec "$(dirname "$0")/../soak/run" --quick
