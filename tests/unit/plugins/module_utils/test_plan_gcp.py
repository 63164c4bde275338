# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Google plan against generated clouds: what holds for every one of them, whatever is found and wanted."""

from __future__ import annotations

import collections
import copy
import itertools
import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ansible_collections.zilliz.cloud.plugins.module_utils._plan_gcp import MARK_LABEL, plan_gcp
from unit.plugins.module_utils import model_gcp as model
from unit.plugins.module_utils.model_gcp import (
    GOOGLE, HOST_PROJECT, LABEL, MARK, NAME, NETWORK, OTHER_GOOGLE, OTHER_MARK, OTHER_NETWORK, OTHER_SERVICE, SECOND_SUBNET, SERVICE,
    SHARED_ZONE, SPARE_SUBNET, SUBNET, Clouds, address, cluster, deny_all, endpoint, firewall, found, host, ip, options, record, registration,
    subnetwork, wanted, zone,
)
from unit.plugins.module_utils.properties import Order, actions, clusters, is_for_people, is_listed, is_pure, quick, unlike

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
    if [x for x in before["clusters"] if not x["private_link_address"]]:
        # Under its name a link that comes finds what is there as it may be.
        before["zones"] = [z for z in before["zones"] if z["name"] != host(2)]
        for one in before["zones"]:
            one["records"] = [r for r in one["records"] or [] if r["name"] != host(2)]
    for one in before["zones"]:
        # Where the address of a cluster that is gone was lost, too, nothing tells whose its name is.
        ids = [x["cluster_id"] for x in before["clusters"]]
        one["records"] = [r for r in one["records"] or [] if r["type"] != "A" or r["name"].partition("-privatelink")[0] in ids]
    clouds = Clouds(before)
    first = clouds.plan(want)
    assume(not first["problems"])
    last = clouds.run(want)
    assume(not last["problems"] and not last["waiting"])
    kinds = [collections.Counter((x["round"], x["action"], x["resource"]) for x in steps) for steps in (first["steps"], clouds.applied)]
    # A port that only the allocation tells; the plan says so.
    late = {("name", "update", "firewall_rule")} if any("is known after allocation: unless" in note for note in first["notes"]) else set()
    assert kinds[0] - kinds[1] == {} and set(kinds[1] - kinds[0]) <= late


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
        others = [x for x in order.at if x[0] == round_ and x[2] not in ("address", "firewall_rule")]
        assert order.after(late, *others)


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


# --- what a user may type ---


def test_text_as_a_survey_sends_it_equals_typed_input():
    typed = wanted(client_target_tags=["a", "b"], cluster_names=["prod-01"], zone_networks=["my-second-vpc"])
    text = wanted(
        client_target_tags="a, b", cluster_names=" prod-01 ", zone_networks="my-second-vpc\n\nmy-second-vpc", endpoint_name=" ", region="us-west1 ",
        zone_name="VectorDB.zillizcloud.com.", address="",
    )
    as_json = wanted(client_target_tags=json.dumps(["a", "b"]), cluster_names="[prod-01]", zone_networks=[OTHER_NETWORK], labels=None)
    assert typed == text == as_json


@pytest.mark.parametrize("network", [
    "my-vpc", f"projects/{GOOGLE}/global/networks/my-vpc", NETWORK, NETWORK.replace("www.googleapis", "compute.googleapis"),
])
def test_a_network_may_be_named_in_many_ways(network):
    want = wanted(network=network)
    assert (want["network_url"], want["network"], want["network_project"]) == (NETWORK, f"{GOOGLE}/my-vpc", GOOGLE)
    assert want["endpoint_name"] == NAME == want["address_name"] == want["firewall_name"]


@pytest.mark.parametrize("given", [
    dict(network=f"projects/{HOST_PROJECT}/global/networks/my-vpc"), dict(network_project_id=HOST_PROJECT),
    dict(network=f"projects/{HOST_PROJECT}/global/networks/my-vpc", network_project_id=HOST_PROJECT),
])
def test_in_a_shared_vpc_network_subnetwork_and_rules_are_the_host_projects(given):
    want = wanted(**given)
    url = model.network_url(HOST_PROJECT, "my-vpc")
    assert (want["network_url"], want["network"], want["subnetwork_project"]) == (url, f"{HOST_PROJECT}/my-vpc", HOST_PROJECT)
    assert (want["gcp_project_id"], want["zone_project"]) == (GOOGLE, GOOGLE) and want["endpoint_name"] != NAME
    host_subnet = dict(subnetwork(), network=url, project=HOST_PROJECT, url=SUBNET.replace(GOOGLE, HOST_PROJECT))
    deny = deny_all(network=url)
    plan = plan_gcp(want, found(network={"name": "my-vpc", "project": HOST_PROJECT, "url": url}, subnetwork=host_subnet, firewalls=[deny]))
    assert plan["problems"] == []
    made = {f"{s['action']} {s['resource']}": s["after"] for s in plan["steps"]}
    assert made["create address"]["subnetwork"] == host_subnet["url"] and made["create psc_endpoint"]["network"] == url
    assert made["create firewall_rule"]["network"] == url and made["create managed_zone"]["networks"] == [url]


def test_the_project_of_the_credentials_is_the_endpoints_unless_another_is_named():
    assert wanted(gcp_project_id=None, project=GOOGLE)["gcp_project_id"] == GOOGLE
    assert wanted(project=OTHER_GOOGLE)["gcp_project_id"] == GOOGLE
    _wanted, problems = options(gcp_project_id=None)
    assert problems == ["gcp_project_id is missing: name the Google Cloud project that gets the endpoint."]


