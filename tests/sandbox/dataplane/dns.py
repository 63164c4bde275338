# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""DNS on the wire: one server for all views, UDP and TCP, each view on a port of its own."""
from __future__ import annotations

import ipaddress
import select
import socket
import struct
import threading

TYPES = {1: "A", 2: "NS", 5: "CNAME", 6: "SOA", 16: "TXT", 28: "AAAA"}
NUMBERS = {name: number for number, name in TYPES.items()}
SERVFAIL, NOTIMP = 2, 4
HOST = "127.0.0.1"
UDP_SIZE = 512


class DnsServer:
    """ports: {view name: port}. views: {name: view}; ask(view, name, type) as Names has it."""

    def __init__(self, views, ask):
        self.ask = ask
        self.sockets, self.ports = {}, {}
        for name, view in views.items():
            udp, tcp = _pair()
            self.ports[name] = udp.getsockname()[1]
            self.sockets.update({udp: view, tcp: view})
        self._awake, self._wake = socket.socketpair()
        threading.Thread(target=self._run, daemon=True).start()

    def stop(self):
        """Waits for nothing: the thread may itself wait for who stops it."""
        self._wake.close()

    def _run(self):
        while True:
            ready = select.select([self._awake, *self.sockets], [], [])[0]
            if self._awake in ready:
                break
            for one in ready:
                try:
                    self._take(one)
                except OSError:
                    continue
        for one in (self._awake, *self.sockets):
            one.close()

    def _take(self, one):
        view = self.sockets[one]
        if one.type == socket.SOCK_STREAM:
            connection, _address = one.accept()
            threading.Thread(target=self._tcp, args=(connection, view), daemon=True).start()
            return
        query, address = one.recvfrom(4096)
        answer = self._answer(view, query, UDP_SIZE)
        if answer:
            one.sendto(answer, address)

    def _tcp(self, connection, view):
        with connection:
            connection.settimeout(10)
            try:
                while True:
                    size = struct.unpack("!H", _exactly(connection, 2))[0]
                    answer = self._answer(view, _exactly(connection, size), 65535)
                    if answer:
                        connection.sendall(struct.pack("!H", len(answer)) + answer)
            except (OSError, struct.error):
                return

    def _answer(self, view, query, size):
        try:
            number, flags, name, kind, end = _read(query)
        except (struct.error, IndexError, UnicodeDecodeError):
            return None
        if kind not in TYPES:
            return _message(number, flags, query[12:end], 0, [])
        found = self.ask(view, name, TYPES[kind])
        if found is None:
            return None
        answer = _message(number, flags, query[12:end], found.rcode, found.records)
        if len(answer) > size:
            # TC: ask again over TCP.
            answer = _message(number, flags | 0x0200, query[12:end], found.rcode, [])
        return answer


def _pair():
    """UDP and TCP on one free port."""
    for _attempt in range(50):
        tcp = socket.create_server((HOST, 0))
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            udp.bind(tcp.getsockname())
            return udp, tcp
        except OSError:
            tcp.close()
            udp.close()
    raise OSError("No port is free for both UDP and TCP.")


def _exactly(connection, size):
    data = b""
    while len(data) < size:
        part = connection.recv(size - len(data))
        if not part:
            raise OSError("The client has gone.")
        data += part
    return data


def _read(query):
    number, flags, _questions = struct.unpack("!HHH", query[:6])
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode("ascii"))
        at += 1 + query[at]
    kind, _class = struct.unpack("!HH", query[at + 1:at + 5])
    return number, flags, ".".join(labels), kind, at + 5


def _message(number, flags, question, rcode, records):
    answers = b"".join(_name(name) + struct.pack("!HHIH", NUMBERS[kind], 1, ttl, len(data)) + data
                       for name, kind, ttl, value in records for data in [_data(kind, value)])
    # An answer; recursion was desired (as asked) and is available.
    return struct.pack("!HHHHHH", number, 0x8080 | (flags & 0x0300) | rcode, 1, len(records), 0, 0) + question + answers


def _name(text):
    labels = [one for one in text.rstrip(".").split(".") if one]
    return b"".join(bytes([len(one)]) + one.encode("ascii") for one in labels) + b"\0"


def _data(kind, value):
    if kind in ("A", "AAAA"):
        return ipaddress.ip_address(value).packed
    if kind in ("CNAME", "NS"):
        return _name(value)
    if kind == "SOA":
        server, mailbox, *numbers = value.split()
        return _name(server) + _name(mailbox) + struct.pack("!IIIII", *map(int, numbers))
    text = value.strip('"').encode()[:255]
    return bytes([len(text)]) + text
