# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan of an AWS PrivateLink: what is wanted against what was found. Pure: no I/O, no Ansible."""

from __future__ import annotations

import ipaddress
import json
import re
from typing import Any

from ansible_collections.zilliz.cloud.plugins.module_utils._names import MARK_TAG, endpoint_phase
from ansible_collections.zilliz.cloud.plugins.module_utils._plan import (
    ALLOCATION,
    CREATION,
    listed,
    negative,
    patience,
    plural,
    some,
    words,
)
from ansible_collections.zilliz.cloud.plugins.module_utils._plan_names import ADDRESS_TYPES, NamesPlan, marked, odd_zone, value

LIVE = ("pendingacceptance", "pending", "available", "partial")
DEAD = ("rejected", "failed", "expired")
GOING = ("deleting", "deleted")
SETTINGS = {
    "subnet_ids": "its subnets",
    "security_group_ids": "its security groups",
    "private_dns_enabled": "its private DNS",
    "ip_address_type": "its IP address type",
}
SUPPORT = "https://support.zilliz.com/hc/en-us/requests/new"

# The further VPCs of a zone, so that one that leaves zone_vpcs is known: Route 53 tells them only zone by zone.
VPCS_TAG = MARK_TAG + "-vpcs"
# AWS takes a * too, and amazon.aws would then find groups of others, because filters read it as a wildcard.
GROUP_NAME = r"[a-zA-Z0-9 ._:/()#,@\[\]+=&;{}!$-]{1,255}"
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html, and Route 53's ChangeTagsForResource for zones.
TAG_KEY, TAG_VALUE = 128, 256
# 50 and 10, without those of our own: the mark and Name, the mark and the further VPCs.
EC2_TAGS, ZONE_TAGS = 48, 8
# The options that hold ids of AWS, and what these ids begin with.
IDS = {
    "vpc_id": "vpc",
    "endpoint_id": "vpce",
    "subnet_ids": "subnet",
    "security_group_ids": "sg",
    "client_security_group_ids": "sg",
}


def plan_aws(wanted, found):
    """The plan: steps, notes, problems, what is awaited, what it costs, and the link as it is."""
    return AwsPlan(wanted, found).make()


def wanted_aws(params):
    """The module's options as the plan wants them, and what is wrong with them by themselves."""
    wanted, problems = dict(params), []
    for name in ("subnet_ids", "client_cidrs", "client_security_group_ids", "security_group_ids", "cluster_ids",
                 "cluster_names", "confirm_clusters"):
        wanted[name] = words(params.get(name) or [])
    for name, given in wanted.items():
        if isinstance(given, str):
            wanted[name] = given.strip() or None
    # What has the wrong form is not called missing too.
    wanted["malformed"] = malformed = []
    for name, kind in IDS.items():
        given = wanted[name] if isinstance(wanted[name], list) else [wanted[name]]
        wrong = [x for x in given if x and not re.fullmatch(kind + "-[0-9a-f]+", x)]
        if wrong:
            problems.append(f"{name} has {listed(wrong)}: an id there looks like {kind}-0ce90d01341533a5c.")
            malformed += wrong
    if wanted["vpc_region"] and not re.fullmatch(r"[a-z]{2,}(-[a-z]+)+-[0-9]+", wanted["vpc_region"]):
        problems.append(f"region is {wanted['vpc_region']}: give the name of an AWS region, such as us-west-2.")
        malformed.append(wanted["vpc_region"])
    problems += negative(wanted, "wait_timeout", "maintenance_timeout", "record_ttl")
    try:
        wanted["zone_vpcs"] = zone_vpcs(params.get("zone_vpcs"))
    except ValueError as error:
        problems.append(str(error))
        wanted["zone_vpcs"] = []
    base = f"zilliz-private-link-{wanted['project_id']}-{wanted['region_id']}"
    for name in ("security_group_name", "endpoint_name"):
        wanted[name] = wanted[name] or base
    wanted["zone_name"] = (wanted["zone_name"] or "vectordb.zillizcloud.com").rstrip(".").lower()
    wanted["tags"] = {str(k): str(v) for k, v in (params.get("tags") or {}).items()}
    wanted["awaits"] = [kind for kind in params["awaits"] if patience(wanted, kind)]
    wanted["network"] = wanted["vpc_id"]
    return wanted, problems + odd_values(wanted)


def odd_values(wanted):
    """Values that AWS refuses, each in one sentence."""
    problems = odd_zone(wanted["zone_name"])
    name = wanted["security_group_name"]
    if not re.fullmatch(GROUP_NAME, name) or name.startswith("sg-"):
        problems.append(
            f"security_group_name is {name}: give at most 255 letters, digits, spaces, braces and ._-:/()#,@[]+=&;!$, and nothing "
            "that begins with sg-."
        )
    if len(wanted["endpoint_name"]) > TAG_VALUE:
        problems.append(f"endpoint_name is {len(wanted['endpoint_name'])} characters long, and as a tag it may have {TAG_VALUE}.")
    for key, given in wanted["tags"].items():
        if not 1 <= len(key) <= TAG_KEY or len(given) > TAG_VALUE or key.lower().startswith("aws:"):
            problems.append(
                f"tags has {key}: {given}, and AWS takes keys of 1 to {TAG_KEY} characters that do not begin with aws:, and values of at "
                f"most {TAG_VALUE}."
            )
    makes_zones = wanted["dns"] != "none" and not wanted["zone_id"]
    what, room = ("a hosted zone", ZONE_TAGS) if makes_zones else ("an endpoint", EC2_TAGS)
    count = len(wanted["tags"])
    if count > room:
        problems.append(f"tags has {count} tags, and {what} takes {room} beside the link's own: leave {count - room} out.")
    return problems


