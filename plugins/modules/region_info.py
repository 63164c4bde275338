#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: region_info
short_description: List the clouds and regions of Zilliz Cloud
version_added: 1.0.0
description:
  - Lists the clouds and regions that O(host_address) offers.
  - This is the only sure way from a region to its cloud. The prefix of a region id misleads, as regions of cloud V(azure) start
    with C(az-).
author:
  - "zilliz.cloud contributors (@zilliz-cloud)"
options:
  cloud_id:
    description: Return only this cloud and its regions, such as V(aws), V(gcp), V(azure), V(ali) or V(tc).
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
"""

EXAMPLES = r"""
---
- name: List all regions
  zilliz.cloud.region_info:
  register: found

- name: List the regions on Google Cloud
  zilliz.cloud.region_info:
    cloud_id: gcp
"""

RETURN = r"""
---
clouds:
  description: The clouds.
  type: list
  elements: dict
  returned: success
  contains:
    cloud_id:
      description: The id of the cloud.
      type: str
      returned: success
      sample: aws
    description:
      description: What Zilliz Cloud calls it.
      type: str
      returned: success
      sample: Amazon Web Services
regions:
  description: The regions.
  type: list
  elements: dict
  returned: success
  contains:
    region_id:
      description: The id of the region.
      type: str
      returned: success
      sample: aws-us-west-2
    cloud_id:
      description: The cloud of the region.
      type: str
      returned: success
      sample: aws
    domain:
      description: The host of the API for this region, without a scheme.
      type: str
      returned: success
      sample: api.cloud.zilliz.com
"""

from ansible_collections.zilliz.cloud.plugins.module_utils._module import ZillizModule


def read(module):
    cloud_id = module.params["cloud_id"]
    regions = module.client.regions(cloud_id)
    clouds = [cloud for cloud in module.client.clouds() if cloud_id in (None, cloud.get("cloud_id"))]
    return dict(changed=False, clouds=clouds, regions=regions)


def main():
    spec = dict(cloud_id=dict(type="str"))
    ZillizModule(argument_spec=spec, supports_check_mode=True).run(read)


if __name__ == "__main__":
    main()
