# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""VPC endpoints: how they are made, changed and deleted, and their states over time."""
from __future__ import annotations

import datetime
import hashlib
import json

from moto.moto_api._internal import mock_random

from .ec2 import takes_tags
from .errors import AwsError
from .filters import matches, page
from .interfaces import Interfaces

# The zone in which AWS keeps the endpoints' names, one a region.
HOSTED_ZONES = {"us-west-2": "Z1YSA3EXCYUU9Z", "us-east-1": "Z7HUB22UULQXV", "us-east-2": "ZC8PG0KIFKBRI", "us-west-1": "Z12I86A8N7VCZO",
                "eu-central-1": "Z273ZU8SZ5RJPC", "eu-west-1": "Z38GZ743OKFT7T"}
POLICY = json.dumps({"Statement": [{"Action": "*", "Effect": "Allow", "Principal": "*", "Resource": "*"}]}, separators=(",", ":"))
DEAD = ("deleting", "deleted")
ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"


class Endpoint:
    """One endpoint. What follows from other things (zones, groups' names, DNS names) is worked out when asked."""

    def __init__(self, account, region, vpc_id, service, created):
        self.id = f"vpce-0{mock_random.get_random_hex(16)}"
        self.suffix = "".join(mock_random.choice(ALPHABET) for _n in range(8))
        self.account = account
        self.region = region
        self.vpc_id = vpc_id
        self.service = service
        self.created = created
        self.visible_from = created
        self.state = "pendingAcceptance"
        self.subnet_ids = []
        self.group_ids = []
        self.policy = POLICY
        self.private_dns = False
        self.ip_address_type = "ipv4"
        self.dns_options = {"DnsRecordIpType": "ipv4"}
        self.subnet_configurations = []
        self.type = "Interface"
        self.route_table_ids = []
        self.last_error = None

    def dns_names(self, zones):
        """The regional name first, then one per zone."""
        service_id = self.service["name"].rsplit(".", 1)[-1]
        prefix = f"{self.id}-{self.suffix}"
        end = f".{service_id}.{self.region}.vpce.amazonaws.com"
        return [f"{prefix}{end}"] + [f"{prefix}-{zone}{end}" for zone in sorted(zones)]


