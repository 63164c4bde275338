# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The unmodified amazon.aws modules meet the sandbox as they would meet AWS: one test for each row of what moto lacks.

A task costs most of a second, so each area is one playbook, and the tests read its answers. The clock runs at its
real speed, and the playbooks move it.
"""
from __future__ import annotations

import pathlib
import sys

import pytest

# The imports below need tests/ on the path, so they come after it (E402).
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from e2e.runner import collections, run_playbook  # noqa: E402
from sandbox.aws.landscape import CLIENT_GROUP  # noqa: E402
from sandbox.client import Sandbox  # noqa: E402

SERVICE = "com.amazonaws.vpce.us-west-2.vpce-svc-0b62964bfd0edfb74"
OWN_SERVICE = "com.amazonaws.us-west-2.ec2"
NAME = "in01-840ec44485bf25d-privatelink.aws-us-west-2.vectordb.zillizcloud.com"
CALM = {"route53_rate": 0, "route53_busy_seconds": 0, "aws_consistency_seconds": 0, "route53_insync_seconds": 3}


@pytest.fixture(scope="module")
def clouds(tmp_path_factory):
    with Sandbox(tmp_path_factory.mktemp("sandbox"), speed=1, collections=collections()) as sandbox:
        yield sandbox
        assert sandbox.escaped() == []


class Play:
    """Tasks in order. A failure is recorded, and the play goes on."""

    def __init__(self, sandbox, folder):
        sandbox.reset(switches=CALM)
        self.sandbox, self.folder, self.tasks, self.ran = sandbox, folder, [], None
        self.given = sandbox.scenario["aws"]

    def aws(self, task, module, /, register="last", **args):
        self.tasks.append({"name": task, f"amazon.aws.{module}": args, "register": register, "ignore_errors": True})

    def control(self, path, **body):
        self.tasks.append({"name": f"control {path}", "ansible.builtin.uri": {
            "url": self.sandbox.url + path, "method": "POST", "body_format": "json", "body": body}})

    def run(self):
        # The modules take a profile only where no keys are in the environment; the default profile has the same ones.
        keys = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}
        self.ran = run_playbook(self.sandbox, self.folder, self.tasks, env=keys)
        self.log = self.sandbox.log()
        return self

    def __getitem__(self, name):
        return self.ran.task(name)

    def text(self, name):
        """All that a failed task says."""
        answer = self[name]
        assert answer["status"] == "ignored", f"{name}: {answer}"
        return " ".join(str(answer.get(key, "")) for key in ("msg", "exception", "module_stderr", "error"))

    def refused(self, name, outcome):
        """The module's messages do not always say why; the log does."""
        return self[name]["status"] == "ignored" and bool(self.calls("CreateVpcEndpoint", outcome))

    def calls(self, operation, outcome=None):
        return [one for one in self.log if one["operation"] == operation and outcome in (None, one["outcome"])]


