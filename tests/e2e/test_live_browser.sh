#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What a person at a browser comes to who opens a fake: link (http, https) x action x browser. The fake
# opens in none. An http link leads to the gateway's page where the browser asks for it at all, and
# http://truegate.internal/ opens in each. The page itself is stood in for.
# shellcheck disable=SC2016,SC2317 # `check` runs functions and texts that it is given
set -euo pipefail
# shellcheck source=tests/e2e/office.sh
source "$(dirname "$0")/office.sh"

fake=vietc0mbank.top

browse() { # BROWSER URL
	in_device env HOME="$office_dir" timeout 60 /usr/bin/python3 "$root/tests/e2e/browse.py" "$@" 2>>"$office_dir/browse.log"
}

opened() { grep -qi "$fake" "$office_dir/served" "$office_dir/served.json"; }
page_was_asked_for() { grep -q " /$fake\$" "$office_dir/stand-in"; }

open_link() { # ACTION BROWSER LINK
	: >"$office_dir/stand-in"
	shown=$(browse "$2" "$3") || shown="the browser failed"
	check "$1, $2, $3: the fake does not open" eval '! opened'
	figure browsers "$2" "$3" "$1" "$shown" "$(page_was_asked_for && echo yes || echo no)"
}

run_action() { # ACTION BROWSER ...
	local action=$1 browser shown
	shift
	office_policy "$action"
	truegate_start
	for browser in "$@"; do
		open_link "$action" "$browser" "http://$fake/"
		case $action-$browser in
		warn-chromium | warn-firefox)
			check "$action, $browser, http: the gateway's page instead" page_was_asked_for
			;;
		esac
		open_link "$action" "$browser" "https://$fake/"
		if [[ $browser == chromium* ]]; then
			check "$action, $browser, https: the browser says so at once" \
				grep -q "ERR_CONNECTION_RESET\|ERR_NAME_NOT_RESOLVED" <<<"$shown"
		fi
		: >"$office_dir/stand-in"
		browse "$browser" "http://truegate.internal/$fake" >/dev/null || true
		check "$action, $browser: http://truegate.internal/ opens" page_was_asked_for
	done
	truegate_stop
}

office_need chromium chromedriver firefox-esr nginx caddy openssl dnsmasq unbound curl dig
/usr/bin/python3 -c 'import selenium' 2>/dev/null || office_skip "needs Debian's python3-selenium"
office_up
office_tls news.example $fake
: >"$office_dir/served"
office_background "$gateway" stand-in python3 "$root/tests/e2e/stand_in_page.py"
office_wait "the page" grep -q ready "$office_dir/stand-in"
truegate_rules on
run_action warn chromium chromium-asks firefox
run_action block chromium chromium-asks firefox
browse chromium "http://$fake/" >/dev/null
check "without truegate it would" opened
office_end
