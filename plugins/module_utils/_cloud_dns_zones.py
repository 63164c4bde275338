# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wanted private zones against what is there: read them, compare them, and the steps that make the difference."""

from __future__ import annotations

import functools
from concurrent.futures import ThreadPoolExecutor

from ansible_collections.zilliz.cloud.plugins.module_utils import _cloud_dns as dns
from ansible_collections.zilliz.cloud.plugins.module_utils import _gcp_write as gcp
from ansible_collections.zilliz.cloud.plugins.module_utils._gcp_calls import GcpError, name_of

LANES = 5


def side_by_side(work, zones):
    """Do it for each zone; when some fail, the others are finished first."""
    failed = []

    def lane(zone):
        try:
            return work(zone)
        except GcpError as error:
            failed.append(error)

    with ThreadPoolExecutor(LANES) as pool:
        done = list(pool.map(lane, zones))
    if len({str(error) for error in failed}) > 1:
        error = failed[0]
        message = f"{error} So it went for {len(failed)} of {len(zones)} zones."
        raise GcpError(message, error.status, error.reason, error.permission, error.kind)
    if failed:
        raise failed[0]
    return done


def read(cloud, wanted):
    """All wanted zones as they are."""
    there = cloud.zones()
    jobs = [job(cloud, one, there) for one in wanted]
    looked_into = [zone for zone in jobs if zone["found"] and not zone["problems"] and needs_records(zone["wanted"])]

    def fill(zone):
        zone["sets"] = cloud.record_sets(zone["zone_id"])

    side_by_side(fill, looked_into)
    mark_hiding(jobs, there)
    return jobs


def mark_hiding(jobs, there):
    """A zone hides the wider ones of its networks, also while it has no records yet or any more."""
    wider = [(dns.full(zone["dnsName"]), dns.networks_of(zone)) for zone in there.values()]
    wider += [(zone["name"], zone["wanted"]["networks"] or []) for zone in jobs if zone["wanted"]["state"] == "present"]
    for zone in jobs:
        networks = {*(zone["wanted"]["networks"] or []), *dns.networks_of(zone["found"] or {})}
        zone["hides"] = any(zone["name"].endswith("." + name) and networks.intersection(where) for name, where in wider)


def needs_records(wanted):
    return bool(wanted["records"]) or wanted["state"] == "absent"


def job(cloud, wanted, there):
    networks = None if wanted["networks"] is None else sorted({cloud.network(one) for one in wanted["networks"]})
    zone = {"wanted": {**wanted, "networks": networks}, "zone_id": wanted["zone_id"], "name": dns.full(wanted["name"])}
    zone.update(found=there.get(wanted["zone_id"]), sets={}, pending=[], hides=False)
    zone["problems"] = [
        f"The record {record['name']} needs ttl and values."
        for record in wanted["records"] if not record["values"] or record["ttl"] is None
    ]
    found = zone["found"]
    if found and dns.full(found["dnsName"]) != zone["name"]:
        zone["problems"].append(f"The zone {zone['zone_id']} is {found['dnsName']}, not {zone['name']}: check zone_id.")
    if found and found.get("visibility", "public") != "private":
        zone["problems"].append(f"The zone {zone['zone_id']} ({zone['name']}) is public: give the name of a private zone.")
    if not found and wanted["state"] == "present" and not networks:
        zone["problems"].append(f"There is no zone {zone['zone_id']} yet: give the networks that shall see it.")
    if wanted["state"] == "present":
        zone["problems"] += conflicts(zone, networks or [], there)
    return zone


def conflicts(zone, networks, there):
    """A network cannot see two private zones of one name, and Google says so only when the first is written."""
    for other in there.values():
        if other["name"] != zone["zone_id"] and dns.full(other["dnsName"]) == zone["name"]:
            for network in sorted(set(networks).intersection(dns.networks_of(other))):
                yield (
                    f"The network {name_of(network)} already has the private zone {other['name']} for {zone['name']}: use"
                    " that zone (zone_id), or take the network off it."
                )


def compare(zone):
    """Add `before` and `after`, the pairs of record sets to change, and what to warn of."""
    wanted, found = zone["wanted"], zone["found"]
    zone["before"] = view(wanted, found, zone["sets"]) if found else {}
    left = pair(zone)
    zone["after"] = {}
    if wanted["state"] == "present":
        zone["after"] = view(wanted, {**(found or {}), **body(zone, found or {})}, left)
    elif found and not zone["problems"]:
        kept = [" ".join(key) for key in left if key[0] != zone["name"] or key[1] not in ("NS", "SOA")]
        if kept:
            zone["problems"].append(
                f"The zone {zone['zone_id']} ({zone['name']}) cannot be deleted: it still holds {', '.join(sorted(kept))} of"
                " another owner or value; delete what is not needed, or keep the zone."
            )


