# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the check reads beside the plan, how it takes refusals, and how a network ACL is judged."""

from __future__ import annotations

import ipaddress
import types

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.zilliz.cloud.plugins.module_utils import _deep_aws
from ansible_collections.zilliz.cloud.plugins.module_utils._aws_write import AwsWriteError
from ansible_collections.zilliz.cloud.plugins.module_utils._network_acl import EPHEMERAL, room, shut_out
from unit.plugins.module_utils.model import VPC, endpoint, found, wanted, zone
from unit.plugins.module_utils.properties import quick

ANSWERS = {
    "DescribeNetworkAcls": [{
        "NetworkAclId": "acl-1", "Associations": [{"SubnetId": "subnet-2"}, {"SubnetId": "subnet-1"}],
        "Entries": [
            {"RuleNumber": 100, "Egress": False, "RuleAction": "allow", "Protocol": "-1", "CidrBlock": "0.0.0.0/0"},
            {"RuleNumber": 90, "Egress": True, "RuleAction": "deny", "Protocol": "6", "Ipv6CidrBlock": "::/0", "PortRange": {"From": 1, "To": 9}},
        ]}],
    "DescribeVpcs": [{
        "CidrBlock": "10.20.0.0/16", "CidrBlockAssociationSet": [
            {"CidrBlock": "10.20.0.0/16", "CidrBlockState": {"State": "associated"}}, {"CidrBlock": "10.9.0.0/16", "CidrBlockState": {"State": "failed"}}],
        "Ipv6CidrBlockAssociationSet": [{"Ipv6CidrBlock": "2600:1f14::/56", "Ipv6CidrBlockState": {"State": "associated"}}]}],
    "ListResolverRuleAssociations": [{"ResolverRuleId": "rule-1", "Status": "COMPLETE"}, {"ResolverRuleId": "rule-2", "Status": "FAILED"},
                                     {"ResolverRuleId": "rslvr-autodefined-rr-internet-resolver", "Status": "COMPLETE"}],
    "ListResolverRules": [
        {"Id": "rule-1", "Name": "office", "DomainName": "Example.com.", "RuleType": "FORWARD", "TargetIps": [{"Ip": "10.0.0.53"}]},
        {"Id": "rule-2", "DomainName": "b.com.", "RuleType": "FORWARD"}, {"Id": "rule-3", "DomainName": "c.com.", "RuleType": "FORWARD"},
        {"Id": "rslvr-autodefined-rr-internet-resolver", "DomainName": ".", "RuleType": "RECURSIVE"}],
    "ListProfileAssociations": [{"ProfileId": "rp-1", "Name": "shared"}],
    "ListProfileResourceAssociations": [
        {"ResourceArn": "arn:aws:route53:::hostedzone/Z0000000000000000001", "ResourceType": "PRIVATE_HOSTED_ZONE"},
        {"ResourceArn": "arn:aws:route53:::hostedzone/Z9", "ResourceType": "PRIVATE_HOSTED_ZONE"},
        {"ResourceArn": "arn:aws:route53resolver:us-west-2:1:firewall-rule-group/x", "ResourceType": "FIREWALL_RULE_GROUP"}],
    "GetServiceQuota": {"Quota": {"Value": 77.0}},
    "GetAccountLimit": {"Limit": {"Value": 500}, "Count": 3},
}


@pytest.fixture
def cloud(monkeypatch):
    """The answers of ANSWERS, or refusals: operation -> code."""
    refusals, asked = {}, []

    def act(aws, operation, purpose, *_key, **request):
        asked.append((operation, request))
        if operation in refusals:
            raise AwsWriteError(f"{operation} could not {purpose}: no ({refusals[operation]}); allow it.", refusals[operation])
        return ANSWERS[operation]

    def client(module, service, **more):
        if service in refusals:
            raise AwsWriteError(f"Unknown service: {service}.")
        return types.SimpleNamespace(meta=types.SimpleNamespace(service_model=types.SimpleNamespace(signing_name=service.replace("-", ""))))

    for name, stand_in in (("call", act), ("pages", act), ("client", client)):
        monkeypatch.setattr(_deep_aws, name, stand_in)
    return types.SimpleNamespace(refusals=refusals, asked=asked)


