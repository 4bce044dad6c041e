#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Clients keep working whatever becomes of the daemon: started, stopped, killed, held up, flooded,
# given a new policy or a broken one, its log rotated.
# shellcheck disable=SC2016,SC2317 # `check` runs functions and texts that it is given
set -euo pipefail
# shellcheck source=tests/e2e/office.sh
source "$(dirname "$0")/office.sh"

fake=vietc0mbank.top
seconds=${LOAD_SECONDS:-6}

# Datagrams so far that found the buffer of the resolver or of dnsperf full, as on a busy machine: no
# fault of what lies between them.
overran() {
	{ in_internet cat /proc/net/snmp && in_device cat /proc/net/snmp; } |
		awk '$1 == "Udp:" && $6 ~ /^[0-9]+$/ { sum += $6 } END { print sum }'
}

# Puts questions (dnsperf) and requests (wrk) on the gateway for some seconds, in the background.
load_start() { # SECONDS QUESTIONS-A-SECOND
	overran_before=$(overran)
	printf '%s A\n' news{1..500}.example >"$office_dir/questions"
	in_device dnsperf -s 198.51.100.53 -d "$office_dir/questions" -l "$1" -Q "$2" -q 20000 -c 8 -t 4 \
		>"$office_dir/dnsperf" 2>&1 &
	dnsperf_pid=$!
	in_device wrk -d "$1" -c 16 -t 1 --timeout 4 http://198.51.100.80/ >"$office_dir/wrk" 2>&1 &
	wrk_pid=$!
	sleep 0.5
}

# Milliseconds after which dnsperf had the last of its answers.
slowest_answer() {
	awk '/Average Latency/ { gsub(/[^0-9. ]/, ""); print 1000 * $NF }' "$office_dir/dnsperf"
}

# Waits for them; sets sent and lost (questions, but by an overrun), overruns, requests and errors.
load_end() {
	wait "$dnsperf_pid" || true
	wait "$wrk_pid" || true
	sent=$(awk '/Queries sent:/ { print $3 }' "$office_dir/dnsperf")
	overruns=$(($(overran) - overran_before))
	lost=$(($(awk '/Queries lost:/ { print $3 }' "$office_dir/dnsperf") - overruns))
	lost=$((lost > 0 ? lost : 0))
	requests=$(awk '/requests in/ { print $1 }' "$office_dir/wrk")
	errors=$(awk '/Socket errors/ { gsub(",", ""); print $4 + $6 + $8 + $10 }' "$office_dir/wrk")
	errors=${errors:-0}
}

figure_of_load() { # WHAT-HAPPENED
	local by_others=
	((overruns == 0)) || by_others=", $overruns more by resolver or dnsperf"
	figure stops "$1" "$(grouped "$lost") of $(grouped "$sent")$by_others" "$(slowest_answer) ms" \
		"$(grouped "$errors") of $(grouped "$requests")"
}

blocked() { in_device dig +tries=1 +time=2 @198.51.100.53 "$fake" | grep -q "status: NXDOMAIN"; }
# Under load the resolver loses a question now and then, which is not the gateway's doing: asked again.
passes() { in_device dig +tries=3 +time=1 @198.51.100.53 "$fake" | grep -q "status: NOERROR"; }
answered() { in_device dig +tries=1 +time=2 @198.51.100.53 "$fake" | grep -q "status: NOERROR"; }
log_has() { grep -q -- "$1" "$office_dir/truegate.log"; }

reload() { # TEXT-TO-WAIT-FOR
	: >"$office_dir/truegate.log"
	kill -HUP "$truegate_pid"
	office_wait "the reload" grep -q -- "$1" "$office_dir/truegate.log"
}

