# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever others do to a Google link is planned, explained and repaired; what is theirs is left alone and named."""
from __future__ import annotations

import itertools

import pytest

from e2e.scenes import Repair, Scene, only, scene, steps_of, why_of

TEXT = "zilliz.cloud private link "
# What each mutating call is made for.
CALLS = {
    "compute.addresses.insert": "create address",
    "compute.addresses.delete": "delete address",
    "compute.addresses.setLabels": "update labels",
    "compute.forwardingRules.insert": "create psc_endpoint",
    "compute.forwardingRules.delete": "delete psc_endpoint",
    "compute.forwardingRules.patch": "update psc_endpoint",
    "compute.forwardingRules.setLabels": "update labels",
    "compute.firewalls.insert": "create firewall_rule",
    "compute.firewalls.patch": "update firewall_rule",
    "compute.firewalls.delete": "delete firewall_rule",
    "dns.managedZones.create": "create managed_zone",
    "dns.managedZones.patch": "update managed_zone",
    "dns.managedZones.delete": "delete managed_zone",
    "CreatePrivateEndpoint": "authorize private_endpoint",
    "DeletePrivateEndpoint": "revoke private_endpoint",
}


class Gcp(Scene):
    CLOUD = "gcp"

    def project(self, state):
        return state["gcp"]["projects"][self.given["gcp_project_id"]]

    def region(self, state):
        return self.project(state)["regions"][self.given["region"]]

    def endpoint(self, state):
        return self.region(state)["forwarding_rules"][self.name]

    def zones(self, state):
        return {zone["dns_name"].rstrip("."): dict(zone, zone_id=zone_id) for zone_id, zone in self.project(state)["zones"].items()}

    def networks(self, *names):
        return [f"https://www.googleapis.com/compute/v1/projects/my-project/global/networks/{name}" for name in names]

    def made(self, **variables):
        """The link stands, and these are its names."""
        run = self.link.made(**variables)
        self.hosts = {one["cluster_name"]: one["host"] for one in run.result["links"] if one["ready"]}
        self.name, self.ip_address = run.result["endpoint"]["endpoint_id"], run.result["endpoint"]["ip_address"]
        self.text = TEXT + run.result["link"]
        return run


def kept_its_word(repair):
    """Each step was a call, no call was without a step, and nothing was left; several records go in one change."""
    repair.settled()
    assert "dns.changes.create" not in repair.calls or any(" record " in x for x in repair.steps)
    planned = sorted(" ".join(x.split()[:2]) for x in repair.steps if x.split()[1] != "record")
    # Google writes the labels of a new endpoint by a call of its own.
    calls = [x for last, x in zip([None] + repair.calls, repair.calls)
             if (last, x) != ("compute.forwardingRules.insert", "compute.forwardingRules.setLabels")]
    assert planned == sorted(CALLS[x] for x in calls if x != "dns.changes.create")


def anew(name):
    """The steps of an endpoint that cannot be saved."""
    return [f"{x} {name}" for x in ("revoke private_endpoint", "delete psc_endpoint", "create psc_endpoint", "authorize private_endpoint")]


# What can be put right in place


@scene(Gcp, clusters=4)
def in_place(play):
    """In a network that denies all egress, so that the firewall has its part in it."""
    link, sandbox, locked = play.link, play.sandbox, play.sandbox.scenario["extra"]["gcp"]
    link.vars.update(
        network=locked["locked_network"], subnetwork=locked["locked_subnetwork"], zone_networks=[play.given["second_network"]],
        labels={"team": "data"},
    )
    play.made()
    first, second, third, fourth = (play.hosts[f"prod-0{number}"] for number in (1, 2, 3, 4))

    sandbox.drift("gcp_endpoint_global_access")
    sandbox.drift("gcp_endpoint_labels", remove=["team"], set={"owner": "web"})
    sandbox.drift("gcp_address_labels", set={"team": "web", "owner": "web"})
    sandbox.drift("gcp_firewall_widen", port=22)
    sandbox.drift("gcp_firewall_widen", protocol="udp", range="10.0.0.0/8", target_tag="web")
    sandbox.drift("change_link", cluster_id=play.clusters()["prod-04"], port=19540)
    sandbox.drift("gcp_record_change", zone=first)
    sandbox.drift("gcp_record_add", zone=first)
    sandbox.drift("gcp_zone_network_add", zone=first, network="my-vpc")
    sandbox.drift("gcp_record_delete", zone=second)
    sandbox.drift("gcp_zone_network_remove", zone=second, network="locked-vpc")
    sandbox.drift("gcp_record_value_add", zone=third)
    sandbox.drift("gcp_zone_network_remove", zone=third, network="my-second-vpc")
    sandbox.drift("gcp_zone_labels", zone=third, set={"team": "web", "owner": "web"})
    sandbox.drift("gcp_record_change", zone=fourth, ttl=300)
    sandbox.drift("gcp_zone_description", zone=fourth, description=f"{play.text} (please keep)")
    play.stale = sandbox.drift("stale_registration", project_id=play.given["project_id"])["endpoint_id"]
    # The same name in another Google project is another endpoint.
    sandbox.drift("foreign_registration", endpoint_id=play.name, gcp_project_id="other-project")
    play.repair = Repair(link, check=True)

    sandbox.drift("gcp_firewall_narrow", port=19532)
    sandbox.drift("gcp_firewall_disable")
    sandbox.drift("gcp_firewall_change", priority=2000, logging=True)
    sandbox.drift("gcp_zone_delete", zone=second)
    sandbox.drift("lose_registration", endpoint_id=play.name, gcp_project_id="my-project")
    play.narrowed = Repair(link, again=False, purge_stale=True)

    sandbox.drift("gcp_firewall_delete")
    sandbox.drift("gcp_foreign_firewall", name="no-way-out", network="locked-vpc", priority=500, denied=[{"IPProtocol": "tcp"}])
    sandbox.drift("reject_registration", endpoint_id=play.name, gcp_project_id="my-project")
    play.denied_before = Repair(link, again=False)

    sandbox.drift("gcp_firewall_change", description="changed by hand")
    sandbox.drift("gcp_zone_description", zone=first)
    play.unmarked = link.up(check=True)
    play.adopted = Repair(link, again=False, adopt=True)

    sandbox.drift("gcp_foreign_address", name="second", subnetwork="locked-subnet", description=play.text)
    sandbox.drift("gcp_foreign_endpoint", name="theirs", network="locked-vpc", address="second", target=locked["other_service"])
    play.first_down, play.kept = play.taken_down()
    sandbox.drift("gcp_record_delete", zone=first, type="TXT")
    sandbox.drift("gcp_endpoint_delete", name="theirs")
    for name in ("no-way-out", play.name):
        sandbox.drift("gcp_firewall_delete", name=name)
    play.second_down, play.after = play.taken_down()


