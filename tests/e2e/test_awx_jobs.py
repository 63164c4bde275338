# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What our templates do when AWX launches them: real jobs by ansible-runner against the clouds, with the answers as AWX hands them on."""
from __future__ import annotations

import copy
import datetime
import functools
import json
import pathlib

import pytest
import yaml
from sandbox.awx import Awx
from sandbox.awx.app import App
from werkzeug.test import Client

from e2e import awx_content
from e2e.awx_worker import Worker
from e2e.canary import AWS_SECRET, KEY, Front, Listener
from e2e.runner import run_playbook
from e2e.views import MARK_TAG, names, region, registered, zones

REPORT = "zilliz_private_link_report"
# What the roles document of their result.
RESULT = {"endpoint", "registration", "links", "records", "zones", "changes", "notes", "costs"}


class Controller:
    """AWX by its API, with what our playbook makes there, and a worker for its jobs."""

    def __init__(self, sandbox, folder, store):
        self.sandbox = sandbox
        self.awx = Awx()
        self.awx.store = store
        self.client = Client(App(self.awx))
        # The beginning of a private key tells its kind and is the same in all of them.
        pem = "".join(key_of(sandbox)["private_key"].split("\n")[1:-2])[64:]
        self.worker = Worker(self.awx, sandbox, folder, KEY, AWS_SECRET, pem)

    def ask(self, method, path, body=None):
        answer = self.client.open(f"/api/v2/{path}", method=method, json=body, auth=("admin", "password"))
        assert answer.status_code < 300, (path, answer.get_data(as_text=True))
        return answer.json if answer.is_json else None

    def all(self, path):
        return self.ask("GET", f"{path}?page_size=200")["results"]

    def template(self, cloud, playbook, kind="run"):
        """The one with this playbook. All for a cloud say so, whatever they are called."""
        found = [row for row in self.all("job_templates/") if (row["playbook"], row["job_type"]) == (f"playbooks/{playbook}.yml", kind)
                 and (yaml.safe_load(row["extra_vars"]) or {}).get("cloud") == cloud]
        assert len(found) == 1, [row["name"] for row in found]
        return found[0]

    def launch(self, template, **answers):
        """A job with these answers and no others, once it is over; and how it was run."""
        job = self.ask("POST", f"job_templates/{template['id']}/launch/", {"extra_vars": answers})["job"]
        return self.run(job)

    def run(self, job):
        self.awx.run(self.worker)
        return self.ask("GET", f"jobs/{job}/"), self.worker.ran[-1]

    def blank(self, template):
        """What AWX's pages send for text that nobody has filled in, or that was there by default and was wiped out."""
        spec = self.ask("GET", template["related"]["survey_spec"].removeprefix("/api/v2/"))["spec"]
        return {one["variable"]: "" for one in spec if one["type"] in ("text", "textarea", "password") and not one["required"]}

    def workflow(self, cloud):
        template, = [row for row in self.all("workflow_job_templates/") if yaml.safe_load(row["extra_vars"]).get("cloud") == cloud]
        return template

    def start(self, cloud, **answers):
        """The workflow of a cloud, up to where it waits."""
        template = self.workflow(cloud)
        number = self.ask("POST", f"workflow_job_templates/{template['id']}/launch/", {"extra_vars": answers})["workflow_job"]
        self.awx.run(self.worker)
        return number

    def answer(self, word):
        """Approve or deny what waits for it; and then what follows."""
        waiting, = [row for row in self.all("workflow_approvals/") if row["status"] == "pending"]
        self.ask("POST", f"workflow_approvals/{waiting['id']}/{word}/")
        self.awx.run(self.worker)

    def night(self):
        """What the schedule starts when its time has come."""
        schedule, = self.all("schedules/")
        moment, minute = datetime.datetime.fromisoformat(schedule["next_run"].replace("Z", "+00:00")), datetime.timedelta(minutes=1)
        self.awx.now = lambda: moment + minute
        self.awx.advance(moment - minute)
        self.awx.run(self.worker)
        ran = self.worker.ran[-1]
        assert ran.job["launch_type"] == "scheduled"
        return self.ask("GET", f"jobs/{ran.job['id']}/"), ran

    def ran(self):
        """The playbooks of the jobs so far."""
        return [pathlib.Path(one.job["playbook"]).stem + " --check" * (one.job["job_type"] == "check") for one in self.worker.ran]


@pytest.fixture(scope="module")
def front(sandbox_process):
    with Listener() as elsewhere, Front(sandbox_process.env["ZILLIZCLOUD_HOST_ADDRESS"], sandbox_process.scenario["zilliz"]["api_key"],
                                        elsewhere.url, KEY) as front:
        yield front


