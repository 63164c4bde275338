# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody else does around a link: nothing of it is the link's own."""
from __future__ import annotations

from typing import Any, Callable

from ..core import BadRequest
from . import landscape
from .accounts import MAIN


class Around:
    """Drifts, for the class of all drifts."""

    # What they have from it.
    aws: Any
    _zone: Callable
    _new_zone: Callable

    def nacl_blocks(self, direction="ingress", ports=None, cidr="0.0.0.0/0", subnet_ids=None, vpc_id=landscape.VPC, rule_number=50):
        """A deny before every allow; of single subnets by a list of their own. Default: the links' ports, or the way back of `egress`."""
        backend = next((one for _a, _r, one in self.aws.ec2.backends() if vpc_id in one.vpcs), None)
        if backend is None:
            raise BadRequest(f"There is no VPC {vpc_id}.")
        acl = next(one for one in backend.network_acls.values() if one.default and one.vpc_id == vpc_id)
        first, last = ports or ([1024, 65535] if direction == "egress" else [19000, 20000])
        if subnet_ids:
            default, acl = acl, backend.create_network_acl(vpc_id)
            for egress in (True, False):
                self.aws.surroundings.add_entry(acl, 100, egress, "allow", "0.0.0.0/0")
                self.aws.surroundings.add_entry(acl, 32767, egress, "deny", "0.0.0.0/0")
            for one in list(default.associations):
                if one.subnet_id in subnet_ids:
                    backend.replace_network_acl_association(one.id, acl.id)
        self.aws.surroundings.add_entry(acl, rule_number, direction == "egress", "deny", cidr, "6", first, last)
        return {"network_acl_id": acl.id, "rule_number": rule_number}

    def resolver_rule(self, domain=None, type="FORWARD", targets=("10.70.0.53",), vpc_id=landscape.VPC, region=landscape.REGION, account=MAIN):
        """Default: a rule that sends the marked zone's name to somebody else's name servers."""
        rule_id = self.aws.surroundings.add_rule(account, region, vpc_id, domain or self._zone(None).name, type, list(targets))
        return {"resolver_rule_id": rule_id, "vpc_id": vpc_id}

    def profile_zone(self, name=None, vpc_id=landscape.VPC, region=landscape.REGION, account=MAIN, owner=MAIN):
        """A private zone that a Route 53 profile brings into the VPC. Default: one that is under the marked zone's name."""
        zone_id = self._new_zone(name or self._zone(None).name, owner, landscape.SECOND_VPC, region, "of a profile", {}, [])["zone_id"]
        return {"profile_id": self.aws.surroundings.add_profile(account, region, vpc_id, zone_id, owner), "zone_id": zone_id}

    def quota_small(self, endpoints=None, vpc_id=landscape.VPC):
        """Default: as many endpoints as there are."""
        count = sum(one.vpc_id == vpc_id for one in self.aws.endpoints.all.values())
        self.aws.world.switches["aws_endpoint_quota"] = count if endpoints is None else endpoints
        return {"endpoint_quota": self.aws.world.switches["aws_endpoint_quota"]}
