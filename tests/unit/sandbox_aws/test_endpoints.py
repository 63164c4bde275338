# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

SERVICE = "com.amazonaws.vpce.us-west-2.vpce-svc-0b62964bfd0edfb74"
OWN_SERVICE = "com.amazonaws.us-west-2.ec2"


def test_states_over_time(cloud):
    endpoint_id = cloud.endpoint()["VpcEndpointId"]
    assert cloud.state_of(endpoint_id) == "pendingAcceptance"
    assert cloud.aws.accept(endpoint_id)
    assert cloud.state_of(endpoint_id) == "pending"
    cloud.advance(61)
    assert cloud.state_of(endpoint_id) == "available"
    assert cloud.aws.find_endpoint(endpoint_id) == {"service_name": SERVICE, "service_region": "us-west-2", "state": "available",
                                                    "owner": "111122223333", "vpc_id": cloud.scenario["vpc_id"], "region": "us-west-2"}
    assert cloud.aws.reject(endpoint_id)
    assert cloud.state_of(endpoint_id) == "rejected"
    assert not cloud.aws.accept("vpce-0123")


def test_nobody_accepts(cloud):
    endpoint_id = cloud.endpoint()["VpcEndpointId"]
    cloud.advance(8 * 86400)
    assert cloud.state_of(endpoint_id) == "expired"


def test_deletion_takes_time_and_interfaces_last_longest(cloud, refused):
    group = cloud.group()
    endpoint_id = cloud.endpoint(SecurityGroupIds=[group])["VpcEndpointId"]
    assert cloud.ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint_id])["Unsuccessful"] == []
    assert cloud.state_of(endpoint_id) == "deleting"
    cloud.advance(75)
    assert cloud.state_of(endpoint_id) == "deleted"
    cloud.advance(20)
    with refused("InvalidVpcEndpointId.NotFound"):
        cloud.state_of(endpoint_id)
    with refused("DependencyViolation"):
        cloud.ec2.delete_security_group(GroupId=group)
    with refused("DependencyViolation"):
        cloud.ec2.delete_subnet(SubnetId=cloud.scenario["subnet_ids"][0])
    cloud.advance(30)
    cloud.ec2.delete_security_group(GroupId=group)
    failed = cloud.ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint_id])["Unsuccessful"]
    assert [(one["ResourceId"], one["Error"]["Code"]) for one in failed] == [(endpoint_id, "InvalidVpcEndpoint.NotFound")]


def test_a_new_endpoint_is_not_found_at_first(cloud, refused):
    cloud.world.switches["aws_consistency_seconds"] = 3
    endpoint_id = cloud.endpoint()["VpcEndpointId"]
    with refused("InvalidVpcEndpointId.NotFound"):
        cloud.state_of(endpoint_id)
    assert cloud.ec2.describe_vpc_endpoints()["VpcEndpoints"] == []
    with refused("InvalidVpcEndpointId.NotFound"):
        cloud.ec2.create_tags(Resources=[endpoint_id], Tags=[{"Key": "a", "Value": "b"}])
    cloud.advance(4)
    assert cloud.state_of(endpoint_id) == "pendingAcceptance"


def test_dns_entries(cloud):
    endpoint = cloud.endpoint()
    names = [entry["DnsName"] for entry in endpoint["DnsEntries"]]
    prefix = f"{endpoint['VpcEndpointId']}-"
    assert names[0].startswith(prefix) and names[0].endswith(".vpce-svc-0b62964bfd0edfb74.us-west-2.vpce.amazonaws.com")
    assert len(names[0].split(".")[0]) == len(prefix) + 8
    assert [name.split(".")[0][-10:] for name in names[1:]] == ["us-west-2a", "us-west-2b"]
    assert {entry["HostedZoneId"] for entry in endpoint["DnsEntries"]} == {"Z1YSA3EXCYUU9Z"}


