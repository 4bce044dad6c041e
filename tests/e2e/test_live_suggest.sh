#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A quiet start: what a policy only observes makes no event, is counted by days, and is suggested.
# shellcheck disable=SC2016,SC2317 # `check` runs functions and texts that it is given
set -euo pipefail
# shellcheck source=tests/e2e/office.sh
source "$(dirname "$0")/office.sh"

ask() { in_device dig +tries=1 +time=2 @198.51.100.53 "$1" >/dev/null; }
counted() { # DAYS
	python3 -c 'import json, sys; assert json.load(open(sys.argv[1]))["days"] == int(sys.argv[2])' "$office_dir/log/observed.json" "$1"
}
suggest() { in_gateway "$TRUEGATE" suggest --config "$office_dir/truegate.conf" >"$office_dir/suggested" 2>&1; }

office_need dig curl nginx dnsmasq unbound python3
office_up
office_clock=yes
office_policy observe
truegate_rules on
truegate_start
for day in 1 2 3; do
	ask vietcombank-careers.example
	ask www.vietcombank-careers.example
	((day > 1)) || ask vietcombank-once.example
	in_device curl -s -m 5 -o /dev/null -H "Host: nguyen-van-a.vietcombank-careers.example" http://198.51.100.80/ || true
	sleep 0.3
	echo $((day * 86400)) >"$office_dir/clock"
	kill -HUP "$truegate_pid"
	check "day $day is over" office_wait "the day's end" counted "$day"
done
check "it is suggested" eval '! suggest; grep -q "^vietcombank-careers.example" "$office_dir/suggested"'
check "by days and a band of devices" grep -q "asked for by 1-4 devices, on 3 of 3 days" "$office_dir/suggested"
check "the file has its registered name only" eval '! grep -qE "www|nguyen" "$office_dir/log/observed.json"'
check "no device and no date" eval '! grep -qE "192\.0\.2|2001:db8|20[0-9][0-9]-" "$office_dir/log/observed.json"'
check "and not what was asked for once" eval '! grep -q once "$office_dir/log/observed.json"'
check "nothing of it is an event" test ! -s "$office_dir/log/events.jsonl"
check "nor told" eval '! grep -q vietcombank "$office_dir/truegate.log"'
truegate_stop
check "a daemon that starts again counts on" eval 'truegate_run && ask vietcombank-careers.example && sleep 0.3 &&
	echo 400000 >"$office_dir/clock" && kill -HUP "$truegate_pid" && office_wait "the day" counted 4'
sed 's/^/# /' "$office_dir/suggested"
truegate_stop
office_end
