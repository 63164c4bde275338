# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""boto3 against the sandbox's AWS without a socket: a request is handed to the WSGI application, and time stands still."""
from __future__ import annotations

import itertools
import pathlib
import sys
import threading

import pytest

pytest.importorskip("boto3")
pytest.importorskip("moto")

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))

import boto3  # noqa: E402
from botocore.awsrequest import AWSResponse  # noqa: E402
from botocore.config import Config  # noqa: E402
from botocore.exceptions import ClientError, ConnectionClosedError  # noqa: E402
from werkzeug.test import Client, EnvironBuilder  # noqa: E402

from sandbox.aws import Aws, scenario  # noqa: E402
from sandbox.aws.accounts import PROFILES  # noqa: E402
from sandbox.core import Broken, Clock, Faults, Log, World  # noqa: E402
from sandbox.gate import Gate  # noqa: E402

SERVICE = "com.amazonaws.vpce.us-west-2.vpce-svc-0b62964bfd0edfb74"
OWN_SERVICE = "com.amazonaws.us-west-2.ec2"

# A client costs a quarter of a second, so all tests share them; they speak to the cloud of today's test.
SESSION, CLIENTS = boto3.Session(), {}


class Raw:
    """What botocore expects of urllib3's response."""

    def __init__(self, body):
        self.body = body

    def stream(self, *_args, **_kwargs):
        yield self.body


class Cloud:
    """A world with only AWS in it, and clients for it."""

    def __init__(self):
        self.world = World.__new__(World)
        self.world.lock = threading.RLock()
        self.world.options, self.world._events = {}, []
        self.world._order = itertools.count()
        self.world.clock = Clock(0)
        self.world.log, self.world.faults = Log(self.world.clock), Faults()
        self.world.switches, self.world.zilliz = {"route53_rate": 0, "aws_consistency_seconds": 0, "route53_busy_seconds": 0}, None
        self.world.gate = Gate()
        self.aws = self.world.aws = Aws(self.world)
        self.aws.reset()
        self.scenario = scenario()
        self.http = Client(self.aws.app)
        Cloud.today = self

    def client(self, service, region="us-west-2", profile="main"):
        if (service, region, profile) not in CLIENTS:
            keys = PROFILES[profile]
            client = SESSION.client(service, region_name=region, endpoint_url="http://sandbox.invalid",
                                    aws_access_key_id=keys["access_key_id"], aws_secret_access_key=keys["secret_access_key"],
                                    config=Config(retries={"max_attempts": 0}))
            client.meta.events.register("before-send.*.*", lambda request, **_kwargs: Cloud.today._send(request))
            CLIENTS[service, region, profile] = client
        return CLIENTS[service, region, profile]

    def _send(self, request):
        headers = {key: value.decode() if isinstance(value, bytes) else value for key, value in request.headers.items()}
        path, _mark, query = request.url.partition("sandbox.invalid")[2].partition("?")
        builder = EnvironBuilder(path=path or "/", query_string=query, method=request.method, data=request.body or b"", headers=headers)
        try:
            response = self.http.open(builder.get_environ())
        except Broken as broken:
            raise ConnectionClosedError(endpoint_url=request.url, error=broken)
        return AWSResponse(request.url, response.status_code, response.headers, Raw(response.data))

    ec2 = property(lambda self: self.client("ec2"))
    route53 = property(lambda self: self.client("route53"))

    def advance(self, seconds):
        self.world.clock.advance(seconds)

    # What most tests need.

    def group(self, name="endpoint", vpc_id=None, **more):
        return self.ec2.create_security_group(GroupName=name, Description="for the endpoint", VpcId=vpc_id or self.scenario["vpc_id"],
                                              **more)["GroupId"]

    def endpoint(self, **more):
        asked = {"VpcId": self.scenario["vpc_id"], "ServiceName": SERVICE, "VpcEndpointType": "Interface",
                 "SubnetIds": self.scenario["subnet_ids"][:2], **more}
        return self.ec2.create_vpc_endpoint(**asked)["VpcEndpoint"]

    def state_of(self, endpoint_id):
        return self.ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint_id])["VpcEndpoints"][0]["State"]

    def available(self, **more):
        endpoint = self.endpoint(**more)
        self.aws.accept(endpoint["VpcEndpointId"])
        self.advance(61)
        return endpoint

    def zone(self, name="in01-x.example.com", vpc_id=None, region="us-west-2", profile="main", **more):
        asked = {"Name": name, "CallerReference": f"ref-{len(self.world.log.since())}", "HostedZoneConfig": {"PrivateZone": True},
                 "VPC": {"VPCId": vpc_id or self.scenario["vpc_id"], "VPCRegion": region}, **more}
        return self.client("route53", profile=profile).create_hosted_zone(**asked)["HostedZone"]["Id"]

    def change(self, zone_id, *changes):
        return self.route53.change_resource_record_sets(HostedZoneId=zone_id, ChangeBatch={"Changes": list(changes)})

    def records(self, zone_id):
        return {(one["Name"], one["Type"]): one for one in self.route53.list_resource_record_sets(HostedZoneId=zone_id)["ResourceRecordSets"]}


def record(action, name, kind, values=None, ttl=60, alias=None):
    rrset = {"Name": name, "Type": kind}
    if alias:
        rrset["AliasTarget"] = {"HostedZoneId": alias[0], "DNSName": alias[1], "EvaluateTargetHealth": False}
    else:
        rrset.update(TTL=ttl, ResourceRecords=[{"Value": one} for one in values])
    return {"Action": action, "ResourceRecordSet": rrset}


class Refusal:
    """with refused("Code", "a part of the text"): ..."""

    def __init__(self, code, text=""):
        self.code, self.text = code, text

    def __enter__(self):
        return self

    def __exit__(self, _type, error, _trace):
        assert isinstance(error, ClientError), f"{self.code} was expected, and {error!r} happened"
        assert error.response["Error"]["Code"] == self.code, error
        assert self.text in error.response["Error"]["Message"], error
        return True


@pytest.fixture
def cloud():
    return Cloud()


@pytest.fixture
def refused():
    return Refusal


@pytest.fixture(name="record")
def record_fixture():
    return record
