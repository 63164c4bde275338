# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import email.utils
import socket
import time
import traceback
from unittest import mock

import pytest
import requests
from ansible_collections.zilliz.cloud.plugins.module_utils import _http
from ansible_collections.zilliz.cloud.plugins.module_utils._client import ZillizClient, ZillizError
from ansible_collections.zilliz.cloud.plugins.module_utils._http import input_problems
from hypothesis import given
from hypothesis import strategies as st

KEY = "8f3b1c6de94a7052b1f0c8d2a6e37f59104bc2d8e6a97f30d5c41b82e09f6a73c5d18b04"
ROW = {"regionId": "aws-us-west-2", "endpointId": "vpce-1", "endpointStatus": "AVAILABLE"}
HTML = b"<html><body>502 Bad Gateway</body></html>"
IDS = ("proj-1", "aws-us-west-2", "vpce-1")


@pytest.fixture
def client(odd, slept):
    return ZillizClient(KEY, odd.url, sleep=slept.sleep, clock=slept.clock)


def failure(call, *args):
    with pytest.raises(ZillizError) as caught:
        call(*args)
    return caught.value


def rows(*found, key="endpoints", **facts):
    return {key: list(found), "count": len(found), "currentPage": 1, "pageSize": 100, **facts}


# --- settings ---


@pytest.mark.parametrize("tail", ["", "/", "/v2", "/v2/", "//", "/v2//"])
def test_the_host_may_end_with_or_without_v2(odd, tail):
    odd.answers = [[]]
    ZillizClient(KEY, odd.url + tail).projects()
    assert odd.requests[0]["path"] == "/v2/projects"


def test_the_default_host_is_global():
    assert ZillizClient(KEY).host == "api.cloud.zilliz.com"
    assert ZillizClient(KEY, "  ").host == "api.cloud.zilliz.com"


@pytest.mark.parametrize(
    "address", ["api.cloud.zilliz.com", "ftp://x.y", "https://", "https://a:b", "https://a.b/?x=1", "http://[::1", "foo bar"]
)
def test_an_address_that_is_none_is_told_once(address):
    (problem,) = input_problems(KEY, address)
    assert problem == "host_address is not an address: write it as https://api.cloud.zilliz.com"


def test_a_password_in_the_address_is_not_repeated():
    assert "secret" not in input_problems(KEY, "https://me:secret@api.cloud.zilliz.com")[0]


@given(st.text(), st.text(), st.integers(max_value=0))
def test_all_problems_come_together_and_none_holds_the_key(key, address, timeout):
    problems = input_problems(key, address, timeout)
    assert any("timeout" in problem for problem in problems)
    try:
        ZillizClient(key, address, timeout)
    except ZillizError as error:
        assert str(error) == "; ".join(problems)


@pytest.mark.parametrize("key", ["", None, "  ", "a b", "a\nb", "schlüssel"])
def test_keys_that_cannot_be(key):
    assert "api_key" in failure(ZillizClient, key).message


def test_white_space_around_the_key_is_cut(odd):
    odd.answers = [[]]
    ZillizClient(f" {KEY}\n", odd.url).projects()
    assert odd.requests[0]["headers"]["Authorization"] == f"Bearer {KEY}"


# --- the envelope ---


@pytest.mark.parametrize("code", [0, "0", 200, "200", None])
def test_codes_of_success(odd, client, code):
    odd.answers = [(200, {"code": code, "data": [{"projectId": "p"}]})]
    assert client.projects() == [{"project_id": "p"}]


@pytest.mark.parametrize("body", [{"data": [{"projectId": "p"}]}, [{"projectId": "p"}]])
def test_a_missing_code_or_envelope_is_success(odd, client, body):
    odd.answers = [(200, body)]
    assert client.projects() == [{"project_id": "p"}]


@pytest.mark.parametrize("code", [96013, "96013"])
def test_a_business_error_inside_http_200(odd, client, code):
    odd.answers = [(200, {"code": code, "message": "Not the owner."}, {"requestid": "rq-7"})]
    error = failure(client.endpoints, "proj-1")
    assert (error.code, error.status, error.request_id) == (96013, 200, "rq-7")
    assert str(error).startswith("GET projects/proj-1/privateEndpoints: Not the owner (code 96013, request id rq-7). ")
    assert "no rights on this project" in str(error)


