# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private Route 53 zones: their records in one form, their VPCs across accounts, each request safe to send twice."""

from __future__ import annotations

import hashlib
import time
import uuid

from ansible_collections.zilliz.cloud.plugins.module_utils import _aws_write as aws

# A batch may hold 1000 records with 32000 characters in their values, and what may replace another counts twice.
# https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html
RECORDS, CHARACTERS = 1000, 32000
TAGGED_PER_CALL = 10


def full(name):
    """A name as Route 53 stores it, which gives a wildcard back as an octal code."""
    return name.lower().replace("\\052", "*").rstrip(".") + "."


def bare(zone_id):
    return zone_id.rpartition("/")[2] if zone_id else None


def key_of(record):
    return full(record["name"]), record["type"].upper(), None


def record_set(record):
    """The options of a record in the form of Route 53."""
    name, kind, unused = key_of(record)
    if record["alias_target"]:
        target = {"HostedZoneId": bare(record["alias_zone_id"]), "DNSName": full(record["alias_target"])}
        return {"Name": name, "Type": kind, "AliasTarget": {**target, "EvaluateTargetHealth": False}}
    values = [{"Value": value} for value in record["values"]]
    return {"Name": name, "Type": kind, "TTL": record["ttl"], "ResourceRecords": values}


def text(one):
    """A record set's value for people; equal texts are equal values."""
    if one.get("AliasTarget"):
        target = one["AliasTarget"]
        health = ", evaluating its health" if target.get("EvaluateTargetHealth") else ""
        return f"alias of {full(target['DNSName'])} in zone {target['HostedZoneId']}{health}"
    values = [record["Value"] for record in one.get("ResourceRecords", [])]
    values = sorted(full(value) if one["Type"] == "CNAME" else value for value in values)
    return f"{', '.join(values)} for {one.get('TTL')} seconds"


def record_sets(route53, zone_id):
    purpose = f"read the records of the zone {zone_id}"
    sets = aws.pages(route53, "ListResourceRecordSets", purpose, "ResourceRecordSets", HostedZoneId=zone_id)
    return {(full(one["Name"]), one["Type"], one.get("SetIdentifier")): one for one in sets}


def change_records(route53, zone_id, deletes, upserts):
    """Deletions first so that a CNAME can give way to an A record; the id of the last change."""
    changes = [{"Action": "DELETE", "ResourceRecordSet": one} for one in deletes]
    changes += [{"Action": "UPSERT", "ResourceRecordSet": one} for one in upserts]
    change = None
    for batch in batches(changes):
        try:
            answer = aws.call(
                route53, "ChangeResourceRecordSets", f"change {len(batch)} records of the zone {zone_id}",
                HostedZoneId=zone_id, ChangeBatch={"Changes": batch},
            )
            change = answer["ChangeInfo"]["Id"]
        except aws.AwsWriteError as error:
            # The answer to a request that took effect may be lost; the SDK's second one finds nothing to delete.
            if error.code != "InvalidChangeBatch" or not is_done(record_sets(route53, zone_id), batch):
                raise
    return change


def batches(changes):
    """As few as the limits allow, in order."""
    batch, records, characters = [], 0, 0
    for change in changes:
        values = [one["Value"] for one in change["ResourceRecordSet"].get("ResourceRecords", [])]
        times = 2 if change["Action"] == "UPSERT" else 1
        more, longer = times * max(1, len(values)), times * sum(map(len, values))
        if batch and (records + more > RECORDS or characters + longer > CHARACTERS):
            yield batch
            batch, records, characters = [], 0, 0
        batch.append(change)
        records, characters = records + more, characters + longer
    if batch:
        yield batch


def is_done(sets, batch):
    expected = {}
    for change in batch:
        one = change["ResourceRecordSet"]
        key = (full(one["Name"]), one["Type"], one.get("SetIdentifier"))
        expected[key] = text(one) if change["Action"] == "UPSERT" else None
    return all((text(sets[key]) if key in sets else None) == value for key, value in expected.items())


