# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One command, and what it cost: time, processor, memory, and the calls that the clouds saw."""
from __future__ import annotations

import collections
import dataclasses
import os
import statistics
import subprocess
import time


@dataclasses.dataclass
class Taken:
    """What one command took. peak: bytes of its largest process; tasks, modules: for playbooks."""

    wall: float
    cpu: float
    peak: int
    log: list
    output: str
    tasks: int = 0
    modules: int = 0
    run: object = None

    @property
    def calls(self):
        return len(self.log)

    def by_service(self):
        """{"aws": {"read": 5, "write": 2}}, with the operations beside it."""
        counted = {}
        for entry in self.log:
            service = counted.setdefault(entry["cloud"], {"read": 0, "write": 0, "operations": collections.Counter()})
            service["write" if entry["mutating"] else "read"] += 1
            service["operations"][entry["operation"]] += 1
        return counted


def take(sandbox, command, env, folder):
    """A command that must succeed."""
    since = len(sandbox.log())
    path = folder / "output"
    with open(path, "w", encoding="utf-8") as output:
        began = time.monotonic()
        process = subprocess.Popen(command, env=env, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        _pid, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    text = path.read_text(encoding="utf-8")
    if process.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} ended with {process.returncode}\n{text[-4000:]}")
    return Taken(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, sandbox.log(since), text)


def median(takes, name="wall"):
    return statistics.median(getattr(one, name) for one in takes)


def summary(takes):
    """Of one way in one scenario, for the report."""
    last = takes[-1]
    return {
        "rounds": len(takes), "wall": round(median(takes), 3), "wall_min": round(min(one.wall for one in takes), 3),
        "wall_max": round(max(one.wall for one in takes), 3), "cpu": round(median(takes, "cpu"), 3), "peak_mb": round(median(takes, "peak") / 2**20, 1),
        "tasks": last.tasks, "modules": last.modules, "calls": median(takes, "calls"), "calls_by_service": last.by_service(),
    }
