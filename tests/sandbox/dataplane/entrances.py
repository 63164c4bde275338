# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The endpoints of both clouds as their clients meet them: addresses, who gets through, and which clusters lie behind."""
from __future__ import annotations

import ipaddress
import urllib.parse

from ..aws.landscape import CLIENT_GROUP, VPC
from ..gcp import names as gcp_names

# A cluster in one of these has nothing that answers.
ASLEEP = ("STOPPING", "STOPPED", "CREATING", "DELETING", "FREEZING", "FROZEN", "UNFREEZED", "RESUMING", "ABNORMAL", "RESTORE_BACKUP")
# A port on which nothing listens hangs all the same where the way to it is closed.
PORTS = (19530, 19531, 19532)
# Where an answer goes to.
EPHEMERAL = 50000


class Entrance:
    """One endpoint. connected: its vendor lets traffic in; may(address, port): so does the customer; places: {(project, region)}
    that it is registered for; before: those it ever was registered for."""

    def __init__(self, id, region_id, service, addresses, connected, may):
        self.id, self.region_id, self.service = id, region_id, service
        self.addresses, self.connected, self.may = addresses, connected, may
        self.places, self.before = set(), set()


def entrances(world, seen):
    """All of them. `seen`: {id: places}, kept from call to call."""
    found = list(_aws(world)) + list(_google(world)) if world.gcp is not None else list(_aws(world))
    for one in found:
        one.places = {(row["projectId"], row["regionId"]) for row in world.zilliz.registrations
                      if row["phase"] == "ready" and (row["gcpProjectId"], row["endpointId"]) == one.id}
        one.before = seen.setdefault(one.id, set())
        one.before |= one.places
    return found


def links(zilliz, places, seen):
    """{cluster id: (host, port)} of the private links. A cluster that sleeps keeps its place at the vendor's door, even when its
    address is not shown meanwhile. `seen`: {cluster id: link}, kept from call to call.
    """
    found = {}
    for cluster in zilliz.clusters.values():
        if (cluster["projectId"], cluster["regionId"]) in places:
            if cluster["privateLinkAddress"]:
                seen[cluster["clusterId"]] = host_and_port(cluster["privateLinkAddress"])
            elif cluster["status"] not in ASLEEP:
                continue
            if cluster["clusterId"] in seen:
                found[cluster["clusterId"]] = seen[cluster["clusterId"]]
    return found


def public(zilliz):
    """{cluster id: (host, port)} of the public endpoints that are on."""
    return {one["clusterId"]: host_and_port(one["connectAddress"]) for one in zilliz.clusters.values() if one["publicAddressEnabled"]}


def host_and_port(text):
    parts = urllib.parse.urlsplit(text)
    return parts.hostname, parts.port or 443


# AWS.


def _aws(world):
    if world.aws is None:
        return
    for endpoint in world.aws.endpoints.all.values():
        backend = world.aws.ec2.backend(endpoint.account, endpoint.region)
        enis = [one for one in backend.enis.values() if getattr(one, "endpoint_id", None) == endpoint.id]
        by_address = {address: eni for eni in enis for address in [eni.private_ip_address, *eni.ipv6_addresses]}
        yield Entrance((None, endpoint.id), f"aws-{endpoint.service['region']}", endpoint.service["name"], sorted(by_address),
                       endpoint.state == "available", _aws_may(world, backend, endpoint, by_address))


def aws_addresses(world, endpoint, kind, zone=None):
    """What one of its names answers."""
    backend = world.aws.ec2.backend(endpoint.account, endpoint.region)
    enis = [one for one in backend.enis.values() if getattr(one, "endpoint_id", None) == endpoint.id
            and zone in (None, one.subnet.availability_zone)]
    wanted = endpoint.dns_options.get("DnsRecordIpType", "ipv4")
    if kind == "A":
        return sorted(one.private_ip_address for one in enis) if wanted != "ipv6" else []
    return sorted(address for one in enis for address in one.ipv6_addresses) if kind == "AAAA" and wanted != "ipv4" else []


def client_address(world, cidr):
    """The client of a VPC is a machine in its first subnet."""
    return world.switches["loopback_client"] or str(ipaddress.ip_network(cidr)[256 + 200])


def _aws_may(world, backend, endpoint, by_address):
    client = client_address(world, backend.vpcs[endpoint.vpc_id].cidr_block)
    # The clients of the scenario's main VPC have a group of their own.
    client_group = backend.get_security_group_from_id(CLIENT_GROUP) if endpoint.vpc_id == VPC else None

    def may(address, port):
        eni = by_address[address]
        # Of IPv6 the client has an address in the same block, which no rule of this scenario parts from the endpoint's.
        source = client if ":" not in address else address
        groups = list(eni.group_set)
        into = any(_lets(rule, port, source, [CLIENT_GROUP] if client_group else []) for group in groups for rule in group.ingress_rules)
        out = client_group is None or any(_lets(rule, port, address, [one.id for one in groups]) for rule in client_group.egress_rules)
        return into and out and _acl(backend, eni.subnet.id, port, source)

    return may


