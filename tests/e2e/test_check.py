# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The check of a link: before its set-up, after it, when others have changed it, and from hosts inside."""
from __future__ import annotations

import json
import pathlib
import sys

import pytest

from e2e.scenes import Scene, only, scene

ROLE = "zilliz.cloud.private_link_check"
# Where these tests' sandboxes are, an ssh that needs no daemon is, too: it notes that it was used and runs the last word here.
SSH = """#!/bin/sh
for last in "$@"; do :; done
case "$last" in -V) exit 0;; esac
echo ssh >> "{notes}"
exec sh -c "$last"
"""
PYTHON = """#!/bin/sh
echo {name} >> "{notes}"
exec "{python}" "$@"
"""


class Checks(Scene):
    """A link with a data plane on this machine, and an inventory with hosts inside."""

    SWITCHES = {"route53_rate": 0}
    WARM = False

    def __init__(self, process, folder, **reset):
        super().__init__(process, folder, switches={"loopback": True}, **reset)
        self.folder, self.notes = pathlib.Path(folder), pathlib.Path(folder) / "notes"
        for name in ("near", "far"):
            self.script(name, PYTHON.format(name=name, notes=self.notes, python=sys.executable))
        self.script("ssh", SSH.format(notes=self.notes))
        plane = process.scenario["dataplane"]
        self.resolver = plane["gcp_resolver" if self.CLOUD == "gcp" else "resolver"]
        self.inside = {"resolver": self.resolver, "ca_path": plane["ca_path"], "token": plane["token"], "timeout": "2", "report": "none"}
        self.env = {"ANSIBLE_INVENTORY": str(self.inventory()), "PWD": str(folder)}

    def script(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)

    def inventory(self):
        hosts = {
            # Without a connection of its own: Ansible's default, ssh.
            "far": {"ansible_host": "192.0.2.7", "ansible_ssh_executable": str(self.folder / "ssh"), "ansible_pipelining": True},
            "near": {"ansible_connection": "local"},
            "off": {"ansible_host": "127.0.0.1", "ansible_port": 9},
            "bare": {"ansible_connection": "local"},
        }
        for name, values in hosts.items():
            values["ansible_python_interpreter"] = str(self.folder / name)
        groups = {"inside": {"hosts": {"near": {}, "far": {}}}, "nobody": {"hosts": {}}}
        path = self.folder / "inventory.json"
        path.write_text(json.dumps({"all": {"hosts": hosts, "children": groups}}), encoding="utf-8")
        return path

    def noted(self):
        """Who was used since this was asked last."""
        found = self.notes.read_text(encoding="utf-8").split() if self.notes.exists() else []
        self.notes.write_text("", encoding="utf-8")
        return sorted(set(found))

    def settings(self, **variables):
        return {f"private_link_check_{name}": value for name, value in {**self.inside, **variables}.items()}

    def check(self, check=False, link=None, **variables):
        """The playbook, and what it wrote anywhere."""
        start = len(self.sandbox.log())
        extra = {**self.link.extra(), **(link or {}), **self.settings(**variables)}
        run = self.link._playbook("zilliz.cloud.check", check=check, diff=check, env=self.env, extra=extra)
        return Checked(run, self.sandbox.mutating(start))

    def several(self, variants, play=None):
        """The role once for each of these sets of variables, in one run."""
        tasks = []
        for name, variables in variants.items():
            role = {"ansible.builtin.include_role": {"name": ROLE, "apply": {"become": False}}, "vars": variables}
            tasks.append({"name": name, "block": [role], "rescue": [{"name": "Go on", "ansible.builtin.set_fact": {"failed": True}}]})
            tasks.append({"name": f"That was {name}", "ansible.builtin.debug": {"msg": "{{ private_link_check_result | default({}) }}"}})
        path = self.folder / "several.yml"
        own = {"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": tasks, **(play or {})}
        path.write_text(json.dumps([own]), encoding="utf-8")
        start = len(self.sandbox.log())
        run = self.link._playbook(path, env=self.env)
        parts, part = {}, []
        for one in run.results:
            if one["task"].startswith("That was "):
                parts[one["task"][9:]] = Checked(run, self.sandbox.mutating(start), part)
                part = []
            else:
                part.append(one)
        return parts


