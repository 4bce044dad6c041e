#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What gateways of real offices have: devices that are left out, the gateway's own page at an address of
# nobody's, Docker's rules, an internet side by PPPoE, a flowtable, a bridge. With either backend; the
# last two are nftables' own.
# shellcheck disable=SC2016,SC2317 # `check` runs functions and texts that it is given
set -euo pipefail
# shellcheck source=tests/e2e/office.sh
source "$(dirname "$0")/office.sh"

fake=vietc0mbank.top
status() { # DIG ARGUMENTS ...
	in_device dig +tries=1 +time=3 "$@" "$fake" | grep -o 'status: [A-Z]*' || echo none
}
blocked() { [[ $(status "$@") == "status: NXDOMAIN" ]]; }
passes() { [[ $(status "$@") == "status: NOERROR" ]]; }
queued() { in_gateway awk '{ packets += $8 } END { print packets + 0 }' /proc/net/netfilter/nfnetlink_queue; }

# Each way to leave a device out, beside one that is not.
test_except() {
	local mac
	mac=$(in_device cat /sys/class/net/eth0/address)
	truegate_rules on
	check "nobody is left out: blocked" eval 'blocked -b 192.0.2.10 @198.51.100.53 && blocked -b 192.0.2.11 @198.51.100.53'
	truegate_rules on --except 192.0.2.11 --except 2001:db8:1::11
	check "an address is left out" passes -b 192.0.2.11 @198.51.100.53
	check "its neighbour is not" blocked -b 192.0.2.10 @198.51.100.53
	check "an IPv6 address is left out" passes -b 2001:db8:1::11 @2001:db8:2::53
	check "its neighbour is not (IPv6)" blocked -b 2001:db8:1::10 @2001:db8:2::53
	truegate_rules on --except 192.0.2.8/29 --except 192.0.2.9 --except 2001:db8:1::/64
	check "a subnet is left out, with an address of it said as well" passes -b 192.0.2.10 @198.51.100.53
	check "an IPv6 subnet is left out" passes -b 2001:db8:1::10 @2001:db8:2::53
	truegate_rules on --except "$mac"
	check "a MAC address is left out" eval 'passes @198.51.100.53 && passes @2001:db8:2::53'
	truegate_rules on --except 02:00:00:00:00:01
	check "another one is not" blocked @198.51.100.53
	truegate_rules on --except lan
	check "an interface is left out" passes @198.51.100.53
	truegate_rules on --except lan.20
	check "another one is not left out" blocked @198.51.100.53
}

page() { in_device curl -s -m 5 "$@"; }
refused_at_once() { # URL
	local began=$EPOCHREALTIME code=0
	page -o /dev/null "$1" || code=$?
	# 7: no connection; 5 seconds later it would be 28.
	((code == 7)) && awk -v a="$began" -v b="$EPOCHREALTIME" 'BEGIN { exit b - a > 2 }'
}
test_site() {
	local address
	truegate_rules on
	for address in 198.18.53.80 "[fd53:7472:7567::80]"; do
		check "$address is the gateway's page" eval '[[ $(page "http://$address/") == *"<title>Truegate</title>"* ]]'
		check "$address: https is refused at once" refused_at_once "https://$address/"
		check "$address: so is any other port" refused_at_once "http://$address:8053/"
	done
	truegate_rules on --except 192.0.2.10
	check "who is left out sees it too" eval '[[ $(page http://198.18.53.80/) == *"<title>Truegate</title>"* ]]'
	truegate_rules on --site-address 198.18.1.1 --site-port 8054
	check "at another address it is there no longer" eval '[[ $(page http://198.18.53.80/) != *Truegate* ]]'
}

