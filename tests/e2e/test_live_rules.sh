#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
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

office_need nft python3 setpriv unshare
office_dir=$(mktemp -d)
: >"$office_dir/truegate.log"
trap office_down EXIT
ip netns add "$gateway"

# What an office may have of its own, in the places ours go to.
in_gateway iptables -t mangle -A PREROUTING -p tcp --dport 25 -j MARK --set-mark 5
in_gateway iptables -t mangle -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu
in_gateway iptables -t raw -A OUTPUT -p udp --dport 514 -j CT --notrack
in_gateway ip6tables -t mangle -A INPUT -p icmpv6 -j ACCEPT
for program in iptables ip6tables; do
	in_gateway $program -t nat -A POSTROUTING -o wan -j MASQUERADE
	in_gateway $program -A FORWARD -o wan -j ACCEPT
done
in_gateway nft add table inet office
in_gateway ip6tables -t raw -A OUTPUT -p udp --dport 514 -j CT --notrack
before=$(firewall)

check "status says off" eval '! rules status >"$office_dir/out" && grep -qx off "$office_dir/out"'
rules on --backend iptables --from lan --from wifi --queues 2
once=$(firewall)
check "status says on" eval 'rules status | grep NFQUEUE >"$office_dir/out"'
check "they let pass without a program" test 0 = "$(grep NFQUEUE <<<"$once" | grep -vc bypass)"
check "for both families and interfaces" test 16 = "$(grep -c NFQUEUE <<<"$once")"
rules on --backend iptables --from lan --from wifi --queues 2
check "on twice is on once" same "$once" "$(firewall)"
rules on --backend iptables --from eth9 --queues 1 --first 7 --released-mark 0x4 --answer-mark 0x8
check "the page's rules are there, for both families" test 4 = "$(firewall | grep -c -- '-A TRUEGATE-SITE.*REJECT')"
check "on again replaces" test 8 = "$(firewall | grep -c 'NFQUEUE --queue-num 7 ')"
check "and nothing is left of before" test 0 = "$(firewall | grep -c 'lan\|0x10000000')"
check "who does not say by which interface the office comes in is refused" \
	refuses "say by which interfaces the office comes in" on --backend iptables
check "and what stood before stands" test 8 = "$(firewall | grep -c 'NFQUEUE --queue-num 7 ')"
rules off --backend iptables
rules off --backend iptables
check "off leaves what was there before" same "$before" "$(firewall)"

# nftables: this kernel may lack its `queue`; all the rest can be put in any case.
tables_before=$(tables)
rules on --print --from lan --queues 2 | sed 's/queue flags bypass to 100-101/counter/' >"$office_dir/rules.nft"
check "nft takes the rules (queue apart)" in_gateway nft -f "$office_dir/rules.nft"
check "all queue rules were there to take apart" test 3 = "$(grep -c counter "$office_dir/rules.nft")"
check "status knows them" eval 'rules status | grep "table inet truegate" >"$office_dir/out"'
rules off
check "off takes the table away alone" same "$tables_before" "$(tables)"
if rules on --from lan --queues 2 2>"$office_dir/out"; then
	rules on --from lan --queues 2
	check "nft: on twice is on once" test 3 = "$(in_gateway nft list table inet truegate | grep -c 'queue')"
	rules off
else
	echo "SKIP part of $(basename "$0"): this kernel's nftables has no queue expression (CONFIG_NFT_QUEUE)"
	check "a kernel without nft queue is named, with the way out" grep -q -- "--backend iptables" "$office_dir/out"
fi
check "nothing is left of it" same "$tables_before" "$(tables)"

