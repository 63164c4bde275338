# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The unmodified amazon.aws modules meet the sandbox as they would meet AWS: one test for each row of what moto lacks.

A task costs most of a second, so each area is one playbook, and the tests read its answers. Time stands nearly still
(speed 1) and is moved by the playbook itself.
"""
from __future__ import annotations

import pytest

from sandbox.aws.landscape import CLIENT_GROUP

SERVICE = "com.amazonaws.vpce.us-west-2.vpce-svc-0b62964bfd0edfb74"
OWN_SERVICE = "com.amazonaws.us-west-2.ec2"
HOST = "in01-840ec44485bf25d-privatelink.aws-us-west-2.vectordb.zillizcloud.com"
CALM = {"route53_rate": 0, "route53_busy_seconds": 0, "aws_consistency_seconds": 0}


class Play:
    """Tasks in order; a task that may fail is only recorded."""

    def __init__(self, sandbox):
        self.sandbox = sandbox
        self.tasks = []

    def aws(self, name, module, register=None, ignore=True, **args):
        task = {"name": name, f"amazon.aws.{module}": args, "register": register or "last", "ignore_errors": ignore}
        self.tasks.append({key: value for key, value in task.items() if value is not False})

    def control(self, path, **body):
        self.tasks.append({"name": f"control {path}", "ansible.builtin.uri": {
            "url": self.sandbox.url + path, "method": "POST", "body_format": "json", "body": body}})

    def more(self, **keys):
        self.tasks[-1].update(keys)


def run(sandbox, folder, play):
    from conftest_of_e2e import run_playbook

    return run_playbook(sandbox, folder, play.tasks)
