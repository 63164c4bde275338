# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What compute only shows here: projects, regions, networks, subnetworks, the vendor's service attachments."""
from __future__ import annotations

import ipaddress

from ..loopback import placed
from . import landscape, names
from .auth import forbidden
from .lists import listed
from .protocol import GoogleError
from .store import Collection


class Networks(Collection):
    kind, collection, parameter = "network", "networks", "network"

    def build(self):
        for project, networks in landscape.NETWORKS.items():
            for name in networks:
                key = project, "global", name
                self.all[key] = self.new(key, {"name": name, "autoCreateSubnetworks": False, "mtu": 1460,
                                               "routingConfig": {"routingMode": "REGIONAL"}, "networkFirewallPolicyEnforcementOrder": "AFTER_CLASSIC_FIREWALL",
                                               "subnetworks": [names.url(project, region, "subnetworks", subnet) for region, subnet in networks[name]]})

    def usable(self, call, text, field, permission="compute.networks.use"):
        """The key of the network that a request names, if the project may use it."""
        key = self.parse(text, call.project)
        if key is None:
            raise GoogleError(400, "invalid", f"Invalid value for field '{field}': '{text}'. The URL is malformed.")
        if key[0] != call.project and not call.quiet:
            self.gcp.auth.check_use(call, permission, key[0], self.path(key))
        self.find(key)
        if key[0] != call.project and key[0] not in landscape.PROJECTS[call.project]["hosts"]:
            raise GoogleError(400, "invalid", f"Invalid value for field '{field}': '{text}'. Cross-project references for this resource are not allowed.")
        return key


class Subnetworks(Collection):
    kind, collection, parameter = "subnetwork", "subnetworks", "subnetwork"
    fingerprints = ("fingerprint",)

    def build(self):
        for project, networks in landscape.NETWORKS.items():
            for network, subnets in networks.items():
                for (region, name), cidr in placed(self.gcp.world, subnets).items():
                    key = project, region, name
                    self.all[key] = self.new(key, {
                        "name": name, "network": names.network_url(project, network), "ipCidrRange": cidr, "purpose": "PRIVATE", "stackType": "IPV4_ONLY",
                        "gatewayAddress": str(ipaddress.ip_network(cidr)[1]), "privateIpGoogleAccess": False,
                        "privateIpv6GoogleAccess": "DISABLE_GOOGLE_ACCESS"})
        self.operations["compute.subnetworks.listUsable"] = self.list_usable

    def usable(self, call, text, field):
        key = self.parse(text, call.project)
        if key is None:
            raise GoogleError(400, "invalid", f"Invalid value for field '{field}': '{text}'. The URL is malformed.")
        if key[0] != call.project and not call.quiet:
            self.gcp.auth.check_use(call, "compute.subnetworks.use", key[0], self.path(key))
        found = self.find(key)
        if key[1] != call.params["region"]:
            raise GoogleError(400, "invalid", f"Invalid value for field '{field}': '{text}'. Subnetwork must be in region '{call.params['region']}'.")
        if key[0] != call.project and key[0] not in landscape.PROJECTS[call.project]["hosts"]:
            raise GoogleError(400, "invalid", f"Invalid value for field '{field}': '{text}'. Cross-project references for this resource are not allowed.")
        return key, found

    def list_usable(self, call):
        hosts = landscape.PROJECTS[call.project]["hosts"]
        return {"kind": "compute#usableSubnetworksAggregatedList", "items": [
            {"subnetwork": one["selfLink"], "network": one["network"], "ipCidrRange": one["ipCidrRange"], "purpose": "PRIVATE"}
            for (project, _region, _name), one in sorted(self.all.items()) if project == call.project or project in hosts]}


class Attachments(Collection):
    """The vendor's: a consumer may point to them and see nothing of them."""

    kind, collection, parameter = "serviceAttachment", "serviceAttachments", "serviceAttachment"

    def build(self):
        for text in landscape.ATTACHMENTS:
            key = names.parse(text, self.collection)
            self.all[key] = self.new(key, {"name": key[2], "connectionPreference": "ACCEPT_MANUAL"})

    def get(self, call):
        raise forbidden("compute.serviceAttachments.get", self.path(self.key(call)))


class Projects:
    def __init__(self, gcp):
        self.gcp = gcp
        self.operations = {"compute.projects.get": self.get, "compute.projects.getXpnHost": self.host,
                           "compute.regions.get": self.region, "compute.regions.list": self.regions}

    def _project(self, name):
        compute = self.gcp.compute
        return {"kind": "compute#project", "id": landscape.PROJECTS[name]["number"], "name": name, "xpnProjectStatus": "HOST"
                if any(name in one["hosts"] for one in landscape.PROJECTS.values()) else "UNSPECIFIED_XPN_PROJECT_STATUS",
                "selfLink": f"{names.ROOT}projects/{name}", "creationTimestamp": "2025-03-02T08:15:30.000-08:00",
                "quotas": [_quota("FIREWALLS", self.gcp.switch("gcp_firewalls_quota"), compute.firewalls.count(name))]}

    def get(self, call):
        return self._project(call.project)

    def host(self, call):
        hosts = landscape.PROJECTS[call.project]["hosts"]
        return self._project(hosts[0]) if hosts else {"kind": "compute#project"}

    def _region(self, project, name):
        compute = self.gcp.compute
        number = 1000 + landscape.REGIONS.index(name)
        return {"kind": "compute#region", "id": str(number), "name": name, "description": name, "status": "UP",
                "selfLink": names.region_url(project, name), "creationTimestamp": "1969-12-31T16:00:00.000-08:00",
                "quotas": [_quota("INTERNAL_ADDRESSES", self.gcp.switch("gcp_addresses_quota"), compute.addresses.count(project, name)),
                           _quota("PSC_INTERNAL_LB_FORWARDING_RULES", self.gcp.switch("gcp_endpoints_quota"), compute.rules.count(project, name))]}

    def region(self, call):
        if call.params["region"] not in landscape.REGIONS:
            raise no_region(call)
        return self._region(call.project, call.params["region"])

    def regions(self, call):
        return listed(call, "region", [self._region(call.project, name) for name in landscape.REGIONS], self.gcp.switch("gcp_page_size"))


def no_region(call):
    region = call.params["region"]
    return GoogleError(400, "invalid", f"Invalid value for field 'region': '{region}'. Unknown region.")


def _quota(metric, limit, usage):
    return {"metric": metric, "limit": float(limit), "usage": float(usage)}