@pytest.mark.parametrize("given, words", [
    (dict(network=" "), "network is missing: name the network that the clients are in."),
    (dict(network="My_VPC"), "network is My_VPC: a name there looks like my-vpc."),
    (dict(subnetwork="-x"), "subnetwork is -x: "),
    (dict(region="us-west"), "region is us-west: a name there looks like us-west1."),
    (dict(gcp_project_id="p"), "gcp_project_id is p: a name there looks like my-project."),
    (dict(endpoint_prefix="x" * 53), "52 characters at most"),
    (dict(endpoint_name="1st"), "endpoint_name is 1st: "),
    (dict(endpoint_id="my_endpoint"), "the name of a forwarding rule"),
    (dict(address="10.10.0.5"), "the name of a reserved address"),
    (dict(network=f"projects/{HOST_PROJECT}/global/networks/my-vpc", network_project_id=OTHER_GOOGLE),
     f"network is in project {HOST_PROJECT}, and network_project_id is {OTHER_GOOGLE}: correct one."),
    (dict(ip_address="10.10.0"), "write an IPv4 address of the subnetwork"),
    (dict(ip_address="2600:1f14::1"), "write an IPv4 address of the subnetwork"),
    (dict(ip_address="10.10.0.5", address="mine"), "leave ip_address out"),
    (dict(client_target_tags=["a"], client_target_service_accounts=["b@c"]), "leave one out"),
    (dict(firewall_priority=0), "from 1 (first) to 65535 (last)"),
    (dict(firewall_priority=65536), "from 1 (first) to 65535 (last)"),
    (dict(labels={"Team": "search"}), "labels has Team: search, and a label of Google Cloud"),
    (dict(labels={"team": "Search"}), "labels has team: Search, and"),
    (dict(wait_timeout=-1), "seconds cannot be negative"),
    (dict(record_ttl=-1), "seconds cannot be negative"),
    (dict(zone_networks="hub_vpc"), "zone_networks has hub_vpc: write a network as my-vpc or projects/my-project/"),
    (dict(subnetwork=f"projects/{GOOGLE}/regions/us-west1/networks/my-subnet"), "subnetwork is projects/"),
])
def test_what_google_would_refuse_is_refused_at_once(given, words):
    _wanted, problems = options(**given)
    assert len(problems) == 1 and words in problems[0] and problems[0].endswith("."), problems


def test_wrong_forms_are_told_together_and_not_again_as_missing():
    want, problems = options(network="My_VPC", subnetwork="_", endpoint_id="A", region="us", wait_timeout=-1)
    assert len(problems) == 5
    assert plan_gcp(want, found(network=None, subnetwork=None))["problems"] == []


@pytest.mark.parametrize("part", ["services", "clusters", "endpoints", "addresses", "network", "subnetwork", "firewalls", "zones"])
def test_what_could_not_be_read_is_not_called_missing(part):
    blank = found(problems=["It could not be read."])
    empty = {"network": None, "subnetwork": None}
    lost = {"services": ("services", "clusters"), "clusters": ("clusters",)}.get(part, (part,))
    blank.update({name: empty.get(name, []) for name in lost}, read=set() if part == "services" else blank["read"] - {part})
    want = wanted(cluster_names=["prod-01"], zone_id="my-zone" if part == "zones" else None, endpoint_id="mine" if part == "endpoints" else None,
                  address="mine" if part == "addresses" else None)
    assert plan_gcp(want, blank)["problems"] == ["It could not be read."]


# --- whose it is ---


def made(want=None, **more):
    """This link as a run leaves it."""
    clouds = Clouds(found(**more))
    assert clouds.run(want or wanted())["steps"] == []
    return clouds


def steps(plan, resource):
    return [(s["action"], s["name"]) for s in plan["steps"] if s["resource"] == resource]


def standing(**more):
    """A link of two clusters with the endpoint that a test wants to look at."""
    base = dict(endpoints=[endpoint(1)], addresses=[address(1)], registrations=[registration("psc-1")], clusters=[])
    return Clouds(found(**dict(base, **more)))


def test_a_link_that_stands_is_left_alone_and_comes_back_after_each_loss():
    clouds = made(firewalls=[deny_all()])
    for kind, lost in (("registrations", 0), ("endpoints", 0), ("zones", 0), ("firewalls", -1)):
        hurt = Clouds(clouds.found)
        if kind == "endpoints":
            hurt.delete_psc_endpoint(NAME, None)
        else:
            del hurt.found[kind][lost]
        assert hurt.plan(wanted())["steps"]
        assert hurt.run(wanted())["steps"] == [], kind


def test_an_endpoint_that_was_lost_gets_its_name_its_address_and_a_new_registration():
    clouds = made()
    before = clouds.found["endpoints"][0]
    clouds.delete_psc_endpoint(NAME, None)
    plan = clouds.plan(wanted())
    assert actions(plan) == ["revoke private_endpoint", "create psc_endpoint", "authorize private_endpoint"]
    clouds.run(wanted())
    assert [(e["endpoint_id"], e["ip_address"], e["status"]) for e in clouds.found["endpoints"]] == [(NAME, before["ip_address"], "ACCEPTED")]


def test_of_two_endpoints_of_a_link_the_registered_one_stays_else_the_oldest():
    two = dict(endpoints=[endpoint(1), endpoint(2)], addresses=[address(1), address(2)])
    assert steps(standing(**two, registrations=[registration("psc-2")]).plan(wanted()), "psc_endpoint") == [("delete", "psc-1")]
    assert steps(standing(**two, registrations=[]).plan(wanted()), "psc_endpoint") == [("delete", "psc-2")]
    for status, row in (("CLOSED", "AVAILABLE"), ("REJECTED", "AVAILABLE"), ("ACCEPTED", "REJECTED")):
        two["endpoints"][0]["status"] = status
        plan = standing(**two, registrations=[registration("psc-1", row)]).plan(wanted())
        assert steps(plan, "psc_endpoint") == [("delete", "psc-1")], "the one that works stays, without an outage"


@pytest.mark.parametrize("mark", ["description", "label"])
def test_the_mark_is_the_description_or_after_adopting_the_label(mark):
    one = endpoint(1) if mark == "description" else endpoint(1, owner=None, labels={MARK_LABEL: LABEL})
    assert standing(endpoints=[one]).plan(wanted())["steps"] == []
    assert ("delete", "psc-1") in steps(standing(endpoints=[one]).plan(wanted(state="absent")), "psc_endpoint")


def test_adopting_writes_labels_on_what_bears_no_mark_and_never_on_another_links():
    by_hand = dict(endpoints=[endpoint(1, owner=None)], addresses=[address(1, None)])
    assert standing(**by_hand).plan(wanted())["steps"] == []
    clouds = standing(**by_hand)
    plan = clouds.plan(wanted(adopt=True, labels={"team": "search"}))
    assert [(s["name"], s["after"]) for s in plan["steps"]] == [
        ("psc-1", {"kind": "forwarding_rule", "labels": {"team": "search", MARK_LABEL: LABEL}}),
        ("address-1", {"kind": "address", "labels": {"team": "search", MARK_LABEL: LABEL}}),
    ]
    assert clouds.run(wanted(adopt=True))["steps"] == [] and clouds.plan(wanted())["steps"] == []
    # An address outside the subnetwork would have to be replaced as soon as it is ours.
    aside = standing(endpoints=[endpoint(1, subnetwork=SPARE_SUBNET)], addresses=[address(1, None, SPARE_SUBNET)])
    assert aside.plan(wanted(adopt=True))["steps"] == []
    others = standing(endpoints=[endpoint(1, owner=OTHER_MARK)], addresses=[address(1, OTHER_MARK)])
    plan = others.plan(wanted(adopt=True))
    assert plan["steps"] == [] and f"Endpoint psc-1 belongs to link {OTHER_MARK}: it is used, never changed or deleted." in plan["notes"]


