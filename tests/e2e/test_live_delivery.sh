#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Signed policies reach a running daemon: it says what it makes of them, and a thousand reloads under
# load lose no question and leak nothing.
# shellcheck disable=SC2016,SC2317 # `check` runs functions and texts that it is given
set -euo pipefail
# shellcheck source=tests/e2e/office.sh
source "$(dirname "$0")/office.sh"

fake=vietc0mbank.top
reloads=${RELOADS:-1000}
store() { echo "$office_dir/store/current/policy.conf"; }

make_policy() { # ACTION VERSION
	office_policy "$1" "$2"
	minisign -S -s "$office_dir/key" -m "$office_dir/policy.conf" >/dev/null </dev/null
}
install_policy() {
	in_gateway "$TRUEGATE" policy install --config "$office_dir/truegate.conf" \
		--yes "$(grep -oP '^version = \K[0-9]+' "$office_dir/policy.conf")" "$office_dir/policy.conf" \
		>"$office_dir/said" 2>&1
}
said() { grep -q -- "$1" "$office_dir/said"; }
loaded() { grep -c "is in force" "$office_dir/truegate.log" || true; }
has_loaded() { [[ $(loaded) -ge $1 ]]; }
refusals() { grep -c "the policy was refused" "$office_dir/truegate.log" || true; }
has_refused() { [[ $(refusals) -ge $1 ]]; }
answer() { in_device dig +tries=2 +time=2 @198.51.100.53 "$fake" | grep -o 'status: [A-Z]*'; }
answers() { [[ $(answer) == "status: $1" ]]; }
resident() { awk '/^VmRSS:/ { print $2 }' "/proc/$truegate_pid/status"; }
# What it asked for. Where the kernel makes huge pages by itself (Debian 13), what is resident grows by whole ones
# in which little was written.
asked_for() { awk '/^VmData:/ { print $2 }' "/proc/$truegate_pid/status"; }
files_open() { find "/proc/$truegate_pid/fd" -type l | wc -l; }

office_need dig curl nginx dnsmasq unbound minisign dnsperf
office_up
truegate_rules on
minisign -G -W -p "$office_dir/policy.pub" -s "$office_dir/key" >/dev/null </dev/null
: >"$office_dir/status"
chown nobody "$office_dir/status"
truegate_config "policy_key = \"$office_dir/policy.pub\"; policy_store = \"$office_dir/store\"; status = \"$office_dir/status\"; established = \"$office_dir/established\";"
sed -i "s|^policy = .*|policy = \"$(store)\";|" "$office_dir/truegate.conf"
make_policy observe 1
check "a policy can be installed before the daemon runs" install_policy
check "which it says" said "No daemon is running"
truegate_run
check "the daemon starts with it" answers NOERROR

make_policy block 2
check "a newer one is installed" install_policy
check "the daemon says that it has it" said "The daemon has loaded version 2"
check "it is in force" answers NXDOMAIN
check "going back" in_gateway "$TRUEGATE" policy rollback --config "$office_dir/truegate.conf"
check "the older one is in force" answers NOERROR
make_policy block 3
check "and on" install_policy
check "the newest is in force" answers NXDOMAIN

# Established names reach it the same way.
import_names() {
	printf '%s\n' "$@" | in_gateway "$TRUEGATE" established import --config "$office_dir/truegate.conf" - >"$office_dir/said" 2>&1
}
check "an established name is imported" import_names honest.com "$fake"
check "the daemon says that it has it, too" said "The daemon has loaded it"
check "the established name is only observed" answers NOERROR
check "another list is imported" import_names honest.com
check "the name is no longer established" answers NXDOMAIN
rm "$office_dir"/established*

# What the daemon itself refuses: octets of the store that were changed behind the installer's back.
sed -i 's/block/observe/' "$(store)"
kill -HUP "$truegate_pid"
check "a policy that was changed in the store is refused" office_wait "the refusal" has_refused 1
check "with the reason" grep -q "policy.conf.minisig:2: the signature does not fit the file" "$office_dir/truegate.log"
check "what was in force stays" answers NXDOMAIN
make_policy block 4
check "installing once more mends it" eval 'install_policy && said "The daemon has loaded version 4"'

# A daemon that refuses what was installed: the installation is undone.
sed -i "s|^policy_key = .*|policy_key = \"$office_dir/other.pub\"; policy_store = \"$office_dir/store\"; status = \"$office_dir/status\";|" \
	"$office_dir/truegate.conf"
minisign -G -W -p "$office_dir/other.pub" -s "$office_dir/other" >/dev/null </dev/null
office_policy observe 5
minisign -S -s "$office_dir/other" -m "$office_dir/policy.conf" >/dev/null </dev/null
check "what the daemon refuses is not installed" eval '! install_policy'
check "with the daemon's reason" said "the daemon refused version 5: .*signed with key"
check "the one before stays installed" grep -q "version = 4" "$(store)"
check "and in force" answers NXDOMAIN

# Two daemons on one gateway.
check "a second daemon says that there is one" eval \
	'! in_gateway timeout 5 "$TRUEGATE" run --config "$office_dir/truegate.conf" 2>"$office_dir/said" && said "another truegate serves this gateway"'

# Reloads while questions come.
for i in {1..50}; do echo "h$i.up.example A"; done >"$office_dir/questions"
wait_reload() { # COUNT
	while ! has_loaded "$1"; do sleep 0.002; done
}
reload_often() { # TIMES
	local i count
	count=$(loaded)
	for ((i = 1; i <= $1; i++)); do
		kill -HUP "$truegate_pid"
		wait_reload $((count + i))
	done
}
reload_often 30
before=$(resident) data=$(asked_for) files=$(files_open)
in_device dnsperf -s 198.51.100.53 -d "$office_dir/questions" -l 900 -q 20 -Q 2000 -t 5 >"$office_dir/dnsperf" 2>&1 &
load=$!
office_pids+=("$load")
started=$SECONDS
check "$reloads reloads" reload_often "$reloads"
took=$((SECONDS - started))
# However long that took, questions came until now. Interrupted, dnsperf still says what it counted.
check "questions came all the while" kill -INT "$(pgrep -P "$load" dnsperf || echo "$load")"
wait "$load" || true
sent=$(awk '/Queries sent:/ { print $3 }' "$office_dir/dnsperf") lost=$(awk '/Queries lost:/ { print $3 }' "$office_dir/dnsperf")
after=$(resident)
figure reloads "$(grouped "$reloads")" "$took" "$(grouped "$sent")" "$lost" "$before" "$after"
# A rate, whatever a reload takes here: dnsperf asks 2,000 a second at most.
check "questions came at 500 a second or more" test "${sent:-0}" -ge $((500 * (took > 0 ? took : 1)))
check "none was lost" test "${lost:-1}" = 0
echo "# asked for: $data KiB, then $(asked_for)"
check "memory stays" test "$(asked_for)" -le $((data + data / 20 + 1024))
check "files are closed" test "$(files_open)" = "$files"
check "the policy is in force" answers NXDOMAIN
office_end
