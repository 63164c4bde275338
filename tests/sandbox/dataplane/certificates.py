# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates of the fronts, each made when it is first shown."""
from __future__ import annotations

import datetime
import ssl

import trustme

DOMAIN = "vectordb.zillizcloud.com"


class Certificates:
    """authority_pem: what a client has to trust."""

    def __init__(self):
        self._authority = trustme.CA(organization_name="sandbox data plane")
        self._proxy = trustme.CA(organization_name="somebody in between")
        self._contexts = {}

    @property
    def authority_pem(self):
        return self._authority.cert_pem.bytes().decode()

    def context(self, region_id, kind="good", service=""):
        """kind: good, wrong_certificate, endpoint_certificate, untrusted_certificate or expired_certificate."""
        key = region_id, kind, service
        if key not in self._contexts:
            self._contexts[key] = self._made(*key)
        return self._contexts[key]

    def _made(self, region_id, kind, service):
        names = [f"*.{region_id}.{DOMAIN}"]
        more: dict = {}
        if kind == "wrong_certificate":
            names = ["www.example.com"]
        elif kind == "endpoint_certificate":
            cloud, _dash, region = region_id.partition("-")
            names = [f"*.{service.rpartition('.')[2]}.{region}.vpce.amazonaws.com" if cloud == "aws" else f"*.{region}.p.googleapis.com"]
        elif kind == "expired_certificate":
            now = datetime.datetime.now(datetime.timezone.utc)
            more = {"not_before": now - datetime.timedelta(days=120), "not_after": now - datetime.timedelta(days=30)}
        authority = self._proxy if kind == "untrusted_certificate" else self._authority
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(*names, **more).configure_cert(context)
        return context
