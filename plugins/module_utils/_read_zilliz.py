# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the Zilliz Cloud side of a link, and runs the lanes of every cloud's reader side by side."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from ansible_collections.zilliz.cloud.plugins.module_utils._client import ZillizError

# What Zilliz Cloud answers about a region that it does not have.
UNKNOWN_REGION = 96001

# Lanes that run at the same time, however many there are.
SIDE_BY_SIDE = 8

CLOUDS = {"aws": "AWS", "gcp": "Google Cloud"}


def empty(**more):
    """Nothing read yet: `read` names the parts that are known, `problems` says why others are not."""
    return dict(
        read=set(), problems=[], notes=[], services=[], no_service=None, clusters=[], bound_regions=None, registrations=[],
        untold={}, **more,
    )


def gather(found, refusal, *lanes):
    """Run the lanes side by side and keep everything that failed; `refusal` is the cloud's own error."""
    with ThreadPoolExecutor(max_workers=min(len(lanes), SIDE_BY_SIDE) or 1) as pool:
        for future in [pool.submit(lane) for lane in lanes]:
            try:
                future.result()
            except (refusal, ZillizError) as error:
                refuse(found, error)


def refuse(found, error):
    found["problems"].append(str(error).rstrip(".") + ".")


def read_services(zilliz, wanted, found, cloud_id):
    project, region = wanted["project_id"], wanted["region_id"]
    try:
        services = zilliz.services_for(region, project)[0]
    except ZillizError as error:
        if error.code != UNKNOWN_REGION:
            raise
        services = []
    found["services"] = [row for row in services if row.get("region_id", region) == region]
    if not found["services"]:
        found["no_service"] = why_no_service(zilliz, region, cloud_id)
    found["read"].add("services")


def why_no_service(zilliz, region, cloud_id):
    rows = zilliz.regions()
    if not any(row.get("region_id") == region for row in rows):
        known = ", ".join(sorted(row["region_id"] for row in rows if row.get("cloud_id") == cloud_id))
        return f"Zilliz Cloud has no region {region}: check region_id; on {CLOUDS[cloud_id]} it has {known}."
    return f"Zilliz Cloud offers no private link in region {region}: choose another region, or ask its support for one."


def read_zilliz(zilliz, wanted, found):
    project, region = wanted["project_id"], wanted["region_id"]
    found["registrations"] = zilliz.endpoints(project)
    if found["services"] or wanted["state"] == "absent":
        found["clusters"] = [row for row in zilliz.clusters(region_id=region) if row.get("project_id") == project]
        if not found["clusters"]:
            # Is it the wrong region, or is it early?
            found["bound_regions"] = zilliz.project(project).get("region_ids")
        found["read"].add("clusters")
    if wanted["inspect"] and wanted["deep"]:
        read_public_endpoints(zilliz, wanted, found)


def read_public_endpoints(zilliz, wanted, found):
    """Only a cluster by itself tells whether its public endpoint is on; `untold` has the reason where one could not be asked."""
    named = wanted["cluster_ids"] + wanted["cluster_names"]
    linked = [
        row for row in found["clusters"]
        if row.get("private_link_address") and row.get("public_address_enabled") is None
        and (not named or row["cluster_id"] in named or row.get("cluster_name") in named)
    ]

    def ask(row):
        try:
            row["public_address_enabled"] = zilliz.cluster(row["cluster_id"]).get("public_address_enabled")
        except ZillizError as error:
            found["untold"][row["cluster_id"]] = str(error)

    with ThreadPoolExecutor(max_workers=SIDE_BY_SIDE) as pool:
        list(pool.map(ask, linked))
