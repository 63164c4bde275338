# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import concurrent.futures
import json

import pytest
import requests
from ansible_collections.zilliz.cloud.plugins.module_utils import _gcp_calls as calls
from ansible_collections.zilliz.cloud.plugins.module_utils import _gcp_errors as errors
from ansible_collections.zilliz.cloud.plugins.module_utils._gcp_calls import COMPUTE, DNS, GcpError, Google
from ansible_collections.zilliz.cloud.plugins.module_utils import _answer
from google.auth import exceptions as auth_errors

TOKEN = "ya29.unit-test-token-0123456789abcdef"
ADDRESSES = f"{COMPUTE}projects/my-project/regions/us-west1/addresses"
RULES = f"{COMPUTE}projects/my-project/regions/us-west1/forwardingRules"
ZONES = f"{DNS}projects/my-project/managedZones"
EMAIL = "ansible@my-project.iam.gserviceaccount.com"
IP = ADDRESSES.replace("//compute.", "//www.") + "/ip-1"
BODY = {"name": "zlz-1", "IPAddress": IP, "target": "projects/vdc/regions/us-west1/serviceAttachments/a", "description": "ours"}


@pytest.fixture
def api(google):
    google.reserve("ip-1", "10.10.0.5")
    return Google({"access_token": TOKEN})


def insert(api, **more):
    return api.write("POST", RULES, "create the endpoint zlz-1", "compute.forwardingRules.create", BODY, **more)


# --- credentials ---


def test_the_kind_follows_from_what_is_given(google, key, tmp_path):
    path = tmp_path / "key.json"
    path.write_text(json.dumps(key), encoding="utf-8")
    for params, kind in [
        ({"access_token": TOKEN}, "accesstoken"),
        ({"access_token": TOKEN, "auth_kind": "accesstoken", "service_account_file": ""}, "accesstoken"),
        ({"service_account_file": str(path)}, "serviceaccount"),
        ({"service_account_contents": json.dumps(key), "auth_kind": "serviceaccount"}, "serviceaccount"),
        ({"service_account_contents": key}, "serviceaccount"),
        ({"service_account_email": EMAIL}, "machineaccount"),
        ({"auth_kind": "machineaccount"}, "machineaccount"),
    ]:
        assert Google(params).auth_kind == kind
    assert Google({"service_account_contents": key}).account == EMAIL
    assert Google({"auth_kind": "machineaccount"}).account == "the credentials in use"
    # One token for all threads and calls.
    api = Google({"service_account_file": str(path)})
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda unused: api.pages(ZONES, "managedZones", "list zones", "dns.managedZones.list"), range(12)))
    assert len(google.tokens) == 1 and google.accounts == {"Bearer ya29.from-the-key"}


def test_application_default_credentials(google, key, tmp_path, monkeypatch):
    path = tmp_path / "adc.json"
    path.write_text(json.dumps(key), encoding="utf-8")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(path))
    api = Google({})
    assert (api.auth_kind, api.account) == ("application", EMAIL)
    assert api.pages(ZONES, "managedZones", "list zones", "dns.managedZones.list") == []


@pytest.mark.parametrize("params, told", [
    ({"service_account_file": "/nowhere/key.json"}, "/nowhere/key.json cannot be read (No such file or directory)"),
    ({"service_account_file": "/"}, "cannot be read (Is a directory)"),
    ({"service_account_contents": "SECRET-not-json"}, "service_account_contents is not JSON"),
    ({"service_account_contents": '["SECRET"]'}, "is not the key of a service account (client_email, private_key, token_uri missing)"),
    ({"service_account_contents": '{"type": "authorized_user", "refresh_token": "SECRET"}'}, "is of type authorized_user"),
    ({"service_account_contents": '{"client_email": "a@b", "private_key": "SECRET", "token_uri": "u"}'}, "private_key that cannot be read"),
    ({"service_account_contents": '{"client_email": "a@b", "private_key": 7, "token_uri": "u"}'}, "private_key that cannot be read"),
    ({"service_account_contents": "{}", "service_account_file": "/x"}, "are both given"),
    ({"access_token": "SECRET", "auth_kind": "application"}, "access_token is given (perhaps by GCP_ACCESS_TOKEN"),
    ({"access_token": "SECRET", "service_account_file": "/x"}, "but auth_kind is serviceaccount"),
    ({"service_account_email": EMAIL, "auth_kind": "serviceaccount"}, "set auth_kind to machineaccount"),
    ({"auth_kind": "serviceaccount"}, "give service_account_file or service_account_contents too"),
    ({"auth_kind": "accesstoken"}, "give access_token too"),
])
def test_bad_credentials_are_one_sentence_without_a_secret(google, params, told):
    with pytest.raises(GcpError) as caught:
        Google(params)
    assert told in str(caught.value) and "SECRET" not in str(caught.value) and caught.value.kind == "credentials"
    assert caught.value.__cause__ is None and caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_key_file_that_is_no_text(google, tmp_path):
    path = tmp_path / "key.p12"
    path.write_bytes(b"\x30\x82\xff")
    with pytest.raises(GcpError, match="is not JSON: give the JSON key of a service account"):
        Google({"service_account_file": str(path)})