def read(**more):
    given_ = dict(dict(zone_limit=None, endpoints=[endpoint(1), endpoint(2, "deleted"), endpoint(3, vpc_id="vpc-2")]), **more)
    start = found(**given_)
    _deep_aws.read_deep(None, wanted(), start)
    return start["deep"]


def test_what_is_read(cloud):
    deep = read(zones=[zone(1, "a.example.com")])
    acl, = deep["network_acl"]["acls"]
    assert acl["subnet_ids"] == ["subnet-1", "subnet-2"] and deep["network_acl"]["cidrs"] == ["10.20.0.0/16", "2600:1f14::/56"]
    assert acl["entries"] == [
        {"number": 100, "egress": False, "allow": True, "protocol": "-1", "cidr": "0.0.0.0/0", "from_port": 0, "to_port": 65535},
        {"number": 90, "egress": True, "allow": False, "protocol": "6", "cidr": "::/0", "from_port": 1, "to_port": 9},
    ]
    # Neither the internet's rule, nor one that failed, nor one of another VPC.
    assert deep["resolver"]["rules"] == [
        {"rule_id": "rule-1", "name": "office", "domain": "example.com", "type": "FORWARD", "targets": ["10.0.0.53"]}]
    assert deep["other_zones"]["zones"] == [
        {"zone_id": "Z0000000000000000001", "name": "a.example.com", "profile": "shared"}, {"zone_id": "Z9", "name": None, "profile": "shared"}]
    quota = deep["quota"]
    assert (quota["endpoints"], quota["assumed"], quota["count"], quota["zones"]) == (77, False, 1, {"limit": 500, "count": 3})
    assert not [part for part in deep.values() if part["error"] or part["permission"]]
    assert not [name for name, _request in cloud.asked if not name.startswith(("Describe", "List", "Get"))]


@pytest.mark.parametrize("operation, part, permission", [
    ("DescribeNetworkAcls", "network_acl", "ec2:DescribeNetworkAcls"), ("DescribeVpcs", "network_acl", "ec2:DescribeVpcs"),
    ("ListResolverRuleAssociations", "resolver", "route53resolver:ListResolverRuleAssociations"),
    ("ListResolverRules", "resolver", "route53resolver:ListResolverRules"),
    ("ListProfileAssociations", "other_zones", "route53profiles:ListProfileAssociations"),
    ("ListProfileResourceAssociations", "other_zones", "route53profiles:ListProfileResourceAssociations"),
    ("GetServiceQuota", "quota", "servicequotas:GetServiceQuota"), ("GetAccountLimit", "quota", "route53:GetAccountLimit"),
])
def test_a_refusal_is_told_in_its_part_only(cloud, operation, part, permission):
    cloud.refusals[operation] = "AccessDeniedException"
    deep = read()
    assert deep[part]["permission"] == permission and operation in deep[part]["error"]
    assert not [name for name, other in deep.items() if name != part and other["error"]]
    if operation == "GetAccountLimit":
        assert deep["quota"]["endpoints"] == 77 and not deep["quota"]["assumed"]
    if operation == "GetServiceQuota":
        assert deep["quota"]["endpoints"] == 50 and deep["quota"]["assumed"] and deep["quota"]["zones"]


def test_what_fails_otherwise_names_no_permission(cloud):
    cloud.refusals.update(ListResolverRules="InternalServiceErrorException", route53profiles="")
    deep = read()
    assert deep["resolver"]["error"] and deep["resolver"]["permission"] is None
    assert "cannot read route53profiles: Unknown service: route53profiles; install a newer botocore" in deep["other_zones"]["error"]


def test_without_an_account_or_a_region_nothing_is_asked(cloud):
    assert read(read=set()) == {} and read(region=None) == {} and cloud.asked == []


def test_the_quota_that_the_plan_has_read_is_not_read_again(cloud):
    assert read(zone_limit={"limit": 9, "count": 1})["quota"]["zones"] == {"limit": 9, "count": 1}
    assert "GetAccountLimit" not in [name for name, _request in cloud.asked]


