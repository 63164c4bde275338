# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

MODULE = "route53_names"
MARK = "zilliz.cloud private link p/r/vpc-1"
TARGET = {"alias_target": "vpce-1.Example.com", "alias_zone_id": "ZVPCE"}
OWN = [{"vpc_id": "vpc-1", "region": "us-west-2"}]


def exact(number, **more):
    name = f"in01-{number}.example.com"
    records = [{"name": name, "type": "A", **TARGET}]
    return {"name": name, "comment": f"{MARK} cluster {number}", "vpcs": OWN, "tags": {"n": number}, "records": records, **more}


def test_created_with_everything_and_once(run_aws, route53):
    wanted = [exact(number) for number in range(12)]
    planned = run_aws(MODULE, check_mode=True, zones=wanted)
    assert planned["changed"] and route53.written == []
    assert planned["zones"][0] == {"name": "in01-0.example.com.", "zone_id": None, "created": True, "deleted": False}
    done = run_aws(MODULE, zones=wanted)
    assert done["diff"] == planned["diff"] and all(zone["created"] for zone in done["zones"])
    # Step by step over all zones: Route 53 takes one change of a zone at a time.
    steps = ["CreateHostedZone", "ChangeResourceRecordSets", "ChangeTagsForResource"]
    assert route53.written == [step for step in steps for unused in range(12)]
    zone = route53.zones[done["zones"][3]["zone_id"]]
    assert (zone["Comment"], zone["Tags"]) == (f"{MARK} cluster 3", {"n": "3"})
    assert zone["Records"]["in01-3.example.com.", "A"]["AliasTarget"] == {
        "HostedZoneId": "ZVPCE", "DNSName": "vpce-1.example.com.", "EvaluateTargetHealth": False
    }
    request = route53.asked("CreateHostedZone")[3]
    assert request["HostedZoneConfig"]["PrivateZone"] and len(request["CallerReference"]) <= 128
    references = {request["CallerReference"] for request in route53.asked("CreateHostedZone")}
    assert len(references) == 12
    # With the ids as the plan knows them, and without as after an interruption.
    known = [dict(zone, zone_id=made["zone_id"]) for zone, made in zip(wanted, done["zones"])]
    for zones in (known, wanted):
        for check_mode in (True, False):
            again = run_aws(MODULE, check_mode=check_mode, zones=zones)
            assert not again["changed"] and [zone["zone_id"] for zone in again["zones"]] == [
                zone["zone_id"] for zone in done["zones"]
            ]
    assert len(route53.written) == 36


@pytest.mark.parametrize("interrupted", ["CreateHostedZone", "ChangeResourceRecordSets", "ChangeTagsForResource"])
def test_a_run_interrupted_at_any_call_is_finished_by_the_next(run_aws, route53, interrupted):
    route53.script[interrupted] = [None, "AccessDenied"]
    wanted = [exact(number) for number in range(3)]
    assert run_aws(MODULE, zones=wanted)["failed"]
    assert run_aws(MODULE, zones=wanted)["changed"] and len(route53.zones) == 3
    assert not run_aws(MODULE, zones=wanted)["changed"]


def test_lost_answers(run_aws, route53):
    route53.script["CreateHostedZone"] = ["lost HostedZoneAlreadyExists", "lost ConflictingDomainExists"]
    route53.script["AssociateVPCWithHostedZone"] = ["lost ConflictingDomainExists"]
    wanted = [exact(1, vpcs=OWN + [{"vpc_id": "vpc-2", "region": "us-west-2"}]), exact(2)]
    done = run_aws(MODULE, zones=wanted)
    assert [zone["zone_id"] for zone in done["zones"]] == ["Z1", "Z2"] and len(route53.zones) == 2
    assert not run_aws(MODULE, zones=wanted)["changed"]
    route53.script["ChangeResourceRecordSets"] = ["lost InvalidChangeBatch"]
    route53.script["DeleteHostedZone"] = ["lost NoSuchHostedZone"]
    assert run_aws(MODULE, zones=[exact(1, zone_id="Z1", state="absent")])["changed"] and set(route53.zones) == {"Z2"}


