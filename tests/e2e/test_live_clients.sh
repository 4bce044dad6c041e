#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Real clients behind the gateway, each action, IPv4 and IPv6, with and without address translation:
# the fake is caught, honest names are not touched, and the real server sees nothing of a request
# that was answered in its place.
# shellcheck disable=SC2016,SC2317 # `check` runs functions and texts that it is given
set -euo pipefail
# shellcheck source=tests/e2e/office.sh
source "$(dirname "$0")/office.sh"

fake=vietc0mbank.top
honest=news.example

# Fields of one dig run: "STATUS FLAGS EDE ANSWER-COUNT"; "none" when there was no answer.
dig_summary() { # DIG ARGUMENTS ...
	in_device dig +tries=1 +time=2 "$@" | awk '
		/status:/ { sub(/,.*/, "", $6); status = $6 }
		/^;; flags:/ { answers = $0; sub(/.*ANSWER: /, "", answers); sub(/,.*/, "", answers) }
		/EDE:/ { ede = $3 }
		END { print (status == "" ? "none" : status), (ede == "" ? "-" : ede), answers + 0 }'
}

is() { # EXPECTED COMMAND ...
	local expected=$1 got
	shift
	got=$("$@") || true
	[[ $got == "$expected" ]] || {
		echo "  expected '$expected', got '$got': $*"
		return 1
	}
}

http_code() { # CURL ARGUMENTS ...
	in_device curl -s -m 5 -o "$office_dir/page" -w '%{http_code}' "$@"
}

body_has() { grep -q -- "$1" "$office_dir/page"; }
body_lacks() { ! grep -q -- "$1" "$office_dir/page"; }

# By the C library's own resolver.
resolve_over_tcp() { # NAME
	RES_OPTIONS=use-vc in_device python3 -c '
import socket, sys
try:
    print(min(found[4][0] for found in socket.getaddrinfo(sys.argv[1], 80)))
except socket.gaierror as error:
    print("no such name" if error.errno == socket.EAI_NONAME else error)' "$1"
}

# The resolvers an office uses: out there, and on the gateway itself, by a link-local address too.
resolvers=(198.51.100.53 2001:db8:2::53 198.51.100.54 2001:db8:2::54 192.0.2.1 2001:db8:1::1
	fe80::1%eth0)

test_block() { # LABEL
	local resolver options
	for resolver in "${resolvers[@]}"; do
		for options in "" "+tcp" "+bufsize=512" "+bufsize=4096" "+dnssec" "+cookie" "+subnet=0/0"; do
			# shellcheck disable=SC2086
			check "$1 dig $options @$resolver: blocked" \
				is "NXDOMAIN 15 0" dig_summary $options "@$resolver" "$fake"
		done
		check "$1 dig +noedns @$resolver: blocked" \
			is "NXDOMAIN - 0" dig_summary +noedns "@$resolver" "$fake"
		check "$1 dig AAAA @$resolver: blocked" \
			is "NXDOMAIN 15 0" dig_summary "@$resolver" "$fake" AAAA
		check "$1 dig HTTPS @$resolver: blocked" \
			is "NXDOMAIN 15 0" dig_summary "@$resolver" "$fake" HTTPS
		check "$1 dig mixed case @$resolver: blocked" \
			is "NXDOMAIN 15 0" dig_summary "@$resolver" VietC0mBank.TOP
		for options in "" "+tcp" "+noedns"; do
			# shellcheck disable=SC2086
			check "$1 dig $options @$resolver: honest name answered" \
				is "NOERROR - 1" dig_summary $options "@$resolver" "$honest"
		done
	done
	check "$1 the C library over TCP, which asks two questions at once: no such name" \
		is "no such name" resolve_over_tcp "$fake"
	check "$1 the C library over TCP: honest name answered" is 198.51.100.80 resolve_over_tcp "$honest"
	check "$1 curl cannot resolve the fake" is 6 bash -c \
		"ip netns exec $device curl -s -m 5 http://$fake/; echo \$?"
	for address in 198.51.100.80 "[2001:db8:2::80]"; do
		check "$1 curl $address: page instead of the fake" \
			is 403 http_code --resolve "$fake:80:$address" "http://$fake/"
		check "$1 curl $address: page names the real site" body_has "https://vietcombank.com.vn/"
		check "$1 curl $address: no way on" body_lacks "truegate.internal"
	done
	check "$1 curl another port: page" \
		is 403 http_code --resolve "$fake:8080:198.51.100.80" "http://$fake:8080/"
	check "$1 curl -I: 403, connection ends" \
		is 403 http_code -I --resolve "$fake:80:198.51.100.80" "http://$fake/"
	head -c 100000 /dev/zero >"$office_dir/upload"
	check "$1 curl POST of 100 kB: page" \
		is 403 http_code --data-binary "@$office_dir/upload" \
		--resolve "$fake:80:198.51.100.80" "http://$fake/"
}

