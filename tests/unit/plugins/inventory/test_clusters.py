# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest
import yaml
from ansible import constants
from ansible.errors import AnsibleError
from ansible.inventory.data import InventoryData
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.doc_fragments.constructed import ModuleDocFragment as Constructed
from ansible.plugins.doc_fragments.inventory_cache import ModuleDocFragment as Cache
from ansible_collections.zilliz.cloud.plugins.doc_fragments.zilliz import ModuleDocFragment as Zilliz
from ansible_collections.zilliz.cloud.plugins.inventory import clusters
from ansible_collections.zilliz.cloud.plugins.module_utils import _http
from sandbox.scenario import AWS_PROJECT, GCP_PROJECT

KEY = "8f3b1c6de94a7052b1f0c8d2a6e37f59104bc2d8e6a97f30d5c41b82e09f6a73c5d18b04"
CLUSTER = "in01-840ec44485bf25d"
HOST = f"{CLUSTER}-privatelink.aws-us-west-2.vectordb.zillizcloud.com"
HERE = {"filters": [f"project_id == '{AWS_PROJECT}'"]}


def make():
    """The plugin as Ansible's loader makes it, from its documentation, without the collection being installed."""
    plugin = clusters.InventoryModule()
    plugin._load_name = plugin.ansible_name = "zilliz.cloud.clusters"
    plugin._redirected_names = ["zilliz.cloud.clusters"]
    options = {}
    for text in (Zilliz.PLUGIN, Constructed.DOCUMENTATION, Cache.DOCUMENTATION, clusters.DOCUMENTATION):
        options.update(yaml.safe_load(text)["options"])
    constants.config.initialize_plugin_configuration_definitions("inventory", plugin._load_name, options)
    return plugin


@pytest.fixture
def parse(zilliz, tmp_path):
    def run(read_cache=True, **options):
        path = tmp_path / "zilliz.yml"
        options = {"plugin": "zilliz.cloud.clusters", "api_key": KEY, "host_address": zilliz.url, **options}
        path.write_text(json.dumps({name: value for name, value in options.items() if value is not None}), encoding="utf-8")
        plugin, found = make(), InventoryData()
        assert plugin.verify_file(str(path))
        plugin.parse(found, DataLoader(), str(path), read_cache)
        if options.get("cache"):
            plugin.update_cache_if_changed()
        found.reconcile_inventory()
        return found

    return run


def refused(parse, **options):
    with pytest.raises(AnsibleError) as caught:
        parse(**options)
    assert KEY not in str(caught.value)
    return str(caught.value)


def hosts(found, group):
    return sorted(host.name for host in found.groups[group].get_hosts()) if group in found.groups else []


@pytest.fixture
def linked(zilliz):
    zilliz.world.zilliz.clusters[CLUSTER]["privateLinkAddress"] = f"https://{HOST}:19531"


def test_a_cluster_with_its_link(parse, linked):
    found = parse(**HERE)
    host = found.hosts[CLUSTER].vars
    assert (host["private_link_host"], host["private_link_port"]) == (HOST, 19531)
    assert host["private_link_url"] == host["private_link_address"] == f"https://{HOST}:19531"
    assert host["private_link_ready"] is True and host["private_link_reason"] is None
    assert (host["project_id"], host["cloud_id"], host["cluster_name"]) == (AWS_PROJECT, "aws", "prod-01")
    for group in ("project_proj_4487580fcfe2c8a4391686", "region_aws_us_west_2", "plan_enterprise", "status_running"):
        assert CLUSTER in hosts(found, group)


def test_a_cluster_without_a_link_says_why(parse):
    found = parse(hostname="cluster_name", **HERE)
    assert "resume it" in found.hosts["night-off"].vars["private_link_reason"]
    assert found.hosts["night-off"].vars["private_link_url"] is None
    assert hosts(found, "plan_free") == [] and "sparse-traffic" in hosts(found, "plan_serverless")


def test_every_page_is_read_and_dropped_clusters_are_left_out(parse, zilliz):
    zilliz.world.zilliz.clusters[CLUSTER]["status"] = "DELETED"
    found = parse()
    assert len(found.hosts) == len(zilliz.world.zilliz.clusters) - 1 > 200
    assert CLUSTER not in found.hosts


def test_the_constructed_options(parse, linked):
    found = parse(
        compose={"uri": "private_link_url", "nothing": "no_such_variable"},
        groups={"mine": "private_link_ready", "odd name": "cluster_name == 'prod-02'"},
        keyed_groups=[{"key": "cloud_id", "prefix": "cloud"}], **HERE)
    assert found.hosts[CLUSTER].vars["uri"] == f"https://{HOST}:19531"
    assert hosts(found, "mine") == [CLUSTER] and len(hosts(found, "odd_name")) == 1
    assert len(hosts(found, "cloud_aws")) == len(found.hosts)
    assert "no_such_variable" in refused(parse, compose={"nothing": "no_such_variable"}, strict=True, **HERE)


