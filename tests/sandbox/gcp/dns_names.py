# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Domain names as Cloud DNS keeps them: lower case, fully qualified."""
from __future__ import annotations

import re


def fully_qualified(text):
    """Whether Cloud DNS takes this as a name; a wildcard is one."""
    if not isinstance(text, str) or not text.endswith(".") or len(text) > 254:
        return False
    labels = text[:-1].split(".")
    if labels[0] == "*":
        labels = labels[1:]
    return bool(labels) and all(re.fullmatch(r"[A-Za-z0-9_]([-A-Za-z0-9_]{0,61}[A-Za-z0-9_])?", label) for label in labels)


def inside(name, zone):
    return name == zone or name.endswith(f".{zone}")


def order(name):
    """Names sort from their last label on."""
    return list(reversed(name.rstrip(".").split(".")))
