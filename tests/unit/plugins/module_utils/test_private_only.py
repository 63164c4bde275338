# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import itertools

import pytest
from ansible_collections.zilliz.cloud.plugins.module_utils._names import links
from ansible_collections.zilliz.cloud.plugins.module_utils._private_only import CACHES, NO_VANTAGE, Decision, choose, public_links
from hypothesis import given
from hypothesis import strategies as st

PLACE = ("proj-1", "aws-us-west-2")
ROWS = [{"region_id": PLACE[1], "endpoint_status": "AVAILABLE"}]
HANGS = {"state": "broken", "cause": "It hangs.", "mend": "Open the port."}


def cluster(name, **more):
    return {
        "cluster_id": f"in01-{name}", "cluster_name": name, "project_id": PLACE[0], "region_id": PLACE[1], "plan": "Enterprise",
        "status": "RUNNING", "connect_address": f"https://{name}.example.com:19530", "public_address_enabled": True,
        "private_link_address": f"https://{name}-privatelink.example.com:19531", **more,
    }


def seen(*clusters, vantage="inside", **wrong):
    """What one vantage saw: all is well but what is named."""
    probes = [{"cluster_id": one["cluster_id"], "state": "ok", **wrong.get(one["cluster_name"], {})} for one in clusters]
    return {"vantage": vantage, "error": "", "probes": probes}


def decide(*clusters, closing=True, names=(), **more):
    chosen = choose(links(list(clusters), *PLACE), [], list(names), closing)[0]
    return Decision(closing, chosen, {one["cluster_id"]: one for one in clusters}, ROWS, **more)


def acts(*clusters, **kinds):
    return {kind: [{"cluster_id": one["cluster_id"], "changed": True, "msg": None, **more} for one in clusters] for kind, more in kinds.items()}


A, B = cluster("a"), cluster("b")


def test_all_that_have_a_private_link_are_meant():
    clusters = [A, cluster("c", private_link_address=""), cluster("d", status="STOPPED"), cluster("e", plan="Serverless", private_link_address="")]
    chosen, notes, mistakes = choose(links(clusters, *PLACE), [], [], True)
    assert [one["cluster_name"] for one in chosen] == ["a"] and mistakes == []
    assert len(notes) == 3 and all("keeps its public endpoint" in note for note in notes)
    opened = choose(links(clusters, *PLACE), [], [], False)
    assert [one["cluster_name"] for one in opened[0]] == ["a", "c", "d"]


def test_named_clusters_are_meant_whatever_they_are():
    clusters = [A, B, cluster("c", private_link_address="")]
    chosen, notes, mistakes = choose(links(clusters, *PLACE), ["in01-a"], ["c"], True)
    assert [one["cluster_name"] for one in chosen] == ["a", "c"] and notes == mistakes == []
    assert "there is no cluster x in this project and region" in choose(links(clusters, *PLACE), [], ["a", "x"], True)[2][0]


def test_a_closed_door_opens_for_proof_only():
    assert decide(A, B).switch == ["in01-a", "in01-b"]
    assert decide(A, B, probes=[seen(A, B)]).switch == ["in01-a", "in01-b"]
    assert decide(A, B, probes=[]).problems == [NO_VANTAGE]


@pytest.mark.parametrize(
    "probes",
    [
        [seen(A, B, b=HANGS)],
        [seen(A, B, b={"state": "degraded", "cause": "Some addresses do not answer."})],
        [seen(A)],
        [seen(A, B), {"vantage": "far", "error": "no route to it", "probes": []}],
        [seen(A, B), seen(A, B, vantage="far", b=HANGS)],
    ],
)
def test_one_of_them_that_is_not_proven_holds_back_all(probes):
    decision = decide(A, B, probes=probes)
    assert decision.switch == [] and len(decision.problems) == 1
    assert decision.problems[0].startswith("nothing was closed: the private link of ") and "b (in01-b) " in decision.problems[0]
    assert decision.revert == []


def test_the_cause_and_what_mends_it_are_told():
    assert decide(A, probes=[seen(A, a=HANGS)]).problems == [
        "nothing was closed: the private link of a (in01-a) does not work from inside: It hangs. Open the port."
    ]


