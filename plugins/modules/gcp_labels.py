#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: gcp_labels
short_description: Add labels to an address or a forwarding rule of Google Cloud
version_added: 1.0.0
author:
  - "zilliz.cloud contributors (@zilliz-cloud)"
description:
  - Adds labels to a regional address or forwarding rule that exists, or changes their values. Other labels stay.
  - This fills a gap of M(google.cloud.gcp_compute_address) and M(google.cloud.gcp_compute_forwarding_rule), which have
    no labels. Use these modules to create what is labelled.
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
  kind:
    description: What is labelled.
    type: str
    choices: [address, forwarding_rule]
    required: true
  name:
    description: Its name.
    type: str
    required: true
  region:
    description: Its region, such as V(us-west1).
    type: str
    required: true
  labels:
    description:
      - The labels. Google takes lower case letters, digits, underscores and dashes in keys and values, up to 63 of them.
    type: dict
    required: true
notes:
  - "IAM permissions: C(compute.addresses.get) and C(compute.addresses.setLabels), or C(compute.forwardingRules.get) and
    C(compute.forwardingRules.setLabels), for PSC endpoints C(compute.forwardingRules.pscSetLabels) too; and
    C(compute.regionOperations.get)."
  - The labels are read together with their fingerprint and written with it, so that labels that somebody else adds at
    the same time are not lost.
seealso:
  - module: google.cloud.gcp_compute_address
  - module: google.cloud.gcp_compute_forwarding_rule
  - name: Requirements for labels
    description: What Google takes as keys and values.
    link: https://cloud.google.com/compute/docs/labeling-resources
"""

EXAMPLES = r"""
- name: Label an address
  zilliz.cloud.gcp_labels:
    project: my-project
    region: us-west1
    kind: address
    name: zilliz-private-link
    labels:
      team: search
"""

RETURN = r"""
labels:
  description: All labels after the run, or as they would be in check mode.
  returned: success
  type: dict
  sample: {"team": "search", "cost-center": "42"}
"""

from ansible_collections.zilliz.cloud.plugins.module_utils import _gcp_write as gcp
from ansible_collections.zilliz.cloud.plugins.module_utils._gcp_calls import COMPUTE

KINDS = {"address": "addresses", "forwarding_rule": "forwardingRules"}


def ensure(module, google):
    params, kind = module.params, KINDS[module.params["kind"]]
    url = f"{COMPUTE}projects/{params['project']}/regions/{params['region']}/{kind}/{params['name']}"
    what = f"the {params['kind'].replace('_', ' ')} {params['name']} in {params['region']}"
    before = google.get(url, f"read {what}", f"compute.{kind}.get").get("labels", {})
    after = {**before, **gcp.plain_labels(params["labels"])}
    if before != after and not module.check_mode:
        labels, timeout = gcp.plain_labels(params["labels"]), params["operation_timeout"]
        after = gcp.set_labels(google, url, what, f"compute.{kind}.setLabels", labels, timeout)
    return {"changed": before != after, "labels": after, "diff": {"before": before, "after": after}}


def main():
    gcp.run(
        ensure,
        kind={"choices": ["address", "forwarding_rule"], "required": True},
        name={"required": True},
        region={"required": True},
        labels={"type": "dict", "required": True},
    )


if __name__ == "__main__":
    main()
