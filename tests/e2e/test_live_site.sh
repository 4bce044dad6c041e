#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The gateway's page: reached by its name and by its bare address, says whether and why, and lets a person
# go on, on that device only. A GET, another site's script or a forged form lets nobody go on.
# shellcheck disable=SC2016,SC2317 # `check` runs functions and texts that it is given
set -euo pipefail
# shellcheck source=tests/e2e/office.sh
source "$(dirname "$0")/office.sh"

fake=vietc0mbank.top
page=http://truegate.internal

ask() { in_device curl -s -m 5 --interface 192.0.2.10 "$@"; }
other() { in_device curl -s -m 5 --interface 192.0.2.11 "$@"; }
code() { ask -o /dev/null -w '%{http_code}' "$@"; }
token() { sed -n 's/.*name="token" value="\([0-9a-f]*\)".*/\1/p' | head -n 1; }
has() { grep -q -- "$1" <<<"$2"; }
address_of() { in_device dig +short +tries=1 +time=2 -b "${1:-192.0.2.10}" @198.51.100.53 $fake; }
opens() { [[ $(ask "http://$fake/") == "site $fake" ]]; }
opens_by_tls() { [[ $(ask --cacert "$office_dir/ca.pem" "https://$fake/") == "site $fake by"* ]]; }
# Whatever the test did before this, nothing was granted.
still_shut() { ! ask --resolve "$fake:80:198.51.100.80" "http://$fake/" | grep -q "^site"; }

test_reading() {
	local text head
	text=$(ask $page/)
	check "the page is reached by its name" has "vietcombank.com.vn" "$text"
	check "it says what is seen, in both languages" has "Truegate thấy gì" "$text"
	check "it says whose list it is" has "Not signed" "$text"
	check "it is reached by its bare address" has Vietcombank "$(ask http://198.18.53.80/)"
	check "over IPv6 too" has Vietcombank "$(in_device curl -s -m 5 'http://[fd53:7472:7567::80]/')"
	check "a name under it" has "looks like Vietcombank" "$(ask http://check.truegate.internal/$fake)"
	check "an honest name" has "nothing to say" "$(ask $page/news.example)"
	check "what was typed is asked about" test "$page/$fake" = \
		"$(ask -o /dev/null -w '%{redirect_url}' "$page/?name=https%3A%2F%2F$fake%2Flogin")"
	check "text that is not a name is not echoed" eval '! has "<b>" "$(ask "$page/?name=%3Cb%3E")"'
	text=$(ask $page/$fake)
	check "it says why" has "looks like Vietcombank, but it is not Vietcombank" "$text"
	check "it says whom to ask" has "it@office.example" "$text"
	check "it says that no record is kept" has "No record is kept of who opened it" "$text"
	check "it has no script" eval '! has "<script" "$text"'
	check "for help desks" test true = "$(ask $page/$fake.json | python3 -c '
import json, sys
found = json.load(sys.stdin)
print("true" if found["flagged"] and found["imitates"] == "vietcombank.com.vn" and found["why_vi"] else found)')"
	check "an honest name for help desks" test '{"name":"news.example","flagged":false}' = \
		"$(ask $page/news.example.json)"
	head=$(ask -D - -o /dev/null $page/$fake -H "Origin: http://$fake")
	check "no frame may show it" has "X-Frame-Options: DENY" "$head"
	check "nothing is loaded" has "default-src 'none'" "$head"
	check "nobody stores it" has "Cache-Control: no-store" "$head"
	check "no script of the fake may read it" eval '! has "Access-Control" "$head"'
	check "HEAD" test 200 = "$(code -I $page/$fake)"
	check "another Host" test 421 = "$(code -H "Host: $fake" http://198.18.53.80/$fake)"
	check "the port itself answers nobody" test 000 = "$(code -H 'Host: truegate.internal' http://192.0.2.1:8053/ || true)"
	check "nor over IPv6" test 000 = "$(in_device curl -s -m 5 -o /dev/null -w '%{http_code}' \
		-H "Host: truegate.internal" 'http://[2001:db8:1::1]:8053/' || true)"
	check "nor from outside" test 000 = "$(in_internet curl -s -m 5 -o /dev/null -w '%{http_code}' \
		-H "Host: truegate.internal" http://198.51.100.1:8053/ || true)"
	check "PUT" test 405 = "$(code -X PUT $page/$fake)"
}

