# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sandbox's state and log as the tests of the role look at them, and plays around the role."""
from __future__ import annotations

import json
import uuid

MAIN = "111122223333"
MARK_TAG = "zilliz.cloud/private-link"


def account(sandbox, account_id=MAIN):
    return sandbox.state()["aws"]["accounts"][account_id]


def region(sandbox, name="us-west-2", account_id=MAIN):
    return account(sandbox, account_id)["regions"][name]


def zones(sandbox, account_id=MAIN):
    """An account's zones by name, without those of AWS services."""
    return {zone["name"].rstrip("."): zone for zone in account(sandbox, account_id)["zones"].values() if not zone["service"]}


def names(zone):
    """The records that are not the zone's own."""
    return {name: record for name, record in zone["records"].items() if name.rsplit(" ", 1)[1] not in ("NS", "SOA")}


def hosts(run):
    return sorted(one["host"] for one in run.result["links"] if one["ready"])


def registered(sandbox, project_id):
    return [row["endpoint_id"] for row in sandbox.state()["zilliz"]["registrations"] if row["project_id"] == project_id]


def calls(sandbox, since, *operations):
    """The calls of these operations that were answered well, in order."""
    return [one for one in sandbox.log(since) if one["operation"] in operations and one["outcome"] == "ok"]


def nothing_written(sandbox, since):
    return not [one for one in sandbox.mutating(since) if one["cloud"] != "drift"]


def marked_group(sandbox, where="us-west-2"):
    return next(one for one in region(sandbox, where)["security_groups"].values() if MARK_TAG in one["tags"])


def role(variables=None, **keywords):
    """A task that includes the role; keywords are those of the task, options of include_role among them."""
    options = {"name": "zilliz.cloud.aws_private_link", **keywords.pop("options", {})}
    return {"name": "Include the role", "ansible.builtin.include_role": options, "vars": variables or {}, **keywords}


def write_plays(folder, *plays):
    """A playbook of these plays for localhost; a play may say otherwise."""
    base = {"hosts": "localhost", "connection": "local", "gather_facts": False,
            "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}}
    path = folder / f"plays-{uuid.uuid4().hex[:8]}.yml"
    path.write_text(json.dumps([{**base, **play} for play in plays]), encoding="utf-8")
    return path
