# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All that a customer can create and remove, in a form that compares with ==: sorted, and without times."""
from __future__ import annotations

from .groups import peer_of, place_of


def state_of(aws, residue=False):
    accounts = {}
    for account, region, backend in aws.ec2.backends():
        shown = _region(aws, account, region, backend)
        # A region comes into being when somebody asks for it; that alone is no difference.
        if any(shown.values()):
            accounts.setdefault(account, {"regions": {}, "zones": {}})["regions"][region] = shown
    for zone in sorted(aws.zones.all.values(), key=lambda one: (one.name, one.id)):
        accounts.setdefault(zone.owner, {"regions": {}, "zones": {}})["zones"][zone.id] = _zone(zone)
    found = {"accounts": accounts, "surroundings": aws.surroundings.state()}
    if residue:
        # AWS remembers both for ever, as far as a customer can tell.
        found["residue"] = {"client_tokens": sorted(token for _account, _region, token in aws.endpoints.tokens),
                            "caller_references": sorted(reference or "" for _account, reference in aws.zones.references)}
    return found


def _region(aws, account, region, backend):
    # The default VPC that every region has is nobody's doing.
    default = backend.default_vpc.id
    vpcs = sorted((one for one in backend.vpcs.values() if one.id != default), key=lambda one: one.id)
    subnets = sorted((one for one in backend.describe_subnets() if one.vpc_id != default), key=lambda one: one.id)
    groups = sorted((one for one in aws.groups.all_of(backend) if not (one.is_default and one.vpc_id == default)), key=lambda one: one.id)
    return {
        "vpcs": {vpc.id: {"cidr": vpc.cidr_block, "dns_support": bool(vpc.enable_dns_support), "dns_hostnames": bool(vpc.enable_dns_hostnames),
                          "tags": _tags(backend, vpc.id)} for vpc in vpcs},
        "subnets": {one.id: {"vpc_id": one.vpc_id, "cidr": one.cidr_block, "zone": one.availability_zone, "tags": _tags(backend, one.id)}
                    for one in subnets},
        "endpoints": {one.id: _endpoint(backend, one) for one in sorted(aws.endpoints.of(account, region), key=lambda one: one.id)},
        "security_groups": {one.id: {"name": one.name, "description": one.description, "vpc_id": one.vpc_id, "tags": _tags(backend, one.id),
                                     "ingress": _rules(one.ingress_rules), "egress": _rules(one.egress_rules)} for one in groups},
        "network_acls": {one.id: {"subnet_ids": sorted(x.subnet_id for x in one.associations), "entries": _entries(one)}
                         for one in sorted(backend.network_acls.values(), key=lambda one: one.id) if one.vpc_id != default},
        "network_interfaces": {eni.id: {"subnet_id": eni.subnet.id, "group_ids": sorted(group.id for group in eni.group_set),
                                        "description": eni.description, "ip": eni.private_ip_address, "type": eni.interface_type}
                               for eni in sorted(backend.enis.values(), key=lambda one: one.id)},
    }


def _endpoint(backend, one):
    return {"vpc_id": one.vpc_id, "service_name": one.service["name"], "service_region": one.service["region"], "state": one.state,
            "subnet_ids": sorted(one.subnet_ids), "security_group_ids": sorted(one.group_ids), "private_dns_enabled": one.private_dns,
            "ip_address_type": one.ip_address_type, "policy": one.policy, "tags": _tags(backend, one.id)}


def _tags(backend, resource_id):
    return dict(sorted(backend.tags.get(resource_id, {}).items()))


def _entries(acl):
    return sorted(f"{'out' if one.egress in (True, 'true') else 'in'} {one.rule_number} {one.rule_action} {one.cidr_block or one.ipv6_cidr_block} "
                  f"{one.port_range_from}-{one.port_range_to}" for one in acl.network_acl_entries)


def _rules(rules):
    found = [{"protocol": rule.ip_protocol, "from_port": rule.from_port, "to_port": rule.to_port,
              "peer": peer_of(rule), "description": place_of(rule).get("Description")} for rule in rules]
    return sorted(found, key=lambda one: (str(one["protocol"]), one["from_port"] or 0, str(one["peer"])))


def _zone(zone):
    records = {f"{name} {kind}" + (f" {identifier}" if identifier else ""): _record(record)
               for (name, kind, identifier), record in sorted(zone.records.items(), key=str)}
    return {"name": zone.name, "comment": zone.comment, "private": zone.private, "service": zone.service, "tags": dict(sorted(zone.tags.items())),
            "vpcs": [f"{region}/{vpc_id}" for region, vpc_id in sorted(zone.vpcs)],
            "authorizations": [f"{region}/{vpc_id}" for region, vpc_id in sorted(zone.authorizations)], "records": records}


def _record(record):
    if "AliasTarget" in record:
        return {"alias": record["AliasTarget"]["DNSName"], "zone_id": record["AliasTarget"]["HostedZoneId"]}
    return {"ttl": record["TTL"], "values": sorted(one["Value"] for one in record["ResourceRecords"])}
