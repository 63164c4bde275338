# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the generated clouds reach: a property says nothing of what is never generated."""

from __future__ import annotations

import ast
import collections
import inspect
import sys

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from ansible_collections.zilliz.cloud.plugins.module_utils import _plan, _plan_aws, _plan_gcp, _plan_names
from ansible_collections.zilliz.cloud.plugins.module_utils._names import MARK_TAG
from unit.plugins.module_utils import model, model_gcp, odd_cases, test_plan_aws, test_plan_gcp
from unit.plugins.module_utils.properties import is_pure, is_the_same_in_any_order

many = settings(
    max_examples=250, derandomize=True, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck),
)
SPEAKERS = ("note", "problem", "wait", "cost")

# What a role finds in its lists so that its files serve two rounds, and no plan ever has.
NEVER = {
    ("absent", "create", "hosted_zone"), ("absent", "associate", "zone_association"), ("absent", "disassociate", "zone_association"),
    ("absent", "create", "record"), ("absent", "update", "record"), ("absent", "create", "managed_zone"),
    ("absent", "delete", "security_group_rule"),
}


def places(module):
    """Where a plan says something: (file, first line, last line, words)."""
    source = inspect.getsource(module)
    calls = [x for x in ast.walk(ast.parse(source)) if isinstance(x, ast.Call) and isinstance(x.func, ast.Attribute)]
    return [
        (module.__name__, x.lineno, x.end_lineno, f"{x.func.attr}: {ast.get_source_segment(source, x.args[-1])}")
        for x in calls if x.func.attr in SPEAKERS and ast.get_source_segment(source, x.func.value) == "self"
    ]


class Seen:
    """What a plan said and did, and what it was asked about."""

    def __init__(self, base, clouds):
        self.base, self.clouds = base, clouds
        self.lines, self.steps, self.things, self.wishes = set(), set(), collections.Counter(), collections.Counter()

    def listen(self, patch):
        for name in SPEAKERS:
            patch.setattr(self.base, name, self.speaker(getattr(self.base, name)))
        step = self.base.step

        def noted(plan, round_, action, resource, *args, **kwargs):
            self.steps.add((round_, action, resource))
            step(plan, round_, action, resource, *args, **kwargs)

        patch.setattr(self.base, "step", noted)

    def speaker(self, method):
        def speak(plan, *args):
            caller = sys._getframe(1)
            self.lines.add((caller.f_globals["__name__"], caller.f_lineno))
            method(plan, *args)

        return speak

    def look(self, before, want, whose, kinds):
        self.wishes.update((key, want[key]) for key in ("state", "dns", "adopt", "recreate", "purge_stale"))
        self.things.update((kind, whose(one)) for kind in kinds for one in before[kind])
        clouds = self.clouds(before)
        # Each round of a run is a plan of its own.
        if not clouds.plan(want)["problems"]:
            clouds.run(want)

    def silent(self, *modules):
        return [
            words for module in modules for name, first, last, words in places(module)
            if not any(where == name and first <= line <= last for where, line in self.lines)
        ]


@pytest.fixture(scope="module")
def monkeypatch_module():
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="module")
def aws(monkeypatch_module):
    seen = Seen(_plan_aws.AwsPlan, model.Clouds)
    seen.listen(monkeypatch_module)

    @many
    @given(test_plan_aws.situations(), test_plan_aws.wishes() | test_plan_aws.wishes(state="absent"))
    def look(before, want):
        seen.look(before, want, lambda one: one["tags"].get(MARK_TAG), ("endpoints", "groups", "zones"))

    look()
    for given_, more in odd_cases.AWS:
        seen.look(model.found(**more), model.wanted(**given_), lambda one: one["tags"].get(MARK_TAG), ())
    return seen


@pytest.fixture(scope="module")
def gcp(monkeypatch_module):
    seen = Seen(_plan_gcp.GcpPlan, model_gcp.Clouds)
    seen.listen(monkeypatch_module)

    @many
    @given(test_plan_gcp.cases())
    def look(case):
        seen.look(*case, test_plan_gcp.whose_, ("endpoints", "addresses", "firewalls", "zones"))

    look()
    for given_, more in odd_cases.GCP:
        seen.look(model_gcp.found(**more), model_gcp.wanted(**given_), test_plan_gcp.whose_, ())
    return seen


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
def test_every_step_is_reached(cloud, request):
    seen = request.getfixturevalue(cloud)
    kinds = {(round_, action, resource) for round_, rows in seen.base.ROUNDS.items() for resource, actions in rows.items() for action in actions}
    assert sorted(kinds - NEVER - seen.steps) == []
    assert seen.steps <= kinds - NEVER


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
def test_every_sentence_is_reached(cloud, request):
    seen = request.getfixturevalue(cloud)
    silent = seen.silent(_plan, _plan_names, sys.modules[seen.base.__module__])
    assert [words for words in silent if not (cloud == "gcp" and "CNAME" in words)] == []


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
def test_every_strategy_and_everybodys_things_are_generated(cloud, request):
    seen = request.getfixturevalue(cloud)
    switches = [(key, value) for key in ("adopt", "recreate", "purge_stale") for value in (True, False)]
    asked = switches + [("dns", x) for x in ("exact", "shared", "none")] + [("state", x) for x in ("present", "absent")]
    assert all(seen.wishes[one] >= 10 for one in asked), seen.wishes
    kinds = {kind for kind, _whose in seen.things}
    for kind in kinds:
        owners = {whose for one, whose in seen.things if one == kind}
        # This link's, another link's, and somebody's without a mark.
        assert len(owners) == 3, (kind, owners)
    assert len(kinds) == (3 if cloud == "aws" else 4)


@pytest.mark.parametrize("make, cloud, number", [(plan, cloud, n) for plan, cloud, cases in (
    (_plan_aws.plan_aws, model, odd_cases.AWS), (_plan_gcp.plan_gcp, model_gcp, odd_cases.GCP)) for n in range(len(cases))])
def test_what_chance_seldom_makes_holds_too(make, cloud, number):
    given_, more = (odd_cases.AWS if cloud is model else odd_cases.GCP)[number]
    before, want = cloud.found(**more), cloud.wanted(**given_)
    is_pure(make, want, before)
    is_the_same_in_any_order(make, want, before)
    clouds = cloud.Clouds(before)
    if not clouds.plan(want)["problems"]:
        last = clouds.run(want)
        assert last["problems"] or not [step for step in last["steps"] if step["known"]]
