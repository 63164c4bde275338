# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Job templates and workflow templates: what they need, what they show of their survey."""
from __future__ import annotations

from . import things
from .errors import Refused


def check_job_template(row, _old, store):
    problems = {}
    project = store.one("projects", row["project"])
    if not project:
        problems["project"] = ["Job Templates must have a project assigned."]
    if row["inventory"] is None and not row["ask_inventory_on_launch"]:
        problems["inventory"] = ["You must either set a default value or ask to prompt on launch."]
    if project and not row["playbook"]:
        problems["playbook"] = ["Must select playbook for project."]
    elif project and row["playbook"] not in things.playbooks(project, store):
        problems["playbook"] = ["Playbook not found for project."]
    if row["scm_branch"] and project and not project["allow_override"]:
        problems["scm_branch"] = ["Project does not allow overriding branch."]
    if problems:
        raise Refused(400, problems)
    # Whatever organization was sent: it is the project's.
    row["organization"] = project["organization"]


def shown(row, store):
    spec = store.surveys.get(row["id"])
    summary: dict = {"survey": {"title": spec["name"], "description": spec["description"]}} if spec else {}
    if "playbook" in row:
        chosen = store.links.get(("job_templates", row["id"], "credentials"), [])
        summary["credentials"] = [{"id": one["id"], "name": one["name"], "kind": None, "cloud": True} for one in
                                  (store.one("credentials", number) for number in chosen)]
        environment = store.one("execution_environments", row["execution_environment"])
        summary["resolved_environment"] = {"id": environment["id"], "name": environment["name"], "image": environment["image"]} if environment else {}
    return {"summary_fields": summary}
