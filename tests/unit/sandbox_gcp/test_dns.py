# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cloud DNS: what it refuses, what takes time, what a network answers."""
from __future__ import annotations

import pytest
from sandbox.gcp import landscape

from unit.sandbox_gcp.google_side import HOST, SECOND_VPC, SHARED_VPC, VPC, Refused, Side, record

APEX = f"{HOST}."


@pytest.fixture
def side():
    return Side()


@pytest.fixture
def zone(side):
    side.zone()
    return side


def refused(call, *args, **more):
    with pytest.raises(Refused) as caught:
        call(*args, **more)
    return caught.value.status, caught.value.reason


# Zones.


def test_a_zone_comes_with_what_google_adds(zone):
    found = zone.dns("GET", "/managedZones/z")
    assert found["kind"] == "dns#managedZone" and found["nameServers"] == ["ns-gcp-private.googledomains.com."]
    assert found["privateVisibilityConfig"]["networks"] == [{"kind": "dns#managedZonePrivateVisibilityConfigNetwork", "networkUrl": VPC}]
    assert zone.dns("GET", f"/managedZones/{found['id']}") == found
    rows = zone.dns("GET", "/managedZones/z/rrsets")["rrsets"]
    assert [(one["name"], one["type"]) for one in rows] == [(APEX, "NS"), (APEX, "SOA")]
    assert [one["id"] for one in zone.dns("GET", "/managedZones/z/changes")["changes"]] == ["0"]


@pytest.mark.parametrize("changed, answer", [
    ({"name": None}, (400, "required")), ({"dnsName": None}, (400, "required")), ({"description": None}, (400, "required")),
    ({"name": "Z_"}, (400, "invalid")), ({"name": "a" * 64}, (400, "invalid")),
    ({"dnsName": "example.com"}, (400, "invalid")), ({"dnsName": "exa mple.com."}, (400, "invalid")), ({"dnsName": "."}, (400, "invalid")),
    ({"description": "x" * 1025}, (400, "invalid")), ({"labels": {"A/b": "c"}}, (400, "invalid")), ({"labels": {"a": "B"}}, (400, "invalid")),
    ({"labels": {"a": "b" * 64}}, (400, "invalid")),
    ({"visibility": "public"}, (400, "invalid")),
    ({"networks": ["projects/my-project/global/networks/my-vpc"]}, (400, "invalid")),
    ({"networks": [VPC, VPC]}, (400, "invalid")), ({"networks": [VPC + "x"]}, (400, "invalid")), ({"networks": [""]}, (400, "required")),
    ({"networks": [VPC.replace("my-project", "somebodys-project")]}, (403, "forbidden")),
])
def test_a_zone_that_google_does_not_make(side, changed, answer):
    changed = {"name": "z2", "dns_name": "other.example.com", **changed}
    assert refused(side.zone, **changed) == answer
    assert side.gcp.dns.zones == {}


def test_a_name_is_taken_once_in_a_project(zone):
    assert refused(zone.zone, dns_name="other.example.com") == (409, "alreadyExists")
    zone.zone(dns_name="other.example.com", project="other-project")


def test_one_dns_name_once_on_a_network_whoever_has_the_zone(zone):
    for project in ("my-project", "other-project"):
        assert refused(zone.zone, name="z2", project=project) == (400, "dnsNameInUse")
        assert refused(zone.zone, name="z2", project=project, networks=[SECOND_VPC, VPC], dns_name=HOST.upper()) == (400, "dnsNameInUse")
    zone.zone("z2", networks=[SECOND_VPC])
    assert refused(zone.dns, "PATCH", "/managedZones/z2", {"privateVisibilityConfig": {"networks": [{"networkUrl": VPC}]}}) == (400, "dnsNameInUse")
    assert zone.networks("z2") == [SECOND_VPC]
    zone.zone("parent", HOST.partition(".")[2])


