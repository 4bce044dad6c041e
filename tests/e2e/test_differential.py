#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What dpi/ reads of generated traffic against what dnspython, OpenSSL and tshark say of it. Where they are
to differ, docs/testing.md says why, and the difference is held here as exactly."""

import collections
import random
import re
import shutil
import ssl
import struct
import subprocess
import sys
import xml.etree.ElementTree
from pathlib import Path

try:
    import dns.exception
    import dns.message
    import dns.name
    from cryptography.hazmat.primitives import hashes, hmac
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
except ImportError:
    print("SKIPPED: python3-dnspython or python3-cryptography is missing")
    sys.exit(77)

from frames import LINK_LAYERS, PSH_ACK, SYN, ipv4, ipv6, pcap, tcp, udp
from program import TRUEGATE, check, check_equal, end, folder

OBSERVATIONS = Path(TRUEGATE).parents[1] / "tests/differential/observations"
if shutil.which("tshark") is None or not OBSERVATIONS.exists():
    print("SKIPPED: tshark or", OBSERVATIONS, "is missing")
    sys.exit(77)

chance = random.Random(20261124)
HTTP_PORTS = (80, 8080, 3128, 18080, 49152)
LINKS = ("ethernet", "VLAN", "QinQ", "Linux cooked", "raw IP")


def write(name, packets, link):
    number, frame = LINK_LAYERS[link]
    path = folder / f"{name}.pcap"
    path.write_bytes(pcap([frame(packet) for packet in packets], number))
    return path


def ours(path):
    """Packet numbers to what was read when they came: [(via, octets)]."""
    done = subprocess.run([OBSERVATIONS, path], stdout=subprocess.PIPE, check=True, timeout=120)
    read = collections.defaultdict(list)
    for line in done.stdout.decode().splitlines():
        packet, via, octets = line.split(" ")
        read[int(packet)].append((via, bytes.fromhex(octets)))
    return read


def tshark(path, protocol, *options):
    """Packet numbers to the protocol's parts in them, each a mapping of field to values."""
    command = ["tshark", "-n", "-r", path, "-T", "pdml", "-o", "tcp.reassemble_out_of_order:TRUE", *options]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True, timeout=120)
    read = {}
    for packet in xml.etree.ElementTree.fromstring(done.stdout).iter("packet"):
        number = int(packet.find(".//field[@name='frame.number']").get("show"))
        parts = []
        for proto in packet.iter("proto"):
            if proto.get("name") == protocol:
                fields = collections.defaultdict(list)
                for field in proto.iter("field"):
                    fields[field.get("name")].append(field.get("show"))
                parts.append(fields)
        if parts:
            read[number] = parts
    return read


# ---- DNS

LETTERS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"


def some_name():
    """Labels as they come, short and long, one and many."""
    kind = chance.random()
    if kind < 0.02:
        return []
    if kind < 0.06:
        return [b"a"] * chance.choice([1, 126, 127])
    if kind < 0.10:
        return [bytes(chance.choices(LETTERS, k=63)) for _ in range(3)] + [bytes(chance.choices(LETTERS, k=chance.randint(1, 61)))]
    labels = [bytes(chance.choices(LETTERS, k=chance.randint(1, 20))) for _ in range(chance.randint(1, 8))]
    if kind < 0.16:  # octets of every kind
        labels[0] = bytes(chance.choices(range(256), k=chance.randint(1, 12)))
    return labels


def on_wire(labels):
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def some_question():
    message = struct.pack(
        ">6H", chance.randrange(65536), chance.choice([0x0100, 0x0120, 0x0010, 0]), 1, 0, 0, 0
    ) + on_wire(some_name()) + struct.pack(">HH", chance.choice([1, 28, 65, 16, 255, 12]), 1)
    if chance.random() < 0.5:  # EDNS, RFC 6891
        option = struct.pack(">HH", 10, 8) + bytes(8) if chance.random() < 0.5 else b""
        message = message[:10] + b"\0\1" + message[12:] + b"\0" + struct.pack(">HHIH", 41, 1232, 0, len(option)) + option
    return message


