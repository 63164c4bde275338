# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sandbox's AWX in this process, with things in it, and the answers that a real AWX 24.6.1 gave (measured.json)."""

from __future__ import annotations

import copy
import json
import pathlib

from sandbox.awx import Awx
from sandbox.awx.app import App
from werkzeug.test import Client

MEASURED = json.loads((pathlib.Path(__file__).parent / "measured.json").read_text(encoding="utf-8"))
ADMIN = ("admin", "password")
BROKEN = "{a: ["

DEMO_INPUTS = {
    "fields": [
        {"id": "api_key", "label": "API key", "secret": True},
        {"id": "api_url", "label": "URL", "format": "url"},
        {"id": "region", "label": "Region", "choices": ["us-east-1", "eu-west-1"]},
        {"id": "verify", "label": "Verify", "type": "boolean"},
    ],
    "required": ["api_key"],
}
DEMO_INJECTORS = {"env": {"DEMO_KEY": "{{ api_key }}"}}


def question(variable, kind="text", required=False, **more):
    return {"question_name": variable, "question_description": "", "variable": variable, "type": kind, "required": required, **more}


def survey(*questions):
    return {"name": "S", "description": "", "spec": list(questions)}


LONG_SURVEY = survey(
    question("cluster_name", required=True, min=1, max=20, default="demo"),
    question("region", "multiplechoice", required=True, choices=["us-east-1", "eu-west-1"], default="us-east-1"),
    question("zones", "multiselect", choices=["a", "b", "c"], default="a\nb"),
    question("count", "integer", min=1, max=5, default=2),
    question("ratio", "float", min=0, max=1, default=0.5),
    question("token", "password", max=64, default=""),
    question("notes", "textarea", default=""),
)


class Side:
    """An AWX with one thing of each kind; ids by name in .ids."""

    def __init__(self, **options):
        folders = {"demo": ["site.yml"], "spare": ["site.yml"]}
        self.awx = Awx(folders=folders, repositories={"https://git.example.com/x.git": ["playbooks/site.yml"]}, **options)
        self.client = Client(App(self.awx))
        self.ids = {}
        self.make("org", "organizations", {"name": "Net"})
        self.make("other org", "organizations", {"name": "Other"})
        self.make("type", "credential_types", {"name": "Demo Cloud API", "kind": "cloud", "inputs": DEMO_INPUTS, "injectors": DEMO_INJECTORS})
        self.make("credential", "credentials", {"name": "C", "organization": self.ids["org"], "credential_type": self.ids["type"],
                                                "inputs": {"api_key": "k" * 20, "region": "us-east-1"}})
        self.make("environment", "execution_environments", {"name": "EE", "image": "localhost/ee:1"})
        self.make("project", "projects", {"name": "P", "organization": self.ids["org"], "scm_type": "", "local_path": "demo"})
        self.make("inventory", "inventories", {"name": "I", "organization": self.ids["org"]})
        self.make("template", "job_templates", self.template("JT", survey_enabled=True, extra_vars='{"fixed_var": "one"}'))
        self.ok("POST", f"job_templates/{self.ids['template']}/survey_spec/", LONG_SURVEY)
        self.ok("POST", f"job_templates/{self.ids['template']}/credentials/", {"id": self.ids["credential"]})
        self.make("free", "job_templates", self.template("Free", ask_variables_on_launch=True))
        self.make("workflow", "workflow_job_templates", {"name": "W", "organization": self.ids["org"]})

    def copy(self):
        """Another one like it, made faster than from nothing."""
        other = copy.copy(self)
        other.awx, other.ids = copy.deepcopy((self.awx, self.ids))
        other.client = Client(App(other.awx))
        return other

    def template(self, name="New", **more):
        body = {"name": name, "project": self.ids["project"], "inventory": self.ids["inventory"], "playbook": "site.yml", **more}
        return {key: value for key, value in body.items() if value is not ...}

    def ask(self, method, path, body=None, auth=ADMIN, data=None):
        """(status, body); the body as text where it is no JSON."""
        options = {"json": body} if body is not None else {"data": data} if data is not None else {}
        answer = self.client.open(f"/api/v2/{path}", method=method, auth=auth, **options)
        text = answer.get_data(as_text=True)
        return answer.status_code, (json.loads(text) if answer.is_json else text or None)

    def ok(self, method, path, body=None):
        status, answer = self.ask(method, path, body)
        assert status < 300, (status, answer)
        return answer

    def get(self, path):
        return self.ok("GET", path)

    def make(self, name, path, body):
        self.ids[name] = self.ok("POST", path + "/", body)["id"]
        return self.ids[name]


def compare(group, label, answer):
    """An answer against the measured one: an error to the letter, a success in what was noted of it."""
    _request, status, body = MEASURED[group][label]
    assert answer[0] == status, answer
    if status >= 400 and body != "(HTML page)":
        assert answer[1] == body
    elif isinstance(body, dict):
        assert within(body, answer[1])


def within(noted, real):
    """Whether all that was noted stands in an answer. Numbers of things differ, their presence does not."""
    return {name: real.get(name) for name in noted if name not in NUMBERS} == {name: value for name, value in noted.items() if name not in NUMBERS}


NUMBERS = ("id", "job", "workflow_job", "organization", "canceled_on", "count", "unified_job_template")


def play(side, group, label, table):
    """Send what a table says for a label: a body for the measured path, or a function of the side that gives the answer."""
    method, path = MEASURED[group][label][0].split()
    entry = table[label]
    return entry(side) if callable(entry) else side.ask(method, path, entry)
