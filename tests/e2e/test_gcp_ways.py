# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways of a Google link: its names, where it starts, what the user brings, as whom, inside whose play, with what patience."""
from __future__ import annotations

import pathlib
import re

import pytest

from e2e.views import hosts, nothing_written, registered, write_plays

SHARED, GUIDE_ZONE = "vectordb.zillizcloud.com", "zilliz-privatelink-zone"
TEXT = "zilliz.cloud private link "
MINE, HOST = "my-project", "host-project"
# One name is enough where names are not the point; a teardown cuts the other cluster too.
ONE = {"cluster_names": ["prod-01"], "confirm_clusters": ["prod-02"]}


def project(sandbox, name=MINE):
    return sandbox.state()["gcp"]["projects"][name]


def region(sandbox, name=MINE):
    return project(sandbox, name)["regions"]["us-west1"]


def endpoints(sandbox):
    """The forwarding rules to service attachments."""
    return {name: rule for name, rule in region(sandbox)["forwarding_rules"].items() if rule["target"]}


def zones(sandbox, name=MINE):
    """A project's zones by DNS name, with their own names in them."""
    return {zone["dns_name"].rstrip("."): dict(zone, zone_id=zone_id) for zone_id, zone in project(sandbox, name)["zones"].items()}


def url(network, owner=MINE):
    return f"https://www.googleapis.com/compute/v1/projects/{owner}/global/networks/{network}"


def own_rules(sandbox, name=MINE):
    return {rule_name: rule for rule_name, rule in project(sandbox, name)["firewalls"].items() if rule["description"].startswith(TEXT)}


def role(variables=None, **keywords):
    """A task that includes the role; keywords are those of the task, options of include_role among them."""
    options = {"name": "zilliz.cloud.gcp_private_link", **keywords.pop("options", {})}
    return {"name": "Include the role", "ansible.builtin.include_role": options, "vars": variables or {}, **keywords}


def locked(sandbox):
    """A network that lets nothing out."""
    extra = sandbox.scenario["extra"]["gcp"]
    return {"network": extra["locked_network"], "subnetwork": extra["locked_subnetwork"]}


def used(run):
    return {one["action"] for one in run.modules}


# Names


def in_order(sandbox, since, zone_id):
    """What was done with a zone."""
    return [one["operation"].removeprefix("dns.") for one in sandbox.mutating(since, "ok") if one.get("zone") == zone_id]


def test_a_shared_zone_then_exact_ones_then_shared_again_then_none(gcp_link, sandbox):
    made = gcp_link.made(dns="shared")
    address = made.result["endpoint"]["ip_address"]
    records = {f"{host}. A": {"ttl": 60, "values": [address]} for host in hosts(made)}
    assert len(records) == 2 and list(zones(sandbox)) == [SHARED]
    zone = zones(sandbox)[SHARED]
    assert (zone["zone_id"], zone["records"], zone["networks"]) == (GUIDE_ZONE, records, [url("my-vpc")])
    assert any("no longer resolve" in note and SHARED in note for note in made.result["notes"])

    # A name that has an answer keeps it: a zone of its own is seen when its record stands, and the other one goes last.
    start = len(sandbox.log())
    moved = gcp_link.made()
    exact = zones(sandbox)
    assert sorted(exact) == hosts(moved) == hosts(made)
    assert [exact[host]["records"] for host in hosts(moved)] == [{f"{host}. A": records[f"{host}. A"]} for host in hosts(moved)]
    for host in hosts(moved):
        assert in_order(sandbox, start, exact[host]["zone_id"]) == ["managedZones.create", "changes.create", "managedZones.patch"]
    order = [(one["operation"], one.get("zone")) for one in sandbox.mutating(start, "ok")]
    assert order.index(("dns.changes.create", GUIDE_ZONE)) > max(i for i, one in enumerate(order) if one[0] == "dns.managedZones.patch")
    gcp_link.settled()

    # And back: the exact zones hide the shared one, so the network leaves them before they are emptied.
    start = len(sandbox.log())
    back = gcp_link.made(dns="shared")
    assert zones(sandbox) == {SHARED: zone}
    assert in_order(sandbox, start, GUIDE_ZONE) == ["managedZones.create", "changes.create"]
    for host in hosts(back):
        assert in_order(sandbox, start, exact[host]["zone_id"]) == ["managedZones.patch", "changes.create", "managedZones.delete"]

    bare = gcp_link.made(dns="none")
    assert zones(sandbox) == {}
    assert sorted((one["name"], one["type"], one["value"]) for one in bare.result["records"]) == [(host, "A", address) for host in hosts(bare)]
    gcp_link.settled(dns="none")


