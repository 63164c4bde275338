# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests against Google's own description of its API."""
from __future__ import annotations

import importlib.util
import json
import pathlib

import pytest
from sandbox.gcp import discovery

COMPUTE, WWW, DNS = "compute.googleapis.com", "www.googleapis.com", "dns.googleapis.com"
REGION = "/compute/v1/projects/my-project/regions/us-west1"
ZONES = "/dns/v1/projects/my-project/managedZones"


def problems(verb, path, body=None, host=None, **query):
    return discovery.problems(discovery.method_of(verb, host or (DNS if path.startswith("/dns") else COMPUTE), path), query, body)


@pytest.mark.parametrize("verb, host, path, name, params", [
    ("GET", COMPUTE, f"{REGION}/addresses", "compute.addresses.list", {"region": "us-west1"}),
    ("GET", WWW, f"{REGION}/addresses/ip", "compute.addresses.get", {"region": "us-west1", "address": "ip"}),
    ("POST", COMPUTE, f"{REGION}/forwardingRules/ep/setTarget", "compute.forwardingRules.setTarget",
     {"region": "us-west1", "forwardingRule": "ep"}),
    ("GET", WWW, "/compute/v1/projects/my-project/global/operations/op", "compute.globalOperations.get", {"operation": "op"}),
    ("GET", "dns.googleapis.com:443", ZONES, "dns.managedZones.list", {}),
    ("GET", WWW, f"{ZONES}/z/changes/7", "dns.changes.get", {"managedZone": "z", "changeId": "7"}),
    ("DELETE", DNS, f"{ZONES}/z/rrsets/%2A.example.com./A", "dns.resourceRecordSets.delete",
     {"managedZone": "z", "name": "*.example.com.", "type": "A"}),
])
def test_a_request_is_a_method(verb, host, path, name, params):
    found = discovery.method_of(verb, host, path)
    assert (found.id, found.params) == (name, {"project": "my-project", **params})
    assert found.mutating == (verb != "GET") and found.project == "my-project"


@pytest.mark.parametrize("verb, host, path", [
    ("GET", DNS, f"{REGION}/addresses"), ("GET", COMPUTE, ZONES), ("GET", "storage.googleapis.com", f"{REGION}/addresses"),
    ("PUT", COMPUTE, f"{REGION}/addresses"), ("GET", COMPUTE, f"{REGION}/addresses/"), ("GET", COMPUTE, f"{REGION}//ip"),
    ("GET", COMPUTE, "/compute/v1/projects/my-project/https://compute.googleapis.com/x"), ("GET", COMPUTE, "/"),
    ("GET", COMPUTE, "/compute/beta/projects/my-project"),
])
def test_no_method_but_those(verb, host, path):
    assert discovery.method_of(verb, host, path) is None


def test_waiting_and_asking_for_rights_change_nothing():
    assert not discovery.method_of("POST", COMPUTE, f"{REGION}/operations/op/wait").mutating


ADDRESS = {"name": "ip", "addressType": "INTERNAL", "purpose": "GCE_ENDPOINT", "subnetwork": "s", "labels": {"a": "b"}}
RULE = {"allowed": [{"IPProtocol": "tcp", "ports": ["443"]}], "name": "fw", "priority": 65000, "direction": "EGRESS"}
RECORD = {"kind": "dns#resourceRecordSet", "name": "a.example.com.", "type": "A", "ttl": 60, "rrdatas": ["10.0.0.1"]}


@pytest.mark.parametrize("path, body", [
    (f"{REGION}/addresses", ADDRESS),
    ("/compute/v1/projects/my-project/global/firewalls", RULE),
    # The parser takes both names of a field, a number as text and the other way round, and null for nothing.
    (f"{ZONES}/z/changes", {"additions": [RECORD], "deletions": [], "start_time": "2026-01-01T00:00:00", "isServing": None}),
    (f"{ZONES}/z/changes", {"additions": [{**RECORD, "ttl": "60"}]}),
    (ZONES, {"name": "z", "dns_name": "example.com.", "id": 7, "private_visibility_config": {"networks": [{"network_url": "u"}]}}),
])
def test_what_google_takes(path, body):
    assert problems("POST", path, body) == []


