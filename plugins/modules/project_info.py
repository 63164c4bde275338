#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: project_info
short_description: List the projects of Zilliz Cloud
version_added: 1.0.0
description:
  - Describes one project, or lists the projects that the API key can see.
author:
  - "zilliz.cloud contributors (@zilliz-cloud)"
options:
  project_id:
    description: Describe this project only. One that is not there, or that the key may not see, is an error.
    type: str
  project_name:
    description: Return only projects of this name. Names are not promised to be unique.
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
- name: List all projects
  zilliz.cloud.project_info:
  register: found

- name: Find a project by its name
  zilliz.cloud.project_info:
    project_name: production
"""

RETURN = r"""
---
projects:
  description: The projects, with the fields of the API in snake_case. Only id and name are always there.
  type: list
  elements: dict
  returned: success
  contains:
    project_id:
      description: The id of the project.
      type: str
      returned: success
      sample: proj-0123456789abcdef
    project_name:
      description: The name of the project.
      type: str
      returned: success
      sample: production
    region_ids:
      description: The regions of the project.
      type: list
      elements: str
      returned: when the API gives it
      sample: [aws-us-west-2]
    plan:
      description: The plan of the project, such as V(Standard), V(Enterprise) or V(BusinessCritical).
      type: str
      returned: when the API gives it
      sample: Enterprise
    instance_count:
      description: The number of clusters.
      type: int
      returned: when the API gives it
      sample: 2
"""

from ansible_collections.zilliz.cloud.plugins.module_utils._module import ZillizModule


def read(module):
    client, params = module.client, module.params
    found = [client.project(params["project_id"])] if params["project_id"] else client.projects()
    if params["project_name"]:
        found = [project for project in found if project.get("project_name") == params["project_name"]]
    return dict(changed=False, projects=found)


def main():
    spec = dict(project_id=dict(type="str"), project_name=dict(type="str"))
    ZillizModule(argument_spec=spec, supports_check_mode=True).run(read)


if __name__ == "__main__":
    main()
