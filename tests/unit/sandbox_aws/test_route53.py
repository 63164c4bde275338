# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

NAME = "in01-x.example.com"


def summaries(cloud, vpc_id=None, profile="main"):
    found = cloud.client("route53", profile=profile).list_hosted_zones_by_vpc(VPCId=vpc_id or cloud.scenario["vpc_id"], VPCRegion="us-west-2")
    return {one["Name"]: one["Owner"] for one in found["HostedZoneSummaries"]}


# Zones.

def test_one_name_in_a_vpc(cloud, refused):
    zone = cloud.zone(NAME)
    with refused("ConflictingDomainExists", zone.rsplit("/", 1)[-1]):
        cloud.zone(NAME.upper() + ".")
    # A name above or below it is another name.
    cloud.zone("example.com")
    cloud.zone(f"deep.{NAME}")
    second = cloud.zone(NAME, vpc_id=cloud.scenario["second_vpc_id"])
    with refused("ConflictingDomainExists"):
        cloud.route53.associate_vpc_with_hosted_zone(HostedZoneId=second, VPC={"VPCRegion": "us-west-2", "VPCId": cloud.scenario["vpc_id"]})


def test_caller_reference(cloud, refused):
    cloud.zone(NAME, CallerReference="once")
    with refused("HostedZoneAlreadyExists"):
        cloud.zone("another.example.com", CallerReference="once")


def test_private_zone_needs_a_vpc(cloud, refused):
    with refused("InvalidInput", "VPCId and VPCRegion"):
        cloud.route53.create_hosted_zone(Name=NAME, CallerReference="1", HostedZoneConfig={"PrivateZone": True})
    for vpc_id, region in (("vpc-0123", "us-west-2"), (cloud.scenario["vpc_id"], "us-east-1"),
                           (cloud.scenario["second_account"]["vpc_id"], "us-west-2")):
        with refused("InvalidVPCId"):
            cloud.zone(NAME, vpc_id=vpc_id, region=region)
    with refused("InvalidDomainName"):
        cloud.zone("a..b")


def test_names_are_kept_in_lower_case(cloud):
    zone = cloud.zone("In01-X.Example.COM")
    assert cloud.route53.get_hosted_zone(Id=zone)["HostedZone"]["Name"] == f"{NAME}."
    wild = cloud.zone("*.example.org")
    assert cloud.route53.get_hosted_zone(Id=wild)["HostedZone"]["Name"] == "\\052.example.org."


def test_a_new_zone_has_ns_and_soa(cloud, refused, record):
    zone = cloud.zone(NAME)
    found = cloud.records(zone)
    assert set(found) == {(f"{NAME}.", "NS"), (f"{NAME}.", "SOA")}
    assert len(found[f"{NAME}.", "NS"]["ResourceRecords"]) == 4
    with refused("InvalidChangeBatch", "must contain exactly one"):
        soa = found[f"{NAME}.", "SOA"]
        cloud.change(zone, record("DELETE", NAME, "SOA", [one["Value"] for one in soa["ResourceRecords"]], soa["TTL"]))


def test_delete(cloud, refused, record):
    zone = cloud.zone(NAME)
    cloud.change(zone, record("CREATE", NAME, "A", ["10.0.0.1"]))
    with refused("HostedZoneNotEmpty"):
        cloud.route53.delete_hosted_zone(Id=zone)
    cloud.change(zone, record("DELETE", NAME, "A", ["10.0.0.1"]))
    cloud.route53.delete_hosted_zone(Id=zone)
    with refused("NoSuchHostedZone"):
        cloud.route53.get_hosted_zone(Id=zone)


def test_comment(cloud):
    zone = cloud.zone(NAME, HostedZoneConfig={"PrivateZone": True, "Comment": "one"})
    cloud.route53.update_hosted_zone_comment(Id=zone, Comment="two")
    assert cloud.route53.list_hosted_zones()["HostedZones"][0]["Config"] == {"Comment": "two", "PrivateZone": True}


def test_quotas(cloud, refused):
    cloud.world.switches.update(route53_zone_quota=1, route53_vpcs_quota=1)
    zone = cloud.zone(NAME)
    with refused("TooManyHostedZones"):
        cloud.zone("b.example.com")
    limit = cloud.route53.get_account_limit(Type="MAX_HOSTED_ZONES_BY_OWNER")
    assert (limit["Limit"]["Value"], limit["Count"]) == (1, 1)
    with refused("LimitsExceeded"):
        second = {"VPCRegion": "us-west-2", "VPCId": cloud.scenario["second_vpc_id"]}
        cloud.route53.associate_vpc_with_hosted_zone(HostedZoneId=zone, VPC=second)


# Associations.

