# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the doctor says of a Google link, for any situation that the plan's generators make and for each thing that goes wrong."""

from __future__ import annotations

import copy
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.zilliz.cloud.plugins.module_utils._checks import CHECKS, overall
from ansible_collections.zilliz.cloud.plugins.module_utils._doctor import parted
from ansible_collections.zilliz.cloud.plugins.module_utils._doctor_gcp import GcpDoctor
from ansible_collections.zilliz.cloud.plugins.module_utils._plan_gcp import GcpPlan
from unit.plugins.module_utils.model_gcp import (
    GOOGLE,
    HOST_PROJECT,
    NAME,
    NETWORK,
    OTHER_NETWORK,
    OTHER_SERVICE,
    Clouds,
    address,
    cluster,
    deny_all,
    endpoint,
    firewall,
    found,
    host,
    ip,
    record,
    registration,
    wanted,
    zone,
)
from unit.plugins.module_utils.properties import quick
from unit.plugins.module_utils.test_plan_gcp import situations, wishes

STATES = {"ok", "degraded", "broken", "missing", "unknown", "skipped"}
BAD = ("broken", "missing")
# What other people's things do to the link, which no plan changes.
BEYOND = ("other_zones", "client_egress", "resolver")
LACKING = [{}, {}, {}, {"network": None}, {"subnetwork": None}, {"services": []}, {"clusters": []}, {"zone_limit": {"limit": 1, "count": 1}},
           {"endpoints": []}, {"zones": []}, {"firewalls": []}, {"read": set()}]
NOTHING_DEEP = {
    "resolver": {"servers": [], "rules": [], "refusals": []}, "client_egress": {"policies": [], "policies_first": False, "refusals": []},
    "other_zones": {"refusals": []}, "quota": {"shares": {"INTERNAL_ADDRESSES": {"limit": 200, "count": 2}}, "zones": None, "refusals": []},
}


def examine(want, before):
    """(answer of the plan, rows)."""
    plan = GcpPlan(want, before)
    answer = plan.make()
    inputs = copy.deepcopy((want, before, answer))
    rows = GcpDoctor(plan).rows()
    assert (want, before, answer) == inputs, "a doctor changes nothing"
    return answer, rows


def rows_of(check, want, before):
    return [r for r in examine(want, before)[1] if r["check"] == check]


def row_of(check, want, before):
    one, = rows_of(check, want, before)
    return one


def plain(text):
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()


def told(problem, row):
    return plain(problem) == plain(f"{row['cause']} {row['mend'] if parted(problem)[1] else ''}")


# --- generated ---


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
@given(situations(), wishes() | wishes(state="absent"), st.sampled_from(LACKING), st.booleans())
def test_every_row_is_one_for_people(before, want, lacking, deep):
    _plan, rows = examine(dict(want, deep=deep), dict(before, **lacking, deep=dict(NOTHING_DEEP) if deep else {}))
    assert json.loads(json.dumps(rows)) == rows
    assert [r["check"] for r in rows] == sorted((r["check"] for r in rows), key=list(CHECKS).index)
    for row in rows:
        assert row["state"] in STATES
        for text in (row["cause"], row["evidence"], row["mend"]):
            assert not re.search(r"[{}\[\]]|None|\bTrue\b|\bFalse\b|  |\.\.", text), row
        if row["state"] in ("broken", "missing", "degraded"):
            assert row["cause"].endswith(".") and (row["mend"].endswith(".") or "gcloud " in row["mend"]), row
        if row["state"] == "ok":
            assert not row["cause"] and row["evidence"], row


@quick
@given(situations(), wishes(), st.booleans())
def test_every_check_that_google_has_is_in_a_row_and_no_other(before, want, deep):
    _plan, rows = examine(dict(want, deep=deep), dict(before, deep=dict(NOTHING_DEEP)))
    elsewhere = {"path", "public_answer", "authentication", "zones", "network_acl", "firewall"}
    checks = {r["check"] for r in rows}
    assert not checks & elsewhere
    assert set(CHECKS) - elsewhere - {"public_endpoint", "input"} - ({"other_zones"} if want["dns"] == "none" else set()) <= checks


