# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that a node or a schedule carries for its template: what the template takes at launch, and what its survey says."""
from __future__ import annotations

from . import surveys
from .errors import Refused

NAMES = {"job_templates": "Job Template", "workflow_job_templates": "Workflow Job Template"}
ASKED = ("limit", "scm_branch", "job_type", "job_tags", "skip_tags", "diff_mode", "verbosity", "forks", "job_slice_count", "timeout")
NOT_ASKED = "Field is not configured to prompt on launch."


def ask(template, name):
    return bool(template.get(f"ask_{name.removeprefix('job_') if name == 'job_tags' else name}_on_launch"))


def survey(template, store):
    """The survey that counts: one that is there and switched on."""
    return store.surveys.get(template["id"], {}) if template.get("survey_enabled") else {}


def check(row, store, required):
    path, template = store.template(row["unified_job_template"])
    if path not in NAMES:
        return
    spec = survey(template, store)
    problems = {}
    wrong = surveys.problems(spec, row["extra_data"], required)
    if wrong:
        problems["variables_needed_to_start"] = wrong
    unknown = unknown_variables(template, spec, row["extra_data"])
    if unknown:
        problems["extra_data"] = [not_allowed(path, unknown)]
    for name in ASKED:
        if row.get(name) not in (None, "") and not ask(template, name):
            problems[name] = [NOT_ASKED]
    if problems:
        raise Refused(400, problems)


def unknown_variables(template, spec, given):
    if template.get("ask_variables_on_launch"):
        return []
    asked = {question["variable"] for question in spec.get("spec", [])}
    return [name for name in given if name not in asked]


def not_allowed(path, unknown):
    return (f"Variables {', '.join(unknown)} are not allowed on launch. Check the Prompt on Launch setting on the {NAMES[path]}"
            " to include Extra Variables.")


def masked(row, store):
    """The answers as they are read back."""
    path, template = store.template(row["unified_job_template"])
    secrets = surveys.secrets(survey(template, store)) if path in NAMES else ()
    return {name: "$encrypted$" if name in secrets else value for name, value in row["extra_data"].items()}
