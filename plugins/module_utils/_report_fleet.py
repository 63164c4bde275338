# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What became of many links, as one judgement, one table and one page. Pure: no I/O, no Ansible."""

from __future__ import annotations

import textwrap

from ansible_collections.zilliz.cloud.plugins.module_utils._checks import BROKEN, DEGRADED, MISSING, OK
from ansible_collections.zilliz.cloud.plugins.module_utils._report import WIDTH, plain, shortened
from ansible_collections.zilliz.cloud.plugins.module_utils._report_html import CLOUDS, state_word
from ansible_collections.zilliz.cloud.plugins.module_utils._report_markup import Markup, h
from ansible_collections.zilliz.cloud.plugins.module_utils._report_picture import symbols
from ansible_collections.zilliz.cloud.plugins.module_utils._report_style import STYLE

DONE = {"present": "set up", "check": "as they should be", "absent": "taken down"}
# A link's state in the terms of the page's colours.
COLOURS = {"failed": BROKEN, "broken": BROKEN, "degraded": DEGRADED, "planned": MISSING}
LOST = "It was not finished: its own error is further up in the output."
MOST = 3


def judge(hosts, links, action, dry):
    """Every host's link in the order of the hosts, how many are in each state, and one sentence."""
    given = {link["host"]: link for link in links}
    rows = [_row(host, given.get(host), action, dry) for host in hosts]
    failed = [row["host"] for row in rows if row["failed"]]
    counts = {}
    for row in rows:
        counts[row["state"]] = counts.get(row["state"], 0) + 1
    return {"failed_hosts": failed, "counts": counts, "links": rows, "summary": _summary(rows, failed, action, dry)}


def _row(host, link, action, dry):
    if link is None:
        link = {"failed": True, "summary": LOST}
    failed, changes = bool(link.get("failed")), [plain(one) for one in link.get("changes") or []]
    steps = [plain(one) for one in link.get("steps") or []]
    clusters = [one for one in link.get("links") or [] if action == "present"]
    state = plain(link.get("state")) or ("failed" if failed else "planned" if dry and steps else "changed" if changes else "ok")
    return {
        "host": plain(host), "cloud": plain(link.get("cloud")), "link": plain(link.get("link")), "failed": failed, "state": state,
        "summary": plain(link.get("summary")) or _told(changes, steps, clusters, action, dry),
        "changes": changes, "steps": steps, "report": plain(link.get("report")),
        "addresses": [f"{plain(one.get('host'))}:{plain(one.get('port'))}" for one in clusters if one.get("ready")],
    }


def _told(changes, steps, clusters, action, dry):
    done = _counted(steps if dry else changes, "step" if dry else "change")
    done = (f"{done} to do" if dry else done) if (steps if dry else changes) else "nothing to do"
    if action != "present":
        return f"{done[:1].upper()}{done[1:]}."
    ready = [one for one in clusters if one.get("ready")]
    return f"{done[:1].upper()}{done[1:]}; {len(ready)} of {_counted(clusters, 'cluster')} reached privately."


def _counted(things, word):
    return f"{len(things)} {word}{'' if len(things) == 1 else 's'}"


def _summary(rows, failed, action, dry):
    done = [row for row in rows if not row["failed"]]
    if dry and action != "check":
        planned = sum(row["state"] == "planned" for row in rows)
        text = f"{planned} of {_counted(rows, 'link')} would change"
    else:
        text = f"{len(done)} of {_counted(rows, 'link')} {'is' if len(rows) == 1 else 'are'} {DONE[action]}"
    return f"{text}; {len(failed)} failed: {shortened(failed, MOST)}." if failed else f"{text}."


def table(report):
    """The judgement for a terminal: a line for each link, and below it what became of it."""
    lines, width = _wrapped(report["summary"]), max([len(row["host"]) for row in report["links"]] or [0])
    for row in report["links"]:
        lines.append(f"  {row['state']:<9} {row['host']:<{width}}  {row['cloud']:<3}  {row['link']}".rstrip())
        lines += _wrapped(row["summary"], " " * 12)
    return lines


def _wrapped(text, indent=""):
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)


def page(report, action, time, relative):
    """The same as one page; `relative` turns the path of a link's own report into one from here."""
    heading = report["summary"].partition(";")[0].rstrip(".")
    head = h(
        "head",
        h("meta", charset="utf-8"),
        h("meta", name="viewport", content="width=device-width, initial-scale=1"),
        h("meta", name="referrer", content="no-referrer"),
        h("meta", http_equiv="Content-Security-Policy", content="default-src 'none'; style-src 'unsafe-inline'"),
        h("title", heading),
        h("style", Markup(STYLE)),
    )
    titles = h("thead", h("tr", [h("th", title, scope="col") for title in ("State", "Link", "What became of it")]))
    body = h(
        "main",
        h(
            "header",
            h("p", "Private links", class_="eyebrow"),
            h("h1", heading),
            h("p", report["summary"], class_="summary"),
            h("dl", h("div", h("dt", "Action"), h("dd", action)), h("div", h("dt", "Written"), h("dd", time)), class_="facts"),
        ),
        h("section", h("div", h("table", titles, h("tbody", [_line(row, relative) for row in report["links"]]), class_="checks"), class_="scroll")),
    )
    return f"<!DOCTYPE html>\n{h('html', head, h('body', symbols(), body), lang='en')}\n"


def _line(row, relative):
    where = " \u00b7 ".join(filter(None, [CLOUDS.get(row["cloud"]), row["link"]]))
    told = [row["summary"]]
    told += [h("span", address, class_="seen") for address in row["addresses"]]
    told += [h("span", h("a", "The report of this link", href=relative(row["report"])), class_="mend")] if row["report"] else []
    more, word = (row["steps"], "step") if row["steps"] else (row["changes"], "change")
    told += [h("details", h("summary", f"Show {_counted(more, word)}"), h("ul", [h("li", one) for one in more]))] if more else []
    return h(
        "tr",
        h("td", state_word(COLOURS.get(row["state"], OK), row["state"]), class_="state-cell"),
        h("td", row["host"], h("span", where, class_="whom"), class_="what"),
        h("td", told),
    )
