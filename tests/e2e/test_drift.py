# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever others do to a link is planned, explained and repaired; what is theirs is left alone and named."""
from __future__ import annotations

import pytest

from e2e.scenes import Repair, Scene, only, scene, steps_of, why_of
from e2e.views import registered
from sandbox.scenario import SECOND_SERVICE, SERVICE

MARK_TAG = "zilliz.cloud/private-link"


class Aws(Scene):
    SWITCHES = {"route53_rate": 0}

    def region(self, state):
        return state["aws"]["accounts"][self.given["account_id"]]["regions"]["us-west-2"]

    def zones(self, state):
        zones = state["aws"]["accounts"][self.given["account_id"]]["zones"]
        return {zone["name"].rstrip("."): dict(zone, zone_id=zone_id) for zone_id, zone in zones.items()}


# What can be put right in place


@scene(Aws, clusters=4)
def in_place(play):
    link, sandbox = play.link, play.sandbox
    link.vars["zone_vpcs"] = [{"vpc_id": play.given["second_vpc_id"]}]
    made = link.made(client_cidrs=["10.20.0.0/16", "10.99.0.0/16"])
    play.hosts = {one["cluster_name"]: one["host"] for one in made.result["links"] if one["ready"]}
    play.endpoint_id, play.group_id = made.result["endpoint"]["endpoint_id"], only(made.result["endpoint"]["security_group_ids"])
    first, second, third, fourth = (play.hosts[f"prod-0{number}"] for number in (1, 2, 3, 4))

    sandbox.drift("endpoint_subnets")
    sandbox.drift("endpoint_security_groups")
    sandbox.drift("endpoint_private_dns", enabled=True)
    sandbox.drift("endpoint_ip_address_type", ip_address_type="dualstack")
    sandbox.drift("endpoint_tags", remove=["Name"], set={"team": "data"})
    sandbox.drift("group_tags", remove=["Name"], set={"team": "data"})
    sandbox.drift("rule_remove", port=19531, cidr="10.20.0.0/16")
    sandbox.drift("rule_add")
    sandbox.drift("change_link", cluster_id=play.clusters()["prod-04"], port=19540)
    sandbox.drift("record_change", zone_id=first)
    sandbox.drift("record_add", zone_id=first)
    sandbox.drift("record_delete", zone_id=second)
    sandbox.drift("zone_disassociate", zone_id=second, vpc_id=play.given["vpc_id"])
    sandbox.drift("zone_disassociate", zone_id=third, vpc_id=play.given["second_vpc_id"])
    sandbox.drift("zone_tags", zone_id=third, remove=[MARK_TAG], set={"team": "data"})
    sandbox.drift("zone_comment", zone_id=fourth)
    play.stale = sandbox.drift("stale_registration")["endpoint_id"]
    play.repair = Repair(link, check=True)
    play.purge = Repair(link, again=False, purge_stale=True)
    play.first_down, play.kept = play.taken_down()
    sandbox.drift("record_delete", zone_id=first, type="TXT")
    play.second_down, play.after = play.taken_down()


def test_every_drift_is_planned_and_nothing_else(in_place):
    repair = in_place.repair
    first, second, third, fourth = (in_place.hosts[f"prod-0{number}"] for number in (1, 2, 3, 4))
    names = {
        first: [f"update record {first} A"],
        second: [f"associate zone_association {second}", f"create record {second} A"],
        third: [f"update hosted_zone {third}", f"associate zone_association {third}"],
        fourth: [f"update hosted_zone {fourth}"],
    }
    assert repair.steps == [
        f"update tags {in_place.group_id}",
        f"update tags {in_place.endpoint_id}",
        f"update vpc_endpoint {in_place.endpoint_id}",
        f"create security_group_rules {only(x['after']['name'] for x in repair.plan['steps'] if x['resource'] == 'security_group_rules')}",
        *(step for host in sorted(names) for step in names[host]),
        *[f"delete security_group_rule {in_place.group_id}"] * 4,
    ]


def test_check_mode_foresees_what_the_run_does(in_place):
    in_place.repair.foretold()


