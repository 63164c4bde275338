# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One interface VPC endpoint: read it, create it once, change it in place, delete it, await it."""

from __future__ import annotations

import datetime
import hashlib
import uuid

from ansible_collections.zilliz.cloud.plugins.module_utils import _aws_write as aws

LEAVING = ("deleting", "deleted", "absent")
DEAD = ("deleting", "deleted", "failed", "expired", "rejected")
GENERATIONS = 50
STUCK = {
    "pendingacceptance": "its owner has not accepted it: authorize it at Zilliz Cloud and run again",
    "pending": "AWS is still preparing it: run again, or raise wait_timeout",
    "available": "nothing changes this state by itself: check wait_states",
    "rejected": "its owner has rejected it: authorize it again at Zilliz Cloud, or delete it and create another",
    "failed": "delete it and create another",
    "expired": "nobody accepted it in time: delete it, create another and authorize that at Zilliz Cloud",
    "absent": "it was deleted: create another",
}


def describe(ec2, endpoint_id):
    try:
        answer = aws.call(ec2, "DescribeVpcEndpoints", f"read the endpoint {endpoint_id}", VpcEndpointIds=[endpoint_id])
    except aws.AwsWriteError as error:
        if error.code in ("InvalidVpcEndpointId.NotFound", "InvalidVpcEndpoint.NotFound"):
            return None
        raise
    return answer["VpcEndpoints"][0] if answer["VpcEndpoints"] else None


def state_of(endpoint):
    # AWS sends pendingAcceptance where its reference has PendingAcceptance.
    return endpoint["State"].lower() if endpoint else "absent"


def settings(endpoint):
    """What can be wanted of an endpoint; nothing of one that is going."""
    if state_of(endpoint) in LEAVING:
        return {}
    return {
        "vpc_id": endpoint["VpcId"],
        "service_name": endpoint["ServiceName"],
        "subnet_ids": sorted(endpoint.get("SubnetIds", [])),
        "security_group_ids": sorted(group["GroupId"] for group in endpoint.get("Groups", [])),
        "private_dns_enabled": endpoint.get("PrivateDnsEnabled", False),
        "ip_address_type": endpoint.get("IpAddressType", "ipv4"),
        "tags": aws.tags_of(endpoint.get("Tags")),
    }


def living(ec2, vpc_id, service_name, tags):
    """The oldest endpoint with all of these tags that can still serve."""
    filters = {"vpc-id": vpc_id, "service-name": service_name}
    filters.update({f"tag:{tag['Key']}": tag["Value"] for tag in aws.tag_list(tags)})
    found = aws.pages(
        ec2, "DescribeVpcEndpoints", f"look for an endpoint in {vpc_id}", "VpcEndpoints",
        Filters=[{"Name": name, "Values": [value]} for name, value in filters.items()],
    )
    alive = [endpoint for endpoint in found if state_of(endpoint) not in DEAD]
    return min(alive, key=lambda endpoint: (endpoint["CreationTimestamp"], endpoint["VpcEndpointId"]), default=None)


def create(ec2, params, after):
    request = {
        "VpcEndpointType": "Interface",
        "VpcId": after["vpc_id"],
        "ServiceName": after["service_name"],
        "ServiceRegion": params["service_region"],
        "SubnetIds": after["subnet_ids"],
        "SecurityGroupIds": after["security_group_ids"],
        "IpAddressType": params["ip_address_type"],
        "TagSpecifications": after["tags"] and [{"ResourceType": "vpc-endpoint", "Tags": aws.tag_list(after["tags"])}],
    }
    request = {name: value for name, value in request.items() if value}
    purpose = f"create an endpoint of {after['service_name']} in {after['vpc_id']}"
    name = params["client_token"] or uuid.uuid4().hex
    for generation in range(GENERATIONS):
        token = hashlib.sha256(f"{name}/{generation}".encode()).hexdigest()
        try:
            answer = aws.call(
                ec2, "CreateVpcEndpoint", purpose,
                ClientToken=token, PrivateDnsEnabled=after["private_dns_enabled"], **request,
            )
        except aws.AwsWriteError as error:
            if error.code != "IdempotentParameterMismatch":
                raise
            continue
        created = appeared(ec2, answer["VpcEndpoint"])
        if state_of(created) not in DEAD + ("absent",):
            return created
    raise aws.AwsWriteError(f"CreateVpcEndpoint could not {purpose}: client_token is used up; give another one.")


def appeared(ec2, created):
    """The endpoint as it is now; a new one cannot always be described at once."""
    if state_of(created) in DEAD:
        return created
    # AWS refuses requests from a clock that is five minutes off, so an older endpoint is one that AWS remembers.
    age = datetime.datetime.now(datetime.timezone.utc) - created["CreationTimestamp"]
    if age > datetime.timedelta(minutes=5):
        return describe(ec2, created["VpcEndpointId"])
    return aws.poll(lambda: describe(ec2, created["VpcEndpointId"]), bool, timeout=20, delay=2)


def modify(ec2, endpoint_id, before, after):
    purpose = f"change the endpoint {endpoint_id}"
    request: dict = {}
    for option, name in (("subnet_ids", "SubnetIds"), ("security_group_ids", "SecurityGroupIds")):
        request[f"Add{name}"] = sorted(set(after[option]) - set(before[option]))
        request[f"Remove{name}"] = sorted(set(before[option]) - set(after[option]))
    for option, name in (("private_dns_enabled", "PrivateDnsEnabled"), ("ip_address_type", "IpAddressType")):
        request[name] = after[option] if after[option] != before[option] else None
    request = {name: value for name, value in request.items() if value not in (None, [])}
    tags = {key: value for key, value in after["tags"].items() if before["tags"].get(key) != value}
    if tags:
        aws.call(ec2, "CreateTags", f"tag the endpoint {endpoint_id}", Resources=[endpoint_id], Tags=aws.tag_list(tags))
    try:
        if request:
            aws.call(ec2, "ModifyVpcEndpoint", purpose, VpcEndpointId=endpoint_id, **request)
    except aws.AwsWriteError as error:
        if error.code != "DuplicateSubnetsInSameZone" or "RemoveSubnetIds" not in request:
            raise
        first = {"RemoveSubnetIds": request.pop("RemoveSubnetIds")}
        aws.call(ec2, "ModifyVpcEndpoint", purpose, VpcEndpointId=endpoint_id, **first)
        aws.poll(lambda: state_of(describe(ec2, endpoint_id)), lambda state: state != "pending", timeout=300, delay=5)
        aws.call(ec2, "ModifyVpcEndpoint", purpose, VpcEndpointId=endpoint_id, **request)
    return describe(ec2, endpoint_id)


def delete(ec2, found):
    endpoint_id = found["VpcEndpointId"]
    purpose = f"delete the endpoint {endpoint_id}"
    answer = aws.call(ec2, "DeleteVpcEndpoints", purpose, VpcEndpointIds=[endpoint_id])
    for item in answer.get("Unsuccessful", []):
        error = item["Error"]
        if not error["Code"].endswith(".NotFound"):
            raise aws.failure(ec2, "DeleteVpcEndpoints", purpose, error["Code"], error["Message"])
    return {**found, "State": "deleting"}


def wait(ec2, params, found):
    endpoint_id = params["vpc_endpoint_id"] or found["VpcEndpointId"]
    states = {state.lower() for state in params["wait_states"]}
    interface_ids = (found or {}).get("NetworkInterfaceIds", [])

    def look():
        endpoint = describe(ec2, endpoint_id)
        state = state_of(endpoint)
        if state == "deleted" and state not in states:
            state, endpoint = "absent", None
        if state == "absent" and state in states and has_interfaces(ec2, endpoint_id, interface_ids):
            state = "losing its network interfaces"
        return state, endpoint

    def done(seen):
        over = seen[0] in LEAVING + ("failed", "expired") and not states.intersection(LEAVING)
        return over or seen[0] in states

    state, endpoint = aws.poll(look, done, params["wait_timeout"], params["wait_delay"])
    if state not in states:
        cause = (endpoint or {}).get("LastError", {}).get("Message")
        remedy = STUCK.get(state, "AWS is still removing it: run again, the wait goes on")
        raise aws.AwsWriteError(
            f"The endpoint {endpoint_id} is {endpoint['State'] if endpoint else state}"
            f"{f' ({cause})' if cause else ''}, not {' or '.join(params['wait_states'])}, within"
            f" {params['wait_timeout']} seconds; {remedy}."
        )
    return endpoint


def has_interfaces(ec2, endpoint_id, interface_ids):
    # DescribeNetworkInterfaces has no filter for endpoints; AWS writes the endpoint's id into the description.
    known = {"Name": "network-interface-id", "Values": interface_ids}
    named = {"Name": "description", "Values": [f"VPC Endpoint Interface {endpoint_id}"]}
    purpose = f"look for network interfaces of the endpoint {endpoint_id}"
    return bool(aws.pages(
        ec2, "DescribeNetworkInterfaces", purpose, "NetworkInterfaces", Filters=[known if interface_ids else named],
    ))
