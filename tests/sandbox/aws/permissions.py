# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which IAM actions AWS wants for a call, from its service authorization reference and Route 53's reference of API permissions.

What no document answers goes the worse way: marked "open" below. A policy that passes here passes there.
"""
from __future__ import annotations

from .faults import denied

# AWS answers it to everybody, even against a policy that denies it (API reference of GetCallerIdentity).
FREE = ("sts:GetCallerIdentity",)
# Reference of API permissions of Route 53, "private hosted zones". Open: ListHostedZonesByVPC has no line there.
BESIDE = {
    "route53:CreateHostedZone": ("ec2:DescribeVpcs", "ec2:DescribeRegions"),
    "route53:AssociateVPCWithHostedZone": ("ec2:DescribeVpcs",),
    "route53:DisassociateVPCFromHostedZone": ("ec2:DescribeVpcs",),
    "route53:ListHostedZonesByVPC": ("ec2:DescribeVpcs",),
}


def needs(call, aws):
    """The actions, the call's own first."""
    own = f"{call.model.signing_name}:{call.operation}"
    if call.operation_model is None or own in FREE:
        return []
    found = [own]
    if own != "route53:CreateHostedZone" or call.params.get("VPC"):
        found += BESIDE.get(own, ())
    if any(one.get("Tags") for one in call.params.get("TagSpecifications") or []):
        found.append("ec2:CreateTags")
    if own == "ec2:CreateVpcEndpoint":
        found += _of_new(call, aws)
    elif own == "ec2:ModifyVpcEndpoint":
        found += _of_changed(call, aws)
    return found


def _of_new(call, aws):
    asked = call.params
    service = aws.services.all.get(asked.get("ServiceName")) or {}
    private_dns = asked.get("PrivateDnsEnabled")
    if private_dns or (private_dns is None and service.get("private_dns_name")):
        yield "route53:AssociateVPCWithHostedZone"
    if asked.get("ServiceRegion") not in (None, call.region):
        yield "vpce:AllowMultiRegion"


def _of_changed(call, aws):
    """Open: whether switching private DNS on an endpoint that is there needs Route 53 too, and what takes it off again."""
    endpoint = aws.endpoints.all.get(call.params.get("VpcEndpointId"))
    wanted = call.params.get("PrivateDnsEnabled")
    if wanted is not None:
        yield "route53:AssociateVPCWithHostedZone" if wanted else "route53:DisassociateVPCFromHostedZone"
    if endpoint and endpoint.service["region"] != endpoint.region:
        # AWS Fault Injection Service lists it for exactly this change of such an endpoint.
        yield "vpce:AllowMultiRegion"


def refuse(call, aws, allowed):
    """AwsError for the first action that is not in the list.

    An entry may be for one account: 111122223333/ec2:CreateTags; or for what has a tag: ec2:DeleteSecurityGroup[team].
    """
    if not allowed:
        return
    for action in call.needs:
        fitting = [action, f"{call.account}/{action}", *(f"{action}[{key}]" for key in _tags(call, aws))]
        if not set(fitting) & set(allowed):
            # Route 53 does not tell what it misses at EC2.
            raise denied(call, action, named=call.service != "route53" or action.startswith("route53:"))


def _tags(call, aws):
    """The keys of the tags that all things have which the call deletes. One that is not there is judged as one without tags."""
    ids = {"DeleteVpcEndpoints": call.params.get("VpcEndpointIds"), "DeleteSecurityGroup": [call.params.get("GroupId")]}.get(call.operation)
    if not ids:
        return ()
    tags = aws.ec2.backend(call.account, call.region).tags
    return set.intersection(*(set(tags.get(one) or ()) for one in ids))