def test_another_links_endpoint_serves_only_where_it_is_registered_with_this_project():
    theirs = dict(endpoints=[endpoint(1, owner=OTHER_MARK)], addresses=[address(1, OTHER_MARK)])
    assert standing(**theirs).plan(wanted())["steps"] == []
    assert "create psc_endpoint" in actions(standing(**theirs, registrations=[]).plan(wanted()))
    by_hand = dict(endpoints=[endpoint(1, owner=None)], addresses=[address(1, None)], registrations=[])
    assert actions(standing(**by_hand).plan(wanted())) == ["authorize private_endpoint"]
    refused = standing(**{**by_hand, "registrations": [registration("psc-1", "REJECTED")]}).plan(wanted())
    assert steps(refused, "psc_endpoint") == [("create", NAME)], "nobody could accept it again"
    for unfit in (dict(status="CLOSED"), dict(status="REJECTED"), dict(target=OTHER_SERVICE), dict(subnetwork=SECOND_SUBNET)):
        plan = standing(**{**by_hand, "endpoints": [endpoint(1, owner=None, **unfit)]}).plan(wanted())
        assert steps(plan, "psc_endpoint") == [("create", NAME)]


def test_registrations_of_other_google_projects_are_nobodys_business_here():
    rows = [registration(NAME, gcp_project_id=OTHER_GOOGLE), registration("gone", gcp_project_id=OTHER_GOOGLE)]
    clouds = Clouds(found(registrations=rows))
    assert clouds.run(wanted(purge_stale=True))["steps"] == []
    assert clouds.found["registrations"] == rows + [registration(NAME)]
    assert clouds.run(wanted(state="absent", purge_stale=True))["steps"] == [] and clouds.found["registrations"] == rows


def test_a_stale_registration_goes_when_this_link_made_it_or_on_request():
    stale = standing(registrations=[registration("psc-1"), registration("gone")])
    assert stale.plan(wanted())["steps"] == []
    assert any("in this Google project and region (gone); purge_stale: true removes them" in note for note in stale.plan(wanted())["notes"])
    assert [s["name"] for s in stale.plan(wanted(purge_stale=True))["steps"]] == ["gone"]
    own = standing(registrations=[registration("psc-1"), registration(NAME)])
    assert steps(own.plan(wanted()), "private_endpoint") == [("revoke", NAME)]


# --- the user's own ---


def test_an_endpoint_that_the_user_brings_is_used_and_kept():
    mine = standing(endpoints=[endpoint(1, owner=None)], addresses=[address(1, None)], registrations=[])
    want = wanted(endpoint_id="psc-1", subnetwork=None)
    assert actions(mine.plan(want)) == ["authorize private_endpoint"]
    assert mine.run(want)["steps"] == []
    note = (
        f"Endpoint psc-1 is not as wanted: its address is {ip(1)}, not {ip(9)}, its Service Directory namespace is goog-psc-default, not "
        "search and clients of other regions cannot reach it (global access is off)."
    )
    plan = mine.plan(dict(want, global_access=True, ip_address=ip(9), service_directory_namespace="search"))
    assert plan["steps"] == [] and note in plan["notes"]
    assert actions(mine.plan(dict(want, global_access=True, adopt=True))) == ["update labels", "update labels", "update psc_endpoint"]
    assert "psc_endpoint" not in str(actions(mine.plan(dict(want, state="absent"))))


@pytest.mark.parametrize("given, words", [
    (dict(), "Forwarding rule mine to a service attachment was not found in region us-west1 of project my-project: check endpoint_id."),
    (dict(subnetwork=SECOND_SUBNET), "Endpoint mine is in network my-second-vpc: bring one in network my-vpc."),
    (dict(target=OTHER_SERVICE), f"Endpoint mine leads to {OTHER_SERVICE}, not to {SERVICE}: bring another endpoint_id."),
    (dict(status="CLOSED"), "The connection of endpoint mine is CLOSED: bring another, or leave endpoint_id out to have one made."),
])
def test_an_endpoint_that_cannot_serve_is_refused(given, words):
    ends = [endpoint(1, owner=None, endpoint_id="mine", **given)] if given else []
    problem, = plan_gcp(wanted(endpoint_id="mine"), found(endpoints=ends))["problems"]
    assert problem == words


def test_an_address_that_the_user_brings_is_used_and_kept():
    mine = Clouds(found(addresses=[address(1, None, name="mine")]))
    want = wanted(address="mine", subnetwork=None)
    assert mine.run(want)["steps"] == [] and mine.found["endpoints"][0]["ip_address"] == ip(1)
    assert "address" not in str([s["resource"] for s in mine.applied])
    last = mine.run(dict(want, state="absent"))
    assert "Your address mine is kept." in last["notes"] and mine.found["addresses"][0]["name"] == "mine"


@pytest.mark.parametrize("more, words", [
    (None, "Address mine was not found in region us-west1 of project my-project: check address."),
    (dict(address_type="EXTERNAL"), "Address mine is EXTERNAL: an endpoint takes an INTERNAL one of a subnetwork."),
    (dict(users=["database-1"]), "Address mine is in use by database-1: bring one that is free."),
])
def test_an_address_that_cannot_serve_is_refused(more, words):
    rows = [] if more is None else [address(1, None, name="mine", **more)]
    problem, = plan_gcp(wanted(address="mine"), found(addresses=rows))["problems"]
    assert problem == words


def test_a_zone_that_the_user_brings_gets_the_records_and_nothing_else():
    mine = dict(clusters=[cluster(1), cluster(2)], zones=[zone(1, SHARED_ZONE, None, networks=[OTHER_NETWORK])])
    clouds = standing(**mine)
    plan = clouds.plan(wanted(zone_id="zone-1"))
    assert actions(plan) == ["create record"] * 2
    assert "Your zone zone-1 is not associated with network my-vpc: associate it." in plan["notes"]
    clouds.run(wanted(zone_id="zone-1"))
    assert clouds.run(wanted(state="absent", zone_id="zone-1"))["steps"] == []
    assert [(z["networks"], z["records"]) for z in clouds.found["zones"]] == [([OTHER_NETWORK], [])]


