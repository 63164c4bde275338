# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Workflow templates, their nodes and approvals, row by row as measured."""

from __future__ import annotations

import pytest

from unit.sandbox_awx.awx_side import BROKEN, MEASURED, compare


def without(body):
    return {name: value for name, value in body.items() if value is not ...}


def workflow(**more):
    return lambda side: side.ask("POST", "workflow_job_templates/", without({"name": "N", "organization": side.ids["org"], **more}))


WORKFLOWS = {
    "name missing": workflow(name=...),
    "organization missing (accepted)": workflow(organization=...),
    "organization unknown": workflow(organization=9999),
    "same name in org": workflow(name="W"),
    "same name as a job template in org": workflow(name="JT"),
    "extra_vars object": workflow(extra_vars={}),
    "extra_vars broken": workflow(extra_vars=BROKEN),
    "inventory unknown": workflow(inventory=9999),
    "webhook_service bitbucket": workflow(webhook_service="bitbucket"),
    "webhook_service bitbucket_dc": workflow(webhook_service="bitbucket_dc"),
}


@pytest.mark.parametrize("label", MEASURED["workflow"])
def test_measured_workflow(side, label):
    compare("workflow", label, WORKFLOWS[label](side))


def node(side, **more):
    """Ids may be given by their name in side.ids."""
    body = {"identifier": "new", "workflow_job_template": "workflow", "unified_job_template": "template", **more}
    return without({name: side.ids.get(value, value) if isinstance(value, str) else value for name, value in body.items()})


def add(**more):
    return lambda side: side.ask("POST", "workflow_job_template_nodes/", node(side, **more))


def twice(side):
    add()(side)
    return add()(side)


def password(side):
    answer = add(extra_data={"token": "secret"})(side)
    assert answer[1]["extra_data"] == {"token": "$encrypted$"}
    return answer


def with_other_workflow(field):
    def send(side):
        side.make("W2", "workflow_job_templates", {"name": "W2", "organization": side.ids["org"]})
        return add(**{field: "W2"})(side)
    return send


def nodes(side, *links):
    """a, b, c and an unlinked root, with links such as "a success b"."""
    for name in ("a", "b", "c", "root"):
        side.make(name, "workflow_job_template_nodes", node(side, identifier=f"node {name}"))
    for text in links:
        side.ok(*link_request(side, text))


def link_request(side, text, **more):
    parent, kind, child = text.split()
    return "POST", f"workflow_job_template_nodes/{side.ids[parent]}/{kind}_nodes/", {"id": side.ids.get(child, 9999), **more}


def link(text, *before, **more):
    def send(side):
        nodes(side, *before)
        return side.ask(*link_request(side, text, **more))
    return send


def link_elsewhere(side):
    nodes(side)
    side.make("W2", "workflow_job_templates", {"name": "W2"})
    side.make("far", "workflow_job_template_nodes", node(side, workflow_job_template="W2"))
    return side.ask(*link_request(side, "a success far"))


def credential(side):
    nodes(side)
    return side.ask("POST", f"workflow_job_template_nodes/{side.ids['a']}/credentials/", {"id": side.ids["credential"]})


RING = ("a success b", "b success c")
NODES = {
    "valid": add(),
    "valid b": add(identifier="b2"),
    "valid c, identifier missing (uuid made)": add(identifier=...),
    "same identifier in the workflow": twice,
    "workflow_job_template missing": add(workflow_job_template=...),
    "workflow unknown": add(workflow_job_template=9999),
    "unified_job_template unknown": add(unified_job_template=9999),
    "unified_job_template missing (accepted)": add(unified_job_template=...),
    "unified_job_template is the project": add(unified_job_template="project"),
    "unified_job_template is its own workflow": add(unified_job_template="workflow"),
    "unified_job_template is another workflow": with_other_workflow("unified_job_template"),
    "extra_data not allowed on JT without ask_variables": add(extra_data={"nope": 1}),
    "extra_data survey value out of range": add(extra_data={"count": 99}),
    "extra_data survey wrong type": add(extra_data={"count": "2"}),
    "extra_data survey bad choice": add(extra_data={"region": "mars"}),
    "extra_data valid survey value": add(extra_data={"count": 3}),
    "extra_data survey password shown as": password,
    "extra_data required survey var missing (has a default)": add(extra_data={}),
    "extra_data a string of JSON": add(extra_data='{"count": 3}'),
    "extra_data a list": add(extra_data=[]),
    "limit not prompted": add(limit="x"),
    "inventory not prompted": add(inventory="inventory"),
    "verbosity 9": add(verbosity=9),
    'all_parents_must_converge "x"': add(all_parents_must_converge="x"),
    "identifier with spaces and slash": add(identifier="a b/c"),
    "node of another workflow": with_other_workflow("workflow_job_template"),
    "link a->b success": link("a success b"),
    "link a->b success again": link("a success b", "a success b"),
    "link a->b failure as well": link("a failure b", "a success b"),
    "link a->b always as well": link("a always b", "a success b"),
    "link b->c": link("b success c", "a success b"),
    "c->a closing a ring a-b-c while an unlinked root node exists": link("c success a", *RING),
    "b->a closing a ring, as above": link("b always a", *RING, "c success a"),
    "self link a->a": link("a success a"),
    "link to a node of another workflow": link_elsewhere,
    "link to unknown node": link("a success gone"),
    "unlink b->c": link("b success c", *RING, disassociate=True),
    "credential on node, JT does not prompt for credentials": credential,
}


