#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: gcp_psc_endpoint
short_description: Create, change, await and delete a Private Service Connect endpoint
version_added: 1.0.0
author:
  - "zilliz.cloud contributors (@zilliz-cloud)"
description:
  - Creates a Private Service Connect (PSC) endpoint, which is a forwarding rule to a service attachment, also with
    global access and with a namespace of Service Directory.
  - Changes global access and labels of an endpoint in place, and tells what cannot be changed in place, or creates the
    endpoint again when that is asked for.
  - Waits until the connection has one of some states.
  - This fills gaps of M(google.cloud.gcp_compute_forwarding_rule), which has no C(allowPscGlobalAccess), no
    C(serviceDirectoryRegistrations) and no labels, reports a change of target, IP address or network that it has not
    made, has no check mode, and waits for no status of the connection. Use it wherever these do not matter.
extends_documentation_fragment:
  - zilliz.cloud.gcp
  - zilliz.cloud.gcp.write
  - zilliz.cloud.attributes
  - zilliz.cloud.attributes.group_gcp
attributes:
  check_mode:
    support: full
    details: With O(wait_states), check mode does not wait.
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  state:
    description:
      - V(present) creates the endpoint, or changes the one that is there.
      - V(absent) deletes it. A forwarding rule of this name that is no PSC endpoint is never touched.
    type: str
    choices: [present, absent]
    default: present
  name:
    description: The name of the forwarding rule, which is the endpoint id at Zilliz Cloud.
    type: str
    required: true
  region:
    description: The region of the endpoint, such as V(us-west1). It is the region of the service attachment.
    type: str
    required: true
  network:
    description:
      - The network of the endpoint, as its name when it is in O(project), or as a URL, also partial, such as
        V(projects/host-project/global/networks/my-vpc).
      - Required when the endpoint is created, cannot be changed.
    type: str
  target:
    description:
      - The service attachment, such as V(projects/vdc-prod/regions/us-west1/serviceAttachments/zilliz-us-west1-psc).
        M(zilliz.cloud.private_endpoint_service_info) tells it.
      - Required when the endpoint is created, cannot be changed. Google's reference says that the target "is not
        mutable once set as a service attachment".
    type: str
  ip_address:
    description:
      - The internal address that is reserved in a subnetwork of the region (M(google.cloud.gcp_compute_address)), as the
        IP address itself, such as V(10.10.0.5), or as the URL of the address, also partial.
      - Required when the endpoint is created, cannot be changed.
    type: str
  description:
    description: The description of an endpoint that is created. Google cannot change it afterwards.
    type: str
  labels:
    description: Labels of the endpoint. Other labels are kept. Google takes them in a call of their own.
    type: dict
  allow_psc_global_access:
    description:
      - Whether clients in other regions can reach the endpoint. It can be changed at any time.
      - A new endpoint has it V(false) when this is not given; of an existing endpoint it is then left as it is.
    type: bool
  service_directory_namespace:
    description:
      - The namespace of Service Directory in which the endpoint is registered, left to Google (V(goog-psc-default))
        when not given. It cannot be changed.
    type: str
  recreate:
    description:
      - Delete the endpoint and create it again under the same name when something of it differs that cannot be changed,
        or when the service has closed its connection. What is not given is taken from the old endpoint.
      - Its connection is lost until the service has accepted the new one.
    type: bool
    default: false
  wait_states:
    description:
      - Wait until the connection of the endpoint is in one of these states, such as V(ACCEPTED). They are
        V(ACCEPTED), V(CLOSED), V(NEEDS_ATTENTION), V(PENDING), V(REJECTED) and V(STATUS_UNSPECIFIED).
    type: list
    elements: str
  wait_timeout:
    description: Seconds to wait for O(wait_states).
    type: int
    default: 600
  wait_delay:
    description: Seconds between two looks.
    type: float
    default: 5
notes:
  - "IAM permissions: C(compute.forwardingRules.get), C(compute.forwardingRules.create),
    C(compute.forwardingRules.update), C(compute.forwardingRules.delete), C(compute.forwardingRules.setLabels),
    C(compute.forwardingRules.pscCreate), C(compute.forwardingRules.pscDelete), C(compute.forwardingRules.pscUpdate),
    C(compute.forwardingRules.pscSetLabels), C(compute.addresses.get), C(compute.addresses.list), C(compute.addresses.use), C(compute.networks.use),
    C(compute.subnetworks.use), C(compute.regionOperations.get), C(servicedirectory.namespaces.create) and
    C(servicedirectory.services.create). The role C(roles/compute.networkAdmin) with C(roles/servicedirectory.editor)
    has them."
