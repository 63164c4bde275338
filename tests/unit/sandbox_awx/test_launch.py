# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Launching and jobs, row by row as measured; workflows as they ran."""

from __future__ import annotations

import datetime
import json

import pytest

from unit.sandbox_awx.awx_side import MEASURED, Side, compare, question, survey

GOOD = {"cluster_name": "c1", "region": "us-east-1"}


def start(template="template", **body):
    return lambda side: side.ask("POST", f"job_templates/{side.ids[template]}/launch/", body)


def given(**more):
    """All that is required, and more; a value of None leaves out what is required."""
    return start(extra_vars={name: value for name, value in {**GOOD, **more}.items() if value is not ...})


def asking(**more):
    def send(side):
        side.make("asking", "job_templates", side.template("A", inventory=..., ask_inventory_on_launch=True))
        body = {name: side.ids.get(value, value) for name, value in more.items()}
        return side.ask("POST", f"job_templates/{side.ids['asking']}/launch/", body)
    return send


def with_question(method, **extra_vars):
    def send(side):
        side.make("q", "job_templates", side.template("Q", survey_enabled=True))
        side.ok("POST", f"job_templates/{side.ids['q']}/survey_spec/", survey(question("x", required=True)))
        body = {"extra_vars": extra_vars} if extra_vars else {}
        return side.ask(method, f"job_templates/{side.ids['q']}/launch/", body if method == "POST" else None)
    return send


def without_secret(side):
    side.make("poor", "credentials", {"name": "C-nokey", "organization": side.ids["org"], "credential_type": side.ids["type"]})
    side.ok("POST", f"job_templates/{side.ids['free']}/credentials/", {"id": side.ids["poor"]})
    return start("free")(side)


def own(option, name):
    return lambda side: start(extra_vars=GOOD, **{option: [side.ids[name]] if option == "credentials" else side.ids[name]})(side)


LAUNCHES = {
    "GET launch": lambda side: side.ask("GET", f"job_templates/{side.ids['template']}/launch/"),
    "empty body, required survey vars have defaults": start(),
    "one required survey var missing": given(region=...),
    "all valid": given(),
    "text too long": given(cluster_name="x" * 21),
    "text too short": given(cluster_name=""),
    "text a number": given(cluster_name=5),
    "integer as string": given(count="2"),
    "integer too big": given(count=6),
    "integer too small": given(count=0),
    "integer 2.0": given(count=2.0),
    "integer null": given(count=None),
    "float string": given(ratio="0.5"),
    "float too big": given(ratio=1.5),
    "multiplechoice bad": given(region="mars"),
    "multiselect not a list": given(zones="a"),
    "multiselect bad member": given(zones=["q"]),
    "multiselect empty list": given(zones=[]),
    "password too long": given(token="x" * 65),
    "password valid, shown as": given(token="secret"),
    "unknown variable, ask_variables false": given(nope=1),
    "extra_vars as JSON string": start(extra_vars=json.dumps(GOOD)),
    "extra_vars as YAML string": start(extra_vars="cluster_name: c1\nregion: us-east-1\n"),
    "extra_vars broken string": start(extra_vars="{a: ["),
    "extra_vars a list": start(extra_vars=[]),
    "two survey errors at once": given(region="mars", count=9),
    "unknown top-level key": start(extra_vars=GOOD, color="blue"),
    "limit not prompted": start(extra_vars=GOOD, limit="x"),
    "inventory not prompted": own("inventory", "inventory"),
    "credentials not prompted": own("credentials", "credential"),
    "job_type not prompted": start(extra_vars=GOOD, job_type="check"),
    "fixed extra_var of the template overridden": given(fixed_var="two"),
    "fixed extra_var with the same value": given(fixed_var="one"),
    "ask_variables true, any variable": start("free", extra_vars={"anything": 1}),
    "ask_variables true, Jinja in extra_vars": start("free", extra_vars={"a": '{{ lookup("pipe","id") }}'}),
    "unknown template": lambda side: side.ask("POST", "job_templates/9999/launch/", {}),
    "credential lacks its required secret": without_secret,
    "inventory prompted but not given": asking(),
    "inventory given": asking(inventory="inventory"),
    "inventory unknown": asking(inventory=9999),
    "inventory empty string": asking(inventory=""),
    "GET launch, required survey var without default": with_question("GET"),
    "required survey var without default, empty body": with_question("POST"),
    "required survey var null": with_question("POST", x=None),
}


