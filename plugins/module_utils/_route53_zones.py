# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wanted private zones against what is there: read them, compare them, and the steps that make the difference."""

from __future__ import annotations

from ansible_collections.zilliz.cloud.plugins.module_utils import _aws_write as aws
from ansible_collections.zilliz.cloud.plugins.module_utils import _route53 as dns


def read(route53, wanted, by_vpc):
    zone = {"wanted": wanted, "name": dns.full(wanted["name"]), "zone_id": dns.bare(wanted["zone_id"]), "found": None}
    zone["problems"] = [problem for problem in map(incomplete, wanted["records"]) if problem]
    if not zone["zone_id"]:
        look_up(route53, zone, by_vpc)
    if zone["zone_id"]:
        zone["found"] = doomed(route53, zone) if wanted["state"] == "absent" else find(route53, zone)
    name = zone["found"]["name"] if zone["found"] else zone["name"]
    if name != zone["name"]:
        zone["problems"].append(f"The zone {zone['zone_id']} is {name}, not {zone['name']}: check zone_id.")
    return zone


def incomplete(record):
    alias = record["alias_target"] and record["alias_zone_id"]
    plain = record["values"] and record["ttl"] is not None
    if bool(alias) == bool(plain):
        return f"The record {record['name']} needs either alias_target and alias_zone_id, or ttl and values."
    return None


def first_vpc(wanted):
    own = [{"VPCId": vpc["vpc_id"], "VPCRegion": vpc["region"]} for vpc in wanted["vpcs"] if not vpc["profile"]]
    return own[0] if own else None


def look_up(route53, zone, by_vpc):
    """Find the zone that an interrupted run has made, before another is made."""
    vpc = first_vpc(zone["wanted"])
    if zone["wanted"]["state"] == "absent":
        zone["problems"].append(f"The zone {zone['name']} has no zone_id: give the id of the zone to delete.")
    elif not vpc:
        zone["problems"].append(
            f"The zone {zone['name']} has no VPC without a profile: a private zone needs a VPC of its own account."
        )
    else:
        if vpc["VPCId"] not in by_vpc:
            by_vpc[vpc["VPCId"]] = dns.zones_of_vpc(route53, vpc)
        comment = zone["wanted"]["comment"]
        zone["zone_id"], others = dns.zones_named(route53, by_vpc[vpc["VPCId"]], zone["name"], comment)
        if others:
            zone["problems"].append(
                f"The zone {zone['name']} cannot be created: {', '.join(others)} has that name, is associated with"
                f" {vpc['VPCId']} and has another comment; give its id as zone_id to use it, or take the VPC off it."
            )


def find(route53, zone):
    answer = dns.read_private_zone(route53, zone["zone_id"])
    return {
        "name": dns.full(answer["HostedZone"]["Name"]),
        "comment": answer["HostedZone"]["Config"].get("Comment", ""),
        "vpcs": sorted(vpc["VPCId"] for vpc in answer.get("VPCs", [])),
        "sets": dns.record_sets(route53, zone["zone_id"]) if zone["wanted"]["records"] else {},
    }


def doomed(route53, zone):
    """Its records say all that must be known of a zone that is to go: one call instead of two."""
    try:
        sets = dns.record_sets(route53, zone["zone_id"])
    except aws.AwsWriteError as error:
        if error.code != "NoSuchHostedZone":
            raise
        return None
    return {"name": next((key[0] for key in sets if key[1] == "SOA"), zone["name"]), "sets": sets}


def is_tagged(zone):
    return bool(zone["found"] and zone["wanted"]["tags"] and zone["wanted"]["state"] == "present")


