# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is calling: service account files, a person's own credentials, the metadata server, tokens, scopes and roles."""
from __future__ import annotations

import base64
import functools
import json
import secrets
import threading
import time
from urllib.parse import parse_qs

from . import landscape
from .protocol import GoogleError

TOKEN_URI = "https://oauth2.googleapis.com/token"
SCOPE_ROOT = "https://www.googleapis.com/auth/"
ALL_SCOPES = frozenset({"cloud-platform"})
GRANT_JWT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
LIFETIME = 3600  # seconds, real: google-auth looks at the real clock
CLIENT = ("764086051850-sandbox.apps.googleusercontent.com", "d-FL95Q19q7MQmFpd7hHD0Ty")
REFRESH_TOKEN = "1//0g7d4e1c9a5b8f2036sandboxrefreshtokenofaperson"
READS = ("get", "list", "listUsable", "getXpnHost", "getEffectiveFirewalls", "wait")
TITLES = {"compute.googleapis.com": "Compute Engine API", "dns.googleapis.com": "Cloud DNS API",
          "servicedirectory.googleapis.com": "Service Directory API"}


@functools.cache
def private_key():
    """One for all accounts and all worlds of this process: making it costs more than all else at the start."""
    from cryptography.hazmat.primitives.asymmetric import rsa

    return rsa.generate_private_key(65537, 2048)


def service_account(email):
    """The content of a service account's key file."""
    from cryptography.hazmat.primitives import serialization

    pem = private_key().private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return {"type": "service_account", "project_id": landscape.PROJECT, "private_key_id": "0c1d2e3f405162738495a6b7c8d9eaf0b1c2d3e4",
            "private_key": pem.decode(), "client_email": email, "client_id": "109876543210987654321", "token_uri": TOKEN_URI,
            "auth_uri": "https://accounts.google.com/o/oauth2/auth", "universe_domain": "googleapis.com"}


def authorized_user():
    """What gcloud auth application-default login leaves behind."""
    return {"type": "authorized_user", "client_id": CLIENT[0], "client_secret": CLIENT[1], "refresh_token": REFRESH_TOKEN,
            "quota_project_id": landscape.PROJECT, "universe_domain": "googleapis.com"}


# name in scenario.json -> (file name, content)
FILES = {
    "service_account_file": ("gcp-service-account.json", lambda: service_account(landscape.MAIN)),
    "readonly_service_account_file": ("gcp-readonly.json", lambda: service_account(landscape.READONLY)),
    "consumer_service_account_file": ("gcp-consumer.json", lambda: service_account(landscape.CONSUMER)),
    "deleted_service_account_file": ("gcp-deleted.json", lambda: service_account("deleted@my-project.iam.gserviceaccount.com")),
    "authorized_user_file": ("gcp-authorized-user.json", authorized_user),
}


