# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every row of the doctor is, for any situation that the AWS plan's generators make."""

from __future__ import annotations

import copy
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.zilliz.cloud.plugins.module_utils._checks import CHECKS, overall
from ansible_collections.zilliz.cloud.plugins.module_utils._doctor import parted
from ansible_collections.zilliz.cloud.plugins.module_utils._doctor_aws import AwsDoctor
from ansible_collections.zilliz.cloud.plugins.module_utils._plan_aws import AwsPlan
from unit.plugins.module_utils.model import Clouds, alias, cluster, found, host, options, registration, wanted, zone
from unit.plugins.module_utils.properties import quick
from unit.plugins.module_utils.test_plan_aws import situations, wishes

STATES = {"ok", "degraded", "broken", "missing", "unknown", "skipped"}
# What is judged from what is there and never planned: other people's zones and security groups.
BEYOND = ("other_zones", "firewall", "client_egress")
LACKING = [{}, {}, {}, {"vpc": None}, {"subnets": []}, {"services": []}, {"clusters": []}, {"zone_limit": {"limit": 1, "count": 1}},
           {"service_detail": {"error": "InvalidServiceName"}}, {"endpoints": []}, {"zones": []}, {"groups": []}, {"read": set()}]


def examine(want, before):
    """(plan, rows) of a situation."""
    plan = AwsPlan(want, before)
    answer = plan.make()
    inputs = copy.deepcopy((want, before, answer))
    rows = AwsDoctor(plan).rows()
    assert (want, before, answer) == inputs, "a doctor changes nothing"
    return answer, rows


def bad(rows):
    return [r for r in rows if r["state"] in ("broken", "missing")]


def plain(text):
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()


def told(problem, row):
    return plain(problem) == plain(f"{row['cause']} {row['mend'] if parted(problem)[1] else ''}")


@quick
@given(situations(), wishes() | wishes(state="absent"), st.sampled_from(LACKING))
def test_every_step_and_every_problem_is_in_a_row(before, want, lacking):
    plan, rows = examine(want, dict(before, **lacking))
    for step in plan["steps"]:
        hits = [r for r in rows if f"{step['action']} {step['resource']} {step['name']}" in r["mend"]]
        assert hits and all(r["state"] in ("broken", "missing", "degraded") for r in hits), step
    for problem in plan["problems"]:
        assert [r for r in rows if told(problem, r) and r["state"] == "broken"], problem


@quick
@given(situations(), wishes() | wishes(state="absent"), st.sampled_from(LACKING))
def test_every_row_is_one_for_people(before, want, lacking):
    _plan, rows = examine(want, dict(before, **lacking))
    assert json.loads(json.dumps(rows)) == rows
    assert [r["check"] for r in rows] == sorted((r["check"] for r in rows), key=list(CHECKS).index)
    for row in rows:
        assert row["state"] in STATES
        for text in (row["cause"], row["evidence"], row["mend"]):
            assert not re.search(r"[\[\]]|None|\bTrue\b|\bFalse\b|  |\.\.|\{'", re.sub(r"=\[\{.*\}\]", "", text)), json.dumps(row)
        if row["state"] in ("broken", "missing", "degraded"):
            assert row["cause"].endswith(".") and (row["mend"].endswith(".") or "aws " in row["mend"]), json.dumps(row)
        if row["state"] == "ok":
            assert not row["cause"] and row["evidence"], json.dumps(row)


@quick
@given(situations(), wishes())
def test_every_check_of_the_link_has_a_row(before, want):
    _plan, rows = examine(want, before)
    probed = {"path", "public_answer", "authentication", "public_endpoint", "input"}
    wanted_checks = set(CHECKS) - probed - ({"other_zones"} if want["dns"] == "none" else set())
    assert wanted_checks - {r["check"] for r in rows} == set()