@quick
@given(situations(), wishes(), st.booleans())
def test_a_link_that_needs_nothing_is_whole(before, want, deep):
    """Also after the set-up has run in any situation."""
    clouds, want = Clouds(before), dict(want, deep=deep)
    if not clouds.plan(want)["problems"]:
        clouds.run(want)
    plan, rows = examine(want, dict(clouds.found, deep=dict(NOTHING_DEEP)))
    if not plan["steps"] + plan["problems"] + plan["waiting"]:
        assert [r for r in rows if r["state"] in BAD and r["check"] not in BEYOND] == []
    egress = [r for r in rows if r["check"] == "client_egress" and r["state"] in BAD]
    assert not egress or want["client_egress"] == "never" or want["firewall_priority"] or plan["steps"] + plan["problems"] or "priority" in str(plan["notes"])


@quick
@given(situations(st.just(None)), wishes(adopt=False, dns="exact"))
def test_before_the_set_up_nothing_is_called_lost(before, want):
    plan, rows = examine(want, before)
    if not plan["problems"]:
        made = [r for r in rows if "it will: create" in r["mend"] or "it will: authorize" in r["mend"]]
        assert not [r for r in made if r["state"] == "broken" and r["check"] != "endpoint"]


# --- a link that stands ---


def standing(want=None, **more):
    """The clouds after the set-up, with what `more` says about them."""
    clouds = Clouds(found(clusters=[cluster(1, linked=False)]))
    clouds.found.update(more)
    clouds.run(want or wanted())
    return clouds.found


def test_a_converged_link_is_ok_in_every_row():
    rows = examine(wanted(deep=True), dict(standing(), deep=NOTHING_DEEP))[1]
    assert {r["state"] for r in rows if r["check"] != "public_endpoint"} == {"ok"}, [r for r in rows if r["state"] != "ok"]
    assert overall(rows) == "healthy"
    seen = {r["check"]: r["evidence"] for r in rows}
    assert seen["endpoint"] == f"Google shows its connection as ACCEPTED; address {standing()['endpoints'][0]['ip_address']}"
    assert seen["client_egress"].startswith("no rule denies port 19531 to 10.10.0.")
    assert seen["quota"] == "2 of 200 internal addresses"


def test_before_the_set_up_what_it_makes_is_missing_and_nothing_is_in_its_way():
    plan, rows = examine(wanted(deep=True), dict(found(firewalls=[deny_all()]), deep=NOTHING_DEEP))
    assert plan["steps"] and {r["state"] for r in rows} == {"ok", "missing", "skipped"} and overall(rows, preflight=True) == "ready"
    missing = {r["check"] for r in rows if r["state"] == "missing"}
    assert {"endpoint", "registration", "client_egress", "zone", "record", "link"} <= missing


@pytest.mark.parametrize("lost, want, checks", [
    (dict(endpoints=[], rule_names=[]), {}, {"endpoint", "registration"}),
    (dict(registrations=[]), {}, {"registration"}),
    (dict(zones=[]), {}, {"zone", "record"}),
    (dict(services=[], no_service="Zilliz Cloud offers no private link in region gcp-us-west1: ask its support for one."), {}, {"service"}),
    (dict(network=None, network_names=["other"]), {}, {"network"}),
])
def test_what_was_there_and_is_gone_is_broken(lost, want, checks):
    before = dict(standing(), **copy.deepcopy(lost))
    for one in before["addresses"]:
        one["users"] = [e["endpoint_id"] for e in before["endpoints"]]
    rows = examine(wanted(**want), before)[1]
    assert {r["check"] for r in rows if r["state"] in BAD} == checks, [r for r in rows if r["state"] in BAD]
    assert {r["state"] for r in rows if r["check"] in checks and r["state"] in BAD} == {"broken"}