def test_a_zone_can_come_back(run_aws, route53):
    run_aws(MODULE, zones=[exact(1)])
    run_aws(MODULE, zones=[exact(1, zone_id="Z1", state="absent")])
    assert run_aws(MODULE, zones=[exact(1)])["zones"][0]["zone_id"] == "Z2"


def test_a_refused_creation_is_an_error(run_aws, route53):
    route53.script["CreateHostedZone"] = ["ConflictingDomainExists"]
    failed = run_aws(MODULE, zones=[exact(1)])
    assert failed["msg"].startswith("CreateHostedZone could not create the zone in01-1.example.com. for vpc-1: refused")
    route53.script["CreateHostedZone"] = ["TooManyHostedZones"]
    assert "ask AWS for a higher Route 53 quota" in run_aws(MODULE, zones=[exact(1)])["msg"]


def test_further_vpcs_come_after_the_records(run_aws, route53):
    vpcs = [{"vpc_id": "vpc-other", "region": "us-west-2", "profile": "network"}] + OWN + [
        {"vpc_id": "vpc-2", "region": "eu-central-1"}
    ]
    run_aws(MODULE, zones=[exact(1, vpcs=vpcs)])
    assert [vpc["VPCId"] for vpc in route53.zones["Z1"]["VPCs"]] == ["vpc-1", "vpc-other", "vpc-2"]
    assert not route53.authorized["Z1"] and route53.written == [
        "CreateHostedZone", "ChangeResourceRecordSets", "CreateVPCAssociationAuthorization", "AssociateVPCWithHostedZone",
        "DeleteVPCAssociationAuthorization", "AssociateVPCWithHostedZone", "ChangeTagsForResource",
    ]
    keys = [key for operation, key in route53.profiles if operation == "AssociateVPCWithHostedZone"]
    assert keys == ["AKIANETWORK000000001", "AKIAMAIN000000000001"]
    assert not run_aws(MODULE, zones=[exact(1, vpcs=vpcs)])["changed"]


def test_one_batch_deletes_before_it_writes(run_aws, route53):
    run_aws(MODULE, zones=[{"name": "example.com", "comment": MARK, "vpcs": OWN, "records": [
        {"name": "a.example.com", "type": "CNAME", "ttl": 300, "values": ["vpce-1.example.com"]},
        {"name": "b.example.com", "type": "CNAME", "ttl": 300, "values": ["vpce-1.example.com"]},
        {"name": "c.example.com", "type": "A", "ttl": 60, "values": ["10.0.0.2", "10.0.0.1"]},
    ]}])
    route53.calls.clear()
    records = [
        {"name": "a.example.com", "type": "A", **TARGET},
        {"name": "A.example.com.", "type": "cname", "ttl": 300, "values": ["VPCE-1.example.com."], "state": "absent"},
        {"name": "c.example.com", "type": "A", "ttl": 60, "values": ["10.0.0.1", "10.0.0.2"]},
        {"name": "d.example.com", "type": "A", **TARGET, "state": "absent"},
    ]
    assert run_aws(MODULE, zones=[{"name": "example.com", "zone_id": "Z1", "records": records}])["changed"]
    (batch,) = route53.asked("ChangeResourceRecordSets")
    changes = [(one["Action"], one["ResourceRecordSet"]["Type"]) for one in batch["ChangeBatch"]["Changes"]]
    assert changes == [("DELETE", "CNAME"), ("UPSERT", "A")]
    assert route53.zones["Z1"]["Comment"] == MARK and ("b.example.com.", "CNAME") in route53.zones["Z1"]["Records"]


