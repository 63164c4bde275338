# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""aws_floor.py ACTION...: the same job with boto3 and requests in one process. Nothing is faster, and its calls are the least that the job needs.

It marks and tags what the role marks and tags, because a state that cannot be told from others' could not be kept.
"""
from __future__ import annotations

import json
import os
import pathlib
import sys
import time
import uuid

import boto3
from botocore.config import Config
from zilliz_floor import Zilliz

NOTES = pathlib.Path(f"{os.environ['NOTES']}.json")
REGION, VPC_ID, SUBNET_IDS, CIDR = os.environ["REGION"], os.environ["VPC_ID"], os.environ["SUBNET_IDS"].split(), os.environ["CIDR"]
TAGS = [{"Key": "zilliz.cloud/private-link", "Value": "floor"}]


class Job:
    def __init__(self):
        self.zilliz = Zilliz()
        session = boto3.Session(region_name=REGION)
        self.ec2 = session.client("ec2")
        self.route53 = session.client("route53", config=Config(retries={"mode": "adaptive", "max_attempts": 10}))
        self.notes = json.loads(NOTES.read_text(encoding="utf-8")) if NOTES.exists() else {"zones": {}}

    def connect(self):
        service = self.zilliz.service()
        tags = [{"ResourceType": "security-group", "Tags": TAGS}], [{"ResourceType": "vpc-endpoint", "Tags": TAGS}]
        group = self.ec2.create_security_group(
            GroupName="zilliz-private-link", Description="Zilliz Cloud", VpcId=VPC_ID, TagSpecifications=tags[0])["GroupId"]
        endpoint = self.ec2.create_vpc_endpoint(
            VpcEndpointType="Interface", VpcId=VPC_ID, ServiceName=service, SubnetIds=SUBNET_IDS, SecurityGroupIds=[group],
            TagSpecifications=tags[1])["VpcEndpoint"]["VpcEndpointId"]
        self.zilliz.register(endpoint)
        self.notes.update(group=group, endpoint=endpoint)
        ports = sorted({int(port) for _host, port in self.zilliz.links()})
        self.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[
            {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": CIDR}]} for port in ports])

    def names(self):
        entry = self.endpoint()["DnsEntries"][0]
        for host, _port in self.zilliz.links():
            if host in self.notes["zones"]:
                continue
            zone = self.route53.create_hosted_zone(
                Name=host, VPC={"VPCRegion": REGION, "VPCId": VPC_ID}, CallerReference=str(uuid.uuid4()),
                HostedZoneConfig={"Comment": "floor", "PrivateZone": True})["HostedZone"]["Id"].rpartition("/")[2]
            record = {"Name": host, "Type": "A", "AliasTarget": {
                "HostedZoneId": entry["HostedZoneId"], "DNSName": entry["DnsName"], "EvaluateTargetHealth": False}}
            self.change(zone, "CREATE", record)
            self.route53.change_tags_for_resource(ResourceType="hostedzone", ResourceId=zone, AddTags=TAGS)
            self.notes["zones"][host] = zone, record

    def change(self, zone, action, record):
        self.route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": action, "ResourceRecordSet": record}]})

    def endpoint(self):
        return self.ec2.describe_vpc_endpoints(VpcEndpointIds=[self.notes["endpoint"]])["VpcEndpoints"][0]

    def check(self):
        """All that the role promises to keep and that can change without us: each by the one call that tells it."""
        assert self.zilliz.service()
        self.zilliz.registered(self.notes["endpoint"])
        links = self.zilliz.links()
        endpoint = self.endpoint()
        assert endpoint["State"] == "available" and set(SUBNET_IDS) <= set(endpoint["SubnetIds"])
        group = self.ec2.describe_security_groups(GroupIds=[self.notes["group"]])["SecurityGroups"][0]
        assert {int(port) for _host, port in links} <= {rule.get("FromPort") for rule in group["IpPermissions"]}
        for attribute in ("enableDnsSupport", "enableDnsHostnames"):
            answer = self.ec2.describe_vpc_attribute(VpcId=VPC_ID, Attribute=attribute)
            assert answer[attribute[0].upper() + attribute[1:]]["Value"]
        zones = {row["Name"].rstrip("."): row["HostedZoneId"] for row in self.zones_of_vpc()}
        comments = {row["Id"].rpartition("/")[2]: row["Config"].get("Comment")
                    for page in self.route53.get_paginator("list_hosted_zones").paginate() for row in page["HostedZones"]}
        for host, _port in links:
            rows = self.route53.list_resource_record_sets(HostedZoneId=zones[host])["ResourceRecordSets"]
            assert comments[zones[host]] and [row for row in rows if row["Type"] == "A" and row["AliasTarget"]["DNSName"].startswith(self.notes["endpoint"])]
        ids = [zones[host] for host, _port in links]
        for start in range(0, len(ids), 10):
            self.route53.list_tags_for_resources(ResourceType="hostedzone", ResourceIds=ids[start:start + 10])

    def zones_of_vpc(self):
        token = {}
        while True:
            answer = self.route53.list_hosted_zones_by_vpc(VPCId=VPC_ID, VPCRegion=REGION, **token)
            yield from answer["HostedZoneSummaries"]
            if not answer.get("NextToken"):
                return
            token = {"NextToken": answer["NextToken"]}

    def teardown(self):
        for zone, record in self.notes["zones"].values():
            self.change(zone, "DELETE", record)
            self.route53.delete_hosted_zone(Id=zone)
        self.zilliz.revoke(self.notes["endpoint"])
        self.ec2.delete_vpc_endpoints(VpcEndpointIds=[self.notes["endpoint"]])
        while self.ec2.describe_network_interfaces(Filters=[{"Name": "group-id", "Values": [self.notes["group"]]}])["NetworkInterfaces"]:
            time.sleep(10)
        self.ec2.delete_security_group(GroupId=self.notes["group"])


if __name__ == "__main__":
    job = Job()
    for action in sys.argv[1:]:
        getattr(job, action)()
    NOTES.write_text(json.dumps(job.notes), encoding="utf-8")
