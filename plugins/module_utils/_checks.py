# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a check of a private link looks at, in the order in which a packet and a person go. Pure: no I/O, no Ansible."""

from __future__ import annotations

OK, DEGRADED, BROKEN, MISSING, UNKNOWN, SKIPPED = "ok", "degraded", "broken", "missing", "unknown", "skipped"

# Where on the way from a client to its cluster a check stands.
STATIONS = ("client", "dns", "endpoint", "registration", "cluster")

# check -> (title, station)
CHECKS = {
    "input": ("Variables", "client"),
    "path": ("Path from inside", "client"),
    "client_egress": ("Way out of the clients", "client"),
    "network": ("Network and its DNS settings", "dns"),
    "zone": ("Private zone", "dns"),
    "association": ("Zone answers in the network", "dns"),
    "record": ("Record leads to the endpoint", "dns"),
    "other_zones": ("Other zones that take the name", "dns"),
    "resolver": ("Resolver rules that take the name", "dns"),
    "public_answer": ("Public answer, for comparison", "dns"),
    "service": ("Endpoint service", "endpoint"),
    "zones": ("Availability zones", "endpoint"),
    "endpoint": ("Endpoint", "endpoint"),
    "duplicates": ("Second endpoints", "endpoint"),
    "firewall": ("Way in to the endpoint", "endpoint"),
    "network_acl": ("Network ACLs", "endpoint"),
    "quota": ("Quotas", "endpoint"),
    "registration": ("Registration at Zilliz Cloud", "registration"),
    "stale_registrations": ("Registrations without endpoint", "registration"),
    "link": ("Private link of the cluster", "cluster"),
    "public_endpoint": ("Public endpoint", "cluster"),
    "authentication": ("Call with a key", "cluster"),
}


def row(check, state, subject="", cause="", evidence="", mend=""):
    """One line of the table: what was looked at, how it is, why, how that shows, and the one change that mends it."""
    title = CHECKS[check][0]
    return {"check": check, "title": title, "subject": subject, "state": state, "cause": cause, "evidence": evidence, "mend": mend}


def in_order(rows):
    """As CHECKS has them; within a check as they came."""
    rank = list(CHECKS)
    return sorted(rows, key=lambda one: rank.index(one["check"]))


def overall(rows, preflight=False):
    """healthy, degraded or broken; before the set-up, when nothing is in its way, ready."""
    states = {one["state"] for one in rows}
    if BROKEN in states or MISSING in states and not preflight:
        return BROKEN
    if DEGRADED in states:
        return DEGRADED
    return "ready" if MISSING in states else "healthy"
