# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The AWS plan against generated clouds: what holds for every one of them, whatever is found and wanted."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ansible_collections.zilliz.cloud.plugins.module_utils._names import MARK_TAG
from ansible_collections.zilliz.cloud.plugins.module_utils._plan_aws import plan_aws
from unit.plugins.module_utils import model
from unit.plugins.module_utils.model import (
    CLIENTS, MARK, NAME, OTHER_MARK, OTHER_SERVICE, OTHER_VPC, REGION, SERVICE, SHARED_ZONE, SUBNETS, VPC, Clouds, alias, cluster,
    endpoint, found, group, host, options, record, registration, rule, wanted, zone,
)
from unit.plugins.module_utils.properties import CHANGING, Order, actions, clusters, is_for_people, is_listed, is_pure, quick, unlike

STATES = ("available", "pending", "pendingAcceptance", "rejected", "failed", "expired", "deleting", "deleted")

some = st.booleans


def maybe(strategy):
    return st.none() | strategy


# --- what may be there ---

owners = st.sampled_from([MARK, MARK, OTHER_MARK, None])


@st.composite
def endpoints(draw, number, whose=owners):
    one = endpoint(
        number, draw(st.sampled_from(STATES)), draw(whose), draw(st.sampled_from([SERVICE, SERVICE, SERVICE, OTHER_SERVICE])),
        draw(st.sampled_from([VPC, VPC, VPC, OTHER_VPC])), draw(st.sets(st.sampled_from(SUBNETS), min_size=1)),
        draw(st.sampled_from([[], [CLIENTS], ["sg-00000000000000002"]])),
    )
    if draw(some()):
        one["private_dns_enabled"] = draw(some())
        one["tags"].update(draw(st.sampled_from([{}, {"Name": "other"}, {"team": "search"}])))
    return one


rules = st.builds(
    lambda port, peer, text: rule(port, text, **peer), st.sampled_from([443, 19531, 19532]),
    st.sampled_from([{"cidr": "10.20.0.0/16"}, {"cidr": "192.0.2.0/24"}, {"group_id": CLIENTS}]), st.sampled_from([model.TEXT, "by hand"]),
)


records = st.sampled_from([
    record("other." + SHARED_ZONE, "TXT", '"by hand"'), record(SHARED_ZONE, "MX", "10 mail.example.com."),
    alias(host(1), "vpce-00000000000000001"), alias(host(2), "vpce-00000000000000002"), alias(host(1), "vpce-00000000000000003", "AAAA"),
    alias(host(7), "vpce-00000000000000009"), record(host(2), "CNAME", "elsewhere.example.com."), record(host(1), "A", "192.0.2.1"),
])


@st.composite
def zones(draw, number, whose=owners):
    name = draw(st.sampled_from([SHARED_ZONE, host(1), host(2), host(7)]))
    inside = [r for r in draw(st.lists(records, max_size=4)) if r["name"] == name or r["name"].endswith("." + name)]
    names = [r["name"] for r in inside if r["type"] == "CNAME"]
    inside = [r for r in unlike(inside, "name", "type") if r["type"] == "CNAME" or r["name"] not in names]
    one = zone(
        number, name, draw(whose), draw(st.sampled_from([True, True, True, False])),
        draw(st.sampled_from([[VPC], [VPC], [VPC, OTHER_VPC], [OTHER_VPC]])), inside,
    )
    if one["in_account"] and draw(some()):
        one["tags"] = {}
    return one


@st.composite
def situations(draw, whose=owners):
    """One VPC and account in any state that AWS allows."""
    ends = [draw(endpoints(number, whose)) for number in range(1, 1 + draw(st.integers(0, 3)))]
    groups = [
        group(2, draw(whose), ingress=draw(st.lists(rules, max_size=3))) for _number in range(draw(st.integers(0, 1)))
    ] + [group(1, None, "clients", egress=draw(st.lists(rules.filter(lambda r: "group_id" in r), max_size=1)), group_id=CLIENTS)]
    for one in ends:
        one["group_ids"] = [x for x in one["group_ids"] if x in [g["group_id"] for g in groups] and one["vpc_id"] == VPC]
        if draw(some()):
            one["state"] = one["state"] if one["state"] != "available" else "partial"
    for one in groups:
        one["ingress"] = unlike(one["ingress"], "port")
    rows = [registration(e["endpoint_id"], draw(st.sampled_from(["AVAILABLE", "PENDING", "REJECTED"]))) for e in ends if draw(some())]
    rows += [registration("vpce-00000000000000009")] if draw(some()) else []
    rows += [registration("vpce-00000000000000008", region_id="aws-us-east-1")] if draw(some()) else []
    places = [draw(zones(number, whose)) for number in range(1, 1 + draw(st.integers(0, 3)))]
    taken, kept = set(), []
    for one in places:
        # A VPC takes one private zone of a name.
        pairs = {(one["name"], vpc_id) for vpc_id in one["networks"]}
        if not pairs & taken:
            kept.append(one)
            taken |= pairs
    return found(endpoints=ends, groups=groups, registrations=rows, zones=kept, clusters=draw(clusters(cluster)))


