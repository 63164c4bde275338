# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the Google plan is compared with, and the clouds as far as a step of the plan changes them."""

from __future__ import annotations

import copy
import functools
import hashlib
import ipaddress

from ansible_collections.zilliz.cloud.plugins.module_utils._plan import ALLOCATION, CREATION
from ansible_collections.zilliz.cloud.plugins.module_utils._plan_gcp import COMPUTE, network_url, plan_gcp, wanted_gcp
from unit.plugins.module_utils import model_zilliz
from unit.plugins.module_utils.model_zilliz import OTHER_PROJECT, PROJECT, SHARED_ZONE, AnyClouds

REGION_ID, REGION = "gcp-us-west1", "us-west1"
GOOGLE, HOST_PROJECT, OTHER_GOOGLE = "my-project", "host-project", "other-project"
NETWORK, OTHER_NETWORK = network_url(GOOGLE, "my-vpc"), network_url(GOOGLE, "my-second-vpc")
MARK, OTHER_MARK = f"{PROJECT}/{REGION_ID}/{GOOGLE}/my-vpc", f"{OTHER_PROJECT}/{REGION_ID}/{GOOGLE}/my-vpc"
SERVICE = f"projects/vdc-prod/regions/{REGION}/serviceAttachments/zilliz-{REGION}-psc"
OTHER_SERVICE = f"projects/vdc-prod/regions/{REGION}/serviceAttachments/zilliz-{REGION}-psc-2"
TEXT, OTHER_TEXT = f"zilliz.cloud private link {MARK}", f"zilliz.cloud private link {OTHER_MARK}"
LABEL = hashlib.sha256(MARK.encode()).hexdigest()[:20]
NAME = f"zilliz-private-link-{LABEL[:10]}"
host, cluster = functools.partial(model_zilliz.host, REGION_ID), functools.partial(model_zilliz.cluster, REGION_ID)


def subnetwork_url(name, project=GOOGLE):
    return f"{COMPUTE}projects/{project}/regions/{REGION}/subnetworks/{name}"


# Of each subnetwork the network and the range; two are in this link's network.
SUBNET, SPARE_SUBNET, SECOND_SUBNET = map(subnetwork_url, ("my-subnet", "spare-subnet", "second-subnet"))
RANGES = {SUBNET: (NETWORK, "10.10.0.0/24"), SPARE_SUBNET: (NETWORK, "10.20.0.0/24"), SECOND_SUBNET: (OTHER_NETWORK, "10.30.0.0/24")}

DEFAULTS = dict(
    state="present", project=None, project_id=PROJECT, region_id=REGION_ID, gcp_project_id=GOOGLE, region=REGION, network="my-vpc",
    network_project_id=None, subnetwork="my-subnet", service_name=None, endpoint_prefix="zilliz-private-link", endpoint_name=None,
    endpoint_id=None, address=None, address_name=None, ip_address=None, global_access=False, service_directory_namespace=None,
    client_egress="auto", client_target_tags=[], client_target_service_accounts=[], firewall_name=None, firewall_priority=None,
    iap_ssh=False, cluster_ids=[], cluster_names=[], confirm_clusters=[], dns="exact", zone_name=SHARED_ZONE, zone_id=None,
    managed_zone_name="zilliz-privatelink-zone", zone_project_id=None, zone_networks=[], record_ttl=60, labels={}, adopt=False,
    recreate=False, purge_stale=False, awaits=[], done=[], changes=[], wait_timeout=60, maintenance_timeout=60, inspect=False, deep=False,
)


def options(**given):
    """(wanted, problems) for the module's options."""
    assert not set(given) - set(DEFAULTS), set(given) - set(DEFAULTS)
    return wanted_gcp(copy.deepcopy(dict(DEFAULTS, **given)))


def wanted(**given):
    result, problems = options(**given)
    assert problems == []
    return result


def description(owner):
    return f"zilliz.cloud private link {owner}" if owner else "by hand"


