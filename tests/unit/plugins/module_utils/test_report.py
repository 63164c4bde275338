# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said of a link, from what both sides and the probes saw."""

from __future__ import annotations

import copy

import pytest
from ansible_collections.zilliz.cloud.plugins.module_utils._checks import CHECKS, STATIONS, row
from ansible_collections.zilliz.cloud.plugins.module_utils._probe_judge import VERDICTS
from ansible_collections.zilliz.cloud.plugins.module_utils._report import STATES, STOPS, groups, judge, label, table
from hypothesis import given, settings
from hypothesis import strategies as st

quick = settings(max_examples=80, derandomize=True, deadline=None)
LINK = {"cluster_id": "in01-1", "cluster_name": "search", "host": "in01-1-privatelink.example.com", "port": 19531, "ready": True}
RESULT = {"links": [LINK]}
FINE = row("endpoint", "ok", "vpce-1", evidence="available")


def path(verdict="healthy", cluster_id="in01-1", name="search", **more):
    state, cause, mend = VERDICTS[verdict]
    return {"cluster_id": cluster_id, "cluster_name": name, "host": f"{cluster_id}.example.com", "port": 19531, "verdict": verdict,
            "state": state, "cause": cause, "evidence": "seen", "mend": mend, "addresses": [], "stages": [], **more}


def seen(*probes, vantage="app1", error=""):
    return {"vantage": vantage, "error": error, "probes": list(probes)}


def judged(checks=(FINE,), probes=(), result=None, **more):
    return judge(list(checks), list(probes), RESULT if result is None else result, **more)


def of(report, check):
    return [one for one in report["rows"] if one["check"] == check]


def test_a_healthy_link():
    report = judged(probes=[seen(path()), seen(path(), vantage="app2")])
    assert report["state"] == "healthy" and report["proven_from"] == ["app1", "app2"]
    assert report["summary"] == "healthy: all 3 checks passed; proven from inside by app1 and app2."
    assert [one["vantage"] for one in of(report, "path")] == ["app1", "app2"]
    assert report["counts"] == {"broken": 0, "missing": 0, "degraded": 0, "unknown": 0, "skipped": 0, "ok": 3}


def test_without_a_vantage_it_is_not_proven():
    report = judged()
    assert report["state"] == "healthy" and report["proven_from"] == []
    assert "not proven from inside" in report["summary"]
    (one,) = of(report, "path")
    assert one["state"] == "skipped" and "private_link_check_vantage" in one["mend"]
    none = judged(result={"links": [{**LINK, "ready": False}]})
    assert of(none, "path")[0]["cause"] == "No cluster has a private link yet, so there is no path to prove."


@pytest.mark.parametrize("verdict", VERDICTS)
def test_each_verdict_of_a_path(verdict):
    report = judged(probes=[seen(path(verdict))])
    state = VERDICTS[verdict][0]
    assert report["state"] == {"ok": "healthy"}.get(state, state)
    worst = [one for one in report["rows"] if one.get("verdict") and one["state"] == state]
    assert worst and worst[0]["station"] == STOPS.get(verdict, "endpoint")
    assert bool(report["proven_from"]) == (state != "broken")
    if state != "ok":
        assert (worst[0]["cause"], worst[0]["mend"]) == VERDICTS[verdict][1:] and worst[0]["evidence"] == "seen"


@pytest.mark.parametrize("verdict", ["key_refused", "call_failed"])
def test_a_refused_key_is_no_fault_of_the_path(verdict):
    report = judged(probes=[seen(path(verdict))])
    assert [one["state"] for one in of(report, "path")] == ["ok"]
    assert [one["state"] for one in of(report, "authentication")] == ["degraded"]
    assert report["proven_from"] == ["app1"]


@pytest.mark.parametrize("verdict", ["healthy", "public_address", "key_refused"])
def test_the_public_answer_stands_beside_the_private_one(verdict):
    probe = path(verdict, public_addresses=["52.0.0.1", "52.0.0.2"], addresses=["10.20.1.17"])
    (one,) = of(judged(probes=[seen(probe)]), "public_answer")
    assert (one["state"], one["station"]) == ("ok", "dns")
    assert one["evidence"] == "the public name gives 52.0.0.1, 52.0.0.2, the private one 10.20.1.17"
    assert of(judged(probes=[seen(path(verdict))]), "public_answer") == []


