# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compute: addresses, forwarding rules to service attachments, firewalls, and what is only looked at."""
from __future__ import annotations

import pytest

from unit.sandbox_gcp.google_side import ATTACHMENT, COMPUTE, MARK, OLD_ATTACHMENT, SECOND_VPC, SHARED_VPC, VPC, Refused, Side

REGION = "/regions/us-west1"
SUBNET = f"{COMPUTE}my-project/regions/us-west1/subnetworks/my-subnet"
TARGET = f"{COMPUTE}{ATTACHMENT.removeprefix('projects/')}"


@pytest.fixture
def side():
    return Side()


def refused(call, *args, **more):
    with pytest.raises(Refused) as caught:
        call(*args, **more)
    return caught.value


def put(side, kind, body, project="my-project", scope=REGION):
    return side.compute("POST", f"{scope}/{kind}", body, project)


def got(side, kind, name, scope=REGION):
    return side.compute("GET", f"{scope}/{kind}/{name}")


# Addresses.


def reserve(side, name="ip", **more):
    body = {"name": name, "addressType": "INTERNAL", "purpose": "GCE_ENDPOINT", "subnetwork": SUBNET, **more}
    put(side, "addresses", {key: value for key, value in body.items() if value is not None})
    return got(side, "addresses", name)


def test_an_address(side):
    made = reserve(side, description="mine")
    assert (made["address"], made["status"], made["subnetwork"], made["networkTier"]) == ("10.128.0.2", "RESERVED", SUBNET, "PREMIUM")
    assert made["selfLink"] == f"{COMPUTE}my-project/regions/us-west1/addresses/ip" and "users" not in made
    assert reserve(side, "b")["address"] == "10.128.0.3"
    assert reserve(side, "c", address="10.128.7.7")["address"] == "10.128.7.7"
    assert reserve(side, "d", subnetwork="regions/us-west1/subnetworks/my-subnet")["subnetwork"] == SUBNET
    assert reserve(side, "e", subnetwork=SUBNET.replace("www.", "compute."))["subnetwork"] == SUBNET


@pytest.mark.parametrize("more, status, text", [
    ({"name": "ip"}, 409, "already exists"),
    ({"name": "ip-"}, 400, "Must be a match of regex"),
    ({"address": "10.128.0.2"}, 400, "Specified IP address is already reserved"),
    ({"address": "10.129.0.2"}, 400, "not in the subnetwork's range"),
    ({"address": "10.128.0.1"}, 400, "reserved by Google"),
    ({"address": "ten"}, 400, "Invalid IP address"),
    ({"addressType": "EXTERNAL"}, 400, "only be specified for internal addresses"),
    ({"purpose": "PRIVATE_SERVICE_CONNECT"}, 400, "cannot have the purpose"),
    ({"network": VPC}, 400, "specify a subnetwork"),
    ({"networkTier": "STANDARD"}, 400, "network tier"),
    ({"subnetwork": None}, 404, "subnetworks/default' was not found"),
    ({"subnetwork": "my-subnet"}, 400, "URL is malformed"),
    ({"subnetwork": f"{COMPUTE}my-project/regions/us-west1/subnetworks/nowhere"}, 404, "was not found"),
    ({"subnetwork": f"{COMPUTE}my-project/regions/us-east1/subnetworks/east-subnet"}, 400, "must be in region 'us-west1'"),
    ({"subnetwork": f"{COMPUTE}other-project/regions/us-west1/subnetworks/other-subnet"}, 400, "Cross-project references"),
])
def test_addresses_that_are_refused(side, more, status, text):
    reserve(side)
    error = refused(reserve, side, **{"name": "new", **more})
    assert error.status == status and text in error.message


def test_an_address_of_the_shared_network(side):
    shared = f"{COMPUTE}host-project/regions/us-west1/subnetworks/shared-subnet"
    assert reserve(side, subnetwork=shared)["address"] == "10.180.0.2"
    assert refused(reserve, side, "b", subnetwork=shared, address="10.180.0.2").status == 400


