# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# An office in network namespaces: device - gateway - internet. Sourced by the tests and the
# demonstration that need one; root only. Addresses are those set aside for documentation (RFC 5737,
# RFC 3849).
#
#   device    192.0.2.10 and .11, 2001:db8:1::10 and ::11     interface eth0
#   gateway   192.0.2.1, 2001:db8:1::1, fe80::1 with a resolver of its own (dnsmasq), interface lan;
#             198.51.100.1, 2001:db8:2::1, interface wan
#   internet  resolvers .53 (dnsmasq) and .54 (unbound), web server .80, likewise ::53 ...
#             Every name resolves to the web server, which answers "site NAME".

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
TRUEGATE=${TRUEGATE:-$root/build/release/daemon/truegate}
# What the rules are put with: tests/vm/init says nftables, whose `queue` not every kernel has.
TRUEGATE_BACKEND=${TRUEGATE_BACKEND:-iptables}
# A sanitizer build cannot look for leaks in a process that forbids being traced, and a crash is to be
# seen as it is.
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=0:handle_segv=0}

office_name=tg$$
device=$office_name-device gateway=$office_name-gateway internet=$office_name-internet
line=$office_name-line
office_dir=
office_pids=()
truegate_pid=
line_pid=

in_device() { ip netns exec "$device" "$@"; }
in_gateway() { ip netns exec "$gateway" "$@"; }
in_internet() { ip netns exec "$internet" "$@"; }

# Ends the test as skipped, loudly.
office_skip() {
	echo "SKIP $(basename "$0"): $*"
	exit 77
}

# Skips unless this machine can carry an office and has the programs named.
office_need() { # PROGRAM ...
	local program
	((EUID == 0)) || office_skip "needs root for network namespaces"
	for program in ip iptables ip6tables "$@"; do
		command -v "$program" >/dev/null || office_skip "needs the program '$program'"
	done
	[[ -x $TRUEGATE ]] || office_skip "no program at $TRUEGATE; build it: cmake --build --preset release"
	ip netns add "$office_name-probe" 2>/dev/null || office_skip "no network namespaces here"
	local rules=true
	ip netns exec "$office_name-probe" iptables -t mangle -A PREROUTING -p udp \
		-j NFQUEUE --queue-num 1 --queue-bypass 2>/dev/null || rules=false
	ip netns del "$office_name-probe"
	$rules || office_skip "this kernel or iptables has no NFQUEUE"
}

# Runs a program in the background, to be ended by office_down. Its process id is in $!.
office_background() { # NAMESPACE LOG COMMAND ...
	local namespace=$1 log=$2
	shift 2
	ip netns exec "$namespace" "$@" >"$office_dir/$log" 2>&1 &
	office_pids+=($!)
}

office_link() { # NAMESPACE INTERFACE NAMESPACE INTERFACE
	ip link add "$2" netns "$1" type veth peer name "$4" netns "$3"
	ip -n "$1" link set "$2" up
	ip -n "$3" link set "$4" up
}

office_addresses() { # NAMESPACE INTERFACE ADDRESS ...
	local namespace=$1 interface=$2 address
	shift 2
	for address in "$@"; do
		if [[ $address == *:* ]]; then
			ip -n "$namespace" addr add "$address" dev "$interface" nodad
		else
			ip -n "$namespace" addr add "$address" dev "$interface"
		fi
	done
}

# Joins device and gateway; with office_line="LOSS REORDER DUPLICATE SEED", by a bad line.
office_lan() {
	local end interface
	if [[ -z ${office_line:-} ]]; then
		office_link "$device" eth0 "$gateway" lan
		return
	fi
	ip netns add "$line"
	office_link "$device" eth0 "$line" west
	office_link "$line" east "$gateway" lan
	# Frames that pass user space need their checksums, and one segment each.
	for end in "$device eth0" "$gateway lan"; do
		read -r end interface <<<"$end"
		ip netns exec "$end" ethtool -K "$interface" tx off tso off gso off gro off >/dev/null
	done
	# shellcheck disable=SC2086 # four numbers
	office_background "$line" line python3 "$root/tests/e2e/bad_line.py" west east $office_line
	# shellcheck disable=SC2034 # for tests that end it
	line_pid=$!
	office_wait "the bad line" grep -q ready "$office_dir/line"
}

# Has device and gateway know each other: a bad line is for what tests send, not for the three
# questions of neighbour discovery, after which a host is unreachable.
office_neighbours() {
	local near far address
	near=$(ip -n "$device" -br link show eth0 | awk '{ print $3 }')
	far=$(ip -n "$gateway" -br link show lan | awk '{ print $3 }')
	for address in 192.0.2.1 2001:db8:1::1 fe80::1; do
		ip -n "$device" neigh replace "$address" lladdr "$far" dev eth0 nud permanent
	done
	for address in 192.0.2.1{0,1} 2001:db8:1::1{0,1}; do
		ip -n "$gateway" neigh replace "$address" lladdr "$near" dev lan nud permanent
	done
}

