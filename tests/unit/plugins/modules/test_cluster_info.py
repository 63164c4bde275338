# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from sandbox.scenario import AWS_PROJECT, BIG_PROJECT

MODULE = "cluster_info"


def test_all_pages_once(run, zilliz):
    found = run(MODULE)["clusters"]
    assert len({cluster["cluster_id"] for cluster in found}) == len(found) > 200


def test_filters(run, zilliz):
    found = run(MODULE, check_mode=True, project_id=AWS_PROJECT, cluster_name="prod-01")["clusters"]
    assert [cluster["cluster_id"] for cluster in found] == ["in01-840ec44485bf25d"]
    found = run(MODULE, project_id=BIG_PROJECT, region_id="az-eastus")["clusters"]
    assert found and {cluster["region_id"] for cluster in found} == {"az-eastus"}
    assert zilliz.calls(mutating=True) == []


def test_one_cluster(run, zilliz):
    (found,) = run(MODULE, cluster_id="in01-840ec44485bf25d")["clusters"]
    assert found["private_link_address"] == "" and found["public_address_enabled"] is True


def test_no_such_cluster(run, zilliz):
    result = run(MODULE, cluster_id="in01-000000000000000")
    assert result["failed"] and result["code"] == 96018 and "There is no such cluster" in result["msg"]
