# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Zilliz Cloud side of the floor: one session, one call for each thing, no doubt about any answer."""
from __future__ import annotations

import os
import time
import urllib.parse

import requests


class Zilliz:
    def __init__(self):
        self.base = f"{os.environ['ZILLIZCLOUD_HOST_ADDRESS']}/v2/"
        self.project_id, self.region_id = os.environ["PROJECT_ID"], os.environ["REGION_ID"]
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Authorization"] = f"Bearer {os.environ['ZILLIZCLOUD_API_KEY']}"

    def call(self, method, path, params=None, body=None):
        answer = self.session.request(method, self.base + path, params=params, json=body, timeout=70)
        answer.raise_for_status()
        return answer.json()["data"]

    def service(self):
        """The project's own, if it has one: what the API does with a project here is not documented, so both questions are needed."""
        query = {"regionId": self.region_id, "pageSize": 100}
        rows = self.call("GET", "privateEndpointServices", {**query, "projectId": self.project_id})["endpointServices"]
        return (rows or self.call("GET", "privateEndpointServices", query)["endpointServices"])[0]["endpointService"]

    def register(self, endpoint_id, **more):
        self.call("POST", f"projects/{self.project_id}/privateEndpoints", body={"regionId": self.region_id, "endpointId": endpoint_id, **more})

    def revoke(self, endpoint_id, **more):
        self.call("DELETE", f"projects/{self.project_id}/privateEndpoints/{endpoint_id}", {"regionId": self.region_id, **more})

    def registered(self, endpoint_id):
        rows = self.call("GET", f"projects/{self.project_id}/privateEndpoints", {"pageSize": 100, "currentPage": 1})["endpoints"]
        assert endpoint_id in [row["endpointId"] for row in rows], "the registration is missing"

    def links(self):
        """host:port of every link, when all are there."""
        while True:
            # A row may be on two pages.
            found, page, rows = set(), 0, []
            while page == 0 or len(rows) == 100:
                page += 1
                rows = self.call("GET", "clusters", {"region": self.region_id, "pageSize": 100, "currentPage": page})["clusters"]
                found |= {row["privateLinkAddress"] for row in rows if row["projectId"] == self.project_id and row.get("privateLinkAddress")}
            if len(found) == int(os.environ["LINKS"]):
                return [(address.hostname, address.port or 443) for address in map(urllib.parse.urlsplit, sorted(found))]
            time.sleep(10)
