# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""unbound as the resolver of every network: who asks sees the zones of where he is, and public names behind them."""
from __future__ import annotations

from .network import RESOLVER, Daemon, Network

HEAD = """\
server:
  interface: {resolver}
  access-control: 0.0.0.0/0 allow
  do-ip6: no
  num-threads: 1
  module-config: "iterator"
  username: ""
  chroot: ""
  directory: "{folder}"
  pidfile: "{folder}/unbound.pid"
  logfile: "{folder}/unbound.log"
  use-syslog: no
  local-zone: "." static
"""


class Resolver:
    def __init__(self, network: Network, places: dict[str, str]):
        """places: what the zones call the place of each client."""
        self.network, self.places = network, places
        self.daemon = Daemon(network, "unbound")

    def serve(self, zones: dict, public: dict) -> None:
        path = self.network.folder / "unbound.conf"
        path.write_text(self.text(zones, public), encoding="utf-8")
        self.daemon.restart([self.network.programs.commands["unbound"], "-c", str(path)])

    def text(self, zones: dict, public: dict) -> str:
        lines = [HEAD.format(resolver=RESOLVER, folder=self.network.folder)]
        lines += [f"  {_data(name, 'A', value)}" for name, values in public.items() for value in values]
        lines += [f"  access-control-view: {address}/32 {client}" for client, address in self.network.clients.items()]
        for client in self.network.clients:
            lines += ["view:", f"  name: {client}", "  view-first: yes"]
            for zone, records in zones.get(self.places.get(client, ""), {}).items():
                # Such a zone hides all public names that end like it, as in the cloud.
                lines.append(f'  local-zone: "{zone}" static')
                lines += [f"  {_data(name, kind, value)}" for (name, kind), values in records.items() for value in values]
        return "\n".join(lines) + "\n"


def _data(name: str, kind: str, value: str) -> str:
    return f"local-data: '{name.rstrip('.')}. 60 IN {kind} {value}'"
