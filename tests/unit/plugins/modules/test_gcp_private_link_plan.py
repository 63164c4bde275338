# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module as a task sees it, against the sandbox's clouds. What is planned and why is in test_plan_gcp.py."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
import requests
from sandbox.gcp.landscape import ACCESS_TOKEN
from sandbox.scenario import API_KEY, GCP_PROJECT
from werkzeug.test import Client

from unit.sandbox_gcp.google_side import Side

MODULE = "gcp_private_link_plan"


@pytest.fixture
def google(monkeypatch):
    """Google Cloud beside Zilliz Cloud, where time stands still, without a socket."""
    side = Side()

    def send(adapter, request, **unused):
        parts = urlsplit(request.url)
        cloud = side.gcp if parts.hostname.endswith(".googleapis.com") else side.zilliz
        answer = Client(cloud.app).open(request.path_url, method=request.method, data=request.body, headers={**request.headers, "Host": parts.netloc})
        response = requests.Response()
        response.status_code, response.url, response.request = answer.status_code, request.url, request
        response.headers.update(answer.headers)
        response._content_consumed, response._content = True, answer.data
        return response

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", send)
    return side


@pytest.fixture
def plan(run_gcp, google):
    """The link of a network that has none yet; whatever is asked, nothing is written."""

    def plan_link(**given):
        answer = run_gcp(MODULE, **{
            "project": None, "access_token": ACCESS_TOKEN, "api_key": API_KEY, "project_id": GCP_PROJECT, "region_id": "gcp-us-west1",
            "gcp_project_id": "my-project", "network": "my-second-vpc", "subnetwork": "my-second-subnet", **given,
        })
        assert ACCESS_TOKEN not in str(answer) and API_KEY not in str(answer)
        assert not [entry for entry in google.world.log.since(0) if entry["mutating"]]
        return answer

    return plan_link


def test_check_mode_reports_the_steps_and_a_run_acts_on_them(plan):
    foreseen, planned = plan(check_mode=True), plan()
    assert foreseen["changed"] and not foreseen["act"] and "psc_endpoint" in str(foreseen["diff"])
    assert planned["act"] and planned["rounds"]["connect"] and not planned["changed"], "the tasks that follow are the ones that change"
    assert planned["steps"] == foreseen["steps"] and planned["auth_kind"] == "accesstoken"
    assert {"address", "psc_endpoint", "private_endpoint"} <= {step["resource"] for step in planned["steps"]}
    assert len(planned["by"]["connect"]["create_psc_endpoint"]) == 1


def test_where_nothing_is_there_is_nothing_to_remove(plan):
    planned = plan(state="absent", check_mode=True)
    assert planned["steps"] == [] and not planned["changed"] and not planned["act"]


def test_a_check_judges_what_is_there(plan):
    checks = plan(inspect=True)["checks"]
    assert {row["check"]: row["state"] for row in checks}["endpoint"] == "missing" and all(row["title"] for row in checks)
    assert "checks" not in plan()


def test_a_deep_check_reads_what_no_plan_needs(plan):
    shallow, deep = ({row["check"]: row["state"] for row in plan(inspect=True, deep=deep)["checks"]} for deep in (False, True))
    assert shallow["resolver"] == "skipped" and deep["resolver"] == "ok"


def test_all_that_is_wrong_is_told_at_once(plan):
    refused = plan(api_key=None, record_ttl=-1, network="nowhere")
    assert refused["failed"] and refused["msg"].startswith("3 problems: (1) record_ttl")
    assert "api_key is empty" in refused["msg"] and "nowhere" in refused["msg"]


def test_a_check_tells_what_it_could_not_read_beside_the_rest(plan):
    looked = plan(inspect=True, network="nowhere")
    assert not looked.get("failed") and "nowhere" in str(looked["problems"]) and looked["checks"]


def test_values_that_google_refuses_are_told_before_anything_is_made(plan):
    refused = plan(client_target_tags=["My Clients"])
    assert refused["msg"] == "client_target_tags has My Clients: a network tag looks like my-clients."
    refused = plan(client_target_service_accounts=["clients"])
    assert refused["msg"] == "client_target_service_accounts has clients: name accounts by their e-mail addresses."
