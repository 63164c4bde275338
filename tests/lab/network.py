# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Network namespaces: one host for the cloud, one for each place from which a client looks at it.

Everything happens in a lab of its own (see __main__.py): its mounts, networks and processes end with it, however it ends.
"""
from __future__ import annotations

import os
import subprocess
from pathlib import Path

# As in a VPC: the same address everywhere, and whoever asks is known by where he asks from.
RESOLVER = "169.254.169.253"


class Network:
    """`cloud` holds the endpoint's addresses, the resolver and all that is behind them."""

    def __init__(self, programs, folder: Path):
        self.programs, self.folder = programs, folder
        self.environment = {**os.environ, **programs.variables()}
        self.clients: dict[str, str] = {}
        (folder / "resolv.conf").write_text(f"nameserver {RESOLVER}\noptions timeout:2 attempts:1\n", encoding="utf-8")
        (folder / "nsswitch.conf").write_text("passwd: files\ngroup: files\nhosts: files dns\n", encoding="utf-8")
        for name in ("resolv.conf", "nsswitch.conf"):
            run(["mount", "--bind", str(folder / name), f"/etc/{name}"])
        self.ip("link", "set", "lo", "up")
        self._host("cloud")
        self.have(RESOLVER)

    def _host(self, name: str) -> None:
        (self.folder / f"{name}.net").touch()
        run(["unshare", f"--net={self.folder / name}.net", "true"])
        self.ip("link", "set", "lo", "up", host=name)

    def ip(self, *arguments: str, host: str | None = None) -> None:
        command = [self.programs.commands["ip"], *arguments]
        run(self.within(host, command) if host else command, self.environment)

    def within(self, host: str, command: list[str]) -> list[str]:
        return ["nsenter", f"--net={self.folder / host}.net", *command]

    def have(self, address: str) -> None:
        """The cloud has this address."""
        self.ip("address", "replace", address, "dev", "lo", host="cloud")

    def client(self, name: str, address: str) -> None:
        """A host with one cable, to the cloud."""
        self._host(name)
        self.ip("link", "add", "name", name, "netns", str(self.folder / "cloud.net"),
                "type", "veth", "peer", "name", "eth0", "netns", str(self.folder / f"{name}.net"))
        self.ip("address", "add", address, "dev", "eth0", host=name)
        self.ip("link", "set", "eth0", "up", host=name)
        self.ip("route", "add", "default", "dev", "eth0", "src", address, host=name)
        self.ip("link", "set", name, "up", host="cloud")
        self.ip("route", "add", address, "dev", name, host="cloud")
        self.clients[name] = address

    def interpreter(self, host: str, python: str) -> Path:
        """What an inventory gives as ansible_python_interpreter, so that modules run in that host."""
        path = self.folder / f"python-{host}"
        path.write_text(f"#!/bin/sh\nexec {' '.join(self.within(host, [python]))} \"$@\"\n", encoding="utf-8")
        path.chmod(0o755)
        return path

    def start(self, host: str, command: list[str], log: str, **more) -> subprocess.Popen:
        with open(self.folder / log, "a", encoding="utf-8") as output:
            return subprocess.Popen(self.within(host, command), stdout=output, stderr=output, stdin=subprocess.DEVNULL, env=self.environment, **more)

    def run(self, host: str, command: list[str], **more) -> subprocess.CompletedProcess:
        more = {"env": self.environment, "timeout": 120, **more}
        return subprocess.run(self.within(host, command), stdin=more.pop("stdin", subprocess.DEVNULL), capture_output=True, text=True,
                              check=False, **more)


class Daemon:
    """A server that goes into the background only when it listens, and leaves its number in a file."""

    def __init__(self, network: Network, name: str):
        self.network, self.name = network, name
        self.pidfile = network.folder / f"{name}.pid"

    def restart(self, command: list[str]) -> None:
        self.stop()
        done = self.network.run("cloud", command)
        if done.returncode:
            raise RuntimeError(f"{self.name} did not start: {done.stdout}{done.stderr}")

    def stop(self) -> None:
        if not self.pidfile.exists():
            return
        number = int(self.pidfile.read_text(encoding="utf-8").split()[0])
        self.pidfile.unlink()
        try:
            os.kill(number, 15)
            # Orphans are ours: this lab's first process takes them over.
            os.waitpid(number, 0)
        except (ProcessLookupError, ChildProcessError):
            pass


def run(command: list[str], env: dict[str, str] | None = None, text: str | None = None) -> None:
    done = subprocess.run(command, env=env, input=text or "", capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stdout}{done.stderr}")
