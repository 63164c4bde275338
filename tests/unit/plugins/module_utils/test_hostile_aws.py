# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever answers in the place of AWS: a sentence or success. The SDK's parsers are real, its connection is not."""

from __future__ import annotations

import contextlib
import functools
import itertools
import json
import types
from unittest import mock

import boto3
import botocore.client
import pytest
from ansible_collections.zilliz.cloud.plugins.module_utils import _aws, _aws_write, _deep_aws
from ansible_collections.zilliz.cloud.plugins.module_utils._aws_write import AwsWriteError
from ansible_collections.zilliz.cloud.plugins.module_utils._doctor_aws import AwsDoctor
from ansible_collections.zilliz.cloud.plugins.module_utils._plan_aws import AwsPlan, plan_aws
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from unit.plugins.module_utils import model
from unit.plugins.module_utils.test_aws import Zilliz
from unit.plugins.module_utils.test_deep_aws import ANSWERS as DEEP
from unit.plugins.module_utils.test_hostile_zilliz import ANY, MISSING, TEXTS, places, replaced

VPC, ZONE, TAGS = model.VPC, "/hostedzone/Z1", [{"Key": "team", "Value": "data"}]
RULE = {
    "IpProtocol": "tcp", "FromPort": 19531, "ToPort": 19531, "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "by hand"}],
    "Ipv6Ranges": [{"CidrIpv6": "::/0"}], "UserIdGroupPairs": [{"GroupId": "sg-2"}], "PrefixListIds": [{"PrefixListId": "pl-1"}],
}
KEYS = {
    "DescribeNetworkAcls": "NetworkAcls", "ListResolverRuleAssociations": "ResolverRuleAssociations", "ListResolverRules": "ResolverRules",
    "ListProfileAssociations": "ProfileAssociations", "ListProfileResourceAssociations": "ProfileResourceAssociations",
}
ANSWERS = {
    **{operation: {KEYS[operation]: rows} if operation in KEYS else rows for operation, rows in DEEP.items()},
    "GetCallerIdentity": {"Account": model.ACCOUNT},
    "DescribeVpcs": {"Vpcs": [{"VpcId": VPC, **DEEP["DescribeVpcs"][0]}]},
    "DescribeVpcAttribute": {"EnableDnsSupport": {"Value": True}, "EnableDnsHostnames": {"Value": True}},
    "DescribeSubnets": {"Subnets": [
        {"SubnetId": subnet, "VpcId": VPC, "AvailabilityZone": "us-west-2a", "AvailabilityZoneId": "usw2-az1", "AvailableIpAddressCount": 9}
        for subnet in model.SUBNETS]},
    "DescribeSecurityGroups": {"SecurityGroups": [{
        "GroupId": "sg-1", "GroupName": "web", "Description": "by hand", "VpcId": VPC, "Tags": TAGS, "IpPermissions": [RULE],
        "IpPermissionsEgress": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}]},
    "DescribeVpcEndpoints": {"VpcEndpoints": [{
        "VpcEndpointId": "vpce-0a", "VpcId": VPC, "ServiceName": model.SERVICE, "State": "available", "SubnetIds": model.SUBNETS, "Tags": TAGS,
        "Groups": [{"GroupId": "sg-1"}], "PrivateDnsEnabled": False, "IpAddressType": "ipv4", "NetworkInterfaceIds": ["eni-1"],
        "DnsEntries": [{"DnsName": "vpce-0a.us-west-2.vpce.amazonaws.com", "HostedZoneId": "ZV"}]}]},
    "DescribeVpcEndpointServices": {"ServiceDetails": [
        {"ServiceName": model.SERVICE, "AvailabilityZones": ["us-west-2a"], "AvailabilityZoneIds": ["usw2-az1"], "PrivateDnsName": "x"}]},
    "DescribeNetworkInterfaces": {"NetworkInterfaces": [{
        "NetworkInterfaceId": "eni-1", "InterfaceType": "vpc_endpoint", "Groups": [{"GroupId": "sg-1"}],
        "PrivateIpAddresses": [{"PrivateIpAddress": "10.0.0.9"}], "Ipv6Addresses": [{"Ipv6Address": "fd00::1"}]}]},
    "ListHostedZones": {"HostedZones": [
        {"Id": ZONE, "Name": f"{model.host(1)}.", "Config": {"PrivateZone": True, "Comment": model.TEXT}}], "IsTruncated": False},
    "ListHostedZonesByVPC": {"HostedZoneSummaries": [
        {"HostedZoneId": "Z1", "Name": f"{model.host(1)}.", "Owner": {"OwningAccount": model.ACCOUNT}}]},
    "ListResourceRecordSets": {"ResourceRecordSets": [
        {"Name": f"{model.host(1)}.", "Type": "A", "AliasTarget": {"DNSName": "vpce-0a.x.", "HostedZoneId": "ZV", "EvaluateTargetHealth": False}},
        {"Name": f"{model.host(1)}.", "Type": "NS", "TTL": 300, "ResourceRecords": [{"Value": "ns-1."}]}], "IsTruncated": False},
    "ListTagsForResources": {"ResourceTagSets": [{"ResourceId": "Z1", "Tags": TAGS}]},
    "ListVPCAssociationAuthorizations": {"VPCs": [{"VPCId": VPC}]},
}


@functools.lru_cache(maxsize=None)
def client(service):
    return boto3.client(
        service, region_name=model.REGION, aws_access_key_id="AKIAIOSFODNN7EXAMPLE", aws_secret_access_key="x",
        config=Config(retries={"max_attempts": 0}))