def test_only_this_vpc_is_asked_for(cloud):
    read()
    asked = dict(cloud.asked)
    assert asked["DescribeNetworkAcls"]["Filters"] == [{"Name": "vpc-id", "Values": [VPC]}]
    assert asked["ListResolverRuleAssociations"]["Filters"] == [{"Name": "VPCId", "Values": [VPC]}]
    assert asked["ListProfileAssociations"] == {"ResourceId": VPC}


# --- network ACLs ---


def entry(number, allow=True, cidr="0.0.0.0/0", ports=(0, 65535), egress=False, protocol="6"):
    return {"number": number, "egress": egress, "allow": allow, "protocol": protocol, "cidr": cidr, "from_port": ports[0], "to_port": ports[1]}


NETS = ["0.0.0.0/0", "10.0.0.0/28", "10.0.0.0/29", "10.0.0.8/29", "10.0.0.4/30", "10.0.0.5/32", "10.0.1.0/24", "::/0"]
entries = st.lists(
    st.builds(entry, st.sampled_from([50, 90, 100, 110, 32767]), st.booleans(), st.sampled_from(NETS),
              st.sampled_from([(0, 65535), (5, 5), (4, 6), (1, 5), (6, 9), (22, 22)]), st.booleans(), st.sampled_from(["-1", "6", "6", "17"])),
    max_size=6, unique_by=lambda e: (e["number"], e["egress"]))


def passes(rules, egress, address, port):
    """As AWS says it: the first rule by number that fits decides, else it is denied."""
    for rule in sorted(rules, key=lambda e: e["number"]):
        fits = rule["egress"] == egress and rule["protocol"] in ("-1", "6") and rule["from_port"] <= port <= rule["to_port"]
        if fits and ipaddress.ip_address(address) in ipaddress.ip_network(rule["cidr"]):
            return rule["allow"]
    return False


@quick
@given(entries, st.booleans(), st.sampled_from(["10.0.0.0/28", "10.0.0.0/29", "10.0.0.5/32"]))
def test_a_list_keeps_out_what_packet_by_packet_it_keeps_out(rules, egress, cidr):
    low, high = 3, 8
    told = shut_out(rules, egress, cidr, low, high)
    shut = {(str(a), port) for first, last, _rule, parts in told for part in parts for a in ipaddress.ip_network(part) for port in range(first, last + 1)}
    every = {(str(a), port) for a in ipaddress.ip_network(cidr) for port in range(low, high + 1)}
    assert shut == {(a, port) for a, port in every if not passes(rules, egress, a, port)}


def test_who_denies_is_named():
    rules = [entry(100), entry(50, False, ports=(19530, 19540)), entry(32767, False)]
    assert shut_out(rules, False, "10.20.0.0/16", 19531, 19531) == [(19531, 19531, 50, ["10.20.0.0/16"])]
    assert shut_out(rules, True, "10.20.0.0/16", *EPHEMERAL) == [(*EPHEMERAL, None, ["10.20.0.0/16"])]
    assert shut_out(rules, False, "2600::/32", 1, 1) == [(1, 1, None, ["2600::/32"])]
    assert shut_out([entry(100)], False, "10.20.0.0/16", 19531, 19531) == []
    part = shut_out([entry(90, False, "10.20.128.0/17"), entry(100)], False, "10.20.0.0/16", 5, 5)
    assert part == [(5, 5, 90, ["10.20.128.0/17"])]


def test_room_before_a_rule():
    rules = [entry(n) for n in (1, 2, 49, 50, 100)]
    assert room(rules, False, 50, ["10.0.0.0/8", "11.0.0.0/8"]) == [(47, "10.0.0.0/8"), (48, "11.0.0.0/8")]
    assert room(rules, False, 2, ["10.0.0.0/8"]) == [] and room(rules, True, 2, ["10.0.0.0/8"]) == [(1, "10.0.0.0/8")]
    (number, _cidr), = room(rules + [entry(32767, False)], False, None, ["10.0.0.0/8"])
    assert 100 < number < 32767
