# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Google plan when runs are cut off after any step, and when two of them are at work at once."""

from __future__ import annotations

import copy

from hypothesis import assume, given
from hypothesis import strategies as st

from ansible_collections.zilliz.cloud.plugins.module_utils._plan_gcp import plan_gcp
from unit.plugins.module_utils.model_gcp import (
    MARK, NETWORK, OTHER_PROJECT, PROJECT, SHARED_ZONE, Clouds, cluster, deny_all, found, host, record, wanted, zone,
)
from unit.plugins.module_utils.model_runs import Racing, alike, cut_off, interleave, is_single, stands
from unit.plugins.module_utils.properties import is_the_same_in_any_order, quick
from unit.plugins.module_utils.test_plan_gcp import cases, whose_

KEYS = {
    "endpoints": lambda e: e["network"] == NETWORK and e["status"] == "ACCEPTED" and whose_(e) == MARK,
    "addresses": lambda a: a["name"],
    "firewalls": lambda r: r["name"],
    "registrations": lambda r: (r["endpoint_id"], r["region_id"], r["gcp_project_id"]),
    "zones": lambda z: NETWORK in z["networks"] and z["name"],
}


class Run(Racing, Clouds):
    def authorize_private_endpoint(self, name, step):
        after = dict(step["after"])
        assert after.pop("project_id") == self.project
        super().authorize_private_endpoint(name, dict(step, after=dict(after, project_id=PROJECT)))


@quick
@given(cases())
def test_the_plan_is_the_same_whatever_order_the_clouds_answer_in(case):
    before, want = case
    is_the_same_in_any_order(plan_gcp, want, before)


@quick
@given(cases(), st.integers(0, 12), st.booleans())
def test_a_run_that_was_cut_off_is_finished_by_the_next_one(case, count, settles):
    before, want = case
    undisturbed, clouds = Clouds(before), Clouds(before)
    assume(not undisturbed.plan(want)["problems"])
    end = undisturbed.run(want)
    cut_off(clouds, want, count, settles)
    last = clouds.run(want)
    assert last["problems"] == end["problems"]
    if end["problems"]:
        return
    stands(last)
    is_single(clouds.found, KEYS)
    words = own(last) + own(end)
    assert alike(clouds.found, *words) == alike(undisturbed.found, *words)


def own(plan):
    """An endpoint that was to be made again under its name forgets name and address when it is gone."""
    one = plan["result"]["endpoint"]
    return one.get("endpoint_id"), one.get("ip_address")


@quick
@given(cases(["present"]), st.sampled_from(["present", "absent"]), st.lists(st.integers(0, 1), max_size=30), st.booleans())
def test_two_runs_of_one_link_at_once_end_as_one_with_one_more(case, state, turns, stubborn):
    before, want = case
    one = Run(before)
    other = Run(before, one)
    rival = dict(want, state=state)
    assume(not one.plan(want)["problems"] and not other.plan(rival)["problems"])
    interleave(one.run_on(want, stubborn), other.run_on(rival, stubborn), turns)
    last = one.run(want)
    if last["problems"]:
        # Only the hosts of links that came meanwhile, or what the other run took down, can bring a refusal that was not known before.
        assert state == "absent" or one.found["clusters"] != before["clusters"]
        return
    stands(last)
    is_single(one.found, KEYS)


@st.composite
def neighbours(draw):
    """Two projects' links of one network, in one zone: made by the first that comes, or by hand."""
    linked = draw(st.booleans())
    rows = [cluster(n, linked=linked, project_id=project) for n, project in enumerate([PROJECT, PROJECT, OTHER_PROJECT, OTHER_PROJECT], 1)]
    by_hand = zone(1, SHARED_ZONE, None, records=[record("other." + SHARED_ZONE, "TXT", '"by hand"')])
    zones, rules = draw(st.sampled_from([[], [by_hand]])), draw(st.sampled_from([[], [deny_all()]]))
    given_ = dict(
        dns="shared", zone_id=draw(st.sampled_from([None, zones[0]["zone_id"]])) if zones else None,
        labels=draw(st.sampled_from([{}, {"team": "search"}])), client_egress=draw(st.sampled_from(["auto", "always", "never"])),
        iap_ssh=draw(st.booleans()), adopt=draw(st.booleans()) and not zones, purge_stale=draw(st.booleans()),
    )
    return found(clusters=rows, zones=zones, firewalls=rules), wanted(**given_), wanted(**dict(given_, project_id=OTHER_PROJECT))


def names(clouds):
    return {r["name"]: r["value"] for z in clouds.found["zones"] for r in z["records"] or [] if r["type"] == "A"}


@quick
@given(neighbours(), st.lists(st.integers(0, 1), max_size=40), st.booleans())
def test_two_links_that_share_a_zone_never_lose_each_others_names(case, turns, stubborn):
    before, want, theirs = case
    start = copy.deepcopy(before)
    one = Run(before)
    other = Run(before, one, OTHER_PROJECT)
    interleave(one.run_on(want, stubborn), other.run_on(theirs, stubborn), turns)
    for last in (one.run(want), other.run(theirs), one.plan(want), other.plan(theirs)):
        assert last["problems"] == []
        stands(last)
    assert set(names(one)) == {host(n) for n in (1, 2, 3, 4)}
    is_single(one.found, KEYS)
    # While one is taken down, the other one's names stand as they are.
    before_teardown = names(one)
    for number in (1, 2):
        del before_teardown[host(number)]
    interleave(one.run_on(dict(want, state="absent"), stubborn), other.run_on(theirs, stubborn), turns)
    assert one.run(dict(want, state="absent"))["steps"] == []
    assert names(other) == before_teardown
    stands(other.run(theirs))
    assert names(other) == before_teardown
    assert other.run(dict(theirs, state="absent"))["steps"] == []
    assert one.run(dict(want, state="absent"))["steps"] == []
    start["clusters"] = one.found["clusters"]
    assert alike(one.found) == alike(start)
