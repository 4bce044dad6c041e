#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks a resolver for the address of every name in a file: ask_all.py RESOLVER ADDRESS FILE

ADDRESS is what every honest name has there. Prints how many were asked for, answered otherwise ("stopped"), and not
answered after five tries."""

import pathlib
import socket
import struct
import sys

WINDOW = 100
TRIES = 5


def question(number, name):
    labels = b"".join(bytes([len(label)]) + label for label in name.encode("ascii").split(b"."))
    return struct.pack(">6H", number, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack(">2H", 1, 1)


def ask(server, names, wanted):
    """What is not answered, and what has another answer, of at most WINDOW names."""
    open_questions = dict(enumerate(names))
    stopped = []
    for number, name in open_questions.items():
        server.send(question(number, name))
    while open_questions:
        try:
            answer = server.recv(4096)
        except TimeoutError:
            break
        name = open_questions.pop(struct.unpack(">H", answer[:2])[0], None)
        if name is not None and wanted not in answer:
            stopped.append(name)
    return list(open_questions.values()), stopped


def main():
    resolver, address, path = sys.argv[1:4]
    names = pathlib.Path(path).read_text(encoding="ascii").split()
    left, stopped = names, []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.connect((resolver, 53))
        server.settimeout(2)
        for _ in range(TRIES):
            again = []
            for start in range(0, len(left), WINDOW):
                unanswered, found = ask(server, left[start : start + WINDOW], socket.inet_aton(address))
                again += unanswered
                stopped += found
            left = again
    print(f"{len(names)} asked for, {len(stopped)} stopped, {len(left)} without an answer")
    for name in stopped + left:
        print(f"  {name}")


if __name__ == "__main__":
    main()
