# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest
import yaml
from ansible_collections.zilliz.cloud.plugins.module_utils._probe_judge import VERDICTS
from ansible_collections.zilliz.cloud.plugins.modules import private_link_probe

from unit.plugins.module_utils.probe_servers import HOST, Authority, Dns, Front, answering

KEY = "0123456789abcdef0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A resolver, a file of authorities, and the ports of a healthy cluster and of one that is down."""
    authority = Authority()
    path = authority.write(tmp_path_factory.mktemp("authority") / "ca.pem")
    context = authority.context(HOST)
    well = Front(answering(lambda request: b"HTTP/1.1 401 x\r\n\r\n" if request.startswith(b"POST") else b"HTTP/1.1 400 x\r\n\r\n"),
                 context=context)
    down = Front(answering(b"HTTP/1.1 503 x\r\n\r\n"), context=context)
    dns = Dns(records={(HOST, "A"): ["127.0.0.1"]})
    yield {"resolver": f"127.0.0.1:{dns.port}", "ca_path": path, "timeout": 2}, well.port, down.port
    for one in (well, down, dns):
        one.close()


@pytest.fixture
def probe(capsys, monkeypatch):
    from ansible.module_utils import _internal
    from ansible.module_utils.common.parameters import PASS_VARS
    from ansible.module_utils.testing import patch_module_args

    monkeypatch.setattr(_internal, "is_controller", False)
    # Newer cores return the options only when asked to.
    asked = {"_ansible_inject_invocation": True} if "inject_invocation" in PASS_VARS else {}

    def run(check_mode=False, **params):
        capsys.readouterr()
        with patch_module_args({"_ansible_check_mode": check_mode, **asked, **params}), pytest.raises(SystemExit):
            private_link_probe.main()
        text = capsys.readouterr().out
        assert KEY not in text
        return json.loads(text)

    return run


@pytest.mark.parametrize("check_mode", [False, True])
def test_links_as_a_plan_gives_them(probe, place, check_mode):
    how, well, down = place
    ready = {"cluster_id": "in01-1", "cluster_name": "search", "host": HOST, "port": well, "ready": True, "snippets": {}}
    waiting = {"cluster_id": "in01-2", "cluster_name": "later", "host": None, "port": None, "ready": False}
    found = probe(check_mode, links=[ready, waiting], expected_addresses=["127.0.0.1"], **how)
    assert found["changed"] is False and found["healthy"] is True
    assert [(one["cluster_id"], one["verdict"]) for one in found["probes"]] == [("in01-1", "healthy")]


def test_one_fault_among_healthy_links(probe, place):
    how, well, down = place
    found = probe(links=[f"https://{HOST}:{well}", f"{HOST}:{down}", f"https://other.test:{well}"], **how)
    assert not found.get("failed") and found["healthy"] is False
    assert [one["verdict"] for one in found["probes"]] == ["healthy", "cluster_down", "no_private_dns"]


def test_nothing_probed_is_nothing_proven(probe, place):
    assert probe(links=[{"ready": False}], **place[0])["healthy"] is False


def test_a_key_is_told_by_its_effect_only(probe, place):
    how, well, down = place
    found = probe(links=[f"{HOST}:{well}"], token=KEY, **how)
    assert found["probes"][0]["verdict"] == "key_refused" and found["healthy"] is False
    assert found["invocation"]["module_args"]["token"] == "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"


def test_the_environment_gives_no_key(probe, place, monkeypatch):
    for name in ("ZILLIZCLOUD_API_KEY", "ZILLIZ_API_KEY"):
        monkeypatch.setenv(name, KEY)
    how, well, down = place
    assert [stage["stage"] for stage in probe(links=[f"{HOST}:{well}"], **how)["probes"][0]["stages"]][-1] == "http"


def test_all_that_is_wrong_with_the_options_is_told_at_once(probe, tmp_path):
    found = probe(
        links=[{"host": "a b", "port": 1}, 5], resolver="dns.test", ca_path=str(tmp_path / "no.pem"), timeout=0, parallel=0, token=KEY,
        expected_addresses=["x"], validate_certs=False,
    )
    assert found["failed"]
    for word in ("entry 1 of links: host 'a b'", "entry 2 of links", "resolver 'dns.test'", "no.pem cannot be used: No such file",
                 "timeout must be", "parallel must be", "token needs validate_certs", "not 'x'"):
        assert word in found["msg"]


@pytest.mark.parametrize("timeout", ["nan", "inf", -1, 601])
def test_time_stays_bounded(probe, timeout):
    assert "timeout must be more than 0" in probe(links=[], timeout=timeout)["msg"]


def test_the_documentation_has_what_comes_back(probe, place):
    how, well, down = place
    told = yaml.safe_load(private_link_probe.RETURN)["probes"]["contains"]
    found = probe(links=[f"{HOST}:{well}"], **how)["probes"][0]
    assert set(told) == set(found) and set(told["stages"]["contains"]) == set(found["stages"][0])
    text = " ".join(told["verdict"]["description"])
    assert all(f"V({verdict})" in text for verdict in VERDICTS)


def test_it_needs_the_standard_library_only():
    """It runs on hosts where nothing was installed."""
    import ast
    import pathlib
    import sys

    utils = pathlib.Path(private_link_probe.__file__).parents[1] / "module_utils"
    for path in [pathlib.Path(private_link_probe.__file__), *utils.glob("_probe*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                own = name.startswith("ansible_collections.zilliz.cloud.plugins.module_utils") or name == "ansible.module_utils.basic"
                assert own or name.split(".")[0] in sys.stdlib_module_names, name
