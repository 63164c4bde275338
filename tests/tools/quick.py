# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""quick.py [PYTEST ARGUMENT...]: ruff, types, and the unit tests of the files that differ from the last commit (of those in it, if none differs)."""
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import environment

UNIT = environment.ROOT / "tests" / "unit"
# What begins a file's name, and its tests; the first line that fits counts.
TESTS = (
    ("plugins/", "test_contract.py", "**/test_{name}*.py"),
    ("roles/", "test_contract.py", "test_role_*.py", "test_surveys.py"),
    ("playbooks/", "test_contract.py"),
    ("docs/", "test_docs.py", "test_release.py"),
    ("changelogs/", "test_release.py"),
    ("tests/sandbox/aws/", "sandbox_aws/test_*.py"),
    ("tests/sandbox/awx/", "sandbox_awx/test_*.py"),
    ("tests/sandbox/gcp/", "sandbox_gcp/test_*.py"),
    ("tests/sandbox/", "sandbox/test_*.py"),
    ("tests/", "**/test_{name}*.py"),
)


def changed() -> list[str]:
    return (
        git("diff", "--name-only", "HEAD") + git("ls-files", "--others", "--exclude-standard")
        or git("show", "--name-only", "--format=", "HEAD")
    )


def git(*arguments: str) -> list[str]:
    command = ["git", "-c", "safe.directory=*", *arguments]
    return subprocess.run(
        command, cwd=environment.ROOT, env=environment.own_variables(), capture_output=True, text=True, check=True
    ).stdout.splitlines()


def tests_of(file: str) -> set[Path]:
    name = Path(file).stem.removeprefix("test").strip("_")
    patterns = next((patterns for start, *patterns in TESTS if file.startswith(start)), [])
    return {test for pattern in patterns for test in UNIT.glob(pattern.format(name=name))}


def main() -> int:
    files = changed()
    tests = sorted(set().union(*map(tests_of, files)))
    print(f"{len(files)} files differ; their tests are in {len(tests)} files", flush=True)
    enter = [sys.executable, str(environment.TOOLS / "enter.py")]
    steps = [[*enter, "--lint", "ruff", "check", "."], [sys.executable, str(environment.TOOLS / "type_check.py")]]
    if tests:
        steps.append([*enter, "python", "-m", "pytest", "-q", "-x", *map(str, tests), *sys.argv[1:]])
    # One after the other: what is cheap finds most.
    return next((status for step in steps if (status := subprocess.call(step, cwd=environment.ROOT))), 0)


if __name__ == "__main__":
    sys.exit(main())
