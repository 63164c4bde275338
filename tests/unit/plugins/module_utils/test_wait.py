# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.zilliz.cloud.plugins.module_utils._client import ZillizError
from ansible_collections.zilliz.cloud.plugins.module_utils._names import links
from ansible_collections.zilliz.cloud.plugins.module_utils._wait import EndpointWatch, LinkWatch

ADDRESS = "https://in01-1-privatelink.aws-us-west-2.vectordb.zillizcloud.com:19531"


def row(status):
    return {"endpoint_id": "vpce-1", "endpoint_status": status, "endpoint_service": "svc"}


def look(watch, *args):
    with pytest.raises(ZillizError) as caught:
        watch.look(*args)
    return str(caught.value)


# --- a registration ---


def test_an_accepted_registration_ends_the_wait():
    watch = EndpointWatch("vpce-1", True, 100, listed=False)
    assert watch.look(None, 0) is None
    assert watch.look(row("BINDING"), 10) is None
    assert watch.look(row("pendingAcceptance"), 20) is None
    assert watch.look(row("accepted"), 30) == row("accepted")


def test_a_failed_registration_is_told_with_its_status_and_service():
    text = look(EndpointWatch("vpce-1", True, 100, listed=False), row("REJECTED"), 5)
    assert "REJECTED" in text and "leads to svc" in text and "state=absent" in text


def test_a_new_registration_may_be_missing_for_a_minute():
    watch = EndpointWatch("vpce-1", True, 600, listed=False)
    assert [watch.look(None, spent) for spent in (0, 10, 30, 60)] == [None] * 4
    assert "has vanished" in look(watch, None, 61)


def test_one_look_may_miss_a_listed_registration_but_not_two():
    watch = EndpointWatch("vpce-1", True, 600, listed=True)
    assert watch.look(row("PENDING"), 0) is None
    assert watch.look(None, 10) is None
    assert watch.look(row("PENDING"), 20) is None
    assert watch.look(None, 30) is None
    assert "its last status was PENDING" in look(watch, None, 40)


def test_a_late_acceptance_is_told_with_the_last_status():
    watch = EndpointWatch("vpce-1", True, 20, listed=False)
    assert watch.look(row("BINDING"), 10) is None
    text = look(watch, row("BINDING"), 20)
    assert "in 20 s" in text and "BINDING" in text and "Run again" in text


def test_gone_ends_the_wait_for_absence():
    watch = EndpointWatch("vpce-1", False, 20, listed=True)
    assert watch.look(row("DELETING"), 0) is None
    assert watch.look(None, 10) == {}
    assert "removed" in look(watch, row("DELETING"), 20)


# --- links ---


def cluster(name, address="", status="RUNNING", plan="Enterprise"):
    return {
        "cluster_id": f"in01-{name}",
        "cluster_name": name,
        "project_id": "p",
        "region_id": "r",
        "plan": plan,
        "status": status,
        "private_link_address": address,
    }


def found(*clusters):
    return links(clusters, "p", "r")


def names(watch, *clusters):
    return [link["cluster_name"] for link in watch.awaited(found(*clusters))]


def test_all_that_can_come_is_awaited_and_nothing_else():
    watch = LinkWatch(False, 100, 100)
    assert names(watch, cluster("a", ADDRESS), cluster("b"), cluster("c", status="MODIFYING")) == ["b", "c"]
    assert names(watch, cluster("a", status="STOPPED"), cluster("b", plan="Serverless")) == []


def test_standard_clusters_hold_up_only_each_other():
    watch = LinkWatch(False, 100, 100)
    assert names(watch, cluster("a"), cluster("b", plan="Standard")) == ["a"]
    assert names(watch, cluster("a", ADDRESS), cluster("b", plan="Standard")) == []
    assert names(watch, cluster("b", plan="Standard")) == ["b"]
    assert names(LinkWatch(True, 100, 100), cluster("a", ADDRESS), cluster("b", plan="Standard")) == ["b"]


def test_maintenance_need_not_be_awaited():
    assert names(LinkWatch(False, 100, 0), cluster("a", status="MODIFYING"), cluster("b")) == ["b"]


def test_a_chosen_cluster_that_cannot_have_a_link_is_an_error():
    text = look(LinkWatch(True, 100, 100), found(cluster("a", status="STOPPED")), [row("AVAILABLE")], 0)
    assert "cluster a (in01-a, STOPPED)" in text and "resume it" in text


def test_a_late_link_names_the_cluster_and_what_zilliz_lists():
    watch = LinkWatch(False, 100, 1000)
    watch.look(found(cluster("a"), cluster("b", ADDRESS)), [row("PENDING")], 0)
    text = look(watch, found(cluster("a"), cluster("b", ADDRESS)), [row("PENDING")], 100)
    assert "cluster a (in01-a, RUNNING) has no private link after 100 s" in text
    assert "vpce-1 is PENDING" in text and "cluster b" not in text


def test_maintenance_has_its_own_time_before_that_of_the_link():
    watch, rows = LinkWatch(False, 100, 1000), [row("AVAILABLE")]
    watch.look(found(cluster("a", status="UPGRADING")), rows, 0)
    watch.look(found(cluster("a", status="UPGRADING")), rows, 900)
    watch.look(found(cluster("a")), rows, 950)
    watch.look(found(cluster("a")), rows, 1040)
    assert "after 100 s" in look(watch, found(cluster("a")), rows, 1050)


def test_an_endless_maintenance_is_told():
    watch, rows = LinkWatch(False, 100, 1000), [row("AVAILABLE")]
    watch.look(found(cluster("a", status="UPGRADING")), rows, 0)
    text = look(watch, found(cluster("a", status="UPGRADING")), rows, 1000)
    assert "after 1000 s: it is in maintenance (UPGRADING)" in text


@pytest.mark.parametrize("rows", [[row("REJECTED")], [row("DELETING"), row("Failed")]])
def test_without_a_live_endpoint_no_link_can_come(rows):
    text = look(LinkWatch(False, 100, 100), found(cluster("a")), rows, 0)
    assert "no private link can come" in text and "vpce-1 is" in text


def test_an_endpoint_that_was_just_registered_may_be_missing_for_a_minute():
    watch = LinkWatch(False, 1000, 1000)
    assert watch.look(found(cluster("a")), [], 60) is None
    assert "no endpoint is registered" in look(watch, found(cluster("a")), [], 61)
