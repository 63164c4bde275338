# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""VPC firewall rules."""
from __future__ import annotations

import ipaddress
import re

from . import names
from .protocol import GoogleError
from .store import Collection

PROTOCOLS = ("tcp", "udp", "icmp", "esp", "ah", "sctp", "ipip", "all")
SIDES = {"INGRESS": ("sourceRanges", "sourceTags", "sourceServiceAccounts"), "EGRESS": ("destinationRanges",)}


class Firewalls(Collection):
    kind, collection, parameter = "firewall", "firewalls", "firewall"

    def count(self, project):
        return sum(key[0] == project for key in self.all)

    def insert(self, call):
        key = self.free_name(call)
        wanted = self._checked(call, call.body)
        self.quota(call, "FIREWALLS", self.gcp.switch("gcp_firewalls_quota"), self.count(key[0]), "globally")
        made = self.all[key] = self.new(key, wanted)
        return self.changed(call, key, lambda: self.touch(made), lambda: self.all.pop(key, None))

    def patch(self, call):
        key = self.key(call)
        rule = self.find(key)
        merged = {name: value for name, value in rule.items() if name not in ("kind", "id", "creationTimestamp", "selfLink")}
        for name, value in call.body.items():
            if name not in ("kind", "id", "creationTimestamp", "selfLink"):
                merged[name] = value
        return self._replace(call, key, {name: value for name, value in merged.items() if value is not None})

    def update(self, call):
        return self._replace(call, self.key(call), call.body)

    def _replace(self, call, key, body):
        rule = self.ready(key)
        if body.get("name", key[2]) != key[2]:
            raise _invalid("name", body["name"], "The name of a firewall cannot be changed.")
        wanted = self._checked(call, body)
        if wanted["network"] != rule["network"]:
            raise _invalid("network", body["network"], "The network of a firewall cannot be changed.")
        if wanted["direction"] != rule["direction"]:
            raise _invalid("direction", wanted["direction"], "Changing the direction of a firewall is not supported.")
        kept = {name: rule[name] for name in ("kind", "id", "creationTimestamp", "selfLink")}

        def finish():
            rule.clear()
            rule.update({**kept, **wanted, "name": key[2]})

        return self.changed(call, key, finish)

    def _checked(self, call, body):
        """The rule as Google stores it."""
        direction = body.get("direction") or "INGRESS"
        network = self.gcp.compute.networks.usable(call, body.get("network") or "global/networks/default", "resource.network",
                                                   "compute.networks.updatePolicy")
        if network[0] != call.project:
            raise _invalid("network", body["network"], "Cross project referencing is not allowed for this resource.")
        wanted = {"name": body.get("name"), "network": names.network_url(network[0], network[2]), "direction": direction,
                  "priority": body.get("priority", 1000), "disabled": body.get("disabled", False),
                  "description": body.get("description", ""), "logConfig": body.get("logConfig") or {"enable": False}}
        if not wanted["description"]:
            del wanted["description"]
        if not 0 <= wanted["priority"] <= 65535:
            raise _invalid("priority", wanted["priority"], "Must be between 0 and 65535, inclusive.")
        if bool(body.get("allowed")) == bool(body.get("denied")):
            raise _invalid("allowed", "", "Exactly one of allowed and denied must be specified.")
        what = "allowed" if body.get("allowed") else "denied"
        wanted[what] = [_protocol(one, what) for one in body[what]]
        self._sides(body, direction, wanted)
        return wanted

    def _sides(self, body, direction, wanted):
        for other, fields in SIDES.items():
            for field in fields:
                if other != direction and body.get(field):
                    raise _invalid(field, body[field], f"{field} cannot be specified for {direction} firewall rules.")
        for field in (*SIDES[direction], "targetTags", "targetServiceAccounts"):
            if body.get(field):
                wanted[field] = list(body[field])
        if body.get("targetTags") and body.get("targetServiceAccounts"):
            raise _invalid("targetTags", body["targetTags"], "Target tags and target service accounts cannot be specified together.")
        if not any(wanted.get(field) for field in SIDES[direction]):
            # "If no sources (destinations) are specified" a rule is for all of them.
            wanted[SIDES[direction][0]] = ["0.0.0.0/0"]
        for field in ("sourceRanges", "destinationRanges"):
            wanted.update({field: [_range(one, field) for one in wanted[field]]} if field in wanted else {})
        for tag in wanted.get("targetTags", []) + wanted.get("sourceTags", []):
            if not re.fullmatch(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?", tag):
                raise _invalid("targetTags", tag, "Must be a match of regex '(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)'")


def _protocol(one, what):
    protocol = str(one.get("IPProtocol", "")).lower()
    if protocol not in PROTOCOLS and not (protocol.isdigit() and int(protocol) <= 255):
        raise _invalid(f"{what}[0].IPProtocol", protocol, "Unknown protocol.")
    ports = one.get("ports") or []
    if ports and protocol not in ("tcp", "udp", "sctp", "6", "17", "132"):
        raise _invalid(f"{what}[0].ports", ports[0], f"Ports may not be specified for the protocol {protocol}.")
    for port in ports:
        first, _dash, last = str(port).partition("-")
        if not all(end.isdigit() and int(end) <= 65535 for end in (first, last or first)) or int(first) > int(last or first):
            raise _invalid(f"{what}[0].ports[0]", port, "Ports must be an integer or a range of them between 0 and 65535.")
    return {"IPProtocol": protocol, **({"ports": [str(port) for port in ports]} if ports else {})}


def _range(text, field):
    try:
        found = ipaddress.ip_network(text)
    except ValueError:
        raise _invalid(field, text, "Must be a valid IP address range in CIDR notation.") from None
    return str(found)


def _invalid(field, value, why):
    return GoogleError(400, "invalid", f"Invalid value for field 'resource.{field}': '{value}'. {why}")
