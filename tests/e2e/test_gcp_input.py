# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input for a Google link: one sentence with the remedy for each, all of them at once, and nothing made before it is said."""
from __future__ import annotations

import json
import pathlib
import re

import pytest

from e2e.runner import run_playbook
from e2e.views import write_plays

HAND_MADE_KEY = "f" * 72
OPTIONS = ("project_id", "region_id", "gcp_project_id", "region", "network", "subnetwork")
# One name is enough where names are not the point; a teardown cuts the other cluster too.
ONE = {"cluster_names": ["prod-01"], "confirm_clusters": ["prod-02"]}
GOES_ON = "What was done stays: run again when the cause is gone, and the run goes on from there."

# What is wrong -> the options, and the words that the message must have. `extra` is what the scenario has beside an ordinary project.
CASES = {
    # Projects and APIs
    "Compute Engine API is not enabled": (lambda extra: dict(gcp_project_id=extra["no_compute_project"]), [
        "enable the Compute Engine API (compute.googleapis.com) in project no-compute-project",
        "gcloud services enable compute.googleapis.com --project no-compute-project"]),
    "Cloud DNS API is not enabled": (
        lambda extra: dict(gcp_project_id=extra["no_dns_project"], network=extra["no_dns_network"], subnetwork=extra["no_dns_subnetwork"]), [
            "gcloud services enable dns.googleapis.com --project no-dns-project"]),
    "unknown project": (lambda extra: dict(gcp_project_id="nobodys-project"), [
        "Nothing of project nobodys-project may be read with the credentials in use: check gcp_project_id, or allow compute.addresses.list"]),
    "project by its display name": (lambda extra: dict(gcp_project_id="My Project"), [
        "gcp_project_id is My Project: a name there looks like my-project"]),
    "unknown project of zones": (lambda extra: dict(zone_project_id="nobodys-project"), ["dns.managedZones.list", "in project nobodys-project"]),
    "no project": (lambda extra: dict(gcp_project_id=""), ["gcp_project_id is missing: name the Google Cloud project"]),
    # Where it starts
    "network of another project": (lambda extra: dict(network=extra["other_network"]), [
        "Network other-vpc was not found in project my-project, which has locked-vpc, my-second-vpc, my-vpc",
        "for a shared VPC set network_project_id to its host project"]),
    "two host projects": (lambda extra: dict(network="projects/host-project/global/networks/shared-vpc", network_project_id="other-project"), [
        "network is in project host-project, and network_project_id is other-project: correct one",
        "Network shared-vpc was not found in project other-project"]),
    "subnetwork of another region": (lambda extra: dict(subnetwork=extra["other_region_subnetwork"]), [
        "Subnetwork east-subnet is in region us-east1, and the endpoint must be in us-west1: name a subnetwork there"]),
    "subnetwork of another region by its path": (lambda extra: dict(subnetwork="projects/my-project/regions/us-east1/subnetworks/east-subnet"), [
        "Subnetwork east-subnet is in region us-east1, and the endpoint must be in us-west1"]),
    "subnetwork of another network": (lambda extra: dict(subnetwork=extra["second_subnetwork"]), [
        "Subnetwork my-second-subnet is in network my-second-vpc, not in network my-vpc: check it"]),
    "unknown subnetwork": (lambda extra: dict(subnetwork="nowhere"), [
        "Subnetwork nowhere was not found in region us-west1 of project my-project: check subnetwork"]),
    "no subnetwork": (lambda extra: dict(subnetwork=""), ["subnetwork is missing: name one of network my-vpc in region us-west1"]),
    "region of another service": (lambda extra: dict(region="us-east1", subnetwork="east-subnet"), [
        "region is us-east1, but the service is in us-west1", "set region to us-west1, with a subnetwork there; global_access: true"]),
    "region that Google does not have": (lambda extra: dict(region="us-nowhere9"), ["region is us-nowhere9, but the service is in us-west1"]),
    "no region of Google": (lambda extra: dict(region="Oregon"), ["region is Oregon: a name there looks like us-west1"]),
    # Zilliz Cloud
    "unknown region": (lambda extra: dict(region_id="gcp-us-nowhere1"), [
        "Zilliz Cloud has no region gcp-us-nowhere1: check region_id; on Google Cloud it has gcp-"]),
    "region without a service": (lambda extra: dict(region_id="gcp-asia-southeast1"), [
        "offers no private link in region gcp-asia-southeast1: choose another region"]),
    "region of another cloud": (lambda extra: dict(region_id="aws-us-west-2"), [
        "Region aws-us-west-2 is on cloud aws", "correct region_id, or use that cloud's role"]),
    "project without that region": (lambda extra: dict(project_id="proj-4487580fcfe2c8a4391686"), [
        "does not use region gcp-us-west1 (it uses aws-us-west-2)", "add the region to the project at Zilliz Cloud first"]),
    "unknown project of Zilliz Cloud": (lambda extra: dict(project_id="proj-ffffffffffffffffffffff"), [
        "projects/proj-ffffffffffffffffffffff", "or the project does not exist: check project_id"]),
    "wrong service attachment": (lambda extra: dict(service_name=extra["other_service"]), [
        "has no endpoint service projects/vdc-prod/regions/us-west1/serviceAttachments/zilliz-us-west1-psc-old in region gcp-us-west1",
        "leave service_name out, or choose from projects/vdc-prod"]),
    "unknown cluster": (lambda extra: dict(cluster_names=["prod-99"]), [
        "No cluster prod-99 in project", "check cluster_ids and cluster_names; there is", "prod-01 (in01-61e949d971f841b)"]),
    # Endpoint and address
    "unknown endpoint": (lambda extra: dict(endpoint_id="nothing-there"), [
        "Forwarding rule nothing-there to a service attachment was not found in region us-west1 of project my-project: check endpoint_id"]),
    "a load balancer as endpoint": (lambda extra: dict(endpoint_id="orders"), ["Forwarding rule orders to a service attachment was not found"]),
    "the endpoint's name is taken": (lambda extra: dict(endpoint_name="orders"), [
        "already has a forwarding rule orders in region us-west1 that this link did not make: choose another endpoint_name"]),
    "unknown address": (lambda extra: dict(address="nothing-there"), ["Address nothing-there was not found in region us-west1", "check address"]),
    "external address": (lambda extra: dict(address="nat-ip"), ["Address nat-ip is EXTERNAL: an endpoint takes an INTERNAL one"]),
    "address in use": (lambda extra: dict(address="orders-ip"), ["Address orders-ip is in use by orders: bring one that is free"]),
    "the address's name is taken": (lambda extra: dict(address_name="orders-ip"), [
        "already has an address orders-ip in region us-west1 that this link did not make: choose another address_name"]),
    "fixed address outside": (lambda extra: dict(ip_address="10.9.9.9"), [
        "ip_address 10.9.9.9 is not in subnetwork my-subnet (10.128.0.0/20): choose one that is"]),
    "fixed address in use": (lambda extra: dict(ip_address="10.128.15.200"), ["ip_address 10.128.15.200 is in use by orders: choose one that is free"]),
    "fixed and own address": (lambda extra: dict(ip_address="10.128.0.9", address="nat-ip"), [
        "address names your own reserved address, so leave ip_address out", "Address nat-ip is EXTERNAL"]),
    "no address at all": (lambda extra: dict(ip_address="10.128.0"), ["ip_address is 10.128.0: write an IPv4 address of the subnetwork"]),
    # Clients
    "the firewall rule's name is taken": (lambda extra: dict(client_egress="always", firewall_name="my-vpc-allow-internal"), [
        "already has a firewall rule my-vpc-allow-internal that this link did not make: choose another firewall_name"]),
    "tags and accounts": (lambda extra: dict(client_target_tags="web", client_target_service_accounts="web@my-project.iam.gserviceaccount.com"), [
        "A firewall rule takes client_target_tags or client_target_service_accounts: leave one out"]),
    "priority 0": (lambda extra: dict(firewall_priority=0), ["firewall_priority is 0: give a number from 1 (first) to 65535 (last)"]),
    "tag in capitals": (lambda extra: dict(client_egress="always", client_target_tags="Web Servers"), [
        "client_target_tags has Web Servers: a network tag looks like my-clients"]),
    "account without its address": (lambda extra: dict(client_target_service_accounts="web"), [
        "client_target_service_accounts has web: name accounts by their e-mail addresses"]),
    "label in capitals": (lambda extra: dict(labels={"Team": "search"}), ["labels has Team: search", "lower-case letters"]),
    # Names
    "unknown zone": (lambda extra: dict(zone_id="nothing-there"), ["Managed zone nothing-there of project my-project was not found: check zone_id"]),
    "no DNS name": (lambda extra: dict(dns="shared", zone_name="not a name"), [
        "zone_name is not a name: write a DNS name, such as vectordb.zillizcloud.com"]),
    "unknown further network": (lambda extra: dict(zone_networks=["nowhere"]), ["Network nowhere was not found: check its entry in zone_networks"]),
    "odd further network": (lambda extra: dict(zone_networks="My VPC\nmy-second-vpc"), [
        "zone_networks has My VPC: write a network as my-vpc or projects/my-project/global/networks/my-vpc"]),
    "odd namespace": (lambda extra: dict(service_directory_namespace="My Services"), [
        "service_directory_namespace is My Services: a name there looks like my-namespace"]),
    # Taking down
    "teardown in an unknown project": (lambda extra: dict(state="absent", gcp_project_id="nobodys-project"), ["check gcp_project_id"]),
    "teardown of an unknown project of Zilliz Cloud": (lambda extra: dict(state="absent", project_id="proj-ffffffffffffffffffffff"), [
        "check project_id"]),
    "teardown of some clusters": (lambda extra: dict(state="absent", cluster_names=["prod-01"]), [
        "cuts prod-02 (", "too, because a registration covers the whole project and region", "name them in confirm_clusters"]),
}
# These say that two things are wrong, because they are.
TWO = ("two host projects", "fixed and own address")

