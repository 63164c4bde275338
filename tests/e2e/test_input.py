# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input: one sentence with the remedy for each, all of them at once, and nothing made before it is said."""
from __future__ import annotations

import json
import re

import pytest

from e2e.runner import run_playbook

NOWHERE = "0fffffffffffffff0"
HAND_MADE_KEY = "f" * 72
SHARED = "vectordb.zillizcloud.com"


@pytest.fixture
def refused(sandbox, link):
    """Runs the playbook, which must refuse without a mutating call; its message."""

    def run(down=False, env=None, **variables):
        start = len(sandbox.log())
        answer = (link.down if down else link.up)(env=env, **variables)
        return said(answer, sandbox.mutating(start))

    return run


def said(answer, made=()):
    assert answer.rc != 0, answer.stdout[-3000:]
    assert not made, [entry["operation"] for entry in made]
    assert "Traceback" not in answer.stdout
    return readable(answer.message)


def readable(message):
    assert not re.search(r"[{}]|None\b|\['", message), message
    return message


def one(message):
    """It is the only problem, told in one line."""
    assert "problems:" not in message and "\n" not in message, message
    return message


# What is wrong -> the variables, and the words that the message must have.
CASES = {
    "unknown VPC": (lambda aws, extra: dict(vpc_id=f"vpc-{NOWHERE}", subnet_ids=[f"subnet-{NOWHERE}"]), [
        f"VPC vpc-{NOWHERE} was not found in region us-west-2 of account 111122223333", "check vpc_id and the credentials",
        f"subnet subnet-{NOWHERE}; check subnet_ids"]),
    "VPC of another account": (lambda aws, extra: dict(vpc_id=aws["second_account"]["vpc_id"]), [
        "was not found in region us-west-2 of account 111122223333: check vpc_id and the credentials"]),
    "VPC of another region": (lambda aws, extra: dict(vpc_id=aws["other_region"]["vpc_id"]), [
        "not found in region us-west-2", "for a VPC in another region than the clusters, set region to the VPC's"]),
    "subnets of another VPC": (lambda aws, extra: dict(subnet_ids=aws["second_subnet_ids"]), [
        "Not in VPC vpc-0a1b2c3d4e5f60001: subnets", "(in vpc-0a1b2c3d4e5f60002)", "check subnet_ids"]),
    "unknown subnet": (lambda aws, extra: dict(subnet_ids=[*aws["subnet_ids"], f"subnet-{NOWHERE}"]), [
        f"Not found in region us-west-2: subnet subnet-{NOWHERE}; check subnet_ids"]),
    "two subnets of one zone": (lambda aws, extra: dict(subnet_ids=[*aws["subnet_ids"], aws["same_zone_subnet_id"]]), [
        "share zone us-west-2a", "an endpoint takes one a zone: keep one of them"]),
    "subnet where the service is not": (lambda aws, extra: dict(subnet_ids=[*aws["subnet_ids"], aws["unsupported_subnet_id"]]), [
        "not in the zone of 1 of 4 subnets", "usw2-az1, usw2-az2, usw2-az3", "us-west-2d usw2-az4 no", "us-west-2a usw2-az2 yes",
        "Leave these out of subnet_ids, or set unsupported_subnets: skip"]),
    "no subnets": (lambda aws, extra: dict(subnet_ids=[]), ["subnet_ids is missing: name one subnet of VPC", "each availability zone"]),
    "VPC without DNS": (lambda aws, extra: dict(vpc_id=aws["no_dns_vpc_id"], subnet_ids=aws["no_dns_subnet_ids"]), [
        "has enable_dns_hostnames switched off", "aws ec2 modify-vpc-attribute", "set dns: none"]),
    "unknown region": (lambda aws, extra: dict(region_id="aws-us-nowhere-1"), [
        "Zilliz Cloud has no region aws-us-nowhere-1: check region_id; on AWS it has aws-ap-southeast-1", "aws-us-west-2"]),
    "region without private link": (lambda aws, extra: dict(region_id=extra["no_service_region_id"]), [
        "offers no private link in region aws-ap-southeast-1: choose another region"]),
    "region of another cloud": (lambda aws, extra: dict(region_id="gcp-us-west1"), [
        "Region gcp-us-west1 is on cloud gcp", "correct region_id, or use that cloud's role"]),
    "project without that region": (lambda aws, extra: dict(region_id="aws-us-east-2", region="us-west-2"), [
        "does not use region aws-us-east-2 (it uses aws-us-west-2)", "add the region to the project at Zilliz Cloud first"]),
    "project without regions": (lambda aws, extra: dict(project_id=extra["bare_project_id"]), [
        "has no region yet: check project_id and region_id"]),
    "unknown project": (lambda aws, extra: dict(project_id="proj-ffffffffffffffffffffff"), [
        "projects/proj-ffffffffffffffffffffff", "or the project does not exist: check project_id"]),
    "unknown AWS region": (lambda aws, extra: dict(region="us-nowhere-1"), ["check the region and the network path to AWS"]),
    "no AWS region": (lambda aws, extra: dict(region="Oregon"), [
        "region is Oregon: give the name of an AWS region, such as us-west-2"]),
    "unknown service": (lambda aws, extra: dict(service_name=aws["vpc_id"]), [
        "has no endpoint service vpc-0a1b2c3d4e5f60001 in region aws-us-west-2: leave service_name out, or choose from com.amazonaws"]),
    "unknown cluster": (lambda aws, extra: dict(cluster_names=["prod-99"]), [
        "No cluster prod-99 in project", "check cluster_ids and cluster_names; there is", "prod-01 (in01-840ec44485bf25d)"]),
    "unknown endpoint": (lambda aws, extra: dict(endpoint_id=f"vpce-{NOWHERE}"), [
        f"Endpoint vpce-{NOWHERE} was not found in region us-west-2", "check endpoint_id"]),
    "unknown security group": (lambda aws, extra: dict(security_group_ids=[f"sg-{NOWHERE}"]), [
        f"Not found in region us-west-2: security group sg-{NOWHERE}; check the ids"]),
    "unknown hosted zone": (lambda aws, extra: dict(zone_id="Z0000000000000000000X"), [
        "Hosted zone Z0000000000000000000X of account 111122223333 was not found: check zone_id"]),
    "client_egress without groups": (lambda aws, extra: dict(client_egress=True), [
        "client_egress opens the clients' own groups: name them in client_security_group_ids"]),
    "nobody could connect": (lambda aws, extra: dict(client_cidrs=[]), [
        "Nobody could connect: give client_cidrs, client_security_group_ids, or your own security_group_ids"]),
    "further VPC unknown": (lambda aws, extra: dict(zone_vpcs=[{"vpc_id": f"vpc-{NOWHERE}"}]), [
        f"finds no VPC vpc-{NOWHERE} in region us-west-2 of account 111122223333", "check its entry in zone_vpcs", "give the profile"]),
    "further VPC without id": (lambda aws, extra: dict(zone_vpcs=[{"vpc": aws["vpc_id"]}]), [
        "zone_vpcs has 'vpc: vpc-0a1b2c3d4e5f60001'", "an entry has vpc_id, and region and profile where they differ"]),
    "zone_vpcs broken JSON": (lambda aws, extra: dict(zone_vpcs='[{"vpc_id": '), [
        "zone_vpcs is no valid JSON: write a list of entries with vpc_id"]),
    "zone_vpcs odd line": (lambda aws, extra: dict(zone_vpcs="vpc-0a1b2c3d4e5f60002 us-west-2\nhub"), [
        "zone_vpcs has hub: an id there looks like vpc-"]),
    "further VPC's profile": (lambda aws, extra: dict(zone_vpcs=f"{aws['second_vpc_id']} us-west-2 nobody"), [
        "The profile nobody is not in the AWS configuration of this host: check its name"]),
    "profile": (lambda aws, extra: dict(profile="nobody"), [
        "The profile nobody is not in the AWS configuration of this host: check its name"]),
    "CNAME at the top of a zone": (lambda aws, extra: dict(record_type="cname"), [
        "where no CNAME can stand: set record_type: alias, or dns: shared"]),
    "zone_name that is no DNS name": (lambda aws, extra: dict(zone_name="https://zillizcloud.com", dns="shared"), [
        "zone_name is https://zillizcloud.com: write a DNS name"]),
    "label of a zone too long": (lambda aws, extra: dict(zone_name=f"{'a' * 64}.com", dns="shared"), ["aaa.com: write a DNS name"]),
    "name of a group too long": (lambda aws, extra: dict(security_group_name="a" * 256), [
        "aaa: give at most 255 letters, digits, spaces, braces and"]),
    "name of a group that is a pattern": (lambda aws, extra: dict(security_group_name="zilliz-*"), [
        "security_group_name is zilliz-*: give at most 255 letters"]),
    "name of a group like an id": (lambda aws, extra: dict(security_group_name="sg-mine"), [
        "security_group_name is sg-mine", "and nothing that begins with sg-"]),
    "name of an endpoint too long": (lambda aws, extra: dict(endpoint_name="a" * 257), [
        "endpoint_name is 257 characters long, and as a tag it may have 256"]),
    "tag of AWS's own": (lambda aws, extra: dict(tags={"AWS:team": "data"}), [
        "tags has AWS:team: data, and AWS takes keys of 1 to 128 characters that do not begin with aws:"]),
    "tag too long": (lambda aws, extra: dict(tags={"team": "a" * 257}), ["values of at most 256"]),
    "more tags than a zone takes": (lambda aws, extra: dict(tags={f"team{number}": "data" for number in range(9)}), [
        "tags has 9 tags, and a hosted zone takes 8 beside the link's own: leave 1 out"]),
    "more tags than an endpoint takes": (lambda aws, extra: dict(tags={f"team{number}": "data" for number in range(49)}, dns="none"), [
        "tags has 49 tags, and an endpoint takes 48 beside the link's own: leave 1 out"]),
    "names kept too long": (lambda aws, extra: dict(record_ttl=2 ** 31), [
        "record_ttl is 2147483648: a name cannot be kept longer than 2147483647 seconds"]),
    "teardown of an unknown project": (lambda aws, extra: dict(down=True, project_id="proj-ffffffffffffffffffffff"), [
        "check project_id"]),
    "teardown of some clusters": (lambda aws, extra: dict(down=True, cluster_names=["prod-01"]), [
        "cuts prod-02 (", "too, because a registration covers the whole project and region", "name them in confirm_clusters"]),
}
# These say that two things are wrong, because they are.
TWO = ("unknown VPC",)


