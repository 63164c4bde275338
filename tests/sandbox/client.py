# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A sandbox of one's own, for tests: with Sandbox(tmp_path) as sandbox: ..."""
from __future__ import annotations

import json
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

TESTS = pathlib.Path(__file__).resolve().parents[1]
_open = urllib.request.build_opener(urllib.request.ProxyHandler({})).open


class Sandbox:
    """env: the variables of its env file; scenario: its scenario.json; interpreter: what modules run in, if it is not Ansible's own."""

    def __init__(self, folder=None, speed=None, clusters=None, collections=None, python=sys.executable, wait=30):
        self.interpreter = None
        self._temporary = None if folder else tempfile.TemporaryDirectory(prefix="sandbox-")
        self.dir = pathlib.Path(self._temporary.name if self._temporary else folder)
        self.dir.mkdir(parents=True, exist_ok=True)
        (self.dir / "env").unlink(missing_ok=True)
        command = [python, "-m", "sandbox", "--dir", str(self.dir)]
        for name, value in (("speed", speed), ("clusters", clusters), ("collections", collections)):
            command += [f"--{name}", str(value)] if value is not None else []
        with open(self.dir / "sandbox.log", "w", encoding="utf-8") as output:
            self._process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT,
                                             env=dict(os.environ, PYTHONPATH=str(TESTS)))
        until = time.monotonic() + wait
        while not (self.dir / "env").exists():
            if self._process.poll() is not None or time.monotonic() > until:
                self.stop()
                text = (self.dir / "sandbox.log").read_text(encoding="utf-8")
                raise RuntimeError(f"The sandbox did not start: {text[-3000:]}")
            time.sleep(0.05)
        self.env = dict(line[7:].split("=", 1) for line in shlex_lines(self.dir / "env"))
        self.url = self.env["SANDBOX_URL"]

    @property
    def scenario(self):
        return json.loads((self.dir / "scenario.json").read_text(encoding="utf-8"))

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, method=method)
        try:
            with _open(request, timeout=60) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            raise ValueError(json.load(error)["error"]) from None

    def reset(self, **what):
        return self.call("POST", "/reset", what)

    def log(self, since=0):
        return self.call("GET", f"/log?since={since}")

    def mutating(self, since=0, outcome=None):
        """The mutating calls; outcome="ok" leaves out those that were refused or broken."""
        return [entry for entry in self.log(since) if entry["mutating"] and outcome in (None, entry["outcome"])]

    def escaped(self, since=0):
        """Attempts to leave loopback. A test that finds one fails."""
        return [entry for entry in self.log(since) if entry["cloud"] == "escaped"]

    def state(self, residue=False):
        return self.call("GET", f"/state?residue={int(residue)}")

    def fault(self, kind, times=1, **match):
        return self.call("POST", "/fault", {"match": match, "kind": kind, "times": times})

    def drift(self, kind, **args):
        return self.call("POST", "/drift", dict(args, kind=kind))

    def dataplane(self):
        """The fronts of the data plane, the faults on it, and the addresses that this machine could not give it."""
        return self.call("GET", "/dataplane")

    def clock(self, **what):
        return self.call("POST", "/clock", what) if what else self.call("GET", "/clock")

    def switch(self, **values):
        return self.call("POST", "/switch", values)

    def stop(self):
        """The exit status."""
        self._process.terminate()
        try:
            status = self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            status = self._process.wait()
        if self._temporary and status == 0:
            self._temporary.cleanup()
        return status

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.stop()


def shlex_lines(path):
    """The export lines without their quotes."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [" ".join(shlex.split(line)) for line in lines if line.startswith("export ")]
