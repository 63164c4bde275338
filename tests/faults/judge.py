# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run with a fault and those after it must show. Pure."""
from __future__ import annotations

import difflib
import json
import re

# What no sentence of ours holds: a program's own words for its own troubles.
RAW = ("Traceback", "object has no attribute", "MODULE FAILURE", "See stdout", "Unknown error", "object is not", "{'", "[{", "KeyError", "NoneType")
REMEDY = re.compile(r"run again|check|allow|wait|raise|give|ask|choose|take", re.IGNORECASE)
LONGEST = 1500
NEW = re.compile(r"vpce-[0-9a-f]{17}(?:-[0-9a-z]{8})?|(?:sg|eni|sgr)-[0-9a-f]{17}|\bZ[0-9A-Z]{16,31}\b")


def problems_of_first(unit, run, fired):
    """What is wrong with the run that met the faults; `fired`: how often each of them struck."""
    problems = [f"The fault never struck: {case.name}" for case, times in zip(unit, fired) if not times]
    case = unit[0]
    if "Traceback" in run.stdout:
        problems.append("The output has a traceback")
    if case.killed:
        return problems + (["It ended by itself"] if run.rc >= 0 else [])
    if run.rc == 0:
        return problems + (["It succeeded although the fault lasts"] if case.must_fail else [])
    if not case.may_fail:
        return problems + [f"A fault that passes failed the run: {run.message}"]
    return problems + problems_of_sentence(case, run.message)


def problems_of_sentence(case, text):
    problems = [f"The sentence has {word!r}" for word in RAW if word in text]
    if not text.strip() or "\n" in text.strip() or len(text) > LONGEST:
        problems.append(f"It is no sentence ({len(text)} characters)")
    if not REMEDY.search(text):
        problems.append("It says nothing that helps")
    if case.kind == "denied" and not named(case, text):
        problems.append(f"It does not name {case.action}")
    return [f"{problem}: {text}" for problem in problems]


def named(case, text):
    """Whether a refusal is named by what the cloud calls the right; Google's rights have other verbs than its calls."""
    if case.system == "zilliz":
        return "rights on this" in text
    if case.system == "gcp":
        return re.search(rf"\b{re.escape(case.action.rpartition('.')[0])}\.\w+|, \.\w+ and \.\w+", text) is not None
    return case.action in text


def problems_of_rest(runs, found, expected):
    """What is wrong after the reruns: the last run has nothing left to do, and the state is the reference's."""
    problems = [f"Run {number} failed: {run.message}" for number, run in runs if run.rc]
    if not problems:
        last = runs[-1][1]
        changed, steps = last.stats["localhost"]["changed"], last.plans[0]["steps"]
        if changed or steps:
            problems.append(f"The last run still changed something ({changed}): {last.steps}")
    if found != expected:
        problems.append("The state is another one:\n" + difference(found, expected))
    return problems


def difference(found, expected):
    texts = [json.dumps(one, indent=1, sort_keys=True).splitlines() for one in (expected, found)]
    return "\n".join(list(difflib.unified_diff(*texts, "expected", "found", lineterm="", n=3))[:60])


def canonical(state, start):
    """A state that compares with another life's: ids that were given since `start` are stars."""
    known = set(NEW.findall(json.dumps(start)))
    return _starred(state, known)


def _starred(value, known):
    if isinstance(value, dict):
        pairs = [(_starred(key, known), _starred(one, known)) for key, one in value.items()]
        if "ip" in value and "*" in _starred(value.get("description") or "", known):
            pairs = [(key, "*" if key == "ip" else one) for key, one in pairs]
        if all(key in value for key, _one in pairs):
            return dict(pairs)
        return sorted(([key, one] for key, one in pairs), key=_text)
    if isinstance(value, list):
        return sorted((_starred(one, known) for one in value), key=_text)
    if isinstance(value, str):
        return NEW.sub(lambda match: match[0] if match[0] in known else f"{match[0].partition('-')[0][:4]}-*" if "-" in match[0] else "Z*", value)
    return value


def _text(value):
    return json.dumps(value, sort_keys=True)
