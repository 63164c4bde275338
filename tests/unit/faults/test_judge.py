# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import types

import pytest

from faults import judge
from faults.cases import Case

SENTENCE = "Create the endpoint: CreateVpcEndpoint could not create it: no answer. Run again."
DENIED = "Not authorized to perform: ec2:CreateVpcEndpoint; allow it in the IAM policy."


def case(kind, lasting=False, system="aws", action="ec2:CreateVpcEndpoint"):
    return Case("aws", "set-up", system, "CreateVpcEndpoint", 1, kind, action, True, lasting)


def run(rc=0, message="", stdout="", changed=0, steps=()):
    return types.SimpleNamespace(rc=rc, message=message, stdout=stdout, stats={"localhost": {"changed": changed}},
                                 plans=[{"steps": list(steps)}], steps=list(steps))


@pytest.mark.parametrize("one, first", [
    (case("throttle"), run()), (case("lost"), run()), (case("lost"), run(2, SENTENCE)), (case("denied"), run(2, DENIED)),
    (case("killed after"), run(-9)), (case("timeout", True), run(2, SENTENCE)),
    (case("denied", system="gcp", action="compute.addresses.insert"), run(2, "Allow compute.addresses.createInternal, then run again")),
    (case("denied", system="zilliz"), run(2, "The API key has no rights on this project: check project_id")),
])
def test_what_a_first_run_may_do(one, first):
    assert judge.problems_of_first([one], first, [1]) == []


@pytest.mark.parametrize("one, first, fired, problem", [
    (case("throttle"), run(), 0, "never struck"),
    (case("throttle"), run(2, SENTENCE), 1, "A fault that passes"),
    (case("timeout", True), run(), 5, "although the fault lasts"),
    (case("killed after"), run(2), 1, "ended by itself"),
    (case("lost"), run(2, SENTENCE, "Traceback (most recent call last)"), 1, "traceback"),
    (case("lost"), run(2, "'ConnectionError' object has no attribute 'message'. Run again"), 1, "object has no attribute"),
    (case("lost"), run(2, "It failed"), 1, "nothing that helps"),
    (case("lost"), run(2, "Run again\nand again"), 1, "no sentence"),
    (case("denied"), run(2, "Not authorized: check the policy"), 1, "does not name ec2:CreateVpcEndpoint"),
])
def test_what_a_first_run_may_not_do(one, first, fired, problem):
    assert any(problem in text for text in judge.problems_of_first([one], first, [fired]))


def test_the_rest_ends_with_nothing_to_do():
    assert judge.problems_of_rest([(2, run(changed=3)), (3, run())], {"a": 1}, {"a": 1}) == []


@pytest.mark.parametrize("runs, state, problem", [
    ([(2, run(2, SENTENCE))], 1, "Run 2 failed"), ([(3, run(changed=1))], 1, "still changed"), ([(3, run(steps=["create zone"]))], 1, "still changed"),
    ([(3, run())], 2, "another one"),
])
def test_what_the_rest_may_not_do(runs, state, problem):
    assert any(problem in text for text in judge.problems_of_rest(runs, state, 1))


START = {"endpoints": {"vpce-00000000000000001": {}}}


def state(endpoint, group, zone, ip="10.20.1.4", more=()):
    return {
        "endpoints": {"vpce-00000000000000001": {}, endpoint: {"groups": [group]}, **{one: {"groups": [group]} for one in more}},
        "zones": {zone: {"records": {"a A": {"alias": f"{endpoint}-41tqyo3l.vpce-svc-0b62964bfd0edfb74.amazonaws.com"}}}},
        "interfaces": {"eni-129086e7b970f1891": {"ip": ip, "description": f"VPC Endpoint Interface {endpoint}"}}}


ONE = state("vpce-05d4c8c4849ef4001", "sg-cbc49ca3058b5652c", "Z05B02IGTI3XS7XCQG8AE")


def test_new_ids_do_not_make_another_state():
    other = state("vpce-0aaaaaaaaaaaaaaaa", "sg-0bbbbbbbbbbbbbbbb", "Z0NRYROL4KBPVYPXLT9R2", "10.20.1.9")
    assert judge.canonical(ONE, START) == judge.canonical(other, START)


@pytest.mark.parametrize("other", [
    state("vpce-00000000000000001", "sg-cbc49ca3058b5652c", "Z05B02IGTI3XS7XCQG8AE"),
    state("vpce-05d4c8c4849ef4001", "sg-cbc49ca3058b5652c", "Z05B02IGTI3XS7XCQG8AE", more=["vpce-0cccccccccccccccc"]),
])
def test_a_duplicate_and_an_old_id_do(other):
    assert judge.canonical(ONE, START) != judge.canonical(other, START)


def test_a_difference_is_shown():
    assert "-  2" in judge.difference({"a": [1]}, {"a": [1, 2]}) and "+++ found" in judge.difference({"a": [1]}, {"a": [1, 2]})
