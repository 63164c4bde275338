# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads what an AWS private link consists of: Zilliz Cloud, EC2 and Route 53, as three lanes side by side."""

from __future__ import annotations

from ansible_collections.zilliz.cloud.plugins.module_utils._aws_write import (
    DENIED,
    AwsWriteError,
    call,
    client,
    pages,
    tags_of,
    turns,
)
from ansible_collections.zilliz.cloud.plugins.module_utils._names import MARK_TAG, links, mark
from ansible_collections.zilliz.cloud.plugins.module_utils._read_zilliz import empty, gather, read_services, read_zilliz, refuse

# Ids that one ListTagsForResources call takes.
TAGS_AT_ONCE = 10


def read_aws(module, zilliz, wanted, settled=lambda found: True):
    """What there is, in plain dicts: `read` names the parts that are known, `problems` says why others are not.

    Without a client nothing of Zilliz Cloud is read. Route 53 is left out while `settled` says that it is too early for names.
    """
    found = empty(
        account_id=None, endpoints=[], groups=[], vpc=None, subnets=[], service_detail=None, interfaces=[], zones=[],
        zone_limit=None, unseen_vpcs=[],
    )
    if zilliz:
        gather(found, AwsWriteError, lambda: read_services(zilliz, wanted, found, "aws"))
    found["region"] = region_of(module, wanted, found)
    lanes, names = [], Route53(module, wanted, found)
    if "services" in found["read"]:
        lanes.append(lambda: read_zilliz(zilliz, wanted, found))
    if found["region"]:
        try:
            # Made here, because a session that cannot be made ends the process, and in two lanes would do so twice.
            sts = client(module, "sts", attempts=3, region=found["region"])
            side = [Ec2(module, wanted, found).read] + ([] if wanted["awaits"] else [names.read_zones])
            lanes.append(lambda: read_account(sts, found, side))
        except AwsWriteError as error:
            refuse(found, error)
    gather(found, AwsWriteError, *lanes)
    if wanted["awaits"] and "account" in found["read"] and settled(found):
        gather(found, AwsWriteError, names.read_zones)
    if "zones" in found["read"]:
        gather(found, AwsWriteError, names.read_records)
    if wanted["deep"] and wanted["inspect"]:
        # Only a check needs it, and every task compiles what it imports anew.
        from ansible_collections.zilliz.cloud.plugins.module_utils._deep_aws import read_deep

        read_deep(module, wanted, found)
    return found


def region_of(module, wanted, found):
    """The VPC's region: never the environment's for a link that shall be there."""
    if wanted["vpc_region"] in wanted["malformed"]:
        return None
    return wanted["vpc_region"] or service_region(found) or (module.region if wanted["state"] == "absent" else None)


def read_account(sts, found, lanes):
    """Whose credentials these are, and whether AWS can be reached with them: else all the rest would fail alike."""
    found["account_id"] = call(sts, "GetCallerIdentity", "tell whose credentials these are")["Account"]
    found["read"].add("account")
    gather(found, AwsWriteError, *lanes)


def service_region(found):
    """com.amazonaws.vpce.us-west-2.vpce-svc-... names the region where the service is."""
    parts = found["services"][0]["endpoint_service"].split(".") if found["services"] else []
    return parts[3] if len(parts) > 4 else None


# EC2


