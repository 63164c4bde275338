#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_security_group_rule
short_description: Add or remove one rule of an EC2 security group
version_added: 1.0.0
author:
  - "zilliz.cloud contributors (@zilliz-cloud)"
description:
  - Adds one rule to a security group that exists, or removes it again. The other rules are neither named nor touched.
  - The rule carries a description. Only a rule with exactly this description is removed, so that a rule that somebody
    else made for the same traffic is used and stays.
  - This fills a gap of M(amazon.aws.ec2_security_group), which must be told all rules of the group, its name and its
    description, and removes whatever it is not told; with C(purge_rules=false) it cannot remove one rule at all. Use
    it for groups that are wholly yours.
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
    description:
      - V(present) adds the rule. A rule for the same traffic with another description counts as present, see
        RV(foreign).
      - V(absent) removes the rule when it has O(description).
    type: str
    choices: [present, absent]
    default: present
  group_id:
    description: The security group, such as V(sg-0a1b2c3d4e5f60718).
    type: str
    required: true
  direction:
    description: Whether the rule is for traffic into the group's interfaces or out of them.
    type: str
    choices: [ingress, egress]
    default: ingress
  ip_protocol:
    description: The protocol.
    type: str
    choices: [tcp, udp]
    default: tcp
  port:
    description: The one port of the rule, such as V(19531).
    type: int
    required: true
  cidr:
    description:
      - The other side of the traffic as IPv4 or IPv6 addresses, such as V(10.20.0.0/16).
      - Exactly one of O(cidr) and O(source_group_id) is required.
    type: str
  source_group_id:
    description: The other side of the traffic as a security group; for V(egress) this is where the traffic goes.
    type: str
  user_id:
    description: The AWS account of O(source_group_id), when it is in another account and reached over VPC peering.
    type: str
  description:
    description: The description of the rule, by which it is known as yours. AWS takes up to 255 characters.
    type: str
    required: true
notes:
  - "IAM actions: C(ec2:DescribeSecurityGroups); for V(ingress) C(ec2:AuthorizeSecurityGroupIngress) and
    C(ec2:RevokeSecurityGroupIngress); for V(egress) C(ec2:AuthorizeSecurityGroupEgress) and
    C(ec2:RevokeSecurityGroupEgress)."
  - AWS knows a rule by direction, protocol, ports and source; two rules that differ only in the description cannot
    exist.
  - A wider rule that lets the traffic pass too is not looked for.
seealso:
  - module: amazon.aws.ec2_security_group
  - module: amazon.aws.ec2_security_group_info
"""

EXAMPLES = r"""
- name: Let clients reach the private link
  zilliz.cloud.aws_security_group_rule:
    group_id: sg-0a1b2c3d4e5f60718
    port: 19531
    cidr: 10.20.0.0/16
    description: zilliz.cloud private link proj-1/aws-us-west-2/vpc-0a1b2c3d4e5f60718

- name: Let the clients' group send to the endpoint's group
  zilliz.cloud.aws_security_group_rule:
    group_id: sg-0b1c2d3e4f5061728
    direction: egress
    port: 19531
    source_group_id: sg-0a1b2c3d4e5f60718
    description: zilliz.cloud private link proj-1/aws-us-west-2/vpc-0a1b2c3d4e5f60718

- name: Remove the clients' rule, if it is ours
  zilliz.cloud.aws_security_group_rule:
    group_id: sg-0a1b2c3d4e5f60718
    port: 19531
    cidr: 10.20.0.0/16
    description: zilliz.cloud private link proj-1/aws-us-west-2/vpc-0a1b2c3d4e5f60718
    state: absent
"""

RETURN = r"""
rule:
  description: The rule as it is after the run, or would be in check mode. Empty when there is none.
  returned: success
  type: dict
  sample:
    group_id: sg-0a1b2c3d4e5f60718
    direction: ingress
    ip_protocol: tcp
    port: 19531
    source: 10.20.0.0/16
    description: zilliz.cloud private link proj-1/aws-us-west-2/vpc-0a1b2c3d4e5f60718
foreign:
  description: Whether a rule for this traffic was found that has another description and was left alone.
  returned: success
  type: bool
  sample: false
