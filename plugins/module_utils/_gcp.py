# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads what a Google Cloud private link consists of: Zilliz Cloud, Compute Engine and Cloud DNS, as three lanes side by side."""

from __future__ import annotations

import re

from ansible_collections.zilliz.cloud.plugins.module_utils._gcp_calls import COMPUTE, DNS, name_of, tail, www
from ansible_collections.zilliz.cloud.plugins.module_utils._gcp_errors import GcpError, project_of
from ansible_collections.zilliz.cloud.plugins.module_utils._names import links, mark
from ansible_collections.zilliz.cloud.plugins.module_utils._plan import listed
from ansible_collections.zilliz.cloud.plugins.module_utils._plan_names import TEXT
from ansible_collections.zilliz.cloud.plugins.module_utils._read_zilliz import empty, gather, read_services, read_zilliz

# How far a refusal reaches: to all of a project, or to all that there is to ask.
OF_PROJECT = ("api_disabled", "billing", "wrong_project", "policy", "not_found")
OF_ALL = ("credentials", "scopes", "unreachable", "library")

FIREWALLS_LIST = "compute.firewalls.list"

# What is asked for of each thing: the lists hold whatever else the project has.
RULE = "name,network,target,IPAddress,pscConnectionId,pscConnectionStatus,allowPscGlobalAccess,labels,description,creationTimestamp"
ADDRESS = "name,address,status,subnetwork,purpose,addressType,users,labels,description"
FIREWALL = (
    "name,network,direction,priority,disabled,allowed,denied,destinationRanges,sourceRanges,sourceTags,targetTags,"
    "targetServiceAccounts,description,logConfig"
)
ZONE = "name,dnsName,description,visibility,labels,privateVisibilityConfig,forwardingConfig,peeringConfig"


def read_gcp(google, zilliz, wanted, settled=lambda found: True):
    """What there is, in plain dicts: `read` names the parts that are known, `problems` says why others are not.

    Without a client nothing of its cloud is read. Cloud DNS is left out while `settled` says that it is too early for names.
    """
    found = empty(
        region=None, network=None, network_names=[], subnetwork=None, subnetwork_regions=[], endpoints=[], rule_names=[], addresses=[], firewalls=[],
        zones=[], zone_limit=None, unseen_networks=[],
    )
    if zilliz:
        gather(found, GcpError, lambda: read_services(zilliz, wanted, found, "gcp"))
    found["region"] = region_of(wanted, found)
    lanes, compute, names = [], Compute(google, wanted, found), CloudDns(google, wanted, found)
    if "services" in found["read"]:
        lanes.append(lambda: read_zilliz(zilliz, wanted, found))
    if google:
        lanes += [compute.read] + ([] if wanted["awaits"] else [names.read_zones])
    gather(found, GcpError, *lanes)
    tell(found, wanted, compute, names)
    if wanted["awaits"] and "endpoints" in found["read"] and settled(found):
        names.read_zones()
    if "zones" in found["read"]:
        names.read_records()
    tell(found, wanted, names)
    if wanted["deep"] and wanted["inspect"]:
        # Only a check needs it, and every task compiles what it imports anew.
        from ansible_collections.zilliz.cloud.plugins.module_utils._deep_gcp import read_deep

        read_deep(google, wanted, found)
    return found


def region_of(wanted, found):
    """The region of the subnetwork and the endpoint. What shall go may be where Zilliz Cloud offers nothing any more."""
    if wanted["region"] in wanted["malformed"]:
        return None
    named = wanted["region_id"].partition("gcp-")[2] if wanted["state"] == "absent" else None
    return wanted["region"] or service_region(wanted, found) or named or None


def service_region(wanted, found):
    """projects/P/regions/us-west1/serviceAttachments/S names the region where the service is."""
    names = [row["endpoint_service"] for row in found["services"] if wanted["service_name"] in (None, row["endpoint_service"])]
    parts = names[0].split("/") if names else []
    return parts[parts.index("regions") + 1] if "regions" in parts[:-1] else None


