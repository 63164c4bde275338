# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The AWS side of the sandbox as one WSGI application."""
from __future__ import annotations

import traceback

from moto.moto_api._internal import mock_random

from ..core import AFTER, SOCKET_FAULTS, BadRequest, Broken
from . import landscape, permissions
from .accounts import Accounts
from .drift import Drift
from .ec2 import KNOWN_REGIONS, Ec2
from .endpoints import Endpoints
from .errors import AwsError
from .faults import Limiter, denied, fault_error
from .groups import Groups
from .hosted_zones import HostedZones
from .protocol import Call, answer, failure, read, resolve
from .records import Records
from .services import Services
from .state import state_of
from .surroundings import Surroundings

REASONS = {200: "OK", 201: "Created", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
           409: "Conflict", 500: "Internal Server Error", 503: "Service Unavailable"}

# On AWS an unknown region has no address of these.
REGIONAL = ("ec2", "sts", "route53resolver", "route53profiles", "service-quotas")


class Aws:
    SWITCHES = {
        "aws_allowed": ([], "IAM actions that are allowed (ec2:CreateTags, or 111122223333/ec2:CreateTags for one account); none = everything."),
        "aws_available_seconds": (60, "From acceptance (or creation, where none is required) to available."),
        "aws_modify_seconds": (10, "How long an endpoint is pending again after its subnets or private DNS changed; 0 = not at all."),
        "aws_modify_unaccepted": (False, "Whether an endpoint that is not available yet can be modified."),
        "aws_delete_seconds": (120, "From deletion until the network interfaces are gone; the endpoint itself goes at 3/4 of it."),
        "aws_expire_seconds": (7 * 86400, "An endpoint that nobody accepts or rejects expires after this."),
        "aws_consistency_seconds": (3, "How long a new endpoint's id is not found yet; 0 = at once."),
        "aws_dead_token": (True, "A client token whose endpoint was deleted answers that dead endpoint."),
        "aws_endpoint_quota": (50, "Interface endpoints per VPC."),
        "aws_rules_quota": (60, "Rules per security group and direction."),
        "aws_groups_quota": (2500, "Security groups per region."),
        "aws_page": (1000, "The most that one page of an EC2 list holds."),
        "route53_page": (300, "The most that one page of a Route 53 list holds; lists of zones never hold more than 100."),
        "route53_records_quota": (10000, "Records per hosted zone."),
        "route53_rate": (5, "Route 53 requests per second and account, in real time; 0 = no limit."),
        "route53_insync_seconds": (30, "From a change to INSYNC."),
        "route53_busy_seconds": (2, "How long after a change further changes of that zone are refused with PriorRequestNotComplete."),
        "route53_zone_quota": (500, "Hosted zones per account."),
        "route53_vpcs_quota": (300, "VPCs per private hosted zone."),
        "route53_authorization_quota": (1000, "VPC association authorizations per hosted zone."),
    }

    def __init__(self, world):
        self.world = world
        self.limiter = Limiter()
        self.accounts = Accounts(world)
        self.ec2 = Ec2(self)
        self.services = Services(self)
        self.endpoints = Endpoints(self)
        self.groups = Groups(self)
        self.zones = HostedZones(self)
        self.records = Records(self)
        self.surroundings = Surroundings(self)
        self.drifts = Drift(self)
        self.operations = {}
        for part in (self.accounts, self.ec2, self.services, self.endpoints, self.groups, self.zones, self.records,
                     self.surroundings):
            self.operations.update(part.operations)

    def switch(self, name):
        """A stub world may know none of our switches."""
        return self.world.switches.get(name, self.SWITCHES[name][0])

    # The interface to the rest of the sandbox.

    def reset(self, scenario=None):
        mock_random.seed(20260101)
        self.limiter.clear()
        self.services.reset(scenario)
        for part in (self.ec2, self.endpoints, self.groups, self.zones, self.surroundings):
            part.reset()
        landscape.build(self)
        self.surroundings.build()

    def state(self, residue=False):
        return state_of(self, residue)

    def drift(self, kind, **args):
        return self.drifts.drift(kind, **args)

    def find_endpoint(self, endpoint_id):
        return self.endpoints.find(endpoint_id)

    def accept(self, endpoint_id):
        return self.endpoints.accept(endpoint_id)

    def reject(self, endpoint_id):
        return self.endpoints.reject(endpoint_id)

    # The application.

    def app(self, environ, start_response):
        call = read(environ)
        if call is None:
            status, headers, body = failure(None, AwsError(
                "MissingAuthenticationToken", "The request is not signed, or it is for a service that the sandbox does not have.", 403))
        else:
            status, headers, body = self._serve(call)
        body = body.encode() if isinstance(body, str) else body
        headers["Content-Length"] = str(len(body))
        headers.setdefault("x-amzn-RequestId", call.request_id if call else "-")
        start_response(f"{status} {REASONS.get(status, 'Status')}", [(key, str(value)) for key, value in headers.items()
                                                                     if key.lower() not in ("status", "date", "server")])
        return [body]

    def _serve(self, call):
        kind, response, outcome, found = None, None, "ok", {}
        try:
            resolve(call)
            if call.service in REGIONAL and call.region not in KNOWN_REGIONS:
                # On AWS that region's address does not resolve, so no answer comes at all.
                raise Broken("refuse")
            self.limiter.check(call, self.switch("route53_rate"))
            with self.world.lock:
                call.needs = permissions.needs(call, self)
                permissions.refuse(call, self, self.switch("aws_allowed"))
            self._refuse_tags(call)
            self.world.gate.enter("aws", call.operation, call.mutating)
            kind = self.world.faults.take("aws", call.operation, call.mutating, service=call.service, account=call.account,
                                          region=call.region, **call.ids())
            if kind and kind not in AFTER:
                outcome = f"fault:{kind}"
                if kind in SOCKET_FAULTS:
                    raise Broken(kind)
                response = failure(call, fault_error(kind, call))
            else:
                with self.world.lock:
                    self.world.tick()
                    response, found = self._act(call)
                if kind:
                    outcome = f"fault:{kind}"
                    raise Broken(kind)
        except AwsError as error:
            outcome = error.code
            response = failure(call, error)
        except Broken:
            raise
        except Exception as error:  # a fault of ours is told in AWS's form too, and where it is in the sandbox's own output
            traceback.print_exc()
            outcome = "InternalFailure"
            response = failure(call, AwsError(outcome, f"The sandbox failed: {type(error).__name__}: {error}", 500))
        finally:
            self._log(call, outcome, found)
        return response

    def _refuse_tags(self, call):
        """Tags in a creating call need ec2:CreateTags too."""
        if call.params.get("TagSpecifications") and self.world.faults.take(
                "aws", "CreateTags", True, only="denied", service=call.service, account=call.account, region=call.region):
            raise denied(call, "ec2:CreateTags")

    def _act(self, call):
        """(response, ids that only the answer knows)."""
        handler = self.operations.get((call.service, call.operation))
        if handler is None:
            return self.ec2.by_moto(call), {}
        if call.dry_run:
            raise AwsError("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412)
        result = handler(call)
        if isinstance(result, tuple):
            return result, {}
        return answer(call, result), _new_ids(result)

    def _log(self, call, outcome, found):
        ids = call.ids()
        ids.update(found)
        self.world.log.add("aws", call.operation, call.mutating, outcome, service=call.service, account=call.account,
                           region=call.region, needs=call.needs, **ids)

    # For drift: an operation done by nobody the log knows.

    def quietly(self, account, region, service, operation, **params):
        call = Call({}, service, region, "")
        call.account = account
        call.operation = operation
        call.operation_model = call.model.operation_model(operation)
        call.params = params
        try:
            return self.operations[(service, operation)](call)
        except AwsError as error:
            raise BadRequest(f"The drift could not be made: {error.message} ({error.code})")


def _new_ids(result):
    result = result or {}
    found = {}
    if "VpcEndpoint" in result:
        found["vpc_endpoint_id"] = result["VpcEndpoint"]["VpcEndpointId"]
    if "GroupId" in result:
        found["group_id"] = result["GroupId"]
    if "HostedZone" in result:
        found["zone_id"] = result["HostedZone"]["Id"].rsplit("/", 1)[-1]
    return found
