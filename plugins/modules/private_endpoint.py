#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: private_endpoint
short_description: Register an endpoint with a Zilliz Cloud project, or remove it
version_added: 1.0.0
description:
  - Authorizes an endpoint of the own network at Zilliz Cloud. Zilliz Cloud verifies it, accepts its connection without anybody's
    approval, and then allocates a private link to every Dedicated cluster of the project in the region, which takes about
    5 minutes according to the guides of Zilliz Cloud.
  - The endpoint itself must exist before and is made in the own cloud, for example with M(zilliz.cloud.aws_vpc_endpoint).
  - An endpoint is registered for a project and a region, and serves all their clusters, present and future.
  - Use M(zilliz.cloud.private_link_info) to wait for the private links that follow.
author:
  - "zilliz.cloud contributors (@zilliz-cloud)"
options:
  state:
    description:
      - V(present) registers the endpoint.
      - V(absent) removes the registration. Traffic through the endpoint stops at once. The endpoint stays in the own cloud.
    type: str
    choices: [present, absent]
    default: present
  project_id:
    description: The Zilliz Cloud project, such as V(proj-0123456789abcdef). See M(zilliz.cloud.project_info).
    type: str
    required: true
  region_id:
    description: The Zilliz Cloud region of the clusters, such as V(aws-us-west-2). See M(zilliz.cloud.region_info).
    type: str
    required: true
  endpoint_id:
    description:
      - The endpoint in the own cloud. Its form depends on the cloud of the region, and is checked before it is registered.
      - On AWS, the id of the VPC endpoint, such as V(vpce-0ce90d01341533a5c).
      - On Google Cloud, the name of the forwarding rule of the Private Service Connect endpoint, with O(gcp_project_id).
      - On Azure, the name and the C(properties.resourceGuid) of the private endpoint joined by a dot, such as
        V(zilliz.d73e9b55-7b9c-4f8d-8f0a-40e737f1ccbf).
      - On Alibaba Cloud, the id of the endpoint, which starts with C(ep-).
    type: str
    required: true
  gcp_project_id:
    description:
      - The Google project of the endpoint. Required for regions of Google Cloud, because the name of an endpoint is unique
        only in its project. Not allowed for other clouds.
    type: str
  wait:
    description:
      - Whether to wait until Zilliz Cloud accepted the endpoint (O(state=present)), or does not list it any more (O(state=absent)).
      - Nothing is awaited in check mode.
    type: bool
    default: false
  wait_timeout:
    description: Seconds to wait at most.
    type: int
    default: 1200
  wait_delay:
    description: Seconds between two looks while waiting.
    type: int
    default: 10
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
notes:
  - A new registration may be missing from the list of Zilliz Cloud for a while. Up to 60 seconds count as normal.
  - When the answer to a change is lost, the list tells whether the change happened.
  - The API cannot change a registration. One that failed or was rejected must be removed and registered again.
extends_documentation_fragment:
  - zilliz.cloud.zilliz
  - zilliz.cloud.attributes
  - zilliz.cloud.attributes.group_zilliz
seealso:
  - module: zilliz.cloud.private_endpoint_info
  - module: zilliz.cloud.private_link_info
"""

EXAMPLES = r"""
---
- name: Register a VPC endpoint and wait until it is accepted
  zilliz.cloud.private_endpoint:
    project_id: proj-0123456789abcdef
    region_id: aws-us-west-2
    endpoint_id: vpce-0ce90d01341533a5c
    wait: true

- name: Register a Private Service Connect endpoint
  zilliz.cloud.private_endpoint:
    project_id: proj-0123456789abcdef
    region_id: gcp-us-west1
    endpoint_id: my-psc-endpoint
    gcp_project_id: my-project

- name: Register an Azure private endpoint
  zilliz.cloud.private_endpoint:
    project_id: proj-0123456789abcdef
    region_id: az-eastus
    endpoint_id: zilliz.d73e9b55-7b9c-4f8d-8f0a-40e737f1ccbf

