# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The story of an AWS link, with two clusters and with fifty, and the plan by itself."""
from __future__ import annotations

import collections

import pytest

from e2e.story import Calls, tell

CALLS = Calls(
    {
        "CreateSecurityGroup": "create security_group",
        "AuthorizeSecurityGroupIngress": "create security_group_rules",
        "CreateVpcEndpoint": "create vpc_endpoint",
        "CreatePrivateEndpoint": "authorize private_endpoint",
        "CreateHostedZone": "create hosted_zone",
        "DeletePrivateEndpoint": "revoke private_endpoint",
        "DeleteVpcEndpoints": "delete vpc_endpoint",
        "DeleteSecurityGroup": "delete security_group",
        "DeleteHostedZone": "delete hosted_zone",
    },
    records="ChangeResourceRecordSets",
    several=["ChangeTagsForResource"],
)


@pytest.mark.story
def test_the_whole_story(link, sandbox):
    made = tell(link, sandbox, CALLS)
    assert made.result["endpoint"]["state"] == "available" and len(made.result["endpoint"]["addresses"]) == 3


def test_a_converged_run_is_one_module_task_with_fifty_clusters(link, sandbox):
    sandbox.reset(clusters=50)
    before = sandbox.state()
    sandbox.switch(route53_rate=0)
    run = link.made(wait_timeout=300)
    assert len([one for one in run.result["links"] if one["ready"]]) == 50
    assert len(run.result["zones"]) == 50
    start = len(sandbox.log())
    again = link.settled()
    assert len(again.modules) == 1
    calls = collections.Counter(entry["operation"] for entry in sandbox.log(start) if entry["outcome"] == "ok")
    assert calls["ListResourceRecordSets"] == 50 and calls["ListTagsForResources"] == 5 and calls["ListHostedZonesByVPC"] == 1
    link.gone(before)


def test_the_plan_module_by_itself_says_what_is_to_do(link, playbook, sandbox):
    names = ("project_id", "region_id", "vpc_id", "subnet_ids", "client_cidrs")
    options = {name: link.vars[name] for name in names}
    run = playbook([
        {"name": "look", "zilliz.cloud.aws_private_link_plan": options},
        {"name": "look in check mode", "zilliz.cloud.aws_private_link_plan": options, "check_mode": True, "diff": True},
    ])
    assert run.rc == 0, run.stdout
    look, checked = run.task("look"), run.task("look in check mode")
    assert (look["changed"], look["act"]) == (False, True) and (checked["changed"], checked["act"]) == (True, False)
    assert look["steps"] == checked["steps"] and checked["diff"]["prepared"] in run.stdout
    assert look["by"]["connect"]["create_vpc_endpoint"][0]["after"]["subnet_ids"] == sorted(options["subnet_ids"])
    assert {one["what"] for one in look["costs"]} == {"VPC endpoint", "Route 53 hosted zone"}
    assert not [entry for entry in sandbox.log() if entry["mutating"]]
