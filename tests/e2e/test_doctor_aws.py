# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan module asked to inspect, deeply, against the sandbox: what is there, what drifted, what may not be read."""
from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from e2e.runner import collections

MODULE = "ansible_collections.zilliz.cloud.plugins.modules.aws_private_link_plan"
BAD = ("broken", "missing", "degraded")
# Foreign things in the way, one after the other on one link: each has a row of its own.
IN_THE_WAY = [
    ("nacl_blocks", {}, "network_acl", "broken", "rule 50 denies it"),
    ("resolver_rule", {}, "resolver", "broken", "forwarded to 10.70.0.53"),
    ("quota_small", {}, "quota", "degraded", "1 of 1 interface endpoints"),
    ("vpc_dns_off", {}, "network", "broken", ""),
]


@pytest.fixture
def look(sandbox, tmp_path):
    """The rows of the module as one process, without the playbook around it; it must not have changed anything."""
    def inspect(link, **options):
        given = {name: value for name, value in link.vars.items() if name != "delay"}
        arguments = tmp_path / "arguments.json"
        arguments.write_text(json.dumps({"ANSIBLE_MODULE_ARGS": dict(given, inspect=True, deep=True, **options)}), encoding="utf-8")
        before = len(sandbox.log())
        ran = subprocess.run([sys.executable, "-m", MODULE, str(arguments)], capture_output=True, text=True, check=False, timeout=120,
                             env=dict(os.environ, **sandbox.env, PYTHONPATH=str(collections())))
        assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-3000:]
        answer = json.loads(ran.stdout)
        assert not answer["changed"] and not [entry for entry in sandbox.log()[before:] if entry["mutating"]]
        return answer["checks"]

    return inspect


def bad(rows):
    return [row for row in rows if row["state"] in BAD]


def test_before_and_after_the_set_up_and_what_comes_in_its_way(sandbox, link, look):
    assert {row["state"] for row in bad(look(link))} == {"missing"}
    link.made()
    rows = look(link)
    assert not bad(rows) and not [row for row in rows if row["state"] == "unknown"], rows
    assert {row["check"] for row in rows if row["state"] == "ok"} >= {"network_acl", "resolver", "other_zones", "quota", "endpoint", "record"}
    told = set()
    for kind, arguments, check, state, words in IN_THE_WAY:
        sandbox.drift(kind, **arguments)
        told.add(check)
        rows = bad(look(link))
        assert {row["check"] for row in rows} == told, rows
        row = next(row for row in rows if row["check"] == check)
        assert row["state"] == state and words in row["evidence"] and row["mend"], row


def test_what_may_not_be_read_is_named(sandbox, link, look):
    link.made()
    parts = {"DescribeNetworkAcls": "network_acl", "ListResolverRuleAssociations": "resolver", "ListProfileAssociations": "other_zones",
             "GetServiceQuota": "quota"}
    for operation in parts:
        sandbox.fault("denied", cloud="aws", operation=operation)
    rows = look(link)
    unknown = {row["check"]: row["evidence"].partition(":")[2] for row in rows if row["state"] == "unknown"}
    assert unknown == {check: operation for operation, check in parts.items()} and not bad(rows)
    sandbox.fault("denied", cloud="aws", operation="DescribeVpcEndpoints")
    rows = look(link)
    assert [(row["check"], row["state"]) for row in bad(rows)] == [("input", "degraded")]
    assert next(row for row in rows if row["check"] == "endpoint")["evidence"] == "ec2:DescribeVpcEndpoints"