def test_the_request_id_may_come_in_the_body(odd, client):
    odd.answers = [(200, {"code": 1, "message": "no", "requestId": "rq-8"})]
    assert failure(client.projects).request_id == "rq-8"


@pytest.mark.parametrize(
    ("status", "body"),
    [(401, {"code": 21119, "message": "Invalid"}), (200, {"code": "80001", "message": "Bad token"}), (401, b"")],
)
def test_a_key_that_is_not_accepted(odd, client, status, body):
    odd.answers = [(status, body)]
    text = str(failure(client.projects))
    assert f"The API key was not accepted by {client.host}" in text
    assert "https://api.cloud.zilliz.com.cn" in text and KEY not in text


def test_a_china_host_gives_the_other_hint():
    error = ZillizClient(KEY, "https://api.cloud.zilliz.com.cn/v2")._key_remedy()
    assert error.endswith("A key of an account of cloud.zilliz.com needs no host_address")


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (404, HTML, "HTTP 404"),
        (400, {"code": 0, "message": "Bad request"}, "Bad request (HTTP 400)"),
        (200, HTML, "without a message that can be read"),
        (200, b"", "without a message that can be read"),
        (200, b"null", "without a message that can be read"),
        (302, b"", "set host_address to the address of the API itself"),
        (200, {"code": "ODD", "message": "odd"}, "odd (code ODD)"),
        (403, {"message": "Forbidden"}, "Forbidden (HTTP 403)"),
    ],
)
def test_other_failures(odd, client, status, body, words):
    odd.answers = [(status, body, {"Location": "https://elsewhere.example"})]
    assert words in str(failure(client.projects))
    assert len(odd.requests) == 1


@pytest.mark.parametrize("data", [None, "", {}, {"clusters": None}, {"clusters": []}])
def test_lists_that_are_none_are_empty(odd, client, data):
    odd.answers = lambda request: data
    assert client.clusters() == []


def test_a_list_that_is_something_else_is_told(odd, client):
    odd.answers = [{"endpoints": "none", "count": 0}]
    assert "the answer cannot be used: endpoints is a text instead of a list" in str(failure(client.endpoints, "proj-1"))


def test_one_thing_may_come_in_a_list(odd, client):
    odd.answers = [{"projectId": "p"}, [{"projectId": "p"}], "oops"]
    assert client.project("p") == client.project("p") == {"project_id": "p"}
    assert "no data" in str(failure(client.project, "p"))


# --- the key stays secret ---


def test_the_key_is_in_no_text(odd, client):
    odd.answers = [(200, {"code": 5, "message": f"token {KEY} is odd"})]
    error = failure(client.projects)
    shown = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    for text in (shown, str(error), repr(error), repr(client)):
        assert KEY not in text


def test_a_netrc_entry_does_not_replace_the_key(odd, monkeypatch, tmp_path):
    (tmp_path / "netrc").write_text("machine localhost login me password mine\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    odd.answers = [[]]
    ZillizClient(KEY, odd.url).projects()
    assert odd.requests[0]["headers"]["Authorization"] == f"Bearer {KEY}"


def test_a_redirect_gets_no_key(odd, client):
    odd.answers = [(307, b"", {"Location": odd.url + "/elsewhere"})]
    failure(client.projects)
    assert len(odd.requests) == 1


# --- TLS ---


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_a_file_of_authorities_that_is_not_there_is_told(odd_tls, monkeypatch, name):
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    monkeypatch.setenv(name, "/nowhere/authorities.pem")
    with pytest.raises(ZillizError) as refused:
        ZillizClient(KEY, odd_tls.url).projects()
    assert "the certificate authorities cannot be read" in str(refused.value) and "REQUESTS_CA_BUNDLE" in refused.value.remedy


def test_certificates_are_checked(odd_tls, monkeypatch, tmp_path):
    error = failure(ZillizClient(KEY, odd_tls.url).projects)
    assert "certificate" in error.message and "validate_certs" in error.remedy and not odd_tls.requests
    odd_tls.authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    odd_tls.answers = [[]]
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))
    assert ZillizClient(KEY, odd_tls.url).projects() == []