def test_a_subnetwork_without_room(side):
    full = f"{COMPUTE}my-project/regions/us-west1/subnetworks/full-subnet"
    operation = side.ask("POST", f"{COMPUTE}my-project/regions/us-west1/addresses",
                         {"name": "ip", "addressType": "INTERNAL", "subnetwork": full})
    assert operation["error"]["errors"][0] == {
        "code": "IP_SPACE_EXHAUSTED", "message": "IP space of 'projects/my-project/regions/us-west1/subnetworks/full-subnet' is exhausted."}
    assert refused(got, side, "addresses", "ip").status == 404
    side.world.switch({"gcp_full_subnetworks": []})
    # Of eight addresses Google keeps four.
    assert [reserve(side, f"ip{n}", subnetwork=full)["address"] for n in range(4)] == [f"10.130.0.{n}" for n in range(2, 6)]


def test_an_address_in_use_stays(side):
    side.endpoint()
    used = got(side, "addresses", "ep-ip")
    assert used["status"] == "IN_USE" and used["users"] == [f"{COMPUTE}my-project/regions/us-west1/forwardingRules/ep"]
    error = refused(side.compute, "DELETE", f"{REGION}/addresses/ep-ip")
    assert (error.status, error.reason) == (400, "resourceInUseByAnotherResource") and "is already being used by 'projects/my-project" in error.message
    side.compute("DELETE", f"{REGION}/forwardingRules/ep")
    assert got(side, "addresses", "ep-ip")["status"] == "RESERVED" and "users" not in got(side, "addresses", "ep-ip")
    side.compute("DELETE", f"{REGION}/addresses/ep-ip")
    assert refused(side.compute, "DELETE", f"{REGION}/addresses/ep-ip").status == 404


def test_quotas(side):
    side.world.switch({"gcp_addresses_quota": 2, "gcp_endpoints_quota": 0, "gcp_firewalls_quota": 2})
    for error in (refused(reserve, side), refused(fire, side)):
        assert (error.status, error.reason) == (403, "quotaExceeded")
    side.world.switch({"gcp_addresses_quota": 3})
    error = refused(side.endpoint)
    assert error.message == "Quota 'PSC_INTERNAL_LB_FORWARDING_RULES' exceeded.  Limit: 0.0 in region us-west1."
    quotas = {one["metric"]: one for one in side.compute("GET", REGION)["quotas"]}
    assert quotas["INTERNAL_ADDRESSES"] == {"metric": "INTERNAL_ADDRESSES", "limit": 3.0, "usage": 3.0}


# Endpoints.


def connect(side, name="ep", **more):
    body = {"name": name, "target": TARGET, "network": VPC, "IPAddress": f"{COMPUTE}my-project/regions/us-west1/addresses/ip", **more}
    put(side, "forwardingRules", {key: value for key, value in body.items() if value is not None})
    return got(side, "forwardingRules", name)


def test_an_endpoint(side):
    reserve(side)
    made = connect(side, description=MARK)
    assert made["IPAddress"] == "10.128.0.2" and made["target"] == TARGET and made["network"] == VPC and made["description"] == MARK
    assert made["pscConnectionStatus"] == "PENDING" and made["pscConnectionId"].isdigit()
    assert made["allowPscGlobalAccess"] is False and made["serviceDirectoryRegistrations"] == [{"namespace": "goog-psc-default"}]
    assert not {"loadBalancingScheme", "IPProtocol", "subnetwork", "ports", "noAutomateDnsZone"} & set(made)
    error = refused(connect, side)
    assert error.status == 409


@pytest.mark.parametrize("more", [
    {"target": ATTACHMENT}, {"target": TARGET.replace("www.", "compute.")}, {"network": "global/networks/my-vpc"},
    {"IPAddress": "ip"}, {"IPAddress": "regions/us-west1/addresses/ip"}, {"loadBalancingScheme": None}, {"allowPscGlobalAccess": True},
    {"serviceDirectoryRegistrations": [{"namespace": "links"}], "noAutomateDnsZone": True}])
def test_other_words_for_the_same(side, more):
    reserve(side)
    made = connect(side, **more)
    assert made["target"] == TARGET and made["network"] == VPC and made["IPAddress"] == "10.128.0.2"
    assert made["allowPscGlobalAccess"] == more.get("allowPscGlobalAccess", False)
    assert made["serviceDirectoryRegistrations"] == more.get("serviceDirectoryRegistrations", [{"namespace": "goog-psc-default"}])


