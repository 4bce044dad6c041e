# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes packets and capture files octet by octet: well-formed ones and hostile ones."""

import ipaddress
import struct

DEVICE, SERVER = "192.0.2.10", "198.51.100.80"
DEVICE6, SERVER6 = "2001:db8:1::10", "2001:db8:2::80"
MACS = bytes.fromhex("020000000002020000000001")

SYN, PSH_ACK, ACK = 0x02, 0x18, 0x10


def query(name, flags=0x0100, questions=1, after=b""):
    """A DNS question for A; name is text, or octets as they stand on the wire."""
    if isinstance(name, str):
        labels = [label.encode() for label in name.split(".") if label]
        name = b"".join(bytes([len(label)]) + label for label in labels) + b"\0"
    return struct.pack(">6H", 0x1234, flags, questions, 0, 0, 0) + name + struct.pack(">HH", 1, 1) + after


def udp(payload, source_port=40000, port=53):
    return 17, struct.pack(">4H", source_port, port, 8 + len(payload), 0) + payload


def tcp(payload, seq=1, flags=PSH_ACK, source_port=40000, port=80):
    return 6, struct.pack(">HHIIBBHHH", source_port, port, seq, 1, 5 << 4, flags, 65535, 0, 0) + payload


def ipv4(segment, source=DEVICE, fragment=0):
    protocol, octets = segment
    return (
        struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(octets), 7, fragment, 64, protocol, 0)
        + ipaddress.ip_address(source).packed
        + ipaddress.ip_address(SERVER).packed
        + octets
    )


def ipv6(segment, source=DEVICE6):
    protocol, octets = segment
    return (
        struct.pack(">IHBB", 6 << 28, len(octets), protocol, 64)
        + ipaddress.ip_address(source).packed
        + ipaddress.ip_address(SERVER6).packed
        + octets
    )


def http_flow(pieces, source_port=41000, port=80):
    """A connection whose device sends these pieces, one a segment."""
    seq = 1000
    packets = [ipv4(tcp(b"", seq, SYN, source_port, port))]
    seq += 1
    for piece in pieces:
        packets.append(ipv4(tcp(piece, seq, PSH_ACK, source_port, port)))
        seq += len(piece)
    return packets


HTTP2_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


def http2_frame(kind, flags, payload=b"", stream=1):
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def ethertype(packet):
    return b"\x86\xdd" if packet[0] >> 4 == 6 else b"\x08\x00"


def family(packet):
    return 10 if packet[0] >> 4 == 6 else 2


def pppoe(packet):
    """A PPPoE session's octets (RFC 2516 section 4) behind an EtherType or a VLAN tag."""
    protocol = 0x57 if packet[0] >> 4 == 6 else 0x21
    return struct.pack(">HBBHHH", 0x8864, 0x11, 0, 7, 2 + len(packet), protocol) + packet


# Link layers: LINKTYPE_ number and the frame of a packet.
LINK_LAYERS = {
    "ethernet": (1, lambda packet: MACS + ethertype(packet) + packet),
    "ethernet, padded": (1, lambda packet: MACS + ethertype(packet) + packet + bytes(30)),
    "VLAN": (1, lambda packet: MACS + b"\x81\x00\x00\x07" + ethertype(packet) + packet),
    "QinQ": (1, lambda packet: MACS + b"\x88\xa8\x00\x07\x81\x00\x00\x08" + ethertype(packet) + packet),
    "PPPoE": (1, lambda packet: MACS + pppoe(packet)),
    "PPPoE in a VLAN": (1, lambda packet: MACS + b"\x81\x00\x00\x23" + pppoe(packet)),
    "Linux cooked": (113, lambda packet: bytes(14) + ethertype(packet) + packet),
    "Linux cooked 2": (276, lambda packet: ethertype(packet) + bytes(18) + packet),
    "BSD loopback": (0, lambda packet: struct.pack("<I", family(packet)) + packet),
    "BSD loopback, big-endian": (0, lambda packet: struct.pack(">I", family(packet)) + packet),
    "OpenBSD loopback": (108, lambda packet: struct.pack(">I", family(packet)) + packet),
    "raw IP": (101, lambda packet: packet),
}


def pcap(frames, link=101, order="<", nanoseconds=False, snap=None):
    octets = [struct.pack(order + "IHHIIII", 0xA1B23C4D if nanoseconds else 0xA1B2C3D4, 2, 4, 0, 0, 262144, link)]
    for number, frame in enumerate(frames):
        kept = frame[:snap]
        octets.append(struct.pack(order + "IIII", 1700000000 + number // 1000, number % 1000, len(kept), len(frame)) + kept)
    return b"".join(octets)


def block(kind, body, order="<"):
    body += bytes(-len(body) % 4)
    return struct.pack(order + "II", kind, len(body) + 12) + body + struct.pack(order + "I", len(body) + 12)


def pcapng(frames, link=101, order="<", other_link=None):
    """A section with one interface; with other_link, a second one comes in the middle."""
    octets = [
        block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1), order),
        block(1, struct.pack(order + "HHI", link, 0, 262144), order),
    ]
    for number, frame in enumerate(frames):
        if other_link is not None and number == len(frames) // 2:
            octets.append(block(1, struct.pack(order + "HHI", other_link, 0, 262144), order))
        head = struct.pack(order + "IIIII", 0, 0, number, len(frame), len(frame))
        octets.append(block(6, head + frame, order))
    return b"".join(octets)


def packets_of(octets):
    """The IP packets of a little-endian pcap file of Ethernet frames, as tcpdump writes it."""
    at = 24
    while at < len(octets):
        (captured,) = struct.unpack_from("<I", octets, at + 8)
        frame = octets[at + 16 : at + 16 + captured]
        if frame[12:14] in (b"\x08\x00", b"\x86\xdd"):
            yield frame[14:]
        at += 16 + captured