@quick
@given(situations(), wishes())
def test_a_link_that_needs_nothing_is_whole(before, want):
    """Also after the set-up has run in any situation."""
    clouds = Clouds(before)
    if not clouds.plan(want)["problems"]:
        clouds.run(want)
    plan, rows = examine(want, clouds.found)
    if not plan["steps"] + plan["problems"] + plan["waiting"]:
        assert [r for r in bad(rows) if r["check"] not in BEYOND] == []


@quick
@given(situations(st.just(None)), wishes(adopt=False, dns="exact"))
def test_before_the_set_up_nothing_is_called_lost(before, want):
    """No thing bears the mark: what the set-up makes is missing, not broken."""
    plan, rows = examine(want, before)
    if not plan["problems"]:
        made = [r for r in rows if "it will: create" in r["mend"] or "it will: authorize" in r["mend"]]
        assert not [r for r in made if r["state"] == "broken" and r["check"] != "endpoint"]


def test_a_converged_link_is_ok_in_every_row():
    clouds = Clouds(found(clusters=[dict(cluster(1, linked=False), public_address_enabled=True, connect_address="https://in01.example.com:443")]))
    clouds.run(wanted())
    _plan, rows = examine(wanted(), clouds.found)
    assert {r["state"] for r in rows} == {"ok", "skipped"}
    public, = [r for r in rows if r["check"] == "public_endpoint"]
    assert public["evidence"].startswith("on: in01.example.com answers on the internet")


def test_a_public_endpoint_that_could_not_be_asked_for_is_unknown():
    clouds = Clouds(found(clusters=[cluster(1, linked=False)]))
    clouds.run(wanted())
    untold = {one["cluster_id"]: "GET clusters/in01: no rights" for one in clouds.found["clusters"]}
    rows = [r for r in examine(wanted(), dict(clouds.found, untold=untold))[1] if r["check"] == "public_endpoint"]
    assert rows and all((r["state"], r["evidence"]) == ("unknown", "GET clusters/in01: no rights") and r["mend"] for r in rows)


def test_a_closed_public_endpoint_is_told():
    clouds = Clouds(found(clusters=[dict(cluster(1, linked=False), public_address_enabled=False)]))
    clouds.run(wanted())
    public, = [r for r in examine(wanted(), clouds.found)[1] if r["check"] == "public_endpoint"]
    assert public["state"] == "ok" and public["evidence"].startswith("off:")


@pytest.mark.parametrize("status, state, words", [
    ("REJECTED", "broken", "shows the registration as REJECTED"), ("PENDING", "missing", "is not through yet"),
    (None, "broken", "is not registered at Zilliz Cloud"),
])
def test_registrations(status, state, words):
    clouds = Clouds(found())
    clouds.run(wanted())
    rows = clouds.found["registrations"]
    # Brought, so that a refused one is registered again and the endpoint is kept.
    endpoint_id = rows[0]["endpoint_id"]
    if status:
        rows[0]["endpoint_status"] = status
    else:
        rows.clear()
    one, = [r for r in examine(wanted(endpoint_id=endpoint_id), clouds.found)[1] if r["check"] == "registration"]
    assert (one["state"], one["subject"]) == (state, endpoint_id) and words in one["cause"]


def test_stale_registrations_are_told_apart():
    clouds = Clouds(found())
    clouds.run(wanted())
    clouds.found["registrations"] += [registration("vpce-00000000000000008"), registration("vpce-00000000000000009", "REJECTED")]
    stale = {r["subject"]: r for r in examine(wanted(), clouds.found)[1] if r["check"] == "stale_registrations"}
    assert stale["vpce-00000000000000008"]["state"] == "unknown" and stale["vpce-00000000000000009"]["state"] == "degraded"
    purged = [r for r in examine(wanted(purge_stale=True), clouds.found)[1] if r["check"] == "stale_registrations"]
    assert [r["state"] for r in purged] == ["degraded", "degraded"] and all("it will: revoke" in r["mend"] for r in purged)


