# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""python -m faults: the complete matrix, or the parts that the options choose."""
from __future__ import annotations

import argparse
import contextlib
import json
import os
import queue
import signal
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from e2e.runner import ROOT, collections
from warm import Warm

from .bench import FAST, Bench
from .cases import cases_of, sample_of, units_of
from .cycle import lead, reference
from .life import PHASES

BUILD = ROOT / "build" / "faults"
RESULTS = BUILD / "results.json"
CLOUDS = ("aws", "gcp")
# Seconds of a processor, for the estimate: a run that needs no other, and a run with its rerun.
ALONE, WITH_RERUN = 8, 12
# Lives that may end without a verdict (a machine that is too busy, say) before the matrix gives up.
MISHAPS = 10


def main():
    options = arguments()
    # However it is stopped, nothing of it goes on.
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.default_int_handler)
    began = time.monotonic()
    BUILD.mkdir(parents=True, exist_ok=True)
    # Whatever Python is started from here lives in fast time; this one does not.
    os.environ.update(FAST)
    with Warm() as warm, contextlib.ExitStack() as stack:
        benches = queue.SimpleQueue()
        for number in range(options.workers):
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix=f"faults-{number}-"))
            bench = Bench(folder, collections(), warm.interpreter)
            stack.callback(bench.stop)
            benches.put(bench)
        clouds = [options.cloud] if options.cloud else list(CLOUDS)
        with ThreadPoolExecutor(options.workers) as pool:
            references = dict(zip(clouds, pool.map(lambda one: on_one(benches, reference, one, BUILD), clouds)))
        cases = [case for cloud in clouds for case in cases_of(cloud, references[cloud].logs)]
        units = chosen(options, cases)
        if options.list:
            return show(units, options.workers)
        matrix = Matrix(units, references, began)
        threads = [threading.Thread(target=matrix.work, args=(benches.get(),), daemon=True) for _number in range(options.workers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return matrix.end(options)


def arguments():
    parser = argparse.ArgumentParser(prog="python -m faults", description=__doc__)
    parser.add_argument("--sample", action="store_true", help="a fixed choice with every kind and every resource")
    parser.add_argument("--cloud", choices=CLOUDS)
    parser.add_argument("--phase", choices=PHASES)
    parser.add_argument("--kind", help="refuse, lost, denied, 'killed after', ...")
    parser.add_argument("--match", help="cases with this text in their name")
    parser.add_argument("--only-failed", action="store_true", help="what did not pass when it was run last")
    parser.add_argument("--single", action="store_true", help="every case in a run of its own")
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--list", action="store_true", help="the cases and how long they take")
    return parser.parse_args()


def on_one(benches, do, *args):
    bench = benches.get()
    try:
        return do(bench, *args)
    finally:
        benches.put(bench)


def chosen(options, cases):
    cases = [case for case in cases if options.phase in (None, case.phase) and options.kind in (None, case.kind)
             and (options.match or "") in case.name]
    if options.only_failed:
        passed = {name for name, result in read_results().items() if result["passed"]}
        cases = [case for case in cases if case.name not in passed]
    if options.sample:
        return sample_of(cases)
    return [[case] for case in cases] if options.single else units_of(cases)


def show(units, workers):
    for unit in units:
        print("\n".join(case.name for case in unit))
    seconds = sum(WITH_RERUN if unit[0].may_fail else ALONE for unit in units)
    count = sum(len(unit) for unit in units)
    print(f"{count} cases in {len(units)} runs, about {seconds / 60 / min(2, workers):.0f} minutes on 2 cores")
    return 0


def read_results():
    return json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}


class Matrix:
    """What is left to do and what came of it, for several workers."""

    def __init__(self, units, references, began):
        self._references, self._began = references, began
        self._lock = threading.Lock()
        self._left = {cloud: {phase: [unit for unit in units if (unit[0].cloud, unit[0].phase) == (cloud, phase)] for phase in PHASES}
                      for cloud in references}
        self._count = sum(len(unit) for unit in units)
        self._results = {}
        self._mishaps = 0

    def work(self, bench):
        while self._mishaps < MISHAPS:
            cloud, units = self._next()
            if not units:
                return
            try:
                for verdict in lead(bench, self._references[cloud], cloud, units):
                    del units[verdict.unit[0].phase]
                    self._record(verdict)
            except Exception as error:
                self._mishaps += 1
                self._say(f"A life without a verdict: {type(error).__name__}: {error}")
            self._put_back(units)

    def _next(self):
        """A unit of each phase, of the cloud with the most to do."""
        with self._lock:
            cloud = max(self._left, key=lambda one: sum(map(len, self._left[one].values())))
            return cloud, {phase: units.pop(0) for phase, units in self._left[cloud].items() if units}

    def _put_back(self, units):
        with self._lock:
            for phase, unit in units.items():
                self._left[unit[0].cloud][phase].insert(0, unit)

    def _record(self, verdict):
        unit = verdict.unit
        if verdict.problems and len(unit) > 1:
            # Which of them it was, each tells alone.
            self._put_back_each(unit)
            self._say(f"shared by {len(unit)} cases, now each alone: {verdict.problems[0][:300]}")
            return
        with self._lock:
            for case in unit:
                self._results[case.name] = {"passed": not verdict.problems, "problems": verdict.problems}
            done = len(self._results)
            kept = {**read_results(), **self._results}
            new = RESULTS.with_suffix(".new")
            new.write_text(json.dumps(kept, indent=1), encoding="utf-8")
            new.replace(RESULTS)
        if verdict.problems:
            path = BUILD / f"{''.join(sign if sign.isalnum() else '-' for sign in unit[0].name)}.log"
            path.write_text("\n".join([*verdict.problems, *verdict.outputs]), encoding="utf-8")
            self._say(f"FAILED {unit[0].name}: " + "; ".join(verdict.problems))
        elif done // 10 != (done - len(unit)) // 10:
            self._say(f"{done} of {self._count} cases")

    def _put_back_each(self, unit):
        with self._lock:
            self._left[unit[0].cloud][unit[0].phase][:0] = [[case] for case in unit]

    def _say(self, text):
        print(f"[{time.monotonic() - self._began:5.0f} s] {text}", flush=True)

    def end(self, options):
        passed = sum(result["passed"] for result in self._results.values())
        for name, result in self._results.items():
            if not result["passed"]:
                print(f"failed: {name}")
        whole = options.sample and "sample" or "matrix"
        numbers = {"cases": self._count, "passed": passed, "seconds": round(time.monotonic() - self._began)}
        (BUILD / f"{whole}.json").write_text(json.dumps(numbers), encoding="utf-8")
        print(f"faults: {self._count} cases, {passed} passed")
        return int(passed != self._count or not self._count)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("Interrupted.")
        sys.exit(130)
