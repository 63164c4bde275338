# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The public endpoint of one cluster: what its description tells, and the way to open or close it. No Ansible."""

from __future__ import annotations

from ansible_collections.zilliz.cloud.plugins.module_utils._client import ZillizError
from ansible_collections.zilliz.cloud.plugins.module_utils._names import (
    endpoint_leaving,
    endpoint_phase,
    parse_address,
    switching,
)

SHOWN = (
    "cluster_id",
    "cluster_name",
    "project_id",
    "region_id",
    "status",
    "public_address_enabled",
    "connect_address",
    "private_link_address",
)

_BUSY = 40003
# Statuses that no waiting ends.
_RESTING = {
    "SUSPENDED": "it is suspended: resume it first",
    "STOPPED": "it is suspended: resume it first",
    "FROZEN": "it is frozen: settle the account's bill first",
    "DELETING": "it is being deleted",
    "DELETED": "it is deleted",
    "ABNORMAL": "its status is ABNORMAL: ask Zilliz support to repair it",
}


def named(cluster):
    return f"cluster {cluster.get('cluster_name') or ''} ({cluster.get('cluster_id')})"


def by_hand(enabled):
    """The clicks of the vendor's guides."""
    last = "enable it there" if enabled else "click Disable in the dialog Disable Public Endpoint"
    return (
        "In the Zilliz Cloud console, open the Cluster Details page of the cluster, go to the section Connect, "
        f"click the configurations icon next to the cluster public endpoint, and {last}"
    )


def resting(cluster):
    """Why no waiting helps, or None."""
    return _RESTING.get(str(cluster.get("status") or "").upper())


def needs_switch(cluster, enabled):
    """Whether somebody must ask for it: not when it is so, nor when it is on its way."""
    flag, target = cluster.get("public_address_enabled"), switching(cluster)
    return _kind(cluster) is None and (flag is not enabled if target is None else target is not enabled)


def supported(cluster):
    """A deployment that is older than the switch, or has no public endpoints, shows no such key."""
    return cluster.get("public_address_enabled") is not None


def impossible(cluster, enabled, registrations):
    """Why the public endpoint cannot get into the wished state, or None. `registrations` is called only when needed."""
    if _kind(cluster):
        return None if enabled else f"it is a {_kind(cluster)} cluster: its public endpoint is the only way to it"
    if not supported(cluster):
        wish = "open" if enabled else "close"
        return f"the API of this deployment cannot {wish} public endpoints. {by_hand(enabled)}"
    if not needs_switch(cluster, enabled):
        return None
    if resting(cluster) or enabled:
        return resting(cluster)
    if not parse_address(cluster.get("private_link_address")):
        return "it has no private link, so nobody could reach it any more: set up the private link first"
    alive = [
        row
        for row in registrations()
        if row.get("region_id") == cluster.get("region_id")
        and endpoint_phase(row.get("endpoint_status")) != "failed"
        and not endpoint_leaving(row.get("endpoint_status"))
    ]
    if not alive:
        return (
            "no endpoint is registered in its project and region, so its private link leads nowhere: "
            "set up the private link first"
        )
    return None


class PublicSwitch:
    """The way of one cluster's public endpoint; each step is made to be polled."""

    def __init__(self, client, cluster_id, enabled, org_id=None, limit=1800):
        self._client, self._cluster_id, self._enabled, self._org_id = client, cluster_id, enabled, org_id
        self._limit = limit

    def cluster(self):
        return self._client.cluster(self._cluster_id)

    def registrations(self, cluster):
        return self._client.endpoints(cluster["project_id"])

    def begin(self, spent):
        """The cluster once the change is asked for: one that is in the middle of something takes none."""
        cluster = self._seen()
        if not needs_switch(cluster, self._enabled):
            return cluster
        if self._running(cluster):
            try:
                self._client.switch_public_address(self._cluster_id, self._enabled, self._org_id)
                return cluster
            except ZillizError as error:
                if error.code != _BUSY or spent >= self._limit:
                    raise
        return self._patient(cluster, spent, "takes no change meanwhile. Run again later")

    def done(self, spent):
        """The cluster once the change took effect."""
        cluster = self._seen()
        if self._running(cluster) and cluster.get("public_address_enabled") is self._enabled:
            return cluster
        wish = "open" if self._enabled else "closed"
        return self._patient(cluster, spent, f"its public endpoint is not {wish}. Run again to go on waiting")

    def _seen(self):
        cluster = self.cluster()
        if resting(cluster):
            raise ZillizError(f"{named(cluster)}: {resting(cluster)}")
        return cluster

    @staticmethod
    def _running(cluster):
        return str(cluster.get("status") or "").upper() == "RUNNING"

    def _patient(self, cluster, spent, end):
        if spent >= self._limit:
            raise ZillizError(
                f"{named(cluster)}: after {self._limit} s its status is {cluster.get('status')}, and {end}"
            )


def _kind(cluster):
    kind = str(cluster.get("deployment_option") or cluster.get("plan") or "").lower()
    return kind if kind in ("free", "serverless") else None