@st.composite
def wishes(draw, **fixed):
    given_ = dict(
        dns=draw(st.sampled_from(["exact", "exact", "shared", "none"])),
        subnet_ids=draw(st.sampled_from([SUBNETS, SUBNETS[:2], []])),
        client_cidrs=draw(st.sampled_from([["10.20.0.0/16"], ["10.20.0.0/16", "2600:1f14::/32"], []])),
        client_security_group_ids=draw(st.sampled_from([[], [CLIENTS]])),
        client_egress=draw(some()),
        security_group_ids=draw(st.sampled_from([[], [], [], [CLIENTS]])),
        zone_vpcs=draw(st.sampled_from([None, None, OTHER_VPC])),
        record_type=draw(st.sampled_from(["alias", "alias", "cname"])),
        ip_address_type=draw(st.sampled_from(["ipv4", "ipv4", "dualstack"])),
        tags=draw(st.sampled_from([{}, {"team": "search"}])),
        adopt=draw(some()), recreate=draw(some()), purge_stale=draw(some()),
        cluster_names=draw(st.sampled_from([[], [], ["prod-01"]])),
    )
    return wanted(**dict(given_, **fixed))


# --- what holds always ---


@quick
@given(situations(), wishes() | wishes(state="absent"))
def test_the_answer_follows_from_the_input_alone_and_leaves_it_as_it_is(before, want):
    is_pure(plan_aws, want, before)


@quick
@given(situations(), wishes())
def test_what_the_steps_make_needs_no_further_step(before, want):
    clouds = Clouds(before)
    assume(not clouds.plan(want)["problems"])
    last = clouds.run(want)
    if last["problems"]:
        # Only the hosts of links that came meanwhile can bring a refusal that was not known before.
        assert clouds.found["clusters"] != before["clusters"]
        return
    assert [step for step in last["steps"] if step["known"]] == []
    assert last["waiting"] or last["steps"] == []


def bearer(one, before, want):
    """Whose an endpoint is: its mark says it, unless it is in the other link's group and not registered with this project."""
    mark = one["tags"].get(MARK_TAG)
    groups = {g["tags"].get(MARK_TAG) for g in before["groups"] if g["group_id"] in one["group_ids"]}
    registered = any((r["endpoint_id"], r["region_id"]) == (one["endpoint_id"], "aws-us-west-2") for r in before["registrations"])
    mistaken = mark == MARK and groups == {OTHER_MARK} and not registered and not set(one["group_ids"]) & set(want["security_group_ids"])
    return OTHER_MARK if mistaken else mark


@quick
@given(situations(), wishes(state="absent", cluster_names=[]))
def test_what_a_teardown_leaves_is_not_its_own(before, want):
    clouds = Clouds(before)
    last = clouds.run(want)
    assert last["steps"] == []
    after, whose = clouds.found, {e["endpoint_id"]: bearer(e, before, want) for e in before["endpoints"]}
    mine = [e["endpoint_id"] for e in after["endpoints"] if whose[e["endpoint_id"]] == MARK and e["vpc_id"] == VPC]
    assert not [e for e in after["endpoints"] if e["endpoint_id"] in mine and e["state"] not in ("deleting", "deleted")]
    for one in after["groups"]:
        if one["tags"].get(MARK_TAG) == MARK and one["vpc_id"] == VPC:
            assert [n for n in last["notes"] if one["group_id"] in n and "is kept" in n]
    assert not [r for g in after["groups"] for r in g["egress"] if r["description"] == model.TEXT]
    for one in after["zones"]:
        if one["in_account"] and one["comment"].startswith(model.TEXT):
            assert [n for n in last["notes"] if one["zone_id"] in n and "is kept" in n]
    # What the plan does not touch is as it was.
    for kind, key in (("endpoints", "endpoint_id"), ("groups", "group_id"), ("zones", "zone_id")):
        marked_ = {x[key] for x in before[kind] if MARK in (whose.get(x[key]), x["tags"].get(MARK_TAG)) or x.get("comment", "").startswith(model.TEXT)}
        there = {x[key] for x in before[kind] if x.get("state") not in ("deleting", "deleted")}
        assert there - {x[key] for x in after[kind]} <= marked_ | taken_over(before, want)


