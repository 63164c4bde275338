# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import urllib.request

import pytest
import requests
from sandbox import scenario, server
from sandbox.control import Control
from sandbox.core import BadRequest, Broken, Clock, Faults, Log, World
from werkzeug.test import Client


@pytest.fixture
def world():
    return World(aws=None, speed=0)


@pytest.fixture
def control(world):
    return Client(Control(world, lambda: scenario.public(world.scenario, "http://127.0.0.1:1")).app)


# --- the clock ---


class Real:
    now = 100.0

    def __call__(self):
        return self.now


def test_the_clock_runs_at_its_speed_and_never_jumps_when_the_speed_changes():
    real = Real()
    clock = Clock(60, real=real)
    start = clock.now()
    real.now += 2
    assert clock.now() == pytest.approx(start + 120)
    clock.set_speed(1)
    assert clock.now() == pytest.approx(start + 120)
    real.now += 2
    clock.advance(10)
    assert clock.now() == pytest.approx(start + 132)


def test_a_pinned_clock_stands_for_its_thread_only():
    clock = Clock(0)
    seen = []
    with clock.pinned(5.0):
        with clock.pinned(3.0):
            assert clock.now() == 3.0
        assert clock.now() == 5.0
        other = threading.Thread(target=lambda: seen.append(clock.now()))
        other.start()
        other.join()
    assert seen[0] > 1e9 and clock.now() > 1e9


# --- the log ---


def test_the_log_counts_from_one_and_gives_what_came_after():
    log = Log(Clock(0))
    first = log.add("aws", "CreateVpcEndpoint", True, "ok", vpc_id="vpc-1")
    log.add("zilliz", "ListClusters", False, "ok")
    assert first["n"] == 1 and first["vpc_id"] == "vpc-1" and first["mutating"] is True
    assert [entry["operation"] for entry in log.since(1)] == ["ListClusters"]
    assert log.since(2) == []
    assert log.add("drift", "record_delete", True, "ok")["mutating"] is False


# --- faults ---


def test_a_fault_strikes_the_nth_matching_call_and_as_often_as_said():
    faults = Faults()
    faults.add({"cloud": "aws", "nth": 2}, "500", 2)
    calls = [faults.take("aws", "Describe", False), faults.take("zilliz", "List", False)]
    calls += [faults.take("aws", "Describe", False) for _number in range(4)]
    assert calls == [None, None, "500", "500", None, None]


@pytest.mark.parametrize("match, strikes", [
    ({"operation": ["Create", "Delete"]}, True), ({"operation": "Create", "mutating": True}, True),
    ({"mutating": False}, False), ({"endpoint_id": "vpce-1"}, True), ({"endpoint_id": "vpce-2"}, False), ({}, True),
    ({"subnet_ids": "s-2"}, True), ({"nothing": None}, True),
])
def test_a_fault_matches_by_every_key(match, strikes):
    faults = Faults()
    faults.add(match, "lost", 1)
    taken = faults.take("aws", "Create", True, endpoint_id="vpce-1", subnet_ids=["s-1", "s-2"])
    assert (taken == "lost") is strikes


@pytest.mark.parametrize("bad", [({}, "explode", 1), ([], "500", 1), ({}, "500", 0), ({"nth": 0}, "500", 1),
                                 ({}, "500", True)])
def test_a_fault_that_makes_no_sense_is_refused(bad):
    with pytest.raises(BadRequest, match=r"\.$"):
        Faults().add(*bad)


# --- the world ---


def test_events_happen_in_order_at_their_own_time(world):
    seen, start = [], world.clock.now()
    world.later(20, lambda: seen.append(("b", world.clock.now() - start)))
    world.later(10, lambda: (seen.append(("a", world.clock.now() - start)),
                             world.later(5, lambda: seen.append(("a+5", world.clock.now() - start)))))
    world.tick()
    assert seen == []
    world.clock.advance(100)
    world.tick()
    assert seen == [("a", pytest.approx(10)), ("a+5", pytest.approx(15)), ("b", pytest.approx(20))]


