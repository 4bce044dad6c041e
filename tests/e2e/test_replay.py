#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`truegate replay`, as a user runs it: recorded and hand-made captures, good and hostile."""

import gzip
import json
import re
import resource
import subprocess

import frames
from program import OFFICE, TRUEGATE, check, check_equal, end, folder, policy, truegate

# Of tests/data/office.pcap with the tests' own policy.
OFFICE_FINDINGS = [
    ("vietc0mbank.top", "dns"),
    ("vietcombamk.com", "dns"),
    ("xn--vetcombank-x2i.com", "dns"),
    ("www.paypal.com.signin-account.example", "dns"),
    ("vietcombank-xacthuc.top", "dns"),
    ("vietcombank-xacthuc.top", "http"),
    ("micros0ft.com", "http"),
]

FAKE = "vietc0mbank.top"
HEAD = b"GET / HTTP/1.1\r\nHost: vietc0mbank.top\r\n\r\n"


def replay(octets, **more):
    path = folder / "made.pcap"
    path.write_bytes(octets)
    return truegate("replay", "--policy", policy, "--format", "jsonl", path, **more)


def found(done):
    return [(finding["name"], finding["via"]) for finding in map(json.loads, done.stdout.splitlines())]


def count(done, what):
    """A number of the summary."""
    match = re.search(rb"(\d+) " + what.encode(), done.stderr)
    return int(match.group(1)) if match else 0


def udp_packet(message):
    return frames.ipv4(frames.udp(message))


def test_office():
    done = truegate("replay", "--policy", policy, "--format", "jsonl", OFFICE)
    check_equal("the recorded office: each finding once for DNS and HTTP", found(done), OFFICE_FINDINGS)
    check_equal("... status 1", done.returncode, 1)
    first = json.loads(done.stdout.splitlines()[0])
    check_equal("... keys and their order", list(first), ["name", "imitates", "site", "technique", "confidence", "action", "why", "via"])
    check_equal("... the summary counts them", (count(done, "findings"), count(done, "shown")), (8, 7))
    text = truegate("replay", "--policy", policy, OFFICE).stdout.decode()
    check("... as text, with how it was asked for", "    block    high    homoglyph    dns   0 stands for o\n" in text, text)
    with open(OFFICE, "rb") as capture:
        piped = truegate("replay", "--policy", policy, "--format", "jsonl", "-", stdin=capture)
    check_equal("... from standard input", found(piped), OFFICE_FINDINGS)
    piped = truegate("replay", "--policy", policy, "--format", "jsonl", "-", stdin=OFFICE.read_bytes())
    check_equal("... from a pipe", found(piped), OFFICE_FINDINGS)


def test_link_layers_and_formats():
    packets = list(frames.packets_of(OFFICE.read_bytes()))
    for name, (link, frame) in frames.LINK_LAYERS.items():
        framed = [frame(packet) for packet in packets]
        check_equal(f"pcap, {name}", found(replay(frames.pcap(framed, link))), OFFICE_FINDINGS)
        check_equal(f"pcapng, {name}", found(replay(frames.pcapng(framed, link))), OFFICE_FINDINGS)
    for order in "<>":
        for nanoseconds in (False, True):
            check_equal(
                f"pcap, byte order {order}, nanoseconds {nanoseconds}",
                found(replay(frames.pcap(packets, order=order, nanoseconds=nanoseconds))),
                OFFICE_FINDINGS,
            )
        check_equal(f"pcapng, byte order {order}", found(replay(frames.pcapng(packets, order=order))), OFFICE_FINDINGS)


def test_no_finding():
    done = replay(frames.pcap([udp_packet(frames.query("weather.example"))]))
    check_equal("honest names: nothing on standard output, status 0", (done.stdout, done.returncode), (b"", 0))
    check_equal("... they are counted", (count(done, "names"), count(done, "findings")), (1, 0))
    done = replay(frames.pcap([]))
    check_equal("a capture without packets: status 0", (done.stdout, done.returncode), (b"", 0))


def test_files_that_are_none():
    whole = OFFICE.read_bytes()
    for name, octets, part in [
        ("an empty file", b"", b"is empty"),
        ("a text file", b"no capture at all\n" * 10, b"pcap or pcapng"),
        ("a compressed capture", gzip.compress(whole), b"gzip"),
        ("a link layer that is not supported", frames.pcap([], 105), b"link layer"),
        ("a header cut short", whole[:20], b"pcap or pcapng"),
    ]:
        done = replay(octets)
        check(f"{name}: status 2 and why", done.returncode == 2 and done.stdout == b"" and part in done.stderr, done)
    done = truegate("replay", "--policy", policy, "/nonexistent/capture.pcap")
    check("a file that is not there: status 2 and why", done.returncode == 2 and b"No such file" in done.stderr, done)
    done = truegate("replay", "--policy", "/nonexistent/policy.conf", OFFICE)
    check("a policy that is not there: status 2 and why", done.returncode == 2 and b"--policy FILE" in done.stderr, done)


