# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way from a client to its clusters as a picture: from left to right, and from top to bottom for a narrow page. Pure."""

from __future__ import annotations

import re
import unicodedata

from ansible_collections.zilliz.cloud.plugins.module_utils._checks import BROKEN, CHECKS, DEGRADED, OK, SKIPPED, STATIONS, UNKNOWN
from ansible_collections.zilliz.cloud.plugins.module_utils._report import STATES, STATION_NAMES, plain, worst
from ansible_collections.zilliz.cloud.plugins.module_utils._report_markup import Markup, h

WORDS = {"ok": "ok", "degraded": "degraded", "broken": "broken", "missing": "missing", "unknown": "not read", "skipped": "skipped"}

# So many clusters are drawn one by one, the worst first, and so many lines of one kind stand in a box.
WIDE_CLUSTERS, TALL_CLUSTERS, MOST_LINES = 4, 4, 4

# Each in a square of 16; colour says the same once more.
ICONS = {
    "ok": ("M8 1.2a6.8 6.8 0 1 0 0 13.6A6.8 6.8 0 0 0 8 1.2z", "M4.8 8.2l2.2 2.3 4.2-4.8"),
    "degraded": ("M8 1.4L15.2 14.2H.8z", "M8 5.8v4M8 11.7v.9"),
    "broken": ("M5 1.2h6L14.8 5v6L11 14.8H5L1.2 11V5z", "M5.4 5.4l5.2 5.2M10.6 5.4l-5.2 5.2"),
    "missing": ("M2 2h12v12H2z", "M8 5v6M5 8h6"),
    "unknown": ("M8 1.2a6.8 6.8 0 1 0 0 13.6A6.8 6.8 0 0 0 8 1.2z", "M6 6.3a2 2 0 1 1 2.9 1.8c-.6.3-.9.7-.9 1.4M8 11.6v.7"),
    "skipped": ("M8 1.2a6.8 6.8 0 1 0 0 13.6A6.8 6.8 0 0 0 8 1.2z", "M5 8h6"),
}


def symbols():
    """Drawn once, used by their names everywhere on the page."""
    drawn = [
        h("symbol", h("path", d=outline, class_="outline"), h("path", d=sign, class_="sign"), id=f"i-{state}", viewBox="0 0 16 16")
        for state, (outline, sign) in ICONS.items()
    ]
    return h("svg", h("defs", drawn), width="0", height="0", class_="defs", aria_hidden="true")


# What the stations are


