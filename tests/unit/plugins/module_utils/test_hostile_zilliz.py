# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever answers in the place of Zilliz Cloud: one sentence or success, in bounded time and memory, and the key goes nowhere else."""

from __future__ import annotations

import contextlib
import functools
import gzip
import io
import json
import socketserver
import threading
import time
import tracemalloc
from unittest import mock

import pytest
import requests
import urllib3
from ansible_collections.zilliz.cloud.plugins.module_utils import _answer, _client
from ansible_collections.zilliz.cloud.plugins.module_utils._client import ZillizClient, ZillizError
from ansible_collections.zilliz.cloud.plugins.module_utils._names import links
from ansible_collections.zilliz.cloud.plugins.module_utils._plan_aws import plan_aws
from ansible_collections.zilliz.cloud.plugins.module_utils._plan_gcp import plan_gcp
from ansible_collections.zilliz.cloud.plugins.module_utils._read_zilliz import empty, gather, read_services, read_zilliz
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from unit.plugins.module_utils import model, model_gcp

KEY = "8f3b1c6de94a7052b1f0c8d2a6e37f59104bc2d8e6a97f30d5c41b82e09f6a73c5d18b04"
PROJECT, REGION = model.PROJECT, model.REGION_ID
CALLS = {
    "clusters": (), "cluster": ("in01-1",), "projects": (), "project": ("proj-1",), "regions": (), "clouds": (), "endpoint_services": (REGION,),
    "services_for": (REGION, PROJECT), "endpoints": (PROJECT,), "endpoint": (PROJECT, REGION, "vpce-1"), "cloud_of": (REGION,),
    "create_endpoint": (PROJECT, REGION, "vpce-1"), "delete_endpoint": (PROJECT, REGION, "vpce-1"),
    "whitelist": (PROJECT, REGION, "111122223333"), "switch_public_address": ("in01-1", False),
}
CLUSTER = {
    "clusterId": "in01-1", "clusterName": "prod", "projectId": PROJECT, "regionId": REGION, "plan": "Enterprise", "status": "RUNNING",
    "deploymentOption": "Dedicated", "connectAddress": "https://in01-1.aws-us-west-2.vectordb.zillizcloud.com:19530",
    "privateLinkAddress": "https://in01-1-privatelink.aws-us-west-2.vectordb.zillizcloud.com:19530", "publicAddressEnabled": True,
    "labels": {"team": "data"},
}
# By the end of the path: a page that each call of the reader understands.
PAGES = {
    "privateEndpointServices": {"endpointServices": [{"regionId": REGION, "cloudId": "aws", "endpointService": model.SERVICE, "whitelistRequired": False}]},
    "privateEndpoints": {"endpoints": [{"regionId": REGION, "endpointId": "vpce-1", "endpointStatus": "AVAILABLE", "gcpProjectId": None}]},
    "clusters": {"clusters": [CLUSTER, {**CLUSTER, "clusterId": "in01-2", "status": "MODIFYING", "privateLinkAddress": ""}]},
    "regions": [{"regionId": REGION, "cloudId": "aws"}],
    "clouds": [{"cloudId": "aws"}],
    "projects": [{"projectId": PROJECT, "projectName": "Default", "regionIds": [REGION]}],
}
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40) | st.just(10 ** 400) | st.just("x" * 5000),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3), max_leaves=8,
)
# Right in their kind, wrong in what they say.
TEXTS = st.sampled_from(["", "x", "-1", "10.0.0.0/33", "a/b/c", "::", "."]).flatmap(lambda text: st.sampled_from([text, [text]]))
MISSING = object()


