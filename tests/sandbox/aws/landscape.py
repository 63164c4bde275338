# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is there at the start: two accounts, their VPCs and subnets, and the vendor's endpoint services."""
from __future__ import annotations

from contextlib import ExitStack
from unittest import mock

from ..loopback import placed
from .accounts import MAIN, NETWORK, PROFILES

REGION = "us-west-2"
CROSS_REGION = "us-east-1"
UNSUPPORTED_REGION = "eu-central-1"

# The vendor's services; the guides' own name first. Zone ids, because zone names differ between accounts.
SERVICES: dict[str, dict] = {
    "com.amazonaws.vpce.us-west-2.vpce-svc-0b62964bfd0edfb74": {
        "region": "us-west-2", "zone_ids": ["usw2-az1", "usw2-az2", "usw2-az3"], "supported_regions": ["us-west-2", "us-east-1"],
        "acceptance_required": True, "private_dns_name": None, "ip_address_types": ["ipv4", "ipv6"], "owner": "999988887777"},
    "com.amazonaws.vpce.us-east-1.vpce-svc-0a1b2c3d4e5f60718": {
        "region": "us-east-1", "zone_ids": ["use1-az1", "use1-az2", "use1-az4"], "supported_regions": ["us-east-1"],
        "acceptance_required": True, "private_dns_name": None, "ip_address_types": ["ipv4"], "owner": "999988887777"},
    "com.amazonaws.vpce.eu-central-1.vpce-svc-0f9e8d7c6b5a40312": {
        "region": "eu-central-1", "zone_ids": ["euc1-az1", "euc1-az2", "euc1-az3"], "supported_regions": ["eu-central-1"],
        "acceptance_required": True, "private_dns_name": None, "ip_address_types": ["ipv4"], "owner": "999988887777"},
}


def _amazon(region):
    """One of AWS's own services a region, which has a private DNS name and needs no acceptance."""
    return {f"com.amazonaws.{region}.ec2": {
        "region": region, "zone_ids": None, "supported_regions": [region], "acceptance_required": False,
        "private_dns_name": f"ec2.{region}.amazonaws.com", "ip_address_types": ["ipv4"], "owner": "amazon"}}


def services(scenario=None):
    """Those of the scenario ({name: {region, ...}}), or our own when it says nothing; and a few of AWS itself."""
    found = {}
    for region in (REGION, CROSS_REGION, UNSUPPORTED_REGION):
        found.update(_amazon(region))
    given = (scenario or {}).get("aws_services") or SERVICES
    regions = {service["region"]: service for service in SERVICES.values()}
    for name, service in given.items():
        region = service["region"]
        default = SERVICES.get(name) or dict(regions.get(region) or next(iter(SERVICES.values())), zone_ids=regions.get(region, {}).get("zone_ids"),
                                             supported_regions=[region])
        found[name] = {**default, **service}
    return {name: dict(service, name=name) for name, service in found.items()}


VPC = "vpc-0a1b2c3d4e5f60001"
SECOND_VPC = "vpc-0a1b2c3d4e5f60002"
NO_DNS_VPC = "vpc-0a1b2c3d4e5f60003"
EAST_VPC = "vpc-0a1b2c3d4e5f60004"
CENTRAL_VPC = "vpc-0a1b2c3d4e5f60005"
NETWORK_VPC = "vpc-0a1b2c3d4e5f60006"
CLIENT_GROUP = "sg-0c0ffee0c0ffee001"

# (account, region, vpc, cidr, ipv6, DNS host names, name)
VPCS = [
    (MAIN, REGION, VPC, "10.20.0.0/16", True, True, "clients"),
    (MAIN, REGION, SECOND_VPC, "10.30.0.0/16", False, True, "clients-2"),
    (MAIN, REGION, NO_DNS_VPC, "10.40.0.0/16", False, False, "no-dns"),
    (MAIN, CROSS_REGION, EAST_VPC, "10.50.0.0/16", False, True, "clients-east"),
    (MAIN, UNSUPPORTED_REGION, CENTRAL_VPC, "10.60.0.0/16", False, True, "clients-central"),
    (NETWORK, REGION, NETWORK_VPC, "10.70.0.0/16", False, True, "hub"),
]

