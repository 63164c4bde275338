# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""gcp_step.py STEP [ARGUMENT...]: one step with google-auth and requests, in a process of its own as a command of a CLI would be."""
from __future__ import annotations

import os
import sys

import google.auth
from google.auth.transport.requests import AuthorizedSession

COMPUTE, DNS = "https://compute.googleapis.com/compute/v1/", "https://dns.googleapis.com/dns/v1/"


class Google:
    """Each step answers what the next one needs."""

    def __init__(self):
        self.project, self.region = os.environ["GCP_PROJECT_ID"], os.environ["REGION"]
        self.session = AuthorizedSession(google.auth.default(scopes=["https://www.googleapis.com/auth/cloud-platform"])[0])
        self.regional = f"{COMPUTE}projects/{self.project}/regions/{self.region}/"
        self.network = f"{COMPUTE}projects/{self.project}/global/networks/{os.environ['NETWORK']}"
        self.zones = f"{DNS}projects/{self.project}/managedZones"

    def call(self, method, url, body=None, **params):
        answer = self.session.request(method, url, json=body, params=params, timeout=70)
        assert answer.ok, answer.text
        return answer.json() if answer.content else {}

    def done(self, operation):
        while operation["status"] != "DONE":
            operation = self.call("POST", f"{operation['selfLink']}/wait")
        assert "error" not in operation, operation

    def create_address(self, name):
        body = {"name": name, "addressType": "INTERNAL", "purpose": "GCE_ENDPOINT",
                "subnetwork": f"{self.regional}subnetworks/{os.environ['SUBNETWORK']}"}
        self.done(self.call("POST", f"{self.regional}addresses", body))

    def create_endpoint(self, name, target):
        body = {"name": name, "target": f"{COMPUTE}{target}", "network": self.network,
                "IPAddress": f"{self.regional}addresses/{name}"}
        self.done(self.call("POST", f"{self.regional}forwardingRules", body))

    def address(self, name):
        return self.call("GET", f"{self.regional}addresses/{name}")["address"]

    def endpoint(self, name):
        row = self.call("GET", f"{self.regional}forwardingRules/{name}")
        assert row["pscConnectionStatus"] == "ACCEPTED", row
        return row["IPAddress"]

    def create_zone(self, host):
        networks = {"networks": [{"networkUrl": self.network.replace("compute.googleapis.com", "www.googleapis.com")}]}
        self.call("POST", self.zones, {"name": name_of(host), "dnsName": f"{host}.", "description": "Zilliz Cloud", "visibility": "private",
                                       "labels": {"zilliz-cloud": "floor"}, "privateVisibilityConfig": networks})

    def create_record(self, host, address):
        self.change(host, "additions", address)

    def delete_record(self, host, address):
        self.change(host, "deletions", address)

    def change(self, host, what, address):
        record = {"name": f"{host}.", "type": "A", "ttl": 300, "rrdatas": [address]}
        self.call("POST", f"{self.zones}/{name_of(host)}/changes", {what: [record]})

    def zone_names(self):
        found, page = [], {}
        while True:
            answer = self.call("GET", self.zones, **page)
            found += [zone["name"] for zone in answer.get("managedZones", [])]
            if not answer.get("nextPageToken"):
                return " ".join(found)
            page = {"pageToken": answer["nextPageToken"]}

    def record(self, host, zone=""):
        rows = self.call("GET", f"{self.zones}/{zone or name_of(host)}/rrsets")["rrsets"]
        return next(" ".join(row["rrdatas"]) for row in rows if row["type"] == "A")

    def firewalls(self):
        rows = self.call("GET", f"{COMPUTE}projects/{self.project}/global/firewalls").get("items", [])
        return " ".join(row["name"] for row in rows)

    def delete_zone(self, host):
        self.call("DELETE", f"{self.zones}/{name_of(host)}")

    def delete_endpoint(self, name):
        self.done(self.call("DELETE", f"{self.regional}forwardingRules/{name}"))

    def delete_address(self, name):
        self.done(self.call("DELETE", f"{self.regional}addresses/{name}"))


def name_of(host):
    return host.partition(".")[0]


if __name__ == "__main__":
    print(getattr(Google(), sys.argv[1].replace("-", "_"))(*sys.argv[2:]) or "", end="")
