# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import os
import pathlib
import stat

import pytest
from ansible.module_utils import _internal
from ansible.module_utils.common import warnings
from ansible.module_utils.testing import patch_module_args
from ansible_collections.zilliz.cloud.plugins.module_utils._checks import row
from ansible_collections.zilliz.cloud.plugins.modules import private_link_report

CHECKS = [row("endpoint", "ok", "vpce-1", evidence="available")]
PROBE = {"cluster_id": "in01-1", "cluster_name": "search", "host": "h.example.com", "port": 19531, "verdict": "healthy", "state": "ok",
         "cause": "It works.", "evidence": "HTTP 400", "mend": "", "addresses": ["10.0.0.7"], "stages": []}
PROBES = [{"vantage": "app1", "probes": [PROBE]}]
RESULT = {"links": [{"cluster_id": "in01-1", "cluster_name": "search", "host": "h.example.com", "port": 19531, "ready": True}]}


@pytest.fixture
def run(capsys, monkeypatch):
    monkeypatch.setattr(_internal, "is_controller", False)

    def run_module(check_mode=False, **params):
        capsys.readouterr()
        warnings._global_warnings.clear()
        wanted = {"link": "p/r/vpc-1", "cloud": "aws", "checks": CHECKS, "probes": PROBES, "result": RESULT, **params}
        with patch_module_args({"_ansible_check_mode": check_mode, **wanted}), pytest.raises(SystemExit):
            private_link_report.main()
        result = json.loads(capsys.readouterr().out)
        assert "exception" not in result, result
        return result

    return run_module


def mode(path):
    return stat.S_IMODE(os.stat(path).st_mode)


def test_it_judges_and_writes_nothing_unasked(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    answer = run()
    assert answer["state"] == "healthy" and answer["proven_from"] == ["app1"] and not answer["changed"]
    assert answer["lines"][0] == answer["summary"] == "healthy: all 2 checks passed; proven from inside by app1."
    assert answer["counts"]["ok"] == len(answer["rows"]) == 2
    assert list(tmp_path.iterdir()) == []


def test_both_files(run, tmp_path):
    html, machine = tmp_path / "deep" / "er" / "report.html", tmp_path / "report.json"
    before = os.umask(0o077)
    try:
        answer = run(html=str(html), json=str(machine))
    finally:
        os.umask(before)
    assert answer["changed"]
    assert html.read_text().startswith("<!DOCTYPE html>") and "The private link is healthy" in html.read_text()
    told = json.loads(machine.read_text())
    assert list(told) == ["state", "summary", "link", "cloud", "time", "proven_from", "rows", "probes", "links"]
    assert told["rows"] == answer["rows"] and told["links"] == RESULT["links"] and told["probes"][0]["probes"] == [PROBE]
    assert mode(html) == mode(machine) == 0o644
    assert sorted(one.name for one in tmp_path.rglob("*") if one.is_file()) == ["report.html", "report.json"]


def test_an_old_report_is_replaced_as_a_whole(run, tmp_path, monkeypatch):
    path = tmp_path / "report.html"
    path.write_text("old")
    path.chmod(0o600)
    opened = open(path)
    assert run(html=str(path))["changed"]
    assert opened.read() == "old", "who has it open reads on in the old one"
    opened.close()
    assert "healthy" in path.read_text() and mode(path) == 0o644
    monkeypatch.setattr(private_link_report, "page", lambda *args: path.read_text())
    assert not run(html=str(path))["changed"]


def test_check_mode_foresees_and_writes_nothing(run, tmp_path):
    path = tmp_path / "new" / "report.html"
    assert run(check_mode=True, html=str(path))["changed"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", ["folder", "under a file"])
def test_a_path_that_cannot_be_written(run, tmp_path, place):
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    path = tmp_path / "folder" if place == "folder" else tmp_path / "file" / "report.html"
    for check_mode in (False, True) if place == "folder" else (False,):
        failed = run(html=str(path), check_mode=check_mode)
        assert failed["failed"] and failed["msg"].startswith(f"The report cannot be written to {path}: ")
        assert failed["msg"].endswith("Name a file in a folder that you may write to.")
    assert sorted(one.name for one in tmp_path.rglob("*")) == ["file", "folder"]


def test_a_full_disk_leaves_the_old_report(run, tmp_path, monkeypatch):
    path = tmp_path / "report.html"
    path.write_text("old")

    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert "No space left on device" in run(html=str(path))["msg"]
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]


def test_what_is_no_row_is_refused(run):
    assert "Give the checks of the plan as they are" in run(checks=[{"check": "endpoint", "state": "green"}])["msg"]


def test_before_the_set_up(run):
    answer = run(checks=[row("endpoint", "missing")], probes=[], preflight=True)
    assert answer["state"] == "ready" and answer["lines"][0].startswith("ready: ")


def test_without_a_plan(run, tmp_path):
    answer = run(checks=[], probes=[], result={}, link="", problem="The key is refused.", html=str(tmp_path / "r.html"))
    assert answer["state"] == "broken" and "The key is refused." in pathlib.Path(tmp_path / "r.html").read_text()


def test_a_vantage_that_was_not_reached(run):
    answer = run(probes=[{"vantage": "app1", "error": "no ssh"}])
    assert answer["state"] == "degraded" and "not proven from inside" in answer["summary"]
