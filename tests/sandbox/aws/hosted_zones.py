# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Route 53's hosted zones: their VPCs, authorizations, tags, limits and changes."""
from __future__ import annotations

import datetime
import hashlib
import string

from moto.moto_api._internal import mock_random

from .accounts import arn
from .errors import AwsError
from .filters import page
from .names import normal, order

LETTERS = string.ascii_uppercase + string.digits
NAME_SERVERS = ["ns-1536.awsdns-00.co.uk.", "ns-0.awsdns-00.com.", "ns-1024.awsdns-00.org.", "ns-512.awsdns-00.net."]


class Zone:
    def __init__(self, name, owner, caller_reference="", comment=None, private=True, service=None):
        self.id = "Z0" + "".join(mock_random.choice(LETTERS) for _n in range(19))
        self.name = name
        self.owner = owner
        self.service = service
        self.caller_reference = caller_reference
        self.comment = comment
        self.private = private
        self.vpcs = []
        self.authorizations = []
        self.tags = {}
        self.busy_until = 0.0
        # (name, type, set identifier) -> record set as the API spells it
        self.records = {
            (name, "NS", None): {"Name": name, "Type": "NS", "TTL": 172800, "ResourceRecords": [{"Value": one} for one in NAME_SERVERS]},
            (name, "SOA", None): {"Name": name, "Type": "SOA", "TTL": 900, "ResourceRecords": [
                {"Value": f"{NAME_SERVERS[0]} awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"}]},
        }

    def show(self):
        return {"Id": f"/hostedzone/{self.id}", "Name": self.name, "CallerReference": self.caller_reference,
                "Config": {"Comment": self.comment, "PrivateZone": self.private} if self.comment is not None
                else {"PrivateZone": self.private}, "ResourceRecordSetCount": len(self.records)}