def zones_of_vpc(route53, vpc):
    return aws.turns(route53, "ListHostedZonesByVPC", f"list the zones of {vpc['VPCId']}", "HostedZoneSummaries", **vpc)


def zones_named(route53, summaries, name, comment):
    """The id of the zone with this name and comment, and the ids of others with the name that stand in its place."""
    ours, others = None, []
    for zone_id in [summary["HostedZoneId"] for summary in summaries if full(summary["Name"]) == name]:
        try:
            config = read_private_zone(route53, zone_id)["HostedZone"]["Config"]
        except aws.AwsWriteError as error:
            # A zone of another account is listed too, but only its owner may read it.
            if error.code not in aws.DENIED + ("NoSuchHostedZone",):
                raise
            config = {}
        if comment and config.get("Comment") == comment:
            ours = zone_id
        else:
            others.append(zone_id)
    return ours, others


def create_zone(route53, name, comment, vpc):
    """Create a zone; the id, and the id of the change."""
    # A reference that was ever used is refused for ever, so the name alone is not enough.
    reference = f"{hashlib.sha256(f'{name} {comment}'.encode()).hexdigest()[:32]}-{uuid.uuid4().hex}"
    config = {"PrivateZone": True, "Comment": comment or ""}
    try:
        answer = aws.call(
            route53, "CreateHostedZone", f"create the zone {name} for {vpc['VPCId']}",
            Name=name, VPC=vpc, CallerReference=reference, HostedZoneConfig=config,
        )
    except aws.AwsWriteError as error:
        # The answer to a request that took effect may be lost; the SDK's second one is then refused.
        if error.code not in ("HostedZoneAlreadyExists", "ConflictingDomainExists"):
            raise
        ours = zones_named(route53, zones_of_vpc(route53, vpc), name, comment)[0]
        if not ours:
            raise
        return ours, None
    return bare(answer["HostedZone"]["Id"]), answer["ChangeInfo"]["Id"]


def delete_zone(route53, zone_id, name):
    try:
        answer = aws.call(route53, "DeleteHostedZone", f"delete the zone {name} ({zone_id})", Id=zone_id)
        return answer["ChangeInfo"]["Id"]
    except aws.AwsWriteError as error:
        if error.code != "NoSuchHostedZone":
            raise
        return None


def label_zone(route53, zone_id, name, comment, tags):
    """Write the comment unless it is None, and these tags beside the others."""
    purpose = f"label the zone {name} ({zone_id})"
    if comment is not None:
        aws.call(route53, "UpdateHostedZoneComment", purpose, Id=zone_id, Comment=comment)
    if tags:
        request = {"ResourceType": "hostedzone", "ResourceId": zone_id, "AddTags": aws.tag_list(tags)}
        aws.call(route53, "ChangeTagsForResource", purpose, **request)


def tags_of_zones(route53, zone_ids):
    found = {}
    for start in range(0, len(zone_ids), TAGGED_PER_CALL):
        answer = aws.call(
            route53, "ListTagsForResources", "read the tags of zones",
            ResourceType="hostedzone", ResourceIds=zone_ids[start:start + TAGGED_PER_CALL],
        )
        found.update({one["ResourceId"]: aws.tags_of(one["Tags"]) for one in answer["ResourceTagSets"]})
    return found


def wait_published(route53, changes, timeout, delay):
    waiting = list(changes)

    def look():
        while waiting:
            purpose = f"wait for the change {waiting[0]}"
            if aws.call(route53, "GetChange", purpose, Id=bare(waiting[0]))["ChangeInfo"]["Status"] != "INSYNC":
                return False
            waiting.pop(0)
        return True

    if not aws.poll(look, bool, timeout, delay):
        raise aws.AwsWriteError(
            f"Route 53 has not published {len(waiting)} of {len(changes)} changes within {timeout} seconds (PENDING);"
            " they are made and need no repeating: run again with a larger wait_timeout to wait for them."
        )


