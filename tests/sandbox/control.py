# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control API at $SANDBOX_URL. Every answer is JSON; a bad request gets {"error": one sentence} and 400."""
from __future__ import annotations

import json
import math

from werkzeug.wrappers import Request, Response

from .core import BadRequest

PATHS = {
    "/": "this list",
    "/log": "GET [?since=N]: every call, oldest first",
    "/state": "GET [?residue=1]: what customers can create and remove",
    "/scenario": "GET: the content of scenario.json, as it is after the last reset",
    "/reset": "POST [{clusters, switches, speed}]: everything back to the start",
    "/fault": "GET: the faults set; POST {match, kind, times}: one more; DELETE: none",
    "/gate": "GET: the call that is held; POST {nth, operation}: that mutating call, counted from now, waits; DELETE: it goes on",
    "/drift": "GET: the kinds; POST {kind, ...}: something that others did",
    "/clock": "GET: now and speed; POST {speed} or {advance}",
    "/dataplane": "GET: what is there to be met behind the endpoints, with the switch loopback",
    "/switch": "GET: the open questions and today's answers; POST {name: value}",
}


class Control:
    def __init__(self, world, scenario, after_reset=None):
        """scenario(): the content of scenario.json; after_reset(): called after each reset."""
        self.world = world
        self.scenario = scenario
        self.after_reset = after_reset or (lambda: None)

    def app(self, environ, start_response):
        request = Request(environ)
        try:
            status, answer = self._answer(request)
        except BadRequest as error:
            status, answer = 400, {"error": str(error)}
        except Exception as error:  # whatever it is, the programs that use this get a sentence
            status, answer = 500, {"error": f"The sandbox failed: {type(error).__name__}: {error}."}
        text = json.dumps(answer, indent=1 if request.args.get("pretty") else None) + "\n"
        return Response(text, status=status, content_type="application/json")(environ, start_response)

    def _answer(self, request):
        path = "/" + request.path.strip("/")
        if path not in PATHS:
            return 404, {"error": f"There is no {path}; there are {', '.join(PATHS)}."}
        method = "GET" if request.method == "HEAD" else request.method
        name = f"{method.lower()}_{path[1:] or 'list'}"
        handler = getattr(self, name, None)
        if handler is None:
            return 405, {"error": f"{path} takes no {method}: {PATHS[path]}."}
        if method == "GET":
            return 200, handler(request.args)
        answer = handler(_body(request))
        if self.world.dataplane:
            self.world.dataplane.sync()
        return 200, answer

    def get_list(self, _query):
        return PATHS

    def get_log(self, query):
        since = query.get("since", "0")
        if not since.isdigit():
            raise BadRequest(f"since is the number of a log entry, not {since!r}.")
        return self.world.log.since(int(since))

    def get_state(self, query):
        residue = query.get("residue", "0")
        if residue not in ("0", "1"):
            raise BadRequest(f"residue is 0 or 1, not {residue!r}.")
        return self.world.state(residue=residue == "1")

    def get_scenario(self, _query):
        return self.scenario()

    def post_reset(self, body):
        _only(body, "clusters", "switches", "speed")
        clusters, speed = body.get("clusters"), body.get("speed")
        if clusters is not None and (isinstance(clusters, bool) or not isinstance(clusters, int)
                                     or not 0 <= clusters <= 1000):
            raise BadRequest(f"clusters is a whole number from 0 to 1000, not {clusters!r}.")
        if speed is not None:
            _number("speed", speed)
        self.world.reset(clusters=clusters, switches=body.get("switches"), speed=speed)
        self.after_reset()
        return {"ok": True}

    def get_fault(self, _query):
        return self.world.faults.list()

    def post_fault(self, body):
        _only(body, "match", "kind", "times")
        return self.world.faults.add(body.get("match", {}), body.get("kind"), body.get("times", 1))

    def delete_fault(self, _body):
        self.world.faults.clear()
        return {"ok": True}

    def get_gate(self, _query):
        return {"held": self.world.gate.held}

    def post_gate(self, body):
        _only(body, "nth", "operation")
        nth = body.get("nth", 1)
        if isinstance(nth, bool) or not isinstance(nth, int) or nth < 1:
            raise BadRequest(f"nth is a whole number from 1 on, not {nth!r}.")
        self.world.gate.close(nth, body.get("operation"))
        return {"ok": True}

    def delete_gate(self, _body):
        self.world.gate.open()
        return {"ok": True}

    def get_drift(self, _query):
        return self.world.drift_kinds()

    def post_drift(self, body):
        args = dict(body)
        kind = args.pop("kind", None)
        if not isinstance(kind, str):
            raise BadRequest("A drift has a 'kind', a text.")
        return self.world.drift(kind, **args) or {"ok": True}

    def get_clock(self, _query):
        return {"now": self.world.clock.now(), "speed": self.world.clock.speed}

    def post_clock(self, body):
        _only(body, "speed", "advance")
        if not body:
            raise BadRequest("The clock takes speed or advance.")
        for name, value in body.items():
            _number(name, value)
        if "speed" in body:
            self.world.clock.set_speed(body["speed"])
        if "advance" in body:
            self.world.clock.advance(body["advance"])
        self.world.tick()
        return self.get_clock(None)

    def get_dataplane(self, _query):
        return self.world.dataplane.state() if self.world.dataplane else {}

    def get_switch(self, _query):
        return {name: {"value": self.world.switches[name], "default": default, "why": why}
                for name, (default, why) in sorted(self.world.known_switches().items())}

    def post_switch(self, body):
        self.world.switch(body)
        return dict(self.world.switches)


def _body(request):
    raw = request.get_data()
    if not raw.strip():
        return {}
    try:
        body = json.loads(raw)
    except ValueError as error:
        raise BadRequest(f"The body is not JSON: {error}.") from None
    if not isinstance(body, dict):
        raise BadRequest("The body is a JSON object.")
    return body


def _only(body, *names):
    unknown = sorted(set(body) - set(names))
    if unknown:
        raise BadRequest(f"Only {', '.join(names)} can be given here, not {', '.join(unknown)}.")


def _number(name, value):
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value) or value < 0:
        raise BadRequest(f"{name} is a number from 0 on, not {value!r}.")
