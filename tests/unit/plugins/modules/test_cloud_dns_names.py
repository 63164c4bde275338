# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

MODULE = "cloud_dns_names"
MARK = "zilliz.cloud private link p/r/my-project/my-vpc"
NETWORK = "https://www.googleapis.com/compute/v1/projects/my-project/global/networks/my-vpc"
OTHER = "https://www.googleapis.com/compute/v1/projects/host-project/global/networks/shared-vpc"


def record(name, *values, **more):
    return {"name": name, "type": "A", "ttl": 60, "values": values or ["10.10.0.5"], **more}


def exact(number, **more):
    name = f"in01-{number}.Example.com"
    own = {"description": f"{MARK} cluster {number}", "networks": ["my-vpc"], "labels": {"n": str(number)}}
    return {"zone_id": f"zlz-{number}", "name": name, **own, "records": [record(name)], **more}


def test_created_with_everything_and_once(run_gcp, google):
    wanted = [exact(number) for number in range(12)]
    planned = run_gcp(MODULE, check_mode=True, zones=wanted)
    assert planned["changed"] and google.written == []
    assert planned["zones"][0] == {"zone_id": "zlz-0", "name": "in01-0.example.com.", "created": True, "deleted": False}
    done = run_gcp(MODULE, zones=wanted)
    assert done["diff"] == planned["diff"] and done["zones"] == planned["zones"]
    # Step by step over all zones.
    assert google.written == ["managedZones.create"] * 12 + ["changes.create"] * 12
    zone = google.zones["zlz-3"]
    assert {name: zone[name] for name in ("dnsName", "visibility", "description", "labels", "privateVisibilityConfig")} == {
        "dnsName": "in01-3.example.com.", "visibility": "private", "description": f"{MARK} cluster 3", "labels": {"n": "3"},
        "privateVisibilityConfig": {"networks": [{"networkUrl": NETWORK}]},
    }
    assert google.sets["zlz-3"]["in01-3.example.com.", "A"]["rrdatas"] == ["10.10.0.5"]
    # Every change was awaited.
    assert all(left <= 0 for left in google.changes.values())
    for check_mode in (True, False):
        again = run_gcp(MODULE, check_mode=check_mode, zones=wanted)
        assert not again["changed"] and not any(zone["created"] for zone in again["zones"])
    assert len(google.written) == 24


@pytest.mark.parametrize("interrupted", ["managedZones.create", "changes.create", "changes.get"])
def test_a_run_interrupted_at_any_call_is_finished_by_the_next(run_gcp, google, interrupted):
    google.script[f"dns.{interrupted}"] = [None, (403, "forbidden", "Forbidden"), (403, "forbidden", "Forbidden")]
    wanted = [exact(number) for number in range(3)]
    failed = run_gcp(MODULE, zones=wanted)
    assert failed["failed"] and "So it went for 2 of 3 zones." in failed["msg"]
    again = run_gcp(MODULE, zones=wanted)
    assert again["changed"] == (interrupted != "changes.get") and len(google.zones) == 3
    assert not run_gcp(MODULE, zones=wanted)["changed"]


def test_lost_answers(run_gcp, google):
    for method in ("managedZones.create", "changes.create", "managedZones.patch", "managedZones.delete"):
        google.script[f"dns.{method}"] = ["lost"]
    run_gcp(MODULE, zones=[exact(1)])
    assert list(google.zones) == ["zlz-1"] and google.sets["zlz-1"]["in01-1.example.com.", "A"]["rrdatas"] == ["10.10.0.5"]
    run_gcp(MODULE, zones=[exact(1, networks=[NETWORK, OTHER])])
    assert len(google.zones["zlz-1"]["privateVisibilityConfig"]["networks"]) == 2
    google.script["dns.changes.create"] = ["lost"]
    assert run_gcp(MODULE, zones=[exact(1, state="absent")])["changed"] and not google.zones


def test_networks_are_exactly_those(run_gcp, google):
    run_gcp(MODULE, zones=[exact(1)])
    google.zones["zlz-1"]["privateVisibilityConfig"]["gkeClusters"] = [{"gkeClusterName": "g"}]
    for networks in ([OTHER], ["projects/host-project/global/networks/shared-vpc", "my-vpc"], [NETWORK]):
        planned = run_gcp(MODULE, check_mode=True, zones=[exact(1, networks=networks)])
        done = run_gcp(MODULE, zones=[exact(1, networks=networks)])
        assert done["changed"] and done["diff"] == planned["diff"]
        config = google.zones["zlz-1"]["privateVisibilityConfig"]
        assert len(config["networks"]) == len(networks) and config["gkeClusters"] == [{"gkeClusterName": "g"}]
        assert not run_gcp(MODULE, zones=[exact(1, networks=networks)])["changed"]
    assert not run_gcp(MODULE, zones=[exact(1, networks=None)])["changed"]
    assert google.asked("dns.managedZones.patch")[-1].keys() == {"privateVisibilityConfig"}


