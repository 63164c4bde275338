# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credential types, row by row as measured."""

from __future__ import annotations

import json

import pytest

from unit.sandbox_awx.awx_side import DEMO_INJECTORS, DEMO_INPUTS, MEASURED, compare, play


def kind(**more):
    body = {"name": "T", "kind": "cloud", "inputs": DEMO_INPUTS, "injectors": DEMO_INJECTORS, **more}
    return {name: value for name, value in body.items() if value is not ...}


def field(**more):
    one = {"id": "a", "label": "A", "type": "string", **more}
    return kind(inputs={"fields": [{name: value for name, value in one.items() if value is not ...}]}, injectors={})


def fields(*names):
    return kind(inputs={"fields": [{"id": name, "label": name} for name in names]}, injectors={})


def inputs(**more):
    return kind(inputs={"fields": [{"id": "a", "label": "A"}], **more}, injectors={})


def env(**variables):
    return kind(injectors={"env": variables})


def extra(**variables):
    return kind(injectors={"extra_vars": variables})


def file(*names, **variables):
    return kind(injectors={"file": dict.fromkeys(names, "x"), "env": variables})


def twice(**more):
    def send(side):
        side.ok("POST", "credential_types/", kind())
        return side.ask("POST", "credential_types/", kind(**more))
    return send


def change(method, which=None, **body):
    """On the type in use, on one that came with AWX, or on a fresh one."""
    def send(side):
        number = side.ids["type"] if which == "used" else 1 if which == "managed" else side.make("fresh", "credential_types", kind())
        return side.ask(method, f"credential_types/{number}/", body or None)
    return send


RELABELED = {**DEMO_INPUTS, "fields": [{**one, "label": "x"} for one in DEMO_INPUTS["fields"]]}
TABLE = {
    "valid": kind(),
    "name missing": kind(name=...),
    "name empty": kind(name=""),
    "name null": kind(name=None),
    "kind missing": kind(kind=...),
    "kind ssh": kind(kind="ssh"),
    "kind unknown word": kind(kind="zilliz"),
    "kind net": kind(kind="net"),
    "inputs missing and injector uses api_key": kind(inputs=...),
    "inputs missing, no injectors": kind(inputs=..., injectors=...),
    "inputs a list": kind(inputs=[], injectors={}),
    "inputs a JSON string": kind(inputs="{}", injectors={}),
    "injectors a list": kind(injectors=[]),
    "unknown top-level key ignored": kind(color="blue"),
    'inputs: unknown key "metadata"': inputs(metadata=[]),
    "inputs: dependencies": inputs(dependencies={}),
    "inputs: required names an undefined field": inputs(required=["zz"]),
    "inputs: required is a string": inputs(required="a"),
    "field: label missing": field(label=...),
    "field: id missing": field(id=...),
    'field: id "api-key"': field(id="api-key"),
    'field: id "1a"': field(id="1a"),
    'field: id "tower"': field(id="tower"),
    "field: duplicate id": fields("a", "a"),
    "field: type int": field(type="int"),
    "field: type missing (defaults to string)": field(type=...),
    'field: format "password"': field(format="password"),
    "field: choices empty": field(choices=[]),
    "field: choices with number": field(choices=[1]),
    "field: choices duplicated": field(choices=["x", "x"]),
    'field: boolean default "yes"': field(type="boolean", default="yes"),
    "field: string default true": field(default=True),
    "field: default not among choices": field(choices=["x"], default="y"),
    "field: secret on boolean": field(type="boolean", secret=True),
    "field: multiline on boolean": field(type="boolean", multiline=True),
    "field: ask_at_runtime true": field(ask_at_runtime=True),
    'field: secret "yes" (string)': field(secret="yes"),
    'field: unknown key "placeholder"': field(placeholder="x"),
    "field: help_text number": field(help_text=5),
    "field: default on secret": field(secret=True, default="x"),
    "env: undefined field": env(X="{{ nope }}"),
    "env: ANSIBLE_ prefix": env(ANSIBLE_HOST_KEY_CHECKING="x"),
    "env: PATH": env(PATH="x"),
    "env: PYTHONPATH": env(PYTHONPATH="x"),
    "env: JOB_ID": env(JOB_ID="x"),
    "env: name 1A": env(**{"1A": "x"}),
    "env: name A-B": env(**{"A-B": "x"}),
    "env: number value": env(A=1),
    "env: non-ASCII value": env(A="ключ"),
    "env: template syntax error": env(A="{{ api_key"),
    "env: unsafe attribute": env(A="{{ api_key.__class__ }}"),
    "env: literal without template": env(A="x"),
    "env: filter default": env(A="{{ api_key | default('x') }}"),
    "env: unknown filter": env(A="{{ api_key | b64encode }}"),
    "env: {{ tower }}": env(A="{{ tower }}"),
    "env: {{ tower.filename }} without file": env(A="{{ tower.filename }}"),
    "env: http_proxy name allowed": env(http_proxy="x"),
    "env: LD_PRELOAD ": env(LD_PRELOAD="x"),
    'unknown injector "environment"': kind(injectors={"environment": {}}),
    'file: key "config"': file("config"),
    "file: template + template.a": file("template", "template.a"),
    "file: template, env tower.filename": file("template", F="{{ tower.filename }}"),
    "file: template.a, env tower.filename.a": file("template.a", F="{{ tower.filename.a }}"),
    "file: template.a, env tower.filename.b": file("template.a", F="{{ tower.filename.b }}"),
    "extra_vars: name with dash": extra(**{"a-b": "x"}),
    "extra_vars: number value": extra(a=1),
    "extra_vars: boolean value": extra(a=True),
    "extra_vars: list value": extra(a=["{{ api_key }}"]),
    "extra_vars: undefined field": extra(a="{{ zz }}"),
    "extra_vars: nested dict": extra(a={"b": "{{ api_key }}"}),
    "injector uses optional field absent from inputs": kind(inputs={"fields": [{"id": "a", "label": "A"}]}, injectors={"env": {"A": "{{ api_url }}"}}),
    "valid, kept": kind(),
    "same name, same kind": twice(),
    "same name, other kind": twice(kind="net"),
    "PATCH injectors of unused type": change("PATCH", injectors={"env": {"DEMO_KEY": "{{ gone }}"}}),
    "PATCH inputs removing the field the injector uses": change("PATCH", inputs={"fields": []}),
    "DELETE unused": change("DELETE"),
    "PATCH inputs while in use (label changed)": change("PATCH", "used", inputs=RELABELED),
    "PATCH same inputs while in use": change("PATCH", "used", inputs=DEMO_INPUTS),
    "PATCH injectors while in use": change("PATCH", "used", injectors={"env": {"OTHER": "{{ api_key }}"}}),
    "PATCH name while in use": change("PATCH", "used", name="Renamed"),
    "DELETE while in use": change("DELETE", "used"),
    "PATCH managed type": change("PATCH", "managed", name="x"),
    "DELETE managed type": change("DELETE", "managed"),
}