@pytest.mark.parametrize("status, given_, state, words, mend", [
    ("PENDING", {}, "broken", "somebody made it again", "set recreate: true"),
    ("REJECTED", {}, "broken", "nothing can", "it will: revoke private_endpoint"),
    ("CLOSED", {}, "broken", "CLOSED by Zilliz Cloud", "Set recreate: true"),
    ("CLOSED", {"recreate": True}, "broken", "CLOSED by Zilliz Cloud", "it will: create psc_endpoint"),
    ("NEEDS_ATTENTION", {}, "broken", "has to act", "Ask Zilliz"),
    ("STATUS_UNSPECIFIED", {}, "unknown", "does not tell", "check again"),
])
def test_the_state_of_the_connection(status, given_, state, words, mend):
    before = standing()
    before["endpoints"][0]["status"] = status
    rows = rows_of("endpoint", wanted(**given_), before)
    row = rows[0] if status != "REJECTED" else next(r for r in rows if "is REJECTED" in r["cause"])
    assert row["state"] == state
    if status != "REJECTED":
        assert words in row["cause"] and mend in row["mend"]


def test_a_closed_connection_is_told_although_something_stands_in_the_way():
    before = dict(standing(), problems=["Something is wrong."])
    before["endpoints"][0]["status"] = "CLOSED"
    row = row_of("endpoint", wanted(recreate=True), before)
    assert (row["state"], row["cause"]) == ("broken", "Zilliz Cloud closed its connection for good.")
    assert row["mend"] == "Run the playbook zilliz.cloud.gcp again once nothing stands in its way."


def test_a_connection_that_is_not_accepted_yet_is_waited_for():
    before = standing()
    before["endpoints"][0]["status"], before["registrations"][0]["endpoint_status"] = "PENDING", "PENDING"
    row = row_of("endpoint", wanted(), before)
    assert row["state"] == "missing" and "has not accepted" in row["cause"] and row["mend"].startswith("Wait some minutes")


def test_an_endpoint_of_another_service_is_broken_and_one_of_another_namespace_is_not():
    before = standing()
    before["endpoints"][0]["target"] = OTHER_SERVICE
    rows = rows_of("endpoint", wanted(recreate=True), before)
    assert rows[0]["state"] == "broken" and f"it leads to {OTHER_SERVICE}".lower() in rows[0]["cause"].lower()
    rows = rows_of("endpoint", wanted(recreate=True, service_directory_namespace="search"), standing())
    assert {r["state"] for r in rows} == {"degraded"} and "namespace" in rows[0]["cause"]


def test_small_drifts_of_the_endpoint_are_degraded():
    before = standing(wanted(labels={"team": "search"}))
    before["endpoints"][0].update(global_access=True, labels={})
    rows = rows_of("endpoint", wanted(labels={"team": "search"}), before)
    assert [r["state"] for r in rows] == ["degraded", "degraded"]
    assert any(r["evidence"] == "global access is on" for r in rows) and any(r["evidence"] == "team is missing" for r in rows)


def test_an_endpoint_of_somebody_else_is_ok_and_said():
    before = found(clusters=[cluster(1)], endpoints=[endpoint(1, owner=None)], registrations=[registration("psc-1")],
                   addresses=[address(1, owner=None, users=["psc-1"])])
    row = row_of("endpoint", wanted(endpoint_id="psc-1"), before)
    assert row["state"] == "ok" and row["evidence"].endswith(f"address {ip(1)}; not made by this link")
    row = row_of("endpoint", wanted(endpoint_id="psc-1", global_access=True), before)
    assert row["state"] == "degraded" and "global access is off" in row["cause"]
    before["addresses"] = []
    assert "which nothing reserves" in row_of("endpoint", wanted(endpoint_id="psc-1"), before)["evidence"]


# --- the clients' way out ---


def test_a_lost_rule_is_broken_where_another_denies_and_degraded_where_none_does():
    before = standing(firewalls=[deny_all()])
    before["firewalls"] = [deny_all()]
    row = row_of("client_egress", wanted(), before)
    assert row["state"] == "broken" and f"it will: create firewall_rule {NAME}" in row["mend"]
    before = standing(wanted(client_egress="always"))
    before["firewalls"] = []
    assert row_of("client_egress", wanted(client_egress="always"), before)["state"] == "degraded"


