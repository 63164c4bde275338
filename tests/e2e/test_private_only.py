# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Public endpoints are closed when everything was reached from inside, and opened again when that fails afterwards."""
from __future__ import annotations

import json
import pathlib
import sys

from e2e.scenes import Scene, scene

# No clock of a test is the vendor's: the sandbox lets ten minutes pass in a second.
QUICK = {"private_only_wait_timeout": 60, "private_only_delay": 1}


class PrivateOnly(Scene):
    """A link with a data plane on this machine, and one host inside."""

    SWITCHES = {"route53_rate": 0}

    def __init__(self, process, folder, **reset):
        super().__init__(process, folder, switches={"loopback": True}, **reset)
        self.plane = process.scenario["dataplane"]
        path = pathlib.Path(folder) / "inventory.json"
        inside = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
        path.write_text(json.dumps({"all": {"hosts": {"inside": inside}}}), encoding="utf-8")
        self.env = {"ANSIBLE_INVENTORY": str(path)}
        self.resolver = self.plane["gcp_resolver" if self.CLOUD == "gcp" else "resolver"]
        # The controller is inside as well, unless a test says otherwise.
        self.usual = {
            "private_link_check_vantage": "inside", "private_link_check_resolver": self.resolver,
            "private_link_check_ca_path": self.plane["ca_path"], "private_link_check_timeout": "2",
            "private_only_controller_resolver": self.resolver, **QUICK,
        }

    def run(self, check=False, fault=None, **variables):
        start = len(self.sandbox.log())
        extra = {**self.link.extra(), **self.usual, **variables}
        run = self.link._playbook("zilliz.cloud.private_only", check=check, env=self.env, extra=extra)
        asked = [(one["cluster_id"], one["outcome"]) for one in self.sandbox.mutating(start)]
        return Done(run, asked, self.open(), self.ids)

    def open(self):
        """Which public endpoints are open in truth."""
        return {one["cluster_id"] for one in self.sandbox.state()["zilliz"]["clusters"] if one["public_address_enabled"]}

    @property
    def ids(self):
        return {name: cluster_id for name, cluster_id in self.clusters().items() if name.startswith("prod-")}


class GooglePrivateOnly(PrivateOnly):
    CLOUD = "gcp"


class Done:
    """A run, the changes that it asked for, and which public endpoints are open after it."""

    def __init__(self, run, asked, is_open, ids):
        self.run, self.asked, self.ids = run, asked, ids
        self.open = {name for name, cluster_id in ids.items() if cluster_id in is_open}

    @property
    def changed(self):
        return self.run.stats["localhost"]["changed"]

    @property
    def result(self):
        found = [one["result"]["ansible_facts"] for one in self.run.results if one["task"].endswith("Hand over the result")]
        assert found, self.run.stdout[-4000:]
        return found[-1]["private_only_result"]

    def cluster(self, name):
        return next(one for one in self.result["clusters"] if one["cluster_name"] == name)

    def went_well(self):
        assert self.run.rc == 0, self.run.stdout[-4000:]

    def refused(self, *said):
        """Nothing was closed, and it says why."""
        assert self.run.rc != 0 and self.asked == [] and self.changed == 0, self.run.stdout[-4000:]
        for word in said:
            assert word in self.run.message, self.run.message


@scene(PrivateOnly)
def story(play):
    ids, sandbox, outside = play.ids, play.sandbox, play.plane["outside_resolver"]
    play.link.made()
    play.nobody = play.run(private_link_check_vantage="")
    sandbox.drift("data_plane_hang", cluster_id=ids["prod-02"])
    play.hanging = play.run()
    sandbox.drift("data_plane_ok")
    play.locked = play.run(private_only_controller_resolver=outside)
    sandbox.switch(public_flag="no")
    play.unsupported = play.run()
    sandbox.switch(public_flag="some")

    play.foreseen = play.run(check=True, private_only_accept_lockout="true", private_only_controller_resolver=outside)
    play.closed = play.run(private_only_accept_lockout="true", private_only_controller_resolver=outside)
    play.again = play.run()
    sandbox.drift("data_plane_refuse", cluster_id=ids["prod-01"])
    play.cut_off = play.run()
    sandbox.drift("data_plane_ok")
    play.glass = play.run(private_only_state="enabled", private_only_controller_resolver=outside)

    sandbox.drift("data_plane_breaks_when_public_closes", cluster_id=ids["prod-02"])
    play.rolled_back = play.run()
    sandbox.drift("data_plane_ok")
    # As a run leaves it that was interrupted after it closed one of two.
    play.rest = play.run(private_only_cluster_ids="", private_only_cluster_names="prod-01\nprod-02")


