# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The credentials for Google Cloud, from the options that the google.cloud modules have too."""

from __future__ import annotations

import json
import os

from ansible_collections.zilliz.cloud.plugins.module_utils._gcp_errors import GcpError

try:
    import google.auth
    import google.auth.compute_engine
    from google.auth.exceptions import GoogleAuthError
    from google.oauth2 import credentials as oauth2
    from google.oauth2 import service_account
except ImportError:
    google = None  # type: ignore[assignment]  # None: not installed

# The scopes of the google.cloud modules differ from product to product; this one covers Compute Engine and Cloud DNS.
SCOPES = ["https://www.googleapis.com/auth/cloud-platform"]
BELONGS_TO = {
    "service_account_file": "serviceaccount",
    "service_account_contents": "serviceaccount",
    "access_token": "accesstoken",
    "service_account_email": "machineaccount",
}
# What else such files can be, by their "type".
OTHER_FILES = (
    "authorized_user", "external_account", "external_account_authorized_user", "gdch_service_account",
    "impersonated_service_account",
)


def auth_kind_of(params):
    """The kind that is asked for, or that what is given implies; an empty option is one that is not given."""
    given = [name for name in BELONGS_TO if params.get(name)]
    kind = params.get("auth_kind") or (BELONGS_TO[given[0]] if given else "application")
    if "service_account_file" in given and "service_account_contents" in given:
        raise bad("service_account_file and service_account_contents are both given (one may come from the environment,"
                  " GCP_SERVICE_ACCOUNT_FILE or GCP_SERVICE_ACCOUNT_CONTENTS): leave one out")
    for name in given:
        if BELONGS_TO[name] != kind:
            raise bad(f"{name} is given (perhaps by GCP_{name.upper()} in the environment), but auth_kind is {kind}: leave"
                      f" it out, or set auth_kind to {BELONGS_TO[name]}")
    if kind == "serviceaccount" and not given:
        raise bad("auth_kind is serviceaccount: give service_account_file or service_account_contents too")
    if kind == "accesstoken" and not given:
        raise bad("auth_kind is accesstoken: give access_token too, as gcloud auth print-access-token prints it")
    return kind


def credentials_of(kind, params):
    scopes = params.get("scopes") or SCOPES
    if kind == "serviceaccount":
        return service_account_of(params).with_scopes(scopes)
    if kind == "accesstoken":
        return oauth2.Credentials(params["access_token"].strip(), scopes=scopes)
    if kind == "machineaccount":
        return google.auth.compute_engine.Credentials(params.get("service_account_email") or "default")
    try:
        return google.auth.default(scopes=scopes)[0]
    except (GoogleAuthError, OSError, ValueError):
        # Their text may quote the file.
        path = os.environ.get("GOOGLE_APPLICATION_CREDENTIALS")
        what = f"The file {path} of GOOGLE_APPLICATION_CREDENTIALS" if path else "No file in GOOGLE_APPLICATION_CREDENTIALS,"
        raise bad(f"{what} {'gives no credentials' if path else 'and no default credentials were found'}: name a"
                  " credentials file in GOOGLE_APPLICATION_CREDENTIALS, run gcloud auth application-default login, or give"
                  " service_account_file") from None


def service_account_of(params):
    path = params.get("service_account_file")
    where = f"service_account_file {path}" if path else "service_account_contents"
    info = read(path, where) if path else decoded(params["service_account_contents"], where)
    kind = info.get("type") if isinstance(info, dict) else None
    if kind in OTHER_FILES:
        raise bad(f"{where} is of type {kind}, not the key of a service account: name it in"
                  " GOOGLE_APPLICATION_CREDENTIALS and set auth_kind to application")
    missing = [name for name in ("client_email", "private_key", "token_uri") if not (isinstance(info, dict) and info.get(name))]
    if missing:
        raise bad(f"{where} is not the key of a service account ({', '.join(missing)} missing): create a JSON key of the"
                  " service account and give that")
    try:
        return service_account.Credentials.from_service_account_info(info)
    except (GoogleAuthError, ValueError, TypeError, AttributeError, KeyError):
        # Their text may quote the key.
        raise bad(f"{where} holds a private_key that cannot be read: create a new JSON key of the service account") from None


def read(path, where):
    path = os.path.realpath(os.path.expanduser(path))
    try:
        with open(path, encoding="utf-8") as file:
            return decoded(file.read(), where)
    except OSError as error:
        raise bad(f"{where} cannot be read ({error.strerror}): check the path, and that this user may read it") from None
    except UnicodeDecodeError:
        raise bad(f"{where} is not JSON: give the JSON key of a service account") from None


def decoded(text, where):
    if isinstance(text, dict):
        return text
    try:
        return json.loads(text)
    except (TypeError, ValueError):
        # The error itself would quote the text.
        raise bad(f"{where} is not JSON: give the JSON key of a service account") from None


def bad(sentence):
    return GcpError(f"{sentence}.", kind="credentials")
