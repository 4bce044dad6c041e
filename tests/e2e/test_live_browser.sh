#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What a person at a browser comes to who opens a fake: link (http, https) x action x browser, where a
# browser may also ask a resolver over HTTPS, or speak QUIC. The fake opens in none before the person went
# on, and in all within two seconds afterwards; the gateway's page opens in each. Honest sites open as ever.
# No script of another site can read the page or go on by it. TRUEGATE_PICTURE=FILE: a picture of the page.
# MAKES_TABLE=yes: the table of docs/office.md is not looked at.
# shellcheck disable=SC2016,SC2154,SC2317 # `check` runs functions and texts that it is given; coproc sets browser_PID
set -euo pipefail
# shellcheck source=tests/e2e/office.sh
source "$(dirname "$0")/office.sh"

fake=vietc0mbank.top
honest=news.example
browsers=(chromium chromium-asks chromium-quic chromium-doh firefox firefox-quic firefox-doh)

browser_start() { # BROWSER
	coproc browser { in_device env HOME="$office_dir" /usr/bin/python3 "$root/tests/e2e/browser.py" "$1" \
		"$office_dir/ca.pem" 2>>"$office_dir/browser.log"; }
	# Bash forgets them when the browser ends.
	browser_pid=$browser_PID browser_out=${browser[0]} browser_in=${browser[1]}
	office_pids+=("$browser_pid")
	read -r -t 120 shown <&"$browser_out" || shown="the browser did not start"
	check "$what: the browser starts" test ready = "$shown"
}

browser_stop() {
	eval "exec $browser_in>&-"
	wait "$browser_pid" 2>/dev/null || true
}

# Sets shown.
tell() { # COMMAND ...
	echo "$*" >&"$browser_in"
	read -r -t 60 shown <&"$browser_out" || shown="the browser failed"
}

# What the web servers were asked for since forget().
opened() { grep -qi "$fake" "$office_dir/served" "$office_dir/served.json"; }
forget() {
	: >"$office_dir/served"
	: >"$office_dir/served.json"
}

is_page() { grep -q "looks like Vietcombank" <<<"$shown"; }

# Sets seen: what is shown, in few words.
open_link() { # SCHEME
	forget
	tell "open $1://$fake/"
	check "$what, $1: the fake does not open" eval '! opened'
	seen=${shown:0:60}
	if [[ $1-$what == "http-chromium-asks warn" ]]; then
		# In a dialog that no driver sees or presses; the tab behind it is empty.
		seen="a question of the browser's"
		check "$what, $1: asks first" test nothing = "$shown"
		return
	fi
	if is_page; then
		seen="the page"
		return
	fi
	check "$what, $1: the browser says so at once" \
		grep -qE "^(ERR_CONNECTION_RESET|ERR_NAME_NOT_RESOLVED|ERR_QUIC_PROTOCOL_ERROR|nssFailure2|netReset|dnsNotFound)$" \
		<<<"$shown"
}

# The page, and the way on: its presses, and all that opens afterwards.
go_on() { # PRESSES
	local presses=$1 took seconds site
	forget
	tell "open $page"
	check "$what: $page opens" is_page
	check "$what: to read it lets nobody go on" eval '! opened'
	[[ -z ${TRUEGATE_PICTURE:-} || $what != "chromium warn" ]] || tell "picture $TRUEGATE_PICTURE"
	tell "press form[method=post] button"
	read -r took seconds site <<<"$shown"
	check "$what: $presses presses" test "$presses" = "$took"
	check "$what: the fake opens ($site)" grep -q "^site $fake" <<<"$site"
	check "$what: in ${seconds:-?} s" awk "BEGIN { exit !(${seconds:-9} <= 2) }"
	for scheme in http https; do
		tell "open $scheme://$fake/"
		check "$what, $scheme: opens afterwards" grep -q "^site $fake" <<<"$shown"
	done
	[[ -n ${MAKES_TABLE:-} ]] || check "$what: docs/office.md says what is shown" grep -qF \
		"| ${what% *} | $action | ${links[0]} | ${links[1]} | ${page%"$fake"} | $took |" "$root/docs/office.md"
	figure browsers "${what% *}" "$action" "${links[@]}" "${page%"$fake"}" "$took" "$seconds"
}

# Of a script of another site's.
test_script() {
	forget
	tell "open http://$honest/"
	tell "script $page"
	tr '|' '\n' <<<"$shown" >"$office_dir/script"
	check "$what: a script was run" test 7 = "$(wc -l <"$office_dir/script")"
	check "$what: it reads nothing of the page" eval '! grep "read [0-9]\|status" "$office_dir/script"'
	in_device curl -s -m 5 --resolve "$fake:80:198.51.100.80" "http://$fake/" >/dev/null || true
	check "$what: and goes on by nothing" eval '! opened'
}

test_browser() { # BROWSER
	local links=() protocol=HTTP/2.0 seen try
	what="$1 $action" page=http://truegate.internal/$fake
	[[ $1 != *-doh ]] || page=http://198.18.53.80/$fake
	[[ $1 != *-quic ]] || protocol=HTTP/3.0
	truegate_start # what another browser's person chose is forgotten
	browser_start "$1"
	# On a busy machine Firefox tries TCP beside QUIC, takes what is there first, and uses it as long
	# as it runs.
	for ((try = 0; try < 5; try++)); do
		tell "open https://$honest/"
		[[ $shown != "site $honest by $protocol" ]] || break
		if [[ $1 == firefox-quic ]]; then
			browser_stop
			browser_start "$1"
		else
			sleep 0.5
		fi
	done
	check "$what: an honest site opens by $protocol" test "site $honest by $protocol" = "$shown"
	for scheme in http https; do
		open_link $scheme
		links+=("$seen")
	done
	[[ $1 != chromium ]] || test_script
	go_on "$presses"
	browser_stop
	truegate_stop
}

office_need chromium chromedriver firefox-esr certutil nginx caddy openssl dnsmasq unbound curl dig
/usr/bin/python3 -c 'import selenium' 2>/dev/null || office_skip "needs Debian's python3-selenium"
office_up
office_tls $honest $fake dns.example
office_doh
truegate_rules on
for action in warn block; do
	office_policy $action
	presses=1
	[[ $action == warn ]] || presses=2
	for name in "${browsers[@]}"; do
		test_browser "$name"
	done
done
what="chromium without truegate"
browser_start chromium
forget
tell "open http://$fake/"
check "$what: it opens" opened
browser_stop
office_end
