# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What comes before a network's zones and firewall rules: server and response policies of Cloud DNS, firewall policies. Only drifts make them."""
from __future__ import annotations

from typing import Any, Callable

from . import landscape
from .protocol import GoogleError


class Policies:
    def __init__(self, gcp):
        self.gcp = gcp
        self.reset()
        self.operations = {
            "dns.policies.list": self.list_servers, "dns.responsePolicies.list": self.list_responses, "dns.responsePolicyRules.list": self.list_rules,
            "compute.networks.getEffectiveFirewalls": self.effective_firewalls,
            "compute.regionNetworkFirewallPolicies.getEffectiveFirewalls": self.regional_firewalls,
        }

    def reset(self):
        self.servers = {}     # (project, name) -> the policy as the API gives it
        self.responses = {}   # (project, name) -> {"policy": as the API gives it, "rules": [likewise]}
        self.firewalls = {}   # the network's URL -> policies, as the API gives them, those of the organization first

    def list_servers(self, call):
        rows = [one for (project, _name), one in sorted(self.servers.items()) if project == call.project]
        return self.gcp.dns.page(call, "dns#policiesListResponse", "policies", rows)

    def list_responses(self, call):
        rows = [one["policy"] for (project, _name), one in sorted(self.responses.items()) if project == call.project]
        return self._plain(self.gcp.dns.page(call, "", "responsePolicies", rows))

    def list_rules(self, call):
        name = call.params["responsePolicy"]
        found = self.responses.get((call.project, name))
        if found is None:
            raise GoogleError(404, "notFound", f"The 'parameters.responsePolicy' resource named '{name}' does not exist.")
        return self._plain(self.gcp.dns.page(call, "", "responsePolicyRules", sorted(found["rules"], key=lambda one: one["ruleName"])))

    @staticmethod
    def _plain(page):
        """These lists have no kind."""
        return {key: value for key, value in page.items() if key != "kind"}

    def effective_firewalls(self, call):
        network = self.gcp.compute.networks.get(call)
        return {"firewalls": self._rules(network), "firewallPolicys": [
            one for one in self.firewalls.get(network["selfLink"], []) if one["type"] != "NETWORK_REGIONAL"]}

    def regional_firewalls(self, call):
        """Those of the region and all others, by names that are less short."""
        networks = self.gcp.compute.networks
        key = networks.parse(call.query["network"], call.project)
        if key is None or key[0] != call.project:
            raise GoogleError(400, "invalid", f"Invalid value for field 'network': '{call.query['network']}'.")
        network = networks.find(key)
        return {"firewalls": self._rules(network), "firewallPolicys": [
            {name: value for name, value in one.items() if name not in ("shortName", "region")}
            for one in self.firewalls.get(network["selfLink"], []) if one.get("region") in (None, call.params["region"])]}

    def _rules(self, network):
        return [one for _key, one in sorted(self.gcp.compute.firewalls.all.items()) if one["network"] == network["selfLink"]]


