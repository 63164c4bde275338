# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest
from botocore.exceptions import ConnectionClosedError
from werkzeug.test import Client

MARK = {"Key": "zilliz.cloud/private-link", "Value": "p/aws-us-west-2/v"}


def test_who_am_i(cloud, refused):
    assert cloud.client("sts").get_caller_identity()["Account"] == "111122223333"
    assert cloud.client("sts", profile="network").get_caller_identity()["Account"] == "444455556666"
    role = cloud.client("sts").assume_role(RoleArn="arn:aws:iam::444455556666:role/dns", RoleSessionName="run")
    assert role["Credentials"]["AccessKeyId"].startswith("ASIA")
    with refused("AccessDenied", "sts:AssumeRole"):
        cloud.client("sts").assume_role(RoleArn="arn:aws:iam::000000000000:role/dns", RoleSessionName="run")
    assert cloud.client("iam", "us-east-1").list_account_aliases()["AccountAliases"] == []


@pytest.mark.parametrize("service, code", [("ec2", "AuthFailure"), ("route53", "InvalidClientTokenId"), ("sts", "InvalidClientTokenId")])
def test_unknown_keys(cloud, service, code):
    headers = {"Authorization": f"AWS4-HMAC-SHA256 Credential=AKIANOBODY0000000000/20260101/us-west-2/{service}/aws4_request, Signature=0"}
    http = Client(cloud.aws.app)
    if service == "route53":
        answer = http.get("/2013-04-01/hostedzone", headers=headers)
    else:
        answer = http.post("/", data={"Action": {"ec2": "DescribeVpcs", "sts": "GetCallerIdentity"}[service]}, headers=headers)
    assert answer.status_code in (401, 403) and f"<Code>{code}</Code>" in answer.text


def test_no_html_ever(cloud, refused):
    http = Client(cloud.aws.app)
    for answer in (http.get("/"), http.get("/nothing/here"), http.post("/", data={"Action": "What"})):
        assert answer.status_code == 403 and "<Code>MissingAuthenticationToken</Code>" in answer.text
    with refused("UnsupportedOperation"):
        cloud.ec2.describe_vpc_endpoint_connections()
    with refused("InvalidAction"):
        cloud.route53.list_traffic_policies()


def test_a_fault_of_the_sandbox_is_told_in_awss_form(cloud, refused, monkeypatch):
    monkeypatch.setitem(cloud.aws.operations, ("ec2", "DescribeVpcEndpoints"), lambda _call: 1 / 0)
    with refused("InternalFailure", "The sandbox failed: ZeroDivisionError"):
        cloud.ec2.describe_vpc_endpoints()
    assert cloud.world.log.since()[-1]["outcome"] == "InternalFailure"


def test_the_log_names_everything(cloud):
    group = cloud.group()
    endpoint = cloud.endpoint(SecurityGroupIds=[group])["VpcEndpointId"]
    zone = cloud.zone("in01-x.example.com")
    entries = {entry["operation"]: entry for entry in cloud.world.log.since()}
    made = entries["CreateVpcEndpoint"]
    assert (made["cloud"], made["service"], made["account"], made["region"], made["outcome"], made["mutating"]) == (
        "aws", "ec2", "111122223333", "us-west-2", "ok", True)
    assert made["vpc_endpoint_id"] == endpoint and made["security_group_ids"] == [group] and made["vpc_id"] == cloud.scenario["vpc_id"]
    assert entries["CreateSecurityGroup"]["group_id"] == group
    zone_made = entries["CreateHostedZone"]
    assert f"/hostedzone/{zone_made['zone_id']}" == zone and zone_made["vpc_id"] == cloud.scenario["vpc_id"]
    cloud.ec2.describe_vpcs()
    assert cloud.world.log.since()[-1]["mutating"] is False