@pytest.mark.parametrize("label", MEASURED["launch"])
def test_measured_launch(side, label):
    compare("launch", label, LAUNCHES[label](side))


def workflow(extra_vars=None, **more):
    def send(side):
        side.make("asked", "workflow_job_templates", {"name": "Asked", "organization": side.ids["org"], "survey_enabled": True})
        path = f"workflow_job_templates/{side.ids['asked']}/"
        side.ok("POST", path + "survey_spec/", survey(question("cluster_name", required=True, max=20, default="demo")))
        return side.ask("POST", path + "launch/", {"extra_vars": extra_vars or {}, **more})
    return send


def empty_workflow(side):
    return side.ask("POST", f"workflow_job_templates/{side.ids['workflow']}/launch/", {})


def without_template(side):
    side.make("n", "workflow_job_template_nodes", {"workflow_job_template": side.ids["workflow"]})
    return empty_workflow(side)


WORKFLOWS = {
    "survey var given": workflow({"cluster_name": "c1"}),
    "survey var missing (default exists)": workflow(),
    "survey var too long": workflow({"cluster_name": "x" * 30}),
    "unknown variable": workflow({"cluster_name": "c1", "nope": 1}),
    "limit not prompted": workflow({"cluster_name": "c1"}, limit="x"),
    "unknown key": workflow({"cluster_name": "c1"}, color="blue"),
    "workflow with no nodes": empty_workflow,
    "workflow whose node has no template": without_template,
}


@pytest.mark.parametrize("label", MEASURED["workflow_launch"])
def test_measured_workflow_launch(side, label):
    compare("workflow_launch", label, WORKFLOWS[label](side))


def cancel(side):
    given()(side)
    return side.ask("POST", "jobs/1/cancel/")


def then(method, path):
    def send(side):
        cancel(side)
        return side.ask(method, path)
    return send


JOBS = {
    "list": then("GET", "jobs/?order_by=-id&page_size=3"),
    "cancel pending": cancel,
    "status after cancel": then("GET", "jobs/1/"),
    "cancel again": then("POST", "jobs/1/cancel/"),
    "DELETE": then("DELETE", "jobs/1/"),
}


@pytest.mark.parametrize("label", MEASURED["job"])
def test_measured_job(side, label):
    compare("job", label, JOBS[label](side))


# What happened when jobs ran.

def test_what_a_job_gets(side):
    given(zones=["a"])(side)
    seen = []
    side.awx.run(seen.append)
    assert seen[0]["variables"] == {"fixed_var": "one", **GOOD, "count": 2, "ratio": 0.5, "token": None, "notes": "", "zones": ["a"]}


def test_the_default_of_a_multiselect_never_arrives(side):
    given()(side)
    seen = []
    side.awx.run(seen.append)
    assert "zones" not in seen[0]["variables"]


def test_a_job_without_a_required_secret_does_not_start(side):
    without_secret(side)
    side.awx.run(lambda job: pytest.fail("it ran"))
    job = side.get("jobs/1/")
    assert job["status"] == "failed"
    assert job["job_explanation"] == ("Job cannot start because Credential C-nokey does not provide one or more required fields (api_key)."
                                      " Task failed pre-start check.")


def test_a_canceled_job_is_relaunched_with_what_it_had(side):
    cancel(side)
    side.awx.run(lambda job: pytest.fail("it ran"))
    again = side.ok("POST", "jobs/1/relaunch/", {})
    seen = []
    side.awx.run(seen.append)
    assert seen[0]["variables"]["cluster_name"] == "c1"
    assert side.get(f"jobs/{again['id']}/")["status"] == "successful"