@pytest.mark.parametrize("drift, state", [
    (dict(disabled=True), "broken"), (dict(allowed=[{"protocol": "tcp", "ports": ["9"]}]), "broken"), (dict(priority=65001), "broken"),
    (dict(destination_ranges=["192.0.2.0/24"]), "broken"), (dict(allowed=[{"protocol": "tcp", "ports": ["19531", "22"]}]), "degraded"),
    (dict(logging=True), "degraded"), (dict(target_tags=["web"]), "broken"),
])
def test_a_rule_that_was_changed_is_broken_where_it_lets_nobody_out_any_more(drift, state):
    before = standing(firewalls=[deny_all()])
    mine = next(r for r in before["firewalls"] if r["name"] == NAME)
    mine.update(drift)
    row = row_of("client_egress", wanted(), before)
    assert row["state"] == state and f"it will: update firewall_rule {NAME}" in row["mend"]
    denied = "Rule deny-all denies the clients' way out to the endpoint, because this link's own rule is not as wanted."
    assert (row["cause"] == denied) == (state == "broken")


@pytest.mark.parametrize("rule, state, words", [
    (deny_all(), "broken", "Firewall rule deny-all denies the clients' way out to the endpoint on port 19531."),
    (deny_all(target_tags=["web"]), "degraded", "denies web's way out"),
    (deny_all(disabled=True), "ok", ""), (deny_all(denied=[{"protocol": "udp", "ports": []}]), "ok", ""),
    (deny_all(network=OTHER_NETWORK), "ok", ""), (deny_all(destination_ranges=["192.0.2.0/24"]), "ok", ""),
])
def test_a_rule_that_denies_is_named_where_none_of_ours_is_made(rule, state, words):
    before = standing()
    before["firewalls"] = [rule]
    row = row_of("client_egress", wanted(client_egress="never"), before)
    assert row["state"] == state and words in row["cause"]
    if state != "ok":
        assert row["mend"] == "Set client_egress: auto and run the playbook zilliz.cloud.gcp again."


def test_a_rule_of_ours_that_is_not_wanted_any_more_is_no_fault_of_the_way():
    row = row_of("client_egress", wanted(client_egress="never"), standing(wanted(client_egress="always")))
    assert row["state"] == "degraded" and f"it will: delete firewall_rule {NAME}" in row["mend"]


def test_a_rule_that_denies_is_told_although_something_stands_in_the_way():
    before = dict(standing(firewalls=[deny_all()]), firewalls=[deny_all()], problems=["Something is wrong."])
    row = row_of("client_egress", wanted(), before)
    assert (row["state"], row["subject"]) == ("broken", "deny-all")
    assert row["mend"] == "Run the playbook zilliz.cloud.gcp again once nothing stands in its way."


def test_labels_of_a_zone_that_somebody_removed():
    want = wanted(labels={"team": "search"})
    before = standing(want)
    before["zones"][0]["tags"] = {}
    row = row_of("zone", want, before)
    assert row["state"] == "degraded" and row["cause"] == "Its labels are not as wanted (team)."


def test_a_rule_that_comes_too_late_is_named():
    given_ = dict(firewall_priority=65001)
    before = standing(wanted(**given_), firewalls=[deny_all()])
    row = row_of("client_egress", wanted(**given_), before)
    assert row["state"] == "broken" and row["subject"] == "deny-all" and "set firewall_priority below it" in row["mend"]


def test_an_allowing_rule_before_the_denying_one_is_enough():
    before = standing()
    before["firewalls"] = [firewall("allow-all", None, allowed=("all",), priority=64000), deny_all()]
    assert row_of("client_egress", wanted(client_egress="never"), before)["state"] == "ok"


def test_the_rule_for_ssh_never_breaks_the_link():
    row = row_of("client_egress", wanted(iap_ssh=True), standing())
    assert row["state"] == "degraded" and "iap-ssh" in row["subject"]