# What dockerd puts (iptables, version 28): its chains go first into FORWARD, which drops by default.
docker_rules() {
	local program
	in_gateway iptables-restore -w --noflush <<'TEXT'
*nat
:DOCKER - [0:0]
-I PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-I OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
-I POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
COMMIT
*filter
:DOCKER - [0:0]
:DOCKER-USER - [0:0]
:DOCKER-FORWARD - [0:0]
-P FORWARD DROP
-A DOCKER-USER -j RETURN
-A DOCKER-FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A DOCKER-FORWARD -i docker0 -j ACCEPT
-A DOCKER-FORWARD -i lan -j ACCEPT
-I FORWARD -j DOCKER-FORWARD
-I FORWARD -j DOCKER-USER
COMMIT
TEXT
	for program in iptables ip6tables; do
		in_gateway $program -t raw -A PREROUTING -d 172.17.0.2/32 ! -i docker0 -j DROP
	done 2>/dev/null || true
}
test_docker() { # LABEL
	check "$1: a fake is blocked" blocked @198.51.100.53
	check "$1: an honest site answers" eval '[[ $(page http://news.example/) == "site news.example" ]]'
	check "$1: the page answers" eval '[[ $(page http://198.18.53.80/) == *"<title>Truegate</title>"* ]]'
	check "$1: a container's fake is blocked" eval \
		'ip netns exec "$line" dig +tries=1 +time=3 @198.51.100.53 "$fake" | grep -q NXDOMAIN'
}

# A large transfer that is released: see bulk.py.
transfer() {
	coproc STREAM { in_device python3 "$root/tests/e2e/bulk.py" stream 198.51.100.80 9000 30; }
	local word result out=${STREAM[0]} in=${STREAM[1]}
	read -r -t 30 word <&"$out" && [[ $word == begun ]] || return 1
	echo go >&"$in"
	read -r -t 90 result <&"$out"
	wait "$STREAM_PID" || true
	[[ $result == whole ]]
}
# Octets to the server that were forwarded the usual way, past the flowtable. Only those: a flowtable gives a
# connection back at the first FIN, and what the server sends comes after the device's.
forwarded() { in_gateway nft list chain inet count forward | sed -n 's/.* bytes \([0-9]*\).*/\1/p'; }
test_offload() {
	local before after
	office_background "$internet" bulk.log python3 "$root/tests/e2e/bulk.py" serve 9000
	office_wait "the bulk server" grep -q ready "$office_dir/bulk.log"
	in_gateway nft 'add table inet count; add chain inet count forward { type filter hook forward priority 10; }; add rule inet count forward tcp dport 9000 counter'
	truegate_rules on
	check "without a flowtable a transfer is whole" transfer
	before=$(forwarded)
	truegate_rules on --offload lan --offload wan
	check "with one it is whole too" transfer
	after=$(($(forwarded) - before))
	figure offload "octets of 30 MB to the server that were forwarded the usual way: without, with --offload" "$before" "$after"
	check "and the flowtable carries it: $before octets the usual way before, $after now" test "$after" -lt $((before / 10))
	check "fakes are blocked beside it" blocked @198.51.100.53
	check "over TCP too" blocked +tcp @198.51.100.53
}

