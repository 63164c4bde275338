# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Google's gap modules through ansible-playbook against the sandbox: checked, run and run again, and with answers lost."""
from __future__ import annotations

import json

import pytest

HOST = "in01-840ec44485bf25d-privatelink.gcp-us-west1.vectordb.zillizcloud.com"
TARGET = "projects/vdc-prod/regions/us-west1/serviceAttachments/zilliz-us-west1-psc"
NETWORKS = "https://www.googleapis.com/compute/v1/projects/my-project/global/networks"
PLACE = "https://www.googleapis.com/compute/v1/projects/my-project/regions/us-west1"
MARK = "zilliz.cloud private link proj/gcp-us-west1/my-project/my-vpc"
OWN = {"project": "my-project", "region": "us-west1", "name": "zlz-1"}


def task(step, module, /, register="last", check=False, **args):
    collection = "google.cloud" if module.startswith(("gcp_compute", "gcp_dns")) else "zilliz.cloud"
    return {"name": step, f"{collection}.{module}": args, "register": register, "check_mode": check, "ignore_errors": True}


def thrice(step, module, /, register="last", **args):
    """Check, run, run again."""
    return [
        task(f"check: {step}", module, check=True, **args), task(step, module, register=register, **args),
        task(f"again: {step}", module, **args),
    ]


def once(run, name):
    """The answer of a step that the check has foreseen, that was made, and that made nothing more."""
    checked, made, again = run.task(f"check: {name}"), run.task(name), run.task(f"again: {name}")
    for answer in (checked, made, again):
        assert answer["status"] != "ignored", answer
    assert checked["changed"] and made["changed"] and not again["changed"]
    assert checked["diff"] == made["diff"]
    return made


def written(sandbox):
    return [call["operation"].partition(".")[2] for call in sandbox.mutating(outcome="ok") if call["cloud"] == "gcp"]


def failed(run, name):
    answer = run.task(name)
    assert answer["status"] == "ignored" and "Traceback" not in run.stdout, answer
    return answer["msg"]


def reserve(name, **more):
    subnetwork = {"selfLink": f"{PLACE}/subnetworks/my-subnet"}
    own = {"project": "my-project", "region": "us-west1", "name": name, "address_type": "INTERNAL", "purpose": "GCE_ENDPOINT"}
    return task(f"reserve {name}", "gcp_compute_address", **own, subnetwork=subnetwork, **more)


def endpoint(**more):
    return {**OWN, "network": "my-vpc", "target": TARGET, "ip_address": "10.128.0.20", "description": MARK, **more}


