# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page of a report: whole, safe, and readable whatever the size of the link. How it looks was looked at in a browser."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from ansible_collections.zilliz.cloud.plugins.module_utils._checks import CHECKS, row
from ansible_collections.zilliz.cloud.plugins.module_utils._probe_judge import VERDICTS
from ansible_collections.zilliz.cloud.plugins.module_utils._report import STATES, judge
from ansible_collections.zilliz.cloud.plugins.module_utils._report_html import page
from ansible_collections.zilliz.cloud.plugins.module_utils._report_markup import EMPTY, h
from ansible_collections.zilliz.cloud.plugins.module_utils._report_picture import Box, Way, columns, fold, picture
from ansible_collections.zilliz.cloud.plugins.module_utils._snippets import snippets
from hypothesis import given, settings
from hypothesis import strategies as st

quick = settings(max_examples=40, derandomize=True, deadline=None)
MARK = "proj-1/aws-us-west-2/vpc-1"


def link(number=1, ready=True):
    host = f"in01-{number:015x}-privatelink.aws-us-west-2.vectordb.example.com"
    found = {"cluster_id": f"in01-{number:015x}", "cluster_name": f"c{number}", "ready": ready, "reason": "it is suspended", "host": None}
    return {**found, "host": host, "port": 19531, "url": f"https://{host}:19531", "snippets": snippets(host)} if ready else found


def probe(link, verdict="healthy"):
    state, cause, mend = VERDICTS[verdict]
    stages = [{"stage": name, "ok": verdict == "healthy" or name == "resolve", "seconds": 0.0021, "evidence": ""} for name in ("resolve", "tcp")]
    return {**{key: link[key] for key in ("cluster_id", "cluster_name", "host", "port")}, "verdict": verdict, "state": state, "cause": cause,
            "mend": mend, "evidence": "seen", "addresses": ["10.0.0.7"], "stages": stages}


def result(links):
    return {"links": links, "vpc_id": "vpc-1", "project_id": "proj-1", "region_id": "aws-us-west-2", "service_name": "vpce-svc-1",
            "endpoint": {"endpoint_id": "vpce-1", "state": "available"}, "addresses": ["10.0.0.7"],
            "registration": {"endpoint_status": "AVAILABLE"}, "records": [{"name": "h", "value": "vpce-1-x.example.com"}]}


def judged(checks=(), probes=(), link=None, preflight=False, problem=""):
    link = result([]) if link is None else link
    report = judge(list(checks), list(probes), link, preflight, problem)
    return dict(report, link=MARK, cloud="aws", time="2026-11-22T22:40:00Z", probes=list(probes), links=link.get("links") or [])


def made(checks=(), probes=(), link=None, **more):
    return page(judged(checks, probes, link, **more), link or {}, more.get("preflight", False))


def seen(*probes, vantage="app1", error=""):
    return {"vantage": vantage, "error": error, "probes": list(probes)}


class Outline(HTMLParser):
    """The elements and attributes of a page, and its text; fails where an element is not closed in its place."""

    def __init__(self, text):
        super().__init__()
        self.open, self.elements, self.text = [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def words_of(text):
    return " ".join(" ".join(Outline(text).text).split())


def pictures(report, link):
    """Both pictures as trees: SVG must be well-formed."""
    return list(ElementTree.fromstring(f"<p>{picture(report, link)}</p>"))


def texts(svg):
    return [node.text for node in svg.iter("text")]


def test_it_needs_nothing_from_elsewhere():
    text = made([row("endpoint", "ok", "vpce-1")], [seen(probe(link()))], result([link()]))
    outline = Outline(text)
    assert not {"script", "img", "link", "iframe", "object", "form", "base"} & {tag for tag, unused in outline.elements}
    for _unused, attributes in outline.elements:
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "srcset")]
        assert attributes.get("href", "#").startswith("#")
    assert "url(" not in text and "@import" not in text
    policy = [attributes["content"] for tag, attributes in outline.elements if attributes.get("http-equiv") == "Content-Security-Policy"]
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'"]
    # Each icon that is used is drawn, and each id is there once.
    ids = [attributes["id"] for unused, attributes in outline.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {attributes["href"][1:] for tag, attributes in outline.elements if tag == "use"} <= set(ids)


def test_it_is_for_every_light_width_and_paper():
    text = made([row("endpoint", "ok")])
    assert '<html lang="en">' in text and 'content="width=device-width, initial-scale=1"' in text
    for query in ("prefers-color-scheme: dark", "max-width: 820px", "@media print"):
        assert query in text
    # The text is as high in contrast by night as by day.
    for block in re.findall(r":root \{(.*?)\}", text, re.DOTALL):
        colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]+)", block))
        for name in ("ink", "soft"):
            assert contrast(colours[name], colours["page"]) >= 4.5 and contrast(colours[name], colours["paper"]) >= 4.5
        for state in ("ok", "degraded", "broken", "missing", "unknown"):
            assert contrast(colours[state], colours["paper"]) >= 4.5
            assert contrast(colours[state], colours[f"{state}-tint"]) >= 4.5
            assert contrast(colours["soft"], colours[f"{state}-tint"]) >= 4.5