# vpc -> [(subnet, zone letter)]; the numbers of the subnets are those of their third octet.
SUBNETS = {
    VPC: [("subnet-0a1b2c3d4e5f61001", "a"), ("subnet-0a1b2c3d4e5f61002", "b"), ("subnet-0a1b2c3d4e5f61003", "c"),
          ("subnet-0a1b2c3d4e5f61004", "d"), ("subnet-0a1b2c3d4e5f61005", "a")],
    SECOND_VPC: [("subnet-0a1b2c3d4e5f62001", "a"), ("subnet-0a1b2c3d4e5f62002", "b")],
    NO_DNS_VPC: [("subnet-0a1b2c3d4e5f63001", "a"), ("subnet-0a1b2c3d4e5f63002", "b")],
    EAST_VPC: [("subnet-0a1b2c3d4e5f64001", "a"), ("subnet-0a1b2c3d4e5f64002", "b"), ("subnet-0a1b2c3d4e5f64003", "c")],
    CENTRAL_VPC: [("subnet-0a1b2c3d4e5f65001", "a"), ("subnet-0a1b2c3d4e5f65002", "b")],
    NETWORK_VPC: [("subnet-0a1b2c3d4e5f66001", "a"), ("subnet-0a1b2c3d4e5f66002", "b")],
}


def _ids(vpc_id, count=None):
    return [subnet for subnet, _zone in SUBNETS[vpc_id]][:count]


def scenario():
    """Our part of scenario.json's "aws"; region_id and project_id come from the vendor's side."""
    return {
        "account_id": MAIN,
        "vpc_id": VPC, "subnet_ids": _ids(VPC, 3), "client_cidrs": ["10.20.0.0/16"],
        "same_zone_subnet_id": _ids(VPC)[4], "unsupported_subnet_id": _ids(VPC)[3],
        "second_vpc_id": SECOND_VPC, "second_subnet_ids": _ids(SECOND_VPC),
        "no_dns_vpc_id": NO_DNS_VPC, "no_dns_subnet_ids": _ids(NO_DNS_VPC),
        "client_security_group_id": CLIENT_GROUP,
        "other_region": {"region": CROSS_REGION, "vpc_id": EAST_VPC, "subnet_ids": _ids(EAST_VPC, 2)},
        "unsupported_region": {"region": UNSUPPORTED_REGION, "vpc_id": CENTRAL_VPC, "subnet_ids": _ids(CENTRAL_VPC)},
        "second_account": {"profile": "network", "account_id": NETWORK, "vpc_id": NETWORK_VPC, "subnet_ids": _ids(NETWORK_VPC)},
        "profiles": {name: dict(profile) for name, profile in PROFILES.items()},
    }


def build(aws):
    for account, region, vpc_id, cidr, ipv6, hostnames, name in VPCS:
        backend = aws.ec2.backend(account, region)
        cidr = placed(aws.world, cidr)
        with _fixed("vpcs.random_vpc_id", vpc_id), _fixed("vpcs.random_ipv6_cidr", placed(aws.world, "2600:1f14:abc:de00::/56")):
            vpc = backend.create_vpc(cidr, amazon_provided_ipv6_cidr_block=ipv6, ipv6_cidr_block_network_border_group=region,
                                     tags=[{"Key": "Name", "Value": name}])
        vpc.enable_dns_hostnames = hostnames
        for number, (subnet_id, letter) in enumerate(SUBNETS[vpc_id], 1):
            with _fixed("subnets.random_subnet_id", subnet_id):
                subnet = backend.create_subnet(vpc_id, cidr.replace(".0.0/16", f".{number}.0/24"),
                                               placed(aws.world, f"2600:1f14:abc:de0{number}::/64") if ipv6 else None, f"{region}{letter}")
            subnet.map_public_ip_on_launch = subnet.default_for_az = False
        aws.ec2.name_zones(backend)
    backend = aws.ec2.backend(MAIN, REGION)
    with _fixed("security_groups.random_security_group_id", CLIENT_GROUP):
        backend.create_security_group("clients", "the clients in the VPC", vpc_id=VPC)
    # A zone that a service of AWS keeps in the VPC: every VPC that mounts a file system has one.
    aws.zones.service_zone("fs-0a1b2c3d4e5f60001.efs.us-west-2.amazonaws.com", REGION, VPC, "efs.amazonaws.com")


def _fixed(where, value):
    stack = ExitStack()
    stack.enter_context(mock.patch(f"moto.ec2.models.{where}", lambda *_args, **_kwargs: value))
    return stack