def test_damaged_captures():
    packets = [udp_packet(frames.query(FAKE)), udp_packet(frames.query("micros0ft.com"))]
    whole = frames.pcap(packets)
    for missing in (1, len(packets[1]), len(packets[1]) + 1, len(packets[1]) + 15):
        done = replay(whole[:-missing])
        check_equal(f"cut by {missing} octets: what stands before is found", found(done), [(FAKE, "dns")])
        check("... status 1, and a note", done.returncode == 1 and b"ends inside packet 2" in done.stderr, done)
    done = replay(frames.pcapng(packets)[:-7])
    check("a pcapng file cut short", found(done) == [(FAKE, "dns")] and b"ends inside packet 2" in done.stderr, done)
    done = replay(frames.pcapng(packets, other_link=1))
    check_equal("interfaces that differ: what stands before is found", found(done), [(FAKE, "dns")])
    check("... status 2 and what to do", done.returncode == 2 and b"one interface a file" in done.stderr, done)
    link, frame = frames.LINK_LAYERS["ethernet"]
    done = replay(frames.pcapng([frame(packet) for packet in packets], link, other_link=link))
    check_equal("interfaces of the same kind: all is found", found(done), [(FAKE, "dns"), ("micros0ft.com", "dns")])
    damaged = bytearray(whole)
    damaged[-len(packets[1]) - 8 : -len(packets[1]) - 4] = b"\xff\xff\xff\x7f"
    done = replay(bytes(damaged))
    check("a frame that claims 2 GiB: status 2 and why", found(done) == [(FAKE, "dns")] and done.returncode == 2 and b"damaged" in done.stderr, done)
    done = replay(frames.pcap(packets, snap=40))
    check_equal("packets cut by the snap length are counted", (found(done), count(done, "packets were cut short")), ([], 2))
    check("... with what to do", b"-s 0" in done.stderr, done.stderr)
    done = replay(whole)
    check("... and not spoken of where there are none", b"cut short" not in done.stderr, done.stderr)


def test_hostile_dns():
    loop = frames.query(b"\xc0\x0c")
    hostile = {
        "a compression loop": loop,
        "a pointer beyond the message": frames.query(b"\xff\xff"),
        "NUL in a label": frames.query(b"\x0bvietc0m\0ank\x03top\0"),
        "a dot in a label": frames.query(b"\x0fvietc0mbank.top\0"),
        "an escape sequence in a label": frames.query(b"\x0f\x1b[2Jvietc0mbank\x03top\0"),
        "a label that runs out": frames.query(b"\x3fvietc0mbank"),
        "two questions": frames.query(FAKE, questions=2, after=frames.query(FAKE)[12:]),
        "no question": frames.query(FAKE, questions=0),
        "a response": frames.query(FAKE, flags=0x8180),
        "an update": frames.query(FAKE, flags=0x2800),
        "a header alone": frames.query(FAKE)[:12],
        "half a header": frames.query(FAKE)[:6],
        "nothing": b"",
    }
    for name, message in hostile.items():
        done = replay(frames.pcap([udp_packet(message)]))
        check(f"DNS, {name}: no finding, no failure", done.returncode == 0 and done.stdout == b"", done)
    honest = frames.query("weather.example")
    mixed = [message for bad in hostile.values() for message in (honest, bad)] + [frames.query(FAKE)]
    done = replay(frames.pcap([udp_packet(message) for message in mixed]))
    check_equal("... and what comes between honest questions of the same flow spoils none", found(done), [(FAKE, "dns")])
    over_tcp = len(loop).to_bytes(2, "big") + loop
    good = frames.query(FAKE)
    flow = frames.http_flow([over_tcp, len(good).to_bytes(2, "big") + good], port=53)
    check("DNS over TCP, a compression loop: no failure", replay(frames.pcap(flow)).returncode in (0, 1))


