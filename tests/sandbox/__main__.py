# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""python -m sandbox --dir build/sandbox: the clouds in the foreground until interrupted."""
from __future__ import annotations

import argparse
import json
import os
import signal
import threading

from . import scenario
from .control import Control
from .core import World
from .gcp.app import HOSTS
from .gcp.tls import Inside
from .server import EscapeServer, Server


def main():
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="The clouds on loopback.")
    parser.add_argument("--dir", default="build/sandbox", help="where env and scenario.json are written")
    parser.add_argument("--port", type=int, default=0, help="port of the control API (default: a free one)")
    parser.add_argument("--speed", type=float, default=60, help="virtual seconds per second (default 60)")
    parser.add_argument("--clusters", type=int, default=2, help="linkable clusters in the AWS project and in the Google one (default 2)")
    parser.add_argument("--collections", help="ANSIBLE_COLLECTIONS_PATH for the env file (default: the variable)")
    args = parser.parse_args()

    stopped = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopped.set())

    folder = os.path.abspath(args.dir)
    os.makedirs(folder, exist_ok=True)
    world = World(speed=args.speed, clusters=args.clusters)
    servers = {name: Server(cloud.app).serve() for name, cloud in world.clouds().items()}
    inside = Inside(world.gcp.app, HOSTS)
    servers["escape"] = EscapeServer(world.log, inside=inside).serve()
    urls = {name: server.url for name, server in servers.items()}

    def public():
        return {**scenario.public(world.scenario, urls["zilliz"], folder), **world.dataplane.scenario(os.path.join(folder, "dataplane-ca.pem"))}

    def write_scenario():
        if world.dataplane.certificates:
            _write(folder, "dataplane-ca.pem", world.dataplane.certificates.authority_pem)
        _write(folder, "scenario.json", json.dumps(public(), indent=1) + "\n")

    servers["control"] = Server(Control(world, public, write_scenario).app, args.port).serve()
    urls["control"] = servers["control"].url
    config, credentials = scenario.aws_files(world.scenario)
    _write(folder, "aws-config", config)
    _write(folder, "aws-credentials", credentials)
    _write(folder, "ca.pem", inside.authority_pem)
    for name, content in world.gcp.files().items():
        _write(folder, name, content)
    write_scenario()
    # Last: whoever waits for this file finds everything else there.
    _write(folder, "env", scenario.env_text(scenario.env(world.scenario, urls, folder, args.collections)))
    print(f"sandbox ready: {urls['control']}  (. {os.path.join(folder, 'env')})", flush=True)

    stopped.wait()
    world.dataplane.stop()
    for server in servers.values():
        server.stop()


def _write(folder, name, text):
    """Whole or not at all, for those who read it meanwhile."""
    path = os.path.join(folder, name)
    with open(f"{path}.new", "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(f"{path}.new", path)


if __name__ == "__main__":
    main()
