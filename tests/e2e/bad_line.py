#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A bad line between two interfaces: bad_line.py A B LOSS REORDER DUPLICATE SEED

Passes Ethernet frames from A to B and back in user space (a kernel may lack netem). Of the frames
that carry TCP or UDP, LOSS per cent are dropped, REORDER per cent held back for 1 to 20 ms so that
later ones overtake them, DUPLICATE per cent sent twice. Prints what it did when it is terminated.
"""

import heapq
import random
import select
import signal
import socket
import sys
import time

PACKET_OUTGOING = 4
ETH_P_ALL = 3


def open_interface(name):
    interface = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    interface.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
    interface.bind((name, 0))
    return interface


def is_spoilable(frame):
    if frame[12:14] == b"\x08\x00":
        return frame[23] in (socket.IPPROTO_TCP, socket.IPPROTO_UDP)
    if frame[12:14] == b"\x86\xdd":
        return frame[20] in (socket.IPPROTO_TCP, socket.IPPROTO_UDP)
    return False


def send(interface, frame):
    try:
        interface.send(frame)
    except OSError:
        pass  # the other end is down: as on any line


def main():
    a, b = open_interface(sys.argv[1]), open_interface(sys.argv[2])
    loss, reorder, duplicate = (int(argument) / 100 for argument in sys.argv[3:6])
    dice = random.Random(int(sys.argv[6]))
    counts = {"passed": 0, "lost": 0, "held": 0, "doubled": 0}
    held = []  # (time to send, number, interface, frame)

    def finish(*_):
        print(" ".join(f"{name} {count}" for name, count in counts.items()), flush=True)
        sys.exit(0)

    signal.signal(signal.SIGTERM, finish)
    print("ready", flush=True)
    while True:
        wait = max(0.0, held[0][0] - time.monotonic()) if held else None
        for interface in select.select([a, b], [], [], wait)[0]:
            frame, sender = interface.recvfrom(65536)
            if sender[2] == PACKET_OUTGOING:
                continue
            other = b if interface is a else a
            if not is_spoilable(frame):
                send(other, frame)
                continue
            if dice.random() < loss:
                counts["lost"] += 1
                continue
            times = 2 if dice.random() < duplicate else 1
            counts["doubled"] += times - 1
            for _ in range(times):
                counts["passed"] += 1
                if dice.random() < reorder:
                    counts["held"] += 1
                    due = time.monotonic() + dice.uniform(0.001, 0.020)
                    heapq.heappush(held, (due, counts["passed"], other, frame))
                else:
                    send(other, frame)
        while held and held[0][0] <= time.monotonic():
            _, _, other, frame = heapq.heappop(held)
            send(other, frame)


main()
