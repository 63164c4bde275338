# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""EC2 by moto: VPCs, subnets, interfaces, tags; with zones shuffled per account and what moto would let pass refused."""
from __future__ import annotations

from xml.etree import ElementTree

from moto.core.exceptions import ServiceException
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import ec2_backends
from moto.ec2.models.amis import AmiBackend
from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend, Zone
from moto.ec2.models.subnets import Subnet
from moto.ec2.responses import EC2Response

from .accounts import MAIN
from .errors import AwsError
from .protocol import request_of

# Zone ids of other accounts are the same buildings under other names.
SHIFT = {MAIN: 0}
KNOWN_REGIONS = frozenset(region.name for region in RegionsAndZonesBackend.regions)


class Ec2:
    """What every part of EC2 needs of moto's back ends, and the operations that moto answers itself."""

    def __init__(self, aws):
        self.aws = aws
        self.operations = {}
        self.guards = {
            "DescribeVpcs": self._guard_known,
            "DescribeSubnets": self._guard_known,
            "DescribeVpcAttribute": self._guard_known,
            "ModifyVpcAttribute": self._guard_known,
            "DeleteSubnet": self._guard_subnet,
            "DeleteVpc": self._guard_vpc,
            "DeleteNetworkInterface": self._guard_interface,
            "ModifyNetworkInterfaceAttribute": self._guard_interface,
            "CreateTags": self._guard_tags,
            "DeleteTags": self._guard_tags,
        }

    def reset(self):
        ec2_backends.clear()

    def backend(self, account, region):
        if region not in KNOWN_REGIONS:
            raise AwsError("InvalidParameterValue", f"The region {region} is not known.")
        known = ec2_backends[account]
        new = region not in dict.keys(known)
        backend = known[region]
        if new:
            backend.zones = {region: _zones(account, region)}
            self.name_zones(backend)
        return backend

    def name_zones(self, backend):
        """moto gives every account the same zones; a subnet's zone is named as its own account names it."""
        own = {zone.name: zone for zone in backend.zones[backend.region_name]}
        for subnet in backend.describe_subnets():
            subnet._availability_zone = own.get(subnet._availability_zone.name, subnet._availability_zone)

    def backends(self):
        """(account, region, backend) of all that exist."""
        for account in sorted(ec2_backends.keys()):
            for region in sorted(dict.keys(ec2_backends[account])):
                yield account, region, ec2_backends[account][region]

    def vpc(self, account, region, vpc_id, code="InvalidVpcID.NotFound", text="The vpc ID '{0}' does not exist"):
        vpc = self.backend(account, region).vpcs.get(vpc_id)
        if vpc is None:
            raise AwsError(code, text.format(vpc_id))
        return vpc

    def owner_of_vpc(self, region, vpc_id):
        """The account that has this VPC there, or None."""
        for account, where, backend in self.backends():
            if where == region and vpc_id in backend.vpcs:
                return account
        return None

    def tags(self, backend, resource_id):
        return [{"Key": key, "Value": value} for key, value in sorted(backend.tags.get(resource_id, {}).items())]

    # By moto.

    def by_moto(self, call):
        if call.service != "ec2":
            raise AwsError("InvalidAction", f"The sandbox does not have the action {call.operation} of {call.service}.")
        backend = self.backend(call.account, call.region)
        guard = self.guards.get(call.operation)
        if guard:
            guard(call, backend)
        try:
            status, _headers, body = EC2Response.dispatch(request_of(call, HTTP_X_MOTO_ACCOUNT_ID=call.account))
        except NotImplementedError as error:
            raise AwsError("UnsupportedOperation", f"The sandbox does not have this: {error}")
        except (EC2ClientError, ServiceException) as error:
            raise AwsError(getattr(error, "code", None) or getattr(error, "error_type", "InvalidParameterValue"),
                           str(getattr(error, "message", error)))
        if call.operation in ("CreateSubnet", "CreateDefaultSubnet", "CreateDefaultVpc"):
            self.name_zones(backend)
        if int(status) >= 400:
            _raise_error_of(body, int(status))
        return int(status), {"Content-Type": "text/xml"}, body

    # What moto would let pass.

    def _guard_known(self, call, backend):
        """moto's words for an unknown id are its own."""
        for vpc_id in call.params.get("VpcIds") or [call.params.get("VpcId") or backend.default_vpc.id]:
            self.vpc(call.account, call.region, vpc_id)
        known = {subnet.id for subnet in backend.describe_subnets()}
        for subnet_id in call.params.get("SubnetIds") or []:
            if subnet_id not in known:
                raise AwsError("InvalidSubnetID.NotFound", f"The subnet ID '{subnet_id}' does not exist")

    def _guard_subnet(self, call, backend):
        subnet_id = call.params.get("SubnetId")
        if any(eni.subnet.id == subnet_id for eni in backend.enis.values()):
            raise AwsError("DependencyViolation", f"The subnet '{subnet_id}' has dependencies and cannot be deleted.")

    def _guard_vpc(self, call, backend):
        vpc_id = call.params.get("VpcId")
        busy = any(endpoint.vpc_id == vpc_id for endpoint in self.aws.endpoints.of(call.account, call.region)) \
            or any(not group.is_default for group in backend.groups.get(vpc_id, {}).values())
        if busy:
            raise AwsError("DependencyViolation", f"The vpc '{vpc_id}' has dependencies and cannot be deleted.")

    def _guard_interface(self, call, backend):
        eni = backend.enis.get(call.params.get("NetworkInterfaceId"))
        if eni is not None and eni.interface_type == "vpc_endpoint":
            raise AwsError("OperationNotPermitted", f"You do not have permission to manage the network interface '{eni.id}'.")

    def _guard_tags(self, call, backend):
        for resource_id in call.params.get("Resources", []):
            if resource_id.startswith("vpce-") and not resource_id.startswith("vpce-svc-"):
                self.aws.endpoints.get(call.account, call.region, resource_id)
            elif resource_id.startswith("eni-") and resource_id not in backend.enis:
                raise AwsError("InvalidNetworkInterfaceID.NotFound", f"The networkInterface ID '{resource_id}' does not exist")
            if call.operation == "CreateTags":
                takes_tags({tag["Key"]: tag.get("Value", "") for tag in call.params.get("Tags", [])}, backend.tags.get(resource_id, {}))


