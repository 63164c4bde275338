# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs.py [--lint]: the documentation site in build/docs, which fails with a warning; with --lint what antsibull-docs dislikes is told before."""
from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys

import environment

WORK = environment.BUILD / "docs-work"
SITE = environment.BUILD / "docs"
IMAGES = environment.ROOT / "docs" / "docsite" / "rst" / "images"
COLLECTION = "zilliz.cloud"

# Other projects' pages are linked by their names: their indexes would have to be fetched for every build.
CONFIGURATION = '''
import re

from docutils import nodes

intersphinx_mapping = {}
html_show_sourcelink = False
ELSEWHERE = "https://docs.ansible.com/ansible/latest/"


def elsewhere(app, env, node, contnode):
    target = node.get("reftarget", "")
    found = re.fullmatch(r"ansible_collections\\.(?!zilliz\\.cloud)(\\w+)\\.(\\w+)\\.([\\w-]+?)(__.*)?", target)
    page = "collections/{0}/{1}/{2}.html".format(*found.groups()) if found else {
        "ansible_configuration_settings": "reference_appendices/config.html",
        "common_return_values": "reference_appendices/common_return_values.html",
    }.get(target)
    if node.get("reftype") == "envvar" and target.startswith("ANSIBLE_"):
        page = "reference_appendices/config.html#envvar-" + target
    if page:
        return nodes.reference("", "", *contnode.deepcopy().children or [contnode], refuri=ELSEWHERE + page, internal=False)


def setup(app):
    app.connect("missing-reference", elsewhere)
'''


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lint", action="store_true", help="lint before")
    options = parser.parse_args()
    try:
        variables = environment.prepare().variables()
        tools = environment.prepare_docs() / "bin"
    except environment.Unusable as problem:
        print(problem)
        return 1
    variables["PATH"] = f"{tools}{os.pathsep}{variables['PATH']}"
    return (lint(variables) if options.lint else 0) or build(variables)


def lint(variables: dict[str, str]) -> int:
    command = ["antsibull-docs", "lint-collection-docs", "--plugin-docs", "--skip-rstcheck", "--check-extra-docs-refs"]
    command += ["--validate-collection-refs=all", "--disallow-unknown-collection-refs", "."]
    return subprocess.run(command, cwd=environment.ROOT, env=variables, check=False).returncode


def build(variables: dict[str, str]) -> int:
    shutil.rmtree(WORK, ignore_errors=True)
    environment.made(WORK / "rst")
    # Pages that Sphinx reads must be nobody else's to write.
    (WORK / "rst").chmod(0o755)
    commands = [
        ["antsibull-docs", "sphinx-init", "--use-current", "--squash-hierarchy", "--project", COLLECTION, "--title", COLLECTION,
         "--html-short-title", COLLECTION, "--copyright", "zilliz.cloud contributors", "--dest-dir", ".", COLLECTION],
        ["antsibull-docs", "--config-file", "antsibull-docs.cfg", "collection", "--cleanup", "everything", "--fail-on-error", "--use-current",
         "--squash-hierarchy", "--dest-dir", "rst", COLLECTION],
        ["sphinx-build", "-q", "-W", "--keep-going", "-b", "html", "-c", ".", "rst", "html"],
    ]
    for command in commands:
        status = subprocess.run(command, cwd=WORK, env=variables, check=False).returncode
        if status:
            print(f"docs: {command[0]} failed (exit {status}); its folder is {WORK.relative_to(environment.ROOT)}")
            return status
        if command[1] == "sphinx-init":
            with open(WORK / "conf.py", "a", encoding="utf-8") as configuration:
                configuration.write(CONFIGURATION)
        if "collection" in command:
            # antsibull-docs takes nothing but pages along.
            shutil.copytree(IMAGES, WORK / "rst" / "docsite" / "images", dirs_exist_ok=True)
    shutil.rmtree(SITE, ignore_errors=True)
    (WORK / "html").rename(SITE)
    print(f"docs: {SITE.relative_to(environment.ROOT)}/index.html")
    return 0


if __name__ == "__main__":
    sys.exit(main())
