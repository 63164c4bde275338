# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""server.py SOCKET: imports what modules import, then forks for each program that client.py brings."""
from __future__ import annotations

import array
import contextlib
import gc
import hashlib
import importlib
import json
import marshal
import os
import pathlib
import runpy
import signal
import socket
import struct
import sys
import threading
import time
import zipimport

# Nothing of Ansible: its modules bring their own in a zip, and that must be what runs.
# Nothing either that reads the environment while it is imported.
PACKAGES = (
    "boto3", "boto3.session", "botocore.client", "botocore.endpoint", "botocore.handlers", "botocore.httpsession", "botocore.parsers",
    "botocore.retries.adaptive", "botocore.retries.standard", "botocore.serialize", "botocore.session", "botocore.signers", "botocore.waiter",
    "google.auth.transport.requests", "google.oauth2.service_account", "requests",
)


def main(path):
    """In the server it never ends; in a fork for a program it answers what to run."""
    for name in PACKAGES:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    _keep_compiled(pathlib.Path(path).with_name("compiled"))
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    server.listen(64)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.freeze()
    print("ready", flush=True)
    while True:
        connection = server.accept()[0]
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            server.close()
            return _begin(connection)
        connection.close()


def _keep_compiled(folder):
    """Code out of a zip is compiled at each import; here once for each text."""
    folder.mkdir()
    compiled = zipimport._compile_source

    def remembered(path, source):
        name = path.partition(".zip")[2].encode() + b"\0" + source
        kept = folder / hashlib.sha256(name).hexdigest()
        with contextlib.suppress(OSError):
            return marshal.loads(kept.read_bytes())
        code = compiled(path, source)
        begun = kept.with_suffix(f".{os.getpid()}")
        begun.write_bytes(marshal.dumps(code))
        begun.replace(kept)
        return code

    zipimport._compile_source = remembered


def _begin(connection):
    head, rights, _flags, _address = connection.recvmsg(4, 4096)
    streams = array.array("i")
    for _level, _kind, data in rights:
        streams.frombytes(data)
    size, text = struct.unpack("I", head)[0], b""
    while len(text) < size:
        text += connection.recv(size - len(text))
    process = os.fork()
    if process:
        _attend(connection, process)
    connection.close()
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    return json.loads(text)


def _attend(connection, process):
    """Hand on how the program ends, and end it when its client is gone."""

    def watch():
        connection.recv(1)
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()
    status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    with contextlib.suppress(OSError):
        connection.sendall(struct.pack("i", status if status >= 0 else 128 - status))
    os._exit(0)


def run(order):
    os.environ.clear()
    os.environ.update(order["environ"])
    time.tzset()
    os.chdir(order["cwd"])
    os.umask(order["umask"])
    sys.argv, sys.executable = order["argv"], order["executable"]
    sys.path[0] = os.path.dirname(sys.argv[0])
    gc.unfreeze()
    runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    run(main(sys.argv[1]))
