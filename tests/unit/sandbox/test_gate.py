# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import threading
import time

import pytest

from sandbox.gate import Gate


@pytest.fixture
def gate():
    gate = Gate()
    yield gate
    gate.open()


def entered(gate, *call):
    """A thread that makes this call, once it waits or has passed."""
    thread = threading.Thread(target=gate.enter, args=call, daemon=True)
    thread.start()
    until = time.monotonic() + 10
    while thread.is_alive() and not gate.held and time.monotonic() < until:
        time.sleep(0.01)
    return thread


def test_one_call_waits_and_the_others_pass(gate):
    gate.close(2, "Create")
    for call in (("aws", "Describe", False), ("aws", "Delete", True), ("aws", "Create", True)):
        gate.enter(*call)
    held = entered(gate, "aws", "Create", True)
    assert held.is_alive() and gate.held == {"cloud": "aws", "operation": "Create"}
    gate.enter("aws", "Create", True)
    assert held.is_alive()
    gate.open()
    held.join(10)
    assert not held.is_alive() and gate.held is None


def test_without_an_operation_mutating_calls_of_all_clouds_count(gate):
    gate.close(2)
    gate.enter("zilliz", "create_endpoint", True)
    gate.enter("gcp", "dns.managedZones.list", False)
    assert entered(gate, "gcp", "dns.managedZones.create", True).is_alive()


def test_an_open_gate_holds_nobody(gate):
    gate.enter("aws", "Create", True)
    assert gate.held is None
