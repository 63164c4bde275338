#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: cluster_info
short_description: List the clusters of Zilliz Cloud
version_added: 1.0.0
description:
  - Describes one cluster, or lists the clusters that the API key can see, all of them or those that match.
  - To learn the host and port of private links, use M(zilliz.cloud.private_link_info).
author:
  - "zilliz.cloud contributors (@zilliz-cloud)"
options:
  cluster_id:
    description: Describe this cluster only. The answer then has more fields, and a cluster that is not there is an error.
    type: str
  cluster_name:
    description: Return only clusters of this name.
    type: str
  project_id:
    description: Return only clusters of this project. The API has no such filter, so all are read in any case.
    type: str
  region_id:
    description: Return only clusters of this region.
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
  - module: zilliz.cloud.private_link_info
"""

EXAMPLES = r"""
---
- name: List the clusters of a project
  zilliz.cloud.cluster_info:
    project_id: proj-0123456789abcdef
  register: found

- name: Describe one cluster
  zilliz.cloud.cluster_info:
    cluster_id: in01-840ec44485bf25d
"""

RETURN = r"""
---
clusters:
  description:
    - The clusters, with the fields of the API in snake_case. Which ones are there depends on the cluster and its age.
  type: list
  elements: dict
  returned: success
  contains:
    cluster_id:
      description: The id of the cluster.
      type: str
      returned: success
      sample: in01-840ec44485bf25d
    cluster_name:
      description: The name of the cluster.
      type: str
      returned: success
      sample: search
    project_id:
      description: The project of the cluster.
      type: str
      returned: success
      sample: proj-0123456789abcdef
    region_id:
      description: The region of the cluster.
      type: str
      returned: success
      sample: aws-us-west-2
    plan:
      description: The plan, such as V(Free), V(Serverless), V(Standard) or V(Enterprise).
      type: str
      returned: success
      sample: Enterprise
    deployment_option:
      description: V(Free), V(Serverless) or V(Dedicated). Missing in older answers of the API.
      type: str
      returned: when the API gives it
      sample: Dedicated
    status:
      description: The status, such as V(RUNNING), V(MODIFYING) or V(SET_PRIVATE_LINK).
      type: str
      returned: success
      sample: RUNNING
    connect_address:
      description: The public address.
      type: str
      returned: success
      sample: https://in01-840ec44485bf25d.aws-us-west-2.vectordb.zillizcloud.com:19530
    private_link_address:
      description: The private address. Empty until Zilliz Cloud has allocated a private link.
      type: str
      returned: success
      sample: https://in01-840ec44485bf25d-privatelink.aws-us-west-2.vectordb.zillizcloud.com:19531
    public_address_enabled:
      description: Whether the public address is switched on. Missing where it cannot be switched.
      type: bool
      returned: when the API gives it
      sample: true
"""

from ansible_collections.zilliz.cloud.plugins.module_utils._module import ZillizModule

FILTERS = ("cluster_name", "project_id", "region_id")


def read(module):
    client, params = module.client, module.params
    found = [client.cluster(params["cluster_id"])] if params["cluster_id"] else client.clusters(params["region_id"])
    wanted = {name: params[name] for name in FILTERS if params[name]}
    found = [cluster for cluster in found if all(cluster.get(name) == value for name, value in wanted.items())]
    return dict(changed=False, clusters=found)


def main():
    spec = dict(
        cluster_id=dict(type="str"),
        cluster_name=dict(type="str"),
        project_id=dict(type="str"),
        region_id=dict(type="str"),
    )
    ZillizModule(argument_spec=spec, supports_check_mode=True).run(read)


if __name__ == "__main__":
    main()