def test_five_names_by_single_tasks_and_six_in_one_process_end_in_the_same_state(gcp_link, sandbox):
    more = {"zone_networks": [gcp_link.given["second_network"]], "labels": {"team": "search"}, "record_ttl": 120}
    forms = []
    for number in (5, 6):
        sandbox.reset(clusters=number)
        before = sandbox.state()
        made = gcp_link.made(**more)
        assert len(hosts(made)) == number == len(zones(sandbox))
        assert ("zilliz.cloud.cloud_dns_names" in used(made)) == (number == 6) == ("google.cloud.gcp_dns_resource_record_set" not in used(made))
        forms.append((hosts(made), zones(sandbox)))
    gcp_link.settled(**more)
    gcp_link.gone(before, **more)
    (five, single), (_six, batch) = forms
    assert {host: single[host] for host in five} == {host: batch[host] for host in five}
    assert all(zone["networks"] == sorted([url("my-vpc"), url("my-second-vpc")]) for zone in single.values())
    assert all(record["ttl"] == 120 for zone in single.values() for record in zone["records"].values())


def test_a_zone_answers_in_several_networks_of_several_projects(gcp_link, sandbox):
    before, extra = sandbox.state(), sandbox.scenario["extra"]["gcp"]
    shared = {"dns": "shared", "zone_name": "Zillizcloud.com.", "managed_zone_name": "to-zilliz"}
    two = f"my-second-vpc\nprojects/{extra['other_project']}/global/networks/{extra['other_network']}"
    made = gcp_link.made(zone_networks=two, **shared)
    zone = zones(sandbox)["zillizcloud.com"]
    assert zone["zone_id"] == "to-zilliz" and len(zone["records"]) == 2
    assert zone["networks"] == sorted([url("my-vpc"), url("my-second-vpc"), url(extra["other_network"], extra["other_project"])])
    assert made.result["zones"] == [{"name": "zillizcloud.com", "zone_id": "to-zilliz", "ours": True}]

    # google.cloud takes no network away.
    fewer = gcp_link.made(zone_networks=[url(extra["locked_network"])], **shared)
    assert fewer.steps == ["update managed_zone"] and "it also answers in network my-second-vpc" in fewer.plans[0]["steps"][0]["why"]
    assert zones(sandbox)["zillizcloud.com"]["networks"] == sorted([url("my-vpc"), url("locked-vpc")])
    gcp_link.settled(zone_networks=[extra["locked_network"]], **shared)
    gcp_link.gone(before)


# Where it starts, and who gets there


def test_clients_of_other_regions_a_namespace_and_labels(gcp_link, sandbox):
    before = sandbox.state()
    wide = {"global_access": True, "service_directory_namespace": "zlz", "labels": {"team": "search", "cost-centre": "4711"},
            "endpoint_prefix": "search", **ONE}
    made = gcp_link.made(**wide)
    name, rule = next(iter(endpoints(sandbox).items()))
    assert re.fullmatch(r"search-[0-9a-f]{10}", name) and "zilliz.cloud.gcp_psc_endpoint" in used(made)
    assert (rule["global_access"], rule["namespace"], rule["labels"], rule["status"]) == (True, "zlz", wide["labels"], "ACCEPTED")
    assert region(sandbox)["addresses"][name]["labels"] == wide["labels"]
    assert [zone["labels"] for zone in zones(sandbox).values()] == [wide["labels"]]
    assert made.result["endpoint"]["global_access"] is True and made.result["endpoint"]["namespace"] == "zlz"
    gcp_link.settled(**wide)

    # A label that the user gives up stays, and so do other people's.
    sandbox.drift("gcp_endpoint_labels", set={"scanned-by": "security"})
    less = dict(wide, labels={"team": "search"}, global_access=False)
    closed = gcp_link.made(**less)
    assert closed.steps == ["update psc_endpoint"] and endpoints(sandbox)[name]["global_access"] is False
    assert endpoints(sandbox)[name]["labels"] == dict(wide["labels"], **{"scanned-by": "security"})
    gcp_link.settled(**less)
    refused = gcp_link.up(**dict(less, service_directory_namespace="another"))
    assert refused.rc != 0 and "its Service Directory namespace is zlz, not another" in refused.message and "recreate: true" in refused.message
    gcp_link.gone(before)