# --- the connection ---


REPLACED = ["revoke private_endpoint", "delete psc_endpoint", "create psc_endpoint", "authorize private_endpoint"]


@pytest.mark.parametrize("status, first, awaited", [
    ("ACCEPTED", [], []),
    ("PENDING", [], ["Google shows endpoint psc-1 as PENDING, although Zilliz Cloud shows it as AVAILABLE: if this lasts, somebody made it "
                     "again; recreate: true replaces it"]),
    ("REJECTED", REPLACED, []),
    ("NEEDS_ATTENTION", [], ["Google shows endpoint psc-1 as NEEDS_ATTENTION: Zilliz Cloud has to act, ask its support"]),
])
def test_what_google_says_of_a_registered_connection(status, first, awaited):
    clouds = standing(endpoints=[endpoint(1, status)])
    plan = clouds.plan(wanted())
    assert actions(plan) == first and [item["text"] for item in plan["waiting"]] == awaited
    # While it is awaited, a new connection is PENDING for a moment; one that is rejected is so for good.
    later = first if status == "REJECTED" else []
    assert actions(clouds.plan(wanted(awaits=["endpoint"]))) == actions(clouds.plan(wanted(done=["connect"]))) == later
    assert clouds.run(wanted(recreate=True))["steps"] == []


def test_an_endpoint_made_again_by_hand_is_replaced_only_on_request():
    clouds = standing(endpoints=[endpoint(1, "PENDING")])
    assert actions(clouds.plan(wanted(recreate=True))) == REPLACED
    # While it is awaited, the new one is PENDING for a moment.
    assert actions(clouds.plan(wanted(recreate=True, done=["connect"]))) == actions(clouds.plan(wanted(recreate=True, awaits=["endpoint"]))) == []


@pytest.mark.parametrize("status, wait", [("PENDING", True), ("AVAILABLE", False), ("VERIFYING", True)])
def test_what_zilliz_cloud_says_is_awaited_too(status, wait):
    plan = standing(registrations=[registration("psc-1", status)]).plan(wanted())
    assert plan["steps"] == [] and [item["kind"] for item in plan["waiting"]] == ["endpoint"] * wait


def test_a_failed_registration_is_made_again():
    plan = standing(registrations=[registration("psc-1", "REJECTED")], endpoints=[endpoint(1, "REJECTED")]).plan(wanted())
    assert actions(plan) == REPLACED


@pytest.mark.parametrize("more, given, words", [
    (dict(target=OTHER_SERVICE), {}, f"it leads to {OTHER_SERVICE}, not to {SERVICE}"),
    (dict(status="CLOSED"), {}, "its connection is CLOSED by Zilliz Cloud for good"),
    (dict(), dict(service_directory_namespace="search"), "its Service Directory namespace is goog-psc-default, not search"),
    (dict(), dict(ip_address=ip(5)), f"its address is {ip(1)}, not {ip(5)}"),
    (dict(), dict(address="spare"), f"its address is {ip(1)}, not {ip(7)}"),
    (dict(), dict(subnetwork="spare-subnet"), "its address is not in subnetwork spare-subnet"),
])
def test_what_cannot_change_is_told_and_replaced_only_on_request(more, given, words):
    clouds = standing(endpoints=[endpoint(1, **more)], addresses=[address(1), address(7, None, name="spare")], clusters=[cluster(1)])
    if given.get("subnetwork"):
        clouds.found["subnetwork"] = subnetwork(SPARE_SUBNET)
    problem, = clouds.plan(wanted(**given))["problems"]
    assert problem == f"Endpoint psc-1 cannot be changed in place ({words}): set recreate: true to replace it, which cuts the link for some minutes."
    want = wanted(recreate=True, **given)
    connect = [a for a in actions(clouds.plan(want)) if "endpoint" in a]
    assert connect == ["revoke private_endpoint", "delete psc_endpoint", "create psc_endpoint", "authorize private_endpoint"]
    assert clouds.run(want)["steps"] == []
    one, = clouds.found["endpoints"]
    moved = {"ip_address": ip(5), "address": ip(7)}
    assert one["endpoint_id"] == "psc-1" and one["status"] == "ACCEPTED" and one["target"] == SERVICE
    if "subnetwork" in given:
        assert one["ip_address"].startswith("10.20.0.")
    else:
        assert one["ip_address"] == next((moved[key] for key in given if key in moved), ip(1))
    # The old address is given back, and the name follows.
    mine = [a["address"] for a in clouds.found["addresses"] if a["description"] == model.TEXT]
    assert mine == ([one["ip_address"]] if "address" not in given else [])
    assert [r["value"] for r in clouds.found["zones"][0]["records"] if r["type"] == "A"] == [[one["ip_address"]]]


def test_a_closed_connection_without_reserved_address_keeps_its_address_too():
    clouds = standing(endpoints=[endpoint(1, "CLOSED")], addresses=[])
    assert clouds.run(wanted(recreate=True))["steps"] == []
    assert clouds.found["endpoints"][0]["ip_address"] == clouds.found["addresses"][0]["address"] == ip(1)


def test_somebody_elses_endpoint_is_not_replaced():
    theirs = standing(endpoints=[endpoint(1, owner=None)], addresses=[])
    problem, = theirs.plan(wanted(adopt=True, service_directory_namespace="search", recreate=True))["problems"]
    assert problem.endswith("bring another endpoint_id.")


def test_global_access_and_labels_are_changed_in_place():
    clouds = standing(endpoints=[endpoint(1, labels={"team": "other", "cost": "7"})])
    want = wanted(global_access=True, labels={"team": "search"})
    assert actions(clouds.plan(want)) == ["update labels", "update labels", "update psc_endpoint"]
    assert clouds.run(want)["steps"] == []
    one = clouds.found["endpoints"][0]
    assert one["global_access"] and one["labels"] == {"team": "search", "cost": "7"}
    assert clouds.run(wanted())["steps"] == [] and not clouds.found["endpoints"][0]["global_access"]


@pytest.mark.parametrize("given, composed", [
    (dict(), True), (dict(labels={"team": "search"}), False), (dict(global_access=True), False), (dict(service_directory_namespace="search"), False),
])
def test_upstream_makes_the_endpoint_where_it_can(given, composed):
    plan = plan_gcp(wanted(**given), found())
    assert [s["after"]["composed"] for s in plan["steps"] if s["resource"] == "psc_endpoint"] == [composed]
    assert ("update labels" in actions(plan)) == ("labels" in given), "an address gets its labels afterwards"


