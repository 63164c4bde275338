# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from sandbox import scenario as given
from sandbox.core import BadRequest, Broken, World
from werkzeug.test import Client

ENDPOINT = "vpce-0ce90d01341533a5c"
REGION = given.REGION_ID


class Aws:
    """Which endpoints there are, for Zilliz to ask."""

    def __init__(self):
        self.reset(None)

    def reset(self, scenario):
        self.endpoints = {}

    def state(self, residue=False):
        return {}

    def add(self, endpoint_id=ENDPOINT, service=given.SERVICE, state="pendingAcceptance"):
        self.endpoints[endpoint_id] = {"service_name": service, "state": state}

    def find_endpoint(self, endpoint_id):
        return self.endpoints.get(endpoint_id)

    def accept(self, endpoint_id):
        self.endpoints[endpoint_id]["state"] = "available"

    def reject(self, endpoint_id):
        self.endpoints[endpoint_id]["state"] = "rejected"


class Zilliz:
    def __init__(self, **switches):
        self.world = World(aws=Aws(), speed=0)
        self.world.switch({"rate_limit": 0, "odd_codes": False, "rows": "stable", **switches})
        self.aws = self.world.aws
        self.http = Client(self.world.zilliz.app)

    def ask(self, method, path, body=None, key=given.API_KEY, **query):
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return self.http.open(f"/v2/{path}", method=method, json=body, query_string=query or None, headers=headers)

    def data(self, method, path, body=None, **query):
        answer = self.ask(method, path, body, **query)
        assert answer.status_code == 200 and answer.get_json()["code"] == 0, answer.text
        return answer.get_json()["data"]

    def code(self, method, path, body=None, **query):
        answer = self.ask(method, path, body, **query)
        assert answer.status_code == 200, answer.text
        return answer.get_json()["code"]

    def register(self, endpoint_id=ENDPOINT, project=given.AWS_PROJECT, region=REGION, ask=None, **more):
        return (ask or self.data)("POST", f"projects/{project}/privateEndpoints",
                                  dict({"regionId": region, "endpointId": endpoint_id}, **more))

    def rows(self, project=given.AWS_PROJECT):
        return self.data("GET", f"projects/{project}/privateEndpoints", pageSize=100)["endpoints"]

    def status(self):
        rows = [row["endpointStatus"] for row in self.rows() if row["endpointId"] == ENDPOINT]
        return rows[0] if rows else None

    def clusters(self, project=given.AWS_PROJECT, region=REGION):
        found = []
        for page in (1, 2, 3):
            found += self.data("GET", "clusters", region=region, pageSize=100, currentPage=page)["clusters"]
        return sorted((c for c in found if c["projectId"] == project), key=lambda c: c["clusterName"])

    def links(self, **where):
        return [c["privateLinkAddress"] for c in self.clusters(**where) if c["privateLinkAddress"]]

    def cluster(self, name, **where):
        return next(c for c in self.clusters(**where) if c["clusterName"] == name)

    def wait(self, seconds):
        self.world.clock.advance(seconds)

    def linked(self, **switches):
        self.aws.add()
        self.register()
        self.wait(400)
        self.world.tick()
        return self


@pytest.fixture
def zilliz():
    return Zilliz()


# --- keys and the envelope ---


@pytest.mark.parametrize("key, status, code", [
    (None, 200, 1800), ("user:password", 200, 80001), ("f" * 72, 401, 21119), (given.API_KEY, 200, 0)])
def test_a_key_is_judged_as_documented(zilliz, key, status, code):
    answer = zilliz.ask("GET", "projects", key=key)
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    assert answer.headers["requestid"].startswith("rq-")


def test_the_keys_with_few_rights_see_and_do_what_they_may(zilliz):
    path = f"projects/{given.AWS_PROJECT}/privateEndpoints"
    assert zilliz.code("GET", path, key=given.READONLY_KEY) == 0
    body = {"regionId": REGION, "endpointId": ENDPOINT}
    assert zilliz.code("POST", path, body, key=given.READONLY_KEY) == 96013
    assert zilliz.code("GET", path, key=given.NO_RIGHTS_KEY) == 96027
    assert zilliz.data("GET", "projects", key=given.NO_RIGHTS_KEY) == []
    assert zilliz.data("GET", "clusters", key=given.NO_RIGHTS_KEY)["count"] == 0
    one = zilliz.clusters()[0]["clusterId"]
    assert zilliz.code("GET", f"clusters/{one}", key=given.NO_RIGHTS_KEY) == 96016
    assert zilliz.code("PATCH", f"clusters/{one}", {"description": "x"}, key=given.READONLY_KEY) == 96015


