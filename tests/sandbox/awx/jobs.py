# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs of all kinds, and how they end. What a job does is the worker's matter."""
from __future__ import annotations

import hashlib

from . import credential_types, credentials, launch, workflow_jobs
from .errors import Refused

FIELDS = {
    "jobs": ("name", "status", "job_template", "unified_job_template", "launch_type", "failed", "finished", "inventory"),
    "workflow_jobs": ("name", "status", "workflow_job_template", "unified_job_template", "failed", "finished"),
    "workflow_job_nodes": ("identifier", "workflow_job", "job", "do_not_run", "unified_job_template"),
    "workflow_approvals": ("name", "status", "workflow_job"),
    "project_updates": ("name", "status", "project"),
}
# Fields that name other objects: the path, or None where the field holds (path, number).
RELATED: dict[str, dict] = {
    "jobs": {"job_template": "job_templates", "unified_job_template": "job_templates", "inventory": "inventories", "project": "projects"},
    "workflow_jobs": {"workflow_job_template": "workflow_job_templates"},
    "workflow_job_nodes": {"workflow_job": "workflow_jobs", "_job": None},
    "workflow_approvals": {"workflow_job": "workflow_jobs"},
    "project_updates": {"project": "projects"},
}
OUTCOME = ("status", "failed", "started", "finished", "canceled_on", "elapsed", "job_explanation", "event_processing_finished")
OVER = ("successful", "failed", "error", "canceled")


def summary(store, path, number):
    row = store.one(path, number) or {}
    return {"id": number, "name": row.get("name"), **({"status": row["status"]} if "status" in row else {})}


def fresh(awx, path, name, template, launch_type="manual", **more):
    return awx._add(path, {
        "name": name, "unified_job_template": template, "launch_type": launch_type, "status": "pending", "failed": False, "started": None,
        "finished": None, "canceled_on": None, "elapsed": 0.0, "job_explanation": "", "event_processing_finished": False, **more})


def start(awx, path, row, given, taken, launch_type="manual"):
    data, shown = launch.variables(awx, row, given)
    more = {"extra_vars": shown, "artifacts": {}, "_variables": data}
    if path == "workflow_job_templates":
        job = fresh(awx, "workflow_jobs", row["name"], row["id"], launch_type, workflow_job_template=row["id"], **more)
        workflow_jobs.spread(awx, job)
        return job
    return fresh(
        awx, "jobs", row["name"], row["id"], launch_type, job_template=row["id"], job_type=row["job_type"], playbook=row["playbook"],
        project=row["project"], inventory=taken.get("inventory") or row["inventory"], limit=taken.get("limit", row["limit"]), forks=row["forks"],
        timeout=row["timeout"], job_env={}, _credentials=taken.get("credentials", list(awx.store.links.get((path, row["id"], "credentials"), []))), **more)


def again(awx, job):
    """The same once more: with what was given then."""
    same = {name: value for name, value in job.items() if name not in ("id", "name", "unified_job_template", "launch_type", "created", "modified", *OUTCOME)}
    return fresh(awx, "jobs", job["name"], job["unified_job_template"], "relaunch", **{**same, "artifacts": {}, "job_env": {}})


def end(awx, job, status, explanation="", artifacts=None):
    job.update(status=status, failed=status != "successful", finished=awx._stamp(), job_explanation=explanation, event_processing_finished=True)
    if artifacts is not None:
        job["artifacts"] = artifacts
    _path, template = awx.store.template(job["unified_job_template"])
    if template and "last_job_run" in template:
        template.update(status=status, last_job_run=job["finished"])


def cancel(awx, job):
    if job["status"] in OVER:
        raise Refused(405, {"detail": 'Method "POST" not allowed.'})
    end(awx, job, "canceled")
    job["canceled_on"] = job["finished"]


def update_project(awx, project):
    return fresh(awx, "project_updates", project["name"], project["id"], "update", project=project["id"], scm_revision="")


def settle_updates(awx):
    """A repository is read, or is not there."""
    for job in awx.store.where("project_updates", finished=None):
        project = awx.store.one("projects", job["project"])
        if project is None or project["scm_url"] not in awx.store.repositories:
            end(awx, job, "failed", "Previous Task Canceled" if project is None else "")
            continue
        revision = hashlib.sha1(project["scm_url"].encode()).hexdigest()
        project["scm_revision"] = job["scm_revision"] = revision
        end(awx, job, "successful")


def run(awx, worker):
    settle_updates(awx)
    while True:
        pending = [job for job in awx.store.tables["jobs"].values() if job["status"] == "pending"]
        if pending:
            execute(awx, pending[0], worker)
        elif not workflow_jobs.step(awx):
            return


def execute(awx, job, worker):
    """Start one job, and let the worker say how it ended: {"status", "artifacts", "explanation"}."""
    for number in job["_credentials"]:
        credential = awx.store.one("credentials", number)
        lacking = credentials.lacking(credential, awx.store)
        if lacking:
            end(awx, job, "failed", f"Job cannot start because Credential {credential['name']} does not provide one or more required fields"
                f" ({', '.join(lacking)}). Task failed pre-start check.")
            return
    job.update(status="running", started=awx._stamp())
    injected = environment(awx, job)
    job["job_env"] = {name: "**********" for name in injected["env"]}
    done = worker({**awx.show("jobs", job), "variables": job["_variables"], "injected": injected}) or {}
    if job["status"] == "running":
        end(awx, job, done.get("status", "successful"), done.get("explanation", ""), done.get("artifacts", {}))


def environment(awx, job):
    """All that the credentials of a job inject."""
    merged = {"env": {}, "extra_vars": {}, "file": {}}
    for number in job["_credentials"]:
        row = awx.store.one("credentials", number)
        kind = awx.store.one("credential_types", row["credential_type"])
        for part, values in credential_types.rendered(kind, row["inputs"], awx.files).items():
            merged[part].update(values)
    return merged