def test_the_life_of_an_endpoint(sandbox, playbook):
    before, given = sandbox.state(), sandbox.scenario["gcp"]
    registered = {"project_id": given["project_id"], "region_id": given["region_id"], "endpoint_id": "zlz-1", "gcp_project_id": "my-project"}
    waited = {**OWN, "wait_delay": 0.2, "wait_timeout": 30}
    run = playbook([
        reserve("zlz-ip", address="10.128.0.20"),
        *thrice("label the address", "gcp_labels", **{**OWN, "name": "zlz-ip"}, kind="address", labels={"team": "search"}),
        *thrice("create", "gcp_psc_endpoint", **endpoint(service_directory_namespace="zlz", labels={"team": "search"})),
        task("too early", "gcp_psc_endpoint", **{**waited, "wait_timeout": 1}, wait_states=["ACCEPTED"]),
        *thrice("open", "gcp_psc_endpoint", **OWN, allow_psc_global_access=True),
        task("other target", "gcp_psc_endpoint", **{**OWN, "target": f"{TARGET}-old"}),
        {"name": "register", "zilliz.cloud.private_endpoint": registered},
        task("await", "gcp_psc_endpoint", **waited, wait_states=["accepted"]),
        {"name": "revoke", "zilliz.cloud.private_endpoint": {**registered, "state": "absent"}},
        *thrice("delete", "gcp_psc_endpoint", **OWN, state="absent"),
        task("free", "gcp_compute_address", **{**OWN, "name": "zlz-ip"}, state="absent"),
        task("a load balancer's", "gcp_psc_endpoint", **{**OWN, "name": "orders"}, state="absent"),
    ])
    made = once(run, "create")["psc_endpoint"]
    assert (made["ip_address"], made["service_directory_namespace"]) == ("10.128.0.20", "zlz")
    assert made["psc_connection_id"].isdigit() and made["labels"] == {"team": "search"} and not made["allow_psc_global_access"]
    assert once(run, "label the address")["labels"] == {"team": "search"}
    assert "is PENDING and not ACCEPTED after 1 seconds: authorize the endpoint at Zilliz Cloud" in failed(run, "too early")
    assert once(run, "open")["psc_endpoint"]["allow_psc_global_access"] is True
    assert f"its target is {TARGET} and not {TARGET}-old" in failed(run, "other target")
    assert run.task("await")["psc_endpoint"]["psc_connection_status"] == "ACCEPTED" and not run.task("await")["changed"]
    assert once(run, "delete")["psc_endpoint"] == {}
    assert "no PSC endpoint" in failed(run, "a load balancer's")
    assert written(sandbox) == [
        "addresses.insert", "addresses.setLabels", "forwardingRules.insert", "forwardingRules.setLabels", "forwardingRules.patch",
        "forwardingRules.delete", "addresses.delete",
    ]
    assert sandbox.state() == before


def test_an_endpoint_is_made_again_and_no_answer_is_missed(sandbox, playbook):
    playbook([reserve("zlz-ip", address="10.128.0.20")])
    for operation in ("insert", "delete", "patch", "setLabels"):
        sandbox.fault("lost", operation=f"compute.forwardingRules.{operation}", times=1)
    run = playbook([*thrice("create", "gcp_psc_endpoint", **endpoint(labels={"a": "b"})),
                    *thrice("open", "gcp_psc_endpoint", **OWN, allow_psc_global_access=True)])
    first = once(run, "create")["psc_endpoint"]
    once(run, "open")
    sandbox.drift("gcp_connection_close", name="zlz-1")
    run = playbook([task("closed", "gcp_psc_endpoint", **endpoint()), *thrice("anew", "gcp_psc_endpoint", **OWN, recreate=True)])
    assert "its connection is CLOSED" in failed(run, "closed") and "recreate=true" in failed(run, "closed")
    second = once(run, "anew")["psc_endpoint"]
    lasting = ("ip_address", "target", "network", "description", "labels", "allow_psc_global_access")
    assert [first[name] for name in lasting[:5]] == [second[name] for name in lasting[:5]] and second["allow_psc_global_access"]
    assert (first["psc_connection_id"], second["psc_connection_status"]) != (second["psc_connection_id"], "CLOSED")


def refusals(sandbox):
    wrong = TARGET.replace("psc", "nope")
    secrets = sandbox.scenario["extra"]["gcp"]
    yield task("attachment", "gcp_psc_endpoint", **endpoint(target=wrong)), "check target"
    yield task("network", "gcp_psc_endpoint", **endpoint(network="nope")), "check the network and the subnetwork"
    yield task("address", "gcp_psc_endpoint", **endpoint(ip_address="10.128.0.99")), "for an endpoint one that is reserved"
    yield task("taken address", "gcp_psc_endpoint", **endpoint(ip_address="10.128.15.200")), "give another IP address"
    yield task("project", "gcp_psc_endpoint", **{**endpoint(), "project": "nowhere"}), "if the project's id is right"
    yield task("compute", "gcp_labels", **{**OWN, "project": "no-compute-project"}, kind="address", labels={"a": "b"}), \
        "gcloud services enable compute.googleapis.com --project no-compute-project"
    zone = {"zone_id": "zlz", "name": HOST, "networks": ["my-vpc"]}
    yield task("dns", "cloud_dns_names", project="no-dns-project", zones=[zone]), \
        "enable the Cloud DNS API (dns.googleapis.com) in project no-dns-project"
    yield task("bad network", "cloud_dns_names", project="my-project", zones=[{**zone, "networks": ["nope"]}]), "privateVisibilityConfig"
    yield task("expired", "gcp_labels", **OWN, kind="address", labels={"a": "b"}, access_token=secrets["expired_access_token"],
               auth_kind="accesstoken"), "get a new one"


