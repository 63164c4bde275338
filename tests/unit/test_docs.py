# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages for people name what there is, and their examples are well formed; the end-to-end tests run them."""
from __future__ import annotations

import ast
import json
import pathlib
import re
import subprocess
import sys

import pytest
import yaml
from ansible.cli.adhoc import AdHocCLI
from ansible.cli.inventory import InventoryCLI
from ansible.cli.playbook import PlaybookCLI
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.zilliz.cloud.plugins.module_utils._checks import CHECKS
from ansible_collections.zilliz.cloud.plugins.module_utils._probe_judge import VERDICTS

from sandbox.awx import Awx
from sandbox.awx.app import App
from werkzeug.test import Client

from e2e.pages import NOT_EXECUTED, NOT_RUN, PAGES, SITE, blocks, every_block, not_run

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "tools"))

import errors  # noqa: E402
from errors_more import MORE, ROLES  # noqa: E402

README = PAGES["README"].read_text(encoding="utf-8")
TROUBLESHOOTING = PAGES["troubleshooting"].read_text(encoding="utf-8")
GUIDE_QUESTIONS = (
    "Why does it always report a timeout when connecting to the private link on AWS?",
    'Why does it always report "name or service not known" when I ping the private link of a GCP-hosted instance?',
    "Can I create a private endpoint for an existing cluster?",
)
OPTIONS = {
    name: option
    for path in (ROOT / "roles").glob("*/meta/argument_specs.yml")
    for spec in yaml.safe_load(path.read_text(encoding="utf-8"))["argument_specs"].values()
    for name, option in spec["options"].items()
}
ROLE_NAMES = sorted((path.name for path in (ROOT / "roles").iterdir() if not path.name.startswith(".")), key=len, reverse=True)
COMMANDS = {"ansible-playbook": PlaybookCLI, "ansible-inventory": InventoryCLI, "ansible": AdHocCLI}


# The words of the pages


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


@pytest.mark.parametrize("page", PAGES)
def test_every_name_on_a_page_is_one(page):
    text = PAGES[page].read_text(encoding="utf-8")
    there = {path.stem for folder in ("modules", "lookup", "inventory") for path in (ROOT / "plugins" / folder).iterdir()}
    there |= {path.stem for path in (ROOT / "playbooks").iterdir()} | set(ROLE_NAMES)
    known = set(OPTIONS) | there | {f"{name}_result" for name in ROLE_NAMES}
    variables = set(re.findall(rf"\b(?:{'|'.join(ROLE_NAMES)})_[a-z_]+\b", text))
    assert variables - known == set()
    # What stands in place of the role's name is an option of one of them.
    halves = set(re.findall(r"(?<!\w)\.\.\._([a-z_]+)\b", text))
    assert {half for half in halves if not any(f"{name}_{half}" in OPTIONS for name in ("aws_private_link", "gcp_private_link"))} == set()
    named = set(re.findall(r"(?<![/.\w])zilliz\.cloud\.([a-z_]+)\b", text))
    assert named - there - {"zilliz", "aws", "gcp", "cloud", "com", "docsite"} == set()


def test_every_page_is_on_the_site_and_bears_its_label():
    listed = [page for section in yaml.safe_load((SITE.parent / "extra-docs.yml").read_text(encoding="utf-8"))["sections"] for page in section["toctree"]]
    assert sorted(listed) == sorted(path.stem for path in SITE.glob("*.rst"))
    for page in listed:
        assert f".. _ansible_collections.zilliz.cloud.docsite.{page}:\n" in PAGES[page].read_text(encoding="utf-8")


@pytest.mark.parametrize("page", [page for page in PAGES if PAGES[page].suffix == ".rst"])
def test_every_reference_leads_to_a_page(page):
    named = re.findall(r":ref:`(?:[^`<]*<)?ansible_collections\.zilliz\.cloud\.docsite\.(\w+)>?`", PAGES[page].read_text(encoding="utf-8"))
    assert set(named) <= set(PAGES)


def test_pictures_are_there_and_well_formed():
    named = [name for page in PAGES for name in re.findall(r"^\.\. image:: (\S+)$", PAGES[page].read_text(encoding="utf-8"), re.M)]
    assert sorted(named) == sorted(f"images/{path.name}" for path in (SITE / "images").iterdir())
    for name in named:
        subprocess.run([sys.executable, "-c", "import sys, xml.dom.minidom as x; x.parse(sys.argv[1])", SITE / name], check=True)


# The reference of errors


def test_the_page_of_errors_is_as_the_code_has_it():
    assert errors.PAGE.read_text(encoding="utf-8") == errors.page(), "run python tests/tools/errors.py --write"


def test_every_sentence_of_the_code_is_on_it():
    page = errors.PAGE.read_text(encoding="utf-8")
    sentences = errors.every_sentence()
    assert len(sentences) > 150
    assert [one for one in sentences if errors.plain(one.text) not in page] == []


