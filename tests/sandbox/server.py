# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Threaded servers on 127.0.0.1: one for a WSGI app, one that catches calls on their way out and ends those for hosts that are here."""
from __future__ import annotations

import os
import select
import socket
import socketserver
import struct
import threading
import time

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from .core import Broken

HOST = "127.0.0.1"
LONGEST_SILENCE = 120  # seconds, real: a client without a time-out shall not keep a thread for ever


class _Handler(WSGIRequestHandler):
    disable_nagle_algorithm = True

    def log_request(self, *_args, **_kwargs):
        """The sandbox has its own log."""

    def connection_dropped(self, error, environ=None):
        self.close_connection = True


class _AppServer(ThreadedWSGIServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request, client_address):
        """A client that goes away is no event."""


class Server:
    """serve(): in a thread; url; stop()."""

    def __init__(self, app, port=0):
        self._server = _AppServer(HOST, port, _breakable(app), handler=_Handler)
        self.port = self._server.socket.getsockname()[1]
        self.url = f"http://{HOST}:{self.port}"

    def serve(self):
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
        return self

    def stop(self):
        self._server.shutdown()
        self._server.server_close()


def _breakable(app):
    def run(environ, start_response):
        try:
            return app(environ, start_response)
        except Broken as broken:
            break_off(environ["werkzeug.socket"], broken.kind)
            raise ConnectionAbortedError(broken.kind) from None
    return run


def break_off(connection, kind):
    """End a connection as a fault of the switchboard wants it."""
    if kind in ("timeout", "hang"):
        _hang(connection)
    if kind == "reset":
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4096\r\n\r\n{")
    if kind in ("reset", "lost"):
        # Closing with a linger time of 0 sends RST. The descriptor itself is closed: the server would say FIN first.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(connection.detach())


def _hang(connection):
    until = time.monotonic() + LONGEST_SILENCE
    while time.monotonic() < until:
        if select.select([connection], [], [], 1)[0]:
            try:
                if not connection.recv(65536):
                    return
            except OSError:
                return


class EscapeServer(socketserver.ThreadingTCPServer):
    """The proxy of every program in the sandbox's environment. What is for a host that is simulated here goes there
    (`inside`: .hosts, .serve(connection, address, host)); the rest is refused, and the log tells who tried to leave.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(self, log, port=0, inside=None):
        self._log = log
        self.inside = inside
        super().__init__((HOST, port), _Escape)
        self.port = self.socket.getsockname()[1]
        self.url = f"http://{HOST}:{self.port}"

    def escaped(self, line):
        self._log.add("escaped", line, False, "escaped")

    def handle_error(self, request, client_address):
        """A client that goes away is no event."""

    def serve(self):
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
        return self

    def stop(self):
        self.shutdown()
        self.server_close()


class _Escape(socketserver.StreamRequestHandler):
    server: EscapeServer
    timeout = 10
    # Unbuffered: what follows the head of a CONNECT is the tunnel's.
    rbufsize = 0
    disable_nagle_algorithm = True

    def handle(self):
        line = self.rfile.readline(4096).decode("latin-1").strip()
        if not line:
            # Nothing was asked for: the threads that google-auth starts may end with their program right after connecting.
            return
        verb, _blank, target = line.partition(" ")
        host, _colon, port = target.partition(" ")[0].rpartition(":")
        if self.server.inside and verb == "CONNECT" and port == "443" and host.lower() in self.server.inside.hosts:
            self._tunnel(host.lower())
            return
        # Without the version, and without what a query may hold.
        self.server.escaped(" ".join(line.split()[:2]).partition("?")[0])
        while self.rfile.readline(65536).strip():
            pass
        text = b"The sandbox lets no call leave this machine.\n"
        self.wfile.write(b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nConnection: close\r\n"
                         b"Content-Length: " + str(len(text)).encode() + b"\r\n\r\n" + text)

    def _tunnel(self, host):
        while self.rfile.readline(65536).strip():
            pass
        self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        self.server.inside.serve(self.connection, self.client_address, host)