def taken_over(before, want):
    """Zones of a link that is gone from this VPC: their endpoint is nowhere."""
    return {z["zone_id"] for z in before["zones"] if z["comment"].startswith(f"zilliz.cloud private link {OTHER_MARK}")
            and not [e for e in before["endpoints"] if bearer(e, before, want) == OTHER_MARK and e["state"] not in ("deleting", "deleted")]}


@quick
@given(situations(), wishes(adopt=False, purge_stale=False) | wishes(state="absent", adopt=False, purge_stale=False))
def test_foreign_things_are_in_no_step_that_changes_or_deletes(before, want):
    plan = plan_aws(want, before)
    assume(not plan["problems"])
    foreign_zones = {z["zone_id"] for z in before["zones"]
                     if not z["in_account"] or not z["comment"].startswith(model.TEXT) and z["tags"].get(MARK_TAG) != MARK} - taken_over(before, want)
    foreign = {e["endpoint_id"] for e in before["endpoints"] if bearer(e, before, want) != MARK or e["vpc_id"] != VPC}
    foreign |= {g["group_id"] for g in before["groups"] if g["tags"].get(MARK_TAG) != MARK} | foreign_zones
    failed = {r["endpoint_id"] for r in before["registrations"] if r["endpoint_status"] == "REJECTED"}
    for step in plan["steps"]:
        if step["action"] not in CHANGING or step["resource"] == "client_egress_rule":
            continue
        ids = {step["name"], step["before"].get("zone_id"), step["before"].get("security_group_id"), step["after"].get("zone_id")}
        if step["resource"] == "record":
            # In somebody else's zone: only what points, or pointed, to this link's endpoint, or to one that is nowhere.
            target = re.match("vpce-[0-9a-f]+", step["before"]["value"][0])
            assert not ids & foreign_zones or target and target.group(0) not in foreign - {plan["result"]["endpoint"].get("endpoint_id")}
        elif step["resource"] == "private_endpoint":
            # A failed registration of the endpoint in use is made again, whoever made the endpoint.
            assert step["name"] not in foreign or step["name"] in failed and step["name"] == plan["result"]["endpoint"]["endpoint_id"]
            assert [r for r in before["registrations"] if (r["endpoint_id"], r["region_id"]) == (step["name"], "aws-us-west-2")]
        else:
            assert not ids & foreign, step
        if step["resource"] == "security_group_rule":
            assert step["before"]["description"] == model.TEXT


@quick
@given(situations(st.sampled_from([OTHER_MARK, None])), wishes(adopt=False, purge_stale=False, cluster_names=[]))
def test_set_up_and_teardown_give_back_the_start(before, want):
    for one in before["zones"]:
        # Names of this link's clusters in foreign zones would be repaired, and records to nowhere removed.
        one["records"] = [r for r in one["records"] or [] if r["type"] in ("TXT", "MX")] if one["in_account"] else None
    for one in before["groups"]:
        one["egress"] = [r for r in one["egress"] if r["description"] != model.TEXT]
    before["registrations"] = [r for r in before["registrations"] if r["endpoint_status"] == "AVAILABLE"]
    before["zones"] = [z for z in before["zones"] if z["zone_id"] not in taken_over(before, want)]
    before["endpoints"] = [e for e in before["endpoints"] if e["state"] not in ("deleting", "deleted")]
    clouds = Clouds(before)
    assume(not clouds.plan(want)["problems"])
    assume(not clouds.run(want)["problems"])
    last = clouds.run(dict(want, state="absent"))
    assert last["steps"] == []
    # In somebody else's zone a record that leads to somebody else's endpoint stays, and the notes say so.
    for one in clouds.found["zones"]:
        left = [r for r in one["records"] or [] if r["type"] in ("A", "AAAA", "CNAME")]
        assert all([n for n in last["notes"] if one["zone_id"] in n and f"{r['name']} {r['type']}" in n] for r in left)
        one["records"] = [r for r in one["records"] if r not in left] if one["records"] is not None else None
    for kind in ("groups", "zones", "endpoints"):
        start, end = [[{k: v for k, v in x.items() if k not in ("state", "aws_state")} for x in side[kind]] for side in (before, clouds.found)]
        assert end == start, kind
    more = {r["endpoint_id"] for r in clouds.found["registrations"]} - {r["endpoint_id"] for r in before["registrations"]}
    assert not {r["endpoint_id"] for r in before["registrations"]} - {r["endpoint_id"] for r in clouds.found["registrations"]}
    # A hand-made endpoint keeps the registration that was made for it, and the notes say so.
    assert all([n for n in last["notes"] if f"Endpoint {x} and its registration are kept" in n] for x in more)