# What must let nobody go on. The token is one of this device's.
test_refusals() { # TOKEN
	local form=(--data "step=ask&to=http&token=$1")
	check "$action: without a token" test 403 = "$(code --data 'step=ask&to=http' $page/$fake)"
	check "$action: with a wrong token" test 403 = "$(code --data 'step=ask&token=00000000000000000000' $page/$fake)"
	check "$action: a page that is too old says so, and has a new form" has "Not opened yet" \
		"$(ask --data 'step=ask&token=00000000000000000000' $page/$fake)"
	check "$action: from another origin" test 403 = "$(code "${form[@]}" -H "Origin: http://$fake" $page/$fake)"
	check "$action: from an opaque origin" test 403 = "$(code "${form[@]}" -H "Origin: null" $page/$fake)"
	check "$action: from another site, as the browser says" test 403 = \
		"$(code "${form[@]}" -H "Sec-Fetch-Site: cross-site" $page/$fake)"
	check "$action: by another name of the page" test 421 = "$(code "${form[@]}" -H "Host: $fake" http://198.18.53.80/$fake)"
	check "$action: by another device" test 403 = "$(other -o /dev/null -w '%{http_code}' "${form[@]}" $page/$fake)"
	check "$action: for another name" test 403 = "$(code "${form[@]}" $page/vietcombamk.top)"
	check "$action: to confirm what was not asked" test 403 = \
		"$(code --data "step=confirm&to=http&token=$1" $page/$fake)"
	check "$action: a body that is too long" eval '! code --data "x=$(printf %02000d 0)" '"$page/$fake >/dev/null"
	check "$action: by GET" test 200 = "$(code "$page/$fake?step=ask&to=http&token=$1")"
	check "$action: none of it lets the device go on" still_shut
}

test_going_on() {
	local first second to began
	# Both addresses have one link-layer address: once that is known, each is a device (proceed.h).
	other -o /dev/null $page/
	ask -o /dev/null $page/
	first=$(ask $page/$fake | token)
	check "$action: the page offers a way on" test 20 = ${#first}
	test_refusals "$first"
	if [[ $action == block ]]; then
		second=$(ask --data "step=ask&to=again&token=$first" $page/$fake)
		check "block: the page asks again" has "Are you sure" "$second"
		check "block: one step does not do" still_shut
		second=$(token <<<"$second")
		to=$(ask -o /dev/null -w '%{redirect_url}' -H "Origin: $page" \
			--data "step=confirm&to=https&token=$second" $page/$fake)
	else
		to=$(ask -o /dev/null -w '%{redirect_url}' -H "Origin: $page" \
			--data "step=ask&to=https&token=$first" $page/$fake)
	fi
	began=$EPOCHREALTIME
	check "$action: it leads on" test "https://$fake/" = "$to"
	check "$action: DNS passes" test 198.51.100.80 = "$(address_of)"
	check "$action: http passes" opens
	check "$action: https passes" opens_by_tls
	check "$action: within 2 seconds" awk -v a="$began" -v b="$EPOCHREALTIME" 'BEGIN { exit b - a > 2 }'
	check "$action: the page says so" has "the warning is paused" "$(ask $page/$fake)"
	check "$action: not on another device" eval \
		'! other --resolve "$fake:80:198.51.100.80" "http://$fake/" | grep -q "^site"'
	if [[ $action == block ]]; then
		check "block: nor by DNS" test "" = "$(address_of 192.0.2.11)"
	fi
}

office_need nginx caddy openssl dnsmasq unbound curl dig
office_up
office_tls news.example $fake
truegate_rules on
for action in warn block; do
	office_policy $action
	truegate_start
	[[ $action == block ]] || test_reading
	test_going_on
	# Another policy: the page says so at once.
	office_policy observe 7
	kill -HUP "$truegate_pid"
	office_wait "the reload" grep -q "policy version 7 is in force" "$office_dir/truegate.log"
	check "$action: after a reload the page knows the new policy" has "Nobody is warned" "$(ask $page/$fake)"
	truegate_stop
done
check "no event tells of the page" eval '! grep -rq "truegate.internal\|192.0.2.1[01]" "$office_dir/log" "$office_dir/truegate.log"'
office_background "$gateway" taken python3 -m http.server 8053
office_wait "a port that is taken" in_gateway curl -s -o /dev/null http://127.0.0.1:8053/
check "a port that is taken is said" eval \
	'! in_gateway "$TRUEGATE" run --config "$office_dir/truegate.conf" 2>"$office_dir/refused" && grep -q "8053.*site.port" "$office_dir/refused"'
office_end
