#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""An HTTP client that chooses its segments: segments.py MODE ADDRESS HOST...

bytes      one connection for each HOST, its request sent octet by octet
keepalive  one connection, a request after each response
pipelined  one connection, all requests in one segment
cut        one connection for each HOST, the request cut in two in the middle of the host name

Prints the status of each response, as "200 303"; "closed" where the connection ended without one,
"reset" where it was reset.
"""

import socket
import sys
import time


def request(host):
    return f"GET / HTTP/1.1\r\nHost: {host}\r\nUser-Agent: segments\r\n\r\n".encode()


def connect(address):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    connection = socket.socket(family, socket.SOCK_STREAM)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.settimeout(15)
    connection.connect((address, 80))
    return connection


class Responses:
    """Reads one response after the other."""

    def __init__(self, connection):
        self.connection = connection
        self.held = b""

    def fill(self):
        octets = self.connection.recv(65536)
        self.held += octets
        return octets != b""

    def status(self):
        try:
            while b"\r\n\r\n" not in self.held:
                if not self.fill():
                    return "closed"
            head, self.held = self.held.split(b"\r\n\r\n", 1)
            length = 0
            for line in head.split(b"\r\n")[1:]:
                name, value = line.split(b":", 1)
                if name.lower() == b"content-length":
                    length = int(value)
            while len(self.held) < length:
                if not self.fill():
                    return "cut"
            self.held = self.held[length:]
            return head.split()[1].decode()
        except ConnectionResetError:
            return "reset"


def send(connection, parts):
    try:
        for part in parts:
            connection.sendall(part)
            if len(parts) > 1:
                time.sleep(0.002)
    except (ConnectionResetError, BrokenPipeError):
        pass  # the response tells


def separate(address, hosts, cut):
    for host in hosts:
        with connect(address) as connection:
            send(connection, cut(request(host)))
            yield Responses(connection).status()


def keepalive(address, hosts):
    with connect(address) as connection:
        responses = Responses(connection)
        for host in hosts:
            send(connection, [request(host)])
            yield responses.status()


def pipelined(address, hosts):
    with connect(address) as connection:
        send(connection, [b"".join(request(host) for host in hosts)])
        responses = Responses(connection)
        for _ in hosts:
            status = responses.status()
            yield status
            if not status.isdigit():
                return


def octets(message):
    return [message[i : i + 1] for i in range(len(message))]


def halves(message):
    middle = message.index(b"Host: ") + 12
    return [message[:middle], message[middle:]]


def main():
    mode, address, hosts = sys.argv[1], sys.argv[2], sys.argv[3:]
    modes = {
        "bytes": lambda: separate(address, hosts, octets),
        "cut": lambda: separate(address, hosts, halves),
        "keepalive": lambda: keepalive(address, hosts),
        "pipelined": lambda: pipelined(address, hosts),
    }
    print(" ".join(modes[mode]()))


main()
