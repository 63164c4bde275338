# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module as a task sees it, against the sandbox's clouds. What is planned and why is in test_plan_aws.py."""

from __future__ import annotations

import types

import pytest
from sandbox.aws.accounts import PROFILES
from sandbox.core import World
from sandbox.scenario import REGION_ID, SECOND_PROJECT
from sandbox.server import Server

MODULE = "aws_private_link_plan"


@pytest.fixture
def zilliz(monkeypatch, tmp_path):
    """Zilliz Cloud beside AWS, where time stands still."""
    world = World(gcp=None, speed=0)
    servers = [Server(cloud.app).serve() for cloud in (world.zilliz, world.aws)]
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "AWS_ACCESS_KEY_ID": PROFILES["main"]["access_key_id"], "AWS_SECRET_ACCESS_KEY": PROFILES["main"]["secret_access_key"],
        "AWS_REGION": "us-west-2", "AWS_ENDPOINT_URL": servers[1].url,
        "AWS_CONFIG_FILE": str(tmp_path / "none"), "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none"),
    }.items():
        monkeypatch.setenv(name, value)
    yield types.SimpleNamespace(world=world, url=servers[0].url)
    for server in servers:
        server.stop()


@pytest.fixture
def plan(run, zilliz):
    """The link of a project that has none yet; whatever is asked, nothing is written."""
    aws = zilliz.world.scenario["aws"]

    def plan_link(**given):
        answer = run(MODULE, **{
            "project_id": SECOND_PROJECT, "region_id": REGION_ID, "vpc_id": aws["second_vpc_id"], "subnet_ids": aws["second_subnet_ids"],
            "client_cidrs": ["10.30.0.0/16"], **given,
        })
        assert not [entry for entry in zilliz.world.log.since(0) if entry["mutating"]]
        return answer

    return plan_link


def test_check_mode_reports_the_steps_and_a_run_acts_on_them(plan):
    foreseen, planned = plan(check_mode=True), plan()
    assert foreseen["changed"] and not foreseen["act"] and "vpc_endpoint" in str(foreseen["diff"])
    assert planned["act"] and planned["rounds"]["connect"] and not planned["changed"], "the tasks that follow are the ones that change"
    assert planned["steps"] == foreseen["steps"]
    assert {"vpc_endpoint", "private_endpoint"} <= {step["resource"] for step in planned["steps"]}
    assert len(planned["by"]["connect"]["create_vpc_endpoint"]) == 1


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
    refused = plan(api_key=None, record_ttl=-1, vpc_id="vpc-00000000000000000", vpc_region="us-west-2")
    assert refused["failed"] and refused["msg"].startswith("3 problems: (1) record_ttl")
    assert "api_key is empty" in refused["msg"] and "vpc-00000000000000000" in refused["msg"]


def test_a_check_tells_what_it_could_not_read_beside_the_rest(plan):
    looked = plan(inspect=True, vpc_id="vpc-00000000000000000")
    assert not looked.get("failed") and "vpc-00000000000000000" in str(looked["problems"]) and looked["checks"]


def test_values_that_aws_refuses_are_told_before_anything_is_made(plan, zilliz):
    refused = plan(
        security_group_name="sg-mine", endpoint_name="x" * 300, tags={"aws:team": "search"}, vpc_region="Oregon", record_ttl=2**31, zone_name="no name",
    )
    for words in ("security_group_name is sg-mine", "endpoint_name is 300 characters long", "tags has aws:team", "region is Oregon",
                  "cannot be kept longer than 2147483647 seconds", "zone_name is no name"):
        assert words in refused["msg"]
    assert "GetCallerIdentity" not in [entry["operation"] for entry in zilliz.world.log.since(0)], "in no region nobody is asked"
    refused = plan(tags={f"t{number}": "x" for number in range(49)})
    assert refused["msg"] == "tags has 49 tags, and a hosted zone takes 8 beside the link's own: leave 41 out."


def test_a_login_in_the_address_is_refused_and_not_shown(plan):
    refused = plan(host_address="https://me:hunter2secret@api.cloud.zilliz.com")
    assert "host_address must not hold a user or password" in refused["msg"] and "hunter2secret" not in str(refused)
