# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The frame of the Google side: hosts, TLS, tokens, refusals that have nothing to do with what is asked, operations, the log."""
from __future__ import annotations

import json
import time

import pytest
from sandbox.core import Broken, World
from sandbox.gcp import landscape
from sandbox.gcp.app import HOSTS
from sandbox.gcp.auth import CLIENT, FILES, REFRESH_TOKEN, TOKEN_URI, service_account
from sandbox.gcp.tls import Inside
from sandbox.server import EscapeServer
from werkzeug.test import Client

from unit.sandbox_gcp.google_side import COMPUTE, VPC, Refused, Side

NETWORKS = f"{COMPUTE}my-project/global/networks"


@pytest.fixture
def side():
    return Side()


def refused(call, *args, **more):
    with pytest.raises(Refused) as caught:
        call(*args, **more)
    return caught.value


def last(side):
    return side.world.log.since()[-1]


# Who asks, and may they?


def plain(side, url=NETWORKS, **headers):
    host, _slash, path = url.removeprefix("https://").partition("/")
    return Client(side.gcp.app).get(f"/{path}", headers={"Host": host, **headers})


@pytest.mark.parametrize("headers, reason", [({}, "required"), ({"Authorization": "Basic eA=="}, "required"),
                                             ({"Authorization": f"Bearer {landscape.EXPIRED_TOKEN}"}, "authError")])
def test_without_a_valid_token(side, headers, reason):
    answer = plain(side, **headers)
    error = answer.get_json()["error"]
    assert answer.status_code == 401 and error["status"] == "UNAUTHENTICATED" and error["errors"][0]["reason"] == reason
    assert last(side)["outcome"] == reason and "account" not in last(side)


def test_what_no_api_knows_is_html(side):
    for url in (f"{COMPUTE}my-project/global/nothings", "https://compute.googleapis.com/", "https://www.googleapis.com/storage/v1/b"):
        answer = plain(side, url)
        assert answer.status_code == 404 and answer.mimetype == "text/html"
    assert last(side)["operation"] == "unknown" and last(side)["path"] == "GET www.googleapis.com/storage/v1/b"


def test_compute_answers_on_both_of_its_hosts(side):
    assert side.ask("GET", f"{NETWORKS}/my-vpc") == side.ask("GET", f"{NETWORKS}/my-vpc".replace("www.", "compute."))


def test_a_token_has_scopes(side):
    side.token = side.gcp.auth.issue(landscape.MAIN, {"compute.readonly"})
    side.compute("GET", "/global/networks")
    error = refused(side.address)
    assert (error.status, error.reason) == (403, "insufficientPermissions")
    assert refused(side.dns, "GET", "").reason == "insufficientPermissions"


@pytest.mark.parametrize("project, switch, call, title", [
    ("no-dns-project", [], "dns", "Cloud DNS API"), ("no-compute-project", [], "compute", "Compute Engine API"),
    ("my-project", ["compute.googleapis.com"], "compute", "Compute Engine API"), ("my-project", ["my-project/dns.googleapis.com"], "dns", "Cloud DNS API")])
def test_an_api_that_nobody_enabled(side, project, switch, call, title):
    side.world.switch({"gcp_disabled_apis": switch})
    error = refused(getattr(side, call), "GET", {"dns": "/managedZones", "compute": "/global/networks"}[call], project=project)
    assert (error.status, error.reason) == (403, "accessNotConfigured")
    assert error.message.startswith(f"{title} has not been used in project {project} before or it is disabled")


def test_an_endpoint_needs_the_service_directory_api(side):
    side.world.switch({"gcp_disabled_apis": ["servicedirectory.googleapis.com"]})
    assert "Service Directory API" in refused(side.endpoint).message


def test_a_project_that_nobody_sees(side):
    error = refused(side.compute, "GET", "/global/networks", project="nobodys-project")
    assert error.status == 403 and "'compute.networks.list' permission for 'projects/nobodys-project'" in error.message
    assert refused(side.dns, "GET", "/managedZones", project="nobodys-project").status == 403
    side.world.switch({"gcp_unknown_project": 404})
    assert refused(side.compute, "GET", "/global/networks", project="nobodys-project").status == 404


