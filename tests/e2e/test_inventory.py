# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clusters as an inventory, through ansible-inventory as its users call it, and as a fleet."""
from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys

import pytest
import yaml
from ansible_collections.zilliz.cloud.plugins.inventory.clusters import EXAMPLES

from e2e.runner import FOREIGN, run_playbook


class Inventory:
    def __init__(self, sandbox, folder):
        self.sandbox, self.folder = sandbox, pathlib.Path(folder)

    def file(self, name="clusters.yml", **options):
        path = self.folder / name
        path.write_text(yaml.safe_dump({"plugin": "zilliz.cloud.clusters", **options}), encoding="utf-8")
        return path

    def list(self, path, *arguments, **env):
        """What it prints, and how many calls that took."""
        start = len(self.sandbox.log())
        kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
        command = [str(pathlib.Path(sys.executable).with_name("ansible-inventory")), "-i", str(path), *arguments]
        done = subprocess.run(command, env={**kept, **self.sandbox.env, "ANSIBLE_NOCOLOR": "1", "HOME": str(self.folder), **env},
                              cwd=self.folder, text=True, capture_output=True, timeout=120, check=False)
        assert self.sandbox.env["ZILLIZCLOUD_API_KEY"] not in done.stdout + done.stderr
        return done, len(self.sandbox.log()) - start


@pytest.fixture
def inventory(sandbox, tmp_path):
    return Inventory(sandbox, tmp_path)


def test_a_cached_list_without_the_key(inventory, sandbox):
    path = inventory.file("prod.zilliz.yml", cache=True, cache_plugin="ansible.builtin.jsonfile", cache_connection=str(inventory.folder / "kept"),
                          api_key=sandbox.env["ZILLIZCLOUD_API_KEY"], keyed_groups=[{"key": "cloud_id", "prefix": "cloud"}])
    first, calls = inventory.list(path, "--list")
    assert first.returncode == 0 and calls > 0, first.stderr
    listed = json.loads(first.stdout)
    known = {one["cluster_id"]: one for one in sandbox.scenario["zilliz"]["clusters"]}
    assert set(listed["_meta"]["hostvars"]) == set(known)
    given = sandbox.scenario["aws"]
    mine = [one["cluster_id"] for one in known.values() if one["project_id"] == given["project_id"]]
    group = f"project_{given['project_id'].replace('-', '_')}"
    assert sorted(listed[group]["hosts"]) == sorted(mine)
    assert set(mine) <= set(listed["cloud_aws"]["hosts"])
    again, calls = inventory.list(path, "--list")
    assert again.stdout == first.stdout and calls == 0
    fresh, calls = inventory.list(path, "--list", "--flush-cache")
    assert fresh.stdout == first.stdout and calls > 0


def test_bad_input_is_one_sentence(inventory):
    done, calls = inventory.list(inventory.file(filters=["private_link_raedy"]), "--list")
    told = [line for line in done.stderr.splitlines() if "The filter private_link_raedy cannot be used" in line]
    assert told and "Traceback" not in done.stderr, done.stderr
    done, calls = inventory.list(inventory.file(host_prr="cluster"), "--list", ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED="true")
    assert done.returncode != 0 and calls == 0 and "There is no option host_prr" in done.stderr and "Traceback" not in done.stderr


def test_the_example_of_a_fleet_is_one(inventory, sandbox):
    """The documentation's own example, for one project, and a file of variables for its region as the example says."""
    given = sandbox.scenario["aws"]
    example = next(one for one in map(yaml.safe_load, EXAMPLES.split("---\n")) if one.get("host_per") == "project_region")
    example["filters"].append(f"project_id == '{given['project_id']}'")
    path = inventory.file("fleet.zilliz.yml", **example)
    variables = {f"aws_private_link_{name}": given[name] for name in ("vpc_id", "subnet_ids", "client_cidrs")}
    (inventory.folder / "group_vars").mkdir()
    (inventory.folder / "group_vars" / "region_aws_us_west_2.yml").write_text(yaml.safe_dump(variables), encoding="utf-8")
    before = sandbox.state()
    run = run_playbook(sandbox, inventory.folder, "zilliz.cloud.fleet", check=True, env={"PWD": str(inventory.folder)}, arguments=["-i", str(path)])
    assert run.rc == 0, run.stdout[-4000:]
    told = run.task("Judge all links")["links"]
    assert [(one["host"], one["state"]) for one in told] == [(f"{given['project_id']}_{given['region_id']}", "planned")]
    assert told[0]["link"] == f"{given['project_id']}/{given['region_id']}/{given['vpc_id']}" and told[0]["steps"]
    assert sandbox.state() == before
