# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a deep check asks the sandbox's Google for, what it makes of the answers, and what the doctor says of it."""

from __future__ import annotations

import collections
import hashlib
from urllib.parse import urlsplit

import pytest
import requests
from sandbox import scenario
from sandbox.gcp import landscape
from werkzeug.test import Client

from ansible_collections.zilliz.cloud.plugins.module_utils import _gcp, _gcp_calls
from ansible_collections.zilliz.cloud.plugins.module_utils._deep_gcp import firewall_policy, read_deep, response_rule
from ansible_collections.zilliz.cloud.plugins.module_utils._doctor_gcp import GcpDoctor
from ansible_collections.zilliz.cloud.plugins.module_utils._plan_gcp import GcpPlan
from unit.plugins.module_utils.model_gcp import GOOGLE, HOST_PROJECT, MARK, NETWORK, OTHER_NETWORK, cluster, host, options, registration
from unit.plugins.module_utils.test_gcp import Zilliz
from unit.sandbox_gcp.google_side import SHARED_VPC, Side, record

READ = ["compute.networks.getEffectiveFirewalls", "compute.projects.get",
        "compute.regionNetworkFirewallPolicies.getEffectiveFirewalls", "compute.regions.get", "dns.policies.list", "dns.projects.get",
        "dns.responsePolicies.list"]
SHARED = dict(network=f"projects/{HOST_PROJECT}/global/networks/shared-vpc", subnetwork="shared-subnet")


class Loopback(requests.adapters.BaseAdapter):
    """A session's requests straight to the sandbox."""

    def __init__(self, app):
        super().__init__()
        self.app = app

    def send(self, request, **_more):
        url = urlsplit(request.url)
        headers = {"Host": url.hostname, "Authorization": request.headers["Authorization"]}
        raw = Client(self.app).open(url.path, method=request.method, query_string=url.query, headers=headers, data=request.body)
        answer = requests.Response()
        answer.status_code, answer.url, answer.request = raw.status_code, request.url, request
        answer._content, answer._content_consumed = raw.data, True  # pylint: disable=protected-access
        return answer

    def close(self):
        pass


@pytest.fixture
def side():
    """A link that stands."""
    side = Side(gcp_propagation=0, gcp_dns_change_seconds=0)
    side.endpoint("link")
    side.gcp.drift("gcp_connection_accept", name="link")
    side.zone("mine", host(1), description=f"zilliz.cloud private link {MARK} cluster {cluster(1)['cluster_id']}")
    side.change([record(name=host(1))], name="mine")
    side.passes(60)
    return side


@pytest.fixture
def look(side, monkeypatch):
    """(found, {check: rows}) of a deep check; the calls of the deep reading alone are in the log."""
    def deep(account=landscape.MAIN, linked=True, registered=True, **given):
        monkeypatch.setattr(_gcp_calls.time, "sleep", lambda seconds: None)
        google = _gcp_calls.Google({"access_token": side.gcp.auth.issue(account)})
        google._session.mount("https://", Loopback(side.gcp.app))  # pylint: disable=protected-access
        wanted = options(deep=True, inspect=True, **given)[0]
        clusters = [cluster(1, linked=linked, project_id=wanted["project_id"])]
        zilliz = Zilliz(clusters=clusters, endpoints=[registration("link")] if registered else [])
        found = _gcp.read_gcp(google, zilliz, dict(wanted, deep=False))
        side.world.log.clear()
        read_deep(google, wanted, found)
        plan = GcpPlan(wanted, found)
        plan.make()
        rows = collections.defaultdict(list)
        for row in GcpDoctor(plan).rows():
            rows[row["check"]].append(row)
        return found, rows

    return deep


def calls(side):
    return sorted(entry["operation"] for entry in side.world.log.since(0) if entry["cloud"] == "gcp")


def states(rows):
    return {(check, row["state"]) for check, many in rows.items() for row in many if row["state"] not in ("ok", "skipped")}


def test_a_healthy_link_is_read_in_seven_calls_that_change_nothing(side, look):
    found, rows = look()
    assert calls(side) == READ and not any(entry["mutating"] for entry in side.world.log.since(0))
    assert found["problems"] == [] and all(part["refusals"] == [] for part in found["deep"].values())
    shares = found["deep"]["quota"]["shares"]
    assert shares["INTERNAL_ADDRESSES"] == {"limit": 200, "count": 3} and shares["PSC_INTERNAL_LB_FORWARDING_RULES"] == {"limit": 50, "count": 1}
    assert found["deep"]["quota"]["zones"] == {"limit": 500, "count": 1}
    assert {rows[check][0]["state"] for check in ("resolver", "quota", "client_egress", "endpoint", "record", "other_zones")} == {"ok"}
    assert states(rows) == set()