@pytest.fixture(scope="module")
def content(sandbox_process, warm, front, tmp_path_factory):
    """What the playbook makes of an empty AWX, once, with credentials of the sandbox's clouds."""
    sandbox_process.interpreter = warm.interpreter
    key = key_of(sandbox_process)
    credentials = {
        "Amazon Web Services": {"username": sandbox_process.env["AWS_ACCESS_KEY_ID"], "password": AWS_SECRET},
        "Google Compute Engine": {"username": key["client_email"], "project": key["project_id"], "ssh_key_data": key["private_key"]},
    }
    playbook = functools.partial(run_playbook, sandbox_process, tmp_path_factory.mktemp("awx"))
    with awx_content.Controller(playbook, KEY, credentials) as made:
        run = made.content(host_address=front.way("ok"))
        assert run.rc == 0, run.stdout[-4000:]
        return made.awx.store


@pytest.fixture
def controller(content, sandbox, tmp_path):
    sandbox.reset(switches={"loopback": True})
    sandbox.switch(route53_rate=0)
    return Controller(sandbox, tmp_path, copy.deepcopy(content))


def key_of(sandbox):
    return json.loads(pathlib.Path(sandbox.env["GCP_SERVICE_ACCOUNT_FILE"]).read_text(encoding="utf-8"))


def link(sandbox, cloud):
    """What a person fills in for a new link; the rest stays as the survey has it. The clouds' clocks run faster here."""
    given = sandbox.scenario[cloud]
    if cloud == "aws":
        values = {name: given[name] for name in ("project_id", "region_id", "vpc_id")}
        values.update(subnet_ids="\n".join(given["subnet_ids"]), client_cidrs="\n".join(given["client_cidrs"]))
    else:
        values = {name: given[name] for name in ("project_id", "region_id", "gcp_project_id", "network", "subnetwork")}
    return {f"{cloud}_private_link_{name}": value for name, value in {**values, "delay": 1, "wait_timeout": 60}.items()}


def inside(sandbox, cloud):
    """AWX itself is inside, so it proves the links."""
    plane = sandbox.scenario["dataplane"]
    return {"private_link_check_vantage": "controller", "private_link_check_resolver": plane["gcp_resolver" if cloud == "gcp" else "resolver"],
            "private_link_check_ca_path": plane["ca_path"], "private_link_check_timeout": 2}


def quick(sandbox, cloud):
    resolver = inside(sandbox, cloud)["private_link_check_resolver"]
    return {"private_only_wait_timeout": 60, "private_only_delay": 1, "private_only_controller_resolver": resolver}


def opened(sandbox, cloud):
    """The clusters of the link whose public endpoints are open."""
    project = sandbox.scenario[cloud]["project_id"]
    ours = [one for one in sandbox.state()["zilliz"]["clusters"] if one["project_id"] == project and one["cluster_name"].startswith("prod-")]
    return sorted(one["cluster_name"] for one in ours if one["public_address_enabled"])


def published(artifacts, sandbox, cloud):
    """The result of the link, which is all that a job hands on."""
    assert list(artifacts) == [REPORT] and len(artifacts[REPORT]) == 1
    (mark, result), = artifacts[REPORT].items()
    assert mark.startswith(f"{sandbox.scenario[cloud]['project_id']}/") and set(result) >= RESULT
    return result


def clouds(state):
    return {name: state[name] for name in ("aws", "gcp")}


def test_templates_on_google(controller, sandbox):
    before, answers = sandbox.state(), link(sandbox, "gcp")
    template = controller.template("gcp", "gcp", "check")
    job, ran = controller.launch(template, **{**controller.blank(template), **answers})
    # The key that is searched for in all that a job writes was there to be found.
    assert json.loads((ran.folder / "env" / "envvars").read_text(encoding="utf-8"))["ZILLIZCLOUD_API_KEY"] == KEY
    assert job["status"] == "successful" and ran.changed() == 1, ran.output[-4000:]
    assert sandbox.mutating() == [] and sandbox.state() == before
    assert not published(job["artifacts"], sandbox, "gcp")["endpoint"]

    job, ran = controller.launch(controller.template("gcp", "gcp"), **answers)
    assert job["status"] == "successful", ran.output[-4000:]
    result = published(job["artifacts"], sandbox, "gcp")
    ready = [one for one in result["links"] if one["ready"]]
    assert len(ready) == 2 and all(one["host"] and one["port"] and one["url"] for one in ready)
    assert registered(sandbox, answers["gcp_private_link_project_id"]) == [result["registration"]["endpoint_id"]]

    start = len(sandbox.log())
    job, ran = controller.launch(controller.template("gcp", "check"), **answers, **inside(sandbox, "gcp"))
    assert job["status"] == "successful" and ran.changed() == 0 and sandbox.mutating(start) == [], ran.output[-4000:]
    assert "not proven" not in ran.output and all(f"{one['cluster_name']} ({one['cluster_id']}) from controller" in ran.output for one in ready)

    job, ran = controller.launch(controller.template("gcp", "private_only"), **answers, **inside(sandbox, "gcp"), **quick(sandbox, "gcp"))
    assert job["status"] == "successful" and opened(sandbox, "gcp") == [], ran.output[-4000:]

    job, ran = controller.launch(controller.template("gcp", "teardown"), **answers)
    assert job["status"] == "successful", ran.output[-4000:]
    sandbox.clock(advance=600)
    assert clouds(sandbox.state()) == clouds(before)


