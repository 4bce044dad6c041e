# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints the system calls that a unit's SystemCallFilter lines allow, one a line, as systemd reads
them: the first line begins a list of what is allowed, later ones add to it or, with ~, take away.

usage: allowed_calls.py UNIT
"""

import subprocess
import sys


def expand(entry):
    if not entry.startswith("@"):
        return {entry}
    shown = subprocess.run(
        ["systemd-analyze", "--no-pager", "syscall-filter", entry], check=True, capture_output=True, text=True
    ).stdout
    inside = [line.split("#")[0].strip() for line in shown.splitlines()[1:]]
    return set().union(*(expand(name) for name in inside if name))


allowed = set()
with open(sys.argv[1], encoding="utf-8") as unit:
    for line in unit:
        key, _, value = line.strip().partition("=")
        if key == "SystemCallFilter":
            calls = set().union(*(expand(entry) for entry in value.removeprefix("~").split()))
            allowed = allowed - calls if value.startswith("~") else allowed | calls
print("\n".join(sorted(allowed)))
