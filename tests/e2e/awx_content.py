# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An AWX in memory with an address, and the playbook zilliz.cloud.awx against it."""
from __future__ import annotations

from sandbox.awx import Awx
from sandbox.awx.__main__ import playbooks
from sandbox.awx.app import App
from sandbox.server import Server
from werkzeug.test import Client

from e2e.runner import ROOT

URL = "https://git.example.com/private-links.git"
IMAGE = "registry.example.com/zilliz-cloud-ee:1.0.0"
CREDENTIALS = {"aws": "Amazon Web Services", "gcp": "Google Compute Engine"}


class Controller:
    """ask(method, path, body): by its API; content(): by our playbook. credentials: {name of a type that AWX ships: what a credential of it holds}."""

    def __init__(self, playbook, key, credentials=None):
        self.playbook, self.key = playbook, key
        self.awx = Awx(repositories={URL: playbooks(ROOT)})
        self.app = App(self.awx)
        self.client = Client(self.app)
        self.server = Server(self.app).serve()
        self.organization = self.ask("POST", "organizations/", {"name": "Network"})["id"]
        types = {row["name"]: row["id"] for row in self.all("credential_types/")}
        for name, inputs in (credentials or {}).items():
            self.ask("POST", "credentials/", {"name": name, "organization": self.organization, "credential_type": types[name], "inputs": inputs})

    def ask(self, method, path, body=None):
        answer = self.client.open(f"/api/v2/{path}", method=method, json=body, auth=("admin", "password"))
        assert answer.status_code < 300, (path, answer.get_data(as_text=True))
        return answer.json if answer.is_json else None

    def all(self, path):
        return self.ask("GET", f"{path}?page_size=200")["results"]

    def one(self, path, name):
        found = [row for row in self.all(path) if row.get("name", row.get("identifier")) == name]
        assert len(found) == 1, (name, [row.get("name") for row in self.all(path)])
        return found[0]

    def content(self, check=False, env=None, arguments=(), **options):
        """A run of the playbook with these options of the role; None takes one away."""
        given = {"organization": "Network", "project_url": URL, "image": IMAGE, "api_key": "{{ lookup('ansible.builtin.env', 'MY_KEY') }}",
                 **{f"{cloud}_credential": name for cloud, name in CREDENTIALS.items()}, **options}
        extra = {f"awx_content_{name}": value for name, value in given.items() if value is not None}
        return self.playbook("zilliz.cloud.awx", check=check, extra=extra, env={**self.env, "MY_KEY": self.key, **(env or {})}, arguments=arguments)

    @property
    def env(self):
        return {"CONTROLLER_HOST": self.server.url, "CONTROLLER_USERNAME": "admin", "CONTROLLER_PASSWORD": "password"}

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.server.stop()
