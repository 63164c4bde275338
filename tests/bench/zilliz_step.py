# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""zilliz_step.py METHOD PATH [BODY]: one call with requests, in a process of its own. Prints the answer as curl would."""
from __future__ import annotations

import os
import sys

import requests

method, path, body = (*sys.argv[1:], None)[:3]
headers = {"Authorization": f"Bearer {os.environ['ZILLIZCLOUD_API_KEY']}", "Content-Type": "application/json"}
answer = requests.request(method, f"{os.environ['ZILLIZCLOUD_HOST_ADDRESS']}/v2/{path}", data=body, headers=headers, timeout=70)
answer.raise_for_status()
print(answer.text)
