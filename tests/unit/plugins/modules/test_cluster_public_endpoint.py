# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from sandbox.scenario import AWS_PROJECT, NO_RIGHTS_KEY, READONLY_KEY

MODULE = "cluster_public_endpoint"
ENDPOINT = "vpce-0ce90d01341533a5c"
WAIT = {"wait": True, "wait_delay": 1, "wait_timeout": 20}


def cluster_id(zilliz, name):
    clusters = zilliz.world.zilliz.clusters.values()
    return next(one["clusterId"] for one in clusters if one["clusterName"] == name and one["projectId"] == AWS_PROJECT)


def is_open(zilliz, name="prod-01"):
    return zilliz.world.zilliz.clusters[cluster_id(zilliz, name)]["publicAddressEnabled"]


def status(zilliz, name="prod-01"):
    return zilliz.world.zilliz.clusters[cluster_id(zilliz, name)]["status"]


def later(zilliz, seconds):
    zilliz.world.clock.advance(seconds)
    zilliz.world.tick()


@pytest.fixture
def linked(run, zilliz):
    """Both clusters of the project have their private link."""
    zilliz.aws.add(ENDPOINT)
    run("private_endpoint", project_id=AWS_PROJECT, region_id="aws-us-west-2", endpoint_id=ENDPOINT)
    for seconds in (60, 400, 100):
        later(zilliz, seconds)
    zilliz.world.log.clear()
    return zilliz


@pytest.fixture(params=["prod-01", "prod-02"])
def name(request):
    """The second cluster's flag tells the new value before it is true, and its status is spelled otherwise."""
    return request.param


def close(run, zilliz, name="prod-01", **more):
    return run(MODULE, cluster_id=cluster_id(zilliz, name), state="disabled", **{**WAIT, **more})


def reopen(run, zilliz, name="prod-01", **more):
    return run(MODULE, cluster_id=cluster_id(zilliz, name), state="enabled", **{**WAIT, **more})


def test_closed_and_opened_again(run, linked, name):
    foreseen = close(run, linked, name, check_mode=True)
    assert foreseen["changed"] and not linked.calls(mutating=True)
    closed = close(run, linked, name)
    assert closed["changed"] and closed["diff"] == foreseen["diff"]
    assert closed["diff"] == {"before": {"public_address_enabled": True}, "after": {"public_address_enabled": False}}
    assert closed["public_endpoint"] == foreseen["public_endpoint"]
    assert closed["public_endpoint"]["status"] == "RUNNING" and closed["public_endpoint"]["public_address_enabled"] is False
    assert not is_open(linked, name)
    for check_mode in (False, True):
        again = close(run, linked, name, check_mode=check_mode)
        assert not again["changed"] and again["diff"]["before"] == again["diff"]["after"]
    foreseen = reopen(run, linked, name, check_mode=True)
    opened = reopen(run, linked, name)
    assert opened["changed"] and opened["diff"] == foreseen["diff"] and is_open(linked, name)
    assert not reopen(run, linked, name)["changed"]
    assert linked.calls(mutating=True) == ["ModifyCluster"] * 2


def test_a_rerun_asks_once(run, linked):
    close(run, linked)
    known = len(linked.calls())
    close(run, linked)
    assert linked.calls()[known:] == ["DescribeCluster"]


def test_without_waiting_the_change_is_on_its_way_and_not_asked_for_again(run, linked, name):
    linked.switch(public_delay=100000)
    assert close(run, linked, name, wait=False)["changed"] and is_open(linked, name)
    later(linked, 20)
    for check_mode in (True, False):
        again = close(run, linked, name, wait=False, check_mode=check_mode)
        assert not again["changed"] and "PUBLIC_DOMAIN" in again["public_endpoint"]["status"]
    assert linked.calls(mutating=True) == ["ModifyCluster"]


