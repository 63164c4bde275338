# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever answers in the place of Google Cloud: a sentence or success, and the token goes nowhere else."""

from __future__ import annotations

import copy
import io
import itertools
import json
from unittest import mock

import pytest
import requests
import urllib3
from ansible_collections.zilliz.cloud.plugins.module_utils import _gcp_calls
from ansible_collections.zilliz.cloud.plugins.module_utils._answer import printable
from ansible_collections.zilliz.cloud.plugins.module_utils._doctor_gcp import GcpDoctor
from ansible_collections.zilliz.cloud.plugins.module_utils._gcp import read_gcp
from ansible_collections.zilliz.cloud.plugins.module_utils._gcp_calls import COMPUTE, GcpError, Google
from ansible_collections.zilliz.cloud.plugins.module_utils._gcp_shape import wrong_fields
from ansible_collections.zilliz.cloud.plugins.module_utils._plan_gcp import GcpPlan, plan_gcp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from unit.plugins.module_utils import model_gcp
from unit.plugins.module_utils.test_hostile_zilliz import ANY, MISSING, TEXTS, places, replaced

TOKEN = "ya29.unit-test-token-0123456789abcdef"
NETWORK = "https://www.googleapis.com/compute/v1/projects/my-project/global/networks/my-vpc"
REGION = "https://www.googleapis.com/compute/v1/projects/my-project/regions/us-west1"
LABELS = {"team": "data"}
ANSWERS = {
    "forwardingRules": {"items": [{
        "name": "psc", "network": NETWORK, "IPAddress": "10.0.0.5", "pscConnectionId": "123", "pscConnectionStatus": "ACCEPTED", "labels": LABELS,
        "target": f"{REGION}/serviceAttachments/zilliz", "allowPscGlobalAccess": True, "description": "by hand", "creationTimestamp": "2026-01-01",
        "serviceDirectoryRegistrations": [{"namespace": "ns"}]}]},
    "addresses": {"items": [{
        "name": "ip", "address": "10.0.0.5", "status": "IN_USE", "subnetwork": f"{REGION}/subnetworks/my-subnet", "purpose": "GCE_ENDPOINT",
        "addressType": "INTERNAL", "users": [f"{REGION}/forwardingRules/psc"], "labels": LABELS, "description": ""}]},
    "my-subnet": {"name": "my-subnet", "network": NETWORK, "region": REGION, "ipCidrRange": "10.0.0.0/24", "purpose": "PRIVATE",
                  "selfLink": f"{REGION}/subnetworks/my-subnet"},
    "networks": {"items": [{"name": "my-vpc"}]},
    "firewalls": {"items": [{
        "name": "deny", "network": NETWORK, "direction": "EGRESS", "priority": 900, "denied": [{"IPProtocol": "tcp", "ports": ["443"]}],
        "destinationRanges": ["0.0.0.0/0"], "logConfig": {"enable": True}, "targetTags": ["db"], "disabled": False}]},
    "managedZones": {"managedZones": [{
        "name": "zone", "dnsName": "vectordb.zillizcloud.com.", "description": "by hand", "visibility": "private", "labels": LABELS,
        "privateVisibilityConfig": {"networks": [{"networkUrl": NETWORK}]}}]},
    "rrsets": {"rrsets": [{"name": "a.vectordb.zillizcloud.com.", "type": "A", "ttl": 300, "rrdatas": ["10.0.0.5"]}]},
    "my-project": {"quota": {"managedZones": 100}, "quotas": [{"metric": "FIREWALLS", "limit": 100.0, "usage": 3.0}]},
}
MATCH = {"destIpRanges": ["10.0.0.0/8"], "srcIpRanges": [], "destFqdns": ["example.com"], "destAddressGroups": ["organizations/1/addressGroups/a"],
         "layer4Configs": [{"ipProtocol": "tcp", "ports": ["443"]}]}
RULES = [{"ruleName": "no", "priority": 900, "direction": "EGRESS", "action": "deny", "match": MATCH, "targetResources": [NETWORK],
          "targetSecureTags": [{"name": "tagValues/1"}], "targetServiceAccounts": [], "targetType": "INSTANCES", "disabled": False}]
# What only a check reads.
DEEP = {
    "policies": {"policies": [{"name": "servers", "networks": [{"networkUrl": NETWORK}, {"networkUrl": f"{NETWORK}2"}],
                               "alternativeNameServerConfig": {"targetNameServers": [{"ipv4Address": "10.0.0.53"}]}}]},
    "responsePolicies": {"responsePolicies": [{"responsePolicyName": "rp", "networks": [{"networkUrl": NETWORK}]}]},
    "rules": {"responsePolicyRules": [{
        "ruleName": "r", "dnsName": "*.vectordb.zillizcloud.com.", "behavior": "x",
        "localData": {"localDatas": [{"type": "A", "rrdatas": ["10.0.0.9"]}]}}]},
    "getEffectiveFirewalls": {"firewallPolicys": [
        {"name": "1", "shortName": "org", "type": "HIERARCHY", "rules": RULES}, {"name": "n", "type": "NETWORK", "rules": RULES},
        {"name": "r", "displayName": "r", "type": "NETWORK_REGIONAL", "rules": RULES}]},
    "my-vpc": {"networkFirewallPolicyEnforcementOrder": "BEFORE_CLASSIC_FIREWALL"},
    "us-west1": {"quotas": [{"metric": "INTERNAL_ADDRESSES", "limit": 200.0, "usage": 3.0}]},
}
ALL = {**ANSWERS, **DEEP}


