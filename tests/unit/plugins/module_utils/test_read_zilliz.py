# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.zilliz.cloud.plugins.module_utils._client import ZillizError
from ansible_collections.zilliz.cloud.plugins.module_utils._read_zilliz import empty, read_public_endpoints

URL = "https://in01-1-privatelink.example.com:19531"


class Client:
    """Tells of clusters a and c that their public endpoints are on, and of b nothing at all."""

    def __init__(self):
        self.asked = []

    def cluster(self, cluster_id):
        self.asked.append(cluster_id)
        if cluster_id == "in01-b":
            raise ZillizError("no rights on this cluster")
        return {"public_address_enabled": True}


def read(**named):
    found, client = empty(), Client()
    found["clusters"] = [{"cluster_id": f"in01-{name}", "cluster_name": name, "private_link_address": URL} for name in "abc"]
    found["clusters"] += [{"cluster_id": "in01-d", "cluster_name": "d", "private_link_address": ""}]
    read_public_endpoints(client, {"cluster_ids": [], "cluster_names": [], **named}, found)
    return found, sorted(client.asked)


def test_each_cluster_with_a_link_is_asked_and_a_refusal_is_kept():
    found, asked = read()
    assert asked == ["in01-a", "in01-b", "in01-c"]
    assert [row.get("public_address_enabled") for row in found["clusters"]] == [True, None, True, None]
    assert list(found["untold"]) == ["in01-b"] and "no rights" in found["untold"]["in01-b"] and found["problems"] == []


def test_only_the_named_ones_are_asked():
    assert read(cluster_names=["a"])[1] == ["in01-a"]
    assert read(cluster_ids=["in01-c"], cluster_names=["a"])[1] == ["in01-a", "in01-c"]
