# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Workflow jobs: their nodes in order, approvals, artifacts handed on, and how a whole workflow ends."""
from __future__ import annotations

from . import jobs, nodes, prompts, surveys

PATH = "workflow_job_nodes"
NO_WAY = "No error handling paths found, marking workflow as failed"


def spread(awx, job):
    """A node of the job for each node of its template."""
    own = {}
    template_nodes = awx.store.where("workflow_job_template_nodes", workflow_job_template=job["workflow_job_template"])
    for row in template_nodes:
        own[row["id"]] = awx._add(PATH, {
            "identifier": row["identifier"], "workflow_job": job["id"], "unified_job_template": row["unified_job_template"], "job": None,
            "do_not_run": False, "extra_data": row["extra_data"], "all_parents_must_converge": row["all_parents_must_converge"], "_job": None,
            "_state": "waiting", "success_nodes": [], "failure_nodes": [], "always_nodes": []})
    for row in template_nodes:
        for name in nodes.LINKS:
            linked = awx.store.links.get(("workflow_job_template_nodes", row["id"], name), [])
            own[row["id"]][name] = [own[number]["id"] for number in linked]


def step(awx):
    """One move of one workflow job; False when all wait or are over."""
    for job in awx.store.tables["workflow_jobs"].values():
        if job["status"] in jobs.OVER:
            continue
        job.update(status="running", started=job["started"] or awx._stamp())
        if _move(awx, job):
            return True
    return False


def _move(awx, job):
    own = {row["id"]: row for row in awx.store.where(PATH, workflow_job=job["id"])}
    for row in own.values():
        if row["_state"] == "running" and _outcome(awx, row):
            row["_state"] = _outcome(awx, row)
            return True
    for row in own.values():
        if row["_state"] == "waiting" and _decide(awx, job, row, own):
            return True
    if any(row["_state"] in ("waiting", "running") for row in own.values()):
        return False
    unhandled = [row for row in own.values() if row["_state"] == "failed" and not row["failure_nodes"] and not row["always_nodes"]]
    jobs.end(awx, job, "failed" if unhandled else "successful", NO_WAY if unhandled else "")
    return True


def _outcome(awx, row):
    """How the job of a node ended; None while it has not."""
    done = awx.store.one(*row["_job"])
    if row["_job"][0] == "workflow_approvals" and done["status"] == "pending" and done["timeout"] > 0:
        waited = (awx.now() - done["_since"]).total_seconds()
        if waited >= done["timeout"]:
            jobs.end(awx, done, "failed", f"The approval node {done['name']} ({done['id']}) has expired after {done['timeout']} seconds.")
    if done["status"] not in jobs.OVER:
        return None
    return "successful" if done["status"] == "successful" else "failed"


def _decide(awx, job, row, own):
    """Start a node, leave it out, or let it wait for its parents."""
    parents = [(parent, name) for parent in own.values() for name in nodes.LINKS if row["id"] in parent[name]]
    taken = [_taken(parent, name) for parent, name in parents]
    if None in taken and (row["all_parents_must_converge"] or True not in taken):
        return False
    wanted = not parents or (all(taken) if row["all_parents_must_converge"] else any(taken))
    if wanted:
        _start(awx, job, row, [parent for (parent, _name), yes in zip(parents, taken) if yes])
    else:
        row.update(_state="left out", do_not_run=True)
    return True


def _taken(parent, name):
    """Whether the way from a parent is gone; None as long as that is open."""
    if parent["_state"] in ("waiting", "running"):
        return None
    if parent["_state"] == "left out":
        return False
    return name == "always_nodes" or name == {"successful": "success_nodes", "failed": "failure_nodes"}[parent["_state"]]


def _start(awx, job, row, parents):
    path, template = awx.store.template(row["unified_job_template"])
    if template is None:
        row["_state"] = "failed"
        return
    if path == "workflow_approval_templates":
        made = jobs.fresh(awx, "workflow_approvals", template["name"], template["id"], "workflow", workflow_job=job["id"],
                          timeout=template["timeout"], _since=awx.now())
        kind = "workflow_approvals"
    elif path == "projects":
        made, kind = jobs.update_project(awx, template), "project_updates"
        jobs.settle_updates(awx)
    else:
        made = jobs.start(awx, path, template, _given(awx, job, row, template, parents), {}, "workflow")
        kind = "jobs" if path == "job_templates" else "workflow_jobs"
    row.update(_state="running", job=made["id"], _job=(kind, made["id"]))


def _given(awx, job, row, template, parents):
    """Answers of the node, then artifacts of what ran before, then the variables of the workflow, which beat both."""
    given = dict(row["extra_data"])
    for parent in parents:
        given.update(_artifacts(awx, job, parent))
    given.update(job["_variables"])
    # Without an answer the default counts; a required question without either is not noticed.
    spec = prompts.survey(template, awx.store)
    wrong = {question["variable"] for question in spec.get("spec", []) if surveys.answer_problems(question, given, required=False)}
    return {name: value for name, value in given.items() if name not in wrong}


def _artifacts(awx, job, row):
    """A node's own artifacts over those of the nodes before it."""
    found = {}
    for parent in awx.store.where(PATH, workflow_job=job["id"]):
        if any(row["id"] in parent[name] for name in nodes.LINKS) and parent["_state"] in ("successful", "failed"):
            found.update(_artifacts(awx, job, parent))
    if row["_job"]:
        found.update(awx.store.one(*row["_job"]).get("artifacts") or {})
    return found


def answer(awx, approval, approved):
    """Approve or deny."""
    if approval["status"] != "pending":
        raise jobs.Refused(400, {"error": "This workflow step has already been approved or denied."})
    jobs.end(awx, approval, "successful" if approved else "failed")