def test_success_is_spelled_in_every_way_that_clients_accept():
    zilliz = Zilliz(odd_codes=True)
    codes = [zilliz.ask("GET", "clouds").get_json().get("code") for _number in range(14)]
    assert set(codes) == {0, "0", 200, None}
    errors = [zilliz.ask("GET", "clouds", key=None).get_json()["code"] for _number in range(2)]
    assert errors == [1800, "1800"]


@pytest.mark.parametrize("path", ["endpointServices", f"projects/{given.AWS_PROJECT}/endpoints", "nothing"])
def test_the_old_routes_are_gone(zilliz, path):
    assert zilliz.ask("GET", path).status_code == 404


@pytest.mark.parametrize("method, path, body, code", [
    ("GET", "projects/nonsense", None, 96005), ("GET", f"projects/proj-{'0' * 22}", None, 96012),
    ("GET", "clusters/nonsense", None, 96036), ("GET", "clusters/in01-000000000000000", None, 96018),
    ("GET", "regions?cloudId=moon", None, 96000), ("GET", "privateEndpointServices?regionId=moon", None, 96001),
    ("GET", "clusters?region=moon", None, 96001), ("GET", "clusters?pageSize=101", None, 96008),
    ("GET", "clusters?pageSize=x", None, 96008), ("GET", "clusters?currentPage=0", None, 96009),
])
def test_refusals_have_the_documented_codes(zilliz, method, path, body, code):
    assert zilliz.code(method, path, body) == code


# --- regions, projects, services ---


def test_the_cloud_of_a_region_follows_from_no_prefix(zilliz):
    regions = {r["regionId"]: r for r in zilliz.data("GET", "regions")}
    assert regions["az-eastus"]["cloudId"] == "azure" and regions["ali-cn-hangzhou"]["domain"].endswith(".cn")
    assert [r["regionId"] for r in zilliz.data("GET", "regions", cloudId="gcp")] == ["gcp-us-west1", "gcp-asia-southeast1"]
    assert "hwc" in {c["cloudId"] for c in Zilliz(huawei=True).data("GET", "clouds")}


def test_the_services(zilliz):
    def services(zilliz, **query):
        return zilliz.data("GET", "privateEndpointServices", **query)["endpointServices"]
    assert services(zilliz, regionId=REGION) == [
        {"regionId": REGION, "cloudId": "aws", "endpointService": given.SERVICE, "whitelistRequired": False}]
    assert services(zilliz, regionId="aws-us-east-1")[0]["whitelistRequired"] is True
    assert services(Zilliz(aws_whitelist=False), regionId="aws-us-east-1")[0]["whitelistRequired"] is False
    assert services(zilliz, regionId="aws-ap-southeast-1") == []
    assert services(zilliz, regionId=REGION, projectId=given.AWS_PROJECT) == []
    applies = Zilliz(project_filter="applies", several_services=True)
    assert len(services(applies, regionId=REGION, projectId=given.AWS_PROJECT)) == 2


def test_some_projects_show_hardly_more_than_their_names(zilliz):
    projects = {p["projectId"]: p for p in zilliz.data("GET", "projects")}
    assert projects[given.AWS_PROJECT]["regionIds"] == [REGION] and projects[given.BARE_PROJECT]["regionIds"] == []
    assert "regionIds" not in projects[given.BIG_PROJECT]
    assert zilliz.data("GET", f"projects/{given.AWS_PROJECT}") == projects[given.AWS_PROJECT]


# --- pages ---


def all_pages(zilliz, size=100):
    """As a client should: on until a page is empty."""
    rows, page = [], 1
    while True:
        data = zilliz.data("GET", f"projects/{given.MANY_PROJECT}/privateEndpoints", pageSize=size, currentPage=page)
        if not data["endpoints"]:
            return rows, data["count"]
        rows += [(r["regionId"], r["endpointId"], r.get("gcpProjectId")) for r in data["endpoints"]]
        page += 1


def test_rows_shift_between_pages_and_still_all_come(zilliz):
    zilliz.world.switch({"rows": "shift"})
    rows, count = all_pages(zilliz)
    assert count == 212 and len(set(rows)) == 212 and len(rows) > 212
    assert len({row[1] for row in rows}) < 212  # Google's names repeat


def test_a_reading_may_miss_a_row_and_the_next_one_has_it(zilliz):
    zilliz.world.switch({"rows": "skip"})
    assert [len(set(all_pages(zilliz)[0])) for _number in range(2)] == [211, 212]


