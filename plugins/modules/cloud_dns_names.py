#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloud_dns_names
short_description: Write many private Cloud DNS zones and their records in one task
version_added: 1.0.0
author:
  - "zilliz.cloud contributors (@zilliz-cloud)"
description:
  - Brings any number of private managed zones to what is wanted in one process. It creates zones, writes records, sets
    the networks that see a zone, and writes descriptions and labels; or it deletes records and zones.
  - The records of a zone are written in one change, so that all of them change or none.
  - Names that move between a zone and a wider one, in whichever direction, have an answer all the time. A new zone under
    another is shown to its networks when its records stand, and one that goes is taken off them before it is emptied.
  - Everything is read before anything is written, and what cannot work is then reported all at once.
  - This fills gaps of M(google.cloud.gcp_dns_managed_zone), which never takes a network or a label off a zone, and of
    M(google.cloud.gcp_dns_resource_record_set), which writes one record a task, rewrites the SOA record with each so
    that tasks at the same time fail, does not see a value that somebody added, hides Google's message, and crashes
    with an access token. Neither has a check mode. Fifty names are a matter of seconds here and of a minute there. For
    a few new names both do.
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
  zones:
    description:
      - The zones of O(project). Each step goes over all zones before the next one comes. What is created and written
        comes before what is deleted.
    type: list
    elements: dict
    required: true
    suboptions:
      zone_id:
        description: The name of the managed zone, such as V(zilliz-privatelink-zone), which is unique in the project.
        type: str
        required: true
      name:
        description: The DNS name of the zone, such as V(vectordb.zillizcloud.com). The trailing dot may be left out.
        type: str
        required: true
      state:
        description:
          - V(present) creates or completes the zone.
          - V(absent) deletes those of O(zones[].records) that are as they are given here, and then the zone. A zone
            that holds anything else than these, its NS and its SOA record, is an error and stays as it is.
        type: str
        choices: [present, absent]
        default: present
      description:
        description: The description of the zone. Left as it is when not given.
        type: str
      labels:
        description: Labels of the zone. Other labels are kept.
        type: dict
      networks:
        description:
          - All networks that see the zone, as URLs, also partial, or as names of networks of O(project). Others are
            taken off it.
          - Required when the zone is created; left as they are when not given.
        type: list
        elements: str
      records:
        description: Records of the zone. Others stay.
        type: list
        elements: dict
        default: []
        suboptions:
          name:
            description: The full name of the record.
            type: str
            required: true
          type:
            description: The type of the record, such as V(A).
            type: str
            required: true
          ttl:
            description: Seconds for which an answer may be kept. Always needed.
            type: int
          values:
            description: All values of the record. Always needed.
            type: list
            elements: str
          state:
            description:
              - V(present) writes the record over what is there.
              - V(absent) deletes it when its whole value is the one given here; another value is somebody else's and
                stays, with a warning.
            type: str
            choices: [present, absent]
            default: present
notes:
  - "IAM permissions: C(dns.managedZones.list), C(dns.managedZones.get), C(dns.managedZones.create),
    C(dns.managedZones.update), C(dns.managedZones.delete), C(dns.managedZoneOperations.get),
    C(dns.resourceRecordSets.list), C(dns.resourceRecordSets.create), C(dns.resourceRecordSets.update),
    C(dns.resourceRecordSets.delete), C(dns.changes.create), C(dns.changes.get), C(dns.changes.list), C(dns.projects.get); and
    C(dns.networks.bindPrivateDNSZone) in the project of each network. The role C(roles/dns.admin) has them."
  - A network sees at most one private zone of one name. Zones of other projects are seen only when Google refuses.
  - Changes are awaited, which takes seconds.
  - When a zone has more changes than 100, they are cut as the quota of the project demands.
seealso:
  - module: google.cloud.gcp_dns_managed_zone
  - module: google.cloud.gcp_dns_resource_record_set
  - name: Name resolution order
    description: Which zone answers in a network, and what a zone without the record answers.
    link: https://cloud.google.com/dns/docs/vpc-name-res-order
