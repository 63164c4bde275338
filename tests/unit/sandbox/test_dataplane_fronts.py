# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a client meets on the endpoints' addresses: what the state allows works, and nothing else."""
from __future__ import annotations

import errno
import pathlib
import socket
import threading
import time
from unittest import mock

import pytest
from sandbox import loopback
from sandbox.client import Sandbox
from sandbox.core import BadRequest, World

from .clients import AwsLink, GoogleLink, ask, walk

HEALTHY = (400, {"code": 400, "message": "Bad Request"})


@pytest.fixture(scope="module")
def whole():
    world = World(speed=0)
    yield world
    world.dataplane.stop()


@pytest.fixture
def world(whole):
    whole.reset(switches={"loopback": True})
    return whole


@pytest.fixture
def link(world):
    return AwsLink(world)


@pytest.fixture
def google(world):
    return GoogleLink(world)


# --- what works ---


def test_a_healthy_link_answers_on_each_address(link):
    assert [link.walk(address) for address in link.addresses] == [HEALTHY, HEALTHY]
    status, answer = link.walk(token=link.data["token"])
    assert (status, answer["code"]) == (200, 0) and answer["data"]
    assert link.walk(token=link.data["user_token"])[0] == 200
    assert link.walk(token="no-such-key")[0] == 401
    link.world.switch({"loopback_bad_key": "envelope"})
    assert link.walk(token="no-such-key") == (200, {"code": 80001, "message": "The token is illegal, please check it."})


def test_a_healthy_google_link_answers(google):
    assert google.walk() == HEALTHY and google.walk(token=google.data["token"])[0] == 200


def test_the_endpoints_own_name_is_not_in_the_certificate(link):
    assert "Hostname mismatch" in link.walk(host=link.endpoint_name)


def test_a_client_that_speaks_no_tls_is_told(link):
    with socket.create_connection((link.addresses[0], link.port), 1) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert connection.recv(4096).startswith(b"HTTP/1.1 400 ")


# --- what the state forbids ---


def after(link, change, **how):
    change()
    link.plane.sync()
    return link.walk(**how)


def test_a_closed_security_group_lets_connections_hang(link):
    assert after(link, lambda: link.world.drift("rule_remove", group_id=link.group_id)) == "hangs"
    assert after(link, lambda: link.world.drift("rule_add", group_id=link.group_id, port=link.port, cidr="192.0.2.0/24")) == "hangs"
    client_group = link.world.scenario["aws"]["client_security_group_id"]
    moto_group = link.world.aws.ec2.backend(link.endpoint.account, link.endpoint.region).get_security_group_from_id(link.group_id)
    link.world.aws.quietly(link.endpoint.account, link.endpoint.region, "ec2", "AuthorizeSecurityGroupIngress", GroupId=moto_group.id, IpPermissions=[
        {"IpProtocol": "tcp", "FromPort": link.port, "ToPort": link.port, "UserIdGroupPairs": [{"GroupId": client_group}]}])
    link.plane.sync()
    assert link.walk() == HEALTHY


def test_the_clients_own_group_can_keep_it_in(link):
    group = link.world.aws.ec2.backend(link.endpoint.account, link.endpoint.region).get_security_group_from_id(
        link.world.scenario["aws"]["client_security_group_id"])
    assert after(link, group.egress_rules.clear) == "hangs"
    link.world.drift("rule_add", group_id=group.id, port=link.port, cidr=f"{link.addresses[0]}/32", direction="egress")
    link.plane.sync()
    assert (link.walk(link.addresses[0]), link.walk(link.addresses[1])) == (HEALTHY, "hangs")


def test_a_client_elsewhere_in_the_network_is_another_source(link):
    assert after(link, lambda: link.world.switch({"loopback_client": "192.0.2.9"})) == "hangs"


def test_a_network_acl_closes_one_subnet(link):
    backend = link.world.aws.ec2.backend(link.endpoint.account, link.endpoint.region)
    acl = backend.create_network_acl(link.endpoint.vpc_id)
    backend.add_default_entries(acl.id)
    subnet = link.endpoint.subnet_ids[0]
    old = next(one for acls in backend.network_acls.values() for one in acls.associations if one.subnet_id == subnet)
    backend.replace_network_acl_association(old.id, acl.id)
    assert after(link, lambda: None) == HEALTHY
    backend.create_network_acl_entry(acl.id, 50, "6", "deny", False, "0.0.0.0/0", None, None, link.port, link.port, None)
    link.plane.sync()
    assert (link.walk(link.addresses[0]), link.walk(link.addresses[1])) == ("hangs", HEALTHY)
    backend.replace_network_acl_entry(acl.id, 50, "6", "allow", False, "0.0.0.0/0", None, None, link.port, link.port, None)
    # What it let in, it may not let out again.
    backend.create_network_acl_entry(acl.id, 50, "6", "deny", True, "0.0.0.0/0", None, None, 1024, 65535, None)
    assert after(link, lambda: None) == "hangs"


