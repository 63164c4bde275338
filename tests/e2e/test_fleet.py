# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many links in one run: side by side, each for itself, and the report over all of them."""
from __future__ import annotations

import json
import pathlib
import threading
import time

import pytest

from e2e.link import NAMES
from e2e.runner import run_playbook
from e2e.views import MARK_TAG, names, region, zones


class Fleet:
    """The playbook with an inventory of links; hosts are given as a cloud and role variables without their prefix."""

    def __init__(self, sandbox, folder):
        self.sandbox, self.folder = sandbox, pathlib.Path(folder)

    def link(self, cloud, **variables):
        given = self.sandbox.scenario[cloud]
        values = {name: given[name] for name in NAMES[cloud]}
        values.update({"delay": 1, "wait_timeout": 60}, **variables)
        return {f"{cloud}_private_link_{name}": value for name, value in values.items() if value is not None}

    def run(self, hosts, action="present", env=None, group="private_links", limit=None, **more):
        path = self.folder / "fleet.json"
        path.write_text(json.dumps({group: {"hosts": hosts}}), encoding="utf-8")
        extra = {"private_link_fleet_action": action, **more.pop("extra", {})}
        env = {"ANSIBLE_INVENTORY": str(path), "ANSIBLE_FORKS": "10", "PWD": str(self.folder), **(env or {})}
        what = pathlib.Path("zilliz.cloud.fleet")
        start = len(self.sandbox.log())
        run = run_playbook(self.sandbox, self.folder, what, extra=extra, env=env, arguments=["--limit", limit] if limit else [], **more)
        run.log = self.sandbox.log(start)
        return run

    def report(self):
        return json.loads((self.folder / "private-link-fleet.json").read_text(encoding="utf-8"))


@pytest.fixture
def fleet(sandbox, tmp_path):
    return Fleet(sandbox, tmp_path)


def asked(run, *operations):
    return [entry["n"] for entry in run.log if entry["operation"] in operations and entry["outcome"] == "ok"]


class Gate(threading.Thread):
    """Time stands almost still until every link waits: links that wait one after the other would wait for ever."""

    def __init__(self, sandbox, links):
        super().__init__(daemon=True)
        self.sandbox, self.links, self.start_of_log, self.opened = sandbox, links, len(sandbox.log()), threading.Event()
        sandbox.clock(speed=1)

    def run(self):
        until = time.monotonic() + 400
        while time.monotonic() < until:
            calls = [entry for entry in self.sandbox.mutating(self.start_of_log, "ok") if entry["operation"] == "CreatePrivateEndpoint"]
            if len(calls) == self.links:
                self.opened.set()
                break
            time.sleep(0.5)
        self.sandbox.clock(speed=600)


def test_links_wait_together_fail_alone_and_are_told_together(fleet, sandbox):
    """Two links on AWS and two on Google Cloud, and one that asks for a subnet that is not there."""
    sandbox.reset(clusters=1)
    sandbox.switch(route53_rate=0)
    before, extra = sandbox.state(), sandbox.scenario["extra"]
    aws, gcp = sandbox.scenario["aws"], sandbox.scenario["gcp"]
    # More patience than a busy machine needs until the last link waits.
    patient = {"delay": 2, "wait_timeout": 600}
    good = {
        "aws-one": fleet.link("aws", **patient),
        "aws-two": fleet.link("aws", **patient, vpc_id=aws["second_vpc_id"], subnet_ids=aws["second_subnet_ids"], client_cidrs=["10.30.0.0/16"]),
        "gcp-one": fleet.link("gcp", **patient),
        "gcp-two": fleet.link("gcp", **patient, network=gcp["second_network"], subnetwork=extra["gcp"]["second_subnetwork"]),
    }
    astray = fleet.link("aws", project_id=extra["second_project_id"], subnet_ids=["subnet-00000000000000000"])
    gate = Gate(sandbox, len(good))
    gate.start()
    made = fleet.run({"astray": astray, **good})
    gate.join()
    assert made.rc == 2 and gate.opened.is_set(), made.stdout[-5000:]
    # No name is written before the last of the links has begun to wait.
    assert min(asked(made, "CreateHostedZone", "dns.managedZones.create")) > max(asked(made, "CreatePrivateEndpoint"))
    assert {host: stats["failed"] for host, stats in made.stats.items()} == {"astray": 1, **dict.fromkeys(good, 0)}
    assert made.message.startswith("astray: Not found in region us-west-2: subnet subnet-00000000000000000")
    report = fleet.report()
    assert report["summary"] == "4 of 5 links are set up; 1 failed: astray."
    assert {one["host"]: one["state"] for one in report["links"]} == {"astray": "failed", **dict.fromkeys(good, "changed")}
    assert all(len(one["addresses"]) == 1 and one["changes"] for one in report["links"] if not one["failed"])
    assert report["summary"] in made.stdout and "forks" not in made.stdout
    page = (fleet.folder / "private-link-fleet.html").read_text(encoding="utf-8")
    assert all(one["summary"] in page for one in report["links"])

    again = fleet.run(good)
    assert again.rc == 0 and all(stats["changed"] == 0 for stats in again.stats.values()), again.stdout[-4000:]
    told = [one["host"] for one in again.modules if one["action"] != "zilliz.cloud.private_link_fleet_report"]
    assert sorted(told) == sorted(good)

    # Nobody inside was named to prove the path, which is no fault.
    checked = fleet.run(good, "check", limit="*-two")
    assert checked.rc == 0, checked.stdout[-4000:]
    assert sorted(checked.stats) == ["aws-two", "gcp-two"] and not [entry for entry in checked.log if entry["mutating"]]
    report = fleet.report()
    assert report["counts"] == {"healthy": 2} and all(pathlib.Path(one["report"]).exists() for one in report["links"])

    gone = fleet.run(good, "absent")
    assert gone.rc == 0 and fleet.report()["summary"] == "4 of 4 links are taken down.", gone.stdout[-4000:]
    sandbox.clock(advance=600)
    assert sandbox.state() == before


