# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Google plan against generated clouds: what holds for every one of them, whatever is found and wanted."""

from __future__ import annotations

import collections
import copy

from hypothesis import assume, given
from hypothesis import strategies as st

from ansible_collections.zilliz.cloud.plugins.module_utils._plan_gcp import MARK_LABEL, plan_gcp
from unit.plugins.module_utils import model_gcp as model
from unit.plugins.module_utils.model_gcp import (
    GOOGLE, LABEL, MARK, NAME, NETWORK, OTHER_GOOGLE, OTHER_MARK, OTHER_NETWORK, OTHER_SERVICE, SECOND_SUBNET, SERVICE, SHARED_ZONE,
    SPARE_SUBNET, SUBNET, Clouds, address, cluster, deny_all, endpoint, firewall, found, host, ip, record, registration, wanted, zone,
)
from unit.plugins.module_utils.properties import Order, clusters, is_for_people, is_listed, is_pure, quick, unlike

STATUSES = ("ACCEPTED", "ACCEPTED", "ACCEPTED", "PENDING", "REJECTED", "CLOSED", "NEEDS_ATTENTION")
# An endpoint made by another link, whose address is known too.
owners = st.sampled_from([MARK, MARK, OTHER_MARK, None])
some = st.booleans


# --- what may be there ---


def labelled(draw, one):
    """What bears no description of ours may have been adopted."""
    if one["description"] == "by hand" and draw(st.sampled_from([False, False, True])):
        one["labels"] = {MARK_LABEL: LABEL}
    one["labels"].update(draw(st.sampled_from([{}, {}, {"team": "search"}, {"team": "other"}])))
    return one


@st.composite
def endpoints(draw, number, whose=owners):
    one = endpoint(
        number, draw(st.sampled_from(STATUSES)), draw(whose), draw(st.sampled_from([SERVICE, SERVICE, SERVICE, OTHER_SERVICE])),
        draw(st.sampled_from([SUBNET, SUBNET, SUBNET, SPARE_SUBNET, SECOND_SUBNET])), global_access=draw(st.sampled_from([False, False, True])),
        namespace=draw(st.sampled_from(["goog-psc-default", "goog-psc-default", "search"])),
    )
    if number == 1 and draw(some()):
        one["endpoint_id"] = NAME
    return labelled(draw, one) if whose is owners else one


@st.composite
def addresses(draw, ends, whose=owners):
    """Of endpoints, and others; an endpoint may have one that nothing reserves."""
    rows = [address(90 - n, draw(whose), draw(st.sampled_from([SUBNET, SPARE_SUBNET])), name=f"spare-{n}") for n in range(draw(st.integers(0, 2)))]
    for number, one in enumerate(ends):
        if draw(st.sampled_from([True, True, True, False])):
            subnetwork = next(url for url in (SUBNET, SPARE_SUBNET, SECOND_SUBNET) if one["ip_address"].rpartition(".")[0] in model.RANGES[url][1])
            rows.append(address(number, draw(whose), subnetwork, address=one["ip_address"]))
    for one in rows:
        if draw(st.sampled_from([False] * 9 + [True])):
            one["name"] = NAME
        if one["name"].startswith("spare") and draw(st.sampled_from([False, False, True])):
            one["users"] = ["database-1"]
    return unlike([labelled(draw, one) if whose is owners else one for one in rows], "name")


firewalls = st.sampled_from([
    firewall(NAME, ranges=[ip(1) + "/32"]), firewall("ours", allowed=("tcp", "19531", "22"), ranges=["0.0.0.0/0"], priority=70),
    firewall("ours-too", disabled=True, target_tags=["old"], ranges=[ip(2) + "/32"]), firewall("ssh", direction="INGRESS", ranges=["0.0.0.0/0"]),
    firewall("other", OTHER_MARK, ranges=[ip(3) + "/32"]), firewall(NAME, None), firewall("elsewhere", network=OTHER_NETWORK), deny_all(), deny_all(),
    deny_all("deny-first", 1), deny_all("deny-second", 300, destination_ranges=["10.0.0.0/8"]), deny_all("off", 2, disabled=True),
    firewall("allow-all", None, allowed=("all",), priority=64000), deny_all("udp", 5, denied=[{"protocol": "udp", "ports": []}]),
])

