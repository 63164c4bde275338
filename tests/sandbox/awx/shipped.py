# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The credential types that AWX brings, as far as this project has to do with them, and what they give to a job."""
from __future__ import annotations

import json

TYPES = (
    ("Machine", "ssh", "ssh", (("username", "Username"), ("password", "Password", "secret"))),
    ("Source Control", "scm", "scm", (("username", "Username"), ("password", "Password", "secret"))),
    ("Container Registry", "registry", "registry",
     (("host", "Authentication URL"), ("username", "Username"), ("password", "Password or Token", "secret"))),
    ("Amazon Web Services", "cloud", "aws",
     (("username", "Access Key"), ("password", "Secret Key", "secret"), ("security_token", "STS Token", "secret"))),
    ("Google Compute Engine", "cloud", "gce",
     (("username", "Service Account Email Address"), ("project", "Project"), ("ssh_key_data", "RSA Private Key", "secret"))),
)


def rows():
    for name, kind, namespace, fields in TYPES:
        made = [{"id": field, "label": label, "type": "string", **({"secret": True} if secret else {})} for field, label, *secret in fields]
        yield {"name": name, "description": "", "kind": kind, "namespace": namespace, "managed": True, "inputs": {"fields": made}, "injectors": {}}


def given(namespace, inputs, path):
    """{"env": ..., "file": {path: text}, "extra_vars": {}} of a credential of such a type; `path` is where a file may stand."""
    env, files = {}, {}
    if namespace == "aws":
        env = {"AWS_ACCESS_KEY_ID": inputs.get("username", ""), "AWS_SECRET_ACCESS_KEY": inputs.get("password", "")}
        env.update({"AWS_SECURITY_TOKEN": inputs["security_token"]} if inputs.get("security_token") else {})
    if namespace == "gce":
        project, email = inputs.get("project", ""), inputs.get("username", "")
        key = {"type": "service_account", "private_key": inputs.get("ssh_key_data", ""), "client_email": email, "project_id": project,
               "token_uri": "https://oauth2.googleapis.com/token"}
        files = {path: json.dumps(key, indent=2)}
        env = {"GCE_EMAIL": email, "GCE_PROJECT": project, "GCE_CREDENTIALS_FILE_PATH": path, "GCP_SERVICE_ACCOUNT_FILE": path,
               "GCP_AUTH_KIND": "serviceaccount", "GCP_PROJECT": project, "GCP_ENV_TYPE": "tower"}
    return {"env": env, "file": files, "extra_vars": {}}
