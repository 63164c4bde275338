# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the log of a reference life makes of cases: a fault at a call each, and which of them share a run."""
from __future__ import annotations

import collections
from dataclasses import dataclass, replace

from .life import PHASES

# What passes by itself: once, it may not fail a run.
PASSING = ("refuse", "reset", "timeout", "throttle", "500", "503")
# What a rerun finishes.
BREAKING = ("lost", "denied", "killed before", "killed after", "limit")
READING = ("throttle", "timeout", "denied")
# How the sandbox calls what it does for them.
IN_SANDBOX = {"killed before": "timeout", "killed after": "hang", "limit": "freeze"}
FOR_EVER = 10000


@dataclass(frozen=True)
class Case:
    """A fault at the nth call of an operation in a phase; a lasting one from there on at every call."""

    cloud: str
    phase: str
    system: str
    operation: str
    nth: int
    kind: str
    action: str
    mutating: bool = True
    lasting: bool = False
    after: tuple = ()

    @property
    def name(self):
        after = f", the first after {self.after[1]} #{self.after[2]}" if self.after else f" #{self.nth}"
        return f"{self.cloud} {self.phase}: {self.kind}{' for ever' * self.lasting} at {self.system} {self.operation}{after}"

    @property
    def killed(self):
        return self.kind.startswith("killed")

    @property
    def may_fail(self):
        return self.lasting or self.kind not in PASSING

    @property
    def must_fail(self):
        return self.killed or self.lasting

    def fault(self):
        """(kind, times, match) as the sandbox wants them."""
        after = {"after": dict(zip(("cloud", "operation", "nth"), self.after))} if self.after else {}
        return IN_SANDBOX.get(self.kind, self.kind), FOR_EVER if self.lasting else 1, {
            "cloud": self.system, "operation": self.operation, "nth": self.nth, **after}


def calls_of(log):
    """The calls of a phase: (entry, which one of its operation it is, the mutating call before it)."""
    seen, acted = collections.Counter(), ()
    for entry in log:
        # A change that Route 53 refuses because the one before is not over yet comes and goes with the pace of the machine.
        if entry["cloud"] in ("drift", "escaped") or entry["outcome"] == "PriorRequestNotComplete":
            continue
        key = entry["cloud"], entry["operation"]
        seen[key] += 1
        yield entry, seen[key], acted
        if entry["mutating"]:
            acted = *key, seen[key]


def cases_of(cloud, logs):
    """All cases of a cloud, by {phase: log of the reference}."""
    cases, read, lasting = [], set(), set()
    for phase in PHASES:
        for entry, nth, acted in calls_of(logs[phase]):
            case = Case(cloud, phase, entry["cloud"], entry["operation"], nth, "", action_of(entry), entry["mutating"])
            # Before the acts our own plan reads, between them each module for itself.
            place = case.system, case.operation, bool(acted)
            if case.mutating:
                kinds = PASSING + BREAKING + (("business",) if case.system == "zilliz" else ())
                cases += [replace(case, kind=kind) for kind in kinds]
                if case.operation not in lasting:
                    kind = PASSING[len(lasting) % len(PASSING)]
                    cases.append(replace(case, kind=kind, lasting=True))
                    lasting.add(case.operation)
            elif place not in read:
                read.add(place)
                # How often it was read before depends on how long the run had to wait.
                case = replace(case, nth=1, after=acted)
                kinds = READING + (("killed before",) if case.operation.endswith("Operations.get") else ())
                cases += [replace(case, kind=kind) for kind in kinds]
    return cases


def action_of(entry):
    """What a refusal has to name."""
    return f"{entry['service']}:{entry['operation']}" if entry["cloud"] == "aws" else entry["operation"]


def units_of(cases):
    """Lists of cases, one for each run. Faults that may not fail a run share runs: each of its calls meets one of them, in turn."""
    shared, calls, units = collections.defaultdict(list), {}, []
    for case in cases:
        if case.may_fail:
            units.append([case])
            continue
        place = case.cloud, case.phase
        number = calls.setdefault((place, case.system, case.operation, case.nth, case.after), sum(one[0] == place for one in calls))
        shared[place, (PASSING.index(case.kind) - number) % len(PASSING)].append(case)
    return list(shared.values()) + units


def faults_of(unit):
    """The faults of a run: a call that is sent again counts twice, so the next one of its operation is further on."""
    struck = collections.Counter()
    for case in unit:
        kind, times, match = case.fault()
        place = case.system, case.operation, case.after
        yield kind, times, {**match, "nth": case.nth + struck[place]}
        struck[place] += 1


def sample_of(cases):
    """Every call with a fault that passes, and every other kind once, turn by turn in the clouds and phases."""
    units = units_of(cases)
    clouds = sorted({case.cloud for case in cases})
    chosen, taken = [], set()
    for unit in units:
        place = unit[0].cloud, unit[0].phase
        if not unit[0].may_fail and place not in taken:
            taken.add(place)
            chosen.append(unit)
    kinds = [(kind, False) for kind in BREAKING + ("business",)] + [("timeout", True)]
    for number, (kind, lasting) in enumerate(kinds):
        found = [unit for unit in units if (unit[0].kind, unit[0].lasting) == (kind, lasting) and unit[0].mutating]
        for wish in (lambda one, n=number: one.cloud == clouds[n % len(clouds)] and one.phase == PHASES[n // len(clouds) % 3], lambda one: True):
            fitting = [unit for unit in found if wish(unit[0])]
            if fitting:
                chosen.append(fitting[len(fitting) // 2])
                break
    return chosen
