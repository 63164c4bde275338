# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Zilliz side of the models, and how a role takes its rounds, whatever the cloud."""

from __future__ import annotations

import copy
import itertools

PROJECT, OTHER_PROJECT = "proj-4487580fcfe2c8a4391686", "proj-20e13e974c7d659a83b1c4"
SHARED_ZONE = "vectordb.zillizcloud.com"


def host(region_id, number):
    return f"in01-{number:015x}-privatelink.{region_id}.{SHARED_ZONE}"


def cluster(region_id, number, status="RUNNING", linked=True, kind="Dedicated", project_id=PROJECT):
    cluster_id = f"in01-{number:015x}"
    return {
        "cluster_id": cluster_id, "cluster_name": f"prod-{number:02d}", "project_id": project_id, "region_id": region_id,
        "plan": "Enterprise" if kind == "Dedicated" else kind, "deployment_option": kind, "status": status,
        "private_link_address": address(region_id, number) if linked else "",
    }


def address(region_id, number):
    return f"https://{host(region_id, number)}:{19530 + number}"


def registration(region_id, endpoint_id, status="AVAILABLE", gcp_project_id=None):
    return {"region_id": region_id, "endpoint_id": endpoint_id, "endpoint_status": status, "gcp_project_id": gcp_project_id}


class AnyClouds:
    """Applies the steps of a plan to what was found; what Zilliz Cloud and the other cloud do by themselves follows at once."""

    RECORD = ("name", "type", "value", "ttl")

    def __init__(self, before):
        self.found = copy.deepcopy(before)
        self.numbers = itertools.count(1000)
        self.applied, self.given_way = [], []

    def run(self, want):
        """As the role does: each round is planned from what the one before has left. The last plan."""
        for name in ("connect", "name") if want["state"] == "present" else ("absent", "absent"):
            self.act(want, name)
            self.tidy()
        return self.plan(want)

    def act(self, want, round_):
        for step in self.plan(want)["steps"]:
            if step["round"] == round_ and step["known"]:
                getattr(self, f"{step['action']}_{step['resource']}")(step["name"], copy.deepcopy(step))
                self.applied.append(step)
        self.settle()

    def tidy(self):
        """What time alone brings between two rounds."""

    def allocate(self):
        """With an accepted endpoint, each cluster that can have a link has one."""
        for row in self.found["clusters"]:
            if row["status"] == "RUNNING" and row["deployment_option"] == "Dedicated" and not row["private_link_address"]:
                row["private_link_address"] = address(row["region_id"], int(row["cluster_id"][5:], 16))

    def one(self, kind, **keys):
        hits = [x for x in self.found[kind] if all(x[key] == value for key, value in keys.items())]
        assert len(hits) == 1, (kind, keys, len(hits))
        return hits[0]

    def drop(self, kind, **keys):
        self.found[kind].remove(self.one(kind, **keys))

    def zone_of(self, side):
        return self.one("zones", zone_id=side["zone_id"])

    def create_record(self, name, step):
        after = step["after"]
        hit = self.zone_of(after)
        rivals = [r for r in hit["records"] if r["name"] == after["name"] and r["type"] in ("A", "AAAA", "CNAME")]
        assert not [r for r in rivals if r["type"] == after["type"] or "CNAME" in (r["type"], after["type"])], "record there"
        hit["records"].append({k: after[k] for k in self.RECORD})

    def update_record(self, name, step):
        hit = self.zone_of(step["after"])
        hit["records"] = [r for r in hit["records"] if (r["name"], r["type"]) != (step["after"]["name"], step["after"]["type"])]
        self.create_record(name, step)

    def replace_record(self, name, step):
        """In one change with the deletions of this name, which go first."""
        hit, after = self.zone_of(step["after"]), step["after"]
        clash = [r for r in hit["records"] if r["name"] == after["name"] and r["type"] != after["type"] and "CNAME" in (r["type"], after["type"])]
        hit["records"] = [r for r in hit["records"] if r not in clash]
        self.given_way += clash
        assert {k: step["before"][k] for k in self.RECORD} in self.given_way
        self.create_record(name, step)

    def delete_record(self, name, step):
        record = {k: step["before"][k] for k in self.RECORD}
        if record not in self.given_way:
            self.zone_of(step["before"])["records"].remove(record)