def test_every_drift_is_planned_and_nothing_else(in_place):
    name, repair = in_place.name, in_place.repair
    first, second, third, fourth = (in_place.hosts[f"prod-0{number}"] for number in (1, 2, 3, 4))
    names = {
        first: [f"update managed_zone {first}", f"update record {first} A"],
        second: [f"update managed_zone {second}", f"create record {second} A"],
        third: [f"update managed_zone {third}", f"update record {third} A"],
        fourth: [f"update managed_zone {fourth}", f"update record {fourth} A"],
    }
    assert repair.steps == [
        f"update labels {name}",
        f"update labels {name}",
        f"update psc_endpoint {name}",
        f"update firewall_rule {name}",
        *(step for host in sorted(names) for step in names[host]),
    ]


def test_check_mode_foresees_what_the_run_does(in_place):
    in_place.repair.foretold()


@pytest.mark.parametrize("what", ["repair", "narrowed", "denied_before", "adopted"])
def test_each_step_is_a_call_and_the_rerun_has_nothing_to_do(in_place, what):
    kept_its_word(getattr(in_place, what))


def test_global_access_of_the_endpoint(in_place):
    step = in_place.repair.step("update psc_endpoint")
    assert step["why"] == "Clients of other regions shall not reach it"
    assert (step["before"], step["after"]) == ({"global_access": True}, {"global_access": False})
    assert in_place.endpoint(in_place.repair.state)["global_access"] is False


@pytest.mark.parametrize("kind, was", [("forwarding_rule", None), ("address", "web")])
def test_labels_of_ours_come_back_and_foreign_ones_stay(in_place, kind, was):
    step = only(x for x in in_place.repair.plan["steps"] if x["after"].get("kind") == kind)
    assert step["why"] == f"Labels of the {kind.replace('_', ' ')} are not as wanted: team"
    assert step["before"] == {"labels": {"team": was}} and step["after"]["labels"] == {"team": "data"}
    things = {"forwarding_rule": "forwarding_rules", "address": "addresses"}[kind]
    assert in_place.region(in_place.repair.state)[things][in_place.name]["labels"] == {"owner": "web", "team": "data"}


def rule_of(in_place, repair):
    return in_place.project(repair.state)["firewalls"][in_place.name]


def test_a_widened_rule_is_as_narrow_as_before(in_place):
    step, way_out = in_place.repair.step("update firewall_rule"), f"{in_place.ip_address}/32"
    assert step["why"] == "Not as wanted: allowed, destination ranges and target tags"
    assert step["before"]["allowed"] == [
        {"protocol": "tcp", "ports": ["443", "19531", "19532", "22"]}, {"protocol": "udp", "ports": []}]
    assert step["before"]["destination_ranges"] == sorted(["10.0.0.0/8", way_out]) and step["before"]["target_tags"] == ["web"]
    rule = rule_of(in_place, in_place.repair)
    # One cluster has moved to another port.
    assert rule["allowed"] == [{"protocol": "tcp", "ports": ["19531", "19532", "19540"]}]
    assert rule["destinationRanges"] == [way_out] and rule["targetTags"] == []


def test_a_narrowed_disabled_and_late_rule_lets_the_clients_out_again(in_place):
    step = in_place.narrowed.step("update firewall_rule")
    assert step["why"] == "Not as wanted: allowed, priority, disabled and logging"
    assert step["before"] == {"allowed": [{"protocol": "tcp", "ports": ["19531", "19540"]}], "priority": 2000, "disabled": True, "logging": True}
    assert rule_of(in_place, in_place.narrowed) == rule_of(in_place, in_place.repair)


