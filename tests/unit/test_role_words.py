# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the Google role reads what google.cloud leaves of a failure: what to say, and whether to try again."""
from __future__ import annotations

import pathlib

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template

ROLE = pathlib.Path(__file__).resolve().parents[2] / "roles" / "gcp_private_link"
ADDRESS, RULE, RECORD = (f"google.cloud.gcp_{name}" for name in ("compute_address", "compute_forwarding_rule", "dns_resource_record_set"))


def answered(code, message, reason="forbidden"):
    """As google.cloud quotes an answer of the API."""
    return "GCP returned error: %s" % {"error": {"code": code, "message": message, "errors": [{"message": message, "domain": "global", "reason": reason}]}}


def crashed(text):
    return f"Task failed: Module failed: {text}"


def template(expression, **variables):
    loader = DataLoader()
    known = {}
    for part in ("defaults", "vars"):
        known.update(loader.load_from_file(str(ROLE / part / "main.yml"), trusted_as_template=True))
    known["__gcp_private_link"] = {"auth_kind": "application", "result": {"gcp_project_id": "my-project", "region": "us-west1"}}
    return Templar(loader, variables={**known, **variables}).template(trust_as_template("{{ %s }}" % expression))


def sentence(action, *messages):
    results = [{"failed": True, "msg": message, "item": {"name": "zpl"}} for message in messages] + [{"failed": False, "item": {"name": "well"}}]
    return template(
        "__gcp_private_link_reason ~ __gcp_private_link_advice", ansible_failed_result={"results": results}, ansible_failed_task={"action": action}
    )


FAILURES = {
    "a permission that Google names": (
        ADDRESS, answered(403, "Required 'compute.addresses.create' permission for 'projects/p/regions/r/addresses/zpl'"),
        "zpl: Google answered 403: Required 'compute.addresses.create' permission for 'projects/p/regions/r/addresses/zpl';"
        " allow that for the credentials in use; the task as a whole takes compute.addresses.create, compute.addresses.createInternal, "),
    "a refusal without a name": (
        RULE, answered(403, "Forbidden"), "zpl: Google answered 403: Forbidden; allow compute.forwardingRules.create, compute.forwardingRules.pscCreate"),
    "quotes of both kinds": (ADDRESS, answered(400, """Invalid 'name': "X"."""), """zpl: Google answered 400: Invalid 'name': "X\""""),
    "an operation that failed": (
        RULE, str([{"code": "QUOTA_EXCEEDED", "message": "Quota 'FORWARDING_RULES' exceeded. Limit: 8.0 in region us-west1."}]),
        "zpl: Google answered QUOTA_EXCEEDED: Quota 'FORWARDING_RULES' exceeded. Limit: 8.0 in region us-west1; have this quota raised"),
    "a full subnetwork": (
        ADDRESS, str([{"code": "IP_SPACE_EXHAUSTED", "message": "IP space of 'subnetworks/full' is exhausted."}]),
        "zpl: Google answered IP_SPACE_EXHAUSTED: IP space of 'subnetworks/full' is exhausted; name another gcp_private_link_subnetwork"),
    "no connection": (RULE, crashed("'ConnectionError' object has no attribute 'message'"), "zpl: no connection to Google (ConnectionError)"),
    "an answer that upstream keeps to itself": (
        RECORD, crashed("403 Client Error: Forbidden for url: https://dns.googleapis.com/dns/v1/projects/p/managedZones/z/changes"),
        "zpl: Google answered 403 Forbidden, and google.cloud does not tell why: check that the credentials in use have dns.changes.create"),
    "a race": (RECORD, crashed("412 Client Error: Precondition Failed for url: https://dns.googleapis.com/x"), "zpl: Google answered 412 Precondition Failed"),
    "a zone that is gone": (RECORD, crashed("'NoneType' object is not subscriptable"), "zpl: Google answered 404 Not Found"),
    "a page of a proxy": (RULE, "Invalid JSON response with error: <html>\n502\n</html>", "zpl: the answer was none of the API"),
    "no end": (RULE, "Task failed: Timed out after 300 second(s).", "zpl: not finished in 300 s; Google may still do it"),
    "a sentence of ours": ("zilliz.cloud.gcp_labels", "Labels cannot be written: do this.", "zpl: Labels cannot be written: do this"),
}


@pytest.mark.parametrize("case", FAILURES)
def test_a_failure_is_told_in_a_sentence(case):
    action, message, told = FAILURES[case]
    said = sentence(action, message)
    assert said.startswith(told), said
    assert not said.endswith(".")
    for word in ("Traceback", "Module failed", "{", "<html>", "domain"):
        assert word not in said


def test_each_reason_is_told_once():
    assert sentence(RULE, *[answered(400, "No.", "invalid")] * 3).count("No") == 1


def test_a_failure_without_items_needs_no_name():
    failed = {"failed": True, "msg": "Still waiting: for the links."}
    assert template("__gcp_private_link_reason", ansible_failed_result=failed, ansible_failed_task={"action": "x"}) == "Still waiting: for the links"


@pytest.mark.parametrize(("result", "over"), [
    ({"failed": False}, True),
    ({"failed": True, "msg": answered(400, "Invalid value", "invalid")}, True),
    ({"failed": True, "msg": answered(403, "Forbidden")}, True),
    ({"failed": True, "msg": answered(403, "Rate Limit Exceeded", "rateLimitExceeded")}, False),
    ({"failed": True, "msg": answered(429, "Too many", "rateLimitExceeded")}, False),
    ({"failed": True, "msg": answered(503, "Backend", "backendError")}, False),
    ({"failed": True, "msg": str([{"code": "RESOURCE_NOT_READY", "message": "not ready"}])}, False),
    ({"failed": True, "msg": str([{"code": "QUOTA_EXCEEDED", "message": "no more"}])}, True),
    ({"failed": True, "msg": "Invalid JSON response with error: <html>502</html>"}, False),
    # A module that crashed has no words until the task is over.
    ({"failed": True, "exception": "(traceback unavailable)"}, False),
])
def test_only_what_passes_is_tried_again(result, over):
    assert template("__gcp_private_link_tried", __gcp_private_link_try=result) is over


@pytest.mark.parametrize(("given", "environment"), [
    ({}, {}),
    ({"auth_kind": "machineaccount", "service_account_email": "a@b"}, {"GCP_AUTH_KIND": "machineaccount", "GCP_SERVICE_ACCOUNT_EMAIL": "a@b"}),
    ({"service_account_file": "key.json"},
     {"GCP_AUTH_KIND": "serviceaccount", "GCP_SERVICE_ACCOUNT_FILE": "key.json", "GCP_SERVICE_ACCOUNT_CONTENTS": ""}),
    ({"scopes": ["a", "b"]}, {"GCP_SCOPES": "a,b"}),
    ({"scopes": "a\nb, c"}, {"GCP_SCOPES": "a,b,c"}),
])
def test_credentials_reach_google_cloud_by_the_environment(given, environment):
    given = {f"gcp_private_link_{name}": value for name, value in given.items()}
    assert template("__gcp_private_link_login", **given) == environment
    assert template("__gcp_private_link_environment", **given) == {**environment, "GCP_AUTH_KIND": "application"}
