# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The network interfaces of an endpoint, one in each of its subnets."""
from __future__ import annotations

import ipaddress

from .errors import AwsError


class Interfaces:
    def __init__(self, aws):
        self.aws = aws

    def _backend(self, endpoint):
        return self.aws.ec2.backend(endpoint.account, endpoint.region)

    def _of(self, endpoint):
        return [eni for eni in self._backend(endpoint).enis.values() if getattr(eni, "endpoint_id", None) == endpoint.id]

    def ids(self, endpoint):
        return [eni.id for eni in self._of(endpoint)]

    def sync(self, endpoint):
        """What the endpoint's subnets and groups ask for."""
        backend = self._backend(endpoint)
        present = {eni.subnet.id: eni for eni in self._of(endpoint)}
        for subnet_id in set(present) - set(endpoint.subnet_ids):
            del backend.enis[present.pop(subnet_id).id]
        for subnet_id in endpoint.subnet_ids:
            if subnet_id not in present:
                present[subnet_id] = self._create(backend, endpoint, subnet_id)
        groups = [backend.get_security_group_from_id(group_id) for group_id in endpoint.group_ids]
        for eni in present.values():
            eni._group_set = list(groups)
            eni.ipv6_addresses = [] if endpoint.ip_address_type == "ipv4" else [_free_ipv6(eni.subnet)]

    def _create(self, backend, endpoint, subnet_id):
        subnet = backend.get_subnet(subnet_id)
        asked = next((one for one in endpoint.subnet_configurations if one.get("SubnetId") == subnet_id), {})
        eni = backend.create_network_interface(subnet, asked.get("Ipv4") or _free(backend, subnet), group_ids=list(endpoint.group_ids),
                                               description=f"VPC Endpoint Interface {endpoint.id}")
        eni.endpoint_id = endpoint.id
        eni.status = "in-use"
        eni.interface_type = "vpc_endpoint"
        eni.requester_managed = True
        eni.requester_id = "727180483921"
        eni.source_dest_check = True
        domain = "ec2.internal" if endpoint.region == "us-east-1" else f"{endpoint.region}.compute.internal"
        eni.private_dns_name = f"ip-{eni.private_ip_address.replace('.', '-')}.{domain}"
        eni.private_ip_addresses[0]["PrivateDnsName"] = eni.private_dns_name
        eni.availability_zone_id = subnet.availability_zone_id
        return eni

    def remove(self, endpoint):
        backend = self._backend(endpoint)
        for eni_id in self.ids(endpoint):
            del backend.enis[eni_id]


def _free(backend, subnet):
    taken = {eni.private_ip_address for eni in backend.enis.values()}
    # AWS keeps the first four addresses of a subnet and the last.
    for address in list(ipaddress.ip_network(subnet.cidr_block).hosts())[3:]:
        if str(address) not in taken:
            return str(address)
    raise AwsError("InsufficientFreeAddressesInSubnet", f"The specified subnet {subnet.id} does not have enough free addresses.")


def _free_ipv6(subnet):
    block = next(iter(subnet.ipv6_cidr_block_associations.values()))["ipv6CidrBlock"]
    return str(ipaddress.ip_network(block)[0x100])
