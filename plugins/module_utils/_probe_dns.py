# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A small DNS client, to ask one resolver of one's choice: UDP, then TCP; CNAMEs are followed. No Ansible."""

from __future__ import annotations

import ipaddress
import secrets
import socket
import struct
import time

KINDS = {"ipv4": ("A", 1), "ipv6": ("AAAA", 28)}
_CNAME, _IN = 5, 1
_WORDS = {1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED"}
_MOST_ALIASES = 12


class DnsError(Exception):
    """No address. `absent`: the resolver says so; otherwise it gave no usable answer."""

    def __init__(self, text, absent=False):
        super().__init__(text)
        self.absent = absent


def server_of(text):
    """A resolver written as address, address:port or [address]:port, as (address, port); None when it is none of these."""
    address, port = text.strip(), "53"
    if address.startswith("["):
        address, bracket, port = address[1:].partition("]")
        if not bracket or port and not port.startswith(":"):
            return None
        port = port[1:] or "53"
    elif address.count(":") == 1:
        address, unused, port = address.partition(":")
    try:
        ipaddress.ip_address(address)
    except ValueError:
        return None
    if not (port.isascii() and port.isdigit() and len(port) <= 5 and 0 < int(port) < 65536):
        return None
    return address, int(port)


def lookup(host, family, server, timeout):
    """The addresses that the resolver gives for host in one family, within timeout seconds."""
    kind, number = KINDS[family]
    deadline = time.monotonic() + timeout
    name, passed = host.rstrip(".").lower(), []
    while True:
        asked = name
        aliases, addresses, nothing = _records(_exchange(name, number, server, deadline), number)
        while name not in addresses and name in aliases:
            passed.append(name)
            name = aliases[name]
            if name in passed or len(passed) > _MOST_ALIASES:
                raise DnsError(f"its CNAMEs lead nowhere: {' -> '.join([*passed, name])}", absent=True)
        if name in addresses:
            return addresses[name]
        # A chain may lead out of the zone that answered: then its last name is asked next.
        if nothing or name == asked:
            way = f"it is a CNAME of {name}, which has " if passed else ""
            raise DnsError(f"{way}{'NXDOMAIN: no such name' if nothing else f'no {kind} record'}", absent=True)


def _exchange(name, number, server, deadline):
    """One question and the parts of its answer."""
    ident = secrets.randbelow(65536)
    query = _query(ident, name, number)
    try:
        message = _over_udp(query, server, deadline)
        if message[2] & 0x02:
            message = _over_tcp(query, server, deadline)
        if not _answers(query, message):
            raise DnsError("its answer is not for the question asked")
        return parse(message)
    except socket.timeout:
        raise DnsError("no answer in time")
    except OSError as error:
        raise DnsError(f"it cannot be asked: {error.strerror or type(error).__name__}")


def _query(ident, name, number):
    try:
        labels = [label.encode("ascii") for label in name.split(".")]
    except UnicodeEncodeError:
        raise DnsError("the name has characters that DNS does not know", absent=True)
    if not all(0 < len(label) < 64 for label in labels) or sum(map(len, labels)) + len(labels) > 254:
        raise DnsError("the name is too long for DNS, or has an empty part", absent=True)
    encoded = b"".join(bytes([len(label)]) + label for label in labels) + b"\0"
    return struct.pack(">6H", ident, 0x0100, 1, 0, 0, 0) + encoded + struct.pack(">2H", number, _IN)


def _answers(query, message):
    """Whether a message answers the query: its id, and the question repeated (left out in some refusals)."""
    if len(message) < 12 or message[:2] != query[:2] or not message[2] & 0x80:
        return False
    question = query[12:]
    return message[4:6] == b"\0\0" or message[12 : 12 + len(question)].lower() == question.lower()


def _left(deadline):
    left = deadline - time.monotonic()
    if left <= 0:
        raise socket.timeout()
    return left


def _family(server):
    return socket.AF_INET6 if ":" in server[0] else socket.AF_INET


def _over_udp(query, server, deadline):
    patience = max(_left(deadline) / 3, 0.01)
    with socket.socket(_family(server), socket.SOCK_DGRAM) as sock:
        sock.connect(server)
        while True:
            sock.settimeout(_left(deadline))
            sock.send(query)
            until = min(time.monotonic() + patience, deadline)
            try:
                while True:
                    sock.settimeout(_left(until))
                    message = sock.recv(65535)
                    # Late answers to others and forgeries are not for us.
                    if _answers(query, message):
                        return message
            except socket.timeout:
                continue


def _over_tcp(query, server, deadline):
    with socket.socket(_family(server), socket.SOCK_STREAM) as sock:
        sock.settimeout(_left(deadline))
        sock.connect(server)
        sock.sendall(struct.pack(">H", len(query)) + query)
        (length,) = struct.unpack(">H", _exactly(sock, 2, deadline))
        return _exactly(sock, length, deadline)


def _exactly(sock, length, deadline):
    data = b""
    while len(data) < length:
        sock.settimeout(_left(deadline))
        more = sock.recv(length - len(data))
        if not more:
            raise DnsError("it ends the connection in the middle of its answer")
        data += more
    return data


def parse(message):
    """A DNS message as (rcode, [(name, type, value)]) of its answers. Whatever else comes is a DnsError."""
    try:
        _ident, flags, questions, answers = struct.unpack_from(">4H", message)
        at = 12
        for _unused in range(questions):
            at = _name(message, at)[1] + 4
        records = []
        for _unused in range(answers):
            name, at = _name(message, at)
            number, group, unused, length = struct.unpack_from(">HHIH", message, at)
            at += 10
            if at + length > len(message):
                raise IndexError
            if group == _IN:
                records.append((name, number, _value(message, at, length, number)))
            at += length
        return flags & 0x0F, records
    except (IndexError, ValueError, struct.error):
        raise DnsError("its answer is malformed")


def _value(message, at, length, number):
    if number == _CNAME:
        return _name(message, at)[0]
    if number == 1 or number == 28:
        if length != (4 if number == 1 else 16):
            raise ValueError
        return str(ipaddress.ip_address(message[at : at + length]))
    return ""


def _name(message, at):
    """A name and where it ends. A pointer may only lead to before the part it stands in, so no circle is possible."""
    labels, end, start = [], None, at
    while True:
        length = message[at]
        if length >= 0xC0:
            target = (length & 0x3F) << 8 | message[at + 1]
            end = end or at + 2
            if target >= start:
                raise ValueError
            at = start = target
        elif length >= 0x40:
            raise ValueError
        elif length:
            label = message[at + 1 : at + 1 + length]
            if len(label) < length:
                raise IndexError
            labels.append(label.decode("latin-1"))
            at += 1 + length
        else:
            return ".".join(labels).lower(), end or at + 1


def _records(answer, number):
    rcode, records = answer
    if rcode not in (0, 3):
        raise DnsError(f"it answers {_WORDS.get(rcode, f'code {rcode}')}")
    aliases, addresses = {}, {}
    for name, kind, value in records:
        if kind == _CNAME:
            aliases[name] = value
        elif kind == number and value not in addresses.setdefault(name, []):
            addresses[name].append(value)
    return aliases, addresses, rcode == 3