def test_a_shared_vpc_has_network_firewall_and_zones_in_the_host_project(gcp_link, sandbox):
    before, extra = sandbox.state(), sandbox.scenario["extra"]["gcp"]
    gcp_link.vars.update(network_project_id=HOST, network=extra["shared_network"], subnetwork=extra["shared_subnetwork"],
                         zone_project_id=HOST, **ONE, client_egress="always", zone_networks=["shared-vpc"])
    made = gcp_link.made()
    rule, = endpoints(sandbox).values()
    assert rule["network"] == url("shared-vpc", HOST) and made.result["network_project_id"] == HOST
    assert len(own_rules(sandbox, HOST)) == 1 and not own_rules(sandbox)
    zone, = zones(sandbox, HOST).values()
    assert zone["networks"] == [url("shared-vpc", HOST)] and not zones(sandbox)
    assert made.result["link"].endswith(f"/{HOST}/shared-vpc") and rule["description"] == TEXT + made.result["link"]
    gcp_link.settled()
    # The host project may be said by the network itself.
    gcp_link.settled(network_project_id="", network=url("shared-vpc", HOST))
    gcp_link.gone(before)


def test_somebody_who_may_only_use_the_shared_vpc(gcp_link, sandbox):
    """Its firewall and its names are the business of others."""
    before, extra = sandbox.state(), sandbox.scenario["extra"]["gcp"]
    gcp_link.vars.update(network_project_id=HOST, network=extra["shared_network"], subnetwork=extra["shared_subnetwork"], dns="none",
                         service_account_file=extra["consumer_service_account_file"], client_egress="never", **ONE)
    start = len(sandbox.log())
    made = gcp_link.made()
    assert callers(sandbox, start) == {extra["consumer_account"]}
    assert made.result["endpoint"]["state"] == "ACCEPTED" and made.result["subnetwork"].endswith(f"{HOST}/regions/us-west1/subnetworks/shared-subnet")
    gcp_link.gone(before)


def test_the_clients_way_out(gcp_link, sandbox):
    before = sandbox.state()
    gcp_link.vars.update(locked(sandbox), **ONE, wait_timeout=120)
    made = gcp_link.made(firewall_name="to-zilliz", client_target_tags="search, ingest", iap_ssh=True)
    port, = {str(one["port"]) for one in made.result["links"] if one["ready"]}
    address = made.result["endpoint"]["ip_address"]
    rules = own_rules(sandbox)
    out = {"network": url("locked-vpc"), "direction": "EGRESS", "priority": 1000, "disabled": False, "logging": False, "denied": [],
           "allowed": [{"protocol": "tcp", "ports": [port]}], "destinationRanges": [f"{address}/32"], "targetTags": ["ingest", "search"]}
    assert out.items() <= rules["to-zilliz"].items()
    ssh = {"direction": "INGRESS", "sourceRanges": ["35.235.240.0/20"], "allowed": [{"protocol": "tcp", "ports": ["22"]}], "targetTags": []}
    assert ssh.items() <= rules["to-zilliz-iap-ssh"].items() and len(rules) == 2
    assert any("locked-deny-egress would deny" in step["why"] for step in made.plans[0]["steps"])

    # Tags and accounts exclude each other, so they change together; google.cloud would see neither go.
    tight = {"firewall_priority": 500, "client_target_service_accounts": ["web@my-project.iam.gserviceaccount.com"]}
    changed = gcp_link.made(**tight)
    assert changed.steps == ["update firewall_rule", "delete firewall_rule"]
    rule, = own_rules(sandbox).values()
    assert (rule["priority"], rule["targetTags"], rule["targetServiceAccounts"]) == (500, [], tight["client_target_service_accounts"])
    gcp_link.settled(**tight)

    assert gcp_link.made(client_egress="never").steps == ["delete firewall_rule"]
    assert not own_rules(sandbox)
    # Where our rule comes too late, that is said.
    late = gcp_link.up(check=True, firewall_priority=65001)
    assert late.rc == 0 and any("locked-deny-egress (priority 65000) denies egress before ours (65001)" in note for note in late.result["notes"])
    gcp_link.gone(before)


