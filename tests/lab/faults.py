# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that can be wrong with a path, each with the one verdict that names it. After each the path is well again."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Callable

from .lab import Wrong

WELL = "healthy"


@dataclass
class Fault:
    """expected: the verdicts on the first link and on the second. make, mend: what is done to the sandbox; options: the probe's."""

    title: str
    expected: tuple[str, str]
    wrong: Wrong = Wrong()
    make: Callable[[], object] = lambda: None
    mend: Callable[[], object] = lambda: None
    options: dict = field(default_factory=dict)


def at_the_front() -> list[Fault]:
    return [
        Fault("certificate of another host", ("wrong_certificate", WELL), Wrong(door="of_other")),
        Fault("a proxy in between, its authority unknown", ("untrusted_certificate", WELL), Wrong(door="of_proxy")),
        Fault("expired certificate", ("expired_certificate", WELL), Wrong(door="expired")),
        Fault("cluster down (503)", ("cluster_down", WELL), Wrong(door="down")),
        Fault("cluster dead (connections end at once)", ("closed", WELL), Wrong(door="dead")),
        Fault("front silent", ("no_answer", WELL), Wrong(door="silent")),
        Fault("no TLS there", ("not_tls", WELL), Wrong(door="plain")),
        Fault("bad key", ("key_refused", "key_refused"), options={"token": "not-a-key-of-this-cluster-at-all"}),
    ]


def in_the_network(client: str, address: str, resolver: str) -> list[Fault]:
    """address: one of the endpoint's; the others stay well."""
    return [
        Fault("resolver silent", ("resolver_silent", "resolver_silent"), Wrong(resolver=False)),
        Fault("the resolver that was given is silent", ("resolver_silent", "resolver_silent"), Wrong(resolver=False), options={"resolver": resolver}),
        Fault("answers dropped on their way back (network ACL)", ("hangs", "hangs"), Wrong(cut_back=(f"ip daddr {client} tcp dport 1024-65535 drop",))),
        Fault("only small packets get through", ("no_answer", "no_answer"), Wrong(cut=(f"ip saddr {client} ip length > 200 drop",))),
        Fault("one of the endpoint's addresses down", ("partly", "partly"), Wrong(cut=(f"ip daddr {address} tcp dport 1-65535 drop",))),
    ]


def go_through(story, faults: list[Fault]) -> None:
    for fault in faults:
        fault.make()
        story.lab.now(fault.wrong)
        story.probed(fault.title, list(fault.expected), **fault.options)
        fault.mend()
        story.lab.now(Wrong())
        story.probed(f"{fault.title}: mended", [WELL, WELL])
