# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All that a customer can create and remove, in a form that compares with ==: sorted, without times and numbers of Google's."""
from __future__ import annotations

from . import landscape


def state_of(gcp, residue=False):  # pylint: disable=unused-argument
    """Google keeps nothing that a customer could not remove."""
    return {"projects": {project: _project(gcp, project) for project in sorted(landscape.PROJECTS)}}


def _project(gcp, project):
    compute = gcp.compute
    regions = sorted({region for collection in (compute.subnetworks, compute.addresses, compute.rules)
                      for owner, region, _name in collection.all if owner == project})
    return {
        "networks": {one["name"]: {"auto": one["autoCreateSubnetworks"]} for one in _of(compute.networks, project, "global")},
        "firewalls": {one["name"]: _firewall(one) for one in _of(compute.firewalls, project, "global")},
        "regions": {region: {
            "subnetworks": {one["name"]: {"network": one["network"], "range": one["ipCidrRange"]} for one in _of(compute.subnetworks, project, region)},
            "addresses": {one["name"]: _address(one) for one in _of(compute.addresses, project, region)},
            "forwarding_rules": {one["name"]: _rule(one) for one in _of(compute.rules, project, region)}} for region in regions},
        "zones": {zone.name: _zone(zone) for zone in gcp.dns.of(project)},
    }


def _of(collection, project, scope):
    return sorted((one for key, one in collection.all.items() if key[:2] == (project, scope)), key=lambda one: one["name"])


def _labels(one):
    return dict(sorted(one.get("labels", {}).items()))


def _firewall(one):
    return {"network": one["network"], "direction": one["direction"], "priority": one["priority"], "disabled": one["disabled"],
            "description": one.get("description", ""), "logging": bool(one.get("logConfig", {}).get("enable")),
            **{name: _protocols(one.get(name, [])) for name in ("allowed", "denied")},
            **{name: sorted(one.get(name, [])) for name in (
                "destinationRanges", "sourceRanges", "sourceTags", "sourceServiceAccounts", "targetTags", "targetServiceAccounts")}}


def _protocols(rows):
    return sorted(({"protocol": one["IPProtocol"], "ports": sorted(one.get("ports", []))} for one in rows), key=str)


def _address(one):
    return {"address": one.get("address"), "status": one["status"], "subnetwork": one.get("subnetwork"), "purpose": one.get("purpose"),
            "address_type": one["addressType"], "description": one.get("description", ""), "labels": _labels(one),
            "users": sorted(user.rpartition("/")[2] for user in one.get("users", []))}


def _rule(one):
    return {"target": one.get("target"), "network": one["network"], "address": one.get("IPAddress"), "status": one.get("pscConnectionStatus"),
            "global_access": one.get("allowPscGlobalAccess"), "namespace": one.get("serviceDirectoryRegistrations", [{}])[0].get("namespace"),
            "description": one.get("description", ""), "labels": _labels(one)}


def _zone(zone):
    """Without NS and SOA, which come with the zone and count its changes."""
    records = {f"{name} {kind}": {"ttl": record["ttl"], "values": sorted(record["rrdatas"]),
                                  **({"policy": record["routingPolicy"]} if record["routingPolicy"] else {})}
               for (name, kind), record in sorted(zone.records.items()) if (name, kind) not in (zone.soa, (zone.dns_name, "NS"))}
    return {"dns_name": zone.dns_name, "description": zone.description, "visibility": zone.visibility, "labels": dict(sorted(zone.labels.items())),
            "networks": sorted(zone.networks), "records": records, "configs": dict(sorted(zone.configs.items()))}