@quick
@given(situations(), wishes() | wishes(state="absent"))
def test_steps_come_in_the_order_in_which_they_must_run(before, want):
    steps = plan_aws(want, before)["steps"]
    order = Order(steps)
    order.holds("hosted_zone", "vpc_endpoint")
    gone = [("connect", "revoke", "private_endpoint"), ("connect", "delete", "vpc_endpoint")]
    made = [("connect", "create", "security_group"), ("connect", "create", "vpc_endpoint"), ("connect", "authorize", "private_endpoint")]
    if made[1] in order.at:
        assert order.after(made[1], *gone, made[0]) and order.after(made[2], *gone, *made[:2])
    groups = order.at.get(("absent", "delete", "security_group"), [])
    assert groups == list(range(len(steps) - len(groups), len(steps)))


@quick
@given(situations(), wishes() | wishes(state="absent"), st.sampled_from([{}, {"vpc": None}, {"subnets": []}, {"services": []}, {"clusters": []}]))
def test_every_sentence_is_one_for_people(before, want, missing):
    if "services" in missing:
        missing = dict(missing, no_service="Zilliz Cloud offers no private link in region aws-x: choose another region.")
    plan = plan_aws(want, dict(before, **missing))
    is_for_people(plan, "client_", "subnet_", "dns: ", "cluster ", "adopt ")


@quick
@given(situations(), wishes() | wishes(state="absent"))
def test_every_known_step_is_in_the_lists_that_the_role_loops_over(before, want):
    is_listed(plan_aws(want, before), "record", "hosted_zone", "zone_association")


# --- what a user may type ---


def test_text_as_a_survey_sends_it_equals_typed_input():
    typed = wanted(
        subnet_ids=SUBNETS, client_cidrs=["10.20.0.0/16", "10.30.0.0/16"], client_security_group_ids=[CLIENTS], cluster_names=["prod-01"],
        zone_vpcs=[{"vpc_id": OTHER_VPC, "region": "us-east-1", "profile": "network"}, {"vpc_id": VPC}],
    )
    lines = wanted(
        subnet_ids="\n".join(SUBNETS) + "\n", client_cidrs="10.20.0.0/16, 10.30.0.0/16", client_security_group_ids=CLIENTS,
        cluster_names=" prod-01 ", zone_vpcs=f"{OTHER_VPC} us-east-1 network\n\n{VPC}\n", endpoint_name=" ", vpc_region="",
    )
    as_json = wanted(
        subnet_ids=json.dumps(SUBNETS), client_cidrs=json.dumps(["10.20.0.0/16", "10.30.0.0/16"]), client_security_group_ids=[CLIENTS],
        cluster_names="[prod-01]", zone_vpcs=json.dumps([{"vpc_id": OTHER_VPC, "region": "us-east-1", "profile": "network"}, VPC]),
        zone_name="VectorDB.zillizcloud.com.",
    )
    assert typed == lines == as_json
    assert wanted(zone_vpcs=json.dumps({"vpc_id": OTHER_VPC}))["zone_vpcs"] == wanted(zone_vpcs=[OTHER_VPC])["zone_vpcs"]


@pytest.mark.parametrize("value", ["[{", "{", "hub", "vpc-1 us-west-2 network more", [{"vpc": "vpc-1"}], [{"vpc_id": ""}], [7], '["x"]', [["vpc-1"]]])
def test_further_vpcs_that_are_none_are_refused(value):
    _wanted, problems = options(zone_vpcs=value)
    assert len(problems) == 1 and problems[0].startswith("zone_vpcs ") and problems[0].endswith(".")
    assert not re.search(r"[{}]|\['|None", problems[0]), problems


def test_wrong_forms_are_told_together_and_not_again_as_missing():
    want, problems = options(vpc_id="clients", subnet_ids="subnet-x", security_group_ids=["default"], endpoint_id="vpce_1", wait_timeout=-1)
    assert len(problems) == 5 and all(text.endswith(".") for text in problems)
    assert plan_aws(want, found(vpc=None, subnets=[]))["problems"] == []


