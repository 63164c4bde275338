# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables: objects by id, ids as AWX counts them, and lists with their filters and pages."""
from __future__ import annotations

from typing import Callable

from .errors import Refused

# Templates of all kinds share one row of numbers, and so do jobs of all kinds.
SHARED = {
    "unified_job_templates": ("projects", "job_templates", "workflow_job_templates", "workflow_approval_templates"),
    "unified_jobs": ("jobs", "project_updates", "workflow_jobs", "workflow_approvals"),
}
NO_FILTERS = ("page", "page_size", "order_by", "search", "format")
SECRET = ("inputs", "password", "token")


class Store:
    # What its Awx keeps beside the tables.
    now: Callable
    folders: dict
    repositories: dict
    surveys: dict
    links: dict

    def __init__(self, kinds):
        self.kinds = kinds
        self.tables = {path: {} for path in kinds}
        self._last = dict.fromkeys((*kinds, *SHARED), 0)

    def number(self, path):
        row = next((row for row, members in SHARED.items() if path in members), path)
        self._last[row] += 1
        return self._last[row]

    def add(self, path, row):
        row = {"id": self.number(path), **row}
        self.tables[path][row["id"]] = row
        return row

    def one(self, path, number):
        return self.tables[path].get(number)

    def where(self, path, **wanted):
        return [row for row in self.tables[path].values() if all(row.get(name) == value for name, value in wanted.items())]

    def template(self, number):
        """The (path, row) of a template of whatever kind."""
        for path in SHARED["unified_job_templates"]:
            if number in self.tables[path]:
                return path, self.tables[path][number]
        return None, None


def listed(shown, query, model, url):
    """The answer to GET on a list of rows that are shown already."""
    chosen = [one for one in shown if _fits(one, query, model)]
    order = query.get("order_by", "id")
    if chosen and order.lstrip("-") not in chosen[0]:
        raise Refused(400, {"detail": f"Cannot resolve keyword '{order.lstrip('-')}' into field."})
    chosen.sort(key=lambda one: (one[order.lstrip("-")] is not None, one[order.lstrip("-")]), reverse=order.startswith("-"))
    size = min(int(query.get("page_size", 25)), 200)
    page = int(query.get("page", 1))
    first = (page - 1) * size
    if page != 1 and first >= len(chosen):
        raise Refused(404, {"detail": "Invalid page."})

    def link(number):
        others = "".join(f"&{name}={value}" for name, value in query.items() if name != "page")
        return f"{url}?page={number}{others}"

    return {
        "count": len(chosen),
        "next": link(page + 1) if first + size < len(chosen) else None,
        "previous": link(page - 1) if page > 1 else None,
        "results": chosen[first:first + size],
    }


def _fits(one, query, model):
    either = []
    for name, value in query.items():
        if name in NO_FILTERS:
            continue
        bare = name.removeprefix("or__").removeprefix("not__")
        verdict = _matches(one, bare, value, model)
        verdict = not verdict if "not__" in name else verdict
        if name.startswith("or__"):
            either.append(verdict)
        elif not verdict:
            return False
    return not either or any(either)


def known(names, query, model):
    """A filter by a field that is not there is an error even where the list is empty."""
    for name in query:
        first = name.removeprefix("or__").removeprefix("not__").split("__")[0]
        if first in SECRET:
            raise forbidden_filter(first)
        if name not in NO_FILTERS and first not in names:
            raise Refused(400, {"detail": f"{model} has no field named '{first}'"})


def forbidden_filter(field):
    return Refused(403, {"detail": f"Filtering on field {field} is not allowed."})


def _matches(one, name, value, model):
    field, *more = name.split("__")
    held = one.get(field)
    how = "exact"
    for part in more:
        if part in HOWS:
            how = part
        else:
            # A field of the object that is referred to.
            held = (one["summary_fields"].get(field) or {}).get(part)
    if how not in HOWS:
        raise Refused(400, {"detail": f"{model} has no field named '{name}'"})
    return HOWS[how](held, value)


def _text(held):
    return "" if held is None else str(held)


HOWS = {
    "exact": lambda held, value: _text(held).lower() == value.lower() if isinstance(held, bool) else _text(held) == value,
    "iexact": lambda held, value: _text(held).lower() == value.lower(),
    "contains": lambda held, value: value in _text(held),
    "icontains": lambda held, value: value.lower() in _text(held).lower(),
    "startswith": lambda held, value: _text(held).startswith(value),
    "in": lambda held, value: _text(held) in value.split(","),
    "isnull": lambda held, value: (held is None) == (value.lower() == "true"),
}
