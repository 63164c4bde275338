# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from unittest import mock

import pytest
from botocore.exceptions import EndpointConnectionError

MODULE = "aws_security_group_rule"
OURS = "zilliz.cloud private link p/r/vpc-1"
RULE = {"group_id": "sg-1", "port": 19531, "cidr": "10.20.0.0/16", "description": OURS}


def permission(kind="IpRanges", protocol="tcp", ports=(19531, 19531), **entry):
    return {"IpProtocol": protocol, "FromPort": ports[0], "ToPort": ports[1], kind: [entry]}


def has(ec2, *permissions, direction="IpPermissions"):
    ec2.groups["sg-1"][direction] = list(permissions)


def test_added_once(run_aws, ec2):
    planned = run_aws(MODULE, check_mode=True, **RULE)
    assert planned["changed"] and ec2.written == []
    added = run_aws(MODULE, **RULE)
    assert added == planned and not added["foreign"] and added["diff"] == {"before": {}, "after": added["rule"]}
    assert ec2.asked("AuthorizeSecurityGroupIngress") == [
        {"GroupId": "sg-1", "IpPermissions": [permission(CidrIp="10.20.0.0/16", Description=OURS)]}
    ]
    assert not run_aws(MODULE, **RULE)["changed"] and len(ec2.written) == 1


@pytest.mark.parametrize(("options", "entry"), [
    ({"cidr": "10.20.9.1/16"}, {"kind": "IpRanges", "CidrIp": "10.20.0.0/16"}),
    ({"cidr": "2001:DB8:0::/32"}, {"kind": "Ipv6Ranges", "CidrIpv6": "2001:db8::/32"}),
    ({"cidr": None, "source_group_id": "sg-2"}, {"kind": "UserIdGroupPairs", "GroupId": "sg-2"}),
    ({"cidr": None, "source_group_id": "sg-2", "user_id": "444455556666"},
     {"kind": "UserIdGroupPairs", "GroupId": "sg-2", "UserId": "444455556666"}),
])
def test_every_source_is_found_as_aws_stores_it(run_aws, ec2, options, entry):
    assert run_aws(MODULE, **{**RULE, **options})["changed"]
    assert ec2.groups["sg-1"]["IpPermissions"] == [permission(**entry, Description=OURS)]
    assert not run_aws(MODULE, **{**RULE, **options})["changed"]


def test_egress_is_another_list(run_aws, ec2):
    has(ec2, permission(CidrIp="10.20.0.0/16", Description=OURS))
    assert run_aws(MODULE, direction="egress", **RULE)["changed"]
    assert len(ec2.groups["sg-1"]["IpPermissionsEgress"]) == 1 and ec2.written == ["AuthorizeSecurityGroupEgress"]


@pytest.mark.parametrize("entry", [{"Description": "made by hand"}, {}])
def test_a_foreign_rule_is_used_and_stays(run_aws, ec2, entry):
    has(ec2, permission(CidrIp="10.20.0.0/16", **entry))
    for state in ("present", "absent"):
        result = run_aws(MODULE, state=state, **RULE)
        assert not result["changed"] and result["foreign"]
        assert result["rule"]["description"] == entry.get("Description", "")
    assert ec2.written == []


@pytest.mark.parametrize("other", [
    permission(CidrIp="10.20.0.0/16", ports=(19530, 19531)), permission(CidrIp="10.20.0.0/16", protocol="udp"),
    permission(CidrIp="10.21.0.0/16"), {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "10.20.0.0/16"}]},
    permission("UserIdGroupPairs", GroupId="sg-2", UserId="111122223333"),
])
def test_another_rule_is_not_this_one(run_aws, ec2, other):
    has(ec2, other)
    assert run_aws(MODULE, **RULE)["changed"] and len(ec2.groups["sg-1"]["IpPermissions"]) == 2


def test_ours_is_removed_once(run_aws, ec2):
    has(ec2, permission(CidrIp="10.20.0.0/16", Description=OURS))
    assert run_aws(MODULE, check_mode=True, state="absent", **RULE)["changed"] and ec2.written == []
    removed = run_aws(MODULE, state="absent", **RULE)
    assert removed["changed"] and removed["rule"] == {} and removed["diff"]["before"]["description"] == OURS
    assert ec2.asked("RevokeSecurityGroupIngress") == [
        {"GroupId": "sg-1", "IpPermissions": [permission(CidrIp="10.20.0.0/16")]}
    ]
    assert not run_aws(MODULE, state="absent", **RULE)["changed"]


def test_lost_answers(run_aws, ec2):
    ec2.script["AuthorizeSecurityGroupIngress"] = ["lost InvalidPermission.Duplicate"]
    assert run_aws(MODULE, **RULE)["changed"]
    ec2.script["RevokeSecurityGroupIngress"] = ["lost InvalidPermission.NotFound"]
    assert run_aws(MODULE, state="absent", **RULE)["changed"]


def test_a_group_that_is_gone(run_aws, ec2):
    gone = {**RULE, "group_id": "sg-9"}
    assert not run_aws(MODULE, state="absent", **gone)["changed"]
    assert run_aws(MODULE, **gone)["msg"] == (
        "DescribeSecurityGroups could not read the security group sg-9: The security group does not exist"
        " (InvalidGroup.NotFound); check the id, and that it belongs to the account and region in use."
    )


@pytest.mark.parametrize(("options", "part"), [
    ({"cidr": "10.300.0.0/16"}, "cidr is no IPv4 or IPv6 network: '10.300.0.0/16'"),
    ({"source_group_id": "sg-2"}, "A rule has one other side: give either cidr or source_group_id."),
    ({"cidr": None}, "A rule has one other side: give either cidr or source_group_id."),
])
def test_bad_input(run_aws, ec2, options, part):
    assert part in run_aws(MODULE, **{**RULE, **options})["msg"] and ec2.calls == []


def test_half_of_the_keys_is_told_and_not_tried(run_aws, ec2, monkeypatch):
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    assert run_aws(MODULE, **RULE)["msg"].startswith("Only one half of the AWS keys is set: give access_key") and ec2.calls == []


def test_aws_out_of_reach(run_aws, ec2, monkeypatch):
    refusal = EndpointConnectionError(endpoint_url="https://ec2.us-west-2.amazonaws.com")
    monkeypatch.setattr(ec2, "DescribeSecurityGroups", mock.Mock(side_effect=refusal))
    assert run_aws(MODULE, **RULE)["msg"].endswith(
        "(EndpointConnectionError); check the region and the network path to AWS and run again, the run goes on where it stopped.")


@pytest.mark.parametrize(("code", "remedy"), [
    ("RulesPerSecurityGroupLimitExceeded", "remove rules, name wider CIDRs, or ask AWS for a higher quota."),
    ("UnauthorizedOperation", "allow ec2:AuthorizeSecurityGroupIngress in the IAM policy of the credentials in use."),
])
def test_refusals(run_aws, ec2, code, remedy):
    ec2.script["AuthorizeSecurityGroupIngress"] = [code]
    assert run_aws(MODULE, **RULE)["msg"] == (
        f"AuthorizeSecurityGroupIngress could not add the rule for port 19531 in sg-1: refused ({code}); {remedy}"
    )
