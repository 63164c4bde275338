# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection's own probe through the sandbox's data plane: each fault has its verdict, and no healthy path is called faulty."""
from __future__ import annotations

import pytest
from ansible_collections.zilliz.cloud.plugins.module_utils import _probe
from sandbox.core import World

from .clients import AwsLink, GoogleLink

VERDICTS = {
    "hang": "hangs", "refuse": "refused", "reset": "closed", "close": "closed", "mute": "no_answer", "not_tls": "not_tls",
    "wrong_certificate": "wrong_certificate", "endpoint_certificate": "wrong_certificate", "untrusted_certificate": "untrusted_certificate",
    "expired_certificate": "expired_certificate", "silent": "no_answer", "odd_answer": "odd_answer", "cluster_down": "cluster_down",
    "call_fails": "call_failed", "resolver_silent": "resolver_silent", "one_address_hangs": "partly",
}


@pytest.fixture(scope="module")
def whole():
    world = World(speed=0)
    yield world
    world.dataplane.stop()


@pytest.fixture
def world(whole):
    whole.reset(switches={"loopback": True})
    return whole


def probed(link, tmp_path, token=None, resolver=None, host=None, expected=True, port=None, public=False):
    authority = tmp_path / "ca.pem"
    authority.write_text(link.plane.certificates.authority_pem, encoding="utf-8")
    link.plane.sync()
    probe = _probe.Probe(_probe.tls_context(str(authority)), _probe.read_resolver(resolver or link.resolver), timeout=1, token=token or "", public=public)
    entry = {"host": host or link.host, "port": port or link.port, "public_host": "" if public else link.public_host}
    links, problems = _probe.read_links([entry], link.addresses if expected else ())
    assert problems == []
    return probe.run(links)[0]


@pytest.mark.parametrize("cloud", [AwsLink, GoogleLink])
@pytest.mark.parametrize("expected", [True, False])
def test_a_healthy_path_is_healthy(world, tmp_path, cloud, expected):
    link = cloud(world)
    for token in (None, link.data["token"], link.data["user_token"]):
        found = probed(link, tmp_path, token, expected=expected)
        assert found["verdict"] == "healthy", found
    assert found["addresses"] == link.addresses
    outside = probed(link, tmp_path, resolver=link.data["outside_resolver"], host=link.public_host, expected=False, public=True,
                     port=int(link.cluster["connectAddress"].rpartition(":")[2]))
    assert outside["verdict"] == "healthy", outside


@pytest.mark.parametrize("form", ["http", "envelope"])
def test_a_bad_key_is_no_bad_path(world, tmp_path, form):
    link = AwsLink(world)
    world.switch({"loopback_bad_key": form})
    assert probed(link, tmp_path, token="no-such-key")["verdict"] == "key_refused"


@pytest.mark.parametrize("fault", VERDICTS)
def test_a_fault_has_its_verdict(world, tmp_path, fault):
    link = AwsLink(world)
    world.drift(f"data_plane_{fault}")
    found = probed(link, tmp_path, token=link.data["token"])
    assert found["verdict"] == VERDICTS[fault], found


def test_names_that_go_wrong(world, tmp_path):
    link = AwsLink(world)
    assert probed(link, tmp_path, resolver=link.data["second_resolver"])["verdict"] == "no_private_dns"
    assert probed(link, tmp_path, host=link.endpoint_name)["verdict"] == "endpoint_name_used"
    world.drift("data_plane_public_answer")
    for expected in (True, False):
        found = probed(link, tmp_path, resolver=link.data["second_resolver"], expected=expected)
        # Where nobody is: a connection would have been tried for a second.
        assert found["verdict"] == "public_address" and [one["stage"] for one in found["stages"]] == ["resolve"], found
    world.drift("record_change", zone_id=link.zone_id, values=[link.addresses[0].rpartition(".")[0] + ".99"])
    assert probed(link, tmp_path)["verdict"] == "wrong_address"