def test_who_only_reads(side):
    asked = {"name": "ip", "addressType": "INTERNAL"}
    assert side.ask("GET", NETWORKS, account=landscape.READONLY)["items"]
    error = refused(side.ask, "POST", f"{COMPUTE}my-project/regions/us-west1/addresses", asked, account=landscape.READONLY)
    assert error.message == "Required 'compute.addresses.create' permission for 'projects/my-project/regions/us-west1/addresses/ip'"
    zones = "https://dns.googleapis.com/dns/v1/projects/my-project/managedZones"
    error = refused(side.ask, "POST", zones, {"name": "z", "dnsName": "x.", "description": ""}, account=landscape.READONLY)
    assert (error.status, error.message) == (403, "Forbidden")


def test_who_only_uses_the_host_projects_network(side):
    rule = {"name": "f", "network": f"{COMPUTE}host-project/global/networks/shared-vpc", "allowed": [{"IPProtocol": "tcp"}]}
    assert refused(side.ask, "POST", f"{COMPUTE}host-project/global/firewalls", rule, account=landscape.CONSUMER).status == 403
    subnet = f"{COMPUTE}host-project/regions/us-west1/subnetworks/shared-subnet"
    asked = {"name": "ip", "addressType": "INTERNAL", "subnetwork": subnet}
    assert side.ask("POST", f"{COMPUTE}my-project/regions/us-west1/addresses", asked, account=landscape.CONSUMER)["status"] == "DONE"
    asked["subnetwork"] = f"{COMPUTE}other-project/regions/us-west1/subnetworks/other-subnet"
    error = refused(side.ask, "POST", f"{COMPUTE}my-project/regions/us-west1/addresses", dict(asked, name="ip2"), account=landscape.CONSUMER)
    assert "'compute.subnetworks.use' permission for 'projects/other-project" in error.message


# What is asked, and is it well formed?


def test_requests_are_judged_by_discovery(side):
    def asked(body, **query):
        return refused(side.compute, "POST", "/regions/us-west1/addresses", body, **query)

    error = asked({"name": "a", "colour": "red"})
    assert (error.status, error.reason) == (400, "badRequest") and 'Unknown name "colour"' in error.message
    assert asked({"name": "a", "addressType": "SECRET"}).reason == "invalid"
    assert asked({"name": "A"}).reason == "invalid"
    assert asked({"addressType": "INTERNAL"}).reason == "required"
    assert asked({"name": "a"}, shape="round").reason == "badRequest"
    assert refused(side.compute, "GET", "/regions/mars-north1/addresses").message.endswith("Unknown region.")


def test_a_body_that_is_no_object(side):
    headers = {"Host": "compute.googleapis.com", "Authorization": f"Bearer {side.token}"}
    for data, reason in ((b"{", "parseError"), (b"[]", "badRequest")):
        answer = Client(side.gcp.app).post("/compute/v1/projects/my-project/global/firewalls", data=data, headers=headers)
        assert answer.status_code == 400 and answer.get_json()["error"]["errors"][0]["reason"] == reason


def test_a_method_that_is_not_here_says_so(side, monkeypatch):
    monkeypatch.delitem(side.gcp.methods, "compute.networks.list")
    assert refused(side.compute, "GET", "/global/networks").status == 501


def test_a_fault_of_the_sandbox_is_told_in_googles_form(side, monkeypatch):
    monkeypatch.setitem(side.gcp.methods, "compute.networks.list", lambda _call: 1 / 0)
    assert refused(side.compute, "GET", "/global/networks").message == "The sandbox failed: ZeroDivisionError: division by zero"
    monkeypatch.setitem(side.gcp.methods, "compute.networks.list", lambda _call: {"colour": "red"})
    assert "what Google never says" in refused(side.compute, "GET", "/global/networks").message


# Faults.


@pytest.mark.parametrize("kind, compute, dns", [
    ("denied", (403, "forbidden", "'compute.networks.list' permission for 'projects/my-project'"), (403, "forbidden", "Forbidden")),
    ("throttle", (403, "rateLimitExceeded", "Quota exceeded for quota metric"), (429, "rateLimitExceeded", "Quota exceeded for quota metric")),
    ("500", (500, "backendError", "Internal error"), (500, "backendError", "Internal error")),
    ("503", (503, "backendError", "unavailable"), (503, "backendError", "unavailable")),
])
def test_faults(side, kind, compute, dns):
    for operation, expected, ask in (("compute.networks.list", compute, lambda: side.compute("GET", "/global/networks")),
                                     ("dns.managedZones.list", dns, lambda: side.dns("GET", "/managedZones"))):
        side.world.faults.add({"cloud": "gcp", "operation": operation}, kind)
        error = refused(ask)
        assert (error.status, error.reason) == expected[:2] and expected[2] in error.message
        assert last(side)["outcome"] == f"fault:{kind}"
        ask()


