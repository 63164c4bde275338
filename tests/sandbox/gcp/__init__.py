# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Google Cloud on loopback: compute and DNS as our own, behind the real host names, judged by Google's discovery documents."""
from __future__ import annotations

from .app import Gcp
from .landscape import scenario

__all__ = ["Gcp", "scenario"]
