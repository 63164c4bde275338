# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan of a Google Private Service Connect link: what is wanted against what was found. Pure: no I/O, no Ansible."""

from __future__ import annotations

import hashlib
import ipaddress
import re
from typing import Any

from ansible_collections.zilliz.cloud.plugins.module_utils._names import endpoint_phase, mark
from ansible_collections.zilliz.cloud.plugins.module_utils._plan import (
    ALLOCATION,
    CREATION,
    capital,
    listed,
    negative,
    patience,
    plural,
    some,
    words,
)
from ansible_collections.zilliz.cloud.plugins.module_utils._plan_names import NamesPlan, marked, odd_zone

COMPUTE = "https://www.googleapis.com/compute/v1/"
# What was adopted cannot get a description any more; a label takes neither slashes nor more than 63 characters.
MARK_LABEL = "zilliz-cloud-private-link"
NAME = r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?"
PROJECT = r"([a-z0-9.-]+:)?[a-z][-a-z0-9]{4,28}[a-z0-9]"
# The options that hold names of Google Cloud, and what such a name looks like.
NAMES = {
    "network_name": ("network", NAME, "my-vpc"),
    "subnetwork": ("subnetwork", NAME, "my-subnet"),
    "region": ("region", r"[a-z]+-[a-z]+[0-9]+", "us-west1"),
    "gcp_project_id": ("gcp_project_id", PROJECT, "my-project"),
    "network_project": ("network_project_id", PROJECT, "my-project"),
    "zone_project": ("zone_project_id", PROJECT, "my-project"),
    "endpoint_prefix": ("endpoint_prefix", r"[a-z][-a-z0-9]{0,51}", "zilliz-private-link (52 characters at most)"),
    "endpoint_name": ("endpoint_name", NAME, "zilliz-private-link-west"),
    "endpoint_id": ("endpoint_id", NAME, "my-psc-endpoint, the name of a forwarding rule"),
    "address": ("address", NAME, "my-address, the name of a reserved address"),
    "address_name": ("address_name", NAME, "my-address"),
    "firewall_name": ("firewall_name", NAME, "allow-zilliz"),
    "managed_zone_name": ("managed_zone_name", NAME, "zilliz-privatelink-zone"),
    "service_directory_namespace": ("service_directory_namespace", NAME, "my-namespace"),
}
GUIDE_ZONE = "zilliz-privatelink-zone"
# Where Google's proxies for ssh come from: https://cloud.google.com/iap/docs/using-tcp-forwarding
IAP_RANGE = "35.235.240.0/20"
PRIORITY, HIGHEST_PRIORITY = 1000, 1
SECOND = "It is a second endpoint of this link"
EVERYWHERE = "0.0.0.0/0"
RULE_KEYS = (
    "allowed", "destination_ranges", "source_ranges", "source_tags", "priority", "disabled", "target_tags", "target_service_accounts",
    "description", "logging",
)


def plan_gcp(wanted, found):
    """The plan: steps, notes, problems, what is awaited, what it costs, and the link as it is."""
    return GcpPlan(wanted, found).make()


def wanted_gcp(params):
    """The module's options as the plan wants them, and what is wrong with them by themselves."""
    wanted, problems = dict(params), []
    for name in ("client_target_tags", "client_target_service_accounts", "cluster_ids", "cluster_names", "confirm_clusters"):
        wanted[name] = words(params.get(name) or [])
    for name, given in wanted.items():
        if isinstance(given, str):
            wanted[name] = given.strip() or None
    wanted["gcp_project_id"] = project = wanted["gcp_project_id"] or wanted.get("project")
    if not project:
        problems.append("gcp_project_id is missing: name the Google Cloud project that gets the endpoint.")
    host, wanted["network_name"] = parted(wanted["network"], "networks")
    if not wanted["network_name"]:
        problems.append("network is missing: name the network that the clients are in.")
    if host and wanted["network_project_id"] not in (None, host):
        problems.append(f"network is in project {host}, and network_project_id is {wanted['network_project_id']}: correct one.")
    wanted["network_project"] = host = wanted["network_project_id"] or host or project
    owner, wanted["subnetwork_region"] = parted(wanted["subnetwork"], "subnetworks")[0], region_in(wanted["subnetwork"])
    wanted["subnetwork_project"], wanted["subnetwork"] = owner or host, parted(wanted["subnetwork"], "subnetworks")[1]
    wanted["zone_project"] = wanted["zone_project_id"] or project
    wanted["network_url"] = network_url(host, wanted["network_name"])
    wanted["zone_networks"] = further_networks(params.get("zone_networks"), host, problems)
    # What has the wrong form is not called missing too.
    wanted["malformed"] = malformed = []
    for name, (option, form, example) in NAMES.items():
        if wanted[name] and not re.fullmatch(form, wanted[name]):
            text = f"{option} is {wanted[name]}: a name there looks like {example}."
            problems += [text] if text not in problems and wanted[name] not in malformed else []
            malformed.append(wanted[name])
    problems += negative(wanted, "wait_timeout", "maintenance_timeout", "record_ttl") + odd_values(wanted)
    wanted["network"] = f"{host}/{wanted['network_name']}"
    base = hashlib.sha256(mark(wanted["project_id"], wanted["region_id"], wanted["network"]).encode()).hexdigest()
    wanted["endpoint_name"] = wanted["endpoint_name"] or f"{wanted['endpoint_prefix'] or 'zilliz-private-link'}-{base[:10]}"
    for name in ("address_name", "firewall_name"):
        wanted[name] = wanted[name] or wanted["endpoint_name"]
    wanted["managed_zone_name"] = wanted["managed_zone_name"] or GUIDE_ZONE
    wanted["zone_name"] = (wanted["zone_name"] or "vectordb.zillizcloud.com").rstrip(".").lower()
    wanted["labels"] = {str(k): str(v) for k, v in (params.get("labels") or {}).items()}
    wanted["awaits"] = [kind for kind in params["awaits"] if patience(wanted, kind)]
    return wanted, problems