@pytest.mark.parametrize("more, status, text", [
    ({"target": None}, 400, "resource.target"),
    ({"target": "zilliz-us-west1-psc"}, 400, "URL is malformed"),
    ({"target": TARGET + "-not"}, 404, "serviceAttachments/zilliz-us-west1-psc-not' was not found"),
    ({"target": TARGET.replace("us-west1", "us-east1")}, 400, "same region"),
    ({"loadBalancingScheme": "INTERNAL"}, 400, "must be empty"),
    ({"IPProtocol": "TCP"}, 400, "IPProtocol cannot be specified"),
    ({"subnetwork": SUBNET}, 400, "subnetwork cannot be specified"),
    ({"ports": ["443"]}, 400, "ports cannot be specified"),
    ({"allowGlobalAccess": True}, 400, "allowGlobalAccess cannot be specified"),
    ({"network": None}, 404, "networks/default' was not found"),
    ({"network": SECOND_VPC}, 400, "not in the network of the forwarding rule"),
    ({"network": f"{COMPUTE}other-project/global/networks/other-vpc"}, 400, "Cross-project references"),
    ({"IPAddress": None}, 400, "reserved internal address is required"),
    ({"IPAddress": "10.128.0.2"}, 400, "requires the URL of a reserved internal address"),
    ({"IPAddress": "no-such-ip"}, 404, "was not found"),
    ({"IPAddress": f"{COMPUTE}my-project/regions/us-east1/addresses/ip"}, 400, "address of the project and region"),
    ({"IPAddress": "used-ip"}, 400, "in-use and would result in a conflict"),
    ({"IPAddress": "nat-ip"}, 400, "not an internal address"),
    ({"serviceDirectoryRegistrations": [{"namespace": "a"}, {"namespace": "b"}]}, 400, "Only one registration"),
])
def test_endpoints_that_are_refused(side, more, status, text):
    side.endpoint("used")
    reserve(side)
    error = refused(connect, side, **more)
    assert error.status == status and text in error.message
    assert got(side, "addresses", "ip")["status"] == "RESERVED"


def test_a_literal_address_where_google_takes_it(side):
    side.world.switch({"gcp_literal_ip": True})
    reserve(side)
    assert "not a reserved" in refused(connect, side, IPAddress="10.128.0.9").message
    assert connect(side, IPAddress="10.128.0.2")["IPAddress"] == "10.128.0.2"


def test_an_endpoint_in_the_shared_network(side):
    reserve(side, subnetwork=f"{COMPUTE}host-project/regions/us-west1/subnetworks/shared-subnet")
    assert connect(side, network=SHARED_VPC)["network"] == SHARED_VPC


def test_an_endpoint_being_made_has_no_address_yet(side):
    reserve(side)
    side.world.switch({"gcp_operation_seconds": 2})
    early = connect(side)
    assert not {"IPAddress", "pscConnectionId", "pscConnectionStatus"} & set(early)
    assert side.gcp.find_endpoint("my-project", "ep", "us-west1") is None
    assert got(side, "addresses", "ip")["status"] == "IN_USE"
    side.passes(3)
    assert side.status() == "PENDING"


def test_an_endpoint_that_fails_gives_its_address_back(side):
    reserve(side)
    side.world.switch({"gcp_fail_operations": {"compute.forwardingRules.insert": "IP_IN_USE_BY_ANOTHER_RESOURCE"}})
    operation = side.ask("POST", f"{COMPUTE}my-project/regions/us-west1/forwardingRules", {
        "name": "ep", "target": TARGET, "network": VPC, "IPAddress": "ip"})
    assert operation["error"] and operation["httpErrorStatusCode"] == 400
    assert got(side, "addresses", "ip")["status"] == "RESERVED"


