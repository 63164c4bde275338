# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates for the front: the cluster's own, and those of its faults. The authority of the lab stands for the public ones."""
from __future__ import annotations

import datetime
from pathlib import Path

import trustme


class Certificates:
    def __init__(self, folder: Path):
        self.folder = folder
        self.authority, self.proxy = trustme.CA(), trustme.CA(organization_name="inspecting proxy")
        self.ca_path = folder / "ca.pem"
        self.authority.cert_pem.write_to_path(str(self.ca_path))

    def good(self, host: str) -> Path:
        return self._written(f"{host}-good", self.authority.issue_cert(host))

    def of_other(self, host: str) -> Path:
        return self._written(f"{host}-other", self.authority.issue_cert(host.replace("in01-", "in01-f", 1)))

    def of_proxy(self, host: str) -> Path:
        return self._written(f"{host}-proxy", self.proxy.issue_cert(host))

    def expired(self, host: str) -> Path:
        end = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=1)
        return self._written(f"{host}-expired", self.authority.issue_cert(host, not_before=end - datetime.timedelta(days=90), not_after=end))

    def _written(self, name: str, leaf: trustme.LeafCert) -> Path:
        path = self.folder / f"{name}.pem"
        path.write_bytes(leaf.private_key_and_cert_chain_pem.bytes())
        return path
