# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the roles loop over is what their plans give, in every round that comes there; and the two roles read alike."""
from __future__ import annotations

import ast
import pathlib
import re

import pytest
import yaml

from ansible_collections.zilliz.cloud.plugins.module_utils._plan_aws import AwsPlan
from ansible_collections.zilliz.cloud.plugins.module_utils._plan_gcp import GcpPlan

ROOT = pathlib.Path(__file__).resolve().parents[2]
PLANS = {"aws_private_link": AwsPlan, "gcp_private_link": GcpPlan}
FILES = [(role, path.name) for role in PLANS for path in sorted((ROOT / "roles" / role / "tasks").glob("*.yml"))]
SHARED = {
    "names.yml": ("names", ["name", "absent"]), "close.yml": ("closed", ["name", "absent"]),
    "retire.yml": ("retired", ["connect", "name", "absent"]),
}
# In `batch`, which route53_names and cloud_dns_names write.
BATCHED = {"update_hosted_zone", "update_managed_zone", "replace_record"}

every_role = pytest.mark.parametrize("role", PLANS)
every_file = pytest.mark.parametrize(("role", "name"), FILES, ids=lambda part: part)


def text_of(role, name):
    return (ROOT / "roles" / role / "tasks" / name).read_text(encoding="utf-8")


def texts(role):
    return {name: text_of(role, name) for one, name in FILES if one == role}


def tasks_of(role, name):
    def flat(tasks):
        for task in tasks:
            yield task
            yield from flat(task.get("block", []) + task.get("rescue", []))

    return list(flat(yaml.safe_load(text_of(role, name))))


def part_of(role, *path):
    return yaml.safe_load((ROOT / "roles" / role).joinpath(*path).read_text(encoding="utf-8"))


def given(role, round_):
    return {f"{action}_{resource}" for resource, actions in PLANS[role].ROUNDS[round_].items() for action in actions}


@every_file
def test_the_plan_gives_what_the_role_loops_over(role, name):
    text = text_of(role, name)
    for round_, steps in re.findall(rf"__{role}\.by\.(\w+)\.(\w+)", text):
        assert steps in given(role, round_)
    if name in SHARED:
        variable, rounds = SHARED[name]
        used = set(re.findall(rf"__{role}_{variable}\.(\w+)", text))
        assert used and all(used <= given(role, round_) for round_ in rounds)


@every_role
def test_every_round_that_comes_to_a_shared_file_is_known_here(role):
    found = set()
    for text in texts(role).values():
        found |= set(re.findall(rf"__{role}_(\w+): \"\{{\{{ __{role}\.by\.(\w+) \}}\}}\"", text))
    assert found == {(variable, round_) for variable, rounds in SHARED.values() for round_ in rounds}


@every_role
def test_every_step_that_can_be_acted_on_has_a_task_that_loops_over_it(role):
    """What the role never looks at would be planned for ever."""
    text = "".join(texts(role).values())
    assert not [name for round_ in PLANS[role].ROUNDS for name in given(role, round_) - BATCHED if name not in text]


@every_role
def test_every_option_is_described_has_a_default_and_reaches_the_plan(role):
    options = part_of(role, "meta", "argument_specs.yml")["argument_specs"]["main"]["options"]
    defaults = part_of(role, "defaults", "main.yml")
    required = {name for name, option in options.items() if option.get("required")}
    assert set(defaults) == set(options) - required
    for name in defaults:
        told = options[name].get("default")
        assert told == defaults[name] or told is None and defaults[name] in ("", []), name
    used = set(re.findall(rf"(?<!_)\b{role}_(?!(?:result|plan)\b)\w+", "".join(texts(role).values())))
    used |= set(re.findall(rf"(?<!_)\b{role}_\w+", (ROOT / "roles" / role / "vars" / "main.yml").read_text(encoding="utf-8")))
    assert used == set(options)


def documented(kind, name):
    """The options in the documentation of a plugin file."""
    source = (ROOT / "plugins" / kind / f"{name}.py").read_text(encoding="utf-8")
    text = next(
        ast.literal_eval(node.value) for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Assign) and node.targets[0].id == "DOCUMENTATION"
    )
    return yaml.safe_load(text)["options"]


@every_role
def test_the_plan_has_every_option_that_the_role_gives_it(role):
    own = {**documented("modules", f"{role}_plan"), **documented("doc_fragments", "link")}
    task = next(task for task in tasks_of(role, "plan.yml") if f"zilliz.cloud.{role}_plan" in task)
    assert set(task[f"zilliz.cloud.{role}_plan"]) == set(own)
    # A default of the role that differed from the module's would count for the role only.
    defaults = part_of(role, "defaults", "main.yml")
    for name, option in own.items():
        if f"{role}_{name}" in defaults and "default" in option:
            assert defaults[f"{role}_{name}"] == option["default"], name


def test_the_two_roles_have_the_same_files_and_the_same_tasks_in_the_same_order():
    """So that they can be read side by side; what only one cloud needs stands between what both have."""
    aws, gcp = texts("aws_private_link"), texts("gcp_private_link")
    assert set(aws) - {"whitelist.yml", "give_back.yml"} == set(gcp)
    for name in gcp:
        ours = [task["name"] for task in tasks_of("gcp_private_link", name)]
        theirs = [task["name"].replace("aws_private_link", "gcp_private_link") for task in tasks_of("aws_private_link", name)]
        common = set(ours) & set(theirs)
        assert [task for task in ours if task in common] == [task for task in theirs if task in common], name
        assert common or name == "close.yml", name


UPSTREAM = [
    (name, task) for role, name in FILES if role == "gcp_private_link" for task in tasks_of(role, name)
    if any(key.startswith("google.cloud.") for key in task)
]


@pytest.mark.parametrize(("name", "task"), UPSTREAM, ids=[f"{name}:{task['name']}" for name, task in UPSTREAM])
def test_google_cloud_is_told_where_bounded_and_tried_again(name, task):
    """Its modules poll for ever, never try again, and take project and region from the environment."""
    module = next(key for key in task if key.startswith("google.cloud."))
    options = task[module]
    assert "__gcp_private_link.result." in options["project"]
    regional = module.rsplit("_", maxsplit=1)[-1] in ("address", "rule")
    assert ("region" in options) == regional
    assert task["timeout"] == "{{ __gcp_private_link_timeout }}"
    assert task["until"] == "__gcp_private_link_tried" and task["retries"] and task["delay"]
    assert task["register"] == "__gcp_private_link_try"


@every_file
def test_acts_say_what_they_do_and_why(role, name):
    for task in tasks_of(role, name):
        if "loop" in task:
            assert "item" in task["loop_control"]["label"] or "lines" in task["loop_control"]["label"], task["name"]
