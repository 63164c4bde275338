# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody follows the pages for people, word by word: files are written as they stand there, commands run as they stand there."""
from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys

import boto3
import pytest
import yaml

from e2e.link import NAMES
from e2e.pages import NOT_EXECUTED, blocks, every_block, not_run
from e2e.runner import FOREIGN, run_playbook
from e2e.views import MARK_TAG, nothing_written, region, registered, zones
from sandbox.scenario import SERVICE

# These pages are followed from top to bottom, each by a test of its own.
FOLLOWED = ("quick_start_aws", "quick_start_gcp", "cross_region", "private_only", "migration", "automation", "fleets", "dns")
# Commands of pages that nobody follows, and the test that runs the playbook with these variables.
RUN_ELSEWHERE = {
    "ansible-playbook zilliz.cloud.awx -e @awx.yml": "test_awx",
    "ansible-playbook zilliz.cloud.awx -e @awx.yml --check": "test_awx",
    "ansible-playbook zilliz.cloud.check -e @link.yml -e private_link_check_preflight=true": "test_check",
    "ansible-playbook zilliz.cloud.check -e @link.yml -i hosts.ini -e private_link_check_vantage=app": "test_check",
    "ansible-playbook zilliz.cloud.check -e @link.yml -e private_link_check_fail_on=broken": "test_check",
    "ansible-playbook zilliz.cloud.private_only -i inventory -e @link.yml -e private_link_check_vantage=vpc_clients": "test_private_only",
}
# Files without variables of a link: the first is used by test_fleets, the other has the options that test_awx gives.
GIVEN_ELSEWHERE = ("clusters.yml", "awx.yml")
# No clock of a test is the vendor's.
QUICK = {"aws_private_link_delay": 1, "gcp_private_link_delay": 1, "private_only_delay": 1}


class Reader:
    """Someone with the page before him, in a folder of his own."""

    def __init__(self, sandbox, folder):
        self.sandbox, self.folder, self.runs = sandbox, pathlib.Path(folder), {}
        sandbox.reset(switches={"loopback": True})
        sandbox.switch(route53_rate=0)
        self.scenario = sandbox.scenario
        self.instead = instead_of_examples(self.scenario, self.folder)
        self.extra = dict(QUICK)

    def inside(self, cloud="aws"):
        """The hosts of the page are inside the network: here they are this machine, with the network's resolver."""
        plane = self.scenario["dataplane"]
        resolver = plane["gcp_resolver" if cloud == "gcp" else "resolver"]
        self.extra.update({"private_link_check_resolver": resolver, "private_link_check_ca_path": plane["ca_path"], "ansible_connection": "local",
                           "private_only_controller_resolver": resolver})

    def words(self, text):
        for example, real in self.instead.items():
            text = text.replace(example, real)
        return text

    def write(self, block):
        path = self.folder / block.file
        path.parent.mkdir(exist_ok=True)
        path.write_text(self.words(block.text), encoding="utf-8")

    def follow(self, page, fails=()):
        """Every block in its turn; the runs in order. `fails`: words of a command that finds something wrong here."""
        done = []
        for block in blocks(page):
            if block.kind == "file":
                self.write(block)
            elif block.kind == "shell":
                done += [self.run(words, set(words) & set(fails)) for words in block.commands if not not_run(words)]
        return done

    def run(self, words, fails=()):
        words = [self.words(word) for word in words]
        if words[0] == "ansible-playbook":
            name = next(word for word in words[1:] if word.startswith("zilliz.cloud.") or word.endswith(".yml") and words[words.index(word) - 1] != "-i")
            arguments = [word for word in words[1:] if word != name]
            start = len(self.sandbox.log())
            run = run_playbook(self.sandbox, self.folder, name, extra=self.extra, env={"PWD": str(self.folder)}, arguments=arguments)
            run.words, run.start = words, start
            assert (run.rc == 0) is not bool(fails), f"{' '.join(words)}\n{run.stdout[-4000:]}"
            if "--check" in words:
                assert nothing_written(self.sandbox, start), words
            return run
        kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
        command = [str(pathlib.Path(sys.executable).with_name(words[0])), *words[1:]]
        done = subprocess.run(command, env={**kept, **self.sandbox.env, "ANSIBLE_NOCOLOR": "1", "HOME": str(self.folder)}, cwd=self.folder, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300, check=False)
        assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout[-3000:]}"
        done.words = words
        return done

    def base(self, cloud):
        """The variables of a link, as link.yml of the quick start has them."""
        return {f"{cloud}_private_link_{name}": self.scenario[cloud][name] for name in NAMES[cloud]}

    def link_file(self):
        self.write(next(block for block in blocks("quick_start_aws") if block.file == "link.yml"))

    def plays(self, name, *plays):
        (self.folder / name).write_text(json.dumps(plays), encoding="utf-8")
        return run_playbook(self.sandbox, self.folder, name, extra=self.extra, env={"PWD": str(self.folder)})