@pytest.mark.parametrize("text", [None, "SECRET", '{"type": "authorized_user", "refresh_token": "SECRET"}', '{"type": "SECRET"}'])
def test_bad_application_default_credentials(google, text, tmp_path, monkeypatch):
    path = tmp_path / "adc.json"
    if text:
        path.write_text(text, encoding="utf-8")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(path))
    with pytest.raises(GcpError) as caught:
        Google({})
    assert f"The file {path} of GOOGLE_APPLICATION_CREDENTIALS gives no credentials" in str(caught.value)
    assert "SECRET" not in str(caught.value)


def test_no_application_default_credentials(google, monkeypatch, tmp_path):
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    with pytest.raises(GcpError, match="no default credentials were found.*gcloud auth application-default login"):
        Google({})


def test_google_refuses_the_key(google, key):
    page = {"error": "invalid_grant", "error_description": "Invalid JWT SECRET"}
    google.script["token"] = [(400, "invalid_grant", page)]
    with pytest.raises(GcpError) as caught:
        Google({"service_account_contents": key}).get(RULES + "/x", "read x", "p")
    assert "it gives no access for these credentials (invalid_grant); the key of " + EMAIL in str(caught.value)
    assert "SECRET" not in str(caught.value) and (caught.value.status, caught.value.kind) == (401, "credentials")


def test_the_token_server_is_away_for_a_moment(google, key, ticks):
    google.script["token"] = ["reset", "reset"]
    assert Google({"service_account_contents": key}).pages(ZONES, "managedZones", "list zones", "p") == []
    google.script["token"] = ["reset"] * 20
    with pytest.raises(GcpError, match="no answer from oauth2.googleapis.com"):
        Google({"service_account_contents": key}).pages(ZONES, "managedZones", "list zones", "p")


def test_other_trouble_of_the_credentials_is_told_without_its_text(google, api, monkeypatch):
    def refuse(*unused, **unused2):
        raise auth_errors.MutualTLSChannelError("SECRET")

    monkeypatch.setattr(calls.AuthorizedSession, "request", refuse)
    with pytest.raises(GcpError) as caught:
        api.get(RULES + "/x", "read x", "p")
    assert "(MutualTLSChannelError)" in str(caught.value) and "SECRET" not in str(caught.value)


def test_an_access_token_that_has_expired(google, api):
    google.script["compute.addresses.get"] = [(401, "authError", "Invalid Credentials")] * 5
    with pytest.raises(GcpError) as caught:
        api.get(ADDRESSES + "/x", "read x", "compute.addresses.get")
    assert "get a new one (gcloud auth print-access-token)" in str(caught.value) and TOKEN not in str(caught.value)


def test_empty_variables_count_as_not_set(monkeypatch):
    function, names = calls.gcp_argument_spec()["auth_kind"]["fallback"]
    monkeypatch.setenv("GCP_AUTH_KIND", "")
    with pytest.raises(calls.AnsibleFallbackNotFound):
        function(*names)
    monkeypatch.setenv("GCP_AUTH_KIND", "application")
    assert function(*names) == "application"


def test_the_libraries_may_be_missing(monkeypatch):
    monkeypatch.setattr(calls, "requests", None)
    with pytest.raises(GcpError, match="google-auth"):
        Google({})


# --- reading ---


def test_what_is_not_there(google, api):
    assert api.get(ADDRESSES + "/x", "read x", "p", missing=None) is None
    assert api.get(ADDRESSES + "/x", "read x", "p", missing={}) == {}
    with pytest.raises(GcpError) as caught:
        api.get(ADDRESSES + "/x", "read the address x", "p")
    assert (caught.value.status, caught.value.reason, caught.value.kind) == (404, "notFound", "not_found")
    # A project that is not there is no answer to the question.
    google.script["compute.addresses.get"] = [(404, "notFound", "The resource 'projects/my-project' was not found")]
    with pytest.raises(GcpError, match="check the project's id"):
        api.get(ADDRESSES + "/x", "read x", "p", missing=None)


