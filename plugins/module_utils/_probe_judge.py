# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a probe of a private link saw, judged: one verdict, its cause, and the one change that mends it. Pure: no I/O, no Ansible."""

from __future__ import annotations

import ipaddress
import re

OK = "ok"
HEALTHY = "healthy"
PARTLY = "partly"
NO_PRIVATE_DNS = "no_private_dns"
RESOLVER_SILENT = "resolver_silent"
PUBLIC_ADDRESS = "public_address"
WRONG_ADDRESS = "wrong_address"
NO_ROUTE = "no_route"
HANGS = "hangs"
REFUSED = "refused"
CLOSED = "closed"
NOT_TLS = "not_tls"
WRONG_CERTIFICATE = "wrong_certificate"
ENDPOINT_NAME_USED = "endpoint_name_used"
UNTRUSTED_CERTIFICATE = "untrusted_certificate"
EXPIRED_CERTIFICATE = "expired_certificate"
NO_ANSWER = "no_answer"
ODD_ANSWER = "odd_answer"
CLUSTER_DOWN = "cluster_down"
KEY_REFUSED = "key_refused"
CALL_FAILED = "call_failed"

# verdict -> (state, cause, mend)
VERDICTS = {
    HEALTHY: (OK, "{host} port {port} works from here.", ""),
    PARTLY: (
        "degraded",
        "Some addresses of the endpoint do not answer on port {port}: clients fail from time to time.",
        "Let each subnet of the endpoint take port {port}: compare the security groups, firewall rules and network ACLs of its "
        "zones, or take the failing subnet out of the endpoint.",
    ),
    NO_PRIVATE_DNS: (
        "broken",
        "{resolver} has no address for {host}: there is no private DNS record, or its zone does not answer in this network.",
        "Make the private zone of {host} with a record that leads to the endpoint, and associate it with this VPC or network.",
    ),
    RESOLVER_SILENT: (
        "broken",
        "{resolver} gave no usable answer for {host}.",
        "Let this host reach its resolver on port 53 by UDP and TCP, turn on DNS resolution in the VPC, and mend or remove a "
        "forwarding rule that takes this name.",
    ),
    PUBLIC_ADDRESS: (
        "broken",
        "{host} leads to a public address here, so the private zone does not answer in this network. Nothing was sent there.",
        "Associate the private zone of {host} with the VPC or network of this host, and let this host ask the resolver of that "
        "network. If it answers there already, its record is wrong: run the set-up again.",
    ),
    WRONG_ADDRESS: (
        "broken",
        "{host} leads to an address that is not the endpoint's.",
        "Let the DNS record of {host} lead to the endpoint's addresses{expected}, and remove any other zone or entry of the hosts "
        "file that takes this name.",
    ),
    NO_ROUTE: (
        "broken",
        "This host has no way to the endpoint's address.",
        "Give this host's subnet a route to the endpoint's subnets, or run the probe on a host in the endpoint's network, and "
        "let the host's own firewall allow it.",
    ),
    HANGS: (
        "broken",
        "Connections to {host} hang: something drops what is sent to port {port}.",
        "Allow TCP port {port} from this host in the endpoint's security group, and out of this host in its own. Then look at the "
        "firewall rules and network ACLs in between, whether {port} is the private link's port, and whether the endpoint is accepted.",
    ),
    REFUSED: (
        "broken",
        "{host} refuses connections on port {port}: nothing listens there, so it is the wrong port, or a firewall rejects them.",
        "Use the port of the private link as Zilliz Cloud gives it (it can differ from the public one). If it is {port}, let the "
        "record lead to the endpoint and no firewall reject that port.",
    ),
    CLOSED: (
        "broken",
        "The connection to {host} port {port} ends before TLS is set up: no running cluster is behind it, or the endpoint is not "
        "accepted.",
        "See that the cluster runs and that Zilliz Cloud has accepted the endpoint for the cluster's project and region.",
    ),
    NOT_TLS: (
        "broken",
        "What answers at {host} port {port} does not speak TLS, so it is not Zilliz Cloud.",
        "Let the record of {host} lead to the endpoint, use the port of the private link, and take any proxy out of the way.",
    ),
    WRONG_CERTIFICATE: (
        "broken",
        "The certificate at {host} port {port} is for other names: something else answers there.",
        "Let the record of {host} lead to the endpoint of this cluster's region, and connect by the host that Zilliz Cloud gives.",
    ),
    ENDPOINT_NAME_USED: (
        "broken",
        "{host} is the endpoint's own name or address, which the certificate of the cluster does not name.",
        "Connect by the private link's host that Zilliz Cloud gives for the cluster, and let its DNS record lead to the endpoint.",
    ),
    UNTRUSTED_CERTIFICATE: (
        "broken",
        "The certificate at {host} port {port} is from an authority that this host does not trust: a proxy may be in between.",
        "Take the TLS-inspecting proxy or firewall out of the way of {host}. When the authority is right, add it to this host "
        "(such as by its package ca-certificates) or give it by ca_path.",
    ),
    EXPIRED_CERTIFICATE: (
        "broken",
        "The certificate at {host} port {port} is not valid at the time of this host's clock.",
        "Set this host's clock right. If it is right, tell Zilliz support about the certificate.",
    ),
    NO_ANSWER: (
        "broken",
        "{host} takes connections on port {port}, but then gives no answer.",
        "See whether the cluster runs and is not overloaded. If it is well, look for a firewall or a tunnel on the way that "
        "drops large packets (MTU).",
    ),
    ODD_ANSWER: (
        "broken",
        "What answers at {host} port {port} does not speak HTTP as a cluster does.",
        "Use the port of the private link as Zilliz Cloud gives it, and take any proxy out of the way.",
    ),
    CLUSTER_DOWN: (
        "broken",
        "The path is fine, but the cluster behind {host} answers with a server error.",
        "Wait until the cluster runs, or resume it. If it runs, tell Zilliz support.",
    ),
    KEY_REFUSED: (
        "degraded",
        "The path is fine, but the cluster refuses the key or user.",
        "Give an API key that may use this cluster, or user:password of one of its users.",
    ),
    CALL_FAILED: (
        "degraded",
        "The path is fine, but a call to list the collections failed.",
        "See what the cluster answers and whether it is well.",
    ),
}

