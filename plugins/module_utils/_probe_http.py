# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HTTP as the probe of private links needs it: two requests, and answers read with a limit on time and size. No Ansible."""

from __future__ import annotations

import json
import re
import socket
import ssl
import time

from ansible_collections.zilliz.cloud.plugins.module_utils._probe_judge import NO_ANSWER, ODD_ANSWER

_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? (\d{3})(?:[ \r\n]|$)")
_MOST_BYTES = 1 << 20


class Fault(Exception):
    """A stage failed: the verdict, and what was seen."""

    def __init__(self, word, evidence):
        super().__init__(evidence)
        self.word = word
        self.evidence = evidence


class Reader:
    """An HTTP answer, read with a limit on time and size."""

    def __init__(self, sock, deadline, timeout):
        self.sock = sock
        self.deadline = deadline
        self.timeout = timeout
        self.data = b""
        self.total = 0

    def _more(self):
        try:
            self.sock.settimeout(left(self.deadline))
            more = self.sock.recv(65536)
        except socket.timeout:
            raise Fault(NO_ANSWER, f"no HTTP answer within {self.timeout:g} s")
        except OSError as error:
            raise Fault(NO_ANSWER, f"no HTTP answer: {why(error)}")
        if not more:
            raise Fault(NO_ANSWER, "the connection is closed without an HTTP answer")
        self.data += more
        self.total += len(more)
        if self.total > _MOST_BYTES:
            raise Fault(ODD_ANSWER, "an answer without end")

    def _line(self):
        while b"\n" not in self.data:
            self._more()
        line, unused, self.data = self.data.partition(b"\n")
        return line.rstrip(b"\r")

    def _take(self, size):
        while len(self.data) < size:
            self._more()
        taken, self.data = self.data[:size], self.data[size:]
        return taken

    def status(self):
        """The status of the answer; those on the way to it (1xx) are passed over."""
        while True:
            while len(self.data) < 5 and b"HTTP/".startswith(self.data):
                self._more()
            if not self.data.startswith(b"HTTP/"):
                raise Fault(ODD_ANSWER, f"no HTTP: it begins with {clean(self.data[:40].decode('latin-1'))!r}")
            line = self._line()
            found = _STATUS.match(line)
            if not found:
                raise Fault(ODD_ANSWER, f"no HTTP status: {clean(line[:40].decode('latin-1'))!r}")
            if int(found[1]) >= 200 or int(found[1]) == 101:
                return int(found[1])
            while self._line():
                pass

    def body(self):
        """The body, or as much of it as came."""
        taken = b""
        try:
            headers = {}
            for line in iter(self._line, b""):
                name, unused, value = line.partition(b":")
                headers[name.strip().lower()] = value.strip().lower()
            if headers.get(b"transfer-encoding", b"").endswith(b"chunked"):
                for size in iter(lambda: int(self._line().partition(b";")[0], 16), 0):
                    taken += self._take(size)
                    self._line()
            elif headers.get(b"content-length", b"").isdigit():
                taken = self._take(int(headers[b"content-length"]))
            else:
                while True:
                    self._more()
        except (Fault, ValueError):
            pass
        return taken or self.data


def get(link):
    """A request without a key."""
    return _request("GET / HTTP/1.1", link, "Accept: */*", "")


def call(link, token):
    """A request with a key, to the cheapest thing that needs one."""
    headers = f"Authorization: Bearer {token}\r\nAccept: application/json\r\nContent-Type: application/json\r\nContent-Length: 2"
    return _request("POST /v2/vectordb/collections/list HTTP/1.1", link, headers, "{}")


def _request(line, link, headers, body):
    host = f"[{link['host']}]" if ":" in link["host"] else link["host"]
    text = f"{line}\r\nHost: {host}:{link['port']}\r\nUser-Agent: zilliz.cloud-probe\r\n{headers}\r\nConnection: close\r\n\r\n{body}"
    return text.encode("utf-8")


def left(deadline):
    left = deadline - time.monotonic()
    if left <= 0:
        raise socket.timeout()
    return left


def why(error):
    """An error of the socket and ssl modules in plain words."""
    if isinstance(error, ssl.SSLError):
        return str(error.reason or "the other end closed the connection").replace("_", " ").lower()
    return getattr(error, "strerror", None) or "the other end closed the connection"


def clean(text):
    """What others wrote, fit to be shown."""
    return "".join(char if char.isprintable() else "?" for char in str(text))[:300]


def read_json(body):
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
