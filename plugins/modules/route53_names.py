#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: route53_names
short_description: Write many private Route 53 zones and their records in one task
version_added: 1.0.0
author:
  - "zilliz.cloud contributors (@zilliz-cloud)"
description:
  - Brings any number of private hosted zones to what is wanted in one process. It creates zones, writes records,
    associates VPCs, also of other accounts, and writes comments and tags; or it deletes records and zones.
  - The records of a zone are written in one change batch, so that all of them change or none.
  - Everything is read before anything is written, and what cannot work is then reported all at once.
  - This fills a gap of M(amazon.aws.route53), which writes one record a task and lists every zone and record again
    for each, and of M(amazon.aws.route53_zone), which creates one zone a task and cannot associate a VPC afterwards.
    Fifty names are a matter of seconds here and of minutes there. For a few names both do.
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
  zones:
    description:
      - The zones. Each step goes over all zones before the next one comes, because Route 53 takes one change of a
        zone at a time. What is created and written comes before what is deleted.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name of the zone, such as V(vectordb.zillizcloud.com). The trailing dot may be left out.
        type: str
        required: true
      zone_id:
        description:
          - The zone when it exists. Required for V(absent).
          - Without it, a zone of this O(zones[].name) and O(zones[].comment) that is associated with the first VPC is
            taken for the one that an interrupted run has made, and otherwise a zone is created.
        type: str
      state:
        description:
          - V(present) creates or completes the zone.
          - V(absent) deletes those of O(zones[].records) that are as they are given here, and then the zone. A zone
            that holds anything else than these, its NS and its SOA record, is an error and stays as it is.
        type: str
        choices: [present, absent]
        default: present
      comment:
        description:
          - The comment of the zone. It is written in the creating call. Left as it is when not given.
          - It is what a zone without O(zones[].zone_id) is recognised by, so give one to zones that are to be
            created.
        type: str
      tags:
        description: Tags of the zone. Other tags are kept.
        type: dict
      vpcs:
        description:
          - VPCs that must be associated with the zone. Other VPCs of the zone stay.
          - A new zone is created with the first one that has no profile, in the creating call.
        type: list
        elements: dict
        default: []
        suboptions:
          vpc_id:
            description: The VPC.
            type: str
            required: true
          region:
            description: The region of the VPC.
            type: str
            required: true
          profile:
            description: The profile with access to the VPC's account, when that is not the zone's account.
            type: str
      records:
        description: Records of the zone. Others stay.
        type: list
        elements: dict
        default: []
        suboptions:
          name:
            description: The full name of the record.
            type: str
            required: true
          type:
            description: The type of the record, such as V(A) or V(CNAME).
            type: str
            required: true
          state:
            description:
              - V(present) writes the record over what is there.
              - V(absent) deletes it when its whole value is the one given here; another value is somebody else's and
                stays, with a warning.
            type: str
            choices: [present, absent]
            default: present
          alias_target:
            description: The name to which an alias record points.
            type: str
          alias_zone_id:
            description: The hosted zone of O(zones[].records[].alias_target), as AWS gives it with the name.
            type: str
          ttl:
            description: Seconds for which an answer may be kept. For records that are no alias.
            type: int
          values:
            description: The values of a record that is no alias.
            type: list
            elements: str
  wait:
    description: Wait once at the end until Route 53 has published all changes, which takes about a minute.
    type: bool
    default: false
  wait_timeout:
    description: Seconds to wait with O(wait=true).
    type: int
    default: 600
  wait_delay:
    description: Seconds between two looks.
    type: float
    default: 5
notes:
  - "IAM actions: C(route53:ListHostedZonesByVPC), C(route53:GetHostedZone), C(route53:ListResourceRecordSets),
    C(route53:ListTagsForResources), C(route53:CreateHostedZone), C(route53:ChangeResourceRecordSets),
    C(route53:AssociateVPCWithHostedZone), C(route53:UpdateHostedZoneComment), C(route53:ChangeTagsForResource),
    C(route53:DeleteHostedZone), C(route53:GetChange), C(ec2:DescribeVpcs); for VPCs of other accounts those of
    M(zilliz.cloud.route53_zone_association) too."
  - Route 53 takes five requests a second for a whole account. This module slows down by itself.
  - Names are compared as Route 53 stores them, in lower case and with a trailing dot.
  - A batch holds up to 500 aliases, or as many other records as have 16,000 characters in their values, the limits of
    Route 53 for records that may replace others; more take several batches.
seealso:
  - module: amazon.aws.route53
  - module: amazon.aws.route53_zone
  - module: zilliz.cloud.route53_zone_association
  - name: ChangeResourceRecordSets
    description: The batch, its limits and its atomicity.
    link: https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