def test_what_cannot_be_changed(side):
    rule = side.endpoint()
    error = refused(side.compute, "POST", f"{REGION}/forwardingRules/ep/setTarget", {"target": f"{COMPUTE}{OLD_ATTACHMENT.removeprefix('projects/')}"})
    assert error.status == 400 and "not mutable once set as a service attachment" in error.message
    assert refused(side.compute, "POST", f"{REGION}/forwardingRules/ep/setTarget", {"target": TARGET}).status == 400
    for change in ({"description": "other"}, {"IPAddress": "10.128.0.9"}, {"network": SECOND_VPC}, {"allowGlobalAccess": True}):
        assert refused(side.compute, "PATCH", f"{REGION}/forwardingRules/ep", dict(change, fingerprint=rule["fingerprint"])).status == 400
    assert side.rule() == rule


def test_global_access_wants_the_fingerprint(side):
    rule = side.endpoint()
    for body in ({}, {"fingerprint": "AAAAAAAAAAA="}):
        error = refused(side.compute, "PATCH", f"{REGION}/forwardingRules/ep", {"allowPscGlobalAccess": True, **body})
        assert (error.status, error.reason) == (412, "conditionNotMet")
    side.compute("PATCH", f"{REGION}/forwardingRules/ep", {"allowPscGlobalAccess": True, "fingerprint": rule["fingerprint"]})
    assert side.rule()["allowPscGlobalAccess"] is True and side.rule()["fingerprint"] != rule["fingerprint"]


@pytest.mark.parametrize("kind, name", [("forwardingRules", "ep"), ("addresses", "ep-ip")])
def test_labels_are_set_on_their_own(side, kind, name):
    before = (side.endpoint() and got(side, kind, name))["labelFingerprint"]

    def label(labels, fingerprint):
        return side.compute("POST", f"{REGION}/{kind}/{name}/setLabels", {"labels": labels, "labelFingerprint": fingerprint})

    assert refused(label, {"a": "b"}, "AAAAAAAAAAA=").reason == "conditionNotMet"
    assert "violates format" in refused(label, {"a/b": "c"}, before).message and "violates format" in refused(label, {"a": "B"}, before).message
    label({"zilliz-cloud-private-link": "0123456789abcdef0123"}, before)
    made = got(side, kind, name)
    assert made["labels"] == {"zilliz-cloud-private-link": "0123456789abcdef0123"} and made["labelFingerprint"] != before
    label({}, made["labelFingerprint"])
    assert "labels" not in got(side, kind, name) and got(side, kind, name)["labelFingerprint"] == before


def test_labels_of_an_insert_are_dropped(side):
    assert "labels" not in reserve(side, labels={"a": "b"}) and "labels" not in connect(side, labels={"a": "b"})
    side.world.switch({"gcp_insert_labels": True})
    assert reserve(side, "b", labels={"a": "b"})["labels"] == {"a": "b"}


# The producer.


def test_accepted_after_a_while(side):
    side.endpoint()
    found = side.gcp.find_endpoint("my-project", "ep", "us-west1")
    assert (found["target"], found["status"], found["network"]) == (ATTACHMENT, "PENDING", VPC)
    side.gcp.accept("my-project", "ep", "us-west1")
    assert side.status() == "PENDING"
    side.passes(11)
    assert side.status() == "ACCEPTED"
    side.gcp.reject("my-project", "ep", "us-west1")
    assert side.status() == "REJECTED"
    side.gcp.close("my-project", "ep", "us-west1")
    side.gcp.accept("my-project", "ep", "us-west1")
    side.passes(11)
    assert side.status() == "CLOSED", "closed is final"
    assert side.gcp.find_endpoint("other-project", "ep", "us-west1") is None


def test_minds_change_before_it_is_accepted(side):
    side.endpoint()
    side.gcp.accept("my-project", "ep", "us-west1")
    side.gcp.reject("my-project", "ep", "us-west1")
    side.passes(11)
    assert side.status() == "REJECTED"


def test_an_acceptance_is_for_one_connection(side):
    first = side.endpoint()["pscConnectionId"]
    side.gcp.accept("my-project", "ep", "us-west1")
    side.compute("DELETE", f"{REGION}/forwardingRules/ep")
    again = side.endpoint(address="ep-ip")
    side.passes(11)
    assert again["pscConnectionId"] != first and side.status() == "PENDING"


