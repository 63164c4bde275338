# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Launching: what the caller may give, what is missing, and the variables that a job starts with."""
from __future__ import annotations

import json

from . import jobs, prompts, surveys
from .errors import Invalid, Refused
from .values import Reference, parsed

# The launch option and the field of the template that it would stand for.
OPTIONS = {"limit": "limit", "job_type": "job_type", "verbosity": "verbosity", "diff_mode": "diff_mode", "scm_branch": "scm_branch",
           "forks": "forks", "timeout": "timeout", "job_slice_count": "job_slice_count", "execution_environment": "execution_environment",
           "inventory": "inventory", "job_tags": "job_tags", "skip_tags": "skip_tags"}


def look(awx, path, row):
    """GET launch: what a launch needs."""
    spec = prompts.survey(row, awx.store)
    needed = [question["variable"] for question in spec.get("spec", []) if question["required"]]
    asks = {name: value for name, value in row.items() if name.startswith("ask_")}
    return {
        "can_start_without_user_input": not needed and not (row.get("ask_inventory_on_launch") and not row["inventory"]),
        "passwords_needed_to_start": [],
        **asks,
        "survey_enabled": row["survey_enabled"],
        "variables_needed_to_start": needed,
        "credential_needed_to_start": False,
        "inventory_needed_to_start": path == "job_templates" and row["inventory"] is None,
        "defaults": {"extra_vars": row["extra_vars"], "inventory": {"id": row["inventory"]}},
        "node_templates_missing": [], "node_prompts_rejected": [],
    }


def launch(awx, path, row, sent):
    """POST launch: the job, and what of the request did not count."""
    store = awx.store
    given = sent.get("extra_vars") if sent.get("extra_vars") is not None else {}
    try:
        given = dict(parsed(given))
    except Invalid as error:
        raise Refused(400, {"extra_vars": error.problems}) from None
    spec = prompts.survey(row, store)
    fixed = parsed(row["extra_vars"])
    ignored, problems = {}, {}
    unknown = prompts.unknown_variables(row, spec, given)
    if path == "workflow_job_templates" and unknown:
        problems["extra_vars"] = [prompts.not_allowed(path, unknown)]
    rejected = {name: given.pop(name) for name in unknown}
    rejected = {name: value for name, value in rejected.items() if fixed.get(name, _NONE) != value}
    if rejected:
        ignored["extra_vars"] = rejected
    wrong = surveys.problems(spec, given)
    if wrong:
        problems["variables_needed_to_start"] = wrong
    taken = _options(store, path, row, sent, ignored, problems)
    if path == "job_templates" and row["inventory"] is None and not taken.get("inventory") and "inventory" not in problems:
        problems["resources_needed_to_start"] = ["Job Template inventory is missing or undefined."]
    if problems:
        raise Refused(400, problems)
    return jobs.start(awx, path, row, given, taken), ignored


_NONE = object()


def _options(store, path, row, sent, ignored, problems):
    taken = {}
    for option, field in OPTIONS.items():
        if option not in sent or field not in row:
            continue
        value = sent[option]
        if prompts.ask(row, option):
            taken[option] = value
            if option == "inventory":
                try:
                    taken[option] = Reference("inventories", null=False).read(value, store)
                except Invalid as error:
                    problems[option] = error.problems
        elif value != row[field] and path == "workflow_job_templates":
            problems[option] = [prompts.NOT_ASKED]
        elif value != row[field]:
            ignored[option] = value
    if "credentials" in sent and path == "job_templates":
        own = store.links.get((path, row["id"], "credentials"), [])
        if row["ask_credential_on_launch"]:
            taken["credentials"] = list(sent["credentials"])
        elif set(sent["credentials"]) - set(own):
            ignored["credentials"] = sent["credentials"]
    return taken


def variables(awx, row, given):
    """What a job gets: the template's own, then the defaults of the survey, then what was given. As data, and as it is shown."""
    spec = prompts.survey(row, awx.store)
    merged = {**parsed(row["extra_vars"]), **surveys.defaults(spec), **given}
    hidden = surveys.secrets(spec)
    return merged, json.dumps({name: "$encrypted$" if name in hidden else value for name, value in merged.items()})


def from_schedule(awx, schedule):
    path, row = awx.store.template(schedule["unified_job_template"])
    if path == "projects":
        return jobs.update_project(awx, row)
    return jobs.start(awx, path, row, dict(schedule["extra_data"]), {}, launch_type="scheduled")


def check_credential(store, path, row, credential, held):
    """One credential of a kind, and on a node only where the template asks for them."""
    if path == "workflow_job_template_nodes":
        _path, template = store.template(row["unified_job_template"])
        if not (template or {}).get("ask_credential_on_launch"):
            raise Refused(400, {"msg": "Related template is not configured to accept credentials on launch."})
    kind = store.one("credential_types", credential["credential_type"])
    if any(store.one("credentials", number)["credential_type"] == kind["id"] for number in held):
        raise Refused(400, {"error": f"Cannot assign multiple {kind['name']} credentials."})
