# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Google's own description of its API, asked: which method is a request, and is it one that Google would take?

The slices under data/ are cut by tests/tools/cut_discovery.py.
"""
from __future__ import annotations

import json
import pathlib
import re
import urllib.parse

DATA = pathlib.Path(__file__).resolve().parent / "data"
HOSTS = {"compute.googleapis.com": ("compute",), "dns.googleapis.com": ("dns",), "www.googleapis.com": ("compute", "dns")}
PREFIX = {"compute": "compute/v1/", "dns": ""}
# As the two services name the body in what they refuse.
ENTITY = {"ManagedZone": "entity.managedZone", "Change": "entity.change", "ResourceRecordSet": "entity.rrset"}
READING = ("getIamPolicy", "testIamPermissions", "wait")
WHOLE = {"int32": (-2**31, 2**31 - 1), "uint32": (0, 2**32 - 1), "int64": (-2**63, 2**63 - 1), "uint64": (0, 2**64 - 1)}


class Problem(str):
    """One sentence, with Google's reason word and the field."""

    reason: str
    field: str

    def __new__(cls, text, reason="badRequest", field=""):
        made = super().__new__(cls, text)
        made.reason, made.field = reason, field
        return made


class Method:
    """What discovery says of a method; `params`: the path's of one request."""

    def __init__(self, service, name, found, params):
        self.service = service
        self.id = name
        self.http = found["http"]
        self.mutating = self.http != "GET" and not name.endswith(READING)
        self.params = params
        self.path = {key: one for key, one in found["parameters"].items() if one["location"] == "path"}
        self.query = {key: one for key, one in found["parameters"].items() if one["location"] == "query"}
        self.scopes = found["scopes"]
        self.request = found.get("request")
        self.response = found.get("response")

    @property
    def project(self):
        return self.params.get("project")


_DOCUMENTS = {name: json.loads((DATA / f"{name}.v1.json").read_text(encoding="utf-8")) for name in PREFIX}
_ROUTES = [(service, found["http"], (PREFIX[service] + found["path"]).split("/"), name, found)
           for service, document in _DOCUMENTS.items() for name, found in document["methods"].items()]


def method_of(http_method, host, path):
    """The method of a request, or None. `path` as it was sent: percent signs and all."""
    services = HOSTS.get(host.partition(":")[0], ())
    parts = path.lstrip("/").split("/")
    for service, http, form, name, found in _ROUTES:
        if service in services and http == http_method and len(form) == len(parts):
            params = _params(form, parts)
            if params is not None:
                return Method(service, name, found, params)
    return None


def by_id(name, params):
    """The method of this name, for those who have no URL."""
    service = name.partition(".")[0]
    return Method(service, name, _DOCUMENTS[service]["methods"][name], params)


def _params(form, parts):
    params = {}
    for wanted, part in zip(form, parts):
        if wanted.startswith("{"):
            if not part:
                return None
            params[wanted[1:-1]] = urllib.parse.unquote(part)
        elif wanted != part:
            return None
    return params


def problems(method, query, body):
    """What Google would say to this request; an empty list when it takes it. A query value is a text or several."""
    found = [problem for key, spec in method.path.items() for problem in _path(method, key, spec)]
    found += _query(method, query or {})
    if method.request is None:
        # Nobody reads what has no business there.
        return found
    place = ENTITY.get(method.request, "resource")
    if not isinstance(body, dict) or (not body and method.http != "PATCH"):
        return found + [Problem(f"The '{place}' parameter is required but was missing." if method.service == "dns"
                                else "Required field 'resource' not specified", "required", place)]
    return found + _value(method, {"$ref": method.request}, body, place)


def normal(method, body):
    """The body with Google's own names: its parser takes a field's snake_case name too, and null for not given."""
    return _normal(_DOCUMENTS[method.service]["schemas"], {"$ref": method.request}, body) if method.request else {}


def answer_problems(method, answer):
    """What in an answer of ours Google would never say."""
    if method.response is None:
        return [] if not answer else [Problem(f"{method.id} answers nothing.")]
    return _value(method, {"$ref": method.response}, answer, method.response)


def _path(method, key, spec):
    value = method.params[key]
    if "pattern" in spec and not re.fullmatch(spec["pattern"], value):
        yield Problem(f"Invalid value for field '{key}': '{value}'. Must be a match of regex '{spec['pattern']}'", "invalid", key)


def _query(method, query):
    known = {**_DOCUMENTS[method.service]["parameters"], **method.query}
    for key, given in query.items():
        name = key if key in known else _camel(key)
        if name not in known:
            yield Problem(f"Invalid JSON payload received. Unknown name \"{key}\": Cannot bind query parameter. Field '{key}' could not be "
                          "found in request message.", field=key)
            continue
        values = [given] if isinstance(given, str) else list(given)
        if len(values) > 1 and not known[name].get("repeated"):
            yield Problem(f"Invalid value at '{name}': the parameter can be given once only.", field=name)
        for value in values:
            yield from _query_value(name, known[name], value)


