#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: private_link_info
short_description: Look up the private links of Zilliz Cloud clusters
version_added: 1.0.0
description:
  - For a project and a region, returns the endpoint service, the registered endpoints, and every cluster with its private link
    taken apart into URL, host and port, or with the reason why it has none.
  - Host and port come from Zilliz Cloud and cannot be known before. The private port can differ from the public one.
  - Can wait until all links are there. Zilliz Cloud allocates them about 5 minutes after an endpoint was registered, according
    to its guides. Clusters in maintenance get theirs afterwards.
author:
  - "zilliz.cloud contributors (@zilliz-cloud)"
options:
  project_id:
    description: The Zilliz Cloud project. See M(zilliz.cloud.project_info).
    type: str
    required: true
  region_id:
    description: The Zilliz Cloud region, such as V(aws-us-west-2). See M(zilliz.cloud.region_info).
    type: str
    required: true
  cluster_ids:
    description:
      - Return only these clusters, and those of O(cluster_names). All clusters of the project and region when both are empty.
      - A cluster that is not there is an error.
    type: list
    elements: str
    default: []
  cluster_names:
    description: Return only clusters of these names, and those of O(cluster_ids).
    type: list
    elements: str
    default: []
  wait:
    description:
      - Whether to wait until every cluster that can have a private link has it.
      - A cluster of O(cluster_ids) or O(cluster_names) that cannot have one is then an error.
      - Clusters of the Standard plan are awaited only when they are chosen or when there are no others, because the
        documents of Zilliz Cloud disagree whether they can have a private link.
    type: bool
    default: false
  wait_timeout:
    description: Seconds to wait at most for the link of a cluster that is not in maintenance.
    type: int
    default: 1200
  maintenance_timeout:
    description:
      - Seconds to wait at most for the maintenance of a cluster to end, before O(wait_timeout) begins for it.
      - V(0) waits for no maintenance. Such a cluster is then left out of the waiting, and named with its reason.
    type: int
    default: 3600
  wait_delay:
    description: Seconds between two looks while waiting.
    type: int
    default: 10
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
  - module: zilliz.cloud.private_endpoint
  - plugin: zilliz.cloud.private_link
    plugin_type: lookup
"""

EXAMPLES = r"""
---
- name: Wait for the private links of all clusters
  zilliz.cloud.private_link_info:
    project_id: proj-0123456789abcdef
    region_id: aws-us-west-2
    wait: true
  register: found

- name: Show what to connect to
  ansible.builtin.debug:
    msg: "{{ item.cluster_name }}: {{ item.host }} port {{ item.port }}"
  loop: "{{ found.private_links | selectattr('ready') }}"
  loop_control:
    label: "{{ item.cluster_name }}"

- name: Look up the link of one cluster
  zilliz.cloud.private_link_info:
    project_id: proj-0123456789abcdef
    region_id: aws-us-west-2
    cluster_names: [search]
"""

RETURN = r"""
---
private_endpoint_services:
  description: The endpoint services of the region.
  type: list
  elements: dict
  returned: success
  contains:
    region_id:
      description: The Zilliz Cloud region.
      type: str
      returned: success
      sample: aws-us-west-2
    cloud_id:
      description: The cloud of the region.
      type: str
      returned: success
      sample: aws
    endpoint_service:
      description:
        - What the endpoint in the own network must lead to.
        - On AWS a service name, on Google Cloud the URI of a service attachment, on Azure the id or alias of a Private Link
          service, on Alibaba Cloud a service name.
      type: str
      returned: success
      sample: com.amazonaws.vpce.us-west-2.vpce-svc-0b62964bfd0edfb74
    whitelist_required:
      description:
        - Whether the own cloud account must be allowed to see the service before the endpoint is created.
        - See M(zilliz.cloud.private_endpoint_whitelist).
      type: bool
      returned: success
      sample: false
private_endpoints:
  description: The registrations of the project in the region.
  type: list
  elements: dict
  returned: success
  contains:
    region_id:
      description: The Zilliz Cloud region.
      type: str
      returned: success
      sample: aws-us-west-2
    cloud_id:
      description: The cloud of the region, such as V(aws), V(gcp), V(azure), V(ali) or V(tc).
      type: str
      returned: success
      sample: aws
    endpoint_service:
      description: The endpoint service of Zilliz Cloud that the endpoint leads to.
      type: str
      returned: success
      sample: com.amazonaws.vpce.us-west-2.vpce-svc-0b62964bfd0edfb74
    endpoint_service_status:
      description: The status of the service, in Zilliz Cloud's words.
      type: str
      returned: success
      sample: AVAILABLE
    endpoint_id:
      description: The endpoint as registered.
      type: str
      returned: success
      sample: vpce-0ce90d01341533a5c
    endpoint_status:
      description:
        - The status of the registration, in Zilliz Cloud's words. The API reference gives no list of them.
        - V(AVAILABLE) and V(accepted) are attested and mean that Zilliz Cloud accepted the endpoint.
      type: str
      returned: success
      sample: AVAILABLE
    gcp_project_id:
      description: The Google project of the endpoint. Empty outside of Google Cloud.
      type: str
      returned: when the API gives it
      sample: my-project
