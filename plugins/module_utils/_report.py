# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Joins what the plan and the probes of a private link found into one judgement and one table. Pure: no I/O, no Ansible."""

from __future__ import annotations

import textwrap

from ansible_collections.zilliz.cloud.plugins.module_utils._checks import (
    BROKEN,
    CHECKS,
    DEGRADED,
    MISSING,
    OK,
    SKIPPED,
    STATIONS,
    UNKNOWN,
    in_order,
    overall,
    row,
)

# The worst first.
STATES = (BROKEN, MISSING, DEGRADED, UNKNOWN, SKIPPED, OK)
STATION_NAMES = {
    "client": "Client",
    "dns": "Private DNS",
    "endpoint": "Endpoint",
    "registration": "Registration",
    "cluster": "Cluster",
}

# Where the way of a client ends with each verdict of the probe; any other verdict is about the endpoint.
STOPS = {
    "no_route": "client",
    "no_private_dns": "dns",
    "resolver_silent": "dns",
    "public_address": "dns",
    "wrong_address": "dns",
    "endpoint_name_used": "dns",
    "closed": "registration",
    "no_answer": "cluster",
    "cluster_down": "cluster",
    "key_refused": "cluster",
    "call_failed": "cluster",
    "healthy": "cluster",
}
# The way is whole, only the call with a key is not.
CALLS = ("key_refused", "call_failed")

WIDTH = 100
# So many subjects of the same finding are told one by one on the terminal; the page has them all.
TOLD = 4


def plain(value):
    """Text from elsewhere on one line, without what could move a terminal's cursor or turn the direction of text."""
    text = "" if value is None else str(value)
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def judge(checks, probes, result, preflight=False, problem=""):
    """The rows of both sides in order, the state, one sentence, the counts, and from where the path is proven."""
    rows = [_tidy(one) for one in checks]
    if problem:
        rows.append(row("input", BROKEN, cause=plain(problem), mend="Put right what the sentence names, then check again."))
    foreseen = preflight and any(one["state"] == MISSING for one in rows)
    for vantage in probes:
        rows += [_foreseen(one) if foreseen else one for one in _seen(vantage, result)]
    if not probes and (rows or result):
        rows.append(_unproven(result))
    if all(one["state"] in (UNKNOWN, SKIPPED) for one in rows):
        cause = "Nothing was seen of the link: neither side could be read, and no path was tried."
        mend = "Allow what the other lines name, or name hosts inside to prove the path from, then check again."
        rows.append(row("input", BROKEN, cause=cause, mend=mend))
    rows = in_order([dict(one, station=one.get("station") or CHECKS[one["check"]][1]) for one in rows])
    state = overall(rows, preflight)
    proven = [plain(one["vantage"]) for one in probes if _proven(one)]
    tried = [plain(one["vantage"]) for one in probes if plain(one["vantage"]) not in proven]
    counts = {name: sum(one["state"] == name for one in rows) for name in STATES}
    summary = _summary(state, rows, counts, proven, tried)
    return {"state": state, "summary": summary, "rows": rows, "counts": counts, "proven_from": proven}


def _tidy(one):
    if one.get("check") not in CHECKS or one.get("state") not in STATES:
        raise ValueError(
            f"checks holds a row that is none: check '{plain(one.get('check'))}', state '{plain(one.get('state'))}'. "
            "Give the checks of the plan as they are."
        )
    return row(one["check"], one["state"], *(plain(one.get(key)) for key in ("subject", "cause", "evidence", "mend")))


def _seen(vantage, result):
    """The rows of what was tried from one place."""
    name = plain(vantage["vantage"])
    if vantage["error"]:
        why = plain(vantage["error"])
        # An option that the probe refuses, or a host that Ansible cannot use: only the reason itself tells which.
        cause = f"The path could not be tried from {name}: {why.rstrip('.')}."
        mend = f"Put that right; {name} needs to be reachable for Ansible and to have Python 3.9 or newer."
        return [dict(row("path", DEGRADED, name, cause, mend=mend), vantage=name)]
    if not vantage["probes"] and _ready(result):
        cause = f"{name} told nothing of the links, so the path is not proven from there."
        mend = f"Run zilliz.cloud.private_link_probe on {name} by itself and read what it says."
        return [dict(row("path", DEGRADED, name, cause, mend=mend), vantage=name)]
    return [one for probe in vantage["probes"] for one in _path(name, probe)]


def _path(name, probe):
    """One path from one place, and the call with a key when there was one."""
    verdict, where = plain(probe.get("verdict")), f"{plain(probe.get('host'))}:{plain(probe.get('port'))}"
    subject = plain(probe.get("cluster_id")) or where
    told = [plain(probe.get(key)) for key in ("cause", "evidence", "mend")]
    state = probe.get("state") if probe.get("state") in (OK, DEGRADED) else BROKEN
    more = {"vantage": name, "verdict": verdict, "cluster_name": plain(probe.get("cluster_name")), "station": STOPS.get(verdict, "endpoint")}
    call = next((stage for stage in probe.get("stages") or [] if stage.get("stage") == "call"), None)
    rows = []
    if probe.get("public_addresses"):
        answers = [", ".join(plain(one) for one in probe.get(key) or []) or "nothing" for key in ("public_addresses", "addresses")]
        shown = f"the public name gives {answers[0]}, the private one {answers[1]}"
        rows = [dict(row("public_answer", OK, subject, evidence=shown), **dict(more, station="dns"))]
    if verdict in CALLS:
        fine = row("path", OK, subject, f"The private link works from {name}.")
        return rows + [dict(fine, **more), dict(row("authentication", state, subject, *told), **more)]
    rows.append(dict(row("path", state, subject, *told), **more))
    more["station"] = "cluster"
    if call and call.get("ok"):
        rows.append(dict(row("authentication", OK, subject, "The cluster takes the key.", plain(call.get("evidence"))), **more))
    elif call:
        cause, mend = "A call to list the collections failed.", "Mend the path first, then check again."
        rows.append(dict(row("authentication", DEGRADED, subject, cause, plain(call.get("evidence")), mend), **more))
    return rows