def test_a_record_of_another_value_is_not_deleted(run_aws, route53):
    run_aws(MODULE, zones=[exact(1)])
    record = {"name": "in01-1.example.com", "type": "A", "alias_target": "vpce-2.example.com", "alias_zone_id": "ZVPCE", "state": "absent"}
    result = run_aws(MODULE, zones=[{"name": "in01-1.example.com", "zone_id": "Z1", "records": [record]}])
    assert not result["changed"] and "its value is now alias of vpce-1.example.com." in str(result["warnings"])


def test_drift_is_written_over(run_aws, route53):
    run_aws(MODULE, zones=[exact(1)])
    route53.zones["Z1"].update(Comment="other", Tags={"n": "9", "kept": "x"})
    route53.zones["Z1"]["Records"]["in01-1.example.com.", "A"]["AliasTarget"]["EvaluateTargetHealth"] = True
    planned = run_aws(MODULE, check_mode=True, zones=[exact(1, zone_id="Z1")])
    done = run_aws(MODULE, zones=[exact(1, zone_id="Z1")])
    assert done["diff"] == planned["diff"] and done["diff"]["before"]["in01-1.example.com."]["tags"] == {"n": "9"}
    assert route53.zones["Z1"]["Comment"] == exact(1)["comment"]
    assert route53.zones["Z1"]["Tags"] == {"n": "1", "kept": "x"}
    assert not run_aws(MODULE, zones=[exact(1, zone_id="Z1")])["changed"]


def test_a_zone_is_deleted_with_its_records_and_nothing_else(run_aws, route53):
    run_aws(MODULE, zones=[exact(1), exact(2)])
    route53.zones["Z2"]["Records"]["x.in01-2.example.com.", "TXT"] = {
        "Name": "x.in01-2.example.com.", "Type": "TXT", "TTL": 60, "ResourceRecords": [{"Value": '"x"'}]
    }
    route53.calls.clear()
    gone = [exact(number, zone_id=f"Z{number}", state="absent") for number in (1, 2)]
    for check_mode in (True, False):
        failed = run_aws(MODULE, check_mode=check_mode, zones=gone)
        assert failed["msg"].startswith("The zone in01-2.example.com. (Z2) cannot be deleted: it still holds x.in01-2.example.com. TXT")
    assert route53.written == []
    assert run_aws(MODULE, check_mode=True, zones=gone[:1])["zones"][0]["deleted"] and len(route53.zones) == 2
    done = run_aws(MODULE, zones=gone[:1])
    assert done["changed"] and done["zones"][0]["deleted"] and set(route53.zones) == {"Z2"}
    assert route53.written == ["ChangeResourceRecordSets", "DeleteHostedZone"]
    again = run_aws(MODULE, zones=gone[:1])
    assert not again["changed"] and not again["zones"][0]["deleted"]


def test_what_is_new_comes_before_what_goes(run_aws, route53):
    run_aws(MODULE, zones=[exact(1)])
    route53.calls.clear()
    run_aws(MODULE, zones=[exact(1, zone_id="Z1", state="absent"), exact(2)])
    assert route53.written == [
        "CreateHostedZone", "ChangeResourceRecordSets", "ChangeTagsForResource", "ChangeResourceRecordSets", "DeleteHostedZone",
    ]


def test_a_zone_filled_in_between_stays(run_aws, route53):
    run_aws(MODULE, zones=[exact(1)])
    route53.script["DeleteHostedZone"] = ["HostedZoneNotEmpty"]
    failed = run_aws(MODULE, zones=[exact(1, zone_id="Z1", state="absent")])
    assert failed["msg"].endswith("(HostedZoneNotEmpty); delete the records that are left in it, or keep the zone.")


