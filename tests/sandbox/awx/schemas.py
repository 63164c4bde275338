# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of JSON schema that AWX uses for credentials and their types, with the messages that AWX makes of it."""
from __future__ import annotations

import re

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool}


def problems(value, schema, path=()):
    """All that is wrong with a value, in order."""
    return list(_check(value, schema, list(path)))


def _check(value, schema, path):
    if "type" in schema and not isinstance(value, TYPES[schema["type"]]):
        expected = "dict" if schema["type"] == "object" else schema["type"]
        where = f" in relative path {path}" if path else ""
        yield f"{type(value).__name__} provided{where}, expected {expected}"
        return
    if "any" in schema and not any(isinstance(value, TYPES[name]) for name in schema["any"]):
        yield f"{value!r} is not valid under any of the given schemas"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{value!r} is not one of {schema['enum']!r}"
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield schema.get("error", "{instance!r} does not match {pattern!r}").format(instance=value, pattern=schema["pattern"])
    if isinstance(value, list):
        yield from _check_list(value, schema, path)
    if isinstance(value, dict):
        yield from _check_dict(value, schema, path)


def _check_list(value, schema, path):
    if schema.get("filled") and not value:
        yield f"{value!r} should be non-empty"
    if schema.get("unique") and any(one in value[:place] for place, one in enumerate(value)):
        yield f"{value!r} has non-unique elements"
    for place, one in enumerate(value):
        yield from _check(one, schema.get("items", {}), [*path, place])


def _check_dict(value, schema, path):
    for name in schema.get("required", ()):
        if name not in value:
            yield f"{name!r} is a required property"
    patterns = schema.get("patterns", {})
    for name, one in value.items():
        fitting = [part for pattern, part in patterns.items() if re.search(pattern, name)]
        fitting += [schema["properties"][name]] if name in schema.get("properties", {}) else []
        for part in fitting:
            yield from _check(one, part, [*path, name])
        if not fitting and ("properties" in schema or patterns):
            yield f"Schema validation error in relative path {path} ({_unexpected(name, patterns)})"


def _unexpected(name, patterns):
    if patterns:
        return f"{name!r} does not match any of the regexes: {', '.join(map(repr, patterns))}"
    return f"Additional properties are not allowed ({name!r} was unexpected)"
