# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tarball, built once, and somebody who has installed it and has nothing of the work tree."""
from __future__ import annotations

import json
import os
import pathlib
import re
import subprocess
import sys
import tarfile

import pytest

# The imports below need tests/ on the path, so they come after it (E402).
sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / name) for name in ("", "tools")]

import environment  # noqa: E402
from e2e.link import Link  # noqa: E402
from sandbox.client import Sandbox  # noqa: E402

# ansible-core warns of a folder of its own, whatever is installed.
CORES_OWN = re.compile(r"Collection at '\S+/_protomatter' does not have a MANIFEST.json file")
BESIDE = [pathlib.PurePath(name) for name in environment.SLICES]


class Package:
    """An installed tarball. Called, it runs a command of its environment in an empty folder and hands back what was said."""

    def __init__(self, folder, venv):
        self.folder, self.bin = folder, pathlib.Path(venv) / "bin"
        self.beside = pathlib.Path(os.environ["ANSIBLE_COLLECTIONS_PATH"]) / "ansible_collections"
        self.collections = folder / "collections"
        self.installed = self.collections / "ansible_collections" / "zilliz" / "cloud"
        self.empty = folder / "elsewhere"
        self.empty.mkdir()
        for name in BESIDE:
            environment.link(self.installed.parents[1] / name, (self.beside / name).resolve())
        self("ansible-galaxy", "collection", "build", "--output-path", folder, environment.ROOT)
        self.tarball, = folder.glob("*.tar.gz")
        self("ansible-galaxy", "collection", "install", "--no-deps", "--offline", "-p", self.collections, self.tarball)
        # At once: later there is bytecode too.
        self("ansible-galaxy", "collection", "verify", "--offline", "-p", self.collections, "zilliz.cloud")

    def variables(self, more=None):
        own = {"ANSIBLE_COLLECTIONS_PATH": str(self.collections), "ANSIBLE_CONFIG": os.environ["ANSIBLE_CONFIG"], "ANSIBLE_NOCOLOR": "1",
               "ANSIBLE_LOCALHOST_WARNING": "False", "ANSIBLE_INVENTORY_UNPARSED_WARNING": "False", "HOME": str(self.folder),
               "PWD": str(self.empty)}
        return {**environment.own_variables(), **own, **(more or {}), "PATH": os.pathsep.join([str(self.bin), os.environ["PATH"]])}

    def __call__(self, *command, env=None):
        done = subprocess.run([str(self.bin / command[0]), *map(str, command[1:])], env=self.variables(env), cwd=self.empty, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=600, check=False)
        assert done.returncode == 0, f"{command}\n{done.stdout[-4000:]}{done.stderr[-4000:]}"
        # "[WARNING]:" of Ansible, "WARNING" of Galaxy's client.
        disliked = [line for line in done.stderr.splitlines() if re.search("WARNING|ERROR", line) and not CORES_OWN.search(line)]
        assert disliked == [], done.stderr
        return done.stdout

    def names(self):
        with tarfile.open(self.tarball) as tar:
            return [one.name for one in tar.getmembers() if one.isfile()]


@pytest.fixture(scope="session")
def package(tmp_path_factory):
    return Package(tmp_path_factory.mktemp("package"), os.environ["PACKAGE_USER"])


@pytest.fixture(scope="session")
def tools():
    """Where galaxy-importer and molecule are."""
    return pathlib.Path(os.environ["PACKAGE_TOOLS"]) / "bin"


@pytest.fixture
def sandbox(package, tmp_path):
    with Sandbox(tmp_path / "sandbox", speed=600, collections=package.collections) as sandbox:
        yield sandbox
        assert sandbox.escaped() == []


class Recap:
    """What e2e.link asks of a run."""

    def __init__(self, stdout):
        self.rc, self.stdout = 0, stdout
        self.changed = sum(int(number) for number in re.findall(r"\bchanged=(\d+)", stdout))


@pytest.fixture
def playbook(package, sandbox):
    def run(name, extra=None, **_more):
        # google.cloud has deprecated imports, which ansible-core 2.20 and newer tell once a run.
        env = {**sandbox.env, "ANSIBLE_DEPRECATION_WARNINGS": "False"}
        return Recap(package("ansible-playbook", name, "-e", json.dumps(extra), env=env))

    return run


@pytest.fixture(params=["aws", "gcp"])
def link(request, sandbox, playbook):
    return Link(sandbox, playbook, request.param)
