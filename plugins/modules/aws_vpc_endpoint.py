#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_vpc_endpoint
short_description: Create, repair, await and delete an interface VPC endpoint
version_added: 1.0.0
author:
  - "zilliz.cloud contributors (@zilliz-cloud)"
description:
  - Creates an interface VPC endpoint, also for a service of another region, and never twice for one O(client_token).
  - Brings the subnets, security groups, private DNS setting, IP address type and tags of an existing endpoint to what
    is wanted, in place, without an outage of what stays.
  - Waits until an endpoint is in one of some states, or gone together with its network interfaces.
  - This fills gaps of M(amazon.aws.ec2_vpc_endpoint), which has no C(service_region), no C(private_dns_enabled) and
    no C(ip_address_type), takes a deleted or rejected endpoint of the same service for an existing one, changes
    nothing but tags of an endpoint that exists, fails after a creation with C(client_token), and waits neither for
    C(available) nor for the end of a deletion. Use it wherever these do not matter.
extends_documentation_fragment:
  - zilliz.cloud.aws
  - zilliz.cloud.attributes
  - zilliz.cloud.attributes.group_aws
attributes:
  check_mode:
    support: full
    details: With O(wait_states), check mode looks once and does not wait.
  diff_mode:
    support: full
  idempotent:
    support: partial
    details: Without O(vpc_endpoint_id) and without O(tags), each run asks AWS to create an endpoint.
options:
  state:
    description:
      - V(present) creates the endpoint, or repairs the one that is there.
      - V(absent) deletes the endpoint O(vpc_endpoint_id); one that is gone or being deleted is left as it is.
      - V(waited) changes nothing and waits for O(wait_states).
    type: str
    choices: [present, absent, waited]
    default: present
  vpc_endpoint_id:
    description:
      - The endpoint, such as V(vpce-0ce90d01341533a5c). Required for V(absent) and V(waited).
      - Without it V(present) looks for a living endpoint of O(service_name) in O(vpc_id) that carries all of O(tags),
        the oldest if there are several, and creates one if there is none. Without O(tags) it does not look.
    type: str
  vpc_id:
    description: The VPC of the endpoint. Required when an endpoint may have to be created.
    type: str
  service_name:
    description:
      - The endpoint service, such as V(com.amazonaws.vpce.us-west-2.vpce-svc-0b62964bfd0edfb74).
      - Required when an endpoint may have to be created.
    type: str
  service_region:
    description:
      - The region of the service, such as V(us-west-2), when it is not the region of the VPC. The owner of the
        service must have opened it to the VPC's region.
      - Only used when an endpoint is created; it cannot be changed afterwards.
    type: str
  subnet_ids:
    description: All subnets in which the endpoint has an interface, one for each zone. Left as they are when not given.
    type: list
    elements: str
  security_group_ids:
    description: All security groups of the endpoint's interfaces. Left as they are when not given.
    type: list
    elements: str
  private_dns_enabled:
    description:
      - Whether the private DNS name of the service resolves to the endpoint within the VPC.
      - A new endpoint has it V(false) when this is not given; of an existing endpoint it is then left as it is.
    type: bool
  ip_address_type:
    description: The addresses of the endpoint's interfaces. Left to AWS, or as it is, when not given.
    type: str
    choices: [ipv4, dualstack, ipv6]
  tags:
    description: Tags of the endpoint. They are set in the creating call; other tags of an existing endpoint are kept.
    type: dict
  client_token:
    description:
      - Text that names this one endpoint, such as its mark. AWS then answers a repeated request with the endpoint of
        the first one, also when the first answer was lost.
      - What is sent is a hash of this text and of a generation, because AWS remembers the token of an endpoint that
        has been deleted; the first generation whose endpoint is not dead is taken.
      - When not given, a request that is repeated within one run is recognised, and no other.
    type: str
  wait_states:
    description:
      - Wait until the endpoint is in one of these states, such as V(available) or V(pendingAcceptance). Upper and
        lower case are the same.
      - V(absent) stands for an endpoint that is gone together with all of its network interfaces. Its security groups
        and subnets can be deleted only then.
      - Required for O(state=waited).
    type: list
    elements: str
  wait_timeout:
    description: Seconds to wait for O(wait_states).
    type: int
    default: 600
  wait_delay:
    description: Seconds between two looks.
    type: float
    default: 10