def test_the_rerun_has_nothing_to_do(in_place):
    in_place.repair.settled()


def in_endpoint(in_place, key):
    """The endpoint before the repair, as wanted, and afterwards."""
    step = in_place.repair.step("update vpc_endpoint")
    after = in_place.region(in_place.repair.state)["endpoints"][in_place.endpoint_id]
    return step["why"], step["before"][key], step["after"][key], after[key]


def test_subnets_of_the_endpoint(in_place):
    why, before, wanted, after = in_endpoint(in_place, "subnet_ids")
    assert "subnets" in why and len(before) == 2
    assert wanted == after == in_place.given["subnet_ids"]


def test_security_groups_of_the_endpoint(in_place):
    why, before, wanted, after = in_endpoint(in_place, "security_group_ids")
    assert "security groups" in why and before != [in_place.group_id]
    assert wanted == after == [in_place.group_id]


def test_private_dns_of_the_endpoint(in_place):
    why, before, wanted, after = in_endpoint(in_place, "private_dns_enabled")
    assert "private DNS" in why
    assert (before, wanted, after) == (True, False, False)


def test_ip_address_type_of_the_endpoint(in_place):
    why, before, wanted, after = in_endpoint(in_place, "ip_address_type")
    assert "IP address type" in why
    assert (before, wanted, after) == ("dualstack", "ipv4", "ipv4")


@pytest.mark.parametrize("kind", ["endpoints", "security_groups"])
def test_tags_of_ours_come_back_and_foreign_ones_stay(in_place, kind):
    thing_id = {"endpoints": in_place.endpoint_id, "security_groups": in_place.group_id}[kind]
    step = in_place.repair.step("update tags", thing_id)
    assert step["before"] == {"Name": None} and list(step["after"]) == ["Name"]
    assert kind.rstrip("s").replace("_", " ") in step["why"]
    tags = in_place.region(in_place.repair.state)[kind][thing_id]["tags"]
    assert tags["Name"] == step["after"]["Name"] and tags["team"] == "data" and MARK_TAG in tags


def rules_of(in_place, mine=True):
    group = in_place.region(in_place.repair.state)["security_groups"][in_place.group_id]
    return sorted((rule["from_port"], rule["peer"]) for rule in group["ingress"]
                  if (rule["description"] or "").startswith("zilliz.cloud private link") is mine)


def test_a_removed_rule_and_a_moved_port(in_place):
    step = in_place.repair.step("create security_group_rules")
    assert [rule["ports"] for rule in step["after"]["rules"]] == [[19531], [19540]]
    assert "10.20.0.0/16 in on ports 19531 and 19540" in step["why"]
    assert rules_of(in_place) == [(port, "10.20.0.0/16") for port in (19531, 19532, 19540)]


def test_rules_that_nobody_needs_any_more(in_place):
    gone = [x for x in in_place.repair.plan["steps"] if x["resource"] == "security_group_rule"]
    assert sorted((x["before"]["port"], x["before"]["cidr"]) for x in gone) == [
        (443, "10.20.0.0/16"), (443, "10.99.0.0/16"), (19531, "10.99.0.0/16"), (19532, "10.99.0.0/16")]
    for step in gone:
        assert f"{step['before']['cidr']} on port {step['before']['port']}" in step["why"]


def test_a_foreign_rule_stays_and_is_named(in_place):
    assert "192.0.2.0/24 in on port 22: not ours, it stays" in in_place.repair.notes
    assert rules_of(in_place, mine=False) == [(22, "192.0.2.0/24")]


def records_of(in_place, cluster_name):
    host = in_place.hosts[cluster_name]
    return {name: record for name, record in in_place.zones(in_place.repair.state)[host]["records"].items()
            if name.split()[1] not in ("NS", "SOA")}


def test_a_changed_record(in_place):
    host = in_place.hosts["prod-01"]
    step = in_place.repair.step("update record", f"{host} A")
    assert "192.0.2.1" in step["why"] and step["before"]["value"] == ["192.0.2.1"]
    assert records_of(in_place, "prod-01")[f"{host}. A"] == {
        "alias": only(step["after"]["value"]), "zone_id": step["after"]["alias_zone_id"]}
    assert in_place.endpoint_id in only(step["after"]["value"])


