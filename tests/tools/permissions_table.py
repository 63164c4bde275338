# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the roles need of AWS and Google Cloud, by feature, and why: the one table behind the pages and the tests. Data only."""
from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Feature:
    """`where`: whose account or project; `when`: the condition in words, empty for always; `marked`: only on what carries the link's tag."""

    name: str
    title: str
    where: str
    when: str
    actions: dict[str, str]
    marked: tuple[str, ...] = ()


AWS = (
    Feature("Read", "Read and plan", "main", "", {
        "ec2:DescribeVpcEndpoints": "which endpoints there are",
        "ec2:DescribeSecurityGroups": "which rules there are",
        "ec2:DescribeVpcs": "Route 53 asks for it before it tells the zones of a VPC",
        "ec2:DescribeVpcAttribute": "whether the VPC resolves names of private zones",
        "ec2:DescribeSubnets": "the availability zones of the subnets",
        "ec2:DescribeVpcEndpointServices": "the availability zones of the service",
        "ec2:DescribeNetworkInterfaces": "the addresses that the names must give, and what still holds a group",
        "route53:ListHostedZones": "zones that carry the link's mark",
        "route53:ListHostedZonesByVPC": "zones that the VPC sees, other owners' among them",
        "route53:ListResourceRecordSets": "what the names give now",
        "route53:ListTagsForResources": "the tags of the zones",
        "route53:GetAccountLimit": "whether there is room for another zone",
    }),
    Feature("Endpoint", "Make, change and delete the endpoint", "main", "", {
        "ec2:CreateVpcEndpoint": "make it",
        "ec2:ModifyVpcEndpoint": "change its subnets, security groups or address type in place",
        "ec2:DeleteVpcEndpoints": "the teardown",
        "ec2:CreateTags": "its mark, in the creating call",
        "ec2:DescribeTags": "amazon.aws reads the tags of what it made",
    }, marked=("ec2:DeleteVpcEndpoints",)),
    Feature("SecurityGroup", "A security group of the endpoint", "main", "unless `aws_private_link_security_group_ids` names your own", {
        "ec2:CreateSecurityGroup": "make it",
        "ec2:CreateTags": "its mark, in the creating call",
        "ec2:AuthorizeSecurityGroupIngress": "let the clients in",
        "ec2:RevokeSecurityGroupIngress": "close what nobody needs any more",
        "ec2:DeleteSecurityGroup": "the teardown",
    }, marked=("ec2:DeleteSecurityGroup",)),
    Feature("ClientEgress", "Let the clients out", "main", "with `aws_private_link_client_egress: true`", {
        "ec2:AuthorizeSecurityGroupEgress": "open the outgoing side of the clients' groups",
        "ec2:RevokeSecurityGroupEgress": "close it again",
    }),
    Feature("PrivateDns", "Private zones and their records", "main", "unless `aws_private_link_dns` is `none`", {
        "route53:CreateHostedZone": "make a zone",
        "ec2:DescribeRegions": "Route 53 asks for it when a private zone is made",
        "route53:GetHostedZone": "read it back",
        "route53:UpdateHostedZoneComment": "write the mark of a zone that is adopted",
        "route53:ChangeTagsForResource": "the tags of the zone",
        "route53:ListTagsForResource": "amazon.aws reads the tags of the zone",
        "route53:ChangeResourceRecordSets": "write and remove records",
        "route53:DeleteHostedZone": "the teardown",
    }),
    Feature("FurtherVpcs", "Further VPCs of the same account see the names", "main", "with `aws_private_link_zone_vpcs`", {
        "route53:AssociateVPCWithHostedZone": "add a VPC to the zones",
        "route53:DisassociateVPCFromHostedZone": "take it out again",
    }),
    Feature("OtherAccounts", "VPCs of other accounts see the names", "main", "with a `profile` in `aws_private_link_zone_vpcs`", {
        "route53:CreateVPCAssociationAuthorization": "let the other account's VPC in",
        "route53:DeleteVPCAssociationAuthorization": "remove that permission when it was used",
        "route53:ListVPCAssociationAuthorizations": "find one that an interrupted run left behind",
        "route53:GetHostedZone": "read the VPCs of a zone back",
        "route53:DisassociateVPCFromHostedZone": "take a VPC out again, which the zone's owner may",
    }),
    Feature("VpcOwner", "The account of such a VPC", "profile", "for each `profile` in `aws_private_link_zone_vpcs`", {
        "ec2:DescribeVpcs": "Route 53 asks for it",
        "route53:ListHostedZonesByVPC": "zones that the VPC sees",
        "route53:AssociateVPCWithHostedZone": "add the VPC to the zones",
    }),
    Feature("EndpointPrivateDns", "The endpoint's own private DNS", "main", "with `aws_private_link_private_dns_enabled: true`", {
        "route53:AssociateVPCWithHostedZone": "AWS makes a zone of its own and adds the VPC to it",
        "route53:DisassociateVPCFromHostedZone": "to be safe when it is switched off; AWS documents only the other one",
    }),
    Feature("CrossRegion", "An endpoint in another region than the service", "main", "with `aws_private_link_region` of another region", {
        "vpce:AllowMultiRegion": "AWS has it for these endpoints alone; no call has this name",
    }),
    Feature("Check", "The deep look of the check", "main", "for `zilliz.cloud.check`, unless `private_link_check_deep` is `false`", {
        "ec2:DescribeNetworkAcls": "network ACLs that stand in the way",
        "route53profiles:ListProfileAssociations": "profiles of the VPC",
        "route53profiles:ListProfileResourceAssociations": "zones that these profiles bring",
        "route53resolver:ListResolverRuleAssociations": "Resolver rules of the VPC",
        "route53resolver:ListResolverRules": "the domains of these rules",
        "servicequotas:GetServiceQuota": "how many endpoints the VPC may have",
    }),
    Feature("Waiting", "The modules' own waiting", "main", "for `wait: true` of `route53_names`, which no role uses", {
        "route53:GetChange": "whether a change is published",
    }),
)