def test_a_deleted_rule_comes_back_before_a_foreign_one_that_denies_more_urgently(in_place):
    step = in_place.denied_before.step("create firewall_rule")
    assert step["why"] == "Rules no-way-out and locked-deny-egress would deny the clients' way out to the endpoint"
    rule = rule_of(in_place, in_place.denied_before)
    assert (rule["priority"], rule_of(in_place, in_place.repair)["priority"]) == (499, 1000)
    firewalls = in_place.project(in_place.denied_before.state)["firewalls"]
    assert firewalls["no-way-out"]["priority"] == 500 and firewalls["no-way-out"]["denied"]


def test_a_rule_without_our_description_is_somebody_s_and_lets_the_clients_out_as_well(in_place):
    assert in_place.unmarked.rc == 0 and in_place.unmarked.plans[0]["steps"] == []
    assert [x for x in in_place.adopted.steps if "firewall" in x] == []
    for state in (in_place.adopted.state, in_place.kept):
        assert in_place.project(state)["firewalls"][in_place.name]["description"] == "changed by hand"


def zone_of(in_place, cluster_name, repair=None):
    return in_place.zones((repair or in_place.repair).state)[in_place.hosts[cluster_name]]


def test_a_changed_record(in_place):
    host = in_place.hosts["prod-01"]
    step = in_place.repair.step("update record", f"{host} A")
    assert step["why"] == "It leads to 192.0.2.1 instead of the endpoint" and step["before"]["value"] == ["192.0.2.1"]
    assert zone_of(in_place, "prod-01")["records"][f"{host}. A"] == {"ttl": 60, "values": [in_place.ip_address]}


def test_an_extra_value_of_a_record(in_place):
    host = in_place.hosts["prod-03"]
    step = in_place.repair.step("update record", f"{host} A")
    assert "192.0.2.66" in step["why"] and step["before"]["value"] == [in_place.ip_address, "192.0.2.66"]
    assert zone_of(in_place, "prod-03")["records"] == {f"{host}. A": {"ttl": 60, "values": [in_place.ip_address]}}


def test_the_ttl_of_a_record(in_place):
    host = in_place.hosts["prod-04"]
    step = in_place.repair.step("update record", f"{host} A")
    assert step["why"] == "Its TTL is not as wanted" and (step["before"]["ttl"], step["after"]["ttl"]) == (300, 60)
    assert zone_of(in_place, "prod-04")["records"] == {f"{host}. A": {"ttl": 60, "values": [in_place.ip_address]}}


def test_a_deleted_record(in_place):
    host = in_place.hosts["prod-02"]
    assert in_place.repair.step("create record", f"{host} A")["why"] == f"Zone {host} does not have this record"
    assert zone_of(in_place, "prod-02")["records"] == {f"{host}. A": {"ttl": 60, "values": [in_place.ip_address]}}


def test_a_foreign_record_stays_and_is_named(in_place):
    host = in_place.hosts["prod-01"]
    assert f"Zone {host} also holds other.{host} TXT: not ours, it stays." in in_place.repair.notes
    assert f"other.{host}. TXT" in zone_of(in_place, "prod-01")["records"]


@pytest.mark.parametrize("cluster_name, why, networks", [
    ("prod-01", "It also answers in network my-vpc", ["locked-vpc", "my-second-vpc", "my-vpc"]),
    ("prod-02", "It does not answer in network locked-vpc", ["my-second-vpc"]),
    ("prod-03", "It does not answer in network my-second-vpc", ["locked-vpc"])])
def test_added_and_removed_networks_of_a_zone(in_place, cluster_name, why, networks):
    step = in_place.repair.step("update managed_zone", in_place.hosts[cluster_name])
    assert step["why"].startswith(why) and step["before"]["networks"] == in_place.networks(*networks)
    assert step["after"]["networks"] == zone_of(in_place, cluster_name)["networks"] == in_place.networks("locked-vpc", "my-second-vpc")


def test_labels_of_a_zone(in_place):
    step = in_place.repair.step("update managed_zone", in_place.hosts["prod-03"])
    assert step["why"].endswith("its labels are not as wanted (team)") and step["before"]["labels"] == {"team": "web"}
    assert zone_of(in_place, "prod-03")["labels"] == {"owner": "web", "team": "data"}


def test_the_description_of_a_zone_that_still_names_this_link(in_place):
    step = in_place.repair.step("update managed_zone", in_place.hosts["prod-04"])
    assert step["why"] == "Its description is not as wanted"
    assert step["before"] == {"description": f"{in_place.text} (please keep)"}
    assert zone_of(in_place, "prod-04")["description"] == f"{in_place.text} cluster {in_place.clusters()['prod-04']}"


def test_a_zone_whose_description_is_lost_is_used_until_it_is_adopted(in_place):
    host = in_place.hosts["prod-01"]
    notes = " ".join(in_place.unmarked.plans[0]["notes"])
    assert f"Zone {host} (" in notes and "was not made by this link" in notes
    step = in_place.adopted.step("update managed_zone", host)
    assert step["why"] == "Its description does not name this link" and step["before"] == {"description": "changed by hand"}
    assert zone_of(in_place, "prod-01", in_place.adopted) == zone_of(in_place, "prod-01")


