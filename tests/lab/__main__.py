# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""python -m lab: the network lab. Its last line is `lab: N checks, N passed`.

It runs in mounts, networks and processes of its own, which are gone when it ends, also when it is killed. Where this machine
lets nobody make those, it says so and fails; with --where-possible it says so and is content.
"""
from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys

from . import programs

OWN = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m lab", description=__doc__)
    parser.add_argument("--where-possible", action="store_true", help="no failure where this machine has no network namespaces")
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        return inside(programs.Programs(**json.loads(options.inside)))
    own = OWN + ([] if os.geteuid() == 0 else ["--map-root-user"])
    problem = why_not(own)
    if problem:
        print(f"!!!!! NOT RUN: the network lab: {problem}")
        return 0 if options.where_possible else 1
    try:
        found = programs.prepare()
    except programs.environment.Unusable as error:
        print(f"The network lab could not be set up. {error}")
        return 1
    programs.environment.made(programs.FOLDER / "run")
    arguments = [*own, sys.executable, "-m", "lab", "--inside", json.dumps({"commands": found.commands, "milvus": found.milvus})]
    os.execvp(arguments[0], arguments)


def why_not(own: list[str]) -> str:
    """Why no network namespace can be made here, or nothing."""
    trial = "mount -t tmpfs none /mnt && touch /mnt/net && unshare --net=/mnt/net true && nsenter --net=/mnt/net true"
    try:
        done = subprocess.run([*own, "sh", "-c", trial], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    except OSError as error:
        return f"it needs unshare ({error})"
    return f"no network namespace can be made here; as root it may be possible ({done.stderr.strip()})" if done.returncode else ""


def inside(found: programs.Programs) -> int:
    """The first process of the lab."""
    # As process 1 it would ignore this signal.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder = programs.FOLDER / "run"
    # Nothing of it reaches the disk, and labs side by side do not meet.
    subprocess.run(["mount", "-t", "tmpfs", "lab", str(folder)], check=True)

    # Imported late: the tests' packages are needed inside only.
    from .story import tell  # pylint: disable=import-outside-toplevel

    try:
        return tell(found, folder)
    except KeyboardInterrupt:
        print("Interrupted.", flush=True)
        return 130


if __name__ == "__main__":
    sys.exit(main())
