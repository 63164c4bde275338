# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What chance seldom makes: (what is wanted, what is found) for the steps and sentences that generated clouds hardly reach."""

from __future__ import annotations

from unit.plugins.module_utils import model as aws
from unit.plugins.module_utils import model_gcp as gcp
from unit.plugins.module_utils.model_zilliz import SHARED_ZONE

INVISIBLE, ODD_SERVICE = {"error": "InvalidServiceName"}, {"endpoint_service": "x", "whitelist_required": False}


def service(cloud, **more):
    cloud_id = "aws" if cloud is aws else "gcp"
    return dict({"region_id": cloud.REGION_ID, "cloud_id": cloud_id, "endpoint_service": cloud.SERVICE, "whitelist_required": False}, **more)


def anywhere(cloud):
    """Of every cloud."""
    both, theirs = [cloud.cluster(1), cloud.cluster(2)], cloud.zone(1, SHARED_ZONE, None)
    one = [cloud.cluster(1)]
    other = cloud.record(cloud.host(1), "A", "192.0.2.1")
    return [
        ({"wait_timeout": 0}, {}),
        ({"cluster_names": ["prod-02"]}, {"clusters": both, "zones": [cloud.zone(1, cloud.host(1))]}),
        ({}, {"services": [], "no_service": "Zilliz Cloud offers none there: choose another region."}),
        ({}, {"clusters": [], "bound_regions": ["elsewhere"]}),
        ({}, {"services": [service(cloud, cloud_id="azure")]}),
        ({"service_name": "mine"}, {}),
        ({}, {"services": [service(cloud), service(cloud, **ODD_SERVICE)]}),
        ({"zone_id": "Z0"}, {}),
        ({"dns": "shared"}, {"zones": [theirs], "clusters": one}),
        ({"zone_id": theirs["zone_id"]}, {"zones": [dict(theirs, name="example.com")], "clusters": one}),
        ({"zone_id": theirs["zone_id"]}, {"zones": [dict(theirs, networks=[])], "clusters": one}),
        ({"dns": "shared"}, {"zones": [dict(theirs, leads_away=True)], "clusters": one}),
        ({"dns": "shared"}, {"zones": [dict(theirs, records=[other])], "clusters": one}),
        ({"dns": "shared", "adopt": True}, {"zones": [dict(theirs, records=[other])], "clusters": one}),
        ({"dns": "shared"}, {"zones": [cloud.zone(1, SHARED_ZONE, records=[cloud.record(cloud.host(1), "CNAME", "elsewhere.example.com.")])], "clusters": one}),
        ({"dns": "shared"}, {"zones": [cloud.zone(1, SHARED_ZONE, records=[cloud.record("other." + SHARED_ZONE, "TXT", '"by hand"')])], "clusters": one}),
        ({}, {"zones": [cloud.zone(1, SHARED_ZONE)], "clusters": [cloud.cluster(1), cloud.cluster(2, linked=False)], "endpoints": [cloud.endpoint(1)]}),
        ({}, {"zones": [cloud.zone(1, cloud.host(1), records=[other])], "clusters": one}),
        ({"dns": "shared"}, {"zones": [cloud.zone(1, SHARED_ZONE, in_account=False)], "clusters": one}),
        # Somebody else's records, of two clusters and of none: what a teardown leaves, and what a link repairs.
        ({"state": "absent"}, {"zones": [dict(theirs, records=[other])], "clusters": one}),
        ({"state": "absent", "zone_id": theirs["zone_id"]}, {"zones": [theirs], "clusters": one}),
        ({"dns": "shared"}, {"zones": [cloud.zone(1, SHARED_ZONE, records=[cloud.record(cloud.host(7), "A", gcp.ip(1))])], "clusters": one,
                             "endpoints": [cloud.endpoint(1)]}),
        ({}, {"endpoints": [cloud.endpoint(1), cloud.endpoint(2)], "registrations": [cloud.registration(
            cloud.endpoint(number)["endpoint_id"]) for number in (1, 2)]}),
        ({}, {"zone_limit": {"limit": 10, "count": 9}}),
    ]


def mine(cloud, **more):
    return {"endpoints": [cloud.endpoint(1, **more)]}