# Who asks -> the options, the environment, and the words. `key` writes a file, the text of a service account's key unless told otherwise.
WHO = {
    "missing credentials file": (lambda extra, key: ({"service_account_file": "/nowhere/key.json"}, {}), [
        "service_account_file /nowhere/key.json cannot be read (No such file or directory): check the path"]),
    "credentials file that is no JSON": (lambda extra, key: ({"service_account_file": key("my key")}, {}), [
        "is not JSON: give the JSON key of a service account"]),
    "a person's credentials file": (lambda extra, key: ({"service_account_file": extra["authorized_user_file"]}, {}), [
        "is of type authorized_user, not the key of a service account: name it in GOOGLE_APPLICATION_CREDENTIALS and set auth_kind to application"]),
    "half a key": (lambda extra, key: ({"service_account_file": key(client_email=None)}, {}), [
        "is not the key of a service account (client_email missing): create a JSON key"]),
    "broken key": (lambda extra, key: ({"service_account_file": key(private_key="-----BEGIN PRIVATE KEY-----\nMIIEv\n-----END PRIVATE KEY-----\n")}, {}), [
        "holds a private_key that cannot be read: create a new JSON key of the service account"]),
    "key of a deleted account": (lambda extra, key: ({"service_account_file": extra["deleted_service_account_file"]}, {}), [
        "it gives no access for these credentials (invalid_grant)", "deleted@my-project.iam.gserviceaccount.com", "create a new key"]),
    "contents that are no JSON": (lambda extra, key: ({"service_account_contents": "my key"}, {}), [
        "service_account_contents is not JSON: give the JSON key of a service account"]),
    "contents beside a file": (
        lambda extra, key: ({"service_account_file": extra["service_account_file"]}, {"GCP_SERVICE_ACCOUNT_CONTENTS": "{}"}), [
            "service_account_file and service_account_contents are both given", "GCP_SERVICE_ACCOUNT_CONTENTS", "leave one out"]),
    "a kind without its credentials": (lambda extra, key: ({"auth_kind": "accesstoken"}, {}), ["access_token", "gcloud auth print-access-token"]),
    "a kind against its credentials": (lambda extra, key: ({"auth_kind": "application", "service_account_file": extra["service_account_file"]}, {}), [
        "service_account_file is given", "but auth_kind is application: leave it out, or set auth_kind to serviceaccount"]),
    "an unknown kind": (lambda extra, key: ({"auth_kind": "password"}, {}), ["value of auth_kind must be one of", "serviceaccount"]),
    "expired access token": (lambda extra, key: ({"access_token": extra["expired_access_token"]}, {}), [
        "the access token is wrong or has expired: get a new one (gcloud auth print-access-token)"]),
    "no credentials": (lambda extra, key: ({}, {"NO_GCE_CHECK": "true"}), [
        "no default credentials were found: name a credentials file in GOOGLE_APPLICATION_CREDENTIALS"]),
    "wrong api key": (lambda extra, key: ({"service_account_file": extra["service_account_file"]}, {"ZILLIZCLOUD_API_KEY": HAND_MADE_KEY}), [
        "The API key was not accepted by"]),
    "no api key": (lambda extra, key: ({"service_account_file": extra["service_account_file"]}, {"ZILLIZCLOUD_API_KEY": ""}), [
        "api_key is empty: give the option, or export ZILLIZCLOUD_API_KEY."]),
    "no way to Google": (lambda extra, key: (
        {"service_account_file": extra["service_account_file"]}, dict.fromkeys(("HTTPS_PROXY", "https_proxy"), "http://user:secret@127.0.0.1:9")), [
            "no answer from", "(ProxyError)", "check the network path, the proxy and the firewall between this host and"]),
    "no way to Zilliz Cloud": (
        lambda extra, key: ({"service_account_file": extra["service_account_file"]}, {"ZILLIZCLOUD_HOST_ADDRESS": "http://127.0.0.1:9"}), [
            "127.0.0.1:9 cannot be reached. Check host_address, the network and the proxy settings"]),
}
NOBODY = {"GCP_AUTH_KIND": "", "GCP_SERVICE_ACCOUNT_FILE": "", "GOOGLE_APPLICATION_CREDENTIALS": ""}


