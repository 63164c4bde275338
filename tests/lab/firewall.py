# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""nftables as the security groups of the endpoint, or the firewall of a Google network: what they do not allow is dropped, statefully."""
from __future__ import annotations

import ipaddress

from .network import RESOLVER, Network, run


class Firewall:
    def __init__(self, network: Network):
        self.network = network

    def load(self, rules: list[str], cut: tuple[str, ...] = (), cut_back: tuple[str, ...] = (), resolver: bool = True) -> None:
        """rules: what is let in to the endpoint; cut, cut_back: faults on the way there and back, which know no connections."""
        asked = [f"ip daddr {RESOLVER} {kind} dport 53 accept" for kind in ("udp", "tcp")] if resolver else []
        text = "\n".join([
            "flush ruleset", "table inet lab {",
            "chain in { type filter hook input priority 0; policy drop;", *cut, "iif lo accept", "ct state established,related accept", *asked, *rules, "}",
            "chain out { type filter hook output priority 0; policy accept;", *cut_back, "}",
            "}"]) + "\n"
        run(self.network.within("cloud", [self.network.programs.commands["nft"], "-f", "-"]), self.network.environment, text)


def from_security_groups(state: dict, addresses: dict[str, list[str]]) -> list[str]:
    """The ingress rules of each endpoint's groups."""
    lines = []
    for account in state["aws"]["accounts"].values():
        for region in account["regions"].values():
            for endpoint_id, endpoint in region["endpoints"].items():
                for group_id in endpoint["security_group_ids"]:
                    for rule in region["security_groups"][group_id]["ingress"]:
                        lines += [_ingress(rule, address) for address in addresses[endpoint_id] if _is_ipv4(rule["peer"])]
    return lines


def _ingress(rule: dict, address: str) -> str:
    if rule["protocol"] == "-1":
        return f"ip saddr {rule['peer']} ip daddr {address} accept"
    return f"ip saddr {rule['peer']} ip daddr {address} {rule['protocol']} dport {rule['from_port']}-{rule['to_port']} accept"


def from_google(state: dict, project: str, network: str, client: str) -> list[str]:
    """The way out of a client, which in a Google network is where it is stopped: in order of priority, denials first among equals."""
    rules = [one for one in state["gcp"]["projects"][project]["firewalls"].values()
             if one["direction"] == "EGRESS" and not one["disabled"] and one["network"].endswith(f"/networks/{network}")]
    lines = []
    for rule in sorted(rules, key=lambda one: (one["priority"], not one["denied"])):
        if rule["targetTags"] or rule["targetServiceAccounts"]:
            continue
        for what in rule["denied"] or rule["allowed"]:
            for target in rule["destinationRanges"] or ["0.0.0.0/0"]:
                lines += [f"ip saddr {client} ip daddr {target} {match} {'drop' if rule['denied'] else 'accept'}" for match in _matches(what)]
    # What no rule forbids may go out.
    return [*lines, f"ip saddr {client} accept"]


def _matches(what: dict) -> list[str]:
    if what["protocol"] == "all":
        return [""]
    return [f"{what['protocol']} dport {port}" for port in what["ports"]] or [f"meta l4proto {what['protocol']}"]


def _is_ipv4(peer: object) -> bool:
    try:
        return ipaddress.ip_network(str(peer)).version == 4
    except ValueError:
        return False
