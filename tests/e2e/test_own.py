# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the user brings is used as it is: told what is missing in it, never changed, never taken down."""
from __future__ import annotations

from e2e.views import MARK_TAG, names, nothing_written, region, registered, zones

SHARED = "vectordb.zillizcloud.com"


def test_an_endpoint_and_a_zone_of_the_users_own(link, sandbox):
    endpoint_id = sandbox.drift("hand_made_endpoint", tags={"owner": "network team"}, state="pendingAcceptance")["vpc_endpoint_id"]
    zone_id = sandbox.drift("hand_made_zone", name=SHARED, comment="of the network team", vpc_id=link.given["second_vpc_id"])["zone_id"]
    before = sandbox.state()
    own = {"endpoint_id": endpoint_id, "zone_id": zone_id, "client_cidrs": ["10.20.0.0/16"]}
    made = link.made(**own)
    assert {f"{one['action']} {one['resource']}" for one in made.plans[0]["steps"]} == {"authorize private_endpoint", "create record"}
    assert registered(sandbox, link.given["project_id"]) == [endpoint_id]
    zone = zones(sandbox)[SHARED]
    assert (zone["comment"], zone["tags"], len(names(zone))) == ("of the network team", {}, 2)
    notes = " ".join(made.result["notes"])
    assert "was not made by this link: it is used, never changed or deleted" in notes
    assert "do not let 10.20.0.0/16 on port" in notes
    assert f"Your zone {zone_id} is not associated with VPC {link.given['vpc_id']}: associate it." in notes
    assert region(sandbox)["endpoints"][endpoint_id]["tags"] == {"owner": "network team"}
    link.settled(**own)

    gone = link.down(endpoint_id=endpoint_id, zone_id=zone_id)
    assert gone.rc == 0, gone.stdout
    sandbox.clock(advance=600)
    after = sandbox.state()
    # A registration belongs to whom its endpoint belongs.
    assert registered(sandbox, link.given["project_id"]) == [endpoint_id]
    assert after["aws"]["accounts"]["111122223333"]["zones"] == before["aws"]["accounts"]["111122223333"]["zones"]
    assert endpoint_id in region(sandbox)["endpoints"] and len(region(sandbox)["security_groups"]) == len(
        before["aws"]["accounts"]["111122223333"]["regions"]["us-west-2"]["security_groups"])
    notes = " ".join(gone.result["notes"])
    assert f"Endpoint {endpoint_id} and its registration are kept: this link did not make it" in notes
    assert f"Zone {SHARED} ({zone_id}) is kept: this link did not make it." in notes


def test_security_groups_of_the_users_own(link, sandbox):
    group_id = sandbox.drift("hand_made_group", name="to-zilliz")["group_id"]
    own = {"security_group_ids": [group_id]}
    made = link.made(dns="none", **own)
    assert "create security_group" not in made.steps
    assert next(iter(region(sandbox)["endpoints"].values()))["security_group_ids"] == [group_id]
    assert region(sandbox)["security_groups"][group_id]["ingress"] == []
    assert any(f"Your security groups {group_id} do not let 10.20.0.0/16" in note for note in made.result["notes"])
    link.settled(dns="none", **own)
    gone = link.down(check=True, **own)
    assert "delete security_group" not in gone.steps and f"Your security group {group_id} is kept." in gone.result["notes"]


def test_what_is_not_there_is_refused_in_one_message(link, sandbox):
    start = len(sandbox.log())
    run = link.up(endpoint_id="vpce-0123456789abcdef0", zone_id="Z0123456789ABCDEFGHIJ", security_group_ids=["sg-0123456789abcdef0"])
    assert run.rc != 0 and nothing_written(sandbox, start)
    for text in ("vpce-0123456789abcdef0 was not found", "Z0123456789ABCDEFGHIJ of account 111122223333 was not found", "sg-0123456789abcdef0"):
        assert text in run.message


