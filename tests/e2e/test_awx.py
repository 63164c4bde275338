# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook zilliz.cloud.awx, with the real modules of awx.awx, against AWX's API: what it makes, repairs, leaves alone and removes."""
from __future__ import annotations

import copy
import json

import pytest
import yaml

from e2e.awx_content import CREDENTIALS, IMAGE, Controller
from e2e.canary import PLAIN, Search
from e2e.runner import ROOT, run_playbook

JOBS = {"plan": ("{cloud}", "check"), "set up": ("{cloud}", "run"), "check": ("check", "run"), "private only": ("private_only", "run"),
        "tear down": ("teardown", "run")}
CLOUDS = {"aws": "AWS", "gcp": "Google Cloud"}
STEPS = ["plan", "approve the set-up", "set up", "check", "approve private only", "private only"]
ZILLIZ = "Zilliz Cloud"
SHIPPED = {"Amazon Web Services": {"username": "AKIAEXAMPLE000000001", "password": "a-secret-of-somebody-0123456789"},
           "Google Compute Engine": {"username": "links@search-prod.example", "project": "search-prod", "ssh_key_data": None}}


def changed(run):
    """The tasks that changed something, and how much of what they looped over."""
    assert run.rc == 0, run.stdout[-4000:]
    found = {}
    for one in run.modules:
        if one["changed"]:
            rows = one["result"].get("results")
            found[one["task"]] = [name_of(row["item"]) for row in rows if row.get("changed")] if rows else True
    return found


def name_of(item):
    return item if isinstance(item, str) else item.get("name") or f"{item['flow']}: {item['identifier']}"


@pytest.fixture(scope="module")
def controller(sandbox_process, warm, tmp_path_factory):
    sandbox_process.interpreter = warm.interpreter
    folder = tmp_path_factory.mktemp("awx")
    with open(sandbox_process.env["GCP_SERVICE_ACCOUNT_FILE"], encoding="utf-8") as file:
        SHIPPED["Google Compute Engine"]["ssh_key_data"] = json.load(file)["private_key"]
    with Controller(lambda what, **more: run_playbook(sandbox_process, folder, what, **more), PLAIN, SHIPPED) as controller:
        yield controller


@pytest.fixture(scope="module")
def made(controller):
    """What was foretold of an empty AWX, the run, and the AWX as it was then."""
    controller.before = copy.deepcopy(controller.awx.store)
    controller.foreseen = controller.content(check=True)
    controller.untouched = controller.awx.store.tables == controller.before.tables
    controller.first = controller.content(arguments=["-vvvv"])
    controller.kept = copy.deepcopy(controller.awx.store)
    return controller


def test_check_mode_foretells_everything_and_writes_nothing(made):
    assert made.untouched
    assert changed(made.foreseen) == changed(made.first) and len(changed(made.first)) == 11


def test_each_object_is_as_the_role_says(made):
    type_ = made.one("credential_types/", ZILLIZ)
    assert type_["injectors"] == {"env": {"ZILLIZCLOUD_API_KEY": "{{ api_key }}", "ZILLIZCLOUD_HOST_ADDRESS": "{{ host_address }}"}}
    assert [(one["id"], one["type"], one.get("secret", False)) for one in type_["inputs"]["fields"]] == [
        ("api_key", "string", True), ("host_address", "string", False)]
    assert made.one("credentials/", ZILLIZ)["inputs"] == {"api_key": "$encrypted$"}
    assert made.one("execution_environments/", ZILLIZ)["image"] == IMAGE
    assert made.one("projects/", ZILLIZ)["status"] == "successful"
    host, = made.all("hosts/")
    assert (host["name"], json.loads(host["variables"])["ansible_connection"]) == ("localhost", "local")
    names = [f"{ZILLIZ} {word} - {job}" for word in CLOUDS.values() for job in JOBS] + [f"{ZILLIZ} - fleet", f"{ZILLIZ} - drift"]
    assert sorted(row["name"] for row in made.all("job_templates/")) == sorted(names)


