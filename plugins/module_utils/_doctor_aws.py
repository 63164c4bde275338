# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Judges the made plan of an AWS PrivateLink. Pure: no I/O, no Ansible."""

from __future__ import annotations

import ipaddress
import re

from ansible_collections.zilliz.cloud.plugins.module_utils._checks import BROKEN, DEGRADED, MISSING, SKIPPED, UNKNOWN
from ansible_collections.zilliz.cloud.plugins.module_utils._doctor import SUPPORT
from ansible_collections.zilliz.cloud.plugins.module_utils._doctor_aws_deep import AwsDeepDoctor
from ansible_collections.zilliz.cloud.plugins.module_utils._plan import listed, plural, some
from ansible_collections.zilliz.cloud.plugins.module_utils._plan_aws import covers, source

PERMISSION = re.compile(r"allow ([a-z0-9-]+:[A-Za-z]+) in the IAM policy")


class AwsDoctor(AwsDeepDoctor):
    """`AwsDoctor(plan).rows()` after `plan.make()`."""

    PLAYBOOK = "zilliz.cloud.aws"
    RESOURCES = {
        "security_group": "firewall", "security_group_rules": "firewall", "security_group_rule": "firewall",
        "client_egress_rule": "client_egress",
    }
    PROBLEMS = (
        (r"^Describe(VpcEndpoints|NetworkInterfaces) could not", "endpoint"),
        (r"^DescribeSecurityGroups could not", "firewall"),
        (r"^DescribeVpc(s|Attribute) could not", "network"),
        (r"^DescribeSubnets could not", "zones"),
        (r"^DescribeVpcEndpointServices could not", "service"),
        (r"^GetAccountLimit could not", "quota"),
        (r"^List(HostedZones|HostedZonesByVPC|ResourceRecordSets|TagsForResources|VPCAssociationAuthorizations) could not", "zone"),
        (r"switched off, and private zones need|^VPC \S+ was not found", "network"),
        (r"^Route 53 finds no VPC", "association"),
        (r"share zone|^The service is not in the zone|^No free address", "zones"),
        (r"is not visible to account|cannot be reached from region", "service"),
        (r"^Endpoint vpce-", "endpoint"),
        (r"already has a security group named|^Not in VPC \S+: security group", "firewall"),
    )
    # Zones of other accounts are seen by the ordinary plan.
    DEEP = ("resolver", "network_acl", "quota")

    def denied(self, problem):
        found = PERMISSION.search(problem)
        return found.group(1) if found else None

    def things(self):
        return self.plan.my_groups

    def attach(self, zone, network):
        return self.zone_command("associate-vpc-with-hosted-zone", zone, network)

    def detach(self, zone, network):
        command = self.zone_command("disassociate-vpc-from-hosted-zone", zone, network)
        return command if zone["in_account"] else f"Have {zone['owner']} take the VPC out of it, {command}, or put the records there"

    def zone_command(self, operation, zone, network):
        region = next(vpc["region"] for vpc in self.plan.vpcs if vpc["vpc_id"] == network)
        return f"aws route53 {operation} --hosted-zone-id {zone['zone_id']} --vpc VPCRegion={region},VPCId={network}"

    # The VPC, the service and its zones

    def look_network(self):
        plan, vpc = self.plan, self.found["vpc"]
        if not plan.knows("vpc"):
            self.unseen("network")
        elif vpc:
            on = [name for name in ("enable_dns_support", "enable_dns_hostnames") if vpc[name]]
            self.fine("network", plan.vpc_id, f"region {plan.region}, account {self.found['account_id']}; on: {listed(on) or 'no DNS attribute'}")

    def look_service(self):
        detail, plan = self.found["service_detail"], self.plan
        if detail and detail["error"] and plan.endpoint and not plan.whitelists and plan.service:
            self.add(
                "service", DEGRADED, plan.service_name(), "The service is not visible any more to this account in this region: the endpoint "
                "works on, but could not be made again", f"account {self.found['account_id']}, region {plan.region}: {detail['error']}",
                f"Ask Zilliz ({SUPPORT}) to open the service for this account",
            )
        super().look_service()
        self.look_zones()

    def look_zones(self):
        """Zones by id, because their names are shuffled from account to account."""
        plan, detail = self.plan, self.found["service_detail"] or {"error": "not read"}
        if not plan.knows("subnets", "service"):
            self.unseen("zones")
            return
        here = [x for x in self.found["subnets"] if x["subnet_id"] in plan.subnet_ids]
        table = some(f"{x['subnet_id']} {x['zone']} {x['zone_id']}" for x in here)
        if self.has("zones"):
            return
        if not here:
            self.add("zones", SKIPPED, cause="No subnets are named in subnet_ids: the endpoint keeps those that it has")
        elif plan.service_region() or detail["error"] or not detail["zone_ids"] + detail["zones"]:
            self.add("zones", SKIPPED, cause="The zones of the service cannot be seen from here", evidence=table)
        else:
            offered = some(sorted(detail["zone_ids"] or detail["zones"]))
            alone = "; one zone only: when it fails, so does the link" if len(here) == 1 else ""
            self.fine("zones", f"{len(here)} subnet{plural(here)}", f"{table}; the service is in {offered}{alone}")

    # The endpoint

    def judge_endpoint(self, endpoint, steps):
        plan, endpoint_id, state = self.plan, endpoint["endpoint_id"], endpoint["state"]
        seen = f"AWS shows it as {endpoint['aws_state']}; {some(endpoint['addresses']) or 'no addresses'}"
        if steps:
            self.lacks("endpoint", steps, endpoint_id, f"It is for service {endpoint['service_name']}, not for {plan.service_name()}", seen, BROKEN)
            return
        for step in self.take("vpc_endpoint", "update", where=lambda x: x["name"] == endpoint_id):
            now = "; ".join(f"{key}: {listed(x) if isinstance(x, list) else x}" for key, x in step["before"].items())
            self.drifts("endpoint", [step], endpoint_id, evidence=now)
        for step in self.take("tags", "update", where=lambda x: x["name"] == endpoint_id):
            self.drifts("endpoint", [step], endpoint_id, evidence=tags_now(step))
        if state == "pendingacceptance":
            self.add("endpoint", MISSING, endpoint_id, "Zilliz Cloud has not accepted its connection yet", seen,
                     f"Wait some minutes and check again; if it stays so, ask Zilliz ({SUPPORT})")
        elif state == "pending":
            self.add("endpoint", MISSING, endpoint_id, "AWS is still making it available", seen, "Wait some minutes and check again")
        elif state == "partial":
            self.add("endpoint", DEGRADED, endpoint_id, "AWS could make it available in some of its zones only", seen,
                     f"Look at its subnets: aws ec2 describe-vpc-endpoints --region {plan.region} --vpc-endpoint-ids {endpoint_id}")
        elif state == "available":
            owner = plan.owner(endpoint)
            whose = f"; it belongs to link {owner}" if owner and owner != plan.mark else "" if owner else "; not made by this link"
            self.fine("endpoint", endpoint_id, seen + whose)

    # The clients' way

    def look_way(self):
        plan = self.plan
        if not plan.knows("groups"):
            self.unseen("firewall", "client_egress")
            return
        # Before there is an endpoint, those that it will have.
        there = plan.endpoint["group_ids"] if plan.endpoint else plan.brought
        self.attached = [group for group in self.found["groups"] if group["group_id"] in there]
        self.look_groups()
        self.look_way_in()
        self.look_way_out()

    def look_groups(self):
        steps = self.take("security_group", "create")
        if steps:
            # Its rules come with it.
            self.lacks("firewall", steps + self.take("security_group_rules", "create"), cause=steps[0]["why"])
        for step in self.take("tags", "update", where=lambda x: x["name"].startswith("sg-")):
            self.drifts("firewall", [step], evidence=tags_now(step))
        for step in self.take("security_group_rule", "delete"):
            self.drifts("firewall", [step])

    def ports(self):
        return sorted({link["port"] for link in self.plan.ready()})

    def look_way_in(self):
        plan, steps = self.plan, self.take("security_group_rules", "create")
        names, ports = some(group["group_id"] for group in self.attached), some(self.ports())
        rules = plan.rules() if self.ports() else []
        shut = [rule for rule in rules if not any(covers(r, rule) for group in self.attached for r in group["ingress"])]
        for step in steps:
            # A wider rule of somebody else may do meanwhile.
            state = MISSING if not step["known"] else self.lost if shut else DEGRADED
            self.lacks("firewall", [step], names or step["name"], evidence=f"not let in: {in_words(shut)}" if shut else "", state=state)
        if steps or self.has_bad("firewall"):
            return
        if not plan.knows("endpoints"):
            self.unseen("firewall")
            return
        if not plan.endpoint and not plan.brought:
            self.add("firewall", SKIPPED, cause="There is no endpoint yet whose security groups could be looked at")
            return
        doubtful = [rule for rule in shut if self.may_be_let_in(rule)]
        sure = [rule for rule in shut if rule not in doubtful]
        closed = [p for p in self.ports() if not any(r["from_port"] <= p <= r["to_port"] for g in self.attached for r in g["ingress"])]
        if sure:
            self.add(
                "firewall", BROKEN if len(sure) == len(rules) else DEGRADED, names,
                f"The endpoint's security groups do not let {in_words(sure)} in", f"groups of the endpoint: {names or 'none'}",
                "; ".join(map(self.let_in, sure)),
            )
        if doubtful:
            self.add(
                "firewall", UNKNOWN, names, f"Whether the endpoint's security groups let {in_words(doubtful)} in cannot be told",
                "their rules on that port name clients in another way", "Only if they do not get in: " + "; ".join(map(self.let_in, doubtful)),
            )
        if shut:
            return
        if closed:
            self.add("firewall", BROKEN if closed == self.ports() else DEGRADED, names,
                     f"The endpoint's security groups let nobody in on port{plural(closed)} {listed(closed)}", f"groups of the endpoint: {names}",
                     f"Let your clients in: aws ec2 authorize-security-group-ingress --region {plan.region} --group-id "
                     f"{self.attached[0]['group_id'] if self.attached else 'ID'} --protocol tcp --port {closed[0]} --cidr YOUR_CLIENTS")
        elif not self.ports():
            self.add("firewall", SKIPPED, names, "No port is known before a cluster has its private link")
        else:
            clients = listed(source(x) for x in plan.sources) or "those whom the security groups name"
            self.fine("firewall", names, f"in on port{plural(self.ports())} {ports}: {clients}")

    def may_be_let_in(self, wanted):
        """The clients of a network may be members of a group or prefix list, and those of a group have addresses."""
        rules = [r for g in self.attached for r in g["ingress"] if r["from_port"] <= wanted["port"] <= r["to_port"]]
        other = "group_id" if "cidr" in wanted else "cidr"
        return any(r.get("prefix_list_id") or r.get(other) for r in rules)

    def has_bad(self, check):
        return any(one["check"] == check and one["state"] in (BROKEN, MISSING) for one in self.table)

    def let_in(self, rule):
        peer = f"--cidr {rule['cidr']}" if "cidr" in rule and ":" not in rule["cidr"] else None
        if "group_id" in rule:
            peer = f"--source-group {rule['group_id']}"
        group_id = self.attached[0]["group_id"] if self.attached else "ID"
        permission = f"--protocol tcp --port {rule['port']} {peer}" if peer else (
            f"--ip-permissions IpProtocol=tcp,FromPort={rule['port']},ToPort={rule['port']},Ipv6Ranges=[{{CidrIpv6={rule['cidr']}}}]")
        return f"aws ec2 authorize-security-group-ingress --region {self.plan.region} --group-id {group_id} {permission}"

    def look_way_out(self):
        """A rule for the endpoint's group, or for its addresses."""
        plan, clients = self.plan, self.wanted["client_security_group_ids"]
        steps = self.take("client_egress_rule", "create")
        groups = {group["group_id"]: group for group in self.found["groups"]}
        if not clients:
            self.add("client_egress", SKIPPED, cause="The clients' own security groups are not known",
                     evidence="to have their way out looked at, name them in client_security_group_ids")
        told = set()
        for step in steps:
            group_id, port = step["after"]["group_id"], step["after"]["port"]
            told.add((group_id, port))
            open_ = step["known"] and self.reached(groups[group_id], port) == self.targets()
            self.lacks("client_egress", [step], group_id, state=MISSING if not step["known"] else DEGRADED if open_ else self.lost)
        for step in self.take("client_egress_rule", "delete"):
            self.drifts("client_egress", [step])
        for group_id in clients:
            for port in self.ports():
                if group_id in groups and (group_id, port) not in told and (plan.endpoint or plan.brought):
                    self.look_client(groups[group_id], port)
        if clients and self.ports() and (plan.endpoint or plan.brought) and all(x in groups for x in clients):
            self.fine("client_egress", some(clients), f"out on port{plural(self.ports())} {some(self.ports())}")
        elif not self.has("client_egress"):
            self.add("client_egress", SKIPPED, cause="Endpoint or ports are not known yet")

    def targets(self):
        return self.plan.endpoint["addresses"] if self.plan.endpoint else []

    def reached(self, group, port):
        """The endpoint's addresses that a client of this group may open."""
        ids = {one["group_id"] for one in self.attached}
        rules = [r for r in group["egress"] if r["from_port"] <= port <= r["to_port"]]
        if any(r.get("group_id") in ids for r in rules):
            return self.targets()
        networks = [ipaddress.ip_network(r["cidr"]) for r in rules if r.get("cidr")]
        return [a for a in self.targets() if any(ipaddress.ip_address(a) in network for network in networks)]

    def look_client(self, group, port):
        targets, reached = self.targets(), self.reached(group, port)
        if reached == targets and (targets or any(r["from_port"] <= port <= r["to_port"] for r in group["egress"])):
            return
        missing = [x for x in targets if x not in reached]
        to = self.attached[0]["group_id"] if self.attached else None
        if any(r.get("prefix_list_id") and r["from_port"] <= port <= r["to_port"] for r in group["egress"]):
            self.add("client_egress", UNKNOWN, group["group_id"], f"Whether it lets out to the endpoint on port {port} cannot be told",
                     "its rules on that port name a prefix list", f"See whether the prefix list holds {some(missing) or 'the endpoint'}")
            return
        self.add(
            "client_egress", DEGRADED if reached else BROKEN, group["group_id"],
            f"The clients' security group does not let out to the endpoint on port {port}", f"not reached: {some(missing) or 'the endpoint'}",
            "Set client_egress: true and run the playbook again, or: aws ec2 authorize-security-group-egress "
            f"--region {self.plan.region} --group-id {group['group_id']} --ip-permissions IpProtocol=tcp,FromPort={port},ToPort={port},"
            + (f"UserIdGroupPairs=[{{GroupId={to}}}]" if to else "IpRanges=[{CidrIp=ENDPOINT}]"),
        )


def in_words(rules):
    return listed(f"{source(rule)} on port {rule['port']}" for rule in rules)


def tags_now(step):
    return "; ".join(f"{key} is {now or 'missing'}" for key, now in step["before"].items())
