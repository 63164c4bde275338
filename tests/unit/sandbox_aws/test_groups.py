# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest


def tcp(port=19531, **source):
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **source}


def cidr(block="10.20.0.0/16", port=19531, **more):
    return tcp(port, IpRanges=[{"CidrIp": block, **more}])


@pytest.fixture
def group(cloud):
    return cloud.group()


def ingress(cloud, group):
    return cloud.ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissions"]


def test_in_use_by_an_interface(cloud, refused, group):
    cloud.endpoint(SecurityGroupIds=[group])
    with refused("DependencyViolation", "has a dependent object"):
        cloud.ec2.delete_security_group(GroupId=group)


def test_in_use_by_another_groups_rule(cloud, refused, group):
    other = cloud.group("clients-too")
    permission = tcp(UserIdGroupPairs=[{"GroupId": group, "Description": "from the endpoint"}])
    cloud.ec2.authorize_security_group_ingress(GroupId=other, IpPermissions=[permission])
    with refused("DependencyViolation"):
        cloud.ec2.delete_security_group(GroupId=group)
    cloud.ec2.revoke_security_group_ingress(GroupId=other, IpPermissions=[permission])
    cloud.ec2.delete_security_group(GroupId=group)
    with refused("InvalidGroup.NotFound"):
        cloud.ec2.delete_security_group(GroupId=group)


def test_its_own_rule_does_not_hold_it(cloud, group):
    cloud.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[tcp(UserIdGroupPairs=[{"GroupId": group}])])
    cloud.ec2.delete_security_group(GroupId=group)


def test_the_default_group_stays(cloud, refused):
    groups = cloud.ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [cloud.scenario["vpc_id"]]},
                                                         {"Name": "group-name", "Values": ["default"]}])["SecurityGroups"]
    with refused("CannotDelete"):
        cloud.ec2.delete_security_group(GroupId=groups[0]["GroupId"])


def test_names_are_unique_in_a_vpc(cloud, refused, group):
    with refused("InvalidGroup.Duplicate", "already exists for VPC"):
        cloud.group()
    cloud.group(vpc_id=cloud.scenario["second_vpc_id"])
    with refused("InvalidParameterValue", "GroupName"):
        cloud.group("sg-mine")
    with refused("InvalidVpcID.NotFound"):
        cloud.group("x", vpc_id="vpc-0123")


def test_tags_on_creation(cloud):
    group = cloud.group("tagged", TagSpecifications=[{"ResourceType": "security-group", "Tags": [{"Key": "a", "Value": "b"}]}])
    assert cloud.ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["Tags"] == [{"Key": "a", "Value": "b"}]


def test_duplicate_rule_whatever_its_description(cloud, refused, group):
    cloud.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[cidr(Description="one")])
    with refused("InvalidPermission.Duplicate", "peer: 10.20.0.0/16, TCP, from port: 19531, to port: 19531, ALLOW"):
        cloud.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[cidr(port=443), cidr(Description="two")])
    # Nothing of a refused call is done.
    assert [one["FromPort"] for one in ingress(cloud, group)] == [19531]
    with refused("InvalidPermission.Duplicate"):
        cloud.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[cidr(port=443), cidr(port=443, Description="twice")])
    pair = tcp(UserIdGroupPairs=[{"GroupId": cloud.scenario["client_security_group_id"], "Description": "one"}])
    cloud.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[pair])
    pair["UserIdGroupPairs"][0]["Description"] = "two"
    with refused("InvalidPermission.Duplicate"):
        cloud.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[pair])


def test_revoke(cloud, refused, group):
    cloud.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[cidr(Description="one"), cidr("10.30.0.0/16")])
    with refused("InvalidPermission.NotFound"):
        cloud.ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=[cidr(), cidr(port=22)])
    assert len(ingress(cloud, group)[0]["IpRanges"]) == 2
    answer = cloud.ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=[cidr(Description="another")])
    assert answer["Return"] is True
    assert [one["CidrIp"] for one in ingress(cloud, group)[0]["IpRanges"]] == ["10.30.0.0/16"]
    rules = cloud.ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])["SecurityGroupRules"]
    rule = [one for one in rules if not one["IsEgress"]][0]["SecurityGroupRuleId"]
    cloud.ec2.revoke_security_group_ingress(GroupId=group, SecurityGroupRuleIds=[rule])
    assert ingress(cloud, group) == []
    with refused("InvalidSecurityGroupRuleId.NotFound"):
        cloud.ec2.revoke_security_group_ingress(GroupId=group, SecurityGroupRuleIds=[rule])


