# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Security groups and their rules: every call checked whole before anything of it is done."""
from __future__ import annotations

import ipaddress
import re

from moto.ec2.models.security_groups import SecurityGroupRule

from .ec2 import takes_tags
from .errors import AwsError
from .filters import matches, page

TEXT = re.compile(r"[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]{0,255}")
PROTOCOLS = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "all": "-1"}


def place_of(rule):
    """Where a rule's description is kept: moto forgets that of a rule between groups."""
    return rule.ip_range or rule.source_group


def peer_of(rule):
    return rule.ip_range.get("CidrIp") or rule.ip_range.get("CidrIpv6") or rule.source_group.get("GroupId") or rule.prefix_list_id


class Groups:
    def __init__(self, aws):
        self.aws = aws
        self.operations = {("ec2", name): getattr(self, method) for name, method in (
            ("CreateSecurityGroup", "create"), ("DeleteSecurityGroup", "delete"), ("DescribeSecurityGroups", "describe"),
            ("DescribeSecurityGroupRules", "describe_rules"),
            ("AuthorizeSecurityGroupIngress", "authorize"), ("AuthorizeSecurityGroupEgress", "authorize"),
            ("RevokeSecurityGroupIngress", "revoke"), ("RevokeSecurityGroupEgress", "revoke"),
            ("UpdateSecurityGroupRuleDescriptionsIngress", "describe_again"),
            ("UpdateSecurityGroupRuleDescriptionsEgress", "describe_again"))}

    def reset(self):
        pass

    def _backend(self, call):
        return self.aws.ec2.backend(call.account, call.region)

    def all_of(self, backend):
        return [group for groups in backend.groups.values() for group in groups.values()]

    def get(self, backend, group_id):
        group = backend.get_security_group_from_id(group_id)
        if group is None:
            raise AwsError("InvalidGroup.NotFound", f"The security group '{group_id}' does not exist")
        return group

    def _asked(self, call):
        backend = self._backend(call)
        if call.params.get("GroupId"):
            return backend, self.get(backend, call.params["GroupId"])
        name = call.params.get("GroupName")
        if not name:
            raise AwsError("MissingParameter", "The request must contain the parameter GroupName or GroupId")
        # Names alone speak of the default VPC.
        group = backend.get_security_group_from_name(name, backend.default_vpc.id)
        if group is None:
            raise AwsError("InvalidGroup.NotFound", f"The security group '{name}' does not exist in default VPC '{backend.default_vpc.id}'")
        return backend, group

    # The group.

    def create(self, call):
        asked, backend = call.params, self._backend(call)
        name, text = asked.get("GroupName") or "", asked.get("Description") or ""
        vpc_id = asked.get("VpcId") or backend.default_vpc.id
        self.aws.ec2.vpc(call.account, call.region, vpc_id)
        if not name or not TEXT.fullmatch(name) or name.startswith("sg-"):
            raise AwsError("InvalidParameterValue", f"Value ({name}) for parameter GroupName is invalid.")
        if not text or not TEXT.fullmatch(text):
            raise AwsError("InvalidParameterValue", f"Value ({text}) for parameter GroupDescription is invalid.")
        if any(group.name == name for group in backend.groups.get(vpc_id, {}).values()):
            raise AwsError("InvalidGroup.Duplicate", f"The security group '{name}' already exists for VPC '{vpc_id}'")
        if len(self.all_of(backend)) >= self.aws.switch("aws_groups_quota"):
            raise AwsError("SecurityGroupLimitExceeded", "The maximum number of security groups has been reached.")
        tags = {}
        for spec in asked.get("TagSpecifications") or []:
            if spec.get("ResourceType") != "security-group":
                raise AwsError("InvalidParameterValue", f"'{spec.get('ResourceType')}' is not a valid taggable resource type for this "
                               "operation.")
            tags.update({tag["Key"]: tag.get("Value", "") for tag in spec.get("Tags") or []})
        takes_tags(tags)
        group = backend.create_security_group(name, text, vpc_id=vpc_id, tags=tags)
        return {"GroupId": group.id, "SecurityGroupArn": group.arn,
                "Tags": [{"Key": key, "Value": value} for key, value in sorted(tags.items())]}

    def delete(self, call):
        backend, group = self._asked(call)
        if group.is_default:
            raise AwsError("CannotDelete", f'the specified group: "{group.id}" name: "{group.name}" cannot be deleted by a user')
        in_use = any(group.id in [one.id for one in eni.group_set] for eni in backend.enis.values())
        referenced = any(rule.source_group.get("GroupId") == group.id for other in self.all_of(backend) if other is not group
                         for rule in other.ingress_rules + other.egress_rules)
        if in_use or referenced:
            raise AwsError("DependencyViolation", f"resource {group.id} has a dependent object")
        backend.delete_security_group(group_id=group.id)
        backend.tags.pop(group.id, None)
        return {"Return": True, "GroupId": group.id}

    def describe(self, call):
        asked, backend = call.params, self._backend(call)
        found = self.all_of(backend)
        if asked.get("GroupIds"):
            found = [self.get(backend, group_id) for group_id in asked["GroupIds"]]
        if asked.get("GroupNames"):
            found = [group for group in found if group.vpc_id == backend.default_vpc.id and group.name in asked["GroupNames"]]
            missing = set(asked["GroupNames"]) - {group.name for group in found}
            if missing:
                raise AwsError("InvalidGroup.NotFound", f"The security group '{sorted(missing)[0]}' does not exist in default VPC "
                               f"'{backend.default_vpc.id}'")
        shown = [self.show(backend, group) for group in found]
        fields = {"group-id": "GroupId", "group-name": "GroupName", "description": "Description", "owner-id": "OwnerId", "vpc-id": "VpcId"}
        for prefix, member in (("ip-permission", "IpPermissions"), ("egress.ip-permission", "IpPermissionsEgress")):
            fields.update(_permission_filters(prefix, member))
        shown = [one for one in shown if matches(asked.get("Filters"), one, fields)]
        shown, token = page(shown, asked.get("MaxResults"), asked.get("NextToken"), self.aws.switch("aws_page"))
        return {"SecurityGroups": shown, "NextToken": token}

    def show(self, backend, group):
        return {"GroupId": group.id, "GroupName": group.name, "Description": group.description, "OwnerId": group.owner_id,
                "VpcId": group.vpc_id, "SecurityGroupArn": group.arn, "Tags": self.aws.ec2.tags(backend, group.id),
                "IpPermissions": _permissions(group.ingress_rules), "IpPermissionsEgress": _permissions(group.egress_rules)}

    # Its rules.

    def describe_rules(self, call):
        asked, backend = call.params, self._backend(call)
        rules = [(group, rule) for group in self.all_of(backend) for rule in group.ingress_rules + group.egress_rules]
        shown = [_show_rule(self.aws, backend, group, rule) for group, rule in rules]
        wanted = asked.get("SecurityGroupRuleIds") or []
        missing = set(wanted) - {one["SecurityGroupRuleId"] for one in shown}
        if missing:
            raise AwsError("InvalidSecurityGroupRuleId.NotFound", f"The security group rule ID '{sorted(missing)[0]}' does not exist")
        shown = [one for one in shown if not wanted or one["SecurityGroupRuleId"] in wanted]
        for one in asked.get("Filters") or []:
            for group_id in one.get("Values") or [] if one.get("Name") == "group-id" else []:
                if not group_id.startswith("sg-"):
                    raise AwsError("InvalidGroupId.Malformed", f'Invalid id: "{group_id}" (expecting "sg-...")')
        fields = {"group-id": "GroupId", "security-group-rule-id": "SecurityGroupRuleId"}
        shown = [one for one in shown if matches(asked.get("Filters"), one, fields)]
        shown, token = page(shown, asked.get("MaxResults"), asked.get("NextToken"), self.aws.switch("aws_page"))
        return {"SecurityGroupRules": shown, "NextToken": token}

    def authorize(self, call):
        egress = call.operation.endswith("Egress")
        backend, group = self._asked(call)
        rules = group.egress_rules if egress else group.ingress_rules
        new = self._rules_of(call, backend, group, egress)
        for n, rule in enumerate(new):
            if any(_same(rule, other) for other in rules + new[:n]):
                ports = f", from port: {rule.from_port}, to port: {rule.to_port}" if rule.from_port is not None else ""
                raise AwsError("InvalidPermission.Duplicate", f'the specified rule "peer: {peer_of(rule)}, {rule.ip_protocol.upper()}{ports}, '
                               'ALLOW" already exists')
        if len(rules) + len(new) > self.aws.switch("aws_rules_quota"):
            raise AwsError("RulesPerSecurityGroupLimitExceeded", "The maximum number of rules per security group has been reached.")
        rules.extend(new)
        for spec in call.params.get("TagSpecifications") or []:
            for rule in new:
                backend.create_tags([rule.id], {tag["Key"]: tag.get("Value", "") for tag in spec.get("Tags") or []})
        return {"Return": True, "SecurityGroupRules": [_show_rule(self.aws, backend, group, rule) for rule in new]}

    def revoke(self, call):
        egress = call.operation.endswith("Egress")
        backend, group = self._asked(call)
        rules = group.egress_rules if egress else group.ingress_rules
        wanted = call.params.get("SecurityGroupRuleIds") or []
        if wanted:
            gone = [rule for rule in rules if rule.id in wanted]
            if len(gone) < len(set(wanted)):
                missing = sorted(set(wanted) - {rule.id for rule in gone})[0]
                raise AwsError("InvalidSecurityGroupRuleId.NotFound", f"The security group rule ID '{missing}' does not exist")
        else:
            gone = [self._present(rules, rule) for rule in self._rules_of(call, backend, group, egress)]
        shown = [_show_rule(self.aws, backend, group, rule) for rule in gone]
        for rule in gone:
            rules.remove(rule) if rule in rules else None
            backend.tags.pop(rule.id, None)
        return {"Return": True, "RevokedSecurityGroupRules": shown}

    def describe_again(self, call):
        egress = call.operation.endswith("Egress")
        backend, group = self._asked(call)
        rules = group.egress_rules if egress else group.ingress_rules
        pairs = [(self._present(rules, rule), place_of(rule).get("Description")) for rule in self._rules_of(call, backend, group, egress)]
        by_id = {rule.id: rule for rule in rules}
        for one in call.params.get("SecurityGroupRuleDescriptions") or []:
            if one.get("SecurityGroupRuleId") not in by_id:
                raise AwsError("InvalidSecurityGroupRuleId.NotFound",
                               f"The security group rule ID '{one.get('SecurityGroupRuleId')}' does not exist")
            pairs.append((by_id[one["SecurityGroupRuleId"]], one.get("Description")))
        for rule, text in pairs:
            place_of(rule).pop("Description", None)
            if text is not None:
                place_of(rule)["Description"] = text
        return {"Return": True}

    def _present(self, rules, wanted):
        for rule in rules:
            if _same(rule, wanted):
                return rule
        raise AwsError("InvalidPermission.NotFound", "The specified rule does not exist in this security group.")

    def _rules_of(self, call, backend, group, egress):
        asked = call.params
        permissions = asked.get("IpPermissions") or []
        if not permissions and asked.get("IpProtocol"):
            permissions = [{"IpProtocol": asked["IpProtocol"], "FromPort": asked.get("FromPort"), "ToPort": asked.get("ToPort"),
                            "IpRanges": [{"CidrIp": asked["CidrIp"]}] if asked.get("CidrIp") else [],
                            "UserIdGroupPairs": [{"GroupName": asked["SourceSecurityGroupName"]}]
                            if asked.get("SourceSecurityGroupName") else []}]
        if not permissions and not asked.get("SecurityGroupRuleDescriptions"):
            raise AwsError("MissingParameter", "The request must contain the parameter ipPermissions")
        rules = []
        for one in permissions:
            protocol = str(one.get("IpProtocol", "")).lower()
            protocol = PROTOCOLS.get(protocol, protocol)
            first, last = _ports(protocol, one)
            ranges = [{**text, "CidrIp": _cidr(text["CidrIp"], 4)} for text in one.get("IpRanges") or []]
            ranges += [{**text, "CidrIpv6": _cidr(text["CidrIpv6"], 6)} for text in one.get("Ipv6Ranges") or []]
            pairs = [self._source(call, backend, group, pair) for pair in one.get("UserIdGroupPairs") or []]
            for place in ranges + pairs + list(one.get("PrefixListIds") or []):
                if not TEXT.fullmatch(place.get("Description") or ""):
                    raise AwsError("InvalidParameterValue", "Invalid rule description. Valid descriptions are strings less than 256 "
                                   "characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*")
            rules += [SecurityGroupRule(backend, protocol, group.id, first, last, place, None, is_egress=egress) for place in ranges]
            rules += [SecurityGroupRule(backend, protocol, group.id, first, last, None, pair, is_egress=egress) for pair in pairs]
            rules += [SecurityGroupRule(backend, protocol, group.id, first, last, None, None, place, is_egress=egress)
                      for place in one.get("PrefixListIds") or []]
        return rules

    def _source(self, call, backend, group, pair):
        account = pair.get("UserId") or call.account
        source = None
        if account == call.account:
            source = backend.get_security_group_from_id(pair.get("GroupId")) \
                or (backend.get_security_group_from_name(pair["GroupName"], group.vpc_id) if pair.get("GroupName") else None)
        if source is None:
            raise AwsError("InvalidGroup.NotFound", f"The security group '{pair.get('GroupId') or pair.get('GroupName')}' does not exist")
        if source.vpc_id != group.vpc_id:
            # They would have to be peered, and nothing is peered here.
            raise AwsError("InvalidGroup.NotFound", "You have specified two resources that belong to different networks.")
        kept = {"UserId": account, "GroupId": source.id}
        return {**kept, "Description": pair["Description"]} if pair.get("Description") is not None else kept


