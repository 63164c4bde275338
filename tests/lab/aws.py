# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The link on AWS."""
from __future__ import annotations

import ipaddress

from . import faults, firewall, names
from .faults import WELL, Fault
from .lab import TOKEN, Wrong
from .network import RESOLVER

NAME = "aws"
CLIENT, NEIGHBOUR, OUTSIDE = "aws-client", "aws-neighbour", "outside"


def places(scenario: dict) -> dict[str, tuple[str, str]]:
    """A client in the VPC, one in another VPC of the same account, one on the internet."""
    given = scenario["aws"]
    region = given["region_id"].removeprefix("aws-")
    network = ipaddress.ip_network(given["client_cidrs"][0])
    return {
        CLIENT: (str(network[9 * 256 + 200]), f"{region}/{given['vpc_id']}"),
        NEIGHBOUR: ("10.30.9.200", f"{region}/{given['second_vpc_id']}"),
        OUTSIDE: ("198.51.100.7", ""),
    }


def tell(story) -> None:
    lab, sandbox = story.lab, story.sandbox
    result = story.set_up(lambda state: firewall.from_security_groups(state, names.endpoint_addresses(state)))
    links = lab.links
    story.checked("all is well", "healthy", [WELL, WELL])
    story.probed("all is well", [WELL, WELL], token=TOKEN)
    lab.milvus.wait()
    story.used("pymilvus through the private name", links)
    story.probed("another VPC", ["no_private_dns"] * 2, host=NEIGHBOUR)
    story.probed("the internet", ["no_private_dns"] * 2, host=OUTSIDE)
    story.probed("another VPC, by the endpoint's address", ["hangs"], host=NEIGHBOUR, links=[{"host": lab.addresses[0], "port": links[0]["port"]}])

    # First, while everything is as the role made it: the check also tells of records that others made anew.
    found_by_the_doctor(story, result)

    client = lab.network.clients[CLIENT]
    faults.go_through(story, in_the_cloud(story, result) + faults.at_the_front() + faults.in_the_network(client, lab.addresses[0], RESOLVER))
    story.probed("the endpoint's own name", ["endpoint_name_used"], links=[{"host": own_name(sandbox), "port": links[0]["port"]}])
    story.used("pymilvus after all that", links[:1])


def own_name(sandbox) -> str:
    zones = [zone for account in sandbox.state()["aws"]["accounts"].values() for zone in account["zones"].values()]
    return next(record["alias"] for zone in zones for record in zone["records"].values() if "alias" in record).rstrip(".")


def zone_of(result: dict, link: dict) -> dict:
    return next(one for one in result["zones"] if one["name"].rstrip(".") == link["host"])


def in_the_cloud(story, result: dict) -> list[Fault]:
    """What others did to the link: the DNS server and the firewall follow."""
    sandbox, link = story.sandbox, story.lab.links[0]
    zone = zone_of(result, link)
    vpc = {"zone_id": zone["zone_id"], "vpc_id": story.link.vars["vpc_id"]}
    other = sandbox.scenario["aws"]["second_vpc_id"]

    def drift(kind, **more):
        return lambda: sandbox.drift(kind, **more)

    def disassociate():
        # A zone keeps one VPC at least.
        sandbox.drift("zone_associate", zone_id=vpc["zone_id"], vpc_id=other)
        sandbox.drift("zone_disassociate", **vpc)

    def associate():
        sandbox.drift("zone_associate", **vpc)
        sandbox.drift("zone_disassociate", zone_id=vpc["zone_id"], vpc_id=other)

    def record(*values):
        return drift("record_change", zone_id=zone["zone_id"], type="A", values=list(values), ttl=60)

    right = record(*story.lab.addresses)
    ports = {one["port"] for one in story.lab.links}
    assert len(ports) == 2, f"The lab parts the links by their ports, which are {ports}."
    wrong_port = next(port for port in range(20000, 20100) if port not in ports)
    opened = {"port": wrong_port, "cidr": story.link.vars["client_cidrs"][0], "group_id": result["endpoint"]["security_group_ids"][0]}
    closed = {**opened, "port": link["port"]}
    return [
        Fault("zone not associated with the VPC", ("no_private_dns", WELL), make=disassociate, mend=associate),
        Fault("zone not associated, public answer", ("public_address", WELL), Wrong(public_answer=True), make=disassociate, mend=associate),
        Fault("record leads to something else in the VPC", ("wrong_address", WELL), make=record("10.20.9.9"), mend=right),
        Fault("record leads to a public address", ("public_address", WELL), make=record("203.0.113.99"), mend=right),
        Fault("no record", ("no_private_dns", WELL), make=drift("record_delete", zone_id=zone["zone_id"], type="A"),
              mend=drift("record_add", zone_id=zone["zone_id"], name=link["host"], type="A", values=story.lab.addresses)),
        Fault("port closed in the security group", ("hangs", WELL), make=drift("rule_remove", **closed), mend=drift("rule_add", **closed)),
        Fault("wrong port", ("refused", WELL), make=drift("rule_add", **opened), mend=drift("rule_remove", **opened),
              options={"links": [{**link, "port": wrong_port}, story.lab.links[1]]}),
    ]


def found_by_the_doctor(story, result: dict) -> None:
    """The whole check, which sees the cloud as well as the path; the role mends what it made."""
    lab, sandbox = story.lab, story.sandbox
    lab.now(Wrong(door="down"))
    story.checked("cluster down", "broken", ["cluster_down", WELL])
    first, second = lab.links
    sandbox.drift("zone_associate", zone_id=zone_of(result, first)["zone_id"], vpc_id=sandbox.scenario["aws"]["second_vpc_id"])
    sandbox.drift("zone_disassociate", zone_id=zone_of(result, first)["zone_id"], vpc_id=story.link.vars["vpc_id"])
    sandbox.drift("rule_remove", group_id=result["endpoint"]["security_group_ids"][0], port=second["port"])
    lab.now(Wrong())
    story.checked("zone not associated, port closed", "broken", ["no_private_dns", "hangs"], ("association", "firewall"))
    story.mended_by_the_role()
    story.checked("mended by the role", "healthy", [WELL, WELL])