def zone_vpcs(value):
    """[{vpc_id, region, profile}] as a list, as JSON text, or as lines `vpc_id region profile` (AWX text areas)."""
    if isinstance(value, str) and value.strip()[:1] in ("[", "{"):
        try:
            value = json.loads(value)
        except ValueError:
            raise ValueError("zone_vpcs is no valid JSON: write a list of entries with vpc_id, region and profile.") from None
    if isinstance(value, dict):
        value = [value]
    if isinstance(value, str):
        lines = [line.replace(",", " ").split() for line in value.splitlines() if line.strip()]
        value = [dict(zip(("vpc_id", "region", "profile", "more"), line)) for line in lines]
    vpcs = []
    for item in value or []:
        item = {"vpc_id": item} if isinstance(item, str) else item
        if not isinstance(item, dict) or not item.get("vpc_id") or set(item) - {"vpc_id", "region", "profile"}:
            shown = ", ".join(f"{k}: {v}" for k, v in item.items()) if isinstance(item, dict) else json.dumps(item)
            raise ValueError(f"zone_vpcs has '{shown}': an entry has vpc_id, and region and profile where they differ.")
        if not re.fullmatch("vpc-[0-9a-f]+", str(item["vpc_id"])):
            raise ValueError(f"zone_vpcs has {item['vpc_id']}: an id there looks like vpc-0ce90d01341533a5c.")
        vpcs.append({k: item.get(k) or None for k in ("vpc_id", "region", "profile")})
    return vpcs


