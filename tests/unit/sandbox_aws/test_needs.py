# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a call needs of IAM, and how it is refused without."""
from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

TAGS = [{"ResourceType": "vpc-endpoint", "Tags": [{"Key": "team", "Value": "data"}]}]


def needs(cloud):
    return cloud.world.log.since()[-1]["needs"]


def refused(call, **asked):
    with pytest.raises(ClientError) as caught:
        call(**asked)
    return caught.value.response["Error"]


def test_an_endpoint_with_tags_private_dns_and_another_region(cloud):
    cloud.endpoint()
    assert needs(cloud) == ["ec2:CreateVpcEndpoint"]
    cloud.endpoint(TagSpecifications=TAGS)
    assert needs(cloud) == ["ec2:CreateVpcEndpoint", "ec2:CreateTags"]
    refused(cloud.endpoint, PrivateDnsEnabled=True)
    assert needs(cloud) == ["ec2:CreateVpcEndpoint", "route53:AssociateVPCWithHostedZone"]
    refused(cloud.endpoint, ServiceRegion="us-east-1")
    assert needs(cloud) == ["ec2:CreateVpcEndpoint", "vpce:AllowMultiRegion"]


def test_a_private_zone_needs_more_than_it_says(cloud):
    cloud.world.switches["aws_allowed"] = ["route53:CreateHostedZone"]
    error = refused(cloud.zone)
    assert error["Code"] == "AccessDenied" and error["Message"].endswith("is not authorized to access this resource")
    assert needs(cloud) == ["route53:CreateHostedZone", "ec2:DescribeVpcs", "ec2:DescribeRegions"]
    cloud.world.switches["aws_allowed"] += ["ec2:DescribeVpcs", "ec2:DescribeRegions"]
    cloud.zone()


def test_an_action_may_be_allowed_for_one_account(cloud):
    cloud.world.switches["aws_allowed"] = ["111122223333/ec2:DescribeVpcs"]
    cloud.ec2.describe_vpcs()
    error = refused(cloud.client("ec2", profile="network").describe_vpcs)
    assert error["Code"] == "UnauthorizedOperation" and "is not authorized to perform: ec2:DescribeVpcs because" in error["Message"]


def test_a_deletion_may_be_allowed_for_what_has_a_tag(cloud):
    plain, tagged = (cloud.endpoint(**more)["VpcEndpointId"] for more in ({}, {"TagSpecifications": TAGS}))
    cloud.world.switches["aws_allowed"] = ["ec2:DeleteVpcEndpoints[team]"]
    delete = cloud.ec2.delete_vpc_endpoints
    assert refused(delete, VpcEndpointIds=[plain, tagged])["Code"] == "UnauthorizedOperation"
    assert delete(VpcEndpointIds=[tagged])["Unsuccessful"] == []


def test_everybody_may_ask_who_they_are(cloud):
    cloud.world.switches["aws_allowed"] = ["nothing"]
    assert cloud.client("sts").get_caller_identity()["Account"] == "111122223333" and needs(cloud) == []