def test_needs_attention(side):
    side.world.switch({"gcp_needs_attention": True})
    side.endpoint()
    side.gcp.accept("my-project", "ep", "us-west1")
    side.passes(11)
    assert side.status() == "NEEDS_ATTENTION"


# Firewalls.


def fire(side, name="f", **more):
    body = {"name": name, "network": VPC, "direction": "EGRESS", "allowed": [{"IPProtocol": "TCP", "ports": ["443", "19530"]}],
            "destinationRanges": ["10.128.0.2/32"], **more}
    put(side, "firewalls", {key: value for key, value in body.items() if value is not None}, scope="/global")
    return got(side, "firewalls", name, "/global")


def test_a_firewall(side):
    made = fire(side)
    assert made["allowed"] == [{"IPProtocol": "tcp", "ports": ["443", "19530"]}] and made["priority"] == 1000
    assert made["disabled"] is False and made["logConfig"] == {"enable": False} and "description" not in made
    open_to_all = fire(side, "g", direction=None, destinationRanges=None)
    assert open_to_all["direction"] == "INGRESS" and open_to_all["sourceRanges"] == ["0.0.0.0/0"]
    assert fire(side, "h", network=SECOND_VPC.replace("www.", "compute."))["network"] == SECOND_VPC


@pytest.mark.parametrize("more, text", [
    ({"sourceRanges": ["10.0.0.0/8"]}, "sourceRanges cannot be specified for EGRESS"),
    ({"direction": "INGRESS"}, "destinationRanges cannot be specified for INGRESS"),
    ({"allowed": None}, "Exactly one of allowed and denied"),
    ({"denied": [{"IPProtocol": "all"}]}, "Exactly one of allowed and denied"),
    ({"allowed": [{"IPProtocol": "tpc"}]}, "Unknown protocol"),
    ({"allowed": [{"IPProtocol": "icmp", "ports": ["1"]}]}, "Ports may not be specified"),
    ({"allowed": [{"IPProtocol": "tcp", "ports": ["70000"]}]}, "between 0 and 65535"),
    ({"allowed": [{"IPProtocol": "tcp", "ports": ["9-1"]}]}, "between 0 and 65535"),
    ({"destinationRanges": ["10.128.0.2/24"]}, "CIDR"),
    ({"priority": 65536}, "between 0 and 65535"),
    ({"targetTags": ["UP"]}, "regex"),
    ({"targetTags": ["a"], "targetServiceAccounts": ["a@example.com"]}, "together"),
    ({"network": f"{COMPUTE}my-project/{VPC}"}, "malformed"),
    ({"network": SHARED_VPC}, "Cross project referencing"),
])
def test_firewalls_that_are_refused(side, more, text):
    error = refused(fire, side, **more)
    assert error.status == 400 and text in error.message


def test_a_patch_merges_and_an_update_replaces(side):
    made = fire(side, description="mine", targetTags=["clients"])
    side.compute("PATCH", "/global/firewalls/f", {"name": "f", "allowed": [{"IPProtocol": "tcp", "ports": ["1"]}]})
    patched = got(side, "firewalls", "f", "/global")
    assert patched == {**made, "allowed": [{"IPProtocol": "tcp", "ports": ["1"]}]}
    side.compute("PUT", "/global/firewalls/f", {"network": VPC, "direction": "EGRESS", "allowed": [{"IPProtocol": "all"}]})
    updated = got(side, "firewalls", "f", "/global")
    assert updated["destinationRanges"] == ["0.0.0.0/0"] and "targetTags" not in updated and "description" not in updated


@pytest.mark.parametrize("change, text", [
    ({"direction": "INGRESS", "destinationRanges": []}, "direction"), ({"network": SECOND_VPC}, "network of a firewall cannot be changed"),
    ({"name": "g"}, "name of a firewall cannot be changed"), ({"denied": [{"IPProtocol": "all"}]}, "Exactly one")])
def test_what_a_firewall_cannot_become(side, change, text):
    fire(side)
    error = refused(side.compute, "PATCH", "/global/firewalls/f", {"name": "f", **change})
    assert error.status == 400 and text in error.message