# What is told otherwise of names that are meant to be public.
PUBLIC_VERDICTS = {
    NO_PRIVATE_DNS: (
        "broken",
        "{resolver} has no address for {host}.",
        "See that the public endpoint of the cluster is on, and wait until the DNS caches on the way have forgotten the old answer.",
    ),
    HANGS: (
        "broken",
        "Connections to {host} hang: something drops what is sent to port {port}.",
        "Allow TCP port {port} out of this host's network to the internet, and this host's public address in the cluster's IP access "
        "list.",
    ),
    WRONG_ADDRESS: (
        "broken",
        "{host} leads to an address that cannot be the cluster's.",
        "Remove the entry of the hosts file, the DNS filter or the private zone that takes this name.",
    ),
}

# Something answers that is not the cluster: told even when other addresses are well.
_IMPOSTORS = (NOT_TLS, WRONG_CERTIFICATE, ENDPOINT_NAME_USED, UNTRUSTED_CERTIFICATE, EXPIRED_CERTIFICATE, ODD_ANSWER)
# When no address is well, the one on which the probe came furthest tells most.
_TELLING = _IMPOSTORS + (CLUSTER_DOWN, NO_ANSWER, CLOSED, REFUSED, HANGS, NO_ROUTE)

# Python's own is_private changes from version to version, and counts addresses for documentation.
_PRIVATE = [
    ipaddress.ip_network(text)
    for text in "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 198.18.0.0/15 240.0.0.0/4 127.0.0.0/8 fc00::/7 ::1/128".split()
]
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_NOWHERE = "255.255.255.255"

# The own names of endpoints: AWS's, and Google's for Private Service Connect.
_OWN_NAME = re.compile(r"vpce-[0-9a-f]+[-.].*|.*\.vpce\.amazonaws\.com(\.cn)?|.*\.p\.googleapis\.com")

# Milvus: not authenticated, not permitted. Zilliz Cloud: token malformed or unknown, key without rights on project or cluster.
_REFUSALS = {1400, 1401, 1800, 80001, 80002, 96012, 96013, 96014, 96015, 96016}
_REFUSAL = re.compile(r"PermissionDenied|permission denied|Unauthenticated|n.t authenticated|invalid (token|api ?key)", re.IGNORECASE)


