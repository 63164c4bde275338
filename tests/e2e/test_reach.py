# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a link may start from: other regions, several VPCs, several projects, one play for two."""
from __future__ import annotations

from e2e.views import MARK_TAG, calls, marked_group, names, nothing_written, region, registered, role, write_plays, zones


def elsewhere(place):
    return {name: place[name] for name in ("region", "vpc_id", "subnet_ids")}


def test_an_endpoint_in_another_region_than_the_clusters(link, sandbox):
    before, east = sandbox.state(), dict(elsewhere(link.given["other_region"]), client_cidrs=["10.50.0.0/16"])
    made = link.made(**east)
    assert "zilliz.cloud.aws_vpc_endpoint" in {one["action"] for one in made.modules}
    endpoint = next(iter(region(sandbox, "us-east-1")["endpoints"].values()))
    assert (endpoint["service_region"], endpoint["vpc_id"]) == ("us-west-2", east["vpc_id"])
    assert not region(sandbox)["endpoints"] and made.result["region"] == "us-east-1"
    uncompared = "The service is in another region, so its zones cannot be compared with the subnets'."
    assert uncompared in made.plans[0]["notes"]
    assert {tuple(zone["vpcs"]) for zone in zones(sandbox).values()} == {(f"us-east-1/{east['vpc_id']}",)}
    assert marked_group(sandbox, "us-east-1")["vpc_id"] == east["vpc_id"]
    # The region of the environment is somebody else's.
    again = link.up(env={"AWS_REGION": "eu-central-1", "AWS_DEFAULT_REGION": "eu-central-1"}, **east)
    assert again.rc == 0 and again.plans[0]["steps"] == [], again.stdout
    assert uncompared not in again.plans[0]["notes"]
    link.gone(before, region="us-east-1", vpc_id=east["vpc_id"])


def test_a_region_that_the_service_refuses_gives_the_ticket_to_send(link, sandbox):
    start = len(sandbox.log())
    run = link.up(**elsewhere(link.given["unsupported_region"]))
    assert run.rc != 0
    for text in ("https://support.zilliz.com", "Please enable cross-region AWS PrivateLink", "consumer region eu-central-1",
                 "AWS account 111122223333", link.given["project_id"], "vpce-svc-0b62964bfd0edfb74"):
        assert text in run.message
    assert nothing_written(sandbox, start)


def test_the_region_of_the_environment_moves_no_link(link, sandbox):
    run = link.up(check=True, env={"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1"})
    assert run.rc == 0 and run.result["region"] == "us-west-2", run.stdout


def test_two_links_in_one_play_stand_and_fall_alone(link, sandbox, playbook, tmp_path):
    before, aws = sandbox.state(), link.given
    second = {"vpc_id": aws["second_vpc_id"], "subnet_ids": aws["second_subnet_ids"], "client_cidrs": ["10.30.0.0/16"]}
    both = write_plays(tmp_path, {"tasks": [
        role(link.extra(dns="shared", publish=True)), role(link.extra(publish="true", **second)),
        {"name": "Compare", "ansible.builtin.debug": {"var": "aws_private_link_result.vpc_id"}}]})
    # What AWX hands on from an earlier job beats every variable: no role may mind.
    run = playbook(both, extra={"zilliz_private_link_report": "of an earlier job"}, env={"ANSIBLE_SHOW_CUSTOM_STATS": "1"})
    assert run.rc == 0, run.stdout[-4000:]
    marks = [f"{aws['project_id']}/{aws['region_id']}/{vpc_id}" for vpc_id in (aws["vpc_id"], aws["second_vpc_id"])]
    published = [one["result"]["ansible_stats"] for one in run.results if one["action"].endswith("set_stats")]
    assert [list(one["data"]["zilliz_private_link_report"]) for one in published] == [[mark] for mark in marks]
    assert not any(one["per_host"] for one in published)
    assert all(len(one["data"]["zilliz_private_link_report"][mark]["links"]) >= 2 for one, mark in zip(published, marks))
    assert all(mark in run.stdout.rsplit("CUSTOM STATS", 1)[1] for mark in marks)
    assert sorted(one["tags"][MARK_TAG] for one in region(sandbox)["endpoints"].values()) == marks
    assert len(registered(sandbox, aws["project_id"])) == 2

    again = playbook(both)
    assert again.rc == 0 and again.stats["localhost"]["changed"] == 0, again.stdout[-4000:]
    assert [plan["steps"] for plan in again.plans] == [[], []]

    gone = link.down(**second)
    assert gone.rc == 0 and [one["vpc_id"] for one in region(sandbox)["endpoints"].values()] == [aws["vpc_id"]], gone.stdout
    assert len(registered(sandbox, aws["project_id"])) == 1
    link.gone(before)


def test_links_of_two_projects_in_one_vpc_share_a_zone(link, sandbox):
    before, other = sandbox.state(), {"project_id": sandbox.scenario["extra"]["second_project_id"], "dns": "shared"}
    first = link.made(dns="shared")
    second = link.made(**other)
    assert len(region(sandbox)["endpoints"]) == 2 and len(zones(sandbox)) == 1
    assert first.result["endpoint"]["endpoint_id"] != second.result["endpoint"]["endpoint_id"]
    assert any("belongs to link" in note and link.given["project_id"] in note for note in second.result["notes"])
    assert len(names(zones(sandbox)["vectordb.zillizcloud.com"])) == 4
    link.settled(dns="shared")
    link.settled(**other)

    # The first goes; the other one's records keep the zone, which is its own from now on.
    gone = link.down()
    assert gone.rc == 0 and any("is kept, because it also holds" in note for note in gone.result["notes"]), gone.stdout
    assert len(names(zones(sandbox)["vectordb.zillizcloud.com"])) == 2
    assert registered(sandbox, link.given["project_id"]) == []
    link.gone(before, **other)


def test_a_project_with_more_registrations_than_two_pages_hold(link, sandbox):
    before = sandbox.state()
    many = {"project_id": sandbox.scenario["extra"]["many_registrations_project_id"]}
    made = link.made(**many)
    assert made.result["registration"]["endpoint_id"] == made.result["endpoint"]["endpoint_id"]
    assert any("200 registrations" in note or "registrations of this project" in note for note in made.result["notes"])
    start = len(sandbox.log())
    link.settled(**many)
    assert len(calls(sandbox, start, "ListPrivateEndpoints")) >= 3
    link.gone(before, **many)
