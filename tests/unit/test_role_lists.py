# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every list of steps that the role loops over is one that the plan gives, in every round that comes there."""
from __future__ import annotations

import pathlib
import re

import pytest

from ansible_collections.zilliz.cloud.plugins.module_utils._plan_aws import AwsPlan

TASKS = pathlib.Path(__file__).resolve().parents[2] / "roles" / "aws_private_link" / "tasks"
SHARED = {"names.yml": ("__aws_private_link_names", ["name", "absent"]), "close.yml": ("__aws_private_link_closed", ["name", "absent"]),
          "retire.yml": ("__aws_private_link_retired", ["connect", "name", "absent"])}


def given(round_):
    return {f"{action}_{resource}" for resource, actions in AwsPlan.ROUNDS[round_].items() for action in actions}


@pytest.mark.parametrize("path", sorted(TASKS.glob("*.yml")), ids=lambda path: path.name)
def test_the_plan_gives_what_the_role_loops_over(path):
    text = path.read_text(encoding="utf-8")
    for round_, name in re.findall(r"__aws_private_link\.by\.(\w+)\.(\w+)", text):
        assert name in given(round_)
    if path.name in SHARED:
        variable, rounds = SHARED[path.name]
        used = set(re.findall(rf"{variable}\.(\w+)", text))
        assert used and all(used <= given(round_) for round_ in rounds)


def test_every_round_that_comes_to_a_shared_file_is_known_here():
    found = set()
    for path in TASKS.glob("*.yml"):
        found |= set(re.findall(r"(__aws_private_link_\w+): \"\{\{ __aws_private_link\.by\.(\w+) \}\}\"", path.read_text(encoding="utf-8")))
    assert found == {(variable, round_) for variable, rounds in SHARED.values() for round_ in rounds}


def test_every_step_that_can_be_acted_on_has_a_task_that_loops_over_it():
    """What the role never looks at would be planned for ever."""
    text = "".join(path.read_text(encoding="utf-8") for path in TASKS.glob("*.yml"))
    batched = {"update_hosted_zone", "replace_record"}  # in `batch`, which route53_names writes
    assert not [name for round_ in AwsPlan.ROUNDS for name in given(round_) - batched if name not in text]
