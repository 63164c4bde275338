# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all clouds of the sandbox share: one clock, one log, one switchboard for faults, one world.

A cloud is an object with:
    SWITCHES = {name: (default, sentence)}      optional; merged into world.switches
    app(environ, start_response)                WSGI
    reset(scenario)                             everything back to the start; ids as the scenario names them
    state(residue=False) -> dict                what a customer can create and remove, sorted, no times
    drift(kind, **args) -> dict                 BadRequest for an unknown kind or argument

The outcome of a log entry is "ok", an error code in the cloud's own words, or "fault:<kind>".
"""
from __future__ import annotations

import contextlib
import heapq
import itertools
import threading
import time
from typing import Any

from .gate import Gate
from .loopback import placed

# Faults that happen to the connection. An app raises Broken(kind) and the server acts on the socket:
# after the effect for "lost" (the connection breaks) and "hang" (silence), before it for the others.
AFTER = ("lost", "hang")
SOCKET_FAULTS = ("refuse", "reset", "timeout") + AFTER
FAULTS = SOCKET_FAULTS + ("throttle", "500", "503", "business", "denied", "freeze")


class BadRequest(Exception):
    """The control API was asked for something that makes no sense; the text is one sentence."""


class Broken(Exception):
    """The connection shall end without a (whole) answer."""

    def __init__(self, kind):
        super().__init__(kind)
        self.kind = kind


class Clock:
    """Virtual unix seconds."""

    def __init__(self, speed=1.0, real=time.monotonic):
        self._real = real
        self._lock = threading.Lock()
        self._pin = threading.local()
        self._virtual = time.time()
        self._since = real()
        self._speed = float(speed)

    @property
    def speed(self):
        return self._speed

    def now(self):
        pinned = getattr(self._pin, "at", None)
        if pinned is not None:
            return pinned
        with self._lock:
            return self._now()

    def _now(self):
        return self._virtual + (self._real() - self._since) * self._speed

    def advance(self, seconds):
        with self._lock:
            self._virtual += float(seconds)

    def set_speed(self, speed):
        with self._lock:
            self._virtual, self._since = self._now(), self._real()
            self._speed = float(speed)

    def reset(self, speed):
        with self._lock:
            self._virtual, self._since, self._speed = time.time(), self._real(), float(speed)

    @contextlib.contextmanager
    def pinned(self, at):
        """This thread sees the time `at`: an event is found late, its effect must not be late."""
        before, self._pin.at = getattr(self._pin, "at", None), at
        try:
            yield
        finally:
            self._pin.at = before


class Log:
    """Every call that reached the sandbox, and every drift: what others did is nobody's mutating call."""

    def __init__(self, clock):
        self._clock = clock
        self._lock = threading.Lock()
        self._entries = []

    def add(self, cloud, operation, mutating, outcome, **ids):
        with self._lock:
            entry = {"n": len(self._entries) + 1, "t": round(self._clock.now(), 3), "cloud": cloud,
                     "operation": operation, "mutating": bool(mutating) and cloud != "drift", "outcome": outcome}
            for key, value in ids.items():
                entry.setdefault(key, value)
            self._entries.append(entry)
            return entry

    def since(self, n=0):
        with self._lock:
            return [dict(entry) for entry in self._entries[max(0, int(n)):]]

    def clear(self):
        with self._lock:
            self._entries = []


class Faults:
    """The switchboard. A fault strikes the calls that match all its keys, from the nth on, `times` times.

    A key compares with ==; a list matches any of its members. "nth" counts matching calls since it was added, or since
    a call that "after" matches, which has the same keys.
    """

    def __init__(self, clock=None):
        self._clock = clock
        self._lock = threading.Lock()
        self._faults = []

    def add(self, match, kind, times=1):
        if kind not in FAULTS:
            raise BadRequest(f"There is no fault kind {kind!r}; there are {', '.join(FAULTS)}.")
        if not isinstance(match, dict):
            raise BadRequest("A fault's 'match' is an object such as {\"cloud\": \"zilliz\", \"operation\": \"...\"}.")
        if isinstance(times, bool) or not isinstance(times, int) or times < 1:
            raise BadRequest("A fault's 'times' is a whole number from 1 on.")
        nth = match.get("nth", 1)
        if isinstance(nth, bool) or not isinstance(nth, int) or nth < 1:
            raise BadRequest("A fault's 'nth' is a whole number from 1 on.")
        after = match.get("after")
        if after is not None and not isinstance(after, dict):
            raise BadRequest("A fault's 'after' is an object like 'match'.")
        fault = {"match": {k: v for k, v in match.items() if k not in ("nth", "after")}, "nth": nth, "kind": kind, "times": times,
                 "after": dict(after or {}), "seen": 0, "fired": 0}
        with self._lock:
            self._faults.append(fault)
        return dict(fault)

    def take(self, cloud, operation, mutating, only=None, **ids):
        """The kind of the fault that strikes this call, or None. Call it once per call. `only`: faults of this kind.

        "freeze" strikes nobody: with this call the clock stops, so that nothing that is awaited comes.
        """
        call = dict(ids, cloud=cloud, operation=operation, mutating=bool(mutating))
        with self._lock:
            struck = None
            for fault in self._faults:
                if fault["after"]:
                    if _strikes(fault["after"], call):
                        fault["after"]["nth"] = fault["after"].get("nth", 1) - 1
                        fault["after"] = fault["after"] if fault["after"]["nth"] else {}
                    continue
                if only not in (None, fault["kind"]) or not _strikes(fault["match"], call):
                    continue
                fault["seen"] += 1
                if struck is None and fault["seen"] >= fault["nth"] and fault["fired"] < fault["times"]:
                    fault["fired"] += 1
                    struck = fault["kind"]
        if struck == "freeze":
            self._clock.set_speed(0)
            return None
        return struck

    def list(self):
        with self._lock:
            return [dict(fault) for fault in self._faults]

    def clear(self):
        with self._lock:
            self._faults = []