@pytest.fixture(scope="module")
def answers(sandbox_process, tmp_path_factory):
    """Each case asks the plan module, all of them from one play; nothing that it did has changed anything."""
    folder = tmp_path_factory.mktemp("answers")
    sandbox_process.reset()
    given, extra = sandbox_process.scenario["gcp"], sandbox_process.scenario["extra"]["gcp"]
    ordinary = {name: given[name] for name in OPTIONS}

    def key(text=None, **changes):
        info = dict(json.loads(pathlib.Path(extra["service_account_file"]).read_text(encoding="utf-8")), **changes)
        path = folder / f"key-{len(list(folder.iterdir()))}.json"
        path.write_text(text or json.dumps({name: value for name, value in info.items() if value is not None}), encoding="utf-8")
        return str(path)

    def task(name, options, env=None):
        return {"name": name, "zilliz.cloud.gcp_private_link_plan": {**ordinary, **options}, "environment": env or {}, "ignore_errors": True}

    tasks = [task(name, options(extra)) for name, (options, _words) in CASES.items()]
    for name, (given_by, _words) in WHO.items():
        options, env = given_by(extra, key)
        tasks.append(task(name, options, {**NOBODY, **env}))
    run = run_playbook(sandbox_process, folder, tasks, diff=True)
    assert "Traceback" not in run.stdout and sandbox_process.escaped() == []
    assert sandbox_process.mutating() == []
    return run