def test_a_fault_by_name_and_a_lost_answer(side):
    side.world.faults.add({"operation": "compute.addresses.insert", "name": "b"}, "refuse")
    side.address("a")
    with pytest.raises(Broken):
        side.address("b")
    side.world.faults.add({"operation": "compute.addresses.insert", "project": "my-project", "region": "us-west1"}, "lost")
    with pytest.raises(Broken):
        side.address("c")
    assert {one["name"] for one in side.compute("GET", "/regions/us-west1/addresses")["items"]} >= {"a", "c"}
    assert refused(side.compute, "GET", "/regions/us-west1/addresses/b").status == 404
    assert [one["outcome"] for one in side.world.log.since() if one["operation"] == "compute.addresses.insert"] == ["ok", "fault:refuse", "fault:lost"]


# The log, and the world.


def test_the_log_names_everything(side):
    side.zone()
    side.endpoint("ep")
    entries = {entry["operation"]: entry for entry in side.world.log.since()}
    made = entries["compute.forwardingRules.insert"]
    assert (made["cloud"], made["project"], made["region"], made["name"], made["account"], made["mutating"], made["outcome"]) == (
        "gcp", "my-project", "us-west1", "ep", landscape.MAIN, True, "ok")
    assert entries["dns.managedZones.create"]["zone"] == "z"
    assert not entries["compute.forwardingRules.get"]["mutating"]


def test_the_world_has_google_like_the_others(side):
    world = side.world
    assert set(world.clouds()) == {"zilliz", "gcp"} and "gcp" in world.state()
    assert any(kind.startswith("gcp_") for kind in world.drift_kinds())
    switches = {name: why for name, (_default, why) in world.known_switches().items() if name.startswith("gcp_")}
    assert "gcp_operation_seconds" in switches and all(why.endswith(".") for why in switches.values())
    assert set(World(aws=None, gcp=None).clouds()) == {"zilliz"}


def test_state_and_reset(side):
    before = side.world.state()
    side.endpoint()
    assert side.world.state() != before
    side.compute("DELETE", "/regions/us-west1/forwardingRules/ep")
    side.compute("DELETE", "/regions/us-west1/addresses/ep-ip")
    assert side.world.state() == before
    side.endpoint()
    side.world.reset()
    assert side.world.state() == before
    assert side.compute("GET", "/global/networks")["items"], "tokens outlive a reset"


# Operations.


def slow(side, **switches):
    side.world.switch({"gcp_operation_seconds": 2, **switches})
    asked = {"name": "ip", "addressType": "INTERNAL", "subnetwork": "regions/us-west1/subnetworks/my-subnet"}
    return side.compute("POST", "/regions/us-west1/addresses", asked)


def polled(side, operation):
    return side.ask("GET", operation["selfLink"])


def test_an_operation_takes_its_time(side):
    operation = slow(side)
    assert operation["status"] == "RUNNING" and operation["operationType"] == "insert" and operation["user"] == landscape.MAIN
    assert operation["targetLink"] == f"{COMPUTE}my-project/regions/us-west1/addresses/ip" and operation["region"].endswith("/regions/us-west1")
    shown = side.ask("GET", operation["targetLink"])
    assert shown["status"] == "RESERVING" and "address" not in shown
    assert refused(side.compute, "POST", "/regions/us-west1/addresses", {"name": "ip", "addressType": "INTERNAL"}).reason == "alreadyExists"
    assert refused(side.ask, "DELETE", operation["targetLink"]).reason == "resourceNotReady"
    assert side.ask("POST", f"{operation['selfLink']}/wait")["status"] == "RUNNING"
    side.passes(3)
    assert polled(side, operation)["status"] == "DONE" and side.ask("GET", operation["targetLink"])["address"] == "10.128.0.2"
    assert operation["name"] in [one["name"] for one in side.compute("GET", "/regions/us-west1/operations")["items"]]
    assert refused(side.compute, "GET", "/global/operations/operation-0").status == 404


def test_what_is_being_deleted_is_still_there(side):
    side.address()
    side.world.switch({"gcp_operation_seconds": 2})
    operation = side.compute("DELETE", "/regions/us-west1/addresses/ip")
    assert side.ask("GET", operation["targetLink"])["name"] == "ip"
    side.passes(3)
    assert refused(side.ask, "GET", operation["targetLink"]).status == 404