# Refusals


class Lane:
    """One API, part by part. What Google refuses is kept for one sentence a cause, and the rest goes on where it can."""

    def __init__(self, google, wanted, found):
        self.google, self.wanted, self.found = google, wanted, found
        self.errors, self.closed, self.reached = [], {None, *wanted["malformed"]}, set()

    def attempt(self, look, *places):
        """Whether a part could be read; `places` are its project, and its region if it has one."""
        if self.closed.intersection(places) or "everything" in self.closed:
            return False
        project = places[0]
        try:
            look()
        except GcpError as error:
            self.judge(error, *places)
            return False
        self.reached.add(project)
        return True

    def judge(self, error, project, region=None):
        key: tuple
        if error.kind == "denied":
            key, closed = ("denied", project, error.permission), None
        elif region and "Unknown region" in error.message:
            key, closed = ("region", region), region
        elif error.kind in OF_PROJECT:
            # An API is enabled by itself, the rest is the same for both lanes.
            key, closed = (error.kind, project, type(self) if error.kind == "api_disabled" else None), project
        else:
            key, closed = ("all",) if error.kind in OF_ALL else (str(error),), "everything"
        self.errors.append((key, project, error))
        self.closed.add(closed)


def tell(found, wanted, *lanes):
    """The refusals as sentences, each cause once, in the order in which the lanes were given."""
    causes, denied = {}, {}
    for lane in lanes:
        for key, project, error in lane.errors:
            causes.setdefault(key, error)
            if key[0] == "denied":
                denied.setdefault(project, set()).add(error.permission)
        lane.errors = []
    reached = set().union(*(lane.reached for lane in lanes))
    for key, error in causes.items():
        text = str(error)
        if key[0] == "region":
            text = f"Google Cloud has no region {key[1]}: check region."
        # The plan tells the region of the service, and a project that is not there denies nothing.
        told = key[0] == "region" and wanted["state"] == "present" and service_region(wanted, found) not in (None, key[1])
        if told or key[0] == "denied" and ("wrong_project", key[1], None) in causes:
            continue
        if key[0] == "denied" and len(denied[key[1]]) > 1 and key[1] not in reached:
            text = (
                f"Nothing of project {key[1]} may be read with the credentials in use: check {option_of(key[1], wanted)}, or "
                f"allow {listed(sorted(denied[key[1]]))} in that project."
            )
        elif error.permission == FIREWALLS_LIST:
            text = text.rstrip(".") + ", or set client_egress: never where the network lets its clients out."
        if text not in found["problems"]:
            found["problems"].append(text)


def option_of(project, wanted):
    options = {"gcp_project_id": "gcp_project_id", "network_project": "network_project_id", "zone_project": "zone_project_id"}
    return next((option for key, option in options.items() if wanted[key] == project), "zone_networks")


# Compute Engine


