# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the Zilliz Cloud modules share: their options, their client, and the one place where an error ends a task."""

from __future__ import annotations

import os
import re
import time

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible.module_utils.errors import AnsibleFallbackNotFound

from ansible_collections.zilliz.cloud.plugins.module_utils import _http
from ansible_collections.zilliz.cloud.plugins.module_utils._client import ZillizClient, ZillizError


def _env(*names):
    # AWX injects empty variables for fields left open: an empty one counts as not set.
    for name in names:
        if os.environ.get(name):
            return os.environ[name]
    raise AnsibleFallbackNotFound


def zilliz_argument_spec():
    """The options that every Zilliz Cloud module takes."""
    return dict(
        api_key=dict(type="str", no_log=True, fallback=(_env, ["ZILLIZCLOUD_API_KEY", "ZILLIZ_API_KEY"])),
        host_address=dict(type="str", fallback=(_env, ["ZILLIZCLOUD_HOST_ADDRESS"])),
        timeout=dict(type="int", default=70),
        validate_certs=dict(type="bool", default=True),
    )


def link_argument_spec():
    """What both plan modules ask of a link, whatever the cloud."""
    names = dict(type="list", elements="str", default=[])
    return dict(
        state=dict(choices=["present", "absent"], default="present"),
        project_id=dict(required=True),
        cluster_ids=names,
        cluster_names=names,
        confirm_clusters=names,
        adopt=dict(type="bool", default=False),
        awaits=dict(type="list", elements="str", choices=["endpoint", "link", "maintenance", "gone"], default=[]),
        done=dict(type="list", elements="str", choices=["connect", "name", "absent"], default=[]),
        changes=names,
        wait_timeout=dict(type="int", default=1200),
        maintenance_timeout=dict(type="int", default=2700),
        inspect=dict(type="bool", default=False),
        deep=dict(type="bool", default=False),
    )


def client_from(params):
    """A client for the options of zilliz_argument_spec."""
    return ZillizClient(params["api_key"], params["host_address"], params["timeout"], params["validate_certs"])


def hide_login(module):
    """Nobody may give a login in host_address; whoever does shall not see it again where Ansible shows the options."""
    module = getattr(module, "_module", module)  # AnsibleAWSModule is built around one
    login = (module.params["host_address"] or "").rpartition("@")[0].split("//", 1)[-1]
    if login:
        module.no_log_values.add(login)


def input_problems(params):
    """What is wrong with the shared options, and with the options for waiting where a module has them."""
    problems = _http.input_problems(params["api_key"], params["host_address"], params["timeout"])
    for option, least in (("wait_timeout", 1), ("maintenance_timeout", 0), ("wait_delay", 1)):
        value = params.get(option)
        if value is not None and value < least:
            problems.append(f"{option} must be at least {least}, not {value}")
    for option in ("project_id", "region_id", "endpoint_id", "cluster_id", "org_id", "outer_user_id"):
        value = params.get(option)
        if value is not None and (value in ("", ".", "..") or re.search(r"[\s/]", value)):
            problems.append(f"{option} '{value}' is not an id: it must not be empty or hold white space or slashes")
    return problems


class ZillizModule(AnsibleModule):
    """A module with a Zilliz Cloud client."""

    def __init__(self, argument_spec, **kwargs):
        super().__init__(argument_spec=dict(zilliz_argument_spec(), **argument_spec), **kwargs)
        if _http.requests is None:
            self.fail_json(msg=missing_required_lib("requests"), exception=_http.REQUESTS_IMPORT_ERROR)
        hide_login(self)
        problems = input_problems(self.params)
        if problems:
            self.fail_json(msg="; ".join(problems))
        self.client = client_from(self.params)

    def poll(self, look):
        """Calls look with the seconds spent, wait_delay apart, until it answers something or raises."""
        start = time.monotonic()
        while True:
            answer = look(time.monotonic() - start)
            if answer is not None:
                return answer
            time.sleep(self.params["wait_delay"])

    def run(self, function):
        """Ends the task with what the function returns, or with the sentence of what went wrong."""
        try:
            result = function(self)
        except ZillizError as error:
            known = {name: getattr(error, name) for name in ("code", "request_id") if getattr(error, name) is not None}
            self.fail_json(msg=str(error), **known)
        self.exit_json(**result)
