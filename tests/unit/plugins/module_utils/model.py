# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the AWS plan is compared with, and the clouds as far as a step of the plan changes them."""

from __future__ import annotations

import copy
import functools

from ansible_collections.zilliz.cloud.plugins.module_utils._names import MARK_TAG
from ansible_collections.zilliz.cloud.plugins.module_utils._plan import CREATION
from ansible_collections.zilliz.cloud.plugins.module_utils._plan_aws import plan_aws, wanted_aws
from unit.plugins.module_utils import model_zilliz
from unit.plugins.module_utils.model_zilliz import OTHER_PROJECT, PROJECT, SHARED_ZONE, AnyClouds

REGION_ID, REGION, VPC = "aws-us-west-2", "us-west-2", "vpc-0a1b2c3d4e5f60001"
OTHER_VPC, ACCOUNT = "vpc-0a1b2c3d4e5f60002", "111122223333"
MARK, OTHER_MARK = f"{PROJECT}/{REGION_ID}/{VPC}", f"{OTHER_PROJECT}/{REGION_ID}/{VPC}"
SERVICE = "com.amazonaws.vpce.us-west-2.vpce-svc-0b62964bfd0edfb74"
OTHER_SERVICE = "com.amazonaws.vpce.us-west-2.vpce-svc-0e2f81c4d6a79b350"
SUBNETS = ["subnet-0a1b2c3d4e5f61001", "subnet-0a1b2c3d4e5f61002", "subnet-0a1b2c3d4e5f61003"]
CLIENTS = "sg-0c0ffee0c0ffee001"
NAME = f"zilliz-private-link-{PROJECT}-{REGION_ID}"
TEXT = f"zilliz.cloud private link {MARK}"
host, cluster = functools.partial(model_zilliz.host, REGION_ID), functools.partial(model_zilliz.cluster, REGION_ID)

DEFAULTS = dict(
    state="present", project_id=PROJECT, region_id=REGION_ID, vpc_id=VPC, vpc_region=None, service_name=None,
    unsupported_subnets="refuse", client_egress=False, security_group_name=None, endpoint_id=None, endpoint_name=None,
    ip_address_type="ipv4", private_dns_enabled=False, dns="exact", zone_name=SHARED_ZONE, zone_id=None, zone_vpcs=None,
    record_type="alias", record_ttl=300, tags={}, adopt=False, recreate=False, side_by_side=False, purge_stale=False, awaits=[], done=[],
    changes=[], wait_timeout=60, maintenance_timeout=60, inspect=False, deep=False, subnet_ids=SUBNETS, client_cidrs=["10.20.0.0/16"],
    client_security_group_ids=[], security_group_ids=[], cluster_ids=[], cluster_names=[], confirm_clusters=[],
)


def options(**given):
    """(wanted, problems) for the module's options."""
    return wanted_aws(dict(DEFAULTS, **given))


def wanted(**given):
    result, problems = options(**given)
    assert problems == []
    return result


def endpoint(number, state="available", owner=MARK, service=SERVICE, vpc_id=VPC, subnet_ids=tuple(SUBNETS), group_ids=(), **more):
    endpoint_id = f"vpce-0{number:016x}"
    tags = {"Name": NAME, MARK_TAG: owner} if owner else {"Name": "by hand"}
    return dict({
        "endpoint_id": endpoint_id, "vpc_id": vpc_id, "service_name": service, "aws_state": state, "state": state.lower(),
        "subnet_ids": sorted(subnet_ids), "group_ids": sorted(group_ids), "private_dns_enabled": False,
        "ip_address_type": "ipv4", "dns_entries": [{"dns_name": dns_name(endpoint_id, service), "hosted_zone_id": "Z1YSA3EXCYUU9Z"}],
        "interface_ids": [f"eni-0{number:016x}"], "created": f"2026-01-{number % 28 + 1:02d}", "tags": tags,
        "addresses": ["10.20.1.10"],
    }, **more)


def dns_name(endpoint_id, service=SERVICE):
    return f"{endpoint_id}-abcdefgh.{service.rsplit('.', 1)[-1]}.{REGION}.vpce.amazonaws.com"


def registration(endpoint_id, status="AVAILABLE", region_id=REGION_ID):
    return model_zilliz.registration(region_id, endpoint_id, status)


def group(number, owner=MARK, name=NAME, vpc_id=VPC, ingress=(), egress=(), group_id=None):
    return {
        "group_id": group_id or f"sg-0{number:016x}", "name": name, "description": "Zilliz Cloud private link", "vpc_id": vpc_id,
        "tags": {"Name": name, MARK_TAG: owner} if owner else {}, "ingress": list(ingress), "egress": list(egress),
    }