def test_the_workflow_on_aws_and_the_job_that_watches(controller, sandbox):
    before, answers = sandbox.state(), link(sandbox, "aws")
    given = {**controller.blank(controller.workflow("aws")), **answers, **inside(sandbox, "aws"), **quick(sandbox, "aws")}
    number = controller.start("aws", **given)
    assert controller.ran() == ["aws --check"] and sandbox.mutating() == [] and sandbox.state() == before

    controller.answer("approve")
    assert controller.ran() == ["aws --check", "aws", "check"], controller.worker.ran[-1].output[-4000:]
    assert [one.status for one in controller.worker.ran] == ["successful"] * 3, controller.worker.ran[-1].output[-4000:]
    made, checked = controller.worker.ran[1:]
    result = published(made.stats["artifact_data"], sandbox, "aws")
    assert checked.job["variables"][REPORT] == made.stats["artifact_data"][REPORT] and checked.changed() == 0
    assert len(result["records"]) == 2 and opened(sandbox, "aws") == ["prod-01", "prod-02"]

    controller.answer("approve")
    closed = controller.worker.ran[-1]
    assert controller.ran()[3:] == ["private_only"] and opened(sandbox, "aws") == [], closed.output[-4000:]
    assert closed.job["variables"][REPORT] == made.stats["artifact_data"][REPORT]
    assert controller.ask("GET", f"workflow_jobs/{number}/")["status"] == "successful"

    watches(controller, sandbox, answers, result["zones"][0])
    job, ran = controller.launch(controller.template("aws", "teardown"), **answers)
    assert job["status"] == "successful", ran.output[-4000:]
    sandbox.clock(advance=600)
    assert clouds(sandbox.state()) == clouds(before)


def watches(controller, sandbox, answers, zone):
    """The scheduled job fails when something was changed, and then only."""
    template, = [row for row in controller.all("job_templates/") if row["playbook"] == "playbooks/check.yml" and not row["survey_enabled"]]
    assert [row["unified_job_template"] for row in controller.all("schedules/")] == [template["id"]]
    controller.ask("POST", "hosts/", {"name": "orders", "inventory": template["inventory"], "variables": json.dumps(answers)})
    clusters = {one["cluster_name"]: one["cluster_id"] for one in sandbox.scenario["zilliz"]["clusters"]
                if one["project_id"] == answers["aws_private_link_project_id"]}
    sandbox.drift("modify_cluster", cluster_id=clusters["prod-01"], status="MODIFYING", seconds=100000)
    start = len(sandbox.log())
    job, ran = controller.night()
    assert job["status"] == "successful" and sandbox.mutating(start) == [], ran.output[-4000:]

    sandbox.drift("record_delete", zone_id=zone["zone_id"])
    job, ran = controller.launch(template)
    assert job["status"] == "failed" and zone["name"] in ran.message, ran.output[-4000:]
    assert "Traceback" not in ran.output


def test_a_denied_approval_ends_it(controller, sandbox):
    before = sandbox.state()
    number = controller.start("gcp", **link(sandbox, "gcp"), **inside(sandbox, "gcp"))
    controller.answer("deny")
    assert controller.ran() == ["gcp --check"] and sandbox.mutating() == [] and sandbox.state() == before
    assert controller.ask("GET", f"workflow_jobs/{number}/")["status"] == "failed"
    nodes = controller.ask("GET", f"workflow_jobs/{number}/workflow_nodes/")["results"]
    assert len([one for one in nodes if one["do_not_run"]]) == 4


@pytest.mark.parametrize("cloud, operation", [("aws", "CreatePrivateEndpoint"), ("gcp", "dns.managedZones.create")])
def test_a_job_cancelled_in_the_middle_and_launched_again(controller, sandbox, cloud, operation):
    sandbox.call("POST", "/gate", {"operation": operation})

    def cancel(job):
        if not sandbox.call("GET", "/gate")["held"]:
            return False
        controller.ask("POST", f"jobs/{job['id']}/cancel/")
        return True

    controller.worker.during = cancel
    try:
        job, ran = controller.launch(controller.template(cloud, cloud), **link(sandbox, cloud))
    finally:
        # What was asked for happens all the same, and nobody is left to hear of it.
        sandbox.call("DELETE", "/gate")
    assert (job["status"], ran.status) == ("canceled", "canceled"), ran.output[-4000:]
    assert job["artifacts"] == {}
    controller.worker.during = lambda job: False
    job, ran = controller.run(controller.ask("POST", f"jobs/{job['id']}/relaunch/")["job"])
    assert job["status"] == "successful" and len(registered(sandbox, sandbox.scenario[cloud]["project_id"])) == 1, ran.output[-4000:]
    result = published(job["artifacts"], sandbox, cloud)
    assert len(result["records"]) == 2
    if cloud == "aws":
        groups = [one for one in region(sandbox)["security_groups"].values() if MARK_TAG in one["tags"]]
        assert len(region(sandbox)["endpoints"]) == len(groups) == 1
        assert sorted(len(names(zone)) for zone in zones(sandbox).values()) == [1, 1]
    else:
        project = sandbox.state()["gcp"]["projects"]["my-project"]
        assert len(project["zones"]) == 2