class Checked:
    """One check: what it judged, or the sentence with which it refused."""

    def __init__(self, run, written, results=None):
        self.run, self.written = run, written
        self.results = run.results if results is None else results

    def answer(self, *beginning):
        found = [one for one in self.results if one["task"].startswith(beginning) and one["status"] != "skipped"]
        assert found, self.run.stdout[-3000:]
        return found[-1]["result"]

    @property
    def judgement(self):
        return self.answer("Judge")

    @property
    def state(self):
        return self.judgement["state"]

    @property
    def rows(self):
        return self.judgement["rows"]

    @property
    def failure(self):
        """The sentence it ends with, or None."""
        failed = [one["result"]["msg"] for one in self.results if one["status"] == "failed"]
        return failed[-1] if failed else None

    @property
    def verdicts(self):
        """cluster_id -> verdict, from one vantage."""
        probe = only(one["result"] for one in self.results if one["task"].startswith("Probe the links") and "probes" in one["result"])
        return {one["cluster_id"]: one["verdict"] for one in probe["probes"]}

    def bad(self):
        return {(row["check"], row["state"]) for row in self.rows if row["state"] not in ("ok", "skipped")}

    def row(self, check, *words):
        """The row of this check which says these words."""
        found = [row for row in self.rows if row["check"] == check and all(word in " ".join(row.values()) for word in words)]
        assert len(found) == 1, (check, words, [row for row in self.rows if row["check"] == check])
        return found[0]


def told(row, state, *words):
    """The state, and that cause, evidence and mend say what one needs to know."""
    text = " ".join(row[name] for name in ("subject", "cause", "evidence", "mend"))
    assert row["state"] == state and row["cause"] and row["mend"], row
    assert all(word in text for word in words), row


class GoogleChecks(Checks):
    CLOUD = "gcp"


# AWS, from before the set-up on


@scene(Checks, clusters=4)
def aws(play):
    link, given = play.link, play.given
    bare = {**link.extra(), **play.settings(deep=False)}
    preflight = {**bare, "private_link_check_preflight": "true"}
    no_dns = link.extra(vpc_id=given["no_dns_vpc_id"], subnet_ids=given["no_dns_subnet_ids"], cluster_names=["prod-99"])
    play.before_all = play.several({
        "ready": {**preflight, "private_link_check_deep": ""},
        "not there": {**bare, "private_link_check_fail_on": "broken"},
        "no DNS": {**preflight, **no_dns},
        "zones": {**preflight, **link.extra(subnet_ids=[given["unsupported_subnet_id"]])},
        "wrong option": {**bare, **link.extra(dns="both")},
        "nothing": {},
        "two clouds": {**bare, "gcp_private_link_project_id": "proj-1"},
        "other cloud": {**bare, "private_link_check_cloud": "azure"},
        "half a link": {"aws_private_link_project_id": "proj-1", "aws_private_link_vpc_id": ""},
        "no such host": {**bare, "private_link_check_vantage": "near, nobody\nnowhere"},
        "absent": {**bare, "aws_private_link_state": "absent"},
    })

    made = link.made()
    play.hosts = {one["cluster_name"]: one["host"] for one in made.result["links"] if one["ready"]}
    play.noted()
    report = {"report": "out/link.html", "vantage": "inside", "deep": "yes", "preflight": "false", "fail_on": "", "family": "", "cloud": ""}
    text = {name: "\n".join(value) if isinstance(value, list) else str(value) for name, value in link.extra().items()}
    play.green = play.check(link=text, **report)
    play.used = play.noted()
    play.html, play.json = ((play.folder / "out" / name).read_text(encoding="utf-8") for name in ("link.html", "link.json"))
    play.dry = play.check(check=True, report="dry.html")

    larger = {"become": True, "vars": {"ansible_connection": "local", "ansible_python_interpreter": sys.executable, **bare}}
    play.larger = play.several({
        "far": {"private_link_check_vantage": ["far"]},
        "lost hosts": {"private_link_check_vantage": ["off", "bare", "near"], "private_link_check_fail_on": "broken"},
        "no key": {"private_link_check_vantage": "controller", "private_link_check_token": "wrong-key-of-somebody-else-0123456789abcdef"},
    }, larger)
    play.used_there = play.noted()


