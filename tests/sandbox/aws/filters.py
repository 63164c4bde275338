# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters and pages of EC2's Describe calls."""
from __future__ import annotations

import base64
import re

from .errors import AwsError


def matches(filters, shown, fields):
    """Whether a thing as it is shown passes all filters. `fields`: filter name -> its member, or a function of the thing."""
    return all(_matches(one, shown, fields) for one in filters or [])


def _matches(one, shown, fields):
    name, wanted = one.get("Name", ""), one.get("Values") or []
    tags = {tag["Key"]: tag["Value"] for tag in shown.get("Tags") or []}
    if name.startswith("tag:"):
        found = [tags[name[4:]]] if name[4:] in tags else []
    elif name == "tag-key":
        found = list(tags)
    elif name == "tag-value":
        found = list(tags.values())
    elif name in fields:
        field = fields[name]
        found = field(shown) if callable(field) else shown.get(field)
        found = found if isinstance(found, (list, tuple, set)) else [found]
    else:
        raise AwsError("InvalidParameterValue", f"The filter '{name}' is invalid")
    return any(_like(pattern).fullmatch(_text(value)) for value in found for pattern in wanted)


def _like(pattern):
    """Only * and ? stand for others in a filter, and a backslash before them for themselves."""
    parts = re.findall(r"\\.|.", pattern, re.DOTALL)
    return re.compile("".join({"*": ".*", "?": "."}.get(one) or re.escape(one[-1]) for one in parts), re.DOTALL)


def _text(value):
    return str(value).lower() if isinstance(value, bool) else str(value)


def page(items, size, token, most=1000):
    """(items of this page, token of the next or None)."""
    try:
        start = int(base64.b64decode(token).decode()) if token else 0
    except ValueError:
        raise AwsError("InvalidNextToken", "The token is invalid.")
    end = start + min(int(size or most), most)
    return items[start:end], base64.b64encode(str(end).encode()).decode() if end < len(items) else None
