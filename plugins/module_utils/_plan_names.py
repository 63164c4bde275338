# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The private DNS of a plan, in every cloud: zones, records, what is ours in them. Pure: no I/O, no Ansible."""

from __future__ import annotations

import abc
import re
from typing import Any

from ansible_collections.zilliz.cloud.plugins.module_utils._plan import (
    ALLOCATION,
    COMPOSED_NAMES,
    CREATION,
    GONE,
    Plan,
    capital,
    cluster,
    listed,
    plural,
    some,
)

ADDRESS_TYPES = ("A", "AAAA", "CNAME")
TEXT = "zilliz.cloud private link "
DNS_NAME = r"([a-z0-9_]([-a-z0-9_]{0,61}[a-z0-9])?\.)*[a-z]([-a-z0-9]{0,61}[a-z0-9])?"
MARKED = re.compile(re.escape(TEXT) + r"(\S+/\S+/\S+)")


def marked(text):
    """The link that a comment or description names, or None."""
    found = MARKED.match(text or "")
    return found.group(1) if found else None


def odd_zone(name):
    """What is wrong with the name of a zone: nothing, or one sentence."""
    if len(name) <= 253 and re.fullmatch(DNS_NAME, name):
        return []
    return [f"zone_name is {name}: write a DNS name, such as vectordb.zillizcloud.com."]


def value(record):
    return ", ".join(record["value"])


def difference(now, wanted):
    """What is wrong with a record, in words."""
    if now["value"] != wanted["value"]:
        return f"It leads to {value(now)} instead of the endpoint"
    if now["type"] != wanted["type"]:
        return f"It is {now['type']} instead of {wanted['type']}"
    return f"Its {'TTL' if wanted['ttl'] is not None else 'alias'} is not as wanted"


