# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP as a cluster answers it: 400 without a key, as the guide says, a refusal for a wrong one, and the list of collections."""
from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler
from typing import Any

COLLECTIONS = ["documents", "images"]
PATH = "/v2/vectordb/collections/list"


class Handler(BaseHTTPRequestHandler):
    """One connection, served by its constructor. fault: one of faults.ANSWERS, or None."""

    protocol_version = "HTTP/1.1"
    server_version, sys_version = "sandbox", ""
    timeout = 30
    disable_nagle_algorithm = True
    _headers_buffer: list

    def __init__(self, connection, tokens, fault, refusal):
        self.tokens, self.fault, self.refusal = tokens, fault, refusal
        no_server: Any = None
        super().__init__(connection, ("127.0.0.1", 0), no_server)

    def log_message(self, *_args):
        """A probe is no call of the control planes: it is in no log."""

    def _answer(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        key = self.headers.get("Authorization", "")
        if self.fault == "cluster_down":
            self._say(503, "no healthy upstream", kind="text/plain")
        elif not key:
            self._say(400, {"code": 400, "message": "Bad Request"})
        elif key.partition(" ")[2].strip() not in self.tokens or not key.startswith("Bearer "):
            self._say(*((401, {"code": 401, "message": "Unauthorized"}) if self.refusal == "http" else
                        (200, {"code": 80001, "message": "The token is illegal, please check it."})))
        elif self.path != PATH or self.command != "POST":
            self._say(404, {"code": 404, "message": "Not Found"})
        elif self.fault == "call_fails":
            self._say(200, {"code": 1100, "message": "database not found[database=default]"})
        else:
            self._say(200, {"code": 0, "data": COLLECTIONS})

    def _say(self, status, body, kind="application/json"):
        data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in (("Content-Type", kind), ("Content-Length", str(len(data)))):
            self.send_header(name, value)
        self._headers_buffer.append(b"\r\n" + (b"" if self.command == "HEAD" else data))
        self.flush_headers()

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _answer
