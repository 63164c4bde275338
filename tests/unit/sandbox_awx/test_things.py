# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests in general, execution environments, projects, inventories and hosts, row by row as measured."""

from __future__ import annotations

import pytest

from unit.sandbox_awx.awx_side import BROKEN, MEASURED, compare, play


def without(body):
    return {name: value for name, value in body.items() if value is not ...}


def wrong_token(side):
    answer = side.client.get("/api/v2/me/", headers={"Authorization": "Bearer wrong"})
    return answer.status_code, answer.get_json()


def environment(**more):
    return without({"name": "N", "image": "localhost/x:1", **more})


def environment_with_credential(side):
    return side.ask("POST", "execution_environments/", environment(credential=side.ids["credential"]))


def project(**more):
    return lambda side: side.ask("POST", "projects/", without({"name": "N", "organization": side.ids["org"], "scm_type": "", **more}))


def git(**more):
    return project(scm_type="git", **more)


def pending_update(side):
    for _before in range(3):
        side.ok("POST", f"job_templates/{side.ids['free']}/launch/", {})
    side.awx.hold_updates = True
    number = side.ok("POST", "projects/", {"name": "N", "scm_type": "git", "scm_url": "https://git.example.com/x.git"})["id"]
    return side.ask("DELETE", f"projects/{number}/")


def inventory(**more):
    return lambda side: side.ask("POST", "inventories/", without({"name": "N", "organization": side.ids["org"], **more}))


def host(**more):
    return lambda side: side.ask("POST", "hosts/", without({"name": "h", "inventory": side.ids["inventory"], **more}))


def second_host(side):
    host()(side)
    return host()(side)


TABLES = {
    "other": {
        "no authentication": lambda side: side.ask("GET", "organizations/", auth=None),
        "wrong password": lambda side: side.ask("GET", "me/", auth=("admin", "x")),
        "wrong bearer token": wrong_token,
        "unknown id": lambda side: side.ask("GET", "job_templates/9999/"),
        "unknown path": None,
        "unknown filter field": None,
        "bad JSON": lambda side: side.ask("POST", "organizations/", data='{"name": }'),
        "JSON list body": [],
        "method not allowed": {},
        "POST without a body": None,
        "organization same name": {"name": "Net"},
        "organization name 513 characters": {"name": "x" * 513},
        "organization max_hosts -1": {"name": "N", "max_hosts": -1},
    },
    "execution_environment": {
        "valid": environment(),
        "image missing": environment(image=...),
        "image empty": environment(image=""),
        "image with scheme": environment(image="https://x/y:1"),
        "image with space": environment(image="a b"),
        "image upper-case repo": environment(image="localhost/X:1"),
        "image with bad tag": environment(image="localhost/x:!!"),
        'pull "sometimes"': environment(pull="sometimes"),
        "pull always": environment(pull="always"),
        "same name as existing": environment(name="EE"),
        "credential of wrong type": environment_with_credential,
        "organization null (global)": environment(organization=None),
    },
    "project": {
        "manual, path already used": project(local_path="demo"),
        "manual, path does not exist": project(local_path="nowhere"),
        "manual, path missing": project(),
        "manual, path outside root": project(local_path="../etc"),
        'scm_type "manual" sent as is': project(scm_type="manual"),
        "scm_type svnx": project(scm_type="svnx"),
        "git without scm_url": git(),
        "git bad scheme": git(scm_url="gopher://x/y"),
        "git file:// url": git(scm_url="file:///srv/x"),
        "organization missing": git(organization=..., scm_url="https://git.example.com/x.git"),
        "scm_refspec on manual": project(local_path="demo", scm_refspec="refs/*"),
        "name missing": project(name=..., local_path="spare"),
        "default_environment unknown": project(default_environment=9999),
        "scm_update_cache_timeout negative": project(scm_update_cache_timeout=-1),
        "allow_override on manual": project(local_path="demo", allow_override=True),
        "git plain path url": git(scm_url="/srv/x"),
        "DELETE while its first update is pending": pending_update,
    },
    "inventory": {
        "valid": inventory(),
        "organization missing": inventory(organization=...),
        "same name in org": inventory(name="I"),
        "variables broken YAML/JSON": inventory(variables=BROKEN),
        "variables a JSON list string": inventory(variables="[1]"),
        "variables an object": inventory(variables={}),
        "variables a plain word": inventory(variables="word"),
        'kind "dynamic"': inventory(kind="dynamic"),
        "smart with bad host_filter": inventory(kind="smart", host_filter="name="),
        "host_filter on normal inventory": inventory(host_filter="name=x"),
        "DELETE (asynchronous)": lambda side: side.ask("DELETE", f"inventories/{side.ids['inventory']}/"),
    },
    "host": {
        "same name in inventory": second_host,
        "variables broken": host(variables=BROKEN),
        "inventory missing": host(inventory=...),
        "empty name": host(name=""),
        "name with port": host(name="h:22"),
        "name with bad port": host(name="h:99999999"),
    },
}