def test_rules_that_may_not_be_read_are_unknown():
    before = standing(notes=["The firewall rules of project my-project may not be read, so none is made or removed."])
    row = row_of("client_egress", wanted(client_egress="never"), before)
    assert (row["state"], row["evidence"], row["mend"]) == (
        "unknown", "compute.firewalls.list", "Allow compute.firewalls.list in project my-project.")


# --- firewall policies ---


def policy(*rules, kind="NETWORK", name="my-policy"):
    return {"policy": name, "policy_id": "1234567890", "type": kind, "rules": list(rules), "taken": sorted(r["priority"] for r in rules)}


def rule(priority=100, action="deny", ranges=("0.0.0.0/0",), ports=(), unseen=(), clients=(), name="rule-1"):
    entries = [{"protocol": "tcp" if ports else "all", "ports": list(ports)}]
    return {"name": name, "priority": priority, "action": action, "ranges": list(ranges), "unseen": list(unseen), "entries": entries,
            "clients": list(clients)}


def with_policies(*policies, first=False, want=None, refusals=(), **more):
    deep = dict(NOTHING_DEEP, client_egress={"policies": list(policies), "policies_first": first, "refusals": list(refusals)})
    want = dict(want or {}, deep=True)
    return rows_of("client_egress", wanted(**want), dict(standing(wanted(**want), **more), deep=deep))


@pytest.mark.parametrize("policies, first, states", [
    ([policy()], False, ["ok"]),
    ([policy(rule())], False, ["broken"]),
    ([policy(rule(), kind="HIERARCHY")], False, ["broken"]),
    ([policy(rule(50, "allow"), rule())], False, ["ok"]),
    ([policy(rule(50, "allow", ranges=["192.0.2.0/24"]), rule())], False, ["broken"]),
    ([policy(rule(50, "allow", ports=["443"]), rule())], False, ["broken"]),
    ([policy(rule(50, "goto_next"), kind="HIERARCHY"), policy(rule())], False, ["broken"]),
    ([policy(rule(50, "goto_next"), rule())], False, ["ok"]),
    ([policy(rule(50, "allow"), kind="HIERARCHY"), policy(rule())], False, ["ok"]),
    ([policy(rule(50, "apply_security_profile_group"), kind="HIERARCHY"), policy(rule())], False, ["ok"]),
    ([policy(rule(ranges=["192.0.2.0/24"]))], False, ["ok"]),
    ([policy(rule(ranges=["10.10.0.0/16"], ports=["1-65535"]))], False, ["broken"]),
    ([policy(rule(ports=["443"]))], False, ["ok"]),
    ([policy(rule(clients=["web"]))], False, ["degraded"]),
    ([policy(rule(ranges=[], unseen=["partners"]))], False, ["degraded"]),
    ([policy(rule(ranges=[]))], False, ["broken"]),
    ([policy(rule(name="one"), kind="HIERARCHY", name="org"), policy(rule())], False, ["broken"]),
    ([policy(rule(), kind="NETWORK_REGIONAL")], False, ["broken"]),
    ([policy(rule(), kind="NETWORK_REGIONAL"), policy(rule(50, "allow"))], False, ["ok"]),
])
def test_policies_are_walked_as_google_walks_them(policies, first, states):
    assert [r["state"] for r in with_policies(*policies, first=first)] == states


def test_the_links_own_rule_comes_before_the_networks_policy_unless_that_is_first():
    always = {"client_egress": "always"}
    assert [r["state"] for r in with_policies(policy(rule()), want=always)] == ["ok"]
    row, = with_policies(policy(rule()), want=always, first=True)
    assert row["state"] == "broken" and row["mend"] == (
        "gcloud compute network-firewall-policies rules create 99 --firewall-policy my-policy --global-firewall-policy --project my-project "
        f"--direction EGRESS --action allow --dest-ip-ranges {standing()['endpoints'][0]['ip_address']}/32 --layer4-configs tcp:19531")
    row, = with_policies(policy(rule(), kind="NETWORK_REGIONAL"), want=always, first=True)
    assert "--firewall-policy my-policy --firewall-policy-region us-west1 --project my-project" in row["mend"]
    row, = with_policies(policy(rule(), kind="HIERARCHY"), want=always)
    assert row["state"] == "broken" and "firewall-policies rules create 99 --firewall-policy 1234567890 --direction" in row["mend"]