@pytest.mark.parametrize("label", MEASURED["node"])
def test_measured_node(side, label):
    compare("node", label, NODES[label](side))


def test_a_ring_that_a_root_reaches_is_refused(side):
    nodes(side, *RING, "root success a")
    assert side.ask(*link_request(side, "c success b")) == (400, {"Error": "Cycle detected."})


def test_a_ring_without_any_root_is_refused(side):
    nodes(side, *RING)
    side.ok("DELETE", f"workflow_job_template_nodes/{side.ids['root']}/")
    assert side.ask(*link_request(side, "c success a")) == (400, {"Error": "Cycle detected."})


def approve(**body):
    def send(side):
        side.make("node", "workflow_job_template_nodes", node(side, unified_job_template=...))
        return side.ask("POST", f"workflow_job_template_nodes/{side.ids['node']}/create_approval_template/", body)
    return send


def second_approval(side):
    approve(name="First")(side)
    return side.ask("POST", f"workflow_job_template_nodes/{side.ids['node']}/create_approval_template/", {"name": "Approve"})


def node_after(side):
    template = approve(name="Approve")(side)[1]
    answer = side.ask("GET", f"workflow_job_template_nodes/{side.ids['node']}/")
    assert answer[1]["unified_job_template"] == template["id"]
    assert answer[1]["related"]["unified_job_template"] == f"/api/v2/workflow_approval_templates/{template['id']}/"
    return answer


def unified(side):
    approve(name="Approve")(side)
    answer = side.ask("GET", "unified_job_templates/?type=workflow_approval_template")
    assert answer[1]["count"] == 0
    return answer


APPROVALS = {
    "name missing": approve(),
    "name empty": approve(name=""),
    "timeout -1": approve(name="Approve", timeout=-1),
    'timeout "1h"': approve(name="Approve", timeout="1h"),
    "timeout 1.5": approve(name="Approve", timeout=1.5),
    "unknown key": approve(name="Approve", color="blue"),
    "second create on the same node": second_approval,
    "node after create": node_after,
    "workflow_approval_templates list does not exist": lambda side: side.ask("GET", "workflow_approval_templates/"),
    "unified_job_templates?type=workflow_approval": lambda side: side.ask("GET", "unified_job_templates/?type=workflow_approval"),
    "unified_job_templates?type=workflow_approval_template": unified,
    "unified_job_templates?type=nonsense": lambda side: side.ask("GET", "unified_job_templates/?type=nonsense"),
    "approve unknown": lambda side: side.ask("POST", "workflow_approvals/9999/approve/"),
}


@pytest.mark.parametrize("label", MEASURED["approval"])
def test_measured_approval(side, label):
    compare("approval", label, APPROVALS[label](side))


def test_links_to_a_deleted_node_go_with_it(side):
    nodes(side, *RING)
    side.ok("DELETE", f"workflow_job_template_nodes/{side.ids['b']}/")
    assert side.get(f"workflow_job_template_nodes/{side.ids['a']}/")["success_nodes"] == []


def test_an_approval_goes_with_its_node(side):
    template = approve(name="Approve")(side)[1]
    side.ok("DELETE", f"workflow_job_template_nodes/{side.ids['node']}/")
    assert side.ask("GET", f"workflow_approval_templates/{template['id']}/")[0] == 404
