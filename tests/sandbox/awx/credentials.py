# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials: values against the fields of their type; secrets go in and never come out."""
from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from .errors import Refused, invalid

HIDDEN = "$encrypted$"


def check(row, old, store):
    if not row["organization"] and not row.get("user") and not row.get("team"):
        raise invalid(detail="Missing 'user', 'team', or 'organization'.")
    kind = store.one("credential_types", row["credential_type"])
    inputs = row["inputs"]
    if not isinstance(inputs, dict):
        raise invalid(inputs=f"{type(inputs).__name__} provided, expected dict")
    fields = {field["id"]: field for field in kind["inputs"].get("fields", [])}
    for name in inputs:
        if name not in fields:
            raise invalid(inputs=f"Additional properties are not allowed ({name!r} was unexpected)")
    row["inputs"] = values = {}
    problems = {}
    kept = (old or {}).get("inputs", {})
    for name, value in inputs.items():
        field = fields[name]
        # Without a choice, the first one counts.
        value = field["choices"][0] if value in ("", None) and field.get("choices") else value
        if value is None:
            continue
        if value == HIDDEN and field.get("secret"):
            if name not in kept:
                raise invalid(inputs=f"{HIDDEN} is a reserved keyword, and cannot be used for {name}.")
            value = kept[name]
        problem = _problem(value, field)
        if problem:
            problems[name] = [problem]
        values[name] = value
    if problems:
        raise Refused(400, {"inputs": problems})


def shown(row, store):
    kind = store.one("credential_types", row["credential_type"])
    secrets = {field["id"] for field in kind["inputs"].get("fields", []) if field.get("secret")}
    return {
        "inputs": {name: HIDDEN if name in secrets and value else value for name, value in row["inputs"].items()},
        "kind": kind["namespace"],
        "cloud": kind["kind"] == "cloud",
        "kubernetes": False,
        "managed": False,
    }


def lacking(row, store):
    """The required fields without a value; the job that needs them fails."""
    kind = store.one("credential_types", row["credential_type"])
    return [name for name in kind["inputs"].get("required", []) if not row["inputs"].get(name)]


def _problem(value, field):
    expected: Any = {"string": str, "boolean": bool}[field["type"]]
    if not isinstance(value, expected):
        return f"{value!r} is not of type {field['type']!r}"
    if field.get("choices") and value not in field["choices"]:
        return f"{value!r} is not one of {field['choices']!r}"
    if field.get("format") == "url":
        parts = urlsplit(value)
        if not parts.scheme:
            return "Invalid URL: Missing url scheme (http, https, etc.)"
        if not parts.netloc:
            return f"Invalid URL: {value}"
    return None
