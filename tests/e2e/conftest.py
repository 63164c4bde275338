# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A sandbox for each worker, reset for each test, and ansible-playbook against it."""
from __future__ import annotations

import pathlib
import sys

import pytest

# The imports below need tests/ on the path, so they come after it (E402).
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from e2e.actions import Actions  # noqa: E402
from e2e.link import Link  # noqa: E402
from e2e.runner import collections, run_playbook  # noqa: E402
from sandbox.client import Sandbox  # noqa: E402
from warm import Warm  # noqa: E402


# Files that take minutes come first, so that no worker is left alone with one at the end.
LONG = (
    "secrets", "permissions", "gcp_input", "gcp_drift", "check", "private_only", "gcp_ways", "drift", "docs", "concurrency", "awx_jobs", "awx", "fleet",
    "limits", "input", "reach", "waits", "dns",
)


def pytest_collection_modifyitems(items):
    def rank(item):
        name = item.path.stem.removeprefix("test_")
        return LONG.index(name) if name in LONG else len(LONG)

    items.sort(key=rank)


@pytest.fixture(scope="session")
def sandbox_process(tmp_path_factory, pytestconfig):
    with Sandbox(tmp_path_factory.mktemp("sandbox"), speed=600, collections=collections()) as sandbox, Actions(sandbox, pytestconfig):
        yield sandbox


@pytest.fixture(scope="session")
def warm():
    with Warm() as warm:
        yield warm


@pytest.fixture
def sandbox(sandbox_process, warm, request):
    sandbox_process.reset()
    # The story is told as users hear it; the other tests save the time of imports.
    sandbox_process.interpreter = None if request.node.get_closest_marker("story") else warm.interpreter
    yield sandbox_process
    assert sandbox_process.escaped() == []


@pytest.fixture
def playbook(sandbox, tmp_path):
    def run(what, **more):
        return run_playbook(sandbox, tmp_path, what, **more)

    return run


@pytest.fixture
def link(sandbox, playbook):
    return Link(sandbox, playbook)


@pytest.fixture
def gcp_link(sandbox, playbook):
    return Link(sandbox, playbook, "gcp")