def test_before_the_set_up_it_is_ready_when_nothing_stands_in_the_way(aws):
    check = aws.before_all["ready"]
    assert check.failure is None and check.state == "ready", check.judgement["summary"]
    assert {"zone", "record", "endpoint", "registration"} <= {name for name, state in check.bad() if state == "missing"}
    assert not [one for one in check.bad() if one[1] in ("broken", "degraded")]
    assert check.judgement["proven_from"] == []


def test_what_is_not_there_is_broken_when_it_should_be(aws):
    check = aws.before_all["not there"]
    assert check.state == "broken" and check.failure.startswith("broken"), check.failure
    assert "zilliz.cloud.aws" in check.failure


def test_before_the_set_up_it_names_what_stands_in_the_way(aws):
    no_dns, zones = aws.before_all["no DNS"], aws.before_all["zones"]
    assert no_dns.state == zones.state == "broken"
    told(no_dns.row("network"), "broken", aws.given["no_dns_vpc_id"], "enable_dns_hostnames")
    told(no_dns.row("input", "prod-99"), "broken", "cluster_names")
    told(zones.row("zones"), "broken", aws.given["unsupported_subnet_id"])


def test_what_the_plan_refuses_is_told_like_any_other_finding(aws):
    check = aws.before_all["wrong option"]
    assert check.state == "broken" and "value of dns must be one of" in check.failure
    assert "value of dns must be one of" in check.row("input", "dns")["cause"]


@pytest.mark.parametrize(("case", "told"), [
    ("nothing", "No link is named: give the variables of the role"),
    ("two clouds", "Variables of both roles are given, so say which link to check"),
    ("other cloud", "private_link_check_cloud is azure: use aws or gcp"),
    ("half a link", "also give aws_private_link_region_id, aws_private_link_vpc_id"),
    ("no such host", "private_link_check_vantage names nowhere, and the inventory has no such group or host"),
    ("absent", "aws_private_link_state is absent, but only a link that is to be there can be checked"),
])
def test_bad_input_is_told_in_a_sentence_before_anything_is_read(aws, case, told):
    check = aws.before_all[case]
    assert told in check.failure and "undefined" not in check.failure
    assert not [one for one in check.results if one["action"].startswith("zilliz.cloud.")]


def test_a_group_without_hosts_is_told_with_the_rest(aws):
    assert "No host is in nobody" in aws.before_all["no such host"].failure


def test_a_link_that_works_is_green_and_nothing_is_touched(aws):
    """With every variable as text, as AWX sends them."""
    run = aws.green.run
    assert run.rc == 0 and aws.green.state == "healthy", run.stdout[-4000:]
    assert run.stats["localhost"]["changed"] == 0 and aws.green.written == []
    assert {row["state"] for row in aws.green.rows} <= {"ok", "unknown", "skipped"}
    # One that reads, one on each of the two hosts, one that judges.
    assert len(run.modules) == 4, [one["task"] for one in run.modules]


def test_it_tells_which_public_endpoints_are_on(aws):
    """As far as Zilliz Cloud tells: one of these clusters is of a deployment that does not."""
    rows = [row for row in aws.green.rows if row["check"] == "public_endpoint"]
    assert sorted(row["state"] for row in rows) == ["ok", "ok", "ok", "skipped"], rows
    assert all(row["evidence"].startswith("on: in01-") for row in rows if row["state"] == "ok"), rows