test_reload() {
	local version
	office_policy block 1
	truegate_start
	check "the policy blocks" blocked
	office_policy observe 2
	reload "version 2 is in force"
	check "a reload puts the new policy in force" answered

	echo 'sites = ( { name = "X"; domains = [ "x.example"; } );' >>"$office_dir/policy.conf"
	reload "was refused; version 2 stays in force"
	check "a broken policy is refused, with its place" log_has "^$office_dir/policy.conf:[0-9]*:"
	check "and the one in force stays" answered
	rm "$office_dir/policy.conf"
	reload "was refused; version 2 stays in force"
	check "a missing policy is refused" log_has "^$office_dir/policy.conf"

	load_start "$seconds" 2000
	for ((version = 3; version < 3 + 4 * (seconds - 1); version++)); do
		office_policy "$( ((version % 2)) && echo block || echo observe)" "$version"
		reload "version $version is in force"
		sleep 0.2
	done
	load_end
	figure_of_load "$((version - 3)) reloads"
	check "reloads under load lose no question" test "$lost" = 0
	check "reloads under load break no request" test "$errors" = 0
	check "it still judges" "$( (((version - 1) % 2)) && echo blocked || echo answered)"
}

test_log() {
	office_policy block 1000
	reload "version 1000 is in force"
	blocked
	mv "$office_dir/log/events.jsonl" "$office_dir/log/events.jsonl.1"
	reload "version 1000 is in force"
	truegate_day_is_over
	truegate_stop
	check "a rotated log is reopened" grep -q "\"$fake\"" "$office_dir/log/events.jsonl"
	check "the log is not for others" test 640 = "$(stat -c %a "$office_dir/log/events.jsonl")"
	check "without the daemon everything passes" answered
}

test_stops() {
	local i
	load_start "$seconds" 2000
	for ((i = 0; i < 2 * (seconds - 1); i++)); do
		truegate_start
		blocked || echo "  start $i: not blocked"
		truegate_stop
	done
	load_end
	figure_of_load "$i starts and stops"
	check "starts and stops lose no question" test "$lost" = 0
	check "starts and stops break no request" test "$errors" = 0
}

test_kills() {
	local i
	load_start "$seconds" 2000
	for ((i = 0; i < seconds - 1; i++)); do
		truegate_start
		sleep 0.3
		kill -9 "$truegate_pid"
		wait "$truegate_pid" 2>/dev/null || true
		check "killed ($i): what follows passes at once" passes
		sleep 0.2
	done
	load_end
	figure_of_load "$i kills (SIGKILL) and starts"
	# What comes while the kernel takes the process apart is lost with the queue, and asked again by
	# the client: 50 ms' worth, 200 with a sanitizer's memory.
	check "a kill loses 0.2 s of questions at most" test "$lost" -le $((400 * i))
	check "kills break no connection" test "$errors" = 0
	truegate_start
	check "started again it blocks" blocked
}

# The daemon is held up with a small buffer: packets beyond it pass unseen, those in it are late.
test_overflow() {
	local missed
	truegate_stop
	sed -i 's/count = 2;/count = 2; receive_octets = 65536;/' "$office_dir/truegate.conf"
	truegate_run
	load_start "$seconds" 4000
	kill -STOP "$truegate_pid"
	sleep 2
	kill -CONT "$truegate_pid"
	load_end
	check "an overflow loses no question" test "$lost" = 0
	check "an overflow breaks no request" test "$errors" = 0
	check "afterwards it blocks" blocked
	truegate_stop
	missed=$(awk '/passed unseen/ { print $7 }' "$office_dir/truegate.log")
	figure_of_load "the daemon stands still for 2 s, with a buffer of 64 KiB, at 4,000 questions a second; $(grouped "${missed:-0}") packets passed unseen"
	check "the packets that passed unseen are counted" test "${missed:-0}" -gt 0
}

