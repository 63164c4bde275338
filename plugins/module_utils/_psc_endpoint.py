# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A PSC endpoint, which Google calls a forwarding rule: what of it is compared, changed in place, and made anew."""

from __future__ import annotations

import time

from ansible_collections.zilliz.cloud.plugins.module_utils import _gcp_write as gcp
from ansible_collections.zilliz.cloud.plugins.module_utils._gcp_calls import COMPUTE, GcpError, name_of, network_url, same, tail, www

# Google sets these at creation and never again; with their names for people.
FOR_LIFE = {
    "target": "target",
    "network": "network",
    "ip_address": "IP address",
    "service_directory_namespace": "namespace of Service Directory",
}
STATES = ("ACCEPTED", "CLOSED", "NEEDS_ATTENTION", "PENDING", "REJECTED", "STATUS_UNSPECIFIED")
STUCK = {
    "PENDING": "authorize the endpoint at Zilliz Cloud (zilliz.cloud.private_endpoint)",
    "REJECTED": "authorize the endpoint at Zilliz Cloud again (zilliz.cloud.private_endpoint)",
    "NEEDS_ATTENTION": "Zilliz Cloud has accepted it and must do more at its own side: ask its support",
    "CLOSED": "the service has closed it for good: create it again with recreate=true",
}


class Endpoint:
    """One endpoint of a project and region; `permission` and purposes are put together here."""

    def __init__(self, google, params):
        self._google, self._timeout = google, params["operation_timeout"]
        self._region = f"{COMPUTE}projects/{params['project']}/regions/{params['region']}"
        self._list = f"{self._region}/forwardingRules"
        self._urls = {}
        self._url, self._name = f"{self._list}/{params['name']}", params["name"]
        self._what = f"the endpoint {params['name']} in {params['region']}"

    def read(self):
        """The forwarding rule, None when there is none."""
        found = self._google.get(self._url, f"read {self._what}", "compute.forwardingRules.get", missing=None)
        if found and "/serviceAttachments/" not in found.get("target", ""):
            raise GcpError(
                f"The forwarding rule {self._name} is there and is no PSC endpoint (it has no service attachment for its"
                " target): choose another name."
            )
        return found

    def write(self, before, after, anew):
        """Make the difference; the forwarding rule as it is then."""
        if before and (anew or not after):
            self._write("DELETE", self._url, f"delete {self._what}", "compute.forwardingRules.delete")
        if after and (anew or not before):
            # The address is free a moment after the endpoint that had it is gone.
            racing = ("address_taken", "in_use", "not_ready") if anew else ()
            gcp.racing(lambda: self._create(after), racing)
        elif after and before["allow_psc_global_access"] != after["allow_psc_global_access"]:
            self._set_global_access(after["allow_psc_global_access"])
        if after and after["labels"] != ({} if anew else before.get("labels", {})):
            permission = "compute.forwardingRules.setLabels"
            gcp.set_labels(self._google, self._url, self._what, permission, after["labels"], self._timeout)
        return self.read()

    def _create(self, after):
        namespace = after["service_directory_namespace"]
        body = {
            "name": self._name,
            "network": after["network"],
            "target": after["target"],
            "IPAddress": self._reserved(after["ip_address"], after["network"]),
            "description": after["description"],
            "allowPscGlobalAccess": after["allow_psc_global_access"],
            "serviceDirectoryRegistrations": [{"namespace": namespace}] if namespace else None,
        }
        body = {key: value for key, value in body.items() if value not in (None, "")}
        self._write("POST", self._list, f"create {self._what}", "compute.forwardingRules.create", body)

    def literal(self, ip_address):
        """The IP address itself of an address that is given as a URL."""
        if "/" not in (ip_address or ""):
            return ip_address
        url, purpose = COMPUTE + tail(ip_address), f"read the address {name_of(ip_address)}"
        found = self._google.get(url, purpose, "compute.addresses.get").get("address")
        self._urls[found] = www(ip_address)
        return found

    def _reserved(self, ip_address, network):
        """The URL of the reserved address: not every API takes the IP address of an endpoint as it is."""
        if ip_address in self._urls:
            return self._urls[ip_address]
        url, purpose = f"{self._region}/addresses", f"find the address {ip_address}"
        query = {"filter": f'address = "{ip_address}"'}
        found = self._google.pages(url, "items", purpose, "compute.addresses.list", **query)
        found = [one for one in found if one.get("addressType") == "INTERNAL"]
        # Networks may have the same ranges.
        found = [one for one in found if len(found) == 1 or same(self._network_of(one), network)]
        return found[0]["selfLink"] if found else ip_address

    def _network_of(self, address):
        url = COMPUTE + tail(address.get("subnetwork"))
        return self._google.get(url, f"read the subnetwork of the address {address['name']}", "compute.subnetworks.get").get("network")

    def _set_global_access(self, wanted):
        def attempt():
            found = self.read() or {}
            if bool(found.get("allowPscGlobalAccess")) != wanted:
                body = {"allowPscGlobalAccess": wanted, "fingerprint": found.get("fingerprint")}
                self._write("PATCH", self._url, f"change {self._what}", "compute.forwardingRules.update", body)

        gcp.racing(attempt)

    def wait(self, states, timeout, delay):
        """Look until the connection has one of the states; a timeout of 0 looks once."""
        end = time.monotonic() + timeout
        while True:
            found = self.read()
            status = status_of(found)
            left = end - time.monotonic()
            if status in states:
                return found
            if left <= 0 or status in ("CLOSED", "gone"):
                late = f" after {timeout} seconds" if left <= 0 else ""
                raise GcpError(
                    f"The connection of {self._what} is {status} and not {' or '.join(states)}{late}:"
                    f" {STUCK.get(status, 'look at it in Google Cloud')}, then run again."
                )
            time.sleep(min(delay, left))

    def _write(self, method, url, purpose, permission, body=None):
        self._google.write(method, url, purpose, permission, body, self._timeout)


