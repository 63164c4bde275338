# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Judges the made plan of a Google Private Service Connect link. Pure: no I/O, no Ansible."""

from __future__ import annotations

import re

from ansible_collections.zilliz.cloud.plugins.module_utils._checks import BROKEN, DEGRADED, MISSING, SKIPPED, UNKNOWN
from ansible_collections.zilliz.cloud.plugins.module_utils._deep_gcp import OF_NETWORK
from ansible_collections.zilliz.cloud.plugins.module_utils._doctor import SUPPORT, Doctor
from ansible_collections.zilliz.cloud.plugins.module_utils._plan import ALLOCATION, CREATION, capital, listed, plural, some
from ansible_collections.zilliz.cloud.plugins.module_utils._plan_gcp import GcpPlan, holds, parted, touched, touches

PERMISSION = re.compile(r"\b(?:compute|dns)\.[a-z]\w*\.[a-z]\w*")
UNREAD_RULES = re.compile(r"^The firewall rules of project \S+ may not be read")
# What the endpoint lacks shows in the state that Google gives its connection.
STATES = {
    "REJECTED": "Zilliz Cloud rejected its connection, and nothing brings that one back",
    "CLOSED": "Zilliz Cloud closed its connection for good",
    "NEEDS_ATTENTION": "Its connection is accepted, but Zilliz Cloud has to act before it serves",
}
# The quotas of Compute Engine that a link uses up, in words and by the resource of the plan.
QUOTAS = {
    "PSC_INTERNAL_LB_FORWARDING_RULES": ("Private Service Connect endpoints", "psc_endpoint"),
    "INTERNAL_ADDRESSES": ("internal addresses", "address"),
    "FIREWALLS": ("firewall rules", "firewall_rule"),
}


