# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From an empty network to a working private link and back, in any cloud, and what each mode promises about it."""
from __future__ import annotations

import collections


class Calls:
    """What each mutating call is made for: a call under no step of the plan, or a step without call, is a lie.

    `several` are calls that go on with what another one began, `records` the one that makes and removes records.
    """

    def __init__(self, steps, records, several=()):
        self.steps, self.records, self.several = steps, records, several

    def made(self, sandbox, since, record_step):
        """Steps that the log shows, one for each call that makes a thing."""
        calls = [entry["operation"] for entry in sandbox.log(since) if entry["mutating"] and entry["cloud"] != "drift"]
        steps = dict(self.steps, **{self.records: record_step})
        unknown = set(calls) - set(steps) - set(self.several)
        assert not unknown, f"Calls that belong to no step: {unknown}"
        return collections.Counter(steps[name] for name in calls if name not in self.several)


def promised(run):
    return collections.Counter(run.steps)


def written(sandbox, since):
    return [entry for entry in sandbox.log(since) if entry["mutating"]]


def tell(link, sandbox, calls):
    """Check, run, again, check, teardown: what the run that made the link said."""
    before = sandbox.state()
    start = len(sandbox.log())
    foreseen = link.up(check=True, diff=True)
    assert foreseen.rc == 0 and foreseen.stats["localhost"]["changed"] == 1, foreseen.stdout
    assert sandbox.state() == before and not written(sandbox, start)
    assert len(foreseen.modules) == 1
    for step in foreseen.plans[0]["steps"]:
        assert f"{step['action']} {step['resource']} {step['name']}: {step['why']}" in foreseen.stdout

    start = len(sandbox.log())
    made = link.made()
    assert promised(made) == promised(foreseen) == calls.made(sandbox, start, "create record")
    links = [one for one in made.result["links"] if one["ready"]]
    assert len(links) == 2 and all(one["url"] == f"https://{one['host']}:{one['port']}" for one in links)
    assert len(made.result["changes"]) == sum(promised(made).values())

    start = len(sandbox.log())
    again = link.settled()
    assert len(again.modules) == 1 and not written(sandbox, start)
    nothing = link.up(check=True, diff=True)
    assert nothing.rc == 0 and nothing.stats["localhost"]["changed"] == 0

    start = len(sandbox.log())
    foreseen = link.down(check=True, diff=True)
    assert foreseen.stats["localhost"]["changed"] == 1 and not written(sandbox, start)
    start = len(sandbox.log())
    gone = link.gone(before)
    assert promised(gone) == promised(foreseen) == calls.made(sandbox, start, "delete record")
    assert link.down().stats["localhost"]["changed"] == 0
    return made