def rule(port, description=TEXT, **peer):
    return dict({"from_port": port, "to_port": port, "port": port, "protocol": "tcp", "description": description}, **peer)


def zone(number, name, owner=MARK, in_account=True, vpc_ids=(VPC,), records=(), tags=None, comment=None):
    if comment is None:
        comment = f"zilliz.cloud private link {owner}" if owner else "by hand"
    if not in_account:
        # AWS shows of other people's zones no more than name and owner.
        comment, tags, owner = "", {}, None
    return {
        "zone_id": f"Z{number:019d}", "name": name, "comment": comment, "private": True, "in_account": in_account,
        "owner": f"account {ACCOUNT if in_account else '444455556666'}", "networks": list(vpc_ids),
        "records": [dict(r) for r in records] if in_account else None,
        "tags": {MARK_TAG: owner} if owner and tags is None else tags or {}, "authorized_vpc_ids": [],
    }


def alias(name, endpoint_id, type_="A", service=SERVICE):
    return {"name": name, "type": type_, "value": [f"{dns_name(endpoint_id, service)}."], "alias_zone_id": "Z1YSA3EXCYUU9Z", "ttl": None}


def record(name, type_, *values):
    return {"name": name, "type": type_, "value": list(values), "alias_zone_id": None, "ttl": 300}


def found(**more):
    """An account with a VPC and nothing in it, and a project with two clusters that have no link yet."""
    base = {
        "read": {"services", "clusters", "account", "endpoints", "groups", "vpc", "subnets", "service", "interfaces", "zones"},
        "problems": [], "notes": [], "account_id": ACCOUNT, "region": REGION, "no_service": None, "bound_regions": None,
        "services": [{"region_id": REGION_ID, "cloud_id": "aws", "endpoint_service": SERVICE, "whitelist_required": False}],
        "clusters": [cluster(1, linked=False), cluster(2, linked=False)], "registrations": [], "endpoints": [],
        "groups": [group(1, None, "clients", group_id=CLIENTS)],
        "vpc": {"vpc_id": VPC, "enable_dns_support": True, "enable_dns_hostnames": True},
        "subnets": [
            {"subnet_id": subnet_id, "vpc_id": VPC, "zone": f"us-west-2{letter}", "zone_id": f"usw2-az{number}", "free": 200}
            for number, (subnet_id, letter) in enumerate(zip(SUBNETS, "abc"), 1)
        ],
        "service_detail": {
            "error": None, "zones": [], "zone_ids": ["usw2-az1", "usw2-az2", "usw2-az3"], "private_dns_name": None,
        },
        "interfaces": [], "zones": [], "zone_limit": {"limit": 500, "count": 0}, "unseen_vpcs": [],
    }
    assert not set(more) - set(base), set(more) - set(base)
    return copy.deepcopy(dict(base, **more))


