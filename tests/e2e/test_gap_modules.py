# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gap modules through ansible-playbook against the sandbox: checked, run and run again, and with answers lost."""
from __future__ import annotations

import pytest

SERVICE = "com.amazonaws.vpce.us-west-2.vpce-svc-0b62964bfd0edfb74"
MARK = "proj-4487580fcfe2c8a4391686/aws-us-west-2/vpc-0a1b2c3d4e5f60001"
HOST = "in01-840ec44485bf25d-privatelink.aws-us-west-2.vectordb.zillizcloud.com"
ENDPOINT = "{{ endpoint.vpc_endpoint.vpc_endpoint_id }}"


@pytest.fixture
def given(sandbox):
    return sandbox.scenario["aws"]


def task(name, module, register="last", check=False, **args):
    return {"name": name, f"zilliz.cloud.{module}": args, "register": register, "check_mode": check, "ignore_errors": True}


def thrice(name, module, register="last", **args):
    """Check, run, run again."""
    return [
        task(f"check: {name}", module, check=True, **args), task(name, module, register=register, **args),
        task(f"again: {name}", module, **args),
    ]


def once(run, name):
    """The answer of a step that the check has foreseen, that was made, and that made nothing more."""
    checked, made, again = run.task(f"check: {name}"), run.task(name), run.task(f"again: {name}")
    for answer in (checked, made, again):
        assert answer["status"] != "ignored", answer
    assert checked["changed"] and made["changed"] and not again["changed"]
    assert checked["diff"] == made["diff"]
    return made


def written(sandbox):
    return [call["operation"] for call in sandbox.mutating(outcome="ok") if call["cloud"] == "aws"]


def failed(run, name):
    answer = run.task(name)
    assert answer["status"] == "ignored" and "Traceback" not in run.stdout, answer
    return answer["msg"]


def endpoint(given, **more):
    return {
        "vpc_id": given["vpc_id"], "service_name": SERVICE, "subnet_ids": given["subnet_ids"][:2],
        "security_group_ids": [given["client_security_group_id"]], "tags": {"zilliz.cloud/private-link": MARK},
        "client_token": MARK, "region": "us-west-2", **more,
    }


def test_the_life_of_an_endpoint(sandbox, playbook, given):
    before = sandbox.state()
    waited = {"region": "us-west-2", "vpc_endpoint_id": ENDPOINT, "wait_delay": 0.2, "wait_timeout": 30}
    subnets = [given["same_zone_subnet_id"], given["subnet_ids"][1], given["subnet_ids"][2]]
    run = playbook([
        *thrice("create", "aws_vpc_endpoint", register="endpoint", **endpoint(given)),
        task("too early", "aws_vpc_endpoint", **{**waited, "wait_timeout": 1}, state="waited", wait_states=["available"]),
        {"name": "register", "zilliz.cloud.private_endpoint": {
            "project_id": given["project_id"], "region_id": given["region_id"], "endpoint_id": ENDPOINT}},
        task("await", "aws_vpc_endpoint", **waited, state="waited", wait_states=["AVAILABLE"]),
        *thrice("change", "aws_vpc_endpoint", region="us-west-2", vpc_endpoint_id=ENDPOINT, subnet_ids=subnets, tags={"team": "data"}),
        {"name": "revoke", "zilliz.cloud.private_endpoint": {
            "project_id": given["project_id"], "region_id": given["region_id"], "endpoint_id": ENDPOINT, "state": "absent"}},
        *thrice("delete", "aws_vpc_endpoint", **waited, state="absent", wait_states=["absent"]),
    ])
    made = once(run, "create")["vpc_endpoint"]
    assert (made["private_dns_enabled"], made["tags"]) == (False, {"zilliz.cloud/private-link": MARK})
    assert "vpc_endpoint_id" not in run.task("check: create")["vpc_endpoint"]
    assert run.task("again: create")["vpc_endpoint"]["vpc_endpoint_id"] == made["vpc_endpoint_id"]
    assert "is pendingAcceptance, not available, within 1 seconds; its owner has not accepted it" in failed(run, "too early")
    assert run.task("await")["vpc_endpoint"]["state"] == "available" and not run.task("await")["changed"]
    changed = once(run, "change")["vpc_endpoint"]
    assert changed["subnet_ids"] == sorted(subnets) and changed["tags"]["team"] == "data" and len(changed["tags"]) == 2
    assert once(run, "delete")["vpc_endpoint"] == {}
    assert written(sandbox) == ["CreateVpcEndpoint", "CreateTags", "ModifyVpcEndpoint", "DeleteVpcEndpoints"]
    assert sandbox.state() == before