def test_a_host_for_each_project_and_region(parse, linked):
    found = parse(host_per="project_region", filters=[f"project_id in ['{AWS_PROJECT}', '{GCP_PROJECT}']", "plan == 'Enterprise'"],
                  compose={"aws_private_link_project_id": "project_id"}, groups={"private_links": "cloud_id == 'aws'"})
    assert sorted(found.hosts) == [f"{AWS_PROJECT}_aws-us-west-2", f"{GCP_PROJECT}_gcp-us-west1"]
    assert hosts(found, "private_links") == hosts(found, "region_aws_us_west_2") == [f"{AWS_PROJECT}_aws-us-west-2"]
    variables = found.hosts[f"{AWS_PROJECT}_aws-us-west-2"].vars
    assert variables["aws_private_link_project_id"] == AWS_PROJECT
    assert CLUSTER in [one["cluster_id"] for one in variables["clusters"]]


def test_a_name_that_occurs_twice_or_would_be_misread(parse, zilliz):
    told = refused(parse, hostname="cluster_name")
    assert "all named" in told and "set hostname to cluster_id" in told
    for name in ("localhost", "a,b", "../x", "", "all", "[1:9]"):
        zilliz.world.zilliz.clusters[CLUSTER]["clusterName"] = name
        assert f"{CLUSTER} cannot be a host by its cluster_name '{name}'" in refused(parse, hostname="cluster_name", **HERE)
    assert CLUSTER in parse(**HERE).hosts


def test_text_of_others_is_never_a_template(parse, zilliz):
    zilliz.world.zilliz.clusters[CLUSTER]["clusterName"] = "{{ 6 * 7 }}"
    found = parse(compose={"again": "cluster_name"}, **HERE)
    assert found.hosts[CLUSTER].vars["again"] == "{{ 6 * 7 }}"


@pytest.mark.parametrize(("options", "words"), [
    ({"filter": ["true"]}, "There is no option filter"),
    ({"filters": ["regoin_id == 'x'"]}, "The filter regoin_id == 'x' cannot be used for cluster"),
    ({"filters": ["status =="]}, "The filter status == cannot be used for cluster"),
    ({"host_per": "vpc"}, "host_per"),
    ({"api_key": "{{ no_such_variable }}"}, "api_key cannot be found out"),
    ({"api_key": "w" * 40}, "was not accepted"),
    ({"api_key": None}, "api_key is empty"),
    ({"host_address": "ftp://x"}, "host_address"),
])
def test_bad_input(parse, monkeypatch, options, words):
    for name in ("ZILLIZCLOUD_API_KEY", "ZILLIZ_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    told = refused(parse, **options)
    assert words in told and "w" * 40 not in told


def test_an_empty_address_counts_as_none(parse, zilliz, monkeypatch):
    """AWX makes one of a credential's field that was left open."""
    monkeypatch.setattr(_http, "GLOBAL_HOST", zilliz.url)
    monkeypatch.setenv("ZILLIZCLOUD_HOST_ADDRESS", "")
    assert CLUSTER in parse(host_address=None).hosts and CLUSTER in parse(host_address="").hosts


def test_the_key_may_be_a_template_and_is_no_variable(parse):
    found = parse(api_key="{{ '%s' ~ '%s' }}" % (KEY[:9], KEY[9:]), **HERE)
    assert CLUSTER in found.hosts and KEY not in json.dumps([host.vars for host in found.hosts.values()])


@pytest.mark.parametrize(("name", "ours"), [
    ("zilliz.yml", True), ("prod.zilliz.yaml", True), ("clusters.yml", True), ("eu-clusters.yaml", True),
    ("inventory.yml", False), ("zilliz.json", False), ("zilliz.yml.bak", False),
])
def test_which_files_are_for_it(tmp_path, name, ours):
    assert not make().verify_file(str(tmp_path / name))
    (tmp_path / name).write_text("plugin: zilliz.cloud.clusters\n", encoding="utf-8")
    assert make().verify_file(str(tmp_path / name)) == ours


@pytest.fixture
def cached(parse, zilliz, tmp_path):
    """The number of calls that a further reading makes."""
    options = {"cache": True, "cache_plugin": "jsonfile", "cache_connection": str(tmp_path / "kept"), **HERE}

    def run(read_cache=True, **more):
        start = len(zilliz.world.log.since(0))
        found = parse(read_cache, **options, **more)
        assert CLUSTER in found.hosts
        return len(zilliz.world.log.since(0)) - start

    return run


def test_a_second_reading_needs_no_call(cached, tmp_path):
    assert cached() > 0
    assert cached() == 0
    # As --flush-cache does it.
    assert cached(read_cache=False) > 0
    kept = [path.read_text(encoding="utf-8") for path in (tmp_path / "kept").iterdir()]
    assert kept and not any(KEY in text for text in kept)


def test_what_one_key_saw_is_not_for_another(cached, parse, zilliz):
    assert cached() > 0
    with pytest.raises(AnsibleError, match="was not accepted"):
        cached(api_key="w" * 40)


@pytest.mark.parametrize("text", list(filter(str.strip, clusters.EXAMPLES.split("---\n"))))
def test_every_example_is_one(parse, linked, tmp_path, text):
    options = yaml.safe_load(text)
    assert set(options) <= set(make().option_definitions)
    found = parse(**dict(options, cache_plugin="jsonfile", cache_connection=str(tmp_path / "kept"), filters=[*options.get("filters", []), *HERE["filters"]]))
    assert found.hosts