GCP = (
    Feature("Read", "Read and plan", "endpoint", "", {
        "compute.forwardingRules.list": "which endpoints there are",
        "compute.addresses.list": "which addresses there are",
    }),
    Feature("ReadNetwork", "Read the network", "network", "", {
        "compute.subnetworks.get": "the subnetwork and its network",
        "compute.networks.list": "the network, and further ones that shall see the names",
        "compute.firewalls.list": "whether anything denies the clients their way out",
    }),
    Feature("ReadZones", "Read the zones", "zones", "", {
        "dns.managedZones.list": "which zones there are",
        "dns.resourceRecordSets.list": "what the names give now",
        "dns.projects.get": "whether there is room for another zone",
    }),
    Feature("Address", "The address of the endpoint", "endpoint", "unless `gcp_private_link_address` names your own", {
        "compute.addresses.create": "reserve it",
        "compute.addresses.createInternal": "reserve it in a subnetwork",
        "compute.addresses.get": "read it back",
        "compute.addresses.delete": "the teardown",
        "compute.addresses.deleteInternal": "the teardown",
        "compute.regionOperations.get": "wait until it is done",
    }),
    Feature("AddressNetwork", "The subnetwork of the address", "network", "with an address that is made", {
        "compute.subnetworks.use": "take an address of it",
    }),
    Feature("Endpoint", "The endpoint", "endpoint", "", {
        "compute.forwardingRules.create": "make it",
        "compute.forwardingRules.pscCreate": "make it an endpoint",
        "compute.forwardingRules.get": "read it back",
        "compute.forwardingRules.delete": "the teardown",
        "compute.forwardingRules.pscDelete": "the teardown",
        "compute.addresses.use": "give it the address",
        "compute.addresses.useInternal": "give it the address",
        "compute.addresses.get": "find the address that it has",
        "compute.regionOperations.get": "wait until it is done",
        "servicedirectory.namespaces.create": "Google registers each endpoint in Service Directory",
        "servicedirectory.services.create": "the same",
        "servicedirectory.services.delete": "the teardown",
    }),
    Feature("EndpointNetwork", "The network of the endpoint", "network", "", {
        "compute.networks.use": "connect the endpoint to it",
    }),
    Feature("GlobalAccess", "Global access", "endpoint", "when `gcp_private_link_global_access` changes later", {
        "compute.forwardingRules.update": "switch it",
        "compute.forwardingRules.pscUpdate": "switch it",
    }),
    Feature("Labels", "Labels", "endpoint", "with `gcp_private_link_labels` or `gcp_private_link_adopt`", {
        "compute.forwardingRules.setLabels": "labels of the endpoint",
        "compute.forwardingRules.pscSetLabels": "labels of the endpoint",
        "compute.addresses.setLabels": "the label of an address that is adopted",
    }),
    Feature("Firewall", "Firewall rules", "network", "where something denies the clients their way out, or with `gcp_private_link_client_egress: always`", {
        "compute.firewalls.create": "make the rule",
        "compute.firewalls.get": "read it back",
        "compute.firewalls.update": "make it exact again",
        "compute.firewalls.delete": "the teardown",
        "compute.networks.updatePolicy": "change what the network lets through",
        "compute.globalOperations.get": "wait until it is done",
    }),
    Feature("Zones", "Private zones and their records", "zones", "unless `gcp_private_link_dns` is `none`", {
        "dns.managedZones.create": "make a zone",
        "dns.managedZones.get": "read it back",
        "dns.managedZones.update": "change its networks and labels",
        "dns.managedZones.delete": "the teardown",
        "dns.managedZoneOperations.get": "wait until a change of a zone is done",
        "dns.changes.create": "write and remove records",
        "dns.changes.get": "wait until they are published",
        "dns.changes.list": "find a change that an interrupted run did not wait for",
        "dns.resourceRecordSets.create": "new records",
        "dns.resourceRecordSets.update": "changed ones; google.cloud raises the serial of the zone with each",
        "dns.resourceRecordSets.delete": "records that go",
    }),
    Feature("ZoneNetworks", "Networks that see the names", "network", "in the project of each network of a zone", {
        "dns.networks.bindPrivateDNSZone": "bind the zone to the network",
    }),
    Feature("Check", "The deep look of the check", "endpoint", "for `zilliz.cloud.check`, unless `private_link_check_deep` is `false`", {
        "compute.projects.get": "quotas of the project",
        "compute.regions.get": "quotas of the region",
    }),
    Feature("CheckNetwork", "The check, in the project of the network", "network", "likewise", {
        "compute.networks.get": "whether policies come before firewall rules",
        "compute.networks.getEffectiveFirewalls": "firewall policies of the organization and the network",
        "compute.networks.getRegionEffectiveFirewalls": "firewall policies of the region",
        "dns.managedZones.list": "zones of that project that take the names",
    }),
    Feature("CheckPolicies", "The check, in the projects of the network and the zones", "both", "likewise", {
        "dns.policies.list": "server policies that send names elsewhere",
        "dns.responsePolicies.list": "response policies of the network",
        "dns.responsePolicyRules.list": "their rules",
    }),
)

TABLE = {"aws": AWS, "gcp": GCP}
MARK_TAG = "zilliz.cloud/private-link"

# What is asked for by the way and may be refused: nothing fails without it, so no policy has it.
NOT_NEEDED = {
    "iam:ListAccountAliases": "amazon.aws asks for it beside the account's number and goes on without it",
    "compute.subnetworks.list": "only tells in which region a subnetwork is that is not where it should be",
}

# Where the documentation's words are: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
# and https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/r53-api-permissions-ref.html;
# https://cloud.google.com/compute/docs/reference/rest/v1 and https://cloud.google.com/dns/docs/access-control.


def actions(cloud, *names):
    """All actions of these features, or of all."""
    return sorted({action for feature in TABLE[cloud] if not names or feature.name in names for action in feature.actions})
