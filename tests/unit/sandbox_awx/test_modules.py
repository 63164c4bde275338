# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The real modules of awx.awx against it: second run unchanged, and every trap that was measured on a real AWX."""

from __future__ import annotations

import copy
import importlib
import json
import ssl

import pytest
from ansible.module_utils.testing import patch_module_args
from sandbox.awx import Awx
from sandbox.awx.app import App
from sandbox.server import Server
from unit.sandbox_awx.awx_side import DEMO_INJECTORS, DEMO_INPUTS, LONG_SURVEY, question, survey

pytest.importorskip("ansible_collections.awx.awx.plugins.module_utils.controller_api", exc_type=ImportError)

SECRET = "not-a-real-key-0123456789"
RULE = "DTSTART:20300101T030000Z RRULE:FREQ=DAILY;INTERVAL=1"
NODE = {"workflow": "Flow", "organization": "Net"}
CREDENTIAL = {"name": "Demo", "organization": "Net", "credential_type": "Demo Cloud API", "update_secrets": False,
              "inputs": {"api_key": SECRET, "region": "us-east-1"}}
JOB = {"organization": "Net", "project": "Content", "inventory": "Hosts", "playbook": "site.yml"}
PLAY = [
    ("organization", {"name": "Net"}),
    ("credential_type", {"name": "Demo Cloud API", "kind": "cloud", "injectors": DEMO_INJECTORS,
                         "inputs": {**DEMO_INPUTS, "fields": [{"type": "string", **field} for field in DEMO_INPUTS["fields"]]}}),
    ("credential", CREDENTIAL),
    ("execution_environment", {"name": "EE", "image": "localhost/ee:1"}),
    ("project", {"name": "Content", "organization": "Net", "scm_type": "manual", "local_path": "demo"}),
    ("inventory", {"name": "Hosts", "organization": "Net", "kind": ""}),
    ("host", {"name": "localhost", "inventory": "Hosts", "variables": {"ansible_connection": "local"}}),
    ("job_template", {"name": "Ask", **JOB, "execution_environment": "EE", "credentials": ["Demo"], "extra_vars": {"fixed": 1},
                      "survey_enabled": True, "survey_spec": LONG_SURVEY}),
    ("job_template", {"name": "Plain", **JOB}),
    ("workflow_job_template", {"name": "Flow", "organization": "Net", "survey_enabled": True, "survey_spec": survey(question("cluster_name"))}),
    ("workflow_job_template_node", {**NODE, "identifier": "third", "unified_job_template": "Plain"}),
    ("workflow_job_template_node", {**NODE, "identifier": "approve", "approval_node": {"name": "Go on?", "timeout": 60}}),
    ("workflow_job_template_node", {**NODE, "identifier": "approve", "success_nodes": ["third"]}),
    ("workflow_job_template_node", {**NODE, "identifier": "first", "unified_job_template": "Ask", "success_nodes": ["approve"]}),
    ("schedule", {"name": "Daily", "unified_job_template": "Plain", "rrule": RULE}),
]


class Modules:
    def __init__(self, url, capsys):
        self.url, self._capsys = url, capsys

    def __call__(self, module_name, check_mode=False, **params):
        from ansible.module_utils.common import warnings

        module = importlib.import_module(f"ansible_collections.awx.awx.plugins.modules.{module_name}")
        args = {"controller_host": self.url, "controller_username": "admin", "controller_password": "password", "_ansible_check_mode": check_mode, **params}
        self._capsys.readouterr()
        warnings._global_warnings.clear()
        with patch_module_args(args), pytest.raises(SystemExit):
            module.main()
        return json.loads(self._capsys.readouterr().out)

    def play(self, tasks, **more):
        """(what changed, the answers); a failure ends it."""
        answers = [self(name, **params, **more) for name, params in tasks]
        failed = [answer for answer in answers if answer.get("failed")]
        assert not failed
        return [f"{name} {params.get('name', params.get('identifier'))}" for (name, params), answer in zip(tasks, answers) if answer["changed"]]


@pytest.fixture
def awx():
    return Awx(folders={"demo": ["site.yml"]})


PLAYED = []
UNUSED = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@pytest.fixture
def played(modules, awx):
    """The modules after the play; it runs once, and its AWX is copied."""
    if not PLAYED:
        assert len(modules.play(PLAY)) == len(PLAY)
        PLAYED.append(copy.deepcopy(awx.store))
    awx.store = copy.deepcopy(PLAYED[0])
    return modules


@pytest.fixture
def modules(awx, capsys, monkeypatch, tmp_path):
    from ansible.module_utils import _internal, urls

    monkeypatch.setattr(_internal, "is_controller", False)
    # All certificate authorities would be read for each request, although nothing is encrypted here.
    monkeypatch.setattr(ssl, "_create_default_https_context", lambda *_args, **_kwargs: UNUSED)
    monkeypatch.setattr(urls, "make_context", lambda *_args, **_kwargs: UNUSED)
    # The modules read settings of the user and of every folder above.
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    server = Server(App(awx)).serve()
    yield Modules(server.url, capsys)
    server.stop()


def test_the_second_run_changes_nothing(played):
    assert played.play(PLAY) == []
    assert played.play(PLAY, check_mode=True) == []


@pytest.mark.parametrize("path, change, repaired", (
    ("job_templates", {"name": "Plain", "playbook": "site.yml", "limit": "x", "forks": 9}, None),
    ("job_templates", {"name": "Ask", "extra_vars": "{}"}, ["job_template Ask"]),
    ("hosts", {"name": "localhost", "variables": "{}"}, ["host localhost"]),
    ("schedules", {"name": "Daily", "rrule": "DTSTART:20300101T030000Z RRULE:FREQ=WEEKLY;INTERVAL=1"}, ["schedule Daily"]),
    ("execution_environments", {"name": "EE", "image": "localhost/ee:2"}, ["execution_environment EE"]),
))
def test_changes_are_repaired_where_they_are_named(played, awx, path, change, repaired):
    awx.change(path, awx.store.where(path, name=change["name"])[0], change)
    assert played.play(PLAY) == (repaired or [])