test_warn() { # LABEL
	local family url
	check "$1 DNS passes" is "NOERROR - 1" dig_summary @198.51.100.53 "$fake"
	for family in -4 -6; do
		check "$1 curl $family: page" is 403 http_code "$family" "http://$fake/"
		check "$1 curl $family: page has a way on" body_has "truegate.internal/"
		url=$(grep -om1 'http://[^"]*truegate.internal/' "$office_dir/page")
		# A HEAD, a wrong proof and a wrong device open nothing.
		check "$1 curl $family: a way on of somebody's making leads nowhere" \
			is "NXDOMAIN - 0" dig_summary @198.51.100.53 "a${url:8:24}.$fake.truegate.internal"
		check "$1 curl $family: still warned" is 403 http_code "$family" "http://$fake/"
		check "$1 curl $family: the way on leads to the site" \
			is 200 http_code "$family" -L -X POST "$url"
		check "$1 curl $family: it is the site" body_has "site $fake"
		check "$1 curl $family: and it stays open" is 200 http_code "$family" "http://$fake/"
		check "$1 curl $family: www of it too" is 200 http_code "$family" "http://www.$fake/"
	done
	check "$1 another device is warned" is 403 http_code -4 --interface 192.0.2.11 "http://$fake/"
	check "$1 another fake is warned of" is 403 http_code -4 "http://vietcombamk.top/"
}

test_observe() { # LABEL
	check "$1 DNS passes" is "NOERROR - 1" dig_summary @198.51.100.53 "$fake"
	check "$1 HTTP passes" is 200 http_code "http://$fake/"
	truegate_stop
	check "$1 nobody was shown anything, so there is no event" test ! -s "$office_dir/log/events.jsonl"
}

test_honest() { # LABEL
	local family
	for family in -4 -6; do
		check "$1 curl $family honest" is 200 http_code "$family" "http://$honest/"
		check "$1 curl $family the real bank" is 200 http_code "$family" http://www.vietcombank.com.vn/
		check "$1 curl $family keep-alive, six requests" is 200200200200200200 http_code "$family" \
			"http://$honest/[1-6]"
		check "$1 curl $family large download" is 20000000 in_device curl "$family" -s -m 20 \
			-o /dev/null -w '%{size_download}' "http://$honest/large"
	done
}

# What the web server served of the fake before anyone went on: nothing.
test_server_saw_nothing() { # LABEL
	check "$1 the server saw no request for the fake" \
		is 0 bash -c "grep -ci '$fake' '$office_dir/served' || true"
	check "$1 the capture of resets is running" grep -q "^listening on eth0" "$office_dir/resets"
	# After our reset not one packet of the connection may reach the server, which would reset it.
	check "$1 the server reset no connection" \
		is 0 bash -c "grep -c 'Flags \[R' '$office_dir/resets' || true"
}

# A gateway whose own rules refuse our answers: what asks for the fake passes, for nobody would say why
# it does not.
test_refused_answers() { # LABEL
	local program options
	for program in iptables ip6tables; do
		in_gateway $program -I OUTPUT -m mark --mark 0x20000000/0x20000000 -j DROP
	done
	for options in "@198.51.100.53" "@2001:db8:2::53" "+tcp @198.51.100.53" "+tcp @2001:db8:2::53"; do
		# shellcheck disable=SC2086
		check "$1 dig $options: what cannot be answered passes" is "NOERROR - 1" dig_summary $options "$fake"
	done
	check "$1 curl: likewise" is 200 http_code "http://$fake/"
	for program in iptables ip6tables; do
		in_gateway $program -D OUTPUT -m mark --mark 0x20000000/0x20000000 -j DROP
	done
	check "$1 it is blocked once they do not" is "NXDOMAIN 15 0" dig_summary @198.51.100.53 "$fake"
}

run_office() { # LABEL
	office_up
	truegate_rules on
	office_background "$internet" resets tcpdump -lni eth0 \
		'src port 80 and (tcp[13] & 4 != 0 or ip6[53] & 4 != 0)'
	office_policy block
	truegate_start
	test_honest "$1"
	test_block "$1 block:"
	test_server_saw_nothing "$1"
	truegate_stop
	check "$1 everything could be sent" grep -q ", 0 could not be sent" "$office_dir/truegate.log"
	truegate_start
	test_refused_answers "$1 answers refused:"
	truegate_stop

	office_policy warn
	truegate_start
	test_warn "$1 warn:"
	truegate_stop

	office_policy observe
	truegate_start
	test_observe "$1 observe:"
}

office_need dig curl nginx dnsmasq unbound tcpdump python3
office_nat=no run_office "routed:"
office_restart
office_nat=yes run_office "translated:"
office_end
