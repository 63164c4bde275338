# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each drift and each thing in the way on AWS: its own row, and no other that is bad."""

from __future__ import annotations

import pytest

from ansible_collections.zilliz.cloud.plugins.module_utils._checks import overall
from unit.plugins.module_utils.model import (
    CLIENTS, OTHER_MARK, OTHER_SERVICE, OTHER_VPC, REGION, SHARED_ZONE, SUBNETS, VPC, Clouds, alias, cluster, endpoint,
    found, group, host, registration, rule, wanted, zone,
)
from unit.plugins.module_utils.test_doctor import examine

BAD = ("broken", "missing", "degraded")


def made(want=None, **more):
    clouds = Clouds(found(**dict({"clusters": [cluster(1, linked=False)]}, **more)))
    assert clouds.run(want or wanted())["steps"] == []
    return clouds.found


def bad(want, before):
    return [r for r in examine(want, before)[1] if r["state"] in BAD]


def only(want, before):
    """The one bad row."""
    rows = bad(want, before)
    assert len(rows) == 1, rows
    return rows[0]


def one(kind, before):
    return before[kind][-1]


# --- drifts of what the set-up made ---


def nothing_left(before, kind):
    before[kind].clear()


DRIFTS = {
    "endpoint gone": (lambda f: f["endpoints"].clear(), {"endpoint": "broken", "registration": "broken", "stale_registrations": "degraded",
                                                         "record": "broken"}),
    "endpoint rejected": (lambda f: one("endpoints", f).update(state="rejected"), {"endpoint": "broken", "registration": "broken", "record": "broken"}),
    "registration gone": (lambda f: f["registrations"].clear(), {"registration": "broken"}),
    "subnet gone": (lambda f: one("endpoints", f).update(subnet_ids=SUBNETS[:2]), {"endpoint": "degraded"}),
    "groups changed": (lambda f: one("endpoints", f).update(group_ids=[CLIENTS]), {"endpoint": "degraded", "firewall": "broken"}),
    "private DNS on": (lambda f: one("endpoints", f).update(private_dns_enabled=True), {"endpoint": "degraded"}),
    "tags gone": (lambda f: one("endpoints", f)["tags"].pop("Name"), {"endpoint": "degraded"}),
    "group's tags gone": (lambda f: one("groups", f)["tags"].pop("Name"), {"firewall": "degraded"}),
    "rule gone": (lambda f: one("groups", f)["ingress"].clear(), {"firewall": "broken"}),
    "rule too many": (lambda f: one("groups", f)["ingress"].append(rule(443, cidr="10.20.0.0/16")), {"firewall": "degraded"}),
    "rule replaced by a wider one": (lambda f: one("groups", f).update(ingress=[rule(19531, "by hand", cidr="10.0.0.0/8")]), {"firewall": "degraded"}),
    "second endpoint": (lambda f: f["endpoints"].append(endpoint(1, created="2027")), {"duplicates": "degraded"}),
    "DNS attribute off": (lambda f: f["vpc"].update(enable_dns_support=False), {"network": "broken"}),
    "zone gone": (lambda f: f["zones"].clear(), {"zone": "broken", "record": "broken"}),
    "zone's comment changed": (lambda f: one("zones", f).update(comment="by hand"), {"zone": "degraded"}),
    "zone's tags gone": (lambda f: one("zones", f)["tags"].clear(), {"zone": "degraded"}),
    "VPC left the zone": (lambda f: one("zones", f).update(networks=[OTHER_VPC]), {"association": "broken"}),
    "record gone": (lambda f: one("zones", f)["records"].pop(), {"record": "broken"}),
    "record elsewhere": (lambda f: one("zones", f)["records"][-1].update(value=["192.0.2.1"], alias_zone_id=None), {"record": "broken"}),
    "endpoint pending": (lambda f: one("endpoints", f).update(state="pending"), {"endpoint": "missing"}),
    "endpoint not accepted": (lambda f: one("endpoints", f).update(state="pendingacceptance"), {"endpoint": "missing"}),
    "endpoint partial": (lambda f: one("endpoints", f).update(state="partial"), {"endpoint": "degraded"}),
    "service not visible": (lambda f: f.update(service_detail={"error": "InvalidServiceName"}), {"service": "degraded"}),
}