class Compute(Lane):
    """The endpoints and addresses of the project, and its network, subnetwork and firewall rules, which may be another project's."""

    def read(self):
        wanted, region = self.wanted, self.found["region"]
        here, network_project = wanted["gcp_project_id"], wanted["network_project"]
        parts: list[tuple] = []
        if region:
            parts += [("endpoints", self.read_endpoints, here, region), ("addresses", self.read_addresses, here, region)]
        if wanted["state"] == "present":
            if region and wanted["subnetwork"] and wanted["subnetwork"] not in wanted["malformed"]:
                parts.append(("subnetwork", self.read_subnetwork, wanted["subnetwork_project"], region))
            parts.append(("network", self.read_network, network_project))
        for part, look, *places in parts + [("firewalls", self.read_firewalls, network_project)]:
            if self.attempt(look, *places):
                self.found["read"].add(part)
        if wanted["state"] == "present" and wanted["dns"] != "none":
            self.find_networks()

    def regional(self, kind):
        return f"{COMPUTE}projects/{self.wanted['gcp_project_id']}/regions/{self.found['region']}/{kind}"

    def items(self, path, purpose, permission, fields):
        fields = f"items({fields}),nextPageToken"
        return self.google.pages(path, "items", purpose, permission, fields=fields)

    def read_endpoints(self):
        rows = self.items(
            self.regional("forwardingRules"), f"read the forwarding rules of region {self.found['region']}",
            "compute.forwardingRules.list", f"{RULE},serviceDirectoryRegistrations",
        )
        self.found["rule_names"] = sorted(row["name"] for row in rows)
        self.found["endpoints"] = [endpoint(row) for row in rows if "/serviceAttachments/" in row.get("target", "")]

    def read_addresses(self):
        rows = self.items(
            self.regional("addresses"), f"read the addresses of region {self.found['region']}", "compute.addresses.list", ADDRESS
        )
        self.found["addresses"] = [address(row) for row in rows]

    def read_network(self):
        """From what is in it; else from the list, where a name that is not there can be told from a project that is not there."""
        wanted, found = self.wanted, self.found
        seen = [found["subnetwork"], *found["endpoints"]]
        if wanted["network_url"] not in [thing["network"] for thing in seen if thing]:
            found["network_names"] = self.networks_of(wanted["network_project"])
            if wanted["network_name"] not in found["network_names"]:
                return
        found["network"] = {"name": wanted["network_name"], "project": wanted["network_project"], "url": wanted["network_url"]}

    def networks_of(self, project):
        rows = self.items(f"{COMPUTE}projects/{project}/global/networks", "read the networks", "compute.networks.list", "name")
        return sorted(row["name"] for row in rows)

    def read_subnetwork(self):
        wanted, region = self.wanted, self.found["region"]
        project, name = wanted["subnetwork_project"], wanted["subnetwork"]
        row = self.google.get(
            f"{COMPUTE}projects/{project}/regions/{region}/subnetworks/{name}", f"read subnetwork {name}",
            "compute.subnetworks.get", missing=None, fields="name,network,region,ipCidrRange,purpose,selfLink",
        )
        if not row:
            self.found["subnetwork_regions"] = self.regions_of(project, name)
            return
        self.found["subnetwork"] = {
            "name": name, "project": project, "region": name_of(row["region"]), "network": www(row["network"]),
            "cidr": row["ipCidrRange"], "url": www(row["selfLink"]), "purpose": row.get("purpose") or "PRIVATE",
        }

    def regions_of(self, project, name):
        """Where else there is a subnetwork of that name, as far as one may look."""
        path = f"{COMPUTE}projects/{self.wanted['gcp_project_id']}/aggregated/subnetworks/listUsable"
        try:
            rows = self.items(path, f"find subnetwork {name}", "compute.subnetworks.list", "subnetwork")
        except GcpError:
            return []
        found = [re.fullmatch(r"projects/([^/]+)/regions/([^/]+)/subnetworks/([^/]+)", tail(row["subnetwork"])) for row in rows]
        return sorted(x.group(2) for x in found if x and x.group(1, 3) == (project, name))

    def read_firewalls(self):
        project = self.wanted["network_project"]
        try:
            rows = self.items(
                f"{COMPUTE}projects/{project}/global/firewalls", "read the firewall rules", FIREWALLS_LIST, FIREWALL
            )
        except GcpError as error:
            if error.kind != "denied" or self.wanted["client_egress"] != "never" or self.wanted["iap_ssh"]:
                raise
            # The usual case in a shared VPC, where others care for them.
            self.found["notes"].append(f"The firewall rules of project {project} may not be read, so none is made or removed.")
            return
        self.found["firewalls"] = [firewall(row) for row in rows]

    def find_networks(self):
        """The further networks of the zones, project by project; what is hidden is as good as missing."""
        found, home = self.found, self.wanted["network_project"]
        names = {home: found["network_names"]} if found["network_names"] else {}
        if "network" not in found["read"]:
            self.closed.add(home)
        for url in self.wanted["zone_networks"]:
            project = project_of(url)
            if self.closed & {project, "everything"}:
                continue
            try:
                if project not in names:
                    names[project] = self.networks_of(project)
            except GcpError as error:
                if project == home or error.kind not in ("denied", "wrong_project", "not_found"):
                    self.judge(error, project)
                    self.closed.add(project)
                    continue
                names[project] = []
            if name_of(url) not in names[project]:
                found["unseen_networks"].append(url)


