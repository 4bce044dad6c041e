#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packets in another's name, from the office's device (office.sh):

    forged.py segment|syn|octets SOURCE     a request for a fake to the web server, without a handshake:
                                            in one segment, behind a SYN, or octet by octet 100 times
    forged.py question SOURCE [PORT]        a question for a fake; question6 by IPv6
    forged.py neighbour reset|syn|request   an honest connection of 192.0.2.11; what is forged on it comes
                                            between its first and its second request
    forged.py fast-open-server              a web server at port 8082 that takes requests in a SYN

Prints the octets of IP sent, or the status of each response."""

import pathlib
import random
import socket
import struct
import subprocess
import sys
import time

FAKE = "vietc0mbank.top"
WEB = "198.51.100.80"
SYN, RST, PSH, ACK = 2, 4, 8, 16


def checksum(octets):
    octets += b"\0" * (len(octets) % 2)
    total = sum(struct.unpack(f">{len(octets) // 2}H", octets))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def ip_packet(source, dest, protocol, payload):
    if ":" in source:
        head = struct.pack(">IHBB", 6 << 28, len(payload), protocol, 64)
        return head + socket.inet_pton(socket.AF_INET6, source) + socket.inet_pton(socket.AF_INET6, dest) + payload
    ends = socket.inet_aton(source) + socket.inet_aton(dest)
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), 0, 0, 64, protocol, 0)
    return head[:10] + struct.pack(">H", checksum(head + ends)) + ends + payload


def pseudo_header(source, dest, protocol, length):
    family = socket.AF_INET6 if ":" in source else socket.AF_INET
    ends = socket.inet_pton(family, source) + socket.inet_pton(family, dest)
    return ends + struct.pack(">HH", protocol, length)


def tcp(source, source_port, dest, dest_port, seq, ack, flags, data=b""):
    segment = struct.pack(">HHIIBBHHH", source_port, dest_port, seq % 2**32, ack % 2**32, 0x50, flags, 65535, 0, 0)
    segment += data
    sum_ = checksum(pseudo_header(source, dest, 6, len(segment)) + segment)
    return ip_packet(source, dest, 6, segment[:16] + struct.pack(">H", sum_) + segment[18:])


def udp(source, source_port, dest, dest_port, data):
    datagram = struct.pack(">HHHH", source_port, dest_port, 8 + len(data), 0) + data
    sum_ = checksum(pseudo_header(source, dest, 17, len(datagram)) + datagram) or 0xFFFF
    return ip_packet(source, dest, 17, datagram[:6] + struct.pack(">H", sum_) + datagram[8:])


def question(name):
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return struct.pack(">HHHHHH", 0x1234, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack(">HH", 1, 1)


def request(name):
    return f"GET / HTTP/1.1\r\nHost: {name}\r\n\r\n".encode()


class Line:
    """The line to the gateway, below IP."""

    def __init__(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as anything:
            anything.sendto(b"", ("192.0.2.1", 9))
        for _ in range(100):
            neighbours = subprocess.run(["ip", "neigh", "show", "192.0.2.1"], capture_output=True, text=True, check=True).stdout.split()
            if "lladdr" in neighbours:
                break
            time.sleep(0.1)
        self.gateway = bytes.fromhex(neighbours[neighbours.index("lladdr") + 1].replace(":", ""))
        self.own = bytes.fromhex(pathlib.Path("/sys/class/net/eth0/address").read_text().strip().replace(":", ""))
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        self.socket.bind(("eth0", 0))
        self.sent = 0

    def send(self, packet):
        kind = b"\x08\x00" if packet[0] >> 4 == 4 else b"\x86\xdd"
        self.socket.send(self.gateway + self.own + kind + packet)
        self.sent += len(packet)


def segments(mode, source):
    line = Line()
    port = random.randrange(10000, 60000)
    if mode == "syn":
        line.send(tcp(source, port, WEB, 80, 999, 0, SYN))
        time.sleep(0.2)
    line.send(tcp(source, port, WEB, 80, 1000, 2000, PSH | ACK, request(FAKE)))
    if mode == "octets":
        for _ in range(100):
            line.send(tcp(source, port, WEB, 80, 1000, 2000, ACK, b"G"))
            time.sleep(0.002)
    print(line.sent)


def questions(source, port):
    line = Line()
    server = "2001:db8:2::53" if ":" in source else "198.51.100.53"
    line.send(udp(source, port, server, 53, question(FAKE)))
    print(line.sent)


def neighbour(attack):
    line = Line()
    with socket.socket() as connection:
        connection.bind(("192.0.2.11", 0))
        connection.settimeout(6)
        connection.connect((WEB, 80))
        port = connection.getsockname()[1]
        for turn in range(3):
            if turn == 1:
                seq = random.getrandbits(32)
                if attack == "reset":
                    line.send(tcp("192.0.2.11", port, WEB, 80, seq, 0, RST))
                elif attack == "syn":
                    line.send(tcp("192.0.2.11", port, WEB, 80, seq, 0, SYN))
                    line.send(tcp("192.0.2.11", port, WEB, 80, seq + 1, random.getrandbits(32), PSH | ACK, request(FAKE)))
                else:
                    line.send(tcp("192.0.2.11", port, WEB, 80, seq, random.getrandbits(32), PSH | ACK, request(FAKE)))
                time.sleep(0.3)
            connection.sendall(request("news.example"))
            print(connection.recv(4096).split()[1].decode(), end="\n" if turn == 2 else " ")


def fast_open_server():
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.setsockopt(socket.IPPROTO_TCP, socket.TCP_FASTOPEN, 16)
        server.bind((WEB, 8082))
        server.listen(8)
        print("ready", flush=True)
        while True:
            connection = server.accept()[0]
            try:
                connection.recv(4096)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            except OSError:
                pass
            connection.close()


def main():
    mode, arguments = sys.argv[1], sys.argv[2:]
    if mode in ("segment", "syn", "octets"):
        segments(mode, arguments[0])
    elif mode in ("question", "question6"):
        questions(arguments[0], int(arguments[1]) if len(arguments) > 1 else 4243)
    elif mode == "neighbour":
        neighbour(arguments[0])
    else:
        fast_open_server()


if __name__ == "__main__":
    main()