# The gateway between two parts of one network: device and servers are bridged, nothing is routed.
bridge_up() {
	office_down
	office_pids=()
	trap office_down EXIT
	office_dir=$(mktemp -d "${TMPDIR:-/tmp}/truegate-office.XXXXXX")
	chmod 755 "$office_dir"
	local namespace
	for namespace in "$device" "$gateway" "$internet"; do
		ip netns add "$namespace"
		ip -n "$namespace" link set lo up
	done
	office_link "$device" eth0 "$gateway" lan
	office_link "$gateway" wan "$internet" eth0
	ip -n "$gateway" link add br0 type bridge
	ip -n "$gateway" link set lan master br0
	ip -n "$gateway" link set wan master br0
	ip -n "$gateway" link set br0 up
	office_addresses "$device" eth0 198.51.100.10/24 2001:db8:2::10/64
	office_addresses "$gateway" br0 198.51.100.1/24 2001:db8:2::1/64
	office_addresses "$internet" eth0 198.51.100.{53,80}/24 2001:db8:2::{53,80}/64
	mkdir "$office_dir/www" && echo "the site" >"$office_dir/www/index.html"
	office_background "$internet" dnsmasq.log dnsmasq --no-daemon --conf-file=/dev/null --no-resolv \
		--no-hosts --user=root --pid-file= --bind-interfaces --listen-address=198.51.100.53 \
		--listen-address=2001:db8:2::53 --address=/#/198.51.100.80 --address=/#/2001:db8:2::80
	office_background "$internet" www.log python3 -m http.server 80 --bind 198.51.100.80 --directory "$office_dir/www"
	office_wait "dnsmasq" in_device dig +tries=1 +time=2 @198.51.100.53 up.example
	office_wait "dnsmasq (IPv6)" in_device dig +tries=1 +time=2 @2001:db8:2::53 up.example
	office_wait "the web server" in_device curl -sf -o /dev/null -m 2 http://198.51.100.80/
}
test_bridge() {
	bridge_up
	office_policy block
	truegate_start
	truegate_rules on
	check "bridge: unseen without --bridge" passes @198.51.100.53
	truegate_rules on --bridge lan
	check "bridge: a fake is blocked" blocked @198.51.100.53
	check "bridge: over IPv6" blocked @2001:db8:2::53
	check "bridge: over TCP" blocked +tcp @198.51.100.53
	check "bridge: an honest name is answered" eval 'in_device dig +tries=1 +time=3 @198.51.100.53 news.example | grep -q 198.51.100.80'
	check "bridge: an honest site answers" eval '[[ $(page http://198.51.100.80/) == "the site" ]]'
	check "bridge: what asks the fake by HTTP does not reach it" eval \
		'[[ $(page --resolve "$fake:80:198.51.100.80" "http://$fake/") != "the site" ]]'
	truegate_rules on --bridge lan --except 198.51.100.10
	check "bridge: who is left out is" passes @198.51.100.53
	truegate_rules off
	check "bridge: off takes its table away" eval '! in_gateway nft list table bridge truegate 2>/dev/null'
	truegate_stop
}

office_need dig curl nginx dnsmasq unbound conntrack python3
office_up
office_policy block
truegate_start
test_except
test_site

# A container behind the gateway's own bridge, and Docker's rules: before ours, and put again behind them.
ip netns add "$line"
ip -n "$gateway" link add docker0 type bridge
office_addresses "$gateway" docker0 172.17.0.1/16
ip -n "$gateway" link set docker0 up
office_link "$line" eth0 "$gateway" veth0
ip -n "$gateway" link set veth0 master docker0
office_addresses "$line" eth0 172.17.0.2/16
ip -n "$line" route add default via 172.17.0.1
truegate_rules off
docker_rules
truegate_rules on --from docker0
test_docker "Docker's rules first"
docker_rules
test_docker "Docker's rules again"
in_gateway iptables -P FORWARD ACCEPT
in_gateway iptables -t nat -F
in_gateway iptables -F
truegate_rules on

# The internet's side by PPPoE has another name and room for 1492 octets.
ip -n "$gateway" link set wan down
ip -n "$gateway" link set wan name ppp0
ip -n "$gateway" link set ppp0 up mtu 1492
ip -n "$internet" link set eth0 mtu 1492
office_addresses "$gateway" ppp0 2001:db8:2::1/64 2>/dev/null || true
office_wait "the web server by ppp0" in_device curl -sf -o /dev/null -m 2 http://198.51.100.80/
check "PPPoE: a fake is blocked" blocked @198.51.100.53
check "PPPoE: a large answer arrives" eval '[[ $(page -m 60 -o /dev/null -w "%{size_download}" http://news.example/large) == 20000000 ]]'
ip -n "$gateway" link set ppp0 down
ip -n "$gateway" link set ppp0 name wan
ip -n "$gateway" link set wan up mtu 1500
ip -n "$internet" link set eth0 mtu 1500

if [[ $TRUEGATE_BACKEND == nftables ]]; then
	test_offload
	truegate_stop
	test_bridge
else
	echo "SKIP part of $(basename "$0"): a flowtable and a bridge need nftables' queue; ./run vm has it"
	truegate_stop
fi
office_end
