# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private Cloud DNS zones: their records in one form, one change a zone, each request safe to send twice."""

from __future__ import annotations

import time

from ansible_collections.zilliz.cloud.plugins.module_utils import _gcp_write as gcp
from ansible_collections.zilliz.cloud.plugins.module_utils._gcp_calls import DNS, GcpError, network_url, www

# Below this no project's quota for one change can be in the way, and it need not be read.
ALWAYS_FITS = 100
# Binding a network needs a permission in the network's project, and Google's refusal names none.
CREATE = "dns.managedZones.create (and dns.networks.bindPrivateDNSZone in the project of each network)"
UPDATE = "dns.managedZones.update (and dns.networks.bindPrivateDNSZone in the project of each network)"


def full(name):
    return name.strip().lower().rstrip(".") + "."


def key_of(record):
    return full(record["name"]), record["type"].strip().upper()


def record_set(record):
    """The options of a record in the form of Cloud DNS."""
    name, kind = key_of(record)
    values = [full(value) if kind == "CNAME" else value.strip() for value in record["values"] or []]
    return {"name": name, "type": kind, "ttl": record["ttl"], "rrdatas": values}


def text(one):
    """A record set's value for people; equal texts are equal values."""
    if one.get("routingPolicy"):
        return f"a routing policy for {one.get('ttl')} seconds"
    values = sorted(full(value) if one["type"] == "CNAME" else value for value in one.get("rrdatas") or [])
    return f"{', '.join(values)} for {one.get('ttl')} seconds"


def networks_of(zone):
    config = zone.get("privateVisibilityConfig") or {}
    return sorted(www(one["networkUrl"]) for one in config.get("networks") or [])


class CloudDns:
    """The zones of one project."""

    def __init__(self, google, params):
        self._google, self._timeout = google, params["operation_timeout"]
        self._project = params["project"]
        self._base = f"{DNS}projects/{self._project}"
        self._limit = None

    def network(self, text):
        return www(text) if "/" in text else network_url(self._project, text)

    def zones(self):
        """All zones by their names."""
        purpose = f"list the zones of project {self._project}"
        zones = self._google.pages(f"{self._base}/managedZones", "managedZones", purpose, "dns.managedZones.list")
        return {zone["name"]: zone for zone in zones}

    def record_sets(self, zone_id):
        purpose = f"read the records of the zone {zone_id}"
        permission = "dns.resourceRecordSets.list"
        sets = self._google.pages(f"{self._base}/managedZones/{zone_id}/rrsets", "rrsets", purpose, permission)
        return {(full(one["name"]), one["type"]): one for one in sets}

    def create(self, zone_id, body):
        """Create a zone, or take the one that another run has made of the same description at the same time."""
        purpose = f"create the zone {zone_id} ({body['dnsName']})"
        try:
            return self._google.write("POST", f"{self._base}/managedZones", purpose, CREATE, body, self._timeout)
        except GcpError as error:
            if error.kind != "taken":
                raise
            url = f"{self._base}/managedZones/{zone_id}"
            found = self._google.get(url, purpose, "dns.managedZones.get", missing=None) or {}
            if any(found.get(name) != body[name] for name in ("dnsName", "description", "visibility")):
                raise
            return found

    def patch(self, zone_id, body):
        """Change a zone; the operation to wait for, None when it is done."""
        url, purpose = f"{self._base}/managedZones/{zone_id}", f"change the zone {zone_id}"
        answer = self._google.write("PATCH", url, purpose, UPDATE, body, self._timeout)
        return answer["id"] if answer.get("status") == "pending" and "id" in answer else None

    def delete(self, zone_id):
        url, purpose = f"{self._base}/managedZones/{zone_id}", f"delete the zone {zone_id}"
        # Google may still see the records that were deleted just now.
        gcp.racing(
            lambda: self._google.write("DELETE", url, purpose, "dns.managedZones.delete", None, self._timeout), ("not_empty",)
        )

    def change(self, zone_id, pairs):
        """Make changes, given as pairs of the record sets that go and that come; the last one to wait for."""
        size, last = self._limit_for(pairs), None
        for start in range(0, len(pairs), size):
            batch = pairs[start:start + size]
            body = {
                "deletions": [plain(old) for old, unused in batch if old],
                "additions": [plain(new) for unused, new in batch if new],
            }
            url, purpose = f"{self._base}/managedZones/{zone_id}/changes", f"change {len(batch)} records of the zone {zone_id}"
            permission = "dns.changes.create and dns.resourceRecordSets.create, .update and .delete"
            answer = self._google.write("POST", url, purpose, permission, body, self._timeout)
            last = answer["id"] if answer.get("status") == "pending" else None
        return last

    def last_change(self, zone_id):
        """The newest change to wait for, None when it is done."""
        url, query = f"{self._base}/managedZones/{zone_id}/changes", {"sortOrder": "descending", "maxResults": 1}
        purpose = f"find the last change of the zone {zone_id}"
        found = self._google.get(url, purpose, "dns.changes.list", **query).get("changes") or [{}]
        return found[0]["id"] if found[0].get("status") == "pending" else None

    def _limit_for(self, pairs):
        if len(pairs) <= ALWAYS_FITS:
            return ALWAYS_FITS
        if self._limit is None:
            purpose = f"read the quota of Cloud DNS in project {self._project}"
            quota = self._google.get(self._base, purpose, "dns.projects.get").get("quota", {})
            limits = [quota.get(name) for name in ("rrsetAdditionsPerChange", "rrsetDeletionsPerChange")]
            self._limit = min([int(limit) for limit in limits if limit] or [ALWAYS_FITS])
        return self._limit

    def wait(self, zone_id, kind, number):
        """Until a change (of records) or an operation (on the zone itself) is done."""
        url, end = f"{self._base}/managedZones/{zone_id}/{kind}/{number}", time.monotonic() + self._timeout
        permission = "dns.changes.get" if kind == "changes" else "dns.managedZoneOperations.get"
        pause = 0.25
        while self._google.get(url, f"wait for the change of the zone {zone_id}", permission).get("status") == "pending":
            if time.monotonic() >= end:
                raise GcpError(
                    f"Cloud DNS has not published the change {number} of the zone {zone_id} within {self._timeout} seconds"
                    " (pending): it is made and needs no repeating; give a larger operation_timeout to wait for it.",
                    kind="late",
                )
            time.sleep(pause)
            pause = min(2, pause * 2)


def plain(one):
    """What of a record set Google wants to hear, which deletes one only when it is named exactly as it is."""
    return {name: one[name] for name in ("name", "type", "ttl", "rrdatas", "routingPolicy") if one.get(name) is not None}