def _strikes(match, call):
    return all(_matches(wanted, call.get(key)) for key, wanted in match.items() if key != "nth")


def _matches(wanted, found):
    if isinstance(wanted, list):
        return any(_matches(one, found) for one in wanted)
    if isinstance(found, (list, tuple)):
        return wanted in found
    return wanted == found


class World:
    """All clouds, coupled. `aws` and `gcp` are the real modules by default, objects with their interface, or None for none.

    Whoever changes or reads a cloud holds `world.lock` (re-entrant) and calls `world.tick()` first, so that
    everything that is due has happened, in its order, at its own time.
    """

    # A stub of a world may leave them out.
    aws: Any = None
    gcp: Any = None

    def __init__(self, aws=..., speed=60.0, clusters=2, options=None, gcp=...):
        from .scenario import build
        from .zilliz import Zilliz

        self.lock = threading.RLock()
        self.options = dict(options or {})
        self._start = {"speed": float(speed), "clusters": clusters}
        self._build = build
        self._events = []
        self._order = itertools.count()
        self.clock = Clock(speed)
        self.log = Log(self.clock)
        self.faults = Faults(self.clock)
        self.gate = Gate()
        self.switches = {}
        self.scenario = {}
        self.zilliz = Zilliz(self)
        self._aws_part = self._gcp_part = {}
        if aws is ...:
            from .aws import Aws, scenario
            aws, self._aws_part = Aws(self), scenario()
        if gcp is ...:
            from .gcp import Gcp, scenario
            gcp, self._gcp_part = Gcp(self), scenario()
        self.aws, self.gcp = aws, gcp
        self.dataplane = self._data_plane()
        self.reset()

    def clouds(self):
        return {name: cloud for name, cloud in (("zilliz", self.zilliz), ("aws", self.aws), ("gcp", self.gcp)) if cloud is not None}

    def _data_plane(self):
        """Both clouds are needed for one."""
        if self.aws is None or self.gcp is None:
            return None
        from .dataplane import DataPlane
        return DataPlane(self)

    def reset(self, clusters=None, switches=None, speed=None):
        checked = self._checked_switches({} if switches is None else switches)
        with self.lock:
            self._events = []
            self.faults.clear()
            self.gate.open()
            self.clock.reset(self._start["speed"] if speed is None else speed)
            self.switches = {name: default for name, (default, _why) in self.known_switches().items()}
            self.switches.update(checked)
            if self.dataplane:
                self.dataplane.prepare(self.switches["loopback"])
            scenario = self._build(self._start["clusters"] if clusters is None else clusters, self._aws_part, self._gcp_part)
            self.scenario = placed(self, scenario)
            for cloud in self.clouds().values():
                cloud.reset(self.scenario)
            if self.dataplane:
                self.dataplane.reset()
            self.log.clear()

    def state(self, residue=False):
        with self.lock:
            self.tick()
            return {name: cloud.state(residue=residue) for name, cloud in self.clouds().items()}

    def drift(self, kind, **args):
        with self.lock:
            self.tick()
            if kind in self.zilliz.DRIFTS:
                return self.zilliz.drift(kind, **args)
            for part in (self.aws, self.gcp, self.dataplane):
                if kind in _kinds(part):
                    return part.drift(kind, **args)
            raise BadRequest(f"There is no drift kind {kind!r}; there are {', '.join(self.drift_kinds())}.")

    def drift_kinds(self):
        return sorted([*self.zilliz.DRIFTS, *_kinds(self.aws), *_kinds(self.gcp), *_kinds(self.dataplane)])

    # Switches: the questions that no document answers, and how the sandbox answers them today.

    def known_switches(self):
        known = {}
        for part in (*self.clouds().values(), self.dataplane):
            known.update(getattr(part, "SWITCHES", {}))
        return known

    def switch(self, values):
        checked = self._checked_switches(values)
        if "loopback" in checked:
            raise BadRequest("The switch loopback is given with a reset: every address of the scenario follows from it.")
        with self.lock:
            self.tick()
            self.switches.update(checked)

    def _checked_switches(self, values):
        if not isinstance(values, dict):
            raise BadRequest("Switches are an object of names and values.")
        known = self.known_switches()
        for name, value in values.items():
            if name not in known:
                raise BadRequest(f"There is no switch {name!r}; there are {', '.join(sorted(known))}.")
            default = known[name][0]
            number = isinstance(default, (int, float)) and not isinstance(default, bool)
            fits = (isinstance(value, (int, float)) and not isinstance(value, bool)) if number \
                else isinstance(value, type(default))
            if default is not None and not fits:
                raise BadRequest(f"The switch {name} takes a value such as {default!r}, not {value!r}.")
        return dict(values)

    # Events: what will happen later, whoever asks first.

    def at(self, when, happen):
        """Run happen() when the clock reaches `when`. It runs at the next tick, seeing its own due time."""
        heapq.heappush(self._events, (when, next(self._order), happen))

    def later(self, seconds, happen):
        self.at(self.clock.now() + seconds, happen)

    def tick(self):
        with self.lock:
            now = self.clock.now()
            while self._events and self._events[0][0] <= now:
                when, _order, happen = heapq.heappop(self._events)
                with self.clock.pinned(when):
                    happen()


def _kinds(cloud):
    return getattr(getattr(cloud, "drifts", None), "kinds", ())
