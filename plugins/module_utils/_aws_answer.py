# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An answer of AWS, held to the SDK's own model of it, which the SDK does not do. Pure."""

from __future__ import annotations

from typing import Any

from ansible_collections.zilliz.cloud.plugins.module_utils._answer import Fields, is_network

KINDS: dict[str, Any] = {"string": str, "boolean": bool, "integer": int, "long": int, "float": (int, float), "double": (int, float)}
RULES = ("CidrIp", "CidrIpv6")
# These may be empty: what has only IPv6 has no IPv4.
NETWORKS = ("CidrBlock", "Ipv6Address", "Ipv6CidrBlock", "PrivateIpAddress")


def usable(value, shape, refuse, name="it"):
    """The same value with every structure as Fields."""
    kind = shape.type_name
    wanted = {"structure": dict, "list": list, **KINDS}.get(kind)
    # True and False are numbers to Python.
    if wanted and (not isinstance(value, wanted) or isinstance(value, bool) and kind != "boolean"):
        raise refuse(f"{name} is no {kind} in its answer")
    if kind == "string" and (name in RULES or name in NETWORKS and value) and not is_network(value):
        raise refuse(f"{name} is no network in its answer")
    if kind == "list":
        return [usable(one, shape.member, refuse, name) for one in value]
    if kind != "structure":
        return value
    known = shape.members
    return Fields(
        {key: usable(one, known[key], refuse, key) if key in known else one for key, one in value.items() if one is not None}, refuse)
