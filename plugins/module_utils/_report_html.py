# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report of a private link as one page that needs nothing from elsewhere. Pure: no I/O, no Ansible."""

from __future__ import annotations

from ansible_collections.zilliz.cloud.plugins.module_utils._checks import BROKEN, CHECKS, DEGRADED, MISSING, OK, STATIONS, UNKNOWN
from ansible_collections.zilliz.cloud.plugins.module_utils._report import STATION_NAMES, STATES, failed, groups, label, plain, shortened
from ansible_collections.zilliz.cloud.plugins.module_utils._report_markup import Markup, h
from ansible_collections.zilliz.cloud.plugins.module_utils._report_picture import WORDS, picture, symbols
from ansible_collections.zilliz.cloud.plugins.module_utils._report_style import STYLE

# The state of a whole link in the terms of a row, and as the page's heading.
HEADINGS = {
    "healthy": (OK, "The private link is healthy"),
    "degraded": (DEGRADED, "The private link is degraded"),
    "broken": (BROKEN, "The private link is broken"),
    "ready": (OK, "Ready for the set-up"),
}
CLOUDS = {"aws": "Amazon Web Services", "gcp": "Google Cloud"}
STAGES = {"resolve": "Resolve", "tcp": "Connect", "tls": "TLS", "http": "HTTP", "call": "Call with a key"}
SNIPPETS = {"pymilvus": "Python (pymilvus)", "rest": "RESTful API (curl)"}

# So many subjects, paths or clusters stand open; more are folded.
OPEN = 5


def page(report, result, preflight=False):
    state, heading = HEADINGS[report["state"]]
    body = h(
        "main",
        h(
            "header",
            h("p", " \u00b7 ".join(["Private link check", *filter(None, [CLOUDS.get(report["cloud"])])]), class_="eyebrow"),
            h("h1", icon(state), h("span", heading), class_=f"s-{state}"),
            h("p", report["summary"].partition(": ")[2][:1].upper() + report["summary"].partition(": ")[2][1:], class_="summary"),
            facts(report, result),
        ),
        h("figure", picture(report, result), caption(), class_="plan"),
        findings(report["rows"], preflight),
        checks(report["rows"]),
        times(report["probes"]),
        snippets(report["links"]),
        footer(report),
    )
    head = h(
        "head",
        h("meta", charset="utf-8"),
        h("meta", name="viewport", content="width=device-width, initial-scale=1"),
        h("meta", name="referrer", content="no-referrer"),
        h("meta", http_equiv="Content-Security-Policy", content="default-src 'none'; style-src 'unsafe-inline'"),
        h("title", f"{heading}: {report['link']}" if report["link"] else heading),
        h("style", Markup(STYLE)),
    )
    return f"<!DOCTYPE html>\n{h('html', head, h('body', symbols(), body), lang='en')}\n"


def icon(state):
    return h("svg", h("use", href=f"#i-{state}"), class_=f"icon s-{state}", aria_hidden="true", style="color: var(--c)")


def state_word(state, word=None):
    return h("span", icon(state), word or WORDS[state], class_=f"state s-{state}")


def section(title, *inside, say=""):
    return h("section", h("h2", title), h("p", say, class_="say soft") if say else "", inside) if any(inside) else Markup("")


def facts(report, result):
    endpoint, names = result.get("endpoint") or {}, ("Zilliz Cloud project", "Region", "Network")
    link = report["link"].split("/", 2)
    told = list(zip(names, link)) if len(link) == 3 else [("Link", report["link"])]
    told += [
        ("Endpoint", endpoint.get("endpoint_id")),
        ("Service", result.get("service_name")),
        ("Proven from", shortened(report["proven_from"], 6) if report["proven_from"] else "nowhere inside"),
        ("Checked", report["time"].replace("T", " ").replace("Z", " UTC")),
    ]
    return h("dl", [h("div", h("dt", name), h("dd", plain(text))) for name, text in told if text], class_="facts")


def caption():
    """What the lines of the picture mean."""
    words = {OK: "proven by a connection", UNKNOWN: "not proven", BROKEN: "a path ends here"}
    lines = [
        h("span", h("svg", h("g", h("path", d="M1 8H33", class_="wire"), class_=f"line s-{state}"), viewBox="0 0 34 16", aria_hidden="true"),
          text, class_="key")
        for state, text in words.items()
    ]
    return h("figcaption", lines)


def findings(rows, preflight):
    """What fails, in the order of the way: the first is often the reason of the others. What a path met follows on why."""
    rows = sorted(rows, key=lambda one: (STATIONS.index(one["station"]), one["check"] == "path"))
    kinds = [
        ("What to mend", [one for one in rows if failed(one) and not (preflight and one["state"] == MISSING)], ""),
        ("What the set-up makes", [one for one in rows if preflight and one["state"] == MISSING], ""),
        ("What could not be read", [one for one in rows if one["state"] == UNKNOWN], ""),
    ]
    return [
        section(title, h("ol", [finding(group) for group in groups(chosen)], class_="findings")) if chosen else ""
        for title, chosen, unused in kinds
    ]


def finding(group):
    first, subjects = group[0], [label(one) for one in group if label(one)]
    told = [("Cause", first["cause"], ""), ("Seen", first["evidence"], "seen"), ("Do this", first["mend"], "mend")]
    others = subjects[1:]
    return h(
        "li",
        h("header", state_word(first["state"]), h("h3", first["title"]), h("span", subjects[0] if subjects else "", class_="whom")),
        h("dl", [[h("dt", name), h("dd", text, class_=kind or None)] for name, text, kind in told if text]),
        folded(f"The same for {len(others)} more", [item(one, first) for one in group[1:]]) if others else "",
        class_=f"finding s-{first['state']}",
    )


