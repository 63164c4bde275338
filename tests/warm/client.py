# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""client.py SOCKET PROGRAM [ARGUMENT...]: run the program in a fork of the server, as if it ran here."""
from __future__ import annotations

import array
import json
import os
import socket
import struct
import sys


def main():
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(sys.argv[1])
    mask = os.umask(0)
    os.umask(mask)
    order = json.dumps({"argv": sys.argv[2:], "cwd": os.getcwd(), "environ": dict(os.environ), "umask": mask, "executable": sys.executable}).encode()
    connection.sendmsg([struct.pack("I", len(order))], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0, 1, 2]))])
    connection.sendall(order)
    # While this process waits, it stands for the other one: if it is killed, the server kills that.
    status = connection.recv(4)
    return struct.unpack("i", status)[0] if status else 1


if __name__ == "__main__":
    sys.exit(main())
