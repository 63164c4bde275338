# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import threading

import pytest
from ansible_collections.zilliz.cloud.plugins.module_utils import _http
from sandbox.scenario import AWS_PROJECT, GCP_PROJECT, MANY_PROJECT, NO_RIGHTS_KEY, READONLY_KEY, SECOND_PROJECT, STANDARD_PROJECT

MODULE = "private_endpoint"
ENDPOINT = "vpce-0ce90d01341533a5c"
AWS = {"project_id": AWS_PROJECT, "region_id": "aws-us-west-2", "endpoint_id": ENDPOINT}
GCP = {
    "project_id": GCP_PROJECT,
    "region_id": "gcp-us-west1",
    "endpoint_id": "my-psc-endpoint",
    "gcp_project_id": "my-project",
}
WAIT = {"wait": True, "wait_delay": 1, "wait_timeout": 20}


@pytest.fixture
def endpoint(zilliz):
    return zilliz.aws.add(ENDPOINT)


def test_the_eight_steps(run, zilliz, endpoint):
    before = zilliz.world.state()
    foreseen = run(MODULE, check_mode=True, **AWS)
    assert foreseen["changed"] and zilliz.calls(mutating=True) == []
    made = run(MODULE, **AWS, **WAIT)
    assert made["changed"] and made["private_endpoint"]["endpoint_status"] in ("accepted", "AVAILABLE")
    assert made["diff"] == foreseen["diff"] == {"before": {}, "after": AWS}
    again = run(MODULE, **AWS)
    assert not again["changed"] and again["private_endpoint"]["cloud_id"] == "aws"
    assert again["diff"]["before"] == again["diff"]["after"] == AWS
    assert not run(MODULE, check_mode=True, **AWS)["changed"]
    foreseen = run(MODULE, check_mode=True, state="absent", **AWS)
    assert foreseen["changed"] and zilliz.calls(mutating=True) == ["CreatePrivateEndpoint"]
    gone = run(MODULE, state="absent", **AWS, **WAIT)
    assert gone["changed"] and gone["private_endpoint"] == {}
    assert gone["diff"] == foreseen["diff"] == {"before": AWS, "after": {}}
    assert not run(MODULE, state="absent", **AWS)["changed"]
    assert zilliz.calls(mutating=True) == ["CreatePrivateEndpoint", "DeletePrivateEndpoint"]
    assert zilliz.world.state() == before


def test_a_rerun_asks_once(run, zilliz, endpoint):
    run(MODULE, **AWS, **WAIT)
    known = len(zilliz.calls())
    run(MODULE, **AWS)
    assert zilliz.calls()[known:] == ["ListPrivateEndpoints"]


def test_what_is_not_listed_yet_is_returned_as_asked_for(run, zilliz, endpoint):
    zilliz.switch(row_delay=1000000)
    assert run(MODULE, **AWS)["private_endpoint"] == AWS


def test_absent_without_waiting_changes_once(run, zilliz, endpoint):
    zilliz.switch(delete_delay=1000000)
    run(MODULE, **AWS, **WAIT)
    assert run(MODULE, state="absent", **AWS)["changed"]
    assert not run(MODULE, state="absent", **AWS)["changed"]
    late = run(MODULE, state="absent", **AWS, wait=True, wait_delay=1, wait_timeout=1)
    assert late["failed"] and "has not removed" in late["msg"] and "DELETING" in late["msg"]


def test_present_after_absent_is_a_new_registration(run, zilliz, endpoint):
    run(MODULE, **AWS, **WAIT)
    run(MODULE, state="absent", **AWS)
    zilliz.aws.add(ENDPOINT)
    assert run(MODULE, **AWS, **WAIT)["changed"]