"""

import ipaddress

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.zilliz.cloud.plugins.module_utils import _aws_write as aws


def ensure(module):
    params, ec2 = module.params, aws.client(module, "ec2")
    source = source_of(params)
    ours = {name: params[name] for name in ("group_id", "direction", "ip_protocol", "port", "description")}
    ours["source"] = next(iter(source.values()))
    found = find(ec2, params, source)
    before = {} if found is None else {**ours, "description": found}
    foreign = bool(before) and before != ours
    after = before if foreign else ours if params["state"] == "present" else {}
    if before != after and not module.check_mode:
        write(ec2, params, source)
    return {"changed": before != after, "rule": after, "foreign": foreign, "diff": {"before": before, "after": after}}


def source_of(params):
    """The other side, as the one entry that AWS wants for it."""
    if bool(params["cidr"]) == bool(params["source_group_id"]):
        raise aws.AwsWriteError("A rule has one other side: give either cidr or source_group_id.")
    if params["source_group_id"]:
        account = {"UserId": params["user_id"]} if params["user_id"] else {}
        return {"GroupId": params["source_group_id"], **account}
    try:
        # AWS stores the network of an address, so 10.20.1.5/16 would never be found again.
        network = ipaddress.ip_network(params["cidr"], strict=False)
    except ValueError as error:
        raise aws.AwsWriteError(f"cidr is no IPv4 or IPv6 network: {error}; write it as in 10.20.0.0/16.")
    return {"CidrIp" if network.version == 4 else "CidrIpv6": str(network)}


def kind_of(source):
    return {"GroupId": "UserIdGroupPairs", "CidrIp": "IpRanges", "CidrIpv6": "Ipv6Ranges"}[next(iter(source))]


def find(ec2, params, source):
    """The description of the rule, None when there is no such rule."""
    purpose = f"read the security group {params['group_id']}"
    try:
        groups = aws.call(ec2, "DescribeSecurityGroups", purpose, GroupIds=[params["group_id"]])["SecurityGroups"]
    except aws.AwsWriteError as error:
        if params["state"] == "absent" and error.code == "InvalidGroup.NotFound":
            return None
        raise
    rules = groups[0]["IpPermissions" if params["direction"] == "ingress" else "IpPermissionsEgress"]
    for rule in rules:
        ports = {rule.get("FromPort"), rule.get("ToPort")}
        if rule["IpProtocol"] != params["ip_protocol"] or ports != {params["port"]}:
            continue
        for entry in rule.get(kind_of(source), []):
            if all(entry.get(name) == value for name, value in source.items()):
                return entry.get("Description", "")
    return None


def write(ec2, params, source):
    present = params["state"] == "present"
    # AWS finds the rule to remove without its description.
    entry = {**source, "Description": params["description"]} if present else source
    ports = {"FromPort": params["port"], "ToPort": params["port"]}
    rule = {"IpProtocol": params["ip_protocol"], **ports, kind_of(source): [entry]}
    operation = ("Authorize" if present else "Revoke") + "SecurityGroup" + params["direction"].capitalize()
    purpose = f"{'add' if present else 'remove'} the rule for port {params['port']} in {params['group_id']}"
    try:
        aws.call(ec2, operation, purpose, GroupId=params["group_id"], IpPermissions=[rule])
    except aws.AwsWriteError as error:
        # The answer to a request that took effect may be lost; the SDK's second one is then refused.
        if error.code != ("InvalidPermission.Duplicate" if present else "InvalidPermission.NotFound"):
            raise


def main():
    aws.run(
        AnsibleAWSModule(
            argument_spec={
                "state": {"choices": ["present", "absent"], "default": "present"},
                "group_id": {"required": True},
                "direction": {"choices": ["ingress", "egress"], "default": "ingress"},
                "ip_protocol": {"choices": ["tcp", "udp"], "default": "tcp"},
                "port": {"type": "int", "required": True},
                "cidr": {},
                "source_group_id": {},
                "user_id": {},
                "description": {"required": True},
            },
            supports_check_mode=True,
        ),
        ensure,
    )


if __name__ == "__main__":
    main()
