# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A playbook run costs seconds, so a scene goes through several misfortunes once, and every test looks at one of them."""
from __future__ import annotations

import pytest

from e2e.link import Link
from e2e.runner import run_playbook


class Repair:
    """A run that found something to do, what it called, and the run after it.

    Without `again` the next misfortune of the scene shows that nothing was left: its plan has its own steps only.
    """

    def __init__(self, link, again=True, check=False, **variables):
        sandbox = link.sandbox
        self.foreseen = link.up(check=True, diff=True, **variables) if check else None
        start = len(sandbox.log())
        self.run = link.up(**variables)
        self.calls = [entry["operation"] for entry in sandbox.mutating(start, outcome="ok")]
        self.state = sandbox.state()
        self.again = link.up(**variables) if again else None

    @property
    def plan(self):
        assert self.run.rc == 0, self.run.stdout[-4000:]
        return (self.foreseen or self.run).plans[0]

    @property
    def steps(self):
        return steps_of(self.plan)

    @property
    def notes(self):
        return " ".join(self.plan["notes"])

    def step(self, what, name=None):
        action, resource = what.split()
        found = [x for x in self.plan["steps"] if (x["action"], x["resource"]) == (action, resource) and name in (None, x["name"])]
        assert len(found) == 1, f"{what} {name}: {found or self.steps}"
        return found[0]

    def foretold(self):
        """Check mode said what the run then did, and both said why."""
        assert self.foreseen.stats["localhost"]["changed"] == 1
        assert self.plan["steps"] == self.run.plans[0]["steps"]
        for step in self.plan["steps"]:
            assert f"{step['action']} {step['resource']} {step['name']}: {step['why']}" in self.foreseen.stdout
            assert step["why"] in self.run.stdout

    def settled(self):
        """Nothing is left to do."""
        assert self.run.rc == 0, self.run.stdout[-4000:]
        assert self.run.plans[-1]["steps"] == []
        if self.again is None:
            return
        assert self.again.rc == 0, self.again.stdout[-4000:]
        assert self.again.plans[0]["steps"] == [] and self.again.stats["localhost"]["changed"] == 0, self.again.stdout[-4000:]


class Scene:
    """Somewhere to keep what a scene's tests look at. A subclass says how a cloud's state is looked at."""

    CLOUD = "aws"
    # What is the business of other tests.
    SWITCHES = {}
    # The warm interpreter would stand before what the inventory says of each host.
    WARM = True

    def __init__(self, process, folder, **reset):
        process.reset(**reset)
        process.switch(**self.SWITCHES)
        self.sandbox = process
        self.link = Link(process, lambda what, **more: run_playbook(process, folder, what, **more), self.CLOUD)
        self.given = process.scenario[self.CLOUD]
        self.before = process.state()

    def clusters(self):
        return {one["cluster_name"]: one["cluster_id"] for one in self.sandbox.scenario["zilliz"]["clusters"]
                if one["project_id"] == self.given["project_id"]}

    def denied(self, cloud, operation, run):
        """A run that may do everything but this."""
        self.sandbox.fault("denied", cloud=cloud, operation=operation, times=100)
        done = run()
        self.sandbox.call("DELETE", "/fault")
        return done

    def taken_down(self, **variables):
        run = self.link.down(**variables)
        self.sandbox.clock(advance=600)
        return run, self.sandbox.state()


def scene(kind, **reset):
    """A fixture that plays the scene once for all tests of its file."""

    def played_by(build):
        @pytest.fixture(scope="module", name=build.__name__)
        def fixture(sandbox_process, warm, tmp_path_factory):
            sandbox_process.interpreter = warm.interpreter if kind.WARM else None
            played = kind(sandbox_process, tmp_path_factory.mktemp(build.__name__), **reset)
            build(played)
            yield played
            assert sandbox_process.escaped() == []

        return fixture

    return played_by


def only(things):
    things = list(things)
    assert len(things) == 1, things
    return things[0]


def steps_of(plan):
    return [f"{step['action']} {step['resource']} {step['name']}" for step in plan["steps"]]


def why_of(plan, what):
    return only(x["why"] for x in plan["steps"] if f"{x['action']} {x['resource']} {x['name']}" == what)