@pytest.mark.parametrize("kind", DRIFTS)
def test_a_drift_is_named_and_nothing_else(kind):
    drift, rows = DRIFTS[kind]
    before = made()
    drift(before)
    told = bad(wanted(), before)
    assert {r["check"]: r["state"] for r in reversed(told)} == rows, told
    assert overall(told) == ("degraded" if set(rows.values()) == {"degraded"} else "broken")


def test_an_endpoint_of_another_service_is_replaced_where_that_is_allowed():
    before = made()
    one("endpoints", before)["service_name"] = OTHER_SERVICE
    row, = [r for r in bad(wanted(), before) if r["check"] == "endpoint"]
    assert row["state"] == "broken" and row["mend"].startswith("Set recreate: true")
    row = next(r for r in bad(wanted(recreate=True), before) if r["check"] == "endpoint")
    assert row["state"] == "broken" and row["cause"].startswith(f"It is for service {OTHER_SERVICE}, not for ")
    assert row["mend"].startswith("Run the playbook zilliz.cloud.aws again (it will: create vpc_endpoint")


def test_the_sentences_of_a_lost_record_and_rule():
    before = made()
    record = one("zones", before)["records"][-1]
    endpoint_name = record["value"][0]
    record["value"] = ["vpce-00000000000000009-abcdefgh.example.com."]
    row = only(wanted(), before)
    assert row["subject"] == host(1) and row["cause"].startswith("It leads to vpce-00000000000000009")
    assert endpoint_name in row["evidence"] and row["mend"].startswith("Run the playbook zilliz.cloud.aws again (it will: update record")
    record["value"] = [endpoint_name]
    one("groups", before)["ingress"].clear()
    row = only(wanted(), before)
    assert row["cause"] == "The group does not let 10.20.0.0/16 in on port 19531." and row["evidence"] == "not let in: 10.20.0.0/16 on port 19531"


def test_a_record_of_another_type_is_told_by_its_type():
    row = only(wanted(dns="shared", record_type="cname"), made(wanted(dns="shared")))
    assert row["cause"] == "It is A instead of CNAME." and "it will: replace record" in row["mend"]


def test_one_address_family_that_lacks_leaves_the_other():
    want = wanted(ip_address_type="dualstack")
    before = made(want)
    records = one("zones", before)["records"]
    records.remove(next(r for r in records if r["type"] == "AAAA"))
    assert only(want, before)["state"] == "degraded"


def test_a_further_vpc_of_the_zone():
    want = wanted(zone_vpcs=OTHER_VPC)
    before = made(want)
    one("zones", before)["networks"].remove(OTHER_VPC)
    row = only(want, before)
    assert (row["check"], row["state"]) == ("association", "broken") and f"does not answer in VPC {OTHER_VPC}" in row["cause"]


# --- before the set-up ---


def test_before_the_set_up_all_is_missing_and_nothing_broken():
    rows = bad(wanted(), found(clusters=[cluster(1)]))
    assert {r["state"] for r in rows} == {"missing"} and overall(rows, preflight=True) == "ready"
    assert {"endpoint", "registration", "zone", "record", "firewall"} == {r["check"] for r in rows}
    assert all(r["mend"].startswith("Run the playbook zilliz.cloud.aws (it will: ") for r in rows)


def test_an_account_that_the_service_does_not_know_is_entered_by_the_set_up():
    before = found(clusters=[cluster(1)], service_detail={"error": "InvalidServiceName"})
    before["services"][0]["whitelist_required"] = True
    row, = [r for r in bad(wanted(), before) if r["check"] == "service"]
    assert row["state"] == "missing" and "it will: authorize private_endpoint_whitelist" in row["mend"]


