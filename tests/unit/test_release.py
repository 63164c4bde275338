# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a release says of itself is true: its version, its notes, what it is supported with; and where others are at fault, a text for them."""
from __future__ import annotations

import ast
import pathlib
import re

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
GALAXY = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))
SUPPORT = (ROOT / "docs" / "docsite" / "rst" / "support.rst").read_text(encoding="utf-8")
UPSTREAM = ROOT / "docs" / "upstream"
SECTIONS = ["Steps to reproduce", "Expected", "Actual", "Evidence", "Suggested fix"]


def constant(path, name):
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return next(ast.literal_eval(node.value) for node in tree.body if isinstance(node, ast.Assign) and node.targets[0].id == name)


def rows():
    """The table of supported versions: ansible-core -> the rest of its row."""
    return {row[0]: row[1:] for row in (re.findall(r"- (.*)", row) for row in re.split(r"^  \* ", SUPPORT, flags=re.M)[2:6])}


def test_the_version_has_its_notes():
    releases = yaml.safe_load((ROOT / "changelogs" / "changelog.yaml").read_text(encoding="utf-8"))["releases"]
    assert GALAXY["version"] in releases
    assert f"\nv{GALAXY['version']}\n===" in (ROOT / "CHANGELOG.rst").read_text(encoding="utf-8")


def test_everything_new_is_in_the_notes():
    notes = (ROOT / "CHANGELOG.rst").read_text(encoding="utf-8")
    kinds = ("plugins/modules/*.py", "plugins/inventory/*.py", "plugins/lookup/*.py", "playbooks/*.yml", "roles/*")
    assert [path for kind in kinds for path in ROOT.glob(kind) if f"- zilliz.cloud.{path.stem} - " not in notes] == []


def test_the_oldest_supported_collections_are_the_declared_ones():
    for row in rows().values():
        assert [f">={row[1].split()[0]}", f">={row[2].split()[0]}"] == [GALAXY["dependencies"][name] for name in ("amazon.aws", "google.cloud")]


def test_the_supported_cores_are_those_that_it_runs_with():
    cores, required = constant("tests/tools/environment.py", "CORES"), yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    assert set(cores) <= set(rows())
    assert required["requires_ansible"] == f">={min(rows())}.0"
    for core, needs in cores.items():
        assert rows()[core][0] == f"{needs['pythons'][0]} to {needs['pythons'][-1]}"


def test_packages_have_the_declared_floor():
    for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").split():
        name, floor = line.split(">=")
        assert f"``{name}``" in SUPPORT and f"{floor} or newer" in SUPPORT


@pytest.mark.parametrize("path", sorted(path for path in UPSTREAM.glob("*.md") if path.name != "README.md"), ids=lambda path: path.stem)
def test_an_issue_for_others_is_whole(path):
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"^## (.*)$", text, re.M) == SECTIONS
    assert all(f"\n- {word}: " in text for word in ("Repository", "Versions", "Known"))
    assert f"]({path.name})" in (UPSTREAM / "README.md").read_text(encoding="utf-8")
    assert all(yaml.safe_load(block)[0]["tasks"] for block in re.findall(r"^```yaml\n(.*?)^```$", text, re.M | re.S))


def test_every_test_that_shows_it_is_there():
    named = set(re.findall(r"`(test_\w+)`", (UPSTREAM / "README.md").read_text(encoding="utf-8")))
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "e2e").glob("test_stock*.py"))
    assert named and [name for name in named if f"def {name}(" not in tests] == []
