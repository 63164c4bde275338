# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways that are compared, on one sandbox: our playbooks, the guides' commands, and the floor."""
from __future__ import annotations

import json
import os
import pathlib
import shutil
import sys
import uuid

from e2e.link import NAMES
from e2e.runner import FOREIGN, ROOT, Run

from .measure import take

HERE = pathlib.Path(__file__).resolve().parent
# Nothing is waited for but what a scenario says; no limit on calls either.
AT_ONCE = {
    **dict.fromkeys((
        "row_delay", "delete_delay", "verify_delay", "link_delay", "link_spread", "whitelist_delay", "rate_limit", "route53_rate",
        "route53_insync_seconds", "route53_busy_seconds", "aws_available_seconds", "aws_modify_seconds", "aws_delete_seconds",
        "aws_consistency_seconds", "gcp_operation_seconds", "gcp_psc_seconds", "gcp_dns_change_seconds", "gcp_propagation"), 0),
}


class Ways:
    """All ways on one cloud; each action is a method that answers what it took."""

    def __init__(self, sandbox, folder, cloud, aws_cli):
        self.sandbox, self.folder, self.cloud = sandbox, pathlib.Path(folder), cloud
        self.given = sandbox.scenario[cloud]
        self.wanted = {name: self.given[name] for name in NAMES[cloud]}
        kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
        self.env = {**kept, **sandbox.env, "HOME": str(self.folder), "ANSIBLE_NOCOLOR": "1"}
        self.env["PATH"] = f"{sandbox.env['PATH']}{os.pathsep}{aws_cli}"
        self.notes = self.folder / "notes"

    def reset(self, clusters, **switches):
        """Everything back to the start, and no notes of what was there."""
        for path in self.folder.glob("notes*"):
            path.unlink()
        self.links = clusters
        self.sandbox.reset(clusters=clusters, speed=1, switches={**AT_ONCE, **switches})

    # Ours.

    def play(self, playbook, check=False, extra=None, env=None, **variables):
        """Our playbook as a user runs it: a cold interpreter, the defaults of Ansible and of the roles."""
        values = {f"{self.cloud}_private_link_{name}": value for name, value in {**self.wanted, **variables}.items()}
        return self.ansible(playbook, {**values, **(extra or {})}, ["--check", "--diff"] * check, env)

    def ansible(self, playbook, extra, arguments=(), env=None):
        results = self.folder / f"results-{uuid.uuid4().hex}"
        results.touch()
        env = {**self.env, "ANSIBLE_CALLBACK_PLUGINS": str(ROOT / "tests" / "e2e" / "callbacks"), "ANSIBLE_CALLBACKS_ENABLED": "results",
               "SANDBOX_RESULTS": str(results), **(env or {})}
        command = [str(pathlib.Path(sys.executable).with_name("ansible-playbook")), playbook, *arguments]
        taken = take(self.sandbox, command + ["-e", json.dumps(extra)], env, self.folder)
        taken.run = Run(0, taken.output, [json.loads(line) for line in results.read_text(encoding="utf-8").splitlines()])
        results.unlink()
        taken.tasks, taken.modules = taken.output.count("\nTASK ["), len(taken.run.modules)
        return taken

    def up(self, **more):
        return self.play(f"zilliz.cloud.{self.cloud}", **more)

    def down(self, **more):
        return self.play("zilliz.cloud.teardown", **more)

    def doctor(self):
        return self.play("zilliz.cloud.check", extra={"private_link_check_fail_on": "never"})

    def fleet(self, hosts):
        path = self.folder / "fleet.json"
        path.write_text(json.dumps({"private_links": {"hosts": hosts}}), encoding="utf-8")
        return self.ansible("zilliz.cloud.fleet", {}, ["-i", str(path), "--forks", str(len(hosts))])

    def memory(self, **more):
        """The most memory that a module of a run took, in bytes. Not timed."""
        path = self.folder / "memory"
        path.unlink(missing_ok=True)
        self.up(env={"PYTHONPATH": str(HERE / "memory"), "BENCH_MEMORY": str(path)}, **more)
        return max(int(line.split()[1]) for line in path.read_text(encoding="utf-8").splitlines()) * 1024

    # The others.

    def script(self, *actions):
        """The guides' commands in a shell."""
        return take(self.sandbox, [shutil.which("bash"), str(HERE / f"{self.cloud}.sh"), *actions], self._named(), self.folder)

    def floor(self, *actions):
        """The same in one process of Python."""
        return take(self.sandbox, [sys.executable, str(HERE / f"{self.cloud}_floor.py"), *actions], self._named(), self.folder)

    def _named(self):
        wanted = {name.upper(): value if isinstance(value, str) else " ".join(value) for name, value in self.wanted.items()}
        return {**self.env, **wanted, "REGION": self.given.get("region") or self.given["region_id"].partition("-")[2],
                "CIDR": (self.given.get("client_cidrs") or [""])[0], "LINKS": str(self.links), "NOTES": str(self.notes)}

    def others_see_ours(self, taken):
        """The scripts then check what our run has made."""
        result = taken.run.result
        notes = {"endpoint": result["endpoint"]["endpoint_id"], "zones": {}}
        if self.cloud == "aws":
            notes["group"] = result["endpoint"]["security_group_ids"][0]
        else:
            # The role chooses the names of address and zones.
            found = self.sandbox.state()["gcp"]["projects"][self.given["gcp_project_id"]]
            addresses = found["regions"][self.given["region"]]["addresses"]
            notes["address"] = next(name for name, one in addresses.items() if notes["endpoint"] in one["users"])
            notes["zones_of"] = {zone["dns_name"].rstrip("."): name for name, zone in found["zones"].items()}
            self.notes.with_suffix(".names").write_text("".join(f"{host} {name}\n" for host, name in notes["zones_of"].items()), encoding="utf-8")
        self.notes.with_suffix(".json").write_text(json.dumps(notes), encoding="utf-8")
        self.notes.write_text("".join(f"{name}={value}\n" for name, value in notes.items() if isinstance(value, str)), encoding="utf-8")

    def script_sees_floor(self):
        """The script then goes on with what the floor has made."""
        notes = json.loads(self.notes.with_suffix(".json").read_text(encoding="utf-8"))
        self.notes.write_text("".join(f"{name}={notes[name]}\n" for name in ("group", "endpoint")), encoding="utf-8")
        self.notes.with_suffix(".zones").write_text("".join(f"{host} there\n" for host in notes["zones"]), encoding="utf-8")