def test_a_deleted_record(in_place):
    host = in_place.hosts["prod-02"]
    step = in_place.repair.step("create record", f"{host} A")
    assert step["why"] == f"Zone {host} does not have this record"
    assert in_place.endpoint_id in records_of(in_place, "prod-02")[f"{host}. A"]["alias"]


def test_a_foreign_record_stays_and_is_named(in_place):
    host = in_place.hosts["prod-01"]
    assert f"Zone {host} also holds other.{host} TXT: not ours, it stays." in in_place.repair.notes
    assert f"other.{host}. TXT" in records_of(in_place, "prod-01")


def test_associations_of_both_vpcs(in_place):
    for cluster_name, key in (("prod-02", "vpc_id"), ("prod-03", "second_vpc_id")):
        host, vpc_id = in_place.hosts[cluster_name], in_place.given[key]
        step = in_place.repair.step("associate zone_association", host)
        assert step["after"]["vpc_id"] == vpc_id and vpc_id in step["why"]
        assert f"us-west-2/{vpc_id}" in in_place.zones(in_place.repair.state)[host]["vpcs"]


def test_tags_of_a_zone(in_place):
    host = in_place.hosts["prod-03"]
    step = in_place.repair.step("update hosted_zone", host)
    assert "tags" in step["why"] and step["before"]["tags"] == {MARK_TAG: None}
    assert set(in_place.zones(in_place.repair.state)[host]["tags"]) >= {MARK_TAG, "team"}


def test_the_comment_of_a_zone_that_its_tags_still_name_ours(in_place):
    host = in_place.hosts["prod-04"]
    step = in_place.repair.step("update hosted_zone", host)
    assert "comment" in step["why"] and step["before"]["comment"] == "changed by hand"
    assert in_place.zones(in_place.repair.state)[host]["comment"] == step["after"]["comment"]


def test_a_stale_registration_stays_until_purge_stale(in_place):
    assert in_place.stale in in_place.repair.notes and "purge_stale: true removes" in in_place.repair.notes
    assert in_place.purge.steps == [f"revoke private_endpoint {in_place.stale}"]
    assert "purge_stale is set" in in_place.purge.step("revoke private_endpoint")["why"]
    assert in_place.purge.calls == ["DeletePrivateEndpoint"]


def test_a_zone_with_a_foreign_record_survives_the_teardown(in_place):
    host = in_place.hosts["prod-01"]
    assert in_place.first_down.rc == 0, in_place.first_down.stdout[-4000:]
    assert f"Zone {host}" in in_place.first_down.stdout and f"is kept, because it also holds other.{host} TXT" in in_place.first_down.stdout
    zone = in_place.zones(in_place.kept)[host]
    assert [name for name in zone["records"] if name.split()[1] not in ("NS", "SOA")] == [f"other.{host}. TXT"]
    assert list(in_place.zones(in_place.kept)) == [host] and in_place.region(in_place.kept) == in_place.region(in_place.before)


def test_nothing_is_left_when_the_foreign_record_is_gone(in_place):
    assert in_place.second_down.rc == 0, in_place.second_down.stdout[-4000:]
    assert in_place.after == in_place.before


def test_a_teardown_that_is_cut_off_still_knows_the_registration_of_an_endpoint_that_somebody_deleted(link, sandbox):
    before = sandbox.state()
    link.made()
    sandbox.drift("endpoint_delete", gone=True)
    sandbox.fault("denied", operation="DeleteHostedZone", times=1)
    cut_off = link.down()
    assert cut_off.rc != 0 and "route53:DeleteHostedZone" in cut_off.message
    # The records are gone, and with them all that told whose endpoint that was.
    assert registered(sandbox, link.given["project_id"]) == []
    link.gone(before)


# The endpoint and its registration


