# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table that is printed, and build/bench.json."""
from __future__ import annotations

import json

from .measure import median, summary


class Table:
    def __init__(self):
        self.rows, self.details = [], {}

    def keep(self, name, takes):
        self.details[name] = {way: summary(ones) for way, ones in takes.items()}
        for way, one in self.details[name].items():
            calls = ", ".join(f"{service} {count['read']}+{count['write']}" for service, count in one["calls_by_service"].items())
            print(f"  {name}: {way:<6} {one['wall']:7.2f} s ({one['wall_min']:.2f} to {one['wall_max']:.2f}), CPU {one['cpu']:6.2f} s, "
                  f"{one['peak_mb']:4.0f} MB, {one['tasks']} tasks, {one['modules']} modules, calls (read+write): {calls}", flush=True)

    def ratio(self, scenario, goal, takes, against, what="wall"):
        self.number(scenario, goal, median(takes["ours"], what) / median(takes[against], what))

    def number(self, scenario, goal, measured):
        """A line without a goal is told only."""
        verdict = "told" if goal is None else "met" if measured <= goal else "short"
        self.rows.append({"scenario": scenario, "goal": None if goal is None else round(goal, 3), "measured": round(measured, 3), "verdict": verdict})

    def show(self):
        width = max(len(row["scenario"]) for row in self.rows)
        print(f"\n{'scenario':<{width}}  {'goal':>8}  {'measured':>8}  verdict")
        for row in self.rows:
            goal = "-" if row["goal"] is None else f"<= {row['goal']:g}"
            print(f"{row['scenario']:<{width}}  {goal:>8}  {row['measured']:>8g}  {row['verdict']}")

    def write(self, path, facts):
        rows = [row for row in self.rows if row["verdict"] != "told"]
        told = [{name: row[name] for name in ("scenario", "measured")} for row in self.rows if row["verdict"] == "told"]
        path.write_text(json.dumps({"rows": rows, "told": told, "machine": facts, "details": self.details}, indent=1) + "\n", encoding="utf-8")
