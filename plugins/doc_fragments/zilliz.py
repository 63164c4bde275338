# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The connection options, once for modules and once more with their variables for plugins."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  api_key:
    description:
      - The API key of Zilliz Cloud. The control plane takes API keys only, no user names of a cluster.
      - Required, but it may come from the environment variable E(ZILLIZCLOUD_API_KEY), or else E(ZILLIZ_API_KEY).
        Empty variables count as not set.
    type: str
  host_address:
    description:
      - The address of the Zilliz Cloud API, with or without a trailing C(/v2).
      - Keys of V(cloud.zilliz.com) accounts need none. Accounts of V(cloud.zilliz.com.cn) need
        V(https://api.cloud.zilliz.com.cn), whose regions are those of Alibaba Cloud and Tencent Cloud.
      - Without it, the environment variable E(ZILLIZCLOUD_HOST_ADDRESS) is used, or else V(https://api.cloud.zilliz.com).
    type: str
  timeout:
    description:
      - Seconds to wait for the answer to one request.
      - Zilliz Cloud ends a request after 60 seconds by itself, see the overview of its RESTful API.
    type: int
    default: 70
  validate_certs:
    description: Whether to check the TLS certificate of O(host_address).
    type: bool
    default: true
requirements:
  - requests (Python library)
notes:
  - A request that was refused for the rate limit (20 requests per second and route) is tried again for up to 120 seconds.
    Reading requests are tried again after other trouble too, writing ones only when they were surely refused before any work.
seealso:
  - name: Zilliz Cloud RESTful API
    description: Reference of the control plane.
    link: https://docs.zilliz.com/reference/restful/control-plane-v2
"""

    PLUGIN = r"""
options:
  api_key:
    description:
      - The API key of Zilliz Cloud. Empty variables count as not set.
    type: str
    env:
      - name: ZILLIZ_API_KEY
      - name: ZILLIZCLOUD_API_KEY
  host_address:
    description:
      - The address of the Zilliz Cloud API, with or without a trailing C(/v2).
      - Keys of V(cloud.zilliz.com) accounts need none. Accounts of V(cloud.zilliz.com.cn) need
        V(https://api.cloud.zilliz.com.cn).
    type: str
    env:
      - name: ZILLIZCLOUD_HOST_ADDRESS
  timeout:
    description:
      - Seconds to wait for the answer to one request.
    type: int
    default: 70
  validate_certs:
    description: Whether to check the TLS certificate of O(host_address).
    type: bool
    default: true
requirements:
  - requests (Python library)
"""
