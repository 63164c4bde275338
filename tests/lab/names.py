# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each VPC and network is answered, read from the state of the sandbox: its private zones, where they are associated, and no others.

Pure. A name is served as {(name, type): values}; a place is `region/vpc_id` or the URL of a network.
"""
from __future__ import annotations

import re

ENDPOINT = re.compile(r"(vpce-[0-9a-f]{17})-")


def endpoint_addresses(state: dict) -> dict[str, list[str]]:
    """The addresses of each AWS endpoint's network interfaces."""
    found = {}
    for account in state["aws"]["accounts"].values():
        for region in account["regions"].values():
            for endpoint_id in region["endpoints"]:
                found[endpoint_id] = sorted(one["ip"] for one in region["network_interfaces"].values() if endpoint_id in one["description"])
    return found


def endpoint_names(state: dict) -> dict[str, list[str]]:
    """The own names of endpoints that records lead to. Everybody may resolve them."""
    addresses = endpoint_addresses(state)
    return {record["alias"]: _values(key, record, addresses) for account in state["aws"]["accounts"].values() for zone in account["zones"].values()
            for key, record in zone["records"].items() if "alias" in record}


def zones(state: dict) -> dict[str, dict[str, dict]]:
    """{place: {zone: {(name, type): values}}}."""
    found: dict[str, dict[str, dict]] = {}
    for name, records, places in [*_route53(state), *_cloud_dns(state)]:
        for place in places:
            found.setdefault(place, {})[name] = records
    return found


def _route53(state: dict):
    addresses, deaf = endpoint_addresses(state), _deaf(state)
    for account in state["aws"]["accounts"].values():
        for zone in account["zones"].values():
            if zone["private"]:
                records = {tuple(key.split()[:2]): _values(key, one, addresses) for key, one in zone["records"].items()}
                yield zone["name"], _without_own(records), [place for place in zone["vpcs"] if place not in deaf]


def _deaf(state: dict) -> set[str]:
    """VPCs in which private zones do not answer."""
    return {f"{name}/{vpc_id}" for account in state["aws"]["accounts"].values() for name, region in account["regions"].items()
            for vpc_id, vpc in region["vpcs"].items() if not (vpc["dns_support"] and vpc["dns_hostnames"])}


def _values(key: str, record: dict, addresses: dict) -> list[str]:
    if "alias" not in record:
        return record["values"]
    endpoint = ENDPOINT.match(record["alias"])
    if not endpoint:
        raise ValueError(f"The lab serves aliases of endpoints only, not {key}: {record['alias']}.")
    # As Route 53 does: an alias of something that is gone answers nothing.
    return addresses.get(endpoint[1], [])


def _cloud_dns(state: dict):
    for project in state["gcp"]["projects"].values():
        for zone in project["zones"].values():
            if zone["visibility"] == "private":
                records = {tuple(key.split()[:2]): one["values"] for key, one in zone["records"].items()}
                yield zone["dns_name"], _without_own(records), zone["networks"]


def _without_own(records: dict) -> dict:
    kept = {key: values for key, values in records.items() if key[1] not in ("NS", "SOA")}
    if any(kind == "CNAME" for _name, kind in kept):
        raise ValueError("The lab's DNS server follows no CNAME, so its links have none.")
    return kept
