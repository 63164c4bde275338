# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Policies of Cloud DNS and firewall policies: none at the start, as drifts make them, and only for who may read them."""
from __future__ import annotations

import pytest
from sandbox.core import BadRequest
from sandbox.gcp import landscape

from unit.sandbox_gcp.google_side import HOST, SHARED_VPC, VPC, Refused, Side

EFFECTIVE = "/global/networks/my-vpc/getEffectiveFirewalls"


@pytest.fixture
def side():
    return Side()


def policies(side, network="my-vpc", **query):
    return side.compute("GET", f"/global/networks/{network}/getEffectiveFirewalls", **query)["firewallPolicys"]


def test_at_the_start_there_is_none(side):
    assert side.dns("GET", "/policies")["policies"] == []
    assert side.dns("GET", "/responsePolicies") == {"responsePolicies": []}
    found = side.compute("GET", EFFECTIVE)
    assert [one["name"] for one in found["firewalls"]] == ["my-vpc-allow-internal"] and found["firewallPolicys"] == []


def test_name_servers_of_a_network(side):
    side.gcp.drift("gcp_name_server_policy")
    side.gcp.drift("gcp_name_server_policy", name="logs", servers=[])
    logs, office = side.dns("GET", "/policies")["policies"]
    assert logs["name"] == "logs" and "alternativeNameServerConfig" not in logs
    assert [one["networkUrl"] for one in office["networks"]] == [VPC]
    assert [one["ipv4Address"] for one in office["alternativeNameServerConfig"]["targetNameServers"]] == ["10.128.0.53"]
    assert side.dns("GET", "/policies", project="host-project")["policies"] == []


def test_a_network_of_a_host_project(side):
    side.gcp.drift("gcp_name_server_policy", network="shared-vpc", project="host-project")
    office, = side.dns("GET", "/policies", project="host-project")["policies"]
    assert office["networks"][0]["networkUrl"] == SHARED_VPC


def test_rules_of_a_response_policy(side):
    side.gcp.drift("gcp_response_policy", dns_name=HOST)
    side.gcp.drift("gcp_response_policy", dns_name="*.example.com", rule="rule-2", bypass=True)
    assert [one["responsePolicyName"] for one in side.dns("GET", "/responsePolicies")["responsePolicies"]] == ["overrides"]
    one, two = side.dns("GET", "/responsePolicies/overrides/rules")["responsePolicyRules"]
    assert one["localData"]["localDatas"][0]["rrdatas"] == ["192.0.2.1"] and one["dnsName"] == f"{HOST}."
    assert two["behavior"] == "bypassResponsePolicy" and "localData" not in two
    with pytest.raises(Refused, match="does not exist") as caught:
        side.dns("GET", "/responsePolicies/none/rules")
    assert caught.value.status == 404


def test_a_firewall_policy_of_the_network_and_one_above_it(side):
    side.gcp.drift("gcp_firewall_policy_denies", ports=[19531], target_accounts=["a@example.com"], policies_first=True)
    side.gcp.drift("gcp_firewall_policy_denies", name="org", hierarchical=True, ranges=["10.0.0.0/8"])
    org, own = policies(side)
    assert (org["type"], own["type"], own["priority"]) == ("HIERARCHY", "NETWORK", 1000)
    assert own["rules"][0]["match"] == {"destIpRanges": ["0.0.0.0/0"], "layer4Configs": [{"ipProtocol": "tcp", "ports": ["19531"]}]}
    assert own["rules"][0]["targetServiceAccounts"] == ["a@example.com"] and org["rules"][0]["match"]["destIpRanges"] == ["10.0.0.0/8"]
    assert policies(side, "my-second-vpc") == []
    assert side.compute("GET", "/global/networks/my-vpc")["networkFirewallPolicyEnforcementOrder"] == "BEFORE_CLASSIC_FIREWALL"


def test_a_firewall_policy_of_a_region_is_shown_there_alone(side):
    side.gcp.drift("gcp_firewall_policy_denies", region="us-west1")
    side.gcp.drift("gcp_firewall_policy_denies", name="org", hierarchical=True)
    here, there = (side.compute("GET", f"/regions/{region}/firewallPolicies/getEffectiveFirewalls", network=VPC)["firewallPolicys"]
                   for region in ("us-west1", "us-east1"))
    assert [one["type"] for one in here] == ["HIERARCHY", "NETWORK_REGIONAL"] and [one["type"] for one in there] == ["HIERARCHY"]
    assert [one["type"] for one in policies(side)] == ["HIERARCHY"] and "shortName" not in here[0]


def test_a_small_quota_is_as_large_as_what_is_there(side):
    side.endpoint()
    side.gcp.drift("gcp_quota_small")
    region = {one["metric"]: one for one in side.compute("GET", "/regions/us-west1")["quotas"]}
    assert all(one["limit"] == one["usage"] for one in region.values())
    assert region["PSC_INTERNAL_LB_FORWARDING_RULES"]["limit"] == 1
    side.gcp.drift("gcp_quota_small", zones=7)
    assert side.dns("GET", "")["quota"]["managedZones"] == 7


def test_a_reset_takes_them_away(side):
    for kind, args in (("name_server_policy", {}), ("response_policy", {"dns_name": HOST}), ("firewall_policy_denies", {})):
        side.gcp.drift(f"gcp_{kind}", **args)
    side.gcp.reset()
    test_at_the_start_there_is_none(side)


@pytest.mark.parametrize("verb, path", [("dns", "/policies"), ("dns", "/responsePolicies"), ("compute", EFFECTIVE)])
def test_each_may_be_denied_alone(side, verb, path):
    operation = {"/policies": "dns.policies.list", "/responsePolicies": "dns.responsePolicies.list"}.get(path, "compute.networks.getEffectiveFirewalls")
    side.world.faults.add({"cloud": "gcp", "operation": operation}, "denied")
    with pytest.raises(Refused) as caught:
        getattr(side, verb)("GET", path)
    assert caught.value.status == 403 and (verb == "dns" or f"Required '{operation}' permission" in caught.value.message)
    getattr(side, verb)("GET", path)


def test_who_may_only_look_may_look_here(side):
    assert side.ask("GET", "https://dns.googleapis.com/dns/v1/projects/my-project/policies", account=landscape.READONLY)["policies"] == []
    url = f"https://compute.googleapis.com/compute/v1/projects/my-project{EFFECTIVE}"
    assert side.ask("GET", url, account=landscape.READONLY)["firewallPolicys"] == []


def test_a_network_that_is_not_there_has_none(side):
    with pytest.raises(Refused) as caught:
        policies(side, "no-vpc")
    assert caught.value.status == 404
    with pytest.raises(BadRequest, match="no network"):
        side.gcp.drift("gcp_firewall_policy_denies", network="no-vpc")