@pytest.mark.parametrize("verdict, ok, state", [("healthy", True, "ok"), ("partly", True, "ok"), ("partly", False, "degraded")])
def test_a_call_with_a_key_has_its_own_row(verdict, ok, state):
    report = judged(probes=[seen(path(verdict, stages=[{"stage": "call", "ok": ok, "seconds": 0.1, "evidence": "code 0"}]))])
    (one,) = of(report, "authentication")
    assert (one["state"], one["evidence"], one["station"]) == (state, "code 0", "cluster")


@pytest.mark.parametrize("broken", [seen(error="Failed to connect to the host via ssh"), seen()])
def test_a_vantage_that_says_nothing_proves_nothing(broken):
    report = judged(probes=[broken])
    assert report["state"] == "degraded" and report["proven_from"] == []
    assert "not proven from inside, although tried from app1" in report["summary"]
    (one,) = of(report, "path")
    assert one["station"] == "client" and one["mend"] and broken["error"] in one["cause"]
    report = judged(probes=[broken, seen(path(), vantage="app2")])
    assert report["proven_from"] == ["app2"] and "by app2, but not by app1" in report["summary"]


def test_one_fault_among_many_clusters():
    report = judged(probes=[seen(*[path("hangs" if n == 7 else "healthy", f"in01-{n}", f"c{n}") for n in range(50)])])
    assert report["state"] == "broken" and report["proven_from"] == []
    assert [one["subject"] for one in of(report, "path") if one["state"] == "broken"] == ["in01-7"]


def test_before_the_set_up():
    missing = row("endpoint", "missing", cause="There is no endpoint yet.", mend="Run the set-up.")
    assert judged([missing])["state"] == "broken"
    report = judged([missing], preflight=True)
    assert report["state"] == "ready" and report["summary"].startswith("ready: nothing is in the way of the set-up, which has 1 thing to make")
    # A name of another network's link can be there already; this network's zone is still to come.
    tried = judged([missing], [seen(path("no_private_dns"))], preflight=True)
    assert tried["state"] == "ready" and of(tried, "path")[0]["state"] == "missing" and "which has 1 thing to make" in tried["summary"]
    works = judged([missing], [seen(path())], preflight=True)
    assert of(works, "path")[0]["state"] == "ok" and works["state"] == "ready"
    assert judged([missing, row("firewall", "broken", cause="Shut.")], preflight=True)["state"] == "broken"
    assert judged([FINE], [seen(path("hangs"))], preflight=True)["state"] == "broken"


def test_a_plan_that_could_not_be_made():
    report = judge([], [], {}, problem="The key\nis refused.")
    assert report["state"] == "broken"
    assert of(report, "input")[0]["cause"] == "The key is refused."
    assert "could not be looked at" in of(report, "path")[0]["cause"]


@pytest.mark.parametrize("checks", [[], [row("quota", "unknown", cause="Denied.")], [row("quota", "skipped")]])
def test_nothing_seen_is_not_healthy(checks):
    assert judge(checks, [], {})["state"] == "broken"
    assert judge(checks, [], RESULT)["state"] == "broken"


@pytest.mark.parametrize("one", [{"check": "weather", "state": "ok"}, {"check": "endpoint", "state": "fine"}, {}])
def test_what_is_no_row_is_refused(one):
    with pytest.raises(ValueError, match="Give the checks of the plan as they are"):
        judge([one], [], RESULT)


def test_no_text_can_move_the_cursor():
    report = judged([row("endpoint", "broken", "vpce\x1b[2J-1", "A\nB", "\u202eabc", "x\ud800y")], [seen(path(name="\x1b]0;t\x07"))])
    text = "".join(table(report)) + report["summary"]
    assert all(letter.isprintable() for letter in text)


