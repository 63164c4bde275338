# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A fresh AWX for each test."""

from __future__ import annotations

import pytest

from unit.sandbox_awx.awx_side import Side


@pytest.fixture(scope="session")
def first_side():
    return Side()


@pytest.fixture
def side(first_side):
    return first_side.copy()