def test_a_way_out_is_made_where_nothing_denies_it_only_when_asked_for(gcp_link, sandbox):
    assert "create firewall_rule" not in gcp_link.up(check=True).steps
    always = gcp_link.up(check=True, client_egress="always")
    create, = [step for step in always.plans[0]["steps"] if step["resource"] == "firewall_rule"]
    assert create["after"]["priority"] == 1000 and "client_egress is always" in create["why"]


# What the user brings


def test_an_address_of_the_users_own(gcp_link, sandbox):
    brought = sandbox.drift("gcp_foreign_address", name="our-ip")
    before = sandbox.state()
    gcp_link.vars.update(address="our-ip", subnetwork="", **ONE)
    made = gcp_link.made()
    assert "create address" not in made.steps
    assert made.result["endpoint"]["ip_address"] == brought["address"] == made.result["records"][0]["value"]
    assert region(sandbox)["addresses"]["our-ip"]["labels"] == {}
    gcp_link.settled()
    gone = gcp_link.gone(before)
    assert "Your address our-ip is kept." in gone.result["notes"]


def test_an_endpoint_and_a_zone_of_the_users_own(gcp_link, sandbox):
    sandbox.drift("gcp_foreign_endpoint", name="by-hand", status="PENDING", labels={"owner": "network-team"})
    sandbox.drift("gcp_foreign_zone", dns_name=SHARED, name="our-zone", networks=["my-second-vpc"])
    before = sandbox.state()
    gcp_link.vars.update(endpoint_id="by-hand", zone_id="our-zone", global_access=True)
    made = gcp_link.made()
    assert set(made.steps) == {"authorize private_endpoint", "create record"}
    assert registered(sandbox, gcp_link.given["project_id"]) == ["by-hand"]
    zone = zones(sandbox)[SHARED]
    assert (zone["description"], zone["networks"], len(zone["records"])) == ("of another team", [url("my-second-vpc")], 2)
    notes = " ".join(made.result["notes"])
    assert "Endpoint by-hand was not made by this link: it is used, never changed or deleted." in notes
    assert "clients of other regions cannot reach it (global access is off)" in notes
    assert "Your zone our-zone is not associated with network my-vpc: associate it." in notes
    gcp_link.settled()

    gone = gcp_link.down()
    assert gone.rc == 0, gone.stdout
    sandbox.clock(advance=600)
    after = sandbox.state()
    # A registration belongs to whom its endpoint belongs.
    assert registered(sandbox, gcp_link.given["project_id"]) == ["by-hand"]
    assert project(sandbox)["zones"] == before["gcp"]["projects"][MINE]["zones"]
    assert endpoints(sandbox)["by-hand"] == dict(before["gcp"]["projects"][MINE]["regions"]["us-west1"]["forwarding_rules"]["by-hand"],
                                                 status="ACCEPTED"), after
    notes = " ".join(gone.result["notes"])
    assert "Endpoint by-hand and its registration are kept: this link did not make it" in notes
    assert f"Zone {SHARED} (our-zone) is kept: this link did not make it." in notes


