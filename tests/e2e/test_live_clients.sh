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

# Where a request is redirected to: "CODE URL".
http_redirect() { # CURL ARGUMENTS ...
	in_device curl -s -m 5 -o "$office_dir/page" -w '%{http_code} %{redirect_url}' "$@"
}

body_has() { grep -q -- "$1" "$office_dir/page"; }

# Whether no answer by UDP is larger than its question.
no_larger_answers() {
	local options type
	for options in "" "+noedns" "+dnssec" "+padding=128" "+nocookie"; do
		for type in A AAAA HTTPS ANY; do
			# shellcheck disable=SC2086
			in_device dig +notcp +ignore +qr +tries=1 +time=2 $options @198.51.100.53 "$fake" "$type" |
				awk -v what="$options $type" '
					/QUERY SIZE:/ { sent = $4 }
					/MSG SIZE/ { got = $5 }
					END { if (!sent || !got || got > sent) { print "  " what ": " sent ", " got; exit 1 } }' ||
				return 1
		done
	done
}

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
	# The device has asked plain DNS for the fake by IPv4, where it learns the page's name.
	for address in 198.51.100.80 "[2001:db8:2::80]"; do
		check "$1 curl $address: the gateway's page instead of the fake" \
			is "303 http://truegate.internal/$fake" \
			http_redirect --resolve "$fake:80:$address" "http://$fake/"
		check "$1 curl $address: a link for who does not follow" \
			body_has "href=\"http://truegate.internal/$fake\""
	done
	check "$1 curl, a name never asked for: the page's address" \
		is "303 http://198.18.53.80/vietcombamk.top" \
		http_redirect --resolve vietcombamk.top:80:198.51.100.80 http://vietcombamk.top/
	check "$1 curl by IPv6, likewise" \
		is "303 http://[fd53:7472:7567::80]/vietcombamk.top" \
		http_redirect --resolve "vietcombamk.top:80:[2001:db8:2::80]" http://vietcombamk.top/
	check "$1 curl another port: page" is 303 http_code --resolve "$fake:8080:198.51.100.80" "http://$fake:8080/"
	check "$1 curl -I: 303 without a body, connection ends" \
		is "303 0" in_device curl -s -m 5 -I -o "$office_dir/page" -w '%{http_code} %{size_download}' \
		--resolve "$fake:80:198.51.100.80" "http://$fake/"
	check "$1 curl -I: its head names the body's length" body_has "^Content-Length: [1-9]"
	head -c 100000 /dev/zero >"$office_dir/upload"
	check "$1 curl POST of 100 kB: page" \
		is 303 http_code --data-binary "@$office_dir/upload" \
		--resolve "$fake:80:198.51.100.80" "http://$fake/"
	check "$1 dig ANY: blocked" is "NXDOMAIN 15 0" dig_summary +notcp @198.51.100.53 "$fake" ANY
	check "$1 dig SVCB: blocked" is "NXDOMAIN 15 0" dig_summary @198.51.100.53 "$fake" SVCB
	check "$1 the error names the page" eval \
		'in_device dig +tcp @198.51.100.53 $fake | grep -q "EDE: 15.*see http://truegate.internal/"'
	check "$1 who asks for structured errors gets one" eval \
		'in_device dig +ednsopt=15:0000 @198.51.100.53 $fake | grep -q "mailto:it@office.example"'
	check "$1 by UDP nothing is larger than the question" no_larger_answers
	check "$1 the negative answer lasts a second" eval \
		'in_device dig +tcp @198.51.100.53 $fake | grep -qE "^top\.[[:space:]]+1[[:space:]].*SOA"'
	test_own_name "$1"
}

# Names under truegate.internal are answered by the gateway, whoever is asked.
test_own_name() { # LABEL
	local name resolver
	for name in truegate.internal check.truegate.internal "$fake.truegate.internal"; do
		for resolver in 198.51.100.53 2001:db8:2::54 192.0.2.1; do
			check "$1 $name @$resolver: A" is 198.18.53.80 in_device dig +short "@$resolver" "$name"
			check "$1 $name @$resolver: AAAA" \
				is fd53:7472:7567::80 in_device dig +short "@$resolver" "$name" AAAA
			check "$1 $name @$resolver: HTTPS" is "NOERROR - 0" dig_summary "@$resolver" "$name" HTTPS
		done
	done
	check "$1 truegate.internal over TCP" is 198.18.53.80 in_device dig +tcp +short @198.51.100.53 truegate.internal
}

test_warn() { # LABEL
	local family type
	for type in A AAAA; do
		check "$1 DNS passes: $type" is "NOERROR - 1" dig_summary @198.51.100.53 "$fake" $type
	done
	for type in HTTPS SVCB ANY; do
		check "$1 DNS has no $type" is "NOERROR 15 0" dig_summary +notcp @198.51.100.53 "$fake" $type
	done
	for family in -4 -6; do
		check "$1 curl $family: page" is 303 http_code "$family" "http://$fake/"
	done
	check "$1 curl: its name" is "303 http://truegate.internal/$fake" http_redirect -4 "http://$fake/"
	check "$1 another device is warned" is 303 http_code -4 --interface 192.0.2.11 "http://$fake/"
	check "$1 another fake is warned of" is 303 http_code -4 "http://vietcombamk.top/"
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
