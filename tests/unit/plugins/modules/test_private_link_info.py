# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from sandbox.scenario import AWS_PROJECT, BARE_PROJECT, BIG_PROJECT, MANY_PROJECT, MIXED_PROJECT, SERVICE

MODULE = "private_link_info"
PLACE = {"project_id": AWS_PROJECT, "region_id": "aws-us-west-2"}
WAIT = {"wait": True, "wait_delay": 1, "wait_timeout": 20, "maintenance_timeout": 20}
ENDPOINT = "vpce-0ce90d01341533a5c"


@pytest.fixture
def registered(run, zilliz):
    def register(project_id=AWS_PROJECT):
        zilliz.aws.add(ENDPOINT)
        run("private_endpoint", project_id=project_id, region_id="aws-us-west-2", endpoint_id=ENDPOINT)

    return register


def by_name(result):
    return {link["cluster_name"]: link for link in result["private_links"]}


def test_before_anything_is_registered(run, zilliz):
    found = run(MODULE, check_mode=True, **PLACE)
    links = by_name(found)
    assert not found["changed"] and not found["ready"] and found["private_endpoints"] == []
    assert found["private_endpoint_services"][0]["endpoint_service"] == SERVICE
    assert {name: link["waiting"] for name, link in links.items()} == {
        "prod-01": "link",
        "prod-02": "link",
        "try-out": None,
        "sparse-traffic": None,
        "night-off": None,
    }
    assert "resume it" in links["night-off"]["reason"] and "Dedicated" in links["try-out"]["reason"]
    assert zilliz.calls(mutating=True) == []


def test_wait_for_all_links(run, zilliz, registered):
    registered()
    found = run(MODULE, **PLACE, **WAIT)
    link = by_name(found)["prod-01"]
    assert found["ready"] and link["ready"] and link["port"] == 19531
    assert link["host"] == "in01-840ec44485bf25d-privatelink.aws-us-west-2.vectordb.zillizcloud.com"
    assert [row["endpoint_id"] for row in found["private_endpoints"]] == [ENDPOINT]
    assert by_name(found)["prod-02"]["ready"] and not by_name(found)["night-off"]["ready"]


def test_one_look_is_three_calls(run, zilliz):
    zilliz.switch(project_filter="applies")
    run(MODULE, **PLACE)
    assert sorted(zilliz.calls()) == ["ListClusters", "ListPrivateEndpointServices", "ListPrivateEndpoints"]


def test_registrations_of_other_regions_are_left_out(run, zilliz):
    found = run(MODULE, project_id=MANY_PROJECT, region_id="gcp-us-west1")["private_endpoints"]
    assert found and {row["region_id"] for row in found} == {"gcp-us-west1"}


def test_chosen_clusters(run, zilliz):
    found = by_name(run(MODULE, cluster_ids=["in01-840ec44485bf25d"], cluster_names=["night-off"], **PLACE))
    assert sorted(found) == ["night-off", "prod-01"]


def test_unknown_clusters_are_told_with_those_there_are(run, zilliz):
    result = run(MODULE, cluster_ids=["in01-0"], cluster_names=["prod-02", "prod-99"], **PLACE)
    assert result["failed"] and "in01-0, prod-99" in result["msg"]
    assert "prod-01 (in01-840ec44485bf25d)" in result["msg"]
    assert "no cluster" in run(MODULE, project_id=BARE_PROJECT, region_id="gcp-us-west1", cluster_names=["x"])["msg"]


def test_a_chosen_cluster_that_cannot_have_a_link_is_not_awaited(run, zilliz, registered):
    registered()
    result = run(MODULE, cluster_names=["night-off"], **PLACE, **WAIT)
    assert result["failed"] and "night-off" in result["msg"] and "resume it" in result["msg"]
    assert not run(MODULE, cluster_names=["night-off"], **PLACE)["ready"]


def test_maintenance_is_awaited_with_its_own_time(run, zilliz, registered):
    zilliz.world.drift("modify_cluster", cluster_id="in01-840ec44485bf25d", status="UPGRADING", seconds=1000000)
    registered()
    left = run(MODULE, **PLACE, **{**WAIT, "maintenance_timeout": 0})
    assert left["ready"] and by_name(left)["prod-01"]["waiting"] == "maintenance"
    late = run(MODULE, **PLACE, **{**WAIT, "maintenance_timeout": 1})
    assert late["failed"] and "prod-01" in late["msg"] and "UPGRADING" in late["msg"]
    zilliz.world.clock.advance(1000000)
    assert by_name(run(MODULE, **PLACE, **WAIT))["prod-01"]["ready"]


def test_a_late_link_names_the_cluster(run, zilliz, registered):
    zilliz.switch(link_delay=1000000)
    registered()
    result = run(MODULE, **PLACE, **{**WAIT, "wait_timeout": 1})
    assert result["failed"] and "prod-02" in result["msg"] and ENDPOINT in result["msg"] and "Run again" in result["msg"]


def test_a_failed_endpoint_ends_the_wait(run, zilliz):
    run("private_endpoint", endpoint_id=ENDPOINT, **PLACE)
    result = run(MODULE, **PLACE, **WAIT)
    assert result["failed"] and f"{ENDPOINT} is Failed" in result["msg"]


def test_a_standard_cluster_does_not_hold_up_the_others(run, zilliz, registered):
    registered(MIXED_PROJECT)
    place = {"project_id": MIXED_PROJECT, "region_id": "aws-us-west-2"}
    found = run(MODULE, **place, **WAIT)
    assert found["ready"] and by_name(found)["large"]["ready"]
    assert by_name(found)["small"]["doubtful"] and "Standard" in by_name(found)["small"]["reason"]
    assert run(MODULE, cluster_names=["small"], **place, **{**WAIT, "wait_timeout": 1})["failed"]


def test_every_cluster_of_a_large_project_has_a_link_or_a_reason(run, zilliz):
    found = run(MODULE, project_id=BIG_PROJECT, region_id="aws-us-west-2")
    assert len(found["private_links"]) > 30
    assert all(link["ready"] or link["reason"] for link in found["private_links"])


def test_a_region_without_private_link_is_a_warning(run, zilliz):
    found = run(MODULE, project_id=AWS_PROJECT, region_id="aws-ap-southeast-1")
    assert found["ready"] and "no endpoint service in region aws-ap-southeast-1" in str(found["warnings"])


def test_bad_input(run, zilliz):
    result = run(MODULE, project_id=AWS_PROJECT, region_id="", wait_timeout=0, maintenance_timeout=-1)
    assert all(word in result["msg"] for word in ("region_id", "wait_timeout", "maintenance_timeout"))
    assert "region_info" in run(MODULE, project_id=AWS_PROJECT, region_id="nowhere")["msg"]
