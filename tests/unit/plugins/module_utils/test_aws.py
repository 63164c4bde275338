# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the reader asks for, how often, and what it makes of answers and refusals."""

from __future__ import annotations

import collections
import types

import pytest

from ansible_collections.zilliz.cloud.plugins.module_utils import _aws
from ansible_collections.zilliz.cloud.plugins.module_utils._aws_write import AwsWriteError
from ansible_collections.zilliz.cloud.plugins.module_utils._client import ZillizError
from ansible_collections.zilliz.cloud.plugins.module_utils._names import MARK_TAG, mark
from unit.plugins.module_utils.model import ACCOUNT, PROJECT, REGION, REGION_ID, SERVICE, SUBNETS, TEXT, VPC, cluster, host, wanted

PARTS = {"services", "clusters", "account", "endpoints", "groups", "vpc", "subnets", "service", "interfaces", "zones"}


class Zilliz:
    """The client's answers; an exception in their place is raised."""

    def __init__(self, **more):
        self.answers = dict(
            services_for=([{"region_id": REGION_ID, "cloud_id": "aws", "endpoint_service": SERVICE}], False), endpoints=[],
            clusters=[cluster(1), cluster(2)], project={"region_ids": [REGION_ID]},
            regions=[{"region_id": REGION_ID, "cloud_id": "aws"}, {"region_id": "gcp-us-west1", "cloud_id": "gcp"}], **{},
        )
        self.answers.update(more)
        self.calls = collections.Counter()

    def __getattr__(self, name):
        def answer(*_args, **_kwargs):
            self.calls[name] += 1
            if isinstance(self.answers[name], Exception):
                raise self.answers[name]
            return self.answers[name]

        return answer


class Aws:
    """call and pages of _aws_write: the answers by operation, and the calls that were made."""

    def __init__(self, zones=()):
        self.calls, self.requests, self.refusals = collections.Counter(), [], {}
        self.answers = {
            "GetCallerIdentity": {"Account": ACCOUNT},
            "DescribeSubnets": [{"SubnetId": x, "VpcId": VPC, "AvailabilityZone": "us-west-2a"} for x in SUBNETS],
            "DescribeVpcEndpointServices": {"ServiceDetails": [{"ServiceName": SERVICE, "AvailabilityZoneIds": ["usw2-az1"]}]},
            "ListHostedZones": [
                {"Id": f"/hostedzone/{zone_id}", "Name": f"{name}.", "Config": {"PrivateZone": True, "Comment": comment}}
                for zone_id, name, comment in zones
            ],
            "ListHostedZonesByVPC": {
                "HostedZoneSummaries": [{"HostedZoneId": z[0], "Name": z[1], "Owner": {"OwningAccount": ACCOUNT}} for z in zones]},
            "ListVPCAssociationAuthorizations": {}, "GetAccountLimit": {"Limit": {"Value": 500}, "Count": 3},
        }

    def call(self, aws, operation, purpose, **request):
        self.calls[operation] += 1
        self.requests.append((operation, request))
        if operation in self.refusals:
            raise AwsWriteError(f"{operation} could not {purpose}: no ({self.refusals[operation]}).", self.refusals[operation])
        if operation == "DescribeVpcAttribute":
            name = request["Attribute"]
            return {name[0].upper() + name[1:]: {"Value": True}}
        if operation == "ListTagsForResources":
            assert len(request["ResourceIds"]) <= 10
            return {"ResourceTagSets": [{"ResourceId": x, "Tags": [{"Key": "k", "Value": x}]} for x in request["ResourceIds"]]}
        return self.answers.get(operation, [])

    def pages(self, aws, operation, purpose, key, **request):
        return self.call(aws, operation, purpose, **request)

    def turns(self, aws, operation, purpose, key, **request):
        return self.call(aws, operation, purpose, **request)[key]