@pytest.mark.parametrize("job", JOBS)
@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_template_of_a_cloud(made, cloud, job):
    playbook, kind = JOBS[job]
    row = made.one("job_templates/", f"{ZILLIZ} {CLOUDS[cloud]} - {job}")
    assert (row["playbook"], row["job_type"], row["diff_mode"]) == (f"playbooks/{playbook.format(cloud=cloud)}.yml", kind, kind == "check")
    assert (ROOT / row["playbook"]).exists() and yaml.safe_load(row["extra_vars"]) == {"cloud": cloud, f"{cloud}_private_link_publish": True}
    assert sorted(one["name"] for one in row["summary_fields"]["credentials"]) == sorted([CREDENTIALS[cloud], ZILLIZ])
    assert row["summary_fields"]["execution_environment"]["name"] == ZILLIZ and row["survey_enabled"]
    spec = made.ask("GET", f"job_templates/{row['id']}/survey_spec/")["spec"]
    # Nobody can put in other variables, a key for example, than those that are asked for.
    assert not row["ask_variables_on_launch"] and not any("api_key" in one["variable"] for one in spec)
    required = {one["variable"] for one in spec if one["required"]}
    assert {f"{cloud}_private_link_project_id", f"{cloud}_private_link_region_id"} <= required
    asked = {"check": {"private_link_check"}, "private only": {"private_link_check", "private_only"}}.get(job, set())
    assert {name for name in ("private_link_check", "private_only") if any(one["variable"].startswith(name) for one in spec)} == asked


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_workflow(made, cloud):
    flow = made.one("workflow_job_templates/", f"{ZILLIZ} {CLOUDS[cloud]} - workflow")
    nodes = {row["identifier"]: row for row in made.all("workflow_job_template_nodes/") if row["workflow_job_template"] == flow["id"]}
    assert sorted(nodes) == sorted(STEPS)
    for step, after in zip(STEPS, [*STEPS[1:], None]):
        job = nodes[step]["summary_fields"]["unified_job_template"]
        assert job["name"] == (step.capitalize() if step.startswith("approve") else f"{ZILLIZ} {CLOUDS[cloud]} - {step}")
        assert nodes[step]["success_nodes"] == ([nodes[after]["id"]] if after else [])
        assert not nodes[step]["failure_nodes"] and not nodes[step]["always_nodes"]
    asked = {one["variable"] for one in made.ask("GET", f"workflow_job_templates/{flow['id']}/survey_spec/")["spec"]}
    for job in ("plan", "private only"):
        template = made.one("job_templates/", f"{ZILLIZ} {CLOUDS[cloud]} - {job}")
        # What a job of the workflow asks for, the workflow asked for at its start; and a survey would beat the artifact of that name.
        assert {one["variable"] for one in made.ask("GET", f"job_templates/{template['id']}/survey_spec/")["spec"]} <= asked
    assert "zilliz_private_link_report" not in asked


def test_the_watch_needs_no_answers(made):
    row = made.one("job_templates/", f"{ZILLIZ} - drift")
    assert (row["playbook"], row["survey_enabled"], row["forks"]) == ("playbooks/check.yml", False, 50)
    assert made.ask("GET", f"job_templates/{row['id']}/launch/")["can_start_without_user_input"]
    schedule, = made.all("schedules/")
    assert schedule["unified_job_template"] == row["id"] and schedule["enabled"] and schedule["next_run"]
    fleet = made.one("job_templates/", f"{ZILLIZ} - fleet")
    assert (fleet["playbook"], fleet["forks"]) == ("playbooks/fleet.yml", 50)
    assert row["summary_fields"]["inventory"]["name"] == fleet["summary_fields"]["inventory"]["name"] == f"{ZILLIZ} links"
    assert sorted(one["name"] for one in fleet["summary_fields"]["credentials"]) == sorted([*CREDENTIALS.values(), ZILLIZ])


def test_a_second_run_changes_nothing_and_the_key_is_never_told(made):
    again, foretold = made.content(), made.content(check=True)
    assert changed(again) == changed(foretold) == {}
    look = Search(PLAIN)
    for run in (made.foreseen, made.first, again, foretold):
        assert look.text(run.stdout) == look.text(json.dumps(run.results)) == []