@pytest.mark.parametrize("more, check", [
    (dict(vpc=None), "network"), (dict(service_detail={"error": "InvalidServiceName"}), "service"),
    (dict(zone_limit={"limit": 10, "count": 10}), "quota"), (dict(unseen_vpcs=[VPC]), "association"),
    (dict(services=[], no_service="Zilliz Cloud offers no private link in region aws-us-west-2."), "service"),
    (dict(zones=[zone(1, host(1), in_account=False)]), "other_zones"), (dict(groups=[group(9, None)]), "firewall"),
    (dict(subnets=[dict(s, free=0) for s in found()["subnets"]]), "zones"),
    (dict(endpoints=[endpoint(1, service=OTHER_SERVICE)], registrations=[registration("vpce-00000000000000001")]), "endpoint"),
    (dict(zones=[zone(1, SHARED_ZONE, None, records=[dict(alias(host(1), "vpce-00000000000000009"), value=["192.0.2.1"])])]), "record"),
])
def test_what_stands_in_the_way_is_placed(more, check):
    want = wanted(dns="shared" if check == "record" else "exact")
    told = [r for r in bad(want, found(clusters=[cluster(1)], **more)) if r["state"] == "broken"]
    assert check in [r["check"] for r in told] and not [r for r in told if r["check"] == "input"]
    assert overall(told, preflight=True) == "broken"


def test_a_zone_of_the_cloud_that_the_service_lacks():
    before = found(clusters=[cluster(1)])
    before["service_detail"]["zone_ids"] = ["usw2-az1"]
    row, = [r for r in bad(wanted(), before) if r["check"] == "zones"]
    assert row["state"] == "broken" and row["mend"].startswith("Leave these out of subnet_ids")


def test_where_no_cluster_is_yet_nothing_lacks_its_link():
    row, = [r for r in examine(wanted(), found(clusters=[]))[1] if r["check"] == "link"]
    assert row["state"] == "skipped" and row["cause"].startswith("No cluster is there yet")


def test_the_clients_way_out_is_not_judged_before_there_is_an_endpoint():
    row, = [r for r in examine(wanted(client_security_group_ids=[CLIENTS]), found())[1] if r["check"] == "client_egress"]
    assert row["state"] == "skipped" and row["cause"] == "Endpoint or ports are not known yet."


def test_a_second_endpoint_is_told_although_something_stands_in_the_way():
    before = dict(made(), problems=["Something is wrong."])
    before["endpoints"].append(endpoint(1, created="2027"))
    row, = [r for r in bad(wanted(), before) if r["check"] == "duplicates"]
    assert (row["state"], row["subject"]) == ("degraded", "vpce-00000000000000001")
    assert row["mend"] == "Run the playbook zilliz.cloud.aws again once nothing stands in its way."


def test_a_teardown_has_a_row_for_each_thing_that_goes():
    rows = bad(wanted(state="absent"), made())
    assert {"endpoint", "registration", "zone", "record", "firewall"} <= {r["check"] for r in rows} and {r["state"] for r in rows} == {"degraded"}
    rows = bad(wanted(state="absent"), dict(made(), problems=["Something is wrong."]))
    assert [(r["check"], r["cause"]) for r in rows] == [("input", "Something is wrong.")], "names that go are no lack"


# --- groups that the user brought ---


def brought(**rules):
    groups = [group(7, None, "mine", ingress=rules.get("ingress", ())), group(1, None, "clients", group_id=CLIENTS, egress=rules.get("egress", ()))]
    want = wanted(security_group_ids=[groups[0]["group_id"]], client_security_group_ids=[CLIENTS], client_cidrs=["10.20.0.0/16", "2600:1f14::/56"])
    before = made(want, groups=groups)
    return want, before


OUT = rule(19531, "by hand", cidr="0.0.0.0/0")