def test_an_address_finds_a_name_that_is_free():
    clouds = standing(addresses=[address(1, name=NAME), address(5, users=["database-1"], name=f"{NAME}-2")], clusters=[])
    assert clouds.run(wanted(ip_address=ip(7), recreate=True))["steps"] == []
    assert [a["name"] for a in clouds.found["addresses"]] == [f"{NAME}-2", f"{NAME}-3"]


def test_an_address_of_ours_that_somebody_else_uses_is_kept_and_said():
    clouds = standing(addresses=[address(1), address(2, users=["database-1"])])
    for want in (wanted(), wanted(state="absent")):
        last = clouds.run(want)
        assert last["steps"] == [] and "address-2" in [a["name"] for a in clouds.found["addresses"]]
        assert "Address address-2 is kept, because database-1 uses it: take it off there and run again." in last["notes"]


def test_the_same_address_in_another_network_is_another_address():
    elsewhere = address(1, None, SECOND_SUBNET, address=ip(1), name="elsewhere")
    clouds = standing(endpoints=[endpoint(1, owner=None)], addresses=[elsewhere])
    plan = plan_gcp(wanted(adopt=True), clouds.found)
    assert [s["name"] for s in plan["steps"] if s["resource"] == "labels"] == ["psc-1"]
    assert plan_gcp(wanted(ip_address=ip(1)), found(addresses=[elsewhere]))["problems"] == []


# --- the clients' way out ---


def way_out(want, *rules, **more):
    plan = standing(clusters=[cluster(1), cluster(2)], firewalls=list(rules), **more).plan(want)
    assert plan["problems"] == []
    return plan, [s for s in plan["steps"] if s["resource"] == "firewall_rule"]


@pytest.mark.parametrize("rules, priority", [
    ([], None),
    ([deny_all()], 1000),
    ([deny_all(priority=1000)], 999),
    ([deny_all(priority=300), deny_all("later")], 299),
    ([deny_all(network=OTHER_NETWORK)], None),
    ([deny_all(disabled=True)], None),
    ([dict(deny_all(), direction="INGRESS")], None),
    ([deny_all(destination_ranges=["10.0.0.0/8"])], 1000),
    ([deny_all(destination_ranges=[])], 1000),
    ([deny_all(destination_ranges=["192.0.2.0/24", "2600:1f14::/32"])], None),
    ([deny_all(denied=[{"protocol": "udp", "ports": []}])], None),
    ([deny_all(denied=[{"protocol": "tcp", "ports": ["22"]}])], None),
    ([deny_all(denied=[{"protocol": "tcp", "ports": ["19000-20000"]}])], 1000),
    ([deny_all(denied=[{"protocol": "6", "ports": []}])], 1000),
    ([deny_all(target_tags=["clients"])], 1000),
    # Of two rules the one with the smaller number wins, and of equals the one that denies.
    ([deny_all(), firewall("allow", None, allowed=("all",), priority=64999)], None),
    ([deny_all(), firewall("allow", None, allowed=("all",), priority=65000)], 1000),
    ([deny_all(), firewall("allow", None, allowed=("tcp", "19531"))], 1000),
    ([deny_all(), firewall("allow", None, allowed=("tcp", "19531-19532"), ranges=["10.10.0.0/24"])], None),
    ([deny_all(), firewall("allow", None, allowed=("all",), target_tags=["clients"])], 1000),
    ([deny_all(), firewall("allow", None, allowed=("all",), ranges=["10.20.0.0/16"])], 1000),
    ([deny_all(), firewall("allow", None, allowed=("all",), disabled=True)], 1000),
])
def test_a_rule_is_made_where_another_denies_the_way_out(rules, priority):
    plan, made_ = way_out(wanted(), *rules)
    assert [(s["action"], s["name"], s["after"]["priority"]) for s in made_] == ([("create", NAME, priority)] if priority else [])
    assert plan["batch"] == [] or all(s["resource"] != "firewall_rule" for s in plan["batch"])
    always, = way_out(wanted(client_egress="always"), *rules)[1]
    assert always["after"] == {
        "name": NAME, "network": NETWORK, "direction": "EGRESS", "allowed": [{"ip_protocol": "tcp", "ports": ["19531", "19532"]}],
        "destination_ranges": [ip(1) + "/32"], "source_ranges": [], "source_tags": [], "priority": priority or 1000, "target_tags": [],
        "target_service_accounts": [], "description": model.TEXT, "disabled": False, "logging": False,
    }
    assert way_out(wanted(client_egress="never"), *rules)[1] == []


@pytest.mark.parametrize("ranges, made_", [(["0.0.0.0/0"], []), (["10.0.0.0/8"], [NAME])])
def test_before_an_address_is_known_only_a_rule_for_everywhere_is_enough(ranges, made_):
    allow = firewall("allow", None, allowed=("all",), priority=900, ranges=ranges)
    read = found()["read"] - {"subnetwork"}
    plan = plan_gcp(wanted(), found(clusters=[cluster(1)], subnetwork=None, read=read, firewalls=[deny_all(), allow]))
    assert [s["name"] for s in plan["steps"] if s["resource"] == "firewall_rule"] == made_


def test_a_rule_that_cannot_come_first_is_told():
    plan, (rule,) = way_out(wanted(firewall_priority=800), deny_all(priority=700))
    assert rule["after"]["priority"] == 800
    assert (
        "Firewall rule deny-all (priority 700) denies egress before ours (800): give it a higher number, or set firewall_priority below 700."
    ) in plan["notes"]
    plan, (rule,) = way_out(wanted(), deny_all(priority=1))
    assert rule["after"]["priority"] == 1
    assert "Firewall rule deny-all (priority 1) denies egress before ours (1): give it a higher number." in plan["notes"]


