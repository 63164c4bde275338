#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: private_endpoint_service_info
short_description: Find the endpoint services of Zilliz Cloud
version_added: 1.0.0
description:
  - Lists what an endpoint in the own network must lead to in order to reach the clusters of a region.
  - Each region is expected to have one service; the API does not promise it, so the answer is a list.
  - A region without private link has an empty list.
author:
  - "zilliz.cloud contributors (@zilliz-cloud)"
options:
  region_id:
    description: The Zilliz Cloud region, such as V(aws-us-west-2). All regions when left out.
    type: str
  project_id:
    description:
      - Ask for the services that apply to this project.
      - When that finds nothing, all services of the region are returned with a warning, because the API does not document
        what the project does in this question.
    type: str
attributes:
  check_mode:
    support: full
    details:
      - This module only reads, so it does the same in check mode.
  diff_mode:
    support: N/A
    details:
      - This module only reads.
  idempotent:
    support: full
extends_documentation_fragment:
  - zilliz.cloud.zilliz
  - zilliz.cloud.attributes
  - zilliz.cloud.attributes.group_zilliz
seealso:
  - module: zilliz.cloud.private_endpoint
  - module: zilliz.cloud.private_endpoint_whitelist
"""

EXAMPLES = r"""
---
- name: Find the endpoint service of a region
  zilliz.cloud.private_endpoint_service_info:
    region_id: aws-us-west-2
    project_id: proj-0123456789abcdef
  register: services

- name: Show the name to create the endpoint with
  ansible.builtin.debug:
    msg: "{{ services.private_endpoint_services[0].endpoint_service }}"
"""

RETURN = r"""
---
private_endpoint_services:
  description: The endpoint services.
  type: list
  elements: dict
  returned: success
  contains:
    region_id:
      description: The Zilliz Cloud region.
      type: str
      returned: success
      sample: aws-us-west-2
    cloud_id:
      description: The cloud of the region.
      type: str
      returned: success
      sample: aws
    endpoint_service:
      description:
        - What the endpoint in the own network must lead to.
        - On AWS a service name, on Google Cloud the URI of a service attachment, on Azure the id or alias of a Private Link
          service, on Alibaba Cloud a service name.
      type: str
      returned: success
      sample: com.amazonaws.vpce.us-west-2.vpce-svc-0b62964bfd0edfb74
    whitelist_required:
      description:
        - Whether the own cloud account must be allowed to see the service before the endpoint is created.
        - See M(zilliz.cloud.private_endpoint_whitelist).
      type: bool
      returned: success
      sample: false
"""

from ansible_collections.zilliz.cloud.plugins.module_utils._module import ZillizModule


def read(module):
    project_id = module.params["project_id"]
    services, widened = module.client.services_for(module.params["region_id"], project_id)
    if widened:
        module.warn(f"Zilliz Cloud lists no service for project {project_id}: these are all services of the region")
    return dict(changed=False, private_endpoint_services=services)


def main():
    spec = dict(region_id=dict(type="str"), project_id=dict(type="str"))
    ZillizModule(argument_spec=spec, supports_check_mode=True).run(read)


if __name__ == "__main__":
    main()
