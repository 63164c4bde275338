#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: private_endpoint_whitelist
short_description: Let a cloud account see an endpoint service of Zilliz Cloud
version_added: 1.0.0
description:
  - Some endpoint services are invisible to a cloud account until Zilliz Cloud was told the account, which must be done before
    the endpoint is created. RV(zilliz.cloud.private_endpoint_service_info#module:private_endpoint_services[].whitelist_required)
    says which.
  - Does nothing where the service of the region needs no entry, unless O(force=true).
  - B(An entry cannot be undone with this module.) The API of Zilliz Cloud can neither list nor remove entries; ask the support
    of Zilliz Cloud to remove one.
author:
  - "zilliz.cloud contributors (@zilliz-cloud)"
options:
  project_id:
    description: The Zilliz Cloud project. See M(zilliz.cloud.project_info).
    type: str
    required: true
  region_id:
    description: The Zilliz Cloud region of the service, such as V(az-eastus). See M(zilliz.cloud.region_info).
    type: str
    required: true
  outer_user_id:
    description:
      - The account that will own the endpoint. On Azure the subscription id, on Alibaba Cloud and Tencent Cloud the account id,
        on AWS the 12 digits of the account.
      - Quote it in YAML, because a number loses its leading zeros.
    type: str
    required: true
  force:
    description: Whether to make the entry although the service does not ask for one.
    type: bool
    default: false
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: none
    details:
      - The API cannot list the entries, so each run that needs an entry makes it again, which does no harm, and reports a change.
extends_documentation_fragment:
  - zilliz.cloud.zilliz
  - zilliz.cloud.attributes
  - zilliz.cloud.attributes.group_zilliz
seealso:
  - module: zilliz.cloud.private_endpoint_service_info
"""

EXAMPLES = r"""
---
- name: Let an Azure subscription see the service, where the service asks for it
  zilliz.cloud.private_endpoint_whitelist:
    project_id: proj-0123456789abcdef
    region_id: az-eastus
    outer_user_id: d73e9b55-7b9c-4f8d-8f0a-40e737f1ccbf
"""

RETURN = r"""
---
whitelist_required:
  description: Whether a service of the region asks for entries.
  type: bool
  returned: success
  sample: true
whitelist_entry:
  description: The entry that was made, or would be made in check mode. Empty when none was needed.
  type: dict
  returned: success
  sample:
    outer_user_id: d73e9b55-7b9c-4f8d-8f0a-40e737f1ccbf
    project_id: proj-0123456789abcdef
    region_id: az-eastus
"""

from ansible_collections.zilliz.cloud.plugins.module_utils._client import ZillizError
from ansible_collections.zilliz.cloud.plugins.module_utils._module import ZillizModule
from ansible_collections.zilliz.cloud.plugins.module_utils._names import account_problem

IDS = ("project_id", "region_id", "outer_user_id")


def ensure(module):
    client, params = module.client, module.params
    services, _widened = client.services_for(params["region_id"], params["project_id"])
    if not services:
        cloud_id = client.cloud_of(params["region_id"])
        raise ZillizError(f"Zilliz Cloud has no endpoint service in region {params['region_id']} of cloud {cloud_id}")
    problem = account_problem(services[0].get("cloud_id"), params["outer_user_id"])
    if problem:
        raise ZillizError(problem)
    required = any(service.get("whitelist_required") for service in services)
    changed = required or params["force"]
    entry = {name: params[name] for name in IDS} if changed else {}
    if changed and not module.check_mode:
        client.whitelist(params["project_id"], params["region_id"], params["outer_user_id"])
    diff = dict(before={}, after=entry)
    return dict(changed=changed, whitelist_required=required, whitelist_entry=entry, diff=diff)


def main():
    spec = dict(
        project_id=dict(type="str", required=True),
        region_id=dict(type="str", required=True),
        outer_user_id=dict(type="str", required=True),
        force=dict(type="bool", default=False),
    )
    ZillizModule(argument_spec=spec, supports_check_mode=True).run(ensure)


if __name__ == "__main__":
    main()
