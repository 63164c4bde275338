# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""haproxy as the front of the vendor: TLS on the link's port; HTTP/2 goes on to Milvus, HTTP/1.1 is answered as Zilliz Cloud answers it."""
from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .network import Daemon, Network

HEAD = """\
global
  pidfile {folder}/haproxy.pid
  ssl-default-bind-options ssl-min-ver TLSv1.2
defaults
  timeout client 60s
  timeout server 60s
  timeout connect 5s
backend milvus
  mode tcp
  server milvus 127.0.0.1:{milvus}
"""
# What stands before the handshake, by fault.
REJECT = "tcp-request connection reject"
SILENCE = "tcp-request inspect-delay 30s\n  tcp-request content reject if WAIT_END"
PORT = """\
frontend port{port}
  mode tcp
{binds}
  {before}
  use_backend milvus if {{ ssl_fc_alpn h2 }}
  default_backend http{port}
backend http{port}
  mode tcp
  server http abns@lab{port}
frontend http{port}
  mode http
  bind abns@lab{port}
{answers}
"""
JSON = "http-request return status {status} content-type application/json string '{body}'"
# Only the path is proven with these; what a cluster stores is Milvus's business, over HTTP/2.
ANSWERS = [
    JSON.format(status=200, body='{"code":0,"data":[]}') + " if { path /v2/vectordb/collections/list } { req.hdr(Authorization) -m str TOKEN }",
    JSON.format(status=401, body='{"code":1800,"message":"not authenticated"}') + " if { req.hdr(Authorization) -m found }",
    JSON.format(status=400, body='{"code":1800,"message":"no key"}'),
]
DOWN = [JSON.format(status=503, body='{"code":503,"message":"the cluster is not available"}')]


@dataclass
class Door:
    """One port of the vendor's."""

    port: int
    certificate: Path
    fault: str = ""


class Front:
    def __init__(self, network: Network, milvus: int, token: str):
        self.network, self.milvus, self.token = network, milvus, token
        self.daemon = Daemon(network, "haproxy")

    def serve(self, addresses: list[str], doors: list[Door]) -> None:
        folder = self.network.folder
        text = HEAD.format(folder=folder, milvus=self.milvus) + "".join(self._door(one, addresses) for one in doors)
        path = folder / "haproxy.cfg"
        path.write_text(text, encoding="utf-8")
        self.daemon.restart([self.network.programs.commands["haproxy"], "-D", "-q", "-f", str(path)])

    def _door(self, door: Door, addresses: list[str]) -> str:
        tls = "" if door.fault in ("silent", "plain") else f" ssl crt {door.certificate} alpn h2,http/1.1"
        answers = DOWN if door.fault == "down" else [one.replace("TOKEN", f"'Bearer {self.token}'") for one in ANSWERS]
        return PORT.format(
            port=door.port, before={"dead": REJECT, "silent": SILENCE}.get(door.fault, ""),
            binds="\n".join(f"  bind {address}:{door.port}{tls}" for address in addresses), answers="\n".join(f"  {one}" for one in answers))
