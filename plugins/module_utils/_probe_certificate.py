# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a certificate says, read from its DER form: the standard library tells it only of certificates that it trusts."""

from __future__ import annotations

import ipaddress

_COMMON_NAME, _ORGANIZATION, _ALT_NAMES = b"\x55\x04\x03", b"\x55\x04\x0a", b"\x55\x1d\x11"
_MOST_NAMES = 4


def describe(der):
    """In words: for whom, by whom, from when until when."""
    try:
        names, issuer, begins, ends = read(der)
    except (IndexError, ValueError):
        return "a certificate that cannot be read"
    shown = ", ".join(names[:_MOST_NAMES]) + (" and others" if len(names) > _MOST_NAMES else "")
    return f"certificate for {shown or 'no name'}, issued by {issuer or 'no name'}, valid from {begins} until {ends}"


def read(der):
    """(names, issuer, valid from, valid until); IndexError or ValueError when it is no certificate."""
    signed = _parts(der, _element(der, 0))[0]
    fields = _parts(der, signed)
    # The version is left out in the oldest certificates.
    issuer, validity, subject = fields[3:6] if fields[0][0] == 0xA0 else fields[2:5]
    begins, ends = (_time(der, part) for part in _parts(der, validity))
    names = [name for part in fields if part[0] == 0xA3 for name in _alternative_names(der, part)]
    by, about = _attributes(der, issuer), _attributes(der, subject)
    own = [about[_COMMON_NAME]] if _COMMON_NAME in about else []
    return names or own, by.get(_COMMON_NAME) or by.get(_ORGANIZATION, ""), begins, ends


def _element(data, at):
    """(tag, start, stop) of what stands at a place."""
    tag, length, start = data[at], data[at + 1], at + 2
    if length >= 0x80:
        size = length & 0x7F
        if not 0 < size <= 4:
            raise ValueError
        length, start = int.from_bytes(data[start : start + size], "big"), start + size
    if start + length > len(data):
        raise IndexError
    return tag, start, start + length


def _parts(data, element):
    unused, at, stop = element
    found = []
    while at < stop:
        found.append(_element(data, at))
        at = found[-1][2]
    if not found:
        raise ValueError
    return found


def _bytes(data, element):
    return data[element[1] : element[2]]


def _attributes(data, name):
    """The attributes of a distinguished name, by object id."""
    found = {}
    if name[1] < name[2]:
        for group in _parts(data, name):
            kind, value = _parts(data, _parts(data, group)[0])[:2]
            found[_bytes(data, kind)] = _bytes(data, value).decode("utf-8", "replace")
    return found


def _alternative_names(data, extensions):
    for extension in _parts(data, _parts(data, extensions)[0]):
        kind, *unused, value = _parts(data, extension)
        if _bytes(data, kind) != _ALT_NAMES:
            continue
        for name in _parts(data, _parts(data, value)[0]):
            if name[0] == 0x82:
                yield _bytes(data, name).decode("utf-8", "replace")
            elif name[0] == 0x87:
                yield str(ipaddress.ip_address(_bytes(data, name)))


def _time(data, element):
    text = _bytes(data, element).decode("ascii")
    if element[0] == 0x17:
        text = ("19" if text[:2] >= "50" else "20") + text
    if len(text) < 12 or not text[:12].isdigit():
        raise ValueError
    return f"{text[:4]}-{text[4:6]}-{text[6:8]} {text[8:10]}:{text[10:12]} UTC"
