# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What takes its time: endpoints, links, clusters in maintenance, accounts that must be whitelisted; and zones that cannot take part."""
from __future__ import annotations

import re
import threading
import time

import pytest

from e2e.views import hosts, nothing_written, region, registered, zones


def test_no_waiting_at_all_leaves_the_rest_to_later_runs(link, sandbox):
    before = sandbox.state()
    sandbox.switch(verify_delay=100000)
    first = link.made(wait_timeout=0)
    endpoint_id = first.result["endpoint"]["endpoint_id"]
    assert any(f"AWS shows endpoint {endpoint_id}" in note and "wait_timeout is 0" in note for note in first.result["notes"])
    assert zones(sandbox) == {} and hosts(first) == []
    # Nothing to act on, so one task says it again.
    assert len(link.settled(wait_timeout=0).modules) == 1
    sandbox.clock(advance=101000)
    last = link.made(wait_timeout=0)
    assert len(hosts(last)) == 2 == len(zones(sandbox))
    link.settled()
    sandbox.switch(aws_delete_seconds=100000)
    down = link.down(wait_timeout=0)
    assert down.rc == 0 and any("wait_timeout is 0" in note for note in down.result["notes"]), down.stdout
    sandbox.clock(advance=101000)
    link.gone(before)


def test_a_wait_that_runs_out_names_the_side_that_is_stuck(link, sandbox):
    sandbox.switch(verify_delay=100000)
    stuck = link.up(wait_timeout=2)
    assert stuck.rc != 0
    assert re.search(r"Still waiting: .*Zilliz Cloud shows endpoint vpce-\w+ as \w+.*AWS shows endpoint vpce-\w+ as pendingAcceptance", stuck.message)
    assert len(registered(sandbox, link.given["project_id"])) == 1
    sandbox.switch(link_delay=200000)
    sandbox.clock(advance=100000)
    unallocated = link.up(wait_timeout=4)
    assert unallocated.rc != 0 and re.search(r"Still waiting: .*cluster prod-0\d \(in01-\w+\): .*not allocated its private link", unallocated.message)
    assert "run again" in unallocated.message and "AWS shows" not in unallocated.message
    sandbox.clock(advance=200000)
    link.made()
    assert len(zones(sandbox)) == 2


def test_clusters_in_maintenance_come_after_the_others(link, sandbox):
    first, second = [one["cluster_id"] for one in sandbox.scenario["zilliz"]["clusters"] if one["cluster_name"].startswith("prod-")
                     and one["project_id"] == link.given["project_id"]]
    sandbox.drift("modify_cluster", cluster_id=first, status="UPGRADING", seconds=100000)
    later = link.made(maintenance_timeout=0)
    assert hosts(later) == list(zones(sandbox)) and hosts(later)[0].startswith(second)
    assert any(first in note and "maintenance (UPGRADING)" in note and "maintenance_timeout is 0" in note for note in later.result["notes"])
    link.settled(maintenance_timeout=0)

    stuck = link.up(maintenance_timeout=2)
    assert stuck.rc != 0 and re.search(rf"up to 2 s .*Still waiting: cluster prod-01 \({first}\): it is in maintenance \(UPGRADING\)", stuck.message)

    # Only the named cluster is asked for; the other one would lose its link with it.
    start = len(sandbox.log())
    refused = link.down(cluster_ids=[first])
    assert refused.rc != 0 and f"cuts prod-02 ({second}) too" in refused.message and "confirm_clusters" in refused.message
    assert nothing_written(sandbox, start)

    sandbox.drift("modify_cluster", cluster_id=first, status="MODIFYING", seconds=9000)
    made = link.made(maintenance_timeout=600, delay=5)
    assert [one for one in made.results if "Wait for clusters in maintenance, up to 600 s" in one["task"] and "MODIFYING" in one["task"]]
    assert len(zones(sandbox)) == 2
    confirmed = link.down(cluster_ids=[first], confirm_clusters=["prod-02"])
    assert confirmed.rc == 0 and zones(sandbox) == {} and registered(sandbox, link.given["project_id"]) == [], confirmed.stdout


