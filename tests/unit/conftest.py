# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sandbox's Zilliz Cloud in this process, a scripted server for odd answers, and a way to run a module."""

from __future__ import annotations

import contextlib
import http.server
import importlib
import json
import pathlib
import socket
import sys
import threading
import time

import hypothesis
import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

# A loaded machine is no failure of the code.
hypothesis.settings.register_profile("units", deadline=None, max_examples=100)
hypothesis.settings.load_profile("units")

KEY = "8f3b1c6de94a7052b1f0c8d2a6e37f59104bc2d8e6a97f30d5c41b82e09f6a73c5d18b04"


@pytest.fixture(autouse=True)
def no_settings_of_the_caller(monkeypatch):
    for name in ("ZILLIZCLOUD_API_KEY", "ZILLIZ_API_KEY", "ZILLIZCLOUD_HOST_ADDRESS"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


# --- the sandbox's Zilliz Cloud ---


class Endpoints:
    """What Zilliz asks the AWS side: which endpoints are there."""

    SERVICE = "com.amazonaws.vpce.us-west-2.vpce-svc-0b62964bfd0edfb74"

    def __init__(self):
        self.endpoints = {}

    def reset(self, scenario):
        self.endpoints = {}

    def state(self, residue=False):
        return {}

    def add(self, endpoint_id, service=SERVICE):
        self.endpoints[endpoint_id] = {"service_name": service, "state": "pendingAcceptance", "vpc_id": "vpc-1"}
        return endpoint_id

    def find_endpoint(self, endpoint_id):
        return self.endpoints.get(endpoint_id)

    def accept(self, endpoint_id):
        self.endpoints[endpoint_id]["state"] = "available"

    def reject(self, endpoint_id):
        self.endpoints[endpoint_id]["state"] = "rejected"


class Quiet(WSGIRequestHandler):
    def log(self, type, message, *args):  # pylint: disable=redefined-builtin
        pass


class Zilliz:
    """The sandbox served on loopback."""

    def __init__(self, world, broken):
        self.world, self._broken = world, broken
        self.aws = world.aws
        self.server = make_server("127.0.0.1", 0, self.app, threaded=True, request_handler=Quiet)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def app(self, environ, start_response):
        try:
            return self.world.zilliz.app(environ, start_response)
        except self._broken as broken:
            if broken.kind == "timeout":
                threading.Event().wait(3)
            with contextlib.suppress(OSError):
                environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            return []

    def calls(self, mutating=None):
        return [
            entry["operation"] for entry in self.world.log.since(0) if mutating is None or entry["mutating"] == mutating
        ]

    def switch(self, **values):
        self.world.switch(values)

    def fault(self, kind, times=1, **match):
        self.world.faults.add(match, kind, times)


@pytest.fixture
def zilliz():
    from sandbox.core import Broken, World

    # 600 virtual seconds a second: a registration is accepted in 0.05 s, its links are there in 0.6 s.
    served = Zilliz(World(aws=Endpoints(), speed=600), Broken)
    with serving(served.server):
        yield served


@contextlib.contextmanager
def serving(server):
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


# --- odd answers ---


class Odd:
    """A server that answers what a test tells it: a list of answers, or a function of the request."""

    def __init__(self, tls=None):
        self.requests, self.answers = [], []
        odd = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                length = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(length)) if length else None
                request = {"method": self.command, "path": self.path, "headers": self.headers, "body": body}
                odd.requests.append(request)
                odd.reply(self, odd.answers(request) if callable(odd.answers) else odd.answers.pop(0))

            do_GET = do_POST = do_DELETE = handle_any

            def log_message(self, format, *args):  # pylint: disable=redefined-builtin
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        if tls:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.url = f"http{'s' if tls else ''}://localhost:{self.server.server_port}"

    @staticmethod
    def reply(handler, answer):
        """An answer is (status, body[, headers]); data alone is a success; 'reset' and 'hang' are no answers."""
        handler.close_connection = True
        if answer == "hang":
            threading.Event().wait(2)
        if answer in ("hang", "reset"):
            with contextlib.suppress(OSError):
                handler.connection.shutdown(socket.SHUT_RDWR)
            return
        status, body, headers = (*answer, {})[:3] if isinstance(answer, tuple) else (200, {"code": 0, "data": answer}, {})
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(raw)), "Connection": "close", **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(raw)


@pytest.fixture
def odd():
    server = Odd()
    with serving(server.server):
        yield server


@pytest.fixture
def odd_tls():
    import ssl

    import trustme

    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    server = Odd(tls=context)
    server.authority = authority
    with serving(server.server):
        yield server


class Time:
    """A clock that only sleeping moves."""

    def __init__(self):
        self.now, self.sleeps = 0.0, []

    def clock(self):
        return self.now

    def sleep(self, seconds):
        self.sleeps.append(seconds)
        self.now += seconds


@pytest.fixture
def slept():
    return Time()


# --- modules ---


@pytest.fixture
def run(zilliz, capsys, monkeypatch):
    """Runs a module as Ansible does: JSON in, JSON out."""
    from ansible.module_utils import _internal
    from ansible.module_utils.common import warnings
    from ansible.module_utils.testing import patch_module_args

    # A test that loads a plugin makes this process a controller, where modules show warnings instead of returning them.
    monkeypatch.setattr(_internal, "is_controller", False)
    # The sandbox's clock is fast already; whole seconds between two looks would only make the tests slow.
    slow = time.sleep
    monkeypatch.setattr(time, "sleep", lambda seconds: slow(seconds / 5))

    def run_module(name, check_mode=False, **params):
        module = importlib.import_module(f"ansible_collections.zilliz.cloud.plugins.modules.{name}")
        args = {"api_key": KEY, "host_address": zilliz.url, "_ansible_check_mode": check_mode, "_ansible_diff": True}
        args.update(params)
        args = {name: value for name, value in args.items() if value is not None}
        capsys.readouterr()
        # Each task has a process of its own; here the warnings of the last one would come again.
        warnings._global_warnings.clear()
        with patch_module_args(args), pytest.raises(SystemExit):
            module.main()
        text = capsys.readouterr().out
        assert KEY not in text
        return json.loads(text)

    return run_module
