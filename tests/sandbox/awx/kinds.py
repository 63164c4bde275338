# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every kind of object: its fields, what makes one unique, its lists of others, and who checks it further."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Callable

from . import credential_types, credentials, nodes, schedules, templates, things
from .values import Choice, Data, Name, Plain, Reference, Text, Truth, Variables, Whole

UNIFIED = ("projects", "job_templates", "workflow_job_templates", "workflow_approval_templates")
CREDENTIAL_KINDS = ("ssh", "vault", "net", "scm", "cloud", "registry", "token", "insights", "external", "kubernetes", "galaxy", "cryptography")
VERBOSITY = (0, 1, 2, 3, 4, 5)
ASKS = ("scm_branch", "diff_mode", "variables", "limit", "tags", "skip_tags", "job_type", "verbosity", "inventory", "credential",
        "execution_environment", "labels", "forks", "job_slice_count", "timeout", "instance_groups")
WORKFLOW_ASKS = ("variables", "inventory", "limit", "scm_branch", "labels", "skip_tags", "tags")


def _nothing(*_args):
    """Most kinds need no further look."""


@dataclass
class Kind:
    type: str
    model: str
    fields: dict
    unique: tuple = ()                  # fields
    already: str = ""                   # what is said of a second one; a colon puts it under that field
    check: Callable = _nothing          # (row, old, store): may refuse and may complete the row
    check_change: Callable = _nothing   # (row, sent, store)
    check_delete: Callable = _nothing   # (row, store)
    shown: Callable = _nothing          # (row, store) -> more fields
    lists: tuple = ()                   # sublists of other kinds: (name, path)
    identity: str = "name"
    writable: bool = True
    deleted: int = 204
    extra: dict = field(default_factory=dict)   # fields of a fresh row that nobody can send


def _prompts():
    return {
        "extra_data": Data(), "inventory": Reference("inventories"), "scm_branch": Text(null=True, default=None),
        "job_type": Choice("run", "check", default=None, null=True), "job_tags": Text(null=True, default=None),
        "skip_tags": Text(null=True, default=None), "limit": Text(null=True, default=None), "diff_mode": Truth(default=None, null=True),
        "verbosity": Choice(*VERBOSITY, default=None, null=True), "execution_environment": Reference("execution_environments"),
        "forks": Whole(default=None, least=0, null=True), "job_slice_count": Whole(default=None, least=0, null=True),
        "timeout": Whole(default=None, null=True),
    }


