# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two runs at once, made as bad as can be: one stands still before a call of its own while the other runs to its end."""
from __future__ import annotations

import collections
import concurrent.futures
import json
import re
import time

from e2e.link import Link
from e2e.runner import run_playbook
from e2e.views import MARK_TAG
from faults.judge import canonical, difference
from faults.life import PACE

# Long enough for everything that was begun to be over, on the clouds' clock.
LATER = 900
# What no sentence of ours holds: a program's own words for its own troubles.
RAW = ("Traceback", "MODULE FAILURE", "See stdout", "object has no attribute", "KeyError", "NoneType")


class Race:
    """The links of a cloud that may meet, by name: `one`; `zone` shares one's zone; `project` shares one's Zilliz project."""

    def __init__(self, sandbox, folder, cloud):
        self.sandbox, self.cloud = sandbox, cloud
        self.links = {}
        for name, variables in self._variables().items():
            link = self.links[name] = Link(sandbox, lambda what, **more: run_playbook(sandbox, folder, what, **more), cloud)
            link.vars.update(variables)

    def _variables(self):
        scenario = self.sandbox.scenario
        given, extra = scenario[self.cloud], scenario["extra"]
        if self.cloud == "aws":
            wide = {"zone_vpcs": [{"vpc_id": given["second_vpc_id"]}]}
            project = {"vpc_id": given["second_vpc_id"], "subnet_ids": given["second_subnet_ids"], "client_cidrs": ["10.30.0.0/16"]}
        else:
            wide = {"network": extra["gcp"]["locked_network"], "subnetwork": extra["gcp"]["locked_subnetwork"],
                    "zone_networks": [given["second_network"]]}
            project = {"network": given["second_network"], "subnetwork": extra["gcp"]["second_subnetwork"]}
        second = extra["second_project_id" if self.cloud == "aws" else "many_registrations_project_id"]
        return {
            "one": wide, "changed": {**wide, **self._changes(given)}, "shared": {"dns": "shared"},
            "zone": {"dns": "shared", "project_id": second}, "alone": {}, "project": project,
        }

    def _changes(self, given):
        if self.cloud == "aws":
            return {"tags": {"team": "search"}, "client_cidrs": ["10.21.0.0/16"], "subnet_ids": given["subnet_ids"][:1]}
        return {"labels": {"team": "search"}, "firewall_priority": 900, "global_access": True}

    def reset(self):
        self.sandbox.reset(switches=PACE[self.cloud])
        if self.cloud == "gcp":
            self.sandbox.drift("add_cluster", project_id=self.links["zone"].vars["project_id"], region_id=self.links["zone"].vars["region_id"],
                               cluster_name="analytics-google", status="RUNNING")
        self.sandbox.clock(advance=LATER)
        return self.state()

    def run(self, act):
        """`up NAME` or `down NAME`."""
        what, name = act.split()
        return getattr(self.links[name], what)()

    def made(self, act):
        run = self.run(act)
        assert run.rc == 0, f"{act} failed: {run.message}\n{run.stdout[-3000:]}"
        return run

    def state(self):
        self.sandbox.clock(advance=LATER)
        return self.sandbox.state()

    def rest(self, acts):
        """What these runs, one after the other, leave from a fresh start."""
        start = self.reset()
        for act in acts:
            self.made(act)
        return form(self.state(), start)

    def calls(self, prepare, act):
        """The mutating calls of a run that nobody disturbs, by number."""
        self.reset()
        for before in prepare:
            self.made(before)
        since = len(self.sandbox.log())
        self.made(act)
        return [entry["operation"] for entry in self.sandbox.mutating(since)]

    def meet(self, prepare, held, other, where, more):
        """(start, the run that was held, the one that overtook it, the runs after both)."""
        start = self.reset()
        for act in prepare:
            self.made(act)
        self.sandbox.call("POST", "/gate", where)
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(self.run, held)
            try:
                while not waiting.done() and not self.sandbox.call("GET", "/gate")["held"]:
                    time.sleep(0.05)
                assert self.sandbox.call("GET", "/gate")["held"], f"{held} never came to {where}\n{waiting.result().stdout[-2000:]}"
                overtaker = self.run(other)
                if waiting.done():
                    # On a machine that is busy with more the call's time-out comes first: as good a meeting, another one.
                    print(f"{held} did not stand still at {where} for long enough")
            finally:
                self.sandbox.call("DELETE", "/gate")
            first = waiting.result()
        return start, first, overtaker, [(number, self.run(act)) for number, act in enumerate(more, 3)]


def problems(race, references, prepare, held, other, where, more):
    """What is wrong after such a meeting; `references`: the states that runs one after the other leave."""
    start, first, overtaker, after = race.meet(prepare, held, other, where, more)
    found = []
    for name, run in ((held, first), (other, overtaker)):
        if any(word in run.stdout for word in RAW):
            found.append(f"{name} shows a program's own words: {run.stdout[-3000:]}")
        elif run.rc:
            text = run.message
            print(f"{where} {name} refused: {text}")
            found += [f"{name} ended with no sentence: {text}"] * ("\n" in text.strip() or not text.strip() or len(text) > 1500)
    found += [problem for number, run in after for problem in problems_of_end(number, run)]
    rest = form(race.state(), start)
    if rest not in references:
        found.append("The state is none that runs one after the other leave:\n" + difference(rest, references[0]))
    return [f"{held} held at {where}, {other} overtook it: {problem}" for problem in found]


def form(state, start):
    """A state that compares with others: who made a thing stands for the id or the address that it got, so that none is mixed up."""
    text, count = json.dumps(state), collections.Counter()
    for thing, maker in sorted(makers(state), key=lambda pair: pair[::-1]):
        count[maker] += 1
        text = re.sub(rf"\b{re.escape(thing)}(?:-[0-9a-z]{{8}})?(?![0-9]|\.[0-9])", f"<{count[maker]} of {maker}>", text)
    return canonical(json.loads(text, object_hook=_unnumbered), start)


def _unnumbered(thing):
    """Which address an interface of an endpoint got depends on who came first."""
    return dict(thing, ip="*") if thing.get("type") == "vpc_endpoint" and "ip" in thing else thing


def makers(state):
    """(id or address, whose it is) of what bears a mark."""
    for account in state["aws"]["accounts"].values():
        for region in account["regions"].values():
            for kind in ("endpoints", "security_groups"):
                yield from ((thing, f"{kind} {one['tags'][MARK_TAG]}") for thing, one in region[kind].items() if MARK_TAG in one["tags"])
    for project in state["gcp"]["projects"].values():
        for region in project["regions"].values():
            yield from ((one["address"], f"address {one['description']}") for one in region["addresses"].values() if "zilliz.cloud" in one["description"])


def problems_of_end(number, run):
    if run.rc:
        return [f"Run {number} failed: {run.message}"]
    left = run.plans[-1]["steps"]
    return [f"Run {number} left something to do: {[step['name'] for step in left]}"] if left else []
