# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the reader asks Google for, how often, and what it makes of answers and refusals."""

from __future__ import annotations

import collections
import json
import re
import types
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from sandbox.gcp import landscape
from werkzeug.test import Client

from ansible_collections.zilliz.cloud.plugins.module_utils import _gcp, _gcp_calls, _gcp_errors
from ansible_collections.zilliz.cloud.plugins.module_utils._client import ZillizError
from ansible_collections.zilliz.cloud.plugins.module_utils._gcp_errors import GcpError
from ansible_collections.zilliz.cloud.plugins.modules import gcp_private_link_plan as plan_module
from unit.plugins.module_utils.model_gcp import (
    DEFAULTS,
    GOOGLE,
    NETWORK,
    REGION,
    REGION_ID,
    SERVICE,
    TEXT,
    cluster,
    host,
    options,
    wanted,
)
from unit.plugins.module_utils.model_gcp import HOST_PROJECT as HOST
from unit.plugins.module_utils.test_aws import Zilliz as AnyZilliz
from unit.sandbox_gcp.google_side import Side, record

WWW, API = "https://www.googleapis.com/compute/v1/", "https://compute.googleapis.com/compute/v1/"
ACCOUNT = "deployer@my-project.iam.gserviceaccount.com"

PARTS = {"services", "clusters", "network", "subnetwork", "endpoints", "addresses", "firewalls", "zones"}
LISTS = ["compute.forwardingRules.list", "compute.addresses.list", "compute.firewalls.list", "compute.networks.list"]


def zone(zone_id, name, description=TEXT, networks=(NETWORK,), **more):
    visibility = {"networks": [{"kind": "dns#managedZonePrivateVisibilityConfigNetwork", "networkUrl": x} for x in networks]}
    return dict(
        {"name": zone_id, "dnsName": f"{name}.", "description": description, "visibility": "private", "privateVisibilityConfig": visibility},
        **more)


class Zilliz(AnyZilliz):
    def __init__(self, **more):
        super().__init__(**dict(dict(
            services_for=([{"region_id": REGION_ID, "cloud_id": "gcp", "endpoint_service": SERVICE}], False),
            clusters=[cluster(1), cluster(2)], project={"region_ids": [REGION_ID]},
        ), **more))


class Google:
    """The session's answers by the end of the path; a refusal by permission, in the words that Google has for it."""

    def __init__(self, zones=()):
        self.calls, self.requests, self.refusals = collections.Counter(), [], {}
        self.answers = {
            f"{GOOGLE}/global/networks": [{"name": name, "selfLink": f"{WWW}projects/{GOOGLE}/global/networks/{name}"}
                                          for name in ("my-vpc", "my-second-vpc")],
            f"{HOST}/global/networks": [{"name": "shared-vpc", "selfLink": f"{API}projects/{HOST}/global/networks/shared-vpc"}],
            "subnetworks/my-subnet": {
                "name": "my-subnet", "network": NETWORK, "region": f"{WWW}projects/{GOOGLE}/regions/{REGION}",
                "ipCidrRange": "10.10.0.0/24", "selfLink": f"{API}projects/{GOOGLE}/regions/{REGION}/subnetworks/my-subnet"},
            f"{GOOGLE}/managedZones": list(zones), "rrsets": [{"name": "A.example.com.", "type": "A", "ttl": 60, "rrdatas": ["10.10.0.5"]}],
            f"dns/v1/projects/{GOOGLE}": {"quota": {"managedZones": 10000}},
        }

    def ask(self, url, purpose, permission, query):
        self.calls[permission] += 1
        self.requests.append((url, query))
        refusal = self.refusals.get(permission) or next((r for key, r in self.refusals.items() if f"projects/{key}" in url), None)
        if isinstance(refusal, Exception):
            raise refusal
        if refusal:
            status, reason, text = refusal
            path = url.partition("/v1/")[2]
            answer = {"error": {"code": status, "message": text.format(permission=permission, path=path), "errors": [{"reason": reason}]}}
            raise _gcp_errors.refused(status, answer, url, purpose, permission, ACCOUNT)
        return next((answer for end, answer in self.answers.items() if url.endswith(end)), None)

    def get(self, url, purpose, permission, missing=None, **query):
        answer = self.ask(url, purpose, permission, query)
        return missing if answer is None else answer

    def pages(self, url, key, purpose, permission, **query):
        assert re.match(key + r"\(.*\),nextPageToken$", query["fields"])
        return self.ask(url, purpose, permission, query) or []


DENIED = (403, "forbidden", "Required '{permission}' permission for '{path}'")
DISABLED = (403, "accessNotConfigured", "Compute Engine API has not been used in project 1 before or it is disabled.")
UNREACHABLE = GcpError("Google Cloud could not read it: no answer (ProxyError); check the network path.", kind="unreachable")


