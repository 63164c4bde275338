# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the resolvers of VPCs, networks and the outside say, over the wire."""
from __future__ import annotations

import ipaddress

import pytest
from sandbox.core import World

from .clients import NXDOMAIN, SILENT, AwsLink, GoogleLink, ask


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


def test_a_private_name_is_the_endpoint_in_the_zones_vpc_only(link):
    assert ask(link.resolver, link.host) == link.addresses and len(link.addresses) == 2
    assert all(ipaddress.ip_address(one) in ipaddress.ip_network("127.0.0.0/8") for one in link.addresses)
    assert ask(link.resolver, link.host, tcp=True) == link.addresses
    assert ask(link.resolver, link.host.upper()) == link.addresses
    assert ask(link.resolver, link.host, "AAAA") == []
    assert ask(link.data["second_resolver"], link.host) == ask(link.data["outside_resolver"], link.host) == NXDOMAIN
    link.world.drift("zone_associate", zone_id=link.zone_id)
    assert ask(link.data["second_resolver"], link.host) == link.addresses
    link.world.drift("zone_disassociate", zone_id=link.zone_id, vpc_id=link.world.scenario["aws"]["vpc_id"])
    assert ask(link.resolver, link.host) == NXDOMAIN


def test_only_the_most_specific_private_zone_answers(link):
    region = link.host.partition(".")[2]
    link.world.drift("hand_made_zone", name=region, records=[{"name": f"*.{region}", "values": ["192.0.2.7"]}])
    assert ask(link.resolver, link.host) == link.addresses
    # The wider zone answers for all others, its wildcard too, and takes their public names away where it has none.
    assert ask(link.resolver, link.public_host) == ["192.0.2.7"]
    link.world.drift("record_delete", zone_id=region)
    assert ask(link.resolver, link.public_host) == NXDOMAIN
    # A zone without the record hides what the wider one has.
    link.world.drift("record_delete", zone_id=link.zone_id)
    assert ask(link.resolver, link.host) == []
    link.world.drift("zone_delete", zone_id=link.zone_id)
    assert ask(link.resolver, link.host) == NXDOMAIN


def test_a_cname_leads_to_the_endpoints_own_name_which_everybody_can_ask_for(link):
    link.world.drift("zone_delete", zone_id=link.zone_id)
    region = link.host.partition(".")[2]
    link.world.drift("hand_made_zone", name=region, records=[{"name": link.host, "type": "CNAME", "values": [link.endpoint_name]}])
    assert ask(link.resolver, link.host) == [link.endpoint_name, *link.addresses]
    assert ask(link.resolver, link.host, "CNAME") == [link.endpoint_name]
    zonal = link.endpoint.dns_names(["us-west-2a"])[1]
    for resolver in (link.resolver, link.data["outside_resolver"]):
        assert ask(resolver, link.endpoint_name) == link.addresses and ask(resolver, zonal) == link.addresses[:1]
    link.world.drift("endpoint_delete", endpoint_id=link.endpoint_id)
    assert ask(link.resolver, link.host) == NXDOMAIN


def test_a_changed_record_is_answered_at_once(link):
    link.world.drift("record_change", zone_id=link.zone_id)
    assert ask(link.resolver, link.host) == ["192.0.2.1"]


def test_without_dns_support_nobody_answers_and_without_host_names_no_private_zone(link):
    link.world.drift("vpc_dns_off")
    assert ask(link.resolver, link.host) == NXDOMAIN and ask(link.resolver, link.public_host) != NXDOMAIN
    link.world.drift("vpc_dns_off", attribute="support")
    assert ask(link.resolver, link.host, seconds=0.3) == SILENT


def test_a_public_name_is_there_while_the_public_endpoint_is_on(link):
    inside, outside = ask(link.resolver, link.public_host), ask(link.data["outside_resolver"], link.public_host)
    assert len(inside) == 1 and ipaddress.ip_address(inside[0]).is_global
    assert outside == [link.data["public_address"]]
    link.world.switch({"loopback_public": False})
    assert ask(link.data["outside_resolver"], link.public_host) == inside
    link.cluster["publicAddressEnabled"] = False
    assert ask(link.resolver, link.public_host) == ask(link.data["outside_resolver"], link.public_host) == NXDOMAIN