class HostedZones:
    def __init__(self, aws):
        self.aws = aws
        self.world = aws.world
        self.reset()
        self.operations = {("route53", name): self._guarded(method) for name, method in (
            ("CreateHostedZone", self.create), ("DeleteHostedZone", self.delete), ("GetHostedZone", self.get_zone),
            ("ListHostedZones", self.list), ("ListHostedZonesByName", self.list_by_name), ("ListHostedZonesByVPC", self.list_by_vpc),
            ("GetHostedZoneCount", self.count), ("UpdateHostedZoneComment", self.update_comment),
            ("AssociateVPCWithHostedZone", self.associate), ("DisassociateVPCFromHostedZone", self.disassociate),
            ("CreateVPCAssociationAuthorization", self.authorize), ("DeleteVPCAssociationAuthorization", self.deauthorize),
            ("ListVPCAssociationAuthorizations", self.list_authorizations),
            ("ListTagsForResource", self.list_tags), ("ListTagsForResources", self.list_tags_of_many),
            ("ChangeTagsForResource", self.change_tags), ("GetAccountLimit", self.account_limit),
            ("GetHostedZoneLimit", self.zone_limit), ("GetChange", self.get_change))}

    def reset(self):
        self.all = {}
        self.references = {}
        self.changes = {}
        self.service_zones = {}

    # Looked up.

    def get(self, call, zone_id):
        """A zone of this account; another's is seen in lists only."""
        zone = self.all.get((zone_id or "").rsplit("/", 1)[-1])
        if zone is None:
            raise AwsError("NoSuchHostedZone", f"No hosted zone found with ID: {zone_id}", 404)
        if zone.owner != call.account:
            raise AwsError("AccessDenied", f"User: {arn(call.account)} is not authorized to access this resource", 403)
        return zone

    def of(self, account):
        return [zone for zone in self.all.values() if zone.owner == account]

    def name_taken(self, region, vpc_id, name, but=None):
        """The zone that already has this very name in this VPC, whoever owns it."""
        for zone in self.all.values():
            if zone is not but and zone.name == name and (region, vpc_id) in zone.vpcs:
                return zone
        return None

    # Changes take time, and a zone takes one at a time.

    def _guarded(self, method):
        def guarded(call):
            self._refuse_busy(call)
            return method(call)

        return guarded

    def _refuse_busy(self, call):
        modelled = {shape.name for shape in call.operation_model.error_shapes}
        zone_id = call.params.get("HostedZoneId") or call.params.get("Id") or call.params.get("ResourceId") or ""
        zone = self.all.get(zone_id.rsplit("/", 1)[-1])
        if zone and call.mutating and "PriorRequestNotComplete" in modelled and zone.busy_until > self.world.clock.now():
            raise AwsError("PriorRequestNotComplete", "The request was rejected because Route 53 was still processing a prior request.")

    def change(self, zone, comment=None):
        """A new change of this zone, as ChangeInfo."""
        now = self.world.clock.now()
        zone.busy_until = now + self.aws.switch("route53_busy_seconds")
        number = len(self.changes) + 1
        change_id = "C" + hashlib.sha256(f"change {number}".encode()).hexdigest().upper()[:20]
        self.changes[change_id] = {"submitted": now, "insync": now + self.aws.switch("route53_insync_seconds"), "comment": comment}
        return self._show_change(change_id)

    def _show_change(self, change_id):
        change = self.changes[change_id]
        submitted = datetime.datetime.fromtimestamp(change["submitted"], datetime.timezone.utc).replace(tzinfo=None, microsecond=0)
        return {"Id": f"/change/{change_id}", "Status": "INSYNC" if self.world.clock.now() >= change["insync"] else "PENDING",
                "SubmittedAt": submitted, "Comment": change["comment"]}

    def get_change(self, call):
        change_id = call.params["Id"].rsplit("/", 1)[-1]
        if change_id not in self.changes:
            raise AwsError("NoSuchChange", f"Could not find resource with ID: {change_id}", 404)
        return {"ChangeInfo": self._show_change(change_id)}

    # Created, deleted.

    def create(self, call):
        asked = call.params
        name = normal(asked.get("Name"))
        config, vpc = asked.get("HostedZoneConfig") or {}, asked.get("VPC") or {}
        private = bool(config.get("PrivateZone")) or bool(vpc)
        if private and not (vpc.get("VPCId") and vpc.get("VPCRegion")):
            raise AwsError("InvalidInput", "When you're creating a private hosted zone (when you specify true for PrivateZone), you must also "
                           "specify values for VPCId and VPCRegion.")
        reference = (call.account, asked.get("CallerReference"))
        if reference in self.references:
            raise AwsError("HostedZoneAlreadyExists", "A hosted zone has already been created with the specified caller reference.", 409)
        if private:
            self._check_vpc(call, vpc)
            self._check_name(name, vpc)
        if len(self.of(call.account)) >= self.aws.switch("route53_zone_quota"):
            raise AwsError("TooManyHostedZones", "Limits Exceeded: MAX_HOSTED_ZONES_BY_OWNER - Cannot create more hosted zones.")
        zone = Zone(name, call.account, asked["CallerReference"], config.get("Comment"), private)
        if private:
            zone.vpcs.append((vpc["VPCRegion"], vpc["VPCId"]))
        self.all[zone.id] = zone
        self.references[reference] = zone.id
        servers = None if private else {"NameServers": [one.rstrip(".") for one in NAME_SERVERS]}
        return {"HostedZone": zone.show(), "ChangeInfo": self.change(zone), "DelegationSet": servers, "VPC": vpc or None,
                "Location": f"https://route53.amazonaws.com/2013-04-01/hostedzone/{zone.id}"}

    def delete(self, call):
        zone = self.get(call, call.params["Id"])
        if any(kind not in ("NS", "SOA") or name != zone.name for name, kind, _id in zone.records):
            raise AwsError("HostedZoneNotEmpty", "The specified hosted zone contains non-required resource record sets and so cannot be "
                           "deleted.")
        info = self.change(zone)
        del self.all[zone.id]
        return {"ChangeInfo": info}

    def update_comment(self, call):
        zone = self.get(call, call.params["Id"])
        zone.comment = call.params.get("Comment") or None
        return {"HostedZone": zone.show()}

    # Shown.

    def get_zone(self, call):
        zone = self.get(call, call.params["Id"])
        servers = None if zone.private else {"NameServers": [one.rstrip(".") for one in NAME_SERVERS]}
        return {"HostedZone": zone.show(), "DelegationSet": servers, "VPCs": _vpcs(zone.vpcs) if zone.private else None}

    def list(self, call):
        asked = call.params
        zones = sorted(self.of(call.account), key=lambda zone: zone.id)
        if asked.get("HostedZoneType"):
            zones = [zone for zone in zones if zone.private]
        size = min(int(asked.get("MaxItems") or 100), 100, self.aws.switch("route53_page"))
        marker = asked.get("Marker")
        if marker:
            if marker not in self.all:
                raise AwsError("InvalidInput", f"The marker {marker} is not a hosted zone.")
            zones = [zone for zone in zones if zone.id >= marker]
        following = zones[size].id if len(zones) > size else None
        return {"HostedZones": [zone.show() for zone in zones[:size]], "Marker": marker, "IsTruncated": bool(following),
                "NextMarker": following, "MaxItems": str(size)}

    def list_by_name(self, call):
        """From that name on, in the order of names: the zones after it are in the list too."""
        asked = call.params
        zones = sorted(self.of(call.account), key=lambda zone: (order(zone.name), zone.id))
        if asked.get("DNSName"):
            start = (order(normal(asked["DNSName"])), (asked.get("HostedZoneId") or "").rsplit("/", 1)[-1])
            zones = [zone for zone in zones if (order(zone.name), zone.id) >= start]
        size = min(int(asked.get("MaxItems") or 100), 100, self.aws.switch("route53_page"))
        following = zones[size] if len(zones) > size else None
        return {"HostedZones": [zone.show() for zone in zones[:size]], "DNSName": asked.get("DNSName"),
                "HostedZoneId": asked.get("HostedZoneId"), "IsTruncated": bool(following), "MaxItems": str(size),
                "NextDNSName": following.name if following else None, "NextHostedZoneId": following.id if following else None}

    def list_by_vpc(self, call):
        """All zones that answer in this VPC: ours, other accounts' and those of AWS's own services."""
        asked = call.params
        if self.aws.ec2.owner_of_vpc(asked["VPCRegion"], asked["VPCId"]) != call.account:
            raise AwsError("InvalidInput", f"The VPC {asked['VPCId']} in region {asked['VPCRegion']} is not valid, or you are not authorized "
                           "to access it.")
        zones = [zone for zone in self.all.values() if (asked["VPCRegion"], asked["VPCId"]) in zone.vpcs]
        zones.sort(key=lambda zone: (order(zone.name), zone.id))
        size = min(int(asked.get("MaxItems") or 100), 100, self.aws.switch("route53_page"))
        try:
            shown, token = page(zones, size, asked.get("NextToken"))
        except AwsError:
            raise AwsError("InvalidPaginationToken", "The pagination token is not valid.")
        return {"MaxItems": str(size), "NextToken": token, "HostedZoneSummaries": [
            {"HostedZoneId": zone.id, "Name": zone.name,
             "Owner": {"OwningService": zone.service} if zone.service else {"OwningAccount": zone.owner}} for zone in shown]}

    def count(self, call):
        return {"HostedZoneCount": len(self.of(call.account))}

    def account_limit(self, call):
        kind = call.params["Type"]
        limits = {"MAX_HOSTED_ZONES_BY_OWNER": (self.aws.switch("route53_zone_quota"), len(self.of(call.account))),
                  "MAX_HEALTH_CHECKS_BY_OWNER": (200, 0), "MAX_REUSABLE_DELEGATION_SETS_BY_OWNER": (100, 0),
                  "MAX_TRAFFIC_POLICIES_BY_OWNER": (50, 0), "MAX_TRAFFIC_POLICY_INSTANCES_BY_OWNER": (5, 0)}
        if kind not in limits:
            raise AwsError("InvalidInput", f"The limit {kind} is not known.")
        return {"Limit": {"Type": kind, "Value": limits[kind][0]}, "Count": limits[kind][1]}

    def zone_limit(self, call):
        zone, kind = self.get(call, call.params["HostedZoneId"]), call.params["Type"]
        if kind == "MAX_VPCS_ASSOCIATED_BY_ZONE":
            if not zone.private:
                raise AwsError("HostedZoneNotPrivate", "The specified hosted zone is a public hosted zone, not a private hosted zone.")
            return {"Limit": {"Type": kind, "Value": self.aws.switch("route53_vpcs_quota")}, "Count": len(zone.vpcs)}
        return {"Limit": {"Type": kind, "Value": self.aws.switch("route53_records_quota")}, "Count": len(zone.records)}

    # VPCs.

    def _check_vpc(self, call, vpc):
        if self.aws.ec2.owner_of_vpc(vpc.get("VPCRegion"), vpc.get("VPCId")) != call.account:
            raise AwsError("InvalidVPCId", f"The VPC {vpc.get('VPCId')} in region {vpc.get('VPCRegion')} that you provided is not valid, or you "
                           "are not authorized to access it.")

    def _check_name(self, name, vpc):
        taken = self.name_taken(vpc["VPCRegion"], vpc["VPCId"], name)
        if taken:
            raise AwsError("ConflictingDomainExists", f"The VPC {vpc['VPCId']} in region {vpc['VPCRegion']} has already been associated with "
                           f"the hosted zone {taken.id} with the same domain name.")

    def associate(self, call):
        asked, vpc = call.params, call.params["VPC"]
        place = (vpc.get("VPCRegion"), vpc.get("VPCId"))
        zone = self.all.get(asked["HostedZoneId"].rsplit("/", 1)[-1])
        if zone is None:
            raise AwsError("NoSuchHostedZone", f"No hosted zone found with ID: {asked['HostedZoneId']}", 404)
        owner = self.aws.ec2.owner_of_vpc(*place)
        if owner is None:
            self._check_vpc(call, vpc)
        # Zone and VPC of two accounts: the VPC's account asks, and the zone's has allowed it before.
        if owner != call.account or (zone.owner != call.account and place not in zone.authorizations):
            raise AwsError("NotAuthorizedException", f"The VPC: {place[1]} has not authorized to associate with your hosted zone.", 401)
        if not zone.private:
            raise AwsError("PublicZoneVPCAssociation", f"Attempting to associate public zone: {zone.id} with vpc: {place[1]}")
        self._check_name(zone.name, vpc)
        if len(zone.vpcs) >= self.aws.switch("route53_vpcs_quota"):
            raise AwsError("LimitsExceeded", "Limits Exceeded: MAX_VPCS_ASSOCIATED_BY_ZONE - Cannot associate more VPCs with this zone.")
        zone.vpcs.append(place)
        return {"ChangeInfo": self.change(zone, asked.get("Comment"))}

    def disassociate(self, call):
        asked, vpc = call.params, call.params["VPC"]
        place = (vpc.get("VPCRegion"), vpc.get("VPCId"))
        zone = self.all.get(asked["HostedZoneId"].rsplit("/", 1)[-1])
        if zone is None:
            raise AwsError("NoSuchHostedZone", f"No hosted zone found with ID: {asked['HostedZoneId']}", 404)
        owner = self.aws.ec2.owner_of_vpc(*place)
        if zone.owner != call.account and owner != call.account:
            raise AwsError("AccessDenied", f"User: {arn(call.account)} is not authorized to access this resource", 403)
        if place not in zone.vpcs:
            if owner is None:
                raise AwsError("InvalidVPCId", f"The VPC {place[1]} in region {place[0]} that you provided is not valid, or you are not "
                               "authorized to access it.")
            raise AwsError("VPCAssociationNotFound", f"The VPC: {place[1]} is not associated with the hosted zone {zone.id}.", 404)
        if len(zone.vpcs) == 1:
            raise AwsError("LastVPCAssociation", f"The VPC: {place[1]} is the last VPC associated with the hosted zone {zone.id}, and a private "
                           "zone must have one.")
        zone.vpcs.remove(place)
        return {"ChangeInfo": self.change(zone, asked.get("Comment"))}

    def authorize(self, call):
        zone, vpc = self.get(call, call.params["HostedZoneId"]), call.params["VPC"]
        place = (vpc.get("VPCRegion"), vpc.get("VPCId"))
        if self.aws.ec2.owner_of_vpc(*place) is None:
            raise AwsError("InvalidVPCId", f"The VPC {place[1]} in region {place[0]} that you provided is not valid.")
        if not zone.private:
            raise AwsError("InvalidInput", f"The hosted zone {zone.id} is public.")
        if place not in zone.authorizations:
            if len(zone.authorizations) >= self.aws.switch("route53_authorization_quota"):
                raise AwsError("TooManyVPCAssociationAuthorizations", "You've created the maximum number of authorizations for this zone.")
            zone.authorizations.append(place)
        return {"HostedZoneId": zone.id, "VPC": vpc}

    def deauthorize(self, call):
        zone, vpc = self.get(call, call.params["HostedZoneId"]), call.params["VPC"]
        place = (vpc.get("VPCRegion"), vpc.get("VPCId"))
        if place not in zone.authorizations:
            raise AwsError("VPCAssociationAuthorizationNotFound", f"The VPC: {place[1]} is not authorized to be associated with the hosted zone "
                           f"{zone.id}.", 404)
        zone.authorizations.remove(place)
        return {}

    def list_authorizations(self, call):
        zone = self.get(call, call.params["HostedZoneId"])
        try:
            shown, token = page(zone.authorizations, call.params.get("MaxResults") or 50, call.params.get("NextToken"))
        except AwsError:
            raise AwsError("InvalidPaginationToken", "The pagination token is not valid.")
        return {"HostedZoneId": zone.id, "VPCs": _vpcs(shown), "NextToken": token}

    # Tags.

    def list_tags(self, call):
        zone = self._tagged(call, call.params["ResourceId"])
        return {"ResourceTagSet": _tag_set(zone)}

    def list_tags_of_many(self, call):
        ids = call.params["ResourceIds"]
        if len(ids) > 10:
            raise AwsError("InvalidInput", f"1 validation error detected: Value '[{', '.join(ids)}]' at 'resourceIds' failed to satisfy "
                           "constraint: Member must have length less than or equal to 10")
        return {"ResourceTagSets": [_tag_set(self._tagged(call, one)) for one in ids]}

    def change_tags(self, call):
        zone = self._tagged(call, call.params["ResourceId"])
        added = {tag["Key"]: tag.get("Value", "") for tag in call.params.get("AddTags") or []}
        removed = call.params.get("RemoveTagKeys") or []
        if not added and not removed:
            raise AwsError("InvalidInput", "At least one of AddTags and RemoveTagKeys must be given.")
        if len(added) > 10 or len(removed) > 10:
            raise AwsError("InvalidInput", "1 validation error detected: at most 10 tags can be added and removed in a request.")
        if len(set(zone.tags) - set(removed) | set(added)) > 10:
            raise AwsError("InvalidInput", "A hosted zone can have at most 10 tags.")
        zone.tags.update(added)
        for key in removed:
            zone.tags.pop(key, None)
        return {}

    def _tagged(self, call, zone_id):
        if call.params.get("ResourceType") != "hostedzone":
            raise AwsError("InvalidInput", "The sandbox tags hosted zones only.")
        if len(zone_id) > 32:
            raise AwsError("InvalidInput", f"1 validation error detected: Value '{zone_id}' at 'resourceId' failed to satisfy constraint: "
                           "Member must have length less than or equal to 32")
        return self.get(call, zone_id)

    # Zones that AWS's services keep in somebody's VPC.

    def service_zone(self, name, region, vpc_id, service, key=None):
        if key in self.service_zones:
            return self.service_zones[key]
        zone = Zone(normal(name), "amazon", service=service)
        zone.vpcs.append((region, vpc_id))
        self.all[zone.id] = zone
        self.service_zones[key or zone.id] = zone
        return zone

    def service_zone_id(self, key):
        return self.service_zones[key].id if key in self.service_zones else None

    def drop_service_zone(self, key):
        zone = self.service_zones.pop(key, None)
        if zone:
            self.all.pop(zone.id, None)


def _vpcs(places):
    return [{"VPCRegion": region, "VPCId": vpc_id} for region, vpc_id in places]


def _tag_set(zone):
    return {"ResourceType": "hostedzone", "ResourceId": zone.id,
            "Tags": [{"Key": key, "Value": value} for key, value in sorted(zone.tags.items())]}