def plain(address):
    """An IP address in its one form; an IPv4 address inside an IPv6 one comes out. ValueError when it is none."""
    found = ipaddress.ip_address(str(address).partition("%")[0])
    if found.version == 6 and found.ipv4_mapped:
        found = found.ipv4_mapped
    elif found in _NAT64:
        found = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
    return str(found)


def is_private(address):
    found = ipaddress.ip_address(plain(address))
    return str(found) != _NOWHERE and any(found in network for network in _PRIVATE)


def told(verdict, public=False, **fields):
    """The state, cause and mend of a verdict."""
    state, cause, mend = public and PUBLIC_VERDICTS.get(verdict) or VERDICTS[verdict]
    return {"state": state, "cause": cause.format(**fields), "mend": mend.format(**fields)}


def judge_addresses(addresses, expected, public_addresses=(), public=False):
    """Whether to connect to what the resolver gave: (ok, []) or a verdict with the addresses that it is about."""
    right = {plain(address) for address in expected}
    shared = {plain(address) for address in public_addresses}
    found = {address: plain(address) for address in addresses}
    if right:
        stray = [address for address, one in found.items() if one not in right]
    elif public:
        stray = [address for address, one in found.items() if _is_nowhere(one)]
    else:
        stray = [address for address, one in found.items() if not is_private(one)]
        # The IPv6 addresses of an AWS VPC are public ones, so next to a private IPv4 address they cannot be told.
        if any(":" not in found[address] and address not in stray for address in found):
            stray = [a for a in stray if ":" not in found[a] or found[a] in shared or _is_nowhere(found[a])]
    if not stray:
        return OK, []
    outside = [address for address in stray if not is_private(address) and not _is_nowhere(address) or found[address] in shared]
    return (PUBLIC_ADDRESS, outside) if outside else (WRONG_ADDRESS, stray)


def _is_nowhere(address):
    """Whether no endpoint can ever have it: as answered by DNS filters, for example."""
    found = ipaddress.ip_address(plain(address))
    return found.is_unspecified or found.is_multicast or found.is_link_local or str(found) == _NOWHERE


def judge_name(host, verify_word):
    """A certificate for other names is no wonder when the endpoint's own name or address was asked for."""
    return ENDPOINT_NAME_USED if verify_word == WRONG_CERTIFICATE and is_own_name(host) else verify_word


def is_own_name(host):
    return is_address(host) or bool(_OWN_NAME.fullmatch(host))


def is_address(host):
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return False


def judge_status(status):
    """Any answer below 500 proves the path; without a key the guides expect 400."""
    return OK if status < 500 else CLUSTER_DOWN


def judge_call(status, answer):
    """A call with a key: by HTTP status, and by the code in the answer (a dict, or None when it was no JSON)."""
    answer = answer if isinstance(answer, dict) else {}
    code = answer.get("code")
    if not isinstance(code, int) or isinstance(code, bool):
        code = None
    if status in (401, 403) or code in _REFUSALS:
        return KEY_REFUSED
    if status == 200 and code in (0, 200):
        return OK
    return KEY_REFUSED if status < 500 and _REFUSAL.search(str(answer.get("message"))) else CALL_FAILED


def judge(resolve, paths, call=None):
    """The verdict on a link, with the addresses it is about.

    resolve is OK or a verdict; paths are (address, OK or verdict) of every address; call is None, OK or a verdict.
    """
    if resolve != OK:
        return resolve, []
    counted = _counted(paths)
    failed = [(address, word) for address, word in counted if word != OK]
    telling = min((word for unused, word in failed), key=_TELLING.index, default=None)
    if failed and (len(failed) == len(counted) or telling in _IMPOSTORS):
        return telling, [address for address, word in failed if word == telling]
    if failed:
        return PARTLY, [address for address, unused in failed]
    if not counted:
        return NO_PRIVATE_DNS, []
    return (HEALTHY if call in (None, OK) else call), [address for address, unused in counted]


def _counted(paths):
    """Without the addresses of a family that this host does not have, when it has the other one: its clients do without too."""
    lacking = [
        version
        for version in (4, 6)
        if all(word == NO_ROUTE for address, word in paths if ipaddress.ip_address(address.partition("%")[0]).version == version)
    ]
    rest = [(a, word) for a, word in paths if ipaddress.ip_address(a.partition("%")[0]).version not in lacking]
    return rest or paths
