# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from sandbox.scenario import AWS_PROJECT, BIG_PROJECT, NO_RIGHTS_KEY

MODULE = "project_info"


def test_all_projects(run, zilliz):
    found = run(MODULE, check_mode=True)
    assert not found["changed"] and len(found["projects"]) == len(zilliz.world.scenario["zilliz"]["projects"])


def test_one_project(run, zilliz):
    (found,) = run(MODULE, project_id=AWS_PROJECT)["projects"]
    assert found["region_ids"] == ["aws-us-west-2"]
    assert run(MODULE, project_id=BIG_PROJECT)["projects"][0]["project_name"] == "fleet"


def test_names_are_not_unique(run, zilliz):
    assert len(run(MODULE, project_name="analytics")["projects"]) == 2


def test_a_project_that_the_key_may_not_see(run, zilliz):
    result = run(MODULE, project_id=AWS_PROJECT, api_key=NO_RIGHTS_KEY)
    assert result["failed"] and result["code"] == 96027 and "rights on this project" in result["msg"]
