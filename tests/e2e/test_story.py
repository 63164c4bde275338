# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From an empty VPC to a working private link and back, and what each mode promises about it."""
from __future__ import annotations

import collections

import pytest

# What each mutating call is made for. A call that stands under no step of the plan, or a step without call, is a lie.
STEP_OF = {
    "CreateSecurityGroup": "create security_group",
    "AuthorizeSecurityGroupIngress": "create security_group_rules",
    "CreateVpcEndpoint": "create vpc_endpoint",
    "CreatePrivateEndpoint": "authorize private_endpoint",
    "CreateHostedZone": "create hosted_zone",
    "ChangeTagsForResource": "create hosted_zone",
    "ChangeResourceRecordSets": "create record",
    "DeletePrivateEndpoint": "revoke private_endpoint",
    "DeleteVpcEndpoints": "delete vpc_endpoint",
    "DeleteSecurityGroup": "delete security_group",
    "DeleteHostedZone": "delete hosted_zone",
}
ONCE = {"CreateSecurityGroup", "AuthorizeSecurityGroupIngress", "CreateVpcEndpoint", "CreatePrivateEndpoint", "CreateHostedZone",
        "ChangeResourceRecordSets", "DeletePrivateEndpoint", "DeleteVpcEndpoints", "DeleteSecurityGroup", "DeleteHostedZone"}


def promised(run):
    return collections.Counter(run.steps)


def done(sandbox, since, record_step):
    """Steps that the log shows, one for each call that makes a thing."""
    calls = [entry["operation"] for entry in sandbox.log(since) if entry["mutating"] and entry["cloud"] != "drift"]
    unknown = set(calls) - set(STEP_OF)
    assert not unknown, f"Calls that belong to no step: {unknown}"
    steps = dict(STEP_OF, ChangeResourceRecordSets=record_step)
    return collections.Counter(steps[name] for name in calls if name in ONCE)


@pytest.mark.story
def test_the_whole_story(link, sandbox):
    before = sandbox.state()
    start = len(sandbox.log())

    foreseen = link.up(check=True, diff=True)
    assert foreseen.rc == 0 and foreseen.stats["localhost"]["changed"] == 1, foreseen.stdout
    assert sandbox.state() == before and not [e for e in sandbox.log(start) if e["mutating"]]
    assert len(foreseen.modules) == 1
    for step in foreseen.plans[0]["steps"]:
        assert f"{step['action']} {step['resource']} {step['name']}: {step['why']}" in foreseen.stdout

    start = len(sandbox.log())
    made = link.made()
    assert promised(made) == promised(foreseen) == done(sandbox, start, "create record")
    links = [one for one in made.result["links"] if one["ready"]]
    assert len(links) == 2 and all(one["url"] == f"https://{one['host']}:{one['port']}" for one in links)
    assert made.result["endpoint"]["state"] == "available" and len(made.result["endpoint"]["addresses"]) == 3
    assert len(made.result["changes"]) == sum(promised(made).values())

    start = len(sandbox.log())
    again = link.settled()
    assert len(again.modules) == 1 and not [e for e in sandbox.log(start) if e["mutating"]]
    nothing = link.up(check=True, diff=True)
    assert nothing.rc == 0 and nothing.stats["localhost"]["changed"] == 0

    start = len(sandbox.log())
    foreseen = link.down(check=True, diff=True)
    assert foreseen.stats["localhost"]["changed"] == 1 and not [e for e in sandbox.log(start) if e["mutating"]]
    start = len(sandbox.log())
    gone = link.gone(before)
    assert promised(gone) == promised(foreseen) == done(sandbox, start, "delete record")
    assert link.down().stats["localhost"]["changed"] == 0


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
