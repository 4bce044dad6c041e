#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A browser opens a fake over HTTP: the warning is shown, the way on opens the site. Pictures of the
# warning are kept in build/browser.
# shellcheck disable=SC2016,SC2317 # `check` runs functions and texts that it is given
set -euo pipefail
# shellcheck source=tests/e2e/office.sh
source "$(dirname "$0")/office.sh"

fake=vietc0mbank.top

seen() { grep -qx -- "$1" "$office_dir/browse"; }

office_need chromium chromedriver nginx dnsmasq unbound curl dig
/usr/bin/python3 -c 'import selenium' 2>/dev/null || office_skip "needs Debian's python3-selenium"
office_up
office_clock=yes
truegate_rules on
office_policy warn
truegate_start
in_device env HOME="$office_dir" timeout 120 /usr/bin/python3 "$root/tests/e2e/browse.py" "$fake" \
	"$root/build/browser" >"$office_dir/browse" 2>"$office_dir/browse.log" || tail -n 5 "$office_dir/browse.log"
check "the browser shows the warning" seen "warned: True"
check "it names the real site" seen "real site: True"
check "the button opens the site" seen "opened: http://$fake/"
check "it stays open" seen "stays open: True"
truegate_day_is_over
check "the office's staff learn of the fake" grep -q "\"name\":\"$fake\"" "$office_dir/log/events.jsonl"
truegate_stop
office_end
