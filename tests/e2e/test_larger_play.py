# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role inside somebody else's play: credentials, regions, delegation and check mode come from outside."""
from __future__ import annotations

from e2e.views import nothing_written, region, role, write_plays
from sandbox.aws.accounts import PROFILES


def keys(profile):
    return {"access_key": PROFILES[profile]["access_key_id"], "secret_key": PROFILES[profile]["secret_access_key"]}


def test_module_defaults_alone_reach_the_plan_and_every_act(link, sandbox, playbook, tmp_path):
    defaults = {
        "group/zilliz.cloud.zilliz": {"api_key": sandbox.env["ZILLIZCLOUD_API_KEY"], "host_address": sandbox.env["ZILLIZCLOUD_HOST_ADDRESS"]},
        "group/zilliz.cloud.aws": dict(keys("main"), endpoint_url=sandbox.env["AWS_ENDPOINT_URL"])}
    bare = {"ZILLIZCLOUD_API_KEY": "", "ZILLIZCLOUD_HOST_ADDRESS": "http://127.0.0.1:9", "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
            "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "AWS_CONFIG_FILE": "/dev/null"}
    # Six names and an address family that amazon.aws cannot set: our own modules act, too.
    sandbox.reset(clusters=6)
    sandbox.switch(route53_rate=0)
    before = sandbox.state()
    gaps = dict(ip_address_type="dualstack", client_egress=True, client_security_group_ids=[link.given["client_security_group_id"]],
                zone_vpcs=[{"vpc_id": link.given["second_vpc_id"]}])
    up = playbook(write_plays(tmp_path, {"module_defaults": defaults, "tasks": [role(link.extra(**gaps))]}), env=bare)
    assert up.rc == 0, up.stdout[-4000:]
    assert {"zilliz.cloud.aws_vpc_endpoint", "zilliz.cloud.route53_names", "zilliz.cloud.aws_security_group_rule",
            "zilliz.cloud.private_endpoint"} <= {one["action"] for one in up.modules}
    down = playbook(write_plays(tmp_path, {"module_defaults": defaults, "tasks": [role(link.extra(state="absent"))]}), env=bare)
    assert down.rc == 0, down.stdout[-4000:]
    sandbox.clock(advance=600)
    assert sandbox.state() == before


def test_a_default_region_of_the_play_moves_nothing_and_breaks_no_upstream_module(link, sandbox, playbook, tmp_path):
    before = sandbox.state()
    play = write_plays(tmp_path, {"module_defaults": {"group/amazon.aws.aws": {"region": "eu-central-1"}}, "tasks": [role(link.extra())]})
    up = playbook(play, env={"AWS_REGION": "us-east-1"})
    assert up.rc == 0, up.stdout[-4000:]
    assert up.result["region"] == "us-west-2" and len(region(sandbox)["endpoints"]) == 1
    assert "amazon.aws.route53" in {one["action"] for one in up.modules}
    again = playbook(write_plays(tmp_path, {"module_defaults": {"group/zilliz.cloud.aws": {"region": "eu-central-1"}},
                                            "tasks": [role(link.extra())]}))
    assert again.rc == 0 and again.plans[0]["steps"] == [], again.stdout[-4000:]
    down = playbook(write_plays(tmp_path, {"module_defaults": {"group/amazon.aws.aws": {"region": "eu-central-1"}},
                                           "tasks": [role(link.extra(state="absent"))]}))
    assert down.rc == 0, down.stdout[-4000:]
    sandbox.clock(advance=600)
    assert sandbox.state() == before


def test_acts_that_would_see_another_account_are_stopped(link, sandbox, playbook, tmp_path):
    start = len(sandbox.log())
    run = playbook(write_plays(tmp_path, {"module_defaults": {"group/amazon.aws.aws": keys("network")}, "tasks": [role(link.extra())]}))
    assert run.rc != 0 and "111122223333" in run.message and "444455556666" in run.message
    assert nothing_written(sandbox, start)


def test_from_a_play_for_other_hosts_with_become_and_in_check_mode_of_any_origin(link, sandbox, playbook, tmp_path):
    start = len(sandbox.log())
    local = {"delegate_to": "localhost", "become": False}
    use = {"name": "Use the result", "ansible.builtin.debug": {"msg": "{{ aws_private_link_result.links | map(attribute='cluster_name') | list }}"},
           "delegate_to": "localhost", "become": False}
    inventory = {"tasks": [{"name": "Name a host", "ansible.builtin.add_host": {"name": "app1", "ansible_host": "192.0.2.10"}}]}
    for check in (role(link.extra(), options={"apply": dict(local, check_mode=True)}),
                  {"block": [role(link.extra(), options={"apply": local})], "check_mode": True}):
        plays = write_plays(tmp_path, inventory, {"hosts": "app1", "connection": "ssh", "become": True, "tasks": [check, use], "vars": {}})
        run = playbook(plays)
        assert run.rc == 0 and run.stats["app1"]["changed"] == 1, run.stdout[-4000:]
        assert len(run.plans[0]["steps"]) == 8 and not run.plans[0]["act"]
        assert run.task("Use the result")["msg"] == ["night-off", "prod-01", "prod-02", "sparse-traffic", "try-out"]
        assert nothing_written(sandbox, start)
    plays = write_plays(tmp_path, inventory, {"hosts": "app1", "connection": "ssh", "become": True, "vars": {},
                                              "tasks": [role(link.extra(dns="none"), options={"apply": local}), use]})
    run = playbook(plays)
    assert run.rc == 0 and run.task("Use the result")["status"] == "ok", run.stdout[-4000:]
    assert len(region(sandbox)["endpoints"]) == 1