@pytest.fixture(scope="module")
def ec2(clouds, tmp_path_factory):
    play = Play(clouds, tmp_path_factory.mktemp("ec2"))
    given = play.given
    first, second, third = given["subnet_ids"]
    common = {"vpc_id": given["vpc_id"], "service": SERVICE, "vpc_endpoint_type": "Interface"}
    rule = {"proto": "tcp", "ports": [19531], "cidr_ip": "10.20.0.0/16", "rule_desc": "first"}
    group = "{{ group.group_id }}"
    undns = clouds.drift("hand_made_group", name="elsewhere", vpc_id=given["no_dns_vpc_id"])["group_id"]

    play.aws("unknown service", "ec2_vpc_endpoint_service_info", service_names=["com.amazonaws.vpce.us-west-2.vpce-svc-0"])
    play.aws("service", "ec2_vpc_endpoint_service_info", service_names=[SERVICE])
    play.aws("service from another region", "ec2_vpc_endpoint_service_info", service_names=[SERVICE], region="us-east-1")
    play.aws("group", "ec2_security_group", register="group", name="endpoint", description="for the endpoint", vpc_id=given["vpc_id"],
             rules=[rule])
    play.aws("group of the same name by id", "ec2_security_group", name="endpoint", description="for the endpoint", vpc_id=given["vpc_id"],
             rules=[dict(rule, rule_desc="second")])
    for name, args in (
            ("endpoint of an unknown service", {"service": "com.amazonaws.vpce.us-west-2.vpce-svc-0"}),
            ("endpoint with an unknown group", {"vpc_endpoint_security_groups": ["sg-0123456789abcdef0"]}),
            ("endpoint with two subnets of a zone", {"vpc_endpoint_subnets": [first, given["same_zone_subnet_id"]]}),
            ("endpoint in an unsupported zone", {"vpc_endpoint_subnets": [given["unsupported_subnet_id"]]}),
            ("endpoint with private DNS where DNS is off", {
                "service": OWN_SERVICE, "vpc_id": given["no_dns_vpc_id"], "vpc_endpoint_subnets": given["no_dns_subnet_ids"][:1],
                "vpc_endpoint_security_groups": [undns]})):
        play.aws(name, "ec2_vpc_endpoint", **{"vpc_endpoint_subnets": [first, second], "vpc_endpoint_security_groups": [group], **common,
                                              **args})
    play.control("/fault", match={"cloud": "aws", "operation": "CreateVpcEndpoint"}, kind="denied", times=1)
    asked = {**common, "vpc_endpoint_subnets": [first, second], "vpc_endpoint_security_groups": [group], "tags": {"Name": "link"}}
    play.aws("endpoint without permission", "ec2_vpc_endpoint", **asked)
    play.control("/fault", match={"cloud": "aws", "operation": "DescribeVpcEndpoints"}, kind="throttle", times=2)
    play.control("/switch", aws_consistency_seconds=60)
    play.aws("endpoint just made", "ec2_vpc_endpoint", **asked)
    play.control("/clock", advance=61)
    play.control("/switch", aws_consistency_seconds=0, aws_endpoint_quota=1)
    play.aws("endpoint", "ec2_vpc_endpoint", register="endpoint", **asked)
    play.aws("endpoint beyond the quota", "ec2_vpc_endpoint", **dict(asked, service=OWN_SERVICE))
    play.aws("endpoint with other subnets", "ec2_vpc_endpoint", **dict(asked, vpc_endpoint_subnets=[second, third]))
    play.aws("endpoint of another project", "ec2_vpc_endpoint", **dict(asked, vpc_endpoint_security_groups=[CLIENT_GROUP], tags={"Name": "other"}))
    play.aws("endpoint tagged again", "ec2_vpc_endpoint", **asked)
    play.aws("group in use", "ec2_security_group", group_id=group, state="absent")
    play.aws("subnet in use", "ec2_vpc_subnet", vpc_id=given["vpc_id"], cidr="10.20.1.0/24", state="absent")
    play.tasks.append({"name": "register", "ansible.builtin.uri": {
        "url": f"{clouds.env['ZILLIZCLOUD_HOST_ADDRESS']}/v2/projects/{given['project_id']}/privateEndpoints", "method": "POST",
        "headers": {"Authorization": f"Bearer {clouds.env['ZILLIZCLOUD_API_KEY']}"}, "body_format": "json",
        "body": {"regionId": given["region_id"], "endpointId": "{{ endpoint.result.vpc_endpoint_id }}"}}})
    play.control("/clock", advance=35)
    play.aws("endpoint accepted", "ec2_vpc_endpoint_info", vpc_endpoint_ids=["{{ endpoint.result.vpc_endpoint_id }}"])
    play.control("/clock", advance=65)
    play.aws("endpoint available", "ec2_vpc_endpoint_info", vpc_endpoint_ids=["{{ endpoint.result.vpc_endpoint_id }}"])
    play.control("/drift", kind="endpoint_reject", endpoint_id="{{ endpoint.result.vpc_endpoint_id }}")
    play.aws("endpoint instead of a rejected one", "ec2_vpc_endpoint", **asked)
    play.aws("endpoint deleted", "ec2_vpc_endpoint", vpc_endpoint_id="{{ endpoint.result.vpc_endpoint_id }}", state="absent")
    play.aws("endpoint instead of a deleted one", "ec2_vpc_endpoint", **asked)
    play.control("/clock", advance=130)
    play.aws("endpoint deleted again", "ec2_vpc_endpoint", vpc_endpoint_id="{{ endpoint.result.vpc_endpoint_id }}", state="absent")
    play.aws("group free", "ec2_security_group", group_id=group, state="absent")
    play.aws("endpoint with a token", "ec2_vpc_endpoint", client_token="t-1", **dict(asked, vpc_endpoint_security_groups=[CLIENT_GROUP]))
    return play.run()