class Auth:
    def __init__(self, gcp):
        self.gcp = gcp
        self._lock = threading.Lock()
        self._tokens = {}
        self.reset()

    def reset(self):
        """Tokens outlive a reset, as the programs that hold them do."""
        with self._lock:
            self._tokens[landscape.ACCESS_TOKEN] = (landscape.MAIN, ALL_SCOPES, float("inf"))

    def issue(self, email, scopes=ALL_SCOPES):
        token = f"ya29.{secrets.token_hex(40)}"
        with self._lock:
            self._tokens[token] = (email, frozenset(scopes), time.time() + LIFETIME)
        return token

    # Who may call what.

    def check(self, call):
        """Sets the call's account. Order as Google: the token, then (for a known method) its scopes and the API."""
        scheme, _blank, token = call.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise _unauthenticated("required", "Login Required.", "Request is missing required authentication credential.")
        with self._lock:
            email, scopes, until = self._tokens.get(token, (None, None, 0))
        if email is None or until < time.time():
            raise _unauthenticated("authError", "Invalid Credentials", "Request had invalid authentication credentials.")
        call.account = email
        return scopes

    def check_scopes(self, call, scopes):
        if not scopes & set(call.method.scopes):
            raise GoogleError(403, "insufficientPermissions", "Request had insufficient authentication scopes.", status="PERMISSION_DENIED",
                              details=[{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
                                        "domain": "googleapis.com", "metadata": {"method": call.operation, "service": service_of(call)}}])

    def check_api(self, call, service=None):
        """Somebody enabled the API in the project that is called."""
        service, project = service or service_of(call), landscape.PROJECTS.get(call.project)
        disabled = self.gcp.switch("gcp_disabled_apis")
        if not project or not (service in project["disabled"] or service in disabled or f"{call.project}/{service}" in disabled):
            return
        link = f"https://console.developers.google.com/apis/api/{service}/overview?project={call.project}"
        message = (f"{TITLES[service]} has not been used in project {call.project} before or it is disabled. Enable it by visiting {link} then retry. "
                   "If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.")
        raise GoogleError(403, "accessNotConfigured", message, status="PERMISSION_DENIED", domain="usageLimits",
                          extendedHelp="https://console.developers.google.com",
                          details=[{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "SERVICE_DISABLED", "domain": "googleapis.com",
                                    "metadata": {"service": service, "consumer": f"projects/{call.project}"}}])

    def check_role(self, call):
        """By the role in the project whose resource is called."""
        role = self.role(call.account, call.project)
        if role is None:
            if call.project not in landscape.PROJECTS and self.gcp.switch("gcp_unknown_project") == 404:
                raise GoogleError(404, "notFound", f"The resource 'projects/{call.project}' was not found")
            raise self.denied(call)
        if role != "owner" and call.operation.rsplit(".", 1)[-1] not in READS:
            raise self.denied(call)

    def check_use(self, call, permission, project, path):
        """What a call needs in another resource beside its own."""
        if self.role(call.account, project) not in ("owner", "user"):
            raise forbidden(permission, path)

    def role(self, email, project):
        return landscape.ROLES.get(email, {}).get(project)

    def denied(self, call):
        if service_of(call) == "dns.googleapis.com":
            # Cloud DNS says no more than that.
            return GoogleError(403, "forbidden", "Forbidden")
        path = call.path.partition("/compute/v1/")[2]
        if call.operation.endswith(".insert"):
            path = f"{path}/{call.body.get('name', '')}"
        elif call.operation.endswith(".list"):
            path = f"projects/{call.project}"
        return forbidden(permission_of(call.operation), path)

    # Where tokens come from.

    def token(self, call):
        """oauth2.googleapis.com/token."""
        form = {key: values[0] for key, values in parse_qs(call.raw.decode("utf-8", "replace")).items()}
        grant = form.get("grant_type")
        if call.verb != "POST" or grant not in (GRANT_JWT, "refresh_token"):
            return 400, {"error": "unsupported_grant_type", "error_description": f"Invalid grant_type: {grant}"}
        if grant == "refresh_token":
            if (form.get("client_id"), form.get("client_secret")) != CLIENT:
                return 401, {"error": "invalid_client", "error_description": "The OAuth client was not found."}
            if form.get("refresh_token") != REFRESH_TOKEN:
                return 400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
            return 200, self._bearer(landscape.PERSON, ALL_SCOPES)
        claims, why = self._claims(form.get("assertion", ""))
        if why:
            return 400, {"error": "invalid_grant", "error_description": why}
        scopes = {one[len(SCOPE_ROOT):] for one in claims.get("scope", "").split() if one.startswith(SCOPE_ROOT)}
        if not scopes:
            return 400, {"error": "invalid_scope", "error_description": "Invalid OAuth scope or ID token audience provided."}
        call.account = claims["iss"]
        return 200, self._bearer(claims["iss"], scopes)

    def _bearer(self, email, scopes):
        return {"access_token": self.issue(email, scopes), "expires_in": LIFETIME - 1, "token_type": "Bearer"}

    def _claims(self, assertion):
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import padding

        try:
            head, payload, signature = assertion.split(".")
            claims = json.loads(_decoded(payload))
            private_key().public_key().verify(_decoded(signature), f"{head}.{payload}".encode(), padding.PKCS1v15(), hashes.SHA256())
        except (ValueError, InvalidSignature):
            return None, "Invalid JWT Signature."
        if claims.get("iss") not in landscape.ROLES:
            return None, "Invalid grant: account not found"
        if claims.get("aud") != TOKEN_URI:
            return None, "Invalid JWT: Failed audience check."
        if not float(claims.get("iat", 0)) - 300 <= time.time() <= float(claims.get("exp", 0)):
            return None, "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe."
        return claims, None

    def locations(self, call):
        """iamcredentials.googleapis.com: where an account's calls may be served; google-auth asks it of its own accord."""
        if not call.path.endswith("/allowedLocations"):
            return 404, GoogleError(404, "notFound", "Requested entity was not found.", status="NOT_FOUND").body()
        return 200, {"locations": [], "encodedLocations": "0x0"}

    def metadata(self, call):
        """The metadata server of a machine. (status, text or object)."""
        if call.headers.get("metadata-flavor") != "Google":
            return 403, "Missing Metadata-Flavor:Google header."
        path = call.path.rstrip("/")
        _root, _mark, account = path.partition("/computeMetadata/v1/instance/service-accounts/")
        email, _slash, what = account.partition("/")
        if not path or path == "/computeMetadata/v1":
            return 200, "computeMetadata/\n"
        if path.endswith("/project/project-id"):
            return 200, landscape.PROJECT
        if path.endswith("/universe/universe-domain"):
            return 200, "googleapis.com"
        if email not in ("default", landscape.MACHINE):
            return 404, "Not Found"
        scopes = self.gcp.switch("gcp_machine_scopes")
        if what == "token":
            return 200, self._bearer(landscape.MACHINE, {one.rpartition("/")[2] for one in scopes})
        return 200, {"aliases": ["default"], "email": landscape.MACHINE, "scopes": scopes}


def service_of(call):
    return f"{call.operation.partition('.')[0]}.googleapis.com"


def permission_of(operation):
    """The permission that a method of the compute API wants, as IAM names it."""
    if operation == "compute.regionNetworkFirewallPolicies.getEffectiveFirewalls":
        return "compute.networks.getRegionEffectiveFirewalls"
    service, collection, verb = operation.split(".")
    # IAM knows no permission of its own for what one may use; some who may not list are shown it, which the sandbox does not grant.
    verbs = {"insert": "create", "patch": "update", "wait": "get", "listUsable": "list"}
    return f"{service}.{collection}.{verbs.get(verb, verb)}"


def forbidden(permission, path):
    return GoogleError(403, "forbidden", f"Required '{permission}' permission for '{path}'")


def _unauthenticated(reason, short, long):
    more = (" Expected OAuth 2 access token, login cookie or other valid authentication credential. "
            "See https://developers.google.com/identity/sign-in/web/devconsole-project.")
    error = GoogleError(401, reason, long + more, status="UNAUTHENTICATED", location="Authorization", locationType="header")
    error.more["message"] = short
    return error


def _decoded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
