# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benchmark makes of what was taken."""
from __future__ import annotations

import json

from bench.measure import Taken
from bench.table import Table


def taken(wall, *mutating):
    log = [{"cloud": "aws", "operation": "CreateX" if one else "ListX", "mutating": one} for one in mutating]
    return Taken(wall, 1.0, 2**20, log, "")


def test_verdicts_come_from_medians_and_the_file_has_them(tmp_path, capsys):
    table = Table()
    takes = {"ours": [taken(3, False, True), taken(1, False, True), taken(90, False, True)], "script": [taken(2, False)] * 3}
    table.keep("a", takes)
    table.ratio("as fast", 1.5, takes, "script")
    table.ratio("faster", 1.49, takes, "script")
    table.ratio("calls", 1.9, takes, "script", "calls")
    table.ratio("only told", None, takes, "script")
    table.show()
    table.write(tmp_path / "bench.json", {"cores": 2})
    written = json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))
    assert written["rows"] == [
        {"scenario": "as fast", "goal": 1.5, "measured": 1.5, "verdict": "met"},
        {"scenario": "faster", "goal": 1.49, "measured": 1.5, "verdict": "short"},
        {"scenario": "calls", "goal": 1.9, "measured": 2, "verdict": "short"},
    ]
    assert written["told"] == [{"scenario": "only told", "measured": 1.5}]
    ours = written["details"]["a"]["ours"]
    assert (ours["wall"], ours["wall_min"], ours["wall_max"]) == (3, 1, 90)
    assert ours["calls_by_service"] == {"aws": {"read": 1, "write": 1, "operations": {"ListX": 1, "CreateX": 1}}}
    assert "<= 1.49" in capsys.readouterr().out
