# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One place where lives are led: a sandbox, and playbooks that may be killed on the way."""
from __future__ import annotations

import os
import pathlib
import signal
import threading
import time
import uuid

from e2e.runner import run_playbook
from sandbox.client import Sandbox

from .life import FASTER

SPEED = 600
# What puts a Python and its children into fast time.
FAST = {"PYTHONPATH": str(pathlib.Path(__file__).with_name("fast")), "FASTER": str(FASTER)}


class Bench:
    def __init__(self, folder, collections, interpreter):
        self.folder = pathlib.Path(folder)
        self.sandbox = Sandbox(self.folder, speed=SPEED, collections=collections)
        self.sandbox.interpreter = interpreter
        self._kill = False
        self._marker = b""

    def stop(self):
        if self._marker:
            kill_all(self._marker)
        self.sandbox.stop()

    def play(self, playbook, env=None, **more):
        """A playbook in fast time; after killing(), it ends like a cancelled job when its fault strikes."""
        marker = f"FAULTS_RUN={uuid.uuid4().hex}"
        name, _sign, value = marker.partition("=")
        self._marker = marker.encode()
        over = threading.Event()
        watch = threading.Thread(target=self._kill_when_struck, args=(over,), daemon=True)
        if self._kill:
            watch.start()
        try:
            return run_playbook(self.sandbox, self.folder, playbook, env={**FAST, name: value, **(env or {})}, **more)
        finally:
            over.set()
            self._marker = b""
            if self._kill:
                watch.join()
            for path in self.folder.glob("results-*.jsonl"):
                path.unlink()

    def killing(self, kill):
        self._kill = kill

    def _kill_when_struck(self, over):
        while not over.wait(0.1):
            if any(fault["fired"] for fault in self.sandbox.call("GET", "/fault")):
                return kill_all(self._marker)
        return None


def kill_all(marker):
    """SIGKILL for every process of a run, whatever sessions its workers have made."""
    while True:
        found = [number for number in map(int, filter(str.isdigit, os.listdir("/proc"))) if _has(number, marker)]
        if not found:
            return
        for number in found:
            try:
                os.kill(number, signal.SIGKILL)
            except ProcessLookupError:
                pass
        time.sleep(0.02)


def _has(number, marker):
    try:
        with open(f"/proc/{number}/environ", "rb") as file:
            return marker in file.read().split(b"\0")
    except OSError:
        return False
