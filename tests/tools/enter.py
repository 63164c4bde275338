# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""enter.py [--core 2.19] [--lint] COMMAND...: one command in this project's environment, which is made first where it is missing."""
from __future__ import annotations

import argparse
import os
import sys

import environment


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--core", choices=environment.CORES, help="the newest one that this machine can run if not given")
    parser.add_argument("--lint", action="store_true", help="the linters are on PATH too")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    try:
        variables = environment.prepare(options.core).variables()
        if options.lint:
            variables["PATH"] = f"{environment.prepare_lint() / 'bin'}{os.pathsep}{variables['PATH']}"
    except environment.Unusable as problem:
        sys.exit(str(problem))
    os.chdir(environment.ROOT)
    os.execvpe(options.command[0], options.command, variables)


if __name__ == "__main__":
    main()
