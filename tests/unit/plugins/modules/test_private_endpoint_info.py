# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from sandbox.scenario import MANY_PROJECT

MODULE = "private_endpoint_info"


def test_all_pages_once(run, zilliz):
    rows = run(MODULE, project_id=MANY_PROJECT)["private_endpoints"]
    assert len(rows) == len(zilliz.world.scenario["zilliz"]["registrations"]) > 200
    assert len({(row["region_id"], row["endpoint_id"], row.get("gcp_project_id")) for row in rows}) == len(rows)


def test_the_size_that_the_server_takes_is_followed(run, zilliz):
    zilliz.switch(page_cap=10, rate_limit=0)
    assert len(run(MODULE, project_id=MANY_PROJECT)["private_endpoints"]) > 200


def test_a_list_that_skips_rows_is_read_again(run, zilliz):
    zilliz.switch(rows="skip")
    for _turn in range(3):
        rows = run(MODULE, project_id=MANY_PROJECT)["private_endpoints"]
        assert len(rows) == len(zilliz.world.scenario["zilliz"]["registrations"])


def test_filters(run, zilliz):
    rows = run(MODULE, check_mode=True, project_id=MANY_PROJECT, region_id="gcp-us-west1")["private_endpoints"]
    assert {row["endpoint_id"] for row in rows} == {"my-psc-endpoint"} and len(rows) > 1
    more = {"endpoint_id": "my-psc-endpoint", "gcp_project_id": rows[0]["gcp_project_id"]}
    assert run(MODULE, project_id=MANY_PROJECT, **more)["private_endpoints"] == rows[:1]
    assert zilliz.calls(mutating=True) == []