class Time:
    def __init__(self):
        self.now = 0.0

    def clock(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


@contextlib.contextmanager
def answered(answer):
    """A client whose requests are answered by answer(request) -> (status, headers, body), and what it sent."""
    sent = []

    def send(adapter, request, **_options):
        sent.append(request)
        status, headers, body = answer(request)
        raw = urllib3.HTTPResponse(body=io.BytesIO(body), headers=headers, status=status, preload_content=False, reason="odd")
        return adapter.build_response(request, raw)

    ticking = Time()
    with mock.patch.object(requests.adapters.HTTPAdapter, "send", send):
        yield ZillizClient(KEY, "https://api.cloud.zilliz.com", sleep=ticking.sleep, clock=ticking.clock), sent
    assert ticking.now < 600


def sentence(error):
    text = str(error)
    assert 0 < len(text) < 2000 and text == _answer.printable(text) and KEY not in text, text
    return text


def asked(client, name):
    """The answer of a call, or None with a sentence."""
    try:
        return getattr(client, name)(*CALLS[name])
    except ZillizError as error:
        sentence(error)
        return None


def both(client, wanted, read, cloud):
    read_services(client, wanted, read, cloud)
    read_zilliz(client, wanted, read)


def page_of(request):
    """What Zilliz Cloud would say, or something that may be there."""
    path = requests.utils.urlparse(request.url).path.rstrip("/")
    data = PAGES.get(path.rpartition("/")[2])
    if data is None:
        data = {**CLUSTER, "regionIds": [REGION]}
    return json.loads(json.dumps(data))


def places(value, here=()):
    """All places in a value, as paths of keys."""
    yield here
    for key, one in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(one, (*here, key))


def replaced(value, place, other):
    if not place:
        return other
    inner = replaced(value[place[0]], place[1:], other)
    if isinstance(value, list):
        return [one for number, one in enumerate(value) if number != place[0] or inner is not MISSING] if inner is MISSING else [
            inner if number == place[0] else one for number, one in enumerate(value)]
    return {key: inner if key == place[0] else one for key, one in value.items() if key != place[0] or inner is not MISSING}


# --- whatever comes ---


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(sorted(CALLS)), st.integers(200, 599),
    st.dictionaries(st.sampled_from(["Content-Type", "Retry-After", "requestid", "Location", "WWW-Authenticate"]),
                    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40) | st.sampled_from(["-1", "nan", "1e400", "99999999999", KEY])),
    st.binary(max_size=200) | ANY.map(lambda value: json.dumps(value).encode())
    | ANY.map(lambda value: json.dumps({"code": value, "message": KEY, "data": value}).encode())
    | ANY.map(lambda value: json.dumps({"code": 0, "message": value, "data": value}).encode())
    | st.sampled_from([b"[" * 100000, b"<html>" + KEY.encode(), b'{"code": 5, "message": "a\\nb\\u001b[2Jc\\ud800\\u202e"}', b"1" * 5000, b"\xff\xfe{\x00"]),
)
def test_any_answer_is_a_sentence_or_success(name, status, headers, body):
    with answered(lambda request: (status, headers, body)) as (client, sent):
        asked(client, name)
    assert sent


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_one_wrong_value_anywhere_in_what_the_plan_reads(data):
    """From the wire to the plan: a sentence among the problems, or a plan."""
    name = data.draw(st.sampled_from(sorted(PAGES)))
    place = data.draw(st.sampled_from(list(places(PAGES[name]))))
    other = data.draw(ANY | st.just(MISSING)) if place else data.draw(ANY)

    def answer(request):
        page = page_of(request)
        if requests.utils.urlparse(request.url).path.endswith("/" + name):
            page = replaced(page, place, other)
        return 200, {}, json.dumps({"code": 0, "data": page}).encode()

    for make, plan, cloud in ((model, plan_aws, "aws"), (model_gcp, plan_gcp, "gcp")):
        wanted = {**make.wanted(), "region_id": REGION}
        read = empty()
        with answered(answer) as (client, _sent):
            gather(read, ZillizError, functools.partial(both, client, wanted, read, cloud))
        if read["problems"]:
            assert all(sentence(problem) for problem in read["problems"])
            continue
        links(read["clusters"], PROJECT, REGION)
        made = plan(wanted, {**make.found(), **{key: read[key] for key in ("services", "clusters", "registrations", "bound_regions", "no_service")}})
        json.dumps(made["steps"])


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"clusterId": ["in01-1"]}, "cluster_id is a list instead of a text"),
        ({"clusterId": True}, "cluster_id is a boolean instead of a text"),
        ({"publicAddressEnabled": "yes"}, "public_address_enabled is a text instead of a boolean"),
        (7, "it lists a number instead of an object"),
    ],
)
def test_what_cannot_be_used_is_named(row, words):
    body = json.dumps({"code": 0, "data": {"clusters": [row], "count": 1}}).encode()
    with answered(lambda request: (200, {}, body)) as (client, _sent), pytest.raises(ZillizError, match=words):
        client.clusters()


def test_letters_that_deceive_do_not_come_through():
    name = "prod\n+ create vpc_endpoint\x1b[2J\u202edorp\ud800"
    body = json.dumps({"code": 0, "data": {"clusters": [{**CLUSTER, "clusterName": name}]}}).encode()
    with answered(lambda request: (200, {}, body)) as (client, _sent):
        (row,) = client.clusters()
    assert row["cluster_name"] == "prod\ufffd+ create vpc_endpoint\ufffd[2J\ufffddorp\ufffd"


@pytest.mark.parametrize("size", [None, 1, 10 ** 12])
def test_a_list_that_never_ends(size, monkeypatch):
    monkeypatch.setattr(_client, "_PAGES", 40)
    numbers = iter(range(10 ** 9))

    def answer(request):
        page = {"clusters": [{**CLUSTER, "clusterId": f"in01-{next(numbers)}"}], "count": 10 ** 9, "pageSize": size}
        return 200, {}, json.dumps({"code": 0, "data": page}).encode()

    with answered(answer) as (client, sent), pytest.raises(ZillizError, match="does not end after 40 pages"):
        client.clusters()
    assert len(sent) == 40