def test_a_deleted_zone_comes_back_with_its_record(in_place):
    host, repair = in_place.hosts["prod-02"], in_place.narrowed
    assert [x for x in repair.steps if host in x] == [f"create managed_zone {host}", f"create record {host} A"]
    assert zone_of(in_place, "prod-02", repair) == zone_of(in_place, "prod-02")


def test_a_lost_registration(in_place):
    step = in_place.narrowed.step("authorize private_endpoint", in_place.name)
    assert step["why"] == f"Endpoint {in_place.name} is not registered at Zilliz Cloud"


def test_a_rejected_registration_is_enough_for_a_new_endpoint(in_place):
    """To make the registration again it must be revoked first, and that rejects the connection for good."""
    name, repair = in_place.name, in_place.denied_before
    assert repair.steps[:4] == anew(name)
    assert repair.step("delete psc_endpoint")["why"] == (
        "It is to be replaced: its registration is REJECTED at Zilliz Cloud (state REJECTED)")
    # What others wrote on the old one goes with it.
    old, new = in_place.endpoint(in_place.narrowed.state), in_place.endpoint(repair.state)
    assert new == dict(old, labels={"team": "data"}) and new["status"] == "ACCEPTED"


def test_a_stale_registration_stays_until_purge_stale(in_place):
    assert in_place.stale in in_place.repair.notes and "purge_stale: true removes" in in_place.repair.notes
    assert "purge_stale is set" in in_place.narrowed.step("revoke private_endpoint", in_place.stale)["why"]


def test_the_same_name_in_another_google_project_is_never_touched(in_place):
    def others(state):
        return [row for row in state["zilliz"]["registrations"] if row["gcp_project_id"] == "other-project"]

    assert others(in_place.repair.state) == others(in_place.after) and len(others(in_place.after)) == 1
    assert "other-project" not in in_place.repair.run.stdout


def test_a_zone_with_a_foreign_record_and_an_address_with_a_foreign_user_survive_the_teardown(in_place):
    host, stdout = in_place.hosts["prod-01"], in_place.first_down.stdout
    assert in_place.first_down.rc == 0, stdout[-4000:]
    assert f"Zone {host}" in stdout and f"is kept, because it also holds other.{host} TXT" in stdout
    assert "Address second is kept, because theirs uses it: take it off there and run again." in stdout
    zone = only(in_place.zones(in_place.kept).items())
    assert zone[0] == host and list(zone[1]["records"]) == [f"other.{host}. TXT"]
    kept, before = in_place.region(in_place.kept), in_place.region(in_place.before)
    assert set(kept["addresses"]) - set(before["addresses"]) == {"second"}
    assert set(kept["forwarding_rules"]) - set(before["forwarding_rules"]) == {"theirs"}


def test_nothing_is_left_when_the_foreign_things_are_gone(in_place):
    assert in_place.second_down.rc == 0, in_place.second_down.stdout[-4000:]
    assert in_place.after["gcp"] == in_place.before["gcp"]


# The endpoint and its connection


@scene(Gcp)
def endpoint_life(play):
    link, sandbox = play.link, play.sandbox
    play.made()
    play.first, project = sandbox.state(), {"gcp_project_id": play.given["gcp_project_id"]}

    sandbox.drift("gcp_connection_reject")
    play.cut = Repair(link, again=False)
    sandbox.drift("gcp_endpoint_remake")
    play.stuck = link.up(wait_timeout=2)
    play.remade = Repair(link, again=False, recreate=True)
    sandbox.drift("gcp_connection_attention")
    play.attention = link.up(wait_timeout=2)
    sandbox.drift("gcp_connection_accept")

    sandbox.drift("gcp_endpoint_delete")
    sandbox.drift("gcp_address_delete")
    sandbox.drift("gcp_foreign_address", name="theirs", address=play.ip_address)
    play.unauthorized = play.denied("zilliz", "CreatePrivateEndpoint", link.up)
    play.between = sandbox.state()
    play.authorized = Repair(link, again=False)

    sandbox.drift("gcp_connection_close")
    play.closed = link.up(check=True)
    play.reopened = Repair(link, again=False, check=True, recreate=True)
    sandbox.drift("gcp_endpoint_retarget")
    play.retargeted = link.up(check=True)
    play.halfway = play.denied("gcp", "compute.forwardingRules.insert", lambda: link.up(recreate=True))
    play.empty = sandbox.state()
    play.replaced = Repair(link, again=False)

    def second(name):
        sandbox.drift("gcp_foreign_address", name=name, description=play.text)
        sandbox.drift("gcp_foreign_endpoint", name=name, address=name, description=play.text)

    second("second")
    sandbox.drift("gcp_deny_egress", name="nothing-leaves")
    play.one_registered = Repair(link, again=False)
    second("third")
    sandbox.drift("gcp_firewall_delete", name="nothing-leaves")
    sandbox.drift("foreign_registration", endpoint_id="third", **project)
    sandbox.drift("lose_registration", endpoint_id=play.name, **project)
    play.other_registered = Repair(link)

    play.stopped = play.denied("gcp", "dns.managedZones.delete", link.down)
    sandbox.drift("gcp_address_delete", name="theirs")
    play.down, play.after = play.taken_down()


