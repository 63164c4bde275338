# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What waiting has come to after each look, for a registration and for private links. No I/O, no Ansible."""

from __future__ import annotations

from ansible_collections.zilliz.cloud.plugins.module_utils._client import LISTING_LAG, ZillizError
from ansible_collections.zilliz.cloud.plugins.module_utils._names import endpoint_leaving, endpoint_phase


def refusal(row):
    """One sentence on a registration that failed."""
    return (
        f"Zilliz Cloud did not accept endpoint {row.get('endpoint_id')}: its status is {row.get('endpoint_status')}. "
        f"Check that it exists and leads to {row.get('endpoint_service') or 'the service of this region'}, "
        "then remove the registration (state=absent) and register it again"
    )


class EndpointWatch:
    """One registration, until it is accepted or gone."""

    def __init__(self, endpoint_id, present, limit, listed):
        self._endpoint_id, self._present, self._limit = endpoint_id, present, limit
        self._listed, self._missing, self._status = listed, 0, "not listed yet"

    def look(self, row, spent):
        """The row once it is accepted, an empty one once it is gone, None to look again."""
        if row:
            self._listed, self._missing, self._status = True, 0, row.get("endpoint_status")
        else:
            self._missing += 1
        done = self._accepted(row, spent) if self._present else None if row else {}
        if done is None and spent >= self._limit:
            wish = "accepted" if self._present else "removed"
            raise ZillizError(
                f"Zilliz Cloud has not {wish} endpoint {self._endpoint_id} in {self._limit} s: its last status is "
                f"{self._status}. Run again to go on waiting"
            )
        return done

    def _accepted(self, row, spent):
        phase = endpoint_phase(row.get("endpoint_status")) if row else None
        if phase == "ready":
            return row
        if phase == "failed":
            raise ZillizError(refusal(row))
        # One look can miss a row while the list shifts, two in a row cannot; a new row may need its time.
        if self._missing > 1 and (self._listed or spent > LISTING_LAG):
            raise ZillizError(
                f"the registration of endpoint {self._endpoint_id} has vanished from Zilliz Cloud: its last status was "
                f"{self._status}. Check that the endpoint exists and leads to the service of this region, then run again"
            )
        return None


class LinkWatch:
    """The private links of clusters, until all are there that can be awaited."""

    def __init__(self, chosen, limit, maintenance_limit):
        self._chosen = chosen
        self._limits = {"link": limit, "maintenance": maintenance_limit}
        self._since = {}

    def awaited(self, links):
        """The links that are not there and are worth waiting for."""
        missing = [link for link in links if not link["ready"]]
        if self._chosen:
            return missing
        missing = [link for link in missing if link["waiting"] and self._limits[link["waiting"]]]
        sure = [link for link in missing if not link["doubtful"]]
        return sure if sure or any(link["ready"] for link in links) else missing

    def look(self, links, rows, spent):
        """Raises when a link cannot come, or is late."""
        awaited = self.awaited(links)
        never = [link for link in awaited if not link["waiting"]]
        if never:
            raise ZillizError("; ".join(f"{_named(link)} has no private link: {link['reason']}" for link in never))
        alive = [row for row in rows if not _hopeless(row.get("endpoint_status"))]
        if not alive and (rows or spent > LISTING_LAG):
            raise ZillizError(f"no private link can come: {_listed(rows)}. Register an endpoint (private_endpoint) first")
        late = []
        for link in awaited:
            # A time of its own for each state: a long maintenance does not use up the time of the link that follows.
            begun = self._since.setdefault((link["cluster_id"], link["waiting"]), spent)
            limit = self._limits[link["waiting"]]
            if spent - begun >= limit:
                late.append(f"{_named(link)} has no private link after {limit} s: {link['reason']}")
        if late:
            raise ZillizError("; ".join(late) + f". At Zilliz Cloud, {_listed(rows)}. Run again to go on waiting")


def _hopeless(status):
    return endpoint_phase(status) == "failed" or endpoint_leaving(status)


def _named(link):
    return f"cluster {link['cluster_name']} ({link['cluster_id']}, {link['status']})"


def _listed(rows):
    shown = ", ".join(f"{row.get('endpoint_id')} is {row.get('endpoint_status')}" for row in rows)
    return shown or "no endpoint is registered in this project and region"
