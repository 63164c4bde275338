# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Takes a secret out of what others say, who may quote it in parts or encoded, which Ansible does not mask. No I/O."""

from __future__ import annotations

import base64
import html
import json
from urllib.parse import quote, quote_plus

MASK = "********"
_PIECE = 12  # what is shorter is of no use to anybody, and may be an innocent word


class Secret:
    """A secret that must not be seen."""

    def __init__(self, secret):
        self._size = min(_PIECE, len(secret))
        texts = _forms(secret) if len(secret) > _PIECE else [secret]
        self._pieces = {text[n:n + self._size] for text in texts for n in range(len(text) - self._size + 1)}

    def out_of(self, value):
        """The same text, list or dictionary without it."""
        if isinstance(value, str):
            return self._out_of_text(value)
        if isinstance(value, list):
            return [self.out_of(one) for one in value]
        if isinstance(value, dict):
            return {self.out_of(name): self.out_of(one) for name, one in value.items()}
        return value

    def _out_of_text(self, text):
        size, kept, end = self._size, [], 0
        found = [n for n in range(len(text) - size + 1) if text[n:n + size] in self._pieces]
        for n in found:
            if n > end or not kept:
                kept += [text[end:n], MASK]
            end = n + size
        return "".join([*kept, text[end:]]) if found else text


def _forms(secret):
    """As it is, as URLs, JSON, Python and HTML write it, in hexadecimal, and in base64 wherever it stands in the text."""
    data = secret.encode()
    texts = [
        secret, quote(secret), quote(secret, safe=""), quote_plus(secret), quote(quote(secret, safe=""), safe=""),
        json.dumps(secret)[1:-1], json.dumps(json.dumps(secret)[1:-1])[1:-1], repr(secret)[1:-1], html.escape(secret), data.hex(),
    ]
    for before in (b"", b"-", b"--"):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            # The first and the last characters depend on what stands beside it.
            text = encode(before + data).decode().rstrip("=")
            texts.append(text[len(before) + 1 if before else 0:-1])
    return texts