ROUNDS = ["cut", "remade", "reopened", "replaced", "one_registered", "other_registered"]


@pytest.mark.parametrize("what", ROUNDS)
def test_each_step_for_the_endpoint_is_a_call_and_the_rerun_has_nothing_to_do(endpoint_life, what):
    kept_its_word(getattr(endpoint_life, what))


def made_anew(play, repair, why):
    """With its name and its address, so that no record changes."""
    assert repair.steps == anew(play.name)
    assert repair.step("delete psc_endpoint")["why"] == f"It is to be replaced: {why}"
    assert repair.calls == ["DeletePrivateEndpoint", "compute.forwardingRules.delete", "compute.forwardingRules.insert", "CreatePrivateEndpoint"]
    assert play.region(repair.state) == play.region(play.first)


def test_a_rejected_connection_is_made_anew(endpoint_life):
    made_anew(endpoint_life, endpoint_life.cut, "its connection is REJECTED (state REJECTED)")


def test_an_endpoint_made_again_by_hand_is_awaited_and_made_anew_on_request(endpoint_life):
    """It has its name, its address and its registration still, but nobody will accept its connection."""
    stuck = endpoint_life.stuck
    assert stuck.rc != 0 and stuck.plans[0]["steps"] == []
    assert f"Google shows endpoint {endpoint_life.name} as PENDING, although Zilliz Cloud shows it as AVAILABLE" in stuck.message
    assert "recreate: true replaces it" in stuck.message
    why = "its registration is older than itself, so nobody will accept its connection (state PENDING)"
    made_anew(endpoint_life, endpoint_life.remade, why)


def test_a_connection_that_needs_attention_is_awaited_and_then_told(endpoint_life):
    run = endpoint_life.attention
    assert run.rc != 0 and f"Google shows endpoint {endpoint_life.name} as NEEDS_ATTENTION: Zilliz Cloud has to act, ask its support" in run.message
    assert run.plans[0]["steps"] == []


def test_an_endpoint_and_its_address_deleted_behind_our_back(endpoint_life):
    name, plan = endpoint_life.name, endpoint_life.unauthorized.plans[0]
    hosts = sorted(endpoint_life.hosts.values())
    assert steps_of(plan) == [
        f"revoke private_endpoint {name}", f"create address {name}", f"create psc_endpoint {name}", f"authorize private_endpoint {name}",
        *(f"update record {host} A" for host in hosts),
    ]
    assert why_of(plan, f"revoke private_endpoint {name}") == (
        "Its endpoint is gone, and the new one of this name needs a registration of its own")


def test_a_run_that_stopped_before_the_authorization_goes_on_there(endpoint_life):
    play, repair = endpoint_life, endpoint_life.authorized
    assert play.unauthorized.rc != 0 and "run again when the cause is gone, and the run goes on from there." in play.unauthorized.message
    assert play.endpoint(play.between)["status"] == "PENDING" and play.endpoint(play.between)["address"] != play.ip_address
    assert repair.steps == [f"authorize private_endpoint {play.name}", *(f"update record {host} A" for host in sorted(play.hosts.values()))]
    kept_its_word(repair)
    address = play.endpoint(repair.state)["address"]
    assert address == play.endpoint(play.between)["address"]
    for host in play.hosts.values():
        assert play.zones(repair.state)[host]["records"] == {f"{host}. A": {"ttl": 60, "values": [address]}}


def test_a_closed_connection_is_refused_without_recreate(endpoint_life):
    run = endpoint_life.closed
    assert run.rc != 0 and run.message == (
        f"Endpoint {endpoint_life.name} cannot be changed in place (its connection is CLOSED by Zilliz Cloud for good): set recreate: "
        "true to replace it, which cuts the link for some minutes."
    )


def test_a_closed_connection_is_made_again_with_its_name_and_address(endpoint_life):
    play, repair = endpoint_life, endpoint_life.reopened
    repair.foretold()
    assert repair.steps == anew(play.name)
    assert repair.calls == ["DeletePrivateEndpoint", "compute.forwardingRules.delete", "compute.forwardingRules.insert", "CreatePrivateEndpoint"]
    # All of it is as it was, the accepted connection too.
    assert play.endpoint(repair.state) == play.endpoint(play.authorized.state)
    assert play.region(repair.state) == play.region(play.authorized.state)


def test_an_endpoint_to_another_service_is_refused_without_recreate(endpoint_life):
    run = endpoint_life.retargeted
    assert run.rc != 0 and "zilliz-us-west1-psc-old, not to " in run.message and "set recreate: true to replace it" in run.message


def test_a_recreation_that_stopped_half_way_goes_on_without_recreate(endpoint_life):
    play, repair = endpoint_life, endpoint_life.replaced
    assert play.halfway.rc != 0 and "compute.forwardingRules.create" in play.halfway.message, play.halfway.message
    assert play.name not in play.region(play.empty)["forwarding_rules"] and play.name in play.region(play.empty)["addresses"]
    assert repair.steps == [f"create psc_endpoint {play.name}", f"authorize private_endpoint {play.name}"]
    assert play.region(repair.state) == play.region(play.authorized.state)