def test_google(run, zilliz):
    zilliz.world.drift("gcp_foreign_endpoint", name=GCP["endpoint_id"], status="PENDING")
    assert run(MODULE, **GCP, **WAIT)["private_endpoint"]["gcp_project_id"] == "my-project"
    assert not run(MODULE, **GCP)["changed"]
    assert run(MODULE, check_mode=True, **{**GCP, "gcp_project_id": "other"})["changed"]
    assert run(MODULE, state="absent", **GCP, **WAIT)["changed"]


def test_the_same_name_in_another_google_project_is_left_alone(run, zilliz):
    rows = [row for row in zilliz.world.state()["zilliz"]["registrations"] if row["endpoint_id"] == "my-psc-endpoint"]
    theirs = {**GCP, "project_id": MANY_PROJECT, "gcp_project_id": rows[0]["gcp_project_id"]}
    assert run(MODULE, state="absent", **theirs, **WAIT)["changed"]
    left = [row for row in zilliz.world.state()["zilliz"]["registrations"] if row["endpoint_id"] == "my-psc-endpoint"]
    assert left == rows[1:]


@pytest.mark.parametrize("region_id", ["az-eastus", "ali-cn-hangzhou"])
def test_azure_and_alibaba(run, zilliz, region_id):
    ids = {"az-eastus": "zilliz.d73e9b55-7b9c-4f8d-8f0a-40e737f1ccbf", "ali-cn-hangzhou": "ep-bp1a2b3c4d5e6f7g8h9i"}
    run("private_endpoint_whitelist", project_id=SECOND_PROJECT, region_id=region_id, outer_user_id=ids["az-eastus"][7:])
    place = {"project_id": SECOND_PROJECT, "region_id": region_id, "endpoint_id": ids[region_id]}
    assert run(MODULE, **place, **WAIT)["changed"]


@pytest.mark.parametrize("state", ["present", "absent"])
@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({**AWS, "endpoint_id": "vpc-0ce90d01341533a5c"}, "must be the id of a VPC endpoint"),
        ({**AWS, "gcp_project_id": "my-project"}, "leave it out"),
        ({**GCP, "gcp_project_id": None}, "gcp_project_id is missing"),
        ({**GCP, "gcp_project_id": ""}, "gcp_project_id is missing"),
        ({**AWS, "region_id": "aws-us-west-9"}, "there is no region 'aws-us-west-9'"),
        ({**AWS, "project_id": "proj-000000000000000000000"}, "rights on this project"),
        ({**AWS, "project_id": "nonsense"}, "form of project_id"),
    ],
)
def test_bad_input_is_one_sentence_and_writes_nothing(run, zilliz, state, more, words):
    result = run(MODULE, state=state, **more)
    assert result["failed"] and words in result["msg"]
    assert zilliz.calls(mutating=True) == []


def test_all_problems_of_the_input_come_together(run, zilliz):
    result = run(MODULE, **{**AWS, "project_id": "", "endpoint_id": "a b"}, timeout=-1, wait_timeout=0, wait_delay=-5)
    for word in ("project_id", "endpoint_id", "timeout must", "wait_timeout", "wait_delay"):
        assert word in result["msg"]
    assert zilliz.calls() == []


@pytest.mark.parametrize(
    ("key", "words"),
    [("wrong" * 10, "was not accepted"), (READONLY_KEY, "rights on this project"), (NO_RIGHTS_KEY, "rights on this project")],
)
def test_keys_without_rights(run, zilliz, endpoint, key, words):
    result = run(MODULE, api_key=key, **AWS)
    assert result["failed"] and words in result["msg"] and result["request_id"].startswith("rq-")


def test_the_environment_gives_the_key(run, zilliz, monkeypatch, endpoint):
    monkeypatch.setenv("ZILLIZCLOUD_API_KEY", "")
    monkeypatch.setenv("ZILLIZ_API_KEY", zilliz.world.scenario["zilliz"]["api_key"])
    monkeypatch.setenv("ZILLIZCLOUD_HOST_ADDRESS", zilliz.url + "/v2")
    assert run(MODULE, check_mode=True, **AWS, api_key=None, host_address=None)["changed"]
    monkeypatch.setenv("ZILLIZ_API_KEY", "")
    assert "api_key is empty" in run(MODULE, **AWS, api_key=None)["msg"]