def test_faults_of_the_resolver(link):
    link.world.drift("data_plane_resolver_silent")
    assert ask(link.resolver, link.host, seconds=0.3) == SILENT and ask(link.data["outside_resolver"], link.host) == NXDOMAIN
    link.world.drift("data_plane_ok")
    link.world.drift("data_plane_public_answer")
    assert ask(link.resolver, link.host) == link.addresses
    answer = ask(link.data["second_resolver"], link.host)
    assert len(answer) == 1 and ipaddress.ip_address(answer[0]).is_global


def test_an_answer_that_is_too_long_for_udp_comes_by_tcp(link):
    values = [f"192.0.2.{n}" for n in range(1, 41)]
    link.world.drift("record_change", zone_id=link.zone_id, values=values)
    assert ask(link.resolver, link.host) == "truncated" and ask(link.resolver, link.host, tcp=True) == values


def test_a_google_network_hears_its_zones_after_a_while(google):
    assert ask(google.resolver, google.host) == google.addresses
    assert ask(google.data["gcp_second_resolver"], google.host) == NXDOMAIN
    google.world.drift("gcp_zone_network_add", zone="link")
    google.world.clock.advance(60)
    assert ask(google.data["gcp_second_resolver"], google.host) == google.addresses
    google.world.drift("gcp_record_delete", zone="link")
    google.world.clock.advance(60)
    assert ask(google.resolver, google.host) in ([], NXDOMAIN)


def test_a_peered_zone_asks_in_the_other_network_and_a_forwarded_one_nobody(google):
    other = "https://www.googleapis.com/compute/v1/projects/my-project/global/networks/my-second-vpc"
    google.zone.networks = google.zone.answering = [other]
    google.world.drift("gcp_foreign_zone", dns_name=f"{google.host}.", name="peer", networks=["my-vpc"])
    peer = next(one for one in google.world.gcp.dns.zones.values() if one.name == "peer")
    assert ask(google.resolver, google.host) == []
    peer.configs["peeringConfig"] = {"targetNetwork": {"networkUrl": other}}
    assert ask(google.resolver, google.host) == google.addresses
    peer.configs = {"forwardingConfig": {"targetNameServers": []}}
    assert ask(google.resolver, google.host) == 2


def test_nonsense_is_no_name(link):
    assert ask(link.resolver, "a" * 63 + "." + link.host) == NXDOMAIN
    assert ask(link.resolver, "no-such-name.example.com") == NXDOMAIN


# --- what takes a name before the zones ---


def test_a_resolver_rule_takes_the_name_unless_a_zone_is_more_specific(link):
    region = link.host.partition(".")[2]
    link.world.drift("resolver_rule", domain=region)
    assert ask(link.resolver, link.host) == link.addresses
    assert ask(link.resolver, link.public_host, seconds=0.3) == SILENT
    link.world.drift("resolver_rule", domain=link.host)
    assert ask(link.resolver, link.host, seconds=0.3) == SILENT
    # Rules of another VPC, and those that leave a name to the Resolver, take nothing.
    link.world.aws.surroundings.reset()
    link.world.drift("resolver_rule", domain=link.host, vpc_id=link.world.scenario["aws"]["second_vpc_id"])
    link.world.drift("resolver_rule", domain=region)
    link.world.drift("resolver_rule", domain=link.public_host, type="SYSTEM")
    assert ask(link.resolver, link.host) == link.addresses and ask(link.resolver, link.public_host) != NXDOMAIN


def test_a_profiles_zone_answers_where_the_vpc_has_none_of_that_name(link):
    link.world.drift("profile_zone", name=link.host)
    assert ask(link.resolver, link.host) == link.addresses
    link.world.drift("profile_zone", name=f"zone.{link.host}")
    assert ask(link.resolver, f"zone.{link.host}") == []
    link.world.drift("zone_delete", zone_id=link.zone_id)
    assert ask(link.resolver, link.host) == []


def test_policies_of_a_google_network_come_before_its_zones(google):
    region = google.host.partition(".")[2]
    google.world.drift("gcp_response_policy", dns_name=f"*.{region}", values=["192.0.2.8"])
    assert ask(google.resolver, google.host) == ["192.0.2.8"] and ask(google.data["gcp_second_resolver"], google.host) == NXDOMAIN
    google.world.drift("gcp_response_policy", dns_name=google.host, rule="rule-2", bypass=True)
    assert ask(google.resolver, google.host) == google.addresses and ask(google.resolver, google.public_host) == ["192.0.2.8"]
    google.world.drift("gcp_name_server_policy", servers=[])
    assert ask(google.resolver, google.host) == google.addresses
    google.world.drift("gcp_name_server_policy")
    assert ask(google.resolver, google.host, seconds=0.3) == SILENT