def test_interfaces(cloud):
    group = cloud.group()
    endpoint = cloud.endpoint(SecurityGroupIds=[group])
    shown = cloud.ec2.describe_network_interfaces(NetworkInterfaceIds=endpoint["NetworkInterfaceIds"])["NetworkInterfaces"]
    assert {(one["InterfaceType"], one["Status"], one["Description"]) for one in shown} == {
        ("vpc_endpoint", "in-use", f"VPC Endpoint Interface {endpoint['VpcEndpointId']}")}
    assert [one["PrivateIpAddress"].rsplit(".", 1)[0] for one in shown] == ["10.20.1", "10.20.2"]
    assert all([one["GroupId"] for one in eni["Groups"]] == [group] for eni in shown)
    found = cloud.ec2.describe_network_interfaces(Filters=[{"Name": "group-id", "Values": [group]},
                                                           {"Name": "interface-type", "Values": ["vpc_endpoint"]}])
    assert len(found["NetworkInterfaces"]) == 2


def test_interfaces_belong_to_the_endpoint(cloud, refused):
    eni = cloud.endpoint()["NetworkInterfaceIds"][0]
    with refused("OperationNotPermitted"):
        cloud.ec2.delete_network_interface(NetworkInterfaceId=eni)
    with refused("OperationNotPermitted"):
        cloud.ec2.modify_network_interface_attribute(NetworkInterfaceId=eni, Groups=[cloud.group()])


def test_modify_everything(cloud):
    endpoint_id = cloud.available()["VpcEndpointId"]
    group, subnets = cloud.group(), cloud.scenario["subnet_ids"]
    default = cloud.ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint_id])["VpcEndpoints"][0]["Groups"][0]["GroupId"]
    policy = '{"Statement":[]}'
    cloud.ec2.modify_vpc_endpoint(VpcEndpointId=endpoint_id, AddSubnetIds=[subnets[2]], RemoveSubnetIds=[subnets[0]],
                                  AddSecurityGroupIds=[group], RemoveSecurityGroupIds=[default], PolicyDocument=policy,
                                  IpAddressType="dualstack")
    assert cloud.state_of(endpoint_id) == "pending"
    cloud.advance(11)
    shown = cloud.ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint_id])["VpcEndpoints"][0]
    assert (shown["State"], shown["SubnetIds"], shown["PolicyDocument"]) == ("available", subnets[1:3], policy)
    assert [one["GroupId"] for one in shown["Groups"]] == [group]
    assert (shown["IpAddressType"], shown["DnsOptions"]["DnsRecordIpType"]) == ("dualstack", "dualstack")
    enis = cloud.ec2.describe_network_interfaces(NetworkInterfaceIds=shown["NetworkInterfaceIds"])["NetworkInterfaces"]
    assert sorted(one["SubnetId"] for one in enis) == sorted(subnets[1:3])
    assert all([one["GroupId"] for one in eni["Groups"]] == [group] and len(eni["Ipv6Addresses"]) == 1 for eni in enis)
    cloud.ec2.modify_vpc_endpoint(VpcEndpointId=endpoint_id, ResetPolicy=True)
    assert cloud.ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint_id])["VpcEndpoints"][0]["PolicyDocument"] != policy


def test_modify_is_refused(cloud, refused):
    endpoint_id, subnets = cloud.endpoint()["VpcEndpointId"], cloud.scenario["subnet_ids"]
    with refused("IncorrectState"):
        cloud.ec2.modify_vpc_endpoint(VpcEndpointId=endpoint_id, AddSubnetIds=[subnets[2]])
    cloud.aws.accept(endpoint_id)
    cloud.advance(61)
    with refused("DuplicateSubnetsInSameZone"):
        cloud.ec2.modify_vpc_endpoint(VpcEndpointId=endpoint_id, AddSubnetIds=[cloud.scenario["same_zone_subnet_id"]])
    with refused("InvalidParameter", "is not associated"):
        cloud.ec2.modify_vpc_endpoint(VpcEndpointId=endpoint_id, RemoveSubnetIds=[subnets[2]])
    with refused("InvalidParameter", "does not support the availability zone of the subnet"):
        cloud.ec2.modify_vpc_endpoint(VpcEndpointId=endpoint_id, AddSubnetIds=[cloud.scenario["unsupported_subnet_id"]])
    with refused("InvalidGroup.NotFound"):
        cloud.ec2.modify_vpc_endpoint(VpcEndpointId=endpoint_id, AddSecurityGroupIds=["sg-0123"])
    with refused("InvalidParameter", "does not provide a private DNS name"):
        cloud.ec2.modify_vpc_endpoint(VpcEndpointId=endpoint_id, PrivateDnsEnabled=True)
    assert cloud.ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint_id])["VpcEndpoints"][0]["SubnetIds"] == subnets[:2]