def ip(number, subnetwork=SUBNET):
    return str(ipaddress.ip_network(RANGES[subnetwork][1])[10 + number % 90])


def endpoint(number, status="ACCEPTED", owner=MARK, target=SERVICE, subnetwork=SUBNET, **more):
    network = RANGES[subnetwork][0]
    return dict({
        "endpoint_id": f"psc-{number}", "network": network, "target": target, "ip_address": ip(number, subnetwork),
        "psc_connection_id": str(56887318744677000 + number), "status": status, "global_access": False, "namespace": "goog-psc-default",
        "labels": {}, "description": description(owner), "created": f"2026-01-{number % 28 + 1:02d}",
    }, **more)


def address(number, owner=MARK, subnetwork=SUBNET, **more):
    """The address that the endpoint of this number has."""
    return dict({
        "name": f"address-{number}", "address": ip(number, subnetwork), "status": "RESERVED",
        "subnetwork": subnetwork, "purpose": "GCE_ENDPOINT", "address_type": "INTERNAL", "users": [], "labels": {},
        "description": description(owner),
    }, **more)


def registration(endpoint_id, status="AVAILABLE", region_id=REGION_ID, gcp_project_id=GOOGLE):
    return model_zilliz.registration(region_id, endpoint_id, status, gcp_project_id)


def firewall(name, owner=MARK, direction="EGRESS", allowed=("tcp", "19531"), denied=None, ranges=(), **more):
    """With `denied` it denies; ranges are of the side that its direction has."""
    sides = {"EGRESS": "destination_ranges", "INGRESS": "source_ranges"}
    entries = [{"protocol": protocol, "ports": list(ports)} for protocol, *ports in [denied or allowed]]
    rule = {
        "name": name, "network": NETWORK, "direction": direction, "priority": 1000, "disabled": False, "allowed": [], "denied": [],
        "destination_ranges": [], "source_ranges": [], "source_tags": [], "target_tags": [], "target_service_accounts": [],
        "description": description(owner), "logging": False,
    }
    return dict(rule, **{"denied" if denied else "allowed": entries, sides[direction]: list(ranges)}, **more)


def deny_all(name="deny-all", priority=65000, **more):
    return dict(firewall(name, None, denied=("all",), ranges=["0.0.0.0/0"]), priority=priority, **more)


def zone(number, name, owner=MARK, in_account=True, networks=(NETWORK,), records=(), comment=None, **more):
    return dict({
        "zone_id": f"zone-{number}", "name": name, "comment": description(owner) if comment is None else comment, "private": True,
        "in_account": in_account, "owner": None if in_account else f"project {HOST_PROJECT}", "networks": sorted(networks), "tags": {},
        "leads_away": False, "records": [dict(r) for r in records] if in_account else None,
    }, **more)


def record(name, type_, *values):
    return {"name": name, "type": type_, "value": list(values), "ttl": 60}


def subnetwork(url=SUBNET):
    network, cidr = RANGES[url]
    return {"name": url.rsplit("/", 1)[1], "project": GOOGLE, "region": REGION, "network": network, "cidr": cidr, "url": url, "purpose": "PRIVATE"}


def found(**more):
    """A project with a network and nothing in it, and a project of Zilliz Cloud with two clusters that have no link yet."""
    base = {
        "read": {"services", "clusters", "network", "subnetwork", "endpoints", "addresses", "firewalls", "zones"},
        "problems": [], "notes": [], "region": REGION, "no_service": None, "bound_regions": None,
        "services": [{"region_id": REGION_ID, "cloud_id": "gcp", "endpoint_service": SERVICE, "whitelist_required": False}],
        "clusters": [cluster(1, linked=False), cluster(2, linked=False)], "registrations": [], "endpoints": [], "rule_names": [],
        "network": {"name": "my-vpc", "project": GOOGLE, "url": NETWORK}, "network_names": ["my-second-vpc", "my-vpc"],
        "subnetwork": subnetwork(), "subnetwork_regions": [], "addresses": [], "firewalls": [], "zones": [],
        "zone_limit": {"limit": 10000, "count": 0}, "unseen_networks": [],
    }
    assert not set(more) - set(base), set(more) - set(base)
    result = copy.deepcopy(dict(base, **more))
    result["rule_names"] = sorted({*result["rule_names"], *(e["endpoint_id"] for e in result["endpoints"])})
    return result


