# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Google side of the sandbox as one WSGI application: several hosts, told apart by the Host header."""
from __future__ import annotations

import json
import traceback

from ..core import AFTER, SOCKET_FAULTS, BadRequest, Broken
from . import discovery, fields, permissions
from .auth import FILES, Auth
from .compute import Compute
from .dns import Dns
from .drift import Drift
from .landscape import ACCESS_TOKEN, PROJECTS, REGIONS
from .networks import no_region
from .operations import Operations
from .policies import Policies
from .protocol import Call, GoogleError, parse, read
from .state import state_of

HOSTS = ("compute.googleapis.com", "dns.googleapis.com", "iamcredentials.googleapis.com", "oauth2.googleapis.com", "www.googleapis.com")
METADATA_HOSTS = ("127.0.0.1", "localhost", "metadata.google.internal", "169.254.169.254")
REASONS = {200: "OK", 204: "No Content", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 409: "Conflict",
           412: "Precondition Failed", 429: "Too Many Requests", 500: "Internal Server Error", 501: "Not Implemented", 503: "Service Unavailable"}


class Gcp:
    SWITCHES = {
        "gcp_allowed": ([], "Permissions that are allowed (dns.changes.create, or my-project/dns.changes.create for one project); none = everything."),
        "gcp_disabled_apis": ([], "APIs that nobody enabled: compute.googleapis.com, or my-project/dns.googleapis.com for one project."),
        "gcp_unknown_project": (403, "How a project that does not exist is refused: 403 as one that may not be seen, or 404."),
        "gcp_machine_scopes": (["https://www.googleapis.com/auth/cloud-platform"], "The scopes of the machine that machineaccount runs on."),
        **Compute.SWITCHES,
        **getattr(Dns, "SWITCHES", {}),
    }

    def __init__(self, world):
        self.world = world
        self.auth = Auth(self)
        self.operations = Operations(self)
        self.compute = Compute(self)
        self.dns = Dns(self)
        self.policies = Policies(self)
        self.drifts = Drift(self)
        self.methods = {}

    def switch(self, name):
        """A stub world may know none of our switches."""
        return self.world.switches.get(name, self.SWITCHES[name][0])

    # The interface to the rest of the sandbox.

    def reset(self, scenario=None):
        for part in (self.auth, self.operations, self.compute, self.dns, self.policies):
            part.reset()
        self.methods = {**self.operations.operations, **self.compute.operations, **self.dns.operations,
                        **self.policies.operations}

    def state(self, residue=False):
        return state_of(self, residue)

    def drift(self, kind, **args):
        return self.drifts.drift(kind, **args)

    def find_endpoint(self, gcp_project_id, name, region):
        return self.compute.find_endpoint(gcp_project_id, name, region)

    def accept(self, gcp_project_id, name, region):
        return self.compute.accept(gcp_project_id, name, region)

    def reject(self, gcp_project_id, name, region):
        return self.compute.reject(gcp_project_id, name, region)

    def close(self, gcp_project_id, name, region):
        return self.compute.close(gcp_project_id, name, region)

    def resolve(self, network_url, name):
        """What a machine in that network is told when it asks for a name."""
        return self.dns.resolve(network_url, name)

    # The application.

    def app(self, environ, start_response):
        call = read(environ)
        if call.host in METADATA_HOSTS:
            status, body = self._aside(call, self.auth.metadata)
        elif call.host == "oauth2.googleapis.com":
            status, body = self._aside(call, self.auth.token if call.path == "/token" else _not_found)
        elif call.host == "iamcredentials.googleapis.com":
            status, body = self._aside(call, self.auth.locations)
        else:
            status, body = self._serve(call)
        headers = [("Metadata-Flavor", "Google")] if call.host in METADATA_HOSTS else []
        kind = "application/json; charset=UTF-8"
        if isinstance(body, str):
            kind = "text/html; charset=UTF-8" if body.startswith("<") else "application/text"
        elif body is not None:
            body = json.dumps(body, indent=2) + "\n"
        data = (body or "").encode()
        start_response(f"{status} {REASONS.get(status, 'Status')}", [*headers, ("Content-Type", kind), ("Content-Length", str(len(data)))])
        return [data]

    def _aside(self, call, handler):
        """A call that is none of an API's methods: it is in the log only when something is wrong with it."""
        outcome, operation = "ok", "token" if handler == self.auth.token else handler.__name__.strip("_")
        try:
            kind = self.world.faults.take("gcp", operation, False, host=call.host)
            if kind:
                outcome = f"fault:{kind}"
                if kind in SOCKET_FAULTS:
                    raise Broken(kind)
                return {"denied": 401, "throttle": 429, "503": 503}.get(kind, 500), {
                    "error": {"denied": "unauthorized_client", "throttle": "rate_limit_exceeded"}.get(kind, "internal_failure"),
                    "error_description": f"The sandbox was told to fail: {kind}."}
            status, body = handler(call)
            if status != 200:
                outcome = body.get("error", status) if isinstance(body, dict) else str(status)
            return status, body
        finally:
            if outcome != "ok":
                self.world.log.add("gcp", operation, False, str(outcome), host=call.host, **({"account": call.account} if call.account else {}))

    def _serve(self, call):
        kind, outcome = None, "ok"
        try:
            call.method = discovery.method_of(call.verb, call.host, call.path)
            if call.method is None:
                # Google's front end answers what no API knows, in HTML.
                outcome = "notFound"
                return _not_found(call)
            call.params = call.method.params
            scopes = self.auth.check(call)
            parse(call)
            self.world.gate.enter("gcp", call.operation, call.mutating)
            kind = self.world.faults.take("gcp", call.operation, call.mutating, **call.ids())
            if kind and kind not in AFTER:
                outcome = f"fault:{kind}"
                if kind in SOCKET_FAULTS:
                    raise Broken(kind)
                raise self._fault(kind, call)
            with self.world.lock:
                self.world.tick()
                body = self._act(call, scopes)
            if kind:
                outcome = f"fault:{kind}"
                raise Broken(kind)
            return (200, body) if call.method.response else (204, None)
        except GoogleError as error:
            outcome = error.reason if outcome == "ok" else outcome
            return error.http, error.body()
        except Broken:
            raise
        except Exception as error:  # a fault of ours is told in Google's form too, and where it is in the sandbox's own output
            traceback.print_exc()
            outcome = "internalError"
            return 500, GoogleError(500, outcome, f"The sandbox failed: {type(error).__name__}: {error}").body()
        finally:
            self.world.log.add("gcp", call.operation, call.mutating, outcome, **call.ids(), agent=call.headers.get("user-agent", ""),
                               needs=sorted({one for one, _project, _path in call.needs}),
                               **({} if call.method else {"path": f"{call.verb} {call.host}{call.path}"}))

    def _act(self, call, scopes):
        self.auth.check_scopes(call, scopes)
        self.auth.check_api(call)
        if call.project in PROJECTS:
            self._validate(call)
        self.auth.check_role(call)
        call.needs = permissions.needs(call, self)
        permissions.refuse(call, self.switch("gcp_allowed"))
        return self._answer(call)

    def _validate(self, call):
        problems = discovery.problems(call.method, call.query, call.body)
        if problems:
            first = problems[0]
            status = "INVALID_ARGUMENT" if first.reason == "badRequest" else None
            raise GoogleError(400, first.reason, "\n".join(problems), status=status,
                              details=[{"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [
                                  {"field": one.field, "description": str(one)} for one in problems]}] if status else None)
        fields.check(call)
        call.body = discovery.normal(call.method, call.body)
        if "region" in call.params and call.params["region"] not in REGIONS:
            raise no_region(call)

    def _answer(self, call):
        handler = self.methods.get(call.operation)
        if handler is None:
            raise GoogleError(501, "notImplemented", f"The sandbox does not have {call.operation}.", status="UNIMPLEMENTED")
        answer = self.operations.repeated(call) or handler(call)
        wrong = discovery.answer_problems(call.method, answer)
        if wrong:
            raise RuntimeError(f"{call.operation} would answer what Google never says: {wrong[0]}")
        return fields.cut(call, answer)

    def _fault(self, kind, call):
        if kind == "throttle":
            service = f"{call.operation.partition('.')[0]}.googleapis.com"
            message = (f"Quota exceeded for quota metric 'Queries' and limit 'Queries per minute' of service '{service}' for consumer "
                       f"'project_number:{PROJECTS.get(call.project, {}).get('number', '0')}'.")
            # Compute's rate quotas answer 403, as its page of rate quotas says; DNS has the newer form.
            return GoogleError(403, "rateLimitExceeded", message, domain="usageLimits") if service.startswith("compute") else \
                GoogleError(429, "rateLimitExceeded", message, status="RESOURCE_EXHAUSTED")
        if kind == "denied":
            return self.auth.denied(call)
        if kind == "503":
            return GoogleError(503, "backendError", "The service is currently unavailable.", status="UNAVAILABLE")
        return GoogleError(500, "backendError", "Internal error. Please try again or contact Google Support.", status="INTERNAL")

    # For drift: an operation done by nobody the log knows.

    def quietly(self, operation, params, body=None, query=None, account="somebody@example.com"):
        call = Call("", "", "", query=query, body=body)
        call.quiet, call.account = True, account
        call.method = discovery.by_id(operation, params)
        call.params = dict(params)
        call.path = f"/compute/v1/projects/{call.project}"
        try:
            return self.methods[operation](call)
        except GoogleError as error:
            raise BadRequest(f"The drift could not be made: {error.message} ({error.reason})") from None

    # For the env file.

    def files(self):
        """{file name: content} of the credentials that programs find."""
        return {name: json.dumps(content(), indent=2) + "\n" for name, content in FILES.values()}


def _not_found(call):
    return 404, (f"<!DOCTYPE html>\n<html lang=en>\n<title>Error 404 (Not Found)!!1</title>\n<p><b>404.</b> The requested URL "
                 f"<code>{call.path}</code> was not found on this server.\n</html>\n")


__all__ = ["ACCESS_TOKEN", "HOSTS", "Gcp"]
