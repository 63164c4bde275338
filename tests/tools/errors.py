# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""errors.py --write: the page of what the product says when it refuses or leaves something alone, read out of its code.

The sentences are the code's own; what stands below one of them is from errors_more.py.
"""
from __future__ import annotations

import argparse
import ast
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from errors_more import HEAD, MORE, ROLES, SECTIONS

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = ROOT / "plugins"
PAGE = ROOT / "docs" / "docsite" / "rst" / "errors.rst"
SHORTEST = 20
# What is a sentence of its own, and no name or number.
VAGUE = ("end", "late", "name_", "now", "reason", "remedy", "tail", "text", "use", "what", "where", "whose", "why", "wish")
# What a word of the code means on both clouds.
WORDS = {
    "cluster": "CLUSTER", "named": "CLUSTER", "place": "VPC or network NETWORK", "holder": "account or project ACCOUNT",
    "limit_of": "wait_timeout or maintenance_timeout",
    "ZONE_WORDS": "hosted or managed zone", "FURTHER": "zone_vpcs or zone_networks", "NETWORK_WORDS": "VPCs or networks",
    "HERE": "in this account and region", "DNS": "Route 53 or Cloud DNS", "CLOUD_ID": "CLOUD", "here": "VPC or network NETWORK",
}
# Functions of the code that answer with a sentence.
SAYING = ("why_no_service",)
# Functions of the code that give back what they are given.
THROUGH = ("brief", "capital", "listed", "some", "str")
# Where the code keeps sentences of one kind in a table, by the name of the table.
TABLES = {
    "module_utils/_aws_write.py": "REMEDIES",
    "module_utils/_gcp_errors.py": "KINDS",
    "module_utils/_http.py": "_REMEDIES",
}


@dataclass(frozen=True)
class Sentence:
    file: str
    kind: str
    text: str


class Reader:
    """One file of the code: its sentences as templates, with words in capitals for what only a run knows."""

    def __init__(self, path: Path):
        self.file = path.relative_to(PLUGINS).as_posix()
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        self.constants = {
            node.targets[0].id: node.value for node in self.tree.body if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        }

    def sentences(self) -> list[Sentence]:
        found = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and node.args and (kind := kind_of(node)):
                found.append((kind, self.text(node.args[0])))
            if isinstance(node, ast.FunctionDef) and node.name in SAYING:
                found += [("problem", self.text(one.value)) for one in ast.walk(node) if isinstance(one, ast.Return) and one.value]
        return list(dict.fromkeys(Sentence(self.file, kind, text) for kind, text in found if text and len(text) >= SHORTEST))

    def table(self) -> list[tuple[str, str]]:
        rows = self.constants[TABLES[self.file]]
        if isinstance(rows, ast.Dict):
            pairs = [pair for key, value in zip(rows.keys, rows.values) for pair in self.pairs(key, value)]
        else:
            pairs = [(self.part(row.elts[0]), self.part(row.elts[2])) for row in rows.elts]
        return list(dict.fromkeys((str(key), value) for key, value in pairs))

    def pairs(self, key: ast.expr | None, value: ast.expr) -> list[tuple[str, str]]:
        """One row, or those of **dict.fromkeys(keys, sentence)."""
        if key is None and isinstance(value, ast.Call):
            return [(self.part(one), self.part(value.args[1])) for one in value.args[0].elts]
        return [(self.part(key), self.part(value))]

    def text(self, node: ast.expr) -> str | None:
        """The template of a text, or None where it is none."""
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) else str(node.value)
        if isinstance(node, ast.JoinedStr):
            return "".join(part.value if isinstance(part, ast.Constant) else self.blank(part.value) for part in node.values)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            return self.part(node.left) + self.part(node.right)
        if isinstance(node, ast.IfExp):
            return self.choice(node)
        if isinstance(node, ast.BoolOp):
            return next((text for text in map(self.text, node.values) if text), None)
        if isinstance(node, ast.Name) and node.id in self.constants:
            return self.text(self.constants[node.id])
        return None

    def part(self, node: ast.expr) -> str:
        found = self.text(node)
        return "…" if found is None else found

    def choice(self, node: ast.IfExp) -> str:
        both = [self.part(node.body), self.part(node.orelse)]
        return " / ".join(f"[{one}]" if len(one) > SHORTEST else one for one in both if one)

    def blank(self, node: ast.expr) -> str:
        """A word for what only a run knows."""
        known = self.text(node) if isinstance(node, (ast.IfExp, ast.Name)) else None
        if known and "…" not in known:
            return known
        if isinstance(node, ast.Call):
            name = name_of(node.func)
            if name in THROUGH and node.args:
                return self.blank(node.args[0])
            return {"plural": "(s)", "len": "N"}.get(name) or WORDS.get(name) or (name.upper() if is_own(node.func) else "…")
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
            return node.slice.value.upper()
        name = name_of(node)
        return WORDS.get(name) or ("…" if name in VAGUE else name.strip("_").upper() or "…")


def name_of(node: ast.expr) -> str:
    return getattr(node, "attr", None) or getattr(node, "id", "")


def is_own(function: ast.expr) -> bool:
    """A method of the object itself, which gives what its name says."""
    return isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.value.id == "self"


def kind_of(call: ast.Call) -> str | None:
    """What is said by this call: a problem, a note, an error; None for anything else."""
    name = name_of(call.func)
    if name in ("problem", "note"):
        return name
    if name == "append" and ast.unparse(call.func.value).endswith("problems"):
        return "problem"
    if name.endswith("Error") and name != "DnsError":
        return "error"
    return None


def every_sentence() -> list[Sentence]:
    return [one for path in sorted(PLUGINS.rglob("*.py")) for one in Reader(path).sentences()]


def more_of(sentence: str) -> str | None:
    return next((text for beginning, text in MORE.items() if sentence.startswith(beginning)), None)


def page() -> str:
    everything = every_sentence()
    lines = [HEAD.strip("\n"), ""]
    for title, intro, parts in SECTIONS:
        lines += [title, "-" * len(title), "", *([intro.strip(), ""] if intro else [])]
        for part, kinds, patterns in parts:
            found = [one for one in everything if one.kind in kinds and any(re.fullmatch(x, one.file) for x in patterns)]
            rows = [row for name in TABLES if name in patterns and "table" in kinds for row in Reader(PLUGINS / name).table()]
            texts = sorted({one.text for one in found} | {text for name in patterns for text in ROLES.get(name, ())}, key=rank)
            lines += ([part, "~" * len(part), ""] if part else []) + [line for text in texts for line in entry(text)]
            lines += table(rows) if rows else []
            lines.append("")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip() + "\n"


def rank(text: str) -> str:
    return re.sub(r"[^a-z]", "", text.lower())


def entry(text: str) -> list[str]:
    more = more_of(text)
    return [f"- {plain(text)}"] + (["", *(f"  {line}" for line in more.strip().splitlines()), ""] if more else [])


def table(rows: list[tuple[str, str]]) -> list[str]:
    lines = [".. list-table::", "  :header-rows: 1", "  :widths: 25 75", "", "  * - Answer", "    - What helps"]
    return lines + [line for key, value in rows for line in (f"  * - ``{key}``", f"    - {plain(value)}")]


def plain(text: str) -> str:
    """As reStructuredText without any meaning of its own."""
    words = re.sub(r"([\\*`|])", r"\\\1", " ".join(text.split()))
    words = re.sub(r"_(?=\W|$)", r"\\_", re.sub(r"\{(\w+)\}", lambda one: one.group(1).upper(), words))
    # A scheme alone would become a link to nowhere.
    return re.sub(r"(https?://)(?!\w)", r"\\\1", words)


def main() -> int:
    parser = argparse.ArgumentParser(description="The page of errors, written from the code.")
    parser.add_argument("--write", action="store_true", required=True, help="write the page")
    parser.parse_args()
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
