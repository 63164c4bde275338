# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Zilliz and Google: what a registration does to a connection, and the other way round."""
from __future__ import annotations

import pytest
from sandbox import scenario as given
from sandbox.core import BadRequest

from unit.sandbox_gcp.google_side import OLD_ATTACHMENT, Side

ROW = ("my-project", "ep")


@pytest.fixture
def side():
    return Side()


@pytest.fixture
def linked(side):
    side.endpoint()
    side.register()
    side.passes(60)
    return side


def test_a_registered_endpoint_is_accepted_and_the_links_come(side):
    assert side.endpoint()["pscConnectionStatus"] == "PENDING"
    side.register()
    side.passes(29)
    assert side.status() == "PENDING" and side.links() == []
    side.passes(1)
    assert side.status() == "PENDING"
    side.passes(10)
    assert side.status() == "ACCEPTED" and side.rows()[ROW] == "accepted"
    side.passes(360)
    links = side.links()
    assert len(links) == 2 and all("gcp-us-west1.vectordb.zillizcloud.com" in link for link in links)


def test_nobody_asks_before_the_registration(side):
    side.endpoint()
    side.passes(3600)
    assert side.status() == "PENDING" and side.rows() == {} and side.links() == []


@pytest.mark.parametrize("name, project", [("nothing", "my-project"), ("ep", "other-project"), ("ep", "no-such-project")])
def test_an_endpoint_that_is_not_there_fails(side, name, project):
    side.endpoint()
    side.register(name, project)
    side.passes(3600)
    assert side.rows()[project, name] == "Failed"
    assert side.status() == "PENDING" and side.links() == []


def test_an_endpoint_on_another_service_fails(side):
    side.endpoint(target=OLD_ATTACHMENT)
    side.register()
    side.passes(3600)
    assert side.rows()[ROW] == "Failed" and side.status() == "PENDING"


def test_an_unknown_endpoint_is_refused_at_once_when_told(side):
    side.world.switch({"unknown_endpoint": "refused"})
    with pytest.raises(AssertionError, match="was not found on the service"):
        side.register()


@pytest.mark.parametrize("drift", ["gcp_connection_close", "gcp_connection_reject"])
def test_a_dead_connection_cannot_be_registered(side, drift):
    side.endpoint()
    side.world.drift(drift)
    side.register()
    side.passes(3600)
    assert side.rows()[ROW] == "Failed" and side.status() != "ACCEPTED"


def test_a_rejected_connection_is_accepted_again_when_told(side):
    side.world.switch({"accept_rejected": True})
    side.endpoint()
    side.world.drift("gcp_connection_reject")
    side.register()
    side.passes(60)
    assert side.status() == "ACCEPTED"


def test_the_vendor_may_have_more_to_do(side):
    side.world.switch({"gcp_needs_attention": True})
    side.endpoint()
    side.register()
    side.passes(60)
    assert side.status() == "NEEDS_ATTENTION"


def test_removing_the_registration_rejects_the_connection(linked):
    linked.unregister()
    assert linked.status() == "REJECTED"
    linked.passes(60)
    assert linked.rows() == {}


def test_the_connection_survives_when_told(linked):
    linked.world.switch({"gcp_connection_survives": True})
    linked.unregister()
    assert linked.status() == "ACCEPTED"


def test_a_name_alone_is_no_endpoint(linked):
    """Many consumers have one of that name: the project belongs to it."""
    linked.world.drift("foreign_registration", endpoint_id="ep", gcp_project_id="tenant-1")
    with pytest.raises(AssertionError, match="is not registered"):
        linked.unregister(gcp_project_id="other-project")
    linked.unregister(gcp_project_id="tenant-1")
    linked.passes(60)
    assert list(linked.rows()) == [ROW] and linked.status() == "ACCEPTED"


def test_an_endpoint_made_again_under_its_name_waits(linked):
    linked.world.drift("gcp_endpoint_remake")
    linked.passes(3600)
    assert linked.status() == "PENDING" and linked.rows()[ROW] == "AVAILABLE"
    linked.unregister()
    linked.passes(60)
    assert linked.status() == "REJECTED"


def test_an_endpoint_made_again_is_accepted_when_told(linked):
    linked.world.switch({"gcp_reaccept": True})
    linked.compute("DELETE", "/regions/us-west1/forwardingRules/ep")
    assert linked.endpoint(address="ep-ip")["pscConnectionStatus"] == "PENDING"
    linked.passes(60)
    assert linked.status() == "ACCEPTED"


def test_an_acceptance_is_for_the_connection_it_was_given_to(side):
    side.endpoint()
    side.register()
    side.passes(31)
    side.world.drift("gcp_endpoint_remake")
    side.passes(60)
    assert side.status() == "PENDING"


def test_the_registration_of_a_vanished_endpoint_stays(linked):
    linked.compute("DELETE", "/regions/us-west1/forwardingRules/ep")
    linked.world.switch({"stale_status": "STALE"})
    assert linked.rows()[ROW] == "STALE"
    linked.unregister()
    linked.passes(60)
    assert linked.rows() == {}


# Drift.


def test_a_lost_registration_leaves_the_connection(linked):
    assert linked.world.drift("lose_registration") == {"endpoint_id": "ep", "gcp_project_id": "my-project"}
    assert linked.rows() == {} and linked.status() == "ACCEPTED"
    linked.register()
    linked.passes(60)
    assert linked.rows()[ROW] == "accepted"


def test_a_lost_registration_with_its_connection(linked):
    linked.world.drift("lose_registration", endpoint_id="ep", gcp_project_id="my-project", reject=True)
    assert linked.rows() == {} and linked.status() == "REJECTED"


@pytest.mark.parametrize("connection, status", [(True, "REJECTED"), (False, "ACCEPTED")])
def test_a_rejected_registration(linked, connection, status):
    linked.world.drift("reject_registration", connection=connection)
    assert linked.rows()[ROW] == "REJECTED" and linked.status() == status


def test_stale_and_foreign_rows(side):
    stale = side.world.drift("stale_registration", project_id=given.GCP_PROJECT)
    theirs = side.world.drift("foreign_registration", region_id="gcp-us-west1")
    assert stale["gcp_project_id"] == "my-project" and theirs["gcp_project_id"].startswith("tenant-")
    side.world.switch({"stale_status": "STALE"})
    assert side.rows() == {(stale["gcp_project_id"], stale["endpoint_id"]): "STALE", (theirs["gcp_project_id"], theirs["endpoint_id"]): "AVAILABLE"}
    named = side.world.drift("stale_registration", endpoint_id="gone", gcp_project_id="other-project")
    assert named == {"endpoint_id": "gone", "gcp_project_id": "other-project"}
    with pytest.raises(BadRequest, match="already registered"):
        side.world.drift("foreign_registration", endpoint_id="gone", gcp_project_id="other-project")
    side.world.drift("foreign_registration", endpoint_id="gone", gcp_project_id="tenant-9")
    with pytest.raises(BadRequest, match="2 registrations"):
        side.world.drift("lose_registration", endpoint_id="gone")
    side.world.drift("lose_registration", endpoint_id="gone", gcp_project_id="tenant-9")
    side.unregister("gone", "other-project")


def test_drift_without_google_is_aws_as_ever(side):
    assert side.world.drift("foreign_registration")["endpoint_id"].startswith("vpce-")
    assert "gcp_project_id" not in side.world.drift("stale_registration")


def test_a_world_without_google_believes(side):
    side.world.gcp = None
    side.register()
    side.passes(60)
    assert side.rows()[ROW] == "accepted"
    side.unregister()
