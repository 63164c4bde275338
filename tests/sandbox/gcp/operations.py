# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compute's operations: a change is accepted now and happens later, or fails later, or hangs."""
from __future__ import annotations

import re
from datetime import datetime, timezone

from . import names
from .lists import listed
from .protocol import GoogleError

WORDS = {"setLabels": "setLabels", "setTarget": "SetTarget"}


class Operations:
    def __init__(self, gcp):
        self.gcp = gcp
        self.all = {}
        self._requests = {}
        self._numbers = 0
        self.operations = {f"compute.{kind}.{verb}": handler for kind in ("regionOperations", "globalOperations")
                           for verb, handler in (("get", self.get), ("wait", self.wait), ("list", self.list))}

    def reset(self):
        self.all, self._requests, self._numbers = {}, {}, 0

    def number(self):
        """Ids as Google gives them: decimal, long, and text in JSON."""
        self._numbers += 1
        return str(4611686018427387904 + self._numbers * 7919 * 104729)

    def time(self):
        return datetime.fromtimestamp(self.gcp.world.clock.now(), timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def repeated(self, call):
        """The operation of an earlier request with the same requestId: the API does nothing twice then."""
        if "requestId" not in call.query:
            return None
        if not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", call.query["requestId"].lower()):
            raise GoogleError(400, "invalid", f"Invalid value for field 'requestId': '{call.query['requestId']}'. Must be a valid UUID.")
        return self._requests.get((call.operation, call.path, call.query["requestId"]))

    def start(self, call, target, target_id, finish, undo=None):
        """The operation that will run finish(), which may raise GoogleError; if it fails, undo() is run."""
        scope = call.params.get("region", "global")
        name = f"operation-{int(self.gcp.world.clock.now() * 1000)}-{self._numbers:013x}-{call.number:08x}"
        operation = {
            "kind": "compute#operation", "id": self.number(), "name": name, "status": "RUNNING", "progress": 0, "user": call.account,
            "operationType": _word(call.operation), "targetLink": target, "targetId": target_id, "insertTime": self.time(), "startTime": self.time(),
            "selfLink": names.url(call.project, scope, "operations", name)}
        if scope != "global":
            operation["region"] = names.region_url(call.project, scope)
        self.all[call.project, scope, name] = operation
        if "requestId" in call.query:
            self._requests[call.operation, call.path, call.query["requestId"]] = operation
        seconds = self.gcp.switch("gcp_operation_seconds")
        # Whatever others change is done at once.
        if call.quiet or not seconds:
            self._end(call, operation, finish, undo)
        elif call.operation not in self.gcp.switch("gcp_hang_operations"):
            self.gcp.world.later(seconds, lambda: self._end(call, operation, finish, undo))
        return operation

    def _end(self, call, operation, finish, undo):
        fails = {} if call.quiet else self.gcp.switch("gcp_fail_operations")
        try:
            if call.operation in fails:
                raise _told(fails[call.operation])
            finish()
        except GoogleError as error:
            if undo:
                undo()
            operation.update(error={"errors": [{"code": error.reason, "message": error.message}]}, httpErrorStatusCode=error.http,
                             httpErrorMessage={400: "BAD REQUEST", 403: "FORBIDDEN", 404: "NOT FOUND", 409: "CONFLICT"}.get(error.http, "ERROR"))
        operation.update(status="DONE", progress=100, endTime=self.time())

    def get(self, call):
        key = call.project, call.params.get("region", "global"), call.params["operation"]
        if key not in self.all:
            raise GoogleError(404, "notFound", f"The resource '{names.path(key[0], key[1], 'operations', key[2])}' was not found")
        return self.all[key]

    def wait(self, call):
        """It may answer before the operation is done, so it does."""
        return self.get(call)

    def list(self, call):
        scope = call.params.get("region", "global")
        return listed(call, "operation", [one for (project, where, _name), one in self.all.items() if (project, where) == (call.project, scope)],
                      self.gcp.switch("gcp_page_size"))


def _word(operation):
    verb = operation.rpartition(".")[2]
    return WORDS.get(verb, verb)


def _told(error):
    """A switch names the error by its code alone, or by code and message."""
    if isinstance(error, str):
        error = {"code": error}
    return GoogleError(int(error.get("http", 400)), error["code"], error.get("message", "The operation could not be completed."))
