# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs of the sandbox's AWX by the real ansible-runner, as AWX 24 starts it, but in no container: /runner is a folder here."""
from __future__ import annotations

import json
import os
import pathlib
import shlex
import shutil
import signal
import subprocess
import sys
import time

import yaml

from e2e.canary import Search
from e2e.runner import FOREIGN, ROOT

RUNNER = "/runner"
# How programs on this machine find the sandbox's clouds: the network of a job. Everything else comes by credentials, or not at all.
NETWORK = ("AWS_ENDPOINT_URL", "AWS_EC2_METADATA_DISABLED", "GCE_METADATA_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE",
           "SSL_CERT_FILE", "PATH")
# AWX's own settings for the processes that it starts.
SETTINGS = {"ANSIBLE_FORCE_COLOR": "True", "ANSIBLE_HOST_KEY_CHECKING": "False", "ANSIBLE_INVENTORY_UNPARSED_FAILED": "True",
            "ANSIBLE_RETRY_FILES_ENABLED": "False", "MAX_EVENT_RES": "700000"}


class Unsafe(yaml.SafeDumper):
    """Texts that Ansible shall not take for templates."""


Unsafe.add_representer(str, lambda dumper, text: dumper.represent_scalar("!unsafe", text))


class Ran:
    """A job that was run: its folder, its events and what is in them."""

    def __init__(self, job, folder, status):
        self.job, self.folder, self.status = job, folder, status
        events = [json.loads(path.read_text(encoding="utf-8")) for path in (folder / "artifacts" / str(job["id"]) / "job_events").glob("*.json")]
        self.events = sorted(events, key=lambda event: event["counter"])
        self.output = "\n".join(event["stdout"] for event in self.events if event["stdout"])

    def data(self, kind):
        return [event["event_data"] for event in self.events if event["event"] == kind]

    @property
    def stats(self):
        return next(iter(self.data("playbook_on_stats")), {})

    @property
    def message(self):
        """The sentence that a failed job ends with."""
        failed = [one for one in self.data("runner_on_failed") if not one.get("ignore_errors")]
        assert failed, self.output[-4000:]
        return failed[-1]["res"]["msg"]

    def changed(self, host="localhost"):
        return self.stats.get("changed", {}).get(host, 0)