@pytest.fixture
def aws(monkeypatch):
    fake = Aws([(f"Z{n}", host(n), TEXT) for n in range(1, 13)] + [("ZOTHER", "example.com", "by hand")])
    monkeypatch.setattr(_aws, "call", fake.call)
    monkeypatch.setattr(_aws, "pages", fake.pages)
    monkeypatch.setattr(_aws, "turns", fake.turns)
    monkeypatch.setattr(_aws, "client", lambda module, service, **more: service)
    return fake


def read(zilliz=None, settled=lambda found: True, module_region="eu-central-1", **given):
    module = types.SimpleNamespace(region=module_region)
    return _aws.read_aws(module, zilliz or Zilliz(), wanted(**given), settled)


def test_one_call_a_part_one_a_zone_and_tags_by_tens(aws):
    found = read()
    assert found["problems"] == [] and found["read"] == PARTS and found["region"] == REGION and found["account_id"] == ACCOUNT
    assert len([z for z in found["zones"] if z["records"] is not None]) == 12
    assert [z["records"] for z in found["zones"] if z["zone_id"] == "ZOTHER"] == [None]
    once = ["GetCallerIdentity", "DescribeVpcEndpoints", "DescribeSecurityGroups", "DescribeSubnets", "DescribeVpcEndpointServices",
            "ListHostedZones", "ListHostedZonesByVPC"]
    assert dict(aws.calls) == dict.fromkeys(once, 1) | {"DescribeVpcAttribute": 2, "ListResourceRecordSets": 12, "ListTagsForResources": 2}


@pytest.mark.parametrize("differs, asked", [
    ({}, 0), ({"State": "pending"}, 1), ({"VpcId": "vpc-0b"}, 1), ({"SubnetIds": SUBNETS[:1]}, 1), ({"SubnetIds": SUBNETS + ["subnet-9"]}, 0),
    ({"ServiceName": "com.amazonaws.vpce.us-west-2.vpce-svc-9"}, 1), ({"Tags": []}, 1),
])
def test_an_endpoint_that_stands_in_all_subnets_shows_that_they_fit(aws, differs, asked):
    stands = {"VpcEndpointId": "vpce-1", "VpcId": VPC, "ServiceName": SERVICE, "State": "available", "SubnetIds": SUBNETS,
              "Tags": [{"Key": MARK_TAG, "Value": mark(PROJECT, REGION_ID, VPC)}]}
    aws.answers["DescribeVpcEndpoints"] = [dict(stands, **differs)]
    assert read()["problems"] == [] and {aws.calls[name] for name in ("DescribeSubnets", "DescribeVpcEndpointServices")} == {asked}
    assert {"subnets", "service"} <= read(inspect=True)["read"], "a check tells of each of them"


def test_a_vpc_that_is_not_there(aws):
    aws.refusals = {"DescribeVpcAttribute": "InvalidVpcID.NotFound"}
    found = read()
    assert found["vpc"] is None and "vpc" in found["read"] and found["problems"] == []


def test_a_converged_link_needs_no_quota_and_no_authorizations(aws):
    assert aws.calls["GetAccountLimit"] == 0 and read()["zone_limit"] is None
    assert read(Zilliz(clusters=[cluster(99)]))["zone_limit"] == {"limit": 500, "count": 3}
    assert read(Zilliz(clusters=[cluster(1, linked=False)]))["zone_limit"], "a zone that is foreseen counts too"
    assert aws.calls["ListVPCAssociationAuthorizations"] == 0
    read(zone_vpcs=[{"vpc_id": "vpc-0a", "profile": "network"}])
    assert aws.calls["ListVPCAssociationAuthorizations"] == 12 and aws.calls["ListHostedZonesByVPC"] == 5


@pytest.mark.parametrize("settled", [True, False])
def test_route_53_is_left_alone_while_it_is_too_early_for_names(aws, settled):
    found = read(settled=lambda found: settled, awaits=["endpoint", "link"])
    assert ("zones" in found["read"]) == settled == bool(aws.calls["ListHostedZones"])