def test_the_probe_runs_on_the_hosts_inside_although_the_play_is_local(aws):
    assert aws.used == ["far", "near", "ssh"]
    probes = {one["task"]: one["result"]["probes"] for one in aws.green.results if one["task"].startswith("Probe the links from")}
    assert set(probes) == {"Probe the links from near", "Probe the links from far"}
    assert aws.green.judgement["proven_from"] == ["near", "far"]
    for probe in probes.values():
        assert {one["verdict"] for one in probe} == {"healthy"} and len(probe) == 4


def test_the_report_is_written_where_it_is_wanted(aws):
    assert "<html" in aws.html and all(host in aws.html for host in aws.hosts.values())
    assert json.loads(aws.json)["state"] == "healthy"
    result = aws.green.answer("Hand over the result")["ansible_facts"]["private_link_check_result"]
    assert [result[name] for name in ("state", "cloud", "html", "json")] == [
        "healthy", "aws", str(aws.folder / "out" / "link.html"), str(aws.folder / "out" / "link.json")]


def test_check_mode_looks_just_as_well_and_writes_no_report(aws):
    assert aws.dry.run.rc == 0 and aws.dry.run.stats["localhost"]["changed"] == 0, aws.dry.run.stdout[-4000:]
    assert aws.dry.written == [] and not list(aws.folder.glob("dry*"))


def test_without_a_vantage_it_says_that_nothing_is_proven(aws):
    assert aws.dry.judgement["proven_from"] == []
    assert "not proven from inside" in aws.dry.judgement["summary"]


def test_in_somebody_elses_play_the_probe_runs_there_without_root(aws):
    """That play becomes another user and says for all hosts how they are reached, and by which Python."""
    check = aws.larger["far"]
    assert check.failure is None and check.judgement["proven_from"] == ["far"], check.run.stdout[-4000:]
    assert aws.used_there == ["far", "near", "ssh"]


def test_a_host_that_cannot_be_asked_is_a_finding_and_stops_nothing(aws):
    check = aws.larger["lost hosts"]
    assert check.failure is None and check.state == "degraded" and check.judgement["proven_from"] == ["near"]
    assert "port 9" in str(check.row("path", "off")) and "bare" in str(check.row("path", "bare"))


def test_fail_on_says_how_bad_it_must_be(aws):
    assert aws.larger["lost hosts"].state == aws.larger["no key"].state == "degraded"
    assert aws.larger["lost hosts"].failure is None and aws.larger["no key"].failure.startswith("degraded: ")


def test_a_key_that_is_refused_is_told_apart_from_the_path(aws):
    check = aws.larger["no key"]
    assert set(check.verdicts.values()) == {"key_refused"} and check.state == "degraded"
    assert "wrong-key-of-somebody-else" not in check.run.stdout


# What others do to it


@scene(Checks, clusters=4)
def aws_drift(play):
    link, sandbox = play.link, play.sandbox
    made = link.made()
    play.hosts = {one["cluster_name"]: one["host"] for one in made.result["links"] if one["ready"]}
    play.ports = {one["cluster_name"]: one["port"] for one in made.result["links"] if one["ready"]}
    first, second, third, fourth = (play.hosts[f"prod-0{number}"] for number in (1, 2, 3, 4))
    sandbox.drift("endpoint_subnets")
    sandbox.drift("rule_remove", port=play.ports["prod-04"])
    sandbox.drift("record_change", zone_id=first)
    sandbox.drift("record_delete", zone_id=second)
    sandbox.drift("zone_disassociate", zone_id=third, vpc_id=play.given["vpc_id"])
    sandbox.drift("zone_comment", zone_id=fourth)
    play.stale = sandbox.drift("stale_registration")["endpoint_id"]
    play.endpoint_id = made.result["endpoint"]["endpoint_id"]
    sandbox.drift("lose_registration", endpoint_id=play.endpoint_id)
    play.changed = play.check(check=True, vantage="near")
    sandbox.drift("endpoint_reject")
    play.rejected = play.check(vantage="near", deep=False)


def test_what_others_changed_is_broken_and_nothing_is_mended(aws_drift):
    check = aws_drift.changed
    assert check.run.rc != 0 and check.state == "broken" and check.written == []
    assert check.run.stats["localhost"]["changed"] == 0