def _lets(rule, port, address, groups):
    if str(rule.ip_protocol) not in ("tcp", "6", "-1"):
        return False
    if str(rule.ip_protocol) != "-1" and not int(rule.from_port) <= port <= int(rule.to_port):
        return False
    cidr = rule.ip_range.get("CidrIpv6" if ":" in address else "CidrIp")
    return _inside(address, cidr) if cidr else rule.source_group.get("GroupId") in groups


def _acl(backend, subnet_id, port, client):
    """The network ACL of the endpoint's subnet, both ways: it forgets what it let in."""
    if ":" in client:
        # moto's ACLs have no line for IPv6, which AWS adds by itself.
        return True
    for acl in backend.network_acls.values():
        if any(one.subnet_id == subnet_id for one in acl.associations):
            return _passes(acl, False, port, client) and _passes(acl, True, EPHEMERAL, client)
    return True


def _passes(acl, egress, port, client):
    for entry in sorted(acl.network_acl_entries, key=lambda one: int(one.rule_number)):
        if _true(entry.egress) != egress or not entry.cidr_block or not _inside(client, entry.cidr_block) or str(entry.protocol) not in ("-1", "6", "tcp"):
            continue
        if str(entry.protocol) == "-1" or entry.port_range_from is None or int(entry.port_range_from) <= port <= int(entry.port_range_to):
            return entry.rule_action == "allow"
    return False


def _true(value):
    return str(value).lower() == "true"


# Google.


def _google(world):
    compute = world.gcp.compute
    for (project, region, name), rule in compute.rules.all.items():
        if rule.get("pscConnectionStatus") and rule.get("IPAddress"):
            yield Entrance((project, name), f"gcp-{region}", rule["target"], [rule["IPAddress"]], rule["pscConnectionStatus"] == "ACCEPTED",
                           lambda address, port, network=rule["network"]: _egress(world, network, address, port))


def _egress(world, network, address, port):
    """The firewalls on the client's way out, in their order; what none of them decides is allowed."""
    policies = world.gcp.policies.firewalls.get(network, [])
    parts: list = [lambda one=one: _policy(world, one, address, port) for one in policies if one["type"] != "HIERARCHY"]
    key = world.gcp.compute.networks.parse(network)
    order = world.gcp.compute.networks.all[key]["networkFirewallPolicyEnforcementOrder"]
    parts.insert(len(parts) if order == "BEFORE_CLASSIC_FIREWALL" else 0, lambda: _rules(world, network, address, port))
    parts = [lambda one=one: _policy(world, one, address, port) for one in policies if one["type"] == "HIERARCHY"] + parts
    return next((found for found in (part() for part in parts) if found is not None), True)


def _policy(world, policy, address, port):
    for rule in sorted(policy["rules"], key=lambda one: one["priority"]):
        match = rule["match"]
        if rule["direction"] == "EGRESS" and not rule["disabled"] and _targets(world, rule) \
                and any(_inside(address, one) for one in match.get("destIpRanges", [])) \
                and any(_covers({"IPProtocol": one["ipProtocol"], "ports": one.get("ports", [])}, port) for one in match["layer4Configs"]):
            return {"allow": True, "deny": False}.get(rule["action"])
    return None


def _rules(world, network, address, port):
    """The network's own rules; a denial wins among equals."""
    project = gcp_names.parse(network, "networks")[0]
    rules = [one for one in world.gcp.compute.firewalls.all.values() if one["network"] == network and one["direction"] == "EGRESS"
             and not one["disabled"] and one["selfLink"].startswith(f"{gcp_names.ROOT}projects/{project}/")]
    for rule in sorted(rules, key=lambda one: (one["priority"], "denied" not in one)):
        what = rule.get("denied") or rule.get("allowed")
        if any(_inside(address, one) for one in rule.get("destinationRanges", [])) and _targets(world, rule) \
                and any(_covers(one, port) for one in what):
            return "allowed" in rule
    return None


def _targets(world, rule):
    tags, accounts = rule.get("targetTags"), rule.get("targetServiceAccounts")
    client = world.switches["loopback_client_tags"]
    return not tags and not accounts or bool(set(tags or accounts or []) & set(client))


def _covers(one, port):
    if one["IPProtocol"] not in ("tcp", "6", "all"):
        return False
    for text in one.get("ports", []) or ["0-65535"]:
        first, _dash, last = text.partition("-")
        if int(first) <= port <= int(last or first):
            return True
    return False


def _inside(address, cidr):
    network = ipaddress.ip_network(cidr, strict=False)
    address = ipaddress.ip_address(address)
    return address.version == network.version and address in network
