#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Names that do not come in one piece: requests cut up, repeated, out of order, behind one another
# on a connection, over a line that loses, reorders and doubles. LINE_TIMES=N asks N times as often.
# shellcheck disable=SC2016,SC2317 # `check` runs functions and texts that it is given
set -euo pipefail
# shellcheck source=tests/e2e/office.sh
source "$(dirname "$0")/office.sh"

fake=vietc0mbank.top
honest=news.example
addresses=(198.51.100.80 2001:db8:2::80)

segments() { in_device python3 "$root/tests/e2e/segments.py" "$@"; }

check_segments() { # EXPECTED MODE ADDRESS HOST ...
	local expected=$1 got
	shift
	got=$(segments "$@") || true
	[[ $got == "$expected" ]] || echo "  expected '$expected', got '$got'"
	check "$line_name $*: $expected" test "$got" = "$expected"
}

test_segments() {
	local address mode
	for address in "${addresses[@]}"; do
		for mode in bytes cut; do
			check_segments "200 303 200" $mode "$address" $honest $fake $honest
		done
		check_segments "200 200 200 303" keepalive "$address" $honest $honest www.$honest $fake
		check_segments "200 200 200 200 200" pipelined "$address" $honest $honest $honest $honest $honest
		# An answer would be taken for that of the honest request in front, so there is none.
		check_segments reset pipelined "$address" $honest $fake $honest
		check_segments "303 closed" pipelined "$address" $fake $honest $honest
	done
}

# HTTP/2 whose client knows that its server speaks it: no page can be shown, so a fake is reset.
test_http2() {
	local address got
	for address in 198.51.100.80 "[2001:db8:2::80]"; do
		got=$(http2 "$address" "$honest")
		check "$line_name HTTP/2 without TLS, honest: $got" test "$got" = "site $honest by HTTP/2.0, 0"
		got=$(http2 "$address" "$fake")
		check "$line_name HTTP/2 without TLS, a fake is reset: $got" grep -qx ", 5[56]" <<<"$got"
	done
	for address in "${addresses[@]}"; do
		check_http2 "site $honest by HTTP/2.0; site www.$honest by HTTP/2.0; site $honest by HTTP/2.0" "$address" \
			"$honest" "www.$honest" "$honest"
		check_http2 "site $honest by HTTP/2.0; site www.$honest by HTTP/2.0; reset" "$address" \
			"$honest" "www.$honest" "$fake" "$honest"
	done
}

http2() { # ADDRESS HOST
	local status=0
	in_device curl -s -m 5 --http2-prior-knowledge --resolve "$2:8083:$1" "http://$2:8083/" >"$office_dir/page" || status=$?
	echo "$(<"$office_dir/page"), $status"
}

check_http2() { # EXPECTED ADDRESS HOST ...
	local got
	got=$(in_device python3 "$root/tests/e2e/http2_client.py" "$2" 8083 "${@:3}") || true
	[[ $got == "$1" ]] || echo "  expected '$1', got '$got'"
	check "$line_name HTTP/2 without TLS, over one connection ${*:3}: $1" test "$got" = "$1"
}

# N times each: honest pages and whole redirects, by IPv4 and IPv6; sets how many came. curl is told the
# address: the C library takes two lost answers to AAAA for a name without one, and test_dns() asks with
# more patience.
test_often() { # TIMES
	local address family host expected got i
	pages=0
	for family in -4 -6; do
		address=${addresses[0]}
		[[ $family == -4 ]] || address="[${addresses[1]}]"
		for host in $honest $fake; do
			expected=200
			[[ $host == "$fake" ]] && expected=303
			for ((i = 0; i < $1; i++)); do
				in_device curl -s -m 40 --resolve "$host:80:$address" -o "$office_dir/page" \
					-w '%{http_code} ' "http://$host/" && tail -c 5 "$office_dir/page" >>"$office_dir/ends"
			done >"$office_dir/codes" || true
			got=$(tr ' ' '\n' <"$office_dir/codes" | grep -c "^$expected$") || true
			check "$line_name curl $family $host: $got of $1 were $expected" test "$got" = "$1"
			[[ $host == "$fake" ]] || pages=$((pages + got))
		done
	done
	warnings=$(grep -c '</a>' "$office_dir/ends") || true
	check "$line_name every redirect was whole" test "$warnings" = $((2 * $1))
	check "$line_name a large download is whole" test 2000000 = "$(in_device curl -s -m 60 -o /dev/null \
		--resolve "$honest:80:${addresses[0]}" -w '%{size_download}' -r 0-1999999 http://$honest/large)"
}

# Sets answers, of twice as many questions.
test_dns() { # TIMES
	local options i
	answers=0
	for ((i = 0; i < $1; i++)); do
		for options in "+notcp" "+tcp"; do
			in_device dig $options +tries=6 +time=1 @198.51.100.54 $honest >"$office_dir/dig" || true
			grep -q "status: NOERROR" "$office_dir/dig" && answers=$((answers + 1))
		done
	done
	check "$line_name $answers of $((2 * $1)) honest questions were answered" test "$answers" = $((2 * $1))
}

run_line() { # NAME TIMES [FUNCTION]
	local times=$(($2 * ${LINE_TIMES:-1})) frames="all at once, none lost"
	line_name="$1:"
	office_up
	truegate_rules on
	office_policy warn
	truegate_start
	test_segments
	test_often "$times"
	test_dns "$times"
	"${3:-true}"
	truegate_stop
	check "$line_name nothing could not be sent" grep -q ", 0 could not be sent" "$office_dir/truegate.log"
	if [[ -n ${office_line:-} ]]; then
		kill "$line_pid"
		wait "$line_pid"
		frames=$(tail -n 1 "$office_dir/line" | sed "s/ \([lhd]\)/, \1/g")
		check "$line_name it did hold frames back" grep -q "held [1-9][0-9][0-9]" "$office_dir/line"
	fi
	figure lines "$1" "$frames" "$warnings of $((2 * times))" "$pages of $((2 * times))" "$answers of $((2 * times))"
}

office_need dig curl nginx dnsmasq unbound ethtool python3
run_line "good line" 10 test_http2
office_restart
office_line="0 40 0 1"
run_line "reordering line" 20
office_restart
office_line="5 20 5 2"
run_line "bad line" 20
office_end