@scene(Aws)
def endpoint_life(play):
    link, sandbox = play.link, play.sandbox
    made = link.made()
    play.ids = [made.result["endpoint"]["endpoint_id"]]
    play.hosts = sorted(one["host"] for one in made.result["links"] if one["ready"])

    def repair(again=False, **more):
        done = Repair(link, again=again, **more)
        play.ids.append(done.run.result["endpoint"]["endpoint_id"])
        return done

    sandbox.drift("lose_registration")
    play.lost = repair()
    sandbox.drift("reject_registration", connection=False)
    play.half_rejected = link.up(check=True)
    sandbox.drift("endpoint_reject")
    play.rejected = repair()

    sandbox.switch(aws_delete_seconds=86400)
    sandbox.drift("endpoint_delete")
    play.going = link.up(check=True)
    sandbox.clock(advance=86400)
    sandbox.switch(aws_delete_seconds=120)
    play.deleted = repair()

    play.second = sandbox.drift("duplicate_endpoint", state="available")["vpc_endpoint_id"]
    sandbox.drift("foreign_registration", endpoint_id=play.second)
    play.both_registered = repair()
    play.third = sandbox.drift("duplicate_endpoint", state="available")["vpc_endpoint_id"]
    sandbox.drift("foreign_registration", endpoint_id=play.third)
    sandbox.drift("lose_registration", endpoint_id=play.ids[-1])
    play.one_registered = repair()

    sandbox.switch(several_services=True)
    link.vars["service_name"] = SECOND_SERVICE
    start = len(sandbox.log())
    play.refused = link.up()
    play.refused_calls = sandbox.mutating(start)
    play.recreated = repair(again=True, recreate=True)
    play.down, play.after = play.taken_down()


def test_a_lost_registration(endpoint_life):
    repair, endpoint_id = endpoint_life.lost, endpoint_life.ids[0]
    assert repair.steps == [f"authorize private_endpoint {endpoint_id}"]
    assert repair.step("authorize private_endpoint")["why"] == f"Endpoint {endpoint_id} is not registered at Zilliz Cloud"
    assert repair.calls == ["CreatePrivateEndpoint"] and endpoint_life.ids[1] == endpoint_id
    repair.settled()


def replaced(play, repair, old, extra=()):
    """The steps of a link whose endpoint cannot be saved: a new one, and the names follow."""
    name = repair.step("create vpc_endpoint")["name"]
    assert repair.steps == [
        f"revoke private_endpoint {old}",
        *extra,
        f"create vpc_endpoint {name}",
        "authorize private_endpoint (known after creation)",
        *(f"update record {host} A" for host in play.hosts),
    ]


def test_a_rejected_endpoint_is_replaced_by_the_gap_module(endpoint_life):
    repair, old, new = endpoint_life.rejected, *endpoint_life.ids[1:3]
    replaced(endpoint_life, repair, old, extra=[f"delete vpc_endpoint {old}"])
    assert "rejected" in repair.step("delete vpc_endpoint")["why"]
    # ec2_vpc_endpoint would take the rejected one for the wanted one.
    assert repair.step("create vpc_endpoint")["after"]["composed"] is False
    assert new != old and repair.calls[:4] == ["DeletePrivateEndpoint", "DeleteVpcEndpoints", "CreateVpcEndpoint", "CreatePrivateEndpoint"]
    for host in endpoint_life.hosts:
        assert old in repair.step("update record", f"{host} A")["why"]
        assert new in endpoint_life.zones(repair.state)[host]["records"][f"{host}. A"]["alias"]
    repair.settled()


def test_a_rejected_registration_is_enough_for_a_new_endpoint(endpoint_life):
    """To make the registration again it must be revoked first, and that rejects the endpoint."""
    plan = endpoint_life.half_rejected.plans[0]
    assert steps_of(plan) == endpoint_life.rejected.steps
    assert only(x["why"] for x in plan["steps"] if x["action"] == "delete") == "Its registration is REJECTED at Zilliz Cloud (state available)"


def test_an_endpoint_deleted_behind_our_back(endpoint_life):
    repair, old = endpoint_life.deleted, endpoint_life.ids[2]
    replaced(endpoint_life, repair, old)
    # This link's own stale registration needs no purge_stale.
    assert repair.step("revoke private_endpoint")["why"] == "Its endpoint was made by this link and is gone"
    assert repair.step("create vpc_endpoint")["after"]["composed"] is True
    repair.settled()


