# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""coverage_report.py [PYTEST ARGUMENT...]: pytest in this interpreter, then which lines of the plugins it has not executed; fails where there are any."""
from __future__ import annotations

import subprocess
import sys


def main() -> int:
    coverage = [sys.executable, "-m", "coverage"]
    tested = subprocess.call([*coverage, "run", "-m", "pytest", *sys.argv[1:]])
    # Its settings are in pyproject.toml. Also after tests that failed, so that the log tells all there is to mend.
    reported = subprocess.call([*coverage, "report"])
    return tested or reported


if __name__ == "__main__":
    sys.exit(main())