def test_what_was_read_by_the_plan_is_not_read_again(side, look):
    side.gcp.drift("gcp_zone_delete", zone="mine")
    found, _rows = look()
    assert found["deep"]["quota"]["zones"] == found["zone_limit"] == {"limit": 500, "count": 0}
    assert calls(side) == [operation for operation in READ if operation != "dns.projects.get"]


def test_other_name_servers(side, look):
    side.gcp.drift("gcp_name_server_policy")
    side.gcp.drift("gcp_name_server_policy", name="logs", servers=[])
    side.gcp.drift("gcp_name_server_policy", name="elsewhere", network="my-second-vpc")
    found, rows = look()
    assert found["deep"]["resolver"]["servers"] == [{"policy": "to-the-office", "project": GOOGLE, "targets": ["10.128.0.53"], "networks": []}]
    assert states(rows) == {("resolver", "broken")}


@pytest.mark.parametrize("given, state", [
    (dict(dns_name=host(1)), "broken"), (dict(dns_name="*.zillizcloud.com"), "broken"), (dict(dns_name=host(1), values=["10.128.0.2"]), "ok"),
    (dict(dns_name=host(1), bypass=True), "ok"), (dict(dns_name=host(1), network="my-second-vpc"), "ok"), (dict(dns_name="example.com"), "ok"),
])
def test_a_response_policy(side, look, given, state):
    side.gcp.drift("gcp_response_policy", **given)
    found, rows = look()
    assert rows["resolver"][0]["state"] == state
    assert len(found["deep"]["resolver"]["rules"]) == (0 if "network" in given else 1)
    assert ("dns.responsePolicyRules.list" in calls(side)) == ("network" not in given)


@pytest.mark.parametrize("given, state", [
    ({}, "broken"), (dict(hierarchical=True), "broken"), (dict(region="us-west1"), "broken"), (dict(region="us-east1"), "ok"),
    (dict(ports=[19531]), "broken"), (dict(ports=[443]), "ok"),
    (dict(ranges=["192.0.2.0/24"]), "ok"), (dict(target_accounts=["web@my-project.iam.gserviceaccount.com"]), "degraded"),
    (dict(network="my-second-vpc"), "ok"),
])
def test_a_firewall_policy(side, look, given, state):
    side.gcp.drift("gcp_firewall_policy_denies", **given)
    _found, rows = look()
    assert [row["state"] for row in rows["client_egress"]] == [state]
    network_policy = "hierarchical" not in given and "network" not in given and given.get("region") != "us-east1"
    assert ("compute.networks.get" in calls(side)) == network_policy


def test_the_order_of_policies_and_rules_is_the_networks(side, look):
    side.compute("POST", "/global/firewalls", {
        "name": "let-out", "network": NETWORK, "direction": "EGRESS", "allowed": [{"IPProtocol": "all"}], "priority": 900})
    side.gcp.drift("gcp_firewall_policy_denies")
    assert look()[1]["client_egress"][0]["state"] == "ok"
    side.gcp.drift("gcp_firewall_policy_denies", name="first", policies_first=True)
    found, rows = look()
    assert found["deep"]["client_egress"]["policies_first"] and rows["client_egress"][0]["state"] == "broken"


def test_small_quotas(side, look):
    side.gcp.drift("gcp_quota_small")
    _found, rows = look()
    assert {row["state"] for row in rows["quota"]} == {"degraded"} and len(rows["quota"]) == 4
    side.gcp.drift("gcp_endpoint_delete", name="link")
    side.gcp.drift("gcp_address_delete", name="link-ip")
    side.gcp.drift("gcp_quota_small", endpoints=0)
    assert {"broken"} <= {row["state"] for row in look()[1]["quota"]}


