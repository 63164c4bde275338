# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP for it: paths, methods, authentication, JSON."""
from __future__ import annotations

import base64
import json
from urllib.parse import unquote

from werkzeug.wrappers import Request, Response

from . import jobs, launch, schedules, surveys, things, workflow_jobs
from .awx import ROOT, SUBPATHS, Awx
from .errors import Refused
from .kinds import KINDS
from .store import SHARED

NO_LOGIN = {"detail": "Authentication credentials were not provided. To establish a login session, visit /api/login/."}


class App:
    """A WSGI application over one Awx."""

    def __init__(self, awx=None):
        self.awx = awx or Awx()
        self.log = []

    def __call__(self, environ, start_response):
        request = Request(environ)
        try:
            status, body = self._answer(request)
        except Refused as refused:
            status, body = refused.status, refused.body
        self.log.append((request.method, request.path, status))
        headers = {"X-API-Product-Name": "AWX", "X-API-Product-Version": self.awx.version, "X-API-Node": "sandbox"}
        if body is None:
            response = Response(b"", status, headers)
        elif isinstance(body, str):
            response = Response(body, status, headers, content_type="text/html")
        else:
            response = Response(json.dumps(body, default=str), status, headers, content_type="application/json")
        return response(environ, start_response)

    def _answer(self, request):
        if not request.path.startswith(ROOT):
            return (200, {"current_version": ROOT, "available_versions": {"v2": ROOT}}) if request.path == "/api/" else (404, "Not Found")
        parts = [unquote(part) for part in request.path[len(ROOT):].strip("/").split("/")]
        if parts == ["ping"]:
            return 200, {"version": self.awx.version, "active_node": "sandbox", "instances": []}
        user = self._user(request)
        if not self.awx.hold_updates:
            jobs.settle_updates(self.awx)
        if parts[0] == "tokens":
            return self._token(request.method, parts, user)
        if parts == ["me"]:
            return 200, {"count": 1, "next": None, "previous": None, "results": [{"id": 1, "type": "user", "username": user, "is_superuser": True}]}
        if parts[0] in SHARED and len(parts) == 1 and request.method == "GET":
            return 200, self.awx.list_unified(parts[0], request.args.to_dict())
        if parts == ["schedules", "preview"]:
            return 200, schedules.preview(_body(request), self.awx.now())
        if parts[0] not in KINDS:
            return 404, "Not Found"
        if len(parts) == 1:
            return self._collection(request, parts[0])
        row = self.awx.get(parts[0], int(parts[1]) if parts[1].isdigit() else parts[1])
        if len(parts) == 2:
            return self._object(request, parts[0], row)
        return self._part(request, parts[0], row, parts[2])

    # Who asks.

    def _user(self, request):
        scheme, _blank, rest = request.headers.get("Authorization", "").partition(" ")
        if scheme == "Bearer" and rest in self.awx.tokens.values():
            return "admin"
        if scheme == "Basic":
            name, _colon, password = base64.b64decode(rest).decode().partition(":")
            if name in self.awx.users and self.awx.users[name] == password:
                return name
        raise Refused(401, NO_LOGIN)

    def _token(self, method, parts, user):
        if method == "POST" and len(parts) == 1:
            number = len(self.awx.tokens) + 1
            self.awx.tokens[number] = f"token-{number}-of-{user}"
            return 201, {"id": number, "type": "o_auth2_access_token", "url": f"{ROOT}tokens/{number}/", "token": self.awx.tokens[number],
                         "scope": "write"}
        if method == "DELETE" and len(parts) == 2 and int(parts[1]) in self.awx.tokens:
            self.awx.tokens[int(parts[1])] = None
            return 204, None
        return 404, {"detail": "No OAuth2AccessToken matches the given query."}

    # What is asked for.

    def _collection(self, request, path):
        if path == "workflow_approval_templates":
            return 404, "Not Found"
        if request.method == "GET":
            return 200, self.awx.list(path, request.args.to_dict())
        if request.method == "POST" and KINDS[path].writable:
            return 201, self._shown(path, self.awx.create(path, _body(request)))
        raise _not_allowed(request)

    def _object(self, request, path, row):
        if request.method == "GET":
            return 200, self._shown(path, row)
        if request.method in ("PATCH", "PUT") and KINDS[path].writable:
            return 200, self._shown(path, self.awx.change(path, row, _body(request)))
        if request.method == "DELETE":
            self.awx.delete(path, row)
            return KINDS[path].deleted, {} if KINDS[path].deleted == 202 else None
        raise _not_allowed(request)

    def _part(self, request, path, row, name):
        if name in dict(KINDS[path].lists):
            return self._linked(request, path, row, name)
        if name not in SUBPATHS.get(path, ()):
            return 404, "Not Found"
        return getattr(self, f"_{name}")(request, path, row)

    def _linked(self, request, path, row, name):
        target, rows = self.awx.linked(path, row, name)
        target = target or name
        if request.method == "GET":
            return 200, self.awx.list(target, request.args.to_dict(), f"{ROOT}{path}/{row['id']}/{name}/", rows)
        if request.method != "POST":
            raise _not_allowed(request)
        made = self.awx.link(path, row, name, _body(request))
        return (201, self._shown(target, made)) if made else (204, None)

    def _shown(self, path, row):
        return self.awx.show(path, row)

    # Parts of an object.

    def _survey_spec(self, request, _path, row):
        if request.method == "GET":
            return 200, surveys.shown(self.awx.store.surveys.get(row["id"]))
        if request.method == "DELETE":
            self.awx.store.surveys.pop(row["id"], None)
            return 200, None
        self.awx.set_survey(row, _body(request))
        return 200, None

    def _launch(self, request, path, row):
        if request.method == "GET":
            return 200, launch.look(self.awx, path, row)
        job, ignored = launch.launch(self.awx, path, row, _body(request))
        kind = "jobs" if path == "job_templates" else "workflow_jobs"
        return 201, {KINDS[kind].type: job["id"], "ignored_fields": ignored, **self._shown(kind, job)}

    def _update(self, request, _path, row):
        if request.method == "GET":
            return 200, {"can_update": bool(row["scm_type"])}
        if not row["scm_type"]:
            raise _not_allowed(request)
        job = jobs.update_project(self.awx, row)
        return 202, {"project_update": job["id"], **self._shown("project_updates", job)}

    def _create_approval_template(self, request, _path, row):
        return 201, self._shown("workflow_approval_templates", self.awx.create_approval(row, _body(request)))

    def _workflow_nodes(self, request, path, row):
        kind, field = {"workflow_jobs": ("workflow_job_nodes", "workflow_job"),
                       "workflow_job_templates": ("workflow_job_template_nodes", "workflow_job_template")}[path]
        return 200, self.awx.list(kind, request.args.to_dict(), f"{ROOT}{path}/{row['id']}/workflow_nodes/",
                                  self.awx.store.where(kind, **{field: row["id"]}))

    def _cancel(self, request, _path, row):
        if request.method == "GET":
            return 200, {"can_cancel": row["status"] not in jobs.OVER}
        jobs.cancel(self.awx, row)
        return 202, None

    def _relaunch(self, _request, _path, row):
        again = jobs.again(self.awx, row)
        return 201, {"job": again["id"], **self._shown("jobs", again)}

    def _playbooks(self, _request, _path, row):
        return 200, things.playbooks(row, self.awx.store)

    def _approve(self, _request, _path, row):
        workflow_jobs.answer(self.awx, row, True)
        return 204, None

    def _deny(self, _request, _path, row):
        workflow_jobs.answer(self.awx, row, False)
        return 204, None


def _not_allowed(request):
    return Refused(405, {"detail": f'Method "{request.method}" not allowed.'})


def _body(request):
    text = request.get_data(as_text=True)
    if not text:
        return {}
    try:
        body = json.loads(text)
    except ValueError as error:
        raise Refused(400, {"detail": f"JSON parse error - {error}\nPossible cause: trailing comma."}) from None
    if not isinstance(body, dict):
        raise Refused(400, {"detail": "JSON parse error - not a JSON object"})
    return body