def damaged(message):
    octets = bytearray(message)
    kind = chance.randrange(6)
    if kind == 0:
        return bytes(octets[: chance.randrange(len(octets))])
    if kind == 1:
        octets[2] |= 0x80  # a response
    elif kind == 2:
        octets[2] |= chance.randrange(1, 16) << 3  # another opcode
    elif kind == 3:
        octets[4:6] = struct.pack(">H", chance.choice([0, 2, 65535]))
    elif kind == 4:  # a pointer where the name begins, or behind a label
        at = 12 if chance.random() < 0.5 or octets[12] == 0 else 13 + octets[12]
        octets[at : at + 1] = b"\xc0" + bytes([chance.choice([0, 12, 2, at])])
    else:
        for _ in range(chance.randint(1, 4)):
            octets[chance.randrange(len(octets))] = chance.randrange(256)
    return bytes(octets)


def is_host_label(label):
    return all(octet in LETTERS or octet > 0x7F for octet in label)


def dnspython(message):
    """What dnspython reads: a name's labels, or why nothing is to be had."""
    if len(message) < 12:
        return "short"
    flags, questions = struct.unpack_from(">HH", message, 2)
    if flags >> 15 or flags >> 11 & 15:
        return "no query"
    if questions != 1:
        return "not one question"
    try:
        name, length = dns.name.from_wire(message, 12)
        assert len(message) >= 12 + length + 4
    except (dns.exception.DNSException, AssertionError):
        return "malformed"
    if any(octet >= 0xC0 for octet in first_octets(message, length)):
        return "pointer"
    return name.labels[:-1]


def first_octets(message, length):
    """The octets of the question's name that say how long labels are."""
    at, octets = 12, []
    while at < 12 + length:
        octets.append(message[at])
        if message[at] >= 0xC0:
            break
        at += 1 + message[at]
    return octets


def ends_in_number(label):
    """Then it is an IPv4 address to whoever opens it (URL Standard, "ends in a number checker")."""
    return re.fullmatch(rb"[0-9]+|0[xX][0-9a-fA-F]*", label) is not None


def expected_name(labels):
    """As struct observation has it; None where docs/testing.md says that Truegate reads none."""
    if isinstance(labels, str):
        return None
    told = []  # the labels behind the last that no host name has
    for label in labels:
        told = told + [label] if is_host_label(label) else []
    if not told or ends_in_number(told[-1]):
        return None
    return b".".join(told).lower()


messages = [some_question() for _ in range(3000)]
messages += [damaged(some_question()) for _ in range(3000)]
packets = [(ipv6 if number % 3 == 0 else ipv4)(udp(message, 1024 + number)) for number, message in enumerate(messages)]


def answers_counted(message):
    """A query that counts answers or authorities: no client's, and it may be taken for something else."""
    return len(message) >= 12 and message[6:10] != bytes(4)


passed_over = 0
for link in ("raw IP", "QinQ"):
    path = write("dns", packets, link)
    read = ours(path)
    wrong = []
    for number, message in enumerate(messages, 1):
        name = expected_name(dnspython(message))
        if name is not None and number not in read and answers_counted(message):
            passed_over += 1
        elif read.get(number, []) != ([] if name is None else [("dns", name)]):
            wrong.append((number, message.hex(), read.get(number), name))
    check(f"DNS over UDP, {link}: as dnspython", not wrong, wrong[:5])
check("but for a few that count answers, which no client sends", passed_over < 200, passed_over)
kinds = collections.Counter(dnspython(m) if isinstance(dnspython(m), str) else "name" for m in messages)
print(f"# {dict(kinds)}")
check("questions of every kind were made", min(kinds[k] for k in ("name", "no query", "not one question", "malformed", "pointer")) > 50, kinds)
check("and names with octets that no host name has", any(
    isinstance(dnspython(m), tuple) and dnspython(m) and expected_name(dnspython(m)) is None for m in messages))