def test_the_check_can_be_switched_off_whatever_the_environment_says(odd_tls, monkeypatch, tmp_path):
    import trustme

    trustme.CA().cert_pem.write_to_path(tmp_path / "other.pem")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "other.pem"))
    odd_tls.answers = [[]]
    assert ZillizClient(KEY, odd_tls.url, validate_certs=False).projects() == []


# --- paging ---


def pages(total, size=100, echo=True, count=True, key="clusters", name="clusterId"):
    """A list served in pages of at most `size`, as the API does for a size that it does not like."""

    def answer(request):
        query = dict(part.split("=") for part in request["path"].partition("?")[2].split("&"))
        number, asked = int(query["currentPage"]), int(query["pageSize"])
        given_size = min(asked, size)
        data = {key: [{name: f"id-{n}"} for n in range((number - 1) * given_size, min(number * given_size, total))]}
        data.update({"pageSize": given_size} if echo else {})
        data.update({"count": total} if count is True else {} if count is None else {"count": count})
        return data

    return answer


@pytest.mark.parametrize("total", [0, 1, 9, 10, 11, 100, 101, 250])
@pytest.mark.parametrize(("size", "echo"), [(10, True), (100, True), (100, False)])
@pytest.mark.parametrize("count", [True, None])
def test_every_row_of_every_page_once(odd, client, total, size, echo, count):
    odd.answers = pages(total, size, echo, count)
    found = [row["cluster_id"] for row in client.clusters()]
    assert found == [f"id-{n}" for n in range(total)]
    assert len(odd.requests) <= total // size + 2


def test_a_size_that_was_refused_once_is_not_asked_for_again(odd, client):
    small, large = pages(250, size=10), pages(250)
    odd.answers = lambda request: (small if "currentPage=1&" in request["path"] else large)(request)
    assert [row["cluster_id"] for row in client.clusters()] == [f"id-{n}" for n in range(250)]


def test_the_list_stops_at_the_count(odd, client):
    odd.answers = pages(200)
    assert len(client.clusters()) == 200
    assert len(odd.requests) == 2


@pytest.mark.parametrize("count", ["250", 0, "x", None])
def test_odd_counts(odd, client, count):
    odd.answers = pages(250, count=count)
    assert len(client.clusters()) == 250


def test_a_server_that_repeats_its_page_does_not_hold_us(odd, client):
    odd.answers = lambda request: {"clusters": [{"clusterId": "a"}], "count": 1000, "pageSize": 100}
    assert [row["cluster_id"] for row in client.clusters()] == ["a"]
    assert len(odd.requests) < 10


def test_a_list_that_shrinks_while_it_is_read_is_read_again(odd, client):
    answer, everything = pages(1), [{"clusterId": f"id-{n}"} for n in range(150)]

    def shrinking(request):
        page = everything[:100] if "currentPage=1" in request["path"] else everything[100:]
        data = {"clusters": page, "count": len(everything), "pageSize": 100}
        if len(odd.requests) == 1:
            del everything[0]  # so id-100 moves from the second page to the first
        return data

    odd.answers = shrinking
    assert answer and "id-100" in [row["cluster_id"] for row in client.clusters()]


def test_rows_of_one_name_in_two_google_projects_are_two(odd, client):
    row = {"regionId": "gcp-us-west1", "endpointId": "psc"}
    odd.answers = [rows({**row, "gcpProjectId": "a"}, {**row, "gcpProjectId": "b"}, {**row, "gcpProjectId": "b"}, count=2)]
    assert [found["gcp_project_id"] for found in client.endpoints("p")] == ["a", "b"]


def test_filters_are_sent_and_empty_ones_are_not(odd, client):
    odd.answers = lambda request: rows(key="endpointServices")
    client.endpoint_services(region_id="aws-us-west-2")
    assert "regionId=aws-us-west-2" in odd.requests[0]["path"] and "projectId" not in odd.requests[0]["path"]
    odd.answers = lambda request: rows(key="clusters")
    client.clusters(region_id="aws-us-west-2")
    assert "/v2/clusters?region=aws-us-west-2&" in odd.requests[-1]["path"]


def test_services_without_the_project_when_it_hides_them(odd, client):
    service = {"regionId": "r", "endpointService": "s"}
    odd.answers = lambda request: rows(*([] if "projectId" in request["path"] else [service]), key="endpointServices")
    assert client.services_for("r", "p") == ([{"region_id": "r", "endpoint_service": "s"}], True)
    assert client.services_for("r")[1] is False