def endpoint(row):
    registrations = row.get("serviceDirectoryRegistrations") or [{}]
    return {
        "endpoint_id": row["name"],
        "network": www(row.get("network", "")),
        "target": tail(row["target"]),
        "ip_address": row.get("IPAddress"),
        # An unsigned 64-bit number: a string, lest anybody rounds it.
        "psc_connection_id": str(row.get("pscConnectionId") or "") or None,
        "status": str(row.get("pscConnectionStatus") or "STATUS_UNSPECIFIED").upper(),
        "global_access": bool(row.get("allowPscGlobalAccess")),
        "namespace": registrations[0].get("namespace"),
        "labels": row.get("labels") or {},
        "description": row.get("description") or "",
        "created": row.get("creationTimestamp") or "",
    }


def address(row):
    return {
        "name": row["name"],
        "address": row.get("address"),
        "status": row.get("status"),
        "subnetwork": www(row.get("subnetwork", "")),
        "purpose": row.get("purpose"),
        "address_type": row.get("addressType"),
        "users": sorted(name_of(url) or "" for url in row.get("users") or []),
        "labels": row.get("labels") or {},
        "description": row.get("description") or "",
    }


def firewall(row):
    return {
        "name": row["name"],
        "network": www(row.get("network", "")),
        "direction": row.get("direction") or "INGRESS",
        # 0 is a priority too, the highest.
        "priority": row.get("priority", 1000),
        "disabled": bool(row.get("disabled")),
        "allowed": [protocol(item) for item in row.get("allowed") or []],
        "denied": [protocol(item) for item in row.get("denied") or []],
        "destination_ranges": sorted(row.get("destinationRanges") or []),
        "source_ranges": sorted(row.get("sourceRanges") or []),
        "source_tags": sorted(row.get("sourceTags") or []),
        "target_tags": sorted(row.get("targetTags") or []),
        "target_service_accounts": sorted(row.get("targetServiceAccounts") or []),
        "description": row.get("description") or "",
        "logging": bool((row.get("logConfig") or {}).get("enable")),
    }


def protocol(item):
    return {"protocol": item["IPProtocol"].lower(), "ports": [str(port) for port in item.get("ports") or []]}


# Cloud DNS


