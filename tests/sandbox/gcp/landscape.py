# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is there at the start: projects, who may do what in them, networks and subnetworks, the vendor's service attachments."""
from __future__ import annotations

REGION = "us-west1"
OTHER_REGION = "us-east1"
REGIONS = (REGION, OTHER_REGION, "us-central1", "europe-west1")

PROJECT, HOST_PROJECT, OTHER_PROJECT, NO_DNS_PROJECT = "my-project", "host-project", "other-project", "no-dns-project"
NO_COMPUTE_PROJECT = "no-compute-project"

# project -> its number, the APIs that nobody enabled there, the projects whose networks it may use
PROJECTS = {
    PROJECT: {"number": "271828182845", "disabled": [], "hosts": [HOST_PROJECT]},
    HOST_PROJECT: {"number": "314159265358", "disabled": [], "hosts": []},
    OTHER_PROJECT: {"number": "141421356237", "disabled": [], "hosts": []},
    NO_DNS_PROJECT: {"number": "173205080756", "disabled": ["dns.googleapis.com"], "hosts": []},
    NO_COMPUTE_PROJECT: {"number": "223606797749", "disabled": ["compute.googleapis.com"], "hosts": []},
}

MAIN = "ansible@my-project.iam.gserviceaccount.com"
READONLY = "auditor@my-project.iam.gserviceaccount.com"
CONSUMER = "consumer@my-project.iam.gserviceaccount.com"
MACHINE = "271828182845-compute@developer.gserviceaccount.com"
PERSON = "operator@example.com"

# owner: everything; viewer: reads; user: reads, and uses networks and subnetworks. No word: the project is not to be seen.
ROLES = {
    MAIN: dict.fromkeys(PROJECTS, "owner"),
    MACHINE: dict.fromkeys(PROJECTS, "owner"),
    PERSON: dict.fromkeys(PROJECTS, "owner"),
    READONLY: dict.fromkeys(PROJECTS, "viewer"),
    CONSUMER: {PROJECT: "owner", HOST_PROJECT: "user"},
}

# Long, because Ansible masks a token wherever its text occurs.
ACCESS_TOKEN = "ya29.c0b4f7e2a9d158c36e7f01b8a24d9c5e6f3071b2c8d4e5a96f70b1c2d3e4f5a6"
EXPIRED_TOKEN = "ya29.c0e93b5d7f1a24c68e0b2d4f6a8c1e3057294b6d8f0a2c4e6081a3c5e7092b4d6"

# project -> network -> {(region, subnetwork): range}
NETWORKS = {
    PROJECT: {
        "my-vpc": {(REGION, "my-subnet"): "10.128.0.0/20", (OTHER_REGION, "east-subnet"): "10.142.0.0/20",
                   (REGION, "full-subnet"): "10.130.0.0/29"},
        "my-second-vpc": {(REGION, "my-second-subnet"): "10.160.0.0/20"},
        "locked-vpc": {(REGION, "locked-subnet"): "10.170.0.0/20"},
    },
    HOST_PROJECT: {"shared-vpc": {(REGION, "shared-subnet"): "10.180.0.0/20"}},
    OTHER_PROJECT: {"other-vpc": {(REGION, "other-subnet"): "10.190.0.0/20"}},
    NO_DNS_PROJECT: {"no-dns-vpc": {(REGION, "no-dns-subnet"): "10.200.0.0/20"}},
}

# What else lives in such a project, and is none of an endpoint: an external address, a load balancer's rule and its address.
RESIDENTS = {
    "addresses": [
        {"name": "nat-ip", "address": "203.0.113.10", "addressType": "EXTERNAL", "status": "RESERVED", "networkTier": "PREMIUM"},
        {"name": "orders-ip", "address": "10.128.15.200", "addressType": "INTERNAL", "status": "IN_USE", "purpose": "GCE_ENDPOINT",
         "networkTier": "PREMIUM", "description": "orders", "subnetwork": f"projects/{PROJECT}/regions/{REGION}/subnetworks/my-subnet",
         "users": [f"projects/{PROJECT}/regions/{REGION}/forwardingRules/orders"]}],
    "rules": [
        {"name": "orders", "IPAddress": "10.128.15.200", "IPProtocol": "TCP", "ports": ["8443"], "loadBalancingScheme": "INTERNAL",
         "networkTier": "PREMIUM", "network": f"projects/{PROJECT}/global/networks/my-vpc",
         "subnetwork": f"projects/{PROJECT}/regions/{REGION}/subnetworks/my-subnet",
         "backendService": f"projects/{PROJECT}/regions/{REGION}/backendServices/orders"}],
    "firewalls": [
        {"name": "my-vpc-allow-internal", "network": f"projects/{PROJECT}/global/networks/my-vpc", "direction": "INGRESS", "priority": 65534,
         "disabled": False, "allowed": [{"IPProtocol": "tcp", "ports": ["0-65535"]}, {"IPProtocol": "icmp"}], "sourceRanges": ["10.128.0.0/9"],
         "logConfig": {"enable": False}},
        # A network whose owner lets nothing out, as the guides' FAQ has it.
        {"name": "locked-deny-egress", "network": f"projects/{PROJECT}/global/networks/locked-vpc", "direction": "EGRESS", "priority": 65000,
         "disabled": False, "denied": [{"IPProtocol": "all"}], "destinationRanges": ["0.0.0.0/0"], "description": "nothing leaves",
         "logConfig": {"enable": False}}],
}

ATTACHMENTS = {
    "projects/vdc-prod/regions/us-west1/serviceAttachments/zilliz-us-west1-psc": {},
    "projects/vdc-prod/regions/us-west1/serviceAttachments/zilliz-us-west1-psc-old": {},
    "projects/vdc-prod/regions/us-east1/serviceAttachments/zilliz-us-east1-psc": {},
}


def scenario():
    """Our part of scenario.json's "extra"; the files' paths come with the folder they are written to."""
    from .auth import FILES

    return {
        **{name: file for name, (file, _content) in FILES.items()},
        "host_project": HOST_PROJECT, "shared_network": "shared-vpc", "shared_subnetwork": "shared-subnet",
        "other_project": OTHER_PROJECT, "other_network": "other-vpc", "other_subnetwork": "other-subnet",
        "second_subnetwork": "my-second-subnet",
        "other_region": OTHER_REGION, "other_region_subnetwork": "east-subnet",
        "other_service": "projects/vdc-prod/regions/us-west1/serviceAttachments/zilliz-us-west1-psc-old",
        "locked_network": "locked-vpc", "locked_subnetwork": "locked-subnet", "locked_firewall": "locked-deny-egress", "full_subnetwork": "full-subnet",
        "no_dns_project": NO_DNS_PROJECT, "no_dns_network": "no-dns-vpc", "no_dns_subnetwork": "no-dns-subnet",
        "no_compute_project": NO_COMPUTE_PROJECT,
        "access_token": ACCESS_TOKEN, "expired_access_token": EXPIRED_TOKEN,
        "account": MAIN, "readonly_account": READONLY, "consumer_account": CONSUMER, "machine_account": MACHINE,
    }