def test_a_hand_made_link_is_adopted_by_labels_and_taken_down_as_ours(gcp_link, sandbox):
    before = sandbox.state()
    sandbox.drift("gcp_foreign_endpoint", name="by-hand", description="", labels={"owner": "network-team"})
    gcp_link.vars.update(dns="shared", **ONE)
    host = gcp_link.made().result["links"][0]["host"]
    assert endpoints(sandbox)["by-hand"]["labels"] == {"owner": "network-team"} and list(endpoints(sandbox)) == ["by-hand"]

    adopted = gcp_link.made(adopt=True)
    assert adopted.steps == ["update labels", "update labels"]
    mark, = set(endpoints(sandbox)["by-hand"]["labels"]) - {"owner"}
    assert mark == "zilliz-cloud-private-link" and mark in region(sandbox)["addresses"]["by-hand-ip"]["labels"]
    gcp_link.settled()
    assert host in str(zones(sandbox)[SHARED]["records"])
    gcp_link.gone(before)


def test_an_endpoint_that_cannot_be_repaired_is_made_again_with_its_address(gcp_link, sandbox):
    before = sandbox.state()
    gcp_link.vars.update(**ONE, ip_address="10.128.0.77")
    made = gcp_link.made()
    name = made.result["endpoint"]["endpoint_id"]
    sandbox.drift("gcp_connection_close")
    refused = gcp_link.up()
    assert refused.rc != 0 and f"Endpoint {name} cannot be changed in place (its connection is CLOSED by Zilliz Cloud for good)" in refused.message
    start = len(sandbox.log())
    again = gcp_link.made(recreate=True)
    assert again.steps == ["revoke private_endpoint", "delete psc_endpoint", "create psc_endpoint", "authorize private_endpoint"]
    assert [one["operation"].removeprefix("compute.") for one in sandbox.mutating(start, "ok")] == [
        "DeletePrivateEndpoint", "forwardingRules.delete", "forwardingRules.insert", "CreatePrivateEndpoint"]
    endpoint = again.result["endpoint"]
    assert (endpoint["endpoint_id"], endpoint["ip_address"], endpoint["state"]) == (name, "10.128.0.77", "ACCEPTED")
    assert endpoint["psc_connection_id"] != made.result["endpoint"]["psc_connection_id"]
    gcp_link.settled(recreate=True)
    gcp_link.gone(before)


# As whom


# What is given -> the variables of the role, those of the environment, the kind that it is, and who it is.
KINDS = {
    "file": lambda extra: ({"service_account_file": extra["service_account_file"]}, {}, "serviceaccount", extra["account"]),
    "contents": lambda extra: (
        {}, {"GCP_SERVICE_ACCOUNT_CONTENTS": pathlib.Path(extra["service_account_file"]).read_text(encoding="utf-8")},
        "serviceaccount", extra["account"]),
    "default": lambda extra: ({}, {"GOOGLE_APPLICATION_CREDENTIALS": extra["authorized_user_file"]}, "application", "operator@example.com"),
    "machine": lambda extra: ({"auth_kind": "machineaccount"}, {}, "machineaccount", extra["machine_account"]),
    "token": lambda extra: ({}, {"GCP_ACCESS_TOKEN": extra["access_token"]}, "accesstoken", extra["account"]),
}
NOBODY = dict.fromkeys(("GCP_AUTH_KIND", "GCP_SERVICE_ACCOUNT_FILE", "GOOGLE_APPLICATION_CREDENTIALS"))


def callers(sandbox, since):
    return {one["account"] for one in sandbox.log(since) if one["cloud"] == "gcp"}


@pytest.mark.parametrize("kind", ["file", "token"])
def test_credentials_that_make_a_link_and_take_it_down(kind, gcp_link, sandbox):
    """google.cloud has no access tokens for records; those of a link are written all the same."""
    before, start = sandbox.state(), len(sandbox.log())
    variables, env, auth_kind, account = KINDS[kind](sandbox.scenario["extra"]["gcp"])
    gcp_link.vars.update(variables, **locked(sandbox), **ONE)
    made = gcp_link.up(env={**NOBODY, **env})
    assert made.rc == 0, made.stdout[-4000:]
    assert made.plans[0]["auth_kind"] == auth_kind and len(zones(sandbox)) == 1 == len(own_rules(sandbox))
    assert ("zilliz.cloud.cloud_dns_names" in used(made)) == (kind == "token")
    again = gcp_link.up(env={**NOBODY, **env})
    assert again.rc == 0 and again.plans[0]["steps"] == [], again.stdout[-4000:]
    gone = gcp_link.down(env={**NOBODY, **env})
    assert gone.rc == 0, gone.stdout[-4000:]
    sandbox.clock(advance=600)
    assert sandbox.state() == before and callers(sandbox, start) == {account}