@pytest.mark.parametrize("asked, code, text", [
    ({"ServiceName": "com.amazonaws.vpce.us-west-2.vpce-svc-0"}, "InvalidServiceName", "does not exist"),
    ({"VpcId": "vpc-0123"}, "InvalidVpcId.NotFound", "vpc-0123"),
    ({"SubnetIds": ["subnet-0123"]}, "InvalidSubnetId.NotFound", "subnet-0123"),
    ({"SubnetIds": ["second"]}, "InvalidParameter", "does not belong"),
    ({"SubnetIds": ["unsupported"]}, "InvalidParameter", "does not support the availability zone"),
    ({"SubnetIds": ["first", "same zone"]}, "DuplicateSubnetsInSameZone", "Found another VPC endpoint subnet"),
    ({"SubnetIds": ["first", "first"]}, "DuplicateSubnetsInSameZone", ""),
    ({"SecurityGroupIds": ["sg-0123"]}, "InvalidGroup.NotFound", "sg-0123"),
    ({"SecurityGroupIds": ["other VPC's"]}, "InvalidParameter", "different networks"),
    ({"PrivateDnsEnabled": True}, "InvalidParameter", "does not provide a private DNS name"),
    ({"VpcEndpointType": "Gateway"}, "InvalidParameter", "does not match available service types"),
    ({"IpAddressType": "dualstack", "VpcId": "second", "SubnetIds": ["second"]}, "InvalidParameter", "IPv6"),
    ({"ServiceRegion": "us-east-1"}, "InvalidServiceName", "does not exist"),
    ({"TagSpecifications": [{"ResourceType": "subnet", "Tags": [{"Key": "a", "Value": "b"}]}]}, "InvalidParameterValue", "taggable"),
])
def test_create_is_refused(cloud, refused, asked, code, text):
    given = cloud.scenario
    names = {"first": given["subnet_ids"][0], "same zone": given["same_zone_subnet_id"], "unsupported": given["unsupported_subnet_id"],
             "second": given["second_subnet_ids"][0]}
    asked = dict(asked)
    if "SubnetIds" in asked:
        asked["SubnetIds"] = [names.get(one, one) for one in asked["SubnetIds"]]
    if asked.get("VpcId") == "second":
        asked["VpcId"] = given["second_vpc_id"]
    if asked.get("SecurityGroupIds") == ["other VPC's"]:
        asked["SecurityGroupIds"] = [cloud.group(vpc_id=given["second_vpc_id"])]
    with refused(code, text):
        cloud.endpoint(**asked)
    assert cloud.ec2.describe_vpc_endpoints()["VpcEndpoints"] == []


def test_client_token(cloud, refused):
    first = cloud.endpoint(ClientToken="t-1")
    assert cloud.endpoint(ClientToken="t-1")["VpcEndpointId"] == first["VpcEndpointId"]
    with refused("IdempotentParameterMismatch"):
        cloud.endpoint(ClientToken="t-1", SubnetIds=cloud.scenario["subnet_ids"][:1])
    assert cloud.endpoint(ClientToken="t-2")["VpcEndpointId"] != first["VpcEndpointId"]
    cloud.ec2.delete_vpc_endpoints(VpcEndpointIds=[first["VpcEndpointId"]])
    cloud.advance(130)
    dead = cloud.endpoint(ClientToken="t-1")
    assert (dead["VpcEndpointId"], dead["State"]) == (first["VpcEndpointId"], "deleted")
    cloud.world.switches["aws_dead_token"] = False
    assert cloud.endpoint(ClientToken="t-1")["VpcEndpointId"] != first["VpcEndpointId"]


