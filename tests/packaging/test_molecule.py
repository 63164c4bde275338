# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The molecule scenario that people may copy, on the sandbox and with the installed tarball."""
from __future__ import annotations

import os
import shutil
import subprocess

from environment import ROOT


def test_the_scenario(package, sandbox, tools, tmp_path):
    before = sandbox.state()
    # A copy: molecule and what it calls leave folders where they run.
    shutil.copytree(ROOT / "extensions", tmp_path / "extensions")
    env = package.variables({**sandbox.env, "ANSIBLE_DEPRECATION_WARNINGS": "False", "NO_COLOR": "1", "XDG_CACHE_HOME": str(tmp_path / "cache"),
                             "PWD": str(tmp_path / "extensions")})
    env["PATH"] = os.pathsep.join([str(package.bin), str(tools), env["PATH"]])
    done = subprocess.run([str(tools / "molecule"), "test"], env=env, cwd=tmp_path / "extensions", text=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=600, check=False)
    assert done.returncode == 0, done.stdout[-6000:]
    assert "WARNING" not in done.stdout, done.stdout[-6000:]
    made = [entry["operation"] for entry in sandbox.mutating(outcome="ok")]
    assert made.count("CreateVpcEndpoint") == 1 and made.count("DeleteVpcEndpoints") == 1
    sandbox.clock(advance=600)
    assert sandbox.state() == before
