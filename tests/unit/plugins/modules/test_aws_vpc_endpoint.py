# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import datetime

import pytest

MODULE = "aws_vpc_endpoint"
OLD = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
WANTED = {
    "vpc_id": "vpc-1", "service_name": "com.amazonaws.vpce.us-west-2.vpce-svc-1", "subnet_ids": ["subnet-b", "subnet-a"],
    "security_group_ids": ["sg-1"], "tags": {"mark": "p/r/vpc-1", "count": 2}, "client_token": "p/r/vpc-1",
}


def create(run_aws, **more):
    return run_aws(MODULE, **{**WANTED, **more})["vpc_endpoint"]["vpc_endpoint_id"]


def test_created_once_with_tags_and_without_private_dns(run_aws, ec2):
    planned = run_aws(MODULE, check_mode=True, **WANTED)
    assert planned["changed"] and "vpc_endpoint_id" not in planned["vpc_endpoint"] and ec2.written == []
    made = run_aws(MODULE, **WANTED)
    (request,) = ec2.asked("CreateVpcEndpoint")
    assert request["PrivateDnsEnabled"] is False and len(request["ClientToken"]) == 64 and "ServiceRegion" not in request
    assert request["TagSpecifications"][0]["Tags"] == [
        {"Key": "count", "Value": "2"}, {"Key": "mark", "Value": "p/r/vpc-1"}
    ]
    assert made["changed"] and made["vpc_endpoint"]["tags"] == {"mark": "p/r/vpc-1", "count": "2"}
    assert planned["diff"]["after"].items() <= made["vpc_endpoint"].items()
    assert made["vpc_endpoint"]["security_group_ids"] == ["sg-1"]
    for check_mode in (True, False):
        again = run_aws(MODULE, check_mode=check_mode, **WANTED)
        assert not again["changed"] and again["vpc_endpoint"]["vpc_endpoint_id"] == "vpce-1"
    assert ec2.written == ["CreateVpcEndpoint"]


def test_service_region_goes_into_the_creating_call(run_aws, ec2):
    create(run_aws, service_region="eu-central-1", ip_address_type="dualstack")
    (request,) = ec2.asked("CreateVpcEndpoint")
    assert (request["ServiceRegion"], request["IpAddressType"]) == ("eu-central-1", "dualstack")


@pytest.mark.parametrize("state", ["deleting", "deleted", "rejected", "failed", "expired"])
def test_a_dead_endpoint_of_the_token_is_no_answer(run_aws, ec2, state):
    create(run_aws)
    ec2.endpoints["vpce-1"]["State"] = state
    assert create(run_aws) == "vpce-2"


def test_a_forgotten_endpoint_of_the_token_is_no_answer(run_aws, ec2, pauses):
    create(run_aws, tags={})
    ec2.tokens[ec2.asked("CreateVpcEndpoint")[0]["ClientToken"]][1]["CreationTimestamp"] = OLD
    del ec2.endpoints["vpce-1"]
    assert create(run_aws, tags={}) == "vpce-2" and pauses == []


def test_another_request_under_the_token_takes_the_next_generation(run_aws, ec2):
    create(run_aws, tags={})
    assert create(run_aws, tags={}, subnet_ids=["subnet-c"]) == "vpce-2"
    tokens = [request["ClientToken"] for request in ec2.asked("CreateVpcEndpoint")]
    assert tokens[0] == tokens[1] != tokens[2]


def test_a_token_that_every_generation_has_used_is_told(run_aws, ec2):
    ec2.script["CreateVpcEndpoint"] = ["IdempotentParameterMismatch"] * 99
    assert run_aws(MODULE, **WANTED)["msg"].endswith("client_token is used up; give another one.") and ec2.endpoints == {}


def test_without_a_token_every_run_has_its_own(run_aws, ec2):
    assert [create(run_aws, tags={}, client_token=None) for unused in range(2)] == ["vpce-1", "vpce-2"]


def test_an_endpoint_that_cannot_be_described_yet_is_awaited(run_aws, ec2, pauses):
    ec2.script["DescribeVpcEndpoints"] = [None, "InvalidVpcEndpointId.NotFound", "InvalidVpcEndpointId.NotFound"]
    assert create(run_aws) == "vpce-1" and len(pauses) == 2 and len(ec2.endpoints) == 1


