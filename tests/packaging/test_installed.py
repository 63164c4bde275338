# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people do with it, in an environment with nothing else and from another folder."""
from __future__ import annotations

import json
import re

import pytest
from environment import ROOT

PLAYBOOKS = sorted(path.stem for path in (ROOT / "playbooks").glob("*.yml"))
KINDS = {"module": "plugins/modules/*.py", "inventory": "plugins/inventory/*.py", "lookup": "plugins/lookup/*.py", "role": "roles/*"}
# Markup that ansible-doc did not understand stays as it was written.
MARKUP = re.compile(r"\b[A-Z]\([^)]*\)")


def names(package, kind):
    found = sorted(f"zilliz.cloud.{path.stem}" for path in package.installed.glob(KINDS[kind]))
    assert found
    return found


def test_it_is_the_only_one_there(package):
    listed = json.loads(package("ansible-galaxy", "collection", "list", "--format", "json", "zilliz.cloud"))
    assert list(listed) == [str(package.collections / "ansible_collections")]


def test_what_it_requires_is_all_that_is_installed(package):
    """The tests' packages would hide one that is missing in requirements.txt."""
    packages = {one["name"].lower() for one in json.loads(package("python", "-m", "pip", "list", "--format", "json", "--disable-pip-version-check"))}
    assert {"ansible-core", "boto3", "google-auth", "requests"} <= packages
    assert packages & {"ansible", "moto", "pytest", "werkzeug", "trustme"} == set()


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_a_playbook_is_found_by_its_name(package, name):
    said = package("ansible-playbook", "--syntax-check", "-i", "localhost,", f"zilliz.cloud.{name}")
    assert said.split() == ["playbook:", f"{package.installed}/playbooks/{name}.yml"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_documentation_is_there_and_reads_well(package, kind):
    asked = names(package, kind)
    parsed = json.loads(package("ansible-doc", "--json", "-t", kind, *asked))
    assert sorted(parsed) == asked
    for name, one in parsed.items():
        entries = [one["doc"]] if "doc" in one else list(one["entry_points"].values())
        assert all(entry["short_description"] and entry["description"] for entry in entries), name
        assert "doc" not in one or one["examples"].strip(), name
        assert [option for entry in entries for option, said in (entry.get("options") or {}).items() if not said.get("description")] == []
    shown = package("ansible-doc", "-t", kind, *asked)
    assert MARKUP.findall(shown) == []
    assert all(name in shown.replace("\n", "") for name in asked)


def test_a_link_by_the_installed_playbooks(package, sandbox, playbook, link):
    before = sandbox.state()
    assert link.made().changed > 0
    assert link.up().changed == 0
    checked = playbook("zilliz.cloud.check", extra={**link.extra(), "private_link_check_report": "report"})
    assert checked.changed == 0 and "healthy" in checked.stdout
    assert {path.name for path in package.empty.iterdir()} >= {"report.html", "report.json"}
    link.gone(before)
