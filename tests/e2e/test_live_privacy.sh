#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Nothing of a person is left: after traffic of known devices to known names, and after a crash, no
# output, no file and no memory image holds a device's address or an honest name.
# shellcheck disable=SC2016,SC2317 # `check` runs functions and texts that it is given
set -euo pipefail
# shellcheck source=tests/e2e/office.sh
source "$(dirname "$0")/office.sh"

fake=vietc0mbank.top
# Names no other text holds.
honest=(honest-alpha.example honest-beta.example honest-gamma.example)

traffic() {
	local host
	for host in "${honest[@]}" "$fake"; do
		in_device dig +tries=1 +time=2 "@198.51.100.53" "$host" >/dev/null || true
		in_device dig +tcp +tries=1 +time=2 "@2001:db8:2::54" "$host" >/dev/null || true
		in_device curl -s -m 5 -o /dev/null --resolve "$host:80:198.51.100.80" "http://$host/private?query=secret" || true
		in_device curl -s -m 5 -o /dev/null --interface 192.0.2.11 -b "cookie=secret" \
			--resolve "$host:80:198.51.100.80" "http://$host/private?query=secret" || true
		in_device curl -s -m 5 -o /dev/null --resolve "$host:80:[2001:db8:2::80]" -d "body=secret" \
			"http://$host/private" || true
	done
	# Malformed things, which a program is tempted to show.
	printf 'GET / HTTP/1.1\r\nHost: honest-delta.example\x01\r\n\r\n' |
		in_device timeout 2 bash -c 'cat >/dev/tcp/198.51.100.80/80' || true
	printf '\x00\x01\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x0dhonest-epsilon\x07example' |
		in_device timeout 2 bash -c 'cat >/dev/udp/198.51.100.53/53' || true
}

# Devices' addresses in any form one writes them, and everything honest.
traces='192\.0\.2\.1[01]|2001:0?db8:0?0?0?1:|20010db80001|c000020[ab]|honest-|secret|private|eth0|lan\b'

# Searches files for traces, in text and in octets.
clean() { # FILE ...
	local file found=0
	for file in "$@"; do
		if grep -qaiE -- "$traces" "$file"; then
			echo "  trace in $(basename "$file"): $(grep -aioE -m 3 -- "$traces" "$file" | sort -u | tr '\n' ' ')"
			found=1
		fi
	done
	return "$found"
}

# Every file that the daemon opened for writing or made, by the kernel's word.
written() {
	awk -F'"' '/O_WRONLY|O_RDWR|O_CREAT/ && !/ENOENT|EACCES|EROFS/ { print $2 }' \
		"$office_dir"/strace.* | sort -u
}

# TCP and UDP sockets that the daemon holds: a way out for events would be one. That of the gateway's page
# listens only.
held() {
	in_gateway ss -Htuanp | grep -E "pid=$truegate_pid," | grep -v "^tcp *LISTEN .*:8053 " || true
}

# What was written to any file, pipe or terminal, by the kernel's word.
writes() { grep -E ' (write|writev|pwrite64)\([0-9]+<' "$1" | grep -vE '<anon_inode:'; }

# Octets that the workers hold of the honest names they just met: of hashes, in pages that no core file gets.
remembered() {
	python3 - "$truegate_pid" <<'PYTHON'
import re, sys
held, pid = 0, sys.argv[1]
with open(f"/proc/{pid}/smaps") as maps, open(f"/proc/{pid}/mem", "rb") as memory:
    for line in maps:
        place = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw-p 00000000 00:00 0 *$", line)
        if re.match(r"[0-9a-f]+-", line):
            start, end = (int(place[1], 16), int(place[2], 16)) if place else (0, 0)
        elif line.startswith("VmFlags:") and "dd" in line.split() and end - start in (128 << 10, 256 << 10):
            memory.seek(start)
            held += sum(octet != 0 for octet in memory.read(end - start))
print(held)
PYTHON
}

# A question for a name that is not flagged, and what is remembered right after it.
remembered_of_a_visit() {
	in_device dig +tries=1 +time=2 "@198.51.100.53" "${honest[0]}" >/dev/null
	test "$(remembered)" -gt 0
}

office_need dig curl nginx dnsmasq unbound strace ss python3
office_up
office_clock=yes
truegate_rules on
office_policy block

truegate_start
strace -qq -f -y -s 65536 -e trace=open,openat,openat2,creat,mknod,link,rename,socket,connect,write,writev,pwrite64 \
	-o "$office_dir/strace.1" \
	-p "$truegate_pid" &
