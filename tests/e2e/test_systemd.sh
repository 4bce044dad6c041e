#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The service under a systemd that runs: a Debian, the one that it was built on, is booted in a container with a network of its own,
# the package is installed in it, and the service started, watched, killed, upgraded, removed.
# shellcheck disable=SC2016,SC2317 # `check` runs functions and texts that it is given
set -euo pipefail
# shellcheck source=tests/e2e/office.sh
source "$(dirname "$0")/office.sh"

((EUID == 0)) || office_skip "needs root for a container"
for program in systemd-nspawn cpack dpkg-deb minisign; do
	command -v "$program" >/dev/null || office_skip "needs the program '$program'"
done
base=$root/build/$(. /etc/os-release && echo "${VERSION_CODENAME:-}").tar
[[ -e $base ]] || office_skip "test_package.sh has to make a tree first: $base"

work=$(mktemp -d "${TMPDIR:-/tmp}/truegate-systemd.XXXXXX")
tree=$work/tree
trap 'rm -rf --one-file-system "$work"' EXIT
mkdir "$tree" && tar -C "$tree" -xpf "$base"
[[ -x $tree/usr/sbin/iptables ]] || office_skip "the tree has no iptables; remove $base"
(cd "${TRUEGATE%/daemon/truegate}" && cpack -G DEB -B "$work" >"$work/cpack.log" 2>&1) || {
	cat "$work/cpack.log"
	exit 1
}
dpkg-deb -R "$work"/truegate_*.deb "$work/next"
sed -i 's/^Version: .*/&+next/' "$work/next/DEBIAN/control"
dpkg-deb -b "$work/next" "$tree/next.deb" >/dev/null
cp "$work"/truegate_*.deb "$tree/first.deb"
: >"$tree/etc/machine-id"
# Signed policies, from where they are written.
minisign -G -W -p "$tree/root/policy.pub" -s "$work/key" >/dev/null </dev/null
for version in 7 8; do
	mkdir "$tree/root/$version"
	sed "s/^version = .*/version = $version;/" "$root/policy/example/policy.conf" >"$tree/root/$version/policy.conf"
	minisign -S -s "$work/key" -m "$tree/root/$version/policy.conf" >/dev/null </dev/null
done

# What is done inside, once the system is up. Its "ok" lines are the test's.
cat >"$tree/root/checks" <<'INSIDE'
#!/bin/bash
exec >/root/said 2>&1
check() {
	local name=$1
	shift
	if "$@"; then echo "ok $name"; else echo "not ok $name"; fi
}
wait_for() { # SECONDS COMMAND ...
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		((SECONDS < end)) || return 1
		sleep 0.2
	done
}
active() { systemctl --quiet is-active truegate; }
pid() { systemctl show -p MainPID --value truegate; }
of_process() { awk -v name="$1:" '$1 == name { print $2 }' "/proc/$(pid)/status"; }
queued() { iptables -t mangle -S | grep -q NFQUEUE; }
in_force() { journalctl -u truegate | grep -q "policy version $1 is in force"; }
restarted() { active && [[ $(systemctl show -p NRestarts --value truegate) -ge $1 ]]; }

check "the system is up" wait_for 30 systemctl --quiet is-active multi-user.target
check "the package installs" dpkg -i /first.deb
check "its service is neither enabled nor started" eval '! active && ! systemctl --quiet is-enabled truegate'
cp /usr/share/doc/truegate/examples/policy.conf /etc/truegate/policy.conf
# Where the test runs, the kernel may have no queue for nft.
echo 'RULES=--backend iptables --from lo' >/etc/truegate/rules.env
echo 'RULES_OFF=--backend iptables' >>/etc/truegate/rules.env
check "it starts, and says when it is ready" systemctl start truegate
check "it is active" active
check "with the firewall's rules" queued
check "as a user of its own" test "$(of_process Uid)" = "$(id -u truegate)"
check "with CAP_NET_ADMIN alone" test "$(of_process CapEff)" = 0000000000001000
check "that can gain nothing" test "$(of_process NoNewPrivs)" = 1
check "under a filter of system calls" test "$(of_process Seccomp)" = 2
check "which sees a system that cannot be written" eval \
	'! nsenter -t "$(pid)" -m -r touch /usr/x 2>/dev/null && ! nsenter -t "$(pid)" -m -r touch /etc/x 2>/dev/null'
