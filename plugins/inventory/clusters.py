# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
name: clusters
short_description: Zilliz Cloud clusters as hosts
version_added: 1.0.0
author:
  - "zilliz.cloud contributors (@zilliz-cloud)"
description:
  - Makes a host of every cluster that the API key can see, with its private link as variables, or with O(host_per=project_region)
    a host of every project and region that has clusters. The latter is an inventory of links for the playbook C(zilliz.cloud.fleet).
  - The name of the file must end with C(zilliz.yml), C(zilliz.yaml), C(clusters.yml) or C(clusters.yaml).
  - Every host is in the groups C(project_<project_id>) and C(region_<region_id>), a cluster also in C(plan_<plan>) and
    C(status_<status>), all in lower case, and with V(_) for what a group's name may not have, such as C(region_aws_us_west_2).
  - Clusters that were dropped and are still listed are left out.
options:
  plugin:
    description: Tells that the file is for this plugin.
    type: str
    required: true
    choices: [zilliz.cloud.clusters]
  host_per:
    description:
      - What becomes a host.
      - V(cluster) is one host per cluster. Its variables are C(cluster_id), C(cluster_name), C(project_id), C(region_id), C(cloud_id),
        C(plan), C(deployment_option), C(status), C(connect_address), C(private_link_address) as the API gives them, and
        C(private_link_url), C(private_link_host), C(private_link_port), which are V(null) without a link, C(private_link_ready), and
        C(private_link_reason) with the reason for having none.
      - V(project_region) is one host per project and region. Its variables are C(project_id), C(region_id), C(cloud_id), and C(clusters),
        a list with the variables above for each cluster.
    type: str
    choices: [cluster, project_region]
    default: cluster
  hostname:
    description:
      - What a cluster's host is called. Names of clusters need not be unique, and then their ids are the way out.
      - With O(host_per=project_region) a host is called by both ids, as in C(proj-4487580fcfe2c8a4391686_aws-us-west-2).
    type: str
    choices: [cluster_id, cluster_name]
    default: cluster_id
  filters:
    description:
      - Jinja2 conditions on the variables of a cluster. Only clusters for which all of them are true become hosts, or parts of them.
      - Unlike elsewhere, a condition that cannot be evaluated is an error in every case, whatever O(strict) says.
    type: list
    elements: str
    default: []
extends_documentation_fragment:
  - zilliz.cloud.zilliz.plugin
  - ansible.builtin.constructed
  - ansible.builtin.inventory_cache
notes:
  - O(api_key) may be a template, such as a lookup, or a vaulted value. It does not become a variable of a host.
  - With O(cache=true) the list of clusters is kept, and neither the key nor what the file makes of the list. A cache is not used with
    another key or another O(host_address).
seealso:
  - plugin: zilliz.cloud.private_link
    plugin_type: lookup
  - module: zilliz.cloud.cluster_info
"""

EXAMPLES = r"""
# clusters.yml: all clusters by their ids, with the key from the environment
plugin: zilliz.cloud.clusters

---
# prod.zilliz.yml: running clusters with a private link by name, in groups of one's own, read once an hour
plugin: zilliz.cloud.clusters
hostname: cluster_name
filters:
  - status == "RUNNING"
  - private_link_ready
compose:
  ansible_connection: "'local'"
  uri: private_link_url
groups:
  search: cluster_name is match("search-")
keyed_groups:
  - key: cloud_id
    prefix: cloud
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: ~/.cache/zilliz
cache_timeout: 3600

---
# fleet.zilliz.yml: a link for every project and region on AWS with Dedicated clusters, each into the VPC of its region
# (group_vars/region_aws_us_west_2.yml and so on hold aws_private_link_vpc_id, aws_private_link_subnet_ids and who may connect):
#   ansible-playbook -i fleet.zilliz.yml zilliz.cloud.fleet --forks 20
plugin: zilliz.cloud.clusters
host_per: project_region
filters:
  - cloud_id == "aws"
  - plan not in ["Free", "Serverless"]
strict: true
compose:
  aws_private_link_project_id: project_id
  aws_private_link_region_id: region_id
groups:
  private_links: true
