# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages for people name what there is."""
from __future__ import annotations

import pathlib
import re

import pytest
import yaml

from ansible_collections.zilliz.cloud.plugins.module_utils._checks import CHECKS
from ansible_collections.zilliz.cloud.plugins.module_utils._probe_judge import VERDICTS

ROOT = pathlib.Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
TROUBLESHOOTING = (ROOT / "docs" / "docsite" / "rst" / "troubleshooting.rst").read_text(encoding="utf-8")
GUIDE_QUESTIONS = (
    "Why does it always report a timeout when connecting to the private link on AWS?",
    'Why does it always report "name or service not known" when I ping the private link of a GCP-hosted instance?',
    "Can I create a private endpoint for an existing cluster?",
)


@pytest.mark.parametrize("verdict", VERDICTS)
def test_every_verdict_is_explained(verdict):
    assert re.search(rf"^  \* - (``\w+``, )?``{verdict}``", TROUBLESHOOTING, re.M)


def test_no_other_verdict_is_explained():
    table = TROUBLESHOOTING.split("What the probe says")[1].split("The questions of the guides")[0]
    explained = {name for line in re.findall(r"^  \* - (``.*)$", table, re.M) for name in re.findall(r"``(\w+)``", line)}
    assert explained == set(VERDICTS)


@pytest.mark.parametrize("question", GUIDE_QUESTIONS)
def test_every_question_of_the_guides_is_answered(question):
    assert question in TROUBLESHOOTING


def test_the_lines_that_it_speaks_of_are_there():
    titles = {title for title, _station in CHECKS.values()}
    named = {" ".join(name.split()) for name in re.findall(r"(?<!\*)\*([A-Z][^*.;]+)\*(?!\*)", TROUBLESHOOTING)}
    assert {"Private zone", "Network ACLs"} <= named & titles
    assert named <= titles, named - titles


@pytest.mark.parametrize("folder", ["roles", "playbooks", "plugins/modules", "plugins/inventory", "plugins/lookup"])
def test_the_readme_names_all_that_there_is(folder):
    found = [path.stem for path in (ROOT / folder).iterdir() if not path.name.startswith(("_", "."))]
    missing = [name for name in found if f"`{name}`" not in README and f"`zilliz.cloud.{name}`" not in README]
    assert found and not missing


def test_every_variable_that_the_pages_name_is_one():
    known = set()
    for path in (ROOT / "roles").glob("*/meta/argument_specs.yml"):
        known.update(yaml.safe_load(path.read_text(encoding="utf-8"))["argument_specs"]["main"]["options"])
    results = {f"{path.name}_result" for path in (ROOT / "roles").iterdir()}
    for page in (README, TROUBLESHOOTING):
        named = set(re.findall(r"\b(?:aws_private_link|gcp_private_link|private_link_check|private_link_fleet|private_only)_[a-z_]+\b", page))
        modules = {path.stem for path in (ROOT / "plugins" / "modules").iterdir()}
        assert named - known - results - modules == set()
