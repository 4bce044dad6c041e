#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The rules at work. A connection that is neither DNS nor HTTP is released: after its first packets none
# comes to user space any more, in either direction, and the marks of others stay as they were. Rules
# that are installed again let nothing pass meanwhile.
# shellcheck disable=SC2317 # `check` runs functions that it is given
set -euo pipefail
# shellcheck source=tests/e2e/office.sh
source "$(dirname "$0")/office.sh"

port=9000
megabytes=100
addresses=(198.51.100.80 2001:db8:2::80)

# Packets that went to the queues so far.
queued() {
	in_gateway awk '{ packets += $8 } END { print packets + 0 }' /proc/net/netfilter/nfnetlink_queue
}

# Sets first (packets queued of the connection's first megabyte), rest, and result.
transfer() { # ADDRESS
	local before begun word out in
	before=$(queued)
	coproc STREAM { in_device python3 "$root/tests/e2e/bulk.py" stream "$1" $port $megabytes; }
	out=${STREAM[0]} in=${STREAM[1]}
	read -r -t 30 word <&"$out" && [[ $word == begun ]]
	begun=$(queued)
	first=$((begun - before))
	echo go >&"$in"
	read -r -t 60 result <&"$out"
	wait "$STREAM_PID"
	rest=$(($(queued) - begun))
}

# The marks of the connections that the gateway tracks to the port.
marks() { # PROTOCOL ADDRESS
	local family=ipv4
	[[ $2 == *:* ]] && family=ipv6
	in_gateway conntrack -L -f $family -p "$1" --dport $port 2>/dev/null |
		grep -o ' mark=[0-9]*' | sort -u
}

test_transfer() { # ADDRESS
	transfer "$1"
	figure release "$1" "$first" "$rest"
	check "$1: a transfer of $megabytes MB there and back is whole" test "$result" = whole
	check "$1: its first packets are looked at" test "$first" -ge 3
	check "$1: then it is released: 50 packets at most" test "$first" -le 50
	check "$1: after that none is queued" test "$rest" = 0
	check "$1: the office's own mark stays" test " mark=$((0x10000005))" = "$(marks tcp "$1")"
}

test_datagrams() { # ADDRESS
	local before
	before=$(queued)
	in_device python3 "$root/tests/e2e/bulk.py" datagrams "$1" $port 200
	first=$(($(queued) - before))
	check "$1: of 200 datagrams $first were queued" test "$first" -ge 1 -a "$first" -le 50
}

test_on_again() {
	local i dnsperf_pid
	printf 'vietc0mbank.top A\n' >"$office_dir/fakes"
	in_device dnsperf -s 198.51.100.53 -d "$office_dir/fakes" -l 2 -Q 2000 -t 4 \
		>"$office_dir/dnsperf" 2>&1 &
	dnsperf_pid=$!
	for ((i = 0; i < 15; i++)); do
		truegate_rules on
	done
	wait "$dnsperf_pid"
	figure rules-anew "rules installed again, times in 2 seconds" "$i"
	figure rules-anew "questions for a fake meanwhile, and those lost" \
		"$(awk '/Queries sent:/ { sent = $3 } /Queries lost:/ { lost = $3 } END { print sent ", " lost }' "$office_dir/dnsperf")"
	figure rules-anew "answered \"no such name\"" "$(awk '/Response codes:/ && $3 == "NXDOMAIN" { print $4 }' "$office_dir/dnsperf")"
	check "rules installed again let no fake pass" grep -q "Response codes: *NXDOMAIN [0-9]* (100.00%)$" "$office_dir/dnsperf"
	check "rules installed again lose no question" grep -q "Queries lost: *0 (0.00%)$" "$office_dir/dnsperf"
}

office_need dig curl nginx dnsmasq unbound conntrack dnsperf python3
office_nat=yes office_up
office_background "$internet" bulk.log python3 "$root/tests/e2e/bulk.py" serve $port
office_wait "the bulk server" grep -q ready "$office_dir/bulk.log"
# An office's own marks, and rules that accept before ours could be asked.
for program in iptables ip6tables; do
	in_gateway $program -t mangle -A PREROUTING -i lan -j CONNMARK --set-xmark 0x5/0xff
	in_gateway $program -t mangle -A FORWARD -i lan -j ACCEPT
done
truegate_rules on
office_policy block
truegate_start
for address in "${addresses[@]}"; do
	test_transfer "$address"
	test_datagrams "$address"
done
test_on_again
truegate_stop
office_end