# A program that refuses everything in the place of ip6tables.
mkdir "$office_dir/refusing"
printf '#!/bin/sh\necho "Address family not supported by protocol" >&2\nexit 3\n' >"$office_dir/refusing/ip6tables"
cp "$office_dir/refusing/ip6tables" "$office_dir/refusing/ip6tables-restore"
chmod 755 "$office_dir"/refusing/*
refusing=$office_dir/refusing:$PATH
PATH=$refusing check "one family refuses: said" refuses "ip6tables refused the rules" on --backend iptables --from lan
check "and nothing is left of the other" same "$before" "$(firewall)"
PATH=$refusing check "what cannot be taken away is said" refuses "did not take the rules away" off --backend iptables

# A host without IPv6 has no such file.
without_ipv6() {
	in_gateway env "PATH=$refusing" unshare --mount bash -c \
		'mount -t tmpfs none "/proc/$$/net" && exec "$0" "$@"' "$root/systemd/truegate-rules" "$@"
}
check "without IPv6: on" without_ipv6 on --backend iptables --from lan --queues 1
check "without IPv6: the rules are there" test 4 = "$(firewall | grep -c NFQUEUE)"
check "without IPv6: off" without_ipv6 off --backend iptables
check "without IPv6: nothing is left" same "$before" "$(firewall)"

# Somebody who may not see the rules is not told that there are none.
unprivileged() {
	in_gateway setpriv --reuid nobody --clear-groups --inh-caps=-all --bounding-set=-all \
		"$root/systemd/truegate-rules" "$@"
}
in_gateway nft add table inet truegate
for command in off status "off --backend iptables" "on --from lan"; do
	# shellcheck disable=SC2086 # a command and its options
	check "'$command' without privileges is refused" eval \
		'! unprivileged $command >"$office_dir/out" 2>&1 && grep -q "run it as root" "$office_dir/out"'
done
rules off

# A packet of no connection that comes back released has its own mark again, too: others route by it.
in_gateway sysctl -qw net.netfilter.nf_conntrack_tcp_loose=0
ip netns add "$device"
office_link "$device" eth0 "$gateway" lan
office_addresses "$device" eth0 192.0.2.10/24
office_addresses "$gateway" lan 192.0.2.1/24
# In the queue's place, what the daemon gives back.
rules on --print --from lan --queues 1 |
	sed 's/queue flags bypass to 100/counter meta mark set meta mark | 0x10000000/' >"$office_dir/rules.nft"
in_gateway nft -f "$office_dir/rules.nft"
in_gateway nft -f - <<'TEXT'
table inet after {
	chain come {
		type filter hook prerouting priority mangle - 1; policy accept;
		meta mark set 0x5
	}
	chain gone {
		type filter hook prerouting priority mangle + 2; policy accept;
		ct state invalid meta mark 0x5 counter comment "invalid, as it was"
		ct state new meta mark 0x5 counter comment "new, as it was"
	}
}
TEXT
in_device python3 -c 'import socket, struct
def checksum(octets):
    total = sum(struct.unpack(f"!{len(octets) // 2}H", octets))
    return ~(total % 65535) & 0xffff
ends = socket.inet_aton("192.0.2.10") + socket.inet_aton("192.0.2.1")
ack = struct.pack("!HHIIBBHHH", 40000, 80, 1, 1, 0x50, 0x10, 1000, 0, 0)
ack = ack[:16] + struct.pack("!H", checksum(ends + struct.pack("!HH", 6, 20) + ack)) + ack[18:]
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP)
raw.sendto(ack, ("192.0.2.1", 0))
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"octets", ("192.0.2.1", 9))'
marked() { in_gateway nft list table inet after | grep -q "packets 1 .*\"$1, as it was\""; }
check "nft: a released connection's packet has its own mark again" office_wait "the packet" marked new
check "nft: so has one of no connection" office_wait "the packet" marked invalid
rules off

check "no command" refuses "usage"
check "unknown command" refuses "unknown command" up
check "unknown option" refuses "unknown option" on --bogus
check "a value is missing" refuses "needs a value" on --first
check "queue number" refuses "from 0 to 65535" on --first 65536
check "octal" refuses "from 1 to 64" on --queues 08
check "last queue number" refuses "lower --first" on --first 65535 --queues 2
check "two bits" refuses "one bit" on --released-mark 0x3
check "the same bit twice" refuses "two different bits" on --released-mark 0x1 --answer-mark 0x1
check "no interface's name" refuses "interface's name" on --from 'eth0; reboot'
check "rules for one address" refuses "use --except" on --from 192.0.2.7
check "rules for one IPv6 address" refuses "use --except" on --from 2001:db8::7
check "everybody left out" refuses "leaves everybody out" on --except 0.0.0.0/0
check "everybody left out, IPv6" refuses "leaves everybody out" on --except ::/0
check "no address" refuses "not an IPv4 address" on --except 192.0.2.256
check "no subnet" refuses "/1 to /32" on --except 192.0.2.0/33
check "no subnet, IPv6" refuses "/1 to /128" on --except 2001:db8::/129
check "the page's address" refuses "not an IPv4 address" on --site-address office.example
check "the page's port" refuses "from 1 to 65535" on --site-port 0
check "a bridge's port needs nftables" refuses "need nftables" on --backend iptables --bridge eth1
check "a flowtable of one interface" refuses "two interfaces" on --offload lan
check "backend" refuses "nftables or iptables" on --backend pf
office_end
