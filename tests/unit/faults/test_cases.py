# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import collections

import pytest

from faults.cases import BREAKING, PASSING, Case, cases_of, faults_of, sample_of, units_of


def entry(operation, cloud="aws", mutating=True, outcome="ok"):
    return {"cloud": cloud, "operation": operation, "mutating": mutating, "service": "ec2", "outcome": outcome}


LOGS = {
    "set-up": [
        entry("DescribeVpcs", mutating=False), entry("DescribeVpcs", mutating=False), entry("CreateSecurityGroup"),
        entry("DescribeVpcs", mutating=False), entry("DescribeVpcs", mutating=False), entry("CreateZone"), entry("CreateZone"),
        entry("CreatePrivateEndpoint", "zilliz"), entry("add_cluster", "drift"),
    ],
    "change": [entry("CreateZone", outcome="PriorRequestNotComplete"), entry("CreateZone")],
    "teardown": [entry("compute.regionOperations.get", "gcp", mutating=False), entry("DeleteZone")],
}
CASES = cases_of("aws", LOGS)


def kinds(**wanted):
    return [case.kind for case in CASES if all(getattr(case, name) == value for name, value in wanted.items())]


@pytest.mark.parametrize("place", [("set-up", "CreateSecurityGroup", 1), ("set-up", "CreateZone", 2), ("change", "CreateZone", 1)])
def test_every_mutating_call_meets_every_kind(place):
    phase, operation, nth = place
    assert kinds(phase=phase, operation=operation, nth=nth, lasting=False) == [*PASSING, *BREAKING]


def test_only_zilliz_refuses_in_an_envelope():
    assert "business" in kinds(operation="CreatePrivateEndpoint")
    assert not [case for case in CASES if case.kind == "business" and case.system != "zilliz"]


def test_a_read_is_struck_once_before_the_acts_and_once_between_them():
    reads = [case for case in CASES if case.operation == "DescribeVpcs"]
    assert [(case.kind, case.after) for case in reads] == [
        (kind, after) for after in ((), ("aws", "CreateSecurityGroup", 1)) for kind in ("throttle", "timeout", "denied")]


def test_a_job_may_die_while_it_asks_for_an_operation():
    assert "killed before" in kinds(operation="compute.regionOperations.get")


def test_every_operation_has_one_lasting_fault():
    lasting = collections.Counter(case.operation for case in CASES if case.lasting)
    assert lasting == dict.fromkeys(["CreateSecurityGroup", "CreateZone", "CreatePrivateEndpoint", "DeleteZone"], 1)


def test_drift_is_no_call():
    assert not kinds(operation="add_cluster")


def test_a_change_that_came_too_early_is_no_place_of_its_own():
    assert {case.nth for case in CASES if (case.phase, case.operation) == ("change", "CreateZone")} == {1}


def test_every_case_has_a_name_of_its_own():
    assert len({case.name for case in CASES}) == len(CASES)


def test_every_case_is_in_one_run():
    units = units_of(CASES)
    assert collections.Counter(case for unit in units for case in unit) == collections.Counter(CASES)
    for unit in units:
        assert len({(case.cloud, case.phase) for case in unit}) == 1
        assert len(unit) == 1 or not any(case.may_fail for case in unit)
        assert len({(case.operation, case.nth, case.after) for case in unit}) == len(unit)


def test_calls_of_one_operation_move_on_when_those_before_are_sent_again():
    unit = [Case("aws", "set-up", "aws", "CreateZone", nth, "500", "") for nth in (1, 2, 3)]
    assert [match["nth"] for _kind, _times, match in faults_of(unit)] == [1, 3, 5]


@pytest.mark.parametrize("case", [case for case in CASES if case.after][:1])
def test_a_read_between_acts_is_counted_from_the_act_on(case):
    (_kind, _times, match), = faults_of([case])
    assert match == {"cloud": "aws", "operation": "DescribeVpcs", "nth": 1,
                     "after": {"cloud": "aws", "operation": "CreateSecurityGroup", "nth": 1}}


def test_the_sample_has_every_call_and_every_kind():
    sample = [case for unit in sample_of(CASES) for case in unit]
    mutating = {(case.phase, case.operation, case.nth) for case in CASES if case.mutating}
    assert {(case.phase, case.operation, case.nth) for case in sample if case.mutating} == mutating
    assert {case.kind for case in sample} >= {*BREAKING, "business"}
    assert any(case.lasting for case in sample)
    assert sample == [case for unit in sample_of(CASES) for case in unit]
