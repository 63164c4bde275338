# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The first bytes of a TLS connection, read without taking them: which host is meant."""
from __future__ import annotations

import socket
import time

HANDSHAKE, CLIENT_HELLO, SERVER_NAME = 22, 1, 0
LONGEST = 16384


def peek(connection, seconds):
    """(whether it is TLS, the host or ""); None when the client said nothing, or went."""
    until = time.monotonic() + seconds
    connection.settimeout(seconds)
    while time.monotonic() < until:
        data = connection.recv(LONGEST, socket.MSG_PEEK)
        if not data:
            return None
        if data[0] != HANDSHAKE:
            return False, ""
        if len(data) >= 5 and len(data) >= min(5 + int.from_bytes(data[3:5], "big"), LONGEST):
            return True, _host(data[5:])
        # The rest is on its way.
        time.sleep(0.005)
    return None


def _host(hello):
    """The server name in a ClientHello."""
    try:
        at = 4 + 2 + 32
        at += 1 + hello[at]
        at += 2 + int.from_bytes(hello[at:at + 2], "big")
        at += 1 + hello[at]
        at += 2
        while at + 4 <= len(hello):
            kind, size = int.from_bytes(hello[at:at + 2], "big"), int.from_bytes(hello[at + 2:at + 4], "big")
            if kind == SERVER_NAME:
                length = int.from_bytes(hello[at + 7:at + 9], "big")
                return hello[at + 9:at + 9 + length].decode("ascii").lower().rstrip(".")
            at += 4 + size
    except (IndexError, UnicodeDecodeError):
        pass
    return ""
