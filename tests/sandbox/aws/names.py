# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Domain names as Route 53 keeps them: lower case, a trailing dot, unusual characters as octal escapes."""
from __future__ import annotations

import re

from .errors import AwsError


def normal(name, code="InvalidDomainName"):
    text = (name or "").rstrip(".").lower()
    text = re.sub(r"\\(\d{3})", lambda match: chr(int(match[1], 8)), text)
    labels = text.split(".")
    if not text or len(text) > 253 or any(not label or len(label) > 63 for label in labels):
        raise AwsError(code, f"The domain name {name!r} is not valid.")
    return "".join(_escaped(letter) for letter in text) + "."


def _escaped(letter):
    return letter if re.fullmatch(r"[a-z0-9._-]", letter) else f"\\{ord(letter):03o}"


def order(name):
    """Names sort from their last label on."""
    return list(reversed(name.rstrip(".").split(".")))


def inside(name, zone):
    return name == zone or name.endswith(f".{zone}")
