#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an odd client, network or server may do so that a name is not read: a table of captures, each
through `truegate replay`, with what is expected of it. docs/evasion.md gives the totals and says why
what is not caught is not. In `used`, whether a server or resolver of today's Debian would answer so
that the person reaches the fake; of the others nothing is promised."""

import collections
import random
import struct
import subprocess
import sys

from frames import (ACK, HTTP2_PREFACE, LINK_LAYERS, PSH_ACK, SYN, http2_frame, ipv4, ipv6, pcap, query, tcp, udp)
from program import TRUEGATE, check, end, folder

FAKE = "vietc0mbank.top"
POLICY = folder / "evasion.conf"
POLICY.write_text("""version = 1;
contact = "it@office.example";
actions = { high = "block"; medium = "block"; low = "observe"; };
sites = ( { name = "Vietcombank"; domains = [ "vietcombank.com.vn" ]; } );
""")
GET = f"GET / HTTP/1.1\r\nHost: {FAKE}\r\n\r\n".encode()
HONEST = b"GET / HTTP/1.1\r\nHost: news.example\r\n\r\n"
Case = collections.namedtuple("Case", "kind name packets caught used link why")
cases = []


def case(kind, name, packets, caught=True, used=True, link="raw IP", why=""):
    cases.append(Case(kind, name, packets, caught, used, link, why))


def connection(pieces, port=80, make=ipv4, isn=1000, source_port=40000):
    """SYN, then each (offset, octets)."""
    packets = [make(tcp(b"", isn, SYN, source_port, port))]
    for at, octets in pieces:
        packets.append(make(tcp(octets, (isn + 1 + at) % 2**32, PSH_ACK, source_port, port)))
    return packets


def says(octets, **how):
    return connection([(0, octets)], **how)


def cut(octets, size):
    return [(at, octets[at : at + size]) for at in range(0, len(octets), size)]


# ---- how TCP carries it
for size in (1, 2, 3, 5, 7, 11, 16, 20, 30):
    case("TCP", f"in segments of {size}", connection(cut(GET, size)))
    case("TCP", f"in segments of {size}, the last first", connection(cut(GET, size)[::-1]),
         caught=len(cut(GET, size)) <= 65)
for seed in range(10):
    chance = random.Random(seed)
    pieces = cut(GET, chance.randint(2, 9))
    chance.shuffle(pieces)
    case("TCP", f"shuffled, {seed}", connection(pieces + pieces[:3]))
for isn in (0xFFFFFFFF, 0xFFFFFFF0, 0x7FFFFFF8, 0):
    case("TCP", f"numbers wrap round at {isn:#x}", connection(cut(GET, 6), isn=isn))
for port in (22, 25, 53, 443, 853, 3128, 5222, 8080, 65535):
    case("TCP", f"to port {port}", says(GET, port=port))
case("TCP", "data in the SYN (Fast Open)", [ipv4(tcp(GET, 1000, SYN))])
case("TCP", "without a SYN", [ipv4(tcp(GET, 1001, PSH_ACK))])
case("TCP", "the SYN twice", [ipv4(tcp(b"", 1000, SYN))] * 2 + says(GET)[1:])
case("TCP", "a reset that the server does not take", says(GET[:9]) + [ipv4(tcp(b"", 5, 0x04))]
     + [ipv4(tcp(GET[9:], 1010, PSH_ACK))], caught=False,
     why="a reset with a number of no meaning, where the handshake was not seen whole")
case("TCP", "a FIN with a wrong number", says(GET[:9]) + [ipv4(tcp(b"", 9000, 0x11)), ipv4(tcp(GET[9:], 1010, PSH_ACK))])
case("TCP", "FIN together with the request", [says(b"")[0], ipv4(tcp(GET, 1001, 0x19))])
case("TCP", "urgent pointer set", [says(b"")[0], ipv4(tcp(GET, 1001, 0x38))])
for count in (1, 15, 16, 40):
    case("TCP", f"{count} keepalives of one octet first",
         says(b"")[:1] + [ipv4(tcp(b"\0", 1000, ACK))] * count + [ipv4(tcp(GET, 1001, PSH_ACK))])
case("TCP", "40 holes, then filled", connection(cut(GET + HONEST, 1)[0:80:2] + cut(GET + HONEST, 1)[1:80:2]))
case("TCP", "one octet overlaps the next", connection([(0, GET[:20]), (19, GET[19:])]))
for what, flags in (("without ACK", 0), ("bad checksum", PSH_ACK)):
    case("TCP", f"a decoy first, {what}", connection([(0, HONEST[: len(GET)].ljust(len(GET), b"x"))])
         + [ipv4(tcp(GET, 1001, PSH_ACK))], caught=False, used=False,
         why="of two copies the first counts; only a client of its own making sends another")

# ---- what HTTP lets a client write
for method in ("GET HEAD POST PUT DELETE OPTIONS PATCH TRACE LOCK UNLOCK PROPFIND PROPPATCH MKCOL COPY MOVE SEARCH "
               "M-SEARCH PURGE QUERY NOTIFY REPORT CHECKOUT MERGE LABEL ACL BIND LINK BREW FOO G GE get Get RPC_IN_DATA "
               "UPDATEREDIRECTREF VERSION-CONTROL BASELINE-CONTROL ABCDEFGHIJKLMNOPQRSTUVWXYZ").split():
    case("HTTP", f"method {method}", says(GET.replace(b"GET", method.encode(), 1)))
for name, text in {
    "bare LF": GET.replace(b"\r", b""),
    "empty lines first": b"\r\n\r\n\n" + GET,
    "2,000 empty lines first": b"\r\n" * 2000 + GET,
    "field name in odd case": GET.replace(b"Host", b"hOsT"),
    "no blank after the colon": GET.replace(b"Host: ", b"Host:"),
    "blanks round the host": GET.replace(FAKE.encode(), b"\t  " + FAKE.encode() + b" \t"),
    "a blank before the colon": GET.replace(b"Host:", b"Host :"),
    "a folded field": GET.replace(b"Host: ", b"Host:\r\n "),
    "the name in capitals": GET.replace(FAKE.encode(), FAKE.upper().encode()),
    "a trailing dot": GET.replace(FAKE.encode(), FAKE.encode() + b"."),
    "a port": GET.replace(FAKE.encode(), FAKE.encode() + b":8080"),
    "a port of zeros": GET.replace(FAKE.encode(), FAKE.encode() + b":0080"),
    "an empty port": GET.replace(FAKE.encode(), FAKE.encode() + b":"),
    "two Hosts, the fake first": GET[:-2] + b"Host: news.example\r\n\r\n",
    "Host last": GET.replace(b"Host", b"X: y\r\nCookie: z\r\nHost"),
    "absolute-form": GET.replace(b" / ", f" http://{FAKE}/ ".encode()),
    "absolute-form with another Host": HONEST.replace(b" / ", f" http://{FAKE}/ ".encode()),
    "absolute-form with user information": HONEST.replace(b" / ", f" http://a:b@{FAKE}:81/x ".encode()),
    "absolute-form, https": HONEST.replace(b" / ", f" HTTPS://{FAKE}/ ".encode()),
    "absolute-form, HTTP/1.0 without Host": f"GET http://{FAKE}/ HTTP/1.0\r\n\r\n".encode(),
    "CONNECT": f"CONNECT {FAKE}:443 HTTP/1.1\r\n\r\n".encode(),
    "HTTP/1.0": GET.replace(b"1.1", b"1.0"),
    "http/1.1": GET.replace(b"HTTP", b"http"),
    "tabs in the request line": GET.replace(b" / ", b"\t/\t"),
    "two blanks in the request line": GET.replace(b" / ", b"  /  "),
    "PROXY, version 1": b"PROXY TCP4 192.0.2.1 192.0.2.2 1024 80\r\n" + GET,
    "PROXY, version 1, unknown": b"PROXY UNKNOWN\r\n" + GET,
    "PROXY, version 2": b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c" + bytes(12) + GET,
    "a path of 8 KiB": GET.replace(b" / ", b" /" + b"p" * 8192 + b" "),
    "a path of 20 KiB": GET.replace(b" / ", b" /" + b"p" * 20480 + b" "),
    "a path of 200 KiB": GET.replace(b" / ", b" /" + b"p" * 204800 + b" "),
    "a path of 20 KiB through a proxy": HONEST.replace(b" / ", f" http://{FAKE}/".encode() + b"p" * 20480 + b" "),
    "a cookie of 8 KiB before Host": GET.replace(b"Host", b"Cookie: " + b"c" * 8192 + b"\r\nHost"),
    "cookies of 60 KiB behind Host": GET[:-2] + b"Cookie: " + b"c" * 61440 + b"\r\n\r\n",
    "the second of two": HONEST + GET,
    "the third of three": HONEST * 2 + GET,
    "the hundredth": HONEST * 99 + GET,
    "behind a body": b"POST / HTTP/1.1\r\nHost: news.example\r\nContent-Length: 5\r\n\r\nhello" + GET,
    "behind chunks": b"POST / HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n" + GET,
    "behind chunks with trailers":
        b"POST / HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nX: y\r\n\r\n" + GET,
    "Expect: 100-continue": GET[:-2] + b"Expect: 100-continue\r\nContent-Length: 5\r\n\r\n",
    "Upgrade-Insecure-Requests": GET[:-2] + b"Upgrade-Insecure-Requests: 1\r\n\r\n",
}.items():
    case("HTTP", name, connection(cut(text, 1400)))
for label in "a!b *  $x ~ + ( & ; = ' a_b xn--a".split():
    case("HTTP", f"a label of {label} in front", says(GET.replace(FAKE.encode(), f"{label}.{FAKE}".encode())))
for name, text in {
    "Upgrade: h2c": b"GET / HTTP/1.1\r\nHost: a.example\r\nUpgrade: h2c\r\n\r\n",
    "Upgrade: websocket": b"GET / HTTP/1.1\r\nHost: a.example\r\nUpgrade: websocket\r\n\r\n",
    "CONNECT": b"CONNECT a.example:443 HTTP/1.1\r\n\r\n",
    "Content-Length: +5": b"POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: +5\r\n\r\nhello",
    "two Content-Lengths": b"POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
    "Transfer-Encoding: gzip, chunked": b"POST / HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "Transfer-Encoding: identity": b"POST / HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: identity\r\n\r\n",
    "a chunk's extension of 2,000 octets":
        b"POST / HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\n0;" + b"x" * 2000 + b"\r\n\r\n",
    "a chunk size of nine digits": b"POST / HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\n000000000\r\n\r\n",
    "a line that is no request": HONEST + b"\1\2\3\r\n",
}.items():
    case("HTTP", f"the next segment after {name}", connection([(0, text), (len(text), GET)]))
for name, text, why in (
    ("a blank first", b" " + GET, "nginx and Apache refuse it"),
    ("two Hosts, the fake second", HONEST[:-2] + GET[16:], "servers that do not refuse it take the first"),
    ("Host with a NUL in it", GET.replace(b"bank", b"ba\0nk"), "servers refuse it"),
    ("Host with a blank in it", GET.replace(b"bank.", b"bank ."), "servers refuse it"),
    ("bare CR", GET.replace(b"\n", b""), "no server takes it for the end of a line"),
    ("HTTP/0.9", b"GET /\r\n", "names no host"),
    ("SOCKS 5", b"\5\1\0\5\1\0\3" + bytes([len(FAKE)]) + FAKE.encode() + b"\0\x50", "not a web server's protocol"),
):
    case("HTTP", name, says(text), caught=False, used=False, why=why)
case("HTTP", "a cookie of 20 KiB before Host", connection(cut(GET.replace(b"Host", b"C: " + b"c" * 20480 + b"\r\nHost"), 1400)),
     caught=False, used=False, why="servers refuse such a field (8 KiB); browsers send Host first")

# ---- HTTP/2 whose client knows beforehand that its server speaks it: RFC 9113 section 3.3
PREFACE = HTTP2_PREFACE + http2_frame(4, 0, b"\0\3\0\0\0\x64\0\4\0\xa0\0\0", 0)
GET2 = b"\x82\x86\x84"  # :method GET, :scheme http, :path /


def literal(start, value):
    return start + bytes([len(value)]) + value


AUTHORITY = literal(b"\x41", FAKE.encode())
# FAKE in the code of RFC 7541 appendix B
HUFFMAN = b"\x41\x8b" + bytes.fromhex("ee62a480a631d5d5749ebf")
for name, octets in {
    "as curl sends it": http2_frame(8, 0, b"\x3f\xff\0\1", 0) + http2_frame(1, 5, GET2 + AUTHORITY),
    "in Huffman code": http2_frame(1, 5, GET2 + HUFFMAN),
    "padded": http2_frame(1, 13, b"\x20" + GET2 + AUTHORITY + bytes(32)),
    "with a priority": http2_frame(2, 0, b"\0\0\0\0\xc8", 3) + http2_frame(1, 37, b"\0\0\0\3\x10" + GET2 + AUTHORITY),
    "in two frames": http2_frame(1, 1, GET2 + AUTHORITY[:9]) + http2_frame(9, 4, AUTHORITY[9:]),
    "never to be indexed": http2_frame(1, 5, GET2 + literal(literal(b"\x10", b":authority"), FAKE.encode())),
    "Host in place of :authority": http2_frame(1, 5, GET2 + literal(b"\x66", FAKE.encode())),
    "20 KiB of an unknown frame first": http2_frame(99, 0, bytes(10240), 0) * 2 + http2_frame(1, 5, GET2 + AUTHORITY),
    "cookies of 20 KiB behind": http2_frame(1, 1, GET2 + AUTHORITY + b"\x0f\x11\x7f\xe1\x7c" + b"c" * 16096)
                                + http2_frame(9, 4, b"\x0f\x11\x7f\x81\x1f" + b"c" * 4096),
}.items():
    case("HTTP", f"HTTP/2, {name}", connection(cut(PREFACE + octets, 1400)))
case("HTTP", "HTTP/2 in segments of one octet", connection(cut(PREFACE + http2_frame(1, 5, GET2 + AUTHORITY), 1)))
case("HTTP", "HTTP/2, the second request",
     says(PREFACE + http2_frame(1, 5, GET2 + literal(b"\x41", b"news.example")) + http2_frame(1, 5, GET2 + AUTHORITY, 3)))
case("HTTP", "HTTP/2, the third request, behind bodies",
     connection(cut(PREFACE + http2_frame(1, 4, GET2 + literal(b"\x41", b"news.example")) + http2_frame(0, 1, b"x" * 9000)
                    + http2_frame(1, 4, GET2 + b"\xbe", 3) + http2_frame(0, 1, b"x" * 100, 3) + http2_frame(1, 5, GET2 + AUTHORITY, 5), 1400)))
case("HTTP", "HTTP/2, a request with a field of an earlier one in front of its name",
     says(PREFACE + http2_frame(1, 5, b"\x82\x86" + literal(b"\x44", b"/x") + literal(b"\x41", b"news.example"))
          + http2_frame(1, 5, b"\x82\x86\xbf" + AUTHORITY, 3)), caught=False,
     why="no browser speaks HTTP/2 without TLS, and curl has no such field there")

# ---- DNS
def name_octets(*labels):
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def asks(message, port=53, source_port=40000):
    return [ipv4(udp(message, source_port, port))]


fake_labels = [label.encode() for label in FAKE.split(".")]
for port in (53, 5353, 5355, 5300, 443, 1024, 65535):
    case("DNS", f"to port {port}", asks(query(FAKE), port))
for type_ in (1, 2, 5, 6, 12, 15, 16, 28, 33, 48, 64, 65, 255, 257):
    message = bytearray(query(FAKE))
    message[-4:-2] = struct.pack(">H", type_)
    case("DNS", f"type {type_}", asks(bytes(message)))
for flags in (0, 0x0100, 0x0110, 0x0120, 0x0130, 0x0300, 0x0140, 0x0400):
    case("DNS", f"flags {flags:#06x}", asks(query(FAKE, flags)))
for class_ in (1, 3, 255, 0x8001):
    message = bytearray(query(FAKE))
    message[-2:] = struct.pack(">H", class_)
    case("DNS", f"class {class_:#x}", asks(bytes(message)))
for label in (b"a!b", b"*", b"$", b"~", b"+", b"(", b"&", b",", b";", b"=", b"%", b"@", b"/", b":", b" ", b".", b"\0", b"\x7f", b"_sip"):
    case("DNS", f"a label of {label!r} in front", asks(query(name_octets(label, *fake_labels))))
case("DNS", "letters in both cases", asks(query("vIeTc0MbAnK.tOp")))
case("DNS", "63-octet labels in front", asks(query(name_octets(b"a" * 63, b"b" * 63, b"c" * 63, *fake_labels))))
case("DNS", "100 labels in front", asks(query(name_octets(*[b"a"] * 100, *fake_labels))))
case("DNS", "octets behind the question", asks(query(FAKE, after=b"junk")))
edns = b"\0" + struct.pack(">HHIH", 41, 1232, 0, 12) + struct.pack(">HH", 10, 8) + bytes(8)
message = query(FAKE, after=edns)
case("DNS", "EDNS with a cookie", asks(message[:10] + b"\0\1" + message[12:]))
case("DNS", "two OPT records", asks(message[:10] + b"\0\2" + message[12:] + edns))
for count in (3, 4, 20, 60):
    case("DNS", f"{count} datagrams of junk first, from the same port", asks(b"junk" * 8) * count + asks(query(FAKE)))
case("DNS", "updates first, from the same port", asks(query("a.example", 0x2800)) * 8 + asks(query(FAKE)))
framed = struct.pack(">H", len(query(FAKE))) + query(FAKE)
honest = struct.pack(">H", len(query("a.example"))) + query("a.example")
for size in (1, 2, 3, 13, 14, 20, 100):
    case("DNS", f"over TCP in segments of {size}", connection(cut(framed, size), 53))
for name, octets in {
    "the second of two": honest + framed, "the hundredth": honest * 99 + framed, "behind an update":
    struct.pack(">H", 27) + query("a.example", 0x2800)[:27] + framed, "behind a malformed one": b"\0\5junk!" + framed,
    "behind one of no length": b"\0\0" + framed, "behind one of 20,000 octets": b"\x4e\x20" + query("a.example") + bytes(20000 - 27) + framed,
}.items():
    case("DNS", f"over TCP, {name}", connection(cut(octets, 1400), 53))
for port in (853, 5300, 8053):
    case("DNS", f"over TCP to port {port}", says(framed, port=port))
for name, message, why in (
    ("a response", query(FAKE, 0x8100), "no question"), ("opcode UPDATE", query(FAKE, 0x2800), "not answered with addresses"),
    ("opcode IQUERY", query(FAKE, 0x0800), "retired (RFC 3425)"), ("two questions", query(FAKE, questions=2), "resolvers refuse it"),
    ("no question counted", query(FAKE, questions=0), "resolvers refuse it"),
    ("a compression pointer", query(b"\xc0\x0c"), "points to itself"), ("cut short", query(FAKE)[:-5], "resolvers refuse it"),
):
    case("DNS", name, asks(message), caught=False, used=False, why=why)

# ---- what stands around the packet
for link in LINK_LAYERS:
    case("encapsulation", f"HTTP over {link}", says(GET), link=link)
    case("encapsulation", f"DNS over {link}", asks(query(FAKE)), link=link)
case("encapsulation", "IPv6", says(GET, make=ipv6))
extension = lambda kind, next_: bytes([next_, 0]) + bytes(6)  # noqa: E731
for name, kinds in {"hop-by-hop": [0], "two destination options": [60, 60], "nine destination options": [60] * 9,
                    "routing": [43], "mobility": [135], "HIP": [139], "Shim6": [140]}.items():
    packets = []
    for packet in says(GET, make=ipv6):
        body, next_ = packet[40:], packet[6]
        for kind in reversed(kinds):
            body, next_ = extension(kind, next_) + body, kind
        packets.append(packet[:4] + struct.pack(">HB", len(body), next_) + packet[7:40] + body)
    case("encapsulation", f"IPv6 with {name}", packets)
options = [bytes([0x46]) + p[1:2] + struct.pack(">H", len(p) + 4) + p[4:20] + b"\1\1\1\0" + p[20:] for p in says(GET)]
case("encapsulation", "IPv4 options", options)
inner = says(GET, make=ipv6)
case("encapsulation", "6in4", [ipv4((41, packet)) for packet in inner], caught=False, used=False,
     why="a tunnel: its other end is elsewhere")
case("encapsulation", "GRE", [ipv4((47, b"\0\0\x86\xdd" + packet)) for packet in inner], caught=False, used=False,
     why="a tunnel: its other end is elsewhere")
case("encapsulation", "Teredo", [ipv4(udp(packet, 40000, 3544)) for packet in inner], caught=False, used=False,
     why="a tunnel: its other end is elsewhere")
whole = says(GET)[1]
case("encapsulation", "IPv4 fragments", [says(GET)[0], whole[:6] + b"\x20\0" + whole[8:44], whole[:6] + b"\0\3" + whole[8:20] + whole[44:]],
     caught=False, used=False, why="in a capture only: on the gateway the kernel puts them together first")

# ---- the table
by_port = 40000
totals = collections.Counter()
wrong = []
for number, one in enumerate(cases):
    link, frame = LINK_LAYERS[one.link]
    path = folder / "case.pcap"
    path.write_bytes(pcap([frame(packet) for packet in one.packets], link))
    done = subprocess.run([TRUEGATE, "replay", "--policy", POLICY, "--format", "jsonl", path],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    caught = done.returncode == 1 and FAKE.encode() in done.stdout
    totals[one.kind, "caught" if caught else "not caught", "answered" if one.used else "not answered"] += 1
    if done.returncode == 2 and not wrong:
        wrong.append(done.stderr.decode())
    if caught != one.caught or done.returncode not in (0, 1):
        wrong.append(f"{one.kind}: {one.name}: {'caught' if caught else 'not caught'}, exit {done.returncode}")
    if not one.caught and not one.why:
        wrong.append(f"{one.kind}: {one.name}: no reason given")
for text in wrong:
    print("#", text)
caught = sum(count for (_, result, used), count in totals.items() if result == "caught" and used == "answered")
used = sum(count for (_, _, used), count in totals.items() if used == "answered")
for kind in ("TCP", "HTTP", "DNS", "encapsulation"):
    mine = {key[1:]: count for key, count in totals.items() if key[0] == kind}
    print(f"# {kind}: {mine.get(('caught', 'answered'), 0)} caught, {mine.get(('not caught', 'answered'), 0)} not, "
          f"of what is answered; {mine.get(('not caught', 'not answered'), 0)} that is not")
print(f"# {len(cases)} cases; {caught} of {used} that are answered are caught")
check("each case as expected", not wrong, len(wrong))
check("at least 241 cases", len(cases) >= 241, len(cases))
check("at least 200 caught of those that a server accepts", caught >= 200, caught)
end()
