#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: private_only_plan
short_description: Decide which public endpoints of Zilliz Cloud clusters may be closed
version_added: 1.0.0
description:
  - Reads the clusters of a project and region, and says which public endpoints are to be closed or opened. Changes nothing.
  - The role P(zilliz.cloud.private_only#role) asks it before and after each of its acts. It closes nothing unless every named
    cluster was reached from inside the network, and names what must be opened again when that fails afterwards.
author:
  - "zilliz.cloud contributors (@zilliz-cloud)"
options:
  state:
    description: Whether the public endpoints shall be V(disabled) or V(enabled).
    type: str
    choices: [enabled, disabled]
    default: disabled
  project_id:
    description: The Zilliz Cloud project, such as V(proj-0123456789abcdef).
    type: str
    required: true
  region_id:
    description: The Zilliz Cloud region of the clusters, such as V(aws-us-west-2).
    type: str
    required: true
  cluster_ids:
    description:
      - Only the clusters with these ids.
      - Without O(cluster_ids) and O(cluster_names), all clusters of the project and region that have a private link, or with
        O(state=enabled) all Dedicated ones.
    type: list
    elements: str
    default: []
  cluster_names:
    description: Only the clusters with these names.
    type: list
    elements: str
    default: []
  accept_lockout:
    description: Whether a controller may lose its way to the clusters, because it knows their public names only.
    type: bool
    default: false
  probes:
    description:
      - What was seen from inside, a list of dictionaries with C(vantage), C(error) and the C(probes) of a
        C(zilliz.cloud.private_link_probe).
      - Left out before anybody was asked. An empty list says that nobody could be.
    type: list
    elements: dict
  controller:
    description:
      - The C(probes) of the controller itself. They tell whether it would be locked out (O(state=disabled)), or whether the public
        names answer (O(state=enabled)).
    type: list
    elements: dict
    default: []
  switched:
    description: The results of the loop that asked for the change, with the cluster as C(item).
    type: list
    elements: dict
    default: []
  awaited:
    description: The results of the loop that waited for it.
    type: list
    elements: dict
    default: []
  reverted:
    description: The results of the loop that opened again.
    type: list
    elements: dict
    default: []
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
  idempotent:
    support: full
extends_documentation_fragment:
  - zilliz.cloud.zilliz
  - zilliz.cloud.attributes
  - zilliz.cloud.attributes.group_zilliz
seealso:
  - module: zilliz.cloud.cluster_public_endpoint
"""

EXAMPLES = r"""
---
- name: See which public endpoints are open
  zilliz.cloud.private_only_plan:
    project_id: proj-0123456789abcdef
    region_id: aws-us-west-2
  register: public

- name: Show them
  ansible.builtin.debug:
    msg: "{{ public.lines }}"
"""

RETURN = r"""
---
links:
  description: The clusters that are meant, in the form of the links of M(zilliz.cloud.private_link_info), for a probe.
  type: list
  elements: dict
  returned: success
public_links:
  description: Their public names, for a probe.
  type: list
  elements: dict
  returned: success
switch:
  description: The clusters whose public endpoint is to be closed or opened, and may be, and those where it is on its way already.
  type: list
  elements: dict
  returned: success
revert:
  description: The clusters that were closed, and whose private link does not work after it.
  type: list
  elements: dict
  returned: success
problems:
  description: What is wrong and what to do, one sentence each.
  type: list
  elements: str
  returned: success
message:
  description: All of them in one sentence, or empty.
  type: str
  returned: success
notes:
  description: Clusters that were left out, and why.
  type: list
  elements: str
  returned: success
lines:
  description: One line of text for each cluster.
  type: list
  elements: str
  returned: success
  sample:
    - "search (in01-840ec44485bf25d): closed; private link works from vpc-client"
result:
  description: What the role hands over.
  type: dict
  returned: success
  contains:
    state:
      description: What was wished.
      type: str
      returned: success
      sample: disabled
    changed:
      description: Whether a public endpoint is other than before, or would be in check mode.
      type: bool
      returned: success
      sample: true
    summary:
      description: One sentence.
      type: str
      returned: success
      sample: 2 of 2 public endpoints are closed, 2 by this run; the private links work from vpc-client
    problems:
      description: What is wrong and what to do, one sentence each.
      type: list
      elements: str
      returned: success
      sample: []
    proven_from:
      description: Who was asked whether the private links work.
      type: list
      elements: str
      returned: success
      sample: [vpc-client]
    clusters:
      description: The clusters.
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
        public_endpoint:
          description: V(open), V(closed), V(opening), V(closing), or V(unknown) where the deployment does not tell.
          type: str
          returned: success
          sample: closed
        public_url:
          description: The public address.
          type: str
          returned: success
          sample: https://in01-840ec44485bf25d.aws-us-west-2.vectordb.zillizcloud.com:19530
        private_url:
          description: The private link address, or null.
          type: str
          returned: success
          sample: https://in01-840ec44485bf25d-privatelink.aws-us-west-2.vectordb.zillizcloud.com:19531
        changed:
          description: Whether this run closed or opened it, or would in check mode.
          type: bool
          returned: success
          sample: true
        proven:
          description: Whether every vantage reached the cluster through its private link.
          type: bool
          returned: success
          sample: true
        note:
          description: What there is to say of it.
          type: str
          returned: success
          sample: private link works from vpc-client
"""

from ansible_collections.zilliz.cloud.plugins.module_utils._client import ZillizError
from ansible_collections.zilliz.cloud.plugins.module_utils._module import ZillizModule
from ansible_collections.zilliz.cloud.plugins.module_utils._names import links
from ansible_collections.zilliz.cloud.plugins.module_utils._plan import numbered, words
from ansible_collections.zilliz.cloud.plugins.module_utils._private_only import Decision, choose, public_links

ACTS = ("switched", "awaited", "reverted")


def read(client, row):
    """One cluster as it is now. The list does not tell of public endpoints, and one that cannot be read must not hide the others."""
    try:
        return client.cluster(row["cluster_id"])
    except ZillizError as error:
        return dict(row, unreadable=str(error))


def act(one):
    """What became of one cluster in a loop that goes on when a cluster fails."""
    item = one.get("item") or {}
    failure = None if "public_endpoint" in one else one.get("msg") or f"{item.get('cluster_name')}: no answer"
    return dict(cluster_id=item.get("cluster_id"), changed=bool(one.get("changed")), msg=failure)


def plan(module):
    client, params = module.client, module.params
    closing = params["state"] == "disabled"
    rows = client.clusters(params["region_id"])
    found = links(rows, params["project_id"], params["region_id"])
    chosen, notes, mistakes = choose(found, words(params["cluster_ids"]), words(params["cluster_names"]), closing)
    ids = [link["cluster_id"] for link in chosen]
    clusters = {row["cluster_id"]: read(client, row) for row in rows if row.get("cluster_id") in ids}
    decision = Decision(
        closing,
        chosen,
        clusters,
        registrations=client.endpoints(params["project_id"]) if closing else [],
        probes=params["probes"],
        controller=params["controller"],
        accept_lockout=params["accept_lockout"],
        acts={name: [act(one) for one in params[name] if not one.get("skipped")] for name in ACTS},
        check=module.check_mode,
    )
    problems = mistakes + decision.problems
    result = dict(
        state=params["state"],
        changed=any(row["changed"] for row in decision.rows()),
        summary=decision.summary,
        problems=problems,
        proven_from=decision.vantages,
        clusters=decision.rows(),
    )
    wanted = {name: [link for link in chosen if link["cluster_id"] in getattr(decision, name)] for name in ("switch", "revert")}
    if mistakes:
        # A name that does not exist: nothing is done to the others until that is cleared.
        wanted["switch"] = []
    return dict(
        changed=False,
        links=chosen,
        public_links=public_links(chosen),
        problems=problems,
        message=numbered(problems) if problems else "",
        notes=notes,
        lines=decision.lines(),
        result=result,
        **wanted,
    )


def main():
    loop = dict(type="list", elements="dict", default=[])
    spec = dict(
        state=dict(type="str", choices=["enabled", "disabled"], default="disabled"),
        project_id=dict(type="str", required=True),
        region_id=dict(type="str", required=True),
        cluster_ids=dict(type="list", elements="str", default=[]),
        cluster_names=dict(type="list", elements="str", default=[]),
        accept_lockout=dict(type="bool", default=False),
        probes=dict(type="list", elements="dict"),
        controller=loop,
        **{name: loop for name in ACTS},
    )
    ZillizModule(argument_spec=spec, supports_check_mode=True).run(plan)


if __name__ == "__main__":
    main()
