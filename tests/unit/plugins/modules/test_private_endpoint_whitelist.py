# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from sandbox.scenario import SECOND_PROJECT

MODULE = "private_endpoint_whitelist"
AZURE = {
    "project_id": SECOND_PROJECT,
    "region_id": "az-eastus",
    "outer_user_id": "d73e9b55-7b9c-4f8d-8f0a-40e737f1ccbf",
}
AWS = {"project_id": SECOND_PROJECT, "region_id": "aws-us-west-2", "outer_user_id": "111122223333"}


def test_an_entry_where_the_service_asks_for_one(run, zilliz):
    foreseen = run(MODULE, check_mode=True, **AZURE)
    assert foreseen["changed"] and zilliz.calls(mutating=True) == []
    made = run(MODULE, **AZURE)
    assert made["changed"] and made["whitelist_required"] and made["whitelist_entry"] == AZURE
    assert made["diff"] == foreseen["diff"] == {"before": {}, "after": AZURE}
    assert zilliz.world.state(residue=True)["zilliz"]["whitelist"] == [["az-eastus", AZURE["outer_user_id"]]]
    assert run(MODULE, **AZURE)["changed"]


def test_no_entry_where_none_is_asked_for_unless_forced(run, zilliz):
    result = run(MODULE, **AWS)
    assert not result["changed"] and not result["whitelist_required"] and result["whitelist_entry"] == {}
    assert zilliz.calls(mutating=True) == []
    assert run(MODULE, force=True, **AWS)["changed"]
    assert zilliz.calls(mutating=True) == ["AddPrivateEndpointWhitelistEntry"]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({**AZURE, "outer_user_id": "111122223333"}, "subscription"),
        ({**AWS, "outer_user_id": "12345678901"}, "12 digits"),
        ({**AWS, "region_id": "aws-ap-southeast-1"}, "no endpoint service in region aws-ap-southeast-1 of cloud aws"),
        ({**AWS, "region_id": "nowhere"}, "region_info"),
        ({**AWS, "outer_user_id": ""}, "outer_user_id"),
    ],
)
def test_bad_input_writes_nothing(run, zilliz, more, words):
    result = run(MODULE, force=True, **more)
    assert result["failed"] and words in result["msg"]
    assert zilliz.calls(mutating=True) == []


@pytest.mark.parametrize("kind", ["lost", "reset", "500", "throttle"])
def test_an_entry_in_doubt_is_made_again(run, zilliz, kind):
    zilliz.fault(kind, operation="AddPrivateEndpointWhitelistEntry")
    assert run(MODULE, **AZURE)["changed"]
    assert len(zilliz.world.state(residue=True)["zilliz"]["whitelist"]) == 1