def parted(text, kind):
    """(project or None, name) of a name, a path or a URL."""
    parts = (text or "").rstrip("/").split("/")
    project = parts[parts.index("projects") + 1] if "projects" in parts[:-1] else None
    return project, (parts[-1] if len(parts) == 1 or kind in parts else text)


def region_in(text):
    parts = (text or "").split("/")
    return parts[parts.index("regions") + 1] if "regions" in parts[:-1] else None


def network_url(project, name):
    return f"{COMPUTE}projects/{project}/global/networks/{name}"


def further_networks(value, project, problems):
    urls = []
    for item in words(value or []):
        owner, name = parted(item, "networks")
        if re.fullmatch(NAME, name):
            urls.append(network_url(owner or project, name))
        else:
            problems.append(f"zone_networks has {item}: write a network as my-vpc or projects/my-project/global/networks/my-vpc.")
    return list(dict.fromkeys(urls))


def odd_values(wanted):
    """Values that Google refuses, each in one sentence."""
    problems = []
    try:
        fixed: Any = ipaddress.ip_address(wanted["ip_address"]) if wanted["ip_address"] else None
    except ValueError:
        fixed = False
    if fixed is False or fixed and fixed.version != 4:
        problems.append(f"ip_address is {wanted['ip_address']}: write an IPv4 address of the subnetwork, such as 10.10.0.20.")
        wanted["ip_address"] = None
    if wanted["address"] and wanted["ip_address"]:
        problems.append("address names your own reserved address, so leave ip_address out.")
    if wanted["client_target_tags"] and wanted["client_target_service_accounts"]:
        problems.append("A firewall rule takes client_target_tags or client_target_service_accounts: leave one out.")
    for tag in wanted["client_target_tags"]:
        if not re.fullmatch(NAME, tag):
            problems.append(f"client_target_tags has {tag}: a network tag looks like my-clients.")
    for account in wanted["client_target_service_accounts"]:
        if not re.fullmatch(r"[^@\s]+@[^@\s]+", account):
            problems.append(f"client_target_service_accounts has {account}: name accounts by their e-mail addresses.")
    if wanted["zone_name"]:
        problems += odd_zone(wanted["zone_name"].rstrip(".").lower())
    priority = wanted["firewall_priority"]
    # Upstream drops a 0 and makes the rule with 1000.
    if priority is not None and not HIGHEST_PRIORITY <= priority <= 65535:
        problems.append(f"firewall_priority is {priority}: give a number from {HIGHEST_PRIORITY} (first) to 65535 (last).")
    for key, value in (wanted["labels"] or {}).items():
        if not re.fullmatch(r"[a-z][-_a-z0-9]{0,62}", str(key)) or not re.fullmatch(r"[-_a-z0-9]{0,63}", str(value)):
            problems.append(
                f"labels has {key}: {value}, and a label of Google Cloud is made of at most 63 lower-case letters, digits, - and _."
            )
    return problems


def attachment(text):
    """A service attachment without the host of its URL."""
    return text[text.index("projects/"):] if "projects/" in (text or "") else text