def test_binding_a_network_takes_more_than_using_it(side):
    body = {"name": "z", "dnsName": "a.example.", "description": "d", "visibility": "private",
            "privateVisibilityConfig": {"networks": [{"networkUrl": SHARED_VPC}]}}
    assert refused(side.dns, "POST", "/managedZones", body, account=landscape.CONSUMER) == (403, "forbidden")
    side.world.faults.add({"operation": "dns.networks.bindPrivateDNSZone", "project": "host-project"}, "denied")
    assert refused(side.dns, "POST", "/managedZones", body) == (403, "forbidden")
    side.dns("POST", "/managedZones", body)


@pytest.mark.parametrize("account, answer", [(landscape.READONLY, (403, "forbidden"))])
def test_who_may_not_write(zone, account, answer):
    assert refused(zone.dns, "DELETE", "/managedZones/z", account=account) == answer
    assert zone.dns("GET", "/managedZones/z", account=account)["name"] == "z"


def test_another_host_of_a_network_is_the_same_network(side):
    side.zone(networks=[VPC.replace("www.", "compute.")])
    assert side.networks() == [VPC]


def test_a_patch_replaces_the_networks_and_nothing_else(zone):
    zone.dns("PATCH", "/managedZones/z", {"labels": {"a": "b", "c": "d"}})
    done = zone.dns("PATCH", "/managedZones/z", {"privateVisibilityConfig": {"networks": [{"networkUrl": SECOND_VPC}]}, "labels": {"a": None}})
    assert (done["kind"], done["status"], done["type"]) == ("dns#operation", "pending", "update")
    found = zone.dns("GET", "/managedZones/z")
    assert zone.networks() == [SECOND_VPC] and found["labels"] == {"c": "d"} and found["description"].startswith("zilliz.cloud private link ")
    zone.passes(20)
    assert zone.dns("GET", f"/managedZones/z/operations/{done['id']}")["status"] == "done"


def test_labels_replaced_by_a_patch_when_told(zone):
    zone.world.switch({"gcp_dns_labels_merge": False})
    for labels in ({"a": "b"}, {"c": "d"}):
        zone.dns("PATCH", "/managedZones/z", {"labels": labels})
    assert zone.dns("GET", "/managedZones/z")["labels"] == {"c": "d"}


def test_an_update_takes_away_what_it_does_not_have(zone):
    zone.dns("PUT", "/managedZones/z", {"name": "z", "dnsName": APEX, "visibility": "private", "labels": {"a": "b"}})
    found = zone.dns("GET", "/managedZones/z")
    assert (found["description"], found["labels"], zone.networks()) == ("", {"a": "b"}, [])


@pytest.mark.parametrize("change", [{"name": "other"}, {"dnsName": "other.example."}, {"visibility": "public"}])
def test_what_a_zone_is_stays(zone, change):
    assert refused(zone.dns, "PATCH", "/managedZones/z", change) == (400, "invalid")


def test_a_refused_change_of_a_zone_changes_nothing(zone):
    bad = {"description": "new", "labels": {"a": "b"}, "privateVisibilityConfig": {"networks": [{"networkUrl": VPC + "x"}]}}
    assert refused(zone.dns, "PATCH", "/managedZones/z", bad) == (400, "invalid")
    found = zone.dns("GET", "/managedZones/z")
    assert "labels" not in found and found["description"] != "new" and zone.networks() == [VPC]


def test_a_zone_with_records_stays(zone):
    zone.change([record()])
    assert refused(zone.dns, "DELETE", "/managedZones/z") == (400, "containerNotEmpty")
    zone.change([], [record()])
    assert zone.dns("DELETE", "/managedZones/z") is None
    assert refused(zone.dns, "GET", "/managedZones/z") == (404, "notFound")
    zone.zone()


def test_zones_are_found_by_dns_name(zone):
    zone.zone("other", "other.example.com")
    assert [one["name"] for one in zone.dns("GET", "/managedZones", dnsName=APEX)["managedZones"]] == ["z"]
    assert zone.dns("GET", "/managedZones", dnsName="no.example.")["managedZones"] == []
    assert refused(zone.dns, "GET", "/managedZones", project="no-dns-project") == (403, "accessNotConfigured")