@pytest.mark.parametrize("path, body, sentence, reason", [
    (f"{REGION}/addresses", {**ADDRESS, "ip": "1"}, "Unknown name \"ip\" at 'resource': Cannot find field.", "badRequest"),
    (f"{REGION}/addresses", {**ADDRESS, "subnetwork": 5}, "Invalid value at 'resource.subnetwork' (TYPE_STRING), 5", "badRequest"),
    (f"{REGION}/addresses", {**ADDRESS, "labels": {"a": 1}}, "'resource.labels.a' (TYPE_STRING)", "badRequest"),
    (f"{REGION}/addresses", {**ADDRESS, "labels": {"a": None}}, "'resource.labels.a' (TYPE_STRING)", "badRequest"),
    (f"{REGION}/addresses", {**ADDRESS, "addressType": "internal"}, "Must be one of [EXTERNAL, INTERNAL", "invalid"),
    (f"{REGION}/addresses", {**ADDRESS, "name": "Big_Name"}, "Must be a match of regex '[a-z]", "invalid"),
    (f"{REGION}/addresses", {**ADDRESS, "name": "a" * 64}, "Must be a match of regex", "invalid"),
    (f"{REGION}/addresses", {"addressType": "INTERNAL"}, "Required field 'resource.name' not specified", "required"),
    (f"{REGION}/addresses", {**ADDRESS, "name": None}, "Required field 'resource.name' not specified", "required"),
    (f"{REGION}/addresses", {}, "Required field 'resource' not specified", "required"),
    (f"{REGION}/addresses", [], "Required field 'resource' not specified", "required"),
    ("/compute/v1/projects/my-project/global/firewalls", {**RULE, "priority": "high"}, "(TYPE_INT32), \"high\"", "badRequest"),
    ("/compute/v1/projects/my-project/global/firewalls", {**RULE, "priority": 2**31}, "(TYPE_INT32)", "badRequest"),
    ("/compute/v1/projects/my-project/global/firewalls", {**RULE, "priority": True}, "(TYPE_INT32), true", "badRequest"),
    ("/compute/v1/projects/my-project/global/firewalls", {**RULE, "disabled": "yes"}, "(TYPE_BOOLEAN), \"yes\"", "badRequest"),
    ("/compute/v1/projects/my-project/global/firewalls", {**RULE, "allowed": [{"IPProtocol": "tcp", "ports": [443]}]},
     "'resource.allowed[0].ports[0]' (TYPE_STRING), 443", "badRequest"),
    ("/compute/v1/projects/my-project/global/firewalls", {**RULE, "allowed": [{"ip_protocol": "tcp"}]},
     "Unknown name \"ip_protocol\" at 'resource.allowed[0]'", "badRequest"),
    (f"{ZONES}/z/changes", {"additions": RECORD}, "'entity.change.additions' (TYPE_ARRAY)", "badRequest"),
    (f"{ZONES}/z/changes", {"additions": [None]}, "'entity.change.additions[0]' (ResourceRecordSet), null", "badRequest"),
    (f"{ZONES}/z/changes", {"additions": [{**RECORD, "value": "1"}]}, "Unknown name \"value\" at 'entity.change.additions[0]'", "badRequest"),
    (ZONES, {"name": "z", "visibility": "PRIVATE"}, "Invalid value for 'entity.managedZone.visibility': 'PRIVATE'", "invalid"),
    (ZONES, {}, "The 'entity.managedZone' parameter is required but was missing.", "required"),
])
def test_what_google_refuses(path, body, sentence, reason):
    found = problems("POST", path, body)
    assert len(found) == 1 and sentence in found[0] and found[0].reason == reason


def test_several_problems_at_once():
    assert len(problems("POST", f"{REGION}/addresses", {"name": "X", "addressType": "Y", "z": 1}, nope="1")) == 4


@pytest.mark.parametrize("path, query, sentence", [
    (f"{REGION}/addresses", {"limit": "5"}, "Unknown name \"limit\": Cannot bind query parameter."),
    (f"{REGION}/addresses", {"maxResults": "many"}, "'maxResults' (TYPE_UINT32), \"many\""),
    (f"{REGION}/addresses", {"filter": ["a", "b"]}, "'filter': the parameter can be given once only."),
    (f"{REGION}/addresses", {"prettyPrint": "no"}, "'prettyPrint' (TYPE_BOOLEAN)"),
    (f"{REGION}/addresses", {"alt": "xml"}, "'alt' (TYPE_STRING)"),
    (ZONES, {"dnsName": ["a.", "b."]}, "'dnsName': the parameter can be given once only."),
    (f"{ZONES}/z/rrsets", {"names": "x"}, "Unknown name \"names\""),
])
def test_a_query_that_google_refuses(path, query, sentence):
    found = problems("GET", path, **query)
    assert len(found) == 1 and sentence in found[0]