@pytest.mark.parametrize("operation, check", [
    ("dns.policies.list", "resolver"), ("dns.responsePolicies.list", "resolver"), ("dns.responsePolicyRules.list", "resolver"),
    ("compute.networks.getEffectiveFirewalls", "client_egress"), ("compute.projects.get", "quota"), ("compute.regions.get", "quota"),
    ("dns.projects.get", "quota"), ("compute.networks.get", "client_egress"),
    ("compute.regionNetworkFirewallPolicies.getEffectiveFirewalls", "client_egress"),
])
def test_what_may_not_be_read_is_unknown_and_names_the_permission(side, look, operation, check):
    side.gcp.drift("gcp_response_policy", dns_name="example.com")
    side.gcp.drift("gcp_firewall_policy_denies", ranges=["192.0.2.0/24"])
    side.world.faults.add({"cloud": "gcp", "operation": operation}, "denied", 9)
    _found, rows = look()
    unknown = [row for row in rows[check] if row["state"] == "unknown"]
    permission = operation.replace("regionNetworkFirewallPolicies.getEffective", "networks.getRegionEffective")
    assert [row["evidence"] for row in unknown] == [permission]
    assert f"allow {permission} for " in unknown[0]["mend"] and unknown[0]["mend"].endswith("in project my-project.")
    assert states(rows) == {(check, "unknown")}


def test_an_api_that_is_off_fails_nothing(side, look):
    side.world.switch({"gcp_disabled_apis": ["dns.googleapis.com"]})
    found, rows = look()
    assert {row["state"] for row in rows["resolver"]} == {"unknown"} and len(rows["resolver"]) == 1
    assert "gcloud services enable dns.googleapis.com" in rows["resolver"][0]["mend"]
    assert found["deep"]["quota"]["shares"]


def test_a_shared_vpc_is_read_in_its_project_and_in_that_of_the_zones(side, look):
    side.gcp.drift("gcp_name_server_policy", network="shared-vpc", project=HOST_PROJECT)
    side.gcp.drift("gcp_response_policy", dns_name=host(1), network=SHARED_VPC)
    found, _rows = look(landscape.CONSUMER, **SHARED)
    assert [one["project"] for one in found["deep"]["resolver"]["servers"]] == [HOST_PROJECT]
    assert [one["project"] for one in found["deep"]["resolver"]["rules"]] == [GOOGLE]
    assert calls(side).count("dns.policies.list") == 2 and "dns.managedZones.list" in calls(side)


def test_zones_of_a_host_project_that_may_not_be_seen_are_unknown(side, look):
    side.world.faults.add({"cloud": "gcp", "operation": "dns.managedZones.list", "project": HOST_PROJECT}, "denied", 9)
    _found, rows = look(landscape.CONSUMER, **SHARED)
    assert [(row["state"], row["evidence"]) for row in rows["other_zones"]] == [("unknown", "dns.managedZones.list")]


@pytest.mark.parametrize("given", [dict(network="My_VPC"), dict(network_project_id="x"), dict(zone_project_id="NO")])
def test_what_has_a_wrong_form_is_not_sent_to_google(side, look, given):
    found, rows = look(**given)
    assert found["deep"] == {} and calls(side) == []
    assert {rows[check][0]["state"] for check in ("resolver", "quota", "client_egress")} == {"unknown"}


def test_without_credentials_nothing_is_read():
    found = {}
    read_deep(None, options()[0], found)
    assert found == {"deep": {}}


def test_only_rules_for_leaving_this_network_to_private_addresses_count():
    def rule(priority, **more):
        return dict({"priority": priority, "action": "deny", "direction": "EGRESS", "match": {"destIpRanges": ["10.0.0.0/8"]}}, **more)

    found = firewall_policy({"name": "1", "displayName": "org", "type": "HIERARCHY", "rules": [
        rule(9, targetResources=[NETWORK.replace("www", "compute", 1).replace("compute.googleapis", "compute.googleapis")]),
        rule(1, direction="INGRESS"), rule(2, disabled=True), rule(3, targetResources=[OTHER_NETWORK]), rule(4, targetType="INTERNAL_MANAGED_LB"),
        rule(5, match={"destNetworkType": "INTERNET"}), rule(6, match={"destNetworkContext": "NON_INTERNET", "destFqdns": ["a.example.com"]}),
        rule(7, match={"srcIpRanges": ["10.1.0.0/16", "0.0.0.0/0"], "layer4Configs": [{"ipProtocol": "TCP", "ports": ["443", "1-9"]}]}),
        rule(8, targetSecureTags=[{"name": "tagValues/42", "state": "EFFECTIVE"}], targetServiceAccounts=["a@example.com"]),
    ]}, NETWORK)
    assert (found["policy"], found["policy_id"], found["taken"]) == ("org", "1", list(range(1, 10)))
    assert [one["priority"] for one in found["rules"]] == [6, 7, 8, 9]
    six, seven, eight, _nine = found["rules"]
    assert six["unseen"] == ["a.example.com"] and six["ranges"] == [] and six["name"] == "6"
    assert seven["clients"] == ["10.1.0.0/16"] and seven["entries"] == [{"protocol": "tcp", "ports": ["443", "1-9"]}]
    assert eight["clients"] == ["42", "a@example.com"]