def test_a_lost_link_and_a_lost_survey_are_repaired(played, awx):
    for linked in awx.store.links.values():
        linked.clear()
    awx.store.surveys.clear()
    assert played.play(PLAY) == ["job_template Ask", "workflow_job_template Flow", "workflow_job_template_node approve", "workflow_job_template_node first"]
    assert played.play(PLAY) == []


def test_teardown(played):
    order = ("schedule", "workflow_job_template", "job_template", "credential", "project", "inventory", "execution_environment", "credential_type")
    known = ("name", "organization", "credential_type")
    tasks = [(name, {**{key: value for key, value in params.items() if key in known}, "state": "absent"})
             for wanted in order for name, params in PLAY if name == wanted]
    needed = {"credential_type": {"kind": "cloud"}, "execution_environment": {"image": "x"}}
    for name, params in tasks:
        params.update(needed.get(name, {}))
    assert len(played.play(tasks)) == len(tasks)
    # A credential that is to be absent is looked up by its type, which is gone now.
    assert played.play([task for task in tasks if task[0] != "credential"]) == []


# The traps.

def test_trap_approval_and_links_in_one_task(played):
    answer = played("workflow_job_template_node", **NODE, identifier="both", approval_node={"name": "x"}, success_nodes=["third"])
    assert answer["failed"] and "The requested object could not be found at /api/v2/workflow_approval_templates/" in answer["msg"]


def test_trap_approval_in_a_list_of_nodes(played):
    nodes = [{"identifier": "x", "unified_job_template": {"name": "Sure?", "type": "workflow_approval", "timeout": 1}}]
    flow = {"name": "Listed", "organization": "Net", "workflow_nodes": nodes}
    assert played("workflow_job_template", **flow)["changed"]
    assert played("workflow_job_template", **flow)["changed"]


@pytest.mark.parametrize("asked", (
    question("p", "password", default="secret"),
    question("m", "multiplechoice", choices="a\n\nb\n"),
))
def test_trap_survey_that_always_changes(played, asked):
    task = [("job_template", {"name": "Plain", **JOB, "survey_spec": survey(asked)})]
    assert played.play(task) and played.play(task)


def test_trap_secret_that_is_updated_each_time_or_never(played, awx):
    each_time = ("credential", {**CREDENTIAL, "update_secrets": True})
    assert played.play([each_time]) and played.play([each_time])
    assert not played.play([("credential", {**CREDENTIAL, "inputs": {"api_key": "another-key-9876543210", "region": "us-east-1"}})])
    assert awx.store.tables["credentials"][1]["inputs"]["api_key"] == SECRET


@pytest.mark.parametrize("task", (
    ("inventory", {"name": "Hosts", "organization": "Net"}),
    ("credential_type", {"name": "Demo Cloud API", "kind": "cloud", "inputs": DEMO_INPUTS, "injectors": DEMO_INJECTORS}),
))
def test_trap_check_mode_that_says_changed(played, task):
    assert not played.play([task])
    assert played.play([task], check_mode=True)


def test_trap_inputs_of_a_type_in_use(played):
    answer = played("credential_type", name="Demo Cloud API", kind="cloud", inputs={"fields": []}, injectors={})
    assert answer["msg"].startswith("You don't have permission to PATCH to /api/v2/credential_types/")


def test_trap_check_mode_on_an_empty_awx(modules):
    modules("organization", name="Net")
    answer = modules("job_template", check_mode=True, name="x", organization="Net", project="nope", playbook="site.yml", inventory=None)
    assert answer["msg"] == "The project nope in organization Net was not found on the controller instance server"


def test_trap_a_bad_survey_leaves_the_template(played, awx):
    answer = played("job_template", name="Half", **JOB, survey_spec=survey(question("v", "boolean")))
    assert answer["failed"] and awx.store.where("job_templates", name="Half")


def test_trap_labels_must_be_there(played):
    assert played("job_template", name="Plain", **JOB, labels=["l1"])["msg"] == "Could not find label entry with name l1"
    played("label", name="l1", organization="Net")
    assert played.play([("job_template", {"name": "Plain", **JOB, "labels": ["l1"]})])


def test_an_empty_survey_deletes_it(played, awx):
    assert played.play([("job_template", {"name": "Ask", **JOB, "survey_spec": {}, "description": "no questions"})])
    assert awx.store.where("job_templates", name="Ask")[0]["id"] not in awx.store.surveys


def test_jobs_and_workflows_are_launched_and_approved(played, awx):
    answers = {"cluster_name": "c1", "region": "us-east-1"}
    assert played("job_launch", job_template="Ask", extra_vars=answers)["status"] == "pending"
    refused = played("job_launch", job_template="Ask", extra_vars={})
    assert refused["failed"] and "cluster_name" in str(refused)
    flow = played("workflow_launch", workflow_template="Flow", extra_vars=answers, wait=False)
    assert flow["failed"], "region is no question of the workflow"
    flow = played("workflow_launch", workflow_template="Flow", extra_vars={"cluster_name": "c1"}, wait=False)
    ran = []
    awx.run(lambda job: ran.append(job["name"]))
    assert played("workflow_approval", workflow_job_id=flow["id"], name="Go on?")["changed"]
    awx.run(lambda job: ran.append(job["name"]))
    assert ran == ["Ask", "Ask", "Plain"]
    assert played("job_wait", job_id=flow["id"], job_type="workflow_jobs")["status"] == "successful"