"""

import hashlib
import os
import re

from ansible.errors import AnsibleError, AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable

from ansible_collections.zilliz.cloud.plugins.module_utils._names import links
from ansible_collections.zilliz.cloud.plugins.plugin_utils._client import client_of

ENDINGS = ("zilliz.yml", "zilliz.yaml", "clusters.yml", "clusters.yaml")
# Whatever else a cluster is called, Ansible would take it for a pattern, for a path or for the controller.
NAME = re.compile(r"(?!(?:localhost|all|ungrouped|127\.0\.0\.1)$)\w[\w.-]*")
GIVEN = (
    "cluster_id",
    "cluster_name",
    "project_id",
    "region_id",
    "plan",
    "deployment_option",
    "status",
    "connect_address",
    "private_link_address",
)
MADE = ("url", "host", "port", "ready", "reason")
GROUPED = ("project_id", "region_id", "plan", "status")


def variables_of(cluster, clouds):
    """A cluster in the words of the product."""
    link = links([cluster], cluster.get("project_id"), cluster.get("region_id"))[0]
    made = {f"private_link_{name}": link[name] for name in MADE}
    return {**{name: cluster.get(name) for name in GIVEN}, "cloud_id": clouds.get(cluster.get("region_id")), **made}


def by_project_and_region(clusters):
    """The same clusters as one entry for each project and region, by the name of the host."""
    hosts = {}
    for one in clusters:
        place = {name: one[name] for name in ("project_id", "region_id", "cloud_id")}
        hosts.setdefault(f"{one['project_id']}_{one['region_id']}", {**place, "clusters": []})["clusters"].append(one)
    return hosts


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    NAME = "zilliz.cloud.clusters"

    def verify_file(self, path):
        return super().verify_file(path) and os.path.basename(path).endswith(ENDINGS)

    def parse(self, inventory, loader, path, cache=True):
        super().parse(inventory, loader, path, cache)
        unknown = sorted(set(map(str, self._read_config_data(path))) - set(self.option_definitions))
        if unknown:
            raise AnsibleParserError(f"There is no option {', '.join(unknown)}: see ansible-doc -t inventory {self.NAME}")
        self._template_key()
        found = self._read(path, cache)
        clusters = [variables_of(one, found["clouds"]) for one in found["clusters"] if one.get("status") != "DELETED"]
        chosen = [one for one in clusters if self._passes(one)]
        hosts = by_project_and_region(chosen) if self.get_option("host_per") == "project_region" else self._by_name(chosen)
        for name, variables in hosts.items():
            self._add(name, variables)

    def _template_key(self):
        if self.templar.is_template(self.get_option("api_key")):
            try:
                self.set_option("api_key", self.templar.template(self.get_option("api_key")))
            except AnsibleError as error:
                raise AnsibleParserError(f"api_key cannot be found out: {error}") from None

    def _read(self, path, cache):
        # Whoever uses another key or address must not get the clusters that the last one saw.
        account = [str(self.get_option(name)) for name in ("api_key", "host_address")]
        key = self.get_cache_key("\n".join([path, hashlib.sha256("\n".join(account).encode()).hexdigest()]))
        keeps = self.get_option("cache")
        if cache and keeps and key in self._cache:
            return self._cache[key]
        with client_of(self) as client:
            clouds = {one.get("region_id"): one.get("cloud_id") for one in client.regions()}
            found = {"clusters": client.clusters(), "clouds": clouds}
        if keeps:
            self._cache[key] = found
        return found

    def _passes(self, variables):
        self.templar.available_variables = variables
        for condition in self.get_option("filters"):
            try:
                if not self.templar.evaluate_conditional(condition):
                    return False
            except AnsibleError as error:
                what = f"The filter {condition} cannot be used for cluster {variables['cluster_id']}"
                raise AnsibleParserError(f"{what}: {error}") from None
        return True

    def _by_name(self, clusters):
        hosts, option = {}, self.get_option("hostname")
        for one in clusters:
            name = str(one[option] or "")
            if name in hosts:
                same = ", ".join(other["cluster_id"] for other in clusters if other[option] == name)
                raise AnsibleParserError(f"Clusters {same} are all named {name}: set hostname to cluster_id, or choose one of them with filters")
            if not NAME.fullmatch(name):
                raise AnsibleParserError(
                    f"Cluster {one['cluster_id']} cannot be a host by its {option} '{name}': set hostname to cluster_id, or leave it out with filters"
                )
            hosts[name] = one
        return hosts

    def _add(self, host, variables):
        self.inventory.add_host(host)
        for name, value in variables.items():
            self.inventory.set_variable(host, name, value)
        for name in GROUPED:
            if variables.get(name):
                prefix = name.replace("_id", "")
                group = self._sanitize_group_name(f"{prefix}_{variables[name]}".lower())
                self.inventory.add_child(self.inventory.add_group(group), host)
        strict = self.get_option("strict")
        self._set_composite_vars(self.get_option("compose"), variables, host, strict=strict)
        self._add_host_to_composed_groups(self.get_option("groups"), variables, host, strict=strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), variables, host, strict=strict)