def test_hostile_packets():
    good = udp_packet(frames.query(FAKE))
    every_length = [good[:length] for length in range(len(good) + 1)]
    done = replay(frames.pcap([frames.MACS + b"\x08\x00" + packet for packet in every_length], 1))
    check_equal("a packet cut at every octet: the whole one is found", found(done), [(FAKE, "dns")])
    wrong = bytearray(good)
    wrong[2:4] = b"\xff\xff"
    check_equal("an IP length beyond the packet", replay(frames.pcap([bytes(wrong)])).returncode, 0)
    fragment = frames.ipv4(frames.udp(frames.query(FAKE)), fragment=0x2000)
    done = replay(frames.pcap([fragment]))
    check_equal("a fragment is counted and not read", (found(done), count(done, "fragments")), ([], 1))
    done = replay(frames.pcap([frames.MACS + b"\x08\x06" + bytes(28)] * 3, 1))
    check_equal("frames without IP are counted", (found(done), count(done, "frames without IP")), ([], 3))
    tags = frames.MACS + b"\x81\x00" * 5000
    check_equal("a frame of VLAN tags alone", replay(frames.pcap([tags], 1)).returncode, 0)


def test_http():
    def of(*pieces):
        return found(replay(frames.pcap(frames.http_flow(pieces))))

    check_equal("a request", of(HEAD), [(FAKE, "http")])
    check_equal("one octet a segment", of(*(bytes([octet]) for octet in HEAD)), [(FAKE, "http")])
    check_equal("shuffled segments", found(replay(frames.pcap(shuffled(HEAD)))), [(FAKE, "http")])
    check_equal("on another port", found(replay(frames.pcap(frames.http_flow([HEAD], port=8123)))), [(FAKE, "http")])
    for name, head in {
        "NUL in the host": HEAD.replace(b"mbank", b"m\0ank"),
        "a host too long": HEAD.replace(b".top", b"." + b"a" * 60000),
        "no host": b"GET / HTTP/1.1\r\n\r\n",
        "an escape sequence in the host": HEAD.replace(b"vietc", b"\x1b[2Jvietc"),
    }.items():
        check_equal(f"HTTP, {name}: no finding", of(head), [])
    long = b"GET / HTTP/1.1\r\nX: " + b"a" * (1 << 20) + b"\r\nHost: vietc0mbank.top\r\n\r\n"
    pieces = [long[at : at + 1400] for at in range(0, len(long), 1400)]
    done = replay(frames.pcap(frames.http_flow(pieces) + [udp_packet(frames.query(FAKE))]))
    check_equal("HTTP, a head of 1 MiB: given up, the rest is found", found(done)[-1:], [(FAKE, "dns")])


def shuffled(head):
    start, *rest = frames.http_flow([head[at : at + 8] for at in range(0, len(head), 8)])
    return [start, rest[0], *rest[:0:-1]]


def test_many_flows():
    packets = []
    for number in range(20000):
        source = f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"
        packets.append(frames.ipv4(frames.tcp(b"", 1000, frames.SYN), source))
        packets.append(frames.ipv4(frames.tcp(HEAD[:20], 1001), source))
    packets.append(udp_packet(frames.query(FAKE)))
    done = replay(frames.pcap(packets))
    check_equal("20,000 half-open flows: what comes after is found", found(done), [(FAKE, "dns")])
    check_equal("... all are seen", count(done, "flows"), 20001)


def test_memory():
    """The most memory a child of this process ever took: bounded, however much is replayed."""
    ask = [udp_packet(frames.query(f"host{number}.example")) for number in range(200000)]
    done = replay(frames.pcap(ask))
    check_equal("200,000 names in one capture", count(done, "names"), 200000)
    if b"__asan_init" not in open(TRUEGATE, "rb").read():
        most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        check(f"memory stays below 512 MiB ({most})", most < 512)


def test_repeated_findings():
    ask = [udp_packet(frames.query(f"vietc0mbank{number}.top")) for number in range(1000)]
    done = replay(frames.pcap(ask * 3))
    check_equal("a finding that repeats is shown once", (count(done, "findings"), len(found(done))), (3000, 1000))


def test_output():
    with open("/dev/full", "wb") as full:
        done = truegate("replay", "--policy", policy, OFFICE, stdout=full)
    check("a full disk: status 2, said once", done.returncode == 2 and done.stderr.count(b"No space left") == 1, done)
    closed = subprocess.run(["sh", "-c", f'"$0" replay --policy {policy} - <&-', TRUEGATE], capture_output=True)
    check("standard input closed: status 2", closed.returncode == 2 and b"standard input" in closed.stderr, closed)
    done = truegate("replay", "--policy", policy, OFFICE)
    check("no progress but on a terminal", b"\r" not in done.stderr and b"\x1b" not in done.stderr, done.stderr)


test_office()
test_link_layers_and_formats()
test_no_finding()
test_files_that_are_none()
test_damaged_captures()
test_hostile_dns()
test_hostile_packets()
test_http()
test_many_flows()
test_memory()
test_repeated_findings()
test_output()
end()