def test_the_oldest_of_several_with_the_tags_is_taken(run_aws, ec2):
    create(run_aws)
    create(run_aws, tags={"mark": "other"})
    ec2.endpoints["vpce-2"].update(Tags=ec2.endpoints["vpce-1"]["Tags"], CreationTimestamp=OLD)
    assert create(run_aws) == "vpce-2" and len(ec2.endpoints) == 2


def test_only_what_differs_is_modified(run_aws, ec2):
    create(run_aws)
    change = {"vpc_endpoint_id": "vpce-1", "subnet_ids": ["subnet-a", "subnet-c"], "tags": {"new": "x"}}
    planned = run_aws(MODULE, check_mode=True, **change)
    assert planned["changed"] and ec2.written == ["CreateVpcEndpoint"]
    done = run_aws(MODULE, **change)
    assert done["diff"] == planned["diff"]
    assert ec2.asked("ModifyVpcEndpoint") == [
        {"VpcEndpointId": "vpce-1", "AddSubnetIds": ["subnet-c"], "RemoveSubnetIds": ["subnet-b"]}
    ]
    assert ec2.asked("CreateTags") == [{"Resources": ["vpce-1"], "Tags": [{"Key": "new", "Value": "x"}]}]
    assert done["vpc_endpoint"]["tags"] == {"mark": "p/r/vpc-1", "count": "2", "new": "x"}
    assert not run_aws(MODULE, **change)["changed"]


@pytest.mark.parametrize(("option", "value", "request_of"), [
    ("private_dns_enabled", True, {"PrivateDnsEnabled": True}),
    ("ip_address_type", "dualstack", {"IpAddressType": "dualstack"}),
    ("security_group_ids", ["sg-2"], {"AddSecurityGroupIds": ["sg-2"], "RemoveSecurityGroupIds": ["sg-1"]}),
])
def test_one_setting_alone(run_aws, ec2, option, value, request_of):
    create(run_aws)
    assert run_aws(MODULE, vpc_endpoint_id="vpce-1", **{option: value})["vpc_endpoint"][option] == value
    assert ec2.asked("ModifyVpcEndpoint") == [{"VpcEndpointId": "vpce-1", **request_of}]


def test_private_dns_is_switched_off(run_aws, ec2):
    create(run_aws, private_dns_enabled=True)
    assert run_aws(MODULE, vpc_endpoint_id="vpce-1", private_dns_enabled="no")["changed"]
    assert ec2.endpoints["vpce-1"]["PrivateDnsEnabled"] is False


def test_a_subnet_that_gives_way_in_its_own_zone(run_aws, ec2):
    create(run_aws)
    ec2.script["ModifyVpcEndpoint"] = ["DuplicateSubnetsInSameZone"]
    run_aws(MODULE, vpc_endpoint_id="vpce-1", subnet_ids=["subnet-a", "subnet-b2"])
    asked = [sorted(set(request) - {"VpcEndpointId"}) for request in ec2.asked("ModifyVpcEndpoint")]
    assert asked == [["AddSubnetIds", "RemoveSubnetIds"], ["RemoveSubnetIds"], ["AddSubnetIds"]]
    assert sorted(ec2.endpoints["vpce-1"]["SubnetIds"]) == ["subnet-a", "subnet-b2"]


@pytest.mark.parametrize("operation", ["DescribeVpcEndpoints", "ModifyVpcEndpoint"])
def test_a_refused_look_or_change_is_an_error(run_aws, ec2, operation):
    create(run_aws)
    ec2.script[operation] = ["UnauthorizedOperation"]
    failed = run_aws(MODULE, vpc_endpoint_id="vpce-1", subnet_ids=["subnet-a"])
    assert failed["failed"] and failed["msg"].startswith(f"{operation} could not ") and f"allow ec2:{operation} in the IAM policy" in failed["msg"]
    assert ec2.endpoints["vpce-1"]["SubnetIds"] == ["subnet-a", "subnet-b"]


