# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""gcp_floor.py ACTION...: the same steps in one process, with one session for each cloud."""
from __future__ import annotations

import json
import os
import pathlib
import sys

from gcp_step import Google
from zilliz_floor import Zilliz

NOTES = pathlib.Path(f"{os.environ['NOTES']}.json")
NAME = "zilliz-floor"


class Job:
    def __init__(self):
        self.zilliz, self.google = Zilliz(), Google()
        self.notes = json.loads(NOTES.read_text(encoding="utf-8")) if NOTES.exists() else {"zones": {}}
        self.account = {"gcpProjectId": self.google.project}

    def connect(self):
        service = self.zilliz.service()
        self.google.create_address(NAME)
        self.google.create_endpoint(NAME, service)
        self.zilliz.register(NAME, **self.account)
        self.notes["endpoint"] = NAME
        self.zilliz.links()

    def names(self):
        address = self.google.endpoint(self.notes["endpoint"])
        for host, _port in self.zilliz.links():
            if host not in self.notes["zones"]:
                self.google.create_zone(host)
                self.google.create_record(host, address)
                self.notes["zones"][host] = address

    def check(self):
        """All that the role promises to keep and that can change without us: each by the one call that tells it."""
        assert self.zilliz.service()
        self.zilliz.registered(self.notes["endpoint"])
        links = self.zilliz.links()
        address = self.google.endpoint(self.notes["endpoint"])
        assert self.google.address(self.notes.get("address", self.notes["endpoint"]))
        self.google.firewalls()
        zones = self.google.zone_names().split()
        for host, _port in links:
            zone = self.notes["zones_of"][host] if "zones_of" in self.notes else None
            assert zone in [None, *zones] and self.google.record(host, zone) == address

    def teardown(self):
        for host, address in self.notes["zones"].items():
            self.google.delete_record(host, address)
            self.google.delete_zone(host)
        self.zilliz.revoke(self.notes["endpoint"], **self.account)
        self.google.delete_endpoint(self.notes["endpoint"])
        self.google.delete_address(self.notes["endpoint"])


if __name__ == "__main__":
    job = Job()
    for action in sys.argv[1:]:
        getattr(job, action)()
    NOTES.write_text(json.dumps(job.notes), encoding="utf-8")
