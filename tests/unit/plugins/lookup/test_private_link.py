# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
import yaml
from ansible import constants
from ansible.errors import AnsibleError
from ansible_collections.zilliz.cloud.plugins.doc_fragments.zilliz import ModuleDocFragment
from ansible_collections.zilliz.cloud.plugins.lookup import private_link
from ansible_collections.zilliz.cloud.plugins.module_utils import _http
from sandbox.scenario import AWS_PROJECT, MANY_PROJECT

KEY = "8f3b1c6de94a7052b1f0c8d2a6e37f59104bc2d8e6a97f30d5c41b82e09f6a73c5d18b04"
CLUSTER = "in01-840ec44485bf25d"
HOST = f"{CLUSTER}-privatelink.aws-us-west-2.vectordb.zillizcloud.com"


def make():
    """The lookup as Ansible's loader makes it, from its documentation, without the collection being installed."""
    lookup = private_link.LookupModule()
    lookup._load_name = "zilliz.cloud.private_link"
    options = {
        **yaml.safe_load(ModuleDocFragment.PLUGIN)["options"],
        **yaml.safe_load(private_link.DOCUMENTATION)["options"],
    }
    constants.config.initialize_plugin_configuration_definitions("lookup", lookup._load_name, options)
    return lookup


@pytest.fixture
def look_up(zilliz):
    def run(*terms, **options):
        return make().run(list(terms), variables={}, **{"api_key": KEY, "host_address": zilliz.url, **options})

    return run


@pytest.fixture
def linked(zilliz):
    zilliz.world.zilliz.clusters[CLUSTER]["privateLinkAddress"] = f"https://{HOST}:19531"


@pytest.mark.parametrize(("part", "value"), [("url", f"https://{HOST}:19531"), ("host", HOST), ("port", 19531)])
def test_the_parts_of_an_address(look_up, linked, part, value):
    assert look_up(CLUSTER, part=part) == [value]
    assert look_up(CLUSTER, CLUSTER, part=part) == [value, value]


def test_a_name_with_its_project(look_up, linked):
    assert look_up("prod-01", project_id=AWS_PROJECT, part="host") == [HOST]
    assert look_up("prod-01", project_id=AWS_PROJECT, region_id="aws-us-west-2", part="host") == [HOST]


def test_a_name_that_occurs_twice(look_up, linked):
    with pytest.raises(AnsibleError, match="3 Zilliz Cloud clusters named 'prod-01'.*Give the id or project_id") as caught:
        look_up("prod-01")
    assert AWS_PROJECT in str(caught.value) and MANY_PROJECT in str(caught.value)


def test_a_dropped_cluster_gives_its_name_free(look_up, linked, zilliz):
    zilliz.world.zilliz.clusters["in01-0"] = dict(
        zilliz.world.zilliz.clusters[CLUSTER], clusterId="in01-0", status="DELETED"
    )
    assert look_up("prod-01", project_id=AWS_PROJECT, part="host") == [HOST]


@pytest.mark.parametrize(
    ("term", "words"),
    [
        ("nothing", "There is no Zilliz Cloud cluster 'nothing'. There is: "),
        ("prod-02", "has no private link: Zilliz Cloud has not allocated"),
        ("night-off", "resume it"),
        ("try-out", "Dedicated"),
    ],
)
def test_errors_say_why(look_up, term, words):
    with pytest.raises(AnsibleError) as caught:
        look_up(term, project_id=AWS_PROJECT)
    assert words in str(caught.value)


def test_the_key_may_come_from_either_variable(zilliz, monkeypatch, linked):
    monkeypatch.setenv("ZILLIZCLOUD_API_KEY", "")
    monkeypatch.setenv("ZILLIZ_API_KEY", KEY)
    monkeypatch.setenv("ZILLIZCLOUD_HOST_ADDRESS", zilliz.url)
    assert make().run([CLUSTER], variables={}, part="port") == [19531]


def test_an_empty_address_counts_as_none(zilliz, monkeypatch, linked):
    """AWX makes one of a credential's field that was left open."""
    monkeypatch.setattr(_http, "GLOBAL_HOST", zilliz.url)
    monkeypatch.setenv("ZILLIZCLOUD_HOST_ADDRESS", "")
    assert make().run([CLUSTER], variables={}, api_key=KEY, part="port") == [19531]


def test_trouble_is_an_ansible_error_without_the_key(look_up):
    with pytest.raises(AnsibleError, match="was not accepted") as caught:
        look_up(CLUSTER, api_key="w" * 40)
    assert "w" * 40 not in str(caught.value)
    with pytest.raises(AnsibleError, match="api_key is empty"):
        look_up(CLUSTER, api_key=None)
