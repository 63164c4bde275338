# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest
from ansible.module_utils import _internal
from ansible.module_utils.common import warnings
from ansible.module_utils.testing import patch_module_args
from ansible_collections.zilliz.cloud.plugins.modules import private_link_fleet_report

LINKS = [
    {"host": "us", "cloud": "aws", "link": "p/aws-us-west-2/vpc-1", "changes": ["create record a", "create record b"],
     "links": [{"host": "a.example.com", "port": 19531, "ready": True}, {"host": None, "port": None, "ready": False}]},
    {"host": "eu", "cloud": "gcp", "link": "q/gcp-us-west1/my-project/my-vpc", "failed": True, "summary": "It is <b>not</b> there."},
]


@pytest.fixture
def run(capsys, monkeypatch):
    monkeypatch.setattr(_internal, "is_controller", False)

    def run_module(check_mode=False, **params):
        capsys.readouterr()
        warnings._global_warnings.clear()
        wanted = {"hosts": ["us", "eu"], "links": LINKS, **params}
        with patch_module_args({"_ansible_check_mode": check_mode, **wanted}), pytest.raises(SystemExit):
            private_link_fleet_report.main()
        result = json.loads(capsys.readouterr().out)
        assert "exception" not in result, result
        return result

    return run_module


def test_a_line_for_each_link(run):
    told = run()
    assert told["summary"] == "1 of 2 links are set up; 1 failed: eu."
    assert told["counts"] == {"changed": 1, "failed": 1} and told["failed_hosts"] == ["eu"]
    assert told["lines"] == [
        told["summary"],
        "  changed   us  aws  p/aws-us-west-2/vpc-1",
        "            2 changes; 1 of 2 clusters reached privately.",
        "  failed    eu  gcp  q/gcp-us-west1/my-project/my-vpc",
        "            It is <b>not</b> there.",
    ]
    assert told["links"][0]["addresses"] == ["a.example.com:19531"] and not told["changed"]


def test_check_mode_tells_what_would_be_and_writes_nothing(run, tmp_path):
    links = [{"host": "us", "steps": ["create record a"]}, {"host": "eu"}]
    told = run(check_mode=True, links=links, json=str(tmp_path / "x.json"))
    assert told["summary"] == "1 of 2 links would change."
    assert [one["summary"] for one in told["links"]] == [
        "1 step to do; 0 of 0 clusters reached privately.", "Nothing to do; 0 of 0 clusters reached privately."]
    assert told["changed"] and not (tmp_path / "x.json").exists()


@pytest.mark.parametrize(("action", "summary"), [("check", "2 of 2 links are as they should be."), ("absent", "2 of 2 links are taken down.")])
def test_the_other_actions(run, action, summary):
    links = [{"host": "us", "state": "healthy"} if action == "check" else {"host": "us"}, {"host": "eu"}]
    assert run(action=action, links=links)["summary"] == summary


def test_a_host_that_was_lost_counts_as_failed(run):
    told = run(links=LINKS[:1])
    assert told["failed_hosts"] == ["eu"] and "its own error is further up" in told["links"][1]["summary"]


def test_the_page_leads_to_the_reports_and_no_text_is_markup(run, tmp_path):
    links = [dict(LINKS[0], state="degraded", report=str(tmp_path / "out" / "us.html")), LINKS[1]]
    run(links=links, html=str(tmp_path / "out" / "fleet.html"), json=str(tmp_path / "out" / "fleet.json"))
    page = (tmp_path / "out" / "fleet.html").read_text(encoding="utf-8")
    assert 'href="us.html"' in page and "It is &lt;b&gt;not&lt;/b&gt; there." in page and "<script" not in page
    assert json.loads((tmp_path / "out" / "fleet.json").read_text(encoding="utf-8"))["counts"] == {"degraded": 1, "failed": 1}


def test_a_place_that_cannot_be_written_to(run, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert "cannot be written to" in run(json=str(tmp_path / "file" / "x.json"))["msg"]
