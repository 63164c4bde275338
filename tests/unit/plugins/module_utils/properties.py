# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for every plan of every cloud, and the Zilliz side of generated clouds."""

from __future__ import annotations

import copy
import json
import re

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

quick = settings(max_examples=80, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))

CHANGING = ("update", "replace", "delete", "revoke", "disassociate")
REMEDY = re.compile(
    r"\b(add|ask|bring|check|choose|correct|give|have|keep|leave|name|put|raise|remove|send|set|switch|take|use|write)\b", re.I)


def unlike(items, *keys):
    """The first of those that are alike."""
    return list({tuple(str(x[k]) for k in keys): x for x in reversed(items)}.values())[::-1]


def clusters(cluster):
    kinds = [
        cluster(1), cluster(2, linked=False), cluster(2), cluster(3, "MODIFYING", False), cluster(4, "SUSPENDED", False),
        cluster(5, kind="Free", linked=False), cluster(1, "DELETED"), cluster(6, project_id="proj-other"),
    ]
    return st.lists(st.sampled_from(kinds), max_size=4).map(lambda rows: unlike(rows, "cluster_id"))


def is_pure(make, want, before):
    """The answer follows from the input alone, leaves it as it is, and is plain data."""
    inputs = copy.deepcopy((want, before))
    first = make(want, before)
    assert (want, before) == inputs
    assert make(want, before) == first
    assert json.loads(json.dumps(first)) == first


def turned(data):
    """The same, with the keys of every dict the other way round."""
    if isinstance(data, dict):
        return {key: turned(item) for key, item in reversed(data.items())}
    return [turned(item) for item in data] if isinstance(data, list) else data


def is_the_same_in_any_order(make, want, before):
    """No dict's order matters; where a cloud lists its things in another one, what there is to do and to say stays the same."""
    first, second = make(want, before), make(turned(want), turned(before))
    assert json.dumps(second, sort_keys=True) == json.dumps(first, sort_keys=True)
    third = make(want, {key: item[::-1] if isinstance(item, list) else item for key, item in before.items()})
    for key in ("steps", "notes", "problems", "waiting", "costs"):
        # A sentence lists things as they come.
        plain = [sorted(sorted(word.rstrip(".:") for word in re.findall(r"[\w.:/-]+", json.dumps(x))) for x in plan[key]) for plan in (first, third)]
        assert plain[0] == plain[1], key


def is_for_people(plan, *openings):
    """Sentences, and of each problem the remedy; `openings` are the words in small letters that may begin one."""
    for text in plan["problems"]:
        assert text.endswith(".") and REMEDY.search(text), text
    for text in plan["problems"] + plan["notes"]:
        assert text.endswith("."), text
    why = [step["why"] for step in plan["steps"]] + [item["text"] for item in plan["waiting"]]
    for text in plan["problems"] + plan["notes"] + why:
        assert not re.search(r"[{}]|None|\['|\[\]|\bTrue\b|\bFalse\b|  |\.\.|::", text.replace("2600:1f14::", "")), text
        assert text[0].isupper() or text.startswith(openings), text


def is_listed(plan, *batched):
    """Every known step is in the lists that the role loops over, or of these kinds in the batch."""
    listed = [step for lists in plan["by"].values() for steps in lists.values() for step in steps]
    for step in plan["steps"]:
        if step["known"] and step not in listed:
            assert plan["batch"] and step["resource"] in batched, step
    assert plan["batch"] or all(step in plan["steps"] for step in listed)


def actions(plan):
    return [f"{step['action']} {step['resource']}" for step in plan["steps"]]


class Order:
    """Where in a plan the steps of a kind are."""

    def __init__(self, steps):
        self.steps, self.at = steps, {}
        for index, step in enumerate(steps):
            self.at.setdefault((step["round"], step["action"], step["resource"]), []).append(index)

    def after(self, late, *early):
        return all(min(self.at.get(late, [len(self.steps)])) > max(self.at.get(one, [-1])) for one in early)

    def holds(self, zone, endpoint):
        """Rounds, revoking before deleting, emptying before deleting, new names before old ones go."""
        rounds = [step["round"] for step in self.steps]
        assert rounds == sorted(rounds, key=("connect", "name", "absent").index)
        for index, step in enumerate(self.steps):
            if (step["action"], step["resource"]) == ("delete", endpoint):
                revoked = [i for i, x in enumerate(self.steps) if x["action"] == "revoke" and x["name"] == step["name"]]
                assert max(revoked, default=-1) < index
            if (step["action"], step["resource"]) == ("delete", zone):
                inside = [i for i, x in enumerate(self.steps)
                          if x["resource"] == "record" and x["before"].get("zone_id") == step["before"]["zone_id"]]
                assert max(inside, default=-1) < index
        names = [("name", action, kind) for kind in ("record", zone) for action in ("create", "update", "replace")]
        for old in (("name", "delete", "record"), ("name", "delete", zone), ("name", "delete", endpoint)):
            assert self.after(old, *names)
