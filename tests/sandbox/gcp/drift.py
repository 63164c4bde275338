# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody else does to the projects meanwhile. Nothing of it is a call in the log."""
from __future__ import annotations

import hashlib
import inspect

from ..core import BadRequest
from . import landscape, names
from .dns_names import fully_qualified, inside
from .policies import PolicyDrifts

MARK = "zilliz.cloud private link "
MARK_LABEL = "zilliz-cloud-private-link"


class Drift(PolicyDrifts):
    """A drift is a method gcp_...; its arguments default to the only marked thing of its kind. A network is a name or a URL."""

    def __init__(self, gcp):
        self.gcp = gcp
        self.kinds = {name: drift for name, drift in inspect.getmembers(self, inspect.ismethod) if name.startswith("gcp_")}

    def drift(self, kind, **args):
        found = self.kinds.get(kind)
        if found is None:
            raise BadRequest(f"There is no drift kind {kind!r}; Google has {', '.join(sorted(self.kinds))}.")
        try:
            inspect.signature(found).bind(**args)
        except TypeError as error:
            raise BadRequest(f"The drift {kind}{inspect.signature(found)}: {error}.") from None
        touched = found(**args)
        self.gcp.world.log.add("drift", kind, True, "ok", **touched)
        return touched

    # The thing that is meant.

    def _resource(self, collection, name, project, what):
        """(key, resource)."""
        found = [(key, one) for key, one in collection.all.items()
                 if project in (None, key[0]) and (key[2] == name if name else _marked(one.get("description"), one.get("labels")))]
        if len(found) != 1:
            raise BadRequest(f"There are {len(found)} such {what}s; name one with name (and project).")
        return found[0]

    def _endpoint(self, name, project):
        return self._resource(self.gcp.compute.rules, name, project, "endpoint")

    def _address(self, name, project):
        return self._resource(self.gcp.compute.addresses, name, project, "address")

    def _firewall(self, name, project):
        return self._resource(self.gcp.compute.firewalls, name, project, "firewall rule")

    def _zone(self, zone, project):
        """By its name or its DNS name; without any, the first marked one in the order of DNS names."""
        found = [one for one in self.gcp.dns.zones.values() if project in (None, one.project)
                 and (zone in (one.name, one.dns_name, one.dns_name.rstrip(".")) if zone else _marked(one.description, one.labels))]
        if len(found) > 1 and not zone:
            found = sorted(found, key=lambda one: one.dns_name)[:1]
        if len(found) != 1:
            raise BadRequest(f"There are {len(found)} such zones; name one with zone (and project).")
        return found[0]

    @staticmethod
    def _record(zone, name, kind):
        name = _absolute(name) if name else None
        found = [key for key in sorted(zone.records) if key not in (zone.soa, (zone.dns_name, "NS"))
                 and name in (None, key[0]) and kind in (None, key[1])]
        if not found:
            raise BadRequest(f"The zone {zone.name} has no such record.")
        return found[0]

    def _network(self, text, project=landscape.PROJECT):
        url = text if "/" in text else names.network_url(project, text)
        key = self.gcp.compute.networks.parse(url)
        if key not in self.gcp.compute.networks.all:
            raise BadRequest(f"There is no network {text}.")
        return names.network_url(key[0], key[2])

    def _do(self, operation, project, body, **params):
        """A call by nobody whom the log knows, done at once."""
        answer = self.gcp.quietly(operation, {"project": project, **params}, body)
        for error in answer.get("error", {}).get("errors", []):
            raise BadRequest(f"The drift could not be made: {error['message']} ({error['code']})")

    # Endpoints: forwarding rules to service attachments.

    def gcp_endpoint_delete(self, name=None, project=None):
        key, _rule = self._endpoint(name, project)
        self.gcp.compute.rules.remove(key)
        return _touched(key)

    def gcp_endpoint_retarget(self, name=None, project=None, target=None):
        """The rule is made again under its name, to another service attachment. Default: the vendor's old one."""
        return self.gcp_endpoint_remake(name, project, target=target or sorted(landscape.ATTACHMENTS)[-1])

    def gcp_endpoint_remake(self, name=None, project=None, target=None, address=None, network=None, description=None, labels=None, status=None):
        """Deleted and made again under its name: a new connection, which nobody accepted. What is not given stays as it was; address: a name."""
        key, rule = self._endpoint(name, project)
        address = address or next(one["name"] for one in self.gcp.compute.addresses.all.values() if rule["selfLink"] in one.get("users", []))
        self.gcp.compute.rules.remove(key)
        body = {"name": key[2], "target": target or rule["target"], "network": self._network(network, key[0]) if network else rule["network"],
                "IPAddress": address, "description": rule.get("description", "") if description is None else description}
        self._do("compute.forwardingRules.insert", key[0], body, region=key[1])
        made = self.gcp.compute.rules.all[key]
        made["labels"] = dict(rule.get("labels", {}) if labels is None else labels)
        made["pscConnectionStatus"] = status or made["pscConnectionStatus"]
        self.gcp.compute.rules.touch(made)
        return _touched(key)

    def gcp_connection_accept(self, name=None, project=None):
        return self._connection(name, project, "ACCEPTED")

    def gcp_connection_pend(self, name=None, project=None):
        return self._connection(name, project, "PENDING")

    def gcp_connection_reject(self, name=None, project=None):
        return self._connection(name, project, "REJECTED")

    def gcp_connection_close(self, name=None, project=None):
        """The producer's attachment is gone: for good."""
        return self._connection(name, project, "CLOSED")

    def gcp_connection_attention(self, name=None, project=None):
        return self._connection(name, project, "NEEDS_ATTENTION")

    def _connection(self, name, project, status):
        key, rule = self._endpoint(name, project)
        rule["pscConnectionStatus"] = status
        return {**_touched(key), "status": status}

    def gcp_endpoint_global_access(self, name=None, project=None, enabled=None):
        """Default: the other way round."""
        key, rule = self._endpoint(name, project)
        rule["allowPscGlobalAccess"] = not rule["allowPscGlobalAccess"] if enabled is None else bool(enabled)
        self.gcp.compute.rules.touch(rule)
        return {**_touched(key), "global_access": rule["allowPscGlobalAccess"]}

    def gcp_endpoint_labels(self, name=None, project=None, remove=None, set=None):
        key, rule = self._endpoint(name, project)
        return self._relabel(self.gcp.compute.rules, key, rule, remove, set)

    def gcp_foreign_endpoint(self, name, project=landscape.PROJECT, region=landscape.REGION, network="my-vpc", subnetwork="my-subnet", target=None,
                             address=None, description="of another team", labels=None, status="ACCEPTED"):
        """An endpoint without our mark, with an address of its own."""
        network = self._network(network, project)
        target = target or next(iter(landscape.ATTACHMENTS))
        if not address:
            address = f"{name}-ip"[-63:].lstrip("-0123456789")
            self.gcp_foreign_address(address, project, region, subnetwork)
        self._do("compute.forwardingRules.insert", project, {"name": name, "target": target, "network": network, "IPAddress": address,
                                                             "description": description}, region=region)
        rule = self.gcp.compute.rules.all[project, region, name]
        rule.update(pscConnectionStatus=status, labels=dict(labels or {}))
        self.gcp.compute.rules.touch(rule)
        return _touched((project, region, name))

    # Addresses.

    def gcp_address_delete(self, name=None, project=None):
        """Google refuses it while an endpoint uses the address; so does this."""
        key, address = self._address(name, project)
        if address.get("users"):
            raise BadRequest(f"The address {key[2]} is in use; delete its endpoint first.")
        self.gcp.compute.addresses.remove(key)
        return _touched(key)

    def gcp_address_labels(self, name=None, project=None, remove=None, set=None):
        key, address = self._address(name, project)
        return self._relabel(self.gcp.compute.addresses, key, address, remove, set)

    def gcp_foreign_address(self, name, project=landscape.PROJECT, region=landscape.REGION, subnetwork="my-subnet", address=None,
                            description="of another team", labels=None):
        subnetwork = subnetwork if "/" in subnetwork else names.url(project, region, "subnetworks", subnetwork)
        self._do("compute.addresses.insert", project, {"name": name, "addressType": "INTERNAL", "purpose": "GCE_ENDPOINT", "description": description,
                                                       "subnetwork": subnetwork, **({"address": address} if address else {})}, region=region)
        made = self.gcp.compute.addresses.all[project, region, name]
        made["labels"] = dict(labels or {})
        self.gcp.compute.addresses.touch(made)
        return {**_touched((project, region, name)), "address": made["address"]}

    def _relabel(self, collection, key, resource, remove, changed):
        """Without arguments: every label goes."""
        labels = dict(resource.get("labels", {}))
        for label in list(labels) if remove is None and changed is None else remove or []:
            labels.pop(label, None)
        resource["labels"] = {**labels, **(changed or {})}
        collection.touch(resource)
        return {**_touched(key), "labels": resource["labels"]}

    # Firewall rules.

    def gcp_firewall_widen(self, name=None, project=None, port=None, protocol=None, range=None, target_tag=None):
        """Default: ssh too. A protocol comes with all its ports. A target tag widens only a rule that has one: without any it is for all machines."""
        key, rule = self._firewall(name, project)
        side, ranges = "allowed" if "allowed" in rule else "denied", _ranges(rule)
        if protocol:
            rule[side].append({"IPProtocol": protocol, **({"ports": [str(port)]} if port else {})})
        elif port or not (range or target_tag):
            tcp = next((one for one in rule[side] if one["IPProtocol"] == "tcp" and "ports" in one), None)
            if tcp is None:
                raise BadRequest(f"The firewall rule {key[2]} names no TCP port, so one more cannot widen it.")
            tcp["ports"].append(str(port or 22))
        if range:
            rule[ranges].append(range)
        if target_tag:
            rule.setdefault("targetTags", []).append(target_tag)
        return _touched(key)

    def gcp_firewall_narrow(self, name=None, project=None, port=None, range=None):
        """Default: the last port goes; with one port only, another takes its place."""
        key, rule = self._firewall(name, project)
        side, ranges = "allowed" if "allowed" in rule else "denied", _ranges(rule)
        if range:
            rule[ranges] = [one for one in rule[ranges] if one != range]
        else:
            ports = rule[side][0].get("ports") or ["all"]
            rule[side][0]["ports"] = [one for one in ports if one != str(port or ports[-1])] or ["9"]
        return _touched(key)

    def gcp_firewall_disable(self, name=None, project=None, disabled=True):
        key, rule = self._firewall(name, project)
        rule["disabled"] = bool(disabled)
        return _touched(key)

    def gcp_firewall_change(self, name=None, project=None, priority=None, description=None, target_tags=None, logging=None):
        key, rule = self._firewall(name, project)
        rule.update({field: value for field, value in (("priority", priority), ("description", description), ("targetTags", target_tags),
                                                       ("logConfig", None if logging is None else {"enable": bool(logging)})) if value is not None})
        return _touched(key)

    def gcp_firewall_delete(self, name=None, project=None):
        key, _rule = self._firewall(name, project)
        self.gcp.compute.firewalls.remove(key)
        return _touched(key)

    def gcp_foreign_firewall(self, name, project=landscape.PROJECT, network="my-vpc", direction="EGRESS", priority=1000, allowed=None, denied=None,
                             ranges=None, target_tags=None, description="of another team"):
        """Default: it lets 443 out to anywhere."""
        body = {"name": name, "network": self._network(network, project), "direction": direction, "priority": priority, "description": description,
                "destinationRanges" if direction == "EGRESS" else "sourceRanges": ranges or ["0.0.0.0/0"],
                **({"targetTags": target_tags} if target_tags else {}),
                **({"denied": denied} if denied else {"allowed": allowed or [{"IPProtocol": "tcp", "ports": ["443"]}]})}
        self._do("compute.firewalls.insert", project, body)
        return _touched((project, "global", name))

    def gcp_deny_egress(self, network="my-vpc", project=landscape.PROJECT, name="deny-all-egress", priority=65000, ranges=None):
        """From now on nothing leaves this network."""
        return self.gcp_foreign_firewall(name, project, network, "EGRESS", priority, denied=[{"IPProtocol": "all"}], ranges=ranges,
                                         description="nothing leaves")

    # Zones.

    def gcp_zone_network_add(self, zone=None, project=None, network="my-second-vpc"):
        zone = self._zone(zone, project)
        url = self._network(network)
        if url not in zone.networks:
            zone.networks.append(url)
        zone.answering = list(zone.networks)
        return {"zone": zone.name, "network": url}

    def gcp_zone_network_remove(self, zone=None, project=None, network=None):
        """Default: the network that was bound last."""
        zone = self._zone(zone, project)
        url = self._network(network) if network else (zone.networks or [None])[-1]
        if url not in zone.networks:
            raise BadRequest(f"The zone {zone.name} has no such network.")
        zone.networks.remove(url)
        zone.answering = list(zone.networks)
        return {"zone": zone.name, "network": url}

    def gcp_zone_description(self, zone=None, project=None, description="changed by hand"):
        zone = self._zone(zone, project)
        zone.description = description
        return {"zone": zone.name}

    def gcp_zone_labels(self, zone=None, project=None, remove=None, set=None):
        """Without arguments: every label goes."""
        zone = self._zone(zone, project)
        for label in list(zone.labels) if remove is None and set is None else remove or []:
            zone.labels.pop(label, None)
        zone.labels.update(set or {})
        return {"zone": zone.name, "labels": dict(zone.labels)}

    def gcp_zone_delete(self, zone=None, project=None):
        """Somebody emptied it before."""
        zone = self._zone(zone, project)
        self.gcp.dns.remove(zone)
        return {"zone": zone.name}

    def gcp_foreign_zone(self, dns_name, name=None, project=landscape.PROJECT, networks=None, description="of another team", labels=None,
                         records=None, private=True):
        """A zone without our mark: by default on my-vpc. records: [{name, type, values, ttl}]. As another project's it is not in our lists."""
        dns_name = _absolute(dns_name)
        name = name or f"zone-{hashlib.sha256(dns_name.encode()).hexdigest()[:10]}"
        if (project, name) in self.gcp.dns.zones:
            raise BadRequest(f"There is a zone {name} in {project} already.")
        zone = self.gcp.dns.new(project, name, dns_name, "private" if private else "public")
        urls = [self._network(one) for one in (["my-vpc"] if networks is None else networks)] if private else []
        for url in urls:
            for other in self.gcp.dns.on(url):
                if other.dns_name == dns_name:
                    raise BadRequest(f"The network {url} has the zone {other.name} of that DNS name already.")
        zone.networks, zone.answering, zone.description, zone.labels = urls, list(urls), description, dict(labels or {})
        self.gcp.dns.zones[project, name] = zone
        for one in records or []:
            self.gcp_record_add(name, project, one.get("name") or dns_name, one.get("type", "A"), one.get("values", ["192.0.2.1"]), one.get("ttl", 300))
        return {"zone": name, "project": project}

    # Records.

    def gcp_record_change(self, zone=None, project=None, name=None, type=None, values=None, ttl=None):
        """Default: the zone's first record answers another address."""
        zone = self._zone(zone, project)
        key = self._record(zone, name, type)
        before = zone.records[key]
        values = values or (before["rrdatas"] if ttl is not None else ["other.example.com."] if key[1] == "CNAME" else ["192.0.2.1"])
        return self._put(zone, key, values, before["ttl"] if ttl is None else ttl)

    def gcp_record_value_add(self, zone=None, project=None, name=None, type=None, value="192.0.2.66"):
        """One more value beside those that are there."""
        zone = self._zone(zone, project)
        key = self._record(zone, name, type)
        return self._put(zone, key, [*zone.records[key]["rrdatas"], value], zone.records[key]["ttl"])

    def gcp_record_add(self, zone=None, project=None, name=None, type="TXT", values=None, ttl=300):
        """Default: a TXT record of somebody else."""
        zone = self._zone(zone, project)
        name = _absolute(name or f"other.{zone.dns_name}")
        if not inside(name, zone.dns_name):
            raise BadRequest(f"{name} is not in the zone {zone.dns_name}.")
        return self._put(zone, (name, type), values or ['"by hand"'], ttl)

    def gcp_record_delete(self, zone=None, project=None, name=None, type=None):
        zone = self._zone(zone, project)
        key = self._record(zone, name, type)
        return self._put(zone, key, None, None)

    @staticmethod
    def _put(zone, key, values, ttl):
        zone.records = {**zone.records, key: {"ttl": ttl, "rrdatas": list(values or []), "routingPolicy": None}}
        if values is None:
            del zone.records[key]
        zone.serving = dict(zone.records)
        zone.drifts += 1
        return {"zone": zone.name, "record_name": key[0], **({"values": list(values)} if values else {})}


def _marked(description, labels):
    return (description or "").startswith(MARK) or MARK_LABEL in (labels or {})


def _ranges(rule):
    return "destinationRanges" if rule["direction"] == "EGRESS" else "sourceRanges"


def _touched(key):
    return {"project": key[0], "name": key[2], **({"region": key[1]} if key[1] != "global" else {})}


def _absolute(name):
    name = name.lower().rstrip(".") + "."
    if not fully_qualified(name):
        raise BadRequest(f"{name!r} is no DNS name.")
    return name
