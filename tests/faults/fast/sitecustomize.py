# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Time that runs FASTER times as fast for a Python that has this folder on its path.

Sleeps, time-outs and the clock that measures them keep their proportions, so the playbooks run with every limit and delay as users have
them, and a time-out of a minute takes seconds. The date stays: signatures and tokens need the real one.
"""
from __future__ import annotations

import os
import signal
import socket
import time

FASTER = int(os.environ.get("FASTER", "1"))
# What is shorter is no waiting but a program's own breathing.
SHORTEST = 0.4

_sleep, _monotonic = time.sleep, time.monotonic
_settimeout, _gettimeout = socket.socket.settimeout, socket.socket.gettimeout


def sleep(seconds):
    _sleep(seconds / FASTER if seconds >= SHORTEST else seconds)


def alarm(seconds):
    return int(signal.setitimer(signal.ITIMER_REAL, seconds / FASTER)[0] * FASTER)


def settimeout(self, seconds):
    _settimeout(self, seconds / FASTER if seconds else seconds)


def gettimeout(self):
    seconds = _gettimeout(self)
    return seconds * FASTER if seconds else seconds


time.sleep, time.monotonic, signal.alarm = sleep, lambda: _monotonic() * FASTER, alarm
socket.socket.settimeout, socket.socket.gettimeout = settimeout, gettimeout