def test_policies_are_not_judged_before_an_address_is_known():
    before = found(clusters=[cluster(1)], subnetwork=None)
    before["deep"] = dict(NOTHING_DEEP, client_egress={"policies": [policy(rule())], "policies_first": False, "refusals": []})
    row = row_of("client_egress", wanted(deep=True), before)
    assert row["state"] == "skipped" and row["cause"].startswith("No address or port is known")


def test_of_the_networks_policy_the_mend_is_a_rule_of_the_set_up():
    row, = with_policies(policy(rule()))
    assert row["cause"] == "Rule rule-1 of firewall policy my-policy denies the clients' way out to the endpoint on port 19531."
    assert row["mend"] == "Set client_egress: always and run the playbook zilliz.cloud.gcp again."


def test_without_a_number_to_spare_the_administrators_are_asked():
    row, = with_policies(policy(rule(0), kind="HIERARCHY"))
    assert row["mend"].startswith("Have the administrators of firewall policy my-policy")


# --- what comes before the private zone ---

SERVER = {"policy": "to-the-office", "project": GOOGLE, "targets": ["10.0.0.53"], "networks": [OTHER_NETWORK]}


def response(name, *values, bypass=False, number=1):
    return {"policy": "overrides", "project": GOOGLE, "rule": f"rule-{number}", "name": name, "bypass": bypass, "values": list(values)}


def with_dns(servers=(), rules=(), want=None, refusals=()):
    deep = dict(NOTHING_DEEP, resolver={"servers": list(servers), "rules": list(rules), "refusals": list(refusals)})
    want = wanted(deep=True, **(want or {}))
    return rows_of("resolver", want, dict(standing(want), deep=deep))


def test_other_name_servers_take_every_name():
    row, = with_dns([SERVER])
    assert (row["state"], row["subject"], row["evidence"]) == ("broken", "to-the-office", "sent to 10.0.0.53")
    assert row["mend"].startswith("gcloud dns policies update to-the-office --project my-project --networks my-second-vpc; or have")
    assert with_dns([SERVER], want={"dns": "none"})[0]["state"] == "ok"


@pytest.mark.parametrize("rules, state", [
    ([], "ok"), ([response(host(1), "192.0.2.1")], "broken"), ([response(host(1))], "broken"), ([response(host(2), "192.0.2.1")], "ok"),
    ([response("*.vectordb.zillizcloud.com", "192.0.2.1")], "broken"), ([response("*", "192.0.2.1")], "broken"),
    ([response("*.vectordb.zillizcloud.com", "192.0.2.1"), response(host(1), bypass=True, number=2)], "ok"),
    ([response("*.zillizcloud.com", bypass=True), response("*.vectordb.zillizcloud.com", "192.0.2.1", number=2)], "broken"),
    ([response(host(1), "ENDPOINT")], "ok"), ([response("*.example.com", "192.0.2.1")], "ok"),
])
def test_a_rule_of_a_response_policy_takes_a_name(rules, state):
    rules = [dict(r, values=[standing()["endpoints"][0]["ip_address"] if v == "ENDPOINT" else v for v in r["values"]]) for r in rules]
    assert [r["state"] for r in with_dns(rules=rules)] == [state]


def test_an_exact_rule_is_deleted_and_a_wildcard_is_bypassed():
    exact, = with_dns(rules=[response(host(1), "192.0.2.1")])
    assert exact["subject"] == host(1) and exact["evidence"].startswith(f"{host(1)}: answers 192.0.2.1; the endpoint has 10.10.0.")
    assert exact["mend"] == "gcloud dns response-policies rules delete rule-1 --response-policy overrides --project my-project"
    wild, = with_dns(rules=[response("*.vectordb.zillizcloud.com", "192.0.2.1")])
    assert f"--dns-name {host(1)}. --behavior bypassResponsePolicy" in wild["mend"]


