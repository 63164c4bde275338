# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the modules share that write to Google Cloud: their options, their one try/except, trying again after a race."""

from __future__ import annotations

import time

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.zilliz.cloud.plugins.module_utils._gcp_calls import GcpError, Google, gcp_argument_spec, unmask

RACES = 3


def run(ensure, **options):
    module = AnsibleModule(
        argument_spec={**gcp_argument_spec(), "operation_timeout": {"type": "int", "default": 300}, **options},
        supports_check_mode=True,
    )
    unmask(module)
    try:
        check(module.params)
        result = ensure(module, Google(module.params))
    except GcpError as error:
        module.fail_json(msg=str(error), status=error.status, reason=error.reason, permission=error.permission)
    module.exit_json(**result)


def check(params):
    if not params["project"]:
        raise GcpError("project is not given: set it, or GCP_PROJECT in the environment.")
    if params["operation_timeout"] <= 0:
        raise GcpError("operation_timeout must be more than 0 seconds.")
    if params.get("wait_timeout", 0) < 0 or params.get("wait_delay", 1) <= 0:
        raise GcpError("wait_timeout must be 0 or more seconds and wait_delay more than 0 seconds.")


def racing(attempt, kinds=("changed",)):
    """Do what begins with reading again when somebody else was faster."""
    for left in range(RACES, -1, -1):
        try:
            return attempt()
        except GcpError as error:
            if error.kind not in kinds or not left:
                raise
        time.sleep(1)


def plain_labels(labels):
    """As text; Google takes no capitals, so a YAML boolean cannot be as Python writes it."""
    labels = sorted((labels or {}).items())
    return {str(key): str(value).lower() if isinstance(value, bool) else str(value) for key, value in labels}


def set_labels(google, url, what, permission, labels, timeout):
    """Add labels to a compute resource, beside those that it has; all that it has then."""

    def attempt():
        found = google.get(url, f"read {what}", permission.replace("setLabels", "get"))
        after = {**found.get("labels", {}), **labels}
        if after != found.get("labels", {}):
            body = {"labels": after, "labelFingerprint": found.get("labelFingerprint")}
            google.write("POST", f"{url}/setLabels", f"label {what}", permission, body, timeout)
        return after

    return racing(attempt)
