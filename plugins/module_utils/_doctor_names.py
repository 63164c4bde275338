# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Judges the private DNS of a made plan: zones, where they answer, records. Pure: no I/O, no Ansible."""

from __future__ import annotations

from typing import Callable

from ansible_collections.zilliz.cloud.plugins.module_utils._checks import BROKEN, DEGRADED, MISSING, SKIPPED
from ansible_collections.zilliz.cloud.plugins.module_utils._plan import ALLOCATION, CREATION, listed, some
from ansible_collections.zilliz.cloud.plugins.module_utils._plan_names import NamesPlan, value

# What is made has no id before.
TO_BE = "the endpoint that will be made"


class DoctorOfNames:
    """The part of a Doctor that is about names: the same in every cloud."""

    # What it has from its Doctor.
    plan: NamesPlan
    wanted: dict
    found: dict
    lost: str
    add: Callable
    has: Callable
    fine: Callable
    unseen: Callable
    take: Callable
    again: Callable
    lacks: Callable
    drifts: Callable
    attach: Callable
    detach: Callable

    def look_names(self):
        plan = self.plan
        if self.wanted["dns"] == "none":
            for check in ("zone", "association", "record"):
                self.add(check, SKIPPED, cause="dns is none: the names are somebody else's business")
            return
        if not plan.knows("zones"):
            self.unseen("zone", "association", "record")
            return
        if not plan.knows("endpoints"):
            self.unseen("record")
        for entry in plan.zones:
            self.look_zone(entry)
            self.look_association(entry)
            self.look_records(entry)
        self.look_foreseen()
        zones = [entry["zone"] for entry in plan.zones if entry["zone"]]
        names = counted([zone["name"] for zone in zones], "zone")
        hosts = [host for entry in plan.zones for host in entry["hosts"]]
        if zones:
            self.fine("zone", names, some(f"{z['name']} ({z['zone_id']})" for z in zones))
            self.fine("association", names, f"answers in {some(plan.place(x) for x in plan.networks())}")
        if zones and hosts:
            self.fine("record", counted(hosts, "name"), self.target_words())
        for check in ("zone", "association", "record"):
            if not self.has(check):
                self.add(check, SKIPPED, cause="No cluster has a private link that needs a name yet")

    def target_words(self):
        """Where the records lead, in words."""
        records = [self.plan.wanted_record(host, type_) for entry in self.plan.zones for host in entry["hosts"][:1]
                   for type_ in self.plan.record_types()]
        return some(dict.fromkeys(f"{record['type']} {value(record)}" for record in records))

    def look_zone(self, entry):
        zone, name, kind = entry["zone"], entry["name"], self.plan.ZONE
        if not zone:
            steps = self.take(kind, "create", where=lambda x: x["name"] == name)
            steps += self.take("zone_association", "associate", where=lambda x: x["name"] == name)
            if steps:
                self.lacks("zone", steps, name)
            return
        # What is wrong with the networks alone is told with them.
        steps = self.take(kind, "update", where=lambda x: x["name"] == name and set(x["before"]) != {"networks"})
        if steps:
            self.drifts("zone", steps, f"{name} ({zone['zone_id']})")

    def look_association(self, entry):
        zone, name, plan = entry["zone"], entry["name"], self.plan
        if not zone:
            return
        steps = self.take("zone_association", "associate", "disassociate", where=lambda x: x["name"] == name)
        steps += self.take(plan.ZONE, "update", where=lambda x: x["name"] == name)
        subject = f"{name} ({zone['zone_id']})"
        missing = [x for x in plan.networks() if x not in zone["networks"]]
        there = some(plan.place(x) for x in zone["networks"]) or "no network"
        cause = f"It does not answer in {listed(map(plan.place, missing))}"
        if missing and (entry["ours"] or steps):
            self.add("association", BROKEN, subject, cause, f"answers in {there}", self.again(steps))
        elif missing:
            self.add("association", BROKEN, subject, f"{cause}, and the zone is not this link's", f"answers in {there}",
                     "Associate it: " + "; ".join(self.attach(zone, x) for x in missing))
        elif steps:
            self.drifts("association", steps, subject, evidence=f"answers in {there}")

    def look_records(self, entry):
        for host in entry["hosts"]:
            steps = self.steps_of(host, entry["name"])
            if steps:
                self.look_record(host, entry["zone"], steps)

    def steps_of(self, host, zone):
        return self.take(
            "record", "create", "update", "replace", where=lambda x: (x["after"]["name"], x["after"].get("zone")) == (host, zone))

    def look_record(self, host, zone, steps):
        there = [r for r in (zone["records"] or []) if r["name"] == host and r["type"] in self.plan.record_types()] if zone else []
        wrong = [x for x in steps if x["before"] and x["before"]["value"] != x["after"]["value"]]
        works = there and not wrong and all(x["action"] != "replace" for x in steps)
        now = some(f"{r['type']} {value(r)}" for r in [x["before"] for x in steps if x["before"]] or there) or "no record"
        after = some(dict.fromkeys(value(x["after"]) for x in steps))
        evidence = f"{now}; wanted: {after if CREATION not in after else TO_BE}"
        self.lacks("record", steps, host, evidence=evidence, state=DEGRADED if works else BROKEN if wrong else self.lost)

    def look_foreseen(self):
        """Of links that have no address yet; while a cluster is being made, it is no lack."""
        state = MISSING if any(link["waiting"] == "link" for link in self.plan.chosen) else SKIPPED
        for check, resource in (("zone", self.plan.ZONE), ("association", "zone_association"), ("record", "record")):
            steps = self.take(resource, "create", "associate", where=lambda x: x["name"].startswith(ALLOCATION))
            if steps:
                self.lacks(check, steps, "names of links to come", state=state)

    def look_other_zones(self):
        """The most specific private zone of a network answers for a name, whether or not it holds it."""
        plan = self.plan
        if self.wanted["dns"] == "none" or not plan.knows("zones"):
            return
        network, leaving = plan.networks()[0], [x["name"] for x in plan.steps if (x["action"], x["resource"]) == ("delete", plan.ZONE)]
        for entry in plan.zones:
            for zone in self.found["zones"]:
                nearer = len(zone["name"]) > len(entry["name"]) and zone["private"] and network in zone["networks"]
                hosts = [x for x in entry["hosts"] if nearer and (x == zone["name"] or x.endswith("." + zone["name"]))]
                if not hosts or zone["name"] in leaving or self.answers(zone, hosts):
                    continue
                whose = "" if zone["in_account"] else f" of {zone['owner']}"
                self.add(
                    "other_zones", BROKEN, some(hosts), f"Private zone {zone['name']} ({zone['zone_id']}){whose} is more specific than "
                    f"{entry['name']}, so it answers for the name and does not lead to the endpoint", f"both answer in {plan.place(network)}",
                    self.detach(zone, network),
                )

    def other_zones_known(self):
        """Whether the ordinary plan sees every zone of the network."""
        return True

    def answers(self, zone, hosts):
        """Whether a nearer zone leads to the endpoint just as well."""
        there = {(r["name"], r["type"], tuple(r["value"])) for r in zone["records"] or []}
        wanted = [self.plan.wanted_record(host, type_) for host in hosts for type_ in self.plan.record_types()]
        return all((r["name"], r["type"], tuple(r["value"])) in there for r in wanted)


def counted(names, word):
    return names[0] if len(names) == 1 else f"{len(names)} {word}s"