def test_without_a_vantage_nothing_is_closed(story):
    story.nobody.refused("nothing was closed", "private_link_check_vantage")
    assert story.nobody.open == {"prod-01", "prod-02"}


def test_one_path_that_fails_holds_back_all(story):
    story.hanging.refused("nothing was closed", f"prod-02 ({story.ids['prod-02']}) does not work from inside", "security group")
    assert story.hanging.open == {"prod-01", "prod-02"} and "prod-01" not in story.hanging.run.message
    assert story.hanging.cluster("prod-01")["proven"] and not story.hanging.cluster("prod-02")["proven"]


def test_a_controller_that_knows_the_public_name_only_is_not_locked_out(story):
    story.locked.refused("nothing was closed", "by the public name only", "private_only_accept_lockout=true", "prod-01", "prod-02")


def test_a_deployment_without_the_switch_says_what_to_click(story):
    story.unsupported.refused("API of this deployment cannot close", "Cluster Details", "click Disable", "prod-01", "prod-02")
    assert story.unsupported.cluster("prod-02")["public_endpoint"] == "unknown"
    assert story.unsupported.cluster("prod-02")["proven"]


def test_check_mode_says_what_the_run_does(story):
    story.foreseen.went_well()
    assert story.foreseen.asked == [] and story.foreseen.open == {"prod-01", "prod-02"}
    assert story.foreseen.changed == story.closed.changed == 1
    assert story.foreseen.result["summary"].startswith("2 of 2 public endpoints would be closed")
    assert [one["cluster_id"] for one in story.foreseen.result["clusters"] if one["changed"]] == [one for one, _outcome in story.closed.asked]


def test_what_was_proven_is_closed_and_proven_again(story):
    story.closed.went_well()
    assert story.closed.open == set() and len(story.closed.asked) == 2
    assert len([one for one in story.closed.run.results if one["task"].endswith("Probe the links from inside")]) == 2
    result = story.closed.result
    assert result["changed"] and result["proven_from"] == ["inside"] and result["problems"] == []
    assert {(one["public_endpoint"], one["changed"], one["proven"]) for one in result["clusters"]} == {("closed", True, True)}
    assert result["summary"] == "2 of 2 public endpoints are closed, 2 by this run; the private links work from inside"


def test_clusters_without_a_private_link_are_named(story):
    assert "try-out" in story.closed.run.stdout and "keeps its public endpoint as it is: it is suspended" in story.closed.run.stdout


def test_a_second_run_proves_it_again_and_changes_nothing(story):
    story.again.went_well()
    assert story.again.changed == 0 and story.again.asked == [] and not story.again.result["changed"]
    assert story.again.result["proven_from"] == ["inside"]
    assert len(story.again.run.modules) == 4


def test_a_closed_cluster_that_cannot_be_reached_any_more_is_told(story):
    assert story.cut_off.run.rc != 0 and story.cut_off.changed == 0
    for words in ("prod-01", "refuses connections", "closed already", "private_only_state=enabled"):
        assert words in story.cut_off.run.message
    assert "nothing was closed" not in story.cut_off.run.message


def test_breaking_the_glass_opens_and_probes_the_public_names(story):
    story.glass.went_well()
    assert story.glass.open == {"prod-01", "prod-02"} and len(story.glass.asked) == 2
    assert "DNS caches" in story.glass.result["summary"]
    assert story.glass.cluster("prod-01")["note"] == "the public name answers from here"
    assert not [one for one in story.glass.run.modules if "private_link_plan" in one["action"]]