def _query_value(name, spec, value):
    wrong = Problem(f"Invalid value at '{name}' ({_type(spec)}), \"{value}\"", field=name)
    if spec["type"] == "integer":
        if not re.fullmatch(r"-?\d+", value):
            yield wrong
        elif not int(spec.get("minimum", WHOLE[spec["format"]][0])) <= int(value) <= int(spec.get("maximum", WHOLE[spec["format"]][1])):
            yield Problem(f"Invalid value for field '{name}': '{value}'. Must be between {spec.get('minimum')} and {spec.get('maximum')}.",
                          "invalid", name)
    elif (spec["type"] == "boolean" and value not in ("true", "false")) or ("enum" in spec and value not in spec["enum"]):
        yield wrong
    elif "pattern" in spec and not re.fullmatch(spec["pattern"], value):
        yield Problem(f"Invalid value for field '{name}': '{value}'. Must be a match of regex '{spec['pattern']}'", "invalid", name)


def _value(method, schema, value, place):
    """Every problem of a value below `place`."""
    schema = resolved(method, schema)
    kind = schema.get("type")
    if kind == "object":
        if not isinstance(value, dict):
            return [_mismatch(schema, value, place)]
        return _object(method, schema, value, place)
    if kind == "array":
        if not isinstance(value, list):
            return [_mismatch(schema, value, place)]
        return [problem for n, one in enumerate(value) for problem in
                ([_mismatch(schema["items"], one, f"{place}[{n}]")] if one is None else _value(method, schema["items"], one, f"{place}[{n}]"))]
    return _plain(method, schema, value, place)


def _object(method, schema, value, place):
    found, given, properties = [], set(), schema.get("properties", {})
    for key, one in value.items():
        name = key if key in properties else _camel(key)
        if name not in properties:
            if "additionalProperties" in schema and one is None and method.http == "PATCH":
                # A patch takes a label away so.
                continue
            if "additionalProperties" in schema:
                found += _value(method, schema["additionalProperties"], one, f"{place}.{key}")
            else:
                found.append(Problem(f"Invalid JSON payload received. Unknown name \"{key}\" at '{place}': Cannot find field.", field=f"{place}.{key}"))
        elif one is not None:
            given.add(name)
            found += _value(method, properties[name], one, f"{place}.{name}")
    found += [Problem(f"Required field '{place}.{name}' not specified", "required", f"{place}.{name}")
              for name, one in properties.items() if method.id in one.get("required", ()) and name not in given]
    return found


def _plain(method, schema, value, place):
    kind, form = schema.get("type"), schema.get("format")
    if kind == "any":
        return []
    if not _fits(kind, form, value):
        return [_mismatch(schema, value, place)]
    if "enum" in schema and value not in schema["enum"]:
        text = f"Invalid value for '{place}': '{value}'" if method.service == "dns" else \
            f"Invalid value for field '{place}': '{value}'. Must be one of [{', '.join(schema['enum'])}]."
        return [Problem(text, "invalid", place)]
    if "pattern" in schema and not re.fullmatch(schema["pattern"], value):
        return [Problem(f"Invalid value for field '{place}': '{value}'. Must be a match of regex '{schema['pattern']}'", "invalid", place)]
    return []


def _fits(kind, form, value):
    if kind == "boolean":
        return isinstance(value, bool)
    if kind == "number":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if form in WHOLE:
        # A number of 64 bits travels as text, and the parser takes either for all of them.
        if isinstance(value, bool) or not re.fullmatch(r"-?\d+", str(value)):
            return False
        return WHOLE[form][0] <= int(value) <= WHOLE[form][1]
    if not isinstance(value, str):
        return False
    return form != "byte" or bool(re.fullmatch(r"[A-Za-z0-9+/_-]*={0,2}", value))


def _mismatch(schema, value, place):
    return Problem(f"Invalid value at '{place}' ({_type(schema)}), {json.dumps(value)}", field=place)


def _type(schema):
    if "$ref" in schema:
        return schema["$ref"]
    return f"TYPE_{(schema.get('format') or schema.get('type', 'any')).upper()}"


def resolved(method, schema):
    """The schema itself where there is only its name."""
    return _DOCUMENTS[method.service]["schemas"][schema["$ref"]] if "$ref" in schema else schema


def _normal(schemas, schema, value):
    schema = schemas[schema["$ref"]] if "$ref" in schema else schema
    if isinstance(value, dict) and "properties" in schema:
        named = ((key if key in schema["properties"] else _camel(key), one) for key, one in value.items())
        return {name: _normal(schemas, schema["properties"].get(name, {}), one) for name, one in named if one is not None}
    if isinstance(value, list):
        return [_normal(schemas, schema.get("items", {}), one) for one in value]
    if schema.get("format") in WHOLE and not isinstance(value, bool):
        return int(value) if schema["type"] == "integer" else str(value)
    return value


def _camel(name):
    first, *others = name.split("_")
    return first + "".join(one[:1].upper() + one[1:] for one in others)