def test_private_dns_follows_the_service(cloud, refused):
    assert cloud.endpoint()["PrivateDnsEnabled"] is False
    given = cloud.scenario
    with refused("InvalidParameter", "enableDnsHostnames"):
        cloud.endpoint(ServiceName=OWN_SERVICE, VpcId=given["no_dns_vpc_id"], SubnetIds=given["no_dns_subnet_ids"][:1])
    own = cloud.endpoint(ServiceName=OWN_SERVICE)
    assert (own["PrivateDnsEnabled"], own["State"]) == (True, "pending")
    zones = cloud.route53.list_hosted_zones_by_vpc(VPCId=given["vpc_id"], VPCRegion="us-west-2")["HostedZoneSummaries"]
    assert ("ec2.us-west-2.amazonaws.com.", "vpce.amazonaws.com") in [(one["Name"], one["Owner"].get("OwningService")) for one in zones]
    with refused("InvalidParameter", "conflicting DNS domain"):
        cloud.endpoint(ServiceName=OWN_SERVICE)
    assert cloud.endpoint(ServiceName=OWN_SERVICE, PrivateDnsEnabled=False)["PrivateDnsEnabled"] is False


def test_quota(cloud, refused):
    cloud.world.switches["aws_endpoint_quota"] = 1
    cloud.endpoint()
    with refused("VpcEndpointLimitExceeded"):
        cloud.endpoint()
    given = cloud.scenario
    cloud.endpoint(VpcId=given["second_vpc_id"], SubnetIds=given["second_subnet_ids"][:1])


def test_services(cloud, refused):
    details = cloud.ec2.describe_vpc_endpoint_services(ServiceNames=[SERVICE])["ServiceDetails"][0]
    assert details["AvailabilityZoneIds"] == ["usw2-az1", "usw2-az2", "usw2-az3"]
    assert details["AvailabilityZones"] == ["us-west-2a", "us-west-2b", "us-west-2c"]
    assert details["AcceptanceRequired"] is True
    other = cloud.client("ec2", profile="network").describe_vpc_endpoint_services(ServiceNames=[SERVICE])["ServiceDetails"][0]
    assert other["AvailabilityZoneIds"] == details["AvailabilityZoneIds"] and other["AvailabilityZones"] != details["AvailabilityZones"]
    with refused("InvalidServiceName"):
        cloud.ec2.describe_vpc_endpoint_services(ServiceNames=["com.amazonaws.vpce.us-west-2.vpce-svc-0"])


def test_zone_names_differ_between_accounts(cloud):
    for profile, vpc_id in (("main", cloud.scenario["vpc_id"]), ("network", cloud.scenario["second_account"]["vpc_id"])):
        ec2 = cloud.client("ec2", profile=profile)
        zones = {one["ZoneName"]: one["ZoneId"] for one in ec2.describe_availability_zones()["AvailabilityZones"]}
        for subnet in ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc_id]}])["Subnets"]:
            assert zones[subnet["AvailabilityZone"]] == subnet["AvailabilityZoneId"]
        assert (zones["us-west-2a"] == "usw2-az2") is (profile == "main")


def test_cross_region(cloud, refused):
    east, given = cloud.client("ec2", "us-east-1"), cloud.scenario["other_region"]
    with refused("InvalidServiceName"):
        east.describe_vpc_endpoint_services(ServiceNames=[SERVICE])
    details = east.describe_vpc_endpoint_services(ServiceNames=[SERVICE], ServiceRegions=["us-west-2"])["ServiceDetails"][0]
    assert details["ServiceRegion"] == "us-west-2" and not details.get("AvailabilityZones")
    asked = {"VpcId": given["vpc_id"], "ServiceName": SERVICE, "VpcEndpointType": "Interface", "SubnetIds": given["subnet_ids"]}
    with refused("InvalidServiceName"):
        east.create_vpc_endpoint(**asked)
    made = east.create_vpc_endpoint(ServiceRegion="us-west-2", **asked)["VpcEndpoint"]
    assert (made["ServiceRegion"], made["DnsEntries"][0]["HostedZoneId"]) == ("us-west-2", "Z7HUB22UULQXV")
    central, there = cloud.client("ec2", "eu-central-1"), cloud.scenario["unsupported_region"]
    with refused("InvalidServiceName", "does not exist"):
        central.describe_vpc_endpoint_services(ServiceNames=[SERVICE], ServiceRegions=["us-west-2"])
    with refused("InvalidServiceName", "does not exist"):
        central.create_vpc_endpoint(ServiceRegion="us-west-2", **dict(asked, VpcId=there["vpc_id"], SubnetIds=there["subnet_ids"]))