@contextlib.contextmanager
def answered(answer):
    """All clients of AWS, whose calls are answered by answer(operation, request)."""
    with contextlib.ExitStack() as stack:
        for place in (_aws, _deep_aws):
            stack.enter_context(mock.patch.object(place, "client", lambda module, service, **_more: client(service)))
        stack.enter_context(mock.patch.object(botocore.client.BaseClient, "_make_api_call", lambda _client, *asked: answer(*asked)))
        yield


def read(answer, **given):
    """What is found, with a sentence for all that is not, and the plan that comes of it."""
    wanted = model.wanted(inspect=True, deep=True, zone_vpcs=[{"vpc_id": VPC, "region": None, "profile": "network"}], **given)
    with answered(answer):
        found = _aws.read_aws(types.SimpleNamespace(region=None), Zilliz(cluster={}), wanted)
    for text in found["problems"] + [part["error"] for part in found["deep"].values() if part["error"]]:
        assert 0 < len(text) < 2000 and text.isprintable(), text
    json.dumps(plan_aws({**wanted, "inspect": False}, found)["steps"])
    plan = AwsPlan(wanted, found)
    plan.make()
    json.dumps(list(AwsDoctor(plan).rows()))
    return found


def good(operation, _request):
    return json.loads(json.dumps(ANSWERS[operation]))


def test_the_answers_are_good():
    found = read(good)
    assert found["problems"] + [part["error"] for part in found["deep"].values() if part["error"]] == []


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_one_wrong_value_anywhere(data):
    name = data.draw(st.sampled_from(sorted(ANSWERS)))
    place = data.draw(st.sampled_from([one for one in places(ANSWERS[name]) if one]))
    other = data.draw(ANY | TEXTS | st.just(MISSING))
    read(lambda operation, request: replaced(good(name, request), place, other) if operation == name else good(operation, request))


@pytest.mark.parametrize(
    ("operation", "answer", "words"),
    [
        ("DescribeVpcEndpoints", {"VpcEndpoints": [{"VpcId": VPC}]}, "VpcEndpointId is missing in its answer"),
        ("DescribeSubnets", {"Subnets": [{"SubnetId": 7}]}, "SubnetId is no string in its answer"),
        ("ListHostedZonesByVPC", {}, "HostedZoneSummaries is missing in its answer"),
        ("DescribeSecurityGroups", {"SecurityGroups": {}}, "SecurityGroups is no list in its answer"),
        ("GetCallerIdentity", [], "it is no structure in its answer"),
        ("DescribeNetworkInterfaces", {"NetworkInterfaces": [{"Ipv6Addresses": [{"Ipv6Address": "somewhere"}]}]}, "Ipv6Address is no network in its answer"),
    ],
)
def test_what_cannot_be_used_is_named(operation, answer, words):
    found = read(lambda name, request: answer if name == operation else good(name, request))
    (problem,) = found["problems"]
    assert problem.startswith(f"{operation} could not ") and f"{words} (UnusableAnswer); check the proxy" in problem


def test_an_answer_that_the_sdk_stumbles_over_is_named():
    def answer(name, request):
        if name == "DescribeSubnets":
            raise AttributeError("'str' object has no attribute 'get'")
        return good(name, request)

    (problem,) = read(answer)["problems"]
    assert problem.startswith("DescribeSubnets could not ") and "the answer cannot be read (AttributeError) (UnusableAnswer); check the proxy" in problem


@pytest.mark.parametrize(
    ("operation", "token"), [("ListHostedZonesByVPC", "NextToken"), ("DescribeSubnets", "NextToken"), ("ListHostedZones", "NextMarker")])
@pytest.mark.parametrize("tokens", [itertools.repeat("again"), (str(number) for number in itertools.count())], ids=["same", "new"])
def test_a_list_that_never_ends(operation, token, tokens, monkeypatch):
    monkeypatch.setattr(_aws_write, "PAGES", 20)
    asked = []

    def answer(name, request):
        asked.append(name)
        return {**good(name, request), "IsTruncated": True, token: next(tokens)} if name == operation else good(name, request)

    (problem,) = read(answer)["problems"]
    assert f"{operation} could not " in problem and asked.count(operation) <= 21


@pytest.mark.parametrize("service, operation, request_", [
    ("ec2", "DescribeVpcs", {}), ("route53", "ListHostedZones", {}), ("sts", "GetCallerIdentity", {}),
    ("service-quotas", "GetServiceQuota", {"ServiceCode": "vpc", "QuotaCode": "L-29B6F2EB"}), ("route53resolver", "ListResolverRules", {}),
    ("route53profiles", "ListProfileAssociations", {}),
])
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(
    status=st.integers(200, 599),
    body=st.binary(max_size=100) | ANY.map(lambda value: json.dumps(value).encode()) | st.sampled_from([
        b"", b"<html>", b"<a/>", b"<a><vpcSet><item>", b"<x>" * 3000, b"[" * 100000, b"<R><vpcSet>text</vpcSet></R>",
        b"<R><MaxItems>many</MaxItems><HostedZones>1</HostedZones></R>", b'{"Quota": 7}', b'{"ResolverRules": "x", "__type": 5}',
        b"<Response><Errors><Error><Message>a&#10;\xe2\x80\xaeb</Message></Error></Errors></Response>",
    ]),
)
def test_any_answer_on_the_wire(service, operation, request_, status, body):
    class Raw:
        def stream(self, *_args, **_more):
            yield body

    def send(_session, request):
        return AWSResponse(request.url, status, {}, Raw())

    with mock.patch("botocore.httpsession.URLLib3Session.send", send):
        try:
            _aws_write.call(client(service), operation, "read it", **request_)
        except AwsWriteError as error:
            assert len(str(error)) < 2000 and str(error).isprintable(), str(error)
