# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls to AWS: sessions, one sentence when a call fails, waiting."""

from __future__ import annotations

import contextlib
import itertools
import re
import time

from ansible_collections.zilliz.cloud.plugins.module_utils._answer import brief
from ansible_collections.zilliz.cloud.plugins.module_utils._aws_answer import usable

try:
    from botocore import xform_name
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError
    from botocore.session import get_session
except ImportError:
    pass  # AnsibleAWSModule reports it

PAGES = 10000  # of one list; a server may go on for ever
UNUSABLE = "UnusableAnswer"

BUSY = "AWS is still busy with earlier requests: run again, the run goes on where it stopped"
CREDENTIALS = "check the access key, profile or role in use and that it has not expired, then run again"
MISSING = "check the id, and that it belongs to the account and region in use"

REMEDIES = {
    "ConflictingDomainExists": (
        "another private zone of that name is associated with this VPC: use that zone by its id, or take the VPC off it"
    ),
    "DuplicateSubnetsInSameZone": "name one subnet for each availability zone",
    "HostedZoneNotEmpty": "delete the records that are left in it, or keep the zone",
    "IncorrectState": "wait until the endpoint is available and run again",
    "InvalidChangeBatch": "the records have changed since they were read: look at them and run again",
    "InvalidDomainName": "check the zone's name",
    "InvalidServiceName": (
        "check service_name, and service_region when the service is in another region; a service that this account"
        " cannot see must first be opened to it at Zilliz Cloud (zilliz.cloud.private_endpoint_whitelist)"
    ),
    "InvalidVPCId": "check the VPC's id and region; a VPC of another account needs the profile of that account",
    "LastVPCAssociation": "a private zone keeps its last VPC: delete the zone instead",
    "LimitsExceeded": "take a VPC off the zone that no longer needs it, or ask AWS for a higher Route 53 quota",
    "NoSuchHostedZone": "the zone was deleted or belongs to another account: check its id and run again",
    "NotAuthorizedException": (
        "the VPC belongs to another account: give the profile of that account, so that the zone's account can"
        " authorize the VPC first"
    ),
    "PublicZoneVPCAssociation": "only a private zone can be associated with a VPC: give the id of a private zone",
    "RulesPerSecurityGroupLimitExceeded": "remove rules, name wider CIDRs, or ask AWS for a higher quota",
    "TooManyHostedZones": "delete zones that are not needed, or ask AWS for a higher Route 53 quota",
    "TooManyVPCAssociationAuthorizations": "delete authorizations of the zone that are no longer needed",
    "VPCAssociationNotFound": "check the region of the VPC",
    "VpcEndpointLimitExceeded": "delete an endpoint of the VPC that is not needed, or ask AWS for a higher quota",
    UNUSABLE: "check the proxy and the network between this host and AWS",
    "NoCredentialsError": "set profile or access_key, or AWS_PROFILE or AWS_ACCESS_KEY_ID in the environment",
    "PartialCredentialsError": CREDENTIALS,
    "ProfileNotFound": "check the profile's name against the AWS configuration of the controller",
    "NoRegionError": "set region, or AWS_REGION in the environment",
}
# What Route 53 wants beside the call's own action, and does not name when it is missing.
BESIDE = {
    "AssociateVPCWithHostedZone": ["ec2:DescribeVpcs"],
    "CreateHostedZone": ["ec2:DescribeVpcs", "ec2:DescribeRegions"],
    "DisassociateVPCFromHostedZone": ["ec2:DescribeVpcs"],
    "ListHostedZonesByVPC": ["ec2:DescribeVpcs"],
}
DENIED = ("UnauthorizedOperation", "AccessDenied", "AccessDeniedException")
BAD_CREDENTIALS = (
    "AuthFailure", "ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "OptInRequired", "RequestExpired",
    "SignatureDoesNotMatch", "UnrecognizedClientException",
)
THROTTLED = ("PriorRequestNotComplete", "RequestLimitExceeded", "Throttling", "ThrottlingException")


class AwsWriteError(Exception):
    """What AWS refused, for what purpose, and what helps."""

    def __init__(self, message, code=None, request_id=None):
        super().__init__(message)
        self.code = code
        self.request_id = request_id


def run(module, ensure):
    try:
        result = ensure(module)
    except AwsWriteError as error:
        module.fail_json(msg=str(error), code=error.code, request_id=error.request_id)
    module.exit_json(**result)


def client(module, service, profile=None, attempts=10, **extra):
    # Route 53 takes five requests a second for a whole account, so every lane must slow down by itself.
    config = Config(retries={"mode": "adaptive", "max_attempts": attempts}, connect_timeout=10, read_timeout=30)
    named = profile or module.params.get("profile")
    if named and named not in get_session().available_profiles:
        raise AwsWriteError(f"The profile {named} is not in the AWS configuration of this host: check its name.")
    if not profile:
        if bool(module.params.get("access_key")) != bool(module.params.get("secret_key")):
            raise AwsWriteError("Only one half of the AWS keys is set: give access_key (AWS_ACCESS_KEY_ID) and secret_key"
                                " (AWS_SECRET_ACCESS_KEY), or neither and a profile.")
        return module.client(service, config=config, **extra)
    keys = {"aws_access_key_id": None, "aws_secret_access_key": None, "aws_session_token": None}
    return module.client(service, config=config, profile_name=profile, **keys, **extra)