@pytest.mark.parametrize("ingress, state, words", [
    ([], "broken", "10.20.0.0/16 on port 19531"),
    ([rule(19531, "", group_id=CLIENTS), rule(443, "", cidr="10.0.0.0/8")], "unknown", "10.20.0.0/16 on port 19531"),
    ([rule(19531, "", cidr="10.0.0.0/8"), rule(19531, "", cidr="2600:1f14::/57")], "degraded", "do not let 2600:1f14::/56 on port 19531 in"),
    ([rule(19531, "", cidr="10.0.0.0/8"), rule(19531, "", cidr="2600:1f14::/56")], "unknown", f"let {CLIENTS} on port 19531 in cannot be told"),
    ([rule(19531, "", prefix_list_id="pl-1")], "unknown", "10.20.0.0/16 on port 19531"),
    ([rule(19530, "", cidr="0.0.0.0/0")], "broken", "on port 19531"),
])
def test_a_brought_group_that_shuts_clients_out(ingress, state, words):
    want, before = brought(ingress=ingress, egress=[OUT])
    row = next(r for r in examine(want, before)[1] if r["check"] == "firewall")
    assert row["state"] == state and words in row["cause"]
    command = f"aws ec2 authorize-security-group-ingress --region {REGION} --group-id sg-00000000000000007 "
    assert command in row["mend"] and row["mend"].startswith("Only if they do not get in: " if state == "unknown" else command)
    assert not [r for r in bad(want, before) if r["check"] != "firewall"]


def test_a_brought_group_that_lets_all_in_is_fine():
    peers = [{"cidr": "10.0.0.0/8"}, {"cidr": "2600:1f14::/32"}, {"group_id": CLIENTS}]
    want, before = brought(ingress=[rule(19531, "", **peer) for peer in peers], egress=[OUT])
    assert bad(want, before) == []


def test_a_brought_group_without_named_clients_must_let_somebody_in():
    groups = [group(7, None, "mine", ingress=[rule(443, "", cidr="0.0.0.0/0")])]
    want = wanted(security_group_ids=["sg-00000000000000007"], client_cidrs=[])
    before = made(want, groups=groups)
    assert "let nobody in on port 19531" in only(want, before)["cause"]
    before["groups"][0]["ingress"].append(rule(19531, "", prefix_list_id="pl-1"))
    assert bad(want, before) == []


@pytest.mark.parametrize("egress, state", [
    ([], "broken"), ([rule(443, "", cidr="0.0.0.0/0")], "broken"), ([rule(19531, "", cidr="10.20.1.0/24")], None),
    ([rule(19531, "", cidr="10.20.2.0/24")], "broken"), ([rule(19531, "", prefix_list_id="pl-1")], None),
    ([rule(19531, "", group_id="sg-00000000000000007")], None), ([OUT], None),
])
def test_the_clients_way_out(egress, state):
    peers = [{"cidr": "10.0.0.0/8"}, {"cidr": "2600:1f14::/32"}, {"group_id": CLIENTS}]
    want, before = brought(ingress=[rule(19531, "", **peer) for peer in peers], egress=egress)
    rows = bad(want, before)
    assert [(r["check"], r["state"]) for r in rows] == ([("client_egress", state)] if state else [])
    assert all("client_egress: true" in r["mend"] for r in rows)


def test_half_of_the_addresses_is_degraded():
    want, before = brought(ingress=[rule(19531, "", cidr="0.0.0.0/0"), rule(19531, "", cidr="::/0"), rule(19531, "", group_id=CLIENTS)],
                           egress=[rule(19531, "", cidr="10.20.1.0/24")])
    one("endpoints", before)["addresses"] = ["10.20.1.10", "10.20.2.10"]
    row = only(want, before)
    assert (row["check"], row["state"]) == ("client_egress", "degraded") and row["evidence"] == "not reached: 10.20.2.10"


def test_the_way_out_that_the_set_up_opens():
    want = wanted(client_security_group_ids=[CLIENTS], client_egress=True)
    before = made(want)
    clients = next(g for g in before["groups"] if g["group_id"] == CLIENTS)
    clients["egress"].clear()
    row = only(want, before)
    assert (row["check"], row["state"]) == ("client_egress", "broken") and "it will: create client_egress_rule" in row["mend"]
    clients["egress"].append(OUT)
    assert only(want, before)["state"] == "degraded"


def test_a_way_out_that_nobody_needs_any_more():
    want = wanted(client_security_group_ids=[CLIENTS], client_egress=True)
    before = made(want)
    clients = next(g for g in before["groups"] if g["group_id"] == CLIENTS)
    clients["egress"].append(dict(clients["egress"][0], from_port=443, to_port=443, port=443))
    row = only(want, before)
    assert (row["check"], row["state"]) == ("client_egress", "degraded") and f"it will: delete client_egress_rule {CLIENTS}" in row["mend"]