def status_of(found):
    return (found.get("pscConnectionStatus") or "STATUS_UNSPECIFIED").upper() if found else "gone"


def settings(found):
    """What of an endpoint is compared."""
    if not found:
        return {}
    registrations = found.get("serviceDirectoryRegistrations") or [{}]
    return {
        "target": www(found.get("target")),
        "network": www(found.get("network")),
        "ip_address": found.get("IPAddress"),
        "service_directory_namespace": registrations[0].get("namespace"),
        "description": found.get("description", ""),
        "allow_psc_global_access": bool(found.get("allowPscGlobalAccess")),
        "labels": found.get("labels", {}),
    }


def planned(params, found):
    """Before, after, whether that takes a new endpoint, and what to warn of."""
    before = settings(found)
    if params["state"] == "absent":
        return before, {}, False, []
    after = wanted(params, before)
    missing = [name for name in ("network", "target", "ip_address") if not after.get(name)]
    if missing:
        raise GcpError(
            f"There is no endpoint {params['name']} in {params['region']} of project {params['project']}: give"
            f" {', '.join(missing)} too, so that it can be created."
        )
    phrases = lasting(found, before, after) if found else []
    if phrases and not params["recreate"]:
        raise GcpError(
            f"The endpoint {params['name']} cannot be changed in place: {' and '.join(phrases)}. Google keeps these for the"
            " life of an endpoint: leave the options as they are, or set recreate=true to delete it and create it again,"
            " after which it must be authorized again."
        )
    warnings = []
    if found and not phrases and after["description"] != before["description"]:
        warnings.append(f"Google cannot change the description of the endpoint {params['name']}: it stays as it is.")
        after["description"] = before["description"]
    return before, after, bool(phrases), warnings


def wanted(params, before):
    """What it is to be; an option that is not given is left as it is."""
    given = {name: params[name] for name in (*FOR_LIFE, "description", "allow_psc_global_access") if params[name] is not None}
    if "network" in given and "/" not in given["network"]:
        given["network"] = network_url(params["project"], given["network"])
    given = {name: www(value) if name in ("network", "target") else value for name, value in given.items()}
    # A URL without a project means the one that is there.
    given = {name: before[name] if before and is_same(name, before[name], value) else value for name, value in given.items()}
    new = {"allow_psc_global_access": False, "description": "", "service_directory_namespace": None}
    return {**(before or new), **given, "labels": {**before.get("labels", {}), **gcp.plain_labels(params["labels"])}}


def is_same(name, one, other):
    return same(one, other) if name in ("target", "network") else one == other


def lasting(found, before, after):
    """What differs and cannot be changed in place, as phrases."""
    phrases = [
        f"its {word} is {tail(before[name]) or 'not set'} and not {tail(after[name])}"
        for name, word in FOR_LIFE.items()
        if before[name] != after[name]
    ]
    return phrases + (["its connection is CLOSED"] if status_of(found) == "CLOSED" else [])


def checked(states):
    states = [state.strip().upper() for state in states or []]
    unknown = [state for state in states if state not in STATES]
    if unknown:
        raise GcpError(f"wait_states has {', '.join(unknown)}: the states of a connection are {', '.join(STATES)}.")
    return states


def described(name, found, known):
    if not known:
        return {}
    live = {"psc_connection_id": found.get("pscConnectionId"), "psc_connection_status": status_of(found)} if found else {}
    return {"name": name, **live, **known}
