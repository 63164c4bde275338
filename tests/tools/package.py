# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""package.py [--core 2.19] [PYTEST ARGUMENT...]: the tarball, in the environment of somebody who has nothing else; as Galaxy imports it; under molecule."""
from __future__ import annotations

import argparse
import os
import sys

import environment

PACKAGE = environment.TOOLS / "requirements-package.txt"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--core", choices=environment.CORES, help="the newest one that this machine can run if not given")
    options, arguments = parser.parse_known_args()
    try:
        prepared = environment.prepare(options.core)
        tools = environment.prepare_tools("package-tools", PACKAGE)
        folder = prepared.folder / "package"
        with environment.locked(folder):
            # What the README tells people to install, and nothing of the tests.
            user = environment.virtual_environment(folder / "venv", prepared.python, f"ansible-core=={prepared.core}.*", environment.RUNTIME)
    except environment.Unusable as problem:
        sys.exit(str(problem))
    variables = {**prepared.variables(), "PACKAGE_USER": str(user), "PACKAGE_TOOLS": str(tools)}
    os.chdir(environment.ROOT)
    os.execvpe("python", ["python", "-m", "pytest", "-o", f"cache_dir={folder / 'pytest'}", "tests/packaging", *arguments], variables)


if __name__ == "__main__":
    main()
