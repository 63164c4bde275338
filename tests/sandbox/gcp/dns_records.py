# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Record sets of Cloud DNS: read, and changed all or nothing."""
from __future__ import annotations

import copy
import datetime
import ipaddress

from .dns_names import fully_qualified, inside, order
from .protocol import GoogleError

TYPES = ("A", "AAAA", "CAA", "CNAME", "DNSKEY", "DS", "HTTPS", "IPSECKEY", "MX", "NAPTR", "NS", "PTR", "SOA", "SPF", "SRV", "SSHFP", "SVCB",
         "TLSA", "TXT")


class Records:
    def __init__(self, dns):
        self.dns = dns
        self.world = dns.world
        self.operations = {
            "dns.resourceRecordSets.list": self.list, "dns.resourceRecordSets.get": self.get,
            "dns.resourceRecordSets.create": self.create, "dns.resourceRecordSets.patch": self.patch,
            "dns.resourceRecordSets.delete": self.delete,
            "dns.changes.create": self.change, "dns.changes.get": self.get_change, "dns.changes.list": self.list_changes}

    # Read.

    def list(self, call):
        zone, asked = self.dns.zone(call), call.query
        if asked.get("type") and not asked.get("name"):
            raise GoogleError(400, "required", "The 'parameters.name' parameter is required but was missing.")
        rows = [show(key, record) for key, record in sorted(zone.records.items(), key=lambda one: (order(one[0][0]), one[0][1]))
                if asked.get("name", key[0]).lower() == key[0] and asked.get("type", key[1]) == key[1]]
        if asked.get("type") == "SOA" and self.dns.rivals < self.dns.switch("gcp_dns_rivals"):
            self.dns.rivals += 1
            zone.records = {**zone.records, zone.soa: bumped(zone.records[zone.soa])}
        return self.dns.page(call, "dns#resourceRecordSetsListResponse", "rrsets", rows)

    def get(self, call):
        zone, key = self._addressed(call)
        return show(key, zone.records[key])

    def _addressed(self, call):
        zone, key = self.dns.zone(call), (call.params["name"].lower(), call.params["type"])
        if key not in zone.records:
            raise GoogleError(404, "notFound", f"The 'parameters.name' resource named '{key[0]} ({key[1]})' does not exist.")
        return zone, key

    # One record set at a time: the same rules as a change of one.

    def create(self, call):
        zone = self.dns.zone(call)
        key = self._apply(zone, [], [call.body], "entity.rrset")
        return show(key, zone.records[key])

    def patch(self, call):
        zone, key = self._addressed(call)
        before = show(key, zone.records[key])
        for name in ("name", "type"):
            if call.body.get(name) not in (None, before[name]):
                raise GoogleError(400, "invalid", f"Invalid value for 'entity.rrset.{name}': '{call.body[name]}'")
        self._apply(zone, [before], [{**before, **call.body}], "entity.rrset")
        return show(key, zone.records[key])

    def delete(self, call):
        zone, key = self._addressed(call)
        self._apply(zone, [show(key, zone.records[key])], [], "entity.rrset")
        return {}

    # Changes.

    def change(self, call):
        zone = self.dns.zone(call)
        deletions, additions = call.body.get("deletions") or [], call.body.get("additions") or []
        if not deletions and not additions:
            raise GoogleError(400, "required", "The 'entity.change' parameter is required but was missing.")
        self._apply(zone, deletions, additions, "entity.change")
        return self._show_change(zone.changes[-1])

    def get_change(self, call):
        zone = self.dns.zone(call)
        for change in zone.changes:
            if change["id"] == call.params["changeId"]:
                return self._show_change(change)
        raise GoogleError(404, "notFound", f"The 'parameters.changeId' resource named '{call.params['changeId']}' does not exist.")

    def list_changes(self, call):
        zone = self.dns.zone(call)
        if call.query.get("sortOrder", "descending") not in ("ascending", "descending"):
            raise GoogleError(400, "invalid", f"Invalid value for 'parameters.sortOrder': '{call.query['sortOrder']}'")
        rows = [self._show_change(change) for change in zone.changes]
        return self.dns.page(call, "dns#changesListResponse", "changes",
                             rows if call.query.get("sortOrder") == "ascending" else rows[::-1])

    def _show_change(self, change):
        done = self.world.clock.now() >= change["done"]
        return {"kind": "dns#change", "id": change["id"], "startTime": change["start"], "status": "done" if done else "pending",
                "isServing": False, **{side: copy.deepcopy(change[side]) for side in ("additions", "deletions") if change[side]}}

    def _apply(self, zone, deletions, additions, entity):
        """All of it or nothing. The key of the last addition."""
        self._check_sizes(zone, deletions, additions)
        records, at = dict(zone.records), f"{entity}.deletions[{{}}]" if entity == "entity.change" else "parameters.name"
        for n, one in enumerate(deletions):
            self._take(records, one, at.format(n))
        key, at = None, f"{entity}.additions[{{}}]" if entity == "entity.change" else entity
        for n, one in enumerate(additions):
            key = self._put(zone, records, one, at.format(n))
        self._check_apex(zone, records, additions, at)
        if len(records) > self.dns.switch("gcp_dns_records_quota"):
            raise GoogleError(403, "quotaExceeded", "The change would exceed quota for resource record sets per managed zone.")
        if records.get(zone.soa) == zone.records.get(zone.soa) and self.dns.switch("gcp_dns_soa_bumps"):
            records[zone.soa] = bumped(records[zone.soa])
        zone.records = records
        self.began(zone, [show(_key(one), _record(one)) for one in deletions], [show(_key(one), _record(one)) for one in additions])
        return key

    def began(self, zone, deletions, additions):
        """The change is written down; the name servers know of it later."""
        now = self.world.clock.now()
        done = now + self.dns.switch("gcp_dns_change_seconds")
        zone.changes.append({"id": str(len(zone.changes)), "start": stamp(now), "done": done, "deletions": deletions, "additions": additions})
        serving, drifts = dict(zone.records), zone.drifts
        # What somebody else did meanwhile is served already, with this in it.
        self.world.at(done, lambda: setattr(zone, "serving", serving) if zone.drifts == drifts else None)

    def _check_sizes(self, zone, deletions, additions):
        for what, given, name in (("additions", additions, "gcp_dns_additions_quota"), ("deletions", deletions, "gcp_dns_deletions_quota")):
            if len(given) > self.dns.switch(name):
                raise GoogleError(403, "quotaExceeded", f"The change would exceed quota for {what} per change.")

    @staticmethod
    def _take(records, one, at):
        key = _key(one, at)
        if key not in records:
            raise GoogleError(404, "notFound", f"The '{at}' resource named '{key[0]} ({key[1]})' does not exist.")
        if not _same(_record(one), records[key]):
            raise GoogleError(412, "conditionNotMet", f"Precondition not met for '{at}'")
        del records[key]

    def _put(self, zone, records, one, at):
        key = _key(one, at)
        if not inside(key[0], zone.dns_name):
            raise GoogleError(400, "invalid", f"Invalid value for '{at}.name': '{one['name']}'")
        record = _record(one)
        self._check(key, record, one, at)
        if key in records:
            raise GoogleError(409, "alreadyExists", f"The resource '{at}' named '{key[0]} ({key[1]})' already exists")
        records[key] = record
        return key

    def _check(self, key, record, one, at):
        ttl, values = one.get("ttl"), record["rrdatas"]
        if ttl is None:
            raise GoogleError(400, "required", f"The '{at}.ttl' parameter is required but was missing.")
        if ttl < 0:
            raise GoogleError(400, "invalid", f"Invalid value for '{at}.ttl': '{ttl}'")
        if record["routingPolicy"] and not values:
            return
        if not values or record["routingPolicy"]:
            raise GoogleError(400, "required", f"Either '{at}.rrdatas' or '{at}.routingPolicy' must be given, and not both.")
        if len(values) > self.dns.switch("gcp_dns_values_quota"):
            raise GoogleError(403, "quotaExceeded", "The change would exceed quota for resource records per resource record set.")
        for n, value in enumerate(values):
            if not _valid(key[1], value) or value in values[:n] or (n and key[1] in ("CNAME", "SOA")):
                raise GoogleError(400, "invalid", f"Invalid value for '{at}.rrdatas[{n}]': '{value}'")

    @staticmethod
    def _check_apex(zone, records, additions, at):
        names = [key[0] for key in records]
        for n, one in enumerate(additions):
            if _key(one) == (zone.dns_name, "CNAME"):
                raise GoogleError(400, "invalidZoneApex", f"The resource record set '{at.format(n)}' is invalid because the zone apex may not be "
                                  "a CNAME.")
        for n, one in enumerate(additions):
            name, kind = _key(one)
            if names.count(name) > 1 and (name, "CNAME") in records:
                raise GoogleError(400, "cnameResourceRecordSetConflict", f"The resource record set '{at.format(n)}' is invalid because the DNS name "
                                  f"'{name}' may have either one CNAME resource record set or resource record sets of other types, but not both.")
            if kind == "SOA" and name != zone.dns_name:
                raise GoogleError(400, "invalid", f"Invalid value for '{at.format(n)}.type': 'SOA'")
        for kind in ("SOA", "NS"):
            if (zone.dns_name, kind) not in records:
                raise GoogleError(400, "invalidZoneApex", f"The change is invalid because the zone apex must have a {kind} resource record set.")
        if records[zone.dns_name, "NS"] != zone.records[zone.dns_name, "NS"]:
            raise GoogleError(400, "readOnlyResourceRecordSet", f"The resource record set '{zone.dns_name} (NS)' cannot be changed.")