def test_a_reset_brings_everything_back(world):
    before = world.state(residue=True)
    world.drift("foreign_registration")
    world.switch({"row_delay": 0})
    world.faults.add({}, "500", 1)
    world.log.add("aws", "X", True, "ok")
    assert world.state(residue=True) != before
    world.later(1, lambda: pytest.fail("an event of the life before"))
    world.clock.advance(5000)
    world.reset()
    world.clock.advance(10)
    assert world.state(residue=True) == before
    assert (world.switches["row_delay"], world.faults.list(), world.log.since(0)) == (20, [], [])
    assert world.clock.speed == 0


def test_a_reset_that_is_refused_changes_nothing(world):
    world.drift("foreign_registration")
    before = world.state()
    with pytest.raises(BadRequest):
        world.reset(switches={"no_such_switch": 1})
    assert world.state() == before


def test_the_clusters_of_a_reset_are_linkable_and_keep_their_ids(world):
    def linkable():
        return [c["cluster_id"] for c in scenario.public(world.scenario)["zilliz"]["clusters"]
                if (c["project_id"], c["region_id"], c["plan"], c["status"])
                == (scenario.AWS_PROJECT, scenario.REGION_ID, "Enterprise", "RUNNING")]
    two = linkable()
    world.reset(clusters=50)
    assert len(two) == 2 and len(linkable()) == 50 and linkable()[:2] == two


@pytest.mark.parametrize("values", [{"none": 1}, {"row_delay": "20"}, {"row_delay": True}, {"odd_codes": 1}, [],
                                    {"repeat_post": None}])
def test_a_switch_that_makes_no_sense_is_refused(world, values):
    with pytest.raises(BadRequest, match=r"\.$"):
        world.switch(values)


# --- the control API ---


@pytest.mark.parametrize("method, path, body, status", [
    ("GET", "/nothing", None, 404), ("POST", "/log", {}, 405), ("GET", "/reset", None, 405),
    ("GET", "/log?since=-1", None, 400), ("GET", "/state?residue=yes", None, 400),
    ("POST", "/reset", {"cluster": 1}, 400), ("POST", "/reset", {"clusters": -1}, 400),
    ("POST", "/reset", {"clusters": True}, 400), ("POST", "/reset", {"speed": -1}, 400),
    ("POST", "/reset", {"switches": []}, 400), ("POST", "/fault", {"kind": "x"}, 400),
    ("POST", "/fault", {"match": {}, "kind": "500", "n": 1}, 400), ("POST", "/drift", {}, 400),
    ("POST", "/drift", {"kind": "earthquake"}, 400), ("POST", "/drift", {"kind": "drop_cluster"}, 400),
    ("POST", "/drift", {"kind": "drop_cluster", "cluster_id": "in01-x"}, 400),
    ("POST", "/drift", {"kind": "suspend_cluster", "cluster": "x"}, 400), ("POST", "/clock", {}, 400),
    ("POST", "/clock", {"speed": "fast"}, 400), ("POST", "/clock", {"advance": -1}, 400),
    ("POST", "/switch", {"x": 1}, 400), ("POST", "/drift", {"kind": "drop_cluster", "cluster_id": []}, 400),
])
def test_a_bad_request_gets_a_sentence(control, method, path, body, status):
    answer = control.open(path, method=method, json=body)
    assert answer.status_code == status and answer.get_json()["error"].endswith("."), answer.text


@pytest.mark.parametrize("raw", [b"{", b"[]", b"1", b"\xff"])
def test_a_body_that_is_no_object_gets_a_sentence(control, raw):
    answer = control.post("/clock", data=raw)
    assert answer.status_code == 400 and answer.get_json()["error"].endswith(".")


def test_the_control_api_does_what_it_says(control, world):
    assert "/drift" in control.get("/").get_json()
    assert control.post("/clock", json={"speed": 0, "advance": 5}).get_json()["speed"] == 0
    assert control.post("/fault", json={"match": {"cloud": "aws"}, "kind": "503", "times": 2}).get_json()["times"] == 2
    assert len(control.get("/fault").get_json()) == 1
    assert control.delete("/fault").status_code == 200 and control.get("/fault").get_json() == []
    assert control.post("/switch", json={"row_delay": 0}).get_json()["row_delay"] == 0
    assert control.get("/switch").get_json()["row_delay"]["value"] == 0
    assert "suspend_cluster" in control.get("/drift").get_json()
    made = control.post("/drift", json={"kind": "foreign_registration"}).get_json()
    assert made["endpoint_id"] in control.get("/state").text
    assert control.post("/reset").get_json() == {"ok": True}
    assert made["endpoint_id"] not in control.get("/state").text
    assert control.post("/reset", json={"clusters": 7, "speed": 3}).status_code == 200
    assert world.clock.speed == 3
    assert "private_link_addresses" in control.get("/state?residue=1").get_json()["zilliz"]
    assert control.get("/log?since=0").get_json() == []