class Ec2:
    """The VPC, its endpoints and groups."""

    def __init__(self, module, wanted, found):
        self.module, self.wanted, self.found = module, wanted, found
        self.my_groups = []

    def read(self):
        self.ec2 = client(self.module, "ec2", region=self.found["region"])
        parts = [("endpoints", self.read_endpoints), ("groups", self.read_groups)]
        if self.wanted["state"] == "present":
            parts += [("vpc", self.read_vpc)]
        self.look(parts + [("interfaces", self.read_interfaces)])
        if self.wanted["state"] == "present" and (self.wanted["inspect"] or not self.stands()):
            self.look([("subnets", self.read_subnets), ("service", self.read_service)])

    def look(self, parts):
        for part, look in parts:
            try:
                look()
                self.found["read"].add(part)
            except AwsWriteError as error:
                # Every permission that is missing shall be named at once; what else fails would fail again.
                if error.code not in DENIED:
                    raise
                refuse(self.found, error)

    def stands(self):
        """Whether this link's endpoint is in all wanted subnets: that they fit each other and the service then shows by itself."""
        whole = {"vpc_id": self.wanted["vpc_id"], "service_name": self.service_name(), "state": "available"}
        return any(
            whole.items() <= item.items() and item["tags"].get(MARK_TAG) == self.mark()
            and set(self.wanted["subnet_ids"]) <= set(item["subnet_ids"])
            for item in self.found["endpoints"]
        )

    def service_name(self):
        """The one that is wanted, when it is offered."""
        names = [row["endpoint_service"] for row in self.found["services"]]
        name = self.wanted["service_name"] or (names[0] if len(names) == 1 else None)
        return name if name in names else None

    def read_endpoints(self):
        rows = self.pages("DescribeVpcEndpoints", "read the VPC's endpoints", "VpcEndpoints")
        self.found["endpoints"] = [endpoint(row) for row in rows]

    def pages(self, operation, purpose, key, **filters):
        request = {"Filters": [{"Name": name.replace("_", "-"), "Values": values} for name, values in filters.items()]}
        return pages(self.ec2, operation, purpose, key, **(request if filters else {}))

    def read_vpc(self):
        vpc_id = self.wanted["vpc_id"]
        vpc = {"vpc_id": vpc_id}
        for name, attribute in (("enable_dns_support", "EnableDnsSupport"), ("enable_dns_hostnames", "EnableDnsHostnames")):
            try:
                answer = call(
                    self.ec2, "DescribeVpcAttribute", f"read the DNS attributes of {vpc_id}", VpcId=vpc_id,
                    Attribute=attribute[0].lower() + attribute[1:],
                )
            except AwsWriteError as error:
                if error.code != "InvalidVpcID.NotFound":
                    raise
                return
            vpc[name] = answer[attribute]["Value"]
        self.found["vpc"] = vpc

    def read_subnets(self):
        ids = self.wanted["subnet_ids"]
        rows = self.pages("DescribeSubnets", "read the subnets", "Subnets", subnet_id=ids) if ids else []
        self.found["subnets"] = [
            {
                "subnet_id": row["SubnetId"],
                "vpc_id": row["VpcId"],
                "zone": row["AvailabilityZone"],
                "zone_id": row.get("AvailabilityZoneId"),
                "free": row.get("AvailableIpAddressCount", 1),
            }
            for row in rows
        ]

    def read_groups(self):
        found, wanted = self.found, self.wanted
        rows = self.pages("DescribeSecurityGroups", "read the VPC's security groups", "SecurityGroups", vpc_id=[wanted["vpc_id"]])
        have = {row["GroupId"] for row in rows}
        named = set(wanted["client_security_group_ids"] + wanted["security_group_ids"])
        if named - have:
            rows += self.pages("DescribeSecurityGroups", "read the named groups", "SecurityGroups", group_id=sorted(named - have))
        mine = [r["GroupId"] for r in rows if tags_of(r.get("Tags")).get(MARK_TAG) == self.mark()]
        if wanted["state"] == "absent" and mine:
            # Groups of peered VPCs may have a rule that leads to ours, which must go first.
            there = {row["GroupId"] for row in rows}
            rows += [
                row for row in self.pages(
                    "DescribeSecurityGroups", "find rules that lead to the endpoint", "SecurityGroups",
                    **{"egress.ip_permission.group_id": mine})
                if row["GroupId"] not in there
            ]
        found["groups"] = [group(row) for row in rows]
        self.my_groups = mine

    def mark(self):
        return mark(self.wanted["project_id"], self.wanted["region_id"], self.wanted["vpc_id"])

    def read_service(self):
        """Its zones; or the reason why this account or region does not see it."""
        name = self.service_name()
        if not name:
            return
        home = service_region({"services": [{"endpoint_service": name}]})
        request = {"ServiceRegions": [home]} if home and home != self.found["region"] else {}
        try:
            details = call(self.ec2, "DescribeVpcEndpointServices", f"read service {name}", ServiceNames=[name], **request)
        except AwsWriteError as error:
            if error.code not in ("InvalidServiceName", "InvalidParameter", "InvalidParameterValue"):
                raise
            self.found["service_detail"] = {"error": error.code}
            return
        rows = [row for row in details["ServiceDetails"] if row["ServiceName"] == name]
        row = rows[0] if rows else {}
        self.found["service_detail"] = {
            "error": None if row else "not in the list of services",
            "zones": row.get("AvailabilityZones", []),
            "zone_ids": row.get("AvailabilityZoneIds", []),
            "private_dns_name": row.get("PrivateDnsName"),
        }

    def read_interfaces(self):
        """Whose addresses the names must give, and what still holds a group that shall go."""
        found = self.found
        ids = sorted(x for e in found["endpoints"] if e["vpc_id"] == self.wanted["vpc_id"] for x in e["interface_ids"])
        if self.wanted["state"] == "absent":
            rows = self.pages("DescribeNetworkInterfaces", "read who uses the group", "NetworkInterfaces",
                              group_id=self.my_groups) if self.my_groups else []
        else:
            rows = self.pages("DescribeNetworkInterfaces", "read the endpoint's interfaces", "NetworkInterfaces",
                              network_interface_id=ids) if ids else []
        found["interfaces"] = [
            {
                "interface_id": row["NetworkInterfaceId"],
                "type": row.get("InterfaceType", "interface"),
                "group_ids": [g["GroupId"] for g in row.get("Groups", [])],
            }
            for row in rows
        ]
        addresses = {row["NetworkInterfaceId"]: addresses_of(row) for row in rows}
        for item in found["endpoints"]:
            item["addresses"] = sorted(a for x in item["interface_ids"] for a in addresses.get(x, []))


