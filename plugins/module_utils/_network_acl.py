# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a network ACL of AWS keeps out. Pure: no I/O, no Ansible."""

from __future__ import annotations

import ipaddress
from typing import Any

# Where Linux takes the ports from that answers come back to.
EPHEMERAL = (32768, 60999)
# The number of the rule that AWS shows as an asterisk: what no other rule allows is denied.
LAST = 32767
TCP = ("-1", "6")


def shut_out(entries, egress, cidr, low, high):
    """[(low, high, rule, networks)]: which part of a network on which of these ports; rule is None where simply nothing allows it."""
    rules = sorted((e for e in entries if e["egress"] == egress and e["protocol"] in TCP), key=lambda e: e["number"])
    edges = {low} | {p for e in rules for p in (e["from_port"], e["to_port"] + 1) if low < p <= high}
    starts, found = sorted(edges), []
    for first, after in zip(starts, starts[1:] + [high + 1]):
        for rule, parts in denied([e for e in rules if e["from_port"] <= first <= e["to_port"]], cidr).items():
            same = next((x for x in found if x[1] == first - 1 and x[2:] == [rule, parts]), None)
            if same:
                same[1] = after - 1
            else:
                found.append([first, after - 1, rule, parts])
    return [tuple(x) for x in found]


def denied(rules, cidr):
    """{rule: networks} of what the rules, in their order, do not let through."""
    left, found = [ipaddress.ip_network(cidr)], {}
    network: Any
    for rule in rules:
        network = ipaddress.ip_network(rule["cidr"])
        hit = [x for x in left if x.version == network.version and x.overlaps(network)]
        for part in hit:
            left.remove(part)
            if not part.subnet_of(network):
                left += part.address_exclude(network)
            if not rule["allow"]:
                found.setdefault(number(rule), []).append(part if part.subnet_of(network) else network)
    if left:
        found.setdefault(None, []).extend(left)
    return {rule: [str(x) for x in ipaddress.collapse_addresses(parts)] for rule, parts in found.items()}


def number(rule):
    return rule["number"] if rule["number"] < LAST else None


def room(entries, egress, rule, wanted):
    """[(number, what is wanted)]: free numbers for rules that come before this one, or none when there are too few."""
    taken = {e["number"] for e in entries if e["egress"] == egress}
    last = rule or max(taken - {LAST}, default=90) + 10 + len(wanted)
    free = [n for n in range(last - 1, 0, -1) if n not in taken and n < LAST][:len(wanted)]
    return list(zip(sorted(free), wanted)) if len(free) == len(wanted) else []
