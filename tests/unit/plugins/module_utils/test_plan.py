# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan module answers from a plan, and the words of its messages."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.zilliz.cloud.plugins.module_utils._plan import detail, line, listed, numbered, report, some, words
from unit.plugins.module_utils.model import Clouds, cluster, found, wanted

KINDS = ("endpoint", "link", "maintenance", "gone")


def plan(*steps, waiting=()):
    return {"steps": list(steps), "waiting": [{"kind": kind, "text": f"{kind} is late"} for kind in waiting], "result": {}, "notes": []}


def step(round_="connect", action="create", known=True, resource="vpc_endpoint"):
    return {"action": action, "resource": resource, "name": "link", "before": {}, "after": {"size": 1}, "why": "It is missing",
            "round": round_, "known": known}


# --- report ---


@settings(derandomize=True, deadline=None)
@given(
    st.lists(st.builds(step, st.sampled_from(["connect", "name", "absent"]), known=st.booleans()), max_size=3),
    st.lists(st.sampled_from(KINDS), max_size=2), st.lists(st.sampled_from(KINDS), max_size=2), st.booleans(),
)
def test_what_a_role_tests_is_a_real_boolean_and_check_mode_never_acts(steps, waiting, awaits, check_mode):
    answer = report(plan(*steps, waiting=waiting), wanted(awaits=awaits), check_mode)
    booleans = [answer[name] for name in ("changed", "act", "settled", "failed")] + list(answer["rounds"].values())
    assert all(value is True or value is False for value in booleans)
    assert answer["act"] == any(answer["rounds"].values())
    assert not (check_mode and answer["act"]) and not (answer["changed"] and not check_mode)
    assert set(answer["rounds"]) == {"connect", "name", "maintenance", "absent"}


def test_check_mode_reports_what_a_run_would_act_on():
    run, check = [report(plan(step()), wanted(), mode) for mode in (False, True)]
    assert (run["act"], run["changed"], check["act"], check["changed"]) == (True, False, False, True)
    assert run["rounds"]["connect"] and not check["rounds"]["connect"]
    assert run["steps"] == check["steps"]


def test_a_step_whose_values_are_still_to_come_is_foreseen_and_not_acted_on():
    answer = report(plan(step("name", known=False)), wanted(), False)
    assert not answer["act"] and answer["steps"] and answer["settled"]
    assert report(plan(step("name", known=False)), wanted(), True)["changed"]


@pytest.mark.parametrize("kind, round_", [("endpoint", "connect"), ("link", "connect"), ("maintenance", "maintenance"), ("gone", "absent")])
def test_waiting_alone_is_a_reason_to_act_while_there_is_patience(kind, round_):
    assert report(plan(waiting=[kind]), wanted(), False)["rounds"][round_]
    assert not report(plan(waiting=[kind]), wanted(wait_timeout=0, maintenance_timeout=0), False)["act"]


def test_a_look_that_awaits_is_settled_when_its_kinds_are_over():
    late = report(plan(step(), waiting=["link", "maintenance"]), wanted(awaits=["endpoint", "link"]), False)
    assert not late["settled"] and late["steps"] == [] and late["msg"] == "Still waiting: link is late"
    assert report(plan(waiting=["maintenance"]), wanted(awaits=["endpoint", "link"]), False)["settled"]


def test_what_is_open_after_the_act_is_told():
    open_ = report(plan(step(), step("name")), wanted(done=["connect"]), False)
    assert not open_["settled"] and not open_["failed"]
    assert open_["msg"] == "Still to do after the run: create vpc_endpoint link: It is missing"
    assert report(plan(step(action="delete")), wanted(done=["connect"]), False)["failed"]
    assert report(plan(step("name")), wanted(done=["connect"]), False)["settled"]


@pytest.mark.parametrize("changes, settled", [
    (["create record a.example.com A: Zone a.example.com does not have this record"], False),
    (["update record a.example.com A: The endpoint has another address"], False),
    (["create hosted_zone a.example.com: No private zone of that name answers in VPC vpc-1"], False),
    (["create record b.example.com A: Zone b.example.com does not have this record"], True),
    ([], True),
])
def test_a_name_that_came_up_during_the_act_is_acted_on_and_not_late(changes, settled):
    come = dict(step("name", resource="record"), name="a.example.com A")
    answer = report(plan(come), wanted(done=["connect", "name"], changes=changes), False)
    assert answer["settled"] == settled and answer["rounds"]["name"]
    assert ("Still to do" in answer.get("msg", "")) == (not settled)


def test_a_port_of_a_cluster_that_came_up_is_told_from_one_that_is_still_closed():
    rule = dict(step("name", resource="security_group_rules"), name="group", why="The group does not let 10.0.0.0/8 in on port 443")
    want = wanted(done=["connect", "name"], changes=["create security_group_rules group: The group does not let 10.0.0.0/8 in on port 19530"])
    assert report(plan(rule), want, False)["settled"]
    assert not report(plan(rule), dict(want, changes=[line(rule)]), False)["settled"]


@settings(derandomize=True, deadline=None)
@given(st.lists(st.sampled_from([(True, "CREATING"), (False, "RUNNING"), (True, "RUNNING")]), max_size=3), st.sampled_from(["exact", "shared"]))
def test_the_diff_lists_every_step(kinds, dns):
    clusters = [cluster(n, status, linked and status == "RUNNING") for n, (linked, status) in enumerate(kinds, 1)]
    want = wanted(dns=dns)
    answer = report(Clouds(found(clusters=clusters)).plan(want), want, True)
    text = answer["diff"]["prepared"]
    assert [one for one in text.splitlines() if not one.startswith("  ")] == [line(one) for one in answer["steps"]]
    assert list(itertools.chain(*answer["lines"].values())) == [line(one) for one in answer["steps"]]


def test_the_diff_of_a_step_shows_both_sides_without_what_is_empty():
    one = dict(step(action="update"), before={"size": 2, "tags": {}}, after={"size": 1, "name": None})
    assert detail(one) == "update vpc_endpoint link: It is missing\n  - size: 2\n  + size: 1\n"


# --- words ---


@pytest.mark.parametrize("typed", [
    ["a b", "c"], "a b, c", "a b\nc", " a b \n\n c,\n", ["a b, c"], ["a b", "", None, " c ", "c"], '["a b", "c"]', "['a b', 'c']",
    ['["a b"', ' "c"]'], "[\n  \"a b\",\n  \"c\"\n]", "a b\r\nc",
])
def test_a_list_may_be_typed_in_many_ways(typed):
    assert words(typed) == ["a b", "c"]


@pytest.mark.parametrize("typed", [None, "", [], " ", "[]", [""], ",\n,"])
def test_no_item_is_typed_in_many_ways_too(typed):
    assert words(typed) == []


def test_lists_in_sentences():
    assert [listed(list("abc")[:n]) for n in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert some(range(3)) == "0, 1, 2" and some(range(12)) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more"


def test_several_problems_are_one_message():
    assert numbered(["It is late."]) == "It is late."
    assert numbered(["It is late."], "Still waiting") == "Still waiting: It is late."
    assert numbered(["It is late.", "It is far."]) == "2 problems: (1) It is late. (2) It is far."
