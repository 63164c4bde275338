# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an image for AWX gets, as ansible-builder reads it, and the installed collection under ansible-navigator. No image is built and none is run."""
from __future__ import annotations

import importlib
import json
import os
import pathlib
import subprocess

import pytest
import yaml

from e2e.link import Link
from e2e.runner import ROOT, collections
from e2e.views import names, registered, zones

TOOLS = ROOT / "tests" / "tools"
OURS = [line for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines() if line]


class Tools:
    """ansible-builder and ansible-navigator, which come with much of their own: they have the environment of the linters."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self._environment = loaded("environment")
        self.bin = self._environment.prepare_lint() / "bin"
        self.ours = self.folder / "collections"
        made = self("ansible-galaxy", "collection", "build", "--output-path", self.folder, ROOT)
        self("ansible-galaxy", "collection", "install", "--no-deps", "--offline", "-p", self.ours, next(self.folder.glob("*.tar.gz")))
        assert "Created collection for zilliz.cloud" in made

    def __call__(self, *command, env=None):
        variables = {**self._environment.own_variables(), "HOME": str(self.folder), **(env or {})}
        variables["PATH"] = os.pathsep.join([str(self.bin), variables["PATH"]])
        done = subprocess.run([str(self.bin / command[0]), *map(str, command[1:])], env=variables, cwd=self.folder, text=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300, check=False)
        assert done.returncode == 0, done.stdout[-4000:]
        return done.stdout


def loaded(name):
    """A module of the set-up, which is a folder of programs and no package."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(TOOLS)
        return importlib.import_module(name)


@pytest.fixture(scope="module")
def tools(tmp_path_factory):
    return Tools(tmp_path_factory.mktemp("tools"))


def test_the_image_has_what_the_collection_needs(tools):
    context = tools.folder / "context"
    tools("ansible-builder", "create", "-f", ROOT / "execution-environment.yml", "-c", context, "--output-filename", "Containerfile")
    build = context / "_build"
    assert (build / "requirements.txt").read_text(encoding="utf-8").split() == OURS
    listed = yaml.safe_load((build / "requirements.yml").read_text(encoding="utf-8"))["collections"]
    assert [one["name"] for one in listed] == ["zilliz.cloud"]
    # What else the roles use comes with it.
    manifest = json.loads((tools.ours / "ansible_collections" / "zilliz" / "cloud" / "MANIFEST.json").read_text(encoding="utf-8"))
    assert set(manifest["collection_info"]["dependencies"]) == {"amazon.aws", "google.cloud"}
    steps = (context / "Containerfile").read_text(encoding="utf-8")
    oldest = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))["requires_ansible"]
    assert f'ARG ANSIBLE_INSTALL_REFS="ansible-core{oldest} ansible-runner' in steps and 'ARG PYCMD="/usr/bin/python3.12"' in steps
    assert "openssh-clients" in (build / "bindep.txt").read_text(encoding="utf-8")


def test_whoever_builds_another_image_with_the_collection_gets_its_packages(tools):
    said = yaml.safe_load(tools("ansible-builder", "introspect", tools.ours))
    assert [line.partition("#")[0].strip() for line in said["python"]] == OURS and said["system"] == []


def test_navigator_runs_a_playbook_of_the_installed_collection(tools, sandbox):
    link = Link(sandbox, None).extra()
    (tools.folder / "link.json").write_text(json.dumps({**link, "ansible_python_interpreter": sandbox.interpreter}), encoding="utf-8")
    env = {**sandbox.env, "ANSIBLE_COLLECTIONS_PATH": os.pathsep.join([str(tools.ours), collections()])}
    options = ("--ee", "false", "-m", "stdout", "--playbook-artifact-enable", "false", "--log-file", tools.folder / "navigator.log")
    said = tools("ansible-navigator", "run", "zilliz.cloud.aws", *options, "-e", f"@{tools.folder}/link.json", env=env)
    assert "changed=" in said
    given = sandbox.scenario["aws"]
    assert len(registered(sandbox, given["project_id"])) == 1
    made = zones(sandbox)
    assert len(made) == 2 and all(names(zone) for zone in made.values())
    documented = tools("ansible-navigator", "doc", "zilliz.cloud.private_endpoint", *options[:4], "--log-file", tools.folder / "navigator.log", env=env)
    assert "endpoint_id" in documented
