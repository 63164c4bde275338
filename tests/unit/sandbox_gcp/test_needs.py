# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a call needs of IAM, and how it is refused without."""
from __future__ import annotations

import pytest

from unit.sandbox_gcp.google_side import HOST, VPC, Refused, Side


@pytest.fixture
def side():
    return Side()


def needs(side, operation=None):
    return [one for one in side.world.log.since() if operation in (None, one["operation"])][-1]["needs"]


def refused(ask, **more):
    with pytest.raises(Refused) as caught:
        ask(**more)
    assert caught.value.status == 403
    return caught.value.message


def test_an_address_names_what_is_missing_one_after_the_other(side):
    wanted = ["compute.addresses.create", "compute.addresses.createInternal", "compute.subnetworks.use"]
    for number, name in enumerate(wanted):
        side.world.switches["gcp_allowed"] = wanted[:number] or ["nothing"]
        assert refused(side.address).startswith(f"Required '{name}' permission for 'projects/my-project/")
    side.world.switches["gcp_allowed"] = [*wanted, "compute.addresses.get"]
    side.address()
    assert needs(side, "compute.addresses.insert") == wanted


def test_a_zone_binds_its_networks_and_cloud_dns_does_not_say_so(side):
    side.world.switches["gcp_allowed"] = ["dns.managedZones.create"]
    assert refused(side.zone) == "Forbidden"
    side.world.switches["gcp_allowed"] = ["dns.managedZones.create", "my-project/dns.networks.bindPrivateDNSZone"]
    side.zone()
    assert needs(side) == ["dns.managedZones.create", "dns.networks.bindPrivateDNSZone"]
    side.world.switches["gcp_allowed"] = []
    side.dns("PATCH", "/managedZones/z", {"labels": {"team": "data"}, "privateVisibilityConfig": {"networks": [{"networkUrl": VPC}]}})
    assert needs(side) == ["dns.managedZones.update"]


def test_records_that_come_change_and_go(side):
    side.zone()
    old, new = ({"name": f"{HOST}.", "type": "A", "ttl": 60, "rrdatas": [value]} for value in ("10.0.0.1", "10.0.0.2"))
    for additions, deletions, words in (([old], [], ["create"]), ([new], [old], ["create", "delete", "update"]), ([], [new], ["delete"])):
        side.change(additions, deletions)
        assert needs(side) == ["dns.changes.create", *[f"dns.resourceRecordSets.{word}" for word in words]]