def test_all_pages(google, api):
    for number in range(5):
        google.reserve(str(number), "10.10.0.5")
    found = api.pages(ADDRESSES, "items", "list addresses", "compute.addresses.list", filter='address = "10.10.0.5"')
    assert [one["name"] for one in found] == ["ip-1", "0", "1", "2", "3", "4"]
    assert {(query["maxResults"][0], query["filter"][0]) for unused, query, unused2 in google.calls} == {("500", 'address = "10.10.0.5"')}


@pytest.mark.parametrize("trouble", [
    "reset", "hang", (429, "rateLimitExceeded", "Quota exceeded for quota metric 'Read requests'"), (500, "backendError", "Internal"),
    (503, "backendError", "later"), ("raw", 502, "<html>bad gateway</html>"), (403, "rateLimitExceeded", "Rate Limit Exceeded"),
    ("raw", 200, "<html>a proxy</html>"),
])
def test_trouble_that_passes(google, api, trouble, ticks):
    google.things["addresses", "x"] = {"name": "x"}
    google.script["compute.addresses.get"] = [trouble] * 3
    assert api.get(ADDRESSES + "/x", "read x", "p") == {"name": "x"}
    assert len(ticks) == 3 and 0 < sum(ticks) < 10


def test_an_answer_with_a_field_of_another_kind_is_told_with_its_place(google, api, monkeypatch):
    monkeypatch.setattr(google, "addresses_get", lambda *unused, **unused2: {"name": "ip-1", "users": [7], "labels": {"a": "b"}})
    with pytest.raises(GcpError, match=r"could not read it: its answer cannot be used \(users\); ") as caught:
        api.get(ADDRESSES + "/ip-1", "read it", "p")
    assert caught.value.kind == "malformed"


def test_an_answer_without_end_is_not_waited_for(google, api, monkeypatch):
    monkeypatch.setattr(_answer, "LARGEST", 10)
    with pytest.raises(GcpError, match="could not read it: what answered sent more than") as caught:
        api.get(ADDRESSES + "/ip-1", "read it", "p")
    assert caught.value.kind == "malformed" and len(google.calls) == 1


@pytest.mark.parametrize("trouble, told", [
    ("hang", "no answer from compute.googleapis.com (ReadTimeout); check the network path"),
    ((429, "rateLimitExceeded", "Too many"), "still limiting the rate of requests in project my-project"),
    ((503, "backendError", "later"), "later (backendError); run again"),
    (("raw", 502, "<html>"), "HTTP 502"),
])
def test_trouble_that_stays_is_bounded(google, api, trouble, told, ticks):
    google.script["compute.addresses.get"] = [trouble] * 50
    with pytest.raises(GcpError) as caught:
        api.get(ADDRESSES + "/x", "read the address x", "p")
    assert told in str(caught.value) and "Google Cloud could not read the address x" in str(caught.value)
    assert sum(ticks) <= calls.BUDGET and len(google.calls) <= 2 * calls.TRIES


def test_an_untrusted_certificate_is_told_at_once(google, api, monkeypatch):
    def send(*unused, **unused2):
        raise requests.exceptions.SSLError("SECRET")

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", send)
    with pytest.raises(GcpError, match="REQUESTS_CA_BUNDLE") as caught:
        api.get(ADDRESSES + "/x", "read x", "p")
    assert "SECRET" not in str(caught.value)


# --- writing ---


def test_an_operation_is_awaited(google, api, ticks):
    google.polls = 5
    assert insert(api)["status"] == "DONE"
    assert [name for name, unused, unused2 in google.calls] == ["compute.forwardingRules.insert"] + ["compute.regionOperations.get"] * 5


def test_an_operation_that_hangs(google, api, ticks):
    google.polls = 10**6
    with pytest.raises(GcpError, match="within 30 seconds: operation operation-0 is RUNNING; it goes on by itself"):
        insert(api, timeout=30)
    assert 30 <= sum(ticks) < 32


