# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes a report as a whole, so that who reads it never sees half of it."""

from __future__ import annotations

import os
import tempfile


def write(module, path, text):
    """Replaces the file as a whole when it differs; whether it did, or would."""
    content, folder, made = text.encode("utf-8", "replace"), os.path.dirname(os.path.abspath(path)), None
    try:
        if os.path.exists(path):
            with open(path, "rb") as file:
                if file.read() == content:
                    return False
        if not module.check_mode:
            os.makedirs(folder, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=folder, prefix=".private-link-report-", delete=False) as file:
                made = file.name
                file.write(content)
            os.chmod(made, 0o644)
            os.replace(made, path)
    except OSError as error:
        if made and os.path.exists(made):
            os.unlink(made)
        module.fail_json(msg=f"The report cannot be written to {path}: {error.strerror}. Name a file in a folder that you may write to.")
    return True