office_network() {
	local namespace
	for namespace in "$device" "$gateway" "$internet"; do
		ip netns add "$namespace"
		ip -n "$namespace" link set lo up
	done
	office_lan
	office_link "$gateway" wan "$internet" eth0
	office_addresses "$device" eth0 192.0.2.10/24 192.0.2.11/24 2001:db8:1::10/64 2001:db8:1::11/64
	office_addresses "$gateway" lan 192.0.2.1/24 2001:db8:1::1/64 fe80::1/64
	office_addresses "$gateway" wan 198.51.100.1/24 2001:db8:2::1/64
	office_addresses "$internet" eth0 198.51.100.{53,54,80}/24 2001:db8:2::{53,54,80}/64
	[[ -z ${office_line:-} ]] || office_neighbours
	in_gateway sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
	# `ip netns exec` shows this file as /etc/resolv.conf.
	mkdir -p "/etc/netns/$device"
	printf 'nameserver 198.51.100.53\noptions timeout:1 attempts:5\n' >"/etc/netns/$device/resolv.conf"
	# Two addresses of one subnet: the device must not prefer the second.
	ip -n "$device" route add default via 192.0.2.1 src 192.0.2.10
	ip -n "$device" -6 route add default via 2001:db8:1::1 src 2001:db8:1::10
	if [[ ${office_nat:-no} == yes ]]; then
		in_gateway iptables -t nat -A POSTROUTING -o wan -j MASQUERADE
		in_gateway ip6tables -t nat -A POSTROUTING -o wan -j MASQUERADE
	else
		ip -n "$internet" route add default via 198.51.100.1
		ip -n "$internet" -6 route add default via 2001:db8:2::1
	fi
}

# Starts a resolver on the internet; standard input is what its configuration has beside, the rest of its
# `server` clause first.
office_unbound() { # NAME
	{
		cat <<TEXT
remote-control:
	control-enable: no
server:
	access-control: 0.0.0.0/0 allow
	access-control: ::/0 allow
	do-daemonize: no
	use-syslog: no
	username: ""
	chroot: ""
	directory: "$office_dir"
	pidfile: ""
	module-config: "iterator"
TEXT
		cat
	} >"$office_dir/$1.conf"
	office_background "$internet" "$1.log" unbound -d -c "$office_dir/$1.conf"
}

