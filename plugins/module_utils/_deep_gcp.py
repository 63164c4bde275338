# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads what only a check of a Google link looks at: DNS policies, firewall policies, zones of a host project, quotas. Changes nothing."""

from __future__ import annotations

import abc
from concurrent.futures import ThreadPoolExecutor
from typing import Callable

from ansible_collections.zilliz.cloud.plugins.module_utils._gcp_calls import COMPUTE, DNS, name_of, www
from ansible_collections.zilliz.cloud.plugins.module_utils._gcp_errors import GcpError

MATCH = "destIpRanges,destFqdns,destAddressGroups,destNetworkType,destNetworkContext,srcIpRanges,layer4Configs"
# Policies that a network has itself, in the order in which they are asked.
OF_NETWORK = ("NETWORK", "NETWORK_REGIONAL")
POLICY_RULE = (
    f"action,direction,disabled,priority,ruleName,match({MATCH}),targetResources,targetServiceAccounts,targetSecureTags,targetType"
)


def read_deep(google, wanted, found):
    """found["deep"]: a part for each check; `refusals` of a part says what of it could not be read, and the permission that is missing."""
    found["deep"] = {}
    needed = [wanted[name] for name in ("network_name", "network_project", "gcp_project_id", "zone_project")]
    if google and all(needed) and not set(needed) & set(wanted["malformed"]):
        parts: dict[str, Callable] = {"resolver": Resolver, "client_egress": FirewallPolicies, "other_zones": HostZones, "quota": Quotas}
        readers = {name: kind(google, wanted, found) for name, kind in parts.items()}
        with ThreadPoolExecutor(max_workers=len(readers)) as pool:
            found["deep"] = dict(zip(readers, pool.map(lambda reader: reader.answer(), readers.values())))


class Reader(abc.ABC):
    """One part, in looks that each may fail: what may not be read is told in the part, and is nobody's failure."""

    def __init__(self, google, wanted, found):
        self.google, self.wanted, self.found = google, wanted, found
        self.network, self.network_project = wanted["network_url"], wanted["network_project"]
        self.part = dict(self.empty(), refusals=[])

    def empty(self):
        """The part before anything is read."""
        return {}

    @abc.abstractmethod
    def looks(self):
        """What there is to read."""

    def answer(self):
        for look in self.looks():
            try:
                look()
            except GcpError as error:
                self.refuse(error)
        return self.part

    def refuse(self, error):
        """What one act mends is told once."""
        if remedy(str(error)) not in [remedy(one["error"]) for one in self.part["refusals"]]:
            self.part["refusals"].append({"error": str(error), "permission": error.permission if error.kind == "denied" else None})

    def binds(self, row):
        return any(www(one.get("networkUrl", "")) == self.network for one in row.get("networks") or [])


def remedy(text):
    return text.partition("; ")[2] or text


class Resolver(Reader):
    """Policies of Cloud DNS that the network has, which come before every zone."""

    def empty(self):
        return {"servers": [], "rules": []}

    def looks(self):
        projects = dict.fromkeys([self.network_project, self.wanted["zone_project"]])
        return [lambda look=look, project=project: look(project) for project in projects for look in (self.read_servers, self.read_rules)]

    def read_servers(self, project):
        rows = self.google.pages(
            f"{DNS}projects/{project}/policies", "policies", "read the server policies of Cloud DNS", "dns.policies.list",
            fields="policies(name,networks,alternativeNameServerConfig),nextPageToken",
        )
        for row in rows:
            targets = (row.get("alternativeNameServerConfig") or {}).get("targetNameServers") or []
            if targets and self.binds(row):
                addresses = sorted(x.get("ipv4Address") or x.get("ipv6Address") or "" for x in targets)
                others = sorted(www(x["networkUrl"]) for x in row["networks"] if www(x["networkUrl"]) != self.network)
                self.part["servers"].append({"policy": row["name"], "project": project, "targets": addresses, "networks": others})

    def read_rules(self, project):
        base = f"{DNS}projects/{project}/responsePolicies"
        rows = self.google.pages(
            base, "responsePolicies", "read the response policies of Cloud DNS", "dns.responsePolicies.list",
            fields="responsePolicies(responsePolicyName,networks),nextPageToken",
        )
        for policy in [row["responsePolicyName"] for row in rows if self.binds(row)]:
            rules = self.google.pages(
                f"{base}/{policy}/rules", "responsePolicyRules", f"read the rules of response policy {policy}", "dns.responsePolicyRules.list",
                fields="responsePolicyRules(ruleName,dnsName,behavior,localData),nextPageToken",
            )
            self.part["rules"] += [dict(response_rule(rule), policy=policy, project=project) for rule in rules]


def response_rule(row):
    data = (row.get("localData") or {}).get("localDatas") or []
    return {
        "rule": row["ruleName"],
        "name": row["dnsName"].rstrip(".").lower(),
        "bypass": row.get("behavior") == "bypassResponsePolicy",
        "values": sorted(value for one in data if one.get("type") == "A" for value in one.get("rrdatas") or []),
    }