@pytest.mark.parametrize("group, label", [(group, label) for group in TABLES for label in MEASURED[group]])
def test_measured(side, group, label):
    compare(group, label, play(side, group, label, TABLES[group]))


def test_a_token_counts_until_it_is_given_back(side):
    token = side.ok("POST", "tokens/", {"scope": "write"})
    answer = side.client.get("/api/v2/me/", headers={"Authorization": f"Bearer {token['token']}"})
    assert answer.status_code == 200 and answer.headers["X-API-Product-Version"] == "24.6.1"
    side.ok("DELETE", f"tokens/{token['id']}/")
    assert side.client.get("/api/v2/me/", headers={"Authorization": f"Bearer {token['token']}"}).status_code == 401


def test_lists_are_filtered_ordered_and_paged(side):
    for number in range(5):
        side.ok("POST", "hosts/", {"name": f"h{number}", "inventory": side.ids["inventory"]})
    first = side.get("hosts/?page_size=2&order_by=-name")
    assert (first["count"], [one["name"] for one in first["results"]]) == (5, ["h4", "h3"])
    second = side.get(first["next"].removeprefix("/api/v2/"))
    assert [one["name"] for one in second["results"]] == ["h2", "h1"]
    assert side.get("hosts/?name=h1&inventory=1")["count"] == 1
    assert side.get("hosts/?or__id=1&or__name=h3")["count"] == 2
    assert side.get("hosts/?inventory__name=I")["count"] == 5
    assert side.get("hosts/?name__in=h1,h2&not__name=h1")["count"] == 1


def test_a_project_lists_playbooks_after_its_update(side):
    side.awx.hold_updates = True
    side.make("git", "projects", {"name": "G", "scm_type": "git", "scm_url": "https://git.example.com/x.git"})
    assert side.get(f"projects/{side.ids['git']}/playbooks/") == []
    assert side.get(f"projects/{side.ids['git']}/")["summary_fields"]["current_update"]["status"] == "pending"
    side.awx.hold_updates = False
    assert side.get(f"projects/{side.ids['git']}/")["status"] == "successful"
    assert side.get(f"projects/{side.ids['git']}/playbooks/") == ["playbooks/site.yml"]


def test_a_repository_that_is_not_there_fails_its_update(side):
    side.make("git", "projects", {"name": "G", "scm_type": "git", "scm_url": "https://git.example.com/gone.git"})
    assert side.get(f"projects/{side.ids['git']}/")["status"] == "failed"


def test_what_hangs_on_an_organization_goes_with_it_or_is_left_without(side):
    side.ok("POST", "labels/", {"name": "l", "organization": side.ids["org"]})
    side.ok("DELETE", f"organizations/{side.ids['org']}/")
    assert side.get("inventories/")["count"] == side.get("labels/")["count"] == 0
    assert side.get(f"projects/{side.ids['project']}/")["organization"] is None