@pytest.fixture
def google():
    return Google([zone(f"z{n}", host(n)) for n in range(1, 13)] + [zone("other", "example.com", "by hand")])


@pytest.fixture
def read(google):
    def look(zilliz=None, settled=lambda found: True, **given):
        return _gcp.read_gcp(google, zilliz or Zilliz(), options(**given)[0], settled)

    return look


def test_one_call_a_part_and_one_a_zone_that_matters(google, read):
    found = read()
    assert found["problems"] == [] and found["read"] == PARTS and found["region"] == REGION
    assert [z["zone_id"] for z in found["zones"] if z["records"] is None] == ["other"]
    once = LISTS[:3] + ["compute.subnetworks.get", "dns.managedZones.list"]
    assert dict(google.calls) == dict.fromkeys(once, 1) | {"dns.resourceRecordSets.list": 12}


def test_a_converged_link_needs_no_quota(google, read):
    assert read()["zone_limit"] is None and google.calls["dns.projects.get"] == 0
    assert read(Zilliz(clusters=[cluster(99)]))["zone_limit"] == {"limit": 10000, "count": 13}
    assert read(Zilliz(clusters=[cluster(1, linked=False)]))["zone_limit"], "a zone that is foreseen counts too"
    assert read(dns="shared")["zone_limit"]
    asked = google.calls["dns.projects.get"]
    assert read(Zilliz(clusters=[cluster(99)]), state="absent")["zone_limit"] is None
    for given in (dict(dns="none"), dict(dns="shared", zone_id="z1"), dict(dns="shared", zone_name="example.com")):
        assert read(**given)["zone_limit"] is None
    assert google.calls["dns.projects.get"] == asked


@pytest.mark.parametrize("settled", [True, False])
def test_cloud_dns_is_left_alone_while_it_is_too_early_for_names(google, read, settled):
    found = read(settled=lambda found: settled, awaits=["endpoint", "link"])
    assert ("zones" in found["read"]) == settled == bool(google.calls["dns.managedZones.list"])
    google.calls.clear()
    google.refusals = {"compute.forwardingRules.list": UNREACHABLE}
    assert len(read(awaits=["endpoint", "link"])["problems"]) == 1 and not google.calls["dns.managedZones.list"]


def test_a_teardown_reads_what_it_may_delete_and_no_more(google, read):
    found = read(state="absent", zone_networks=[f"{WWW}projects/{HOST}/global/networks/gone"])
    assert found["read"] == PARTS - {"network", "subnetwork"} and found["unseen_networks"] == []
    assert google.calls["compute.networks.list"] == google.calls["compute.subnetworks.get"] == 0


# --- networks and subnetworks ---


def test_a_network_that_is_not_there_is_the_plans_to_tell(google, read):
    found = read(network="my-vcp", subnetwork=None)
    assert found["network"] is None and found["network_names"] == ["my-second-vpc", "my-vpc"] and found["problems"] == []
    assert read(network="my-second-vpc")["network"]["name"] == "my-second-vpc" and google.calls["compute.networks.list"] == 2


def test_a_network_is_known_by_what_is_in_it(google, read):
    found = read()
    assert found["network"] == {"name": "my-vpc", "project": GOOGLE, "url": NETWORK} and google.calls["compute.networks.list"] == 0
    assert read(subnetwork=None)["network"] == found["network"] and google.calls["compute.networks.list"] == 1
    google.answers["forwardingRules"] = [{"name": "link", "target": f"{WWW}{SERVICE}", "network": NETWORK}]
    assert read(subnetwork=None)["network"] == found["network"] and google.calls["compute.networks.list"] == 1


def test_a_subnetwork_that_is_missing_is_looked_for_in_every_region(google, read):
    google.answers["aggregated/subnetworks/listUsable"] = [
        {"subnetwork": f"{WWW}projects/{project}/regions/us-east1/subnetworks/{name}"} for project in (GOOGLE, HOST) for name in "xy"]
    assert read()["subnetwork"] == {
        "name": "my-subnet", "project": GOOGLE, "region": REGION, "network": NETWORK, "cidr": "10.10.0.0/24", "purpose": "PRIVATE",
        "url": f"{WWW}projects/{GOOGLE}/regions/{REGION}/subnetworks/my-subnet"}
    assert google.calls["compute.subnetworks.list"] == 0
    found = read(subnetwork="x")
    assert found["subnetwork"] is None and found["subnetwork_regions"] == ["us-east1"]
    google.refusals = {"compute.subnetworks.list": DENIED}
    found = read(subnetwork="x")
    assert found["subnetwork_regions"] == [] and "subnetwork" in found["read"] and found["problems"] == []


