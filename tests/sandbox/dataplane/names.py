# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a name means to a client: in one VPC or network of the scenario, or outside, as the sandbox is at this moment."""
from __future__ import annotations

from .. import loopback
from ..aws.names import inside, normal
from ..core import BadRequest
from . import surroundings
from .entrances import aws_addresses, public

NOERROR, SERVFAIL, NXDOMAIN = 0, 2, 3
TTL = 60
CHAIN = 8


class Answer:
    """rcode and the records on the way: [(name, type, ttl, value)]."""

    def __init__(self, rcode=NOERROR, records=()):
        self.rcode, self.records = rcode, list(records)


class Names:
    """ask(view, name, kind): the Answer, or None where no answer comes at all. A view is ("aws", (region, VPC)), ("gcp", network URL)
    or ("outside", None)."""

    def __init__(self, plane):
        self.plane = plane
        self.world = plane.world

    def ask(self, view, name, kind):
        with self.world.lock:
            self.world.tick()
            if self.plane.faults.find("resolver_silent") and view[0] != "outside":
                return None
            try:
                return self._ask(view, normal(name), kind, CHAIN)
            except (BadRequest, ValueError):
                return Answer(NXDOMAIN)

    def _ask(self, view, name, kind, left):
        if left == 0:
            return Answer(SERVFAIL)
        if view[0] == "aws" and not self._vpc(view).enable_dns_support:
            return None
        zone = max(self._zones(view, name), key=lambda one: len(one.name), default=None)
        taken = surroundings.aws(self.world, view[1], name, zone.name if zone else "") if view[0] == "aws" else \
            surroundings.google(self.world, view[1], name, kind) if view[0] == "gcp" else None
        if taken == surroundings.FORWARDED:
            # To name servers that nobody runs here.
            return None
        if taken is not None:
            return Answer(NOERROR, [(name, kind, TTL, one) for one in taken])
        return self._private(view, zone, name, kind, left) if zone else self._public(view, name, kind)

    # Private zones: only that with the longest suffix is asked, and public DNS does not stand in for what it lacks.

    def _vpc(self, view):
        region, vpc_id = view[1]
        account = self.world.aws.ec2.owner_of_vpc(region, vpc_id)
        return self.world.aws.ec2.backend(account, region).vpcs[vpc_id]

    def _zones(self, view, name):
        if view[0] == "aws" and self._vpc(view).enable_dns_hostnames:
            # A zone of the VPC's own before one of the same name that a profile brings: the first of the longest counts.
            brought = surroundings.profile_zones(self.world, view[1])
            return [_Route53(one) for place in (lambda one: view[1] in one.vpcs, lambda one: one.id in brought)
                    for one in self.world.aws.zones.all.values() if one.private and place(one) and inside(name, one.name)]
        if view[0] == "gcp":
            return [_CloudDns(one) for one in self.world.gcp.dns.zones.values() if view[1] in one.answering and inside(name, one.dns_name)]
        return []

    def _private(self, view, zone, name, kind, left):
        if zone.elsewhere:
            peer = zone.peer
            return self._ask(("gcp", peer), name, kind, left - 1) if peer else Answer(SERVFAIL)
        at = zone.holder(name)
        if at is None:
            return Answer(NOERROR if zone.above(name) else NXDOMAIN)
        found = zone.values(at, kind)
        if found is None and kind != "CNAME":
            target = zone.values(at, "CNAME")
            if target is not None:
                return self._chained(view, name, target, kind, left)
        if found is None:
            return Answer()
        ttl, values = found
        if isinstance(values, dict):
            return Answer(NOERROR, [(name, kind, TTL, value) for value in self._alias(zone, values, kind)])
        return Answer(NOERROR, [(name, kind, ttl, value) for value in values])

    def _chained(self, view, name, found, kind, left):
        ttl, values = found
        rest = self._ask(view, normal(values[0]), kind, left - 1)
        if rest is None:
            return None
        return Answer(rest.rcode, [(name, "CNAME", ttl, normal(values[0])), *rest.records])

    def _alias(self, zone, alias, kind):
        target = alias["DNSName"]
        if alias["HostedZoneId"] == zone.id:
            found = zone.values(target, kind)
            values = found[1] if found else []
            return self._alias(zone, values, kind) if isinstance(values, dict) and values["DNSName"] != target else list(values)
        return self._endpoint(target, kind) or []

    # Public DNS.

    def _endpoint(self, name, kind):
        """The addresses behind an endpoint's own name, which everybody may know; None when there is no such endpoint."""
        endpoint = self.world.aws.endpoints.by_dns_name(name.rstrip(".")) if self.world.aws is not None else None
        if endpoint is None:
            return None
        backend = self.world.aws.ec2.backend(endpoint.account, endpoint.region)
        zones = {backend.get_subnet(one).availability_zone for one in endpoint.subnet_ids}
        label = name.partition(".")[0]
        return aws_addresses(self.world, endpoint, kind, next((one for one in zones if label.endswith(f"-{one}")), None))

    def _public(self, view, name, kind):
        addresses = self._endpoint(name, kind)
        if addresses is None:
            hosts = {host for host, _port in public(self.world.zilliz).values()}
            if self.plane.faults.find("public_answer"):
                places = {(one["projectId"], one["regionId"]) for one in self.world.zilliz.clusters.values()}
                hosts |= {host for host, _port in self.plane.links(places).values()}
            if name.rstrip(".") not in hosts:
                return Answer(NXDOMAIN)
            addresses = [self.public_address(view, name)] if kind == "A" else []
        return Answer(NOERROR, [(name, kind, TTL, one) for one in addresses])

    def public_address(self, view, name):
        """For a client outside one that this machine has, so that a front is there; for all others one that must not be called."""
        if view[0] == "outside" and self.world.switches["loopback_public"]:
            return loopback.outside_address(self.plane.shift)
        return str(loopback.PUBLIC[10 + sum(name.encode()) % 200])


class _Route53:
    elsewhere = peer = None

    def __init__(self, zone):
        self.zone, self.name, self.id = zone, zone.name, zone.id
        self.names = {key[0] for key in zone.records}

    def holder(self, name):
        """The name whose records answer: itself, or the wildcard that stands for it."""
        return _holder(self.names, self.name, name, "\\052")

    def above(self, name):
        return any(one.endswith(f".{name}") for one in self.names)

    def values(self, name, kind):
        """(ttl, values), or (ttl, alias target)."""
        for key, record in sorted(self.zone.records.items(), key=str):
            if key[:2] == (name, kind):
                if "AliasTarget" in record:
                    return TTL, record["AliasTarget"]
                return int(record["TTL"]), [one["Value"] for one in record["ResourceRecords"]]
        return None


class _CloudDns:
    id = None

    def __init__(self, zone):
        self.zone, self.name = zone, zone.dns_name
        self.names = {key[0] for key in zone.serving}
        self.elsewhere = "forwardingConfig" in zone.configs or "peeringConfig" in zone.configs
        self.peer = zone.configs.get("peeringConfig", {}).get("targetNetwork", {}).get("networkUrl")

    def holder(self, name):
        return _holder(self.names, self.name, name, "*")

    above = _Route53.above

    def values(self, name, kind):
        record = self.zone.serving.get((name, kind))
        return (record["ttl"], list(record["rrdatas"])) if record else None


def _holder(names, zone, name, star):
    if name in names:
        return name
    above = name
    while above != zone:
        above = above.partition(".")[2]
        if f"{star}.{above}" in names:
            return f"{star}.{above}"
        if above in names:
            return None
    return None
