# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The unmodified google.cloud compute modules meet the sandbox as they would meet Google: what they refuse, crash on and do not see.

Our role relies on each of these. A task costs most of a second, so each area is one playbook, and the tests read its answers.
"""
from __future__ import annotations

import json
import pathlib

import pytest

from e2e.runner import collections
from e2e.stock import Play
from sandbox.client import Sandbox

ROOT = "https://www.googleapis.com/compute/v1/"
P = "projects/my-project/"
NETWORK, SECOND = f"{ROOT}{P}global/networks/my-vpc", f"{ROOT}{P}global/networks/my-second-vpc"
SUBNET = f"{ROOT}{P}regions/us-west1/subnetworks/my-subnet"
ADDRESS = f"{ROOT}{P}regions/us-west1/addresses/"
ATTACHMENT = "projects/vdc-prod/regions/us-west1/serviceAttachments/zilliz-us-west1-psc"
OTHER_ATTACHMENT = f"{ATTACHMENT}-old"


@pytest.fixture(scope="module")
def clouds(tmp_path_factory):
    with Sandbox(tmp_path_factory.mktemp("sandbox"), speed=1, collections=collections()) as sandbox:
        yield sandbox
        assert sandbox.escaped() == []


class Compute(Play):
    SWITCHES = {"gcp_operation_seconds": 0}

    def google(self, task, module, /, keywords=None, **args):
        """None takes away what these tests give as a rule."""
        super().google(task, module, keywords, **{key: value for key, value in args.items() if value is not None})

    def address(self, task, /, keywords=None, **args):
        self.google(task, "gcp_compute_address", keywords, **{
            "name": "ip", "region": "us-west1", "address_type": "INTERNAL", "purpose": "GCE_ENDPOINT", "description": "d",
            "subnetwork": {"selfLink": SUBNET}, **args})

    def rule(self, task, /, keywords=None, **args):
        self.google(task, "gcp_compute_forwarding_rule", keywords, **{
            "name": "ep", "region": "us-west1", "ip_address": "10.128.0.2", "network": {"selfLink": NETWORK}, "target": ROOT + ATTACHMENT, **args})

    def firewall(self, task, /, keywords=None, **args):
        self.google(task, "gcp_compute_firewall", keywords, **{
            "name": "f", "network": {"selfLink": NETWORK}, "direction": "EGRESS", "priority": 900, "description": "d",
            "allowed": [{"ip_protocol": "tcp", "ports": ["443", "19530"]}], "destination_ranges": ["10.128.0.2/32"], **args})

    def calls(self, name):
        """The mutating calls of a task, and how each ended."""
        return [f"{one['operation'].partition('.')[2]} {one['outcome']}" for one in self.log
                if one["mutating"] and one.get("agent") == f"Google-Ansible-MM-compute-{name}"]


# Addresses, and what all modules have in common.


@pytest.fixture(scope="module")
def addresses(clouds, tmp_path_factory):
    play = Compute(clouds, tmp_path_factory.mktemp("addresses"))
    file, token = play.extra["service_account_file"], play.extra["access_token"]
    kinds = {"auth_kind": "serviceaccount", "service_account_file": file}

    play.address("in check mode", keywords={"check_mode": True}, **kinds)
    play.address("created", keywords={"diff": True}, **kinds)
    play.address("again", auth_kind="application")
    play.address("again on a machine", auth_kind="machineaccount")
    play.address("again with a token", auth_kind="accesstoken", access_token=token)
    play.address("again with contents", auth_kind="serviceaccount", service_account_contents=json.loads(pathlib.Path(file).read_text(encoding="utf-8")))
    play.address("other host in the URL", subnetwork={"selfLink": SUBNET.replace("www.", "compute.")}, **kinds)
    play.address("partial URL", subnetwork={"selfLink": SUBNET.removeprefix(ROOT)}, **kinds)
    play.address("other description", description="mine", **kinds)
    play.address("without a link", name="ip2", subnetwork={"name": "my-subnet"}, **kinds)
    play.address("with labels", name="ip2", labels={"a": "b"}, **kinds)
    play.address("in a full subnetwork", name="ip2", subnetwork={"selfLink": SUBNET.replace("my-subnet", "full-subnet")}, **kinds)
    play.address("in a subnetwork of another region", name="ip2", **kinds, subnetwork={
        "selfLink": SUBNET.replace("us-west1", "us-east1").replace("my-subnet", "east-subnet")})
    play.address("in a project without the API", project=play.extra["no_compute_project"], **kinds)
    play.address("in nobody's project", project="nobodys-project", **kinds)
    play.address("by who only reads", name="ip2", auth_kind="serviceaccount", service_account_file=play.extra["readonly_service_account_file"])
    play.address("with a token that is over", auth_kind="accesstoken", access_token=play.extra["expired_access_token"])
    play.address("of an account that is gone", auth_kind="serviceaccount", service_account_file=play.extra["deleted_service_account_file"])
    play.address("with a file that is not there", auth_kind="serviceaccount", service_account_file="/nowhere.json")
    for kind in ("503", "refuse", "throttle", "lost"):
        clouds.fault(kind, operation="compute.addresses.insert", name=f"ip-{kind}")
        play.address(f"struck by {kind}", name=f"ip-{kind}", **kinds)
    play.address("after the lost answer", name="ip-lost", **kinds)
    play.control("/switch", gcp_fail_operations={"compute.addresses.insert": {"code": "RESOURCE_BROKEN", "message": "It broke."}})
    play.address("whose operation fails", name="ip3", **kinds)
    play.control("/switch", gcp_fail_operations={}, gcp_operation_seconds=1, gcp_hang_operations=["compute.addresses.insert"])
    play.address("whose operation hangs", name="ip4", keywords={"timeout": 5}, **kinds)
    play.address("deleted", state="absent", **kinds)
    play.address("deleted again", state="absent", **kinds)
    return play.run(GCP_AUTH_KIND=None, GCP_SERVICE_ACCOUNT_FILE=None)


def test_check_mode_skips_the_task(addresses):
    assert addresses["in check mode"]["status"] == "skipped" and addresses.calls("in check mode") == []


def test_an_address_is_made_and_found_again(addresses):
    made = addresses["created"]
    assert made["changed"] and made["address"] == "10.128.0.2" and made["selfLink"] == f"{ADDRESS}ip" and made["status"] == "ok"
    assert addresses.calls("created") == ["addresses.insert ok"]


def test_there_is_never_a_diff(addresses):
    assert "diff" not in addresses["created"]


@pytest.mark.parametrize("name", ["again", "again on a machine", "again with a token", "again with contents"])
def test_every_kind_of_credentials(addresses, name):
    assert addresses.changed(name) is False


@pytest.mark.parametrize("name", ["other host in the URL", "partial URL", "other description"])
def test_any_difference_deletes_and_makes_anew(addresses, name):
    assert addresses.changed(name) is True
    assert addresses.calls(name) == ["addresses.delete ok", "addresses.insert ok"]


def test_a_subnetwork_without_its_link_is_dropped(addresses):
    assert "subnetworks/default' was not found" in addresses.text("without a link")


def test_it_knows_no_labels(addresses):
    assert "Unsupported parameters" in addresses.text("with labels") and "labels" in addresses.text("with labels")


def test_an_error_of_the_operation_is_told(addresses):
    assert "IP_SPACE_EXHAUSTED" in addresses.text("in a full subnetwork") and "It broke." in addresses.text("whose operation fails")
    # The message of such a failure is a list.
    assert str(addresses["whose operation fails"]["msg"]) == str([{"code": "RESOURCE_BROKEN", "message": "It broke."}])


@pytest.mark.parametrize("name, text", [
    ("in a subnetwork of another region", "must be in region 'us-west1'"),
    ("in a project without the API", "Compute Engine API has not been used in project no-compute-project"),
    ("in nobody's project", "Required 'compute.addresses.get' permission for 'projects/nobodys-project/regions/us-west1/addresses/ip'"),
    ("by who only reads", "Required 'compute.addresses.create' permission for 'projects/my-project/regions/us-west1/addresses/ip2'"),
    ("struck by throttle", "rateLimitExceeded"),
    ("struck by 503", "currently unavailable")])
def test_an_http_error_is_told_with_its_request(addresses, name, text):
    assert text in addresses.text(name) and addresses[name]["msg"].startswith("GCP returned error: ")
    assert {"url", "body", "method"} <= set(addresses[name]["request"])


@pytest.mark.parametrize("name, text", [
    ("with a token that is over", "necessary fields need to refresh the access token"), ("of an account that is gone", "account not found")])
def test_bad_credentials_crash(addresses, name, text):
    assert text in addresses.text(name) and "request" not in addresses[name]


def test_a_missing_file_of_credentials_is_told(addresses):
    assert "Unable to read service_account_file at /nowhere.json" in addresses.text("with a file that is not there")


def test_a_broken_connection_crashes_and_nothing_is_repeated(addresses):
    assert "object has no attribute 'message'" in addresses.text("struck by refuse")
    for kind in ("503", "refuse", "throttle"):
        assert addresses.calls(f"struck by {kind}") == [f"addresses.insert fault:{kind}"]


def test_a_lost_answer_leaves_what_it_made(addresses):
    assert "object has no attribute 'message'" in addresses.text("struck by lost")
    assert addresses.changed("after the lost answer") is False


def test_it_waits_for_ever(addresses):
    assert "timed out after 5" in addresses.text("whose operation hangs").lower()


def test_deleting_is_idempotent(addresses):
    assert addresses.changed("deleted") and not addresses.changed("deleted again")
    assert addresses.calls("deleted") == ["addresses.delete ok"] and addresses.calls("deleted again") == []


# Forwarding rules.


@pytest.fixture(scope="module")
def rules(clouds, tmp_path_factory):
    play = Compute(clouds, tmp_path_factory.mktemp("rules"))
    url = f"{ADDRESS}ip"
    play.address("address")
    play.rule("with a scheme", ip_address=url, load_balancing_scheme="INTERNAL")
    play.rule("with global access", ip_address=url, allow_psc_global_access=True)
    play.rule("with a namespace", ip_address=url, service_directory_registrations=[{"namespace": "links"}])
    play.rule("with a literal address")
    play.rule("in check mode", ip_address=url, keywords={"check_mode": True})
    play.rule("with a service that is not there", ip_address=url, target=f"{ROOT}{ATTACHMENT}-not")
    clouds.fault("denied", operation="compute.forwardingRules.insert", name="denied")
    play.rule("without the permission", name="denied", ip_address=url)
    play.rule("created", ip_address=url, target=ATTACHMENT, load_balancing_scheme="", description="d")
    play.rule("again", description="d")
    play.rule("other description", description="e")
    play.rule("target as producers write it", target=ATTACHMENT)
    play.rule("other target", target=ROOT + OTHER_ATTACHMENT)
    play.rule("other address", ip_address="10.128.0.77")
    play.rule("other network", network={"selfLink": SECOND})
    play.rule("address as URL", ip_address=url)
    play.rule("scheme of a load balancer", load_balancing_scheme="INTERNAL", allow_global_access=True)
    play.control("/drift", kind="gcp_connection_close", name="ep")
    play.rule("closed by its producer", description="d")
    play.address("address in use", description="mine")
    play.google("seen", "gcp_compute_forwarding_rule_info", region="us-west1", filters=["name = ep"], keywords={"check_mode": True})
    play.rule("deleted", state="absent", ip_address=None, network=None, target=None)
    play.rule("deleted again", state="absent", ip_address=None, network=None, target=None)
    play.google("no such network", "gcp_compute_network_info", filters=["name = nothing"])
    play.control("/switch", gcp_unknown_project=404)
    play.google("networks of a project that is not there", "gcp_compute_network_info", project="nobodys-project", filters=["name = my-vpc"])
    return play.run()


def test_an_endpoint_is_made_and_nobody_waits_for_it(rules):
    made = rules["created"]
    assert made["changed"] and made["IPAddress"] == "10.128.0.2" and made["target"] == ROOT + ATTACHMENT
    assert made["pscConnectionStatus"] == "PENDING" and made["pscConnectionId"].isdigit()
    assert rules.changed("again") is False and rules["in check mode"]["status"] == "skipped"


def test_a_scheme_is_refused(rules):
    assert "Load balancing scheme must be empty" in rules.text("with a scheme")


@pytest.mark.parametrize("name", ["with global access", "with a namespace"])
def test_what_it_cannot_say(rules, name):
    assert "Unsupported parameters" in rules.text(name)


def test_a_literal_address_is_refused_at_creation(rules):
    assert "requires the URL of a reserved internal address" in rules.text("with a literal address")


@pytest.mark.parametrize("name, text", [
    ("with a service that is not there", "serviceAttachments/zilliz-us-west1-psc-not' was not found"),
    ("without the permission", "Required 'compute.forwardingRules.create' permission")])
def test_refusals_of_an_endpoint(rules, name, text):
    assert text in rules.text(name)


@pytest.mark.parametrize("name", ["target as producers write it", "other target"])
def test_a_target_is_set_in_vain_and_called_changed(rules, name):
    assert rules.changed(name) is True
    assert rules.calls(name) == ["forwardingRules.setTarget invalid"]
    assert rules[name]["target"] == ROOT + ATTACHMENT


@pytest.mark.parametrize("name", ["other address", "other network", "address as URL"])
def test_changed_it_says_and_does_nothing(rules, name):
    assert rules.changed(name) is True and rules.calls(name) == []
    assert rules[name]["IPAddress"] == "10.128.0.2" and rules[name]["network"] == NETWORK


@pytest.mark.parametrize("name", ["other description", "scheme of a load balancer"])
def test_what_it_does_not_see(rules, name):
    # A description is compared only where the answer has one, and set never.
    assert rules.calls(name) == []


def test_a_closed_connection_is_fine_with_it(rules):
    assert rules.changed("closed by its producer") is False and rules["closed by its producer"]["pscConnectionStatus"] == "CLOSED"


def test_an_address_in_use_is_not_made_anew(rules):
    assert "is already being used by" in rules.text("address in use") and rules.calls("address in use") == ["addresses.delete resourceInUseByAnotherResource"]


def test_info_modules_tell_the_truth_in_check_mode_too(rules):
    assert [one["name"] for one in rules["seen"]["resources"]] == ["ep"] and rules["no such network"]["resources"] == []


def test_info_modules_crash_on_a_project_that_is_not_there(rules):
    assert "'NoneType' object has no attribute 'get'" in rules.text("networks of a project that is not there")


def test_a_rule_is_deleted_by_its_name(rules):
    assert rules.changed("deleted") and not rules.changed("deleted again")


# Firewalls.


@pytest.fixture(scope="module")
def firewalls(clouds, tmp_path_factory):
    play = Compute(clouds, tmp_path_factory.mktemp("firewalls"))
    play.firewall("in check mode", keywords={"check_mode": True})
    play.firewall("both sides", source_ranges=["10.0.0.0/8"])
    play.firewall("other host in the URL", network={"selfLink": NETWORK.replace("www.", "compute.")})
    play.firewall("partial URL", network={"selfLink": NETWORK.removeprefix(ROOT)})
    play.firewall("no network", network=None)
    play.firewall("created")
    play.firewall("again", allowed=[{"ip_protocol": "tcp", "ports": ["19530", "443"]}])
    play.firewall("upper case", allowed=[{"ip_protocol": "TCP", "ports": ["443", "19530"]}])
    play.firewall("upper case again", allowed=[{"ip_protocol": "TCP", "ports": ["443", "19530"]}])
    for task, kind, more in (("wider by a port", "widen", {"port": "22"}), ("wider by a protocol", "widen", {"protocol": "udp"}),
                             ("wider by a range", "widen", {"range": "0.0.0.0/0"}), ("switched off", "disable", {})):
        play.control("/drift", kind=f"gcp_firewall_{kind}", name="f", **more)
        play.firewall(task)
    play.firewall("switched on", disabled=False)
    play.control("/drift", kind="gcp_firewall_narrow", name="f")
    play.firewall("narrowed")
    play.firewall("without a rank", name="g", priority=0)
    play.firewall("other direction", direction="INGRESS", destination_ranges=None, source_ranges=["10.0.0.0/8"])
    play.firewall("other network", network={"selfLink": SECOND})
    play.firewall("in the host project", name="shared", project="host-project", network={
        "selfLink": f"{ROOT}projects/host-project/global/networks/shared-vpc"})
    play.firewall("deleted", state="absent")
    play.firewall("deleted again", state="absent")
    return play.run()


def test_a_firewall_is_made_and_found_again(firewalls):
    assert firewalls.changed("created") and firewalls["created"]["priority"] == 900 and firewalls["in check mode"]["status"] == "skipped"
    assert firewalls.changed("again") is False, "the order of ports is nothing"


def test_what_excludes_each_other_reaches_google(firewalls):
    assert "sourceRanges cannot be specified for EGRESS" in firewalls.text("both sides")


@pytest.mark.parametrize("name", ["other host in the URL", "partial URL"])
def test_a_network_is_mangled(firewalls, name):
    assert "compute/v1/projects/my-project/" in firewalls[name]["request"]["body"] and "malformed" in firewalls.text(name)


def test_no_network_is_the_default_one(firewalls):
    assert "networks/default' was not found" in firewalls.text("no network")


@pytest.mark.parametrize("name", ["upper case", "upper case again"])
def test_a_protocol_in_upper_case_changes_each_time(firewalls, name):
    assert firewalls.changed(name) and firewalls.calls(name) == ["firewalls.patch ok"]


@pytest.mark.parametrize("name", ["wider by a port", "wider by a protocol", "wider by a range", "switched off"])
def test_widening_is_not_seen(firewalls, name):
    assert firewalls.changed(name) is False


def test_switched_off_is_seen_where_the_play_says_on(firewalls):
    assert firewalls.changed("switched on") is True


def test_narrowing_is_repaired(firewalls):
    assert firewalls.changed("narrowed") is True and firewalls.calls("narrowed") == ["firewalls.patch ok"]


def test_the_first_rank_is_dropped(firewalls):
    assert firewalls.changed("without a rank") and firewalls["without a rank"]["priority"] == 1000


@pytest.mark.parametrize("name, text", [("other direction", "cannot be specified for INGRESS"), ("other network", "network of a firewall cannot be changed")])
def test_what_cannot_change_fails(firewalls, name, text):
    assert text in firewalls.text(name) and firewalls.calls(name) == ["firewalls.patch invalid"]


def test_the_host_projects_network_needs_its_project(firewalls):
    assert firewalls.changed("in the host project")


def test_a_firewall_is_deleted_once(firewalls):
    assert firewalls.changed("deleted") and not firewalls.changed("deleted again")