def test_an_endpoint_after_corpses_in_another_region_and_with_a_lost_answer(sandbox, playbook, given):
    away = given["other_region"]
    there = {"region": away["region"], "vpc_id": away["vpc_id"], "subnet_ids": away["subnet_ids"], "service_name": SERVICE,
             "service_region": "us-west-2", "client_token": "away", "tags": {"mark": "away"}}
    closed = given["unsupported_region"]
    sandbox.fault("lost", operation="CreateVpcEndpoint", times=1)
    sandbox.fault("lost", operation="DeleteVpcEndpoints", times=1)
    run = playbook([
        task("first", "aws_vpc_endpoint", register="endpoint", **endpoint(given)),
        task("gone", "aws_vpc_endpoint", region="us-west-2", state="absent", vpc_endpoint_id=ENDPOINT),
        task("dead", "aws_vpc_endpoint", region="us-west-2", vpc_endpoint_id=ENDPOINT, private_dns_enabled=True),
        task("second", "aws_vpc_endpoint", **endpoint(given)),
        *thrice("away", "aws_vpc_endpoint", **there),
        task("closed", "aws_vpc_endpoint", **{**there, "region": closed["region"], "vpc_id": closed["vpc_id"],
                                              "subnet_ids": closed["subnet_ids"]}),
        task("zone", "aws_vpc_endpoint", **{**endpoint(given), "subnet_ids": [given["unsupported_subnet_id"]], "tags": {}}),
    ])
    first, second = (run.task(name)["vpc_endpoint"]["vpc_endpoint_id"] for name in ("first", "second"))
    assert run.task("gone")["changed"] and first != second
    assert once(run, "away")["vpc_endpoint"]["service_region"] == "us-west-2"
    assert failed(run, "dead").endswith("is gone: leave out vpc_endpoint_id to create another.")
    assert "ask Zilliz Cloud support to enable cross-region access" in failed(run, "closed")
    assert "leave that subnet out, or name a subnet in a zone that the service supports" in failed(run, "zone")
    sandbox.clock(advance=1000)
    lost = [call for call in sandbox.log() if call["outcome"] == "fault:lost"]
    assert [call["operation"] for call in lost] == ["CreateVpcEndpoint", "DeleteVpcEndpoints"]
    assert second in str(sandbox.state()) and first not in str(sandbox.state())


def test_a_rule(sandbox, playbook, given):
    before = sandbox.state()
    group = given["client_security_group_id"]
    rule = {"group_id": group, "port": 19531, "description": f"zilliz.cloud private link {MARK}"}
    egress = {**rule, "direction": "egress", "source_group_id": group}
    for operation in ("AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress"):
        sandbox.fault("lost", operation=operation)
    block = {"module_defaults": {"group/zilliz.cloud.aws": {"region": "us-west-2"}}, "block": [
        *thrice("in", "aws_security_group_rule", **rule, cidr="10.20.7.7/16"),
        task("out", "aws_security_group_rule", **egress),
        task("foreign", "aws_security_group_rule", **{**rule, "description": "by hand"}, cidr="10.20.0.0/16"),
        task("foreign stays", "aws_security_group_rule", **{**rule, "description": "by hand"}, cidr="10.20.0.0/16", state="absent"),
        *thrice("in gone", "aws_security_group_rule", **rule, cidr="10.20.0.0/16", state="absent"),
        task("out gone", "aws_security_group_rule", **egress, state="absent"),
        task("no group", "aws_security_group_rule", **{**rule, "group_id": "sg-0123456789abcdef0"}, cidr="10.20.0.0/16"),
    ]}
    run = playbook([block])
    for name in ("in", "in gone"):
        once(run, name)
    assert run.task("out")["changed"] and run.task("out gone")["changed"]
    for name in ("foreign", "foreign stays"):
        assert run.task(name)["foreign"] and not run.task(name)["changed"]
    assert "(InvalidGroup.NotFound); check the id" in failed(run, "no group")
    assert sandbox.state() == before
    # The first of each was lost after its effect, and the second one refused.
    assert written(sandbox) == ["AuthorizeSecurityGroupEgress", "RevokeSecurityGroupEgress"]


def zone(given, host, target, **more):
    return {
        "name": host, "comment": f"zilliz.cloud private link {MARK} cluster {host[:20]}", "tags": {"team": "data"},
        "vpcs": [{"vpc_id": given["vpc_id"], "region": "us-west-2"}],
        "records": [{"name": host, "type": "A", "alias_target": target + "dns_name }}", "alias_zone_id": target + "hosted_zone_id }}"}],
        **more,
    }


