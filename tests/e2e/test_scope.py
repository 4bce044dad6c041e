#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The promises of the Scope section that a user of check and replay can see kept: findings and
counts are all that gets out, and nothing is written anywhere."""

import ipaddress
import os
import re
import shutil
import subprocess
import sys

import frames
from program import OFFICE, TRUEGATE, check, check_equal, end, folder, policy, truegate

# Who and what is in tests/data/office.pcap and is no finding.
ADDRESSES = ["192.0.2.10", "192.0.2.11", "2001:db8:1::10", "2001:db8:1::11"]
BENIGN = [b"news.example", b"weather.example", b"login.example", b"timetable.example", b"shopee.vn"]
PATHS = [b"notice", b"id=17"]


def hardware_addresses(octets):
    """Of all frames of a pcap file."""
    found, at = set(), 24
    while at < len(octets):
        found |= {octets[at + 16 : at + 22], octets[at + 22 : at + 28]}
        at += 16 + int.from_bytes(octets[at + 8 : at + 12], "little")
    return found


def ways_to_write(octets):
    """An address as octets, as hexadecimal digits, and those with separators."""
    digits = octets.hex()
    pairs = [digits[at : at + 2] for at in range(0, len(digits), 2)]
    return [octets, *(text.encode() for text in (digits, ":".join(pairs), "-".join(pairs)))]


def traces():
    """Everything that must not get out, by what it is."""
    for text in ADDRESSES:
        address = ipaddress.ip_address(text)
        yield f"the address {text}", [text.encode(), address.exploded.encode(), *ways_to_write(address.packed)]
    for number, octets in enumerate(sorted(hardware_addresses(OFFICE.read_bytes()))):
        yield f"hardware address {number}", ways_to_write(octets)
    for name in BENIGN:
        yield f"the honest name {name.decode()}", [name, name.split(b".")[0]]
    yield "a path or query", PATHS


def written_files(record):
    """Files that a process opened for writing or made, from strace's record."""
    writing = re.compile(r'(?:openat\(\w+, |open\(|creat\()"([^"]*)", [^)]*(?:O_WRONLY|O_RDWR|O_CREAT)|creat\("([^"]*)"')
    others = re.compile(r"\b(?:socket|connect|sendto|sendmsg|mkdir|mknod|link|rename|memfd_create|shm_open)\w*\(")
    text = record.read_text(errors="replace")
    return [match.group(0) for match in writing.finditer(text)] + others.findall(text)


def run_watched(home, record, *arguments, **more):
    """Runs truegate under strace with no folder but an empty one to write to."""
    wrapper = folder / "truegate-watched"
    wrapper.write_text(f'#!/bin/sh\nexec strace -f -qq -o {record} {TRUEGATE} "$@"\n')
    wrapper.chmod(0o755)
    env = {"HOME": str(home), "TMPDIR": str(home), "XDG_RUNTIME_DIR": str(home), "ASAN_OPTIONS": "detect_leaks=0"}
    return truegate(*arguments, program=wrapper, env=env, cwd=home, **more)


def test_no_trace():
    home = folder / "home"
    home.mkdir()
    names = folder / "names"
    names.write_bytes(b"\n".join(BENIGN) + b"\nvietc0mbank.top\nhttp://news.example/notice\n")
    for what, arguments in {
        "replay, text": ["replay", "--policy", policy, OFFICE],
        "replay, jsonl": ["replay", "--policy", policy, "--format", "jsonl", OFFICE],
        "check": ["check", "--policy", policy, *(name.decode() for name in BENIGN), "vietc0mbank.top", "-"],
    }.items():
        record = folder / "strace"
        with open(names, "rb") as lines:
            done = run_watched(home, record, *arguments, stdin=lines)
        check(f"{what}: there are findings", done.returncode == 1 and b"vietc0mbank.top" in done.stdout, done)
        shown = done.stdout + done.stderr
        for trace, forms in traces():
            check(f"{what}: no output holds {trace}", not any(form in shown for form in forms), shown)
        check_equal(f"{what}: nothing is opened for writing, no socket is made", written_files(record), [])
        check_equal(f"{what}: no file is made", os.listdir(home), [])


def test_hostile_names_leave_no_trace():
    """Names that are malformed, too long or no names are not repeated in messages either."""
    hostile = b"secret\x1bvisit"
    packets = [
        frames.ipv4(frames.udp(frames.query(bytes([len(hostile)]) + hostile + b"\0"))),
        *frames.http_flow([b"GET /secretpath HTTP/1.1\r\nHost: secret visit.example:x\r\nCookie: secret\r\n\r\n"]),
        *frames.http_flow([b"GET http://192.0.2.99/secretpath HTTP/1.1\r\nHost: 192.0.2.99\r\n\r\n"], 42000),
    ]
    capture = folder / "secret.pcap"
    capture.write_bytes(frames.pcap(packets)[:-3])
    done = truegate("replay", "--policy", policy, capture)
    check("names that are none leave no trace", b"secret" not in done.stdout + done.stderr and b"192.0" not in done.stderr, done)


if not shutil.which("strace") or subprocess.run(["strace", "-o", "/dev/null", "true"], check=False).returncode != 0:
    print("SKIP test_scope.py: needs the program 'strace', allowed to trace")
    sys.exit(77)
test_no_trace()
test_hostile_names_leave_no_trace()
end()
