# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What others do to the projects, and the state that shows it."""
from __future__ import annotations

import copy

import pytest
from sandbox.core import BadRequest
from sandbox.gcp.policies import PolicyDrifts

from unit.sandbox_gcp.google_side import HOST, MARK, OLD_ATTACHMENT, SECOND_VPC, SHARED_VPC, VPC, Side, record

FIREWALL = {"name": "fw", "network": VPC, "direction": "EGRESS", "description": MARK, "allowed": [{"IPProtocol": "tcp", "ports": ["443", "19530"]}],
            "destinationRanges": ["10.128.0.2/32"], "priority": 900}


@pytest.fixture
def side():
    """A link with all its parts, accepted."""
    side = Side()
    side.endpoint()
    side.compute("POST", "/global/firewalls", FIREWALL)
    side.zone(networks=[VPC, SECOND_VPC], labels={"team": "a"})
    side.change([record()])
    side.passes(30)
    return side


def differs(before, after, path=""):
    """The places where two states differ."""
    if isinstance(before, dict) and isinstance(after, dict):
        return [place for key in sorted({*before, *after}, key=str) for place in differs(before.get(key), after.get(key), f"{path}/{key}")]
    return [] if before == after else [path.removeprefix("/projects/my-project/")]


EP, IP, FW, Z = "regions/us-west1/forwarding_rules/ep", "regions/us-west1/addresses/ep-ip", "firewalls/fw", "zones/z"
A = f"{Z}/records/{HOST}. A"


@pytest.mark.parametrize("kind, args, places", [
    ("endpoint_delete", {}, [f"{IP}/status", f"{IP}/users", EP]),
    ("endpoint_retarget", {}, [f"{EP}/target"]),
    ("endpoint_remake", {"description": "by hand"}, [f"{EP}/description"]),
    ("endpoint_remake", {"labels": {"a": "b"}, "status": "ACCEPTED"}, [f"{EP}/labels/a", f"{EP}/status"]),
    ("endpoint_global_access", {}, [f"{EP}/global_access"]),
    ("endpoint_global_access", {"enabled": False}, []),
    ("endpoint_labels", {"set": {"a": "b"}}, [f"{EP}/labels/a"]),
    ("connection_accept", {}, [f"{EP}/status"]), ("connection_reject", {}, [f"{EP}/status"]), ("connection_pend", {}, []),
    ("connection_close", {}, [f"{EP}/status"]), ("connection_attention", {}, [f"{EP}/status"]),
    ("address_labels", {"set": {"a": "b"}}, [f"{IP}/labels/a"]),
    ("foreign_address", {"name": "theirs"}, ["regions/us-west1/addresses/theirs"]),
    ("foreign_endpoint", {"name": "theirs"}, ["regions/us-west1/addresses/theirs-ip", "regions/us-west1/forwarding_rules/theirs"]),
    ("firewall_widen", {}, [f"{FW}/allowed"]), ("firewall_widen", {"port": "1-100"}, [f"{FW}/allowed"]),
    ("firewall_widen", {"protocol": "udp"}, [f"{FW}/allowed"]), ("firewall_widen", {"range": "0.0.0.0/0"}, [f"{FW}/destinationRanges"]),
    ("firewall_widen", {"target_tag": "web"}, [f"{FW}/targetTags"]),
    ("firewall_narrow", {}, [f"{FW}/allowed"]), ("firewall_narrow", {"range": "10.128.0.2/32"}, [f"{FW}/destinationRanges"]),
    ("firewall_disable", {}, [f"{FW}/disabled"]), ("firewall_delete", {}, [FW]),
    ("firewall_change", {"priority": 1, "logging": True, "description": "by hand"}, [f"{FW}/description", f"{FW}/logging", f"{FW}/priority"]),
    ("foreign_firewall", {"name": "theirs"}, ["firewalls/theirs"]), ("deny_egress", {}, ["firewalls/deny-all-egress"]),
    ("zone_network_add", {"network": SHARED_VPC}, [f"{Z}/networks"]), ("zone_network_remove", {}, [f"{Z}/networks"]),
    ("zone_network_remove", {"network": "my-vpc"}, [f"{Z}/networks"]),
    ("zone_description", {}, [f"{Z}/description"]), ("zone_labels", {}, [f"{Z}/labels/team"]), ("zone_labels", {"set": {"b": "c"}}, [f"{Z}/labels/b"]),
    ("zone_delete", {}, [Z]),
    ("foreign_zone", {"dns_name": "other.example.com", "name": "theirs", "records": [{"values": ["10.0.0.1"]}]}, ["zones/theirs"]),
    ("record_change", {}, [f"{A}/values"]), ("record_change", {"ttl": 5}, [f"{A}/ttl"]), ("record_value_add", {}, [f"{A}/values"]),
    ("record_add", {}, [f"{Z}/records/other.{HOST}. TXT"]), ("record_delete", {}, [A]),
])
def test_a_drift_changes_just_this(side, kind, args, places):
    before = copy.deepcopy(side.world.state()["gcp"])
    side.world.drift(f"gcp_{kind}", **args)
    assert differs(before, side.world.state()["gcp"]) == places
    entry = side.world.log.since()[-1]
    assert (entry["cloud"], entry["operation"], entry["mutating"]) == ("drift", f"gcp_{kind}", False)


