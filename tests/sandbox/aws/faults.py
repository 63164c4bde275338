# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Refusals that have nothing to do with what is asked: faults of the switchboard, and the request rate."""
from __future__ import annotations

import threading
import time

from .accounts import arn
from .errors import AwsError
from .protocol import JSON


def fault_error(kind, call):
    if kind == "throttle":
        if call.service == "ec2":
            return AwsError("RequestLimitExceeded", "Request limit exceeded.", 503)
        return AwsError("Throttling", "Rate exceeded")
    if kind == "denied":
        return denied(call)
    if kind == "503":
        return AwsError("Unavailable" if call.service == "ec2" else "ServiceUnavailable",
                        "The server is temporarily unable to process your request.", 503)
    return AwsError("InternalError" if call.service == "ec2" else "InternalFailure",
                    "An internal error has occurred.", 500)


def denied(call, action=None, named=True):
    """`action` where it is not the call's own; not `named`: some refusals do not tell what is missing."""
    action = action or f"{call.model.signing_name}:{call.operation}"
    why = f"is not authorized to perform: {action} because no identity-based policy allows the {action} action"
    if not named:
        why = "is not authorized to access this resource"
    if call.service == "ec2":
        return AwsError("UnauthorizedOperation", f"You are not authorized to perform this operation. User: {arn(call.account)} {why}", 403)
    return AwsError("AccessDeniedException" if call.service in JSON else "AccessDenied", f"User: {arn(call.account)} {why}", 403)


class Limiter:
    """Route 53 takes five requests a second from an account: a bucket of real time, whatever the virtual clock does."""

    def __init__(self, real=time.monotonic):
        self._real = real
        self._lock = threading.Lock()
        self._buckets = {}

    def clear(self):
        with self._lock:
            self._buckets = {}

    def check(self, call, rate):
        if call.service != "route53" or not rate:
            return
        with self._lock:
            now = self._real()
            level, since = self._buckets.get(call.account, (float(rate), now))
            level = min(float(rate), level + (now - since) * rate)
            self._buckets[call.account] = (level - 1 if level >= 1 else level, now)
        if level < 1:
            raise AwsError("Throttling", "Rate exceeded")
