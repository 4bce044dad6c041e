#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client that knows that its server speaks HTTP/2 without TLS: http2_client.py ADDRESS PORT HOST...

Asks for each HOST over one connection, its fields encoded by libnghttp2, one request after the other's
response. Prints the text of each response; "closed" where the connection ended without one, "reset" where
it was reset. (The curl of Debian 12 cannot use such a connection again.)
"""

import ctypes
import socket
import struct
import sys

from frames import HTTP2_PREFACE, http2_frame

DATA, HEADERS, SETTINGS = 0, 1, 4
ACK = END_STREAM = 1
END_HEADERS = 4


class Field(ctypes.Structure):
    """nghttp2_nv"""

    _fields_ = [("name", ctypes.c_char_p), ("value", ctypes.c_char_p), ("name_len", ctypes.c_size_t),
                ("value_len", ctypes.c_size_t), ("flags", ctypes.c_uint8)]


class Encoder:
    """A connection's field blocks: what an earlier one had, a later one refers to."""

    def __init__(self):
        self.library = ctypes.CDLL("libnghttp2.so.14")
        self.deflater = ctypes.c_void_p()
        if self.library.nghttp2_hd_deflate_new(ctypes.byref(self.deflater), ctypes.c_size_t(4096)) != 0:
            raise MemoryError("nghttp2_hd_deflate_new")

    def request(self, host):
        texts = [(b":method", b"GET"), (b":path", b"/"), (b":scheme", b"http"), (b":authority", host.encode()),
                 (b"user-agent", b"http2_client"), (b"accept", b"*/*")]
        fields = (Field * len(texts))(*(Field(name, value, len(name), len(value), 0) for name, value in texts))
        block = ctypes.create_string_buffer(1024)
        length = self.library.nghttp2_hd_deflate_hd(self.deflater, block, ctypes.c_size_t(len(block)), fields,
                                                    ctypes.c_size_t(len(texts)))
        if length < 0:
            raise ValueError(f"nghttp2_hd_deflate_hd: {length}")
        return block.raw[:length]


def receive(connection, length):
    octets = b""
    while len(octets) < length:
        more = connection.recv(length - len(octets))
        if not more:
            raise EOFError
        octets += more
    return octets


def response(connection, stream):
    text = b""
    while True:
        head = receive(connection, 9)
        length, (kind, flags, of_stream) = int.from_bytes(head[:3], "big"), struct.unpack(">BBI", head[3:])
        payload = receive(connection, length)
        if kind == SETTINGS and not flags & ACK:
            connection.sendall(http2_frame(SETTINGS, ACK, stream=0))
        if of_stream == stream and kind == DATA:
            text += payload
        if of_stream == stream and kind in (DATA, HEADERS) and flags & END_STREAM:
            return text.decode().strip()


def ask(address, port, hosts):
    encoder = Encoder()
    with socket.create_connection((address, port), 15) as connection:
        connection.sendall(HTTP2_PREFACE + http2_frame(SETTINGS, 0, stream=0))
        for i, host in enumerate(hosts):
            stream = 2 * i + 1
            try:
                connection.sendall(http2_frame(HEADERS, END_HEADERS | END_STREAM, encoder.request(host), stream))
                yield response(connection, stream)
            except EOFError:
                yield "closed"
                return
            except (ConnectionResetError, BrokenPipeError):
                yield "reset"
                return


def main():
    print("; ".join(ask(sys.argv[1], int(sys.argv[2]), sys.argv[3:])))


main()