def call(aws, operation, purpose, **kwargs):
    with explained(aws, operation, purpose, kwargs):
        answer = getattr(aws, xform_name(operation))(**kwargs)
    return checked(aws, operation, purpose, answer)


def pages(aws, operation, purpose, key, **kwargs):
    with explained(aws, operation, purpose, kwargs):
        answers = iter(aws.get_paginator(xform_name(operation)).paginate(**kwargs))
        found = list(itertools.islice(answers, PAGES))
        endless = next(answers, None)
    if endless:
        raise endless_list(aws, operation, purpose)
    return [row for answer in found for row in checked(aws, operation, purpose, answer).get(key, [])]


def turns(aws, operation, purpose, key, **kwargs):
    """All items of a list that has no paginator in the SDK."""
    rows, token = [], {}
    for _page in range(PAGES):
        answer = call(aws, operation, purpose, **kwargs, **token)
        rows += answer[key]
        if not answer.get("NextToken"):
            return rows
        token = {"NextToken": answer["NextToken"]}
    raise endless_list(aws, operation, purpose)


def endless_list(aws, operation, purpose):
    return failure(aws, operation, purpose, UNUSABLE, f"the list does not end after {PAGES} pages")


def checked(aws, operation, purpose, answer):
    """The answer as the SDK's model has it; what it lacks is told when somebody asks for it."""
    def refuse(text):
        return failure(aws, operation, purpose, UNUSABLE, text)

    shape = aws.meta.service_model.operation_model(operation).output_shape
    return usable(answer, shape, refuse) if shape else answer


@contextlib.contextmanager
def explained(aws, operation, purpose, request):
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "Unknown")
        text = error.response.get("Error", {}).get("Message") or code
        request_id = error.response.get("ResponseMetadata", {}).get("RequestId")
    except (BotoCoreError, ResponseParserError) as error:
        code, text, request_id = type(error).__name__, str(error), None
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        # The SDK takes an answer for what its model says.
        code, text, request_id = UNUSABLE, f"the answer cannot be read ({type(error).__name__})", None
    else:
        return
    raise failure(aws, operation, purpose, code, text, request, request_id)


def failure(aws, operation, purpose, code, text, request=None, request_id=None):
    # IAM has the name by which a service signs.
    action = f"{aws.meta.service_model.signing_name}:{operation}"
    # The encoded part is hundreds of characters that only an administrator can decode.
    text = brief(text.split("Encoded authorization failure message")[0].strip()).rstrip(".")
    remedy = remedy_for(code, text, action, request or {})
    tail = f"; {remedy}" if remedy else ""
    return AwsWriteError(f"{operation} could not {purpose}: {text} ({code}){tail}.", code, request_id)


def remedy_for(code, text, action, request):
    if code in DENIED:
        # The action that is missing may be another one, such as ec2:CreateTags for tags in the creating call.
        named = re.search(r"perform:? ([a-z0-9-]+:[A-Za-z]+)", text)
        wanted = [named.group(1)] if named else [action, *BESIDE.get(action.partition(":")[2], [])]
        return f"allow {' and '.join(wanted)} in the IAM policy of the credentials in use"
    if "availability zone" in text.lower() and code != "DuplicateSubnetsInSameZone":
        return "leave that subnet out, or name a subnet in a zone that the service supports"
    if code in ("InvalidServiceName", "InvalidParameter") and request.get("ServiceRegion"):
        return (
            "check service_region, and ask Zilliz Cloud support to enable cross-region access to"
            f" {request['ServiceName']} from this region"
        )
    if code in BAD_CREDENTIALS:
        return CREDENTIALS
    if code in THROTTLED:
        return BUSY
    if code.endswith(("TimeoutError", "ConnectionError", "ConnectionClosedError")):
        return "check the region and the network path to AWS and run again, the run goes on where it stopped"
    if code.endswith(".NotFound"):
        return MISSING
    return REMEDIES.get(code, "")


def tags_of(items):
    return {item["Key"]: item["Value"] for item in items or []}


def plain_tags(tags):
    return {str(key): str(value) for key, value in sorted((tags or {}).items())}


def tag_list(tags):
    return [{"Key": key, "Value": value} for key, value in plain_tags(tags).items()]


def check_wait(params):
    if params["wait_timeout"] < 0 or params["wait_delay"] <= 0:
        raise AwsWriteError("wait_timeout must be 0 or more seconds and wait_delay more than 0 seconds.")


def poll(look, done, timeout, delay):
    """Look until done or until the time is over; the last thing seen decides, so a timeout of 0 looks once."""
    end = time.monotonic() + timeout
    while True:
        seen = look()
        left = end - time.monotonic()
        if done(seen) or left <= 0:
            return seen
        time.sleep(min(delay, left))