# What the role makes of its variables for the plan.
AS_OPTION = {"region": "vpc_region"}
NOBODY = {"AWS_PROFILE": "nobody", "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_SESSION_TOKEN": ""}


@pytest.fixture(scope="module")
def answers(sandbox_process, tmp_path_factory):
    """Each case asks the plan module, all of them from one play; nothing that it did has changed anything."""
    sandbox_process.reset()
    given, extra = sandbox_process.scenario["aws"], sandbox_process.scenario["extra"]
    ordinary = {name: given[name] for name in ("project_id", "region_id", "vpc_id", "subnet_ids", "client_cidrs")}
    tasks = []
    for name, (variables, _words) in CASES.items():
        options = {AS_OPTION.get(key, key): value for key, value in variables(given, extra).items()}
        env = NOBODY if options.pop("profile", None) else {}
        state = "absent" if options.pop("down", False) else "present"
        tasks.append({"name": name, "zilliz.cloud.aws_private_link_plan": {**ordinary, "state": state, **options}, "environment": env,
                      "ignore_errors": True})
    run = run_playbook(sandbox_process, tmp_path_factory.mktemp("answers"), tasks, diff=True)
    assert "Traceback" not in run.stdout and sandbox_process.escaped() == []
    assert sandbox_process.mutating() == []
    return run


