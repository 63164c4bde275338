# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands around a link and can be in its way: network ACLs (moto's), Resolver rules, Route 53 profiles and quotas."""
from __future__ import annotations

from .accounts import NETWORK, arn
from .errors import AwsError
from .filters import page

# Every VPC has this one: what nothing else answers goes to the internet's name servers.
INTERNET_RULE = "rslvr-autodefined-rr-internet-resolver"
ENDPOINTS_QUOTA = "L-29B6F2EB"
ANYWHERE_6 = "::/0"


class Surroundings:
    def __init__(self, aws):
        self.aws = aws
        self.reset()
        self.operations = {
            ("ec2", "DescribeNetworkAcls"): self.describe_acls,
            ("route53resolver", "ListResolverRules"): self.list_rules,
            ("route53resolver", "ListResolverRuleAssociations"): self.list_rule_associations,
            ("route53profiles", "ListProfileAssociations"): self.list_profiles,
            ("route53profiles", "ListProfileResourceAssociations"): self.list_profile_resources,
            ("service-quotas", "GetServiceQuota"): self.get_quota,
            ("service-quotas", "ListServiceQuotas"): self.list_quotas,
        }

    def reset(self):
        # Where a rule or a profile is: (account, region).
        self.rules = {}
        self.rule_associations = []
        self.profiles = {}

    def build(self):
        """A VPC with IPv6 lets it pass its network ACL; moto forgets that."""
        for _account, _region, backend in self.aws.ec2.backends():
            for acl in backend.network_acls.values():
                if acl.default and backend.vpcs[acl.vpc_id].ipv6_cidr_block_association_set:
                    for egress in (True, False):
                        self.add_entry(acl, 101, egress, "allow", ANYWHERE_6)
                        self.add_entry(acl, 32768, egress, "deny", ANYWHERE_6)

    @staticmethod
    def add_entry(acl, number, egress, action, cidr, protocol="-1", first=None, last=None):
        acl.ec2_backend.create_network_acl_entry(
            acl.id, number, protocol, action, egress, None if ":" in cidr else cidr, None, None, first, last, cidr if ":" in cidr else None)

    def state(self):
        return {
            "resolver_rules": {one["Id"]: {"domain": one["DomainName"], "type": one["RuleType"]} for _place, one in self.rules.values()},
            "rule_associations": sorted([one["ResolverRuleId"], one["VPCId"]] for _place, one in self.rule_associations),
            "profiles": {key: {"vpc_id": one["vpc_id"], "zones": sorted(one["zones"])} for key, one in self.profiles.items()},
            "endpoint_quota": self.aws.switch("aws_endpoint_quota"),
        }

    # Network ACLs.

    def describe_acls(self, call):
        backend = self.aws.ec2.backend(call.account, call.region)
        found = backend.describe_network_acls(call.params.get("NetworkAclIds"), {
            one["Name"]: one["Values"] for one in call.params.get("Filters") or []})
        shown, token = page([self._acl(one) for one in found], call.params.get("MaxResults"), call.params.get("NextToken"), self.aws.switch("aws_page"))
        return {"NetworkAcls": shown, "NextToken": token}

    @staticmethod
    def _acl(acl):
        return {
            "NetworkAclId": acl.id, "VpcId": acl.vpc_id, "IsDefault": acl.default, "OwnerId": acl.owner_id, "Tags": [],
            "Associations": [{"NetworkAclAssociationId": one.id, "NetworkAclId": acl.id, "SubnetId": one.subnet_id} for one in acl.associations],
            # As AWS gives them: those of the way out first, each direction by number.
            "Entries": [_entry(one) for one in sorted(acl.network_acl_entries, key=lambda one: (not _out(one), int(one.rule_number)))],
        }

    # Resolver.

    def list_rules(self, call):
        own = [one for place, one in self.rules.values() if place == (call.account, call.region)]
        return self._answer(call, "ResolverRules", [self._internet_rule(call)] + own)

    def _internet_rule(self, call):
        return {"Id": INTERNET_RULE, "CreatorRequestId": "", "Arn": f"arn:aws:route53resolver:{call.region}::autodefined-rule/{INTERNET_RULE}",
                "DomainName": ".", "Status": "COMPLETE", "RuleType": "RECURSIVE", "Name": "Internet Resolver", "OwnerId": "Route 53 Resolver",
                "ShareStatus": "NOT_SHARED"}

    def list_rule_associations(self, call):
        vpcs = self.aws.ec2.backend(call.account, call.region).vpcs
        rows = [{"Id": f"rslvr-autodefined-assoc-{vpc_id}-internet-resolver", "ResolverRuleId": INTERNET_RULE, "Name": "System Rule Association",
                 "VPCId": vpc_id, "Status": "COMPLETE"} for vpc_id in sorted(vpcs)]
        rows += [one for place, one in self.rule_associations if place == (call.account, call.region)]
        for one in call.params.get("Filters") or []:
            key = {"ResolverRuleId": "ResolverRuleId", "VPCId": "VPCId", "Name": "Name", "Status": "Status"}.get(one.get("Name"))
            if key is None:
                raise AwsError("InvalidParameterException", f"The filter '{one.get('Name')}' is invalid")
            rows = [row for row in rows if row[key] in one["Values"]]
        return self._answer(call, "ResolverRuleAssociations", rows)

    def add_rule(self, account, region, vpc_id, domain, kind, targets):
        rule_id = f"rslvr-rr-{len(self.rules) + 1:017x}"
        rule = {"Id": rule_id, "CreatorRequestId": f"by-hand-{len(self.rules)}", "DomainName": domain.rstrip(".") + ".", "Status": "COMPLETE",
                "Arn": f"arn:aws:route53resolver:{region}:{account}:resolver-rule/{rule_id}", "RuleType": kind, "Name": f"rule-{len(self.rules) + 1}",
                "OwnerId": account, "ShareStatus": "NOT_SHARED"}
        if kind == "FORWARD":
            rule.update(ResolverEndpointId="rslvr-out-0a1b2c3d4e5f60001", TargetIps=[{"Ip": one, "Port": 53} for one in targets])
        self.rules[rule_id] = ((account, region), rule)
        self.rule_associations.append(((account, region), {
            "Id": f"rslvr-rrassoc-{len(self.rule_associations) + 1:017x}", "ResolverRuleId": rule_id, "Name": rule["Name"], "VPCId": vpc_id,
            "Status": "COMPLETE"}))
        return rule_id

    # Route 53 profiles.

    def list_profiles(self, call):
        rows = [
            {"Id": f"rpassoc-{key}", "Name": one["name"], "OwnerId": one["owner"], "ProfileId": key, "ResourceId": one["vpc_id"], "Status": "COMPLETE"}
            for key, one in self.profiles.items()
            if one["place"] == (call.account, call.region) and call.params.get("ResourceId") in (None, one["vpc_id"])
        ]
        return self._answer(call, "ProfileAssociations", rows)

    def list_profile_resources(self, call):
        profile = self.profiles.get(call.params["ProfileId"])
        if profile is None:
            raise AwsError("ResourceNotFoundException", f"The profile {call.params['ProfileId']} does not exist.", 404)
        rows = [
            {"Id": f"rpr-{zone_id}", "Name": zone_id, "OwnerId": profile["owner"], "ProfileId": call.params["ProfileId"], "Status": "COMPLETE",
             "ResourceArn": f"arn:aws:route53:::hostedzone/{zone_id}", "ResourceType": "PRIVATE_HOSTED_ZONE"} for zone_id in profile["zones"]
        ]
        return self._answer(call, "ProfileResourceAssociations", rows)

    def add_profile(self, account, region, vpc_id, zone_id, owner=NETWORK):
        profile_id = f"rp-{len(self.profiles) + 1:017x}"
        self.profiles[profile_id] = {"name": f"profile-{len(self.profiles) + 1}", "owner": owner, "vpc_id": vpc_id, "zones": [zone_id],
                                     "place": (account, region)}
        return profile_id

    # Quotas.

    def get_quota(self, call):
        if (call.params["ServiceCode"], call.params["QuotaCode"]) != ("vpc", ENDPOINTS_QUOTA):
            raise AwsError("NoSuchResourceException", "The request failed because the specified service or quota does not exist.")
        return {"Quota": self._quota(call)}

    def list_quotas(self, call):
        return self._answer(call, "Quotas", [self._quota(call)] if call.params["ServiceCode"] == "vpc" else [])

    def _quota(self, call):
        return {"ServiceCode": "vpc", "ServiceName": "Amazon Virtual Private Cloud (Amazon VPC)", "QuotaCode": ENDPOINTS_QUOTA,
                "QuotaArn": f"arn:aws:servicequotas:{call.region}:{arn(call.account).split(':')[4]}:vpc/{ENDPOINTS_QUOTA}",
                "QuotaName": "Interface VPC endpoints per VPC", "Value": float(self.aws.switch("aws_endpoint_quota")), "Unit": "None",
                "Adjustable": True, "GlobalQuota": False}

    @staticmethod
    def _answer(call, key, rows):
        shown, token = page(rows, call.params.get("MaxResults"), call.params.get("NextToken"), 100)
        return {key: shown, **({"NextToken": token} if token else {})}


def _out(entry):
    return str(entry.egress).lower() == "true"


def _entry(entry):
    shown = {"RuleNumber": int(entry.rule_number), "Protocol": str(entry.protocol), "RuleAction": entry.rule_action, "Egress": _out(entry)}
    shown.update({"Ipv6CidrBlock": entry.ipv6_cidr_block} if entry.ipv6_cidr_block else {"CidrBlock": entry.cidr_block})
    if entry.port_range_from is not None:
        shown["PortRange"] = {"From": int(entry.port_range_from), "To": int(entry.port_range_to)}
    return shown