class GcpPlan(NamesPlan):
    """First the address, the endpoint and its authorization (connect), then firewall and private DNS (name)."""

    CLOUD_ID, ENDPOINT = "gcp", "psc_endpoint"
    ZONE, ZONE_WORDS, DNS = "managed_zone", "managed zone", "Cloud DNS"
    NETWORK_WORDS, FURTHER = "networks", "zone_networks"
    HERE = "in this Google project and region"
    ROUNDS = {
        "connect": {
            "private_endpoint": ["revoke", "authorize"],
            "address": ["create"],
            "psc_endpoint": ["delete", "create", "update"],
            "labels": ["update"],
        },
        "name": {
            "firewall_rule": ["create", "update", "delete"],
            "managed_zone": ["create", "update", "delete"],
            "record": ["create", "update", "replace", "delete"],
            "private_endpoint": ["revoke"],
            "psc_endpoint": ["delete"],
            "address": ["delete"],
        },
        "absent": {
            "firewall_rule": ["delete"],
            "managed_zone": ["create", "delete"],
            "record": ["create", "update", "delete"],
            "private_endpoint": ["revoke"],
            "psc_endpoint": ["delete"],
            "address": ["delete"],
        },
    }

    def __init__(self, wanted, found):
        super().__init__(wanted, found)
        self.project, self.region, self.network = wanted["gcp_project_id"], found["region"], wanted["network_url"]
        self.digest = hashlib.sha256(self.mark.encode()).hexdigest()
        # On Google the same name occurs in many projects.
        self.registrations = [r for r in self.registrations if r.get("gcp_project_id") in (self.project, None)]
        # Polling after an act: a cloud may still show what was before it.
        self.first_look = not wanted["awaits"] and not wanted["done"]

    def make(self):
        self.choose_service()
        self.choose_links()
        self.find_endpoint()
        self.find_address()
        self.find_rules()
        if self.present:
            self.check_project()
            self.check_network()
            self.check_endpoint()
            self.check_address()
            self.choose_rules()
            self.choose_zones()
            if not self.problems:
                self.connect()
                self.name()
        else:
            self.confirm()
            if not self.problems:
                self.absent()
        return self.answer()

    # What is there

    def owner(self, thing):
        """The description is written in the creating call; what was adopted has a label instead."""
        label = thing.get("labels", {}).get(MARK_LABEL)
        return marked(thing["description"]) or (self.mark if label == self.digest[:20] else label)

    def target(self):
        """The service attachment that the endpoint shall lead to."""
        return attachment(self.service_name())

    def find_endpoint(self):
        """By name when the user brings one; else by mark; else one of the service that can be used."""
        endpoints, brought = self.found["endpoints"], self.wanted["endpoint_id"]
        self.here = [e for e in endpoints if e["network"] == self.network]
        mine = sorted((e for e in self.here if self.ours(e)), key=lambda e: (self.dead(e), self.seniority(e)))
        if brought:
            self.endpoint = next((e for e in endpoints if e["endpoint_id"] == brought), None)
        else:
            self.endpoint = mine[0] if mine else self.borrowed() if self.present else None
        self.mine = mine
        self.duplicates = [e for e in mine if e is not self.endpoint]
        self.made = {e["endpoint_id"] for e in mine} | {self.wanted["endpoint_name"]}

    def dead(self, endpoint):
        """Whether only a new one helps, wherever it is."""
        astray = bool(self.target()) and endpoint["target"] != self.target()
        return astray or endpoint["status"] in ("CLOSED", "REJECTED") or bool(self.refused(endpoint))

    def borrowed(self):
        """One made by hand for this service, or another link's that this project is registered with already."""
        fits = [
            e for e in self.here
            if self.target() and not self.dead(e) and (not self.owner(e) or self.registration(e["endpoint_id"]))
        ]
        return min(fits, key=self.seniority) if fits else None

    def find_address(self):
        """The user's, or the one of this link that the endpoint has, or the first of this link."""
        addresses = self.found["addresses"]
        current = self.endpoint["ip_address"] if self.endpoint else None
        mine = sorted((a for a in addresses if self.ours(a)), key=lambda a: (a["address"] != current, a["name"]))
        self.my_addresses = mine
        self.brought = next((a for a in addresses if a["name"] == self.wanted["address"]), None)
        # Another network of the project may have the same address.
        held = [a for a in addresses if current and a["address"] == current and self.endpoint["endpoint_id"] in a["users"]]
        adopted = [a for a in held if self.adopts(a) and self.fits(a)] if self.usable() else []
        self.replaces = bool(self.unlike() or self.lost())
        stays = self.endpoint and not self.replaces
        free = [a for a in mine + adopted if (a["address"] == current if stays else self.fits(a) and not self.strangers(a))]
        self.address: Any = self.brought or next(iter(free), None)

    def strangers(self, address):
        """Who has an address apart from the endpoint."""
        return [x for x in address["users"] if not self.endpoint or x != self.endpoint["endpoint_id"]]

    def fits(self, address):
        wanted = self.wanted
        return wanted["ip_address"] in (None, address["address"]) and (
            not wanted["subnetwork"] or not address["subnetwork"] or self.in_subnetwork(address)
        )

    def in_subnetwork(self, address):
        owner, name = parted(address["subnetwork"], "subnetworks")
        return (owner, name) == (self.wanted["subnetwork_project"], self.wanted["subnetwork"])

    def unlike(self):
        """What of this link's endpoint can only be had by a new one, in words."""
        return self.lasting() if self.endpoint and self.usable() and not self.wanted["endpoint_id"] else []

    def lasting(self):
        """What of an endpoint is not as wanted and stays so as long as it lives."""
        wanted, endpoint = self.wanted, self.endpoint
        reserved = next((a for a in self.my_addresses if a["address"] == endpoint["ip_address"]), None)
        address = wanted["ip_address"] or (self.brought["address"] if self.brought else None)
        found = []
        if self.target() and endpoint["target"] != self.target():
            found.append(f"it leads to {endpoint['target']}, not to {self.target()}")
        if address and endpoint["ip_address"] != address:
            found.append(f"its address is {endpoint['ip_address']}, not {address}")
        elif reserved and not self.brought and not self.fits(reserved):
            found.append(f"its address is not in subnetwork {wanted['subnetwork']}")
        if wanted["service_directory_namespace"] not in (None, endpoint["namespace"]):
            found.append(f"its Service Directory namespace is {endpoint['namespace']}, not {wanted['service_directory_namespace']}")
        if endpoint["status"] == "CLOSED":
            found.append("its connection is CLOSED by Zilliz Cloud for good")
        return found

    def lost(self):
        """Why nothing can bring the connection back: revoking a registration rejects it, and nobody can accept that one again."""
        endpoint = self.endpoint
        if not endpoint or self.wanted["endpoint_id"] or not self.ours(endpoint):
            return []
        if self.refused(endpoint):
            return [f"its registration is {self.refused(endpoint)} at Zilliz Cloud"]
        if endpoint["status"] == "REJECTED":
            return ["its connection is REJECTED"]
        # Only the user knows that this is not the moment before Google shows an acceptance.
        if self.outlived(endpoint) and self.wanted["recreate"] and self.first_look:
            return ["its registration is older than itself, so nobody will accept its connection"]
        return []

    def outlived(self, endpoint):
        """Whether a registration may be that of an earlier endpoint of this name."""
        row = self.registration(endpoint["endpoint_id"])
        return endpoint["status"] == "PENDING" and bool(row) and endpoint_phase(row["endpoint_status"]) == "ready"

    def find_rules(self):
        """The firewall rules of this link, by direction."""
        rules = [r for r in self.found["firewalls"] if r["network"] == self.network]
        self.network_rules = rules
        self.my_rules = sorted((r for r in rules if marked(r["description"]) == self.mark), key=lambda r: r["name"])

    # What the user gave

    def check_network(self):
        """Where the endpoint is to be, and whether it can be there."""
        wanted, network, project = self.wanted, self.found["network"], self.wanted["network_project"]
        service_region = region_in(self.target())
        if wanted["region"] and service_region and wanted["region"] != service_region and wanted["region"] not in wanted["malformed"]:
            self.problem(
                f"region is {wanted['region']}, but the service is in {service_region}, and an endpoint must be in the region of its "
                f"service: set region to {service_region}, with a subnetwork there; global_access: true lets clients of other "
                "regions use it."
            )
            return
        if self.knows("network") and not network and wanted["network_name"] not in ("", *wanted["malformed"]):
            self.problem(
                f"Network {wanted['network_name']} was not found in project {project}, which has "
                f"{some(self.found.get('network_names', [])) or 'none'}: check network and gcp_project_id"
                + (", and for a shared VPC set network_project_id to its host project." if project == self.project else
                   ", and network_project_id.")
            )
        elif network:
            self.check_subnetwork()

    def check_subnetwork(self):
        wanted, subnetwork = self.wanted, self.found["subnetwork"]
        name, named = wanted["subnetwork"], wanted["subnetwork_region"]
        elsewhere = [named] if named not in (None, self.region) else [] if subnetwork else self.found.get("subnetwork_regions")
        needed = not wanted["endpoint_id"] and not wanted["address"] and not self.address and (not self.endpoint or self.replaces)
        if not name:
            if needed and self.knows("endpoints", "addresses"):
                self.problem(f"subnetwork is missing: name one of network {wanted['network_name']} in region {self.region}.")
        elif elsewhere:
            self.problem(
                f"Subnetwork {name} is in region {listed(elsewhere)}, and the endpoint must be in {self.region}: name a subnetwork there."
            )
        elif not subnetwork and self.knows("subnetwork") and name not in wanted["malformed"]:
            self.problem(
                f"Subnetwork {name} was not found in region {self.region} of project {wanted['subnetwork_project']}: check "
                "subnetwork; it must be in the region of the service."
            )
        elif subnetwork and subnetwork["network"] != self.network:
            self.problem(f"Subnetwork {name} is in {self.place(subnetwork['network'])}, not in {self.place(self.network)}: check it.")
        elif subnetwork and subnetwork.get("purpose", "PRIVATE") not in ("PRIVATE", "PRIVATE_RFC_1918"):
            self.problem(f"Subnetwork {name} is for {subnetwork['purpose']} alone, and holds no endpoints: name another.")
        elif subnetwork and wanted["ip_address"] and not inside(wanted["ip_address"], subnetwork["cidr"]):
            self.problem(f"ip_address {wanted['ip_address']} is not in subnetwork {name} ({subnetwork['cidr']}): choose one that is.")

    def check_endpoint(self):
        endpoint, brought, name = self.endpoint, self.wanted["endpoint_id"], self.wanted["endpoint_name"]
        if not self.knows("endpoints"):
            return
        if brought and not endpoint:
            if brought not in self.wanted["malformed"]:
                self.problem(
                    f"Forwarding rule {brought} to a service attachment was not found in region {self.region} of project "
                    f"{self.project}: check endpoint_id."
                )
        elif brought and endpoint["network"] != self.network:
            self.problem(f"Endpoint {brought} is in {self.place(endpoint['network'])}: bring one in {self.place(self.network)}.")
        elif brought and self.target() and endpoint["target"] != self.target():
            self.problem(f"Endpoint {brought} leads to {endpoint['target']}, not to {self.target()}: bring another endpoint_id.")
        elif brought and endpoint["status"] in ("CLOSED", "REJECTED"):
            self.problem(f"The connection of endpoint {brought} is {endpoint['status']}: bring another, or leave endpoint_id out to have one made.")
        elif self.unlike() and not (self.ours(endpoint) and self.wanted["recreate"]):
            self.problem(
                f"Endpoint {endpoint['endpoint_id']} cannot be changed in place ({listed(self.unlike())}): "
                + ("set recreate: true to replace it, which cuts the link for some minutes." if self.ours(endpoint)
                   else "bring another endpoint_id.")
            )
        elif not endpoint and name in self.found["rule_names"]:
            self.problem(
                f"Project {self.project} already has a forwarding rule {name} in region {self.region} that this link did not make: "
                "choose another endpoint_name, or remove it."
            )

    def check_address(self):
        wanted, name = self.wanted, self.wanted["address"]
        if not self.knows("addresses") or self.wanted["endpoint_id"]:
            return
        if name and not self.brought:
            if name not in wanted["malformed"]:
                self.problem(f"Address {name} was not found in region {self.region} of project {self.project}: check address.")
            return
        if self.brought:
            users = self.strangers(self.brought)
            if self.brought["address_type"] != "INTERNAL":
                self.problem(f"Address {name} is {self.brought['address_type']}: an endpoint takes an INTERNAL one of a subnetwork.")
            elif users:
                self.problem(f"Address {name} is in use by {listed(users)}: bring one that is free.")
            return
        self.check_ip_address()
        taken = [a for a in self.found["addresses"] if a["name"] == wanted["address_name"] and not self.ours(a)]
        if taken and self.makes_address() and not self.adopts(taken[0]):
            use = "" if taken[0]["users"] else f"use it with address: {taken[0]['name']}, or "
            self.problem(
                f"Project {self.project} already has an address {taken[0]['name']} in region {self.region} that this link did not "
                f"make: {use}choose another address_name."
            )

    def check_ip_address(self):
        ip_address = self.wanted["ip_address"]
        if not ip_address or not self.makes_address():
            return
        rivals = [a for a in self.found["addresses"] if a["address"] == ip_address and not self.ours(a) and self.fits(a)]
        users = [e["endpoint_id"] for e in self.here if e["ip_address"] == ip_address and e is not self.endpoint]
        users = users or [x for a in rivals for x in self.strangers(a)]
        if users:
            self.problem(f"ip_address {ip_address} is in use by {listed(users)}: choose one that is free.")
        elif rivals:
            self.problem(
                f"ip_address {ip_address} is reserved as {rivals[0]['name']}: bring it with address: {rivals[0]['name']}, or choose "
                "another."
            )

    def makes_address(self):
        return not self.address and (not self.endpoint or self.replaces)

    # Connect: the address, the endpoint and its authorization

    def connect(self):
        if self.replaces:
            self.retire("connect", [self.endpoint], f"It is to be replaced: {listed(self.unlike() + self.lost())}")
            # Lest the older one is taken for the endpoint that stays.
            self.retire("connect", self.duplicates, SECOND)
        creates = not self.endpoint or self.replaces
        name = self.endpoint["endpoint_id"] if self.endpoint else self.wanted["endpoint_name"]
        row = self.registration(name)
        if not self.endpoint and row:
            self.revoke("connect", row, "Its endpoint is gone, and the new one of this name needs a registration of its own")
        self.purge_registrations("connect", {e["endpoint_id"] for e in self.found["endpoints"]} | {name}, self.made)
        if creates:
            self.create_endpoint(name)
            self.authorize(name, "Zilliz Cloud accepts no connection from an endpoint that is not registered")
        else:
            if self.usable() and not (self.wanted["endpoint_id"] and not self.wanted["adopt"]):
                self.repair_endpoint()
            else:
                self.judge_endpoint()
            self.register(name)
            self.await_endpoint()
        self.await_links()
        if self.service and self.service.get("whitelist_required"):
            self.note("The service asks for a whitelist, and Zilliz Cloud has none for Google projects by API: ask its support.")

    def create_endpoint(self, name):
        wanted, address = self.wanted, self.address
        if self.makes_address():
            base, taken = wanted["address_name"], [a["name"] for a in self.found["addresses"]]
            spare = next(x for x in [base] + [f"{base[:59]}-{n}" for n in range(2, 999)] if x not in taken)
            address = {"name": spare, "address": wanted["ip_address"] or self.kept()}
            self.step(
                "connect", "create", "address", spare, "The endpoint needs an address that stays its own when it is made again",
                after={
                    "name": spare, "address": address["address"], "subnetwork": (self.found["subnetwork"] or {}).get("url"),
                    "description": self.text,
                },
            )
            if wanted["labels"]:
                why = "gcp_compute_address writes no labels"
                self.step("connect", "update", "labels", spare, why, after={"kind": "address", "labels": wanted["labels"]})
        elif not self.brought:
            self.relabel("address", address["name"], address)
        after = {
            "name": name,
            "target": COMPUTE + self.target(),
            "network": self.network,
            "ip_address": address["address"],
            "address": address["name"],
            "description": self.text,
            "labels": wanted["labels"],
            "global_access": wanted["global_access"],
            "namespace": wanted["service_directory_namespace"],
        }
        # gcp_compute_forwarding_rule has none of these options.
        after["composed"] = not (after["labels"] or after["global_access"] or after["namespace"])
        why = f"{capital(self.place(self.network))} has no usable endpoint of service {self.target()}"
        self.step("connect", "create", "psc_endpoint", name, why, after=after)

    def repair_endpoint(self):
        """Access from other regions and labels can be changed in place; the rest is for recreate."""
        wanted, endpoint = self.wanted, self.endpoint
        name, access = endpoint["endpoint_id"], wanted["global_access"]
        self.relabel("forwarding_rule", name, endpoint)
        if self.address and not self.brought:
            self.relabel("address", self.address["name"], self.address)
        elif not self.address and not any(a["address"] == endpoint["ip_address"] for a in self.found["addresses"]):
            self.note(f"The address {endpoint['ip_address']} of endpoint {name} is not reserved: it goes when the endpoint does.")
        if endpoint["global_access"] != access:
            why = "Clients of other regions shall reach it" if access else "Clients of other regions shall not reach it"
            self.step(
                "connect", "update", "psc_endpoint", name, why, before={"global_access": not access}, after={"global_access": access}
            )

    def relabel(self, kind, name, thing):
        """Missing and changed labels of ours; other people's labels are never touched."""
        marks = not self.ours(thing)
        labels = dict(self.wanted["labels"], **({MARK_LABEL: self.digest[:20]} if marks else {}))
        missing = {k: v for k, v in labels.items() if thing["labels"].get(k) != v}
        if missing:
            what = kind.replace("_", " ")
            why = f"adopt writes the mark of this link on the {what}" if marks else f"Labels of the {what} are not as wanted: {listed(missing)}"
            self.step(
                "connect", "update", "labels", name, why, before={"labels": {k: thing["labels"].get(k) for k in missing}},
                after={"kind": kind, "labels": missing},
            )

    def judge_endpoint(self):
        """Used as it is; what does not fit is said."""
        wanted, endpoint = self.wanted, self.endpoint
        owner, name = self.owner(endpoint), endpoint["endpoint_id"]
        if owner != self.mark:
            whose = f"belongs to link {owner}" if owner else "was not made by this link"
            self.note(f"Endpoint {name} {whose}: it is used, never changed or deleted.")
        closed = wanted["global_access"] and not endpoint["global_access"]
        lacks = self.lasting() + (["clients of other regions cannot reach it (global access is off)"] if closed else [])
        if lacks:
            self.note(f"Endpoint {name} is not as wanted: {listed(lacks)}.")

    def await_endpoint(self):
        endpoint_id, status = self.endpoint["endpoint_id"], self.endpoint["status"]
        row = self.registration(endpoint_id)
        if row and endpoint_phase(row["endpoint_status"]) != "ready":
            self.wait("endpoint", f"Zilliz Cloud shows endpoint {endpoint_id} as {row['endpoint_status']}")
        if status == "NEEDS_ATTENTION":
            self.wait("endpoint", f"Google shows endpoint {endpoint_id} as NEEDS_ATTENTION: Zilliz Cloud has to act, ask its support")
        elif status != "ACCEPTED":
            hint = (
                f", although Zilliz Cloud shows it as {row['endpoint_status']}: if this lasts, somebody made it again; recreate: true "
                "replaces it" if self.outlived(self.endpoint) else ""
            )
            self.wait("endpoint", f"Google shows endpoint {endpoint_id} as {status}{hint}")

    # Name: the clients' way out

    def name(self):
        self.write_rules()
        self.write_names()
        self.retire("name", [] if self.replaces else self.duplicates, SECOND)
        leaving = self.duplicates + ([self.endpoint] if self.replaces else [])
        busy = {e["ip_address"] for e in self.found["endpoints"] if e not in leaving} | {self.ip_address()}
        spare = [a for a in self.my_addresses if a["address"] not in busy and a is not self.address]
        self.drop_addresses("name", spare, leaving, "The endpoint has another address", known=self.reachable())
        self.tidy_rules()

    def choose_rules(self):
        """The firewall rules that shall be there, each with the rule that is there for it."""
        self.rules = []
        if not self.knows("firewalls"):
            return
        if self.wanted["iap_ssh"]:
            name = f"{self.wanted['firewall_name'][:55]}-iap-ssh"
            self.choose_rule({
                "name": name, "network": self.network, "direction": "INGRESS", "allowed": tcp(["22"]), "source_ranges": [IAP_RANGE],
                "source_tags": [], "destination_ranges": [], "priority": PRIORITY, "target_tags": [], "target_service_accounts": [],
                "description": self.text, "disabled": False, "logging": True,
            }, "Google's proxies for ssh shall reach the hosts of the network, as the guide has it")
        denials = self.denials()
        if self.wanted["client_egress"] == "always" or self.wanted["client_egress"] == "auto" and denials:
            self.choose_rule(self.way_out(denials), self.why_out(denials))

    def choose_rule(self, rule, why):
        """By direction when this link has one, else by name: a foreign one is not touched."""
        now = next((r for r in self.my_rules if r["direction"] == rule["direction"]), None)
        same = next((r for r in self.found["firewalls"] if r["name"] == rule["name"]), None)
        if now and now["denied"]:
            self.problem(
                f"Firewall rule {now['name']} of project {self.wanted['network_project']} bears the mark of this link and denies, which "
                "cannot be changed: remove it."
            )
        free = same is not None and not marked(same["description"]) and adoptable(same, rule)
        if same and not now and not (self.wanted["adopt"] and free):
            self.problem(
                f"Project {self.wanted['network_project']} already has a firewall rule {rule['name']} that this link did not make: "
                "choose another firewall_name, " + ("remove it, or set adopt: true." if free else "or remove it.")
            )
        self.rules.append({"rule": dict(rule, name=(now or rule)["name"]), "now": now or same, "why": why})

    def way_out(self, denials):
        """Egress to the endpoint's address on the ports of the links, before every rule that denies it."""
        first = min((r["priority"] for r in denials), default=PRIORITY + 1)
        priority = self.wanted["firewall_priority"] or max(HIGHEST_PRIORITY, min(PRIORITY, first - 1))
        if denials and priority >= first:
            self.note(
                f"Firewall rule {denials[0]['name']} (priority {first}) denies egress before ours ({priority}): give it a higher "
                "number" + (f", or set firewall_priority below {first}." if first > HIGHEST_PRIORITY else ".")
            )
        ip_address = self.ip_address()
        return {
            "name": self.wanted["firewall_name"], "network": self.network, "direction": "EGRESS", "allowed": tcp(self.ports()),
            "destination_ranges": [ip_address if ip_address == CREATION else f"{ip_address}/32"], "source_ranges": [], "source_tags": [],
            "priority": priority, "target_tags": sorted(self.wanted["client_target_tags"]),
            "target_service_accounts": sorted(self.wanted["client_target_service_accounts"]), "description": self.text,
            "disabled": False, "logging": False,
        }

    def ports(self):
        """Of the links; a port that a resting cluster may need again stays open."""
        now = next((r for r in self.my_rules if r["direction"] == "EGRESS"), None)
        open_ = [p for item in (now["allowed"] if now else []) for p in item["ports"] if p.isdigit()]
        ready = {link["port"] for link in self.ready()}
        ports = ready | {int(p) for p in open_ if self.resting(int(p))}
        return [str(p) for p in sorted(ports)] or [ALLOCATION]

    def denials(self):
        """Rules that keep clients from the endpoint, the most urgent first: no other rule lets them out before."""
        rules = [r for r in self.network_rules if r["direction"] == "EGRESS" and not r["disabled"] and r not in self.my_rules]
        target = self.ip_address()
        place = target if target != CREATION else (self.found["subnetwork"] or {}).get("cidr")
        ports = self.ports()
        denied = [r for r in rules if touches(r["denied"], ports) and touched(r["destination_ranges"], place)]
        allowed = [
            r for r in rules
            if not r["target_tags"] + r["target_service_accounts"] and holds(r["allowed"], ports)
            and any(within(place, x) for x in r["destination_ranges"] or [EVERYWHERE])
        ]
        # Of two rules of one priority the one that denies wins.
        first = min((r["priority"] for r in allowed), default=65536)
        return sorted((r for r in denied if r["priority"] <= first), key=lambda r: (r["priority"], r["name"]))

    def why_out(self, denials):
        if not denials:
            return "client_egress is always, so a rule lets the clients out to the endpoint"
        return f"Rule{plural(denials)} {listed(r['name'] for r in denials)} would deny the clients' way out to the endpoint"

    def write_rules(self):
        if any(item["rule"]["direction"] == "EGRESS" for item in self.rules):
            self.note_ports("the firewall rule")
        for item in self.rules:
            rule, now = item["rule"], item["now"]
            allocated = ALLOCATION not in rule["allowed"][0]["ports"]
            if not allocated and not self.foreseen():
                # No cluster has a link, and none will have one in this run.
                continue
            known = allocated and CREATION not in rule["destination_ranges"]
            if not now:
                self.step("name", "create", "firewall_rule", rule["name"], item["why"], after=rule, known=known)
                continue
            drift = {k: rule[k] for k in RULE_KEYS if plain(now, k) != plain(rule, k)}
            if drift:
                what = listed(k.replace("_", " ") for k in drift)
                self.step(
                    "name", "update", "firewall_rule", rule["name"], f"Not as wanted: {what}",
                    before={k: now[k] for k in drift}, after=dict(drift, name=rule["name"]), known=known,
                )

    def tidy_rules(self):
        kept = [item["rule"]["name"] for item in self.rules]
        for rule in self.my_rules:
            if rule["name"] not in kept and self.knows("firewalls"):
                self.drop_rule("name", rule, "Nothing denies the clients' way out any more" if rule["direction"] == "EGRESS" and (
                    self.wanted["client_egress"] == "auto") else "It is not wanted any more")

    def drop_rule(self, round_, rule, why):
        self.step(round_, "delete", "firewall_rule", rule["name"], why, before={k: rule[k] for k in ("name", "network", "direction")})

    def drop_addresses(self, round_, addresses, leaving, why, known=True):
        """What something else than the endpoints that leave uses is kept."""
        leaving = {e["endpoint_id"] for e in leaving}
        for address in addresses:
            strangers = [x for x in address["users"] if x not in leaving]
            if strangers:
                self.note(f"Address {address['name']} is kept, because {listed(strangers)} uses it: take it off there and run again.")
                continue
            before = {k: address[k] for k in ("name", "address", "subnetwork")}
            self.step(round_, "delete", "address", address["name"], why, before=before, known=known)

    # Name: private DNS

    def networks(self):
        return [self.network] + [url for url in self.wanted["zone_networks"] if url != self.network]

    def place(self, network):
        project, name = parted(network, "networks")
        return f"network {name}" + (f" of project {project}" if project != self.project else "")

    def holder(self):
        return f"project {self.wanted['zone_project']}"

    def zone_owner(self, zone):
        return marked(zone["comment"])

    def inherits(self, owner, zone):
        # Only where all endpoints that a link of that region could have were seen.
        region_id = owner.split("/")[1]
        alone = self.wanted["network_project"] == self.project == self.wanted["zone_project"]
        return alone and owner.endswith("/" + self.wanted["network"]) and region_id == self.wanted["region_id"]

    def stands(self, endpoint):
        return True

    def leads_to(self, record, endpoint):
        return record["type"] == "A" and endpoint["ip_address"] in record["value"]

    def leads_here(self, record, ours):
        """By the addresses of this link; what else an address was cannot be told once its owner is gone."""
        addresses = {a["address"] for a in self.my_addresses} | {e["ip_address"] for e in self.mine + [self.endpoint] if e}
        addresses |= {self.ip_address()} if self.present else set()
        return record["type"] == "A" and bool(addresses & set(record["value"]))

    def check_networks(self):
        for url in self.found["unseen_networks"]:
            self.problem(f"{capital(self.place(url))} was not found: check its entry in zone_networks, and the permissions there.")

    def zone_id(self, entry):
        """A managed zone is named before it is made; a name that is taken gives way."""
        if entry["zone"]:
            return entry["zone"]["zone_id"]
        digest = hashlib.sha256(f"{self.mark} {entry['name']}".encode()).hexdigest()[:8]
        if entry["cluster_id"]:
            return f"{entry['cluster_id'][:54]}-{digest}"
        name, taken = self.wanted["managed_zone_name"], [zone["zone_id"] for zone in self.found["zones"]]
        return f"{name[:54]}-{digest}" if name in taken else name

    def make_zone(self, entry):
        zone, name, networks = entry["zone"], entry["name"], sorted(self.networks())
        comment, labels = self.comment(entry), self.wanted["labels"]
        target = {"description": comment, "labels": labels, "networks": networks}
        if not zone:
            self.step(
                "name", "create", "managed_zone", name, f"No private zone of that name answers in {self.place(self.network)}",
                after=dict(target, name=name, zone_id=self.zone_id(entry)),
            )
            return
        if not entry["ours"]:
            return
        reasons = []
        drift: dict = {}
        if sorted(zone["networks"]) != networks:
            more, less = set(zone["networks"]) - set(networks), set(networks) - set(zone["networks"])
            reasons += [f"it does not answer in {listed(self.place(x) for x in sorted(less))}"] if less else []
            reasons += [f"it also answers in {listed(self.place(x) for x in sorted(more))}"] if more else []
            drift["networks"] = networks
        if zone["comment"] != comment:
            reasons.append("its description " + ("is not as wanted" if self.zone_owner(zone) == self.mark else "does not name this link"))
            drift["description"] = comment
        missing = {k: v for k, v in labels.items() if zone["tags"].get(k) != v}
        if missing:
            reasons.append(f"its labels are not as wanted ({listed(missing)})")
            drift["labels"] = missing
        if drift:
            now = {"description": zone["comment"], "networks": zone["networks"], "labels": {k: zone["tags"].get(k) for k in missing}}
            self.step(
                "name", "update", "managed_zone", name, capital(listed(reasons)), before={k: now[k] for k in drift},
                after=dict(drift, name=name, zone_id=zone["zone_id"]),
            )

    def foresee_zone(self, why):
        after = {"name": ALLOCATION, "networks": sorted(self.networks())}
        self.step("name", "create", "managed_zone", ALLOCATION, why, after=after, known=False)

    def record_types(self):
        return ["A"]

    def ip_address(self):
        """The address that the endpoint has or will have, when it is known."""
        if self.endpoint and not self.replaces:
            return self.endpoint["ip_address"]
        return (self.address["address"] if self.address else self.wanted["ip_address"] or self.kept()) or CREATION

    def kept(self):
        """The address of an endpoint that is made again, where nothing reserves it yet."""
        ip_address, subnetwork = self.endpoint["ip_address"] if self.endpoint else None, self.found["subnetwork"]
        reserved = any(a["address"] == ip_address for a in self.found["addresses"])
        return ip_address if ip_address and not reserved and subnetwork and inside(ip_address, subnetwork["cidr"]) else None

    def reachable(self):
        return bool(self.endpoint) and not self.replaces

    def wanted_record(self, host, type_):
        return {"name": host, "type": type_, "value": [self.ip_address()], "ttl": self.wanted["record_ttl"]}

    def beyond(self, by):
        # Upstream never takes a network or a value away, and its record module has no access tokens.
        changes = ("update_managed_zone", "replace_record", "update_record")
        # A TTL of 0 it makes 900.
        if any(by.get(key) for key in changes) or self.wanted.get("auth_kind") == "accesstoken" or self.wanted["record_ttl"] == 0:
            return True
        # Nor can it hide a new zone until its records stand, and a name that has an answer shall keep it.
        moving = {step["after"]["name"] for step in by.get("create_record", [])}
        return any(r["name"] in moving for z in self.found["zones"] if self.network in z["networks"] for r in z["records"] or [])

    def batch_zone(self, step):
        return {k: v for k, v in step["after"].items() if k in ("description", "labels", "networks")}

    def batch_record(self, record, state):
        """A record in the words of cloud_dns_names."""
        return {"name": record["name"], "type": record["type"], "ttl": record["ttl"], "values": record["value"], "state": state}

    # Taking it down

    def absent(self):
        """Firewall, names, registration, endpoint, address: what is ours, and why the rest is kept."""
        for rule in self.my_rules:
            self.drop_rule("absent", rule, "It belongs to this link")
        self.drop_names()
        self.retire("absent", self.mine, "This link is taken down")
        self.purge_registrations("absent", {e["endpoint_id"] for e in self.found["endpoints"]}, self.made)
        for endpoint in self.here:
            owner = self.owner(endpoint)
            if owner != self.mark and self.registration(endpoint["endpoint_id"]):
                whose = f"it belongs to link {owner}" if owner else "this link did not make it (adopt: true takes it over)"
                self.note(f"Endpoint {endpoint['endpoint_id']} and its registration are kept: {whose}.")
        self.drop_addresses("absent", self.my_addresses, self.mine, "It belongs to this link")
        if self.brought:
            self.note(f"Your address {self.brought['name']} is kept.")

    # What comes of it

    def answer(self):
        if self.present and not self.problems:
            self.price()
        return super().answer()

    def price(self):
        zones = [e for e in self.zones if e["ours"]]
        coming = self.coming() if self.wanted["dns"] == "exact" and not self.wanted["zone_id"] else []
        self.cost("Private Service Connect endpoint", 1 if self.usable() else 0, "forwarding rule, by the hour, and the data that passes",
                  "https://cloud.google.com/vpc/network-pricing#psc-forwarding-rules")
        self.cost("Cloud DNS managed zone", len(zones) + len(coming), "zones, by the month", "https://cloud.google.com/dns/pricing")

    def addresses_of(self, endpoint):
        return [endpoint["ip_address"]] if endpoint["ip_address"] else []

    def view(self, endpoint):
        return {
            "endpoint_id": endpoint["endpoint_id"],
            "state": endpoint["status"],
            "psc_connection_id": endpoint["psc_connection_id"],
            "ip_address": endpoint["ip_address"],
            "target": endpoint["target"],
            "global_access": endpoint["global_access"],
            "namespace": endpoint["namespace"],
        }

    def result(self):
        return dict(
            super().result(),
            gcp_project_id=self.project,
            region=self.region,
            network=self.network,
            network_project_id=self.wanted["network_project"],
            subnetwork=(self.found["subnetwork"] or {}).get("url"),
            zone_project_id=self.wanted["zone_project"],
            records=[
                {"name": link["host"], "type": "A", "value": self.ip_address(), "ttl": self.wanted["record_ttl"]}
                for link in self.ready() if self.present
            ],
        )