def test_an_endpoint_that_is_still_being_deleted_is_not_taken_for_the_wanted_one(endpoint_life):
    plan = endpoint_life.going.plans[0]
    assert steps_of(plan) == endpoint_life.deleted.steps
    assert only(x for x in plan["steps"] if x["resource"] == "vpc_endpoint")["after"]["composed"] is False


def test_the_younger_of_two_registered_endpoints_goes(endpoint_life):
    repair, kept, second = endpoint_life.both_registered, endpoint_life.ids[3], endpoint_life.second
    assert repair.steps == [f"revoke private_endpoint {second}", f"delete vpc_endpoint {second}"]
    assert "second endpoint of this link" in repair.step("delete vpc_endpoint")["why"]
    assert repair.calls == ["DeletePrivateEndpoint", "DeleteVpcEndpoints"] and endpoint_life.ids[4] == kept
    repair.settled()


def test_the_registered_one_of_two_endpoints_stays_even_when_it_is_younger(endpoint_life):
    repair, old, third = endpoint_life.one_registered, endpoint_life.ids[4], endpoint_life.third
    assert repair.steps == [*(f"update record {host} A" for host in endpoint_life.hosts), f"delete vpc_endpoint {old}"]
    assert endpoint_life.ids[5] == third
    # The names lead to the one that stays before the other goes.
    assert repair.calls == ["ChangeResourceRecordSets"] * 2 + ["DeleteVpcEndpoints"]
    repair.settled()


def test_another_service_is_refused_without_recreate(endpoint_life):
    run = endpoint_life.refused
    assert run.rc != 0 and endpoint_life.refused_calls == []
    assert SERVICE in run.message and SECOND_SERVICE in run.message and "set recreate: true to replace it" in run.message


def test_with_recreate_it_is_revoke_delete_create_authorize(endpoint_life):
    repair, old, new = endpoint_life.recreated, *endpoint_life.ids[5:7]
    replaced(endpoint_life, repair, old, extra=[f"delete vpc_endpoint {old}"])
    assert "recreate is set" in repair.step("delete vpc_endpoint")["why"]
    assert [name for name in repair.calls if "Endpoint" in name] == [
        "DeletePrivateEndpoint", "DeleteVpcEndpoints", "CreateVpcEndpoint", "CreatePrivateEndpoint"]
    assert endpoint_life.region(repair.state)["endpoints"][new]["service_name"] == SECOND_SERVICE
    repair.settled()


def test_nothing_is_left_of_all_these_endpoints(endpoint_life):
    assert endpoint_life.down.rc == 0, endpoint_life.down.stdout[-4000:]
    assert endpoint_life.after == endpoint_life.before


# What others made by hand


@scene(Aws)
def by_hand(play):
    link, sandbox, project_id = play.link, play.sandbox, play.given["project_id"]
    # Somebody's registration in another account: the links have their addresses already.
    play.foreign = sandbox.drift("foreign_registration")["endpoint_id"]
    sandbox.clock(advance=900)
    play.before = sandbox.state()

    play.name = f"zilliz-private-link-{project_id}-{play.given['region_id']}"
    play.group_id = sandbox.drift("hand_made_group", name=play.name)["group_id"]
    start = len(sandbox.log())
    play.conflict = link.up()
    play.conflict_calls = sandbox.mutating(start)
    play.brought = link.up(check=True, security_group_ids=[play.group_id])
    play.hosts = [one["host"] for one in play.brought.result["links"] if one["ready"]]

    play.endpoint_id = sandbox.drift("hand_made_endpoint", tags={"team": "data"})["vpc_endpoint_id"]
    sandbox.drift("hand_made_zone", name=play.hosts[0], tags={"team": "data"}, comment="by hand")
    play.theirs = sandbox.state()
    play.used = Repair(link)
    play.first_down, play.kept = play.taken_down()
    play.adopted = Repair(link, adopt=True)
    play.second_down, play.after = play.taken_down()


