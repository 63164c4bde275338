# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets that are easy to recognize, the search for them, and a server in front of the sandbox that tells them back."""
from __future__ import annotations

import base64
import contextlib
import html
import http.client
import json
import select
import ssl
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# Long, because Ansible masks a secret wherever its text occurs; and with what URLs, JSON, HTML and Python write differently.
KEY = "zc\"7Qw%2Fe+Kd=9\\Xr/4&u<Gm'T3hV8bNzpL5sJ1yRf0cAoE6iUxWqHvMkBtDgYn"
# The same for those places of a command, a URL or an answer that take no such characters.
PLAIN = "uV7mQ2zXr9LdKf4TtB8wNc3PjGh6SyEa1RoZi5HkWxMvJqYb0DnUsOlCgFpAeI"
AWS_SECRET = "aWs7Hq2Lm/9Zt+Bv4Rk8Xc3Nf6Yd1Pj5Gs0Te/Uo+Kw2Ib"
PROXY = "pRx5Kc8Vw2Jn7Bz4Hm9Qd3Tf6Lg1Ys0Xr5Ea8Uo2Iw7Pk4"
LENGTH = 12


def forms(secret):
    """How a text may write a secret, whoever it belongs to."""
    data = secret.encode()
    found = [secret, urllib.parse.quote(secret), urllib.parse.quote(secret, safe=""), urllib.parse.quote_plus(secret),
             json.dumps(secret)[1:-1], json.dumps(json.dumps(secret)[1:-1])[1:-1], repr(secret)[1:-1], html.escape(secret), data.hex()]
    for before in (b"", b"x", b"xx"):
        # What stands before and after it changes the first and the last characters only.
        for encoded in (base64.b64encode(before + data), base64.urlsafe_b64encode(before + data)):
            found.append(encoded.decode().rstrip("=")[4 if before else 0:-2])
    return list(dict.fromkeys(found))


def pieces(*secrets):
    """Every piece that is long enough to be of use to somebody -> the beginning of the form that it is from."""
    return {form[n:n + LENGTH]: form[:6] for secret in secrets for form in forms(secret) for n in range(len(form) - LENGTH + 1)}


def told(secret):
    """What a careless server says: the secret in all its forms, and in halves."""
    half = len(secret) // 2
    return " and ".join([*forms(secret), f"{secret[:half]}...", f"...{secret[half:]}"])


class Search:
    """Looks for pieces of secrets. `known`: files that hold them because the test has put them there."""

    def __init__(self, *secrets, known=()):
        self.pieces = pieces(*secrets)
        self.known = {str(path) for path in known}

    def text(self, text, where="the output"):
        """Where it is and what stands around it: the test's own report shall say which line is guilty."""
        hits = (n for n in range(len(text) - LENGTH + 1) if text[n:n + LENGTH] in self.pieces)
        first = next(hits, None)
        return [] if first is None else [f"{where}: {text[max(0, first - 300):first + 100]!r}"]

    def folder(self, folder):
        return [hit for path in sorted(folder.rglob("*")) if path.is_file() and str(path) not in self.known
                for hit in self.text(f"{path} {path.read_bytes().decode('latin-1')}", path)]


class Listener:
    """A server on loopback in a thread; `seen`: the requests, `connections`: how many came."""

    def __init__(self):
        self.seen, self.connections = [], 0
        listener = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 10

            def handle(self):
                listener.connections += 1
                with contextlib.suppress(OSError):
                    super().handle()

            def log_message(self, *_args):
                """Nothing is written anywhere."""

            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                listener.seen.append((self.command, self.path, dict(self.headers), body))
                listener.answer(self, body)

            do_GET = do_POST = do_PATCH = do_DELETE = do_CONNECT = answer

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def answer(self, handler, body):
        send(handler, 200, b"{}", {})

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_error):
        self.server.shutdown()
        self.server.server_close()