def test_the_order_changes_when_something_was_written(zilliz):
    first, _count = all_pages(zilliz)
    assert all_pages(zilliz)[0] == first
    zilliz.world.drift("foreign_registration")
    assert all_pages(zilliz)[0] != first


@pytest.mark.parametrize("size, echoed", [("100", 100), ("101", 10), ("0", 10), ("x", 10), ("500", 10)])
def test_endpoint_routes_replace_a_bad_page_size(zilliz, size, echoed):
    data = zilliz.data("GET", f"projects/{given.MANY_PROJECT}/privateEndpoints", pageSize=size)
    assert (data["pageSize"], len(data["endpoints"])) == (echoed, echoed)


def test_endpoint_routes_may_cap_the_page_size():
    data = Zilliz(page_cap=50).data("GET", f"projects/{given.MANY_PROJECT}/privateEndpoints", pageSize=100)
    assert data["pageSize"] == 10


# --- a registration's life ---


def test_from_registration_to_links_one_after_another(zilliz):
    zilliz.aws.add()
    assert zilliz.register() == {"endpointId": ENDPOINT, "regionId": REGION}
    assert zilliz.status() is None                           # not listed yet
    zilliz.wait(21)
    assert zilliz.status() == "BINDING"
    zilliz.wait(4)
    assert zilliz.status() == "pendingAcceptance" and zilliz.aws.endpoints[ENDPOINT]["state"] == "pendingAcceptance"
    zilliz.wait(6)
    assert zilliz.status() == "accepted" and zilliz.aws.endpoints[ENDPOINT]["state"] == "available"
    assert [c["status"] for c in zilliz.clusters()] == [
        "STOPPED", "SET_PRIVATE_LINK", "SET_PRIVATE_LINK", "RUNNING", "RUNNING"]
    zilliz.wait(290)
    assert zilliz.status() == "AVAILABLE" and zilliz.links() == []
    zilliz.wait(10)
    assert zilliz.links() == ["https://in01-840ec44485bf25d-privatelink.aws-us-west-2.vectordb.zillizcloud.com:19531"]
    zilliz.wait(60)
    second = zilliz.cluster("prod-02")
    assert second["privateLinkAddress"].endswith("-privatelink.aws-us-west-2.vectordb.zillizcloud.com:19532")
    assert {c["status"] for c in zilliz.clusters() if c["clusterName"].startswith("prod")} == {"RUNNING"}
    assert len(zilliz.links()) == 2                          # the free, the serverless, the suspended: never


@pytest.mark.parametrize("words, pending, ready", [("documented", "PENDING", "AVAILABLE"),
                                                   ("accepted", "pending", "accepted")])
def test_other_words(words, pending, ready):
    zilliz = Zilliz(status_words=words, row_delay=0)
    zilliz.aws.add()
    zilliz.register()
    assert zilliz.status() == pending
    zilliz.wait(31)
    assert zilliz.status() == ready


@pytest.mark.parametrize("arrange", [lambda aws: None, lambda aws: aws.add(service="com.amazonaws.us-west-2.s3"),
                                     lambda aws: aws.add(state="rejected"), lambda aws: aws.add(state="deleted")])
def test_an_endpoint_that_is_not_on_the_service_fails_later(zilliz, arrange):
    arrange(zilliz.aws)
    zilliz.register()
    zilliz.wait(31)
    assert zilliz.status() == "Failed" and zilliz.register(ask=zilliz.code) == 96102
    assert "SET_PRIVATE_LINK" not in {c["status"] for c in zilliz.clusters()}


def test_an_endpoint_that_is_not_there_can_be_refused_at_once_or_vanish():
    assert Zilliz(unknown_endpoint="refused").register(ask=Zilliz().code) == 0
    refusing = Zilliz(unknown_endpoint="refused")
    assert refusing.register(ask=refusing.code) == 96103
    vanishing = Zilliz(failed_rows="vanishes")
    vanishing.register()
    vanishing.wait(25)
    assert vanishing.status()
    vanishing.wait(10)
    assert vanishing.status() is None


def test_a_rejected_endpoint_is_accepted_only_by_switch():
    zilliz = Zilliz(accept_rejected=True)
    zilliz.aws.add(state="rejected")
    zilliz.register()
    zilliz.wait(31)
    assert zilliz.status() == "accepted"


def test_registering_again(zilliz):
    zilliz.linked()
    assert zilliz.register(ask=zilliz.code) == 96102
    zilliz.world.switch({"repeat_post": "succeeds"})
    assert zilliz.register(ask=zilliz.code) == 0
    assert len(zilliz.rows()) == 1


