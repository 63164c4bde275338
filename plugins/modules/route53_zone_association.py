#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: route53_zone_association
short_description: Associate a VPC with a private Route 53 zone
version_added: 1.0.0
author:
  - "zilliz.cloud contributors (@zilliz-cloud)"
description:
  - Associates one more VPC with a private hosted zone that exists, or takes one off it. The other VPCs of the zone
    stay.
  - The VPC may be in another region, and in another AWS account. In another account the zone's account authorizes the
    VPC, the VPC's account makes the association, and the authorization is removed afterwards, as AWS recommends; one
    that an interrupted run has left over is removed too.
  - This fills a gap of M(amazon.aws.route53_zone), which associates VPCs only while it creates a zone. When it is
    given another list of VPCs it does not find the zone any more and tries to create a second one of the same name,
    and it cannot authorize a VPC of another account.
extends_documentation_fragment:
  - zilliz.cloud.aws
  - zilliz.cloud.attributes
  - zilliz.cloud.attributes.group_aws
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  state:
    description: Whether the VPC is associated with the zone.
    type: str
    choices: [present, absent]
    default: present
  zone_id:
    description: The private hosted zone, such as V(Z0123456789ABCDEFGHIJ).
    type: str
    required: true
  vpc_id:
    description: The VPC.
    type: str
    required: true
  vpc_region:
    description: The region of the VPC.
    type: str
    required: true
  vpc_profile:
    description:
      - The profile, in the AWS configuration of the host that runs this module, with access to the VPC's account.
      - Only for a VPC of another account than the zone's. The zone is reached with O(profile), or with O(access_key).
    type: str
notes:
  - "IAM actions in the zone's account: C(route53:GetHostedZone), C(route53:AssociateVPCWithHostedZone),
    C(route53:DisassociateVPCFromHostedZone), C(ec2:DescribeVpcs); with O(vpc_profile) also
    C(route53:CreateVPCAssociationAuthorization), C(route53:ListVPCAssociationAuthorizations) and
    C(route53:DeleteVPCAssociationAuthorization). In the VPC's account, with O(vpc_profile):
    C(route53:AssociateVPCWithHostedZone), C(route53:DisassociateVPCFromHostedZone), C(ec2:DescribeVpcs)."
  - Requests that AWS answers with C(PriorRequestNotComplete) or C(Throttling) are repeated, ever more slowly.
  - A private zone keeps its last VPC. Delete the zone instead of taking the last VPC off it.
seealso:
  - module: amazon.aws.route53_zone
  - module: zilliz.cloud.route53_names
  - name: Associating a VPC and a private hosted zone of different accounts
    description: The steps that this module makes.
    link: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-associate-vpcs-different-accounts.html
"""

EXAMPLES = r"""
- name: Let a second VPC resolve the names of the zone
  zilliz.cloud.route53_zone_association:
    zone_id: Z0123456789ABCDEFGHIJ
    vpc_id: vpc-0a1b2c3d4e5f60718
    vpc_region: eu-central-1

- name: Let a VPC of the network account resolve the names of the zone
  zilliz.cloud.route53_zone_association:
    zone_id: Z0123456789ABCDEFGHIJ
    vpc_id: vpc-0b1c2d3e4f5061728
    vpc_region: us-west-2
    vpc_profile: network

- name: Take the VPC off the zone
  zilliz.cloud.route53_zone_association:
    zone_id: Z0123456789ABCDEFGHIJ
    vpc_id: vpc-0a1b2c3d4e5f60718
    vpc_region: eu-central-1
    state: absent
"""

RETURN = r"""
zone_id:
  description: The zone.
  returned: success
  type: str
  sample: Z0123456789ABCDEFGHIJ
vpcs:
  description: The VPCs of the zone after the run. In check mode, those that it would have.
  returned: success
  type: list
  elements: dict
  contains:
    vpc_id:
      description: The VPC.
      type: str
      returned: always
      sample: vpc-0a1b2c3d4e5f60718
    vpc_region:
      description: Its region.
      type: str
      returned: always
      sample: eu-central-1
"""

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.zilliz.cloud.plugins.module_utils import _aws_write as aws
from ansible_collections.zilliz.cloud.plugins.module_utils import _route53 as dns


def ensure(module):
    params = module.params
    zone_id = dns.bare(params["zone_id"])
    vpc = {"VPCId": params["vpc_id"], "VPCRegion": params["vpc_region"]}
    route53 = aws.client(module, "route53")
    other = aws.client(module, "route53", params["vpc_profile"]) if params["vpc_profile"] else None
    before = state(route53, other, zone_id, vpc)
    after = wanted(before, vpc, params["state"])
    if before != after and not module.check_mode:
        write(route53, other, zone_id, vpc, before, after)
    return {
        "changed": before != after,
        "zone_id": zone_id,
        "vpcs": after["vpcs"],
        "diff": {"before": before, "after": after},
    }


def state(route53, other, zone_id, vpc):
    vpcs = dns.read_private_zone(route53, zone_id).get("VPCs", [])
    return {
        "vpcs": [{"vpc_id": one["VPCId"], "vpc_region": one["VPCRegion"]} for one in vpcs],
        "authorized": bool(other) and dns.is_authorized(route53, zone_id, vpc["VPCId"]),
    }


def wanted(before, vpc, wanted_state):
    vpcs = [one for one in before["vpcs"] if one["vpc_id"] != vpc["VPCId"]]
    if wanted_state == "present":
        present = [one for one in before["vpcs"] if one["vpc_id"] == vpc["VPCId"]]
        vpcs = before["vpcs"] if present else vpcs + [{"vpc_id": vpc["VPCId"], "vpc_region": vpc["VPCRegion"]}]
    return {"vpcs": vpcs, "authorized": False}


def write(route53, other, zone_id, vpc, before, after):
    if len(after["vpcs"]) > len(before["vpcs"]):
        dns.associate(route53, other, zone_id, vpc)
        return
    if len(after["vpcs"]) < len(before["vpcs"]):
        dns.disassociate(route53, other, zone_id, vpc)
    if before["authorized"]:
        dns.unauthorize(route53, zone_id, vpc)


def main():
    aws.run(
        AnsibleAWSModule(
            argument_spec={
                "state": {"choices": ["present", "absent"], "default": "present"},
                "zone_id": {"required": True},
                "vpc_id": {"required": True},
                "vpc_region": {"required": True},
                "vpc_profile": {},
            },
            supports_check_mode=True,
        ),
        ensure,
    )


if __name__ == "__main__":
    main()
