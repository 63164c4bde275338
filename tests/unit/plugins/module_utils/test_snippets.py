# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import ast
import json
import shlex
import subprocess

from ansible_collections.zilliz.cloud.plugins.module_utils._plan import handed_over
from ansible_collections.zilliz.cloud.plugins.module_utils._names import links
from ansible_collections.zilliz.cloud.plugins.module_utils._snippets import snippets

URL = "https://in01-840ec44485bf25d-privatelink.aws-us-west-2.vectordb.zillizcloud.com:19531"


def test_the_python_one_runs_and_connects_to_the_private_uri():
    tree = ast.parse(snippets(URL)["pymilvus"])
    (client,) = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "MilvusClient"]
    given = {one.arg: ast.unparse(one.value) for one in client.keywords}
    assert given == {"uri": repr(URL), "token": "os.environ['ZILLIZ_TOKEN']"}


def test_the_shell_one_is_one_request_with_the_token_of_the_environment():
    text = snippets(URL)["rest"]
    assert subprocess.run(["bash", "-n"], input=text, text=True, check=False).returncode == 0
    words = shlex.split(text)
    assert words[:4] == ["curl", "--request", "POST", f"{URL}/v2/vectordb/collections/list"]
    assert "Authorization: Bearer $ZILLIZ_TOKEN" in words and json.loads(words[words.index("--data") + 1]) == {}


def test_only_a_link_that_is_there_is_handed_over():
    cluster = {"cluster_id": "in01-1", "cluster_name": "a", "project_id": "p", "region_id": "r", "status": "RUNNING", "plan": "Enterprise"}
    (ready,), (coming,) = (links([dict(cluster, private_link_address=address)], "p", "r") for address in (URL, ""))
    assert handed_over(ready)["snippets"] == snippets(URL)
    assert "snippets" not in handed_over(coming) and handed_over(coming)["reason"]