def _ports(protocol, one):
    if protocol == "-1":
        return None, None
    start, end = one.get("FromPort"), one.get("ToPort")
    if protocol in ("tcp", "udp"):
        if start is None or end is None:
            raise AwsError("InvalidParameterValue", "Invalid value for portRange. Must specify both from and to ports with TCP/UDP.")
        if not 0 <= int(start) <= int(end) <= 65535:
            raise AwsError("InvalidParameterValue", f"Invalid value '{start}-{end}' for portRange.")
    elif not protocol:
        raise AwsError("InvalidParameterValue", "Invalid value 'null' for protocol. VPC security group rules must specify protocols "
                       "explicitly.")
    return -1 if start is None else int(start), -1 if end is None else int(end)


def _cidr(text, version):
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        network = None
    if network is None or network.version != version or "/" not in text:
        raise AwsError("InvalidParameterValue", f"CIDR block {text} is malformed")
    return str(network)


def _same(one, other):
    keys = [(rule.ip_protocol, rule.from_port, rule.to_port, rule.ip_range.get("CidrIp"), rule.ip_range.get("CidrIpv6"),
             rule.source_group.get("GroupId"), rule.prefix_list_id) for rule in (one, other)]
    return keys[0] == keys[1]


def _permissions(rules):
    """Rules of one protocol and port range read as one permission with several ranges."""
    found = {}
    for rule in rules:
        key = (rule.ip_protocol, rule.from_port, rule.to_port)
        one = found.setdefault(key, {"IpProtocol": rule.ip_protocol, "FromPort": rule.from_port, "ToPort": rule.to_port,
                                     "IpRanges": [], "Ipv6Ranges": [], "UserIdGroupPairs": [], "PrefixListIds": []})
        if rule.ip_range.get("CidrIp"):
            one["IpRanges"].append(dict(rule.ip_range))
        elif rule.ip_range.get("CidrIpv6"):
            one["Ipv6Ranges"].append(dict(rule.ip_range))
        elif rule.source_group:
            one["UserIdGroupPairs"].append(dict(rule.source_group))
        elif rule.prefix_list_id:
            one["PrefixListIds"].append({"PrefixListId": rule.prefix_list_id})
    return list(found.values())