def said(answer, made=()):
    assert answer.rc != 0, answer.stdout[-3000:]
    assert not made, [entry["operation"] for entry in made]
    assert "Traceback" not in answer.stdout
    return readable(answer.message)


def readable(message):
    assert not re.search(r"[{}]|None\b|\['|Task failed|Error:|has no attribute", message), message
    return message


def one(message):
    """It is the only problem, told in one line."""
    assert "problems:" not in message and "\n" not in message, message
    return message


@pytest.mark.parametrize("case", [*CASES, *WHO])
def test_one_sentence_with_the_remedy(case, answers):
    answer = answers.task(case)
    assert answer["status"] == "ignored", answer
    message = readable(answer["msg"]) if case != "an unknown kind" else answer["msg"]
    for words in {**CASES, **WHO}[case][1]:
        assert words in message, message
    assert "user:secret" not in message
    if case not in TWO:
        one(message)


def test_wrong_forms_are_all_in_one_message(gcp_link, sandbox):
    start = len(sandbox.log())
    message = said(gcp_link.up(
        gcp_project_id="My Project", network="My VPC", subnetwork="Subnet 1", region="Oregon", endpoint_prefix="Link_", address_name="IP",
        ip_address="10.0.0.0/8", client_target_tags="web", client_target_service_accounts="web@my-project.iam.gserviceaccount.com",
        firewall_priority=99999, labels={"Team": 1}, zone_networks="My VPC", wait_timeout=-5, maintenance_timeout=-1, record_ttl=-300,
        cluster_names=["prod-99"]), sandbox.mutating(start))
    for words in ("gcp_project_id is My Project", "network is My VPC", "subnetwork is Subnet 1", "region is Oregon", "endpoint_prefix is Link_",
                  "address_name is IP", "ip_address is 10.0.0.0/8", "leave one out", "firewall_priority is 99999", "labels has Team: 1",
                  "zone_networks has My VPC", "wait_timeout is -5", "maintenance_timeout is -1", "record_ttl is -300: seconds cannot be negative",
                  "No cluster prod-99"):
        assert words in message, message
    assert message.startswith("15 problems: (1) "), message


def test_what_is_not_there_on_either_side_comes_in_one_message(gcp_link, sandbox):
    start = len(sandbox.log())
    message = said(gcp_link.up(subnetwork="nothing", address="nobodys", zone_id="no-zone", cluster_names=["prod-99"],
                               zone_networks="nowhere-else"), sandbox.mutating(start))
    for words in ("Subnetwork nothing was not found", "Address nobodys was not found",
                  "Managed zone no-zone of project my-project was not found", "No cluster prod-99", "Network nowhere-else was not found"):
        assert words in message, message


def test_arguments_that_are_missing_or_of_the_wrong_type_come_in_one_message(playbook, gcp_link):
    answer = playbook("zilliz.cloud.gcp", extra={})
    assert answer.rc != 0
    for name in ("project_id", "region_id", "network"):
        assert f"gcp_private_link_{name}" in answer.stdout
    answer = gcp_link.up(state="maybe", wait_timeout="soon", dns="split", client_egress="sometimes")
    for words in ("gcp_private_link_state must be one of: present, absent", "gcp_private_link_wait_timeout", "gcp_private_link_dns must be one of",
                  "gcp_private_link_client_egress must be one of"):
        assert words in answer.stdout


def test_every_read_permission_that_is_missing_is_named_at_once(gcp_link, sandbox):
    sandbox.fault("denied", times=99, cloud="gcp", operation=["compute.addresses.list", "compute.firewalls.list", "dns.managedZones.list"])
    message = said(gcp_link.up(), sandbox.mutating())
    for name in ("compute.addresses.list", "compute.firewalls.list", "dns.managedZones.list"):
        assert f"allow {name} for ansible@my-project.iam.gserviceaccount.com in project my-project" in message, message
    assert message.startswith("3 problems") and "or set client_egress: never where the network lets its clients out" in message


# What only the act can tell


@pytest.fixture
def stopped(gcp_link, sandbox):
    """A run that an act fails; its message, and what was made before."""

    def run(*operations, kind="denied", env=None, **variables):
        for operation in operations:
            sandbox.fault(kind, times=9, cloud="gcp", operation=operation)
        start = len(sandbox.log())
        message = one(said(gcp_link.up(env=env, **variables)))
        assert message.endswith(GOES_ON), message
        # The switchboard forgets nothing by itself.
        sandbox.call("DELETE", "/fault")
        return message, {entry["operation"] for entry in sandbox.mutating(start, outcome="ok")}

    return run


def test_missing_write_permissions_are_named_and_a_rerun_goes_on(gcp_link, sandbox, stopped):
    extra = sandbox.scenario["extra"]
    gcp_link.vars.update(network=extra["gcp"]["locked_network"], subnetwork=extra["gcp"]["locked_subnetwork"], cluster_names=["prod-01"])
    message, kept = stopped(service_account_file=extra["gcp"]["readonly_service_account_file"])
    assert message.startswith("Reserve the address of the endpoint: ") and "'compute.addresses.create'" in message and not kept
    message, kept = stopped("compute.forwardingRules.insert")
    assert message.startswith("Create the endpoint: ") and "'compute.forwardingRules.create'" in message and kept == {"compute.addresses.insert"}
    message, kept = stopped("compute.forwardingRules.insert", global_access=True)
    assert "allow compute.forwardingRules.create for ansible@my-project" in message and not kept
    message, kept = stopped(env={"ZILLIZCLOUD_API_KEY": extra["readonly_api_key"]})
    assert message.startswith("Authorize the endpoint at Zilliz Cloud: ") and "use a key of an organization owner or project admin" in message
    assert kept == {"compute.forwardingRules.insert"}
    message, kept = stopped("compute.firewalls.insert")
    assert message.startswith("Let the clients out to the endpoint: ") and "'compute.firewalls.create'" in message and kept == {"CreatePrivateEndpoint"}
    # Cloud DNS says no more than Forbidden, and google.cloud does not even tell that of records.
    message, kept = stopped("dns.managedZones.create")
    assert message.startswith("Create the private zones: ") and "dns.managedZones.create" in message and "dns.networks.bindPrivateDNSZone" in message
    assert kept == {"compute.firewalls.insert"}
    message, kept = stopped("dns.changes.create")
    assert message.startswith("Write the records: ") and "dns.changes.create" in message and kept == {"dns.managedZones.create"}
    gcp_link.made()


