# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab as a whole: what the sandbox has at this moment, and what is wrong with the rest of the world."""
from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from . import names
from .certificates import Certificates
from .firewall import Firewall
from .front import Door, Front
from .milvus import PORT, Milvus
from .network import Network
from .resolver import Resolver

ROOT = Path(__file__).resolve().parents[2]
# Addresses for documentation: what leads there leads out.
PUBLIC = "203.0.113.10"
TOKEN = "lab-1f6c0d7a94be82530c6d1e7fa9b3482c5d60e917"
PROBE = "ansible_collections.zilliz.cloud.plugins.modules.private_link_probe"


@dataclass(frozen=True)
class Wrong:
    """What is not as it should be. `doors`: for the first cluster's port: dead, silent, plain, down, or a certificate's name."""

    door: str = ""
    cut: tuple[str, ...] = ()
    cut_back: tuple[str, ...] = ()
    resolver: bool = True
    public_answer: bool = False


class Lab:
    def __init__(self, programs, folder: Path, sandbox, places: dict[str, tuple[str, str]], python: str):
        """places: {client: (address, place in the clouds)}."""
        self.folder, self.sandbox, self.python = folder, sandbox, python
        self.network = Network(programs, folder)
        for name, (address, _place) in places.items():
            self.network.client(name, address)
        self.milvus = Milvus(self.network)
        self.certificates = Certificates(folder)
        self.resolver = Resolver(self.network, {name: place for name, (_address, place) in places.items()})
        self.firewall = Firewall(self.network)
        self.front = Front(self.network, PORT, TOKEN)
        self.served: dict[str, object] = {}
        self.links: list[dict] = []
        self.addresses: list[str] = []
        self.rules = lambda state: []

    def open(self, links: list[dict], addresses: list[str], rules) -> None:
        """A link that stands. rules: what of the state lets clients in."""
        self.links, self.addresses, self.rules = links, addresses, rules
        for address in addresses:
            self.network.have(address)
        self.good = {link["host"]: self.certificates.good(link["host"]) for link in links}
        self.now(Wrong())

    def now(self, wrong: Wrong) -> None:
        """The world as it is in the sandbox, with this wrong."""
        state = self.sandbox.state()
        public = {link["public_host"]: [PUBLIC] for link in self.links if link.get("public_host")}
        if wrong.public_answer:
            public.update({link["host"]: [PUBLIC] for link in self.links})
        public.update(names.endpoint_names(state))
        self._once("names", self.resolver.serve, names.zones(state), public)
        self._once("rules", self.firewall.load, self.rules(state), wrong.cut, wrong.cut_back, wrong.resolver)
        self._once("front", self.front.serve, self.addresses, [self._door(link, wrong.door if link is self.links[0] else "") for link in self.links])

    def _door(self, link: dict, fault: str) -> Door:
        made = getattr(self.certificates, fault, None)
        return Door(link["port"], made(link["host"]) if made else self.good[link["host"]], fault)

    def _once(self, name: str, function, *arguments) -> None:
        """What is as before is not loaded again."""
        if self.served.get(name) != arguments:
            function(*arguments)
            self.served[name] = arguments

    def probe(self, host: str, links: list[dict] | None = None, **options) -> list[dict]:
        """The module by itself, as it runs on a client."""
        given = {"links": links or self.links, "expected_addresses": self.addresses, "ca_path": str(self.certificates.ca_path), "timeout": 2, **options}
        path = self.folder / "probe.json"
        path.write_text(json.dumps({"ANSIBLE_MODULE_ARGS": given}), encoding="utf-8")
        done = self.network.run(host, [self.python, "-m", PROBE, str(path)])
        try:
            return json.loads(done.stdout)["probes"]
        except (ValueError, KeyError):
            raise RuntimeError(f"The probe failed: {done.stdout}{done.stderr}") from None