def test_a_host_that_cannot_be_asked_is_named_once():
    lost = {"vantage": "far", "error": "no route to it", "probes": []}
    assert decide(A, B, probes=[seen(A, B), lost]).problems == [
        "nothing was closed: the private link of a (in01-a) and b (in01-b) is not proven from far: no route to it"
    ]


OUTSIDE = [{"cluster_id": "in01-a", "public_addresses": ["192.0.2.1"], "stages": [{"stage": "resolve", "ok": False}]}]


@pytest.mark.parametrize(
    ("view", "more", "locked"),
    [
        (OUTSIDE, {}, True),
        (OUTSIDE, {"accept_lockout": True}, False),
        ([{**OUTSIDE[0], "public_addresses": []}], {}, False),
        ([{**OUTSIDE[0], "stages": [{"stage": "resolve", "ok": True}]}], {}, False),
        ([], {}, False),
    ],
)
def test_a_controller_that_knows_the_public_name_only(view, more, locked):
    decision = decide(A, probes=[seen(A)], controller=view, **more)
    assert (decision.switch == []) is locked and bool(decision.problems) is locked
    assert decide(A, probes=[seen(A, vantage="controller")], controller=view, **more).switch == ["in01-a"]
    closed = cluster("a", public_address_enabled=False)
    assert decide(closed, probes=[seen(A)], controller=view, **more).problems == []


def test_what_an_interrupted_run_began_is_gone_on_with():
    closing = cluster("a", status="DISABLE_PUBLIC_DOMAIN")
    assert decide(closing, B, probes=[seen(A, B)]).switch == ["in01-a", "in01-b"]
    assert decide(closing, B, closing=False).switch == ["in01-a"]


@pytest.mark.parametrize("status, word", [("DISABLE_PUBLIC_DOMAIN", "closing"), ("ENABLE_PUBLIC_DOMAIN", "opening")])
def test_what_is_on_its_way_is_shown_so(status, word):
    assert [row["public_endpoint"] for row in decide(cluster("a", status=status)).rows()] == [word]


def test_clusters_that_cannot_be_closed_are_told_and_hold_back_nobody():
    decision = decide(A, cluster("b", public_address_enabled=None), probes=[seen(A, B)])
    assert decision.switch == ["in01-a"]
    assert len(decision.problems) == 1 and decision.problems[0].startswith("b (in01-b): the API of this deployment cannot close")


def test_a_named_cluster_without_a_link_is_told_once():
    decision = decide(A, cluster("c", private_link_address=""), names=["a", "c"], probes=[seen(A)])
    assert decision.switch == [] and len(decision.problems) == 1 and "c (in01-c) cannot be proven" in decision.problems[0]


CLOSED_A, CLOSED_B = cluster("a", public_address_enabled=False), cluster("b", public_address_enabled=False)


def test_what_fails_the_second_proof_is_opened_again_and_no_other():
    done = acts(A, B, switched={}, awaited={"changed": False})
    decision = decide(CLOSED_A, CLOSED_B, probes=[seen(A, B, b=HANGS)], acts=done)
    assert decision.revert == ["in01-b"]
    assert decide(CLOSED_A, CLOSED_B, probes=[], acts=done).revert == ["in01-a", "in01-b"]
    assert decide(CLOSED_A, CLOSED_B, probes=[seen(A, B)], acts=done).revert == []
    after = decide(CLOSED_A, B, probes=[seen(A, B, b=HANGS)], acts={**done, **acts(B, reverted={})})
    assert after.revert == [] and len(after.problems) == 1 and "closed and opened again" in after.problems[0]
    assert [row["changed"] for row in after.rows()] == [True, False]
    assert after.summary == "1 of 2 public endpoints is closed, 1 by this run"
    assert after.rows()[1]["note"] == "closed and opened again; private link does not work from inside: It hangs."


def test_what_was_closed_before_is_not_opened_unasked():
    decision = decide(CLOSED_A, CLOSED_B, probes=[seen(A, B, a=HANGS)], acts=acts(B, switched={}))
    assert decision.revert == [] and "the private link of a (in01-a) does not work" in decision.problems[0]
    assert "is closed already" in decide(CLOSED_A, probes=[seen(A, a=HANGS)]).problems[0]


