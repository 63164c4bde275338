# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""integration.py [--core 2.19] [TARGET...]: `ansible-test integration` on a copy of the work tree, against the sandbox."""
from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import environment
from sanity import copy_work_tree

# The sandbox is a package beside this folder (E402).
sys.path.insert(0, str(environment.ROOT / "tests"))

from sandbox.client import Sandbox  # noqa: E402

# Virtual seconds per second: what takes minutes in a cloud takes less than a second here.
SPEED = 600
RUNNING = re.compile(r"^Running (\S+) integration test role$")
FAILED = re.compile(r"^FATAL: The \d+ integration test\(s\) listed below \(out of \d+\) failed")
# The rest of the sandbox's variables would lead ansible-playbook itself astray.
OF_PROGRAMS = ("PATH", "ANSIBLE_")


def modules() -> list[str]:
    return sorted(path.stem for path in (environment.ROOT / "plugins" / "modules").glob("*.py"))


def configure(tree: Path, sandbox: Sandbox) -> None:
    """ansible-test hands on no environment, so the targets take theirs from variables."""
    variables = {name: value for name, value in sandbox.env.items() if not name.startswith(OF_PROGRAMS)}
    config = tree / "tests" / "integration" / "integration_config.yml"
    config.touch(mode=0o600)
    config.write_text(json.dumps({"sandbox_env": variables, "scenario": sandbox.scenario}, indent=1) + "\n", encoding="utf-8")


def run_targets(tree: Path, prepared: environment.Environment, names: list[str]) -> tuple[set[str], set[str], int]:
    """The targets that began, those that failed, and the exit status."""
    variables = prepared.variables()
    variables.pop("ANSIBLE_COLLECTIONS_PATH")
    started = subprocess.Popen(
        ["ansible-test", "integration", "--local", "--color", "no", "--continue-on-error", *names],
        cwd=tree,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    began, failed, listing = set(), set(), False
    for line in started.stdout:
        print(line, end="", flush=True)
        running = RUNNING.match(line)
        if running:
            began.add(running[1])
        if listing:
            failed.add(line.strip())
        listing = listing or bool(FAILED.match(line))
    return began, failed, started.wait()


def differences(before: object, after: object, where: str = "") -> list[str]:
    """Where two states differ, as paths to what is not the same."""
    if isinstance(before, dict) and isinstance(after, dict):
        keys = sorted({**before, **after})
        return [line for key in keys for line in differences(before.get(key), after.get(key), f"{where}/{key}")]
    return [] if before == after else [f"{where}: {json.dumps(before)[:200]} became {json.dumps(after)[:200]}"]


def run(core: str | None, names: list[str]) -> int:
    prepared = environment.prepare(core)
    folder = prepared.folder / "integration"
    with environment.locked(folder):
        tree = folder / "ansible_collections"
        own = tree / "zilliz" / "cloud"
        copy_work_tree(own)
        for name in environment.SLICES:
            shutil.copytree(prepared.collections / "ansible_collections" / name, tree / name, dirs_exist_ok=True)
        with Sandbox(folder / "sandbox", speed=SPEED, python=str(prepared.venv / "bin" / "python")) as sandbox:
            # Only with the switch can the endpoints be met by a client.
            sandbox.reset(switches={"loopback": True})
            before = sandbox.state()
            configure(own, sandbox)
            # Without one that it knows ansible-test stops before the first.
            wanted = names or modules()
            present = [name for name in wanted if (own / "tests" / "integration" / "targets" / name / "tasks").is_dir()]
            began, failed, status = run_targets(own, prepared, present)
            # What a cloud is still busy with is gone then.
            sandbox.clock(advance=600)
            left = differences(before, sandbox.state())
            escaped = sandbox.escaped()
    verdicts = {name: name in began and name not in failed for name in wanted}
    verdicts["nothing is left behind"] = not left
    verdicts["nobody left loopback"] = not escaped
    return judge(prepared.core, verdicts, status, [*left, *map(str, escaped)])


def judge(core: str, verdicts: dict[str, bool], status: int, remarks: list[str]) -> int:
    print(f"\n===== ansible-core {core}")
    for name, passed in verdicts.items():
        print(f"{'passed' if passed else 'FAILED'}  {name}")
    for remark in remarks:
        print(f"        {remark}")
    # A status that no target accounts for is a failure of its own.
    passed = sum(verdicts.values())
    if status and passed == len(verdicts):
        passed -= 1
        print(f"FAILED  ansible-test ended with {status}")
    print(f"integration: {len(verdicts)} checks, {passed} passed")
    return int(passed < len(verdicts))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--core", choices=environment.CORES)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="names of modules; all when none is given")
    options = parser.parse_args()
    try:
        sys.exit(run(options.core, options.targets))
    except environment.Unusable as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