def test_a_second_project(zilliz):
    zilliz.linked()
    assert zilliz.register(project=given.SECOND_PROJECT, ask=zilliz.code) == 96106
    zilliz.world.switch({"second_project": "allowed"})
    assert zilliz.register(project=given.SECOND_PROJECT, ask=zilliz.code) == 0


@pytest.mark.parametrize("project, body, code", [
    (given.AWS_PROJECT, {}, 96101), (given.AWS_PROJECT, {"regionId": REGION}, 96101),
    (given.AWS_PROJECT, {"regionId": REGION, "endpointId": 5}, 96101),
    (given.AWS_PROJECT, {"regionId": "moon", "endpointId": ENDPOINT}, 96001),
    (given.AWS_PROJECT, {"regionId": "aws-us-east-1", "endpointId": ENDPOINT}, 96001),
    (given.BARE_PROJECT, {"regionId": REGION, "endpointId": ENDPOINT}, 96001),
    (given.SECOND_PROJECT, {"regionId": "aws-ap-southeast-1", "endpointId": ENDPOINT}, 96104),
    (given.AWS_PROJECT, {"regionId": REGION, "endpointId": "my-psc-endpoint"}, 96101),
    (given.GCP_PROJECT, {"regionId": "gcp-us-west1", "endpointId": "my-psc-endpoint"}, 96101),
    (given.GCP_PROJECT, {"regionId": "gcp-us-west1", "endpointId": "my-psc-endpoint", "gcpProjectId": "p"}, 0),
    (given.SECOND_PROJECT, {"regionId": "az-eastus", "endpointId": "zilliz"}, 96101),
    (given.SECOND_PROJECT, {"regionId": "az-eastus",
                            "endpointId": "zilliz.d73e9b55-7b9c-4f8d-8f0a-40e737f1ccbf"}, 0),
    (given.SECOND_PROJECT, {"regionId": "ali-cn-hangzhou", "endpointId": "ep-bp1xk29"}, 0),
    (given.STANDARD_PROJECT, {"regionId": REGION, "endpointId": ENDPOINT}, 96028),
])
def test_what_can_be_registered(zilliz, project, body, code):
    assert zilliz.code("POST", f"projects/{project}/privateEndpoints", body) == code


def test_a_body_that_is_no_object_is_refused(zilliz):
    answer = zilliz.http.post(f"/v2/projects/{given.AWS_PROJECT}/privateEndpoints", data="[",
                              headers={"Authorization": f"Bearer {given.API_KEY}"})
    assert answer.get_json()["code"] == 96101


def test_a_quota():
    zilliz = Zilliz(quota=1)
    zilliz.linked()
    assert zilliz.register("vpce-0000000000000001", ask=zilliz.code) == 96105


def delete(zilliz, endpoint_id=ENDPOINT, project=given.AWS_PROJECT, **query):
    return zilliz.code("DELETE", f"projects/{project}/privateEndpoints/{endpoint_id}",
                       **dict({"regionId": REGION}, **query))


def test_removing(zilliz):
    before = zilliz.world.state()
    zilliz.linked()
    assert delete(zilliz, regionId="") == 96101
    assert delete(zilliz, regionId="aws-us-east-1") == 96103
    assert delete(zilliz) == 0
    assert zilliz.status() == "DELETING" and zilliz.aws.endpoints[ENDPOINT]["state"] == "rejected"
    assert delete(zilliz) == 96103 and zilliz.register(ask=zilliz.code) == 96102
    zilliz.wait(21)
    assert zilliz.status() is None and zilliz.world.state() == before
    assert len(zilliz.links()) == 2                          # the addresses stay
    zilliz.world.switch({"unknown_delete": "succeeds"})
    assert delete(zilliz) == 0


def test_the_address_can_go_with_the_last_registration():
    zilliz = Zilliz(address_stays=False).linked()
    zilliz.world.drift("foreign_registration")
    delete(zilliz)
    assert len(zilliz.links()) == 2                          # another one is there
    zilliz.world.drift("lose_registration", endpoint_id=[r["endpointId"] for r in zilliz.rows()
                                                         if r["endpointId"] != ENDPOINT][0])
    assert zilliz.links() == []


def test_the_address_can_be_there_too_early():
    zilliz = Zilliz(address_early=True)
    zilliz.aws.add()
    zilliz.register()
    assert len(zilliz.links()) == 2


def test_google_names_are_unique_only_with_their_project(zilliz):
    many = f"projects/{given.MANY_PROJECT}/privateEndpoints/my-psc-endpoint"
    assert zilliz.code("DELETE", many, regionId="gcp-us-west1") == 96103
    assert zilliz.code("DELETE", many, regionId="gcp-us-west1", gcpProjectId="tenant-019") == 0


