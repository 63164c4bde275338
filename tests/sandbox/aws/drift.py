# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody else does to the account meanwhile. Nothing of it is a call in the log."""
from __future__ import annotations

import copy
import inspect

from moto.ec2.models.security_groups import SecurityGroupRule

from ..core import BadRequest
from . import landscape
from .accounts import MAIN, NETWORK
from .drift_around import Around
from .endpoints import DEAD, Endpoint
from .groups import peer_of
from .hosted_zones import Zone
from .names import inside, normal

MARK_TAG = "zilliz.cloud/private-link"
MARK_COMMENT = "zilliz.cloud private link "


class Drift(Around):
    """A drift is a method below `drift`; its arguments default to the only marked thing of its kind."""

    def __init__(self, aws):
        self.aws = aws
        self.kinds = {name: method for name, method in inspect.getmembers(self, inspect.ismethod)
                      if not name.startswith("_") and name != "drift"}

    def drift(self, kind, **args):
        method = self.kinds.get(kind)
        if method is None:
            raise BadRequest(f"There is no drift kind {kind!r}; AWS has {', '.join(sorted(self.kinds))}.")
        try:
            inspect.signature(method).bind(**args)
        except TypeError as error:
            raise BadRequest(f"The drift {kind}{inspect.signature(method)}: {error}.")
        touched = method(**args)
        self.aws.world.log.add("drift", kind, True, "ok", **touched)
        return touched

    # The thing that is meant.

    def _endpoint(self, endpoint_id):
        alive = [one for one in self.aws.endpoints.all.values() if one.state not in DEAD]
        found = [one for one in alive if one.id == endpoint_id] if endpoint_id else \
            [one for one in alive if MARK_TAG in self._backend(one).tags.get(one.id, {})]
        return self._only(found, "endpoint", "endpoint_id")

    def _group(self, group_id):
        groups = [group for _account, _region, backend in self.aws.ec2.backends() for group in self.aws.groups.all_of(backend)]
        found = [one for one in groups if one.id == group_id] if group_id else \
            [one for one in groups if MARK_TAG in one.ec2_backend.tags.get(one.id, {})]
        return self._only(found, "security group", "group_id")

    def _zone(self, zone_id):
        zones = [one for one in self.aws.zones.all.values() if not one.service]
        found = [one for one in zones if zone_id in (one.id, one.name, one.name.rstrip("."))] if zone_id else \
            [one for one in zones if (one.comment or "").startswith(MARK_COMMENT)]
        if len(found) > 1 and not zone_id:
            found = sorted(found, key=lambda one: one.name)[:1]
        return self._only(found, "hosted zone", "zone_id")

    def _record(self, zone, name, kind):
        records = [key for key in sorted(zone.records, key=str) if key[1] not in ("NS", "SOA")]
        name = normal(name) if name else None
        found = [key for key in records if name in (None, key[0]) and kind in (None, key[1])]
        if not found:
            raise BadRequest(f"The zone {zone.name} has no such record.")
        return found[0]

    @staticmethod
    def _only(found, what, argument):
        if len(found) != 1:
            raise BadRequest(f"There are {len(found)} such {what}s; name one with {argument}.")
        return found[0]

    def _backend(self, endpoint):
        return self.aws.ec2.backend(endpoint.account, endpoint.region)

    def _retag(self, backend, resource_id, remove, changed):
        """Without arguments: every tag but the mark goes."""
        tags = backend.tags[resource_id]
        if remove is None and changed is None:
            remove = [key for key in tags if key != MARK_TAG]
        for key in remove or []:
            tags.pop(key, None)
        tags.update(changed or {})
        return dict(tags)

    # Endpoints.

    def endpoint_subnets(self, endpoint_id=None, subnet_ids=None):
        """Default: the last subnet is taken away."""
        endpoint = self._endpoint(endpoint_id)
        endpoint.subnet_ids = list(subnet_ids if subnet_ids is not None else endpoint.subnet_ids[:-1])
        self.aws.endpoints.interfaces.sync(endpoint)
        return {"vpc_endpoint_id": endpoint.id, "subnet_ids": endpoint.subnet_ids}

    def endpoint_security_groups(self, endpoint_id=None, group_ids=None):
        """Default: the VPC's default group instead."""
        endpoint = self._endpoint(endpoint_id)
        endpoint.group_ids = list(group_ids or [self._backend(endpoint).get_default_security_group(endpoint.vpc_id).id])
        self.aws.endpoints.interfaces.sync(endpoint)
        return {"vpc_endpoint_id": endpoint.id, "security_group_ids": endpoint.group_ids}

    def endpoint_private_dns(self, endpoint_id=None, enabled=None):
        """Default: the other way round."""
        endpoint = self._endpoint(endpoint_id)
        endpoint.private_dns = (not endpoint.private_dns) if enabled is None else bool(enabled)
        return {"vpc_endpoint_id": endpoint.id, "private_dns_enabled": endpoint.private_dns}

    def endpoint_ip_address_type(self, endpoint_id=None, ip_address_type="dualstack"):
        endpoint = self._endpoint(endpoint_id)
        endpoint.ip_address_type = endpoint.dns_options["DnsRecordIpType"] = ip_address_type
        self.aws.endpoints.interfaces.sync(endpoint)
        return {"vpc_endpoint_id": endpoint.id, "ip_address_type": ip_address_type}

    def endpoint_tags(self, endpoint_id=None, remove=None, set=None):
        endpoint = self._endpoint(endpoint_id)
        return {"vpc_endpoint_id": endpoint.id, "tags": self._retag(self._backend(endpoint), endpoint.id, remove, set)}

    def endpoint_reject(self, endpoint_id=None):
        endpoint = self._endpoint(endpoint_id)
        endpoint.state = "rejected"
        return {"vpc_endpoint_id": endpoint.id}

    def endpoint_fail(self, endpoint_id=None):
        endpoint = self._endpoint(endpoint_id)
        self.aws.endpoints.fail(endpoint)
        return {"vpc_endpoint_id": endpoint.id}

    def endpoint_expire(self, endpoint_id=None):
        endpoint = self._endpoint(endpoint_id)
        endpoint.state = "expired"
        return {"vpc_endpoint_id": endpoint.id}

    def endpoint_delete(self, endpoint_id=None, gone=False):
        """gone: nothing is left of it at once; else it takes its usual time."""
        endpoint = self._endpoint(endpoint_id)
        self.aws.endpoints.remove(endpoint)
        if gone:
            self.aws.endpoints.interfaces.remove(endpoint)
            self.aws.endpoints._forget(endpoint)
        return {"vpc_endpoint_id": endpoint.id}

    def duplicate_endpoint(self, endpoint_id=None, state=None):
        """A second one with the same tags, as a lost answer makes it."""
        first = self._endpoint(endpoint_id)
        tags = dict(self._backend(first).tags.get(first.id, {}))
        return self._new_endpoint(first.account, first.region, first.vpc_id, first.service, first.subnet_ids, first.group_ids, tags, state)

    def hand_made_endpoint(self, service_name=None, vpc_id=landscape.VPC, region=landscape.REGION, account=MAIN, subnet_ids=None,
                           group_ids=None, tags=None, state="available"):
        """An endpoint without our mark."""
        service_name = service_name or next(name for name, one in self.aws.services.all.items()
                                            if one["region"] == region and one["owner"] != "amazon")
        if service_name not in self.aws.services.all:
            raise BadRequest(f"There is no service {service_name}.")
        subnet_ids = subnet_ids or landscape._ids(vpc_id, 2)
        group_ids = group_ids or [self.aws.ec2.backend(account, region).get_default_security_group(vpc_id).id]
        return self._new_endpoint(account, region, vpc_id, self.aws.services.all[service_name], subnet_ids, group_ids, tags or {}, state)

    def _new_endpoint(self, account, region, vpc_id, service, subnet_ids, group_ids, tags, state):
        endpoint = Endpoint(account, region, vpc_id, service, self.aws.world.clock.now())
        endpoint.subnet_ids, endpoint.group_ids = list(subnet_ids), list(group_ids)
        self.aws.endpoints.all[endpoint.id] = endpoint
        backend = self._backend(endpoint)
        for key, value in tags.items():
            backend.create_tags([endpoint.id], {key: value})
        self.aws.endpoints.interfaces.sync(endpoint)
        self.aws.endpoints._start(endpoint)
        endpoint.state = state or endpoint.state
        return {"vpc_endpoint_id": endpoint.id}

    # Security groups.

    def rule_remove(self, group_id=None, port=None, cidr=None, direction="ingress"):
        """Default: the first ingress rule of the marked group."""
        group = self._group(group_id)
        rules = group.ingress_rules if direction == "ingress" else group.egress_rules
        for rule in rules:
            if port in (None, rule.from_port) and cidr in (None, peer_of(rule)):
                rules.remove(rule)
                return {"group_id": group.id, "port": rule.from_port, "peer": peer_of(rule)}
        raise BadRequest(f"The group {group.id} has no such rule.")

    def rule_add(self, group_id=None, port=22, cidr="192.0.2.0/24", description="by hand", direction="ingress"):
        group = self._group(group_id)
        rules = group.ingress_rules if direction == "ingress" else group.egress_rules
        member = "CidrIpv6" if ":" in cidr else "CidrIp"
        rules.append(SecurityGroupRule(group.ec2_backend, "tcp", group.id, port, port, {member: cidr, "Description": description}, None,
                                       is_egress=direction == "egress"))
        return {"group_id": group.id, "port": port, "peer": cidr}

    def group_tags(self, group_id=None, remove=None, set=None):
        group = self._group(group_id)
        return {"group_id": group.id, "tags": self._retag(group.ec2_backend, group.id, remove, set)}

    def hand_made_group(self, name, vpc_id=landscape.VPC, region=landscape.REGION, account=MAIN, description="by hand", tags=None):
        backend = self.aws.ec2.backend(account, region)
        return {"group_id": backend.create_security_group(name, description, vpc_id=vpc_id, tags=tags or {}).id}

    # The VPC.

    def vpc_dns_off(self, vpc_id=landscape.VPC, attribute="hostnames", on=False):
        for _account, _region, backend in self.aws.ec2.backends():
            if vpc_id in backend.vpcs:
                setattr(backend.vpcs[vpc_id], f"enable_dns_{attribute}", bool(on))
                return {"vpc_id": vpc_id, f"dns_{attribute}": bool(on)}
        raise BadRequest(f"There is no VPC {vpc_id}.")

    # Hosted zones.

    def record_change(self, zone_id=None, name=None, type=None, values=None, ttl=60):
        """Default: the zone's first record answers another address."""
        zone = self._zone(zone_id)
        key = self._record(zone, name, type)
        values = values or (["other.example.com."] if key[1] == "CNAME" else ["192.0.2.1"])
        zone.records[key] = {"Name": key[0], "Type": key[1], "TTL": ttl, "ResourceRecords": [{"Value": one} for one in values]}
        return {"zone_id": zone.id, "record_name": key[0], "values": values}

    def record_delete(self, zone_id=None, name=None, type=None):
        zone = self._zone(zone_id)
        key = self._record(zone, name, type)
        del zone.records[key]
        return {"zone_id": zone.id, "record_name": key[0]}

    def record_add(self, zone_id=None, name=None, type="TXT", values=None, ttl=300):
        """Default: a TXT record of somebody else."""
        zone = self._zone(zone_id)
        name = normal(name or f"other.{zone.name}")
        if not inside(name, zone.name):
            raise BadRequest(f"{name} is not in the zone {zone.name}.")
        zone.records[(name, type, None)] = {"Name": name, "Type": type, "TTL": ttl,
                                            "ResourceRecords": [{"Value": one} for one in values or ['"by hand"']]}
        return {"zone_id": zone.id, "record_name": name}

    def zone_disassociate(self, zone_id=None, vpc_id=None):
        """Default: the VPC that was associated last."""
        zone = self._zone(zone_id)
        place = next((one for one in reversed(zone.vpcs) if vpc_id in (None, one[1])), None)
        if place is None:
            raise BadRequest(f"The zone {zone.name} has no such VPC.")
        zone.vpcs.remove(place)
        return {"zone_id": zone.id, "vpc_id": place[1]}

    def zone_associate(self, zone_id=None, vpc_id=landscape.SECOND_VPC, region=landscape.REGION):
        zone = self._zone(zone_id)
        if (region, vpc_id) not in zone.vpcs:
            zone.vpcs.append((region, vpc_id))
        return {"zone_id": zone.id, "vpc_id": vpc_id}

    def zone_comment(self, zone_id=None, comment="changed by hand"):
        zone = self._zone(zone_id)
        zone.comment = comment
        return {"zone_id": zone.id}

    def zone_tags(self, zone_id=None, remove=None, set=None):
        zone = self._zone(zone_id)
        if remove is None and set is None:
            remove = list(zone.tags)
        for key in remove or []:
            zone.tags.pop(key, None)
        zone.tags.update(set or {})
        return {"zone_id": zone.id, "tags": dict(zone.tags)}

    def zone_delete(self, zone_id=None):
        zone = self._zone(zone_id)
        del self.aws.zones.all[zone.id]
        return {"zone_id": zone.id}

    def foreign_zone(self, name, vpc_id=landscape.VPC, region=landscape.REGION, owner=NETWORK, comment="of another team"):
        """A zone of this name that another account has on our VPC."""
        return self._new_zone(name, owner, vpc_id, region, comment, {}, [])

    def hand_made_zone(self, name, vpc_id=landscape.VPC, region=landscape.REGION, account=MAIN, comment=None, tags=None, records=None,
                       private=True):
        """A zone without our mark. records: [{name, type, values, ttl}]."""
        return self._new_zone(name, account, vpc_id, region, comment, tags or {}, records or [], private)

    def _new_zone(self, name, owner, vpc_id, region, comment, tags, records, private=True):
        zone = Zone(normal(name), owner, f"by-hand-{len(self.aws.zones.all)}", comment, private)
        if private:
            zone.vpcs.append((region, vpc_id))
        zone.tags.update(copy.deepcopy(tags))
        self.aws.zones.all[zone.id] = zone
        for one in records:
            self.record_add(zone.id, one.get("name") or zone.name, one.get("type", "A"), one.get("values", ["192.0.2.1"]), one.get("ttl", 300))
        return {"zone_id": zone.id}

    def orphan_authorization(self, zone_id=None, vpc_id=landscape.NETWORK_VPC, region=landscape.REGION):
        """An authorization that an interrupted run left behind."""
        zone = self._zone(zone_id)
        if (region, vpc_id) not in zone.authorizations:
            zone.authorizations.append((region, vpc_id))
        return {"zone_id": zone.id, "vpc_id": vpc_id}
