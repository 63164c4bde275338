# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The nodes of a workflow template and the links between them."""
from __future__ import annotations

import uuid

from . import prompts
from .errors import Refused, forbidden

LINKS = ("success_nodes", "failure_nodes", "always_nodes")
PATH = "workflow_job_template_nodes"


def check(row, old, store):
    row["identifier"] = row["identifier"] or str(uuid.uuid4())
    prompts.check(row, store, required=False)


def shown(row, store):
    links = {name: list(store.links.get((PATH, row["id"], name), [])) for name in LINKS}
    return {"extra_data": prompts.masked(row, store), **links}


def check_link(parent, name, child, store):
    if child is None:
        raise Refused(400, {"detail": "WorkflowJobTemplateNode matching query does not exist."})
    if child["workflow_job_template"] != parent["workflow_job_template"]:
        raise forbidden()
    if child["id"] == parent["id"]:
        raise Refused(400, {"Error": "Cycle detected."})
    if any(child["id"] in store.links.get((PATH, parent["id"], other), []) for other in LINKS if other != name):
        raise Refused(400, {"Error": "Relationship not allowed."})
    if _closes_a_ring(parent, child, store):
        raise Refused(400, {"Error": "Cycle detected."})


def children(number, store):
    return [child for name in LINKS for child in store.links.get((PATH, number, name), [])]


def _closes_a_ring(parent, child, store):
    """Measured: only a ring that a root reaches is seen, or one that leaves no root."""
    numbers = [row["id"] for row in store.where(PATH, workflow_job_template=parent["workflow_job_template"])]
    ways = {number: set(children(number, store)) for number in numbers}
    ways[parent["id"]].add(child["id"])
    roots = set(numbers).difference(*ways.values())
    return not roots or any(_ring_from(root, ways, ()) for root in roots)


def _ring_from(number, ways, passed):
    return number in passed or any(_ring_from(way, ways, (*passed, number)) for way in ways[number])