def instead_of_examples(scenario, folder):
    """What the pages call things -> what they are called here."""
    aws, second, other = scenario["aws"], scenario["aws"]["second_account"], scenario["aws"]["other_region"]
    return {
        "10.20.0.0/16": aws["client_cidrs"][0],
        "vpc-0a1b2c3d4e5f67890": aws["vpc_id"],
        "subnet-0aaaaaaaaaaaaaaaa": aws["subnet_ids"][0],
        "subnet-0bbbbbbbbbbbbbbbb": aws["subnet_ids"][1],
        "vpc-0123456789abcdef0": other["vpc_id"],
        "vpc-0e1e1e1e1e1e1e1e1": other["vpc_id"],
        "subnet-0e1aaaaaaaaaaaaaa": other["subnet_ids"][0],
        "subnet-0e1bbbbbbbbbbbbbb": other["subnet_ids"][1],
        "vpc-0fedcba9876543210": second["vpc_id"],
        "subnet-0fedaaaaaaaaaaaaa": second["subnet_ids"][0],
        "subnet-0fedbbbbbbbbbbbbb": second["subnet_ids"][1],
        "my-host-project": "host-project",
        "my-service-project": "my-project",
        "/etc/my-app": str(folder),
    }


@pytest.fixture
def reader(sandbox, tmp_path):
    return Reader(sandbox, tmp_path)


def changed(run):
    return sum(stats["changed"] for stats in run.stats.values())


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
def test_the_quick_start(reader, sandbox, cloud):
    before = sandbox.state()
    reader.inside(cloud)
    projects, clusters, plan, made, again, check, gone = reader.follow(f"quick_start_{cloud}")
    assert reader.scenario[cloud]["project_id"] in projects.stdout and "prod-01" in clusters.stdout
    assert changed(plan) == 1 and plan.plans[0]["costs"] and changed(made) > 3 and changed(again) == 0
    # The address on the page is the one of the link, apart from its port.
    assert {one["host"] for one in made.result["links"] if one["ready"]} & set(hosts_of(f"quick_start_{cloud}"))
    assert "private-link-report.html" in {path.name for path in reader.folder.iterdir()} and changed(check) == 0
    assert changed(gone) > 3
    sandbox.clock(advance=600)
    assert sandbox.state() == before


def hosts_of(page):
    return [word[len("https://"):].partition(":")[0] for block in blocks(page) if block.kind == "shell" for words in block.commands
            if words[0] == "curl" for word in words[1:]]


def test_dns(reader, sandbox):
    reader.link_file()
    records, = reader.follow("dns")
    assert not zones(sandbox) and "(alias in hosted zone Z" in records.stdout


def test_clients_in_another_region(reader):
    plan, = reader.follow("cross_region")
    assert plan.result["region"] == "us-east-1" and "create vpc_endpoint" in plan.steps
    assert "so its zones cannot be compared with the subnets'" in " ".join(plan.plans[0]["notes"])


def test_private_only(reader, sandbox):
    reader.link_file()
    assert reader.run(["ansible-playbook", "zilliz.cloud.aws", "-e", "@link.yml"]).rc == 0
    reader.inside()
    foretold, closed, some, opened = reader.follow("private_only")
    assert changed(foretold) == 1 and changed(closed) >= 1 and changed(some) == 0 and changed(opened) >= 1
    assert all(one["public_address_enabled"] for one in sandbox.state()["zilliz"]["clusters"] if one["cluster_id"].startswith("in01-840ec"))


def by_terraform(sandbox):
    """What the vendor's example makes, by the calls that Terraform makes: endpoint, registration, zone, alias."""
    given, key = sandbox.scenario["aws"], {"aws_access_key_id": sandbox.env["AWS_ACCESS_KEY_ID"], "aws_secret_access_key": sandbox.env["AWS_SECRET_ACCESS_KEY"]}
    ec2, route53 = (boto3.client(name, region_name="us-west-2", endpoint_url=sandbox.env["AWS_ENDPOINT_URL"], **key) for name in ("ec2", "route53"))
    group = sandbox.drift("hand_made_group", name="to-zilliz")["group_id"]
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[
        {"IpProtocol": "tcp", "FromPort": 19000, "ToPort": 20000, "IpRanges": [{"CidrIp": given["client_cidrs"][0]}]}])
    endpoint = ec2.create_vpc_endpoint(VpcId=given["vpc_id"], ServiceName=SERVICE, VpcEndpointType="Interface", SubnetIds=given["subnet_ids"][:2],
                                       SecurityGroupIds=[group], PrivateDnsEnabled=False)["VpcEndpoint"]
    return ec2, route53, endpoint["VpcEndpointId"], group


