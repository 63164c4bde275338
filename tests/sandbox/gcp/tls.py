# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""TLS on Google's real host names: what the proxy ends for them instead of letting it out."""
from __future__ import annotations

import io
import ssl
from http.server import BaseHTTPRequestHandler
from typing import Any

import trustme

from ..core import Broken
from ..server import break_off


class Inside:
    """The hosts that are served here, and the certificate authority that says so."""

    def __init__(self, app, hosts):
        self.app = app
        self.hosts = frozenset(hosts)
        self.authority = trustme.CA(organization_name="sandbox")
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.authority.issue_cert(*sorted(hosts)).configure_cert(self.context)

    @property
    def authority_pem(self):
        return self.authority.cert_pem.bytes().decode()

    def serve(self, connection, address, host):
        """One tunnel to one of the hosts, until it is closed."""
        with self.context.wrap_socket(connection, server_side=True) as tunnel:
            _Handler(tunnel, address, self, host)


class _Handler(BaseHTTPRequestHandler):
    """HTTP/1.1 that stays open, as Google's does: clients keep their connections."""

    protocol_version = "HTTP/1.1"
    server_version, sys_version = "ESF", ""
    timeout = 30
    disable_nagle_algorithm = True
    _headers_buffer: list

    def __init__(self, tunnel, address, inside, host):
        self.app, self.host = inside.app, host
        no_server: Any = None
        super().__init__(tunnel, address, no_server)

    def log_message(self, *_args):
        """The sandbox has its own log."""

    def _answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path, _mark, query = self.path.partition("?")
        environ = {"REQUEST_METHOD": self.command, "PATH_INFO": path, "REQUEST_URI": path, "QUERY_STRING": query, "wsgi.input": io.BytesIO(body),
                   "CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": self.headers.get("Content-Type", ""), "wsgi.url_scheme": "https"}
        environ.update({f"HTTP_{name.upper().replace('-', '_')}": value for name, value in self.headers.items()})
        started = []
        try:
            answer = b"".join(self.app(environ, lambda status, headers: started.append((status, headers))))
        except Broken as broken:
            self.close_connection = True
            break_off(self.connection, broken.kind)
            return
        status, headers = started[0]
        code, _blank, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)
        # Head and body in one segment: apart, each call would wait for an acknowledgement.
        self._headers_buffer.append(b"\r\n" + answer)
        self.flush_headers()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer
