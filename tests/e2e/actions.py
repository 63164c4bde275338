# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the playbooks of a test session needed of the clouds, written down for tests/tools/permissions.py --prove."""
from __future__ import annotations

import json
import os
import pathlib
import uuid

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "build" / "logs" / "actions"
KEPT = 30
# In these files the tests call modules of others, or ours with what no role gives them.
NOT_OURS = ("stock_modules", "stock_google", "stock_google_dns")


class Actions:
    """Reads a sandbox's log whenever it is about to be cleared. The calls belong to the file that had cleared it before."""

    def __init__(self, sandbox, config):
        self._sandbox, self._reset, self._owner = sandbox, sandbox.reset, None
        self.needed = {}
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        self._path = FOLDER / f"{os.environ.get('PYTEST_XDIST_TESTRUNUID', uuid.uuid4().hex)}-{worker}.json"
        option = config.option
        # Half of the tests need half of the actions.
        self.complete = not (option.keyword or option.markexpr or option.lf or any("::" in one or one.endswith(".py") for one in config.args))

    def reset(self, **what):
        self.read()
        self._owner = os.environ.get("PYTEST_CURRENT_TEST", "").partition("::")[0]
        return self._reset(**what)

    def read(self):
        if self._owner is None or pathlib.Path(self._owner).stem.removeprefix("test_") in NOT_OURS:
            return
        for entry in self._sandbox.log():
            for action in entry.get("needs") or []:
                self.needed.setdefault(entry["cloud"], {}).setdefault(action, f"{entry['operation']} in {self._owner}")

    def __enter__(self):
        self._sandbox.reset = self.reset
        return self

    def __exit__(self, *_error):
        self.read()
        FOLDER.mkdir(parents=True, exist_ok=True)
        for old in sorted(FOLDER.glob("*.json"), key=os.path.getmtime)[:-KEPT]:
            old.unlink(missing_ok=True)
        self._path.write_text(json.dumps({"complete": self.complete, "needed": self.needed}, indent=1), encoding="utf-8")