def test_a_rerun_waits_for_what_an_interrupted_run_began(run, linked, name):
    close(run, linked, name, wait=False)
    later(linked, 20)
    assert not close(run, linked, name)["changed"]
    assert not is_open(linked, name)


def test_a_wait_that_is_too_short(run, linked, name):
    linked.switch(public_delay=1000000)
    result = close(run, linked, name, wait_timeout=1)
    assert result["failed"] and "after 1 s" in result["msg"] and "Run again to go on waiting" in result["msg"]
    assert "PUBLIC_DOMAIN" in result["msg"] and cluster_id(linked, name) in result["msg"]


def test_the_other_direction_is_awaited_first(run, linked):
    linked.switch(public_delay=600)
    close(run, linked, wait=False)
    later(linked, 20)
    assert reopen(run, linked, check_mode=True)["changed"]
    result = reopen(run, linked)
    assert result["changed"] and is_open(linked) and status(linked) == "RUNNING"
    assert linked.calls(mutating=True) == ["ModifyCluster"] * 2


@pytest.mark.parametrize("what", ["MODIFYING", "SET_PRIVATE_LINK", "UPGRADING"])
def test_maintenance_is_awaited(run, linked, what):
    linked.world.drift("modify_cluster", cluster_id=cluster_id(linked, "prod-01"), status=what, seconds=600)
    assert close(run, linked, check_mode=True)["changed"]
    assert close(run, linked)["changed"] and not is_open(linked)


def test_maintenance_that_does_not_end(run, linked):
    linked.world.drift("modify_cluster", cluster_id=cluster_id(linked, "prod-01"), seconds=1000000)
    result = close(run, linked, wait=False, wait_timeout=1)
    assert result["failed"] and "MODIFYING" in result["msg"] and "Run again later" in result["msg"]
    assert not linked.calls(mutating=True)


def test_a_cluster_that_begins_something_else_at_that_moment(run, linked):
    linked.fault("business", operation="ModifyCluster", times=2)
    assert close(run, linked)["changed"] and not is_open(linked)


def test_what_overtakes_the_change_is_told(run, linked):
    """The cluster is modified meanwhile, and forgets that its public endpoint shall close."""
    linked.switch(public_delay=1000000)
    close(run, linked, wait=False)
    linked.world.drift("modify_cluster", cluster_id=cluster_id(linked, "prod-01"), seconds=60)
    later(linked, 100)
    linked.switch(public_delay=120)
    assert close(run, linked)["changed"] and not is_open(linked)


@pytest.mark.parametrize("check_mode", [False, True])
def test_without_a_private_link_nothing_is_closed(run, zilliz, check_mode):
    result = close(run, zilliz, check_mode=check_mode)
    assert result["failed"] and "it has no private link" in result["msg"] and "prod-01" in result["msg"]
    assert not zilliz.calls(mutating=True)


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_link_that_leads_nowhere_is_none(run, linked, check_mode):
    run("private_endpoint", project_id=AWS_PROJECT, region_id="aws-us-west-2", endpoint_id=ENDPOINT, state="absent", wait=True, wait_delay=1)
    result = close(run, linked, check_mode=check_mode)
    assert result["failed"] and "no endpoint is registered" in result["msg"]
    assert is_open(linked)


def test_opening_needs_no_private_link(run, linked):
    close(run, linked)
    run("private_endpoint", project_id=AWS_PROJECT, region_id="aws-us-west-2", endpoint_id=ENDPOINT, state="absent")
    assert reopen(run, linked)["changed"] and is_open(linked)


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize(("state", "click"), [("disabled", "click Disable in the dialog"), ("enabled", "enable it there")])
def test_a_deployment_without_the_switch(run, linked, state, click, check_mode):
    linked.switch(public_flag="no")
    result = run(MODULE, cluster_id=cluster_id(linked, "prod-01"), state=state, check_mode=check_mode, **WAIT)
    assert result["failed"] and "the API of this deployment cannot" in result["msg"]
    assert "Cluster Details" in result["msg"] and click in result["msg"]
    assert not linked.calls(mutating=True)


