# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A gate that holds one mutating call before its effect, so that another program gets ahead of the one that made it."""
from __future__ import annotations

import threading

LONGEST = 100  # seconds, real: a program that nobody releases shall not wait for ever


class Gate:
    """close(nth, operation): the nth mutating call from now (of this operation, if given) waits until open(); all others pass."""

    def __init__(self):
        self._changed = threading.Condition()
        self._left, self._operation, self._held = 0, None, None

    def close(self, nth, operation=None):
        with self._changed:
            self._left, self._operation, self._held = nth, operation, None
            self._changed.notify_all()

    def open(self):
        self.close(0)

    @property
    def held(self):
        """The call that waits, or None."""
        with self._changed:
            return self._held

    def enter(self, cloud, operation, mutating):
        """Called for each call, outside of every lock and before its effect."""
        with self._changed:
            if not mutating or not self._left or self._operation not in (None, operation):
                return
            self._left -= 1
            if self._left:
                return
            held = self._held = {"cloud": cloud, "operation": operation}
            self._changed.wait_for(lambda: self._held is not held, LONGEST)
