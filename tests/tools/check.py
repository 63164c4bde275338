# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""check.py [PART...]: everything that CI runs, side by side; a part is named as in the table (`sanity` is `sanity-2.21`, `sanity-2.20` and `sanity-2.19`)."""
from __future__ import annotations

import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree
from dataclasses import dataclass, field
from pathlib import Path

import environment

LOGS = environment.BUILD / "logs"
WORKERS = 2
# Only against a hang; a whole run takes less.
LIMIT = 75 * 60
TAIL = 60
# What a part could not do here it says in such a line of its log.
NOT_RUN = "!!!!! NOT RUN: "
CHANGELOG = (
    "antsibull-changelog lint && antsibull-changelog lint-changelog-yaml changelogs/changelog.yaml"
    f" && antsibull-changelog generate --output {LOGS}/CHANGELOG.rst && diff CHANGELOG.rst {LOGS}/CHANGELOG.rst"
)
# The last line of a part that counts by itself, as "faults: 40 cases, 40 passed".
COUNTED = re.compile(r"^\w+: (\d+) (?:cases|checks), (\d+) passed$")


@dataclass
class Part:
    name: str
    command: list[str]
    report: Path | None = None
    after: Part | None = None
    ended: threading.Event = field(default_factory=threading.Event)
    counts: dict[str, int] = field(default_factory=dict)
    seconds: float = 0
    remark: str = ""

    @property
    def log(self) -> Path:
        return LOGS / f"{self.name}.log"

    @property
    def failed(self) -> bool:
        return self.counts["failed"] > 0

    @property
    def lines(self) -> list[str]:
        return self.log.read_text(encoding="utf-8", errors="replace").splitlines()

    @property
    def not_run(self) -> list[str]:
        return [line.removeprefix(NOT_RUN) for line in self.lines if line.startswith(NOT_RUN)]


def tool(name: str, *arguments: str) -> list[str]:
    return [sys.executable, str(environment.TOOLS / name), *arguments]


def pytest_part(name: str, core: str, *arguments: str, runner: tuple[str, ...] = ("-m", "pytest")) -> Part:
    report = LOGS / f"{name}.xml"
    return Part(
        name,
        tool("enter.py", "--core", core, "python", *runner, f"--junitxml={report}")
        + ["-o", f"pythonpath=tests build/core-{core}/collections", "-o", f"cache_dir=build/core-{core}/pytest", *arguments],
        report,
    )


def all_parts(present: list[str]) -> list[Part]:
    """The longest first. The newest core runs everything, the oldest one what may differ between cores, all of them what is about syntax."""
    first, oldest = present[0], present[1:][-1:]
    # Playbooks wait for clouds now and then: three workers keep two cores busy.
    parts = [pytest_part(f"e2e-{first}", first, "-n", "3", "--dist", "loadscope", "--no-loadscope-reorder", "tests/e2e")]
    parts.append(Part("faults", tool("enter.py", "env", "PYTHONPATH=tests", "python", "-m", "faults", "--sample")))
    parts.append(Part("lab", tool("enter.py", "env", "PYTHONPATH=tests", "python", "-m", "lab", "--where-possible")))
    # Modules, as ansible-test runs them; the other core's are in its sanity and story.
    parts.append(Part(f"integration-{first}", tool("integration.py", "--core", first)))
    parts += [Part(f"sanity-{core}", tool("sanity.py", "--core", core)) for core in present]
    parts += [pytest_part(f"story-{core}", core, "-m", "story", "tests/e2e") for core in oldest]
    report = LOGS / "package.xml"
    parts.append(Part("package", tool("package.py", f"--junitxml={report}"), report))
    parts.append(pytest_part(f"unit-{first}", first, "tests/unit", runner=("tests/tools/coverage_report.py",)))
    # The sandbox is no part of ansible-core: the story shows that it runs here too.
    parts += [pytest_part(f"unit-{core}", core, "--ignore-glob=tests/unit/sandbox*", "tests/unit") for core in oldest]
    parts += [
        Part("ansible-lint", tool("enter.py", "--lint", "ansible-lint", "--nocolor")),
        Part("ruff", tool("enter.py", "--lint", "ruff", "check", "--no-cache", ".")),
        Part("types", tool("type_check.py")),
        Part("changelog", tool("enter.py", "--lint", "sh", "-c", CHANGELOG)),
        Part("docs", tool("docs.py", "--lint")),
        # What the playbooks of the end-to-end tests asked of the clouds, against what the documentation allows.
        Part("permissions", tool("permissions.py", "--prove"), after=parts[0]),
    ]
    return parts


def not_run(present: dict[str, str]) -> list[str]:
    """What this machine cannot run, loudly: a gate that quietly did not run is none."""
    lines = []
    for core, needs in environment.CORES.items():
        if core not in present:
            lines.append(f"ansible-core {core}: needs Python {' or '.join(needs['pythons'])}, which this machine does not have")
    return lines


