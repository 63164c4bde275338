# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in the tarball, and what is not."""
from __future__ import annotations

import json
import subprocess
import tarfile

import yaml
from environment import ROOT

# Everything at the top. MANIFEST.json and FILES.json are of ansible-galaxy's making.
TOP = {
    "CHANGELOG.rst", "CODE_OF_CONDUCT.md", "CONTRIBUTING.md", "FILES.json", "LICENSE", "MANIFEST.json", "README.md", "changelogs", "docs",
    "execution-environment.yml", "meta", "playbooks", "plugins", "requirements.txt", "roles",
}
# Texts for other projects' trackers.
ELSEWHERE = "docs/upstream/"
MADE = {"FILES.json", "MANIFEST.json"}
# Ansible reads these; without one of them the tarball would install and yet not work, or not be taken by Galaxy.
NEEDED = {
    "CHANGELOG.rst", "LICENSE", "README.md", "changelogs/changelog.yaml", "changelogs/config.yaml", "docs/docsite/extra-docs.yml",
    "execution-environment.yml", "meta/execution-environment.yml", "meta/runtime.yml", "playbooks/aws.yml", "playbooks/gcp.yml",
    "plugins/inventory/clusters.py", "plugins/lookup/private_link.py", "requirements.txt", "roles/aws_private_link/meta/argument_specs.yml",
}


def of_git():
    """Files of the work tree that git has, or would take."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, text=True, capture_output=True, check=True).stdout.split("\0")
    return {name for name in listed if name and (ROOT / name).is_file()}


def test_it_holds_what_people_need_and_nothing_else(package):
    names = set(package.names())
    assert {name.partition("/")[0] for name in names} == TOP
    known = of_git()
    assert names - MADE - known == set(), "what git ignores is for nobody else"
    wanted = {name for name in known if name.partition("/")[0] in TOP and not name.startswith(ELSEWHERE)}
    assert wanted - names == set(), "it is in the work tree and did not come along"
    assert [name for name in names if name.startswith(ELSEWHERE)] == []
    assert NEEDED - names == set()


def test_it_is_small_and_knows_nothing_of_this_machine(package):
    assert package.tarball.stat().st_size < 2 ** 20
    with tarfile.open(package.tarball) as tar:
        told = [one.name for one in tar.getmembers() if one.isfile() and str(ROOT).encode() in tar.extractfile(one).read()]
        assert told == []
        assert [one.name for one in tar.getmembers() if not (one.isfile() or one.isdir())] == []


def test_it_says_what_galaxy_yml_says(package):
    written = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))
    said = json.loads((package.installed / "MANIFEST.json").read_text(encoding="utf-8"))["collection_info"]
    assert package.tarball.name == f"zilliz-cloud-{written['version']}.tar.gz"
    assert {name: said[name] for name in written if name != "build_ignore"} == {name: written[name] for name in written if name != "build_ignore"}
