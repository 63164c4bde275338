# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

MODULE = "route53_zone_association"
SECOND = {"zone_id": "Z1", "vpc_id": "vpc-2", "vpc_region": "eu-central-1"}
OTHER = {"zone_id": "Z1", "vpc_id": "vpc-other", "vpc_region": "us-west-2", "vpc_profile": "network"}
ACROSS = ["CreateVPCAssociationAuthorization", "AssociateVPCWithHostedZone", "DeleteVPCAssociationAuthorization"]


@pytest.fixture
def zone(route53):
    route53.add("a.example.com.")
    return route53


def vpcs(zone):
    return [vpc["VPCId"] for vpc in zone.zones["Z1"]["VPCs"]]


def test_associated_and_taken_off_once(run_aws, zone):
    planned = run_aws(MODULE, check_mode=True, **SECOND)
    assert planned["changed"] and zone.written == []
    added = run_aws(MODULE, **SECOND)
    assert added == planned and added["vpcs"] == [
        {"vpc_id": "vpc-1", "vpc_region": "us-west-2"}, {"vpc_id": "vpc-2", "vpc_region": "eu-central-1"}
    ]
    assert zone.asked("AssociateVPCWithHostedZone") == [
        {"HostedZoneId": "Z1", "VPC": {"VPCId": "vpc-2", "VPCRegion": "eu-central-1"}}
    ]
    assert not run_aws(MODULE, **SECOND)["changed"]
    assert run_aws(MODULE, check_mode=True, state="absent", **SECOND)["changed"] and vpcs(zone) == ["vpc-1", "vpc-2"]
    assert run_aws(MODULE, state="absent", **SECOND)["changed"] and vpcs(zone) == ["vpc-1"]
    assert not run_aws(MODULE, state="absent", **SECOND)["changed"]
    assert zone.written == ["AssociateVPCWithHostedZone", "DisassociateVPCFromHostedZone"]


def test_zone_ids_as_aws_spells_them(run_aws, zone):
    assert run_aws(MODULE, **{**SECOND, "zone_id": "/hostedzone/Z1"})["zone_id"] == "Z1"


def test_across_accounts_each_call_has_its_session(run_aws, zone):
    assert run_aws(MODULE, **OTHER)["changed"]
    assert zone.written == ACROSS and zone.authorized == {"Z1": []}
    keys = [key for operation, key in zone.profiles if operation in ACROSS]
    assert keys == ["AKIAMAIN000000000001", "AKIANETWORK000000001", "AKIAMAIN000000000001"]
    assert run_aws(MODULE, state="absent", **OTHER)["changed"]
    assert zone.profiles[-1] == ("DisassociateVPCFromHostedZone", "AKIANETWORK000000001")


def test_a_left_over_authorization_is_removed(run_aws, zone):
    run_aws(MODULE, **OTHER)
    for state in ("present", "absent", "absent"):
        zone.authorized["Z1"] = [{"VPCId": "vpc-other", "VPCRegion": "us-west-2"}]
        assert run_aws(MODULE, check_mode=True, state=state, **OTHER)["changed"] and zone.authorized["Z1"]
        assert run_aws(MODULE, state=state, **OTHER)["changed"] and not zone.authorized["Z1"]
        assert not run_aws(MODULE, state=state, **OTHER)["changed"]


@pytest.mark.parametrize("interrupted", ACROSS)
def test_a_run_interrupted_at_any_call_is_finished_by_the_next(run_aws, zone, interrupted):
    zone.script[interrupted] = ["AccessDenied"]
    assert run_aws(MODULE, **OTHER)["failed"]
    assert run_aws(MODULE, **OTHER)["changed"] and vpcs(zone) == ["vpc-1", "vpc-other"] and not zone.authorized["Z1"]
    assert not run_aws(MODULE, **OTHER)["changed"]


def test_an_authorization_that_is_not_seen_yet_is_awaited(run_aws, zone, pauses):
    zone.script["AssociateVPCWithHostedZone"] = ["NotAuthorizedException", "NotAuthorizedException"]
    zone.script["CreateVPCAssociationAuthorization"] = ["ConcurrentModification"]
    assert run_aws(MODULE, **OTHER)["changed"] and pauses == [1, 1, 2]


def test_a_refused_association_leaves_no_authorization(run_aws, zone):
    zone.script["AssociateVPCWithHostedZone"] = ["ConflictingDomainExists"]
    assert "that name is associated with this VPC" in run_aws(MODULE, **OTHER)["msg"]
    assert not zone.authorized["Z1"]


def test_lost_answers(run_aws, zone):
    zone.script["AssociateVPCWithHostedZone"] = ["lost ConflictingDomainExists"]
    zone.script["DeleteVPCAssociationAuthorization"] = ["lost VPCAssociationAuthorizationNotFound"]
    zone.script["DisassociateVPCFromHostedZone"] = ["lost VPCAssociationNotFound"]
    assert run_aws(MODULE, **OTHER)["changed"] and vpcs(zone) == ["vpc-1", "vpc-other"]
    assert run_aws(MODULE, state="absent", **OTHER)["changed"] and vpcs(zone) == ["vpc-1"]


def test_the_last_vpc_stays(run_aws, zone):
    failed = run_aws(MODULE, state="absent", zone_id="Z1", vpc_id="vpc-1", vpc_region="us-west-2")
    assert failed["msg"] == (
        "DisassociateVPCFromHostedZone could not take vpc-1 off the zone Z1: refused (LastVPCAssociation);"
        " a private zone keeps its last VPC: delete the zone instead."
    )


def test_a_wrong_region_is_not_taken_for_success(run_aws, zone):
    failed = run_aws(MODULE, state="absent", zone_id="Z1", vpc_id="vpc-1", vpc_region="us-east-1")
    assert "(VPCAssociationNotFound); check the region of the VPC." in failed["msg"] and vpcs(zone) == ["vpc-1"]


def test_a_vpc_of_another_account_needs_its_profile(run_aws, zone, pauses):
    failed = run_aws(MODULE, **{**OTHER, "vpc_profile": None})
    assert "(NotAuthorizedException); the VPC belongs to another account: give the profile" in failed["msg"]
    assert pauses == [] and zone.written == ["AssociateVPCWithHostedZone"]


def test_an_unknown_profile(run_aws, zone):
    failed = run_aws(MODULE, **{**OTHER, "vpc_profile": "nope"})
    assert failed["msg"] == "The profile nope is not in the AWS configuration of this host: check its name."
    assert zone.calls == []


def test_a_public_or_missing_zone(run_aws, route53):
    route53.add("a.example.com.", private=False)
    assert "is a public zone (PublicZoneVPCAssociation); only a private zone" in run_aws(MODULE, **SECOND)["msg"]
    missing = run_aws(MODULE, **{**SECOND, "zone_id": "Z9"})
    assert missing["msg"].startswith("GetHostedZone could not read the zone Z9: ")
    assert "the zone was deleted or belongs to another account" in missing["msg"]
