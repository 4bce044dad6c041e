#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A running gateway fetches its policy over HTTPS: what comes is in force at once, what is refused changes
# no answer, and the office's own exception wins over every version.
# shellcheck disable=SC2016,SC2317 # `check` runs functions and texts that it is given
set -euo pipefail
# shellcheck source=tests/e2e/office.sh
source "$(dirname "$0")/office.sh"

url=https://198.51.100.80:8443/policy.conf
publish() { # ACTION VERSION [KEY]
	office_policy "$1" "$2"
	minisign -S -s "$office_dir/${3:-key}" -m "$office_dir/policy.conf" >/dev/null </dev/null
	mv "$office_dir/policy.conf.minisig" "$office_dir/policy.conf" "$office_dir/published/"
}
# As root with the capabilities that systemd/truegate-fetch.service leaves it.
fetch() {
	in_gateway setpriv --bounding-set=-all,+dac_override,+kill --no-new-privs "$TRUEGATE" policy fetch --config "$office_dir/truegate.conf" --ca "$office_dir/fetch-ca.pem" "$url" \
		>"$office_dir/said" 2>&1
}
refused() { ! fetch; }
said() { grep -q -- "$1" "$office_dir/said"; }
answers() { # NAME STATUS
	in_device dig +tries=2 +time=2 @198.51.100.53 "$1" | grep -q "status: $2"
}
status() { in_gateway "$TRUEGATE" status --config "$office_dir/truegate.conf" --rules /bin/true || true; }

office_need dig curl nginx dnsmasq unbound minisign openssl python3 setpriv
office_up
truegate_rules on
for key in key stranger; do
	minisign -G -W -p "$office_dir/$key.pub" -s "$office_dir/$key" >/dev/null </dev/null
done
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=policies" -addext "subjectAltName=IP:198.51.100.80" \
	-keyout "$office_dir/fetch.key" -out "$office_dir/fetch-ca.pem" 2>/dev/null
mkdir "$office_dir/published"
cat >"$office_dir/server.py" <<'PYTHON'
import functools, http.server, ssl, sys
folder = sys.argv[1]
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder + "/published")
server = http.server.ThreadingHTTPServer(("198.51.100.80", 8443), handler)
tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
tls.load_cert_chain(folder + "/fetch-ca.pem", folder + "/fetch.key")
server.socket = tls.wrap_socket(server.socket, server_side=True)
server.serve_forever()
PYTHON
office_background "$internet" server.log python3 "$office_dir/server.py" "$office_dir"
: >"$office_dir/status"
chown nobody "$office_dir/status"
echo 'exceptions = [ "vietc0mbank.net" ];' >"$office_dir/local.conf"
truegate_config "policy_key = \"$office_dir/key.pub\"; policy_store = \"$office_dir/store\"; status = \"$office_dir/status\";
policy_local = \"$office_dir/local.conf\";"
sed -i "s|^policy = .*|policy = \"$office_dir/store/current/policy.conf\";|" "$office_dir/truegate.conf"
office_wait "the server of policies" in_gateway curl -sf -o /dev/null --cacert "$office_dir/fetch-ca.pem" "${url%/*}/"

publish observe 1
check "the first policy is fetched before the daemon runs" fetch
truegate_run
check "the daemon starts with it" answers vietc0mbank.top NOERROR
publish block 2
check "a newer one is fetched" fetch
check "the daemon says that it has it" said "The daemon has loaded version 2"
check "it is in force" answers vietc0mbank.top NXDOMAIN
check "but for what the office excepts" answers vietc0mbank.net NOERROR
check "which was said" said "exception vietc0mbank.net"

publish observe 3 stranger
check "a stranger's is refused" refused
check "with the reason" said "signed with key"
check "what was in force stays" answers vietc0mbank.top NXDOMAIN
check "status shows what is in force, and the error" eval \
	'status >"$office_dir/shown"; grep -q "^fetch *version 2, fetched 20" "$office_dir/shown" &&
	grep -q "the last fetch of a policy failed: .*signed with key" "$office_dir/shown"'
publish observe 1
check "an older one is refused" refused
check "what was in force stays still" answers vietc0mbank.top NXDOMAIN
publish block 4
check "the next good one is fetched" fetch
check "and is in force" eval 'said "The daemon has loaded version 4" && answers vietc0mbank.top NXDOMAIN'
check "the office's exception wins still" answers vietc0mbank.net NOERROR
check "the error is over" eval '! status | grep -q "the last fetch"'
office_end
