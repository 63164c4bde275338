# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""python -m sandbox.awx: an empty AWX in the foreground until interrupted."""
from __future__ import annotations

import argparse
import pathlib
import signal
import threading

from ..server import Server
from .app import App
from .awx import Awx


def main():
    parser = argparse.ArgumentParser(prog="python -m sandbox.awx", description="AWX's /api/v2 in memory: admin, password.")
    parser.add_argument("--port", type=int, default=0, help="default: a free one")
    parser.add_argument("--repository", action="append", default=[], metavar="URL=FOLDER", help="a Git URL, and the folder with its playbooks/")
    args = parser.parse_args()
    stopped = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopped.set())
    repositories = {url: playbooks(folder) for url, _equals, folder in (text.rpartition("=") for text in args.repository)}
    server = Server(App(Awx(repositories=repositories)), args.port).serve()
    print(f"awx ready: {server.url}", flush=True)
    stopped.wait()
    server.stop()


def playbooks(folder):
    """What AWX lists of a repository."""
    return sorted(path.relative_to(folder).as_posix() for path in pathlib.Path(folder).glob("playbooks/*.yml"))


if __name__ == "__main__":
    main()
