# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Schedules, row by row as measured; and what they start."""

from __future__ import annotations

import datetime

import pytest

from unit.sandbox_awx.awx_side import MEASURED, compare, Side

MONTH = "DTSTART:20300101T030000Z RRULE:FREQ=MONTHLY;INTERVAL=1"
ZONE = "DTSTART;TZID=America/New_York:20300101T030000 RRULE:FREQ=DAILY;INTERVAL=1"


def rule(text, start="DTSTART:20300101T030000Z"):
    return post(rrule=f"{start} RRULE:{text}")


def whole(text):
    return post(rrule=text)


def post(**more):
    def send(side):
        body = {"name": "S", "unified_job_template": "free", "rrule": "DTSTART:20300101T030000Z RRULE:FREQ=DAILY;INTERVAL=1", **more}
        sent = {name: side.ids.get(value, value) if isinstance(value, str) else value for name, value in body.items() if value is not ...}
        return side.ask("POST", "schedules/", sent)
    return send


def twice(side):
    post()(side)
    return post()(side)


def approval(side):
    side.make("node", "workflow_job_template_nodes", {"workflow_job_template": side.ids["workflow"], "identifier": "n"})
    path = f"workflow_job_template_nodes/{side.ids['node']}/create_approval_template/"
    side.ids["approval"] = side.ok("POST", path, {"name": "Approve"})["id"]
    return post(unified_job_template="approval")(side)


TABLE = {
    "valid": post(),
    "name missing": post(name=...),
    "unified_job_template missing": post(unified_job_template=...),
    "unified_job_template unknown": post(unified_job_template=9999),
    "rrule missing": post(rrule=...),
    "rrule empty": post(rrule=""),
    "no DTSTART": whole("RRULE:FREQ=DAILY;INTERVAL=1"),
    "no RRULE": whole("DTSTART:20300101T030000Z"),
    "two DTSTART": whole("DTSTART:20300101T030000Z DTSTART:20310101T030000Z RRULE:FREQ=DAILY;INTERVAL=1"),
    "naive DTSTART": rule("FREQ=DAILY;INTERVAL=1", "DTSTART:20300101T030000"),
    "DTSTART Z": post(),
    "bad TZID": rule("FREQ=DAILY;INTERVAL=1", "DTSTART;TZID=Mars/Base:20300101T030000"),
    "TZID Europe/Berlin": rule("FREQ=WEEKLY;INTERVAL=1;BYDAY=MO", "DTSTART;TZID=Europe/Berlin:20300101T030000"),
    "no INTERVAL": rule("FREQ=DAILY"),
    "SECONDLY": rule("FREQ=SECONDLY;INTERVAL=1"),
    "MINUTELY": rule("FREQ=MINUTELY;INTERVAL=5"),
    "COUNT 1000": rule("FREQ=DAILY;INTERVAL=1;COUNT=1000"),
    "COUNT and UNTIL": rule("FREQ=DAILY;INTERVAL=1;COUNT=2;UNTIL=20310101T000000Z"),
    "UNTIL naive with TZID": whole(f"{ZONE};UNTIL=20310101T000000"),
    "UNTIL Z with TZID": whole(f"{ZONE};UNTIL=20310101T000000Z"),
    "BYDAY 20MO": rule("FREQ=MONTHLY;INTERVAL=1;BYDAY=20MO"),
    "BYDAY with prefix 1MO": rule("FREQ=MONTHLY;INTERVAL=1;BYDAY=1MO"),
    "BYYEARDAY": rule("FREQ=YEARLY;INTERVAL=1;BYYEARDAY=10"),
    "BYWEEKNO": rule("FREQ=YEARLY;INTERVAL=1;BYWEEKNO=10;BYDAY=MO"),
    "BYMONTHDAY list": rule("FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=1,15"),
    "RDATE": whole(f"{MONTH} RDATE:20300202T030000Z"),
    "EXDATE": whole(f"{MONTH} EXDATE:20300201T030000Z"),
    "two RRULE": whole(f"{MONTH} RRULE:FREQ=DAILY;INTERVAL=2"),
    "nonsense": whole("nonsense"),
    "never fires (UNTIL before DTSTART)": rule("FREQ=DAILY;INTERVAL=1;UNTIL=20290101T000000Z"),
    "cron text": whole("0 3 * * *"),
    "extra_data not allowed on JT without ask_variables": post(unified_job_template="template", extra_data={"nope": 1}),
    "extra_data bad survey value": post(unified_job_template="template", extra_data={"count": 99}),
    "survey required var, default exists, no extra_data": post(unified_job_template="template"),
    "limit not prompted": post(limit="x"),
    "same name on same template": twice,
    "approval template cannot be scheduled": approval,
    "manual project": post(unified_job_template="project"),
    "preview": lambda side: side.ask("POST", "schedules/preview/", {"rrule": MONTH}),
    "preview bad": lambda side: side.ask("POST", "schedules/preview/", {"rrule": "nonsense"}),
}


@pytest.mark.parametrize("label", MEASURED["schedule"])
def test_measured(side, label):
    answer = TABLE[label](side)
    compare("schedule", label, answer)
    noted = MEASURED["schedule"][label][2]
    if isinstance(noted, str):
        assert f"next_run {answer[1]['next_run']}" == noted


def test_a_schedule_starts_jobs_and_stays_enabled():
    start = datetime.datetime(2030, 1, 1, 2, 0, tzinfo=datetime.timezone.utc)
    moment = [start]
    side = Side(now=lambda: moment[0])
    post(rrule="DTSTART:20300101T030000Z RRULE:FREQ=DAILY;INTERVAL=1;COUNT=1")(side)
    moment[0] += datetime.timedelta(hours=2)
    side.awx.advance(start)
    assert side.get("jobs/?launch_type=scheduled")["count"] == 1
    schedule = side.get("schedules/")["results"][0]
    assert (schedule["next_run"], schedule["enabled"]) == (None, True)