@pytest.mark.parametrize("kind", ["contents", "default", "machine"])
def test_credentials_of_every_kind_are_enough_for_the_plan_and_upstream(kind, gcp_link, sandbox):
    start, (variables, env, auth_kind, account) = len(sandbox.log()), KINDS[kind](sandbox.scenario["extra"]["gcp"])
    made = gcp_link.up(env={**NOBODY, **env}, wait_timeout=0, dns="none", **variables)
    assert made.rc == 0 and made.plans[0]["auth_kind"] == auth_kind, made.stdout[-4000:]
    assert "google.cloud.gcp_compute_forwarding_rule" in used(made) and len(endpoints(sandbox)) == 1
    assert callers(sandbox, start) == {account}


# Inside somebody else's play


def test_module_defaults_alone_reach_the_plan_the_gaps_and_upstream(gcp_link, sandbox, playbook, tmp_path):
    """What google.cloud cannot set, and records by it: modules of both collections act. A default project moves nothing."""
    google = {"auth_kind": "serviceaccount", "service_account_file": sandbox.env["GCP_SERVICE_ACCOUNT_FILE"], "project": "other-project"}
    zilliz = {"api_key": sandbox.env["ZILLIZCLOUD_API_KEY"], "host_address": sandbox.env["ZILLIZCLOUD_HOST_ADDRESS"]}
    bare = dict(NOBODY, ZILLIZCLOUD_API_KEY="", ZILLIZCLOUD_HOST_ADDRESS="http://127.0.0.1:9", NO_GCE_CHECK="true")
    before = sandbox.state()
    gcp_link.vars.update(locked(sandbox), global_access=True, labels={"team": "search"}, **ONE)

    def play(state, **groups):
        defaults = {"group/zilliz.cloud.zilliz": zilliz, **{f"group/{name}": google for name in groups.values()}}
        return playbook(write_plays(tmp_path, {"module_defaults": defaults, "tasks": [role(gcp_link.extra(state=state))]}), env=bare)

    up = play("present", ours="zilliz.cloud.gcp")
    assert up.rc == 0, up.stdout[-4000:]
    assert {"google.cloud.gcp_compute_address", "zilliz.cloud.gcp_psc_endpoint", "zilliz.cloud.gcp_labels", "google.cloud.gcp_compute_firewall",
            "google.cloud.gcp_dns_managed_zone", "google.cloud.gcp_dns_resource_record_set", "zilliz.cloud.private_endpoint"} <= used(up)
    lonely = play("absent", theirs="google.cloud.gcp")
    assert lonely.rc != 0 and "no default credentials were found" in lonely.message
    down = play("absent", ours="zilliz.cloud.gcp", theirs="google.cloud.gcp")
    assert down.rc == 0, down.stdout[-4000:]
    sandbox.clock(advance=600)
    assert sandbox.state() == before