def test_unknown_service(ec2):
    assert "service_details" not in ec2["unknown service"]
    assert ec2.refused("endpoint of an unknown service", "InvalidServiceName")


def test_the_module_keeps_the_reason_to_itself(ec2):
    assert ec2["endpoint of an unknown service"]["msg"] == "Failed to create VPC Endpoint.: Failed to create vpc endpoint"


def test_zones_of_the_service(ec2):
    details = ec2["service"]["service_details"][0]
    assert details["availability_zones"] == ["us-west-2a", "us-west-2b", "us-west-2c"] and details["acceptance_required"] is True


def test_a_service_is_not_seen_from_another_region(ec2):
    assert "service_details" not in ec2["service from another region"]


def test_rule_description_is_changed(ec2):
    answer = ec2["group of the same name by id"]
    assert (answer["status"], answer["changed"]) == ("ok", True)
    assert answer["ip_permissions"][0]["ip_ranges"][0]["description"] == "second"


def test_unknown_group(ec2):
    assert ec2.refused("endpoint with an unknown group", "InvalidGroup.NotFound")


def test_subnets_of_one_zone(ec2):
    assert ec2.refused("endpoint with two subnets of a zone", "DuplicateSubnetsInSameZone")


def test_subnet_in_an_unsupported_zone(ec2):
    assert ec2.refused("endpoint in an unsupported zone", "InvalidParameter")


def test_private_dns_is_asked_for_unasked(ec2):
    """The module cannot say false, and the API's own default is true where the service has a name."""
    assert ec2.refused("endpoint with private DNS where DNS is off", "InvalidParameter")
    assert len(ec2.calls("CreateVpcEndpoint", "InvalidParameter")) == 2


def test_a_missing_permission(ec2):
    assert ec2.refused("endpoint without permission", "fault:denied")


def test_throttling_is_retried(ec2):
    assert len(ec2.calls("DescribeVpcEndpoints", "fault:throttle")) == 2


def test_a_new_endpoint_is_not_found_at_first(ec2):
    """The module reads what it made at once, and falls over the empty list; the endpoint is there."""
    assert "list index out of range" in ec2["endpoint just made"]["msg"]
    assert (ec2["endpoint"]["status"], ec2["endpoint"]["changed"]) == ("ok", False)


def test_a_new_endpoint_waits_for_acceptance(ec2):
    result = ec2["endpoint"]["result"]
    assert result["state"] == "pendingAcceptance" and result["private_dns_enabled"] is False


def test_dns_entries(ec2):
    entries = ec2["endpoint"]["result"]["dns_entries"]
    names = [entry["dns_name"] for entry in entries]
    assert "us-west-2a" not in names[0].split(".")[0] and names[0].endswith(".vpce-svc-0b62964bfd0edfb74.us-west-2.vpce.amazonaws.com")
    assert [name.split(".")[0].rsplit("-us-", 1)[1] for name in names[1:]] == ["west-2a", "west-2b"]
    assert {entry["hosted_zone_id"] for entry in entries} == {"Z1YSA3EXCYUU9Z"}


def test_endpoint_quota(ec2):
    assert ec2.refused("endpoint beyond the quota", "VpcEndpointLimitExceeded")


def test_the_module_never_repairs_subnets(ec2):
    answer = ec2["endpoint with other subnets"]
    assert (answer["status"], answer["changed"]) == ("ok", False)
    assert sorted(answer["result"]["subnet_ids"]) == sorted(ec2.given["subnet_ids"][:2])


def test_a_group_in_use_cannot_be_deleted(ec2):
    assert ec2["group in use"]["status"] == "ignored" and ec2.calls("DeleteSecurityGroup", "DependencyViolation")
    assert (ec2["group free"]["status"], ec2["group free"]["changed"]) == ("ok", True)


def test_a_subnet_in_use_cannot_be_deleted(ec2):
    assert ec2["subnet in use"]["status"] == "ignored" and ec2.calls("DeleteSubnet", "DependencyViolation")


def test_acceptance_moves_the_state(ec2):
    assert ec2["endpoint accepted"]["vpc_endpoints"][0]["state"] == "pending"
    assert ec2["endpoint available"]["vpc_endpoints"][0]["state"] == "available"


