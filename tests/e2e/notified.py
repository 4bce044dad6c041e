# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands in for systemd: writes what a service tells through NOTIFY_SOCKET to a file, a line each.

usage: notified.py SOCKET FILE
"""

import os
import socket
import sys

path, file = sys.argv[1:]
listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listener.bind(path)
os.chmod(path, 0o666)
with open(file, "w", encoding="utf-8", buffering=1) as out:
    while True:
        print(listener.recv(4096).decode("utf-8", "replace").strip(), file=out)
