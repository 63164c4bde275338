# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Judges what _deep_aws has read: network ACLs, Resolver rules, Route 53 profiles and quotas. Pure: no I/O, no Ansible."""

from __future__ import annotations

from typing import Callable

from ansible_collections.zilliz.cloud.plugins.module_utils._checks import BROKEN, DEGRADED, SKIPPED, UNKNOWN
from ansible_collections.zilliz.cloud.plugins.module_utils._doctor import Doctor
from ansible_collections.zilliz.cloud.plugins.module_utils._network_acl import EPHEMERAL, room, shut_out
from ansible_collections.zilliz.cloud.plugins.module_utils._plan import listed, plural, some
from ansible_collections.zilliz.cloud.plugins.module_utils._plan_aws import AwsPlan


class AwsDeepDoctor(Doctor):
    """The part of an AwsDoctor that looks at what is not the link's own and can be in its way."""

    plan: AwsPlan
    # What it has from the AwsDoctor.
    ports: Callable
    has_bad: Callable

    def look_deep(self):
        for check, look in (("resolver", self.look_resolver), ("other_zones", self.look_profiles), ("network_acl", self.look_acls),
                            ("quota", self.look_limits)):
            part = self.deep.get(check)
            if part is None:
                self.unseen(check)
                continue
            if part["error"]:
                cause, _colon, mend = part["error"].rstrip(".").partition("; ")
                self.add(check, UNKNOWN, cause=cause, evidence=part["permission"] or "", mend=mend or "Run the check again later")
            if not part["error"] or check == "quota":
                # Of the quotas the defaults are known.
                look(part)

    def look_resolver(self, part):
        """A rule takes a name from a private zone that is not more specific than the rule's own domain."""
        plan, rules = self.plan, part["rules"]
        hosts = [(host, entry["name"]) for entry in plan.zones for host in entry["hosts"]]
        if self.wanted["dns"] == "none":
            hosts = [(link["host"], "") for link in plan.ready()]
        taken = {}
        for host, zone in hosts:
            matching = [r for r in rules if under(host, r["domain"])]
            nearest = max(matching, key=lambda r: (len(r["domain"]), r["type"] == "FORWARD"), default=None)
            # A system rule hands the name back to the private zones.
            if nearest and nearest["type"] == "FORWARD" and len(nearest["domain"]) >= len(zone):
                taken.setdefault(nearest["rule_id"], (nearest, []))[1].append(host)
        for rule, names in taken.values():
            targets = some(rule["targets"]) or "other name servers"
            if self.wanted["dns"] == "none":
                self.fine("resolver", some(names), f"asked of {targets} by rule {rule['name']} ({rule['rule_id']}); dns is none")
                continue
            via = f" of profile {rule['profile']}" if rule.get("profile") else ""
            self.add(
                "resolver", BROKEN, some(names), f"Resolver rule {rule['name']} ({rule['rule_id']}){via} sends {rule['domain']} to other name "
                "servers, so the private zone is never asked", f"forwarded to {targets}", self.release(rule),
            )
        self.fine("resolver", plan.vpc_id, f"{len(rules)} rule{plural(rules)} of the VPC looked at; none takes the name")

    def release(self, rule):
        if rule.get("profile"):
            return f"Take the rule out of profile {rule['profile']}, or have these servers answer for the names and set dns: none"
        return (
            f"aws route53resolver disassociate-resolver-rule --region {self.plan.region} --vpc-id {self.plan.vpc_id} --resolver-rule-id "
            f"{rule['rule_id']}; if other names need the rule, add a SYSTEM rule for the names of the links instead"
        )

    def look_profiles(self, part):
        """Route 53 profiles bring zones of their own."""
        plan = self.plan
        for item in part["zones"]:
            for entry in plan.zones:
                name = item["name"]
                hosts = [x for x in entry["hosts"] if name and len(name) > len(entry["name"]) and under(x, name)]
                if hosts and not (entry["zone"] and entry["zone"]["zone_id"] == item["zone_id"]):
                    self.add(
                        "other_zones", BROKEN, some(hosts), f"Private zone {name} ({item['zone_id']}) of Route 53 profile {item['profile']} is "
                        f"more specific than {entry['name']}, so it answers for the name", f"the profile is associated with {plan.vpc_id}",
                        "Take the zone out of the profile, or put the records there and set dns: none",
                    )
        unnamed = [x for x in part["zones"] if not x["name"]]
        if unnamed:
            self.add("other_zones", UNKNOWN, some(x["zone_id"] for x in unnamed), "Zones of a Route 53 profile belong to another account, so their "
                     "names could not be read", f"profile {unnamed[0]['profile']}", "Ask the owner of the profile whether they hold these names")

    def look_acls(self, part):
        plan, ports = self.plan, self.ports()
        subnet_ids = plan.endpoint["subnet_ids"] if plan.endpoint else plan.subnet_ids
        acls = {x: acl for acl in part["acls"] for x in acl["subnet_ids"]}
        clients = [x["cidr"] for x in plan.sources if "cidr" in x]
        # Where a group's clients are is nobody's knowledge: anywhere in the VPC.
        clients += [x for x in part["cidrs"] if x not in clients] if any("group_id" in x for x in plan.sources) or not clients else []
        if not ports or not subnet_ids:
            self.add("network_acl", SKIPPED, cause="No port is known before a cluster has its private link")
            return
        blocks = []
        for subnet_id in sorted(set(subnet_ids) & set(acls)):
            for cidr in clients:
                blocks += [dict(x, subnet_id=subnet_id, acl=acls[subnet_id], client=cidr) for x in blocked(acls[subnet_id]["entries"], cidr, ports)]
        whole = {(x["subnet_id"], x["client"]) for x in blocks if total(x)}
        # The addresses of a subnet that is left keep part of the clients going.
        closed = whole >= {(s, c) for s in subnet_ids for c in clients}
        for acl_id, egress, rule in dict.fromkeys((x["acl"]["acl_id"], x["egress"], x["rule"]) for x in blocks):
            same = [x for x in blocks if (x["acl"]["acl_id"], x["egress"], x["rule"]) == (acl_id, egress, rule)]
            self.look_block(same, BROKEN if closed and any(map(total, same)) else DEGRADED)
        names = some(sorted({acls[x]["acl_id"] for x in subnet_ids if x in acls}))
        self.fine("network_acl", names, f"in on port{plural(ports)} {some(ports)}, back on ports {EPHEMERAL[0]}-{EPHEMERAL[1]}: {some(clients)}")

    def look_block(self, same, state):
        """What one rule of a list, or the lack of one, keeps out in one direction."""
        acl, egress, rule = same[0]["acl"], same[0]["egress"], same[0]["rule"]
        spans = joined(sorted({x["span"] for x in same}))
        ports = listed(str(low) if low == high else f"{low}-{high}" for low, high in spans)
        many = "" if len(spans) == 1 and spans[0][0] == spans[0][1] else "s"
        who = listed(dict.fromkeys(part for x in same for part in x["parts"]))
        subnets = some(dict.fromkeys(x["subnet_id"] for x in same))
        wanted = [(cidr, span) for cidr in dict.fromkeys(x["client"] for x in same) for span in spans]
        commands = [self.open_acl(acl, egress, span, cidr, number) for number, (cidr, span) in room(acl["entries"], egress, rule, wanted)]
        self.add(
            "network_acl", state, acl["acl_id"],
            f"The way back from the endpoint to {who} is closed on port{many} {ports}" if egress else
            f"{who} cannot come in to the endpoint's subnets on port{many} {ports}",
            f"{'outbound' if egress else 'inbound'}: {'no rule allows it' if rule is None else f'rule {rule} denies it'}; subnets {subnets}",
            "; ".join(commands) or f"Remove rule {rule} of the network ACL, or let these ports pass before it",
        )

    def open_acl(self, acl, egress, span, cidr, number):
        block = "--ipv6-cidr-block" if ":" in cidr else "--cidr-block"
        return (
            f"aws ec2 create-network-acl-entry --region {self.plan.region} --network-acl-id {acl['acl_id']} {'--egress' if egress else '--ingress'} "
            f"--rule-number {number} --protocol tcp --port-range From={span[0]},To={span[1]} {block} {cidr} --rule-action allow"
        )

    def look_limits(self, part):
        plan = self.plan
        limit, count, said = part["endpoints"], part["count"], " (the default; the account's own could not be read)" if part["assumed"] else ""
        creates = [x for x in plan.steps if (x["action"], x["resource"]) == ("create", "vpc_endpoint")]
        shares = [f"{count} of {limit} interface endpoints in {plan.vpc_id}{said}"]
        if not plan.knows("endpoints"):
            self.unseen("quota")
        elif count >= limit:
            self.add(
                "quota", BROKEN if creates or not plan.endpoint else DEGRADED, plan.vpc_id, "The VPC has no room for another endpoint" + (
                    "" if creates or not plan.endpoint else ": the one that is there works, but could not be made again"), shares[0],
                "Delete an endpoint that nobody needs, or ask for more: aws service-quotas request-service-quota-increase "
                f"--region {plan.region} --service-code vpc --quota-code L-29B6F2EB --desired-value {count + 10}",
            )
        zones = part["zones"]
        if zones:
            shares.append(f"{zones['count']} of {zones['limit']} hosted zones in {plan.holder()}")
            if zones["count"] >= zones["limit"] and not self.has_bad("quota"):
                self.add("quota", DEGRADED, plan.holder(), "The account has no room for another hosted zone: a later cluster gets no name",
                         shares[1], "Delete zones that nobody needs, ask AWS for a higher Route 53 quota, or set dns: shared")
        self.fine("quota", plan.vpc_id, "; ".join(shares))


def blocked(entries, cidr, ports):
    """What of a client's network a list keeps out, on the links' ports and on the way back."""
    for egress, span in [(False, (port, port)) for port in ports] + [(True, EPHEMERAL)]:
        for low, high, rule, parts in shut_out(entries, egress, cidr, *span):
            yield {"egress": egress, "span": (low, high), "rule": rule, "parts": parts}


def joined(spans):
    """Neighbours as one."""
    found = []
    for low, high in spans:
        if found and low <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(high, found[-1][1]))
        else:
            found.append((low, high))
    return found


def total(block):
    """Whether nothing of the client's network comes through on any of the ports."""
    return block["parts"] == [block["client"]] and (not block["egress"] or block["span"] == EPHEMERAL)


def under(host, domain):
    return domain in ("", ".") or host == domain or host.endswith("." + domain)
