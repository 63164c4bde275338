# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Notes how much memory each module took, when it ends."""
from __future__ import annotations

import atexit
import os
import sys


def note():
    if "AnsiballZ_" not in sys.argv[0]:
        return
    with open("/proc/self/status", encoding="ascii") as file:
        peak = next(line.split()[1] for line in file if line.startswith("VmHWM"))
    with open(os.environ["BENCH_MEMORY"], "a", encoding="utf-8") as file:
        file.write(f"{os.path.basename(sys.argv[0])} {peak}\n")


if os.environ.get("BENCH_MEMORY"):
    atexit.register(note)
