# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from sandbox.scenario import AWS_PROJECT, SERVICE

MODULE = "private_endpoint_service_info"


def test_the_service_of_a_region(run, zilliz):
    found = run(MODULE, check_mode=True, region_id="aws-us-west-2")
    assert found["private_endpoint_services"] == [
        {"region_id": "aws-us-west-2", "cloud_id": "aws", "endpoint_service": SERVICE, "whitelist_required": False}
    ]
    assert not found["changed"] and "warnings" not in found


def test_all_regions(run, zilliz):
    assert {one["cloud_id"] for one in run(MODULE)["private_endpoint_services"]} == {"aws", "gcp", "azure", "ali"}


def test_a_project_that_hides_the_service(run, zilliz):
    found = run(MODULE, region_id="aws-us-west-2", project_id=AWS_PROJECT)
    assert found["private_endpoint_services"][0]["endpoint_service"] == SERVICE
    assert AWS_PROJECT in str(found["warnings"])
    zilliz.switch(project_filter="applies")
    assert "warnings" not in run(MODULE, region_id="aws-us-west-2", project_id=AWS_PROJECT)


def test_several_services_are_all_told(run, zilliz):
    zilliz.switch(several_services=True)
    assert len(run(MODULE, region_id="aws-us-west-2")["private_endpoint_services"]) == 2


def test_no_service_and_no_region(run, zilliz):
    assert run(MODULE, region_id="aws-ap-southeast-1")["private_endpoint_services"] == []
    assert "region_info" in run(MODULE, region_id="nowhere")["msg"]