records = st.sampled_from([
    record("other." + SHARED_ZONE, "TXT", '"by hand"'), record(SHARED_ZONE, "MX", "10 mail.example.com."), record(host(1), "A", ip(1)),
    record(host(2), "A", ip(2)), record(host(1), "AAAA", "2600:1f14::1"), record(host(7), "A", ip(1)), record(host(7), "A", "192.0.2.7"),
    record(host(2), "CNAME", "elsewhere.example.com."), record(host(1), "A", "192.0.2.1"), record(host(2), "A", ip(2), "192.0.2.1"),
])


@st.composite
def zones(draw, number, whose=owners):
    name = draw(st.sampled_from([SHARED_ZONE, host(1), host(2), host(7)]))
    inside = [r for r in draw(st.lists(records, max_size=4)) if r["name"] == name or r["name"].endswith("." + name)]
    names = [r["name"] for r in inside if r["type"] == "CNAME"]
    inside = [r for r in unlike(inside, "name", "type") if r["type"] == "CNAME" or r["name"] not in names]
    one = zone(
        number, name, draw(whose), draw(st.sampled_from([True, True, True, False])),
        draw(st.sampled_from([[NETWORK], [NETWORK], [NETWORK, OTHER_NETWORK], [OTHER_NETWORK]])), inside,
        tags=draw(st.sampled_from([{}, {"team": "other"}])), private=draw(st.sampled_from([True] * 9 + [False])),
    )
    if one["in_account"] and draw(st.sampled_from([False] * 5 + [True])):
        one["zone_id"] = "zilliz-privatelink-zone"
    elif one["in_account"] and one["comment"].startswith(model.TEXT) and name != SHARED_ZONE and draw(some()):
        one["comment"] += " cluster " + name.partition("-privatelink")[0]
    if not one["private"]:
        one["networks"], one["records"] = [], None
    return one


@st.composite
def situations(draw, whose=owners):
    """One project and network in any state that Google allows."""
    ends = [draw(endpoints(number, whose)) for number in range(1, 1 + draw(st.integers(0, 3)))]
    rows = [registration(e["endpoint_id"], draw(st.sampled_from(["AVAILABLE", "AVAILABLE", "PENDING", "REJECTED"]))) for e in ends if draw(some())]
    rows += draw(st.lists(st.sampled_from([
        registration("gone"), registration(NAME), registration("gone", region_id="gcp-us-east4"),
        registration(NAME, gcp_project_id=OTHER_GOOGLE), registration("psc-1", "REJECTED", gcp_project_id=OTHER_GOOGLE),
    ]), max_size=3))
    rules = [x for x in draw(st.lists(firewalls, max_size=4)) if whose is owners or x["description"] != model.TEXT]
    places = [draw(zones(number, whose)) for number in range(1, 1 + draw(st.integers(0, 3)))]
    taken, kept = set(), []
    for one in places:
        # A network takes one private zone of a name.
        pairs = {(one["name"], network) for network in one["networks"]}
        if not pairs & taken:
            kept.append(one)
            taken |= pairs
    return found(
        endpoints=ends, addresses=draw(addresses(ends, whose)), registrations=unlike(rows, "endpoint_id", "region_id", "gcp_project_id"),
        firewalls=unlike(rules, "name"), zones=unlike(kept, "zone_id"), clusters=draw(clusters(cluster)),
        rule_names=draw(st.sampled_from([[], [], [], ["load-balancer"], [NAME]])),
    )


@st.composite
def wishes(draw, **fixed):
    given_ = dict(
        dns=draw(st.sampled_from(["exact", "exact", "shared", "none"])),
        subnetwork=draw(st.sampled_from(["my-subnet", "my-subnet", "my-subnet", None])),
        ip_address=draw(st.sampled_from([None] * 5 + [ip(1), ip(50)])),
        global_access=draw(some()),
        service_directory_namespace=draw(st.sampled_from([None, None, None, "search"])),
        client_egress=draw(st.sampled_from(["auto", "auto", "always", "never"])),
        client_target_tags=draw(st.sampled_from([[], ["clients"]])),
        firewall_priority=draw(st.sampled_from([None, None, 800])),
        iap_ssh=draw(some()),
        zone_networks=draw(st.sampled_from([[], [], ["my-second-vpc"]])),
        labels=draw(st.sampled_from([{}, {"team": "search"}])),
        adopt=draw(some()), recreate=draw(some()), purge_stale=draw(some()),
        cluster_names=draw(st.sampled_from([[], [], ["prod-01"]])),
    )
    if not given_["ip_address"]:
        given_["address"] = draw(st.sampled_from([None] * 5 + ["spare-0", "address-0"]))
    return wanted(**dict(given_, **fixed))