# --- paths ---


def test_parts_of_a_path_are_encoded(odd, client):
    odd.answers = [{"clusterId": "x"}]
    client.cluster("a/b?c=d#e%20 ü")
    assert odd.requests[0]["path"] == "/v2/clusters/a%2Fb%3Fc%3Dd%23e%2520%20%C3%BC"


@pytest.mark.parametrize("part", ["", ".", ".."])
def test_parts_that_would_change_the_path_are_refused(odd, client, part):
    assert "must not be empty" in str(failure(client.cluster, part))
    assert not odd.requests


# --- trying again ---


@pytest.mark.parametrize(
    "refusal",
    [
        (429, {"code": 429, "message": "slow down"}),
        (429, b"Too Many Requests"),
        (200, {"code": 80429, "message": "Request Rate Limit exceeded"}),
        (503, HTML),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_was_refused_before_work_is_asked_again(odd, client, slept, refusal, method):
    odd.answers = [refusal, refusal, [] if method == "GET" else "success"]
    assert client.projects() == [] if method == "GET" else client.whitelist("p", "r", "a") == "success"
    assert len(slept.sleeps) == 2
    assert 0 <= slept.sleeps[0] <= 1 and 0 <= slept.sleeps[1] <= 2


def test_the_rate_limit_is_outlasted_for_two_minutes_and_not_longer(odd, client, slept):
    odd.answers = lambda request: (429, {"code": 429, "message": "slow down"})
    error = failure(client.projects)
    assert "20 requests per second" in error.remedy
    assert 60 < slept.now <= 120
    assert max(slept.sleeps) <= 30


@pytest.mark.parametrize(("header", "seconds"), [("7", 7), ("0", 0), ("soon", 0), ("-3", 0)])
def test_retry_after_is_honoured(odd, client, slept, header, seconds):
    odd.answers = [(429, b"", {"Retry-After": header}), []]
    client.projects()
    assert seconds <= slept.sleeps[0] <= seconds + 1


def test_retry_after_may_be_a_date(odd, client, slept):
    odd.answers = [(429, b"", {"Retry-After": email.utils.formatdate(time.time() + 20, usegmt=True)}), []]
    client.projects()
    assert 15 < slept.sleeps[0] <= 21


def test_a_retry_after_beyond_the_budget_is_an_error_at_once(odd, client, slept):
    odd.answers = [(429, b"", {"Retry-After": "600"})]
    failure(client.projects)
    assert slept.sleeps == []


def test_processes_that_share_the_limit_spread_out(odd, slept):
    odd.answers = lambda request: (429, b"") if len(odd.requests) % 4 else []
    for _turn in range(5):
        ZillizClient(KEY, odd.url, sleep=slept.sleep, clock=slept.clock).projects()
    assert len(set(slept.sleeps)) == len(slept.sleeps) == 15


@pytest.mark.parametrize("trouble", [(500, HTML), (502, HTML), (504, b""), (500, {"code": 500, "message": "x"}), "reset"])
def test_reading_goes_on_after_trouble_that_passes(odd, client, trouble):
    odd.answers = [trouble, trouble, [{"projectId": "p"}]]
    assert client.projects() == [{"project_id": "p"}]


@pytest.mark.parametrize("trouble", [(502, HTML), "reset"])
def test_reading_ends_after_trouble_that_stays(odd, client, slept, trouble):
    odd.answers = lambda request: trouble
    error = failure(client.projects)
    assert len(odd.requests) == 5 and slept.now <= 15
    assert "GET projects: " in str(error)


def test_an_answer_cut_short_is_read_again(odd, client):
    odd.answers = [(200, {"code": 0, "data": []}, {"Content-Length": "500"}), []]
    assert client.projects() == []
    assert len(odd.requests) == 2


def test_a_time_out(odd, slept):
    odd.answers = ["hang", []]
    assert ZillizClient(KEY, odd.url, timeout=0.3, sleep=slept.sleep, clock=slept.clock).projects() == []
    assert len(odd.requests) == 2


def test_a_host_that_is_not_there(slept):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    client = ZillizClient(KEY, address, sleep=slept.sleep, clock=slept.clock)
    error = failure(client.whitelist, "p", "r", "a")
    assert "cannot be reached" in error.message and "host_address" in error.remedy and not error.in_doubt
    assert len(slept.sleeps) == 4


def test_a_host_that_takes_no_connection(client, slept, monkeypatch):
    monkeypatch.setattr(requests.Session, "request", mock.Mock(side_effect=requests.ConnectTimeout(KEY)))
    error = failure(client.projects)
    assert "did not take the connection in 10 s" in error.message and KEY not in str(error) and not error.in_doubt
    assert len(slept.sleeps) == 4


@pytest.mark.parametrize("trouble, words", [
    (requests.exceptions.InvalidHeader(f"Invalid header: Bearer {KEY}"), "the request could not be made (InvalidHeader)"),
    (RuntimeError(f"Bearer {KEY}"), "the call ended in RuntimeError (mock.py, line "),
])
def test_trouble_that_nobody_foresaw_is_told_once_without_the_key(client, slept, monkeypatch, trouble, words):
    monkeypatch.setattr(requests.Session, "request", mock.Mock(side_effect=trouble))
    error = failure(client.projects)
    assert str(error).startswith(f"GET projects: {words}") and KEY not in str(error) and slept.sleeps == []


@pytest.mark.parametrize("trouble", [(500, HTML), (502, b""), "reset", (200, HTML)])
@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_writing_is_never_repeated_blindly(odd, client, trouble, method):
    there = {"here": method == "DELETE"}

    def answer(request):
        return rows(*([ROW] if there["here"] else [])) if request["method"] == "GET" else trouble

    odd.answers = answer
    failure(client.create_endpoint if method == "POST" else client.delete_endpoint, *IDS)
    sent = [request["method"] for request in odd.requests]
    # A minute of looking lies between two of them.
    assert sent.count(method) == 3 and (method, method) not in list(zip(sent, sent[1:]))
    assert sent.count("GET") > 12


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_a_write_without_effect_is_sent_again(odd, client, method):
    registry = Registry(odd, [ROW] if method == "DELETE" else [], effect=False, answer=(500, HTML))
    reply = registry.reply

    def answer(request):
        registry.effect = len(registry.writes()) > 1
        return reply(request)

    odd.answers = answer
    assert (client.create_endpoint if method == "POST" else client.delete_endpoint)(*IDS) is True
    assert len(registry.writes()) == 2


# --- list, act, list ---


class Registry:
    """Registrations behind an odd server: what the write does, and how it answers, is chosen by the test."""

    def __init__(self, odd, there=(), effect=True, answer="ok", lag=0):
        self.odd, self.there, self.effect, self.answer, self.lag = odd, list(there), effect, answer, lag
        odd.answers = self.reply

    def reply(self, request):
        if request["method"] == "GET":
            hidden = self.lag > 0 and self.written()
            self.lag -= 1 if hidden else 0
            return rows(*([] if hidden else self.there))
        if self.effect:
            self.there = [{**request["body"], "endpointStatus": "PENDING"}] if request["method"] == "POST" else []
        return "success" if self.answer == "ok" else self.answer

    def written(self):
        return any(request["method"] != "GET" for request in self.odd.requests)

    def writes(self):
        return [request for request in self.odd.requests if request["method"] != "GET"]


def test_create(odd, client):
    registry = Registry(odd)
    assert client.create_endpoint(*IDS) is True
    assert registry.writes()[0]["body"] == {"regionId": "aws-us-west-2", "endpointId": "vpce-1"}
    assert client.create_endpoint(*IDS) is False
    assert len(registry.writes()) == 1


def test_create_on_google_names_the_project(odd, client):
    registry = Registry(odd)
    client.create_endpoint("p", "gcp-us-west1", "psc", "my-project")
    assert registry.writes()[0]["body"]["gcpProjectId"] == "my-project"
    client.create_endpoint("p", "gcp-us-west1", "psc", "other-project")
    assert len(registry.writes()) == 2


def test_a_name_of_another_google_project_is_another_endpoint(odd, client):
    Registry(odd, [{"regionId": "gcp-us-west1", "endpointId": "psc", "gcpProjectId": "other"}])
    assert client.endpoint("p", "gcp-us-west1", "psc", "my-project") is None
    assert client.endpoint("p", "gcp-us-west1", "psc") is None
    assert client.endpoint("p", "gcp-us-east4", "psc", "other") is None
    assert client.endpoint("p", "gcp-us-west1", "psc", "other")


@pytest.mark.parametrize("project", [None, "", "missing"])
@pytest.mark.parametrize("given_project", [None, ""])
def test_no_google_project_is_none_however_it_is_written(odd, client, project, given_project):
    Registry(odd, [ROW if project == "missing" else {**ROW, "gcpProjectId": project}])
    assert client.endpoint(*IDS, given_project)


@pytest.mark.parametrize("answer", ["reset", (500, HTML), (200, HTML), (200, {"code": 96102, "message": "Already registered"})])
@pytest.mark.parametrize("lag", [0, 3])
def test_create_is_judged_by_the_list(odd, client, slept, answer, lag):
    registry = Registry(odd, answer=answer, lag=lag)
    assert client.create_endpoint(*IDS) is True
    assert len(registry.writes()) == 1
    assert slept.now <= 60


def test_a_clear_refusal_is_told_at_once(odd, client, slept):
    Registry(odd, effect=False, answer=(200, {"code": 96028, "message": "Needs Enterprise"}))
    assert "Enterprise or higher" in str(failure(client.create_endpoint, *IDS))
    assert slept.now == 0


def test_a_creation_that_never_happens_is_an_error_after_three_minutes(odd, client, slept):
    Registry(odd, effect=False, answer="reset")
    assert "broke the connection" in str(failure(client.create_endpoint, *IDS))
    assert 135 < slept.now <= 180


def test_what_is_being_deleted_is_not_there(odd, client):
    registry = Registry(odd, [{**ROW, "endpointStatus": "DELETING"}])
    assert client.delete_endpoint(*IDS) is False
    assert not registry.writes()


def test_create_waits_for_the_old_registration_to_go(odd, client, slept):
    registry = Registry(odd, [{**ROW, "endpointStatus": "DELETING"}])
    reply = registry.reply

    def later(request):
        if len(odd.requests) == 4:
            registry.there = []
        return reply(request)

    odd.answers = later
    assert client.create_endpoint(*IDS) is True
    assert slept.now > 0 and len(registry.writes()) == 1
    registry.there = [{**ROW, "endpointStatus": "DELETING"}]
    assert "still being removed" in str(failure(client.create_endpoint, *IDS))


def test_delete(odd, client):
    registry = Registry(odd, [{**ROW, "gcpProjectId": "my-project"}])
    assert client.delete_endpoint(*IDS, "my-project") is True
    path = "/v2/projects/proj-1/privateEndpoints/vpce-1?regionId=aws-us-west-2&gcpProjectId=my-project"
    assert registry.writes()[0]["path"] == path
    assert client.delete_endpoint(*IDS, "my-project") is False


@pytest.mark.parametrize("answer", ["reset", (500, HTML), (200, {"code": 96103, "message": "Unknown endpoint"})])
def test_delete_is_judged_by_the_list(odd, client, answer):
    registry = Registry(odd, [ROW], answer=answer)
    assert client.delete_endpoint(*IDS) is True
    assert len(registry.writes()) == 1


def test_a_delete_that_did_nothing_is_an_error(odd, client):
    Registry(odd, [ROW], effect=False, answer=(200, {"code": 96013, "message": "Not the owner"}))
    assert "no rights on this project" in str(failure(client.delete_endpoint, *IDS))


def test_a_whitelist_entry_in_doubt_is_made_once_more(odd, client):
    odd.answers = ["reset", "success"]
    assert client.whitelist("p", "r", "a") == "success"
    odd.answers = ["reset", (200, {"code": 1, "message": "no"}), "never"]
    failure(client.whitelist, "p", "r", "a")
    assert odd.answers == ["never"]


# --- regions ---


def test_the_cloud_comes_from_the_table_and_not_from_the_prefix(odd, client):
    odd.answers = lambda request: [{"regionId": "az-eastus", "cloudId": "azure"}]
    assert client.cloud_of("az-eastus") == "azure"
    error = failure(client.cloud_of, "azure-eastus2")
    assert "there is no region 'azure-eastus2'" in str(error) and "az-eastus" in str(error)


def test_an_error_without_requests_is_a_sentence(monkeypatch):
    monkeypatch.setattr(_http, "requests", None)
    assert "requests is missing" in str(failure(ZillizClient, KEY))