def test_an_empty_address_counts_as_none(run, zilliz, monkeypatch, endpoint):
    """AWX makes one of a credential's field that was left open."""
    monkeypatch.setattr(_http, "GLOBAL_HOST", zilliz.url)
    monkeypatch.setenv("ZILLIZCLOUD_HOST_ADDRESS", "")
    assert run(MODULE, check_mode=True, **AWS, host_address=None)["changed"] and run(MODULE, check_mode=True, **AWS, host_address="")["changed"]


def test_an_endpoint_that_does_not_exist_fails_while_waiting(run, zilliz):
    result = run(MODULE, **AWS, **WAIT)
    assert result["failed"] and "its status is Failed" in result["msg"] and "state=absent" in result["msg"]


def test_a_failed_registration_is_a_warning_without_waiting(run, zilliz):
    run(MODULE, **AWS, **WAIT)
    result = run(MODULE, **AWS)
    assert not result["changed"]
    assert "did not accept" in str(result["warnings"])


def test_a_row_that_vanishes_while_waiting(run, zilliz, endpoint):
    zilliz.switch(verify_delay=1000000, row_delay=0)

    def lose_it_once_it_was_seen():
        while "".join(zilliz.calls()).partition("CreatePrivateEndpoint")[2].count("ListPrivateEndpoints") < 2:
            if stop.wait(0.005):
                return
        zilliz.world.drift("lose_registration", endpoint_id=ENDPOINT)

    stop = threading.Event()
    thread = threading.Thread(target=lose_it_once_it_was_seen)
    thread.start()
    result = run(MODULE, **AWS, **WAIT)
    stop.set()
    thread.join()
    assert result["failed"] and "has vanished" in result["msg"] and "BINDING" in result["msg"]


def test_a_wait_that_is_too_short(run, zilliz, endpoint):
    zilliz.switch(verify_delay=1000000)
    result = run(MODULE, **AWS, wait=True, wait_delay=1, wait_timeout=1)
    assert result["failed"] and "Run again" in result["msg"] and "BINDING" in result["msg"]
    assert not run(MODULE, **AWS)["changed"]


def test_a_plan_without_private_link(run, zilliz, endpoint):
    result = run(MODULE, **{**AWS, "project_id": STANDARD_PROJECT})
    assert result["failed"] and "Enterprise or higher" in result["msg"] and result["code"] == 96028


# A write that a fault leaves undone and in doubt is awaited for a minute: the client's tests do that on a clock.
@pytest.mark.parametrize(
    ("operation", "kind"),
    [("ListPrivateEndpoints", kind) for kind in ("refuse", "reset", "lost", "500", "503", "throttle")]
    + [(write, kind) for write in ("CreatePrivateEndpoint", "DeletePrivateEndpoint") for kind in ("lost", "503", "throttle")],
)
def test_a_fault_is_overcome(run, zilliz, endpoint, operation, kind):
    state = "absent" if operation == "DeletePrivateEndpoint" else "present"
    if state == "absent":
        run(MODULE, **AWS, **WAIT)
    zilliz.fault(kind, operation=operation)
    assert run(MODULE, state=state, **AWS, **WAIT)["changed"]
    assert not run(MODULE, state=state, **AWS)["changed"]
    listed = [row for row in zilliz.world.state()["zilliz"]["registrations"] if row["endpoint_id"] == ENDPOINT]
    assert len(listed) == (state == "present")


def test_a_business_error_is_told_with_code_and_request(run, zilliz, endpoint):
    zilliz.fault("business", operation="CreatePrivateEndpoint")
    result = run(MODULE, **AWS)
    assert result["failed"] and result["code"] == 40003 and result["request_id"].startswith("rq-")
    assert run(MODULE, **AWS)["changed"]