@pytest.mark.parametrize("part", ["services", "clusters", "endpoints", "groups", "vpc", "subnets", "zones"])
def test_what_could_not_be_read_is_not_called_missing(part):
    blank = dict(found(), problems=["It could not be read."], services=[], clusters=[], groups=[], vpc=None, subnets=[], service_detail=None)
    blank["read"] = set() if part == "services" else blank["read"] - {part}
    blank.update({k: found()[k] for k in ("services", "clusters", "groups", "vpc", "subnets") if k != part and part != "services"})
    want = wanted(client_security_group_ids=[CLIENTS], cluster_names=["prod-01"], zone_id="Z1" if part == "zones" else None,
                  endpoint_id="vpce-1" if part == "endpoints" else None, subnet_ids=[] if part == "endpoints" else SUBNETS)
    assert plan_aws(want, blank)["problems"] == ["It could not be read."]


# --- whose it is ---


def made(**more):
    """This link as a run leaves it."""
    clouds = Clouds(found(**more))
    clouds.run(wanted())
    return clouds


def test_a_link_that_stands_is_left_alone_and_comes_back_after_each_loss():
    clouds = made()
    assert actions(clouds.plan(wanted())) == []
    for kind, lost in (("registrations", 0), ("endpoints", 0), ("zones", 0), ("groups", -1)):
        hurt = Clouds(clouds.found)
        del hurt.found[kind][lost]
        if kind == "groups":
            hurt.found["endpoints"][0]["group_ids"] = []
        assert hurt.plan(wanted())["steps"]
        assert hurt.run(wanted())["steps"] == [], kind


def test_of_two_endpoints_of_a_link_the_registered_one_stays_else_the_oldest():
    clouds = made()
    second = endpoint(5, created="2025-01-01")
    clouds.found["endpoints"].insert(0, second)
    steps = clouds.plan(wanted())["steps"]
    assert [(s["action"], s["name"]) for s in steps] == [("delete", second["endpoint_id"])]
    older, younger = endpoint(6, created="2025-01-01"), endpoint(4, created="2025-02-01")
    steps = plan_aws(wanted(), found(endpoints=[younger, older]))["steps"]
    assert [s["name"] for s in steps if s["action"] == "delete"] == [younger["endpoint_id"]]


def test_adopting_writes_the_mark_on_what_bears_none_and_never_on_another_links():
    by_hand = found(endpoints=[endpoint(1, owner=None)], groups=[group(2, None)], registrations=[registration("vpce-00000000000000001")])
    plan = plan_aws(wanted(adopt=True), by_hand)
    assert [s["name"] for s in plan["steps"] if s["resource"] == "tags"] == ["sg-00000000000000002", "vpce-00000000000000001"]
    assert all(s["after"][MARK_TAG] == MARK for s in plan["steps"] if s["resource"] == "tags")
    others = found(endpoints=[endpoint(1, owner=OTHER_MARK)], registrations=[registration("vpce-00000000000000001")])
    plan = plan_aws(wanted(adopt=True), others)
    assert not [s for s in plan["steps"] if s["action"] in CHANGING or s["resource"] == "tags"]
    assert f"Endpoint vpce-00000000000000001 belongs to link {OTHER_MARK}: it is used, never changed or deleted." in plan["notes"]
    problem, = plan_aws(wanted(adopt=True), found(groups=[group(2, OTHER_MARK)]))["problems"]
    assert f"belongs to link {OTHER_MARK}" in problem and "adopt" not in problem


def test_a_stale_registration_goes_when_this_link_made_it_or_on_request():
    stale = found(registrations=[registration("vpce-00000000000000009")])
    assert "revoke private_endpoint" not in actions(plan_aws(wanted(), stale))
    assert any("purge_stale: true removes them" in note for note in plan_aws(wanted(), stale)["notes"])
    assert "revoke private_endpoint" in actions(plan_aws(wanted(purge_stale=True), stale))
    clouds = made()
    gone = clouds.found["endpoints"].pop()["endpoint_id"]
    revoked = [s["name"] for s in clouds.plan(wanted())["steps"] if s["action"] == "revoke"]
    assert revoked == [gone]


