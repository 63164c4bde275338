# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands in for the pip bootstrap script that ansible-test would download from a host outside the package registry."""
from __future__ import annotations

import subprocess
import sys

NOT_PIPS_OWN = ("--no-setuptools", "--no-wheel")

subprocess.check_call([sys.executable, "-m", "ensurepip", "--upgrade"], stdout=subprocess.DEVNULL)
arguments = [argument for argument in sys.argv[1:] if argument not in NOT_PIPS_OWN]
sys.exit(subprocess.call([sys.executable, "-m", "pip", "install", *arguments]))