def test_a_record_that_leads_elsewhere(aws_drift):
    host = aws_drift.hosts["prod-01"]
    told(aws_drift.changed.row("record", host), "broken", "192.0.2.1", "zilliz.cloud.aws")


def test_a_record_that_is_gone(aws_drift):
    told(aws_drift.changed.row("record", aws_drift.hosts["prod-02"]), "broken", "no record")


def test_a_zone_that_does_not_answer_in_the_vpc(aws_drift):
    told(aws_drift.changed.row("association", aws_drift.hosts["prod-03"]), "broken", aws_drift.given["vpc_id"])


def test_a_port_that_is_closed(aws_drift):
    told(aws_drift.changed.row("firewall", str(aws_drift.ports["prod-04"])), "broken", aws_drift.given["client_cidrs"][0])


def test_what_still_works_but_is_not_as_wanted_is_degraded(aws_drift):
    told(aws_drift.changed.row("zone", aws_drift.hosts["prod-04"]), "degraded", "comment")
    told(aws_drift.changed.row("endpoint", "subnet"), "degraded", "subnets")
    told(aws_drift.changed.row("stale_registrations", aws_drift.stale), "unknown", "purge_stale")


def test_the_path_from_inside_shows_the_same(aws_drift):
    ids = aws_drift.clusters()
    assert aws_drift.changed.verdicts == {
        ids["prod-01"]: "public_address", ids["prod-02"]: "no_private_dns", ids["prod-03"]: "public_address", ids["prod-04"]: "hangs"}
    for name, cluster_id in ids.items():
        if name.startswith("prod"):
            told(aws_drift.changed.row("path", cluster_id), "broken", aws_drift.hosts[name])


def test_a_failed_check_ends_with_causes_and_what_mends_them(aws_drift):
    failure = aws_drift.changed.failure
    assert failure.startswith("broken: ") and aws_drift.hosts["prod-01"] in failure and "Run the playbook zilliz.cloud.aws" in failure
    assert len(failure) < 6000


def test_a_lost_registration(aws_drift):
    told(aws_drift.changed.row("registration"), "broken", "not registered", aws_drift.endpoint_id)


def test_a_rejected_endpoint(aws_drift):
    told(aws_drift.rejected.row("endpoint", "no usable endpoint"), "broken", "zilliz.cloud.aws")
    told(aws_drift.rejected.row("endpoint", aws_drift.endpoint_id), "degraded", "rejected")
    assert set(aws_drift.rejected.verdicts.values()) <= {"hangs", "public_address", "no_private_dns"}


# What a client meets


@scene(Checks, clusters=13)
def data_plane(play):
    made = play.link.made()
    play.ids = [play.clusters()[f"prod-{number:02d}"] for number in range(1, 14)]
    play.ports = {one["cluster_id"]: one["port"] for one in made.result["links"] if one["ready"]}
    for cluster_id, kind in zip(play.ids, FAULTS):
        play.sandbox.drift(f"data_plane_{kind}", cluster_id=cluster_id)
    play.met = play.check(vantage="near", deep=False)
    play.sandbox.drift("data_plane_ok")
    play.sandbox.drift("data_plane_hang", port=19531)
    play.sandbox.drift("data_plane_refuse", port=19532)
    play.sandbox.drift("data_plane_one_address_hangs")
    play.way = play.check(vantage="near", deep=False)


# As the sandbox calls it, and the verdict.
FAULTS = {
    "wrong_certificate": "wrong_certificate", "endpoint_certificate": "wrong_certificate", "untrusted_certificate": "untrusted_certificate",
    "expired_certificate": "expired_certificate", "silent": "no_answer", "odd_answer": "odd_answer", "cluster_down": "cluster_down",
    "close": "closed", "reset": "closed", "mute": "no_answer", "not_tls": "not_tls", "call_fails": "call_failed",
}


