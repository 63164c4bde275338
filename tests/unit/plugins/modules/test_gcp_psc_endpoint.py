# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

MODULE = "gcp_psc_endpoint"
NETWORK = "https://www.googleapis.com/compute/v1/projects/my-project/global/networks/my-vpc"
TARGET = "projects/vdc-prod/regions/us-west1/serviceAttachments/zilliz-us-west1-psc"
OWN = {"name": "zlz-1", "region": "us-west1"}
FULL = {**OWN, "network": "my-vpc", "target": TARGET, "ip_address": "10.10.0.5", "description": "zilliz.cloud private link p/r/n"}


@pytest.fixture(autouse=True)
def reserved(google):
    return [google.reserve("ip-1", "10.10.0.5"), google.reserve("ip-2", "10.10.0.6"), google.reserve("ip-3", "10.10.0.9")]


def the(google):
    return google.things["forwardingRules", "zlz-1"]


def test_created_with_everything_and_once(run_gcp, google, reserved):
    wanted = dict(FULL, allow_psc_global_access=True, service_directory_namespace="zlz", labels={"team": "search", "on": True})
    planned = run_gcp(MODULE, check_mode=True, **wanted)
    assert planned["changed"] and google.written == []
    assert planned["psc_endpoint"]["network"] == NETWORK and "psc_connection_id" not in planned["psc_endpoint"]
    done = run_gcp(MODULE, **wanted)
    assert done["diff"] == planned["diff"] and done["changed"]
    assert google.written == ["forwardingRules.insert", "forwardingRules.setLabels"]
    assert google.asked("compute.forwardingRules.insert") == [{
        "name": "zlz-1", "network": NETWORK, "target": "https://www.googleapis.com/compute/v1/" + TARGET, "IPAddress": reserved[0],
        "description": FULL["description"], "allowPscGlobalAccess": True, "serviceDirectoryRegistrations": [{"namespace": "zlz"}],
    }]
    endpoint = done["psc_endpoint"]
    assert endpoint.pop("psc_connection_id").startswith("568873187446774")
    assert endpoint == {**planned["psc_endpoint"], "psc_connection_status": "PENDING"}
    assert endpoint["labels"] == {"team": "search", "on": "true"}
    for given in (wanted, dict(wanted, network=NETWORK), dict(wanted, network="global/networks/my-vpc"), OWN,
                  dict(wanted, ip_address=reserved[0]), dict(wanted, ip_address="projects/my-project/regions/us-west1/addresses/ip-1"),
                  dict(wanted, target="https://compute.googleapis.com/compute/v1/" + TARGET)):
        assert not run_gcp(MODULE, **given)["changed"]
        assert not run_gcp(MODULE, check_mode=True, **given)["changed"]
    assert len(google.written) == 2


def test_global_access_is_off_at_first_and_changed_in_place(run_gcp, google):
    assert run_gcp(MODULE, **FULL)["psc_endpoint"]["allow_psc_global_access"] is False
    planned = run_gcp(MODULE, check_mode=True, **OWN, allow_psc_global_access=True)
    assert planned["changed"] and planned["psc_endpoint"]["allow_psc_global_access"] is True
    assert planned["psc_endpoint"]["psc_connection_status"] == "PENDING"
    # Somebody else changes it in the same moment.
    google.script["compute.forwardingRules.patch"] = [(412, "conditionNotMet", "Invalid fingerprint."), None]
    done = run_gcp(MODULE, **OWN, allow_psc_global_access=True)
    assert done["diff"] == planned["diff"] and the(google)["allowPscGlobalAccess"] is True
    assert google.asked("compute.forwardingRules.patch")[-1] == {"allowPscGlobalAccess": True, "fingerprint": "f0"}
    assert run_gcp(MODULE, **OWN, allow_psc_global_access=False)["changed"] and not run_gcp(MODULE, **FULL)["changed"]


