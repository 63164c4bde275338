# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a command of this project runs in: Python, ansible-core, the collections beside ours. Made once, kept in build/.

Everything may be interrupted: a folder counts only with its stamp, and what can be renamed into place is.
"""
from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pythons

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
TOOLS = ROOT / "tests" / "tools"

# Newest first. The `ansible` package is named only to cut collections out of its wheel.
CORES = {
    "2.21": {"pythons": ("3.12", "3.13", "3.14"), "ansible": "14.5.0"},
    "2.20": {"pythons": ("3.12", "3.13", "3.14"), "ansible": "13.8.0"},
    "2.19": {"pythons": ("3.11", "3.12", "3.13"), "ansible": "12.3.0"},
}
RUNTIME = ROOT / "requirements.txt"
TESTS = TOOLS / "requirements-test.txt"
LINT = TOOLS / "requirements-lint.txt"
DOCS = TOOLS / "requirements-docs.txt"
# Has botocore inside, so it stands in an environment of its own; it is what the benchmark compares with.
AWS_CLI = "awscli==1.46.3"
# The collections beside ours; None: as the package of the core has it. awx.awx is in no later one.
SLICES = {"amazon/aws": None, "google/cloud": None, "awx/awx": "12.3.0"}

# Settings of the caller that would reach into a run of ours.
FOREIGN = ("ANSIBLE_", "AWS_", "BOTO", "COVERAGE_", "GCE_", "GCP_", "GOOGLE_", "PYTEST_", "PYTHON", "SANDBOX_", "ZILLIZ", "VIRTUAL_ENV", "GIT_")


class Unusable(Exception):
    """This machine lacks something; the text says what."""


@dataclass(frozen=True)
class Environment:
    core: str
    python: str
    folder: Path

    @property
    def venv(self) -> Path:
        return self.folder / "venv"

    @property
    def collections(self) -> Path:
        return self.folder / "collections"

    def variables(self) -> dict[str, str]:
        """The caller's environment without what is foreign, and with what finds this one."""
        kept = own_variables()
        kept.update(
            PATH=f"{self.venv / 'bin'}{os.pathsep}{kept.get('PATH', os.defpath)}",
            VIRTUAL_ENV=str(self.venv),
            HOME=str(made(BUILD / "home")),
            HYPOTHESIS_STORAGE_DIRECTORY=str(BUILD / "hypothesis"),
            ANSIBLE_CONFIG=str(TOOLS / "ansible.cfg"),
            ANSIBLE_COLLECTIONS_PATH=str(self.collections),
        )
        return kept