def test_without_a_subnetwork_none_is_asked_for(google, read):
    found = read(subnetwork=None)
    assert found["subnetwork"] is None and "subnetwork" not in found["read"] and google.calls["compute.subnetworks.get"] == 0


def test_further_networks_are_listed_once_a_project(google, read):
    further = [f"{WWW}projects/{p}/global/networks/{n}" for p, n in (
        (GOOGLE, "my-second-vpc"), (GOOGLE, "gone"), (HOST, "shared-vpc"), (HOST, "lost"), ("hidden", "x"), ("hidden", "y"))]
    google.refusals = {"hidden": DENIED}
    found = read(zone_networks=further)
    assert found["unseen_networks"] == [further[1], further[3], further[4], further[5]] and found["problems"] == []
    assert google.calls["compute.networks.list"] == 3
    assert read(zone_networks=further, dns="none")["unseen_networks"] == []


def test_further_networks_of_a_project_that_could_not_be_read_are_not_called_missing(google, read):
    google.refusals = {"compute.networks.list": DENIED}
    for subnetwork in ("my-subnet", None):
        google.calls.clear()
        found = read(zone_networks=["my-second-vpc", "gone"], subnetwork=subnetwork)
        assert found["unseen_networks"] == [] and google.calls["compute.networks.list"] == 1
        assert [f"allow compute.networks.list for {ACCOUNT}" in text for text in found["problems"]] == [True]


def test_a_shared_vpc_is_read_in_its_project_and_its_zones_of_a_name_are_known(google, read):
    shared = f"{WWW}projects/{HOST}/global/networks/shared-vpc"
    google.answers[f"{HOST}/managedZones"] = [zone("theirs", host(1), "", [shared]), zone("elsewhere", host(2), "", [])]
    found = read(network="shared-vpc", network_project_id=HOST)
    assert found["network"]["url"] == shared and found["problems"] == []
    assert {url.partition("projects/")[2].split("/")[0] for url, _q in google.requests if "firewalls" in url or "subnetworks" in url} == {HOST}
    theirs = [z for z in found["zones"] if not z["in_account"]]
    assert [(z["zone_id"], z["owner"], z["records"]) for z in theirs] == [("theirs", f"project {HOST}", None)]
    assert [z["zone_id"] for z in found["zones"]][:4] == ["other", "z1", "z10", "z11"] and found["zones"][-1]["zone_id"] == "theirs"
    found = read(Zilliz(clusters=[cluster(99)]), network="shared-vpc", network_project_id=HOST)
    assert found["zone_limit"]["count"] == 13
    google.refusals = {f"{HOST}/managedZones": DENIED}
    found = read(network="shared-vpc", network_project_id=HOST)
    assert found["problems"] == [] and "zones" in found["read"], "who may not look there is not held up"


# --- refusals ---


def test_every_missing_permission_is_told_and_the_rest_is_read(google, read):
    google.refusals = dict.fromkeys(["compute.addresses.list", "compute.subnetworks.get", "dns.managedZones.list"], DENIED)
    found = read()
    named = [re.search(r"allow (\S+) for (\S+) in project (\S+)\.$", text).groups() for text in found["problems"]]
    assert named == [(x, ACCOUNT, GOOGLE) for x in google.refusals]
    assert found["read"] == PARTS - {"addresses", "subnetwork", "zones"} and google.calls["dns.resourceRecordSets.list"] == 0


def test_a_project_that_shows_nothing_is_one_sentence(google, read):
    google.refusals = {GOOGLE: DENIED}
    found = read()
    assert len(found["problems"]) == 1
    assert found["problems"][0].startswith(f"Nothing of project {GOOGLE} may be read with the credentials in use: check gcp_project_id, or allow")
    assert all(x in found["problems"][0] for x in LISTS + ["dns.managedZones.list"])
    assert found["read"] == {"services", "clusters"}


def test_one_permission_of_a_project_is_named_as_such(google, read):
    google.refusals = {"dns.managedZones.list": DENIED}
    (text,) = read(zone_project_id="zone-project")["problems"]
    assert text.endswith(f"allow dns.managedZones.list for {ACCOUNT} in project zone-project.")


def test_a_project_that_one_lane_calls_missing_denies_nothing_to_the_other(google, read):
    google.refusals = {"compute.forwardingRules.list": (404, "notFound", f"The resource 'projects/{GOOGLE}' was not found")}
    google.refusals["dns.managedZones.list"] = DENIED
    (text,) = read()["problems"]
    assert "check the project's id" in text