def test_a_network_that_is_added_finds_the_records(run_gcp, google):
    run_gcp(MODULE, zones=[exact(1)])
    google.calls = []
    run_gcp(MODULE, zones=[exact(1, networks=[NETWORK, OTHER], records=[record("in01-1.example.com", "10.10.0.6")])])
    assert google.written == ["changes.create", "managedZones.patch"]


def test_names_that_move_to_or_from_a_wider_zone_have_an_answer_all_the_time(run_gcp, google):
    wide = {"zone_id": "wide", "name": "example.com", "networks": ["my-vpc"], "records": [record("in01-1.example.com")]}
    run_gcp(MODULE, zones=[wide])
    google.calls = []
    there = run_gcp(MODULE, zones=[exact(1), dict(wide, state="absent")])
    # The narrow zone hides the wide one as soon as the network sees it.
    assert there["changed"] and google.written == [
        "managedZones.create", "changes.create", "managedZones.patch", "changes.create", "managedZones.delete"]
    assert google.zones["zlz-1"]["privateVisibilityConfig"] == {"networks": [{"networkUrl": NETWORK}]}
    google.calls = []
    run_gcp(MODULE, zones=[wide, exact(1, state="absent")])
    assert google.written == [
        "managedZones.create", "changes.create", "managedZones.patch", "changes.create", "managedZones.delete"] and list(google.zones) == ["wide"]


def test_descriptions_and_labels(run_gcp, google):
    run_gcp(MODULE, zones=[exact(1)])
    google.zones["zlz-1"].update(description="by hand", labels={"theirs": "x", "n": "0"})
    assert not run_gcp(MODULE, zones=[exact(1, description=None, labels=None)])["changed"]
    done = run_gcp(MODULE, zones=[exact(1)])
    assert done["diff"]["before"]["zlz-1"]["description"] == "by hand"
    zone = google.zones["zlz-1"]
    assert (zone["description"], zone["labels"]) == (f"{MARK} cluster 1", {"theirs": "x", "n": "1"})
    assert google.written[-1] == "managedZones.patch" and not run_gcp(MODULE, zones=[exact(1)])["changed"]


def test_records_are_replaced_in_one_change(run_gcp, google):
    name = "in01-1.example.com"
    run_gcp(MODULE, zones=[exact(1)])
    # Somebody adds a value.
    google.sets["zlz-1"][f"{name}.", "A"]["rrdatas"] = ["10.10.0.5", "6.6.6.6"]
    records = [record(name), record(f"b.{name}", "10.10.0.7", "10.10.0.6"), {
        "name": f"C.{name}", "type": "cname", "ttl": 5, "values": ["B.Example.com"]
    }]
    google.calls = []
    done = run_gcp(MODULE, zones=[exact(1, records=records)])
    assert done["diff"]["before"]["zlz-1"]["records"] == {f"{name}. A": "10.10.0.5, 6.6.6.6 for 60 seconds"}
    assert google.written == ["changes.create"]
    assert google.sets["zlz-1"][f"c.{name}.", "CNAME"]["rrdatas"] == ["b.example.com."]
    again = [dict(record, values=list(reversed(record["values"]))) for record in records]
    assert not run_gcp(MODULE, zones=[exact(1, records=again)])["changed"]
    # A CNAME gives way to an A record of the same name.
    google.calls = []
    run_gcp(MODULE, zones=[exact(1, records=[record(f"c.{name}"), dict(records[2], state="absent")])])
    assert [[one["type"] for one in google.asked("dns.changes.create")[0][side]] for side in ("deletions", "additions")] == [["CNAME"], ["A"]]


def test_a_routing_policy_that_is_replaced_is_shown_as_one(run_gcp, google):
    run_gcp(MODULE, zones=[exact(1)])
    name = "in01-1.example.com."
    google.sets["zlz-1"][name, "A"] = {"name": name, "type": "A", "ttl": 60, "routingPolicy": {"wrr": {"items": [{"weight": 1, "rrdatas": ["10.9.9.9"]}]}}}
    done = run_gcp(MODULE, zones=[exact(1)])
    assert done["diff"]["before"]["zlz-1"]["records"] == {f"{name} A": "a routing policy for 60 seconds"}
    assert google.sets["zlz-1"][name, "A"]["rrdatas"] == ["10.10.0.5"]


def test_a_race_is_won_by_reading_again(run_gcp, google):
    run_gcp(MODULE, zones=[exact(1)])
    key = ("in01-1.example.com.", "A")
    real, google.raced = google.changes_create, False

    def changes_create(body, scripted, **where):
        if not google.raced:
            google.raced = True
            google.sets["zlz-1"][key] = dict(google.sets["zlz-1"][key], rrdatas=["10.10.0.8"])
        return real(body, scripted, **where)

    google.changes_create = changes_create
    assert run_gcp(MODULE, zones=[exact(1, records=[record("in01-1.example.com", "10.10.0.9")])])["changed"]
    assert google.sets["zlz-1"][key]["rrdatas"] == ["10.10.0.9"] and len(google.asked("dns.changes.create")) == 3


