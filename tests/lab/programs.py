# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The programs of the lab: Debian's, taken apart into build/lab where this machine lacks them, and Milvus in an environment of its own."""
from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# The import below needs tests/tools on the path, so it comes after it (E402).
sys.path.append(str(ROOT / "tests" / "tools"))

import environment  # noqa: E402

FOLDER = environment.BUILD / "lab"
TREE = FOLDER / "debian"
# command -> package
NEEDED = {"ip": "iproute2", "nft": "nftables", "haproxy": "haproxy", "unbound": "unbound"}
PLACES = ["/usr/sbin", "/sbin", "/usr/bin", "/bin"]
MILVUS = "milvus-lite==3.2.*"


@dataclass
class Programs:
    """Where each command is, the variables that it needs, and a Python that has Milvus and its client."""

    commands: dict[str, str] = field(default_factory=dict)
    milvus: str = ""

    def variables(self) -> dict[str, str]:
        libraries = sorted({str(path.parent) for path in (TREE / "usr" / "lib").glob("**/*.so*")}) if TREE.exists() else []
        return {"LD_LIBRARY_PATH": os.pathsep.join(libraries)} if libraries else {}


def prepare() -> Programs:
    with environment.locked(FOLDER):
        missing = [package for command, package in NEEDED.items() if not _found(command)]
        if missing:
            _unpack(missing)
        commands = {command: _found(command) for command in NEEDED}
        lacking = [command for command, path in commands.items() if not path]
        if lacking:
            raise environment.Unusable(f"The lab needs {', '.join(lacking)}, and Debian's packages did not bring it.")
        venv = environment.virtual_environment(
            FOLDER / "milvus", next(iter(environment.cores().values())), MILVUS, Path(__file__).with_name("requirements.txt")
        )
    return Programs(commands, str(venv / "bin" / "python"))


def _found(command: str) -> str | None:
    return shutil.which(command, path=os.pathsep.join([str(TREE / place[1:]) for place in PLACES] + PLACES))


def _unpack(packages: list[str]) -> None:
    """What apt-get would install for them, unpacked aside: the machine stays as it is."""
    if not shutil.which("apt-get"):
        raise environment.Unusable(f"The lab needs {', '.join(packages)}; this machine has no apt-get to fetch them, so install them first.")
    environment.say(f"fetching Debian's {', '.join(packages)} into {TREE.relative_to(ROOT)}")
    try:
        names, options = _names(packages, []), []
    except environment.Unusable:
        # Lists of packages of our own: this machine's are missing or old.
        options = _lists()
        names = _names(packages, options)
    fresh = FOLDER / "debian.new"
    shutil.rmtree(fresh, ignore_errors=True)
    archives = environment.made(fresh / "archives")
    try:
        _run("apt-get", *options, "download", *names, folder=archives)
    except environment.Unusable:
        options = _lists()
        _run("apt-get", *options, "download", *_names(packages, options), folder=archives)
    for archive in sorted(archives.glob("*.deb")):
        _run("dpkg-deb", "--extract", str(archive), str(fresh))
    shutil.rmtree(archives)
    shutil.rmtree(TREE, ignore_errors=True)
    fresh.rename(TREE)


def _names(packages: list[str], options: list[str]) -> list[str]:
    plan = _run("apt-get", *options, "--simulate", "--no-install-recommends", "install", *packages)
    return [line.split()[1] for line in plan.splitlines() if line.startswith("Inst ")]


def _lists() -> list[str]:
    folder = environment.made(FOLDER / "apt")
    for name in ("lists/partial", "cache/archives/partial"):
        environment.made(folder / name)
    options = ["-o", f"Dir::State::Lists={folder / 'lists'}", "-o", f"Dir::Cache={folder / 'cache'}"]
    _run("apt-get", *options, "update")
    return options


def _run(*command: str, folder: Path | None = None) -> str:
    done = subprocess.run(
        command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        env=dict(environment.own_variables(), LC_ALL="C"),
    )
    if done.returncode:
        raise environment.Unusable(f"{' '.join(command)}\n{done.stdout.strip()}")
    return done.stdout
