# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The link on Google Cloud, in a network that denies all that is not allowed."""
from __future__ import annotations

from . import faults, firewall
from .faults import WELL, Fault
from .lab import TOKEN, Wrong

NAME = "gcp"
CLIENT, NEIGHBOUR = "gcp-client", "gcp-neighbour"


def places(scenario: dict) -> dict[str, tuple[str, str]]:
    """A client in the network, one in another network of the same project."""
    given, locked = scenario["gcp"], scenario["extra"]["gcp"]["locked_network"]
    root = f"https://www.googleapis.com/compute/v1/projects/{given['gcp_project_id']}/global/networks/"
    return {CLIENT: ("10.170.9.200", root + locked), NEIGHBOUR: ("10.160.9.200", root + given["second_network"])}


def tell(story) -> None:
    lab, sandbox = story.lab, story.sandbox
    locked = sandbox.scenario["extra"]["gcp"]
    client = lab.network.clients[CLIENT]
    story.set_up(
        lambda state: firewall.from_google(state, story.link.vars["gcp_project_id"], locked["locked_network"], client),
        network=locked["locked_network"], subnetwork=locked["locked_subnetwork"])
    story.checked("all is well", "healthy", [WELL, WELL])
    story.probed("all is well", [WELL, WELL], token=TOKEN)
    story.used("pymilvus through the private name", lab.links)
    story.probed("another network", ["no_private_dns"] * 2, host=NEIGHBOUR)
    # First, while everything is as the role made it: the check also tells of records that others made anew.
    sandbox.drift("gcp_zone_network_remove", zone=lab.links[0]["host"])
    lab.now(Wrong())
    story.checked("zone not bound to the network", "broken", ["no_private_dns", WELL], ("association",))
    story.mended_by_the_role()
    faults.go_through(story, in_the_cloud(story) + faults.at_the_front()[:1])


def in_the_cloud(story) -> list[Fault]:
    """What others did to the link: the DNS server and the firewall follow."""
    sandbox, zone = story.sandbox, story.lab.links[0]["host"]

    def drift(kind, **more):
        return lambda: sandbox.drift(kind, **more)

    unbind = drift("gcp_zone_network_remove", zone=zone)
    bind = drift("gcp_zone_network_add", zone=zone, network=story.link.vars["network"])
    right = drift("gcp_record_change", zone=zone, type="A", values=story.lab.addresses)
    return [
        Fault("zone not bound to the network", ("no_private_dns", WELL), make=unbind, mend=bind),
        Fault("zone not bound, public answer", ("public_address", WELL), Wrong(public_answer=True), make=unbind, mend=bind),
        Fault("record leads to something else in the network", ("wrong_address", WELL),
              make=drift("gcp_record_change", zone=zone, type="A", values=["10.170.9.9"]), mend=right),
        Fault("no record", ("no_private_dns", WELL), make=drift("gcp_record_delete", zone=zone, type="A"),
              mend=drift("gcp_record_add", zone=zone, name=zone, type="A", values=story.lab.addresses)),
        Fault("way out closed in the firewall", ("hangs", "hangs"), make=drift("gcp_firewall_disable"), mend=drift("gcp_firewall_disable", disabled=False)),
        Fault("resolver silent", ("resolver_silent", "resolver_silent"), Wrong(resolver=False)),
    ]
