# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A program in the warm interpreter behaves as in a cold one."""
from __future__ import annotations

import os
import pathlib
import subprocess
import sys
import time

import pytest

# The import below needs tests/ on the path, so it comes after it (E402).
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from warm import Warm  # noqa: E402

PROGRAM = """
import atexit, os, sys
atexit.register(print, "the end")
print(sys.argv[1:], os.getcwd(), sorted(os.environ), oct(os.umask(0)), sys.executable, __name__, input())
print("to the other side", file=sys.stderr)
sys.exit(7)
"""


@pytest.fixture(scope="module")
def warm():
    with Warm() as warm:
        yield warm


def test_same_arguments_folder_environment_streams_and_status(warm, tmp_path):
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    answers = [
        subprocess.run([interpreter, str(program), "one", "-two"], cwd=tmp_path, env={"PWD": str(tmp_path), "LC_ALL": "C.UTF-8"}, input="read\n", text=True,
                       capture_output=True, check=False)
        for interpreter in (sys.executable, warm.interpreter)
    ]
    cold, warmed = ((answer.returncode, answer.stdout, answer.stderr) for answer in answers)
    assert warmed == cold and cold[0] == 7 and "the end" in cold[1]


def test_a_program_dies_with_its_client(warm, tmp_path):
    program = tmp_path / "program.py"
    program.write_text("import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(60)\n", encoding="utf-8")
    with subprocess.Popen([warm.interpreter, str(program)], stdout=subprocess.PIPE) as client:
        process = int(client.stdout.readline())
        os.kill(process, 0)
        client.kill()
    until = time.monotonic() + 20
    while pathlib.Path(f"/proc/{process}").exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not pathlib.Path(f"/proc/{process}").exists()


def test_options_of_the_interpreter_itself_are_answered_by_a_cold_one(warm):
    assert subprocess.run([warm.interpreter, "-c", "print(5)"], capture_output=True, check=True).stdout == b"5\n"
