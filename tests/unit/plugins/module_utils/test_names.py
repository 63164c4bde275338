# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.zilliz.cloud.plugins.module_utils import _names
from hypothesis import given
from hypothesis import strategies as st

STATUSES = (
    "CREATING RUNNING DELETING DELETED STOPPING STOPPED RESUMING MODIFYING ABNORMAL FREEZING FROZEN UNFREEZED "
    "RESTORE_BACKUP MIGRATING RESIZING UPGRADING WRITING_OPERATION SET_PRIVATE_LINK SUSPENDED SOMETHING_NEW"
).split()
ADDRESS = "https://in01-840ec44485bf25d-privatelink.aws-us-west-2.vectordb.zillizcloud.com:19531"

label = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.from_regex(r"[a-zA-Z0-9_]+", fullmatch=True), inner),
    max_leaves=10,
)
clusters = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "cluster_id": label,
            "cluster_name": st.none() | st.text(),
            "project_id": st.sampled_from(["p1", "p2"]),
            "region_id": st.sampled_from(["r1", "r2"]),
            "plan": st.sampled_from(["Free", "Serverless", "Standard", "Enterprise", None]),
            "deployment_option": st.sampled_from(["Free", "Serverless", "Dedicated", "", None]),
            "status": st.sampled_from(STATUSES) | st.none() | st.text(max_size=5),
            "private_link_address": st.sampled_from(["", None, ADDRESS, "https://x", "nonsense value"]),
        },
    ),
    max_size=8,
)


def test_snake_speaks_the_api():
    answer = {"gcpProjectId": 1, "cuType": "x", "createTimeMilli": 2, "data": [{"whitelistRequired": True}]}
    assert _names.snake(answer) == {
        "gcp_project_id": 1,
        "cu_type": "x",
        "create_time_milli": 2,
        "data": [{"whitelist_required": True}],
    }


def test_labels_keep_the_keys_of_their_owner():
    assert _names.snake({"myLabels": {"aB": 1}, "labels": {"costCenter": "x"}}) == {
        "my_labels": {"a_b": 1},
        "labels": {"costCenter": "x"},
    }


@given(json_values)
def test_snake_is_stable_and_keeps_values(data):
    once = _names.snake(data)
    assert _names.snake(once) == once
    if not isinstance(data, (dict, list)):
        assert once == data


@given(label, st.lists(label, min_size=1, max_size=4), st.none() | st.integers(1, 65535), st.booleans(), st.booleans())
def test_an_address_comes_apart(first, rest, port, scheme, capitals):
    host = ".".join([first, *rest])
    text = ("https://" if scheme else "") + host + (f":{port}" if port else "")
    found = _names.parse_address(text.upper().replace("HTTPS", "https") if capitals else text)
    assert (found["host"], found["port"]) == (host, port or 443)
    assert found["url"].startswith("https://")


@given(st.text() | st.none() | st.integers() | st.binary())
def test_no_text_breaks_an_address(text):
    found = _names.parse_address(text)
    if found:
        assert 0 < found["port"] < 65536
        assert "/" not in found["host"] and " " not in found["host"] and not found["host"].endswith(".")


@pytest.mark.parametrize(
    "text", ["", "  ", None, "https://", "https://host:0", "https://a.b:70000", "https://a.b:x", "a_b", "https://a b.c", "http://[::1"]
)
def test_what_is_no_address(text):
    assert _names.parse_address(text) is None