# Writes the configuration of a web server, NAME.conf; standard input is what its `http` block has beside.
office_nginx_conf() { # NAME
	{
		cat <<TEXT
daemon off;
user root;
worker_processes 1;
pid $office_dir/$1.pid;
error_log $office_dir/nginx.error;
events { worker_connections 1024; }
http {
	client_body_temp_path $office_dir/body;
	proxy_temp_path $office_dir/proxy;
	fastcgi_temp_path $office_dir/fastcgi;
	uwsgi_temp_path $office_dir/uwsgi;
	scgi_temp_path $office_dir/scgi;
	keepalive_requests 1000000;
TEXT
		cat
		echo "}"
	} >"$office_dir/$1.conf"
}

office_servers() {
	mkdir -p "$office_dir/www"
	head -c 20000000 /dev/zero >"$office_dir/www/large"
	office_nginx_conf nginx <<TEXT
	log_format host '\$host';
	access_log $office_dir/served host;
	server {
		listen 198.51.100.80:80 default_server;
		listen [2001:db8:2::80]:80 default_server;
		listen 198.51.100.80:8080 default_server;
		location / { default_type text/plain; return 200 "site \$host\\n"; }
		location /large { root $office_dir/www; access_log off; }
	}
	server {
		listen 198.51.100.80:8083 http2;
		listen [2001:db8:2::80]:8083 http2;
		location / { default_type text/plain; return 200 "site \$host by \$server_protocol\\n"; }
	}
TEXT
	office_background "$internet" dnsmasq.log dnsmasq --no-daemon --conf-file=/dev/null --no-resolv \
		--no-hosts --user=root --pid-file= --bind-interfaces --listen-address=198.51.100.53 \
		--listen-address=2001:db8:2::53 --address=/#/198.51.100.80 --address=/#/2001:db8:2::80 \
		--address=/dns.example/198.51.100.54 --address=/dns.example/2001:db8:2::54
	office_background "$gateway" gateway-dnsmasq.log dnsmasq --no-daemon --conf-file=/dev/null \
		--no-resolv --no-hosts --user=root --pid-file= --bind-interfaces --interface=lan \
		--server=198.51.100.53
	office_unbound unbound <<TEXT
	interface: 198.51.100.54
	interface: 2001:db8:2::54
	local-zone: "." redirect
	local-data: ". 60 IN A 198.51.100.80"
	local-data: ". 60 IN AAAA 2001:db8:2::80"
TEXT
	office_background "$internet" nginx.log nginx -c "$office_dir/nginx.conf" -p "$office_dir"
	# Over both families, so that neighbours are known and no test waits for that.
	office_wait "the web server" in_device curl -sf -o /dev/null -m 2 http://198.51.100.80/
	office_wait "the web server (IPv6)" in_device curl -sf -o /dev/null -m 2 "http://[2001:db8:2::80]/"
	office_wait "dnsmasq" in_device dig +tries=1 +time=2 @198.51.100.53 up.example
	office_wait "dnsmasq (IPv6)" in_device dig +tries=1 +time=2 @2001:db8:2::53 up.example
	office_wait "the gateway's dnsmasq" in_device dig +tries=1 +time=2 @192.0.2.1 up.example
	office_wait "unbound" in_device dig +tries=1 +time=2 @198.51.100.54 up.example
	office_wait "unbound (IPv6)" in_device dig +tries=1 +time=2 @2001:db8:2::54 up.example
}

# A server of TLS and QUIC beside the web server, with a certificate for the names given and their www, by
# an authority of its own ($office_dir/ca.pem). It answers "site NAME by PROTOCOL".
office_tls() { # NAME ...
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=office" -keyout "$office_dir/ca.key" \
		-addext "keyUsage=critical,keyCertSign,cRLSign" -out "$office_dir/ca.pem" 2>/dev/null
	openssl req -newkey rsa:2048 -nodes -subj "/CN=$1" -keyout "$office_dir/server.key" \
		-out "$office_dir/server.csr" 2>/dev/null
	printf 'authorityKeyIdentifier=keyid\nsubjectAltName=' >"$office_dir/names"
	printf 'DNS:%s\n' "$@" "${@/#/www.}" | paste -sd, >>"$office_dir/names"
	openssl x509 -req -in "$office_dir/server.csr" -CA "$office_dir/ca.pem" -CAkey "$office_dir/ca.key" \
		-days 2 -extfile "$office_dir/names" -out "$office_dir/server.pem" 2>/dev/null
	cat >"$office_dir/Caddyfile" <<TEXT
{
	admin off
	auto_https off
	storage file_system $office_dir/caddy
	log {
		output file $office_dir/caddy.json
	}
}
https:// {
	bind 198.51.100.80 2001:db8:2::80
	tls $office_dir/server.pem $office_dir/server.key
	log {
		output file $office_dir/served.json
	}
	respond "site {host} by {http.request.proto}"
}
TEXT
	office_background "$internet" caddy.log env HOME="$office_dir" XDG_DATA_HOME="$office_dir" \
		caddy run --config "$office_dir/Caddyfile" --adapter caddyfile
	office_wait "the TLS server" in_device curl -sf -m 2 --cacert "$office_dir/ca.pem" "https://$1/"
}

# A resolver that is asked over HTTPS (RFC 8484), as dns.example, a name that office_tls() was given.
office_doh() {
	office_unbound doh <<TEXT
	interface: 198.51.100.54@443
	interface: 2001:db8:2::54@443
	https-port: 443
	tls-service-key: "$office_dir/server.key"
	tls-service-pem: "$office_dir/server.pem"
forward-zone:
	name: "."
	forward-addr: 198.51.100.53
TEXT
	office_wait "the resolver over HTTPS" in_device dig +https +tries=1 +time=2 @198.51.100.54 up.example
}