class Worker:
    """What awx.run() takes. `ran`: the jobs, in order; `during(job)` is asked again and again while one runs, and its truth ends it."""

    def __init__(self, awx, sandbox, folder, *secrets):
        self.awx, self.sandbox, self.folder, self.secrets = awx, sandbox, pathlib.Path(folder), secrets
        self.ran, self.during = [], lambda job: False

    def __call__(self, job):
        folder = self.folder / f"awx_{job['id']}"
        self._write(folder, job)
        status = self._run(folder, job)
        ran = Ran(job, folder, status)
        self.ran.append(ran)
        self._search(ran)
        return {"status": ran.status, "artifacts": ran.stats.get("artifact_data", {})}

    def _write(self, folder, job):
        for part in ("env", "inventory", "artifacts", "home"):
            (folder / part).mkdir(parents=True)
        # Of a checkout of this repository a job reads its playbooks; the collection itself is in the image.
        shutil.copytree(ROOT / "playbooks", folder / "project" / "playbooks")
        injected = json.loads(json.dumps(job["injected"]).replace(f"{RUNNER}/", f"{folder}/"))
        for path, text in injected["file"].items():
            pathlib.Path(path).write_text(text, encoding="utf-8")
        paths = f"{folder}/requirements_collections:{folder}/home/.ansible/collections:{self.sandbox.env['ANSIBLE_COLLECTIONS_PATH']}"
        env = {**SETTINGS, "AWX_PRIVATE_DATA_DIR": str(folder), "JOB_ID": str(job["id"]), "INVENTORY_ID": str(job["inventory"]),
               "ANSIBLE_COLLECTIONS_PATH": paths, "HOME": str(folder / "home"), **injected["env"]}
        arguments = ["--check"] * (job["job_type"] == "check") + ["-u", "root"]
        arguments += [f"--forks={job['forks']}"] if job["forks"] else []
        arguments += ["-l", job["limit"]] if job["limit"] else []
        if injected["extra_vars"]:
            (folder / "env" / "credentials").write_text(yaml.dump(injected["extra_vars"], Dumper=Unsafe), encoding="utf-8")
            arguments += ["-e", f"@{folder}/env/credentials"]
        # For the tests' own speed, not AWX's.
        arguments += ["-e", f"ansible_python_interpreter={self.sandbox.interpreter or sys.executable}"]
        settings = {"job_timeout": job["timeout"], "suppress_ansible_output": True, "suppress_output_file": True, "fact_cache_type": ""}
        for name, value in (("envvars", json.dumps(env)), ("cmdline", shlex.join(arguments)), ("settings", json.dumps(settings)),
                            ("extravars", self._variables(job))):
            (folder / "env" / name).write_text(value, encoding="utf-8")
        script = folder / "inventory" / "hosts"
        script.write_text(f"#! /usr/bin/env python3\n# -*- coding: utf-8 -*-\nprint({json.dumps(self._inventory(job))!r})\n", encoding="utf-8")
        script.chmod(0o700)

    def _variables(self, job):
        """Only what the template itself says may hold templates; answers, artifacts and the rest may not."""
        own = yaml.safe_load(self.awx.store.one("job_templates", job["job_template"])["extra_vars"]) or {}
        known = {"job_id": job["id"], "job_launch_type": job["launch_type"], "job_template_id": job["job_template"], "job_template_name": job["name"],
                 "inventory_id": job["inventory"], "user_name": "admin"}
        known = {f"{prefix}_{name}": value for name, value in known.items() for prefix in ("awx", "tower")}
        return "".join(yaml.dump({name: value}, Dumper=yaml.SafeDumper if name in own and own[name] == value else Unsafe)
                       for name, value in {**job["variables"], **known}.items())

    def _inventory(self, job):
        inventory = self.awx.store.one("inventories", job["inventory"])
        hosts = [row for row in self.awx.store.where("hosts", inventory=job["inventory"]) if row["enabled"]]
        hostvars = {row["name"]: {**(yaml.safe_load(row["variables"]) or {}), "remote_tower_enabled": "true", "remote_tower_id": row["id"]} for row in hosts}
        return {"all": {"hosts": list(hostvars), "vars": yaml.safe_load(inventory["variables"]) or {}}, "_meta": {"hostvars": hostvars}}

    def _run(self, folder, job):
        network = {name: value for name, value in self.sandbox.env.items() if name.upper().startswith(NETWORK)}
        kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
        command = [sys.executable, "-m", "ansible_runner", "run", str(folder), "-p", job["playbook"], "--ident", str(job["id"])]
        with open(folder.with_suffix(".log"), "w", encoding="utf-8") as log:
            process = subprocess.Popen(command, env={**kept, **network}, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        until = time.monotonic() + 400
        while process.poll() is None:
            if self.during(job) or time.monotonic() > until:
                # It kills the whole group of the playbook's processes, which have no time to tidy up.
                process.send_signal(signal.SIGTERM)
                process.wait(60)
            time.sleep(0.05)
        found = folder / "artifacts" / str(job["id"]) / "status"
        return found.read_text(encoding="utf-8") if found.exists() else f"error: {folder.with_suffix('.log').read_text(encoding='utf-8')[-2000:]}"

    def _search(self, ran):
        """No secret is in anything that the job wrote. `command` records the environment, which AWX masks in its own copy."""
        env = [path for path in (ran.folder / "env").iterdir() if path.is_file()]
        hits = Search(*self.secrets, known=[*env, ran.folder / "artifacts" / str(ran.job["id"]) / "command"]).folder(ran.folder)
        assert not hits, "\n".join(hits[:3])