"""

EXAMPLES = r"""
- name: Name two links, each in a zone of its own
  zilliz.cloud.cloud_dns_names:
    project: my-project
    zones:
      - zone_id: zilliz-in01-0123456789abcde
        name: in01-0123456789abcde-privatelink.gcp-us-west1.vectordb.zillizcloud.com
        description: zilliz.cloud private link proj-1/gcp-us-west1/my-project/my-vpc cluster in01-0123456789abcde
        networks: [my-vpc]
        records:
          - name: in01-0123456789abcde-privatelink.gcp-us-west1.vectordb.zillizcloud.com
            type: A
            ttl: 60
            values: [10.10.0.5]
      - zone_id: zilliz-in01-abcdef012345678
        name: in01-abcdef012345678-privatelink.gcp-us-west1.vectordb.zillizcloud.com
        description: zilliz.cloud private link proj-1/gcp-us-west1/my-project/my-vpc cluster in01-abcdef012345678
        networks: [my-vpc]
        records:
          - name: in01-abcdef012345678-privatelink.gcp-us-west1.vectordb.zillizcloud.com
            type: A
            ttl: 60
            values: [10.10.0.5]

- name: Let exactly these two networks see a zone
  zilliz.cloud.cloud_dns_names:
    project: my-project
    zones:
      - zone_id: zilliz-privatelink-zone
        name: vectordb.zillizcloud.com
        networks: [my-vpc, projects/host-project/global/networks/shared-vpc]

- name: Delete a zone with its one record
  zilliz.cloud.cloud_dns_names:
    project: my-project
    zones:
      - zone_id: zilliz-privatelink-zone
        name: vectordb.zillizcloud.com
        state: absent
        records:
          - name: in01-0123456789abcde-privatelink.gcp-us-west1.vectordb.zillizcloud.com
            type: A
            ttl: 60
            values: [10.10.0.5]
"""

RETURN = r"""
zones:
  description: The zones, in the order of O(zones).
  returned: success
  type: list
  elements: dict
  contains:
    zone_id:
      description: The name of the managed zone.
      type: str
      returned: always
      sample: zilliz-privatelink-zone
    name:
      description: The DNS name of the zone, with its trailing dot.
      type: str
      returned: always
      sample: vectordb.zillizcloud.com.
    created:
      description: Whether it was created by this run, or would be in check mode.
      type: bool
      returned: always
      sample: true
    deleted:
      description: Whether it was deleted by this run, or would be in check mode.
      type: bool
      returned: always
      sample: false
"""

from ansible_collections.zilliz.cloud.plugins.module_utils import _cloud_dns as dns
from ansible_collections.zilliz.cloud.plugins.module_utils import _cloud_dns_zones as zones
from ansible_collections.zilliz.cloud.plugins.module_utils import _gcp_write as gcp
from ansible_collections.zilliz.cloud.plugins.module_utils._gcp_calls import GcpError


def ensure(module, google):
    cloud = dns.CloudDns(google, module.params)
    jobs = zones.read(cloud, module.params["zones"])
    for zone in jobs:
        zones.compare(zone)
    problems = [problem for zone in jobs for problem in zone["problems"]]
    if problems:
        raise GcpError(" ".join(dict.fromkeys(problems)))
    for warning in [warning for zone in jobs for warning in zone["warnings"]]:
        module.warn(warning)
    differing = [zone for zone in jobs if zone["before"] != zone["after"]]
    answer = {
        "changed": bool(differing),
        "zones": [result(zone) for zone in jobs],
        "diff": {side: {zone["zone_id"]: zone[side] for zone in differing} for side in ("before", "after")},
    }
    if not module.check_mode:
        zones.write(cloud, differing)
    return answer


def result(zone):
    created, deleted = bool(zone["after"] and not zone["before"]), bool(zone["before"] and not zone["after"])
    return {"zone_id": zone["zone_id"], "name": zone["name"], "created": created, "deleted": deleted}


def main():
    state = {"choices": ["present", "absent"], "default": "present"}
    record = {
        "name": {"required": True},
        "type": {"required": True},
        "ttl": {"type": "int"},
        "values": {"type": "list", "elements": "str"},
        "state": state,
    }
    zone = {
        "zone_id": {"required": True},
        "name": {"required": True},
        "state": state,
        "description": {},
        "labels": {"type": "dict"},
        "networks": {"type": "list", "elements": "str"},
        "records": {"type": "list", "elements": "dict", "default": [], "options": record},
    }
    gcp.run(ensure, zones={"type": "list", "elements": "dict", "required": True, "options": zone})


if __name__ == "__main__":
    main()
