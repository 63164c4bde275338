# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tarball as Galaxy and Automation Hub import it. What they dislike is a line of the log; the exit code is 0 nevertheless."""
from __future__ import annotations

import json
import os
import re
import subprocess

from environment import ROOT

SETTINGS = """\
[galaxy-importer]
CHECK_CHANGELOG = True
CHECK_REQUIRED_TAGS = True
REQUIRE_V1_OR_GREATER = True
RUN_ANSIBLE_DOC = True
RUN_ANSIBLE_LINT = True
RUN_ANSIBLE_TEST = False
ANSIBLE_LOCAL_TMP = {folder}/ansible
"""
# Without its programs the importer leaves a part out and says so in passing.
DONE = (
    "Getting doc strings via ansible-doc", "Linting collection via ansible-lint", "...ansible-lint run complete",
    "Importer processing completed successfully",
)


def test_the_importer_has_nothing_to_say(package, tools, tmp_path):
    (tmp_path / "importer.cfg").write_text(SETTINGS.format(folder=tmp_path), encoding="utf-8")
    env = package.variables({"GALAXY_IMPORTER_CONFIG": str(tmp_path / "importer.cfg")})
    # It finds ansible-doc and ansible-lint by PATH, and no collection beside ours: so it is on Galaxy.
    env.update(PATH=os.pathsep.join([str(tools), env["PATH"]]), ANSIBLE_COLLECTIONS_PATH=str(tmp_path))
    command = [str(tools / "python"), "-m", "galaxy_importer.main", str(package.tarball)]
    done = subprocess.run(command, env=env, cwd=tmp_path, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=600, check=False)
    disliked = [line for line in done.stdout.splitlines() if re.match(r"(WARNING|ERROR|CRITICAL)\b", line)]
    assert disliked == [] and done.returncode == 0, done.stdout[-4000:]
    assert [line for line in DONE if line not in done.stdout] == []

    pages = json.loads((tmp_path / "importer_result.json").read_text(encoding="utf-8"))["docs_blob"]["contents"]
    shown = {one["content_name"] for one in pages if (one["doc_strings"] or {}).get("doc")}
    assert {path.stem for path in (ROOT / "plugins" / "modules").glob("*.py")} - shown == set(), "pages that would be empty on Galaxy"