def test_a_range_without_addresses_and_a_network_that_may_not_be_used(gcp_link, sandbox, stopped):
    extra = sandbox.scenario["extra"]["gcp"]
    message, kept = stopped(subnetwork=extra["full_subnetwork"])
    assert message.startswith("Reserve the address of the endpoint: ") and "full-subnet' is exhausted" in message
    assert "name another gcp_private_link_subnetwork or free an address in this one" in message
    message, kept = stopped(network=f"projects/{extra['other_project']}/global/networks/{extra['other_network']}", subnetwork=extra["other_subnetwork"])
    assert "Cross-project references for this resource are not allowed" in message and not kept
    assert "only the network of a shared VPC host project that gcp_private_link_gcp_project_id is attached to can be in another project" in message
    sandbox.switch(gcp_addresses_quota=0)
    message, kept = stopped()
    assert "Quota 'INTERNAL_ADDRESSES' exceeded" in message and "have this quota raised" in message and "allow" not in message and not kept


def test_operations_that_fail(gcp_link, sandbox, stopped):
    """Google took the request and could not do it: by google.cloud's module and by ours."""
    sandbox.switch(gcp_fail_operations={"compute.forwardingRules.insert": {"code": "PRODUCER_SAYS_NO", "message": "The producer is full."}})
    for more in ({}, {"global_access": True}):
        message, _kept = stopped(**more)
        assert message.startswith("Create the endpoint") and "The producer is full" in message
    sandbox.switch(gcp_fail_operations={})
    gcp_link.made(wait_timeout=0)


def test_operations_that_hang_are_bounded_and_a_rerun_finishes(gcp_link, sandbox, stopped):
    gcp_link.vars.update(ONE, operation_timeout=10)
    late = "not finished in 10 s; Google may still do it (the limit is gcp_private_link_operation_timeout)"
    sandbox.switch(gcp_operation_seconds=100000)
    for task in ("Reserve the address of the endpoint: ", "Create the endpoint: "):
        message, _kept = stopped()
        assert message.startswith(task) and late in message
        sandbox.clock(advance=100000)
    sandbox.switch(gcp_operation_seconds=2, gcp_dns_change_seconds=100000)
    message, _kept = stopped()
    assert message.startswith("Write the records: ") and late in message
    sandbox.clock(advance=100000)
    sandbox.switch(gcp_dns_change_seconds=2)
    gcp_link.made()
    sandbox.switch(gcp_operation_seconds=100000)
    message, _kept = stopped(global_access=True)
    assert message.startswith("Change the endpoint in place: ") and "within 10 seconds: operation" in message and "a larger operation_timeout" in message
    sandbox.clock(advance=100000)
    gcp_link.settled(global_access=True)


def test_what_is_throttled_overloaded_or_cut_off_is_tried_again(gcp_link, sandbox):
    before = sandbox.state()
    gcp_link.vars.update(network="locked-vpc", subnetwork="locked-subnet", wait_timeout=120, **ONE)
    faults = {"compute.addresses.insert": "throttle", "compute.forwardingRules.insert": "503", "compute.firewalls.insert": "reset",
              "dns.managedZones.create": "500", "dns.changes.create": "throttle", "compute.regionOperations.get": "503",
              "compute.forwardingRules.list": "503", "dns.managedZones.list": "throttle", "compute.addresses.delete": "reset",
              "compute.forwardingRules.delete": "503", "dns.managedZones.delete": "throttle"}
    for operation, kind in faults.items():
        sandbox.fault(kind, times=1, cloud="gcp", operation=operation)
    made = gcp_link.made()
    assert [one["ready"] for one in made.result["links"]] == [True]
    gcp_link.gone(before)
    broken = {entry["operation"] for entry in sandbox.log() if entry["outcome"].startswith("fault:")}
    assert broken == set(faults)