def test_every_missing_permission_is_told_and_the_rest_is_read(aws):
    denied = ["DescribeVpcEndpoints", "DescribeVpcAttribute", "DescribeSubnets", "DescribeVpcEndpointServices"]
    aws.refusals = dict.fromkeys(denied, "UnauthorizedOperation") | {"ListHostedZones": "AccessDenied"}
    found = read()
    assert [text.split()[0] for text in found["problems"]] == denied + ["ListHostedZones"]
    assert found["read"] == PARTS - {"endpoints", "vpc", "subnets", "service", "zones"} and aws.calls["ListResourceRecordSets"] == 0


def test_what_fails_for_another_reason_ends_its_lane_and_no_other(aws):
    aws.refusals = {"DescribeVpcEndpoints": "EndpointConnectionError"}
    found = read()
    assert len(found["problems"]) == 1 and aws.calls["DescribeVpcAttribute"] == 0
    assert {"zones", "clusters"} <= found["read"]


def test_without_credentials_nothing_else_of_aws_is_tried(aws):
    aws.refusals = {"GetCallerIdentity": "NoCredentialsError"}
    found = read()
    assert len(found["problems"]) == 1 and dict(aws.calls) == {"GetCallerIdentity": 1} and "clusters" in found["read"]


def test_a_session_that_cannot_be_made_is_a_problem_beside_the_others(aws, monkeypatch):
    def refuse(module, service, **more):
        raise AwsWriteError("The profile nobody is not in the AWS configuration of this host: check its name.")

    monkeypatch.setattr(_aws, "client", refuse)
    found = read(Zilliz(endpoints=ZillizError("no rights", code=96027)))
    assert len(found["problems"]) == 2 and all(text.endswith(".") and not text.endswith("..") for text in found["problems"])


def test_without_zilliz_cloud_aws_is_read_where_the_region_is_known(aws):
    module = types.SimpleNamespace(region="eu-central-1")
    assert _aws.read_aws(module, None, wanted())["read"] == set() and not aws.calls
    assert _aws.read_aws(module, None, wanted(vpc_region=REGION))["read"] == PARTS - {"services", "clusters"}
    # A teardown may be of a region that Zilliz Cloud has given up.
    assert _aws.read_aws(module, None, wanted(state="absent"))["region"] == "eu-central-1"


def test_the_environments_region_never_moves_a_link_that_shall_be_there(aws):
    assert read()["region"] == REGION and read(vpc_region="us-east-1")["region"] == "us-east-1"
    assert read(Zilliz(services_for=([], False)))["region"] is None
    assert read(Zilliz(services_for=([], False)), state="absent")["region"] == "eu-central-1"


@pytest.mark.parametrize("answer", [([], False), ZillizError("The region does not exist", code=96001)])
def test_a_region_that_is_not_there_is_told_with_those_that_are(aws, answer):
    zilliz = Zilliz(services_for=answer, regions=[{"region_id": "aws-us-east-2", "cloud_id": "aws"}])
    found = read(zilliz)
    assert found["no_service"] == f"Zilliz Cloud has no region {REGION_ID}: check region_id; on AWS it has aws-us-east-2."
    assert "services" in found["read"] and found["problems"] == []
    assert "offers no private link" in read(Zilliz(services_for=([], False)))["no_service"]


def test_other_trouble_with_the_services_leaves_the_rest_of_zilliz_cloud_alone(aws):
    zilliz = Zilliz(services_for=ZillizError("The API key is invalid", code=21119))
    found = read(zilliz)
    assert found["problems"] == ["The API key is invalid (code 21119)."] and dict(zilliz.calls) == {"services_for": 1} and not aws.calls


def test_the_project_is_asked_only_when_it_has_no_cluster_here(aws):
    zilliz = Zilliz()
    assert read(zilliz)["bound_regions"] is None and zilliz.calls["project"] == 0
    assert read(Zilliz(clusters=[cluster(1, project_id="proj-other")]))["bound_regions"] == [REGION_ID]


@pytest.mark.parametrize("code", ["InvalidInput", "InvalidVPCId"])
def test_a_vpc_that_route_53_does_not_find_is_the_plans_to_tell(aws, code):
    aws.refusals = {"ListHostedZonesByVPC": code}
    found = read()
    assert found["unseen_vpcs"] == [VPC] and found["problems"] == [] and "zones" in found["read"]