class Endpoints:
    def __init__(self, aws):
        self.aws = aws
        self.world = aws.world
        self.interfaces = Interfaces(aws)
        self.all = {}
        self.tokens = {}
        self.operations = {("ec2", name): getattr(self, method) for name, method in (
            ("CreateVpcEndpoint", "create"), ("DescribeVpcEndpoints", "describe"), ("ModifyVpcEndpoint", "modify"),
            ("DeleteVpcEndpoints", "delete"))}

    def reset(self):
        self.all = {}
        self.tokens = {}

    # Looked up.

    def of(self, account, region):
        return [one for one in self.all.values() if (one.account, one.region) == (account, region)]

    def get(self, account, region, endpoint_id, visible=True):
        endpoint = self.all.get(endpoint_id)
        if endpoint is None or (endpoint.account, endpoint.region) != (account, region) \
                or (visible and endpoint.visible_from > self.world.clock.now()):
            raise AwsError("InvalidVpcEndpointId.NotFound", f"The Vpc Endpoint Id '{endpoint_id}' does not exist")
        return endpoint

    def find(self, endpoint_id):
        endpoint = self.all.get(endpoint_id)
        if endpoint is None:
            return None
        return {"service_name": endpoint.service["name"], "service_region": endpoint.service["region"], "state": endpoint.state,
                "owner": endpoint.account, "vpc_id": endpoint.vpc_id, "region": endpoint.region}

    def by_dns_name(self, name):
        """The live endpoint that has this DNS name, whoever owns it."""
        for endpoint in self.all.values():
            if endpoint.state not in DEAD and name in endpoint.dns_names(self._zones(endpoint)):
                return endpoint
        return None

    def _backend(self, endpoint):
        return self.aws.ec2.backend(endpoint.account, endpoint.region)

    def _zones(self, endpoint):
        backend = self._backend(endpoint)
        return {backend.get_subnet(subnet).availability_zone for subnet in endpoint.subnet_ids}

    # Over time.

    def _start(self, endpoint):
        if endpoint.service["acceptance_required"]:
            endpoint.state = "pendingAcceptance"
            self.world.later(self.aws.switch("aws_expire_seconds"), lambda: self._move(endpoint, "pendingAcceptance", "expired"))
        else:
            self._pend(endpoint, self.aws.switch("aws_available_seconds"))

    def _pend(self, endpoint, seconds):
        endpoint.state = "pending"
        until = endpoint.pending_until = self.world.clock.now() + seconds
        self.world.at(until, lambda: self._move(endpoint, "pending", "available") if endpoint.pending_until == until else None)

    def _move(self, endpoint, before, after):
        if endpoint.state == before:
            endpoint.state = after

    def accept(self, endpoint_id):
        endpoint = self.all.get(endpoint_id)
        if endpoint is None or endpoint.state not in ("pendingAcceptance", "rejected"):
            return False
        self._pend(endpoint, self.aws.switch("aws_available_seconds"))
        return True

    def reject(self, endpoint_id):
        endpoint = self.all.get(endpoint_id)
        if endpoint is None or endpoint.state not in ("pendingAcceptance", "pending", "available"):
            return False
        endpoint.state = "rejected"
        return True

    def fail(self, endpoint):
        endpoint.state = "failed"
        endpoint.last_error = {"Code": "InternalError", "Message": "The endpoint could not be provisioned."}

    # Created.

    def create(self, call):
        asked = call.params
        token = asked.get("ClientToken")
        if token and (call.account, call.region, token) in self.tokens:
            before, endpoint = self.tokens[call.account, call.region, token]
            alive = endpoint.id in self.all and endpoint.state not in DEAD
            if before != _content(asked):
                raise AwsError("IdempotentParameterMismatch", "Arguments on this idempotent request are inconsistent with arguments "
                               "used in previous request(s).")
            if alive or self.aws.switch("aws_dead_token"):
                if endpoint.id not in self.all:
                    endpoint.state = "deleted"
                return {"VpcEndpoint": self.show(endpoint), "ClientToken": token}
        tags = _tags(asked)
        endpoint = self._new(call)
        self.all[endpoint.id] = endpoint
        if token:
            self.tokens[call.account, call.region, token] = (_content(asked), endpoint)
        if tags:
            self._backend(endpoint).create_tags([endpoint.id], tags)
        self.interfaces.sync(endpoint)
        self._start(endpoint)
        self._private_zone(endpoint)
        return {"VpcEndpoint": self.show(endpoint), **({"ClientToken": token} if token else {})}

    def _new(self, call):
        asked = call.params
        vpc = self.aws.ec2.vpc(call.account, call.region, asked.get("VpcId"), "InvalidVpcId.NotFound", "The Vpc Id {0} does not exist")
        if not asked.get("ServiceName"):
            raise AwsError("MissingParameter", "The request must contain the parameter ServiceName")
        service = self.aws.services.usable(call.account, call.region, asked["ServiceName"], asked.get("ServiceRegion"))
        kind = asked.get("VpcEndpointType") or "Gateway"
        if kind != "Interface":
            raise AwsError("InvalidParameter", f"Endpoint type ({kind}) does not match available service types ([Interface]).")
        now = self.world.clock.now()
        endpoint = Endpoint(call.account, call.region, vpc.id, service, now)
        endpoint.visible_from = now + self.aws.switch("aws_consistency_seconds")
        endpoint.policy = asked.get("PolicyDocument") or POLICY
        endpoint.ip_address_type = asked.get("IpAddressType") or "ipv4"
        endpoint.dns_options = {"DnsRecordIpType": endpoint.ip_address_type, **(asked.get("DnsOptions") or {})}
        endpoint.subnet_configurations = asked.get("SubnetConfigurations") or []
        subnets = list(asked.get("SubnetIds") or [])
        subnets += [one["SubnetId"] for one in endpoint.subnet_configurations if one["SubnetId"] not in subnets]
        endpoint.subnet_ids = self._checked_subnets(endpoint, [], subnets)
        endpoint.group_ids = self._checked_groups(endpoint, asked.get("SecurityGroupIds") or [self._default_group(endpoint)])
        self._check_ip_address_type(endpoint, endpoint.ip_address_type, endpoint.subnet_ids)
        private_dns = asked.get("PrivateDnsEnabled")
        if private_dns is None:
            # The API's own default is true. It cannot be for a service without a private name.
            private_dns = bool(service["private_dns_name"])
        if private_dns:
            self._check_private_dns(endpoint, fresh=True)
        endpoint.private_dns = private_dns
        quota = self.aws.switch("aws_endpoint_quota")
        if sum(one.vpc_id == vpc.id and one.state not in DEAD for one in self.of(call.account, call.region)) >= quota:
            raise AwsError("VpcEndpointLimitExceeded", "The maximum number of VPC endpoints has been reached.")
        return endpoint

    def _default_group(self, endpoint):
        return self._backend(endpoint).get_default_security_group(endpoint.vpc_id).id

    def _checked_subnets(self, endpoint, present, new):
        """The subnets afterwards: each known, in this VPC, in a zone that the service has, and no two in one zone."""
        backend = self._backend(endpoint)
        known = {subnet.id: subnet for subnet in backend.describe_subnets()}
        for subnet_id in new:
            if subnet_id not in known:
                raise AwsError("InvalidSubnetId.NotFound", f"The subnet ID '{subnet_id}' does not exist")
            if known[subnet_id].vpc_id != endpoint.vpc_id:
                raise AwsError("InvalidParameter", f"The subnet {subnet_id} does not belong to the VPC {endpoint.vpc_id}.")
        zones = endpoint.service["zone_ids"]
        away = endpoint.service["region"] != endpoint.region
        remote = [zone.zone_id for zone in backend.describe_availability_zones()][:3]
        taken = {known[subnet_id].availability_zone_id for subnet_id in present}
        for subnet_id in new:
            zone = known[subnet_id].availability_zone_id
            if away and zone not in remote:
                raise AwsError("InvalidParameter", "Only the following availability zones are supported for remote access: "
                               + ", ".join(remote))
            if not away and zones and zone not in zones:
                raise AwsError("InvalidParameter", f"The VPC endpoint service {endpoint.service['name']} does not support the "
                               f"availability zone of the subnet: {subnet_id}.")
            if zone in taken:
                raise AwsError("DuplicateSubnetsInSameZone", f"Found another VPC endpoint subnet in the availability zone of {subnet_id}. "
                               "VPC endpoint subnets should be in different availability zones supported by the VPC endpoint service.")
            taken.add(zone)
        return list(present) + list(new)

    def _checked_groups(self, endpoint, group_ids):
        backend = self._backend(endpoint)
        for group_id in group_ids:
            group = backend.get_security_group_from_id(group_id)
            if group is None:
                raise AwsError("InvalidGroup.NotFound", f"The security group '{group_id}' does not exist")
            if group.vpc_id != endpoint.vpc_id:
                raise AwsError("InvalidParameter", f"Security group {group_id} and VPC {endpoint.vpc_id} belong to different networks.")
        if len(set(group_ids)) > 5:
            raise AwsError("SecurityGroupsPerInterfaceLimitExceeded", "The maximum number of security groups per interface has been reached.")
        return list(dict.fromkeys(group_ids))

    def _check_ip_address_type(self, endpoint, wanted, subnet_ids):
        if wanted not in ("ipv4", "dualstack", "ipv6"):
            raise AwsError("InvalidParameterValue", f"Value ({wanted}) for parameter ipAddressType is invalid.")
        needed = {"ipv4": ["ipv4"], "ipv6": ["ipv6"], "dualstack": ["ipv4", "ipv6"]}[wanted]
        if not set(needed) <= set(endpoint.service["ip_address_types"]):
            raise AwsError("InvalidParameter", f"The IP address type {wanted} is not supported by the service {endpoint.service['name']}.")
        backend = self._backend(endpoint)
        for subnet_id in subnet_ids if "ipv6" in needed else []:
            if not backend.get_subnet(subnet_id).ipv6_cidr_block_associations:
                raise AwsError("InvalidParameter", f"The subnet {subnet_id} does not have an IPv6 CIDR block, which the IP address type "
                               f"{wanted} needs.")

    def _check_private_dns(self, endpoint, fresh):
        service, vpc = endpoint.service, self._backend(endpoint).get_vpc(endpoint.vpc_id)
        name = service["private_dns_name"]
        if not name:
            raise AwsError("InvalidParameter", f"Private DNS can't be enabled because the service {service['name']} does not provide a "
                           "private DNS name.")
        if not (vpc.enable_dns_support and vpc.enable_dns_hostnames):
            raise AwsError("InvalidParameter", "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes "
                           f"set to true for {vpc.id}")
        if service["acceptance_required"] and (fresh or endpoint.state != "available"):
            raise AwsError("InvalidParameter", "Private DNS can only be enabled after the endpoint connection is accepted by the owner of "
                           f"{service['name']}.")
        if self.aws.zones.name_taken(endpoint.region, endpoint.vpc_id, f"{name}."):
            raise AwsError("InvalidParameter", f"private-dns-enabled cannot be set because there is already a conflicting DNS domain for "
                           f"{name} in the VPC {vpc.id}")

    def _private_zone(self, endpoint):
        """A private name lives in a zone that AWS keeps in the VPC, seen in the VPC's list of zones."""
        name = endpoint.service["private_dns_name"]
        if name and endpoint.private_dns and endpoint.state not in DEAD:
            self.aws.zones.service_zone(name, endpoint.region, endpoint.vpc_id, "vpce.amazonaws.com", key=endpoint.id)
        else:
            self.aws.zones.drop_service_zone(endpoint.id)

    # Changed.

    def modify(self, call):
        asked = call.params
        endpoint = self.get(call.account, call.region, asked.get("VpcEndpointId"))
        fine = ("available", "pendingAcceptance", "pending") if self.aws.switch("aws_modify_unaccepted") else ("available",)
        if endpoint.state not in fine:
            raise AwsError("IncorrectState", f"The VPC endpoint {endpoint.id} is in the state {endpoint.state} and cannot be modified.")
        removed = asked.get("RemoveSubnetIds") or []
        for subnet_id in removed:
            if subnet_id not in endpoint.subnet_ids:
                raise AwsError("InvalidParameter", f"The subnet {subnet_id} is not associated with the endpoint {endpoint.id}.")
        kept = [one for one in endpoint.subnet_ids if one not in removed]
        subnets = self._checked_subnets(endpoint, kept, asked.get("AddSubnetIds") or [])
        gone = asked.get("RemoveSecurityGroupIds") or []
        for group_id in gone:
            if group_id not in endpoint.group_ids:
                raise AwsError("InvalidParameter", f"The security group {group_id} is not associated with the endpoint {endpoint.id}.")
        added = self._checked_groups(endpoint, asked.get("AddSecurityGroupIds") or [])
        groups = self._checked_groups(endpoint, [one for one in endpoint.group_ids if one not in gone] + added)
        if not groups:
            raise AwsError("InvalidParameter", f"The endpoint {endpoint.id} must have at least one security group.")
        ip_address_type = asked.get("IpAddressType") or endpoint.ip_address_type
        self._check_ip_address_type(endpoint, ip_address_type, subnets)
        private_dns = asked.get("PrivateDnsEnabled", endpoint.private_dns)
        if private_dns and not endpoint.private_dns:
            self._check_private_dns(endpoint, fresh=False)
        slow = (subnets, ip_address_type, private_dns) != (endpoint.subnet_ids, endpoint.ip_address_type, endpoint.private_dns)
        endpoint.subnet_ids, endpoint.group_ids = subnets, groups
        if "IpAddressType" in asked and "DnsOptions" not in asked:
            endpoint.dns_options["DnsRecordIpType"] = ip_address_type
        endpoint.ip_address_type, endpoint.private_dns = ip_address_type, private_dns
        endpoint.dns_options.update(asked.get("DnsOptions") or {})
        endpoint.subnet_configurations = asked.get("SubnetConfigurations") or endpoint.subnet_configurations
        if asked.get("ResetPolicy"):
            endpoint.policy = POLICY
        endpoint.policy = asked.get("PolicyDocument") or endpoint.policy
        self.interfaces.sync(endpoint)
        self._private_zone(endpoint)
        if slow and endpoint.state == "available" and self.aws.switch("aws_modify_seconds"):
            self._pend(endpoint, self.aws.switch("aws_modify_seconds"))
        return {"Return": True}

    # Deleted.

    def delete(self, call):
        failed = []
        for endpoint_id in call.params.get("VpcEndpointIds") or []:
            try:
                self.remove(self.get(call.account, call.region, endpoint_id))
            except AwsError:
                failed.append({"ResourceId": endpoint_id, "Error": {"Code": "InvalidVpcEndpoint.NotFound",
                                                                    "Message": f"The Vpc Endpoint Id '{endpoint_id}' does not exist"}})
        return {"Unsuccessful": failed}

    def remove(self, endpoint):
        """deleting, then deleted, then gone; its interfaces hold on to subnets and groups longest."""
        if endpoint.state in DEAD:
            return
        endpoint.state = "deleting"
        self._private_zone(endpoint)
        seconds = self.aws.switch("aws_delete_seconds")
        self.world.later(seconds * 0.6, lambda: self._move(endpoint, "deleting", "deleted"))
        self.world.later(seconds * 0.75, lambda: self._forget(endpoint))
        self.world.later(seconds, lambda: self.interfaces.remove(endpoint))

    def _forget(self, endpoint):
        self.all.pop(endpoint.id, None)
        self._backend(endpoint).tags.pop(endpoint.id, None)

    # Shown.

    def describe(self, call):
        asked, now = call.params, self.world.clock.now()
        wanted = asked.get("VpcEndpointIds") or []
        found = [self.get(call.account, call.region, one) for one in wanted] if wanted else \
            [one for one in self.of(call.account, call.region) if one.visible_from <= now]
        shown = [self.show(one) for one in found]
        fields = {"vpc-endpoint-id": "VpcEndpointId", "vpc-id": "VpcId", "service-name": "ServiceName", "vpc-endpoint-state": "State",
                  "vpc-endpoint-type": "VpcEndpointType", "ip-address-type": "IpAddressType", "service-region": "ServiceRegion"}
        shown = [one for one in shown if matches(asked.get("Filters"), one, fields)]
        shown, token = page(shown, asked.get("MaxResults"), asked.get("NextToken"), self.aws.switch("aws_page"))
        return {"VpcEndpoints": shown, "NextToken": token}

    def show(self, endpoint):
        backend = self._backend(endpoint)
        groups = [(one, backend.get_security_group_from_id(one)) for one in endpoint.group_ids]
        zone = HOSTED_ZONES.get(endpoint.region) or "Z" + hashlib.sha256(endpoint.region.encode()).hexdigest().upper()[:13]
        alive = endpoint.state not in DEAD
        names = endpoint.dns_names(self._zones(endpoint)) if alive else []
        entries = [{"DnsName": name, "HostedZoneId": zone} for name in names]
        if alive and endpoint.private_dns and endpoint.service["private_dns_name"]:
            entries.append({"DnsName": endpoint.service["private_dns_name"], "HostedZoneId": self.aws.zones.service_zone_id(endpoint.id)})
        return {
            "VpcEndpointId": endpoint.id, "VpcEndpointType": endpoint.type, "VpcId": endpoint.vpc_id,
            "ServiceName": endpoint.service["name"], "ServiceRegion": endpoint.service["region"], "State": endpoint.state,
            "PolicyDocument": endpoint.policy, "RouteTableIds": endpoint.route_table_ids, "SubnetIds": list(endpoint.subnet_ids),
            "Groups": [{"GroupId": one, "GroupName": group.name if group else None} for one, group in groups],
            "IpAddressType": endpoint.ip_address_type, "DnsOptions": dict(endpoint.dns_options),
            "PrivateDnsEnabled": endpoint.private_dns, "RequesterManaged": False,
            "NetworkInterfaceIds": self.interfaces.ids(endpoint) if alive else [], "DnsEntries": entries,
            "CreationTimestamp": datetime.datetime.fromtimestamp(endpoint.created, datetime.timezone.utc).replace(tzinfo=None, microsecond=0),
            "Tags": self.aws.ec2.tags(backend, endpoint.id), "OwnerId": endpoint.account, "LastError": endpoint.last_error,
        }


def _content(asked):
    return json.dumps({key: value for key, value in asked.items() if key not in ("ClientToken", "DryRun")}, sort_keys=True, default=str)


def _tags(asked):
    tags = {}
    for spec in asked.get("TagSpecifications") or []:
        if spec.get("ResourceType") != "vpc-endpoint":
            raise AwsError("InvalidParameterValue", f"'{spec.get('ResourceType')}' is not a valid taggable resource type for this operation.")
        tags.update({tag["Key"]: tag.get("Value", "") for tag in spec.get("Tags") or []})
    takes_tags(tags)
    return tags
