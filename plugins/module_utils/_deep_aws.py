# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads what only a check of a link looks at: network ACLs, Resolver rules, Route 53 profiles and quotas. Changes nothing."""

from __future__ import annotations

import abc
import contextlib
from concurrent.futures import ThreadPoolExecutor
from typing import Callable

from ansible_collections.zilliz.cloud.plugins.module_utils._aws_write import DENIED, AwsWriteError, call, client, pages

try:
    from botocore.exceptions import BotoCoreError
except ImportError:
    BotoCoreError = AwsWriteError  # AnsibleAWSModule reports it

# https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html: interface endpoints per VPC.
ENDPOINTS_QUOTA, ENDPOINTS_DEFAULT = "L-29B6F2EB", 50
# States in which an endpoint counts no more.
GONE = ("deleted", "deleting", "rejected", "failed", "expired")


def read_deep(module, wanted, found):
    """found["deep"]: a part for each check, with `error` where it could not be read and `permission` where one is missing."""
    parts: dict[str, Callable] = {"network_acl": NetworkAcls, "resolver": ResolverRules, "other_zones": Profiles, "quota": Quotas}
    found["deep"] = {}
    if not found["region"] or "account" not in found["read"]:
        return
    readers = {name: kind(wanted, found) for name, kind in parts.items()}
    for reader in readers.values():
        # One after the other, because a session that cannot be made ends the process.
        reader.connect(module)
    with ThreadPoolExecutor(max_workers=len(readers)) as pool:
        found["deep"] = dict(zip(readers, pool.map(lambda reader: reader.answer(), readers.values())))


class Reader(abc.ABC):
    """One part. What it may not read is told in it, and is nobody's failure."""

    SERVICES: tuple = ()

    def __init__(self, wanted, found):
        self.wanted, self.found, self.vpc_id = wanted, found, wanted["vpc_id"]
        self.part = dict(self.empty(), error=None, permission=None)
        self.aws = {}

    @abc.abstractmethod
    def empty(self):
        """The part before anything is read."""

    @abc.abstractmethod
    def read(self):
        """Fill it."""

    def connect(self, module):
        for service in self.SERVICES:
            try:
                self.aws[service] = client(module, service, attempts=3, region=self.found["region"])
            except (AwsWriteError, BotoCoreError) as error:
                # An SDK that is older than the service.
                self.part["error"] = f"The AWS SDK cannot read {service}: {str(error).rstrip('.')}; install a newer botocore"

    def answer(self):
        if not self.part["error"]:
            try:
                self.read()
            except AwsWriteError as error:
                self.part["error"] = str(error)
        return self.part

    def call(self, service, operation, purpose, **request):
        with self.permitted(service, operation):
            return call(self.aws[service], operation, purpose, **request)

    def pages(self, service, operation, purpose, key, **request):
        with self.permitted(service, operation):
            return pages(self.aws[service], operation, purpose, key, **request)

    @contextlib.contextmanager
    def permitted(self, service, operation):
        try:
            yield
        except AwsWriteError as error:
            if error.code in DENIED:
                # IAM has the name by which a service signs.
                self.part["permission"] = f"{self.aws[service].meta.service_model.signing_name}:{operation}"
            raise


class NetworkAcls(Reader):
    """The lists of the VPC's subnets, and the VPC's own networks."""

    SERVICES = ("ec2",)

    def empty(self):
        return {"acls": [], "cidrs": []}

    def read(self):
        only = [{"Name": "vpc-id", "Values": [self.vpc_id]}]
        rows = self.pages("ec2", "DescribeNetworkAcls", "read the network ACLs of the VPC", "NetworkAcls", Filters=only)
        self.part["acls"] = [
            {
                "acl_id": row["NetworkAclId"],
                "subnet_ids": sorted(x["SubnetId"] for x in row.get("Associations", []) if x.get("SubnetId")),
                "entries": [acl_entry(x) for x in row.get("Entries", []) if x.get("CidrBlock") or x.get("Ipv6CidrBlock")],
            }
            for row in rows
        ]
        for row in self.pages("ec2", "DescribeVpcs", "read the networks of the VPC", "Vpcs", Filters=only):
            blocks = row.get("CidrBlockAssociationSet", []) + row.get("Ipv6CidrBlockAssociationSet", [])
            cidrs = [row.get("CidrBlock")] + [x.get("CidrBlock") or x.get("Ipv6CidrBlock") for x in blocks if state_of(x) == "associated"]
            self.part["cidrs"] = list(dict.fromkeys(x for x in cidrs if x))