class Way:
    """What stands at each station, how it is, and how far packets came."""

    def __init__(self, report, result):
        self.rows, self.result = report["rows"], result
        self.probes = [probe for vantage in report["probes"] for probe in vantage["probes"]]
        self.links = [link for link in report["links"] if isinstance(link, dict)] or self._probed()
        self.paths = [one for one in self.rows if one["check"] == "path" and one.get("verdict")]
        self.vantages = list(dict.fromkeys(plain(one["vantage"]) for one in report["probes"]))

    def _probed(self):
        """Without the plan's answer the probes tell which clusters there are."""
        known = {(probe.get("cluster_id"), probe.get("host")): probe for probe in self.probes}
        return [{key: probe.get(key) for key in ("cluster_id", "cluster_name", "host", "port")} for probe in known.values()]

    def state(self, station):
        """That of its worst row; what was not looked at counts when there is nothing else."""
        states = [one["state"] for one in self.rows if one["station"] == station]
        seen = [state for state in states if state not in (UNKNOWN, SKIPPED)]
        if station == "client" and not self.paths and set(seen) <= {OK}:
            return SKIPPED
        if not seen and any(self.came(one) > STATIONS.index(station) for one in self.paths):
            return OK
        return worst(seen or states)

    @staticmethod
    def came(path):
        """The number of the station where a path ends; beyond the last one when it is whole."""
        return len(STATIONS) if path["state"] in (OK, DEGRADED) else STATIONS.index(path["station"])

    def line(self, number):
        """How the line into this station is: proven by a packet, ending there, or not proven."""
        if any(self.came(path) == number or number == 1 and self.came(path) == 0 for path in self.paths):
            return BROKEN
        if any(path["state"] == DEGRADED and STATIONS.index(path["station"]) == number for path in self.paths):
            return DEGRADED
        return OK if any(self.came(path) > number for path in self.paths) else UNKNOWN

    def word(self, station):
        state = self.state(station)
        return "not proven" if station == "client" and state == SKIPPED else WORDS[state]

    def facts(self, station):
        """What it is: (kind, text), where kind is mono, say or a state."""
        return getattr(self, f"_{station}")()

    def _client(self):
        if not self.vantages:
            seen = [("say", "no host inside was named")]
        else:
            states = {
                name: worst([one["state"] for one in self.rows if one["check"] == "path" and one.get("vantage") == name])
                for name in self.vantages
            }
            seen = some([(states[name], name) for name in sorted(self.vantages, key=lambda name: STATES.index(states[name]))])
        network = plain(self.result.get("vpc_id") or self.result.get("network")).rpartition("/")[2]
        return seen + [("mono", network)] * bool(network)

    def _dns(self):
        ready = [link for link in self.links if link.get("ready") is not False]
        names = f"{len(ready)} name{'s' if len(ready) > 1 else ''}" if ready else "no name yet" if self.result else ""
        answers = unlike(address for probe in self.probes for address in probe.get("addresses") or [])
        if answers:
            return [("say", f"{names}, answered inside with")] + some([("mono", one) for one in answers])
        values = unlike(record.get("value") for record in self.result.get("records") or [])
        return [("say", f"{names}, to lead to" if values else names)] + some([("mono", one) for one in values])

    def _endpoint(self):
        endpoint = self.result.get("endpoint") or {}
        if not endpoint:
            return [("say", "there is none yet" if self.result else "")]
        ports = unlike(link.get("port") for link in self.links if link.get("port"))
        told = [("mono", endpoint.get("endpoint_id")), ("say", endpoint.get("state"))]
        told += some([("mono", one) for one in unlike(self.result.get("addresses") or [])])
        if ports:
            told.append(("say", f"port{'s' if len(ports) > 1 else ''} {', '.join(ports[:3])}{' and more' if len(ports) > 3 else ''}"))
        return told

    def _registration(self):
        row = self.result.get("registration") or {}
        told = [("say", row.get("endpoint_status") or ("there is none yet" if self.result else ""))]
        return told + [("mono", self.result.get(key)) for key in ("project_id", "region_id")]

    def clusters(self, most):
        """A box for each, the worst first; those that do not fit are counted by state."""
        by_id, by_name = {}, {}
        for one in self.rows:
            if one["check"] == "path" or CHECKS[one["check"]][1] == "cluster":
                for word in {one["subject"], *re.findall(r"[\w-]+", one["subject"])}:
                    by_id.setdefault(word, []).append(one)
                by_name.setdefault(one["subject"], []).append(one)
        boxes = [self._cluster(link, by_id, by_name) for link in self.links]
        boxes.sort(key=lambda box: STATES.index(box["state"]))
        shown, rest = (boxes, []) if len(boxes) <= most + 1 else (boxes[:most], boxes[most:])
        for state in STATES:
            count = sum(box["state"] == state for box in rest)
            if count:
                noun = f"{count} more cluster{'s' if count > 1 else ''}"
                shown.append({"name": noun, "state": state, "word": WORDS[state], "line": worst(
                    [box["line"] for box in rest if box["state"] == state]), "facts": [("say", "named in the tables below")]})
        none = {"name": STATION_NAMES["cluster"], "state": UNKNOWN, "word": WORDS[UNKNOWN], "line": UNKNOWN, "facts": [("say", "none is known")]}
        return shown or [dict(none, state=self.state("cluster"), word=WORDS[self.state("cluster")])]

    def _cluster(self, link, by_id, by_name):
        id_, name = plain(link.get("cluster_id")), plain(link.get("cluster_name"))
        where = f"{plain(link['host'])}:{plain(link.get('port'))}" if link.get("host") else ""
        rows = by_id.get(id_, []) if id_ else by_name.get(where, []) + by_name.get(name, [])
        paths = [one for one in rows if one.get("verdict") and one["check"] == "path"]
        seen = [one["state"] for one in rows if one["state"] not in (UNKNOWN, SKIPPED)]
        reached = [one for one in paths if self.came(one) == len(STATIONS)]
        if paths and len(reached) == len(paths):
            came = f"reached from {len(paths)} hosts" if len(paths) > 1 else f"reached from {paths[0]['vantage']}"
        elif paths:
            came = f"reached from {len(reached)} of {len(paths)} hosts" if len(paths) > 1 else f"not reached from {paths[0]['vantage']}"
        else:
            came = "not proven from inside" if where else "no private link"
        line = UNKNOWN if not paths else BROKEN if not reached else OK if len(reached) == len(paths) else DEGRADED
        # Where the path ends before this station, its line is not reached at all.
        if line == BROKEN and all(self.came(one) < len(STATIONS) - 1 for one in paths):
            line = UNKNOWN
        # The id is a part of most hosts.
        facts = [("mono", id_)] * bool(name and id_ not in where) + [("mono", where), ("say", link.get("reason"))]
        state = worst(seen or [one["state"] for one in rows])
        return {"name": name or id_ or where, "state": state, "word": f"{WORDS[state]}, {came}", "line": line, "facts": facts}