def test_a_port_without_a_link_refuses_where_the_group_lets_it_through(link):
    assert link.walk(port=19530) == "hangs"
    link.world.drift("rule_add", group_id=link.group_id, port=19530, cidr="127.0.0.0/8")
    link.plane.sync()
    assert link.walk(port=19530) == "refused"
    assert link.walk(port=19999) == "refused"


def test_a_link_that_moved_is_no_more_where_it_was(link):
    host, port = link.host, link.port
    link.world.drift("change_link", cluster_id=link.cluster_id, port=19544)
    link.world.drift("rule_add", group_id=link.group_id, port=19544, cidr="127.0.0.0/8")
    link.plane.sync()
    assert (link.walk(port=port), link.walk(port=19544)) == ("refused", HEALTHY)
    link.world.drift("change_link", cluster_id=link.cluster_id, host=f"moved-{host}")
    assert (link.walk(port=19544), link.walk(port=19544, host=f"moved-{host}")) == ("closed", HEALTHY)


@pytest.mark.parametrize("state", ["pendingAcceptance", "pending", "rejected", "failed", "expired"])
def test_an_endpoint_that_is_not_available_hangs(link, state):
    link.endpoint.state = state
    assert after(link, lambda: None) == "hangs"


def test_an_endpoint_that_is_gone_is_not_there(link):
    assert after(link, lambda: link.world.drift("endpoint_delete", endpoint_id=link.endpoint_id, gone=True)) == "refused"


def test_without_its_registration_the_vendor_closes(link):
    assert after(link, lambda: link.world.drift("lose_registration", endpoint_id=link.endpoint_id)) == "closed"
    assert link.walk(host=link.endpoint_name) == "closed"
    link.register(link.endpoint_id)
    assert link.walk() == HEALTHY
    assert after(link, lambda: link.world.drift("lose_registration", endpoint_id=link.endpoint_id, reject=True)) == "hangs"


@pytest.mark.parametrize("suspended_address", ["lost", "kept"])
def test_a_suspended_cluster_closes_and_a_busy_one_does_not(link, suspended_address):
    link.world.switch({"suspended_address": suspended_address})
    assert after(link, lambda: link.world.drift("suspend_cluster", cluster_id=link.cluster_id)) == "closed"
    link.world.drift("resume_cluster", cluster_id=link.cluster_id)
    link.world.clock.advance(1000)
    assert after(link, lambda: None) == HEALTHY
    link.world.drift("modify_cluster", cluster_id=link.cluster_id)
    assert link.walk() == HEALTHY


@pytest.mark.parametrize("status", ["PENDING", "REJECTED", "CLOSED", "NEEDS_ATTENTION"])
def test_a_google_connection_that_is_not_accepted_hangs(google, status):
    google.rule["pscConnectionStatus"] = status
    assert after(google, lambda: None) == "hangs"


def test_a_google_firewall_that_lets_nothing_out(google):
    assert after(google, lambda: google.world.drift("gcp_deny_egress")) == "hangs"
    allowed = {"name": "way-out", "allowed": [{"IPProtocol": "tcp", "ports": [f"{google.port}"]}], "destinationRanges": google.addresses}
    google.world.gcp.quietly("compute.firewalls.insert", {"project": "my-project"},
                             {**allowed, "network": "projects/my-project/global/networks/my-vpc", "direction": "EGRESS", "priority": 900,
                              "destinationRanges": [f"{google.addresses[0]}/32"]})
    google.world.clock.advance(60)
    google.plane.sync()
    assert google.walk() == HEALTHY
    rule = next(one for one in google.world.gcp.compute.firewalls.all.values() if one["name"] == "way-out")
    rule["targetTags"] = ["search"]
    assert after(google, lambda: None) == "hangs"
    assert after(google, lambda: google.world.switch({"loopback_client_tags": ["search"]})) == HEALTHY
    # Of two rules of one priority, that which denies wins.
    rule["priority"] = 65000
    assert after(google, lambda: None) == "hangs"


