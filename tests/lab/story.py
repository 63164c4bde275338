# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole story, for each cloud in turn, on one sandbox."""
from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path

from e2e.link import Link
from e2e.runner import collections, run_playbook
from sandbox.client import Sandbox

from . import aws, gcp
from .faults import WELL
from .lab import TOKEN, Lab, Wrong
from .table import Table


def tell(programs, folder: Path) -> int:
    os.environ["PYTHONPATH"] = collections()
    with Sandbox(folder / "sandbox", speed=600, collections=collections()) as sandbox:
        table = Table()
        places = {**aws.places(sandbox.scenario), **gcp.places(sandbox.scenario)}
        lab = Lab(programs, folder, sandbox, places, sys.executable)
        try:
            for cloud in (aws, gcp):
                cloud.tell(Story(table, lab, sandbox, folder, cloud.NAME))
        except Exception as error:  # the last line shall tell of it, too
            table.check("the story goes on to its end", "yes", f"{type(error).__name__}: {error}", traceback.format_exc())
        table.check("calls that left this machine", 0, len(sandbox.escaped()))
        return table.end()


class Story:
    """A link, the lab around it, and what is checked of them."""

    def __init__(self, table: Table, lab: Lab, sandbox: Sandbox, folder: Path, cloud: str):
        self.table, self.lab, self.sandbox, self.folder, self.cloud = table, lab, sandbox, folder, cloud
        self.link = Link(sandbox, lambda what, **more: run_playbook(sandbox, folder, what, **more), cloud)
        self.client = f"{cloud}-client"
        hosts = {name: {"ansible_connection": "local", "ansible_python_interpreter": str(lab.network.interpreter(name, sys.executable))}
                 for name in lab.network.clients}
        self.inventory = folder / "inventory.json"
        self.inventory.write_text(json.dumps({"all": {"hosts": hosts}}), encoding="utf-8")

    def set_up(self, rules, **variables) -> dict:
        self.link.vars.update(variables)
        run = self.link.up()
        if not self.table.check(f"{self.cloud}: the role makes the link", 0, run.rc, run.stdout):
            raise RuntimeError("Without a link there is nothing to look at.")
        links = [one for one in run.result["links"] if one["ready"]]
        self.lab.open(links, run.result["addresses"], rules)
        return run.result

    def checked(self, title: str, state: str, verdicts: list[str], rows: tuple[str, ...] = ()) -> None:
        """check.yml from inside: the state, the verdicts on the paths, and the other lines of its table that are not well."""
        start = len(self.sandbox.log())
        inside = {"vantage": self.client, "ca_path": str(self.lab.certificates.ca_path), "timeout": "2", "token": TOKEN, "report": "none"}
        extra = {**self.link.extra(), **{f"private_link_check_{name}": value for name, value in inside.items()}}
        run = self.link._playbook("zilliz.cloud.check", env={"ANSIBLE_INVENTORY": str(self.inventory)}, extra=extra)
        judged = [one["result"] for one in run.results if one["task"] == "Judge"]
        probes = [one["result"]["probes"] for one in run.results if one["task"].startswith("Probe the links") and "probes" in one["result"]]
        wrong = {row["check"] for row in judged[-1]["rows"] if row["state"] in ("broken", "degraded", "missing")} if judged else set()
        name = f"{self.cloud}: check.yml: {title}"
        self.table.check(name, state, judged[-1]["state"] if judged else "no answer", run.stdout)
        self.table.check(f"{name}: the paths", verdicts, [one["verdict"] for one in probes[-1]] if probes else "no answer", run.stdout)
        self.table.check(f"{name}: the other lines at fault", sorted(rows), sorted(wrong - {"path"}), run.stdout)
        self.table.check(f"{name}: calls that wrote", 0, len(self.sandbox.mutating(start)))

    def mended_by_the_role(self) -> None:
        run = self.link.up()
        self.table.check(f"{self.cloud}: the role mends what was changed", 0, run.rc, run.stdout)
        self.lab.now(Wrong())
        self.probed("mended by the role", [WELL, WELL])

    def probed(self, title: str, expected: list[str], host: str = "", **options) -> None:
        probes = self.lab.probe(host or self.client, **options)
        why = "\n".join(f"{one['host']}: {one['verdict']}: {one['evidence']}" for one in probes)
        self.table.check(f"{self.cloud}: {title}", expected, [one["verdict"] for one in probes], why)

    def used(self, title: str, links: list[dict]) -> None:
        """The vendor's own client, through the private name."""
        for link in links:
            url = f"https://{link['host']}:{link['port']}"
            got = self.lab.milvus.use(self.client, url, TOKEN, self.lab.certificates.ca_path)
            self.table.check(f"{self.cloud}: {title}", "5 rows in, row 4 found", f"{got.get('inserted')} rows in, row {got.get('found')} found", str(got))