def test_a_service_is_unseen_until_the_account_is_whitelisted(cloud, refused):
    class Zilliz:
        def whitelisted(self, account, name):
            return account == "444455556666"

    cloud.world.zilliz = Zilliz()
    with refused("InvalidServiceName"):
        cloud.ec2.describe_vpc_endpoint_services(ServiceNames=[SERVICE])
    with refused("InvalidServiceName"):
        cloud.endpoint()
    assert cloud.client("ec2", profile="network").describe_vpc_endpoint_services(ServiceNames=[SERVICE])["ServiceDetails"]


def test_options_are_echoed(cloud):
    subnet = cloud.scenario["subnet_ids"][0]
    made = cloud.endpoint(IpAddressType="dualstack", SubnetIds=[subnet], DnsOptions={"DnsRecordIpType": "ipv4"},
                          SubnetConfigurations=[{"SubnetId": subnet, "Ipv4": "10.20.1.77"}],
                          TagSpecifications=[{"ResourceType": "vpc-endpoint", "Tags": [{"Key": "k", "Value": "v"}]}])
    assert (made["IpAddressType"], made["DnsOptions"]["DnsRecordIpType"]) == ("dualstack", "ipv4")
    assert made["Tags"] == [{"Key": "k", "Value": "v"}]
    eni = cloud.ec2.describe_network_interfaces(NetworkInterfaceIds=made["NetworkInterfaceIds"])["NetworkInterfaces"][0]
    assert eni["PrivateIpAddress"] == "10.20.1.77" and len(eni["Ipv6Addresses"]) == 1


def test_tags_and_filters(cloud, refused):
    one, two = cloud.endpoint()["VpcEndpointId"], cloud.endpoint()["VpcEndpointId"]
    cloud.ec2.create_tags(Resources=[one], Tags=[{"Key": "zilliz.cloud/private-link", "Value": "a/b/c"}])
    cloud.aws.accept(two)

    def found(*filters):
        shown = cloud.ec2.describe_vpc_endpoints(Filters=[{"Name": name, "Values": values} for name, values in filters])
        return [endpoint["VpcEndpointId"] for endpoint in shown["VpcEndpoints"]]

    assert found(("tag:zilliz.cloud/private-link", ["a/*"])) == [one]
    assert found(("tag-key", ["zilliz.cloud/private-link"]), ("vpc-endpoint-state", ["pendingAcceptance"])) == [one]
    assert found(("vpc-endpoint-state", ["pending"])) == [two]
    assert found(("service-name", [SERVICE]), ("vpc-id", [cloud.scenario["second_vpc_id"]])) == []
    with refused("InvalidParameterValue", "filter 'colour' is invalid"):
        found(("colour", ["red"]))
    cloud.ec2.delete_tags(Resources=[one], Tags=[{"Key": "zilliz.cloud/private-link"}])
    assert found(("tag-key", ["zilliz.cloud/private-link"])) == []


def test_pages(cloud):
    made = [cloud.endpoint()["VpcEndpointId"] for _n in range(5)]
    pages = list(cloud.ec2.get_paginator("describe_vpc_endpoints").paginate(PaginationConfig={"PageSize": 2}))
    assert [len(page["VpcEndpoints"]) for page in pages] == [2, 2, 1]
    assert [one["VpcEndpointId"] for page in pages for one in page["VpcEndpoints"]] == made


def test_another_account_does_not_see_it(cloud, refused):
    endpoint_id = cloud.endpoint()["VpcEndpointId"]
    network = cloud.client("ec2", profile="network")
    assert network.describe_vpc_endpoints()["VpcEndpoints"] == []
    with refused("InvalidVpcEndpointId.NotFound"):
        network.describe_vpc_endpoints(VpcEndpointIds=[endpoint_id])
