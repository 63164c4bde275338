# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ten links: four projects in two VPCs on AWS, and one project in two networks on Google Cloud."""
from __future__ import annotations

from e2e.link import NAMES


def links(scenario):
    """The variables of each, by host."""
    aws, gcp, extra = scenario["aws"], scenario["gcp"], scenario["extra"]
    second = {"vpc_id": aws["second_vpc_id"], "subnet_ids": aws["second_subnet_ids"], "client_cidrs": ["10.30.0.0/16"]}
    found = {}
    for project_id in (aws["project_id"], *(extra[name] for name in ("second_project_id", "many_registrations_project_id", "mixed_plans_project_id"))):
        for number, where in enumerate(({}, second), 1):
            found[f"{project_id}-{number}"] = variables("aws", {**aws, **where, "project_id": project_id})
    found["google-1"] = variables("gcp", gcp)
    found["google-2"] = variables("gcp", {**gcp, "network": gcp["second_network"], "subnetwork": extra["gcp"]["second_subnetwork"]})
    return found


def variables(cloud, given):
    return {f"{cloud}_private_link_{name}": given[name] for name in NAMES[cloud]}