# --- zones of others ---


@pytest.mark.parametrize("in_account", [True, False])
def test_a_more_specific_zone_that_takes_the_name(in_account):
    want = wanted(dns="shared")
    before = made(want)
    before["zones"].append(zone(9, "aws-us-west-2." + SHARED_ZONE, None, in_account))
    row = only(want, before)
    assert (row["check"], row["state"], row["subject"]) == ("other_zones", "broken", host(1))
    assert "disassociate-vpc-from-hosted-zone" in row["mend"] and row["mend"].startswith("aws route53" if in_account else "Have account 444455556666")


def test_a_more_specific_zone_that_leads_to_the_endpoint_or_is_elsewhere_takes_nothing():
    want = wanted(dns="shared")
    before = made(want)
    right = [r for r in before["zones"][0]["records"] if r["type"] == "A"]
    before["zones"] += [zone(8, "aws-us-west-2." + SHARED_ZONE, None, records=right), zone(9, host(1), None, vpc_ids=[OTHER_VPC])]
    assert bad(want, before) == []


def test_a_brought_zone_that_does_not_answer_in_the_vpc():
    want = wanted(zone_id="Z0000000000000000005", dns="shared")
    before = made(want, zones=[zone(5, SHARED_ZONE, None, vpc_ids=[OTHER_VPC])])
    row = only(want, before)
    assert (row["check"], row["state"]) == ("association", "broken")
    assert row["mend"] == ("Associate it: aws route53 associate-vpc-with-hosted-zone --hosted-zone-id Z0000000000000000005 "
                           f"--vpc VPCRegion={REGION},VPCId={VPC}")


def test_an_endpoint_of_another_link_is_told_as_such():
    theirs = endpoint(5, owner=OTHER_MARK, group_ids=["sg-00000000000000007"])
    groups = [group(7, OTHER_MARK, "theirs", ingress=[rule(19531, "", cidr="10.0.0.0/8")])]
    before = made(endpoints=[theirs], groups=groups, registrations=[registration(theirs["endpoint_id"])])
    rows = examine(wanted(), before)[1]
    shown, = [r for r in rows if r["check"] == "endpoint"]
    assert shown["state"] == "ok" and f"it belongs to link {OTHER_MARK}" in shown["evidence"] and not [r for r in rows if r["state"] in BAD]
    before["groups"][0]["ingress"].clear()
    assert only(wanted(), before)["check"] == "firewall"


# --- deep ---

ALL = [{"number": n, "egress": e, "allow": n == 100, "protocol": "-1", "cidr": "0.0.0.0/0", "from_port": 0, "to_port": 65535}
       for n in (100, 32767) for e in (True, False)]


def deep(**more):
    """Readings in which nothing is in the way."""
    parts = {
        "network_acl": {"acls": [{"acl_id": "acl-1", "subnet_ids": list(SUBNETS), "entries": list(ALL)}], "cidrs": ["10.20.0.0/16"]},
        "resolver": {"rules": []}, "other_zones": {"zones": []},
        "quota": {"endpoints": 50, "assumed": False, "count": 1, "zones": {"limit": 500, "count": 1}},
    }
    return {name: dict(part, error=None, permission=None, **more.get(name, {})) if name not in more else
            dict(dict(part, error=None, permission=None), **more[name]) for name, part in parts.items()}


def deeply(dns="exact", **more):
    want = wanted(dns=dns, deep=True)
    before = made(want)
    before["deep"] = deep(**more)
    return examine(want, before)[1]


def verdict(check, rows):
    assert not [r for r in rows if r["state"] in BAD and r["check"] != check], rows
    return [r for r in rows if r["check"] == check]


def deny(number, egress, first, last, cidr="0.0.0.0/0"):
    return {"number": number, "egress": egress, "allow": False, "protocol": "6", "cidr": cidr, "from_port": first, "to_port": last}