@pytest.mark.parametrize("beginning", MORE)
def test_what_is_said_beyond_a_sentence_belongs_to_one(beginning):
    assert len({one.text for one in errors.every_sentence() if one.text.startswith(beginning)}) == 1


@pytest.mark.parametrize("folder", ROLES)
def test_what_the_roles_say_is_in_them(folder):
    files = [*(ROOT / folder).rglob("*.yml"), *(ROOT / "plugins" / "module_utils").glob("_private_only.py")]
    # A sentence may be cut into lines and quotes anywhere.
    said = re.sub(r"""[\s"'~]+|\bf(?=["'])""", "", " ".join(path.read_text(encoding="utf-8") for path in files))
    pieces = [piece for sentence in ROLES[folder] for piece in sentence.split("…")]
    assert [piece for piece in pieces if re.sub(r"""[\s"'~]+""", "", piece) not in said] == []


# The examples


@pytest.mark.parametrize("block", every_block(), ids=str)
def test_an_example_is_well_formed(block):
    if block.language == "python":
        ast.parse(block.text)
    elif block.language == "json":
        json.loads(block.text)
    elif block.language == "yaml":
        assert isinstance(block.data, (dict, list))
    elif block.language == "shell":
        assert block.commands
    else:
        assert block.language == "text"


def role_variables(data):
    """name, value of every variable of a role, however deep."""
    if isinstance(data, dict):
        for name, value in data.items():
            if str(name).startswith(tuple(f"{role}_" for role in ROLE_NAMES)):
                yield name, value
            else:
                yield from role_variables(value)
    elif isinstance(data, list):
        for item in data:
            yield from role_variables(item)


def fits(name, value):
    """What a role's own specification says of a value; what is known only later is no fault."""
    assert name in OPTIONS, f"{name} is no variable of a role"
    if "{{" in str(value):
        return
    option = {key: OPTIONS[name][key] for key in ("type", "elements", "choices") if key in OPTIONS[name]}
    assert ArgumentSpecValidator({name: option}).validate({name: value}).error_messages == []


@pytest.mark.parametrize("block", [one for one in every_block() if one.language == "yaml"], ids=str)
def test_the_variables_of_an_example_are_as_their_role_wants_them(block):
    for name, value in role_variables(block.data):
        # An inventory gives the names of the roles' variables to expressions.
        fits(name, "{{ later }}" if block.data and "plugin" in block.data else value)


@pytest.mark.parametrize("block", [one for one in every_block() if one.language == "shell"], ids=str)
def test_a_command_of_an_example_is_one_that_its_program_takes(block):
    for words in block.commands:
        if words[0] not in COMMANDS:
            assert not_run(words), f"Nobody runs {' '.join(words)}, and NOT_RUN has no reason"
            continue
        parser = COMMANDS[words[0]](list(words))
        parser.init_parser()
        given = parser.parser.parse_args(words[1:])
        for one in getattr(given, "extra_vars", None) or []:
            if not one.startswith("@"):
                name, _sign, value = one.partition("=")
                if name not in ("cloud", "link_hosts"):
                    fits(name, value)
        if words[0] == "ansible-playbook":
            known = {f"zilliz.cloud.{path.stem}" for path in (ROOT / "playbooks").iterdir()} | {one.file for one in blocks(block.page)}
            assert set(given.args) <= known, given.args
        if words[0] == "ansible":
            assert (ROOT / "plugins" / "modules" / f"{given.module_name.rsplit('.', 1)[-1]}.py").exists()


def test_a_target_of_make_that_is_named_is_one():
    targets = set(re.findall(r"^([a-z0-9]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    named = {words[1] for block in every_block() if block.language == "shell" for words in block.commands if words[0] == "make"}
    assert named and named <= targets


def test_no_reason_stands_for_nothing():
    commands = [words for block in every_block() if block.language == "shell" for words in block.commands]
    assert all(any(words[:len(one.split())] == one.split() for words in commands) for one in NOT_RUN)
    pieces = {(block.page, block.first) for block in every_block()}
    assert set(NOT_EXECUTED) <= pieces


def test_awx_takes_the_credential_type_of_the_page():
    fields, injectors = (block.data for block in blocks("awx") if block.kind == "variables" and block.first in ("fields:", "env:"))
    awx = Client(App(Awx()))
    body = {"name": "Zilliz Cloud", "kind": "cloud", "inputs": fields, "injectors": injectors}
    answer = awx.post("/api/v2/credential_types/", json=body, auth=("admin", "password"))
    assert answer.status_code == 201, answer.get_data(as_text=True)
    fragment = (ROOT / "plugins" / "doc_fragments" / "zilliz.py").read_text(encoding="utf-8")
    assert all(name in fragment for name in injectors["env"])