def test_the_module_takes_the_endpoint_of_another_project_and_writes_its_tags(ec2):
    first, other = ec2["endpoint"]["result"], ec2["endpoint of another project"]["result"]
    assert other["vpc_endpoint_id"] == first["vpc_endpoint_id"] and [group["group_id"] for group in other["groups"]] != [CLIENT_GROUP]
    assert ec2["endpoint of another project"]["changed"] is True and other["tags"] == [{"Key": "Name", "Value": "other"}]


def test_the_module_adopts_a_rejected_endpoint(ec2):
    answer = ec2["endpoint instead of a rejected one"]
    assert (answer["changed"], answer["result"]["state"]) == (False, "rejected")


def test_the_module_adopts_a_corpse(ec2):
    answer = ec2["endpoint instead of a deleted one"]
    assert answer["result"]["state"] == "deleting"
    assert answer["result"]["vpc_endpoint_id"] == ec2["endpoint"]["result"]["vpc_endpoint_id"]


def test_a_gone_endpoint_is_told(ec2):
    """DeleteVpcEndpoints answers 200 with an Unsuccessful list: the module says unchanged."""
    assert ec2["endpoint deleted"]["changed"] is True
    assert ec2["endpoint deleted again"]["changed"] is False


def test_client_token_of_the_module_leaves_an_endpoint_behind(ec2):
    assert "creation_timestamp" in ec2.text("endpoint with a token")
    endpoints = ec2.sandbox.state()["aws"]["accounts"][ec2.given["account_id"]]["regions"]["us-west-2"]["endpoints"]
    assert len(endpoints) == 1


@pytest.fixture(scope="module")
def dns(clouds, tmp_path_factory):
    play = Play(clouds, tmp_path_factory.mktemp("dns"))
    given = play.given
    endpoint_id = clouds.drift("hand_made_endpoint")["vpc_endpoint_id"]
    clouds.drift("foreign_zone", name="foreign.example.com")
    clouds.drift("hand_made_zone", name="zz.example.com", vpc_id=given["second_vpc_id"])
    foreign = next(zone_id for zone_id, zone in clouds.state()["aws"]["accounts"]["444455556666"]["zones"].items())
    first, second = ({"id": given[name], "region": "us-west-2"} for name in ("vpc_id", "second_vpc_id"))
    zone = "{{ zone.zone_id }}"

    play.aws("endpoint", "ec2_vpc_endpoint_info", register="info", vpc_endpoint_ids=[endpoint_id])
    entry = "info.vpc_endpoints[0].dns_entries[0]"
    alias = {"hosted_zone_id": zone, "record": NAME.upper(), "type": "A", "alias": True,
             "alias_hosted_zone_id": f"{{{{ {entry}.hosted_zone_id }}}}", "state": "present", "retry_interval": 1}
    play.aws("who", "aws_caller_info")
    play.aws("who else", "aws_caller_info", profile="network", region="us-west-2")
    play.aws("zone in an unknown VPC", "route53_zone", zone=NAME, vpcs=[{"id": "vpc-0123456789abcdef0", "region": "us-west-2"}])
    play.aws("zone", "route53_zone", register="zone", zone=NAME, vpcs=[first])
    play.aws("zone again", "route53_zone", zone=NAME, vpcs=[first])
    play.aws("zone with a second VPC", "route53_zone", zone=NAME, vpcs=[first, second])
    play.control("/switch", route53_busy_seconds=600)
    play.aws("zone with two VPCs", "route53_zone", zone="two.example.com", vpcs=[first, second])
    play.control("/switch", route53_busy_seconds=0, route53_zone_quota=3)
    play.control("/clock", advance=700)
    play.aws("zone beyond the quota", "route53_zone", zone="three.example.com", vpcs=[first])
    play.aws("zone without VPC", "route53_zone", zone="public.example.com", vpcs=[])
    dotless = f"{{{{ {entry}.dns_name }}}}"
    play.aws("alias without dot", "route53", **alias, value=dotless)
    play.aws("alias without dot again", "route53", **alias, value=dotless)
    play.aws("alias without dot, overwritten", "route53", **alias, value=dotless, overwrite=True)
    play.aws("alias with dot", "route53", **{**alias, "record": NAME, "value": f"{dotless}."})
    play.aws("alias to nobody", "route53", **{**alias, "record": f"x.{NAME}", "value": "x.us-west-2.vpce.amazonaws.com."})
    plain = {"hosted_zone_id": zone, "ttl": 60, "state": "present", "retry_interval": 1}
    play.aws("CNAME at the apex", "route53", **plain, record=NAME, type="CNAME", value="x.example.com")
    play.aws("record", "route53", **plain, record=f"a.{NAME}", type="A", value="10.0.0.1", wait=True, wait_timeout=60)
    play.aws("CNAME beside it", "route53", **plain, record=f"a.{NAME}", type="CNAME", value="x.example.com")
    play.aws("record deleted with another value", "route53",
             **{**plain, "state": "absent", "record": f"a.{NAME}", "type": "A", "value": "10.0.0.2"})
    play.aws("zone deleted", "route53_zone", zone=NAME, vpcs=[first], state="absent")
    play.aws("zones from that name on", "route53_info", query="hosted_zone", hosted_zone_method="list_by_name", dns_name="example.com")
    play.aws("records of another account", "route53_info", query="record_sets", hosted_zone_id=foreign)
    play.control("/switch", route53_rate=1)
    play.aws("too fast", "route53_zone", zone=NAME, vpcs=[first])
    return play.run()