def test_a_zone_that_links_share_is_made_once_and_goes_with_the_last(fleet, sandbox):
    sandbox.reset(clusters=1)
    sandbox.switch(route53_rate=0)
    before, zone = sandbox.state(), "vectordb.zillizcloud.com"
    hosts = {"one": fleet.link("aws", dns="shared"), "two": fleet.link("aws", dns="shared", project_id=sandbox.scenario["extra"]["second_project_id"])}
    made = fleet.run(hosts)
    assert made.rc == 0, made.stdout[-4000:]
    assert len(asked(made, "CreateHostedZone")) == 1 and list(zones(sandbox)) == [zone]
    assert set(names(zones(sandbox)[zone])) == {f"{host}. A" for host in hosts_in(fleet.report())}
    gone = fleet.run(hosts, "absent")
    assert gone.rc == 0 and fleet.report()["failed_hosts"] == [], gone.stdout[-4000:]
    sandbox.clock(advance=600)
    assert sandbox.state() == before


def test_two_projects_in_one_vpc_get_an_endpoint_each(fleet, sandbox):
    """Their runs look at the same moment, and ec2_vpc_endpoint would take the one's endpoint for the other's."""
    sandbox.reset(clusters=1)
    sandbox.switch(route53_rate=0)
    before = sandbox.state()
    hosts = {"one": fleet.link("aws"), "two": fleet.link("aws", project_id=sandbox.scenario["extra"]["second_project_id"])}
    made = fleet.run(hosts)
    assert made.rc == 0, made.stdout[-4000:]
    assert len(asked(made, "CreateVpcEndpoint")) == len(asked(made, "CreatePrivateEndpoint")) == 2
    again = fleet.run(hosts)
    assert again.rc == 0 and all(stats["changed"] == 0 for stats in again.stats.values()), again.stdout[-4000:]
    # A run that was killed between two tasks leaves the one's endpoint with the other's mark.
    endpoints = region(sandbox)["endpoints"]
    endpoint_id, other_id = endpoints
    mine, theirs = (endpoints[x]["tags"][MARK_TAG] for x in (endpoint_id, other_id))
    sandbox.drift("endpoint_tags", endpoint_id=endpoint_id, set={MARK_TAG: theirs})
    confused = fleet.run(hosts)
    assert confused.rc == 0 and all(stats["changed"] == 0 for stats in confused.stats.values()), confused.stdout[-4000:]
    assert f"Endpoint {endpoint_id} bears this link's mark, but it is in the security group of link {mine}" in confused.stdout
    sandbox.drift("endpoint_tags", endpoint_id=endpoint_id, set={MARK_TAG: mine})
    assert fleet.run(hosts, "absent").rc == 0
    sandbox.clock(advance=600)
    assert sandbox.state() == before


def hosts_in(report):
    return sorted(address.rsplit(":", 1)[0] for link in report["links"] for address in link["addresses"])


BAD = {
    "neither": "neither names no link: give it the variables of aws_private_link or gcp_private_link",
    "both": "both has the variables of both roles, but a host is one link",
    "partly": "partly does not name its link in full: also give gcp_private_link_gcp_project_id, gcp_private_link_network",
    "twin": "twin is the same link as good",
    "unreadable": "The variables of unreadable cannot be read: ",
}


def test_hosts_that_are_no_link_are_told_and_stop_nobody(fleet, sandbox):
    before, good = sandbox.state(), fleet.link("aws")
    hosts = {
        "neither": {}, "both": {**good, **fleet.link("gcp")}, "partly": fleet.link("gcp", network=None, gcp_project_id=None),
        "good": good, "twin": good, "unreadable": {**fleet.link("gcp"), "gcp_private_link_network": "{{ no_such_variable }}"},
    }
    # One after the other: a batch of nothing but failures is not the end.
    run = fleet.run(hosts, check=True, diff=True, group="ungrouped", env={"ANSIBLE_FORKS": "2"}, extra={"private_link_fleet_batch": "1"})
    assert run.rc == 2, run.stdout[-4000:]
    told = {one["host"]: one for one in run.task("Judge all links")["links"]}
    assert {host: one["failed"] for host, one in told.items()} == {"good": False, **dict.fromkeys(BAD, True)}
    for host, words in BAD.items():
        assert told[host]["summary"].startswith(words) and run.stats[host]["failed"] == 1, told[host]
    assert told["good"]["state"] == "planned" and "create hosted_zone" in " ".join(told["good"]["steps"])
    step = run.plans[0]["steps"][0]
    assert run.stats["good"]["changed"] == 1 and f"{step['action']} {step['resource']} {step['name']}: {step['why']}" in run.stdout
    assert sandbox.state() == before and not (fleet.folder / "private-link-fleet.json").exists()
    assert "WARNING" not in run.stdout.replace("[WARNING]", "")
    wide = fleet.run({name: {} for name in ("a", "b", "c")}, env={"ANSIBLE_FORKS": "2"})
    assert "WARNING: 3 links work side by side, but there are 2 forks" in wide.stdout and "--forks 3" in wide.stdout
    assert wide.rc == 2 and fleet.report()["counts"] == {"failed": 3}
