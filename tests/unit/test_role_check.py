# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role private_link_check makes of its variables, and that each of them is described and used."""
from __future__ import annotations

import pathlib
import re

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template

ROLE = pathlib.Path(__file__).resolve().parents[2] / "roles" / "private_link_check"
GROUPS = {"all": ["app1", "app2", "db"], "ungrouped": ["db"], "inside": ["app1", "app2"], "empty": []}


def template(expression, **variables):
    """With a role variable by its name without the role's, and any other variable by its own."""
    loader = DataLoader()
    known = {"groups": GROUPS, "ansible_play_hosts_all": ["localhost"], "inventory_hostname": "localhost", "__private_link_check_here": "/home/me"}
    for part in ("defaults", "vars"):
        known = {**loader.load_from_file(str(ROLE / part / "main.yml"), trusted_as_template=True), **known}
    known.update({f"private_link_check_{name}" if f"private_link_check_{name}" in known else name: value for name, value in variables.items()})
    return Templar(loader, variables=known).template(trust_as_template("{{ %s }}" % expression))


def text_of(*parts):
    return ROLE.joinpath(*parts).read_text(encoding="utf-8")


def test_every_option_is_described_has_its_default_and_is_used():
    options = yaml.safe_load(text_of("meta", "argument_specs.yml"))["argument_specs"]["main"]["options"]
    defaults = yaml.safe_load(text_of("defaults", "main.yml"))
    assert set(options) == set(defaults)
    for name, value in defaults.items():
        assert options[name].get("default", [] if value == [] else "") == value or name == "private_link_check_report", name
    used = "".join(path.read_text(encoding="utf-8") for folder in ("tasks", "vars") for path in (ROLE / folder).glob("*.yml"))
    assert set(re.findall(r"(?<!_)\bprivate_link_check_(?!result)\w+", used)) == set(options)


@pytest.mark.parametrize(("vantage", "hosts"), [
    ([], []), ("", []), ("none", []), (None, []),
    ("controller", ["controller"]), ("localhost", ["controller"]),
    ("inside", ["app1", "app2"]), (["inside", "db", "app1"], ["app1", "app2", "db"]), (" db,\ninside\n", ["db", "app1", "app2"]),
    ("controller,none", ["controller"]),
])
def test_a_vantage_is_groups_and_hosts_in_any_form(vantage, hosts):
    assert list(template("__private_link_check_hosts", vantage=vantage)) == hosts


def test_a_localhost_of_the_inventory_is_as_the_inventory_says():
    groups = {"all": ["localhost"], "controller": ["app1"]}
    assert template("__private_link_check_hosts", vantage=["localhost", "controller"], groups=groups) == ["localhost", "controller"]


@pytest.mark.parametrize(("report", "path"), [
    ("out/x.html", "/home/me/out/x"), ("/srv/x.html", "/srv/x"), ("x", "/home/me/x"), ("x.json", "/home/me/x"),
    ("", ""), ("none", ""), (False, ""),
])
def test_the_report_lies_where_the_user_stands(report, path):
    assert template("__private_link_check_report", report=report) == path


def test_each_host_of_a_play_for_several_links_has_its_report():
    assert template("__private_link_check_report") == "/home/me/private-link-report"
    several = template("__private_link_check_report", ansible_play_hosts_all=["a", "b"], inventory_hostname="b")
    assert several == "/home/me/private-link-report-b"


@pytest.mark.parametrize(("given", "clouds"), [
    ({"aws_private_link_project_id": "p"}, ["aws"]),
    ({"gcp_private_link_project_id": "p"}, ["gcp"]),
    # AWX sends an empty answer for every question of a survey.
    ({"aws_private_link_project_id": "", "gcp_private_link_project_id": "p"}, ["gcp"]),
    ({"aws_private_link_project_id": "p", "gcp_private_link_project_id": "p", "cloud": "gcp"}, ["gcp"]),
    ({"aws_private_link_project_id": "p", "gcp_private_link_project_id": "p", "__private_link_check_short": "aws"}, ["aws"]),
    ({}, []),
])
def test_the_cloud_is_the_one_whose_variables_are_given(given, clouds):
    assert list(template("__private_link_check_clouds", **given)) == clouds


@pytest.mark.parametrize(("fail_on", "failing"), [
    ("degraded", ["degraded", "broken"]), ("", ["degraded", "broken"]), ("broken", ["broken"]), ("never", []),
])
def test_what_fails(fail_on, failing):
    assert template("__private_link_check_failing", fail_on=fail_on) == failing


def judged(rows, **variables):
    return template("__private_link_check_verdict", **variables, __private_link_check_judgement={"summary": "broken: so it is.", "rows": rows})


def line(number, state="broken"):
    return {"title": "Private zone", "subject": f"z{number}", "state": state, "cause": f"Cause {number}.", "mend": f"Mend {number}."}


def test_a_failed_check_ends_with_its_findings():
    told = judged([line(1), line(2, "ok"), line(3, "missing"), line(4, "degraded")])
    assert " ".join(told.split()) == (
        "broken: so it is. (1) Private zone, z1: Cause 1. Mend 1. (2) Private zone, z3: Cause 3. Mend 3. "
        "(3) Private zone, z4: Cause 4. Mend 4.")
    assert "z3" not in judged([line(1), line(3, "missing")], preflight="yes")


def test_many_findings_are_counted():
    assert "The table above has 4 more." in judged([line(number) for number in range(9)])
