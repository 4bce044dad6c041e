#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A fake asked for over TLS and over QUIC: it is refused at once, whatever its ClientHello is cut into,
# nothing of it reaches the server, and honest names are served as without the gateway.
# shellcheck disable=SC2016,SC2317 # `check` runs functions and texts that it is given
set -euo pipefail
# shellcheck source=tests/e2e/office.sh
source "$(dirname "$0")/office.sh"

fake=vietc0mbank.top
honest=news.example

tls() { # HOST ADDRESS OCTETS
	in_device python3 "$root/tests/e2e/tls_client.py" "$office_dir/ca.pem" "$@"
}

test_tls() { # LABEL
	local address octets got
	for address in 198.51.100.80 2001:db8:2::80; do
		for octets in 0 1 100 400; do
			got=$(tls $fake $address $octets)
			check "$1 TLS to $address, $octets octets at a time: refused ($got)" test "${got% *}" = reset
			got=$(tls $honest $address $octets)
			check "$1 honest TLS to $address, $octets octets at a time: served" \
				test "${got% *}" = "site $honest by HTTP/1.1"
		done
		got=$(tls $fake $address 0)
		check "$1 it is refused at once (${got#* } s)" awk "BEGIN { exit !(${got#* } < 0.5) }"
	done
	check "$1 curl https: reset" is 35 bash -c \
		"ip netns exec $device curl -s -m 5 --cacert $office_dir/ca.pem --resolve $fake:443:198.51.100.80 https://$fake/; echo \$?"
	check "$1 curl https, TLS 1.2: reset" is 35 bash -c \
		"ip netns exec $device curl -s -m 5 --tls-max 1.2 --cacert $office_dir/ca.pem --resolve www.$fake:443:198.51.100.80 https://www.$fake/; echo \$?"
	check "$1 honest TLS 1.2" is "site $honest by HTTP/2.0" in_device curl -s -m 5 --tls-max 1.2 \
		--cacert "$office_dir/ca.pem" "https://$honest/"
	check "$1 an honest download is whole" test 5 = "$(for _ in 1 2 3 4 5; do
		in_device curl -s -m 5 --cacert "$office_dir/ca.pem" "https://$honest/" && echo
	done | grep -c "site $honest")"
}

# Chromium, with QUIC forced: an honest name comes by QUIC, a fake is refused.
test_quic() { # LABEL
	local pin
	pin=$(openssl x509 -in "$office_dir/server.pem" -noout -pubkey | openssl pkey -pubin -outform der |
		openssl dgst -sha256 -binary | base64)
	in_device env HOME="$office_dir" timeout 100 /usr/bin/python3 "$root/tests/e2e/quic_client.py" \
		"$pin" $honest $fake >"$office_dir/quic" 2>"$office_dir/quic.log" || tail -n 3 "$office_dir/quic.log"
	check "$1 an honest name comes by QUIC" grep -qx "$honest: site $honest by HTTP/3.0" "$office_dir/quic"
	# Forced to, it does not fall back to TCP; test_tls is of that.
	check "$1 a fake does not" eval '! grep -q "site $fake" "$office_dir/quic"'
	check "$1 the browser says that QUIC failed" grep -q ERR_QUIC_PROTOCOL_ERROR "$office_dir/quic"
	check "$1 and the person need not wait ($(sed -n 's/^seconds: //p' "$office_dir/quic") s)" \
		awk -F': ' '/^seconds/ { found = $2 < 3 } END { exit !found }' "$office_dir/quic"
}

is() { # EXPECTED COMMAND ...
	local expected=$1 got
	shift
	got=$("$@") || true
	[[ $got == "$expected" ]] || {
		echo "  expected '$expected', got '$got': $*"
		return 1
	}
}

run_office() { # ACTION
	office_up
	office_tls $honest $fake
	office_policy "$1"
	truegate_start
	truegate_rules on
	test_tls "$1:"
	if [[ $1 == warn ]]; then test_quic "$1:"; fi
	check "$1: the server saw no request for the fake" eval '! grep -q "\"host\":\"[a-z.]*vietc0mbank" "$office_dir/served.json"'
	check "$1: and no handshake for it that failed" eval '! grep -q "vietc0mbank" "$office_dir/caddy.log"'
	truegate_stop
}

office_need dig curl nginx dnsmasq unbound caddy openssl python3 chromium chromedriver
/usr/bin/python3 -c 'import selenium' 2>/dev/null || office_skip "needs Debian's python3-selenium"
run_office warn
office_restart
office_nat=yes run_office block
office_end
