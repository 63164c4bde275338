# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All of compute that an endpoint needs."""
from __future__ import annotations

from ..loopback import placed
from . import landscape
from .addresses import Addresses
from .firewalls import Firewalls
from .forwarding_rules import ForwardingRules
from .networks import Attachments, Networks, Projects, Subnetworks


class Compute:
    SWITCHES = {
        "gcp_operation_seconds": (2, "How long a compute operation runs; 0 = it is done when it is answered."),
        "gcp_hang_operations": ([], "Methods (compute.addresses.insert) whose operations never end."),
        "gcp_fail_operations": ({}, "Methods whose operations end with this error: a code, or {code, message}."),
        "gcp_insert_labels": (False, "Whether labels of an insert are kept; discovery says that only setLabels adds any."),
        "gcp_literal_ip": (False, "Whether a rule to a service attachment takes a literal IPAddress; Config Connector says it wants the address's URL."),
        "gcp_full_subnetworks": (["full-subnet"], "Subnetworks without a free address."),
        "gcp_page_size": (50, "How many items a compute list gives at most on one page."),
        "gcp_addresses_quota": (200, "Internal addresses per project and region."),
        "gcp_endpoints_quota": (50, "Forwarding rules to service attachments per project and region."),
        "gcp_firewalls_quota": (200, "Firewall rules per project."),
        "gcp_psc_seconds": (10, "From acceptance by the producer to ACCEPTED."),
        "gcp_needs_attention": (False, "Whether an accepted connection ends as NEEDS_ATTENTION."),
    }

    def __init__(self, gcp):
        self.gcp = gcp
        self.networks = Networks(gcp)
        self.subnetworks = Subnetworks(gcp)
        self.attachments = Attachments(gcp)
        self.addresses = Addresses(gcp)
        self.rules = ForwardingRules(gcp)
        self.firewalls = Firewalls(gcp)
        self.projects = Projects(gcp)
        self.decisions = {}   # pscConnectionId -> what its producer wants

    @property
    def collections(self):
        return self.networks, self.subnetworks, self.attachments, self.addresses, self.rules, self.firewalls

    @property
    def operations(self):
        found = dict(self.projects.operations)
        for collection in self.collections:
            found.update(collection.operations)
        return found

    def reset(self):
        self.decisions = {}
        for collection in self.collections:
            collection.reset()
        for collection in (self.networks, self.subnetworks, self.attachments):
            collection.build()
        residents = placed(self.gcp.world, landscape.RESIDENTS)
        self.addresses.settle(residents["addresses"], landscape.PROJECT, landscape.REGION)
        self.rules.settle(residents["rules"], landscape.PROJECT, landscape.REGION)
        self.firewalls.settle(residents["firewalls"], landscape.PROJECT, "global")

    # What the producer does, and sees.

    def find_endpoint(self, project, name, region):
        rule = self.rules.connection(project, name, region)
        return rule and {"target": rule["target"].partition("/compute/v1/")[2], "status": rule["pscConnectionStatus"], "network": rule["network"],
                         "psc_connection_id": rule["pscConnectionId"]}

    def accept(self, project, name, region):
        rule = self.rules.connection(project, name, region)
        if not rule:
            return
        connection = rule["pscConnectionId"]
        self.decisions[connection] = "accept"

        def accepted():
            now = self.rules.connection(project, name, region)
            # The acceptance was for that connection: a rule made again under the same name has another. And minds change.
            if now and now["pscConnectionId"] == connection and self.decisions.get(connection) == "accept":
                self.rules.status(project, name, region, "NEEDS_ATTENTION" if self.gcp.switch("gcp_needs_attention") else "ACCEPTED")

        self.gcp.world.later(self.gcp.switch("gcp_psc_seconds"), accepted)

    def reject(self, project, name, region):
        self._decide(project, name, region, "REJECTED")

    def close(self, project, name, region):
        self._decide(project, name, region, "CLOSED")

    def _decide(self, project, name, region, status):
        rule = self.rules.connection(project, name, region)
        if rule:
            self.decisions[rule["pscConnectionId"]] = status
            self.rules.status(project, name, region, status)