@st.composite
def cases(draw, states=("present", "absent"), whose=owners, **fixed):
    before, want = draw(situations(whose)), draw(wishes(state=draw(st.sampled_from(states)), **fixed))
    # The reader looks for a subnetwork only when one is named.
    return dict(before, subnetwork=before["subnetwork"] if want["subnetwork"] else None), want


# --- what holds always ---


@quick
@given(cases())
def test_the_answer_follows_from_the_input_alone_and_leaves_it_as_it_is(case):
    before, want = case
    is_pure(plan_gcp, want, before)


@quick
@given(cases(["present"]))
def test_what_the_steps_make_needs_no_further_step(case):
    before, want = case
    clouds = Clouds(before)
    assume(not clouds.plan(want)["problems"])
    last = clouds.run(want)
    if last["problems"]:
        # Only the hosts of links that came meanwhile can bring a refusal that was not known before.
        assert clouds.found["clusters"] != before["clusters"]
        return
    assert [step for step in last["steps"] if step["known"]] == []
    assert last["waiting"] or last["steps"] == []


@quick
@given(cases(["present"]))
def test_the_first_plan_foresees_what_the_rounds_do(case):
    before, want = case
    # What is in maintenance gets its names in a round of its own.
    before["clusters"] = [x for x in before["clusters"] if x["status"] != "MODIFYING"]
    clouds = Clouds(before)
    first = clouds.plan(want)
    assume(not first["problems"])
    last = clouds.run(want)
    assume(not last["problems"])
    kinds = [collections.Counter((x["round"], x["action"], x["resource"]) for x in steps) for steps in (first["steps"], clouds.applied)]
    assert kinds[0] - kinds[1] == kinds[1] - kinds[0] == {}


def whose_(one):
    """The mark that the model reads on a thing."""
    text = one.get("description", one.get("comment", ""))
    return MARK if text.startswith(model.TEXT) or one.get("labels", {}).get(MARK_LABEL) == LABEL else text


KEYS = {"endpoints": "endpoint_id", "addresses": "name", "firewalls": "name", "zones": "zone_id"}


def taken_over(before):
    """Zones of a link that is gone from this network: its endpoint is nowhere."""
    return {z["zone_id"] for z in before["zones"] if z["comment"].startswith(model.OTHER_TEXT)
            and not [e for e in before["endpoints"] if e["description"].startswith(model.OTHER_TEXT)]}


def kept(kind, one):
    """What of a thing is its maker's alone; records and the state of a connection are looked at by themselves."""
    return {k: v for k, v in one.items() if k not in ("records", "status", "users")}


@quick
@given(cases(adopt=False, purge_stale=False))
def test_foreign_things_are_neither_changed_nor_deleted(case):
    before, want = case
    clouds = Clouds(before)
    first = clouds.plan(want)
    assume(not first["problems"])
    clouds.run(want)
    ours = {x["address"] for x in before["addresses"] if whose_(x) == MARK}
    ours |= {x["ip_address"] for x in before["endpoints"] if whose_(x) == MARK} | {first["result"]["endpoint"].get("ip_address")}
    for kind, key in KEYS.items():
        after = {one[key]: one for one in clouds.found[kind]}
        for one in before[kind]:
            network = one.get("network", NETWORK)
            if whose_(one) == MARK and network == NETWORK or kind == "zones" and one[key] in taken_over(before):
                continue
            assert kept(kind, after[one[key]]) == kept(kind, one), kind
            for row in one.get("records") or []:
                # In somebody else's zone: only what leads to this link.
                assert row in after[one[key]]["records"] or row["type"] == "A" and ours & set(row["value"]), row
    used = clouds.plan(want)["result"]["endpoint"].get("endpoint_id")
    made = {e["endpoint_id"] for e in before["endpoints"] if whose_(e) == MARK} | {used, NAME}
    for row in before["registrations"]:
        theirs = (row["region_id"], row["gcp_project_id"]) != (model.REGION_ID, GOOGLE)
        assert row in clouds.found["registrations"] or not theirs and row["endpoint_id"] in made


