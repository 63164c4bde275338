# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

MODULE = "gcp_firewall_rule"
NETWORK = "https://www.googleapis.com/compute/v1/projects/my-project/global/networks/my-vpc"
EGRESS = {"allowed": [{"ip_protocol": "tcp", "ports": ["443"]}], "destination_ranges": ["10.10.0.5/32"]}


@pytest.fixture
def rule(google):
    made = {
        "name": "zlz", "network": NETWORK, "direction": "EGRESS", "priority": 1000, "disabled": False, "description": "ours",
        "allowed": [{"IPProtocol": "tcp", "ports": ["443"]}], "destinationRanges": ["10.10.0.5/32"], "logConfig": {"enable": False},
    }
    google.things["firewalls", "zlz"] = made
    return made


def test_what_is_as_wanted_stays(run_gcp, google, rule):
    same = [
        EGRESS,
        {},
        {"allowed": [{"ip_protocol": "TCP", "ports": [443]}], "destination_ranges": ["10.10.0.5"]},
        {"allowed": [{"ip_protocol": "6", "ports": ["443-443"]}], "network": "my-vpc", "direction": "EGRESS", "priority": 1000},
        {"disabled": False, "target_tags": [], "log_config": {"enable": False}, "description": "ours", "network": NETWORK},
    ]
    for given in same:
        answer = run_gcp(MODULE, name="zlz", **given)
        assert not answer["changed"] and answer["rule"]["allowed"] == [{"ip_protocol": "tcp", "ports": ["443"]}]
    assert google.written == []


@pytest.mark.parametrize("drift, given", [
    ({"allowed": [{"IPProtocol": "tcp", "ports": ["22", "443"]}]}, EGRESS),
    ({"allowed": [{"IPProtocol": "tcp", "ports": ["443"]}, {"IPProtocol": "udp"}]}, EGRESS),
    ({"allowed": [{"IPProtocol": "tcp"}]}, EGRESS),
    ({"allowed": [{"IPProtocol": "tcp", "ports": ["80"]}]}, EGRESS),
    ({"destinationRanges": ["10.10.0.5/32", "0.0.0.0/0"]}, EGRESS),
    ({"destinationRanges": []}, EGRESS),
    ({"disabled": True}, {"disabled": False}),
    ({"targetTags": ["x"]}, {"target_tags": []}),
    ({"targetServiceAccounts": ["x@y"]}, {"target_service_accounts": []}),
    ({"sourceTags": ["x"]}, {"source_tags": []}),
    ({"priority": 1}, {"priority": 0}),
    ({"description": ""}, {"description": "ours"}),
    ({"logConfig": {"enable": True, "metadata": "INCLUDE_ALL_METADATA"}}, {"log_config": {"enable": False}}),
])
def test_every_drift_is_undone(run_gcp, google, rule, drift, given):
    rule.update(drift)
    planned = run_gcp(MODULE, check_mode=True, name="zlz", **given)
    assert planned["changed"] and google.written == []
    done = run_gcp(MODULE, name="zlz", **given)
    assert done["changed"] and done["diff"] == planned["diff"] and done["rule"] == planned["rule"]
    assert google.written == ["firewalls.patch"]
    assert google.asked("compute.firewalls.patch")[0].keys() == {"name", *drift}
    assert not run_gcp(MODULE, name="zlz", **given)["changed"]


def test_protocols_and_ports_in_one_form(run_gcp, google, rule):
    given = {"allowed": [
        {"ip_protocol": "tcp", "ports": ["19530-19533"]}, {"ip_protocol": "icmp"}, {"ip_protocol": "tcp", "ports": ["443", "443"]},
    ]}
    done = run_gcp(MODULE, name="zlz", **given)
    assert done["rule"]["allowed"] == [{"ip_protocol": "icmp", "ports": []}, {"ip_protocol": "tcp", "ports": ["19530-19533", "443"]}]
    assert rule["allowed"] == [{"IPProtocol": "icmp"}, {"IPProtocol": "tcp", "ports": ["19530-19533", "443"]}]


def test_all_ports_beside_some_are_all(run_gcp, google, rule):
    rule["allowed"] = [{"IPProtocol": "tcp", "ports": ["443"]}, {"IPProtocol": "tcp"}]
    assert not run_gcp(MODULE, name="zlz", allowed=[{"ip_protocol": "tcp"}])["changed"]
    assert run_gcp(MODULE, name="zlz", **EGRESS)["changed"] and rule["allowed"] == [{"IPProtocol": "tcp", "ports": ["443"]}]


def test_logging_keeps_its_metadata(run_gcp, google, rule):
    assert run_gcp(MODULE, name="zlz", log_config={"enable": True, "metadata": "EXCLUDE_ALL_METADATA"})["changed"]
    assert rule["logConfig"] == {"enable": True, "metadata": "EXCLUDE_ALL_METADATA"}
    assert not run_gcp(MODULE, name="zlz", log_config={"enable": True})["changed"]


@pytest.mark.parametrize("given, told", [
    ({"direction": "INGRESS"}, "its direction is EGRESS and not INGRESS"),
    ({"network": "other"}, "its network is projects/my-project/global/networks/my-vpc and not other"),
])
def test_what_cannot_be_changed(run_gcp, google, rule, given, told):
    for check_mode in (True, False):
        failed = run_gcp(MODULE, check_mode=check_mode, name="zlz", **given)
        assert failed["failed"] and told in failed["msg"] and google.written == []


def test_a_rule_that_denies(run_gcp, google, rule):
    rule["denied"] = rule.pop("allowed")
    assert "it denies traffic" in run_gcp(MODULE, name="zlz", **EGRESS)["msg"]


def test_a_rule_that_is_not_there(run_gcp, google):
    failed = run_gcp(MODULE, name="zlz", **EGRESS)
    assert "There is no firewall rule zlz in project my-project" in failed["msg"] and "gcp_compute_firewall" in failed["msg"]


def test_a_range_that_is_none(run_gcp, google, rule):
    assert "destination_ranges has no IPv4 or IPv6 network" in run_gcp(MODULE, name="zlz", destination_ranges=["ten"])["msg"]
