#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What a person at a browser comes to who opens a fake: link (http, https) x action x browser. The fake
# opens in none before the person went on, and in all within two seconds afterwards. An http link leads to
# the gateway's page where the browser asks for it at all, and http://truegate.internal/ opens in each. No
# script of another site can read the page or go on by it.
# shellcheck disable=SC2016,SC2317 # `check` runs functions and texts that it is given
set -euo pipefail
# shellcheck source=tests/e2e/office.sh
source "$(dirname "$0")/office.sh"

fake=vietc0mbank.top
page=http://truegate.internal/$fake

in_browser() { # PROGRAM ...
	in_device env HOME="$office_dir" timeout 60 /usr/bin/python3 "$root/tests/e2e/$1" "${@:2}" 2>>"$office_dir/browse.log"
}
browse() { in_browser browse.py "$@"; } # BROWSER URL

# What the web servers were asked for since forget().
opened() { grep -qi "$fake" "$office_dir/served" "$office_dir/served.json"; }
# The page keeps no log: the device counts the connections that it opens to it.
page_was_asked_for() {
	local program
	for program in iptables ip6tables; do
		in_device $program -L OUTPUT -vnx | awk '/198\.18\.53\.80|fd53:7472:7567::80/ && $1 > 0 { found = 1 }
			END { exit !found }' && return
	done
	return 1
}
forget() {
	: >"$office_dir/served"
	: >"$office_dir/served.json"
	in_device iptables -Z OUTPUT
	in_device ip6tables -Z OUTPUT
}

open_link() { # ACTION BROWSER LINK
	local what=
	forget
	shown=$(browse "$2" "$3") || shown="the browser failed"
	check "$1, $2, $3: the fake does not open" eval '! opened'
	! grep -q "looks like Vietcombank" <<<"$shown" || what="the page"
	figure browsers "$2" "$3" "$1" "${what:-$shown}" "$(page_was_asked_for && echo yes || echo no)"
}

before_going_on() { # ACTION BROWSER
	open_link "$1" "$2" "http://$fake/"
	if [[ $1 == warn && $2 != chromium-asks ]]; then
		check "$1, $2, http: the gateway's page instead" page_was_asked_for
	fi
	if [[ $1-$2 == warn-chromium ]]; then
		check "$1, $2, http: it says why" grep -q "looks like Vietcombank" <<<"$shown"
	fi
	open_link "$1" "$2" "https://$fake/"
	if [[ $2 == chromium* ]]; then
		check "$1, $2, https: the browser says so at once" \
			grep -q "ERR_CONNECTION_RESET\|ERR_NAME_NOT_RESOLVED" <<<"$shown"
	fi
	forget
	shown=$(browse "$2" "$page") || true
	check "$1, $2: $page opens" page_was_asked_for
	if [[ $2 == chromium* ]]; then
		check "$1, $2: and says why" grep -q "looks like Vietcombank" <<<"$shown"
	fi
	check "$1, $2: to read it lets nobody go on" eval '! opened'
}

test_script() { # ACTION
	forget
	in_browser person.py script http://news.example/ "$page" >"$office_dir/script" || true
	check "$1: a script was run" test 7 = "$(wc -l <"$office_dir/script")"
	check "$1: it reads nothing of the page" eval '! grep "read [0-9]\|status" "$office_dir/script"'
	in_device curl -s -m 5 --resolve "$fake:80:198.51.100.80" "http://$fake/" >/dev/null || true
	check "$1: and goes on by nothing" eval '! opened'
}

test_going_on() { # ACTION PRESSES BROWSER ...
	local action=$1 presses=$2 took seconds picture=-
	shift 2
	[[ $action != warn ]] || picture=${TRUEGATE_PICTURE:--}
	read -r took seconds shown <<<"$(in_browser person.py go-on "$page" "$picture")" || true
	check "$action: $presses presses" test "$presses" = "$took"
	check "$action: the fake opens ($shown)" grep -q "^site $fake" <<<"$shown"
	check "$action: in ${seconds:-?} s" awk "BEGIN { exit !(${seconds:-9} <= 2) }"
	for browser in "$@"; do
		forget
		if [[ $browser == firefox ]]; then
			# It does not know the authority, and has no driver: http, by the server's log.
			browse firefox "http://$fake/" >/dev/null || true
			check "$action, firefox, http: opens afterwards" opened
			continue
		fi
		for scheme in http https; do
			shown=$(browse "$browser" "$scheme://$fake/" trusts) || true
			check "$action, $browser, $scheme: opens afterwards" grep -q "^site $fake" <<<"$shown"
		done
	done
}

run_action() { # ACTION PRESSES BROWSER ...
	local browser shown
	office_policy "$1"
	truegate_start
	for browser in "${@:3}"; do
		before_going_on "$1" "$browser"
	done
	test_script "$1"
	test_going_on "$@"
	truegate_stop
}

office_need chromium chromedriver firefox-esr nginx caddy openssl dnsmasq unbound curl dig
/usr/bin/python3 -c 'import selenium' 2>/dev/null || office_skip "needs Debian's python3-selenium"
office_up
office_tls news.example $fake
in_device iptables -A OUTPUT -d 198.18.53.80 -p tcp --syn
in_device ip6tables -A OUTPUT -d fd53:7472:7567::80 -p tcp --syn
truegate_rules on
run_action warn 1 chromium chromium-asks firefox
run_action block 2 chromium chromium-asks firefox
forget
browse chromium "http://$fake/" >/dev/null
check "without truegate it would" opened
office_end