class Clouds(AnyClouds):
    RECORD = ("name", "type", "value", "alias_zone_id", "ttl")

    def tidy(self):
        self.found["endpoints"] = [e for e in self.found["endpoints"] if e["state"] not in ("deleting", "deleted")]

    def plan(self, want):
        self.found["interfaces"] = [
            {"interface_id": x, "type": "vpc_endpoint", "group_ids": e["group_ids"]} for e in self.found["endpoints"] for x in e["interface_ids"]
        ]
        return plan_aws(want, self.found)

    def settle(self):
        """A registered endpoint is accepted."""
        rows = {row["endpoint_id"] for row in self.found["registrations"] if row["endpoint_status"] == "AVAILABLE"}
        live = [e for e in self.found["endpoints"] if e["endpoint_id"] in rows and e["state"] in ("pendingacceptance", "pending", "available")]
        for one in live:
            one["state"] = one["aws_state"] = "available"
        if live:
            self.allocate()

    # Zilliz Cloud

    def authorize_private_endpoint_whitelist(self, name, step):
        self.found["service_detail"] = dict(found()["service_detail"])

    def authorize_private_endpoint(self, name, step):
        endpoint_id = self.found["endpoints"][-1]["endpoint_id"] if name == CREATION else name
        assert not [r for r in self.found["registrations"] if r["endpoint_id"] == endpoint_id], "registered twice"
        self.found["registrations"].append(registration(endpoint_id))

    def revoke_private_endpoint(self, name, step):
        self.drop("registrations", endpoint_id=name)

    # EC2

    def create_security_group(self, name, step):
        after = step["after"]
        assert not [g for g in self.found["groups"] if (g["vpc_id"], g["name"]) == (VPC, after["name"])], "name taken"
        made = group(next(self.numbers), name=after["name"])
        made.update(tags=after["tags"], description=after["description"], ingress=[self.as_rule(r) for r in after["rules"]])
        self.found["groups"].append(made)

    def create_security_group_rules(self, name, step):
        self.one("groups", group_id=step["after"]["group_id"])["ingress"] += [self.as_rule(r) for r in step["after"]["rules"]]

    def as_rule(self, item):
        peer = {"group_id": item["group_id"]} if "group_id" in item else {"cidr": item.get("cidr_ip") or item["cidr_ipv6"]}
        return rule(item["ports"][0], item["rule_desc"], **peer)

    def delete_security_group_rule(self, name, step):
        wanted_rule = {k: v for k, v in step["before"].items() if k != "security_group_id"}
        self.one("groups", group_id=step["before"]["security_group_id"])["ingress"].remove(wanted_rule)

    def create_client_egress_rule(self, name, step):
        after = step["after"]
        made = rule(after["port"], after["description"], group_id=after["source_group_id"])
        self.one("groups", group_id=after["group_id"])["egress"].append(made)

    def delete_client_egress_rule(self, name, step):
        before = step["before"]
        gone = rule(before["port"], before["description"], group_id=before["source_group_id"])
        self.one("groups", group_id=before["group_id"])["egress"].remove(gone)

    def delete_security_group(self, name, step):
        assert not [e for e in self.found["endpoints"] if name in e["group_ids"]], "in use"
        self.drop("groups", group_id=name)

    def group_ids(self, ids):
        return [self.found["groups"][-1]["group_id"] if x == CREATION else x for x in ids]

    def create_vpc_endpoint(self, name, step):
        after = step["after"]
        made = endpoint(
            next(self.numbers), "pendingAcceptance", service=after["service_name"], subnet_ids=after["subnet_ids"],
            group_ids=self.group_ids(after["security_group_ids"]), tags=after["tags"], ip_address_type=after["ip_address_type"],
            private_dns_enabled=after["private_dns_enabled"],
        )
        self.found["endpoints"].append(made)

    def update_vpc_endpoint(self, name, step):
        words = {"security_group_ids": "group_ids"}
        for key, value in step["after"].items():
            value = self.group_ids(value) if key == "security_group_ids" else value
            self.one("endpoints", endpoint_id=name)[words.get(key, key)] = value

    def delete_vpc_endpoint(self, name, step):
        self.drop("endpoints", endpoint_id=name)

    def update_tags(self, name, step):
        kind, key = ("endpoints", "endpoint_id") if name.startswith("vpce-") else ("groups", "group_id")
        self.one(kind, **{key: name})["tags"].update(step["after"])

    # Route 53

    def create_hosted_zone(self, name, step):
        after = step["after"]
        taken = [z for z in self.found["zones"] if z["name"] == name and after["vpc_id"] in z["networks"]]
        assert not taken, "ConflictingDomainExists"
        ids = [{"name": name, "type": t, "value": ["x"], "alias_zone_id": None, "ttl": 300} for t in ("NS", "SOA")]
        self.found["zones"].append(
            zone(next(self.numbers), name, vpc_ids=[after["vpc_id"]], tags=after["tags"], comment=after["comment"], records=ids))

    def update_hosted_zone(self, name, step):
        hit = self.one("zones", zone_id=step["after"]["zone_id"])
        hit["comment"] = step["after"]["comment"]
        hit["tags"].update(step["after"]["tags"])

    def delete_hosted_zone(self, name, step):
        hit = self.one("zones", zone_id=step["before"]["zone_id"])
        assert all(r["type"] in ("NS", "SOA") for r in hit["records"]), "HostedZoneNotEmpty"
        self.found["zones"].remove(hit)

    def zone_of(self, side):
        zones = [z for z in self.found["zones"] if z["zone_id"] == side["zone_id"]] if side["zone_id"] else \
            [z for z in self.found["zones"] if z["name"] == side["zone"] and VPC in z["networks"]]
        assert len(zones) == 1, side
        return zones[0]

    def associate_zone_association(self, name, step):
        hit = self.zone_of(step["after"])
        if step["after"]["vpc_id"] in hit["networks"]:
            assert step["after"]["vpc_id"] in hit["authorized_vpc_ids"], "associated already"
            hit["authorized_vpc_ids"].remove(step["after"]["vpc_id"])
        else:
            hit["networks"].append(step["after"]["vpc_id"])

    def disassociate_zone_association(self, name, step):
        hit = self.one("zones", zone_id=step["before"]["zone_id"])
        # The tag may remember a VPC that somebody else took out; the module finds nothing to do then.
        hit["networks"] = [x for x in hit["networks"] if x != step["before"]["vpc_id"]]
        assert hit["networks"], "LastVPCAssociation"