def test_associate_and_disassociate(cloud, refused):
    zone, second = cloud.zone(NAME), {"VPCRegion": "us-west-2", "VPCId": cloud.scenario["second_vpc_id"]}
    first = {"VPCRegion": "us-west-2", "VPCId": cloud.scenario["vpc_id"]}
    with refused("VPCAssociationNotFound"):
        cloud.route53.disassociate_vpc_from_hosted_zone(HostedZoneId=zone, VPC=second)
    with refused("LastVPCAssociation"):
        cloud.route53.disassociate_vpc_from_hosted_zone(HostedZoneId=zone, VPC=first)
    with refused("InvalidVPCId"):
        cloud.route53.associate_vpc_with_hosted_zone(HostedZoneId=zone, VPC=dict(first, VPCId="vpc-0123"))
    cloud.route53.associate_vpc_with_hosted_zone(HostedZoneId=zone, VPC=second)
    with refused("ConflictingDomainExists"):
        cloud.route53.associate_vpc_with_hosted_zone(HostedZoneId=zone, VPC=second)
    assert [one["VPCId"] for one in cloud.route53.get_hosted_zone(Id=zone)["VPCs"]] == [first["VPCId"], second["VPCId"]]
    cloud.route53.disassociate_vpc_from_hosted_zone(HostedZoneId=zone, VPC=first)
    assert f"{NAME}." not in summaries(cloud) and f"{NAME}." in summaries(cloud, second["VPCId"])


def test_public_zone(cloud, refused):
    zone = cloud.route53.create_hosted_zone(Name=NAME, CallerReference="1")["HostedZone"]["Id"]
    with refused("PublicZoneVPCAssociation"):
        cloud.route53.associate_vpc_with_hosted_zone(HostedZoneId=zone, VPC={"VPCRegion": "us-west-2", "VPCId": cloud.scenario["vpc_id"]})


def test_across_accounts(cloud, refused):
    network, zone = cloud.client("route53", profile="network"), cloud.zone(NAME)
    vpc = {"VPCRegion": "us-west-2", "VPCId": cloud.scenario["second_account"]["vpc_id"]}
    for client in (network, cloud.route53):
        with refused("NotAuthorizedException"):
            client.associate_vpc_with_hosted_zone(HostedZoneId=zone, VPC=vpc)
    cloud.route53.create_vpc_association_authorization(HostedZoneId=zone, VPC=vpc)
    cloud.route53.create_vpc_association_authorization(HostedZoneId=zone, VPC=vpc)
    assert cloud.route53.list_vpc_association_authorizations(HostedZoneId=zone)["VPCs"] == [vpc]
    with refused("NotAuthorizedException"):
        cloud.route53.associate_vpc_with_hosted_zone(HostedZoneId=zone, VPC=vpc)
    network.associate_vpc_with_hosted_zone(HostedZoneId=zone, VPC=vpc)
    cloud.route53.delete_vpc_association_authorization(HostedZoneId=zone, VPC=vpc)
    with refused("VPCAssociationAuthorizationNotFound"):
        cloud.route53.delete_vpc_association_authorization(HostedZoneId=zone, VPC=vpc)
    # Seen in the VPC's list, but not to be read.
    assert summaries(cloud, vpc["VPCId"], "network")[f"{NAME}."] == {"OwningAccount": "111122223333"}
    for read in (lambda: network.get_hosted_zone(Id=zone), lambda: network.list_resource_record_sets(HostedZoneId=zone),
                 lambda: network.list_tags_for_resource(ResourceType="hostedzone", ResourceId=zone.rsplit("/", 1)[-1])):
        with refused("AccessDenied"):
            read()
    network.disassociate_vpc_from_hosted_zone(HostedZoneId=zone, VPC=vpc)


# Lists.

def test_list_by_vpc_shows_all_owners_in_pages(cloud, refused):
    cloud.zone(NAME)
    cloud.aws.drift("foreign_zone", name="shared.example.com")
    owners = summaries(cloud)
    assert owners[f"{NAME}."] == {"OwningAccount": "111122223333"}
    assert owners["shared.example.com."] == {"OwningAccount": "444455556666"}
    assert owners["fs-0a1b2c3d4e5f60001.efs.us-west-2.amazonaws.com."] == {"OwningService": "efs.amazonaws.com"}
    vpc = {"VPCId": cloud.scenario["vpc_id"], "VPCRegion": "us-west-2"}
    page = cloud.route53.list_hosted_zones_by_vpc(MaxItems="2", **vpc)
    rest = cloud.route53.list_hosted_zones_by_vpc(MaxItems="2", NextToken=page["NextToken"], **vpc)
    assert (len(page["HostedZoneSummaries"]), len(rest["HostedZoneSummaries"]), rest.get("NextToken")) == (2, 1, None)
    with refused("InvalidPaginationToken"):
        cloud.route53.list_hosted_zones_by_vpc(NextToken="???", **vpc)
    with refused("InvalidInput"):
        cloud.route53.list_hosted_zones_by_vpc(VPCId=cloud.scenario["second_account"]["vpc_id"], VPCRegion="us-west-2")