def test_a_deletion_before_the_acceptance_leaves_no_link(zilliz):
    zilliz.aws.add()
    zilliz.register()
    zilliz.wait(10)
    delete(zilliz)
    zilliz.wait(1000)
    assert zilliz.links() == [] and zilliz.rows() == []
    assert {c["status"] for c in zilliz.clusters()} == {"RUNNING", "STOPPED"}


def test_a_deletion_before_the_link_leaves_no_link(zilliz):
    zilliz.aws.add()
    zilliz.register()
    zilliz.wait(100)
    delete(zilliz)
    zilliz.wait(1000)
    assert zilliz.links() == [] and zilliz.cluster("prod-01")["status"] == "RUNNING"


@pytest.mark.parametrize("status", ["AVAILABLE", "DELETED"])
def test_a_registration_outlives_its_endpoint(status):
    zilliz = Zilliz(stale_status=status).linked()
    zilliz.wait(100)
    del zilliz.aws.endpoints[ENDPOINT]
    assert zilliz.status() == status
    assert delete(zilliz) == 0                               # nothing left to reject


# --- whitelists ---


def test_a_whitelist_works_after_a_while_and_stays(zilliz):
    service = next(s for r, _c, s, _w in given.REGIONS if r == "aws-us-east-1")
    assert zilliz.world.zilliz.whitelisted("111122223333", given.SERVICE)
    path = f"projects/{given.SECOND_PROJECT}/privateEndpointWhitelist"
    body = {"regionId": "aws-us-east-1", "outerUserId": "111122223333"}
    assert zilliz.data("POST", path, body) == "success"
    assert not zilliz.world.zilliz.whitelisted("111122223333", service)
    zilliz.wait(31)
    assert zilliz.world.zilliz.whitelisted("111122223333", service)
    assert not zilliz.world.zilliz.whitelisted("444455556666", service)
    assert zilliz.code("POST", path, body) == 0
    assert zilliz.world.zilliz.whitelisted("111122223333", service)
    zilliz.world.switch({"whitelist_repeat": "fails"})
    assert zilliz.code("POST", path, body) == 96102
    assert zilliz.code("POST", path, {"regionId": REGION}) == 96101
    assert "whitelist" not in zilliz.world.state()["zilliz"]
    assert zilliz.world.state(residue=True)["zilliz"]["whitelist"] == [["aws-us-east-1", "111122223333"]]


# --- clusters ---


def test_a_cluster_in_maintenance_gets_its_link_afterwards(zilliz):
    one = zilliz.cluster("prod-02")["clusterId"]
    zilliz.world.drift("modify_cluster", cluster_id=one, status="UPGRADING", seconds=600)
    zilliz.linked()
    assert len(zilliz.links()) == 1 and zilliz.cluster("prod-02")["status"] == "UPGRADING"
    zilliz.wait(201)
    assert zilliz.cluster("prod-02")["status"] == "SET_PRIVATE_LINK"
    zilliz.wait(300)
    assert len(zilliz.links()) == 2


def test_a_maintenance_during_the_allocation_puts_it_off(zilliz):
    zilliz.aws.add()
    zilliz.register()
    zilliz.wait(100)
    one = zilliz.cluster("prod-01")["clusterId"]
    zilliz.world.drift("modify_cluster", cluster_id=one, seconds=1000)
    zilliz.wait(400)
    assert zilliz.cluster("prod-01")["status"] == "MODIFYING" and len(zilliz.links()) == 1


def test_a_later_cluster_joins(zilliz):
    zilliz.linked()
    one = zilliz.world.drift("add_cluster", cluster_name="later")["cluster_id"]
    assert zilliz.cluster("later")["status"] == "CREATING"
    zilliz.wait(500)
    assert zilliz.data("GET", f"clusters/{one}")["privateLinkAddress"]


@pytest.mark.parametrize("kept", [True, False])
def test_a_suspended_cluster_may_lose_its_address_and_gets_it_back(kept):
    zilliz = Zilliz(suspended_address="kept" if kept else "lost").linked()
    one = zilliz.cluster("prod-01")["clusterId"]
    address = zilliz.cluster("prod-01")["privateLinkAddress"]
    zilliz.world.drift("suspend_cluster", cluster_id=one)
    assert zilliz.cluster("prod-01")["status"] == "STOPPING"
    zilliz.wait(31)
    assert zilliz.cluster("prod-01")["status"] == "STOPPED"
    assert zilliz.cluster("prod-01")["privateLinkAddress"] == (address if kept else "")
    zilliz.world.drift("resume_cluster", cluster_id=one)
    zilliz.wait(500)
    assert zilliz.cluster("prod-01")["privateLinkAddress"] == address