# --- the sockets ---


@pytest.fixture
def broken():
    """A server whose app breaks as the path says."""
    def app(environ, start_response):
        kind = environ["PATH_INFO"].strip("/")
        if kind != "ok":
            raise Broken(kind)
        start_response("200 OK", [("Content-Length", "2")])
        return [b"ok"]
    running = server.Server(app).serve()
    yield running
    running.stop()


def get(running, path, timeout=5):
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=timeout)
    try:
        connection.request("GET", path)
        return connection.getresponse().read()
    finally:
        connection.close()


@pytest.mark.parametrize("kind, error", [
    ("refuse", http.client.RemoteDisconnected), ("reset", ConnectionResetError), ("lost", ConnectionResetError),
    ("timeout", socket.timeout), ("hang", socket.timeout),
])
def test_a_broken_answer_breaks_as_its_kind_says(broken, kind, error):
    with pytest.raises(error) as caught:
        get(broken, f"/{kind}", timeout=0.3)
    if kind == "lost":
        assert not isinstance(caught.value, http.client.RemoteDisconnected)
    assert get(broken, "/ok") == b"ok"


def test_a_call_on_its_way_out_is_refused_and_logged():
    log = Log(Clock(0))
    escape = server.EscapeServer(log).serve()
    try:
        proxies = {"http": escape.url, "https": escape.url}
        assert requests.get("http://example.com/a?token=b", proxies=proxies, timeout=5).status_code == 403
        with pytest.raises(requests.exceptions.ProxyError):
            requests.get("https://example.com/", proxies=proxies, timeout=5)
    finally:
        escape.stop()
    assert [(entry["cloud"], entry["operation"], entry["outcome"]) for entry in log.since(0)] == [
        ("escaped", "GET http://example.com/a", "escaped"), ("escaped", "CONNECT example.com:443", "escaped")]


# --- the files ---


def test_scenario_json_has_every_agreed_key(world):
    shown = scenario.public(world.scenario, "http://127.0.0.1:1")
    zilliz = shown["zilliz"]
    assert len(zilliz["api_key"]) >= 40 and zilliz["host_address"] == "http://127.0.0.1:1"
    assert all(set(p) == {"project_id", "region_ids"} for p in zilliz["projects"])
    assert all(set(c) == {"cluster_id", "cluster_name", "project_id", "region_id", "plan", "status"}
               for c in zilliz["clusters"])
    assert len(zilliz["clusters"]) > 200
    assert {"region_id", "project_id"} <= set(shown["aws"])
    assert set(shown["gcp"]) == {"region_id", "project_id", "gcp_project_id", "region", "network", "second_network",
                                 "subnetwork"}
    for cloud in ("aws", "gcp"):
        mine = [c for c in zilliz["clusters"] if (c["project_id"], c["region_id"])
                == (shown[cloud]["project_id"], shown[cloud]["region_id"])]
        linkable = [c for c in mine if c["plan"] == "Enterprise" and c["status"] == "RUNNING"]
        assert len(linkable) == 2 and {c["plan"] for c in mine} == {"Free", "Serverless", "Enterprise"}
        assert "STOPPED" in {c["status"] for c in mine}
    assert {c["plan"] for c in zilliz["clusters"]} == {"Free", "Serverless", "Standard", "Enterprise",
                                                       "BusinessCritical"}
    ids = [c["cluster_id"] for c in zilliz["clusters"]]
    assert len(set(ids)) == len(ids)
    assert any(p["region_ids"] == [] for p in zilliz["projects"])