@given(st.text(min_size=1, max_size=30) | st.sampled_from(["a/b", "a?b=c", "a#b", "../projects", "a b", "a%2fb", "a\nb", "\ud800", "-x", "\u00e4"]))
def test_ids_stay_one_part_of_the_path(odd_id):
    with answered(lambda request: (404, {}, b"{}")) as (client, sent):
        with contextlib.suppress(ZillizError):
            client.cluster(odd_id)
    for request in sent:
        path, _mark, query = request.url.removeprefix("https://api.cloud.zilliz.com/v2/clusters/").partition("?")
        assert "/" not in path and "#" not in request.url and not query and request.url.isascii()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("target", ["https://elsewhere.example/", "http://api.cloud.zilliz.com/", "//elsewhere.example", "/v2/other"])
def test_a_redirect_is_not_followed(status, target):
    with answered(lambda request: (status, {"Location": target}, b"")) as (client, sent):
        with pytest.raises(ZillizError, match="set host_address"):
            client.projects()
    assert [request.url for request in sent] == ["https://api.cloud.zilliz.com/v2/projects"]


@pytest.mark.parametrize(
    "address", ["http://api.cloud.zilliz.com", "http://10.0.0.1", "http://127.0.0.1.example.com", "http://localhost.example.com", "http://[2001:db8::1]:80/v2"])
def test_without_tls_only_on_this_machine(address):
    with pytest.raises(ZillizError, match="host_address must begin with https://"):
        ZillizClient(KEY, address)


@pytest.mark.parametrize("address", ["http://127.0.0.1:8080", "http://127.9.9.9", "http://localhost:1/v2", "http://[::1]:1"])
def test_on_this_machine_without_tls(address):
    assert ZillizClient(KEY, address).host


# --- on the wire ---


class Wire(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.recv(65536)
        with contextlib.suppress(OSError):
            self.server.script(self.request.sendall, self.server.ended)


@contextlib.contextmanager
def wire(script):
    """A client with a time-out of one second, of a server that sends what the script says."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Wire) as server:
        server.daemon_threads, server.script, server.ended = True, script, threading.Event()
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        ticking = Time()
        yield ZillizClient(KEY, f"http://127.0.0.1:{server.server_address[1]}", timeout=1, sleep=ticking.sleep, clock=ticking.clock)
        # Whoever still drips would do so for all tests that follow.
        server.ended.set()
        server.shutdown()


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def dripping(before, drop):
    def script(send, ended):
        send(before)
        while not ended.wait(0.1):
            send(drop)
    return script


@pytest.mark.parametrize(
    "script",
    [dripping(HEAD + b"\r\n", b" "), dripping(HEAD, b"X-Drip: 1\r\n"), dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n")],
    ids=["body", "headers", "continue"],
)
def test_an_answer_that_drips_ends_in_time(script):
    with wire(script) as client:
        began = time.monotonic()
        with pytest.raises(ZillizError) as caught:
            client.projects()
    # Many headers are an error of their own, which is tried again.
    assert time.monotonic() - began < 15 and sentence(caught.value)


@pytest.mark.parametrize(
    "answer",
    [
        HEAD + b'Content-Length: 500\r\n\r\n{"code": 0, "data": []}', HEAD + b"Transfer-Encoding: chunked\r\n\r\n40\r\n{\r\n",
        HEAD + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd", b"HTTP/1.1 2OO OK\r\n\r\n", b"\x16\x03\x01\x02\x00\x01", b"",
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: 1\r\n" % number for number in range(5000)) + b"\r\n[]",
        b"HTTP/1.1 200 " + b"O" * 100000 + b"\r\n\r\n[]",
    ],
    ids=["truncated", "cut", "no gzip", "odd status", "tls", "nothing", "headers", "long"],
)
def test_an_answer_that_is_none(answer):
    with wire(lambda send, _ended: send(answer)) as client, pytest.raises(ZillizError) as caught:
        client.projects()
    sentence(caught.value)


@pytest.mark.parametrize("packed", [True, False])
def test_an_answer_that_is_too_large(packed, monkeypatch):
    monkeypatch.setattr(_answer, "LARGEST", 4 * 1024 * 1024)
    body = gzip.compress(b" " * (256 * 1024 * 1024), 1) if packed else b" " * (64 * 1024 * 1024)

    def script(send, _ended):
        send(HEAD + b"Content-Encoding: gzip\r\n" * packed + b"\r\n")
        send(body)

    with wire(script) as client:
        tracemalloc.start()
        try:
            with pytest.raises(ZillizError, match="sent more than 4 MB"):
                client.projects()
            assert tracemalloc.get_traced_memory()[1] < 40 * 1024 * 1024
        finally:
            tracemalloc.stop()
