#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Twenty gateways, each in a network namespace of its own, fetch a signed policy from one nginx with a
certificate of a CA of the test's own: what comes to all, what is refused, and what it leaves as it was."""

import http.server
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

UNSHARED = "TRUEGATE_FLEET_UNSHARED"


def skip(why):
    print(f"SKIPPED: {why}")
    sys.exit(77)


for tool in ("minisign", "nginx", "openssl", "ip", "unshare"):
    if shutil.which(tool, path=os.environ["PATH"] + ":/usr/sbin:/sbin") is None:
        skip(f"{tool} is missing")
if UNSHARED not in os.environ:
    # The namespaces end with this process; nothing of the machine's own network is touched.
    ways = ["unshare", "--net", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    if subprocess.run([*ways, "true"], capture_output=True, check=False).returncode != 0:
        skip("namespaces are not allowed here")
    os.environ[UNSHARED] = "1"
    os.execvp(ways[0], [*ways, sys.executable, *sys.argv])

from program import POLICY, TRUEGATE, check, check_equal, end, folder  # noqa: E402

GATEWAYS = 20
SERVER = "10.99.0.1"
URL = f"https://{SERVER}/policy.conf"
HOSTILE = f"https://{SERVER}:8443"
KEYS = {}


def run(*command, **more):
    return subprocess.run(list(map(str, command)), check=True, capture_output=True, stdin=subprocess.DEVNULL, **more)


# The network: a bridge with the server, a gateway at each port.
try:
    run("mount", "-t", "tmpfs", "tmpfs", "/run")
    run("ip", "link", "set", "lo", "up")
    run("ip", "link", "add", "br0", "type", "bridge")
    run("ip", "address", "add", f"{SERVER}/24", "dev", "br0")
    run("ip", "link", "set", "br0", "up")
    for number in range(GATEWAYS):
        run("ip", "netns", "add", f"gw{number}")
        run("ip", "link", "add", f"port{number}", "type", "veth", "peer", "name", "eth0", "netns", f"gw{number}")
        run("ip", "link", "set", f"port{number}", "master", "br0", "up")
        run("ip", "-n", f"gw{number}", "address", "add", f"10.99.0.{100 + number}/24", "dev", "eth0")
        run("ip", "-n", f"gw{number}", "link", "set", "eth0", "up")
except subprocess.CalledProcessError as error:
    skip(f"network namespaces are not allowed here: {error.cmd}: {error.stderr.decode().strip()}")

# The server's certificate, and a stranger's CA.
for ca in ("ca", "other"):
    run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", f"{ca}.key", "-out", f"{ca}.pem",
        "-subj", f"/CN=Test {ca}", "-addext", "basicConstraints=critical,CA:TRUE", cwd=folder)
run("openssl", "req", "-newkey", "rsa:2048", "-nodes", "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=policies", cwd=folder)
(folder / "names").write_text(f"subjectAltName=IP:{SERVER}\n")
run("openssl", "x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
    "-extfile", "names", "-out", "server.pem", cwd=folder)
for who in ("office", "stranger"):
    run("minisign", "-G", "-W", "-p", folder / f"{who}.pub", "-s", folder / f"{who}.key")

site = folder / "site"
site.mkdir()
os.chmod(folder, 0o755)
(folder / "nginx.conf").write_text(f"""
user root root; daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/nginx.error;
events {{ worker_connections 256; }}
http {{
  access_log {folder}/access.log;
  {"".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))}
  log_format plain '$remote_addr $request_uri $status'; access_log {folder}/access.plain plain;
  server {{
    listen {SERVER}:80; listen {SERVER}:443 ssl;
    ssl_certificate {folder}/server.pem; ssl_certificate_key {folder}/server.key;
    root {site};
    location /moved.conf {{ return 302 https://{SERVER}/policy.conf; }}
    location /moved.conf.minisig {{ return 302 https://{SERVER}/policy.conf.minisig; }}
    location /plain {{ return 302 http://{SERVER}/policy.conf; }}
  }}
}}
""")