class NamesPlan(Plan, abc.ABC):
    """A plan with private DNS. The cloud says what a zone and a record of it are."""

    # What the cloud calls a zone, as a resource of steps and in words; its DNS service, its networks, the option for more of them.
    ZONE = ZONE_WORDS = DNS = NETWORK_WORDS = FURTHER = ""

    def __init__(self, wanted, found):
        super().__init__(wanted, found)
        self.text = TEXT + self.mark
        self.zones = []

    # What the cloud says

    @abc.abstractmethod
    def networks(self):
        """The ids of the networks that the zones shall answer in, the link's own first."""

    @abc.abstractmethod
    def place(self, network):
        """A network in words."""

    @abc.abstractmethod
    def holder(self):
        """Whose zones these are, in words."""

    @abc.abstractmethod
    def zone_owner(self, zone):
        """The mark of the link that made a zone, or None."""

    @abc.abstractmethod
    def inherits(self, owner, zone):
        """Whether a zone of another link of this network may be taken over once that link is gone."""

    @abc.abstractmethod
    def stands(self, endpoint):
        """Whether an endpoint is more than a remnant."""

    @abc.abstractmethod
    def leads_to(self, record, endpoint):
        """Whether a record leads to this endpoint."""

    @abc.abstractmethod
    def leads_here(self, record, ours):
        """By its value: to an endpoint of this link, or to one that is gone (`ours`: the zone or the name speaks for it)."""

    @abc.abstractmethod
    def check_networks(self):
        """Refuse networks that the cloud does not know."""

    @abc.abstractmethod
    def make_zone(self, entry):
        """Steps for a zone and the networks that it answers in."""

    @abc.abstractmethod
    def foresee_zone(self, why):
        """Steps for the zone of a link that has no address yet."""

    def zone_id(self, entry):
        """The id of the zone, None where only its creation tells."""
        return entry["zone"]["zone_id"] if entry["zone"] else None

    @abc.abstractmethod
    def record_types(self):
        """The types of the records of each host."""

    @abc.abstractmethod
    def wanted_record(self, host, type_):
        """The record as the cloud keeps it."""

    @abc.abstractmethod
    def reachable(self):
        """Whether the value of the records is known."""

    @abc.abstractmethod
    def beyond(self, by):
        """Whether there is something that upstream cannot write."""

    @abc.abstractmethod
    def batch_zone(self, step):
        """What the batch writes on the zone itself."""

    @abc.abstractmethod
    def batch_record(self, record, state):
        """A record in the words of the batch."""

    # Which zones

    def choose_zones(self):
        """The zones and the hosts that each shall hold. Every refusal comes here, before anything is made."""
        wanted, hosts = self.wanted, {link["host"]: link["cluster_id"] for link in reversed(self.ready())}
        if wanted["dns"] == "none" or not self.knows("zones"):
            return
        self.check_networks()
        if wanted["zone_id"]:
            self.bring_zone(sorted(hosts))
        elif wanted["dns"] == "shared":
            self.choose_zone(wanted["zone_name"], sorted(hosts), None)
        elif "CNAME" in self.record_types():
            self.problem(
                "dns: exact makes each host the top of a zone, where no CNAME can stand: set record_type: alias, or dns: shared "
                "with a zone_name above the hosts."
            )
        else:
            for host, cluster_id in sorted(hosts.items()):
                self.choose_zone(host, [host], cluster_id)
        for entry in self.zones:
            self.check_hosts(entry)
        self.check_quota()

    def bring_zone(self, hosts):
        zone_id = self.wanted["zone_id"]
        zone = next((z for z in self.found["zones"] if z["zone_id"] == zone_id and z["in_account"]), None)
        if not zone or not zone["private"]:
            what = "is public, and a private link needs a private one" if zone else "was not found"
            self.problem(f"{capital(self.ZONE_WORDS)} {zone_id} of {self.holder()} {what}: check zone_id.")
            return
        self.zones = [{"name": zone["name"], "zone": zone, "ours": False, "hosts": hosts, "cluster_id": None}]
        for network in self.networks():
            if network not in zone["networks"]:
                self.note(f"Your zone {zone_id} is not associated with {self.place(network)}: associate it.")

    def choose_zone(self, name, hosts, cluster_id):
        networks = self.networks()
        here = self.place(networks[0])
        namesakes = [z for z in self.found["zones"] if z["name"] == name and z["private"]]
        on_network = [z for z in namesakes if networks[0] in z["networks"]]
        zone: Any = next(iter(on_network + [z for z in namesakes if self.zone_is_ours(z)]), None)
        if zone and not zone["in_account"]:
            self.problem(
                f"{capital(here)} already has a private zone {name} ({zone['zone_id']}) that belongs to {zone['owner']}: have its "
                f"owner take the {here.split()[0]} out of it, or put the records there and set dns: none."
            )
            return
        adopts = self.wanted["adopt"] and zone and not self.zone_owner(zone)
        ours = not zone or adopts or self.zone_is_ours(zone)
        self.zones.append({"name": name, "zone": zone, "ours": ours, "hosts": hosts, "cluster_id": cluster_id})
        if not ours:
            owner = self.zone_owner(zone)
            whose = f"belongs to link {owner}" if owner else "was not made by this link"
            self.note(f"Zone {name} ({zone['zone_id']}) {whose}: the links' records are written there, it is not changed otherwise.")
        for network in networks:
            rivals = [z for z in namesakes if z is not zone and network in z["networks"]]
            if rivals:
                self.problem(
                    f"{capital(self.place(network))} already has another private zone {name} ({rivals[0]['zone_id']}), and takes "
                    f"only one of a name: remove that association, or leave it out of {self.FURTHER}."
                )

    def zone_is_ours(self, zone):
        """A zone of this network whose link is gone is taken over: no endpoint bears its mark or is named in it any more."""
        owner = self.zone_owner(zone)
        # Whose records were not read is none of ours.
        if not zone["in_account"] or zone["records"] is None:
            return False
        if owner == self.mark:
            return True
        if not owner or not self.inherits(owner, zone):
            return False
        others = [e for e in self.found["endpoints"] if self.stands(e) and not self.ours(e)]
        return not any(self.owner(e) == owner or any(self.leads_to(r, e) for r in zone["records"]) for e in others)

    def check_hosts(self, entry):
        outside = [h for h in entry["hosts"] if h != entry["name"] and not h.endswith("." + entry["name"])]
        if outside:
            self.problem(
                f"Not under zone {entry['name']}: {some(outside)}; choose a zone that holds them, or leave it out and set "
                "dns: exact."
            )
        if "CNAME" in self.record_types() and entry["name"] in entry["hosts"]:
            self.problem(
                f"A CNAME cannot stand at the top of its zone {entry['name']}: set record_type: alias, or dns: shared with "
                "a zone_name above it."
            )
        zone = entry["zone"]
        if zone and zone.get("leads_away"):
            self.problem(
                f"Zone {entry['name']} ({zone['zone_id']}) forwards or peers, so it can hold no records: put them where it leads to "
                "and set dns: none, or remove it."
            )
        if not zone or entry["ours"] or self.wanted["adopt"]:
            return
        for host in entry["hosts"]:
            for record in zone["records"] or []:
                if record["name"] == host and record["type"] in ADDRESS_TYPES and not self.record_is_ours(record, entry):
                    self.problem(
                        f"Zone {entry['name']} ({zone['zone_id']}) already has {host} {record['type']} {value(record)}, which "
                        "this link did not make: remove it, or set adopt: true."
                    )

    def check_quota(self):
        limit, new = self.found["zone_limit"], [e["name"] for e in self.zones if not e["zone"]]
        new += [x["cluster_id"] for x in self.coming()] if self.wanted["dns"] == "exact" else []
        if limit and len(new) > limit["limit"] - limit["count"]:
            self.problem(
                f"{len(new)} {self.ZONE_WORDS}{plural(new)} would be made, but {self.holder()} has {limit['count']} of its "
                f"{limit['limit']}: raise the {self.DNS} quota, or set dns: shared."
            )

    # What is written in them

    def write_names(self):
        for entry in self.zones:
            self.make_zone(entry)
            self.make_records(entry)
        self.foresee()
        for entry in self.zones:
            self.tidy_records(entry)
        self.drop_zones()
        if self.wanted["dns"] == "shared" and not self.wanted["zone_id"]:
            self.note(
                f"Zone {self.wanted['zone_name']} answers for every name under it in its {self.NETWORK_WORDS}: other names there, "
                "such as public endpoints of clusters, no longer resolve from them."
            )

    def comment(self, entry):
        return self.text + (f" cluster {entry['cluster_id']}" if entry["cluster_id"] else "")

    def foresee(self):
        """Links without address: what will be made when Zilliz Cloud has allocated them."""
        if self.wanted["dns"] == "none":
            return
        exact = self.wanted["dns"] == "exact" and not self.wanted["zone_id"]
        for link in self.foreseen():
            why = f"Cluster {cluster(link)} will have a link"
            # A cluster that had a link before comes back under its name.
            zones = [z for z in self.found["zones"] if z["name"].startswith(link["cluster_id"]) and self.networks()[0] in z["networks"]
                     ] if exact else [e["zone"] for e in self.zones if e["zone"]]
            there = {r["type"] for z in zones for r in z["records"] or [] if r["name"].startswith(link["cluster_id"])}
            if exact and not zones:
                self.foresee_zone(why)
            for type_ in self.record_types():
                if type_ not in there:
                    after = {"name": ALLOCATION, "type": type_}
                    self.step("name", "create", "record", f"{ALLOCATION} {type_}", why, after=after, known=False)

    def make_records(self, entry):
        there = (entry["zone"]["records"] or []) if entry["zone"] else []
        zone = {"zone": entry["name"], "zone_id": self.zone_id(entry)}
        for host in entry["hosts"]:
            rivals = {r["type"]: r for r in there if r["name"] == host and r["type"] in ADDRESS_TYPES}
            for type_ in self.record_types():
                record, now = self.wanted_record(host, type_), rivals.get(type_)
                # A CNAME stands alone, so the other kind goes in the same batch.
                clash = [r for r in rivals.values() if "CNAME" in (type_, r["type"]) and r["type"] != type_]
                if now and all(now[key] == part for key, part in record.items()):
                    continue
                action = "replace" if clash else "update" if now else "create"
                before = clash[0] if clash else now
                self.step(
                    "name", action, "record", f"{host} {type_}",
                    difference(before, record) if before else f"Zone {entry['name']} does not have this record",
                    before=dict(before, **zone) if before else None, after=dict(record, **zone), known=self.reachable(),
                )

    def record_is_ours(self, record, entry=None):
        """In our zone by its name, elsewhere by what it leads to."""
        named, ours = bool(self.cluster_of(record["name"])), bool(entry and entry["ours"])
        if record["type"] not in ADDRESS_TYPES:
            return False
        return ours and named or self.leads_here(record, ours or named)

    def tidy_records(self, entry):
        """Records of ours whose cluster was dropped or whose type is not wanted; others stay and are named."""
        zone = entry["zone"]
        wanted = {(host, type_) for host in entry["hosts"] for type_ in self.record_types()}
        replaced = {(x["before"].get("name"), x["before"].get("type")) for x in self.steps if x["action"] == "replace"}
        for record in (zone["records"] or []) if zone else []:
            if record["type"] in ("NS", "SOA") or (record["name"], record["type"]) in wanted | replaced:
                continue
            link = self.cluster_of(record["name"])
            if not self.record_is_ours(record, entry):
                if entry["ours"]:
                    self.note(f"Zone {entry['name']} also holds {record['name']} {record['type']}: not ours, it stays.")
            elif record["name"] in entry["hosts"]:
                self.drop_record("name", zone, record, f"The link's name needs no {record['type']} record")
            elif not (link and self.keeps(link, record["name"])):
                self.drop_record("name", zone, record, "No link has that name any more")

    def drop_record(self, round_, zone, record, why, known=True):
        before = dict(record, zone=zone["name"], zone_id=zone["zone_id"])
        self.step(round_, "delete", "record", f"{record['name']} {record['type']}", why, before=before, known=known)

    def drop_zones(self):
        """Zones of ours that neither the strategy nor a cluster needs; the new names stand by then."""
        used = [e["zone"]["zone_id"] for e in self.zones if e["zone"]]
        for zone in self.found["zones"]:
            if zone["zone_id"] in used or self.zone_owner(zone) != self.mark or not self.zone_is_ours(zone):
                continue
            link = self.cluster_of(zone["name"])
            if link and self.wanted["dns"] != "none" and self.keeps(link, zone["name"]):
                continue
            shared = f"{self.text} cluster " not in zone["comment"]
            late = shared and not link and self.wanted["dns"] == "exact" and self.coming()
            if late:
                self.note(f"Zone {zone['name']} stays until every cluster has its own.")
            if not late or late == self.foreseen():
                self.drop_zone("name", zone, "No link needs it any more", known=not late)

    def drop_zone(self, round_, zone, why, known=True):
        entry = {"name": zone["name"], "zone": zone, "ours": True}
        records = [r for r in zone["records"] or [] if r["type"] not in ("NS", "SOA")]
        foreign = [r for r in records if not self.record_is_ours(r, entry)]
        for record in records:
            if record not in foreign:
                self.drop_record(round_, zone, record, why, known)
        if foreign:
            others = some(f"{r['name']} {r['type']}" for r in foreign)
            self.note(f"Zone {zone['name']} ({zone['zone_id']}) is kept, because it also holds {others}.")
        else:
            self.step(
                round_, "delete", self.ZONE, zone["name"], why,
                before={"name": zone["name"], "zone_id": zone["zone_id"], "comment": zone["comment"]}, known=known,
            )

    def resting(self, port):
        """Clusters that may need a port though nobody asks for it now: left out by the user, or suspended with a name."""
        named = [r["name"] for z in self.found["zones"] for r in z["records"] or [] if r["type"] in ADDRESS_TYPES]
        return [
            cluster(x) for x in self.links
            if x in self.filtered and x["port"] == port
            or not x["ready"] and str(x["status"]).upper() not in GONE and (
                any(name.startswith(x["cluster_id"]) for name in named)
                # Without names of ours nothing tells whether it ever had a link.
                or self.wanted["dns"] == "none" and x["plan"] not in ("Free", "Serverless")
            )
        ]

    # Taking them down

    def drop_names(self):
        for zone in self.found["zones"]:
            # One that is only taken over goes when this link is in it.
            if self.zone_is_ours(zone) and (self.zone_owner(zone) == self.mark or any(map(self.record_is_ours, zone["records"]))):
                self.drop_zone("absent", zone, "It belongs to this link")
            elif zone["in_account"]:
                self.leave_zone(zone)

    def leave_zone(self, zone):
        """Of somebody else's zone only the records go."""
        records = [r for r in zone["records"] or [] if self.record_is_ours(r)]
        for record in records:
            self.drop_record("absent", zone, record, "It points to this link's endpoint")
        if records or zone["zone_id"] == self.wanted["zone_id"]:
            self.note(f"Zone {zone['name']} ({zone['zone_id']}) is kept: this link did not make it.")
        kept = [
            f"{r['name']} {r['type']}" for r in zone["records"] or []
            if r["type"] in ADDRESS_TYPES and r not in records and self.cluster_of(r["name"])
        ]
        if kept:
            self.note(f"Zone {zone['name']} ({zone['zone_id']}) keeps {listed(kept)}: this link did not make what it leads to.")

    # What comes of it

    def answer(self):
        answer = super().answer()
        names = answer["by"]["name" if self.present else "absent"]
        answer["batch"] = self.batch(names)
        if answer["batch"]:
            # What the batch writes is no single task's.
            for key in names:
                if key.endswith((f"_{self.ZONE}", "_record")):
                    names[key] = []
        return answer

    def result(self):
        return dict(
            super().result(),
            zones=[
                {"name": e["name"], "zone_id": self.zone_id(e) or CREATION, "ours": e["ours"]} for e in self.zones
            ],
        )

    def batch(self, by):
        """The same names for the module that writes many, when they are many or upstream cannot write them."""
        steps = [step for key, steps in by.items() if key.endswith((f"_{self.ZONE}", "_record")) for step in steps]
        names = {step["name"] for step in steps if step["resource"] == "record"}
        if not steps or len(names) <= COMPOSED_NAMES and not self.beyond(by):
            return []
        zones = {}
        for step in steps:
            side = step["before"] if step["action"] == "delete" else step["after"]
            name = side["zone"] if step["resource"] == "record" else step["name"]
            key = name, side.get("zone_id")
            zone = zones.setdefault(key, {"name": name, "zone_id": side.get("zone_id"), "state": "present", "records": []})
            if step["action"] == "replace":
                zone["records"].append(self.batch_record(step["before"], "absent"))
            if step["resource"] == "record":
                zone["records"].append(self.batch_record(side, "absent" if step["action"] == "delete" else "present"))
            elif step["action"] == "delete":
                zone["state"] = "absent"
            else:
                zone.update(self.batch_zone(step))
        return list(zones.values())