- name: Remove a registration and wait until it is gone
  zilliz.cloud.private_endpoint:
    project_id: proj-0123456789abcdef
    region_id: aws-us-west-2
    endpoint_id: vpce-0ce90d01341533a5c
    state: absent
    wait: true
"""

RETURN = r"""
---
private_endpoint:
  description: The registration. Empty when it is absent.
  type: dict
  returned: success
  contains:
    region_id:
      description: The Zilliz Cloud region.
      type: str
      returned: success
      sample: aws-us-west-2
    cloud_id:
      description: The cloud of the region, such as V(aws), V(gcp), V(azure), V(ali) or V(tc).
      type: str
      returned: when listed
      sample: aws
    endpoint_service:
      description: The endpoint service of Zilliz Cloud that the endpoint leads to.
      type: str
      returned: when listed
      sample: com.amazonaws.vpce.us-west-2.vpce-svc-0b62964bfd0edfb74
    endpoint_service_status:
      description: The status of the service, in Zilliz Cloud's words.
      type: str
      returned: when listed
      sample: AVAILABLE
    endpoint_id:
      description: The endpoint as registered.
      type: str
      returned: success
      sample: vpce-0ce90d01341533a5c
    endpoint_status:
      description:
        - The status of the registration, in Zilliz Cloud's words. The API reference gives no list of them.
        - V(AVAILABLE) and V(accepted) are attested and mean that Zilliz Cloud accepted the endpoint.
      type: str
      returned: when listed
      sample: AVAILABLE
    gcp_project_id:
      description: The Google project of the endpoint. Empty outside of Google Cloud.
      type: str
      returned: when the API gives it
      sample: my-project
"""

from ansible_collections.zilliz.cloud.plugins.module_utils._client import ZillizError
from ansible_collections.zilliz.cloud.plugins.module_utils._module import ZillizModule
from ansible_collections.zilliz.cloud.plugins.module_utils._names import (
    endpoint_leaving,
    endpoint_phase,
    endpoint_problem,
)
from ansible_collections.zilliz.cloud.plugins.module_utils._wait import EndpointWatch, refusal

IDS = ("project_id", "region_id", "endpoint_id", "gcp_project_id")


def ensure(module):
    client, params = module.client, module.params
    ids = [params[name] for name in IDS]
    present = params["state"] == "present"
    row = client.endpoint(*ids)
    if not row:
        problem = endpoint_problem(client.cloud_of(params["region_id"]), params["endpoint_id"], params["gcp_project_id"])
        if problem:
            raise ZillizError(problem)
    there = bool(row) and not endpoint_leaving(row.get("endpoint_status"))
    wanted = {name: params[name] for name in IDS if params[name]}
    after = {} if not present else row if there else wanted
    if not module.check_mode:
        if there != present:
            (client.create_endpoint if present else client.delete_endpoint)(*ids)
        if params["wait"]:
            watch = EndpointWatch(params["endpoint_id"], present, params["wait_timeout"], listed=there)
            after = module.poll(lambda spent: watch.look(client.endpoint(*ids), spent))
        elif present and not there:
            after = client.endpoint(*ids) or wanted
    if endpoint_phase(after.get("endpoint_status")) == "failed":
        module.warn(refusal(after))
    diff = dict(before=wanted if there else {}, after=wanted if present else {})
    return dict(changed=there != present, private_endpoint=after, diff=diff)


def main():
    spec = dict(
        state=dict(type="str", choices=["present", "absent"], default="present"),
        project_id=dict(type="str", required=True),
        region_id=dict(type="str", required=True),
        endpoint_id=dict(type="str", required=True),
        gcp_project_id=dict(type="str"),
        wait=dict(type="bool", default=False),
        wait_timeout=dict(type="int", default=1200),
        wait_delay=dict(type="int", default=10),
    )
    ZillizModule(argument_spec=spec, supports_check_mode=True).run(ensure)


if __name__ == "__main__":
    main()
