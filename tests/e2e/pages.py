# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples of the pages for people, as their readers would use them.

A block of YAML or JSON is a file when the paragraph before it names one (``link.yml``:), else a piece of one.
"""
from __future__ import annotations

import functools
import pathlib
import re
import shlex
import textwrap
from dataclasses import dataclass

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
SITE = ROOT / "docs" / "docsite" / "rst"
PAGES = {path.stem: path for path in sorted(SITE.glob("*.rst"))}
PAGES["README"] = ROOT / "README.md"
PAGES.update({f"roles/{path.parent.name}": path for path in sorted((ROOT / "roles").glob("*/README.md"))})

RST = re.compile(r"^\.\. code-block:: (?P<language>\w+)\n\n(?P<text>(?: {4}.*\n|\n)+)", re.M)
MARKDOWN = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.M | re.S)
FILE = re.compile(r"(?<!`)`{1,2}([\w/]+\.(?:yml|json))`{1,2}")

# Commands that no test can run, each with its reason. Their words are looked at all the same.
NOT_RUN = {
    "ansible-builder build": "needs a container engine; test_execution_environment creates what it builds from",
    "ansible-galaxy collection install": "asks Galaxy; the packaging tests install the built collection",
    "curl": "needs a machine in the network; the lab's client does it",
    "export": "the sandbox has its own credentials",
    "gcloud": "is Google's own tool",
    "make": "CI calls these targets; the story of make demo is a test of its own",
    "terraform": "is not a part of this project; the test of the page makes by hand what Terraform makes",
}
# Pieces that stand for nothing by themselves, by the page and their first line, each with its reason.
NOT_EXECUTED = {
    ("README", "module_defaults:"): "test_larger_play and test_gcp_ways give credentials in these words",
    ("README", "collections:"): "asks Galaxy; the packaging tests install the built collection",
    ("automation", "module_defaults:"): "test_larger_play gives credentials in these words",
}


@dataclass(frozen=True)
class Block:
    page: str
    language: str
    text: str
    file: str | None

    def __str__(self):
        return f"{self.page}: {self.first}"

    @property
    def first(self):
        return next(line for line in self.text.splitlines() if line != "---")

    @property
    def commands(self):
        """The words of each command, without remarks."""
        return [words for line in self.text.splitlines() if (words := shlex.split(line, comments=True))]

    @property
    def data(self):
        return yaml.safe_load(self.text)

    @property
    def kind(self):
        """file, variables, play, tasks, or words for people."""
        if self.language not in ("yaml", "json"):
            return self.language
        if self.file:
            return "file"
        if isinstance(self.data, dict):
            return "variables"
        return "play" if "hosts" in self.data[0] else "tasks"


@functools.lru_cache(maxsize=None)
def blocks(page):
    text = PAGES[page].read_text(encoding="utf-8")
    found = []
    for match in (RST if PAGES[page].suffix == ".rst" else MARKDOWN).finditer(text):
        before = text[:match.start()].rstrip()
        paragraph = before[before.rfind("\n\n") + 2:]
        file = FILE.search(paragraph) if paragraph.endswith(":") else None
        found.append(Block(page, match["language"], textwrap.dedent(match["text"]).strip("\n") + "\n", file and file[1]))
    return tuple(found)


def every_block():
    return [block for page in PAGES for block in blocks(page)]


def not_run(words):
    """Why a command is not run, or None."""
    return next((why for beginning, why in NOT_RUN.items() if words[:len(beginning.split())] == beginning.split()), None)
