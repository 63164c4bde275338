# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An HTTP request read into a Call, and an answer or an error written in the form of its service.

moto brings the parsers and the serializers, both driven by botocore's own service models: whatever a real client sends is
understood, and whatever we answer has the members and the spelling of the real API.
"""
from __future__ import annotations

import io
import itertools
import json
import uuid
from xml.sax.saxutils import escape

from botocore.model import OperationNotFoundError
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request
from moto.core.routing import NotFound, get_service_router
from moto.core.serialize import SerializationContext, get_serializer_class
from moto.core.utils import get_service_model

from .accounts import account_of
from .errors import AwsError

# What a signature calls a service -> what the SDK calls it.
SERVICES = {"ec2": "ec2", "route53": "route53", "sts": "sts", "iam": "iam", "route53resolver": "route53resolver",
            "route53profiles": "route53profiles", "servicequotas": "service-quotas"}
JSON = ("route53resolver", "route53profiles", "service-quotas")
READS = ("Describe", "Get", "List", "Search", "Lookup", "Assume", "Test", "Decode", "Export", "Simulate")

# How the ids that a request names are called in the log.
IDS = {
    "VpcId": "vpc_id", "VpcIds": "vpc_ids", "VpcEndpointId": "vpc_endpoint_id", "VpcEndpointIds": "vpc_endpoint_ids",
    "ServiceName": "service_name", "ServiceNames": "service_names", "ServiceRegion": "service_region",
    "SubnetId": "subnet_id", "SubnetIds": "subnet_ids", "AddSubnetIds": "add_subnet_ids", "RemoveSubnetIds": "remove_subnet_ids",
    "GroupId": "group_id", "GroupIds": "group_ids", "GroupName": "group_name", "SecurityGroupIds": "security_group_ids",
    "AddSecurityGroupIds": "add_security_group_ids", "RemoveSecurityGroupIds": "remove_security_group_ids",
    "NetworkInterfaceId": "network_interface_id", "NetworkInterfaceIds": "network_interface_ids", "Resources": "resources",
    "PrivateDnsEnabled": "private_dns_enabled", "HostedZoneId": "zone_id", "Name": "zone_name", "DNSName": "zone_name",
    "VPCId": "vpc_id", "ResourceId": "zone_id", "ResourceIds": "zone_ids", "NetworkAclIds": "network_acl_ids", "ProfileId": "profile_id",
    "ServiceCode": "service_code", "QuotaCode": "quota_code",
}

_numbers = itertools.count(1)


class Call:
    """One API call: who asks for what, where."""

    def __init__(self, environ, service, region, access_key):
        self.environ = environ
        self.service = service
        self.region = region
        self.access_key = access_key
        self.account = None
        self.model = get_service_model(service)
        self.number = next(_numbers)
        self.request_id = str(uuid.UUID(int=self.number))
        self.operation = "Unknown"
        self.operation_model = None
        self.params = {}
        self.needs = []

    @property
    def dry_run(self):
        return bool(self.params.get("DryRun"))

    @property
    def mutating(self):
        return not self.dry_run and not self.operation.startswith(READS)

    def ids(self):
        found = {IDS[key]: value for key, value in self.params.items() if key in IDS and value is not None}
        if self.service == "route53profiles" and "zone_id" in found:
            found["vpc_id"] = found.pop("zone_id")
        if self.service == "route53":
            if "Id" in self.params:
                found["zone_id" if self.operation != "GetChange" else "change_id"] = self.params["Id"]
            if "zone_id" in found:
                found["zone_id"] = found["zone_id"].rsplit("/", 1)[-1]
            vpc = self.params.get("VPC") or {}
            if vpc:
                found.update(vpc_id=vpc.get("VPCId"), vpc_region=vpc.get("VPCRegion"))
            changes = (self.params.get("ChangeBatch") or {}).get("Changes") or []
            if changes:
                sets = [(change.get("Action"), change.get("ResourceRecordSet") or {}) for change in changes]
                found["record_name"] = [rrset.get("Name") for _action, rrset in sets]
                found["changes"] = [f"{action} {rrset.get('Name')} {rrset.get('Type')}" for action, rrset in sets]
        return found


def read(environ):
    """The Call of a request; what it asks for is read by resolve(), so that a failure there still has a Call to log."""
    scope = environ.get("HTTP_AUTHORIZATION", "").partition("Credential=")[2].split(",")[0].strip().split("/")
    if len(scope) != 5:
        return None
    access_key, _date, region, service, _end = scope
    if service not in SERVICES:
        return None
    environ["sandbox.body"] = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    return Call(environ, SERVICES[service], region, access_key)


def request_of(call, **headers):
    """A fresh request: each reader of a body wants its own."""
    environ = {**call.environ, **headers, "wsgi.input": io.BytesIO(call.environ["sandbox.body"])}
    environ.pop("werkzeug.request", None)
    return Request(environ)


def resolve(call):
    request = request_of(call)
    if call.service in ("route53", "route53profiles"):
        _resolve_path(call, request)
    elif call.service in JSON:
        _resolve_target(call, request)
    else:
        _resolve_query(call, request)
    call.account = account_of(call.access_key)
    if call.account is None:
        code, text = {"ec2": ("AuthFailure", "AWS was not able to validate the provided access credentials")}.get(
            call.service, ("InvalidClientTokenId", "The security token included in the request is invalid."))
        raise AwsError(code, text, 401 if call.service == "ec2" else 403)


def _resolve_query(call, request):
    call.operation = request.values.get("Action", "Unknown")
    try:
        call.operation_model = call.model.operation_model(call.operation)
    except OperationNotFoundError:
        raise AwsError("InvalidAction", f"The action {call.operation} is not valid for this web service.")
    _parse(call, request, {})


def _resolve_target(call, request):
    call.operation = request.headers.get("X-Amz-Target", "Unknown").rpartition(".")[2]
    try:
        call.operation_model = call.model.operation_model(call.operation)
    except OperationNotFoundError:
        raise AwsError("UnknownOperationException", f"The operation {call.operation} is not valid for this web service.")
    _parse(call, request, {})


def _resolve_path(call, request):
    try:
        call.operation_model, uri = get_service_router(call.service).match(request)
    except NotFound:
        raise AwsError("InvalidAction", "Could not find operation for this path.", 404)
    call.operation = call.operation_model.name
    _parse(call, request, uri)


def _parse(call, request, uri):
    parser = PROTOCOL_PARSERS[str(call.model.protocol)](call.operation_model)
    call.params = parser.parse({"method": request.method, "values": request.values, "headers": request.headers,
                                "body": request.data, "url_path": request.path, "url_params": uri})


def answer(call, result):
    """(status, headers, body) of a result in botocore's spelling."""
    serializer = get_serializer_class(call.service, str(call.model.protocol))(
        operation_model=call.operation_model, context=SerializationContext(call.request_id))
    written = serializer.serialize(result)
    return written["status_code"], dict(written["headers"]), written["body"]


def failure(call, error):
    """(status, headers, body) of an error in the form of the service. Never HTML."""
    request_id = call.request_id if call else "00000000-0000-0000-0000-000000000000"
    if call and call.service in JSON:
        headers = {"Content-Type": "application/x-amz-json-1.1", "x-amzn-ErrorType": error.code}
        return error.status, headers, json.dumps({"__type": error.code, "message": error.message})
    code, message = escape(error.code), escape(error.message)
    if call and call.service == "ec2":
        body = (f"<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors>"
                f"<RequestID>{request_id}</RequestID></Response>")
    else:
        side = "Sender" if error.status < 500 else "Receiver"
        body = (f"<ErrorResponse><Error><Type>{side}</Type><Code>{code}</Code><Message>{message}</Message></Error>"
                f"<RequestId>{request_id}</RequestId></ErrorResponse>")
    return error.status, {"Content-Type": "text/xml"}, f'<?xml version="1.0" encoding="UTF-8"?>\n{body}'
