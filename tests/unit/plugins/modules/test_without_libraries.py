# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host without the packages of requirements.txt: a sentence that names what to install, and never a traceback."""

from __future__ import annotations

import importlib
import sys

import pytest

UTILS = "ansible_collections.zilliz.cloud.plugins.module_utils."
LINK = {"project_id": "proj-1", "region_id": "aws-us-west-2"}
NO_ZILLIZ = {"api_key": None, "host_address": None}
RULE = {"group_id": "sg-1", "port": 443, "cidr": "10.0.0.0/8", "description": "ours"}
ZONE = {"zone_id": "z", "name": "example.com", "state": "absent"}


def forget(package):
    for name in [name for name in sys.modules if name == package or name.startswith(f"{package}.")]:
        del sys.modules[name]


@pytest.fixture
def without():
    """Makes a package unknown; all collections are imported anew, as in the process of a task."""
    before, hidden = dict(sys.modules), ["ansible_collections"]

    def hide(package):
        hidden.append(package)
        for name in hidden:
            forget(name)
        sys.modules[package] = None

    yield hide
    for name in hidden:
        forget(name)
    sys.modules.update(before)


@pytest.mark.parametrize("module, package, options", [
    ("project_info", "requests", {}),
    ("aws_private_link_plan", "botocore", {**LINK, "vpc_id": "vpc-1"}),
    ("aws_security_group_rule", "botocore", {**NO_ZILLIZ, **RULE}),
    ("gcp_private_link_plan", "google.auth", {**LINK, "gcp_project_id": "my-project", "network": "my-vpc"}),
    ("cloud_dns_names", "requests", {**NO_ZILLIZ, "project": "my-project", "zones": [ZONE]}),
])
def test_a_package_that_is_missing_is_named(without, run, module, package, options):
    without(package)
    told = run(module, **options)
    assert told["failed"] and package.replace(".", "-") in told["msg"] and "Traceback" not in told["msg"]


def test_what_only_a_deep_check_reads_can_be_imported_by_itself(without):
    """Sanity imports each file in an interpreter that has no package at all."""
    without("botocore")
    assert importlib.import_module(UTILS + "_deep_aws").read_deep
