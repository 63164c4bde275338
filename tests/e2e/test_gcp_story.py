# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The story of a Google link, with two clusters and with fifty, and the plan by itself."""
from __future__ import annotations

import collections

import pytest

from e2e.story import Calls, tell

CALLS = Calls(
    {
        "compute.addresses.insert": "create address",
        "compute.forwardingRules.insert": "create psc_endpoint",
        "compute.firewalls.insert": "create firewall_rule",
        "CreatePrivateEndpoint": "authorize private_endpoint",
        "dns.managedZones.create": "create managed_zone",
        "DeletePrivateEndpoint": "revoke private_endpoint",
        "compute.forwardingRules.delete": "delete psc_endpoint",
        "compute.addresses.delete": "delete address",
        "compute.firewalls.delete": "delete firewall_rule",
        "dns.managedZones.delete": "delete managed_zone",
    },
    records="dns.changes.create",
)


@pytest.mark.story
def test_the_whole_story(gcp_link, sandbox):
    """In a network that denies all egress, so that the firewall has its part in it."""
    locked = sandbox.scenario["extra"]["gcp"]
    gcp_link.vars.update(network=locked["locked_network"], subnetwork=locked["locked_subnetwork"])
    made = tell(gcp_link, sandbox, CALLS)
    endpoint = made.result["endpoint"]
    assert endpoint["state"] == "ACCEPTED" and endpoint["psc_connection_id"].isdigit()
    assert {one["value"] for one in made.result["records"]} == {endpoint["ip_address"]}


def test_a_converged_run_is_one_module_task_with_fifty_clusters(gcp_link, sandbox):
    sandbox.reset(clusters=50)
    before = sandbox.state()
    run = gcp_link.made(wait_timeout=300)
    assert len([one for one in run.result["links"] if one["ready"]]) == 50
    assert len(run.result["zones"]) == 50
    start = len(sandbox.log())
    again = gcp_link.settled()
    assert len(again.modules) == 1
    calls = collections.Counter(entry["operation"] for entry in sandbox.log(start) if entry["cloud"] == "gcp")
    assert calls["dns.resourceRecordSets.list"] == 50 and calls["dns.managedZones.list"] == 1, calls
    assert {calls[f"compute.{kind}.list"] for kind in ("addresses", "forwardingRules", "firewalls")} == {1}, calls
    gcp_link.gone(before)


def test_the_plan_module_by_itself_says_what_is_to_do(gcp_link, playbook, sandbox):
    options = {name: gcp_link.vars[name] for name in ("project_id", "region_id", "gcp_project_id", "region", "network", "subnetwork")}
    run = playbook([
        {"name": "look", "zilliz.cloud.gcp_private_link_plan": options},
        {"name": "look in check mode", "zilliz.cloud.gcp_private_link_plan": options, "check_mode": True, "diff": True},
    ])
    assert run.rc == 0, run.stdout
    look, checked = run.task("look"), run.task("look in check mode")
    assert (look["changed"], look["act"]) == (False, True) and (checked["changed"], checked["act"]) == (True, False)
    assert look["steps"] == checked["steps"] and checked["diff"]["prepared"] in run.stdout
    assert look["by"]["connect"]["create_address"][0]["after"]["subnetwork"].endswith("/regions/us-west1/subnetworks/my-subnet")
    assert {one["what"] for one in look["costs"]} == {"Private Service Connect endpoint", "Cloud DNS managed zone"}
    assert not [entry for entry in sandbox.log() if entry["mutating"]]
