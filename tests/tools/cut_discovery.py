# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cut the slices of Google's discovery documents that the sandbox validates requests with.

python tests/tools/cut_discovery.py FOLDER     FOLDER holds compute.v1.json and dns.v1.json

The package google-api-python-client carries the documents (googleapiclient/discovery_cache/documents). It is large, so it
goes into an environment to throw away, never among the requirements.
"""
from __future__ import annotations

import json
import pathlib
import sys

DATA = pathlib.Path(__file__).resolve().parents[1] / "sandbox" / "gcp" / "data"

SLICES = {
    "compute": {
        "addresses": ["delete", "get", "insert", "list", "setLabels"],
        "firewalls": ["delete", "get", "insert", "list", "patch", "update"],
        "forwardingRules": ["delete", "get", "insert", "list", "patch", "setLabels", "setTarget"],
        "globalOperations": ["get", "list", "wait"],
        "networks": ["get", "getEffectiveFirewalls", "list"],
        "projects": ["get", "getXpnHost"],
        "regionNetworkFirewallPolicies": ["getEffectiveFirewalls"],
        "regionOperations": ["get", "list", "wait"],
        "regions": ["get", "list"],
        "serviceAttachments": ["get", "list"],
        "subnetworks": ["get", "list", "listUsable"],
    },
    "dns": {
        "changes": ["create", "get", "list"],
        "managedZoneOperations": ["get", "list"],
        "managedZones": ["create", "delete", "get", "list", "patch", "update"],
        "policies": ["list"],
        "projects": ["get"],
        "resourceRecordSets": ["create", "delete", "get", "list", "patch"],
        "responsePolicies": ["list"],
        "responsePolicyRules": ["list"],
    },
}
PARAMETER = ("type", "format", "pattern", "enum", "repeated", "required", "location", "minimum", "maximum", "default")
SCHEMA = ("type", "format", "pattern", "enum", "$ref", "items", "properties", "additionalProperties", "readOnly")
SCOPE = "https://www.googleapis.com/auth/"


def cut(document, wanted):
    methods = {}
    for resource, names in wanted.items():
        for name in names:
            found = document["resources"][resource]["methods"][name]
            methods[found["id"]] = {
                "http": found["httpMethod"], "path": found["path"],
                "parameters": {key: _only(one, PARAMETER) for key, one in sorted(found["parameters"].items())},
                "scopes": [one.removeprefix(SCOPE) for one in found["scopes"]],
                **{side: found[side]["$ref"] for side in ("request", "response") if side in found}}
    schemas, names = {}, [method[side] for method in methods.values() for side in ("request", "response") if side in method]
    while names:
        name = names.pop()
        if name not in schemas:
            schemas[name] = _schema(document["schemas"][name])
            names += _references(schemas[name])
    return {"revision": document["revision"], "servicePath": document["servicePath"],
            "parameters": {key: _only(one, PARAMETER) for key, one in sorted(document["parameters"].items())},
            "methods": methods, "schemas": schemas}


def _only(found, keys):
    return {key: found[key] for key in keys if key in found}


def _schema(found):
    kept = _only(found, SCHEMA)
    # For these methods the field must be there.
    required = found.get("annotations", {}).get("required")
    if required:
        kept["required"] = sorted(required)
    for key in ("items", "additionalProperties"):
        if key in kept:
            kept[key] = _schema(kept[key])
    if "properties" in kept:
        kept["properties"] = {name: _schema(one) for name, one in sorted(kept["properties"].items())}
    return kept


def _references(schema):
    if isinstance(schema, dict):
        return ([schema["$ref"]] if isinstance(schema.get("$ref"), str) else []) + [
            one for value in schema.values() for one in _references(value)]
    return []


def text(found):
    """One method and one schema a line: small, and a new cut shows what changed."""
    def lines(part):
        return ",\n".join(f" {json.dumps(key)}: {json.dumps(one, separators=(',', ':'))}" for key, one in sorted(part.items()))

    head = "".join(f"{json.dumps(key)}: {json.dumps(found[key])},\n" for key in ("revision", "servicePath", "parameters"))
    return "{" + head + '"methods": {\n' + lines(found["methods"]) + '},\n"schemas": {\n' + lines(found["schemas"]) + "}}\n"


def main():
    folder = pathlib.Path(sys.argv[1])
    for name, wanted in SLICES.items():
        document = json.loads((folder / f"{name}.v1.json").read_text(encoding="utf-8"))
        (DATA / f"{name}.v1.json").write_text(text(cut(document, wanted)), encoding="utf-8")


if __name__ == "__main__":
    main()
