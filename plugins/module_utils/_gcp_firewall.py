# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A VPC firewall rule in one form, so that what means the same compares equal. No I/O, no Ansible."""

from __future__ import annotations

import ipaddress

from ansible_collections.zilliz.cloud.plugins.module_utils._gcp_calls import GcpError, same, tail

NUMBERS = {"1": "icmp", "6": "tcp", "17": "udp", "50": "esp", "51": "ah", "132": "sctp"}
# Options that are lists of names, and Google's names for them.
LISTS = {
    "destination_ranges": "destinationRanges",
    "source_ranges": "sourceRanges",
    "source_tags": "sourceTags",
    "source_service_accounts": "sourceServiceAccounts",
    "target_tags": "targetTags",
    "target_service_accounts": "targetServiceAccounts",
}
PLAIN = {"priority": "priority", "disabled": "disabled", "description": "description"}


def settings(rule):
    """All of a rule, in our words."""
    log = rule.get("logConfig") or {}
    return {
        "allowed": allowed(rule.get("allowed")),
        **{option: listed(option, rule.get(name)) for option, name in LISTS.items()},
        "priority": rule.get("priority", 1000),
        "disabled": bool(rule.get("disabled")),
        "description": rule.get("description", ""),
        "log_config": {"enable": bool(log.get("enable")), "metadata": log.get("metadata") if log.get("enable") else None},
    }


def wanted(params, before):
    after = dict(before)
    for option in PLAIN:
        if params[option] is not None:
            after[option] = params[option]
    for option in LISTS:
        if params[option] is not None:
            after[option] = listed(option, params[option])
    if params["allowed"] is not None:
        after["allowed"] = allowed(params["allowed"])
    log = params["log_config"]
    if log is not None:
        metadata = log["metadata"] or before["log_config"]["metadata"]
        after["log_config"] = {"enable": bool(log["enable"]), "metadata": metadata if log["enable"] else None}
    return after


def patch(name, before, after):
    """What differs, in Google's words; a list is written as a whole, also when it is empty."""
    # Discovery wants the name in every patch.
    body = {"name": name}
    body.update({word: after[option] for option, word in {**LISTS, **PLAIN}.items() if after[option] != before[option]})
    if after["allowed"] != before["allowed"]:
        body["allowed"] = [
            {"IPProtocol": one["ip_protocol"], **({"ports": one["ports"]} if one["ports"] else {})} for one in after["allowed"]
        ]
    if after["log_config"] != before["log_config"]:
        body["logConfig"] = {key: value for key, value in after["log_config"].items() if value is not None}
    return body


def lasting(params, rule):
    """What of a rule is not as it is wanted and cannot be changed, as phrases."""
    phrases = []
    direction = rule.get("direction", "INGRESS")
    if params["direction"] and params["direction"] != direction:
        phrases.append(f"its direction is {direction} and not {params['direction']}")
    if params["network"] and not same(rule.get("network"), params["network"]):
        phrases.append(f"its network is {tail(rule.get('network'))} and not {tail(params['network'])}")
    if params["allowed"] is not None and rule.get("denied"):
        phrases.append("it denies traffic and does not allow it")
    return phrases


def allowed(entries):
    """One entry for each protocol, sorted; no ports means all of them."""
    ports = {}
    for entry in entries or []:
        protocol = str(entry.get("IPProtocol") or entry.get("ip_protocol")).lower()
        ports.setdefault(NUMBERS.get(protocol, protocol), []).append([port(one) for one in entry.get("ports") or []])
    return [
        {"ip_protocol": protocol, "ports": [] if [] in lists else sorted({one for ports in lists for one in ports})}
        for protocol, lists in sorted(ports.items())
    ]


def port(text):
    first, unused, last = "".join(str(text).split()).partition("-")
    return first if last in ("", first) else f"{first}-{last}"


def listed(option, values):
    values = [str(value) for value in values or []]
    return sorted({cidr(option, value) for value in values} if option.endswith("_ranges") else set(values))


def cidr(option, text):
    try:
        # Google stores the network of an address.
        return str(ipaddress.ip_network(text.strip(), strict=False))
    except ValueError as error:
        raise GcpError(f"{option} has no IPv4 or IPv6 network: {error}; write it as in 10.20.0.0/16.") from None