def test_a_second_proof_that_fails_opens_again_by_itself(story):
    done, bad = story.rolled_back, story.ids["prod-02"]
    assert done.run.rc != 0 and done.open == {"prod-02"}
    assert [one for one, _outcome in done.asked] == [*story.ids.values(), bad]
    assert "closed and opened again, because the second proof failed" in done.run.message and "prod-01" not in done.run.message
    assert (done.cluster("prod-02")["public_endpoint"], done.cluster("prod-02")["changed"]) == ("open", False)
    assert (done.cluster("prod-01")["public_endpoint"], done.cluster("prod-01")["proven"]) == ("closed", True)


def test_a_run_after_an_interrupted_one_does_the_rest(story):
    story.rest.went_well()
    assert story.rest.asked == [(story.ids["prod-02"], "ok")] and story.rest.open == set()
    assert story.rest.result["summary"].startswith("2 of 2 public endpoints are closed, 1 by this run")


# What goes wrong with one cluster of several


@scene(PrivateOnly, clusters=3)
def trouble(play):
    ids, sandbox = play.ids, play.sandbox
    play.usual["private_link_check_vantage"] = "controller"
    play.early = play.run()
    play.link.made()
    play.unknown = play.run(private_only_cluster_names="prod-01, prod-99")
    sandbox.fault("denied", operation="ModifyCluster", cluster_id=ids["prod-02"], times=1)
    play.denied = play.run(private_only_cluster_names=["prod-01", "prod-02"])

    # The answer to the last of four questions: whether they are closed.
    sandbox.fault("denied", operation="ListClusters", nth=4, times=1)
    play.blind = play.run(private_only_cluster_ids=[ids["prod-02"]])
    sandbox.call("DELETE", "/fault")

    sandbox.drift("data_plane_breaks_when_public_closes", cluster_id=ids["prod-02"])
    sandbox.fault("denied", operation="ModifyCluster", cluster_id=ids["prod-02"], nth=2, times=1)
    play.neither = play.run()


def test_before_the_link_is_there_nothing_is_closed(trouble):
    trouble.early.refused("no cluster of this project and region has a private link")


def test_a_cluster_that_does_not_exist_stops_all(trouble):
    trouble.unknown.refused("there is no cluster prod-99", "prod-03")


def test_a_cluster_that_cannot_be_closed_leaves_none_unsaid(trouble):
    done = trouble.denied
    assert done.run.rc != 0 and done.open == {"prod-02", "prod-03"}
    assert "permission" in done.run.message and trouble.ids["prod-02"] in done.run.message
    assert {one["cluster_name"]: one["public_endpoint"] for one in done.result["clusters"]} == {"prod-01": "closed", "prod-02": "open"}


def test_when_the_end_cannot_be_seen_it_is_opened_again(trouble):
    done = trouble.blind
    assert done.run.rc != 0 and done.open == {"prod-02", "prod-03"}
    assert "open again" in done.run.message and "the second proof could not be made" in done.run.message


def test_a_cluster_that_is_reached_neither_way_is_told_loudly(trouble):
    done = trouble.neither
    assert done.run.rc != 0 and done.open == {"prod-03"}
    assert f"prod-02 ({trouble.ids['prod-02']}) can be reached neither way" in done.run.message
    assert "private_only_state=enabled" in done.run.message and "permission" in done.run.message


def test_a_cluster_without_the_switch_among_others_is_left_to_its_owner(trouble):
    """The third cluster of the sandbox shows no flag; the others are closed all the same."""
    assert "click Disable" in trouble.neither.run.message and "prod-03" in trouble.neither.run.message
    assert trouble.neither.cluster("prod-03")["public_endpoint"] == "unknown" and trouble.neither.cluster("prod-03")["proven"]
    assert trouble.neither.cluster("prod-01")["public_endpoint"] == "closed" and trouble.neither.cluster("prod-01")["proven"]


# Google Cloud


@scene(GooglePrivateOnly)
def google(play):
    play.link.made()
    play.closed = play.run()


def test_google(google):
    google.closed.went_well()
    assert google.closed.open == set() and google.closed.result["proven_from"] == ["inside"]