def test_names_tags_two_address_families_and_client_groups(link, sandbox):
    """One link with everything that is the user's choice; the same inputs as text mean the same."""
    aws = link.given
    client = aws["client_security_group_id"]
    typed = {
        "ip_address_type": "dualstack", "endpoint_name": "search-endpoint", "security_group_name": "search-in", "client_cidrs": [],
        "tags": {"team": "search", "cost-centre": "4711"}, "client_security_group_ids": [client], "client_egress": True,
        "zone_vpcs": [{"vpc_id": aws["second_vpc_id"], "region": "us-west-2"},
                      {"vpc_id": aws["other_region"]["vpc_id"], "region": aws["other_region"]["region"]}],
        "dns": "shared", "wait_timeout": 600, "record_ttl": 300, "publish": False, "cluster_ids": []}
    text = dict(typed, subnet_ids="\n".join(aws["subnet_ids"][:2]) + f" , {aws['subnet_ids'][2]}\n", tags='{"team": "search", "cost-centre": "4711"}',
                client_security_group_ids=f"{client}\n", client_egress="true", wait_timeout="600", record_ttl="300", publish="false",
                zone_vpcs=f"{aws['second_vpc_id']} us-west-2\n{aws['other_region']['vpc_id']}  {aws['other_region']['region']}\n", delay="1")
    text.update(dict.fromkeys(
        ("state", "service_name", "region", "profile", "unsupported_subnets", "endpoint_id", "private_dns_enabled", "client_cidrs", "cluster_ids",
         "security_group_ids", "cluster_names", "confirm_clusters", "zone_name", "zone_id", "record_type", "adopt", "recreate",
         "purge_stale", "maintenance_timeout", "record_ttl"), ""))
    foreseen, as_text = link.up(check=True, **typed), link.up(check=True, **text)
    assert as_text.rc == 0, as_text.stdout
    assert as_text.plans[0]["steps"] == foreseen.plans[0]["steps"] and len(foreseen.steps) > 8

    made = link.made(**typed)
    assert made.plans[0]["steps"] == foreseen.plans[0]["steps"]
    endpoint, = region(sandbox)["endpoints"].values()
    groups = region(sandbox)["security_groups"]
    group_id, = endpoint["security_group_ids"]
    mark = f"{aws['project_id']}/{aws['region_id']}/{aws['vpc_id']}"
    chosen = {"team": "search", "cost-centre": "4711", MARK_TAG: mark}
    assert endpoint["ip_address_type"] == "dualstack" and endpoint["tags"] == dict(chosen, Name="search-endpoint")
    assert groups[group_id]["name"] == "search-in" and groups[group_id]["tags"] == dict(chosen, Name="search-in")
    ports = {one["port"] for one in made.result["links"] if one["ready"]}
    assert {(rule["peer"], rule["from_port"], rule["to_port"]) for rule in groups[group_id]["ingress"]} == {(client, p, p) for p in ports}
    out = [rule for rule in groups[client]["egress"] if rule["peer"] == group_id]
    assert {(rule["from_port"], rule["description"]) for rule in out} == {(port, f"zilliz.cloud private link {mark}") for port in ports}
    zone = zones(sandbox)[SHARED]
    assert sorted(name.rsplit(" ", 1)[1] for name in names(zone)) == ["A", "A", "AAAA", "AAAA"] and len(zone["vpcs"]) == 3
    assert chosen.items() <= zone["tags"].items()
    link.settled(**text)

    # Foreign tags are nobody's business; a tag that the user gives up stays, too.
    sandbox.drift("endpoint_tags", set={"scanned-by": "security"})
    sandbox.drift("zone_tags", set={"scanned-by": "security"})
    link.settled(**dict(typed, tags={"team": "search"}))
    closed = link.made(**dict(typed, client_egress=False))
    assert set(closed.steps) == {"delete client_egress_rule"}
    assert not [rule for rule in region(sandbox)["security_groups"][client]["egress"] if rule["peer"] == group_id]
