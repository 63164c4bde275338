# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of a link that the matrix interrupts: set-up, a change of everything that can be changed, teardown."""
from __future__ import annotations

from e2e.link import Link

PHASES = ("set-up", "change", "teardown")
# The clouds limit calls in real time, so in fast time they allow as many more.
FASTER = 10
PACE = {"aws": {"route53_rate": 5 * FASTER, "rate_limit": 20 * FASTER}, "gcp": {"rate_limit": 20 * FASTER}}
# Long enough for everything that was begun to be over, on the clouds' clock.
LATER = 900


def aws(scenario):
    given, network = scenario["aws"], scenario["aws"]["second_account"]
    wanted = {"client_security_group_ids": [given["client_security_group_id"]], "client_egress": True, "subnet_ids": given["subnet_ids"][:2],
              "tags": {"team": "data"}, "zone_vpcs": [{"vpc_id": given["second_vpc_id"]}]}
    changed = {**wanted, "subnet_ids": given["subnet_ids"], "client_cidrs": ["10.21.0.0/16"], "tags": {"team": "search"},
               "zone_vpcs": [{"vpc_id": network["vpc_id"], "profile": network["profile"]}]}
    return wanted, changed


def gcp(scenario):
    given, extra = scenario["gcp"], scenario["extra"]["gcp"]
    wanted = {"network": extra["locked_network"], "subnetwork": extra["locked_subnetwork"], "labels": {"team": "data"},
              "zone_networks": [given["second_network"]]}
    changed = {**wanted, "labels": {"team": "search"}, "zone_networks": [given["network"]], "global_access": True, "firewall_priority": 900}
    return wanted, changed


WANTED = {"aws": aws, "gcp": gcp}


class Life:
    """One link of one cloud in a sandbox: run(phase) runs the playbook of a phase."""

    def __init__(self, sandbox, cloud, play):
        self.sandbox, self.cloud = sandbox, cloud
        wanted, changed = WANTED[cloud](sandbox.scenario)
        self._link = Link(sandbox, play, cloud)
        # Users' own limits and delays: time itself runs faster.
        for name in ("delay", "wait_timeout"):
            del self._link.vars[name]
        self._variables = {"set-up": wanted, "change": changed, "teardown": changed}

    def reset(self):
        self.sandbox.reset(switches=PACE[self.cloud])

    def run(self, phase, **more):
        act = self._link.down if phase == "teardown" else self._link.up
        return act(**{**self._variables[phase], **more})

    def before(self, phase):
        """What happens in the cloud between two phases: a cluster comes and one goes."""
        if phase != "change":
            return
        where = {name: self.sandbox.scenario[self.cloud][name] for name in ("project_id", "region_id")}
        goes = next(one for one in self.sandbox.scenario["zilliz"]["clusters"] if one["cluster_name"] == "prod-02"
                    and all(one[name] == value for name, value in where.items()))
        self.sandbox.drift("add_cluster", **where, cluster_name="prod-03", status="RUNNING")
        self.sandbox.drift("drop_cluster", cluster_id=goes["cluster_id"])
        self.sandbox.clock(advance=LATER)

    def state(self):
        self.sandbox.clock(advance=LATER)
        return self.sandbox.state()
