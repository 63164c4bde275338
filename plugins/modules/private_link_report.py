#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: private_link_report
short_description: Judge a private link and write the report of it
version_added: 1.0.0
author:
  - "zilliz.cloud contributors (@zilliz-cloud)"
description:
  - Joins what the plan of a private link sees on both sides with what M(zilliz.cloud.private_link_probe) sees from inside, and
    judges the link by it.
  - Writes the judgement as one HTML page with a picture of the path, as JSON for machines, or not at all.
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
  link:
    description: The name of the link, as RV(zilliz.cloud.aws_private_link_plan#module:result) has it in C(link). It heads the report.
    type: str
    default: ""
  cloud:
    description: The cloud of the link.
    type: str
    choices: [aws, gcp]
  checks:
    description:
      - The checks of the plan, as RV(zilliz.cloud.aws_private_link_plan#module:checks) or
        RV(zilliz.cloud.gcp_private_link_plan#module:checks) has them.
    type: list
    elements: dict
    default: []
  probes:
    description:
      - What was seen from inside, one entry for each host that the path was tried from.
      - Without any, the report says that the link is not proven from inside.
    type: list
    elements: dict
    default: []
    suboptions:
      vantage:
        description: The host that the path was tried from.
        type: str
        required: true
      error:
        description: Why that host saw nothing. Empty when it did.
        type: str
        default: ""
      probes:
        description: What it saw, as RV(zilliz.cloud.private_link_probe#module:probes) has it.
        type: list
        elements: dict
        default: []
  result:
    description:
      - The link as it is, as RV(zilliz.cloud.aws_private_link_plan#module:result) or
        RV(zilliz.cloud.gcp_private_link_plan#module:result) has it. It fills the picture and tells how to connect.
    type: dict
    default: {}
  preflight:
    description:
      - Whether the link is still to be set up. What the set-up makes then counts as foreseen and not as a fault.
    type: bool
    default: false
  problem:
    description: Why the plan itself could not be made. It is a finding like any other.
    type: str
    default: ""
  html:
    description:
      - Where the page is written to. Its folder is made when it is not there. Without it no page is written.
      - The page needs nothing from elsewhere and runs no script, so that it can be mailed and archived as it is.
    type: path
  json:
    description: Where the same is written to for machines. Its folder is made when it is not there.
    type: path
notes:
  - A host that could not be asked makes the link degraded, since nothing is proven from there. What could not be read on the two
    sides is told and does not count.
  - The report holds ids, addresses and host names of the link, and neither keys nor passwords.
  - A file is replaced as a whole, so that who reads it never sees half a report.
seealso:
  - module: zilliz.cloud.private_link_probe
  - module: zilliz.cloud.aws_private_link_plan
  - module: zilliz.cloud.gcp_private_link_plan
"""

EXAMPLES = r"""
- name: Judge a link by both sides and by what two hosts inside saw
  zilliz.cloud.private_link_report:
    link: "{{ plan.mark }}"
    cloud: aws
    checks: "{{ plan.checks }}"
    probes:
      - vantage: app1
        probes: "{{ hostvars.app1.probe.probes }}"
      - vantage: app2
        error: "Failed to connect to the host via ssh"
    result: "{{ plan.result }}"
    html: report/private-link.html
    json: report/private-link.json
  delegate_to: localhost
  register: report

- name: See whether the set-up could begin
  zilliz.cloud.private_link_report:
    checks: "{{ plan.checks }}"
    preflight: true
  delegate_to: localhost
  register: report
  failed_when: report.state != "ready"
"""

RETURN = r"""
state:
  description:
    - How the link is. V(degraded) works but needs attention. V(broken) does not work, or not for every cluster.
    - V(ready) comes with O(preflight=true) only, when nothing is in the way of the set-up.
    - One of V(healthy), V(degraded), V(broken) and V(ready).
  returned: success
  type: str
  sample: degraded
summary:
  description: The judgement in one sentence. It begins with the state.
  returned: success
  type: str
  sample: "degraded: 1 of 14 checks needs attention (Registrations without endpoint), proven from inside by app1."
rows:
  description:
    - Every line of the table, in the order of the way from a client to its cluster.
    - From the probes there is one for each cluster and host, and one more for a call with a key.
  returned: success
  type: list
  elements: dict
  contains:
    check:
      description: What kind of thing was looked at, such as C(endpoint), C(record) or C(path).
      type: str
    title:
      description: The same in words.
      type: str
    subject:
      description: Which one. For C(path) the id of the cluster, or its host and port where the id is not known.
      type: str
    state:
      description: One of C(ok), C(degraded), C(broken), C(missing), C(unknown) and C(skipped).
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
    station:
      description:
        - Where on the way that is, which for a path is where it ends.
        - One of C(client), C(dns), C(endpoint), C(registration) and C(cluster).
      type: str
    vantage:
      description: The host that the path was tried from. Only for what the probes saw.
      type: str
    verdict:
      description: The verdict of the probe. Only for what the probes saw.
      type: str
    cluster_name:
      description: The name of the cluster. Only for what the probes saw.
      type: str
lines:
  description: The table for a terminal, at most 100 columns wide.
  returned: success
  type: list
  elements: str
  sample:
    - "healthy: all checks passed, proven from inside by app1."
    - "CLIENT"
    - "  ok        Path from inside: search (in01-61e949d971f841b) from app1"
counts:
  description: How many rows are in each state.
  returned: success
  type: dict
  sample: {"broken": 0, "degraded": 1, "missing": 0, "ok": 13, "skipped": 0, "unknown": 0}
proven_from:
  description:
    - The hosts from which every path works. Empty when the link is not proven from inside.
  returned: success
  type: list
  elements: str
  sample: [app1]
"""

import datetime
import json

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.zilliz.cloud.plugins.module_utils._report import judge, table
from ansible_collections.zilliz.cloud.plugins.module_utils._report_file import write
from ansible_collections.zilliz.cloud.plugins.module_utils._report_html import page

HEAD = ("state", "summary", "link", "cloud", "time", "proven_from", "rows", "probes", "links")


def main():
    probe = dict(vantage=dict(required=True), error=dict(default=""), probes=dict(type="list", elements="dict", default=[]))
    module = AnsibleModule(
        argument_spec=dict(
            link=dict(default=""),
            cloud=dict(choices=["aws", "gcp"]),
            checks=dict(type="list", elements="dict", default=[]),
            probes=dict(type="list", elements="dict", default=[], options=probe),
            result=dict(type="dict", default={}),
            preflight=dict(type="bool", default=False),
            problem=dict(default=""),
            html=dict(type="path"),
            json=dict(type="path"),
        ),
        supports_check_mode=True,
    )
    params = module.params
    try:
        report = judge(*(params[name] for name in ("checks", "probes", "result", "preflight", "problem")))
    except ValueError as error:
        module.fail_json(msg=str(error))
    time = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    whole = dict(report, link=params["link"], cloud=params["cloud"], time=time, probes=params["probes"])
    whole["links"] = params["result"].get("links") or []
    texts = {
        "html": lambda: page(whole, params["result"], params["preflight"]),
        "json": lambda: json.dumps({name: whole[name] for name in HEAD}, indent=2) + "\n",
    }
    written = [write(module, params[name], make()) for name, make in texts.items() if params[name]]
    module.exit_json(changed=any(written), lines=table(report), **report)


if __name__ == "__main__":
    main()
