# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls to Compute Engine and Cloud DNS: one session, bounded, tried again where that is safe, refusals as sentences."""

from __future__ import annotations

import functools
import os
import random
import re
import threading
import time
import uuid

from ansible.module_utils.basic import AnsibleFallbackNotFound, missing_required_lib
from ansible_collections.zilliz.cloud.plugins.module_utils import _gcp_errors as errors
from ansible_collections.zilliz.cloud.plugins.module_utils._answer import Endless, content, fields, parsed, within
from ansible_collections.zilliz.cloud.plugins.module_utils._gcp_credentials import auth_kind_of, credentials_of
from ansible_collections.zilliz.cloud.plugins.module_utils._gcp_errors import GcpError, project_of
from ansible_collections.zilliz.cloud.plugins.module_utils._gcp_shape import without_nulls, wrong_fields

try:
    import requests
    from google.auth import exceptions as auth_errors
    from google.auth.transport.requests import AuthorizedSession, Request
except ImportError:
    requests = None  # type: ignore[assignment]  # None: not installed

COMPUTE = "https://compute.googleapis.com/compute/v1/"
DNS = "https://dns.googleapis.com/dns/v1/"
WWW = "https://www.googleapis.com/compute/v1/"

REQUEST_TIMEOUT = (10, 30)  # seconds to connect, seconds without a byte
WHOLE = 90  # seconds for one request with its token, however slowly the bytes come
BUDGET = 120  # seconds for all tries of one request
PAGES = 1000  # of one list; a server may go on for ever
TRIES = 5
RAISE = object()
AGAIN = ("rate", "transient", "not_ready", "unreachable")


def gcp_argument_spec():
    kinds = ["accesstoken", "application", "machineaccount", "serviceaccount"]
    return {
        "project": from_env("GCP_PROJECT"),
        "auth_kind": from_env("GCP_AUTH_KIND", choices=kinds),
        "service_account_file": from_env("GCP_SERVICE_ACCOUNT_FILE", type="path"),
        # As jsonarg a dictionary or a last line break would become another text, which Ansible then does not mask.
        "service_account_contents": from_env("GCP_SERVICE_ACCOUNT_CONTENTS", type="raw", no_log=True),
        "service_account_email": from_env("GCP_SERVICE_ACCOUNT_EMAIL"),
        "access_token": from_env("GCP_ACCESS_TOKEN", no_log=True),
        "scopes": from_env("GCP_SCOPES", type="list", elements="str"),
        "env_type": from_env("GCP_ENV_TYPE"),
    }


def unmask(module):
    """Of a key that is given as a dictionary Ansible masks every word, also the project's id, which results must show."""
    contents = module.params.get("service_account_contents")
    if isinstance(contents, dict):
        secret = {contents.get("private_key"), contents.get("private_key_id")}
        module.no_log_values -= {value for value in contents.values() if isinstance(value, str)} - secret


def from_env(name, **option):
    return {"type": "str", **option, "fallback": (set_in_env, [name])}


def set_in_env(name):
    """As Ansible's own, but an empty variable counts as not set."""
    if not os.environ.get(name):
        raise AnsibleFallbackNotFound
    return os.environ[name]