def _key(one, at=None):
    name, kind = one.get("name"), one.get("type")
    for field, value in (("name", name), ("type", kind)):
        if at and not value:
            raise GoogleError(400, "required", f"The '{at}.{field}' parameter is required but was missing.")
    if at and not fully_qualified(name):
        raise GoogleError(400, "invalid", f"Invalid value for '{at}.name': '{name}'")
    if at and kind not in TYPES:
        raise GoogleError(400, "invalid", f"Invalid value for '{at}.type': '{kind}'")
    return name.lower(), kind


def _record(one):
    return {"ttl": one.get("ttl"), "rrdatas": list(one.get("rrdatas") or []), "routingPolicy": copy.deepcopy(one.get("routingPolicy"))}


def _same(one, other):
    return {**one, "rrdatas": sorted(one["rrdatas"])} == {**other, "rrdatas": sorted(other["rrdatas"])}


def _valid(kind, value):
    if kind in ("A", "AAAA"):
        try:
            return ipaddress.ip_address(value).version == (4 if kind == "A" else 6)
        except ValueError:
            return False
    if kind in ("CNAME", "NS", "PTR"):
        return fully_qualified(value)
    if kind == "SOA":
        parts = value.split(" ")
        return len(parts) == 7 and all(part.isdigit() and int(part) < 2**32 for part in parts[2:])
    return bool(value)


def show(key, record):
    shown = {"kind": "dns#resourceRecordSet", "name": key[0], "type": key[1], "ttl": record["ttl"]}
    if record["routingPolicy"]:
        return {**shown, "routingPolicy": copy.deepcopy(record["routingPolicy"])}
    return {**shown, "rrdatas": list(record["rrdatas"]), "signatureRrdatas": []}


def bumped(soa):
    parts = soa["rrdatas"][0].split(" ")
    return {**soa, "rrdatas": [" ".join([*parts[:2], str(int(parts[2]) + 1), *parts[3:]])]}


def stamp(now):
    return datetime.datetime.fromtimestamp(now, datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