def _show_rule(aws, backend, group, rule):
    port = [-1 if one is None else one for one in (rule.from_port, rule.to_port)]
    return {"SecurityGroupRuleId": rule.id, "GroupId": group.id, "GroupOwnerId": group.owner_id, "IsEgress": rule.is_egress,
            "IpProtocol": rule.ip_protocol, "FromPort": port[0], "ToPort": port[1], "CidrIpv4": rule.ip_range.get("CidrIp"),
            "CidrIpv6": rule.ip_range.get("CidrIpv6"), "PrefixListId": rule.prefix_list_id,
            "ReferencedGroupInfo": {key: rule.source_group[key] for key in ("GroupId", "UserId")} if rule.source_group else None,
            "Description": place_of(rule).get("Description"), "Tags": aws.ec2.tags(backend, rule.id),
            "SecurityGroupRuleArn": f"arn:aws:ec2:{backend.region_name}:{group.owner_id}:security-group-rule/{rule.id}"}


def _permission_filters(prefix, member):
    def values(read):
        return lambda group: [value for permission in group[member] for value in read(permission)]

    return {
        f"{prefix}.cidr": values(lambda one: [place["CidrIp"] for place in one["IpRanges"]]),
        f"{prefix}.ipv6-cidr": values(lambda one: [place["CidrIpv6"] for place in one["Ipv6Ranges"]]),
        f"{prefix}.group-id": values(lambda one: [pair["GroupId"] for pair in one["UserIdGroupPairs"]]),
        f"{prefix}.protocol": values(lambda one: [one["IpProtocol"]]),
        f"{prefix}.from-port": values(lambda one: [one["FromPort"]]),
        f"{prefix}.to-port": values(lambda one: [one["ToPort"]]),
    }