def test_a_security_group_of_the_wanted_name_is_a_conflict_before_anything_is_made(by_hand):
    run = by_hand.conflict
    assert run.rc != 0 and by_hand.conflict_calls == []
    assert by_hand.group_id in run.message and all(way in run.message for way in ("security_group_ids", "adopt: true", "security_group_name"))


def test_a_security_group_that_is_named_is_used_and_what_it_lacks_is_said(by_hand):
    plan = by_hand.brought.plans[0]
    assert "security_group" not in [step["resource"] for step in plan["steps"]]
    assert only(x for x in plan["steps"] if x["resource"] == "vpc_endpoint")["after"]["security_group_ids"] == [by_hand.group_id]
    assert "do not let 10.20.0.0/16 on port 19531 in: add that rule" in " ".join(plan["notes"])


def test_a_hand_made_endpoint_and_zone_are_used_and_named(by_hand):
    repair, (first, second) = by_hand.used, by_hand.hosts
    assert repair.steps == [f"authorize private_endpoint {by_hand.endpoint_id}",
                            *(step for host in sorted(by_hand.hosts) for step in (
                                [f"create record {host} A"] if host == first
                                else [f"create hosted_zone {second}", f"create record {second} A"]))]
    assert f"Endpoint {by_hand.endpoint_id} was not made by this link: it is used, never changed or deleted" in repair.notes
    assert f"Zone {first} (" in repair.notes and "was not made by this link" in repair.notes
    repair.settled()


def test_what_is_used_is_not_changed(by_hand):
    theirs, used = by_hand.region(by_hand.theirs), by_hand.region(by_hand.used.state)
    assert used == theirs
    before, after = (by_hand.zones(state)[by_hand.hosts[0]] for state in (by_hand.theirs, by_hand.used.state))
    record = after["records"].pop(f"{by_hand.hosts[0]}. A")
    assert by_hand.endpoint_id in record["alias"] and after == before


def test_the_teardown_keeps_what_others_made_and_says_so(by_hand):
    run = by_hand.first_down
    assert run.rc == 0, run.stdout[-4000:]
    assert f"Endpoint {by_hand.endpoint_id} and its registration are kept" in run.stdout
    host = by_hand.hosts[0]
    # Nobody can tell who made a record that leads to somebody else's endpoint.
    assert f"keeps {host} A: this link did not make what it leads to" in run.stdout
    zone = by_hand.zones(by_hand.kept)[host]
    assert f"{host}. A" in zone["records"] and list(by_hand.zones(by_hand.kept)) == [host]
    assert by_hand.region(by_hand.kept) == by_hand.region(by_hand.theirs)


def test_adopt_writes_the_mark_and_makes_it_as_wanted(by_hand):
    repair, first = by_hand.adopted, by_hand.hosts[0]
    for thing_id, kind in ((by_hand.endpoint_id, "endpoint"), (by_hand.group_id, "security group")):
        assert f"mark of this link on the {kind}" in repair.step("update tags", thing_id)["why"]
    assert repair.step("update vpc_endpoint")["after"] == {
        "subnet_ids": by_hand.given["subnet_ids"], "security_group_ids": [by_hand.group_id]}
    assert repair.step("update hosted_zone", first)["before"]["comment"] == "by hand"
    region = by_hand.region(repair.state)
    assert region["endpoints"][by_hand.endpoint_id]["tags"][MARK_TAG] == region["security_groups"][by_hand.group_id]["tags"][MARK_TAG]
    assert region["endpoints"][by_hand.endpoint_id]["tags"]["team"] == by_hand.zones(repair.state)[first]["tags"]["team"] == "data"
    repair.settled()


def test_the_teardown_removes_what_was_adopted(by_hand):
    assert by_hand.second_down.rc == 0, by_hand.second_down.stdout[-4000:]
    assert by_hand.after == by_hand.before
    assert by_hand.foreign in str(by_hand.after["zilliz"]["registrations"])


# Clusters come and go, and the names change their form