class Front(Listener):
    """Stands before the sandbox's Zilliz Cloud, takes the canary for its key, and answers in the way that the first part of the path names."""

    def __init__(self, behind, real, elsewhere, *keys):
        super().__init__()
        self.behind, self.true, self.elsewhere, self.keys = urllib.parse.urlsplit(behind).netloc, real, elsewhere, keys

    def way(self, name):
        """The host_address for a way to be answered."""
        return f"{self.url}/{name}"

    def answer(self, handler, body):
        way, _slash, path = handler.path.lstrip("/").partition("/")
        kind, _dash, status = way.partition("-")
        say = getattr(self, kind, None)
        if handler.command == "CONNECT" or say is None:
            send(handler, 407, b"", {"Proxy-Authenticate": "Basic"})
        else:
            key = handler.headers.get("Authorization", "").partition(" ")[2]
            say(handler, path, body, int(status or 200), key)

    def ok(self, handler, path, body, status, key, note=None):
        """What the sandbox answers to its own key."""
        headers = {name: value for name, value in handler.headers.items() if name.lower() in ("accept", "content-type", "user-agent")}
        headers["Authorization"] = f"Bearer {self.true if key in self.keys else key}"
        connection = http.client.HTTPConnection(self.behind, timeout=60)
        connection.request(handler.command, f"/{path}", body, headers)
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        send(handler, answer.status, data if note is None else _noted(data, note), {"Content-Type": "application/json"})

    def real(self, handler, path, body, status, key):
        """What the sandbox says to this key itself, which it does not know."""
        self.ok(handler, path, body, status, f"not-{key}")

    def echo(self, handler, path, body, status, key):
        """A good answer with the key in every object."""
        self.ok(handler, path, body, status, key, note=told(key))

    def json(self, handler, path, body, status, key):
        """Refused in JSON; with the status 200 as a business error."""
        text = told(key)
        answer = {"code": f"{key} 80015", "message": f"Authorization: Bearer {text} is not accepted", "requestId": text, "data": {"key": text}}
        send(handler, status, json.dumps(answer).encode(), {"Content-Type": "application/json", **self._headers(path, key)}, f"Refused {key}")

    def page(self, handler, path, body, status, key):
        page = f"<html><title>{html.escape(key)}</title><body>{told(key)}</body></html>"
        send(handler, status, page.encode(), {"Content-Type": "text/html", **self._headers(path, key)}, f"Refused {key}")

    def hang(self, handler, path, body, status, key):
        """Silent for as long as the other side waits."""
        select.select([handler.connection], [], [], 30)
        handler.close_connection = True

    def drop(self, handler, path, body, status, key):
        handler.close_connection = True

    def _headers(self, path, key):
        return {"Location": f"{self.elsewhere}/{path}?key={urllib.parse.quote(key)}", "WWW-Authenticate": f"Bearer realm={key}", "requestid": told(key),
                "X-Request-Id": key, "Retry-After": "0"}


class Cluster(Listener):
    """A cluster that tells the token of those who call it."""

    def __init__(self, authority):
        super().__init__()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(context)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)

    def answer(self, handler, body):
        token = handler.headers.get("Authorization", "").partition(" ")[2]
        say = {"code": 1100, "message": f"broken for {told(token)}"} if token else {"code": 0}
        send(handler, 200, json.dumps(say).encode(), {"Content-Type": "application/json"})


def send(handler, status, body, headers, reason=None):
    handler.send_response(status, reason)
    for name, value in {**headers, "Content-Length": str(len(body))}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def _noted(data, note):
    """The answer with a field more in each of its objects, as the API may have one tomorrow."""
    def noted(value):
        if isinstance(value, list):
            return [noted(one) for one in value]
        if isinstance(value, dict):
            return {**{name: noted(one) for name, one in value.items()}, "note": note}
        return value

    answer = json.loads(data)
    return json.dumps({**answer, "data": noted(answer.get("data"))}).encode()