def test_a_host_project_that_shows_nothing_is_named_by_its_option(google, read):
    google.refusals = {HOST: DENIED}
    found = read(network_project_id=HOST)
    assert len(found["problems"]) == 1 and "check network_project_id, or allow compute.firewalls.list, " in found["problems"][0]
    assert {"endpoints", "addresses", "zones"} <= found["read"]


@pytest.mark.parametrize("message, status", [("The resource 'projects/{0}' was not found", 404), ("Unknown project {0}", 400)])
def test_a_project_that_is_not_there_is_told_once(google, read, message, status):
    google.refusals = {GOOGLE: (status, "notFound", message.format(GOOGLE))}
    found = read()
    assert len(found["problems"]) == 1 and "check the project's id" in found["problems"][0]
    assert google.calls == {"compute.forwardingRules.list": 1, "dns.managedZones.list": 1}


def test_an_api_that_is_off_is_told_once_and_the_other_is_read(google, read):
    google.refusals = dict.fromkeys(LISTS + ["compute.subnetworks.get"], DISABLED)
    found = read()
    assert len(found["problems"]) == 1 and "gcloud services enable compute.googleapis.com --project my-project" in found["problems"][0]
    assert google.calls["compute.forwardingRules.list"] == 1 and google.calls["compute.firewalls.list"] == 0 and "zones" in found["read"]
    google.refusals["dns.managedZones.list"] = (403, "accessNotConfigured", "Cloud DNS API has not been used in project 1 before.")
    assert len(read()["problems"]) == 2, "each API is enabled by itself"


def test_an_api_that_is_off_in_one_project_does_not_hide_the_other(google, read):
    google.refusals = {HOST: DISABLED, "compute.addresses.list": DENIED}
    found = read(network_project_id=HOST)
    assert ["compute.addresses.list" in found["problems"][0], f"--project {HOST}" in found["problems"][1]] == [True, True]
    assert len(found["problems"]) == 2


def test_a_region_that_google_does_not_have_is_told_once(google, read):
    unknown = (400, "invalid", "Invalid value for field 'region': 'us-west9'. Unknown region.")
    google.refusals = dict.fromkeys(["compute.forwardingRules.list", "compute.addresses.list", "compute.subnetworks.get"], unknown)
    found = read(region="us-west9")
    assert google.calls["compute.addresses.list"] == 0 and found["problems"] == [], "the plan has a better sentence, which knows the region of the service"
    assert read()["problems"] == [f"Google Cloud has no region {REGION}: check region."]
    google.calls.clear()
    assert read(region="us-west9", state="absent")["problems"] == ["Google Cloud has no region us-west9: check region."]
    google.calls.clear()
    found = read(Zilliz(services_for=([], False)), region="us-west9")
    assert found["problems"] == ["Google Cloud has no region us-west9: check region."]
    assert {"network", "firewalls", "zones"} <= found["read"]