@scene(Aws, clusters=4)
def clusters_change(play):
    link, sandbox = play.link, play.sandbox
    play.ids = play.clusters()
    made = link.made()
    play.hosts = {one["cluster_name"]: one["host"] for one in made.result["links"] if one["ready"]}

    sandbox.clock(speed=0)
    sandbox.drift("drop_cluster", cluster_id=play.ids["prod-01"])
    sandbox.drift("suspend_cluster", cluster_id=play.ids["prod-02"])
    sandbox.drift("modify_cluster", cluster_id=play.ids["prod-03"], seconds=100)
    play.moved = sandbox.drift("change_link", cluster_id=play.ids["prod-04"])["private_link_address"].split("//")[1].split(":")[0]
    play.added = sandbox.drift("add_cluster", cluster_name="added", status="RUNNING")["cluster_id"]
    play.busy = sandbox.drift("add_cluster", cluster_name="busy", status="MODIFYING", seconds=900)["cluster_id"]
    play.foreseen = link.up(check=True, diff=True)
    sandbox.clock(speed=600)
    play.repair = Repair(link)
    play.filtered = link.up(cluster_names=["added"])

    play.hosts_now = sorted(one["host"] for one in play.repair.run.result["links"] if one["ready"])
    play.shared = Repair(link, again=False, dns="shared")
    play.none = Repair(link, again=False, dns="none")
    play.exact = Repair(link, again=False)
    play.down, play.after = play.taken_down()


def test_a_dropped_cluster_loses_its_zone_and_record(clusters_change):
    host, plan = clusters_change.hosts["prod-01"], clusters_change.foreseen.plans[0]
    assert why_of(plan, f"delete record {host} A") and why_of(plan, f"delete hosted_zone {host}")
    assert host not in clusters_change.zones(clusters_change.repair.state)


def test_a_suspended_and_a_busy_cluster_keep_their_names(clusters_change):
    for name in ("prod-02", "prod-03"):
        host = clusters_change.hosts[name]
        assert not [x for x in clusters_change.foreseen.plans[0]["steps"] if host in x["name"]]
        assert f"{host}. A" in clusters_change.zones(clusters_change.repair.state)[host]["records"]
    assert "Cluster prod-02 (" in " ".join(clusters_change.repair.run.plans[-1]["notes"])
    assert "suspended: resume it" in " ".join(clusters_change.repair.run.plans[-1]["notes"])


def test_a_moved_link_gets_its_new_name_before_it_loses_the_old(clusters_change):
    old, new, plan = clusters_change.hosts["prod-04"], clusters_change.moved, clusters_change.foreseen.plans[0]
    steps = steps_of(plan)
    order = [steps.index(x) for x in (f"create hosted_zone {new}", f"create record {new} A", f"delete record {old} A", f"delete hosted_zone {old}")]
    assert order == sorted(order)
    zones = clusters_change.zones(clusters_change.repair.state)
    assert new in zones and old not in zones


def test_a_cluster_added_later_joins_with_its_name_only(clusters_change):
    plan = clusters_change.foreseen.plans[0]
    coming = [x for x in plan["steps"] if clusters_change.added in x["why"]]
    assert [(x["action"], x["resource"]) for x in coming] == [("create", "hosted_zone"), ("create", "record")]
    assert all("(known after allocation)" in x["name"] for x in coming)
    assert any(clusters_change.added in zone for zone in clusters_change.zones(clusters_change.repair.state))
    assert not [name for name in clusters_change.repair.calls if "Endpoint" in name]


def test_a_cluster_in_maintenance_is_awaited_with_its_reason(clusters_change):
    plan = clusters_change.foreseen.plans[0]
    assert only(x["text"] for x in plan["waiting"] if x["kind"] == "maintenance") == (
        f"cluster busy ({clusters_change.busy}): it is in maintenance (MODIFYING) and gets its private link afterwards")
    assert any(clusters_change.busy in zone for zone in clusters_change.zones(clusters_change.repair.state))


def test_nothing_else_is_planned_and_the_rerun_settles(clusters_change):
    play = clusters_change
    old, gone, new = play.hosts["prod-04"], play.hosts["prod-01"], play.moved
    known = {f"{x['action']} {x['resource']} {x['name']}" for x in play.foreseen.plans[0]["steps"]
             if "(known after allocation)" not in x["name"] and x["resource"] in ("hosted_zone", "record")}
    assert known == {f"create hosted_zone {new}", f"create record {new} A", f"delete record {old} A", f"delete hosted_zone {old}",
                     f"delete record {gone} A", f"delete hosted_zone {gone}"}
    play.repair.settled()


