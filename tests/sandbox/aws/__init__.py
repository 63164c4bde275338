# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS on loopback: moto in-process for what it does well, our own endpoints, groups and Route 53 where it is too kind."""
from __future__ import annotations

from .app import Aws
from .landscape import scenario

__all__ = ["Aws", "scenario"]
