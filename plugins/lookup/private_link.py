# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
name: private_link
short_description: The private link address of a Zilliz Cloud cluster
version_added: 1.0.0
author:
  - "zilliz.cloud contributors (@zilliz-cloud)"
description:
  - Returns what a client in the own network must connect to, for each cluster that is named.
  - A cluster that has no private link is an error that says why.
options:
  _terms:
    description: The ids or names of clusters.
    type: list
    elements: str
    required: true
  part:
    description: Which part of the address to return.
    type: str
    choices: [url, host, port]
    default: url
  project_id:
    description: Look only at clusters of this project. Needed when a name occurs in several projects.
    type: str
  region_id:
    description: Look only at clusters of this region.
    type: str
extends_documentation_fragment:
  - zilliz.cloud.zilliz.plugin
notes:
  - All clusters that the API key can see, in O(region_id) where it is given, are read once for each use of the lookup.
    Name several clusters in one use rather than one in several.
seealso:
  - module: zilliz.cloud.private_link_info
"""

EXAMPLES = r"""
- name: Show the private address of a cluster
  ansible.builtin.debug:
    msg: "{{ lookup('zilliz.cloud.private_link', 'in01-840ec44485bf25d') }}"

- name: Show the ports of two clusters
  ansible.builtin.debug:
    msg: "{{ query('zilliz.cloud.private_link', 'search', 'ranking', part='port', project_id='proj-0123456789abcdef') }}"
"""

RETURN = r"""
_raw:
  description: The address, host or port of each cluster, in the order of the terms.
  type: list
  elements: raw
"""

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase

from ansible_collections.zilliz.cloud.plugins.module_utils._names import links
from ansible_collections.zilliz.cloud.plugins.plugin_utils._client import client_of


class LookupModule(LookupBase):
    def run(self, terms, variables=None, **kwargs):
        self.set_options(var_options=variables, direct=kwargs)
        with client_of(self) as client:
            clusters = client.clusters(self.get_option("region_id"))
        wanted = {name: self.get_option(name) for name in ("project_id", "region_id") if self.get_option(name)}
        clusters = [one for one in clusters if all(one.get(name) == value for name, value in wanted.items())]
        return [self._address(str(term), clusters)[self.get_option("part")] for term in terms]

    @staticmethod
    def _address(term, clusters):
        found = [one for one in clusters if one.get("cluster_id") == term]
        found = found or [one for one in clusters if one.get("cluster_name") == term]
        if not found:
            known = ", ".join(sorted(f"{one.get('cluster_name')} ({one.get('cluster_id')})" for one in clusters))
            raise AnsibleError(f"There is no Zilliz Cloud cluster '{term}'. There is: {known or 'no cluster'}")
        # A dropped cluster stays listed for a while and must not make the name of its successor ambiguous.
        found = [one for one in found if one.get("status") != "DELETED"] or found
        if len(found) > 1:
            places = ", ".join(f"{one.get('cluster_id')} in project {one.get('project_id')}" for one in found)
            raise AnsibleError(
                f"There are {len(found)} Zilliz Cloud clusters named '{term}': {places}. Give the id or project_id"
            )
        link = links(found, found[0].get("project_id"), found[0].get("region_id"))[0]
        if not link["ready"]:
            raise AnsibleError(f"Zilliz Cloud cluster '{term}' has no private link: {link['reason']}")
        return link
