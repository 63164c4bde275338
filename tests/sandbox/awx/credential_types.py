# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credential types: what their inputs and injectors may say, and when they may change."""
from __future__ import annotations

from jinja2.exceptions import SecurityError, TemplateSyntaxError, UndefinedError
from jinja2.runtime import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from . import shipped
from .errors import forbidden, invalid
from .schemas import problems

STRING, FLAG = {"type": "string"}, {"type": "boolean"}
INPUTS = {
    "type": "object",
    "properties": {
        "required": {"type": "array", "items": STRING},
        "fields": {"type": "array", "items": {
            "type": "object",
            "properties": {
                "id": {"type": "string", "pattern": "^[a-zA-Z_]+[a-zA-Z0-9_]*$", "error": "{instance} is an invalid variable name"},
                "label": STRING, "help_text": STRING, "secret": FLAG, "multiline": FLAG, "ask_at_runtime": FLAG, "default": {},
                "type": {"enum": ["string", "boolean"]},
                "format": {"enum": ["ssh_private_key", "url"]},
                "choices": {"type": "array", "filled": True, "unique": True, "items": STRING},
            },
            "required": ["id", "label"],
        }},
    },
}
INJECTORS = {
    "type": "object",
    "properties": {
        "file": {"type": "object", "patterns": {r"^template(\.[a-zA-Z_]+[a-zA-Z0-9_]*)?$": STRING}},
        "env": {"type": "object", "patterns": {"^[a-zA-Z_]+[a-zA-Z0-9_]*$": {"type": "string", "pattern": "^[\x00-\x7f]*$"}}},
        "extra_vars": {"type": "object", "patterns": {r"^[a-zA-Z_\{\}]+[a-zA-Z0-9_\{\}]*$": {"any": ["string", "array", "object"]}}},
    },
}
# Names that AWX sets itself for a job.
RESERVED_NAMES = {"PATH", "PYTHONPATH", "VIRTUAL_ENV", "JOB_ID", "INVENTORY_ID", "REST_API_URL", "REST_API_TOKEN", "MAX_EVENT_RES"}


def check(row, _old, store):
    """Before a type is stored."""
    if row["kind"] not in ("cloud", "net"):
        raise invalid(kind=f"Must be 'cloud' or 'net', not {row['kind']}")
    inputs, injectors = row["inputs"], row["injectors"]
    _check_unsupported(inputs)
    found = problems(inputs, INPUTS)
    if found:
        raise invalid(inputs=found)
    for field in inputs.get("fields", []):
        field.setdefault("type", "string")
    found = _input_problems(inputs.get("fields", []))
    if found:
        raise invalid(inputs=found[:1])
    found = problems(injectors, INJECTORS) or list(_injector_problems(inputs, injectors))[:1]
    if found:
        raise invalid(injectors=found)


def check_change(row, sent, store):
    """A type that came with AWX stays as it is, and one in use keeps its inputs."""
    if row.get("managed"):
        raise forbidden("Modifications not allowed for managed credential types")
    if "inputs" in sent and store.where("credentials", credential_type=row["id"]) and _typed(sent["inputs"]) != row["inputs"]:
        raise forbidden("Modifications to inputs are not allowed for credential types that are in use")


def check_delete(row, store):
    if row.get("managed"):
        raise forbidden("Deletion not allowed for managed credential types")
    if store.where("credentials", credential_type=row["id"]):
        raise forbidden("Credential types that are in use cannot be deleted")


def _typed(inputs):
    if not isinstance(inputs, dict) or not isinstance(inputs.get("fields", []), list):
        return inputs
    return {**inputs, **({"fields": [{"type": "string", **field} if isinstance(field, dict) else field for field in inputs["fields"]]}
                         if "fields" in inputs else {})}


def _check_unsupported(inputs):
    if not isinstance(inputs, dict):
        return
    if "dependencies" in inputs:
        raise invalid(inputs="'dependencies' is not supported for custom credentials.")
    fields = inputs.get("fields")
    if any(isinstance(field, dict) and field.get("ask_at_runtime") for field in (fields if isinstance(fields, list) else ())):
        raise invalid(inputs="'ask_at_runtime' is not supported for custom credentials.")


