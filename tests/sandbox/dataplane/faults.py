# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody lets go wrong on the path: drifts data_plane_<kind>."""
from __future__ import annotations

from ..core import BadRequest

# What happens where, in the order in which a client meets it.
CONNECT = ("hang", "refuse")
BEFORE_TLS = ("reset", "close", "mute", "not_tls")
CERTIFICATES = ("wrong_certificate", "endpoint_certificate", "untrusted_certificate", "expired_certificate")
ANSWERS = ("silent", "odd_answer", "cluster_down", "call_fails")
NAMES = ("resolver_silent", "public_answer")
KINDS = CONNECT + BEFORE_TLS + CERTIFICATES + ANSWERS + NAMES
PREFIX = "data_plane_"
SIDES = ("private", "public", "both")


class Faults:
    def __init__(self, plane):
        self.plane = plane
        self.set = []
        self.kinds = [f"{PREFIX}{kind}" for kind in (*KINDS, "one_address_hangs", "breaks_when_public_closes", "ok")]

    def clear(self):
        self.set = []

    def drift(self, kind, cluster_id=None, address=None, port=None, side="private", how="reset"):
        """cluster_id, address, port: only there. side: private (default), public or both. how: the kind that begins when a public endpoint closes."""
        kind = kind[len(PREFIX):]
        if side not in SIDES:
            raise BadRequest(f"side is one of {', '.join(SIDES)}, not {side!r}.")
        if cluster_id is not None and cluster_id not in self.plane.world.zilliz.clusters:
            raise BadRequest(f"There is no cluster {cluster_id!r}.")
        if kind == "ok":
            self.clear()
            return {}
        fault = {"kind": kind, "cluster_id": cluster_id, "address": address, "port": port, "side": side}
        if kind == "one_address_hangs":
            fault.update(kind="hang", address=address or self.plane.first_address())
            if fault["address"] is None:
                raise BadRequest("There is no endpoint with several addresses.")
        if kind == "breaks_when_public_closes":
            if how not in KINDS:
                raise BadRequest(f"how is one of {', '.join(KINDS)}, not {how!r}.")
            fault.update(kind=how, when=self._open())
        self.set.append(fault)
        return {name: value for name, value in fault.items() if name in ("cluster_id", "address", "port") and value is not None}

    def _open(self):
        return {one["clusterId"] for one in self.plane.world.zilliz.clusters.values() if one["publicAddressEnabled"]}

    def active(self):
        """Those that hold now: one that waits for a public endpoint to close holds as long as it is closed."""
        return [one for one in self.set if "when" not in one or one["when"] - self._open()]

    def find(self, *kinds, side="private", cluster_id=None, address=None, port=None):
        """The kind of the latest fault of these kinds that strikes there, or None."""
        here = {"cluster_id": cluster_id, "address": address, "port": port}
        for one in reversed(self.active()):
            if one["kind"] in kinds and one["side"] in (side, "both") and all(one[name] in (None, value) for name, value in here.items()):
                return one["kind"]
        return None