def test_other_labels_stay(run_gcp, google):
    run_gcp(MODULE, **FULL)
    the(google)["labels"] = {"theirs": "1", "team": "old"}
    done = run_gcp(MODULE, **OWN, labels={"team": "new"})
    assert done["changed"] and the(google)["labels"] == {"theirs": "1", "team": "new"} == done["psc_endpoint"]["labels"]
    assert not run_gcp(MODULE, **OWN, labels={"team": "new"})["changed"]


@pytest.mark.parametrize("given, told", [
    ({"target": TARGET.replace("zilliz-us-west1-psc", "other")}, "target is projects/vdc-prod/regions/us-west1/serviceAttachments/zilliz"),
    ({"ip_address": "10.10.0.6"}, "IP address is 10.10.0.5 and not 10.10.0.6"),
    ({"network": "other"}, "network is projects/my-project/global/networks/my-vpc and not projects/my-project/global/networks/other"),
    ({"service_directory_namespace": "zlz"}, "is goog-psc-default and not zlz"),
])
def test_what_cannot_be_changed_is_told_or_made_anew(run_gcp, google, given, told):
    run_gcp(MODULE, **FULL, labels={"team": "search"}, allow_psc_global_access=True)
    for check_mode in (True, False):
        failed = run_gcp(MODULE, check_mode=check_mode, **{**OWN, **given})
        assert failed["failed"] and told in failed["msg"] and "recreate=true" in failed["msg"]
    before, google.calls = dict(the(google)), []
    planned = run_gcp(MODULE, check_mode=True, recreate=True, **{**OWN, **given})
    assert planned["changed"] and google.written == [] and "psc_connection_id" not in planned["psc_endpoint"]
    # The address is not free at once.
    google.script["compute.forwardingRules.insert"] = [
        (400, "invalid", "Invalid value for field 'resource.IPAddress': '10.10.0.5'. Specified IP address is in-use"), None
    ]
    done = run_gcp(MODULE, recreate=True, **{**OWN, **given})
    assert done["diff"] == planned["diff"]
    insert = "forwardingRules.insert"
    assert google.written == ["forwardingRules.delete", insert, insert, "forwardingRules.setLabels"]
    assert the(google)["pscConnectionId"] != before["pscConnectionId"]
    kept = {"description", "labels", "allowPscGlobalAccess"}
    assert {name: the(google)[name] for name in kept} == {name: before[name] for name in kept}
    assert not run_gcp(MODULE, recreate=True, **{**OWN, **given})["changed"]


def test_a_closed_endpoint_comes_back_with_the_same_address(run_gcp, google):
    run_gcp(MODULE, **FULL)
    the(google)["pscConnectionStatus"] = "CLOSED"
    failed = run_gcp(MODULE, **FULL)
    assert failed["failed"] and "its connection is CLOSED" in failed["msg"]
    planned = run_gcp(MODULE, check_mode=True, **OWN, recreate=True)
    assert planned["changed"] and planned["diff"]["before"] != planned["diff"]["after"]
    assert run_gcp(MODULE, **OWN, recreate=True)["psc_endpoint"]["ip_address"] == "10.10.0.5"
    assert not run_gcp(MODULE, **OWN, recreate=True)["changed"]


def test_a_description_stays(run_gcp, google):
    run_gcp(MODULE, **FULL)
    again = run_gcp(MODULE, **dict(FULL, description="new"))
    assert not again["changed"] and "cannot change the description" in str(again["warnings"])
    run_gcp(MODULE, **dict(FULL, description="new", ip_address="10.10.0.9"), recreate=True)
    assert the(google)["description"] == "new"