def compare(zone, tags):
    """Add `before` and `after`, and the record sets to delete and to write."""
    wanted, found = zone["wanted"], zone["found"]
    sets = dict(found["sets"]) if found else {}
    zone["before"] = view(found.get("comment"), found.get("vpcs"), tags, wanted, sets) if found else {}
    compare_records(zone, sets)
    zone["after"] = {}
    if wanted["state"] == "present":
        before = zone["before"] or view("", [], {}, wanted, {})
        vpcs = before["vpcs"] + [vpc["vpc_id"] for vpc in wanted["vpcs"] if vpc["vpc_id"] not in before["vpcs"]]
        comment = before["comment"] if wanted["comment"] is None else wanted["comment"]
        zone["after"] = view(comment, vpcs, {**tags, **aws.plain_tags(wanted["tags"])}, wanted, sets)
    elif found:
        left = [f"{key[0]} {key[1]}" for key in sets if key[0] != zone["name"] or key[1] not in ("NS", "SOA")]
        if left and not zone["problems"]:
            zone["problems"].append(
                f"The zone {zone['name']} ({zone['zone_id']}) cannot be deleted: it still holds"
                f" {', '.join(sorted(left))} of another owner or value; delete what is not needed, or keep the zone."
            )


def view(comment, vpcs, tags, wanted, sets):
    """What of a zone is compared: only the records and tags that are wanted."""
    keys = [dns.key_of(record) for record in wanted["records"]]
    return {
        **({} if vpcs is None else {"comment": comment, "vpcs": vpcs}),
        "tags": {key: value for key, value in tags.items() if key in (wanted["tags"] or {})},
        "records": {f"{key[0]} {key[1]}": dns.text(one) for key, one in sets.items() if key in keys},
    }


def compare_records(zone, sets):
    """Take from and put into `sets` what is wanted, and note how."""
    zone.update(deletes=[], upserts=[], warnings=[])
    for record in [] if zone["problems"] else zone["wanted"]["records"]:
        key, ours = dns.key_of(record), dns.record_set(record)
        same = key in sets and dns.text(sets[key]) == dns.text(ours)
        if "absent" in (record["state"], zone["wanted"]["state"]):
            if same:
                # AWS deletes a record only when it is named exactly as it is.
                zone["deletes"].append(sets.pop(key))
            elif key in sets and zone["wanted"]["state"] == "present":
                zone["warnings"].append(f"The record {key[0]} {key[1]} stays: its value is now {dns.text(sets[key])}.")
        elif not same:
            sets[key] = ours
            zone["upserts"].append(ours)


def create(route53, zone, session):
    if zone["before"] or not zone["after"]:
        return None
    vpc = first_vpc(zone["wanted"])
    zone["zone_id"], change = dns.create_zone(route53, zone["name"], zone["wanted"]["comment"], vpc)
    return change


def write_records(route53, zone, session):
    return dns.change_records(route53, zone["zone_id"], zone["deletes"], zone["upserts"]) if zone["after"] else None


def associate(route53, zone, session):
    change = None
    for vpc in zone["wanted"]["vpcs"] if zone["after"] else []:
        if vpc["vpc_id"] not in at_first(zone)["vpcs"]:
            request = {"VPCId": vpc["vpc_id"], "VPCRegion": vpc["region"]}
            change = dns.associate(route53, session(vpc["profile"]), zone["zone_id"], request)
    return change


def label(route53, zone, session):
    if zone["after"]:
        first, then = at_first(zone), zone["after"]
        tags = {key: value for key, value in then["tags"].items() if first["tags"].get(key) != value}
        comment = then["comment"] if then["comment"] != first["comment"] else None
        dns.label_zone(route53, zone["zone_id"], zone["name"], comment, tags)


def at_first(zone):
    """What an existing zone had, or what a new one has from the creating call."""
    vpc = first_vpc(zone["wanted"])
    return zone["before"] or {"comment": zone["wanted"]["comment"] or "", "vpcs": [vpc["VPCId"]], "tags": {}}


def clear_records(route53, zone, session):
    return None if zone["after"] else dns.change_records(route53, zone["zone_id"], zone["deletes"], [])


def delete(route53, zone, session):
    return None if zone["after"] else dns.delete_zone(route53, zone["zone_id"], zone["name"])


# Route 53 takes one change of a zone at a time, so each step goes over all zones before the next one comes, and the
# next run can finish what is interrupted between any two. What is new comes before what goes.
STEPS = (create, write_records, associate, label, clear_records, delete)