"""

EXAMPLES = r"""
- name: Name two links, each in a zone of its own
  zilliz.cloud.route53_names:
    zones:
      - name: in01-0123456789abcde-privatelink.aws-us-west-2.vectordb.zillizcloud.com
        comment: zilliz.cloud private link proj-1/aws-us-west-2/vpc-0a1b2c3d4e5f60718 cluster in01-0123456789abcde
        vpcs:
          - vpc_id: vpc-0a1b2c3d4e5f60718
            region: us-west-2
        records:
          - name: in01-0123456789abcde-privatelink.aws-us-west-2.vectordb.zillizcloud.com
            type: A
            alias_target: vpce-0ce90d01341533a5c-1a2b3c4d.vpce-svc-0b62964bfd0edfb74.us-west-2.vpce.amazonaws.com
            alias_zone_id: Z1YSA3EXCYUU9Z
      - name: in01-abcdef012345678-privatelink.aws-us-west-2.vectordb.zillizcloud.com
        comment: zilliz.cloud private link proj-1/aws-us-west-2/vpc-0a1b2c3d4e5f60718 cluster in01-abcdef012345678
        vpcs:
          - vpc_id: vpc-0a1b2c3d4e5f60718
            region: us-west-2
        records:
          - name: in01-abcdef012345678-privatelink.aws-us-west-2.vectordb.zillizcloud.com
            type: A
            alias_target: vpce-0ce90d01341533a5c-1a2b3c4d.vpce-svc-0b62964bfd0edfb74.us-west-2.vpce.amazonaws.com
            alias_zone_id: Z1YSA3EXCYUU9Z

- name: Delete a zone with its one record
  zilliz.cloud.route53_names:
    zones:
      - name: vectordb.zillizcloud.com
        zone_id: Z0123456789ABCDEFGHIJ
        state: absent
        records:
          - name: in01-0123456789abcde-privatelink.aws-us-west-2.vectordb.zillizcloud.com
            type: CNAME
            ttl: 300
            values: [vpce-0ce90d01341533a5c-1a2b3c4d.vpce-svc-0b62964bfd0edfb74.us-west-2.vpce.amazonaws.com]
"""

RETURN = r"""
zones:
  description: The zones, in the order of O(zones).
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The name of the zone, with its trailing dot.
      type: str
      returned: always
      sample: vectordb.zillizcloud.com.
    zone_id:
      description: The zone. Null when it was not there, or would be created in check mode.
      type: str
      returned: always
      sample: Z0123456789ABCDEFGHIJ
    created:
      description: Whether it was created by this run, or would be in check mode.
      type: bool
      returned: always
      sample: true
    deleted:
      description: Whether it was deleted by this run, or would be in check mode.
      type: bool
      returned: always
      sample: false
"""

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.zilliz.cloud.plugins.module_utils import _aws_write as aws
from ansible_collections.zilliz.cloud.plugins.module_utils import _route53 as dns
from ansible_collections.zilliz.cloud.plugins.module_utils import _route53_zones as zones


def ensure(module):
    aws.check_wait(module.params)
    route53, by_vpc = aws.client(module, "route53"), {}
    jobs = [zones.read(route53, wanted, by_vpc) for wanted in module.params["zones"]]
    tags = dns.tags_of_zones(route53, [zone["zone_id"] for zone in jobs if zones.is_tagged(zone)])
    for zone in jobs:
        zones.compare(zone, tags.get(zone["zone_id"], {}))
    problems = [problem for zone in jobs for problem in zone["problems"]]
    if problems:
        raise aws.AwsWriteError(" ".join(problems))
    for warning in [warning for zone in jobs for warning in zone["warnings"]]:
        module.warn(warning)
    differing = [zone for zone in jobs if zone["before"] != zone["after"]]
    if not module.check_mode:
        write(module, route53, differing)
    return {
        "changed": bool(differing),
        "zones": [result(zone) for zone in jobs],
        "diff": {side: {zone["name"]: zone[side] for zone in differing} for side in ("before", "after")},
    }


def result(zone):
    created, deleted = bool(zone["after"] and not zone["before"]), bool(zone["before"] and not zone["after"])
    return {"name": zone["name"], "zone_id": zone["zone_id"], "created": created, "deleted": deleted}


def write(module, route53, differing):
    sessions, last = {None: None}, {}

    def session(profile):
        if profile not in sessions:
            sessions[profile] = aws.client(module, "route53", profile)
        return sessions[profile]

    for step in zones.STEPS:
        for zone in differing:
            # Changes of a zone are published in their order, so the last one speaks for all.
            last[zone["zone_id"]] = step(route53, zone, session) or last.get(zone["zone_id"])
    if module.params["wait"]:
        waiting = [change for change in last.values() if change]
        dns.wait_published(route53, waiting, module.params["wait_timeout"], module.params["wait_delay"])


def main():
    vpc = {"vpc_id": {"required": True}, "region": {"required": True}, "profile": {}}
    record = {
        "name": {"required": True},
        "type": {"required": True},
        "state": {"choices": ["present", "absent"], "default": "present"},
        "alias_target": {},
        "alias_zone_id": {},
        "ttl": {"type": "int"},
        "values": {"type": "list", "elements": "str"},
    }
    zone = {
        "name": {"required": True},
        "zone_id": {},
        "state": {"choices": ["present", "absent"], "default": "present"},
        "comment": {},
        "tags": {"type": "dict"},
        "vpcs": {"type": "list", "elements": "dict", "default": [], "options": vpc},
        "records": {"type": "list", "elements": "dict", "default": [], "options": record},
    }
    aws.run(
        AnsibleAWSModule(
            argument_spec={
                "zones": {"type": "list", "elements": "dict", "required": True, "options": zone},
                "wait": {"type": "bool", "default": False},
                "wait_timeout": {"type": "int", "default": 600},
                "wait_delay": {"type": "float", "default": 5},
            },
            supports_check_mode=True,
        ),
        ensure,
    )


if __name__ == "__main__":
    main()
