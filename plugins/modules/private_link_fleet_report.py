#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: private_link_fleet_report
short_description: Tell what became of many private links and write the report of them
version_added: 1.0.0
author:
  - "zilliz.cloud contributors (@zilliz-cloud)"
description:
  - Joins what a run over many private links noted for each of them into one sentence, one table and one page. The role
    P(zilliz.cloud.private_link_fleet#role) ends with it.
  - It asks nobody and changes nothing but these two files. Run it on the controller.
extends_documentation_fragment:
  - zilliz.cloud.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
  idempotent:
    support: none
    details: A report carries the time at which it was made.
options:
  hosts:
    description: The hosts of the run, each of them a link. One of which O(links) says nothing was not finished, and counts as failed.
    type: list
    elements: str
    required: true
  links:
    description: What was noted.
    type: list
    elements: dict
    default: []
    suboptions:
      host:
        description: The host.
        type: str
        required: true
      cloud:
        description: The cloud of its link.
        type: str
        default: ""
      link:
        description: The name of its link.
        type: str
        default: ""
      failed:
        description: Whether the run failed for this link.
        type: bool
        default: false
      state:
        description: How the link is, as RV(zilliz.cloud.private_link_report#module:state) has it.
        type: str
        default: ""
      summary:
        description: What became of it in one sentence. Told from the other values when it is empty.
        type: str
        default: ""
      changes:
        description: What was changed.
        type: list
        elements: str
        default: []
      steps:
        description: What would be changed, in check mode.
        type: list
        elements: str
        default: []
      links:
        description: The clusters of the link, as RV(zilliz.cloud.private_link_info#module:private_links) has them.
        type: list
        elements: dict
        default: []
      report:
        description: The path of the link's own report, to which the page leads.
        type: str
        default: ""
  action:
    description: What the run was to do with the links.
    type: str
    choices: [present, check, absent]
    default: present
  html:
    description: Where the page is written to. Its folder is made when it is not there. Without it no page is written.
    type: path
  json:
    description: Where the same is written to for machines. Its folder is made when it is not there.
    type: path
notes:
  - A file is replaced as a whole, so that who reads it never sees half a report.
seealso:
  - module: zilliz.cloud.private_link_report
"""

EXAMPLES = r"""
- name: Tell what became of two links
  zilliz.cloud.private_link_fleet_report:
    hosts: [search-us, search-eu]
    links:
      - host: search-us
        cloud: aws
        link: proj-4487580fcfe2c8a4391686/aws-us-west-2/vpc-0a1b2c3d4e5f67890
        changes: "{{ hostvars['search-us'].aws_private_link_result.changes }}"
      - host: search-eu
        failed: true
        summary: "{{ hostvars['search-eu'].why }}"
    json: report/private-links.json
  delegate_to: localhost
  run_once: true
"""

RETURN = r"""
summary:
  description: What became of all of them in one sentence.
  returned: success
  type: str
  sample: "3 of 4 links are set up; 1 failed: search-eu."
counts:
  description: How many links are in each state.
  returned: success
  type: dict
  sample: {"changed": 1, "failed": 1, "ok": 2}
failed_hosts:
  description: The hosts whose link failed.
  returned: success
  type: list
  elements: str
  sample: [search-eu]
links:
  description: Every link in the order of O(hosts).
  returned: success
  type: list
  elements: dict
  contains:
    host:
      description: The host.
      type: str
    cloud:
      description: The cloud of its link.
      type: str
    link:
      description: The name of its link.
      type: str
    failed:
      description: Whether the run failed for it.
      type: bool
    state:
      description:
        - C(ok), C(changed), C(planned) in check mode, C(failed), or the state that a check found.
      type: str
    summary:
      description: What became of it.
      type: str
    changes:
      description: What was changed.
      type: list
      elements: str
    steps:
      description: What would be changed.
      type: list
      elements: str
    addresses:
      description: The hosts and ports of the clusters that are reached privately.
      type: list
      elements: str
    report:
      description: The path of its own report.
      type: str
lines:
  description: The table for a terminal, about 100 columns wide.
  returned: success
  type: list
  elements: str
"""

import datetime
import json
import os

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.zilliz.cloud.plugins.module_utils._report_fleet import judge, page, table
from ansible_collections.zilliz.cloud.plugins.module_utils._report_file import write

LINK = dict(
    host=dict(required=True),
    cloud=dict(default=""),
    link=dict(default=""),
    failed=dict(type="bool", default=False),
    state=dict(default=""),
    summary=dict(default=""),
    changes=dict(type="list", elements="str", default=[]),
    steps=dict(type="list", elements="str", default=[]),
    links=dict(type="list", elements="dict", default=[]),
    report=dict(default=""),
)


def main():
    module = AnsibleModule(
        argument_spec=dict(
            hosts=dict(type="list", elements="str", required=True),
            links=dict(type="list", elements="dict", default=[], options=LINK),
            action=dict(choices=["present", "check", "absent"], default="present"),
            html=dict(type="path"),
            json=dict(type="path"),
        ),
        supports_check_mode=True,
    )
    params = module.params
    report = judge(params["hosts"], params["links"], params["action"], module.check_mode)
    time = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    folder = os.path.dirname(os.path.abspath(params["html"] or "."))
    texts = {
        "html": lambda: page(report, params["action"], time, lambda path: os.path.relpath(path, folder)),
        "json": lambda: json.dumps(dict(report, action=params["action"], time=time), indent=2) + "\n",
    }
    written = [write(module, params[name], make()) for name, make in texts.items() if params[name]]
    module.exit_json(changed=any(written), lines=table(report), **report)


if __name__ == "__main__":
    main()