def test_two_links_in_one_play_stand_and_fall_alone(gcp_link, sandbox, playbook, tmp_path):
    before, given = sandbox.state(), gcp_link.given
    second = {"network": given["second_network"], "subnetwork": sandbox.scenario["extra"]["gcp"]["second_subnetwork"]}
    gcp_link.vars.update(ONE)
    both = write_plays(tmp_path, {"tasks": [
        role(gcp_link.extra(dns="shared", publish=True)), role(gcp_link.extra(publish="true", **second)),
        {"name": "Compare", "ansible.builtin.debug": {"var": "gcp_private_link_result.network"}}]})
    # What AWX hands on from an earlier job beats every variable: no role may mind.
    run = playbook(both, extra={"zilliz_private_link_report": "of an earlier job"}, env={"ANSIBLE_SHOW_CUSTOM_STATS": "1"})
    assert run.rc == 0, run.stdout[-4000:]
    marks = [f"{given['project_id']}/{given['region_id']}/{MINE}/{network}" for network in (given["network"], given["second_network"])]
    published = [one["result"]["ansible_stats"] for one in run.results if one["action"].endswith("set_stats")]
    assert [list(one["data"]["zilliz_private_link_report"]) for one in published] == [[mark] for mark in marks]
    assert not any(one["per_host"] for one in published)
    assert all(one["data"]["zilliz_private_link_report"][mark]["links"][0]["ready"] for one, mark in zip(published, marks))
    assert all(mark in run.stdout.rsplit("CUSTOM STATS", 1)[1] for mark in marks)
    assert run.task("Compare")["gcp_private_link_result.network"] == url(given["second_network"])
    assert sorted(rule["description"] for rule in endpoints(sandbox).values()) == sorted(TEXT + mark for mark in marks)
    assert len(registered(sandbox, given["project_id"])) == 2

    again = playbook(both)
    assert again.rc == 0 and again.stats["localhost"]["changed"] == 0, again.stdout[-4000:]
    assert [plan["steps"] for plan in again.plans] == [[], []]

    gone = gcp_link.down(**second)
    assert gone.rc == 0 and [rule["network"] for rule in endpoints(sandbox).values()] == [url(given["network"])], gone.stdout
    assert len(registered(sandbox, given["project_id"])) == 1
    gcp_link.gone(before)


def test_from_a_play_for_other_hosts_with_become_and_in_check_mode_of_any_origin(gcp_link, sandbox, playbook, tmp_path):
    start = len(sandbox.log())
    local = {"delegate_to": "localhost", "become": False}
    use = {"name": "Use the result", "ansible.builtin.debug": {"msg": "{{ gcp_private_link_result.links | map(attribute='cluster_name') | list }}"},
           **local}
    inventory = {"tasks": [{"name": "Name a host", "ansible.builtin.add_host": {"name": "app1", "ansible_host": "192.0.2.10"}}]}

    def run(task):
        return playbook(write_plays(tmp_path, inventory, {"hosts": "app1", "connection": "ssh", "become": True, "tasks": [task, use], "vars": {}}))

    for check in (role(gcp_link.extra(), options={"apply": dict(local, check_mode=True)}),
                  {"block": [role(gcp_link.extra(), options={"apply": local})], "check_mode": True}):
        foreseen = run(check)
        assert foreseen.rc == 0 and foreseen.stats["app1"]["changed"] == 1, foreseen.stdout[-4000:]
        assert len(foreseen.plans[0]["steps"]) == 7 and not foreseen.plans[0]["act"]
        assert foreseen.task("Use the result")["msg"] == ["night-off", "prod-01", "prod-02", "sparse-traffic", "try-out"]
        assert nothing_written(sandbox, start)
    made = run(role(gcp_link.extra(dns="none", wait_timeout=0), options={"apply": local}))
    assert made.rc == 0 and made.task("Use the result")["status"] == "ok", made.stdout[-4000:]
    assert len(endpoints(sandbox)) == 1


# As text, from a survey


def test_every_variable_as_a_survey_sends_it(gcp_link, sandbox):
    """All of them text, and an empty one for every question without answer."""
    typed = {**locked(sandbox), "endpoint_name": "to-zilliz", "global_access": True, "client_target_tags": ["search", "ingest"], "iap_ssh": True,
             "firewall_priority": 900, "labels": {"team": "search"}, "dns": "shared", "record_ttl": 120, "wait_timeout": 60,
             "zone_networks": ["my-vpc", url("my-second-vpc")], "cluster_names": ["prod-01"]}
    text = {**typed, "global_access": "true", "client_target_tags": "search\ningest\n", "iap_ssh": "yes", "firewall_priority": "900",
            "labels": '{"team": "search"}', "record_ttl": "120", "wait_timeout": "60", "delay": "1", "cluster_names": "prod-01\n",
            "zone_networks": f" my-vpc ,{url('my-second-vpc')}\n"}
    defaults = gcp_variables()
    text = {**dict.fromkeys(defaults - {"project_id", "region_id", "gcp_project_id", "region"}, ""), **text}
    foreseen, as_text = gcp_link.up(check=True, **typed), gcp_link.up(check=True, **text)
    assert as_text.rc == 0, as_text.stdout
    assert as_text.plans[0]["steps"] == foreseen.plans[0]["steps"] and len(foreseen.steps) >= 8
    made = gcp_link.made(**text)
    assert made.plans[0]["steps"] == foreseen.plans[0]["steps"]
    gcp_link.settled(**typed)
    gcp_link.settled(**text)


