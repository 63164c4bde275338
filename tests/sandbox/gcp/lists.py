# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A long list, cut and filtered as compute's list methods do it."""
from __future__ import annotations

import base64
import re

from .protocol import GoogleError

LONGEST = 500
CLAUSE = re.compile(r'\s*([A-Za-z][\w.-]*)\s*(!=|>=|<=|=|:|>|<|\s(?:eq|ne)\s)\s*("(?:[^"\\]|\\.)*"|[^\s()]+)\s*')


def listed(call, kind, items, size):
    """The answer of a list method. `size`: how many Google gives at most today; it may be fewer than were asked for."""
    keep = _filter(call.query.get("filter", ""))
    found = sorted((one for one in items if all(matches(one) for matches in keep)), key=lambda one: one["name"])
    count = int(call.query.get("maxResults", LONGEST))
    if count > LONGEST:
        raise GoogleError(400, "invalid", f"Invalid value for field 'maxResults': '{count}'. Must be less than or equal to {LONGEST}")
    start, count = _start(call.query.get("pageToken")), min(count or LONGEST, int(size))
    answer = {"kind": f"compute#{kind}List", "id": call.path.partition("/compute/v1/")[2], "items": found[start:start + count],
              "selfLink": f"https://www.googleapis.com{call.path}"}
    if not answer["items"]:
        # An empty list is not there at all.
        del answer["items"]
    if start + count < len(found):
        answer["nextPageToken"] = base64.urlsafe_b64encode(f"{kind}/{start + count}".encode()).decode()
    return answer


def _start(token):
    if not token:
        return 0
    try:
        return int(base64.urlsafe_b64decode(token).decode().rpartition("/")[2])
    except ValueError:
        raise GoogleError(400, "invalid", f"Invalid value for field 'pageToken': '{token}'. Invalid page token.") from None


def _filter(text):
    """The conditions of a filter, all of which must hold: (a = b) (c != d), with AND between them or nothing."""
    found, rest = [], re.sub(r"\)\s*(AND\s*)?\(", ") (", text)
    rest = re.sub(r"[()]", " ", rest).strip()
    while rest:
        clause = CLAUSE.match(rest)
        if not clause or re.search(r"\bOR\b", rest):
            raise GoogleError(400, "invalid", f"Invalid value for field 'filter': '{text}'. Invalid list filter expression.")
        found.append(_condition(clause[1], clause[2].strip(), clause[3].strip('"')))
        rest = re.sub(r"^AND\s", "", rest[clause.end():])
    return found


def _condition(field, operator, wanted):
    def matches(item):
        value = _value(item, field)
        text = ("true" if value else "false") if isinstance(value, bool) else "" if value is None else str(value)
        if operator in ("eq", "ne"):
            return bool(re.fullmatch(wanted, text)) == (operator == "eq")
        if operator == ":":
            return wanted == "*" and value is not None or wanted in text
        if operator in ("=", "!="):
            pattern = ".*".join(re.escape(part) for part in wanted.split("*"))
            return bool(re.fullmatch(pattern, text)) == (operator == "=")
        return {">": text > wanted, "<": text < wanted, ">=": text >= wanted, "<=": text <= wanted}[operator]

    return matches


def _value(item, field):
    for part in field.split("."):
        item = item.get(part) if isinstance(item, dict) else None
    return item