def test_a_dropped_cluster_is_gone(zilliz):
    zilliz.linked()
    one = zilliz.cluster("prod-01")["clusterId"]
    zilliz.world.drift("drop_cluster", cluster_id=one)
    assert zilliz.cluster("prod-01")["status"] == "DELETING"
    zilliz.wait(31)
    assert zilliz.code("GET", f"clusters/{one}") == 96018
    assert zilliz.world.state(residue=True)["zilliz"]["dropped_clusters"] == [one]


def test_the_registrations_can_go_with_the_last_cluster():
    zilliz = Zilliz(removed_with_cluster=True).linked()
    for cluster in zilliz.clusters():
        zilliz.world.drift("drop_cluster", cluster_id=cluster["clusterId"])
    zilliz.wait(31)
    assert zilliz.rows() == []


def test_standard_clusters_have_no_link_unless_switched(zilliz):
    for standard, links in ((False, 1), (True, 2)):
        zilliz.world.reset(switches=dict(zilliz.world.switches, standard_links=standard))
        zilliz.world.clock.set_speed(0)
        zilliz.aws.add()
        zilliz.register(project=given.MIXED_PROJECT)
        zilliz.wait(1000)
        assert len(zilliz.links(project=given.MIXED_PROJECT)) == links


@pytest.mark.parametrize("form, ends", [("privatelink", {"-privatelink:19531"}), ("plain", {":19531"}),
                                        ("mixed", {"-privatelink:19531", "-privatelink:19532", ":19532",
                                                   "-privatelink", "", "-privatelink:443"})])
def test_hosts_and_ports_differ(form, ends):
    zilliz = Zilliz(link_form=form)
    zilliz.world.reset(clusters=6, switches=zilliz.world.switches)
    zilliz.world.clock.set_speed(0)
    zilliz.linked()
    found = {c["privateLinkAddress"].replace(f"https://{c['clusterId']}", "").replace(
        ".aws-us-west-2.vectordb.zillizcloud.com", "") for c in zilliz.clusters() if c["privateLinkAddress"]}
    assert found == ends


def test_where_there_are_registrations_there_are_links_from_the_start(zilliz):
    assert len(zilliz.links(project=given.MANY_PROJECT)) == 2


def test_a_cluster_shows_no_more_than_recorded(zilliz):
    free, second = zilliz.cluster("try-out"), zilliz.cluster("prod-02")
    assert free["plan"] == "Serverless" and free["clusterId"].startswith("in03-") and free["cuSize"] == 0
    assert "deploymentOption" not in second and "publicAddressEnabled" not in second
    assert zilliz.data("GET", f"clusters/{second['clusterId']}")["publicAddressEnabled"] is True


# --- the public address ---


def public(zilliz, cluster_id):
    """Whether the public address is open in truth."""
    clusters = zilliz.world.state()["zilliz"]["clusters"]
    return next(one["public_address_enabled"] for one in clusters if one["cluster_id"] == cluster_id)


def patch(zilliz, cluster_id, **body):
    return zilliz.code("PATCH", f"clusters/{cluster_id}", body)


def test_the_public_address_is_switched_after_a_while(zilliz):
    one = zilliz.cluster("prod-01")["clusterId"]
    assert patch(zilliz, one, publicAddressEnabled=False, description="x") == 40059
    assert zilliz.cluster("prod-01")["description"] == ""
    zilliz.linked()
    assert patch(zilliz, one, publicAddressEnabled=False) == 0
    assert zilliz.cluster("prod-01")["status"] == "RUNNING"
    assert patch(zilliz, one, publicAddressEnabled=False) == 0
    assert patch(zilliz, one, publicAddressEnabled=True) == 40003
    zilliz.wait(11)
    assert zilliz.cluster("prod-01")["status"] == "DISABLE_PUBLIC_DOMAIN"
    assert patch(zilliz, one, publicAddressEnabled=False) == 40003
    assert zilliz.data("GET", f"clusters/{one}")["publicAddressEnabled"] is True
    zilliz.wait(121)
    shown = zilliz.data("GET", f"clusters/{one}")
    assert (shown["status"], shown["publicAddressEnabled"]) == ("RUNNING", False)
    assert patch(zilliz, one, publicAddressEnabled=True) == 0
    zilliz.wait(131)
    assert zilliz.data("GET", f"clusters/{one}")["publicAddressEnabled"] is True