# Asks for 1000 fakes within a second; sets refused and lost.
ask_for_fakes() { # WHILE
	local completed
	printf 'vietc0mbank-%d.top A\n' {1..1000} >"$office_dir/fakes"
	in_device dnsperf -s 198.51.100.53 -d "$office_dir/fakes" -n 1 -Q 1000 -c 8 -t 4 \
		>"$office_dir/dnsperf" 2>&1
	completed=$(awk '/Queries completed:/ { print $3 }' "$office_dir/dnsperf")
	lost=$(awk '/Queries lost:/ { print $3 }' "$office_dir/dnsperf")
	refused=$(awk '/Response codes:/ && $3 == "NXDOMAIN" { print $4 }' "$office_dir/dnsperf")
	refused=${refused:-0}
	check "$1: every fake is answered" test "$refused" = "$completed" -a "$refused" = 1000
	check "$1: no question is lost" test "$lost" = 0
}

# Starts it with a table of 16 fakes: each further one makes an old one's line be written.
start_with_few_fakes() {
	truegate_config "limits = { event_fakes = 16; event_slots = 16; };"
	truegate_run
}

whole_lines() { # FILE
	python3 -c 'import json, sys
lines = open(sys.argv[1], encoding="utf-8").read().split("\n")
assert lines.pop() == "", "the last line has no end"
for line in lines: json.loads(line)
print(len(lines))' "$1"
}

test_full_disk() {
	local full after
	office_policy block 1
	mount -t tmpfs -o size=128k,mode=755 tmpfs "$office_dir/log"
	chown nobody "$office_dir/log"
	head -c 65536 /dev/zero >"$office_dir/log/filler"
	start_with_few_fakes
	ask_for_fakes "a full disk"
	truegate_day_is_over
	full=$(whole_lines "$office_dir/log/events.jsonl")
	figure event-log "a full disk (64 KiB left)" "$(grouped "$refused") of 1,000" "$lost" "$(slowest_answer) ms" \
		"$full lines, then none"
	check "a full disk: the log has whole lines alone" test "$full" -gt 0 -a "$full" -lt 1000
	rm "$office_dir/log/filler"
	in_device dnsperf -s 198.51.100.53 -d "$office_dir/fakes" -n 1 -Q 1000 -c 8 -l 1 >"$office_dir/dnsperf"
	truegate_day_is_over
	truegate_stop
	after=$(whole_lines "$office_dir/log/events.jsonl")
	check "a disk with room again: lines are written again" test "$after" -gt "$full"
	umount "$office_dir/log"
}

# A pipe that nobody reads: the log's thread stands still in the middle of a write.
test_stuck_disk() {
	local written
	rm -f "$office_dir/log/events.jsonl"
	mkfifo "$office_dir/log/events.jsonl"
	chown nobody "$office_dir/log/events.jsonl"
	start_with_few_fakes
	ask_for_fakes "a disk that stands still"
	echo 86400 >"$office_dir/clock" # writes into the pipe
	office_policy observe 2
	reload "version 2 is in force"
	check "a disk that stands still: a policy is put in force" answered
	cat "$office_dir/log/events.jsonl" >"$office_dir/drained" &
	sleep 1
	truegate_stop
	wait $! || true
	written=$(whole_lines "$office_dir/drained")
	figure event-log "a disk that stands still" "$(grouped "$refused") of 1,000" "$lost" "$(slowest_answer) ms" \
		"$written lines, the others lost"
	check "a disk that stands still: whole lines alone" test "$written" -gt 0
	rm "$office_dir/log/events.jsonl"
}

