#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: cluster_public_endpoint
short_description: Close or open the public endpoint of a Zilliz Cloud cluster
version_added: 1.0.0
description:
  - Closes the public endpoint of a Dedicated cluster, so that it can be reached through its private link only, or opens it again.
  - A cluster without a private link is refused, because nobody could reach it any more.
  - This module does not prove that the private link works. The playbook C(zilliz.cloud.private_only) does, before and after
    it closes anything, and opens again what cannot be reached.
author:
  - "zilliz.cloud contributors (@zilliz-cloud)"
options:
  cluster_id:
    description: The cluster, such as V(in01-840ec44485bf25d). See M(zilliz.cloud.cluster_info).
    type: str
    required: true
  state:
    description:
      - V(disabled) closes the public endpoint. Open connections through it end.
      - V(enabled) opens it. It needs no private link.
    type: str
    choices: [enabled, disabled]
    required: true
  org_id:
    description:
      - The organization of the cluster, such as V(org-0123456789abcdef).
      - The API reference requires it for changes of a cluster, the Terraform provider of Zilliz Cloud does not send it. Leave
        it out unless the change is refused without it.
    type: str
  wait:
    description:
      - Whether to wait until the change took effect, which takes minutes.
      - A cluster that is in the middle of something else takes no change. Its end is awaited in any case, for
        O(wait_timeout) seconds.
      - Nothing is awaited in check mode.
    type: bool
    default: false
  wait_timeout:
    description: Seconds to wait at most, for each of the two.
    type: int
    default: 1800
  wait_delay:
    description: Seconds between two looks while waiting.
    type: int
    default: 10
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
notes:
  - Only data-plane calls go through the endpoints of a cluster. The control plane stays public, so this module can always open
    the public endpoint again.
  - After it was opened, DNS caches near the client may delay its use.
  - The public API reference does not have the switch yet. It follows the Terraform provider of Zilliz Cloud, and where the
    cluster shows no C(publicAddressEnabled), the module fails and says what to click in the console.
  - A change that is already on its way is not asked for again, so a run that was interrupted can be repeated.
extends_documentation_fragment:
  - zilliz.cloud.zilliz
  - zilliz.cloud.attributes
  - zilliz.cloud.attributes.group_zilliz
seealso:
  - module: zilliz.cloud.cluster_info
  - module: zilliz.cloud.private_link_info
  - name: The public endpoint in the guides of Zilliz Cloud
    description: What the console offers, in the section Manage internet access to your clusters.
    link: https://docs.zilliz.com/docs/setup-a-private-link-aws
"""

EXAMPLES = r"""
---
- name: Close the public endpoint of a cluster and wait until it is closed
  zilliz.cloud.cluster_public_endpoint:
    cluster_id: in01-840ec44485bf25d
    state: disabled
    wait: true

- name: Open it again
  zilliz.cloud.cluster_public_endpoint:
    cluster_id: in01-840ec44485bf25d
    state: enabled
    wait: true
"""

RETURN = r"""
---
public_endpoint:
  description: The cluster. In check mode with the C(public_address_enabled) that a run would reach.
  type: dict
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
    project_id:
      description: The project of the cluster.
      type: str
      returned: success
      sample: proj-0123456789abcdef
    region_id:
      description: The Zilliz Cloud region of the cluster.
      type: str
      returned: success
      sample: aws-us-west-2
    status:
      description:
        - The status of the cluster, in Zilliz Cloud's words. V(RUNNING) after waiting.
        - Without waiting, such as V(DISABLE_PUBLIC_DOMAIN) or V(ENABLE_PUBLIC_DOMAIN) while the change is on its way.
      type: str
      returned: success
      sample: RUNNING
    public_address_enabled:
      description: Whether the public endpoint is open.
      type: bool
      returned: when the API gives it
      sample: false
    connect_address:
      description: The public address.
      type: str
      returned: success
      sample: https://in01-840ec44485bf25d.aws-us-west-2.vectordb.zillizcloud.com:19530
    private_link_address:
      description: The private link address. Empty without a private link.
      type: str
      returned: success
      sample: https://in01-840ec44485bf25d-privatelink.aws-us-west-2.vectordb.zillizcloud.com:19531
"""

from ansible_collections.zilliz.cloud.plugins.module_utils._client import ZillizError
from ansible_collections.zilliz.cloud.plugins.module_utils._module import ZillizModule
from ansible_collections.zilliz.cloud.plugins.module_utils._names import switching
from ansible_collections.zilliz.cloud.plugins.module_utils._public import (
    SHOWN,
    PublicSwitch,
    impossible,
    named,
    needs_switch,
)


def ensure(module):
    params = module.params
    enabled = params["state"] == "enabled"
    switch = PublicSwitch(module.client, params["cluster_id"], enabled, params["org_id"], params["wait_timeout"])
    cluster = switch.cluster()
    problem = impossible(cluster, enabled, lambda: switch.registrations(cluster))
    if problem:
        raise ZillizError(f"{named(cluster)}: {problem}")
    change = needs_switch(cluster, enabled)
    under_way = change or switching(cluster) is enabled
    before, after = not enabled if change else enabled, cluster
    if module.check_mode:
        after = dict(cluster, public_address_enabled=enabled)
    else:
        if change:
            module.poll(switch.begin)
        if under_way:
            after = module.poll(switch.done) if params["wait"] else switch.cluster()
    shown = {name: after[name] for name in SHOWN if name in after}
    diff = dict(before=dict(public_address_enabled=before), after=dict(public_address_enabled=enabled))
    return dict(changed=change, public_endpoint=shown, diff=diff)


def main():
    spec = dict(
        cluster_id=dict(type="str", required=True),
        state=dict(type="str", choices=["enabled", "disabled"], required=True),
        org_id=dict(type="str"),
        wait=dict(type="bool", default=False),
        wait_timeout=dict(type="int", default=1800),
        wait_delay=dict(type="int", default=10),
    )
    ZillizModule(argument_spec=spec, supports_check_mode=True).run(ensure)


if __name__ == "__main__":
    main()