def test_firewall_policies_around_the_rules_of_a_google_network(google):
    assert after(google, lambda: google.world.drift("gcp_firewall_policy_denies", ports=[google.port + 1])) == HEALTHY
    assert after(google, lambda: google.world.drift("gcp_firewall_policy_denies", name="others", target_accounts=["web@my-project"])) == HEALTHY
    assert after(google, lambda: google.world.drift("gcp_firewall_policy_denies", name="all")) == "hangs"
    # The network's own rules come first, unless it is set otherwise; those of the organization always do.
    google.world.drift("gcp_foreign_firewall", name="way-out", allowed=[{"IPProtocol": "tcp"}])
    assert after(google, lambda: None) == HEALTHY
    assert after(google, lambda: google.world.drift("gcp_firewall_policy_denies", name="first", policies_first=True)) == "hangs"
    google.world.gcp.policies.reset()
    assert after(google, lambda: None) == HEALTHY
    assert after(google, lambda: google.world.drift("gcp_firewall_policy_denies", hierarchical=True)) == "hangs"


def test_the_fronts_follow_a_state_that_nobody_told_them_of(link):
    link.endpoint.state = "rejected"
    until = time.monotonic() + 20
    while link.walk() != "hangs":
        assert time.monotonic() < until


# --- the public endpoint ---


def test_the_public_endpoint_answers_outside_while_it_is_on(link):
    port = int(link.cluster["connectAddress"].rpartition(":")[2])
    there = {"address": link.data["public_address"], "port": port, "host": link.public_host}
    assert link.walk(**there) == HEALTHY
    link.cluster["publicAddressEnabled"] = False
    link.plane.sync()
    assert link.walk(**there) == "closed"
    link.world.switch({"loopback_public": False})
    link.plane.sync()
    assert link.walk(**there) == "refused" and link.walk() == HEALTHY


# --- faults ---

