# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ansible-playbook against a sandbox, and what its tasks answered."""
from __future__ import annotations

import json
import os
import pathlib
import re
import subprocess
import sys
import uuid

ROOT = pathlib.Path(__file__).resolve().parents[2]
CONTROLLER = ("assert", "debug", "fail", "import_tasks", "include_role", "include_tasks", "set_fact", "set_stats", "validate_argument_spec")
FOREIGN = ("ANSIBLE_", "AWS_", "GCE_", "GCP_", "GOOGLE_", "ZILLIZ")


class Run:
    """rc, stdout, stats (host -> recap) and the answers of the tasks."""

    def __init__(self, rc, stdout, results):
        self.rc, self.stdout, self.results = rc, stdout, results
        recap = re.findall(r"^(\S+)\s*: (ok=\d+.*)$", stdout, re.M)
        self.stats = {host: {key: int(value) for key, value in re.findall(r"(\w+)=(\d+)", line)} for host, line in recap}

    @property
    def modules(self):
        """The tasks that started a module process: everything but what the controller does by itself."""
        return [one for one in self.results if one["status"] != "skipped" and one["action"].rsplit(".", 1)[-1] not in CONTROLLER]

    @property
    def plans(self):
        """What the plan said, each time that it was asked and answered."""
        return [one["result"] for one in self.results if one["action"].endswith("_private_link_plan") and "steps" in one["result"]]

    @property
    def steps(self):
        """The steps of the first plan, as "action resource"."""
        return [f"{step['action']} {step['resource']}" for step in self.plans[0]["steps"]]

    @property
    def result(self):
        return self.plans[-1]["result"]

    @property
    def message(self):
        """The sentence that a failed run ends with."""
        failed = [one["result"] for one in self.results if one["status"] == "failed"]
        assert failed, f"No task has failed\n{self.stdout[-3000:]}"
        return failed[-1]["msg"]

    def task(self, name):
        """The last answer of the task of this name, with "status" and "changed" beside it."""
        found = [one for one in self.results if one["task"] == name]
        assert found, f"There is no task {name!r}; there are {[one['task'] for one in self.results]}\n{self.stdout[-3000:]}"
        return dict(found[-1]["result"], status=found[-1]["status"], changed=found[-1]["changed"])


def run_playbook(sandbox, folder, what, check=False, diff=False, extra=None, env=None, arguments=()):
    """`what`: a list of tasks for localhost, or the path or name of a playbook. A variable of `env` that is None is taken away."""
    folder = pathlib.Path(folder)
    if isinstance(what, (list, tuple)):
        play = {"hosts": "localhost", "connection": "local", "gather_facts": False,
                "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}, "tasks": list(what)}
        path = folder / f"play-{uuid.uuid4().hex[:8]}.yml"
        path.write_text(json.dumps([play]), encoding="utf-8")
        what = path
    results = folder / f"results-{uuid.uuid4().hex[:8]}.jsonl"
    results.touch()
    command = [str(pathlib.Path(sys.executable).with_name("ansible-playbook")), str(what)]
    extra = {**({"ansible_python_interpreter": sandbox.interpreter} if sandbox.interpreter else {}), **(extra or {})}
    command += ["--check"] * check + ["--diff"] * diff + (["-e", json.dumps(extra)] if extra else []) + [*arguments]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    variables = {**kept, **sandbox.env, "ANSIBLE_CALLBACK_PLUGINS": str(ROOT / "tests" / "e2e" / "callbacks"), "ANSIBLE_NOCOLOR": "1",
                 "ANSIBLE_CALLBACKS_ENABLED": "results", "SANDBOX_RESULTS": str(results), "HOME": str(folder), **(env or {})}
    if sandbox.interpreter:
        variables["SANDBOX_PACKED"] = str(pathlib.Path(sandbox.interpreter).with_name("packed"))
    variables = {name: value for name, value in variables.items() if value is not None}
    done = subprocess.run(command, env=variables, cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=600,
                          check=False)
    lines = results.read_text(encoding="utf-8").splitlines()
    return Run(done.returncode, done.stdout, [json.loads(line) for line in lines])


def collections():
    return os.environ.get("ANSIBLE_COLLECTIONS_PATH") or str(ROOT / "build" / "collections")
