# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parameter `fields` of every method: whoever names the fields that he reads gets no others."""
from __future__ import annotations

import re

from . import discovery
from .protocol import GoogleError

TOKEN = re.compile(r"[A-Za-z0-9_$*-]+|[(),/]")


def check(call):
    """GoogleError for a selection that no answer of the method could have."""
    if call.query.get("fields"):
        _check(call, _tree(call), {"$ref": call.method.response} if call.method.response else {})


def cut(call, answer):
    return _cut(answer, _tree(call)) if call.query.get("fields") else answer


def _refused(text):
    return GoogleError(400, "invalidParameter", f"Invalid field selection {text}", status="INVALID_ARGUMENT", location="fields", locationType="parameter")


def _tree(call):
    """items(name,labels/a),nextPageToken as {"items": {"name": {}, "labels": {"a": {}}}, "nextPageToken": {}}; {} is all of it."""
    text = call.query["fields"]
    tokens = TOKEN.findall(text)
    if "".join(tokens) != re.sub(r"\s", "", text):
        raise _refused(text)
    found = _list(tokens, text)
    if tokens:
        raise _refused(text)
    return found


def _list(tokens, text):
    found = {}
    while True:
        if not tokens or tokens[0] in "(),/":
            raise _refused(text)
        place = found.setdefault(tokens.pop(0), {})
        while tokens[:1] == ["/"]:
            tokens.pop(0)
            if not tokens or tokens[0] in "(),/":
                raise _refused(text)
            place = place.setdefault(tokens.pop(0), {})
        if tokens[:1] == ["("]:
            tokens.pop(0)
            place.update(_list(tokens, text))
            if tokens[:1] != [")"]:
                raise _refused(text)
            tokens.pop(0)
        if tokens[:1] != [","]:
            return found
        tokens.pop(0)


def _check(call, tree, schema):
    schema = discovery.resolved(call.method, schema)
    if "items" in schema and "properties" not in schema:
        _check(call, tree, schema["items"])
        return
    for name, below in tree.items():
        if name == "*":
            continue
        if name not in schema.get("properties", {}) and "additionalProperties" not in schema:
            raise _refused(name)
        _check(call, below, schema.get("properties", {}).get(name, schema.get("additionalProperties", {})))


def _cut(value, tree):
    if not tree:
        return value
    if isinstance(value, list):
        return [_cut(one, tree) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: _cut(one, tree.get(name, tree.get("*"))) for name, one in value.items() if name in tree or "*" in tree}
