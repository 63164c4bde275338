# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's output: a row for each check, as soon as it is known."""
from __future__ import annotations

import time

ROW = "{mark:<7}{name:<68}  {expected:<34}  {got:<34}  {seconds}"


class Table:
    def __init__(self):
        self.count = self.passed = 0
        self.began = self.last = time.monotonic()
        print(ROW.format(mark="", name="check", expected="expected", got="got", seconds="seconds"), flush=True)

    def check(self, name: str, expected: object, got: object, why: str = "") -> bool:
        good = expected == got
        self.count += 1
        self.passed += good
        now, before = time.monotonic(), self.last
        self.last = now
        row = ROW.format(mark="ok" if good else "FAILED", name=name, expected=_shown(expected), got=_shown(got), seconds=f"{now - before:.1f}")
        print(row, flush=True)
        if not good and why:
            print("       " + "\n       ".join(why.splitlines()[-40:]), flush=True)
        return good

    def end(self) -> int:
        print(f"in {time.monotonic() - self.began:.0f} s")
        print(f"lab: {self.count} checks, {self.passed} passed", flush=True)
        return int(self.passed < self.count)


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) or "none" if isinstance(value, (list, tuple)) else str(value)