def read_private_zone(route53, zone_id):
    zone = aws.call(route53, "GetHostedZone", f"read the zone {zone_id}", Id=zone_id)
    if not zone["HostedZone"].get("Config", {}).get("PrivateZone"):
        raise aws.failure(
            route53, "GetHostedZone", "find a private zone", "PublicZoneVPCAssociation",
            f"{zone_id} ({zone['HostedZone']['Name']}) is a public zone",
        )
    return zone


def is_associated(route53, zone_id, vpc_id):
    return any(vpc["VPCId"] == vpc_id for vpc in read_private_zone(route53, zone_id).get("VPCs", []))


def associate(route53, vpc_route53, zone_id, vpc):
    """Associate a VPC; `vpc_route53` is the session of the VPC's account, None when that is the zone's own."""
    if not vpc_route53:
        return associate_authorized(route53, route53, zone_id, vpc, ())
    patiently(
        route53, "CreateVPCAssociationAuthorization", f"authorize {vpc['VPCId']} for the zone {zone_id}",
        ("ConcurrentModification",), HostedZoneId=zone_id, VPC=vpc,
    )
    try:
        # An authorization takes a moment to be seen by the other account.
        return associate_authorized(route53, vpc_route53, zone_id, vpc, ("NotAuthorizedException",))
    finally:
        unauthorize(route53, zone_id, vpc)


def associate_authorized(route53, vpc_route53, zone_id, vpc, again):
    purpose = f"associate {vpc['VPCId']} with the zone {zone_id}"
    try:
        answer = patiently(vpc_route53, "AssociateVPCWithHostedZone", purpose, again, HostedZoneId=zone_id, VPC=vpc)
        return answer["ChangeInfo"]["Id"]
    except aws.AwsWriteError as error:
        # The answer to a request that took effect may be lost; the SDK's second one is then refused.
        refused = error.code not in ("ConflictingDomainExists", "InvalidInput")
        if refused or not is_associated(route53, zone_id, vpc["VPCId"]):
            raise
        return None


def disassociate(route53, vpc_route53, zone_id, vpc):
    purpose = f"take {vpc['VPCId']} off the zone {zone_id}"
    try:
        aws.call(vpc_route53 or route53, "DisassociateVPCFromHostedZone", purpose, HostedZoneId=zone_id, VPC=vpc)
    except aws.AwsWriteError as error:
        # With the wrong region the VPC is not found either, and still associated.
        if error.code != "VPCAssociationNotFound" or is_associated(route53, zone_id, vpc["VPCId"]):
            raise


def unauthorize(route53, zone_id, vpc):
    purpose = f"remove the authorization of {vpc['VPCId']} for the zone {zone_id}"
    try:
        patiently(
            route53, "DeleteVPCAssociationAuthorization", purpose, ("ConcurrentModification",),
            HostedZoneId=zone_id, VPC=vpc,
        )
    except aws.AwsWriteError as error:
        if error.code != "VPCAssociationAuthorizationNotFound":
            raise


def is_authorized(route53, zone_id, vpc_id):
    purpose = f"read the authorizations of the zone {zone_id}"
    found = aws.turns(route53, "ListVPCAssociationAuthorizations", purpose, "VPCs", HostedZoneId=zone_id)
    return vpc_id in [vpc["VPCId"] for vpc in found]


def patiently(route53, operation, purpose, again, **kwargs):
    """Call, and call again while AWS answers with a code of `again` that goes away by itself."""
    for pause in (1, 2, 4, 8, None):
        try:
            return aws.call(route53, operation, purpose, **kwargs)
        except aws.AwsWriteError as error:
            if error.code not in again or pause is None:
                raise
        time.sleep(pause)