def contrast(one, other):
    """As WCAG has it."""
    bright = sorted((light(one), light(other)))
    return (bright[1] + 0.05) / (bright[0] + 0.05)


def light(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_failed_row_is_told_in_full():
    rows = [row("firewall", "broken", "sg-1", "It is shut.", "no rule for 19531", "Open port 19531."),
            row("quota", "unknown", "endpoints", "It could not be read.", "AccessDenied", "Allow it.")]
    text = words_of(made(rows))
    mends, table = text.split("All checks")
    assert "Do this Open port 19531." in mends and "Do this: Open port 19531." in table
    for words in ("The private link is broken", "What to mend", "It is shut.", "no rule for 19531", "Open port 19531.", "sg-1",
                  "What could not be read", "AccessDenied", "not proven from inside"):
        assert words in text, words
    text = words_of(made([row("endpoint", "missing", cause="None yet.", mend="Run it.")], preflight=True))
    assert "Ready for the set-up" in text and "What the set-up makes" in text and "What to mend" not in text


def test_what_fails_alike_is_told_once_and_names_each():
    rows = [row("record", "broken", f"host-{number}", "It leads elsewhere.", f"192.0.2.{number}", "Run it again.") for number in range(8)]
    page_ = made(rows)
    text = words_of(page_)
    assert text.count("Cause It leads elsewhere.") == 1 and "The same for 7 more" in text and "8 of them" in text and "Show each" in text
    assert all(f"host-{number}" in text and f"192.0.2.{number}" in text for number in range(8))
    assert "open" not in dict(Outline(page_).elements)["details"], "a long list is folded"


def test_the_state_is_never_colour_alone():
    rows = [row("endpoint", state, state) for state in STATES]
    svg = pictures(judged(rows), result([]))[0]
    assert "broken" in texts(svg)
    shown = dict(re.findall(r'<span class="state s-(\w+)"><svg.*?</svg>(.*?)</span>', made(rows)))
    assert shown == {"ok": "ok", "degraded": "degraded", "broken": "broken", "missing": "missing", "unknown": "not read", "skipped": "skipped"}


def test_very_long_lists_are_folded_and_say_how_long_they_are():
    links = [link(number) for number in range(11)]
    probes = [probe(one, "hangs" if number == 10 else "healthy") for number, one in enumerate(links)]
    probes[10]["stages"] = probes[10]["stages"][:1]
    text = words_of(made([], [seen(*probes)], result(links)))
    paths = text.split("11 paths, those that fail first")[1]
    assert paths.index("not reached") < paths.index(links[0]["host"]), "the one that fails stands before those that do not"
    assert "Show each of the 11 clusters" in text
    text = words_of(made([], [seen(*probes[:10])], result(links[:10])))
    assert "those that fail first" not in text and "Show each of the" not in text


def test_the_picture_says_what_each_station_is():
    links = [link()]
    for svg in pictures(judged([row("endpoint", "ok")], [seen(probe(links[0]))], result(links)), result(links)):
        text = " ".join(texts(svg))
        for words in ("app1", "vpc-1", "10.0.0.7", "vpce-1", "available", "port 19531", "AVAILABLE", "aws-us-west-2", "c1", "reached from app1"):
            assert words in text, words
        assert link()["host"] + ":19531" in "".join(texts(svg))
        assert "Client ok" in svg.get("aria-label") and svg.get("role") == "img"


@pytest.mark.parametrize("verdict, station", [("no_private_dns", "dns"), ("hangs", "endpoint"), ("closed", "registration")])
def test_the_picture_shows_where_the_path_ends(verdict, station):
    links = [link()]
    report = judged([row(check, "ok") for check in ("input", "zone", "endpoint", "registration", "link")], [seen(probe(links[0], verdict))],
                    result(links))
    way, names = Way(report, result(links)), ["client", "dns", "endpoint", "registration", "cluster"]
    assert [name for name in names if way.state(name) == "broken"] == [station]
    at = names.index(station)
    assert [way.line(number) for number in range(1, 5)] == ["ok"] * (at - 1) + ["broken"] + ["unknown"] * (4 - at)
    assert [box["state"] for box in way.clusters(4)] == ["broken"]
    assert "not reached from app1" in way.clusters(4)[0]["word"]


def test_the_picture_shows_a_path_that_works_with_a_flaw():
    links = [link()]
    report = judged([], [seen(probe(links[0], "partly"))], result(links))
    way = Way(report, result(links))
    assert [way.line(number) for number in range(1, 5)] == ["ok", "degraded", "ok", "ok"]


def test_a_name_that_is_too_long_for_its_box_is_cut():
    links = [dict(link(), cluster_name="c" * 300)]
    for svg in pictures(judged([], [seen(probe(links[0]))], result(links)), result(links)):
        names = [node.text for node in svg.iter("text") if node.get("class") == "name"]
        assert [name for name in names if re.fullmatch("c{10,60}\u2026", name)] and max(map(len, names)) < 60


def test_the_picture_is_not_green_without_proof():
    report = judged([row("input", "ok"), row("endpoint", "ok")], (), result([link()]))
    way = Way(report, result([link()]))
    assert way.word("client") == "not proven" and {way.line(number) for number in range(1, 5)} == {"unknown"}
    assert "not proven from inside" in way.clusters(4)[0]["word"]


@pytest.mark.parametrize("count", [0, 1, 5, 6, 50, 1000])
def test_the_picture_stays_readable(count):
    links = [link(number, ready=number % 9 > 0) for number in range(count)]
    probes = [probe(one, "hangs" if number == count - 1 else "healthy") for number, one in enumerate(links) if one["ready"]]
    report = judged([row("endpoint", "ok")], [seen(*probes, vantage=f"app{n}") for n in range(7)], result(links))
    for svg in pictures(report, result(links)):
        assert len(list(svg.iter("rect"))) <= 4 + 5 + len(STATES)
        assert float(svg.get("viewBox").split()[3]) < 1500
        told = " ".join(texts(svg))
        if count > 6:
            shown = len(set(re.findall(r"\bc\d+\b", told)))
            assert shown + sum(map(int, re.findall(r"(\d+) more cluster", told))) == count
            assert f"c{count - 1} " in told or not links[-1]["ready"], "the one that fails comes first"


def test_nothing_stands_outside_its_box():
    assert (columns("ab"), columns("\u4e2d\u6587"), columns("e\u0301")) == (2, 4, 1)
    for text in (link()["host"], "proj-20e13e974c7d659a83ab12", "a" * 300, "\u4e2d\u6587" * 40, "x y " * 60):
        for width in (185, 336, 356):
            box = Box(width, text, "ok", "ok", [("mono", text), ("ok", text), ("say", text)])
            for kind, line, inset in box.lines:
                assert columns(line) * (6.95 if kind == "mono" else 7) + inset <= width - 2 * Box.PAD + 0.01
            assert len(box.lines) <= 12


@quick
@given(st.text(max_size=90), st.integers(2, 40))
def test_folding_loses_nothing(text, most):
    lines = fold(text, most)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(columns(line) <= most for line in lines)


# Whatever comes: the page has the elements that it has for harmless text, and shows the text as it is.

EVIL = ["<script>alert(1)</script>", "\"><svg onload=alert(1)>", "' onmouseover='x", "</style><b>", "</title>", "-->", "&lt;b&gt;", "]]>",
        "{{ 7 * 7 }}", "\x00\x1b[2J", "\u202eabc", "\ud800", "javascript:alert(1)"]
evil = st.one_of(st.sampled_from(EVIL), st.text(alphabet="<>&\"'/=a \x00\u202e\n", min_size=1, max_size=30), st.text(min_size=1, max_size=30))


def full(text, state="broken", verdict="hangs"):
    """A page with the text wherever text comes from elsewhere."""
    one = {**link(), "cluster_name": text, "host": text, "url": text, "reason": text, "snippets": {"rest": text, text: text}}
    two = {**link(2, ready=False), "cluster_id": text, "reason": text}
    looks = [row("endpoint", state, text, text, text, text), row("zone", "ok", text, evidence=text), row("zone", "ok", text + "2", evidence=text)]
    tried = {**probe(one, verdict), "cause": text, "evidence": text, "mend": text, "addresses": [text]}
    found = {**result([one, two]), "vpc_id": text, "project_id": text, "service_name": text, "addresses": [text],
             "endpoint": {"endpoint_id": text, "state": text}, "registration": {"endpoint_status": text}, "records": [{"value": text}]}
    report = judged(looks, [seen(tried, vantage=text), seen(vantage=text + "2", error=text)], found, problem=text)
    return page(dict(report, link=f"a/b/{text}", time=text), found)


@quick
@given(evil)
def test_text_stays_text(text):
    whole = full(text)
    whole.encode("utf-8")
    outline = Outline(whole)
    allowed = {"html", "head", "meta", "title", "style", "body", "svg", "defs", "symbol", "path", "use", "g", "rect", "circle", "text", "main",
               "header", "p", "h1", "h2", "h3", "h4", "span", "b", "dl", "div", "dt", "dd", "figure", "figcaption", "section", "ol", "ul", "li",
               "details", "summary", "table", "thead", "tbody", "tr", "th", "td", "pre", "code", "footer"}
    assert {tag for tag, unused in outline.elements} <= allowed
    for _unused, attributes in outline.elements:
        assert not [name for name in attributes if name.startswith("on")]
        assert attributes.get("href", "#i-").startswith("#i-")
        # An attribute that a text had broken out of would have brought another one along.
        assert set(attributes) <= {"charset", "name", "content", "http-equiv", "lang", "class", "id", "style", "viewbox", "d", "href", "x", "y",
                                   "width", "height", "rx", "cx", "cy", "r", "role", "aria-label", "aria-hidden", "scope", "colspan", "open",
                                   "data-label"}
        assert attributes.get("style", "color: var(--c)") == "color: var(--c)"
    for letter in "".join(outline.text):
        assert letter.isprintable() or letter in "\n\t"


@pytest.mark.parametrize("text", EVIL)
def test_text_is_shown_as_it_is(text):
    visible = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    assert visible in words_of(full(text))


def test_an_element_of_text():
    assert h("p", "<b>", h("i", "&"), None, title='"x"', class_="a", lang=None) == '<p title="&quot;x&quot;" class="a">&lt;b&gt;<i>&amp;</i></p>'


@quick
@given(st.lists(st.builds(row, st.sampled_from(list(CHECKS)), st.sampled_from(STATES), st.sampled_from(["", "in01-1"])), max_size=5),
       st.lists(st.sampled_from(list(VERDICTS)), max_size=3), st.integers(0, 3), st.booleans(), st.sampled_from(["", "No key."]), st.booleans())
def test_there_is_a_page_for_everything(checks, verdicts, count, preflight, problem, bare):
    links = [link(number, ready=number != 2) for number in range(count)]
    found = {} if bare else result(links)
    probes = [seen(*[probe(link(number), verdict) for number, verdict in enumerate(verdicts)])] if verdicts else []
    text = page(judged(checks, probes, found, preflight, problem), found, preflight)
    assert words_of(text) and "None" not in words_of(text) and "  " not in re.sub(r"\s+", " ", text)
    for svg in pictures(judged(checks, probes, found, preflight, problem), found):
        assert None not in texts(svg)