def test_lists_come_in_pages_of_a_hundred(cloud):
    for n in range(101):
        cloud.zone(f"n{n:03d}.example.com")
    page = cloud.route53.list_hosted_zones()
    assert (len(page["HostedZones"]), page["IsTruncated"]) == (100, True)
    rest = cloud.route53.list_hosted_zones(Marker=page["NextMarker"])
    assert (len(rest["HostedZones"]), rest["IsTruncated"]) == (1, False)
    assert cloud.route53.get_hosted_zone_count()["HostedZoneCount"] == 101
    named = cloud.route53.list_hosted_zones_by_name(DNSName="n050.example.com")["HostedZones"]
    assert [one["Name"] for one in named][:2] == ["n050.example.com.", "n051.example.com."]


def test_records_come_in_pages_of_three_hundred(cloud, record):
    zone = cloud.zone("example.com")
    cloud.change(zone, *[record("CREATE", f"h{n:03d}.example.com", "A", ["10.0.0.1"]) for n in range(310)])
    page = cloud.route53.list_resource_record_sets(HostedZoneId=zone)
    assert (len(page["ResourceRecordSets"]), page["IsTruncated"]) == (300, True)
    rest = cloud.route53.list_resource_record_sets(HostedZoneId=zone, StartRecordName=page["NextRecordName"],
                                                   StartRecordType=page["NextRecordType"])
    assert len(rest["ResourceRecordSets"]) == 12


# Tags.

def test_tags_of_ten_zones_at_most(cloud, refused):
    zones = [cloud.zone(f"n{n}.example.com").rsplit("/", 1)[-1] for n in range(11)]
    with refused("InvalidInput", "less than or equal to 10"):
        cloud.route53.list_tags_for_resources(ResourceType="hostedzone", ResourceIds=zones)
    cloud.route53.change_tags_for_resource(ResourceType="hostedzone", ResourceId=zones[0], AddTags=[{"Key": "a", "Value": "b"}])
    sets = cloud.route53.list_tags_for_resources(ResourceType="hostedzone", ResourceIds=zones[:10])["ResourceTagSets"]
    assert sets[0]["Tags"] == [{"Key": "a", "Value": "b"}] and sets[1]["Tags"] == []
    with refused("NoSuchHostedZone"):
        cloud.route53.list_tags_for_resource(ResourceType="hostedzone", ResourceId="Z0")


# Records.

@pytest.fixture
def zone(cloud):
    return cloud.zone(NAME)


def test_alias_is_kept_in_lower_case_with_a_dot(cloud, record, zone):
    entry = cloud.endpoint()["DnsEntries"][0]
    alias = (entry["HostedZoneId"], entry["DnsName"].upper())
    cloud.change(zone, record("UPSERT", NAME.upper(), "A", alias=alias))
    kept = cloud.records(zone)[f"{NAME}.", "A"]["AliasTarget"]
    assert kept == {"HostedZoneId": "Z1YSA3EXCYUU9Z", "DNSName": entry["DnsName"] + ".", "EvaluateTargetHealth": False}
    cloud.change(zone, record("DELETE", NAME, "A", alias=(entry["HostedZoneId"], entry["DnsName"])))


def test_alias_must_lead_to_a_living_endpoint(cloud, refused, record, zone):
    endpoint = cloud.endpoint()
    entry = endpoint["DnsEntries"][0]
    with refused("InvalidChangeBatch", "does not lie within the target zone"):
        cloud.change(zone, record("CREATE", NAME, "A", alias=("Z7HUB22UULQXV", entry["DnsName"])))
    with refused("InvalidChangeBatch", "that target was not found"):
        cloud.change(zone, record("CREATE", NAME, "A", alias=(entry["HostedZoneId"], "x" + entry["DnsName"])))
    with refused("InvalidChangeBatch", "that target was not found"):
        cloud.change(zone, record("CREATE", NAME, "AAAA", alias=(entry["HostedZoneId"], entry["DnsName"])))
    cloud.ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint["VpcEndpointId"]])
    with refused("InvalidChangeBatch", "that target was not found"):
        cloud.change(zone, record("CREATE", NAME, "A", alias=(entry["HostedZoneId"], entry["DnsName"])))