def endpoint(row):
    return {
        "endpoint_id": row["VpcEndpointId"],
        "vpc_id": row["VpcId"],
        "service_name": row["ServiceName"],
        "aws_state": row["State"],
        # AWS writes pendingAcceptance and its model PendingAcceptance.
        "state": row["State"].lower(),
        "subnet_ids": sorted(row.get("SubnetIds", [])),
        "group_ids": sorted(g["GroupId"] for g in row.get("Groups", [])),
        "private_dns_enabled": row.get("PrivateDnsEnabled", False),
        "ip_address_type": row.get("IpAddressType") or "ipv4",
        "dns_entries": [
            {"dns_name": item["DnsName"], "hosted_zone_id": item.get("HostedZoneId")} for item in row.get("DnsEntries", [])
        ],
        "interface_ids": row.get("NetworkInterfaceIds", []),
        "created": str(row.get("CreationTimestamp", "")),
        "tags": tags_of(row.get("Tags")),
        "addresses": [],
    }


def group(row):
    return {
        "group_id": row["GroupId"],
        "name": row["GroupName"],
        "description": row.get("Description", ""),
        "vpc_id": row.get("VpcId"),
        "tags": tags_of(row.get("Tags")),
        "ingress": list(rules(row.get("IpPermissions", []))),
        "egress": list(rules(row.get("IpPermissionsEgress", []))),
    }


def rules(permissions):
    """One rule a source; `port` is the number when it is exactly one TCP port, else the range in words."""
    for item in permissions:
        protocol = item["IpProtocol"]
        if protocol not in ("tcp", "-1"):
            continue
        first, last = (0, 65535) if protocol == "-1" else (item.get("FromPort", 0), item.get("ToPort", 65535))
        port = first if first == last and protocol == "tcp" else f"{first}-{last}"
        base = {"from_port": first, "to_port": last, "port": port, "protocol": protocol}
        yield from (
            dict(base, cidr=x[key], description=x.get("Description", ""))
            for name, key in (("IpRanges", "CidrIp"), ("Ipv6Ranges", "CidrIpv6")) for x in item.get(name, [])
        )
        yield from (
            dict(base, group_id=x["GroupId"], description=x.get("Description", ""))
            for x in item.get("UserIdGroupPairs", []) if x.get("GroupId")
        )
        yield from (
            dict(base, prefix_list_id=x["PrefixListId"], description=x.get("Description", ""))
            for x in item.get("PrefixListIds", [])
        )


def addresses_of(row):
    found = [x["PrivateIpAddress"] for x in row.get("PrivateIpAddresses", [])] or [row.get("PrivateIpAddress")]
    return [x for x in found + [x["Ipv6Address"] for x in row.get("Ipv6Addresses", [])] if x]


# Route 53