class Clouds(AnyClouds):
    """What Google refuses fails here; a connection is accepted by the registration that is made for it, not by an older one."""

    def plan(self, want):
        mine = {e["endpoint_id"]: e["ip_address"] for e in self.found["endpoints"]}
        for one in self.found["addresses"]:
            strangers = [x for x in one["users"] if x not in mine]
            one["users"] = sorted(strangers + [x for x, ip_address in mine.items() if ip_address == one["address"]])
            one["status"] = "IN_USE" if one["users"] else "RESERVED"
        return plan_gcp(want, self.found)

    def settle(self):
        if [e for e in self.found["endpoints"] if e["status"] == "ACCEPTED" and self.rows(e["endpoint_id"], "AVAILABLE")]:
            self.allocate()

    def rows(self, endpoint_id, *statuses):
        return [r for r in self.found["registrations"] if (r["endpoint_id"], r["region_id"], r["gcp_project_id"]) == (endpoint_id, REGION_ID, GOOGLE)
                and (not statuses or r["endpoint_status"] in statuses)]

    # Zilliz Cloud

    def authorize_private_endpoint(self, name, step):
        assert step["after"] == {"project_id": PROJECT, "region_id": REGION_ID, "gcp_project_id": GOOGLE, "endpoint_id": name}
        assert not self.rows(name), "registered twice"
        one = self.one("endpoints", endpoint_id=name)
        assert one["status"] != "CLOSED" and one["target"] in [x["endpoint_service"] for x in self.found["services"]], "not verified"
        # What was rejected nobody can accept again.
        one["status"] = "ACCEPTED" if one["status"] == "PENDING" else one["status"]
        self.found["registrations"].append(registration(name))

    def revoke_private_endpoint(self, name, step):
        row, = self.rows(name)
        assert step["before"] == row
        self.found["registrations"].remove(row)
        for one in self.found["endpoints"]:
            if one["endpoint_id"] == name and one["status"] != "CLOSED":
                one["status"] = "REJECTED"

    # Compute Engine

    def create_address(self, name, step):
        after = step["after"]
        network, cidr = RANGES[after["subnetwork"]]
        assert name == after["name"] and name not in [a["name"] for a in self.found["addresses"]], "alreadyExists"
        taken = {a["address"] for a in self.found["addresses"]} | {e["ip_address"] for e in self.found["endpoints"]}
        free = [str(x) for x in list(ipaddress.ip_network(cidr))[200:] if str(x) not in taken]
        assert after["address"] is None or after["address"] not in taken, "in use"
        assert after["address"] is None or ipaddress.ip_address(after["address"]) in ipaddress.ip_network(cidr), "out of range"
        self.found["addresses"].append(address(
            next(self.numbers), subnetwork=after["subnetwork"], name=name, address=after["address"] or free[0], description=after["description"],
        ))

    def delete_address(self, name, step):
        one = self.one("addresses", name=name)
        assert not one["users"] and one["address"] not in [e["ip_address"] for e in self.found["endpoints"]], "resourceInUse"
        self.found["addresses"].remove(one)

    def create_psc_endpoint(self, name, step):
        after = step["after"]
        assert name == after["name"] and name not in self.found["rule_names"], "alreadyExists"
        assert after["composed"] == (not (after["labels"] or after["global_access"] or after["namespace"]))
        reserved = self.one("addresses", name=after["address"])
        assert after["ip_address"] in (None, reserved["address"]), "not that address"
        assert reserved["address"] not in [e["ip_address"] for e in self.found["endpoints"]] and not reserved["users"], "in use"
        assert reserved["address_type"] == "INTERNAL" and RANGES[reserved["subnetwork"]][0] == after["network"], "not of that network"
        assert after["target"].startswith(COMPUTE)
        self.found["endpoints"].append(endpoint(
            next(self.numbers), "PENDING", target=after["target"][len(COMPUTE):], endpoint_id=name, network=after["network"],
            ip_address=reserved["address"], description=after["description"], labels=dict(after["labels"]),
            global_access=after["global_access"], namespace=after["namespace"] or "goog-psc-default",
        ))
        self.found["rule_names"].append(name)

    def update_psc_endpoint(self, name, step):
        assert set(step["after"]) == {"global_access"}, "immutable"
        self.one("endpoints", endpoint_id=name, **step["before"]).update(step["after"])

    def delete_psc_endpoint(self, name, step):
        gone = self.one("endpoints", endpoint_id=name)
        self.found["endpoints"].remove(gone)
        self.found["rule_names"].remove(name)
        for one in self.found["addresses"]:
            one["users"] = [x for x in one["users"] if x != name]

    def update_labels(self, name, step):
        kind, key = {"forwarding_rule": ("endpoints", "endpoint_id"), "address": ("addresses", "name")}[step["after"]["kind"]]
        self.one(kind, **{key: name})["labels"].update(step["after"]["labels"])

    def create_firewall_rule(self, name, step):
        assert name == step["after"]["name"] and name not in [r["name"] for r in self.found["firewalls"]], "alreadyExists"
        self.found["firewalls"].append(self.as_rule(firewall(name), step["after"]))

    def update_firewall_rule(self, name, step):
        assert not {"direction", "network"} & set(step["after"]), "immutable"
        one = self.one("firewalls", name=name)
        if "allowed" in step["after"]:
            # A rule allows or denies.
            one["denied"] = []
        self.as_rule(one, step["after"])

    def as_rule(self, one, after):
        assert CREATION not in after.get("destination_ranges", []) and ALLOCATION not in str(after.get("allowed"))
        one.update(copy.deepcopy(after))
        one["allowed"] = [{"protocol": x.get("ip_protocol") or x["protocol"], "ports": x["ports"]} for x in one["allowed"]]
        return one

    def delete_firewall_rule(self, name, step):
        self.drop("firewalls", name=name)

    # Cloud DNS

    def bind(self, one, networks):
        """A network takes one private zone of a name, in whatever project."""
        rivals = [z for z in self.found["zones"] if z is not one and z["private"] and z["name"] == one["name"]]
        assert not [z for z in rivals if set(z["networks"]) & set(networks)], "a zone of that name is on that network"
        one["networks"] = sorted(networks)

    def create_managed_zone(self, name, step):
        after = step["after"]
        assert after["zone_id"] not in [z["zone_id"] for z in self.found["zones"] if z["in_account"]], "alreadyExists"
        one = zone(0, name, zone_id=after["zone_id"], comment=after["description"], tags=dict(after["labels"]),
                   records=[record(name, type_, "x") for type_ in ("NS", "SOA")])
        self.bind(one, after["networks"])
        self.found["zones"].append(one)

    def update_managed_zone(self, name, step):
        after = step["after"]
        one = self.one("zones", zone_id=after["zone_id"], in_account=True)
        self.bind(one, after.get("networks", one["networks"]))
        one["comment"] = after.get("description", one["comment"])
        one["tags"].update(after.get("labels", {}))

    def delete_managed_zone(self, name, step):
        one = self.one("zones", zone_id=step["before"]["zone_id"], in_account=True)
        assert all(r["type"] in ("NS", "SOA") for r in one["records"]), "containerNotEmpty"
        self.found["zones"].remove(one)

    def zone_of(self, side):
        return self.one("zones", zone_id=side["zone_id"], in_account=True)
