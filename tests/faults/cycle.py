# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A life with a fault in each phase, each from a state that is proven to be the reference's."""
from __future__ import annotations

import hashlib
import json
import pathlib
from dataclasses import dataclass, field

from e2e.runner import ROOT

from . import judge
from .bench import SPEED
from .cases import faults_of
from .life import PHASES, Life

SOURCES = ("plugins", "roles", "playbooks", "tests/sandbox", "tests/faults")
# A run whose clock stopped looks a few times only.
STOPPED = {"wait_timeout": 120, "maintenance_timeout": 120, "delay": 60}


@dataclass
class Verdict:
    unit: list
    problems: list = field(default_factory=list)
    outputs: list = field(default_factory=list)


@dataclass
class Reference:
    """The life without faults: logs and states by phase."""

    logs: dict = field(default_factory=dict)
    states: dict = field(default_factory=dict)


def record(bench, cloud):
    """The reference of a cloud: each phase leaves nothing to do, and the last one leaves the cloud as it was."""
    life, found = Life(bench.sandbox, cloud, bench.play), Reference()
    life.reset()
    start = life.state()
    for phase in PHASES:
        life.before(phase)
        seen = len(bench.sandbox.log())
        run = life.run(phase)
        found.logs[phase] = bench.sandbox.log(seen)
        found.states[phase] = judge.canonical(life.state(), start)
        problems = judge.problems_of_rest([(1, run), (2, life.run(phase))], None, None)
        if problems:
            raise RuntimeError(f"The reference of {cloud}, {phase}: {problems}\n{run.stdout[-3000:]}")
    left, before = found.states[phase][cloud], judge.canonical(start, start)[cloud]
    if left != before:
        raise RuntimeError(f"The reference of {cloud} leaves something:\n{judge.difference(left, before)}")
    return found


def reference(bench, cloud, folder):
    """As record(), kept in the folder as long as nothing that it depends on is changed."""
    sources = sorted(path for place in SOURCES for path in (ROOT / place).rglob("*") if path.suffix in (".py", ".yml"))
    state = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    kept = pathlib.Path(folder) / f"reference-{cloud}.json"
    if kept.exists():
        found = json.loads(kept.read_text(encoding="utf-8"))
        if found.pop("sources") == state:
            return Reference(**found)
    found = record(bench, cloud)
    kept.write_text(json.dumps({**vars(found), "sources": state}), encoding="utf-8")
    return found


def lead(bench, reference, cloud, units):
    """Verdicts of a life with these units, {phase: unit or None}; it ends with the first that fails."""
    life = Life(bench.sandbox, cloud, bench.play)
    life.reset()
    start = life.state()
    last = max((number for number, phase in enumerate(PHASES) if units.get(phase)), default=-1)
    for phase in PHASES[:last + 1]:
        life.before(phase)
        unit = units.get(phase)
        if not unit:
            run = life.run(phase)
            if run.rc:
                raise RuntimeError(f"A run without fault failed ({cloud}, {phase}): {run.message}\n{run.stdout[-3000:]}")
            continue
        verdict = meet(bench, life, phase, unit, reference.states[phase], start)
        yield verdict
        if verdict.problems:
            return


def meet(bench, life, phase, unit, expected, start):
    """The run with the faults, the rerun where it is needed, the run that has nothing left to do."""
    sandbox = bench.sandbox
    for kind, times, match in faults_of(unit):
        sandbox.fault(kind, times, **match)
    bench.killing(unit[0].killed)
    first = life.run(phase, **(STOPPED if unit[0].kind == "limit" else {}))
    bench.killing(False)
    fired = [fault["fired"] for fault in sandbox.call("GET", "/fault")]
    sandbox.call("DELETE", "/fault")
    sandbox.clock(speed=SPEED)
    problems = judge.problems_of_first(unit, first, fired)
    runs = [] if first.rc == 0 else [(2, life.run(phase))]
    runs.append((len(runs) + 2, life.run(phase)))
    problems += judge.problems_of_rest(runs, judge.canonical(life.state(), start), expected)
    outputs = [first.stdout, *(run.stdout for _number, run in runs)]
    key = sandbox.scenario["zilliz"]["api_key"]
    problems += ["The API key is in the output"] * any(key in output for output in outputs)
    problems += [f"A call left the machine: {entry['operation']}" for entry in sandbox.escaped()]
    return Verdict(unit, problems, outputs)
