# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which permissions Google wants for a call, from the API references ("IAM permissions") and Cloud DNS's page of roles and permissions.

What no document answers goes the worse way: marked "open" below. A role that passes here passes there.
"""
from __future__ import annotations

from . import names
from .auth import forbidden, permission_of
from .protocol import GoogleError

# Cloud DNS calls a method as its permission, but for these.
DNS = {"dns.managedZones.patch": "dns.managedZones.update"}
# Open: whether the general permission is wanted beside the one for internal addresses. Roles in the wild have either or both.
INTERNAL = {
    "compute.addresses.insert": ("compute.addresses.create", "compute.addresses.createInternal"),
    "compute.addresses.delete": ("compute.addresses.delete", "compute.addresses.deleteInternal"),
}
# A rule to a service attachment. Every endpoint is registered in Service Directory. Open: whether it needs more than its editor's
# right to make and remove the service, and the namespace that is not there yet.
ENDPOINT = {
    "compute.forwardingRules.insert": ("compute.forwardingRules.create", "compute.forwardingRules.pscCreate",
                                       "compute.addresses.use", "compute.addresses.useInternal",
                                       "servicedirectory.namespaces.create", "servicedirectory.services.create"),
    "compute.forwardingRules.delete": ("compute.forwardingRules.delete", "compute.forwardingRules.pscDelete", "servicedirectory.services.delete"),
    # A patch reads what it changes.
    "compute.forwardingRules.patch": ("compute.forwardingRules.get", "compute.forwardingRules.update", "compute.forwardingRules.pscUpdate"),
    "compute.forwardingRules.setLabels": ("compute.forwardingRules.setLabels", "compute.forwardingRules.pscSetLabels"),
}
FIREWALLS = ("insert", "delete", "patch", "update")


def needs(call, gcp):
    """[(permission, project, path of the resource)], the call's own first."""
    operation = call.operation
    if operation == "unknown" or not call.project:
        return []
    own = operation.rsplit(".", 1)[-1]
    if operation.startswith("dns."):
        return _dns(call, gcp)
    path = call.path.partition("/compute/v1/")[2]
    if own == "insert":
        path = f"{path}/{call.body.get('name', '') if isinstance(call.body, dict) else ''}"
    elif own == "list":
        path = f"projects/{call.project}"
    wanted = INTERNAL.get(operation) or (ENDPOINT.get(operation) if _is_endpoint(call, gcp) else None)
    if operation == "compute.firewalls.patch":
        wanted = ("compute.firewalls.get", "compute.firewalls.update")
    found = [(one, call.project, path) for one in wanted or (permission_of(operation),)]
    return found + list(_elsewhere(call, gcp, own))


def _is_endpoint(call, gcp):
    if call.operation == "compute.forwardingRules.insert":
        return "/serviceAttachments/" in str(call.body.get("target"))
    rule = gcp.compute.rules.all.get(gcp.compute.rules.key(call)) or {}
    return "target" in rule


def _elsewhere(call, gcp, own):
    """What the call uses of networks, which may be another project's."""
    if call.operation == "compute.addresses.insert":
        yield from _used("compute.subnetworks.use", call.body.get("subnetwork"), "subnetworks", call)
    elif call.operation == "compute.forwardingRules.insert":
        yield from _used("compute.networks.use", call.body.get("network"), "networks", call)
    elif call.operation.startswith("compute.firewalls.") and own in FIREWALLS:
        rule = gcp.compute.firewalls.all.get(gcp.compute.firewalls.key(call)) if own != "insert" else None
        yield from _used("compute.networks.updatePolicy", (rule or call.body).get("network"), "networks", call)
    if call.operation in ("compute.addresses.insert", "compute.forwardingRules.insert") and call.body.get("labels"):
        yield f"{call.operation.rpartition('.')[0]}.setLabels", call.project, f"projects/{call.project}"


def _used(permission, text, collection, call):
    key = names.parse(text, collection, call.project) if isinstance(text, str) else None
    if key:
        yield permission, key[0], names.path(key[0], key[1], collection, key[2])


def _dns(call, gcp):
    here = call.project, f"projects/{call.project}"
    found = [(DNS.get(call.operation, call.operation), *here)]
    if call.operation == "dns.changes.create":
        keys = [{(one.get("name"), one.get("type")) for one in call.body.get(side) or [] if isinstance(one, dict)}
                for side in ("additions", "deletions")]
        # Open: an update by deletion and addition may be judged as both.
        words = ["create"] * bool(keys[0]) + ["delete"] * bool(keys[1]) + ["update"] * bool(keys[0] & keys[1])
        found += [(f"dns.resourceRecordSets.{word}", *here) for word in words]
    elif call.operation.startswith("dns.managedZones.") and isinstance(call.body, dict):
        zone = gcp.dns.zones.get((call.project, call.params.get("managedZone")))
        for one in (call.body.get("privateVisibilityConfig") or {}).get("networks") or []:
            # A network that the zone has already is not bound again.
            if not zone or one.get("networkUrl") not in zone.networks:
                found += _used("dns.networks.bindPrivateDNSZone", one.get("networkUrl"), "networks", call)
    return found


def refuse(call, allowed):
    """GoogleError for the first permission that is not in the list; an entry may be for one project: my-project/dns.changes.create."""
    if not allowed:
        return
    for permission, project, path in call.needs:
        if permission not in allowed and f"{project}/{permission}" not in allowed:
            # Cloud DNS says no more than that.
            raise GoogleError(403, "forbidden", "Forbidden") if call.operation.startswith("dns.") else forbidden(permission, path)