def made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def own_variables() -> dict[str, str]:
    """For every command that we start: UTF-8 (Ansible insists), no proxy for loopback, a HOME that exists."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    if "utf" not in kept.get("LC_ALL", "").lower():
        kept["LC_ALL"] = "C.UTF-8"
    for name in ("NO_PROXY", "no_proxy"):
        kept[name] = ",".join(filter(None, (kept.get(name), "127.0.0.1,localhost")))
    if not os.path.isdir(kept.get("HOME") or ""):
        kept["HOME"] = str(made(BUILD / "home"))
    return kept


def cores() -> dict[str, str]:
    """{"2.21": "/usr/bin/python3.12", ...}: each ansible-core that this machine can run, newest first."""
    present = pythons.find()
    chosen = {}
    for core, needs in CORES.items():
        fitting = [present[version] for version in needs["pythons"] if version in present]
        if fitting:
            chosen[core] = fitting[0]
    if not chosen:
        raise Unusable(
            f"Python 3.11 or newer with venv and ensurepip is needed; found {', '.join(present) or 'none'}."
            " On Debian and Ubuntu: apt-get install python3-venv"
        )
    return chosen


def prepare(core: str | None = None) -> Environment:
    """The environment of one ansible-core; of the newest one when none is named."""
    available = cores()
    chosen = core or next(iter(available))
    if chosen not in available:
        raise Unusable(f"ansible-core {chosen} needs Python {' or '.join(CORES[chosen]['pythons'])}: not on this machine")
    environment = Environment(chosen, available[chosen], BUILD / f"core-{chosen}")
    with locked(environment.folder):
        virtual_environment(environment.venv, environment.python, f"ansible-core=={chosen}.*", RUNTIME, TESTS)
        upstream_collections(environment)
        link(environment.collections / "ansible_collections" / "zilliz" / "cloud", ROOT)
        if chosen == next(iter(available)):
            link(BUILD / "venv", environment.venv)
            link(BUILD / "collections", environment.collections)
    return environment


def prepare_lint() -> Path:
    """The linters have an environment of their own, so that a run never meets their packages."""
    return prepare_tools("lint", LINT)


def prepare_docs() -> Path:
    """Likewise what builds the documentation."""
    return prepare_tools("docs-tools", DOCS)


def prepare_aws_cli() -> Path:
    folder = BUILD / "aws-cli"
    with locked(folder):
        return virtual_environment(folder / "venv", next(iter(cores().values())), AWS_CLI)


def prepare_tools(name: str, requirements: Path) -> Path:
    core, python = next(iter(cores().items()))
    folder = BUILD / name
    with locked(folder):
        return virtual_environment(folder / "venv", python, f"ansible-core=={core}.*", RUNTIME, requirements)


@contextlib.contextmanager
def locked(folder: Path):
    """One set-up of a folder at a time, whoever else was started in this checkout."""
    with open(made(folder) / ".lock", "w", encoding="utf-8") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def virtual_environment(folder: Path, python: str, package: str, *requirements: Path) -> Path:
    # Scripts in it carry its own path: after a move of the checkout it is made anew.
    recipe = "\n".join([python, str(folder), package, *(path.read_text(encoding="utf-8") for path in requirements)])
    if stamped(folder, recipe) and (folder / "bin" / "python").exists():
        return folder
    say(f"installing {', '.join([package, *(path.name for path in requirements)])} into {folder.relative_to(ROOT)}")
    began = time.monotonic()
    shutil.rmtree(folder, ignore_errors=True)
    quiet(python, "-m", "venv", folder)
    files = [argument for path in requirements for argument in ("-r", path)]
    quiet(folder / "bin" / "python", "-m", "pip", "install", "--quiet", package, *files)
    stamp(folder, recipe)
    say(f"installed in {time.monotonic() - began:.0f} s")
    return folder


def upstream_collections(environment: Environment) -> None:
    """Only what is used, cut out of `ansible` wheels: 5 MB instead of 440."""
    wanted = {name: version or CORES[environment.core]["ansible"] for name, version in SLICES.items()}
    target = environment.collections / "ansible_collections"
    recipe = ", ".join(f"{name} of ansible {version}" for name, version in wanted.items())
    if stamped(target, recipe):
        return
    say(f"taking {recipe.replace('/', '.')}")
    scratch = environment.folder / "scratch"
    shutil.rmtree(scratch, ignore_errors=True)
    for version in sorted(set(wanted.values())):
        folder = made(scratch / version)
        quiet(environment.venv / "bin" / "python", "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, f"ansible=={version}")
        parts = tuple(
            f"ansible_collections/{name}/{part}"
            for name, of in wanted.items() if of == version
            for part in ("plugins/", "meta/", "MANIFEST.json", "FILES.json")
        )
        with zipfile.ZipFile(next(folder.glob("ansible-*.whl"))) as archive:
            archive.extractall(scratch, [name for name in archive.namelist() if name.startswith(parts)])
    stamp(scratch / "ansible_collections", recipe)
    shutil.rmtree(environment.collections, ignore_errors=True)
    made(environment.collections)
    (scratch / "ansible_collections").rename(target)
    shutil.rmtree(scratch)


def link(name: Path, target: Path) -> None:
    if name.is_symlink() and os.readlink(name) == str(target):
        return
    made(name.parent)
    fresh = name.with_name(f".{name.name}.{os.getpid()}")
    fresh.symlink_to(target)
    fresh.replace(name)


def stamped(folder: Path, recipe: str) -> bool:
    with contextlib.suppress(OSError):
        return (folder / ".stamp").read_text(encoding="utf-8") == digest(recipe)
    return False


def stamp(folder: Path, recipe: str) -> None:
    (folder / ".stamp").write_text(digest(recipe), encoding="utf-8")


def digest(recipe: str) -> str:
    return hashlib.sha256(recipe.encode()).hexdigest()


def quiet(*command: object) -> None:
    """Its output is worth reading only when it fails."""
    arguments = [str(argument) for argument in command]
    done = subprocess.run(
        arguments,
        env=own_variables(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Unusable(f"{' '.join(arguments)}\n{done.stdout.strip()}\nSet-up stopped here (exit {done.returncode}).")


def say(text: str) -> None:
    print(f"set-up: {text}", file=sys.stderr, flush=True)
