# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Forwarding rules to service attachments: the consumer's endpoints of Private Service Connect."""
from __future__ import annotations

import ipaddress

from . import names
from .protocol import GoogleError
from .store import Labelled

# What a rule of a load balancer has, and an endpoint has not.
NOT_FOR_PSC = ("IPProtocol", "allPorts", "allowGlobalAccess", "backendService", "ipCollection", "ipVersion", "isMirroringCollector", "metadataFilters",
               "portRange", "ports", "serviceLabel", "sourceIpRanges", "subnetwork")
DEAD = ("CLOSED",)


class ForwardingRules(Labelled):
    kind, collection, parameter = "forwardingRule", "forwardingRules", "forwardingRule"
    fingerprints = ("fingerprint", "labelFingerprint")

    def count(self, project, region):
        return sum(key[:2] == (project, region) and "target" in one for key, one in self.all.items())

    def insert(self, call):
        body, compute = call.body, self.gcp.compute
        key = self.free_name(call)
        if not call.quiet:
            # Every endpoint is registered there, asked for or not.
            self.gcp.auth.check_api(call, "servicedirectory.googleapis.com")
        target_key = self._target(call, body.get("target"))
        self._alone(body)
        network_key = compute.networks.usable(call, body["network"], "resource.network") if body.get("network") else \
            compute.networks.usable(call, "global/networks/default", "resource.network")
        address_key = self._address(call, body.get("IPAddress"), network_key)
        self.quota(call, "PSC_INTERNAL_LB_FORWARDING_RULES", self.gcp.switch("gcp_endpoints_quota"), self.count(*key[:2]), f"in region {key[1]}")
        address = compute.addresses.all[address_key]
        registrations = body.get("serviceDirectoryRegistrations") or [{"namespace": "goog-psc-default"}]
        if len(registrations) > 1:
            raise GoogleError(400, "invalid", "Invalid value for field 'resource.serviceDirectoryRegistrations': ''. Only one registration is supported.")
        made = self.new(key, {**{name: value for name, value in body.items() if name not in ("loadBalancingScheme", "IPAddress", "noAutomateDnsZone")},
                              "target": names.url(target_key[0], target_key[1], "serviceAttachments", target_key[2]),
                              "network": names.network_url(network_key[0], network_key[2]), "networkTier": "PREMIUM",
                              "allowPscGlobalAccess": body.get("allowPscGlobalAccess", False),
                              "serviceDirectoryRegistrations": [{"namespace": registrations[0].get("namespace", "goog-psc-default")}]})
        self.all[key] = made
        # From here on nobody else gets it; the rule itself shows it when the operation is done.
        compute.addresses.hold(address_key, made["selfLink"])

        def finish():
            made["IPAddress"] = address["address"]
            made["pscConnectionId"] = str(56887318744677476 + int(made["id"]) % 10**15)
            made["pscConnectionStatus"] = "PENDING"
            self.touch(made)
            zilliz = self.gcp.world.zilliz
            if zilliz is not None and zilliz.accepts(key[0], key[2], key[1]):
                compute.accept(key[0], key[2], key[1])

        def undo():
            self.all.pop(key, None)
            compute.addresses.release(made["selfLink"])

        return self.changed(call, key, finish, undo)

    def _target(self, call, text):
        compute = self.gcp.compute
        key = compute.attachments.parse(text, call.project)
        if key is None:
            raise GoogleError(400, "invalid", f"Invalid value for field 'resource.target': '{text or ''}'. "
                              "The URL is malformed or does not name a resource that a forwarding rule can have as its target.")
        if key[1] != call.params["region"]:
            raise GoogleError(400, "invalid", f"Invalid value for field 'resource.target': '{text}'. "
                              "The target must be in the same region as the forwarding rule.")
        compute.attachments.find(key)
        return key

    def _alone(self, body):
        """An endpoint has no scheme, no protocol and no ports."""
        for name in NOT_FOR_PSC:
            if body.get(name):
                raise GoogleError(400, "invalid", f"Invalid value for field 'resource.{name}': '{body[name]}'. "
                                  f"{name} cannot be specified for a forwarding rule whose target is a service attachment.")
        if body.get("loadBalancingScheme") or body.get("networkTier", "PREMIUM") != "PREMIUM":
            raise GoogleError(400, "invalid", f"Invalid value for field 'resource.loadBalancingScheme': '{body.get('loadBalancingScheme')}'. "
                              "Load balancing scheme must be empty for a Private Service Connect forwarding rule.")

    def _address(self, call, text, network_key):
        compute, region = self.gcp.compute, call.params["region"]
        invalid = f"Invalid value for field 'resource.IPAddress': '{text or ''}'. "
        if not text:
            raise GoogleError(400, "invalid", invalid + "A reserved internal address is required for a service attachment.")
        try:
            key = compute.addresses.by_address(call.project, region, str(ipaddress.ip_address(text)))
            if not self.gcp.switch("gcp_literal_ip"):
                raise GoogleError(400, "invalid", invalid + "A forwarding rule to a service attachment requires the URL of a reserved internal address.")
            if key is None:
                raise GoogleError(400, "invalid", invalid + "The IP address is not a reserved internal address of the region.")
        except ValueError:
            key = compute.addresses.parse(text if "/" in text else f"regions/{region}/addresses/{text}", call.project)
            if key is None or key[:2] != (call.project, region):
                raise GoogleError(400, "invalid", invalid + "The URL does not name an address of the project and region.") from None
        address = compute.addresses.ready(key)
        if address["addressType"] != "INTERNAL":
            raise GoogleError(400, "invalid", invalid + "The address is not an internal address.")
        subnet = compute.subnetworks.all[compute.subnetworks.parse(address["subnetwork"])]
        if subnet["network"] != names.network_url(network_key[0], network_key[2]):
            raise GoogleError(400, "invalid", invalid + "The IP address is not in the network of the forwarding rule.")
        if address["status"] == "IN_USE":
            raise GoogleError(400, "invalid", invalid + "Specified IP address is in-use and would result in a conflict.")
        return key

    def patch(self, call):
        key = self.key(call)
        rule, wanted = self._endpoint(key), call.body
        other = [name for name, value in wanted.items() if name not in ("allowPscGlobalAccess", "fingerprint") and rule.get(name) != value]
        if other:
            raise GoogleError(400, "invalid", f"Invalid value for field 'resource.{other[0]}': '{wanted[other[0]]}'. "
                              "The field cannot be changed on a forwarding rule whose target is a service attachment.")
        if "fingerprint" not in wanted:
            raise GoogleError(412, "conditionNotMet", "Fingerprint is required to update the forwarding rule.", location="If-Match", locationType="header")
        if wanted["fingerprint"] != rule["fingerprint"]:
            raise GoogleError(412, "conditionNotMet", "Invalid fingerprint.", location="If-Match", locationType="header")
        self.ready(key)

        def finish():
            if "allowPscGlobalAccess" in wanted:
                rule["allowPscGlobalAccess"] = wanted["allowPscGlobalAccess"]
            self.touch(rule)

        return self.changed(call, key, finish)

    def setTarget(self, call):
        rule = self._endpoint(self.key(call))
        raise GoogleError(400, "invalid", f"Invalid value for field 'resource.target': '{call.body.get('target', '')}'. "
                          f"The target of '{rule['name']}' is not mutable once set as a service attachment.")

    def _endpoint(self, key):
        rule = self.find(key)
        if "target" not in rule:
            raise GoogleError(501, "notImplemented", "The sandbox changes no load balancers.", status="UNIMPLEMENTED")
        return rule

    def remove(self, key):
        rule = self.all.pop(key, None)
        if rule:
            self.gcp.compute.addresses.release(rule["selfLink"])

    # The producer's side.

    def connection(self, project, name, region):
        """The endpoint of that name as its producer sees it."""
        rule = self.all.get((project, region, name))
        return rule if rule and rule.get("pscConnectionStatus") else None

    def status(self, project, name, region, status):
        """Nothing happens to an endpoint that is gone or closed: CLOSED is final."""
        rule = self.connection(project, name, region)
        if rule and rule["pscConnectionStatus"] not in DEAD:
            rule["pscConnectionStatus"] = status
