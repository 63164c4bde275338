# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

MODULE = "region_info"


def test_all_regions(run, zilliz):
    found = run(MODULE, check_mode=True)
    assert not found["changed"]
    assert {"cloud_id": "azure", "region_id": "az-eastus", "domain": "api.cloud.zilliz.com"} in found["regions"]
    assert {cloud["cloud_id"] for cloud in found["clouds"]} == {region["cloud_id"] for region in found["regions"]}


def test_one_cloud(run, zilliz):
    found = run(MODULE, cloud_id="gcp")
    assert [region["region_id"] for region in found["regions"]] == ["gcp-us-west1", "gcp-asia-southeast1"]
    assert [cloud["cloud_id"] for cloud in found["clouds"]] == ["gcp"]


def test_no_such_cloud(run, zilliz):
    result = run(MODULE, cloud_id="nimbus")
    assert result["failed"] and result["code"] == 96000 and "There is no such cloud" in result["msg"]