@pytest.mark.parametrize("drift, told", [
    (dict(allowed=[{"protocol": "tcp", "ports": ["19531", "19532", "22"]}]), "allowed"),
    (dict(allowed=[{"protocol": "tcp", "ports": ["19531-19540"]}]), "allowed"),
    (dict(allowed=[{"protocol": "tcp", "ports": ["19531", "19532"]}, {"protocol": "udp", "ports": []}]), "allowed"),
    (dict(allowed=[{"protocol": "tcp", "ports": []}]), "allowed"),
    (dict(allowed=[{"protocol": "tcp", "ports": ["19531"]}]), "allowed"),
    (dict(destination_ranges=[ip(1) + "/32", "0.0.0.0/0"]), "destination ranges"),
    (dict(destination_ranges=[]), "destination ranges"),
    (dict(priority=5), "priority"),
    (dict(disabled=True), "disabled"),
    (dict(target_tags=["old"]), "target tags"),
    (dict(target_service_accounts=["a@b"]), "target service accounts"),
    (dict(logging=True, description=f"{model.TEXT} "), "description and logging"),
])
def test_a_rule_of_ours_is_set_right_in_place(drift, told):
    clouds = made(firewalls=[deny_all()], clusters=[cluster(1), cluster(2)])
    clouds.found["firewalls"][-1].update(drift)
    if "destination_ranges" in drift:
        drift = {k: [x.replace(ip(1), clouds.found["endpoints"][0]["ip_address"]) for x in v] for k, v in drift.items()}
        clouds.found["firewalls"][-1].update(drift)
    step, = clouds.plan(wanted())["steps"]
    assert (step["action"], step["name"], step["why"]) == ("update", NAME, f"Not as wanted: {told}")
    assert clouds.run(wanted())["steps"] == []


@pytest.mark.parametrize("egress, said", [("always", True), ("auto", False), ("never", False)])
def test_the_port_of_a_link_beside_others_is_told_as_unknown(egress, said):
    notes = plan_gcp(wanted(client_egress=egress), found(clusters=[cluster(1), cluster(2, linked=False)]))["notes"]
    sentence = "The port of prod-02 (in01-000000000000002) is known after allocation: unless it is 19531, the firewall rule gets it too."
    assert (sentence in notes) is said


def test_a_rule_that_nothing_needs_any_more_goes():
    clouds = made(firewalls=[deny_all()])
    clouds.found["firewalls"].pop(0)
    step, = clouds.plan(wanted())["steps"]
    assert (step["action"], step["why"]) == ("delete", "Nothing denies the clients' way out any more")
    assert clouds.plan(wanted(client_egress="always"))["steps"] == []
    assert clouds.plan(wanted(client_egress="never"))["steps"][0]["why"] == "It is not wanted any more"
    assert clouds.plan(wanted(state="absent"))["steps"][0]["why"] == "It belongs to this link"


def test_rules_of_others_are_never_touched_and_a_taken_name_is_refused():
    theirs = firewall(NAME, None, allowed=("tcp", "22"))
    start = dict(firewalls=[theirs, firewall("theirs", OTHER_MARK, ranges=[ip(3) + "/32"]), deny_all()], clusters=[cluster(1)])
    problem, = standing(**start).plan(wanted())["problems"]
    assert problem == (
        f"Project my-project already has a firewall rule {NAME} that this link did not make: choose another firewall_name, remove it, or "
        "set adopt: true."
    )
    clouds = standing(**start)
    assert clouds.run(wanted(firewall_name="mine"))["steps"] == [] and clouds.found["firewalls"][:3] == start["firewalls"]
    clouds = standing(**start)
    assert clouds.run(wanted(adopt=True))["steps"] == [] and clouds.found["firewalls"][0]["description"] == model.TEXT
    for other in (dict(direction="INGRESS"), dict(network=OTHER_NETWORK)):
        problem, = standing(**{**start, "firewalls": [{**theirs, **other}, deny_all()]}).plan(wanted(adopt=True))["problems"]
        assert problem.endswith("choose another firewall_name, or remove it.")


def test_the_older_guides_ssh_rule_is_made_on_request_only():
    clouds = standing(clusters=[cluster(1)])
    step, = [s for s in clouds.plan(wanted(iap_ssh=True))["steps"] if s["resource"] == "firewall_rule"]
    after = step["after"]
    assert (after["direction"], after["source_ranges"], after["allowed"]) == ("INGRESS", ["35.235.240.0/20"], [{"ip_protocol": "tcp", "ports": ["22"]}])
    assert clouds.run(wanted(iap_ssh=True))["steps"] == []
    clouds.found["firewalls"][0]["source_ranges"].append("0.0.0.0/0")
    clouds.found["firewalls"][0]["source_tags"].append("by-hand")
    assert [s["why"] for s in clouds.plan(wanted(iap_ssh=True))["steps"]] == ["Not as wanted: source ranges and source tags"]
    assert actions(clouds.plan(wanted())) == ["delete firewall_rule"]


def test_the_port_of_a_suspended_cluster_stays_open():
    clouds = made(firewalls=[deny_all()])
    clouds.found["clusters"][1].update(status="SUSPENDED", private_link_address="")
    assert clouds.plan(wanted())["steps"] == []
    del clouds.found["clusters"][1]
    step, = [s for s in clouds.plan(wanted())["steps"] if s["resource"] == "firewall_rule"]
    assert step["after"]["allowed"] == [{"ip_protocol": "tcp", "ports": ["19531"]}]


# --- names ---


def test_each_strategy_has_its_zones_and_a_change_makes_the_new_before_the_old_goes():
    clouds = made()
    assert sorted(z["name"] for z in clouds.found["zones"]) == [host(1), host(2)]
    first = actions(clouds.plan(wanted(dns="shared")))
    assert first == ["create managed_zone", "create record", "create record"] + ["delete record", "delete managed_zone"] * 2
    assert clouds.run(wanted(dns="shared"))["steps"] == []
    one, = clouds.found["zones"]
    assert (one["zone_id"], one["name"], one["comment"]) == ("zilliz-privatelink-zone", SHARED_ZONE, model.TEXT)
    assert any("answers for every name under it in its networks" in note for note in clouds.plan(wanted(dns="shared"))["notes"])
    assert clouds.run(wanted())["steps"] == [] and len(clouds.found["zones"]) == 2
    last = clouds.run(wanted(dns="none"))
    assert last["steps"] == [] and clouds.found["zones"] == []
    here = clouds.found["endpoints"][0]["ip_address"]
    assert last["result"]["records"] == [{"name": host(n), "type": "A", "value": here, "ttl": 60} for n in (1, 2)]


def test_a_shared_zone_stays_until_every_link_has_its_own_and_check_mode_foresees_that_it_goes():
    clouds = made(wanted(dns="shared"))
    clouds.found["clusters"].append(cluster(3, linked=False))
    plan = clouds.plan(wanted())
    assert f"Zone {SHARED_ZONE} stays until every cluster has its own." in plan["notes"]
    late = [s for s in plan["steps"] if s["action"] == "delete"]
    assert [s["resource"] for s in late] == ["record", "record", "managed_zone"] and not any(s["known"] for s in late)
    assert clouds.run(wanted())["steps"] == [] and SHARED_ZONE not in [z["name"] for z in clouds.found["zones"]]