@pytest.mark.parametrize("change, named, state, words", [
    (dict(status="SUSPENDED"), [], "degraded", "The cluster is SUSPENDED"),
    (dict(status="SUSPENDED", private_link_address=""), [], "skipped", "it is suspended"),
    (dict(status="SUSPENDED", private_link_address=""), ["prod-01"], "degraded", "it is suspended"),
    (dict(status="MODIFYING", private_link_address=""), [], "skipped", "it is in maintenance"),
    (dict(status="ABNORMAL"), [], "degraded", "does not answer"),
    (dict(private_link_address=""), [], "missing", "has not allocated"),
])
def test_links(change, named, state, words):
    clouds = Clouds(found(clusters=[cluster(1, linked=False)]))
    clouds.run(wanted())
    clouds.found["clusters"][0].update(change)
    link, = [r for r in examine(wanted(cluster_names=named), clouds.found)[1] if r["check"] == "link"]
    assert link["state"] == state and words.lower() in link["cause"].lower()


def test_a_cluster_that_is_being_made_is_no_drift():
    clouds = Clouds(found(clusters=[cluster(1)]))
    clouds.run(wanted())
    clouds.found["clusters"].append(dict(cluster(2, linked=False), status="CREATING"))
    state = overall(examine(wanted(), clouds.found)[1])
    clouds.found["clusters"][-1].update(status="RUNNING")
    assert (state, overall(examine(wanted(), clouds.found)[1])) == ("healthy", "broken")


def test_what_may_not_be_read_is_unknown_and_makes_the_whole_degraded():
    before = found(problems=[
        "DescribeVpcEndpoints could not read the VPC's endpoints: You are not authorized (UnauthorizedOperation); allow "
        "ec2:DescribeVpcEndpoints in the IAM policy of the credentials in use."])
    before["read"] -= {"endpoints"}
    before.update(clusters=[cluster(1)], zones=[zone(1, host(1), records=[alias(host(1), "vpce-00000000000000001")])])
    _plan, rows = examine(wanted(), before)
    endpoint, = [r for r in rows if r["check"] == "endpoint"]
    assert endpoint["state"] == "unknown" and endpoint["evidence"] == "ec2:DescribeVpcEndpoints"
    assert endpoint["mend"] == "Allow ec2:DescribeVpcEndpoints in the IAM policy of the credentials in use."
    # What hangs on it is not called lost.
    assert {r["state"] for r in rows if r["check"] in ("registration", "record", "duplicates", "stale_registrations")} == {"unknown"}
    blind, = [r for r in rows if r["check"] == "input"]
    assert blind["state"] == "degraded" and "ec2:DescribeVpcEndpoints" in blind["evidence"]


def test_a_key_that_is_refused_is_no_unknown():
    before = found(problems=["GET endpointServices: the key is wrong (code 401): check api_key."], read=set(), services=[], clusters=[])
    first = examine(wanted(), before)[1][0]
    assert (first["check"], first["state"], first["mend"]) == ("input", "broken", "Check api_key.")


def test_names_show_although_a_problem_stands_in_the_way():
    clouds = Clouds(found())
    clouds.run(wanted())
    clouds.found["zones"][0]["records"] = [r for r in clouds.found["zones"][0]["records"] if r["type"] != "A"]
    clouds.found["vpc"]["enable_dns_hostnames"] = False
    plan, rows = examine(wanted(), clouds.found)
    assert plan["steps"] == [] and [(r["check"], r["state"]) for r in bad(rows)] == [("network", "broken"), ("record", "broken")]
    assert "again once nothing stands in its way (it will: create record" in bad(rows)[1]["mend"]


def test_a_brought_variable_that_is_wrong_is_the_row_of_the_variables():
    want, problems = options(subnet_ids=["subnet-x"])
    row = examine(want, found(problems=problems))[1][0]
    assert (row["check"], row["state"]) == ("input", "broken") and "subnet_ids" in row["cause"]
