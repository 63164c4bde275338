# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes what every task answered as one JSON line, so that a test need not read prose."""
from __future__ import annotations

import json
import os

from ansible import constants
from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: results
type: aggregate
short_description: JSON lines of task results for the tests
description: Writes to the file named by SANDBOX_RESULTS. The folder named by SANDBOX_PACKED keeps modules as Ansible packs them.
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "results"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self):
        super().__init__()
        packed = os.environ.get("SANDBOX_PACKED")
        if packed:
            # Ansible forgets after each run what it packed, which is the half of a run's work.
            os.symlink(packed, os.path.join(constants.DEFAULT_LOCAL_TMP, "ansiballz_cache"))

    def _write(self, result, status):
        task = result._task if hasattr(result, "_task") else result.task
        answer = result._result if hasattr(result, "_result") else result.result
        host = result._host if hasattr(result, "_host") else result.host
        line = {"task": task.get_name().split(" : ")[-1], "host": host.get_name(), "status": status, "action": task.action,
                "changed": bool(answer.get("changed")), "result": answer}
        with open(os.environ["SANDBOX_RESULTS"], "a", encoding="utf-8") as file:
            file.write(json.dumps(line, default=str) + "\n")

    def v2_runner_on_ok(self, result):
        self._write(result, "ok")

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self._write(result, "ignored" if ignore_errors else "failed")

    def v2_runner_on_skipped(self, result):
        self._write(result, "skipped")