# Every table as small as it can be set, and more traffic at once than they hold.
test_full_tables() {
	local i caught=0 whole=0 pids=()
	office_policy block 1
	truegate_config "limits = { flows = 64; streams = 16; answered = 8; };"
	truegate_run
	printf '%s A\n' news{1..500}.example >"$office_dir/questions"
	overran_before=$(overran)
	in_device dnsperf -s 198.51.100.53 -d "$office_dir/questions" -l 2 -Q 4000 -c 200 -t 4 \
		>"$office_dir/dnsperf" 2>&1 &
	dnsperf_pid=$!
	in_device wrk -d 2 -c 100 -t 1 --timeout 4 http://198.51.100.80/ >"$office_dir/wrk" 2>&1 &
	wrk_pid=$!
	sleep 0.5
	for ((i = 0; i < 20; i++)); do
		blocked && caught=$((caught + 1))
	done
	for ((i = 0; i < 40; i++)); do
		in_device curl -s -m 10 -o "$office_dir/page.$i" --resolve "$fake:80:198.51.100.80" "http://$fake/" &
		pids+=($!)
	done
	wait "${pids[@]}" || true
	whole=$(grep -l '</a>' "$office_dir"/page.* | wc -l)
	load_end
	check "full tables lose no question" test "$lost" = 0
	check "full tables break no request" test "$errors" = 0
	check "full tables: fakes are caught all the same" test "$caught" = 20
	truegate_stop
	# A handshake that was forgotten cannot be answered: the request passes, and is counted.
	i=$(awk '/ could not be answered/ { print $2 }' "$office_dir/truegate.log")
	check "full tables: of 40 requests at once $whole were redirected, $i not answered" \
		test $((whole + i)) -ge 40
	i=$(awk '/ evicted/ { print $6 }' "$office_dir/truegate.log")
	figure full-tables "flows forgotten in 2 seconds, because others came" "$(grouped "$i")"
	figure full-tables "questions lost" "$lost of $(grouped "$sent")"
	figure full-tables "HTTP errors" "$errors of $(grouped "$requests")"
	figure full-tables "slowest answer to a question" "$(slowest_answer) ms"
	figure full-tables "fakes asked for by DNS meanwhile that were caught" "$caught of 20"
	figure full-tables "redirects asked for at once (8 can be under way) that came whole" "$whole of 40"
	check "full tables: they were full" test "$i" -gt 100
}

refuses() { # TEXT
	local status=0
	ip netns exec "$gateway" timeout 10 "$TRUEGATE" run --config "$office_dir/truegate.conf" \
		>"$office_dir/refusal" 2>&1 || status=$?
	if [[ $status != 2 ]] || ! grep -q -- "$1" "$office_dir/refusal"; then
		echo "  status $status: $(cat "$office_dir/refusal")"
		return 1
	fi
}

test_refusals() {
	truegate_start
	check "a second one is refused, whatever its configuration says" refuses "another truegate serves this gateway"
	sed 's/first = 100/first = 200/; s/events.jsonl/alice.jsonl/' "$office_dir/truegate.conf" >"$office_dir/alice.conf"
	check "so nobody gets a log of their own" eval '
		! ip netns exec "$gateway" timeout 10 "$TRUEGATE" run --config "$office_dir/alice.conf" >"$office_dir/said" 2>&1 &&
		grep -q "another truegate serves" "$office_dir/said" && test ! -e "$office_dir/log/alice.jsonl"'
	truegate_stop
	sed -i 's/user = "nobody"/user = "nosuchuser"/' "$office_dir/truegate.conf"
	check "an unknown user is refused" refuses "no user 'nosuchuser'"
	sed -i 's/user = "nosuchuser"/user = "nobody"; bogus = 1/' "$office_dir/truegate.conf"
	check "an unknown setting is refused, with its place" refuses "truegate.conf:4:[0-9]*: unknown setting .bogus"
	sed -i 's/bogus = 1;//' "$office_dir/truegate.conf"
	chown root "$office_dir/log"
	rm -f "$office_dir/log/events.jsonl"
	check "a log that cannot be written is refused" refuses "$office_dir/log/events.jsonl"
}

office_need dig curl nginx dnsmasq unbound dnsperf wrk
office_up
office_clock=yes
# shellcheck disable=SC2154 # office_dir is office.sh's
trap 'umount -q "$office_dir/log" || true; office_down' EXIT
truegate_rules on
test_reload
test_log
test_stops
test_kills
test_overflow
test_full_disk
test_stuck_disk
test_full_tables
test_refusals
office_end
