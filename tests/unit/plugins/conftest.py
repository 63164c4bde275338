# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Google Cloud for the units: google-auth and requests as they are, with their requests answered by a small fake.

Each request is still validated against Google's discovery documents. The realistic Google is in tests/sandbox.
"""

from __future__ import annotations

import copy
import importlib
import json
import threading
import time
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

TOKEN = "ya29.unit-test-token-0123456789abcdef"
NETWORK = "https://www.googleapis.com/compute/v1/projects/my-project/global/networks/my-vpc"
TARGET = "https://www.googleapis.com/compute/v1/projects/vdc-prod/regions/us-west1/serviceAttachments/zilliz-us-west1-psc"


class Refused(Exception):
    def __init__(self, status, reason, message="refused", details=None):
        super().__init__(reason)
        self.status = status
        error = {"code": status, "message": message, "errors": [{"message": message, "domain": "global", "reason": reason}]}
        self.answer = {"error": {**error, **({"details": details} if details else {})}}


class Fake:
    """Compute Engine and Cloud DNS. `calls` is what was asked, as (method of discovery, path and query, body).

    `script` maps a method to what comes of its next calls: None for an answer, (status, reason[, message]) for a refusal,
    "reset" and "hang" for no answer and no effect, "lost" for no answer after the effect, ("failed", code, message) for an
    operation that fails, ("raw", status, text) for a page.
    """

    def __init__(self):
        self.lock = threading.RLock()
        self.calls, self.script, self.tokens, self.accounts = [], {}, [], set()
        self.things, self.zones, self.sets, self.changes, self.operations = {}, {}, {}, {}, {}
        self.polls = 2  # looks until an operation or a change is done
        self.status = "PENDING"
        self.networks = {"s1": "my-vpc", "s2": "other"}

    # --- HTTP ---

    def send(self, request, **unused):
        parts = urlsplit(request.url)
        with self.lock:
            try:
                status, answer = 200, self.answer(request, parts)
            except Refused as refused:
                status, answer = refused.status, refused.answer
        response = requests.Response()
        response.status_code, response.url, response.request = status, request.url, request
        response.headers["Content-Type"] = "application/json"
        response._content_consumed = True
        response._content = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
        return response

    def answer(self, request, parts):
        if parts.hostname == "oauth2.googleapis.com":
            return self.token(request)
        if parts.hostname in ("iamcredentials.googleapis.com", "169.254.169.254", "metadata.google.internal"):
            raise Refused(404, "notFound")
        method, body = self.checked(request, parts)
        self.calls.append((method.id, dict(method.params, **parse_qs(parts.query)), copy.deepcopy(body)))
        self.accounts.add(request.headers["Authorization"])
        scripted = self.script[method.id].pop(0) if self.script.get(method.id) else None
        if scripted == "hang":
            raise requests.exceptions.ReadTimeout("no answer")
        if scripted == "reset":
            raise requests.exceptions.ConnectionError("reset by peer")
        if scripted and scripted[0] == "raw":
            refused = Refused(scripted[1], "raw")
            refused.answer = scripted[2]
            raise refused
        if scripted and scripted[0] not in ("l", "failed"):
            raise Refused(*scripted)
        service, unused, verb = method.id.rpartition(".")
        name = f"{service.partition('.')[2]}_{verb}"
        answer = copy.deepcopy(getattr(self, name)(body, scripted, **method.params))
        if scripted == "lost":
            raise requests.exceptions.ConnectionError("answer lost")
        return answer

    @staticmethod
    def checked(request, parts):
        from sandbox.gcp import discovery

        method = discovery.method_of(request.method, parts.hostname, parts.path)
        assert method, f"no such method: {request.method} {request.url}"
        body = json.loads(request.body) if request.body else None
        query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        assert not discovery.problems(method, query, body), discovery.problems(method, query, body)
        return method, body

    def token(self, request):
        self.tokens.append(request.body)
        scripted = self.script["token"].pop(0) if self.script.get("token") else None
        if scripted == "reset":
            raise requests.exceptions.ConnectionError("reset by peer")
        if scripted:
            refused = Refused(scripted[0], scripted[1])
            refused.answer = scripted[2]
            raise refused
        return {"access_token": "ya29.from-the-key", "expires_in": 3600, "token_type": "Bearer"}

    def asked(self, *methods):
        return [body for method, unused, body in self.calls if method in methods]

    @property
    def written(self):
        return [name.partition(".")[2] for name, unused, unused2 in self.calls if not name.endswith((".list", ".get"))]

    # --- Compute Engine ---

    def operation(self, scripted, project, region=None):
        name = f"operation-{len(self.operations)}"
        place = f"regions/{region}" if region else "global"
        link = f"https://www.googleapis.com/compute/v1/projects/{project}/{place}/operations/{name}"
        made = {"kind": "compute#operation", "name": name, "status": "RUNNING", "selfLink": link}
        self.operations[name] = [self.polls, {**made, "status": "DONE"}, made]
        if scripted and scripted[0] == "failed":
            error = {"errors": [{"code": scripted[1], "message": scripted[2]}]}
            self.operations[name][1].update(error=error, httpErrorStatusCode=400, httpErrorMessage="BAD REQUEST")
        return made

    def polled(self, operation, **unused):
        left, done, running = self.operations[operation]
        self.operations[operation][0] -= 1
        return running if left > 1 else done

    def regionOperations_get(self, body, scripted, operation, **unused):
        return self.polled(operation)

    globalOperations_get = regionOperations_get

    def thing(self, kind, name):
        if (kind, name) not in self.things:
            raise Refused(404, "notFound", f"The resource 'projects/my-project/regions/us-west1/{kind}/{name}' was not found")
        return self.things[kind, name]

    def forwardingRules_get(self, body, scripted, forwardingRule, **unused):
        return self.thing("forwardingRules", forwardingRule)

    def forwardingRules_insert(self, body, scripted, project, region):
        if ("forwardingRules", body["name"]) in self.things:
            raise Refused(409, "alreadyExists", f"The resource '{body['name']}' already exists")
        assert "labels" not in body
        # As the worst of all answers, a rule takes no IP address but the URL of one.
        reserved = [one for (kind, name), one in self.things.items() if kind == "addresses" and one["selfLink"] == body["IPAddress"]]
        if not reserved:
            raise Refused(400, "invalid", f"Invalid value for field 'resource.IPAddress': '{body['IPAddress']}'. A URL is required.")
        body = {**body, "IPAddress": reserved[0]["address"]}
        if not (scripted and scripted[0] == "failed"):
            place = {"namespace": "goog-psc-default"}
            number = str(56887318744677476 + len(self.calls))
            self.things["forwardingRules", body["name"]] = {
                "serviceDirectoryRegistrations": [place], **body, "pscConnectionId": number,
                "pscConnectionStatus": self.status, "fingerprint": "f0", "labelFingerprint": "l0",
            }
        return self.operation(scripted, project, region)

    def forwardingRules_patch(self, body, scripted, project, region, forwardingRule):
        found = self.thing("forwardingRules", forwardingRule)
        if body.pop("fingerprint") != found["fingerprint"]:
            raise Refused(412, "conditionNotMet", "Invalid fingerprint.")
        found.update(body, fingerprint=found["fingerprint"] + "+")
        return self.operation(scripted, project, region)

    def forwardingRules_delete(self, body, scripted, project, region, forwardingRule):
        self.thing("forwardingRules", forwardingRule)
        del self.things["forwardingRules", forwardingRule]
        return self.operation(scripted, project, region)

    def forwardingRules_setLabels(self, body, scripted, project, region, resource):
        return self.label("forwardingRules", resource, body, scripted, project, region)

    def addresses_setLabels(self, body, scripted, project, region, resource):
        return self.label("addresses", resource, body, scripted, project, region)

    def label(self, kind, name, body, scripted, project, region):
        found = self.thing(kind, name)
        if body["labelFingerprint"] != found["labelFingerprint"]:
            raise Refused(412, "conditionNotMet", "Labels fingerprint either invalid or resource labels have changed")
        found.update(labels=body["labels"], labelFingerprint=found["labelFingerprint"] + "+")
        return self.operation(scripted, project, region)

    def addresses_get(self, body, scripted, address, **unused):
        return self.thing("addresses", address)

    def addresses_list(self, body, scripted, project, region):
        found = [one for (kind, unused), one in self.things.items() if kind == "addresses"]
        wanted = self.calls[-1][1].get("filter", [""])[0]
        return self.paged("items", [one for one in found if not wanted or wanted == f'address = "{one["address"]}"'])

    def reserve(self, name, address, subnetwork="s1"):
        place = "https://www.googleapis.com/compute/v1/projects/my-project/regions/us-west1"
        link = {"selfLink": f"{place}/addresses/{name}", "subnetwork": f"{place}/subnetworks/{subnetwork}"}
        self.things["addresses", name] = {"name": name, "address": address, "addressType": "INTERNAL", **link}
        return link["selfLink"]

    def subnetworks_get(self, body, scripted, subnetwork, **unused):
        return {"network": f"https://www.googleapis.com/compute/v1/projects/my-project/global/networks/{self.networks[subnetwork]}"}

    def firewalls_get(self, body, scripted, firewall, **unused):
        return self.thing("firewalls", firewall)

    def firewalls_patch(self, body, scripted, project, firewall):
        self.thing("firewalls", firewall).update(body)
        return self.operation(scripted, project)

    # --- Cloud DNS ---

    def paged(self, key, items):
        """Two on a page."""
        token = int(self.calls[-1][1].get("pageToken", ["0"])[0])
        more = {"nextPageToken": str(token + 2)} if token + 2 < len(items) else {}
        return {key: items[token:token + 2], **more}

    def zone(self, name):
        if name not in self.zones:
            raise Refused(404, "notFound", f"The 'parameters.managedZone' resource named '{name}' does not exist.")
        return self.zones[name]

    def managedZones_list(self, body, scripted, project):
        return self.paged("managedZones", list(self.zones.values()))

    def managedZones_get(self, body, scripted, project, managedZone):
        return self.zone(managedZone)

    def managedZones_create(self, body, scripted, project):
        if body["name"] in self.zones:
            raise Refused(409, "alreadyExists", f"The resource 'entity.managedZone' named '{body['name']}' already exists")
        self.zones[body["name"]] = {"kind": "dns#managedZone", "id": "1", **body}
        own = {"name": body["dnsName"], "ttl": 21600}
        self.sets[body["name"]] = {(body["dnsName"], kind): {**own, "type": kind, "rrdatas": ["x."]} for kind in ("NS", "SOA")}
        return self.zones[body["name"]]

    def managedZones_patch(self, body, scripted, project, managedZone):
        self.zone(managedZone).update(body)
        self.changes["op", managedZone] = self.polls
        return {"kind": "dns#operation", "id": "op", "status": "pending"}

    def managedZoneOperations_get(self, body, scripted, project, managedZone, operation):
        return self.changes_get(body, scripted, project, managedZone, operation)

    def managedZones_delete(self, body, scripted, project, managedZone):
        self.zone(managedZone)
        pending = [left for (number, zone), left in self.changes.items() if zone == managedZone and left > 0]
        if len(self.sets[managedZone]) > 2 or pending:
            raise Refused(400, "containerNotEmpty", "The resource named 'x' is not empty")
        del self.zones[managedZone]
        return {}

    def resourceRecordSets_list(self, body, scripted, project, managedZone):
        self.zone(managedZone)
        return self.paged("rrsets", list(self.sets[managedZone].values()))

    def changes_create(self, body, scripted, project, managedZone):
        self.zone(managedZone)
        sets = dict(self.sets[managedZone])
        for one in body.get("deletions", []):
            if {**one} != {key: value for key, value in sets.get((one["name"], one["type"]), {}).items() if key != "kind"}:
                raise Refused(412, "conditionNotMet", "Precondition not met for 'entity.change.deletions[0]'")
            del sets[one["name"], one["type"]]
        for one in body.get("additions", []):
            if (one["name"], one["type"]) in sets:
                raise Refused(409, "alreadyExists", "The resource 'entity.change.additions[0]' already exists")
            sets[one["name"], one["type"]] = one
        self.sets[managedZone] = sets
        number = str(1 + len([one for one in self.changes if one[1] == managedZone]))
        self.changes[number, managedZone] = self.polls
        return {"kind": "dns#change", "id": number, "status": "pending"}

    def changes_get(self, body, scripted, project, managedZone, changeId):
        self.changes[changeId, managedZone] -= 1
        return {"kind": "dns#change", "status": "pending" if self.changes[changeId, managedZone] > 0 else "done"}

    def changes_list(self, body, scripted, project, managedZone):
        number = max(int(one[0]) for one in self.changes if one[1] == managedZone and one[0] != "op")
        return {"changes": [{"id": str(number), **self.changes_get(body, scripted, project, managedZone, str(number))}]}

    def projects_get(self, body, scripted, project):
        return {"id": project, "quota": {"rrsetAdditionsPerChange": 110, "rrsetDeletionsPerChange": 150}}


@pytest.fixture(scope="session")
def key():
    """The JSON key of a service account."""
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    how = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return {
        "type": "service_account", "project_id": "my-project", "client_email": "ansible@my-project.iam.gserviceaccount.com",
        "private_key": made.private_bytes(*how).decode(), "private_key_id": "0f1e2d3c4b5a69788796", "token_uri": "https://oauth2.googleapis.com/token",
    }


@pytest.fixture
def ticks(monkeypatch):
    """A clock that only sleeping moves, and that no other thread minds."""
    made = []
    monkeypatch.setattr(time, "sleep", made.append)
    monkeypatch.setattr(time, "monotonic", lambda: float(sum(made)))
    return made


@pytest.fixture
def google(monkeypatch, ticks):
    fake = Fake()
    for name in ("GCP_PROJECT", "GCP_AUTH_KIND", "GCP_SERVICE_ACCOUNT_FILE", "GCP_SERVICE_ACCOUNT_CONTENTS", "GCP_ACCESS_TOKEN",
                 "GCP_SERVICE_ACCOUNT_EMAIL", "GCP_SCOPES", "GCP_ENV_TYPE", "GOOGLE_APPLICATION_CREDENTIALS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", fake.send)
    return fake


@pytest.fixture
def run_gcp(google, capsys, monkeypatch):
    """Runs a module as Ansible does: JSON in, JSON out."""
    from ansible.module_utils import _internal
    from ansible.module_utils.common import warnings
    from ansible.module_utils.testing import patch_module_args

    monkeypatch.setattr(_internal, "is_controller", False)

    def run_module(name, /, check_mode=False, **params):
        module = importlib.import_module(f"ansible_collections.zilliz.cloud.plugins.modules.{name}")
        args = {"project": "my-project", "access_token": TOKEN, **params}
        args = {key: value for key, value in args.items() if value is not None}
        capsys.readouterr()
        warnings._global_warnings.clear()
        with patch_module_args({"_ansible_check_mode": check_mode, "_ansible_diff": True, **args}):
            with pytest.raises(SystemExit):
                module.main()
        text = capsys.readouterr().out
        assert TOKEN not in text
        result = json.loads(text)
        assert "exception" not in result, result
        return result

    return run_module