@quick
@given(cases(["absent"], cluster_names=[]))
def test_what_a_teardown_leaves_is_not_its_own(case):
    before, want = case
    clouds = Clouds(before)
    last = clouds.run(want)
    assert last["steps"] == [] and last["problems"] == []
    for kind, key in KEYS.items():
        left = {one[key] for one in clouds.found[kind] if whose_(one) == MARK and one.get("network", NETWORK) == NETWORK and one.get("in_account", True)
                and one.get("private", True)}
        assert all([n for n in last["notes"] if name in n and "is kept" in n] for name in left), kind
        gone = {one[key] for one in before[kind]} - {one[key] for one in clouds.found[kind]}
        assert gone <= {one[key] for one in before[kind] if whose_(one) == MARK} | taken_over(before)


@quick
@given(cases(["present"], st.sampled_from([OTHER_MARK, None]), adopt=False, purge_stale=False, cluster_names=[]))
def test_set_up_and_teardown_give_back_the_start(case):
    before, want = case
    for one in before["zones"]:
        # Names of this link's clusters in foreign zones would be repaired.
        one["records"] = [r for r in one["records"] if r["type"] in ("TXT", "MX")] if one["records"] is not None else None
    before["zones"] = [z for z in before["zones"] if z["zone_id"] not in taken_over(before)]
    before["registrations"] = [r for r in before["registrations"] if r["endpoint_status"] == "AVAILABLE" and r["endpoint_id"] != NAME]
    clouds = Clouds(before)
    assume(not clouds.plan(want)["problems"])
    before = copy.deepcopy(clouds.found)
    assume(not clouds.run(want)["problems"])
    last = clouds.run(dict(want, state="absent"))
    assert last["steps"] == []
    # In somebody else's zone a record that leads to somebody else's endpoint stays, and the notes say so.
    for one in clouds.found["zones"]:
        left = [r for r in one["records"] or [] if r["type"] == "A"]
        assert all([n for n in last["notes"] if one["zone_id"] in n and f"{r['name']} {r['type']}" in n] for r in left)
        one["records"] = [r for r in one["records"] if r not in left] if one["records"] is not None else None
    for kind in KEYS:
        start, end = [[{k: v for k, v in x.items() if k not in ("status", "users")} for x in side[kind]] for side in (before, clouds.found)]
        assert end == start, kind
    names = [{r["endpoint_id"] for r in side["registrations"]} for side in (clouds.found, before)]
    assert not names[1] - names[0]
    # A hand-made endpoint keeps the registration that was made for it, and the notes say so.
    assert all([n for n in last["notes"] if f"Endpoint {x} and its registration are kept" in n] for x in names[0] - names[1])


@quick
@given(cases())
def test_steps_come_in_the_order_in_which_they_must_run(case):
    before, want = case
    steps = plan_gcp(want, before)["steps"]
    order = Order(steps)
    order.holds("managed_zone", "psc_endpoint")
    made = [("connect", "create", "address"), ("connect", "create", "psc_endpoint"), ("connect", "authorize", "private_endpoint")]
    gone = [("connect", "revoke", "private_endpoint"), ("connect", "delete", "psc_endpoint")]
    # An endpoint takes its address with it into its next life, so the old one goes first.
    if made[1] in order.at:
        assert order.after(made[1], *gone, made[0]) and order.after(made[2], *gone, *made[:2])
    for round_ in ("name", "absent"):
        late = (round_, "delete", "address")
        assert order.after(late, *[x for x in order.at if x != late and x[0] == round_])


@quick
@given(cases(), st.sampled_from([{}, {"network": None}, {"subnetwork": None}, {"services": []}, {"clusters": []}]))
def test_every_sentence_is_one_for_people(case, missing):
    before, want = case
    if "services" in missing:
        missing = dict(missing, no_service="Zilliz Cloud offers no private link in region gcp-x: choose another region.")
    plan = plan_gcp(want, dict(before, **missing))
    is_for_people(plan, "dns: ", "cluster ", "adopt ", "subnetwork ", "ip_address ", "gcp_compute_address ", "client_egress ", host(1), host(2))


@quick
@given(cases())
def test_every_known_step_is_in_the_lists_that_the_role_loops_over(case):
    before, want = case
    is_listed(plan_gcp(want, before), "record", "managed_zone")
