#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The unit file, by systemd's own word; and the daemon as that unit starts it: not root, with two
# capabilities, telling systemd that it is ready, reloads, stops, and that its workers work.
# shellcheck disable=SC2016,SC2317 # `check` runs functions and texts that it is given
set -euo pipefail
# shellcheck source=tests/e2e/office.sh
source "$(dirname "$0")/office.sh"

fake=vietc0mbank.top
told() { grep -c "^$1" "$office_dir/told" || true; }
has_told() { [[ $(told "$1") -ge $2 ]]; }
caught() { in_device dig +tries=2 +time=2 @198.51.100.53 "$fake" | grep -q NXDOMAIN; }

# The unit with programs that are there.
unit_here() { # FILE
	sed -e "s|/usr/sbin/truegate-rules|$root/systemd/truegate-rules|" -e "s|/usr/sbin/truegate |$program |" \
		"$root/systemd/truegate.service" >"$1"
}

# Exposure by systemd-analyze, in tenths: 20 at most.
exposure_within() { # UNIT TENTHS
	systemd-analyze security --offline=true --no-pager --threshold="$2" "$1" >"$office_dir/security" 2>&1
}

office_need dig curl nginx dnsmasq unbound strace setpriv systemd-analyze systemd-sysusers cmake python3
program=$TRUEGATE
office_up
truegate_rules on
office_policy block

unit_here "$office_dir/truegate.service"
check "systemd takes the unit" systemd-analyze verify --man=no "$office_dir/truegate.service"
check "its exposure is below 2.0" exposure_within "$office_dir/truegate.service" 19
grep "Overall" "$office_dir/security" | sed 's/^/# /'
sed '/^Protect\|^Private\|^SystemCall/d' "$office_dir/truegate.service" >"$office_dir/open.service"
check "a unit with less protection is found out" eval '! exposure_within "$office_dir/open.service" 19'

installed=$office_dir/installed
DESTDIR=$installed cmake --install "${program%/daemon/truegate}" --prefix /usr >"$office_dir/install.log"
check "the programs are where the unit looks for them" eval \
	'grep -oE "/usr/sbin/[a-z-]+" "$root/systemd/truegate.service" | { while read -r path; do [[ -x $installed$path ]] || exit 1; done; }'
check "the unit, the manual and the example are installed" ls "$installed"/usr/lib/systemd/system/truegate.service \
	"$installed"/usr/share/man/man5/truegate.conf.5 "$installed"/usr/share/doc/truegate/examples/policy.conf
mkdir -p "$installed/etc"
systemd-sysusers --root="$installed" >>"$office_dir/install.log" 2>&1 || true
check "the unit's user is made" grep -q '^truegate:' "$installed/etc/passwd"
check "what is installed runs" "$installed/usr/sbin/truegate" policy check \
	--catalogue "$installed/usr/share/truegate/catalogue" "$installed/usr/share/doc/truegate/examples/policy.conf"

office_background "$gateway" listener python3 "$root/tests/e2e/notified.py" "$office_dir/notify" "$office_dir/told"
office_wait "the listener" test -S "$office_dir/notify"
cat >"$office_dir/as-the-unit" <<TEXT
#!/bin/bash
export NOTIFY_SOCKET=$office_dir/notify WATCHDOG_USEC=1000000
exec setpriv --reuid nobody --regid nogroup --clear-groups --inh-caps=-all,+net_admin,+net_raw \\
	--ambient-caps=-all,+net_admin,+net_raw --bounding-set=-all,+net_admin,+net_raw --no-new-privs \\
	"$program" "\$@"
TEXT
chmod 755 "$office_dir/as-the-unit"
TRUEGATE=$office_dir/as-the-unit
truegate_start
check "it says that it is ready" office_wait "READY" has_told READY=1 1
check "it is not root" test "$(awk '/^Uid:/ { print $2 }' "/proc/$truegate_pid/status")" != 0
check "it keeps CAP_NET_ADMIN alone" grep -q "^CapEff:	0000000000001000" "/proc/$truegate_pid/status"
check "it catches a fake" caught
check "it answers the watchdog" office_wait "WATCHDOG" has_told WATCHDOG=1 3

kill -HUP "$truegate_pid"
check "it says that it reloads" office_wait "RELOADING" has_told RELOADING=1 1
check "and that it is ready again" office_wait "READY" has_told READY=1 2

# One worker hangs: the thread of the first queue, held up whenever it asks for packets.
for task in "/proc/$truegate_pid"/task/*; do
	[[ $(<"$task/comm") != queue-100 ]] || worker=${task##*/}
done
strace -qq -o /dev/null -e trace=recvmmsg -e inject=recvmmsg:delay_enter=60s -p "$worker" &
strace_pid=$!
office_pids+=("$strace_pid")
# It is held from the next time it asks on: the watchdog, asked twice a second, may be answered till then.
stands_still() {
	before=$(told WATCHDOG=1)
	sleep 2
	[[ $(told WATCHDOG=1) == "$before" ]]
}
check "the watchdog is not answered while a worker hangs" office_wait "the hang" stands_still
kill "$strace_pid"
wait "$strace_pid" 2>/dev/null || true
check "it is again when the worker goes on" office_wait "WATCHDOG" has_told WATCHDOG=1 $((before + 2))
check "it still catches a fake" caught

truegate_stop
check "it says that it stops" office_wait "STOPPING" has_told STOPPING=1 1
check "a stop writes no event" test ! -s "$office_dir/log/events.jsonl"

# What the daemon asks of the kernel from its first to its last call, against what the unit allows.
sed -i "s|^exec |exec strace -f -qq -o $office_dir/calls |" "$office_dir/as-the-unit"
truegate_run
check "it catches a fake while it is traced" caught
in_device curl -s -m 5 -o /dev/null --resolve "$fake:80:198.51.100.80" "http://$fake/" || true
traced=$(awk '/execve\(/ && !/setpriv/ { print $1; exit }' "$office_dir/calls")
kill -HUP "$traced"
office_wait "the reload" has_told READY=1 4
kill -TERM "$traced"
wait "$truegate_pid" || true
awk '/execve\(/ && !/setpriv/ { on = 1; next } on' "$office_dir/calls" |
	sed -nE 's/^[0-9]+ +([a-z_0-9]+)\(.*/\1/p' | sort -u >"$office_dir/used"
python3 "$root/tests/e2e/allowed_calls.py" "$root/systemd/truegate.service" >"$office_dir/allowed"
echo "# $(wc -l <"$office_dir/used") system calls used, $(wc -l <"$office_dir/allowed") allowed"
check "the trace holds the daemon's calls" grep -qx recvmmsg "$office_dir/used"
comm -23 "$office_dir/used" "$office_dir/allowed" | sed "s/^/# not allowed: /"
check "the unit allows each of them" test -z "$(comm -23 "$office_dir/used" "$office_dir/allowed")"
check "the daemon forbids itself what it has no use for" grep -qE 'seccomp\(SECCOMP_SET_MODE_FILTER' "$office_dir/calls"
check "and misses none of it" eval \
	'! sed "0,/seccomp(SECCOMP_SET_MODE_FILTER/d" "$office_dir/calls" | grep "EPERM" | grep .'
check "the unit forbids what a daemon taken over would want" eval \
	'! grep -qxE "mount|ptrace|init_module|kexec_load|bpf|setuid|reboot" "$office_dir/allowed"'
office_end
