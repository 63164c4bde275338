# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs that do not go undisturbed: cut off after any step, or two of them at once."""

from __future__ import annotations

import collections
import copy
import json
import re

from unit.plugins.module_utils.model_zilliz import PROJECT

# What a model refuses as the cloud would: AssertionError; and what is not there any more: ValueError.
REFUSALS = (AssertionError, ValueError)


def rounds(want):
    return ("connect", "name") if want["state"] == "present" else ("absent", "absent")


def open_steps(clouds, want, round_):
    return [step for step in clouds.plan(want)["steps"] if step["round"] == round_ and step["known"]]


def apply(clouds, step):
    getattr(clouds, f"{step['action']}_{step['resource']}")(step["name"], copy.deepcopy(step))
    clouds.applied.append(step)


def cut_off(clouds, want, count, settles):
    """A run that ends after so many steps. Whether the clouds come to rest before the next one is not its choice."""
    for round_ in rounds(want):
        for step in open_steps(clouds, want, round_):
            if not count:
                break
            apply(clouds, step)
            count -= 1
        if count or settles:
            clouds.settle()
            clouds.tidy()
        if not count:
            return


def alike(found, *own):
    """What was found, comparable between two runs: the ids that a cloud chooses, times, and names of one's `own` say nothing."""
    text = json.dumps(found, default=sorted, sort_keys=True)
    for word in filter(None, own):
        text = re.sub(rf"(?<![\w.-]){re.escape(word)}(?!\w)", "own", text)
    text = re.sub(r"\b(vpce|sg|eni)-0([0-9a-f]{16})", lambda hit: f"{hit[1]}-new" if 1000 <= int(hit[2], 16) < 10 ** 6 else hit[0], text)
    text = re.sub(r"\bZ0{15}([1-9][0-9]{3})\b", "Z-new", text)
    text = re.sub(r'"5688731874467[89][0-9]{3}"', '"connection-new"', text)
    text = re.sub(r'"created": "[^"]*"', '"created": ""', text)
    data = json.loads(text)
    for key in ("interfaces", "rule_names"):
        data.pop(key, None)
    return in_order(data)


def in_order(data):
    if isinstance(data, list):
        return sorted((in_order(item) for item in data), key=lambda item: json.dumps(item, sort_keys=True))
    return {key: in_order(item) for key, item in data.items()} if isinstance(data, dict) else data


def stands(last):
    """The end of a run that nothing disturbed: nothing is left to do but what waits for others."""
    assert [step for step in last["steps"] if step["known"]] == []
    assert last["waiting"] or last["steps"] == []


def is_single(found, keys):
    """Nothing is there twice. `keys` gives for each kind what may be there once, or None where it is free."""
    for kind, key in keys.items():
        twice = [one for one, count in collections.Counter(key(x) for x in found[kind]).items() if one and count > 1]
        assert twice == [], (kind, twice)
    for zone in found["zones"]:
        rows = [(row["name"], row["type"]) for row in zone["records"] or []]
        assert len(set(rows)) == len(rows), rows


class Racing:
    """One of two runs in the same clouds: it knows what it made itself, and only its own project's side of Zilliz Cloud."""

    def __init__(self, before, other=None, project=PROJECT):
        super().__init__(before)
        self.project = project
        if other:
            mine = [] if project != other.project else other.found["registrations"]
            self.found, self.numbers = dict(other.found, registrations=mine), other.numbers

    def allocate(self):
        rows, self.found["clusters"] = self.found["clusters"], [x for x in self.found["clusters"] if x["project_id"] == self.project]
        super().allocate()
        self.found["clusters"] = rows

    def run_on(self, want, stubborn):
        """Yields after each step. What is refused ends the run; the stubborn one takes what is gone as done, as modules do."""
        for round_ in rounds(want):
            for step in open_steps(self, want, round_):
                try:
                    apply(self, step)
                except REFUSALS:
                    if not stubborn or step["action"] in ("create", "update", "replace"):
                        return
                yield
            self.settle()
            self.tidy()
            yield


def interleave(one, other, turns):
    """Both to their end, in these turns, then each in turn."""
    runs, turns = [one, other], iter(turns)
    while runs:
        number = next(turns, len(runs) - 1) % len(runs)
        try:
            next(runs[number])
        except StopIteration:
            del runs[number]