def test_an_answer_that_was_lost_counts_when_the_cluster_shows_it():
    lost = acts(A, switched={"changed": False, "msg": "broke the connection"})
    assert decide(cluster("a", status="DISABLE_PUBLIC_DOMAIN"), probes=[seen(A, a=HANGS)], acts=lost).revert == ["in01-a"]
    assert decide(A, probes=[seen(A, a=HANGS)], acts=lost).revert == []


def test_neither_way():
    done = {**acts(A, switched={}), **acts(A, reverted={"msg": "refused"})}
    decision = decide(CLOSED_A, probes=[seen(A, a=HANGS)], acts=done)
    assert "can be reached neither way" in decision.problems[0] and "private_only_state=enabled" in decision.problems[0]
    assert decision.problems[1] == "refused"


def test_check_mode_foretells():
    decision = decide(A, probes=[seen(A)], acts=acts(A, switched={}), check=True)
    assert decision.revert == [] and decision.problems == []
    assert decision.summary == "1 of 1 public endpoint would be closed; the private links work from inside"
    assert decision.rows()[0]["public_endpoint"] == "closed" and decision.rows()[0]["changed"]


def test_opening_says_that_caches_delay_it():
    view = [{"cluster_id": "in01-a", **HANGS}]
    decision = decide(A, closing=False, controller=view, acts=acts(A, switched={}))
    assert decision.problems == [] and decision.summary == f"1 of 1 public endpoint is open, 1 by this run. {CACHES}"
    assert CACHES in decision.summary
    assert decision.rows()[0]["note"].startswith("the public name does not answer from here yet: It hangs. Open the port.")
    assert public_links(decision.chosen) == [{"cluster_id": "in01-a", "cluster_name": "a", "host": "a.example.com", "port": 19530}]


def test_an_opened_name_that_answers_is_said_to():
    decision = decide(A, closing=False, controller=[{"cluster_id": "in01-a", "state": "ok"}], acts=acts(A, switched={}))
    assert decision.rows()[0]["note"] == "the public name answers from here"


def test_a_cluster_that_cannot_be_read_hides_no_other():
    decision = decide({**A, "unreadable": "GET clusters: refused"}, B, probes=[seen(A, B)])
    assert decision.switch == ["in01-b"] and decision.problems == ["a (in01-a): GET clusters: refused"]


STATES = st.fixed_dictionaries(
    {
        "public_address_enabled": st.sampled_from([True, False, None]),
        "status": st.sampled_from(["RUNNING", "DISABLE_PUBLIC_DOMAIN", "ENABLE_PUBLIC_DOMAIN", "MODIFYING", "STOPPED", "ABNORMAL"]),
        "private_link_address": st.sampled_from(["", "https://x.example.com:1"]),
        "deployment_option": st.sampled_from(["Dedicated", "Free", "Serverless"]),
    }
)


@given(st.lists(STATES, min_size=1, max_size=4), st.data())
def test_whatever_there_is_nothing_is_closed_that_was_not_proven(states, data):
    clusters = [cluster(name, **state) for name, state in zip("abcd", states)]
    probe_state = st.sampled_from(["ok", "degraded", "broken"])
    probes = [
        {"vantage": place, "error": data.draw(st.sampled_from(["", "lost"])),
         "probes": [{"cluster_id": one["cluster_id"], "state": data.draw(probe_state)} for one in clusters]}
        for place in data.draw(st.lists(st.sampled_from(["x", "y"]), max_size=2, unique=True))
    ]
    decision = decide(*clusters, names=[one["cluster_name"] for one in clusters], probes=probes)
    good = probes and not any(one["error"] for one in probes)
    good = good and all(one["state"] == "ok" for one in itertools.chain(*(place["probes"] for place in probes)))
    good = good and all(one["private_link_address"] for one in states)
    assert not decision.switch or good
    for one in decision.switch:
        found = next(x for x in clusters if x["cluster_id"] == one)
        assert found["public_address_enabled"] is not None and found["deployment_option"] == "Dedicated"
    assert len(decision.rows()) == len(decision.lines()) == len(clusters)
    assert decision.problems or good or not [one for one in states if one["public_address_enabled"]]
