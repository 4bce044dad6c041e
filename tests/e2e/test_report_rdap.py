#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The abuse contact of a takedown mail, asked of a registry of the test's own over HTTPS with a CA of its own."""

import http.server
import json
import shutil
import ssl
import subprocess
import sys
import threading

from program import check, check_equal, end, folder, truegate

if shutil.which("openssl") is None:
    print("SKIPPED: openssl is missing")
    sys.exit(77)


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Test CA",
        "-addext", "basicConstraints=critical,CA:TRUE")
openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost")
(folder / "names").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names",
        "-out", "server.pem")


def domain(mail):
    card = ["vcard", [["version", {}, "text", "4.0"], ["email", {}, "text", mail]]]
    return {"objectClassName": "domain", "entities": [{"roles": ["registrar"], "entities": [{"roles": ["abuse"], "vcardArray": card}]}]}


ANSWERS = {
    "/rdap/domain/vietc0mbank.top": domain("abuse@registrar.example"),
    "/rdap/domain/host.example": domain("abuse@host.example"),
    "/rdap/domain/evil.top": domain("a@b.example\r\nBcc: everyone@office.example"),
    "/rdap/domain/none.top": {"entities": []},
}
asked = []


class Registry(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        asked.append((self.path, self.headers["Accept"], self.headers["User-Agent"], self.headers["Cookie"]))
        if self.path == "/rdap/domain/moved.top":
            self.send_response(302)
            self.send_header("Location", "/rdap/domain/vietc0mbank.top")
        elif self.path == "/rdap/domain/plain.top":
            self.send_response(302)
            self.send_header("Location", f"http://127.0.0.1:{port}/rdap/domain/vietc0mbank.top")
        elif self.path == "/rdap/domain/large.top":
            self.send_response(200)
        else:
            self.send_response(200 if self.path in ANSWERS else 404)
        body = b"x" * (5 << 20) if self.path.endswith("large.top") else json.dumps(ANSWERS.get(self.path, {})).encode()
        self.send_header("Content-Type", "application/rdap+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            pass

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Registry)
port = server.server_address[1]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(folder / "server.pem", folder / "server.key")
server.socket = context.wrap_socket(server.socket, server_side=True)
threading.Thread(target=server.serve_forever, daemon=True).start()

EVENT = {
    "imitates": "vietcombank.com.vn", "site": "Vietcombank", "technique": "homoglyph", "confidence": "high", "action": "block",
    "why": "0 stands for o", "via": "http", "date": "2026-11-23", "devices": "1-4", "examples": [], "addresses": [],
}
NAMES = ("vietc0mbank.top", "vietcombank.host.example", "evil.top", "none.top", "moved.top", "plain.top", "large.top", "unknown.top", "b\\255c.top")
log = folder / "events.jsonl"
log.write_text("".join(json.dumps({"name": name, **EVENT}) + "\n" for name in NAMES))


def takedown(name, *options):
    done = truegate("report", "--log", log, "--takedown", name, *options)
    to = [line for line in done.stdout.decode().splitlines() if line.startswith("To: ")]
    return done, to[0].removeprefix("To: ") if to else None


def look_up(name, *options, base=f"https://localhost:{port}/rdap", ca="ca.pem"):
    return takedown(name, "--rdap-server", base, "--rdap-ca", folder / ca, *options)


check("without --rdap nothing is asked", takedown("vietc0mbank.top")[1].startswith("FILL-IN") and not asked)
done, to = look_up("vietc0mbank.top")
check_equal("the mail goes to the abuse contact", to, "abuse@registrar.example")
check("which is told", b"the abuse contact of vietc0mbank.top is abuse@registrar.example" in done.stderr, done.stderr)
check_equal("what was asked", asked, [("/rdap/domain/vietc0mbank.top", "application/rdap+json, application/json", "Truegate", None)])
check_equal("a redirection is followed", look_up("moved.top")[1], "abuse@registrar.example")
check_equal("a site under a host: the host's", look_up("vietcombank.host.example")[1], "abuse@host.example")
for name, why in (("evil.top", "no abuse contact"), ("none.top", "no abuse contact"), ("unknown.top", "404"), ("plain.top", ""), ("large.top", "")):
    done, to = look_up(name)
    check(f"{name}: none is found, and the mail is there to be filled in", done.returncode == 1 and to.startswith("FILL-IN")
          and b"no abuse contact of" in done.stderr and why.encode() in done.stderr, done.stderr)
    check(f"{name}: nothing is added to the mail's head", b"Bcc" not in done.stdout)
asked.clear()
done, to = look_up("b\\255c.top")
check("what cannot be registered is not asked for", to.startswith("FILL-IN") and not asked, done.stderr)
done, to = takedown("vietc0mbank.top", "--rdap-server", f"https://localhost:{port}/rdap")
check("a certificate of nobody's is refused", to.startswith("FILL-IN") and not asked, done.stderr)
done, to = look_up("vietc0mbank.top", base="https://127.0.0.1:1/rdap")
check("a server that is away is said to be", to.startswith("FILL-IN") and b"no abuse contact" in done.stderr, done.stderr)
for wrong in (f"http://localhost:{port}/rdap", "ftp://x", "localhost", "https://" + "x" * 300):
    check_equal(f"{wrong[:20]} is refused", takedown("vietc0mbank.top", "--rdap-server", wrong)[0].returncode, 2)
server.shutdown()
end()
