# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the fields of Google's answers are, as far as we read them: its discovery documents say so, an answer may not. Pure."""

from __future__ import annotations

import re

from ansible_collections.zilliz.cloud.plugins.module_utils._answer import is_network

TEXTS = frozenset((
    "IPAddress", "IPProtocol", "address", "addressType", "creationTimestamp", "description", "direction", "dnsName", "fingerprint", "id",
    "ipCidrRange", "kind", "labelFingerprint", "name", "namespace", "network", "networkUrl", "nextPageToken", "pscConnectionStatus",
    "purpose", "region", "selfLink", "status", "subnetwork", "target", "type", "visibility",
    # Of what only a check reads.
    "action", "behavior", "destNetworkContext", "destNetworkType", "displayName", "ipProtocol", "ipv4Address", "ipv6Address", "metric",
    "networkFirewallPolicyEnforcementOrder", "responsePolicyName", "ruleName", "shortName", "targetType",
))
LISTS = {
    **dict.fromkeys(
        ("destinationRanges", "ports", "rrdatas", "sourceRanges", "sourceTags", "targetServiceAccounts", "targetTags", "users",
         "destAddressGroups", "destFqdns", "destIpRanges", "srcIpRanges", "targetResources"), str),
    **dict.fromkeys(("allowed", "denied", "items", "managedZones", "networks", "rrsets", "serviceDirectoryRegistrations",
                     "firewallPolicys", "layer4Configs", "localDatas", "policies", "quotas", "responsePolicies", "responsePolicyRules", "rules",
                     "targetNameServers", "targetSecureTags"), dict),
}
OBJECTS = frozenset(("alternativeNameServerConfig", "labels", "localData", "logConfig", "match", "privateVisibilityConfig", "quota"))
NUMBERS = frozenset(("priority", "ttl", "managedZones", "httpErrorStatusCode"))
# Quotas are written as 100.0.
AMOUNTS = frozenset(("limit", "usage"))
MOST = 2 ** 63  # also keeps out what is no number, or infinite
# Lists of networks or ports, and one network.
RANGES = frozenset(("destIpRanges", "destinationRanges", "sourceRanges", "srcIpRanges"))
NETWORKS = frozenset(("IPAddress", "ipCidrRange"))


def without_nulls(value):
    """A field that is null is one that is not there."""
    if isinstance(value, dict):
        return {name: without_nulls(one) for name, one in value.items() if one is not None}
    return [without_nulls(one) for one in value] if isinstance(value, list) else value


def wrong_fields(answer, place=""):
    """Each field that is not what it should be, with its place."""
    for name, value in answer.items():
        here = f"{place}.{name}" if place else name
        if place.endswith("labels") or place == "labels":
            fits = isinstance(value, str)
        elif name in TEXTS:
            # An id is a number in Cloud DNS.
            fits = isinstance(value, str) or name == "id" and isinstance(value, int)
            fits = fits and (name not in NETWORKS or is_network(value))
        elif name in LISTS and place != "quota":
            fits = isinstance(value, list) and all(isinstance(one, LISTS[name]) for one in value)
            fits = fits and (name not in RANGES or all(map(is_network, value)))
            fits = fits and (name != "ports" or all(re.fullmatch(r"[0-9]{1,5}(-[0-9]{1,5})?", one) for one in value))
        elif name in NUMBERS:
            fits = isinstance(value, int) and not isinstance(value, bool)
        elif name in AMOUNTS:
            fits = isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < MOST
        else:
            fits = name not in OBJECTS or isinstance(value, dict)
        if not fits:
            yield here
        elif isinstance(value, dict):
            yield from wrong_fields(value, here)
        elif isinstance(value, list):
            for number, one in enumerate(value):
                if isinstance(one, dict):
                    yield from wrong_fields(one, f"{here}[{number}]")
