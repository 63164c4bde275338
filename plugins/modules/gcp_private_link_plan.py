#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: gcp_private_link_plan
version_added: 1.0.0
short_description: Compare a Google Cloud private link to Zilliz Cloud with what is wanted
description:
  - Reads Zilliz Cloud, Compute Engine and Cloud DNS side by side, compares what exists with what is wanted, and answers with the
    ordered steps that lead there. It never writes.
  - The role P(zilliz.cloud.gcp_private_link#role) acts on the answer; use this module directly to look at a link, or to build
    automation of your own on the plan. The modules of google.cloud have no check mode; this one tells what they would do.
  - A I(link) is one project and region of Zilliz Cloud in one network. Its mark, C(project/region/Google project/network), stands
    in the description of everything that is made, because Google writes that in the creating call. Things without this mark
    are used and named in RV(notes), never changed, unless O(adopt=true), which writes it as the label
    C(zilliz-cloud-private-link) where the description cannot be changed.
author:
  - "zilliz.cloud contributors (@zilliz-cloud)"
options:
  region_id:
    description: Zilliz Cloud region of the clusters, such as V(gcp-us-west1).
    type: str
    required: true
  gcp_project_id:
    description:
      - Id of the Google Cloud project that gets the endpoint and its address, and that is registered at Zilliz Cloud.
      - The default is O(project).
    type: str
  region:
    description:
      - Google Cloud region of the subnetwork and the endpoint. The default is the region in the name of the endpoint service.
      - An endpoint must be in the region of its service; clients of other regions reach it with O(global_access), see
        U(https://cloud.google.com/vpc/docs/about-accessing-vpc-hosted-services-endpoints).
    type: str
  network:
    description: VPC network that gets the private link, by name, as C(projects/P/global/networks/N), or by URL.
    type: str
    required: true
  network_project_id:
    description:
      - Project of the network, its subnetwork and its firewall rules when that is a shared VPC. The default is the project in
        O(network), else O(gcp_project_id).
    type: str
  subnetwork:
    description: Subnetwork of the network in O(region) that the endpoint's address comes from, by name or URL. Needed to create the endpoint.
    type: str
  service_name:
    description: The endpoint service (a service attachment), needed only where Zilliz Cloud offers several in the region.
    type: str
  endpoint_prefix:
    description:
      - What the names of everything that is made begin with, as the I(endpoint prefix) in the dialog of Zilliz Cloud.
        Ten characters that belong to the link follow. It has at most 52 characters.
    type: str
    default: zilliz-private-link
  endpoint_name:
    description: Name of the endpoint (a forwarding rule) that is made. The default comes from O(endpoint_prefix).
    type: str
  endpoint_id:
    description: An endpoint of your own by its name, used as it is and never changed or deleted.
    type: str
  address:
    description: An internal address of your own that is reserved in O(region), by its name. It is never changed or deleted.
    type: str
  address_name:
    description: Name of the address that is made. The default is that of the endpoint.
    type: str
  ip_address:
    description: A certain IPv4 address of the subnetwork for the address that is made. The default is one that Google chooses.
    type: str
  global_access:
    description: Whether clients of other regions can reach the endpoint. It can be changed in place.
    type: bool
    default: false
  service_directory_namespace:
    description:
      - Service Directory namespace that the endpoint is registered in. Google's default is C(goog-psc-default).
      - It can only be set when an endpoint is made.
    type: str
  client_egress:
    description:
      - Whether a firewall rule lets the clients out to the endpoint. With V(auto) one is made when a rule of the network denies
        it, because networks let everything out by themselves. With V(never) none is made, and those of others are only noted.
      - Rules of firewall policies are not looked at.
    type: str
    choices: [auto, always, never]
    default: auto
  client_target_tags:
    description: Network tags of the clients that the firewall rule is for. The default is every instance of the network.
    type: list
    elements: str
    default: []
  client_target_service_accounts:
    description: Service accounts of the clients that the firewall rule is for. They exclude O(client_target_tags).
    type: list
    elements: str
    default: []
  firewall_name:
    description: Name of the firewall rule that is made. The default is that of the endpoint.
    type: str
  firewall_priority:
    description:
      - Priority of the firewall rule that is made, from V(1), which comes first, to V(65535).
      - The default is V(1000), or one that comes before the rules that deny.
    type: int
  iap_ssh:
    description:
      - Also let Identity-Aware Proxy in on port 22 for a look around from an instance, as the older guide has it.
    type: bool
    default: false
  dns:
    description:
      - V(exact) makes one private zone per link, named as the link's host, so that it hides no other name.
      - V(shared) makes one zone O(zone_name) with a record per link; other names under it no longer resolve in the network,
        see U(https://cloud.google.com/dns/docs/vpc-name-res-order).
      - V(none) makes no names and returns the records in RV(result).
    type: str
    choices: [exact, shared, none]
    default: exact
  zone_name:
    description: DNS name of the zone for O(dns=shared).
    type: str
    default: vectordb.zillizcloud.com
  zone_id:
    description: A private managed zone of your own that gets the records, by its name. It is never changed itself.
    type: str
  managed_zone_name:
    description: Name of the managed zone that is made for O(dns=shared).
    type: str
    default: zilliz-privatelink-zone
  zone_project_id:
    description: Project of the managed zones. The default is O(gcp_project_id).
    type: str
  zone_networks:
    description:
      - Further networks that the zones answer in, by name (of the network's project), as C(projects/P/global/networks/N), or by URL.
      - Lists may also be given as text with one item per line or commas between them.
    type: list
    elements: str
    default: []
  record_ttl:
    description: Seconds that a record may be cached.
    type: int
    default: 60
  labels:
    description: Labels for everything that is made and can have labels. Labels of others are never removed.
    type: dict
    default: {}
  recreate:
    description:
      - Replace an endpoint that cannot be changed in place, such as one whose connection is closed. The link is down for some
        minutes then. The endpoint keeps its name and address.
    type: bool
    default: false
  purge_stale:
    description:
      - Also revoke registrations of the project and region whose endpoint is not in this Google Cloud project and region.
      - Use it only where no other Google Cloud project uses the project.
    type: bool
    default: false
extends_documentation_fragment:
  - zilliz.cloud.zilliz
  - zilliz.cloud.link
  - zilliz.cloud.gcp
  - zilliz.cloud.attributes
  - zilliz.cloud.attributes.group_zilliz_gcp
attributes:
  check_mode:
    support: full
    details: Reports RV(ignore:changed=true) when there are steps, and RV(act=false).
  diff_mode:
    support: full
    details: Shows the steps. Outside of check mode this task changes nothing, so Ansible shows no diff of it.
  idempotent:
    support: full
notes:
  - It asks for C(compute.forwardingRules.list), C(compute.addresses.list), C(compute.networks.list), C(compute.subnetworks.get),
    C(compute.firewalls.list), C(dns.managedZones.list), C(dns.resourceRecordSets.list), and C(dns.projects.get) before zones are
    made. Every permission that is missing is named in one message.
"""

EXAMPLES = r"""
- name: See what a private link would need
  zilliz.cloud.gcp_private_link_plan:
    project_id: proj-20e13e974c7d659a83xxxx
    region_id: gcp-us-west1
    gcp_project_id: my-project
    region: us-west1
    network: my-vpc
    subnetwork: my-subnet
  check_mode: true
  diff: true
  register: plan

- name: Say what is to do
  ansible.builtin.debug:
    msg: "{{ plan.lines }}"

- name: See what a link in a shared VPC would need, for clients of all regions
  zilliz.cloud.gcp_private_link_plan:
    project_id: proj-20e13e974c7d659a83xxxx
    region_id: gcp-us-west1
    gcp_project_id: my-service-project
    network: my-shared-vpc
    network_project_id: my-host-project
    subnetwork: my-subnet
    global_access: true
"""

RETURN = r"""
act:
  description: Whether there is something to do and this is not check mode. A real boolean, for use in C(when).
  returned: success
  type: bool
rounds:
  description: For each round (C(connect), C(name), C(maintenance), C(absent)) whether the caller shall act on it now.
  returned: success
  type: dict
settled:
  description: Whether nothing of O(awaits) is awaited any more.
  returned: success
  type: bool
steps:
  description:
    - The steps in the order in which they must run. What is not known yet reads C((known after allocation)) or
      C((known after creation)).
  returned: success
  type: list
  elements: dict
  contains:
    action:
      description: One of create, update, replace, delete, authorize, revoke.
      type: str
    resource:
      description: What kind of thing, such as psc_endpoint, private_endpoint (the registration), managed_zone or record.
      type: str
    name:
      description: Which one.
      type: str
    before:
      description: What is there.
      type: dict
    after:
      description: What shall be there.
      type: dict
    why:
      description: One sentence with the reason.
      type: str
    round:
      description: The round of the run that makes it.
      type: str
    known:
      description: Whether all values are known, so that it can be acted on.
      type: bool
lines:
  description: The steps as text, one line each, by round.
  returned: success
  type: dict
by:
  description: The known steps by round, action and resource, such as C(by.connect.create_psc_endpoint). Every list is there, empty or not;
    what RV(batch) writes is left out.
  returned: success
  type: dict
limits:
  description: The seconds that the caller waits, C(wait) and C(maintenance), as numbers.
  returned: success
  type: dict
batch:
  description: Zones and records for M(zilliz.cloud.cloud_dns_names), when there are too many for single tasks, else empty.
  returned: success
  type: list
  elements: dict
waiting:
  description: What is not there yet, by kind (endpoint, link, maintenance, gone).
  returned: success
  type: list
  elements: dict
notes:
  description: What was seen and left alone, and why.
  returned: success
  type: list
  elements: str
costs:
  description: What Google Cloud bills for the link. Zilliz Cloud does not charge for private endpoints.
  returned: success
  type: list
  elements: dict
problems:
  description: What keeps the plan from being made. Without O(inspect=true) the task fails with it.
  returned: success
  type: list
  elements: str
checks:
  description: What was looked at and how it is, in the order of the way from a client to its cluster.
  returned: with O(inspect=true)
  type: list
  elements: dict
  contains:
    check:
      description: What kind of thing was looked at, such as C(endpoint), C(registration) or C(record).
      type: str
    title:
      description: The same in words.
      type: str
    subject:
      description: Which one.
      type: str
    state:
      description:
        - How it is. C(missing) is not there yet and made by the set-up, C(unknown) could not be read.
        - One of C(ok), C(degraded), C(broken), C(missing), C(unknown) and C(skipped).
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
result:
  description: The link as it is.
  returned: success
  type: dict
  sample:
    link: proj-20e13e974c7d659a83xxxx/gcp-us-west1/my-project/my-vpc
    endpoint:
      endpoint_id: zilliz-private-link-4f0c2d9a1b
      state: ACCEPTED
      psc_connection_id: "56887318744677476"
      ip_address: 10.20.1.17
    links:
      - cluster_id: in01-61e949d971f841b
        cluster_name: search
        host: in01-61e949d971f841b-privatelink.gcp-us-west1.vectordb.zillizcloud.com
        port: 443
        url: https://in01-61e949d971f841b-privatelink.gcp-us-west1.vectordb.zillizcloud.com
        ready: true
        snippets:
          rest: curl --request POST "https://in01-61e949d971f841b-privatelink.gcp-us-west1.vectordb.zillizcloud.com/v2/..."
auth_kind:
  description: The kind of credentials in use, for the modules of google.cloud, which cannot tell it themselves.
  returned: success
  type: str
  sample: serviceaccount
"""

import gc

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.zilliz.cloud.plugins.module_utils._client import ZillizError
from ansible_collections.zilliz.cloud.plugins.module_utils._gcp import read_gcp
from ansible_collections.zilliz.cloud.plugins.module_utils._gcp_calls import GcpError, Google, gcp_argument_spec, unmask
from ansible_collections.zilliz.cloud.plugins.module_utils._module import (
    client_from,
    hide_login,
    input_problems,
    link_argument_spec,
    zilliz_argument_spec,
)
from ansible_collections.zilliz.cloud.plugins.module_utils._plan import awaited, numbered, report
from ansible_collections.zilliz.cloud.plugins.module_utils._plan_gcp import GcpPlan, plan_gcp, wanted_gcp


SHARED = ("api_key", "host_address", "timeout", "project_id", "region_id")


def look(module):
    """Read, plan, and refuse what cannot be done before anything is made: all that is wrong in one message."""
    hide_login(module)
    unmask(module)
    wanted, problems = wanted_gcp(module.params)
    problems += [f"{problem}." for problem in input_problems({name: wanted.get(name) for name in SHARED})]
    try:
        zilliz = client_from(module.params)
    except ZillizError:
        zilliz = None  # the reason is among the problems
    try:
        google = Google(module.params)
        wanted["auth_kind"] = google.auth_kind
    except GcpError as error:
        google = None
        problems.append(str(error))
    found = read_gcp(google, zilliz, wanted, lambda found: problems or not awaited(plan_gcp(wanted, found), wanted))
    found["problems"][:0] = problems
    plan = GcpPlan(wanted, found)
    answer = plan.make()
    if wanted["inspect"]:
        # Only a check needs it, and every task compiles what it imports anew.
        from ansible_collections.zilliz.cloud.plugins.module_utils._doctor_gcp import GcpDoctor

        answer["checks"] = GcpDoctor(plan).rows()
    elif answer["problems"]:
        module.fail_json(msg=numbered(answer["problems"]))
    return wanted, answer


def main():
    gc.disable()  # one short process: collecting while the libraries load costs more than it frees
    names = dict(type="list", elements="str", default=[])
    module = AnsibleModule(
        argument_spec=dict(
            zilliz_argument_spec(),
            **link_argument_spec(),
            **gcp_argument_spec(),
            region_id=dict(required=True),
            gcp_project_id=dict(),
            region=dict(),
            network=dict(required=True),
            network_project_id=dict(),
            subnetwork=dict(),
            service_name=dict(),
            endpoint_prefix=dict(default="zilliz-private-link"),
            endpoint_name=dict(),
            endpoint_id=dict(),
            address=dict(),
            address_name=dict(),
            ip_address=dict(),
            global_access=dict(type="bool", default=False),
            service_directory_namespace=dict(),
            client_egress=dict(choices=["auto", "always", "never"], default="auto"),
            client_target_tags=names,
            client_target_service_accounts=names,
            firewall_name=dict(),
            firewall_priority=dict(type="int"),
            iap_ssh=dict(type="bool", default=False),
            dns=dict(choices=["exact", "shared", "none"], default="exact"),
            zone_name=dict(default="vectordb.zillizcloud.com"),
            zone_id=dict(),
            managed_zone_name=dict(default="zilliz-privatelink-zone"),
            zone_project_id=dict(),
            zone_networks=names,
            record_ttl=dict(type="int", default=60),
            labels=dict(type="dict", default={}),
            recreate=dict(type="bool", default=False),
            purge_stale=dict(type="bool", default=False),
        ),
        supports_check_mode=True,
    )
    wanted, plan = look(module)
    module.exit_json(auth_kind=wanted["auth_kind"], **report(plan, wanted, module.check_mode))


if __name__ == "__main__":
    main()
