#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What one device can make the gateway do in another's name: requests without a handshake, questions
# from addresses that are nobody's, segments on a neighbour's connection, a request in a SYN. Nothing
# comes of it, and no more octets go out than came in.
# shellcheck disable=SC2016,SC2317 # `check` runs functions and texts that it is given
set -euo pipefail
# shellcheck source=tests/e2e/office.sh
source "$(dirname "$0")/office.sh"

fake=vietc0mbank.top
victim=203.0.113.7

forge() { in_device python3 "$root/tests/e2e/forged.py" "$@"; }

# Runs a command while all that leaves a namespace for an address is recorded; sets out to the octets of
# IP, sent to those the command says it sent.
during() { # NAMESPACE FILTER COMMAND ...
	local namespace=$1 filter=$2 recorder
	shift 2
	ip netns exec "$namespace" tcpdump -lnvi any "$filter" >"$office_dir/recorded" 2>"$office_dir/recorder" &
	recorder=$!
	office_pids+=("$recorder")
	office_wait "the recorder" grep -q "listening on" "$office_dir/recorder"
	sent=$("$@")
	sleep 1.5
	kill "$recorder"
	wait "$recorder" 2>/dev/null || true
	out=$(sed -nE 's/.*(, length|payload length:) ([0-9]+)\).*/\2/p' "$office_dir/recorded" |
		awk '{ total += $1 } END { print total + 0 }')
}

# What was recorded is at most the resolver's own answer: the gateway's says that there is no such name.
no_answer() { ! grep -q NXDomain "$office_dir/recorded"; }

# Security review 1.3: one segment that claims to come from the internet, and one octet of it again and
# again; 1.4: questions from addresses that are nobody's.
test_sources() { # RP_FILTER
	local source_address mode
	in_gateway sysctl -qw net.ipv4.conf.all.rp_filter="$1" net.ipv4.conf.lan.rp_filter="$1"
	for mode in segment octets; do
		during "$gateway" "dst host $victim" forge $mode $victim
		check "rp_filter $1: a $mode in the name of $victim draws nothing ($sent octets in, $out out)" test "$out" = 0
	done
	for mode in segment syn octets question; do
		during "$gateway" "src host 198.51.100.80 and dst host 192.0.2.11 or src host 198.51.100.53 and dst host 192.0.2.11" \
			forge $mode 192.0.2.11
		case $mode in
		question)
			figure amplification "a question in a neighbour's name, rp_filter $1" "$sent" "$out"
			check "rp_filter $1: a question in a neighbour's name is answered" eval '! no_answer'
			check "rp_filter $1: a question draws no more octets than it has ($sent in, $out out)" test "$out" -le "$sent"
			;;
		# What the server itself says to the SYN and to what follows is not the gateway's.
		syn) check "rp_filter $1: no answer of the gateway's" eval '! grep -q "303 See Other" "$office_dir/recorded"' ;;
		*) check "rp_filter $1: a $mode in a neighbour's name draws nothing of the gateway's" \
			eval '! grep -qE "303 See Other|Flags \[P" "$office_dir/recorded"' ;;
		esac
	done
	for source_address in 127.0.0.1 192.0.2.1 198.51.100.1 0.0.0.0 224.0.0.251 255.255.255.255 192.0.2.255 $victim; do
		during "$gateway" "udp and src port 53 and dst host $source_address" forge question "$source_address"
		check "rp_filter $1: a question from $source_address is not answered by the gateway" no_answer
	done
	for source_address in ::1 ff02::1 ::ffff:127.0.0.1 2001:db8:1::1 2001:db8:2::1 2001:db8:9::7; do
		during "$gateway" "udp and src port 53 and dst host $source_address" forge question6 "$source_address"
		check "rp_filter $1: a question from $source_address is not answered by the gateway" no_answer
	done
}

# What is bound to the gateway's loopback hears nothing from a device.
test_loopback() {
	in_gateway timeout 30 python3 -c '
import socket
heard = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
heard.bind(("127.0.0.1", 7777))
heard.settimeout(3)
try:
    print(heard.recvfrom(2000))
except TimeoutError:
    print("nothing")' >"$office_dir/heard" &
	local listener=$!
	office_wait "the listener" eval 'in_gateway ss -Hlun | grep -q 127.0.0.1:7777'
	forge question 127.0.0.1 7777 >/dev/null
	wait $listener
	check "a socket on the gateway's loopback hears nothing" grep -qx nothing "$office_dir/heard"
}

# Security review 1.5: a neighbour's connection outlives what is sent in its name without its numbers.
test_neighbour() {
	local attack
	for attack in reset syn request; do
		check "a neighbour's connection outlives a forged $attack" test "200 200 200" = "$(forge neighbour $attack)"
	done
}

# RFC 7413: the request comes in the SYN.
test_fast_open() {
	in_device sysctl -qw net.ipv4.tcp_fastopen=5
	in_internet sysctl -qw net.ipv4.tcp_fastopen=$((0x202))
	office_background "$internet" fastopen.log python3 "$root/tests/e2e/forged.py" fast-open-server
	office_wait "the server" grep -q ready "$office_dir/fastopen.log"
	check "Fast Open: an honest request is served" test 200 = "$(in_device curl -s -m 10 --tcp-fastopen \
		-o /dev/null -w '%{http_code}' --resolve news.example:8082:198.51.100.80 http://news.example:8082/)"
	check "Fast Open: the fake is not" test 303 = "$(in_device curl -s -m 10 --tcp-fastopen \
		-o /dev/null -w '%{http_code}' --resolve $fake:8082:198.51.100.80 http://$fake:8082/)"
}

office_need dig curl nginx dnsmasq unbound tcpdump python3
office_up
truegate_rules on
ip -n "$gateway" route add default via 198.51.100.80 dev wan
ip -n "$internet" addr add $victim/32 dev eth0
office_policy block
truegate_start
test_sources 0
test_sources 1
test_loopback
test_neighbour
test_fast_open
truegate_stop
office_end
