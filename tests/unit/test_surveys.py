# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The surveys say what the argument_specs say, and AWX takes them as they are."""

from __future__ import annotations

import importlib.util
import pathlib

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from sandbox.awx import surveys as awx
from unit.sandbox_awx.awx_side import Side

ROOT = pathlib.Path(__file__).resolve().parents[2]
LOADED = importlib.util.spec_from_file_location("surveys", ROOT / "tests" / "tools" / "surveys.py")
surveys = importlib.util.module_from_spec(LOADED)
LOADED.loader.exec_module(surveys)

ROLES = surveys.ASKED
every_role = pytest.mark.parametrize("role", ROLES)
KINDS = {"password": str, "text": str, "textarea": str, "multiplechoice": str, "integer": int}


@every_role
def test_every_option_is_asked_once_or_left_out_by_name(role):
    asked = [one["variable"] for one in surveys.survey("S", role)["spec"]]
    left = [f"{role}_{name}" for name in surveys.LEFT_OUT]
    assert asked == [option for option in surveys.options(role) if option not in left]


@every_role
def test_a_question_is_its_option(role):
    options = surveys.options(role)
    for one in surveys.survey("S", role)["spec"]:
        spec = options[one["variable"]]
        assert one["required"] == bool(spec.get("required"))
        assert (one["type"] == "password") == bool(spec.get("no_log"))
        if spec.get("choices"):
            assert one["choices"] == [choice for choice in spec["choices"] if choice]
        if one.get("default", "") != "":
            assert one["default"] == (str(spec["default"]).lower() if isinstance(spec["default"], bool) else spec["default"])
        else:
            assert not spec.get("default")
        # An answer that is left empty must count as none.
        assert not spec.get("choices") or "" in spec["choices"]


@every_role
def test_texts_are_for_people(role):
    for one in surveys.survey("S", role)["spec"]:
        assert not any(f"{letter}(" in one["question_description"].replace("cidr(", "") for letter in "VOPREC"), one["question_description"]
        assert one["question_name"][0].isupper() and "_" not in one["question_name"]


@pytest.mark.parametrize("roles", (*[(role,) for role in ROLES], ("aws_private_link", "private_link_check", "private_only"),
                                   ("gcp_private_link", "private_link_check", "private_only")))
def test_awx_takes_it_and_gives_it_back_as_it_is(roles):
    side = Side()
    path = f"job_templates/{side.ids['template']}/survey_spec/"
    asked = surveys.survey("S", *roles)
    side.ok("POST", path, asked)
    assert side.get(path) == asked


def test_the_role_has_these_surveys():
    assert surveys.WRITTEN.read_text(encoding="utf-8") == surveys.written(), "python3 tests/tools/surveys.py --write"
    # Ansible would take them for templates.
    assert "{{" not in surveys.written() and "{%" not in surveys.written()


@every_role
def test_every_default_reaches_the_job_in_the_type_of_its_question(role):
    asked = surveys.survey("S", role)
    arrived = awx.defaults(asked)
    for one in asked["spec"]:
        if one.get("default", "") != "":
            assert isinstance(arrived[one["variable"]], KINDS[one["type"]])


@pytest.mark.parametrize("wrong", (
    {"variable": "a-b"}, {"variable": "awx_job_id"}, {"variable": "ansible_host"}, {"type": "multiplechoice", "choices": []},
    {"type": "multiplechoice", "choices": ["alpha"], "default": "lph"}, {"required": True, "default": "x"},
    {"type": "password", "default": "x"}, {"type": "multiselect", "choices": ["a"]},
))
def test_what_awx_takes_without_a_word_is_refused_here(wrong):
    good = {"variable": "v", "type": "text", "required": False, "default": ""}
    surveys.check([good])
    with pytest.raises(AssertionError):
        surveys.check([{**good, **wrong}])


@every_role
def test_a_blank_answer_passes(role):
    """AWX hands it on as `!unsafe ''`, of which ansible-core 2.19 and newer make null."""
    asked = [one for one in surveys.survey("S", role)["spec"] if one["type"] in ("text", "textarea", "password")]
    given = {one["variable"]: "x" if one["required"] else None for one in asked}
    texts = ("description", "version_added")
    spec = {name: {key: value for key, value in option.items() if key not in texts} for name, option in surveys.options(role).items()}
    assert ArgumentSpecValidator(spec).validate(given).error_messages == []
