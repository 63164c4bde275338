# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A private link as the playbooks make it, for tests that are about what comes after."""
from __future__ import annotations


NAMES = {
    "aws": ("project_id", "region_id", "vpc_id", "subnet_ids", "client_cidrs"),
    "gcp": ("project_id", "region_id", "gcp_project_id", "region", "network", "subnetwork"),
}


class Link:
    """A role's playbooks with the scenario's network; keyword arguments are role variables without their prefix."""

    def __init__(self, sandbox, playbook, cloud="aws"):
        self.sandbox, self._playbook, self._cloud = sandbox, playbook, cloud
        self.given = sandbox.scenario[cloud]
        self.vars = {name: self.given[name] for name in NAMES[cloud]}
        self.vars.update(delay=1, wait_timeout=60)

    def extra(self, **variables):
        return {f"{self._cloud}_private_link_{name}": value for name, value in {**self.vars, **variables}.items()}

    def up(self, check=False, diff=False, env=None, **variables):
        return self._playbook(f"zilliz.cloud.{self._cloud}", check=check, diff=diff, env=env, extra=self.extra(**variables))

    def down(self, check=False, diff=False, env=None, **variables):
        return self._playbook("zilliz.cloud.teardown", check=check, diff=diff, env=env, extra=self.extra(**variables))

    def made(self, **variables):
        """A link that stands."""
        run = self.up(**variables)
        assert run.rc == 0, run.stdout[-4000:]
        return run

    def settled(self, **variables):
        """Nothing is left to do."""
        run = self.up(**variables)
        assert run.rc == 0, run.stdout[-4000:]
        assert run.stats["localhost"]["changed"] == 0 and run.plans[0]["steps"] == [], run.stdout[-4000:]
        return run

    def gone(self, before, **variables):
        """Taken down, nothing is left of it."""
        run = self.down(**variables)
        assert run.rc == 0, run.stdout[-4000:]
        self.sandbox.clock(advance=600)
        assert self.sandbox.state() == before
        return run