@pytest.mark.parametrize("state", [None, "deleting"])
def test_an_endpoint_that_is_gone_cannot_be_changed(run_aws, ec2, state):
    create(run_aws)
    ec2.endpoints["vpce-1"]["State"] = state
    if not state:
        del ec2.endpoints["vpce-1"]
    failed = run_aws(MODULE, vpc_endpoint_id="vpce-1", subnet_ids=["subnet-a"])
    assert failed["msg"] == "The endpoint vpce-1 is gone: leave out vpc_endpoint_id to create another."


def test_deleted_once_and_gone_with_its_interfaces(run_aws, ec2, pauses):
    create(run_aws)
    looks = []

    def after_look(fake):
        looks.append(1)
        if len(looks) == 3:
            del fake.endpoints["vpce-1"]
        if len(looks) == 5:
            fake.interfaces.clear()

    gone = {"state": "absent", "vpc_endpoint_id": "vpce-1", "wait_states": ["absent"]}
    assert run_aws(MODULE, check_mode=True, **gone)["changed"] and ec2.written == ["CreateVpcEndpoint"]
    ec2.after_look = after_look
    result = run_aws(MODULE, **gone)
    assert result["changed"] and result["vpc_endpoint"] == {} and len(pauses) == 3 and set(pauses) == {10}
    assert ec2.asked("DescribeNetworkInterfaces")[0]["Filters"] == [{"Name": "network-interface-id", "Values": ["eni-1"]}]
    assert not run_aws(MODULE, **gone)["changed"]
    assert ec2.written == ["CreateVpcEndpoint", "DeleteVpcEndpoints"]


def test_the_wait_of_an_interrupted_deletion_finds_the_interfaces_by_their_description(run_aws, ec2):
    create(run_aws)
    del ec2.endpoints["vpce-1"]
    failed = run_aws(MODULE, state="absent", vpc_endpoint_id="vpce-1", wait_states=["absent"], wait_timeout=30)
    assert failed["msg"] == (
        "The endpoint vpce-1 is losing its network interfaces, not absent, within 30 seconds;"
        " AWS is still removing it: run again, the wait goes on."
    )


@pytest.mark.parametrize("state", ["deleting", "deleted", None])
def test_what_is_going_is_not_deleted_again(run_aws, ec2, state):
    create(run_aws)
    ec2.endpoints["vpce-1"]["State"] = state
    if not state:
        del ec2.endpoints["vpce-1"]
    result = run_aws(MODULE, state="absent", vpc_endpoint_id="vpce-1")
    assert not result["changed"] and "DeleteVpcEndpoints" not in ec2.written


def test_deleted_by_somebody_else_in_between(run_aws, ec2):
    create(run_aws)

    def raced(VpcEndpointIds):
        ec2.endpoints.clear()
        return type(ec2).DeleteVpcEndpoints(ec2, VpcEndpointIds)

    ec2.DeleteVpcEndpoints = raced
    assert run_aws(MODULE, state="absent", vpc_endpoint_id="vpce-1")["changed"]


def test_a_refused_deletion_is_an_error(run_aws, ec2):
    create(run_aws)
    error = {"Code": "InvalidParameter", "Message": "Endpoint must be removed from route table before deletion."}
    ec2.DeleteVpcEndpoints = lambda VpcEndpointIds: {"Unsuccessful": [{"ResourceId": "vpce-1", "Error": error}]}
    failed = run_aws(MODULE, state="absent", vpc_endpoint_id="vpce-1")
    assert failed["msg"] == (
        "DeleteVpcEndpoints could not delete the endpoint vpce-1:"
        " Endpoint must be removed from route table before deletion (InvalidParameter)."
    )


def test_waits_for_any_of_the_states_whatever_their_case(run_aws, ec2, pauses):
    create(run_aws)
    ec2.after_look = lambda fake: fake.endpoints["vpce-1"].update(State="Available" if len(pauses) > 2 else "pending")
    result = run_aws(MODULE, state="waited", vpc_endpoint_id="vpce-1", wait_states=["available", "rejected"])
    assert not result["changed"] and result["vpc_endpoint"]["state"] == "Available" and len(pauses) == 3


