# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials, row by row as measured: secrets go in and never come out."""

from __future__ import annotations

import pytest

from unit.sandbox_awx.awx_side import DEMO_INJECTORS, DEMO_INPUTS, MEASURED, Side, compare


def post(inputs=..., **more):
    def send(side):
        values = {"region": "us-east-1", "api_key": "k" * 20} if inputs is ... else inputs
        body = {"name": "N", "organization": side.ids["org"], "credential_type": side.ids["type"], "inputs": values, **more}
        return side.ask("POST", "credentials/", {name: value for name, value in body.items() if value is not ...})
    return send


def values(**more):
    return post({"region": "us-east-1", "api_key": "k" * 20, **more})


def patch(**body):
    return lambda side: side.ask("PATCH", f"credentials/{side.ids['credential']}/", body)


def other_type(side):
    side.make("other type", "credential_types", {"name": "O", "kind": "cloud", "inputs": {"fields": [{"id": "api_key", "label": "K"}]}, "injectors": {}})
    return side.ask("PATCH", f"credentials/{side.ids['credential']}/", {"credential_type": side.ids["other type"]})


def to_other_organization(side):
    return side.ask("PATCH", f"credentials/{side.ids['credential']}/", {"organization": side.ids["other org"]})


TABLE = {
    "valid": post(),
    "name missing": post(name=...),
    "no owner (organization missing)": post(organization=...),
    "credential_type missing": post(credential_type=...),
    "credential_type unknown id": post(credential_type=9999),
    "credential_type a string": post(credential_type="Demo"),
    "organization unknown id": post(organization=9999),
    "required secret missing (accepted at create)": post({"region": "us-east-1"}),
    "inputs missing": post(None),
    "inputs list": post([]),
    "inputs string": post("x"),
    "unknown input": values(nope="x"),
    "value outside choices": values(region="mars"),
    "number for string field": values(api_key=5),
    "string for boolean field": values(verify="yes"),
    "url without scheme": values(api_url="example.com"),
    "url without host": values(api_url="https://"),
    "null value": values(api_url=None),
    "$encrypted$ on create": values(api_key="$encrypted$"),
    "Jinja in value": values(api_key="{{ x }}"),
    "empty string for choices field": values(region=""),
    "empty string for url field": values(api_url=""),
    "valid kept": post(),
    "same name, org and type": post(name="C"),
    "PATCH with api_key $encrypted$ keeps the stored value": patch(inputs={"region": "eu-west-1", "api_key": "$encrypted$"}),
    "PATCH leaving out api_key (secret dropped?)": patch(inputs={"region": "eu-west-1"}),
    "PATCH credential_type": other_type,
    "PATCH organization to another": to_other_organization,
    "GET list filter on inputs (search on secrets)": lambda side: side.ask("GET", "credentials/?inputs__icontains=k"),
    "DELETE": lambda side: side.ask("DELETE", f"credentials/{side.ids['credential']}/"),
}


@pytest.mark.parametrize("label", MEASURED["credential"])
def test_measured(side, label):
    compare("credential", label, TABLE[label](side))


def test_a_secret_is_kept_by_its_placeholder_and_lost_without(side):
    number = side.ids["credential"]
    side.ok("PATCH", f"credentials/{number}/", {"inputs": {"region": "eu-west-1", "api_key": "$encrypted$"}})
    assert side.awx.store.one("credentials", number)["inputs"]["api_key"] == "k" * 20
    side.ok("PATCH", f"credentials/{number}/", {"inputs": {"region": "eu-west-1"}})
    assert "api_key" not in side.awx.store.one("credentials", number)["inputs"]


@pytest.mark.parametrize("path", ("credentials/", "credentials/1/", "job_templates/2/credentials/"))
def test_no_answer_holds_a_secret(side, path):
    assert "k" * 20 not in str(side.get(path))


def test_a_field_with_choices_takes_the_first_where_nothing_is_given():
    side = Side()
    side.make("t", "credential_types", {"name": "X", "kind": "cloud", "inputs": DEMO_INPUTS, "injectors": DEMO_INJECTORS})
    side.make("c", "credentials", {"name": "X", "organization": side.ids["org"], "credential_type": side.ids["t"], "inputs": {"region": None}})
    assert side.get(f"credentials/{side.ids['c']}/")["inputs"] == {"region": "us-east-1"}