SUBNET = aws.found()["subnets"][0]
AWS = anywhere(aws) + [
    ({"record_type": "cname", "zone_id": "Z" + "1".zfill(19)}, {"zones": [aws.zone(1, aws.host(1), None)], "clusters": [aws.cluster(1)]}),
    ({}, {"vpc": None}),
    ({}, {"vpc": {"vpc_id": aws.VPC, "enable_dns_support": True, "enable_dns_hostnames": False}}),
    ({}, {"service_detail": INVISIBLE, "services": [service(aws, whitelist_required=True)]}),
    ({"state": "absent"}, {"services": [service(aws, whitelist_required=True)]}),
    ({}, {"service_detail": INVISIBLE}),
    ({}, {"service_detail": INVISIBLE, "region": "us-east-1"}),
    ({}, {"region": "us-east-1"}),
    ({"subnet_ids": ["subnet-0f"]}, {}),
    ({"subnet_ids": [SUBNET["subnet_id"]]}, {}),
    ({"subnet_ids": [SUBNET["subnet_id"]]}, {"subnets": [dict(SUBNET, vpc_id=aws.OTHER_VPC)]}),
    ({"subnet_ids": [SUBNET["subnet_id"]]}, {"subnets": [dict(SUBNET, free=0)]}),
    ({"subnet_ids": [SUBNET["subnet_id"], "subnet-0f"]}, {"subnets": [SUBNET, dict(SUBNET, subnet_id="subnet-0f")]}),
    ({}, {"service_detail": dict(aws.found()["service_detail"], zone_ids=["usw2-az1"])}),
    ({"unsupported_subnets": "skip"}, {"service_detail": dict(aws.found()["service_detail"], zone_ids=["usw2-az1"])}),
    ({}, {"endpoints": [aws.endpoint(1, group_ids=["sg-00000000000000002"])], "groups": [aws.group(2, owner=aws.OTHER_MARK)]}),
    ({"security_group_ids": ["sg-0f"]}, {}),
    ({"security_group_ids": ["sg-0f"]}, {"groups": [aws.group(1, None, group_id="sg-0f", vpc_id=aws.OTHER_VPC)]}),
    ({"client_cidrs": ["10.20"]}, {}),
    ({"endpoint_id": "vpce-0f"}, {}),
    ({"endpoint_id": "vpce-00000000000000001"}, mine(aws, vpc_id=aws.OTHER_VPC)),
    ({"endpoint_id": "vpce-00000000000000001"}, mine(aws, state="failed")),
    ({"zone_vpcs": [f"vpc-{n:017x}" for n in range(20)]}, {"clusters": [aws.cluster(1)]}),
    ({"dns": "shared", "zone_vpcs": aws.OTHER_VPC}, {
        "zones": [aws.zone(1, SHARED_ZONE, None, vpc_ids=[aws.OTHER_VPC])], "clusters": [aws.cluster(1)]}),
    ({"state": "absent"}, {"groups": [aws.group(2)], "endpoints": [aws.endpoint(1, "deleting", group_ids=["sg-00000000000000002"])]}),
    ({}, {"groups": [aws.group(2, ingress=[aws.rule(19531, cidr="10.20.0.0/16")])], "clusters": [
        aws.cluster(1, "SUSPENDED", False), aws.cluster(2)], "zones": [aws.zone(1, aws.host(1), records=[aws.alias(aws.host(1), "vpce-00000000000000001")])],
        "endpoints": [aws.endpoint(1, group_ids=["sg-00000000000000002"])]}),
    ({"zone_vpcs": "vpc-0f"}, {"unseen_vpcs": ["vpc-0f"]}),
    ({}, {"clusters": [aws.cluster(1)], "zones": [aws.zone(1, aws.host(1), vpc_ids=[aws.VPC, aws.OTHER_VPC], tags={
        aws.MARK_TAG: aws.MARK, aws.MARK_TAG + "-vpcs": aws.OTHER_VPC})]}),
]

ATTENDED = gcp.subnetwork()
GCP = anywhere(gcp) + [
    ({"client_egress": "always"}, {"clusters": [gcp.cluster(1), gcp.cluster(2, linked=False)]}),
    ({"region": "us-east4"}, {"region": "us-east4"}),
    ({}, {"network": None}),
    ({}, {"subnetwork": None, "subnetwork_regions": ["us-east4"]}),
    ({}, {"subnetwork": None}),
    ({}, {"subnetwork": gcp.subnetwork(gcp.SECOND_SUBNET)}),
    ({}, {"subnetwork": dict(ATTENDED, purpose="REGIONAL_MANAGED_PROXY")}),
    ({"ip_address": "10.99.0.1"}, {}),
    ({"ip_address": gcp.ip(1)}, {"addresses": [gcp.address(1, None)]}),
    ({"ip_address": gcp.ip(1)}, mine(gcp, owner=gcp.OTHER_MARK)),
    ({}, {"services": [service(gcp, whitelist_required=True)]}),
    ({"client_egress": "always"}, {"firewalls": [gcp.firewall("ours", denied=("all",))]}),
    ({"zone_networks": "gone"}, {"unseen_networks": [gcp.network_url(gcp.GOOGLE, "gone")]}),
    ({"dns": "shared", "zone_networks": "my-second-vpc"}, {
        "zones": [gcp.zone(1, SHARED_ZONE, None, networks=[gcp.OTHER_NETWORK])], "clusters": [gcp.cluster(1)]}),
    ({}, mine(gcp, status="NEEDS_ATTENTION")),
    ({"client_egress": "always"}, {"firewalls": [gcp.firewall(gcp.NAME, None)]}),
    ({"endpoint_id": "gone"}, {}),
    ({"endpoint_id": "psc-1"}, mine(gcp, subnetwork=gcp.SECOND_SUBNET)),
    ({"endpoint_id": "psc-1"}, mine(gcp, target=gcp.OTHER_SERVICE)),
    ({"endpoint_id": "psc-1"}, mine(gcp, status="CLOSED")),
    ({"address": "address-1"}, {"addresses": [gcp.address(1, None, address_type="EXTERNAL")]}),
]
