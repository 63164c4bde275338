# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """Options of the plan modules that mean the same in every cloud; see plugins/module_utils/_module.py, link_argument_spec."""

    DOCUMENTATION = r"""
options:
  state:
    description: Whether the link shall be there or gone.
    type: str
    choices: [present, absent]
    default: present
  project_id:
    description: Id of the Zilliz Cloud project, such as V(proj-20e13e974c7d659a83xxxx).
    type: str
    required: true
  cluster_ids:
    description: Only the clusters with these ids. Without O(cluster_ids) and O(cluster_names) all of the project and region.
    type: list
    elements: str
    default: []
  cluster_names:
    description: Only the clusters with these names.
    type: list
    elements: str
    default: []
  confirm_clusters:
    description:
      - With O(state=absent) and named clusters, the ids or names of the other clusters that lose their private link too.
    type: list
    elements: str
    default: []
  adopt:
    description: Take over what fits and bears no mark, by writing this link's mark on it.
    type: bool
    default: false
  awaits:
    description:
      - Kinds of waiting that matter to the caller. While one of them lasts, RV(settled) is false, and private DNS is not read.
    type: list
    elements: str
    choices: [endpoint, link, maintenance, gone]
    default: []
  done:
    description:
      - Rounds that the caller has acted on. While a step of theirs is still open, RV(settled) is false, because a cloud may
        show for a while what was before the act. Names that O(changes) does not mention do not count, since their clusters came up
        or were dropped meanwhile, and RV(rounds) asks for them. A registration or endpoint that failed meanwhile fails the task.
    type: list
    elements: str
    choices: [connect, name, absent]
    default: []
  changes:
    description: What the caller has done so far, returned in RV(result).
    type: list
    elements: str
    default: []
  wait_timeout:
    description:
      - Seconds that the caller waits for the endpoint and the links. Checked here, so that mistakes show at once.
      - With V(0) nothing of it is awaited, and RV(notes) names what is still to come.
    type: int
    default: 1200
  maintenance_timeout:
    description: Seconds that the caller waits for clusters in maintenance. V(0) means not at all.
    type: int
    default: 2700
  inspect:
    description:
      - Judge the link as it is, for the role P(zilliz.cloud.private_link_check#role). The answer has RV(checks) then, and what
        is wrong with the options or cannot be read stands in RV(checks) and RV(problems) instead of failing the task.
    type: bool
    default: false
  deep:
    description:
      - With O(inspect=true), also read what the plan has no use for and what can spoil a link all the same, such as quotas and
        rules of others that take its names or its packets.
    type: bool
    default: false
"""
