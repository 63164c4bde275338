# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A secret is taken out of what others say, and nothing else is."""
from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest
from ansible_collections.zilliz.cloud.plugins.module_utils._secret import MASK, Secret
from hypothesis import given, strategies

KEY = "8f3b1c6d+e94a/7052&b1f0%c8d2\"a6e3'7f59<104b\\c2d8e6a97f30d5c41b82e09f6a73c5"


@pytest.mark.parametrize(
    "text",
    [
        KEY, quote(KEY), quote(KEY, safe=""), json.dumps(KEY)[1:-1], repr(KEY)[1:-1], KEY.encode().hex(), KEY[:30], KEY[-30:], KEY[20:50],
        KEY.replace("<", "&lt;").replace("&b", "&amp;b"),
    ],
)
def test_a_form_is_masked_and_the_rest_stays(text):
    said = Secret(KEY).out_of(f"The key {text} of project proj-1 is refused")
    assert said.startswith("The key ") and said.endswith(" of project proj-1 is refused") and MASK in said
    assert not any(text[n:n + 12] in said for n in range(len(text) - 11))


@given(strategies.binary(max_size=9), strategies.binary(max_size=9))
def test_base64_wherever_the_secret_stands_in_it(before, after):
    encoded = base64.b64encode(before + KEY.encode() + after).decode()
    said = Secret(KEY).out_of(encoded)
    assert len(said) < 40 and MASK in said


@given(strategies.text(), strategies.lists(strategies.text()))
def test_what_is_innocent_stays(text, texts):
    data = {"text": text, "texts": texts, "number": 7, "none": None, "deep": [{"text": text}]}
    assert Secret(KEY).out_of(data) == data


def test_names_and_values_at_any_depth():
    assert Secret(KEY).out_of({KEY: [{"key": f"is {KEY}!"}]}) == {MASK: [{"key": f"is {MASK}!"}]}


def test_a_piece_that_is_too_short_to_tell_stays():
    assert Secret(KEY).out_of(f"the key {KEY[:8]}...") == f"the key {KEY[:8]}..."


def test_a_short_secret_is_masked_as_a_whole():
    assert Secret("abc").out_of("abc, ab and dabcd") == f"{MASK}, ab and d{MASK}d"


@given(strategies.text("ab", min_size=1, max_size=40), strategies.text("ab", max_size=80))
def test_nothing_of_use_is_left(secret, text):
    said = Secret(secret).out_of(text)
    size = min(12, len(secret))
    assert not any(secret[n:n + size] in said for n in range(len(secret) - size + 1))