FAULTS = {
    "hang": "hangs", "refuse": "refused", "reset": "reset", "close": "closed", "mute": "no answer to TLS", "not_tls": "WRONG_VERSION_NUMBER",
    "wrong_certificate": "Hostname mismatch, certificate is not valid for '{host}'.",
    "endpoint_certificate": "Hostname mismatch, certificate is not valid for '{host}'.",
    "untrusted_certificate": "unable to get local issuer certificate", "expired_certificate": "certificate has expired",
    "silent": "no answer to HTTP", "odd_answer": "no HTTP", "cluster_down": (503, "no healthy upstream"),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("cloud", [AwsLink, GoogleLink])
def test_a_fault_and_its_end(world, cloud, fault):
    link = cloud(world)
    wanted = FAULTS[fault].format(host=link.host) if isinstance(FAULTS[fault], str) else FAULTS[fault]
    patience = {"seconds": 0.5} if fault in ("mute", "silent") else {}
    assert after(link, lambda: world.drift(f"data_plane_{fault}"), **patience) == wanted
    assert after(link, lambda: world.drift("data_plane_ok")) == HEALTHY


def test_a_call_that_fails_behind_a_good_path(link):
    link.world.drift("data_plane_call_fails")
    status, answer = link.walk(token=link.data["token"])
    assert link.walk() == HEALTHY and (status, answer["code"]) == (200, 1100)


def test_one_of_several_addresses_hangs(link):
    link.world.drift("data_plane_one_address_hangs")
    link.plane.sync()
    assert [link.walk(one) for one in link.addresses] == ["hangs", HEALTHY]
    link.world.drift("data_plane_ok")
    link.world.drift("data_plane_one_address_hangs", address=link.addresses[1])
    link.plane.sync()
    assert [link.walk(one) for one in link.addresses] == [HEALTHY, "hangs"]


def test_a_fault_of_one_cluster_spares_the_others(link):
    link.world.drift("data_plane_cluster_down", cluster_id=link.world.scenario["zilliz"]["clusters"][1]["clusterId"])
    assert link.walk() == HEALTHY
    link.world.drift("data_plane_cluster_down", cluster_id=link.cluster_id)
    assert link.walk()[0] == 503
    link.world.drift("data_plane_ok")
    assert after(link, lambda: link.world.drift("data_plane_hang", cluster_id=link.cluster_id)) == "hangs"


def test_the_private_path_breaks_when_the_public_one_closes_and_heals_when_it_opens(link):
    link.world.drift("data_plane_breaks_when_public_closes")
    assert after(link, lambda: None) == HEALTHY
    for how, seen in (("reset", "reset"), ("hang", "hangs")):
        link.world.drift("data_plane_ok")
        link.world.drift("data_plane_breaks_when_public_closes", how=how)
        assert after(link, lambda: link.cluster.update(publicAddressEnabled=False)) == seen
        assert after(link, lambda: link.cluster.update(publicAddressEnabled=True)) == HEALTHY


def test_a_reset_clears_faults_and_a_bad_fault_is_a_sentence(world):
    world.drift("data_plane_silent")
    assert world.dataplane.state()["faults"] == [{"kind": "silent", "side": "private"}]
    world.reset(switches={"loopback": True})
    assert world.dataplane.state()["faults"] == []
    for kind, args in (("silent", {"colour": "red"}), ("silent", {"cluster_id": "in01-none"}), ("silent", {"side": "left"}),
                       ("breaks_when_public_closes", {"how": "no"}), ("one_address_hangs", {})):
        with pytest.raises(BadRequest, match=r"\.$"):
            world.drift(f"data_plane_{kind}", **args)


# --- the switch ---


def test_nothing_runs_and_nothing_moves_without_the_switch():
    before = threading.active_count()
    world = World(speed=0)
    assert world.scenario["aws"]["client_cidrs"] == ["10.20.0.0/16"] and world.dataplane.scenario("") == {}
    assert threading.active_count() == before and world.dataplane.fronts.present == {} and world.dataplane.dns is None
    with pytest.raises(BadRequest, match="reset"):
        world.switch({"loopback": True})
    with pytest.raises(BadRequest, match="needs the switch loopback"):
        world.drift("data_plane_hang")


def test_a_reset_without_the_switch_takes_everything_back(link):
    resolver, address, port, shift = link.resolver, link.addresses[0], link.port, link.plane.shift
    state = link.world.state()
    link.world.reset()
    assert link.world.scenario["aws"]["client_cidrs"] == ["10.20.0.0/16"] and "127." not in str(link.world.state())
    assert f"127.{20 + shift}.1.0/24" in str(state) and "10.20" not in str(state) and "10.128" not in str(state)
    assert walk(link.plane.certificates.authority_pem, address, port, link.host) == "refused"
    assert ask(resolver, link.host, seconds=0.2) == "silent"


def test_everything_moves_and_nothing_else_changes(world):
    moved, switches, shift = world.state(), dict(world.switches), world.dataplane.shift
    world.reset()
    assert moved == loopback.moved(world.state(), shift) != world.state()
    assert {name for name in switches if switches[name] != world.switches[name]} == {"loopback"}


def test_two_sandboxes_on_one_machine_do_not_meet(link, tmp_path):
    with Sandbox(tmp_path, speed=0) as other:
        assert "dataplane" not in other.scenario
        other.reset(switches={"loopback": True})
        data = other.scenario["dataplane"]
        authority = pathlib.Path(data["ca_path"]).read_text(encoding="utf-8")
        other.drift("hand_made_endpoint")
        told = other.dataplane()
        assert not {one["address"] for one in told["fronts"]} & {place[0] for place in link.plane.fronts.present} and told["unbound"] == []
        public = {"port": 19530, "host": link.public_host}
        assert walk(authority, data["public_address"], **public) == link.walk(link.data["public_address"], **public) == link.walk() == HEALTHY
        assert walk(authority, link.data["public_address"], **public) == "unable to get local issuer certificate"
        assert ask(data["outside_resolver"], link.public_host) == [data["public_address"]]
        # What a drift through the control API changes holds when it is answered.
        other.drift("data_plane_hang", side="public")
        assert walk(authority, data["public_address"], **public) == "hangs"
        other.reset()
        assert "dataplane" not in other.scenario and other.dataplane() == {}
        assert walk(authority, data["public_address"], **public) == "refused"
        assert other.stop() == 0
    assert link.plane.state()["unbound"] == []


def test_no_shift_lets_two_sandboxes_share_a_network():
    """By their second octets; a range wider than /16 is shifted by none."""
    text = str(World(speed=0).state())
    octets = {int(found[1]) for found in loopback.ADDRESS.finditer(text) if int((found[4] or "/32")[1:]) >= 16} | {99}
    assert {20, 30, 128, 160} <= octets
    assert len({octet + shift for octet in octets for shift in loopback.SHIFTS}) == len(octets) * len(loopback.SHIFTS)
    assert max(octets) + max(loopback.SHIFTS) < 255


def test_an_address_that_this_machine_cannot_give_is_told(link, monkeypatch):
    monkeypatch.setattr(socket.socket, "bind", mock.Mock(side_effect=OSError(errno.EACCES, "Permission denied")))
    link.world.drift("change_link", cluster_id=link.cluster_id, port=444)
    link.world.drift("rule_add", group_id=link.group_id, port=444, cidr="127.0.0.0/8")
    unbound = link.plane.state()["unbound"]
    assert {(one["address"], one["port"]) for one in unbound} == {(address, 444) for address in link.addresses}
    assert "Permission denied" in unbound[0]["why"]