def test_two_runs_make_one_zone(run_gcp, google):
    first = run_gcp(MODULE, zones=[exact(1)])
    kept, google.managedZones_list = google.managedZones_list, lambda *unused, **unused2: {"managedZones": []}
    assert run_gcp(MODULE, zones=[exact(1)])["zones"] == first["zones"]
    failed = run_gcp(MODULE, zones=[exact(1, description="of another link")])
    assert failed["failed"] and "another resource has this name" in failed["msg"]
    google.managedZones_list = kept


def test_absent(run_gcp, google):
    wanted = [exact(number) for number in range(3)]
    gone = [dict(zone, state="absent") for zone in wanted]
    assert not run_gcp(MODULE, zones=gone)["changed"]
    run_gcp(MODULE, zones=wanted)
    google.calls = []
    planned = run_gcp(MODULE, check_mode=True, zones=gone)
    done = run_gcp(MODULE, zones=gone)
    assert done["diff"] == planned["diff"] and all(zone["deleted"] for zone in done["zones"]) and not google.zones
    assert google.written == ["changes.create"] * 3 + ["managedZones.delete"] * 3
    assert not run_gcp(MODULE, zones=gone)["changed"]


def test_one_record_goes_and_the_zone_stays(run_gcp, google):
    run_gcp(MODULE, zones=[exact(1, records=[record("a.in01-1.example.com"), record("b.in01-1.example.com")])])
    gone = record("a.in01-1.example.com", state="absent")
    assert run_gcp(MODULE, zones=[exact(1, records=[gone])])["changed"]
    assert sorted(kind for name, kind in google.sets["zlz-1"]) == ["A", "NS", "SOA"]
    assert not run_gcp(MODULE, zones=[exact(1, records=[gone])])["changed"]
    kept = run_gcp(MODULE, zones=[exact(1, records=[record("b.in01-1.example.com", "10.0.0.1", state="absent")])])
    assert not kept["changed"] and "stays: its value is now 10.10.0.5 for 60 seconds" in str(kept["warnings"])


def test_a_zone_with_records_of_others_stays(run_gcp, google):
    run_gcp(MODULE, zones=[exact(1), exact(2)])
    google.sets["zlz-1"]["x.in01-1.example.com.", "TXT"] = {"name": "x.in01-1.example.com.", "type": "TXT", "ttl": 5, "rrdatas": ["x"]}
    google.sets["zlz-2"]["in01-2.example.com.", "A"]["rrdatas"] = ["6.6.6.6"]
    google.calls = []
    for check_mode in (True, False):
        failed = run_gcp(MODULE, check_mode=check_mode, zones=[exact(1, state="absent"), exact(2, state="absent")])
        assert "zlz-1 (in01-1.example.com.) cannot be deleted: it still holds x.in01-1.example.com. TXT" in failed["msg"]
        assert "zlz-2 (in01-2.example.com.) cannot be deleted: it still holds in01-2.example.com. A" in failed["msg"]
    assert google.written == []


def test_what_cannot_work_is_told_at_once(run_gcp, google):
    run_gcp(MODULE, zones=[exact(1), exact(2), exact(3)])
    google.zones["zlz-2"]["visibility"] = "public"
    google.calls = []
    wanted = [
        exact(1, name="other.example.com"), exact(2), exact(4, networks=None), exact(5, name="in01-3.example.com"),
        exact(6, records=[record("a.example.com", ttl=None)]),
    ]
    failed = run_gcp(MODULE, zones=wanted)
    assert failed["msg"] == (
        "The zone zlz-1 is in01-1.example.com., not other.example.com.: check zone_id."
        " The zone zlz-2 (in01-2.example.com.) is public: give the name of a private zone."
        " There is no zone zlz-4 yet: give the networks that shall see it."
        " The network my-vpc already has the private zone zlz-3 for in01-3.example.com.: use that zone (zone_id), or take the"
        " network off it."
        " The record a.example.com needs ttl and values."
    )
    assert google.written == []


def test_many_records_are_cut_as_the_quota_demands(run_gcp, google):
    records = [record(f"h{number}.in01-1.example.com") for number in range(250)]
    run_gcp(MODULE, zones=[exact(1, records=records)])
    assert [len(body["additions"]) for body in google.asked("dns.changes.create")] == [110, 110, 30]
    assert len(google.asked("dns.projects.get")) == 1
    assert not run_gcp(MODULE, zones=[exact(1, records=records)])["changed"]


def test_a_change_that_never_ends(run_gcp, google):
    google.polls = 10**6
    failed = run_gcp(MODULE, zones=[exact(1)], operation_timeout=20)
    assert "has not published the change 1 of the zone zlz-1 within 20 seconds (pending)" in failed["msg"]
    assert not run_gcp(MODULE, zones=[exact(1)])["changed"]


def test_the_missing_permission_is_named(run_gcp, google):
    google.script["dns.managedZones.create"] = [(403, "forbidden", "Forbidden")]
    failed = run_gcp(MODULE, zones=[exact(1)])
    assert "dns.managedZones.create" in failed["msg"] and "dns.networks.bindPrivateDNSZone" in failed["msg"]
    assert "in project my-project" in failed["msg"]