def test_lists_come_in_pages(zone):
    zone.change([record(name=f"h{n}.{HOST}") for n in range(7)])
    zone.world.switch({"gcp_dns_page": 4})
    seen, token, pages = [], None, 0
    while pages == 0 or token:
        page = zone.dns("GET", "/managedZones/z/rrsets", maxResults=5, **({"pageToken": token} if token else {}))
        seen, token, pages = seen + page["rrsets"], page.get("nextPageToken"), pages + 1
    assert pages == 3 and len({(one["name"], one["type"]) for one in seen}) == len(seen) == 9
    assert refused(zone.dns, "GET", "/managedZones/z/rrsets", pageToken="what") == (400, "invalid")
    assert refused(zone.dns, "GET", "/managedZones/z/rrsets", type="A") == (400, "required")


# Changes.


@pytest.mark.parametrize("wanted, answer", [
    (record(name="elsewhere.example.com"), (400, "invalid")), (record(name=f"x{HOST}"), (400, "invalid")),
    ({**record(), "name": HOST}, (400, "invalid")), ({**record(), "name": None}, (400, "required")),
    (record(kind="ALIAS"), (400, "invalid")), (record(["10.0.0.256"]), (400, "invalid")), (record(["fd00::1"]), (400, "invalid")),
    (record(["10.0.0.1", "10.0.0.1"]), (400, "invalid")), (record([]), (400, "required")),
    ({**record(), "ttl": None}, (400, "required")), (record(ttl=-1), (400, "invalid")),
    (record(["a.example.com."], kind="CNAME"), (400, "invalidZoneApex")),
    (record(["a.example.com"], f"www.{HOST}", "CNAME"), (400, "invalid")),
    (record(["a.example.", "b.example."], f"www.{HOST}", "CNAME"), (400, "invalid")),
    ({**record(), "routingPolicy": {"geo": {"items": []}}}, (400, "required")),
    (record(["ns.example.com."], kind="NS"), (409, "alreadyExists")),
])
def test_a_record_that_google_does_not_take(zone, wanted, answer):
    assert refused(zone.change, [record(name=f"good.{HOST}"), wanted]) == answer
    assert zone.records() == {}


def test_a_cname_at_the_apex_is_told_even_beside_the_soa(zone):
    before = soa(zone)
    assert refused(zone.change, [raised(before), record(["a.example.com."], kind="CNAME")], [before]) == (400, "invalidZoneApex")


def test_a_name_has_a_cname_or_anything_else(zone):
    zone.change([record(["a.example.com."], f"www.{HOST}", "CNAME")])
    assert refused(zone.change, [record(name=f"www.{HOST}")]) == (400, "cnameResourceRecordSetConflict")
    zone.change([record(name=f"www.{HOST}")], [record(["a.example.com."], f"www.{HOST}", "CNAME")])


def test_a_deletion_names_the_record_exactly(zone):
    zone.change([record(["10.0.0.1", "10.0.0.2"])])
    for wrong in (record(["10.0.0.1"]), record(["10.0.0.1", "10.0.0.2"], ttl=61), record(["10.0.0.1", "10.0.0.2", "10.0.0.3"])):
        assert refused(zone.change, [], [wrong]) == (412, "conditionNotMet")
    assert refused(zone.change, [], [record(name=f"none.{HOST}")]) == (404, "notFound")
    assert refused(zone.change, [record()]) == (409, "alreadyExists")
    zone.change([record(["10.0.0.9"])], [record(["10.0.0.2", "10.0.0.1"])])
    assert zone.records()[APEX, "A"]["rrdatas"] == ["10.0.0.9"]


def test_a_change_is_all_or_nothing(zone):
    assert refused(zone.change, [record(), record(["no"], f"b.{HOST}")]) == (400, "invalid")
    assert zone.records() == {} and len(zone.gcp.dns.zones["my-project", "z"].changes) == 1
    assert refused(zone.change) == (400, "required")