KINDS = {
    "organizations": Kind(
        "organization", "Organization",
        {"name": Name(), "description": Text(), "max_hosts": Whole(least=0), "default_environment": Reference("execution_environments")},
        ("name",), "name: Organization with this Name already exists.", lists=(("galaxy_credentials", "credentials"), ("instance_groups", "instance_groups"))),
    "credential_types": Kind(
        "credential_type", "CredentialType",
        {"name": Name(), "description": Text(), "kind": Choice(*CREDENTIAL_KINDS, required=True), "inputs": Plain({}), "injectors": Plain({})},
        ("name", "kind"), "Credential type with this Name and Kind already exists.", credential_types.check, credential_types.check_change,
        credential_types.check_delete, extra={"managed": False, "namespace": None}),
    "credentials": Kind(
        "credential", "Credential",
        {"name": Name(), "description": Text(), "organization": Reference("organizations"), "user": Plain(), "team": Plain(),
         "credential_type": Reference("credential_types", required=True, null=False), "inputs": Plain({})},
        ("organization", "name", "credential_type"), "Credential with this Organization, Name and Credential type already exists.",
        credentials.check, shown=credentials.shown),
    "execution_environments": Kind(
        "execution_environment", "ExecutionEnvironment",
        {"name": Name(), "description": Text(), "organization": Reference("organizations"), "image": Text(required=True),
         "credential": Reference("credentials"), "pull": Choice("always", "missing", "never", "", default="")},
        ("name",), "name: Execution environment with this Name already exists.", things.check_image, extra={"managed": False}),
    "projects": Kind(
        "project", "Project",
        {"name": Name(), "description": Text(), "organization": Reference("organizations"), "local_path": Text(),
         "scm_type": Choice("", "git", "svn", "insights", "archive", default=""), "scm_url": Text(), "scm_branch": Text(), "scm_refspec": Text(),
         "scm_clean": Truth(), "scm_track_submodules": Truth(), "scm_delete_on_update": Truth(), "credential": Reference("credentials"),
         "timeout": Whole(), "scm_update_on_launch": Truth(), "scm_update_cache_timeout": Whole(least=0), "allow_override": Truth(),
         "default_environment": Reference("execution_environments"), "signature_validation_credential": Reference("credentials")},
        ("organization", "name"), "Project with this (organization, name) combination already exists.", things.check_project,
        check_delete=things.check_idle, shown=things.project_shown, lists=(("schedules", None),), extra={"scm_revision": ""}),
    "inventories": Kind(
        "inventory", "Inventory",
        {"name": Name(), "description": Text(), "organization": Reference("organizations", required=True, null=False),
         "kind": Choice("", "smart", "constructed", default="", null=True), "host_filter": Text(null=True, default=None), "variables": Variables(),
         "prevent_instance_group_fallback": Truth()},
        ("name", "organization"), "Inventory with this Name and Organization already exists.", things.check_inventory, deleted=202,
        lists=(("instance_groups", "instance_groups"), ("input_inventories", "inventories"))),
    "hosts": Kind(
        "host", "Host",
        {"name": Text(required=True, longest=512), "description": Text(), "inventory": Reference("inventories", required=True, null=False),
         "enabled": Truth(default=True), "instance_id": Text(), "variables": Variables()},
        ("name", "inventory"), "Host with this Name and Inventory already exists.", things.check_host),
    "labels": Kind(
        "label", "Label", {"name": Name(), "organization": Reference("organizations", required=True, null=False)},
        ("name", "organization"), "Label with this Name and Organization already exists."),
    "instance_groups": Kind("instance_group", "InstanceGroup", {"name": Name()}, ("name",), "name: Instance group with this Name already exists."),
    "job_templates": Kind(
        "job_template", "JobTemplate",
        {"name": Name(), "description": Text(), "job_type": Choice("run", "check", default="run"), "inventory": Reference("inventories"),
         "project": Reference("projects"), "playbook": Text(), "scm_branch": Text(), "forks": Whole(least=0), "limit": Text(),
         "verbosity": Choice(*VERBOSITY, default=0), "extra_vars": Variables(), "job_tags": Text(), "force_handlers": Truth(),
         "skip_tags": Text(), "start_at_task": Text(), "timeout": Whole(), "use_fact_cache": Truth(), "host_config_key": Text(),
         "execution_environment": Reference("execution_environments"), "survey_enabled": Truth(), "become_enabled": Truth(),
         "diff_mode": Truth(), "allow_simultaneous": Truth(), "job_slice_count": Whole(default=1, least=0),
         "webhook_service": Choice("github", "gitlab", "bitbucket_dc", "", default=""), "webhook_credential": Reference("credentials"),
         "prevent_instance_group_fallback": Truth(), **{f"ask_{name}_on_launch": Truth() for name in ASKS}},
        ("organization", "name"), "JobTemplate with this (organization, name) combination already exists.", templates.check_job_template,
        shown=templates.shown, lists=(("credentials", "credentials"), ("labels", "labels"), ("instance_groups", "instance_groups"), ("schedules", None)),
        extra={"organization": None, "status": "never updated", "last_job_run": None}),
    "workflow_job_templates": Kind(
        "workflow_job_template", "WorkflowJobTemplate",
        {"name": Name(), "description": Text(), "organization": Reference("organizations"), "extra_vars": Variables(),
         "survey_enabled": Truth(), "allow_simultaneous": Truth(), "inventory": Reference("inventories"), "limit": Text(null=True, default=None),
         "scm_branch": Text(null=True, default=None), "job_tags": Text(null=True, default=None), "skip_tags": Text(null=True, default=None),
         "webhook_service": Choice("github", "gitlab", "bitbucket_dc", "", default=""), "webhook_credential": Reference("credentials"),
         **{f"ask_{name}_on_launch": Truth() for name in WORKFLOW_ASKS}},
        ("organization", "name"), "WorkflowJobTemplate with this (organization, name) combination already exists.", shown=templates.shown,
        lists=(("labels", "labels"), ("schedules", None)), extra={"status": "never updated", "last_job_run": None}),
    "workflow_job_template_nodes": Kind(
        "workflow_job_template_node", "WorkflowJobTemplateNode",
        {"identifier": Text(default=None), "workflow_job_template": Reference("workflow_job_templates", required=True, null=False),
         "unified_job_template": Reference(*UNIFIED), "all_parents_must_converge": Truth(), **_prompts()},
        ("identifier", "workflow_job_template"), "Workflow job template node with this Identifier and Workflow job template already exists.",
        nodes.check, shown=nodes.shown, identity="identifier",
        lists=(("credentials", "credentials"), ("labels", "labels"), ("instance_groups", "instance_groups"),
               *((name, "workflow_job_template_nodes") for name in nodes.LINKS))),
    "workflow_approval_templates": Kind(
        "workflow_approval_template", "WorkflowApprovalTemplate", {"name": Text(required=True, longest=512), "description": Text(), "timeout": Whole()},
        extra={"execution_environment": None}),
    "schedules": Kind(
        "schedule", "Schedule",
        {"name": Name(), "description": Text(), "rrule": Text(required=True), "enabled": Truth(default=True),
         "unified_job_template": Reference(*UNIFIED, required=True, null=False), **_prompts()},
        ("unified_job_template", "name"), "Schedule with this Unified job template and Name already exists.", schedules.check, shown=schedules.shown,
        lists=(("credentials", "credentials"), ("labels", "labels"), ("instance_groups", "instance_groups"))),
    "jobs": Kind("job", "Job", {}, writable=False),
    "project_updates": Kind("project_update", "ProjectUpdate", {}, writable=False),
    "workflow_jobs": Kind("workflow_job", "WorkflowJob", {}, writable=False),
    "workflow_job_nodes": Kind("workflow_job_node", "WorkflowJobNode", {}, writable=False, identity="identifier"),
    "workflow_approvals": Kind("workflow_approval", "WorkflowApproval", {}, writable=False),
}