class NoClusters:
    """Zilliz Cloud, in good health."""

    def services_for(self, region_id, project_id=None):
        return model_gcp.found()["services"], False

    def endpoints(self, project_id):
        return []

    def clusters(self, region_id=None):
        return model_gcp.found()["clusters"]

    def cluster(self, cluster_id):
        return {}


class Answered:
    """answer(method, url) -> (status, headers, body) for every request."""

    def __init__(self, answer):
        self.sent = []

        def send(adapter, request, **_options):
            self.sent.append(request)
            status, headers, body = answer(request)
            body = io.BytesIO(body)
            raw = urllib3.HTTPResponse(body=body, headers=headers, status=status, preload_content=False, reason="odd")
            return adapter.build_response(request, raw)

        self._patches = [mock.patch.object(requests.adapters.HTTPAdapter, "send", send), mock.patch("time.sleep")]

    def __enter__(self):
        for patch in self._patches:
            patch.start()
        self.google = Google({**dict.fromkeys(_gcp_calls.gcp_argument_spec()), "auth_kind": "accesstoken", "access_token": TOKEN})
        return self

    def __exit__(self, *_error):
        for patch in self._patches:
            patch.stop()


def sentence(text):
    assert 0 < len(text) < 2500 and text == printable(text) and TOKEN not in text, text


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(["get", "pages", "POST", "PATCH", "DELETE"]), st.integers(200, 599),
    st.dictionaries(
        st.sampled_from(["Content-Type", "Retry-After", "Location"]), st.sampled_from(["-1", "nan", "99999999999", "text/html", "https://x.example"])
    ),
    st.binary(max_size=100) | ANY.map(lambda value: json.dumps(value).encode())
    | ANY.map(lambda value: json.dumps({"error": {"message": value, "errors": value, "details": value, "status": value}}).encode())
    | ANY.map(lambda value: json.dumps({"error": {"message": "no", "details": [value, {"reason": value, "metadata": value}]}}).encode())
    | ANY.map(lambda value: json.dumps({"kind": "compute#operation", "status": "DONE", "error": value, "httpErrorStatusCode": 400, "selfLink": value}).encode())
    | st.sampled_from([b"[" * 100000, b"<html>", b'{"error": {"message": "a\\nb\\u001b[2J", "errors": [{"reason": "\\u202e"}]}}']),
)
def test_any_answer_is_a_sentence_or_success(method, status, headers, body):
    url = f"{COMPUTE}projects/my-project/regions/us-west1/addresses"
    with Answered(lambda request: (status, headers, body)) as clouds:
        try:
            if method == "get":
                clouds.google.get(url, "read it", "compute.addresses.get")
            elif method == "pages":
                clouds.google.pages(url, "items", "read them", "compute.addresses.list")
            else:
                clouds.google.write(method, url, "change it", "compute.addresses.create", body={"name": "ip"}, timeout=1)
        except GcpError as error:
            sentence(str(error))
    assert all(request.url.startswith("https://compute.googleapis.com/") for request in clouds.sent)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_one_wrong_value_anywhere_in_what_the_plan_reads(data):
    name = data.draw(st.sampled_from(sorted(ALL)))
    place = data.draw(st.sampled_from(list(places(ALL[name]))[1:]))
    other = data.draw(ANY | TEXTS | st.just(MISSING))

    def answer(request):
        last = requests.utils.urlparse(request.url).path.rpartition("/")[2]
        page = copy.deepcopy(ALL.get(last, {}))
        return 200, {}, json.dumps(replaced(page, place, other) if last == name else page).encode()

    wanted = model_gcp.wanted(inspect=True, deep=True)
    with Answered(answer) as clouds:
        found = read_gcp(clouds.google, NoClusters(), wanted)
    for text in found["problems"] + [one["error"] for part in found["deep"].values() for one in part["refusals"]]:
        sentence(text)
    json.dumps(plan_gcp({**wanted, "inspect": False}, found)["steps"])
    plan = GcpPlan(wanted, found)
    plan.make()
    json.dumps(list(GcpDoctor(plan).rows()))


def test_a_list_that_never_ends(monkeypatch):
    monkeypatch.setattr(_gcp_calls, "PAGES", 30)
    numbers = itertools.count()
    with Answered(lambda request: (200, {}, json.dumps({"items": [], "nextPageToken": str(next(numbers))}).encode())) as clouds:
        with pytest.raises(GcpError, match="does not end after 30 pages"):
            clouds.google.pages(f"{COMPUTE}projects/my-project/global/networks", "items", "read the networks", "compute.networks.list")
    assert len(clouds.sent) == 30


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_gets_no_token(status):
    with Answered(lambda request: (status, {"Location": "https://elsewhere.example/"}, b"")) as clouds, pytest.raises(GcpError):
        clouds.google.get(f"{COMPUTE}projects/my-project/global/networks/n", "read it", "compute.networks.get")
    assert {requests.utils.urlparse(request.url).hostname for request in clouds.sent} == {"compute.googleapis.com"}


def test_answers_as_they_should_be_have_nothing_wrong():
    assert [list(wrong_fields(answer)) for answer in ALL.values()] == [[]] * len(ALL)