def test_an_endpoint_is_replaced_only_on_request_and_in_this_order():
    other = found(endpoints=[endpoint(1, service=OTHER_SERVICE)], registrations=[registration("vpce-00000000000000001")])
    problem, = plan_aws(wanted(), other)["problems"]
    assert "set recreate: true to replace it" in problem
    connect = [a for a in actions(plan_aws(wanted(recreate=True), other)) if a.endswith("endpoint")]
    assert connect == ["revoke private_endpoint", "delete vpc_endpoint", "create vpc_endpoint", "authorize private_endpoint"]


def test_a_zone_of_another_link_is_taken_over_only_when_that_link_is_gone():
    theirs = zone(1, SHARED_ZONE, OTHER_MARK, records=[alias(host(7), "vpce-00000000000000005")])
    for alive in (endpoint(5, owner=OTHER_MARK), endpoint(5, owner=None)):
        # Alive by its mark, or because a name leads to it: the endpoint may be one that the other link was given.
        start = found(endpoints=[endpoint(1), alive], zones=[theirs], registrations=[registration("vpce-00000000000000001")],
                      clusters=[cluster(1)])
        assert "update hosted_zone" not in actions(plan_aws(wanted(dns="shared"), start))
        assert "delete hosted_zone" not in actions(plan_aws(wanted(state="absent"), start))
    gone = found(endpoints=[endpoint(1)], zones=[theirs], registrations=[registration("vpce-00000000000000001")], clusters=[cluster(1)])
    assert "update hosted_zone" in actions(plan_aws(wanted(dns="shared"), gone))
    # Nothing of this link is in it, so its teardown leaves it; and one that was not read is none of its business.
    assert "delete hosted_zone" not in actions(plan_aws(wanted(state="absent"), gone))
    unread = dict(theirs, records=None)
    assert "delete hosted_zone" not in actions(plan_aws(wanted(state="absent"), dict(gone, zones=[unread])))


def test_a_record_to_an_endpoint_of_another_region_is_not_taken_for_a_dead_one():
    far = alias(host(1), "vpce-00000000000000005")
    far["value"] = [far["value"][0].replace(REGION, "us-east-1")]
    start = found(clusters=[cluster(1)], zones=[zone(1, SHARED_ZONE, None, records=[far])])
    problem, = plan_aws(wanted(dns="shared"), start)["problems"]
    assert "which this link did not make: remove it, or set adopt: true" in problem
    assert "replace record" not in actions(plan_aws(wanted(dns="shared"), start))


def test_a_group_that_somebody_else_uses_too_is_kept_and_said():
    clouds = made()
    group_id = clouds.found["groups"][-1]["group_id"]
    start = dict(clouds.found, endpoints=[], interfaces=[{"interface_id": "eni-1", "type": "interface", "group_ids": [group_id]}])
    plan = plan_aws(wanted(state="absent"), start)
    assert "delete security_group" not in actions(plan) and not plan["waiting"]
    assert any(f"({group_id}) is kept, because others use it for network interface eni-1:" in note for note in plan["notes"])


def test_one_cluster_is_not_taken_down_without_the_others():
    clouds = made()
    problem, = clouds.plan(wanted(state="absent", cluster_names=["prod-01"]))["problems"]
    assert "cuts prod-02 (in01-000000000000002) too" in problem
    assert clouds.plan(wanted(state="absent", cluster_names=["prod-01"], confirm_clusters="in01-000000000000002"))["steps"]
    assert clouds.plan(wanted(state="absent"))["steps"]


def test_a_teardown_deletes_the_group_when_nothing_uses_it_any_more():
    plan = made().plan(wanted(state="absent"))
    assert actions(plan)[-1] == "delete security_group" and not plan["steps"][-1]["known"] and not plan["waiting"]


def test_rules_of_others_in_the_group_stay_and_are_told():
    clouds = made()
    group_id = clouds.found["groups"][-1]["group_id"]
    clouds.found["groups"][-1]["ingress"] += [rule(22, "by hand", cidr="192.0.2.0/24"), rule(443, cidr="10.20.0.0/16")]
    plan = clouds.plan(wanted())
    assert [(s["action"], s["before"]["port"]) for s in plan["steps"]] == [("delete", 443)]
    assert f"Security group {group_id} also lets 192.0.2.0/24 in on port 22: not ours, it stays." in plan["notes"]


@pytest.mark.parametrize("status, stays", [("SUSPENDED", True), ("MODIFYING", True), ("DELETED", False), (None, False)])
def test_a_name_stays_as_long_as_its_cluster(status, stays):
    clouds = made()
    if status:
        clouds.found["clusters"][0].update(status=status, private_link_address="")
    else:
        del clouds.found["clusters"][0]
    clouds.run(wanted())
    assert (host(1) in [z["name"] for z in clouds.found["zones"]]) == stays and host(2) in [z["name"] for z in clouds.found["zones"]]


