# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Google Cloud refuses, as one sentence: what could not be done, why, and what helps. No I/O, no Ansible."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from ansible_collections.zilliz.cloud.plugins.module_utils._answer import brief

APIS = {
    "compute.googleapis.com": "Compute Engine API",
    "dns.googleapis.com": "Cloud DNS API",
    "servicedirectory.googleapis.com": "Service Directory API",
}
# Google refuses a project that does not exist in the same words.
ALLOW = "if the project's id is right, allow {permission} for {account} in project {project}"
AGAIN = "run again, the run goes on where it stopped"
PROXY = "check the proxy and the network between this host and googleapis.com"

# What Google's words mean, the first that fits: a kind, a pattern for Google's reason or text, and the remedy.
# {account} {project} {permission} {api} {service} stand for what is known of the call.
KINDS = (
    ("credentials", r"HTTP 401$|authError|UNAUTHENTICATED",
     "Google does not accept the credentials of {account}: check that they are valid and have not expired"),
    ("scopes", r"ACCESS_TOKEN_SCOPE_INSUFFICIENT|insufficient authentication scopes",
     "the scopes of the credentials are too narrow: give them https://www.googleapis.com/auth/cloud-platform"),
    ("api_disabled", r"SERVICE_DISABLED|accessNotConfigured|it is disabled|API has not been used",
     "enable the {api} ({service}) in project {project}: gcloud services enable {service} --project {project}; when it"
     " was enabled just now, wait a few minutes"),
    ("billing", r"BILLING_DISABLED|billingNotEnabled|requires billing", "enable billing for project {project}"),
    ("wrong_project", r"CONSUMER_INVALID|CONSUMER_SUSPENDED|projectNotFound|Project '[^']*' not found|[Uu]nknown project"
     r"|The resource 'projects/[^/']+' was not found|'parameters\.project'",
     "check the project's id (not its display name), and that {account} may see the project {project}"),
    ("rate", r"HTTP 429$|[rR]ateLimitExceeded|RATE_LIMIT_EXCEEDED|quota metric '",
     "Google is still limiting the rate of requests in project {project}: " + AGAIN),
    ("policy", r"vpcServiceControls|SECURITY_POLICY_VIOLATED|[Cc]onstraint constraints/|orgpolicy",
     "a policy of the organization forbids it: ask its administrators, with this text"),
    ("quota", r"[qQ]uotaExceeded|QUOTA_EXCEEDED|limitExceeded|LIMIT_EXCEEDED|RESOURCE_EXHAUSTED|Quota '",
     "delete what is not needed in project {project}, or ask Google for a higher quota"),
    ("denied", r"\bforbidden\b|Forbidden$|PERMISSION_DENIED|Required '[\w.]+' permission|[Pp]ermission '[\w.]+' denied",
     ALLOW),
    ("range_exhausted", r"IP_SPACE_EXHAUSTED|IP space of .* is exhausted|[Nn]o (more )?(free|available) (IP )?addresses",
     "name another subnetwork of the region, or expand the range of this one"),
    ("address_taken", r"IP_IN_USE_BY_ANOTHER_RESOURCE|\bIP\b.* is (already )?(being used|in[- ]use|reserved)",
     "give another IP address, or free this one first"),
    ("in_use", r"[Rr]esourceInUse|RESOURCE_IN_USE|is already being used by", "delete or change first what uses it"),
    ("not_empty", r"containerNotEmpty|not empty", "delete the records that are left in it, or keep the zone"),
    ("zone_conflict", r"dnsNameInUse|^dns.*(being used on network|\bnetworks?\b.*\b(already|another|bound|conflict)|[Cc]onflict.*\bzone|\bzone\b.*\bconflict)",
     "the network already has a private zone of this name: use that zone by its name (zone_id), or take the network off"
     " it"),
    ("taken", r"HTTP 409$|alreadyExists|ALREADY_EXISTS|already exists",
     "another resource has this name: choose another name, or delete that resource if nobody needs it"),
    ("changed", r"HTTP 412$|conditionNotMet|CONDITION_NOT_MET|preconditionFailed|[Ff]ingerprint",
     "somebody changed it at the same time: " + AGAIN),
    ("immutable", r"immutable|not mutable|cannot be (changed|modified|updated)|can only be set (at|on|when)",
     "this cannot be changed on what exists: delete it and create it again, for an endpoint with recreate=true"),
    ("address", r"'resource\.(IPA|a)ddress'",
     "the address must be a free one of a subnetwork in the region and the network, for an endpoint one that is reserved"),
    ("attachment", r"serviceAttachment",
     "check target: it must be the service attachment that Zilliz Cloud names for this region"
     " (zilliz.cloud.private_endpoint_service_info), in the region of the endpoint"),
    ("network", r"'resource\.(sub)?network|/(sub)?networks/[^']*' was not found",
     "check the network and the subnetwork: their names, their project (a shared VPC has them in its host project), and"
     " that the subnetwork is in the region"),
    ("not_ready", r"resourceNotReady|RESOURCE_NOT_READY|is not ready", "wait a moment and run again"),
    ("not_found", r"HTTP 404$|notFound|NOT_FOUND|was not found",
     "check the name, its region and its project, and that {account} may see it"),
    ("denied", r"HTTP 403$", ALLOW),
    ("transient", r"HTTP (408|5\d\d)$|backendError|internalError|INTERNAL_ERROR|BACKEND_ERROR|UNAVAILABLE", AGAIN),
    ("invalid", r"HTTP 400$|invalid|required|INVALID", "check the values that were given"),
)