private_links:
  description: The clusters, by name.
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
    plan:
      description: The plan of the cluster.
      type: str
      returned: success
      sample: Enterprise
    status:
      description: The status of the cluster, in Zilliz Cloud's words.
      type: str
      returned: success
      sample: RUNNING
    url:
      description: The private link address, or null.
      type: str
      returned: success
      sample: https://in01-840ec44485bf25d-privatelink.aws-us-west-2.vectordb.zillizcloud.com:19531
    host:
      description: The host of the address, or null.
      type: str
      returned: success
      sample: in01-840ec44485bf25d-privatelink.aws-us-west-2.vectordb.zillizcloud.com
    port:
      description: The port of the address, or null. V(443) when the address names none.
      type: int
      returned: success
      sample: 19531
    public_url:
      description: The public address of the cluster, or null.
      type: str
      returned: success
      sample: https://in01-840ec44485bf25d.aws-us-west-2.vectordb.zillizcloud.com:19530
    public_host:
      description: The host of the public address, or null.
      type: str
      returned: success
      sample: in01-840ec44485bf25d.aws-us-west-2.vectordb.zillizcloud.com
    public_enabled:
      description: Whether the public endpoint is on. Null where the deployment does not tell.
      type: bool
      returned: success
      sample: true
    ready:
      description: Whether the cluster has a private link.
      type: bool
      returned: success
      sample: true
    reason:
      description: Why the cluster has none. Null when it has one.
      type: str
      returned: success
      sample: "it is a serverless cluster: private link needs a Dedicated cluster"
    waiting:
      description:
        - What is awaited when the cluster has no private link.
        - V(link) when Zilliz Cloud will allocate it, V(maintenance) when that follows the end of maintenance, and null when
          nothing can be awaited.
      type: str
      returned: success
      sample: link
    doubtful:
      description: Whether the awaited link may never come, because of the Standard plan of the cluster.
      type: bool
      returned: success
      sample: false
ready:
  description: Whether nothing is left to wait for in the sense of O(wait).
  type: bool
  returned: success
  sample: true
"""

from ansible_collections.zilliz.cloud.plugins.module_utils._client import ZillizError
from ansible_collections.zilliz.cloud.plugins.module_utils._module import ZillizModule
from ansible_collections.zilliz.cloud.plugins.module_utils._names import links
from ansible_collections.zilliz.cloud.plugins.module_utils._wait import LinkWatch


def read(module):
    client, params = module.client, module.params
    project_id, region_id = params["project_id"], params["region_id"]
    services, _widened = client.services_for(region_id, project_id)
    if not services:
        module.warn(f"Zilliz Cloud has no endpoint service in region {region_id} of cloud {client.cloud_of(region_id)}")
    watch = LinkWatch(
        bool(params["cluster_ids"] or params["cluster_names"]), params["wait_timeout"], params["maintenance_timeout"]
    )

    def look(spent):
        rows = [row for row in client.endpoints(project_id) if row.get("region_id") == region_id]
        found = choose(links(client.clusters(region_id), project_id, region_id), params)
        ready = not watch.awaited(found)
        if params["wait"] and not ready:
            watch.look(found, rows, spent)
            return None
        return dict(private_endpoints=rows, private_links=found, ready=ready)

    return dict(changed=False, private_endpoint_services=services, **module.poll(look))


def choose(found, params):
    ids, names = params["cluster_ids"], params["cluster_names"]
    there = {link["cluster_id"] for link in found} | {link["cluster_name"] for link in found}
    unknown = [wanted for wanted in ids + names if wanted not in there]
    if unknown:
        known = ", ".join(f"{link['cluster_name']} ({link['cluster_id']})" for link in found) or "no cluster"
        raise ZillizError(
            f"no such cluster in project {params['project_id']} and region {params['region_id']}: "
            f"{', '.join(unknown)}. There is: {known}"
        )
    if not ids and not names:
        return found
    return [link for link in found if link["cluster_id"] in ids or link["cluster_name"] in names]


def main():
    spec = dict(
        project_id=dict(type="str", required=True),
        region_id=dict(type="str", required=True),
        cluster_ids=dict(type="list", elements="str", default=[]),
        cluster_names=dict(type="list", elements="str", default=[]),
        wait=dict(type="bool", default=False),
        wait_timeout=dict(type="int", default=1200),
        maintenance_timeout=dict(type="int", default=3600),
        wait_delay=dict(type="int", default=10),
    )
    ZillizModule(argument_spec=spec, supports_check_mode=True).run(read)


if __name__ == "__main__":
    main()