def test_a_name_that_the_user_left_out_stays_and_is_told():
    plan = made().plan(wanted(cluster_names=["prod-01"]))
    assert plan["steps"] == [] and f"Name {host(2)} stays: cluster prod-02 (in01-000000000000002) was left out by the user, it is not gone." in plan["notes"]


# --- what stands in the way ---


@pytest.mark.parametrize("more, words", [
    (dict(zone_limit={"limit": 10, "count": 9}), "2 hosted zones would be made, but account 111122223333 has 9 of its 10"),
    (dict(vpc=None), f"VPC {VPC} was not found in region us-west-2 of account 111122223333"),
    (dict(vpc={"vpc_id": VPC, "enable_dns_support": False, "enable_dns_hostnames": False}), "has enable_dns_support and enable_dns_hostnames switched off"),
    (dict(service_detail={"error": "InvalidServiceName"}), "is not visible to account 111122223333 in region us-west-2"),
    (dict(region="us-east-1", service_detail={"error": "InvalidServiceName"}), "consumer region us-east-1, AWS account 111122223333"),
    (dict(services=[], no_service="None there: choose."), "None there: choose."),
    (dict(clusters=[], bound_regions=["aws-eu-central-1"]), "does not use region aws-us-west-2 (it uses aws-eu-central-1)"),
    (dict(clusters=[], bound_regions=[]), "has no region yet"),
    (dict(unseen_vpcs=[VPC]), f"finds no VPC {VPC} in region us-west-2 of account"),
])
def test_refusals(more, words):
    problem, = plan_aws(wanted(), found(**more))["problems"]
    assert words in problem and not plan_aws(wanted(), found(**more))["steps"]


def test_a_full_subnet_counts_only_where_the_endpoint_is_not_yet():
    full = found()
    full["subnets"][0]["free"] = 0
    problem, = plan_aws(wanted(), full)["problems"]
    assert f"No free address for the endpoint in subnet {SUBNETS[0]}" in problem
    full["endpoints"] = [endpoint(1)]
    assert plan_aws(wanted(), full)["problems"] == []


def test_a_region_that_is_not_the_projects_is_no_reason_for_a_ticket():
    start = found(clusters=[], bound_regions=["aws-eu-central-1"], region="us-east-1", service_detail={"error": "InvalidServiceName"})
    problem, = plan_aws(wanted(), start)["problems"]
    assert "does not use region" in problem


def test_an_account_that_must_be_whitelisted_is_the_first_step():
    start = found(service_detail={"error": "InvalidServiceName"})
    start["services"][0]["whitelist_required"] = True
    clouds = Clouds(start)
    assert actions(clouds.plan(wanted()))[0] == "authorize private_endpoint_whitelist"
    assert clouds.run(wanted())["steps"] == []


@pytest.mark.parametrize("given, there, composed", [
    ({}, [], True), ({"side_by_side": True}, [], False), ({"security_group_ids": [CLIENTS]}, [], False), ({"private_dns_enabled": True}, [], False),
    ({"ip_address_type": "dualstack"}, [], False), ({}, [model.endpoint(1, owner=OTHER_MARK)], False), ({}, [model.endpoint(1, state="deleted")], False),
])
def test_upstream_makes_the_endpoint_where_it_cannot_take_another(given, there, composed):
    plan = plan_aws(wanted(**given), found(endpoints=there, groups=[model.group(1, owner=None, name="clients", group_id=CLIENTS)]))
    assert [s["after"]["composed"] for s in plan["steps"] if s["resource"] == "vpc_endpoint"] == [composed]


def written_over(registered):
    """An endpoint with this link's mark in the group of another link."""
    taken = model.endpoint(1, group_ids=["sg-00000000000000002"])
    rows = [model.registration(taken["endpoint_id"])] if registered else []
    groups = [model.group(2, owner=OTHER_MARK, group_id="sg-00000000000000002")]
    return found(endpoints=[taken], groups=groups, registrations=rows), taken["endpoint_id"]


