# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the scenario's networks lie when this machine shall have their addresses: 10.20.0.0/16 becomes 127.20.0.0/16."""
from __future__ import annotations

import ipaddress
import re
import socket

# Several sandboxes run side by side: each has its own second octets. No two of the scenario's networks lie so far apart
# that one sandbox's could be another's.
SHIFTS = (0, 1, 4, 5, 8, 9)
GUARD_PORT = 39217
# As public as an address can look to a program, and nobody's: 6to4 relays were given up by RFC 7526.
PUBLIC = ipaddress.ip_network("192.88.99.0/24")
ADDRESS = re.compile(r"(?<![\d.])10\.(\d+)\.(\d+)\.(\d+)(/\d+)?(?![\d.])")


def placed(world, data):
    """The same data with its addresses where this world has its networks."""
    plane = getattr(world, "dataplane", None)
    return data if plane is None or plane.shift is None else moved(data, plane.shift)


def moved(data, shift):
    if isinstance(data, dict):
        return {key: moved(value, shift) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return type(data)(moved(one, shift) for one in data)
    if not isinstance(data, str):
        return data
    # Of IPv6 this machine has one address only, so nothing can listen on theirs: they become such as nobody has on the internet.
    return ADDRESS.sub(lambda match: _moved(match, shift), data).replace("2600:1f14:", "fd7f:1f14:")


def _moved(match, shift):
    length = match[4] or ""
    if length and int(length[1:]) <= 8:
        return f"127.0.0.0{length}" if length == "/8" else match[0]
    if length and int(length[1:]) < 16:
        # Wider than one network: a shift would cut some of them off.
        return f"127.{match[1]}.{match[2]}.{match[3]}{length}"
    return f"127.{int(match[1]) + shift}.{match[2]}.{match[3]}{length}"


def outside_address(shift):
    """Where the public endpoints are, for a client outside that shall reach them."""
    return f"127.{99 + shift}.0.1"


def take():
    """(shift, guard): the first that no other sandbox of this machine has; the guard is open as long as it is ours."""
    for shift in SHIFTS:
        guard = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            guard.bind((outside_address(shift), GUARD_PORT))
            return shift, guard
        except OSError:
            guard.close()
    return None, None