def publish(version, name="policy.conf", who="office", text=None):
    """Signs a policy and puts it on the server, as whoever runs the fleet does."""
    path = folder / "new.conf"
    path.write_text(text or POLICY.replace("version = 3", f"version = {version}"))
    run("minisign", "-S", "-s", folder / f"{who}.key", "-m", path)
    os.replace(folder / "new.conf.minisig", site / f"{name}.minisig")
    os.replace(path, site / name)


class Hostile(http.server.BaseHTTPRequestHandler):
    """What nginx would not do: a body cut short of its length, and one without an end."""

    def do_GET(self):
        body = (site / "next.conf").read_bytes()
        signature = (site / "next.conf.minisig").read_bytes()
        self.send_response(304 if self.path == "/unasked.conf" else 200)
        if self.path == "/unasked.conf":
            self.end_headers()
            return
        if self.path.endswith(".minisig"):
            self.end_headers()
            self.wfile.write(signature * (1000 if "longsig" in self.path else 1))
        elif self.path == "/cut.conf":
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2])
        elif self.path == "/cutquietly.conf":
            self.end_headers()
            self.wfile.write(body[: len(body) // 2])
        elif self.path == "/longsig.conf":
            self.end_headers()
            self.wfile.write(body)
        else:
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b"# more\n" * 10000)
            except OSError:
                sent_away.set()

    def finish(self):
        """An end by the rules of TLS, so that only the body is wrong."""
        super().finish()
        try:
            self.connection.unwrap()
        except OSError:
            pass

    def log_message(self, *_):
        pass


sent_away = threading.Event()
tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
tls.load_cert_chain(folder / "server.pem", folder / "server.key")
hostile = http.server.ThreadingHTTPServer((SERVER, 8443), Hostile)
hostile.handle_error = lambda *_: None
hostile.socket = tls.wrap_socket(hostile.socket, server_side=True, do_handshake_on_connect=False)
hostile.daemon_threads = True
threading.Thread(target=hostile.serve_forever, daemon=True).start()


class Gateway:
    def __init__(self, number):
        self.number = number
        self.home = folder / f"gateway{number}"
        self.home.mkdir()
        self.store = self.home / "policies"
        self.local = self.home / "local.conf"
        self.local.write_text(f'exceptions = [ "vietc0mbank{number}.top" ];\n')
        self.config = self.home / "truegate.conf"
        self.config.write_text(
            f'policy = "{self.store}/current/policy.conf"; policy_key = "{folder}/office.pub"; policy_local = "{self.local}";\n'
            f'policy_store = "{self.store}"; policy_url = "{URL}"; status = "{self.home}/status";\n')

    def truegate(self, *arguments):
        return subprocess.run(["ip", "netns", "exec", f"gw{self.number}", TRUEGATE, *map(str, arguments)], capture_output=True,
                              check=False, timeout=120, stdin=subprocess.DEVNULL)

    def fetch(self, *arguments, ca="ca"):
        return self.truegate("policy", "fetch", "--config", self.config, "--ca", folder / f"{ca}.pem", *arguments)

    def version(self):
        """In force, found whole: by minisign, not by ourselves."""
        path = self.store / "current" / "policy.conf"
        if not path.exists():
            return 0
        run("minisign", "-V", "-p", folder / "office.pub", "-m", path)
        return int(re.search(r"version = (\d+)", path.read_text()).group(1))

    def tree(self):
        """All that is in force or kept, by content and inode."""
        return {str(path): (path.lstat().st_ino, path.read_bytes() if path.is_file() else b"")
                for path in sorted(self.store.rglob("*")) if path.name not in ("fetch", "refused") and "fetched" not in path.parts}

    def status(self):
        done = self.truegate("status", "--json", "--config", self.config, "--rules", "/bin/true")
        return json.loads(done.stdout)["fetch"], done.stdout.decode()


fleet = [Gateway(number) for number in range(GATEWAYS)]
pool = ThreadPoolExecutor(4)


def all_fetch(*arguments):
    return list(pool.map(lambda gateway: gateway.fetch(*arguments), fleet))


def versions():
    return {gateway.version() for gateway in fleet}


def answers(least=0):
    """(path, status) of what nginx was asked since the last call: so many, which it logs once they are sent."""
    log = folder / "access.plain"
    for _ in range(100):
        time.sleep(0.2)
        lines = [tuple(line.split()[1:]) for line in log.read_text().splitlines()]
        if len(lines) >= least:
            break
    log.write_text("")
    return lines


publish(1)
nginx = subprocess.Popen(["nginx", "-c", folder / "nginx.conf", "-p", folder], stderr=(folder / "nginx.said").open("w"),
                         env={**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin"})
try:
    for _ in range(100):
        if (folder / "nginx.pid").exists():
            break
        time.sleep(0.1)
    else:
        check("nginx starts", False, (folder / "nginx.said").read_text())
        end()

    # What should happen.
    done = all_fetch()
    check_equal("the first fetch installs, on all", ({each.returncode for each in done}, versions()), ({0}, {1}))
    check("it says what the local file overrides", all(f"exception vietc0mbank{n}.top" in each.stdout.decode() for n, each in enumerate(done)),
          done[0])
    check_equal("each asked for policy and signature", sorted(set(answers(2 * GATEWAYS))), [("/policy.conf", "200"), ("/policy.conf.minisig", "200")])
    before = [gateway.tree() for gateway in fleet]
    done = all_fetch()
    check_equal("the second is told that nothing changed", ({each.returncode for each in done}, {each.stdout for each in done}),
                ({0}, {b"Version 1 is unchanged.\n"}))
    check_equal("and is sent nothing", answers(GATEWAYS), [("/policy.conf", "304")] * GATEWAYS)
    check("and changes nothing", before == [gateway.tree() for gateway in fleet])
    publish(2, text=POLICY.replace("version = 3", "version = 2").replace(
        '  { name = "PayPal"', '  { name = "Shopee"; domains = [ "shopee.vn" ]; },\n  { name = "PayPal"'))
    began = time.monotonic()
    done = all_fetch()
    print(f"# {GATEWAYS} gateways fetched and installed in {time.monotonic() - began:.1f} s")
    check_equal("a new version goes to all", ({each.returncode for each in done}, versions()), ({0}, {2}))
    check("it says what changes", all(b"site Shopee (shopee.vn) is added" in each.stdout for each in done), done[0])
    record, _ = fleet[0].status()
    check_equal("status shows it", (record["version"], record["error"], record["url"]), (2, "", URL))
    check("and what it changed", "site Shopee (shopee.vn) is added" in record["changes"], record)
    text = fleet[0].truegate("status", "--config", fleet[0].config, "--rules", "/bin/true").stdout.decode()
    check("as text too", re.search(r"fetch +version 2, fetched 20.*, from https://.*\n.*differs.*\n(.*\n)*? +site Shopee", text), text)
    check("the local files are as they were", all(gateway.local.read_text() == f'exceptions = [ "vietc0mbank{n}.top" ];\n'
                                                  for n, gateway in enumerate(fleet)))
    done = [gateway.truegate("check", "--policy", gateway.store / "current/policy.conf", "vietc0mbank.top").returncode for gateway in fleet]
    check_equal("all find what it protects", set(done), {1})
    check_equal("a redirect to https is followed", (fleet[0].fetch(f"https://{SERVER}/moved.conf").returncode, fleet[0].version()), (0, 2))

    # What is refused, and leaves what is in force.
    answers()
    publish(3, name="next.conf")
    publish(3, name="stranger.conf", who="stranger")
    publish(1, name="old.conf")
    publish(3, name="broken.conf", text="version = 3; sites = ")
    publish(2, name="other.conf", text=POLICY.replace("version = 3", "version = 2"))
    for name in ("unsigned", "tampered"):
        shutil.copy(site / "next.conf", site / f"{name}.conf")
    shutil.copy(site / "next.conf.minisig", site / "tampered.conf.minisig")
    (site / "tampered.conf").write_text((site / "next.conf").read_text().replace("vietcombank.com.vn", "vietcombank.com.vu"))
    with (site / "huge.conf").open("wb") as huge:
        huge.truncate(64 << 20)
    shutil.copy(site / "next.conf.minisig", site / "huge.conf.minisig")
    server = f"https://{SERVER}"
    REFUSED = [
        ("a stranger's signature", f"{server}/stranger.conf", "signed with key"),
        ("a changed policy", f"{server}/tampered.conf", "does not fit the file"),
        ("no signature", f"{server}/unsigned.conf", "HTTP status 404"),
        ("no policy", f"{server}/none.conf", "HTTP status 404"),
        ("an older version", f"{server}/old.conf", "older than 2"),
        ("other contents of the same version", f"{server}/other.conf", "other contents"),
        ("a policy with an error", f"{server}/broken.conf", "policy.conf:1"),
        ("a body cut short", f"{HOSTILE}/cut.conf", "cut.conf"),
        ("a body cut without a length", f"{HOSTILE}/cutquietly.conf", "does not fit the file"),
        ("a huge body", f"{server}/huge.conf", "larger than 16777216 octets"),
        ("a body without an end", f"{HOSTILE}/endless.conf", "larger than 16777216 octets"),
        ("a huge signature", f"{HOSTILE}/longsig.conf", "larger than 16384 octets"),
        ("304 that was not asked for", f"{HOSTILE}/unasked.conf", "HTTP status 304"),
        ("a redirect to plain http", f"{server}/plain.conf", "plain.conf"),
        ("nobody there", f"https://{SERVER}:9/policy.conf", "https://"),
    ]
    before = [gateway.tree() for gateway in fleet]
    for (name, url, words), gateway in zip(REFUSED, fleet):
        done = gateway.fetch(url)
        check(f"refused: {name}", done.returncode == 2 and words in done.stderr.decode() and b"version 2 stays" in done.stderr, done)
        record, shown = gateway.status()
        check(f"status says it: {name}", words in record["error"] and "the last fetch of a policy failed" in shown, record)
        check_equal(f"what was last good is remembered: {name}", record["version"], 2)
    check("no answer came over plain http", all(path != "/policy.conf" for path, _ in answers()))
    check("the endless body was ended by the gateway", sent_away.wait(10))
    for url, words in ((f"http://{SERVER}/policy.conf", b"must begin with https://"), ("file:///etc/passwd", b"must begin with https://"),
                       (f"https://me:secret@{SERVER}/policy.conf", b"must not have a user"), (f"{URL}?a=b", b"must be the address of a file")):
        done = fleet[0].fetch(url)
        check(f"refused: {url}", done.returncode == 2 and words in done.stderr, done)
    done = fleet[16].fetch(ca="other")
    check("refused: a certificate of another CA", done.returncode == 2 and fleet[16].status()[0]["error"] != "", done)
    done = fleet[17].truegate("policy", "fetch", "--config", fleet[17].config)
    check("refused: a certificate that the machine does not trust", done.returncode == 2, done)
    check_equal("nothing was asked over plain http", answers(), [])
    check("and all of it left what is in force as it was", before == [gateway.tree() for gateway in fleet])
    check_equal("no seconds to wait", fleet[0].fetch("--jitter", "soon").returncode, 2)

    # And on: after each refusal the next good one comes.
    publish(3)
    done = all_fetch("--jitter", "1")
    check_equal("the next version goes to all", ({each.returncode for each in done}, versions()), ({0}, {3}))
    check_equal("and the error is over", {gateway.status()[0]["error"] for gateway in fleet}, {""})
    check_equal("nothing that was refused is left", [path for gateway in fleet for path in gateway.store.glob("fetched*")], [])
    nginx.kill()
    nginx.wait()
    done = all_fetch()
    check_equal("without the server all keep what they have", ({each.returncode for each in done}, versions()), ({2}, {3}))
finally:
    nginx.kill()
    nginx.wait()
    hostile.shutdown()
end()
