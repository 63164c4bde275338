# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""surveys.py --write: the questions of AWX's surveys, made of the roles' argument_specs, into the role awx_content."""
from __future__ import annotations

import re
import sys
from pathlib import Path

import yaml

ROLES = Path(__file__).resolve().parents[2] / "roles"
WRITTEN = ROLES / "awx_content" / "vars" / "main" / "surveys.yml"
ASKED = ("aws_private_link", "gcp_private_link", "private_link_check", "private_only", "private_link_fleet")
HEAD = """---
# Written by tests/tools/surveys.py out of the roles' argument_specs; change it there.
"""

# A job has no files and no AWS profiles of its own, a template is for one state, and what it publishes is not the user's matter.
LEFT_OUT = ("state", "profile", "service_account_file", "publish", "cloud")
# An option of type raw without a default does not say what it is.
NUMBERS = ("firewall_priority",)
WORDS = {"id": "ID", "ids": "IDs", "vpc": "VPC", "vpcs": "VPCs", "dns": "DNS", "ip": "IP", "ttl": "TTL", "cidrs": "CIDRs", "gcp": "Google Cloud",
         "ca": "CA", "iap": "IAP", "ssh": "SSH", "org": "organization"}
LONGEST = {"text": 1024, "textarea": 4096, "password": 1024}


def survey(name, *roles):
    """One survey over the options of one or more roles."""
    questions = [question(role, option, spec) for role in roles for option, spec in options(role).items() if short(role, option) not in LEFT_OUT]
    check(questions)
    return {"name": name, "description": "", "spec": questions}


def options(role):
    text = (ROLES / role / "meta" / "argument_specs.yml").read_text(encoding="utf-8")
    return yaml.safe_load(text)["argument_specs"]["main"]["options"]


def short(role, option):
    return option.removeprefix(f"{role}_")


def question(role, option, spec):
    kind, default, choices = form(short(role, option), spec)
    made = {
        "question_name": label(short(role, option)),
        "question_description": plain(" ".join(spec["description"])),
        "variable": option,
        "type": kind,
        "required": bool(spec.get("required")),
        "default": default,
        "choices": choices,
        "min": 0 if kind == "integer" else None,
        "max": LONGEST.get(kind),
    }
    # As AWX gives them back: a question without choices has none, and a password no default.
    return {name: value for name, value in made.items() if value is not None}


def form(name, spec):
    """(type, default, choices) of a question. AWX answers with strings and numbers only, which is what the roles take."""
    default = spec.get("default")
    if spec.get("no_log"):
        return "password", None, None
    if spec.get("choices"):
        return "multiplechoice", default or "", [choice for choice in spec["choices"] if choice]
    if isinstance(default, bool):
        return "multiplechoice", str(default).lower(), ["true", "false"]
    if isinstance(default, int):
        return "integer", default, None
    if name in NUMBERS:
        return "integer", "", None
    if spec["type"] == "list" or isinstance(default, (list, dict)):
        return "textarea", "", None
    return "text", default or "", None


def label(name):
    words = [WORDS.get(word, word) for word in name.split("_")]
    return words[0][0].upper() + words[0][1:] + "".join(f" {word}" for word in words[1:])


def plain(text):
    """A description without Ansible's markup."""
    text = re.sub(r"P\(([^)#]+)#\w+\)", r"\1", text)
    text = re.sub(r"R\(([^,)]+),[^)]*\)", r"\1", text)
    return re.sub(r"\b[VOCEIB]\(((?:[^()]|\([^)]*\))*)\)", r"\1", text)


def check(questions):
    """What AWX would take without a word, and should not."""
    seen = set()
    for one in questions:
        variable, default, choices = one["variable"], one.get("default", ""), one.get("choices")
        assert re.fullmatch(r"[a-z_][a-z0-9_]*", variable) and variable not in seen, variable
        assert not variable.startswith(("awx_", "tower_", "ansible_")), f"{variable} is a name of AWX or Ansible"
        assert one["type"] not in ("multiplechoice", "multiselect") or (choices and len(set(choices)) == len(choices)), variable
        assert default == "" or not choices or default in choices, f"{variable}: {default} is no choice"
        # A default satisfies `required` neither at a launch nor in a schedule.
        assert not (one["required"] and default != ""), f"{variable} is required and has a default"
        assert one["type"] != "password" or "default" not in one, f"{variable}: a default of a password changes at every run"
        assert one["type"] != "multiselect", f"{variable}: the default of a multiselect never arrives"
        seen.add(variable)


class Indented(yaml.SafeDumper):
    """As the linters want it."""

    def increase_indent(self, flow=False, indentless=False):
        return super().increase_indent(flow, False)


def written():
    """The file of the role awx_content: every question by its role."""
    questions = {role: survey(role, role)["spec"] for role in ASKED}
    return HEAD + yaml.dump({"__awx_content_questions": questions}, Dumper=Indented, sort_keys=False, width=120, allow_unicode=True)


if __name__ == "__main__":
    if sys.argv[1:] != ["--write"]:
        sys.exit(__doc__)
    WRITTEN.write_text(written(), encoding="utf-8")
