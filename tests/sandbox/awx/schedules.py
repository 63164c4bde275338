# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Schedules: which recurrence rules AWX takes, and when the next run is."""
from __future__ import annotations

import datetime
import re

from dateutil import rrule, tz

from . import prompts
from .errors import invalid

DTSTART = re.compile(r"DTSTART(?:;[^:]+)?:\d+T\d+Z?")
NO_ZONE = "A valid TZID must be provided (e.g., America/New_York)"


def check(row, _old, store):
    problems = rule_problems(row["rrule"])
    if problems:
        raise invalid(rrule=problems)
    path, template = store.template(row["unified_job_template"])
    if path == "projects" and template["scm_type"] == "":
        raise invalid(unified_job_template="Manual Project cannot have a schedule set.")
    prompts.check(row, store, required=True)
    row["rrule"] = _normal(row["rrule"])


def shown(row, store):
    return {"extra_data": prompts.masked(row, store), "next_run": next_run(row["rrule"], store.now()) if row["enabled"] else None}


def preview(body, now):
    if not body.get("rrule"):
        raise invalid(rrule="This field is required.")
    problems = rule_problems(body["rrule"])
    if problems:
        raise invalid(rrule=problems)
    first = list(_parse(body["rrule"]).xafter(now, count=10))
    return {"local": [str(one) for one in first], "utc": [_stamp(one) for one in first]}


def rule_problems(text):
    problems = []
    starts = DTSTART.findall(text)
    if not starts:
        problems.append("Valid DTSTART required in rrule. Value should start with: DTSTART:YYYYMMDDTHHMMSSZ")
    if re.search(r"DTSTART:\d+T\d+\s", text):
        problems.append("DTSTART cannot be a naive datetime.  Specify ;TZINFO= or YYYYMMDDTHHMMSSZZ.")
    if len(starts) > 1:
        problems.append("Multiple DTSTART is not supported.")
    if "rrule:" not in text.lower():
        problems.append("One or more rule required in rrule.")
    problems += [f"{word} not allowed in rrule." for word in ("EXDATE", "RDATE") if word in text.upper()]
    for rule in re.findall(r"(?i)RRULE:\S+", text):
        problems += _one_rule_problems(rule[1:])
    # The parser takes two starts, and warns of an end that is given twice.
    if len(starts) < 2 and not re.search(r"COUNT=.*UNTIL=|UNTIL=.*COUNT=", text):
        problems += _parse_problems(text)
    return problems


def _one_rule_problems(rule):
    count = re.search(r"COUNT=(\d+)", rule)
    wrong = (
        ("INTERVAL=" not in rule.upper(), "INTERVAL required in rrule"),
        ("SECONDLY" in rule.upper(), "SECONDLY is not supported"),
        (re.search(r"BYDAY=\d+[a-zA-Z]{2}", rule), "BYDAY with numeric prefix not supported"),
        (count and "UNTIL" in rule, "RRULE may not contain both COUNT and UNTIL"),
        (count and int(count.group(1)) > 999, "COUNT > 999 is unsupported"),
    )
    return [f"{text}: {rule}" for applies, text in wrong if applies]


def _parse_problems(text):
    try:
        _parse(text)
    except ValueError as error:
        return [f"rrule parsing failed validation: {error}"]
    return []


def _parse(text):
    zone = re.search(r"DTSTART;TZID=([^:]+):", text)
    if zone and not tz.gettz(zone.group(1)):
        raise ValueError(NO_ZONE)
    rules = rrule.rrulestr(_normal(text), forceset=True)
    for rule in rules._rrule:
        if rule._dtstart.tzinfo is None:
            raise ValueError(NO_ZONE)
    return rules


def _normal(text):
    """An end without a zone is meant in the zone of the start; it is stored in UTC."""
    zone = re.search(r"DTSTART;TZID=([^:]+):", text)
    until = re.search(r"UNTIL=(\d+T\d+)(?!Z|\d)", text)
    if not zone or not until or not tz.gettz(zone.group(1)):
        return text
    local = datetime.datetime.strptime(until.group(1), "%Y%m%dT%H%M%S").replace(tzinfo=tz.gettz(zone.group(1)))
    return text.replace(until.group(0), f"UNTIL={local.astimezone(tz.UTC):%Y%m%dT%H%M%SZ}")


def next_run(text, now):
    following = _parse(text).after(now)
    return _stamp(following) if following else None


def _stamp(moment):
    return f"{moment.astimezone(tz.UTC):%Y-%m-%dT%H:%M:%SZ}"


def due(row, since, until):
    """The moments of a schedule in (since, until]."""
    return [] if not row["enabled"] else _parse(row["rrule"]).between(since, until + datetime.timedelta(microseconds=1))
