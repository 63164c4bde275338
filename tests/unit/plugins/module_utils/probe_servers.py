# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Small servers for the tests of the probe, on loopback: a DNS server that answers what it is told, and fronts that misbehave."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import ssl
import struct
import threading

import trustme

HOST = "in01-840ec44485bf25d-privatelink.aws-us-west-2.vectordb.example.test"
TYPES = {"A": 1, "CNAME": 5, "AAAA": 28}


def encoded(name):
    return b"".join(bytes([len(part)]) + part.encode() for part in name.split(".") if part) + b"\0"


def record(name, kind, value):
    data = encoded(value) if kind == "CNAME" else ipaddress.ip_address(value).packed
    return encoded(name) + struct.pack(">HHIH", TYPES[kind], 1, 60, len(data)) + data


def message(query, records=(), rcode=0, flags=0x8180, ident=None, question=None):
    """The answer to a query."""
    question = query[12:] if question is None else question
    head = struct.pack(">HHHHHH", struct.unpack(">H", query[:2])[0] if ident is None else ident, flags | rcode, 1, len(records), 0, 0)
    return head + question + b"".join(record(*one) for one in records)


def asked(query):
    """(name, type) of a query."""
    parts, at = [], 12
    while query[at]:
        parts.append(query[at + 1 : at + 1 + query[at]].decode())
        at += 1 + query[at]
    number = struct.unpack(">H", query[at + 1 : at + 3])[0]
    return ".".join(parts), next(kind for kind, one in TYPES.items() if one == number)


class Dns:
    """Answers by `answer(query, way)`: bytes, a list of bytes to send one after another, or None for silence.

    `records` are the zone when no answer is given: {(name, type): [values]}; CNAMEs are not followed unless they are all listed.
    """

    def __init__(self, answer=None, records=None, address="127.0.0.1"):
        self.queries = []
        self.records = records or {}
        self.answer = answer or self.zone
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        # A port that is free for both ways.
        while True:
            self.tcp = socket.create_server((address, 0), family=family)
            self.port = self.tcp.getsockname()[1]
            self.udp = socket.socket(family, socket.SOCK_DGRAM)
            try:
                self.udp.bind((address, self.port))
                break
            except OSError:
                self.tcp.close()
                self.udp.close()
        self.server = (address, self.port)
        for target in (self._udp, self._tcp):
            threading.Thread(target=target, daemon=True).start()

    def zone(self, query, way):
        name, kind = asked(query)
        name = name.lower()
        if (name, "CNAME") in self.records:
            target = self.records[name, "CNAME"][0]
            more = [(target, kind, value) for value in self.records.get((target, kind), [])]
            return message(query, [(name, "CNAME", target), *more])
        found = [(name, kind, value) for value in self.records.get((name, kind), [])]
        return message(query, found, rcode=0 if any(name == one for one, unused in self.records) else 3)

    def _reply(self, query, way):
        self.queries.append((*asked(query), way))
        answer = self.answer(query, way)
        return answer if isinstance(answer, list) else [answer] if answer is not None else []

    def _udp(self):
        with contextlib.suppress(OSError):
            while True:
                query, client = self.udp.recvfrom(4096)
                if not query:
                    return
                for one in self._reply(query, "udp"):
                    self.udp.sendto(one, client)

    def _tcp(self):
        with contextlib.suppress(OSError):
            while True:
                client = self.tcp.accept()[0]
                with contextlib.suppress(OSError), client:
                    query = client.recv(4096)[2:]
                    for one in self._reply(query, "tcp"):
                        client.sendall(struct.pack(">H", len(one)) + one)

    def close(self):
        for sock in (self.tcp, self.udp):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()


class Front:
    """A listener that hands each connection to `behave(sock, front)`, in a thread of its own."""

    def __init__(self, behave, address="127.0.0.1", port=0, context=None):
        self.behave, self.context = behave, context
        self.requests, self.done = [], threading.Event()
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.listener = socket.create_server((address, port), family=family)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=self._one, args=(self.listener.accept()[0],), daemon=True).start()

    def _one(self, sock):
        with contextlib.suppress(OSError, ValueError):
            with sock:
                sock.settimeout(10)
                self.behave(sock, self)

    def secure(self, sock):
        return self.context.wrap_socket(sock, server_side=True)

    def close(self):
        self.done.set()
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


def request_of(sock):
    """A whole request, with its body."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = sock.recv(4096)
        if not more:
            return data
        data += more
    if data.startswith(b"POST"):
        while not data.endswith(b"{}"):
            data += sock.recv(4096)
    return data


def answering(answer):
    """A front that speaks TLS and answers each request with bytes, or with a function of the request."""

    def behave(sock, front):
        with front.secure(sock) as tls:
            request = request_of(tls)
            front.requests.append(request)
            data = answer(request) if callable(answer) else answer
            for part in data if isinstance(data, (list, tuple)) else [data]:
                tls.sendall(part)

    return behave


def reset(sock):
    """Ends a connection by RST."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def full():
    """A listener whose queue is full: Linux drops what else wants to connect, as a security group does."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    waiting = []
    for _unused in range(4):
        sock = socket.socket()
        sock.setblocking(False)
        sock.connect_ex(listener.getsockname())
        waiting.append(sock)
    return listener, waiting


class Authority:
    """An authority of certificates and the TLS contexts of its servers."""

    def __init__(self):
        self.ca = trustme.CA()

    def write(self, path):
        self.ca.cert_pem.write_to_path(str(path))
        return str(path)

    def context(self, *names, **kwargs):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.ca.issue_cert(*names, **kwargs).configure_cert(context)
        return context