@pytest.mark.parametrize("case", CASES)
def test_one_sentence_with_the_remedy(case, answers):
    answer = answers.task(case)
    assert answer["status"] == "ignored", answer
    message = readable(answer["msg"])
    for word in CASES[case][1]:
        assert word in message, message
    if case not in TWO:
        one(message)


def test_wrong_forms_are_all_in_one_message(refused):
    message = refused(vpc_id="clients", subnet_ids="subnet-x, 10.0.0.0/8", security_group_ids=["default"], endpoint_id="vpce_1",
                      client_security_group_ids="sg", client_cidrs=["10.20.0.0/33", "10.20.0.0/16"], wait_timeout=-5,
                      maintenance_timeout=-1, record_ttl=-300, zone_vpcs="hub", region="Oregon")
    assert message.startswith("11 problems: (1) "), message
    for words in ("vpc_id has clients", "subnet_ids has subnet-x and 10.0.0.0/8", "security_group_ids has default", "looks like sg-",
                  "endpoint_id has vpce_1: an id there looks like vpce-", "client_security_group_ids has sg:", "wait_timeout is -5",
                  "client_cidrs has 10.20.0.0/33, which is no network: write it like 10.20.0.0/16", "maintenance_timeout is -1",
                  "record_ttl is -300: seconds cannot be negative, use 0 or more", "zone_vpcs has hub", "region is Oregon"):
        assert words in message, message