def state_of(block):
    return (block.get("CidrBlockState") or block.get("Ipv6CidrBlockState") or {}).get("State", "associated")


def acl_entry(row):
    span = row.get("PortRange") or {}
    return {
        "number": row["RuleNumber"],
        "egress": row["Egress"],
        "allow": row["RuleAction"] == "allow",
        "protocol": str(row["Protocol"]),
        "cidr": row.get("CidrBlock") or row["Ipv6CidrBlock"],
        # All protocols have no ports, so all of them.
        "from_port": span.get("From", 0),
        "to_port": span.get("To", 65535),
    }


class ResolverRules(Reader):
    """Rules of Route 53 Resolver that the VPC has, also those that a profile brings."""

    SERVICES = ("route53resolver",)

    def empty(self):
        return {"rules": []}

    def read(self):
        rows = self.pages(
            "route53resolver", "ListResolverRuleAssociations", "read the VPC's Resolver rules", "ResolverRuleAssociations",
            Filters=[{"Name": "VPCId", "Values": [self.vpc_id]}],
        )
        # One that another account shares and takes back is still associated, but does nothing.
        ids = {row["ResolverRuleId"] for row in rows if row.get("Status") in ("COMPLETE", "CREATING", None)}
        known = self.pages("route53resolver", "ListResolverRules", "read the domains of Resolver rules", "ResolverRules") if ids else []
        self.part["rules"] = [resolver_rule(row) for row in known if row["Id"] in ids and row.get("RuleType") in ("FORWARD", "SYSTEM")]


def resolver_rule(row):
    return {
        "rule_id": row["Id"],
        "name": row.get("Name") or row["Id"],
        "domain": row["DomainName"].rstrip(".").lower(),
        "type": row["RuleType"],
        "targets": sorted(x.get("Ip") or x.get("Ipv6") for x in row.get("TargetIps", []) if x.get("Ip") or x.get("Ipv6")),
    }


class Profiles(Reader):
    """Private zones that Route 53 profiles bring into the VPC."""

    SERVICES = ("route53profiles",)

    def empty(self):
        return {"zones": []}

    def read(self):
        names = {zone["zone_id"]: zone["name"] for zone in self.found["zones"]}
        for row in self.pages(
            "route53profiles", "ListProfileAssociations", "read the VPC's Route 53 profiles", "ProfileAssociations", ResourceId=self.vpc_id,
        ):
            things = self.pages(
                "route53profiles", "ListProfileResourceAssociations", "read what a Route 53 profile brings", "ProfileResourceAssociations",
                ProfileId=row["ProfileId"],
            )
            for thing in things:
                zone_id = thing["ResourceArn"].rsplit("/", 1)[-1]
                if thing.get("ResourceType") == "PRIVATE_HOSTED_ZONE" or ":hostedzone/" in thing["ResourceArn"]:
                    self.part["zones"].append({"zone_id": zone_id, "name": names.get(zone_id), "profile": row.get("Name") or row["ProfileId"]})


class Quotas(Reader):
    """How much room there is; the default where the account's own number may not be read."""

    SERVICES = ("route53", "service-quotas")

    def empty(self):
        live = [
            e for e in self.found["endpoints"]
            # Gateway endpoints have neither, and a quota of their own.
            if e["vpc_id"] == self.vpc_id and e["state"] not in GONE and (e["subnet_ids"] or e["interface_ids"])
        ]
        return {"endpoints": ENDPOINTS_DEFAULT, "assumed": True, "count": len(live), "zones": self.found["zone_limit"]}

    def read(self):
        try:
            self.read_zones()
        finally:
            # Each tells of its own, whatever becomes of the other.
            quota = self.call(
                "service-quotas", "GetServiceQuota", "read the quota of endpoints of a VPC", ServiceCode="vpc", QuotaCode=ENDPOINTS_QUOTA)
            self.part.update(endpoints=int(quota["Quota"]["Value"]), assumed=False)

    def read_zones(self):
        if not self.part["zones"] and self.wanted["dns"] != "none":
            answer = self.call("route53", "GetAccountLimit", "read the quota of hosted zones", Type="MAX_HOSTED_ZONES_BY_OWNER")
            self.part["zones"] = {"limit": answer["Limit"]["Value"], "count": answer["Count"]}