def lists(*entries, subnet_ids=tuple(SUBNETS)):
    rest = [x for x in SUBNETS if x not in subnet_ids]
    return {"network_acl": {"acls": [{"acl_id": "acl-1", "subnet_ids": list(subnet_ids), "entries": ALL + list(entries)},
                                     {"acl_id": "acl-2", "subnet_ids": rest, "entries": ALL}]}}


def test_deep_readings_without_anything_in_the_way_are_ok():
    rows = deeply()
    assert not [r for r in rows if r["state"] in (*BAD, "unknown")]
    assert {r["state"] for r in rows if r["check"] in ("network_acl", "resolver", "other_zones", "quota")} == {"ok"}


@pytest.mark.parametrize("entry, state, words, command", [
    (deny(50, False, 19000, 20000), "broken", "10.20.0.0/16 cannot come in to the endpoint's subnets on port 19531", "--ingress --rule-number 49"),
    (deny(50, True, 1024, 65535), "broken", "The way back from the endpoint to 10.20.0.0/16 is closed on ports 32768-60999", "--egress --rule-number 49"),
    ([deny(50, True, 1024, 65535), deny(200, True, 40000, 41000)], "broken", "is closed on ports 32768-60999", "From=32768,To=60999"),
    (deny(50, True, 32768, 40000), "degraded", "is closed on ports 32768-40000", "From=32768,To=40000"),
    (deny(50, False, 19531, 19531, "10.20.7.0/24"), "degraded", "10.20.7.0/24 cannot come in", "--cidr-block 10.20.0.0/16"),
    (deny(1, False, 19531, 19531), "broken", "cannot come in", "Remove rule 1 of the network ACL"),
])
def test_a_network_acl_in_the_way(entry, state, words, command):
    entries = entry if isinstance(entry, list) else [entry]
    row, = verdict("network_acl", deeply(**lists(*entries)))
    assert row["state"] == state and words in row["cause"] and command in row["mend"] and f"rule {entries[0]['number']} denies it" in row["evidence"]


@pytest.mark.parametrize("entry", [deny(150, False, 0, 65535), deny(50, False, 443, 443), deny(50, True, 3389, 3389),
                                   deny(50, False, 19531, 19531, "192.0.2.0/24"), deny(50, True, 1024, 65535, "192.0.2.0/24")])
def test_a_network_acl_that_is_not_in_the_way(entry):
    assert [r["state"] for r in verdict("network_acl", deeply(**lists(entry)))] == ["ok"]


def test_network_acls_are_not_judged_before_a_port_is_known():
    before = dict(found(), deep=deep(**lists(deny(50, False, 0, 65535))))
    row, = [r for r in examine(wanted(deep=True), before)[1] if r["check"] == "network_acl"]
    assert row["state"] == "skipped" and row["cause"].startswith("No port is known")


def test_a_network_acl_of_one_subnet_is_degraded():
    row, = verdict("network_acl", deeply(**lists(deny(50, False, 19531, 19531), subnet_ids=SUBNETS[:1])))
    assert row["state"] == "degraded" and row["evidence"].endswith(f"subnets {SUBNETS[0]}")


def test_two_ports_that_one_rule_keeps_out_are_one_row_with_numbers_of_their_own():
    clusters = [cluster(1, linked=False), cluster(2, linked=False), cluster(7, linked=False)]
    before = made(wanted(deep=True), clusters=clusters)
    before["deep"] = deep(**lists(deny(50, False, 19000, 20000)))
    row = only(wanted(deep=True), before)
    assert "on ports 19531-19532 and 19537" in row["cause"]
    assert "--rule-number 48 --protocol tcp --port-range From=19531,To=19532" in row["mend"]
    assert row["mend"].endswith("--rule-number 49 --protocol tcp --port-range From=19537,To=19537 --cidr-block 10.20.0.0/16 --rule-action allow")


def forward(domain, rule_id="rslvr-rr-1", kind="FORWARD"):
    return {"rule_id": rule_id, "name": "office", "domain": domain, "type": kind, "targets": ["10.0.0.53"]}