@pytest.mark.parametrize("error", [UNREACHABLE, (401, "authError", "Invalid Credentials"), (403, "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "no")])
def test_what_stops_everything_is_told_once(google, read, error):
    google.refusals = {"": error}
    found = read()
    assert len(found["problems"]) == 1 and "clusters" in found["read"]
    assert google.calls == {"compute.forwardingRules.list": 1, "dns.managedZones.list": 1}


def test_what_fails_for_another_reason_ends_its_lane_and_no_other(google, read):
    google.refusals = {"compute.addresses.list": (500, "backendError", "Backend Error")}
    found = read()
    assert len(found["problems"]) == 1 and google.calls["compute.networks.list"] == 0
    assert {"endpoints", "zones", "clusters"} <= found["read"]


def test_firewall_rules_that_may_not_be_read_matter_only_to_who_wants_some(google, read):
    google.refusals = {"compute.firewalls.list": DENIED}
    assert read()["problems"][0].endswith("or set client_egress: never where the network lets its clients out.")
    found = read(client_egress="never")
    assert found["problems"] == [] and "firewalls" in found["read"] and "none is made or removed" in found["notes"][0]
    assert read(client_egress="never", iap_ssh=True)["problems"]


def test_records_that_may_not_be_read_are_told_once_for_all_zones(google, read):
    google.refusals = {"dns.resourceRecordSets.list": DENIED}
    assert len(read()["problems"]) == 1


def test_a_zone_that_was_deleted_meanwhile_is_gone(google, read):
    google.refusals = {f"{GOOGLE}/managedZones/z3": (404, "notFound", "The 'parameters.managedZone' resource named 'z3' does not exist.")}
    found = read()
    assert found["problems"] == [] and "z3" not in [z["zone_id"] for z in found["zones"]] and len(found["zones"]) == 12


def test_what_has_a_wrong_form_is_not_sent_to_google(google, read):
    found = read(gcp_project_id="my project")
    assert not google.calls and found["read"] == {"services", "clusters"} and found["problems"] == []
    assert read(gcp_project_id=None)["read"] == {"services", "clusters"} and not google.calls
    read(subnetwork="-x")
    assert google.calls["compute.subnetworks.get"] == 0 and google.calls["compute.forwardingRules.list"] == 1
    google.calls.clear()
    read(region="US West")
    assert google.calls["compute.forwardingRules.list"] == 0 and google.calls["compute.firewalls.list"] == 1


# --- Zilliz Cloud ---


def test_without_credentials_the_other_cloud_is_read(google):
    found = _gcp.read_gcp(None, Zilliz(), wanted())
    assert found["read"] == {"services", "clusters"} and found["region"] == REGION
    assert _gcp.read_gcp(google, None, wanted())["read"] == PARTS - {"services", "clusters"}


def test_the_region_is_the_users_else_the_services(google, read):
    assert read(region=None)["region"] == REGION and read(region="us-east1")["region"] == "us-east1"
    assert read(Zilliz(services_for=([], False)), region=None)["region"] is None
    assert google.calls["compute.forwardingRules.list"] == 2
    # A teardown may be of a region that Zilliz Cloud has given up.
    assert read(Zilliz(services_for=([], False)), region=None, state="absent")["region"] == REGION
    two = [{"region_id": REGION_ID, "cloud_id": "gcp", "endpoint_service": x} for x in (SERVICE, SERVICE.replace(REGION, "us-central1"))]
    assert read(Zilliz(services_for=(two, False)), region=None, service_name=two[1]["endpoint_service"])["region"] == "us-central1"


def test_services_of_other_regions_do_not_count(read):
    rows = [{"region_id": x, "cloud_id": "gcp", "endpoint_service": SERVICE} for x in ("gcp-us-east4", REGION_ID)]
    assert [x["region_id"] for x in read(Zilliz(services_for=(rows, False)))["services"]] == [REGION_ID]


def test_a_region_that_is_not_there_is_told_with_those_that_are(read):
    rows = [{"region_id": "gcp-us-east4", "cloud_id": "gcp"}, {"region_id": "aws-us-east-2", "cloud_id": "aws"}]
    found = read(Zilliz(services_for=ZillizError("The region does not exist", code=96001), regions=rows))
    assert found["no_service"] == f"Zilliz Cloud has no region {REGION_ID}: check region_id; on Google Cloud it has gcp-us-east4."


# --- Google's words in ours ---


def test_an_endpoint_is_a_rule_to_a_service_attachment():
    row = {
        "name": "link", "target": f"{API}{SERVICE}", "network": f"{API}projects/{GOOGLE}/global/networks/my-vpc", "IPAddress": "10.10.0.5",
        "pscConnectionId": 18446744073709551615, "pscConnectionStatus": "Accepted", "allowPscGlobalAccess": True,
        "serviceDirectoryRegistrations": [{"namespace": "goog-psc-default"}], "labels": {"a": "b"}, "creationTimestamp": "2026-01-01"}
    assert _gcp.endpoint(row) == {
        "endpoint_id": "link", "network": NETWORK, "target": SERVICE, "ip_address": "10.10.0.5", "psc_connection_id": "18446744073709551615",
        "status": "ACCEPTED", "global_access": True, "namespace": "goog-psc-default", "labels": {"a": "b"}, "description": "",
        "created": "2026-01-01"}
    bare = _gcp.endpoint({"name": "link", "target": SERVICE})
    assert bare["status"] == "STATUS_UNSPECIFIED" and bare["psc_connection_id"] is None and bare["namespace"] is None


def test_other_forwarding_rules_are_names_only(google, read):
    google.answers["forwardingRules"] = [
        {"name": "web", "target": f"{WWW}projects/{GOOGLE}/regions/{REGION}/targetHttpProxies/web"}, {"name": "internal"},
        {"name": "apis", "target": "all-apis"}, {"name": "link", "target": f"{WWW}{SERVICE}"}]
    found = read()
    assert found["rule_names"] == ["apis", "internal", "link", "web"] and [e["endpoint_id"] for e in found["endpoints"]] == ["link"]


def test_addresses_know_their_users():
    row = {"name": "a", "address": "10.10.0.5", "status": "IN_USE", "purpose": "GCE_ENDPOINT", "addressType": "INTERNAL",
           "subnetwork": f"{API}projects/{GOOGLE}/regions/{REGION}/subnetworks/my-subnet",
           "users": [f"{WWW}projects/{GOOGLE}/regions/{REGION}/forwardingRules/link"]}
    found = _gcp.address(row)
    assert found["users"] == ["link"] and found["subnetwork"] == f"{WWW}projects/{GOOGLE}/regions/{REGION}/subnetworks/my-subnet"
    assert _gcp.address({"name": "b"})["users"] == [] and _gcp.address({"name": "b"})["labels"] == {}


def test_firewall_rules_of_all_kinds():
    row = {"name": "f", "network": "global/networks/x", "priority": 0, "direction": "EGRESS", "denied": [{"IPProtocol": "ALL"}],
           "destinationRanges": ["10.0.0.0/8", "0.0.0.0/0"], "logConfig": {"enable": True}, "disabled": True}
    found = _gcp.firewall(row)
    assert found["priority"] == 0 and found["denied"] == [{"protocol": "all", "ports": []}] and found["logging"] and found["disabled"]
    assert found["destination_ranges"] == ["0.0.0.0/0", "10.0.0.0/8"] and found["allowed"] == []
    plain = _gcp.firewall({"name": "f", "allowed": [{"IPProtocol": "TCP", "ports": ["443", "19530-19540"]}], "logConfig": {"enable": False}})
    assert plain["allowed"] == [{"protocol": "tcp", "ports": ["443", "19530-19540"]}] and not plain["logging"]
    assert (plain["direction"], plain["priority"], plain["disabled"]) == ("INGRESS", 1000, False)


def test_zones_and_records_lose_their_dot():
    found = _gcp.managed_zone(zone("z", "Example.COM", None, [f"{API}projects/{GOOGLE}/global/networks/my-vpc"], labels={"a": "b"}))
    assert found["name"] == "example.com" and found["networks"] == [NETWORK] and found["comment"] == "" and found["tags"] == {"a": "b"}
    assert found["private"] and not found["leads_away"]
    public = _gcp.managed_zone({"name": "z", "dnsName": "a.", "visibility": "public"})
    assert not public["private"] and public["networks"] == []
    assert _gcp.managed_zone(zone("z", "a", forwardingConfig={"targetNameServers": []}))["leads_away"]
    assert _gcp.record({"name": "A.b.", "type": "A", "ttl": 60, "rrdatas": ["10.0.0.1"]}) == {
        "name": "a.b", "type": "A", "value": ["10.0.0.1"], "ttl": 60}
    assert _gcp.record({"name": "b.", "type": "A", "ttl": 60, "routingPolicy": {}})["value"] == ["(routing policy)"]


@pytest.mark.parametrize("description, networks, name, matters", [
    (TEXT, [], "x.example", True),
    (f"{TEXT} cluster in01-1", [], "x.example", True),
    ("by hand", [NETWORK], host(1), True),
    ("by hand", [NETWORK], "zillizcloud.com", True),
    ("by hand", [NETWORK], "x.example", False),
    ("by hand", [], host(1), False),
    ("zilliz.cloud private link p/r/g/n", [], host(1), True),
    ("zilliz.cloud private link p/r/g/n", [], host(3), False),
])
def test_records_are_read_where_they_matter(google, read, description, networks, name, matters):
    google.answers[f"{GOOGLE}/managedZones"] = [zone("z", name, description, networks)]
    assert (read()["zones"][0]["records"] is not None) == matters
    assert read(zone_id="z")["zones"][0]["records"] is not None


# --- against the sandbox: Google's own forms, pages and refusals ---


class Loopback(requests.adapters.BaseAdapter):
    """A session's requests straight to the sandbox; of an answer no more is left than `fields` asks for, as Google does it."""

    def __init__(self, app):
        super().__init__()
        self.client = Client(app)

    def send(self, request, **_more):
        url = urlsplit(request.url)
        headers = {"Host": url.hostname, "Authorization": request.headers["Authorization"]}
        raw = self.client.open(url.path, method=request.method, query_string=url.query, headers=headers, data=request.body)
        answer = requests.Response()
        answer.status_code, answer.url, answer.request = raw.status_code, request.url, request
        answer._content, answer._content_consumed = raw.data, True  # pylint: disable=protected-access
        fields = parse_qs(url.query).get("fields")
        if fields and raw.status_code == 200:
            answer._content = json.dumps(masked(raw.get_json(), fields[0])).encode()  # pylint: disable=protected-access
        return answer

    def close(self):
        pass


def masked(answer, fields):
    items = re.match(r"(\w+)\((.*)\),nextPageToken$", fields)
    if not items:
        return {name: answer[name] for name in fields.split(",") if name in answer}
    rows = [masked(row, items.group(2)) for row in answer.get(items.group(1), [])]
    return {**({items.group(1): rows} if rows else {}), **masked(answer, "nextPageToken")}


@pytest.fixture
def side():
    return Side()


@pytest.fixture
def look(side, monkeypatch):
    def read_sandbox(account=landscape.MAIN, zilliz=None, **given):
        monkeypatch.setattr(_gcp_calls.time, "sleep", lambda seconds: None)
        google = _gcp_calls.Google({"access_token": side.gcp.auth.issue(account)})
        google._session.mount("https://", Loopback(side.gcp.app))  # pylint: disable=protected-access
        side.world.log.clear()
        return _gcp.read_gcp(google, zilliz or Zilliz(), options(**given)[0])

    return read_sandbox


def calls(side):
    return collections.Counter((e["operation"], e["outcome"]) for e in side.world.log.since(0) if e["cloud"] == "gcp")


def test_what_the_sandbox_has_in_our_words(side, look):
    side.endpoint("link")
    side.zone("mine", host(1), labels={"team": "search"})
    side.change([record(name=host(1))], name="mine")
    side.compute("POST", "/global/firewalls", {
        "name": "let-out", "network": NETWORK, "direction": "EGRESS", "allowed": [{"IPProtocol": "tcp", "ports": ["443", "19530"]}],
        "destinationRanges": ["10.128.0.2/32"], "priority": 900, "targetTags": ["app"], "description": "by hand", "logConfig": {"enable": True}})
    found = look()
    assert found["problems"] == [] and found["read"] == PARTS
    assert set(calls(side).values()) == {1} and {outcome for _operation, outcome in calls(side)} == {"ok"} and len(calls(side)) == 7
    assert found["subnetwork"] == {
        "name": "my-subnet", "project": GOOGLE, "region": REGION, "network": NETWORK, "cidr": "10.128.0.0/20", "purpose": "PRIVATE",
        "url": f"{WWW}projects/{GOOGLE}/regions/{REGION}/subnetworks/my-subnet"}
    (endpoint,), (address,) = found["endpoints"], [a for a in found["addresses"] if a["name"] == "link-ip"]
    assert "link" in found["rule_names"] and endpoint.pop("psc_connection_id").isdigit() and endpoint.pop("created")
    assert endpoint.pop("description") == address.pop("description") and endpoint == {
        "endpoint_id": "link", "network": NETWORK, "target": SERVICE, "ip_address": "10.128.0.2", "status": "PENDING",
        "global_access": False, "namespace": "goog-psc-default", "labels": {}}
    assert address == {
        "name": "link-ip", "address": "10.128.0.2", "status": "IN_USE", "subnetwork": found["subnetwork"]["url"],
        "purpose": "GCE_ENDPOINT", "address_type": "INTERNAL", "users": ["link"], "labels": {}}
    rules = {rule["name"]: rule for rule in found["firewalls"]}
    assert rules["let-out"] == {
        "name": "let-out", "network": NETWORK, "direction": "EGRESS", "priority": 900, "disabled": False,
        "allowed": [{"protocol": "tcp", "ports": ["443", "19530"]}], "denied": [], "destination_ranges": ["10.128.0.2/32"],
        "source_ranges": [], "source_tags": [], "target_tags": ["app"], "target_service_accounts": [], "description": "by hand",
        "logging": True}
    assert rules["locked-deny-egress"]["denied"] == [{"protocol": "all", "ports": []}]
    (zone_,) = found["zones"]
    a = {"name": host(1), "type": "A", "value": ["10.128.0.2"], "ttl": 60}
    assert [r for r in zone_.pop("records") if r["type"] == "A"] == [a] and zone_.pop("comment").startswith("zilliz.cloud")
    assert zone_ == {
        "zone_id": "mine", "name": host(1), "private": True, "in_account": True, "owner": None, "networks": [NETWORK],
        "tags": {"team": "search"}, "leads_away": False}


def test_all_pages_are_read(side, look):
    side.world.switch({"gcp_page_size": 1})
    before = look()
    for name in ("a", "b", "c"):
        side.endpoint(name)
        side.zone(name, f"{name}.example")
    found = look(subnetwork=None, network="my-second-vpc")
    assert [len(found[x]) - len(before[x]) for x in ("endpoints", "rule_names", "addresses", "zones")] == [3, 3, 3, 3]
    assert found["network_names"] == ["locked-vpc", "my-second-vpc", "my-vpc"]


def test_a_shared_vpc_through_the_eyes_of_its_user(side, look):
    shared = f"{WWW}projects/{HOST}/global/networks/shared-vpc"
    side.zone("theirs", host(1), networks=[shared], description="by hand", project=HOST)
    given = dict(network=f"projects/{HOST}/global/networks/shared-vpc", subnetwork="shared-subnet")
    found = look(landscape.CONSUMER, **given)
    assert found["problems"] == [] and found["network"]["url"] == shared and found["subnetwork"]["network"] == shared
    assert [(z["name"], z["owner"]) for z in found["zones"]] == [(host(1), f"project {HOST}")]
    found = look(landscape.CONSUMER, zone_networks=["projects/other-project/global/networks/other-vpc", "gone"], **given)
    assert [url.rsplit("/")[-1] for url in found["unseen_networks"]] == ["other-vpc", "gone"] and found["problems"] == []


def test_a_subnetwork_of_another_region_is_found_there(look):
    assert look(subnetwork="east-subnet")["subnetwork_regions"] == ["us-east1"]
    assert look(landscape.CONSUMER, network=f"projects/{HOST}/global/networks/shared-vpc", subnetwork="nowhere")["subnetwork_regions"] == []


@pytest.mark.parametrize("http", [403, 404])
def test_a_wrong_project_is_one_sentence(side, look, http):
    side.world.switch({"gcp_unknown_project": http})
    found = look(gcp_project_id="no-such-project", subnetwork=None)
    assert len(found["problems"]) == 1 and "no-such-project" in found["problems"][0] and "check" in found["problems"][0]


@pytest.mark.parametrize("project, api, other", [
    (landscape.NO_DNS_PROJECT, "dns", "endpoints"), (landscape.NO_COMPUTE_PROJECT, "compute", "zones")])
def test_an_api_that_nobody_enabled_is_one_sentence(look, project, api, other):
    found = look(gcp_project_id=project)
    assert len(found["problems"]) == 1 and f"gcloud services enable {api}.googleapis.com --project {project}" in found["problems"][0]
    assert other in found["read"]


def test_a_region_that_the_sandbox_does_not_have(look):
    assert look(region="us-west9", state="absent")["problems"] == ["Google Cloud has no region us-west9: check region."]


@pytest.mark.parametrize("operation", [*LISTS[:3], "compute.subnetworks.get", "dns.managedZones.list", "dns.resourceRecordSets.list", "dns.projects.get"])
def test_each_permission_that_is_missing_is_named(side, look, operation):
    side.zone("mine", host(1))
    side.world.faults.add({"operation": operation}, "denied", 100)
    found = look()
    # The quota is behind the permission on the project.
    assert len(found["problems"]) == 1 and f"allow {operation} for " in found["problems"][0] and f"in project {GOOGLE}" in found["problems"][0]


def test_who_may_only_look_can_plan(look):
    found = look(landscape.READONLY)
    assert found["problems"] == [] and found["read"] == PARTS


@pytest.mark.parametrize("kind", ["throttle", "503"])
def test_a_busy_google_is_asked_again(side, look, kind):
    side.world.faults.add({"operation": ["compute.addresses.list", "dns.managedZones.list"]}, kind, 2)
    assert look()["problems"] == []


# --- the module: what is wrong with the input beside what is wrong with the clouds ---


class Failed(Exception):
    pass


@pytest.fixture
def fails(monkeypatch):
    def look(google=None, **given):
        def fail(msg):
            raise Failed(msg)

        params = dict(DEFAULTS, api_key="k" * 60, host_address=None, timeout=70, validate_certs=True, **given)
        monkeypatch.setattr(plan_module, "client_from", lambda params: Zilliz())
        if google:
            monkeypatch.setattr(plan_module, "Google", lambda params: google)
        with pytest.raises(Failed) as failed:
            plan_module.look(types.SimpleNamespace(params=params, fail_json=fail))
        return str(failed.value)

    return look


def test_bad_credentials_are_told_beside_the_rest(fails):
    text = fails(auth_kind="serviceaccount", service_account_file="/nowhere/key.json", labels={"Team": "a"})
    assert text.startswith("2 problems: (1) labels has Team: a") and "(2) service_account_file /nowhere/key.json cannot be read" in text


def test_without_a_project_nothing_else_is_said(fails, google):
    google.auth_kind = "application"
    assert fails(google, gcp_project_id=None) == "gcp_project_id is missing: name the Google Cloud project that gets the endpoint."
    assert not google.calls


@pytest.mark.parametrize("awaits", [[], ["endpoint", "link"]])
def test_bad_input_never_reaches_the_steps(fails, google, awaits):
    google.auth_kind = "application"
    text = fails(google, subnetwork="My-Subnet", awaits=awaits)
    assert text == "subnetwork is My-Subnet: a name there looks like my-subnet."
    google.refusals = {"dns.managedZones.list": DENIED}
    text = fails(google, subnetwork="My-Subnet", awaits=awaits)
    assert text.startswith("2 problems: (1) subnetwork is") and "allow dns.managedZones.list" in text