def _foreseen(one):
    """Before the set-up a path need not work yet: what is missing is made by it."""
    if one["check"] != "path" or one["state"] != BROKEN:
        return one
    return dict(one, state=MISSING, mend="Run the set-up, then check again.")


def _unproven(result):
    cause, mend = "No host inside was named to prove the path from.", "Name hosts inside the VPC or network as private_link_check_vantage."
    if not result:
        cause, mend = "Which paths there are is not known, since the link could not be looked at.", ""
    elif not _ready(result):
        cause, mend = "No cluster has a private link yet, so there is no path to prove.", ""
    return row("path", SKIPPED, cause=cause, mend=mend)


def _ready(result):
    return [link for link in result.get("links") or [] if link.get("ready") is not False]


def _proven(vantage):
    states = [probe.get("state") for probe in vantage["probes"]]
    return bool(vantage["vantage"] and states and not vantage["error"] and set(states) <= {OK, DEGRADED})


def _summary(state, rows, counts, proven, tried):
    made = sum(counts[name] for name in (OK, DEGRADED, BROKEN, MISSING))
    told = [
        f"{_counted(rows, BROKEN)} failed" if counts[BROKEN] else "",
        f"{_counted(rows, MISSING, 'is', 'are')} missing" if counts[MISSING] and state != "ready" else "",
        f"{_counted(rows, DEGRADED, 'needs', 'need')} attention" if counts[DEGRADED] else "",
    ]
    told = [text for text in told if text]
    if state == "ready":
        things = sum(one["state"] == MISSING and one["check"] != "path" for one in rows)
        told.append(f"nothing is in the way of the set-up, which has {things} thing{'s' if things > 1 else ''} to make")
    elif not told:
        told.append(f"all {made} checks passed" if made > 1 else "the one check passed")
    if counts[UNKNOWN]:
        told.append(f"{counts[UNKNOWN]} could not be read")
    if proven:
        from_where = f"proven from inside by {shortened(proven, 3)}" + (f", but not by {shortened(tried, 3)}" if tried else "")
    else:
        from_where = "not proven from inside" + (f", although tried from {shortened(tried, 3)}" if tried else "")
    return f"{state}: {', '.join(told)}; {from_where}."


def _counted(rows, state, one="", many=""):
    """How many rows are in a state, of which checks, and the verb that fits."""
    titles = [one["title"] for one in rows if one["state"] == state]
    verb = one if len(titles) == 1 else many
    return f"{len(titles)} of {len(rows)} checks ({shortened(list(dict.fromkeys(titles)), 3)}){verb and ' ' + verb}"


def shortened(names, most):
    """Names in a sentence, no more than fit there."""
    if len(names) > most + 1:
        names = [*names[:most], f"{len(names) - most} more"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def worst(states, otherwise=UNKNOWN):
    return min(states, key=STATES.index, default=otherwise)


def failed(one):
    return one["state"] in (BROKEN, MISSING, DEGRADED)


def label(one):
    """Whom a row is about, in words."""
    name, vantage = one.get("cluster_name"), one.get("vantage")
    subject = f"{name} ({one['subject']})" if name and name != one["subject"] else one["subject"]
    return f"{subject} from {vantage}" if vantage and subject != vantage else subject


def groups(rows):
    """Rows that say the same of several subjects, together: a list of lists in the order of the rows."""
    found = {}
    for one in rows:
        same = one.get("verdict") or (one["cause"].replace(one["subject"], "*") if one["subject"] else one["cause"])
        found.setdefault((one["check"], one["state"], "" if one["state"] == OK else same), []).append(one)
    return list(found.values())


def table(report):
    """The judgement for a terminal, one station of the way after the other."""
    lines = _wrapped(report["summary"])
    for station in STATIONS:
        inside = [one for one in report["rows"] if CHECKS[one["check"]][1] == station]
        lines += [STATION_NAMES[station].upper()] if inside else []
        for group in groups(inside):
            lines += _lines(group)
    return lines


def _lines(group):
    first, subjects = group[0], [label(one) for one in group if label(one)]
    about = shortened(subjects, 1 if first["state"] == OK else TOLD) if subjects else ""
    head = f"{first['state']:<9} {first['title']}{f': {about}' if about else ''}"
    told = [] if first["state"] == OK else [("why", first["cause"]), ("seen", first["evidence"]), ("mend", first["mend"])]
    lines = _wrapped(head, "  ", " " * 12)
    for name, text in told:
        if text:
            lines += _wrapped(text, f"{' ' * 12}{name + ':':<6}", " " * 18)
    return lines


def _wrapped(text, first="", others=""):
    """Names and commands stay whole where they can: they are there to be copied."""
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=others, break_on_hyphens=False)
