# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An HTTP request read into a Call, and an answer or an error written as Google writes it."""
from __future__ import annotations

import itertools
import json
from urllib.parse import parse_qsl

_numbers = itertools.count(1)


class GoogleError(Exception):
    """The one way in which a call fails. `status` and `details` only where Google's newer error form has them."""

    def __init__(self, http, reason, message, status=None, domain="global", details=None, **more):
        super().__init__(f"{http} {reason}: {message}")
        self.http = http
        self.reason = reason
        self.message = message
        self.status = status
        self.domain = domain
        self.details = details
        self.more = more

    def body(self):
        error = {"code": self.http, "message": self.message,
                 "errors": [dict({"message": self.message, "domain": self.domain, "reason": self.reason}, **self.more)]}
        if self.status:
            error["status"] = self.status
        if self.details:
            error["details"] = self.details
        return {"error": error}


class Call:
    """One API call: who asks for what, where.

    method   what the discovery document says of it (discovery.Method), None for a path it does not know
    params   the path's parameters ({"project": ..., "managedZone": ...}); query: {name: text}, a list where given several times
    body     the JSON object of the request, {} without one
    account  the e-mail address of whoever holds the token
    quiet    a change by others: no log, no role, nothing that takes time
    needs    the permissions that it takes, as permissions.needs() gives them
    """

    def __init__(self, verb, host, path, query=None, body=None, headers=None):
        self.verb = verb
        self.host = host
        self.path = path
        self.query = query or {}
        self.body = body or {}
        self.headers = headers or {}
        self.method = None
        self.params = {}
        self.account = None
        self.number = next(_numbers)
        self.quiet = False
        self.needs = []
        self.raw = b""

    @property
    def operation(self):
        return self.method.id if self.method else "unknown"

    @property
    def mutating(self):
        return bool(self.method and self.method.mutating)

    @property
    def project(self):
        return self.params.get("project")

    def ids(self):
        """How the things that a request names are called in the log."""
        found = {"project": self.project, "account": self.account, "region": self.params.get("region"),
                 "zone": self.params.get("managedZone")}
        names = [value for key, value in self.params.items() if key not in ("project", "region", "managedZone")]
        found["name"] = names[-1] if names else self.body.get("name") if isinstance(self.body.get("name"), str) else None
        if self.operation.startswith("dns.managedZones."):
            found["zone"] = found["name"] = found["zone"] or found["name"]
        if self.operation == "dns.changes.create":
            changes = [(word, one) for word, key in (("DELETE", "deletions"), ("CREATE", "additions")) for one in self.body.get(key) or []]
            found["record_name"] = [one.get("name") for _word, one in changes]
            found["changes"] = [f"{word} {one.get('name')} {one.get('type')}" for word, one in changes]
        return {key: value for key, value in found.items() if value is not None}


def read(environ):
    """The Call of a request; a body that is no JSON object stays in `body` as it is, for the validation to refuse."""
    host = environ.get("HTTP_HOST", "").partition(":")[0].lower()
    query = {}
    for name, value in parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True):
        query[name] = value if name not in query else [*(query[name] if isinstance(query[name], list) else [query[name]]), value]
    headers = {key[5:].replace("_", "-").lower(): value for key, value in environ.items() if key.startswith("HTTP_")}
    headers["content-type"] = environ.get("CONTENT_TYPE", "")
    # As it was sent: a percent sign may stand for a slash in a name.
    path = (environ.get("REQUEST_URI") or environ.get("PATH_INFO", "")).partition("?")[0]
    call = Call(environ["REQUEST_METHOD"], host, path, query, headers=headers)
    call.raw = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    return call


def parse(call):
    """The body, once it is known that somebody wants it."""
    if not call.raw.strip():
        return
    try:
        call.body = json.loads(call.raw)
    except ValueError:
        call.body = {}
        raise GoogleError(400, "parseError", "Parse Error", status="INVALID_ARGUMENT") from None
    if not isinstance(call.body, dict):
        call.body = {}
        raise GoogleError(400, "badRequest", 'Invalid JSON payload received. Unknown name "": Root element must be a message.',
                          status="INVALID_ARGUMENT")
