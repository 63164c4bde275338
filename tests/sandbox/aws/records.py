# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Record sets: one batch is checked and made whole, or not at all."""
from __future__ import annotations

import copy
import ipaddress

from .endpoints import HOSTED_ZONES
from .errors import AwsError
from .names import inside, normal, order

TYPES = ("SOA", "A", "TXT", "NS", "CNAME", "MX", "NAPTR", "PTR", "SRV", "SPF", "AAAA", "CAA", "DS", "TLSA", "SSHFP", "SVCB", "HTTPS")


class Refused(Exception):
    """One change of a batch; all refusals of the batch are told together."""


class Records:
    def __init__(self, aws):
        self.aws = aws
        guarded = aws.zones._guarded
        self.operations = {("route53", "ChangeResourceRecordSets"): guarded(self.change),
                           ("route53", "ListResourceRecordSets"): self.list}

    def list(self, call):
        asked = call.params
        zone = self.aws.zones.get(call, asked["HostedZoneId"])
        name, kind = asked.get("StartRecordName"), asked.get("StartRecordType")
        if kind and not name:
            raise AwsError("InvalidInput", "The input is not valid: StartRecordType needs StartRecordName.")
        records = sorted(zone.records.items(), key=lambda item: _place(item[0]))
        if name:
            start = _place((normal(name, "InvalidInput"), kind or "", asked.get("StartRecordIdentifier")))
            records = [item for item in records if _place(item[0]) >= start]
        size = min(int(asked.get("MaxItems") or 300), 300, self.aws.switch("route53_page"))
        following = records[size][0] if len(records) > size else (None, None, None)
        return {"ResourceRecordSets": [record for _key, record in records[:size]], "IsTruncated": len(records) > size, "MaxItems": str(size),
                "NextRecordName": following[0], "NextRecordType": following[1], "NextRecordIdentifier": following[2]}

    def change(self, call):
        zone = self.aws.zones.get(call, call.params["HostedZoneId"])
        changes = call.params["ChangeBatch"].get("Changes") or []
        # What may replace another counts twice.
        weighed = [(2 if one["Action"] == "UPSERT" else 1, [record["Value"] for record in one["ResourceRecordSet"].get("ResourceRecords") or []])
                   for one in changes]
        count = sum(times * max(1, len(values)) for times, values in weighed)
        characters = sum(times * len("".join(values)) for times, values in weighed)
        if not changes:
            raise AwsError("InvalidInput", "The change batch is empty.")
        if count > 1000:
            raise AwsError("InvalidChangeBatch", "[Number of records limit of 1000 exceeded.]")
        if characters > 32000:
            raise AwsError("InvalidChangeBatch", "[Number of characters limit of 32000 exceeded.]")
        after = copy.deepcopy(zone.records)
        refusals = []
        for one in changes:
            try:
                self._apply(zone, after, one)
            except Refused as refusal:
                refusals.append(str(refusal))
        if refusals:
            raise AwsError("InvalidChangeBatch", f"[{', '.join(refusals)}]")
        # How AWS words this one is open: as it words the quotas of zones.
        if len(after) > max(len(zone.records), self.aws.switch("route53_records_quota")):
            raise AwsError("InvalidChangeBatch", "[Limits Exceeded: MAX_RRSETS_BY_ZONE - Cannot create more resource record sets.]")
        zone.records = after
        return {"ChangeInfo": self.aws.zones.change(zone, call.params["ChangeBatch"].get("Comment"))}

    def _apply(self, zone, records, change):
        action, record = change["Action"], self._normalised(zone, change)
        key = (record["Name"], record["Type"], record.get("SetIdentifier"))
        what = f"resource record set [name='{record['Name']}', type='{record['Type']}']"
        if action == "DELETE":
            if key not in records:
                raise Refused(f"Tried to delete {what} but it was not found")
            if _comparable(records[key]) != _comparable(record):
                raise Refused(f"Tried to delete {what} but the values provided do not match the current values")
            if record["Name"] == zone.name and record["Type"] in ("NS", "SOA"):
                raise Refused(f"A HostedZone must contain exactly one {record['Type']} record set.")
            del records[key]
            return
        if action == "CREATE" and key in records:
            raise Refused(f"Tried to create {what} but it already exists")
        if action not in ("CREATE", "UPSERT"):
            raise AwsError("InvalidInput", f"The action {action} is not valid.")
        if record["Type"] == "CNAME" and record["Name"] == zone.name:
            raise Refused(f"RRSet of type CNAME with DNS name {record['Name']} is not permitted at apex in zone {zone.name}")
        for name, kind, _id in records:
            if name == record["Name"] and kind != record["Type"] and "CNAME" in (kind, record["Type"]):
                raise Refused(f"RRSet of type {record['Type']} with DNS name {record['Name']} is not permitted as it conflicts with other "
                              f"records with the same DNS name in zone {zone.name}")
        self._check_alias(zone, records, record)
        records[key] = record

    def _normalised(self, zone, change):
        given = change["ResourceRecordSet"]
        name, kind = normal(given["Name"], "InvalidChangeBatch"), given["Type"]
        where = f"in Change with [Action={change['Action']}, Name={name}, Type={kind}, SetIdentifier={given.get('SetIdentifier', 'null')}]"
        has_values = given.get("TTL") is not None and bool(given.get("ResourceRecords"))
        if bool(given.get("AliasTarget")) == has_values or (given.get("AliasTarget") and given.get("TTL") is not None):
            found = "none" if not given.get("AliasTarget") else "more than one"
            raise AwsError("InvalidInput", "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or "
                           f"TrafficPolicyInstanceId], but found {found} {where}")
        if kind not in TYPES:
            raise AwsError("InvalidInput", f"Invalid record type {kind} {where}")
        if not inside(name, zone.name):
            raise Refused(f"RRSet with DNS name {name} is not permitted in zone {zone.name}")
        record = {key: copy.deepcopy(value) for key, value in given.items() if value is not None}
        record["Name"] = name
        if "AliasTarget" in record:
            target = record["AliasTarget"]
            record["AliasTarget"] = {"HostedZoneId": target["HostedZoneId"], "DNSName": normal(target["DNSName"], "InvalidChangeBatch"),
                                     "EvaluateTargetHealth": bool(target.get("EvaluateTargetHealth"))}
        else:
            _check_values(record)
        return record

    def _check_alias(self, zone, records, record):
        target = record.get("AliasTarget")
        if not target:
            return
        what = f"Tried to create an alias that targets {target['DNSName']}, type {record['Type']} in zone {target['HostedZoneId']}"
        if target["HostedZoneId"] == zone.id:
            if (target["DNSName"], record["Type"], None) not in records:
                raise Refused(f"{what}, but that target was not found")
            return
        region = next((region for region, zone_id in HOSTED_ZONES.items() if zone_id == target["HostedZoneId"]), None)
        if region is None or not target["DNSName"].endswith(f".{region}.vpce.amazonaws.com."):
            raise Refused(f"{what}, but the alias target name does not lie within the target zone")
        endpoint = self.aws.endpoints.by_dns_name(target["DNSName"].rstrip("."))
        fits = {"A": ("ipv4", "dualstack"), "AAAA": ("ipv6", "dualstack")}.get(record["Type"], ())
        if endpoint is None or endpoint.ip_address_type not in fits:
            raise Refused(f"{what}, but that target was not found")