parts = tshark(path, "dns", "-Y", "dns")
PLAIN = frozenset(LETTERS + b".")
differ = []
compared = 0
for number, message in enumerate(messages[:3000], 1):
    name = expected_name(dnspython(message))
    if name is None or not set(name) <= PLAIN or not all(map(is_host_label, dnspython(message))):
        continue
    compared += 1
    if [value.lower().encode() for value in parts.get(number, [{}])[0].get("dns.qry.name", [])] != [name]:
        differ.append((number, name, parts.get(number)))
check("DNS over UDP: as tshark", not differ and compared > 2000, (compared, differ[:3]))


def stream(payload, port, source_port, shuffle):
    """A connection whose device sends this, cut up; some of it twice, and in another order."""
    make = chance.choice([ipv4, ipv6])
    isn = chance.choice([1000, 0xFFFFFF00, chance.randrange(1 << 32)])
    segments, at = [], 0
    while at < len(payload):
        size = chance.choice([1, 2, 7, 50, 200, 1400])
        segments.append((at, payload[at : at + size]))
        at += size
    if len(segments) > 24:
        segments = [(at, payload[at : at + len(payload) // 20 + 1]) for at in range(0, len(payload), len(payload) // 20 + 1)]
    if shuffle:
        segments += chance.sample(segments, len(segments) // 4)
        for i in range(len(segments) - 1):  # neighbours change places, as on real lines
            if chance.random() < 0.3:
                segments[i], segments[i + 1] = segments[i + 1], segments[i]
    packets = [make(tcp(b"", isn, SYN, source_port, port))]
    return packets + [make(tcp(part, (isn + 1 + at) % (1 << 32), PSH_ACK, source_port, port)) for at, part in segments]


def streams(payloads, port_of, shuffle):
    """Packets of all of them mixed, and of which stream each is."""
    queues = [stream(payload, port_of(number), 1024 + number, shuffle) for number, payload in enumerate(payloads)]
    packets, owners, alive = [], [], list(range(len(queues)))
    while alive:
        # a window of connections at once, as an office has them
        number = alive[chance.randrange(min(40, len(alive)))]
        packets.append(queues[number].pop(0))
        owners.append(number)
        if not queues[number]:
            alive.remove(number)
    return packets, owners


def by_stream(read, owners):
    names = collections.defaultdict(list)
    for number in sorted(read):
        names[owners[number - 1]] += read[number]
    return names


def is_part(some, whole):
    """Whether some stand in the whole, in that order."""
    left = iter(whole)
    return all(one in left for one in some)


def check_tshark(what, differ, total, reads_all):
    """Each of differ ends in what was made and what tshark shows of it. tshark 4.4 (Debian 13) gives up a few streams
    whose segments come twice or in another order, which 4.0 (Debian 12) reads whole: of those it may show less."""
    wrong = [one for one in differ if reads_all or not is_part(one[-1], one[-2])]
    print(f"# {what}: of {len(differ)} of {total} tshark shows less")
    check(what, not wrong and len(differ) <= total // 20, (wrong or differ)[:3])


# Over TCP, RFC 7766: a length before each message, several in one connection.
questions = [[some_question() for _ in range(chance.randint(1, 4))] for _ in range(300)]
payloads = [b"".join(struct.pack(">H", len(m)) + m for m in several) for several in questions]
packets, owners = streams(payloads, lambda number: 53, True)
path = write("dns-tcp", packets, "VLAN")
read = by_stream(ours(path), owners)
wrong = []
for number, several in enumerate(questions):
    names = [expected_name(dnspython(message)) for message in several]
    if [("dns", name) for name in names if name is not None] != read[number]:
        wrong.append((number, names, read[number]))
check("DNS over TCP, cut up and out of order: as dnspython", not wrong, wrong[:3])
shown = collections.defaultdict(list)
for number, parts in sorted(tshark(path, "dns", "-Y", "dns").items()):
    for part in parts:
        shown[owners[number - 1]] += [value.lower().encode() for value in part["dns.qry.name"]]
differ = []
for number, several in enumerate(questions):
    names = [expected_name(dnspython(message)) for message in several]
    plain = all(all(map(is_host_label, dnspython(message))) for message in several)
    if plain and all(name is not None and set(name) <= PLAIN for name in names) and shown[number] != names:
        differ.append((number, names, shown[number]))
check_tshark("DNS over TCP: as tshark", differ, len(questions), reads_all=False)

# ---- TLS and QUIC

held = chance.getstate()  # what is drawn here changes nothing of what follows


def some_server_name():
    return ".".join("".join(chance.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=chance.randint(1, 20)))
                    for _ in range(chance.randint(1, 5))) + chance.choice([".example", ".vn", ".test"])


def client_hello(name):
    """OpenSSL's, as TLS records; longer by what it offers of ALPN."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    offers = chance.choice([0, 2, 30, 200])
    if offers:
        context.set_alpn_protocols([f"p{n}-{'x' * chance.randrange(30)}" for n in range(offers)])
    sent = ssl.MemoryBIO()
    client = context.wrap_bio(ssl.MemoryBIO(), sent, server_hostname=name)
    try:
        client.do_handshake()
    except ssl.SSLWantReadError:
        pass
    return sent.read()


def in_records(hello):
    """The same message in other records."""
    message = hello[5:]
    size = chance.choice([len(message), 1, 40, 700])
    if len(message) // size > 200:
        size = 40
    return b"".join(b"\x16\x03\x01" + struct.pack(">H", len(message[at : at + size])) + message[at : at + size]
                    for at in range(0, len(message), size))


server_names = [some_server_name() if chance.random() < 0.9 else None for _ in range(300)]
hellos = [client_hello(name) for name in server_names]
check("ClientHellos of several lengths were made", len({len(h) // 500 for h in hellos}) > 3, [len(h) for h in hellos][:9])
packets, owners = streams([in_records(hello) for hello in hellos], lambda number: chance.choice([443, 8443, 5222]), True)
read = by_stream(ours(write("tls", packets, "VLAN")), owners)
wrong = [(number, name, read[number]) for number, name in enumerate(server_names)
         if read[number] != ([] if name is None else [("tls", name.encode())])]
check("TLS, cut up and out of order: the name that OpenSSL sent", not wrong, wrong[:3])
packets, owners = streams(hellos, lambda number: 443, False)
path = write("tls-plain", packets, "raw IP")
shown = collections.defaultdict(list)
for number, parts in sorted(tshark(path, "tls", "-Y", "tls.handshake.type == 1").items()):
    for part in parts:
        shown[owners[number - 1]] += [value.encode() for value in part["tls.handshake.extensions_server_name"]]
read = by_stream(ours(path), owners)
differ = [(number, shown[number], read[number]) for number in range(len(hellos))
          if [("tls", name) for name in shown[number]] != read[number]]
check("TLS: as tshark", not differ, differ[:3])


def expand(secret, label, length):
    """HKDF-Expand-Label with an empty context, RFC 8446 section 7.1."""
    info = struct.pack(">HB", length, 6 + len(label)) + b"tls13 " + label + b"\0"
    return HKDFExpand(hashes.SHA256(), length, info).derive(secret)


QUIC_VERSIONS = {  # salt and labels: RFC 9001 section 5.2, RFC 9369 section 3.3
    1: (bytes.fromhex("38762cf7f55934b34d179ae6a4c80cadccbb7f0a"), b"quic ", 0xC0),
    0x6B3343CF: (bytes.fromhex("0dede3def700a6db819381be6e269dcbf9bd2ed9"), b"quicv2 ", 0xD0),
}


def initial(version, dcid, number, payload):
    """A client's Initial packet, protected."""
    salt, label, first = QUIC_VERSIONS[version]
    extract = hmac.HMAC(salt, hashes.SHA256())
    extract.update(dcid)
    secret = expand(extract.finalize(), b"client in", 32)
    key, iv, hp = expand(secret, label + b"key", 16), expand(secret, label + b"iv", 12), expand(secret, label + b"hp", 16)
    head = bytes([first | 1]) + struct.pack(">IB", version, len(dcid)) + dcid + b"\0\0"
    head += struct.pack(">H", 0x4000 | 2 + len(payload) + 16) + struct.pack(">H", number)
    nonce = (int.from_bytes(iv, "big") ^ number).to_bytes(12, "big")
    sealed = AESGCM(key).encrypt(nonce, payload, head)
    mask = Cipher(algorithms.AES(hp), modes.ECB()).encryptor().update(sealed[2:18])
    octets = bytearray(head + sealed)
    octets[0] ^= mask[0] & 0x0F
    octets[len(head) - 2] ^= mask[1]
    octets[len(head) - 1] ^= mask[2]
    return bytes(octets)


def crypto(message, at, size):
    part = message[at : at + size]
    return b"\x06" + struct.pack(">HH", 0x4000 | at, 0x4000 | len(part)) + part


def quic_flight(version, hello, shuffle):
    """Datagrams of a ClientHello in CRYPTO frames."""
    message, dcid = hello[5:], bytes(chance.choices(range(256), k=chance.randint(8, 20)))
    size = chance.choice([len(message), 900, 333, 50])
    frames = [crypto(message, at, size) for at in range(0, len(message), size)]
    if shuffle:
        chance.shuffle(frames)
    payloads, room = [b""], 1100
    for frame in frames:
        if len(payloads[-1]) + len(frame) > room:
            payloads.append(b"")
        payloads[-1] += frame
    return [initial(version, dcid, number, payload + bytes(max(0, 1162 - len(payload))))
            for number, payload in enumerate(payloads)]


quic_names = [some_server_name() for _ in range(200)]
packets, owners = [], []
for number, name in enumerate(quic_names):
    make, port = chance.choice([ipv4, ipv6]), chance.choice([443, 8443])
    for datagram in quic_flight(chance.choice(list(QUIC_VERSIONS)), client_hello(name), number % 2 == 0):
        packets.append(make(udp(datagram, 2000 + number, port)))
        owners.append(number)
path = write("quic", packets, "QinQ")
read = by_stream(ours(path), owners)
wrong = [(number, name, read[number]) for number, name in enumerate(quic_names) if read[number] != [("quic", name.encode())]]
check("QUIC, CRYPTO frames in any order: the name that OpenSSL sent", not wrong, (len(wrong), wrong[:3]))
shown = collections.defaultdict(list)
for number, parts in sorted(tshark(path, "quic", "-d", "udp.port==8443,quic", "-Y", "tls.handshake.type == 1").items()):
    for part in parts:
        shown[owners[number - 1]] += [value.encode() for value in part["tls.handshake.extensions_server_name"]]
compared = [number for number in range(len(quic_names)) if shown[number]]
differ = [(number, shown[number], read[number]) for number in compared
          if [("quic", name) for name in shown[number]] != read[number]]
check("QUIC: as tshark, where it reads one", not differ and len(compared) > 30, (len(compared), differ[:3]))

chance.setstate(held)

# ---- HTTP


def cased(text):
    return "".join(chance.choice([c.upper(), c.lower()]) for c in text)


def some_host():
    return ".".join(
        "".join(chance.choices("abcdefghijklmnopqrstuvwxyz0123456789-", k=chance.randint(1, 12))).strip("-") or "x"
        for _ in range(chance.randint(2, 5))
    ) + chance.choice([".example", ".vn", ".test"])


def some_request():
    """A request, and the host that it is for by RFC 9110 section 7.2 and RFC 9112 section 3.2."""
    host = some_host()
    field = chance.choice([host, host, host.upper(), host + ":8080", host + ".", " " + host + " \t"])
    target, wanted = "/" + "p" * chance.randrange(40) + chance.choice(["", "?q=http://other.example/"]), host
    kind = chance.random()
    if kind < 0.15:  # absolute-form: its authority counts, not the field
        wanted = some_host()
        target = f"http://{wanted}{chance.choice(['', ':81'])}/x"
    fields = [f"{cased('Host')}:{chance.choice(['', ' '])}{field}"]
    fields += chance.sample(["Accept: */*", "User-Agent: x/1 (Host: no.example)", "Cookie: a=b; Host=no.example",
                             "X-Forwarded-Host: no.example", "Referer: http://no.example/", "Connection: keep-alive"], 3)
    chance.shuffle(fields)
    method, body = "GET", ""
    kind = chance.random()
    if kind < 0.15:
        method, body = "POST", "Host: no.example\r\n\r\n" + "b" * chance.randrange(300)
        fields.append(f"Content-Length: {len(body)}")
    elif kind < 0.3:
        method = "PUT"
        fields.append("Transfer-Encoding: chunked")
        inner = "GET / HTTP/1.1\r\nHost: no.example\r\n\r\n"
        body = f"{len(inner):x};e=1\r\n{inner}\r\n3\r\nabc\r\n0\r\n\r\n"
    elif kind < 0.4:
        method = chance.choice(["HEAD", "DELETE", "OPTIONS", "PATCH"])
    return "\r\n".join([f"{method} {target} HTTP/1.1", *fields, "", ""]) + body, wanted


def tshark_host(part):
    """The host a request is for, by what tshark shows of it."""
    target = part["http.request.uri"][0]
    authority = target.split("/")[2] if target.startswith("http://") else part["http.host"][0].strip()
    return authority.split(":")[0].rstrip(".").lower().encode()


requests = [[some_request() for _ in range(chance.randint(1, 6))] for _ in range(600)]
payloads = ["".join(text for text, _ in several).encode() for several in requests]
for shuffle in (False, True):
    packets, owners = streams(payloads, lambda number: HTTP_PORTS[number % len(HTTP_PORTS)], shuffle)
    path = write("http", packets, chance.choice(LINKS))
    read = by_stream(ours(path), owners)
    shown = collections.defaultdict(list)
    decode = [option for port in HTTP_PORTS for option in ("-d", f"tcp.port=={port},http")]
    for number, parts in sorted(tshark(path, "http", "-Y", "http.request", *decode).items()):
        for part in parts:
            if "http.request.uri" in part:
                shown[owners[number - 1]].append(("http", tshark_host(part)))
    made = {number: [("http", host.encode()) for _, host in several] for number, several in enumerate(requests)}
    order = "repeated and out of order" if shuffle else "in order"
    wrong = [(n, payloads[n], made[n], read[n]) for n in made if made[n] != read[n]]
    check(f"HTTP, cut up, {order}: the hosts that were asked for", not wrong, wrong[:2])
    differ = [(n, payloads[n], read[n], shown[n]) for n in made if shown[n] != read[n]]
    check_tshark(f"HTTP, cut up, {order}: as tshark", differ, len(made), reads_all=not shuffle)

# ---- What is told apart on purpose: (what it is, request, what we read, what tshark shows as host)
DIFFERENCES = [
    ("two Host fields (RFC 9112 section 3.2: an invalid request)", "GET / HTTP/1.1\r\nHost: a.example\r\nHost: b.example\r\n\r\n", [b"a.example"], ["a.example", "b.example"]),
    ("an IPv4 literal is no name", "GET / HTTP/1.1\r\nHost: 192.0.2.1\r\n\r\n", [], ["192.0.2.1"]),
    ("an IPv6 literal is no name", "GET / HTTP/1.1\r\nHost: [2001:db8::1]:80\r\n\r\n", [], ["[2001:db8::1]:80"]),
    ("no Host", "GET / HTTP/1.0\r\n\r\n", [], []),
    ("an empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", [], [""]),
    ("CONNECT, whose target is the host", "CONNECT a.example:443 HTTP/1.1\r\nHost: b.example\r\n\r\n", [b"a.example"], ["b.example"]),
    ("a Host with a space in it", "GET / HTTP/1.1\r\nHost: a.example b.example\r\n\r\n", [], ["a.example b.example"]),
    ("user information before the host", "GET http://u:p@a.example/ HTTP/1.1\r\nHost: b.example\r\n\r\n", [b"a.example"], ["b.example"]),
]
for name, text, host, seen in DIFFERENCES:
    path = write("one", stream(text.encode(), 80, 2000, False), "raw IP")
    got = [octets for parts in ours(path).values() for _, octets in parts]
    shown = [value.strip() for parts in tshark(path, "http", "-Y", "http.request").values() for part in parts for value in part["http.host"]]
    check_equal(f"differs as documented: {name}", (got, shown), (host, seen))
end()