def test_a_second_endpoint_that_is_not_registered_goes_with_its_address(endpoint_life):
    repair = endpoint_life.one_registered
    assert repair.steps[1:] == ["delete psc_endpoint second", "delete address second"]
    assert repair.step("delete psc_endpoint")["why"] == "It is a second endpoint of this link (state ACCEPTED)"
    assert endpoint_life.region(repair.state) == endpoint_life.region(endpoint_life.replaced.state)


def test_the_registered_one_of_two_endpoints_stays_even_when_it_is_younger(endpoint_life):
    play, repair = endpoint_life, endpoint_life.other_registered
    assert repair.steps == [*(f"update record {host} A" for host in sorted(play.hosts.values())),
                            f"delete psc_endpoint {play.name}", f"delete address {play.name}", f"delete firewall_rule {play.name}"]
    # The names lead to the one that stays before the other goes.
    assert repair.calls == ["dns.changes.create"] * 2 + [
        "compute.forwardingRules.delete", "compute.addresses.delete", "compute.firewalls.delete"]
    assert repair.run.result["endpoint"]["endpoint_id"] == "third"


def test_a_network_that_denies_egress_from_now_on_gets_a_rule_and_loses_it_with_the_denial(endpoint_life):
    play, came, went = endpoint_life, endpoint_life.one_registered, endpoint_life.other_registered
    step = came.step("create firewall_rule", play.name)
    assert came.steps[0] == f"create firewall_rule {play.name}" and "nothing-leaves" in step["why"]
    rule = play.project(came.state)["firewalls"][play.name]
    assert rule["destinationRanges"] == [f"{play.endpoint(came.state)['address']}/32"] and rule["priority"] == 1000
    assert went.step("delete firewall_rule", play.name)["why"] == "Nothing denies the clients' way out any more"


def test_a_stopped_teardown_goes_on_where_it_stopped(endpoint_life):
    stopped = endpoint_life.stopped
    assert stopped.rc != 0 and "allow dns.managedZones.create, dns.managedZones.delete" in stopped.message, stopped.message
    assert endpoint_life.down.rc == 0, endpoint_life.down.stdout[-4000:]
    assert endpoint_life.after == endpoint_life.before


# What others made by hand


@scene(Gcp)
def by_hand(play):
    link, sandbox = play.link, play.sandbox
    link.vars["endpoint_name"] = play.name = "my-endpoint"
    other_service = sandbox.scenario["extra"]["gcp"]["other_service"]
    # Somebody's registration in another Google project: the links have their addresses already.
    sandbox.drift("foreign_registration", endpoint_id=play.name, gcp_project_id="other-project")
    sandbox.clock(advance=900)
    play.before = sandbox.state()

    sandbox.drift("gcp_foreign_address", name=play.name)
    sandbox.drift("gcp_foreign_endpoint", name=play.name, address=play.name, target=other_service)
    sandbox.drift("gcp_foreign_firewall", name=play.name)
    start = len(sandbox.log())
    play.conflict = link.up(client_egress="always")
    play.conflict_calls = sandbox.mutating(start)
    for kind in ("gcp_endpoint_delete", "gcp_address_delete", "gcp_firewall_delete"):
        sandbox.drift(kind, name=play.name)

    play.hosts = sorted(one["host"] for one in link.up(check=True).result["links"] if one["ready"])
    sandbox.drift("gcp_foreign_endpoint", name="hand-made", labels={"team": "data"}, status="PENDING")
    sandbox.drift("gcp_foreign_zone", dns_name=play.hosts[0], labels={"team": "data"})
    play.theirs = sandbox.state()
    play.used = Repair(link)
    play.first_down, play.kept = play.taken_down()
    play.adopted = Repair(link, adopt=True)
    play.second_down, play.after = play.taken_down()


def test_names_that_foreign_things_have_are_conflicts_before_anything_is_made(by_hand):
    run = by_hand.conflict
    assert run.rc != 0 and by_hand.conflict_calls == []
    assert run.message.startswith("3 problems: ")
    for text in ("forwarding rule my-endpoint in region us-west1", "an address my-endpoint in region us-west1", "a firewall rule my-endpoint"):
        assert text in run.message
    for way in ("choose another endpoint_name", "choose another address_name", "choose another firewall_name"):
        assert way in run.message


def test_a_hand_made_endpoint_and_zone_are_used_and_named(by_hand):
    repair, (first, second) = by_hand.used, by_hand.hosts
    assert repair.steps == ["authorize private_endpoint hand-made", f"create record {first} A", f"create managed_zone {second}", f"create record {second} A"]
    assert "Endpoint hand-made was not made by this link: it is used, never changed or deleted" in repair.notes
    assert f"Zone {first} (" in repair.notes and "was not made by this link" in repair.notes
    kept_its_word(repair)


