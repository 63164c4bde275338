# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A principal that may do nothing is allowed, run by run, what the failure's sentence names: so it comes to all that the pages list, and no more."""
from __future__ import annotations

import pathlib
import re
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tools"))

from e2e.scenes import scene  # noqa: E402
from e2e.test_private_only import GooglePrivateOnly, PrivateOnly  # noqa: E402
from permissions_table import MARK_TAG, TABLE, actions  # noqa: E402

# Only that much is allowed at the beginning: an empty list would be everything.
NOTHING = "nothing"
# What this story has no use for; other tests have (tests/tools/permissions.py --prove).
ELSEWHERE = {
    "aws": {"route53:GetChange", "route53:UpdateHostedZoneComment", "vpce:AllowMultiRegion"},
    "gcp": {"dns.changes.list", "dns.managedZoneOperations.get"},
}
WORD = {"aws": r"\b[a-z0-9-]+:[A-Z]\w+", "gcp": r"\b[a-z]+\.[a-zA-Z]+\.[a-zA-Z]+\b"}


class Learning:
    """Runs playbooks, and allows what their sentences name."""

    def learn(self, run):
        """The first run that went well."""
        known, marked = set(actions(self.CLOUD)), {action for feature in TABLE[self.CLOUD] for action in feature.marked}
        for _number in range(30):
            self.allow(self.allowed - marked | {f"{action}[{MARK_TAG}]" for action in self.allowed & marked})
            done = run()
            if done.rc == 0:
                return done
            new = known & set(re.findall(WORD[self.CLOUD], done.message)) - self.allowed
            self.sentences.append(done.message)
            if not new:
                break
            self.allowed |= new
        raise AssertionError(f"After {len(self.sentences)} refusals one names nothing new\n{done.stdout[-4000:]}")

    def allow(self, names):
        self.sandbox.switch(**{f"{self.CLOUD}_allowed": sorted(names) or [NOTHING]})

    def check(self):
        extra = {**self.link.extra(**self.wanted), **self.usual, "private_link_check_report": "none"}
        return Checked(self.link._playbook("zilliz.cloud.check", env=self.env, extra=extra), self.CLOUD)

    def play(self):
        """Set-up, check, private only, change, teardown."""
        self.allowed, self.sentences = set(), []
        self.foreseen = self.learn(lambda: self.link.up(check=True, **self.wanted))
        self.made = self.learn(lambda: self.link.up(**self.wanted))
        self.checked = self.learn(self.check)
        # It reads what the plan reads; whether it closes anything is a matter of Zilliz Cloud.
        self.closed = self.run(check=True, **self.link.extra(**self.wanted), private_only_cluster_names=self.wanted["cluster_names"])
        self.wanted.update(self.change)
        self.changed = self.learn(lambda: self.link.up(**self.wanted))
        self.down = self.learn(lambda: self.link.down(**self.wanted))
        self.sandbox.switch(**{f"{self.CLOUD}_allowed": []})
        self.sandbox.clock(advance=600)
        self.left = self.sandbox.state()


class Checked:
    """The check tells what it may not read in its table, and goes on."""

    def __init__(self, run, cloud):
        self.stdout = run.stdout
        rows = [one["result"]["rows"] for one in run.results if one["action"].endswith("private_link_report")][-1]
        unknown = [str(row) for row in rows if row["state"] == "unknown"]
        denied = [text for text in unknown if set(re.findall(WORD[cloud], text)) & set(actions(cloud))]
        self.rc, self.message = int(bool(denied)), "; ".join(denied)


class Aws(Learning, PrivateOnly):
    """Amazon."""


class Google(Learning, GooglePrivateOnly):
    """Google Cloud."""


@scene(Aws)
def amazon(play):
    given = play.given
    # Without a profile there is nothing to read of one.
    play.sandbox.drift("profile_zone", name="elsewhere.example.com")
    play.before = play.sandbox.state()
    hub = given["second_account"]
    play.wanted = {
        "cluster_names": ["prod-01"], "client_security_group_ids": [given["client_security_group_id"]], "client_egress": True,
        "zone_vpcs": [{"vpc_id": given["second_vpc_id"]}, {"vpc_id": hub["vpc_id"], "profile": hub["profile"]}],
        "confirm_clusters": ["prod-02"],
    }
    play.change = {"subnet_ids": given["subnet_ids"][:1], "client_cidrs": ["10.21.0.0/16"], "client_egress": False, "tags": {"team": "data"},
                   "zone_vpcs": [{"vpc_id": given["second_vpc_id"]}]}
    play.play()


@scene(Google)
def google(play):
    second = play.sandbox.scenario["gcp"]["second_network"]
    play.sandbox.drift("gcp_response_policy", dns_name="elsewhere.example.com")
    play.sandbox.drift("gcp_firewall_policy_denies", ranges=["192.0.2.0/24"])
    play.before = play.sandbox.state()
    play.wanted = {"cluster_names": ["prod-01"], "client_egress": "always", "zone_networks": [second], "confirm_clusters": ["prod-02"]}
    play.change = {"global_access": True, "labels": {"team": "data"}, "firewall_priority": 900, "zone_networks": []}
    play.play()


every_cloud = pytest.mark.parametrize("cloud", ["amazon", "google"])


@every_cloud
def test_nobody_is_left_to_guess(cloud, request):
    """Each refusal named something new in one sentence, to the end of the story: else it would have stopped there."""
    play = request.getfixturevalue(cloud)
    assert play.sentences and not [one for one in play.sentences if "Traceback" in one]
    assert set(actions(play.CLOUD)) - play.allowed <= ELSEWHERE[play.CLOUD]


@every_cloud
def test_what_the_pages_list_is_enough_from_the_set_up_to_the_teardown(cloud, request):
    """Also where the policy allows deletions only of what carries the tag of the link."""
    play = request.getfixturevalue(cloud)
    assert play.made.plans[-1]["steps"] == play.changed.plans[-1]["steps"] == play.down.plans[-1]["steps"] == []
    assert play.closed.run.rc == 0, play.closed.run.stdout[-3000:]
    assert play.left == play.before


def test_waiting_for_names_on_amazon(playbook, sandbox):
    """What no role does, but a user of the module may."""
    sandbox.switch(route53_rate=0, aws_allowed=sorted(set(actions("aws")) - {"route53:GetChange"}))
    zone = {"name": "vectordb.zillizcloud.com", "comment": "mine", "vpcs": [{"vpc_id": sandbox.scenario["aws"]["vpc_id"], "region": "us-west-2"}]}
    task = {"name": "write", "zilliz.cloud.route53_names": {"zones": [zone], "wait": True, "wait_timeout": 30}}
    assert "allow route53:GetChange in the IAM policy" in playbook([task]).message


def test_a_lost_answer_of_cloud_dns(playbook, sandbox):
    """The change is looked for, so that its end can be awaited."""
    sandbox.switch(gcp_allowed=sorted(set(actions("gcp")) - {"dns.changes.list"}))
    sandbox.fault("lost", operation="dns.changes.create")
    record = {"name": "a.vectordb.zillizcloud.com", "type": "A", "ttl": 60, "values": ["10.0.0.1"]}
    zone = {"zone_id": "names", "name": "vectordb.zillizcloud.com", "description": "mine", "networks": ["my-vpc"], "records": [record]}
    task = {"name": "write", "zilliz.cloud.cloud_dns_names": {"project": "my-project", "zones": [zone]}}
    assert "allow dns.changes.list" in playbook([task]).message