strace_pid=$!
office_pids+=("$strace_pid")
office_wait "strace" office_is_traced "$truegate_pid"
traffic
kill -HUP "$truegate_pid"
office_wait "the reload" eval 'test "$(grep -c "is in force" "$office_dir/truegate.log")" -ge 2'
traffic
held=$(held)
others=$(in_gateway ss -Htuanp | grep dnsmasq || true)
check "no event is written yet" test ! -s "$office_dir/log/events.jsonl"
check "nor told" eval '! grep -q "$fake" "$office_dir/truegate.log"'
truegate_day_is_over
truegate_stop
wait "$strace_pid" || true
check "the event is there" grep -q "\"$fake\"" "$office_dir/log/events.jsonl"
check "standard error says how many, and not which" eval '
	grep -q "1 fake written to the event log" "$office_dir/truegate.log" && ! grep -q "$fake" "$office_dir/truegate.log"'
check "log and standard error hold no trace" clean "$office_dir/log/events.jsonl" "$office_dir/truegate.log"
echo "seen 192.0.2.10" >"$office_dir/seen"
check "the search finds one where there is one" eval '! clean "$office_dir/seen" >/dev/null'
echo "# files opened for writing: $(written | tr '\n' ' ')"
check "no file but the event log was written" \
	test "$office_dir/log/events.jsonl" = "$(written | grep -v '^/dev/' | tr -d '\n')"
check "the search for sockets finds one where there is one" grep -q . <<<"$others"
check "but that of the page no TCP or UDP socket is held, from which events could leave" test -z "$held"
check "none is made" bash -c "! grep -E '(socket|connect)\\(.*AF_INET' '$office_dir/strace.1'"
writes "$office_dir/strace.1" >"$office_dir/writes"
check "the kernel tells what was written" grep -q "$fake" "$office_dir/writes"
check "of no device and no honest name, at whatever level" clean "$office_dir/writes"
check "a fake is written once, by its batch" test "$(grep -c "$fake" "$office_dir/writes")" = 1
check "the kernel's word is there" grep -q openat "$office_dir/strace.1"

# Restarts, each two seconds after a visit, write nothing: a line's time, or the file's, would tell of it.
rm -f "$office_dir/log/events.jsonl"
: >"$office_dir/restarts.log"
for _ in 1 2 3 4; do
	truegate_start
	touched=$(stat -c '%s %Y' "$office_dir/log/events.jsonl")
	in_device dig +tries=1 +time=2 "@198.51.100.53" "$fake" >/dev/null || true
	sleep 2
	truegate_stop
	cat "$office_dir/truegate.log" >>"$office_dir/restarts.log"
	check "a restart leaves the log as it was" test "$(stat -c '%s %Y' "$office_dir/log/events.jsonl")" = "$touched"
done
check "and it is empty" test ! -s "$office_dir/log/events.jsonl"
check "nor does the journal hear of it" eval '! grep -qiE "fake|finding|answered: [1-9]|vietc" "$office_dir/restarts.log"'

# A crash, with core files allowed to everyone else.
cd "$office_dir/log"
ulimit -c unlimited
# a build with sanitizers is to crash as the other does
export ASAN_OPTIONS=handle_segv=0
truegate_start
check "nobody may read its memory" test "$(stat -c %u "/proc/$truegate_pid/mem")" = 0
check "core files are forbidden" grep -qE "Max core file size +0 +0 " "/proc/$truegate_pid/limits"
check "it is not root" test "$(awk '/^Uid:/ { print $2 }' "/proc/$truegate_pid/status")" != 0
check "it keeps CAP_NET_ADMIN alone" grep -q "^CapEff:	0000000000001000" "/proc/$truegate_pid/status"
check "it cannot gain more" grep -q "^CapBnd:	0000000000000000" "/proc/$truegate_pid/status"
check "no new privileges" grep -q "^NoNewPrivs:	1" "/proc/$truegate_pid/status"
traffic
office_wait "what is remembered for seconds" remembered_of_a_visit
sleep 12
check "seconds after the last visit not even a hash of a name is left" test "$(remembered)" = 0
traffic
kill -SEGV "$truegate_pid"
status=0
wait "$truegate_pid" 2>/dev/null || status=$?
check "it did crash" test "$status" = $((128 + 11))
check "the crash left no core file" bash -c "! ls '$office_dir'/log/core* /core* 2>/dev/null"
check "the crash said nothing of anyone" clean "$office_dir/truegate.log" "$office_dir/log/events.jsonl"
check "traffic goes on" bash -c "ip netns exec $device dig +tries=1 +time=2 @198.51.100.53 news.example | grep -q NOERROR"
cd /
office_end