check "but for its own folders" nsenter -t "$(pid)" -m -r touch /var/log/truegate/x
check "its state is its own" test "$(stat -c '%U %a' /var/lib/truegate /var/log/truegate | sort -u)" = "truegate 750"
check "the status file is there" test -e /run/truegate/status
sed -i 's/^version = .*/version = 2;/' /etc/truegate/policy.conf
check "it reloads" systemctl reload truegate
check "the newer policy" wait_for 10 in_force 2
# Policies that come signed, in the order of docs/administrator.md.
cp /root/policy.pub /etc/truegate/policy.pub
check "a first signed policy is installed" eval 'truegate policy install --yes 7 /root/7/policy.conf | grep -q "The daemon uses a different policy"'
echo 'policy = "/var/lib/truegate/policy/current/policy.conf";' >>/etc/truegate/truegate.conf
check "and read after a restart" eval 'systemctl restart truegate && wait_for 10 in_force 7'
check "what would change is said" eval 'truegate policy diff /root/8/policy.conf | grep -qx "version: 7, then 8"'
check "the next reaches the daemon" eval 'truegate policy install --yes 8 /root/8/policy.conf | grep -q "has loaded version 8"'
check "and it goes back" eval 'truegate policy rollback | grep -q "has loaded version 7"'
check "the policies are root's" test "$(stat -c %U /var/lib/truegate/policy /var/lib/truegate/policy/7)" = $'root\nroot'
check "it answers the watchdog" eval 'before=$(pid); sleep 11; [[ $(pid) == "$before" ]]'
kill -STOP "$(pid)"
check "one that hangs is ended and started again" wait_for 30 restarted 1
kill -KILL "$(pid)"
check "so is one that was killed" wait_for 15 restarted 2
check "with the rules" queued
before=$(pid)
check "it is upgraded" dpkg -i /next.deb
check "and runs on anew" eval 'wait_for 10 active && [[ $(pid) != "$before" ]]'
check "it stops" systemctl stop truegate
check "and takes the rules with it" eval '! queued'
systemctl start truegate
check "it is removed while it runs" dpkg -r truegate
check "and no rule is left" eval '! active && ! queued'
check "it is purged" dpkg -P truegate
check "with its state" eval '[[ ! -e /var/lib/truegate && ! -e /var/log/truegate ]]'
touch /root/done
systemctl poweroff
INSIDE
chmod +x "$tree/root/checks"
cat >"$tree/etc/systemd/system/checks.service" <<'UNIT'
[Unit]
Description=the checks of a test
[Service]
ExecStart=/root/checks
[Install]
WantedBy=multi-user.target
UNIT
mkdir -p "$tree/etc/systemd/system/multi-user.target.wants"
ln -s ../checks.service "$tree/etc/systemd/system/multi-user.target.wants/checks.service"

timeout -k 5 180 systemd-nspawn --register=no --keep-unit --private-network -D "$tree" -M "truegate-$$" -b \
	>"$work/console" 2>&1 </dev/null || true
[[ -e $tree/root/said ]] || {
	tail -n 5 "$work/console"
	office_skip "no container can be booted here"
}
grep -E '^(not )?ok ' "$tree/root/said"
check "it went on to the end" test -e "$tree/root/done"
if grep -q '^not ok' "$tree/root/said" || ((checks_failed > 0)); then
	cat "$tree/root/said"
	exit 1
fi
