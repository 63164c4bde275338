# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cloud DNS: managed zones, their networks and changes, and what a network answers to a name."""
from __future__ import annotations

import base64
import copy
import hashlib
import re

from . import landscape, names
from .dns_names import fully_qualified, inside
from .dns_records import Records, stamp
from .protocol import GoogleError

SWITCHES = {
    "gcp_dns_change_seconds": (20, "From a change of records until it is done and the name servers answer with it."),
    "gcp_propagation": (30, "From binding or releasing a network of a private zone until that network answers accordingly."),
    "gcp_dns_soa_bumps": (True, "A change that leaves the SOA record alone raises its serial, so that others' changes of the SOA fail."),
    "gcp_dns_rivals": (0, "So many times somebody else changes a zone right after its SOA record was read, as a parallel task would."),
    "gcp_dns_labels_merge": (True, "Patching a zone's labels adds and changes; only null removes. Else the whole set is replaced."),
    "gcp_dns_page": (100, "Items on a page of a DNS list, and the most that maxResults can ask for."),
    "gcp_dns_zone_quota": (500, "Managed zones per project."),
    "gcp_dns_zone_networks_quota": (100, "Networks per managed zone."),
    "gcp_dns_network_zones_quota": (500, "Managed zones per network."),
    "gcp_dns_additions_quota": (100, "Record sets added by one change."),
    "gcp_dns_deletions_quota": (100, "Record sets deleted by one change."),
    "gcp_dns_records_quota": (10000, "Record sets per managed zone."),
    "gcp_dns_values_quota": (100, "Values per record set."),
}
CONFIGS = ("forwardingConfig", "peeringConfig", "reverseLookupConfig", "serviceDirectoryConfig", "dnssecConfig", "nameServerSet")
SERVERS = {"private": ["ns-gcp-private.googledomains.com."], "public": [f"ns-cloud-b{n}.googledomains.com." for n in range(1, 5)]}
# Lower-case letters of any language, digits, _ and -.
LABEL_KEY, LABEL_VALUE = r"[^\W\dA-Z_](?:[^\WA-Z]|-){0,62}", r"(?:[^\WA-Z]|-){0,63}"


class Zone:
    def __init__(self, project, name, dns_name, visibility, number, created):
        self.project = project
        self.name = name
        self.dns_name = dns_name
        self.visibility = visibility
        self.id = str(number)
        self.created = created
        self.description = ""
        self.labels = {}
        self.networks = []
        self.configs = {}
        self.logging = False
        self.changes = []
        self.operations = []
        servers = SERVERS[visibility]
        # (name, type) -> {ttl, rrdatas, routingPolicy}
        self.records: dict = {
            (dns_name, "NS"): {"ttl": 21600, "rrdatas": list(servers), "routingPolicy": None},
            self.soa: {"ttl": 21600, "rrdatas": [f"{servers[0]} cloud-dns-hostmaster.google.com. 1 21600 3600 259200 300"],
                       "routingPolicy": None},
        }
        # What the name servers know, and the networks that ask them: both lag behind.
        self.serving = dict(self.records)
        self.answering = []
        self.drifts = 0

    @property
    def soa(self):
        return self.dns_name, "SOA"

    @property
    def empty(self):
        return set(self.records) == {(self.dns_name, "NS"), self.soa}

    def show(self):
        shown = {"kind": "dns#managedZone", "name": self.name, "dnsName": self.dns_name, "description": self.description, "id": self.id,
                 "nameServers": list(SERVERS[self.visibility]), "creationTime": stamp(self.created), "visibility": self.visibility,
                 "cloudLoggingConfig": {"kind": "dns#managedZoneCloudLoggingConfig", **({"enableLogging": True} if self.logging else {})},
                 **copy.deepcopy(self.configs)}
        if self.labels:
            shown["labels"] = dict(self.labels)
        if self.visibility == "private":
            shown["privateVisibilityConfig"] = {"kind": "dns#managedZonePrivateVisibilityConfig", "networks": [
                {"kind": "dns#managedZonePrivateVisibilityConfigNetwork", "networkUrl": one} for one in self.networks]}
        return shown