def test_of_a_response_rule_the_addresses_count():
    rows = [{"type": "TXT", "rrdatas": ["x"]}, {"type": "A", "rrdatas": ["192.0.2.2", "192.0.2.1"]}]
    assert response_rule({"ruleName": "r", "dnsName": "A.Example.com.", "localData": {"localDatas": rows}}) == {
        "rule": "r", "name": "a.example.com", "bypass": False, "values": ["192.0.2.1", "192.0.2.2"]}


# --- every drift that the sandbox has is named ---

OURS = f"zilliz.cloud private link {scenario.GCP_PROJECT}/gcp-us-west1/my-project/my-vpc"
NAME = "zilliz-private-link-" + hashlib.sha256(OURS.rpartition(" ")[2].encode()).hexdigest()[:10]


@pytest.fixture
def ours(side, look):
    """The link is this link's own, in a network that denies egress."""
    side.gcp.drift("gcp_zone_description", zone="mine", description=f"{OURS} cluster {cluster(1)['cluster_id']}")
    side.gcp.drift("gcp_deny_egress")
    side.compute("POST", "/global/firewalls", {
        "name": NAME, "network": NETWORK, "direction": "EGRESS", "allowed": [{"IPProtocol": "tcp", "ports": ["19531"]}], "priority": 1000,
        "destinationRanges": ["10.128.0.2/32"], "description": OURS})
    return lambda **given: look(project_id=scenario.GCP_PROJECT, **given)[1]


def test_the_link_of_the_drifts_is_whole(ours):
    assert states(ours()) == set()


@pytest.mark.parametrize("kind, args, expected", [
    ("endpoint_delete", {}, {("endpoint", "broken"), ("registration", "broken")}),
    ("endpoint_retarget", {}, {("endpoint", "broken")}), ("endpoint_remake", {}, {("endpoint", "broken")}),
    ("endpoint_global_access", {}, {("endpoint", "degraded")}),
    ("connection_pend", {}, {("endpoint", "broken")}), ("connection_close", {}, {("endpoint", "broken")}),
    ("connection_reject", {}, {("endpoint", "broken"), ("registration", "broken")}), ("connection_attention", {}, {("endpoint", "broken")}),
    ("firewall_widen", {}, {("client_egress", "degraded")}), ("firewall_widen", {"range": "192.0.2.0/24"}, {("client_egress", "degraded")}),
    ("firewall_narrow", {}, {("client_egress", "broken")}), ("firewall_disable", {}, {("client_egress", "broken")}),
    ("firewall_delete", {}, {("client_egress", "broken")}), ("firewall_change", {"priority": 65001}, {("client_egress", "broken")}),
    ("zone_network_add", {}, {("association", "degraded")}), ("zone_network_remove", {}, {("association", "broken")}),
    ("zone_description", {"description": f"{OURS} by hand"}, {("zone", "degraded")}), ("zone_delete", {}, {("zone", "broken"), ("record", "broken")}),
    ("record_change", {}, {("record", "broken")}), ("record_change", {"ttl": 5}, {("record", "degraded")}),
    ("record_value_add", {}, {("record", "broken")}), ("record_delete", {}, {("record", "broken")}),
    ("foreign_zone", {"dns_name": f"x.{host(1)}"}, set()), ("name_server_policy", {}, {("resolver", "broken")}),
    ("response_policy", {"dns_name": host(1)}, {("resolver", "broken")}), ("firewall_policy_denies", {"hierarchical": True}, {("client_egress", "broken")}),
    # The link's own rule comes before it.
    ("firewall_policy_denies", {}, set()), ("quota_small", {}, {("quota", "degraded")}),
])
def test_each_drift_is_named(side, ours, kind, args, expected):
    if kind.startswith("firewall_") and kind != "firewall_policy_denies":
        args = dict(args, name=NAME)
    side.gcp.drift(f"gcp_{kind}", **args)
    found = states(ours())
    assert expected <= found and (expected or not found), found
    # What comes of it may be named too, never something else.
    assert {check for check, _state in found} <= {check for check, _state in expected} | {"registration", "stale_registrations"}
