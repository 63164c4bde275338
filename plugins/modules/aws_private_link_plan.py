#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_private_link_plan
version_added: 1.0.0
short_description: Compare an AWS PrivateLink to Zilliz Cloud with what is wanted
description:
  - Reads Zilliz Cloud, EC2 and Route 53 side by side, compares what exists with what is wanted, and answers with the ordered
    steps that lead there. It never writes.
  - The role P(zilliz.cloud.aws_private_link#role) acts on the answer; use this module directly to look at a link, or to build
    automation of your own on the plan.
  - A I(link) is one project and region of Zilliz Cloud in one VPC. Its mark, C(project/region/vpc), stands in the tag
    C(zilliz.cloud/private-link) of its endpoint and security group, in the comment of its zones and the description of its
    security group rules. Things without this mark are used and named in RV(notes), never changed, unless O(adopt=true).
author:
  - "zilliz.cloud contributors (@zilliz-cloud)"
options:
  region_id:
    description: Zilliz Cloud region of the clusters, such as V(aws-us-west-2).
    type: str
    required: true
  vpc_id:
    description: Id of the VPC that gets the private link.
    type: str
    required: true
  vpc_region:
    description:
      - AWS region of the VPC. The default is the region in the name of the endpoint service.
      - O(region) and E(AWS_REGION) do not count here, so that an environment cannot move the link into another region.
    type: str
  service_name:
    description: The endpoint service, needed only where Zilliz Cloud offers several in the region.
    type: str
  subnet_ids:
    description:
      - Subnets of the VPC for the endpoint, one per availability zone. Needed to create the endpoint.
      - Lists may also be given as text with one item per line or commas between them.
    type: list
    elements: str
    default: []
  unsupported_subnets:
    description:
      - What to do about subnets in zones where the service is not offered. V(refuse) fails with a table, V(skip) leaves them out.
    type: str
    choices: [refuse, skip]
    default: refuse
  client_cidrs:
    description: Networks of the clients that the endpoint's security group lets in on the ports of the links.
    type: list
    elements: str
    default: []
  client_security_group_ids:
    description: Security groups of the clients that the endpoint's security group lets in on the ports of the links.
    type: list
    elements: str
    default: []
  client_egress:
    description:
      - Also open the way out to the endpoint in the O(client_security_group_ids), for groups that do not let everything out.
    type: bool
    default: false
  security_group_ids:
    description: Security groups of your own for the endpoint. None is made then, and missing rules are named in RV(notes).
    type: list
    elements: str
    default: []
  security_group_name:
    description:
      - Name of the security group that is made. The default is C(zilliz-private-link-PROJECT-REGION).
      - At most 255 characters, and no C(*), which AWS would read as a wildcard when the group is looked for.
    type: str
  endpoint_id:
    description: An endpoint of your own, used as it is and never changed or deleted.
    type: str
  endpoint_name:
    description: Name tag of the endpoint that is made. The default is C(zilliz-private-link-PROJECT-REGION).
    type: str
  ip_address_type:
    description: Addresses of the endpoint. With V(dualstack) each host gets an A and an AAAA record.
    type: str
    choices: [ipv4, dualstack, ipv6]
    default: ipv4
  private_dns_enabled:
    description: The endpoint's own private DNS. Works only for a service that publishes a private DNS name.
    type: bool
    default: false
  dns:
    description:
      - V(exact) makes one private zone per link, named as the link's host, so that it hides no other name.
      - V(shared) makes one zone O(zone_name) with a record per link; other names under it no longer resolve in the VPC.
      - V(none) makes no names and returns the records in RV(result).
    type: str
    choices: [exact, shared, none]
    default: exact
  zone_name:
    description: Name of the zone for O(dns=shared).
    type: str
    default: vectordb.zillizcloud.com
  zone_id:
    description: A private zone of your own that gets the records. It is never changed itself.
    type: str
  zone_vpcs:
    description:
      - Further VPCs that the zones answer in, as a list of dictionaries with C(vpc_id), C(region) (default O(vpc_region)) and
        C(profile) (an AWS profile of the VPC's account, when that is another one).
      - Also as JSON, or as lines with these three separated by spaces.
    type: raw
  record_type:
    description: V(alias) makes A and AAAA aliases, V(cname) a CNAME, which cannot stand at the top of a zone.
    type: str
    choices: [alias, cname]
    default: alias
  record_ttl:
    description: Seconds that a CNAME may be cached.
    type: int
    default: 300
  tags:
    description: Tags for everything that is made. Tags of others are never removed. A hosted zone takes eight of them, an endpoint 48.
    type: dict
    default: {}
  recreate:
    description: Replace an endpoint that cannot be changed in place. The link is down for some minutes then.
    type: bool
    default: false
  side_by_side:
    description:
      - Other links are set up at the same time, as in a play over several hosts. M(amazon.aws.ec2_vpc_endpoint) then creates no endpoint,
        because it takes any endpoint of the service in the VPC for the wanted one, and be it another link's.
    type: bool
    default: false
  purge_stale:
    description:
      - Also revoke registrations of the project and region whose endpoint is not in this account and AWS region.
      - Use it only where no other account and no other AWS region uses the project.
    type: bool
    default: false
extends_documentation_fragment:
  - zilliz.cloud.zilliz
  - zilliz.cloud.link
  - zilliz.cloud.attributes
  - zilliz.cloud.attributes.group_zilliz_aws
  - zilliz.cloud.aws
attributes:
  check_mode:
    support: full
    details: Reports RV(ignore:changed=true) when there are steps, and RV(act=false).
  diff_mode:
    support: full
    details: Shows the steps. Outside of check mode this task changes nothing, so Ansible shows no diff of it.
  idempotent:
    support: full
notes:
  - The subnets' zones are compared by zone id, because zone names are shuffled from account to account, see
    U(https://docs.aws.amazon.com/ram/latest/userguide/working-with-az-ids.html).
"""

EXAMPLES = r"""
- name: See what a private link would need
  zilliz.cloud.aws_private_link_plan:
    project_id: proj-20e13e974c7d659a83xxxx
    region_id: aws-us-west-2
    vpc_id: vpc-0a1b2c3d4e5f67890
    subnet_ids: [subnet-0a1b2c3d4e5f67890, subnet-0b1c2d3e4f5a67890]
    client_cidrs: [10.20.0.0/16]
  check_mode: true
  diff: true
  register: plan

- name: Say what is to do
  ansible.builtin.debug:
    msg: "{{ plan.lines }}"
"""

RETURN = r"""
act:
  description: Whether there is something to do and this is not check mode. A real boolean, for use in C(when).
  returned: success
  type: bool
rounds:
  description: For each round (C(connect), C(name), C(maintenance), C(absent)) whether the caller shall act on it now.
  returned: success
  type: dict
settled:
  description: Whether nothing of O(awaits) is awaited any more.
  returned: success
  type: bool
steps:
  description:
    - The steps in the order in which they must run. What is not known yet reads C((known after allocation)) or
      C((known after creation)).
  returned: success
  type: list
  elements: dict
  contains:
    action:
      description: One of create, update, replace, delete, authorize, revoke, associate, disassociate.
      type: str
    resource:
      description: What kind of thing, such as vpc_endpoint, private_endpoint (the registration), hosted_zone or record.
      type: str
    name:
      description: Which one.
      type: str
    before:
      description: What is there.
      type: dict
    after:
      description: What shall be there.
      type: dict
    why:
      description: One sentence with the reason.
      type: str
    round:
      description: The round of the run that makes it.
      type: str
    known:
      description: Whether all values are known, so that it can be acted on.
      type: bool
lines:
  description: The steps as text, one line each, by round.
  returned: success
  type: dict
by:
  description: The known steps by round, action and resource, such as C(by.connect.create_vpc_endpoint). Every list is there, empty or not;
    what RV(batch) writes is left out.
  returned: success
  type: dict
limits:
  description: The seconds that the caller waits, C(wait) and C(maintenance), as numbers.
  returned: success
  type: dict
batch:
  description: Zones and records for M(zilliz.cloud.route53_names), when there are too many for single tasks, else empty.
  returned: success
  type: list
  elements: dict
waiting:
  description: What is not there yet, by kind (endpoint, link, maintenance, gone).
  returned: success
  type: list
  elements: dict
notes:
  description: What was seen and left alone, and why.
  returned: success
  type: list
  elements: str
costs:
  description: What AWS bills for the link. Zilliz Cloud does not charge for private endpoints.
  returned: success
  type: list
  elements: dict
problems:
  description: What keeps the plan from being made. Without O(inspect=true) the task fails with it.
  returned: success
  type: list
  elements: str
checks:
  description: What was looked at and how it is, in the order of the way from a client to its cluster.
  returned: with O(inspect=true)
  type: list
  elements: dict
  contains:
    check:
      description: What kind of thing was looked at, such as C(endpoint), C(registration) or C(record).
      type: str
    title:
      description: The same in words.
      type: str
    subject:
      description: Which one.
      type: str
    state:
      description:
        - How it is. C(missing) is not there yet and made by the set-up, C(unknown) could not be read.
        - One of C(ok), C(degraded), C(broken), C(missing), C(unknown) and C(skipped).
      type: str
    cause:
      description: One sentence with the reason.
      type: str
    evidence:
      description: How that shows.
      type: str
    mend:
      description: The one change that mends it.
      type: str
result:
  description: The link as it is.
  returned: success
  type: dict
  sample:
    link: proj-20e13e974c7d659a83xxxx/aws-us-west-2/vpc-0a1b2c3d4e5f67890
    endpoint:
      endpoint_id: vpce-0ce90d01341533a5c
      state: available
      addresses: [10.20.1.17, 10.20.2.44]
    links:
      - cluster_id: in01-61e949d971f841b
        cluster_name: search
        host: in01-61e949d971f841b-privatelink.aws-us-west-2.vectordb.zillizcloud.com
        port: 19531
        url: https://in01-61e949d971f841b-privatelink.aws-us-west-2.vectordb.zillizcloud.com:19531
        ready: true
        snippets:
          rest: curl --request POST "https://in01-61e949d971f841b-privatelink.aws-us-west-2.vectordb.zillizcloud.com:19531/v2/..."
"""

import gc

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.zilliz.cloud.plugins.module_utils._aws import read_aws
from ansible_collections.zilliz.cloud.plugins.module_utils._client import ZillizError
from ansible_collections.zilliz.cloud.plugins.module_utils._module import (
    client_from,
    hide_login,
    input_problems,
    link_argument_spec,
    zilliz_argument_spec,
)
from ansible_collections.zilliz.cloud.plugins.module_utils._plan import awaited, numbered, report
from ansible_collections.zilliz.cloud.plugins.module_utils._plan_aws import AwsPlan, plan_aws, wanted_aws


SHARED = ("api_key", "host_address", "timeout", "project_id", "region_id")


def look(module):
    """Read, plan, and refuse what cannot be done before anything is made: all that is wrong in one message."""
    hide_login(module)
    wanted, problems = wanted_aws(module.params)
    problems += [f"{problem}." for problem in input_problems({name: wanted.get(name) for name in SHARED})]
    try:
        zilliz = client_from(module.params)
    except ZillizError:
        zilliz = None  # the reason is among the problems
    found = read_aws(module, zilliz, wanted, lambda found: not awaited(plan_aws(wanted, found), wanted))
    found["problems"][:0] = problems
    plan = AwsPlan(wanted, found)
    answer = plan.make()
    if wanted["inspect"]:
        # Only a check needs it, and every task compiles what it imports anew.
        from ansible_collections.zilliz.cloud.plugins.module_utils._doctor_aws import AwsDoctor

        answer["checks"] = AwsDoctor(plan).rows()
    elif answer["problems"]:
        module.fail_json(msg=numbered(answer["problems"]))
    return wanted, answer


def main():
    gc.disable()  # one short process: collecting while the SDK loads its models costs a tenth of the task
    names = dict(type="list", elements="str", default=[])
    module = AnsibleAWSModule(
        argument_spec=dict(
            zilliz_argument_spec(),
            **link_argument_spec(),
            region_id=dict(required=True),
            vpc_id=dict(required=True),
            vpc_region=dict(),
            service_name=dict(),
            subnet_ids=names,
            unsupported_subnets=dict(choices=["refuse", "skip"], default="refuse"),
            client_cidrs=names,
            client_security_group_ids=names,
            client_egress=dict(type="bool", default=False),
            security_group_ids=names,
            security_group_name=dict(),
            endpoint_id=dict(),
            endpoint_name=dict(),
            ip_address_type=dict(choices=["ipv4", "dualstack", "ipv6"], default="ipv4"),
            private_dns_enabled=dict(type="bool", default=False),
            dns=dict(choices=["exact", "shared", "none"], default="exact"),
            zone_name=dict(default="vectordb.zillizcloud.com"),
            zone_id=dict(),
            zone_vpcs=dict(type="raw"),
            record_type=dict(choices=["alias", "cname"], default="alias"),
            record_ttl=dict(type="int", default=300),
            tags=dict(type="dict", default={}),
            recreate=dict(type="bool", default=False),
            side_by_side=dict(type="bool", default=False),
            purge_stale=dict(type="bool", default=False),
        ),
        supports_check_mode=True,
    )
    wanted, plan = look(module)
    module.exit_json(**report(plan, wanted, module.check_mode))


if __name__ == "__main__":
    main()