notes:
  - "IAM actions: C(ec2:DescribeVpcEndpoints), C(ec2:CreateVpcEndpoint), C(ec2:ModifyVpcEndpoint),
    C(ec2:DeleteVpcEndpoints), C(ec2:CreateTags), C(ec2:DescribeNetworkInterfaces); with O(service_region) also
    C(vpce:AllowMultiRegion), and with O(private_dns_enabled=true) also C(route53:AssociateVPCWithHostedZone)."
  - AWS sends states as in V(pendingAcceptance), its own reference writes V(PendingAcceptance). An accepted endpoint
    is V(pending) for about a minute before it is V(available).
  - When a subnet gives way to another of the same zone and AWS refuses both in one call, the old one is removed
    first; that zone has no interface until the new one is there.
seealso:
  - module: amazon.aws.ec2_vpc_endpoint
  - module: amazon.aws.ec2_vpc_endpoint_info
  - name: ModifyVpcEndpoint
    description: The call that amazon.aws does not make.
    link: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcEndpoint.html
"""

EXAMPLES = r"""
- name: Create an endpoint for a service of another region
  zilliz.cloud.aws_vpc_endpoint:
    region: eu-central-1
    vpc_id: vpc-0a1b2c3d4e5f60718
    service_name: com.amazonaws.vpce.us-west-2.vpce-svc-0b62964bfd0edfb74
    service_region: us-west-2
    subnet_ids: [subnet-0a1b2c3d4e5f60718, subnet-0b1c2d3e4f5061728]
    security_group_ids: [sg-0a1b2c3d4e5f60718]
    tags:
      Name: zilliz-private-link
    client_token: proj-1/aws-us-west-2/vpc-0a1b2c3d4e5f60718
  register: created

- name: Put the endpoint into other subnets and leave the rest as it is
  zilliz.cloud.aws_vpc_endpoint:
    vpc_endpoint_id: "{{ created.vpc_endpoint.vpc_endpoint_id }}"
    subnet_ids: [subnet-0a1b2c3d4e5f60718, subnet-0c1d2e3f405162738]

- name: Wait up to ten minutes until the endpoint is available
  zilliz.cloud.aws_vpc_endpoint:
    state: waited
    vpc_endpoint_id: "{{ created.vpc_endpoint.vpc_endpoint_id }}"
    wait_states: [available]

- name: Delete the endpoint and wait until its network interfaces are gone
  zilliz.cloud.aws_vpc_endpoint:
    state: absent
    vpc_endpoint_id: "{{ created.vpc_endpoint.vpc_endpoint_id }}"
    wait_states: [absent]
"""

RETURN = r"""
vpc_endpoint:
  description:
    - The endpoint as AWS describes it, with the field names in snake case and the tags as a dictionary.
    - Empty when it is gone. In check mode, what is known of the endpoint that would be created.
  returned: success
  type: dict
  contains:
    vpc_endpoint_id:
      description: Its id. Missing in check mode when it would be created.
      type: str
      returned: when it exists
      sample: vpce-0ce90d01341533a5c
    state:
      description: Its state, in the words of AWS.
      type: str
      returned: when it exists
      sample: pendingAcceptance
    service_name:
      description: Its endpoint service.
      type: str
      returned: always
      sample: com.amazonaws.vpce.us-west-2.vpce-svc-0b62964bfd0edfb74
    subnet_ids:
      description: Its subnets.
      type: list
      elements: str
      returned: always
      sample: [subnet-0a1b2c3d4e5f60718]
    security_group_ids:
      description: The ids of its security groups.
      type: list
      elements: str
      returned: always
      sample: [sg-0a1b2c3d4e5f60718]
    network_interface_ids:
      description: Its network interfaces.
      type: list
      elements: str
      returned: when it exists
      sample: [eni-0a1b2c3d4e5f60718]
    dns_entries:
      description: Its names, the regional one first, each with the hosted zone that an alias record needs.
      type: list
      elements: dict
      returned: when it exists
      sample:
        - dns_name: vpce-0ce90d01341533a5c-1a2b3c4d.vpce-svc-0b62964bfd0edfb74.us-west-2.vpce.amazonaws.com
          hosted_zone_id: Z1YSA3EXCYUU9Z
    tags:
      description: Its tags.
      type: dict
      returned: always
      sample: {"Name": "zilliz-private-link"}