def test_the_env_file_leads_to_the_sandbox_and_nowhere_else(world, tmp_path):
    urls = {"control": "http://127.0.0.1:1", "zilliz": "http://127.0.0.1:2", "aws": "http://127.0.0.1:3",
            "escape": "http://127.0.0.1:4"}
    folder = str(tmp_path / "a folder")
    variables = scenario.env(world.scenario, urls, folder, "/collections", {"PATH": "/usr/bin"})
    text = scenario.env_text(variables, {"AWS_REGION": "eu-west-1", "AWS_PROFILE": ""})
    assert text.splitlines()[-1] == "unset AWS_REGION AWS_PROFILE"
    assert all(line.startswith("export ") for line in text.splitlines()[:-1])
    file = tmp_path / "env"
    file.write_text(text)
    show = f"{sys.executable} -c 'import json, os; print(json.dumps(dict(os.environ)))'"
    told = subprocess.run(["bash", "-c", f". '{file}'; {show}"],
                          env={"AWS_REGION": "eu-west-1", "PATH": "/usr/bin:/bin"}, capture_output=True, check=True)
    seen = json.loads(told.stdout)
    assert {name: seen.get(name) for name in variables} == variables
    assert "AWS_REGION" not in seen
    assert seen["PATH"].split(":")[0] == os.path.dirname(os.path.abspath(sys.executable))
    assert seen["HTTPS_PROXY"] == urls["escape"] and seen["ANSIBLE_COLLECTIONS_PATH"] == "/collections"


def test_without_anything_to_take_away_the_env_file_has_export_lines_only():
    assert scenario.env_text({"A": "b c"}, {}) == "export A='b c'\n"


def test_the_aws_files_know_both_accounts(world):
    world.scenario["aws"]["profiles"] = {"main": {"access_key_id": "A", "secret_access_key": "B"},
                                         "network": {"access_key_id": "C", "secret_access_key": "D"}}
    config, credentials = scenario.aws_files(world.scenario)
    assert config == "[default]\nregion = us-west-2\n[profile main]\n[profile network]\n"
    assert credentials.count("aws_access_key_id = A") == 2 and "[network]\naws_access_key_id = C" in credentials
    assert "profiles" not in scenario.public(world.scenario)["aws"]


# --- the process ---


@pytest.fixture(scope="module")
def process(tmp_path_factory):
    pytest.importorskip("moto")
    from sandbox.client import Sandbox

    with Sandbox(tmp_path_factory.mktemp("sandbox"), speed=600, clusters=3, collections="/collections") as running:
        yield running
        assert running.stop() == 0


def test_the_process_writes_its_files_and_serves_every_cloud(process):
    aws = process.scenario["aws"]
    assert {"vpc_id", "subnet_ids", "client_cidrs", "second_vpc_id", "other_region"} <= set(aws)
    assert {"region", "vpc_id", "subnet_ids"} <= set(aws["other_region"])
    assert set(process.state()) == {"zilliz", "aws", "gcp"}
    assert process.env["ANSIBLE_COLLECTIONS_PATH"] == "/collections"
    request = urllib.request.Request(process.env["ZILLIZCLOUD_HOST_ADDRESS"] + "/v2/regions",
                                     headers={"Authorization": f"Bearer {process.env['ZILLIZCLOUD_API_KEY']}"})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10) as response:
        assert response.headers["requestid"] and json.load(response)["data"]
    assert [entry["operation"] for entry in process.log()] == ["ListRegions"]
    assert process.mutating() == [] and process.escaped() == []


def test_the_client_says_what_the_control_api_refused(process):
    with pytest.raises(ValueError, match="no drift kind 'earthquake'; there are .*lose_registration"):
        process.drift("earthquake")
    process.reset(clusters=5)
    prod = [c for c in process.scenario["zilliz"]["clusters"] if c["cluster_name"].startswith("prod-")
            and c["project_id"] == process.scenario["aws"]["project_id"]]
    assert len(prod) == 5


def test_a_fault_may_wait_for_another_call():
    faults = Faults()
    faults.add({"operation": "Read", "nth": 2, "after": {"operation": "Write", "nth": 2}}, "500")
    calls = ["Read", "Write", "Read", "Read", "Write", "Read", "Read", "Read"]
    assert [faults.take("aws", operation, False) for operation in calls] == [None] * 6 + ["500", None]


def test_a_freeze_stops_the_clock_and_nothing_else():
    clock = Clock(speed=100)
    faults = Faults(clock)
    faults.add({"operation": "Write"}, "freeze")
    assert faults.take("aws", "Write", True) is None
    assert clock.speed == 0 and faults.list()[0]["fired"] == 1