@pytest.mark.parametrize("fixture, writes", [("link", "ChangeResourceRecordSets"), ("gcp_link", "dns.changes.create")])
def test_a_cluster_that_comes_up_while_others_are_named_is_named_by_the_same_run(fixture, writes, request, sandbox):
    link = request.getfixturevalue(fixture)
    first, *others = [one["cluster_id"] for one in sandbox.scenario["zilliz"]["clusters"] if one["cluster_name"].startswith("prod-")
                      and one["project_id"] == link.given["project_id"]]
    sandbox.drift("modify_cluster", cluster_id=first, status="MODIFYING", seconds=100000)
    start = len(sandbox.log())

    def time_passes():
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and writes not in {entry["operation"] for entry in sandbox.log(start)}:
            time.sleep(0.05)
        sandbox.clock(advance=101000)

    watch = threading.Thread(target=time_passes)
    watch.start()
    made = link.made(maintenance_timeout=0)
    watch.join()
    assert any(f"{first}): it is in maintenance" in note for note in made.plans[0]["notes"])
    assert [one["task"] for one in made.results if "Read again what is left to do" in one["task"]][1:], "The cluster came up too late."
    assert len(hosts(made)) == 1 + len(others)
    assert any(first in change for change in made.result["changes"])
    link.settled(maintenance_timeout=0)


def test_an_account_is_whitelisted_and_only_then_are_zones_compared(link, sandbox):
    extra, east = sandbox.scenario["extra"], link.given["other_region"]
    there = {"project_id": extra["second_project_id"], "region_id": extra["whitelist_region_id"], "vpc_id": east["vpc_id"],
             "subnet_ids": east["subnet_ids"], "client_cidrs": ["10.50.0.0/16"]}
    start = len(sandbox.log())
    refused = link.up(**there)
    assert refused.steps[0] == "authorize private_endpoint_whitelist"
    assert refused.rc != 0 and f"{east['subnet_ids'][0]} us-east-1a use1-az6 no" in refused.message
    assert [one["operation"] for one in sandbox.mutating(start, "ok")] == ["AddPrivateEndpointWhitelistEntry"]
    there["unsupported_subnets"] = "skip"
    made = link.made(**there)
    assert "authorize private_endpoint_whitelist" not in made.steps
    assert next(iter(region(sandbox, "us-east-1")["endpoints"].values()))["subnet_ids"] == east["subnet_ids"][1:]
    link.settled(**there)
    gone = link.down(check=True, **there)
    assert any("whitelist entry of account 111122223333 is kept" in note for note in gone.result["notes"])


def test_subnets_in_zones_without_the_service_are_refused_with_a_table_or_skipped(link, sandbox):
    start, aws = len(sandbox.log()), link.given
    refused = link.up(subnet_ids=[aws["subnet_ids"][0], aws["unsupported_subnet_id"]])
    assert refused.rc != 0 and "unsupported_subnets: skip" in refused.message
    assert f"{aws['unsupported_subnet_id']} us-west-2d usw2-az4 no" in refused.message and f"{aws['subnet_ids'][0]} us-west-2a usw2-az" in refused.message
    skipped = link.up(check=True, subnet_ids=[aws["subnet_ids"][0], aws["unsupported_subnet_id"]], unsupported_subnets="skip")
    assert skipped.rc == 0, skipped.stdout
    create, = [one for one in skipped.plans[0]["steps"] if one["resource"] == "vpc_endpoint"]
    assert create["after"]["subnet_ids"] == aws["subnet_ids"][:1]
    notes = " ".join(skipped.result["notes"])
    assert f"Left out, because the service is not in their zones: {aws['unsupported_subnet_id']}" in notes and "in one zone only (with subnet " in notes
    none_left = link.up(subnet_ids=[aws["unsupported_subnet_id"]], unsupported_subnets="skip")
    assert none_left.rc != 0 and "add one in a zone of the service" in none_left.message
    assert nothing_written(sandbox, start)