"""

from ansible.module_utils.common.dict_transformations import camel_dict_to_snake_dict
from ansible_collections.amazon.aws.plugins.module_utils.botocore import normalize_boto3_result
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.zilliz.cloud.plugins.module_utils import _aws_write as aws
from ansible_collections.zilliz.cloud.plugins.module_utils import _vpc_endpoint as vpce


def ensure(module):
    params, ec2 = module.params, aws.client(module, "ec2")
    aws.check_wait(params)
    found = find(ec2, params)
    before = vpce.settings(found)
    after = {"present": wanted(params, before), "absent": {}, "waited": before}[params["state"]]
    if before != after and not module.check_mode:
        found = write(ec2, params, found, before, after)
    if params["wait_states"] and not module.check_mode:
        found = vpce.wait(ec2, params, found)
    shown = {} if module.check_mode and not after else {**described(found), **after}
    return {"changed": before != after, "vpc_endpoint": shown, "diff": {"before": before, "after": after}}


def find(ec2, params):
    endpoint_id = params["vpc_endpoint_id"]
    if not endpoint_id and (params["state"] != "present" or not (params["vpc_id"] and params["service_name"])):
        raise aws.AwsWriteError("Give vpc_endpoint_id; or vpc_id and service_name for an endpoint that is to be created.")
    if params["state"] == "waited" and not params["wait_states"]:
        raise aws.AwsWriteError("Give the wait_states in one of which the endpoint is awaited.")
    if not endpoint_id:
        return vpce.living(ec2, params["vpc_id"], params["service_name"], params["tags"]) if params["tags"] else None
    found = vpce.describe(ec2, endpoint_id)
    if params["state"] == "present" and not vpce.settings(found):
        raise aws.AwsWriteError(f"The endpoint {endpoint_id} is gone: leave out vpc_endpoint_id to create another.")
    return found


def wanted(params, before):
    new = {"vpc_id": params["vpc_id"], "service_name": params["service_name"], "private_dns_enabled": False}
    after = dict(before) or {**new, "subnet_ids": [], "security_group_ids": []}
    for option in ("private_dns_enabled", "ip_address_type"):
        if params[option] is not None:
            after[option] = params[option]
    for option in ("subnet_ids", "security_group_ids"):
        if params[option] is not None:
            after[option] = sorted(set(params[option]))
    after["tags"] = {**before.get("tags", {}), **aws.plain_tags(params["tags"])}
    return after


def write(ec2, params, found, before, after):
    if not after:
        return vpce.delete(ec2, found)
    return vpce.modify(ec2, found["VpcEndpointId"], before, after) if before else vpce.create(ec2, params, after)


def described(endpoint):
    """In snake case, with the tags as a dictionary."""
    if not endpoint:
        return {}
    result = camel_dict_to_snake_dict(normalize_boto3_result(endpoint), ignore_list=["Tags"])
    return {**result, "tags": aws.tags_of(endpoint.get("Tags")), **vpce.settings(endpoint)}


def main():
    aws.run(
        AnsibleAWSModule(
            argument_spec={
                "state": {"choices": ["present", "absent", "waited"], "default": "present"},
                "vpc_endpoint_id": {},
                "vpc_id": {},
                "service_name": {},
                "service_region": {},
                "subnet_ids": {"type": "list", "elements": "str"},
                "security_group_ids": {"type": "list", "elements": "str"},
                "private_dns_enabled": {"type": "bool"},
                "ip_address_type": {"choices": ["ipv4", "dualstack", "ipv6"]},
                "tags": {"type": "dict"},
                "client_token": {"no_log": False},
                "wait_states": {"type": "list", "elements": "str"},
                "wait_timeout": {"type": "int", "default": 600},
                "wait_delay": {"type": "float", "default": 10},
            },
            supports_check_mode=True,
        ),
        ensure,
    )


if __name__ == "__main__":
    main()