def test_every_kind_is_tried():
    tried = {f"gcp_{mark.args[1][n][0]}" for mark in test_a_drift_changes_just_this.pytestmark for n in range(len(mark.args[1]))}
    elsewhere = {name for name in vars(PolicyDrifts) if name.startswith("gcp_")}
    assert set(Side().gcp.drifts.kinds) - tried - elsewhere == {"gcp_address_delete"}


def test_an_address_in_use_stays(side):
    with pytest.raises(BadRequest, match="in use"):
        side.world.drift("gcp_address_delete")
    side.world.drift("gcp_endpoint_delete")
    side.world.drift("gcp_address_delete")
    assert side.world.state()["gcp"]["projects"]["my-project"]["regions"]["us-west1"]["addresses"].keys() == {"nat-ip", "orders-ip"}


def test_the_api_sees_a_drift(side):
    before = side.rule()
    side.world.drift("gcp_endpoint_global_access")
    assert side.rule()["allowPscGlobalAccess"] and side.rule()["fingerprint"] != before["fingerprint"]
    side.world.drift("gcp_endpoint_retarget")
    after = side.rule()
    assert after["target"].endswith(OLD_ATTACHMENT) and after["IPAddress"] == before["IPAddress"]
    assert after["pscConnectionId"] != before["pscConnectionId"] and after["pscConnectionStatus"] == "PENDING"
    side.world.drift("gcp_record_value_add")
    assert side.records()[f"{HOST}.", "A"]["rrdatas"] == ["10.128.0.2", "192.0.2.66"]
    assert side.gcp.resolve(VPC, HOST)["values"] == ["10.128.0.2", "192.0.2.66"]
    side.world.drift("gcp_zone_network_remove", network=VPC)
    assert side.networks() == [SECOND_VPC] and side.gcp.resolve(VPC, HOST)["values"] is None
    side.world.drift("gcp_firewall_widen", port=22)
    assert side.compute("GET", "/global/firewalls/fw")["allowed"] == [{"IPProtocol": "tcp", "ports": ["443", "19530", "22"]}]


def test_a_foreign_zone_on_the_network_hides_the_name(side):
    side.world.drift("gcp_zone_delete")
    side.world.drift("gcp_foreign_zone", dns_name=HOST, project="other-project")
    assert side.gcp.resolve(VPC, HOST)["values"] == []
    assert side.dns("GET", "/managedZones", dnsName=f"{HOST}.")["managedZones"] == []
    with pytest.raises(BadRequest, match="already"):
        side.world.drift("gcp_foreign_zone", dns_name=HOST)


def test_marked_by_a_label(side):
    side.world.drift("gcp_foreign_zone", dns_name="b.example.com", name="adopted", labels={"zilliz-cloud-private-link": "0" * 20})
    assert side.world.drift("gcp_zone_description")["zone"] == "adopted"
    assert side.world.drift("gcp_zone_description", zone=HOST)["zone"] == "z"


@pytest.mark.parametrize("kind, args, sentence", [
    ("gcp_what", {}, "There is no drift kind"), ("gcp_zone_delete", {"what": 1}, "gcp_zone_delete"), ("gcp_zone_delete", {"zone": "no"}, "0 such zones"),
    ("gcp_endpoint_delete", {"name": "no"}, "0 such endpoints"), ("gcp_firewall_delete", {"project": "other-project"}, "0 such firewall rules"),
    ("gcp_record_change", {"name": "no.example.com"}, "no such record"), ("gcp_record_add", {"name": "no.example.com"}, "not in the zone"),
    ("gcp_zone_network_add", {"network": "no"}, "no network no"), ("gcp_zone_network_remove", {"network": SHARED_VPC}, "no such network"),
    ("gcp_foreign_endpoint", {"name": "ep"}, "already"), ("gcp_foreign_address", {"name": "x", "subnetwork": "no"}, "was not found"),
    ("gcp_firewall_widen", {"name": "locked-deny-egress", "port": 22}, "names no TCP port"),
    ("gcp_foreign_zone", {"dns_name": "a b"}, "no DNS name"), ("gcp_foreign_address", {"name": "x", "subnetwork": "full-subnet"}, "IP_SPACE_EXHAUSTED"),
])
def test_a_drift_that_makes_no_sense(side, kind, args, sentence):
    before = side.world.state()["gcp"]
    with pytest.raises(BadRequest, match=sentence):
        side.world.drift(kind, **args)
    assert side.world.state()["gcp"] == before


def test_the_state_is_the_same_whatever_the_way(side):
    """Neither times nor Google's numbers, serials and orders are in it."""
    other = Side()
    other.passes(1000)
    other.zone(networks=[SECOND_VPC, VPC], labels={"team": "a"})
    other.change([record(["10.0.0.1"])])
    other.change([record()], [record(["10.0.0.1"])])
    other.compute("POST", "/global/firewalls", {**FIREWALL, "allowed": [{"IPProtocol": "tcp", "ports": ["19530", "443"]}]})
    other.endpoint()
    assert other.world.state()["gcp"] == side.world.state()["gcp"] == side.world.state(residue=True)["gcp"]


def test_nothing_is_left_after_a_reset(side):
    side.world.reset()
    assert side.world.state()["gcp"] == Side().world.state()["gcp"]