@pytest.mark.parametrize("kind", FAULTS)
def test_what_goes_wrong_on_the_path_gets_its_verdict(data_plane, kind):
    cluster_id = data_plane.ids[list(FAULTS).index(kind)]
    assert data_plane.met.verdicts[cluster_id] == FAULTS[kind]
    rows = [row for row in data_plane.met.rows if row["check"] in ("path", "authentication") and row["subject"] == cluster_id]
    worst = only(row for row in rows if row["state"] != "ok")
    told(worst, "degraded" if kind == "call_fails" else "broken")


def test_a_healthy_path_beside_faulty_ones_is_called_healthy(data_plane):
    cluster_id = data_plane.ids[-1]
    assert data_plane.met.verdicts[cluster_id] == "healthy"
    assert data_plane.met.row("path", cluster_id)["state"] == data_plane.met.row("authentication", cluster_id)["state"] == "ok"


def test_ports_that_hang_or_refuse_and_an_address_that_hangs(data_plane):
    of_port = {19531: "hangs", 19532: "refused"}
    assert data_plane.way.verdicts == {cluster_id: of_port.get(port, "partly") for cluster_id, port in data_plane.ports.items()}
    assert set(data_plane.way.verdicts.values()) == {"hangs", "refused", "partly"}


# Google


@scene(GoogleChecks, clusters=4)
def gcp(play):
    link, sandbox = play.link, play.sandbox
    bare = {**link.extra(), **play.settings()}
    play.before_all = play.several({
        "ready": {**bare, "private_link_check_preflight": "yes"},
        "wrong ids": {**bare, **link.extra(network="no-such-vpc"), "private_link_check_preflight": True},
    })
    made = link.made()
    play.hosts = {one["cluster_name"]: one["host"] for one in made.result["links"] if one["ready"]}
    play.green = play.check(vantage="controller")
    first, second, third, fourth = (play.hosts[f"prod-0{number}"] for number in (1, 2, 3, 4))
    sandbox.drift("gcp_record_change", zone=first)
    sandbox.drift("gcp_record_delete", zone=second)
    sandbox.drift("gcp_zone_network_remove", zone=third)
    sandbox.drift("gcp_zone_delete", zone=fourth)
    sandbox.drift("gcp_endpoint_labels", remove=["zilliz-cloud-private-link"])
    sandbox.drift("gcp_deny_egress", network=play.given["network"])
    play.changed = play.check(check=True, vantage="near")
    sandbox.drift("gcp_connection_reject")
    play.rejected = play.check(deep=False)


def test_google_before_the_set_up(gcp):
    ready, wrong = gcp.before_all["ready"], gcp.before_all["wrong ids"]
    assert ready.failure is None and ready.state == "ready", ready.failure
    assert wrong.state == "broken" and "no-such-vpc" in wrong.failure


def test_google_green(gcp):
    run = gcp.green.run
    assert run.rc == 0 and gcp.green.state == "healthy", run.stdout[-4000:]
    assert run.stats["localhost"]["changed"] == 0 and gcp.green.written == [] and len(run.modules) == 3
    assert set(gcp.green.verdicts.values()) == {"healthy"} and gcp.green.judgement["proven_from"] == ["controller"]


def test_google_names_what_others_changed(gcp):
    check = gcp.changed
    first, second, third, fourth = (gcp.hosts[f"prod-0{number}"] for number in (1, 2, 3, 4))
    assert check.run.rc != 0 and check.state == "broken" and check.written == [] and check.run.stats["localhost"]["changed"] == 0
    told(check.row("record", first), "broken", "192.0.2.1", "zilliz.cloud.gcp")
    told(check.row("record", second), "broken", "no record")
    told(check.row("association", third), "broken", gcp.given["network"])
    told(check.row("zone", fourth), "broken", fourth)
    told(check.row("client_egress", "deny-all-egress"), "broken")
    assert len(check.verdicts) == 4 and "healthy" not in check.verdicts.values()


def test_google_names_a_rejected_connection(gcp):
    told(gcp.rejected.row("endpoint", "Its connection is REJECTED"), "broken", "zilliz.cloud.gcp")