def test_what_is_used_is_not_changed(by_hand):
    theirs, used = by_hand.region(by_hand.theirs), by_hand.region(by_hand.used.state)
    accepted = dict(theirs["forwarding_rules"]["hand-made"], status="ACCEPTED")
    assert used == dict(theirs, forwarding_rules={**theirs["forwarding_rules"], "hand-made": accepted})
    before, after = (by_hand.zones(state)[by_hand.hosts[0]] for state in (by_hand.theirs, by_hand.used.state))
    address = by_hand.used.run.result["endpoint"]["ip_address"]
    assert after == dict(before, records={f"{by_hand.hosts[0]}. A": {"ttl": 60, "values": [address]}})


def test_the_teardown_keeps_what_others_made_and_says_so(by_hand):
    run, host = by_hand.first_down, by_hand.hosts[0]
    assert run.rc == 0, run.stdout[-4000:]
    assert "Endpoint hand-made and its registration are kept: this link did not make it" in run.stdout
    # Nobody can tell who made a record that leads to somebody else's endpoint.
    assert f"keeps {host} A: this link did not make what it leads to" in run.stdout
    assert list(by_hand.zones(by_hand.kept)) == [host] and f"{host}. A" in by_hand.zones(by_hand.kept)[host]["records"]
    assert by_hand.region(by_hand.kept) == by_hand.region(by_hand.used.state)


def test_adopt_writes_the_mark_and_makes_it_as_wanted(by_hand):
    repair, first = by_hand.adopted, by_hand.hosts[0]
    for kind in ("forwarding_rule", "address"):
        step = only(x for x in repair.plan["steps"] if x["after"].get("kind") == kind)
        assert step["why"] == f"adopt writes the mark of this link on the {kind.replace('_', ' ')}"
    assert repair.step("update managed_zone", first)["before"]["description"] == "of another team"
    kept_its_word(repair)
    region = by_hand.region(repair.state)
    endpoint, address = region["forwarding_rules"]["hand-made"], region["addresses"]["hand-made-ip"]
    assert endpoint["labels"]["zilliz-cloud-private-link"] == address["labels"]["zilliz-cloud-private-link"]
    assert endpoint["labels"]["team"] == by_hand.zones(repair.state)[first]["labels"]["team"] == "data"


def test_the_teardown_removes_what_was_adopted(by_hand):
    assert by_hand.second_down.rc == 0, by_hand.second_down.stdout[-4000:]
    # The registration of the same name in another Google project among it.
    assert by_hand.after == by_hand.before


# Clusters come and go, and the names change their form


@scene(Gcp, clusters=4)
def clusters_change(play):
    link, sandbox, locked = play.link, play.sandbox, play.sandbox.scenario["extra"]["gcp"]
    link.vars.update(network=locked["locked_network"], subnetwork=locked["locked_subnetwork"])
    play.ids = play.clusters()
    play.made()

    sandbox.clock(speed=0)
    place = {name: play.given[name] for name in ("project_id", "region_id")}
    play.added = sandbox.drift("add_cluster", cluster_name="added", status="RUNNING", **place)["cluster_id"]
    play.busy = sandbox.drift("add_cluster", cluster_name="busy", status="MODIFYING", seconds=900, **place)["cluster_id"]
    sandbox.drift("drop_cluster", cluster_id=play.ids["prod-01"])
    sandbox.drift("suspend_cluster", cluster_id=play.ids["prod-02"])
    sandbox.drift("modify_cluster", cluster_id=play.ids["prod-03"], seconds=100)
    play.moved = sandbox.drift("change_link", cluster_id=play.ids["prod-04"])["private_link_address"].split("//")[1].split(":")[0]
    play.foreseen = link.up(check=True, diff=True)
    sandbox.clock(speed=600)
    play.repair = Repair(link, again=False)

    sandbox.drift("resume_cluster", cluster_id=play.ids["prod-02"])
    sandbox.clock(advance=900)
    play.resumed = Repair(link, again=False)
    play.hosts_now = sorted(one["host"] for one in play.resumed.run.result["links"] if one["ready"])
    play.taken = sandbox.drift("gcp_foreign_zone", dns_name="other.example.com", name="zilliz-privatelink-zone")["zone"]
    play.shared = Repair(link, again=False, dns="shared")
    play.none = Repair(link, again=False, dns="none")
    sandbox.drift("gcp_zone_delete", zone=play.taken)
    play.down, play.after = play.taken_down()


def test_a_dropped_cluster_loses_its_zone_and_record(clusters_change):
    host, plan = clusters_change.hosts["prod-01"], clusters_change.foreseen.plans[0]
    assert why_of(plan, f"delete record {host} A") and why_of(plan, f"delete managed_zone {host}")
    assert host not in clusters_change.zones(clusters_change.repair.state)


def test_a_suspended_and_a_busy_cluster_keep_their_names(clusters_change):
    for name in ("prod-02", "prod-03"):
        host = clusters_change.hosts[name]
        assert not [x for x in clusters_change.foreseen.plans[0]["steps"] if host in x["name"]]
        assert f"{host}. A" in clusters_change.zones(clusters_change.repair.state)[host]["records"]
    assert "suspended: resume it" in " ".join(clusters_change.repair.run.plans[-1]["notes"])


