# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reserved addresses. The sandbox has internal ones in subnetworks: all that an endpoint can have."""
from __future__ import annotations

import ipaddress

from .protocol import GoogleError
from .store import Labelled

PURPOSES = ("GCE_ENDPOINT", "SHARED_LOADBALANCER_VIP")


class Addresses(Labelled):
    kind, collection, parameter = "address", "addresses", "address"
    fingerprints = ("labelFingerprint",)

    def count(self, project, region):
        return sum(key[:2] == (project, region) for key in self.all)

    def insert(self, call):
        body, compute = call.body, self.gcp.compute
        key = self.free_name(call)
        if body.get("addressType", "EXTERNAL") != "INTERNAL":
            if body.get("subnetwork") or body.get("purpose"):
                raise GoogleError(400, "invalid", "Invalid value for field 'resource.addressType': 'EXTERNAL'. "
                                  "Subnetwork and purpose can only be specified for internal addresses.")
            raise GoogleError(403, "quotaExceeded", "Quota 'STATIC_ADDRESSES' exceeded.  Limit: 0.0 in region "
                              f"{key[1]}.", domain="usageLimits")
        if body.get("network"):
            raise GoogleError(400, "invalid", f"Invalid value for field 'resource.network': '{body['network']}'. "
                              "Network cannot be specified for a regional internal address; specify a subnetwork.")
        if body.get("purpose", PURPOSES[0]) not in PURPOSES:
            raise GoogleError(400, "invalid", f"Invalid value for field 'resource.purpose': '{body['purpose']}'. "
                              f"A regional internal address cannot have the purpose {body['purpose']}.")
        if body.get("networkTier", "PREMIUM") != "PREMIUM" or body.get("prefixLength"):
            raise GoogleError(400, "invalid", "Invalid value for field 'resource.networkTier': the network tier and the prefix length "
                              "cannot be chosen for a regional internal address.")
        if not body.get("subnetwork"):
            # Without one Google looks in the network "default", which none of these projects has.
            raise GoogleError(404, "notFound", f"The resource 'projects/{call.project}/regions/{key[1]}/subnetworks/default' was not found")
        subnet_key, subnet = compute.subnetworks.usable(call, body["subnetwork"], "resource.subnetwork")
        wanted = body.get("address")
        if wanted:
            self._fits(wanted, subnet, body["subnetwork"])
            if wanted in self.taken(subnet_key):
                raise GoogleError(400, "invalid", f"Invalid value for field 'resource.address': '{wanted}'. Specified IP address is already reserved.")
        self.quota(call, "INTERNAL_ADDRESSES", self.gcp.switch("gcp_addresses_quota"), self.count(*key[:2]), f"in region {key[1]}")
        made = self.new(key, {"addressType": "INTERNAL", "purpose": PURPOSES[0], "networkTier": "PREMIUM", **body, "subnetwork": subnet["selfLink"]})
        made["status"] = "RESERVING"
        self.all[key] = made

        def finish():
            made["address"] = wanted or self._free(subnet_key, subnet)
            made["status"] = "RESERVED"

        return self.changed(call, key, finish, lambda: self.all.pop(key, None))

    def _fits(self, wanted, subnet, text):
        try:
            address = ipaddress.ip_address(wanted)
        except ValueError:
            raise GoogleError(400, "invalid", f"Invalid value for field 'resource.address': '{wanted}'. Invalid IP address.") from None
        cidr = ipaddress.ip_network(subnet["ipCidrRange"])
        if address not in cidr:
            raise GoogleError(400, "invalid", f"Invalid value for field 'resource.address': '{wanted}'. "
                              "Requested internal IP address is not in the subnetwork's range.")
        if str(address) in _reserved(cidr):
            raise GoogleError(400, "invalid", f"Invalid value for field 'resource.address': '{wanted}'. Requested IP address is reserved by Google.")

    def taken(self, subnet_key):
        """Addresses of a subnetwork that somebody has; the machines of full-subnet have all of theirs."""
        subnet = self.gcp.compute.subnetworks.all[subnet_key]
        cidr = ipaddress.ip_network(subnet["ipCidrRange"])
        used = {one["address"] for one in self.all.values() if one.get("subnetwork") == subnet["selfLink"] and one.get("address")}
        return used | {str(one) for one in cidr} if subnet_key[2] in self.gcp.switch("gcp_full_subnetworks") else used

    def _free(self, subnet_key, subnet):
        cidr, taken = ipaddress.ip_network(subnet["ipCidrRange"]), self.taken(subnet_key)
        taken |= _reserved(cidr)
        for address in cidr:
            if str(address) not in taken:
                return str(address)
        raise GoogleError(400, "IP_SPACE_EXHAUSTED", f"IP space of '{self.gcp.compute.subnetworks.path(subnet_key)}' is exhausted.")

    def deletable(self, key):
        for user in self.all[key].get("users", []):
            raise GoogleError(400, "resourceInUseByAnotherResource", f"The address resource '{self.path(key)}' is already being used by "
                              f"'{user.partition('/compute/v1/')[2]}'")

    def by_address(self, project, region, literal):
        for key, one in self.all.items():
            if key[:2] == (project, region) and one.get("address") == literal:
                return key
        return None

    def hold(self, key, user):
        self.all[key].update(status="IN_USE", users=[user])

    def release(self, user):
        for one in self.all.values():
            if user in one.get("users", []):
                one["status"] = "RESERVED"
                del one["users"]


def _reserved(cidr):
    """Google keeps four of every range: its own address, the gateway, the last but one, broadcast."""
    return {str(cidr[0]), str(cidr[1]), str(cidr[-2]), str(cidr[-1])}