def test_every_kind_of_credentials(sandbox, playbook):
    given, none = sandbox.scenario["extra"]["gcp"], {"GCP_AUTH_KIND": "", "GCP_SERVICE_ACCOUNT_FILE": ""}
    key = open(sandbox.env["GCP_SERVICE_ACCOUNT_FILE"], encoding="utf-8").read()
    kinds = {
        "serviceaccount": {"service_account_file": sandbox.env["GCP_SERVICE_ACCOUNT_FILE"]},
        "contents": {"service_account_contents": key},
        "accesstoken": {"access_token": given["access_token"]},
        "machineaccount": {"auth_kind": "machineaccount"},
        "application": {},
    }
    run = playbook([
        {**task(kind, "cloud_dns_names", project="my-project", zones=[zone(number)], **auth), "environment": none}
        for number, (kind, auth) in enumerate(kinds.items())
    ])
    assert all(run.task(kind)["changed"] for kind in kinds)
    makers = [call["account"] for call in sandbox.mutating() if call["operation"] == "dns.managedZones.create"]
    assert makers[:2] == [given["account"]] * 2 and makers[3] == given["machine_account"] and makers[4] == given["account"]
    for secret in (given["access_token"], json.loads(key)["private_key"].splitlines()[1]):
        assert secret not in run.stdout


def test_refusals_say_what_helps(sandbox, playbook):
    wanted = list(refusals(sandbox))
    run = playbook([
        {**one, "environment": {"GCP_SERVICE_ACCOUNT_FILE": "", "GCP_AUTH_KIND": ""} if one["name"] == "expired" else {}} for one, unused in wanted
    ])
    for one, told in wanted:
        message = failed(run, one["name"])
        assert told in message and "\n" not in message, (one["name"], message)
    assert written(sandbox) == []


@pytest.mark.parametrize("kind, told", [("denied", "allow compute.forwardingRules"), ("throttle", None), ("500", None), ("503", None), ("reset", None)])
def test_faults(sandbox, playbook, kind, told):
    playbook([reserve("zlz-ip", address="10.128.0.20")])
    sandbox.fault(kind, operation="compute.forwardingRules.insert", times=1)
    run = playbook([task("create", "gcp_psc_endpoint", **endpoint())])
    assert told in failed(run, "create") if told else run.task("create")["changed"]


def test_a_rule(sandbox, playbook):
    own = {"project": "my-project", "name": "zlz"}
    exactly = {"allowed": [{"ip_protocol": "tcp", "ports": ["443"]}], "destination_ranges": ["10.128.0.20/32"], "target_tags": [], "disabled": False}
    made = {"allowed": exactly["allowed"], "destination_ranges": exactly["destination_ranges"], "direction": "EGRESS", "description": MARK,
            "network": {"selfLink": f"{NETWORKS}/my-vpc"}}
    run = playbook([task("missing", "gcp_firewall_rule", **own, **exactly), task("create", "gcp_compute_firewall", **own, **made),
                    task("as wanted", "gcp_firewall_rule", **own, **exactly)])
    assert "There is no firewall rule zlz in project my-project" in failed(run, "missing")
    assert run.task("create")["changed"] and not run.task("as wanted")["changed"]
    state = sandbox.state()
    for drift in ({"port": "22"}, {"protocol": "udp"}, {"range": "0.0.0.0/0"}, {"target_tag": "x"}):
        sandbox.drift("gcp_firewall_widen", name="zlz", **drift)
    sandbox.drift("gcp_firewall_disable", name="zlz")
    run = playbook(thrice("narrow", "gcp_firewall_rule", **own, **exactly))
    assert once(run, "narrow")["rule"]["allowed"] == exactly["allowed"] and sandbox.state() == state
    assert written(sandbox)[-1] == "firewalls.patch"