def item(one, first):
    differs = one["evidence"] if one["evidence"] != first["evidence"] else ""
    return h("li", label(one), h("div", differs, class_="seen soft") if differs else "")


def folded(title, items):
    return h("details", h("summary", title), h("ul", items), open="" if len(items) <= OPEN else None)


def each(group, first):
    return h("details", h("summary", "Show each"), h("ul", [item(one, first or one) for one in group]))


def checks(rows):
    """All that was looked at, one station of the way after the other."""
    bodies = []
    for station in STATIONS:
        inside = groups([one for one in rows if CHECKS[one["check"]][1] == station])
        if inside:
            title = h("tr", h("th", STATION_NAMES[station], scope="rowgroup", colspan="3"))
            bodies.append(h("tbody", title, [line(group) for group in inside]))
    titles = h("thead", h("tr", [h("th", title, scope="col") for title in ("State", "Check", "What was seen")]))
    return section("All checks", h("div", h("table", titles, bodies, class_="checks"), class_="scroll")) if bodies else ""


def line(group):
    first, subjects = group[0], [label(one) for one in group if label(one)]
    whom = subjects[0] if len(subjects) == 1 else f"{len(subjects)} of them" if subjects else ""
    seen = [first["cause"], h("span", first["evidence"], class_="seen") if first["evidence"] else ""]
    if first["mend"]:
        seen.append(h("span", h("b", "Do this: "), first["mend"], class_="mend"))
    if len(subjects) > 1 and first["state"] == OK:
        same = {one["evidence"] for one in group} == {first["evidence"]}
        seen = [h("span", first["evidence"], class_="seen") if same else "", each(group, {} if same else {"evidence": None})]
    elif len(subjects) > 1:
        seen.append(each(group, first))
    return h(
        "tr",
        h("td", state_word(first["state"]), class_="state-cell"),
        h("td", first["title"], h("span", whom, class_="whom") if whom else "", class_="what"),
        h("td", seen),
    )


def times(probes):
    """How far each path came, and how long each stage took."""
    lines, used = [], [name for name in STAGES if any(
        stage.get("stage") == name for vantage in probes for probe in vantage["probes"] for stage in probe.get("stages") or [])]
    for vantage in probes:
        for probe in vantage["probes"]:
            took = {stage.get("stage"): stage for stage in probe.get("stages") or []}
            name = plain(probe.get("cluster_name")) or plain(probe.get("cluster_id"))
            where = f"{plain(probe.get('host'))}:{plain(probe.get('port'))}"
            cells = [h("td", stage_time(took.get(one)), data_label=STAGES[one]) for one in used]
            whom = h("td", name or where, h("span", where, class_="whom mono") if name else "", class_="whom-cell")
            lines.append((probe.get("state") == OK, h("tr", h("td", plain(vantage["vantage"])), whom, cells)))
    if not used:
        return ""
    titles = h("thead", h("tr", [h("th", title, scope="col") for title in ["From", "Cluster", *(STAGES[one] for one in used)]]))
    # Those that fail come first, and a very long list would hide them.
    rows = [row for unused, row in sorted(lines, key=lambda one: one[0])]
    shown = h("div", h("table", titles, h("tbody", rows), class_="times"), class_="scroll")
    if len(rows) > 2 * OPEN:
        shown = h("details", h("summary", f"{len(rows)} paths, those that fail first"), shown)
    return section("How far each path came", shown)


def stage_time(stage):
    if not stage:
        return h("span", "not reached", class_="soft")
    seconds = stage.get("seconds")
    known = isinstance(seconds, (int, float))
    took = "" if not known else f"{seconds:.1f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"
    return state_word(OK, took or "ok") if stage.get("ok") else state_word(BROKEN, f"fails, {took}" if took else "fails")


def snippets(links):
    """The hand-over: how a client connects, for each cluster."""
    ready = [link for link in links if isinstance(link, dict) and isinstance(link.get("snippets"), dict) and link["snippets"]]
    told = []
    for link in ready:
        texts = [[h("h4", SNIPPETS.get(name, name)), h("pre", h("code", text))] for name, text in link["snippets"].items()]
        title = plain(link.get("cluster_name")) or plain(link.get("cluster_id"))
        head = [h("h3", title), h("p", link.get("url"), class_="mono soft")]
        many = h("details", h("summary", "Show how to connect"), texts)
        told.append(h("div", head, texts if len(ready) <= 2 else many, class_="cluster"))
    if not told:
        return ""
    told = h("div", told, class_="snippets")
    if len(ready) > 2 * OPEN:
        told = h("details", h("summary", f"Show each of the {len(ready)} clusters"), told)
    say = "From inside the network only. ZILLIZ_TOKEN holds an API key, or user:password of the cluster; it is not in this page."
    return section("Connect", told, say=say)


def footer(report):
    counted = ", ".join(f"{report['counts'][state]} {WORDS[state]}" for state in reversed(STATES) if report["counts"][state])
    return h("footer", h("p", f"{len(report['rows'])} checks: {counted}. Made by zilliz.cloud.private_link_report, which changes nothing."),
             h("p", "This page needs nothing from elsewhere, runs no script and holds no key."))
