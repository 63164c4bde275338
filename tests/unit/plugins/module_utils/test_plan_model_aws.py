# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The AWS plan when runs are cut off after any step, and when two of them are at work at once."""

from __future__ import annotations

import copy

from hypothesis import assume, given
from hypothesis import strategies as st

from ansible_collections.zilliz.cloud.plugins.module_utils._names import MARK_TAG
from ansible_collections.zilliz.cloud.plugins.module_utils._plan import CREATION
from ansible_collections.zilliz.cloud.plugins.module_utils._plan_aws import plan_aws
from unit.plugins.module_utils import model
from unit.plugins.module_utils.model import MARK, OTHER_PROJECT, PROJECT, SHARED_ZONE, VPC, Clouds, cluster, found, host, record, wanted, zone
from unit.plugins.module_utils.model_runs import Racing, alike, cut_off, interleave, is_single, stands
from unit.plugins.module_utils.properties import is_the_same_in_any_order, quick
from unit.plugins.module_utils.test_plan_aws import situations, wishes

KEYS = {
    "endpoints": lambda e: e["vpc_id"] == VPC and e["state"] == "available" and e["tags"].get(MARK_TAG) == MARK,
    "groups": lambda g: (g["vpc_id"], g["name"]),
    "registrations": lambda r: (r["endpoint_id"], r["region_id"]),
    "zones": lambda z: VPC in z["networks"] and z["name"],
}


class Run(Racing, Clouds):
    """The ids of a run's own creations are what its modules returned."""

    made = group = None

    def tidy(self):
        # In place, since the other run sees the same endpoints.
        self.found["endpoints"][:] = [e for e in self.found["endpoints"] if e["state"] not in ("deleting", "deleted")]

    def create_security_group(self, name, step):
        super().create_security_group(name, step)
        self.group = self.found["groups"][-1]["group_id"]

    def create_vpc_endpoint(self, name, step):
        super().create_vpc_endpoint(name, step)
        self.made = self.found["endpoints"][-1]["endpoint_id"]

    def group_ids(self, ids):
        return [self.group if x == CREATION else x for x in ids]

    def authorize_private_endpoint(self, name, step):
        name = self.made if name == CREATION else name
        assert step["after"]["project_id"] == self.project
        assert [e for e in self.found["endpoints"] if e["endpoint_id"] == name], "no such endpoint"
        super().authorize_private_endpoint(name, step)


@quick
@given(situations(), wishes() | wishes(state="absent"))
def test_the_plan_is_the_same_whatever_order_the_clouds_answer_in(before, want):
    is_the_same_in_any_order(plan_aws, want, before)


@quick
@given(situations(), wishes() | wishes(state="absent"), st.integers(0, 12), st.booleans())
def test_a_run_that_was_cut_off_is_finished_by_the_next_one(before, want, count, settles):
    # Of one that was on its way out before, a later run knows less than an earlier one.
    before["endpoints"] = [e for e in before["endpoints"] if e["state"] not in ("deleting", "deleted")]
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
    """Where one of several was to be made again, another one may have its place when the run is cut off between."""
    endpoint_id = plan["result"]["endpoint"].get("endpoint_id", "")
    return endpoint_id, endpoint_id.replace("vpce", "eni")


@quick
@given(situations(), wishes(), st.sampled_from(["present", "absent"]), st.lists(st.integers(0, 1), max_size=30), st.booleans())
def test_two_runs_of_one_link_at_once_end_as_one_with_one_more(before, want, state, turns, stubborn):
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
    """Two projects' links of one VPC, in one zone: made by the first that comes, or by hand."""
    linked = draw(st.booleans())
    rows = [cluster(n, linked=linked, project_id=project) for n, project in enumerate([PROJECT, PROJECT, OTHER_PROJECT, OTHER_PROJECT], 1)]
    by_hand = zone(1, SHARED_ZONE, None, records=[record("other." + SHARED_ZONE, "TXT", '"by hand"')])
    zones = draw(st.sampled_from([[], [by_hand]]))
    given_ = dict(
        dns="shared", zone_id=draw(st.sampled_from([None, zones[0]["zone_id"]])) if zones else None,
        record_type=draw(st.sampled_from(["alias", "cname"])), ip_address_type=draw(st.sampled_from(["ipv4", "dualstack"])),
        client_security_group_ids=draw(st.sampled_from([[], [model.CLIENTS]])), adopt=draw(st.booleans()), purge_stale=draw(st.booleans()),
    )
    given_["adopt"] = given_["adopt"] and not zones
    return found(clusters=rows, zones=zones), wanted(**given_), wanted(**dict(given_, project_id=OTHER_PROJECT))


def names(clouds):
    return {r["name"]: r["value"] for z in clouds.found["zones"] for r in z["records"] or [] if r["type"] in ("A", "AAAA", "CNAME")}


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
    assert alike(one.found) == alike(start) and MARK not in str(one.found["zones"])
