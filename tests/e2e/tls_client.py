#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A TLS client that sends its ClientHello in pieces: tls_client.py CA HOST ADDRESS OCTETS

Sends OCTETS of it at a time, each in a segment of its own (0: all at once), asks for / and prints the
first line of the body, or "reset" or "closed", and how long that took: "site HOST 0.01"."""

import socket
import ssl
import sys
import time


def main():
    authority, host, address, size = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
    context = ssl.create_default_context(cafile=authority)
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(incoming, outgoing, server_hostname=host)
    body = b""
    with socket.create_connection((address, 443), 10) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        begun = time.monotonic()

        def flush():
            octets = outgoing.read()
            for at in range(0, len(octets), size or len(octets) or 1):
                connection.send(octets[at : at + (size or len(octets))])
                if size:
                    time.sleep(0.001)

        def step(what, *arguments):
            while True:
                try:
                    return what(*arguments)
                except ssl.SSLWantReadError:
                    flush()
                    octets = connection.recv(65536)
                    if not octets:
                        raise EOFError from None
                    incoming.write(octets)

        try:
            step(tls.do_handshake)
            tls.write(f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
            flush()
            while True:
                octets = step(tls.read, 65536)
                if not octets:
                    break
                body += octets
        except ConnectionResetError:
            body = b"\r\n\r\nreset"
        except (EOFError, ssl.SSLZeroReturnError, ssl.SSLEOFError):
            body = body or b"\r\n\r\nclosed"
        print(body.split(b"\r\n\r\n")[1].decode().strip(), f"{time.monotonic() - begun:.2f}")


if __name__ == "__main__":
    main()
