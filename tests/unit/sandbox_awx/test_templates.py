# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Job templates and surveys, row by row as measured."""

from __future__ import annotations

import json

import pytest

from unit.sandbox_awx.awx_side import BROKEN, LONG_SURVEY, MEASURED, compare, question, survey


def post(**more):
    return lambda side: side.ask("POST", "job_templates/", side.template(**more))


def patch(**more):
    return lambda side: side.ask("PATCH", f"job_templates/{side.ids['template']}/", more)


def linked(listed, template="template", **body):
    def send(side):
        sent = {key: side.ids[value] if value in side.ids else value for key, value in body.items()}
        return side.ask("POST", f"job_templates/{side.ids[template]}/{listed}/", sent)
    return send


def second_credential(side):
    side.make("second", "credentials", {"name": "C2", "organization": side.ids["org"], "credential_type": side.ids["type"]})
    return linked("credentials", id="second")(side)


TEMPLATES = {
    "valid": post(),
    "name missing": post(name=...),
    "project missing": post(project=...),
    "inventory missing, not prompted": post(inventory=...),
    "inventory missing, ask_inventory_on_launch": post(inventory=..., ask_inventory_on_launch=True),
    "playbook missing": post(playbook=...),
    "playbook not in project": post(playbook="gone.yml"),
    "playbook outside project": post(playbook="../x.yml"),
    "project unknown id": post(project=9999),
    "project a name": post(project="P"),
    'job_type "scan"': post(job_type="scan"),
    "verbosity 9": post(verbosity=9),
    'verbosity "high"': post(verbosity="high"),
    "forks -1": post(forks=-1),
    'timeout "x"': post(timeout="x"),
    "job_slice_count 0": post(job_slice_count=0),
    "extra_vars object (not string)": post(extra_vars={}),
    "extra_vars broken": post(extra_vars=BROKEN),
    "extra_vars list string": post(extra_vars="[1]"),
    "extra_vars YAML string": post(extra_vars="a: 1"),
    'ask_variables_on_launch "maybe"': post(ask_variables_on_launch="maybe"),
    "survey_enabled without survey_spec": post(survey_enabled=True),
    "survey_spec in body is ignored?": post(survey_spec=LONG_SURVEY),
    "organization in body is ignored (taken from project)": post(organization=9999),
    "execution_environment unknown id": post(execution_environment=9999),
    "unknown key ignored": post(color="blue"),
    "same name as existing": post(name="JT"),
    "name 513 characters": post(name="x" * 513),
    "webhook_service bitbucket": post(webhook_service="bitbucket"),
    "webhook_service github_enterprise": post(webhook_service="github_enterprise"),
    "scm_branch on project without allow_override": post(scm_branch="dev"),
    "limit a list": post(limit=["x"]),
    "diff_mode null": post(diff_mode=None),
    "start_at_task ok, tags": post(start_at_task="x", job_tags="a,b"),
    "valid kept": post(),
    "associate credential": linked("credentials", "free", id="credential"),
    "associate the same credential again": linked("credentials", id="credential"),
    "associate a second credential of the same type": second_credential,
    "associate unknown credential": linked("credentials", id=9999),
    "associate id as string": linked("credentials", id="1"),
    "disassociate": linked("credentials", id="credential", disassociate=True),
    "create credential through the sublist without type": linked("credentials", name="x", organization="org"),
    "labels: create by name": linked("labels", name="l", organization="org"),
    "labels: without organization": linked("labels", name="l"),
    "instance_groups: associate unknown": linked("instance_groups", id=9999),
    "PATCH project to null": patch(project=None),
    "PATCH inventory to null": patch(inventory=None),
}


@pytest.mark.parametrize("label", MEASURED["job_template"])
def test_measured_template(side, label):
    compare("job_template", label, TEMPLATES[label](side))


def test_stored_forms(side):
    shown = side.get(f"job_templates/{side.ids['template']}/")
    assert shown["extra_vars"] == '{"fixed_var": "one"}'
    assert shown["organization"] == side.ids["org"] and "survey_spec" not in shown
    assert shown["status"] == "never updated" and shown["last_job_run"] is None
    assert shown["related"]["survey_spec"] == f"/api/v2/job_templates/{shown['id']}/survey_spec/"
    assert shown["summary_fields"]["survey"] == {"title": "S", "description": ""}
    assert [one["name"] for one in shown["summary_fields"]["credentials"]] == ["C"]


def one(kind="text", **more):
    base = {**question("v", kind), **more}
    return survey({name: value for name, value in base.items() if value is not ...})


def choice(**more):
    return one("multiplechoice", **{"choices": ["a", "b"], **more})


def top(**more):
    return {name: value for name, value in {**survey(question("v")), **more}.items() if value is not ...}


def keep_password(side):
    path = f"job_templates/{side.ids['template']}/survey_spec/"
    side.ok("POST", path, one("password", default="secret"))
    answer = side.ask("POST", path, one("password", default="$encrypted$"))
    assert side.awx.store.surveys[side.ids["template"]]["spec"][0]["default"] == "secret"
    return answer