class Flow:
    """A workflow of named nodes. `jobs` holds what each node's job got; `fails` names nodes whose job fails."""

    def __init__(self, *links, approvals=(), single=(), moment=None, approval_timeout=0):
        self.side = Side(**({"now": lambda: moment[0]} if moment else {}))
        self.jobs, self.fails, self.artifacts = {}, (), {}
        names = sorted({name for text in links for name in text.split()[::2]} | set(single))
        for name in names:
            asked = {} if name in approvals else {"unified_job_template": self.template(name)}
            body = {"identifier": name, "workflow_job_template": self.side.ids["workflow"], **asked}
            number = self.side.make(name, "workflow_job_template_nodes", body)
            if name in approvals:
                path = f"workflow_job_template_nodes/{number}/create_approval_template/"
                self.side.ok("POST", path, {"name": name, "timeout": approval_timeout})
        for text in links:
            parent, kind, child = text.split()
            self.side.ok("POST", f"workflow_job_template_nodes/{self.side.ids[parent]}/{kind}_nodes/", {"id": self.side.ids[child]})

    def template(self, name):
        return self.side.make(f"template {name}", "job_templates", self.side.template(name))

    def work(self, job):
        self.jobs[job["name"]] = job["variables"]
        return {"status": "failed" if job["name"] in self.fails else "successful", "artifacts": self.artifacts.get(job["name"], {})}

    def run(self):
        self.side.awx.run(self.work)
        return self

    def launch(self, **extra_vars):
        if extra_vars:
            self.side.ok("PATCH", f"workflow_job_templates/{self.side.ids['workflow']}/", {"ask_variables_on_launch": True})
        self.job = self.side.ok("POST", f"workflow_job_templates/{self.side.ids['workflow']}/launch/", {"extra_vars": extra_vars})["workflow_job"]
        return self.run()

    @property
    def status(self):
        return self.side.get(f"workflow_jobs/{self.job}/")["status"]

    def node(self, name):
        return next(row for row in self.side.get(f"workflow_jobs/{self.job}/workflow_nodes/")["results"] if row["identifier"] == name)

    def answer(self, name, word):
        path = f"workflow_jobs/{self.job}/workflow_nodes/?job__name={name}"
        approval = self.side.get(path)["results"][0]["related"]["job"]
        assert self.side.ask("POST", approval.removeprefix("/api/v2/") + f"{word}/")[0] == 204
        return self.run()


def test_a_workflow_follows_success_and_leaves_the_rest_out():
    flow = Flow("a success b", "a failure c").launch()
    assert (flow.status, list(flow.jobs)) == ("successful", ["a", "b"])
    assert flow.node("c")["do_not_run"] is True


def test_a_failure_without_a_way_on_fails_the_workflow():
    flow = Flow("a success b")
    flow.fails = ("a",)
    assert (flow.launch().status, list(flow.jobs)) == ("failed", ["a"])
    assert flow.side.get(f"workflow_jobs/{flow.job}/")["job_explanation"] == "No error handling paths found, marking workflow as failed"


@pytest.mark.parametrize("kind", ("failure", "always"))
def test_a_failure_with_a_way_on_is_none(kind):
    flow = Flow(f"a {kind} b")
    flow.fails = ("a",)
    assert (flow.launch().status, list(flow.jobs)) == ("successful", ["a", "b"])


def test_a_workflow_waits_for_its_approval():
    flow = Flow("a success ok", "ok success b", approvals=("ok",)).launch()
    assert (flow.status, list(flow.jobs)) == ("running", ["a"])
    flow.answer("ok", "approve")
    assert (flow.status, list(flow.jobs)) == ("successful", ["a", "b"])


def test_a_denial_without_a_way_on_fails_the_workflow():
    flow = Flow("a success ok", "ok success b", approvals=("ok",)).launch().answer("ok", "deny")
    assert (flow.status, list(flow.jobs)) == ("failed", ["a"])


def test_an_approval_that_nobody_gives_goes_the_way_of_failure():
    moment = [datetime.datetime(2030, 1, 1, tzinfo=datetime.timezone.utc)]
    flow = Flow("ok failure b", approvals=("ok",), moment=moment, approval_timeout=5).launch()
    assert flow.status == "running"
    moment[0] += datetime.timedelta(seconds=6)
    assert flow.run().status == "successful" and list(flow.jobs) == ["b"]


def test_a_node_without_template_fails():
    flow = Flow(single=("a",))
    flow.side.ok("PATCH", f"workflow_job_template_nodes/{flow.side.ids['a']}/", {"unified_job_template": None})
    assert flow.launch().status == "failed"


def test_artifacts_reach_the_next_nodes_and_the_workflow_beats_them():
    flow = Flow("a success b", "b success c")
    flow.artifacts = {"a": {"x": "artifact", "y": "artifact"}}
    flow.launch(x="workflow")
    assert flow.jobs["b"] == {"x": "workflow", "y": "artifact"} == flow.jobs["c"]


def test_in_a_workflow_a_default_answers_a_required_question():
    flow = Flow(single=("a",))
    flow.side.ok("PATCH", f"job_templates/{flow.side.ids['template a']}/", {"survey_enabled": True})
    spec = survey(question("x", required=True, default="d"), question("never", required=True))
    flow.side.ok("POST", f"job_templates/{flow.side.ids['template a']}/survey_spec/", spec)
    assert flow.launch().jobs["a"] == {"x": "d"}