@pytest.mark.parametrize("dns, rules, state", [
    ("exact", [forward(host(1))], "broken"), ("exact", [forward(SHARED_ZONE)], "ok"), ("exact", [forward("")], "ok"),
    ("shared", [forward(SHARED_ZONE)], "broken"), ("shared", [forward("aws-us-west-2." + SHARED_ZONE)], "broken"), ("shared", [forward("com")], "ok"),
    ("shared", [forward(SHARED_ZONE), forward(host(1), "rslvr-rr-2", "SYSTEM")], "ok"), ("shared", [forward("other.example.com")], "ok"),
    ("exact", [forward("x" + host(1))], "ok"),
])
def test_resolver_rules(dns, rules, state):
    row, = verdict("resolver", deeply(dns, resolver={"rules": rules}))
    assert row["state"] == state
    if state == "broken":
        assert row["subject"] == host(1) and row["evidence"] == "forwarded to 10.0.0.53"
        assert row["mend"].startswith(f"aws route53resolver disassociate-resolver-rule --region {REGION} --vpc-id {VPC} --resolver-rule-id rslvr-rr-1")


def test_without_names_of_ours_a_resolver_rule_is_how_the_name_is_found():
    row, = verdict("resolver", deeply("none", resolver={"rules": [forward(host(1))]}))
    assert (row["state"], row["subject"]) == ("ok", host(1)) and row["evidence"] == "asked of 10.0.0.53 by rule office (rslvr-rr-1); dns is none"


def test_a_resolver_rule_of_a_profile_is_taken_out_of_the_profile():
    row, = verdict("resolver", deeply(resolver={"rules": [dict(forward(host(1)), profile="shared")]}))
    assert row["state"] == "broken" and "of profile shared sends" in row["cause"] and row["mend"].startswith("Take the rule out of profile shared")


def test_profiles_bring_zones_of_their_own():
    near = {"zone_id": "Z7", "name": "aws-us-west-2." + SHARED_ZONE, "profile": "shared"}
    row, = verdict("other_zones", deeply("shared", other_zones={"zones": [near]}))
    assert row["state"] == "broken" and "Route 53 profile shared" in row["cause"]
    assert [r["state"] for r in verdict("other_zones", deeply("exact", other_zones={"zones": [near]}))] == ["ok"]
    unnamed = deeply("exact", other_zones={"zones": [dict(near, name=None)]})
    assert "unknown" in [r["state"] for r in verdict("other_zones", unnamed)]


@pytest.mark.parametrize("quota, state, words", [
    (dict(count=50), "degraded", "The VPC has no room for another endpoint"), (dict(count=49), "ok", ""),
    (dict(zones={"limit": 500, "count": 500}), "degraded", "The account has no room for another hosted zone"),
])
def test_quotas(quota, state, words):
    row, = verdict("quota", deeply(quota=quota))
    assert row["state"] == state and words in row["cause"]


def test_a_full_vpc_before_the_set_up_is_in_the_way():
    before = found(clusters=[cluster(1)], zone_limit=None)
    before["deep"] = deep(quota={"count": 50})
    row, = [r for r in bad(wanted(deep=True), before) if r["check"] == "quota"]
    assert row["state"] == "broken" and "--quota-code L-29B6F2EB --desired-value 60" in row["mend"]


def test_what_may_not_be_read_is_unknown_and_says_which_permission():
    denied = {"error": "ListResolverRules could not read it: no (AccessDeniedException); allow route53resolver:ListResolverRules in the IAM policy of "
                       "the credentials in use.", "permission": "route53resolver:ListResolverRules"}
    row, = verdict("resolver", deeply(resolver=denied))
    assert (row["state"], row["evidence"]) == ("unknown", "route53resolver:ListResolverRules")
    assert row["mend"] == "Allow route53resolver:ListResolverRules in the IAM policy of the credentials in use."
    rows = verdict("quota", deeply(quota=dict(denied, assumed=True, count=50)))
    assert [r["state"] for r in rows] == ["unknown", "degraded"] and "the default; the account's own could not be read" in rows[1]["evidence"]


def test_deep_readings_that_are_missing_altogether():
    want = wanted(deep=True)
    rows = {r["check"]: r["state"] for r in examine(want, dict(made(want), deep={}))[1]}
    assert rows["resolver"] == rows["network_acl"] == "unknown"