@pytest.mark.parametrize("error, code", [("QUOTA_EXCEEDED", "QUOTA_EXCEEDED"), ({"code": "X", "message": "No.", "http": 403}, "X")])
def test_an_operation_that_fails_leaves_nothing(side, error, code):
    operation = slow(side, gcp_fail_operations={"compute.addresses.insert": error})
    side.passes(3)
    ended = polled_with_error(side, operation)
    assert ended["status"] == "DONE" and ended["error"]["errors"][0]["code"] == code
    assert refused(side.ask, "GET", operation["targetLink"]).status == 404


def polled_with_error(side, operation):
    return side.ask("GET", operation["selfLink"])


def test_an_operation_that_hangs(side):
    operation = slow(side, gcp_hang_operations=["compute.addresses.insert"])
    side.passes(10**6)
    assert polled(side, operation)["status"] == "RUNNING"


def test_the_same_request_id_does_nothing_twice(side):
    asked = {"name": "f", "network": VPC, "allowed": [{"IPProtocol": "tcp"}]}
    first = side.compute("POST", "/global/firewalls", asked, requestId="6b0c7ed8-3f0f-4c62-9a75-0f2f8b6d9c11")
    again = side.compute("POST", "/global/firewalls", asked, requestId="6b0c7ed8-3f0f-4c62-9a75-0f2f8b6d9c11")
    assert first["name"] == again["name"]
    assert refused(side.compute, "POST", "/global/firewalls", dict(asked, name="g"), requestId="1").reason == "invalid"


# Tokens.


def token(side, **form):
    return Client(side.gcp.app).post("/token", data=form, headers={"Host": "oauth2.googleapis.com"})


def assertion(side, email=landscape.MAIN, scope="https://www.googleapis.com/auth/compute", **claims):
    jwt = pytest.importorskip("google.auth.jwt")
    crypt = pytest.importorskip("google.auth.crypt")
    signer = crypt.RSASigner.from_service_account_info(service_account(email))
    now = int(time.time())
    signed = jwt.encode(signer, {"iss": email, "aud": TOKEN_URI, "iat": now, "exp": now + 3600, "scope": scope, **claims})
    return token(side, grant_type="urn:ietf:params:oauth:grant-type:jwt-bearer", assertion=signed.decode())


def test_a_service_accounts_token(side):
    answer = assertion(side).get_json()
    side.token = answer["access_token"]
    assert answer["token_type"] == "Bearer" and side.compute("GET", "/global/networks")["items"]
    assert refused(side.dns, "GET", "/managedZones").reason == "insufficientPermissions"
    assert [one["operation"] for one in side.world.log.since()] == ["compute.networks.list", "dns.managedZones.list"], "a token is no call"


@pytest.mark.parametrize("claims, error, text", [
    ({"aud": "https://elsewhere.invalid/token"}, "invalid_grant", "audience"), ({"exp": 1}, "invalid_grant", "short-lived"),
    ({"email": "deleted@my-project.iam.gserviceaccount.com"}, "invalid_grant", "account not found"), ({"scope": ""}, "invalid_scope", "scope")])
def test_a_token_that_is_not_given(side, claims, error, text):
    answer = assertion(side, **claims)
    assert answer.status_code == 400 and answer.get_json()["error"] == error and text in answer.get_json()["error_description"]
    assert (last(side)["operation"], last(side)["outcome"], last(side)["mutating"]) == ("token", error, False)


def test_a_signature_is_looked_at(side):
    signed = assertion(side).get_json() and "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhIn0.AAAA"
    answer = token(side, grant_type="urn:ietf:params:oauth:grant-type:jwt-bearer", assertion=signed)
    assert answer.get_json()["error_description"] == "Invalid JWT Signature."


def test_a_persons_token(side):
    form = {"grant_type": "refresh_token", "client_id": CLIENT[0], "client_secret": CLIENT[1], "refresh_token": REFRESH_TOKEN}
    assert token(side, **form).status_code == 200
    assert token(side, **{**form, "refresh_token": "1//old"}).get_json()["error"] == "invalid_grant"
    assert token(side, **{**form, "client_secret": "no"}).status_code == 401
    assert token(side, grant_type="password").get_json()["error"] == "unsupported_grant_type"


def test_the_token_host_can_fail_too(side):
    side.world.faults.add({"cloud": "gcp", "operation": "token"}, "503")
    assert token(side, grant_type="refresh_token").status_code == 503 and last(side)["outcome"] == "fault:503"