def test_descriptions(cloud, refused, group):
    source = cloud.scenario["client_security_group_id"]
    cloud.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[
        cidr(Description="one"), tcp(UserIdGroupPairs=[{"GroupId": source, "Description": "two"}])])
    answer = cloud.ec2.update_security_group_rule_descriptions_ingress(GroupId=group, IpPermissions=[
        cidr(Description="three"), tcp(UserIdGroupPairs=[{"GroupId": source, "Description": "four"}])])
    assert answer["Return"] is True
    rules = cloud.ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])["SecurityGroupRules"]
    assert sorted(one["Description"] for one in rules if not one["IsEgress"]) == ["four", "three"]
    with refused("InvalidPermission.NotFound"):
        cloud.ec2.update_security_group_rule_descriptions_ingress(GroupId=group, IpPermissions=[cidr(port=1)])
    with refused("InvalidParameterValue", "Invalid rule description"):
        cloud.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[cidr(port=2, Description="größer")])


@pytest.mark.parametrize("permission, code", [
    (cidr("10.20.0.0"), "InvalidParameterValue"),
    (cidr("10.20.0.0/99"), "InvalidParameterValue"),
    (cidr("2001:db8::/32"), "InvalidParameterValue"),
    (cidr(port=70000), "InvalidParameterValue"),
    ({"IpProtocol": "tcp", "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}, "InvalidParameterValue"),
    (tcp(UserIdGroupPairs=[{"GroupId": "sg-0123"}]), "InvalidGroup.NotFound"),
])
def test_rules_are_checked(cloud, refused, group, permission, code):
    with refused(code):
        cloud.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[permission])


def test_groups_of_two_vpcs(cloud, refused, group):
    other = cloud.group("other", vpc_id=cloud.scenario["second_vpc_id"])
    with refused("InvalidGroup.NotFound", "different networks"):
        cloud.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[tcp(UserIdGroupPairs=[{"GroupId": other}])])


def test_host_bits_and_ipv6(cloud, group):
    cloud.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[cidr("10.20.3.4/16"), tcp(Ipv6Ranges=[{"CidrIpv6": "2001:DB8::1/32"}])])
    shown = ingress(cloud, group)[0]
    assert (shown["IpRanges"][0]["CidrIp"], shown["Ipv6Ranges"][0]["CidrIpv6"]) == ("10.20.0.0/16", "2001:db8::/32")


def test_quota(cloud, refused, group):
    cloud.world.switches["aws_rules_quota"] = 2
    cloud.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[cidr(port=1), cidr(port=2)])
    with refused("RulesPerSecurityGroupLimitExceeded"):
        cloud.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[cidr(port=3)])


def test_egress(cloud, group):
    source = cloud.scenario["client_security_group_id"]
    cloud.ec2.authorize_security_group_egress(GroupId=source, IpPermissions=[tcp(UserIdGroupPairs=[{"GroupId": group}])])
    shown = cloud.ec2.describe_security_groups(GroupIds=[source])["SecurityGroups"][0]
    assert [one["IpProtocol"] for one in shown["IpPermissionsEgress"]].count("tcp") == 1 and shown["IpPermissions"] == []
    found = cloud.ec2.describe_security_groups(Filters=[{"Name": "egress.ip-permission.group-id", "Values": [group]}])
    assert [one["GroupId"] for one in found["SecurityGroups"]] == [source]


def test_dry_run_changes_nothing(cloud, refused, group):
    with refused("DryRunOperation"):
        cloud.ec2.delete_security_group(GroupId=group, DryRun=True)
    assert cloud.world.log.since()[-1]["mutating"] is False
    with refused("DryRunOperation"):
        cloud.endpoint(DryRun=True)
    assert cloud.ec2.describe_vpc_endpoints()["VpcEndpoints"] == []


def test_vpc_with_things_in_it(cloud, refused):
    with refused("DependencyViolation"):
        cloud.ec2.delete_vpc(VpcId=cloud.scenario["vpc_id"])
    with refused("InvalidVpcID.NotFound", "'vpc-0123'"):
        cloud.ec2.describe_vpcs(VpcIds=["vpc-0123"])
    with refused("InvalidSubnetID.NotFound"):
        cloud.ec2.describe_subnets(SubnetIds=["subnet-0123"])


def test_vpc_dns_attributes(cloud):
    def attribute(vpc_id, name):
        return cloud.ec2.describe_vpc_attribute(VpcId=vpc_id, Attribute=name)[name[0].upper() + name[1:]]["Value"]

    given = cloud.scenario
    assert [attribute(given["vpc_id"], name) for name in ("enableDnsSupport", "enableDnsHostnames")] == [True, True]
    assert [attribute(given["no_dns_vpc_id"], name) for name in ("enableDnsSupport", "enableDnsHostnames")] == [True, False]
    cloud.ec2.modify_vpc_attribute(VpcId=given["no_dns_vpc_id"], EnableDnsHostnames={"Value": True})
    assert attribute(given["no_dns_vpc_id"], "enableDnsHostnames") is True