def gcp_variables():
    """All that a survey could ask for, without the prefix."""
    path = pathlib.Path(__file__).resolve().parents[2] / "roles" / "gcp_private_link" / "defaults" / "main.yml"
    return set(re.findall(r"^gcp_private_link_(\w+):", path.read_text(encoding="utf-8"), re.M))


# Patience


def test_no_waiting_at_all_leaves_the_rest_to_later_runs(gcp_link, sandbox):
    before = sandbox.state()
    sandbox.switch(verify_delay=100000)
    first = gcp_link.made(wait_timeout=0)
    name = first.result["endpoint"]["endpoint_id"]
    notes = " ".join(first.result["notes"])
    assert f"since wait_timeout is 0; a later run goes on: Google shows endpoint {name} as PENDING" in notes
    assert zones(sandbox) == {} and hosts(first) == []
    # Nothing to act on, so one task says it again.
    assert len(gcp_link.settled(wait_timeout=0).modules) == 1
    sandbox.clock(advance=101000)
    last = gcp_link.made(wait_timeout=0)
    assert len(hosts(last)) == 2 == len(zones(sandbox))
    gcp_link.settled()
    gcp_link.gone(before, wait_timeout=0)


def test_a_wait_that_runs_out_names_the_side_that_is_stuck_and_a_rerun_goes_on(gcp_link, sandbox):
    sandbox.switch(verify_delay=100000)
    stuck = gcp_link.up(wait_timeout=2)
    assert stuck.rc != 0
    assert re.search(r"Still waiting: .*Zilliz Cloud shows endpoint [\w-]+ as \w+.*Google shows endpoint [\w-]+ as PENDING", stuck.message)
    assert len(registered(sandbox, gcp_link.given["project_id"])) == 1
    sandbox.switch(link_delay=200000)
    sandbox.clock(advance=101000)
    unallocated = gcp_link.up(wait_timeout=4)
    assert unallocated.rc != 0 and re.search(r"Still waiting: .*cluster prod-0\d \(in01-\w+\): .*not allocated its private link", unallocated.message)
    assert "run again" in unallocated.message and "Google shows" not in unallocated.message
    sandbox.clock(advance=400000)
    gcp_link.made()
    assert len(zones(sandbox)) == 2

    # Attention is Zilliz Cloud's to give, and nothing that a run can do.
    sandbox.drift("gcp_connection_attention")
    sick = gcp_link.up(wait_timeout=2)
    assert sick.rc != 0 and "as NEEDS_ATTENTION: Zilliz Cloud has to act, ask its support" in sick.message


def test_clusters_in_maintenance_come_after_the_others(gcp_link, sandbox):
    first, second = [one["cluster_id"] for one in sandbox.scenario["zilliz"]["clusters"] if one["cluster_name"].startswith("prod-")
                     and one["project_id"] == gcp_link.given["project_id"]]
    sandbox.drift("modify_cluster", cluster_id=first, status="UPGRADING", seconds=100000)
    later = gcp_link.made(maintenance_timeout=0)
    assert hosts(later) == list(zones(sandbox)) and hosts(later)[0].startswith(second)
    assert any(first in note and "maintenance (UPGRADING)" in note and "maintenance_timeout is 0" in note for note in later.result["notes"])
    sandbox.drift("modify_cluster", cluster_id=first, status="MODIFYING", seconds=12000)
    made = gcp_link.made(maintenance_timeout=600, delay=2)
    assert [one for one in made.results if "Wait for clusters in maintenance, up to 600 s" in one["task"] and "MODIFYING" in one["task"]]
    assert len(zones(sandbox)) == 2