def test_the_flag_of_some_clusters_runs_ahead_of_the_status(zilliz):
    two = zilliz.linked().cluster("prod-02")["clusterId"]
    assert patch(zilliz, two, publicAddressEnabled=False) == 0
    zilliz.wait(11)
    shown = zilliz.data("GET", f"clusters/{two}")
    assert (shown["status"], shown["publicAddressEnabled"]) == ("DISABLING_PUBLIC_DOMAIN", False)
    assert public(zilliz, two) is True
    zilliz.wait(121)
    assert public(zilliz, two) is False


def test_what_overtakes_the_switching_of_the_public_address_ends_it(zilliz):
    one = zilliz.linked().cluster("prod-01")["clusterId"]
    assert patch(zilliz, one, publicAddressEnabled=False) == 0
    zilliz.world.drift("modify_cluster", cluster_id=one, seconds=60)
    zilliz.wait(300)
    assert public(zilliz, one) is True and zilliz.cluster("prod-01")["status"] == "RUNNING"
    assert patch(zilliz, one, publicAddressEnabled=False) == 0


def test_the_console_switches_where_the_api_does_not():
    zilliz = Zilliz(public_flag="no").linked()
    one = zilliz.cluster("prod-01")["clusterId"]
    zilliz.world.drift("switch_public_endpoint", cluster_id=one)
    zilliz.wait(131)
    assert public(zilliz, one) is False


def test_an_address_that_only_stayed_is_no_private_link(zilliz):
    zilliz.linked()
    delete(zilliz)
    assert patch(zilliz, zilliz.cluster("prod-01")["clusterId"], publicAddressEnabled=False) == 40059


@pytest.mark.parametrize("name, body, code", [
    ("try-out", {"publicAddressEnabled": False}, 96021), ("sparse-traffic", {"publicAddressEnabled": False}, 96021),
    ("try-out", {"publicAddressEnabled": True}, 0), ("night-off", {"publicAddressEnabled": False}, 40003),
    ("prod-01", {"publicAddressEnabled": "no"}, 96101), ("prod-01", {}, 96101),
    ("prod-01", {"clusterName": "prod-02"}, 96017), ("prod-01", {"clusterName": "prod-1"}, 0)])
def test_what_can_be_patched(zilliz, name, body, code):
    assert patch(zilliz, zilliz.cluster(name)["clusterId"], **body) == code


def test_a_deployment_without_the_switch_ignores_it():
    zilliz = Zilliz(public_flag="no").linked()
    one = zilliz.cluster("prod-01")["clusterId"]
    assert patch(zilliz, one, publicAddressEnabled=False) == 0
    assert zilliz.cluster("prod-01")["status"] == "RUNNING"
    assert "publicAddressEnabled" not in zilliz.data("GET", f"clusters/{one}")


def test_an_organization_may_have_to_be_named():
    zilliz = Zilliz(org_id_required=True)
    assert patch(zilliz, zilliz.cluster("prod-01")["clusterId"], description="x") == 1800


# --- limits and faults ---


def test_the_limit_is_twenty_requests_a_second_on_a_route_for_a_key():
    zilliz = Zilliz(rate_limit=20)
    answers = [zilliz.ask("GET", "projects") for _number in range(23)]
    assert [a.status_code for a in answers[:20]] == [200] * 20
    assert answers[20].status_code == 429 and answers[20].get_json()["code"] == 429
    assert answers[21].status_code == 200 and "rate limit" in answers[21].get_json()["message"]
    assert answers[22].status_code == 429 and answers[22].get_json(silent=True) is None
    assert zilliz.ask("GET", "clouds").get_json()["code"] == 0
    assert zilliz.ask("GET", "projects", key=given.READONLY_KEY).get_json()["code"] == 0
    assert [e["outcome"] for e in zilliz.world.log.since(19)] == ["ok"] + ["throttled"] * 3 + ["ok"] * 2
    assert "Retry-After" not in answers[20].headers


@pytest.mark.parametrize("kind", ["refuse", "reset", "timeout"])
def test_a_fault_of_the_connection_comes_before_the_effect(zilliz, kind):
    zilliz.world.faults.add({"cloud": "zilliz", "operation": "CreatePrivateEndpoint"}, kind, 1)
    with pytest.raises(Broken, match=kind):
        zilliz.register()
    assert zilliz.world.state()["zilliz"]["registrations"] == Zilliz().world.state()["zilliz"]["registrations"]
    assert zilliz.world.log.since(0)[-1]["outcome"] == f"fault:{kind}"