class FirewallPolicies(Reader):
    """Rules for leaving the network that are no VPC firewall rules: of the organization, its folders, and the network."""

    def empty(self):
        return {"policies": [], "policies_first": False}

    def looks(self):
        self.url = f"{COMPUTE}projects/{self.network_project}/global/networks/{self.wanted['network_name']}"
        regional = [self.read_regional] if self.found["region"] else []
        return [self.read_policies] + regional + [self.read_order] if self.found["network"] else []

    def read_policies(self):
        row = self.google.get(
            f"{self.url}/getEffectiveFirewalls", f"read the firewall policies of network {self.wanted['network_name']}",
            "compute.networks.getEffectiveFirewalls", fields=f"firewallPolicys(name,shortName,displayName,type,rules({POLICY_RULE}))",
        )
        self.keep(row, lambda kind: kind != "NETWORK_REGIONAL")

    def read_regional(self):
        """Policies of a region are in no answer but this one, which repeats the others."""
        region = self.found["region"]
        row = self.google.get(
            f"{COMPUTE}projects/{self.network_project}/regions/{region}/firewallPolicies/getEffectiveFirewalls",
            f"read the firewall policies of region {region}", "compute.networks.getRegionEffectiveFirewalls",
            network=self.network, fields=f"firewallPolicys(name,displayName,type,rules({POLICY_RULE}))",
        )
        self.keep(row, lambda kind: kind == "NETWORK_REGIONAL")

    def keep(self, row, of_kind):
        self.part["policies"] += [firewall_policy(one, self.network) for one in row.get("firewallPolicys") or [] if of_kind(one.get("type"))]

    def read_order(self):
        if any(one["type"] in OF_NETWORK and one["rules"] for one in self.part["policies"]):
            order = self.google.get(
                self.url, f"read the order of the firewall rules of network {self.wanted['network_name']}", "compute.networks.get",
                fields="networkFirewallPolicyEnforcementOrder",
            )
            self.part["policies_first"] = order.get("networkFirewallPolicyEnforcementOrder") == "BEFORE_CLASSIC_FIREWALL"


def firewall_policy(row, network):
    rules = [policy_rule(rule) for rule in row.get("rules") or [] if leaves(rule, network)]
    return {
        "policy": row.get("shortName") or row.get("displayName") or row.get("name"),
        # The commands for a policy of an organization or folder take its number.
        "policy_id": row.get("name"),
        "type": row.get("type") or "UNSPECIFIED",
        "rules": sorted(rules, key=lambda rule: rule["priority"]),
        # Those of incoming traffic have a number too, which no other rule can take.
        "taken": sorted(rule.get("priority", 0) for rule in row.get("rules") or []),
    }


def leaves(rule, network):
    """Whether a rule is for what machines of this network send to private addresses."""
    match = rule.get("match") or {}
    resources = [www(one) for one in rule.get("targetResources") or []]
    return (
        rule.get("direction") == "EGRESS" and not rule.get("disabled") and rule.get("targetType") in (None, "INSTANCES")
        and (not resources or network in resources) and "INTERNET" not in (match.get("destNetworkType"), match.get("destNetworkContext"))
    )


def policy_rule(row):
    match = row.get("match") or {}
    sources = [x for x in match.get("srcIpRanges") or [] if x not in ("0.0.0.0/0", "::/0")]
    tags = [name_of(x.get("name")) or "" for x in row.get("targetSecureTags") or []]
    return {
        "name": row.get("ruleName") or str(row.get("priority", 0)),
        "priority": row.get("priority", 0),
        "action": row.get("action") or "",
        "ranges": sorted(match.get("destIpRanges") or []),
        # What these hold is not told here.
        "unseen": sorted((match.get("destFqdns") or []) + [name_of(x) or "" for x in match.get("destAddressGroups") or []]),
        "entries": [layer4(x) for x in match.get("layer4Configs") or []],
        "clients": sorted(sources + tags + (row.get("targetServiceAccounts") or [])),
    }


def layer4(row):
    return {"protocol": row.get("ipProtocol", "all").lower(), "ports": [str(port) for port in row.get("ports") or []]}


class HostZones(Reader):
    """Whether zones of the network's own project may be seen: the plan, which can do without, says nothing when not."""

    def looks(self):
        wanted, zones = self.wanted, self.found["zones"]
        known = self.network_project == wanted["zone_project"] or any(not zone["in_account"] for zone in zones)
        return [] if known or wanted["dns"] == "none" else [self.read_host]

    def read_host(self):
        self.google.pages(
            f"{DNS}projects/{self.network_project}/managedZones", "managedZones", "read the managed zones of the network's project",
            "dns.managedZones.list", fields="managedZones(name),nextPageToken",
        )


class Quotas(Reader):
    """How much room there is for what a link consists of."""

    def empty(self):
        return {"shares": {}, "zones": self.found["zone_limit"]}

    def looks(self):
        # The quota of zones counts what was read of them.
        zones = not self.part["zones"] and self.wanted["dns"] != "none" and "zones" in self.found["read"]
        return [self.read_project] + ([self.read_region] if self.found["region"] else []) + ([self.read_zones] if zones else [])

    def read_project(self):
        self.keep("", "compute.projects.get", "read the quotas of the project")

    def read_region(self):
        region = self.found["region"]
        self.keep(f"/regions/{region}", "compute.regions.get", f"read the quotas of region {region}")

    def keep(self, path, permission, purpose):
        url = f"{COMPUTE}projects/{self.wanted['gcp_project_id']}{path}"
        for one in self.google.get(url, purpose, permission, fields="quotas(metric,limit,usage)").get("quotas") or []:
            self.part["shares"][one["metric"]] = {"limit": int(one.get("limit", 0)), "count": int(one.get("usage", 0))}

    def read_zones(self):
        row = self.google.get(
            f"{DNS}projects/{self.wanted['zone_project']}", "read the quota of managed zones", "dns.projects.get", fields="quota/managedZones",
        )
        limit = (row.get("quota") or {}).get("managedZones")
        if limit is not None:
            self.part["zones"] = {"limit": limit, "count": len([zone for zone in self.found["zones"] if zone["in_account"]])}
