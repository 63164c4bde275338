# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWX's /api/v2 in memory, as it was measured on AWX 24.6.1: what it stores, what it refuses, and in which words."""
from __future__ import annotations

from .awx import Awx

__all__ = ["Awx"]
