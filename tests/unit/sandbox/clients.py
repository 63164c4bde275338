# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client of the sandbox's data plane in a few lines, and a link that stands without a role."""
from __future__ import annotations

import json
import socket
import ssl
import struct

from sandbox import scenario
from sandbox.aws.endpoints import HOSTED_ZONES

NXDOMAIN, SILENT = "NXDOMAIN", "silent"
KINDS = {"A": 1, "CNAME": 5, "AAAA": 28}


class AwsLink:
    """prod-01 of the scenario behind an endpoint in two subnets, with its zone and a security group for the VPC's clients."""

    cluster_id = "in01-840ec44485bf25d"
    cloud, region_id, project_id = "aws", scenario.REGION_ID, scenario.AWS_PROJECT

    def __init__(self, world):
        self.world = world
        self.plane = world.dataplane
        self.data = self.plane.scenario("")["dataplane"]
        given = world.scenario["aws"]
        self.port, self.host = self._linked()
        self.group_id = world.drift("hand_made_group", name="link")["group_id"]
        world.drift("rule_add", group_id=self.group_id, port=self.port, cidr=given["client_cidrs"][0])
        self.endpoint_id = world.drift("hand_made_endpoint", group_ids=[self.group_id])["vpc_endpoint_id"]
        self.endpoint = world.aws.endpoints.all[self.endpoint_id]
        self.addresses = sorted(one.private_ip_address for one in world.aws.ec2.backend(self.endpoint.account, self.endpoint.region).enis.values()
                                if getattr(one, "endpoint_id", None) == self.endpoint_id)
        self.register(self.endpoint_id)
        self.zone_id = world.drift("hand_made_zone", name=self.host)["zone_id"]
        self.zone = world.aws.zones.all[self.zone_id]
        self.alias(self.host, self.endpoint_name)
        self.resolver = self.data["resolver"]
        self.plane.sync()

    def _linked(self):
        zilliz = self.world.zilliz
        cluster = self.cluster = zilliz.clusters[self.cluster_id]
        cluster["privateLinkAddress"] = zilliz._address(cluster)
        host, _colon, port = cluster["privateLinkAddress"].removeprefix("https://").partition(":")
        return int(port), host

    def register(self, endpoint_id, gcp_project_id=None):
        self.row = {"projectId": self.project_id, "regionId": self.region_id, "cloudId": self.cloud, "endpointService": "", "endpointId": endpoint_id,
                    "gcpProjectId": gcp_project_id, "phase": "ready", "since": 0}
        self.world.zilliz.registrations.append(self.row)

    @property
    def endpoint_name(self):
        return self.endpoint.dns_names([])[0]

    def alias(self, name, target, kind="A"):
        self.zone.records[f"{name}.", kind, None] = {"Name": f"{name}.", "Type": kind, "AliasTarget": {
            "DNSName": f"{target}.", "HostedZoneId": HOSTED_ZONES["us-west-2"], "EvaluateTargetHealth": False}}

    @property
    def public_host(self):
        return self.cluster["connectAddress"].removeprefix("https://").partition(":")[0]

    def walk(self, address=None, port=None, host=None, token=None, seconds=5.0):
        return walk(self.plane.certificates.authority_pem, address or self.addresses[0], port or self.port, host or self.host, token, seconds)


class GoogleLink(AwsLink):
    cluster_id = "in01-61e949d971f841b"
    cloud, region_id, project_id = "gcp", "gcp-us-west1", scenario.GCP_PROJECT

    def __init__(self, world, network="my-vpc", subnetwork="my-subnet"):  # pylint: disable=super-init-not-called
        self.world = world
        self.plane = world.dataplane
        self.data = self.plane.scenario("")["dataplane"]
        self.port, self.host = self._linked()
        made = world.drift("gcp_foreign_endpoint", name="to-zilliz", network=network, subnetwork=subnetwork)
        assert made
        self.rule = next(one for key, one in world.gcp.compute.rules.all.items() if key[2] == "to-zilliz")
        self.rule["pscConnectionStatus"] = "ACCEPTED"
        self.addresses = [self.rule["IPAddress"]]
        self.register("to-zilliz", "my-project")
        world.drift("gcp_foreign_zone", dns_name=f"{self.host}.", name="link", networks=[network])
        world.drift("gcp_record_add", zone="link", name=f"{self.host}.", type="A", values=self.addresses)
        self.zone = next(one for one in world.gcp.dns.zones.values() if one.name == "link")
        world.clock.advance(120)
        self.resolver = self.data["resolvers"][network]
        self.plane.sync()


