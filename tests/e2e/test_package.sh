#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The Debian package in a tree of the Debian that it was built on: installed, upgraded, removed, purged. The tree is made
# once, under build/, from the mirror that this machine's apt uses.
# shellcheck disable=SC2016,SC2317 # `check` runs functions and texts that it is given
set -euo pipefail
# shellcheck source=tests/e2e/office.sh
source "$(dirname "$0")/office.sh"

((EUID == 0)) || office_skip "needs root for chroot"
for program in debootstrap lintian cpack dpkg-deb apt-get; do
	command -v "$program" >/dev/null || office_skip "needs the program '$program'"
done

# Mounts are the test's own.
[[ -n ${TRUEGATE_UNSHARED:-} ]] || TRUEGATE_UNSHARED=1 exec unshare --mount "$0"

work=$(mktemp -d "${TMPDIR:-/tmp}/truegate-package.XXXXXX")
release=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
tree=$work/tree base=$root/build/$release.tar
trap 'umount "$tree/proc" 2>/dev/null || true; rm -rf --one-file-system "$work"' EXIT
in_tree() { chroot "$tree" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 "$@"; }
there() { [[ -e $tree$1 ]]; }
gone() { [[ ! -e $tree$1 ]]; }

(cd "${TRUEGATE%/daemon/truegate}" && cpack -G DEB -B "$work" >"$work/cpack.log" 2>&1) || {
	cat "$work/cpack.log"
	exit 1
}
package=$(echo "$work"/truegate_*.deb)
check "lintian has nothing to say" eval '! lintian --allow-root "$package" | grep .'
dpkg-deb -R "$package" "$work/next"
sed -i 's/^Version: .*/&+next/' "$work/next/DEBIAN/control"
dpkg-deb -b "$work/next" "$work/next.deb" >/dev/null

make_tree() ( # its functions are not this test's
	# shellcheck source=tests/debian/tree.sh
	source "$root/tests/debian/tree.sh"
	needs=$(dpkg-deb -f "$package" Depends | sed 's/([^)]*)//g; s/|[^,]*//g; s/,/ /g')
	# shellcheck disable=SC2086 # names of packages
	debian_tree "$release" "$tree" && in_tree "$tree" apt-get -q update &&
		in_tree "$tree" apt-get -q -y install $needs dbus iptables man-db logrotate bash-completion systemd-sysv &&
		in_tree "$tree" apt-get clean && rm -rf "$tree"/var/lib/apt/lists/* "$tree/usr/sbin/policy-rc.d"
)
if [[ ! -e $base ]]; then
	make_tree >"$work/tree.log" 2>&1 || {
		tail -n 5 "$work/tree.log"
		office_skip "no tree of Debian's release '$release' could be made from apt's mirror"
	}
	tar -C "$tree" -cf "$base.new" . && mv "$base.new" "$base"
else
	mkdir "$tree" && tar -C "$tree" -xpf "$base"
fi
mount -t proc proc "$tree/proc"
ln -sfn /proc/self/fd "$tree/dev/fd"
# Documents are left out of small trees; here they are looked at.
rm -f "$tree"/etc/dpkg/dpkg.cfg.d/*
cp "$package" "$tree/first.deb"
cp "$work/next.deb" "$tree/next.deb"

check "it installs" in_tree dpkg -i /first.deb
check "its user is made" in_tree id truegate
check "its folders are the user's" test "$(in_tree stat -c '%U %a' /var/lib/truegate /var/log/truegate | sort -u)" = "truegate 750"
check "it is not enabled" gone /etc/systemd/system/multi-user.target.wants/truegate.service
check "nor is the timer that fetches policies" gone /etc/systemd/system/timers.target.wants/truegate-fetch.timer
check "which is there" test -f "$tree/lib/systemd/system/truegate-fetch.timer" -a -f "$tree/lib/systemd/system/truegate-fetch.service"
check "it finds a fake" eval \
	'in_tree truegate check --policy /usr/share/doc/truegate/examples/policy.conf vietc0mbank.top; (($? == 1))'
check "its manual can be read" eval 'in_tree man truegate.conf | grep -q receive_octets'
check "the shell completes its commands" eval \
	'in_tree bash -c "source /usr/share/bash-completion/completions/truegate; COMP_WORDS=(truegate repl); COMP_CWORD=1; _truegate; echo \${COMPREPLY[*]}" | grep -qx replay'
check "logrotate takes its file" in_tree logrotate --debug /etc/logrotate.d/truegate

# Named by dates elsewhere, the event log's are numbered all the same.
line='{"name":"vietc0mbank.top","imitates":"vietcombank.com.vn","site":"Vietcombank","technique":"homoglyph","confidence":"high","action":"block","why":"0 stands for o","via":"dns","date":"2026-11-23","devices":"1-4","examples":[],"addresses":[]}'
echo "$line" >"$tree/var/log/truegate/events.jsonl"
in_tree chown truegate:truegate /var/log/truegate/events.jsonl
sed -i 1idateext "$tree/etc/logrotate.conf"
check "logrotate rotates the event log" in_tree logrotate --force /etc/logrotate.conf
check "the report reads what it rotated" eval '{ in_tree truegate report || true; } | grep -q "vietc0mbank.top "'

echo '# of the office' >>"$tree/etc/truegate/truegate.conf"
echo '{}' >"$tree/var/log/truegate/events.jsonl"
check "it is upgraded" in_tree dpkg -i /next.deb
check "to the next version" eval 'in_tree dpkg-query -W -f "\${Version}" truegate | grep -q next'
check "the office's configuration stays" grep -q "of the office" "$tree/etc/truegate/truegate.conf"
check "events stay" there /var/log/truegate/events.jsonl

check "it is removed" in_tree dpkg -r truegate
check "the programs are gone" eval 'gone /usr/sbin/truegate && gone /usr/sbin/truegate-rules'
check "the configuration and the events stay" eval \
	'there /etc/truegate/truegate.conf && there /var/log/truegate/events.jsonl'
check "it is purged" in_tree dpkg -P truegate
check "configuration, state and events are gone" eval \
	'gone /etc/truegate/truegate.conf && gone /etc/logrotate.d/truegate && gone /var/lib/truegate && gone /var/log/truegate'
((checks_failed == 0))