def zone(number, **more):
    name = HOST.replace("in01", f"in{number:02}")
    return {"zone_id": f"zlz-{number}", "name": name, "description": f"{MARK} cluster {number}", "networks": ["my-vpc"],
            "labels": {"n": str(number)}, "records": [{"name": name, "type": "A", "ttl": 60, "values": ["10.128.0.20"]}], **more}


def test_many_names(sandbox, playbook):
    before, wanted = sandbox.state(), [zone(number) for number in range(12)]
    shared = "projects/host-project/global/networks/shared-vpc"
    moved = [{**one, "networks": ["my-vpc", shared]} for one in wanted[:2]] + [{**wanted[2], "networks": ["my-second-vpc"]}]
    run = playbook([
        *thrice("create", "cloud_dns_names", project="my-project", zones=wanted),
        *thrice("move", "cloud_dns_names", project="my-project", zones=moved),
        task("twice", "cloud_dns_names", project="my-project", zones=[{**wanted[0], "zone_id": "zlz-other"}]),
        *thrice("delete", "cloud_dns_names", project="my-project", zones=[{**one, "state": "absent"} for one in wanted]),
    ])
    assert [one["created"] for one in once(run, "create")["zones"]] == [True] * 12
    once(run, "move")
    assert "already has the private zone zlz-0" in failed(run, "twice")
    assert all(one["deleted"] for one in once(run, "delete")["zones"])
    assert written(sandbox) == (["managedZones.create"] * 12 + ["changes.create"] * 12 + ["managedZones.patch"] * 3
                                + ["changes.create"] * 12 + ["managedZones.delete"] * 12)
    assert sandbox.state() == before


def test_names_that_drift_and_answers_that_are_lost(sandbox, playbook):
    for operation in ("managedZones.create", "changes.create", "managedZones.patch"):
        sandbox.fault("lost", operation=f"dns.{operation}", times=1)
    wanted = {"project": "my-project", "zones": [zone(1), zone(2)]}
    once(playbook(thrice("create", "cloud_dns_names", **wanted)), "create")
    state = sandbox.state()
    sandbox.drift("gcp_zone_network_add", zone="zlz-1", network="my-second-vpc")
    sandbox.drift("gcp_record_value_add", zone="zlz-1")
    sandbox.drift("gcp_zone_description", zone="zlz-2")
    sandbox.drift("gcp_record_delete", zone="zlz-2")
    once(playbook(thrice("repair", "cloud_dns_names", **wanted)), "repair")
    assert sandbox.state() == state
    sandbox.drift("gcp_record_add", zone="zlz-1")
    sandbox.fault("lost", operation="dns.managedZones.delete", times=1)
    run = playbook([
        task("foreign", "cloud_dns_names", project="my-project", zones=[zone(1, state="absent")]),
        *thrice("delete", "cloud_dns_names", project="my-project", zones=[zone(2, state="absent")]),
    ])
    assert "it still holds" in failed(run, "foreign") and once(run, "delete")["zones"][0]["deleted"]


def test_hundreds_of_records_in_changes_that_the_quota_allows(sandbox, playbook):
    records = [{"name": f"h{number}.{HOST}", "type": "A", "ttl": 60, "values": ["10.128.0.20"]} for number in range(250)]
    wanted = {"zone_id": "zlz-1", "name": HOST, "networks": ["my-vpc"], "description": MARK, "records": records}
    once(playbook(thrice("create", "cloud_dns_names", project="my-project", zones=[wanted])), "create")
    assert written(sandbox) == ["managedZones.create"] + ["changes.create"] * 3
