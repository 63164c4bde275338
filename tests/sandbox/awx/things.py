# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWX looks at in execution environments, projects, inventories and hosts, beyond the single fields."""
from __future__ import annotations

import re

from .errors import Refused, invalid

PART = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
IMAGE = re.compile(rf"(?:[a-zA-Z0-9.-]+(?::\d+)?/)?{PART}(?:/{PART})*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{{0,127}})?(?:@sha256:[0-9a-f]{{64}})?")
GIT = re.compile(r"(?:(?:https?|git|ssh|file|git\+\w+)://|[\w.-]+@[\w.-]+:|[/~.])")


def check_image(row, _old, store):
    if not IMAGE.fullmatch(row["image"]):
        raise invalid(image=f"The container image name {row['image']} is not valid")
    credential = store.one("credentials", row["credential"])
    if credential and store.one("credential_types", credential["credential_type"])["kind"] != "registry":
        raise invalid(credential="Only Container Registry credentials can be associated with an Execution Environment")


def check_project(row, old, store):
    problems = {}
    if row["scm_type"] == "":
        others = {other["local_path"] for other in store.where("projects", scm_type="") if other["id"] != row.get("id")}
        # One text for a folder that is taken and for one that is not there.
        if row["local_path"] and (row["local_path"] in others or row["local_path"] not in store.folders):
            problems["local_path"] = ["This path is already being used by another manual project."]
        if row["scm_refspec"]:
            problems["scm_refspec"] = ["SCM refspec can only be used with git projects."]
    elif not row["scm_url"]:
        problems["scm_url"] = ["SCM URL is required."]
    elif row["scm_type"] == "git" and not GIT.match(row["scm_url"]):
        problems["scm_url"] = ["Unsupported git URL"]
    if problems:
        raise Refused(400, problems)


def playbooks(project, store):
    if project["scm_type"] == "":
        return store.folders.get(project["local_path"], [])
    return store.repositories.get(project["scm_url"], []) if project["scm_revision"] else []


def running_update(project, store):
    return next((job for job in store.where("project_updates", project=project["id"]) if not job["finished"]), None)


def project_shown(row, store):
    update = running_update(row, store)
    updates = store.where("project_updates", project=row["id"])
    return {
        "status": update["status"] if update else updates[-1]["status"] if updates else "ok" if row["local_path"] else "never updated",
        "summary_fields": {"current_update": {"id": update["id"], "status": update["status"]}} if update else {},
    }


def check_idle(row, store):
    update = running_update(row, store)
    if update:
        raise Refused(409, {"error": "Resource is being used by running jobs.", "active_jobs": [{"id": update["id"], "type": "project_update"}]})


def check_inventory(row, _old, _store):
    if row["kind"] == "smart" and not re.fullmatch(r"[\w.]+=\S.*", row["host_filter"] or ""):
        raise invalid(host_filter=f"Invalid query {row['host_filter']}")


def check_host(row, _old, _store):
    name, colon, port = row["name"].partition(":")
    if colon and ":" not in port and not (port.isdigit() and 0 < int(port) < 65536):
        raise invalid(name=f"Invalid port specification: {port}")
    row["name"] = name + colon + port