def soa(side, name="z"):
    return side.dns("GET", f"/managedZones/{name}/rrsets", name=APEX, type="SOA")["rrsets"][0]


def raised(one, by=1):
    parts = one["rrdatas"][0].split(" ")
    return {**one, "rrdatas": [" ".join([*parts[:2], str(int(parts[2]) + by), *parts[3:]])]}


def test_two_changes_with_one_soa(zone):
    before = soa(zone)
    zone.change([raised(before), record()], [before])
    assert refused(zone.change, [raised(before), record(name=f"b.{HOST}")], [before]) == (412, "conditionNotMet")
    assert soa(zone) == raised(before)


def test_a_rival_comes_between_as_often_as_told(zone):
    zone.world.switch({"gcp_dns_rivals": 1})
    before = soa(zone)
    assert refused(zone.change, [raised(before), record()], [before]) == (412, "conditionNotMet")
    before = soa(zone)
    zone.change([raised(before), record()], [before])


@pytest.mark.parametrize("bumps", [True, False])
def test_a_change_beside_the_soa_may_raise_it(zone, bumps):
    zone.world.switch({"gcp_dns_soa_bumps": bumps})
    before = soa(zone)
    zone.change([record()])
    assert (soa(zone) != before) == bumps
    after = soa(zone)
    zone.change([raised(after), record(name=f"b.{HOST}")], [after])
    assert soa(zone) == raised(after)


def test_the_apex_keeps_its_own_records(zone):
    first = soa(zone)
    assert refused(zone.change, [], [first]) == (400, "invalidZoneApex")
    servers = zone.dns("GET", "/managedZones/z/rrsets", name=APEX, type="NS")["rrsets"]
    assert refused(zone.change, [], servers) == (400, "invalidZoneApex")
    assert refused(zone.change, [{**servers[0], "rrdatas": ["ns.example.com."]}], servers) == (400, "readOnlyResourceRecordSet")


def test_a_change_is_pending_for_a_while(zone):
    made = zone.change([record()])
    assert made["status"] == "pending" and made["id"] == "1"
    zone.passes(19)
    assert zone.dns("GET", "/managedZones/z/changes/1")["status"] == "pending"
    zone.passes(1)
    assert zone.dns("GET", "/managedZones/z/changes/1")["status"] == "done"
    assert refused(zone.dns, "GET", "/managedZones/z/changes/2") == (404, "notFound")
    assert [one["id"] for one in zone.dns("GET", "/managedZones/z/changes", sortOrder="ascending")["changes"]] == ["0", "1"]


def test_one_record_set_by_itself(zone):
    at = f"/managedZones/z/rrsets/{APEX}/A"
    assert zone.dns("POST", "/managedZones/z/rrsets", record())["rrdatas"] == ["10.128.0.2"]
    assert zone.dns("PATCH", at, {"ttl": 5})["ttl"] == 5
    assert refused(zone.dns, "PATCH", at, {"type": "AAAA"}) == (400, "invalid")
    assert zone.dns("GET", at)["ttl"] == 5
    assert zone.dns("DELETE", at) == {}
    assert refused(zone.dns, "GET", at) == (404, "notFound")


def test_names_are_lower_case(zone):
    zone.change([record(name=HOST.upper())])
    assert list(zone.records()) == [(APEX, "A")]
    assert len(zone.dns("GET", "/managedZones/z/rrsets", name=APEX.upper(), type="A")["rrsets"]) == 1