class Runner:
    def __init__(self, parts: list[Part]):
        self.waiting: queue.SimpleQueue[Part] = queue.SimpleQueue()
        for part in parts:
            self.waiting.put(part)
        self.running: set[subprocess.Popen] = set()
        self.stopped = False
        self.starting = threading.Lock()
        self.began = time.monotonic()

    def say(self, text: str) -> None:
        print(f"[{time.monotonic() - self.began:5.0f} s] {text}", flush=True)

    def work(self) -> None:
        while not self.stopped:
            try:
                part = self.waiting.get_nowait()
            except queue.Empty:
                return
            if part.after:
                part.after.ended.wait()
            self.say(f"started {part.name}")
            self.run(part)
            part.ended.set()
            if self.stopped:
                return
            self.say(f"{'FAILED ' if part.failed else 'passed '} {part.name} in {part.seconds:.0f} s{part.remark}")

    def run(self, part: Part) -> None:
        began = time.monotonic()
        if part.report:
            part.report.unlink(missing_ok=True)
        with open(part.log, "w", encoding="utf-8") as log:
            with self.starting:
                if self.stopped:
                    return
                process = subprocess.Popen(
                    part.command, cwd=environment.ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
                )
                self.running.add(process)
            try:
                process.wait(LIMIT)
            except subprocess.TimeoutExpired:
                part.remark = f": stopped after {LIMIT // 60} minutes"
            # Also what a part left behind in its session: nothing of it may outlive it.
            end(process)
            self.running.discard(process)
        part.seconds = time.monotonic() - began
        part.counts = counts(part, process.wait())

    def go(self) -> None:
        threads = [threading.Thread(target=self.work, daemon=True) for _number in range(WORKERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def stop(self) -> None:
        with self.starting:
            self.stopped = True
        for process in list(self.running):
            end(process)


def end(process: subprocess.Popen) -> None:
    try:
        os.killpg(process.pid, signal.SIGTERM)
        if process.poll() is None:
            process.wait(10)
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)


def counts(part: Part, status: int) -> dict[str, int]:
    """A gate counts as one; of pytest each test counts, of what counts by itself each case; a run that broke without one as one failure."""
    found = {"passed": 0, "failed": 0, "skipped": len(part.not_run)}
    counted = next(filter(None, map(COUNTED.match, reversed(part.lines))), None)
    if counted:
        cases, found["passed"] = (int(number) for number in counted.groups())
        found["failed"] = cases - found["passed"]
    elif not part.report:
        found["passed"] = int(status == 0 and not part.not_run)
    elif part.report.exists():
        for suite in xml.etree.ElementTree.parse(part.report).iter("testsuite"):
            number = {name: int(suite.get(name, 0)) for name in ("tests", "failures", "errors", "skipped")}
            found["failed"] += number["failures"] + number["errors"]
            found["skipped"] += number["skipped"]
            found["passed"] += number["tests"] - number["failures"] - number["errors"] - number["skipped"]
    if status and not found["failed"]:
        found["failed"] = 1
    return found


def show(parts: list[Part], missing: list[str]) -> None:
    for part in parts:
        if part.failed:
            print(f"\n===== {part.name}: the last lines of {part.log.relative_to(environment.ROOT)}")
            print("\n".join(part.lines[-TAIL:]))
    print(f"\n{'part':<18}{'passed':>8}{'failed':>8}{'skipped':>8}{'seconds':>9}")
    for part in parts:
        row = part.counts
        print(f"{part.name:<18}{row['passed']:>8}{row['failed']:>8}{row['skipped']:>8}{part.seconds:>9.0f}{part.remark}")
    for line in missing + [line for part in parts for line in part.not_run]:
        print(f"{NOT_RUN}{line}")
    totals = {name: sum(part.counts[name] for part in parts) for name in ("passed", "failed", "skipped")}
    print(f"{totals['passed']} passed, {totals['failed']} failed, {totals['skipped'] + len(missing)} skipped")


def main() -> int:
    try:
        present = environment.cores()
    except environment.Unusable as problem:
        print(problem)
        return 1
    named = sys.argv[1:]
    parts = [part for part in all_parts(list(present)) if not named or part.name in named or part.name.split("-2.")[0] in named]
    if not parts:
        print(f"No such part: {' '.join(named)}. There are {', '.join(part.name for part in all_parts(list(present)))}.")
        return 1
    missing = not_run(present) if any(part.name.startswith(("e2e", "integration", "sanity", "unit")) for part in parts) else []
    for line in missing:
        print(f"!!!!! NOT RUN: {line}", flush=True)
    environment.made(LOGS)
    runner = Runner(parts)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        runner.go()
    except KeyboardInterrupt:
        runner.stop()
        print("Interrupted.")
        return 130
    show(parts, missing)
    return int(any(part.failed for part in parts))


if __name__ == "__main__":
    sys.exit(main())