def test_a_cluster_that_comes_back_finds_its_name():
    clouds = made()
    clouds.found["clusters"][0].update(status="RESUMING", private_link_address="")
    plan = clouds.plan(wanted())
    assert plan["steps"] == [] and [item["kind"] for item in plan["waiting"]] == ["maintenance"]


@pytest.mark.parametrize("status, stays", [("SUSPENDED", True), ("MODIFYING", True), ("DELETED", False), (None, False)])
def test_a_name_stays_as_long_as_its_cluster(status, stays):
    clouds = made()
    if status:
        clouds.found["clusters"][0].update(status=status, private_link_address="")
    else:
        del clouds.found["clusters"][0]
    clouds.run(wanted())
    assert (host(1) in [z["name"] for z in clouds.found["zones"]]) == stays and host(2) in [z["name"] for z in clouds.found["zones"]]


@pytest.mark.parametrize("networks, why", [
    ([NETWORK, OTHER_NETWORK], "It also answers in network my-second-vpc"),
    ([OTHER_NETWORK], "It does not answer in network my-vpc and it also answers in network my-second-vpc"),
    ([], "It does not answer in network my-vpc"),
])
def test_a_zone_answers_in_the_wanted_networks_alone(networks, why):
    clouds = made()
    clouds.found["zones"][0]["networks"] = networks
    plan = clouds.plan(wanted())
    assert [(s["action"], s["resource"], s["why"]) for s in plan["steps"]] == [("update", "managed_zone", why)]
    assert [z["networks"] for z in plan["batch"]] == [[NETWORK]], "upstream never takes a network away"
    assert clouds.run(wanted())["steps"] == []


def test_a_network_that_joins_or_leaves_is_seen_in_every_zone():
    clouds = made()
    both = wanted(zone_networks="my-second-vpc")
    assert actions(clouds.plan(both)) == ["update managed_zone"] * 2
    assert clouds.run(both)["steps"] == [] and all(z["networks"] == sorted([NETWORK, OTHER_NETWORK]) for z in clouds.found["zones"])
    assert clouds.run(wanted())["steps"] == [] and all(z["networks"] == [NETWORK] for z in clouds.found["zones"])


@pytest.mark.parametrize("drift", [dict(value=["192.0.2.1"]), dict(value=["192.0.2.1", ip(1)]), dict(ttl=300)])
def test_a_record_has_the_endpoints_address_and_no_other(drift):
    clouds = standing(clusters=[cluster(1)])
    clouds.run(wanted())
    one, = [r for r in clouds.found["zones"][0]["records"] if r["type"] == "A"]
    one.update(drift)
    plan = clouds.plan(wanted())
    assert actions(plan) == ["update record"] and len(plan["batch"]) == 1, "upstream never takes a value away"
    assert clouds.run(wanted())["steps"] == []


def test_a_cname_in_the_way_is_replaced_in_one_change():
    clouds = standing(clusters=[cluster(1)])
    clouds.found["zones"] = [zone(1, SHARED_ZONE, records=[record(host(1), "CNAME", "elsewhere.example.com.")])]
    plan = clouds.plan(wanted(dns="shared"))
    assert actions(plan) == ["replace record"]
    assert [(r["type"], r["state"]) for r in plan["batch"][0]["records"]] == [("CNAME", "absent"), ("A", "present")]
    assert clouds.run(wanted(dns="shared"))["steps"] == []


def test_a_foreign_record_in_a_foreign_zone_is_refused_unless_adopted():
    start = dict(clusters=[cluster(1)], zones=[zone(1, SHARED_ZONE, None, records=[record(host(1), "A", "192.0.2.1")])])
    problem, = standing(**start).plan(wanted(dns="shared"))["problems"]
    assert problem.endswith("which this link did not make: remove it, or set adopt: true.")
    assert actions(standing(**start).plan(wanted(dns="shared", adopt=True))) == ["update managed_zone", "update record"]


def test_a_zone_of_another_link_is_taken_over_only_when_that_link_is_gone():
    theirs = dict(zones=[zone(1, SHARED_ZONE, OTHER_MARK)], clusters=[cluster(1)])
    for alive in (endpoint(5, owner=OTHER_MARK), endpoint(5, owner=None)):
        # Alive by its mark, or because a name leads to it: the endpoint may be one that the other link was given.
        theirs["zones"][0]["records"] = [record(host(7), "A", ip(5))]
        clouds = standing(endpoints=[endpoint(1), alive], **theirs)
        assert "update managed_zone" not in actions(clouds.plan(wanted(dns="shared")))
        assert "delete managed_zone" not in actions(clouds.plan(wanted(state="absent")))
    assert "update managed_zone" in actions(standing(**theirs).plan(wanted(dns="shared")))
    # Where not all endpoints of the network are seen, a link that seems gone may be another project's.
    shared = wanted(dns="shared", zone_project_id=OTHER_GOOGLE)
    assert "update managed_zone" not in actions(standing(**theirs).plan(shared))


def test_a_managed_zone_name_that_is_taken_gives_way():
    taken = zone(1, "example.com", None, zone_id="zilliz-privatelink-zone")
    clouds = standing(clusters=[cluster(1)], zones=[taken])
    assert clouds.run(wanted(dns="shared"))["steps"] == []
    assert clouds.found["zones"][0] == taken and clouds.found["zones"][1]["zone_id"].startswith("zilliz-privatelink-zone-")


@pytest.mark.parametrize("count, auth_kind, batched", [(5, "serviceaccount", False), (6, "serviceaccount", True), (1, "accesstoken", True)])
def test_names_are_one_batch_when_many_or_when_upstream_cannot_write_them(count, auth_kind, batched):
    clouds = standing(clusters=[cluster(n) for n in range(1, 1 + count)])
    want = dict(wanted(), auth_kind=auth_kind)
    plan = clouds.plan(want)
    by = plan["by"]["name"]
    assert len(plan["batch"]) == count * batched and [len(by[k]) for k in ("create_managed_zone", "create_record")] == [count * (not batched)] * 2
    for one in plan["batch"]:
        assert set(one) == {"name", "zone_id", "state", "records", "description", "labels", "networks"}
        assert [set(r) for r in one["records"]] == [{"name", "type", "ttl", "values", "state"}]
    assert clouds.run(want)["steps"] == []


# --- what stands in the way ---