def test_what_may_not_be_read_is_unknown_and_the_rest_is_judged():
    refusal = {"error": "Google Cloud could not read the server policies of Cloud DNS: Forbidden (forbidden); if the project's id is right, allow "
                        "dns.policies.list for somebody in project my-project.", "permission": "dns.policies.list"}
    unknown, broken = with_dns(rules=[response(host(1), "192.0.2.1")], refusals=[refusal])
    assert (unknown["state"], unknown["evidence"], broken["state"]) == ("unknown", "dns.policies.list", "broken")
    assert unknown["mend"] == "If the project's id is right, allow dns.policies.list for somebody in project my-project."
    row, = with_policies(refusals=[dict(refusal, permission="compute.networks.getEffectiveFirewalls")])
    assert row["state"] == "unknown"
    assert {r["state"] for r in examine(wanted(deep=True), dict(standing(), deep={}))[1] if r["check"] in ("resolver", "quota")} == {"unknown"}


# --- zones ---


def test_a_nearer_zone_is_told_with_the_command_that_takes_it_off_the_network():
    before = standing(wanted(dns="shared"))
    before["zones"].append(zone(9, host(1).partition(".")[2], None, networks=[NETWORK, OTHER_NETWORK], records=[record("x", "TXT", "y")]))
    row = next(r for r in rows_of("other_zones", wanted(dns="shared"), before))
    assert row["state"] == "broken" and row["mend"] == (
        "gcloud dns managed-zones update zone-9 --project my-project --networks my-second-vpc")


def test_a_nearer_zone_of_another_project_is_for_its_owner_to_take_off():
    before = standing(wanted(dns="shared"))
    before["zones"].append(zone(9, host(1).partition(".")[2], None, in_account=False))
    row = row_of("other_zones", wanted(dns="shared"), before)
    assert row["state"] == "broken" and row["mend"].startswith(f"Have project {HOST_PROJECT} take the network out of zone zone-9")


def test_a_zone_of_ones_own_that_does_not_answer_in_the_network_names_the_command():
    before = standing()
    before["zones"] = [zone(1, "vectordb.zillizcloud.com", None, networks=[OTHER_NETWORK], records=[
        record(host(1), "A", before["endpoints"][0]["ip_address"])])]
    row = row_of("association", wanted(zone_id="zone-1"), before)
    assert row["state"] == "broken" and row["mend"].endswith("--networks my-second-vpc,my-vpc")


# --- quotas ---


@pytest.mark.parametrize("metric, endpoints, state", [
    ("PSC_INTERNAL_LB_FORWARDING_RULES", True, "degraded"), ("PSC_INTERNAL_LB_FORWARDING_RULES", False, "broken"),
    ("INTERNAL_ADDRESSES", True, "degraded"), ("INTERNAL_ADDRESSES", False, "broken"), ("FIREWALLS", True, "degraded"), ("SNAPSHOTS", True, "unknown"),
])
def test_a_full_quota_hinders_who_has_to_make_something(metric, endpoints, state):
    deep = dict(NOTHING_DEEP, quota={"shares": {metric: {"limit": 5, "count": 5}}, "zones": None, "refusals": []})
    row = row_of("quota", wanted(deep=True), dict(standing() if endpoints else found(), deep=deep))
    assert row["state"] == state
    if state != "unknown":
        assert "5 of 5" in row["evidence"] and metric in row["mend"]


def test_a_full_quota_of_zones_is_told():
    deep = dict(NOTHING_DEEP, quota={"shares": {}, "zones": {"limit": 3, "count": 3}, "refusals": []})
    row = row_of("quota", wanted(deep=True), dict(standing(), zone_limit=None, deep=deep))
    assert row["state"] == "degraded" and row["evidence"] == "3 of 3 managed zones"