def test_absent(run_gcp, google):
    assert not run_gcp(MODULE, **OWN, state="absent")["changed"]
    run_gcp(MODULE, **FULL)
    planned = run_gcp(MODULE, check_mode=True, **OWN, state="absent")
    assert planned["changed"] and planned["psc_endpoint"] == {}
    google.script["compute.forwardingRules.delete"] = ["lost"]
    done = run_gcp(MODULE, **OWN, state="absent")
    assert done["diff"] == planned["diff"] and done["psc_endpoint"] == {} and ("forwardingRules", "zlz-1") not in google.things
    assert not run_gcp(MODULE, **OWN, state="absent")["changed"]


@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_forwarding_rule_of_another_kind_is_left_alone(run_gcp, google, state):
    google.things["forwardingRules", "zlz-1"] = {"name": "zlz-1", "target": "projects/p/regions/r/targetHttpProxies/x"}
    failed = run_gcp(MODULE, **FULL, state=state)
    assert failed["failed"] and "no PSC endpoint" in failed["msg"] and google.written == []


def test_the_address_of_the_right_network_is_taken(run_gcp, google):
    other = google.reserve("ip-0", "10.10.0.5", "s2")
    run_gcp(MODULE, **{**FULL, "network": "other"})
    assert google.asked("compute.forwardingRules.insert")[0]["IPAddress"] == other
    google.calls = []
    run_gcp(MODULE, **{**FULL, "name": "zlz-3", "ip_address": "projects/my-project/regions/us-west1/addresses/ip-1"})
    assert google.asked("compute.forwardingRules.insert")[0]["IPAddress"].endswith("/addresses/ip-1")
    assert google.asked("compute.addresses.list") == []
    failed = run_gcp(MODULE, **{**FULL, "name": "zlz-2", "ip_address": "10.10.0.77"})
    assert "'10.10.0.77'. A URL is required" in failed["msg"]


def test_what_is_missing_for_a_creation_is_named(run_gcp, google):
    failed = run_gcp(MODULE, **OWN, target=TARGET)
    assert failed["msg"] == (
        "There is no endpoint zlz-1 in us-west1 of project my-project: give network, ip_address too, so that it can be created."
    )


def test_waits_for_a_state(run_gcp, google, ticks):
    run_gcp(MODULE, **FULL)
    sleeping = ticks.append
    states = iter(["PENDING", "NEEDS_ATTENTION", "ACCEPTED"])

    def forwardingRules_get(body, scripted, **unused):
        return {**the(google), "pscConnectionStatus": next(states)}

    google.forwardingRules_get = forwardingRules_get
    done = run_gcp(MODULE, **OWN, wait_states=["accepted"], wait_delay=7)
    assert not done["changed"] and done["psc_endpoint"]["psc_connection_status"] == "ACCEPTED" and sleeping and 7 in ticks


@pytest.mark.parametrize("status, told", [("PENDING", "authorize the endpoint"), ("CLOSED", "recreate=true"), ("REJECTED", "again")])
def test_waiting_ends(run_gcp, google, ticks, status, told):
    google.status = status
    failed = run_gcp(MODULE, **FULL, wait_states=["ACCEPTED"], wait_timeout=30)
    # One that is closed never comes back.
    late = " after 30 seconds" if status != "CLOSED" else ""
    assert failed["failed"] and f"is {status} and not ACCEPTED{late}: " in failed["msg"] and told in failed["msg"]
    assert (sum(ticks) >= 30) == bool(late)
    # Check mode does not wait.
    del google.things["forwardingRules", "zlz-1"]
    assert run_gcp(MODULE, check_mode=True, **FULL, wait_states=["ACCEPTED"])["changed"]


def test_bad_options(run_gcp, google):
    assert "wait_states has READY" in run_gcp(MODULE, **FULL, wait_states=["ready"])["msg"]
    assert "wait_delay" in run_gcp(MODULE, **FULL, wait_delay=0)["msg"]
    assert "operation_timeout" in run_gcp(MODULE, **FULL, operation_timeout=0)["msg"]
    assert "GCP_PROJECT" in run_gcp(MODULE, **FULL, project=None)["msg"]
    assert google.calls == []
