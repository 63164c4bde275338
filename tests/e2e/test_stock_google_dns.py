# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The unmodified google.cloud DNS modules meet the sandbox as they would meet Google: one test for each half-truth of theirs.

A task costs most of a second, so each area is one playbook, and the tests read its answers.
"""
from __future__ import annotations

import pytest

from e2e.runner import collections
from e2e.stock import Play
from sandbox.client import Sandbox

NAME = "in01-61e949d971f841b-privatelink.gcp-us-west1.vectordb.zillizcloud.com."
NETWORKS = "https://www.googleapis.com/compute/v1/projects/my-project/global/networks/"
VPC, SECOND_VPC = f"{NETWORKS}my-vpc", f"{NETWORKS}my-second-vpc"
CALM = {"gcp_dns_change_seconds": 0, "gcp_propagation": 0}
KEYS = {"name": "z", "dnsName": NAME}


@pytest.fixture(scope="module")
def clouds(tmp_path_factory):
    with Sandbox(tmp_path_factory.mktemp("sandbox"), speed=1, collections=collections()) as sandbox:
        yield sandbox
        assert sandbox.escaped() == []


class Names(Play):
    SWITCHES = CALM

    def zone(self, task, /, networks=(VPC,), keywords=None, **args):
        self.google(task, "gcp_dns_managed_zone", keywords, **{
            "name": "z", "dns_name": NAME, "description": "d", "visibility": "private",
            "private_visibility_config": {"networks": [{"network_url": one} for one in networks]}, **args})

    def record(self, task, /, keywords=None, **args):
        self.google(task, "gcp_dns_resource_record_set", keywords, **{
            "name": NAME, "type": "A", "ttl": 60, "target": ["10.128.0.2"], "managed_zone": KEYS, **args})

    def state(self, task):
        self.tasks.append({"name": task, "ansible.builtin.uri": {"url": f"{self.sandbox.url}/state"}})

    def zones(self, name):
        return self[name]["json"]["gcp"]["projects"]["my-project"]["zones"]

    def calls(self, operation, outcome=None):
        return [one for one in self.log if one["operation"] == operation and outcome in (None, one["outcome"])]


@pytest.fixture(scope="module")
def zones(clouds, tmp_path_factory):
    play = Names(clouds, tmp_path_factory.mktemp("zones"))
    play.zone("in check mode", keywords={"check_mode": True})
    play.state("state after check mode")
    play.zone("without a dot", dns_name=NAME[:-1])
    play.zone("partial URL", ["projects/my-project/global/networks/my-vpc"])
    play.zone("unknown network", [f"{NETWORKS}nothing"])
    play.zone("network of somebody", [VPC.replace("my-project", "somebodys-project")])
    play.zone("created", labels={"a": "b", "c": "d"}, keywords={"diff": True})
    play.zone("again", labels={"a": "b", "c": "d"})
    play.zone("other host", [VPC.replace("www.", "compute.")])
    play.zone("other host again", [VPC.replace("www.", "compute.")])
    play.zone("network added", [VPC, SECOND_VPC])
    play.zone("network removed", [VPC])
    play.zone("label removed", labels={"a": "b"})
    play.zone("another DNS name and visibility", dns_name="other.example.com.", visibility="public", private_visibility_config=None)
    play.control("/drift", kind="gcp_zone_network_remove", zone="z", network="my-vpc")
    play.zone("network lost", [VPC])
    play.control("/drift", kind="gcp_zone_network_add", zone="z", network="locked-vpc")
    play.zone("network too many", [VPC])
    play.state("state before the end")
    play.zone("the same name on the network", name="z2")
    play.google("by DNS name", "gcp_dns_managed_zone_info", {"check_mode": True}, dns_name=[NAME])
    play.google("of a project without the API", "gcp_dns_managed_zone_info", project=play.extra["no_dns_project"])
    play.control("/fault", match={"operation": "dns.managedZones.get"}, kind="503", times=1)
    play.zone("one 503")
    play.control("/fault", match={"operation": "dns.managedZones.get"}, kind="reset", times=1)
    play.zone("a broken connection")
    play.control("/fault", match={"operation": "dns.managedZones.patch"}, kind="denied", times=1)
    play.zone("permission missing", description="new")
    play.control("/drift", kind="gcp_record_add", zone="z", name=NAME)
    play.zone("not empty", state="absent")
    play.control("/drift", kind="gcp_record_delete", zone="z")
    play.google("absent without description", "gcp_dns_managed_zone", name="z", dns_name=NAME, state="absent")
    play.zone("deleted", state="absent")
    play.zone("deleted again", state="absent")
    return play.run()


def test_check_mode_tells_nothing(zones):
    assert zones["in check mode"]["status"] == "skipped" and "does not support check mode" in zones["in check mode"]["msg"]
    assert zones.zones("state after check mode") == {}


def test_what_google_refuses(zones):
    assert "Invalid value for 'entity.managedZone.dnsName'" in zones.text("without a dot")
    assert "Invalid value for 'entity.managedZone.privateVisibilityConfig.networks[0].networkUrl'" in zones.text("partial URL")
    assert "Invalid value" in zones.text("unknown network")
    assert "Forbidden" in zones.text("network of somebody")
    assert "is already being used on network" in zones.text("the same name on the network")


def test_a_zone_is_made_once_and_no_diff_is_shown(zones):
    assert zones.changed("created") and not zones.changed("again")
    assert "diff" not in zones["created"]
    assert len(zones.calls("dns.managedZones.create", "ok")) == 1


def test_another_form_of_a_url_is_a_change_each_time(zones):
    assert zones.changed("other host") and zones.changed("other host again")


def test_a_network_is_added_and_the_patch_not_awaited(zones):
    assert zones.changed("network added") and zones.calls("dns.managedZones.patch", "ok")
    assert not zones.calls("dns.managedZoneOperations.get")


def test_the_removal_of_a_network_is_not_seen(zones):
    assert not zones.changed("network removed")
    assert zones.changed("network lost")
    assert not zones.changed("network too many")
    assert f"{NETWORKS}locked-vpc" in zones.zones("state before the end")["z"]["networks"]


def test_the_removal_of_a_label_is_not_seen(zones):
    assert not zones.changed("label removed")
    assert zones.zones("state before the end")["z"]["labels"] == {"a": "b", "c": "d"}


def test_another_dns_name_or_visibility_is_not_seen(zones):
    assert not zones.changed("another DNS name and visibility")
    zone = zones.zones("state before the end")["z"]
    assert (zone["dns_name"], zone["visibility"]) == (NAME, "private")


def test_the_info_module_is_truthful_in_check_mode(zones):
    assert [one["name"] for one in zones["by DNS name"]["resources"]] == ["z"]


def test_an_api_that_nobody_enabled(zones):
    assert "Cloud DNS API has not been used in project no-dns-project before or it is disabled" in zones.text("of a project without the API")


def test_nothing_is_retried(zones):
    assert "currently unavailable" in zones.text("one 503") and len(zones.calls("dns.managedZones.get", "fault:503")) == 1


def test_a_broken_connection_is_a_crash(zones):
    assert "object has no attribute 'message'" in zones.text("a broken connection")


def test_a_missing_permission_has_no_name(zones):
    assert "Forbidden" in zones.text("permission missing") and "dns.managedZones" not in zones.text("permission missing")


def test_a_zone_goes_when_it_is_empty(zones):
    assert "cannot be deleted because it contains one or more 'resource records'" in zones.text("not empty")
    assert "missing required arguments: description" in zones.text("absent without description")
    assert zones.changed("deleted") and not zones.changed("deleted again")
    assert zones.sandbox.state()["gcp"]["projects"]["my-project"]["zones"] == {}


@pytest.fixture(scope="module")
def records(clouds, tmp_path_factory):
    play = Names(clouds, tmp_path_factory.mktemp("records"))
    token = {"auth_kind": "accesstoken", "access_token": play.extra["access_token"], "service_account_file": None}
    clouds.drift("gcp_foreign_zone", dns_name=NAME, name="z")
    play.record("in check mode", keywords={"check_mode": True})
    play.record("in one key", managed_zone={"name": "z"})
    play.record("no such zone", managed_zone={"name": "nozone", "dnsName": NAME})
    play.record("bad value", target=["10.128.0.256"])
    play.record("at the apex", type="CNAME", target=["a.example.com."])
    play.record("with a token", keywords={"environment": {"GCP_SERVICE_ACCOUNT_FILE": None}}, **token)
    play.control("/switch", gcp_dns_change_seconds=2)
    play.record("created")
    play.control("/switch", gcp_dns_change_seconds=0)
    play.record("again")
    play.record("again with a token", keywords={"environment": {"GCP_SERVICE_ACCOUNT_FILE": None}}, **token)
    play.control("/drift", kind="gcp_record_value_add", zone="z", value="6.6.6.6")
    play.record("one more value")
    play.state("state with one more value")
    play.record("changed", target=["10.128.0.9"])
    play.control("/drift", kind="gcp_record_change", zone="z", ttl=7)
    play.record("without a TTL", target=["10.128.0.9"], ttl=None)
    play.record("new without a TTL", name=f"a.{NAME}", ttl=None)
    play.record("new with TTL 0", name=f"b.{NAME}", ttl=0)
    play.google("all", "gcp_dns_resource_record_set_info", {"check_mode": True}, managed_zone=KEYS)
    play.google("all of no zone", "gcp_dns_resource_record_set_info", managed_zone={"name": "nozone"})
    play.control("/switch", gcp_dns_rivals=1)
    play.record("beside a rival", name=f"c.{NAME}")
    play.record("after the rival", name=f"c.{NAME}")
    play.control("/fault", match={"operation": "dns.changes.create"}, kind="lost", times=1)
    play.record("answer lost", name=f"d.{NAME}")
    play.record("after the answer was lost", name=f"d.{NAME}")
    play.control("/switch", gcp_dns_change_seconds=1000)
    play.record("for ever", name=f"e.{NAME}", keywords={"timeout": 3})
    play.control("/switch", gcp_dns_change_seconds=0)
    play.record("deleted", state="absent", target=["10.128.0.9"])
    play.record("deleted again", state="absent")
    play.control("/drift", kind="gcp_zone_delete", zone="z")
    play.record("deleted with its zone", state="absent")
    return play.run()


def rows(play, name):
    return play.zones(name)["z"]["records"]


def test_check_mode_of_a_record(records):
    assert records["in check mode"]["status"] == "skipped"


def test_a_zone_needs_both_its_names(records):
    assert "must contain both the name of the zone and the dns name" in records.text("in one key")


def test_a_missing_zone_is_a_traceback(records):
    assert "Google DNS Managed Zone nozone not found" in records.text("no such zone") and "traceback" in records.text("no such zone").lower()


def test_googles_message_is_lost(records):
    for task in ("bad value", "at the apex"):
        assert "400 Client Error: Bad Request for url" in records.text(task) and "entity.change" not in records.text(task)
    assert {one["outcome"] for one in records.calls("dns.changes.create")} > {"invalid", "invalidZoneApex"}


def test_a_token_reads_and_does_not_write(records):
    assert "'access_token'" in records.text("with a token") and "traceback" in records.text("with a token").lower()
    assert not records.changed("again with a token")


def test_a_record_is_made_once_and_awaited(records):
    assert records.changed("created") and not records.changed("again")
    assert records["created"]["rrdatas"] == ["10.128.0.2"]
    assert [one["zone"] for one in records.calls("dns.changes.get")][:2] == ["z", "z"]


def test_every_change_changes_the_soa(records):
    first = records.calls("dns.changes.create", "ok")[0]
    assert first["changes"] == [f"DELETE {NAME} SOA", f"CREATE {NAME} SOA", f"CREATE {NAME} A"]


def test_one_more_value_is_not_seen(records):
    assert not records.changed("one more value")
    assert rows(records, "state with one more value")[f"{NAME} A"]["values"] == ["10.128.0.2", "6.6.6.6"]


def test_after_an_update_the_answer_is_a_list(records):
    assert records.changed("changed") and "rrdatas" not in records["changed"]
    assert records["changed"]["rrsets"][0]["rrdatas"] == ["10.128.0.9"]


def test_a_ttl_not_given_is_not_compared_and_none_is_900(records):
    assert not records.changed("without a TTL")
    assert [records[task]["ttl"] for task in ("new without a TTL", "new with TTL 0")] == [900, 900]


def test_the_info_module(records):
    found = {(one["name"], one["type"]): one["ttl"] for one in records["all"]["resources"]}
    assert set(found) == {(NAME, "SOA"), (NAME, "NS"), (NAME, "A"), (f"a.{NAME}", "A"), (f"b.{NAME}", "A")} and found[NAME, "A"] == 7
    assert "'NoneType' object has no attribute 'get'" in records.text("all of no zone")


def test_parallel_changes_fail(records):
    assert "412 Client Error: Precondition Failed" in records.text("beside a rival") and records.calls("dns.changes.create", "conditionNotMet")
    assert records.changed("after the rival")


def test_a_lost_answer_is_a_crash_and_the_change_is_made(records):
    assert "object has no attribute 'message'" in records.text("answer lost")
    assert not records.changed("after the answer was lost")


def test_a_change_that_hangs_is_awaited_for_ever(records):
    assert "Timed out" in str(records["for ever"]) or "timed out" in str(records["for ever"])
    assert len(records.calls("dns.changes.get")) > 6


def test_a_record_is_deleted_even_with_its_zone(records):
    assert records.changed("deleted") and not records.changed("deleted again") and not records.changed("deleted with its zone")