def test_migration(reader, sandbox, playbook):
    before = sandbox.state()
    given = reader.scenario["aws"]
    ec2, route53, endpoint_id, group = by_terraform(sandbox)
    reader.instead["sg-0dddddddddddddddd"] = group
    registration = {"project_id": given["project_id"], "region_id": given["region_id"], "endpoint_id": endpoint_id}
    linked = playbook([
        {"name": "Register it", "zilliz.cloud.private_endpoint": {**registration, "wait": True, "wait_delay": 1}},
        {"name": "Wait for the links", "zilliz.cloud.private_link_info": {
            **{name: given[name] for name in ("project_id", "region_id")}, "cluster_names": ["prod-01"], "wait": True, "wait_delay": 1}},
    ]).task("Wait for the links")["private_links"][0]
    sandbox.clock(advance=120)
    entry = ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint_id])["VpcEndpoints"][0]["DnsEntries"][0]
    zone_id = route53.create_hosted_zone(Name=linked["host"], CallerReference="terraform-1", VPC={"VPCRegion": "us-west-2", "VPCId": given["vpc_id"]},
                                         HostedZoneConfig={"Comment": "Private hosted zone for Zilliz Cloud private link"})["HostedZone"]["Id"]
    alias = {"DNSName": entry["DnsName"], "HostedZoneId": entry["HostedZoneId"], "EvaluateTargetHealth": False}
    route53.change_resource_record_sets(HostedZoneId=zone_id, ChangeBatch={"Changes": [
        {"Action": "CREATE", "ResourceRecordSet": {"Name": linked["host"], "Type": "A", "AliasTarget": alias}}]})

    plan, used, seen, foretold, adopted, settled, healthy = reader.follow("migration")
    # Nothing of what Terraform made is touched; the second cluster gets its name.
    assert set(plan.steps) == set(used.steps) == {"create hosted_zone", "create record"}
    notes = " ".join(used.result["notes"])
    assert f"Endpoint {endpoint_id} was not made by this link: it is used, never changed or deleted." in notes
    assert f"Zone {linked['host']} (" in notes and "the links' records are written there, it is not changed otherwise" in notes
    assert changed(seen) == changed(settled) == changed(healthy) == 0
    assert set(foretold.steps) == set(adopted.steps) == {"update tags", "update hosted_zone"}
    assert MARK_TAG in region(sandbox)["endpoints"][endpoint_id]["tags"] and region(sandbox)["endpoints"][endpoint_id]["security_group_ids"] == [group]
    assert registered(sandbox, given["project_id"]) == [endpoint_id]

    reader.run(["ansible-playbook", "zilliz.cloud.teardown", "-e", "@link.yml"])
    ec2.delete_security_group(GroupId=group)
    sandbox.clock(advance=600)
    assert sandbox.state() == before


def test_automation(reader, sandbox):
    reader.link_file()
    reader.inside()
    foreseen, rolled_out, terraform, facts, proven = reader.follow("automation")
    assert foreseen.rc == 0 and terraform.result["vpc_id"] == facts.result["vpc_id"] == reader.scenario["aws"]["vpc_id"]
    search = next(one for one in rolled_out.result["links"] if one["cluster_name"] == "prod-01")
    assert f"uri = {search['url']}\n" in (reader.folder / "search.ini").read_text(encoding="utf-8")
    # One subnet for each zone of the VPC in which the service is.
    assert "Left out, because the service is not in their zones" in " ".join(facts.plans[0]["notes"])
    assert proven.task("Go on only where the path is proven")["status"] == "ok"


def test_fleets(reader, sandbox):
    before = sandbox.state()
    plan, made, looked, gone, graph, discovered, drift = reader.follow("fleets", fails=["private_link_check_fail_on=broken"])
    assert changed(plan) == 2 and changed(made) > 6 and changed(looked) == 0 and changed(gone) > 3
    assert "@private_links:" in graph.stdout and "@region_aws_us_west_2:" in graph.stdout
    assert discovered.plans and "create vpc_endpoint" in discovered.steps
    # One of the links was taken down before, on the page as here.
    assert {host: stats["failed"] for host, stats in drift.stats.items()} == {"search-us": 1, "search-west1": 0}
    accounts = reader.run(["ansible-playbook", "-i", "accounts.yml", "zilliz.cloud.fleet", "--check"])
    assert accounts.result["account_id"] == reader.scenario["aws"]["second_account"]["account_id"]
    reader.run(["ansible-playbook", "-i", "fleet.yml", "zilliz.cloud.fleet", "-e", "private_link_fleet_action=absent"])
    reader.write(next(block for block in blocks("README") if block.file == "clusters.yml"))
    assert "@cloud_gcp:" in reader.run(["ansible-inventory", "-i", "clusters.yml", "--graph"]).stdout
    sandbox.clock(advance=600)
    assert sandbox.state() == before