def test_each_profile_is_an_account(dns):
    assert (dns["who"]["account"], dns["who else"]["account"]) == ("111122223333", "444455556666")


def test_zone_in_an_unknown_vpc(dns):
    assert "InvalidVPCId" in dns.text("zone in an unknown VPC")


def test_zone_is_idempotent(dns):
    assert (dns["zone"]["changed"], dns["zone again"]["changed"]) == (True, False)


def test_adding_a_vpc_conflicts(dns):
    assert "ConflictingDomainExists" in dns.text("zone with a second VPC")


def test_a_prior_request_leaves_half_a_zone(dns):
    assert "PriorRequestNotComplete" in dns.text("zone with two VPCs")
    zones = dns.sandbox.state()["aws"]["accounts"][dns.given["account_id"]]["zones"].values()
    assert [len(zone["vpcs"]) for zone in zones if zone["name"] == "two.example.com."] == [1]


def test_zone_quota(dns):
    assert "TooManyHostedZones" in dns.text("zone beyond the quota")
    # No VPC means a public zone to the module; it met the same limit, so nothing public came to be.
    assert "TooManyHostedZones" in dns.text("zone without VPC")


def test_an_alias_without_dot_fails_on_its_second_run(dns):
    assert dns["alias without dot"]["status"] == "ok" and dns["alias without dot"]["changed"]
    assert "already exists with different value" in dns.text("alias without dot again")
    assert dns["alias without dot, overwritten"]["changed"] is True
    assert (dns["alias with dot"]["status"], dns["alias with dot"]["changed"]) == ("ok", False)


def test_an_alias_must_lead_somewhere(dns):
    assert "that target was not found" in dns.text("alias to nobody")


def test_cname_at_the_apex_and_beside_others(dns):
    assert "not permitted at apex" in dns.text("CNAME at the apex")
    assert "conflicts with other records" in dns.text("CNAME beside it")


def test_delete_needs_the_exact_value(dns):
    assert "do not match the current values" in dns.text("record deleted with another value")


def test_a_change_is_pending_first(dns):
    assert dns["record"]["status"] == "ok"
    assert len(dns.calls("GetChange", "ok")) > 1


def test_a_zone_with_records_stays(dns):
    assert "HostedZoneNotEmpty" in dns.text("zone deleted")


def test_the_list_by_name_goes_on_after_the_name(dns):
    answer = dns["zones from that name on"]
    # amazon.aws 10 spells the members as the API does.
    names = [zone["name"] for zone in answer["hosted_zones"]] if "hosted_zones" in answer else [zone["Name"] for zone in answer["HostedZones"]]
    assert names == ["two.example.com.", "zz.example.com.", f"{NAME}."]


def test_another_accounts_records_are_denied(dns):
    assert "AccessDenied" in dns.text("records of another account")


def test_five_requests_a_second(dns):
    assert any(one["outcome"] == "Throttling" for one in dns.log)
    # The SDK repeats a throttled call a few times; chance decides whether that is enough at one request a second.
    assert dns["too fast"]["status"] == "ok" or "Throttling" in dns.text("too fast")
