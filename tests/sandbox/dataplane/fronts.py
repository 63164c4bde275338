# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sockets: one for each (address, port) that a client can reach at this moment, or that lets it hang."""
from __future__ import annotations

import contextlib
import select
import socket
import ssl
import struct
import threading
import time
import traceback

from .hello import peek
from .http import Handler

PATIENCE = 30   # seconds, real: for a client that says nothing
SILENCE = 120   # seconds, real: for one that shall hear nothing
STEP = 0.1


class Fronts:
    """wanted() -> {(address, port): "open" or "hangs"}; decide(address, port, host) -> Decision. The lock is the world's."""

    def __init__(self, lock, wanted, decide):
        self.lock, self.wanted, self.decide = lock, wanted, decide
        self.present = {}
        self.unbound = {}
        self.connections = set()
        self.thread = None

    def start(self):
        with self.lock:
            self.sync()
            if self.thread is None:
                self.thread = threading.Thread(target=self._run, daemon=True)
                self.thread.start()

    def stop(self):
        """Waits for nothing: the thread may itself wait for who stops it."""
        with self.lock:
            self.thread = None
            self._apply({})

    def sync(self):
        with self.lock:
            self._apply(self.wanted())

    def _apply(self, wanted):
        for place, one in list(self.present.items()):
            if wanted.get(place) != one.mode:
                self.present.pop(place).close()
        self.unbound = {}
        for place, mode in wanted.items():
            if place not in self.present:
                try:
                    self.present[place] = Front(place[0], place[1], mode)
                except OSError as error:
                    self.unbound[place] = str(error)

    def _run(self):
        while self.thread is threading.current_thread():
            with self.lock:
                if self.thread is not threading.current_thread():
                    return
                try:
                    self.sync()
                except Exception:  # a fault of ours is seen in the sandbox's own output, and the rest goes on
                    traceback.print_exc()
                fronts = {one.socket: one for one in self.present.values() if one.mode == "open"}
            try:
                ready = select.select(list(fronts), [], [], STEP)[0]
            except (OSError, ValueError):
                # One of them was closed meanwhile.
                continue
            for one in ready:
                try:
                    connection, _address = one.accept()
                except OSError:
                    continue
                threading.Thread(target=self._serve, args=(fronts[one], connection), daemon=True).start()

    def _serve(self, front, connection):
        with connection:
            try:
                heard = peek(connection, PATIENCE)
                if heard is None:
                    return
                tls, host = heard
                decision = self.decide(front.address, front.port, host)
                if decision.kind == "close":
                    # What was not read would make a reset of it.
                    connection.recv(65536)
                elif decision.kind == "reset":
                    # Closing with a linger time of 0 sends RST.
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                elif decision.kind == "mute":
                    _silence(connection)
                elif decision.kind == "not_tls" or not tls:
                    _plain(connection)
                else:
                    _tls(connection, decision)
            except (OSError, ssl.SSLError):
                return


class Decision:
    """kind: reset, close, mute, not_tls or serve; the rest is for serve."""

    def __init__(self, kind, context=None, tokens=(), fault=None, refusal="http"):
        self.kind, self.context, self.tokens, self.fault, self.refusal = kind, context, tokens, fault, refusal


class Front:
    """A listening socket. One that hangs has its queue full, so that the kernel drops every further SYN."""

    def __init__(self, address, port, mode):
        self.address, self.port, self.mode = address, port, mode
        self.filler = None
        self.socket = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
        try:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self.socket.bind((address, port))
            self.socket.listen(64 if mode == "open" else 0)
            if mode == "hangs":
                self.filler = socket.create_connection((address, port), timeout=2)
        except OSError:
            self.socket.close()
            raise
        self.socket.setblocking(False)

    def close(self):
        """At once: a thread that waits for the socket would keep it listening until it looks again."""
        if self.filler is not None:
            self.filler.close()
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


def _silence(connection):
    """Hear and say nothing until the client goes."""
    until = time.monotonic() + SILENCE
    connection.settimeout(1)
    while time.monotonic() < until:
        try:
            if not connection.recv(65536):
                return
        except TimeoutError:
            continue


def _plain(connection):
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def _tls(connection, decision):
    connection.settimeout(PATIENCE)
    with decision.context.wrap_socket(connection, server_side=True) as tunnel:
        if decision.fault == "silent":
            _silence(tunnel)
        elif decision.fault == "odd_answer":
            tunnel.recv(65536)
            tunnel.sendall(b"220 relay ready\r\n")
        else:
            Handler(tunnel, decision.tokens, decision.fault, decision.refusal)