# What is no story by itself


def pieces(kind):
    """Each piece of this kind once, wherever it stands."""
    found = {}
    for block in every_block():
        if block.kind == kind and (block.page, block.first) not in NOT_EXECUTED and block.page != "permissions":
            found.setdefault(block.text, block)
    return list(found.values())


def cloud_of(text):
    return "gcp" if "gcp_private_link" in text else "aws"


def test_variables_that_pages_show(reader, sandbox):
    """Each of them together with a link of the quick start, planned in one run."""
    written = {block.text for page in FOLLOWED for block in blocks(page) if block.kind == "file"}
    shown = pieces("variables") + [one for one in pieces("file") if "_private_link_" in one.first and one.text not in written]
    shown = [one for one in shown if "_private_link_" in one.first]
    assert len(shown) > 10
    zone = sandbox.drift("hand_made_zone", name="vectordb.zillizcloud.com", comment="of the network team")["zone_id"]
    sandbox.drift("gcp_foreign_zone", dns_name="vectordb.zillizcloud.com", name="my-zone")
    group = sandbox.drift("hand_made_group", name="mine")["group_id"]
    reader.instead.update({"Z0123456789ABCDEFGHIJ": zone, "sg-0dddddddddddddddd": group})
    tasks = [
        {"name": str(block), "ansible.builtin.include_role": {"name": f"zilliz.cloud.{cloud_of(block.text)}_private_link", "apply": {"check_mode": True}},
         "vars": {**reader.base(cloud_of(block.text)), **yaml.safe_load(reader.words(block.text))}}
        for block in shown
    ]
    start = len(sandbox.log())
    run = reader.plays("variables.yml", {"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": tasks})
    assert run.rc == 0, run.stdout[-4000:]
    assert len(run.plans) == len(shown) and all(plan["steps"] for plan in run.plans) and nothing_written(sandbox, start)


def test_tasks_and_plays_that_pages_show(reader, sandbox):
    endpoint_id = sandbox.drift("hand_made_endpoint", state="pendingAcceptance")["vpc_endpoint_id"]
    reader.instead["vpce-0ce90d01341533a5c"] = endpoint_id
    reader.inside()
    here = {"hosts": "localhost", "connection": "local", "gather_facts": False}
    # Each as it stands there, in check mode where it would make a link.
    real = [one for one in pieces("tasks") if one.page == "README"]
    assert real
    reader.link_file()
    done = reader.plays("real.yml", *({**here, "tasks": yaml.safe_load(reader.words(one.text))} for one in real))
    assert done.rc == 0 and registered(sandbox, reader.scenario["aws"]["project_id"]) == [endpoint_id], done.stdout[-4000:]

    start = len(sandbox.log())
    plays = [{**here, "hosts": "app", "check_mode": True, "vars": {**reader.base(cloud_of(one.page)), "private_link_check_fail_on": "never"},
              "tasks": [task for task in yaml.safe_load(reader.words(one.text)) if "ansible.builtin.assert" not in task]}
             for one in pieces("tasks") if one not in real]
    hosts = {**here, "tasks": [{"name": "Name a host", "ansible.builtin.add_host": {"name": "inside", "groups": "app"}}]}
    plays += [{**play, "check_mode": True} for one in pieces("play") for play in yaml.safe_load(reader.words(one.text))]
    run = reader.plays("shown.yml", hosts, *plays)
    assert run.rc == 0, run.stdout[-4000:]
    assert len(plays) > 5 and nothing_written(sandbox, start)


def test_every_example_is_run():
    """A block that nobody follows stands on another page too, is a piece of the tests above, or has its reason."""
    followed = [block for page in FOLLOWED for block in blocks(page)]
    texts = {block.text for block in followed}
    commands = {" ".join(words) for block in followed if block.kind == "shell" for words in block.commands} | set(RUN_ELSEWHERE)
    left = []
    for block in every_block():
        if block in followed or block.text in texts or block.page == "permissions" or (block.page, block.first) in NOT_EXECUTED:
            continue
        if block.kind == "shell":
            left += [f"{block.page}: {' '.join(words)}" for words in block.commands if not not_run(words) and " ".join(words) not in commands]
        elif block.kind == "file" and "_private_link_" not in block.text and block.file not in GIVEN_ELSEWHERE:
            left.append(str(block))
    assert left == []
    shown = {" ".join(words) for block in every_block() if block.kind == "shell" for words in block.commands}
    assert set(RUN_ELSEWHERE) <= shown - {" ".join(words) for block in followed if block.kind == "shell" for words in block.commands}