class Google:
    """One session for a process and all its threads."""

    def __init__(self, params):
        if requests is None:
            raise GcpError(missing_required_lib("google-auth and requests"), kind="library")
        self.auth_kind = auth_kind_of(params)
        self._credentials = credentials_of(self.auth_kind, params)
        self._session = AuthorizedSession(self._credentials, refresh_timeout=REQUEST_TIMEOUT[1])
        agent = "Zilliz-Ansible-zilliz.cloud"
        self._session.headers["User-Agent"] = f"{agent}-{params['env_type']}" if params.get("env_type") else agent
        self._tokens = functools.partial(Request(requests.Session()), timeout=REQUEST_TIMEOUT[1])
        self._lock = threading.Lock()

    @property
    def account(self):
        email = getattr(self._credentials, "service_account_email", None) or ""
        return email if "@" in email else "the credentials in use"

    def get(self, url, purpose, permission, missing=RAISE, **query):
        """The resource; one that is not there is `missing`, or an error when that is not given."""
        try:
            return self._send("GET", url, purpose, permission, query)[0]
        except GcpError as error:
            if missing is RAISE or error.status != 404 or error.kind == "wrong_project":
                raise
            return missing

    def pages(self, url, key, purpose, permission, **query):
        """All items of a list."""
        if url.startswith(COMPUTE):
            query = {"maxResults": 500, **query}
        found, token = [], None
        for _page in range(PAGES):
            page = self._send("GET", url, purpose, permission, {**query, **({"pageToken": token} if token else {})})[0]
            found += page.get(key) or []
            token = page.get("nextPageToken")
            if not token:
                return found
        raise GcpError(f"Google Cloud could not {purpose}: the list does not end after {PAGES} pages; {errors.PROXY}.", kind="malformed")

    def write(self, method, url, purpose, permission, body=None, timeout=300):
        """POST, PATCH or DELETE; the operation when it is done, or the resource. What is gone already counts as deleted."""
        # With it, Compute Engine takes a request that is sent again for the same request.
        query = {"requestId": str(uuid.uuid4())} if url.startswith(COMPUTE) else {}
        end = time.monotonic() + timeout
        try:
            answer, tries = self._send(method, url, purpose, permission, query, body)
        except GcpError as error:
            if method == "DELETE" and error.status == 404 and error.kind != "wrong_project":
                return {}
            if error.status != 409 or not error.tries:
                raise
            return self._made(url, purpose, permission, body, error, end)
        if answer.get("kind") != "compute#operation":
            return answer
        return self._finished(answer, url, purpose, permission, timeout, end)

    def _made(self, url, purpose, permission, body, error, end):
        """What a request of ours has made whose answer was lost; or the error, when it is somebody else's."""
        if not (body or {}).get("name"):
            raise error
        for pause in (0.5, 1, 2, 4, None):
            found = self.get(f"{url}/{body['name']}", purpose, permission, missing=None)
            if found or pause is None or time.monotonic() > end:
                break
            time.sleep(pause)
        told = [name for name in ("description", "dnsName", "target") if name in body]
        if not found or not all(same(found.get(name), body[name]) for name in told):
            raise error
        return found

    def _finished(self, operation, url, purpose, permission, timeout, end):
        service = f"compute.{'region' if '/regions/' in url else 'global'}Operations.get"
        # Not the host that the operation names: the token goes to Google's own address only.
        path = COMPUTE + tail(operation.get("selfLink"))
        pause = 0.25
        while operation.get("status") != "DONE":
            if time.monotonic() >= end:
                raise errors.late(operation, timeout, purpose)
            time.sleep(min(pause, max(0.0, end - time.monotonic())))
            pause = min(2, pause * 2)
            operation = self.get(path, purpose, service)
        if operation.get("error") or operation.get("httpErrorStatusCode", 0) >= 400:
            raise errors.failed(operation, url, purpose, permission, self.account)
        return operation

    def _send(self, method, url, purpose, permission, query=None, body=None):
        """The answer, and how many tries before it may have had an effect."""
        begun, tries = time.monotonic(), 0
        while True:
            try:
                return self._once(method, url, purpose, permission, query, body), tries
            except GcpError as error:
                tries += 1
                spent = time.monotonic() - begun
                # Others share the rate of a project, so it may need the whole budget.
                limit = 2 * TRIES if error.kind == "rate" else TRIES
                pause = error.retry_after or min(20, 2 ** (tries - 1)) * random.uniform(0.5, 1)
                if error.kind not in AGAIN or tries >= limit or spent + pause > BUDGET:
                    error.tries = tries - 1
                    raise
            time.sleep(pause)

    def _once(self, method, url, purpose, permission, query, body):
        def ask():
            self._sign_in()
            # What answers with a redirect is not Google's API, and shall not get the token.
            answer = self._session.request(
                method, url, params=query or None, json=body, timeout=REQUEST_TIMEOUT, allow_redirects=False, stream=True)
            return answer, content(answer)

        try:
            answer, text = within(WHOLE, ask)
        except Endless as error:
            raise GcpError(f"Google Cloud could not {purpose}: what answered {error}; {errors.PROXY}.", kind="malformed") from None
        except auth_errors.RefreshError as error:
            raise self._no_token(error, purpose) from None
        except auth_errors.TransportError as error:
            cause = error.args[0] if error.args and isinstance(error.args[0], Exception) else error
            raise errors.unreachable(cause, self._token_url(), purpose) from None
        except auth_errors.GoogleAuthError as error:
            raise self._no_token(error, purpose) from None
        except requests.exceptions.RequestException as error:
            raise errors.unreachable(error, url, purpose) from None
        text = without_nulls(parsed(text)) if text else {}
        done = answer.status_code < 300
        if done and isinstance(text, dict):
            def refuse(why):
                return GcpError(f"Google Cloud could not {purpose}: {why}; {errors.PROXY}.", kind="malformed")

            wrong = list(wrong_fields(text))
            if wrong:
                raise refuse(f"its answer cannot be used ({', '.join(wrong[:5])})")
            return fields(text, refuse)
        status = 502 if done else answer.status_code  # a page that is no JSON comes from something in between
        refusal = errors.refused(status, text, url, purpose, permission, self.account)
        refusal.retry_after = seconds(answer.headers.get("Retry-After"))
        raise refusal

    def _sign_in(self):
        """Fetch the token once, whichever thread comes first."""
        with self._lock:
            if not self._credentials.valid:
                self._credentials.refresh(self._tokens)

    def _token_url(self):
        default = "http://metadata.google.internal" if self.auth_kind == "machineaccount" else "https://oauth2.googleapis.com"
        return getattr(self._credentials, "_token_uri", None) or default

    def _no_token(self, error, purpose):
        # Google's text may quote the key or the token, its one word does not.
        data = error.args[1] if len(error.args) > 1 and isinstance(error.args[1], dict) else {}
        word = data.get("error") if re.fullmatch(r"[a-z_]{1,40}", str(data.get("error"))) else type(error).__name__
        remedy = {
            "accesstoken": "the access token is wrong or has expired: get a new one (gcloud auth print-access-token)",
            "application": "sign in again (gcloud auth application-default login), or check the credentials file",
            "machineaccount": "check that this host runs on Google Cloud and has this service account",
            "serviceaccount": f"the key of {self.account} or the account itself may be deleted or disabled, or the clock of"
                              " this host is wrong: create a new key",
        }[self.auth_kind]
        text = f"Google Cloud could not {purpose}: it gives no access for these credentials ({word}); {remedy}."
        return GcpError(text, 401, word, kind="transient" if error.retryable else "credentials")


def seconds(text):
    return min(60, int(text)) if (text or "").isdigit() else None


def tail(url):
    """A URL without host and version: what all forms of it share."""
    found = re.search(r"(?:^|/)(projects/.+|global/.+|regions/.+)$", url or "")
    return found.group(1) if found else (url or "").strip("/")


def www(url):
    """A compute URL in the one form that Google answers with and the google.cloud modules compare with."""
    return WWW + tail(url) if project_of(url) else url


def name_of(url):
    return (url or "").rstrip("/").rpartition("/")[2] or None


def same(one, other):
    """Whether two forms of a URL are one thing; what has no project, or is a name only, fits every one of its rest."""
    one, other = tail(one), tail(other)
    if one == other or not one or not other:
        return one == other
    if "/" not in one or "/" not in other:
        return name_of(one) == name_of(other)
    projects = {project_of(one), project_of(other)}
    rests = {re.sub(r"^projects/[^/]+/", "", url) for url in (one, other)}
    return len(rests) == 1 and (len(projects) == 1 or None in projects)


def network_url(project, name):
    return f"{WWW}projects/{project}/global/networks/{name}"
