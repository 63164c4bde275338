# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all kinds of compute resources have in common: names, ids, fingerprints, labels, get, list and delete."""
from __future__ import annotations

import base64
import hashlib
import json
import re

from . import names
from .lists import listed
from .protocol import GoogleError

LABEL = re.compile(r"[a-z][a-z0-9_-]{0,62}")
LABEL_VALUE = re.compile(r"[a-z0-9_-]{0,63}")


class Collection:
    """Resources of one kind. `all`: {(project, region or "global", name): the resource as the API gives it}."""

    kind = ""            # compute#kind
    collection = ""      # as in URLs
    parameter = ""       # the path parameter that names one
    fingerprints: tuple = ()    # output-only fields that change with every change

    def __init__(self, gcp):
        self.gcp = gcp
        self.all = {}
        self.busy = {}   # what an operation works on, by key
        self.operations = {f"compute.{self.collection}.{verb}": getattr(self, verb)
                           for verb in ("get", "list", "insert", "delete", "patch", "update", "setLabels", "setTarget") if hasattr(self, verb)}

    def reset(self):
        self.all, self.busy = {}, {}

    def settle(self, residents, project, scope):
        """What was there before; its partial URLs become full ones."""
        for one in residents:
            full = {name: names.ROOT + value if str(value).startswith("projects/") else value for name, value in one.items()}
            made = self.all[project, scope, one["name"]] = self.new((project, scope, one["name"]), full)
            made.update({name: one[name] for name in ("status",) if name in one})
            made.update({"users": [names.ROOT + user for user in one["users"]]} if "users" in one else {})

    # Names.

    def scope(self, call):
        return call.params.get("region", "global")

    def key(self, call):
        return call.project, self.scope(call), call.params.get(self.parameter) or call.params.get("resource")

    def path(self, key):
        return names.path(key[0], key[1], self.collection, key[2])

    def parse(self, text, project=None):
        """The key of a URL, full or partial."""
        return names.parse(text, self.collection, project)

    def find(self, key):
        if key not in self.all:
            raise GoogleError(404, "notFound", f"The resource '{self.path(key)}' was not found")
        return self.all[key]

    # Life.

    def new(self, key, body):
        """A resource with what Google adds to it. Not in `all` yet."""
        made = {"kind": f"compute#{self.kind}", "id": self.gcp.operations.number(), "creationTimestamp": self.gcp.operations.time(),
                "selfLink": names.url(key[0], key[1], self.collection, key[2])}
        if key[1] != "global":
            made["region"] = names.region_url(*key[:2])
        made.update({name: value for name, value in body.items() if name not in (
            "kind", "id", "creationTimestamp", "selfLink", "region", "labels", "status", "users", *self.fingerprints)})
        if "labelFingerprint" in self.fingerprints and body.get("labels") and self.gcp.switch("gcp_insert_labels"):
            check_labels(body["labels"])
            made["labels"] = dict(body["labels"])
        return self.touch(made)

    def touch(self, resource):
        """After a change: new fingerprints."""
        for name in self.fingerprints:
            said = resource.get("labels") or {} if name == "labelFingerprint" else {
                key: value for key, value in resource.items() if key not in (*self.fingerprints, "labels", "pscConnectionStatus")}
            resource[name] = fingerprint(said)
        return resource

    def free_name(self, call):
        name = call.body["name"]
        if not re.fullmatch(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?", name):
            raise GoogleError(400, "invalid", f"Invalid value for field 'resource.name': '{name}'. "
                              "Must be a match of regex '(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)'")
        key = call.project, self.scope(call), name
        if key in self.all:
            raise GoogleError(409, "alreadyExists", f"The resource '{self.path(key)}' already exists")
        return key

    def ready(self, key):
        """The resource, if no operation works on it."""
        found = self.find(key)
        if key in self.busy:
            raise GoogleError(400, "resourceNotReady", f"The resource '{self.path(key)}' is not ready")
        return found

    def changed(self, call, key, finish, undo=None):
        """The operation that runs finish() on a resource that is there; until it ends, the resource is busy."""
        self.busy[key] = True

        def end():
            self.busy.pop(key, None)
            finish()

        def give_up():
            self.busy.pop(key, None)
            if undo:
                undo()

        resource = self.all[key]
        return self.gcp.operations.start(call, resource["selfLink"], resource["id"], end, give_up)

    def get(self, call):
        return self.find(self.key(call))

    def list(self, call):
        here = [one for (project, scope, _name), one in self.all.items() if (project, scope) == (call.project, self.scope(call))]
        return listed(call, self.kind, here, self.gcp.switch("gcp_page_size"))

    def delete(self, call):
        key = self.key(call)
        self.ready(key)
        self.deletable(key)
        return self.changed(call, key, lambda: self.remove(key))

    def deletable(self, key):
        """GoogleError while something uses it."""

    def remove(self, key):
        self.all.pop(key, None)

    def quota(self, call, metric, limit, count, where):
        if count >= limit:
            raise GoogleError(403, "quotaExceeded", f"Quota '{metric}' exceeded.  Limit: {float(limit)} {where}.", domain="usageLimits")


class Labelled(Collection):
    def setLabels(self, call):
        key = self.key(call)
        resource = self.find(key)
        labels, given = call.body.get("labels") or {}, call.body.get("labelFingerprint")
        if given != resource["labelFingerprint"]:
            raise GoogleError(412, "conditionNotMet", "Labels fingerprint either invalid or resource labels have changed",
                              location="If-Match", locationType="header")
        check_labels(labels)

        def finish():
            if labels:
                resource["labels"] = dict(labels)
            else:
                resource.pop("labels", None)
            self.touch(resource)

        return self.changed(call, key, finish)


def check_labels(labels):
    for key, value in labels.items():
        if not LABEL.fullmatch(key):
            raise GoogleError(400, "invalid", f"Invalid value for field 'labels': ''. Label key '{key}' violates format constraints. "
                              "The key must start with a lowercase character, can only contain lowercase letters, numeric characters, "
                              "underscores and dashes. The key can be at most 63 characters long.")
        if not LABEL_VALUE.fullmatch(value):
            raise GoogleError(400, "invalid", f"Invalid value for field 'labels': ''. Label value '{value}' violates format constraints. "
                              "The value can only contain lowercase letters, numeric characters, underscores and dashes. "
                              "The value can be at most 63 characters long.")
    if len(labels) > 64:
        raise GoogleError(400, "invalid", "Invalid value for field 'labels': ''. There can be at most 64 labels.")


def fingerprint(said):
    digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).digest()[:8]
    return base64.b64encode(digest).decode()
