# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from sandbox.scenario import AWS_PROJECT

MODULE = "private_only_plan"
ENDPOINT = "vpce-0ce90d01341533a5c"
PLACE = {"project_id": AWS_PROJECT, "region_id": "aws-us-west-2"}


@pytest.fixture
def linked(run, zilliz):
    zilliz.aws.add(ENDPOINT)
    run("private_endpoint", endpoint_id=ENDPOINT, **PLACE)
    for seconds in (60, 400, 100):
        zilliz.world.clock.advance(seconds)
        zilliz.world.tick()
    zilliz.world.log.clear()
    return zilliz


def names(rows):
    return [row["cluster_name"] for row in rows]


def seen(plan, state="ok"):
    probes = [{"cluster_id": one["cluster_id"], "state": state, "cause": "It hangs."} for one in plan["links"]]
    return [{"vantage": "inside", "error": "", "probes": probes}]


def test_it_looks_and_writes_nothing(run, linked):
    plan = run(MODULE, **PLACE)
    assert not plan["changed"] and plan["problems"] == [] and plan["message"] == ""
    assert names(plan["links"]) == names(plan["switch"]) == ["prod-01", "prod-02"] and plan["revert"] == []
    assert "keeps its public endpoint" in str(plan["notes"]) and len(plan["lines"]) == 2
    assert {one["public_endpoint"] for one in plan["result"]["clusters"]} == {"open"}
    assert linked.calls(mutating=True) == []


def test_a_name_that_no_cluster_has_stops_all(run, linked):
    plan = run(MODULE, cluster_names="prod-01\nprod-99", **PLACE)
    assert plan["switch"] == [] and "there is no cluster prod-99" in plan["message"]


@pytest.mark.parametrize(("state", "count"), [("ok", 2), ("broken", 0)])
def test_what_was_seen_from_inside_decides(run, linked, state, count):
    plan = run(MODULE, probes=seen(run(MODULE, **PLACE), state), **PLACE)
    assert len(plan["switch"]) == count and bool(plan["message"]) is (count == 0)


def test_the_results_of_a_loop_are_read(run, linked):
    look = run(MODULE, **PLACE)
    results = []
    for item in look["switch"]:
        answer = run("cluster_public_endpoint", cluster_id=item["cluster_id"], state="disabled", wait=True, wait_delay=1)
        results.append({**answer, "item": item})
    plan = run(MODULE, probes=seen(look, "broken"), switched=results, **PLACE)
    assert names(plan["revert"]) == ["prod-01", "prod-02"] and plan["switch"] == [] and plan["result"]["changed"]
    refused = {"item": look["switch"][0], "changed": False, "msg": "PATCH: refused"}
    plan = run(MODULE, probes=seen(look), switched=results, reverted=[refused], **PLACE)
    assert "PATCH: refused" in plan["problems"]


def test_a_cluster_that_cannot_be_read_hides_no_other(run, linked):
    linked.fault("denied", operation="DescribeCluster")
    plan = run(MODULE, **PLACE)
    assert len(plan["switch"]) == 1 and len(plan["problems"]) == 1 and len(plan["lines"]) == 2


def test_opening_means_every_dedicated_cluster_and_asks_for_no_registration(run, linked):
    plan = run(MODULE, state="enabled", **PLACE)
    assert len(plan["links"]) == 3 and plan["switch"] == [] and len(plan["public_links"]) == 3
    assert not {link["plan"] for link in plan["links"]} & {"Free", "Serverless"}
    assert "ListPrivateEndpoints" not in linked.calls()