@pytest.mark.parametrize("given, more, words", [
    ({}, dict(zone_limit={"limit": 10, "count": 9}), "2 managed zones would be made, but project my-project has 9 of its 10: raise the Cloud DNS quota"),
    ({}, dict(network=None, network_names=["my-vpn"]),
     "Network my-vpc was not found in project my-project, which has my-vpn: check network and gcp_project_id, and for a shared VPC set network_project_id"),
    ({}, dict(subnetwork=None), "Subnetwork my-subnet was not found in region us-west1 of project my-project: check subnetwork"),
    ({}, dict(subnetwork=None, subnetwork_regions=["us-east4", "us-west2"]),
     "Subnetwork my-subnet is in region us-east4 and us-west2, and the endpoint must be in us-west1: name a subnetwork there."),
    ({}, dict(subnetwork=dict(subnetwork(), purpose="REGIONAL_MANAGED_PROXY")), "Subnetwork my-subnet is for REGIONAL_MANAGED_PROXY alone"),
    (dict(client_egress="always"), dict(firewalls=[firewall("ours", denied=("all",))]),
     "Firewall rule ours of project my-project bears the mark of this link and denies"),
    (dict(dns="shared"), dict(zones=[zone(1, SHARED_ZONE, None, leads_away=True)]),
     f"Zone {SHARED_ZONE} (zone-1) forwards or peers, so it can hold no records"),
    ({}, dict(subnetwork=subnetwork(SECOND_SUBNET)), "Subnetwork my-subnet is in network my-second-vpc, not in network my-vpc: check it."),
    (dict(subnetwork=SUBNET.replace("us-west1", "us-east4")), dict(subnetwork=None),
     "Subnetwork my-subnet is in region us-east4, and the endpoint must be in us-west1: name a subnetwork there."),
    (dict(subnetwork=None), dict(subnetwork=None), "subnetwork is missing: name one of network my-vpc in region us-west1."),
    (dict(region="us-east4"), dict(region="us-east4"), "the service is in us-west1, and an endpoint must be in the region of its service"),
    (dict(ip_address="10.99.0.1"), {}, "ip_address 10.99.0.1 is not in subnetwork my-subnet (10.10.0.0/24): choose one that is."),
    (dict(ip_address=ip(1)), dict(addresses=[address(1, None)]), f"ip_address {ip(1)} is reserved as address-1: bring it with address: address-1"),
    (dict(ip_address=ip(1)), dict(endpoints=[endpoint(1, owner=OTHER_MARK)]), f"ip_address {ip(1)} is in use by psc-1: choose one that is free."),
    (dict(ip_address=ip(1)), dict(endpoints=[endpoint(1, "REJECTED")], addresses=[address(1, None, users=["psc-1"])]),
     f"ip_address {ip(1)} is reserved as address-1: bring it with address: address-1"),
    ({}, dict(rule_names=[NAME]), f"Project my-project already has a forwarding rule {NAME} in region us-west1 that this link did not make"),
    ({}, dict(addresses=[address(1, None, name=NAME)]),
     f"already has an address {NAME} in region us-west1 that this link did not make: use it with address: {NAME}"),
    ({}, dict(services=[], no_service="None there: choose."), "None there: choose."),
    (dict(service_name="mine"), {}, "Zilliz Cloud has no endpoint service mine in region gcp-us-west1: leave service_name out, or choose"),
    ({}, dict(services=[{"cloud_id": "aws", "endpoint_service": "x"}]), "is on cloud aws and this is the role for gcp"),
    ({}, dict(clusters=[], bound_regions=["gcp-us-east4"]), "does not use region gcp-us-west1 (it uses gcp-us-east4)"),
    (dict(zone_networks="gone"), dict(unseen_networks=[model.network_url(GOOGLE, "gone")]), "Network gone was not found: check its entry in zone_networks"),
    (dict(zone_id="mine"), {}, "Managed zone mine of project my-project was not found: check zone_id."),
    (dict(zone_id="zone-1"), dict(zones=[zone(1, SHARED_ZONE, None, private=False)]),
     "zone-1 of project my-project is public, and a private link needs a private one"),
    (dict(zone_id="zone-1"), dict(zones=[zone(1, "example.com", None)], clusters=[cluster(1)]),
     f"Not under zone example.com: {host(1)}; choose a zone that holds them"),
    (dict(dns="shared"), dict(zones=[zone(1, SHARED_ZONE, None, in_account=False)]),
     "already has a private zone vectordb.zillizcloud.com (zone-1) that belongs to project host-project: have its owner take the network out"),
    (dict(dns="shared", zone_networks="my-second-vpc"), dict(zones=[zone(1, SHARED_ZONE, None, networks=[OTHER_NETWORK])]),
     "Network my-second-vpc already has another private zone vectordb.zillizcloud.com (zone-1), and takes only one of a name"),
    (dict(cluster_names=["prod-99"]), {}, "No cluster prod-99 in project"),
])
def test_refusals(given, more, words):
    plan = plan_gcp(wanted(**given), found(**more))
    problem, = plan["problems"]
    assert words in problem and plan["steps"] == []


def test_one_cluster_is_not_taken_down_without_the_others():
    clouds = made()
    problem, = clouds.plan(wanted(state="absent", cluster_names=["prod-01"]))["problems"]
    assert "cuts prod-02 (in01-000000000000002) too" in problem
    assert clouds.plan(wanted(state="absent", cluster_names=["prod-01"], confirm_clusters="in01-000000000000002"))["steps"]


def test_a_teardown_takes_everything_in_the_reverse_order():
    plan = made(firewalls=[deny_all()]).plan(wanted(state="absent"))
    assert list(dict.fromkeys(actions(plan))) == [
        "delete firewall_rule", "delete record", "delete managed_zone", "revoke private_endpoint", "delete psc_endpoint", "delete address",
    ]


def test_what_google_bills_is_told():
    costs = {c["what"]: c["quantity"] for c in plan_gcp(wanted(), found())["costs"]}
    assert costs == {"Private Service Connect endpoint": 1, "Cloud DNS managed zone": 2}
    assert plan_gcp(wanted(state="absent"), found())["costs"] == []


def test_the_result_tells_the_link_as_it_is():
    clouds = made()
    result = clouds.plan(wanted())["result"]
    assert result["link"] == MARK and result["service_name"] == SERVICE and result["gcp_project_id"] == GOOGLE
    assert result["endpoint"]["state"] == "ACCEPTED" and isinstance(result["endpoint"]["psc_connection_id"], str)
    assert result["registration"] == {"endpoint_id": NAME, "endpoint_status": "AVAILABLE"}
    assert [link["port"] for link in result["links"]] == [19531, 19532]
    assert [z["ours"] for z in result["zones"]] == [True, True] and list(itertools.chain(*clouds.plan(wanted())["by"]["name"].values())) == []