def test_clusters_that_the_user_leaves_out_are_kept_and_named(clusters_change):
    run = clusters_change.filtered
    assert run.rc == 0 and run.plans[0]["steps"] == [] and run.stats["localhost"]["changed"] == 0, run.stdout[-4000:]
    for name in ("prod-03", "prod-04"):
        assert f"cluster {name} ({clusters_change.ids[name]}) was left out by the user" in " ".join(run.plans[0]["notes"])


def test_from_exact_to_shared_new_names_come_before_old_ones_go(clusters_change):
    repair, zone = clusters_change.shared, "vectordb.zillizcloud.com"
    hosts = clusters_change.hosts_now
    assert repair.steps[:1 + len(hosts)] == [f"create hosted_zone {zone}", *(f"create record {host} A" for host in hosts)]
    assert {x.split()[0] for x in repair.steps[1 + len(hosts):]} == {"delete"}
    changes = [name for name in repair.calls if name in ("CreateHostedZone", "ChangeResourceRecordSets", "DeleteHostedZone")]
    assert changes[:2] == ["CreateHostedZone", "ChangeResourceRecordSets"] and "DeleteHostedZone" not in changes[:changes.index("DeleteHostedZone")]
    records = clusters_change.zones(repair.state)[zone]["records"]
    assert all(f"{host}. A" in records for host in hosts)


def test_without_dns_the_names_go_and_the_records_are_handed_over(clusters_change):
    repair = clusters_change.none
    assert {x["action"] for x in repair.plan["steps"]} == {"delete"}
    assert sorted(x["name"] for x in repair.run.result["records"]) == clusters_change.hosts_now
    assert clusters_change.zones(repair.state) == {}


def test_and_back_to_exact(clusters_change):
    repair = clusters_change.exact
    assert repair.steps == [step for host in clusters_change.hosts_now for step in (f"create hosted_zone {host}", f"create record {host} A")]
    repair.settled()


def test_nothing_is_left_of_all_these_names(clusters_change):
    assert clusters_change.down.rc == 0, clusters_change.down.stdout[-4000:]
    assert clusters_change.after["aws"] == clusters_change.before["aws"]
    assert clusters_change.after["zilliz"]["registrations"] == clusters_change.before["zilliz"]["registrations"]


# A run that stops half way


@scene(Aws)
def interrupted(play):
    link = play.link
    play.stopped = [
        play.denied("aws", "CreateVpcEndpoint", link.up),
        play.denied("zilliz", "CreatePrivateEndpoint", link.up),
        play.denied("aws", "ChangeResourceRecordSets", link.up),
    ]
    play.finished = Repair(link)
    play.stopped.append(play.denied("aws", "DeleteHostedZone", link.down))
    play.down, play.after = play.taken_down()


@pytest.mark.parametrize("number, action", list(enumerate([
    "ec2:CreateVpcEndpoint", "privateEndpoints", "route53:ChangeResourceRecordSets", "route53:DeleteHostedZone"])))
def test_a_denied_call_ends_with_one_sentence_that_names_it(interrupted, number, action):
    run = interrupted.stopped[number]
    assert run.rc != 0 and action in run.message, run.message
    assert run.message.endswith("run again when the cause is gone, and the run goes on from there.")
    assert "Traceback" not in run.stdout


def test_a_stopped_run_goes_on_where_it_stopped(interrupted):
    repair = interrupted.finished
    assert "CreateVpcEndpoint" not in repair.calls and "CreateSecurityGroup" not in repair.calls
    assert "ChangeResourceRecordSets" in repair.calls
    repair.settled()


def test_a_stopped_teardown_goes_on_where_it_stopped(interrupted):
    assert interrupted.down.rc == 0, interrupted.down.stdout[-4000:]
    assert interrupted.after == interrupted.before