def get_after(body):
    def send(side):
        side.ok("POST", f"job_templates/{side.ids['template']}/survey_spec/", body)
        return side.ask("GET", f"job_templates/{side.ids['template']}/survey_spec/")
    return send


def delete(side):
    return side.ask("DELETE", f"job_templates/{side.ids['template']}/survey_spec/")


def get_after_delete(side):
    delete(side)
    answer = side.ask("GET", f"job_templates/{side.ids['template']}/survey_spec/")
    assert answer[1] == {}
    return answer


SURVEYS = {
    "valid": LONG_SURVEY,
    "empty body": {},
    "name missing": top(name=...),
    "description missing": top(description=...),
    "spec missing": top(spec=...),
    "name a number": top(name=5),
    "spec an object": top(spec={}),
    "spec empty": top(spec=[]),
    "question a string": top(spec=["x"]),
    "type missing": one(type=...),
    "question_name missing": one(question_name=...),
    "variable missing": one(variable=...),
    "required missing": one(required=...),
    "question_name null": one(question_name=None),
    "variable a number": one(variable=5),
    "variable with dash": one(variable="a-b"),
    "variable with space": one(variable="a b"),
    "variable empty": one(variable=""),
    'required "yes"': one(required="yes"),
    "duplicate variable": survey(question("v"), question("v")),
    'type "boolean"': one("boolean"),
    'type "select"': one("select"),
    "text default number": one(default=5),
    "text default null": one(default=None),
    "text default longer than max": one(default="long", max=2),
    'integer default "2"': one("integer", default="2"),
    'integer default ""': one("integer", default=""),
    "integer default 2.5": one("integer", default=2.5),
    "integer default true": one("integer", default=True),
    "integer default outside min/max": one("integer", default=9, min=1, max=5),
    'float default "x"': one("float", default="x"),
    "float min 0.5": one("float", min=0.5),
    'min "1"': one(min="1"),
    "min null, max null": one(min=None, max=None),
    "min > max": one(min=5, max=1),
    "multiplechoice without choices": one("multiplechoice"),
    "multiplechoice choices a string with newlines": choice(choices="a\n\nb\n", default="a"),
    "multiplechoice choices a list": choice(default="a"),
    "multiplechoice choices empty list": choice(choices=[]),
    "multiplechoice choices empty string": choice(choices=""),
    "multiplechoice default not in choices": choice(default="z"),
    "multiplechoice two defaults": choice(default="a\nb"),
    "multiplechoice default a list": choice(default=["a"]),
    "multiplechoice choices string, default a substring of it": choice(choices="alpha\nbeta", default="lph"),
    "multiplechoice choices null": choice(choices=None),
    "multiplechoice choices with numbers": choice(choices=[1, 2], default="1"),
    'multiplechoice default ""': choice(default=""),
    "multiselect default newline string": one("multiselect", choices=["a", "b"], default="a\nb"),
    "multiselect default a list": one("multiselect", choices=["a", "b"], default=["a"]),
    "multiselect default not in choices": one("multiselect", choices=["a", "b"], default="z"),
    "password default plain": one("password", default="x"),
    "GET after password default": get_after(one("password", default="x")),
    "password default $encrypted$ keeps old": keep_password,
    "password default $encrypted$ for a new variable": one("password", default="$encrypted$"),
    "text default $encrypted$": one(default="$encrypted$"),
    "password default number": one("password", default=5),
    "unknown key in question kept?": one(color="blue"),
    "GET shows unknown key": get_after(one(color="blue")),
    "unknown key at top": top(color="blue"),
    "Jinja in default": one(default="{{ x }}"),
    "new_question key": one(new_question=True),
    "variable named like a reserved AWX variable (awx_job_id)": one(variable="awx_job_id"),
    "variable ansible_host": one(variable="ansible_host"),
    "DELETE survey": delete,
    "GET after DELETE": get_after_delete,
}


@pytest.mark.parametrize("label", MEASURED["survey"])
def test_measured_survey(side, label):
    entry = SURVEYS[label]
    answer = entry(side) if callable(entry) else side.ask("POST", f"job_templates/{side.ids['template']}/survey_spec/", entry)
    compare("survey", label, answer)


def test_a_survey_is_read_back_as_it_was_sent_but_for_passwords_and_blank_lines(side):
    path = f"job_templates/{side.ids['template']}/survey_spec/"
    assert side.get(path) == LONG_SURVEY
    side.ok("POST", path, survey(question("p", "password", default="x"), question("m", "multiplechoice", choices="a\n\nb\n", color="blue")))
    first, second = side.get(path)["spec"]
    assert first["default"] == "$encrypted$"
    assert (second["choices"], second["color"]) == ("a\nb", "blue")


def test_extra_vars_of_a_template_are_text(side):
    side.ok("PATCH", f"job_templates/{side.ids['template']}/", {"extra_vars": json.dumps({"b": [1]})})
    assert side.get(f"job_templates/{side.ids['template']}/")["extra_vars"] == '{"b": [1]}'