def takes_tags(new, there=()):
    """What EC2 refuses of tags. aws: in capitals, and how empty keys end, are open: refused."""
    for key, value in new.items():
        if key.lower().startswith("aws:"):
            raise AwsError("InvalidParameterValue", "Tag keys starting with 'aws:' are reserved for internal use")
        if not 1 <= len(key) <= 128 or len(value) > 256:
            raise AwsError("InvalidParameterValue", f"Tag ({key}, {value}) is invalid: keys have 1 to 128 characters, values at most 256.")
    if len({*new, *there}) > 50:
        raise AwsError("TagLimitExceeded", "The maximum number of tags for a resource is 50.")


def _ipv6_blocks(subnet):
    """moto shows the state of a block as a Python dict in text."""
    return [{"AssociationId": one["associationId"], "Ipv6CidrBlock": one["ipv6CidrBlock"],
             "Ipv6CidrBlockState": {"State": one["ipv6CidrBlockState"]["State"].lower()}}
            for one in subnet.ipv6_cidr_block_associations.values() if one["ipv6CidrBlockState"]["State"] == "associated"]


for _owner, _name, _ours in (
    (Subnet, "ipv6_cidr_block_association_set", property(_ipv6_blocks)),
    # A thousand images that nobody here starts cost most of a second.
    (AmiBackend, "_load_amis", lambda self: None),
):
    setattr(_owner, _name, _ours)


def _zones(account, region):
    zones = RegionsAndZonesBackend.zones.get(region, [])
    shift = SHIFT.get(account, 1)
    return [Zone(name=zone.name, region_name=region, zone_id=zones[(n + shift) % len(zones)].zone_id) for n, zone in enumerate(zones)]


def _raise_error_of(body, status):
    text = body.decode() if isinstance(body, bytes) else body
    root = ElementTree.fromstring(text)
    found = {element.tag.rsplit("}", 1)[-1]: element.text or "" for element in root.iter()}
    raise AwsError(found.get("Code", "InternalError"), found.get("Message", ""), status)