def test_an_endpoint_on_which_our_mark_was_written_by_mistake_is_left_alone():
    start, endpoint_id = written_over(registered=False)
    steps = plan_aws(wanted(security_group_name="another"), start)["steps"]
    assert [s["after"]["composed"] for s in steps if s["resource"] == "vpc_endpoint"] == [False] and endpoint_id not in {s["name"] for s in steps}
    gone = plan_aws(wanted(state="absent"), start)
    assert gone["steps"] == []
    assert f"Endpoint {endpoint_id} bears this link's mark, but it is in the security group of link {OTHER_MARK}" in gone["notes"][0]


@pytest.mark.parametrize("given, registered", [({}, True), ({"security_group_ids": ["sg-00000000000000002"]}, False)])
def test_an_endpoint_of_ours_in_the_group_of_another_link_stays_ours(given, registered):
    start, endpoint_id = written_over(registered)
    gone = plan_aws(wanted(state="absent", **given), start)["steps"]
    assert ("delete", "vpc_endpoint", endpoint_id) in {(s["action"], s["resource"], s["name"]) for s in gone}


@pytest.mark.parametrize("given, types", [("ipv4", ["A"]), ("ipv6", ["AAAA"]), ("dualstack", ["A", "AAAA"]), ("of 2030", ["A"])])
def test_a_brought_endpoint_says_which_addresses_it_has(given, types):
    brought = dict(model.endpoint(1, owner=None), ip_address_type=given)
    registered = {"region_id": "aws-us-west-2", "cloud_id": "aws", "endpoint_id": brought["endpoint_id"], "endpoint_status": "ready"}
    start = found(endpoints=[brought], registrations=[registered], clusters=[cluster(1)])
    plan = plan_aws(wanted(endpoint_id=brought["endpoint_id"]), start)
    assert [s["name"].split()[1] for s in plan["steps"] if s["resource"] == "record"] == types, plan["problems"]


@pytest.mark.parametrize("linked, said", [(1, True), (0, False), (2, False)])
def test_the_port_of_a_link_beside_others_is_told_as_unknown(linked, said):
    start = found(clusters=[cluster(1, linked=linked > 0), cluster(2, linked=linked > 1)])
    sentence = "The port of prod-02 (in01-000000000000002) is known after allocation: unless it is 19531, the security group gets it too."
    assert (sentence in plan_aws(wanted(), start)["notes"]) is said
    assert not [x for x in plan_aws(wanted(wait_timeout=0), start)["notes"] if "unless it is" in x]


def test_names_of_a_change_of_strategy():
    clouds = made()
    first = [f"{s['action']} {s['resource']}" for s in clouds.plan(wanted(dns="shared"))["steps"]]
    assert first == ["create hosted_zone", "create record", "create record"] + ["delete record", "delete hosted_zone"] * 2
    assert clouds.run(wanted(dns="shared"))["steps"] == [] and [z["name"] for z in clouds.found["zones"]] == [SHARED_ZONE]
    assert clouds.run(wanted(dns="none"))["steps"] == [] and clouds.found["zones"] == []


def test_more_than_five_names_are_one_batch():
    six = found(clusters=[cluster(n) for n in range(1, 7)])
    plan = plan_aws(wanted(), Clouds(six).found)
    assert plan["batch"] == []  # the endpoint's own names are not known yet
    clouds = Clouds(six)
    clouds.act(wanted(), "connect")
    plan = clouds.plan(wanted())
    assert len(plan["batch"]) == 6 and all(len(z["records"]) == 1 and z["vpcs"] for z in plan["batch"])
    assert plan["by"]["name"]["create_hosted_zone"] == [] and plan["by"]["name"]["create_record"] == []
    assert clouds.run(wanted())["steps"] == []
    assert NAME in [g["name"] for g in clouds.found["groups"]] and SERVICE == clouds.found["endpoints"][0]["service_name"]


def test_a_record_of_a_type_that_is_not_wanted_goes_from_a_zone_of_ours():
    clouds = made(clusters=[cluster(1)])
    records = clouds.found["zones"][0]["records"]
    records.append(dict(records[-1], type="AAAA"))
    step, = clouds.plan(wanted())["steps"]
    assert (step["action"], step["resource"], step["why"]) == ("delete", "record", "The link's name needs no AAAA record")


def test_what_an_endpoint_of_others_lacks_is_said_and_left():
    theirs = model.endpoint(1, owner=None)
    plan = plan_aws(wanted(endpoint_id=theirs["endpoint_id"], subnet_ids=SUBNETS[:1]), found(endpoints=[theirs]))
    assert any(f"is not as wanted: its subnets are {SUBNETS[0]}" in note for note in plan["notes"])
    assert not [s for s in plan["steps"] if s["resource"] == "vpc_endpoint"]