class GcpDoctor(Doctor):
    """`GcpDoctor(plan).rows()` after `plan.make()`."""

    plan: GcpPlan
    PLAYBOOK = "zilliz.cloud.gcp"
    RESOURCES = {"firewall_rule": "client_egress", "address": "endpoint"}
    PROBLEMS = (
        (r"^Google Cloud could not read the (forwarding rules|addresses) of", "endpoint"),
        (r"^Google Cloud could not (read the networks|read subnetwork|find subnetwork)", "network"),
        (r"^Google Cloud could not read the firewall rules", "client_egress"),
        (r"^Google Cloud could not read the (managed zones|records)", "zone"),
        (r"^Google Cloud could not read the quota", "quota"),
        (r"was not found: check its entry in zone_networks", "association"),
        (r"^(Network|Subnetwork) ", "network"),
        (r"^(Firewall rule \S+ of project|Project \S+ already has a firewall rule)", "client_egress"),
        (r"^Project \S+ already has (a forwarding rule|an address)|^(Forwarding rule|Endpoint|The connection of endpoint) |^Address \S+ (is|was)"
         r"|^ip_address \S+ is (in use|reserved)", "endpoint"),
    )
    DEEP = ("resolver", "quota")

    def denied(self, problem):
        _cause, allow, remedy = problem.partition("allow ")
        found = PERMISSION.findall(remedy) if allow else []
        return listed(found) or None

    def things(self):
        return self.plan.my_addresses + self.plan.my_rules

    def attach(self, zone, network):
        return self.networks_command(zone, zone["networks"] + [network])

    def detach(self, zone, network):
        if not zone["in_account"]:
            return f"Have {zone['owner']} take the network out of zone {zone['zone_id']}, or put the records there and set dns: none"
        return self.networks_command(zone, [x for x in zone["networks"] if x != network])

    def networks_command(self, zone, networks):
        project = self.wanted["zone_project"]
        return f"gcloud dns managed-zones update {zone['zone_id']} --project {project} --networks {networks_option(networks, project)}"

    # The network

    def look_network(self):
        plan, network, subnetwork = self.plan, self.found["network"], self.found["subnetwork"]
        if not plan.knows("network"):
            self.unseen("network")
        elif network:
            at = f"; subnetwork {subnetwork['name']} ({subnetwork['cidr']})" if subnetwork else ""
            self.fine("network", plan.place(plan.network), f"project {network['project']}, region {plan.region}{at}")

    # The endpoint and its address

    def look_endpoint(self):
        super().look_endpoint()
        for step in self.take("address", "create"):
            name = step["name"]
            labels = self.take("labels", "update", where=lambda x, name=name: x["name"] == name and x["after"]["kind"] == "address")
            self.lacks("endpoint", [step] + labels, name, state=DEGRADED if self.serves() else None)
        for step in self.take("labels", "update") + self.take("address", "delete"):
            self.drifts("endpoint", [step], evidence=labels_now(step))

    def serves(self):
        """Whether there is an endpoint that works, whatever else is wrong with it."""
        plan, endpoint = self.plan, self.plan.endpoint
        return bool(endpoint) and endpoint["status"] == "ACCEPTED" and not plan.dead(endpoint)

    def judge_endpoint(self, endpoint, steps):
        plan, endpoint_id, status = self.plan, endpoint["endpoint_id"], endpoint["status"]
        seen = f"Google shows its connection as {status}; address {endpoint['ip_address'] or 'none'}"
        updates = self.take("psc_endpoint", "update", where=lambda x: x["name"] == endpoint_id)
        if steps:
            self.lacks("endpoint", steps, endpoint_id, capital(listed(plan.unlike() + plan.lost())), seen, DEGRADED if self.serves() else BROKEN)
            return
        for step in updates:
            access = "on" if step["before"]["global_access"] else "off"
            self.drifts("endpoint", [step], endpoint_id, evidence=f"global access is {access}")
        if status in STATES:
            self.fail_endpoint(endpoint, seen)
        elif status == "PENDING":
            self.wait_endpoint(endpoint, seen)
        elif status != "ACCEPTED":
            self.add("endpoint", UNKNOWN, endpoint_id, "Google does not tell the state of its connection", seen, "Wait some minutes and check again")
        else:
            self.accept_endpoint(endpoint, seen)

    def fail_endpoint(self, endpoint, seen):
        endpoint_id, status = endpoint["endpoint_id"], endpoint["status"]
        # A problem of the plan may have said it.
        if status != "NEEDS_ATTENTION" and self.has("endpoint"):
            return
        if status == "NEEDS_ATTENTION":
            mend = f"Ask Zilliz ({SUPPORT}) to complete the connection {endpoint['psc_connection_id'] or endpoint_id}"
        else:
            mend = self.again([])
        self.add("endpoint", BROKEN, endpoint_id, STATES[status], seen, mend)

    def wait_endpoint(self, endpoint, seen):
        endpoint_id = endpoint["endpoint_id"]
        if self.plan.outlived(endpoint):
            self.add(
                "endpoint", BROKEN, endpoint_id, "Zilliz Cloud has not accepted its connection, although the endpoint is registered: most likely "
                "somebody made it again under its name", seen, "If it stays so for some minutes, set recreate: true and run the playbook "
                f"{self.PLAYBOOK} again",
            )
        else:
            self.add("endpoint", MISSING, endpoint_id, "Zilliz Cloud has not accepted its connection yet", seen,
                     f"Wait some minutes and check again; if it stays so, ask Zilliz ({SUPPORT})")

    def accept_endpoint(self, endpoint, seen):
        plan, endpoint_id, owner = self.plan, endpoint["endpoint_id"], self.plan.owner(endpoint)
        closed = self.wanted["global_access"] and not endpoint["global_access"]
        lacks = plan.lasting() + (["clients of other regions cannot reach it, because its global access is off"] if closed else [])
        if lacks and not self.has("endpoint"):
            self.add("endpoint", DEGRADED, endpoint_id, f"It is not as wanted: {listed(lacks)}", seen,
                     "Set the variables as the endpoint is, or leave endpoint_id out to have one made for this link")
            return
        reserved = any(a["address"] == endpoint["ip_address"] and endpoint_id in a["users"] for a in self.found["addresses"])
        kept = "" if reserved or not plan.knows("addresses") else ", which nothing reserves"
        whose = f"; it belongs to link {owner}" if owner and owner != plan.mark else "" if owner else "; not made by this link"
        self.fine("endpoint", endpoint_id, seen + kept + whose)

    # The clients' way out: nothing but rules for outgoing traffic stands before an endpoint.

    def look_way(self):
        plan = self.plan
        self.look_ssh()
        if not plan.knows("firewalls"):
            self.unseen("client_egress")
            return
        unread = next((text for text in self.found["notes"] if UNREAD_RULES.search(text)), None)
        if unread:
            self.add("client_egress", UNKNOWN, plan.place(plan.network), "The firewall rules of the network may not be read", "compute.firewalls.list",
                     f"Allow compute.firewalls.list in project {self.wanted['network_project']}")
        steps = self.take("firewall_rule", "create", "update", "delete")
        denying = self.denying() if self.known_place() else None
        for step in steps:
            self.look_rule(step, denying)
        if not steps and not unread:
            self.look_denials(denying)
        if self.wanted["deep"]:
            self.look_policies(denying)
        if not self.known_place() or ALLOCATION in plan.ports():
            if not self.has("client_egress"):
                self.add("client_egress", SKIPPED, cause="No address or port is known before a cluster has its private link")
            return
        also = ", no firewall policy either" if self.wanted["deep"] else "; firewall policies are looked at with deep: true only"
        self.fine("client_egress", plan.place(plan.network), f"no rule denies port{plural(plan.ports())} {some(plan.ports())} to {plan.ip_address()}{also}")

    def look_ssh(self):
        """The rule for people's way to the hosts has no part in the link."""
        inward = [r["name"] for r in self.plan.my_rules if r["direction"] == "INGRESS"]
        steps = self.take("firewall_rule", "create", "update", "delete", where=lambda x: x["name"] in inward or (
            x["action"] == "create" and x["after"]["direction"] == "INGRESS"))
        for step in steps:
            self.lacks("client_egress", [step], step["name"], state=DEGRADED if self.started else MISSING)

    def known_place(self):
        """Where the endpoint is or will be."""
        place = self.plan.ip_address()
        return place if place != CREATION else (self.found["subnetwork"] or {}).get("cidr")

    def denying(self):
        """(ports, rule): of each port of the links the rule that keeps all clients in; and those for some clients only."""
        wanted = set(self.wanted["client_target_tags"] + self.wanted["client_target_service_accounts"])
        rules = [
            {
                "name": r["name"], "priority": r["priority"], "action": "deny" if r["denied"] else "allow", "unseen": [],
                "ranges": r["destination_ranges"], "entries": r["denied"] or r["allowed"],
                # The clients that the user names are those that count.
                "clients": [x for x in r["target_tags"] + r["target_service_accounts"] if x not in wanted],
            }
            for r in self.plan.network_rules if r["direction"] == "EGRESS" and not r["disabled"]
        ]
        # Of two rules of one priority the one that denies wins.
        return self.first(sorted(rules, key=lambda r: (r["priority"], r["action"] != "deny", r["name"])))

    def first(self, rules):
        """{port: (action or None, the rule that decides for all, rules that deny some)} of rules in their order."""
        answer, place = {}, self.known_place()
        for port in self.plan.ports():
            decided, some_denied = None, []
            for rule in rules:
                about = touched(rule["ranges"], place) if rule["ranges"] or not rule["unseen"] else None
                entries = rule["entries"] or [{"protocol": "all", "ports": []}]
                hit = touches(entries, [port]) if rule["action"] == "deny" else holds(entries, [port])
                if about is False or not hit:
                    continue
                if about is None or rule["clients"]:
                    some_denied += [rule] if rule["action"] == "deny" else []
                    continue
                decided = rule
                break
            answer[port] = (decided["action"] if decided else None, decided, some_denied)
        return answer

    def look_rule(self, step, denying):
        """A rule of this link that is not as it should be."""
        action = step["action"]
        shut = denying is None or any(verdict == "deny" for verdict, _rule, _some in denying.values())
        if not self.started:
            state = MISSING
        elif action == "delete":
            state = DEGRADED
        else:
            state = self.lost if shut else DEGRADED
        now = "; ".join(f"{key.replace('_', ' ')}: {in_words(key, x)}" for key, x in step["before"].items()) if action == "update" else ""
        denied = [decided["name"] for verdict, decided, _some in (denying or {}).values() if verdict == "deny"]
        cause = None
        if denied and self.started and action != "delete":
            lack = "is not as wanted" if action == "update" else "is not there"
            cause = f"Rule {some(dict.fromkeys(denied), 1)} denies the clients' way out to the endpoint, because this link's own rule {lack}"
        self.lacks("client_egress", [step], step["name"], cause, now, state)

    def look_denials(self, denying):
        """Where the user has no rule made, or none that comes first."""
        plan = self.plan
        told = {}
        for port, (verdict, decided, some_denied) in (denying or {}).items():
            for rule, state in [(decided, BROKEN)] * (verdict == "deny") + [(x, DEGRADED) for x in some_denied]:
                told.setdefault(rule["name"], (rule, state, []))[2].append(port)
        # Before the first link every port is one that may come.
        for rule, state, ports in told.values():
            who = f"{some(rule['clients'])}'s" if rule["clients"] else "the clients'"
            state = state if self.started and ALLOCATION not in ports else DEGRADED
            if self.wanted["client_egress"] == "never":
                mend = "Set client_egress: auto and " + self.lower_again()
            elif plan.problems:
                mend = self.again([])
            else:
                mend = f"Give the rule a higher number than {rule['priority']}, or set firewall_priority below it and " + self.lower_again()
            self.add(
                "client_egress", state, rule["name"], f"Firewall rule {rule['name']} denies {who} way out to the endpoint{on_ports(ports)}",
                f"priority {rule['priority']}, to {some(rule['ranges']) or 'everywhere'}; the endpoint has {plan.ip_address()}", mend,
            )

    def lower_again(self):
        return self.again([])[:1].lower() + self.again([])[1:]

    # What only deep reads: firewall policies

    def look_policies(self, denying):
        part = self.deep.get("client_egress")
        if part is None:
            # Which is told here only where nothing else is.
            self.unseen("client_egress")
            return
        self.tell_refusals("client_egress", part)
        if not self.known_place():
            return
        before = [x for x in part["policies"] if x["type"] not in OF_NETWORK]
        own = [x for kind in OF_NETWORK for x in part["policies"] if x["type"] == kind]
        levels = before + (own + [None] if part["policies_first"] else [None] + own)
        left = set(self.plan.ports())
        for policy in levels:
            verdicts = denying if policy is None else self.first(policy["rules"])
            told = {}
            for port in sorted(left):
                verdict, decided, some_denied = (verdicts or {}).get(port, (None, None, []))
                for rule, state in [(decided, BROKEN)] * (verdict == "deny") + [(x, DEGRADED) for x in some_denied]:
                    told.setdefault(rule["priority"], (rule, state, []))[2].append(port)
                # goto_next leaves it to the next level.
                left -= {port} if verdict not in (None, "goto_next") else set()
            if policy:
                for rule, state, ports in told.values():
                    self.look_policy_rule(policy, rule, state, ports, part["policies_first"])

    def look_policy_rule(self, policy, rule, state, ports, first):
        plan = self.plan
        state = state if ALLOCATION not in ports and plan.ip_address() != CREATION else DEGRADED
        may = "may deny" if rule["unseen"] and not rule["ranges"] else "denies"
        who = f"{some(rule['clients'])}'s" if rule["clients"] else "the clients'"
        seen = f"priority {rule['priority']}, to {some(rule['ranges'] + rule['unseen']) or 'everywhere'}; the endpoint has {plan.ip_address()}"
        cause = f"Rule {rule['name']} of firewall policy {policy['policy']} {may} {who} way out to the endpoint{on_ports(ports)}"
        self.add("client_egress", state, policy["policy"], cause, seen, self.pass_policy(policy, rule, ports, first))

    def pass_policy(self, policy, rule, ports, first):
        """An own VPC rule comes before the network's policy, unless the network has it the other way round."""
        network = policy["type"] in OF_NETWORK
        if network and not first and self.wanted["client_egress"] != "always":
            return "Set client_egress: always and " + self.lower_again()
        spare = next((n for n in range(rule["priority"] - 1, -1, -1) if n not in policy["taken"]), None)
        if spare is None or ALLOCATION in ports or self.plan.ip_address() == CREATION:
            return f"Have the administrators of firewall policy {policy['policy']} let the clients out to the endpoint before this rule"
        if network:
            place = "--global-firewall-policy" if policy["type"] == "NETWORK" else f"--firewall-policy-region {self.plan.region}"
            command, where = "network-firewall-policies", f"{policy['policy']} {place} --project {self.wanted['network_project']}"
        else:
            command, where = "firewall-policies", policy["policy_id"] or policy["policy"]
        return (
            f"gcloud compute {command} rules create {spare} --firewall-policy {where} --direction EGRESS --action allow "
            f"--dest-ip-ranges {self.plan.ip_address()}/32 --layer4-configs {','.join(f'tcp:{port}' for port in ports)}"
        )

    # What only deep reads: DNS policies, zones of the host project, quotas

    def look_deep(self):
        for check, look in (("resolver", self.look_resolver), ("other_zones", None), ("quota", self.look_limits)):
            part = self.deep.get(check)
            if part is None:
                self.unseen(check)
                continue
            self.tell_refusals(check, part)
            if look:
                look(part)

    def tell_refusals(self, check, part):
        for one in part["refusals"]:
            cause, mend = one["error"].rstrip("."), ""
            if "; " in cause:
                cause, _semicolon, mend = cause.partition("; ")
            self.add(check, UNKNOWN, cause=cause, evidence=one["permission"] or "", mend=mend or "Look again later")

    def hosts(self):
        if self.wanted["dns"] == "none":
            return [link["host"] for link in self.plan.ready()]
        return [host for entry in self.plan.zones for host in entry["hosts"]]

    def look_resolver(self, part):
        """What of a network's DNS comes before its zones: other name servers, then the rules of its response policy."""
        plan, hosts = self.plan, self.hosts()
        here, kept = plan.place(plan.network), self.wanted["dns"] == "none"
        for one in part["servers"]:
            if kept:
                self.fine("resolver", here, f"asks {some(one['targets'])} for every name, by server policy {one['policy']}; dns is none")
                continue
            self.add(
                "resolver", BROKEN if hosts else DEGRADED, one["policy"], f"Server policy {one['policy']} sends every name that {here} asks for to other "
                "name servers, so the private zone is never asked", f"sent to {some(one['targets'])}",
                f"gcloud dns policies update {one['policy']} --project {one['project']} --networks {networks_option(one['networks'], one['project'])}; or "
                "have these servers answer for the names and set dns: none",
            )
        for rule, names in self.takers(part["rules"], hosts):
            answer = f"answers {some(rule['values'])}" if rule["values"] else "answers without an address"
            self.add(
                "resolver", BROKEN, some(names), f"Rule {rule['rule']} of response policy {rule['policy']} answers before the private zone is asked",
                f"{rule['name']}: {answer}; the endpoint has {plan.ip_address()}", self.bypass(rule, names),
            )
        rules = f"{len(part['rules'])} rule{plural(part['rules'])} of response policies, none takes the name" if part["rules"] else "no response policy"
        self.fine("resolver", here, f"no other name servers; {rules}")

    def takers(self, rules, hosts):
        """The rules that answer for a name, and not with the endpoint; of several the longest counts."""
        found = {}
        for host in hosts:
            fitting = [r for r in rules if r["name"] == host or r["name"].startswith("*") and host.endswith(r["name"][1:])]
            # What fits exactly comes before any wildcard.
            rule = max(fitting, key=lambda r: (r["name"] == host, len(r["name"])), default=None)
            if rule and not rule["bypass"] and rule["values"] != [self.plan.ip_address()]:
                found.setdefault((rule["policy"], rule["rule"]), (rule, []))[1].append(host)
        return list(found.values())

    def bypass(self, rule, names):
        where = f"--response-policy {rule['policy']} --project {rule['project']}"
        if rule["name"] in names:
            return f"gcloud dns response-policies rules delete {rule['rule']} {where}"
        return "; ".join(
            f"gcloud dns response-policies rules create {name.partition('.')[0]} {where} --dns-name {name}. --behavior bypassResponsePolicy"
            for name in names
        )

    def look_limits(self, part):
        plan, shares = self.plan, []
        project = self.wanted["gcp_project_id"]
        for metric, (what, resource) in QUOTAS.items():
            one = part["shares"].get(metric)
            # The rules of a shared VPC count in its host project.
            if not one or resource == "firewall_rule" and self.wanted["network_project"] != project:
                continue
            share = f"{one['count']} of {one['limit']} {what}"
            shares.append(share)
            more = sum({"create": 1, "delete": -1}.get(x["action"], 0) for x in plan.steps if x["resource"] == resource)
            lacking = more > one["limit"] - one["count"] or resource == "psc_endpoint" and not plan.endpoint and one["count"] >= one["limit"]
            if lacking or one["count"] >= one["limit"]:
                self.add(
                    "quota", BROKEN if lacking else DEGRADED, project, f"Project {project} has no room for more {what}" + (
                        "" if lacking else ": what is there works, but could not be made again"), share,
                    f"Delete what nobody needs, or ask Google for a higher quota {metric} of project {project}",
                )
        zones = part["zones"]
        if zones:
            share = f"{zones['count']} of {zones['limit']} managed zones"
            shares.append(share)
            if zones["count"] >= zones["limit"] and not any(one["check"] == "quota" and one["state"] == BROKEN for one in self.table):
                self.add("quota", DEGRADED, plan.holder(), f"{capital(plan.holder())} has no room for another managed zone: a later cluster gets no name",
                         share, "Delete zones that nobody needs, ask Google for a higher Cloud DNS quota, or set dns: shared")
        if shares:
            self.fine("quota", plan.holder(), "; ".join(shares))
        elif not self.has("quota"):
            self.add("quota", UNKNOWN, project, "Google tells no quota of what a link consists of", mend="Look at the quotas in the Google Cloud console")


# Words


def networks_option(urls, project):
    """By their names where gcloud knows them by these."""
    shown = [name if owner == project else url for url in sorted(urls) for owner, name in [parted(url, "networks")]]
    return ",".join(shown) or '""'


def on_ports(ports):
    return "" if ALLOCATION in ports else f" on port{plural(ports)} {listed(ports)}"


def labels_now(step):
    labels = step["before"].get("labels") if step["resource"] == "labels" else None
    return "; ".join(f"{key} is {now or 'missing'}" for key, now in (labels or {}).items())


def in_words(key, value):
    if key == "allowed":
        return listed(f"{x.get('protocol') or x['ip_protocol']} {some(x['ports']) or 'all ports'}" for x in value) or "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return (some(value) or "none") if isinstance(value, list) else str(value)
