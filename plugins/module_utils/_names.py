# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names, states and addresses of Zilliz Cloud in our words. Pure: no I/O, no Ansible."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

MARK_TAG = "zilliz.cloud/private-link"

_GUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_ENDPOINT_IDS = {
    "aws": (r"vpce-[0-9a-f]{8,32}", "the id of a VPC endpoint, such as vpce-0ce90d01341533a5c"),
    "gcp": (
        r"[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?",
        "the name of the Private Service Connect forwarding rule, such as my-psc-endpoint",
    ),
    "azure": (
        rf"[^\s/]+\.{_GUID}",
        "the name and the resourceGuid of the private endpoint joined by a dot, "
        "such as zilliz.d73e9b55-7b9c-4f8d-8f0a-40e737f1ccbf",
    ),
    "ali": (r"ep-[0-9a-zA-Z]+", "the id of a PrivateLink endpoint, such as ep-bp1a2b3c4d5e6f7g8h9i"),
}
_ACCOUNTS = {
    "aws": (r"[0-9]{12}", "the 12 digits of an AWS account, quoted in YAML so that leading zeros stay"),
    "azure": (_GUID, "an Azure subscription id"),
}

# Only AVAILABLE and accepted are attested; the vendor's reference gives no list, so the rest is read by its words.
_READY = {"available", "accepted", "approved", "active", "connected"}
_FAILED = {"error", "unavailable", "deleted"}
_FAILED_ENDINGS = ("rejected", "failed", "expired")
_PENDING = ("pending", "creating", "initiating", "processing", "verifying", "accepting", "modifying")

_GONE = {"DELETING", "DELETED"}
_NO_LINK_WHILE = {
    "SUSPENDING": "it is being suspended: resume it to get a private link",
    "SUSPENDED": "it is suspended: resume it to get a private link",
    "STOPPING": "it is being suspended: resume it to get a private link",
    "STOPPED": "it is suspended: resume it to get a private link",
    "FREEZING": "it is being frozen: settle the account's bill to get a private link",
    "FROZEN": "it is frozen: settle the account's bill to get a private link",
    "DELETING": "it is being deleted",
    "DELETED": "it is deleted",
    "ABNORMAL": "its status is ABNORMAL: ask Zilliz support to repair the cluster",
}


def snake(data):
    """The API's camelCase keys as snake_case, at every depth; labels keep the keys that their owner chose."""
    if isinstance(data, list):
        return [snake(item) for item in data]
    if not isinstance(data, dict):
        return data
    return {_snake_key(key): value if key == "labels" else snake(value) for key, value in data.items()}


def _snake_key(key):
    key = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", str(key))
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", key).lower()


def mark(project_id, region_id, network):
    """The name of a link: one project and region of Zilliz Cloud in one VPC or network."""
    return f"{project_id}/{region_id}/{network}"


def parse_address(url):
    """An address taken apart, or None. Any port may come, and the private one may differ from the public one."""
    text = url.strip() if isinstance(url, str) else ""
    if not text:
        return None
    full = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(full)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return None
    # The host becomes the name of a DNS zone: nothing but a host name may pass.
    if port == 0 or len(host) > 253 or not re.fullmatch(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9-]+", host):
        return None
    return {"url": full, "host": host, "port": port or 443}


def endpoint_phase(status):
    """What a registration's status means: ready, pending, failed or unknown (to be shown and awaited)."""
    word = re.sub(r"[^a-z]", "", str(status or "").lower())
    if word in _READY:
        return "ready"
    if word in _FAILED or word.endswith(_FAILED_ENDINGS):
        return "failed"
    if any(part in word for part in _PENDING):
        return "pending"
    return "unknown"


def endpoint_leaving(status):
    """Whether a registration is on its way out: still listed, but as good as gone."""
    return bool(re.search(r"delet|remov", str(status or ""), re.IGNORECASE))


def switching(cluster):
    """Whether a cluster's public endpoint is just being opened (True) or closed (False), or neither (None)."""
    status = str(cluster.get("status") or "").upper()
    if "PUBLIC" not in status:
        return None
    # The words are known from a comment in the vendor's provider only, so any form of them counts.
    return False if "DISABL" in status else True if "ENABL" in status else None


def endpoint_problem(cloud_id, endpoint_id, gcp_project_id=None):
    """What is wrong with an endpoint id in its cloud, or None."""
    problems = []
    if cloud_id == "gcp" and not gcp_project_id:
        problems.append("gcp_project_id is missing: a Google Cloud endpoint is known by its name and its Google project")
    if cloud_id != "gcp" and gcp_project_id:
        problems.append(f"gcp_project_id belongs to Google Cloud regions only: leave it out for cloud {cloud_id}")
    form = _form_problem("endpoint_id", endpoint_id, cloud_id, _ENDPOINT_IDS)
    return "; ".join(problems + [form] if form else problems) or None


def account_problem(cloud_id, outer_user_id):
    """What is wrong with a cloud account in its cloud, or None."""
    return _form_problem("outer_user_id", outer_user_id, cloud_id, _ACCOUNTS)


def _form_problem(option, value, cloud_id, forms):
    form, words = forms.get(cloud_id, (r"[^\s/]+", "the id that the cloud shows, without white space"))
    return None if re.fullmatch(form, value) else f"{option} '{value}' is not of cloud {cloud_id}: it must be {words}"


def links(clusters, project_id, region_id):
    """Every cluster of a project and region with its private link, or with the reason why it has none."""
    found = [
        _link(cluster)
        for cluster in clusters
        if cluster.get("project_id") == project_id and cluster.get("region_id") == region_id
    ]
    return sorted(found, key=lambda link: (link["cluster_name"], link["cluster_id"]))


def _link(cluster):
    status = str(cluster.get("status") or "").upper()
    # A dropped cluster can stay listed with its old address: its names must go, so it has no link.
    address = None if status in _GONE else parse_address(cluster.get("private_link_address"))
    public = parse_address(cluster.get("connect_address")) or {}
    reason, waiting = (None, None) if address else _why_not(cluster, status)
    return {
        "cluster_id": cluster.get("cluster_id") or "",
        "cluster_name": cluster.get("cluster_name") or "",
        "plan": cluster.get("plan"),
        "status": cluster.get("status"),
        **(address or {"url": None, "host": None, "port": None}),
        "public_url": public.get("url"),
        "public_host": public.get("host"),
        # None where the deployment does not tell.
        "public_enabled": cluster.get("public_address_enabled"),
        "ready": bool(address),
        "reason": reason,
        "waiting": waiting,
        # The vendor's pages disagree whether the Standard plan has private links, so such a link may never come.
        "doubtful": waiting == "link" and cluster.get("plan") == "Standard" and status != "SET_PRIVATE_LINK",
    }


def _why_not(cluster, status):
    kind = str(cluster.get("deployment_option") or cluster.get("plan") or "").lower()
    if kind in ("free", "serverless"):
        return f"it is a {kind} cluster: private link needs a Dedicated cluster", None
    if status in _NO_LINK_WHILE:
        return _NO_LINK_WHILE[status], None
    if status not in ("", "RUNNING", "SET_PRIVATE_LINK"):
        return f"it is in maintenance ({status}) and gets its private link afterwards", "maintenance"
    if cluster.get("private_link_address"):
        return f"its private link address '{cluster['private_link_address']}' is no host name and port", "link"
    hint = "; its plan is Standard, which may have no private links" if cluster.get("plan") == "Standard" else ""
    return f"Zilliz Cloud has not allocated its private link yet{hint}", "link"