@pytest.mark.parametrize(("name", "kind"), [("try-out", "serverless|free"), ("sparse-traffic", "serverless")])
def test_free_and_serverless_clusters_have_nothing_else(run, linked, name, kind):
    result = close(run, linked, name)
    assert result["failed"] and any(f"a {one} cluster" in result["msg"] for one in kind.split("|"))
    assert not reopen(run, linked, name)["changed"]
    assert not linked.calls(mutating=True)


def test_a_suspended_cluster_is_told_at_once(run, linked):
    linked.switch(suspended_address="kept")
    linked.world.drift("suspend_cluster", cluster_id=cluster_id(linked, "prod-01"))
    later(linked, 60)
    for check_mode in (True, False):
        result = close(run, linked, check_mode=check_mode)
        assert result["failed"] and "suspended: resume it first" in result["msg"]


def test_a_cluster_that_is_suspended_while_waiting(run, linked):
    linked.switch(suspended_address="kept", public_delay=1000000)
    close(run, linked, wait=False)
    linked.world.drift("suspend_cluster", cluster_id=cluster_id(linked, "prod-01"))
    result = close(run, linked)
    assert result["failed"] and "suspended: resume it first" in result["msg"]


def test_an_organization_that_must_be_named(run, linked):
    linked.switch(org_id_required=True)
    result = close(run, linked)
    assert result["failed"] and result["code"] == 1800 and "give org_id" in result["msg"]
    assert close(run, linked, org_id="org-0123456789abcdef")["changed"]


def test_the_organization_is_sent_when_given_only(run, linked, monkeypatch):
    import requests

    sent = []
    send = requests.request
    monkeypatch.setattr(requests, "request", lambda *args, **more: sent.append(more["headers"]) or send(*args, **more))
    close(run, linked, wait=False)
    later(linked, 200)
    reopen(run, linked, wait=False, org_id="org-1")
    assert ["OrgId" in one for one in sent] == [False, True] and sent[1]["OrgId"] == "org-1"


@pytest.mark.parametrize(
    ("key", "words"), [("wrong" * 10, "was not accepted"), (READONLY_KEY, "rights on this cluster"), (NO_RIGHTS_KEY, "rights on this")]
)
def test_keys_without_rights(run, linked, key, words):
    result = close(run, linked, api_key=key)
    assert result["failed"] and words in result["msg"] and is_open(linked)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"cluster_id": "in01-000000000000000"}, "no such cluster"),
        ({"cluster_id": "nonsense"}, "no such cluster"),
        ({"cluster_id": ""}, "cluster_id '' is not an id"),
        ({"org_id": "my org"}, "org_id 'my org' is not an id"),
        ({"wait_timeout": 0, "wait_delay": 0}, "wait_timeout must be at least 1, not 0; wait_delay must be at least 1"),
    ],
)
def test_bad_input_is_one_sentence(run, linked, more, words):
    result = run(MODULE, **{"cluster_id": cluster_id(linked, "prod-01"), "state": "disabled", **more})
    assert result["failed"] and words in result["msg"]
    assert not linked.calls(mutating=True)


@pytest.mark.parametrize("operation", ["DescribeCluster", "ModifyCluster"])
@pytest.mark.parametrize("kind", ["refuse", "reset", "lost", "500", "503", "throttle"])
def test_a_fault_is_overcome(run, linked, operation, kind):
    linked.fault(kind, operation=operation)
    assert close(run, linked)["changed"] and not is_open(linked)
    assert not close(run, linked)["changed"]


def test_an_answer_that_was_lost_is_not_asked_for_twice(run, linked):
    linked.switch(public_lag=0)
    linked.fault("lost", operation="ModifyCluster")
    close(run, linked)
    assert linked.calls(mutating=True) == ["ModifyCluster"]