@pytest.mark.parametrize(
    ("status", "phase"),
    [
        ("AVAILABLE", "ready"),
        ("Available", "ready"),
        ("accepted", "ready"),
        ("APPROVED", "ready"),
        ("pendingAcceptance", "pending"),
        ("PENDING", "pending"),
        ("CREATING", "pending"),
        ("REJECTED", "failed"),
        ("Failed", "failed"),
        ("CREATE_FAILED", "failed"),
        ("expired", "failed"),
        ("unavailable", "failed"),
        ("BINDING", "unknown"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_phases(status, phase):
    assert _names.endpoint_phase(status) == phase


@given(st.text(), st.sampled_from(["-", "_", " ", ""]))
def test_a_phase_knows_no_case_and_no_separators(text, separator):
    phase = _names.endpoint_phase(text)
    assert phase in ("ready", "pending", "failed", "unknown")
    if text.isascii():
        assert _names.endpoint_phase(separator.join(text.upper())) == phase


@pytest.mark.parametrize("status", ["DELETING", "deleted", "Removing"])
def test_what_is_leaving(status):
    assert _names.endpoint_leaving(status)
    assert not _names.endpoint_leaving("AVAILABLE") and not _names.endpoint_leaving(None)


@pytest.mark.parametrize(
    ("cloud", "endpoint", "project"),
    [
        ("aws", "vpce-0ce90d01341533a5c", None),
        ("aws", "vpce-0ce90d01341533a5c", ""),
        ("gcp", "my-psc-endpoint", "my-project"),
        ("azure", "zilliz.d73e9b55-7b9c-4f8d-8f0a-40e737f1ccbf", None),
        ("azure", "a.b.d73e9b55-7b9c-4f8d-8f0a-40e737f1ccbf", None),
        ("ali", "ep-bp1a2b3c4d5e6f7g8h9i", None),
        ("tc", "vpcep-anything", None),
    ],
)
def test_sound_endpoint_ids(cloud, endpoint, project):
    assert _names.endpoint_problem(cloud, endpoint, project) is None


@pytest.mark.parametrize(
    ("cloud", "endpoint", "project", "words"),
    [
        ("aws", "vpc-0ce90d01341533a5c", None, "vpce-"),
        ("aws", "vpce-XYZ", None, "vpce-"),
        ("aws", "vpce-0ce90d01341533a5c", "my-project", "leave it out"),
        ("gcp", "my-psc-endpoint", None, "gcp_project_id is missing"),
        ("gcp", "My_Endpoint", "my-project", "forwarding rule"),
        ("azure", "zilliz", None, "resourceGuid"),
        ("azure", "d73e9b55-7b9c-4f8d-8f0a-40e737f1ccbf", None, "resourceGuid"),
        ("ali", "vpce-0ce90d01341533a5c", None, "ep-"),
        ("tc", "with space", None, "white space"),
    ],
)
def test_unsound_endpoint_ids(cloud, endpoint, project, words):
    assert words in _names.endpoint_problem(cloud, endpoint, project)


def test_problems_of_an_endpoint_come_together():
    problem = _names.endpoint_problem("gcp", "My_Endpoint")
    assert "gcp_project_id is missing" in problem and "forwarding rule" in problem


def test_accounts():
    assert _names.account_problem("aws", "012345678901") is None
    assert "12 digits" in _names.account_problem("aws", "12345678901")
    assert "subscription" in _names.account_problem("azure", "012345678901")
    assert _names.account_problem("ali", "1234567890") is None


def one(**more):
    cluster = {"cluster_id": "in01-1", "cluster_name": "a", "project_id": "p", "region_id": "r", "status": "RUNNING"}
    return _names.links([{**cluster, **more}], "p", "r")[0]


def test_a_link_taken_apart():
    public = "https://in01-840ec44485bf25d.aws-us-west-2.vectordb.zillizcloud.com:19530"
    link = one(plan="Enterprise", private_link_address=ADDRESS, connect_address=public, public_address_enabled=True)
    assert link == {
        "cluster_id": "in01-1",
        "cluster_name": "a",
        "plan": "Enterprise",
        "status": "RUNNING",
        "url": ADDRESS,
        "host": "in01-840ec44485bf25d-privatelink.aws-us-west-2.vectordb.zillizcloud.com",
        "port": 19531,
        "public_url": public,
        "public_host": "in01-840ec44485bf25d.aws-us-west-2.vectordb.zillizcloud.com",
        "public_enabled": True,
        "ready": True,
        "reason": None,
        "waiting": None,
        "doubtful": False,
    }


@pytest.mark.parametrize(
    ("more", "waiting", "words"),
    [
        ({"plan": "Enterprise"}, "link", "not allocated"),
        ({"plan": "Enterprise", "status": "SET_PRIVATE_LINK"}, "link", "not allocated"),
        ({"plan": "Enterprise", "status": "MODIFYING"}, "maintenance", "MODIFYING"),
        ({"plan": "Enterprise", "status": "SOMETHING_NEW"}, "maintenance", "SOMETHING_NEW"),
        ({"plan": "Enterprise", "status": "STOPPED"}, None, "resume it"),
        ({"plan": "Enterprise", "status": "ABNORMAL"}, None, "support"),
        ({"plan": "Enterprise", "status": "DELETED", "private_link_address": ADDRESS}, None, "deleted"),
        ({"plan": "Serverless"}, None, "serverless"),
        ({"plan": "Serverless", "deployment_option": "Free"}, None, "free"),
        ({"plan": "Enterprise", "private_link_address": "https://x"}, "link", "no host name"),
        ({"plan": "Standard"}, "link", "Standard"),
    ],
)
def test_why_a_cluster_has_no_link(more, waiting, words):
    link = one(**more)
    assert (link["ready"], link["waiting"]) == (False, waiting)
    assert words in link["reason"]


def test_a_suspended_cluster_keeps_the_link_it_has():
    assert one(plan="Enterprise", status="STOPPED", private_link_address=ADDRESS)["ready"]


def test_doubt_is_about_standard_clusters_that_nothing_happens_to():
    assert one(plan="Standard")["doubtful"]
    assert not one(plan="Standard", status="SET_PRIVATE_LINK")["doubtful"]
    assert not one(plan="Standard", private_link_address=ADDRESS)["doubtful"]
    assert not one(plan="Enterprise")["doubtful"]


@given(clusters)
def test_every_cluster_of_the_place_has_a_link_or_a_reason(found):
    links = _names.links(found, "p1", "r1")
    assert len(links) == sum(c.get("project_id") == "p1" and c.get("region_id") == "r1" for c in found)
    assert links == sorted(links, key=lambda link: (link["cluster_name"], link["cluster_id"]))
    for link in links:
        assert link["ready"] == (link["reason"] is None) == (link["host"] is not None) == (link["port"] is not None)
        assert link["waiting"] in ((None,) if link["ready"] else (None, "link", "maintenance"))