def test_all_problems_at_once_and_before_any_write(run_aws, route53):
    route53.add("in01-1.example.com.", comment="made by hand")
    record = {"name": "in01-3.example.com", "type": "A", "ttl": 60}
    failed = run_aws(MODULE, zones=[
        exact(1), exact(2, vpcs=[]), exact(3, records=[record]), exact(4, state="absent"),
        exact(5, vpcs=[{"vpc_id": "vpc-other", "region": "us-west-2", "profile": "network"}]), exact(6),
    ])
    for part in (
        "The zone in01-1.example.com. cannot be created: Z1 has that name, is associated with vpc-1 and has another comment",
        "The zone in01-2.example.com. has no VPC without a profile",
        "The record in01-3.example.com needs either alias_target and alias_zone_id, or ttl and values.",
        "The zone in01-4.example.com. has no zone_id",
        "The zone in01-5.example.com. has no VPC without a profile",
    ):
        assert part in failed["msg"]
    assert route53.written == []


@pytest.mark.parametrize("code, told", [
    ("AccessDenied", "The zone in01-1.example.com. cannot be created: Z1 has that name"), ("ThrottlingException", "GetHostedZone could not read "),
])
def test_a_zone_of_the_name_that_may_not_be_read(run_aws, route53, code, told):
    route53.add("in01-1.example.com.")
    route53.script["GetHostedZone"] = [code]
    assert told in run_aws(MODULE, zones=[exact(1)])["msg"] and route53.written == []


def test_a_zone_whose_records_may_not_be_read_stays(run_aws, route53):
    run_aws(MODULE, zones=[exact(1)])
    route53.script["ListResourceRecordSets"] = ["AccessDenied"]
    failed = run_aws(MODULE, zones=[exact(1, zone_id="Z1", state="absent")])
    assert "allow route53:ListResourceRecordSets in the IAM policy" in failed["msg"] and set(route53.zones) == {"Z1"}


def test_one_listing_for_many_new_zones(run_aws, route53):
    run_aws(MODULE, check_mode=True, zones=[exact(number) for number in range(50)])
    assert [operation for operation, unused in route53.calls] == ["ListHostedZonesByVPC"]


def test_more_records_than_a_batch_holds(run_aws, route53):
    records = [{"name": f"r{number}.example.com", "type": "A", **TARGET} for number in range(501)]
    run_aws(MODULE, zones=[{"name": "example.com", "comment": MARK, "vpcs": OWN, "records": records}])
    sizes = [len(request["ChangeBatch"]["Changes"]) for request in route53.asked("ChangeResourceRecordSets")]
    assert sizes == [500, 1]


def test_waits_once_for_the_last_change_of_each_zone(run_aws, route53, pauses):
    failed = run_aws(MODULE, zones=[exact(1), exact(2)], wait=True, wait_timeout=12)
    assert failed["msg"].startswith("Route 53 has not published 2 of 2 changes within 12 seconds (PENDING)")
    assert sum(pauses) == 12 and len(route53.zones) == 2
    route53.changes = 200
    run_aws(MODULE, zones=[exact(3), exact(4)], wait=True)
    assert [request["Id"] for request in route53.asked("GetChange")][-2:] == ["C203", "C204"]
    assert not run_aws(MODULE, zones=[exact(1)], wait=True, check_mode=True)["changed"]


def test_the_id_of_another_zone(run_aws, route53):
    run_aws(MODULE, zones=[exact(1), exact(2, records=[])])
    for state in ("present", "absent"):
        failed = run_aws(MODULE, zones=[exact(1, zone_id="Z2", state=state, records=[])])
        assert failed["msg"] == "The zone Z2 is in01-2.example.com., not in01-1.example.com.: check zone_id."
    assert set(route53.zones) == {"Z1", "Z2"}


def test_an_unknown_profile_or_zone(run_aws, route53):
    vpcs = OWN + [{"vpc_id": "vpc-other", "region": "us-west-2", "profile": "nope"}]
    assert "The profile nope" in run_aws(MODULE, zones=[exact(1, vpcs=vpcs)])["msg"]
    assert "(NoSuchHostedZone)" in run_aws(MODULE, zones=[exact(1, zone_id="Z9")])["msg"]