def pair(zone):
    """Note the record sets that go and that come; what is left in the zone then."""
    zone.update(pairs=[], warnings=[])
    left = dict(zone["sets"])
    for record in [] if zone["problems"] else zone["wanted"]["records"]:
        key, ours = dns.key_of(record), dns.record_set(record)
        there = left.get(key)
        same = there is not None and dns.text(there) == dns.text(ours)
        if "absent" in (record["state"], zone["wanted"]["state"]):
            if same:
                zone["pairs"].append((left.pop(key), None))
            elif there and zone["wanted"]["state"] == "present":
                zone["warnings"].append(f"The record {' '.join(key)} stays: its value is now {dns.text(there)}.")
        elif not same:
            zone["pairs"].append((there, ours))
            left[key] = ours
    # A name is free for another type of record only when the old one is gone.
    zone["pairs"].sort(key=lambda one: one[1] is not None)
    return left


def body(zone, found):
    """What differs of the zone itself, in Google's words."""
    wanted, differs = zone["wanted"], {}
    labels = {**found.get("labels", {}), **gcp.plain_labels(wanted["labels"])}
    if labels != found.get("labels", {}):
        differs["labels"] = labels
    if wanted["description"] is not None and wanted["description"] != found.get("description", ""):
        differs["description"] = wanted["description"]
    if wanted["networks"] is not None and wanted["networks"] != dns.networks_of(found):
        config = found.get("privateVisibilityConfig") or {}
        differs["privateVisibilityConfig"] = {**config, "networks": [{"networkUrl": one} for one in wanted["networks"]]}
    return differs


def view(wanted, zone, sets):
    """What of a zone is compared: only the records and labels that are wanted."""
    keys = [dns.key_of(record) for record in wanted["records"]]
    return {
        "description": zone.get("description", ""),
        "networks": dns.networks_of(zone),
        "labels": {key: value for key, value in zone.get("labels", {}).items() if key in (wanted["labels"] or {})},
        "records": {" ".join(key): dns.text(one) for key, one in sets.items() if key in keys},
    }


def create(cloud, zone):
    """What hides another zone gets its networks when it has its records."""
    if zone["after"] and not zone["found"]:
        named = {"name": zone["zone_id"], "dnsName": zone["name"], "visibility": "private", "description": ""}
        hidden = {"privateVisibilityConfig": {"networks": []}} if zone["hides"] and zone["pairs"] else {}
        zone["found"] = cloud.create(zone["zone_id"], {**named, **body(zone, {}), **hidden})


def write_records(cloud, zone):
    if zone["after"]:
        change(cloud, zone)


def change(cloud, zone):
    """Somebody may change the same records at the same time, or a first answer was lost: read again and do the rest."""
    tried = []

    def attempt():
        if tried:
            zone["sets"] = cloud.record_sets(zone["zone_id"])
            pair(zone)
        if zone["pairs"]:
            tried.append(True)
            return cloud.change(zone["zone_id"], zone["pairs"])
        return cloud.last_change(zone["zone_id"]) if tried else None

    number = gcp.racing(attempt, ("changed", "taken", "not_found"))
    if number:
        zone["pending"].append(("changes", number))


def write_zone(cloud, zone):
    differs = body(zone, zone["found"]) if zone["after"] else leaving(zone)
    number = cloud.patch(zone["zone_id"], differs) if differs else None
    if number:
        zone["pending"].append(("operations", number))


def leaving(zone):
    """What hid another zone loses its networks before its records."""
    config = zone["found"].get("privateVisibilityConfig") or {} if zone["found"] else {}
    return {"privateVisibilityConfig": {**config, "networks": []}} if zone["hides"] and config.get("networks") else {}


def clear_records(cloud, zone):
    if not zone["after"]:
        change(cloud, zone)


def settle(cloud, zone):
    while zone["pending"]:
        cloud.wait(zone["zone_id"], *zone["pending"].pop(0))


def delete(cloud, zone):
    if not zone["after"]:
        cloud.delete(zone["zone_id"])


# Each step goes over all zones before the next one comes, and the next run can finish what is interrupted anywhere.
# What is new comes before what goes; a network sees a zone's records before the zone.
STEPS = (create, write_records, write_zone, settle, clear_records, settle, delete)


def write(cloud, zones):
    for step in STEPS:
        side_by_side(functools.partial(step, cloud), zones)