def test_what_people_changed_is_repaired_and_what_they_made_stays(made):
    made.awx.store = copy.deepcopy(made.kept)
    template, flow = made.one("job_templates/", f"{ZILLIZ} AWS - plan"), made.one("workflow_job_templates/", f"{ZILLIZ} AWS - workflow")
    body = {"name": "Mine", "project": template["project"], "inventory": template["inventory"], "playbook": "playbooks/check.yml"}
    theirs = made.ask("POST", "job_templates/", body)
    made.ask("PATCH", f"job_templates/{template['id']}/", {"job_type": "run"})
    survey = made.ask("GET", f"workflow_job_templates/{flow['id']}/survey_spec/")
    made.ask("POST", f"workflow_job_templates/{flow['id']}/survey_spec/", {**survey, "spec": survey["spec"][:3]})
    nodes = {row["identifier"]: row for row in made.all("workflow_job_template_nodes/") if row["workflow_job_template"] == flow["id"]}
    made.ask("POST", f"workflow_job_template_nodes/{nodes['set up']['id']}/success_nodes/", {"id": nodes["check"]["id"], "disassociate": True})
    made.ask("PATCH", f"credential_types/{made.one('credential_types/', ZILLIZ)['id']}/", {"injectors": {"extra_vars": {"key": "{{ api_key }}"}}})
    made.ask("POST", "hosts/", {"name": "search", "inventory": made.one("inventories/", f"{ZILLIZ} links")["id"]})
    wanted = {
        "Make the credential type": True, "Make the job templates": [template["name"]], "Make the workflows": [flow["name"]],
        "Link the nodes": [f"{flow['name']}: set up"],
    }
    assert changed(made.content(check=True)) == changed(made.content()) == wanted
    assert made.one("job_templates/", "Mine")["id"] == theirs["id"] and made.one("hosts/", "search")
    # A new value of the key is written when it is asked for; and a credential of theirs takes its place when it is named.
    made.key = PLAIN[::-1]
    assert changed(made.content()) == {} and changed(made.content(rotate="yes")) == {"Make the credential": True}
    assert made.awx.store.where("credentials", name=ZILLIZ)[0]["inputs"]["api_key"] == made.key


def test_it_is_taken_away_again(made):
    made.awx.store = copy.deepcopy(made.kept)
    made.ask("POST", "hosts/", {"name": "search", "inventory": made.one("inventories/", f"{ZILLIZ} links")["id"]})
    run = made.content(state="absent", api_key=None, image=None)
    assert len(changed(run)) == 8
    for path in ("job_templates/", "workflow_job_templates/", "workflow_job_template_nodes/", "schedules/", "projects/"):
        assert made.all(path) == [], path
    assert [row["name"] for row in made.all("inventories/")] == [f"{ZILLIZ} links"] and made.one("hosts/", "search")
    assert sorted(row["name"] for row in made.all("credentials/")) == sorted(CREDENTIALS.values())
    assert not [row for row in made.all("credential_types/") if row["name"] == ZILLIZ]
    assert changed(made.content(state="absent", api_key=None, image=None)) == {}


def test_a_set_with_another_name_for_one_cloud_with_their_own_credential(made):
    made.awx.store = copy.deepcopy(made.kept)
    more = {"prefix": "Links", "clouds": "aws", "image": None, "execution_environment": ZILLIZ, "api_key": None, "zilliz_credential": ZILLIZ,
            "links_inventory": f"{ZILLIZ} links", "schedule": ""}
    run = made.content(**more)
    names = sorted(row["name"] for row in made.all("job_templates/") if row["name"].startswith("Links"))
    assert names == sorted([*(f"Links AWS - {job}" for job in JOBS), "Links - fleet", "Links - drift"]), run.stdout[-3000:]
    assert len(made.all("schedules/")) == 1 and len(made.all("credentials/")) == 3
    made.content(state="absent", **more)
    # The type stays, since a credential uses it; and nothing of the other set is gone.
    assert len(made.all("job_templates/")) == 12 and made.one("credentials/", ZILLIZ) and made.one("credential_types/", ZILLIZ)
    assert changed(made.content()) == {}


def test_wrong_options_are_told_at_once_and_nothing_is_made(made):
    start = copy.deepcopy(made.awx.store.tables)
    run = made.content(clouds="aws azure", image=None, api_key=None, forks="many", approval_timeout="an hour", rotate="perhaps", schedule="daily")
    message = run.message
    assert run.rc != 0 and made.awx.store.tables == start
    for words in ("awx_content_clouds is aws azure: name aws, gcp or both", "awx_content_image and awx_content_execution_environment are both empty",
                  "awx_content_api_key and awx_content_zilliz_credential are both empty", "awx_content_forks is many",
                  "awx_content_approval_timeout is an hour", "awx_content_rotate is perhaps", "awx_content_schedule is daily: give a start"):
        assert words in message
    nowhere = made.content(env={"CONTROLLER_HOST": "http://127.0.0.1:9"})
    refused = made.content(env={"CONTROLLER_PASSWORD": "not the password"})
    for one, words in ((nowhere, "Connection refused"), (refused, "401")):
        assert one.rc != 0 and words in one.message and "CONTROLLER_HOST with CONTROLLER_OAUTH_TOKEN" in one.message, one.stdout[-3000:]
        assert one.message.startswith("Make the credential type: ") and "Traceback" not in one.stdout
