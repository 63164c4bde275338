# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""python -m bench: every scenario, the table of goals, and build/bench.json."""
from __future__ import annotations

import argparse
import os
import platform
import shutil
import signal
import sys
import tempfile
import time
from importlib.metadata import version

from e2e.runner import ROOT, collections
from sandbox.client import Sandbox

# What makes environments is no package.
sys.path.append(str(ROOT / "tests" / "tools"))

from environment import Unusable, prepare_aws_cli  # noqa: E402

from .scenarios import Scenarios  # noqa: E402
from .table import Table  # noqa: E402
from .ways import Ways  # noqa: E402

# The long ones last.
ALL = ("converged", "create", "teardown", "doctor", "plan", "slow_route53", "ready", "google", "add", "names", "fleet")


def main():
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", action="append", choices=ALL, help="this scenario (can be given again)")
    parser.add_argument("--rounds", type=int, default=5, help="times that each way is taken (default 5)")
    parser.add_argument("--many", type=int, default=50, help="how many clusters many clusters are (default 50)")
    options = parser.parse_args()
    missing = [program for program in ("bash", "curl") if not shutil.which(program)]
    if missing:
        sys.exit(f"The scripts that we are compared with need {' and '.join(missing)}: install what is missing.")
    try:
        aws_cli = prepare_aws_cli() / "bin"
    except Unusable as problem:
        sys.exit(str(problem))
    # However it is stopped, the sandbox stops with it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    table, began = Table(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, Sandbox(folder, speed=1, collections=collections()) as sandbox:
        scenarios = Scenarios(table, *(Ways(sandbox, folder, cloud, aws_cli) for cloud in ("aws", "gcp")), options.rounds, options.many)
        for name in ALL:
            if name in (options.only or ALL):
                print(f"[{time.monotonic() - began:4.0f} s] {name}", flush=True)
                getattr(scenarios, name)()
    table.show()
    facts = {"cores": os.cpu_count(), "python": platform.python_version(), "ansible-core": version("ansible-core"), "rounds": options.rounds,
             "many": options.many, "seconds": round(time.monotonic() - began)}
    path = ROOT / "build" / ("bench-part.json" if options.only or options.rounds < 5 or options.many < 50 else "bench.json")
    table.write(path, facts)
    print(f"\n{path.relative_to(ROOT)}: {sum(row['verdict'] == 'short' for row in table.rows)} of {len(table.rows)} lines fall short")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
