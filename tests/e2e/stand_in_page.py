#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands in for the gateway's page at its port, 8053, where a test is of the way to it: answers every
request with "the page" and prints what was asked for, a line each: HOST PATH."""

import http.server
import socket


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        print(self.headers["Host"], self.path, flush=True)
        self.send_response(200)
        self.send_header("Content-Length", "8")
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        self.wfile.write(b"the page")

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    address_family = socket.AF_INET6  # and IPv4 with it


if __name__ == "__main__":
    print("ready", flush=True)
    Server(("::", 8053), Page).serve_forever()