def _place(key):
    name, kind, identifier = key
    return order(name), kind, identifier or ""


def _comparable(record):
    """Everything must match; only the order of values, and the dot after a CNAME's target, mean nothing."""
    plain = dict(record)
    if "ResourceRecords" in plain:
        dotless = record["Type"] in ("CNAME", "NS", "PTR")
        plain["ResourceRecords"] = sorted(one["Value"].rstrip(".").lower() if dotless else one["Value"] for one in plain["ResourceRecords"])
    return plain


def _check_values(record):
    values = [one["Value"] for one in record["ResourceRecords"]]
    kind = record["Type"]
    if not 0 <= int(record["TTL"]) <= 2147483647:
        raise Refused(f"Invalid TTL {record['TTL']}")
    if len(set(values)) != len(values):
        raise Refused(f"Duplicate Resource Record: '{values[0]}'")
    if kind == "CNAME" and len(values) != 1:
        raise Refused("CNAME record set must have exactly one value")
    for value in values:
        if kind in ("A", "AAAA"):
            try:
                if ipaddress.ip_address(value).version != (4 if kind == "A" else 6):
                    raise ValueError
            except ValueError:
                raise Refused(f"Invalid Resource Record: 'FATAL problem: {kind}RRDATAIllegalAddress (Value is not a valid address) encountered "
                              f"with '{value}''")
        elif kind == "CNAME":
            try:
                normal(value)
            except AwsError:
                raise Refused(f"Invalid Resource Record: 'FATAL problem: DomainLabelEmpty (Domain label is empty) encountered with '{value}''")
        elif kind in ("TXT", "SPF") and not (value.startswith('"') and value.endswith('"') and len(value) > 1):
            raise Refused(f"Invalid Resource Record: 'FATAL problem: InvalidCharacterString (Value should be enclosed in quotation marks) "
                          f"encountered with '{value}''")