def test_a_batch_is_whole_or_nothing(cloud, refused, record, zone):
    with refused("InvalidChangeBatch", "[Tried to delete resource record set [name='b.in01-x.example.com.', type='A'] but it was not found]"):
        cloud.change(zone, record("CREATE", f"a.{NAME}", "A", ["10.0.0.1"]), record("DELETE", f"b.{NAME}", "A", ["10.0.0.1"]))
    assert set(kind for _name, kind in cloud.records(zone)) == {"NS", "SOA"}
    cloud.change(zone, record("CREATE", f"a.{NAME}", "A", ["10.0.0.1"]))
    cloud.change(zone, record("DELETE", f"a.{NAME}", "A", ["10.0.0.1"]), record("CREATE", f"a.{NAME}", "CNAME", ["x.example.com"]))
    assert (f"a.{NAME}.", "CNAME") in cloud.records(zone)


def test_refused_changes(cloud, refused, record, zone):
    cloud.change(zone, record("CREATE", f"a.{NAME}", "A", ["10.0.0.1", "10.0.0.2"], 60))
    for change, text in (
            (record("CREATE", NAME, "CNAME", ["x.example.com"]), "is not permitted at apex"),
            (record("CREATE", f"a.{NAME}", "CNAME", ["x.example.com"]), "conflicts with other records"),
            (record("CREATE", f"a.{NAME}", "A", ["10.0.0.3"]), "but it already exists"),
            (record("DELETE", f"a.{NAME}", "A", ["10.0.0.1"], 60), "do not match the current values"),
            (record("DELETE", f"a.{NAME}", "A", ["10.0.0.1", "10.0.0.2"], 61), "do not match the current values"),
            (record("CREATE", "a.example.org", "A", ["10.0.0.1"]), "is not permitted in zone"),
            (record("CREATE", f"x{NAME}", "A", ["10.0.0.1"]), "is not permitted in zone"),
            (record("CREATE", f"b.{NAME}", "A", ["10.0.0"]), "not a valid address"),
            (record("CREATE", f"b.{NAME}", "TXT", ["plain"]), "quotation marks")):
        with refused("InvalidChangeBatch", text):
            cloud.change(zone, change)
    with refused("InvalidInput", "Expected exactly one of"):
        cloud.change(zone, {"Action": "DELETE", "ResourceRecordSet": {"Name": f"a.{NAME}", "Type": "A"}})
    with refused("InvalidChangeBatch", "1000"):
        cloud.change(zone, *[record("UPSERT", f"n{n}.{NAME}", "A", ["10.0.0.1"]) for n in range(501)])
    cloud.change(zone, record("DELETE", f"a.{NAME}", "A", ["10.0.0.2", "10.0.0.1"], 60))


def test_cname_dot_means_nothing(cloud, record, zone):
    cloud.change(zone, record("CREATE", f"c.{NAME}", "CNAME", ["x.example.com"]))
    cloud.change(zone, record("DELETE", f"c.{NAME}", "CNAME", ["x.example.com."]))


# Time.

def test_pending_then_insync(cloud, record, zone):
    change = cloud.change(zone, record("CREATE", NAME, "A", ["10.0.0.1"]))["ChangeInfo"]
    assert change["Status"] == "PENDING"
    assert cloud.route53.get_change(Id=change["Id"])["ChangeInfo"]["Status"] == "PENDING"
    cloud.advance(31)
    assert cloud.route53.get_change(Id=change["Id"])["ChangeInfo"]["Status"] == "INSYNC"


def test_a_zone_takes_one_change_at_a_time(cloud, refused, record):
    cloud.world.switches["route53_busy_seconds"] = 2
    zone = cloud.zone(NAME)
    for act in (lambda: cloud.change(zone, record("CREATE", NAME, "A", ["10.0.0.1"])), lambda: cloud.route53.delete_hosted_zone(Id=zone),
                lambda: cloud.route53.associate_vpc_with_hosted_zone(HostedZoneId=zone, VPC={
                    "VPCRegion": "us-west-2", "VPCId": cloud.scenario["second_vpc_id"]})):
        with refused("PriorRequestNotComplete"):
            act()
    assert cloud.route53.get_hosted_zone(Id=zone)
    cloud.advance(3)
    cloud.change(zone, record("CREATE", NAME, "A", ["10.0.0.1"]))


def test_five_requests_a_second(cloud, refused, monkeypatch):
    cloud.world.switches["route53_rate"] = 5
    second = 0.0
    monkeypatch.setattr(cloud.aws.limiter, "_real", lambda: second)
    for _n in range(5):
        cloud.route53.get_hosted_zone_count()
    with refused("Throttling", "Rate exceeded"):
        cloud.route53.get_hosted_zone_count()
    assert cloud.client("route53", profile="network").get_hosted_zone_count()
    for _n in range(20):
        cloud.ec2.describe_vpcs()
    second += 1
    for _n in range(5):
        cloud.route53.get_hosted_zone_count()