def test_names_and_associations(sandbox, playbook, given):
    before = sandbox.state()
    target, other = "{{ endpoint.vpc_endpoint.dns_entries[0].", given["second_account"]
    hosts = [HOST, HOST.replace("840", "841"), HOST.replace("840", "842")]
    zones = [zone(given, host, target) for host in hosts]
    known = [zone(given, host, target, zone_id="{{ names.zones[%d].zone_id }}" % n) for n, host in enumerate(hosts)]
    second = {"zone_id": "{{ names.zones[0].zone_id }}", "vpc_id": given["second_vpc_id"], "vpc_region": "us-west-2"}
    network = {**second, "vpc_id": other["vpc_id"], "vpc_profile": other["profile"]}
    run = playbook([
        task("endpoint", "aws_vpc_endpoint", register="endpoint", **endpoint(given)),
        *thrice("names", "route53_names", register="names", zones=zones),
        task("known", "route53_names", check=True, zones=known),
        task("second VPC", "route53_zone_association", **second),
        task("no profile", "route53_zone_association", **{**network, "vpc_profile": None}),
        *thrice("other account", "route53_zone_association", **network),
        task("not empty", "route53_names", zones=[dict(known[0], state="absent"), dict(known[1], state="absent", records=[])]),
        *thrice("other account off", "route53_zone_association", **network, state="absent"),
        task("second VPC off", "route53_zone_association", **second, state="absent"),
        *thrice("gone", "route53_names", zones=[dict(one, state="absent") for one in known]),
        task("endpoint gone", "aws_vpc_endpoint", region="us-west-2", state="absent", vpc_endpoint_id=ENDPOINT, wait_states=["absent"],
             wait_delay=0.2),
    ], env={"AWS_REGION": "us-west-2"})
    made = once(run, "names")
    assert [one["created"] for one in made["zones"]] == [True] * 3 and not run.task("known")["changed"]
    assert run.task("again: names")["zones"][0]["zone_id"] == made["zones"][0]["zone_id"]
    for name in ("other account", "other account off"):
        once(run, name)
    assert run.task("second VPC")["changed"] and run.task("second VPC off")["changed"]
    assert len(run.task("other account")["vpcs"]) == 3
    assert "(NotAuthorizedException); the VPC belongs to another account: give the profile" in failed(run, "no profile")
    assert failed(run, "not empty").startswith(f"The zone {hosts[1]}. (")
    assert [one["deleted"] for one in once(run, "gone")["zones"]] == [True] * 3
    assert run.task("endpoint gone")["changed"]
    assert sandbox.state() == before
    writes = ["CreateHostedZone"] * 3 + ["ChangeResourceRecordSets"] * 3 + ["ChangeTagsForResource"] * 3
    across = ["CreateVPCAssociationAuthorization", "AssociateVPCWithHostedZone", "DeleteVPCAssociationAuthorization"]
    assert written(sandbox) == [
        "CreateVpcEndpoint", *writes, "AssociateVPCWithHostedZone", *across, "DisassociateVPCFromHostedZone",
        "DisassociateVPCFromHostedZone", *["ChangeResourceRecordSets"] * 3, *["DeleteHostedZone"] * 3, "DeleteVpcEndpoints",
    ]


WRITES = [
    "CreateHostedZone", "ChangeResourceRecordSets", "CreateVPCAssociationAuthorization", "AssociateVPCWithHostedZone",
    "DeleteVPCAssociationAuthorization", "ChangeTagsForResource", "DisassociateVPCFromHostedZone", "DeleteHostedZone",
]


@pytest.mark.parametrize("kind", ["lost", "denied"])
def test_names_when_every_writing_call_goes_wrong_once(sandbox, playbook, given, kind):
    """A lost answer is healed within the run. A refusal ends the run, and the next one goes on where it stopped."""
    before = sandbox.state()
    other, own = given["second_account"], {"vpc_id": given["vpc_id"], "region": "us-west-2"}
    vpcs = [own, {"vpc_id": other["vpc_id"], "region": "us-west-2", "profile": other["profile"]}]
    record = {"name": HOST, "type": "CNAME", "ttl": 300, "values": ["vpce-1.example.com"]}
    shared = {"name": "vectordb.zillizcloud.com", "comment": f"zilliz.cloud private link {MARK}", "tags": {"team": "data"},
              "records": [record]}
    association = {"zone_id": "{{ made.zones[0].zone_id }}", "vpc_id": other["vpc_id"], "vpc_region": "us-west-2",
                   "vpc_profile": other["profile"]}
    # A zone that is busy refuses a call before its fault could be seen.
    sandbox.switch(route53_busy_seconds=0, route53_rate=0)
    for operation in WRITES:
        # Refused a second time, an authorization is left over from an association that was made.
        sandbox.fault(kind, operation=operation, times=2 if (kind, operation) == ("denied", WRITES[4]) else 1)
    again = {"until": "last is not failed", "retries": 9, "delay": 0}
    run = playbook([
        {**task("make", "route53_names", zones=[dict(shared, vpcs=vpcs)]), **again},
        task("made", "route53_names", register="made", zones=[dict(shared, vpcs=vpcs)]),
        {**task("complete", "route53_zone_association", **association), **again},
        {**task("off", "route53_zone_association", **association, state="absent"), **again},
        {**task("delete", "route53_names", zones=[dict(shared, state="absent", zone_id=association["zone_id"])]), **again},
    ], env={"AWS_REGION": "us-west-2"})
    assert run.rc == 0, run.stdout
    assert not run.task("made")["changed"] and run.task("off")["changed"] and run.task("delete")["changed"]
    assert run.task("complete")["changed"] == (kind == "denied")
    assert {call["operation"] for call in sandbox.log() if call["outcome"] == f"fault:{kind}"} == set(WRITES)
    assert sandbox.state() == before