@pytest.mark.parametrize("kind", ["lost", "hang"])
def test_a_lost_answer_has_had_its_effect(zilliz, kind):
    zilliz.aws.add()
    zilliz.world.faults.add({"endpoint_id": ENDPOINT, "mutating": True}, kind, 1)
    with pytest.raises(Broken, match=kind):
        zilliz.register()
    zilliz.wait(60)
    assert zilliz.status() == "accepted"


@pytest.mark.parametrize("kind, status, code", [("500", 500, None), ("503", 503, None), ("business", 200, 40003),
                                                ("denied", 200, 96013), ("throttle", 429, 429)])
def test_other_faults_are_answers_without_effect(zilliz, kind, status, code):
    zilliz.world.faults.add({"operation": "CreatePrivateEndpoint"}, kind, 1)
    answer = zilliz.register(ask=zilliz.ask)
    assert answer.status_code == status
    assert (answer.get_json(silent=True) or {}).get("code") == code
    assert zilliz.world.log.since(0)[-1]["outcome"] == f"fault:{kind}" and answer.headers["requestid"]
    zilliz.wait(60)
    assert zilliz.status() is None


def test_the_log_tells_what_was_asked(zilliz):
    zilliz.register()
    zilliz.ask("GET", "projects/nonsense/privateEndpoints")
    post, get = zilliz.world.log.since(0)
    assert (post["operation"], post["mutating"], post["outcome"]) == ("CreatePrivateEndpoint", True, "ok")
    assert (post["project_id"], post["region_id"], post["endpoint_id"]) == (given.AWS_PROJECT, REGION, ENDPOINT)
    assert (get["operation"], get["mutating"], get["outcome"], get["code"]) == (
        "ListPrivateEndpoints", False, "96005", 96005)
    assert given.API_KEY not in str(zilliz.world.log.since(0))


# --- drift ---


def test_a_lost_registration(zilliz):
    zilliz.linked()
    zilliz.world.drift("lose_registration")
    assert zilliz.status() is None and zilliz.aws.endpoints[ENDPOINT]["state"] == "available"
    assert zilliz.register(ask=zilliz.code) == 0             # and it can be made again
    zilliz.wait(60)
    zilliz.world.drift("lose_registration", endpoint_id=ENDPOINT, reject=True)
    assert zilliz.aws.endpoints[ENDPOINT]["state"] == "rejected"


def test_a_rejected_registration(zilliz):
    zilliz.linked()
    zilliz.world.drift("reject_registration", endpoint_id=ENDPOINT)
    assert zilliz.status() == "REJECTED" and zilliz.aws.endpoints[ENDPOINT]["state"] == "rejected"


def test_stale_and_foreign_registrations(zilliz):
    zilliz.world.switch({"stale_status": "DELETED"})
    stale = zilliz.world.drift("stale_registration")["endpoint_id"]
    foreign = zilliz.world.drift("foreign_registration")["endpoint_id"]
    assert {r["endpointId"]: r["endpointStatus"] for r in zilliz.rows()} == {stale: "DELETED", foreign: "AVAILABLE"}
    with pytest.raises(BadRequest):
        zilliz.world.drift("foreign_registration", endpoint_id=foreign)
    with pytest.raises(BadRequest):
        zilliz.world.drift("stale_registration", region_id="aws-ap-southeast-1")


def test_a_changed_link_stays_changed(zilliz):
    zilliz.linked()
    one = zilliz.cluster("prod-01")["clusterId"]
    new = zilliz.world.drift("change_link", cluster_id=one)["private_link_address"]
    assert new == "https://in01-840ec44485bf25d-privatelink-2.aws-us-west-2.vectordb.zillizcloud.com:19531"
    new = zilliz.world.drift("change_link", cluster_id=one, port=19540)["private_link_address"]
    assert new.endswith("-privatelink-2.aws-us-west-2.vectordb.zillizcloud.com:19540")
    assert zilliz.cluster("prod-01")["privateLinkAddress"] == new
    with pytest.raises(BadRequest, match="no private link"):
        zilliz.world.drift("change_link", cluster_id=zilliz.cluster("night-off")["clusterId"])


def test_every_drift_kind_is_known(zilliz):
    assert set(zilliz.world.zilliz.DRIFTS) == {n[7:] for n in dir(zilliz.world.zilliz) if n.startswith("_drift_")}


def test_every_switch_is_used(zilliz):
    source = open(zilliz.world.zilliz.reset.__func__.__code__.co_filename, encoding="utf-8").read()
    assert [name for name in zilliz.world.zilliz.SWITCHES if f'self["{name}"]' not in source] == []