def test_a_query_that_google_takes():
    assert problems("GET", f"{REGION}/addresses", filter="name = x", maxResults="5", page_token="t", prettyPrint="false", alt="json") == []


@pytest.mark.parametrize("path, field", [
    ("/compute/v1/projects/My_Project/regions/us-west1/addresses", "project"),
    ("/compute/v1/projects/my-project/regions/US/addresses", "region"),
    (f"{REGION}/addresses/Bad", "address"),
])
def test_a_path_that_google_refuses(path, field):
    found = problems("GET", path)
    assert [one.field for one in found] == [field] and found[0].reason == "invalid"


def test_a_patch_may_say_nothing_and_take_a_label_away():
    assert problems("PATCH", f"{ZONES}/z", {}) == []
    assert problems("PATCH", f"{ZONES}/z", {"labels": {"a": None}}) == []


def test_a_body_nobody_asked_for_is_not_read():
    assert problems("DELETE", f"{REGION}/addresses/ip", {"what": "ever"}) == []


def test_the_body_in_googles_own_names():
    method = discovery.method_of("POST", DNS, f"{ZONES}/z/changes")
    body = {"start_time": "t", "additions": [{"name": "a.", "ttl": "60", "routing_policy": None, "rrdatas": ["1"]}]}
    assert discovery.normal(method, body) == {"startTime": "t", "additions": [{"name": "a.", "ttl": 60, "rrdatas": ["1"]}]}
    assert discovery.normal(discovery.method_of("GET", DNS, ZONES), {"x": 1}) == {}


def test_an_answer_of_ours_is_judged_too():
    method = discovery.method_of("GET", DNS, f"{ZONES}/z")
    assert discovery.answer_problems(method, {"kind": "dns#managedZone", "id": "5"}) == []
    assert discovery.answer_problems(method, {"networks": []})
    assert discovery.answer_problems(discovery.method_of("DELETE", DNS, f"{ZONES}/z"), {}) == []


def test_the_slices_are_small_and_name_nothing_that_they_lack():
    for name in ("compute", "dns"):
        path = discovery.DATA / f"{name}.v1.json"
        text = path.read_text(encoding="utf-8")
        assert len(text) < 100_000 and "description\":\"" not in text
        document = json.loads(text)
        assert set(_references(document["schemas"])) <= set(document["schemas"])
        assert {method[side] for method in document["methods"].values() for side in ("request", "response") if side in method} <= set(document["schemas"])


def test_the_script_cuts_and_keeps_what_validation_needs():
    path = pathlib.Path(__file__).resolve().parents[2] / "tools" / "cut_discovery.py"
    spec = importlib.util.spec_from_file_location("cut_discovery", path)
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    document = {
        "revision": "1", "servicePath": "", "parameters": {"alt": {"type": "string", "description": "long", "location": "query"}},
        "resources": {"things": {"methods": {
            "insert": {"id": "s.things.insert", "httpMethod": "POST", "path": "p/{thing}", "description": "long", "request": {"$ref": "Thing"},
                       "scopes": ["https://www.googleapis.com/auth/compute"],
                       "parameters": {"thing": {"type": "string", "location": "path", "required": True, "description": "long"}}},
            "other": {"id": "s.things.other"}}}},
        "schemas": {"Thing": {"type": "object", "properties": {
            # A field that has the name of what is cut off is a field all the same.
            "description": {"type": "string", "description": "long", "annotations": {"required": ["s.things.insert"]}},
            "part": {"$ref": "Part"}}}, "Part": {"type": "object", "properties": {}}, "Unused": {"type": "object"}}}
    assert json.loads(tool.text(tool.cut(document, {"things": ["insert"]}))) == {
        "revision": "1", "servicePath": "", "parameters": {"alt": {"type": "string", "location": "query"}},
        "methods": {"s.things.insert": {"http": "POST", "path": "p/{thing}", "request": "Thing", "scopes": ["compute"],
                                        "parameters": {"thing": {"type": "string", "location": "path", "required": True}}}},
        "schemas": {"Thing": {"type": "object", "properties": {
            "description": {"type": "string", "required": ["s.things.insert"]}, "part": {"$ref": "Part"}}},
            "Part": {"type": "object", "properties": {}}}}


def _references(part):
    for key, value in part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ():
        if key == "$ref":
            yield value
        yield from _references(value)