class Dns:
    SWITCHES = SWITCHES

    def __init__(self, gcp):
        self.gcp = gcp
        self.world = gcp.world
        self.records = Records(self)
        self.reset()
        self.operations = {
            "dns.managedZones.create": self.create, "dns.managedZones.delete": self.delete, "dns.managedZones.get": self.get,
            "dns.managedZones.list": self.list, "dns.managedZones.patch": self.patch, "dns.managedZones.update": self.update,
            "dns.managedZoneOperations.get": self.get_operation, "dns.managedZoneOperations.list": self.list_operations,
            "dns.projects.get": self.get_project, **self.records.operations}

    def reset(self):
        self.zones = {}
        self.made = 0
        self.rivals = 0

    def switch(self, name):
        return self.world.switches.get(name, SWITCHES[name][0])

    # Looked up.

    def zone(self, call):
        """The zone in the path, by its name or its number."""
        wanted = call.params["managedZone"]
        for zone in self.zones.values():
            if zone.project == call.project and wanted in (zone.name, zone.id):
                return zone
        raise GoogleError(404, "notFound", f"The 'parameters.managedZone' resource named '{wanted}' does not exist.")

    def of(self, project):
        return sorted((zone for zone in self.zones.values() if zone.project == project), key=lambda zone: zone.name)

    def on(self, network_url):
        return [zone for zone in self.zones.values() if network_url in zone.networks]

    def resolve(self, network_url, name, kind="A"):
        """What a machine in this network hears: {"zone": the private zone that answers or None, "values": [...]}.

        Only the zone with the longest suffix is asked. Where it has no such name the answer is NXDOMAIN (no values), whatever the
        public DNS knows; without any zone the public DNS answers (values None), which the sandbox does not have.
        """
        asked = name.lower().rstrip(".") + "."
        zones = [zone for zone in self.zones.values() if network_url in zone.answering and inside(asked, zone.dns_name)]
        if not zones:
            return {"zone": None, "values": None}
        zone = max(zones, key=lambda one: len(one.dns_name))
        found = self._answer(zone, asked, kind)
        alias = self._answer(zone, asked, "CNAME") if found is None and kind != "CNAME" else None
        if alias:
            return {"zone": zone.name, "values": self.resolve(network_url, alias["rrdatas"][0], kind)["values"]}
        return {"zone": zone.name, "values": list(found["rrdatas"]) if found else []}

    @staticmethod
    def _answer(zone, name, kind):
        """The record itself, or the wildcard that stands for it: none where the name itself exists."""
        if any(key[0] == name for key in zone.serving):
            return zone.serving.get((name, kind))
        above = name
        while above != zone.dns_name:
            above = above.partition(".")[2]
            if (f"*.{above}", kind) in zone.serving:
                return zone.serving[f"*.{above}", kind]
        return None

    def page(self, call, kind, key, rows):
        """One page of a list."""
        size = min(int(call.query.get("maxResults") or self.switch("gcp_dns_page")), self.switch("gcp_dns_page"))
        if size < 1:
            raise GoogleError(400, "invalid", f"Invalid value for 'parameters.maxResults': '{call.query['maxResults']}'")
        try:
            first = int(base64.b64decode(call.query.get("pageToken") or "MA==", validate=True))
        except ValueError:
            raise GoogleError(400, "invalid", f"Invalid value for 'parameters.pageToken': '{call.query['pageToken']}'") from None
        answer = {"kind": kind, key: rows[first:first + size]}
        if len(rows) > first + size:
            answer["nextPageToken"] = base64.b64encode(str(first + size).encode()).decode()
        return answer

    # Read.

    def get(self, call):
        return self.zone(call).show()

    def list(self, call):
        rows = [zone.show() for zone in self.of(call.project) if call.query.get("dnsName", zone.dns_name).lower() == zone.dns_name]
        return self.page(call, "dns#managedZonesListResponse", "managedZones", rows)

    def get_project(self, call):
        quota = {"managedZones": "zone_quota", "networksPerManagedZone": "zone_networks_quota", "managedZonesPerNetwork": "network_zones_quota",
                 "rrsetAdditionsPerChange": "additions_quota", "rrsetDeletionsPerChange": "deletions_quota",
                 "rrsetsPerManagedZone": "records_quota", "resourceRecordsPerRrset": "values_quota"}
        return {"kind": "dns#project", "id": call.project, "number": landscape.PROJECTS[call.project]["number"],
                "quota": {"kind": "dns#quota", "totalRrdataSizePerChange": 100000,
                          **{name: self.switch(f"gcp_dns_{switch}") for name, switch in quota.items()}}}

    # Written.

    def create(self, call):
        asked = call.body
        for name in ("name", "dnsName", "description"):
            if asked.get(name) is None:
                raise GoogleError(400, "required", f"The 'entity.managedZone.{name}' parameter is required but was missing.")
        if not re.fullmatch(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?", asked["name"]):
            raise _invalid("name", asked["name"])
        if not fully_qualified(asked["dnsName"]) or asked["dnsName"].startswith("*"):
            raise _invalid("dnsName", asked["dnsName"])
        if (call.project, asked["name"]) in self.zones:
            raise GoogleError(409, "alreadyExists", f"The resource 'entity.managedZone' named '{asked['name']}' already exists")
        if len(self.of(call.project)) >= self.switch("gcp_dns_zone_quota"):
            raise GoogleError(403, "quotaExceeded", "The request would exceed quota for managed zones per project.")
        zone = self.new(call.project, asked["name"], asked["dnsName"].lower(), asked.get("visibility", "public"))
        self._set(call, zone, asked)
        self.zones[zone.project, zone.name] = zone
        self._tell(zone, first=True)
        return zone.show()

    def new(self, project, name, dns_name, visibility="private"):
        """A zone that nobody sees yet."""
        self.made += 1
        number = int(hashlib.sha256(f"{project}/{name}/{self.made}".encode()).hexdigest()[:15], 16)
        zone = Zone(project, name, dns_name, visibility, number, self.world.clock.now())
        self.records.began(zone, [], [{"kind": "dns#resourceRecordSet", "name": key[0], "type": key[1], "ttl": one["ttl"],
                                       "rrdatas": list(one["rrdatas"])} for key, one in zone.records.items()])
        return zone

    def delete(self, call):
        zone = self.zone(call)
        if not zone.empty:
            raise GoogleError(400, "containerNotEmpty", f"The resource named '{zone.name}' cannot be deleted because it contains one or more "
                              "'resource records'.")
        self.remove(zone)
        return {}

    def remove(self, zone):
        del self.zones[zone.project, zone.name]

    def patch(self, call):
        asked = dict(call.body)
        if "labels" in asked and self.switch("gcp_dns_labels_merge"):
            merged = {**self.zone(call).labels, **asked["labels"]}
            asked["labels"] = {key: value for key, value in merged.items() if value is not None}
        return self._change(call, asked)

    def update(self, call):
        """The whole zone: what is not given is gone."""
        empty = {"description": "", "labels": {}, **dict.fromkeys(CONFIGS)}
        if self.zone(call).visibility == "private":
            empty["privateVisibilityConfig"] = {}
        return self._change(call, {**empty, **call.body})

    def _change(self, call, asked):
        zone = self.zone(call)
        for name, now in (("name", zone.name), ("dnsName", zone.dns_name), ("visibility", zone.visibility)):
            if asked.get(name, now) != now:
                raise _invalid(name, asked[name])
        changed = copy.deepcopy(zone)
        self._set(call, changed, asked)
        before = zone.show()
        for name in ("description", "labels", "networks", "configs", "logging"):
            setattr(zone, name, getattr(changed, name))
        self._tell(zone)
        return self._operation(call, zone, before)

    def _set(self, call, zone, asked):
        """What a zone has besides its names, checked and taken over."""
        if "description" in asked:
            if len(asked["description"]) > 1024:
                raise _invalid("description", asked["description"])
            zone.description = asked["description"]
        if "labels" in asked:
            zone.labels = _labels(asked["labels"])
        if "privateVisibilityConfig" in asked:
            if zone.visibility != "private":
                raise _invalid("privateVisibilityConfig", "only a private zone can have it")
            zone.networks = self._networks(call, zone, (asked["privateVisibilityConfig"] or {}).get("networks") or [])
        if "cloudLoggingConfig" in asked:
            zone.logging = bool(asked["cloudLoggingConfig"].get("enableLogging"))
        for name in CONFIGS:
            if asked.get(name):
                zone.configs[name] = copy.deepcopy(asked[name])
            elif name in asked:
                zone.configs.pop(name, None)

    def _networks(self, call, zone, given):
        found = []
        for n, one in enumerate(given):
            text, at = one.get("networkUrl"), f"privateVisibilityConfig.networks[{n}].networkUrl"
            if not text:
                raise GoogleError(400, "required", f"The 'entity.managedZone.{at}' parameter is required but was missing.")
            place = names.parse(text, "networks") if text.startswith("https://") else None
            if place is None:
                raise _invalid(at, text)
            url = names.network_url(place[0], place[2])
            if url in found:
                raise _invalid(at, text)
            if url not in zone.networks:
                self._check_network(call, zone, place[0], place[2], at)
            found.append(url)
        if len(found) > self.switch("gcp_dns_zone_networks_quota"):
            raise GoogleError(403, "quotaExceeded", "The request would exceed quota for networks per managed zone.")
        return found

    def _check_network(self, call, zone, project, name, at):
        """A network that a zone is not bound to yet."""
        denied = self.world.faults.take("gcp", "dns.networks.bindPrivateDNSZone", True, only="denied", project=project, name=name,
                                        account=call.account)
        # Binding takes more than using the network, and Google does not say what is missing.
        if denied or (not call.quiet and self.gcp.auth.role(call.account, project) != "owner"):
            raise GoogleError(403, "forbidden", "Forbidden")
        url = names.network_url(project, name)
        if (project, "global", name) not in self.gcp.compute.networks.all:
            raise _invalid(at, url)
        others = [one for one in self.on(url) if one.id != zone.id]
        if any(one.dns_name == zone.dns_name for one in others):
            raise GoogleError(400, "dnsNameInUse", f"The DNS name {zone.dns_name} is already being used on network {url}.")
        if len(others) >= self.switch("gcp_dns_network_zones_quota"):
            raise GoogleError(403, "quotaExceeded", "The request would exceed quota for managed zones per network.")

    def _tell(self, zone, first=False):
        """The networks learn later that they are bound to a zone, or are no more."""
        networks = list(zone.networks)
        seconds = self.switch("gcp_dns_change_seconds" if first else "gcp_propagation")
        self.world.later(seconds, lambda: setattr(zone, "answering", networks))

    # Operations: how a change of a zone itself is going.

    def _operation(self, call, zone, before):
        now = self.world.clock.now()
        name = hashlib.sha256(f"{zone.id}/{call.number}".encode()).hexdigest()
        operation = {"id": f"{name[:8]}-{name[8:12]}-{name[12:16]}-{name[16:20]}-{name[20:32]}", "startTime": stamp(now), "user": call.account,
                     "done": now + self.switch("gcp_dns_change_seconds"), "old": before, "new": zone.show()}
        zone.operations.append(operation)
        return self._show_operation(operation)

    def _show_operation(self, operation):
        return {"kind": "dns#operation", "type": "update", **{name: operation[name] for name in ("id", "startTime", "user")},
                "status": "done" if self.world.clock.now() >= operation["done"] else "pending",
                "zoneContext": {"oldValue": copy.deepcopy(operation["old"]), "newValue": copy.deepcopy(operation["new"])}}

    def get_operation(self, call):
        for operation in self.zone(call).operations:
            if operation["id"] == call.params["operation"]:
                return self._show_operation(operation)
        raise GoogleError(404, "notFound", f"The 'parameters.operation' resource named '{call.params['operation']}' does not exist.")

    def list_operations(self, call):
        rows = [self._show_operation(operation) for operation in self.zone(call).operations]
        return self.page(call, "dns#managedZoneOperationsListResponse", "operations", rows)


def _invalid(field, value):
    return GoogleError(400, "invalid", f"Invalid value for 'entity.managedZone.{field}': '{value}'")


def _labels(given):
    for key, value in given.items():
        if not re.fullmatch(LABEL_KEY, key) or not isinstance(value, str) or not re.fullmatch(LABEL_VALUE, value):
            raise _invalid("labels", f"{key}={value}")
    if len(given) > 64:
        raise _invalid("labels", f"{len(given)} labels")
    return dict(given)
