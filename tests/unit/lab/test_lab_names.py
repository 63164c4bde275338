# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the network lab makes of the sandbox's state: names for the networks that are bound, and rules that forbid the rest."""
from __future__ import annotations

from lab import firewall, names

ENDPOINT = "vpce-0123456789abcdef0"
HOST = "in01-1.example.com."


def state(**vpc):
    zone = {"name": HOST, "private": True, "vpcs": ["us-west-2/vpc-1"], "records": {
        f"{HOST} A": {"alias": f"{ENDPOINT}-x.vpce.amazonaws.com.", "zone_id": "Z"}, f"{HOST} NS": {"ttl": 1, "values": ["ns."]}}}
    region = {
        "vpcs": {"vpc-1": {"dns_support": True, "dns_hostnames": True, **vpc}},
        "endpoints": {ENDPOINT: {"security_group_ids": ["sg-1"]}},
        "security_groups": {"sg-1": {"ingress": [{"protocol": "tcp", "from_port": 19530, "to_port": 19530, "peer": "10.0.0.0/16"}]}},
        "network_interfaces": {
            "eni-1": {"description": f"VPC Endpoint Interface {ENDPOINT}", "ip": "10.0.1.4"}, "eni-2": {"description": "", "ip": "10.0.1.5"}},
    }
    return {"aws": {"accounts": {"1": {"regions": {"us-west-2": region}, "zones": {"Z": zone}}}}, "gcp": {"projects": {}}}


def test_an_alias_answers_the_endpoints_addresses_where_its_zone_is_associated():
    assert names.zones(state()) == {"us-west-2/vpc-1": {HOST: {(HOST, "A"): ["10.0.1.4"]}}}


def test_a_vpc_without_dns_settings_has_no_private_zones():
    assert names.zones(state(dns_hostnames=False)) == names.zones(state(dns_support=False)) == {}


def test_only_what_the_security_group_allows_comes_in():
    found = firewall.from_security_groups(state(), {ENDPOINT: ["10.0.1.4"]})
    assert found == ["ip saddr 10.0.0.0/16 ip daddr 10.0.1.4 tcp dport 19530-19530 accept"]


def test_a_denial_comes_first_among_rules_of_one_priority():
    rule = {"direction": "EGRESS", "disabled": False, "network": "x/networks/n", "priority": 1, "targetTags": [], "targetServiceAccounts": [],
            "destinationRanges": ["10.0.0.9"], "allowed": [], "denied": []}
    rules = {"a": {**rule, "allowed": [{"protocol": "tcp", "ports": ["443"]}]}, "b": {**rule, "denied": [{"protocol": "all", "ports": []}]}}
    found = firewall.from_google({"gcp": {"projects": {"p": {"firewalls": rules}}}}, "p", "n", "10.0.0.1")
    assert [line.split()[-1] for line in found] == ["drop", "accept", "accept"]
