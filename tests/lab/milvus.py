# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Milvus, and the vendor's client for it, which runs where clients are."""
from __future__ import annotations

import json
import time
from pathlib import Path

from .network import Network

PORT = 19999
CLIENT = Path(__file__).with_name("pymilvus_client.py")


class Milvus:
    def __init__(self, network: Network):
        self.network = network
        # Unbuffered, so that its log tells when it listens.
        command = [network.programs.milvus, "-u", "-m", "milvus_lite", "server"]
        command += ["--data-dir", str(network.folder / "milvus"), "--host", "127.0.0.1", "--port", str(PORT)]
        self.process = network.start("cloud", command, "milvus.log")

    def wait(self, seconds: float = 60) -> None:
        until = time.monotonic() + seconds
        while "listening" not in (self.network.folder / "milvus.log").read_text(encoding="utf-8"):
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"Milvus did not start: {(self.network.folder / 'milvus.log').read_text(encoding='utf-8')[-2000:]}")
            time.sleep(0.1)

    def use(self, host: str, url: str, token: str, ca_path: Path) -> dict:
        """What the client saw through that name: {"inserted", "found"} or {"error"}."""
        environment = {**self.network.environment, "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH": str(ca_path)}
        done = self.network.run(host, [self.network.programs.milvus, str(CLIENT), url, token], env=environment)
        try:
            return json.loads(done.stdout.splitlines()[-1])
        except (ValueError, IndexError):
            return {"error": (done.stdout + done.stderr)[-300:]}