# Tries a command until it succeeds, half a minute at most: so long a busy machine may take.
office_wait() { # WHAT COMMAND ...
	local what=$1 end=$((SECONDS + 30))
	shift
	while ((SECONDS < end)); do
		"$@" >/dev/null 2>&1 && return 0
		sleep 0.1
	done
	echo "office: $what did not come up; logs are below"
	tail -n 5 "$office_dir"/*.log
	return 1
}

# Builds the office. office_nat=yes makes the gateway translate addresses.
office_up() {
	trap office_down EXIT
	trap 'exit 130' INT TERM
	office_dir=$(mktemp -d "${TMPDIR:-/tmp}/truegate-office.XXXXXX")
	chmod 755 "$office_dir"
	office_network
	office_servers
}

office_down() {
	local pid namespace
	trap - EXIT
	for pid in "${office_pids[@]}"; do
		kill "$pid" 2>/dev/null || true
	done
	for pid in "${office_pids[@]}"; do
		wait "$pid" 2>/dev/null || true
	done
	for namespace in "$device" "$gateway" "$internet" "$line"; do
		ip netns del "$namespace" 2>/dev/null || true
		rm -rf "/etc/netns/$namespace"
	done
	[[ -z $office_dir ]] || rm -rf "$office_dir"
}

# Takes an office down so that another can be built in the same test.
office_restart() {
	office_down
	office_pids=()
}

# Writes the policy. Every confidence has the action given.
office_policy() { # ACTION [VERSION]
	cat >"$office_dir/policy.conf" <<TEXT
version = ${2:-1};
contact = "it@office.example";
actions = { high = "$1"; medium = "$1"; low = "observe"; };
sites = (
  { name = "Vietcombank"; domains = [ "vietcombank.com.vn" ]; tokens = [ "vcb" ]; },
  { name = "Google"; domains = [ "google.com", "google.*" ]; tokens = []; }
);
exceptions = [];
decorations = [ "log-?in", "xac-?thuc" ];
TEXT
}

# Writes the configuration: two queues, the policy written last.
# shellcheck disable=SC2120 # tests that source this pass them
truegate_config() { # [FURTHER-SETTINGS]
	mkdir -p "$office_dir/log"
	chown nobody "$office_dir/log"
	cat >"$office_dir/truegate.conf" <<TEXT
policy = "$office_dir/policy.conf";
events = "$office_dir/log/events.jsonl";
observed = "$office_dir/log/observed.json";
user = "nobody";
queue = { first = 100; count = 2; };
${1:-}
TEXT
}

# Starts truegate with them; waits until it serves the queues.
truegate_start() {
	truegate_config
	truegate_run
}

# Starts it with the configuration written last.
truegate_run() {
	local program=$TRUEGATE
	: >"$office_dir/truegate.log"
	if [[ -n ${office_clock:-} ]]; then
		program=$(dirname "$TRUEGATE")/../tests/e2e/truegate-clock
		export TRUEGATE_CLOCK=$office_dir/clock
		[[ -e $TRUEGATE_CLOCK ]] || echo 0 >"$TRUEGATE_CLOCK"
	fi
	ip netns exec "$gateway" "$program" run --config "$office_dir/truegate.conf" \
		>>"$office_dir/truegate.log" 2>&1 &
	truegate_pid=$!
	office_pids+=("$truegate_pid")
	office_wait "truegate" grep -q "is in force" "$office_dir/truegate.log"
}

# Whether strace holds each thread of a process, or one thread.
office_is_traced() { # PID-OR-THREAD
	local task
	for task in "/proc/$1"/task/*; do
		grep -q '^TracerPid:[[:space:]]*[1-9]' "$task/status" || return 1
	done
}

# Sets the daemon's clock ahead by a day, so that it writes its events, and waits until it did. For
# tests that set office_clock=yes before they start it.
truegate_day_is_over() {
	local log=$office_dir/log/events.jsonl before
	before=$(stat -c %s "$log")
	echo $(($(cat "$office_dir/clock") + 86400)) >"$office_dir/clock"
	kill -HUP "$truegate_pid"
	office_wait "the day's events" eval 'test "$(stat -c %s "'"$log"'")" -gt '"$before"
}

# Sets it ahead by a minute, after which metrics show what fakes changed. Likewise.
truegate_minute_is_over() {
	echo $(($(cat "$office_dir/clock") + 60)) >"$office_dir/clock"
}

truegate_stop() {
	kill -TERM "$truegate_pid"
	wait "$truegate_pid"
}

truegate_rules() { # on|off [OPTIONS]
	in_gateway "$root/systemd/truegate-rules" "$1" --backend "$TRUEGATE_BACKEND" --from lan \
		--first 100 --queues 2 "${@:2}"
}

# Checks, counted: `check NAME COMMAND ...` is ok when the command succeeds.
checks_failed=0
check() {
	local name=$1
	shift
	if "$@"; then
		echo "ok $name"
	else
		echo "not ok $name"
		checks_failed=$((checks_failed + 1))
	fi
}

# Prints a row of a table in docs/, for tests/bench/reliability to put there.
figure() { # TABLE CELL ...
	printf '#| %s' "$1"
	printf ' | %s' "${@:2}"
	printf '\n'
}

# A number with commas between its thousands.
grouped() { sed ':again; s/\B[0-9]\{3\}\>/,&/; t again' <<<"$1"; }

# Ends a test: its exit status is that of its checks.
office_end() {
	if ((checks_failed > 0)); then
		echo "--- truegate said:"
		uniq -c "$office_dir/truegate.log"
		exit 1
	fi
	exit 0
}
