# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HTML and SVG in which no text can become an element: whatever is not Markup is escaped. Pure: no I/O, no Ansible."""

from __future__ import annotations

import html

EMPTY = ("meta", "br")


class Markup(str):
    """Text that is markup already."""


def markup(value):
    if isinstance(value, Markup):
        return value
    if value is None:
        return Markup("")
    if isinstance(value, (list, tuple)):
        return Markup("".join(markup(one) for one in value))
    # Nothing that turns the direction of the text around it either; snippets keep their lines.
    text = "".join(letter if letter.isprintable() or letter in "\n\t" else " " for letter in str(value))
    return Markup(html.escape(text, quote=True))


def h(tag, *inside, **attributes):
    """An element. `class_` is class, `stroke_width` is stroke-width; an attribute that is None is left out."""
    told = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{markup(value)}"' for name, value in attributes.items() if value is not None
    )
    return Markup(f"<{tag}{told}>" if tag in EMPTY else f"<{tag}{told}>{markup(inside)}</{tag}>")