@pytest.mark.parametrize("switch, call", [
    ("gcp_dns_additions_quota", lambda side: side.change([record(name=f"h{n}.{HOST}") for n in range(3)])),
    ("gcp_dns_records_quota", lambda side: side.change([record()])),
    ("gcp_dns_values_quota", lambda side: side.change([record([f"10.0.0.{n}" for n in range(3)])])),
    ("gcp_dns_zone_quota", lambda side: side.zone("z3", "c.example") if side.zone("z2", "b.example") else None),
    ("gcp_dns_zone_networks_quota", lambda side: side.zone("z2", "b.example", [VPC, SECOND_VPC, SHARED_VPC])),
    ("gcp_dns_network_zones_quota", lambda side: side.zone("z3", "c.example") if side.zone("z2", "b.example") else None),
])
def test_quotas(zone, switch, call):
    zone.world.switch({switch: 2})
    assert refused(call, zone) == (403, "quotaExceeded")


def test_quotas_can_be_read(side):
    side.world.switch({"gcp_dns_additions_quota": 7})
    found = side.dns("GET", "")
    assert (found["id"], found["quota"]["rrsetAdditionsPerChange"], found["quota"]["managedZones"]) == ("my-project", 7, 500)


# What a network answers.


def values(side, name, network=VPC):
    return side.gcp.resolve(network, name)["values"]


def test_a_network_answers_when_the_change_is_done(zone):
    assert values(zone, HOST) is None
    zone.passes(20)
    zone.change([record()])
    assert values(zone, HOST) == []
    zone.passes(20)
    assert values(zone, HOST) == ["10.128.0.2"] == values(zone, HOST.upper() + ".")
    assert values(zone, HOST, SECOND_VPC) is None
    zone.change([], [record()])
    assert values(zone, HOST) == ["10.128.0.2"]
    zone.passes(20)
    assert values(zone, HOST) == []


def test_a_network_that_is_bound_later_answers_later(zone):
    zone.change([record()])
    zone.passes(30)
    zone.dns("PATCH", "/managedZones/z", {"privateVisibilityConfig": {"networks": [{"networkUrl": SECOND_VPC}]}})
    zone.passes(29)
    assert values(zone, HOST) and values(zone, HOST, SECOND_VPC) is None
    zone.passes(1)
    assert values(zone, HOST) is None and values(zone, HOST, SECOND_VPC)


def test_the_longest_suffix_answers_alone_and_hides_the_public_names(zone):
    domain = HOST.partition(".")[2]
    zone.zone("shared", domain)
    zone.change([record(["10.9.9.9"], f"other.{domain}"), record(["10.8.8.8"], HOST)], name="shared")
    zone.passes(30)
    # The exact zone has no record, and the shared one is not asked.
    assert values(zone, HOST) == []
    assert values(zone, f"other.{domain}") == ["10.9.9.9"] and values(zone, f"public.{domain}") == []
    assert values(zone, f"x{domain}") is None and values(zone, "example.com") is None


def test_wildcards_and_aliases(zone):
    zone.change([record(["10.1.1.1"], f"*.{HOST}"), record(["txt"], f"b.{HOST}", "TXT"), record([f"a.{HOST}."], f"www.{HOST}", "CNAME"),
                 record(["www.example.org."], f"out.{HOST}", "CNAME")])
    zone.passes(30)
    assert values(zone, f"a.{HOST}") == values(zone, f"www.{HOST}") == values(zone, f"a.b.c.{HOST}") == ["10.1.1.1"]
    # A name that exists has no wildcard, whatever its type.
    assert values(zone, f"b.{HOST}") == [] and values(zone, f"out.{HOST}") is None


def test_a_zone_that_is_gone_answers_nothing(zone):
    zone.passes(30)
    assert values(zone, HOST) == []
    zone.dns("DELETE", "/managedZones/z")
    assert values(zone, HOST) is None


def test_the_log_tells_records_and_zones(zone):
    zone.change([record()])
    entry = zone.world.log.since()[-1]
    assert (entry["cloud"], entry["operation"], entry["mutating"], entry["outcome"], entry["zone"]) == ("gcp", "dns.changes.create", True, "ok", "z")
    zone.dns("GET", "/managedZones/z")
    assert not zone.world.log.since()[-1]["mutating"]
    with pytest.raises(Refused):
        zone.change([record()])
    assert zone.world.log.since()[-1]["outcome"] == "alreadyExists"