def test_what_has_the_wrong_form_and_what_is_not_there_come_in_one_message(refused):
    message = refused(vpc_id=f"vpc-{NOWHERE}", subnet_ids=["subnet-x", f"subnet-{NOWHERE}"], client_cidrs=["here"], wait_timeout=-5,
                      cluster_names=["prod-99"], client_security_group_ids=[f"sg-{NOWHERE}"], zone_vpcs=f"vpc-{NOWHERE}1")
    assert message.startswith("8 problems: (1) ") and message.count("subnet-x") == 1, message
    for words in ("subnet_ids has subnet-x:", "wait_timeout is -5", "No cluster prod-99", f"VPC vpc-{NOWHERE} was not found",
                  f"subnet subnet-{NOWHERE}; check", "client_cidrs has here", f"security group sg-{NOWHERE}; check", f"VPC vpc-{NOWHERE}1"):
        assert words in message, message


def test_a_side_that_cannot_be_read_does_not_hide_the_other(refused):
    """Without Zilliz Cloud the AWS side is checked all the same, where its region is known; and the other way round."""
    message = refused(env={"ZILLIZCLOUD_API_KEY": None}, region="us-west-2", vpc_id=f"vpc-{NOWHERE}")
    assert "api_key is empty" in message and f"VPC vpc-{NOWHERE} was not found" in message
    message = refused(env={"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, cluster_names=["prod-99"])
    assert message.startswith("2 problems") and "Could not connect" in message and "No cluster prod-99" in message


def test_arguments_that_are_missing_or_of_the_wrong_type_come_in_one_message(playbook, link):
    answer = playbook("zilliz.cloud.aws", extra={})
    assert answer.rc != 0
    for name in ("project_id", "region_id", "vpc_id"):
        assert f"aws_private_link_{name}" in answer.stdout
    answer = link.up(state="maybe", wait_timeout="soon", dns="split")
    for words in ("aws_private_link_state must be one of: present, absent", "aws_private_link_wait_timeout", "aws_private_link_dns must be one of"):
        assert words in answer.stdout


# Who asks

def test_wrong_missing_and_powerless_api_keys(refused, sandbox):
    assert "The API key was not accepted by" in one(refused(env={"ZILLIZCLOUD_API_KEY": HAND_MADE_KEY}))
    assert one(refused(env={"ZILLIZCLOUD_API_KEY": None})) == "api_key is empty: give the option, or export ZILLIZCLOUD_API_KEY."
    message = one(refused(env={"ZILLIZCLOUD_API_KEY": sandbox.scenario["extra"]["no_rights_api_key"]}))
    assert "The API key has no rights on this project" in message and "use a key of an organization owner or project admin" in message


def test_no_wrong_and_half_aws_credentials(refused):
    nothing = {name: None for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE")}
    assert "Unable to locate credentials" in one(refused(env=nothing))
    wrong = {"AWS_ACCESS_KEY_ID": "AKIAWRONG00000000000", "AWS_SECRET_ACCESS_KEY": "x" * 40}
    assert "check the access key, profile or role in use" in one(refused(env=wrong))
    assert "Only one half of the AWS keys is set" in one(refused(env={"AWS_SECRET_ACCESS_KEY": None}))


def test_clouds_that_cannot_be_reached(refused):
    assert "check the region and the network path to AWS and run again" in one(refused(env={"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}))
    message = one(refused(env={"ZILLIZCLOUD_HOST_ADDRESS": "http://127.0.0.1:9"}))
    assert "127.0.0.1:9 cannot be reached. Check host_address, the network and the proxy settings" in message


def test_every_read_permission_that_is_missing_is_named_at_once(refused, sandbox):
    sandbox.fault("denied", times=99, cloud="aws", operation="DescribeVpcEndpoints")
    assert "allow ec2:DescribeVpcEndpoints in the IAM policy of the credentials in use" in one(refused())
    names = ["DescribeSecurityGroups", "DescribeVpcAttribute", "DescribeSubnets", "DescribeVpcEndpointServices"]
    sandbox.fault("denied", times=99, cloud="aws", operation=names + ["ListHostedZones"])
    message = refused()
    for name in [f"ec2:{name}" for name in ["DescribeVpcEndpoints", *names]] + ["route53:ListHostedZones"]:
        assert f"allow {name} in the IAM policy" in message, message
    assert message.startswith("6 problems"), message


# What stands in the way: known before anything is made, where the links are known before

@pytest.fixture
def linked(link, sandbox):
    """A link whose clusters have their private addresses already, from other endpoints of the project."""
    link.vars["project_id"] = sandbox.scenario["extra"]["many_registrations_project_id"]
    foreseen = link.up(check=True)
    assert foreseen.rc == 0, foreseen.stdout[-3000:]
    hosts = [one["host"] for one in foreseen.result["links"] if one["ready"]]
    assert hosts
    return hosts


def test_a_foreign_zone_and_a_foreign_record_in_the_way(linked, refused, sandbox):
    zone_id = sandbox.drift("foreign_zone", name=linked[0])["zone_id"]
    message = one(refused())
    assert f"already has a private zone {linked[0]} ({zone_id}) that belongs to account 444455556666" in message
    assert "have its owner take the VPC out of it, or put the records there and set dns: none" in message
    records = [{"name": linked[0], "type": "A", "values": ["192.0.2.1"]}]
    sandbox.drift("hand_made_zone", name=SHARED, records=records)
    message = one(refused(dns="shared"))
    assert f"already has {linked[0]} A 192.0.2.1, which this link did not make: remove it, or set adopt: true" in message
    message = one(refused(dns="shared", zone_name="example.com"))
    assert "Not under zone example.com" in message and "set dns: exact" in message


def test_a_zone_of_the_shared_name_that_another_account_owns(refused, sandbox):
    sandbox.drift("foreign_zone", name=SHARED)
    assert f"already has a private zone {SHARED}" in one(refused(dns="shared"))


def test_the_quota_of_hosted_zones_is_seen_before_anything_is_made(refused, sandbox):
    sandbox.switch(route53_zone_quota=1)
    message = one(refused())
    assert "2 hosted zones would be made, but account 111122223333 has 0 of its 1: raise the Route 53 quota, or set dns: shared" in message


def test_a_security_group_of_that_name(refused, sandbox):
    group_id = sandbox.drift("hand_made_group", name="link")["group_id"]
    message = one(refused(security_group_name="link"))
    assert f"already has a security group named link ({group_id}) that this link did not make" in message
    assert "use it with security_group_ids, take it over with adopt: true, or choose another security_group_name" in message


# What only the act can tell

def test_missing_write_permissions_are_named_and_a_rerun_goes_on(link, sandbox):
    sandbox.switch(route53_rate=0)
    link.vars["cluster_names"] = ["prod-01"]

    def stopped(operation, env=None):
        if operation:
            sandbox.fault("denied", times=9, cloud="aws", operation=operation)
        start = len(sandbox.log())
        answer = link.up(env=env)
        message = one(said(answer))
        assert message.endswith("What was done stays: run again when the cause is gone, and the run goes on from there."), message
        kept = {entry["operation"] for entry in sandbox.mutating(start, outcome="ok")}
        # The switchboard forgets nothing by itself.
        sandbox.call("DELETE", "/fault")
        return message, kept

    message, kept = stopped("CreateSecurityGroup")
    assert message.startswith("Create the security group of the endpoint: ") and "ec2:CreateSecurityGroup" in message and not kept
    message, kept = stopped("CreateVpcEndpoint")
    assert message.startswith("Create the endpoint: ") and "ec2:CreateVpcEndpoint" in message and kept == {"CreateSecurityGroup"}
    message, kept = stopped(None, env={"ZILLIZCLOUD_API_KEY": sandbox.scenario["extra"]["readonly_api_key"]})
    assert message.startswith("Authorize the endpoint at Zilliz Cloud: ") and "use a key of an organization owner or project admin" in message
    assert kept == {"CreateVpcEndpoint"}
    message, kept = stopped("AuthorizeSecurityGroupIngress")
    assert "ec2:AuthorizeSecurityGroupIngress" in message and kept == {"CreatePrivateEndpoint"}
    message, kept = stopped("CreateHostedZone")
    assert "route53:CreateHostedZone" in message and "allow it in the IAM policy" in message and kept == {"AuthorizeSecurityGroupIngress"}
    message, kept = stopped("ChangeResourceRecordSets")
    assert "route53:ChangeResourceRecordSets" in message and kept == {"CreateHostedZone", "ChangeTagsForResource"}
    link.made()


def test_quota_of_endpoints_and_missing_right_to_tag(link, sandbox):
    sandbox.switch(aws_endpoint_quota=0)
    message = one(said(link.up()))
    assert message.startswith("Create the endpoint: ") and "the quota of interface endpoints of the VPC" in message
    message = one(said(link.up(ip_address_type="dualstack")))
    assert "VpcEndpointLimitExceeded" in message and "ask AWS for a higher quota" in message
    sandbox.switch(aws_endpoint_quota=50)
    sandbox.fault("denied", times=9, cloud="aws", operation="CreateTags")
    assert "allow ec2:CreateTags in the IAM policy" in one(said(link.up(ip_address_type="dualstack")))


# Secrets

def test_secrets_are_nowhere_in_the_output(link, sandbox, playbook, tmp_path):
    api_key, secret = sandbox.env["ZILLIZCLOUD_API_KEY"], sandbox.env["AWS_SECRET_ACCESS_KEY"]
    play = [{
        "hosts": "localhost", "connection": "local", "gather_facts": False,
        "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"},
        "module_defaults": {
            "group/zilliz.cloud.zilliz": {"api_key": api_key},
            "group/zilliz.cloud.aws": {"access_key": sandbox.env["AWS_ACCESS_KEY_ID"], "secret_key": secret},
        },
        "roles": [{"role": "zilliz.cloud.aws_private_link"}],
        "post_tasks": [{"name": "Show the result", "ansible.builtin.debug": {"var": "aws_private_link_result"}}],
    }]
    path = tmp_path / "secrets.yml"
    path.write_text(json.dumps(play), encoding="utf-8")
    loud = {"ANSIBLE_VERBOSITY": "3", "ANSIBLE_INJECT_INVOCATION": "true"}
    by_option = {**loud, "ZILLIZCLOUD_API_KEY": None, "AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}
    made = playbook(path, diff=True, env=by_option, extra=link.extra(cluster_names=["prod-01"]))
    assert made.rc == 0, made.stdout[-3000:]
    answers = [
        made,
        playbook(path, env={**by_option, "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, extra=link.extra(vpc_id="clients")),
        link.up(check=True, diff=True, env=loud, dns="none"),
        link.up(env={**loud, "ZILLIZCLOUD_API_KEY": sandbox.env["ZILLIZCLOUD_API_KEY"] + " "}, region="Oregon"),
    ]
    assert [answer.rc == 0 for answer in answers] == [True, False, True, False]
    for answer in answers:
        text = answer.stdout + json.dumps(answer.results)
        assert '"api_key":' in text and api_key not in text and secret not in text
