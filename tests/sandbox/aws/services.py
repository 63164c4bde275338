# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Endpoint services: which account sees them from which region, and in which zones they are."""
from __future__ import annotations

from . import landscape
from .errors import AwsError
from .filters import matches, page


class Services:
    def __init__(self, aws):
        self.aws = aws
        self.all = {}
        self.operations = {("ec2", "DescribeVpcEndpointServices"): self.describe}

    def reset(self, scenario=None):
        self.all = landscape.services(scenario)

    def usable(self, account, region, name, service_region=None):
        """The service, if it can be used from there by them. All reasons against it read alike, as on AWS."""
        service = self.all.get(name)
        if service is None or (service_region or region) != service["region"] or region not in service["supported_regions"] \
                or not self._visible(account, name):
            raise AwsError("InvalidServiceName", f"The Vpc Endpoint Service '{name}' does not exist")
        return service

    def _visible(self, account, name):
        whitelisted = getattr(getattr(self.aws.world, "zilliz", None), "whitelisted", None)
        if self.all[name]["owner"] == "amazon" or whitelisted is None:
            return True
        return bool(whitelisted(account, name))

    def describe(self, call):
        asked = call.params
        regions = asked.get("ServiceRegions") or [call.region]
        names = asked.get("ServiceNames") or []
        found = []
        for name in names or sorted(self.all):
            hit = None
            for region in regions:
                try:
                    hit = hit or self.usable(call.account, call.region, name, region)
                except AwsError:
                    continue
            if hit is not None:
                found.append(hit)
            elif names:
                raise AwsError("InvalidServiceName", f"The Vpc Endpoint Service '{name}' does not exist")
        shown = [self._show(call, service) for service in found]
        fields = {"service-name": "ServiceName", "service-region": "ServiceRegion", "owner": "Owner",
                  "service-type": lambda one: [kind["ServiceType"] for kind in one["ServiceType"]],
                  "supported-ip-address-types": "SupportedIpAddressTypes"}
        shown = [one for one in shown if matches(asked.get("Filters"), one, fields)]
        shown, token = page(shown, asked.get("MaxResults"), asked.get("NextToken"), self.aws.switch("aws_page"))
        return {"ServiceNames": [one["ServiceName"] for one in shown], "ServiceDetails": shown, "NextToken": token}

    def _show(self, call, service):
        shown = {
            "ServiceName": service["name"], "ServiceId": service["name"].rsplit(".", 1)[-1], "ServiceType": [{"ServiceType": "Interface"}],
            "ServiceRegion": service["region"], "Owner": service["owner"], "VpcEndpointPolicySupported": service["owner"] == "amazon",
            "AcceptanceRequired": service["acceptance_required"], "ManagesVpcEndpoints": False, "Tags": [],
            "SupportedIpAddressTypes": service["ip_address_types"],
            "BaseEndpointDnsNames": [f"{service['name'].rsplit('.', 1)[-1]}.{service['region']}.vpce.amazonaws.com"],
        }
        if service["private_dns_name"]:
            shown["PrivateDnsName"] = service["private_dns_name"]
            shown["PrivateDnsNames"] = [{"PrivateDnsName": service["private_dns_name"]}]
            shown["PrivateDnsNameVerificationState"] = "verified"
        if service["region"] == call.region:
            # For a service of another region AWS does not say in which zones it is.
            zones = [zone for zone in self.aws.ec2.backend(call.account, call.region).describe_availability_zones()
                     if service["zone_ids"] is None or zone.zone_id in service["zone_ids"]]
            shown["AvailabilityZones"] = sorted(zone.name for zone in zones)
            shown["AvailabilityZoneIds"] = sorted(zone.zone_id for zone in zones)
        return shown