# What firewall rules say


def tcp(ports):
    return [{"ip_protocol": "tcp", "ports": ports}]


def plain(rule, key):
    """One part of a rule in a form that compares."""
    if key == "allowed":
        return sorted((item.get("ip_protocol") or item["protocol"], sorted(item["ports"])) for item in rule[key])
    return sorted(rule[key]) if isinstance(rule[key], list) else rule[key]


def adoptable(now, rule):
    """Direction and network of a rule cannot be changed, nor that it denies."""
    return not now["denied"] and all(now[key] == rule[key] for key in ("direction", "network"))


def span(port):
    first, _dash, last = port.partition("-")
    return int(first), int(last or first)


def matches(item, port):
    """Whether one entry of a rule is about this TCP port; a port that is not known yet could be any."""
    if item["protocol"] not in ("tcp", "6", "all"):
        return False
    return not item["ports"] or any(port.isdigit() and span(x)[0] <= int(port) <= span(x)[1] for x in item["ports"])


def touches(entries, ports):
    return any(matches(item, port) or not port.isdigit() and item["protocol"] in ("tcp", "6", "all") for item in entries for port in ports)


def holds(entries, ports):
    return bool(entries) and all(any(matches(item, port) for item in entries) for port in ports)


def touched(ranges, place):
    """Whether ranges (none means everywhere) reach into an address or a subnetwork; what is not known counts as reached."""
    if not place or not ranges:
        return True
    inner = ipaddress.ip_network(place)
    outer = [ipaddress.ip_network(x, strict=False) for x in ranges]
    return any(x.version == inner.version and x.overlaps(inner) for x in outer)


def within(place, range_):
    if not place:
        return range_ == EVERYWHERE
    outer: Any = ipaddress.ip_network(range_, strict=False)
    inner = ipaddress.ip_network(place)
    return inner.version == outer.version and inner.subnet_of(outer)


def inside(address, cidr):
    return ipaddress.ip_address(address) in ipaddress.ip_network(cidr)