class PolicyDrifts:
    """Drifts of these things, for the class of all drifts. A network is a name or a URL."""

    # What they have from it.
    gcp: Any
    _network: Callable

    def gcp_name_server_policy(self, network="my-vpc", project=landscape.PROJECT, name="to-the-office", servers=("10.128.0.53",)):
        """From now on the network asks these name servers for every name. Without servers the policy is one that only logs."""
        url = self._network(network, project)
        self.gcp.policies.servers[project, name] = {
            "kind": "dns#policy", "id": self.gcp.operations.number(), "name": name, "description": "of another team", "enableInboundForwarding": False,
            "enableLogging": True, "networks": [{"kind": "dns#policyNetwork", "networkUrl": url}],
            **({"alternativeNameServerConfig": {"kind": "dns#policyAlternativeNameServerConfig", "targetNameServers": [
                {"kind": "dns#policyAlternativeNameServerConfigTargetNameServer", "ipv4Address": one, "forwardingPath": "default"} for one in servers]}}
               if servers else {}),
        }
        return {"project": project, "name": name}

    def gcp_response_policy(self, dns_name, network="my-vpc", project=landscape.PROJECT, name="overrides", rule="rule-1", values=("192.0.2.1",),
                            bypass=False):
        """A rule that answers for a name, or for all of *.example.com; bypass lets the name through. Further rules join the policy of this name."""
        url = self._network(network, project)
        found = self.gcp.policies.responses.setdefault((project, name), {"rules": [], "policy": {
            "kind": "dns#responsePolicy", "id": self.gcp.operations.number(), "responsePolicyName": name, "description": "of another team",
            "networks": [{"kind": "dns#responsePolicyNetwork", "networkUrl": url}]}})
        dns_name = dns_name.lower().rstrip(".") + "."
        data = {"behavior": "bypassResponsePolicy"} if bypass else {"localData": {"localDatas": [
            {"kind": "dns#resourceRecordSet", "name": dns_name, "type": "A", "ttl": 300, "rrdatas": list(values)}]}}
        found["rules"].append({"kind": "dns#responsePolicyRule", "ruleName": rule, "dnsName": dns_name, **data})
        return {"project": project, "name": name, "rule": rule}

    def gcp_firewall_policy_denies(self, network="my-vpc", project=landscape.PROJECT, name="nothing-leaves", priority=1000, ranges=("0.0.0.0/0",),
                                   ports=(), target_accounts=(), hierarchical=False, region=None, policies_first=False):
        """A firewall policy of the network, of it in a region, or of its organization, denies egress."""
        url = self._network(network, project)
        rule = {"kind": "compute#firewallPolicyRule", "ruleName": f"{name}-rule", "priority": priority, "action": "deny", "direction": "EGRESS",
                "enableLogging": False, "disabled": False, "match": {
                    "destIpRanges": list(ranges), "layer4Configs": [
                        {"ipProtocol": "tcp", "ports": [str(one) for one in ports]} if ports else {"ipProtocol": "all"}]},
                **({"targetServiceAccounts": list(target_accounts)} if target_accounts else {})}
        # Google's own rules at the end of every policy leave it to the next.
        last = {"kind": "compute#firewallPolicyRule", "priority": 2147483644, "action": "goto_next", "direction": "EGRESS", "disabled": False,
                "match": {"destIpRanges": ["0.0.0.0/0"], "layer4Configs": [{"ipProtocol": "all"}]}}
        kind = "HIERARCHY" if hierarchical else "NETWORK_REGIONAL" if region else "NETWORK"
        policy = {"name": "104857600001" if hierarchical else name, "type": kind, "rules": [rule, last],
                  **({} if hierarchical else {"priority": 1000}), **({"region": region, "displayName": name} if region else {"shortName": name})}
        found = self.gcp.policies.firewalls.setdefault(url, [])
        found.append(policy)
        found.sort(key=lambda one: one["type"] != "HIERARCHY")
        if policies_first:
            key = self.gcp.compute.networks.parse(url)
            self.gcp.compute.networks.all[key]["networkFirewallPolicyEnforcementOrder"] = "BEFORE_CLASSIC_FIREWALL"
        return {"project": project, "name": name}

    def gcp_quota_small(self, endpoints=None, addresses=None, firewalls=None, zones=None):
        """What is there is all that there may be, unless numbers are given."""
        given = {"gcp_endpoints_quota": endpoints, "gcp_addresses_quota": addresses, "gcp_firewalls_quota": firewalls, "gcp_dns_zone_quota": zones}
        compute, project, region = self.gcp.compute, landscape.PROJECT, landscape.REGION
        now = {"gcp_endpoints_quota": compute.rules.count(project, region), "gcp_addresses_quota": compute.addresses.count(project, region),
               "gcp_firewalls_quota": compute.firewalls.count(project), "gcp_dns_zone_quota": len(self.gcp.dns.of(project))}
        everything = all(value is None for value in given.values())
        chosen = {name: now[name] if value is None else value for name, value in given.items() if everything or value is not None}
        self.gcp.world.switch(chosen)
        return {"project": project, **chosen}
