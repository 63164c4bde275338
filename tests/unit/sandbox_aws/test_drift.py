# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from sandbox.core import BadRequest

MARK = {"Key": "zilliz.cloud/private-link", "Value": "p/aws-us-west-2/v"}


@pytest.fixture
def link(cloud, record):
    """A marked group, endpoint and zone with a record."""
    class Link:
        group = cloud.group(TagSpecifications=[{"ResourceType": "security-group", "Tags": [MARK, {"Key": "Name", "Value": "n"}]}])
        entry = None

    cloud.ec2.authorize_security_group_ingress(GroupId=Link.group, IpPermissions=[
        {"IpProtocol": "tcp", "FromPort": 19531, "ToPort": 19531, "IpRanges": [{"CidrIp": "10.20.0.0/16"}]}])
    endpoint = cloud.available(SecurityGroupIds=[Link.group], TagSpecifications=[
        {"ResourceType": "vpc-endpoint", "Tags": [MARK, {"Key": "Name", "Value": "n"}]}])
    Link.endpoint = endpoint["VpcEndpointId"]
    Link.zone = cloud.zone("in01-x.example.com", HostedZoneConfig={"PrivateZone": True, "Comment": f"zilliz.cloud private link {MARK['Value']}"})
    entry = endpoint["DnsEntries"][0]
    cloud.change(Link.zone, record("CREATE", "in01-x.example.com", "A", alias=(entry["HostedZoneId"], entry["DnsName"])))
    cloud.route53.change_tags_for_resource(ResourceType="hostedzone", ResourceId=Link.zone.rsplit("/", 1)[-1], AddTags=[MARK])
    return Link


NEEDS = {
    "hand_made_group": {"name": "by-hand"},
    "foreign_zone": {"name": "in01-y.example.com"},
    "hand_made_zone": {"name": "in01-z.example.com", "records": [{"type": "A"}]},
    "zone_disassociate": {}, "zone_tags": {},
}


def kinds():
    from sandbox.aws.drift import Drift

    return sorted(name for name in vars(Drift) if not name.startswith("_") and name != "drift")


@pytest.mark.parametrize("kind", kinds())
def test_every_drift_changes_the_state_and_is_no_call(cloud, link, kind):
    before, n = cloud.aws.state(), len(cloud.world.log.since())
    touched = cloud.aws.drift(kind, **NEEDS.get(kind, {}))
    assert touched
    assert cloud.aws.state() != before
    new = cloud.world.log.since(n)
    assert [(entry["cloud"], entry["operation"]) for entry in new] == [("drift", kind)]


def test_what_is_drifted_shows_in_the_api(cloud, link):
    cloud.aws.drift("endpoint_subnets")
    cloud.aws.drift("endpoint_security_groups")
    cloud.aws.drift("endpoint_private_dns")
    shown = cloud.ec2.describe_vpc_endpoints(VpcEndpointIds=[link.endpoint])["VpcEndpoints"][0]
    assert shown["SubnetIds"] == cloud.scenario["subnet_ids"][:1] and len(shown["NetworkInterfaceIds"]) == 1
    assert shown["Groups"][0]["GroupName"] == "default" and shown["PrivateDnsEnabled"] is True
    assert cloud.records(link.zone)["in01-x.example.com.", "A"].get("AliasTarget")
    cloud.aws.drift("record_change")
    assert cloud.records(link.zone)["in01-x.example.com.", "A"]["ResourceRecords"] == [{"Value": "192.0.2.1"}]
    cloud.aws.drift("endpoint_reject")
    assert cloud.state_of(link.endpoint) == "rejected"


def test_a_duplicate_has_the_same_tags(cloud, link):
    second = cloud.aws.drift("duplicate_endpoint")["vpc_endpoint_id"]
    shown = cloud.ec2.describe_vpc_endpoints(Filters=[{"Name": f"tag:{MARK['Key']}", "Values": [MARK["Value"]]}])["VpcEndpoints"]
    assert [one["VpcEndpointId"] for one in shown] == [link.endpoint, second]
    with pytest.raises(BadRequest, match="There are 2 such endpoints"):
        cloud.aws.drift("endpoint_reject")


def test_gone_at_once(cloud, link, refused):
    cloud.aws.drift("endpoint_delete", gone=True)
    with refused("InvalidVpcEndpointId.NotFound"):
        cloud.state_of(link.endpoint)
    assert cloud.ec2.describe_network_interfaces()["NetworkInterfaces"] == []


@pytest.mark.parametrize("kind, args", [("nothing", {}), ("rule_remove", {"port": 1}), ("endpoint_reject", {"colour": 1}),
                                        ("vpc_dns_off", {"vpc_id": "vpc-1"}), ("record_delete", {"name": "a.example.com"})])
def test_nonsense(cloud, link, kind, args):
    with pytest.raises(BadRequest):
        cloud.aws.drift(kind, **args)
