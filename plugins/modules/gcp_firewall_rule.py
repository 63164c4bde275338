#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: gcp_firewall_rule
short_description: Make a VPC firewall rule that exists exactly as it is wanted
version_added: 1.0.0
author:
  - "zilliz.cloud contributors (@zilliz-cloud)"
description:
  - Changes a VPC firewall rule until it is what is given here and nothing more. A port, range, protocol or target that
    somebody added is removed, one that is missing is added. What is not given is left as it is.
  - This fills a gap of M(google.cloud.gcp_compute_firewall), which adds what is missing but never sees what is too much,
    ignores O(priority) 0, and has no check mode. Use it to create rules and to delete them.
extends_documentation_fragment:
  - zilliz.cloud.gcp
  - zilliz.cloud.gcp.write
  - zilliz.cloud.attributes
  - zilliz.cloud.attributes.group_gcp
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  name:
    description: The rule. It must exist, and O(project) is the project of its network.
    type: str
    required: true
  network:
    description: The network that the rule must be of, as a name or URL. A rule of another network is an error.
    type: str
  direction:
    description: The direction that the rule must have. Google cannot change it, so another one is an error.
    type: str
    choices: [EGRESS, INGRESS]
  allowed:
    description: All that the rule allows.
    type: list
    elements: dict
    suboptions:
      ip_protocol:
        description: The protocol, such as V(tcp), by its name or number, or V(all).
        type: str
        required: true
      ports:
        description: Ports, such as V(443), and ranges of them, such as V(19530-19533). All ports when not given.
        type: list
        elements: str
  destination_ranges:
    description: All networks to which an egress rule applies, in CIDR form.
    type: list
    elements: str
  source_ranges:
    description: All networks from which an ingress rule applies, in CIDR form.
    type: list
    elements: str
  source_tags:
    description: All network tags of sources of an ingress rule. They widen O(source_ranges), an empty list removes them.
    type: list
    elements: str
  source_service_accounts:
    description: All service accounts of sources of an ingress rule. They widen O(source_ranges).
    type: list
    elements: str
  target_tags:
    description: All network tags of the instances to which the rule applies. An empty list means no such limit.
    type: list
    elements: str
  target_service_accounts:
    description: All service accounts of the instances to which the rule applies. An empty list means no such limit.
    type: list
    elements: str
  priority:
    description: The priority, from 0 to 65535. The smallest number wins.
    type: int
  disabled:
    description: Whether the rule is switched off.
    type: bool
  description:
    description: The description.
    type: str
  log_config:
    description: The logging of the rule.
    type: dict
    suboptions:
      enable:
        description: Whether connections are logged.
        type: bool
        default: false
      metadata:
        description: Whether the log has metadata. Left as it is when not given.
        type: str
        choices: [EXCLUDE_ALL_METADATA, INCLUDE_ALL_METADATA]
notes:
  - "IAM permissions: C(compute.firewalls.get), C(compute.firewalls.update), C(compute.networks.updatePolicy) and
    C(compute.globalOperations.get). The role C(roles/compute.securityAdmin) has them."
  - Ranges are compared as networks, protocols by number or name, and ports in any order.
seealso:
  - module: google.cloud.gcp_compute_firewall
  - module: google.cloud.gcp_compute_firewall_info
  - name: VPC firewall rules
    description: What the parts of a rule mean.
    link: https://cloud.google.com/firewall/docs/firewalls
"""

EXAMPLES = r"""
- name: Allow clients to reach the endpoint on one port, and nothing else
  zilliz.cloud.gcp_firewall_rule:
    project: my-project
    name: zilliz-private-link
    direction: EGRESS
    allowed:
      - ip_protocol: tcp
        ports: ["443"]
    destination_ranges: [10.10.0.5/32]
    target_tags: []
    disabled: false
"""

RETURN = r"""
rule:
  description: The rule after the run, or as it would be in check mode.
  returned: success
  type: dict
  sample:
    name: zilliz-private-link
    direction: EGRESS
    network: https://www.googleapis.com/compute/v1/projects/my-project/global/networks/my-vpc
    allowed:
      - ip_protocol: tcp
        ports: ["443"]
    destination_ranges: [10.10.0.5/32]
    source_ranges: []
    source_tags: []
    source_service_accounts: []
    target_tags: []
    target_service_accounts: []
    priority: 1000
    disabled: false
    description: zilliz.cloud private link proj-1/gcp-us-west1/my-project/my-vpc
    log_config: {"enable": false, "metadata": null}
"""

from ansible_collections.zilliz.cloud.plugins.module_utils import _gcp_firewall as firewall
from ansible_collections.zilliz.cloud.plugins.module_utils import _gcp_write as gcp
from ansible_collections.zilliz.cloud.plugins.module_utils._gcp_calls import COMPUTE, GcpError


def ensure(module, google):
    params = module.params
    url = f"{COMPUTE}projects/{params['project']}/global/firewalls/{params['name']}"
    rule = google.get(url, f"read the firewall rule {params['name']}", "compute.firewalls.get", missing=None)
    if not rule:
        raise GcpError(
            f"There is no firewall rule {params['name']} in project {params['project']}: check the name and the project, or"
            " create it with google.cloud.gcp_compute_firewall."
        )
    phrases = firewall.lasting(params, rule)
    if phrases:
        raise GcpError(
            f"The firewall rule {params['name']} cannot be changed to what is wanted: {' and '.join(phrases)}. Delete it and"
            " create it again, or give another name."
        )
    before = firewall.settings(rule)
    after = firewall.wanted(params, before)
    if before != after and not module.check_mode:
        purpose, body = f"change the firewall rule {params['name']}", firewall.patch(params["name"], before, after)
        google.write("PATCH", url, purpose, "compute.firewalls.update", body, params["operation_timeout"])
    lasting = {"name": params["name"], "direction": rule.get("direction", "INGRESS"), "network": rule.get("network")}
    return {"changed": before != after, "rule": {**lasting, **after}, "diff": {"before": before, "after": after}}


def main():
    texts = {"type": "list", "elements": "str"}
    gcp.run(
        ensure,
        name={"required": True},
        network={},
        direction={"choices": ["EGRESS", "INGRESS"]},
        allowed={
            "type": "list",
            "elements": "dict",
            "options": {"ip_protocol": {"required": True}, "ports": texts},
        },
        **{option: texts for option in firewall.LISTS},
        priority={"type": "int"},
        disabled={"type": "bool"},
        description={},
        log_config={
            "type": "dict",
            "options": {
                "enable": {"type": "bool", "default": False},
                "metadata": {"choices": ["EXCLUDE_ALL_METADATA", "INCLUDE_ALL_METADATA"]},
            },
        },
    )


if __name__ == "__main__":
    main()
