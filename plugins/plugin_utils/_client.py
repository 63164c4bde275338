# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Zilliz Cloud client for plugins: their options, and errors as Ansible errors."""

from __future__ import annotations

import os
from contextlib import contextmanager

from ansible.errors import AnsibleError

from ansible_collections.zilliz.cloud.plugins.module_utils._client import ZillizClient, ZillizError


@contextmanager
def client_of(plugin):
    """A client for a plugin's options; what goes wrong inside the block is told as the plugin's error."""
    try:
        # An empty ZILLIZCLOUD_API_KEY would hide ZILLIZ_API_KEY from the option.
        api_key = plugin.get_option("api_key") or os.environ.get("ZILLIZ_API_KEY")
        settings = [plugin.get_option(name) for name in ("host_address", "timeout", "validate_certs")]
        yield ZillizClient(api_key, *settings)
    except ZillizError as error:
        raise AnsibleError(str(error)) from None
