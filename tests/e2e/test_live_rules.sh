#!/bin/bash
# truegate-rules: on, off and status are what they say, as often as they are said, and other rules
# stay as they were.
# shellcheck disable=SC2016,SC2317 # `check` runs functions and texts that it is given
set -euo pipefail
# shellcheck source=tests/e2e/office.sh
source "$(dirname "$0")/office.sh"

rules() { in_gateway "$root/systemd/truegate-rules" "$@"; }

# Everything the firewall holds but counters.
firewall() {
	in_gateway iptables-save | sed -e '/^#/d' -e 's/\[[0-9:]*\]//'
	in_gateway ip6tables-save | sed -e '/^#/d' -e 's/\[[0-9:]*\]//'
}
tables() { in_gateway nft list ruleset 2>/dev/null; }

refuses() { # TEXT ARGUMENTS ...
	local text=$1 status=0
	shift
	rules "$@" >"$office_dir/out" 2>&1 || status=$?
	if [[ $status != 2 ]] || ! grep -q -- "$text" "$office_dir/out"; then
		echo "  status $status: $(cat "$office_dir/out")"
		return 1
	fi
}

same() { [[ $1 == "$2" ]] || diff <(echo "$1") <(echo "$2") | sed 's/^/  /'; }

office_need nft
office_dir=$(mktemp -d)
: >"$office_dir/truegate.log"
trap office_down EXIT
ip netns add "$gateway"

# What an office may have of its own, in the places ours go to.
in_gateway iptables -t mangle -A PREROUTING -p tcp --dport 25 -j MARK --set-mark 5
in_gateway iptables -t mangle -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu
in_gateway iptables -t raw -A OUTPUT -p udp --dport 514 -j CT --notrack
in_gateway ip6tables -t mangle -A INPUT -p icmpv6 -j ACCEPT
in_gateway nft add table inet office
in_gateway ip6tables -t raw -A OUTPUT -p udp --dport 514 -j CT --notrack
before=$(firewall)

check "status says off" eval '! rules status >"$office_dir/out" && grep -qx off "$office_dir/out"'
rules on --backend iptables --from lan --from wifi --queues 2
once=$(firewall)
check "status says on" eval 'rules status | grep NFQUEUE >"$office_dir/out"'
check "they let pass without a program" test 0 = "$(grep NFQUEUE <<<"$once" | grep -vc bypass)"
check "for both families and interfaces" test 12 = "$(grep -c NFQUEUE <<<"$once")"
rules on --backend iptables --from lan --from wifi --queues 2
check "on twice is on once" same "$once" "$(firewall)"
rules on --backend iptables --queues 1 --first 7 --released-mark 0x4 --answer-mark 0x8
check "on again replaces" test 6 = "$(firewall | grep -c 'NFQUEUE --queue-num 7 ')"
check "and nothing is left of before" test 0 = "$(firewall | grep -c 'lan\|0x10000000')"
rules off --backend iptables
rules off --backend iptables
check "off leaves what was there before" same "$before" "$(firewall)"

# nftables: this kernel may lack its `queue`; all the rest can be put in any case.
tables_before=$(tables)
rules on --print --from lan --queues 2 | sed 's/queue flags bypass to 100-101/counter/' >"$office_dir/rules.nft"
check "nft takes the rules (queue apart)" in_gateway nft -f "$office_dir/rules.nft"
check "both queue rules were there to take apart" test 2 = "$(grep -c counter "$office_dir/rules.nft")"
check "status knows them" eval 'rules status | grep "table inet truegate" >"$office_dir/out"'
rules off
check "off takes the table away alone" same "$tables_before" "$(tables)"
if rules on --from lan --queues 2 2>"$office_dir/out"; then
	rules on --from lan --queues 2
	check "nft: on twice is on once" test 2 = "$(in_gateway nft list table inet truegate | grep -c 'queue')"
	rules off
else
	echo "SKIP part of $(basename "$0"): this kernel's nftables has no queue expression (CONFIG_NFT_QUEUE)"
	check "a kernel without nft queue is named, with the way out" grep -q -- "--backend iptables" "$office_dir/out"
fi
check "nothing is left of it" same "$tables_before" "$(tables)"

check "no command" refuses "usage"
check "unknown command" refuses "unknown command" up
check "unknown option" refuses "unknown option" on --bogus
check "a value is missing" refuses "wants a value" on --first
check "queue number" refuses "from 0 to 65535" on --first 65536
check "octal" refuses "from 1 to 64" on --queues 08
check "last queue number" refuses "lower --first" on --first 65535 --queues 2
check "two bits" refuses "one bit" on --released-mark 0x3
check "the same bit twice" refuses "two different bits" on --released-mark 0x1 --answer-mark 0x1
check "no interface's name" refuses "interface's name" on --from 'eth0; reboot'
check "backend" refuses "nftables or iptables" on --backend pf
office_end