class CloudDns(Lane):
    """The managed zones of the zones' project, and records where they matter."""

    def read_zones(self):
        project, network_project = self.wanted["zone_project"], self.wanted["network_project"]
        if self.attempt(self.read_own, project):
            self.found["read"].add("zones")
            if network_project != project and self.wanted["dns"] != "none":
                self.read_others(network_project)
        self.found["zones"].sort(key=lambda zone: (not zone["in_account"], zone["zone_id"]))

    def read_own(self):
        self.found["zones"] = [managed_zone(row) for row in self.list_zones(self.wanted["zone_project"])]

    def list_zones(self, project):
        return self.google.pages(
            f"{DNS}projects/{project}/managedZones", "managedZones", "read the managed zones", "dns.managedZones.list",
            fields=f"managedZones({ZONE}),nextPageToken",
        )

    def read_others(self, project):
        """A network takes one private zone of a name, and its own project may have it; who may not look there tries."""
        try:
            rows = self.list_zones(project)
        except GcpError:
            return
        zones = [managed_zone(row, owner=f"project {project}") for row in rows]
        self.found["zones"] += [zone for zone in zones if zone["private"] and self.wanted["network_url"] in zone["networks"]]

    def read_records(self):
        """Records of the zones that this link has, wants or may have records in."""
        wanted, found = self.wanted, self.found
        hosts = [x["host"] for x in links(found["clusters"], wanted["project_id"], wanted["region_id"]) if x["ready"]]
        lanes: list = [
            lambda zone=zone: self.attempt(lambda: self.read_zone(zone), wanted["zone_project"])
            for zone in found["zones"] if self.matters(zone, hosts + [wanted["zone_name"]])
        ]
        if wanted["state"] == "present" and self.makes_zones(hosts):
            lanes.append(lambda: self.attempt(self.read_limit, wanted["zone_project"]))
        gather(found, GcpError, *lanes)
        found["zones"] = [zone for zone in found["zones"] if zone["records"] != "gone"]

    def matters(self, zone, names):
        wanted = self.wanted
        if not zone["in_account"] or not zone["private"]:
            return False
        here = wanted["network_url"] in zone["networks"]
        return (
            zone["comment"].startswith(TEXT + mark(wanted["project_id"], wanted["region_id"], wanted["network"]))
            or zone["zone_id"] == wanted["zone_id"]
            or (here or zone["comment"].startswith(TEXT))
            and any(name == zone["name"] or name.endswith("." + zone["name"]) for name in names)
        )

    def read_zone(self, zone):
        try:
            rows = self.google.pages(
                f"{DNS}projects/{self.wanted['zone_project']}/managedZones/{zone['zone_id']}/rrsets", "rrsets",
                f"read the records of zone {zone['name']}", "dns.resourceRecordSets.list",
                fields="rrsets(name,type,ttl,rrdatas),nextPageToken",
            )
        except GcpError as error:
            if error.status != 404:
                raise
            # Deleted since the list was read.
            zone["records"] = "gone"
            return
        zone["records"] = [record(row) for row in rows]

    def makes_zones(self, hosts):
        """The quota matters only to a run that makes zones."""
        wanted, clusters = self.wanted, self.found["clusters"]
        coming = any(x["waiting"] for x in links(clusters, wanted["project_id"], wanted["region_id"])) and wanted["dns"] == "exact"
        names = {"exact": hosts, "shared": [wanted["zone_name"]], "none": []}[wanted["dns"]]
        return not wanted["zone_id"] and bool(coming or set(names) - {zone["name"] for zone in self.found["zones"]})

    def read_limit(self):
        project = self.wanted["zone_project"]
        row = self.google.get(f"{DNS}projects/{project}", "read the quota of managed zones", "dns.projects.get", fields="quota")
        limit, count = row.get("quota", {}).get("managedZones"), len([zone for zone in self.found["zones"] if zone["in_account"]])
        self.found["zone_limit"] = {"limit": limit, "count": count} if limit is not None else None


def managed_zone(row, owner=None):
    networks = (row.get("privateVisibilityConfig") or {}).get("networks") or []
    return {
        "zone_id": row["name"],
        "name": plain(row["dnsName"]),
        "comment": row.get("description") or "",
        "private": row.get("visibility") == "private",
        "in_account": owner is None,
        "owner": owner,
        "networks": sorted(www(item.get("networkUrl", "")) for item in networks),
        "tags": row.get("labels") or {},
        # Zones of these kinds hold no records of their own.
        "leads_away": "forwardingConfig" in row or "peeringConfig" in row,
        "records": None,
    }


def record(row):
    return {
        "name": plain(row["name"]),
        "type": row["type"],
        "value": list(row.get("rrdatas") or ["(routing policy)"]),
        "ttl": row.get("ttl"),
    }


def plain(name):
    return name.rstrip(".").lower()