def ask(server, name, kind="A", tcp=False, seconds=5.0):
    """What a resolver says: a list of addresses and names, "NXDOMAIN" or "silent"."""
    host, _colon, port = server.rpartition(":")
    query = struct.pack("!HHHHHH", 4711, 0x0100, 1, 0, 0, 0) + _name(name) + struct.pack("!HH", KINDS[kind], 1)
    if tcp:
        with socket.create_connection((host, int(port)), seconds) as connection:
            connection.sendall(struct.pack("!H", len(query)) + query)
            return _read(_all(connection, struct.unpack("!H", _all(connection, 2))[0]))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as connection:
        connection.settimeout(seconds)
        connection.sendto(query, (host, int(port)))
        try:
            return _read(connection.recv(4096))
        except TimeoutError:
            return SILENT


def _all(connection, size):
    data = b""
    while len(data) < size:
        data += connection.recv(size - len(data)) or b"?" * size
    return data


def _name(name):
    return b"".join(bytes([len(one)]) + one.encode() for one in name.split(".")) + b"\0"


def _read(answer):
    _number, flags, _questions, count, _more, _rest = struct.unpack("!HHHHHH", answer[:12])
    if flags & 0x0200:
        return "truncated"
    if flags & 15:
        return {3: NXDOMAIN}.get(flags & 15, flags & 15)
    at, found = _skip(answer, 12) + 4, []
    for _record in range(count):
        at = _skip(answer, at)
        kind, _class, _ttl, size = struct.unpack("!HHIH", answer[at:at + 10])
        data = answer[at + 10:at + 10 + size]
        found.append(socket.inet_ntop(socket.AF_INET if kind == 1 else socket.AF_INET6, data) if kind in (1, 28) else _text(data))
        at += 10 + size
    return found


def _skip(answer, at):
    while answer[at]:
        at += 1 + answer[at]
    return at + 1


def _text(data):
    labels, at = [], 0
    while data[at]:
        labels.append(data[at + 1:at + 1 + data[at]].decode())
        at += 1 + data[at]
    return ".".join(labels)


def walk(authority, address, port, host, token=None, seconds=5.0):
    """How far a client comes: what failed, or (status, answer)."""
    try:
        # The kernel connects, however busy the sandbox is.
        connection = socket.create_connection((address, port), 0.5)
        connection.settimeout(seconds)
    except TimeoutError:
        return "hangs"
    except ConnectionRefusedError:
        return "refused"
    context = ssl.create_default_context(cadata=authority)
    try:
        with context.wrap_socket(connection, server_hostname=host) as tunnel:
            tunnel.settimeout(seconds)
            return _http(tunnel, host, token)
    except ssl.SSLCertVerificationError as error:
        return error.verify_message
    except (ssl.SSLEOFError, ConnectionResetError) as error:
        return "reset" if isinstance(error, ConnectionResetError) else "closed"
    except ssl.SSLError as error:
        return error.reason
    except TimeoutError:
        return "no answer to TLS"


def _http(tunnel, host, token):
    verb, more = ("POST /v2/vectordb/collections/list", f"Authorization: Bearer {token}\r\n") if token else ("GET /", "")
    body = "{}" if token else ""
    tunnel.sendall(f"{verb} HTTP/1.1\r\nHost: {host}\r\n{more}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}".encode())
    data = b""
    try:
        while part := tunnel.recv(65536):
            data += part
    except TimeoutError:
        return "no answer to HTTP"
    head, _blank, body = data.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 "):
        return "no HTTP"
    try:
        return int(head.split()[1]), json.loads(body)
    except ValueError:
        return int(head.split()[1]), body.decode()
