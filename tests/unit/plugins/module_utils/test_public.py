# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from unittest import mock

import pytest
from ansible_collections.zilliz.cloud.plugins.module_utils._names import switching
from ansible_collections.zilliz.cloud.plugins.module_utils._public import PublicSwitch, by_hand, impossible, needs_switch

ROWS = [{"region_id": "aws-us-west-2", "endpoint_status": "AVAILABLE"}]
LINK = "https://in01-x-privatelink.example.com:19531"


@pytest.mark.parametrize(
    ("status", "target"),
    [
        ("DISABLE_PUBLIC_DOMAIN", False),
        ("DISABLING_PUBLIC_ENDPOINT", False),
        ("disable_public_domain", False),
        ("PUBLIC_DOMAIN_DISABLING", False),
        ("ENABLE_PUBLIC_DOMAIN", True),
        ("ENABLING_PUBLIC_DOMAIN", True),
        ("RUNNING", None),
        ("ENABLING", None),
        ("", None),
        (None, None),
    ],
)
def test_the_status_tells_the_way_in_any_spelling(status, target):
    assert switching({"status": status}) is target


@pytest.mark.parametrize("enabled", [True, False])
@pytest.mark.parametrize("flag", [True, False])
@pytest.mark.parametrize(("status", "target"), [("RUNNING", None), ("DISABLING_PUBLIC_DOMAIN", False), ("ENABLE_PUBLIC_DOMAIN", True)])
def test_what_is_on_its_way_is_not_asked_for_again(status, target, flag, enabled):
    now = flag if target is None else target
    assert needs_switch({"status": status, "public_address_enabled": flag}, enabled) is (now is not enabled)


@pytest.mark.parametrize(
    ("row", "fits"),
    [
        ({"region_id": "aws-us-west-2", "endpoint_status": "accepted"}, True),
        ({"region_id": "aws-us-west-2", "endpoint_status": "something new"}, True),
        ({"region_id": "aws-us-west-2", "endpoint_status": "REJECTED"}, False),
        ({"region_id": "aws-us-west-2", "endpoint_status": "DELETING"}, False),
        ({"region_id": "aws-us-east-1", "endpoint_status": "AVAILABLE"}, False),
    ],
)
def test_a_link_needs_a_registration_that_lives(row, fits):
    cluster = {"region_id": "aws-us-west-2", "status": "RUNNING", "public_address_enabled": True, "private_link_address": LINK}
    assert (impossible(cluster, False, lambda: [row]) is None) is fits
    assert impossible({**cluster, "public_address_enabled": False}, True, lambda: []) is None


@pytest.mark.parametrize("enabled", [True, False])
def test_a_closed_door_needs_no_registration_to_stay_closed(enabled):
    def never():
        raise AssertionError("nothing needs to be read")

    cluster = {"region_id": "aws-us-west-2", "status": "STOPPED", "public_address_enabled": enabled, "private_link_address": ""}
    assert impossible(cluster, enabled, never) is None


def test_what_somebody_else_has_switched_meanwhile_is_not_asked_for():
    client = mock.Mock()
    client.cluster.return_value = {"status": "RUNNING", "public_address_enabled": False}
    assert PublicSwitch(client, "in01-x", False).begin(0) is client.cluster.return_value
    client.switch_public_address.assert_not_called()


def test_the_clicks_are_those_of_the_guide():
    for words in ("Cluster Details page", "section Connect", "configurations icon", "click Disable in the dialog Disable Public Endpoint"):
        assert words in by_hand(False)
