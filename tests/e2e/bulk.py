#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Traffic that is neither DNS nor HTTP.

bulk.py serve PORT               TCP: reads what comes until its end, sends as much back. UDP: reads.
bulk.py stream ADDRESS PORT MB   sends 1 MB, says "begun", waits for a line, sends the rest of MB, reads
                                 as much, says "whole"
bulk.py datagrams ADDRESS PORT N sends N datagrams from one port, a millisecond apart
"""

import socket
import sys
import threading
import time

MEGABYTE = b"\x80" * 1_000_000


def read_all(connection):
    count = 0
    while octets := connection.recv(1 << 20):
        count += len(octets)
    return count


def send_back(connection):
    with connection:
        for _ in range(read_all(connection) // len(MEGABYTE)):
            connection.sendall(MEGABYTE)


def serve(port):
    datagrams = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    datagrams.bind(("::", int(port)))
    with socket.create_server(("::", int(port)), family=socket.AF_INET6, dualstack_ipv6=True) as server:
        print("ready", flush=True)
        while True:
            connection, _ = server.accept()
            threading.Thread(target=send_back, args=(connection,), daemon=True).start()


def stream(address, port, megabytes):
    with socket.create_connection((address, int(port)), timeout=60) as connection:
        connection.sendall(MEGABYTE)
        time.sleep(0.2)  # what the gateway holds of it comes through
        print("begun", flush=True)
        sys.stdin.readline()
        for _ in range(int(megabytes) - 1):
            connection.sendall(MEGABYTE)
        connection.shutdown(socket.SHUT_WR)
        whole = read_all(connection) == int(megabytes) * len(MEGABYTE)
        print("whole" if whole else "cut", flush=True)


def datagrams(address, port, count):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as sender:
        sender.connect((address, int(port)))
        for _ in range(int(count)):
            sender.send(MEGABYTE[:1000])
            time.sleep(0.001)


{"serve": serve, "stream": stream, "datagrams": datagrams}[sys.argv[1]](*sys.argv[2:])
