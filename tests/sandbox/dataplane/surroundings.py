# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What takes a name before the private zones are asked: Resolver rules, and Cloud DNS's server and response policies."""
from __future__ import annotations

from ..aws.names import inside

FORWARDED = "forwarded"


def aws(world, place, name, zone):
    """FORWARDED where a rule of this VPC sends the name away; None where the zones answer. The most specific of zone and rule
    counts, and of both with one name the rule."""
    around = world.aws.surroundings
    here = {one["ResolverRuleId"] for (_account, region), one in around.rule_associations if (region, one["VPCId"]) == place}
    rules = [one for rule_id, (_place, one) in around.rules.items()
             if rule_id in here and (one["DomainName"] == "." or inside(name, one["DomainName"]))]
    rule = max(rules, key=lambda one: len(one["DomainName"].strip(".")), default=None)
    if rule is None or rule["RuleType"] != "FORWARD" or len(rule["DomainName"].strip(".")) < len(zone.strip(".")):
        return None
    return FORWARDED


def profile_zones(world, place):
    """The ids of the zones that Route 53 profiles bring into this VPC."""
    return {zone_id for one in world.aws.surroundings.profiles.values() for zone_id in one["zones"] if (one["place"][1], one["vpc_id"]) == place}


def google(world, network, name, kind):
    """FORWARDED where a policy sends all names of this network to other name servers, the values where one answers for the name, or None."""
    policies = world.gcp.policies
    for policy in policies.servers.values():
        if "alternativeNameServerConfig" in policy and network in [one["networkUrl"] for one in policy["networks"]]:
            return FORWARDED
    rules = [rule for one in policies.responses.values() if network in [it["networkUrl"] for it in one["policy"]["networks"]] for rule in one["rules"]
             if _meant(rule["dnsName"], name)]
    if not rules:
        return None
    # The rule for the very name before those with a star, and among them the longest.
    rule = max(rules, key=lambda one: (one["dnsName"] == name, len(one["dnsName"])))
    return None if "localData" not in rule else [value for one in rule["localData"]["localDatas"] if one["type"] == kind for value in one["rrdatas"]]


def _meant(pattern, name):
    return name.endswith(pattern[1:]) if pattern.startswith("*.") else name == pattern
