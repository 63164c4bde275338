# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways in which a request ends early."""
from __future__ import annotations


class Refused(Exception):
    """An answer that is no success: status and body."""

    def __init__(self, status, body):
        super().__init__(f"{status} {body}")
        self.status = status
        self.body = body


class Invalid(Exception):
    """One value that does not do; its field is known to whoever reads the body."""

    def __init__(self, problems):
        super().__init__(str(problems))
        self.problems = [problems] if isinstance(problems, str) else problems


def invalid(**fields):
    return Refused(400, {name: [problem] if isinstance(problem, str) else problem for name, problem in fields.items()})


def forbidden(detail="You do not have permission to perform this action."):
    return Refused(403, {"detail": detail})


def missing(model):
    return Refused(404, {"detail": f"No {model} matches the given query."})
