# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands around a link, as boto3 sees it."""
from __future__ import annotations

import pytest

VPC = "vpc-0a1b2c3d4e5f60001"


def acls(cloud, vpc_id=VPC):
    return cloud.ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [vpc_id]}])["NetworkAcls"]


def rules_of(cloud, vpc_id=VPC):
    resolver = cloud.client("route53resolver")
    rows = resolver.list_resolver_rule_associations(Filters=[{"Name": "VPCId", "Values": [vpc_id]}])["ResolverRuleAssociations"]
    known = {one["Id"]: one for one in resolver.list_resolver_rules()["ResolverRules"]}
    return [known[one["ResolverRuleId"]] for one in rows]


def entries(acl, egress):
    return [(one["RuleNumber"], one["RuleAction"], one.get("CidrBlock") or one["Ipv6CidrBlock"]) for one in acl["Entries"] if one["Egress"] == egress]


def test_the_default_network_acl_lets_everything_pass(cloud):
    acl, = acls(cloud)
    assert acl["IsDefault"] and {one["SubnetId"] for one in acl["Associations"]} >= set(cloud.scenario["subnet_ids"])
    for egress in (True, False):
        assert entries(acl, egress) == [(100, "allow", "0.0.0.0/0"), (101, "allow", "::/0"), (32767, "deny", "0.0.0.0/0"), (32768, "deny", "::/0")]
    assert [one[2] for one in entries(acls(cloud, "vpc-0a1b2c3d4e5f60002")[0], True)] == ["0.0.0.0/0", "0.0.0.0/0"]


def test_a_list_that_blocks(cloud):
    cloud.aws.drift("nacl_blocks")
    acl, = acls(cloud)
    first = next(one for one in acl["Entries"] if not one["Egress"])
    assert (first["RuleNumber"], first["RuleAction"], first["PortRange"]) == (50, "deny", {"From": 19000, "To": 20000})
    subnet_id = cloud.scenario["subnet_ids"][0]
    cloud.aws.drift("nacl_blocks", direction="egress", subnet_ids=[subnet_id])
    own, = [one for one in acls(cloud) if not one["IsDefault"]]
    assert [one["SubnetId"] for one in own["Associations"]] == [subnet_id] and entries(own, True)[0] == (50, "deny", "0.0.0.0/0")


def test_every_vpc_has_the_internets_rule_and_what_was_added(cloud):
    assert [(one["DomainName"], one["RuleType"]) for one in rules_of(cloud)] == [(".", "RECURSIVE")]
    cloud.aws.drift("resolver_rule", domain="example.com")
    added = rules_of(cloud)[1]
    assert (added["DomainName"], added["RuleType"], added["TargetIps"][0]["Ip"]) == ("example.com.", "FORWARD", "10.70.0.53")
    assert len(rules_of(cloud, "vpc-0a1b2c3d4e5f60002")) == 1


def test_profiles(cloud, refused):
    profiles = cloud.client("route53profiles")
    assert profiles.list_profile_associations(ResourceId=VPC)["ProfileAssociations"] == []
    made = cloud.aws.drift("profile_zone", name="a.example.com")
    profile, = profiles.list_profile_associations(ResourceId=VPC)["ProfileAssociations"]
    things = profiles.list_profile_resource_associations(ProfileId=profile["ProfileId"])["ProfileResourceAssociations"]
    assert [one["ResourceArn"].rsplit("/", 1)[-1] for one in things] == [made["zone_id"]]
    # What a profile brings is in no list of the VPC's own zones.
    seen = cloud.route53.list_hosted_zones_by_vpc(VPCId=VPC, VPCRegion="us-west-2")["HostedZoneSummaries"]
    assert made["zone_id"] not in [one["HostedZoneId"] for one in seen]
    with refused("ResourceNotFoundException"):
        profiles.list_profile_resource_associations(ProfileId="rp-0")


def test_the_quota_is_the_one_that_refuses(cloud, refused):
    quotas = cloud.client("service-quotas")
    assert quotas.get_service_quota(ServiceCode="vpc", QuotaCode="L-29B6F2EB")["Quota"]["Value"] == 50
    cloud.available()
    assert cloud.aws.drift("quota_small") == {"endpoint_quota": 1}
    assert quotas.get_service_quota(ServiceCode="vpc", QuotaCode="L-29B6F2EB")["Quota"]["Value"] == 1
    with refused("VpcEndpointLimitExceeded"):
        cloud.endpoint()
    with refused("NoSuchResourceException"):
        quotas.get_service_quota(ServiceCode="vpc", QuotaCode="L-0")


CALLS = [
    ("ec2", "DescribeNetworkAcls", {}, "UnauthorizedOperation", "ec2"),
    ("route53resolver", "ListResolverRules", {}, "AccessDeniedException", "route53resolver"),
    ("route53resolver", "ListResolverRuleAssociations", {}, "AccessDeniedException", "route53resolver"),
    ("route53profiles", "ListProfileAssociations", {"ResourceId": VPC}, "AccessDeniedException", "route53profiles"),
    ("route53profiles", "ListProfileResourceAssociations", {"ProfileId": "rp-1"}, "AccessDeniedException", "route53profiles"),
    ("service-quotas", "GetServiceQuota", {"ServiceCode": "vpc", "QuotaCode": "L-29B6F2EB"}, "AccessDeniedException", "servicequotas"),
]


@pytest.mark.parametrize("service, operation, request_, code, prefix", CALLS)
def test_a_permission_that_lacks_is_named_and_logged(cloud, refused, service, operation, request_, code, prefix):
    from botocore import xform_name

    cloud.world.faults.add({"cloud": "aws", "operation": operation}, "denied", 1)
    with refused(code, f"not authorized to perform: {prefix}:{operation}"):
        getattr(cloud.client(service), xform_name(operation))(**request_)
    entry = cloud.world.log.since()[-1]
    assert (entry["operation"], entry["mutating"], entry["outcome"], entry["service"]) == (operation, False, "fault:denied", service)


@pytest.mark.parametrize("kind", ["throttle", "500", "503"])
def test_other_faults_are_told_in_the_form_of_the_service(cloud, kind):
    from botocore.exceptions import ClientError

    cloud.world.faults.add({"cloud": "aws", "operation": "ListResolverRules"}, kind, 1)
    with pytest.raises(ClientError) as caught:
        cloud.client("route53resolver").list_resolver_rules()
    assert caught.value.response["Error"]["Message"]


@pytest.mark.parametrize("kind, args", [("nacl_blocks", {}), ("resolver_rule", {"domain": "x.example.com"}), ("profile_zone", {"name": "x.example.com"}),
                                        ("quota_small", {"endpoints": 3})])
def test_these_drifts_change_the_state_too(cloud, kind, args):
    before = cloud.aws.state()
    assert cloud.aws.drift(kind, **args) and cloud.aws.state() != before
    cloud.aws.reset()
    if kind != "quota_small":
        assert cloud.aws.state() == before