class AwsPlan(NamesPlan):
    """First the endpoint and its authorization (connect), then ports and private DNS (name)."""

    CLOUD_ID, ENDPOINT = "aws", "vpc_endpoint"
    ZONE, ZONE_WORDS, DNS = "hosted_zone", "hosted zone", "Route 53"
    NETWORK_WORDS, FURTHER = "VPCs", "zone_vpcs"
    HERE = "in this account and AWS region"
    ROUNDS = {
        "connect": {
            "private_endpoint_whitelist": ["authorize"],
            "private_endpoint": ["revoke", "authorize"],
            "security_group": ["create"],
            "vpc_endpoint": ["delete", "create", "update"],
            "tags": ["update"],
        },
        "name": {
            "security_group_rules": ["create"],
            "security_group_rule": ["delete"],
            "client_egress_rule": ["create", "delete"],
            "hosted_zone": ["create", "update", "delete"],
            "zone_association": ["associate", "disassociate"],
            "record": ["create", "update", "replace", "delete"],
            "private_endpoint": ["revoke"],
            "vpc_endpoint": ["delete"],
        },
        "absent": {
            "security_group_rule": ["delete"],
            "client_egress_rule": ["delete"],
            "hosted_zone": ["create", "delete"],
            "zone_association": ["associate", "disassociate"],
            "record": ["create", "update", "delete"],
            "private_endpoint": ["revoke"],
            "vpc_endpoint": ["delete"],
            "security_group": ["delete"],
        },
    }

    def __init__(self, wanted, found):
        super().__init__(wanted, found)
        self.vpc_id, self.region = wanted["vpc_id"], found["region"]
        self.tags = dict(wanted["tags"], **{MARK_TAG: self.mark})
        self.vpcs = [{"vpc_id": self.vpc_id, "region": self.region, "profile": None}] + [
            dict(vpc, region=vpc["region"] or self.region) for vpc in wanted["zone_vpcs"] if vpc["vpc_id"] != self.vpc_id
        ]

    def make(self):
        self.choose_service()
        self.choose_links()
        self.find_endpoint()
        self.find_group()
        if self.present:
            self.check_project()
            self.check_vpc()
            self.check_service()
            self.check_subnets()
            self.check_clients()
            self.check_endpoint()
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
        """ec2_vpc_endpoint may have written this mark on another link's endpoint: then the other's group tells whose it is."""
        bears = super().owner(thing)
        if bears != self.mark or "endpoint_id" not in thing or self.registration(thing["endpoint_id"]):
            return bears
        groups = {super(AwsPlan, self).owner(g) for g in self.found["groups"] if g["group_id"] in thing["group_ids"]}
        brought = set(thing["group_ids"]) & set(self.wanted["security_group_ids"])
        return groups.pop() or bears if len(groups) == 1 and not brought else bears

    def find_endpoint(self):
        """By id when the user brings one; else by mark; else one of the service that can be used."""
        wanted = self.wanted
        self.here = [e for e in self.found["endpoints"] if e["vpc_id"] == self.vpc_id]
        mine = [e for e in self.here if self.ours(e)]
        for endpoint in self.here:
            if endpoint["tags"].get(MARK_TAG) == self.mark and endpoint not in mine and endpoint["state"] in LIVE:
                self.note(
                    f"Endpoint {endpoint['endpoint_id']} bears this link's mark, but it is in the security group of link "
                    f"{self.owner(endpoint)} and not registered with this project: it is left alone. If it is that link's, write "
                    f"that mark in its tag {MARK_TAG}; if it is this link's, name its group in security_group_ids."
                )
        self.corpses = [
            e for e in mine
            # Revoking a failed registration rejects its endpoint, and nobody can accept that one again.
            if e["state"] in DEAD or e["state"] in LIVE and self.refused(e) and e["endpoint_id"] != wanted["endpoint_id"]
        ]
        live = sorted((e for e in mine if e["state"] in LIVE and e not in self.corpses), key=self.seniority)
        if wanted["recreate"] and self.service:
            live.sort(key=lambda e: e["service_name"] != self.service_name())
        self.going = [e for e in mine if e["state"] in GOING]
        self.made = {e["endpoint_id"] for e in mine} | self.remembered()
        if wanted["endpoint_id"]:
            self.endpoint = next((e for e in self.found["endpoints"] if e["endpoint_id"] == wanted["endpoint_id"]), None)
        else:
            self.endpoint = live[0] if live else self.borrowed() if self.present else None
        self.duplicates = [e for e in live if e is not self.endpoint]
        # A service cannot be changed in place.
        self.replaces = bool(
            self.endpoint and self.service and self.endpoint["service_name"] != self.service_name()
        )

    def borrowed(self):
        """One made by hand for this service, or another link's that this project is registered with already."""
        fits = [
            e for e in self.here
            if e["state"] in LIVE and e not in self.corpses and not self.refused(e) and e["service_name"] == self.service_name()
            and (not self.owner(e) or self.registration(e["endpoint_id"]))
        ]
        return min(fits, key=self.seniority) if fits else None

    def remembered(self):
        """Endpoints that the records of our zones point to: made by this link, even when they are gone."""
        records = [r for z in self.found["zones"] if z["in_account"] and self.zone_owner(z) == self.mark for r in z["records"] or []]
        ids = {target_endpoint(r) for r in records} - {None}
        return ids - {e["endpoint_id"] for e in self.found["endpoints"]}

    def find_group(self):
        groups = [g for g in self.found["groups"] if g["vpc_id"] == self.vpc_id]
        attached = self.endpoint["group_ids"] if self.endpoint else []
        mine = sorted((g for g in groups if self.ours(g)), key=lambda g: (g["group_id"] not in attached, g["group_id"]))
        self.brought = sorted(self.wanted["security_group_ids"])
        self.my_groups = mine
        self.group: Any = mine[0] if mine and not (self.present and self.brought) else None
        if not self.present or self.group or self.brought or not self.usable():
            return
        namesakes = [g for g in groups if g["name"] == self.wanted["security_group_name"]]
        if namesakes and self.adopts(namesakes[0]):
            self.group = namesakes[0]
        elif namesakes:
            group, owner = namesakes[0], namesakes[0]["tags"].get(MARK_TAG)
            self.problem(
                f"VPC {self.vpc_id} already has a security group named {group['name']} ({group['group_id']}) that "
                + (f"belongs to link {owner}: use it with security_group_ids" if owner else
                   "this link did not make: use it with security_group_ids, take it over with adopt: true")
                + ", or choose another security_group_name."
            )

    # What the user gave

    def check_vpc(self):
        vpc = self.found["vpc"]
        if not self.knows("vpc") or self.vpc_id in self.wanted["malformed"]:
            return
        if not vpc:
            self.problem(
                f"VPC {self.vpc_id} was not found in region {self.region} of account {self.found['account_id']}: check "
                "vpc_id and the credentials; for a VPC in another region than the clusters, set region to the VPC's."
            )
        elif self.wanted["dns"] != "none":
            off = [name for name in ("enable_dns_support", "enable_dns_hostnames") if not vpc[name]]
            if off:
                self.problem(
                    f"VPC {self.vpc_id} has {listed(off)} switched off, and private zones need both enable_dns_support and "
                    "enable_dns_hostnames: switch on what is off (aws ec2 modify-vpc-attribute), or set dns: none."
                )

    def service_region(self):
        """The service's region when the VPC is in another one, else None."""
        parts = (self.service_name() or "").split(".")
        region = parts[3] if len(parts) > 4 else None
        return region if region != self.region else None

    def check_service(self):
        """Visible from here? Whitelisting makes it so; another region needs the vendor's consent."""
        detail, name = self.found["service_detail"], self.service_name()
        self.whitelists = False
        # A region that is not the project's is no reason for a ticket.
        if not name or not detail or not detail["error"] or self.endpoint or self.astray:
            return
        account, project = self.found["account_id"], self.wanted["project_id"]
        if self.service.get("whitelist_required"):
            self.whitelists = True
            self.note(f"Account {account} does not see the service yet, so its zones could not be compared with the subnets'.")
        elif self.service_region():
            self.problem(
                f"Endpoint service {name} cannot be reached from region {self.region} ({detail['error']}). Send this ticket "
                f"to Zilliz ({SUPPORT}) and run again when it is answered: \"Please enable cross-region AWS PrivateLink for "
                f"endpoint service {name}: consumer region {self.region}, AWS account {account}, Zilliz Cloud project "
                f"{project}.\""
            )
        else:
            self.problem(
                f"Endpoint service {name} is not visible to account {account} in region {self.region} "
                f"({detail['error']}): ask Zilliz ({SUPPORT}) to open it for this account."
            )

    def check_subnets(self):
        """One subnet a zone, in this VPC, in zones where the service is."""
        self.subnet_ids = sorted(self.wanted["subnet_ids"])
        if self.wanted["endpoint_id"] or not self.usable():
            return
        if not self.subnet_ids:
            if self.knows("endpoints") and (not self.endpoint or self.replaces):
                self.problem(f"subnet_ids is missing: name one subnet of VPC {self.vpc_id} for each availability zone.")
            return
        if self.knows("subnets"):
            self.compare_subnets()
        if len(self.subnet_ids) == 1:
            self.note(f"The endpoint is in one zone only (with subnet {self.subnet_ids[0]}): when that zone fails, so does the link.")

    def compare_subnets(self):
        known = {x["subnet_id"]: x for x in self.found["subnets"]}
        lost = [x for x in self.subnet_ids if x not in known and x not in self.wanted["malformed"]]
        if lost:
            self.problem(f"Not found in region {self.region}: subnet{plural(lost)} {listed(lost)}; check subnet_ids.")
        if not self.found["vpc"]:
            return
        away = [x for x in self.subnet_ids if x in known and known[x]["vpc_id"] != self.vpc_id]
        if away:
            where = listed(f"{x} (in {known[x]['vpc_id']})" for x in away)
            self.problem(f"Not in VPC {self.vpc_id}: subnet{plural(away)} {where}; check subnet_ids.")
        here = [known[x] for x in self.subnet_ids if x in known and x not in away]
        for zone in sorted({x["zone"] for x in here}):
            same = [x["subnet_id"] for x in here if x["zone"] == zone]
            if len(same) > 1:
                self.problem(f"Subnets {listed(same)} share zone {zone}, and an endpoint takes one a zone: keep one of them.")
        here = self.supported(here)
        current = self.endpoint["subnet_ids"] if self.endpoint else []
        full = [x["subnet_id"] for x in here if x["free"] < 1 and x["subnet_id"] not in current]
        if full:
            self.problem(f"No free address for the endpoint in subnet{plural(full)} {listed(full)}: use another subnet.")
        self.subnet_ids = sorted(x["subnet_id"] for x in here)

    def supported(self, subnets):
        detail = self.found["service_detail"]
        if self.service_region():
            self.note("The service is in another region, so its zones cannot be compared with the subnets'.")
            return subnets
        if not detail or detail["error"] or not detail["zone_ids"] + detail["zones"]:
            return subnets
        # By id: the names of zones are shuffled from account to account.
        key, offered = ("zone_id", detail["zone_ids"]) if detail["zone_ids"] else ("zone", detail["zones"])
        good = [x for x in subnets if x[key] in offered]
        bad = [x for x in subnets if x[key] not in offered]
        if bad and (not good or self.wanted["unsupported_subnets"] == "refuse"):
            table = "; ".join(f"{x['subnet_id']} {x['zone']} {x['zone_id']} {'no' if x in bad else 'yes'}" for x in subnets)
            self.problem(
                f"The service is not in the zone of {len(bad)} of {len(subnets)} subnets (it is in "
                f"{', '.join(sorted(offered))}): {table}. Leave these out of subnet_ids"
                + (", or set unsupported_subnets: skip." if good else " and add one in a zone of the service.")
            )
        elif bad:
            self.note(f"Left out, because the service is not in their zones: {listed(x['subnet_id'] for x in bad)}.")
        return good

    def check_clients(self):
        wanted, self.sources = self.wanted, []
        for cidr in wanted["client_cidrs"]:
            try:
                self.sources.append({"cidr": str(ipaddress.ip_network(cidr, strict=False))})
            except ValueError:
                self.problem(f"client_cidrs has {cidr}, which is no network: write it like 10.20.0.0/16.")
        self.sources += [{"group_id": x} for x in wanted["client_security_group_ids"]]
        groups = {g["group_id"]: g for g in self.found["groups"]}
        named = wanted["client_security_group_ids"] + self.brought
        lost = [x for x in named if x not in groups and x not in wanted["malformed"]]
        if lost and self.knows("groups"):
            self.problem(f"Not found in region {self.region}: security group{plural(lost)} {listed(lost)}; check the ids.")
        away = [x for x in self.brought if x in groups and groups[x]["vpc_id"] != self.vpc_id]
        if away:
            self.problem(f"Not in VPC {self.vpc_id}: security group{plural(away)} {listed(away)}; check security_group_ids.")
        if wanted["client_egress"] and not wanted["client_security_group_ids"]:
            self.problem("client_egress opens the clients' own groups: name them in client_security_group_ids.")
        if not wanted["client_cidrs"] + wanted["client_security_group_ids"] + self.brought and not wanted["endpoint_id"] and self.usable():
            self.problem("Nobody could connect: give client_cidrs, client_security_group_ids, or your own security_group_ids.")

    def check_endpoint(self):
        endpoint, brought = self.endpoint, self.wanted["endpoint_id"]
        if brought and not endpoint:
            if not self.knows("endpoints") or brought in self.wanted["malformed"]:
                return
            self.problem(
                f"Endpoint {brought} was not found in region {self.region} of account {self.found['account_id']}: check "
                "endpoint_id."
            )
        elif brought and endpoint["vpc_id"] != self.vpc_id:
            self.problem(f"Endpoint {brought} is in VPC {endpoint['vpc_id']}, not in {self.vpc_id}: check endpoint_id.")
        elif brought and endpoint["state"] not in LIVE:
            self.problem(f"Endpoint {brought} is {endpoint['state']}: bring another, or leave endpoint_id out to have one made.")
        elif self.replaces and not (self.ours(endpoint) and self.wanted["recreate"]):
            self.problem(
                f"Endpoint {endpoint['endpoint_id']} is for service {endpoint['service_name']}, not for "
                f"{self.service_name()}, and that cannot be changed in place: "
                + ("set recreate: true to replace it, which cuts the link for some minutes." if self.ours(endpoint)
                   else "bring another endpoint_id.")
            )

    # Connect: the endpoint and its authorization

    def connect(self):
        wanted, account = self.wanted, self.found["account_id"]
        if self.whitelists:
            self.step(
                "connect", "authorize", "private_endpoint_whitelist", account,
                "The service shows itself to whitelisted accounts only; an entry cannot be removed by API",
                after={"outer_user_id": account, "project_id": wanted["project_id"], "region_id": wanted["region_id"]},
            )
        for corpse in self.corpses:
            status = None if corpse["state"] in DEAD else self.refused(corpse)
            why = f"Its registration is {status} at Zilliz Cloud" if status else "It leads nowhere any more"
            self.retire("connect", [corpse], why)
        if self.replaces:
            self.retire("connect", [self.endpoint], "It is for another service, and recreate is set")
        seen = {e["endpoint_id"] for e in self.found["endpoints"] if e["state"] not in GOING}
        self.purge_registrations("connect", seen, self.made)
        self.plan_group()
        if not self.endpoint or self.replaces:
            self.create_endpoint()
            self.register(CREATION)
        else:
            if self.usable() and not (wanted["endpoint_id"] and not wanted["adopt"]):
                self.repair_endpoint()
            else:
                self.judge_endpoint()
            self.register(self.endpoint["endpoint_id"])
            self.await_endpoint()
        self.await_links()

    def plan_group(self):
        """Brought, ours, or to be made: then the rules for the ports that are known come with it."""
        self.makes_group = not self.brought and not self.group and not self.wanted["endpoint_id"] and self.usable()
        self.group_ids = self.brought or ([self.group["group_id"]] if self.group else [CREATION])
        name = self.wanted["security_group_name"]
        if self.makes_group:
            self.step(
                "connect", "create", "security_group", name,
                "The endpoint needs a security group that lets the clients in on the ports of the links",
                after=dict(self.identity(), vpc_id=self.vpc_id, tags=self.named(name), rules=self.upstream(self.rules())),
            )
        elif self.group and not self.brought:
            self.retag("security group", self.group["group_id"], self.group, name)

    def identity(self):
        """ec2_security_group finds a group by all of its name and description, even when the id is given."""
        group = self.group or {"name": self.wanted["security_group_name"], "description": "Zilliz Cloud private link"}
        return {"name": group["name"], "description": group["description"]}

    def named(self, name):
        return dict({"Name": name}, **self.tags)

    def retag(self, kind, thing_id, thing, name):
        """Missing and changed tags of ours; other people's tags are never touched."""
        missing = {k: v for k, v in self.named(name).items() if thing["tags"].get(k) != v}
        if missing:
            why = f"Tags of the {kind} are not as wanted: {listed(missing)}" if self.ours(thing) else f"adopt writes the mark of this link on the {kind}"
            before = {k: thing["tags"].get(k) for k in missing}
            self.step("connect", "update", "tags", thing_id, why, before=before, after=missing)

    def create_endpoint(self):
        wanted, detail = self.wanted, self.found["service_detail"] or {}
        namesakes = [e for e in self.here if e["service_name"] == self.service_name()]
        after = {
            "name": wanted["endpoint_name"],
            "vpc_id": self.vpc_id,
            "service_name": self.service_name(),
            "service_region": self.service_region(),
            "subnet_ids": self.subnet_ids,
            "security_group_ids": self.group_ids,
            "ip_address_type": wanted["ip_address_type"],
            "private_dns_enabled": wanted["private_dns_enabled"],
            "tags": self.named(wanted["endpoint_name"]),
        }
        # ec2_vpc_endpoint takes any endpoint of the service in the VPC for the wanted one, and lacks these options. What it took in spite
        # of all is known by its group, which must be this link's own.
        after["composed"] = not (
            namesakes or self.brought or wanted["side_by_side"] or after["service_region"]
            or wanted["ip_address_type"] != "ipv4" or wanted["private_dns_enabled"] or detail.get("private_dns_name")
        )
        why = f"VPC {self.vpc_id} has no usable endpoint of service {self.service_name()}"
        self.step("connect", "create", "vpc_endpoint", wanted["endpoint_name"], why, after=after)

    def repair_endpoint(self):
        wanted, endpoint = self.wanted, self.endpoint
        self.retag("endpoint", endpoint["endpoint_id"], endpoint, wanted["endpoint_name"])
        now = self.view(endpoint)
        target = {
            "subnet_ids": self.subnet_ids or now["subnet_ids"],
            "security_group_ids": self.group_ids,
            "private_dns_enabled": wanted["private_dns_enabled"],
            "ip_address_type": wanted["ip_address_type"],
        }
        drift = {k: v for k, v in target.items() if now[k] != v}
        if drift:
            what = listed(SETTINGS[k] for k in drift)
            self.step(
                "connect", "update", "vpc_endpoint", endpoint["endpoint_id"], f"Not as wanted: {what}",
                before={k: now[k] for k in drift}, after=drift,
            )

    def judge_endpoint(self):
        """Used as it is; what does not fit is said."""
        wanted, endpoint = self.wanted, self.endpoint
        owner = self.owner(endpoint)
        if owner != self.mark:
            whose = f"belongs to link {owner}" if owner else "was not made by this link"
            self.note(f"Endpoint {endpoint['endpoint_id']} {whose}: it is used, never changed or deleted.")
        wrong = []
        if wanted["subnet_ids"] and set(wanted["subnet_ids"]) != set(endpoint["subnet_ids"]):
            wrong.append(f"its subnets are {listed(endpoint['subnet_ids'])}")
        shut = self.shut(endpoint["group_ids"])
        wrong += [f"its groups do not let {listed(shut)} in"] if shut else []
        if wrong:
            self.note(f"Endpoint {endpoint['endpoint_id']} is not as wanted: {listed(wrong)}.")

    def await_endpoint(self):
        endpoint_id, state = self.endpoint["endpoint_id"], self.endpoint["state"]
        row = self.registration(endpoint_id)
        if row and endpoint_phase(row["endpoint_status"]) != "ready":
            self.wait("endpoint", f"Zilliz Cloud shows endpoint {endpoint_id} as {row['endpoint_status']}")
        if state != "available":
            self.wait("endpoint", f"AWS shows endpoint {endpoint_id} as {self.endpoint['aws_state']}")

    # Name: ports

    def name(self):
        self.open_ports()
        self.write_names()
        self.retire("name", self.duplicates, "It is a second endpoint of this link")
        if self.group:
            self.close_ports()

    def rules(self, ports=None):
        ports = ports or sorted({link["port"] for link in self.ready()})
        return [dict(source, port=port) for port in ports for source in self.sources]

    def upstream(self, rules):
        """Rules in the words of amazon.aws.ec2_security_group."""
        return [
            {
                "proto": "tcp",
                "ports": [rule["port"]],
                "rule_desc": self.text,
                "group_id" if "group_id" in rule else "cidr_ipv6" if ":" in rule["cidr"] else "cidr_ip":
                    rule.get("group_id") or rule["cidr"],
            }
            for rule in rules
        ]

    def missing(self, group_ids, covers):
        there = [r for g in self.found["groups"] if g["group_id"] in group_ids for r in g["ingress"]]
        return [rule for rule in self.rules() if not any(covers(r, rule) for r in there)]

    def shut(self, group_ids):
        return [f"{source(r)} on port {r['port']}" for r in self.missing(group_ids, covers)]

    def open_ports(self):
        mine = self.makes_group or bool(self.group)
        unknown = bool(self.sources and self.foreseen() and not self.ready())
        group_id = self.group["group_id"] if self.group else CREATION
        if self.brought and self.usable():
            for what in self.shut(self.brought):
                self.note(f"Your security groups {listed(self.brought)} do not let {what} in: add that rule.")
        if mine and (unknown or self.group):
            rules = self.rules([ALLOCATION]) if unknown else self.missing([group_id], same_rule)
            if rules:
                what, ports = listed(dict.fromkeys(source(r) for r in rules)), list(dict.fromkeys(r["port"] for r in rules))
                self.step(
                    "name", "create", "security_group_rules", self.wanted["security_group_name"],
                    f"The group does not let {what} in on port{plural(ports)} {listed(ports)}",
                    after=dict(self.identity(), group_id=group_id, rules=self.upstream(rules)), known=not unknown,
                )
        if mine and self.sources:
            self.note_ports("the security group")
        if self.wanted["client_egress"] and mine:
            self.open_clients(group_id, self.rules([ALLOCATION]) if unknown else self.rules())

    def open_clients(self, group_id, rules):
        """The guides' second group: the clients' own, which must let them out."""
        egress = {g["group_id"]: g["egress"] for g in self.found["groups"]}
        for rule in rules:
            client, port = rule.get("group_id"), rule["port"]
            if client and not any(same_rule(r, {"group_id": group_id, "port": port}) for r in egress[client]):
                self.step(
                    "name", "create", "client_egress_rule", client,
                    f"Client group {client} does not let out to the endpoint on port {port}",
                    after={"group_id": client, "source_group_id": group_id, "port": port, "description": self.text},
                    known=ALLOCATION != port and CREATION != group_id,
                )

    def close_ports(self):
        """Rules of ours that nobody needs; other people's are named."""
        group_id, rules = self.group["group_id"], self.rules()
        for rule in self.group["ingress"]:
            if any(same_rule(rule, r) for r in rules):
                continue
            if rule["description"] != self.text:
                self.note(f"Security group {group_id} also lets {source(rule)} in on port {rule['port']}: not ours, it stays.")
            elif any(same_rule(rule, dict(x, port=rule["port"])) for x in self.sources) and self.resting(rule["port"]):
                self.note(
                    f"Security group {group_id} still lets {source(rule)} in on port {rule['port']}, which "
                    f"{listed(self.resting(rule['port']))} may need."
                )
            else:
                self.step(
                    "name", "delete", "security_group_rule", group_id,
                    f"No client or link needs {source(rule)} on port {rule['port']} any more",
                    before=dict(rule, security_group_id=group_id),
                )
        clients = self.wanted["client_security_group_ids"] if self.wanted["client_egress"] else []
        ports = {r["port"] for r in rules}
        self.close_clients("name", lambda client, port: client in clients and (port in ports or self.resting(port)))

    def close_clients(self, round_, needed):
        for group in self.found["groups"]:
            for rule in group["egress"]:
                if rule["description"] == self.text and not needed(group["group_id"], rule["port"]):
                    self.step(
                        round_, "delete", "client_egress_rule", group["group_id"],
                        "The clients' way out to this endpoint is not wanted any more",
                        before={
                            "group_id": group["group_id"], "source_group_id": rule.get("group_id"), "port": rule["port"],
                            "description": self.text,
                        },
                    )

    # Name: private DNS

    def networks(self):
        return [vpc["vpc_id"] for vpc in self.vpcs]

    def place(self, network):
        return f"VPC {network}"

    def holder(self):
        return f"account {self.found['account_id']}"

    def zone_owner(self, zone):
        """The comment decides, since it is written in the creating call; when it was overwritten, the tags still tell."""
        return marked(zone["comment"]) or zone["tags"].get(MARK_TAG)

    def inherits(self, owner, zone):
        # All endpoints of a VPC are seen.
        return owner.endswith("/" + self.vpc_id)

    def stands(self, endpoint):
        return endpoint["state"] not in GOING

    def leads_to(self, record, endpoint):
        return target_endpoint(record) == endpoint["endpoint_id"]

    def leads_here(self, record, ours):
        endpoint_id = target_endpoint(record)
        if not endpoint_id:
            return False
        if endpoint_id in self.made or self.endpoint and endpoint_id == self.endpoint["endpoint_id"]:
            return True
        alive = any(e["endpoint_id"] == endpoint_id for e in self.found["endpoints"])
        # Endpoints are seen in this region only, and in somebody else's zone others may have theirs.
        place = f".{(self.service_name() or '').rsplit('.', 1)[-1]}.{self.region}."
        return not alive and bool(self.service) and place in value(record) and ours

    def check_networks(self):
        for vpc in self.vpcs:
            main = vpc["vpc_id"] == self.vpc_id
            if vpc["vpc_id"] in self.found["unseen_vpcs"] and not (main and not self.found["vpc"]):
                self.problem(
                    f"Route 53 finds no VPC {vpc['vpc_id']} in region {vpc['region']} "
                    + (f"with profile {vpc['profile']}" if vpc["profile"] else f"of account {self.found['account_id']}")
                    + (": check vpc_id, region and the credentials." if main else
                       ": check its entry in zone_vpcs, and give the profile of its account if that is another one.")
                )

    def zone_tags(self, zone):
        further = " ".join(v["vpc_id"] + (f"@{v['region']}" if v["region"] != self.region else "") for v in self.vpcs[1:])
        if len(further) > 256:
            # A tag's value ends there.
            further = further[:256].rsplit(" ", 1)[0]
            forgotten = [v["vpc_id"] for v in self.vpcs[1:] if v["vpc_id"] not in further]
            self.note(f"A zone's tag has no room to remember {listed(forgotten)}: if they leave zone_vpcs, take them out by hand.")
        keeps = zone and VPCS_TAG in zone["tags"]
        return dict(self.tags, **({VPCS_TAG: further} if further or keeps else {}))

    def make_zone(self, entry):
        zone, name = entry["zone"], entry["name"]
        tags, comment = self.zone_tags(zone), self.comment(entry)
        if not zone:
            self.step(
                "name", "create", "hosted_zone", name, f"No private zone of that name answers in VPC {self.vpc_id}",
                after={"name": name, "vpc_id": self.vpc_id, "region": self.region, "comment": comment, "tags": tags},
            )
            for vpc in self.vpcs[1:]:
                self.associate(name, None, vpc, f"VPC {vpc['vpc_id']} shall resolve it too")
        if not zone or not entry["ours"]:
            return
        # Before the tag that remembers them forgets them: an interrupted run shall find them again.
        for item in zone["tags"].get(VPCS_TAG, "").split():
            vpc_id, region = (item.split("@") + [self.region])[:2]
            if vpc_id not in [vpc["vpc_id"] for vpc in self.vpcs]:
                self.step(
                    "name", "disassociate", "zone_association", name, f"VPC {vpc_id} left zone_vpcs",
                    before={"zone_id": zone["zone_id"], "vpc_id": vpc_id, "region": region, "profile": None},
                )
        drift = {k: v for k, v in tags.items() if zone["tags"].get(k) != v}
        if drift or zone["comment"] != comment:
            self.step(
                "name", "update", "hosted_zone", name,
                f"Its tags are not as wanted: {listed(drift)}" if zone["comment"] == comment else "Its comment does not name this link",
                before={"comment": zone["comment"], "tags": {k: zone["tags"].get(k) for k in drift}},
                after={"name": name, "zone_id": zone["zone_id"], "comment": comment, "tags": drift},
            )
        for vpc in self.vpcs:
            if vpc["vpc_id"] not in zone["networks"]:
                self.associate(name, zone["zone_id"], vpc, f"VPC {vpc['vpc_id']} does not resolve it")
            elif vpc["vpc_id"] in zone["authorized_vpc_ids"]:
                self.associate(name, zone["zone_id"], vpc, "Its authorization was left over by an interrupted run")

    def associate(self, name, zone_id, vpc, why):
        self.step("name", "associate", "zone_association", name, why, after=dict(vpc, zone=name, zone_id=zone_id))

    def foresee_zone(self, why):
        after = {"name": ALLOCATION, "vpc_id": self.vpc_id, "region": self.region}
        self.step("name", "create", "hosted_zone", ALLOCATION, why, after=after, known=False)
        for vpc in self.vpcs[1:]:
            self.step("name", "associate", "zone_association", ALLOCATION, why, after=dict(vpc), known=False)

    def record_types(self):
        if self.wanted["record_type"] == "cname":
            return ["CNAME"]
        # A brought endpoint may be of a type that is not known here.
        return {"ipv6": ["AAAA"], "dualstack": ["A", "AAAA"]}.get(self.address_type(), ["A"])

    def address_type(self):
        """A brought endpoint decides for itself."""
        return self.wanted["ip_address_type"] if self.usable() or not self.endpoint else self.endpoint["ip_address_type"]

    def target(self):
        entries = self.endpoint["dns_entries"] if self.endpoint and not self.replaces else []
        return entries[0] if entries else {"dns_name": CREATION, "hosted_zone_id": CREATION}

    def reachable(self):
        return self.target()["dns_name"] != CREATION

    def wanted_record(self, host, type_):
        """Route 53 keeps an alias target in lower case with a dot at its end."""
        target = self.target()
        name = target["dns_name"].lower() + ("" if target["dns_name"] == CREATION else ".")
        record = {"name": host, "type": type_, "value": [name], "alias_zone_id": target["hosted_zone_id"], "ttl": None}
        return dict(record, alias_zone_id=None, ttl=self.wanted["record_ttl"]) if type_ == "CNAME" else record

    # Taking it down

    def absent(self):
        """Names, registration, endpoint, its interfaces, group: what is ours, and why the rest is kept."""
        # Their records are all that tells whose these were: they go before the names.
        seen = {e["endpoint_id"] for e in self.found["endpoints"] if e["state"] not in GOING}
        self.purge_registrations("absent", seen, self.made)
        self.close_clients("absent", lambda client, port: False)
        self.drop_names()
        mine = [e for e in self.here if self.ours(e) and e["state"] not in GOING]
        self.retire("absent", mine, "This link is taken down")
        for endpoint in self.here:
            owner = self.owner(endpoint)
            if owner != self.mark and endpoint["state"] in LIVE and self.registration(endpoint["endpoint_id"]):
                whose = f"it belongs to link {owner}" if owner else "this link did not make it (adopt: true takes it over)"
                self.note(f"Endpoint {endpoint['endpoint_id']} and its registration are kept: {whose}.")
        for endpoint in self.going:
            if endpoint["state"] == "deleting":
                self.wait("gone", f"AWS shows endpoint {endpoint['endpoint_id']} as {endpoint['aws_state']}")
        self.drop_groups(busy=bool(mine))
        if self.brought:
            self.note(f"Your security group{plural(self.brought)} {listed(self.brought)} {'is' if len(self.brought) == 1 else 'are'} kept.")
        if self.service and self.service.get("whitelist_required"):
            self.note(f"The whitelist entry of account {self.found['account_id']} is kept: Zilliz Cloud cannot remove one by API.")

    def drop_groups(self, busy):
        """A group can go only when no network interface uses it; one that somebody else uses too is kept."""
        lent = {x for e in self.found["endpoints"] if e["state"] not in GOING and not self.ours(e) for x in e["interface_ids"]}
        for group in self.my_groups:
            inside = [x for x in self.found["interfaces"] if group["group_id"] in x["group_ids"]]
            users = [x["interface_id"] for x in inside]
            strangers = [x["interface_id"] for x in inside if x["interface_id"] in lent or x["type"] != "vpc_endpoint"]
            if strangers:
                self.note(
                    f"Security group {group['name']} ({group['group_id']}) is kept, because others use it for network "
                    f"interface{plural(strangers)} {some(strangers)}: take it off there and run again."
                )
                continue
            if users and not busy:
                self.wait("gone", f"AWS still has network interface{plural(users)} {listed(users)} in group {group['group_id']}")
            self.step(
                "absent", "delete", "security_group", group["group_id"], "It belongs to this link",
                before={"group_id": group["group_id"], "name": group["name"], "vpc_id": self.vpc_id},
                known=not (busy or users or self.waiting),
            )

    # What comes of it

    def answer(self):
        if self.present and not self.problems:
            self.price()
        answer = super().answer()
        if answer["batch"]:
            # A zone that the batch makes gets its VPCs there.
            names = answer["by"]["name" if self.present else "absent"]
            names["associate_zone_association"] = [x for x in names["associate_zone_association"] if x["after"]["zone_id"]]
        return answer

    def beyond(self, by):
        # Upstream writes neither the comment of a zone without one nor two types of a name in one change.
        return by.get("update_hosted_zone") or by.get("replace_record")

    def batch_zone(self, step):
        after = step["after"]
        return dict({k: after[k] for k in ("comment", "tags")}, **({"vpcs": self.vpcs} if step["action"] == "create" else {}))

    def batch_record(self, record, state):
        """A record in the words of route53_names."""
        alias = record["alias_zone_id"]
        values = {"alias_target": record["value"][0]} if alias else {"values": record["value"], "ttl": record["ttl"]}
        return dict(values, name=record["name"], type=record["type"], state=state, **({"alias_zone_id": alias} if alias else {}))

    def price(self):
        zones = [e for e in self.zones if e["ours"]]
        coming = self.coming() if self.wanted["dns"] == "exact" and not self.wanted["zone_id"] else []
        subnets = len(self.subnet_ids or (self.endpoint or {}).get("subnet_ids", []))
        self.cost("VPC endpoint", subnets if self.usable() else 0, "zones, by the hour, and the data that passes",
                  "https://aws.amazon.com/privatelink/pricing/")
        self.cost("Route 53 hosted zone", len(zones) + len(coming), "zones, by the month",
                  "https://aws.amazon.com/route53/pricing/")

    def addresses_of(self, endpoint):
        return endpoint["addresses"]

    def view(self, endpoint):
        return {
            "endpoint_id": endpoint["endpoint_id"],
            "state": endpoint["aws_state"],
            "service_name": endpoint["service_name"],
            "subnet_ids": sorted(endpoint["subnet_ids"]),
            "security_group_ids": sorted(endpoint["group_ids"]),
            "private_dns_enabled": endpoint["private_dns_enabled"],
            "ip_address_type": endpoint["ip_address_type"],
            "dns_entries": endpoint["dns_entries"],
            "addresses": endpoint["addresses"],
        }

    def result(self):
        target = self.target()
        return dict(
            super().result(),
            account_id=self.found["account_id"],
            region=self.region,
            vpc_id=self.vpc_id,
            records=[
                {"name": link["host"], "type": type_, "value": target["dns_name"], "hosted_zone_id": target["hosted_zone_id"]}
                for link in self.ready() for type_ in self.record_types() if self.present
            ],
        )


# What things are


def source(rule):
    return rule.get("cidr") or rule.get("group_id") or "others"


def same_rule(rule, wanted):
    return rule["port"] == wanted["port"] and all(rule.get(k) == wanted.get(k) for k in ("cidr", "group_id"))


def covers(rule, wanted):
    """A wider rule does as well: all ports, a range, a larger network."""
    if not rule["from_port"] <= wanted["port"] <= rule["to_port"]:
        return False
    if "cidr" not in wanted or not rule.get("cidr"):
        return rule.get("group_id") == wanted.get("group_id") and "group_id" in wanted
    outer: Any = ipaddress.ip_network(rule["cidr"])
    inner = ipaddress.ip_network(wanted["cidr"])
    return outer.version == inner.version and inner.subnet_of(outer)


def target_endpoint(record):
    """The VPC endpoint that a record points to, or None."""
    found = re.match(r"(vpce-[0-9a-f]+)-", value(record).lower())
    return found.group(1) if found and record["type"] in ADDRESS_TYPES else None
