#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Metrics as Prometheus asks for them: numbers that move with real traffic, on this machine alone, and
# nothing in them that says who asked for what.
# shellcheck disable=SC2016,SC2317 # `check` runs functions and texts that it is given
set -euo pipefail
# shellcheck source=tests/e2e/office.sh
source "$(dirname "$0")/office.sh"

fake=vietc0mbank.top honest=www.honest-name.example
address=127.0.0.1:9469

scrape() { in_gateway curl -sS -m 5 "http://$address/metrics" >"$office_dir/metrics" 2>"$office_dir/curl"; }
value() { awk -v name="truegate_$1" '$1 == name { print $2; found = 1 } END { exit !found }' "$office_dir/metrics"; }
now() { scrape && value "$1"; }
status() { in_gateway curl -s -o "$office_dir/body" -w '%{http_code}' -m 5 "$@"; }
reaches() { [[ $(now "$1") -ge $2 ]]; }
has() { [[ $(now "$1") == "$2" ]]; }
ask() { in_device dig +tries=2 +time=2 @198.51.100.53 "$1" >"$office_dir/answer"; }
get() { in_device curl -s -m 5 -H "Host: $1" http://198.51.100.80/ >"$office_dir/page"; }
truegate_restart() { # SETTINGS
	truegate_stop
	truegate_config "$1"
	truegate_run
}

office_need dig curl nginx dnsmasq unbound minisign
office_up
office_clock=yes
minisign -G -W -p "$office_dir/policy.pub" -s "$office_dir/key" >/dev/null </dev/null
settings="metrics = { listen = \"$address\"; }; policy_store = \"$office_dir/store\"; status = \"$office_dir/log/status\";"
office_policy block 7
truegate_rules on
truegate_config "$settings"
truegate_run

check "metrics can be had" scrape
check "the policy's version is told" has policy_version 7
check "and how many sites it has" has policy_sites 2
check "nothing was found yet" has 'findings_total{action="block"}' 0
for _ in 1 2 3; do ask "$fake"; done
get "$fake"
check "not within the minute" has 'findings_total{action="block"}' 0
check "nor are answers" has 'answers_total{via="dns"}' 0
for i in {1..5}; do ask "$i.$honest"; done
get "$honest"
truegate_minute_is_over
check "findings are counted by action" has \
	'findings_total{action="block"}' 4
check "names read in DNS are counted" reaches 'observations_total{via="dns"}' 8
check "names read in HTTP are counted" has 'observations_total{via="http"}' 2
check "answers are counted" has 'answers_total{via="dns"}' 3
check "pages are counted" has 'answers_total{via="http"}' 1
check "flows are counted" reaches flows_total 10
check "packets sent in a server's place are counted" reaches sent_packets_total 4
check "every worker answers" has workers_silent 0
check "of the number there is" has workers 2
check "what the event log took in is counted" office_wait "the event log" has sightings_total 4
check "every packet has a latency" eval \
	'scrape && [[ $(value verdict_seconds_count) == "$(value packets_total)" && $(value packets_total) -ge 10 ]] ||
	{ echo "  $(value verdict_seconds_count) of $(value packets_total)"; false; }'
check "buckets rise to the count" eval '[[ $(value "verdict_seconds_bucket{le=\"+Inf\"}") == "$(value verdict_seconds_count)" ]] &&
	awk "/^truegate_verdict_seconds_bucket/ { if (\$2 < last) exit 1; last = \$2 }" "$office_dir/metrics"'

# The format, by a reading of it that is not ours; by Prometheus' own tool where there is one.
check "each metric is described once, before its numbers, and each line is a number" python3 - "$office_dir/metrics" <<'PYTHON'
import re, sys
described, kinds, seen = set(), {}, set()
for line in open(sys.argv[1], encoding="utf-8").read().splitlines():
    if line.startswith("# HELP "):
        name = line.split()[2]
        assert name not in described and len(line.split()) > 3, line
        described.add(name)
    elif line.startswith("# TYPE "):
        _, _, name, kind = line.split()
        assert name in described and name not in kinds and kind in ("counter", "gauge", "histogram"), line
        kinds[name] = kind
    else:
        match = re.fullmatch(r'([a-z_]+)(\{([a-z]+="[^"\\]*",?)+\})? [0-9]+(\.[0-9]+)?', line)
        assert match, line
        base = re.sub("_(bucket|sum|count)$", "", match[1]) if match[1].startswith("truegate_verdict") else match[1]
        assert base in kinds and line.split(" ")[0] not in seen, line
        assert kinds[base] != "counter" or base.endswith("_total"), line
        seen.add(line.split(" ")[0])
assert len(seen) > 50
PYTHON
if command -v promtool >/dev/null; then
	check "promtool finds no fault" eval 'promtool check metrics <"$office_dir/metrics"'
fi

# Nobody can be recognised.
check "no name, no site, no address in them" eval \
	'! grep -iqE "vietc|google|honest|example|192\.0\.2|198\.51|2001:db8" "$office_dir/metrics"'

# What else can be asked for.
check "another path is not found" test "$(status http://$address/)" = 404
check "nothing can be posted" test "$(status -d x=1 http://$address/metrics)" = 405
check "a head can be asked for" test "$(status -I http://$address/metrics)" = 200
check "a long path does no harm" test "$(status "http://$address/$(head -c 9000 /dev/zero | tr '\0' a)")" -ge 400
check "rubbish does no harm" eval 'in_gateway timeout 2 bash -c "head -c 4096 /dev/urandom >/dev/tcp/127.0.0.1/9469" || true; scrape'
# Connections that say nothing take what there is, until they are ended; no packet waits for that.
# shellcheck disable=SC2086
for i in {1..12}; do
	ip netns exec "$gateway" bash -c 'exec 3<>/dev/tcp/127.0.0.1/9469; sleep 30' &
	office_pids+=($!)
done
sleep 0.3
check "while all connections are held, names are answered" ask "$honest"
check "and they are ended in the end" office_wait "a scrape" scrape
check "the office cannot reach it" eval '! in_device curl -s -m 1 http://192.0.2.1:9469/metrics'

# Policies: loaded, refused by the daemon, refused by who installs them.
office_policy observe 8
kill -HUP "$truegate_pid"
check "a policy that was loaded shows" office_wait "version 8" has policy_version 8
check "as a reload" has 'policy_reloads_total{result="done"}' 1
echo 'rubbish' >"$office_dir/policy.conf"
kill -HUP "$truegate_pid"
check "one that was refused raises its metric" office_wait "the refusal" has 'policy_reloads_total{result="refused"}' 1
check "while the one before stays" has policy_version 8
check "no install was refused yet" has policy_installs_refused_total 0
check "a policy without a signature is not installed" eval \
	'echo "policy_key = \"$office_dir/policy.pub\"; policy_store = \"$office_dir/store\";" >"$office_dir/install.conf"
	! in_gateway "$TRUEGATE" policy install --config "$office_dir/install.conf" "$office_dir/policy.conf" 2>"$office_dir/said"'
check "which raises its metric" has policy_installs_refused_total 1

# Where it listens.
office_policy block 9
truegate_stop
ip netns exec "$gateway" python3 -m http.server --bind "${address%:*}" "${address#*:}" >/dev/null 2>&1 &
office_pids+=("$!")
taker=$!
office_wait "the other program" in_gateway curl -s -o /dev/null -m 1 "http://$address/"
check "a daemon says that the place is taken" eval \
	'! in_gateway timeout 5 "$TRUEGATE" run --config "$office_dir/truegate.conf" 2>"$office_dir/said" &&
	grep -q "cannot offer metrics at $address: Address already in use" "$office_dir/said"'
kill "$taker"
truegate_run
unix=$office_dir/log/metrics.sock
truegate_restart "metrics = { listen = \"unix:$unix\"; };"
unix_scrape() { in_gateway curl -sS -m 5 --unix-socket "$unix" http://truegate/metrics >"$office_dir/metrics"; }
check "a UNIX socket serves as well" eval 'unix_scrape && [[ $(value policy_version) == 9 ]]'
check "for user and group alone" test "$(stat -c %a "$unix")" = 660
kill -KILL "$truegate_pid"
wait "$truegate_pid" 2>/dev/null || true
truegate_run
check "one that a killed daemon left behind is replaced" unix_scrape
truegate_stop
check "it goes with the daemon" test ! -e "$unix"
for wrong in 0.0.0.0:9469 192.0.2.1:9469 '[2001:db8:1::1]:9469' 127.0.0.1 127.0.0.1:0 localhost:9469 unix:metrics; do
	truegate_config "metrics = { listen = \"$wrong\"; };"
	check "no daemon with metrics at $wrong" eval \
		'! in_gateway timeout 5 "$TRUEGATE" run --config "$office_dir/truegate.conf" 2>"$office_dir/said" &&
		grep -q "truegate.conf:6:13: metrics can only be served on a loopback address" "$office_dir/said"'
done

# What the documents use exists.
check "dashboard and alerts use metrics that there are" python3 - "$office_dir/metrics" "$root/docs" <<'PYTHON'
import json, pathlib, re, sys
there = set(re.findall(r"^# TYPE (\S+)", open(sys.argv[1]).read(), re.M))
docs = pathlib.Path(sys.argv[2])
dashboard = json.loads((docs / "grafana/truegate.json").read_text())
texts = [t["expr"] for panel in dashboard["panels"] for t in panel.get("targets", [])]
assert len(texts) > 8
assert [v["name"] for v in dashboard["templating"]["list"]] == ["datasource", "site", "instance"]
for text in texts:
    # Each metric is shown only for what was chosen.
    assert len(re.findall(r"truegate_[a-z_]+", text)) == text.count('{site=~"$site",instance=~"$instance"}'), text
assert len({panel["id"] for panel in dashboard["panels"]}) == len(dashboard["panels"])
texts += re.findall(r"expr: (.+)", (docs / "alerts.yml").read_text())
for text in texts:
    names = re.findall(r"truegate_[a-z_]+", text)
    assert names or text.startswith("up{"), text
    for name in names:
        assert re.sub("_(bucket|sum|count)$", "", name) in there or name in there, name
listed = set(re.findall(r"`(truegate_[a-z_]+)", (docs / "metrics.md").read_text()))
assert listed == there, listed ^ there
PYTHON
if command -v promtool >/dev/null; then
	check "promtool finds no fault in the alerts" promtool check rules "$root/docs/alerts.yml"
fi
office_end