seealso:
  - module: google.cloud.gcp_compute_forwarding_rule
  - module: google.cloud.gcp_compute_forwarding_rule_info
  - module: zilliz.cloud.private_endpoint
  - name: Access published services through endpoints
    description: What an endpoint needs, its permissions and its states.
    link: https://cloud.google.com/vpc/docs/configure-private-service-connect-services
"""

EXAMPLES = r"""
- name: Create an endpoint that clients in all regions can reach
  zilliz.cloud.gcp_psc_endpoint:
    project: my-project
    region: us-west1
    name: zilliz-private-link
    network: my-vpc
    target: projects/vdc-prod/regions/us-west1/serviceAttachments/zilliz-us-west1-psc
    ip_address: 10.10.0.5
    description: zilliz.cloud private link proj-1/gcp-us-west1/my-project/my-vpc
    allow_psc_global_access: true

- name: Close it to clients in other regions, and leave the rest as it is
  zilliz.cloud.gcp_psc_endpoint:
    project: my-project
    region: us-west1
    name: zilliz-private-link
    allow_psc_global_access: false

- name: Wait up to ten minutes until Zilliz Cloud has accepted it
  zilliz.cloud.gcp_psc_endpoint:
    project: my-project
    region: us-west1
    name: zilliz-private-link
    wait_states: [ACCEPTED]

- name: Create it again with the same address after its connection was closed
  zilliz.cloud.gcp_psc_endpoint:
    project: my-project
    region: us-west1
    name: zilliz-private-link
    recreate: true

- name: Delete it
  zilliz.cloud.gcp_psc_endpoint:
    project: my-project
    region: us-west1
    name: zilliz-private-link
    state: absent
"""

RETURN = r"""
psc_endpoint:
  description:
    - The endpoint after the run. Empty when there is none.
    - In check mode, what is known of the endpoint as it would be.
  returned: success
  type: dict
  contains:
    name:
      description: Its name.
      type: str
      returned: when it exists
      sample: zilliz-private-link
    psc_connection_id:
      description: The id of its connection, a number that is too large for some programs and therefore text.
      type: str
      returned: when it exists
      sample: "56887318744677476"
    psc_connection_status:
      description: The state of its connection.
      type: str
      returned: when it exists
      sample: ACCEPTED
    ip_address:
      description: Its IP address.
      type: str
      returned: when it exists
      sample: 10.10.0.5
    target:
      description: The URL of its service attachment.
      type: str
      returned: when it exists
      sample: https://www.googleapis.com/compute/v1/projects/vdc-prod/regions/us-west1/serviceAttachments/zilliz-us-west1-psc
    network:
      description: The URL of its network.
      type: str
      returned: when it exists
      sample: https://www.googleapis.com/compute/v1/projects/my-project/global/networks/my-vpc
    description:
      description: Its description.
      type: str
      returned: when it exists
      sample: zilliz.cloud private link proj-1/gcp-us-west1/my-project/my-vpc
    labels:
      description: Its labels.
      type: dict
      returned: when it exists
      sample: {"team": "search"}
    allow_psc_global_access:
      description: Whether clients in other regions can reach it.
      type: bool
      returned: when it exists
      sample: true
    service_directory_namespace:
      description: Its namespace of Service Directory. Null when it has none.
      type: str
      returned: when it exists
      sample: goog-psc-default
"""

from ansible_collections.zilliz.cloud.plugins.module_utils import _gcp_write as gcp
from ansible_collections.zilliz.cloud.plugins.module_utils import _psc_endpoint as psc


def ensure(module, google):
    params, check_mode = module.params, module.check_mode
    states = psc.checked(params["wait_states"])
    endpoint = psc.Endpoint(google, params)
    found = endpoint.read()
    given = {**params, "ip_address": endpoint.literal(params["ip_address"])}
    before, after, anew, warnings = psc.planned(given, found)
    for warning in warnings:
        module.warn(warning)
    changed = anew or before != after
    if changed and not check_mode:
        found = endpoint.write(before, after, anew)
    if states and after and not check_mode:
        found = endpoint.wait(states, params["wait_timeout"], params["wait_delay"])
    known = psc.described(params["name"], None if anew else found, after)
    return {
        "changed": changed,
        "psc_endpoint": known if check_mode else psc.described(params["name"], found, psc.settings(found)),
        "diff": {"before": before, "after": {**after, "recreated": True} if anew else after},
    }


def main():
    gcp.run(
        ensure,
        state={"choices": ["present", "absent"], "default": "present"},
        name={"required": True},
        region={"required": True},
        network={},
        target={},
        ip_address={},
        description={},
        labels={"type": "dict"},
        allow_psc_global_access={"type": "bool"},
        service_directory_namespace={},
        recreate={"type": "bool", "default": False},
        wait_states={"type": "list", "elements": "str"},
        wait_timeout={"type": "int", "default": 600},
        wait_delay={"type": "float", "default": 5},
    )


if __name__ == "__main__":
    main()
