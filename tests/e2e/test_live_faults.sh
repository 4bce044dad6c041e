#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# One system call or allocation of the daemon fails: it recovers, or stops and says why; traffic flows.
# A few of each; FAULTS=all lets every one fail (some ten minutes).
# shellcheck disable=SC2016 # `check` runs texts that it is given
set -euo pipefail
# shellcheck source=tests/e2e/office.sh
source "$(dirname "$0")/office.sh"

office_need dig curl nginx dnsmasq unbound strace
[[ -e $(dirname "$TRUEGATE")/../tests/faults/libfail_nth.so ]] ||
	office_skip "a sanitizer has an allocator and system calls of its own: the release is what is tested"
office_up
office_policy block
truegate_rules on
truegate_config "metrics = { listen = \"127.0.0.1:9469\"; }; status = \"$office_dir/log/status\"; limits = { event_fakes = 16; };"
# A fault of its own, as nothing of what follows has.
truegate_run
kill -SEGV "$truegate_pid"
wait "$truegate_pid" || status=$?
check "a fault ends it as a fault does" test "$status" = 139
check "with a word about it" grep -q "^truegate: crashed (SIGSEGV)" "$office_dir/truegate.log"
check "and traffic flows" eval 'in_device dig +tries=2 +time=1 @198.51.100.53 up.example | grep -q NOERROR'

export OFFICE_DIR=$office_dir DEVICE=$device GATEWAY=$gateway TRUEGATE
python3 "$root/tests/faults/faults.py" "${FAULTS:-quick}" || checks_failed=1
: >"$office_dir/truegate.log"
office_end
