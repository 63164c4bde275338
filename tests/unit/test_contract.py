# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every module owes: its groups, its documentation, its promises, its tests."""

from __future__ import annotations

import ast
import pathlib
import re

import pytest
import yaml
from ansible.module_utils.basic import AnsibleModule

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCES = {path.stem: path.read_text() for path in sorted((ROOT / "plugins" / "modules").glob("*.py"))}
RUNTIME = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())
EXTENDS = {"aws": ["amazon.aws.aws"], "gcp": ["google.cloud.gcp"]}

every_module = pytest.mark.parametrize("name", SOURCES)


def text_of(name, constant):
    for node in ast.parse(SOURCES[name]).body:
        if isinstance(node, ast.Assign) and node.targets[0].id == constant:
            return ast.literal_eval(node.value)
    raise AssertionError(f"{name} has no {constant}")


def documentation(name):
    return yaml.safe_load(text_of(name, "DOCUMENTATION"))


def fragments(name):
    """What the documentation takes from elsewhere, each as a dict."""
    for fragment in documentation(name)["extends_documentation_fragment"]:
        namespace, collection, file, *part = fragment.split(".")
        assert not part or not (ROOT / "plugins" / "doc_fragments" / f"{part[0]}.py").exists(), "ansible-core would take that file"
        path = f"ansible_collections.{namespace}.{collection}.plugins.doc_fragments.{file}"
        module = pytest.importorskip(path, exc_type=ImportError)
        text = getattr(module.ModuleDocFragment(), (part or ["DOCUMENTATION"])[0].upper())
        yield yaml.safe_load(text)


def groups():
    found = {}
    for group, members in RUNTIME["action_groups"].items():
        for member in members:
            if isinstance(member, str):
                found.setdefault(member, set()).add(group)
    return found


class Built(Exception):
    """Raised instead of building the module, with what it would be built from."""


def built_from(name, monkeypatch):
    def stop(self, *args, **kwargs):
        raise Built(args, kwargs)

    module = pytest.importorskip(f"ansible_collections.zilliz.cloud.plugins.modules.{name}", exc_type=ImportError)
    monkeypatch.setattr(AnsibleModule, "__init__", stop)
    with pytest.raises(Built) as caught:
        module.main()
    args, kwargs = caught.value.args
    return {**(dict(argument_spec=args[0]) if args else {}), **kwargs}


@every_module
def test_it_is_in_the_groups_that_it_belongs_to(name):
    source, wanted = SOURCES[name], set()
    if re.search(r"\bZillizModule\b|\bzilliz_argument_spec\b", source):
        wanted.add("zilliz")
    if re.search(r"\bAnsibleAWSModule\b", source):
        wanted.add("aws")
    if re.search(r"\bgcp_argument_spec\b|\b_gcp_write\b", source):
        wanted.add("gcp")
    assert name.startswith(("gcp_", "cloud_dns_")) == ("gcp" in wanted)
    assert groups().get(name, set()) == wanted


@every_module
def test_it_documents_its_groups(name):
    own = "zilliz.cloud.attributes.group_"
    documented = {
        group
        for fragment in documentation(name)["extends_documentation_fragment"]
        if fragment.startswith(own)
        for group in fragment[len(own) :].split("_")
    }
    assert documented == groups().get(name, set())
    assert "zilliz.cloud.attributes" in documentation(name)["extends_documentation_fragment"]
    takes_key = "zilliz.cloud.zilliz" in documentation(name)["extends_documentation_fragment"]
    assert takes_key == ("zilliz" in documented)


@pytest.mark.parametrize("group", RUNTIME["action_groups"])
def test_a_group_names_modules_that_are_there_and_in_order(group):
    members = [member for member in RUNTIME["action_groups"][group] if isinstance(member, str)]
    assert members == sorted(set(members))
    assert set(members) <= set(SOURCES)
    extended = [member["metadata"] for member in RUNTIME["action_groups"][group] if isinstance(member, dict)]
    assert extended == ([{"extend_group": EXTENDS[group]}] if group in EXTENDS else [])


@every_module
def test_every_option_is_documented_and_every_documented_one_is_there(name, monkeypatch):
    spec = built_from(name, monkeypatch)["argument_spec"]
    documented = dict(documentation(name).get("options") or {})
    for fragment in fragments(name):
        documented.update(fragment.get("options") or {})
    assert set(documented) == set(spec)
    for option in documentation(name).get("options") or {}:
        told, real = documented[option], spec[option]
        assert told.get("type") == (real.get("type") or "str"), option
        assert bool(told.get("required")) == bool(real.get("required")), option
        assert told.get("default") == real.get("default"), option
        assert told.get("choices") == real.get("choices"), option


@every_module
def test_it_declares_what_it_promises(name, monkeypatch):
    attributes = documentation(name)["attributes"]
    assert {"check_mode", "diff_mode", "idempotent"} <= set(attributes)
    assert all(attribute["support"] in ("full", "partial", "none", "N/A") for attribute in attributes.values())
    if name.endswith(("_info", "_plan")):
        assert attributes["check_mode"]["support"] == "full"
    promised = attributes["check_mode"]["support"] in ("full", "partial")
    assert bool(built_from(name, monkeypatch).get("supports_check_mode")) == promised


@every_module
def test_its_documentation_is_whole(name):
    told = documentation(name)
    assert told["module"] == name
    assert str(told["version_added"]) == "1.0.0"
    assert told["author"] == ["zilliz.cloud contributors (@zilliz-cloud)"]
    assert told["short_description"] and not told["short_description"].endswith(".")
    assert yaml.safe_load(text_of(name, "RETURN"))
    tasks = yaml.safe_load(text_of(name, "EXAMPLES"))
    assert tasks and all(task.get("name") for task in tasks)
    assert f"zilliz.cloud.{name}:" in text_of(name, "EXAMPLES")


@every_module
def test_a_test_names_it(name):
    tests = [path for part in ("unit", "e2e") for path in (ROOT / "tests" / part).rglob("test_*.py")]
    assert any(re.search(rf"\b{name}\b", path.read_text()) for path in tests if path.name != "test_contract.py")


@pytest.mark.parametrize("path", sorted((ROOT / "plugins").glob("mod*/*.py")), ids=lambda path: path.name)
def test_it_can_be_read_by_python_3_9(path):
    source = path.read_text()
    ast.parse(source, feature_version=(3, 9))
    assert "\nfrom __future__ import annotations\n" in source
    assert "# SPDX-License-Identifier: GPL-3.0-or-later\n" in source


@pytest.mark.parametrize("path", sorted((ROOT / "plugins").rglob("*.py")), ids=lambda path: path.name)
def test_layers_stay_apart(path):
    source = path.read_text()
    if path.parent.name == "modules" and path.name != "private_link_probe.py":
        assert not re.search(r"^\s*(import|from) (requests|urllib|http|google)\b", source, re.MULTILINE)
    pure = path.name == "_names.py" or path.name.startswith("_plan")
    if (pure or path.name in ("_client.py", "_http.py", "_wait.py")) and path.parent.name == "module_utils":
        assert not re.search(r"^\s*(import|from) ansible(\.|\s)", source, re.MULTILINE)
    if pure:
        assert not re.search(r"^\s*(import|from) (requests|boto\w*|google|time|os|socket|datetime|random)\b", source, re.MULTILINE)