@pytest.mark.parametrize("kind, ec2, route53", [
    ("denied", ("UnauthorizedOperation", "ec2:DescribeVpcs"), ("AccessDenied", "route53:ListHostedZones")),
    ("throttle", ("RequestLimitExceeded", ""), ("Throttling", "Rate exceeded")),
    ("500", ("InternalError", ""), ("InternalFailure", "")),
    ("503", ("Unavailable", ""), ("ServiceUnavailable", "")),
])
def test_faults(cloud, refused, kind, ec2, route53):
    for operation, words, act in (("DescribeVpcs", ec2, cloud.ec2.describe_vpcs),
                                  ("ListHostedZones", route53, cloud.route53.list_hosted_zones)):
        cloud.world.faults.add({"cloud": "aws", "operation": operation}, kind)
        with refused(*words):
            act()
        assert cloud.world.log.since()[-1]["outcome"] == f"fault:{kind}"
        act()


def test_a_fault_by_id_and_a_lost_answer(cloud):
    cloud.world.faults.add({"operation": "CreateSecurityGroup", "group_name": "b"}, "refuse")
    cloud.group("a")
    with pytest.raises(ConnectionClosedError):
        cloud.group("b")
    cloud.world.faults.add({"operation": "CreateSecurityGroup"}, "lost")
    with pytest.raises(ConnectionClosedError):
        cloud.group("c")
    names = [group["GroupName"] for group in cloud.ec2.describe_security_groups()["SecurityGroups"]]
    assert "a" in names and "b" not in names and "c" in names
    assert [entry["outcome"] for entry in cloud.world.log.since() if entry["operation"] == "CreateSecurityGroup"] == [
        "ok", "fault:refuse", "fault:lost"]


def test_state_returns_to_what_it_was(cloud, record):
    before = cloud.aws.state()
    json.dumps(before)
    group, zone = cloud.group(), cloud.zone("in01-x.example.com")
    endpoint = cloud.endpoint(SecurityGroupIds=[group], TagSpecifications=[{"ResourceType": "vpc-endpoint", "Tags": [MARK]}])
    entry = endpoint["DnsEntries"][0]
    alias = record("CREATE", "in01-x.example.com", "A", alias=(entry["HostedZoneId"], entry["DnsName"]))
    cloud.change(zone, alias)
    during = cloud.aws.state()
    region = during["accounts"]["111122223333"]["regions"]["us-west-2"]
    assert region["endpoints"][endpoint["VpcEndpointId"]]["tags"] == {MARK["Key"]: MARK["Value"]}
    assert len(region["network_interfaces"]) == 2 and group in region["security_groups"]
    assert during != before
    cloud.change(zone, dict(alias, Action="DELETE"))
    cloud.route53.delete_hosted_zone(Id=zone)
    cloud.ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint["VpcEndpointId"]])
    cloud.advance(130)
    cloud.client("ec2", "us-east-2").describe_vpcs()
    cloud.world.tick()
    cloud.ec2.delete_security_group(GroupId=group)
    assert cloud.aws.state() == before
    assert cloud.aws.state(residue=True)["residue"]["caller_references"]


def test_reset_brings_the_same_ids(cloud):
    first = (cloud.group(), cloud.endpoint()["VpcEndpointId"], cloud.zone("a.example.com"))
    cloud.aws.reset()
    cloud.world._events.clear()
    assert (cloud.group(), cloud.endpoint()["VpcEndpointId"]) == first[:2]


def test_the_scenario_is_there(cloud):
    given = cloud.scenario
    for region, subnets, vpc_id in (("us-west-2", given["subnet_ids"], given["vpc_id"]),
                                    ("us-east-1", given["other_region"]["subnet_ids"], given["other_region"]["vpc_id"])):
        found = cloud.client("ec2", region).describe_subnets(SubnetIds=subnets)["Subnets"]
        assert {one["VpcId"] for one in found} == {vpc_id} and len({one["AvailabilityZone"] for one in found}) == len(subnets)
    assert cloud.ec2.describe_security_groups(GroupIds=[given["client_security_group_id"]])["SecurityGroups"]


def test_a_region_that_is_none_gives_no_answer_at_all(cloud):
    with pytest.raises(ConnectionClosedError):
        cloud.client("ec2", "us-nowhere-1").describe_vpcs()


def test_tags_in_a_creating_call_need_the_right_to_tag(cloud, refused):
    cloud.world.faults.add({"operation": "CreateTags"}, "denied")
    with refused("UnauthorizedOperation", "ec2:CreateTags"):
        cloud.group("a", TagSpecifications=[{"ResourceType": "security-group", "Tags": [MARK]}])
    cloud.group("a")