def test_an_operation_that_fails(google, api):
    google.script["compute.forwardingRules.insert"] = [("failed", "QUOTA_EXCEEDED", "Quota 'PSC' exceeded.  Limit: 5 in region us-west1.")]
    with pytest.raises(GcpError) as caught:
        insert(api)
    assert str(caught.value) == (
        "Google Cloud could not create the endpoint zlz-1: Quota 'PSC' exceeded. Limit: 5 in region us-west1 (QUOTA_EXCEEDED);"
        " delete what is not needed in project my-project, or ask Google for a higher quota."
    )
    assert caught.value.reason == "QUOTA_EXCEEDED"


@pytest.mark.parametrize("trouble", ["reset", "lost", "hang", (503, "backendError", "later")])
def test_a_creation_happens_once(google, api, trouble):
    google.script["compute.forwardingRules.insert"] = [trouble]
    insert(api)
    assert len(google.things) == 2
    sent = {query["requestId"][0] for name, query, unused in google.calls if name == "compute.forwardingRules.insert"}
    assert len(sent) == 1


def test_what_was_made_and_does_not_show_yet_is_looked_for_again(google, api, ticks):
    google.script = {"compute.forwardingRules.insert": ["lost"], "compute.forwardingRules.get": [(404, "notFound"), (404, "notFound")]}
    assert insert(api)["description"] == "ours" and len(google.things) == 2
    assert ticks[-2:] == [0.5, 1]


def test_a_name_that_somebody_else_has_is_told(google, api):
    google.things["forwardingRules", "zlz-1"] = {"name": "zlz-1", "description": "theirs"}
    for script in ([], ["reset"]):
        google.script["compute.forwardingRules.insert"] = script
        with pytest.raises(GcpError, match="another resource has this name: choose another name"):
            insert(api)


def test_what_is_gone_counts_as_deleted(google, api):
    assert api.write("DELETE", RULES + "/zlz-1", "delete it", "p") == {}
    google.script["compute.forwardingRules.delete"] = [(404, "notFound", "The resource 'projects/my-project' was not found")]
    with pytest.raises(GcpError, match="check the project's id"):
        api.write("DELETE", RULES + "/zlz-1", "delete it", "p")


def test_the_token_goes_to_google_only(google, api):
    google.operation = lambda *unused: {
        "kind": "compute#operation", "status": "RUNNING", "selfLink": "https://example.org/compute/v1/projects/p/global/operations/o"
    }
    with pytest.raises(KeyError):  # the fake has no such operation, and was asked
        insert(api)
    assert google.calls[-1][0] == "compute.globalOperations.get"


# --- sentences ---

DISABLED = {
    "error": {
        "code": 403, "status": "PERMISSION_DENIED", "message": "Compute Engine API has not been used in project 42 before or it is disabled.",
        "errors": [{"message": "x", "reason": "accessNotConfigured"}],
        "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "SERVICE_DISABLED",
                     "metadata": {"service": "compute.googleapis.com", "consumer": "projects/42"}}],
    }
}


def sentence(status, reason, message, url=RULES, details=None, permission="compute.forwardingRules.create"):
    answer = {"error": {"code": status, "message": message, "errors": [{"message": message, "reason": reason}]}}
    if details:
        answer["error"]["details"] = details
    return errors.refused(status, answer, url, "create it", permission, EMAIL)


def test_a_disabled_api():
    error = errors.refused(403, DISABLED, RULES, "create it", "p", EMAIL)
    assert (error.status, error.reason, error.kind, error.permission) == (403, "SERVICE_DISABLED", "api_disabled", None)
    assert "enable the Compute Engine API (compute.googleapis.com) in project my-project: gcloud services enable" \
           " compute.googleapis.com --project my-project" in str(error)
    old = sentence(403, "accessNotConfigured", "Access Not Configured.", ZONES)
    assert "gcloud services enable dns.googleapis.com --project my-project" in str(old)