def _input_problems(fields):
    found, seen = [], set()
    for field in fields:
        name, kind = field["id"], field["type"]
        if name == "tower":
            found.append('"tower" is a reserved field name')
        if name in seen:
            found.append(f"field IDs must be unique ({name})")
        seen.add(name)
        if "default" in field and not isinstance(field["default"], {"string": str, "boolean": bool}[kind]):
            found.append(f"{field['default']} is not a {kind}")
        found += [f"{key} not allowed for {kind} type ({name})" for key in ("choices", "multiline", "format", "secret") if key in field and kind != "string"]
    return found


# What a template may name besides the fields: the files that AWX writes for a job.

class _Files:
    def __str__(self):
        raise UndefinedError("Must define unnamed file injector in order to reference `tower.filename`.")


# Jinja names the class in its message.
_Files.__module__, _Files.__qualname__, _Files.__name__ = "awx.main.fields", "ExplodingNamespace", "ExplodingNamespace"


class _Tower:
    def __init__(self, paths):
        self.filename = paths["template"] if list(paths) == ["template"] else _Files()
        for name, path in paths.items():
            if "." in name:
                setattr(self.filename, name.partition(".")[2], path)

    def __str__(self):
        raise UndefinedError("Cannot directly reference reserved `tower` namespace container.")


def _injector_problems(inputs, injectors):
    names = list(injectors.get("file", {}))
    if "template" in names and len(names) > 1:
        yield "Must use multi-file syntax when injecting multiple files"
        return
    space: dict = {field["id"]: "EXAMPLE" for field in inputs.get("fields", [])}
    space["tower"] = _Tower(dict.fromkeys(names, "EXAMPLE_FILENAME"))
    for kind, injector in injectors.items():
        for name in injector if kind == "env" else ():
            if name.startswith("ANSIBLE_"):
                yield f"Environment variable {name} may affect Ansible configuration so its use is not allowed in credentials."
            if name in RESERVED_NAMES:
                yield f"Environment variable {name} is not allowed to be used in credentials."
        for name, text in _texts(injector):
            problem = _render_problem(kind, name, text, space)
            if problem:
                yield problem


def _texts(value, name=""):
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _texts(one, f"{name}.{key}" if name else key)
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from _texts(one, f"{name}[{place}]")
    elif isinstance(value, str):
        yield name, value


def _render_problem(kind, name, text, space):
    try:
        ImmutableSandboxedEnvironment(undefined=StrictUndefined).from_string(text).render(space)
    except SecurityError as error:
        return f"Encountered unsafe code execution: {error}"
    except UndefinedError as error:
        return f"{name} uses an undefined field ({error})"
    except TemplateSyntaxError as error:
        return f"Syntax error rendering template for {name} inside of {kind} ({error.message})"
    return None


def rendered(credential_type, inputs, folder):
    """What a job gets from a credential: {"env": {...}, "extra_vars": {...}, "file": {path: text}}. Fields without a value are empty."""
    path = f"{folder}/credential_{credential_type['id']}"
    if credential_type["managed"]:
        return shipped.given(credential_type["namespace"], inputs, path)
    injectors = credential_type["injectors"]
    space = {}
    for field in credential_type["inputs"].get("fields", []):
        space[field["id"]] = inputs.get(field["id"], field.get("default", False if field["type"] == "boolean" else ""))
    paths = {name: path + name.removeprefix("template") for name in injectors.get("file", {})}
    space["tower"] = _Tower(paths)
    jinja = ImmutableSandboxedEnvironment(undefined=StrictUndefined)

    def render(value):
        if isinstance(value, dict):
            return {render(key): render(one) for key, one in value.items()}
        if isinstance(value, list):
            return [render(one) for one in value]
        return jinja.from_string(value).render(space)

    return {
        "env": render(injectors.get("env", {})),
        "extra_vars": render(injectors.get("extra_vars", {})),
        "file": {paths[name]: render(text) for name, text in injectors.get("file", {}).items()},
    }
