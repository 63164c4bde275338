# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A play of unmodified google.cloud modules, for tests that read what each of its tasks answered."""
from __future__ import annotations

from e2e.runner import run_playbook


class Play:
    """Tasks in order. A failure is recorded, and the play goes on."""

    SWITCHES = {}

    def __init__(self, sandbox, folder):
        sandbox.reset(switches=self.SWITCHES)
        self.sandbox, self.folder, self.tasks, self.ran = sandbox, folder, [], None
        self.extra = sandbox.scenario["extra"]["gcp"]

    def google(self, task, module, /, keywords=None, **args):
        # What env_type says stands at the end of the user agent, so the log knows whose call each is.
        given = {"project": "my-project", "env_type": task, **args}
        self.tasks.append({"name": task, f"google.cloud.{module}": given, "ignore_errors": True, **(keywords or {})})

    def control(self, path, **body):
        self.tasks.append({"name": f"control {path}", "ansible.builtin.uri": {
            "url": self.sandbox.url + path, "method": "POST", "body_format": "json", "body": body}})

    def run(self, **env):
        self.ran = run_playbook(self.sandbox, self.folder, self.tasks, env=env)
        self.log = self.sandbox.log()
        return self

    def __getitem__(self, name):
        return self.ran.task(name)

    def changed(self, name):
        answer = self[name]
        assert answer["status"] == "ok", f"{name}: {answer}"
        return answer["changed"]

    def text(self, name):
        """All that a failed task says."""
        answer = self[name]
        assert answer["status"] == "ignored", f"{name}: {answer}"
        return " ".join(str(answer.get(key, "")) for key in ("msg", "exception", "module_stderr", "error"))
