# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs that meet: the same link twice, links that share a zone or a project, a teardown and a set-up.

Each case is one switch: a run stands still before one of its calls while the other runs to its end. The sample has the calls
between which most can go wrong; `make races` takes every mutating call of every meeting, from the log of a run alone.
"""
from __future__ import annotations

import os

import pytest

from e2e.race import Race, problems

COMPLETE = os.environ.get("CONCURRENCY") == "complete"

# What is there before, who is held, who overtakes, what is run after both, and the orders of runs whose end is as good.
MEETINGS = {
    "set-up, set-up": ([], "up one", "up one", ["up one"], [["up one"]]),
    "change, change": (["up one"], "up changed", "up changed", ["up changed"], [["up one", "up changed"]]),
    "teardown, teardown": (["up one"], "down one", "down one", ["down one"], [[]]),
    "set-up, teardown": ([], "up one", "down one", ["up one"], [["up one"]]),
    "teardown, set-up": (["up one"], "down one", "up one", ["up one"], [["up one"]]),
    "one zone": ([], "up shared", "up zone", ["up shared", "up zone"], [["up shared", "up zone"], ["up zone", "up shared"]]),
    "one zone, teardown": (["up zone"], "down zone", "up shared", ["down zone", "up shared"], [["up shared"]]),
    "one zone, set-up": (["up zone"], "up shared", "down zone", ["down zone", "up shared"], [["up shared"]]),
    "one project": ([], "up alone", "up project", ["up alone", "up project"], [["up alone", "up project"]]),
}

SAMPLE = {
    "aws": [
        ("set-up, set-up", "CreateSecurityGroup"),
        ("change, change", "ModifyVpcEndpoint"),
        ("teardown, set-up", "DeleteVpcEndpoints"),
        # Two projects in one VPC, where ec2_vpc_endpoint takes the one's endpoint for the other's.
        ("one zone", "CreateSecurityGroup"),
        ("one zone", "CreateHostedZone"),
        ("one zone, teardown", "DeleteHostedZone"),
    ],
    "gcp": [
        ("set-up, set-up", "compute.addresses.insert"),
        ("one zone", "dns.managedZones.create"),
        ("one zone, teardown", "dns.managedZones.delete"),
    ],
}


@pytest.fixture(scope="module")
def ends():
    """The states that runs one after the other leave: they cost runs, so each is made once."""
    return {}


def references(race, ends, orders):
    for order in orders:
        key = (race.cloud, *order)
        if key not in ends:
            ends[key] = race.rest(order)
    return [ends[(race.cloud, *order)] for order in orders]


@pytest.mark.parametrize("cloud, meeting, operation", [(cloud, *case) for cloud, cases in SAMPLE.items() for case in cases])
def test_a_run_that_is_overtaken(cloud, meeting, operation, sandbox, tmp_path, ends):
    race = Race(sandbox, tmp_path, cloud)
    prepare, held, other, more, orders = MEETINGS[meeting]
    wanted = references(race, ends, orders)
    found = problems(race, wanted, prepare, held, other, {"operation": operation}, more)
    print("\n".join(found))
    assert not found


@pytest.mark.skipif(not COMPLETE, reason="make races runs every interleaving with one switch")
@pytest.mark.parametrize("meeting", MEETINGS)
@pytest.mark.parametrize("cloud", ["aws", "gcp"])
def test_a_run_that_is_overtaken_anywhere(cloud, meeting, sandbox, tmp_path, ends):
    race = Race(sandbox, tmp_path, cloud)
    prepare, held, other, more, orders = MEETINGS[meeting]
    wanted = references(race, ends, orders)
    calls = race.calls(prepare, held)
    found = []
    for number, name in enumerate(calls, 1):
        now = problems(race, wanted, prepare, held, other, {"nth": number}, more)
        print(f"{cloud}, {meeting}, {number} of {len(calls)} {name}: {now or 'passed'}", flush=True)
        found += now
    assert calls and not found