@pytest.mark.parametrize("code", ["InvalidServiceName", "InvalidParameter"])
def test_a_service_that_does_not_show_itself_is_the_plans_to_tell(aws, code):
    aws.refusals = {"DescribeVpcEndpointServices": code}
    found = read()
    assert found["service_detail"] == {"error": code} and found["problems"] == []


def test_a_vpc_in_another_region_asks_for_the_service_where_it_is(aws):
    read(vpc_region="us-east-1")
    assert ("DescribeVpcEndpointServices", {"ServiceNames": [SERVICE], "ServiceRegions": [REGION]}) in aws.requests


def test_a_named_group_of_another_vpc_is_asked_for_by_its_id(aws):
    aws.answers["DescribeSecurityGroups"] = [{"GroupId": "sg-0a", "GroupName": "clients", "VpcId": VPC}]
    assert read(client_security_group_ids=["sg-0a", "sg-0b"])["problems"] == []
    asked = [request for operation, request in aws.requests if operation == "DescribeSecurityGroups"]
    assert asked[1:] == [{"Filters": [{"Name": "group-id", "Values": ["sg-0b"]}]}]


def test_a_teardown_reads_what_it_may_delete_and_no_more(aws):
    aws.answers["DescribeSecurityGroups"] = [
        {"GroupId": "sg-1", "GroupName": "link", "VpcId": VPC, "Tags": [{"Key": "zilliz.cloud/private-link", "Value": f"{PROJECT}/{REGION_ID}/{VPC}"}]}]
    found = read(state="absent")
    assert found["read"] == PARTS - {"vpc", "subnets", "service"}
    assert ("DescribeNetworkInterfaces", {"Filters": [{"Name": "group-id", "Values": ["sg-1"]}]}) in aws.requests
    assert ("DescribeSecurityGroups", {"Filters": [{"Name": "egress.ip-permission.group-id", "Values": ["sg-1"]}]}) in aws.requests


# --- AWS's words in ours ---


def test_rules_of_all_kinds():
    permissions = [
        {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "ours"}],
         "Ipv6Ranges": [{"CidrIpv6": "::/0"}]},
        {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 9, "UserIdGroupPairs": [{"GroupId": "sg-1"}, {"GroupName": "classic"}]},
        {"IpProtocol": "-1", "PrefixListIds": [{"PrefixListId": "pl-1"}]},
        {"IpProtocol": "udp", "FromPort": 53, "ToPort": 53, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]},
    ]
    found = [(r["port"], r.get("cidr") or r.get("group_id") or r["prefix_list_id"], r["description"]) for r in _aws.rules(permissions)]
    assert found == [(443, "10.0.0.0/8", "ours"), (443, "::/0", ""), ("1-9", "sg-1", ""), ("0-65535", "pl-1", "")]


def test_records_and_zones_lose_their_dot():
    alias = _aws.record({"Name": "A.Example.com.", "Type": "A", "AliasTarget": {"DNSName": "x.example.com.", "HostedZoneId": "Z1"}})
    assert alias == {"name": "a.example.com", "type": "A", "value": ["x.example.com."], "alias_zone_id": "Z1", "ttl": None}
    plain = _aws.record({"Name": "b.", "Type": "TXT", "TTL": 60, "ResourceRecords": [{"Value": "1"}, {"Value": "2"}]})
    assert plain == {"name": "b", "type": "TXT", "value": ["1", "2"], "alias_zone_id": None, "ttl": 60}


def test_an_endpoint_in_either_spelling_and_without_what_is_new():
    row = {"VpcEndpointId": "vpce-1", "VpcId": VPC, "ServiceName": SERVICE, "State": "PendingAcceptance"}
    assert _aws.endpoint(row)["state"] == "pendingacceptance" and _aws.endpoint(row)["ip_address_type"] == "ipv4"
    assert _aws.endpoint(row)["dns_entries"] == [] and _aws.endpoint(row)["tags"] == {}