# What is looked at.


def test_lists_are_filtered(side):
    def listed(text, kind="networks", scope="/global"):
        return [one["name"] for one in side.compute("GET", f"{scope}/{kind}", filter=text).get("items", [])]

    assert listed("name = my-vpc") == listed("name=my-vpc") == listed("name eq my-vpc") == listed('(name = "my-vpc") (mtu = 1460)') == ["my-vpc"]
    assert listed("name != my-vpc") == ["locked-vpc", "my-second-vpc"] and listed("name = my-*") == listed("name eq my-.*") == ["my-second-vpc", "my-vpc"]
    assert listed("(name = my-vpc) AND (autoCreateSubnetworks = false)") == ["my-vpc"] and listed("name:second") == ["my-second-vpc"]
    assert listed("labels.a = b", "addresses", REGION) == [] and "items" not in side.compute("GET", f"{REGION}/addresses", filter="name = nope")
    for text in ("name", "name = ", "name = a OR name = b"):
        assert refused(listed, text).status == 400


def test_lists_come_in_pages(side):
    side.world.switch({"gcp_page_size": 2})
    first = side.compute("GET", "/global/networks", maxResults="500")
    second = side.compute("GET", "/global/networks", pageToken=first["nextPageToken"])
    assert [one["name"] for one in first["items"] + second["items"]] == ["locked-vpc", "my-second-vpc", "my-vpc"] and "nextPageToken" not in second
    assert len(side.compute("GET", "/global/networks", maxResults="1")["items"]) == 1
    assert refused(side.compute, "GET", "/global/networks", maxResults="501").status == 400
    assert refused(side.compute, "GET", "/global/networks", pageToken="x").status == 400


def test_only_the_fields_that_are_named(side):
    def listed(text):
        return side.compute("GET", f"{REGION}/addresses", fields=text)

    assert listed("items(name,status),nextPageToken") == {"items": [{"name": "nat-ip", "status": "RESERVED"}, {"name": "orders-ip", "status": "IN_USE"}]}
    assert listed("items/name,kind") == {"kind": "compute#addressList", "items": [{"name": "nat-ip"}, {"name": "orders-ip"}]}
    assert listed("items/labels/a")["items"] == [{}, {}] and set(listed("*")) == set(listed("")) >= {"kind", "selfLink"}
    for text in ("colour", "items(colour)", "items(name", "items name", "name", ",", "items//name"):
        assert refused(listed, text).reason == "invalidParameter"


def test_projects_and_regions(side):
    assert side.compute("GET", "")["name"] == "my-project"
    assert side.compute("GET", "/getXpnHost")["name"] == "host-project"
    assert "name" not in side.compute("GET", "/getXpnHost", project="other-project")
    assert [one["name"] for one in side.compute("GET", "/regions")["items"]] == ["europe-west1", "us-central1", "us-east1", "us-west1"]
    assert refused(side.compute, "GET", "/regions/mars-north1").status == 400
    usable = side.compute("GET", "/aggregated/subnetworks/listUsable")["items"]
    assert any("host-project" in one["subnetwork"] for one in usable) and not any("other-project" in one["subnetwork"] for one in usable)


def test_the_vendors_attachment_is_not_to_be_seen(side):
    assert refused(side.ask, "GET", TARGET).status == 403


def test_others_live_here_too(side):
    rules = {one["name"]: one for one in side.compute("GET", f"{REGION}/forwardingRules")["items"]}
    assert "target" not in rules["orders"] and rules["orders"]["loadBalancingScheme"] == "INTERNAL"
    addresses = {one["name"]: one for one in side.compute("GET", f"{REGION}/addresses")["items"]}
    assert "subnetwork" not in addresses["nat-ip"] and addresses["orders-ip"]["users"] == [rules["orders"]["selfLink"]]
    assert refused(side.compute, "DELETE", f"{REGION}/addresses/orders-ip").status == 400
    locked = got(side, "firewalls", "locked-deny-egress", "/global")
    assert locked["denied"] == [{"IPProtocol": "all"}] and locked["priority"] == 65000 and locked["direction"] == "EGRESS"
