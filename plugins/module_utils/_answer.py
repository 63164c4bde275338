# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An answer from the network may be anything: read within bounds of time and size, in letters that do no harm. Knows no Ansible."""

from __future__ import annotations

import ipaddress
import json
import re
import threading

LARGEST = 32 * 1024 * 1024  # bytes of one answer, unpacked; a page of 100 clusters has about 60 kB
LONGEST = 600  # characters of a message
# At most a thousandfold comes out of what is packed, so this bounds what one step can unpack.
_CHUNK = 8192

# Line breaks and terminal codes could forge lines of a plan; marks of direction could show a name as another one.
_HARMFUL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class Endless(Exception):
    """The answer did not end within its time or its size; the text says which."""


def within(seconds, work):
    """What work() gives, if it ends in time. A server that sends a byte now and then never lets a socket's own time-out pass."""
    ended = {}

    def run():
        try:
            ended["value"] = work()
        except BaseException as error:  # it is raised again where somebody waits for it
            ended["error"] = error

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if "error" in ended:
        raise ended["error"]
    if "value" not in ended:
        raise Endless(f"did not end its answer in {seconds:g} s")
    return ended["value"]


def content(response):
    """The body of a response that was asked for with stream=True."""
    chunks, size = [], 0
    with response:
        for chunk in response.iter_content(_CHUNK):
            chunks.append(chunk)
            size += len(chunk)
            if size > LARGEST:
                raise Endless(f"sent more than {LARGEST // 1024 // 1024} MB")
    return b"".join(chunks)


def parsed(body):
    """The JSON of a body with all texts printable, or None."""
    try:
        return printable(json.loads(body))
    except (RecursionError, ValueError):
        return None


def printable(value):
    """The same value without characters that only deceive."""
    if isinstance(value, str):
        return _HARMFUL.sub("\ufffd", value)
    if isinstance(value, list):
        return [printable(one) for one in value]
    if isinstance(value, dict):
        return {printable(name): printable(one) for name, one in value.items()}
    return value


def brief(text):
    """A message on one line, as long as somebody reads."""
    text = printable(" ".join(str(text).split()))
    return text if len(text) <= LONGEST else text[:LONGEST] + " ..."


class Fields(dict):
    """A structure that tells what it lacks; `refuse` makes the error of a text."""

    def __init__(self, fields, refuse):
        super().__init__(fields)
        self.refuse = refuse

    def __missing__(self, name):
        raise self.refuse(f"{name} is missing in its answer")


def fields(value, refuse):
    """The same value with every object as Fields."""
    if isinstance(value, dict):
        return Fields({name: fields(one, refuse) for name, one in value.items()}, refuse)
    return [fields(one, refuse) for one in value] if isinstance(value, list) else value


def is_network(text):
    """Whether a text is an address or a network, as those who compare networks take for granted."""
    try:
        return bool(ipaddress.ip_network(text, strict=False))
    except ValueError:
        return False