def test_an_answer_that_gets_lost_leaves_nothing_twice_and_nothing_behind(gcp_link, sandbox):
    before = sandbox.state()
    gcp_link.vars.update(network="locked-vpc", subnetwork="locked-subnet", wait_timeout=120, **ONE)
    lost = ("compute.addresses.insert", "compute.forwardingRules.insert", "compute.firewalls.insert", "dns.managedZones.create", "dns.changes.create",
            "compute.addresses.delete", "compute.forwardingRules.delete", "compute.firewalls.delete", "dns.managedZones.delete")
    for operation in lost:
        sandbox.fault("lost", times=1, cloud="gcp", operation=operation)
    gcp_link.made()
    gcp_link.gone(before)
    assert {entry["operation"] for entry in sandbox.log() if entry["outcome"] == "fault:lost"} == set(lost)


# Secrets


def test_secrets_are_nowhere_in_the_output(gcp_link, sandbox, playbook, tmp_path):
    extra = sandbox.scenario["extra"]["gcp"]
    contents = pathlib.Path(extra["service_account_file"]).read_text(encoding="utf-8").strip()
    api_key, private_key = sandbox.env["ZILLIZCLOUD_API_KEY"], json.loads(contents)["private_key"]
    loud = {"ANSIBLE_VERBOSITY": "3", "ANSIBLE_INJECT_INVOCATION": "true", "ZILLIZCLOUD_API_KEY": "", **dict.fromkeys(NOBODY)}
    ways = [({"service_account_contents": contents}, {}), ({"access_token": extra["access_token"]}, {}), ({}, {"GCP_ACCESS_TOKEN": extra["access_token"]}),
            ({}, {"GCP_SERVICE_ACCOUNT_CONTENTS": contents})]
    # The first goes wrong on the way, the third before it.
    sandbox.fault("denied", cloud="gcp", operation="compute.forwardingRules.insert")
    answers = []
    for number, (options, env) in enumerate(ways):
        play = write_plays(tmp_path, {
            "module_defaults": {"group/zilliz.cloud.zilliz": {"api_key": api_key}, "group/zilliz.cloud.gcp": options},
            "tasks": [{"name": "Link", "ansible.builtin.include_role": {"name": "zilliz.cloud.gcp_private_link"}},
                      {"name": "Show the result", "ansible.builtin.debug": {"var": "gcp_private_link_result"}}]})
        more = {"region": "Oregon"} if number == 2 else {"wait_timeout": 0}
        answers.append(playbook(play, diff=True, check=number == 3, env={**loud, **env}, extra=gcp_link.extra(cluster_names=["prod-01"], **more)))
    assert [answer.rc == 0 for answer in answers] == [False, True, False, True], [answer.stdout[-800:] for answer in answers]
    halves = [line for line in private_key.splitlines() if len(line) > 40]
    for answer in answers:
        text = answer.stdout + json.dumps(answer.results)
        assert '"api_key":' in text
        for secret in (api_key, extra["access_token"], *halves):
            assert secret not in text


def test_a_key_is_masked_in_every_form_that_it_can_have(gcp_link, sandbox, playbook):
    """As a dictionary, and with the last line break of its file; Ansible masks a text only as it was given."""
    contents = pathlib.Path(sandbox.scenario["extra"]["gcp"]["service_account_file"]).read_text(encoding="utf-8")
    options = {name: gcp_link.vars[name] for name in OPTIONS}
    forms = {"as a dictionary": json.loads(contents), "with its last line break": f"{contents.strip()}\n"}
    run = playbook([{"name": name, "zilliz.cloud.gcp_private_link_plan": {**options, "service_account_contents": form}} for name, form in forms.items()],
                   env={**dict.fromkeys(NOBODY), "ANSIBLE_VERBOSITY": "3", "ANSIBLE_INJECT_INVOCATION": "true"})
    assert run.rc == 0 and all(run.task(name)["auth_kind"] == "serviceaccount" for name in forms), run.stdout[-3000:]
    text = run.stdout + json.dumps(run.results)
    assert not [line for line in json.loads(contents)["private_key"].splitlines() if len(line) > 40 and line in text]