@pytest.mark.parametrize(("state", "part"), [
    ("pendingAcceptance", "its owner has not accepted it"), ("pending", "AWS is still preparing it"),
    ("rejected", "its owner has rejected it"),
])
def test_a_time_out_names_the_last_state(run_aws, ec2, pauses, state, part):
    create(run_aws)
    ec2.endpoints["vpce-1"]["State"] = state
    failed = run_aws(MODULE, state="waited", vpc_endpoint_id="vpce-1", wait_states=["available"], wait_timeout=25)
    assert failed["msg"].startswith(f"The endpoint vpce-1 is {state}, not available, within 25 seconds; {part}")
    assert sum(pauses) == 25


@pytest.mark.parametrize("state", ["failed", "expired", "deleting", "deleted"])
def test_a_state_without_return_ends_the_wait(run_aws, ec2, pauses, state):
    create(run_aws)
    ec2.endpoints["vpce-1"].update(State=state, LastError={"Code": "x", "Message": "no address left"})
    failed = run_aws(MODULE, state="waited", vpc_endpoint_id="vpce-1", wait_states=["available"])
    assert failed["msg"].startswith("The endpoint vpce-1 is ") and pauses == []
    assert state == "deleted" or "(no address left)" in failed["msg"]


def test_check_mode_does_not_wait(run_aws, ec2, pauses):
    create(run_aws)
    run_aws(MODULE, check_mode=True, state="waited", vpc_endpoint_id="vpce-1", wait_states=["available"])
    assert pauses == []


@pytest.mark.parametrize("options", [{"wait_timeout": -1}, {"wait_delay": 0}])
def test_bad_waits_are_refused_before_any_call(run_aws, ec2, options):
    failed = run_aws(MODULE, **WANTED, **options)
    assert failed["msg"] == "wait_timeout must be 0 or more seconds and wait_delay more than 0 seconds."
    assert ec2.calls == []


@pytest.mark.parametrize("options", [
    {"state": "absent"}, {"state": "waited", "vpc_endpoint_id": "vpce-1"}, {"vpc_id": "vpc-1"}, {"subnet_ids": ["subnet-a"]},
])
def test_options_that_belong_together(run_aws, ec2, options):
    assert run_aws(MODULE, **options)["msg"].startswith("Give ") and ec2.calls == []


@pytest.mark.parametrize(("code", "message", "remedy"), [
    ("VpcEndpointLimitExceeded", "Full.", "delete an endpoint of the VPC that is not needed, or ask AWS for a higher quota"),
    ("InvalidServiceName", "No.", "check service_name, and service_region when the service is in another region"),
    ("InvalidParameter", "The service does not support the availability zone of the subnet: subnet-a.",
     "leave that subnet out, or name a subnet in a zone that the service supports"),
    ("UnauthorizedOperation", "You are not authorized. Encoded authorization failure message: aBcD",
     "allow ec2:CreateVpcEndpoint in the IAM policy"),
    ("UnauthorizedOperation", "User x is not authorized to perform: ec2:CreateTags on y", "allow ec2:CreateTags in the IAM policy"),
    ("InvalidSubnetID.NotFound", "No.", "check the id, and that it belongs to the account and region in use"),
    ("RequestLimitExceeded", "Slow.", "AWS is still busy"),
    ("ExpiredToken", "Old.", "check the access key, profile or role in use"),
])
def test_refusals_are_one_sentence_with_the_remedy(run_aws, ec2, code, message, remedy):
    ec2.script["CreateVpcEndpoint"] = [(code, message)]
    failed = run_aws(MODULE, **WANTED)
    assert failed["msg"].startswith(
        "CreateVpcEndpoint could not create an endpoint of com.amazonaws.vpce.us-west-2.vpce-svc-1 in vpc-1: "
    )
    assert f"({code}); {remedy}" in failed["msg"] and "aBcD" not in failed["msg"] and failed["code"] == code


def test_a_region_that_the_service_refuses_names_what_to_ask_for(run_aws, ec2):
    ec2.script["CreateVpcEndpoint"] = ["InvalidServiceName"]
    failed = run_aws(MODULE, **WANTED, service_region="eu-central-1")
    assert "ask Zilliz Cloud support to enable cross-region access to com.amazonaws" in failed["msg"]
