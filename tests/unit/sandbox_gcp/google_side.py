# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All clouds in this process, time standing still, and their requests without a socket."""
from __future__ import annotations

from sandbox import scenario as given
from sandbox.core import World
from sandbox.gcp import landscape
from werkzeug.test import Client

COMPUTE = "https://www.googleapis.com/compute/v1/projects/"
VPC, SECOND_VPC = (f"{COMPUTE}my-project/global/networks/{name}" for name in ("my-vpc", "my-second-vpc"))
SHARED_VPC = f"{COMPUTE}host-project/global/networks/shared-vpc"
ATTACHMENT, OLD_ATTACHMENT = sorted(landscape.ATTACHMENTS)[-2:]
HOST = "in01-61e949d971f841b-privatelink.gcp-us-west1.vectordb.zillizcloud.com"
# A mark as the plan writes it.
MARK = f"zilliz.cloud private link {given.GCP_PROJECT}/gcp-us-west1/my-project/my-vpc"


class Refused(Exception):
    def __init__(self, status, error):
        super().__init__(error["message"])
        self.status, self.reason, self.message = status, error["errors"][0]["reason"], error["message"]


class Side:
    def __init__(self, **switches):
        self.world = World(aws=None, speed=0)
        self.world.switch({"gcp_operation_seconds": 0, "rate_limit": 0, "odd_codes": False, "rows": "stable", **switches})
        self.gcp, self.zilliz = self.world.gcp, self.world.zilliz
        self.token = self.gcp.auth.issue(landscape.MAIN)
        self._google, self._zilliz = Client(self.gcp.app), Client(self.zilliz.app)

    def ask(self, verb, url, body=None, account=None, **query):
        """Google's answer to a request; Refused for an error."""
        host, _slash, path = url.removeprefix("https://").partition("/")
        token = self.gcp.auth.issue(account) if account else self.token
        response = self._google.open(f"/{path}", method=verb, json=body, query_string=query,
                                     headers={"Host": host, "Authorization": f"Bearer {token}"})
        if response.status_code >= 400:
            raise Refused(response.status_code, response.get_json()["error"])
        return response.get_json() if response.status_code != 204 else None

    def dns(self, verb, path, body=None, project="my-project", **query):
        return self.ask(verb, f"https://dns.googleapis.com/dns/v1/projects/{project}{path}", body, **query)

    def compute(self, verb, path, body=None, project="my-project", **query):
        found = self.ask(verb, f"https://compute.googleapis.com/compute/v1/projects/{project}{path}", body, **query)
        assert "error" not in found, found
        return found

    def passes(self, seconds):
        self.world.clock.advance(seconds)
        self.world.tick()

    # Cloud DNS.

    def zone(self, name="z", dns_name=HOST, networks=(VPC,), description=MARK, project="my-project", **more):
        body = {"name": name, "dnsName": f"{dns_name}.", "description": description, "visibility": "private",
                "privateVisibilityConfig": {"networks": [{"networkUrl": one} for one in networks]}, **more}
        return self.dns("POST", "/managedZones", body, project)

    def networks(self, name="z"):
        return [one["networkUrl"] for one in self.dns("GET", f"/managedZones/{name}")["privateVisibilityConfig"]["networks"]]

    def records(self, name="z"):
        found = self.dns("GET", f"/managedZones/{name}/rrsets")["rrsets"]
        return {(one["name"], one["type"]): one for one in found if one["type"] not in ("SOA", "NS")}

    def change(self, additions=(), deletions=(), name="z"):
        return self.dns("POST", f"/managedZones/{name}/changes", {"additions": list(additions), "deletions": list(deletions)})

    # Compute.

    def address(self, name="ip"):
        self.compute("POST", "/regions/us-west1/addresses", {
            "name": name, "addressType": "INTERNAL", "purpose": "GCE_ENDPOINT", "description": MARK,
            "subnetwork": f"{COMPUTE}my-project/regions/us-west1/subnetworks/my-subnet"})
        return self.compute("GET", f"/regions/us-west1/addresses/{name}")

    def endpoint(self, name="ep", target=ATTACHMENT, address=None):
        address = f"{COMPUTE}my-project/regions/us-west1/addresses/{address or self.address(f'{name}-ip')['name']}"
        self.compute("POST", "/regions/us-west1/forwardingRules", {
            "name": name, "target": f"{COMPUTE}{target.removeprefix('projects/')}", "network": VPC, "IPAddress": address, "description": MARK})
        return self.rule(name)

    def rule(self, name="ep"):
        return self.compute("GET", f"/regions/us-west1/forwardingRules/{name}")

    def status(self, name="ep"):
        return self.rule(name)["pscConnectionStatus"]

    # Zilliz.

    def at_zilliz(self, verb, path, body=None, **query):
        answer = self._zilliz.open(f"/v2/{path}", method=verb, json=body, query_string=query,
                                   headers={"Authorization": f"Bearer {given.API_KEY}"}).get_json()
        assert answer["code"] == 0, answer
        return answer["data"]

    def register(self, name="ep", gcp_project_id="my-project", project=given.GCP_PROJECT):
        return self.at_zilliz("POST", f"projects/{project}/privateEndpoints",
                              {"regionId": "gcp-us-west1", "endpointId": name, "gcpProjectId": gcp_project_id})

    def unregister(self, name="ep", gcp_project_id="my-project", project=given.GCP_PROJECT):
        return self.at_zilliz("DELETE", f"projects/{project}/privateEndpoints/{name}", regionId="gcp-us-west1", gcpProjectId=gcp_project_id)

    def rows(self, project=given.GCP_PROJECT):
        found = self.at_zilliz("GET", f"projects/{project}/privateEndpoints", pageSize=100)["endpoints"]
        return {(one.get("gcpProjectId"), one["endpointId"]): one["endpointStatus"] for one in found}

    def links(self):
        found = self.at_zilliz("GET", "clusters", region="gcp-us-west1", pageSize=100)["clusters"]
        return [one["privateLinkAddress"] for one in found if one["projectId"] == given.GCP_PROJECT and one["privateLinkAddress"]]


def record(values=("10.128.0.2",), name=HOST, kind="A", ttl=60):
    return {"kind": "dns#resourceRecordSet", "name": f"{name}.", "type": kind, "ttl": ttl, "rrdatas": list(values)}