def unlike(values):
    return list(dict.fromkeys(plain(one) for one in values if plain(one)))


def some(facts):
    if len(facts) <= MOST_LINES:
        return facts
    return facts[:MOST_LINES - 1] + [("say", f"and {len(facts) - MOST_LINES + 1} more")]


# How they are drawn


def columns(text):
    """How wide text is in a monospaced font."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 0 if unicodedata.combining(letter) else 1 for letter in text)


def fold(text, most):
    """Lines of text that fit, broken where a name has its joints, at its dashes where there is no other way, or anywhere."""
    lines, now = [], ""
    for part in re.findall(r"[^\s.,/@]*(?:[\s.,/@]+|$)", text):
        if now and columns(now + part.rstrip()) > most:
            lines, now = [*lines, now], ""
        now += part
        while columns(now.rstrip()) > most:
            cut = next(at for at in range(len(now), 0, -1) if columns(now[:at]) <= max(most, 2))
            cut = now.rfind("-", 1, cut) + 1 or cut
            lines, now = [*lines, now[:cut]], now[cut:]
    return [line.strip() for line in [*lines, now] if line.strip()]


def clipped(text, most):
    while columns(text) > most:
        text = text.rstrip("\u2026")[:-1] + "\u2026"
    return text


def icon(state, x, y, size=16):
    return h("use", href=f"#i-{state}", x=x, y=y, width=size, height=size)


class Box:
    """A station of the way, as high as what stands in it."""

    PAD, LINE = 14, 18

    def __init__(self, width, name, state, word, facts, small=""):
        self.width, self.name, self.state, self.word, self.small = width, name, state, word, small
        self.lines = []
        for kind, text in facts:
            inset = 18 if kind in ICONS else 0
            most = int((width - 2 * self.PAD - inset) / (6.95 if kind == "mono" else 7))
            for number, line in enumerate(fold(plain(text), most)[:MOST_LINES]):
                self.lines.append((kind if not number else "say" if kind in ICONS else kind, line, inset))
        self.height = 2 * self.PAD + 40 + self.LINE * len(self.lines) + (6 if self.lines else 0)

    def at(self, x, y, height=None):
        left, line = x + self.PAD, y + self.PAD + 11
        name = h("text", clipped(self.name, int((self.width - 2 * self.PAD) / 8.6)), x=left, y=line, class_="name")
        inside = [
            h("rect", x=x, y=y, width=self.width, height=height or self.height, rx=10, class_="box"),
            name,
            icon(self.state, left, line + 10),
            h("text", self.word, x=left + 22, y=line + 23, class_="word"),
        ]
        line += 29 + self.LINE
        for kind, text, inset in self.lines:
            if kind in ICONS:
                inside.append(h("g", icon(kind, left, line - 11, 13), class_=f"s-{kind}"))
            inside.append(h("text", text, x=left + inset, y=line, class_="mono" if kind == "mono" else "say"))
            line += self.LINE
        return h("g", inside, class_=f"station s-{self.state}")


def wire(state, path, middle):
    """A line from one box to the next; a sign upon it where the way ends or limps."""
    x, y = middle
    sign = [h("circle", cx=x, cy=y, r=11, class_="disc"), icon(state, x - 8, y - 8)] if state in (BROKEN, DEGRADED) else []
    return h("g", h("path", d=path, class_="wire"), sign, class_=f"line s-{state}")


def picture(report, result):
    """Both pictures; the page shows the one that fits its width."""
    way = Way(report, result)
    told = [f"{STATION_NAMES[name]} {way.word(name)}" for name in STATIONS[:-1]]
    told += [f"{box['name']} {box['word']}" for box in way.clusters(WIDE_CLUSTERS)]
    text = f"The way of a client: {', '.join(told)}."
    return Markup(wide(way, text) + tall(way, text))


def boxes_of(way, width):
    return [Box(width, STATION_NAMES[name], way.state(name), way.word(name), way.facts(name)) for name in STATIONS[:-1]]


def wide(way, text):
    gap, width, last = 31, 185, 336
    boxes, clusters = boxes_of(way, width), way.clusters(WIDE_CLUSTERS)
    ends = [Box(last, one["name"], one["state"], one["word"], one["facts"]) for one in clusters]
    height, middle, inside = max(box.height for box in boxes + ends[:1]), 50, []
    for number, box in enumerate(boxes):
        x = 2 + number * (width + gap)
        if number:
            inside.append(wire(way.line(number), f"M{x - gap} {middle}H{x}", (x - gap / 2, middle)))
        inside.append(box.at(x, 2, height))
    x, y, wires = 2 + 4 * (width + gap), 2, []
    stem = x - gap / 2
    for one, box in zip(clusters, ends):
        tall_enough, centre = height if len(ends) == 1 else box.height, y + middle - 2
        path = f"M{x - gap} {middle}H{x}" if y == 2 else f"M{stem} {middle}V{centre - 8}Q{stem} {centre} {stem + 8} {centre}H{x}"
        wires.insert(0, wire(one["line"], path, (x - 13, centre)))
        inside.append(box.at(x, y, tall_enough))
        y += tall_enough + 14
    inside += wires
    return drawn("wide", x + last + 2, max(height + 4, y - 12), inside, text)


def tall(way, text):
    gap, width, y, inside = 34, 356, 2, []
    middle = 2 + width / 2
    for number, box in enumerate(boxes_of(way, width)):
        if number:
            inside.append(wire(way.line(number), f"M{middle} {y}V{y + gap}", (middle, y + gap / 2)))
            y += gap
        inside.append(box.at(2, y))
        y += box.height
    clusters = way.clusters(TALL_CLUSTERS)
    inside.append(wire(way.line(len(STATIONS) - 1), f"M{middle} {y}V{y + gap}", (middle, y + gap / 2)))
    y += gap
    for one in clusters:
        box = Box(width, one["name"], one["state"], one["word"], one["facts"])
        inside.append(box.at(2, y))
        y += box.height + 10
    return drawn("tall", width + 4, y - 8, inside, text)


def drawn(name, width, height, inside, text):
    return h("svg", inside, viewBox=f"0 0 {width} {height:g}", class_=f"way {name}", role="img", aria_label=text)
