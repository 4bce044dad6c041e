#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# truegate status: one screen and an exit code for monitoring, with the daemon well, degraded and away;
# and a dry run, which warns nobody.
# shellcheck disable=SC2016,SC2317 # `check` runs functions and texts that it is given
set -euo pipefail
# shellcheck source=tests/e2e/office.sh
source "$(dirname "$0")/office.sh"

fake=vietc0mbank.top
rules="$root/systemd/truegate-rules status --backend $TRUEGATE_BACKEND"
status() { # [OPTION ...]
	local code=0
	in_gateway "$TRUEGATE" status --config "$office_dir/truegate.conf" --rules "$rules" "$@" \
		>"$office_dir/status.out" 2>&1 || code=$?
	return "$code"
}
ends_with() { # CODE [OPTION ...]
	local wanted=$1 code=0
	status "${@:2}" || code=$?
	[[ $code == "$wanted" ]]
}
says() { grep -qE -- "$1" "$office_dir/status.out"; }
json() { python3 -c "import json, sys; s = json.load(open(sys.argv[1])); assert $1, s" "$office_dir/status.out"; }
ask() { in_device dig +tries=1 +time=2 @198.51.100.53 "$1" >"$office_dir/answer"; }

office_need dig curl nginx dnsmasq unbound python3
office_up
office_policy block 7
truegate_config "status = \"$office_dir/log/status\";"
check "without a daemon it is 2" ends_with 2
check "and says what to do" says "the daemon does not run; systemctl start truegate"
truegate_run
check "without rules it is degraded" office_wait "status" ends_with 1
check "and says so" says "no rules hand packets"
truegate_rules on
check "with them all is fine" office_wait "status" ends_with 0
for i in 1 2 3; do ask "honest$i.example"; done
in_device curl -s -m 5 -o /dev/null http://198.51.100.80/ -H "Host: honest.example" || true
ask "$fake"
# The daemon writes its numbers every ten seconds.
check "it counts what was asked" office_wait "the numbers" eval 'ends_with 0 --json && json "s[\"daemon\"][\"names\"][\"dns\"] >= 4 and s[\"daemon\"][\"names\"][\"http\"] >= 1"'
check "as JSON too" ends_with 0 --json
check "daemon, workers, queues" json 's["daemon"]["running"] and s["daemon"]["workers"] == 2 and s["queues"]["served"] == 2 and s["queues"]["packets"] > 0'
check "rules" json 's["rules"]["on"] and "'"$TRUEGATE_BACKEND"'" in s["rules"]["backend"] and s["rules"]["interfaces"] == "lan"'
check "forwarding" json 's["forwarding"]["ipv4"] is True'
check "policy" json 's["daemon"]["policy_version"] == 7 and s["daemon"]["sites"] == 2'
check "names by the way they were read" json 's["daemon"]["names"]["dns"] >= 4 and s["daemon"]["names"]["http"] >= 1'
check "no name, no address, no finding" eval '! grep -qE "honest|vietc|192\.0\.2|198\.51|2001:db8|finding|block" "$office_dir/status.out"'
ends_with 0
sed 's/^/# /' "$office_dir/status.out"
echo 'version = 8; sites = (' >"$office_dir/policy.conf"
kill -HUP "$truegate_pid"
check "a policy that was refused shows" office_wait "status" ends_with 1
check "with the reason" says "the last policy was refused: .*policy.conf"
office_policy block 8
kill -HUP "$truegate_pid"
check "until one is in force" office_wait "status" ends_with 0
truegate_stop
check "a daemon that was stopped is not running" ends_with 2

# A daemon that was taken over writes what it likes into its file, or puts another thing there.
rm -f "$office_dir/log/status"
mkfifo "$office_dir/log/status"
check "a FIFO in its place holds nobody up" eval 'timeout 5 true && ends_with 2'
rm -f "$office_dir/log/status"

# A dry run.
truegate_config "status = \"$office_dir/log/status\";"
ip netns exec "$gateway" "$TRUEGATE" run --dry-run --config "$office_dir/truegate.conf" >"$office_dir/truegate.log" 2>&1 &
truegate_pid=$!
office_pids+=("$truegate_pid")
office_wait "truegate" grep -q "is in force" "$office_dir/truegate.log"
ask "$fake"
check "a dry run lets a fake pass" grep -q NOERROR "$office_dir/answer"
check "and HTTP" test "$(in_device curl -s -m 5 -o /dev/null -w '%{http_code}' -H "Host: $fake" http://198.51.100.80/)" = 200
check "status says so" office_wait "status" eval 'status; says "dry run: warns nobody"'
truegate_stop
office_end