class GcpError(Exception):
    """str() is the sentence. `kind` is one of KINDS, `reason` Google's own word, `permission` the one that is missing."""

    def __init__(self, message, status=None, reason=None, permission=None, kind=None):
        super().__init__(message)
        self.message = message
        self.status = status
        self.reason = reason
        self.permission = permission
        self.kind = kind
        self.retry_after = None  # seconds, when Google says it
        self.tries = 0  # requests before the last one, whose effect is not known


def refused(status, answer, url, purpose, permission, account):
    """The error of an answer that is not 2xx; `answer` is its JSON, or None."""
    error = answer.get("error") if isinstance(answer, dict) else None
    error = error if isinstance(error, dict) else {}
    first = next(iter(objects(error.get("errors"))), {})
    info = [one for one in objects(error.get("details")) if one.get("reason")]
    reason = info[0]["reason"] if info else first.get("reason") or error.get("status")
    text = error.get("message") or first.get("message") or f"HTTP {status}"
    data = info[0].get("metadata") if info else {}
    data = data if isinstance(data, dict) else {}
    return _error(status, reason, text, url, purpose, permission, account, data)


def objects(value):
    """The objects of a list, whatever else it may be."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def failed(operation, url, purpose, permission, account):
    """The error of an operation that was accepted and then failed."""
    error = operation.get("error")
    first = next(iter(objects(error.get("errors") if isinstance(error, dict) else None)), {})
    text = first.get("message") or operation.get("httpErrorMessage") or "the operation failed"
    return _error(operation.get("httpErrorStatusCode"), first.get("code"), text, url, purpose, permission, account, {})


def unreachable(error, url, purpose):
    """No answer at all. The text of such errors may hold the proxy with its password, so only their name is told."""
    name, host = type(error).__name__, urlsplit(url).hostname
    remedy = f"check the network path, the proxy and the firewall between this host and {host}, then {AGAIN}"
    if name == "SSLError":
        remedy = f"the certificate of {host} is not trusted: behind an inspecting proxy name its CA in REQUESTS_CA_BUNDLE"
    return GcpError(f"Google Cloud could not {purpose}: no answer from {host} ({name}); {remedy}.", kind="unreachable")


def late(operation, timeout, purpose):
    name, state = operation.get("name"), operation.get("status")
    return GcpError(
        f"Google Cloud did not {purpose} within {timeout} seconds: operation {name} is {state}; it goes on by itself, so"
        " wait and run again, or give a larger operation_timeout.",
        kind="late",
    )


def _error(status, reason, text, url, purpose, permission, account, data):
    project, service = project_of(url), urlsplit(url).hostname
    text = brief(text).rstrip(".")
    reason = brief(reason) if reason else None
    signs = f"{service} {reason or ''} {text} HTTP {status}"
    kind, remedy = next(((kind, remedy) for kind, sign, remedy in KINDS if re.search(sign, signs)), (None, ""))
    if kind == "denied":
        permission, project = _missing(text, permission, project)
    if kind == "api_disabled":
        consumer = str(data.get("consumer", "")).rpartition("/")[2]
        # A number is right for gcloud too, but says less to a person.
        project = consumer if consumer and not consumer.isdigit() else project
        service = str(data.get("service") or service)
        text = f"the {APIS.get(service, service)} is not enabled there"
    remedy = remedy.format(
        account=account, project=project, permission=permission, service=service, api=APIS.get(service, service)
    )
    shown = reason or f"HTTP {status}"
    message = f"Google Cloud could not {purpose}: {text[:400]} ({shown})" + (f"; {remedy}." if remedy else ".")
    return GcpError(message, status, reason, permission if kind == "denied" else None, kind)


def _missing(text, permission, project):
    """Google often names another permission than that of the call, such as one on the subnetwork of a host project."""
    named = re.search(r"'([a-zA-Z]+(?:\.[a-zA-Z]+){2,})'", text)
    on = re.search(r"'projects/([^/']+)", text)
    return named.group(1) if named else permission, on.group(1) if on else project


def project_of(url):
    found = re.search(r"projects/([^/]+)", url or "")
    return found.group(1) if found else None
