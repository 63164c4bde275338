# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""type_check.py [MYPY ARGUMENT...]: mypy over the plugins and the sandbox, with the packages and collections that they run with."""
from __future__ import annotations

import os
import sys

import environment

# All of them in one run: the sandbox borrows from the plugins.
CHECKED = ("ansible_collections.zilliz.cloud.plugins", "sandbox")


def main() -> None:
    try:
        prepared = environment.prepare()
        linters = environment.prepare_lint()
    except environment.Unusable as problem:
        sys.exit(str(problem))
    variables = {**prepared.variables(), "MYPYPATH": os.pathsep.join([str(prepared.collections), str(environment.ROOT / "tests")])}
    packages = [argument for package in CHECKED for argument in ("-p", package)]
    os.chdir(environment.ROOT)
    os.execve(
        linters / "bin" / "mypy",
        ["mypy", "--python-executable", str(prepared.venv / "bin" / "python"), *packages, *sys.argv[1:]],
        variables,
    )


if __name__ == "__main__":
    main()