@pytest.mark.parametrize("status, reason, message, kind, told", [
    (403, "forbidden", "Required 'compute.subnetworks.use' permission for 'projects/host/regions/us-west1/subnetworks/s'", "denied",
     f"allow compute.subnetworks.use for {EMAIL} in project host."),
    (403, "forbidden", "Forbidden", "denied", f"allow compute.forwardingRules.create for {EMAIL} in project my-project."),
    (403, "forbidden", "Permission denied on resource project my-project.", "denied", "allow compute.forwardingRules.create"),
    (404, "notFound", "The resource 'projects/nope' was not found", "wrong_project", "check the project's id"),
    (400, "invalid", "Unknown project id: 0", "wrong_project", "check the project's id"),
    (403, "billingNotEnabled", "This API method requires billing", "billing", "enable billing"),
    (403, "quotaExceeded", "Quota 'INTERNAL_ADDRESSES' exceeded.  Limit: 1.0", "quota", "ask Google for a higher quota"),
    (409, "alreadyExists", "The resource 'projects/p/regions/r/forwardingRules/x' already exists", "taken", "choose another name"),
    (400, "resourceInUseByAnotherResource", "The address resource 'a' is already being used by 'b'", "in_use", "delete or change first"),
    (400, "invalid", "Invalid value for field 'resource.IPAddress': '10.0.0.5'. Specified IP address is in-use and would result in a conflict.",
     "address_taken", "give another IP address"),
    (400, "invalid", "Invalid value for field 'resource.target': 'projects/v/regions/r/serviceAttachments/a'. Not found", "attachment", "check target"),
    (404, "notFound", "The resource 'projects/v/regions/r/serviceAttachments/a' was not found", "attachment", "private_endpoint_service_info"),
    (404, "notFound", "The resource 'projects/p/regions/r/subnetworks/s' was not found", "network", "check the network and the subnetwork"),
    (400, "invalid", "Invalid value for field 'resource.network': 'x'.", "network", "check the network"),
    (412, "conditionNotMet", "Invalid fingerprint.", "changed", "somebody changed it at the same time"),
    (412, "conditionNotMet", "Constraint constraints/compute.x violated for project p", "policy", "ask its administrators"),
    (400, "invalid", "The target is not mutable once set as a service attachment", "immutable", "recreate=true"),
    (401, "authError", "Invalid Credentials", "credentials", f"does not accept the credentials of {EMAIL}"),
    (400, "resourceNotReady", "The resource 'x' is not ready", "not_ready", "wait a moment"),
    (400, "invalid", "Invalid value for field 'x'", "invalid", "check the values"),
    (403, "insufficientPermissions", "Request had insufficient authentication scopes.", "scopes", "cloud-platform"),
    (418, "odd", "I am a teapot", None, "I am a teapot (odd)."),
])
def test_what_compute_refuses(status, reason, message, kind, told):
    error = sentence(status, reason, message)
    assert (error.kind, error.status, error.reason) == (kind, status, reason) and told in str(error)
    assert str(error).startswith("Google Cloud could not create it: ") and "\n" not in str(error)


@pytest.mark.parametrize("status, reason, message, kind", [
    (400, "containerNotEmpty", "The resource named 'z' cannot be deleted because it contains one or more 'resource records'.", "not_empty"),
    (400, "dnsNameInUse", "The DNS name x. is already being used on network n.", "zone_conflict"),
    (409, "conflict", "The network n already has a private zone x.", "zone_conflict"),
    (403, "quotaExceeded", "The request would exceed quota for managed zones per network.", "quota"),
    (409, "alreadyExists", "The resource 'entity.managedZone' named 'z' already exists", "taken"),
    (404, "notFound", "The 'parameters.managedZone' resource named 'z' does not exist.", "not_found"),
])
def test_what_cloud_dns_refuses(status, reason, message, kind):
    assert sentence(status, reason, message, ZONES).kind == kind


def test_an_exhausted_range():
    operation = {"httpErrorStatusCode": 403, "error": {"errors": [{"code": "IP_SPACE_EXHAUSTED", "message": "IP space of 's' is exhausted."}]}}
    error = errors.failed(operation, RULES, "reserve an address", "p", EMAIL)
    assert error.kind == "range_exhausted" and "expand the range" in str(error)


def test_long_texts_are_cut():
    assert len(str(sentence(400, "invalid", "x" * 5000))) < 600


# --- URLs ---


def test_forms_of_a_url():
    www = "https://www.googleapis.com/compute/v1/projects/p/global/networks/n"
    assert calls.network_url("p", "n") == www == calls.www("projects/p/global/networks/n")
    for form in (www, www.replace("www", "compute"), "projects/p/global/networks/n", "global/networks/n", "n", "/projects/p/global/networks/n"):
        assert calls.same(www, form) and calls.same(form, www)
    for form in ("projects/q/global/networks/n", "global/networks/m", "m", "", None, "projects/p/global/firewalls/n"):
        assert not calls.same(www, form)
    assert (calls.name_of(www), calls.project_of(www), calls.name_of(None), calls.project_of("n")) == ("n", "p", None, None)
