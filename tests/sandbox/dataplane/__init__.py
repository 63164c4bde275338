# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a program on this machine meets behind an endpoint, when the switch `loopback` puts the scenario's networks here:
a resolver for each VPC and network and one outside, and TLS fronts on the endpoints' own addresses and ports.
"""
from __future__ import annotations

from typing import Any

from .. import loopback
from ..aws import landscape
from ..core import BadRequest
from ..gcp import landscape as google
from ..gcp.names import network_url
from ..scenario import API_KEY
from .certificates import DOMAIN, Certificates
from .dns import HOST, DnsServer
from .entrances import ASLEEP, PORTS, entrances, links, public
from .faults import ANSWERS, BEFORE_TLS, CERTIFICATES, CONNECT, Faults
from .fronts import Decision, Fronts
from .names import Names

USER_TOKEN = "root:sandbox-password-of-the-cluster-5f1e"


class DataPlane:
    SWITCHES = {
        "loopback": (False, "The networks lie in 127.0.0.0/8 and their data plane runs on this machine; chosen with a reset."),
        "loopback_public": (True, "With loopback: the outside resolver gives public hosts an address of this machine, with the public endpoint there."),
        "loopback_client": ("", "With loopback: the address of the client in each VPC; else the 200th of its first subnet."),
        "loopback_client_tags": ([], "With loopback: network tags and service account of the client in a Google network."),
        "loopback_bad_key": ("http", "A wrong key gets status 401 ('http'), or 200 with a code ('envelope')."),
    }

    def __init__(self, world):
        self.world = world
        self.shift = None
        self.guard: Any = None
        self.seen, self.linked = {}, {}
        self.faults = self.drifts = Faults(self)
        self.names = Names(self)
        self.fronts = Fronts(world.lock, self.wanted, self.decide)
        self.certificates: Any = None
        self.dns: Any = None

    # Its life. A world prepares it before its clouds are built, so that they know where their networks lie.

    def prepare(self, on):
        if on and self.shift is None:
            self.shift, self.guard = loopback.take()
            if self.shift is None:
                raise BadRequest("The sandboxes with loopback that run on this machine already are as many as can be.")
        elif not on and self.shift is not None:
            self.guard.close()
            self.shift = self.guard = None

    def reset(self):
        self.faults.clear()
        self.seen, self.linked = {}, {}
        if self.shift is None:
            self.fronts.stop()
            return
        self.certificates = self.certificates or Certificates()
        self.dns = self.dns or DnsServer(self._views(), self._ask)
        self.fronts.start()

    def stop(self):
        with self.world.lock:
            self.fronts.stop()
            if self.dns:
                self.dns.stop()
            self.dns = None
            self.prepare(False)

    def sync(self):
        """Whoever changed something and wants to meet it at once."""
        if self.shift is not None:
            with self.world.lock:
                self.world.tick()
                self.fronts.sync()

    def drift(self, kind, **args):
        if self.shift is None:
            raise BadRequest(f"{kind} needs the switch loopback, given with a reset.")
        try:
            touched = self.faults.drift(kind, **args)
        except TypeError as error:
            raise BadRequest(f"The drift {kind} takes cluster_id, address, port, side and how: {error}.") from None
        self.world.log.add("drift", kind, True, "ok", **touched)
        return touched

    # What tests are told.

    def scenario(self, ca_path):
        """scenario.json's "dataplane"; nothing while it is off."""
        if self.shift is None:
            return {}
        at = {name: f"{HOST}:{port}" for name, port in self.dns.ports.items()}
        return {"dataplane": {
            "resolver": at["vpc"], "second_resolver": at["second_vpc"], "gcp_resolver": at["network"], "gcp_second_resolver": at["second_network"],
            "outside_resolver": at["outside"], "resolvers": at, "ca_path": ca_path, "token": API_KEY, "user_token": USER_TOKEN,
            "public_address": loopback.outside_address(self.shift)}}

    def state(self):
        """What is there to be met now; nothing while it is off."""
        if self.shift is None:
            return {}
        with self.world.lock:
            self.world.tick()
            self.fronts.sync()
            return {"fronts": [{"address": address, "port": port, "mode": one.mode} for (address, port), one in sorted(self.fronts.present.items())],
                    "unbound": [{"address": place[0], "port": place[1], "why": why} for place, why in sorted(self.fronts.unbound.items())],
                    "faults": [{name: value for name, value in one.items() if name != "when" and value is not None} for one in self.faults.active()]}

    def _views(self):
        """A resolver for each VPC and network, by its id or name; those of scenario.json by their keys there too."""
        vpcs = {vpc_id: ("aws", (region, vpc_id)) for _account, region, vpc_id, *_rest in landscape.VPCS}
        networks = {name: ("gcp", network_url(project, name)) for project, names in google.NETWORKS.items() for name in names}
        return {"vpc": vpcs[landscape.VPC], "second_vpc": vpcs[landscape.SECOND_VPC], "network": networks["my-vpc"],
                "second_network": networks["my-second-vpc"], "outside": ("outside", None), **vpcs, **networks}

    def _ask(self, view, name, kind):
        return self.names.ask(view, name, kind) if self.shift is not None else None

    # What the fronts do.

    def links(self, places):
        return links(self.world.zilliz, places, self.linked)

    def wanted(self):
        """{(address, port): "open" or "hangs"}. The caller holds the world's lock."""
        self.world.tick()
        found = {}
        for one in entrances(self.world, self.seen):
            linked = self.links(one.before)
            ports = {port for _host, port in linked.values()}
            for address in one.addresses:
                for port in ports | set(PORTS):
                    way = one.connected and one.may(address, port)
                    mode = "hangs" if not way else "open" if port in ports else None
                    found[address, port] = self._struck(mode, address, port, linked, "private")
        if self.world.switches["loopback_public"]:
            address, hosts = loopback.outside_address(self.shift), public(self.world.zilliz)
            for port in {port for _host, port in hosts.values()}:
                found[address, port] = self._struck("open", address, port, hosts, "public")
        return {place: mode for place, mode in found.items() if mode}

    def _struck(self, mode, address, port, clusters, side):
        """The mode under the faults. To fail to connect to one cluster is to fail on its port."""
        ids = [None, *(cluster_id for cluster_id, (_host, at) in clusters.items() if at == port)]
        struck = {self.faults.find(*CONNECT, side=side, cluster_id=one, address=address, port=port) for one in ids}
        return "hangs" if "hang" in struck else None if "refuse" in struck else mode

    def first_address(self):
        """Of the endpoints' addresses, for what shall happen on one of several."""
        return next((one.addresses[0] for one in entrances(self.world, self.seen) if len(one.addresses) > 1), None)

    def decide(self, address, port, host):
        """What becomes of a connection on which a client asks for this host."""
        with self.world.lock:
            self.world.tick()
            if self.shift is None:
                return Decision("close")
            outside = address == loopback.outside_address(self.shift)
            side = "public" if outside else "private"
            entrance: Any = None if outside else next((one for one in entrances(self.world, self.seen) if address in one.addresses), None)
            if not outside and entrance is None:
                return Decision("close")
            hosts = public(self.world.zilliz) if outside else self.links(entrance.places)
            cluster_id = next((one for one, place in hosts.items() if place == (host, port)), None)
            cluster = self.world.zilliz.clusters.get(cluster_id)
            where = {"side": side, "cluster_id": cluster_id, "address": address, "port": port}
            kind = self.faults.find(*BEFORE_TLS, **where)
            if kind:
                return Decision(kind)
            if not outside and not entrance.places or host.endswith(f".{DOMAIN}") and (cluster is None or cluster["status"] in ASLEEP):
                # The vendor's side has nobody to hand it on to.
                return Decision("close")
            region_id = cluster["regionId"] if cluster else entrance.region_id if entrance else "aws-us-west-2"
            context = self.certificates.context(region_id, self.faults.find(*CERTIFICATES, **where) or "good", entrance.service if entrance else "")
            return Decision("serve", context, (API_KEY, USER_TOKEN), self.faults.find(*ANSWERS, **where), self.world.switches["loopback_bad_key"])