def ports(clusters_change, repair):
    return clusters_change.project(repair.state)["firewalls"][clusters_change.name]["allowed"]


def test_ports_stay_open_as_long_as_a_suspended_cluster_may_need_them(clusters_change):
    assert not [x for x in clusters_change.foreseen.plans[0]["steps"] if x["resource"] == "firewall_rule"]
    assert ports(clusters_change, clusters_change.repair) == [{"protocol": "tcp", "ports": ["19531", "19532", "443"]}]


def test_a_resumed_cluster_finds_its_name_and_the_ports_of_dropped_ones_close(clusters_change):
    repair = clusters_change.resumed
    assert repair.steps == [f"update firewall_rule {clusters_change.name}"]
    assert ports(clusters_change, repair) == [{"protocol": "tcp", "ports": ["19532", "443"]}]
    assert clusters_change.hosts["prod-02"] in clusters_change.hosts_now
    kept_its_word(repair)


def test_a_moved_link_gets_its_new_name_before_it_loses_the_old(clusters_change):
    old, new, plan = clusters_change.hosts["prod-04"], clusters_change.moved, clusters_change.foreseen.plans[0]
    steps = steps_of(plan)
    order = [steps.index(x) for x in (f"create managed_zone {new}", f"create record {new} A", f"delete record {old} A", f"delete managed_zone {old}")]
    assert order == sorted(order)
    zones = clusters_change.zones(clusters_change.repair.state)
    assert new in zones and old not in zones


def test_a_cluster_added_later_joins_with_its_name_only(clusters_change):
    plan = clusters_change.foreseen.plans[0]
    coming = [x for x in plan["steps"] if clusters_change.added in x["why"]]
    assert [(x["action"], x["resource"]) for x in coming] == [("create", "managed_zone"), ("create", "record")]
    assert all("(known after allocation)" in x["name"] for x in coming)
    assert any(clusters_change.added in zone for zone in clusters_change.zones(clusters_change.repair.state))
    assert not [name for name in clusters_change.repair.calls if "Endpoint" in name or "forwardingRules" in name]


def test_a_cluster_in_maintenance_is_awaited_with_its_reason(clusters_change):
    plan = clusters_change.foreseen.plans[0]
    assert only(x["text"] for x in plan["waiting"] if x["kind"] == "maintenance") == (
        f"cluster busy ({clusters_change.busy}): it is in maintenance (MODIFYING) and gets its private link afterwards")
    assert any(clusters_change.busy in zone for zone in clusters_change.zones(clusters_change.repair.state))


def test_nothing_else_is_planned_when_clusters_change(clusters_change):
    play = clusters_change
    old, gone, new = play.hosts["prod-04"], play.hosts["prod-01"], play.moved
    known = {x for x in steps_of(play.foreseen.plans[0]) if "(known after allocation)" not in x}
    assert known == {f"create managed_zone {new}", f"create record {new} A", f"delete record {old} A", f"delete managed_zone {old}",
                     f"delete record {gone} A", f"delete managed_zone {gone}"}
    play.repair.settled()


def test_from_exact_to_shared_new_names_come_before_old_ones_go(clusters_change):
    repair, zone, hosts = clusters_change.shared, "vectordb.zillizcloud.com", clusters_change.hosts_now
    assert repair.steps[:1 + len(hosts)] == [f"create managed_zone {zone}", *(f"create record {host} A" for host in hosts)]
    assert {x.split()[0] for x in repair.steps[1 + len(hosts):]} == {"delete"}
    dns = [name for name in repair.calls if name.startswith("dns.")]
    # An old zone is taken off the network before it loses its record: no name is without an answer for a moment.
    assert [call for call, _same in itertools.groupby(dns)] == [
        "dns.managedZones.create", "dns.changes.create", "dns.managedZones.patch", "dns.changes.create", "dns.managedZones.delete"]
    repair.settled()


def test_a_managed_zone_name_that_is_taken_gives_way(clusters_change):
    zones = clusters_change.zones(clusters_change.shared.state)
    assert zones["other.example.com"]["zone_id"] == "zilliz-privatelink-zone" and zones["other.example.com"]["description"] == "of another team"
    assert zones["vectordb.zillizcloud.com"]["zone_id"].startswith("zilliz-privatelink-zone-")
    assert all(f"{host}. A" in zones["vectordb.zillizcloud.com"]["records"] for host in clusters_change.hosts_now)


def test_without_dns_the_names_go_and_the_records_are_handed_over(clusters_change):
    repair = clusters_change.none
    assert {x["action"] for x in repair.plan["steps"]} == {"delete"}
    assert sorted(x["name"] for x in repair.run.result["records"]) == clusters_change.hosts_now
    assert list(clusters_change.zones(repair.state)) == ["other.example.com"]
    kept_its_word(repair)


def test_nothing_is_left_of_all_these_names(clusters_change):
    assert clusters_change.down.rc == 0, clusters_change.down.stdout[-4000:]
    assert clusters_change.after["gcp"] == clusters_change.before["gcp"]
    assert clusters_change.after["zilliz"]["registrations"] == clusters_change.before["zilliz"]["registrations"]