def test_the_metadata_server(side):
    def metadata(path, **headers):
        return Client(side.gcp.app).get(f"/computeMetadata/v1/{path}", headers={"Host": "127.0.0.1:80", "Metadata-Flavor": "Google", **headers})

    accounts = "instance/service-accounts"
    assert metadata(f"{accounts}/default/?recursive=true").get_json()["email"] == landscape.MACHINE
    side.token = metadata(f"{accounts}/{landscape.MACHINE}/token").get_json()["access_token"]
    assert side.compute("GET", "/global/networks") and last(side)["account"] == landscape.MACHINE
    side.world.switch({"gcp_machine_scopes": ["https://www.googleapis.com/auth/compute.readonly"]})
    side.token = metadata(f"{accounts}/default/token").get_json()["access_token"]
    assert refused(side.address).reason == "insufficientPermissions"
    assert metadata("project/project-id").text == "my-project"
    assert metadata(f"{accounts}/nobody@my-project.iam.gserviceaccount.com/token").status_code == 404
    assert metadata("project/project-id", **{"Metadata-Flavor": "Other"}).status_code == 403


def test_the_files_of_credentials(side):
    files = side.gcp.files()
    assert set(files) == {name for name, _content in FILES.values()}
    main = json.loads(files["gcp-service-account.json"])
    assert main["type"] == "service_account" and main["client_email"] == landscape.MAIN and main["token_uri"] == TOKEN_URI
    assert set(FILES) <= set(side.world.scenario["gcp_more"]) and side.world.scenario["gcp"]["network"] == "my-vpc"


# The real host names, through the proxy.


@pytest.fixture
def tunnel(side, tmp_path):
    requests = pytest.importorskip("requests")
    inside = Inside(side.gcp.app, HOSTS)
    opened, serve = [], inside.serve
    inside.serve = lambda *args: (opened.append(args[2]), serve(*args))
    proxy = EscapeServer(side.world.log, inside=inside).serve()
    (tmp_path / "ca.pem").write_text(inside.authority_pem)
    session = requests.Session()
    session.trust_env, session.verify = False, str(tmp_path / "ca.pem")
    session.proxies = {"https": proxy.url, "http": proxy.url}
    session.opened = opened
    session.headers["Authorization"] = f"Bearer {side.token}"
    yield session
    session.close()
    proxy.stop()


def test_tls_on_the_real_names(side, tunnel):
    for url in (NETWORKS, NETWORKS.replace("www.", "compute."), "https://dns.googleapis.com/dns/v1/projects/my-project"):
        assert tunnel.get(url, timeout=5).status_code == 200
    for email in (landscape.MAIN,):
        answer = tunnel.get(f"https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/{email}/allowedLocations", timeout=5)
        assert answer.json()["encodedLocations"] == "0x0"
    assert tunnel.post(TOKEN_URI, data={"grant_type": "password"}, timeout=5).status_code == 400
    assert "escaped" not in {one["cloud"] for one in side.world.log.since()}


def test_a_connection_stays_open(tunnel):
    for _turn in range(3):
        assert tunnel.get(NETWORKS, timeout=5).status_code == 200
    assert tunnel.opened == ["www.googleapis.com"]


@pytest.mark.parametrize("url", ["https://storage.googleapis.com/", "https://example.com/", "http://compute.googleapis.com/compute/v1/projects/my-project",
                                 "https://compute.googleapis.com:8443/"])
def test_the_rest_stays_an_escape(side, tunnel, url):
    try:
        assert tunnel.get(url, timeout=5).status_code == 403
    except OSError as error:
        assert "403" in str(error)
    assert last(side)["cloud"] == "escaped"


def test_nobody_else_vouches_for_these_names(tunnel):
    tunnel.verify = True
    with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
        tunnel.get(NETWORKS, timeout=5)


@pytest.mark.parametrize("kind", ["refuse", "reset", "timeout", "lost", "hang"])
def test_connections_break_over_tls_too(side, tunnel, kind):
    side.world.faults.add({"operation": "compute.firewalls.insert"}, kind)
    asked = {"name": "f", "network": VPC, "allowed": [{"IPProtocol": "tcp"}]}
    with pytest.raises(OSError):
        tunnel.post(f"{COMPUTE}my-project/global/firewalls", json=asked, timeout=0.5)
    assert last(side)["outcome"] == f"fault:{kind}"
    assert tunnel.get(f"{COMPUTE}my-project/global/firewalls/f", timeout=5).status_code == (200 if kind in ("lost", "hang") else 404)