@pytest.mark.parametrize("label", MEASURED["credential_type"])
def test_measured(side, label):
    compare("credential_type", label, play(side, "credential_type", label, TABLE))


def test_a_field_without_type_is_stored_as_text(side):
    side.ok("POST", "credential_types/", field(type=...))
    assert side.get("credential_types/?name=T")["results"][0]["inputs"]["fields"] == [{"id": "a", "label": "A", "type": "string"}]


def test_a_credential_is_rendered_into_the_environment_of_a_job(side):
    seen = []
    side.ok("POST", f"job_templates/{side.ids['template']}/launch/", {"extra_vars": {"cluster_name": "c1", "region": "us-east-1"}})
    side.awx.run(seen.append)
    assert seen[0]["injected"]["env"] == {"DEMO_KEY": "k" * 20}
    assert side.get("jobs/1/")["job_env"] == {"DEMO_KEY": "**********"}


def injected(side, kind, inputs):
    """What a job gets from a credential of a type."""
    number = side.make("one", "credentials", {"name": "One", "organization": side.ids["org"], "credential_type": kind, "inputs": inputs})
    side.ok("POST", f"job_templates/{side.ids['free']}/credentials/", {"id": number})
    side.ok("POST", f"job_templates/{side.ids['free']}/launch/", {})
    seen = []
    side.awx.run(seen.append)
    return seen[0]["injected"]


def test_files_of_a_type_of_ours(side):
    made = side.make("file", "credential_types", file("template.a", "template.b", F="{{ tower.filename.a }}"))
    got = injected(side, made, {"api_key": "k" * 20})
    assert got == {"env": {"F": f"/runner/env/credential_{made}.a"}, "extra_vars": {},
                   "file": {f"/runner/env/credential_{made}.a": "x", f"/runner/env/credential_{made}.b": "x"}}


def shipped(side, name):
    return side.get(f"credential_types/?name={name}")["results"][0]["id"]


def test_the_type_for_aws(side):
    keys = {"username": "AKIAEXAMPLE", "password": "secret"}
    assert injected(side, shipped(side, "Amazon Web Services"), keys)["env"] == {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}


def test_the_type_for_google(side):
    got = injected(side, shipped(side, "Google Compute Engine"), {"username": "a@b.example", "project": "p", "ssh_key_data": "KEY"})
    path = got["env"]["GCP_SERVICE_ACCOUNT_FILE"]
    assert got["env"]["GCP_AUTH_KIND"] == "serviceaccount" and got["env"]["GCP_PROJECT"] == "p"
    assert json.loads(got["file"][path])["private_key"] == "KEY"