def test_the_table_names_cause_evidence_and_change():
    report = judged([FINE, row("firewall", "broken", "sg-1", "It is shut.", "no rule", "Open port 19531.")], [seen(path("hangs"))])
    lines = table(report)
    assert lines[0].startswith("broken: ")
    at = lines.index("  broken    Way in to the endpoint: sg-1")
    assert [line.split() for line in lines[at + 1 : at + 4]] == [
        ["why:", "It", "is", "shut."], ["seen:", "no", "rule"], ["mend:", "Open", "port", "19531."]
    ]
    assert any("search (in01-1) from app1" in line for line in lines)


def test_the_table_stays_short():
    probes = [seen(*[path("hangs" if n % 3 else "healthy", f"in01-{n:04}", f"c{n}") for n in range(1000)])]
    lines = table(judged(probes=probes))
    assert len(lines) < 40
    assert any("662 more" in line for line in lines)


def test_alike_rows_are_told_together():
    rows = [dict(row("record", "broken", f"h{n}", f"h{n} leads to 10.0.0.9."), station="dns") for n in range(3)]
    rows.append(dict(row("record", "broken", "h9", "There is no record of h9."), station="dns"))
    assert [len(group) for group in groups(rows)] == [3, 1]
    assert label({"subject": "in01-1", "cluster_name": "search", "vantage": "app1"}) == "search (in01-1) from app1"


# Whatever comes

words = st.text(max_size=25).map(lambda text: text * 8)
checks = st.lists(st.builds(row, st.sampled_from(list(CHECKS)), st.sampled_from(STATES), words, words, words, words), max_size=6)
stages = st.lists(st.fixed_dictionaries({"stage": st.sampled_from(["resolve", "call"]), "ok": st.booleans()}), max_size=2)
paths = st.builds(path, st.sampled_from(list(VERDICTS)), st.sampled_from(["in01-1", "in01-2", ""]), words, stages=stages)
vantages = st.builds(seen, st.lists(paths, max_size=3).map(tuple), vantage=st.sampled_from(["a", "b"]), error=st.sampled_from(["", "no ssh"]))
vantages = vantages.map(lambda one: {**one, "probes": [] if one["error"] else list(one["probes"][0])})
several = st.lists(vantages, max_size=3, unique_by=lambda one: one["vantage"])


@quick
@given(checks, several, st.sampled_from([{}, RESULT]), st.booleans(), st.sampled_from(["", "No key."]))
def test_the_state_follows_from_the_rows(checks, probes, result, preflight, problem):
    before = copy.deepcopy((checks, probes, result))
    report = judge(checks, probes, result, preflight, problem)
    assert before == (checks, probes, result)
    states, verdicts = {one["state"] for one in report["rows"]}, [probe["state"] for one in probes for probe in one["probes"]]
    assert report["summary"].startswith(f"{report['state']}: ") and report["summary"].endswith(".")
    if report["state"] == "healthy":
        assert states <= {"ok", "unknown", "skipped"} and "ok" in states
        assert not problem and not [one for one in probes if one["error"]] and set(verdicts) <= {"ok"}
    if report["state"] == "ready":
        assert preflight and "missing" in states and not states & {"broken", "degraded"}
    if "broken" in verdicts:
        assert report["state"] == "broken" or preflight and "missing" in states
    if problem or any(one["state"] == "broken" for one in checks):
        assert report["state"] == "broken"
    assert ("not proven from inside" in report["summary"]) == (not report["proven_from"])
    for one in probes:
        broken = one["error"] or not one["probes"] or any(probe["state"] == "broken" for probe in one["probes"])
        assert (one["vantage"] in report["proven_from"]) == (not broken)
    # Nothing is lost, and each is at a station of the way.
    paths_there = [one for one in report["rows"] if one["check"] == "path" and one.get("verdict")]
    assert len(paths_there) == len(verdicts)
    assert all(one["station"] in STATIONS for one in report["rows"])
    assert sum(report["counts"].values()) == len(report["rows"])
    for line in table(report):
        assert len(line) <= 100 and line.isprintable() and line.strip()