class Route53:
    """Private zones: the account's list for comments, each VPC's list for associations, records where they matter."""

    def __init__(self, module, wanted, found):
        self.module, self.wanted, self.found = module, wanted, found

    def read_zones(self):
        self.route53 = client(self.module, "route53", region=self.found["region"])
        zones = {}
        for row in pages(self.route53, "ListHostedZones", "read the hosted zones", "HostedZones"):
            zone = empty_zone(row["Id"].rsplit("/", 1)[-1], row["Name"], in_account=True)
            zone["comment"] = row.get("Config", {}).get("Comment", "")
            zone["private"] = row.get("Config", {}).get("PrivateZone", False)
            zones[zone["zone_id"]] = zone
        vpcs = [{"vpc_id": self.wanted["vpc_id"], "region": None, "profile": None}]
        vpcs += self.wanted["zone_vpcs"] if self.wanted["state"] == "present" else []
        for vpc in {vpc["vpc_id"]: vpc for vpc in vpcs}.values():
            for row in self.zones_seen_by(vpc):
                zone_id = row["HostedZoneId"]
                owner = row.get("Owner", {})
                zone = zones.setdefault(zone_id, empty_zone(zone_id, row["Name"], in_account=False))
                zone["networks"].append(vpc["vpc_id"])
                zone["owner"] = f"account {owner['OwningAccount']}" if owner.get("OwningAccount") else owner.get("OwningService")
        self.found["zones"] = sorted(zones.values(), key=lambda zone: zone["zone_id"])
        self.found["read"].add("zones")

    def zones_seen_by(self, vpc):
        try:
            return self.zones_of(vpc)
        except AwsWriteError as error:
            if error.code not in ("InvalidInput", "InvalidVPCId"):
                raise
            self.found["unseen_vpcs"].append(vpc["vpc_id"])
            return []

    def zones_of(self, vpc):
        """ListHostedZonesByVPC answers the VPC's own account, and has no paginator in the SDK."""
        profile, region = vpc["profile"], vpc["region"] or self.found["region"]
        route53 = client(self.module, "route53", profile=profile, region=region) if profile else self.route53
        return turns(
            route53, "ListHostedZonesByVPC", f"read the zones of VPC {vpc['vpc_id']} in {region}", "HostedZoneSummaries",
            VPCId=vpc["vpc_id"], VPCRegion=region,
        )

    def read_records(self):
        """Records and tags of the zones that this link has, wants or may have records in."""
        wanted, found = self.wanted, self.found
        hosts = [x["host"] for x in links(found["clusters"], wanted["project_id"], wanted["region_id"]) if x["ready"]]
        text = f"zilliz.cloud private link {wanted['project_id']}/{wanted['region_id']}/"
        matter = [
            zone for zone in found["zones"]
            if zone["in_account"] and zone["private"]
            and (
                (zone["comment"].startswith(text) and f"/{wanted['vpc_id']}" in zone["comment"])
                or zone["zone_id"] == wanted["zone_id"]
                or (wanted["vpc_id"] in zone["networks"] or zone["comment"].startswith("zilliz.cloud private link"))
                and any(host == zone["name"] or host.endswith("." + zone["name"]) for host in hosts + [wanted["zone_name"]])
            )
        ]
        for zone in matter:
            rows = pages(
                self.route53, "ListResourceRecordSets", f"read the records of zone {zone['name']}", "ResourceRecordSets",
                HostedZoneId=zone["zone_id"],
            )
            zone["records"] = [record(row) for row in rows]
        self.read_tags(matter)
        if wanted["state"] == "present":
            self.read_authorizations(matter)
            self.read_limit(hosts)

    def read_tags(self, zones):
        by_id = {zone["zone_id"]: zone for zone in zones}
        ids = sorted(by_id)
        for start in range(0, len(ids), TAGS_AT_ONCE):
            answer = call(
                self.route53, "ListTagsForResources", "read the tags of the zones", ResourceType="hostedzone",
                ResourceIds=ids[start:start + TAGS_AT_ONCE],
            )
            for item in answer["ResourceTagSets"]:
                # An answer may hold more than was asked for.
                by_id.get(item["ResourceId"], {})["tags"] = tags_of(item["Tags"])

    def read_authorizations(self, zones):
        """Only VPCs of other accounts need one, and an interrupted run may have left it."""
        if not any(vpc["profile"] for vpc in self.wanted["zone_vpcs"]):
            return
        for zone in zones:
            answer = call(
                self.route53, "ListVPCAssociationAuthorizations", f"read the authorizations of zone {zone['name']}",
                HostedZoneId=zone["zone_id"],
            )
            zone["authorized_vpc_ids"] = [vpc["VPCId"] for vpc in answer.get("VPCs", [])]

    def read_limit(self, hosts):
        """The quota matters only to a run that makes zones."""
        wanted, clusters = self.wanted, self.found["clusters"]
        coming = any(x["waiting"] for x in links(clusters, wanted["project_id"], wanted["region_id"])) and wanted["dns"] == "exact"
        names = {"exact": hosts, "shared": [wanted["zone_name"]], "none": []}[wanted["dns"]]
        if not wanted["zone_id"] and (coming or set(names) - {zone["name"] for zone in self.found["zones"]}):
            answer = call(self.route53, "GetAccountLimit", "read the quota of hosted zones", Type="MAX_HOSTED_ZONES_BY_OWNER")
            self.found["zone_limit"] = {"limit": answer["Limit"]["Value"], "count": answer["Count"]}


def empty_zone(zone_id, name, in_account):
    return {
        "zone_id": zone_id,
        "name": plain(name),
        "comment": "",
        "private": True,
        "in_account": in_account,
        "owner": None,
        "networks": [],
        "records": None,
        "tags": {},
        "authorized_vpc_ids": [],
    }


def record(row):
    alias = row.get("AliasTarget")
    return {
        "name": plain(row["Name"]),
        "type": row["Type"],
        "value": [alias["DNSName"]] if alias else [item["Value"] for item in row.get("ResourceRecords", [])],
        "alias_zone_id": alias["HostedZoneId"] if alias else None,
        "ttl": row.get("TTL"),
    }


def plain(name):
    return name.rstrip(".").lower()