def test_the_rules_of_a_shared_vpc_count_in_its_own_project():
    deep = dict(NOTHING_DEEP, quota={"shares": {"FIREWALLS": {"limit": 5, "count": 5}}, "zones": None, "refusals": []})
    want = wanted(deep=True, network_project_id=HOST_PROJECT)
    rows = rows_of("quota", want, dict(found(network={"name": "my-vpc", "project": HOST_PROJECT, "url": want["network_url"]}), deep=deep))
    assert {r["state"] for r in rows} <= {"ok", "unknown"}


# --- refusals of the plan's own reading ---


@pytest.mark.parametrize("problem, part, check, permission", [
    ("Google Cloud could not read the forwarding rules of region us-west1: Required 'compute.forwardingRules.list' permission for 'projects/my-project' "
     "(forbidden); if the project's id is right, allow compute.forwardingRules.list for somebody in project my-project.", "endpoints", "endpoint",
     "compute.forwardingRules.list"),
    ("Google Cloud could not read the firewall rules: Required 'compute.firewalls.list' permission for 'projects/my-project' (forbidden); if the project's "
     "id is right, allow compute.firewalls.list for somebody in project my-project, or set client_egress: never where the network lets its clients out.",
     "firewalls", "client_egress", "compute.firewalls.list"),
    ("Google Cloud could not read the managed zones: Forbidden (forbidden); if the project's id is right, allow dns.managedZones.list for somebody in "
     "project my-project.", "zones", "zone", "dns.managedZones.list"),
    ("Nothing of project my-project may be read with the credentials in use: check gcp_project_id, or allow compute.addresses.list and "
     "compute.firewalls.list in that project.", "network", "input", "compute.addresses.list and compute.firewalls.list"),
])
def test_a_missing_permission_is_unknown_and_makes_the_whole_degraded(problem, part, check, permission):
    before = dict(standing(), problems=[problem])
    before["read"] = before["read"] - {part}
    rows = examine(wanted(), before)[1]
    row = next(r for r in rows if r["check"] == check and r["state"] == "unknown")
    assert row["evidence"] == permission
    assert [r["state"] for r in rows if r["check"] == "input"][-1] == "degraded" and overall(rows) == "degraded"


@pytest.mark.parametrize("problem, check", [
    ("Subnetwork my-subnet was not found in region us-west1 of project my-project: check subnetwork; it must be in the region of the service.", "network"),
    ("Endpoint psc-1 leads to elsewhere, not to here: bring another endpoint_id.", "endpoint"),
    ("Project my-project already has a forwarding rule x in region us-west1 that this link did not make: choose another endpoint_name, or remove it.",
     "endpoint"),
    ("Project my-project already has a firewall rule x that this link did not make: choose another firewall_name, or remove it.", "client_egress"),
    ("Network x of project y was not found: check its entry in zone_networks, and the permissions there.", "association"),
    ("ip_address is x: write an IPv4 address of the subnetwork, such as 10.10.0.20.", "input"),
    ("Google Cloud could not read the networks: the Compute Engine API is not enabled there (SERVICE_DISABLED); enable the Compute Engine API.", "network"),
])
def test_each_problem_is_told_where_it_belongs(problem, check):
    row = next(r for r in examine(wanted(), found(problems=[problem]))[1] if told(problem, r))
    assert (row["check"], row["state"]) == (check, "broken")


def test_clients_that_the_user_names_are_those_that_count():
    before = standing()
    before["firewalls"] = [deny_all(target_tags=["app"]), deny_all("other", 64000, target_tags=["web"])]
    rows = rows_of("client_egress", wanted(client_egress="never", client_target_tags=["app"]), before)
    assert {(r["subject"], r["state"]) for r in rows} == {("deny-all", "broken"), ("other", "degraded")}


def test_an_address_that_a_working_endpoint_would_get_is_not_called_broken():
    given_ = dict(recreate=True, service_directory_namespace="search")
    before = standing()
    before["addresses"] = []
    rows = rows_of("endpoint", wanted(**given_), before)
    assert {r["state"] for r in rows} == {"degraded"} and any("it will: create address" in r["mend"] for r in rows)
