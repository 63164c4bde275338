#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: private_endpoint_info
short_description: List the endpoints registered with a Zilliz Cloud project
version_added: 1.0.0
description:
  - Lists the registrations of a project with their status, all of them or those that match.
  - The API keeps neither time, name, tags nor maker of a registration.
author:
  - "zilliz.cloud contributors (@zilliz-cloud)"
options:
  project_id:
    description: The Zilliz Cloud project. See M(zilliz.cloud.project_info).
    type: str
    required: true
  region_id:
    description: Return only registrations of this region. The API has no such filter, so all are read in any case.
    type: str
  endpoint_id:
    description: Return only registrations of this endpoint.
    type: str
  gcp_project_id:
    description: Return only registrations of this Google project.
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
"""

EXAMPLES = r"""
---
- name: List the registrations of a project in a region
  zilliz.cloud.private_endpoint_info:
    project_id: proj-0123456789abcdef
    region_id: aws-us-west-2
  register: found
"""

RETURN = r"""
---
private_endpoints:
  description: The registrations.
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
      description: The cloud of the region, such as V(aws), V(gcp), V(azure), V(ali) or V(tc).
      type: str
      returned: success
      sample: aws
    endpoint_service:
      description: The endpoint service of Zilliz Cloud that the endpoint leads to.
      type: str
      returned: success
      sample: com.amazonaws.vpce.us-west-2.vpce-svc-0b62964bfd0edfb74
    endpoint_service_status:
      description: The status of the service, in Zilliz Cloud's words.
      type: str
      returned: success
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
      returned: success
      sample: AVAILABLE
    gcp_project_id:
      description: The Google project of the endpoint. Empty outside of Google Cloud.
      type: str
      returned: when the API gives it
      sample: my-project
"""

from ansible_collections.zilliz.cloud.plugins.module_utils._module import ZillizModule

FILTERS = ("region_id", "endpoint_id", "gcp_project_id")


def read(module):
    wanted = {name: module.params[name] for name in FILTERS if module.params[name]}
    rows = module.client.endpoints(module.params["project_id"])
    rows = [row for row in rows if all(row.get(name) == value for name, value in wanted.items())]
    return dict(changed=False, private_endpoints=rows)


def main():
    spec = dict(
        project_id=dict(type="str", required=True),
        region_id=dict(type="str"),
        endpoint_id=dict(type="str"),
        gcp_project_id=dict(type="str"),
    )
    ZillizModule(argument_spec=spec, supports_check_mode=True).run(read)


if __name__ == "__main__":
    main()
