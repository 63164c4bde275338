# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Python interpreters of this machine that really run, by version."""
from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

# A shim answers to `python3.13` also when it has no 3.13 behind it, a Debian Python may lack ensurepip,
# and a virtual environment must not be the parent of ours: so each candidate is asked.
QUESTION = "import ensurepip, sys, venv; print('%d.%d %s' % (*sys.version_info[:2], sys._base_executable))"


def folders() -> list[Path]:
    """PATH without shims, then what pyenv has installed."""
    path = [Path(entry) for entry in os.environ.get("PATH", os.defpath).split(os.pathsep) if entry]
    roots = [os.environ.get("PYENV_ROOT"), os.path.expanduser("~/.pyenv")]
    pyenv = [folder for root in roots if root for folder in sorted(Path(root).glob("versions/3.*/bin"))]
    return [folder for folder in path if folder.name != "shims"] + pyenv


def find() -> dict[str, str]:
    """{"3.12": "/usr/bin/python3.12", ...}; the first one found of each version."""
    found: dict[str, str] = {}
    for folder in folders():
        for candidate in sorted(folder.glob("python3*")):
            if not re.fullmatch(r"python3(\.\d+)?", candidate.name) or candidate.name[6:] in found:
                continue
            answer = subprocess.run(
                [str(candidate), "-I", "-c", QUESTION], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
            )
            if answer.returncode == 0:
                version, executable = answer.stdout.strip().split(" ", 1)
                found.setdefault(version, executable)
    return found
